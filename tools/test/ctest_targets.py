"""Reads `ctest --show-only=json-v1` from standard input and prints the build targets of the room tests in it, one a line.
A room's test is named like its target; what ctest says of its command is no help before the target is built."""

import json
import sys


def main() -> None:
    for name in sorted(test["name"] for test in json.load(sys.stdin)["tests"]):
        if name.endswith("_test"):
            print(name)


if __name__ == "__main__":
    main()
