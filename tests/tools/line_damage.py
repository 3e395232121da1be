#!/usr/bin/env python3
"""line_damage.py PROGRAM FILE...: drops, doubles and swaps each line of show output and configurations. One odd line costs at most the
object that it stands in or opens, and every line is accounted for."""
import json, os, subprocess, sys, tempfile

LINES = ('event', 'continuation', 'noise', 'blank', 'unparsed')
program, files = sys.argv[1], sys.argv[2:]
runs, worst, bad = 0, 0, []


def size(value):
    """How many groups (records, flows, SAs, entries) there are in it."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, dict) + sum(size(v) for v in inside)


def read(lines, name):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name)
        with open(path, 'w') as f:
            f.write(''.join(lines))
        p = subprocess.run([program, '-q', '-f', 'json', path], capture_output=True, timeout=20)
    report = json.loads(p.stdout)
    count = report['inputs'][0]['lines']
    objects = sum(size(r) for r in report['records'])
    return objects, count['total'] == len(lines) == sum(count.get(x, 0) for x in LINES)


for name in files:
    lines = open(name).readlines()
    whole, _ = read(lines, os.path.basename(name))
    for i in range(len(lines)):
        for what, damaged in (('dropped', lines[:i] + lines[i + 1:]), ('doubled', lines[:i + 1] + lines[i:]),
                              ('swapped', lines[:i] + lines[i:i + 2][::-1] + lines[i + 2:])):
            left, exact = read(damaged, os.path.basename(name))
            runs += 1
            worst = max(worst, whole - left)
            if not exact or 4 * (whole - left) > whole:
                bad.append(f'{name}:{i + 1} {what}: {left} of {whole} objects, accounting {exact}')
print('\n'.join(bad[:20]))
print(f'{runs} runs, {len(bad)} fall short; worst loss of one line {worst} of {whole} groups')
sys.exit(bool(bad) or not runs)
