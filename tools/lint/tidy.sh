#!/usr/bin/env bash
# Runs clang-tidy 19 (.clang-tidy) on the sources that changed against a revision, or on all of them.
#   tools/lint/tidy.sh               changed against HEAD, and files not committed yet
#   tools/lint/tidy.sh --since REV   changed since a revision
#   tools/lint/tidy.sh --all         every source that build/dev compiles
# Not part of ./test: the whole tree takes longer than all its tests.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../steps.sh
source "$(dirname "${BASH_SOURCE[0]}")/../steps.sh"
build=${MJ_TIDY_BUILD:-build/dev}

case ${1:-} in
  --all) changed=$(find src apps -name '*.cpp') ;;
  --since) changed=$(git diff --name-only --diff-filter=d "${2:?--since needs a revision}" -- src apps) ;;
  '') changed=$(git diff --name-only --diff-filter=d HEAD -- src apps && git ls-files --others --exclude-standard -- src apps) ;;
  *) fail "use: tidy.sh [--all | --since REV]" ;;
esac

tools/deps/install.sh build test
[ "$build" != build/dev ] || configure dev >/dev/null
# The precompiled header and embedded files must be there before a source can be read.
cmake --build "$build" -j "$(parallelism)" --target mj_pch >/dev/null
# Benchmarks and fuzz targets have builds of their own, so only what this one compiles.
mapfile -t sources < <(comm -12 <(sort -u <<<"$changed") \
  <(sed -n "s|^ *\"file\": \"$PWD/\(.*\.cpp\)\".*|\1|p" "$build/compile_commands.json" | sort -u))
[ ${#sources[@]} -gt 0 ] || { echo "no source to check"; exit 0; }
printf '%s\n' "${sources[@]}" |
  xargs -P "$(parallelism)" -I{} clang-tidy-19 --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option {}
echo "clang-tidy: ${#sources[@]} sources are clean"
