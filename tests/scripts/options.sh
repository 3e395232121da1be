#!/usr/bin/env bash
# What an option is given is looked at before anything is read: nonsense is told in one sentence that names it, exit status 2,
# no report, nothing written. usage: options.sh PROGRAM
program=$(realpath "${1:?usage: options.sh PROGRAM}")
log=$(realpath samples/up-psk/r1.log) samples=$(realpath samples) capture=$(realpath samples/answers-are-lost-behind-the-capture/wire.pcap)
temp=$(mktemp -d) || exit 2
trap 'rm -rf "$temp"' EXIT
cd "$temp" || exit 2
mkdir folder logs
printf '{"host":"R1",\n"message":"x"}\n' >members.json
printf '[{"host":"R1","message":"x"}]\n' >array.json
{ echo '"time","host","message"'; sed 's/"/""/g; s/.*/"1","R1","&"/' "$log"; } >export.csv
cp "$log" own.log
cp "$log" logs/r1.log
cp "$capture" logs/wire.pcap
printf '{"schema":"ikescope.report/1"}\n' >report.json
times=$samples/answers-are-lost/r1.log
lab=$samples/rekeys-across-ike-sas
(umask 077 && echo another-one >psk && grep -v '"psk"' "$lab/keys.jsonl" >keys && grep -v '"esp"' keys >ike.keys)
bad=0 n=0
refused() { # refused TEXT ARG...: status 2, TEXT on standard error, once, and nothing on standard output
    local text=$1 status
    shift
    timeout 20 "$program" "$@" >out 2>err </dev/null
    status=$?
    n=$((n + 1))
    if [ "$status" -ne 2 ] || [ -s out ] || [ "$(grep -cF -e "$text" err)" -ne 1 ] || [ "$(wc -l <err)" -ne 1 ]; then
        echo "ikescope $*: exit status $status, $(wc -l <out) lines of output, and: $(cat err)"
        bad=$((bad + 1))
    fi
}
while IFS='|' read -r text arguments; do
    # shellcheck disable=SC2086
    refused "$text" $arguments
