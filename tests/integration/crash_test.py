"""SIGKILL at random moments under load: nothing acknowledged is lost, no value is stored twice, evidence verifies.

CRASH_ROUNDS (50) rounds; each is followed by recovery, and by a verification of the evidence as the crash left it.
"""
import os
import random
import signal
import subprocess
import time
import unittest

import program


class Crash(program.Scene):
    devices = 50

    def test_killed_at_random_moments_under_load(self):
        rounds = int(os.environ.get("CRASH_ROUNDS", "50"))
        seed = int(os.environ.get("CRASH_SEED", str(random.randrange(1 << 30))))
        print(f"{rounds} rounds, CRASH_SEED={seed}", flush=True)
        moments = random.Random(seed)
        server = program.Server(self.data, self.network)
        port = server.hj212_port
        load = subprocess.Popen(
            [program.PROGRAM, "simulate", "load", "--port", str(port), "--devices", str(self.devices), "--connections", "8",
             "--window", "32", "--rate", "3000", "--seconds", "3600", "--acked", str(self.folder / "acked")],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            for number in range(rounds):
                time.sleep(moments.uniform(0.05, 0.9))
                server.kill()
                verified = program.run("verify", "--data", self.data, check=False)
                self.assertEqual(verified.returncode, 0, f"round {number}: {verified.stdout}{verified.stderr}")
                server = program.Server(self.data, self.network, port)
                self.assertTrue(server.get("/api/system")["ledger"]["balanced"], f"round {number}")
            time.sleep(1)
            load.send_signal(signal.SIGINT)
            output, _ = load.communicate(timeout=60)
        finally:
            load.kill()
        sent = program.figures(output)
        print(output, flush=True)
        self.assertGreaterEqual(sent["reconnects"], rounds)
        self.assertEqual(sent["strange_answers"], 0)
        server.kill()
        self.assert_nothing_lost()
        rebuilt = program.run("rebuild", "--data", self.data, "--network", self.network)
        self.assertIn("IDENTICAL", rebuilt.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
