#!/usr/bin/env bash
# Streams: endless input, rotation, truncation, mixed devices, kill and restart, caps, memory, every line accounted for.
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
exec python3 tests/tools/stream_cases.py "$1"
