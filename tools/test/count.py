"""Counts the tests of a step of ./test from the files its tools wrote, never from what they printed.

  count.py RESULTS STEP OUTCOME     prints the step's counts and keeps them in RESULTS/STEP.counts
  count.py --total RESULTS STEP…    adds the kept counts up and prints "N passed, N failed"

Sources: STEP.checks (our own list), STEP.ctest.xml (JUnit of ctest) with STEP.gtest/*.xml (every case of a GoogleTest
binary), STEP.vitest.json, STEP.playwright.json. A step that failed without a failed test (a build error, a crash outside
a test case) counts as one failure, so that the sum can never look clean when the exit status is not.
"""

import collections
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def of_checks(path: pathlib.Path) -> collections.Counter:
    return collections.Counter(line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines())


def of_gtest(path: pathlib.Path) -> collections.Counter:
    root = ElementTree.parse(path).getroot()
    total, failed = int(root.get("tests", 0)), int(root.get("failures", 0)) + int(root.get("errors", 0))
    skipped = sum(case.find("skipped") is not None for case in root.iter("testcase"))
    disabled = int(root.get("disabled", 0))
    return collections.Counter(passed=total - failed - skipped - disabled, failed=failed, skipped=skipped + disabled)


def of_ctest(path: pathlib.Path, cases: pathlib.Path) -> collections.Counter:
    counts: collections.Counter = collections.Counter()
    for test in ElementTree.parse(path).getroot().iter("testcase"):
        ok = test.get("status") == "run"
        report = cases / f"{test.get('name')}.xml"
        if test.get("status") in ("notrun", "disabled") and test.find("skipped") is not None:
            counts["skipped"] += 1
        elif report.exists():
            inside = of_gtest(report)
            if not ok and inside["failed"] == 0:
                inside["failed"] = 1
            counts += inside
        else:
            counts["passed" if ok else "failed"] += 1
    return counts


def of_vitest(path: pathlib.Path) -> collections.Counter:
    report = json.loads(path.read_text(encoding="utf-8"))
    skipped = report.get("numPendingTests", 0) + report.get("numTodoTests", 0)
    return collections.Counter(passed=report["numPassedTests"], failed=report["numFailedTests"], skipped=skipped)


def of_playwright(path: pathlib.Path) -> collections.Counter:
    stats = json.loads(path.read_text(encoding="utf-8"))["stats"]
    return collections.Counter(passed=stats["expected"] + stats["flaky"], failed=stats["unexpected"], skipped=stats["skipped"])


def of_step(results: pathlib.Path, step: str, outcome: str) -> collections.Counter:
    counts: collections.Counter = collections.Counter(passed=0, failed=0, skipped=0)
    readers = {
        "checks": of_checks,
        "ctest.xml": lambda path: of_ctest(path, results / f"{step}.gtest"),
        "vitest.json": of_vitest,
        "playwright.json": of_playwright,
    }
    for suffix, read in readers.items():
        path = results / f"{step}.{suffix}"
        if path.exists() and path.stat().st_size > 0:
            counts.update(read(path))
    if outcome != "ok" and counts["failed"] == 0:
        counts["failed"] = 1
    return counts


def sentence(counts: collections.Counter) -> str:
    text = f"{counts['passed']} passed, {counts['failed']} failed"
    return f"{text}, {counts['skipped']} skipped" if counts["skipped"] else text


def main() -> None:
    if sys.argv[1] == "--total":
        results, steps = pathlib.Path(sys.argv[2]), sys.argv[3:]
        total: collections.Counter = collections.Counter()
        for step in steps:
            total.update(json.loads((results / f"{step}.counts").read_text(encoding="utf-8")))
        if total["skipped"]:
            print(f"{total['skipped']} skipped (their logs say why)")
        print(f"{total['passed']} passed, {total['failed']} failed")
        return
    results, step, outcome = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    counts = of_step(results, step, outcome)
    (results / f"{step}.counts").write_text(json.dumps(counts), encoding="utf-8")
    print(sentence(counts))


if __name__ == "__main__":
    main()
