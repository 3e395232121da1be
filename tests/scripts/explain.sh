#!/usr/bin/env bash
# Everything that `list` names is explained: states and events of the trace with what comes next, states with what goes wrong
# there, the rest with what it means. And inputs in which there is nothing to read are answered in a clear sentence.
# usage: explain.sh path/to/ikescope
set -u
program=$(realpath "${1:-${IKESCOPE:?"usage: $0 path/to/ikescope"}}")
cd "$(dirname "$0")/../.." || exit 2
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
python3 - "$program" "$folder" <<'PYTHON'
import os, subprocess, sys

program, folder = sys.argv[1:]
bad = total = 0


def run(*args):
    return subprocess.run([program, *args], capture_output=True, text=True)


def complain(*what):
    global bad
    bad += 1
    print(*what)


# {what is listed: the column of its name, the sections that its explanation must have}
things = {
    'states': (0, ('means', 'next', 'trouble')), 'events': (0, ('means', 'next')), 'exchanges': (1, ('means',)), 'payloads': (1, ('means',)),
    'notifies': (1, ('means',)), 'transforms': (1, ('means',)), 'findings': (0, ()),
}
for thing, (column, sections) in things.items():
    listed = run('list', thing)
    names = [l.split()[column] for l in listed.stdout.split('\n') if len(l.split()) > column]
    if listed.returncode or len(names) < 5:
        complain('list', thing, 'names only', names)
    for name in names:
        total += 1
        told = run('explain', name)
        if told.returncode or not told.stdout.strip():
            complain(thing, name, 'is not explained:', told.stderr.strip())
            continue
        for section in sections:
            after = told.stdout.split('\n  ' + section, 1)
            if len(after) < 2 or len(after[1].split('\n  ')[0].split()) < (4 if section == 'means' else 1):
                complain(thing, name, 'lacks a', section, ':', told.stdout)
        if not sections and len(told.stdout.split()) < 6:
            complain(thing, name, 'is hardly explained:', told.stdout)

# the report's own words
for word in ('FAILED', 'incomplete', 'DOWN', 'IMPAIRED', 'ONE WAY', 'REDIRECTED', 'LIKELY UP', 'UP', 'established', 'rekeyed', 'certain', 'likely', 'possible',
             'UP-IDLE', 'DOWN-NEGOTIATING'):
    total += 1
    told = run('explain', word)
    if told.returncode or '\n  means' not in told.stdout:
        complain(word, 'is not explained:', told.stdout, told.stderr)
# Everyday words, under each of their names; the findings that they lead to are there. No two rows have one name.
import re
words = open('reporters/glossary/everyday.def').read()
findings = {l.split()[0] for l in run('list', 'findings').stdout.split('\n') if l}
seen = {}
for name, also, row in re.findall(r'^X\("([^"]*)", "([^"]*)",(.*?)"\)$', words, re.M | re.S):
    leads = row.rsplit('"', 1)[1].split(', ')
    for term in [name, *filter(None, also.split('|'))]:
        total += 1
        told = run('explain', *term.split())
        if told.returncode or f'{name} (term)\n  means' not in told.stdout or '\n  findings' not in told.stdout:
            complain('everyday', term, 'is not explained:', told.stdout, told.stderr)
        if seen.setdefault(term.lower(), name) != name:
            complain('everyday', term, 'is in two rows')
    if not set(leads) <= findings:
        complain('everyday', name, 'leads to', set(leads) - findings)
if len(seen) < 60:
    complain('everyday words:', len(seen))
# Messages of ASA and FTD by number: what is not known is said to be, never called ordinary.
for term, known in {'750003': 1, '%ASA-4-750003': 1, 'ASA-4-750003': 1, '402117': 1, '751009': 1, '750099': 0, '%ASA-5-750099': 0, 'ASA-5-713041': 0, '713999': 0}.items():
    total += 1
    told = run('explain', term)
    if (told.returncode == 0) != bool(known) or 'ordinary' in told.stdout or not known and f"'{term}'" not in told.stderr:
        complain(term, 'is answered with', told.returncode, told.stdout, told.stderr)
total += 1
told = run('explain', '%ASA-4-750099: Local:192.0.2.1:500 Remote:198.51.100.2:500 Something new')
if 'number 750099 is not known here' not in told.stdout or 'ordinary' in told.stdout:
    complain('a line of an unknown number is answered with', told.stdout, told.stderr)
# {misspelt: what was meant, or None}
for word, meant in {'blah': None, 'qwertz': None, 'auth-psk-mismach': 'auth-psk-mismatch', 'NO_PROPOSAL_CHOSE': 'NO_PROPOSAL_CHOSEN'}.items():
    total += 1
    told = run('explain', word)
    if not told.returncode or (meant or 'did you mean') not in told.stderr and meant or not meant and 'did you mean' in told.stderr:
        complain(word, 'is answered with', told.stderr)

# {name: (octets or None for a folder, exit status, what the sentence has)}
import random
odd = {
    'empty.log': (b'', 3, 'no IKEv2'), 'prose.txt': (b'Dear all,\nthe tunnel is down.\n', 3, 'no IKEv2'),
    'ospf.log': (b'*Mar  3 10:00:00.120: OSPF-1 HELLO Et0/1: Rcv hello from 192.0.2.9\n' * 9, 3, 'no IKEv2'),
    'binary.bin': (bytes(random.Random(1).choices(range(256), k=5000)), 2, 'neither text nor a capture'),
    'program.bin': (b'\x7fELF\x02\x01\x01' + b'\0' * 3000, 2, 'neither text nor a capture'),
    'folder': (None, 3, 'no IKEv2'), 'empty-folder': (None, 2, 'holds no file'), 'missing.log': (False, 2, 'missing.log'),
}
for name, (octets, status, sentence) in odd.items():
    total += 1
    path = os.path.join(folder, name)
    if octets is None:
        os.mkdir(path)
        if name == 'folder':
            open(os.path.join(path, 'README'), 'w').write('nothing here\n')
    elif octets is not False:
        open(path, 'wb').write(octets)
    for command in ('report', 'check'):
        p = run(command, path)
        sentence = 'no IKE SA' if command == 'check' and status == 3 else sentence
        if p.returncode != status or sentence not in p.stderr + p.stdout or len(p.stderr.strip().split('\n')) > 2:
            complain(command, name, 'exit status', p.returncode, 'not', status, p.stderr)

print('%d explained or answered, %d wrong' % (total, bad))
sys.exit(bad != 0)
PYTHON
