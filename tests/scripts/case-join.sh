#!/usr/bin/env bash
# Cases joined from halves, with known truth.
exec python3 tests/tools/case_join.py "$1"
