#!/usr/bin/env bash
# What is found hangs on no value that a log or a configuration happens to have.
# usage: renamed.sh path/to/ikescope
share=${IKESCOPE_TEST_SHARE:-1} # one of so many: a sanitized program is slow
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
exec python3 tests/tools/renamed.py "$1" --sample $((240 / share))
