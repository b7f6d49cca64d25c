"""Witnesses and a time-stamp authority around the built program: a log that others remember cannot be taken back."""
import http.server
import json
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import time
import unittest
import urllib.request

from program import PROGRAM, Scene, Server, run


class Witness:
    """`mingjian witness serve` in a folder of its own."""

    def __init__(self, folder, name, port=0):
        self.folder, self.name, self.port = pathlib.Path(folder), name, port
        self.key = run("witness", "key", "--dir", self.folder, "--name", name).stdout.strip()
        self.start()

    def start(self):
        self.process = subprocess.Popen([PROGRAM, "witness", "serve", "--dir", str(self.folder), "--port", str(self.port), "--quiet"],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if match := re.search(r"address\s+(http://127\.0\.0\.1:(\d+))/", line):
                self.url, self.port = match[1], int(match[2])
            if line.startswith("Stop with"):
                return
        raise AssertionError(f"the witness did not start: exit {self.process.wait()}")

    def trust(self, keyring):
        return run("witness", "trust", "--dir", self.folder, "--keyring", keyring).stdout

    def status(self):
        return json.loads(run("witness", "status", "--url", self.url, "--json").stdout)

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(timeout=30)
        self.process.stdout.close()


class Authority:
    """An RFC 3161 authority made of the openssl program."""

    CONFIG = """[tsa]
default_tsa = tsa1
[tsa1]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_alg = sha256
"""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        (self.folder / "tsa.cnf").write_text(self.CONFIG)
        (self.folder / "serial").write_text("01\n")
        (self.folder / "ext.cnf").write_text("extendedKeyUsage = critical,timeStamping\n")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self.openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=Test CA")
        self.openssl("req", "-new", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test TSA")
        self.openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "tsa.pem",
                     "-days", "30", "-extfile", "ext.cnf")
        authority = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers["Content-Length"]))
                (authority.folder / "query").write_bytes(query)
                authority.openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
                reply = (authority.folder / "reply").read_bytes()
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsr"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True, timeout=60)

    def end(self):
        self.server.shutdown()
        self.server.server_close()


