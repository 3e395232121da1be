#!/usr/bin/env bash
# ESP packets and IKE messages of the lab captures, compared with tshark's view of them.
captures=${IKESCOPE_CAPTURES:-../shared/captures}
command -v tshark >/dev/null || { echo "skipped: tshark is not installed"; exit 77; }
[ -d "$captures" ] || { echo "skipped: no lab captures beside the checkout"; exit 77; }
exec python3 tests/tools/esp_against_tshark.py "$1" "$captures"
