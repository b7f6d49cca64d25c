"""Drives the built program: starts servers in folders of their own, talks to them, stops or kills them."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

PROGRAM = os.environ.get("MINGJIAN", "build/release/mingjian")
SOURCE = pathlib.Path(os.environ.get("MJ_SOURCE_DIR", ".")).resolve()


def run(*arguments, check=True, **options):
    """Runs one command to its end; its output as text."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=600, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def figures(text):
    """Lines "name number" as a dictionary."""
    found = {}
    for line in text.splitlines():
        parts = line.split()
        if len(parts) == 2 and re.fullmatch(r"-?[\d.]+|true|false", parts[1]):
            found[parts[0]] = parts[1] == "true" if parts[1] in ("true", "false") else float(parts[1])
    return found


class Server:
    """`mingjian serve` on free ports (or the given device port), with `environment` beside the inherited one."""

    def __init__(self, data, network, hj212_port=0, environment=None):
        self.log = open(pathlib.Path(data).parent / "server.log", "ab")
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--data", str(data), "--network", str(network), "--http-port", "0", "--hj212-port", str(hj212_port), "--quiet"],
            stdout=subprocess.PIPE, stderr=self.log, text=True, env={**os.environ, **(environment or {})})
        self.http_port = self.hj212_port = None
        for line in self.process.stdout:
            if match := re.search(r"screens\s+http://127\.0\.0\.1:(\d+)/", line):
                self.http_port = int(match[1])
            if match := re.search(r"devices\s+127\.0\.0\.1:(\d+)", line):
                self.hj212_port = int(match[1])
            if line.startswith("Stop with"):
                return
        raise AssertionError(f"the server did not start: exit {self.process.wait()}; see {self.log.name}\n" + pathlib.Path(self.log.name).read_text()[-2000:])

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}{path}", timeout=30) as answer:
            return json.load(answer)

    def wait_until(self, condition, seconds=60):
        """Polls /api/system until `condition(system)` holds; returns that answer."""
        deadline = time.monotonic() + seconds
        while True:
            system = self.get("/api/system")
            if condition(system):
                return system
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds} s in vain: {json.dumps(system)}")
            time.sleep(0.05)

    def kill(self):
        self.process.kill()
        self._ended()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def _ended(self):
        status = self.process.wait(timeout=120)
        self.process.stdout.close()
        self.log.close()
        return status


class Scene(unittest.TestCase):
    """A test with a folder of its own and a network of load devices."""

    devices = 20

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mingjian-test-"))
        self.data = self.folder / "data"
        self.network = self.folder / "network.toml"
        run("simulate", "network", "--devices", self.devices, "--out", self.network)

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def load(self, server, seconds, *more):
        """Load devices against a server; the figures printed."""
        return figures(run("simulate", "load", "--port", server.hj212_port, "--devices", self.devices, "--connections", 4,
                           "--seconds", seconds, "--acked", self.folder / "acked", *more).stdout)

    def check_acked(self):
        return figures(run("simulate", "check", "--data", self.data, "--network", self.network, "--acked", self.folder / "acked").stdout)

    def assert_nothing_lost(self):
        checked = self.check_acked()
        self.assertGreater(checked["acked_frames"], 0)
        for word in ("missing_frames", "wrong_values", "duplicate_values", "alien_values"):
            self.assertEqual(checked[word], 0, word)
        self.assertTrue(checked["ledger_balanced"])
        self.assertTrue(run("verify", "--data", self.data).stdout.startswith("OK size "))
