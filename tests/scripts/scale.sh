#!/usr/bin/env bash
# Ten times the IKE SAs and SPIs cost about ten times the processor time: 1,000 with 10,000 SPIs against 10,000 with 100,000, with
# the keys of the IKE SAs, with their shared secrets alone, and without any; and ten times the Child SAs of one IKE SA. A quadratic
# step would make it a hundred. And all that is there is opened, in the order of the exchanges or with the ESP before them.
set -u
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
make=$(dirname "$1")/tests/make_sas
[ -x "$make" ] || { echo "skipped: $make is not built"; exit 77; }
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
umask 077
for sas in 1000 10000; do
    mkdir "$folder/$sas" && "$make" "$folder/$sas" "$sas" 5 1 || exit 1
done
for children in 3000 30000; do
    mkdir "$folder/of-$children" && "$make" "$folder/of-$children" 1 "$children" 1 || exit 1
done
python3 - "$1" "$folder" <<'PYTHON'
import json, os, subprocess, sys
program, folder = sys.argv[1:]
bad = 0
def cpu(*args):
    before = os.times()
    out = subprocess.run([program, '-q', *args], stdout=subprocess.PIPE, check=True).stdout
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system, out
for capture, keys in (('sas', 'keys'), ('sas', 'secrets'), ('sas', None), ('late', 'keys')):
    def of(sas, *more):
        place = os.path.join(folder, str(sas))
        return cpu(os.path.join(place, capture + '.pcap'), *(['-k', os.path.join(place, 'sas.' + keys)] if keys else []), *more)
    few, many = of(1000)[0], of(10000)[0]
    linear = many <= 25 * max(few, 0.05)
    print(f'{capture}.pcap, {keys}: 1,000 IKE SAs {few:.2f} s, 10,000 {many:.2f} s{"" if linear else ": not linear"}')
    r = json.loads(of(1000, '-f', 'json')[1])
    traffic = [t for c in r['child_sas'] for t in c['traffic'].values()]
    got = len(r['ike_sas']), len(r['child_sas']), sum(t['packets'] for t in traffic), sum(t['decrypted'] for t in traffic)
    want = (1000, 5000, 10000, 10000) if keys else (1000, 0, 0, 0)
    if got != want:
        print(f'{capture}.pcap, {keys}: IKE SAs, Child SAs, ESP packets, opened: {got}, not {want}')
    bad += got != want or not linear
few, many = (cpu(f'{folder}/of-{n}/sas.pcap', '-k', f'{folder}/of-{n}/sas.keys')[0] for n in (3000, 30000))
print(f'one IKE SA: 3,000 Child SAs {few:.2f} s, 30,000 {many:.2f} s')
bad += many > 25 * max(few, 0.05)
sys.exit(bad)
PYTHON
