#!/usr/bin/env python3
"""Where Wireshark 4.0 gives a wrong answer or none, ikescope gives the right one: a test each, named after the matter.

  reference_errors.py IKESCOPE

Each test makes a capture, from octets or out of one of samples/, runs the program as a user does, and looks at its report.
The first line of each says what Wireshark 4.0 does.
"""
import hashlib, hmac, json, os, struct, subprocess, sys, tempfile

EXE = os.path.abspath(sys.argv[1])
TMP = tempfile.mkdtemp()
A, B, C = '10.0.0.1', '10.0.0.2', '10.0.0.3'
NULL, SHA256 = 11, 12  # ENCR_NULL, AUTH_HMAC_SHA2_256_128


# ---- making captures ----

def pcap(frames, link=101, snap=None):
    out = struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, link)
    for n, f in enumerate(frames):
        kept = f[:snap] if snap else f
        out += struct.pack('<IIII', 1767225600 + n, 0, len(kept), len(f)) + kept
    return out


def frames_of(path):
    b = open(path, 'rb').read()
    link, at, out = struct.unpack('<I', b[20:24])[0], 24, []
    while at + 16 <= len(b):
        size = struct.unpack('<I', b[at + 8:at + 12])[0]
        out.append(b[at + 16:at + 16 + size])
        at += 16 + size
    return link, out


def address(text):
    return bytes(int(x) for x in text.split('.'))


def ipv4(source, destination, protocol, content):
    return struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(content), 1, 0, 64, protocol, 0) + address(source) + address(destination) + content


def udp(source, destination, content):
    return struct.pack('>HHHH', source, destination, 8 + len(content), 0) + content


def ping(n):
    return ipv4('192.168.1.1', '192.168.2.1', 1, struct.pack('>BBHHH', 8, 0, 0, 1, n) + bytes(24))


def esp(spi, sequence, key, plain, next_header=4):
    """ENCR_NULL with HMAC-SHA2-256-128. The sequence number may be extended: its upper half is covered and not sent."""
    body = plain + bytes(range(1, 1 + (-len(plain) - 2) % 4)) + bytes([(-len(plain) - 2) % 4, next_header])
    head = struct.pack('>II', spi, sequence & 0xffffffff)
    high = struct.pack('>I', sequence >> 32) if sequence >> 32 or key[:3] == b'esn' else b''
    return head + body + hmac.new(key, head + body + high, hashlib.sha256).digest()[:16]


def esp_key(spi, key, source=None, destination=None, **more):
    row = {'type': 'esp', 'spi_to_resp': '%08x' % spi, 'encr_id': NULL, 'integ_id': SHA256, 'integ_i': key.hex(), **more}
    return json.dumps({**row, **({'init': source, 'resp': destination} if source else {})})


# ---- asking ----

def write(name, content):
    path = os.path.join(TMP, name)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'wb') as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    return path


def report(capture, keys, name='keys'):
    args = [write('x.pcap', capture)] + (['-k', write(name, keys)] if keys else [])
    p = subprocess.run([EXE, 'report', '-f', 'json', *args], capture_output=True, text=True)
    assert p.returncode in (0, 3), p.stderr
    r = json.loads(p.stdout)
    for i in r['inputs']:
        k = i.get('packets')
        assert not k or k['total'] == sum(v for n, v in k.items() if n != 'total'), k
    r['stderr'] = p.stderr
    return r


def decrypted_packets(capture, keys):
    out = os.path.join(TMP, 'plain.pcap')
    if os.path.exists(out):
        os.unlink(out)
    subprocess.run([EXE, 'decrypt', write('x.pcap', capture), '-k', write('keys', keys), '-o', out], capture_output=True)
    return frames_of(out)[1] if os.path.exists(out) else []


def flow(r):
    assert len(r['esp_flows']) == 1, r['esp_flows']
    return r['esp_flows'][0]


def messages(r):
    return [(x, m) for s in r['ike_sas'] for x in s['exchanges'] for m in (x.get('request'), x.get('response')) if m]


def traffic(r):
    out = {}
    for t in [t for c in r['child_sas'] for t in c.get('traffic', {}).values()] + r['esp_flows']:
        for k, v in t.items():
            if isinstance(v, int) and not isinstance(v, bool):
                out[k] = out.get(k, 0) + v
    return out


def sample(name):
    folder = f'samples/{name}'
    link, frames = frames_of(folder + '/wire.pcap')
    return link, frames, open(folder + '/keys.jsonl').read()


