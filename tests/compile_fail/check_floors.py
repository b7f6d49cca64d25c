"""Configures the tiny project in floors/ with one violation of the order of rooms and expects CMake to refuse it.

  check_floors.py none|same_floor|higher_floor|undeclared CMAKE COMPILER NINJA
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EXPECTED = {
    "same_floor": r"room middle \(floor 1\) may not depend on neighbour \(floor 1\)",
    "higher_floor": r"room middle \(floor 1\) may not depend on roof \(floor 2\)",
    "undeclared": r"room middle depends on cellar, which is not declared above it",
}


def main() -> int:
    violation, cmake, compiler, ninja = sys.argv[1:5]
    with tempfile.TemporaryDirectory() as build:
        done = subprocess.run(
            [cmake, "-S", HERE / "floors", "-B", build, "-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={ninja}",
             f"-DCMAKE_CXX_COMPILER={compiler}", f"-DMJ_CMAKE_DIR={HERE.parents[1] / 'cmake'}", f"-DVIOLATION={violation}"],
            capture_output=True, text=True, check=False)
        output = re.sub(r"\s+", " ", done.stdout + done.stderr)
        if violation == "none":
            graph = json.loads((pathlib.Path(build) / "modules.json").read_text(encoding="utf-8")) if done.returncode == 0 else []
            if [room["name"] for room in graph] == ["ground", "neighbour", "roof", "middle"] and graph[3]["private"] == ["ground"]:
                return 0
            print(f"the correct project is refused or its graph is wrong:\n{done.stdout}{done.stderr}")
            return 1
        if done.returncode != 0 and re.search(EXPECTED[violation], output):
            return 0
        print(f"expected CMake to refuse with '{EXPECTED[violation]}', got:\n{done.stdout}{done.stderr}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
