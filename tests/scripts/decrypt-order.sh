#!/usr/bin/env bash
# What `ikescope decrypt` writes stands in order of time, as capinfos sees it: the IKE messages among the ESP packets, and the packets
# of two captures, each of which has every other frame of one.
program=$1
for tool in capinfos editcap; do
    command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
tried=0
complain() {
    echo "$1"
    failed=1
}
in_order() { # FILE WHAT
    capinfos -o "$1" | grep -q 'Strict time order: *True' || complain "$2: out of order"
}

for folder in samples/*/ ../shared/captures/*/; do
    keys=$folder/keys.jsonl
    [ -s "$keys" ] || continue
    for capture in "$folder"*.pcap "$folder"*.pcapng; do
        [ -f "$capture" ] || continue
        rm -f "$work"/*
        "$program" decrypt -q "$capture" -k "$keys" -o "$work/whole" 2>/dev/null || {
            case $capture in */cut-by-a-snap-length/*) ;; *) complain "$capture: is not opened" ;; esac
            continue
        }
        tried=$((tried + 1))
        in_order "$work/whole" "$capture"
        "$program" decrypt -q "$capture" -k "$keys" -o - 2>/dev/null | cmp -s - "$work/whole" || complain "$capture: a pipe gets something else"
        frames=$(capinfos -Mc "$capture" | sed -n 's/^Number of packets: *//p')
        # shellcheck disable=SC2046
        { editcap "$capture" "$work/odd" $(seq 2 2 "$frames"); editcap "$capture" "$work/even" $(seq 1 2 "$frames"); } || exit 1
        "$program" decrypt -q "$work/odd" "$work/even" -k "$keys" -o "$work/parts" 2>/dev/null || continue # not opened: cut apart
        in_order "$work/parts" "$capture in two"
    done
done
[ "$tried" -gt 0 ] || complain "nothing was opened"
[ "$failed" = 0 ] && echo "$tried captures in order"
exit "$failed"
