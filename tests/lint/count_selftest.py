"""The figures at the end of ./test must be true: counted from real result files, and never clean when a step failed."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

COUNT = pathlib.Path(__file__).resolve().parents[2] / "tools" / "test" / "count.py"
FAILURES = COUNT.with_name("failures.py")


class Count(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.results = pathlib.Path(directory.name)

    def count(self, *arguments: str) -> str:
        command = [sys.executable, COUNT, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def write(self, name: str, text: str) -> None:
        (self.results / name).parent.mkdir(exist_ok=True)
        (self.results / name).write_text(text, encoding="utf-8")

    def test_a_googletest_binary_counts_by_its_cases_and_any_other_test_as_one(self) -> None:
        self.write("asan.ctest.xml", '<testsuite><testcase name="kernel_test" status="run"/><testcase name="lint" status="run"/></testsuite>')
        self.write("asan.gtest/kernel_test.xml", '<testsuites tests="5" failures="0" errors="0" disabled="0"><testsuite>'
                   '<testcase name="a"><skipped message="no data"/></testcase></testsuite></testsuites>')
        self.assertEqual(self.count(str(self.results), "asan", "ok"), "5 passed, 0 failed, 1 skipped")

    def test_a_binary_that_died_outside_a_case_counts_as_a_failure(self) -> None:
        self.write("asan.ctest.xml", '<testsuite><testcase name="kernel_test" status="fail"/></testsuite>')
        self.write("asan.gtest/kernel_test.xml", '<testsuites tests="5" failures="0" errors="0" disabled="0"/>')
        self.assertEqual(self.count(str(self.results), "asan", "FAILED"), "5 passed, 1 failed")

    def test_a_step_that_failed_without_a_test_counts_as_a_failure(self) -> None:
        self.assertEqual(self.count(str(self.results), "web", "FAILED"), "0 passed, 1 failed")

    def test_the_total_adds_up_what_the_tools_reported(self) -> None:
        self.write("lint.checks", "passed\tbans\nfailed\tlayering\n")
        self.write("web.vitest.json", json.dumps({"numPassedTests": 7, "numFailedTests": 0, "numPendingTests": 0}))
        self.write("e2e.playwright.json", json.dumps({"stats": {"expected": 3, "unexpected": 1, "skipped": 0, "flaky": 0}}))
        for step, outcome in (("lint", "FAILED"), ("web", "ok"), ("e2e", "FAILED")):
            self.count(str(self.results), step, outcome)
        self.assertEqual(self.count("--total", str(self.results), "lint", "web", "e2e"), "11 passed, 2 failed")

    def test_the_end_of_a_run_says_of_each_tool_what_failed_and_why(self) -> None:
        def brief(step: str) -> str:
            return subprocess.run([sys.executable, FAILURES, "--brief", self.results, step], capture_output=True, text=True, check=True).stdout

        self.write("system.ctest.xml", '<testsuite><testcase name="integration.b" status="run"><system-out>fine</system-out></testcase>'
                   '<testcase name="integration.a" status="fail"><system-out>FAIL: test_x (A)\nTraceback\n  File "a.py"\n'
                   "AssertionError: 1 != 2 : why\n\nRan 1 test in 0.1s\nFAILED (failures=1)\n</system-out></testcase></testsuite>")
        self.assertEqual(brief("system"), "system: integration.a\n    FAIL: test_x (A)\n    AssertionError: 1 != 2 : why\n")
        spec = {"file": "a.spec.ts", "title": "t", "ok": False, "tests": [{"results": [{"error": {"message": "\x1b[31mError: late\x1b[0m\n at x"}}]}]}
        self.write("e2e.playwright.json", json.dumps({"suites": [{"suites": [{"specs": [spec]}]}]}))
        self.assertEqual(brief("e2e"), "e2e: a.spec.ts: t\n    Error: late\n")
        self.write("release.log", "one\nno such file\n")
        self.assertEqual(brief("release"), "release: release\n    one\n    no such file\n")


if __name__ == "__main__":
    unittest.main()
