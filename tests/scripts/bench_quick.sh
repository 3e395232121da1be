#!/usr/bin/env bash
# The benchmark runs and says what it measured; how fast is no matter here, for the machine may have other work.
set -u
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
result=$(mktemp) && trap 'rm -f "$result"' EXIT
python3 tests/bench/run --quick --json "$result" "$1"
status=$?
[ $status = 0 ] || exit $status
python3 - "$result" <<'PYTHON'
import json, sys
rows = json.load(open(sys.argv[1]))['rows']
bad = [r['job'] for r in rows if not (r['seconds'] > 0 and r['throughput'] > 0)]
wanted = {"start-up", "iosxe", "asa", "ESP", "2000", "stream"}
missing = wanted - {r['job'].split()[0].strip(',') for r in rows}
print(len(rows), 'jobs measured;', 'without a figure:', bad, 'missing:', sorted(missing))
sys.exit(bool(bad or missing))
PYTHON
