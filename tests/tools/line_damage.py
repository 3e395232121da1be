#!/usr/bin/env python3
"""line_damage.py PROGRAM FILE...: drops, doubles and swaps each line of show output and configurations. One odd line costs the
object that it stands in or opens (a configuration's object; an SA, a flow or a session of show output) and no other. Every line is
accounted for."""
import collections, json, os, subprocess, sys, tempfile

LINES = ('event', 'continuation', 'noise', 'blank', 'unparsed')
BATCH = 150  # files read in one run
program, files = sys.argv[1], sys.argv[2:]
MOST = 1  # object that may differ from those of the whole file


def units(records):
    """The objects of a file, each as text, whatever lines they stand on."""
    out = collections.Counter()
    for r in records:
        head = (r['name'], r.get('title', '') if r['kind'] == 'config' else '')
        lists = [k for k, v in r['facts'].items() if r['kind'] == 'show' and isinstance(v, list) and v and isinstance(v[0], dict)]
        rest = {k: v for k, v in r['facts'].items() if k not in lists}
        out[json.dumps([head, rest], sort_keys=True)] += 1
        for k in lists:
            for v in r['facts'][k]:
                out[json.dumps([head, k, v], sort_keys=True)] += 1
    return out


def read(variants):
    """[(name, lines)]: the objects of each, and whether its lines are all accounted for."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for n, (name, lines) in enumerate(variants):
            os.mkdir(os.path.join(folder, str(n)))
            paths.append(os.path.join(folder, str(n), os.path.basename(name)))
            with open(paths[-1], 'w') as f:
                f.write(''.join(lines))
        p = subprocess.run([program, '-q', '-f', 'json', *paths], capture_output=True, timeout=120)
    report = json.loads(p.stdout)
    by_input, seen = collections.defaultdict(list), {i['id']: i for i in report['inputs']}
    for r in report['records']:
        by_input[r['input']].append(r)
    out = []
    for n, (_, lines) in enumerate(variants):
        i = seen[f'in{n + 1}']
        count = i['lines']
        out.append((units(by_input[i['id']]), count['total'] == len(lines) == sum(count.get(x, 0) for x in LINES)))
    return out


def damaged(name):
    lines = open(name).readlines()
    for i in range(len(lines)):
        yield name, i, 'dropped', lines[:i] + lines[i + 1:]
        yield name, i, 'doubled', lines[:i + 1] + lines[i:]
        if i + 1 < len(lines):
            yield name, i, 'swapped', lines[:i] + lines[i:i + 2][::-1] + lines[i + 2:]


runs, worst, bad = 0, collections.Counter(), []
whole = {name: read([(name, open(name).readlines())])[0][0] for name in files}
todo = [v for name in files for v in damaged(name)]
for at in range(0, len(todo), BATCH):
    part = todo[at:at + BATCH]
    for (name, i, what, _), (left, exact) in zip(part, read([(v[0], v[3]) for v in part])):
        lost = sum((whole[name] - left).values())
        runs += 1
        worst[what] = max(worst[what], lost)
        if not exact or lost > MOST:
            bad.append(f'{name}:{i + 1} {what}: {lost} of {sum(whole[name].values())} objects differ, accounting {exact}')
print('\n'.join(bad[:20]))
print(f'{runs} runs, {len(bad)} fall short; objects that one line costs at most: ' + ', '.join(f'{k} {v}' for k, v in worst.items()))
sys.exit(bool(bad) or runs < 100)
