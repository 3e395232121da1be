#!/usr/bin/env bash
# What machines read of all samples, logs and cases is what they can read.
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
exec python3 tests/tools/machine_read.py "$1"
