#!/usr/bin/env bash
# Puts the pinned DuckDB (duckdb.lock) into build/deps/duckdb: libduckdb.so, duckdb.h and its MIT licence.
# Does nothing when the files there are the pinned ones. An interrupted run leaves only a temporary directory behind.
#   tools/deps/duckdb.sh [DIRECTORY]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lock=$here/duckdb.lock
target=${1:-$here/../../build/deps/duckdb}
platform=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)

fail() {
  printf 'duckdb.sh: %s\n' "$*" >&2
  exit 1
}

awk -v platform="$platform" '$1 == "archive" && $2 == platform { found = 1 } END { exit !found }' "$lock" ||
  fail "no pinned DuckDB for $platform; install a system libduckdb 1.4 with duckdb.h, which CMake prefers"

# The stamp names the lock and the platform: cheaper than hashing 65 MB at every start.
stamp="$(sha256sum <"$lock" | cut -d' ' -f1) $platform"
if [ -f "$target/libduckdb.so" ] && [ -f "$target/duckdb.h" ] && [ -f "$target/LICENSE" ] &&
  [ "$(cat "$target/.pinned" 2>/dev/null)" = "$stamp" ]; then
  exit 0
fi

hash_is() { [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$2" ]; }

mkdir -p "$target"
work=$(mktemp -d "$target/.download.XXXXXX")
trap 'rm -rf "$work"' EXIT

lines_for() {  # lines_for KIND FOR: the lock's lines of a kind for a platform or "any"
  awk -v kind="$1" -v scope="$2" '$1 == kind && $2 == scope' "$lock"
}

for scope in any "$platform"; do
  # Files that are already right (the stamp was lost, a checkout was copied) need no network.
  complete=true
  while read -r _ _ file digest; do
    kept=$target/$(basename "$file")
    if [ ! -f "$kept" ] || ! hash_is "$kept" "$digest"; then complete=false; fi
  done < <(lines_for file "$scope")
  if $complete; then continue; fi

  command -v npm >/dev/null || fail "npm is missing: run tools/deps/install.sh web"
  read -r _ _ package digest < <(lines_for archive "$scope")
  echo "fetching $package"
  archive=$(cd "$work" && npm pack --silent "$package") || fail "npm could not fetch $package: is the network there?"
  archive=$work/$(tail -n 1 <<<"$archive")
  hash_is "$archive" "$digest" || fail "$package is not the archive pinned in $lock; nothing was installed"
  while read -r _ _ file digest; do
    fresh=$work/$(basename "$file")
    tar -xzOf "$archive" "$file" >"$fresh"
    hash_is "$fresh" "$digest" || fail "$file in $package is not the file pinned in $lock; it was not installed"
    chmod 644 "$fresh"
    mv -f "$fresh" "$target/"
  done < <(lines_for file "$scope")
done
printf '%s\n' "$stamp" >"$work/stamp"
mv -f "$work/stamp" "$target/.pinned"
