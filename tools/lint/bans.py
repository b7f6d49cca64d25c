"""Searches the sources for what tools/lint/bans.toml forbids.

  bans.py [--root DIR] [FILE…]      FILE: only these, relative to the root

Exit status 1 and one line for each hit: file:line: name: reason; write instead.
"""

import argparse
import fnmatch
import os
import pathlib
import re
import sys
import tomllib

SKIPPED_DIRECTORIES = {".git", "build", "data", "node_modules", "dist", "results", "__pycache__"}
TEXT_SUFFIXES = {
    ".cpp", ".hpp", ".h", ".c", ".py", ".sh", ".txt", ".cmake", ".toml", ".md", ".json", ".yaml", ".yml", ".ts", ".vue",
    ".js", ".mjs", ".css", ".html", ".sql", ".csv", ".service", ".lock", "",
}
# String literals are kept (they may hold what is banned), comments are blanked with their line breaks kept.
TOKEN = re.compile(r'R"(?P<d>[^()\\ ]{0,16})\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/', re.DOTALL)
ALLOWANCE = re.compile(r"lint: allow\(([\w-]+)\)\s+\S")


def without_comments(text: str) -> str:
    def blank(match: re.Match) -> str:
        token = match.group()
        return "\n" * token.count("\n") if token.startswith(("//", "/*")) else token

    return TOKEN.sub(blank, text)


def to_regex(globs: list[str]) -> re.Pattern:
    """`*` stays inside one directory, `**` crosses them."""
    patterns = []
    for glob in globs:
        pattern = fnmatch.translate(glob.replace("**", "\0"))
        pattern = pattern.replace(".*", "[^/]*").replace(re.escape("\0"), "\0")
        patterns.append(pattern.replace("\0/", "(?:.*/)?").replace("\0", ".*"))
    return re.compile("|".join(patterns) or r"(?!)")


class Ban:
    def __init__(self, table: dict) -> None:
        self.name = table["name"]
        self.pattern = re.compile(table["pattern"])
        self.within = to_regex(table["in"])
        self.outside = to_regex(table.get("not", []))
        self.raw = table.get("raw", False)
        self.message = f"{self.name}: {table['reason']}; instead: {table['instead']}"

    def concerns(self, file: str) -> bool:
        return bool(self.within.match(file)) and not self.outside.match(file)


def files_below(root: pathlib.Path) -> list[str]:
    found = []
    for directory, directories, names in os.walk(root):
        directories[:] = [name for name in directories if name not in SKIPPED_DIRECTORIES]
        for name in names:
            if os.path.splitext(name)[1] in TEXT_SUFFIXES:
                found.append(os.path.relpath(os.path.join(directory, name), root))
    return sorted(found)


def check(root: pathlib.Path, files: list[str], bans: list[Ban]) -> int:
    hits = 0
    for file in files:
        concerned = [ban for ban in bans if ban.concerns(file)]
        if not concerned:
            continue
        try:
            text = (root / file).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        lines = text.split("\n")
        code = without_comments(text).split("\n") if file.endswith((".cpp", ".hpp")) else lines
        for ban in concerned:
            for number, line in enumerate(lines if ban.raw else code, start=1):
                if not ban.pattern.search(line):
                    continue
                allowance = ALLOWANCE.search(lines[number - 1])
                if allowance and allowance.group(1) == ban.name:
                    continue
                print(f"{file}:{number}: {ban.message}\n    {lines[number - 1].strip()[:160]}")
                hits += 1
    return hits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    tables = tomllib.loads((pathlib.Path(__file__).parent / "bans.toml").read_text(encoding="utf-8"))["ban"]
    return 1 if check(options.root, options.files or files_below(options.root), [Ban(table) for table in tables]) else 0


if __name__ == "__main__":
    sys.exit(main())
