#!/usr/bin/env bash
# Advice about proposals, typed into the configuration that it is for: the router takes each line, and the two ends agree.
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
exec python3 tests/tools/remedies.py "$1"
