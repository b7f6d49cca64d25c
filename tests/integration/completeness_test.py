"""Days are closed by the running program: a clock set shortly before midnight, statements as entries of the log, an omission that shows."""
import base64
import glob
import hashlib
import json
import socket
import time
import tomllib
import unittest
import urllib.parse
import urllib.request

import program

DAY = "2026-11-20"
FROM, TO = "2026-11-19T00:00:00+08:00", "2026-11-22T00:00:00+08:00"
HOURS_SENT = [h for h in range(23) if h not in (5, 6)]


def crc(data):
    """HJ 212-2017 appendix A, written from its text."""
    value = 0xFFFF
    for byte in data:
        value = (value >> 8) ^ byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


def hourly(mn, hour):
    segment = (f"QN=202611202350{hour:02}000;ST=32;CN=2061;PW=123456;MN={mn};Flag=5;"
               f"CP=&&DataTime=20261120{hour:02}0000;w01018-Avg={20 + hour / 10:.1f},w01018-Flag=N&&").encode()
    return b"##%04d%s%04X\r\n" % (len(segment), segment, crc(segment))


def at(utc):
    """The environment in which the program's clock starts at `utc` and goes on at its own pace."""
    return {"LD_PRELOAD": glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")[0], "FAKETIME": f"@{utc}", "TZ": "UTC", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


class Completeness(program.Scene):
    devices = 2

    def setUp(self):
        super().setUp()
        self.servers = []

    def tearDown(self):
        for server in self.servers:
            if server.process.poll() is None:
                server.kill()
        super().tearDown()

    def serve(self, utc):
        self.servers.append(program.Server(self.data, self.network, environment=at(utc)))
        return self.servers[-1]

    def device(self, mn):
        return "/api/devices/" + urllib.parse.quote(mn, safe="")

    def statements(self, server, mn):
        return server.get(f"{self.device(mn)}/statements?" + urllib.parse.urlencode({"from": FROM, "to": TO}))

    def until(self, what, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            self.assertLess(time.monotonic(), deadline, f"waited {seconds} s in vain for {what}")
            time.sleep(0.2)
        return found

    def send(self, server, frames):
        with socket.create_connection(("127.0.0.1", server.hj212_port), timeout=30) as line:
            line.sendall(b"".join(frames))
            answers = b""
            while answers.count(b"CN=9014") < len(frames):
                answers += line.recv(65536)

    def leaves(self, server, mn):
        """Leaf hashes of what came from a device, in the order of the log."""
        rows = server.get("/api/evidence/entries?" + urllib.parse.urlencode({"device": mn, "limit": 500}))
        entries = sorted(row["entry"] for row in rows if row["type"] != "event")
        details = [server.get(f"/api/evidence/entries/{entry}") for entry in entries]
        return [hashlib.sha256(b"\0" + base64.b64decode(d["entry_base64"])).digest() for d in details]

    def test_a_day_is_closed_explained_exported_and_an_omission_shows(self):
        mns = [p["device"] for p in tomllib.loads(self.network.read_text())["point"]]
        heard, silent = mns[0], mns[1]
        server = self.serve("2026-11-20 15:50:00")
        self.send(server, [hourly(heard, hour) for hour in HOURS_SENT])
        server.wait_until(lambda s: s["ledger"]["pending"] == 0)
        self.assertEqual([s["day"] for s in self.statements(server, heard)], [], "the day has not ended")
        self.assertEqual(server.stop(), 0)

        server = self.serve("2026-11-20 16:40:00")
        closed = self.until("the day to be closed", lambda: self.statements(server, heard))[0]
        leaves = self.leaves(server, heard)
        self.assertEqual((closed["day"], closed["revision"], closed["count"]), (DAY, 1, len(leaves)))
        self.assertEqual(len(leaves), len(HOURS_SENT))
        self.assertEqual((closed["expected"], closed["received"]), (24, len(HOURS_SENT)))
        self.assertEqual([(g["from"][11:13], g["to"][11:13], g["intervals"], g["explained_by"]) for g in closed["gaps"]],
                         [("05", "07", 2, None), ("23", "00", 1, None)])
        link = hashlib.sha256(b"mingjian device chain v1\n" + heard.encode()).digest()
        self.assertEqual(closed["chain_before"], link.hex())
        for leaf in leaves:
            link = hashlib.sha256(link + leaf).digest()
        self.assertEqual(closed["chain_after"], link.hex())
        quiet = self.until("the silent device's day", lambda: self.statements(server, silent))[0]
        self.assertEqual((quiet["count"], quiet["expected"], quiet["received"]), (0, 0, 0))

        gap = closed["gaps"][0]
        body = {"from": gap["from"], "to": gap["to"], "name": "tester", "reason": "power cut in the station house"}
        request = urllib.request.Request(f"http://127.0.0.1:{server.http_port}{self.device(heard)}/explanations",
                                         data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            decision = json.load(answer)["entry"]
        again = self.until("the second revision", lambda: [s for s in self.statements(server, heard) if s["revision"] == 2])[0]
        self.assertEqual([g["explained_by"] for g in again["gaps"]], [decision, None])
        self.assertEqual((again["count"], again["chain_after"]), (closed["count"], closed["chain_after"]))
        self.assertEqual(server.stop(), 0)
        self.bundle_refuses_an_omission(heard)

    def bundle_refuses_an_omission(self, mn):
        whole = self.folder / "device.mjbundle.json"
        program.run("evidence", "export", "--data", self.data, "--network", self.network, "--device", mn, "--from", DAY, "--to", "2026-11-21",
                    "--output", whole)
        good = program.run("verify-bundle", whole)
        self.assertIn("OK", good.stdout)
        # The best that somebody can do who wants an entry away: its hashes take its place, so that both trees still hold.
        bundle = json.loads(whole.read_text())
        left_out = next(i for i, _ in bundle["entries"] if 5 < i < 20 and {i ^ 1} <= {j for j, _ in bundle["entries"]})
        raw = base64.b64decode(dict(map(tuple, bundle["entries"]))[left_out])
        bundle["entries"] = [e for e in bundle["entries"] if e[0] != left_out]
        bundle["steps"] = [s for s in bundle["steps"] if s.get("entry") != left_out]
        for algorithm in ("sha256", "sm3"):
            node = [0, left_out, base64.b64encode(hashlib.new(algorithm, b"\0" + raw).digest()).decode()]
            bundle["proof"][algorithm] = sorted(bundle["proof"][algorithm] + [node], key=lambda n: n[1] << n[0])
        short = self.folder / "short.mjbundle.json"
        short.write_text(json.dumps(bundle))
        refused = program.run("verify-bundle", short, check=False)
        self.assertEqual(refused.returncode, 1, refused.stdout)
        self.assertRegex(refused.stdout + refused.stderr, "chain|entries")


if __name__ == "__main__":
    unittest.main(verbosity=2)
