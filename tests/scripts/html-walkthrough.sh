#!/bin/sh
# The walkthrough of two routers' logs and configurations holds every row of the published table, in html, svg and markdown.
program=${1:?usage: html-walkthrough.sh PROGRAM}
root=$(cd "$(dirname "$0")/../.." && pwd)
seed=$root/../shared/reference/seed-english
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
[ -d "$seed" ] || { echo "skipped: the reference logs are not here"; exit 77; }
exec python3 "$root/tests/tools/walkthrough_rows.py" "$program" "$seed"
