#!/usr/bin/env python3
"""config_faults.py IKESCOPE: pairs of configurations that work, of every kind of tunnel, in which nothing is found; then one edit at a time, each with
the finding that it must bring, first and alone among errors: its rule, lines that it quotes, and words that its advice has. The same edits in the bare crypto
part of a configuration (no first and no last line) must not bring what only a whole configuration tells."""
import json, os, re, subprocess, sys, tempfile

from config_texts import IOS_HEAD, IOS_TAIL, WAN, LAN, INTO, VTI, MAP_TAIL, TRUSTPOINT, ENDS, vti, gre, cmap, asa, asa_vti, vti6
from config_unusual import UNUSUAL
from config_edits import EDITS, PAIRS
from config_paths import PATH_EDITS, PATH_PAIRS
from share import share

EXE = sys.argv[1]


def dynamic_hub(end):
    """A hub that answers anybody, by a virtual template."""
    return (IOS_HEAD.replace(' match identity remote address {far} 255.255.255.255', ' match identity remote address 0.0.0.0')
            .replace('  address {far}', '  address 0.0.0.0 0.0.0.0').replace(' keyring local KR', ' keyring local KR\n virtual-template 1') +
            '''crypto ipsec profile IPP
 set transform-set TS
 set ikev2-profile PROF
!
interface Loopback1
 ip address {inner} 255.255.255.255
!
interface Virtual-Template1 type tunnel
 ip unnumbered Loopback1
 tunnel source GigabitEthernet1
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile IPP
!
''' + WAN + LAN + IOS_TAIL).format(**ENDS[end])


def dynamic_map(end):
    return asa(end).replace('crypto map OUT 1 match address VPN\n', '').replace('crypto map OUT 1 set peer %s\n' % ENDS[end]['far'], '') \
        .replace('crypto map OUT 1 set ikev2', 'crypto dynamic-map DYN 1 set ikev2') \
        .replace('crypto map OUT interface', 'crypto map OUT 65535 ipsec-isakmp dynamic DYN\ncrypto map OUT interface')


def behind_nat(end):
    """Its peer knows the address that a NAT gives it, and it calls itself by that."""
    return vti(end).replace('ip address %s 255' % ENDS[end]['near'], 'ip address 192.168.1.2 255') \
        .replace(' keyring local KR\n', ' keyring local KR\n identity local address %s\n' % ENDS[end]['near'])


def dhcp(end):
    return vti(end).replace('ip address %s 255.255.255.0' % ENDS[end]['near'], 'ip address dhcp')


def hsrp(end):
    return cmap(end).replace('ip address %s 255.255.255.0' % ENDS[end]['near'],
                             'ip address 203.0.113.3 255.255.255.0\n standby 1 ip %s\n standby 1 name HA' % ENDS[end]['near']) \
        .replace(' crypto map CMAP\n', ' crypto map CMAP redundancy HA\n')


def loopback(end):
    return cmap(end).replace('interface GigabitEthernet1\n ip address %s 255.255.255.0' % ENDS[end]['near'],
                             'interface Loopback0\n ip address %s 255.255.255.255\n!\ninterface GigabitEthernet1\n ip address 192.0.2.9 255.255.255.0' %
                             ENDS[end]['near']).replace('crypto map CMAP 10', 'crypto map CMAP local-address Loopback0\ncrypto map CMAP 10', 1)


def defaults(end):
    """Proposal, policy, transform set and IPsec profile as the router has them by itself."""
    text = vti(end)
    start, stop = text.index('crypto ikev2 proposal'), text.index('crypto ikev2 keyring')
    text = text[:start] + text[stop:]
    return text.replace('crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n mode tunnel\n!\n', '') \
        .replace('crypto ipsec profile IPP\n set transform-set TS', 'crypto ipsec profile default').replace('ipsec profile IPP', 'ipsec profile default')


def two_maps(end):
    """Two entries to the same peer, each with transform set and PFS of its own, which the two ends number the other way round."""
    entry = '''crypto map CMAP {n} ipsec-isakmp
 set peer {far}
 set transform-set {set}
 set pfs {pfs}
 set ikev2-profile PROF
 match address {acl}
!
'''
    first = entry.replace('{set}', 'TS').replace('{acl}', 'VPN').replace('{pfs}', 'group14')
    second = entry.replace('{set}', 'TS2').replace('{acl}', 'VPN2').replace('{pfs}', 'group19')
    entries = (second if end else first).replace('{n}', '10') + (first if end else second).replace('{n}', '20')
    more = MAP_TAIL.replace('VPN', 'VPN2').replace('{lan_wild}', '{lan2}').replace('{far_wild}', '{far2}')
    inside = '!\nip route 10.%d.5.0 255.255.255.0 %s9\n' % (20 if end else 10, ENDS[end]['lan'][:-1])
    return (IOS_HEAD + 'crypto ipsec transform-set TS2 esp-aes esp-sha512-hmac\n mode tunnel\n!\n' + entries + WAN + ' crypto map CMAP\n' + LAN + MAP_TAIL +
            more + inside + IOS_TAIL).format(lan2='10.%d.5.0 0.0.0.255' % (20 if end else 10), far2='10.%d.5.0 0.0.0.255' % (10 if end else 20), **ENDS[end])


def asa_two(end):
    """The same of an ASA, which numbers them as the router's other end does."""
    lan, far = (20, 10) if end else (10, 20)
    return asa(end).replace('access-list VPN', 'access-list VPN2 extended permit ip 10.%d.5.0 255.255.255.0 10.%d.5.0 255.255.255.0\naccess-list VPN' % (lan, far), 1) \
        .replace('crypto map OUT 1 match', '''crypto ipsec ikev2 ipsec-proposal AES2
 protocol esp encryption aes
 protocol esp integrity sha-512
crypto map OUT 1 set pfs group14
crypto map OUT 2 match address VPN2
crypto map OUT 2 set peer %s
crypto map OUT 2 set ikev2 ipsec-proposal AES2
crypto map OUT 2 set pfs group19
crypto map OUT 1 match''' % ENDS[end]['far'], 1).replace('route outside', 'route inside 10.%d.5.0 255.255.255.0 %s9 1\nroute outside' % (lan, ENDS[end]['lan'][:-1]), 1)


def two_vti(end):
    """Two tunnels between the same addresses, each with a profile of its own; the two ends name them the other way round."""
    other = 'interface Tunnel%d' % (3 if end else 9)
    start = VTI.index('interface')
    second = VTI[start:].replace('interface Tunnel7', other).replace('{inner}', '172.16.8.%d' % (end + 1)).replace('IPP', 'IPP2')
    profile = VTI[:start].replace('IPP', 'IPP2').replace('TS', 'TS2')
    tunnels = second + VTI if end else VTI + second
    into = INTO + 'ip route %s %s\n' % ('10.10.5.0 255.255.255.0' if end else '10.20.5.0 255.255.255.0', other.split()[1])
    return (IOS_HEAD + 'crypto ipsec transform-set TS2 esp-gcm 256\n!\n' + profile + tunnels + WAN + LAN + into + IOS_TAIL).format(**ENDS[end])


def dmvpn(end):
    """A hub of a multipoint GRE tunnel, which answers anybody, and a spoke that calls it."""
    text = gre(end).replace(' tunnel destination %s\n' % ENDS[end]['far'], ' tunnel mode gre multipoint\n tunnel key 7\n')
    if end:
        return text.replace(' tunnel source', ' ip nhrp network-id 1\n ip nhrp nhs %s nbma %s multicast\n tunnel source' % (ENDS[0]['inner'], ENDS[0]['near']))
    return text.replace(' match identity remote address %s 255.255.255.255' % ENDS[0]['far'], ' match identity remote address 0.0.0.0') \
        .replace('  address %s\n' % ENDS[0]['far'], '  address 0.0.0.0 0.0.0.0\n') \
        .replace(' tunnel source', ' ip nhrp network-id 1\n ip nhrp map multicast dynamic\n tunnel source')


def flexvpn_client(end):
    """A spoke whose tunnel goes to whichever hub its client block calls."""
    return vti(end).replace(' tunnel destination %s\n' % ENDS[end]['far'], ' tunnel destination dynamic\n') \
        .replace('interface GigabitEthernet1', 'crypto ikev2 client flexvpn FV\n peer 1 %s\n client connect Tunnel7\n!\ninterface GigabitEthernet1' % ENDS[end]['far'], 1)


def multi_sa(end):
    """A tunnel interface that protects what a list says, a Child SA for each of its entries."""
    return vti(end).replace(' tunnel protection ipsec profile IPP', ' tunnel protection ipsec policy ipv4 VPN\n tunnel protection ipsec profile IPP') \
        .replace('line vty', 'ip access-list extended VPN\n permit ip {lan_wild} {far_wild}\n!\nline vty'.format(**ENDS[end]), 1)


def signs_with_a_certificate(end):
    return vti(end).replace('authentication local pre-share', 'authentication local rsa-sig') \
        .replace(' keyring local KR\n', ' keyring local KR\n identity local address %s\n pki trustpoint CORP\n' % ENDS[end]['near']) \
        .replace('!\ncrypto ikev2 proposal', TRUSTPOINT, 1)


def signs_with_a_key(end, kind=vti):
    return kind(end).replace('authentication remote pre-share', 'authentication remote rsa-sig').replace(' keyring local KR\n', ' keyring local KR\n pki trustpoint CORP\n') \
        .replace('!\ncrypto ikev2 proposal', TRUSTPOINT, 1).replace(' keyring local KR\n', ' keyring local KR\n identity local address %s\n' % ENDS[end]['near'])


def default_group(end):
    """A dynamic map that leaves something to callers that no tunnel-group is for."""
    group = 'tunnel-group ' + ENDS[end]['far']
    return dynamic_map(end).replace(group + ' type ipsec-l2l\n', '').replace(group, 'tunnel-group DefaultL2LGroup') \
        .replace('crypto dynamic-map DYN 1 set', 'crypto dynamic-map DYN 1 match address VPN\ncrypto dynamic-map DYN 1 set', 1)


def roaming(end):
    """From an address that nobody knows, by a word."""
    return cmap(end).replace('ip address %s 255.255.255.0' % ENDS[end]['near'], 'ip address dhcp') \
        .replace(' keyring local KR\n', ' keyring local KR\n identity local key-id branch-20\n')


def groups_by_certificate(end):
    """Callers with a certificate have a tunnel-group that a certificate map finds; the default one is for those with a key."""
    return default_group(end).replace(': end', '''crypto ca trustpoint CORP
 enrollment terminal
crypto ca certificate map SPOKE-CERTS 10
 subject-name attr ou eq spoke
tunnel-group-map enable rules
tunnel-group-map SPOKE-CERTS 10 SPOKES
tunnel-group SPOKES type ipsec-l2l
tunnel-group SPOKES ipsec-attributes
 ikev2 remote-authentication certificate
 ikev2 local-authentication certificate CORP
: end''')


