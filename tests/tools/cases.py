#!/usr/bin/env python3
"""Writes cases whose truth is known: what two routers said to each other, as each router's log, as captures, with clocks of their own.

A case is one Story: messages with the time at which they were sent. Everything else is a view of it: an IOS-XE or ASA log of one
end by that end's clock, for as long as its debugs ran; a capture at a point of the way that may have missed some. Same seed, same
octets. tests/tools/make_samples.py writes the samples of this kind, tests/tools/case_join.py asks ikescope about random ones.
"""
import copy, hashlib, random, struct
from datetime import datetime, timedelta, timezone

PAYLOADS = {'SA': 33, 'KE': 34, 'IDi': 35, 'IDr': 36, 'AUTH': 39, 'N': 40, 'NOTIFY': 41, 'DELETE': 42, 'VID': 43, 'TSi': 44, 'TSr': 45,
            'ENCR': 46}
EXCHANGES = {'IKE_SA_INIT': 34, 'IKE_AUTH': 35, 'CREATE_CHILD_SA': 36, 'INFORMATIONAL': 37}
NOTIFIES = {'NAT_DETECTION_SOURCE_IP': 16388, 'NAT_DETECTION_DESTINATION_IP': 16389, 'INITIAL_CONTACT': 16384, 'SET_WINDOW_SIZE': 16385,
            'ESP_TFC_NO_SUPPORT': 16394, 'NON_FIRST_FRAGS': 16395, 'NO_PROPOSAL_CHOSEN': 14, 'TS_UNACCEPTABLE': 38,
            'AUTHENTICATION_FAILED': 24}
# transform type, id, key bits, the word of Cisco's dumps
AES256, SHA256_PRF, SHA256, GROUP14, NO_ESN = ((1, 12, 256, 'AES-CBC'), (2, 5, 0, 'SHA256'), (3, 12, 0, 'SHA256'),
                                               (4, 14, 0, 'DH_GROUP_2048_MODP/Group 14'), (5, 0, 0, "Don't use ESN"))
AES128 = (1, 12, 128, 'AES-CBC')


def ip(text):
    return bytes(int(x) for x in text.split('.'))


def rows(data):
    return [' '.join(f'{b:02x}' for b in data[i:i + 16]) for i in range(0, len(data), 16)]


class Payload:
    """One payload: its octets, and the lines of a dump, with hex rows where ASA prints them."""

    def __init__(self, name, body, lines=(), data=b'', notify=None):
        self.name, self.body, self.lines, self.data, self.notify = name, body, list(lines), data, notify

    def word(self):
        return f'NOTIFY({self.notify})' if self.notify else self.name


def sa(transforms, protocol='IKE', spi=b''):
    body, lines = b'', []
    for n, (kind, number, bits, word) in enumerate(transforms):
        more = 0 if n == len(transforms) - 1 else 3
        attribute = struct.pack('>HH', 0x800e, bits) if bits else b''
        body += struct.pack('>BBHBBH', more, 0, 8 + len(attribute), kind, 0, number) + attribute
        lines += [f'    last transform: 0x{more:x}, reserved: 0x0: length: {8 + len(attribute)}', f'    type: {kind}, reserved: 0x0, id: {word}']
    head = struct.pack('>BBHBBBB', 0, 0, 8 + len(spi) + len(body), 1, {'IKE': 1, 'AH': 2, 'ESP': 3}[protocol], len(spi), len(transforms))
    return Payload('SA', head + spi + body, [f'  last proposal: 0x0, reserved: 0x0, length: {len(head + spi + body)}',
                   f'  Proposal: 1, Protocol id: {protocol}, SPI size: {len(spi)}, #trans: {len(transforms)}'] + lines)


def ke(data, group=14):
    return Payload('KE', struct.pack('>HH', group, 0) + data, [f'    DH group: {group}, Reserved: 0x0'], data)


def nonce(data):
    return Payload('N', data, [], data)


def vid(data):
    return Payload('VID', data, [], data)


def notify(name, data=b'', protocol=0, spi=b''):
    word = {0: 'Unknown - 0', 1: 'IKE', 3: 'ESP'}[protocol]
    return Payload('NOTIFY', struct.pack('>BBH', protocol, len(spi), NOTIFIES[name]) + spi + data,
                   [f'    Security protocol id: {word}, spi size: {len(spi)}, type: {name}'], spi + data, name)


def ident(side, address):
    return Payload('IDi' if side == 'i' else 'IDr', bytes([1, 0, 0, 0]) + ip(address), ['    Id type: IPv4 address, Reserved: 0x0 0x0'], ip(address))


