#!/usr/bin/env bash
# An allocation fails, each in turn of a sample (MALLOC_ALL=1: of all): a clear sentence, exit status 2, nothing half-written.
set -u
program=$1
command -v cc >/dev/null || { echo "skipped: no cc"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
grep -q __asan_init "$program" && { echo "skipped: a sanitizer has its own malloc"; exit 77; }
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
cc -O1 -fPIC -shared -DFAIL_MALLOC -fno-builtin -o "$folder/fail.so" tests/tools/fail_malloc.c 2>"$folder/said" || { echo "skipped: the library cannot be built: $(head -1 "$folder/said")"; exit 77; }
FAIL_MALLOC_COUNT="$folder/count" LD_PRELOAD="$folder/fail.so" "$program" --version >/dev/null 2>&1
[ -s "$folder/count" ] || { echo "skipped: LD_PRELOAD does not work here"; exit 77; }
python3 - "$program" "$folder" <<'PYTHON'
import glob, os, random, subprocess, sys
program, folder = sys.argv[1:]
log = 'samples/up-psk/r1.log' if os.path.exists('samples/up-psk/r1.log') else sorted(glob.glob('samples/*/*.log'))[0]
captures = sorted(glob.glob('samples/*/*.pcap*'))
out = os.path.join(folder, 'out')
jobs = [['report', '-f', 'json', '-o', out, log], ['report', '-f', 'html', '-o', out, log], ['check', '-o', 'junit=' + out, log], ['redact', log, '-o', out]]
keyed = [(c, k) for c in captures for k in sorted(glob.glob(os.path.dirname(c) + '/keys*'))]
if captures:
    jobs.append(['report', '-f', 'json', '-o', out, captures[0]])
if keyed:
    jobs.append(['report', '-f', 'json', '-o', out, '-k', keyed[0][1], keyed[0][0]])
    jobs.append(['decrypt', '-o', out, '-k', keyed[0][1], keyed[0][0]])
bad = 0
def run(job, **more):
    for f in glob.glob(out + '*'):
        os.remove(f)
    env = {**os.environ, 'LD_PRELOAD': folder + '/fail.so', **more}
    r = subprocess.run([program, job[0], '-q', *job[1:]], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    written = {os.path.basename(f): open(f, 'rb').read() for f in glob.glob(out + '*')}
    return r.returncode, r.stderr.decode(errors='replace'), written
for job in jobs:
    good = run(job, FAIL_MALLOC_COUNT=folder + '/count')
    count = int(open(folder + '/count').read())
    rng = random.Random(count)
    every = os.environ.get('MALLOC_ALL') == '1'
    sample = range(1, count + 1) if every else sorted({1, 2, 3, count, *(rng.randint(1, count) for _ in range(80))})
    complaints = survived = excused = 0
    for once in ({}, {'FAIL_MALLOC_ONCE': '1'}):
        for n in sample:
            status, said, written = run(job, FAIL_MALLOC_AT=str(n), **once)
            # what goes on without (a library's cache, an output that was whole already) is well if it did all the work
            whole = (status, written) == (good[0], good[2])
            clear = status == 2 and said.startswith('ikescope: ') and (not written or written == good[2])
            survived += whole
            # json-c 0.16 reads the copy of a member's name without a look whether there is one; `check` reads its report by it
            if job[0] == 'check' and status == -11 and not written:
                excused += 1
            elif not (whole or clear):
                complaints += 1
                if complaints <= 3:
                    print(f'{job[0]} {job[2]}: allocation {n} of {count}{" alone" if once else ""}: status {status}, said {said[:120]!r}, left {[(k, len(v)) for k, v in written.items()]}')
    bad += complaints
    print(f'{" ".join(job[:3])}: {len(sample)} of {count} allocations, twice: {complaints} complaints, {survived} did all the work' + (f', {excused} ended inside json-c' if excused else ''), flush=True)
sys.exit(bad > 0)
PYTHON