def groups_by_unit(end):
    """The same by the organisational unit, which is the default, and no key for anybody."""
    text = groups_by_certificate(end).replace('tunnel-group-map enable rules\ntunnel-group-map SPOKE-CERTS 10 SPOKES\n', '').replace('SPOKES', 'spoke')
    return text[:text.index('tunnel-group DefaultL2LGroup ipsec-attributes')] + text[text.index('crypto ca trustpoint'):]


def certificate_caller(end):
    return signs_with_a_key(end, cmap).replace('authentication local pre-share', 'authentication local rsa-sig').replace('identity local address ' + ENDS[end]['near'], 'identity local dn')


def certificate_roamer(end):
    return certificate_caller(end).replace('ip address %s 255.255.255.0' % ENDS[end]['near'], 'ip address dhcp')


def gives_addresses(end):
    """A hub that gives who calls an address and routes, by a policy of its own."""
    return dynamic_hub(end).replace('!\ncrypto ikev2 proposal', '''!
aaa new-model
aaa authorization network FLEX local
!
crypto ikev2 authorization policy SPOKES
 pool FLEXPOOL
 route set interface
 route set access-list HUB-NETS
!
crypto ikev2 proposal''', 1).replace(' virtual-template 1', ' aaa authorization group psk list FLEX SPOKES\n virtual-template 1') \
        .replace('line vty', 'ip local pool FLEXPOOL 172.16.20.1 172.16.20.99\nip access-list standard HUB-NETS\n permit 10.10.0.0 0.0.255.255\n!\nline vty', 1)


def takes_an_address(end):
    return vti(end).replace(' ip address %s 255.255.255.252' % ENDS[end]['inner'], ' ip address negotiated')


def gives_by_dhcp(end):
    return gives_addresses(end).replace(' pool FLEXPOOL\n', ' dhcp server 10.10.0.5\n dhcp timeout 10\n')


def gives_by_a_list(end):
    return gives_addresses(end).replace(' pool FLEXPOOL\n', ' aaa attribute list GIVEN\n') \
        .replace('!\ncrypto ikev2 authorization', '!\naaa attribute list GIVEN\n attribute type addr-pool "FLEXPOOL" service ike protocol ip\n!\ncrypto ikev2 authorization', 1)


def private_to_public(end):
    """Without a NAT between them: each calls the other by the address that it has."""
    return vti(end).replace('198.51.100.', '192.168.5.')


def by_name(end):
    """The other end is known by its name, and by its address to call it."""
    near, far = ('r1', 'r2')[end], ('r2', 'r1')[end]
    return vti(end).replace('match identity remote address %s 255.255.255.255' % ENDS[end]['far'], 'match identity remote fqdn %s.example.net' % far) \
        .replace('  address %s\n' % ENDS[end]['far'], '  address %s\n  identity fqdn %s.example.net\n' % (ENDS[end]['far'], far)) \
        .replace(' keyring local KR\n', ' keyring local KR\n identity local fqdn %s.example.net\n' % near)


def ppk(end):
    """A postquantum key beside the other one, which one end requires."""
    return vti(end).replace('  pre-shared-key', '  ppk manual id LAB-1 key Far-Far-Away%s\n  pre-shared-key' % ('' if end else ' required')) \
        .replace(' keyring local KR\n', ' keyring local KR\n keyring ppk KR\n')


def ppk_apart(end):
    """The postquantum key is in a keyring of its own."""
    text = ppk(end)
    line = '  ppk manual id LAB-1 key Far-Far-Away%s\n' % ('' if end else ' required')
    ring = 'crypto ikev2 keyring PK\n peer AWAY\n  address %s\n%s !\n!\n' % (ENDS[end]['far'], line)
    return text.replace(line, '').replace('crypto ikev2 profile', ring + 'crypto ikev2 profile', 1).replace('keyring ppk KR', 'keyring ppk PK')


def keyrings_not_given(end):
    """An excerpt that has the profile and not the keyrings that it names."""
    text = bare(ppk_apart(end))
    return text[:text.index('crypto ikev2 keyring')] + text[text.index('crypto ikev2 profile'):]


def fvrf(end):
    return vti(end).replace('interface GigabitEthernet1\n', 'interface GigabitEthernet1\n vrf forwarding INET\n').replace('ip route 0.0.0.0', 'ip route vrf INET 0.0.0.0') \
        .replace('policy POL\n', 'policy POL\n match fvrf INET\n').replace('profile PROF\n match', 'profile PROF\n match fvrf INET\n match', 1) \
        .replace(' tunnel mode', ' tunnel vrf INET\n tunnel mode')


# {pair: the two ends}
def many_vague(end):
    """A crypto ACL of many entries of which nobody can tell all addresses: the other end's may be among them."""
    acl, wild = re.search(r'ip access-list extended \S+\n', cmap(end)).group(0), ('0.0.128.255', '0.0.0.255')[end]
    return cmap(end).replace(acl, acl + ''.join(' permit ip 10.%d.%d.0 %s 10.%d.%d.0 0.0.0.255\n' % (1 + end, n, wild, 2 - end, n) for n in range(31)), 1)


def policy_elsewhere(end):
    """The authorization policy is RADIUS's, where the router itself has none of that name."""
    return gives_addresses(end).replace('FLEX local', 'FLEX local group RAD', 1).replace('authorization policy SPOKES', 'authorization policy OTHERS', 1)


HEALTHY = {
    'vague entries': (many_vague, many_vague), 'policy elsewhere': (policy_elsewhere, takes_an_address),
    'vti': (vti, vti), 'gre': (gre, gre), 'maps': (cmap, cmap), 'asa and map': (asa, cmap), 'two asa': (asa, asa), 'asa vti': (asa_vti, vti),
    'virtual template': (dynamic_hub, vti), 'virtual template and map': (dynamic_hub, cmap), 'dynamic map': (dynamic_map, cmap), 'behind a nat': (vti, behind_nat), 'dhcp': (vti, dhcp), 'hsrp': (hsrp, cmap),
    'loopback': (loopback, cmap), 'defaults': (defaults, defaults), 'two entries': (two_maps, two_maps), 'two entries of an asa': (asa_two, two_maps),
    'two tunnels': (two_vti, two_vti), 'dmvpn': (dmvpn, dmvpn), 'flexvpn client': (dynamic_hub, flexvpn_client), 'multi-sa': (asa, multi_sa),
    'certificate and key': (signs_with_a_certificate, signs_with_a_key), 'default group': (default_group, roaming),
    'group by certificate': (groups_by_certificate, certificate_roamer), 'group by unit': (groups_by_unit, certificate_roamer),
    'group by certificate, of a known address': (groups_by_certificate, certificate_caller), 'group by unit, of a known address': (groups_by_unit, certificate_caller),
    'addresses given': (gives_addresses, takes_an_address), 'by name': (by_name, by_name), 'ppk': (ppk, ppk), 'fvrf': (fvrf, vti), 'dhcp caller': (dynamic_hub, dhcp),
    'given by dhcp': (gives_by_dhcp, takes_an_address), 'given by a list': (gives_by_a_list, takes_an_address), 'private to public': (private_to_public, private_to_public),
    'ppk apart': (ppk_apart, ppk_apart), 'keyrings not given': (ppk_apart, keyrings_not_given), 'ipv6': (vti6, vti6),
} | UNUSUAL | PAIRS | PATH_PAIRS


def applied(kind):
    """What of a router's configuration says how the tunnel is made."""
    text = kind(0)
    return text[text.index('!\ncrypto ipsec transform'):text.rindex('ip route ')]


