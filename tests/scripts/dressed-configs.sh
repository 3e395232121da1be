#!/usr/bin/env bash
# What configurations and show output went through before they are read must not change what is found in them.
# usage: dressed-configs.sh path/to/ikescope
share=${IKESCOPE_TEST_SHARE:-1} # one of so many: a sanitized program is slow
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
exec python3 tests/tools/dressed_configs.py "$1" --sample $((240 / share))
