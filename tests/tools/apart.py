#!/usr/bin/env python3
"""apart.py PROGRAM MAKE_LOG [SAS INTERLEAVED]: many IKE SAs at once are kept apart. Logs of SAs that come up between each
other, in both roles on one device, with SA ids that go from one to the next, are written in each dialect; what the report
says of each SA is held against what regular expressions find in the log by themselves: its transitions with line, message
id, state and event, role, SA id, last state, dwell times, outcome, and to which SA each line with an SA id belongs."""
import collections, json, os, re, subprocess, sys, tempfile

TRACE = re.compile(r'SM Trace-> SA: I_SPI=(\w{16}) R_SPI=(\w{16}) \(([IR])\) MsgID = (\d+) CurState: (\w+) Event: (\w+)')
ID = re.compile(r'SA ID = (\d+)\):|^IKEv2-PROTO-\d: \((\d+)\): ')
PACKET = re.compile(r'Initiator SPI : (\w{16}) - Responder SPI : (\w{16})')
CLOCK = re.compile(r'May +(\d+) (?:\d{4} )?(\d\d):(\d\d):(\d\d)\.(\d{3})')
WAITS = {'I_WAIT_INIT', 'R_WAIT_AUTH'}


def told_by_hand(lines):
    """What the log says, by SPI of the initiator; and which of them each line with an SA id belongs to."""
    sas, owner, holder = collections.OrderedDict(), {}, {}
    for n, line in enumerate(lines, 1):
        tag, trace = ID.search(line), TRACE.search(line)
        if trace or 'Packet [' in line:
            spi = trace[1] if trace else PACKET.search(lines[n])[1]
            holder[int(tag[1] or tag[2])] = spi.lower()
        if tag:
            owner[n] = holder[int(tag[1] or tag[2])]
        if not trace:
            continue
        sa = sas.setdefault(trace[1].lower(), {'steps': [], 'spi_r': None, 'role': None, 'id': int(tag[1] or tag[2]), 'last': None})
        if int(trace[2], 16):
            sa['spi_r'] = trace[2].lower()
        sa['role'] = {'I': 'initiator', 'R': 'responder'}[trace[3]]
        sa['steps'].append((n, int(trace[4]), trace[5], trace[6]))
        at = CLOCK.search(line)
        if at:
            sa.setdefault('clock', []).append((int(at[1]) * 86400 + int(at[2]) * 3600 + int(at[3]) * 60 + int(at[4])) * 1000 + int(at[5]))
    return sas, owner


def outcome_by_hand(sa):
    states = [(state, event) for _, _, state, event in sa['steps']]
    if any(s == 'DELETE' for s, _ in states):
        return {'deleted'}
    if any(s == 'READY' for s, _ in states):
        return {'established'}
    return {'incomplete', 'failed'}


def dwell_by_hand(sa):
    """Milliseconds in each state but the last, all stays together."""
    spent = collections.Counter()
    steps = list(zip(sa['steps'], sa['clock']))
    for (step, since), (_, until) in zip(steps, steps[1:]):
        spent[step[2]] += until - since
    return spent


def compare(program, dialect, path):
    lines = open(path).read().split('\n')
    by_hand, owner = told_by_hand(lines)
    report = json.loads(subprocess.run([program, '-f', 'json', '--events', path], capture_output=True, check=True, timeout=120).stdout)
    wrong = []
    told = {sa['spi_i']: sa for sa in report['ike_sas']}
    if len(told) != len(report['ike_sas']) or set(told) != set(by_hand):
        wrong.append('%d SAs in the report, %d in the log' % (len(report['ike_sas']), len(by_hand)))
    for spi, want in by_hand.items():
        sa = told.get(spi)
        if not sa:
            continue
        view = sa['views'][0]
        steps = [(t['line'], t['msgid'], t['state'], t['event']) for t in view['transitions']]
        got = [(steps, sa.get('spi_r'), view.get('role'), view.get('sa_id'), view.get('final_state'))]
        hand = [(want['steps'], want['spi_r'], want['role'], want['id'], want['steps'][-1][2])]
        if got != hand:
            wrong.append('%s: %s, not %s' % (spi, str(got)[-200:], str(hand)[-200:]))
        if sa['outcome'] not in outcome_by_hand(want):
            wrong.append('%s: %s, not %s' % (spi, sa['outcome'], outcome_by_hand(want)))
        stays = {s['state']: s for s in view['states']}
        if 'clock' in want:
            spent = dwell_by_hand(want)
            off = [s for s in spent if s != want['steps'][-1][2] and abs(spent[s] - 1000 * stays[s].get('seconds', 0)) > 1]
            if off:
                wrong.append('%s: time in %s is not what the clock says' % (spi, off))
        left_none = want['steps'][-1][2] in WAITS
        if left_none != any(s.get('never_left') for s in stays.values()):
            wrong.append('%s: never left: %s' % (spi, list(stays.values())[-1]))
    ids = {sa['id']: sa['spi_i'] for sa in report['ike_sas']}
    strays = [e['line'] for e in report['events'] if e['line'] in owner and ids.get(e.get('ike_sa')) != owner[e['line']]]
    if strays:
        wrong.append('%d lines with another SA than the log gives them, first line %d: %s' % (len(strays), strays[0], lines[strays[0] - 1]))
    reused = len(by_hand) - len({sa['id'] for sa in by_hand.values()})
    roles = collections.Counter(sa['role'] for sa in by_hand.values())
    print('%s: %d SAs (%s), %d with an SA id used before, %d transitions, %d lines of known SA: %s' %
          (dialect, len(by_hand), ', '.join('%d as %s' % (n, r) for r, n in sorted(roles.items())), reused,
           sum(len(sa['steps']) for sa in by_hand.values()), len(owner), 'apart' if not wrong else '%d differ' % len(wrong)))
    for w in wrong[:8]:
        print('  ' + w)
    return not wrong and len(roles) == 2 and reused > 0


def main():
    program, make_log = sys.argv[1:3]
    sas, abreast = sys.argv[3:5] or ('120', '16')
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for dialect in ('ios', 'iosxe', 'asa'):
            path = os.path.join(folder, dialect + '.log')
            with open(path, 'wb') as out:
                subprocess.run([make_log, dialect, sas, '0', abreast, 'both-roles'], stdout=out, check=True)
            good &= compare(program, dialect, path)
    return not good


sys.exit(main())
