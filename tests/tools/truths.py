#!/usr/bin/env python3
"""truths.py IKESCOPE [NAME...]: the logs of tests/logs and the cases of tests/cases (a folder each: logs, configurations, show output of one or more
routers), whose truth (NAME.truth.json, beside the log or the folder) was written before the program had read them, by one who knew the devices and not
the program.

A truth has `sas` (SPIs, role, final_state, addresses, outcome; where the log tells them, what of the report's members `auth`, `proposal`,
`start_seen`, `exchanges` and, of its Child SAs, `child_sas` must be there; null: nothing), the first finding (`root_cause`; null: nothing is wrong), and where more than one
answer is right, `also_outcome`, `also_ok`, `optional_sas`; `expect_also` findings that must be there, `no_error` none that may, `expect_outcomes` those
of SAs without SPIs, `unparsed` how many lines are none of a log (prose around it), `possible` that the first finding may be no more than that, `doubt` what in the
log was written from memory.

A case's truth may also have, of its first finding: `severity`; `quotes`, pairs of a file and one of its lines, each of which it must quote; `fix_words`
that its advice must hold, by side or for all (`{"responder": ["KR-WAN"]}` or `["KR-WAN"]`), `fix_never` that it may not, by side, and `cause_words`
that title or cause must. `alone`: nothing else is an error or a warning but what `expect_also` names. `never` are rules that may not be found at all,
`screen` words that the summary must have.

Of a case the SAs, Child SAs and findings must be the same with the last input named first.

`belongs` says of an SPI of an SA which lines' events are of that SA; of `none`, which are of no SA.
"""
import glob, json, os, subprocess, sys

EXE, only = sys.argv[1], sys.argv[2:]
MEANS = {'up': 'established', 'ike-up-no-child': 'established'}


def wrong_input(given, octets, unparsed):
    lines = given['lines']
    total = octets.count(b'\n') + (not octets.endswith(b'\n'))
    counted = sum(lines[k] for k in ('event', 'continuation', 'noise', 'blank', 'unparsed'))
    if not total == counted == lines['total']:
        yield f'{total} lines, of which {counted} are counted and {lines["total"]} said'
    if lines['unparsed'] != unparsed:
        yield f'{lines["unparsed"]} lines not understood'


def wrong_lines(report, path, unparsed):
    """Every file of the case was read, and every line of it counted."""
    files = sorted(glob.glob(path + '/*')) if os.path.isdir(path) else [path]
    if len(report['inputs']) != len(files):
        yield f'{len(files)} files, {len(report["inputs"])} inputs'
    for given in report['inputs']:
        file = next(f for f in files if os.path.basename(f) == os.path.basename(given['name']))
        for what in wrong_input(given, open(file, 'rb').read(), unparsed):
            yield f'{os.path.basename(file)}: {what}'


def wrong_view(sa, truth):
    views = sa['views']
    if 'views' in truth:
        for role, state in truth['views'].items():
            got = [v.get('final_state') for v in views if v.get('role') == role]
            if got[:1] != [state]:
                yield f'the {role} ends in {got}, not {state}'
        return
    if len(views) != 1:
        yield f'{len(views)} views'
        return
    for key in ('role', 'final_state'):
        if key in truth and (truth[key] or key == 'final_state') and views[0].get(key) != truth[key]:
            yield f'{key} is {views[0].get(key)}, not {truth[key]}'
    sides = ('initiator', 'responder') if truth['role'] == 'initiator' else ('responder', 'initiator')
    for side, want in zip(sides, (truth['local'], truth['peer'])):
        got = sa.get(side, {}).get('address', '')
        if want and got.lower() != want.lower():
            yield f'the {side} is {got}, not {want}'


def is_meant(sa, t):
    """An SA without SPIs, which its log never names, is known by its addresses: of syslog alone."""
    if t['i_spi']:
        return sa.get('spi_i', '').lower() == t['i_spi'].lower() and sa.get('spi_r', '').lower() == (t['r_spi'] or '').lower()
    ends = {sa.get(s, {}).get('address') for s in ('initiator', 'responder')}
    ends |= {v[k].rsplit(':', 1)[0] for v in sa['views'] for k in ('local', 'remote') if k in v}
    return 'spi_i' not in sa and {t['local'], t['peer']} <= ends


