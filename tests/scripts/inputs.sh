#!/usr/bin/env bash
# Folders and odd files: each file is read, or named with why not; what cannot be read is told with what to give instead.
# usage: inputs.sh PROGRAM
program=$(realpath "${1:?usage: inputs.sh PROGRAM}")
samples=$(realpath samples)
temp=$(mktemp -d) || exit 2
trap 'rm -rf "$temp"' EXIT
cd "$temp" || exit 2
bad=0
complain() { echo "$1"; bad=$((bad + 1)); }
says() { # says STATUS TEXT ARG...: the exit status, and TEXT anywhere in what is printed, line breaks undone
    local want=$1 text=$2 status
    shift 2
    timeout 20 "$program" "$@" >out 2>err </dev/null
    status=$?
    [ "$status" -eq "$want" ] || complain "ikescope $*: exit status $status, not $want: $(head -n 2 err)"
    cat out err | tr -s '\n ' '  ' | grep -qF -e "$text" || complain "ikescope $*: says nothing of \"$text\": $(grep -A6 '^Inputs' out) $(cat err)"
}
# What people give.
r1=$samples/up-psk/r1.log r2=$samples/up-psk/r2.log wire=$samples/answers-are-lost-behind-the-capture/wire.pcap
mkdir -p case/hub case/spoke readme 'with a space'
cp "$r1" case/hub/debug.log
cp "$r2" case/spoke/debug.log
ln -s ../hub case/spoke/circle
ln -s ../hub/debug.log case/spoke/again.log
ln -s nowhere case/dangling
mkfifo case/pipe
touch case/.hidden case/empty.log
{ for _ in {1..3000}; do echo "the daily job ran and found nothing to do"; done; cat "$r1"; } >case/late.log
printf '%%PDF-1.7\nx' >case/advice.pdf
printf '\x89PNG\r\n\x1a\n\0\0\0' >case/map.png
printf 'PK\x03\x04 word/document.xml' >case/notes.docx
printf 'PK\x03\x04 r1.log' >case/logs.zip
printf 'BZh9xxxx' >case/r1.log.bz2
printf '{\\rtf1 log}' >case/log.rtf
head -c 257 /dev/zero >case/logs.tar
printf 'ustar  ' >>case/logs.tar
"$program" -q -o case/report.json -o "html=case/report.html" "$r1" 2>/dev/null
"$program" -q -o json=case/report.json -o html=case/report.html "$r1"
echo "Notes of the case: nothing here." | tee readme/README case/story.md >/dev/null
cp "$r1" 'with a space/naïve – log.txt'
cp "$r1" ./-r1.log
gzip -c "$r1" >packed
{ printf '\xff\xfe'; iconv -f UTF-8 -t UTF-16LE "$r1"; } >wide.log
# Damage: octets of something else, and lines lost, in the midst; the last line cut inside, and one that only lacks its LF.
half=$(($(wc -c <"$r1") / 2))
{ head -c $half "$r1"; head -c 200 /dev/zero; tail -c +$((half + 200)) "$r1"; } >zeros.log
{ head -c $half "$r1"; printf '\1\2\217\343\226\203\n\4\300\3\5\6'; tail -c +$half "$r1"; } >garbage.log
sed '/CurState: I_WAIT_INIT/{s/CurState:.*/Cur/}' "$r1" >torn.log
head -c -1 "$r1" >whole.log
head -c -20 "$r1" >cut.log
# A terminal's log of all kinds: what it is said to be is all that is read of it.
{ cat "$r1"; printf 'R1#show crypto ikev2 sa\n'; cat "$samples"/../tests/cases/healthy-show-only/r1-ike.show
  cat "$samples"/groups-differ-by-configuration/r1.cfg; } >mixed.log
