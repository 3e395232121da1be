#!/bin/sh
# Rule files: the tests inside them, what a malformed one is told, severities, suppressions, the baseline, every exit
# status, and that `rules init` writes a file which the good run passes and a failing one does not.
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

good=samples/up-psk/r1.log failing=samples/answers-are-lost/r1.log open=samples/altered-esp/r1.log
expect 0 "a good run" "$program" check $good
[ "$(wc -l <"$temp/out")" -le 1 ] || complain "a good run says more than a line"
expect 0 "a good run, quiet" "$program" check -q $good
[ ! -s "$temp/out" ] || complain "a quiet good run is not silent"
expect 1 "a failing run" "$program" check $failing
expect 0 "--exit-zero" "$program" check --exit-zero $failing
expect 0 "--fail-on never" "$program" check --fail-on never $failing
expect 3 "undecided" "$program" check $open
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
unset SOURCE_DATE_EPOCH

for run in samples/up-psk/r1.log samples/cleared-at-the-peer/r2.log ../shared/captures/child-rekey-pfs/child-rekey-pfs.pcap; do
    [ -f "$run" ] || continue
    "$program" rules init --from "$run" -o "$temp/init.yaml" || complain "rules init --from $run fails"
    expect 0 "the file from $run, linted" "$program" rules lint "$temp/init.yaml"
    expect 0 "the file from $run, on that run" "$program" check --rules "$temp/init.yaml" "$run"
    expect 1 "the file from $run, on a failing run" "$program" check --undecided pass --rules "$temp/init.yaml" $failing
    python3 "$tools/validate_check.py" rules "$temp/init.yaml" || [ $? -eq 77 ] || bad=$((bad + 1))
done
echo "$bad wrong"
[ "$bad" -eq 0 ]
