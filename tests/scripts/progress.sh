#!/bin/sh
# The progress bar: on a terminal, in a run of over a second, and nowhere else.
program=${1:?usage: progress.sh PROGRAM}
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
exec python3 "$root/tests/tools/progress_shown.py" "$program" "$root/samples/up-psk/r1.log"
