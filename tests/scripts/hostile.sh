#!/usr/bin/env bash
# What an attacker would send stays within time and memory. HOSTILE_FULL=1: with a line of 1 GiB and a million half-open SAs.
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
[ -x /usr/bin/time ] || { echo "skipped: no /usr/bin/time"; exit 77; }
exec python3 tests/tools/hostile.py "$1"
