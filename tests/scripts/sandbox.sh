#!/usr/bin/env bash
# After the options are read the program gives up what it does not need, and still does all its work.
set -u
program=$1
command -v strace >/dev/null || { echo "skipped: no strace"; exit 77; }
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
strace -o "$folder/probe" true 2>/dev/null || { echo "skipped: strace may not trace here"; exit 77; }
bad=0
complain() { echo "$*"; bad=1; }
calls() { strace -f -e trace=seccomp,landlock_restrict_self -o "$folder/calls" "$@"; }

log=$(ls samples/*/*.log | head -1)
capture=$(ls samples/*/*.pcap* 2>/dev/null | head -1)
calls "$program" report "$log" -o "json=$folder/report.json" >/dev/null 2>"$folder/said"
if ! grep -q 'seccomp(.*= 0' "$folder/calls"; then
    grep -q 'has no' "$folder/said" || complain "no seccomp, and no word about it"
    "$program" -q report "$log" 2>&1 >/dev/null | grep -q . && complain "-q does not keep quiet"
    [ $bad = 0 ] && { echo "skipped: no seccomp here"; exit 77; }
fi
grep -q 'landlock_restrict_self(.*= 0' "$folder/calls" || grep -q 'Landlock' "$folder/said" || complain "no Landlock, and no word about it"
whole=no
grep -q 'landlock_restrict_self(.*= 0' "$folder/calls" && whole=yes
calls "$program" --no-sandbox report "$log" >/dev/null 2>&1
calls "$program" report --no-sandbox "$log" >/dev/null 2>&1
[ -s "$folder/calls" ] && grep -qE 'seccomp\(|landlock' "$folder/calls" && complain "--no-sandbox does not turn it off"

# A worker on Kafka gives up files, and may still knock at its brokers; --follow has no network at all.
if "$program" stream --kafka x 2>&1 | grep -q "needs '--group"; then
    timeout 2 strace -f -e trace=seccomp,landlock_restrict_self,connect -o "$folder/calls" "$program" stream -q --kafka 127.0.0.1:9 --group g --topic a --out b >/dev/null 2>&1
    grep -q 'seccomp(.*= 0' "$folder/calls" || complain "no seccomp with Kafka"
    grep -q 'connect(.*127.0.0.1.*E\(INPROGRESS\|CONNREFUSED\)' "$folder/calls" || complain "no way to the brokers"
fi
: >"$folder/calls"
timeout 1 strace -f -e trace=seccomp,landlock_restrict_self -o "$folder/calls" "$program" stream --follow "$log" >/dev/null 2>&1
grep -q 'seccomp(.*= 0' "$folder/calls" || complain "no seccomp with --follow"

# A word where the kernel lacks a part, once, and the work is done all the same.
lacks() { # the call that fails, what is said to be missing
    local call=$1 word=$2 inject="inject=$1:error=ENOSYS" with without
    "$program" check --no-sandbox "$log" --rules samples/rules/branch.yaml >"$folder/without" 2>/dev/null; without=$?
    strace -f -o /dev/null -e trace="$call" -e "$inject" "$program" check "$log" --rules samples/rules/branch.yaml >"$folder/with" 2>"$folder/said"; with=$?
    [ "$(grep -c "has no $word to give up" "$folder/said")" = 1 ] || complain "without $call: $(cat "$folder/said")"
    [ $with = $without ] && cmp -s "$folder/with" "$folder/without" || complain "without $call: not the same ($with, not $without)"
    for silent in -q --no-sandbox; do
        strace -f -o /dev/null -e trace="$call" -e "$inject" "$program" report "$silent" "$log" 2>&1 >/dev/null | grep 'has no' && complain "without $call: $silent is not silent"
    done
}
lacks landlock_create_ruleset Landlock
lacks seccomp seccomp
lacks prctl "Landlock and seccomp"

