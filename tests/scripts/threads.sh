#!/usr/bin/env bash
# However many threads read a log, the report is the same, octet for octet.
set -u
ikescope=$1
make_log=$(dirname "$ikescope")/tests/make_log
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
bad=0 compared=0
for dialect in ios iosxe asa; do
    "$make_log" $dialect 60 900 7 >"$folder/$dialect.log"
done
# many SAs, which all cores judge: some that came up, some that failed, and what is said of many at once
"$make_log" ios 400 600 9 both-roles >"$folder/roles.log"
"$make_log" iosxe 300 200 5 half-open >"$folder/half-open.log"
cat "$folder/roles.log" "$folder/half-open.log" "$folder/asa.log" >"$folder/many.log"
# several dialects and routers in one file, and entries that the ends of blocks fall into
for pass in 1 2 3 4; do
    for log in samples/*/*.log; do cat "$log"; echo; done
done >"$folder/all.log"
sed 's/$/\r/' "$folder/ios.log" >"$folder/crlf.log"
tr '\n' ' ' <"$folder/asa.log" >"$folder/one-line.log"
# a relay's log of five routers, whose lines come in turns
awk '{ printf "<189>Mar  1 10:%02d:%02d hub%d %d: %s\n", NR / 600 % 60, NR / 10 % 60, int(NR / 7) % 5, NR, $0 }' "$folder/iosxe.log" >"$folder/relay.log"
for log in "$folder"/*.log; do
    for format in summary ndjson markdown; do
        IKESCOPE_THREADS=1 "$ikescope" -q -f $format "$log" >"$folder/one" 2>&1 || { echo "$(basename "$log"), $format: exit status $?"; bad=1; }
        [ -s "$folder/one" ] || { echo "$(basename "$log"), $format: says nothing"; bad=1; }
        for threads in 2 5; do
            IKESCOPE_THREADS=$threads "$ikescope" -q -f $format "$log" >"$folder/more" 2>&1
            compared=$((compared + 1))
            cmp -s "$folder/one" "$folder/more" || { echo "$(basename "$log"), $format: $threads threads say something else"; bad=1; }
        done
    done
done
echo "$compared reports compared"
exit $bad
