#!/usr/bin/env bash
# What people look at stays readable: of many peers an overview and what failed, one of those that went alike; names whole however long; times of
# hours as clocks show them; what is left out is counted. usage: views.sh PROGRAM
program=$(realpath "${1:?usage: views.sh PROGRAM}")
samples=$(realpath samples)
temp=$(mktemp -d) || exit 2
trap 'rm -rf "$temp"' EXIT
cd "$temp" || exit 2
bad=0
complain() { echo "$1"; bad=$((bad + 1)); }
has() { grep -qF -e "$2" "$1" || complain "$1 has no \"$2\""; }
least() { [ "$2" -le "$3" ] || complain "$1: $2, more than $3"; }

# ---- sixty peers, of which twelve fail in two ways
mkdir hub
peer() { # peer LOG NUMBER: the same as told of another peer and other SPIs
    sed -E "s/\b198\.51\.100\.2\b/198.51.100.$((10 + $2))/g; s/\b192\.0\.2\.1\b/192.0.2.$((10 + $2))/g
            s/\b([0-9A-Fa-f]{12})[0-9A-Fa-f]{4}\b/\1$(printf %04X "$2")/g" "$1"
}
for k in $(seq 60); do
    case $((k % 10)) in
    3) peer "$samples/answers-are-lost/r1.log" "$k" ;;
    7) peer "$samples/transform-sets-differ/r2.log" "$k" ;;
    *) peer "$samples/up-psk/r1.log" "$k" ;;
    esac >hub/r"$k".log
done
"$program" -q hub -o svg=hub.svg -o html=hub.html -o mermaid=hub.mmd -o markdown=hub.md || complain "no report of sixty peers"
has hub.svg "The same of ike"
has hub.svg "not drawn"
least "participants of sixty peers" "$(grep -c participant hub.mmd)" 8
least "height of sixty peers" "$(sed -n 's/.*<svg [^>]* height="\([0-9]*\)".*/\1/p' hub.svg)" 8000

# ---- a step summary: a row a tunnel that is not up, a row a kind of what was found
"$program" check -q hub -f github-summary >hub.summary
[ $? -ne 0 ] || complain "check of sixty peers passes"
[ "$(grep -c '^| \*\*' hub.summary)" -eq 12 ] || complain "$(grep -c '^| \*\*' hub.summary) rows of tunnels"
has hub.summary "48 more: up"
least "rows of results" "$(grep -c '^| \(error\|warning\|undecided\|note\) ' hub.summary)" 8
has hub.summary "The same "
[ "$(sed -n 's/^| \(error\|warning\|undecided\|note\) .*/\1/p' hub.summary | uniq | sort | uniq -d | wc -l)" -eq 0 ] || complain "the worst is not first"

# ---- names as long as they are given, and times of more than minutes
long=branch-office-router-with-a-really-long-name-in-stuttgart-01
for format in svg ladder mermaid plantuml html markdown; do
    "$program" -q -f $format "$samples/pfs-differs" --device "$long=$samples/pfs-differs/r2.log" >long.$format || complain "no $format"
    case $format in
    svg | html) sed 's/<[^>]*>//g' long.$format ;;
    *) cat long.$format ;;
    esac | tr -d ' \n' | grep -qF "$(echo "$long" | tr -d ' ')" || complain "$format cuts a long name"
done
sed -i 's/#58;/:/g; s/<U+003A>/:/g' long.mermaid long.plantuml
for format in svg ladder mermaid plantuml markdown; do has long.$format 0:33:20.0; done
has long.ladder h:mm:ss
has long.svg h:mm:ss

# ---- findings of more kinds than a drawing tells
"$program" -q -f svg "$samples/transform-sets-differ" "$samples/answers-are-lost" "$samples/wrong-key-every-minute" "$samples/pfs-differs" \
    "$samples/peer-lost" "$samples/rekey-refused" "$samples/altered-esp" "$samples/one-message-lost" >kinds.svg
grep -q '[0-9] more \(errors\?\|warnings\?\)' kinds.svg || complain "a drawing does not say how many findings it leaves out"

