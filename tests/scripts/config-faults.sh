#!/usr/bin/env bash
# Pairs of configurations that work, and each with one fault at a time.
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
exec python3 tests/tools/config_faults.py "$1"
