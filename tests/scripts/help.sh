#!/bin/bash
# --help of the program and of each command names every format, kind and option; the man page renders without a complaint and
# has them too; the completions load and complete. help.sh PROGRAM, with the build's made/ beside it.
program=${1:?usage: help.sh PROGRAM}
made=$(dirname "$(realpath "$program")")/made
bad=0
complain() { echo "$1"; bad=$((bad + 1)); }
wants() { # wants WHERE TEXT WORD...
    local where=$1 text=$2 word
    shift 2
    for word in "$@"; do
        grep -qwF -e "$word" <<<"$text" || complain "$where does not name $word"
    done
}
formats=$("$program" list formats | awk '{ print $1 }')
checks=$("$program" list check-formats | awk '{ print $1 }')
kinds="ios-debug iosxe-debug asa-debug syslog event-trace show config capture keys"
overview=$("$program" --help) || complain "--help fails"
commands=$(sed -n '/^commands:/,/^options/p' <<<"$overview" | sed -n 's/^  \([a-z]*\)\( .*\)\{0,1\}$/\1/p')
# shellcheck disable=SC2086
{
    wants --help "$overview" report check rules diff decrypt keys stream explain redact list $formats $kinds
    wants --help "$overview" --format --output --keys --psk --sa --peer --since --until --filter --redact --color --quiet --version --as \
        --device --year --timezone --show-unparsed --show-secrets --events NO_COLOR
    wants "check --help" "$("$program" check --help)" $checks --fail-on --undecided --exit-zero --baseline --rules
    wants "keys --help" "$("$program" keys --help)" --to wireshark json
}
[ "$(wc -w <<<"$commands")" -eq 10 ] || complain "--help lists $(wc -w <<<"$commands") commands"
for command in $commands; do
    text=$("$program" "$command" --help) || complain "$command --help fails"
    grep -q "^usage: ikescope $command " <<<"$text" || complain "$command --help has no usage"
    awk 'length > 100 { exit 1 }' <<<"$text" || complain "$command --help is wider than 100 columns"
    "$program" help "$command" | cmp -s - <(printf '%s\n' "$text") || complain "'help $command' and '$command --help' differ"
done
for command in report check diff stream; do
    "$program" "$command" -f no-such-format /dev/null /dev/null >/dev/null 2>&1
    [ $? -eq 2 ] || complain "$command takes a format that is none"
done
if command -v man >/dev/null && [ -f "$made/man" ]; then
    text=$(MANWIDTH=100 LC_ALL=C.UTF-8 man --warnings -l "$made/man" 2>"$made/man.err" | col -b)
    [ -s "$made/man.err" ] && complain "the man page: $(head -n 2 "$made/man.err")"
    # shellcheck disable=SC2086
    wants "the man page" "$(tr -s '\n ' '  ' <<<"$text")" $commands $formats $checks NAME SYNOPSIS
    rm -f "$made/man.err"
fi
if [ -f "$made/bash" ]; then
    out=$(bash -c '
        . "$1"
        try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _ikescope; echo "${COMPREPLY[*]}"; }
        try ikescope expl; try ikescope check --fail; try ikescope report -f pl; try ikescope check -f ju; try ikescope -f sv; try ikescope list notif' _ "$made/bash")
    [ "$out" = "$(printf '%s\n' explain --fail-on plantuml junit svg notifies)" ] || complain "bash completes wrongly: $out"
fi
[ "$bad" -eq 0 ] && echo "help, man page and completions agree"
