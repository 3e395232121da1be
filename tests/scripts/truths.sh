#!/usr/bin/env bash
# Logs of every dialect and cause, and cases joined of several files, against what is true of them.
exec python3 tests/tools/truths.py "$1"