def holds(got, want):
    """Has it all that is wanted, and perhaps more? null: nothing may be there."""
    if isinstance(want, dict):
        return all(got is not None and holds(got.get(k), v) for k, v in want.items())
    if isinstance(want, list):
        return isinstance(got, list) and len(got) == len(want) and all(map(holds, got, want))
    return got == want


def wrong_members(report, sa, truth):
    children = [c for c in report['child_sas'] if c['ike_sa'] == sa['id']]
    for key in ('auth', 'proposal', 'start_seen', 'exchanges', 'child_sas'):
        got = children if key == 'child_sas' else sa.get(key)
        if key in truth and not holds(got, truth[key]):
            yield f'{key} is {got}, not {truth[key]}'


def wrong_sas(report, truth):
    left = list(report['ike_sas'])
    for t in truth['sas'] + truth.get('optional_sas', []):
        sa = next((x for x in left if is_meant(x, t)), None)
        if sa is None:
            if t in truth['sas']:
                yield f'no SA {t["i_spi"]}/{t["r_spi"]} of {t.get("peer")}'
            continue
        left.remove(sa)
        outcomes = [MEANS.get(o, o) for o in [t['outcome']] + t.get('also_outcome', [])] if 'outcome' in t else [sa['outcome']]
        for what in (*wrong_view(sa, t), *wrong_members(report, sa, t)):
            yield f'{sa["id"]}: {what}'
        if sa['outcome'] not in outcomes:
            yield f'{sa["id"]}: {sa["outcome"]}, not {outcomes}'
    if any('spi_i' in sa for sa in left) or (left and truth['sas'] and not truth['sas'][0]['i_spi']):
        yield f'SAs too many: {[sa["id"] for sa in left]}'
    wanted = truth.get('expect_outcomes')
    if wanted and sorted(sa['outcome'] for sa in report['ike_sas']) != sorted(wanted):
        yield f'outcomes other than {wanted}'


def wrong_findings(report, truth):
    found, cause = report['findings'], truth['root_cause']
    yield from (f'{f["rule"]} says "(unknown)"' for f in found if '(unknown)' in json.dumps([f['cause'], f['title'], f.get('fix')]))
    rules = [f['rule'] for f in found]
    if cause is None or truth.get('no_error'):
        errors = [f['rule'] for f in found if f['severity'] == 'error']
        if errors:
            yield f'errors where nothing is wrong: {errors}'
    if cause:
        right = [cause] + truth.get('also_ok', [])
        first = found[:1] if not truth.get('no_error') else [f for f in found if f['rule'] in right]
        if not first or first[0]['rule'] not in right or (first[0]['confidence'] == 'possible' and not truth.get('possible')):
            yield f'{rules}, not {right} first'
        elif not truth.get('no_error') and truth.get('severity', first[0]['severity']) != first[0]['severity']:
            yield f'{first[0]["rule"]} is of severity {first[0]["severity"]}'
    for rule in truth.get('expect_also', []):
        if rule not in rules:
            yield f'no {rule} among {rules}'


def wrong_quotes(report, path, finding, quotes):
    names = {i['id']: os.path.basename(i['name']) for i in report['inputs']}
    quoted = {(names.get(e['input']), e.get('line')) for e in finding.get('evidence', []) + finding.get('config', []) if 'input' in e}
    for file, want in quotes:
        lines = [n for n, line in enumerate(open(os.path.join(path, file), encoding='latin-1'), 1) if line.strip() == want]
        if not lines:
            yield f'{file} has no line "{want}"'
        elif not any((file, n) in quoted for n in lines):
            yield f'{finding["rule"]} does not quote {file}: {want}'


def wrong_first(report, truth, path):
    """What a case's truth says of the first finding."""
    first = next((f for f in report['findings'] if f['rule'] in [truth['root_cause']] + truth.get('also_ok', [])), None)
    if first:
        yield from wrong_quotes(report, path, first, truth.get('quotes', []))
        fix, words = first.get('fix', {}), truth.get('fix_words', [])
        sides = words.items() if isinstance(words, dict) else [(None, words)]
        for side, wanted in sides:
            said = '\n'.join(line for s, lines in fix.items() if side in (None, s) for line in lines)
            yield from (f'the advice{" for the " + side if side else ""} lacks "{w}"' for w in wanted if w not in said)
        yield from (f'the advice for the {s} has "{w}"' for s, never in truth.get('fix_never', {}).items() for w in never if w in '\n'.join(fix.get(s, [])))
        yield from (f'the cause lacks "{w}"' for w in truth.get('cause_words', []) if w not in first['title'] + first['cause'])
    others = [f['rule'] for f in report['findings'] if f is not first and f['severity'] != 'note' and f['rule'] not in truth.get('expect_also', [])]
    if truth.get('alone') and others:
        yield f'{others} beside it'
    yield from (f'{f["rule"]} was found' for f in report['findings'] if f['rule'] in truth.get('never', []))


