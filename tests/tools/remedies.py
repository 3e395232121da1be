#!/usr/bin/env python3
"""remedies.py IKESCOPE: pairs of configurations whose proposals do not meet, IOS and ASA in all kinds of ways. What the report advises for one end is typed
into that end's configuration, line by line, as a router would take it: in its mode, without a placeholder, a list replacing the one before, nothing bound that
is not there or not complete, no combined-mode cipher beside another or beside an integrity algorithm. Then the two must have a proposal in common, by a
comparison that is made here, and the program must find nothing wrong."""
import re, sys
import config_faults as pairs

PRF_GCM = ' encryption aes-gcm-256\n prf sha384\n group 20\n'
CBC = ' encryption aes-cbc-256\n integrity sha256\n group 14\n'
ASA_GCM = ' encryption aes-gcm-256\n integrity null\n group 20\n prf sha384\n'
ASA_CBC = ' encryption aes-256\n integrity sha256\n group 14\n prf sha256\n'
SET = 'esp-aes 256 esp-sha256-hmac'
TWO = 'crypto ikev2 policy POL\n proposal PROP\n'
ASA_SET = ' protocol esp encryption aes-256\n protocol esp integrity sha-256\n'
ASA_SET_GCM = ' protocol esp encryption aes-gcm-256\n protocol esp integrity null\n'

# {pair of config_faults.py, the edits of one end, those of the other}
CASES = [
    ('vti', {CBC: CBC.replace('256\n', '128\n', 1)}, {}),
    ('vti', {CBC: CBC.replace('sha256', 'sha512')}, {}),
    ('vti', {CBC: CBC.replace('14', '19 20')}, {}),
    ('vti', {CBC: CBC + ' prf sha512\n'}, {}),
    ('vti', {CBC: CBC.replace('sha256', 'sha512') + ' prf sha512\n'}, {}),
    ('vti', {CBC: ' encryption aes-cbc-128 aes-cbc-192\n integrity sha384 sha512\n group 19 20\n'}, {}),
    ('vti', {CBC: PRF_GCM}, {}),
    ('vti', {CBC: PRF_GCM}, {CBC: ' encryption aes-cbc-128 aes-cbc-256\n integrity sha512 sha384\n prf sha256\n group 14 19\n'}),
    ('vti', {CBC: PRF_GCM}, {CBC: ' encryption aes-gcm-128\n prf sha256\n group 14\n'}),
    ('maps', {CBC: CBC.replace('14', '5')}, {}),
    # two policies, of which one is for this address; several proposals in one
    ('vti', {CBC: PRF_GCM, TWO: 'crypto ikev2 policy A\n match address local 203.0.113.77\n proposal PROP\n!\ncrypto ikev2 policy B\n match address local 203.0.113.1\n proposal PROP\n'}, {}),
    ('vti', {'crypto ikev2 policy POL': 'crypto ikev2 proposal MORE\n encryption aes-gcm-128\n prf sha256\n group 19\n!\ncrypto ikev2 policy POL',
             ' proposal PROP\n': ' proposal PROP\n proposal MORE\n', CBC: CBC.replace('14', '21')}, {}),
    ('asa and map', {}, {CBC: CBC.replace('sha256', 'sha1')}),
    ('asa and map', {}, {CBC: PRF_GCM}),
    ('asa and map', {ASA_CBC: ASA_GCM}, {}),
    ('asa and map', {ASA_CBC: ASA_CBC.replace('prf sha256', 'prf sha')}, {}),
    ('asa and map', {ASA_CBC: ' encryption aes-192 aes\n integrity sha512 sha384\n group 19 20 21\n prf sha384\n'}, {}),
    ('asa and map', {'crypto ikev2 policy 10\n' + ASA_CBC: 'crypto ikev2 policy 5\n' + ASA_GCM + 'crypto ikev2 policy 20\n' + ASA_CBC.replace('14', '19')}, {}),
    ('two asa', {ASA_CBC: ASA_GCM}, {}),
    ('two asa', {ASA_CBC: ASA_CBC.replace('aes-256', '3des')}, {}),
    # IPsec
    ('vti', {SET: 'esp-gcm 256'}, {}),
    ('vti', {SET: 'esp-aes esp-sha-hmac'}, {}),
    ('vti', {SET: 'esp-aes 192 esp-sha512-hmac'}, {SET: 'esp-3des esp-md5-hmac'}),
    ('gre', {SET: 'esp-aes esp-sha384-hmac'}, {}),
    ('maps', {SET: 'esp-gcm'}, {}),
    ('maps', {' set transform-set TS': ' set transform-set TS OTHER', SET + '\n': 'esp-gcm 192\n mode tunnel\n!\ncrypto ipsec transform-set OTHER esp-gcm\n'}, {}),
    ('asa and map', {}, {SET: 'esp-gcm 256'}),
    ('asa and map', {ASA_SET: ASA_SET_GCM}, {}),
    ('asa and map', {ASA_SET: ' protocol esp encryption aes-192 aes\n protocol esp integrity sha-512 sha-384\n'}, {}),
    ('two asa', {ASA_SET: ASA_SET_GCM}, {}),
    ('asa vti', {ASA_SET: ASA_SET_GCM}, {}),
    ('asa vti', {ASA_SET: ASA_SET.replace('sha-256', 'sha-1')}, {}),
]


