"""What the failed tests of a step of ./test printed, when the step ran ctest.

  failures.py RESULTS STEP     the end of the output of each failed test; nothing (and exit status 1) when no ctest result names one

ctest prints tests that run side by side in the order in which they end, so the end of its log need not show the failure.
"""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree

LINES = 60


def main() -> int:
    report = pathlib.Path(sys.argv[1]) / f"{sys.argv[2]}.ctest.xml"
    if not report.exists():
        return 1
    failed = [test for test in ElementTree.parse(report).getroot().iter("testcase") if test.get("status") == "fail"]
    for test in failed:
        print(f"--- {test.get('name')}")
        print("\n".join((test.findtext("system-out") or "").rstrip().splitlines()[-LINES:]))
    return 0 if failed else 1


if __name__ == "__main__":
    sys.exit(main())
