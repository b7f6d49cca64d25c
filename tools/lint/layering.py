"""Holds the order of the rooms where the compiler cannot.

  layering.py MODULES.JSON [--root DIR]

The compiler already refuses an include of a room that is not linked, and CMake a dependency that does not go down a
floor. What both let through is checked here, from the graph CMake wrote and every #include:
  * a room includes only rooms it declared itself, not those it happens to reach through a dependency's public headers;
  * a public header includes only rooms declared in PUBLIC_DEPS;
  * nobody includes the private headers (impl/) of another room, or anything by a relative path;
  * the libraries of thirdparty.toml are seen only by the rooms named there;
  * every room has a README.md and no directory of src/ is outside the graph.
"""

import argparse
import json
import pathlib
import re
import sys
import tomllib

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)
# Applications wire any rooms together, except the one whose point is to share almost nothing with the server.
APP_ROOMS = {"mingjian-verify": {"kernel", "evidence_format"}}


class Check:
    def __init__(self, root: pathlib.Path, modules: list[dict]) -> None:
        self.root = root
        self.rooms = {module["name"]: module for module in modules}
        libraries = tomllib.loads((pathlib.Path(__file__).parent / "thirdparty.toml").read_text(encoding="utf-8"))
        self.libraries = libraries["library"]
        self.faults: list[str] = []

    def fault(self, file: pathlib.Path, line: int, text: str) -> None:
        self.faults.append(f"{file.relative_to(self.root)}:{line}: {text}")

    def check_file(self, file: pathlib.Path, owner: str, allowed: set[str], public: bool) -> None:
        text = file.read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            name = match.group(1)
            line = text.count("\n", 0, match.start()) + 1
            if ".." in name or name.startswith("/") or (name.startswith("mj/") and "/impl/" in name):
                self.fault(file, line, f'"{name}": include public headers as "mj/<room>/…", own private ones by name')
            elif name.startswith("mj/"):
                self.check_room(file, line, owner, allowed, public, name)
            else:
                self.check_library(file, line, owner, public, name)

    def check_room(self, file: pathlib.Path, line: int, owner: str, allowed: set[str], public: bool, name: str) -> None:
        other = name.split("/")[1]
        if other == owner or other in allowed:
            return
        if public and other in self.rooms.get(owner, {}).get("private", []):
            self.fault(file, line, f"{other} is a PRIVATE_DEPS of {owner}: it may not show in a public header")
        elif other not in self.rooms:
            self.fault(file, line, f"there is no room {other}")
        else:
            self.fault(file, line, f"{owner} did not declare {other} in its mj_module() call")

    def check_library(self, file: pathlib.Path, line: int, owner: str, public: bool, name: str) -> None:
        for library in self.libraries:
            if name.startswith(tuple(library["includes"])):
                rooms = set(library["public"]) if public else set(library["public"]) | set(library["impl"])
                if owner not in rooms:
                    where = "in its public headers" if public else "at all"
                    self.fault(file, line, f"{owner} may not see <{name}> {where} (tools/lint/thirdparty.toml)")

    def check_rooms(self) -> None:
        for directory in sorted(path for path in (self.root / "src").iterdir() if path.is_dir()):
            room = self.rooms.get(directory.name)
            sources = [path for path in directory.rglob("*") if path.suffix in (".cpp", ".hpp")]
            if room is None:
                if sources:
                    self.faults.append(f"src/{directory.name}: not in the list of rooms in CMakeLists.txt")
                continue
            if not (directory / "README.md").exists():
                self.faults.append(f"src/{room['name']}: a room needs a README.md (purpose, invariants, non-goals)")
            for file in sorted(sources):
                inside = file.relative_to(directory).parts[0]
                allowed = set(room["public"])
                if inside != "include":
                    allowed |= set(room["private"])
                if inside == "test":
                    allowed |= set(room.get("test", []))
                self.check_file(file, room["name"], allowed, inside == "include")

    def check_apps(self) -> None:
        for directory in sorted(path for path in (self.root / "apps").glob("*") if path.is_dir()):
            allowed = APP_ROOMS.get(directory.name, set(self.rooms))
            for file in sorted(path for path in directory.rglob("*") if path.suffix in (".cpp", ".hpp")):
                for match in INCLUDE.finditer(text := file.read_text(encoding="utf-8")):
                    name = match.group(1)
                    line = text.count("\n", 0, match.start()) + 1
                    if name.startswith("mj/") and name.split("/")[1] not in allowed:
                        self.fault(file, line, f"{directory.name} may use {', '.join(sorted(allowed))} only")
                    elif not name.startswith("mj/"):
                        self.check_library(file, line, "apps", False, name)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", type=pathlib.Path)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    options = parser.parse_args()
    check = Check(options.root.resolve(), json.loads(options.modules.read_text(encoding="utf-8")))
    check.check_rooms()
    check.check_apps()
    print("\n".join(check.faults), end="\n" if check.faults else "")
    return 1 if check.faults else 0


if __name__ == "__main__":
    sys.exit(main())
