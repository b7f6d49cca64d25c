# Sourced by ./run and ./test: what both of them do to get from a fresh machine to a built tree.
# Every step asks first whether there is anything to do, so that a second run costs a fraction of a second.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
stamps=build/stamps
mkdir -p "$stamps"

fail() {
  printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Parallel compilations: one a core, but not more than one for each GiB of free memory (Asio files need 0.7 GiB).
parallelism() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
  [ "$memory" -ge 1 ] || memory=1
  echo $((cores < memory ? cores : memory))
}

# digest_of PATH…: one digest over names and contents of all files there but the built ones, for "has anything changed?".
digest_of() {
  find "$@" -type d \( -name node_modules -o -name dist -o -name results \) -prune -o \
    -type f -not -name schema.d.ts -not -name components.d.ts -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# when_changed STAMP DIGEST COMMAND…: runs the command unless it already succeeded for this digest.
when_changed() {
  local stamp=$stamps/$1 digest=$2
  shift 2
  [ "$(cat "$stamp" 2>/dev/null)" != "$digest" ] || return 0
  rm -f "$stamp"
  "$@" || return
  printf '%s\n' "$digest" >"$stamp"
}

install_dependencies() {  # install_dependencies SECTION…
  tools/deps/install.sh "$@" || return
  tools/deps/duckdb.sh
}

# npm_modules DIRECTORY: node_modules as the lock file says.
npm_modules() {
  local digest
  [ -d "$1/node_modules" ] || rm -f "$stamps/npm-${1//\//-}"
  digest=$(sha256sum "$1/package-lock.json" | cut -d' ' -f1)
  when_changed "npm-${1//\//-}" "$digest" npm ci --prefix "$1" --no-audit --no-fund --loglevel=error
}

# The verifier stands alone, and the web client holds a copy of it.
build_verifier() {
  npm_modules verifier || return
  [ -d verifier/dist ] || rm -f "$stamps/verifier"
  when_changed verifier "$(digest_of verifier)" npm run --prefix verifier --silent build
}

build_web() {
  build_verifier && npm_modules web || return
  [ -f web/dist/index.html ] || rm -f "$stamps/web"
  when_changed web "$(digest_of web api verifier)" npm run --prefix web --silent build -- --logLevel warn
}

configure() {  # configure PRESET [OPTION…]
  local preset=$1
  [ -f "build/$preset/build.ninja" ] || rm -f "$stamps/configure-$preset"
  when_changed "configure-$preset" "$(sha256sum CMakePresets.json | cut -d' ' -f1) ${*:2}" \
    cmake --preset "$@"
}

compile() {  # compile PRESET [TARGET…]
  local preset=$1
  shift
  cmake --build "build/$preset" -j "$(parallelism)" ${1:+--target "$@"}
}
