#!/usr/bin/env bash
# One odd line of show output or of a configuration never loses the rest.
set -eu
exec python3 tests/tools/line_damage.py "$1" samples/sends-and-nothing-comes-back/*.show samples/sends-and-nothing-comes-back/*.cfg
