#!/usr/bin/env bash
# Installs the Debian packages of the sections named (see apt.txt) that are not there yet.
#   tools/deps/install.sh build web test
# Asks for nothing and touches nothing when all of them are installed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
declared=$here/apt.txt

fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

packages_of() {
  awk -v wanted="$1" '
    { sub(/#.*/, ""); gsub(/[ \t\r]/, "") }
    /^\[.*\]$/ { section = substr($0, 2, length($0) - 2); if (section == wanted) found = 1; next }
    $0 != "" && section == wanted { print }
    END { exit !found }' "$declared"
}

has_node() {
  local version
  command -v npm >/dev/null && version=$(node --version 2>/dev/null) || return 1
  version=${version#v}
  [ "${version%%.*}" -ge 18 ]
}

[ $# -gt 0 ] || fail "name at least one section of $declared: build web test bench"

wanted=()
for section in "$@"; do
  list=$(packages_of "$section") || fail "there is no section [$section] in $declared"
  while IFS= read -r package; do
    if [ "$section" = web ] && [[ $package == nodejs || $package == npm ]] && has_node; then continue; fi
    wanted+=("$package")
  done <<<"$list"
done

command -v dpkg-query >/dev/null || fail "this is not a Debian system; install by hand: ${wanted[*]}"
installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
  grep -qxF "$package installed" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null ||
    fail "packages are missing and there is neither root nor sudo. As root, run: apt-get install ${missing[*]}"
  as_root=(sudo)
fi
echo "installing ${#missing[@]} Debian packages: ${missing[*]}"
"${as_root[@]}" apt-get update -q || fail "apt-get update failed: is the network there?"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" ||
  fail "apt-get could not install: ${missing[*]} (Mingjian is built on Debian 12)"