def flipped(hexes):
    return bytes(255 - b for b in bytes.fromhex(hexes)).hex()


# ---- the matters ----

def wrong_cipher_key_with_right_integrity_key():
    """Wireshark: "ICV correct", and shows garbage as the inner packet."""
    link, frames, keys = sample('two-rounds-of-auth')
    rows = [json.loads(line) for line in keys.splitlines()]
    rows = [row for row in rows if row['type'] != 'dh']  # nothing to derive the right ones from
    for row in rows:
        for member in ('sk_ei', 'sk_er', 'encr_i', 'encr_r'):
            if member in row:
                row[member] = flipped(row[member])
        row.pop('sk_d', None)
    bad = '\n'.join(map(json.dumps, rows))
    good, r = report(pcap(frames, link), keys), report(pcap(frames, link), bad)
    assert traffic(good)['decrypted'] == traffic(good)['packets'] > 0
    assert traffic(r)['decrypted'] == 0 and traffic(r)['icv_failed'] == 0 and traffic(r)['no_key'] == traffic(r)['packets'], traffic(r)
    assert all(m['decryption'] in ('clear', 'no-key') for _, m in messages(r)), [m['decryption'] for _, m in messages(r)]
    said = [f['cause'] for f in r['findings'] if f['rule'] in ('keys-incomplete', 'esp-icv-failed')]
    assert any('the encryption key beside it does not' in c for c in said), said
    assert decrypted_packets(pcap(frames, link), bad) == []


def icv_verdict_stays_when_the_content_is_unknown():
    """Wireshark: no ICV verdict where the inner dissector gives up."""
    key = bytes(32)
    r = report(pcap([ipv4(A, B, 50, esp(1, 1, key, bytes([0x4f]) * 20)), ipv4(A, B, 50, esp(1, 2, key, b'\xff' * 33, 253)),
                     ipv4(A, B, 50, esp(1, 3, key, ping(3))[:-1] + b'\0')]), esp_key(1, key))
    assert (flow(r)['decrypted'], flow(r)['icv_failed']) == (2, 1), flow(r)


def last_fragment_first():
    """Wireshark: an IKE fragment set whose last piece comes first is never put together."""
    link, frames, keys = sample('certificate-expired')
    swapped = frames[:2] + [frames[3], frames[2], frames[5], frames[4]] + frames[6:]
    for order in (frames, swapped):
        auth = [m for x, m in messages(report(pcap(order, link), keys)) if x['type'] == 'IKE_AUTH']
        assert [m['decryption'] for m in auth] == ['decrypted'] * 2 and [m['fragments'] for m in auth] == [2, 2], auth
        assert [p['type'] for p in auth[1]['payloads']][:3] == ['IDr', 'CERT', 'AUTH']


def fragments_belong_together_by_spis():
    """Wireshark: puts fragments together by addresses, so a NAT that moves in between loses the message."""
    link, frames, keys = sample('certificate-expired')
    at = frames[3].index(address(A) + address(B))
    moved = frames[3][:at] + address(C) + frames[3][at + 4:at + 8] + struct.pack('>H', 4711) + frames[3][at + 10:]
    r = report(pcap(frames[:3] + [moved] + frames[4:], link), keys)
    auth = [m for x, m in messages(r) if x['type'] == 'IKE_AUTH']
    assert len(r['ike_sas']) == 1 and [m['decryption'] for m in auth] == ['decrypted'] * 2, auth


def rows_of_strongswan_for_aes_gcm():
    """Wireshark: refuses the table rows that strongSwan writes for AES-GCM, and with them the rest of the file."""
    link, frames, keys = sample('two-families-in-gcm')
    rows = [row for row in map(json.loads, keys.splitlines()) if row['type'] == 'esp']
    table = ''.join('"IPv6","%s","%s","0x%s","AES-GCM [RFC4106]","0x%s","ANY 128 bit authentication [no checking]","0x"\n' %
                    (row['init'], row['resp'], row['spi_to_resp'], row['encr_i']) for row in rows)
    t = traffic(report(pcap(frames, link), table, 'esp_sa'))
    assert t['decrypted'] == t['packets'] == 12, t


