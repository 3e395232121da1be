#!/usr/bin/env python3
"""Holds `ikescope decrypt` and the report against tshark, packet by packet, on the lab captures and with their own tables.

  esp_against_tshark.py IKESCOPE CAPTURES

ESP: time, addresses, protocol fields and content of every packet that tshark decrypts, and the plaintext of each octet by
octet. IKE: header, payload types and the fields below of every message that tshark decrypts. Where tshark 4.0 is known to be
wrong the pair is left out, with the reason beside it.
"""
import collections, glob, json, os, shutil, subprocess, sys, tempfile

EXE, CAPTURES = sys.argv[1], sys.argv[2]
FIELDS = ['frame.time_epoch', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'icmp.seq', 'icmpv6.echo.sequence_number', 'tcp.seq_raw', 'tcp.len',
          'udp.length', 'gre.proto', 'data.data']
# Names of payload types by number, RFC 7296 and its successors.
TYPES = {33: 'SA', 34: 'KE', 35: 'IDi', 36: 'IDr', 37: 'CERT', 38: 'CERTREQ', 39: 'AUTH', 40: 'Nonce', 41: 'N', 42: 'D', 43: 'V', 44: 'TSi',
         45: 'TSr', 46: 'SK', 47: 'CP', 48: 'EAP', 53: 'SKF'}


# What of an IKE message is compared: tshark's field, and how the same is drawn from ours.
NUMBERS = ['isakmp.exchangetype', 'isakmp.messageid', 'isakmp.notify.msgtype', 'isakmp.notify.data', 'isakmp.tf.id.encr', 'isakmp.tf.id.prf',
           'isakmp.tf.id.integ', 'isakmp.tf.id.dh', 'isakmp.tf.id.esn', 'isakmp.ike2.attr.key_length', 'isakmp.key_exchange.dh_group',
           'isakmp.ts.start_ipv4', 'isakmp.ts.end_ipv4', 'isakmp.ts.start_ipv6', 'isakmp.ts.end_ipv6', 'isakmp.ts.start_port',
           'isakmp.ts.end_port', 'isakmp.auth.method', 'isakmp.delete.spi', 'isakmp.nonce', 'isakmp.cfg.type',
           'isakmp.id.data.fqdn', 'isakmp.id.data.user_fqdn', 'isakmp.id.data.ipv4_addr']
EXCHANGES = {34: 'IKE_SA_INIT', 35: 'IKE_AUTH', 36: 'CREATE_CHILD_SA', 37: 'INFORMATIONAL', 43: 'IKE_INTERMEDIATE', 44: 'IKE_FOLLOWUP_KE'}
IDS = {'ID_FQDN': 'isakmp.id.data.fqdn', 'ID_RFC822_ADDR': 'isakmp.id.data.user_fqdn', 'ID_IPV4_ADDR': 'isakmp.id.data.ipv4_addr'}


def fields_of(exchange, message):
    """Our report's fields of a message, under tshark's names."""
    out = {'isakmp.exchangetype': [exchange['type']], 'isakmp.messageid': ['0x%08x' % exchange['msgid']]}
    put = lambda name, value: out.setdefault(name, []).append(str(value))
    for p in message['payloads']:
        if p['type'] == 'N':
            put('isakmp.notify.msgtype', p['number'])
            if p.get('data'):
                put('isakmp.notify.data', p['data'])
        for proposal in p.get('proposals', []):
            for t in proposal['transforms']:
                put('isakmp.tf.id.' + {'KE': 'dh'}.get(t['type'], t['type'].lower()), t['id'])
                if 'key_length' in t:
                    put('isakmp.ike2.attr.key_length', t['key_length'])
        for selector in p.get('selectors', []):
            family = 'ipv6' if ':' in selector['start'] else 'ipv4'
            put('isakmp.ts.start_' + family, selector['start'])
            put('isakmp.ts.end_' + family, selector['end'])
            put('isakmp.ts.start_port', selector['start_port'])
            put('isakmp.ts.end_port', selector['end_port'])
        if p['type'] == 'KE':
            put('isakmp.key_exchange.dh_group', p['group'])
        if p['type'] == 'Nonce':
            put('isakmp.nonce', p['data'])
        if p['type'] == 'AUTH':
            put('isakmp.auth.method', p['number'])
        if p['type'] == 'CP':
            put('isakmp.cfg.type', p['cfg_type_number'] if 'cfg_type_number' in p else p.get('number', p.get('cfg_type')))
        if p['type'] in ('IDi', 'IDr') and p['id_type'] in IDS:
            put(IDS[p['id_type']], p['id'])
        for spi in p.get('spis', []):
            put('isakmp.delete.spi', spi)
    return out


