"""Checks that a source compiles with MJ_MUST_FAIL=0 and does not with MJ_MUST_FAIL=1, for the reason it names.

  check.py SOURCE -- COMPILER OPTION…

The source names the reason in a line `// expect: <regular expression on the compiler's output>`. Compiling the good
half first keeps the test honest: a typing error would make the bad half fail for nothing.
"""

import pathlib
import re
import subprocess
import sys


def main() -> int:
    source, separator, compiler = sys.argv[1], sys.argv[2], sys.argv[3:]
    assert separator == "--"
    expected = re.search(r"^// expect: (.+)$", pathlib.Path(source).read_text(encoding="utf-8"), re.MULTILINE)
    if not expected:
        print(f"{source}: names no expected diagnostic")
        return 1
    outcomes = []
    for must_fail in (0, 1):
        command = [*compiler, f"-DMJ_MUST_FAIL={must_fail}", "-fsyntax-only", source]
        outcomes.append(subprocess.run(command, capture_output=True, text=True, check=False))
    good, bad = outcomes
    if good.returncode != 0:
        print(f"{source}: does not compile with MJ_MUST_FAIL=0:\n{good.stderr}")
        return 1
    if bad.returncode == 0:
        print(f"{source}: compiles with MJ_MUST_FAIL=1; the rule it tests no longer holds")
        return 1
    if not re.search(expected.group(1), bad.stderr):
        print(f"{source}: fails for another reason than '{expected.group(1)}':\n{bad.stderr}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
