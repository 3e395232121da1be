#!/usr/bin/env python3
"""truths.py IKESCOPE [NAME...]: the logs of tests/logs, whose truth (NAME.truth.json) was written before the program had read them, by one who knew
the devices and not the program.

A truth has `sas` (SPIs, role, final_state, addresses, outcome), the first finding (`root_cause`; null: nothing is wrong), and where more than one
answer is right, `also_outcome`, `also_ok`, `optional_sas`; `expect_also` findings that must be there, `no_error` none that may, `expect_outcomes` those
of SAs without SPIs, `doubt` what in the log was written from memory.
"""
import glob, json, os, subprocess, sys

EXE, only = sys.argv[1], sys.argv[2:]
MEANS = {'up': 'established', 'ike-up-no-child': 'established'}


def wrong_lines(report, octets):
    lines = report['inputs'][0]['lines']
    total = octets.count(b'\n') + (not octets.endswith(b'\n'))
    counted = sum(lines[k] for k in ('event', 'continuation', 'noise', 'blank', 'unparsed'))
    if not total == counted == lines['total']:
        yield f'{total} lines, of which {counted} are counted and {lines["total"]} said'
    if lines['unparsed']:
        yield f'{lines["unparsed"]} lines not understood'


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
        if (truth[key] or key == 'final_state') and views[0].get(key) != truth[key]:
            yield f'{key} is {views[0].get(key)}, not {truth[key]}'
    sides = ('initiator', 'responder') if truth['role'] == 'initiator' else ('responder', 'initiator')
    for side, want in zip(sides, (truth['local'], truth['peer'])):
        got = sa.get(side, {}).get('address', '')
        if want and got.lower() != want.lower():
            yield f'the {side} is {got}, not {want}'


def wrong_sas(report, truth):
    left = list(report['ike_sas'])
    for t in truth['sas'] + truth.get('optional_sas', []):
        sa = next((x for x in left if x.get('spi_i', '').lower() == t['i_spi'].lower() and x.get('spi_r', '').lower() == (t['r_spi'] or '').lower()), None)
        if sa is None:
            if t in truth['sas']:
                yield f'no SA {t["i_spi"]}/{t["r_spi"]}'
            continue
        left.remove(sa)
        outcomes = [MEANS.get(o, o) for o in [t['outcome']] + t.get('also_outcome', [])]
        for what in wrong_view(sa, t):
            yield f'{sa["id"]}: {what}'
        if sa['outcome'] not in outcomes:
            yield f'{sa["id"]}: {sa["outcome"]}, not {outcomes}'
    if any('spi_i' in sa for sa in left):
        yield f'SAs too many: {[sa["id"] for sa in left]}'
    wanted = truth.get('expect_outcomes')
    if wanted and sorted(sa['outcome'] for sa in report['ike_sas']) != sorted(wanted):
        yield f'outcomes other than {wanted}'


def wrong_findings(report, truth):
    found, cause = report['findings'], truth['root_cause']
    rules = [f['rule'] for f in found]
    if cause is None or truth.get('no_error'):
        errors = [f['rule'] for f in found if f['severity'] == 'error']
        if errors:
            yield f'errors where nothing is wrong: {errors}'
    if cause:
        right = [cause] + truth.get('also_ok', [])
        first = found[:1] if not truth.get('no_error') else [f for f in found if f['rule'] in right]
        if not first or first[0]['rule'] not in right or first[0]['confidence'] == 'possible':
            yield f'{rules}, not {right} first'
        elif not truth.get('no_error') and truth.get('severity', first[0]['severity']) != first[0]['severity']:
            yield f'{first[0]["rule"]} is of severity {first[0]["severity"]}'
    for rule in truth.get('expect_also', []):
        if rule not in rules:
            yield f'no {rule} among {rules}'


def wrong_summary(report, path):
    """The summary keeps less of what it read, and must tell the same."""
    said = subprocess.run([EXE, '-q', '--color', 'never', path], capture_output=True, text=True).stdout
    if int(said.split()[0]) != len(report['ike_sas']):
        yield f'the summary tells of {said.split()[0]} SAs, the report of {len(report["ike_sas"])}'
    first = next((f['rule'] for f in report['findings'] if f['severity'] == 'error'), None)
    if first and f'[{first}' not in said:
        yield f'the summary does not name {first}'


bad = total = 0
for path in sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../logs/*.log'))):
    name = os.path.basename(path)[:-4]
    if only and name not in only:
        continue
    run = subprocess.run([EXE, '-q', '-f', 'json', path], capture_output=True)
    report, truth = json.loads(run.stdout), json.load(open(path[:-4] + '.truth.json'))
    wrong = [*wrong_lines(report, open(path, 'rb').read()), *wrong_sas(report, truth), *wrong_findings(report, truth), *wrong_summary(report, path)]
    total += 1
    bad += bool(wrong)
    if wrong:
        print(f'{name}: ' + '; '.join(wrong))
print(f'{total} logs, {bad} read otherwise than their truth')
sys.exit(bad > 0 or total == 0)
