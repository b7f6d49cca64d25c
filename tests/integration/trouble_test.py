"""Full disk, read-only directory, lost database, many slow peers: clear words, nothing acknowledged lost."""
import contextlib
import os
import subprocess
import unittest

import program


class Trouble(program.Scene):
    @contextlib.contextmanager
    def small_disk(self, size):
        """A small file system of its own to put data on; the test is skipped where this machine does not allow it."""
        disk = self.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], capture_output=True).returncode != 0:
            self.skipTest("cannot mount a tmpfs here")
        try:
            yield disk
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=False)

    def remount(self, disk, options):
        subprocess.run(["mount", "-o", f"remount,{options}", str(disk)], check=True)

    def serve_until_full(self, disk):
        """More comes in than the disk can hold, however long this machine needs for that."""
        self.data = disk / "data"
        server = program.Server(self.data, self.network)
        for attempt in range(20):
            self.load(server, 3, "--first-sequence", attempt * 100_000)
            failure = server.get("/api/system")["evidence"]["failure"]
            if failure:
                break
        self.assertTrue(failure, "the System screen names the failure")
        self.assertIn("space", failure)
        return server

    def test_a_full_disk_stops_acknowledgement_and_loses_nothing(self):
        with self.small_disk("24m") as disk:
            self.serve_until_full(disk).kill()
            self.remount(disk, "size=256m")
            # A restart finds space again; what was acknowledged before is all there, and new frames are taken.
            server = program.Server(self.data, self.network)
            self.assertIsNone(server.get("/api/system")["evidence"]["failure"])
            self.assertEqual(server.stop(), 0)
            self.assert_nothing_lost()

    def test_a_full_disk_recovers_without_a_restart(self):
        with self.small_disk("24m") as disk:
            server = self.serve_until_full(disk)
            self.remount(disk, "size=256m")
            again = self.load(server, 2, "--first-sequence", 5_000_000, "--rate", 500)
            self.assertGreater(again["frames_acked"], 0)
            server.wait_until(lambda s: s["evidence"]["failure"] is None and s["ledger"]["pending"] == 0)
            self.assertEqual(server.stop(), 0)
            self.assert_nothing_lost()

    def test_a_read_only_directory_is_refused_in_words(self):
        with self.small_disk("8m") as disk:
            self.remount(disk, "ro")
            done = program.run("serve", "--data", disk / "data", "--network", self.network, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, r"(?i)read-only")

    def test_a_deleted_database_is_derived_again(self):
        server = program.Server(self.data, self.network)
        self.load(server, 2, "--rate", 2000)
        server.wait_until(lambda s: s["ledger"]["pending"] == 0)
        self.assertEqual(server.stop(), 0)
        before = program.run("rebuild", "--check", "--data", self.data, "--network", self.network).stdout
        for file in (self.data / "telemetry").iterdir():
            file.unlink()
        server = program.Server(self.data, self.network)
        server.wait_until(lambda s: s["ledger"]["pending"] == 0 and s["ledger"]["stored"] > 0)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(program.run("rebuild", "--check", "--data", self.data, "--network", self.network).stdout, before)
        self.assert_nothing_lost()

    def test_slow_peers_do_not_stop_a_healthy_device(self):
        peers = int(os.environ.get("SLOW_PEERS", "2000"))
        server = program.Server(self.data, self.network)
        held = program.figures(program.run("simulate", "slow", "--port", server.hj212_port, "--connections", peers, "--seconds", 5).stdout)
        print(held, flush=True)
        self.assertEqual(held["open_at_start"], peers)
        self.assertGreater(held["healthy_sent"], 10)
        self.assertEqual(held["healthy_acked"], held["healthy_sent"])
        self.assertEqual(server.stop(), 0)

    def test_two_servers_cannot_share_a_data_directory(self):
        server = program.Server(self.data, self.network)
        done = program.run("serve", "--data", self.data, "--network", self.network, "--http-port", 0, "--hj212-port", 0, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("another mingjian process", done.stderr)
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