def fields_differ(row, exchange, message):
    ours, differ = fields_of(exchange, message), []
    for name, cell in zip(NUMBERS, row):
        theirs = [c for c in cell.split(',') if c not in ('', '<MISSING>')]
        if name == 'isakmp.exchangetype':
            theirs = [EXCHANGES.get(int(n), n) for n in theirs]
        if name == 'isakmp.cfg.type':  # by number there, by name here: how many there are
            theirs, ours[name] = [str(len(theirs))], [str(len(ours.get(name, [])))]
        if name == 'isakmp.key_exchange.dh_group' and exchange['type'] in ('IKE_INTERMEDIATE', 'IKE_FOLLOWUP_KE'):
            continue  # tshark 4.0 does not know these exchanges, and names no group in them
        if theirs != ours.get(name, []):
            differ.append((name, theirs, ours.get(name, [])))
    return differ


def plaintexts(home, capture):
    """Of each ESP packet that tshark decrypts: time and content, padding and trailer taken off."""
    env = {**os.environ, 'HOME': home, 'XDG_CONFIG_HOME': home + '/.config'}
    dump = subprocess.run(['tshark', '-n', '-r', capture, '-o', 'esp.enable_encryption_decode:TRUE', '-x', '-Y', 'esp'],
                          capture_output=True, text=True, env=env).stdout
    out, current = [], None
    for line in dump.splitlines():
        if line.endswith('bytes):'):
            current = [] if line.startswith('Decrypted Data') else None
            if current is not None:
                out.append(current)
        elif current is not None and line:
            current.extend(line[6:54].split())
    plain = [bytes.fromhex(''.join(o)) for o in out]
    return [p[:len(p) - 2 - p[-2]] for p in plain if len(p) >= 2 and p[-2] + 2 <= len(p)]


def packets_of(path):
    b, at, out = open(path, 'rb').read(), 24, []
    while at + 16 <= len(b):
        size = int.from_bytes(b[at + 8:at + 12], 'little')
        out.append(b[at + 16:at + 16 + size])
        at += 16 + size
    return out


def octets_differ(home, capture, plain):
    """Every plaintext of tshark is among ours, in order and octet by octet; in transport mode behind the rebuilt header."""
    theirs, ours, at = plaintexts(home, capture), packets_of(plain) if os.path.exists(plain) else [], 0
    for n, want in enumerate(theirs):
        while at < len(ours) and want != ours[at] and want != ours[at][20:] and want != ours[at][40:]:
            at += 1
        if at == len(ours):
            return len(theirs), [(n, want.hex()[:80])]
        at += 1
    return len(theirs), []


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
    same, octets = octets_differ(home, capture, out)
    return len(theirs), len(ours) + len(mixed), list(missing)[:2] + octets, same


def ike(folder, capture, home):
    theirs = {}
    rows = {}
    for row in tshark(home, capture, 'isakmp', ['frame.number', 'isakmp.typepayload', *NUMBERS]):
        if len(row) > 1:
            theirs[int(row[0])] = [TYPES.get(int(n), n) for n in row[1].split(',') if n]
            rows[int(row[0])] = row[2:] + [''] * len(NUMBERS)
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
                    wrong += [(s['packet'], *d) for d in fields_differ(rows[s['packet']], x, m)]
    return checked, wrong[:2]


def main():
    bad = packets = messages = plain = 0
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
            theirs, ours, missing, same = esp(folder, capture, home, tmp)
            checked, wrong = ike(folder, capture, home)
            packets += theirs
            plain += same
            messages += checked
            if missing or wrong:
                bad += 1
                print(f'{name}: ESP tshark {theirs}, ikescope {ours}, not in ours: {missing}; IKE of {checked}: {wrong}')
    print(f'{packets} ESP packets, {plain} of them octet by octet, and {messages} IKE messages field by field as tshark has them, {bad} captures differ')
    return 1 if bad or packets < 100 or plain < 100 or messages < 20 else 0


sys.exit(main())
