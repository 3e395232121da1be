#!/usr/bin/env bash
# An allocation fails, each in turn: of two small jobs all, of the others a sample (MALLOC_ALL=1: all): a clear sentence, exit status 2, nothing half-written.
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
import glob, gzip, json, os, random, shutil, subprocess, sys
program, folder = sys.argv[1:]
log, other = 'samples/up-psk/r1.log', 'samples/transform-sets-differ/r2.log'
config = 'samples/acls-do-not-mirror/r1.cfg'
out = os.path.join(folder, 'out')
make_esp = os.path.join(os.path.dirname(os.path.abspath(program)), 'tests', 'make_esp')
if not os.path.exists(make_esp):
    print('skipped: make_esp is not built')
    sys.exit(77)
subprocess.run([make_esp, folder, '12', '2'], check=True)
cbc, gcm = os.path.join(folder, 'cbc'), os.path.join(folder, 'gcm')
jsonl, psk = os.path.join(folder, 'keys.jsonl'), os.path.join(folder, 'psk')
with open(jsonl, 'w') as f:
    for n in range(3):
        f.write(json.dumps({'type': 'ike', 'spi_i': f'{n + 1:016x}', 'spi_r': f'{n + 9:016x}', 'encr_id': 12, 'key_bits': 128, 'integ_id': 2,
                            'prf_id': 2, 'sk_d': '1b' * 20, 'sk_ai': '2c' * 20, 'sk_ar': '3d' * 20, 'sk_ei': '4e' * 16, 'sk_er': '5f' * 16}) + '\n')
with open(psk, 'w') as f:
    f.write('r1.example "a secret \\u00e9"\n192.0.2.1 another\n')
for f in glob.glob(folder + '/*.keys') + [jsonl, psk]:
    os.chmod(f, 0o600)
with open(log, 'rb') as f, gzip.open(folder + '/r1.log.gz', 'wb') as to:
    to.write(f.read())
for tool, ending in (('xz', '.xz'), ('zstd', '.zst')):
    if shutil.which(tool):
        with open(folder + '/r1.log' + ending, 'wb') as to:
            subprocess.run([tool, '-qc', log], stdout=to, check=True)
packed = sorted(glob.glob(folder + '/r1.log.*'))
in_turn = [['check', '-o', 'junit=' + out, log],
           ['keys', '-k', jsonl, '-k', cbc + '.keys', '--to', 'json', '-o', out]]
jobs = [*in_turn,
        ['report', '-f', 'json', '-o', out, log, config],
        ['report', '-f', 'html', '-o', out, log],
        ['report', '-f', 'ndjson', '-o', out, *packed],
        ['report', '-f', 'json', '-o', out, '-k', cbc + '.keys', cbc + '.pcap'],
        ['report', '-f', 'summary', '-o', out, '-k', jsonl, '--psk', psk, log],
        ['check', '-o', 'sarif=' + out, '--rules', 'samples/rules/branch.yaml', other],
        ['redact', log, '-o', out],
        ['decrypt', gcm + '.pcap', '-k', gcm + '.keys', '-o', out],
        ['diff', log, other, '-o', out],
        ['stream', '-o', out, log],
        ['stream', '-o', out, '--checkpoint', out + '.state', log],
        ['rules', 'lint', 'samples/rules/branch.yaml'],
        ['rules', 'test', 'samples/rules/branch.yaml'],
        ['explain', 'TS_UNACCEPTABLE'],
        ['list', 'findings']]
bad = 0
def run(job, **more):
    for f in glob.glob(out + '*'):
        os.remove(f)
    env = {**os.environ, 'LD_PRELOAD': folder + '/fail.so', **more}
    r = subprocess.run([program, job[0], *(['-q'] if job[0] not in ('rules', 'list', 'explain') else []), *job[1:]], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    written = {os.path.basename(f): open(f, 'rb').read() for f in glob.glob(out + '*')}
    written['-'] = r.stdout
    return r.returncode, r.stderr.decode(errors='replace'), written
for job in jobs:
    good = run(job, FAIL_MALLOC_COUNT=folder + '/count')
    count = int(open(folder + '/count').read())
    rng = random.Random(count)
    every = os.environ.get('MALLOC_ALL') == '1' or job in in_turn
    sample = range(1, count + 1) if every else sorted({1, 2, 3, count, *(rng.randint(1, count) for _ in range(40))})
    complaints = survived = 0
    if good[0] not in (0, 1, 3) or (not good[2]['-'] and not any(good[2].values())):
        print(f'{job}: status {good[0]} with all the memory it wants, said {good[1]!r}')
        bad += 1
        continue
    for once in ({}, {'FAIL_MALLOC_ONCE': '1'}):
        for n in sample:
            status, said, written = run(job, FAIL_MALLOC_AT=str(n), **once)
            # what goes on without (a library's cache, an output that was whole already) is well if it did all the work
            whole = (status, written) == (good[0], good[2])
            # a file is whole or not there; a stream's records, and standard output, are whole up to where they end
            begun = all(v == good[2].get(k, b'') or not v or ((k == '-' or job[0] == 'stream') and good[2].get(k, b'').startswith(v))
                        for k, v in written.items())
            clear = status == 2 and said.startswith('ikescope: ') and begun
            survived += whole
            if not (whole or clear):
                complaints += 1
                if complaints <= 3:
                    print(f'{job[0]} {job[2]}: allocation {n} of {count}{" alone" if once else ""}: status {status}, said {said[:120]!r}, left {[(k, len(v)) for k, v in written.items()]}')
    bad += complaints
    print(f'{" ".join(job[:3])}: {len(sample)} of {count} allocations, twice: {complaints} complaints, {survived} did all the work', flush=True)
sys.exit(bad > 0)
PYTHON
