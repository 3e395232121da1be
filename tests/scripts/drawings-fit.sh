#!/usr/bin/env bash
# In a real browser no text of a drawing runs over the border of its box or of the page.
set -eu
shopt -s nullglob
command -v chromium >/dev/null && command -v chromedriver >/dev/null || { echo "skipped: no chromium with its driver"; exit 77; }
exec python3 tests/tools/drawings_fit.py "$1" samples/* ../shared/reference/logs/*.log ../shared/reference/real/*.log ../shared/reference/seed-english