done <<ROWS
'--year 2111' is no year|$log --year 2111
'--year 1989' is no year|check $log --year 1989
'--output json=-' as well|$log -f mermaid -o json=-
'--output json=-' as well|check $log -f text -o json=-
'--output html=-': something goes to standard output already|$log -o json=- -o html=-
'--output json=-': something goes to standard output already|$log -o - -o json=-
'--timezone nonsense' is no zone|$log --timezone nonsense
'--timezone R1=east' is no zone|$log --timezone R1=east
'--timezone =+02:00' is no zone|check $log --timezone =+02:00
'--timezone +25:00' is no zone|diff $log $log --timezone +25:00
filter '((': |$log --filter ((
filter '((': |check $log --filter ((
filter '((': |decrypt $capture --filter (( -o out.pcap
'--sa zz' is no SPI|$log --sa zz
'--sa 12' is no SPI|$log --sa 12
no IKE SA is 'ike99'; there is ike1 (|$log --sa ike99
no IKE SA has the address '203.0.113.9'; there are 192.0.2.1, 198.51.100.2|$log --peer 203.0.113.9
no IKE SA has the address '203.0.113.9'; there are 192.0.2.1, 198.51.100.2|check $log --peer 203.0.113.9
no IKE SA is what '--sa' and '--peer' ask for together; there are 192.0.2.1|$log --peer 192.0.2.1 --sa ike9
'$log': no IKE SA has the address|diff $log $log --peer 203.0.113.9
no IKE SA is 'ike99'; there is ike1|diff $log $log --sa ike99
'--peer zz' is no address|check $log --peer zz
'--since lately' is no time|$log --since lately
'--until 10' is no time|diff $log $log --until 10
'--since -15x' is no time|$log --since -15x
'--since -1000000w' is no time|$log --since -1000000w
'--until 25:00' is no time|check $log --until 25:00
'--since 2026-02-30' is no time|$log --since 2026-02-30
'--until 02-30T10:00' is no time|$log --until 02-30T10:00
is after '--until|$log --since 11:00:00 --until 10:00:00
'--as zz:x' is not KIND:FILE|$log --as zz:x
'--as show' is not KIND:FILE|$log --as show
'--as show:' is not KIND:FILE|$log --as show:
'--device x' is not NAME=FILE|$log --device x
'--device =x' is not NAME=FILE|keys -k $log --device =x
'--year 0' is no year|$log --year 0
'--year x' is no year|decrypt $capture -o out.pcap --year x
'--ike-port 70000' is no port|$capture --ike-port 70000
'--limit x=1' lowers no limit; write NAME=N with one of newest-first, ike-sas, |$log --limit x=1
'--limit line=524288' lowers no limit; write NAME=N with one of newest-first, ike-sas, |$log --limit line=524288
lowers no limit; write ike-sas=N, N from 1 to 4000000|$log --limit ike-sas=0
lowers no limit; write ike-sas=N, N from 1 to 4000000|$log --limit ike-sas=4000001
lowers no limit; write ike-sas=N, N from 1 to 4000000|$log --limit ike-sas
'--color sometimes' is not|$log --color sometimes
'--color sometimes' is not|explain TS_UNACCEPTABLE --color sometimes
'--color sometimes' is not|rules list --color sometimes
'--width 3' is no number of columns|$log --width 3
'--width x' is no number of columns|diff $log $log --width x
no format 'pdf'; there are: summary timeline|$log -f pdf
no check format 'pdf'; there are: text json|check $log -f pdf
no diff format 'html': it is one of 'report'|diff $log $log -f html
no format 'junit': it is one of 'check', 'ikescope check -f junit'|$log -f junit
no stream format 'json': it is one of 'report', 'ikescope report -f json'; there are: ndjson|stream own.log -f json
write '--to wireshark' or '--to json'|keys -f json $capture
it is one of 'diff', 'report'|decrypt $capture -o out.pcap --width 80
did you mean 'INVALID_KE_PAYLOAD'|explain INVALID_KE
no format 'JSON'; did you mean 'json'?|$log -f JSON
for several write '-o json=FILE -o html=FILE'|$log -f json,html,svg
is given as 'json' and as 'html'; for several write|$log -f json -f html
is a format's name and no file's; write '-f json', or '-o json=FILE'|$log -o json
write '-f json', or '-o json=FILE'|$log --json
write '-f html', or '-o html=FILE'|--html $log
'ikescope check -f junit'|$log --junit x.xml
write '-f junit', or '-o junit=FILE'|check $log --junit x.xml
it is one of 'check'|$log --baseline x.json
inputs need no option|-r $log
inputs need no option|--input $log
configurations are inputs|$log -c $log
'-V' the version|$log -v
'-V' the version|--verbose $log
'-o FILE' writes|$log -w out.pcap
'ikescope list formats' names them|$log -T json
'--filter EXPR' picks frames|$log -Y isakmp
'--peer ADDR' and '--sa SPI' pick|$log --grep x
write '--peer ADDR'|$log --host 192.0.2.1
write '--sa SPI'|$log --spi abc
write '--since TIME'|$log --start 10:00
write '--until TIME'|check $log --end 10:00
write '-k FILE'|decrypt $capture --keylog x
write '--color never'|$log --no-color
write '--device NAME=FILE'|$log --hostname r1
'--redact' for the report|$log --anonymize
'ikescope check FILE...' exits 1|$log --strict
'ikescope stream --follow FILE'|$log --tail
names are never looked up|$log -n
no option '-Z' for 'report'; see|$log -Z
no format 'pdf'|$log -o pdf=out.pdf
no format 'pdf'; there are: summary timeline|$log -o out.pdf
write '-f html' or '-f svg'; a browser prints either|$log -o out.docx
write '-f json' or '-f ndjson'|$log -o out.xlsx
'--output json=' names no file|$log -o json=
'--output folder' is a folder|$log -o folder
'--output folder' is a folder|$log -o json=folder
there is one output already|$log -o a.txt -o b.txt
there is one output already|decrypt $capture -o a.pcap -o b.pcap
two outputs would go into one file|$log -o json=a.txt -o html=a.txt
would take the place of what is read|own.log -o own.log
would take the place of what is read|redact own.log -o ./own.log
would take the place of what is read|check own.log -o junit=own.log
would take the place of what is read|stream own.log -o own.log
'--output summary=logs/r1.log' would take the place of what is read|logs -o summary=logs/r1.log
'--output ./logs/wire.pcap' would take the place of what is read|logs -o ./logs/wire.pcap
would take the place of what is read|check logs -o junit=logs/r1.log
cannot write 'none/x'|$log -o none/x
'--output a.txt' is not FORMAT=FILE|check $log -o a.txt
'--fail-on anything' is not|check $log --fail-on anything
'--undecided maybe' is not|check $log --undecided maybe
cannot open 'none'|check $log --baseline none
'--baseline own.log' is not what|check $log --baseline own.log
'--baseline report.json' is not what 'check' writes|check $log --baseline report.json
cannot read 'folder': it is a folder|check $log --rules folder
cannot open 'none'|check $log --rules none
'--to x' is neither|keys -k $log --to x
no key found in '$log'|keys -k $log
cannot open 'none'|keys -k none
'--psk' wants a file that holds the key|$capture --psk mykey
0 of 24 sealed IKE messages and 0 of 36 ESP packets opened: no keys were given|decrypt $lab/wire.pcap -o none.pcap
a pre-shared key alone opens nothing|decrypt $lab/wire.pcap --psk psk -o none.pcap
'rules list' takes no 'zz'|rules list zz
'rules init' takes no 'zz'|rules init --from $log zz
compares two|diff $log
no text was found to redact|redact folder -o x
'--max-devices x' is no number|stream --max-devices x own.log
'--max-sas -1' is no number|stream --max-sas -1 own.log
'--timeout 0' is no number|stream --timeout 0 own.log
'--stage x' is neither|stream --kafka x --stage x
'--stage' goes with '--kafka|stream --stage join own.log
'--topic' goes with '--kafka|stream --topic x own.log
'--kafka-option x' is not KEY=VALUE|stream --kafka x --kafka-option x
'--checkpoint own.log' is no checkpoint|stream --checkpoint own.log $log
cannot write 'none/x'|stream --checkpoint none/x own.log
are one file|stream own.log ./own.log
'folder' is a folder, and 'stream' reads files|stream folder
'folder' is a folder, and 'stream' reads files|stream --follow folder
'export.csv' is a table (CSV)|stream export.csv
'array.json' is JSON in one piece|stream array.json
'members.json' is JSON in one piece|stream members.json
no option '--nope'|$log --nope
'--sa' needs a value|$log --sa
'--quiet' takes no value|$log --quiet=1
ROWS
# where the program reads Kafka: what it relies on is not the user's to set, be it in an option or in the file of secrets
if "$program" stream --kafka x 2>&1 | grep -q "needs '--group"; then
    kafka="stream --kafka x --group g --topic a --out b"
    (umask 077 && echo acks=1 >secrets)
    for setting in enable.auto.commit=true enable.auto.offset.store=true enable.partition.eof=false auto.offset.reset=latest group.id=other \
        bootstrap.servers=y metadata.broker.list=y partition.assignment.strategy=range,cooperative-sticky enable.idempotence=false acks=1 \
        request.required.acks=1 partitioner=random; do
        # shellcheck disable=SC2086
        refused "the program needs the setting '${setting%%=*}' itself" $kafka --kafka-option "$setting"
    done
    # shellcheck disable=SC2086
    refused "the program needs the setting 'acks' itself" $kafka --kafka-secrets secrets
    # shellcheck disable=SC2086
    refused "fewer than 3072 octets ('message.max.bytes')" $kafka --kafka-option message.max.bytes=2000
    timeout 2 "$program" stream --kafka 127.0.0.1:9 --group g --topic a --out b --kafka-option partition.assignment.strategy=roundrobin 2>&1 | \
        grep -q 'needs the setting' && { echo "a harmless setting of Kafka is refused"; bad=$((bad + 1)); }
fi
refused "'--output ' names no file" "$log" -o ''
[ "$(timeout 20 "$program" stream -o out 2>&1 <&-)" = "ikescope: cannot open '-': Bad file descriptor" ] || { echo "stream takes another file for closed input"; bad=$((bad + 1)); }
[ "$(timeout 20 "$program" stream <. 2>&1 >/dev/null)" = "ikescope: cannot read standard input: Is a directory" ] || { echo "stream <FOLDER: no word"; bad=$((bad + 1)); }
# a file stays as it is where what was asked for is not there
echo "of last week" >kept
for arguments in "explain xyzzyq" "list xyzzyq" "rules explain xyzzyq" "rules init --from"; do
    # shellcheck disable=SC2086
    "$program" $arguments -o kept >out 2>err && { echo "ikescope $arguments -o kept: exit status 0"; bad=$((bad + 1)); }
    [ "$(cat kept)" = "of last week" ] || { echo "ikescope $arguments -o kept: the file is another one"; bad=$((bad + 1)); }
done
refused "'--device-field ' names no member" stream --device-field '' own.log
cmp -s "$log" own.log || { echo "an input was written to"; bad=$((bad + 1)); }
# what cannot be written or read is told, whatever it is; the other outputs are written all the same
for arguments in "$log -o json=none/x -o svg=a.svg" "check $log -o junit=none/x -o sarif=a.sarif"; do
    # shellcheck disable=SC2086
    "$program" $arguments >out 2>err
    [ $? -eq 2 ] && grep -q "cannot write 'none/x'" err && [ -s a.svg ] || { echo "ikescope $arguments: $(cat err)"; bad=$((bad + 1)); }
done
[ -s a.sarif ] && grep -q "ikescope check: pass" out || { echo "check writes nothing behind an output that cannot be written"; bad=$((bad + 1)); }
for arguments in "$log -o /dev/full" "--help" "version" "check --help"; do
    # shellcheck disable=SC2086
    "$program" $arguments >/dev/full 2>err
    [ $? -eq 2 ] && grep -q "No space left" err || { echo "ikescope $arguments to a full disk: $(cat err)"; bad=$((bad + 1)); }
done
# what is stopped leaves nothing half written
mkdir stopped
mkfifo endless
"$program" decrypt endless -k keys -o stopped/x.pcap 2>err &
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -n "$(ls stopped)" ] && break || sleep 0.2; done
[ -n "$(ls stopped)" ] || { echo "decrypt does not begin"; bad=$((bad + 1)); }
kill -TERM $!
wait $! 2>/dev/null
[ -z "$(ls stopped)" ] || { echo "left behind: $(ls stopped)"; bad=$((bad + 1)); }
# what is right is taken
for right in "--sa ike1" "--sa 0x12e" "--since 10:00:00" "--timezone R9=+02:00" "--filter vlan" "--filter udp" "--ike-port 4501" \
    "--device R7=$log" "--as iosxe-debug:$log" "-o json=a.json -o html=a.html -o a.txt" "--year 2110" "-f json -o html=-  -o a.txt" "-o json=-"; do
    # shellcheck disable=SC2086
    "$program" "$log" $right >out 2>err || { echo "ikescope LOG $right: exit status $?: $(cat err)"; bad=$((bad + 1)); }
done
"$program" stream --device "R7=$log" "$log" | grep -q '"device":"R7"' || { echo "stream --device names no router"; bad=$((bad + 1)); }
# Of many peers the one that fails is told whole and drawn first, the others are counted; what --peer leaves is what is counted.
says() { # says TEXT ARG...: TEXT in what is printed, line breaks undone; without ARG in what was printed last
    local text=$1
    shift
    [ $# -eq 0 ] || "$program" "$@" >out 2>err
    cat out err | tr -s '\n ' '  ' | grep -qF -e "$text" || { echo "ikescope $*: says nothing of \"$text\": $(head -n 3 out err)"; bad=$((bad + 1)); }
}
before() { # before ONE OTHER: in what was printed last ONE stands in front of OTHER, or there is no OTHER
    tr -s '\n ' '  ' <out | sed "s/$2.*//" | grep -q -e "$1" || { echo "'$1' does not stand before '$2'"; bad=$((bad + 1)); }
}
says "ikescope 0." version
says "no input comes from that router, the first comes from 'r1'" "$log" --timezone R9=+02:00
says "no IKE SA is 'ike99'" "$log" --sa ike1 --sa ike99
says "cannot write '/dev/full'" "$log" -o /dev/full
timeout 1 "$program" stream --follow not-there 2>err >out
says "cannot open 'not-there' yet: No such file or directory; waiting for it"
says "no IKEv2 found in the input; '--filter port 1' may have left it out" "$capture" --filter "port 1"
# Times: of any day, of a day, of a day in whichever year, a whole day; the log is of 2026-03-03, 10:00:00 to 10:00:40.
grep -q 'Mar  3 2026 10:00:00' "$times" && grep -q 'Mar  3 2026 10:00:40' "$times" || { echo "$times is of another time"; bad=$((bad + 1)); }
for inside in "--since 10:00" "--since 2026-03-03T10:00" "--since 03-03T10:00" "--until 03-03T10:01" "--until 10:01" "--since 2026-03-03 --until 2026-03-03" \
    "--since 03-03 --until 2026-03-03" "--until 2026-03-03T10:01Z"; do
    # shellcheck disable=SC2086
    says "1 IKE SA between" "$times" $inside
done
for outside in "--until 02-29" "--since 10:01" "--until 09:59" "--until 2026-03-03T09:59" "--until 03-03T09:59" "--since 03-03T10:01" "--since 2026-03-04" "--until 03-02"; do
    # shellcheck disable=SC2086
    says "0 IKE SAs" "$times" $outside
done
says "no IKEv2 found in the inputs in the time that '--since' and '--until' leave" "$lab/wire.pcap" -k keys --until 2001-01-01
says "undecided" check "$lab/wire.pcap" -k keys --until 2001-01-01
[ -e none.pcap ] && { echo "what opened nothing was written"; bad=$((bad + 1)); }
says "The AUTH of the initiator 10.0.0.1 and that of the responder 10.0.0.2 do not verify with the given pre-shared key." \
    "$lab/wire.pcap" -k keys --psk psk
says "a pre-shared key cannot open IKEv2" "$lab/wire.pcap" --psk psk
says "24 of 24 sealed IKE messages and 36 of 36 ESP packets opened" decrypt "$lab/wire.pcap" -k keys -o plain.pcap
says "initiator is a@lab (ID_RFC822_ADDR) by a pre-shared key" plain.pcap
says "24 IKE, 36 other"
mkdir hub
for k in 1 2 3 4 5 6 7 8 9; do
    sed -E "s/198\.51\.100\.2\>/198.51.100.1$k/g; s/\<([0-9A-F]{14}[1-9A-F])[0-9A-F]\>|\<([0-9A-F]{15})[1-9A-F]\>/\1\2$k/g" "$log" >hub/$k.log
done
cp "$samples/wrong-key-every-minute/r2.log" hub/r2.log
says "; there are 192.0.2.1, 198.51.100.2, 198.51.100.11, 198.51.100.12, 198.51.100.13, 198.51.100.14 and 5 more" hub --peer 203.0.113.9
says "and 7 more" hub --sa ike99
[ "$("$program" hub --peer 203.0.113.9 --redact 2>&1)" = "ikescope: no IKE SA has the address '203.0.113.9'" ] || { echo "--redact lists addresses"; bad=$((bad + 1)); }
says "9 others are UP" hub
says "on the responder, r2 198.51.100.2: type the same key at both ends"
before "Pre-shared keys differ" "It happens again"
before "9 others are UP" "Further findings"
for format in ladder mermaid plantuml svg; do
    says 192.0.2.1 hub -f $format
    before '198\.51\.100\.2[^0-9]' '198\.51\.100\.1[0-9]'
done
says "good ike3 " diff hub hub --peer 198.51.100.12
says "alike: " diff hub hub --peer 198.51.100.12
says "9 others are up" hub -f html
before '<h3>.*Pre-shared keys differ' '<section id="sas"'
says "<details><summary>9 others are up</summary>" hub -f markdown
[ "$(sed '/^<details>/q' out | grep -c '^| \*\*')" -eq 1 ] || { echo "markdown tells of more than the pair that fails"; bad=$((bad + 1)); }
says "4 IKE SAs between 1 pair of peers: 4 failed; 1 error" hub --peer 198.51.100.2
says "1 IKE SA between 1 pair of peers: 1 established; 1 Child SA" hub --sa ike2
# of a cause that is told once with its count, each attempt has it
for sa in ike1 ike3; do says "Pre-shared keys differ [auth-psk-mismatch, certain], 4 times" "$samples/wrong-key-every-minute" --sa $sa; done
# a report that lies in the folder is none of its logs
mkdir again
cp "$log" again
"$program" again -o summary=again/report.txt -o again/report.svg -f svg
says "not read: report.svg, report.txt (a report of ikescope)" again
# A folder that redact made is written again; a file of another's in it is not.
mkdir empty foreign
cp "$log" foreign/own.log
for folder in empty empty/ made/ made; do
    says "wrote 1 file into" redact own.log -o $folder
done
echo "Mar  3 10:00:09.000: one line more" >>own.log
says "wrote 1 file into" redact own.log -o made
[ -e empty/own.log ] && [ -e made/own.log ] || { echo "redact wrote nothing into a folder"; bad=$((bad + 1)); }
refused "'foreign/own.log' is there already" redact own.log -o foreign
cmp -s "$log" foreign/own.log || { echo "redact wrote over a log"; bad=$((bad + 1)); }
# whoever asks for secrets gets them
keys=$samples/../tests/cases/psk-asymmetric-configs-only
says "pre-shared-key local ******" $keys
says "pre-shared-key local HUBKEY9" $keys --show-secrets
says "did you mean 'ikescope help check'?" help chek
# a command behind options is none, and no input either
says "no file 'stream'; the command of that name stands before its options: 'ikescope stream ...'" -q stream "$log"
says "no file 'check'" -f json check "$log"
says "there is no help on 'tunnels'" help tunnels
says "did you mean 'auth-psk-mismatch'?" rules explain auth-psk-mismach
says "fails nothing" rules explain suppress
says "not listed at all" rules explain severity
says "suppress:" help check
[ "$bad" -eq 0 ] && echo "$n refused"
