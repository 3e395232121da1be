#!/usr/bin/env bash
# What names of files, options and logs hold, no format and no message gives to the terminal as it is: no control, no
# bidi override, no OSC 8.
set -u
program=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
bad=0 count=0
odd=$'\033[31m\033]8;;x\007y\xe2\x80\xae\xc2\x9b0m'
log="log$odd"
printf '*May  1 12:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):Sending Packet [To 192.0.2.1:500/From 192.0.2.2:500/VRF i0:f0] %s\n*May  1 12:00:00.100: IKEv2:(SESSION ID = 1,SA ID = 1):%s failed\n' "$odd" "$odd" >"$log"
said() {
    timeout 20 "$program" "$@" >out 2>&1 </dev/null
    count=$((count + 1))
    if [ ! -s out ]; then
        echo "nothing was said: $(printf '%q ' "$@")"
        bad=1
    elif LC_ALL=C grep -qaP '[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80\xae|\xc2\x9b' out; then
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
said "no/$odd"
said -f "$odd" "$log"
said "--$odd"
said "-$odd"
said -k "no$odd" "$log"
said -o "no/$odd" "$log"
said check -f "$odd" "$log"
said check --baseline "no$odd" "$log"
said rules lint "no$odd"
said explain "$odd"
said list "$odd"
[ $count -gt 15 ] || { echo "only $count were tried"; bad=1; }
exit $bad