class WitnessScene(Scene):
    devices = 8

    def setUp(self):
        super().setUp()
        self.data.mkdir()
        self.witnesses = [Witness(self.folder / f"w{i}", f"witness.example/w{i}") for i in range(3)]
        self.authority = Authority(self.folder / "authority")
        self.write_options()
        self.servers = []

    def tearDown(self):
        for server in self.servers:
            if server.process.poll() is None:
                server.kill()
        for witness in self.witnesses:
            if witness.process.poll() is None:
                witness.end(signal.SIGKILL)
        self.authority.end()
        super().tearDown()

    def write_options(self, quorum=2):
        shutil.copy(self.authority.folder / "ca.pem", self.data / "tsa-ca.pem")
        text = f"quorum = {quorum}\nwitness_interval_ms = 200\nanchor_interval_ms = 500\nrequest_timeout_ms = 3000\n"
        for witness in self.witnesses:
            text += f'[[witness]]\nurl = "{witness.url}"\nkey = "{witness.key}"\n'
        text += f'[timestamp]\nurl = "{self.authority.url}"\ntrusted = "tsa-ca.pem"\n'
        (self.data / "evidence.toml").write_text(text)

    def serve(self):
        server = Server(self.data, self.network)
        self.servers.append(server)
        return server

    def introduce(self, server):
        for witness in self.witnesses:
            witness.trust(f"http://127.0.0.1:{server.http_port}/keyring")

    def evidence(self, server, condition, seconds=60):
        """Polls /api/evidence until `condition` holds; returns that answer."""
        deadline = time.monotonic() + seconds
        while True:
            state = server.get("/api/evidence")
            if condition(state):
                return state
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds} s in vain: {json.dumps(state, ensure_ascii=False, indent=1)}")
            time.sleep(0.05)

    def witnessed(self, server, beyond=0, by=2):
        return self.evidence(server, lambda state: state["witnessed"] and state["witnessed"]["size"] > beyond
                             and len(state["witnessed"]["by"]) >= by)

    @staticmethod
    def refused_start(data, network):
        done = subprocess.run([PROGRAM, "serve", "--data", str(data), "--network", str(network), "--http-port", "0", "--hj212-port", "0"],
                              capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr


class WitnessTest(WitnessScene):
    def test_the_quorum_signs_and_outlives_a_killed_witness(self):
        server = self.serve()
        # Nobody has told the witnesses of this log yet.
        state = self.evidence(server, lambda state: all(w["trouble"] for w in state["witnesses"]))
        self.assertIn("mingjian witness trust", state["witnesses"][0]["trouble"])
        self.introduce(server)
        self.load(server, 2)
        entries = server.get("/api/system")["evidence"]["entries"] if "evidence" in server.get("/api/system") else 0
        state = self.witnessed(server, beyond=max(entries - 1, 0), by=3)
        self.assertEqual(state["quorum"], 2)
        self.assertFalse(state["refused"])
        self.assertEqual(state["alerts"], [])

        self.witnesses[0].end(signal.SIGKILL)
        self.load(server, 1)
        state = self.witnessed(server, beyond=state["witnessed"]["size"])
        self.evidence(server, lambda s: s["witnesses"][0]["trouble"])
        self.witnesses[0].start()
        self.load(server, 1)
        self.evidence(server, lambda s: s["witnesses"][0]["trouble"] is None
                      and s["witnesses"][0]["cosigned_size"] > state["witnessed"]["size"])

        # Anchors are in the log, time-stamped; and a log at rest does not grow by anchoring itself.
        self.evidence(server, lambda s: s["timestamp"]["at"] is not None)
        anchors = server.get("/api/evidence/anchors")
        self.assertTrue(any(anchor["stamped"] for anchor in anchors))
        size = self.evidence(server, lambda s: s["entries"])["entries"]
        time.sleep(3)
        self.assertLessEqual(server.get("/api/evidence")["entries"], size + 1)

        # What monitors see is what this server shows.
        status = self.witnesses[1].status()
        self.assertEqual(status["name"], "witness.example/w1")
        page = urllib.request.urlopen(self.witnesses[1].url + "/", timeout=10).read().decode()
        self.assertIn(status["logs"][0]["origin"], page)
        self.assertEqual(server.stop(), 0)

    def test_a_restored_older_copy_is_refused_until_it_succeeds_under_another_origin(self):
        server = self.serve()
        self.introduce(server)
        self.load(server, 1)
        self.witnessed(server)
        self.assertEqual(server.stop(), 0)
        shutil.copytree(self.data, self.folder / "backup")

        server = self.serve()
        self.load(server, 1)
        seen = self.witnessed(server, by=3)["witnessed"]["size"]
        entries = self.evidence(server, lambda s: s["witnessed"]["size"] >= seen and len(s["witnessed"]["by"]) == 3)["witnessed"]["size"]
        self.assertEqual(server.stop(), 0)

        shutil.rmtree(self.data)
        shutil.copytree(self.folder / "backup", self.data)
        status, words = self.refused_start(self.data, self.network)
        self.assertNotEqual(status, 0)
        self.assertIn("rollback", words)
        self.assertIn("witness.example/w", words)
        self.assertIn("evidence succeed", words)
        again, words = self.refused_start(self.data, self.network)
        self.assertNotEqual(again, 0, "refused as often as it is tried")
        self.assertGreater(entries, 0)

        run("evidence", "succeed", "--data", self.data, "--origin", "mingjian.local/log2", "--name", "operator", "--reason", "disk lost, backup restored")
        server = self.serve()
        self.assertEqual(server.get("/api/evidence")["origin"], "mingjian.local/log2")
        self.introduce(server)
        self.load(server, 1)
        state = self.witnessed(server, by=3)
        self.assertTrue(state["witnessed"]["note"].startswith("mingjian.local/log2\n"))
        # The witnesses still remember the longer history of the first origin.
        logs = {log["origin"]: log["size"] for log in self.witnesses[0].status()["logs"]}
        self.assertEqual(len(logs), 2)
        self.assertGreaterEqual(logs["mingjian.local/log"], seen)
        self.assertEqual(server.stop(), 0)
        self.assertTrue(run("verify", "--data", self.data).stdout.startswith("OK size "))

    def test_a_changed_key_ring_cannot_be_slipped_in(self):
        server = self.serve()
        self.introduce(server)
        self.witnessed(server)
        self.assertEqual(server.stop(), 0)
        # Another log under the same name, as a thief of the name would make.
        other = self.folder / "other"
        other.mkdir()
        thief = Server(other, self.network)
        self.servers.append(thief)
        done = run("witness", "trust", "--dir", self.witnesses[0].folder, "--keyring", f"http://127.0.0.1:{thief.http_port}/keyring", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("began otherwise", done.stdout + done.stderr)
        thief.stop()


if __name__ == "__main__":
    unittest.main()
