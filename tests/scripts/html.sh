#!/bin/sh
# HTML reports in a real browser: Debian's chromium, without a screen and without a network.
program=${1:?usage: html.sh PROGRAM}
root=$(cd "$(dirname "$0")/../.." && pwd)
for tool in python3 chromium chromedriver; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
folder=$(mktemp -d) || exit 77
trap 'rm -rf "$folder"' EXIT
if "$program" -q -f html "$root/tests/cases/healthy-one-config" | grep -q '<pre></pre>'; then
    echo "a block of an input is empty"
    exit 1
fi
python3 "$root/tests/tools/html_pages.py" "$program" "$folder"
