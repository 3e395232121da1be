#!/usr/bin/env bash
# One thread and several: equal octets in every format, over the samples, captures made here (enough packets that all threads
# take part) and the lab's captures where they are.
set -u
program=$1 tools=$(dirname "$1")/tests
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
umask 077
bad=0 compared=0
formats='summary timeline ladder json ndjson markdown html svg mermaid plantuml'

same() { # NAME COMMAND...: what it writes to standard output on one thread, two and five
    local name=$1 threads; shift
    IKESCOPE_THREADS=1 "$program" "$@" >"$folder/one" 2>&1
    case $? in 0 | 3) ;; *) echo "$name: fails: $*"; bad=1 ;; esac
    [ -s "$folder/one" ] || { echo "$name: says nothing: $*"; bad=1; }
    for threads in 2 5; do
        IKESCOPE_THREADS=$threads "$program" "$@" >"$folder/more" 2>&1
        compared=$((compared + 1))
        cmp -s "$folder/one" "$folder/more" || { echo "$name: $threads threads give another output than one: $*"; bad=1; }
    done
}

over() { # NAME INPUT...: all formats, and the decrypted packets
    local name=$1 format; shift
    for format in $formats; do
        same "$name" report -q -f "$format" "$@"
    done
}

for sample in samples/*/; do
    same "$sample" report -q -f json "$sample"
done
mkdir "$folder/esp" "$folder/sas" "$folder/many"
if [ -x "$tools/make_esp" ] && [ -x "$tools/make_sas" ]; then
    "$tools/make_esp" "$folder/esp" 6000 3 && "$tools/make_sas" "$folder/sas" 3 2 200 && "$tools/make_sas" "$folder/many" 100 2 3 || exit 1
    for kind in cbc gcm; do
        over "$kind" "$folder/esp/$kind.pcap" -k "$folder/esp/$kind.keys"
        same "$kind" decrypt -q "$folder/esp/$kind.pcap" -k "$folder/esp/$kind.keys" -o -
        gzip -c "$folder/esp/$kind.pcap" >"$folder/esp/$kind.pcap.gz"
        same "$kind" report -q -f json "$folder/esp/$kind.pcap.gz" -k "$folder/esp/$kind.keys"
        head -c 3000000 "$folder/esp/$kind.pcap" >"$folder/esp/cut.pcap"
        tail -c 3000001 "$folder/esp/$kind.pcap" >>"$folder/esp/cut.pcap"
        same "$kind, damaged" report -q -f json "$folder/esp/cut.pcap" -k "$folder/esp/$kind.keys"
    done
    for place in sas many; do
        for capture in sas late; do
            over "$place/$capture" "$folder/$place/$capture.pcap" -k "$folder/$place/sas.keys"
            same "$place/$capture" decrypt -q "$folder/$place/$capture.pcap" -k "$folder/$place/sas.keys" -o -
        done
        same "$place, twice" report -q -f json "$folder/$place/sas.pcap" "$folder/$place/late.pcap" -k "$folder/$place/sas.secrets"
    done
fi
for place in ../shared/captures/*/; do
    for capture in "$place"*.pcap*; do
        [ -f "$place/keys.jsonl" ] || continue
        same "$capture" report -q -f json "$capture" -k "$place/keys.jsonl"
        same "$capture" decrypt -q "$capture" -k "$place/keys.jsonl" -o -
    done
done
echo "$compared runs compared"
exit $bad
