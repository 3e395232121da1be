#!/usr/bin/env python3
"""limits.py PROGRAM: each limit that `list limits` names, by an input that passes it and one that just does not.

The first must yield a report with the finding `input-limit` that names the limit and how often it was passed, the second a
report without. A limit without a case is a failure, so that none is added in silence."""
import gzip, hashlib, hmac, json, os, re, struct, subprocess, sys, tempfile, time

from wire import capture, ike, ipv4, tcp, udp

program = os.path.abspath(sys.argv[1])
make_log = os.path.join(os.path.dirname(program), 'tests', 'make_log')
wanted = sys.argv[2:]
SECONDS = 20 * (8 if b'__asan_init' in open(program, 'rb').read() else 1)
SA, KE, VENDOR, NOTIFY, TSI, CP, SK, SKF = 33, 34, 43, 41, 44, 47, 46, 53
folder = tempfile.TemporaryDirectory()
bad = 0
ENTRY = b'*May  1 12:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):'


def file(name, octets):
    path = os.path.join(folder.name, name)
    with open(path, 'wb') as to:
        to.write(octets if isinstance(octets, bytes) else b''.join(octets))
    return path


def wire(packets, link=101):
    path = os.path.join(folder.name, 'wire.pcap')
    capture(path, packets, link)
    return path


def messages(*some, port=500):
    return [ipv4(udp(m, port, port)) for m in some]


def proposal(transforms, more):
    body = b''.join(struct.pack('!BBHBBH', 3 if n + 1 < len(transforms) else 0, 0, 8 + len(attributes), kind, 0, number) + attributes
                    for n, (kind, number, attributes) in enumerate(transforms))
    return struct.pack('!BBHBBBB', 2 if more else 0, 0, 8 + len(body), 1, 1, 0, len(transforms) & 0xff) + body


def sealed(number, count, plain, message_id=1, spi_r=2):
    """An SKF message under ENCR_NULL and HMAC-SHA1-96 with the keys of key_file()."""
    inner = struct.pack('!HH', number, count) + plain + b'\0'
    kind = VENDOR if number == 1 else 0
    length = 28 + 4 + len(inner) + 12
    head = struct.pack('!QQBBBBIIBBH', 1, spi_r, SKF, 0x20, 35, 8, message_id, length, kind, 0, length - 28) + inner
    return head + hmac.new(b'\x2c' * 20, head, hashlib.sha1).digest()[:12]


def key_file(spi_r=2):
    path = file('keys.jsonl', json.dumps({'type': 'ike', 'spi_i': f'{1:016x}', 'spi_r': f'{spi_r:016x}', 'encr_id': 11, 'integ_id': 2, 'prf_id': 2,
                                          'sk_d': '1b' * 20, 'sk_ai': '2c' * 20, 'sk_ar': '3d' * 20}).encode() + b'\n')
    os.chmod(path, 0o600)
    return path


# Each case is given 0 or 1, by how much its limit is passed, and the limit; it answers with the arguments of `report`.

def unpacked(more, limit):
    member = gzip.compress(bytes(16 << 20))  # of which the first 256 MiB are not asked
    return [file('log.gz', gzip.compress(ENTRY + b'Got a packet from dispatcher\n') + member * (17 if more else 15))]


def line(more, limit):
    return [file('log', ENTRY + b'x' * (limit + more - len(ENTRY)) + b'\n' + ENTRY + b'Got a packet from dispatcher\n')]


def record(more, limit):
    head = b'*May  1 12:00:00.000: IPSEC(validate_proposal_request): proposal part #1,\n'
    rows = (limit + (1 << 19)) // 1000 if more else (limit - (1 << 19)) // 1000
    return [file('log', head + (b'  (key eng. msg.) ' + b'x' * 982 + b'\n') * rows + ENTRY + b'Got a packet from dispatcher\n')]