# What the process may still do when its work is done: tried in it, as it ends.
tried() { # what it is, what it may do, after how many seconds it is stopped (0: it ends by itself), the command
    local what=$1 wanted=$2 seconds=$3; shift 3
    rm -f "$folder/tried" "$folder/made"
    FOLDER=$folder LD_PRELOAD=$folder/tries.so "$@" >/dev/null 2>&1 </dev/null &
    [ "$seconds" = 0 ] || { sleep "$seconds"; kill -TERM $!; }
    wait $! 2>/dev/null
    local got=$(tr '\n' ' ' <"$folder/tried" 2>/dev/null)
    [ "$got" = "$wanted" ] || complain "$what: may do '$got', not '$wanted'"
    [[ $wanted = *write* ]] || [ ! -e "$folder/made" ] || complain "$what: made a file"
}
if [ $whole = yes ] && command -v cc >/dev/null && cc -shared -fPIC -o "$folder/tries.so" -x c - 2>/dev/null <<'C'
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
static int told; /* opened before anything was given up */
__attribute__((constructor)) static void before(void)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tried", getenv("FOLDER"));
    told = fcntl(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600), F_DUPFD, 200);
    unsetenv("LD_PRELOAD");
}
static void tell(const char *what, int may)
{
    if (may)
        dprintf(told, "%s\n", what);
}
__attribute__((destructor)) static void after(void)
{
    char path[512], *argv[] = { "true", NULL };
    struct sockaddr_in any = { .sin_family = AF_INET };
    snprintf(path, sizeof path, "%s/made", getenv("FOLDER"));
    tell("read", open("/etc/passwd", O_RDONLY) >= 0);
    tell("look", open("/", O_RDONLY | O_DIRECTORY) >= 0);
    tell("write", open(path, O_WRONLY | O_CREAT, 0600) >= 0);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    tell("socket", s >= 0);
    tell("listen", s >= 0 && bind(s, (struct sockaddr *)&any, sizeof any) == 0 && listen(s, 1) == 0);
    tell("local", socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
    execv("/bin/true", argv); /* where it works, what comes is not told */
    tell("kept", 1);
}
C
then
    mkdir "$folder/out" "$folder/in"
    cp "$log" "$folder/in/a.log"
    make=$(dirname "$program")/tests/make_esp
    tried "nothing given up" "read look write socket listen local " 0 "$program" report --no-sandbox -q "$log"
    tried "report" "kept " 0 "$program" report -q "$log"
    tried "report to a file" "kept " 0 "$program" report -q "$log" -o "json=$folder/out/report.json"
    tried "check" "kept " 0 "$program" check -q "$log"
    tried "check --rules" "kept " 0 "$program" check -q "$log" --rules samples/rules/branch.yaml -o "json=$folder/out/check.json"
    [ -s "$folder/out/check.json" ] || complain "check --rules wrote nothing"
    tried "rules init" "kept " 0 "$program" rules init --from "$log" -o "$folder/out/rules.yaml"
    tried "rules test" "read look kept " 0 "$program" rules test samples/rules/branch.yaml
    tried "diff" "kept " 0 "$program" diff -q "$log" "$log"
    tried "redact" "kept " 0 "$program" redact -q "$log" -o "$folder/out/log"
    tried "stream" "kept " 0 "$program" stream -q "$log"
    tried "stream --follow" "kept " 1 "$program" stream -q --follow "$folder/in/a.log" --checkpoint "$folder/out/state" -o "$folder/out/told"
    if [ -x "$make" ] && "$make" "$folder/in" 12 2; then
        chmod 600 "$folder"/in/*.keys
        tried "decrypt" "kept " 0 "$program" decrypt -q "$folder/in/cbc.pcap" -k "$folder/in/cbc.keys" -o "$folder/out/plain.pcap"
        [ -s "$folder/out/plain.pcap" ] || complain "decrypt wrote nothing"
        tried "keys" "kept " 0 "$program" keys -q -k "$folder/in/cbc.keys"
    fi
    if "$program" stream --kafka x 2>&1 | grep -q "needs '--group"; then
        tried "a worker on Kafka" "read socket kept " 3 "$program" stream -q --kafka 127.0.0.1:9 --group g --topic a --out b
    fi
fi

# The same work with and without.
same() {
    local what=$1; shift
    "$@" >"$folder/with" 2>/dev/null; local with=$?
    "$@" --no-sandbox >"$folder/without" 2>/dev/null; local without=$?
    [ -s "$folder/with" ] || complain "$what: says nothing"
    [ $with = $without ] && cmp -s "$folder/with" "$folder/without" || complain "$what: not the same inside ($with) and outside ($without)"
}
same "a log" "$program" report -f json "$log"
same "a folder" "$program" report -f json samples
same "a check" "$program" check "$log"
same "two attempts" "$program" diff "$log" "$log"
same "redaction" "$program" redact "$log"
same "rules" "$program" rules list
[ -n "$capture" ] && same "a capture" "$program" report -f json "$capture"
"$program" report -f summary - <"$log" >"$folder/a" 2>/dev/null
[ -s "$folder/a" ] || complain "standard input"
(cd "$folder" && "$program" report -f summary "$OLDPWD/$log" -o here.txt && [ -s here.txt ]) 2>/dev/null || complain "an output in the current folder"
mkdir "$folder/inputs" && ln -s "$PWD/$log" "$folder/inputs/link.log"
same "a link in a folder" "$program" report -f json "$folder/inputs"
"$program" report "$log" -o "json=$folder/report.json" 2>/dev/null || complain "writing over an output"
ln -s circle "$folder/circle" && ln -s not-there-yet "$folder/ahead"
for link in circle ahead; do
    "$program" report "$log" -o "json=$folder/$link" && cmp -s "$folder/$link" "$folder/report.json" || complain "an output where a link stands that leads nowhere: $link"
done
left=$(find "$folder" -name '*.json.*' | wc -l)
[ "$left" = 0 ] || complain "$left temporary files left"
exit $bad
