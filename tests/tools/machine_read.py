#!/usr/bin/env python3
"""machine_read.py PROGRAM [PART OF A NAME...]: all that machines read, of all samples, logs and cases: in JSON no member stands twice, XML is well
formed, a mermaid or PlantUML drawing holds no line that its language does not know and no arrow from or to one who takes no part."""
import glob, os, re, subprocess, sys, tempfile
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from share import share
from validating import parsed, text_of

program, only = sys.argv[1], sys.argv[2:]
REPORT = ('json', 'ndjson', 'mermaid', 'plantuml', 'svg')
CHECK = ('json', 'junit', 'sarif', 'gitlab', 'tap', 'github', 'prometheus')
ENDS = r'(P\d+)'
# What a text may hold: no sign that means anything, but as the language's own escape, and the breaks that we write
MERMAID = r'(?:[\w .,()/-]|#\d+;|<br/>)+'
PLANTUML = r'(?:[\w .,()/-]|<U\+[0-9A-F]{4}>|\\n)+'
WORDS = {
    'mermaid': [('part', rf'    participant {ENDS} as {MERMAID}'), ('use', rf'    {ENDS}(?:-?->>|-?-x){ENDS}: {MERMAID}'),
                ('use', rf'    Note over {ENDS}(?:,{ENDS})?: {MERMAID}')],
    'plantuml': [('part', rf'participant "{PLANTUML}" as {ENDS}'), ('use', rf'    {ENDS}(?:-?->|-?-\[#A8201A\]>x ){ENDS}: {PLANTUML}'),
                 ('use', rf'    h?note over {ENDS}(?:,{ENDS})?(?: #FBE4E2)? : {PLANTUML}'), ('', rf'== {PLANTUML} =='), ('', rf'\.\.\. {PLANTUML} \.\.\.'),
                 ('', r'(?:hide footbox|skinparam \w+ (?:false|#[0-9A-F]{6}))')]}


def drawing(kind, lines):
    first, last = {'mermaid': ('sequenceDiagram', None), 'plantuml': ('@startuml', '@enduml')}[kind]
    if lines[:1] != [first] or (last and lines[-1:] != [last]):
        yield 'has no beginning or no end'
    parts, rows = set(), [(what, re.compile(row, re.ASCII)) for what, row in WORDS[kind]]
    for line in lines[1:-1] if last else lines[1:]:
        for what, row in rows:
            found = row.fullmatch(line)
            if found:
                break
        else:
            yield f'no line of its language: {line[:120]!r}'
            continue
        ends = {g for g in found.groups() if g}
        if what == 'part':
            parts |= ends
        elif ends - parts:
            yield f'{ends - parts} take no part: {line[:120]!r}'


def wrong(kind, name):
    text = text_of(name)
    if kind in ('mermaid', 'plantuml'):
        yield from drawing(kind, text.splitlines())
    elif kind in ('junit', 'svg'):
        try:
            xml.fromstring(text.encode())
        except xml.ParseError as e:
            yield str(e)
    elif kind in ('ndjson', 'stream'):
        for n, line in enumerate(text.splitlines(), 1):
            try:
                parsed(line)
            except ValueError as e:
                yield f'line {n}: {e}'
    elif kind in ('json', 'sarif', 'gitlab'):
        parsed(text)


def outputs(folder, files):
    """Everything that is written of these inputs: kind, file."""
    for command, kinds in (('report', REPORT), ('check', CHECK)):
        options = [a for k in kinds for a in ('-o', f'{k}={folder}/{command}.{k}')]
        more = ['--events'] if command == 'report' else []
        run = subprocess.run([program, command, '-q', *more, *options, *files], capture_output=True, timeout=120)
        if run.returncode > (0 if command == 'report' else 1) and run.returncode != 3:
            raise ValueError(f'{command} exits {run.returncode}: {run.stderr[-200:]}')
        yield from ((k, f'{folder}/{command}.{k}') for k in kinds)
    logs = [f for f in files if f.endswith('.log') and not f.startswith('-')]
    if logs:
        run = subprocess.run([program, 'stream', '-q', '-o', f'{folder}/stream', *logs], capture_output=True, timeout=120)
        if run.returncode == 0:
            yield 'stream', f'{folder}/stream'
        elif b' is a table (CSV)' not in run.stderr and b' is JSON in one piece' not in run.stderr:  # which no stream reads
            raise ValueError(f'stream exits {run.returncode}: {run.stderr[-200:]}')


def inputs():
    for name in sorted(glob.glob('tests/logs/*.log')):
        yield name, [name]
    for name in sorted(glob.glob('tests/cases/*/')):
        yield name, sorted(glob.glob(name + '*'))
    for name in sorted(glob.glob('samples/*/')):
        files = [f for f in sorted(glob.glob(name + '*')) if f.endswith(('.log', '.pcap', '.pcapng', '.cfg', '.show', '.txt'))]
        if files:
            yield name, files + [a for f in sorted(glob.glob(name + 'keys*')) for a in ('-k', f)]


bad = read = 0
for name, files in share(inputs()):
    if only and not any(o in name for o in only):
        continue
    with tempfile.TemporaryDirectory() as folder:
        try:
            complaints = [f'{kind}: {c}' for kind, file in outputs(folder, files) for c in wrong(kind, file)]
        except (ValueError, subprocess.SubprocessError) as e:
            complaints = [str(e)]
    read += 1
    bad += bool(complaints)
    for c in complaints[:5]:
        print(f'{name}: {c}')
print(f'{read} inputs, {bad} with an output that a machine cannot read')
sys.exit(bool(bad) or not read)