# ---- a timeline: steps in a row are one router's and without a pause, and what arrives was sent before
step() { echo "Mar  3 10:0$1 $2 101: Mar  3 10:0$1.120: IKEv2:(SESSION ID = $3,SA ID = $3):SM Trace-> SA: I_SPI=F074D8BBD5A59F0B R_SPI=F94020DD8CB4B9C4 ($4) MsgID = 00000000 CurState: READY Event: $5"; }
{ step 0:00 rome 1 I EV_CHK_PENDING; step 0:01 rome 1 I EV_SEND_INFO_REQ; step 0:02 milan 5 R EV_RECV_INFO_REQ; } >relay.log
"$program" -q -f timeline --width 140 relay.log >relay
has relay "[READY] (I) EV_CHK_PENDING, EV_SEND_INFO_REQ "
has relay "[READY] (R) EV_RECV_INFO_REQ"
grep -q 'milan ike1 *\[READY\] (R)' relay || complain "milan's step is told of another: $(grep READY relay)"
{ step 0:00 rome 1 I EV_NO_EVENT; step 0:01 rome 1 I EV_RE_XMT; step 1:31 rome 1 I EV_RE_XMT_EXCEED; } | sed 's/READY/I_WAIT_INIT/' >pause.log
"$program" -q -f timeline --width 140 pause.log >pause
has pause "... 1 min 30 s"
mkdir together
for router in r1 r2; do sed -E 's/10:00:00\.[0-9]{3}/10:00:00.000/' "$samples/up-psk/$router.log" >together/$router.log; done
for order in "r1 r2" "r2 r1"; do
    # shellcheck disable=SC2086
    (cd together && "$program" -q -f timeline $(printf '%s.log ' $order)) >together.txt
    sed -nE 's/.* (r[12]) +ike1 +(-->|<--) (IKE_SA_INIT|IKE_AUTH).*/\1\2/p' together.txt | tr '\n' ' ' >arrows
    [ "$(cat arrows)" = "r1--> r2<-- r2--> r1<-- r1--> r2<-- r2--> r1<-- " ] || complain "$order at one time: $(cat arrows)"
done

# ---- a walkthrough's lines are those of the file, however long it is
{ yes '!' | head -n 123456; cat "$samples/up-psk/r1.log"; } >far.log
"$program" -q -f svg far.log | grep -q '>123460' || complain "a drawing of a long log has other lines' numbers"

# ---- a zone that changes is no clock that was set, and a time keeps its own zone or none
sed '1,30{s/ UTC: / CEST: /;s/10:00:00/11:00:00/}; 31,$s/ UTC: / CET: /' "$samples/up-psk/r1.log" >autumn.log
"$program" -q --width 200 autumn.log >autumn
has autumn "(the zone changed from CEST to CET)"
grep -q 'set back' autumn && complain "a zone that changes is a clock that was set back"
"$program" -q -f json autumn.log >autumn.json
python3 - <<'PY' || bad=$((bad + 1))
import json
report = json.load(open("autumn.json"))
legs = [x[side] for sa in report["ike_sas"] for x in sa["exchanges"] for side in ("request", "response") if side in x]
wrong = [leg for leg in legs if "zone" in leg]
assert len(legs) > 3, legs
if wrong:
    print("messages have a zone of other lines:", [(leg["time"], leg["zone"]) for leg in wrong])
raise SystemExit(bool(wrong))
PY

# ---- a page's facts have the ends that its headings have
"$program" -q -f html "$samples/syslog-attempts" >attempts.html
grep -q '<dt>This end<dd>fw 192.0.2.1' attempts.html || complain "facts do not know this end"
grep -q '<dd>unknown' attempts.html && complain "facts do not know an end that the heading has"

# ---- a timeline keeps the width that it is given
for sample in two-capture-points log-paused answers-are-lost-behind-the-capture up-psk; do
    "$program" -q -f timeline --width 60 "$samples/$sample" | awk 'length > 60 { bad = 1 } END { exit bad }' || complain "$sample: a timeline of 60 columns is wider"
done
[ "$bad" -eq 0 ] && echo "all as it should be"
