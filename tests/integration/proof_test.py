"""Evaluated figures are proved down to the packets: by the command line on a stopped and a running server, checked by both verifiers."""
import json
import os
import pathlib
import subprocess
import unittest

import program

VERIFIER = pathlib.Path(os.environ.get("MINGJIAN_VERIFIER", program.SOURCE / "verifier" / "dist" / "cli.js"))


class Proof(program.Scene):
    def setUp(self):
        super().setUp()
        self.network = program.SOURCE / "demo" / "network.toml"
        server = program.Server(self.data, self.network)
        program.run("simulate", "replay", "--port", server.hj212_port, "--speed", 0, "--start", "2026-03-29")
        server.wait_until(lambda s: s["ledger"]["pending"] == 0)
        self.assertEqual(server.stop(), 0)
        program.run("evaluate", "--data", self.data, "--network", self.network)


    def exported(self, name, *source):
        file = self.folder / "figure.mjbundle.json"
        program.run("evidence", "export", "--figure", name, *source, "--output", file)
        verdicts = [program.run("verify-bundle", file, "--format", "json").stdout]
        if VERIFIER.exists():
            verdicts.append(subprocess.run(["node", VERIFIER, "--json", file], capture_output=True, text=True, timeout=120).stdout)
        verdicts = [json.loads(each) for each in verdicts]
        for verdict in verdicts:
            self.assertTrue(verdict["ok"], verdict)
            self.assertEqual(verdict["subject"], name)
            self.assertEqual(verdict["value"], verdicts[0]["value"])
        return verdicts[0]["value"], json.loads(file.read_text(encoding="utf-8"))

    def test_a_day_and_a_class_lead_back_to_their_packets(self):
        day = "20260330000000/20260331000000"
        stopped = ("--data", self.data, "--network", self.network)
        index, bundle = self.exported(f"result/air/point/air-1416A/aqi/{day}", *stopped)
        self.assertRegex(index, r"^\d+$")
        self.assertEqual({step["op"] for step in bundle["steps"]}, {"field", "mean", "max", "interpolate"})
        self.assertGreaterEqual(len(bundle["entries"]), 20)
        server = program.Server(self.data, self.network)
        try:
            running = ("--url", f"http://127.0.0.1:{server.http_port}")
            self.assertEqual(self.exported(f"result/air/point/air-1416A/aqi/{day}", *running)[0], index)
            sheet = server.get("/api/evaluation/air/sheet?subject=air-1416A&indicator=aqi&period=day&at=2026-03-30")
            self.assertEqual(sheet["prove"], f"result/air/point/air-1416A/aqi/{day}")
            self.assertEqual(sheet["figure"]["text"], index)
            # A class of water with its limits.
            table = server.get("/api/evaluation/surface_water/results?period=day&level=point&indicator=class")
            row = next(row for row in table["rows"] if row["value"])
            at = table["at"].replace("-", "")
            sheet = server.get(f"/api/evaluation/surface_water/sheet?subject={row['subject']['id']}&indicator=class&period=day&at={table['at']}")
            self.assertTrue(sheet["prove"].startswith(f"result/surface_water/point/{row['subject']['id']}/class/{at}000000/"), sheet["unproved"])
            value, bundle = self.exported(sheet["prove"], *running)
            self.assertEqual(value, row["value"]["text"])
            self.assertIn("class", {step["op"] for step in bundle["steps"]})
        finally:
            server.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