# Two routers of one name, a folder each; and one router of which two folders have the configuration.
differ=$samples/groups-differ-by-configuration
mkdir -p site-a site-b/logs copies/one copies/two
sed 's/^hostname .*/hostname Router/' "$differ/r1.cfg" | tee site-a/run.cfg copies/one/a.cfg >copies/two/b.cfg
sed 's/^hostname .*/hostname Router/' "$differ/r2.cfg" >site-b/run.cfg
cp "$differ/r1.log" site-a
{ echo 'Router#show clock'; cat "$r2"; } >site-b/logs/r2.log
# The text of a capture is none; what a shell's pipe gives is read.
wire_of() { python3 - "$wire" "$1" <<'PY'
import sys
octets, form = open(sys.argv[1], "rb").read()[:640], sys.argv[2]
for at in range(0, len(octets), 16):
    row = octets[at:at + 16]
    pairs, singles = " ".join(row[i:i + 2].hex() for i in range(0, 16, 2)), " ".join("%02x" % o for o in row)
    print({"xxd": "%08x: %s  ......" % (at, pairs), "hexdump": "%08x  %s  |......|" % (at, singles),
           "tcpdump": "\t0x%04x:  %s" % (at, pairs), "tshark": "%04x  %s   ......" % (at, singles)}[form])
PY
}
for form in xxd hexdump tcpdump tshark; do wire_of $form >$form.txt; done
for n in 1 2 3 4; do echo "09:36:39.54640$n IP 10.0.0.1.500 > 10.0.0.2.500: isakmp: parent_sa ikev2_init[I]"; done >list.txt
# What other programs and other makers' devices wrote is said to be that.
mkdir others
echo '{"Cisco-IOS-XE-crypto-oper:crypto-oper-data": {"crypto-ikev2-sa": [{"sa-id": 1, "sa-status": "READY"}]}}' >others/oper.json
echo '<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><data><native><crypto/></native></data></rpc-reply>' >others/native.xml
echo 'Mar  3 10:00:01 vpn charon: 05[IKE] no proposal chosen' >others/swan.log
{ printf 'From: noc@example.net\nContent-Transfer-Encoding: base64\n\n'; base64 "$r1"; } >mail.eml
# A configuration that was typed, and nothing else of the router.
mkdir typed
printf '%s\n' 'R9(config)#crypto ikev2 proposal PROP' 'R9(config-ikev2-proposal)# encryption aes-cbc-256' 'R9(config-ikev2-proposal)#crypto ikev2 profile PF' >typed/r9.txt
# A folder accounts for each.
"$program" -f json case >case.json 2>err || complain "the folder: exit status $?: $(cat err)"
python3 - <<'PY' || bad=$((bad + 1))
import json, sys
report = json.load(open("case.json"))
read = {i["name"]: i.get("device") for i in report["inputs"]}
over = {n.get("name", n["why"]): n["why"] for n in report["not_read"]}
wanted = {"hub/debug.log": "hub/debug", "spoke/debug.log": "spoke/debug", "late.log": "late"}
reasons = {"advice.pdf": "a PDF document", "map.png": "a picture", "notes.docx": "a Word document", "logs.zip": "a ZIP archive",
    "r1.log.bz2": "packed with bzip2", "log.rtf": "a rich text document", "logs.tar": "a tar archive", "empty.log": "empty",
    "report.json": "a report of ikescope", "report.html": "a report of ikescope", "story.md": "nothing of a router in it",
    "case/pipe": "neither a file nor a folder", "case/dangling": "cannot be opened: No such file or directory",
    "case/spoke/circle": "the same folder as 'case/hub'", "case/spoke/again.log": "the same file as 'case/hub/debug.log'",
    "1 hidden file or folder": "1 hidden file or folder"}
for got, want in ((read, wanted), (over, reasons)):
    for name in sorted(set(got) | set(want)):
        if got.get(name) != want.get(name):
            print(f"{name}: {got.get(name)!r}, not {want.get(name)!r}")
            sys.exit(1)
PY
says 0 'in hub/debug.log' case
while IFS='|' read -r status text arguments; do
    # shellcheck disable=SC2086
    says "$status" "$text" $arguments
