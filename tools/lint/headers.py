"""Compiles every public header by itself, with its room's include path and warnings and without the precompiled header.

  headers.py BUILD_DIRECTORY [ROOT]    (a configured build: its compile_commands.json and modules.json are used)

A header that leans on what its includer happened to include fails here and nowhere else.
"""

import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess
import sys



def options_of(command: str) -> list[str]:
    """The compiler and its options without the source, the output, the private headers and the precompiled header."""
    words = shlex.split(command)
    kept, skip = [], 0
    for position, word in enumerate(words):
        if skip:
            skip -= 1
        elif word in ("-o", "-c", "-MF", "-MT", "-MQ"):
            skip = 1
        elif word in ("-include-pch", "-include"):
            skip = 1
        elif word == "-Xclang" and position + 1 < len(words) and "pch" in words[position + 1]:
            skip = 3 if words[position + 1] in ("-include-pch", "-include") else 1
        elif word == "-Xclang" and position + 1 < len(words) and words[position + 1] == "-include":
            skip = 3
        elif not word.startswith(("-MD", "-MMD")) and not word.endswith(("ccache", "/impl")):
            kept.append(word)
    return kept


def compile_header(options: list[str], header: pathlib.Path) -> tuple[pathlib.Path, str]:
    # -Wno-pragma-once-outside-header: here the header is the main file. Unused inline constants are its users' business.
    command = [*options, "-fsyntax-only", "-Wno-pragma-once-outside-header", "-Wno-unused-const-variable",
               "-Wno-unused-function", "-x", "c++", str(header)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return header, "" if done.returncode == 0 else done.stderr


def main() -> int:
    build = pathlib.Path(sys.argv[1])
    root = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(__file__).resolve().parents[2]
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    jobs = []
    for room in json.loads((build / "modules.json").read_text(encoding="utf-8")):
        directory = root / "src" / room["name"]
        # A source of the room itself, or several of them together in a unity build.
        together = f"/src/{room['name']}/CMakeFiles/mj_{room['name']}.dir/Unity/"
        own = [entry for entry in commands if entry["file"].startswith(f"{directory}/impl/") or together in entry["file"]]
        if not own:
            print(f"{room['name']}: no source of this room in compile_commands.json")
            return 1
        options = options_of(own[0]["command"])
        jobs += [(options, header) for header in sorted((directory / "include").rglob("*.hpp"))]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(lambda job: compile_header(*job), jobs))
    faults = [(header, text) for header, text in outcomes if text]
    for header, text in faults:
        print(f"{header.relative_to(root)} does not compile by itself:\n{text}")
    print(f"{len(outcomes) - len(faults)} of {len(outcomes)} public headers compile by themselves")
    return 1 if faults or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
