"""Feeds bad samples to the lints: a lint that cannot fail is worth nothing."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINT = ROOT / "tools" / "lint"

# One line that breaks each ban, and one that looks alike and is fine. Written in pieces where the piece itself is banned
# everywhere.
SAMPLES = {
    "cout": ('std::cout << "x";', 'stream << "std"; snprintf(buffer, 3, "x");'),
    "wall-clock": ("auto now = std::chrono::system_clock::now();", "auto now = clock();"),
    "locale-number": ("double x = std::stod(text);", "auto x = parse_decimal(text);"),
    "regex": ("std::regex pattern;", "int regexes = 0;"),
    "rand": ("int x = rand();", "int x = operand();"),
    "assert": ("assert(x > 0);", "static_assert(sizeof(int) == 4); ASSERT_TRUE(x);"),
    "detached": ("worker.detach();", "bool detached_house = true;"),
    "factor-code": ('if (factor == "w01018") return;', "// for example \"w01018\"\n"),
    "using-namespace": ("using namespace std;", "using Name = std::string;"),
    "machine-path": ('auto p = "/wo' + 'rk/main";', 'auto p = "a/work/b"; auto q = root / "x";'),
    "registry-host": ("// from https://registry." + "npmjs.org/x", "// from npm"),
    "unfinished": ("// TO" + "DO later", "// toDoubles"),
}


def run(script: str, *arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, LINT / script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def write(root: pathlib.Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


class Bans(unittest.TestCase):
    def hits(self, files: dict[str, str]) -> tuple[int, set[str]]:
        with tempfile.TemporaryDirectory() as root:
            write(pathlib.Path(root), files)
            done = run("bans.py", "--root", root)
            return done.returncode, set(re.findall(r"^\S+:\d+: ([\w-]+):", done.stdout, re.MULTILINE))

    def test_every_ban_has_a_sample(self) -> None:
        bans = tomllib.loads((LINT / "bans.toml").read_text(encoding="utf-8"))["ban"]
        self.assertEqual({ban["name"] for ban in bans}, set(SAMPLES))

    def test_every_ban_finds_its_sample_and_nothing_else(self) -> None:
        for name, (bad, _) in SAMPLES.items():
            with self.subTest(name):
                file = "src/room/include/mj/room/a.hpp" if name == "using-namespace" else "src/room/impl/a.cpp"
                self.assertEqual(self.hits({file: bad + "\n"}), (1, {name}))

    def test_what_only_looks_alike_passes(self) -> None:
        good = "\n".join(sample for _, sample in SAMPLES.values())
        self.assertEqual(self.hits({"src/room/impl/a.cpp": good, "src/room/include/mj/room/a.hpp": good}), (0, set()))

    def test_a_comment_is_no_code_but_a_string_is(self) -> None:
        self.assertEqual(self.hits({"src/room/impl/a.cpp": '/* std::cout\n rand() */ f("//"); int x; // rand()\n'}), (0, set()))
        self.assertEqual(self.hits({"src/room/impl/a.cpp": 'f("/*"); rand(); g("*/");\n'}), (1, {"rand"}))

    def test_an_allowance_needs_its_name_and_a_reason(self) -> None:
        self.assertEqual(self.hits({"src/a/impl/a.cpp": "rand();  // lint: allow(rand) a test of rand itself\n"}), (0, set()))
        self.assertEqual(self.hits({"src/a/impl/a.cpp": "rand();  // lint: allow(rand)\n"}), (1, {"rand"}))
        self.assertEqual(self.hits({"src/a/impl/a.cpp": "rand();  // lint: allow(regex) because\n"}), (1, {"rand"}))

    def test_tests_may_print(self) -> None:
        self.assertEqual(self.hits({"src/room/test/a_test.cpp": "std::cout << 1;\n"}), (0, set()))


class Layering(unittest.TestCase):
    GRAPH = [
        {"name": "kernel", "floor": 0, "public": [], "private": [], "test": []},
        {"name": "storage", "floor": 1, "public": ["kernel"], "private": [], "test": []},
        {"name": "evidence", "floor": 2, "public": ["storage"], "private": ["kernel"], "test": []},
        {"name": "registry", "floor": 3, "public": ["evidence"], "private": [], "test": ["storage"]},
    ]

    def faults(self, files: dict[str, str]) -> str:
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            write(root, {f"src/{room['name']}/README.md": "room\n" for room in self.GRAPH})
            write(root, files)
            write(root, {"modules.json": json.dumps(self.GRAPH)})
            done = run("layering.py", root / "modules.json", "--root", root)
            self.assertEqual(done.returncode, 1 if done.stdout else 0, done.stderr)
            return done.stdout

    def test_declared_includes_pass(self) -> None:
        self.assertEqual(self.faults({
            "src/evidence/include/mj/evidence/a.hpp": '#include "mj/storage/file.hpp"\n#include <vector>\n',
            "src/evidence/impl/a.cpp": '#include "mj/evidence/a.hpp"\n#include "mj/kernel/id.hpp"\n#include "own.hpp"\n',
            "src/registry/test/a_test.cpp": '#include "mj/storage/file.hpp"\n',
            "apps/mingjian/main.cpp": '#include "mj/registry/a.hpp"\n',
            "apps/mingjian-verify/main.cpp": '#include "mj/kernel/id.hpp"\n'}), "")

    def test_a_room_reached_through_another_is_a_fault(self) -> None:
        self.assertIn("src/registry/impl/a.cpp:2: registry did not declare kernel",
                      self.faults({"src/registry/impl/a.cpp": '\n#include "mj/kernel/id.hpp"\n'}))

    def test_a_private_dependency_in_a_public_header_is_a_fault(self) -> None:
        self.assertIn("kernel is a PRIVATE_DEPS of evidence",
                      self.faults({"src/evidence/include/mj/evidence/a.hpp": '#include "mj/kernel/id.hpp"\n'}))

    def test_a_room_upstairs_is_a_fault(self) -> None:
        self.assertIn("kernel did not declare registry", self.faults({"src/kernel/impl/a.cpp": "#include <mj/registry/a.hpp>\n"}))

    def test_test_dependencies_serve_tests_only(self) -> None:
        self.assertIn("registry did not declare storage", self.faults({"src/registry/impl/a.cpp": '#include "mj/storage/a.hpp"\n'}))

    def test_relative_paths_and_foreign_private_headers_are_faults(self) -> None:
        self.assertIn("include public headers", self.faults({"src/kernel/impl/a.cpp": '#include "../../storage/impl/a.hpp"\n'}))

    def test_a_library_out_of_its_rooms_is_a_fault(self) -> None:
        self.assertIn("kernel may not see <soci/soci.h>", self.faults({"src/kernel/impl/a.cpp": "#include <soci/soci.h>\n"}))
        self.assertIn("registry may not see <toml++/toml.h> in its public headers",
                      self.faults({"src/registry/include/mj/registry/a.hpp": "#include <toml++/toml.h>\n"}))

    def test_a_directory_outside_the_graph_is_a_fault(self) -> None:
        self.assertIn("src/util: not in the list of rooms", self.faults({"src/util/impl/a.cpp": "int x;\n"}))

    def test_the_independent_verifier_stays_independent(self) -> None:
        self.assertIn("mingjian-verify may use", self.faults({"apps/mingjian-verify/main.cpp": '#include "mj/evidence/a.hpp"\n'}))


class Headers(unittest.TestCase):
    def test_a_header_that_leans_on_its_includer_is_a_fault(self) -> None:
        texts = (("#pragma once\n#include <vector>\nstd::vector<int> f();\n", 0), ("#pragma once\nstd::vector<int> f();\n", 1))
        # A source of the room, or several of them in one translation unit.
        for source in ("src/room/impl/a.cpp", "build/src/room/CMakeFiles/mj_room.dir/Unity/unity_0_cxx.cxx"):
            for text, expected in texts:
                with self.subTest(source=source, expected=expected), tempfile.TemporaryDirectory() as directory:
                    root = pathlib.Path(directory)
                    write(root, {"src/room/include/mj/room/a.hpp": text, source: "",
                                 "modules.json": json.dumps([{"name": "room"}]),
                                 "compile_commands.json": json.dumps([{
                                     "file": f"{root}/{source}",
                                     "command": f"clang++-19 -std=c++20 -I{root}/src/room/include -Xclang -include-pch -Xclang none "
                                                f"-o a.o -c {root}/{source}"}])})
                    done = run("headers.py", root, root)
                    self.assertEqual(done.returncode, expected, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
