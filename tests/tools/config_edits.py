"""config_edits: further faults for config_faults, each of one or more edits, and the pairs that they are made in."""
from config_texts import ENDS, vti, cmap

TRUSTPOINT = '''crypto pki trustpoint CORP
 enrollment terminal
 subject-name CN=r%d.example.net,O=Ex
 revocation-check none
!
'''


def by_certificate(end):
    """Both sign, and call themselves by their addresses."""
    return vti(end).replace('remote pre-share', 'remote rsa-sig').replace('local pre-share', 'local rsa-sig') \
        .replace(' keyring local KR\n', ' identity local address %s\n pki trustpoint CORP\n' % ENDS[end]['near']) \
        .replace('crypto ikev2 proposal', TRUSTPOINT % (end + 1) + 'crypto ikev2 proposal', 1)


def by_groups(end):
    """What it protects is told by object groups of IOS."""
    near, far = (20, 10)[::1 if end else -1]
    return cmap(end).replace(' permit ip 10.%d.0.0 0.0.0.255 10.%d.0.0 0.0.0.255' % (near, far), ' permit ip object-group NEAR object-group FAR') \
        .replace('ip access-list extended VPN', 'object-group network NEAR\n 10.%d.0.0 255.255.255.128\n range 10.%d.0.128 10.%d.0.255\n!\nobject-group network FAR\n host 10.%d.0.77\n!\nip access-list extended VPN' %
                 (near, near, near, far)) if end else cmap(end).replace(' permit ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.0.255', ' permit ip host 10.10.0.77 10.20.0.0 0.0.0.127\n permit ip host 10.10.0.77 10.20.0.128 0.0.0.127')


