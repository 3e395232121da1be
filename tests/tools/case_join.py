#!/usr/bin/env python3
"""case_join.py IKESCOPE: cases joined from halves, random ones whose truth is known (tests/tools/cases.py).

Clocks: the reported offset, drift and steps are right within what is reported as uncertain, and every message stands at its true time.
Losses: message-lost names each message that vanished, with the part of the way, and nothing else; what a log or a capture missed is told
apart. Contents: what a log shows explains a sealed message. And order of inputs and format change none of it.
"""
import itertools, json, re, subprocess, sys, tempfile
from cases import *

EXE = sys.argv[1]
bad = count = 0


def expect(truth, text):
    global bad, count
    count += 1
    if not truth:
        bad += 1
        print(text)


class Case:
    """Inputs by name in a folder of their own; report() is their JSON report, in the order given."""

    def __init__(self, **files):
        self.folder = tempfile.TemporaryDirectory()
        self.names = []
        for name, content in files.items():
            stem, ending = name.rsplit('_', 1)
            self.names.append(f'{self.folder.name}/{stem}.{ending}')
            with open(self.names[-1], 'wb') as f:
                f.write(content if isinstance(content, bytes) else content.encode())

    def run(self, *args, order=None):
        return subprocess.run([EXE, '-q', *args, *(order or self.names)], capture_output=True, text=True).stdout

    def report(self, order=None):
        return json.loads(self.run('-f', 'json', order=order))


def rules(report, of=('message-lost', 'capture-incomplete', 'debug-incomplete')):
    return sorted(f['rule'] for f in report['findings'] if f['rule'] in of)


def place(report, name):
    return next(n for n in report['inputs'] if n['name'] == name)


def true_time(story, x, side):
    sender = 'i' if (x['from'] == 'initiator') == (side == 'request') else 'r'
    return story.find(x['type'], x['msgid'], sender, side == 'response')


def clocks(seed):
    """One clock off, drifting or stepped, in another zone or without a year, against another."""
    r = random.Random(seed)
    story = Story(seed=seed, checks=30, every=60.0, delay=r.choice([0.0005, 0.02, 0.15]))
    step = r.choice([0, 0, 90, -90, -4, 3600, -3600])
    one = Clock(offset=r.uniform(-5, 5), zone=r.choice(['UTC', 'CET', '']), zone_hours=r.choice([0, 1, -5]), year=r.random() < 0.7)
    two = Clock(offset=r.choice([0, 37 * 60, -37 * 60, 86400 * 3]), ppm=r.choice([0, 40, -100, 250]), year=r.random() < 0.7, step=step,
                step_at=r.choice([610, 905]) if step else 1e9)
    case = Case(r1_log=Log(story, 'i', one).text(), r2_log=Log(story, 'r', two).text())
    report = case.report()
    a, b = place(report, 'r1.log').get('clock'), place(report, 'r2.log').get('clock')
    sign, clock, mine, other = (1, b, two, one) if b else (-1, a, one, two)
    expect(clock is not None, f'{seed}: no clock reported')
    if not clock:
        return
    # what a stamp calls its zone is reckoned with, be it right or wrong
    mine_named, other_named = ({'CET': 1}.get(c.zone, 0) for c in (mine, other))
    want = (mine.offset + 3600 * (mine.hours - mine_named)) - (other.offset + 3600 * (other.hours - other_named))
    # the clock that gives the time may be the drifting one, and the log of r2 begins when the first message arrives
    slack = clock['uncertainty'] + 0.002 + 1e-6 * abs(two.ppm) * 2
    expect(abs(clock['offset'] - want) <= slack, f'{seed}: offset {clock["offset"]}, is {want} (uncertain {clock["uncertainty"]})')
    ppm = two.ppm * sign
    expect(abs(clock['drift_ppm'] - ppm) <= 2e6 * clock['uncertainty'] / 1800 + 2, f'{seed}: drift {clock["drift_ppm"]}, is {ppm}')
    steps = clock.get('steps', [])
    expect(len(steps) == (step != 0), f'{seed}: steps {steps}, is {step}')
    if steps and step:
        expect(abs(steps[0]['seconds'] - sign * step) <= 2 * clock['uncertainty'] + 0.01, f'{seed}: step {steps[0]}, is {step}')
    expect(not rules(report), f'{seed}: {rules(report)} of a healthy tunnel')
    expect(len(report['ike_sas']) == 1 and len(report['ike_sas'][0]['exchanges']) == 32, f'{seed}: not one SA of 32 exchanges')
    base = None
    for x in report['ike_sas'][0]['exchanges']:
        for side in ('request', 'response'):
            expect(len(x[side]['sources']) == 2, f'{seed}: {x["type"]} {x["msgid"]} {side} has {len(x[side]["sources"])} sources')
            # the report's time is that of the clock that gives it, be it right or wrong
            at = other.shown(story, true_time(story, x, side).at).timestamp()
            base = x[side]['t'] - at if base is None else base
            off = x[side]['t'] - at - base
            expect(abs(off) <= story.delay + 0.003 + clock['uncertainty'], f'{seed}: {x["type"]} {x["msgid"]} {side} is {off} off')