def auth(data):
    return Payload('AUTH', bytes([2, 0, 0, 0]) + data, ['    Auth method PSK, reserved: 0x0, reserved 0x0', f'Auth data: {len(data)} bytes'])


def ts(side, start, end):
    return Payload('TSi' if side == 'i' else 'TSr', bytes([1, 0, 0, 0, 7, 0, 0, 16, 0, 0, 255, 255]) + ip(start) + ip(end),
                   ['    Num of TSs: 1, reserved 0x0, reserved 0x0', '    TS type: TS_IPV4_ADDR_RANGE, proto id: 0, length: 16',
                    '    start port: 0, end port: 65535', f'    start addr: {start}, end addr: {end}'])


def delete(protocol, spis=()):
    size = len(spis[0]) if spis else 0
    return Payload('DELETE', struct.pack('>BBH', {'IKE': 1, 'ESP': 3}[protocol], size, len(spis)) + b''.join(spis),
                   [f'    Security protocol id: {protocol}, spi size: {size}, num of spi: {len(spis)}'], b''.join(spis))


class Message:
    def __init__(self, at, exchange, number, sender, response, payloads, sealed, seed):
        self.at, self.exchange, self.number, self.sender, self.response = at, exchange, number, sender, response
        self.payloads, self.sealed, self.lost = payloads, sealed, None
        self.delay = 0.0  # from one end to the other
        plain = b''.join(struct.pack('>BBH', 0, 0, 4 + len(p.body)) + p.body for p in payloads)
        self.cipher = hashlib.shake_256(seed).digest(16 + (len(plain) // 16 + 1) * 16 + 16) if sealed else b''
        self.length = 28 + (4 + len(self.cipher) if sealed else len(plain))

    def flags(self):
        return (8 if self.sender == 'i' else 0) | (32 if self.response else 0)

    def octets(self, spi_i, spi_r):
        chain = b''
        for n, p in enumerate(self.payloads):
            following = PAYLOADS[self.payloads[n + 1].name] if n + 1 < len(self.payloads) else 0
            chain += struct.pack('>BBH', following, 0, 4 + len(p.body)) + p.body
        first = PAYLOADS[self.payloads[0].name] if self.payloads else 0
        if self.sealed:
            chain, first = struct.pack('>BBH', first, 0, 4 + len(self.cipher)) + self.cipher, 46
        return spi_i + spi_r + struct.pack('>BBBBII', first, 0x20, EXCHANGES[self.exchange], self.flags(), self.number, 28 + len(chain)) + chain


class Story:
    """IKE_SA_INIT and IKE_AUTH at `start`, then a liveness check every `every` seconds, asked by the ends in turn."""

    def __init__(self, seed=1, start=datetime(2026, 3, 3, 10, 0, 0, 120000, timezone.utc), checks=0, every=60.0, delay=0.009,
                 addresses=('192.0.2.1', '198.51.100.2')):
        self.random, self.start, self.addresses = random.Random(seed), start, dict(zip('ir', addresses))
        self.seed, self.messages, self.delay = seed, [], delay
        self.spi = {'i': self.octets('spi_i', 8), 'r': self.octets('spi_r', 8)}
        self.esp = {'i': self.octets('esp_i', 4), 'r': self.octets('esp_r', 4)}
        self.begin()
        asked = {'i': 2, 'r': 0}
        for n in range(checks):
            who = 'ir'[n % 2]
            self.exchange((n + 1) * every, 'INFORMATIONAL', asked[who], who, [], [])
            asked[who] += 1
        self.asked = asked

    def lose(self, m, where, after=2.0):
        """A copy of m is lost at `where` (0 at the initiator, 1 at the responder) of the way, and sent again `after` seconds later; its answer, if it
        is a request, waits for that."""
        n = self.messages.index(m)
        again = copy.copy(m)
        m.lost, again.at = where, m.at + after
        self.messages.insert(n + 1, again)
        if not m.response and n + 2 < len(self.messages):
            self.messages[n + 2].at += after

    def find(self, exchange, number, sender, response):
        return next(m for m in self.messages if (m.exchange, m.number, m.sender, m.response) == (exchange, number, sender, response))

    def octets(self, what, count):
        return hashlib.shake_256(f'{self.seed} {what}'.encode()).digest(count)

    def say(self, at, exchange, number, sender, response, payloads, sealed=True):
        seed = f'{self.seed} {exchange} {number} {sender} {response}'.encode()
        m = Message(at, exchange, number, sender, response, payloads, sealed, seed)
        m.delay = self.delay + self.random.uniform(0, 0.002)
        self.messages.append(m)
        return m

    def exchange(self, at, exchange, number, who, request, response):
        m = self.say(at, exchange, number, who, False, request)
        self.say(at + m.delay + 0.0012, exchange, number, 'r' if who == 'i' else 'i', True, response)

    def begin(self):
        i, r = self.addresses['i'], self.addresses['r']
        for sender in 'ir':
            spis = self.spi['i'] + (self.spi['r'] if sender == 'r' else bytes(8))
            nat = [notify(f'NAT_DETECTION_{end}_IP', hashlib.sha1(spis + ip(self.addresses[whose]) + struct.pack('>H', 500)).digest(), 1)
                   for end, whose in (('SOURCE', sender), ('DESTINATION', 'r' if sender == 'i' else 'i'))]
            m = [sa([AES256, SHA256_PRF, SHA256, GROUP14]), ke(self.octets(f'ke {sender}', 256)), nonce(self.octets(f'nonce {sender}', 32)),
                 vid(b'CISCO-DELETE-REASON')] + nat
            self.say(0.0 if sender == 'i' else self.messages[0].delay + 0.004, 'IKE_SA_INIT', 0, sender, sender == 'r', m, False)
        at = self.messages[1].at + self.messages[1].delay + 0.006
        child = [AES256, SHA256, NO_ESN]
        def body(side):
            return [ident(side, self.addresses[side]), auth(self.octets(f'auth {side}', 32)), sa(child, 'ESP', self.esp[side]),
                    ts('i', '10.1.0.0', '10.1.255.255'), ts('r', '10.2.0.0', '10.2.255.255')]
        self.exchange(at, 'IKE_AUTH', 1, 'i', body('i') + [notify('INITIAL_CONTACT'), notify('ESP_TFC_NO_SUPPORT')],
                      body('r') + [notify('ESP_TFC_NO_SUPPORT')])


class Clock:
    """What an end's clock shows: ahead by `offset` seconds, gaining `ppm`, stepped by `step` seconds at `step_at` into the story."""

    def __init__(self, offset=0.0, ppm=0.0, zone='UTC', zone_hours=0.0, year=True, step=0.0, step_at=1e9, digits=3):
        self.offset, self.ppm, self.zone, self.hours, self.year = offset, ppm, zone, zone_hours, year
        self.step, self.step_at, self.digits = step, step_at, digits

    def shown(self, story, at):
        ahead = self.offset + at * self.ppm * 1e-6 + (self.step if at >= self.step_at else 0)
        return story.start + timedelta(seconds=at + ahead, hours=self.hours)

    def stamp(self, story, at):
        t = self.shown(story, at)
        fraction = '' if not self.digits else f'.{t.microsecond // 1000:03d}'
        return f'{"" if self.year else "*"}{t:%b} {t.day:2d} {t.year if self.year else ""}{" " if self.year else ""}{t:%H:%M:%S}{fraction}' + \
               (f' {self.zone}' if self.zone else '') + ': '


STATES = {  # exchange, response, role: what the state machine goes through when it sends, and when it receives
    ('IKE_SA_INIT', False, 'i'): ([('IDLE', 'EV_INIT_SA'), ('I_BLD_INIT', 'EV_BLD_MSG')], [('I_WAIT_INIT', 'EV_NO_EVENT')]),
    ('IKE_SA_INIT', False, 'r'): ([], [('IDLE', 'EV_RECV_INIT'), ('R_INIT', 'EV_VERIFY_MSG'), ('R_BLD_INIT', 'EV_BLD_MSG')]),
    ('IKE_SA_INIT', True, 'i'): ([], [('I_WAIT_INIT', 'EV_RECV_INIT'), ('I_PROC_INIT', 'EV_VERIFY_MSG'), ('INIT_DONE', 'EV_DONE')]),
    ('IKE_SA_INIT', True, 'r'): ([], [('INIT_DONE', 'EV_DONE'), ('R_WAIT_AUTH', 'EV_NO_EVENT')]),
    ('IKE_AUTH', False, 'i'): ([('I_BLD_AUTH', 'EV_SEND_AUTH')], [('I_WAIT_AUTH', 'EV_NO_EVENT')]),
    ('IKE_AUTH', False, 'r'): ([], [('R_WAIT_AUTH', 'EV_RECV_AUTH'), ('R_VERIFY_AUTH', 'EV_VERIFY_AUTH'), ('R_BLD_AUTH', 'EV_SEND_AUTH')]),
    ('IKE_AUTH', True, 'i'): ([], [('I_WAIT_AUTH', 'EV_RECV_AUTH'), ('I_PROC_AUTH', 'EV_VERIFY_AUTH'), ('AUTH_DONE', 'EV_OK'), ('READY', 'EV_I_OK')]),
    ('IKE_AUTH', True, 'r'): ([], [('AUTH_DONE', 'EV_OK'), ('READY', 'EV_R_OK')]),
}


class Log:
    def __init__(self, story, side, clock, dump='names', host=None):
        self.story, self.side, self.clock, self.dump, self.host = story, side, clock, dump, host
        self.lines, self.knows_r = [], side == 'r'

    def tag(self, internal=False):
        return 'IKEv2-INTERNAL:(SESSION ID = 7,SA ID = 1):' if internal else 'IKEv2:(SESSION ID = 7,SA ID = 1):'

    def put(self, at, text, *more, internal=False):
        self.lines += [self.clock.stamp(self.story, at) + self.tag(internal) + text, *more]

    def spis(self, packet=None):
        first = packet and packet.exchange == 'IKE_SA_INIT' and not packet.response
        return self.story.spi['i'].hex().upper(), (self.story.spi['r'] if self.knows_r and not first else bytes(8)).hex().upper()

    def state(self, at, m, pairs):
        role = 'I' if m.response != (m.sender == self.side) else 'R'
        i, r = self.spis()
        for state, event in pairs:
            self.put(at, f'SM Trace-> SA: I_SPI={i} R_SPI={r} ({role}) MsgID = {m.number} CurState: {state} Event: {event}', internal=True)

    def contents(self, m):
        """The payload list, or every field of every payload."""
        if self.dump == 'names':
            return ['Payload contents: ', ' ' + ''.join(p.word() + ' ' for p in m.payloads), '']
        out = ['Payload contents: ']
        for n, p in enumerate(m.payloads):
            following = m.payloads[n + 1].name if n + 1 < len(m.payloads) else 'NONE'
            out += [f' {p.word()}  Next payload: {following}, reserved: 0x0, length: {4 + len(p.body)}'] + [' ' + x for x in p.lines]
        return out

    def packet(self, at, m, sent, port):
        here, there = self.story.addresses[self.side], self.story.addresses['r' if self.side == 'i' else 'i']
        i, r = self.spis(m)
        way = f'Sending Packet [To {there}:{port}/From {here}:{port}/VRF i0:f0] ' if sent else f'Received Packet [From {there}:{port}/To {here}:{port}/VRF i0:f0] '
        head = [f'Initiator SPI : {i} - Responder SPI : {r} Message id: {m.number}',
                f'IKEv2 {m.exchange} Exchange {"RESPONSE" if m.response else "REQUEST"} ']
        if sent and m.sealed:
            self.put(at, 'Building packet for encryption.  ', *self.contents(m))
            self.put(at, way, *head, 'Payload contents: ', ' ENCR ', '')
        else:
            self.put(at, way, *head, *self.contents(m))

    def sees(self, m, sent):
        at = m.at if sent else m.at + m.delay
        before, after = STATES.get((m.exchange, m.response, self.side), ([], []))
        if m.exchange == 'IKE_SA_INIT' and m.response and not sent:
            self.knows_r = True
        if sent:
            self.state(at, m, before)
            self.packet(at, m, True, 500)
            self.state(at, m, after)
        else:
            self.packet(at, m, False, 500)
            self.state(at, m, before + after)

    def text(self, since=-1e9, until=1e9, pause=(1e9, 1e9)):
        for m in sorted(self.story.messages, key=lambda m: m.at if m.sender == self.side else m.at + m.delay):
            sent = m.sender == self.side
            at = m.at if sent else m.at + m.delay
            if since <= at <= until and not pause[0] < at < pause[1] and (sent or m.lost is None):
                self.sees(m, sent)
        return '\n'.join(self.lines) + '\n'


class AsaLog(Log):
    """`debug crypto ikev2 protocol 127`, with its hex rows, each line in a syslog message of its own."""

    def put(self, at, *lines, tag=True, **ignored):
        t = self.clock.shown(self.story, at)
        for line in lines:
            self.lines.append(f'{t:%b} {t.day:02d} {t.year} {t:%H:%M:%S} {self.host} : %ASA-7-711001: ' + line)

    def state(self, at, m, pairs):
        role = 'I' if m.response != (m.sender == self.side) else 'R'
        i, r = self.spis()
        for state, event in pairs:
            self.put(at, f'IKEv2-PROTO-7: (21): SM Trace-> SA: I_SPI={i} R_SPI={r} ({role}) MsgID = {m.number:08X} CurState: {state} Event: {event}')

    def dumped(self, m):
        out = []
        for n, p in enumerate(m.payloads):
            following = m.payloads[n + 1].name if n + 1 < len(m.payloads) else 'NONE'
            out += [f'(21):  {p.word()}(21):   Next payload: {following}, reserved: 0x0, length: {4 + len(p.body)}']
            out += ['(21): ' + x for x in p.lines]
            if p.data:
                out += ['(21): '] + ['(21):      ' + x for x in rows(p.data)]
        return out

    def packet(self, at, m, sent, port):
        here, there = self.story.addresses[self.side], self.story.addresses['r' if self.side == 'i' else 'i']
        i, r = self.spis(m)
        first = 'ENCR' if m.sealed else m.payloads[0].name
        flags = ('INITIATOR' if m.sender == 'i' else 'RESPONDER') + (' MSG-RESPONSE' if m.response else '')
        if sent and m.sealed:
            self.put(at, 'IKEv2-PROTO-4: (21): Building packet for encryption. ', '(21):  ', 'Payload contents: ', *self.dumped(m))
        way = f'Sending Packet [To {there}:{port}/From {here}:{port}/VRF i0:f0] ' if sent else f'Received Packet [From {there}:{port}/To {here}:{port}/VRF i0:f0] '
        self.put(at, f'IKEv2-PROTO-4: (21): {way}', f'(21): Initiator SPI : {i} - Responder SPI : {r} Message id: {m.number}',
                 f'(21): IKEv2 {m.exchange} Exchange {"RESPONSE" if m.response else "REQUEST"}IKEv2-PROTO-5: (21): Next payload: {first}, version: 2.0 '
                 f'(21): Exchange type: {m.exchange}, flags: {flags} (21): Message id: {m.number}, length: {m.length}(21):  ', 'Payload contents: ')
        if not m.sealed:
            self.put(at, *self.dumped(m))
        elif sent:
            inner = m.payloads[0].name if m.payloads else 'NONE'
            self.put(at, f'(21):  ENCR(21):   Next payload: {inner}, reserved: 0x0, length: {m.length - 28}', f'(21): Encrypted data: {m.length - 32} bytes', '(21):  ')
        else:
            self.put(at, f'(21): Decrypted packet:(21): Data: {m.length} bytes', '(21): REAL Decrypted packet:(21): Data: '
                     f'{sum(4 + len(p.body) for p in m.payloads)} bytes', *self.dumped(m))


def capture(story, offset=0.0, point=0.5, missing=lambda m: False, since=-1e9, until=1e9):
    """A pcap of raw IP at `point` of the way (0: at the initiator, 1: at the responder), its clock ahead by `offset` seconds. What was lost before it
    came there is not in it, and neither is what it missed."""
    packets = []
    for m in story.messages:
        way = point if m.sender == 'i' else 1 - point
        gone = m.lost is not None and (m.lost if m.sender == 'i' else 1 - m.lost) < way
        if missing(m) or gone or not since <= m.at <= until:
            continue
        at = story.start.timestamp() + m.at + m.delay * way + offset
        spi_r = bytes(8) if m.exchange == 'IKE_SA_INIT' and not m.response else story.spi['r']
        ike = m.octets(story.spi['i'], spi_r)
        there = 'r' if m.sender == 'i' else 'i'
        udp = struct.pack('>HHHH', 500, 500, 8 + len(ike), 0) + ike
        head = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0) + ip(story.addresses[m.sender]) + ip(story.addresses[there])
        total = sum(struct.unpack('>10H', head))
        total = (total & 0xffff) + (total >> 16)
        head = head[:10] + struct.pack('>H', ~((total & 0xffff) + (total >> 16)) & 0xffff) + head[12:]
        packets.append((at, head + udp))
    out = struct.pack('<IHHiIII', 0xa1b23c4d, 2, 4, 0, 0, 65535, 101)
    for at, packet in sorted(packets, key=lambda p: p[0]):
        ns = round(at * 1e6) * 1000
        out += struct.pack('<IIII', ns // 10**9, ns % 10**9, len(packet), len(packet)) + packet
    return out
