"""What the failed tests of a step of ./test said, from the files its tools wrote.

  failures.py RESULTS STEP            the end of the output of each failed ctest test; exit status 1 when no ctest result names one
  failures.py --brief RESULTS STEP    a few lines for each failed test of any tool: its name and what it expected; for a step without
                                      such results the end of its log

ctest prints tests that run side by side in the order in which they end, so the end of its log need not show the failure.
"""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

LINES = 60
BRIEF_TESTS = 5
BRIEF_LINES = 4
BRIEF_WIDTH = 400
# A line that says what was expected: Python's unittest, GoogleTest, Playwright and Vitest, sanitizers, fuzzers.
TELLING = re.compile(r"^(?:\w*Error\b|FAIL: |ERROR: |.*: Failure$|\[  FAILED  \]|.*Sanitizer: |.*runtime error: |.*libFuzzer: |violated: |Expected|Received|\s+(?:Which is|Actual): )")


def ctest(report: pathlib.Path):
    """(name, output) of each failed test."""
    for test in ElementTree.parse(report).getroot().iter("testcase"):
        if test.get("status") == "fail":
            yield test.get("name"), (test.findtext("system-out") or "").rstrip()


def playwright(report: pathlib.Path):
    def of_suite(suite):
        for spec in suite.get("specs", []):
            errors = [result["error"]["message"] for test in spec["tests"] for result in test["results"] if "error" in result]
            if not spec["ok"]:
                yield f"{spec['file']}: {spec['title']}", "\n".join(errors)
        for inner in suite.get("suites", []):
            yield from of_suite(inner)
    for suite in json.loads(report.read_text(encoding="utf-8"))["suites"]:
        yield from of_suite(suite)


def vitest(report: pathlib.Path):
    for file in json.loads(report.read_text(encoding="utf-8"))["testResults"]:
        for case in file["assertionResults"]:
            if case["status"] == "failed":
                yield case["fullName"], "\n".join(case.get("failureMessages", []))


READERS = {"ctest.xml": ctest, "playwright.json": playwright, "vitest.json": vitest}


def brief(results: pathlib.Path, step: str) -> list[str]:
    found = []
    for suffix, read in READERS.items():
        report = results / f"{step}.{suffix}"
        if report.exists() and report.stat().st_size > 0:
            found += read(report)
    if not found:
        log = results / f"{step}.log"
        found = [(step, log.read_text(encoding="utf-8", errors="replace") if log.exists() else "")]
    lines = []
    for name, output in found[:BRIEF_TESTS]:
        said = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in output.splitlines() if line.strip()]
        telling = [line for line in said if TELLING.match(line)] or said
        lines.append(f"{step}: {name}")
        lines += [f"    {line.strip()[:BRIEF_WIDTH]}" for line in telling[-BRIEF_LINES:]]
    if len(found) > BRIEF_TESTS:
        lines.append(f"{step}: {len(found) - BRIEF_TESTS} more")
    return lines


def main() -> int:
    short = sys.argv[1] == "--brief"
    results, step = pathlib.Path(sys.argv[1 + short]), sys.argv[2 + short]
    if short:
        print("\n".join(brief(results, step)))
        return 0
    report = results / f"{step}.ctest.xml"
    failed = list(ctest(report)) if report.exists() else []
    for name, output in failed:
        print(f"--- {name}")
        print("\n".join(output.splitlines()[-LINES:]))
    return 0 if failed else 1


if __name__ == "__main__":
    sys.exit(main())