VTI_PART, VTI_PART_IN_VRF, MAP_PART = applied(vti), applied(fvrf), applied(cmap)
MAP_PART_IN_VRF = MAP_PART.replace('interface GigabitEthernet1\n', 'interface GigabitEthernet1\n vrf forwarding INET\n')
PERMIT = ' permit ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.0.255\n'
PROF_OFF = ' keyring local KR\n'
# {pair, which end is edited (2: both), from, to, the rule, words among the quoted lines, words of the advice ("!": not there), only told of a whole configuration}
FAULTS = [
    # certificate maps
    ('flexvpn with certificates', 0, 'subject-name co ou = SPOKES', 'subject-name co ou = BRANCHES', 'no-matching-profile', ['match certificate SPOKEMAP', 'subject-name co ou = BRANCHES', 'subject-name CN=spoke.example.net'],
     ['on HUB: either end will do: here, accept that name: `crypto pki certificate map SPOKEMAP 10` / `subject-name co ou = spokes` / `no subject-name co ou = BRANCHES`', 'on SPOKE', '`crypto pki enroll CA`'], False),
    ('flexvpn with certificates', 0, 'subject-name co ou = SPOKES', 'subject-name co o = example', None, [], [], False),
    ('flexvpn with certificates', 0, 'subject-name co ou = SPOKES', 'subject-name co ou = BRANCHES\n subject-name co Branch Offices\n subject-name co o = example', 'no-matching-profile',
     ['subject-name co ou = BRANCHES', 'subject-name co Branch Offices'], ['on HUB: either end will do: here, accept that name: `crypto pki certificate map SPOKEMAP 10` / `subject-name co ou = spokes` / '
      '`subject-name co cn=spoke.example.net` / `no subject-name co ou = BRANCHES` / `no subject-name co Branch Offices`', '`crypto pki enroll CA`'], False),
    ('certificate of a host', 1, ' fqdn spoke.example.net', ' fqdn none', 'no-matching-profile', ['subject-name co example.net'], ['`no subject-name co example.net`', '`crypto pki enroll CA`'], False),
    ('flexvpn with certificates', 0, 'subject-name co ou = SPOKES', 'subject-name nc ou = BRANCHES', None, [], [], False),
    ('flexvpn with certificates', 0, ' virtual-template 1', ' match identity remote fqdn domain example.net\n virtual-template 1', None, [], [], False),
    ('flexvpn with certificates', 0, 'crypto pki certificate map SPOKEMAP 10\n subject-name co ou = SPOKES', 'crypto pki certificate map SPOKEMAP 5\n subject-name co ou = BRANCHES\ncrypto pki certificate map SPOKEMAP 10\n subject-name co ou=spokes',
     None, [], [], False),
    ('certificate, static map', 0, 'tunnel-group-map CMAPX 10 SITE2', 'tunnel-group-map CMAPX 10 SITE20', 'configuration-fault', ['tunnel-group-map CMAPX 10 SITE20'], ['on R1: if SITE2 is meant'], True),
    # one of two ways between the same addresses
    ('two entries', 0, 'TS2 esp-aes esp', 'TS2 esp-aes 256 esp', 'child-no-proposal-chosen', ['transform-set TS2'], ['on R1', 'on R2', 'crypto map CMAP 20', 'crypto map CMAP 10'], False),
    ('two entries', 1, 'set pfs group19', 'set pfs group21', 'pfs-mismatch', ['set pfs group19', 'set pfs group21'],
     ['on R1: either end will do: here, `crypto map CMAP 20 ipsec-isakmp` / `set pfs group21`', 'on R2: either end will do: here, `crypto map CMAP 10'], False),
    ('two entries of an asa', 1, 'TS2 esp-aes esp', 'TS2 esp-gcm 256\n!\ncrypto ipsec transform-set X esp-aes esp', 'child-no-proposal-chosen', ['protocol esp encryption aes', 'TS2 esp-gcm 256'],
     ['on R1', 'ipsec-proposal', 'crypto map CMAP 10'], False),
    ('two entries of an asa', 0, 'crypto map OUT 2 set pfs group19\n', '', 'pfs-mismatch', ['crypto map OUT 2', 'set pfs group19'], ['crypto map OUT 2 set pfs group19', 'crypto map CMAP 10'], False),
    ('two tunnels', 1, 'TS2 esp-gcm 256', 'TS2 esp-gcm', 'child-no-proposal-chosen', ['TS2 esp-gcm 256', 'TS2 esp-gcm'], ['on R1', 'on R2', 'crypto ipsec profile IPP2'], False),
    ('two tunnels', 0, 'set transform-set TS2', 'set transform-set TS2\n set pfs group19', 'pfs-mismatch', ['set pfs group19'], ['crypto ipsec profile IPP2'], False),
    # the peers
    ('vti', 0, 'tunnel destination 198.51.100.20', 'tunnel destination 198.51.100.2', 'no-response', ['tunnel destination 198.51.100.2'],
     ['on R1', 'interface Tunnel7', 'tunnel destination 198.51.100.20'], False),
    ('vti', 0, 'tunnel source GigabitEthernet1', 'tunnel source GigabitEthernet2', 'no-response', ['tunnel source GigabitEthernet2', 'tunnel destination 203.0.113.1'],
     ['on R1', 'interface Tunnel7', 'tunnel source GigabitEthernet1'], False),
    ('maps', 1, 'set peer 203.0.113.1', 'set peer 203.0.131.1', 'no-response', ['set peer 203.0.131.1'], ['on R2', 'crypto map CMAP 10', 'set peer 203.0.113.1'], False),
    ('asa and map', 0, 'set peer 198.51.100.20', 'set peer 198.51.100.21', 'no-response', ['crypto map OUT 1 set peer 198.51.100.21'],
     ['on R1', 'crypto map OUT 1 set peer 198.51.100.20'], False),
    ('asa and map', 1, 'set peer 203.0.113.1', 'set peer 203.0.113.2', 'no-response', ['set peer 203.0.113.2'], ['on R2', 'set peer 203.0.113.1'], False),
    ('asa vti', 0, 'tunnel destination 198.51.100.20', 'tunnel destination 198.51.100.25', 'no-response', ['tunnel destination 198.51.100.25'],
     ['on R1', 'tunnel destination 198.51.100.20'], False),
    # what is protected
    ('vti', 0, ' tunnel mode ipsec ipv4\n', '', 'ts-unacceptable', ['interface Tunnel7', 'tunnel mode ipsec ipv4'], ['on R1', 'tunnel mode ipsec ipv4'], False),
    ('gre', 1, ' tunnel destination', ' tunnel mode ipsec ipv4\n tunnel destination', 'ts-unacceptable', ['tunnel mode ipsec ipv4'], ['on R2', 'tunnel mode gre ip'], False),
    ('maps', 0, 'permit ip 10.10.0.0 0.0.0.255 10.20.0.0', 'permit ip 10.10.0.0 0.0.0.255 10.21.0.0', 'acl-not-mirrored', ['permit ip 10.10.0.0 0.0.0.255 10.21.0.0'],
     ['ip access-list extended VPN', 'on R1', 'on R2'], False),
    ('asa and map', 0, 'permit ip 10.10.0.0 255.255.255.0', 'permit ip 10.10.4.0 255.255.255.0', 'acl-not-mirrored', ['permit ip 10.10.4.0'],
     ['permit ip 10.20.0.0 0.0.0.255 10.10.4.0 0.0.0.255'], False),
    ('maps', 0, 'permit ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.0.255', 'permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255', 'acl-not-mirrored',
     ['permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255'],
     ['on R1: exchange source and destination: `ip access-list extended VPN` / `permit ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.0.255` / `no permit ip 10.20.0.0 0.0.0.255 '
      '10.10.0.0 0.0.0.255`'], False),
    ('asa and map', 0, 'permit ip 10.10.0.0 255.255.255.0 10.20.0.0 255.255.255.0', 'permit ip 10.20.0.0 255.255.255.0 10.10.0.0 255.255.255.0', 'acl-not-mirrored',
     ['permit ip 10.20.0.0 255.255.255.0'], ['on R1: exchange source and destination: `access-list VPN extended permit ip 10.10.0.0 255.255.255.0 10.20.0.0 255.255.255.0` / `no access-list VPN extended permit ip 10.20.0.0'], False),
    ('maps', 1, 'permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255', 'permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255\n permit ip 10.30.0.0 0.0.0.255 10.10.0.0 0.0.0.255',
     'acl-not-mirrored', ['permit ip 10.30.0.0'],
     ['on R1: give it the mirror image: `ip access-list extended VPN` / `permit ip 10.10.0.0 0.0.0.255 10.30.0.0 0.0.0.255`',
      'on R2: or, if it is not to be protected: `ip access-list extended VPN` / `no permit ip 10.30.0.0 0.0.0.255 10.10.0.0 0.0.0.255`'], False),
    # IKE: proposals, keys, identities, methods
    ('vti', 0, ' keyring local KR\n', '', 'no-key', ['crypto ikev2 profile PROF', 'pre-shared-key ******'], ['on R1: `crypto ikev2 profile PROF` / `keyring local KR`'], True),
    ('vti', 1, 'pre-shared-key Summer-Rain-7', 'pre-shared-key local Summer-Rain-7', 'no-key', ['pre-shared-key local ******', 'authentication remote pre-share'],
     ['on R2: add the other one', 'peer FAR', 'pre-shared-key remote KEY'], False),
    ('asa and map', 0, ' ikev2 local-authentication pre-shared-key Summer-Rain-7\n', '', 'no-key', [], ['on R1', 'tunnel-group 198.51.100.20 ipsec-attributes', 'ikev2 local-authentication pre-shared-key KEY'], False),
    ('vti', 0, ' group 14', ' group 20', 'no-proposal-chosen', ['group 20', 'group 14'], ['on R1', 'on R2', 'crypto ikev2 proposal PROP'], False),
    ('vti', 0, 'address 198.51.100.20\n', 'address 198.51.100.21\n', 'no-key', ['address 198.51.100.21', 'keyring local KR'], ['on R1', 'keyring KR', '198.51.100.20'], False),
    ('vti', 0, 'pre-shared-key Summer-Rain-7', 'pre-shared-key Summer-Rain-8', 'auth-psk-mismatch', ['pre-shared-key ******'], ['on R1', 'on R2', 'keyring KR'], False),
    ('vti', 1, 'match identity remote address 203.0.113.1', 'match identity remote address 203.0.113.2', 'no-matching-profile', ['match identity remote address 203.0.113.2'],
     ['on R2', 'crypto ikev2 profile PROF', 'match identity remote address 203.0.113.1'], False),
    ('vti', 1, ' keyring local KR\n', ' keyring local KR\n identity local fqdn r2.example.net\n', 'no-matching-profile', ['identity local fqdn r2.example.net'],
     ['on R1', 'match identity remote fqdn r2.example.net'], False),
    ('asa and map', 0, 'ikev2 local-authentication pre-shared-key Summer-Rain-7', 'ikev2 local-authentication pre-shared-key Winter-Sun-3', 'auth-psk-mismatch',
     ['pre-shared-key ******'], ['tunnel-group 198.51.100.20'], False),
    ('asa and map', 0, 'tunnel-group 198.51.100.20', 'tunnel-group 198.51.100.200', 'no-key', ['tunnel-group 198.51.100.200'],
     ['on R1', '`tunnel-group 198.51.100.20 type ipsec-l2l`, `tunnel-group 198.51.100.20 ipsec-attributes`'], False),
    ('behind a nat', 1, ' identity local address 198.51.100.20\n', '', 'no-matching-profile', ['ip address 192.168.1.2', 'match identity remote address 198.51.100.20'],
     ['on R1: either end will do: here, accept what comes', 'match identity remote address 192.168.1.2', 'on R2', 'identity local address 198.51.100.20'], False),
    # one end answers anybody
    ('virtual template', 0, ' group 14', ' group 20', 'no-proposal-chosen', ['group 20', 'group 14'], ['on R1', 'on R2'], False),
    ('virtual template', 0, 'pre-shared-key Summer-Rain-7', 'pre-shared-key Summer-Rain-8', 'auth-psk-mismatch', ['pre-shared-key ******'], ['on R1', 'on R2', '`address 198.51.100.20`'], False),
    ('virtual template', 1, ' keyring local KR\n', ' keyring local KR\n identity local fqdn r2.example.net\n', 'no-matching-profile', ['identity local fqdn r2.example.net'],
     ['on R1', 'match identity remote fqdn r2.example.net'], False),
    ('virtual template', 1, 'match identity remote address 203.0.113.1', 'match identity remote address 203.0.113.2', 'no-matching-profile', ['match identity remote address 203.0.113.2'],
     ['on R2', 'match identity remote address 203.0.113.1'], False),
    ('virtual template', 1, 'authentication local pre-share', 'authentication local rsa-sig', 'auth-method-mismatch', ['authentication local rsa-sig', 'authentication remote pre-share'], ['on R1', 'on R2'], False),
    ('virtual template', 1, 'esp-aes 256 esp-sha256-hmac', 'esp-gcm 256', 'child-no-proposal-chosen', ['esp-gcm 256', 'esp-aes 256'], ['on R1', 'on R2'], False),
    ('virtual template', 0, ' address 0.0.0.0 0.0.0.0', ' address 192.0.2.0 255.255.255.0', 'no-key', ['keyring local KR', 'address 192.0.2.0'], ['on R1', 'address 198.51.100.20'], False),
    ('dynamic map', 1, 'esp-aes 256 esp-sha256-hmac', 'esp-gcm 256', 'child-no-proposal-chosen', ['esp-gcm 256', 'protocol esp encryption aes-256'], ['on R1', 'on R2'], False),
    ('dynamic map', 0, 'ikev2 remote-authentication pre-shared-key Summer-Rain-7', 'ikev2 remote-authentication pre-shared-key Winter-Sun-3', 'auth-psk-mismatch', ['pre-shared-key ******'],
     ['tunnel-group 198.51.100.20'], False),
    ('asa and map', 0, 'tunnel-group 198.51.100.20', 'tunnel-group BRANCH', 'no-key', ['tunnel-group BRANCH'], ['on R1', '`tunnel-group 198.51.100.20 type ipsec-l2l`'], False),
    # IPsec: algorithms, groups
    ('vti', 0, 'esp-aes 256 esp-sha256-hmac', 'esp-gcm 256', 'child-no-proposal-chosen', ['esp-gcm 256', 'esp-aes 256'], ['esp-aes 256 esp-sha256-hmac', 'TS'], False),
    ('vti', 0, 'set transform-set TS\n', 'set transform-set TS\n set pfs group19\n', 'pfs-mismatch', ['set pfs group19'],
     ['on R1: where the tunnel is to do without PFS: `crypto ipsec profile IPP` / `no set pfs`', 'on R2: either end will do: here, `crypto ipsec profile IPP` / `set pfs group19`'], False),
    ('two asa', 0, 'protocol esp integrity sha-256', 'protocol esp integrity sha-512', 'child-no-proposal-chosen', ['protocol esp integrity sha-512'], ['ipsec-proposal AES'], False),
    # what both have and should not
    ('vti', 0, ' encryption aes-cbc-256\n', ' encryption aes-cbc-256 3des\n', None, [], [], False),
    ('vti', 2, ' group 14\n', ' group 2\n', 'weak-crypto', ['group 2'], ['on R1', 'no proposal PROP'], False),
    ('two asa', 2, 'integrity sha-256', 'integrity md5', 'weak-crypto', ['integrity md5'], ['ipsec-proposal NEW AES'], False),
    # one end of IKEv1
    ('asa and map', 0, 'set ikev2 ipsec-proposal AES', 'set ikev1 transform-set OLD', 'ikev1-seen', ['set ikev1 transform-set OLD', 'set ikev2-profile PROF'],
     ['on R1', 'set ikev2 ipsec-proposal'], False),
    # what comes in, and what NAT does
    ('vti', 1, 'interface GigabitEthernet1\n', """ip access-list extended WAN-IN
 permit tcp any any established
 permit udp any eq domain any
 permit esp any any
!
interface GigabitEthernet1
 ip access-group WAN-IN in
""", 'configuration-fault', ['ip access-group WAN-IN in', 'ip access-list extended WAN-IN'], ['on R2', 'permit udp host 203.0.113.1 host 198.51.100.20 eq isakmp'], False),
    ('maps', 0, 'interface GigabitEthernet1\n', """ip access-list extended WAN-IN
 permit udp any any eq isakmp
 deny ip host 198.51.100.20 any log
 permit ip any any
!
interface GigabitEthernet1
 ip access-group WAN-IN in
""", 'configuration-fault', ['deny ip host 198.51.100.20 any log'], ['on R1', 'permit esp host 198.51.100.20'], False),
    ('vti', 1, 'interface GigabitEthernet1\n', """ip access-list extended WAN-IN
 permit udp host 203.0.113.1 any eq isakmp
 permit esp 203.0.113.0 0.0.0.255 any
 deny ip any any
!
interface GigabitEthernet1
 ip access-group WAN-IN in
""", None, [], [], False),
    ('asa and map', 0, 'access-list VPN extended', """object network LAN
 subnet 10.10.0.0 255.255.255.0
nat (inside,outside) source dynamic LAN interface
access-list VPN extended""", 'configuration-fault', ['nat (inside,outside) source dynamic LAN interface'], ['on R1', 'nat (inside,outside)'], False),
    # names that lead nowhere
    ('vti', 0, 'crypto ipsec profile IPP', 'crypto ipsec profile IPSEC-PROFILE', 'configuration-fault', ['tunnel protection ipsec profile IPP'], ['crypto ipsec profile IPP'], True),
    ('vti', 0, 'set ikev2-profile PROF', 'set ikev2-profile PROF-OF-OLD', 'configuration-fault', ['set ikev2-profile PROF-OF-OLD'], ['crypto ikev2 profile PROF-OF-OLD'], True),
    ('maps', 0, 'set transform-set TS', 'set transform-set TSET-GCM', 'configuration-fault', ['set transform-set TSET-GCM'], ['transform-set TSET-GCM'], True),
    ('maps', 0, 'ip access-list extended VPN', 'ip access-list extended BRANCH-LIST', 'configuration-fault', ['match address VPN'], ['VPN'], True),
    ('asa and map', 0, 'access-list VPN extended', 'access-list OTHER-LIST extended', 'configuration-fault', ['match address VPN'], ['access-list VPN'], True),
    ('asa and map', 0, 'crypto ipsec ikev2 ipsec-proposal AES', 'crypto ipsec ikev2 ipsec-proposal AES-OF-NEW', 'configuration-fault', ['set ikev2 ipsec-proposal AES'],
     ['ipsec-proposal AES'], True),
    ('vti', 0, 'authentication local pre-share', 'authentication local pre-share\n pki trustpoint CORP-CA', 'configuration-fault', ['pki trustpoint CORP-CA'],
     ['crypto pki trustpoint CORP-CA', 'on R1'], True),
    ('vti', 0, 'policy POL\n proposal PROP\n', 'policy POL\n proposal PROP-ALL\n', 'configuration-fault', ['proposal PROP-ALL'], ['crypto ikev2 proposal PROP-ALL'], True),
    ('virtual template', 0, 'virtual-template 1', 'virtual-template 2', 'configuration-fault', ['virtual-template 2'], ['on R1: `interface Virtual-Template2 type tunnel`'], True),
    # crypto that is applied nowhere
    ('maps', 1, ' crypto map CMAP\n', '', 'configuration-fault', ['crypto map CMAP 10', 'interface GigabitEthernet1'], ['on R2', 'interface GigabitEthernet1', 'crypto map CMAP'], True),
    ('asa and map', 0, 'crypto map OUT interface outside\n', '', 'configuration-fault', ['crypto map OUT 1'], ['crypto map OUT interface outside'], True),
    ('asa and map', 0, 'crypto ikev2 enable outside\n', '', 'configuration-fault', ['interface GigabitEthernet0/0'], ['crypto ikev2 enable outside'], True),
    ('asa vti', 0, 'crypto ikev2 enable outside\n', '', 'configuration-fault', ['interface Tunnel7'], ['crypto ikev2 enable outside'], True),
    ('vti', 0, ' tunnel protection ipsec profile IPP\n', '', 'configuration-fault', ['interface Tunnel7'], ['on R1', 'tunnel protection ipsec profile IPP'], False),
    ('vti', 0, ' tunnel source GigabitEthernet1\n', '', 'configuration-fault', ['interface Tunnel7'], ['on R1: `interface Tunnel7` / `tunnel source INTERFACE`'], True),
    ('asa vti', 0, ' tunnel destination 198.51.100.20\n', '', 'configuration-fault', ['interface Tunnel7'], ['on R1', 'tunnel destination PEER-ADDRESS'], True),
    ('vti', 1, 'crypto ikev2 policy POL\n proposal PROP\n', '', 'configuration-fault', ['crypto ikev2 proposal PROP'], ['on R2: `crypto ikev2 policy NEW` / `proposal PROP`'], True),
    # routes, where nothing learns any
    ('vti', 0, 'ip route 0.0.0.0 0.0.0.0 203.0.113.254\n', '', 'no-route', ['interface Tunnel7', 'tunnel destination 198.51.100.20'], ['on R1: `ip route 198.51.100.20 255.255.255.255 NEXT-HOP`'], True),
    ('vti', 0, 'ip route 0.0.0.0 0.0.0.0 203.0.113.254\n', 'ip route vrf MGMT 0.0.0.0 0.0.0.0 203.0.113.254\n', 'no-route', ['tunnel destination 198.51.100.20'], ['on R1'], True),
    ('vti', 0, 'ip route 0.0.0.0 0.0.0.0 203.0.113.254\n', 'ip route 198.51.100.0 255.255.255.0 GigabitEthernet1 203.0.113.254\n', None, [], [], False),
    ('vti', 0, 'ip route 0.0.0.0 0.0.0.0 203.0.113.254\n', 'router bgp 65001\n neighbor 203.0.113.9 remote-as 65002\n', None, [], [], False),
    ('vti', 1, 'ip route 10.10.0.0 255.255.255.0 Tunnel7\n', '', 'no-route', ['interface Tunnel7'], ['on R2: `ip route NETWORK MASK Tunnel7`'], True),
    ('vti', 1, 'ip route 10.10.0.0 255.255.255.0 Tunnel7\n', 'ip route 10.10.0.0 255.255.255.0 172.16.9.1 200\n', None, [], [], False),
    ('asa vti', 0, 'route far 10.20.0.0 255.255.255.0 172.16.9.2 1\n', '', 'no-route', ['interface Tunnel7'], ['on R1: `route far NETWORK MASK NEXT-HOP`'], True),
    ('maps', 1, 'ip route 0.0.0.0 0.0.0.0 198.51.100.254\n', 'ip route 203.0.113.0 255.255.255.0 198.51.100.254\n', 'no-route', ['permit ip 10.20.0.0 0.0.0.255 10.10.0.0'],
     ['on R2: `ip route 10.10.0.0 255.255.255.0 198.51.100.254`'], True),
    ('asa and map', 0, 'route outside 0.0.0.0 0.0.0.0 203.0.113.254 1\n', 'route outside 10.20.0.0 255.255.255.0 203.0.113.254 1\n', 'no-route', ['crypto map OUT 1 set peer 198.51.100.20'],
     ['on R1: `route NAMEIF 198.51.100.20 255.255.255.255 NEXT-HOP`'], True),
    # VRFs
    ('vti', 0, 'interface GigabitEthernet1\n', 'interface GigabitEthernet1\n vrf forwarding INET\n', 'configuration-fault', ['tunnel source GigabitEthernet1', 'vrf forwarding INET'],
     ['on R1: `interface Tunnel7` / `tunnel vrf INET`', 'match fvrf INET'], True),
    ('gre', 1, ' tunnel destination', ' tunnel vrf INET\n tunnel destination', 'configuration-fault', ['tunnel source GigabitEthernet1'], ['on R2: `interface Tunnel7` / `no tunnel vrf INET`'], True),
    # what stands in its own way
    ('asa and map', 0, 'vpn-tunnel-protocol ikev2', 'vpn-tunnel-protocol ikev1 ssl-client', 'configuration-fault', ['vpn-tunnel-protocol ikev1 ssl-client', 'default-group-policy GP'],
     ['group-policy GP', 'vpn-tunnel-protocol ikev1 ssl-client ikev2'], False),
    ('vti', 0, 'interface Tunnel7\n', 'interface Tunnel7\n shutdown\n', 'configuration-fault', ['interface Tunnel7', 'shutdown'], ['interface Tunnel7', 'no shutdown'], False),
    ('maps', 1, 'interface GigabitEthernet1\n', 'interface GigabitEthernet1\n shutdown\n', 'configuration-fault', ['shutdown'], ['on R2', 'no shutdown'], False),
    ('vti', 1, 'policy POL\n', 'policy POL\n match address local 198.51.100.2\n', 'configuration-fault', ['match address local 198.51.100.2', 'interface Tunnel7'],
     ['on R2', 'crypto ikev2 policy POL', 'match address local 198.51.100.20'], False),
    ('maps', 0, 'profile PROF\n', 'profile PROF\n match address local 10.10.0.1\n', 'configuration-fault', ['match address local 10.10.0.1', 'interface GigabitEthernet1'],
     ['on R1', 'crypto ikev2 profile PROF', 'match address local 203.0.113.1'], False),
    ('vti', 1, 'policy POL\n', 'policy POL\n match address local 198.51.100.20\n', None, [], [], False),
    # what exempts it from NAT, by names that nothing else has
    ('asa and map', 0, 'route outside', 'object-group network LOCAL\n network-object 10.0.0.0 255.0.0.0\nobject network FAR\n subnet 10.20.0.0 255.255.255.0\nnat (inside,outside) after-auto source dynamic any '
     'interface\nroute outside', 'configuration-fault', ['nat (inside,outside) after-auto'], ['on R1', '`object network LOCAL-2` / `subnet 10.10.0.0 255.255.255.0` / `nat (inside,outside) source static '
     'LOCAL-2 LOCAL-2 destination static FAR FAR no-proxy-arp route-lookup`'], False),
    # what is not there
    ('vti', 0, ' authentication remote pre-share\n', '', 'configuration-fault', ['crypto ikev2 profile PROF'], ['authentication remote'], True),
    ('maps', 0, ' match address VPN\n', '', 'configuration-fault', ['crypto map CMAP 10'], ['match address'], True),
    ('maps', 0, ' set transform-set TS\n', '', 'configuration-fault', ['crypto map CMAP 10'], ['set transform-set'], True),
    ('asa and map', 1, 'crypto map CMAP 10 ipsec-isakmp\n set peer 203.0.113.1\n set transform-set TS\n set ikev2-profile PROF\n match address VPN\n', '', 'configuration-fault',
     ['crypto map OUT 1 set peer 198.51.100.20'], ['on R2'], True),
    # a multipoint tunnel
    ('dmvpn', 1, 'pre-shared-key Summer-Rain-7', 'pre-shared-key Summer-Rain-8', 'auth-psk-mismatch', ['pre-shared-key ******'], ['on R1', 'on R2', 'crypto ikev2 keyring KR'], False),
    ('dmvpn', 0, ' group 14', ' group 20', 'no-proposal-chosen', ['group 20', 'group 14'], ['on R1', 'on R2'], False),
    ('dmvpn', 1, 'esp-aes 256 esp-sha256-hmac', 'esp-gcm 256', 'child-no-proposal-chosen', ['esp-gcm 256', 'esp-aes 256'], ['on R1', 'on R2'], False),
    ('dmvpn', 1, ' tunnel key 7', ' tunnel key 8', 'tunnel-key-mismatch', ['interface Tunnel7', 'tunnel key 7', 'tunnel key 8'], ['on R1', 'on R2', 'tunnel key 7'], False),
    ('dmvpn', 1, ' nbma 203.0.113.1 multicast', '', 'configuration-fault', ['ip nhrp nhs 172.16.9.1'], ['on R2: `interface Tunnel7` / `ip nhrp nhs 172.16.9.1 nbma HUB-ADDRESS multicast`'], True),
    ('dmvpn', 1, 'nbma 203.0.113.1', 'nbma 203.0.113.11', 'no-response', ['ip nhrp nhs 172.16.9.1 nbma 203.0.113.11'], ['on R2', 'no ip nhrp nhs 172.16.9.1 nbma 203.0.113.11 multicast` / `ip nhrp nhs 172.16.9.1 nbma 203.0.113.1 multicast'], False),
    ('dmvpn', 1, 'ip nhrp nhs 172.16.9.1 nbma 203.0.113.1 multicast', 'ip nhrp nhs 172.16.9.1\n ip nhrp map 172.16.9.1 255.255.255.255 203.0.113.11', 'no-response',
     ['ip nhrp map 172.16.9.1 255.255.255.255 203.0.113.11'], ['on R2: `interface Tunnel7` / `no ip nhrp map 172.16.9.1 255.255.255.255 203.0.113.11` / `ip nhrp map 172.16.9.1 255.255.255.255 203.0.113.1`'], False),
    ('dmvpn', 1, 'ip nhrp nhs 172.16.9.1 nbma 203.0.113.1 multicast', 'ip nhrp nhs 172.16.9.1\n ip nhrp map 172.16.9.1/32 203.0.113.1', None, [], [], False),
    ('gre', 1, ' tunnel destination', ' tunnel key 9\n tunnel destination', 'tunnel-key-mismatch', ['tunnel key 9'], ['on R1', 'tunnel key 9', 'on R2', 'no tunnel key'], False),
    ('two asa', 2, 'crypto map OUT interface', 'crypto map OUT 1 set connection-type answer-only\ncrypto map OUT interface', 'connection-type-mismatch',
     ['set connection-type answer-only'], ['on R1', 'on R2', 'set connection-type bi-directional'], False),
    ('two asa', 0, 'crypto map OUT interface', 'crypto map OUT 1 set connection-type answer-only\ncrypto map OUT interface', None, [], [], False),
    ('vti', 0, 'tunnel mode ipsec ipv4', 'tunnel mode ipsec ipv4 v6-overlay', 'ts-unacceptable', ['tunnel mode ipsec ipv4 v6-overlay', 'interface Tunnel7'],
     ['on R1', 'tunnel mode ipsec ipv4', 'on R2', 'tunnel mode ipsec ipv4 v6-overlay'], False),
    ('virtual template', 1, 'tunnel destination 203.0.113.1', 'tunnel destination 203.0.131.1', 'no-response', ['tunnel destination 203.0.131.1'],
     ['on R2', 'tunnel destination 203.0.113.1'], False),
    ('flexvpn client', 1, 'pre-shared-key Summer-Rain-7', 'pre-shared-key Summer-Rain-8', 'auth-psk-mismatch', ['pre-shared-key ******'], ['on R1', 'on R2'], False),
    ('flexvpn client', 1, 'peer 1 203.0.113.1', 'peer 1 203.0.131.1', 'no-response', ['peer 1 203.0.131.1'],
     ['on R2', 'crypto ikev2 client flexvpn FV', 'no peer 1 203.0.131.1', 'peer 1 203.0.113.1'], False),
    ('flexvpn with certificates', 1, 'client connect tunnel 0', 'client connect tunnel 1', 'configuration-fault', ['interface Tunnel0', 'tunnel destination dynamic'],
     ['on SPOKE: `crypto ikev2 client flexvpn FC` / `client connect Tunnel0`'], True),
    # a tunnel that is shut down, and that nobody wants
    ('left over', 0, 'interface Tunnel7\n', 'interface Tunnel7\n shutdown\n', 'configuration-fault', ['interface Tunnel7', 'shutdown'], ['on R1: `interface Tunnel7` / `no shutdown`'], False),
    # the way to the far end leads into the tunnel
    ('vti', 0, 'ip route 10.20.0.0 255.255.255.0 Tunnel7', 'ip route 198.51.100.0 255.255.255.0 Tunnel7', 'no-route', ['ip route 198.51.100.0', 'tunnel destination 198.51.100.20'],
     ['on R1', 'ip route 198.51.100.20 255.255.255.255 NEXT-HOP'], True),
    ('vti', 0, 'ip route 10.20.0.0 255.255.255.0 Tunnel7', 'ip route 198.51.100.0 255.255.255.0 Tunnel7\nip route 198.51.100.20 255.255.255.255 203.0.113.254', None, [], [], False),
    # what it protects is nowhere inside
    ('asa and map', 2, '10.10.0.0', '10.11.0.0', 'no-route', ['access-list VPN extended permit ip 10.11.0.0'], ['on R1: `route INSIDE 10.11.0.0 255.255.255.0 NEXT-HOP`'], True),
    ('maps', 2, '10.10.0.0 0.0.0.255', 'host 10.11.0.9', 'no-route', ['permit ip host 10.11.0.9'], ['on R1: `ip route 10.11.0.9 255.255.255.255 NEXT-HOP`'], True),
    # VRFs of routes
    ('tunnels of a vrf', 0, 'ip route vrf CUST', 'ip route vrf OTHER', 'no-route', ['interface Tunnel7', 'ip route vrf OTHER 10.20.0.0'],
     ['on R1: `no ip route vrf OTHER 10.20.0.0 255.255.255.0 Tunnel7` / `ip route vrf CUST 10.20.0.0 255.255.255.0 Tunnel7`'], True),
    ('tunnels of a vrf', 0, 'ip route vrf CUST', 'ip route', 'no-route', ['ip route 10.20.0.0'], ['on R1: `no ip route 10.20.0.0 255.255.255.0 Tunnel7` / `ip route vrf CUST 10.20.0.0 255.255.255.0 Tunnel7`'], True),
    ('tunnel of a vrf', 1, 'ip route 10.10.0.0', 'ip route vrf MGMT 10.10.0.0', 'no-route', ['ip route vrf MGMT'], ['on R2: `no ip route vrf MGMT 10.10.0.0 255.255.255.0 Tunnel7` / `ip route 10.10.0.0'], True),
    ('tunnels of a vrf', 0, 'interface GigabitEthernet2\n', 'interface GigabitEthernet3\n vrf forwarding OTHER\n ip address 10.66.0.1 255.255.255.0\n!\nip route vrf OTHER 10.20.0.0 255.255.255.0 Tunnel7\ninterface GigabitEthernet2\n',
     None, [], [], False),
    ('map into a vrf', 0, 'ip route vrf CUST', 'ip route vrf OTHER', 'no-route', ['permit ip 10.10.0.0'], ['on R1: `ip route vrf CUST 10.20.0.0 255.255.255.0 GigabitEthernet1 203.0.113.254`'], True),
    # NAT of a router
    ('maps', 0, 'line vty', 'ip nat inside source route-map ISP1 interface GigabitEthernet1 overload\nroute-map ISP1 permit 10\n match interface GigabitEthernet1\n!\ninterface GigabitEthernet1\n ip nat outside\n!\nline vty',
     'configuration-fault', ['ip nat inside source route-map ISP1', 'route-map ISP1 permit 10'],
     ['on R1', '`ip access-list extended NAT-NEW` / `deny ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.0.255` / `permit ip any any` / `exit` / `route-map ISP1 permit 10` / `match ip address NAT-NEW`'], False),
    ('maps', 0, 'line vty', 'ip nat inside source list NAT interface GigabitEthernet1 vrf CUST overload\nip access-list extended NAT\n permit ip any any\n!\ninterface GigabitEthernet1\n ip nat outside\n!\nline vty',
     None, [], [], False),
    ('maps', 0, 'line vty', 'ip nat inside source list NAT interface GigabitEthernet1 overload\nip access-list extended NAT\n permit ip any any\n!\nline vty', None, [], [], False),
    # a tunnel interface with a list
    ('multi-sa', 1, 'permit ip 10.20.0.0 0.0.0.255', 'permit ip 10.21.0.0 0.0.0.255', 'acl-not-mirrored', ['permit ip 10.21.0.0', 'access-list VPN extended permit ip 10.10.0.0'],
     ['on R2', 'permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255'], False),
    ('vti', 0, ' tunnel protection ipsec', ' tunnel protection ipsec policy ipv4 VPN\n tunnel protection ipsec', 'configuration-fault', ['tunnel protection ipsec policy ipv4 VPN'], ['VPN'], True),
    ('vti', 0, 'line vty', 'ip access-list extended VPN\n permit ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.0.255\n!\ninterface Tunnel7\n tunnel protection ipsec policy ipv4 VPN\n!\nline vty',
     'ts-unacceptable', ['tunnel protection ipsec policy ipv4 VPN', 'permit ip 10.10.0.0 0.0.0.255', 'tunnel mode ipsec ipv4'],
     ['on R1', 'no tunnel protection ipsec policy ipv4', 'on R2', '`permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255` / `interface Tunnel7`', 'tunnel protection ipsec policy ipv4 TO-PROTECT` / `tunnel protection ipsec profile IPP`'], False),
    # AH and ESP
    ('ah', 1, 'TS ah-sha256-hmac', 'TS esp-aes 256 esp-sha256-hmac', 'child-no-proposal-chosen', ['TS ah-sha256-hmac', 'TS esp-aes 256 esp-sha256-hmac'],
     ['on R1: better here', '`crypto ipsec transform-set NEW esp-aes 256 esp-sha256-hmac` / `exit` / `crypto ipsec profile IPP` / `set transform-set TS NEW`', 'on R2: second best', 'NEW ah-sha256-hmac`'], False),
    ('ah', 0, ' set transform-set TS\n', '', 'child-no-proposal-chosen', ['TS ah-sha256-hmac'],
     ['on R1: second best', 'NEW ah-sha256-hmac`', 'on R2: better here', '`crypto ipsec transform-set NEW esp-aes esp-sha-hmac`'], False),
    ('ah and esp', 0, 'TS ah-sha256-hmac esp-aes 256', 'TS esp-aes 256 esp-sha256-hmac', 'child-no-proposal-chosen', ['TS ah-sha256-hmac esp-aes 256'],
     ['on R1: either end will do', 'NEW ah-sha256-hmac esp-aes 256`', 'on R2: either end will do'], False),
    # names of interfaces
    ('virtual template', 0, 'ip unnumbered Loopback1', 'ip unnumbered Loopback9', 'configuration-fault', ['ip unnumbered Loopback9'], ['on R1: `interface Loopback9` / `ip address ADDRESS MASK`'], True),
    ('virtual template', 0, 'ip unnumbered Loopback1', 'ip unnumbered lo 1', None, [], [], False),
    # GRE in a crypto map, and what meets it
    ('gre in maps', 0, 'tunnel destination 198.51.100.20', 'tunnel destination 198.51.100.21', 'configuration-fault', ['tunnel destination 198.51.100.21', 'permit gre host 203.0.113.1 host 198.51.100.20'],
     ['on R1: `interface Tunnel5` / `tunnel destination 198.51.100.20`'], False),
    ('gre in maps', 2, 'tunnel destination ', 'tunnel destination 192.0.2.77\n description ', 'configuration-fault', ['tunnel destination 192.0.2.77', 'permit gre host 203.0.113.1 host 198.51.100.20'],
     ['on R1: if Tunnel5 is meant for it: `interface Tunnel5` / `tunnel destination 198.51.100.20`; or, if the list is wrong: `ip access-list extended VPN` / `permit gre host 203.0.113.1 host 192.0.2.77`'], False),
    ('gre in maps', 0, 'ip address 172.16.9.1 255.255.255.252\n tunnel source GigabitEthernet1\n tunnel destination 198.51.100.20', 'ip address 172.16.6.1 255.255.255.252\n tunnel source GigabitEthernet1\n '
     'tunnel destination 192.0.2.77', 'configuration-fault', ['tunnel destination 192.0.2.77'], ['on R1: if Tunnel5 is meant for it: `interface Tunnel5`'], False),
    ('gre in maps', 0, 'permit gre host 203.0.113.1 host 198.51.100.20', 'permit gre host 203.0.113.1 host 198.51.100.21', 'acl-not-mirrored', ['permit gre host 203.0.113.1 host 198.51.100.21'],
     ['on R1'], False),
    ('gre in a map', 1, ' tunnel destination', ' tunnel mode ipsec ipv4\n tunnel destination', 'ts-unacceptable', ['crypto map CMAP 10', 'permit gre host 203.0.113.1', 'tunnel mode ipsec ipv4'],
     ['on R1: either end will do: here, a tunnel of the other\'s mode in the place of GRE: `no crypto map CMAP 10` / `crypto ipsec profile TUNNEL` / `set transform-set TS` / `set ikev2-profile PROF` / '
      '`interface Tunnel5` / `tunnel mode ipsec ipv4` / `tunnel protection ipsec profile TUNNEL`', 'on R2: either end will do: here, `interface Tunnel7` / `tunnel mode gre ip`'], False),
    ('gre in a map', 0, 'host 203.0.113.1 host 198.51.100.20', 'host 203.0.113.1 host 198.51.100.2', 'ts-unacceptable', ['permit gre host 203.0.113.1 host 198.51.100.2', 'interface Tunnel7'],
     ['on R1: let its list have the packets of the GRE tunnel: `ip access-list extended VPN` / `permit gre host 203.0.113.1 host 198.51.100.20` / `no permit gre host 203.0.113.1 host 198.51.100.2`'], False),
    ('maps', 1, 'crypto map CMAP 10 ipsec-isakmp\n set peer 203.0.113.1\n set transform-set TS\n set ikev2-profile PROF\n match address VPN\n',
     'crypto ipsec profile IPP\n set transform-set TS\n set ikev2-profile PROF\n!\ninterface Tunnel7\n tunnel source GigabitEthernet1\n tunnel destination 203.0.113.1\n tunnel protection ipsec profile IPP\n',
     'ts-unacceptable', ['permit ip 10.10.0.0 0.0.0.255', 'interface Tunnel7'],
     ['on R1', '`interface Tunnel0`', '`tunnel mode gre ip`', '`no crypto map CMAP 10` / `ip route 10.20.0.0 255.255.255.0 Tunnel0`', 'on R2',
      '`tunnel mode ipsec ipv4` / `tunnel protection ipsec policy ipv4 TO-PROTECT`'], False),
    ('asa and map', 1, 'crypto map CMAP 10 ipsec-isakmp\n set peer 203.0.113.1\n set transform-set TS\n set ikev2-profile PROF\n match address VPN\n',
     'crypto ipsec profile IPP\n set transform-set TS\n set ikev2-profile PROF\n!\ninterface Tunnel7\n tunnel source GigabitEthernet1\n tunnel destination 203.0.113.1\n tunnel mode ipsec ipv4\n tunnel protection ipsec profile IPP\n',
     'ts-unacceptable', ['interface Tunnel7'], ['on R1', '`crypto ipsec profile TUNNEL` / `set ikev2 ipsec-proposal AES` / `interface Tunnel0` / `nameif NAME`', '`clear configure crypto map OUT 1`'], False),
    # … where the list or the routes that are there do not go with a tunnel, and VRFs
    ('vti', 0, VTI_PART, MAP_PART.replace(PERMIT, ' permit ip host 203.0.113.1 host 198.51.100.20\n'), 'ts-unacceptable', ['permit ip host 203.0.113.1'],
     ['on R2: here, the mirror image', '`permit ip host 198.51.100.20 host 203.0.113.1`', '!on R1', '!either end'], False),
    ('vti', 0, VTI_PART, MAP_PART.replace(PERMIT, PERMIT + ' permit ip 10.10.0.0 0.0.0.255 198.51.100.0 0.0.0.255\n'), 'ts-unacceptable', ['crypto map CMAP 10'],
     ['on R1', '`no crypto map CMAP 10` / `ip route 198.51.100.20 255.255.255.255 NEXT-HOP` / `ip route 10.20.0.0 255.255.255.0 Tunnel0` / `ip route 198.51.100.0 255.255.255.0 Tunnel0`'], False),
    ('vti', 0, VTI_PART, MAP_PART + 'ip route 10.20.0.0 255.255.255.0 203.0.113.254\n', 'ts-unacceptable', ['crypto map CMAP 10'],
     ['on R1', '`ip route 10.20.0.0 255.255.255.0 Tunnel0` / `no ip route 10.20.0.0 255.255.255.0 203.0.113.254`'], False),
    ('fvrf', 0, VTI_PART_IN_VRF, MAP_PART_IN_VRF, 'ts-unacceptable', ['crypto map CMAP 10'],
     ['on R1', '`tunnel destination 198.51.100.20` / `tunnel vrf INET`', '`ip route 10.20.0.0 255.255.255.0 Tunnel0`', '!vrf forwarding'], False),
    ('fvrf', 0, VTI_PART_IN_VRF, 'crypto ikev2 profile PROF\n ivrf BLUE\n' + MAP_PART_IN_VRF.replace('interface GigabitEthernet2\n', 'interface GigabitEthernet2\n vrf forwarding BLUE\n'),
     'ts-unacceptable', ['crypto map CMAP 10'], ['on R1', '`interface Tunnel0` / `vrf forwarding BLUE` / `ip address', '`tunnel vrf INET`', '`ip route vrf BLUE 10.20.0.0 255.255.255.0 Tunnel0`'], False),
    # a template that is for everybody who calls
    ('virtual template and map', 0, ' tunnel mode ipsec ipv4\n', '', 'ts-unacceptable', ['interface Virtual-Template1', 'crypto map CMAP 10'],
     ['on R2: here, as the other end is for others, too: a tunnel interface', '`ip unnumbered GigabitEthernet1`', '`tunnel mode gre ip`', '!on R1'], False),
    # a list of AAA
    ('vti', 0, ' keyring local KR\n', ' keyring local KR\n aaa authorization group psk list FLEX default\n', 'configuration-fault', ['aaa authorization group psk list FLEX'],
     ['on R1', 'aaa authorization network FLEX'], True),
    ('vti', 0, '!\ncrypto ikev2 proposal', 'aaa new-model\naaa authorization network FLEX local\n!\ncrypto ikev2 proposal', None, [], [], False),
    # what comes out of the tunnel is filtered
    ('asa and map', 0, ' vpn-tunnel-protocol ikev2', ' vpn-filter value FROM-FAR\n vpn-tunnel-protocol ikev2\naccess-list FROM-FAR extended permit tcp 10.10.0.0 255.255.255.0 10.20.0.0 255.255.255.0 eq 443',
     'decrypted-traffic-denied', ['vpn-filter value FROM-FAR', 'access-list FROM-FAR'],
     ['on R1', 'access-list FROM-FAR extended permit ip 10.20.0.0 255.255.255.0 10.10.0.0 255.255.255.0'], False),
    ('asa and map', 0, ' vpn-tunnel-protocol ikev2', ' vpn-filter value FROM-FAR\n vpn-tunnel-protocol ikev2\naccess-list FROM-FAR extended permit tcp 10.20.0.0 255.255.0.0 any eq 443',
     None, [], [], False),
    ('asa and map', 0, ' vpn-tunnel-protocol ikev2', ' vpn-filter none\n vpn-tunnel-protocol ikev2', None, [], [], False),
    ('asa and map', 0, 'route outside', 'access-list IN extended permit udp any any eq isakmp\naccess-list IN extended deny ip any any log\n'
     'access-group IN in interface outside\nno sysopt connection permit-vpn\nroute outside', 'decrypted-traffic-denied', ['access-group IN in interface outside'],
     ['on R1', 'sysopt connection permit-vpn', 'access-list IN line 1 extended permit ip 10.20.0.0 255.255.255.0 10.10.0.0 255.255.255.0'], False),
    ('asa and map', 0, 'route outside', 'access-list IN extended deny ip any any log\naccess-group IN in interface outside\nroute outside', None, [], [], False),
    # one end signs with a certificate, and the key is for the other one
    ('certificate and key', 1, 'pre-shared-key Summer-Rain-7', 'pre-shared-key Summer-Rain-8', 'auth-psk-mismatch', ['pre-shared-key ******'], ['on R1', 'on R2', 'keyring KR'], False),
    ('certificate and key', 0, ' address 198.51.100.20\n', ' address 198.51.100.21\n', 'no-key', ['address 198.51.100.21'], ['on R1', 'address 198.51.100.20'], False),
    ('certificate and key', 1, 'pre-shared-key Summer-Rain-7', 'pre-shared-key local Summer-Rain-7\n  pre-shared-key remote Other', None, [], [], False),
    # who calls by a word, from anywhere
    ('default group', 1, 'pre-shared-key Summer-Rain-7', 'pre-shared-key Summer-Rain-8', 'auth-psk-mismatch', ['remote-authentication pre-shared-key ******'],
     ['on R1', 'tunnel-group DefaultL2LGroup ipsec-attributes', 'on R2', 'keyring KR'], False),
    ('default group', 0, 'tunnel-group DefaultL2LGroup', 'tunnel-group branch-20', None, [], [], False),
    ('default group', 0, ' ikev2 remote-authentication pre-shared-key Summer-Rain-7\n ikev2 local-authentication pre-shared-key Summer-Rain-7\n', '', 'no-key', [],
     ['on R1: give keys to the tunnel-group that it finds: `tunnel-group DefaultL2LGroup ipsec-attributes`'], False),
    ('default group', 0, """tunnel-group DefaultL2LGroup general-attributes
 default-group-policy GP
tunnel-group DefaultL2LGroup ipsec-attributes
 ikev2 remote-authentication pre-shared-key Summer-Rain-7
 ikev2 local-authentication pre-shared-key Summer-Rain-7
""", '', 'no-key', ['pre-shared-key ******'], ['on R1', '`tunnel-group branch-20 type ipsec-l2l`, `tunnel-group branch-20 ipsec-attributes`'], False),
    ('group by unit', 1, 'authentication local rsa-sig', 'authentication local pre-share', 'no-key', ['pre-shared-key ******'], ['on R1', '`tunnel-group DefaultL2LGroup ipsec-attributes`'], False),
    ('ipv6', 0, 'address 2001:DB8:2::1/128\n  pre', 'address 2001:DB8:2::9/128\n  pre', 'no-key', ['address 2001:DB8:2::9/128'], ['keyring KR', '`address 2001:db8:2::1/128` / `pre-shared-key'], False),
    ('default group', 0, ' ikev2 remote-authentication pre-shared-key Summer-Rain-7\n', '', 'no-key', ['local-authentication'],
     ['on R1', 'tunnel-group DefaultL2LGroup ipsec-attributes', 'ikev2 remote-authentication pre-shared-key KEY'], False),
    ('group by certificate', 1, 'authentication local rsa-sig', 'authentication local pre-share', 'auth-method-mismatch', ['local-authentication pre-shared-key', 'authentication remote rsa-sig'],
     ['on R2: either end will do: here, expect what comes: `crypto ikev2 profile PROF` / `authentication remote pre-share`'], False),
    ('group by certificate', 1, 'authentication remote rsa-sig', 'authentication remote pre-share', None, [], [], False),
    ('default group', 1, 'permit ip 10.20.0.0 0.0.0.255', 'permit ip 10.22.0.0 0.0.0.255', 'ts-unacceptable', ['access-list VPN', 'permit ip 10.22.0.0'],
     ['on R1', 'access-list VPN extended permit ip 10.10.0.0 255.255.255.0 10.22.0.0 255.255.255.0'], False),
    ('default group', 1, 'permit ip 10.20.0.0 0.0.0.255', 'permit ip host 10.20.0.9', None, [], [], False),
    ('default group', 1, ' set transform-set TS\n', ' set transform-set TS\n set pfs group14\n', 'pfs-mismatch', ['set pfs group14', 'crypto dynamic-map DYN 1'],
     ['on R1: either end will do: here, `crypto dynamic-map DYN 1 set pfs group14`'], False),
    # a template of another mode than who calls
    ('virtual template', 0, ' tunnel mode ipsec ipv4\n', '', 'ts-unacceptable', ['interface Virtual-Template1', 'tunnel mode ipsec ipv4'],
     ['on R1: either end will do: here, for everybody who calls', 'interface Virtual-Template1', 'on R2: either end will do', 'tunnel mode gre ip'], False),
    ('virtual template', 1, ' tunnel mode ipsec ipv4\n', '', 'ts-unacceptable', ['interface Tunnel7'], ['on R2', 'interface Tunnel7', 'tunnel mode ipsec ipv4'], False),
    ('dhcp caller', 1, 'pre-shared-key Summer-Rain-7', 'pre-shared-key Summer-Rain-8', 'auth-psk-mismatch', ['pre-shared-key ******'], ['on R1', 'on R2', 'crypto ikev2 keyring KR'], False),
    ('dhcp caller', 0, '  address 0.0.0.0 0.0.0.0\n', '  address 198.51.100.0 255.255.255.0\n', None, [], [], False),
    # NAT traversal that is off, behind a NAT and not
    ('behind a nat', 1, '!\ncrypto ipsec profile', 'no crypto ipsec nat-transparency udp-encapsulation\n!\ncrypto ipsec profile', 'configuration-fault',
     ['no crypto ipsec nat-transparency'], ['on R2: `crypto ipsec nat-transparency udp-encapsulation`'], False),
    ('private to public', 1, '!\ncrypto ipsec profile', 'no crypto ipsec nat-transparency udp-encapsulation\n!\ncrypto ipsec profile', None, [], [], False),
    ('vti', 1, '!\ncrypto ipsec profile', 'no crypto ipsec nat-transparency udp-encapsulation\n!\ncrypto ipsec profile', None, [], [], False),
    # what a hub gives
    ('addresses given', 0, 'list FLEX SPOKES', 'list FLEX SPOKE', 'configuration-fault', ['list FLEX SPOKE'], ['on R1: if SPOKES is meant', 'crypto ikev2 authorization policy SPOKE'], True),
    ('addresses given', 0, ' pool FLEXPOOL\n', ' pool OTHER\n', 'configuration-fault', ['pool OTHER'], ['on R1: `ip local pool OTHER FIRST-ADDRESS LAST-ADDRESS`'], True),
    ('addresses given', 0, 'access-list HUB-NETS\n!', 'access-list OTHER\n!', 'configuration-fault', ['access-list OTHER'], ['on R1: `ip access-list standard OTHER`'], True),
    ('addresses given', 0, ' pool FLEXPOOL\n', '', 'mode-config-failed', ['authorization policy SPOKES', 'ip address negotiated'],
     ['on R1', 'crypto ikev2 authorization policy SPOKES` / `pool NEW', 'on R2'], True),
    ('addresses given', 0, ' aaa authorization group psk list FLEX SPOKES\n', '', 'mode-config-failed', ['profile PROF', 'ip address negotiated'], ['on R1', 'aaa authorization group psk list NEW NEW'], True),
    ('addresses given', 0, 'network FLEX local', 'network FLEX group radius', None, [], [], False),
    ('addresses given', 0, ' virtual-template 1\n', '', 'configuration-fault', ['interface Virtual-Template1', 'profile PROF'], ['on R1: `crypto ikev2 profile PROF` / `virtual-template 1`'], True),
    ('default group', 0, 'crypto map OUT 65535 ipsec-isakmp dynamic DYN\n', '', 'configuration-fault', ['crypto dynamic-map DYN 1'], ['on R1: `crypto map OUT 65535 ipsec-isakmp dynamic DYN`'], True),
    ('default group', 0, 'crypto map OUT 65535 ipsec-isakmp dynamic DYN\n', 'crypto map OUT 65535 set peer 192.0.2.99\ncrypto map OUT 65535 set ikev2 ipsec-proposal AES\ncrypto map OUT 65535 match address O\n'
     'access-list O extended permit ip 10.10.0.0 255.255.255.0 10.99.0.0 255.255.0.0\ntunnel-group 192.0.2.99 type ipsec-l2l\ntunnel-group 192.0.2.99 ipsec-attributes\n ikev2 remote-authentication '
     'pre-shared-key Old\n ikev2 local-authentication pre-shared-key Old\n', 'configuration-fault', ['crypto dynamic-map DYN 1'], ['on R1: `crypto map OUT 65534 ipsec-isakmp dynamic DYN`'], True),
    # what nobody needs
    ('asa and map', 0, 'crypto map OUT interface', 'crypto dynamic-map OLD 10 set ikev2 ipsec-proposal AES\ncrypto map OUT interface', 'configuration-fault', ['crypto dynamic-map OLD 10'],
     ['on R1: if anybody is to be answered by it: `crypto map OUT 65535 ipsec-isakmp dynamic OLD`'], True),
    ('dynamic map', 0, 'crypto map OUT 65535', 'crypto dynamic-map OLD 10 set ikev2 ipsec-proposal AES\ncrypto map OUT 65535', 'configuration-fault', ['crypto dynamic-map OLD 10'],
     ['on R1: if anybody is to be answered by it: `crypto map OUT 65534 ipsec-isakmp dynamic OLD`'], True),
    ('vti', 0, 'interface Tunnel7\n', 'interface Virtual-Template5 type tunnel\n no ip address\n tunnel mode ipsec ipv4\n tunnel protection ipsec profile IPP\n!\ninterface Tunnel7\n', 'configuration-fault',
     ['interface Virtual-Template5'], ['on R1: if anybody is to be answered by it: `crypto ikev2 profile NEW` / `virtual-template 5`, with whom'], True),
    ('asa and map', 0, 'type ipsec-l2l', 'type remote-access', 'configuration-fault', ['type remote-access', 'set peer 198.51.100.20'],
     ['on R1', '`more system:running-config | begin tunnel-group 198.51.100.20`', 'clear configure tunnel-group 198.51.100.20', 'tunnel-group 198.51.100.20 type ipsec-l2l'], False),
    # who calls looks for the address
    ('by name', 2, '  address ', '  description ', 'no-key', ['identity fqdn r2.example.net'], ['on R1', 'crypto ikev2 keyring KR` / `peer FAR` / `address 198.51.100.20`'], False),
    ('by name', 1, '  address ', '  description ', None, [], [], False),
    ('by name', 0, ' identity local fqdn r1.example.net\n', '', 'no-matching-profile', ['match identity remote fqdn r1.example.net'], ['on R1', 'on R2'], False),
    ('asa and map', 0, '!\ninterface GigabitEthernet0/0', 'domain-name example.net\ncrypto isakmp identity hostname\n!\ninterface GigabitEthernet0/0', 'no-matching-profile',
     ['crypto isakmp identity hostname', 'match identity remote address 203.0.113.1'], ['on R1', 'crypto isakmp identity address', 'on R2', 'match identity remote fqdn R1.example.net'], False),
    # postquantum keys
    ('ppk', 1, ' keyring ppk KR\n', '', 'auth-failed', ['ppk manual id LAB-1 key ******'], ['on R2: `crypto ikev2 profile PROF` / `keyring ppk KR`'], True),
    ('ppk apart', 1, ' keyring ppk PK\n', '', 'auth-failed', ['ppk manual id LAB-1 key ******'], ['on R2: `crypto ikev2 profile PROF` / `keyring ppk PK`'], True),
    ('ppk apart', 1, ' keyring ppk PK\n', ' keyring ppk PKX\n', 'configuration-fault', ['keyring ppk PKX'], ['on R2: if PK is meant'], True),
    ('ppk apart', 1, 'Far-Far-Away', 'Far-Away', 'auth-failed', ['ppk manual id LAB-1 key ******'],
     ['on R1: type the same key at both ends: `crypto ikev2 keyring PK` / `peer AWAY` / `ppk manual', 'on R2: the same key under the same id: `crypto ikev2 keyring PK` / `peer AWAY`'], False),
    ('ppk', 0, ' keyring ppk KR\n', '', None, [], [], False),
    ('ppk', 1, 'LAB-1 key', 'LAB-2 key', 'auth-failed', ['ppk manual id LAB-1', 'ppk manual id LAB-2'], ['on R2', 'ppk manual id LAB-1 key KEY'], False),
    ('ppk', 0, 'LAB-1 key Far-Far-Away required', 'LAB-2 key Far-Far-Away', None, [], [], False),
    ('ppk', 1, 'Far-Far-Away', 'Far-Away', 'auth-failed', ['ppk manual id LAB-1 key ******'], ['on R1', 'on R2', 'crypto ikev2 keyring KR'], False),
    # certificates without any trustpoint, and with one that the router made for itself
    ('certificate and key', 0, '203.0.113.1\n pki trustpoint CORP\n', '203.0.113.1\n', None, [], [], False),
    ('certificate and key', 0, 'crypto pki trustpoint CORP\n enrollment terminal\n revocation-check none\n', 'crypto pki trustpoint TP-self-signed-1\n enrollment selfsigned\n',
     'configuration-fault', ['pki trustpoint CORP'], ['on R1'], True),
    ('fvrf', 0, ' match fvrf INET\n proposal', ' proposal', 'configuration-fault', ['crypto ikev2 policy POL', 'interface Tunnel7'], ['on R1: `crypto ikev2 policy POL` / `match fvrf INET`'], True),
    # what a banner says is nothing of the configuration
    ('vti', 0, '!\ncrypto ikev2 proposal', 'banner motd ^C\ncrypto map OLD 10 ipsec-isakmp\n set peer 192.0.2.99\ncrypto ikev2 profile GHOST\n^C\n!\ncrypto ikev2 proposal', None, [], [], False),
    ('vti', 0, '!\ncrypto ikev2 proposal', 'banner login ^C Keep out ^C\n!\ncrypto ikev2 proposal', None, [], [], False),
    ('flexvpn client', 1, ' client connect Tunnel7\n', '', 'configuration-fault', ['interface Tunnel7', 'tunnel destination dynamic'],
     ['on R2: `crypto ikev2 client flexvpn FV` / `client connect Tunnel7`'], True),
    ('maps', 0, 'ip access-list extended VPN\n', 'ip access-list extended VPN\n deny ip any any\n', 'configuration-fault', ['deny ip any any', 'permit ip 10.10.0.0'],
     ['on R1', 'ip access-list extended VPN` / `no deny ip any any'], False),
    # entries that are not what they seem
    ('asa and map', 0, '10.20.0.0 255.255.255.0\nroute', '10.20.0.0 255.255.255.0 inactive\nroute', 'acl-not-mirrored', ['permit ip 10.20.0.0 0.0.0.255'],
     ['on R1', 'access-list VPN extended permit ip 10.10.0.0 255.255.255.0 10.20.0.0 255.255.255.0'], False),
    ('maps', 0, 'permit ip 10.10.0.0 0.0.0.255', 'permit ip 10.10.0.0 0.0.254.255', None, [], [], False),
    # an entry in front of another takes its traffic
    ('maps', 0, 'crypto map CMAP 10 ipsec-isakmp', """ip access-list extended WIDE
 deny ip 10.10.0.0 0.0.0.255 10.21.0.0 0.0.255.255
 permit ip 10.10.0.0 0.0.0.255 10.0.0.0 0.255.255.255
!
crypto map CMAP 5 ipsec-isakmp
 set peer 192.0.2.50
 set transform-set TS
 set ikev2-profile PROF
 match address WIDE
!
crypto map CMAP 10 ipsec-isakmp""", 'crypto-map-order', ['permit ip 10.10.0.0 0.0.0.255 10.0.0.0', 'permit ip 10.10.0.0 0.0.0.255 10.20.0.0', 'crypto map CMAP 5', 'crypto map CMAP 10'],
     ['on R1', '15 deny ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.0.255', 'crypto map CMAP 2 ipsec-isakmp'], False),
    ('maps', 0, 'crypto map CMAP 10 ipsec-isakmp', """ip access-list extended WIDE
 deny ip any 10.20.0.0 0.0.255.255
 permit ip 10.10.0.0 0.0.0.255 10.0.0.0 0.255.255.255
!
crypto map CMAP 5 ipsec-isakmp
 set peer 192.0.2.50
 set transform-set TS
 set ikev2-profile PROF
 match address WIDE
!
crypto map CMAP 10 ipsec-isakmp""", None, [], [], False),
    ('asa and map', 0, 'crypto map OUT 1 match', """access-list WIDE extended permit ip any 10.0.0.0 255.0.0.0
crypto map OUT 0 match address WIDE
crypto map OUT 0 set peer 192.0.2.50
crypto map OUT 0 set ikev2 ipsec-proposal AES
crypto map OUT 1 match""", 'crypto-map-order', ['access-list WIDE extended permit', 'access-list VPN extended permit', 'crypto map OUT 0'],
     ['on R1', 'access-list WIDE line 1 extended deny ip 10.10.0.0 255.255.255.0 10.20.0.0 255.255.255.0'], False),
    ('asa and map', 0, 'crypto map OUT 1 match', """crypto dynamic-map DYN 1 set ikev2 ipsec-proposal AES
crypto map OUT 0 ipsec-isakmp dynamic DYN
crypto map OUT 1 match""", 'crypto-map-order', ['crypto map OUT 0 ipsec-isakmp dynamic DYN', 'crypto map OUT 1 match'],
     ['on R1', 'crypto map OUT 65535 ipsec-isakmp dynamic DYN'], False),
]


