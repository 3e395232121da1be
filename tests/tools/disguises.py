#!/usr/bin/env python3
"""disguises.py PROGRAM [--sample N] [--pairs N] [--seed N] [--only NAME[+NAME]] [--show] FILE...: what people's logs went through before they are read
must not change what they tell. Each log is put into every disguise there is, then into N pairs of them, and read: the IKE SAs, their roles,
peers, states, transitions, exchanges, messages and first error are those of the plain log, or lack only what the disguise itself takes away;
every line is accounted for and none is left unparsed. --sample takes N logs in a disguise instead of all, each disguise at least once; --only tries one disguise, --show prints what differs and keeps the file."""
import json, os, random, re, shutil, subprocess, sys, tempfile

TAGS = r'IKEv2|%[A-Z]|IPSEC|CRYPTO_|Crypto mapdb|ISAKMP|SA ID:'
STAMP = re.compile(r'^(?P<mark>[*.]?)(?P<mon>[A-Z][a-z]{2}) (?P<day>[ \d]\d) (?:(?P<year>\d{4}) )?(?P<h>\d\d):(?P<m>\d\d):(?P<s>\d\d)'
                   r'(?:\.(?P<ms>\d{3}))?(?: (?P<zone>[A-Z]{2,5}))?: ')
ENTRY = re.compile(r'^(?:[*.]?[A-Z][a-z]{2} [ \d]\d |(?:IKEv2(?:-[A-Z]+)?(?:-\d+)?:|' + TAGS.replace('IKEv2|', '') + r')|\(\d+\): )')
PROMPT = re.compile(r'^[\w./-]+(\([\w-]+\))?[#>]')


class Log:
    """Lines on the way to octets: what a disguise changes."""

    def __init__(self, text):
        self.lines = text.split('\n')
        if self.lines and not self.lines[-1]:
            self.lines.pop()
        self.asa = any(re.search(r'IKEv2-P(ROTO|LAT)-', l) for l in self.lines)
        self.stamped = sum(bool(STAMP.match(l)) for l in self.lines) * 3 > len(self.lines)
        self.prompts = any(PROMPT.match(l) for l in self.lines)
        host = next((m for l in self.lines for m in [re.match(r'[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?[\d:]+ ([a-z]\w+) : ', l)] if m), None)
        self.host = host[1] if host else 'R9'
        self.trace = any('event-trace' in l or l.endswith('_event:') for l in self.lines)
        self.wrapped = any('SM Trace->' in l and 'Event:' not in l for l in self.lines)  # already
        self.end = '\n'
        self.encode = lambda s: s.encode('utf-8', 'surrogateescape')

    def octets(self):
        return self.encode(self.end.join(self.lines) + self.end)

    def starts(self, n):
        return bool(ENTRY.match(self.lines[n])) if 0 <= n < len(self.lines) else True


class Unfit(Exception):
    """This log cannot wear that."""


def fit(condition):
    if not condition:
        raise Unfit


DISGUISES = {}  # name: (what it takes away, function)


def disguise(name, takes=()):
    def add(f):
        DISGUISES[name] = (set(takes), f)
        return f
    return add


# ---- line ends and encodings (the last step: they set how octets are made)
@disguise('crlf')
def _(log, rnd): log.end = '\r\n'


@disguise('cr') # an old Mac's: one line to whoever counts LFs
def _(log, rnd): log.end = '\r'


@disguise('crcrlf')
def _(log, rnd): log.end = '\r\r\n'


@disguise('latin1')
def _(log, rnd):
    fit(all(ord(c) < 128 for l in log.lines for c in l))
    at = first_entry(log, rnd)
    log.lines.insert(at, stamp_of(log, at) + '%SYS-5-CONFIG_I: Configured from console by J\u00fcrgen on vty0 (192.0.2.77)')
    log.encode = lambda s: s.encode('latin-1')


@disguise('utf8-bom')
def _(log, rnd): log.encode = lambda s: b'\xef\xbb\xbf' + s.encode('utf-8', 'surrogateescape')


def utf16(order, mark):
    def f(log, rnd):
        fit(all(ord(c) < 0xd800 for l in log.lines for c in l))
        log.encode = lambda s: mark + s.encode('utf-16-' + order)
    return f


disguise('utf16le-bom')(utf16('le', b'\xff\xfe'))
disguise('utf16be-bom')(utf16('be', b'\xfe\xff'))
disguise('utf16le')(utf16('le', b''))


@disguise('no-last-end')
def _(log, rnd):
    before = log.encode
    log.encode = lambda s: before(s[:-len(log.end)])


