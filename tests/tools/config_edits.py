"""config_edits: further faults for config_faults, each of one or more edits, and the pairs that they are made in."""
from config_texts import ENDS, vti, cmap

PARTNER = '''access-list PARTNER extended permit ip 10.10.0.0 255.255.255.0 10.99.0.0 255.255.0.0
crypto map OUT 5 match address PARTNER
crypto map OUT 5 set peer 192.0.2.99
crypto map OUT 5 set ikev2 ipsec-proposal AES
tunnel-group 192.0.2.99 type ipsec-l2l
tunnel-group 192.0.2.99 general-attributes
 default-group-policy GP
tunnel-group 192.0.2.99 ipsec-attributes
 ikev2 remote-authentication pre-shared-key Old-Stone-5
 ikev2 local-authentication pre-shared-key Old-Stone-5
'''
TO_OBJECTS = [(0, 'access-list VPN extended permit ip 10.10.0.0 255.255.255.0 10.20.0.0 255.255.255.0', '''object network FAR-LAN
 subnet 10.20.0.0 255.255.255.0
object network FAR-HOST
 host 10.30.0.9
object-group network FARS
 network-object object FAR-LAN
 network-object object FAR-HOST
access-list VPN extended permit ip 10.10.0.0 255.255.255.0 object-group FARS'''),
              (1, ' permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255', ' permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255\n permit ip host 10.30.0.9 10.10.0.0 0.0.0.255')]
TRUSTPOINT = '''crypto pki trustpoint CORP
 enrollment terminal
 subject-name CN=r%d.example.net,O=Ex
 revocation-check none
!
'''


def filtered(end, *permits):
    """What comes in on the WAN interface goes through a list."""
    return end, 'interface GigabitEthernet1\n', 'ip access-list extended WAN\n' + ''.join(' permit %s\n' % p for p in permits) + '!\ninterface GigabitEthernet1\n ip access-group WAN in\n'


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


def two_providers(end):
    """A branch that calls the one address of the other end from two of its own."""
    text = vti(end)
    if end:
        text = text.replace(' !\n!\ncrypto ikev2 profile PROF\n', ' !\n peer FAR2\n  address 192.0.2.10\n  pre-shared-key Summer-Rain-7\n !\n!\ncrypto ikev2 profile PROF\n match identity remote address 192.0.2.10 255.255.255.255\n')
    second = '''interface Tunnel8
 ip address 172.16.10.%d 255.255.255.252
 tunnel source GigabitEthernet%d
 tunnel mode ipsec ipv4
 tunnel destination %s
 tunnel protection ipsec profile IPP
!
''' % (end + 1, 1 if end else 3, '192.0.2.10' if end else ENDS[0]['far'])
    second += '' if end else 'interface GigabitEthernet3\n ip address 192.0.2.10 255.255.255.0\n!\n'
    route = 'ip route %s Tunnel7' % ENDS[end]['behind']
    return text.replace('interface GigabitEthernet1', second + 'interface GigabitEthernet1', 1).replace(route, route + ' track 1\n' + route[:-1] + '8 20')


def by_domain(end):
    """A hub that answers whoever is of its domain."""
    if end:
        return vti(end).replace('match identity remote address 203.0.113.1 255.255.255.255', 'match identity remote fqdn hub.example.net').replace(' keyring local KR', ' identity local fqdn s1.example.net\n keyring local KR')
    text = vti(end).replace('match identity remote address 198.51.100.20 255.255.255.255', 'match identity remote fqdn domain example.net') \
        .replace('  address 198.51.100.20', '  address 0.0.0.0 0.0.0.0').replace(' keyring local KR', ' identity local fqdn hub.example.net\n keyring local KR\n virtual-template 1')
    return text.replace('interface Tunnel7', 'interface Virtual-Template1 type tunnel').replace(' tunnel destination 198.51.100.20\n', '').replace('ip route 10.20.0.0 255.255.255.0 Tunnel7\n', '') \
        .replace(' ip address 172.16.9.1 255.255.255.252', ' ip unnumbered GigabitEthernet2')


def by_loopback(end):
    """The tunnel's source is a loopback of the provider's VRF, as its uplink is."""
    text = vti(end).replace('tunnel source GigabitEthernet1', 'tunnel source Loopback9').replace('interface GigabitEthernet1\n ip address %s 255.255.255.0' % ENDS[end]['near'],
        'interface Loopback9\n vrf forwarding WAN\n ip address %s 255.255.255.255\n!\ninterface GigabitEthernet1\n vrf forwarding WAN\n ip address 192.0.2.%d 255.255.255.252' % (ENDS[end]['near'], 1 + 4 * end))
    return text.replace(' tunnel mode', ' tunnel vrf WAN\n tunnel mode').replace('ip route 0.0.0.0 0.0.0.0 %s' % ENDS[end]['gateway'], 'ip route vrf WAN 0.0.0.0 0.0.0.0 192.0.2.%d' % (2 + 4 * end)) \
        .replace('crypto ikev2 profile PROF\n', 'crypto ikev2 profile PROF\n match fvrf WAN\n').replace('crypto ikev2 policy POL\n', 'crypto ikev2 policy POL\n match fvrf WAN\n')


