"""From the wire to a provable figure: replayed real data, the screens' API, verification, rebuilding, export, the command line."""
import base64
import csv
import hashlib
import json
import re
import subprocess
import unittest

import program


def decode(raw):
    done = subprocess.run([program.PROGRAM, "frame", "decode", "-"], input=raw, capture_output=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


class Figures(program.Scene):
    def setUp(self):
        super().setUp()
        self.network = program.SOURCE / "demo" / "network.toml"

    def replay(self):
        server = program.Server(self.data, self.network)
        program.run("simulate", "replay", "--port", server.hj212_port, "--speed", 0, "--start", "2026-03-30")
        server.wait_until(lambda s: s["ledger"]["pending"] == 0)
        return server

    def test_a_figure_leads_back_to_bytes_that_prove_themselves(self):
        server = self.replay()
        ledger = server.get("/api/system")["ledger"]
        self.assertTrue(ledger["balanced"])
        self.assertEqual(ledger["received"], ledger["stored"] + ledger["duplicate"] + ledger["rejected"] + ledger["quarantined"])
        point = next(p for p in server.get("/api/points") if p["element"] == "air" and p["last_at"])
        latest = server.get(f"/api/points/{point['id']}")["latest"]
        value = next(v for v in latest if v["factor"] == "a34004")
        frame = server.get(f"/api/frames/{value['entry']}")
        self.assertIn(f"a34004-Avg={value['value']['text']}", base64.b64decode(frame["payload_base64"]).decode())
        # RFC 6962 by hand: leaf, then the path, must give the root that the checkpoint signs.
        proof = server.get(f"/api/frames/{value['entry']}/proof")
        node = hashlib.sha256(b"\0" + base64.b64decode(frame["entry_base64"])).digest()
        self.assertEqual(node.hex(), proof["leaf"])
        index, last = proof["index"], proof["size"] - 1
        for sibling in map(bytes.fromhex, proof["path"]):
            if index % 2 or index == last:
                node = hashlib.sha256(b"\1" + sibling + node).digest()
                while index % 2 == 0 and index:
                    index, last = index // 2, last // 2
            else:
                node = hashlib.sha256(b"\1" + node + sibling).digest()
            index, last = index // 2, last // 2
        self.assertEqual(node.hex(), proof["root"])
        self.assertEqual(base64.b64decode(proof["checkpoint"].splitlines()[2]), node)
        self.assertEqual(server.stop(), 0)

    def test_rebuilt_values_are_identical_and_damage_is_found(self):
        self.assertEqual(self.replay().stop(), 0)
        rebuilt = program.run("rebuild", "--data", self.data, "--network", self.network)
        self.assertIn("IDENTICAL", rebuilt.stdout)
        self.assertRegex(program.run("verify", "--data", self.data).stdout, r"^OK size \d+ root [0-9a-f]{64} sm3 [0-9a-f]{64}\n$")
        segment = next((self.data / "evidence" / "segments").iterdir())
        content = bytearray(segment.read_bytes())
        content[len(content) // 2] ^= 1
        segment.write_bytes(content)
        damaged = program.run("verify", "--data", self.data, check=False)
        self.assertEqual(damaged.returncode, 1)
        self.assertRegex(damaged.stdout, r"^DAMAGED .*segment.*")

    def test_an_export_holds_the_digits_units_and_evidence(self):
        server = self.replay()
        point = next(p["id"] for p in server.get("/api/points") if p["element"] == "air" and p["last_at"])
        self.assertEqual(server.stop(), 0)
        out = self.folder / "out.csv"
        program.run("series", "export", "--data", self.data, "--network", self.network, "--point", point, "--factor", "a34004",
                    "--from", "2026-03-30", "--to", "2026-04-01", "--out", out)
        rows = list(csv.DictReader(out.read_text().splitlines()))
        self.assertGreater(len(rows), 20)
        self.assertEqual({row["unit"] for row in rows}, {"µg/m³"})
        self.assertTrue(all(re.fullmatch(r"\d+(\.\d+)?", row["text"]) for row in rows))
        parquet = self.folder / "out.parquet"
        program.run("series", "export", "--data", self.data, "--network", self.network, "--point", point, "--factor", "a34004",
                    "--from", "2026-03-30", "--to", "2026-04-01", "--format", "parquet", "--out", parquet)
        self.assertEqual(parquet.read_bytes()[:4], b"PAR1")


class CommandLine(unittest.TestCase):
    def test_every_command_explains_itself_with_examples(self):
        for words in (["serve"], ["demo"], ["simulate"], ["rebuild"], ["verify"], ["frame", "decode"], ["series", "export"]):
            text = program.run(*words, "--help").stdout
            self.assertIn("mingjian " + words[0], text, words)
            self.assertRegex(text, "Examples?:", words)
        for word in ("replay", "sources", "network", "load", "check", "slow"):
            program.run("simulate", word, "--help")

    def test_wrong_use_says_what_to_do(self):
        for words in ([], ["verify"], ["nonsense"], ["serve", "--bogus"]):
            done = program.run(*words, check=False)
            self.assertEqual(done.returncode, 2, words)
            self.assertRegex(done.stderr + done.stdout, r"(?i)help|required", words)
        missing = program.run("verify", "--data", "/nonexistent", check=False)
        self.assertEqual(missing.returncode, 1)
        self.assertIn("/nonexistent", missing.stdout + missing.stderr)

    def test_frames_decode_to_one_json_object_each(self):
        # HJ 212-2017 appendix A (CRC 1C80), with noise before it and a half frame behind it.
        frame = b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80\r\n"
        found = decode(b"SIZE\r\n" + frame + frame[:30])
        self.assertEqual([piece["ok"] for piece in found], [False, True, False])
        good = found[1]
        self.assertEqual((good["at"], good["len"], good["dialect"]), (6, len(frame), "2017"))
        self.assertEqual(good["crc"], {"given": "1C80", "hj": "1C80", "match": "hj"})
        self.assertEqual(good["cp"], [{"key": "RtdInterval", "value": "30"}])

    def test_every_public_vector_decodes_as_its_row_says(self):
        table = program.SOURCE.parent / "shared" / "vectors" / "hj212-vectors.tsv"
        if not table.exists():
            self.skipTest("the vectors are not here")
        expected = {"yes": (True, "hj"), "yes-lowercase": (True, "hj"), "constructed": (True, "hj"), "modbus": (False, "modbus"), "modbus-le": (False, "modbus-le")}
        wrong = []
        for row in csv.DictReader(table.read_text().split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE):
            raw = row["frame"].encode("latin-1", "replace") if row["frame"].isascii() else row["frame"].encode()
            raw = re.sub(rb"\\x([0-9A-Fa-f]{2})|\\r|\\n", lambda m: bytes([int(m[1], 16)]) if m[1] else {b"\\r": b"\r", b"\\n": b"\n"}[m[0]], raw)
            frames = [piece for piece in decode(raw) if "crc" in piece]
            if row["crc_ok"] in expected and not any((f["ok"], f["crc"]["match"]) == expected[row["crc_ok"]] for f in frames):
                wrong.append((row["id"], row["crc_ok"], [(f["ok"], f["crc"]["match"]) for f in frames], row["note"][:80]))
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