def newest_first(passed, limit):
    """Lowered, as 256 MiB are much: the lines of the log, newest first, and what each takes to hold."""
    lines = [ENTRY.replace(b'12:00:00', b'12:%02d:%02d' % (59 - n // 60, 59 - n % 60)) + b'Insert SA\n' for n in range(1000)]
    size = sum(len(line) - 1 for line in lines) + 56 * (len(lines) - 1)
    return ['--limit', f'newest-first={size - passed}', file('back.log', lines)]


def section_lines(more, limit):
    return ['--as', 'config:' + file('config', [b'crypto ikev2 proposal p\n'] + [b' encryption aes-cbc-256\n'] * (limit + more - 1))]


def hosts(more, limit):
    return [file('log', (b'May  1 12:00:00 h%d %d: *May  1 12:00:00.000: IKEv2:Got a packet from dispatcher\n' % (n, n) for n in range(limit + more)))]


def regex_text(more, limit):
    words = b'x' * (limit + more - len('CRYPTO_PKI: '))
    return [file('log', b'*May  1 12:00:00.000: CRYPTO_PKI: ' + words + b'\n' + ENTRY + b'Got a packet from dispatcher\n')]


def tunnels(more, limit):
    packet = ipv4(udp(ike([(VENDOR, b'x')])))
    for _ in range(limit - 1 + more):
        packet = ipv4(packet, protocol=4)
    return [wire([packet])]


def labels(more, limit):
    tags = b''.join(struct.pack('!I', n << 12 | 64) for n in range(limit - 1 + more)) + struct.pack('!I', 0x1000 | 0x100)
    return [wire([bytes(12) + b'\x88\x47' + tags + ipv4(udp(ike([(VENDOR, b'x')])))], link=1)]


def vlans(more, limit):
    return [wire([bytes(12) + b'\x81\0\0\1' * (limit + more) + b'\x08\0' + ipv4(udp(ike([(VENDOR, b'x')])))], link=1)]


def routes(more, limit):
    path = struct.pack('!HBB', 0x800, 0, 1) + b'x'
    return [wire([ipv4(struct.pack('!HHI', 0x4000, 0x800, 0) + path * (limit - 1 + more) + bytes(4) + ipv4(udp(ike([(VENDOR, b'x')]))), protocol=47)])]


def groups(more, limit):
    text = b'object-group network g0\n network-object host 10.0.0.1\n'
    for n in range(1, limit + more):
        text += b'object-group network g%d\n group-object g%d\n' % (n, n - 1)
    text += b'access-list a extended permit ip object-group g%d any\n' % (limit - 1 + more)
    return ['--as', 'config:' + file('config', text + b'crypto map m 1 match address a\ncrypto map m 1 set peer 192.0.2.1\n')]


def payloads(more, limit):
    return [wire(messages(ike([(VENDOR, b'v')] * (limit + more))))]


def payload_names(more, limit):
    names = b' VID' * (limit + more)
    return [file('log', ENTRY + b'Sending Packet [To 192.0.2.2:500/From 192.0.2.1:500/VRF i0:f0]\n'
                 b'Initiator SPI : 0000000000000001 - Responder SPI : 0000000000000000 Message id: 0\nIKEv2 IKE_SA_INIT Exchange REQUEST\nPayload contents:\n' + names + b'\n')]


def proposals(more, limit):
    body = b''.join(proposal([(1, 12, b'')], n + 1 < limit + more) for n in range(limit + more))
    return [wire(messages(ike([(SA, body)])))]


def policies(more, limit):
    text = b''.join(b' Proposal %d: AES-CBC-256 SHA1 SHA96 DH_GROUP_1024_MODP/Group 2\n' % n for n in range(limit + more))
    return [file('log', ENTRY + b'Received Policies:\n' + text + ENTRY + b'Expected Policies:\n' + ENTRY + b'Got a packet from dispatcher\n')]


def transforms(more, limit):
    return [wire(messages(ike([(SA, proposal([(1, 12, b'')] * (limit + more), False))])))]


def selectors(more, limit):
    one = struct.pack('!BBHHH', 7, 0, 16, 0, 65535) + bytes(8)
    return [wire(messages(ike([(TSI, struct.pack('!B3x', (limit + more) & 0xff) + one * (limit + more))], exchange=35, message_id=1)))]


def acl(more, limit):
    side = 16
    text = b''
    for name, count in ((b's', side), (b'd', limit // side)):
        text += b'object-group network %s\n' % name + b''.join(b' network-object host 10.0.%d.1\n' % n for n in range(count))
    if more:
        text += b' network-object host 10.9.9.9\n'
    return ['--as', 'config:' + file('config', text + b'access-list a extended permit ip object-group s object-group d\n')]


def attributes(more, limit):
    return [wire(messages(ike([(CP, b'\1\0\0\0' + struct.pack('!HH', 1, 0) * (limit + more))], exchange=35, message_id=1)))]


def transform_attributes(more, limit):
    return [wire(messages(ike([(SA, proposal([(1, 12, struct.pack('!HH', 0x8000 | 100, 1) * (limit + more))], False))])))]


def announcements(more, limit):
    return [wire(messages(ike([(NOTIFY, struct.pack('!BBH', 0, 0, 16443) + b'\2\1' * (limit + more))])))]


def message(more, limit):
    whole, parts = limit + more, 5
    vendor = struct.pack('!BBH', 0, 0, 65000) + bytes(64996)
    plain = vendor * 5
    size = -(-whole // parts)
    return ['-k', key_file(), wire(messages(*(sealed(n + 1, parts, plain[n * size:min((n + 1) * size, whole)]) for n in range(parts))))]


def fragments(more, limit):
    return ['-k', key_file(), wire(messages(*(sealed(n + 1, limit + more, b'\0\0\0\5x' if n == 0 else b'') for n in range(limit + more))))]


def fragment_sets(more, limit):
    return ['-k', key_file(), wire(messages(*(sealed(1, 2, b'\0\0\0\5x', message_id=n) for n in range(limit + more))))]


def datagrams(more, limit):
    return [wire([ipv4(bytes(16), n, 0, True) for n in range(limit + more)] + messages(ike([(VENDOR, b'x')])))]


def pieces(more, limit):
    return [wire([ipv4(bytes(8), 7, n * 8, True) for n in range(limit + more)] + messages(ike([(VENDOR, b'x')])))]


def framed(content):
    return struct.pack('!H', 6 + len(content)) + bytes(4) + content


def streams(more, limit):
    content = framed(ike([(VENDOR, b'x')]))
    return [wire([ipv4(tcp(content, 1, 10000 + n), protocol=6) for n in range(limit + more)])]


def held(more, limit):
    content, size = framed(ike([(VENDOR, b'x')])), 1 << 15
    count = limit // size + more
    return [wire([ipv4(tcp(content, 1), protocol=6)] + [ipv4(tcp(bytes(size), 100000 + n * size), protocol=6) for n in range(count)])]


def segments(more, limit):
    content = framed(ike([(VENDOR, b'x')]))
    return [wire([ipv4(tcp(content, 1), protocol=6)] + [ipv4(tcp(b'x', 100000 + n * 2), protocol=6) for n in range(limit // 256 + more)])]


def block(kind, body, length=None):
    length = length or 12 + len(body)
    return struct.pack('<II', kind, length) + body + struct.pack('<I', length)


SECTION = block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1))
INTERFACE = block(1, struct.pack('<HHI', 101, 0, 0))


def frame(packet):
    return block(6, struct.pack('<IIIII', 0, 0x60000, 0, len(packet), len(packet)) + packet + bytes(-len(packet) % 4))


def blocks(more, limit):
    frames = [frame(p) for p in messages(ike([(VENDOR, b'x')]))] * 20
    size = limit + 4 * more
    return [file('wire.pcapng', [SECTION, INTERFACE, block(0xbad, bytes(size - 12))] + frames)]


def interfaces(more, limit):
    return [file('wire.pcapng', [SECTION, INTERFACE * (limit + more), frame(messages(ike([(VENDOR, b'x')]))[0])])]


def conversations(more, limit):
    content = udp(ike([(VENDOR, b'x')]), 7000, 7000)
    return [wire(ipv4(content, source=struct.pack('!I', 0x0b000000 + n)) for n in range(limit + more))]


def damage(more, limit):
    good = frame(messages(ike([(VENDOR, b'x')]))[0])
    return [file('wire.pcapng', [SECTION, INTERFACE] + ([good * 3, block(0x7e, b'junk')] * (limit + more)) + [good])]


def sas(count):
    return wire([ipv4(udp(ike([(VENDOR, b'x')], spi_i=n + 1)), source=struct.pack('!I', 0x0b000000 + n)) for n in range(count)])


def ike_sas(more, limit):
    return ['--limit', 'ike-sas=5', sas(5 + more)]


def child_sas(more, limit):
    log = file('log', subprocess.run([make_log, 'iosxe', str(5 + more), '1', '1'], capture_output=True, check=True).stdout)
    made = len(json.loads(subprocess.run([program, '-q', '-f', 'json', log], capture_output=True).stdout)['child_sas'])
    assert made > 1, 'the log generator makes children'
    return ['--limit', f'child-sas={made - more}', log]


def flows(more, limit):
    return ['--limit', 'flows=5', wire([ipv4(struct.pack('!II', 1000 + n, 1) + bytes(32), protocol=50) for n in range(5 + more)])]


def esp_held(more, limit):
    esp = [ipv4(struct.pack('!II', 1000, n + 1) + bytes(500), protocol=50) for n in range(20 if more else 1)]
    return ['--limit', 'held=4000', '-k', key_file(), wire(esp + messages(ike([(VENDOR, b'x')], spi_i=9)))]


def exchanges(more, limit):
    return ['--limit', 'exchanges=5', wire(messages(*(ike([(SK, bytes(40))], spi_i=1, spi_r=2, exchange=37, message_id=n) for n in range(5 + more))))]


def attempts(more, limit):
    return ['--limit', 'attempts=5', wire(messages(*(ike([(VENDOR, bytes(n + 1))]) for n in range(5 + more))))]


def half_open(more, limit):
    room = 5 * 400
    count = 20 if more else 2
    return ['--limit', f'half-open={room}', '-k', key_file(), wire(messages(*(ike([(40, bytes(200))], spi_i=n + 1) for n in range(count))))]


def sightings(more, limit):
    return ['--limit', 'sightings=5', wire(messages(*[ike([(VENDOR, b'x')])] * (5 + more)))]


def noted(count, sa):
    tag = b'(SESSION ID = 1,SA ID = 1):' if sa else b''
    head = (b'*May  1 12:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=0000000000000001 R_SPI=0000000000000002 (I) '
            b'MsgID = 00000000 CurState: READY Event: EV_NULL\n') if sa else b''
    rows = b''.join(b'*May  1 12:00:00.%03d: IKEv2-ERROR:' % (n % 1000) + tag + b': Auth exchange failed\n' for n in range(count))
    return file('log', head + rows)


def notes(more, limit):
    return ['--limit', 'notes=5', noted(5 + more, True)]


def loose_notes(more, limit):
    return ['--limit', 'loose-notes=30', noted(100 if more else 20, False)]


def evidence(more, limit):
    return ['--limit', f'evidence={1 if more else limit}', 'samples/auth-method-differs']


def findings(more, limit):
    return ['--limit', f'findings={1 if more else limit}', 'samples/auth-method-differs', 'samples/transform-sets-differ']


def names_alike(more, limit):
    side = 1 << 10
    missing = limit // side + more
    text = b'version 17.3\nhostname R1\n' + b''.join(b'crypto ikev2 proposal there-%d\n encryption aes-cbc-256\n' % n for n in range(side))
    text += b''.join(b'crypto ikev2 policy p%d\n proposal not-at-all-%d\n' % (n, n) for n in range(missing))
    text += (b'crypto ipsec transform-set TS esp-aes\ncrypto map CM 1 ipsec-isakmp\n set peer 192.0.2.1\n set transform-set TS\n match address VPN\n'
             b'ip access-list extended VPN\n permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255\ninterface GigabitEthernet1\n ip address 192.0.2.9 255.255.255.0\n crypto map CM\nend\n')
    return ['--as', 'config:' + file('config', text)]


def keys(more, limit):
    path = file('keys.jsonl', (json.dumps({'type': 'psk', 'id': f'r{n}', 'psk': f's{n}'}).encode() + b'\n' for n in range(5 + more)))
    os.chmod(path, 0o600)
    return ['--limit', 'keys=5', '-k', path, sas(1)]


def guesses(more, limit):
    """Keys that name no SA, the first 8 of which are no guesses, and a sealed message that none of them opens."""
    return ['--limit', 'guesses=5', *keys_tried(more, 8 + 5)]


def ownerless(rows):
    """A file of keys that name no SA."""
    path = file('keys.jsonl', (json.dumps(row).encode() + b'\n' for row in rows))
    os.chmod(path, 0o600)
    return path


def keys_tried(more, limit):
    rows = ({'type': 'ike', 'encr_id': 11, 'integ_id': 2, 'prf_id': 2, 'sk_d': f'{n:040x}', 'sk_ai': '2c' * 20, 'sk_ar': '3d' * 20} for n in range(limit + more))
    return ['-k', ownerless(rows), wire(messages(ike([(SK, bytes(40))], spi_i=1, spi_r=2, exchange=35, message_id=1)))]


def esp_keys(rows):
    """Keys for any SPI, and a packet that none of them opens."""
    path = file('esp_sa', (b'"IPv4","*","*","*","AES-CBC [RFC3602]","0x%032x","HMAC-SHA-1-96 [RFC2404]","0x%040x"\n' % (n, n) for n in range(rows)))
    os.chmod(path, 0o600)
    return ['-k', path, wire([ipv4(struct.pack('!II', 1000, 1) + bytes(60), protocol=50)])]


def key_shapes(more, limit):
    """Each key leaves other parts of the SPI and of both addresses open."""
    rows = (b'"IPv4","10.0.0.0/%d","10.0.0.0/%d","0x%s","AES-CBC [RFC3602]","0x%032x","HMAC-SHA-1-96 [RFC2404]","0x%040x"\n' %
            (1 + n % 32, 1 + n // 32 % 32, b'1234567*' if n // 1024 else b'12345678', n, n) for n in range(limit + more))
    path = file('esp_sa', rows)
    os.chmod(path, 0o600)
    return ['-k', path, sas(1)]


def esp_guesses(more, limit):
    return ['--limit', 'guesses=5', *esp_keys(8 + 5 + more)]


def esp_keys_tried(more, limit):
    return esp_keys(limit + more)


def secrets_tried(more, limit):
    offer = [(SA, proposal([(1, 11, b''), (2, 2, b''), (3, 2, b''), (4, 14, b'')], False)), (KE, struct.pack('!HH', 14, 0) + b'\1' * 256), (40, b'\2' * 32)]
    said = [ike(offer, spi_i=1), ike(offer, spi_i=1, spi_r=2, flags=0x20), ike([(SK, bytes(40))], spi_i=1, spi_r=2, exchange=35, message_id=1)]
    return ['-k', ownerless({'type': 'dh', 'secret': f'{n + 1:0512x}'} for n in range(limit + more)), wire(messages(*said))]


def router(n, extra):
    """A configuration that has an interface and crypto."""
    return (b'version 17.3\nhostname R%d\n!\ncrypto ipsec transform-set TS esp-aes 256\n!\ninterface GigabitEthernet1\n ip address 10.%d.%d.1 255.255.255.0\n crypto map CM\n!\n' % (n, n // 250, n % 250)
            + extra + b'end\n')


def routers(more, limit):
    return [file(f'r{n}.cfg', router(n, b'')) for n in range(limit + more)]


def namesakes(more, limit):
    return [file(f'n{n}.cfg', b'hostname R\n!\ncrypto ikev2 policy P\n!\ninterface Gi1\n ip address 10.9.%d.%d 255.255.255.0\n' % (n // 250, n % 250)) for n in range(limit + more)]


def ways(more, limit):
    return ['--as', 'config:' + file('ways', router(1, b''.join(b'crypto map CM %d ipsec-isakmp\n set peer 192.0.2.%d\n!\n' % (n + 1, n + 1) for n in range(limit + more))))]


def ike_policies(more, limit):
    return ['--as', 'config:' + file('policies', router(1, b''.join(b'crypto ikev2 policy P%d\n proposal X\n!\n' % n for n in range(limit + more))))]


def nat_rules(more, limit):
    side = 1 << 10
    text = (b'ASA Version 9.16(1)\nhostname fw\ninterface GigabitEthernet0/0\n nameif outside\n ip address 198.51.100.2 255.255.255.0\n'
            + b''.join(b'access-list VPN extended permit ip host 10.2.%d.%d 10.1.0.0 255.255.0.0\n' % (n // 250, n % 250) for n in range(limit // side + more))
            + b''.join(b'nat (inside,dmz) source static A%d A%d\n' % (n, n) for n in range(side // 2))
            + b'crypto ipsec ikev2 ipsec-proposal AES\n protocol esp encryption aes-256\ncrypto map CM 10 match address VPN\ncrypto map CM 10 set peer 192.0.2.1\n'
            b'crypto map CM 10 set ikev2 ipsec-proposal AES\ncrypto map CM interface outside\n')
    return ['--as', 'config:' + file('nat', text)]


def zone_entries(more, limit):
    classes = 1 << 10
    # each of the classes is asked for IKE, ESP in UDP and ESP alone
    text = (router(1, b'').replace(b'interface GigabitEthernet1\n', b'interface GigabitEthernet1\n zone-member security OUT\n').replace(b'end\n', b'')
            + b'crypto map CM 1 ipsec-isakmp\n set peer 192.0.2.2\n set transform-set TS\n match address VPN\n!\nclass-map type inspect match-any C\n match access-group name L\n!\n'
            b'policy-map type inspect P\n' + b' class type inspect C\n  pass\n' * classes + b'!\nzone security OUT\nzone-pair security IN source OUT destination self\n service-policy type inspect P\n!\n'
            b'ip access-list extended L\n' + b' permit tcp any any eq 22\n' * (limit // (3 * classes) + more) + b'!\nend\n')
    return ['--as', 'config:' + file('zone', text)]


# {limit: its cases}; a stream's own cap has no report: it is a record of its own, tests/unit/cli/test_join.c, test_episode.c; SAs
# of one SPI: tests/unit/cli/test_evidence.c
CASES = {
    'unpacked': [unpacked], 'attempts': [attempts], 'half-open': [half_open], 'line': [line], 'record': [record], 'newest-first': [newest_first], 'section-lines': [section_lines], 'hosts': [hosts], 'regex-text': [regex_text],
    'nesting': [tunnels, labels, vlans, routes, groups], 'payloads': [payloads, payload_names], 'proposals': [proposals, policies],
    'transforms': [transforms], 'selectors': [selectors, acl], 'attributes': [attributes, transform_attributes, announcements],
    'message': [message], 'fragments': [fragments], 'fragment-sets': [fragment_sets], 'ip-datagrams': [datagrams], 'ip-fragments': [pieces],
    'tcp-streams': [streams], 'tcp-held': [held, segments], 'block': [blocks], 'interfaces': [interfaces], 'conversations': [conversations],
    'damage': [damage], 'ike-sas': [ike_sas], 'child-sas': [child_sas], 'flows': [flows], 'held': [esp_held], 'exchanges': [exchanges],
    'sightings': [sightings], 'notes': [notes], 'loose-notes': [loose_notes], 'evidence': [evidence], 'findings': [findings], 'keys': [keys], 'key-shapes': [key_shapes], 'guesses': [guesses, esp_guesses], 'keys-tried': [keys_tried, esp_keys_tried], 'secrets-tried': [secrets_tried], 'names-alike': [names_alike], 'routers': [routers],
    'namesakes': [namesakes], 'ways': [ways], 'policies': [ike_policies], 'nat-rules': [nat_rules], 'zone-entries': [zone_entries],
}
ELSEWHERE = {'meeting', 'meetings', 'unended', 'shown'}


def run(name, case, more, limit):
    argv = case(more, limit)
    begun = time.monotonic()
    try:
        r = subprocess.run([program, '-q', '-f', 'json', *argv], capture_output=True, timeout=SECONDS)
        report = json.loads(r.stdout)
    except subprocess.TimeoutExpired:
        return f'not done after {SECONDS} s'
    except ValueError:
        return f'status {r.returncode}, no report: {r.stderr[-200:]!r}'
    told = [f for f in report['findings'] if f['rule'] == 'input-limit' and f'`{name}`' in f['cause']]
    if not more:
        return f'told without being passed: {told[0]["cause"]}' if told else ''
    if len(told) != 1:
        return f'{len(told)} findings of it, in {sorted({f["rule"] for f in report["findings"]})}'
    words = re.search(r'passed (?:(once)|(\d+) times)', told[0]['cause'])
    count = told[0].get('count')
    if not words or count != (1 if words[1] else int(words[2])) or 'over_limit' not in report:
        return f'no count: {told[0]}'
    if r.returncode not in (0, 3):
        return f'status {r.returncode}'
    print(f'{name} ({case.__name__}): {told[0]["cause"]} [{told[0]["severity"]}, {time.monotonic() - begun:.2f} s]', flush=True)
    return ''


def main():
    global bad
    rows = {}
    for row in subprocess.run([program, 'list', 'limits'], capture_output=True, text=True, check=True).stdout.splitlines():
        m = re.match(r'(\S+) +(\d+)', row)
        if m and row[0] != '*':
            rows[m[1]] = int(m[2])
    for name in rows.keys() - CASES.keys() - ELSEWHERE:
        bad += 1
        print(f'{name}: no case')
    for name in (CASES.keys() | ELSEWHERE) - rows.keys():
        bad += 1
        print(f'{name}: no such limit')
    for name, cases in CASES.items():
        for case in cases if not wanted or name in wanted else []:
            for more in (1, 0):
                wrong = run(name, case, more, rows[name])
                if wrong:
                    bad += 1
                    print(f'{name} ({case.__name__}), {"passed" if more else "not passed"}: {wrong}', flush=True)
    return bad > 0


sys.exit(main())