done <<ROWS
3|not read: README (nothing of a router in it)|readme
0|not read: story.md (nothing of a router in it)|$samples/excerpts
0|r9.txt|typed
0|dump.log nothing recognised, 10 lines: 10 continuations|$samples/excerpts
2|is a PDF document; copy its text into a file|case/advice.pdf
2|is a picture; only text can be read|case/map.png
2|is a Word document; save it as plain text|case/notes.docx
2|is a ZIP archive; unpack it and give the folder|case/logs.zip
2|is a tar archive; unpack it|case/logs.tar
2|is packed with bzip2; unpack it|case/r1.log.bz2
2|is a report of ikescope; give what it was made of|case/report.json
3|is JSON of another program, with values and no lines of a log in it; give what the router itself prints|others/oper.json
3|is XML as NETCONF and YANG models have it; give what the router itself prints|others/native.xml
0|is a log of strongSwan, of which only keys are read ('-k FILE'); give the log of the Cisco router|$r1 others/swan.log
3|is a mail whose attachment is encoded (base64); save the attachment itself and give that|mail.eml
3|not read: native.xml (XML as NETCONF and YANG models have it); oper.json (JSON of another program|others
2|not read: cannot open 'none': No such file|$r1 none
2|1 IKE SA between 1 pair of peers|$r1 -k none
0|not read: $r1 (named twice, read once)|$r1 $r1
0|of r1, 77 lines|--device r1=./packed packed
0|77 lines: 54 events, 18 continuations, 5 blank, 0 unparsed|wide.log
0|-r1.log iosxe-debug|-- -r1.log
3|leave nothing of the 54 entries of r1.log, which covers 2026-03-03T10:00:00.120 to|$r1 --since 2030-01-01T00:00:00
3|leave nothing of the 54 entries of r1.log|$r1 --since -15m
0|r1.log iosxe-debug of r1, 77 lines|$r1 --until now
3|leave nothing of the 11 packets of wire.pcap|$wire --until 09:00:00
3|in the time that '--since' and '--until' leave: 'r1.log' covers|diff $r1 $r1 --until 09:00:00
0|they leave out a part of r1.log|$r1 --until 10:00:00.125
0|mixed.log iosxe-debug of R1, 143 lines: 107 events|mixed.log
0|mixed.log ios-debug of R1, 143 lines: 56 events, 18 continuations, 61 noise|--as ios-debug:mixed.log
0|mixed.log syslog of R1, 143 lines: 2 events, 9 continuations, 124 noise|--as syslog:mixed.log
0|mixed.log show of R1, 143 lines: 25 events, 8 blank, 110 unparsed|--as show:mixed.log
0|mixed.log config of R1, 143 lines: 31 events, 104 noise, 8 blank, 0 unparsed|--as config:mixed.log
0|The initiator 192.0.2.1 (site-a/Router) offers DH group 14 (MODP_2048), while the responder 198.51.100.2 (site-b/Router)|site-a site-b
0|In site-b/run.cfg: it and site-a/run.cfg call their router Router and differ|site-a site-b
0|r2.log iosxe-debug of site-b/Router|site-a/run.cfg site-b
0|b.cfg config of Router, 39 lines|copies
2|is a hex dump of a capture; give the capture itself|xxd.txt
2|is a hex dump of a capture|hexdump.txt
2|is a hex dump of a capture|tcpdump.txt
2|is a hex dump of a capture|tshark.txt
2|is a list of packets, which tells nothing of what is in them|list.txt
3|Keys alone tell nothing of an SA: give the capture that they open|$samples/certificate-expired/keys.jsonl
2|only keys are given: give the capture that they open|-k $samples/certificate-expired/keys.jsonl
0|One router's configuration tells only what is wrong inside it: give the peer's as well|site-a/run.cfg
0|Show output is one moment of one router: give the other end's as well|$samples/../tests/cases/healthy-show-only/r1-ike.show
0|In zeros.log: 1 line holds octets that are no text|zeros.log
0|[input-damaged|garbage.log
0|[input-damaged|torn.log
0|[input-truncated|cut.log
2|'void' holds no file but the keys|-k $r1 $(mkdir -p void && echo void)
2|'void' holds no file|$(mkdir -p void && echo void)
ROWS
says 0 'naïve – log.txt iosxe-debug' 'with a space/naïve – log.txt'
says 0 '"ike_sas":' -f json whole.log
grep -qE '"input-(damaged|truncated)"' out && complain "a log without its last LF is called damaged"
"$program" <(cat "$r1") | grep -q '/dev/fd/[0-9]* *iosxe-debug' || complain "a pipe of the shell's is not read, or not named"
"$program" - <"$r1" | grep -q 'standard input' || complain "standard input is not named"
"$program" - <"$samples/wrong-key-every-minute/r2.log" | grep -q 'standard input [(1-9]' && complain "standard input stands for a router"
# A capture of frames that nothing reads is whole: what is told is what to do about its link type.
frames='\000\000\000\000\000\000\000\000\004\000\000\000\004\000\000\000abcd'
printf '\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000\000\000\004\000\223\000\000\000'"$frames" >odd.pcap
says 3 'frames of link type 147 are not read.' odd.pcap
says 3 ', Ethernet, ' odd.pcap
says 3 'editcap -T ether' odd.pcap
grep -q 'Copy the file again' out && complain "a capture of another link type is to be copied again"
# What a snap length has cut no key opens: the keys are not to blame.
says 2 "the capture has cut all of them short" decrypt $samples/cut-by-a-snap-length/wire.pcap -k $samples/cut-by-a-snap-length/keys.jsonl -o none.pcap
# Where a side of diff has no IKE SA, they part before the first message, and each side's first finding is told.
says 3 'good no IKE SA (odd.pcap)' diff odd.pcap "$r1"
says 3 'good [input-damaged] In odd.pcap: frames of link type 147' diff odd.pcap "$r1"
says 3 'before the first message: IKE SA good there bad none' diff "$r1" $samples/../tests/cases/psk-asymmetric-configs-only
says 3 'good no finding bad [auth-psk-mismatch]' diff "$r1" $samples/../tests/cases/psk-asymmetric-configs-only
says 3 'nothing to compare: neither shows an IKE SA' diff $samples/../tests/cases/psk-asymmetric-configs-only odd.pcap
says 3 '"bad_finding": { "rule": "input-damaged"' diff -f json $samples/../tests/cases/psk-asymmetric-configs-only odd.pcap
[ "$bad" -eq 0 ] && echo "every file is accounted for"
