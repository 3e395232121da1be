#!/usr/bin/env bash
# One odd line of show output or of a configuration costs one object and never the rest.
set -eu
shopt -s nullglob
exec python3 tests/tools/line_damage.py "$1" samples/*/*.show samples/*/*.cfg ../shared/reference/seed-english/*.show \
    ../shared/reference/seed-english/*.cfg