def one_spi_of_two_peers():
    """Wireshark: takes an SPI that two peers chose for one SA."""
    one, two = b'1' * 32, b'2' * 32
    frames = [ipv4(A, B, 50, esp(7, 1, one, ping(1))), ipv4(A, C, 50, esp(7, 1, two, ping(1))), ipv4(A, B, 50, esp(7, 2, one, ping(2)))]
    r = report(pcap(frames), esp_key(7, one, A, B) + '\n' + esp_key(7, two, A, C))
    assert sorted((f['packets'], f['decrypted'], f['lost'], f['replayed']) for f in r['esp_flows']) == [(1, 1, 0, 0), (2, 2, 0, 0)], r['esp_flows']


def icv_of_extended_sequence_numbers():
    """Wireshark: calls every ICV bad where sequence numbers are extended."""
    key = b'esn' + bytes(29)
    numbers = [0x1fffffffe, 0x1ffffffff, 0x200000000, 0x200000001]
    r = report(pcap([ipv4(A, B, 50, esp(9, n, key, ping(i))) for i, n in enumerate(numbers)]), esp_key(9, key, esn=1))
    # Of the upper half nothing is known in mid-life: it is searched from zero on, and then kept over the wrap.
    assert flow(r)['decrypted'] == 4 and flow(r)['lost'] == 0 and flow(r)['icv_failed'] == 0, flow(r)


def a_retransmission_is_no_new_message():
    """Wireshark: lists each copy as a message of its own."""
    link, frames, keys = sample('answers-are-lost-behind-the-capture')
    r = report(pcap(frames, link), keys)
    auth = [m for x, m in messages(r) if x['type'] == 'IKE_AUTH']
    assert len(auth) == 2 and [m['retransmissions'] for m in auth] == [3, 3] and len(auth[0]['sources']) == 4, auth


def shifted_ports(frames, by):
    out = []
    for f in frames:
        at = f.index(b'\x45\0') + 20
        out.append(f[:at] + b''.join(struct.pack('>H', p + by) for p in struct.unpack('>HH', f[at:at + 4])) + f[at + 4:])
    return out


def other_ports():
    """Wireshark: sees no IKE on ports other than 500 and 4500."""
    link, frames, keys = sample('two-rounds-of-auth')
    r = report(pcap(shifted_ports(frames, 11000), link), keys)
    assert all(m['decryption'] in ('clear', 'decrypted') for _, m in messages(r)) and len(messages(r)) == 8, len(messages(r))
    assert traffic(r)['decrypted'] == traffic(r)['packets'] == 6, traffic(r)


def in_tcp():
    """Wireshark: does not look for IKE and ESP in TCP."""
    _, frames, keys = sample('two-rounds-of-auth')
    sequence, out = {A: 100, B: 900}, []
    for f in frames:
        at = f.index(b'\x45\0')
        source, port, content = '.'.join(map(str, f[at + 12:at + 16])), struct.unpack('>H', f[at + 20:at + 22])[0], f[at + 28:]
        content = content if port == 4500 else bytes(4) + content
        stream = (b'IKETCP' if source == A and sequence[A] == 100 else b'') + struct.pack('>H', 2 + len(content)) + content
        for piece in (stream[:50], stream[50:]):
            ports = (33333, 4500) if source == A else (4500, 33333)
            tcp = struct.pack('>HHIIBBHHH', *ports, sequence[source], 1, 0x50, 0x18, 65535, 0, 0) + piece
            out.append(ipv4(source, B if source == A else A, 6, tcp))
            sequence[source] += len(piece)
    r = report(pcap(out), keys)
    assert all(m['decryption'] in ('clear', 'decrypted') for _, m in messages(r)) and len(messages(r)) == 8, len(messages(r))
    assert traffic(r)['decrypted'] == traffic(r)['packets'] == 6 and r['child_sas'][0]['encap'] == 'tcp', r['child_sas']


def cut_by_the_snap_length():
    """Wireshark: says nothing of a packet that the snap length cut, and fails in it."""
    key = bytes(32)
    r = report(pcap([ipv4(A, B, 50, esp(1, n, key, ping(n))) for n in (1, 2, 3)], snap=60), esp_key(1, key))
    assert flow(r)['truncated'] == 3 and flow(r)['icv_failed'] == 0, flow(r)
    assert 'input-truncated' in [f['rule'] for f in r['findings']] or any('snap' in f['cause'] for f in r['findings']), r['findings']


def keys_of_a_reused_spi():
    """Wireshark: uses the first key line of an SPI for ever."""
    one, two = b'1' * 32, b'2' * 32
    frames = [ipv4(A, B, 50, esp(5, n, one, ping(n))) for n in (1, 2, 3)] + [ipv4(A, B, 50, esp(5, n, two, ping(n))) for n in (1, 2)]
    for rows in ([one, two], [two, one], [b'3' * 32, two, one]):
        r = report(pcap(frames), '\n'.join(esp_key(5, k, A, B) for k in rows))
        assert traffic(r)['decrypted'] == 5 and traffic(r)['icv_failed'] == 0, traffic(r)


