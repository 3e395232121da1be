#!/usr/bin/env bash
# What people's logs went through before they are read must not change what they tell: a seeded sample of logs and
# disguises; tests/tools/disguises.py without --sample tries them all, with --pairs two at a time.
# usage: disguises.sh path/to/ikescope
set -u
program=${1:-${IKESCOPE:?"usage: $0 path/to/ikescope"}}
cd "$(dirname "$0")/../.." || exit 2
share=${IKESCOPE_TEST_SHARE:-1} # one of so many: a sanitized program is slow
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
python3 tests/tools/disguises.py "$program" --sample $((600 / share)) samples/*/*.log || exit 1
reference=../shared/reference
[ -d "$reference/seed-english" ] || exit 0
python3 tests/tools/disguises.py "$program" --sample $((250 / share)) "$reference"/seed-english/r*.log "$reference"/logs/ios*.log