def wrong_summary(report, truth, path):
    """The summary keeps less of what it read, and must tell the same."""
    said = subprocess.run([EXE, '-q', '--color', 'never', path], capture_output=True, text=True).stdout
    if int(said.split()[0]) != len(report['ike_sas']):
        yield f'the summary tells of {said.split()[0]} SAs, the report of {len(report["ike_sas"])}'
    first = next((f['rule'] for f in report['findings'] if f['severity'] == 'error'), None)
    if first and f'[{first}' not in said:
        yield f'the summary does not name {first}'
    yield from (f'the summary lacks "{words}"' for words in truth.get('screen', []) if words not in ' '.join(said.split()))


def wrong_events(report, truth):
    """Whose each line is."""
    names = {sa['id']: sa.get('spi_i', '').lower() for sa in report['ike_sas']}
    for spi, lines in truth.get('belongs', {}).items():
        for e in report['events']:
            if e.get('line') in lines and names.get(e.get('ike_sa'), 'none') != spi.lower():
                yield f'line {e["line"]} is of {names.get(e.get("ike_sa"), "none")}, not {spi}'


def gist(report):
    """What may not hang on the order in which inputs are named."""
    return {
        'SAs': sorted(str((sa.get('spi_i'), sa.get('spi_r'), sa['outcome'])) for sa in report['ike_sas']),
        'exchanges': sorted(str([sa.get('spi_i')] + [(x['type'], x.get('msgid')) for x in sa['exchanges']]) for sa in report['ike_sas']),
        'exchanges': sorted(str([sa.get('spi_i')] + [(x['type'], x.get('msgid')) for x in sa['exchanges']]) for sa in report['ike_sas']),
        'Child SAs': sorted(str([c.get(k) for k in ('spi_i', 'spi_r', 'outcome', 'tsi', 'tsr')]) for c in report['child_sas']),
        'findings': sorted(str((f['rule'], f['severity'], f['confidence'])) for f in report['findings']),
    }


def wrong_order(report, path):
    files = [os.path.join(path, f) for f in sorted(os.listdir(path), reverse=True)] if os.path.isdir(path) else []
    if len(files) < 2 or any(map(os.path.isdir, files)):
        return
    other = gist(json.loads(subprocess.run([EXE, '-q', '-f', 'json', *files], capture_output=True).stdout))
    yield from (f'{what} are {other[what]} with the last input first, not {have}' for what, have in gist(report).items() if have != other[what])


def wrongs(path, truth_path):
    truth = json.load(open(truth_path))
    run = subprocess.run([EXE, '-q', '-f', 'json', *(['--events'] if 'belongs' in truth else []), path], capture_output=True)
    report = json.loads(run.stdout)
    yield from wrong_lines(report, path, truth.get('unparsed', 0))
    yield from wrong_sas(report, truth)
    yield from wrong_findings(report, truth)
    yield from wrong_first(report, truth, path)
    yield from wrong_summary(report, truth, path)
    yield from wrong_events(report, truth)
    yield from wrong_order(report, path)


here = os.path.dirname(os.path.abspath(__file__))
bad = total = 0
for truth_path in sorted(glob.glob(here + '/../logs/*.truth.json') + glob.glob(here + '/../cases/*.truth.json')):
    path = truth_path[:-len('.truth.json')]
    name = os.path.basename(path)
    if only and name not in only:
        continue
    wrong = [*wrongs(path if os.path.isdir(path) else path + '.log', truth_path)]
    total += 1
    bad += bool(wrong)
    if wrong:
        print(f'{name}: ' + '; '.join(wrong))
print(f'{total} logs and cases, {bad} read otherwise than their truth')
sys.exit(bad > 0 or total == 0)
