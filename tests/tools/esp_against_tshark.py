#!/usr/bin/env python3
"""Holds `ikescope decrypt` and the report against tshark, packet by packet, on the lab captures and with their own tables.

  esp_against_tshark.py IKESCOPE CAPTURES

ESP: time, addresses, protocol fields and content of every packet that tshark decrypts. IKE: the payload types of every
message that tshark decrypts. Where tshark 4.0 is known to be wrong the pair is left out, with the reason beside it.
"""
import collections, glob, json, os, shutil, subprocess, sys, tempfile

EXE, CAPTURES = sys.argv[1], sys.argv[2]
FIELDS = ['frame.time_epoch', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'icmp.seq', 'icmpv6.echo.sequence_number', 'tcp.seq_raw', 'tcp.len',
          'udp.length', 'gre.proto', 'data.data']
# Names of payload types by number, RFC 7296 and its successors.
TYPES = {33: 'SA', 34: 'KE', 35: 'IDi', 36: 'IDr', 37: 'CERT', 38: 'CERTREQ', 39: 'AUTH', 40: 'Nonce', 41: 'N', 42: 'D', 43: 'V', 44: 'TSi',
         45: 'TSr', 46: 'SK', 47: 'CP', 48: 'EAP', 53: 'SKF'}


def tshark(home, capture, show, fields):
    env = {**os.environ, 'HOME': home, 'XDG_CONFIG_HOME': home + '/.config'}
    out = subprocess.run(['tshark', '-n', '-r', capture, '-o', 'esp.enable_encryption_decode:TRUE', '-o', 'ip.defragment:TRUE',
                          *(['-Y', show] if show else []), '-T', 'fields', *[a for f in fields for a in ('-e', f)]],
                         capture_output=True, text=True, env=env)
    return [line.split('\t') for line in out.stdout.splitlines()]


def innermost(row):
    """A packet's own fields: of those that occur once a header, the last one."""
    cells = dict(zip(FIELDS, row + [''] * len(FIELDS)))
    last = {k: v.split(',')[-1] for k, v in cells.items()}
    four, six = cells['ip.src'].split(','), cells['ipv6.src'].split(',')
    return (last['frame.time_epoch'], last['icmp.seq'], last['icmpv6.echo.sequence_number'], last['tcp.seq_raw'], last['tcp.len'], last['gre.proto'],
            last['data.data'], last['ip.src'] if four != [''] else '', last['ipv6.src'] if six != [''] else '')


def esp(folder, capture, home, tmp):
    theirs = [innermost(r) for r in tshark(home, capture, 'esp and (icmp or icmpv6 or tcp or udp.length or gre)', FIELDS) if len(r) > 6]
    # ESP in UDP has a UDP header of its own: without an inner protocol it was not decrypted.
    theirs = [t for t in theirs if any(t[1:6])]
    out = tmp + '/plain.pcap'
    if os.path.exists(out):
        os.unlink(out)
    subprocess.run([EXE, 'decrypt', capture, '-k', folder + '/keys.jsonl', '-o', out], capture_output=True)
    ours = [innermost(r) for r in tshark(home, out, None, FIELDS)] if os.path.exists(out) else []
    mixed = [t for t in ours if not any(t[1:6])]  # UDP alone: tshark has no field that tells it from the encapsulation
    ours = [t for t in ours if any(t[1:6])]
    # An outer IPv6 around an inner IPv4 shows both families; compare the family that the inner packet has.
    norm = lambda t: t[:7] + ((t[7],) if t[7] else (t[8],))
    a, b = collections.Counter(map(norm, theirs)), collections.Counter(map(norm, ours))
    missing = a - b
    return len(theirs), len(ours) + len(mixed), list(missing)[:2]


def ike(folder, capture, home):
    theirs = {}
    for row in tshark(home, capture, 'isakmp', ['frame.number', 'isakmp.typepayload']):
        if len(row) > 1:
            theirs[int(row[0])] = [TYPES.get(int(n), n) for n in row[1].split(',') if n]
    p = subprocess.run([EXE, 'report', '-f', 'json', capture, '-k', folder + '/keys.jsonl'], capture_output=True, text=True)
    checked, wrong = 0, []
    for sa in json.loads(p.stdout)['ike_sas']:
        for x in sa['exchanges']:
            for m in (x.get('request'), x.get('response')):
                if not m or m.get('fragments'):
                    continue  # tshark shows pieces, and loses those that come out of order
                ours = [t['type'] for t in m['payloads']]
                for s in m['sources']:
                    seen = theirs.get(s.get('packet'))
                    # SK first, then what is inside, then (inside) the structures that have a type octet too
                    if not seen or (len(seen) == 1 and seen[0] == 'SK' and ours):
                        continue
                    seen = [t for t in seen if t not in ('SK', '2', '3', '0')]
                    checked += 1
                    if seen != ours:
                        wrong.append((s['packet'], ours, seen))
    return checked, wrong[:2]


def main():
    bad = packets = messages = 0
    with tempfile.TemporaryDirectory() as tmp:
        for folder in sorted(glob.glob(CAPTURES + '/*/')):
            folder = folder.rstrip('/')
            name = os.path.basename(folder)
            if not os.path.exists(folder + '/keys.jsonl'):
                continue
            capture = folder + '/' + json.load(open(folder + '/expected.json'))['capture']
            home = tmp + '/' + name
            os.makedirs(home + '/.config/wireshark')
            for table, to in (('esp_sa', 'esp_sa'), ('esp_sa_wireshark', 'esp_sa'), ('ikev2_decryption_table', 'ikev2_decryption_table')):
                if os.path.exists(f'{folder}/{table}'):
                    shutil.copyfile(f'{folder}/{table}', f'{home}/.config/wireshark/{to}')
            theirs, ours, missing = esp(folder, capture, home, tmp)
            checked, wrong = ike(folder, capture, home)
            packets += theirs
            messages += checked
            if missing or wrong:
                bad += 1
                print(f'{name}: ESP tshark {theirs}, ikescope {ours}, not in ours: {missing}; IKE of {checked}: {wrong}')
    print(f'{packets} ESP packets and {messages} IKE messages as tshark has them, {bad} captures differ')
    return 1 if bad or packets < 100 or messages < 20 else 0


sys.exit(main())