PAIRS = {
    'by certificate': (by_certificate, by_certificate), 'by object groups': (by_groups, by_groups),
}
CHAIN = '!\ncrypto ikev2 proposal', '''crypto pki certificate chain CORP
%s certificate ca 01
  30820305 308201ED A0030201
  \tquit
!
crypto ikev2 proposal'''
OWN = ' certificate 0A nvram:CORP#A.cer\n'
LOOPBACK = 'interface GigabitEthernet1\n', 'interface Loopback0\n ip address 192.0.2.1 255.255.255.255\n!\ninterface GigabitEthernet1\n'
WARNS = 'warning'
# (pair, [(which end: 0, 1, from, to)], the rule, words among the quoted lines, words of the advice ("!": not there), only told of a whole configuration, WARNS: it is no error)
EDITS = [
    # object groups of IOS
    ('by object groups', [(1, 'range 10.20.0.128 10.20.0.255', 'range 10.20.0.128 10.20.0.254')], 'acl-not-mirrored', ['permit ip object-group NEAR object-group FAR', 'permit ip host 10.10.0.77 10.20.0.128'],
     ['on R2'], False, WARNS),
    ('by object groups', [(1, ' host 10.10.0.77', ' 10.10.0.64 255.255.255.192')], 'acl-not-mirrored', ['object-group NEAR'], ['on R1'], False, WARNS),
    # entries with protocols and ports
    ('asa and map', [(0, 'permit ip 10.10.0.0 255.255.255.0 10.20.0.0 255.255.255.0', 'permit tcp 10.10.0.0 255.255.255.0 10.20.0.0 255.255.255.0 eq 443')], 'acl-not-mirrored', ['permit tcp 10.10.0.0'],
     ['on R2: either end will do: here, make it the mirror image of what the other has: `ip access-list extended VPN` / `permit tcp 10.20.0.0 0.0.0.255 eq 443 10.10.0.0 0.0.0.255`'], False, WARNS),
    # addresses
    ('maps', [(0, 'crypto map CMAP 10', 'crypto map CMAP local-address Loopback0\ncrypto map CMAP 10'), (0,) + LOOPBACK], 'no-response', ['set peer 203.0.113.1'],
     ['on R1: send from the address that R2 has as its peer: `no crypto map CMAP local-address`'], False),
    ('maps', [(1, 'set peer 203.0.113.1', 'set peer 192.0.2.1'), (1, 'address 203.0.113.1 ', 'address 192.0.2.1 '), (1, 'address 203.0.113.1\n', 'address 192.0.2.1\n'), (0,) + LOOPBACK], 'no-response', ['set peer 192.0.2.1'],
     ['on R1: send from the address that R2 has as its peer: `crypto map CMAP local-address Loopback0`'], False),
    ('hsrp', [(0, ' crypto map CMAP redundancy HA\n', ' crypto map CMAP\n')], 'no-response', ['standby 1 ip 203.0.113.1', 'set peer 203.0.113.1'],
     ['on R1: send from the address of HSRP, which R2 has as its peer: `interface GigabitEthernet1` / `no crypto map` / `crypto map CMAP redundancy HA`'], False),
    ('hsrp', [(0, 'redundancy HA', 'redundancy VPN-HA')], 'configuration-fault', ['crypto map CMAP redundancy VPN-HA', 'standby 1 name HA'], ['on R1: `interface GigabitEthernet1` / `no crypto map` / `crypto map CMAP redundancy HA`'], True),
    ('vti', [(0, ' ip address 172.16.9.1 255.255.255.252\n', ' no ip address\n')], 'configuration-fault', ['interface Tunnel7'], ['on R1: `interface Tunnel7` / `ip address ADDRESS MASK`'], True, WARNS),
    ('vti', [(0, ' ip address 203.0.113.1 255.255.255.0\n', ' no ip address\n!\ninterface GigabitEthernet1.10\n encapsulation dot1Q 10\n ip address 203.0.113.1 255.255.255.0\n')], 'configuration-fault',
     ['tunnel source GigabitEthernet1', 'interface GigabitEthernet1'], ['on R1: `interface Tunnel7` / `tunnel source GigabitEthernet1.10`'], True),
    ('maps', [(0, ' ip address 203.0.113.1 255.255.255.0\n crypto map CMAP\n', ' no ip address\n crypto map CMAP\n!\ninterface Dialer1\n ip address 203.0.113.1 255.255.255.255\n')], 'configuration-fault',
     ['crypto map CMAP 10', 'interface GigabitEthernet1'], ['on R1: `interface Dialer1` / `crypto map CMAP` / `interface GigabitEthernet1` / `no crypto map CMAP`'], True),
    # names that lead nowhere
    ('vti', [(0, 'tunnel source GigabitEthernet1', 'tunnel source GigabitEthernet3')], 'configuration-fault', ['tunnel source GigabitEthernet3'], ['on R1: `interface GigabitEthernet3` / `ip address ADDRESS MASK`'], True),
    ('asa and map', [(0, 'crypto map OUT interface outside', 'crypto map OUT interface outside2')], 'configuration-fault', ['crypto map OUT interface outside2'], ['on R1: name outside, if that is meant'], True),
    ('asa vti', [(0, 'tunnel source interface outside', 'tunnel source interface wan')], 'configuration-fault', ['tunnel source interface wan'], ['on R1: name one of those that are there: `show nameif`'], True),
    ('addresses given', [(0, 'psk list FLEX SPOKES', 'psk list FLEX name-mangler SITE')], 'configuration-fault', ['name-mangler SITE'], ['on R1: `crypto ikev2 name-mangler SITE`'], True),
    ('addresses given', [(0, 'psk list FLEX SPOKES', 'psk list FLEX name-mangler SITE'), (0, 'crypto ikev2 authorization policy', 'crypto ikev2 name-mangler SITE\n fqdn hostname\n!\ncrypto ikev2 authorization policy')], None, [], [], False),
    # what an ASA lacks
    ('asa and map', [(0, 'crypto ikev2 policy 10\n encryption aes-256\n integrity sha256\n group 14\n prf sha256\n', '')], 'configuration-fault', ['crypto map OUT 1 set peer 198.51.100.20'], ['on R1: `crypto ikev2 policy 10`'], True),
    ('asa vti', [(0, ' set ikev2 ipsec-proposal AES\n', '')], 'configuration-fault', ['crypto ipsec profile IPP'], ['on R1: `crypto ipsec profile IPP` / `set ikev2 ipsec-proposal AES`'], True),
    ('asa vti', [(0, ' tunnel mode ipsec ipv4\n', '')], 'configuration-fault', ['interface Tunnel7'], ['on R1: `interface Tunnel7` / `tunnel mode ipsec ipv4`'], True),
    ('asa vti', [(1, ' tunnel mode ipsec ipv4\n', '')], 'ts-unacceptable', ['interface Tunnel7'], ['on R2: `interface Tunnel7` / `tunnel mode ipsec ipv4`; the other end, an ASA, has no GRE', '!on R1'], False),
    # certificates
    ('by certificate', [(0, ' identity local address 203.0.113.1', ' identity local dn')], 'no-matching-profile', ['identity local dn', 'match identity remote address 203.0.113.1'],
     ['on R1: either end will do: here, send what is expected: `crypto ikev2 profile PROF` / `identity local address 203.0.113.1`', 'on R2: either end will do: here, accept that name: `crypto pki certificate map NEW 10` / '
      '`subject-name co Ex`'], False),
    ('by certificate', [(0, ' identity local address 203.0.113.1\n', '')], None, [], [], False),
    ('by certificate', [(0, ' identity local address 203.0.113.1', ' identity local dn'), (1, 'match identity remote address 203.0.113.1 255.255.255.255', 'match identity remote any')], None, [], [], False),
    ('by certificate', [(0, CHAIN[0], CHAIN[1] % '')], 'configuration-fault', ['crypto pki certificate chain CORP', 'authentication local rsa-sig'], ['on R1: `crypto pki enroll CORP`'], True, WARNS),
    ('by certificate', [(0, CHAIN[0], CHAIN[1].split('%s')[0] + '!\ncrypto ikev2 proposal')], 'configuration-fault', ['crypto pki certificate chain CORP'],
     ['on R1: `crypto pki authenticate CORP`, then `crypto pki enroll CORP`'], True, WARNS),
    ('by certificate', [(0, CHAIN[0], CHAIN[1] % OWN)], None, [], [], False),
    ('certificate, static map', [(0, 'attr cn eq r2.example.net', 'attr cn eq r3.example.net')], 'no-matching-profile', ['subject-name attr cn eq r3.example.net', 'subject-name CN=r2.example.net'],
     ['on R1: either end will do: here, accept that name: `crypto ca certificate map CMAPX 10` / `subject-name attr cn eq r2.example.net` / `no subject-name attr cn eq r3.example.net`', 'on R2', '`crypto pki enroll CORP`'], False, WARNS),
    ('certificate, static map', [(0, 'attr cn eq r2.example.net', 'attr ou eq branch')], 'no-matching-profile', ['subject-name attr ou eq branch'], ['`subject-name attr cn eq r2.example.net` / `no subject-name attr ou eq branch`'], False, WARNS),
    ('certificate, static map', [(0, 'attr cn eq r2.example.net', 'attr cn co example')], None, [], [], False),
    ('certificate, static map', [(0, 'subject-name attr cn eq r2.example.net', 'issuer-name attr cn co ca')], None, [], [], False),
    ('certificate, beside a group of the address', [(0, 'attr cn eq r2.example.net', 'attr cn eq r3.example.net'), (0, 'remote-authentication pre-shared-key Summer-Rain-7', 'remote-authentication certificate'),
     (0, 'local-authentication pre-shared-key Summer-Rain-7', 'local-authentication certificate CORP')], None, [], [], False),
]
