#!/usr/bin/env bash
# `ikescope decrypt` of a debug log, read by tshark.
command -v tshark >/dev/null || { echo "skipped: tshark is not installed"; exit 77; }
exec python3 tests/tools/log_as_capture.py "$1"