# ---- control characters
@disguise('nul')
def _(log, rnd):
    for _i in range(len(log.lines) // 2 + 1):
        n = rnd.randrange(len(log.lines))
        at = rnd.randrange(len(log.lines[n]) + 1)
        log.lines[n] = log.lines[n][:at] + '\0' * rnd.randrange(1, 4) + log.lines[n][at:]


@disguise('ansi')
def _(log, rnd):
    def colour(l):
        words = l.split(' ')
        for _i in range(rnd.randrange(3)):
            w = rnd.randrange(len(words))
            words[w] = '\x1b[1;31m' + words[w] + '\x1b[0m'
        return rnd.choice(('', '\x1b[2K', '\x1b[m')) + ' '.join(words) + rnd.choice(('', '\x1b[K'))
    log.lines = [colour(l) for l in log.lines]


@disguise('bell')
def _(log, rnd): log.lines = [l + rnd.choice(('', '\a')) for l in log.lines]


@disguise('backspaces')
def _(log, rnd):
    def typo(l):
        at = rnd.randrange(len(l) + 1)
        return l[:at] + rnd.choice('xyz#>') + '\b \b' + l[at:]
    log.lines = [typo(l) if rnd.random() < .4 else l for l in log.lines]


def pager(text, rub, every):
    def f(log, rnd):
        out = []
        for n, l in enumerate(log.lines):
            out.append(text + rub + l if n % every == every - 1 else l)
        log.lines = out
    return f


disguise('more')(pager(' --More-- ', '\b' * 10 + ' ' * 10 + '\b' * 10, 24))
disguise('more-cr')(pager('--More--', '\r        \r', 23))
disguise('more-asa')(pager('<--- More --->', '\r              \r', 23))


@disguise('more-line')
def _(log, rnd):
    out = []
    for n, l in enumerate(log.lines):
        if n % 24 == 23 and ENTRY.match(l):
            out.append('--More-- ')
        out.append(l)
    log.lines = out


# ---- prompts
@disguise('prompts-between')
def _(log, rnd):
    fit(not log.prompts)
    out = []
    for n, l in enumerate(log.lines):
        if log.starts(n) and rnd.random() < .15:
            out += [log.host + '#'] * rnd.randrange(1, 3)
        out.append(l)
    log.lines = out


@disguise('prompts-in-front')
def _(log, rnd):
    fit(not log.prompts)
    log.lines = [log.host + '#' + l if log.starts(n) and rnd.random() < .15 else l for n, l in enumerate(log.lines)]


@disguise('prompts-cutting')
def _(log, rnd):
    fit(not log.prompts)
    out = []
    for n, l in enumerate(log.lines):
        if rnd.random() < .12 and ('SM Trace->' in l or 'Exchange RE' in l):
            least = l.find('SM Trace->') + 12 if 'SM Trace->' in l else len(l.rstrip()) - 6
            at = rnd.randrange(least, len(l.rstrip()) - 1)
            out += [l[:at], log.host + '#' + l[at:]]
        else:
            out.append(l)
    log.lines = out


@disguise('typed-commands')
def _(log, rnd):
    fit(not log.prompts)
    typed = (['R9#show clock', '*10:00:01.120 UTC Tue Mar 3 2026'], ['R9#terminal length 0'], ['R9#conf t', 'Enter configuration commands, one per line.  End with CNTL/Z.', 'R9(config)#end', 'R9#'],
             ['R9#ping 198.51.100.9', 'Type escape sequence to abort.', 'Sending 5, 100-byte ICMP Echos to 198.51.100.9, timeout is 2 seconds:', '.....', 'Success rate is 0 percent (0/5)'],
             ['R9#debug crypto ikev2', 'IKEv2 default debugging is on'], ['R9#u all', 'All possible debugging has been turned off'], ['R9#debug crypto ikev2 ?', '  error     IKEv2 Error debugging', '  internal  IKEv2 Internal debugging', '  <cr>', ''],
             ['R9#sh ip int br | i up', 'Ethernet0/0            192.0.2.1       YES NVRAM  up                    up      '], ["R9#wr", 'Building configuration...', '[OK]'])
    out = []
    for n, l in enumerate(log.lines):
        if n and log.starts(n) and not log.lines[n - 1].strip() and rnd.random() < .3:
            out += [x.replace('R9', log.host) for x in rnd.choice(typed)]
        out.append(l)
    log.lines = out


# ---- wraps
def hard(width):
    def f(log, rnd):
        fit(not log.wrapped and (log.host == 'R9' or width > 60))
        fit(sum(len(l) > width for l in log.lines) > 5)  # a few cuts do not tell the width
        log.lines = [l[i:i + width] for l in log.lines for i in range(0, len(l) or 1, width)]
    return f


def soft(width, keep):
    def f(log, rnd):
        fit(not log.trace)  # known to fail: what an event trace leaves before a blank is a whole entry, too
        fit(any(map(log.starts, range(len(log.lines)))))  # known to fail: a dump's lines alone, of which none says where it begins
        fit(not log.wrapped and (log.host == 'R9' or width > 60))
        fit(sum(len(l) > width for l in log.lines) > 5)  # a few cuts do not tell the width
        fit(any(log.starts(n) for n in range(len(log.lines))))  # nor does a piece of a dump, whose rests may be anything
        out, cuts = [], []
        for l in log.lines:
            while len(l) > width:
                at = l.rfind(' ', 0, width if keep else width + 1)
                if at <= 0 or not l[:at].strip():
                    at = width - 1
                out.append(l[:at + 1] if keep else l[:at + 1].rstrip(' ') if l[at] == ' ' else l[:at + 1])
                cuts.append(len(out[-1]))
                l = l[at + 1:]
            out.append(l)
        fit(cuts.count(max(cuts)) < .9 * len(cuts))  # known to fail: where nearly all are cut in one column, the rest are left
        log.lines = out
    return f


for w in (40, 48, 56, 60, 64, 66, 70, 72, 74, 76, 78, 79, 80, 81, 90, 96, 100, 110, 120, 128, 132, 140):
    disguise('fold-%d' % w, ('wraps',))(hard(w))
    disguise('fold-s-%d' % w, ('wraps',))(soft(w, True))
    disguise('wrap-%d' % w, ('wraps',))(soft(w, False))


# ---- glue and paste
@disguise('glued')
def _(log, rnd):
    fit(log.stamped or log.asa)
    out = []
    for n, l in enumerate(log.lines):
        if out and log.starts(n) and log.starts(n - 1) and rnd.random() < .3 and (l[:1] == '*' or 'IKEv2-P' in l[:6]):
            out[-1] = out[-1].rstrip() + ('' if log.asa else ' ') + l
        else:
            out.append(l)
    fit(len(out) < len(log.lines))
    log.lines = out


@disguise('glued-stars')
def _(log, rnd):
    fit(log.stamped)
    lines = [STAMP.sub(lambda m: '*' + m[0].lstrip('*.'), l) for l in log.lines]
    out = []
    for n, l in enumerate(lines):
        if out and log.starts(n) and log.starts(n - 1) and rnd.random() < .5:
            out[-1] = out[-1].rstrip() + ' ' + l
        else:
            out.append(l)
    log.lines = out


@disguise('squeezed')
def _(log, rnd): log.lines = [re.sub(' +', ' ', l).strip() if STAMP.match(l) or not log.asa else l for l in log.lines]


@disguise('table')
def _(log, rnd): log.lines = [l.strip() + ' |' if l.strip() and rnd.random() < .3 else l for l in log.lines]


@disguise('indented')
def _(log, rnd): log.lines = ['    ' + l if l else l for l in log.lines]


@disguise('quoted')
def _(log, rnd): log.lines = ['> ' + l for l in log.lines]


@disguise('double-spaced')
def _(log, rnd): log.lines = [x for l in log.lines for x in (l, '')]


@disguise('no-blank-lines')
def _(log, rnd): log.lines = [l for l in log.lines if l.strip()]


@disguise('entities')
def _(log, rnd): log.lines = [l.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;') for l in log.lines]


@disguise('tabs')
def _(log, rnd): log.lines = [re.sub(r'^( {4})+', lambda m: '\t' * (len(m[0]) // 4), l) for l in log.lines]


@disguise('trailing-blanks')
def _(log, rnd): log.lines = [l + ' ' * rnd.randrange(4) for l in log.lines]


# ---- other debugs between
OTHERS = ('OSPF-1 HELLO Et0/1: Rcv hello from 10.9.9.9 area 0 10.8.8.9', 'NHRP: Send Registration Request via Tunnel0 vrf 0, packet size: 104', 'BGP: 10.9.9.9-Outgoing [base] KEEPALIVE rcvd',
          'ISAKMP-PAK: (1001):received packet from 10.9.9.9 dport 500 sport 500 Global (R) QM_IDLE', 'ISAKMP: (1001):set new node 1 to QM_IDLE', 'CDP-PA: version 2 packet sent out on Ethernet0/0', 'AAA/BIND(00000014): Bind i/f',
          'EIGRP: Received HELLO on Et0/1 nbr 10.9.9.9', 'ICMP: echo reply sent, src 10.8.8.8, dst 10.9.9.9, topology BASE, dscp 0 topoid 0', 'NTP Core(INFO): 10.9.9.9 C016 86 pps_freq', 'RADIUS: Received from id 1645/3 10.9.9.9:1645, Access-Accept, len 20',
          '%OSPF-5-ADJCHG: Process 1, Nbr 10.9.9.9 on Ethernet0/1 from LOADING to FULL, Loading Done', '%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: x] [Source: 10.9.9.9]', '%DUAL-5-NBRCHANGE: EIGRP-IPv4 1: Neighbor 10.9.9.9 (Et0/1) is up: new adjacency',
          'DHCPD: checking for expired leases.', 'ARP: received ARP request packet in process', 'IP: s=10.9.9.9 (Ethernet0/1), d=10.8.8.8, len 100, rcvd 3', 'STP: VLAN0001 Et0/0 -> forwarding', 'HSRP: Et0/0 Grp 1 Hello  out 10.8.8.8 Active  pri 100')


@disguise('other-debugs')
def _(log, rnd):
    fit(log.stamped and not log.trace)
    out = []
    for n, l in enumerate(log.lines):
        if log.starts(n) and rnd.random() < .4:
            for _i in range(rnd.randrange(1, 3)):
                out.append(stamp_of(log, n) + rnd.choice(OTHERS))
        out.append(l)
    log.lines = out


# ---- prefixes
def stamp_of(log, n):
    for i in list(range(n, len(log.lines))) + list(range(n, -1, -1)):
        m = STAMP.match(log.lines[i]) if i < len(log.lines) else None
        if m:
            return m[0]
    return ''


def first_entry(log, rnd):
    return next((n for n, l in enumerate(log.lines) if ENTRY.match(l) and not (n and 'olic' in log.lines[n - 1])), 0)


def prefixed(f):
    def g(log, rnd):
        fit(not log.prompts and not log.trace)
        log.lines = [f(n + 1, l) for n, l in enumerate(log.lines)]
    return g


disguise('rfc3164')(prefixed(lambda n, l: 'Mar  3 10:00:01 r2gw ' + l))
disguise('rfc3164-pri')(prefixed(lambda n, l: '<189>Mar  3 10:00:01 r2gw ' + l))
disguise('pri')(prefixed(lambda n, l: '<191>' + l))
disguise('rfc3164-address')(prefixed(lambda n, l: 'Mar  3 10:00:01 10.20.30.40 %d: ' % (n + 76) + l))
disguise('rfc5424')(prefixed(lambda n, l: '<189>1 2026-03-03T10:00:01.000Z r2gw - - - - ' + l))
disguise('rfc5424-app')(prefixed(lambda n, l: '<189>1 2026-03-03T10:00:01.000+01:00 r2gw cisco - - - ' + l))
disguise('rsyslog-iso')(prefixed(lambda n, l: '2026-03-03T10:00:01.123456+01:00 r2gw ' + l))
disguise('rfc3339-nanoseconds')(prefixed(lambda n, l: '2026-03-03T10:00:01.%09dZ ' % n + l)) # a container's log
disguise('numbers')(prefixed(lambda n, l: '%06d: ' % (n + 120) + l))
disguise('relay-numbers')(prefixed(lambda n, l: 'Mar  3 10:00:01 r2gw %d: ' % n + l))
disguise('rfc3164-origin')(prefixed(lambda n, l: 'Mar  3 10:00:01 10.20.30.40 %d: r2gw: ' % (n + 76) + l))
disguise('pri-origin')(prefixed(lambda n, l: '<189>%d: r2gw: ' % (n + 44) + l))
disguise('pri-origin-number')(prefixed(lambda n, l: '<189>%d: r2gw: %06d: ' % (n + 44, n + 455) + l))
disguise('rfc3164-origin-number')(prefixed(lambda n, l: 'Mar  3 10:00:01 10.20.30.40 %d: r2gw: %06d: ' % (n + 76, n + 455) + l))
disguise('relay-numbers-twice')(prefixed(lambda n, l: 'Mar  3 10:00:01 10.20.30.40 %d: %06d: ' % (n + 76, n + 455) + l))
disguise('rfc3164-facility')(prefixed(lambda n, l: '2026-03-03 10:00:01\tLocal7.Debug\t10.20.30.40\t%d: ' % (n + 76) + l))
disguise('relay-address')(prefixed(lambda n, l: '10.20.30.40 ' + l))
disguise('relay-name')(prefixed(lambda n, l: 'r2gw: ' + l))
disguise('putty')(prefixed(lambda n, l: '[2026-03-03 10:00:01.123] ' + l))


@disguise('entry-numbers')
def _(log, rnd):
    fit(log.stamped and not log.prompts and not log.trace)
    k = 2328000
    out = []
    for n, l in enumerate(log.lines):
        if STAMP.match(l):
            k += 1
            l = '%d: %s' % (k, l)
        out.append(l)
    log.lines = out


# ---- clocks
def clock(f, takes=()):
    def g(log, rnd):
        fit(log.stamped)
        log.lines = [STAMP.sub(lambda m: f(m), l) for l in log.lines]
    return g


def hms(m, ms=True):
    return '%s:%s:%s%s' % (m['h'], m['m'], m['s'], '.' + (m['ms'] or '000') if ms else '')


def uptime(m):
    return '%s:%s:%s: ' % (m['h'], m['m'], m['s'])


disguise('time-star', ('time',))(clock(lambda m: '*%s %s %s: ' % (m['mon'], m['day'], hms(m))))
disguise('time-dot', ('time',))(clock(lambda m: '.%s %s %s: ' % (m['mon'], m['day'], hms(m))))
disguise('time-plain', ('time',))(clock(lambda m: '%s %s %s: ' % (m['mon'], m['day'], hms(m))))
disguise('time-squeezed', ('time',))(clock(lambda m: '%s %s %s: ' % (m['mon'], m['day'].strip(), hms(m))))
disguise('time-zone', ('time',))(clock(lambda m: '%s %s %s CEST: ' % (m['mon'], m['day'], hms(m))))
disguise('time-year', ('time',))(clock(lambda m: '*%s %s 2026 %s UTC: ' % (m['mon'], m['day'], hms(m))))
disguise('time-year-only', ('time',))(clock(lambda m: '%s %s 2026 %s: ' % (m['mon'], m['day'], hms(m))))
disguise('time-seconds', ('time',))(clock(lambda m: '*%s %s %s: ' % (m['mon'], m['day'], hms(m, False))))
disguise('time-micro', ('time',))(clock(lambda m: '*%s %s %s123: ' % (m['mon'], m['day'], hms(m))))
disguise('time-uptime', ('time',))(clock(uptime))
disguise('time-uptime-days', ('time',))(clock(lambda m: '2d%sh: ' % m['h']))
disguise('time-uptime-weeks', ('time',))(clock(lambda m: '1w%dd: ' % (int(m['day']) % 7)))
disguise('time-btrace', ('time',))(clock(lambda m: '2026/03/%02d %s {iosrp_R0-0}{255}: [parser_cmd] [6843]: (note): ' % (int(m['day']), hms(m))))


@disguise('time-none', ('time',))
def _(log, rnd):
    fit(log.stamped and not log.trace)
    fit(all(re.match(TAGS, STAMP.sub('', l)) for l in log.lines if STAMP.match(l)))
    log.lines = [STAMP.sub('', l) for l in log.lines]


# ---- what is missing
@disguise('redacted', ('addresses',))
def _(log, rnd): log.lines = [re.sub(r'\b(\d{1,3}\.\d{1,3})\.\d{1,3}\.\d{1,3}\b', r'\1.X.X', l) for l in log.lines]


@disguise('redacted-x', ('addresses',))
def _(log, rnd): log.lines = [re.sub(r'\b(\d{1,3})\.\d{1,3}\.\d{1,3}\.(\d{1,3})\b', r'x.x.x.\2', l) for l in log.lines]


def redacted(f):
    def g(log, rnd):
        names = {}
        log.lines = [re.sub(r'(?<![\d.])(?!0\.|255\.)\d{1,3}(?:\.\d{1,3}){3}(?![\d.])', lambda m: f(names.setdefault(m[0], len(names))), l) for l in log.lines]
    return g


disguise('redacted-letters', ('addresses',))(redacted(lambda n: '.'.join('zyxwvutsrqponm'[n % 14] * 4)))
disguise('redacted-words', ('addresses',))(redacted(lambda n: '<IP-%d>' % n))
disguise('redacted-blanks', ('addresses',))(redacted(lambda n: '[public ip %s]' % chr(97 + n % 26)))
disguise('redacted-blocks', ('addresses',))(redacted(lambda n: '\u2588' * (4 + n)))


@disguise('cut-start', ('start',))
def _(log, rnd):
    at = rnd.randrange(1, max(2, len(log.lines)))
    rest = log.lines[at:]
    if rest:
        rest[0] = rest[0][rnd.randrange(len(rest[0]) + 1):]
    log.lines = rest or ['']


@disguise('cut-end', ('end',))
def _(log, rnd):
    log.lines = log.lines[:rnd.randrange(1, max(2, len(log.lines)))]
    l = log.lines[-1]
    log.lines[-1] = l[:rnd.randrange(len(l) + 1)]


@disguise('dropped-notice', ('notice',))
def _(log, rnd):
    at = first_entry(log, rnd)
    log.lines.insert(at, stamp_of(log, at) + '%SYS-3-LOGGER_DROPPED: System dropped 55 console debug messages.')


@disguise('limit-notice', ('notice',))
def _(log, rnd):
    log.lines[:0] = ['Syslog logging: enabled (3 messages dropped, 55 messages rate-limited,', '                0 flushes, 0 overruns, xml disabled, filtering disabled)', '', 'No Active Message Discriminator.', '']


# ---- around
@disguise('show-logging')
def _(log, rnd):
    fit(not log.prompts)
    log.lines[:0] = ['R9#show logging', 'Syslog logging: enabled (0 messages dropped, 0 messages rate-limited,', '                0 flushes, 0 overruns, xml disabled, filtering disabled)', '', 'No Active Message Discriminator.', '', '', 'No Inactive Message Discriminator.', '', '',
                     '    Console logging: disabled', '    Monitor logging: level debugging, 0 messages logged, xml disabled,', '                     filtering disabled', '    Buffer logging:  level debugging, 55 messages logged, xml disabled,', '                    filtering disabled',
                     '    Exception Logging: size (8192 bytes)', '    Count and timestamp logging messages: disabled', '    Persistent logging: disabled', '', 'No active filter modules.', '', '    Trap logging: level informational, 59 message lines logged', '        Logging Source-Interface:       VRF Name:', '',
                     'Log Buffer (1000000 bytes):', '']


@disguise('show-tech')
def _(log, rnd):
    fit(not log.prompts and not log.trace)
    log.lines[:0] = ['', '------------------ show clock ------------------', '', '*10:00:01.120 UTC Tue Mar 3 2026', '', '------------------ show version ------------------', '', 'Cisco IOS Software, 7200 Software (C7200-ADVENTERPRISEK9-M), Version 15.2(4)S5, RELEASE SOFTWARE (fc1)',
                     'Technical Support: http://www.cisco.com/techsupport', '', 'ROM: ROMMON Emulation Microcode', '', 'R9 uptime is 2 weeks, 1 day', 'Configuration register is 0x2102', '', '------------------ show processes cpu ------------------', '', 'CPU utilization for five seconds: 1%/0%; one minute: 0%',
                     ' PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process ', '   1           0           1          0  0.00%  0.00%  0.00%   0 Chunk Manager', '', '------------------ show logging ------------------', '', 'Syslog logging: enabled (0 messages dropped, 0 messages rate-limited,',
                     '                0 flushes, 0 overruns, xml disabled, filtering disabled)', '', 'Log Buffer (1000000 bytes):', '']
    log.lines += ['', '------------------ show interfaces ------------------', '', 'Ethernet0/0 is up, line protocol is up ', '  Internet address is 192.0.2.1/24', '     5 packets output, 300 bytes, 0 underruns', '', '------------------ show stacks ------------------', '', 'Minimum process stacks:', ' Free/Size   Name', ' 5648/6000   Init', '']


# ------------------------------------------------------------------------------------------ what a log tells

def gist(octets, path):
    with open(path, 'wb') as f:
        f.write(octets)
    p = subprocess.run([program, '-q', '-f', 'json', path], capture_output=True, timeout=60)
    if p.returncode not in (0, 3):
        return {'exit': p.returncode, 'why': p.stderr.decode('latin-1')[-300:]}
    r = json.loads(p.stdout)
    g = {'sas': {}, 'errors': [], 'lines': [], 'notes': sorted({f['rule'] for f in r['findings'] if f['severity'] != 'error'})}
    for i in r['inputs']:
        l = i.get('lines') or {}
        if l.get('total') != sum(l.get(k, 0) for k in ('event', 'continuation', 'noise', 'blank', 'unparsed')):
            g['lines'].append(('does not add up', l))
        if l.get('unparsed'):
            g['lines'].append(('unparsed', l['unparsed']))
        if l.get('total') != octets_lines(octets):
            g['lines'].append(('total', l.get('total'), octets_lines(octets)))
    for s in r['ike_sas']:
        sa = {'outcome': s['outcome'], 'peers': [(s.get(side) or {}).get('address') for side in ('initiator', 'responder')], 'views': [], 'exchanges': []}
        for v in s.get('views', []):
            sa['views'].append((v.get('role'), v.get('final_state'), [(t['state'], t['event'], t['msgid']) for t in v.get('transitions', [])]))
        for x in s.get('exchanges', []):
            legs = []
            for leg in ('request', 'response'):
                m = x.get(leg)
                legs.append(m and ([p['type'] + ':' + str(p.get('notify', '')) for p in m.get('payloads', [])], len(m.get('sources', [])), m.get('length')))
            sa['exchanges'].append((x.get('type'), x.get('msgid'), x.get('from'), x.get('outcome'), legs))
        g['sas'].setdefault((s.get('spi_i'), s.get('spi_r')), []).append(sa)
    g['children'] = [(c.get('protocol'), c.get('spi_i'), c.get('spi_r'), c.get('outcome'), c.get('tsi'), c.get('tsr')) for c in r['child_sas']]
    g['errors'] = [f['rule'] for f in r['findings'] if f['severity'] == 'error'][:1]
    return g


def octets_lines(b):
    """As INTERFACE counts them: split at LF."""
    for mark, code in ((b'\xff\xfe', 'utf-16-le'), (b'\xfe\xff', 'utf-16-be')):
        if b.startswith(mark):
            b = b[2:].decode(code).encode()
    if b[1:2] == b'\0' and b[3:4] == b'\0' and b[:1] != b'\0':
        b = b.decode('utf-16-le').encode()
    return b.count(b'\n') + (not b.endswith(b'\n') and len(b) > 0)


def within(part, whole):
    """Is part a run of whole?"""
    n = len(part)
    return n == 0 or any(whole[i:i + n] == part for i in range(len(whole) - n + 1))


def differs(plain, now, takes):
    if 'exit' in now:
        return 'exit status %s %s' % (now['exit'], now['why'])
    if takes & {'start', 'end'}: # half a line may be nothing that anybody knows
        now['lines'] = [l for l in now['lines'] if l not in (('unparsed', 1), ('unparsed', 2))]
    if now['lines'] and now['lines'] != plain['unparsed']:
        return 'lines: %s' % now['lines']
    if 'notice' in takes and 'debug-incomplete' not in now['notes'] and 'start' not in takes and 'end' not in takes:
        return 'debug-incomplete is not said'
    if takes & {'start', 'end'}:
        for key, sas in now['sas'].items():
            for sa in sas:
                for v in sa['views']:
                    whole = [w[2] for k, l in plain['sas'].items() for x in l for w in x['views'] if k[0] == key[0] or not key[0] or not k[0]]
                    path = [t for t in v[2]]
                    if not any(within(path[1:-1], w) for w in whole):
                        return 'transitions that the whole log has not: %s %s' % (key, path[:4])
        return None
    a, b = json.loads(json.dumps(list(plain['sas'].items()))), json.loads(json.dumps(list(now['sas'].items())))
    if 'addresses' in takes:
        for side in (a, b):
            for _k, l in side:
                for sa in l:
                    sa['peers'] = None
    if a != b:
        return first_difference(a, b)
    if plain['children'] != now['children'] and 'addresses' not in takes:
        return 'children %s, were %s' % (now['children'], plain['children'])
    if plain['errors'] != now['errors'] and 'addresses' not in takes:
        return 'first error %s, was %s' % (now['errors'], plain['errors'])
    return None


def first_difference(a, b, where=''):
    if isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b) and not where:
            return 'SAs %s, were %s' % ([k for k, _ in b], [k for k, _ in a])
        for i, (x, y) in enumerate(zip(a, b)):
            if x != y:
                return first_difference(x, y, where + '[%d]' % i)
        return '%s: %d instead of %d' % (where, len(b), len(a))
    if isinstance(a, dict) and isinstance(b, dict):
        for k in a:
            if a[k] != b.get(k):
                return first_difference(a[k], b.get(k), where + '.' + k)
    return '%s: %s, was %s' % (where, b, a)


# Of two disguises the one further down this list comes last: encodings and line ends at the very end, wraps behind what is put in front.
ORDER = ['cut', 'limit', 'dropped', 'redacted', 'time', 'other', 'squeezed', 'no-blank', 'glued', 'show', 'typed', 'prompts', 'entry', 'table', 'indented', 'quoted', 'entities', 'numbers', 'rfc', 'relay',
         'pri', 'rsyslog', 'putty', 'fold', 'wrap', 'double', 'tabs', 'trailing', 'more', 'ansi', 'bell', 'backspaces', 'nul', 'latin1', 'utf', 'crlf', 'crcrlf', 'cr', 'no-last']


def rank(name):
    return next(i for i, o in enumerate(ORDER) if name.startswith(o))


def group(name):
    return re.sub(r'-.*|\d.*', '', name)


# {disguises that cannot be worn together: what one puts in front of every line hides what the other looks for, or both are the same thing}
def clash(a, b):
    kinds = {group(a), group(b)}
    heads = {'rfc', 'pri', 'numbers', 'relay', 'rsyslog', 'putty', 'quoted', 'indented'}
    if len(kinds) == 1 or len(kinds & heads) == 2 or len(kinds & {'fold', 'wrap'}) == 2:
        return True
    if {'backspaces', 'ansi'} == kinds: # inside the escapes
        return True
    if any(re.match(r'(fold|wrap).*-(4|5)\d$', x) for x in (a, b)) and (kinds & heads or 'time-btrace' in (a, b)):
        return True # what stands in front is as long
    if kinds & heads and kinds & {'prompts', 'typed', 'show', 'more', 'limit', 'glued', 'table'}:
        return True
    if kinds & {'fold', 'wrap'} and kinds & {'table', 'more', 'backspaces', 'prompts', 'tabs', 'quoted', 'indented', 'trailing', 'entities'}:
        return True
    if kinds & {'fold', 'wrap'} and kinds & {'glued'}:  # a star may stand where a line was cut
        return True
    return len(kinds & {'entry', 'numbers', 'relay'}) == 2 or len(kinds & {'latin', 'utf'}) == 2 or len(kinds & {'glued', 'table', 'double', 'squeezed'}) == 2


def dress(text, names, rnd):
    log = Log(text)
    takes = set()
    for name in sorted(names, key=rank):
        takes |= DISGUISES[name][0]
        DISGUISES[name][1](log, rnd)
    return log.octets(), takes


def main():
    bad = total = 0
    falls = {}
    with tempfile.TemporaryDirectory() as folder:
        cases = []
        plain = {}
        texts = {}
        for name in files:
            texts[name] = open(name, encoding='utf-8', errors='surrogateescape', newline='').read()
            if Log(texts[name]).wrapped:  # it wears one already
                continue
            plain[name] = gist(open(name, 'rb').read(), os.path.join(folder, os.path.basename(name)))
            plain[name]['unparsed'] = plain[name]['lines']
            plain[name]['lines'] = []
            for d in DISGUISES:
                cases.append((name, (d,)))
        rnd = random.Random(seed)
        names = list(DISGUISES)
        if sample:
            rnd.shuffle(cases)
            seen = set()
            first = [c for c in cases if c[1] not in seen and not seen.add(c[1])]
            cases = (first + [c for c in cases if c not in set(first)])[:max(sample, len(first))]
        for _i in range(pairs):
            a, b = rnd.sample(names, 2)
            while clash(a, b):
                a, b = rnd.sample(names, 2)
            cases.append((rnd.choice(files), (a, b)))
        if only:
            cases = [(f, tuple(only.split('+'))) for f in plain]
        for name, worn in cases:
            if name not in plain or 'exit' in plain[name]:
                continue
            try:
                octets, takes = dress(texts[name], worn, random.Random('%d %s %s' % (seed, os.path.basename(name), worn)))
            except Unfit:
                continue
            total += 1
            path = os.path.join(folder, os.path.basename(name))
            try:
                why = differs(plain[name], gist(octets, path), takes)
            except (subprocess.TimeoutExpired, ValueError) as e:
                why = str(e)
            if why:
                bad += 1
                falls['+'.join(worn)] = falls.get('+'.join(worn), 0) + 1
                if bad <= 25 or show:
                    print('%s in %s: %s' % (name, '+'.join(worn), why if show else why[:300]))
                if show and only:
                    shutil.copy(path, '/tmp/disguised.log')
    if falls:
        print('falls:', ', '.join('%s %d' % x for x in sorted(falls.items(), key=lambda x: -x[1])[:60]))
    print('disguises: %d of %d logs tell what they told plain' % (total - bad, total))
    return bad != 0


def option(name, default):
    if name not in args:
        return default
    at = args.index(name)
    value = args[at + 1]
    del args[at:at + 2]
    return value


args = sys.argv[1:]
show = '--show' in args
if show:
    args.remove('--show')
sample, pairs, seed, only = int(option('--sample', 0)), int(option('--pairs', 0)), int(option('--seed', 1)), option('--only', '')
if len(args) < 2:
    print(__doc__)
    sys.exit(2)
program, files = args[0], args[1:]
sys.exit(main())
