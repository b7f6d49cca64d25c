"""The life of the log's keys and its proofs on the command line. Proofs are judged against a second implementation: RFC 6962 section 2.1
in Python, word for word, with every way to spoil a proof that the vectors of transparency-dev have."""
import base64
import hashlib
import json
import pathlib
import unittest

import program

CORPUS = program.SOURCE / "tests" / "corpus" / "tlog-proofs"


def mth(algorithm, leaves):
    if not leaves:
        return hashlib.new(algorithm).digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.new(algorithm, b"\1" + mth(algorithm, leaves[:k]) + mth(algorithm, leaves[k:])).digest()


def path(algorithm, m, leaves):
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m < k:
        return path(algorithm, m, leaves[:k]) + [mth(algorithm, leaves[k:])]
    return path(algorithm, m - k, leaves[k:]) + [mth(algorithm, leaves[:k])]


def subproof(algorithm, m, leaves, whole):
    if m == len(leaves):
        return [] if whole else [mth(algorithm, leaves)]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m <= k:
        return subproof(algorithm, m, leaves[:k], whole) + [mth(algorithm, leaves[k:])]
    return subproof(algorithm, m - k, leaves[k:], False) + [mth(algorithm, leaves[:k])]


def b64(data):
    return base64.b64encode(data).decode()


def spoilt(proof, extras):
    """Longer, shorter, changed, doubled and swapped."""
    for at in range(len(proof) + 1):
        for extra in extras:
            yield f"{at} inserted", proof[:at] + [extra] + proof[at:]
    for at, node in enumerate(proof):
        yield f"{at} removed", proof[:at] + proof[at + 1:]
        yield f"{at} doubled", proof[:at] + [node] + proof[at:]
        yield f"{at} changed", proof[:at] + [bytes([node[0] ^ 16]) + node[1:]] + proof[at + 1:]
    for at in range(len(proof) - 1):
        yield f"{at} swapped", proof[:at] + [proof[at + 1], proof[at]] + proof[at + 2:]