def report(texts):
    with tempfile.TemporaryDirectory() as folder:
        for i, text in enumerate(texts):
            with open(os.path.join(folder, 'r%d.cfg' % (i + 1)), 'w') as out:
                out.write(text)
        done = subprocess.run([EXE, '-q', '-f', 'json', folder], capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout)


def bare(text):
    """The crypto part alone, as people paste it."""
    gone = ('version ', 'ASA Version', ': Saved', ': end', 'end')
    return '\n'.join(line for line in text.split('\n') if not any(line == g or (g != 'end' and line.startswith(g)) for g in gone))


def serious(found):
    return [f for f in found['findings'] if f['severity'] != 'note']


def wrong(new, rule, quoted, advised, warns, found):
    first = found['findings'][0] if found['findings'] else None
    if not rule:
        yield from ('finds ' + f['rule'] for f in serious(found))
        return
    if not first or first['rule'] != rule:
        yield 'first is %s, not %s' % (first and first['rule'], rule)
        return
    may_work = warns or 'if anybody is to be' in ' '.join(advised) or 'is meant for it' in ' '.join(advised) or rule in ('pfs-mismatch', 'weak-crypto', 'no-route', 'crypto-map-order', 'decrypted-traffic-denied') or 'crypto pki enroll' in ' '.join(advised) or 'crypto ikev2 policy' in ' '.join(advised) or 'WAN-IN' in new or 'nat (' in new or 'ip nat ' in new or 'nat-transparency' in new or '\n permit ip' in new
    if first['severity'] != 'error' and not may_work:
        yield 'is a %s' % first['severity']
    if first['confidence'] not in ('certain', 'likely'):
        yield 'is only %s' % first['confidence']
    lines = '\n'.join(l['text'] for l in first.get('config', []))
    yield from ('does not quote "%s"' % w for w in quoted if w not in lines)
    advice = '\n'.join(line for side in first['fix'].values() for line in side)
    yield from ('does not advise "%s"' % w for w in advised if w[0] != '!' and w not in advice)
    yield from ('advises "%s"' % w[1:] for w in advised if w[0] == '!' and w[1:] in advice)
    if first['severity'] == 'note' and 'NETWORK MASK' not in advice:
        yield 'is a note'
    if 'exchange source and destination' in advice and any(f['rule'] == 'no-route' for f in found['findings']):
        yield 'has the other end\'s networks routed'
    if 'Summer-Rain' in json.dumps(found):
        yield 'shows the key'
    others = {f['rule'] for f in found['findings'] if f['severity'] == 'error'} - {rule}
    if others:
        yield 'also says ' + ', '.join(sorted(others))


