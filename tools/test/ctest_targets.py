"""Reads `ctest --show-only=json-v1` from standard input and prints the executables the tests start, one name a line:
the build targets that a run of those tests needs."""

import json
import pathlib
import sys


def main() -> None:
    names = {pathlib.PurePath(test["command"][0]).name for test in json.load(sys.stdin)["tests"] if test.get("command")}
    print("\n".join(sorted(name for name in names if name.endswith("_test"))))


if __name__ == "__main__":
    main()