class Refused(Exception):
    pass


class Router:
    """A configuration as blocks: a head and the lines of its mode."""
    MODES = ('crypto ikev2 proposal ', 'crypto ikev2 policy ', 'crypto ipsec profile ', 'crypto ipsec ikev2 ipsec-proposal ', 'crypto ipsec transform-set ')
    LISTS = ('encryption', 'integrity', 'prf', 'group', 'set transform-set', 'set pfs', 'set ikev2 ipsec-proposal', 'protocol esp encryption',
             'protocol esp integrity', 'mode', 'match fvrf')

    def __init__(self, text):
        self.blocks, self.mode, self.asa = [], None, 'ASA Version' in text
        for line in text.split('\n'):
            if line.startswith(' ') and self.blocks:
                self.blocks[-1][1].append(line.strip())
            elif line:
                self.blocks.append((line, []))

    def text(self):
        return ''.join('%s\n%s' % (head, ''.join(' %s\n' % line for line in lines)) for head, lines in self.blocks)

    def find(self, head):
        return next((b for b in self.blocks if b[0] == head or b[0].startswith(head + ' ')), None)

    def opens(self, line):
        return line.startswith(self.MODES) or (not self.asa and re.fullmatch(r'crypto (map \S+ \d+ ipsec-isakmp|dynamic-map \S+ \d+)', line))

    def type(self, line):
        if re.search(r'\b(NAME|PROPOSAL|OLD|MAP|SEQ|FREE-NUMBER|N)\b', line):
            raise Refused('a placeholder')
        if line == 'exit':
            if self.mode is None:
                raise Refused('it would leave configuration')
            self.mode = None
        elif self.opens(line):
            whole = line.startswith('crypto ipsec transform-set ')
            name = ' '.join(line.split()[:4]) if whole else line
            self.mode = self.find(name)
            if self.mode and whole:
                raise Refused('it is there already')
            if not self.mode:
                if line.startswith(('crypto map', 'crypto dynamic-map')):
                    raise Refused('there is no such entry')
                self.mode = (line, [])
                self.blocks.append(self.mode)
        elif line.startswith(('crypto ', 'no crypto ')):
            self.at_top(line)
        elif self.mode is None:
            raise Refused('no mode was entered')
        else:
            self.in_mode(line)

    def at_top(self, line):
        if not self.asa or not re.match(r'(no )?crypto (dynamic-)?map \S+ \d+ set ', line):
            raise Refused('no such command')
        self.bind(line)
        key = ' '.join(line.replace('no ', '', 1).split()[:6])
        at = next((i for i, b in enumerate(self.blocks) if b[0].startswith(key.rsplit(' ', 1)[0] if 'pfs' in key else key)), len(self.blocks))
        if at < len(self.blocks):
            del self.blocks[at]
        if not line.startswith('no '):
            self.blocks.insert(at, (line, []))

    def in_mode(self, line):
        head, lines = self.mode
        self.bind(line)
        if line.startswith('no '):
            lines[:] = [l for l in lines if not l.startswith(line[3:])]
            return
        key = next((k for k in self.LISTS if line.startswith(k + ' ')), None)
        if key:
            lines[:] = [l for l in lines if not l.startswith(key + ' ')]
        if head.startswith('crypto ikev2 p') and not key and not line.startswith(('proposal ', 'match ')):
            raise Refused('no such command in ' + head)
        lines.append(line)

    def bind(self, line):
        """What is bound must be there, and whole."""
        kinds = (('proposal ', 'crypto ikev2 proposal '), ('set transform-set ', 'crypto ipsec transform-set '), ('set ikev2 ipsec-proposal ', 'crypto ipsec ikev2 ipsec-proposal '))
        for command, kind in kinds:
            if line.startswith(command) or (self.asa and ' ' + command in line):
                for name in line.split(command, 1)[1].split():
                    found = self.find(kind + name)
                    if not found and name != 'default':
                        raise Refused('there is no ' + name)
                    if found and kind.startswith('crypto ikev2'):
                        self.whole(found)

    def words(self, block, key):
        return set(w for line in block[1] if line.startswith(key + ' ') for w in line[len(key):].split())

    def whole(self, block):
        encr, integ, prf, group = (self.words(block, k) for k in ('encryption', 'integrity', 'prf', 'group'))
        gcm = {e for e in encr if 'gcm' in e}
        if gcm and gcm != encr:
            raise Refused('GCM beside others: ' + block[0])
        if not encr or not group:
            raise Refused('not complete: ' + block[0])
        if gcm and (integ - {'null'} or not prf or (self.asa and integ != {'null'})):
            raise Refused('integrity beside GCM, or no prf: ' + block[0])
        if not gcm and (not integ or 'null' in integ):
            raise Refused('no integrity: ' + block[0])

    # what it offers, in words of its own: [{kind: values}]
    def ike(self, own):
        heads = [b for b in self.blocks if b[0].startswith('crypto ikev2 policy ')]
        if not self.asa:
            policies = [b for b in heads if not any(l.startswith('match address local') for l in b[1]) or 'match address local ' + own in b[1]]
            heads = [self.find('crypto ikev2 proposal ' + n) for b in policies for l in b[1] if l.startswith('proposal ') for n in [l.split()[1]]]
        out = []
        for b in heads:
            self.whole(b)
            integ, prf = ({alike(w) for w in self.words(b, k)} - {'null'} for k in ('integrity', 'prf'))
            out.append({'encr': {alike(w) for w in self.words(b, 'encryption')}, 'integ': integ, 'prf': prf or integ, 'group': self.words(b, 'group')})
        return out

    def esp(self):
        out = []
        bound = [l for b in self.blocks for l in [b[0]] + b[1] if re.search(r'set (transform-set|ikev2 ipsec-proposal) ', l)]
        for name in (n for l in bound for n in re.split(r'set (?:transform-set|ikev2 ipsec-proposal) ', l)[1].split()):
            b = self.find('crypto ipsec %s ' % ('ikev2 ipsec-proposal' if self.asa else 'transform-set') + name)
            if self.asa:
                encr, integ = ({alike(w) for w in self.words(b, 'protocol esp ' + k)} for k in ('encryption', 'integrity'))
                if any('gcm' in e for e in encr) and (len({'gcm' in e for e in encr}) > 1 or integ - {'null'}):
                    raise Refused('GCM beside others: ' + b[0])
                out.append({'encr': encr, 'integ': integ - {'null'}, 'mode': 'tunnel'})
            else:
                words = re.sub(r'(esp-(?:aes|gcm)) (\d+)', r'\1-\2', b[0]).split()[4:]
                mode = next((l for l in b[1] if l.startswith('mode ')), 'mode tunnel')
                out.append({'encr': {alike(w[4:]) for w in words if 'hmac' not in w}, 'integ': {alike(w[4:-5]) for w in words if 'hmac' in w}, 'mode': mode.split()[1]})
        return out


