#!/usr/bin/env python3
"""Each lab capture with nothing but the shared secrets of its debug log: all of its messages and ESP packets must open.

  secrets_alone.py IKESCOPE CAPTURES
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

EXE, CAPTURES = sys.argv[1], sys.argv[2]


def secrets(log):
    """The hex dumps behind `key exchange secret => N bytes`."""
    lines = open(log, errors='replace').read().splitlines()
    for i, line in enumerate(lines):
        m = re.search(r'(?<!additional )key exchange secret => (\d+) bytes', line)
        if not m:
            continue
        octets = ''
        for dump in lines[i + 1:]:
            row = re.search(r'\]\s+\d+: ((?:[0-9A-F]{2} )+)', dump)
            if not row or len(octets) >= 2 * int(m[1]):
                break
            octets += row[1].replace(' ', '')
        yield octets[:2 * int(m[1])]


def opened(report):
    esp = sum(t['decrypted'] for c in report['child_sas'] for t in (c.get('traffic') or {}).values())
    esp += sum(f.get('decrypted', 0) for f in report['esp_flows'])
    sealed = [x['type'] for s in report['ike_sas'] for x in s['exchanges'] for k in ('request', 'response')
              if x.get(k, {}).get('decryption') in ('no-key', 'icv-failed')]
    return esp, sealed


def main():
    good = total = 0
    for folder in sorted(glob.glob(CAPTURES + '/*/')):
        expected = json.load(open(folder + 'expected.json'))
        found = {s for log in glob.glob(folder + '*-debug.log') for s in secrets(log)}
        if not found:
            continue
        with tempfile.NamedTemporaryFile('w', suffix='.jsonl') as keys:
            for s in sorted(found):
                keys.write(json.dumps({'type': 'dh', 'secret': s}) + '\n')
            keys.flush()
            p = subprocess.run([EXE, 'report', '-f', 'json', folder + expected['capture'], '-k', keys.name], capture_output=True, text=True)
        esp, sealed = opened(json.loads(p.stdout))
        total += 1
        if esp == expected['esp']['decrypted'] and not sealed:
            good += 1
        else:
            print(os.path.basename(folder[:-1]), 'ESP', esp, 'of', expected['esp']['decrypted'], 'sealed', sealed)
    print(f'{good} of {total} captures open with their shared secrets alone')
    return 0 if good == total and total else 1


sys.exit(main())