WHERE = {'before': 'does not have it either', 'behind': 'has it: it vanished between the point of the capture'}


def losses(seed):
    """Requests lost before and behind a capture, and packets that it missed."""
    r = random.Random(1000 + seed)
    story = Story(seed=seed, checks=16, every=60.0)
    asked = [m for m in story.messages if m.exchange == 'INFORMATIONAL' and not m.response]
    chosen = r.sample(asked, 5)
    lost = {(m.number, m.sender): where for m, where in zip(chosen[:3], r.choices(['before', 'behind'], k=3))}
    for m in chosen[:3]:
        near = lost[m.number, m.sender] == 'before'
        story.lose(m, 0.2 if near == (m.sender == 'i') else 0.8)
    missed = chosen[3:] if r.random() < 0.5 else []
    logs = {'r1_log': Log(story, 'i', Clock()).text(), 'r2_log': Log(story, 'r', Clock(offset=r.uniform(-40, 40), ppm=20)).text()}
    case = Case(**logs, wire_pcap=capture(story, offset=r.uniform(-3, 3), missing=lambda m: m in missed))
    told = None
    for order in itertools.permutations(case.names):
        report = case.report(order)
        found = [f for f in report['findings'] if f['rule'] == 'message-lost']
        expect(len(found) == 3, f'{seed}: {len(found)} messages lost, not 3')
        for f in found:
            number = int(f['cause'].split('(message id ')[1].split(')')[0])
            sender = 'i' if f['cause'].startswith('The initiator') else 'r'
            where = lost.get((number, sender), 'nowhere')
            expect(WHERE.get(where, '?') in f['cause'], f'{seed}: message {number} of {sender} was lost {where}: {f["cause"]}')
        gaps = [f for f in report['findings'] if f['rule'] == 'capture-incomplete']
        expect([f['count'] for f in gaps] == ([len(missed)] if missed else []), f'{seed}: capture-incomplete {gaps}')
        causes = sorted(f['cause'] for f in report['findings'])
        told = told or causes
        expect(causes == told, f'{seed}: the order of inputs changes the findings')
        summary = case.run(order=list(order))
        told_times = sum(int(n or 1) for n in re.findall(r'\[message-lost\b.*?\](?: ike1)?(?:, (\d+) times)?', summary))
        expect(told_times == 3, f'{seed}: the summary, which keeps less, tells {told_times} of 3')
    alone = Case(**logs).report()
    expect(len([f for f in alone['findings'] if f['rule'] == 'message-lost' and 'a capture would tell' in f['cause']]) == 3, f'{seed}: without a capture')


def quiet(seed):
    """A log that was off in the middle, or ended early: what it lacks then is not lost."""
    story = Story(seed=seed, checks=14, every=60.0)
    story.lose(story.find('INFORMATIONAL', 7, 'i', False), 0.9)
    wire = capture(story)
    paused = Case(r2_log=Log(story, 'r', Clock()).text(pause=(100, 400)), wire_pcap=wire).report()
    expect(rules(paused) == ['debug-incomplete', 'message-lost'], f'{seed}: paused: {rules(paused)}')
    expect(all('message id 7' in f['cause'] for f in paused['findings'] if f['rule'] == 'message-lost'), f'{seed}: paused: another message')
    ended = Case(r1_log=Log(story, 'i', Clock()).text(), r2_log=Log(story, 'r', Clock()).text(until=300), wire_pcap=wire).report()
    expect(rules(ended) == [], f'{seed}: ended: {rules(ended)}')


def contents(seed):
    """The responder's log and a sealed capture: one message, the log's payloads, the capture's length and flags."""
    story = Story(seed=seed, checks=2)
    case = Case(r2_log=Log(story, 'r', Clock(offset=-300), dump='fields').text(), wire_pcap=capture(story))
    for order in (case.names, case.names[::-1]):
        sa = case.report(order)['ike_sas'][0]
        auth = next(x for x in sa['exchanges'] if x['type'] == 'IKE_AUTH')
        for side in ('request', 'response'):
            m = auth[side]
            expect(m['decryption'] == 'from-log' and len(m['sources']) == 2, f'{seed}: IKE_AUTH {side}: {m["decryption"]}, {m["sources"]}')
            expect(m['length'] == story.find('IKE_AUTH', 1, 'ir'[side == 'response'], side == 'response').length, f'{seed}: length of IKE_AUTH {side}')
            expect([p['type'] for p in m['payloads']][1:5] == ['AUTH', 'SA', 'TSi', 'TSr'], f'{seed}: payloads of IKE_AUTH {side}')
        init = next(x for x in sa['exchanges'] if x['type'] == 'IKE_SA_INIT')
        ke = next(p for p in init['request']['payloads'] if p['type'] == 'KE')
        expect(ke.get('data') == story.octets('ke i', 256).hex(), f'{seed}: the capture\'s octets explain the log\'s KE')


