#!/usr/bin/env bash
# Derivation from shared secrets: initial, PFS, rekeyed, hybrid.
captures=${IKESCOPE_CAPTURES:-../shared/captures}
[ -d "$captures" ] || { echo "skipped: no lab captures beside the checkout"; exit 77; }
exec python3 tests/tools/secrets_alone.py "$1" "$captures"
