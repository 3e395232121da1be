#!/usr/bin/env bash
# Holds the program against the shared reference material, where it is there.
set -u
tool=../shared/tools/conformance.py
[ -f "$tool" ] || { echo "the shared reference material is not here"; exit 77; }
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
export IKESCOPE=$1
status=0
for what in seed logs real captures derived findings damage; do
    python3 "$tool" $what || { status=1; echo "conformance: $what falls short"; }
done
# `plaintext` compares the inner addresses as tshark reads them. In transport mode the truth names no inner addresses,
# and the tool counts an empty truth as a miss; so all but that one must hold.
if command -v tshark >/dev/null; then
    out=$(python3 "$tool" plaintext --verbose 2>/dev/null)
    echo "$out" | tail -n 1
    tail -n 1 <<<"$out" | grep -q '^plaintext: [1-9]' || { status=1; echo "plaintext is not compared"; }
    missed=$(grep -c ' plaintext ' <<<"$out")
    excused=$(grep -c 'want {}' <<<"$out")
    [ "$missed" -eq "$excused" ] || { status=1; echo "$out"; }
else
    echo "plaintext is not compared: tshark is not installed"
fi
exit $status
