#!/bin/sh
# Rule files: the tests inside them, what a malformed one is told, severities, suppressions, the baseline, every exit
# status, that every name in a check's results is explained, and that `rules init` writes a file which the good run passes
# and a failing one does not.
program=$1
tools=$(dirname "$0")/../tools
temp=$(mktemp -d) || exit 2
trap 'rm -rf "$temp"' EXIT
bad=0

complain() { echo "$1"; bad=$((bad + 1)); }

# expect STATUS WHAT COMMAND... ; its output stays in $temp/out
expect() {
    want=$1 what=$2
    shift 2
    "$@" >"$temp/out" 2>&1
    got=$?
    [ "$got" -eq "$want" ] && return
    complain "$what: exits $got, not $want"
    sed 's/^/    /' "$temp/out" | head -n 5
}

for file in tests/rules/operators.yaml tests/rules/kinds.yaml tests/rules/outer.yaml tests/rules/same.json samples/rules/branch.yaml; do
    expect 0 "lint $file" "$program" rules lint "$file"
    expect 0 "test $file" "$program" rules test "$file"
done
python3 "$tools/validate_check.py" rules tests/rules/*.yaml tests/rules/*.json samples/rules/*.yaml || [ $? -eq 77 ] || bad=$((bad + 1))

(cd tests/rules/bad && for file in *.yaml *.json; do
    said=$("$program" rules lint "$file" 2>&1 >/dev/null)
    echo "$said ($?)"
done) >"$temp/said"
diff tests/rules/bad.expected "$temp/said" || complain "malformed rule files are told something else"

# The file that docs/rules.md shows: as it stands there, on usual logs. Nothing is undecided but what is about another peer.
printf 'rules: []\n' >"$temp/company.yaml"
sed -n '/^```yaml/,/^```$/p' docs/rules.md | sed '/^```/d' >"$temp/shown.yaml"
expect 0 "lint what docs/rules.md shows" "$program" rules lint "$temp/shown.yaml"
expect 0 "test what docs/rules.md shows" "$program" rules test "$temp/shown.yaml"
for run in samples/up-psk samples/up-psk/r1.log samples/up-psk/r2.log; do
    expect 0 "what docs/rules.md shows, on $run" "$program" check --rules "$temp/shown.yaml" $run
done
expect 1 "what docs/rules.md shows, on answers-are-lost" "$program" check --rules "$temp/shown.yaml" samples/answers-are-lost/r1.log
"$program" check --rules "$temp/shown.yaml" tests/logs/asa9-healthy-natt-responder.log >"$temp/out"
grep -q 'child1 tsi is 0.0.0.0-255.255.255.255; tsr is' "$temp/out" || complain "a result of 'not' does not say what is there"
[ "$(grep undecided: "$temp/out" | grep -cv 'hq-is\|ikescope check')" -eq 0 ] || complain "docs/rules.md's examples are undecided"

good=samples/up-psk/r1.log failing=samples/answers-are-lost/r1.log open=samples/altered-esp/r1.log
expect 0 "a good run" "$program" check $good
[ "$(wc -l <"$temp/out")" -le 1 ] || complain "a good run says more than a line"
expect 0 "a good run, quiet" "$program" check -q $good
[ ! -s "$temp/out" ] || complain "a quiet good run is not silent"
expect 1 "a failing run" "$program" check $failing
expect 0 "--exit-zero" "$program" check --exit-zero $failing
expect 0 "--fail-on never" "$program" check --fail-on never $failing
expect 3 "undecided" "$program" check $open
expect 1 "an error before the end is not there" "$program" check tests/logs/iosxe17-debug-error-only-ts.log
expect 1 "--undecided fail" "$program" check --undecided fail $open
expect 0 "--undecided pass" "$program" check --undecided pass $open
printf 'rules: [ { id: mode, expect: { over: child_sas, that: { mode: tunnel } } } ]\n' >"$temp/absent.yaml"
expect 3 "3 outranks 1" "$program" check --rules "$temp/absent.yaml" $failing
expect 1 "--undecided pass leaves failures" "$program" check --undecided pass --rules "$temp/absent.yaml" $failing
expect 2 "2 outranks 3 and 1" "$program" check $open $failing "$temp/no-such.log"
expect 2 "a format unknown" "$program" check -f sariff $good
expect 2 "--fail-on with a wrong word" "$program" check --fail-on fatal $good
expect 2 "a rule file that is not there" "$program" check --rules "$temp/no.yaml" $good
expect 2 "rules that contradict their tests" "$program" rules test tests/rules/inner.yaml
oneway=samples/sends-and-nothing-comes-back
printf 'severity: { no-return-traffic: warning }\n' >"$temp/oneway.yaml"
expect 1 "a tunnel that carries nothing one way" "$program" check $oneway
expect 0 "one that is meant to" "$program" check --rules "$temp/oneway.yaml" $oneway
printf 'hello\nworld\n' >"$temp/none.log"
expect 3 "no IKEv2" "$program" check "$temp/none.log"

printf 'rules: [ { id: slow, severity: warning, expect: { over: ike_sas, that: { setup_time: { lt: 1us } } } } ]\n' >"$temp/warn.yaml"
expect 0 "a warning" "$program" check --rules "$temp/warn.yaml" $good
expect 1 "--fail-on warning" "$program" check --fail-on warning --rules "$temp/warn.yaml" $good
(cat "$temp/warn.yaml"; echo 'severity: { slow: error }') >"$temp/error.yaml"
expect 1 "a severity made more" "$program" check --rules "$temp/error.yaml" $good
rule=$("$program" check --output json="$temp/known.json" $failing | sed -n 's/.*error: \[\([^]]*\)\].*/\1/p' | head -n 1)
expect 0 "a baseline" "$program" check --baseline "$temp/known.json" $failing
printf 'severity: { %s: off, tunnel-up: off }\n' "$rule" >"$temp/off.yaml"
expect 0 "a severity put off" "$program" check --rules "$temp/off.yaml" --undecided pass $failing
printf 'suppress: [ { rule: %s, reason: known, until: 2026-06-30 } ]\n' "$rule" >"$temp/suppress.yaml"
export SOURCE_DATE_EPOCH=1782777600 # 2026-06-30
expect 0 "a suppression on its last day" "$program" check --rules "$temp/suppress.yaml" $failing
SOURCE_DATE_EPOCH=1782864000
expect 1 "a suppression the day after" "$program" check --rules "$temp/suppress.yaml" $failing
grep -q "suppress.yaml:1: the suppression of $rule ended with 2026-06-30" "$temp/out" || complain "nothing is said of a suppression that ended"
expect 0 "lint of a suppression that ended" "$program" rules lint "$temp/suppress.yaml"
grep -q "suppress.yaml:1: the suppression of $rule ended with 2026-06-30" "$temp/out" || complain "lint says nothing of a suppression that ended"
unset SOURCE_DATE_EPOCH

