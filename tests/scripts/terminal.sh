#!/usr/bin/env bash
# What names of files, options and logs hold, no format and no message gives to the terminal as it is: no control, no
# bidi override, no OSC 8.
set -u
program=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
bad=0 count=0
odd=$'\033[31m\033]8;;x\007y\xe2\x80\xae\xc2\x9b0m\x9b31m\x7f\xe2\x81\xa6\xe2\x80\x8f\xd8\x9c\xe2\x80\xa8\xef\xbb\xbf\xf3\xa0\x81\x81\xc2\xadz'
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
log="log$odd"
printf '*May  1 12:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):Sending Packet [To 192.0.2.1:500/From 192.0.2.2:500/VRF i0:f0] %s\n*May  1 12:00:00.100: IKEv2:(SESSION ID = 1,SA ID = 1):%s failed\n' "$odd" "$odd" >"$log"
shown=$folder/shown.py
cat >"$shown" <<'PYTHON'
import sys, unicodedata
octets = open(sys.argv[1], 'rb').read()
try:
    text = octets.decode()
except UnicodeDecodeError as e: # a single octet of 80 to 9f is a control to a terminal of eight bits
    sys.exit(f'octets that are no text: {octets[e.start:e.start + 4]!r}')
bad = {c for c in text if unicodedata.category(c) in ('Cc', 'Cf', 'Zl', 'Zp', 'Cs', 'Co') and c not in '\n\t'}
sys.exit(f'characters: {sorted(map(hex, map(ord, bad)))}' if bad else 0)
PYTHON
said() {
    timeout 20 "$program" "$@" >out 2>&1 </dev/null
    count=$((count + 1))
    if [ ! -s out ]; then
        echo "nothing was said: $(printf '%q ' "$@")"
        bad=1
    elif ! python3 "$shown" out; then
        echo "passed on: $(printf '%q ' "$@")"
        bad=1
    fi
}
for format in $("$program" list formats | awk '{ print $1 }'); do
    said --color never -f "$format" --device "r1$odd=$log" "$log"
done
for format in $("$program" list check-formats | awk '{ print $1 }'); do
    said check -f "$format" "$log"
done
said check -f text --rules "no$odd" "$log"
said diff "$log" "$log"
said stream "$log"
said keys -k "$log"
said keys -k "$log" "$log"
said decrypt "$log" -k "$log" -o "x$odd"
said rules test "no$odd"
said --show-unparsed "$log"
said --events -f json "$log"
said --filter "$odd" "$log"
said --limit "$odd" "$log"
said --year "$odd" "$log"
said --as "$odd:$log"
said redact "no$odd"
said "no/$odd"
said -f "$odd" "$log"
said "--$odd"
said "-$odd"
said -k "no$odd" "$log"
said -o "no/$odd" "$log"
said check -f "$odd" "$log"
said check --baseline "no$odd" "$log"
said rules lint "no$odd"
# a rule file is somebody else's as well
cat >rules.yaml <<'YAML'
version: 1
rules:
  - id: odd
    title: "a\e[31mred\x9b0m\u202e"
    expect: { over: ike_sas, that: { outcome: failed } }
tests:
  - name: "t\e[31m"
    input: "none\e[31m"
    pass: odd
  - name: "u\e[31m"
    report: { schema: ikescope.report/1 }
    fail: [ odd, "x\e[31m" ]
suppress:
  - { rule: odd, reason: "r\e[31m", until: 2020-01-01 }
YAML
cp rules.yaml "rules$odd.yaml"
for file in rules.yaml "rules$odd.yaml"; do
    said rules list --rules "$file"
    said rules explain odd --rules "$file"
    said rules lint "$file"
    said rules test "$file"
    said check --rules "$file" "$log"
done
said explain "$odd"
said explain "%ASA-4-750003: Local:192.0.2.1:500 Remote:192.0.2.2:500 Username:x IKEv2 Negotiation aborted due to ERROR: $odd"
(umask 077 && printf 'id%s key\n' "$odd" >psk)
said keys --psk psk
said list "$odd"
# the log itself, redacted: a file gets it octet for octet, a terminal does not
cp "$log" plain.log
"$program" redact -q plain.log | grep -qa $'\033' || { echo "redact: a pipe gets another log"; bad=1; }
python3 - "$program" >out 2>said <<'PYTHON'
import os, pty, sys
pty.spawn([sys.argv[1], 'redact', '-q', 'plain.log'])
PYTHON
tr -d '\r' <out >out.tty
grep -q failed out.tty || { echo "redact: nothing on a terminal"; bad=1; }
python3 "$shown" out.tty || { echo "passed on: redact on a terminal"; bad=1; }
[ $count -gt 15 ] || { echo "only $count were tried"; bad=1; }
exit $bad
