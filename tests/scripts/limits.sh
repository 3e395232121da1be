#!/usr/bin/env bash
# Each limit, passed and just not: the finding that says so, in time.
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
[ -x "$(dirname "$1")/tests/make_log" ] || { echo "skipped: make_log is not built"; exit 77; }
exec python3 tests/tools/limits.py "$1"
