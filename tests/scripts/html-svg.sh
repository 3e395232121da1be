#!/bin/sh
# Drawings of every sample and reference log are well-formed XML, stand alone, and are the same on every run.
program=${1:?usage: html-svg.sh PROGRAM}
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v xmllint >/dev/null || { echo "skipped: no xmllint"; exit 77; }
folder=$(mktemp -d) || exit 77
trap 'rm -rf "$folder"' EXIT
drawn=0
bad=0
draw() {
    "$program" report --quiet -f svg "$@" >"$folder/one.svg" 2>/dev/null
    status=$?
    case $status in 0 | 3) ;; *) echo "exit status $status: $1"; bad=$((bad + 1)); return ;; esac
    [ $status -eq 0 ] && [ ! -s "$folder/one.svg" ] && { echo "not drawn: $1"; bad=$((bad + 1)); }
    [ -s "$folder/one.svg" ] || return
    "$program" report --quiet -f svg "$@" >"$folder/two.svg" 2>/dev/null
    drawn=$((drawn + 1))
    xmllint --noout --nonet "$folder/one.svg" || { echo "not well-formed: $1"; bad=$((bad + 1)); }
    cmp -s "$folder/one.svg" "$folder/two.svg" || { echo "differs from run to run: $1"; bad=$((bad + 1)); }
    if grep -q -E 'href=|url\(|@import|<script|<foreignObject| on[a-z]+=' "$folder/one.svg"; then
        echo "does not stand alone: $1"
        bad=$((bad + 1))
    fi
}
for file in "$root"/samples/*/*.log "$root"/samples/*/*.pcap* "$root"/../shared/reference/logs/*.log "$root"/../shared/reference/real/*.log \
    "$root"/../shared/captures/*/*.pcap; do
    [ -f "$file" ] || continue
    keys=$(dirname "$file")/keys.jsonl
    if [ -f "$keys" ]; then draw "$file" -k "$keys"; else draw "$file"; fi
done
# what a configuration says is drawn to its end
"$program" -q -f svg "$root/samples/keys-differ-by-configuration" | tr -d '\n' | grep -q 'permit ip 10.1.0.0 0.0.255.255 10.2.0.0</text><text[^>]*>0.0.255.255<' ||
    { echo "an access list's entry is cut"; bad=$((bad + 1)); }
echo "$drawn drawings, $bad bad"
[ "$bad" -eq 0 ] && [ "$drawn" -gt 0 ]