# Names and severities: what check prints in brackets can be asked for; a report's severity is told beside the gate's.
deleted=samples/cleared-at-the-peer
"$program" check -q --output json="$temp/deleted.json" $deleted >"$temp/out"
grep -q 'came up, and was deleted later' "$temp/deleted.json" || complain "a tunnel that was deleted passes as if it stood"
printf 'rules: [ { id: stays, expect: { over: ike_sas, that: { outcome: [established, rekeyed] } } } ]\n' >"$temp/stays.yaml"
expect 1 "a rule that wants the tunnel to stay up" "$program" check --rules "$temp/stays.yaml" $deleted
expect 0 "rules explain of what check prints" "$program" rules explain \
    $(sed -n 's/.*"rule": "\(.*\)",/\1/p' "$temp/known.json" "$temp/deleted.json") tunnel-up
expect 0 "explain tunnel-up" "$program" explain tunnel-up
# Advice: where nothing tells the platform, one piece of it; at ends that are no initiator and responder, too.
"$program" check samples/wrong-key-every-minute samples/syslog-attempts >"$temp/out"
[ "$(grep -c 'on the initiator: IOS: type the same key' "$temp/out")" -eq 1 ] || complain "the initiator is not told to type the key"
grep -q 'on the initiator: IOS: is it the right entry' "$temp/out" && complain "an end of unknown platform is told more than one thing"
grep -q ': ASA: ' "$temp/out" && complain "an end of unknown platform is told what to do on both"
grep -q '^    do: here: it was refused here' "$temp/out" || complain "a log that does not tell its role is told nothing"
grep -q '\[tunnel-up\]' "$temp/out" && complain "a tunnel whose finding says why it failed is told twice"
# Attempts of a syslog that names no peer: one cause is one failure, as it is where the peer is named.
for n in 0 1 2 3; do
    echo "Mar 12 14:0$n:22.120: %IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: Failed to find a matching policy"