def points(seed):
    """Captures at both ends of the way."""
    story = Story(seed=seed, checks=8)
    for number, who in ((3, 'i'), (2, 'r')):
        story.lose(story.find('INFORMATIONAL', number, who, False), 0.5)
    report = Case(r1_log=Log(story, 'i', Clock()).text(), r2_log=Log(story, 'r', Clock(offset=9)).text(), near_pcap=capture(story, 3, 0.1),
                  far_pcap=capture(story, -4, 0.9)).report()
    causes = sorted(f['cause'] for f in report['findings'] if f['rule'] == 'message-lost')
    expect(len(causes) == 2 and 'near.pcap has it and far.pcap has not' in causes[0] and 'far.pcap has it and near.pcap has not' in causes[1],
           f'{seed}: two points: {causes}')


def one_file(seed):
    """Both routers' logs one behind the other in one file, with prompts: the same exchanges, losses and times as of two."""
    story = Story(seed=seed, checks=14, every=60.0)
    story.lose(story.find('INFORMATIONAL', 4, 'i', False), 0.5)
    ahead = (37 * 60, -11, 0.2)[seed % 3]
    texts = Log(story, 'i', Clock()).text(), Log(story, 'r', Clock(offset=ahead)).text()
    two, one = Case(r1_log=texts[0], r2_log=texts[1]), Case(both_log=''.join(f'r{n + 1}#terminal monitor\n{t}\nr{n + 1}#\n' for n, t in enumerate(texts)))
    a, b = two.report(), one.report()

    def told(report):
        return [(x['type'], x.get('msgid'), x.get('from'), x.get('outcome')) for x in report['ike_sas'][0]['exchanges']]
    expect(rules(a) == rules(b) and 'message-lost' in rules(b), f'{seed}: one file: {rules(b)}, two: {rules(a)}')
    expect(told(a) == told(b), f'{seed}: one file has other exchanges than two')
    for x, y in zip(a['ike_sas'][0]['exchanges'], b['ike_sas'][0]['exchanges']):
        for leg in ('request', 'response'):
            if 't' in x.get(leg, {}) and 't' in y.get(leg, {}):
                expect(abs(x[leg]['t'] - y[leg]['t']) < 0.2, f'{seed}: one file: {x["type"]} {x["msgid"]} {leg} at {y[leg]["t"]}, not {x[leg]["t"]}')
    counted = [re.search(r'INFORMATIONAL x\d+ ok', c.run()) for c in (two, one)]
    expect(all(counted) and counted[0][0] == counted[1][0], f'{seed}: one file: the summary counts {counted}')
    arrows = [re.findall(r'IKE_\w+ \w+, id \d+|INFORMATIONAL \w+, id \d+', c.run('-f', 'ladder')) for c in (two, one)]
    expect(arrows[0] == arrows[1] and len(arrows[0]) > 20, f'{seed}: one file: the ladder has another order')


def begun_later():
    """One router's debugs were turned on later than the other's: whichever log is named first, the SA begins where it began."""
    story = Story(seed=5, checks=3)
    early, late = Log(story, 'i', Clock()).text(), Log(story, 'r', Clock()).text(since=100)
    both = [f'r{n + 1}#terminal monitor\n{t}\nr{n + 1}#\n' for n, t in enumerate((early, late))]
    for case in Case(r1_log=early, r2_log=late), Case(r2_log=late, r1_log=early), Case(one_log=both[0] + both[1]), Case(one_log=both[1] + both[0]):
        told = [(x['type'], x['msgid']) for x in case.report()['ike_sas'][0]['exchanges']]
        expect(told[:2] == [('IKE_SA_INIT', 0), ('IKE_AUTH', 1)] and len(told) == 5, f'{case.names}: the exchanges are {told}')
        summary = ' '.join(case.run().split())
        expect('10:00:00.120 to 10:03:00.142' in summary, f'{case.names}: the summary tells another time: {summary[:300]}')


for seed in range(24):
    clocks(seed)
for seed in range(3):
    one_file(seed)
begun_later()
for seed in range(4):
    losses(seed)
for seed in range(3):
    quiet(seed)
    contents(seed)
    points(seed)
print(f'{count} expectations, {bad} not met')
sys.exit(bad != 0 or count < 1000)
