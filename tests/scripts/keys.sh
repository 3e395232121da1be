#!/bin/sh
# Keys through the program and back: with the tables that `keys --to wireshark` writes, derived keys included, tshark opens
# at least what it opens with the tables of the lab's own daemon; the JSON lines open the same again; nothing is shown unasked.
set -u
program=$1
captures=../shared/captures
if [ ! -d "$captures" ]; then
    echo "skipped: the lab captures are not here"
    exit 77
fi
umask 077
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
tried=0

complain() {
    echo "$1"
    failed=1
}

# FOLDER CAPTURE: how many messages and ESP packets tshark opens with the tables in the folder
opened() {
    WIRESHARK_CONFIG_DIR=$1 tshark -r "$2" -o esp.enable_encryption_decode:TRUE -Y 'isakmp || esp' -T fields -e isakmp.enc.decrypted -e esp.pad_len 2>"$work/err" |
        awk -F'\t' '{ if ($1 != "") ike++; if ($2 != "") esp++ } END { print ike + 0, esp + 0 }'
}

for folder in "$captures"/*/; do
    name=$(basename "$folder")
    capture=$(ls "$folder$name".pcap* | head -n 1)
    [ -f "$folder/keys.jsonl" ] && [ -s "$folder/keys.jsonl" ] || continue
    grep '"type":"ike"' "$folder/keys.jsonl" >"$work/ike.jsonl" || { echo "$name: no key of an IKE SA"; continue; }
    tried=$((tried + 1))

    [ "$("$program" -q "$capture" "$work/ike.jsonl" | head -n 1)" = "$("$program" -q -k "$work/ike.jsonl" "$capture" | head -n 1)" ] ||
        complain "$name: keys behind the capture are not used"
    "$program" keys -k "$work/ike.jsonl" "$capture" >"$work/text" 2>"$work/err" || complain "$name: status $?"
    secret=$(sed -n 's/.*"sk_ei":"\([0-9a-f]*\)".*/\1/p' "$work/ike.jsonl" | head -n 1)
    if [ -n "$secret" ]; then
        grep -qi "$secret" "$work/text" "$work/err" && complain "$name: a secret is shown unasked"
        "$program" keys -k "$work/ike.jsonl" --show-secrets | grep -q "$secret" || complain "$name: --show-secrets shows none"
    fi

    "$program" keys -q -k "$work/ike.jsonl" "$capture" --to json -o "$work/back.jsonl" || complain "$name: --to json: status $?"
    first=$("$program" keys -q -k "$work/ike.jsonl" "$capture" | sed -n '/^What they open/,/^$/p' | sed 's/ (.*//')
    again=$("$program" keys -q -k "$work/back.jsonl" "$capture" | sed -n '/^What they open/,/^$/p' | sed 's/ (.*//')
    [ -n "$first" ] || complain "$name: it is not said what the keys open"
    [ "$first" = "$again" ] || complain "$name: the written JSON lines open something else"

    command -v tshark >/dev/null || continue
    rm -rf "$work/ours" "$work/theirs"
    "$program" keys -q -k "$work/ike.jsonl" "$capture" --to wireshark -o "$work/ours" || complain "$name: --to wireshark: status $?"
    mkdir "$work/theirs"
    cp "$folder/ikev2_decryption_table" "$work/theirs/"
    if [ -f "$folder/esp_sa_wireshark" ]; then cp "$folder/esp_sa_wireshark" "$work/theirs/esp_sa"; elif [ -f "$folder/esp_sa" ]; then cp "$folder/esp_sa" "$work/theirs/"; fi
    ours=$(opened "$work/ours" "$capture")
    grep -i "error\|wrong" "$work/err" && complain "$name: tshark refuses a table"
    theirs=$(opened "$work/theirs" "$capture")
    [ "$(stat -c %a "$work/ours/esp_sa")" = 600 ] || complain "$name: others can read the tables"
    # shellcheck disable=SC2086
    set -- $ours $theirs
    # PFS needs more than the IKE SA's keys; all else must come out of SK_d.
    case $name in
    child-rekey-pfs | child-additional) [ "$1" -ge "$3" ] || complain "$name: $ours, not $theirs" ;;
    *) { [ "$1" -ge "$3" ] && [ "$2" -ge "$4" ]; } || complain "$name: $ours, not $theirs" ;;
    esac
done
command -v tshark >/dev/null || echo "tshark is not installed: the tables were not tried with it"
[ "$tried" -gt 0 ] || complain "no keys were tried"
[ "$failed" = 0 ] && echo "keys of $tried captures agree"
exit "$failed"
