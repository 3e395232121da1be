#!/bin/sh
# Zones that stamps name, between logs that have no message in common: one that has a single meaning, one that a configuration
# tells, one that only the user can tell. The second log is of the same moments in UTC, of another peer.
program=$1
temp=$(mktemp -d) || exit 2
trap 'rm -rf "$temp"' EXIT
bad=0
sample=samples/answers-are-lost/r1.log
sed -E 's/198\.51\.100\.2/203.0.113.9/g; s/(SPI[= ])[0-9A-F]{6}/\1AAAAAA/g' $sample >"$temp/r2.log"

in_zone() { sed -E "s/ 10:([0-9:.]+) UTC:/ $1:\1 $2:/" $sample >"$temp/r1.log"; }

# reckoned WHAT SECONDS WORDS OPTIONS...: how far r1's first event is behind r2's, and what the summary says of its clock.
reckoned() {
    what=$1 want=$2 words=$3
    shift 3
    got=$("$program" report -q -f timeline "$@" "$temp/r1.log" "$temp/r2.log" | sed -nE 's/^(r[12])\.log: .* = (-?[0-9.]+).*/\1 \2/p' |
        awk '{ at[$1] = $2 } END { printf "%.0f", at["r1"] - at["r2"] }')
    [ "$got" = "$want" ] || { echo "$what: r1 is $got s behind r2, not $want"; bad=$((bad + 1)); }
    "$program" report -q "$@" "$temp/r1.log" "$temp/r2.log" | tr -s ' \n' '  ' | grep -qF -- "$words" ||
        { echo "$what: does not say '$words'"; bad=$((bad + 1)); }
}

in_zone 11 CET
reckoned "a zone of one meaning" 0 "in CET, UTC+01:00"
reckoned "another zone that is given for all counts less" 0 "in CET, UTC+01:00" --timezone=-03:00
reckoned "another zone that is given for this router counts more" 7200 "in CET, UTC-01:00" --timezone r1=-01:00
in_zone 20 EST
reckoned "a zone of two meanings" 36000 "in EST, which is more than one zone's name: taken as it stands"
reckoned "a zone of two meanings, told" 0 "in EST, UTC+10:00" --timezone r1=+10:00
printf 'hostname r1\nclock timezone EST 10 0\nclock summer-time EDST recurring 1 Sun Oct 2:00 1 Sun Apr 3:00\n' >"$temp/r1.cfg"
reckoned "a zone that a configuration tells" 0 "in EST, UTC+10:00 by a configuration" "$temp/r1.cfg"
in_zone 21 EDST
reckoned "a summer time that a configuration tells" 0 "in EDST, UTC+11:00 by a configuration" "$temp/r1.cfg"
in_zone 15 XYZ
reckoned "a zone that is not known" 18000 "in XYZ, a zone that is not known: taken as it stands"

# Over New Year, of a clock that prints no year: the moments stay as far apart as they were, and --year gives each its own.
months() { sed -E 's/Mar  3 2026 10:00:0/Dec 31 23:59:4/; s/Mar  3 2026 10:00:1/Dec 31 23:59:5/; s/Mar  3 2026 10:00:([234])/Jan  1 00:00:\1/
    s/Jan  1 00:00:2/Jan  1 00:00:0/; s/Jan  1 00:00:3/Jan  1 00:00:1/; s/Jan  1 00:00:4/Jan  1 00:00:2/' $sample; }
moments() { "$program" report -q -f json "$@" | grep -oE '"(t|first|last)":[ ]*[0-9.]+'; }
days() { "$program" report -q -f json "$@" | grep -oE '"time":"[0-9-]+T' | sort -u | tr -d '\n'; }
months >"$temp/turn.log"
[ "$(moments $sample)" = "$(moments "$temp/turn.log")" ] || { echo "over New Year moments move"; bad=$((bad + 1)); }
[ "$(days "$temp/turn.log")" = '"time":"01-01T"time":"12-31T' ] || { echo "over New Year the days are $(days "$temp/turn.log")"; bad=$((bad + 1)); }
[ "$(days "$temp/turn.log" --year 2026)" = '"time":"2026-12-31T"time":"2027-01-01T' ] ||
    { echo "--year 2026 gives $(days "$temp/turn.log" --year 2026)"; bad=$((bad + 1)); }
grep 'Dec 31' "$temp/turn.log" >"$temp/turn.log.1"
sed -i '/Dec 31/d' "$temp/turn.log"
[ "$(moments $sample | sort -u)" = "$(moments "$temp/turn.log" "$temp/turn.log.1" | sort -u)" ] || { echo "rotated at New Year, moments move"; bad=$((bad + 1)); }
"$program" -q "$temp/turn.log" "$temp/turn.log.1" --since 12-31T23:59:41 --until 01-01T00:00:10 -f json | grep -q 01-01T00:00 ||
    { echo "a window over New Year ends with the year"; bad=$((bad + 1)); }
echo "$bad wrong"
[ "$bad" -eq 0 ]
