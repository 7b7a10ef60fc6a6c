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
export DUECAST_OUT="$work" MPLBACKEND=agg MPLCONFIGDIR="$work" PYTHONDONTWRITEBYTECODE=1 IPYTHONDIR="$work"

# What cannot fail proves nothing: a notebook that raises, and one kept with an output, must each fail the run.
must_fail() { # name, the fault expected, source, outputs
  mkdir -p "$work/$1"
  printf '{"cells": [{"cell_type": "code", "execution_count": null, "id": "only", "metadata": {}, "outputs": [%s], "source": "%s"}],
    "metadata": {}, "nbformat": 4, "nbformat_minor": 5}' "$4" "$3" >"$work/$1/$1.ipynb"
  if "$packages/bin/python" "$here/run.py" "$work/$1" >"$work/said" 2>&1 || ! grep -q "$1.ipynb: $2" "$work/said"; then
    echo "a notebook that must fail ($1) did not, or not as it should:" >&2
    cat "$work/said" >&2
    exit 1
  fi
}
must_fail raises "AssertionError: does not tie" "assert 1 == 2, 'does not tie'" ""
must_fail kept "cells only are kept with their outputs" "print(1)" '{"name": "stdout", "output_type": "stream", "text": "1"}'

"$packages/bin/python" "$here/run.py" "$here"
