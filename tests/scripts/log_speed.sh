#!/usr/bin/env bash
# A log's time and memory, in bounds that a busy machine does not break: processor time against grep's on the same file, four
# times the input in about four times the time, and memory that grows with the SAs, 4 KiB each, and not with the log; so, too, where every
# other SA fails and thousands of answers without an id look for whose they are. tests/bench/run measures what is aimed at.
set -u
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 - "$1" "$(dirname "$1")/tests/make_log" "$folder" <<'PYTHON'
import os, re, subprocess, sys
program, make_log, folder = sys.argv[1:]
EXPRESSION = r'SM Trace->.*CurState: [A-Z_]+ Event: EV_[A-Z_]+'
TIMES_GREP, TIMES_LONGER, SAS = 25, 10, 500


def measured(argv):
    """(processor seconds, peak KiB) of the best of three"""
    best = None
    for _ in range(3):
        child = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, 'LC_ALL': 'C', 'IKESCOPE_THREADS': '1'})
        if not child.stdout.read():
            sys.exit(f'{argv}: says nothing')
        _, status, used = os.wait4(child.pid, 0)
        if status:
            sys.exit(f'{argv}: status {status}')
        seconds = used.ru_utime + used.ru_stime
        best = min(best or (seconds, used.ru_maxrss), (seconds, used.ru_maxrss))
    return best


bad = 0
for dialect in 'ios', 'iosxe', 'asa':
    sizes = {}
    for mib in 6, 24:
        path = os.path.join(folder, 'log')
        with open(path, 'wb') as to:
            subprocess.run([make_log, dialect, str(SAS), str(mib * 1024), '16'], stdout=to, check=True)
        sizes[mib] = measured([program, '-q', '-f', 'summary', path])
    grep = measured(['grep', '-cE', EXPRESSION, path])
    to_grep, longer = sizes[24][0] / max(grep[0], 0.01), sizes[24][0] / sizes[6][0]
    limit = 64 * 1024 + 4 * SAS
    print(f'{dialect}: {to_grep:.1f} times grep, {longer:.1f} times the time for four times the log, {sizes[24][1] / 1024:.0f} MiB')
    bad += to_grep > TIMES_GREP or longer > TIMES_LONGER or sizes[24][1] > limit

# one IKE SA after the other, as both routers tell of it
with open('samples/up-psk/r1.log') as one, open('samples/up-psk/r2.log') as other:
    scene = one.read() + other.read()
held = {}
for times in 1000, 4000:
    with open(path, 'w') as to:
        for n in range(times):
            to.write(re.sub(r'\b(12E1002B|14180056)', lambda spi: f'{int(spi[1], 16) + n:08X}', scene))
    held[times] = measured([program, '-q', '-f', 'summary', path])[1]
each = (held[4000] - held[1000]) / 3000
print(f'{each:.1f} KiB an IKE SA')
bad += each > 4.5 # blocks of a MiB are the grain

# two peers that ask for their keys at once, one of which has none, again and again
with open('tests/logs/iosxe17-hub-two-ask-for-keys-one-has-none.log') as log:
    scene = log.read()
answered = {}
for times in 1000, 4000:
    with open(path, 'w') as to:
        for n in range(times):
            at = f'{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}'
            to.write(re.sub(r'\b([AB])0{8}', fr'\g<1>{n:08X}', scene.replace('10:00:00', at)).replace('ID = 60', f'ID = {n + 100}'))
    answered[times] = measured([program, '-q', '-f', 'summary', path])[0]
longer = answered[4000] / max(answered[1000], 0.05)
print(f'answers without an id: {longer:.1f} times the time for four times the log')
sys.exit(bad != 0 or longer > TIMES_LONGER)
PYTHON
