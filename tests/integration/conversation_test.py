"""Host commands, missing data and a fleet of every dialect against the running program: what was ordered is done, recorded and provable."""
import json
import subprocess
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import program

SCENARIOS = program.SOURCE / "demo/scenarios"
FINAL = {"done", "no_data", "refused", "failed", "timed_out", "cancelled", "expired", "interrupted"}


class Played(program.Scene):
    """A server and the devices of a scenario."""

    scenario = SCENARIOS / "conformance.toml"

    def setUp(self):
        super().setUp()
        self.network.write_text(program.run("simulate", "network", self.scenario).stdout)
        self.server = program.Server(self.data, self.network)
        self.fleet = None

    def tearDown(self):
        if self.fleet:
            self.stop_fleet()
        if self.server.process.poll() is None:
            self.server.stop()
        super().tearDown()

    def play(self):
        self.report = self.folder / "fleet.json"
        with open(self.report, "w") as report:
            self.fleet = subprocess.Popen(
                [program.PROGRAM, "simulate", "scenario", str(self.scenario), "--port", str(self.server.hj212_port), "--for", "900"],
                stdout=report, stderr=subprocess.DEVNULL)

    def stop_fleet(self):
        """The fleet's own account of what it did."""
        self.fleet.terminate()
        self.fleet.wait(timeout=60)
        self.fleet = None
        return json.loads(self.report.read_text())

    def post(self, path, body):
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.http_port}{path}", data=json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as failure:
            raise AssertionError(f"{path}: {failure.code} {failure.read().decode()}") from failure

    def until(self, what, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            found = condition()
            if found:
                return found
            self.assertLess(time.monotonic(), deadline, f"waited {seconds} s in vain for {what}")
            time.sleep(0.2)

    def device(self, mn):
        return "/api/devices/" + urllib.parse.quote(mn, safe="")

    def order(self, mn, cn, *parameters):
        return self.post(self.device(mn) + "/orders",
                         {"cn": cn, "parameters": [{"name": name, "value": value} for name, value in parameters],
                          "name": "tester", "reason": "integration test"})["id"]

    def ended(self, order, seconds=60):
        return self.until(f"order {order} to end",
                          lambda: (d := self.server.get(f"/api/orders/{order}"))["order"]["state"] in FINAL and d, seconds)

    def online(self):
        return [d for d in self.server.get("/api/devices?online=true&limit=1000")["devices"]]


class Conversations(Played):
    def test_every_dialect_is_spoken_to(self):
        # The first key of a 2025 device is entered by hand; the scenario file has it.
        sealed = next(d["mn"] for d in self.server.get("/api/devices?limit=1000")["devices"] if d["mn"].startswith("990000003125"))
        self.post(self.device(sealed) + "/key", {"key": "0123456789abcdef", "name": "tester", "reason": "first key"})
        self.play()
        registered = self.network.read_text().count("\ndevice = ")
        online = self.until("all devices", lambda: len(d := self.online()) >= registered and d)
        self.assertGreaterEqual(len(online), 20)
        orders = {d["mn"]: self.order(d["mn"], "1011") for d in online if d["registered"]}
        states = {}
        for mn, order in orders.items():
            detail = self.ended(order, 180)
            states[mn] = detail["order"]["state"]
            self.assertEqual([s["what"] for s in detail["steps"]][:2], ["placed", "sent"], mn)
        refused = {mn: s for mn, s in states.items() if s != "done"}
        # Devices that refuse, stay silent or lose frames do so on purpose; all others must have answered.
        names = {d["mn"]: (d["point"] or {}).get("id", "") for d in online}
        wilful = ("refuse", "no-reply", "silent", "late", "lost", "half", "busy", "surface", "river", "storm")
        unexpected = {names[mn]: s for mn, s in refused.items() if not any(word in names[mn] for word in wilful)}
        self.assertFalse(unexpected)

    def test_what_was_ordered_is_done_recorded_and_provable(self):
        self.play()
        mn = self.until("the flue-gas device of 2017", lambda: next((d["mn"] for d in self.online() if d["mn"].startswith("990000003117")), None))
        now = time.time()
        hour = time.strftime("%Y%m%d%H0000", time.gmtime(now + 8 * 3600 - 3 * 3600))
        commands = [
            ("1000", ("OverTime", "6"), ("ReCount", "2")),
            ("1011",),
            ("1012", ("SystemTime", "@now")),
            ("1061",),
            ("1062", ("RtdInterval", "60")),
            ("1063",),
            ("1064", ("MinInterval", "5")),
            ("2061", ("BeginTime", hour), ("EndTime", hour)),
            ("3011", ("PolId", "a21026")),
            ("3012", ("PolId", "a21026")),
            ("3013", ("PolId", "a21026")),
            ("3019", ("PolId", "a21026")),
            ("3020", ("PolId", "a21026"), ("InfoId", "i12001")),
            ("2012",),
            ("2011",),
        ]
        for command in commands:
            detail = self.ended(self.order(mn, *command))
            self.assertEqual(detail["order"]["state"], "done", (command, detail["steps"]))
            for step in detail["steps"]:
                self.assertTrue(self.server.get(f"/api/frames/{step['entry']}/proof"))
                if step["frame"] is not None:
                    frame = self.server.get(f"/api/frames/{step['frame']}")
                    self.assertIn(mn, json.dumps(frame))
        parameters = {(p["instrument"], p["name"]): p["value"] for p in self.server.get(self.device(mn) + "/parameters")}
        self.assertEqual(parameters[("", "RtdInterval")], "60")
        self.assertEqual(parameters[("", "MinInterval")], "5")
        self.assertIn(("", "SystemTime"), parameters)
        report = self.stop_fleet()
        for command in commands:
            self.assertGreaterEqual(report["requests_by_cn"].get(command[0], 0), 1, command)

    def test_an_order_waits_for_its_device_through_a_kill_and_is_served_once(self):
        mn = next(d["mn"] for d in self.server.get("/api/devices?limit=1000")["devices"] if d["mn"].startswith("990000003117"))
        order = self.order(mn, "1061")
        cancelled = self.order(mn, "1063")
        self.post(f"/api/orders/{cancelled}/cancel", {"name": "tester", "reason": "no longer needed"})
        self.assertEqual(self.server.get(f"/api/orders/{order}")["order"]["state"], "queued")
        self.server.kill()
        self.server = program.Server(self.data, self.network)
        self.play()
        self.assertEqual(self.ended(order)["order"]["state"], "done")
        self.assertEqual(self.server.get(f"/api/orders/{cancelled}")["order"]["state"], "cancelled")
        report = self.stop_fleet()
        self.assertEqual(report["requests_by_cn"].get("1061", 0), 1)
        self.assertEqual(report["requests_by_cn"].get("1063", 0), 0)
        self.server.stop()
        self.assertIn("IDENTICAL", program.run("rebuild", "--data", self.data, "--network", self.network).stdout)
        self.server = program.Server(self.data, self.network)
        self.assertEqual(self.until("the book", lambda: (o := self.server.get("/api/orders?limit=500")) and o)[0]["id"], cancelled)
        self.assertEqual(self.ended(order)["order"]["state"], "done")

    def test_a_device_of_2025_gets_its_number_and_a_new_key_by_itself(self):
        sealed = next(d["mn"] for d in self.server.get("/api/devices?limit=1000")["devices"] if d["mn"].startswith("990000003125"))
        self.post(self.device(sealed) + "/key", {"key": "0123456789abcdef", "name": "tester", "reason": "first key"})
        self.play()

        def done(cn, prefix):
            return [o for o in self.server.get("/api/orders?limit=500")
                    if (o["cn"], o["name"], o["state"]) == (cn, "system", "done") and o["device"].startswith(prefix)]

        self.until("1002 after 1001", lambda: done("1002", "990000003126"))
        order = self.until("1014 after 1014", lambda: done("1014", sealed))[0]
        self.assertTrue(all(p["value"].startswith("@key:") for p in order["parameters"]), "no key stands in an order")
        # Frames under the new key are read: none is refused afterwards.
        self.until("more frames", lambda: self.server.get("/api/system")["ledger"]["pending"] == 0
                   and any(f["entry"] > order["id"] + 20 for f in self.server.get("/api/frames?limit=5")))
        self.assertNotIn("not_decrypted", self.server.get("/api/system")["ledger"]["rejected_reasons"])

    def test_departures_from_the_standard_are_counted_by_device_and_vendor(self):
        self.play()
        expected = {"crc-modbus-le", "crc-lower-case", "flag-missing", "header-order"}

        def habits():
            report = self.server.get("/api/conformance")
            return expected <= {kind["code"] for kind in report["kinds"]} and report

        report = self.until("all habits", habits)
        self.assertGreaterEqual(len(report["vendors"]), 4)
        with urllib.request.urlopen(f"http://127.0.0.1:{self.server.http_port}/api/conformance?format=csv") as answer:
            text = answer.read().decode("utf-8-sig")
        self.assertIn("crc-modbus-le", text)

    def test_the_command_line_speaks_to_a_device(self):
        self.play()
        mn = self.until("a device", lambda: next((d["mn"] for d in self.online() if d["mn"].startswith("990000003217")), None))
        url = f"http://127.0.0.1:{self.server.http_port}"
        self.assertIn(mn, program.run("device", "list", "--url", url).stdout)
        self.assertIn(mn, program.run("device", "show", mn, "--url", url).stdout)
        sent = program.run("device", "send", mn, "1062", "RtdInterval=45", "--reason", "test", "--name", "tester", "--wait", "--url", url)
        self.assertIn("1062", sent.stdout)
        refused = program.run("device", "send", mn, "1062", "RtdInterval=5", "--reason", "test", "--name", "tester", "--url", url, check=False)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("RtdInterval", refused.stderr + refused.stdout)


class MissingData(Played):
    scenario = SCENARIOS / "gaps.toml"

    def test_hours_lost_on_the_way_are_asked_for_and_arrive(self):
        self.play()

        def hours():
            found = []
            for d in self.server.get("/api/devices?limit=100")["devices"]:
                for row in self.server.get(self.device(d["mn"]) + f"/completeness?year={time.strftime('%Y')}")["days"]:
                    if row["cn"] == "2061":
                        found.append((d["mn"], row["day"], row["share"]["received"], row["share"]["expected"]))
            return found

        self.until("the first hours", hours)
        pulls = self.until("a pull", lambda: [o for o in self.server.get("/api/orders?limit=500") if o["cn"] == "2061" and o["name"] == "system"], 120)
        self.assertTrue(all("missing" in o["reason"] for o in pulls))
        # Devices that lost whole stretches and nothing else: every hour of the last three days must come to be there.
        lost = ("990000004001", "990000004003")

        def all_whole():
            rows = [r for r in hours() if r[0].startswith(lost)]
            return rows and all(received >= expected for _, _, received, expected in rows) and rows

        self.assertGreaterEqual(len({mn for mn, *_ in self.until("the lost hours", all_whole, 400)}), 6)


if __name__ == "__main__":
    unittest.main()