def no_default(kind, more=''):
    """The router's own policy is switched off."""
    return lambda end: kind(end).replace('crypto ikev2 policy POL\n', 'no crypto ikev2 policy default\ncrypto ikev2 policy POL\n' + more.format(**ENDS[end]))


PAIRS = {
    'source in a vrf': (by_loopback, by_loopback), 'no default policy': (no_default(vti, ' match address local {near}\n'), no_default(vti, ' match fvrf any\n')),
    'two providers': (two_providers, two_providers), 'by domain': (by_domain, by_domain),
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
NAT = [(1, 'interface GigabitEthernet1\n', 'interface GigabitEthernet1\n ip nat outside\n'), (1, 'interface GigabitEthernet2\n', 'interface GigabitEthernet2\n ip nat inside\n')]
OTHER_PROFILE = 0, 'crypto ipsec transform', '''crypto ikev2 profile PROF2
 match identity remote address 192.0.2.9 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local KR
!
crypto ipsec transform'''
WARNS = 'warning'
# (pair, [(which end: 0, 1, from, to)], the rule, words among the quoted lines, words of the advice ("!": not there), only told of a whole configuration, WARNS: it is no error)
INSIDE = 0, 'route outside 0', 'route inside 10.0.0.0 255.0.0.0 10.10.0.9 1\nroute outside 0'


def exempt(how):
    return 0, 'route outside 0', 'object network A\n subnet 10.10.0.0 255.255.255.0\nobject network B\n subnet 10.20.0.0 255.255.255.0\nnat (inside,outside) source static A A destination static B B no-proxy-arp%s\nroute outside 0' % how


def back(route):
    return 1, 'ip route 0.0.0.0', 'ip route %s\nip route 0.0.0.0' % route


def in_vrf(end):
    """The uplink is in a VRF, all else is not; what learns routes runs elsewhere."""
    return [(end, 'interface GigabitEthernet1\n', 'interface GigabitEthernet1\n vrf forwarding INET\n'), (end, ' tunnel source', ' tunnel vrf INET\n tunnel source'),
            (end, 'profile PROF\n', 'profile PROF\n match fvrf INET\n'), (end, 'policy POL\n', 'policy POL\n match fvrf any\n'), (end, '!\nline vty', 'router eigrp 9\n network 10.0.0.0\n!\nline vty')]


EDITS = [
    # object groups of IOS
    ('by object groups', [(1, 'range 10.20.0.128 10.20.0.255', 'range 10.20.0.128 10.20.0.254')], 'acl-not-mirrored', ['permit ip object-group NEAR object-group FAR', 'permit ip host 10.10.0.77 10.20.0.128'],
     ['on R2'], False, WARNS),
    ('dmvpn', [(1, 'ip nhrp nhs 172.16.9.1 nbma 203.0.113.1 multicast', 'ip nhrp map 172.16.9.9 203.0.113.1\n ip nhrp nhs 172.16.9.9')], 'configuration-fault', ['ip nhrp nhs 172.16.9.9', 'interface Tunnel7'],
     ['on R2: `interface Tunnel7` / `no ip nhrp nhs 172.16.9.9` / `ip nhrp nhs 172.16.9.1 nbma 203.0.113.1 multicast`'], False, WARNS),
    ('dmvpn', [(1, 'ip nhrp nhs 172.16.9.1 nbma', 'ip nhrp nhs 172.16.9.9 nbma')], 'configuration-fault', ['ip nhrp nhs 172.16.9.9 nbma 203.0.113.1', 'interface Tunnel7'],
     ['on R2: `interface Tunnel7` / `no ip nhrp nhs 172.16.9.9` / `ip nhrp nhs 172.16.9.1 nbma 203.0.113.1 multicast`'], False, WARNS),
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
      '`subject-name co r1.example.net`'], False),
    ('by certificate', [(0, ' identity local address 203.0.113.1\n', '')], None, [], [], False),
    ('by certificate', [(0, ' identity local address 203.0.113.1', ' identity local dn'), (1, 'match identity remote address 203.0.113.1 255.255.255.255', 'match identity remote any')], None, [], [], False),
    ('by certificate', [(0, CHAIN[0], CHAIN[1] % '')], 'configuration-fault', ['crypto pki certificate chain CORP', 'authentication local rsa-sig'], ['on R1: `crypto pki enroll CORP`'], True, WARNS),
    ('by certificate', [(0, CHAIN[0], CHAIN[1].split('%s')[0] + '!\ncrypto ikev2 proposal')], 'configuration-fault', ['crypto pki certificate chain CORP'],
     ['on R1: `crypto pki authenticate CORP`, then `crypto pki enroll CORP`'], True, WARNS),
    ('by certificate', [(0, CHAIN[0], CHAIN[1] % OWN)], None, [], [], False),
    ('by certificate', [(0, '\n pki trustpoint CORP\n', '\n pki trustpoint CA\n pki trustpoint CORP\n'), (0, CHAIN[0], '!\ncrypto pki trustpoint CA\n enrollment terminal\n' + CHAIN[1] % OWN),
                        (0, CHAIN[0], CHAIN[1].replace('CORP', 'CA') % '')], None, [], [], False),
    ('certificate, static map', [(0, 'attr cn eq r2.example.net', 'attr cn eq r3.example.net')], 'no-matching-profile', ['subject-name attr cn eq r3.example.net', 'subject-name CN=r2.example.net'],
     ['on R1: either end will do: here, accept that name: `crypto ca certificate map CMAPX 10` / `subject-name attr cn eq r2.example.net` / `no subject-name attr cn eq r3.example.net`', 'on R2', '`crypto pki enroll CORP`'], False, WARNS),
    ('certificate, static map', [(0, 'attr cn eq r2.example.net', 'attr ou eq branch')], 'no-matching-profile', ['subject-name attr ou eq branch'], ['`subject-name attr cn eq r2.example.net` / `no subject-name attr ou eq branch`'], False, WARNS),
    ('certificate, static map', [(0, 'attr cn eq r2.example.net', 'attr cn co example')], None, [], [], False),
    ('certificate, static map', [(0, 'subject-name attr cn eq r2.example.net', 'issuer-name attr cn co ca')], None, [], [], False),
    ('certificate, beside a group of the address', [(0, 'attr cn eq r2.example.net', 'attr cn eq r3.example.net'), (0, 'remote-authentication pre-shared-key Summer-Rain-7', 'remote-authentication certificate'),
     (0, 'local-authentication pre-shared-key Summer-Rain-7', 'local-authentication certificate CORP')], None, [], [], False),
    # what comes to the router itself, and is sent on or dropped
    ('vti', [(1, 'line vty', 'ip nat inside source static udp 10.20.0.5 500 interface GigabitEthernet1 500\nline vty')] + NAT, 'configuration-fault',
     ['ip nat inside source static udp 10.20.0.5 500', 'interface GigabitEthernet1'], ['on R2', '`no ip nat inside source static udp 10.20.0.5 500 interface GigabitEthernet1 500`'], False),
    ('vti', [(1, 'line vty', 'ip nat inside source static 10.20.0.5 198.51.100.20\nline vty')] + NAT, 'configuration-fault', ['ip nat inside source static 10.20.0.5 198.51.100.20'], ['on R2'], False),
    ('vti', [(1, 'line vty', 'ip nat inside source static udp 10.20.0.5 4500 198.51.100.20 4500 extendable\nline vty')] + NAT, 'configuration-fault', ['4500 extendable'], ['on R2'], False, WARNS),
    ('vti', [(1, 'line vty', 'ip nat inside source static tcp 10.20.0.5 443 interface GigabitEthernet1 443\nip nat inside source static 10.20.0.6 198.51.100.26\nline vty')] + NAT, None, [], [], False),
    ('vti', [(1, 'line vty', 'ip nat inside source static 10.20.0.5 198.51.100.20\nline vty')], None, [], [], False),
    ('asa and map', [(0, 'route outside', 'object network SRV\n host 10.30.0.9\n nat (inside,outside) static interface\nroute outside')], 'configuration-fault', ['nat (inside,outside) static interface'],
     ['on R1', '`object network SRV` / `no nat (inside,outside) static interface` / `nat (inside,outside) static interface service tcp PORT PORT`'], False),
    ('asa and map', [(0, 'route outside', 'object network SRV\n host 10.30.0.9\n nat (inside,outside) static interface service tcp https https\nroute outside')], None, [], [], False),
    ('asa and map', [(0, 'route outside', 'access-list CP extended deny udp any any eq isakmp\naccess-group CP in interface outside control-plane\nroute outside')], 'configuration-fault',
     ['access-group CP in interface outside control-plane', 'access-list CP extended deny'], ['on R1: `access-list CP line 1 extended permit udp host 198.51.100.20 any eq isakmp`'], False),
    ('asa and map', [(0, 'route outside', 'access-list CP extended permit tcp any any eq ssh\naccess-group CP in interface outside control-plane\nroute outside')], None, [], [], False),
    # NAT of single hosts
    ('maps', [(1, 'line vty', 'ip nat inside source static 10.20.0.5 198.51.100.9\nline vty')] + NAT, 'configuration-fault', ['ip nat inside source static 10.20.0.5 198.51.100.9'],
     ['on R2', '`deny ip host 10.20.0.5 10.10.0.0 0.0.0.255` / `permit ip host 10.20.0.5 any` / `exit` / `route-map NAT-NEW permit 10` / `match ip address NAT-NEW` / `exit` / '
      '`no ip nat inside source static 10.20.0.5 198.51.100.9` / `ip nat inside source static 10.20.0.5 198.51.100.9 route-map NAT-NEW`'], False, WARNS),
    ('maps', [(1, 'line vty', 'ip nat inside source static 10.20.0.5 198.51.100.9 route-map WEB\nroute-map WEB permit 10\n match ip address 150\naccess-list 150 deny ip host 10.20.0.5 10.0.0.0 0.255.255.255\n'
                              'access-list 150 permit ip host 10.20.0.5 any\nline vty')] + NAT, None, [], [], False),
    ('maps', [(1, 'line vty', 'ip nat inside source static 10.21.0.5 198.51.100.9\nline vty')] + NAT, None, [], [], False),
    ('asa and map', [(0, 'route outside', 'object network SRV\n host 10.10.0.9\n nat (inside,outside) static 203.0.113.9\nroute outside')], 'configuration-fault', ['nat (inside,outside) static 203.0.113.9'],
     ['on R1', '`nat (inside,outside) source static SRV SRV destination static REMOTE REMOTE no-proxy-arp route-lookup`'], False, WARNS),
    ('asa and map', [(0, 'route outside', 'object network SRV\n host 10.10.0.9\n nat (inside,outside) static 203.0.113.9\nobject network A\n subnet 10.10.0.0 255.255.255.0\nobject network B\n subnet 10.20.0.0 255.255.0.0\n'
                      'nat (inside,outside) source static A A destination static B B no-proxy-arp route-lookup\nroute outside')], None, [], [], False),
    ('maps', [(1, 'line vty', 'ip nat inside source static 10.20.0.5 192.0.2.9\nline vty'),
              (1, 'interface GigabitEthernet2\n', 'interface GigabitEthernet3\n ip address 192.0.2.1 255.255.255.0\n ip nat outside\n!\ninterface GigabitEthernet2\n ip nat inside\n')], None, [], [], False),
    # several peers
    ('two peers', [(0, ' peer BACK\n  address 192.0.2.55\n  pre-shared-key Other-Key\n !\n', '')], 'no-key', ['set peer 192.0.2.55', 'keyring local KR'],
     ['on R1', '`crypto ikev2 keyring KR` / `peer NEW` / `address 192.0.2.55` / `pre-shared-key KEY`'], True, WARNS),
    ('asa and map', [(0, 'set peer 198.51.100.20', 'set peer 198.51.100.20 192.0.2.55')], 'no-key', ['set peer 198.51.100.20 192.0.2.55'], ['on R1', '`tunnel-group 192.0.2.55 type ipsec-l2l`'], True, WARNS),
    # a profile that is bound, and accepts another peer
    ('maps', [(0, ' set ikev2-profile PROF\n', ' set ikev2-profile PROF2\n'), OTHER_PROFILE], 'no-matching-profile', ['set ikev2-profile PROF2', 'match identity remote address 192.0.2.9'],
     ['on R1: `crypto map CMAP 10 ipsec-isakmp` / `set ikev2-profile PROF`'], False),
    ('vti', [(0, ' set ikev2-profile PROF\n', ' set ikev2-profile PROF2\n'), OTHER_PROFILE], 'no-matching-profile', ['set ikev2-profile PROF2'], ['on R1: `crypto ipsec profile IPP` / `set ikev2-profile PROF`'], False),
    # two tunnels by two providers
    ('two providers', [(0, 'tunnel source GigabitEthernet3', 'tunnel source GigabitEthernet1')], 'no-response', ['tunnel source GigabitEthernet1', 'tunnel destination 192.0.2.10'],
     ['on R1', '`interface Tunnel8` / `tunnel source GigabitEthernet3`', '!interface Tunnel7'], False),
    ('two providers', [(1, 'tunnel destination 192.0.2.10', 'tunnel destination 192.0.2.11')], 'no-response', ['tunnel destination 192.0.2.11'], ['on R2: `interface Tunnel8` / `tunnel destination 192.0.2.10`'], False),
    # identities of a domain
    ('by domain', [(1, 's1.example.net', 's1.exmaple.net')], 'no-matching-profile', ['identity local fqdn s1.exmaple.net'], ['on R2: either end will do: here, send what is expected: `crypto ikev2 profile PROF` / '
     '`identity local fqdn HOST.example.net`'], False),
    ('by domain', [(0, ' identity local fqdn hub.example.net\n', '')], 'no-matching-profile', ['match identity remote fqdn hub.example.net'], ['`identity local fqdn hub.example.net`'], False),
    # PFS by the default group at one end
    ('asa and map', [(0, 'crypto map OUT interface', 'crypto map OUT 1 set pfs\ncrypto map OUT interface')], 'pfs-mismatch', ['crypto map OUT 1 set pfs'],
     ['on R1: where the tunnel is to do without PFS: `no crypto map OUT 1 set pfs`', '`crypto map OUT 1 set pfs group14`', 'on R2: either end will do: here, `crypto map CMAP 10 ipsec-isakmp` / `set pfs group14`'], False, WARNS),
    # zones
    ('vti', [(0, 'interface GigabitEthernet2\n', 'zone security INS\n!\ninterface GigabitEthernet2\n zone-member security INS\n')], 'configuration-fault', ['zone-member security INS', 'interface Tunnel7'],
     ['on R1: `interface Tunnel7` / `zone-member security INS`'], True, WARNS),
    ('vti', [(0, 'interface GigabitEthernet2\n', 'interface GigabitEthernet2\n zone-member security INS\n'), (0, 'interface Tunnel7\n', 'interface Tunnel7\n zone-member security VPN\n')], 'configuration-fault', ['interface Tunnel7'],
     ['on R1: `zone-pair security NEW source INS destination VPN` / `service-policy type inspect POLICY`'], True, WARNS),
    ('vti', [(0, 'interface GigabitEthernet2\n', 'zone-pair security I2V source INS destination VPN\n service-policy type inspect P\n!\ninterface GigabitEthernet2\n zone-member security INS\n'),
             (0, 'interface Tunnel7\n', 'interface Tunnel7\n zone-member security VPN\n')], None, [], [], False),
    ('vti', [(0, 'interface GigabitEthernet2\n', 'interface GigabitEthernet2\n zone-member security INS\n'), (0, 'interface Tunnel7\n', 'interface Tunnel7\n zone-member security INS\n')], None, [], [], False),
    ('vti', [(0, 'interface GigabitEthernet2\n', 'zone security default\nzone-pair security I2D source INS destination default\n service-policy type inspect P\n!\ninterface GigabitEthernet2\n zone-member security INS\n')], None, [], [], False),
    ('vti', [(0, 'interface GigabitEthernet2\n ip address 10.10.0.1 255.255.255.0\n', 'zone-pair security I2V source INS destination VPN\n service-policy type inspect P\n!\n'
                  'interface GigabitEthernet9\n ip address 192.0.2.1 255.255.255.0\n zone-member security OUT\n!\ninterface GigabitEthernet2\n ip address dhcp\n zone-member security INS\n'),
             (0, 'interface GigabitEthernet1\n', 'interface GigabitEthernet1\n zone-member security OUT\n'), (0, 'interface Tunnel7\n', 'interface Tunnel7\n zone-member security VPN\n')], None, [], [], False),
    # EAP
    ('virtual template', [(0, 'authentication remote pre-share', 'authentication remote eap query-identity'), (1, 'authentication local pre-share', 'authentication local eap')], 'configuration-fault',
     ['authentication remote eap query-identity'], ['on R1: `aaa authentication login LIST local` (or `group radius`), `crypto ikev2 profile PROF` / `aaa authentication eap LIST`'], True),
    # what else must not be harmed, or follows
    ('virtual template', [(0, 'interface Virtual-Template1', 'interface Virtual-Template2 type tunnel\n ip unnumbered Loopback1\n tunnel mode ipsec ipv4\n tunnel protection ipsec profile IPP\n!\ninterface Virtual-Template1')],
     'configuration-fault', ['interface Virtual-Template2'], ['`crypto ikev2 profile NEW` / `virtual-template 2`', '!`crypto ikev2 profile PROF`'], True, WARNS),
    ('asa vti', [(0, 'interface Tunnel7', 'interface Virtual-Template1 type tunnel\n nameif dyn\n ip unnumbered outside\n tunnel source interface outside\n tunnel mode ipsec ipv4\n tunnel protection ipsec profile IPP\n!\ninterface Tunnel7')],
     'configuration-fault', ['interface Virtual-Template1'], ['if anybody is to be', '`tunnel-group NEW ipsec-attributes` / `virtual-template 1`', '!tunnel-group 198.51.100.20'], True, WARNS),
    ('fvrf', [(0, ' tunnel vrf INET\n', ' tunnel vrf INTE\n')], 'configuration-fault', ['tunnel source GigabitEthernet1', 'vrf forwarding INET'], ['on R1: `interface Tunnel7` / `tunnel vrf INET`', '!match fvrf INTE'], True),
    ('asa vti', [(0, ' nameif far\n', '')], 'configuration-fault', ['interface Tunnel7'], ['on R1: `interface Tunnel7` / `nameif NAME`'], True),
    ('behind a nat', [(0, 'interface GigabitEthernet1\n', 'ip access-list extended WAN\n permit udp any any eq isakmp\n permit esp any any\n!\ninterface GigabitEthernet1\n ip access-group WAN in\n')], 'configuration-fault',
     ['ip access-group WAN in'], ['on R1', '`permit udp host 198.51.100.20 host 203.0.113.1 eq non500-isakmp`'], False, WARNS),
    ('vti', [(0, 'interface GigabitEthernet1\n', 'ip access-list extended WAN\n permit udp any any eq isakmp\n permit esp any any\n!\ninterface GigabitEthernet1\n ip access-group WAN in\n')], None, [], [], False),
    # without the default policy there is only what is configured
    ('no default policy', [(0, 'match address local 203.0.113.1', 'match address local 203.0.113.2')], 'configuration-fault', ['no crypto ikev2 policy default', 'crypto ikev2 policy POL', 'interface Tunnel7'],
     ['on R1: `crypto ikev2 policy POL` / `match address local 203.0.113.1`'], True),
    ('no default policy', [(1, ' match fvrf any', ' match fvrf INET')], 'configuration-fault', ['no crypto ikev2 policy default', 'crypto ikev2 policy POL'], ['on R2: `crypto ikev2 policy POL` / `match fvrf any`'], True),
    ('no default policy', [(1, 'crypto ikev2 policy POL\n match fvrf any\n proposal PROP\n', '')], 'configuration-fault', ['no crypto ikev2 policy default'], ['on R2: `crypto ikev2 policy NEW` / `proposal PROP`'], True),
    ('source in a vrf', [(1, 'policy POL\n match fvrf WAN\n', 'policy POL\n'), (1, 'crypto ikev2 policy POL', 'no crypto ikev2 policy default\ncrypto ikev2 policy POL')], 'configuration-fault',
     ['no crypto ikev2 policy default', 'crypto ikev2 policy POL'], ['on R2: `crypto ikev2 policy POL` / `match fvrf WAN`'], True),
    # a source that was left out of the VRF that all else is in
    ('source in a vrf', [(0, 'interface Loopback9\n vrf forwarding WAN\n', 'interface Loopback9\n')], 'configuration-fault', ['tunnel source Loopback9', 'crypto ikev2 profile PROF'],
     ['on R1', '`interface Loopback9` / `vrf forwarding WAN` / `ip address 203.0.113.1 255.255.255.255`', '!tunnel vrf'], True),
    # another partner's tunnel-group is not the one of a caller whose address nobody knows
    ('default group', [(0, 'crypto map OUT 65535', PARTNER + 'crypto map OUT 65535')], None, [], [], False),
    ('default group', [(0, 'crypto map OUT 65535', PARTNER + 'crypto map OUT 65535'), (1, ' group 14', ' group 21')], 'no-proposal-chosen', ['group 14', 'group 21'], ['on R1', 'on R2'], False),
    ('default group', [(0, 'crypto map OUT 65535', PARTNER + 'crypto map OUT 65535'), (1, 'permit ip 10.20.0.0 0.0.0.255', 'permit ip 10.22.0.0 0.0.0.255')], 'ts-unacceptable',
     ['access-list VPN', 'permit ip 10.22.0.0'], ['on R1'], False),
    ('default group', [(0, 'crypto map OUT 65535', PARTNER + 'crypto map OUT 65535'), (0, ' ikev2 remote-authentication pre-shared-key Summer-Rain-7\n ikev2 local-authentication pre-shared-key Summer-Rain-7\n', '')],
     'no-key', [], ['on R1'], False),
    # the partner's networks are the caller's: his address may be what a NAT gives the caller
    ('default group', [(0, 'crypto map OUT 65535', PARTNER.replace('10.99.0.0 255.255.0.0', '10.20.0.0 255.255.255.0') + 'crypto map OUT 65535'),
                       (0, ' ikev2 remote-authentication pre-shared-key Summer-Rain-7\n ikev2 local-authentication pre-shared-key Summer-Rain-7\n', '')], None, [], [], False),
    # a tunnel-group that is not there needs its type first
    ('dynamic map', [(0, 'tunnel-group 198.51.100.20 type ipsec-l2l\n', ''), (0, 'tunnel-group 198.51.100.20', 'tunnel-group DefaultL2LGroup'),
                     (0, ' ikev2 remote-authentication pre-shared-key Summer-Rain-7\n ikev2 local-authentication pre-shared-key Summer-Rain-7\n', '')], 'no-key', [],
     ['on R1', '`tunnel-group 198.51.100.20 type ipsec-l2l`'], False),
    # a list on the WAN interface, where the other end is known by its call, or the tunnel is sent from a loopback
    ('vti', [filtered(0, 'udp any any eq isakmp', 'udp any any eq non500-isakmp')], 'configuration-fault', ['ip access-group WAN in'], ['on R1', '`permit esp host 198.51.100.20 host 203.0.113.1`'], False, WARNS),
    ('vti', [filtered(0, 'udp any any eq isakmp', 'udp any any eq non500-isakmp'), (1, 'keyring local KR\n', 'keyring local KR\n nat force-encap\n')], None, [], [], False),
    ('behind a nat', [filtered(0, 'udp any any eq isakmp', 'udp any any eq non500-isakmp')], None, [], [], False),
    ('dmvpn', [filtered(1, 'udp any any eq isakmp', 'udp any any eq non500-isakmp')], 'configuration-fault', ['ip access-group WAN in'], ['on R2', '`permit esp host 203.0.113.1 host 198.51.100.20`'], False, WARNS),
    ('dmvpn', [filtered(0, 'esp any host 203.0.113.1', 'udp any host 203.0.113.1 eq non500-isakmp')], 'configuration-fault', ['ip access-group WAN in'],
     ['on R1', '`permit udp host 198.51.100.20 host 203.0.113.1 eq isakmp`'], False, WARNS),
    ('dmvpn', [filtered(0, 'esp any any', 'udp any any eq isakmp'), filtered(1, 'esp any any', 'udp any any eq isakmp')], None, [], [], False),
    ('dhcp caller', [filtered(0, 'esp any host 203.0.113.9', 'udp any host 203.0.113.9')], 'configuration-fault', ['ip access-group WAN in'], ['on R1', '`permit udp any host 203.0.113.1 eq isakmp`'], False, WARNS),
    ('dhcp caller', [filtered(0, 'udp any any eq isakmp', 'esp any any')], None, [], [], False),
    ('loopback', [filtered(0, 'udp any host 192.0.2.9', 'esp any host 192.0.2.9')], 'configuration-fault', ['ip access-group WAN in'], ['on R1', '`permit esp host 198.51.100.20 host 203.0.113.1`'], False, WARNS),
    ('loopback', [filtered(0, 'udp any host 203.0.113.1', 'esp any host 203.0.113.1')], None, [], [], False),
    ('vti', [(0, 'tunnel source GigabitEthernet1', 'tunnel source Loopback0'), filtered(0, 'udp any host 192.0.2.9', 'esp any host 192.0.2.9'), (0, ' ip address 203.0.113.1 255.255.255.0\n', ' ip address 192.0.2.9 255.255.255.0\n'),
             (0, '0.0.0.0 203.0.113.254', '0.0.0.0 192.0.2.254'), (0, 'ip access-list', 'interface Loopback0\n ip address 203.0.113.1 255.255.255.255\n!\nip access-list')], 'configuration-fault', ['ip access-group WAN in'],
     ['on R1', '`permit esp host 198.51.100.20 host 203.0.113.1`'], True, WARNS),
    # several entries in the place of one: each has a number that is free
    ('maps', [(0, ' permit ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.0.255', ' 10 permit ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.0.255\n 20 permit ip 10.10.5.0 0.0.0.255 10.20.0.0 0.0.0.255'),
              (1, ' permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255', ' 10 permit ip 10.20.0.0 0.0.255.255 10.10.0.0 0.0.255.255')], 'acl-not-mirrored', ['10 permit ip 10.20.0.0 0.0.255.255'],
     ['on R2', '`3 permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255` / `6 permit ip 10.20.0.0 0.0.0.255 10.10.5.0 0.0.0.255` / `no 10`'], False, WARNS),
    ('maps', [(0, ' permit ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.0.255', ' 10 permit ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.0.255\n 20 permit ip 10.10.5.0 0.0.0.255 10.20.0.0 0.0.0.255'),
              (1, ' permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255', ' 2 permit ip 10.20.0.0 0.0.255.255 10.10.0.0 0.0.255.255')], 'acl-not-mirrored', ['2 permit ip 10.20.0.0 0.0.255.255'],
     ['on R2', '`ip access-list resequence VPN 10 10` / `ip access-list extended VPN` / `3 permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255` / `6 permit ip 10.20.0.0 0.0.0.255 10.10.5.0 0.0.0.255` / `no 10`'], False, WARNS),
    # an object has another network than the one that the other end's interface is in
    ('asa and map', TO_OBJECTS, None, [], [], False),
    ('asa and map', [*TO_OBJECTS, (0, ' subnet 10.20.0.0', ' subnet 10.21.0.0')], 'acl-not-mirrored', ['object network FAR-LAN', 'object-group FARS', 'permit ip 10.20.0.0'],
     ['on R1: if 10.21.0.0/24 is mistyped for 10.20.0.0/24, correct the object: `object network FAR-LAN` / `subnet 10.20.0.0 255.255.255.0`', 'on R2: if 10.21.0.0/24 is right, give it the mirror image'], False, WARNS),
    # a route takes to another port, or drops, what should go into the tunnel
    ('asa and map', [INSIDE], 'no-route', ['route inside 10.0.0.0 255.0.0.0', 'access-list VPN extended permit'], ['on R1: a narrower route', '`route outside 10.20.0.0 255.255.255.0 203.0.113.254`'], True),
    ('asa and map', [INSIDE, exempt(' route-lookup')], 'no-route', ['route inside 10.0.0.0 255.0.0.0'], ['`route outside 10.20.0.0 255.255.255.0 203.0.113.254`'], True),
    ('asa and map', [INSIDE, exempt('')], None, [], [], False),
    ('asa and map', [INSIDE, (0, 'crypto map OUT interface', 'crypto map OUT 1 set reverse-route\ncrypto map OUT interface')], None, [], [], False),
    ('asa and map', [INSIDE, (0, 'route outside', 'route outside 10.20.0.0 255.255.0.0 203.0.113.254 1\nroute outside')], None, [], [], False),
    ('maps', [back('10.0.0.0 255.0.0.0 10.20.0.9')], 'no-route', ['ip route 10.0.0.0 255.0.0.0 10.20.0.9', 'interface GigabitEthernet2'], ['on R2: a narrower route', '`ip route 10.10.0.0 255.255.255.0 198.51.100.254`'], True),
    ('maps', [back('10.10.0.0 255.255.255.0 10.20.0.9')], 'no-route', ['ip route 10.10.0.0 255.255.255.0 10.20.0.9'], ['on R2: `no ip route 10.10.0.0 255.255.255.0 10.20.0.9` / `ip route 10.10.0.0 255.255.255.0 198.51.100.254`'], True),
    ('maps', [back('10.0.0.0 255.0.0.0 Null0')], 'no-route', ['ip route 10.0.0.0 255.0.0.0 Null0'], ['`ip route 10.10.0.0 255.255.255.0 198.51.100.254`'], True),
    ('maps', [back('10.10.0.0 255.255.255.0 10.20.0.9 track 1')], None, [], [], False),
    ('maps', [back('10.0.0.0 255.0.0.0 10.20.0.9'), (1, ' match address VPN', ' reverse-route static\n match address VPN')], None, [], [], False),
    ('maps', [back('10.0.0.0 255.0.0.0 Null0'), back('10.10.0.0 255.255.255.0 198.51.100.254')], None, [], [], False),
    ('vti', [(0, 'ip route 10.20.0.0 255.255.255.0 Tunnel7', 'ip route 10.0.0.0 255.0.0.0 Tunnel7\nip route 10.20.0.0 255.255.0.0 10.10.0.9')], 'no-route', ['ip route 10.20.0.0 255.255.0.0', 'interface GigabitEthernet2'],
     ['on R1: if that network is the other end\'s alone: `no ip route 10.20.0.0 255.255.0.0 10.10.0.9`'], True),
    ('vti', [(0, 'ip route 10.20.0.0 255.255.255.0 Tunnel7', 'ip route 10.0.0.0 255.0.0.0 Tunnel7\nip route 10.10.0.0 255.255.0.0 10.10.0.9')], None, [], [], False),
    # a multipoint tunnel in a VRF of its own, which the routing protocol of the others does not run in
    ('dmvpn', in_vrf(1) + [(1, 'ip route 0.0.0.0 0.0.0.0 198', 'ip route vrf INET 0.0.0.0 0.0.0.0 198')], None, [], [], False),
    ('dmvpn', in_vrf(1), 'no-route', ['ip route 0.0.0.0 0.0.0.0 198.51.100.254', 'ip nhrp nhs 172.16.9.1 nbma 203.0.113.1'], ['on R2: `no ip route 0.0.0.0 0.0.0.0 198.51.100.254` / `ip route vrf INET 0.0.0.0 0.0.0.0 198.51.100.254`'], True),
    ('dmvpn', in_vrf(1) + [(1, 'ip route 0.0.0.0 0.0.0.0 198.51.100.254', 'ip route vrf INET 192.0.2.0 255.255.255.0 198.51.100.254')], 'no-route', ['ip nhrp nhs 172.16.9.1 nbma 203.0.113.1'],
     ['on R2: `ip route vrf INET 203.0.113.1 255.255.255.255 NEXT-HOP`'], True),
    ('dmvpn', in_vrf(1) + [(1, 'ip route 0.0.0.0 0.0.0.0 198.51.100.254', 'ip route 10.9.0.0 255.255.0.0 10.20.0.9\nrouter bgp 65001\n address-family ipv4 vrf INET\n  redistribute connected')], None, [], [], False),
    ('dmvpn', in_vrf(0) + [(0, 'ip route 0.0.0.0 0.0.0.0 203', 'ip route vrf INET 0.0.0.0 0.0.0.0 203')], None, [], [], False),
    ('dmvpn', in_vrf(0), 'no-route', ['ip route 0.0.0.0 0.0.0.0 203.0.113.254', 'interface Tunnel7'], ['on R1: `no ip route 0.0.0.0 0.0.0.0 203.0.113.254` / `ip route vrf INET 0.0.0.0 0.0.0.0 203.0.113.254`'], True),
]