def alike(word):
    """One word for what the platforms and modes call by several."""
    word = word.replace('aes-cbc-', 'aes-').replace('sha-', 'sha')
    return {'aes': 'aes-128', 'gcm': 'aes-gcm-128', 'aes-gcm': 'aes-gcm-128', 'sha': 'sha1'}.get(word, 'aes-' + word if word.startswith('gcm-') else word)


def meet(one, other):
    return any(all((a[k] & b[k]) or (not a[k] and not b[k]) if k != 'mode' else True for k in a) for a in one for b in other)


def agree(routers):
    owns = [e['near'] for e in pairs.ENDS]
    return meet(routers[0].ike(owns[0]), routers[1].ike(owns[1])), meet(routers[0].esp(), routers[1].esp())


def advice_for(found, end):
    lines = [l for lines in found['findings'][0]['fix'].values() for l in lines]
    mine = [l for l in lines if l.startswith('on R%d: ' % (end + 1))]
    return re.findall(r'`([^`]*)`', mine[0]) if mine else None


def wrong(texts):
    found = pairs.report(texts)
    first = found['findings'][0]['rule'] if found['findings'] else None
    if first not in ('no-proposal-chosen', 'child-no-proposal-chosen'):
        yield 'finds %s first' % first
        return
    if all(agree([Router(t) for t in texts])):
        yield 'the case agrees'
    for end in (0, 1):
        typed, routers = advice_for(found, end), [Router(t) for t in texts]
        if not typed:
            yield 'R%d is not told what to type' % (end + 1)
            continue
        try:
            for line in typed:
                routers[end].type(line)
            if not all(agree(routers)):
                yield 'R%d, told to type %s: they still do not agree' % (end + 1, typed)
        except Refused as why:
            yield 'R%d, told to type %s: refuses "%s": %s' % (end + 1, typed, line, why)
            continue
        errors = [f['cause'] for f in pairs.report([r.text() for r in routers])['findings'] if f['severity'] == 'error']
        if errors:
            yield 'R%d, told to type %s: %s' % (end + 1, typed, errors[0])


def main():
    bad = 0
    for number, (pair, *edits) in enumerate(CASES, 1):
        texts = [kind(i) for i, kind in enumerate(pairs.HEALTHY[pair])]
        for end, changes in enumerate(edits):
            for old, new in changes.items():
                assert old in texts[end], (pair, old)
                texts[end] = texts[end].replace(old, new)
        for w in wrong(texts):
            print('case %d, %s: %s' % (number, pair, w))
            bad += 1
    print('%d cases, %d wrong' % (len(CASES), bad))
    return bad != 0


sys.exit(main())
