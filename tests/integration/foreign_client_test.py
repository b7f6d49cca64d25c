"""A client that knows nothing of Mingjian but c2sp.org/tlog-tiles, RFC 6962, GB/T 32905 and GB/T 32918: it fetches checkpoint, tiles and
entries over HTTP, recomputes both roots, and has the openssl command check both signatures. And what an operator does with the
files: backup while frames arrive, restore, damage, retirement."""
import base64
import hashlib
import pathlib
import subprocess
import unittest
import urllib.error
import urllib.request

import program

ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")
SM2_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
SM2_TYPE = b"\xffSM2-SM3"


def fetch(server, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{server.http_port}{path}", timeout=30) as answer:
        return answer.read()


def tile_path(level, index, width):
    """c2sp.org/tlog-tiles: N in groups of three digits, all but the last with x; partial tiles with .p/W."""
    digits = f"{index:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i:i + 3] for i in range(0, len(digits), 3)]
    path = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"{level}/{path}" + (f".p/{width}" if width < 256 else "")


def mth(algorithm, leaves):
    """RFC 6962 section 2.1."""
    if not leaves:
        return hashlib.new(algorithm).digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.new(algorithm, b"\1" + mth(algorithm, leaves[:split]) + mth(algorithm, leaves[split:])).digest()


def der_integer(number):
    raw = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\2" + bytes([len(raw)]) + raw


class Note:
    def __init__(self, note):
        self.text, signatures = note.split("\n\n", 1)
        self.text += "\n"
        self.signatures = {}
        for line in signatures.splitlines():
            _, name, value = line.split(" ")
            raw = base64.b64decode(value, validate=True)
            self.signatures[name, raw[:4]] = raw[4:]


class ForeignClient(program.Scene):
    def openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=60, cwd=self.folder)
        return done.returncode, done.stdout + done.stderr

    def signed(self, note, vkey, sm2_id="1234567812345678"):
        """True when the note has a right signature of the C2SP verifier key."""
        name, key_id, material = vkey.split("+", 2)
        raw = base64.b64decode(material, validate=True)
        self.assertEqual(hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex(), key_id)
        signature = note.signatures.get((name, bytes.fromhex(key_id)))
        if signature is None:
            return False
        sm2 = raw.startswith(SM2_TYPE)
        spki = SM2_SPKI + raw[len(SM2_TYPE):] if sm2 else ED25519_SPKI + raw[1:]
        if sm2:
            integers = b"".join(der_integer(int.from_bytes(half, "big")) for half in (signature[:32], signature[32:]))
            signature = b"\x30" + bytes([len(integers)]) + integers
        (self.folder / "key.der").write_bytes(spki)
        (self.folder / "text").write_text(note.text, encoding="utf-8")
        (self.folder / "signature").write_bytes(signature)
        command = ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin", "-in", "text", "-sigfile", "signature"]
        if sm2:
            command += ["-digest", "sm3", "-pkeyopt", f"distid:{sm2_id}"]
        return self.openssl(*command)[0] == 0

    def test_a_stranger_rebuilds_both_roots_and_checks_both_signatures(self):
        server = program.Server(self.data, self.network)
        self.load(server, 1, "--rate", 2000)
        server.wait_until(lambda s: s["ledger"]["pending"] == 0)
        note = Note(fetch(server, "/checkpoint").decode())
        origin, size, root, extension = note.text.splitlines()
        size = int(size)
        self.assertGreater(size, 600)
        leaves = {"sha256": [], "sm3": []}
        for index in range(-(-size // 256)):
            width = min(256, size - index * 256)
            bundle = fetch(server, "/tile/" + tile_path("entries", index, width))
            count = 0
            while bundle:
                length = int.from_bytes(bundle[:2], "big")
                for algorithm, hashes in leaves.items():
                    hashes.append(hashlib.new(algorithm, b"\0" + bundle[2:2 + length]).digest())
                bundle, count = bundle[2 + length:], count + 1
            self.assertEqual(count, width)
            for algorithm, prefix in (("sha256", "/tile/"), ("sm3", "/sm3/tile/")):
                self.assertEqual(fetch(server, prefix + tile_path(0, index, width)), b"".join(leaves[algorithm][index * 256:][:256]))
        for index in range(size // 256):
            self.assertIn(mth("sha256", leaves["sha256"][index * 256:][:256]), fetch(server, "/tile/" + tile_path(1, 0, size // 256)))
        self.assertEqual(base64.b64encode(mth("sha256", leaves["sha256"])).decode(), root)
        self.assertEqual(extension, "sm3 " + base64.b64encode(mth("sm3", leaves["sm3"])).decode())

        keys = [line.split(" ", 1)[1] for line in fetch(server, "/trust").decode().splitlines() if line.startswith("log ")]
        self.assertEqual(len(keys), 2)
        self.assertEqual({key.split("+")[0] for key in keys}, {origin})
        for key in keys:
            self.assertTrue(self.signed(note, key), key)
        sm2 = next(key for key in keys if base64.b64decode(key.split("+", 2)[2]).startswith(SM2_TYPE))
        self.assertFalse(self.signed(note, sm2, sm2_id="0000000000000000"), "a wrong user id must not verify")
        forged = Note(fetch(server, "/checkpoint").decode())
        forged.text = forged.text.replace(f"\n{size}\n", f"\n{size - 1}\n")
        self.assertFalse(any(self.signed(forged, key) for key in keys))
        for wrong in ("/tile/0/x999/999", "/tile/0/0", "/tile/entries/000.p/0"):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                fetch(server, wrong)
            self.assertEqual(refused.exception.code, 404, wrong)
            refused.exception.close()
        self.assertEqual(server.stop(), 0)

    def test_a_backup_made_while_frames_arrive_is_whole_and_can_be_served(self):
        backup = self.folder / "backup"
        server = program.Server(self.data, self.network)
        self.load(server, 1, "--rate", 1000)
        program.run("evidence", "backup", "--data", self.data, "--to", backup)
        self.load(server, 1, "--rate", 1000)
        program.run("evidence", "backup", "--data", self.data, "--to", backup)  # only what is new
        server.kill()
        self.assertTrue(program.run("verify", "--data", self.data).stdout.startswith("OK size "))

        restored = self.folder / "restored"
        program.run("evidence", "restore", "--from", backup, "--data", restored)
        for secret in (self.data / "keys").iterdir():  # kept apart from the backup on purpose
            (restored / "keys").mkdir(exist_ok=True)
            (restored / "keys" / secret.name).write_bytes(secret.read_bytes())
        self.assertTrue(program.run("verify", "--data", restored).stdout.startswith("OK size "))
        again = program.Server(restored, self.network)
        again.wait_until(lambda s: s["ledger"]["pending"] == 0 and s["ledger"]["received"] > 0)
        self.assertEqual(again.stop(), 0)

        segment = next(pathlib.Path(backup).rglob("*.seg*"))
        raw = bytearray(segment.read_bytes())
        raw[len(raw) // 2] ^= 4
        segment.write_bytes(raw)
        refused = program.run("evidence", "restore", "--from", backup, "--data", self.folder / "other", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("segment", refused.stdout + refused.stderr)


if __name__ == "__main__":
    unittest.main()
