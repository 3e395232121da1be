#!/usr/bin/env bash
# The source against cppcheck and clang-format, where they are installed; and every use of a function that knows no bound.
set -u
cd "$(dirname "$0")/../.."
status=0
[ "$(git ls-files '*.c' '*.h' | wc -l)" -gt 0 ] || { echo "skipped: not a checkout of git"; exit 77; }
if command -v cppcheck >/dev/null; then
    mkdir -p build/cppcheck # what it found of files that have not changed since
    cppcheck -q --cppcheck-build-dir=build/cppcheck --enable=warning,performance,portability --inline-suppr --std=c11 -I. --suppress=missingIncludeSystem --error-exitcode=1 -j2 \
        base model parser decoder analysis reporters cli || status=1
else
    echo "not run: cppcheck is not installed"
fi
if command -v clang-format >/dev/null; then
    git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror 2>&1 | grep -c 'error:' | grep -qx 0 || { echo "clang-format would change files; run: git ls-files '*.c' '*.h' | xargs clang-format -i"; status=1; }
else
    echo "not run: clang-format is not installed"
fi
git grep -nE '\b(strcpy|strcat|sprintf|gets|atoi|atol|alloca|strtok)[[:space:]]*\(' -- '*.c' '*.h' ':!base/banned.h' && { echo "functions without a bound"; status=1; }
# Every fuzz door begins somewhere and has its words, in the form that libFuzzer and AFL++ both take.
for door in tests/fuzz/fuzz_*.c; do
    stem=$(basename "$door" .c)
    [ -n "$(ls "tests/fuzz/corpus/$stem" 2>/dev/null)" ] || { echo "$stem has no corpus: tests/fuzz/corpus/$stem/"; status=1; }
    [ -s "tests/fuzz/dict/$stem.dict" ] || { echo "$stem has no dictionary: tests/fuzz/dict/$stem.dict"; status=1; }
done
LC_ALL=C grep -nvE '^(#.*|"([] !#-[^-~]|\\["\\]|\\x[0-9a-f]{2}){1,128}")?$' tests/fuzz/dict/*.dict && { echo "no words of a dictionary: \"...\" of at most 128 octets, with \\\\, \\\" and \\xNN"; status=1; }
exit $status
