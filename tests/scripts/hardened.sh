#!/usr/bin/env bash
# What the compiler and the linker were asked for is in the program: it may be loaded anywhere, nothing is bound late or written to
# that could be code, and arrays on the stack and the C library's copies are checked.
set -u
program=$1
command -v readelf >/dev/null || { echo "skipped: no readelf"; exit 77; }
head -c 4 "$program" | grep -q ELF || { echo "skipped: the program is no ELF file"; exit 77; }
bad=0
wants() { # what, a readelf switch, a line of its answer
    readelf -W "$2" "$program" | grep -qE "$3" || { echo "missing: $1"; bad=1; }
}
wants "position independence" -h 'Type: +DYN'
wants "binding at the start" -d 'FLAGS.*NOW'
wants "a table of addresses that is read-only once bound" -l 'GNU_RELRO'
wants "a stack that is not executed" -l 'GNU_STACK .* RW +0x'
wants "canaries on the stack" -s '__stack_chk_fail'
wants "checked copies" -s '__(mem|str|sn?printf|vsn?printf|fprintf|read)[a-z]*_chk'
exit $bad
