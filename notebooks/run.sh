#!/usr/bin/env bash
# Runs every notebook on the sample: notebooks/run.sh DUECAST, where DUECAST is the program. Passing means that each runs
# from its first cell to its last, its checks hold, and none is kept with outputs.
#
# The Python packages stay in a folder of the cache that is named after their list, so that only a new list is installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$(realpath "${1:?usage: notebooks/run.sh DUECAST}")

if ! command -v python3 >/dev/null; then
  echo "skipped: there is no python3 on this machine"
  exit 0
fi

list=$(sha256sum "$here/requirements.txt" | cut -c 1-16)
version=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
packages="${XDG_CACHE_HOME:-$HOME/.cache}/duecast/notebooks-$version-$list"
if [ ! -f "$packages/complete" ]; then
  rm -rf "$packages"
  python3 -m venv "$packages"
  "$packages/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  touch "$packages/complete"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$program" demo --out "$work" >/dev/null 2>"$work/said" || { cat "$work/said" >&2; exit 1; }
"$program" --ledger "$work/ledger.duckdb" items --as-of 2024-12-31 -o "$work/items.parquet" 2>"$work/said" || { cat "$work/said" >&2; exit 1; }
DUECAST_OUT="$work" MPLBACKEND=agg MPLCONFIGDIR="$work" PYTHONDONTWRITEBYTECODE=1 IPYTHONDIR="$work" \
  "$packages/bin/python" "$here/run.py"
