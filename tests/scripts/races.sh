#!/usr/bin/env bash
# Logs, a folder, captures with keys and a stream on four threads, in a build with ThreadSanitizer (preset "tsan"): it ends a run with
# status 66 where two threads touch the same memory without order. Other builds see nothing, and skip.
set -u
program=$1 tools=$(dirname "$1")/tests
grep -qa __tsan_init "$program" || { echo "skipped: not a build of the preset tsan"; exit 77; }
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
umask 077
export IKESCOPE_THREADS=4 TSAN_OPTIONS=exitcode=66
bad=0 runs=0

run() { # ARGUMENTS...
    "$program" "$@" >"$folder/out" 2>"$folder/err"
    local status=$?
    runs=$((runs + 1))
    [ $status -lt 4 ] || { bad=1; echo "status $status: ikescope $*"; grep -m1 -A12 'WARNING: ThreadSanitizer' "$folder/err"; }
}

"$tools/make_log" iosxe 60 900 7 >"$folder/steps.log"
"$tools/make_log" asa 60 900 7 >"$folder/asa.log"
"$tools/make_log" ios 200 200 9 both-roles >"$folder/roles.log"
for format in summary ndjson; do
    for log in steps asa roles; do
        run -q -f $format "$folder/$log.log"
    done
done
run -q -f json samples
run check -q samples
run stream -q <"$folder/steps.log"
mkdir "$folder/esp" "$folder/sas"
"$tools/make_esp" "$folder/esp" 2000 3 && "$tools/make_sas" "$folder/sas" 20 2 10 || exit 1
for kind in cbc gcm; do
    run -q -f json "$folder/esp/$kind.pcap" -k "$folder/esp/$kind.keys"
    run decrypt -q "$folder/esp/$kind.pcap" -k "$folder/esp/$kind.keys" -o "$folder/$kind.plain.pcap"
done
run -q -f json "$folder/sas/sas.pcap" "$folder/sas/late.pcap" -k "$folder/sas/sas.secrets"
echo "$runs runs on four threads"
exit $bad
