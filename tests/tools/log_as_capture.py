#!/usr/bin/env python3
"""log_as_capture.py IKESCOPE: what `decrypt LOG -o OUT.pcap` makes of a debug log, read by tshark.

The log of a known Story: every message has its addresses, ports, time, exchange, id and flags, and the octets of clear ones are those
that were sent but for the key length, which ASA does not print. Real ASA logs beside the checkout, if any: no malformed packet, and the
same messages in the same order as the report has them.
"""
import glob, json, os, subprocess, sys, tempfile
from cases import AsaLog, Clock, Log, Story

EXE = sys.argv[1]
REFERENCE = os.environ.get('IKESCOPE_REFERENCE', '../shared/reference')
FIELDS = ['frame.time_epoch', 'ip.src', 'ip.dst', 'udp.srcport', 'isakmp.exchangetype', 'isakmp.messageid', 'isakmp.flags', 'isakmp.length', '_ws.malformed']
bad = 0


def complain(text):
    global bad
    bad += 1
    print(text)


def rows(capture):
    out = subprocess.run(['tshark', '-n', '-r', capture, '-T', 'fields', *[a for f in FIELDS for a in ('-e', f)]], capture_output=True, text=True)
    return [dict(zip(FIELDS, line.split('\t'))) for line in out.stdout.splitlines()]


def write_back(log, out, *more):
    return subprocess.run([EXE, 'decrypt', log, '-o', out, *more], capture_output=True, text=True)


def known(tmp, side):
    story = Story(seed=11, checks=4)
    log, out = f'{tmp}/{side}.log', f'{tmp}/{side}.pcap'
    open(log, 'w').write(AsaLog(story, side, Clock(digits=0), host='fw1').text())
    done = write_back(log, out)
    got = rows(out)
    if done.returncode or len(got) != len(story.messages) or '12 of 12 messages' not in done.stderr:
        return complain(f'{side}: exit {done.returncode}, {len(got)} of {len(story.messages)} messages; {done.stderr}')
    raw = open(out, 'rb').read()[24:]
    for m, row in zip(sorted(story.messages, key=lambda m: m.at), got):
        there = 'r' if m.sender == 'i' else 'i'
        at = int(story.start.timestamp() + (m.at if m.sender == side else m.at + m.delay))
        want = {'ip.src': story.addresses[m.sender], 'ip.dst': story.addresses[there], 'udp.srcport': '500', '_ws.malformed': ''}
        if any(row[k] != v for k, v in want.items()) or int(float(row['frame.time_epoch'])) != at or int(row['isakmp.messageid'], 16) != m.number or \
                int(row['isakmp.flags'], 16) != m.flags():
            complain(f'{side}: {m.exchange} {m.number} became {row}')
        size = int.from_bytes(raw[8:12], 'little')
        octets, raw = raw[16 + 28:16 + size], raw[16 + size:]
        sent = m.octets(story.spi['i'], bytes(8) if m.exchange == 'IKE_SA_INIT' and not m.response else story.spi['r'])
        if not m.sealed:
            # 256 is 01 00: the key length differs in its first octet
            differ = [n for n in range(max(len(sent), len(octets))) if sent[n:n + 1] != octets[n:n + 1]]
            if [sent[n - 2:n] for n in differ] != [b'\x80\x0e']:
                complain(f'{side}: {m.exchange} {m.number}: octets differ at {differ}')


def real(log, tmp):
    out = f'{tmp}/{os.path.basename(log)}.pcap'
    done = write_back(log, out)
    report = json.loads(subprocess.run([EXE, '-q', '-f', 'json', log], capture_output=True, text=True).stdout)
    want = sorted((s['line'], x['type'], x['msgid'], side) for sa in report['ike_sas'] for x in sa['exchanges'] for side in ('request', 'response')
                  for s in x.get(side, {}).get('sources', []))
    got = rows(out) if os.path.exists(out) else []  # nothing to write back: no file
    for row in got:
        if row['_ws.malformed']:
            complain(f'{log}: tshark calls {row} malformed')
    if (f'{len(got)} of {len(want)} messages' if want else 'prints no message') not in done.stderr:
        complain(f'{log}: {len(want)} messages, {len(got)} packets, and it said: {done.stderr}')
    if 'asa' in os.path.basename(log) and want and len(got) < len(want) / 2:
        complain(f'{log}: of {len(want)} messages only {len(got)} were written back')
    return len(got)


def refused(tmp):
    """An IOS-XE log that only names payloads: nothing to write back, said, and no success."""
    log = f'{tmp}/names.log'
    open(log, 'w').write(Log(Story(seed=3), 'i', Clock()).text())
    done = write_back(log, f'{tmp}/names.pcap')
    if done.returncode != 2 or 'not written' not in done.stderr:
        complain(f'a log without octets: exit {done.returncode}, {done.stderr}')


with tempfile.TemporaryDirectory() as tmp:
    for side in 'ir':
        known(tmp, side)
    refused(tmp)
    written = sum(real(log, tmp) for log in sorted(glob.glob(f'{REFERENCE}/real/asa-*.log') + glob.glob(f'{REFERENCE}/logs/*.log')))
    pipe = f'{tmp}/pipe'
    os.mkfifo(pipe)
    reader = subprocess.Popen(['head', '-c', '4', pipe], stdout=subprocess.PIPE)
    piped = write_back('samples/asa-octets/fw1.log', pipe)
    if os.path.isfile(pipe) or not os.path.exists(pipe) or reader.communicate(timeout=20)[0] != b'\x4d\x3c\xb2\xa1':
        complain(f'a pipe is written to and no new file takes its place: exit {piped.returncode} {piped.stderr}')
print(f'{written} messages of real logs written back, {bad} complaints')
sys.exit(bad != 0)