def main():
    bad = 0
    healthy = share(HEALTHY.items())
    for name, kinds in healthy:
        texts = [kinds[0](0), kinds[1](1)]
        for form, given in (('whole', texts), ('bare', [bare(t) for t in texts]), ('one alone', texts[:1]), ('the other alone', texts[1:])):
            for f in serious(report(given)):
                print('%s, %s: %s %s: %s' % (name, form, f['severity'], f['rule'], f['cause']))
                bad += 1
    faults = share([(pair, [(end, old, new)], *rest) for pair, end, old, new, *rest in FAULTS] + EDITS + PATH_EDITS)
    for pair, edits, rule, quoted, advised, whole, *warns in faults:
        texts = [kind(i) for i, kind in enumerate(HEALTHY[pair])]
        for end, old, new in edits:
            assert texts[end % 2].count(old) >= 1, (pair, old)
            texts = [t.replace(old, new, t.count(old) if old.startswith('tunnel-group') else 1) if end in (i, 2) else t for i, t in enumerate(texts)]
        label = '%s, %s' % (pair, ', '.join('"%s" for "%s"' % (new.strip(), old.strip()) for _, old, new in edits))
        for w in wrong(new, rule, quoted, advised, warns, report(texts)):
            print('%s: %s' % (label, w))
            bad += 1
        told = [f['rule'] for f in serious(report([bare(t) for t in texts])) if f['severity'] == 'error' or warns]
        if whole and rule in told:
            print('%s: %s is told of a part' % (label, rule))
            bad += 1
    print('%d pairs, %d faults, %d wrong' % (len(healthy), len(faults), bad))
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
