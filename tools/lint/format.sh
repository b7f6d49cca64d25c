#!/usr/bin/env bash
# Checks that every C++ file is formatted as .clang-format says; --fix formats them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

sources() { find src apps tests -type d -name node_modules -prune -o -name '*.[ch]pp' -print0; }

if [ "${1:-}" = --fix ]; then
  sources | xargs -0 -n 8 -P "$(nproc)" clang-format-19 -i
  exit 0
fi
# One line a file is enough to act on.
# shellcheck disable=SC2016
unformatted=$(sources | xargs -0 -n 1 -P "$(nproc)" \
  sh -c 'clang-format-19 --dry-run -Werror "$0" >/dev/null 2>&1 || echo "not formatted: $0"' | sort)
[ -n "$unformatted" ] || exit 0
printf '%s\n' "$unformatted" "tools/lint/format.sh --fix formats them"
exit 1
