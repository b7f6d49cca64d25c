"""`mingjian device` against the running program: what is printed is what the server says, and the exit status tells how a command ended."""
import json
import unittest

import program


class DeviceCommand(program.Scene):
    def setUp(self):
        super().setUp()
        self.server = program.Server(self.data, self.network)

    def tearDown(self):
        self.server.stop()
        super().tearDown()

    def device(self, *arguments, check=True):
        command, *rest = arguments
        return program.run("device", command, "--url", f"http://127.0.0.1:{self.server.http_port}", "--lang", "zh", *rest, check=check)

    def first(self):
        return json.loads(self.device("list", "--json", "--limit", "1").stdout)["devices"][0]["mn"]

    def test_lists_devices_in_aligned_columns(self):
        listed = json.loads(self.device("list", "--json").stdout)
        self.assertEqual(listed["total"], self.devices)
        lines = self.device("list").stdout.splitlines()
        self.assertEqual(len(lines), 1 + self.devices + 1)
        column = lines[0].index("MN")
        for line, device in zip(lines[1:], listed["devices"]):
            self.assertEqual(line[column:column + len(device["mn"])], device["mn"])

    def test_an_offline_device_keeps_its_order_until_it_is_cancelled(self):
        mn = self.first()
        preview = self.device("send", mn, "1062", "RtdInterval=30", "--st", "32", "--preview").stdout
        self.assertIn("RtdInterval=30", preview)
        order = json.loads(self.device("send", mn, "1062", "RtdInterval=30", "--st", "32", "--name", "tester", "--reason", "trial", "--json").stdout)
        self.assertEqual((order["state"], order["name"], order["reason"]), ("queued", "tester", "trial"))
        self.assertIn("1062", self.device("show", mn).stdout)
        self.assertIn("cancelled", self.device("cancel", order["id"], "--name", "tester", "--reason", "over").stdout)
        again = self.device("cancel", order["id"], "--name", "tester", "--reason", "over", check=False)
        self.assertEqual(again.returncode, 1)

    def test_waiting_tells_by_the_exit_status_that_the_command_was_not_done(self):
        ended = self.device("send", self.first(), "1062", "RtdInterval=30", "--st", "32", "--name", "tester", "--reason", "trial",
                            "--expires-in", "1", "--wait", check=False)
        self.assertEqual(ended.returncode, 3, ended.stdout + ended.stderr)
        self.assertIn("expired", ended.stdout)

    def test_what_can_never_be_done_is_refused_in_words(self):
        for arguments, words in ((("send", self.first(), "7777", "--name", "t", "--reason", "r"), "7777"),
                                 (("send", self.first(), "1062", "RtdInterval", "--name", "t", "--reason", "r"), "key=value"),
                                 (("send", self.first(), "1062", "RtdInterval=30", "--name", "t"), "--reason"),
                                 (("show", "nobody"), "there is no device")):
            refused = self.device(*arguments, check=False)
            self.assertEqual(refused.returncode, 1, arguments)
            self.assertIn(words, refused.stderr)

    def test_tables_and_reports(self):
        commands = self.device("commands", "--dialect", "2017").stdout
        self.assertIn("1062", commands)
        self.assertNotIn("2025", commands.splitlines()[1].split()[0])
        self.assertTrue(self.device("conformance", "--csv").stdout.startswith("\ufeff"))

    def test_a_server_that_is_not_there_is_named(self):
        nobody = program.run("device", "list", "--url", "http://127.0.0.1:1", check=False)
        self.assertEqual(nobody.returncode, 1)
        self.assertIn("http://127.0.0.1:1", nobody.stderr)


if __name__ == "__main__":
    unittest.main()