def a_bad_key_line_in_the_middle():
    """Wireshark: drops every line after a bad one."""
    key = b'k' * 32
    row = '"IPv4","%s","%s","0x%08x","NULL","","HMAC-SHA-256-128 [RFC4868]","0x%s"\n'
    table = row % (A, B, 1, key.hex()) + '"IPv4","%s","%s","0x2","AES-CBC [RFC3602]","0x12","NULL",""\n' % (A, B) + row % (A, B, 3, key.hex())
    r = report(pcap([ipv4(A, B, 50, esp(spi, 1, key, ping(1))) for spi in (1, 3)]), table, 'esp_sa')
    assert traffic(r)['decrypted'] == 2, traffic(r)
    assert 'esp_sa:2' in r['stderr'] or any(e.get('line') == 2 for f in r['findings'] for e in f['evidence']), (r['stderr'], r['findings'])


def payload(following, body):
    return struct.pack('>BBH', following, 0, 4 + len(body)) + body


def transform(kind, number, bits=None, last=False):
    attribute = struct.pack('>HH', 0x800e, bits) if bits else b''
    return struct.pack('>BBHBBH', 0 if last else 3, 0, 8 + len(attribute), kind, 0, number) + attribute


def names_of_the_newer_numbers():
    """Wireshark: no names for IKE_INTERMEDIATE, IKE_FOLLOWUP_KE, ADDKE, ML-KEM, PPK and implicit IV."""
    ts = [transform(1, 30, 256), transform(2, 5), transform(4, 31), transform(6, 36), transform(7, 37, last=True)]
    sa = struct.pack('>BBHBBBB', 0, 0, 8 + sum(map(len, ts)), 1, 1, 0, len(ts)) + b''.join(ts)
    notifies = (16435, 16438, 16441)
    body = payload(34, sa) + payload(40, struct.pack('>HH', 31, 0) + bytes(32)) + payload(41, bytes(32))
    for i, n in enumerate(notifies):
        body += payload(41 if i + 1 < len(notifies) else 0, struct.pack('>BBH', 0, 0, n))
    def header(first, exchange, spi_r, flags, mid, content):
        return struct.pack('>QQBBBBII', 0x1111, spi_r, first, 0x20, exchange, flags, mid, 28 + len(content)) + content
    frames = [ipv4(A, B, 17, udp(500, 500, header(33, 34, 0, 8, 0, body)))]
    for mid, exchange in ((1, 43), (2, 44)):
        frames.append(ipv4(A, B, 17, udp(500, 500, header(46, exchange, 0x2222, 8, mid, payload(34, bytes(48))))))
    text = json.dumps(report(pcap(frames), None))
    for name in ('ENCR_AES_GCM_16_IIV', 'ML_KEM_768', 'ML_KEM_1024', 'ADDKE1', 'ADDKE2', 'USE_PPK', 'INTERMEDIATE_EXCHANGE_SUPPORTED',
                 'ADDITIONAL_KEY_EXCHANGE', 'IKE_INTERMEDIATE', 'IKE_FOLLOWUP_KE'):
        assert name.replace('_', '').lower() in text.replace('_', '').replace('-', '').lower(), name


def esp_quoted_by_icmp():
    """Wireshark: takes the ESP that an ICMP error quotes for ESP traffic."""
    key = bytes(32)
    one = ipv4(A, B, 50, esp(1, 1, key, ping(1)))
    error = ipv4(B, A, 1, struct.pack('>BBHI', 3, 2, 0, 0) + one)
    r = report(pcap([one, error]), esp_key(1, key))
    packets = next(i['packets'] for i in r['inputs'] if 'packets' in i)
    assert (packets['esp'], packets['other']) == (1, 1) and flow(r)['packets'] == 1, (packets, r['esp_flows'])


def main():
    failed, tests = 0, [f for f in globals().values() if callable(f) and (f.__doc__ or '').startswith('Wireshark:')]
    for test in tests:
        try:
            test()
        except Exception as e:
            failed += 1
            print(f'{test.__name__}: {type(e).__name__} {str(e)[:600]}')
    print(f'{len(tests)} matters, {failed} failed')
    return 1 if failed or len(tests) < 14 else 0


sys.exit(main())
