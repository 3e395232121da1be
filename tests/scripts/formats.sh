#!/bin/sh
# Every format on every sample and, where it is there, on the material beside the checkout: JSON and NDJSON against their
# schemas, mermaid by its own parser, PlantUML by Debian's; text formats pass no control octet and keep to their width.
program=$1
tools=$(dirname "$0")/../tools
temp=$(mktemp -d) || exit 2
trap 'rm -rf "$temp"' EXIT
bad=0 n=0

inputs() {
    find samples ../shared/reference/logs ../shared/reference/real ../shared/reference/seed-english \
        ../shared/captures -type f \( -name '*.log' -o -name '*.pcap' -o -name '*.pcapng' -o -name '*.show' -o -name '*.cfg' \) 2>/dev/null |
        grep -v -e '-debug.log$' -e 'captures/.*/\(initiator\|responder\).log$' | sort
    find ../shared/reference/seed-original.txt 2>/dev/null
}

run() { # run FORMAT INPUT
    keys=$(dirname "$2")/keys.jsonl
    set -- "$1" "$2" "$temp/$n.$1"
    if [ -f "$keys" ]; then "$program" -q -f "$1" "$2" -k "$keys" >"$3" 2>"$temp/err"; else "$program" -q -f "$1" "$2" >"$3" 2>"$temp/err"; fi
    status=$?
    case $status in 0 | 3) ;; *) echo "$2: -f $1 exits $status: $(tail -n 1 "$temp/err")"; bad=$((bad + 1)) ;; esac
    [ $status -eq 3 ] || [ -s "$3" ] || { echo "$2: -f $1 writes nothing"; bad=$((bad + 1)); }
}

for input in $(inputs); do
    n=$((n + 1))
    for format in json ndjson mermaid plantuml markdown; do run $format "$input"; done
    for format in summary timeline ladder; do
        run $format "$input"
        if LC_ALL=C grep -q '[[:cntrl:]]' "$temp/$n.$format"; then
            echo "$input: -f $format passes a control octet"
            bad=$((bad + 1))
        fi
        if LC_ALL=C.UTF-8 awk 'length($0) > 100 { exit 1 }' "$temp/$n.$format"; then :; else
            echo "$input: -f $format is wider than 100 columns"
            bad=$((bad + 1))
        fi
    done
    mv "$temp/$n.markdown" "$temp/$n.md"
done
echo "$n inputs"
[ "$n" -gt 0 ] || { echo "skipped: no samples"; exit 77; }

python3 "$tools/validate_json.py" "$temp"/*.json || [ $? -eq 77 ] || bad=$((bad + 1))
python3 "$tools/validate_json.py" "$temp"/*.ndjson || [ $? -eq 77 ] || bad=$((bad + 1))
if command -v node >/dev/null; then
    node "$tools/check_mermaid.mjs" "$temp"/*.mermaid "$temp"/*.md || [ $? -eq 77 ] || bad=$((bad + 1))
else
    echo "no mermaid: node is not installed"
fi
# a start of Java each: a dozen of them
"$tools/check_plantuml.sh" $(ls "$temp"/*.plantuml | awk 'NR % 9 == 1') || [ $? -eq 77 ] || bad=$((bad + 1))
[ "$bad" -eq 0 ]
