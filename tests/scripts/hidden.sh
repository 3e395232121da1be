#!/usr/bin/env bash
# With keys in its memory the process leaves no core, and nobody of its user may look into it.
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
[ -d /proc/self ] || { echo "skipped: no /proc"; exit 77; }
exec python3 tests/tools/hidden.py "$1"
