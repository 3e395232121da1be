#!/usr/bin/env bash
# After the options are read the program gives up what it does not need, and still does all its work.
set -u
program=$1
command -v strace >/dev/null || { echo "skipped: no strace"; exit 77; }
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
strace -o "$folder/probe" true 2>/dev/null || { echo "skipped: strace may not trace here"; exit 77; }
bad=0
complain() { echo "$*"; bad=1; }
calls() { strace -f -e trace=seccomp,landlock_restrict_self -o "$folder/calls" "$@"; }

log=$(ls samples/*/*.log | head -1)
capture=$(ls samples/*/*.pcap* 2>/dev/null | head -1)
calls "$program" report "$log" -o "json=$folder/report.json" >/dev/null 2>"$folder/said"
if ! grep -q 'seccomp(.*= 0' "$folder/calls"; then
    grep -q 'has no' "$folder/said" || complain "no seccomp, and no word about it"
    "$program" -q report "$log" 2>&1 >/dev/null | grep -q . && complain "-q does not keep quiet"
    [ $bad = 0 ] && { echo "skipped: no seccomp here"; exit 77; }
fi
grep -q 'landlock_restrict_self(.*= 0' "$folder/calls" || grep -q 'Landlock' "$folder/said" || complain "no Landlock, and no word about it"
calls "$program" --no-sandbox report "$log" >/dev/null 2>&1
calls "$program" report --no-sandbox "$log" >/dev/null 2>&1
[ -s "$folder/calls" ] && grep -qE 'seccomp\(|landlock' "$folder/calls" && complain "--no-sandbox does not turn it off"

# A worker on Kafka gives up files, and may still knock at its brokers; --follow has no network at all.
if "$program" stream --kafka x 2>&1 | grep -q "needs '--group"; then
    timeout 2 strace -f -e trace=seccomp,landlock_restrict_self,connect -o "$folder/calls" "$program" stream -q --kafka 127.0.0.1:9 --group g --topic a --out b >/dev/null 2>&1
    grep -q 'seccomp(.*= 0' "$folder/calls" || complain "no seccomp with Kafka"
    grep -q 'connect(.*127.0.0.1.*E\(INPROGRESS\|CONNREFUSED\)' "$folder/calls" || complain "no way to the brokers"
fi
: >"$folder/calls"
timeout 1 strace -f -e trace=seccomp,landlock_restrict_self -o "$folder/calls" "$program" stream --follow "$log" >/dev/null 2>&1
grep -q 'seccomp(.*= 0' "$folder/calls" || complain "no seccomp with --follow"

# The same work with and without.
same() {
    local what=$1; shift
    "$@" >"$folder/with" 2>/dev/null; local with=$?
    "$@" --no-sandbox >"$folder/without" 2>/dev/null; local without=$?
    [ $with = $without ] && cmp -s "$folder/with" "$folder/without" || complain "$what: not the same inside ($with) and outside ($without)"
}
same "a log" "$program" report -f json "$log"
same "a folder" "$program" report -f json samples
same "a check" "$program" check "$log"
same "two attempts" "$program" diff "$log" "$log"
same "redaction" "$program" redact "$log"
same "rules" "$program" rules list
[ -n "$capture" ] && same "a capture" "$program" report -f json "$capture"
"$program" report -f summary - <"$log" >"$folder/a" 2>/dev/null
[ -s "$folder/a" ] || complain "standard input"
(cd "$folder" && "$program" report -f summary "$OLDPWD/$log" -o here.txt && [ -s here.txt ]) 2>/dev/null || complain "an output in the current folder"
mkdir "$folder/inputs" && ln -s "$PWD/$log" "$folder/inputs/link.log"
same "a link in a folder" "$program" report -f json "$folder/inputs"
"$program" report "$log" -o "json=$folder/report.json" 2>/dev/null || complain "writing over an output"
left=$(find "$folder" -name '*.json.*' | wc -l)
[ "$left" = 0 ] || complain "$left temporary files left"
exit $bad