done >"$temp/nobody.log"
"$program" check "$temp/nobody.log" >"$temp/out" 2>&1
grep -q ': 1 failed, 0 undecided' "$temp/out" || complain "attempts of nobody knows whom are counted one by one"
"$program" check samples/keyring-lacks-the-peer | grep -q '^samples/keyring-lacks-the-peer/r2.cfg:20: error: \[no-key\]' ||
    complain "a finding about a configuration has no place"

# Configurations alone are something to judge: what agrees passes; one without any crypto is none of a tunnel.
mkdir "$temp/agree"
cp samples/keyring-lacks-the-peer/r1.cfg "$temp/agree"
sed 's/192\.0\.2\.11/192.0.2.1/' samples/keyring-lacks-the-peer/r2.cfg >"$temp/agree/r2.cfg"
expect 0 "configurations that agree" "$program" check "$temp/agree"
expect 1 "configurations that do not" "$program" check samples/keyring-lacks-the-peer
printf 'version 17.3\nhostname R1\ninterface GigabitEthernet1\n ip address 192.0.2.1 255.255.255.0\nend\n' >"$temp/plain.cfg"
expect 3 "a configuration without crypto" "$program" check "$temp/plain.cfg"
"$program" check -f github-summary samples/keyring-lacks-the-peer | grep -q mermaid && complain "a summary draws a tunnel that nobody saw"

for rule in weak-crypto no-return-traffic; do
    "$program" rules list | grep -q "^  $rule *error .*(in a report: warning)" || complain "rules list has one severity of $rule"
    "$program" rules explain $rule | grep -q "^$rule (error; in a report: warning)" || complain "rules explain has one severity of $rule"
done

for run in samples/up-psk/r1.log samples/two-families-in-gcm samples/cleared-at-the-peer/r2.log ../shared/captures/child-rekey-pfs/child-rekey-pfs.pcap; do
    [ -f "$run" ] || continue
    "$program" rules init --from "$run" -o "$temp/init.yaml" || complain "rules init --from $run fails"
    expect 0 "the file from $run, linted" "$program" rules lint "$temp/init.yaml"
    expect 0 "the file from $run, on that run" "$program" check --rules "$temp/init.yaml" "$run"
    expect 1 "the file from $run, on a failing run" "$program" check --undecided pass --rules "$temp/init.yaml" $failing
    python3 "$tools/validate_check.py" rules "$temp/init.yaml" || [ $? -eq 77 ] || bad=$((bad + 1))
done
# From a run that failed: the rules that it should have passed, marked, and failing on it.
for run in answers-are-lost:up,soon,carries wrong-key-every-minute:up,soon,carries transform-sets-differ:carries; do
    sample=samples/${run%%:*}
    "$program" rules init --from $sample -o "$temp/init.yaml" || complain "rules init --from $sample fails"
    marked=$(grep -A1 '# Failed in the run' "$temp/init.yaml" | sed -n "s/.*id: '\([a-z]*\)-.*/\1/p" | paste -s -d,)
    [ "$marked" = "${run#*:}" ] || complain "rules init --from $sample marks '$marked'"
    expect 0 "the file from $sample, linted" "$program" rules lint "$temp/init.yaml"
    expect 1 "the file from $sample, on it" "$program" check --rules "$temp/init.yaml" $sample
done
expect 2 "rules init of a run that decides nothing" "$program" rules init --from samples/excerpts/words.log -o "$temp/none.yaml"
[ ! -e "$temp/none.yaml" ] || complain "rules init leaves a file that is none"
echo "$bad wrong"
[ "$bad" -eq 0 ]
