#!/usr/bin/env bash
# Where Wireshark 4.0 is wrong, the right answer: one named test each.
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
exec python3 tests/tools/reference_errors.py "$1"