def inclusion_vectors(algorithm, size):
    leaves = [hashlib.new(algorithm, b"\0" + f"entry {i}".encode()).digest() for i in range(size)]
    root, garbage = mth(algorithm, leaves), hashlib.sha256(b"garbage").digest()

    def vector(index, of, leaf, proof, desc, bad, top=root):
        return {"leafIdx": index, "treeSize": of, "root": b64(top), "leafHash": b64(leaf), "proof": [b64(node) for node in proof] or None,
                "desc": desc, "wantErr": bad}
    for index, leaf in enumerate(leaves):
        proof = path(algorithm, index, leaves)
        yield vector(index, size, leaf, proof, "as it should be", False)
        yield vector(index + 1, size, leaf, proof, "next index", True)
        yield vector(index ^ 2, size, leaf, proof, "another index", True)
        yield vector(index, size * 2, leaf, proof, "twice the size", True)
        yield vector(index, size // 2, leaf, proof, "half the size", True)
        yield vector(index, size, garbage, proof, "another leaf", True)
        yield vector(index, size, leaf, proof, "another root", True, garbage)
        for how, changed in spoilt(proof, [garbage, root]):
            yield vector(index, size, leaf, changed, how, True)


def consistency_vectors(algorithm, size):
    leaves = [hashlib.new(algorithm, b"\0" + f"entry {i}".encode()).digest() for i in range(size)]
    root, garbage = mth(algorithm, leaves), hashlib.sha256(b"garbage").digest()

    def vector(first, second, first_root, second_root, proof, desc, bad):
        return {"size1": first, "size2": second, "root1": b64(first_root), "root2": b64(second_root),
                "proof": [b64(node) for node in proof] or None, "desc": desc, "wantErr": bad}
    for first in range(1, size):
        old, proof = mth(algorithm, leaves[:first]), subproof(algorithm, first, leaves, True)
        yield vector(first, size, old, root, proof, "as it should be", False)
        yield vector(first, size, root, old, proof, "swapped roots", True)
        yield vector(size, first, root, old, proof, "swapped sizes", True)
        yield vector(first + 1, size, old, root, proof, "next size", True)
        yield vector(first, size * 2, old, root, proof, "twice the size", True)
        yield vector(first, size, garbage, root, proof, "another old root", True)
        yield vector(first, size, old, garbage, proof, "another new root", True)
        yield vector(first, size, old, root, [], "no proof", True)
        for how, changed in spoilt(proof, [garbage, root, old]):
            if "doubled" not in how:
                yield vector(first, size, old, root, changed, how, True)
    yield vector(size, size, root, root, [], "the same tree", False)
    yield vector(size, size, root, garbage, [], "a fork", True)
    yield vector(0, size, mth(algorithm, []), root, [], "from nothing", True)


class Proofs(program.Scene):
    def judge(self, vectors, algorithm):
        files = []
        for number, vector in enumerate(vectors):
            files.append(self.folder / f"{algorithm}-{number}.json")
            files[-1].write_text(json.dumps(vector))
        self.assertGreater(len(files), 20)
        for at in range(0, len(files), 500):
            done = program.run("evidence", "check-proof", "--as-told", "--hash", algorithm, *files[at:at + 500], check=False)
            wrong = [line for line in done.stdout.splitlines() if "NOT AS" in line]
            self.assertEqual(done.returncode, 0, "\n".join(wrong))

    def test_proofs_are_judged_as_rfc_6962_has_them(self):
        for algorithm in ["sha256"] + (["sm3"] if "sm3" in hashlib.algorithms_available else []):
            for size in (1, 2, 3, 5, 8, 13):
                if size > 1:
                    self.judge(inclusion_vectors(algorithm, size), algorithm)
                    self.judge(consistency_vectors(algorithm, size + 4), algorithm)

    def test_files_of_the_corpus_are_judged_as_they_say(self):
        files = sorted(CORPUS.rglob("*.json"))
        self.assertTrue(files)
        program.run("evidence", "check-proof", "--as-told", *files)

    def test_what_is_no_proof_is_invalid(self):
        for number, text in enumerate(["", "{}", "[]", "{\"leafIdx\":-1}", "{\"leafIdx\":0,\"treeSize\":1,\"root\":\"\",\"leafHash\":\"\"}", "nonsense"]):
            file = self.folder / f"{number}.json"
            file.write_text(text)
            self.assertEqual(program.run("evidence", "check-proof", file, check=False).returncode, 1, text)


class Keys(program.Scene):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        self.who = ["--data", self.data, "--name", "张三", "--reason", "exercise"]
        program.run("evidence", "rotate", *self.who)  # makes the log, too

    def test_the_library_computes_the_vectors_of_the_standards(self):
        self.assertIn("SM2 with SM3", program.run("evidence", "self-test").stdout)

    def test_keys_live_through_rotation_recovery_revocation_and_succession(self):
        trust = self.folder / "trust"
        program.run("evidence", "keys", "--data", self.data, "--export", trust)
        self.assertIn("in force", program.run("evidence", "keys", "--data", self.data, "--compare", trust).stdout)
        for action in ("rotate", "recover", "revoke"):
            program.run("evidence", action, *self.who)
            program.run("verify", "--data", self.data)
        self.assertIn("later ones followed", program.run("evidence", "keys", "--data", self.data, "--compare", trust).stdout)
        safe, words = self.folder / "recovery.pem", self.folder / "words"
        program.run("evidence", "recovery-key", "--data", self.data, "--take-out", safe, "--passphrase", words)
        refused = program.run("evidence", "recover", *self.who, check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("recovery key cannot be used", refused.stderr)
        program.run("evidence", "recover", *self.who, "--recovery-key", safe, "--recovery-passphrase", words)
        program.run("evidence", "succeed", *self.who, "--origin", "example.org/second")
        ring = program.run("evidence", "keys", "--data", self.data).stdout
        self.assertIn("origin    example.org/second", ring)
        self.assertIn("REVOKED", ring)
        self.assertIn("张三: exercise", ring)
        self.assertIn("OK size 6", program.run("verify", "--data", self.data).stdout)

    def test_another_logs_keys_are_different(self):
        other, trust = self.folder / "other", self.folder / "trust"
        program.run("evidence", "rotate", "--data", other, "--name", "a", "--reason", "b")
        program.run("evidence", "keys", "--data", other, "--export", trust)
        done = program.run("evidence", "keys", "--data", self.data, "--compare", trust, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("DIFFERENT", done.stdout)

    def test_printed_proofs_hold_and_changed_ones_do_not(self):
        for _ in range(6):
            program.run("evidence", "rotate", *self.who)
        checkpoint = self.folder / "checkpoint"
        checkpoint.write_bytes((self.data / "evidence" / "checkpoint").read_bytes())
        program.run("evidence", "rotate", *self.who)
        for algorithm in ("sha256", "sm3"):
            file = self.folder / "proof.json"
            file.write_text(program.run("evidence", "proof", "--data", self.data, "--entry", 3, "--format", "json", "--hash", algorithm).stdout)
            program.run("evidence", "check-proof", "--hash", algorithm, file)
            changed = json.loads(file.read_text())
            changed["leafIdx"] = 4
            file.write_text(json.dumps(changed))
            self.assertEqual(program.run("evidence", "check-proof", "--hash", algorithm, file, check=False).returncode, 1)
            file.write_text(program.run("evidence", "consistency", "--data", self.data, "--from", 3, "--hash", algorithm).stdout)
            program.run("evidence", "check-proof", "--hash", algorithm, file)
        newest = program.run("evidence", "proof", "--data", self.data, "--entry", 3).stdout
        older = program.run("evidence", "proof", "--data", self.data, "--entry", 3, "--checkpoint", checkpoint).stdout
        self.assertTrue(newest.startswith("c2sp.org/tlog-proof@v1\nindex 3\n"))
        self.assertTrue(older.endswith(checkpoint.read_text()))
        self.assertNotEqual(newest, older)

    def test_a_flipped_bit_and_a_lost_key_are_told(self):
        ring = self.data / "evidence" / "keyring"
        good = ring.read_bytes()
        ring.write_bytes(good.replace(b"exercise", b"exercisf"))
        done = program.run("verify", "--data", self.data, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("DAMAGED keyring: key statement 1", done.stdout)
        ring.write_bytes(good)
        for key in pathlib.Path(self.data / "evidence" / "keys").glob("1-*.pem"):
            key.unlink()
        done = program.run("evidence", "rotate", *self.who, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("mingjian evidence recover", done.stderr)
        program.run("evidence", "recover", *self.who)
        program.run("verify", "--data", self.data)


if __name__ == "__main__":
    unittest.main()
