"""Files of other departments: real data comes in right, once, and whole, also when the process is killed in the middle."""
import hashlib
import json
import random
import subprocess
import time
import unittest

import program

REAL = program.SOURCE / "tests" / "integration" / "import" / "air_2026-03.csv"
HEADER = "code,time,primary,aqi,pm10,pm10_24h,pm25,pm25_24h,o3,o3_24h,o3_8h,o3_8h_24h,no2,no2_24h,so2,so2_24h,co,co_24h\n"


class Import(program.Scene):
    devices = 2

    def imported(self, *arguments, status=0):
        done = program.run("import", *arguments, "--network", self.network, "--name", "test", "--reason", "integration test",
                           "--json", check=False)
        if status is not None:
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def into_folder(self, *arguments, status=0):
        return self.imported(*arguments, "--data", self.data, status=status)

    def digest(self):
        checked = program.run("rebuild", "--data", self.data, "--network", self.network, "--check")
        self.assertIn(": balanced", checked.stderr)
        return checked.stdout.split()[1]

    def assert_rebuilt_identical(self):
        rebuilt = program.run("rebuild", "--data", self.data, "--network", self.network)
        self.assertIn("IDENTICAL", rebuilt.stdout)
        self.assertTrue(program.run("verify", "--data", self.data).stdout.startswith("OK size "))

    def large_file(self, rows, seed=1):
        """Hours of many stations with invented values, one in a hundred missing and one in a thousand unreadable."""
        chance = random.Random(seed)
        path = self.folder / "large.csv"
        values = unreadable = 0
        with open(path, "w", encoding="utf-8") as file:
            file.write(HEADER)
            for row in range(rows):
                hour = row % 720
                cells = []
                for _ in range(6):
                    lot = chance.random()
                    cells.append("" if lot < 0.01 else "?" if lot < 0.011 else str(chance.randrange(1, 300)))
                values += sum(cell not in ("", "?") for cell in cells)
                unreadable += cells.count("?")
                pm10, pm25, o3, no2, so2, co = cells
                file.write(f"{row // 720:05d}A,2026-04-{hour // 24 + 1:02d} {hour % 24:02d}:00,,,{pm10},,{pm25},,{o3},,,,{no2},,{so2},,{co},\n")
        return path, values, unreadable

    def test_real_values_come_in_once_and_a_changed_file_brings_revisions(self):
        dry = self.into_folder(REAL, "--dry-run")[0]
        self.assertEqual((dry["state"], dry["layout"], dry["rows"], dry["stored_values"]), ("read", "cnemc-hourly", 144, 0))
        stored = self.into_folder(REAL)[0]
        # Counted in the file itself: cells of the six pollutants that are not empty.
        cells = [line.split(",") for line in REAL.read_text(encoding="utf-8").splitlines()[1:]]
        expected = sum(bool(row[column]) for row in cells for column in (4, 6, 8, 12, 14, 16))
        self.assertEqual((stored["state"], stored["values"], stored["stored_values"]), ("stored", expected, expected))
        before = self.digest()
        again = self.into_folder(REAL)[0]
        self.assertEqual((again["state"], again["stored_values"]), ("already", 0))
        self.assertEqual(self.digest(), before)

        changed = self.folder / "changed.csv"
        changed.write_text(REAL.read_text(encoding="utf-8").replace(",76,71,55,53,37,", ",76,71,56,53,37,", 1), encoding="utf-8")
        revised = self.into_folder(changed)[0]
        self.assertEqual((revised["values"], revised["stored_values"]), (expected, 1))
        self.assertNotEqual(self.digest(), before)
        self.assert_rebuilt_identical()

    def test_what_is_not_recognised_or_not_said_is_refused_with_the_reason(self):
        strange = self.folder / "strange.csv"
        strange.write_text("a,b\n1,2\n")
        outlet = self.folder / "outlet.csv"
        outlet.write_text("monitorTime,monitorAvgValue\n2021-01-02 02:00:00,1.34\n2021-01-02 03:00:00,oops\n")
        self.assertIn("no layout", self.into_folder(strange, status=3)[0]["note"])
        self.assertIn("--factor", self.into_folder(outlet, status=3)[0]["note"])
        said = self.into_folder(outlet, "--factor", "w01018", "--unit", "mg/L", "--station", "outlet-1")[0]
        self.assertEqual((said["stored_values"], said["unreadable"]), (1, 1))
        self.assertEqual(said["faults"], [{"line": 3, "column": "monitorAvgValue", "text": "\"oops\" is no number"}])

    def test_killed_in_the_middle_it_goes_on_where_it_ended(self):
        path, values, unreadable = self.large_file(200_000)
        size = path.stat().st_size
        interrupted = 0
        for attempt in range(6):
            process = subprocess.Popen([program.PROGRAM, "import", str(path), "--data", str(self.data), "--network", str(self.network),
                                        "--name", "test", "--reason", "killed"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            segments = self.data / "evidence" / "segments"
            wanted = size * (attempt + 1) // 8
            deadline = time.monotonic() + 60
            while process.poll() is None and time.monotonic() < deadline:
                if segments.exists() and sum(each.stat().st_size for each in segments.glob("*.seg")) > wanted:
                    break
                time.sleep(0.002)
            interrupted += process.poll() is None
            process.kill()
            process.wait()
        self.assertGreater(interrupted, 0, "the file was too small to be interrupted")
        self.assertTrue(program.run("verify", "--data", self.data).stdout.startswith("OK size "))
        done = self.into_folder(path)[0]
        self.assertIn(done["state"], ("stored", "already"))
        self.assertEqual((done["values"], done["unreadable"]), (values, unreadable))
        server = program.Server(self.data, self.network)
        try:
            receipts = server.get("/api/intake/files")
            self.assertEqual(len(receipts), 1, "one manifest, however often it broke off")
            receipt = receipts[0]
            self.assertEqual((receipt["state"], receipt["bytes"], receipt["values"], receipt["stored_values"], receipt["unreadable"]),
                             ("done", size, values, values, unreadable))
            self.assertEqual(receipt["sha256"], hashlib.sha256(path.read_bytes()).hexdigest())
            ledger = server.get("/api/system")["ledger"]
            self.assertTrue(ledger["balanced"], ledger)
            faults = server.get(f"/api/intake/files/{receipt['entry']}?faults=10000")["faults"]
            self.assertEqual(len(faults), unreadable)
            lines = path.read_text(encoding="utf-8").splitlines()
            for fault in faults[:50]:
                self.assertIn("?", lines[fault["line"] - 1].split(","), fault)
        finally:
            server.stop()
        self.assert_rebuilt_identical()

    def test_a_running_server_takes_files_and_a_killed_one_goes_on(self):
        path, values, unreadable = self.large_file(150_000, seed=2)
        server = program.Server(self.data, self.network)
        sender = subprocess.Popen([program.PROGRAM, "import", str(path), "--url", f"http://127.0.0.1:{server.http_port}", "--name", "test",
                                   "--reason", "killed"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        segments = self.data / "evidence" / "segments"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and sum(each.stat().st_size for each in segments.glob("*.seg")) < path.stat().st_size // 3:
            time.sleep(0.002)
        server.kill()
        # Told or not that it was taken: what follows must hold.
        sender.wait(timeout=60)
        server = program.Server(self.data, self.network)
        try:
            # A server that has just started may still read the log: then it says so.
            for _ in range(100):
                done = self.imported(path, REAL, "--url", f"http://127.0.0.1:{server.http_port}", status=None)
                if all(each["state"] != "failed" for each in done):
                    break
                time.sleep(0.2)
            # In the order of their paths, and where the sources lie is nobody's business.
            large = next(each for each in done if each["path"] == str(path))
            self.assertEqual((large["values"], large["unreadable"]), (values, unreadable), done)
            receipts = {receipt["file"]: receipt for receipt in server.get("/api/intake/files")}
            self.assertEqual({name: receipt["state"] for name, receipt in receipts.items()}, {path.name: "done", REAL.name: "done"}, done)
            self.assertEqual(receipts[path.name]["stored_values"], values)
            again = self.imported(path, "--url", f"http://127.0.0.1:{server.http_port}")
            self.assertEqual(again[0]["state"], "already")
        finally:
            server.stop()
        self.assert_rebuilt_identical()


if __name__ == "__main__":
    unittest.main(verbosity=2)
