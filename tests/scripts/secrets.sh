#!/usr/bin/env bash
# No output holds a key, in hex of either case, raw or in base64, unless --show-secrets or `keys` was asked for.
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
make_esp=$(dirname "$1")/tests/make_esp
[ -x "$make_esp" ] || { echo "skipped: make_esp is not built"; exit 77; }
exec python3 tests/tools/secrets_in_outputs.py "$1" "$make_esp" "${IKESCOPE_CAPTURES:-../shared/captures}"
