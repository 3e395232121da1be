"""config_paths: pairs and faults of config_faults that are about what stands between a tunnel and its traffic: NAT, zones, NHRP, what names lead to."""
from config_texts import ENDS, cmap, vti

WARNS = 'warning'
HIDE = 'object network OBJ-ANY\n subnet 0.0.0.0 0.0.0.0\n nat (%s,outside) dynamic interface\nroute outside 0'
EXEMPT = 'object network A\n subnet %s 255.255.255.0\nobject network B\n subnet 10.20.0.0 255.255.255.0\nnat (%s,outside) source static A A destination static B B no-proxy-arp%s\nroute outside 0'
ASA_DMZ = [(0, 'access-list VPN', 'interface GigabitEthernet0/2\n nameif dmz\n security-level 50\n ip address 10.12.0.1 255.255.255.0\n!\naccess-list VPN extended permit ip 10.12.0.0 255.255.255.0 10.20.0.0 255.255.255.0\naccess-list VPN'),
           (1, ' permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255', ' permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255\n permit ip 10.20.0.0 0.0.0.255 10.12.0.0 0.0.0.255')]
KEYS = ' ikev2 remote-authentication pre-shared-key Summer-Rain-7\n ikev2 local-authentication pre-shared-key Summer-Rain-7\n'


def hide(interface):
    """An ASA hides whatever is behind that interface."""
    return 0, 'route outside 0', HIDE % interface


def exempt(network, interface, how=' route-lookup'):
    return 0, 'route outside 0', EXEMPT % (network, interface, how)


def ios_nat(*entries):
    """A hub of IOS hides what the entries of a list permit."""
    return [(0, 'interface GigabitEthernet1\n', 'interface GigabitEthernet1\n ip nat outside\n'), (0, 'interface GigabitEthernet2\n', 'interface GigabitEthernet2\n ip nat inside\n'),
            (0, 'line vty', 'ip nat inside source list HIDE interface GigabitEthernet1 overload\nip access-list extended HIDE\n' + ''.join(' %s\n' % e for e in entries) + '!\nline vty')]


def zoned(end):
    """A zone firewall that lets in what its tunnel needs, and nothing else."""
    if not end:
        return vti(end)
    text = vti(end).replace('interface GigabitEthernet1\n', 'interface GigabitEthernet1\n zone-member security OUT\n').replace('interface GigabitEthernet2\n', 'interface GigabitEthernet2\n zone-member security IN\n') \
        .replace('interface Tunnel7\n', 'interface Tunnel7\n zone-member security IN\n')
    return text.replace('crypto ikev2 proposal', '''class-map type inspect match-any LAN
 match protocol tcp
 match protocol udp
class-map type inspect match-any IPSEC
 match access-group name IPSEC-IN
!
policy-map type inspect IN-OUT
 class type inspect LAN
  inspect
 class class-default
  drop
policy-map type inspect OUT-SELF
 class type inspect IPSEC
  pass
 class class-default
  drop log
!
zone security IN
zone security OUT
zone-pair security IN-OUT source IN destination OUT
 service-policy type inspect IN-OUT
zone-pair security OUT-SELF source OUT destination self
 service-policy type inspect OUT-SELF
!
crypto ikev2 proposal''', 1).replace('line vty', '''ip access-list extended IPSEC-IN
 permit udp host 203.0.113.1 any eq isakmp
 permit udp host 203.0.113.1 any eq non500-isakmp
 permit esp host 203.0.113.1 host 198.51.100.20
!
line vty''', 1)


def zoned_back(end):
    """The same, with a pair for what the router itself sends, whose inspection lets the answers in."""
    return zoned(end).replace('zone-pair security OUT-SELF source', 'zone-pair security SELF-OUT source self destination OUT\n service-policy type inspect SELF-OUT\nzone-pair security OUT-SELF source', 1) \
        .replace('policy-map type inspect OUT-SELF', 'policy-map type inspect SELF-OUT\n class type inspect LAN\n  inspect\n class type inspect IPSEC-TO\n  pass\npolicy-map type inspect OUT-SELF', 1) \
        .replace('class-map type inspect match-any IPSEC\n', 'class-map type inspect match-all IPSEC-TO\n match access-group name IPSEC-TO\nclass-map type inspect match-any IPSEC\n', 1) \
        .replace('ip access-list extended IPSEC-IN\n permit udp host 203.0.113.1 any eq isakmp\n permit udp host 203.0.113.1 any eq non500-isakmp\n', 'ip access-list extended IPSEC-TO\n permit esp any host 203.0.113.1\nip access-list extended IPSEC-IN\n')


def by_mangler(end):
    """A hub that finds the policy of who calls by the domain that he is of."""
    if end:
        return vti(end).replace(' ip address 172.16.9.2 255.255.255.252', ' ip address negotiated').replace(' keyring local KR\n', ' identity local fqdn r2.branches\n keyring local KR\n')
    text = vti(end).replace('match identity remote address 198.51.100.20 255.255.255.255', 'match identity remote fqdn domain branches').replace('  address 198.51.100.20', '  address 0.0.0.0 0.0.0.0')
    return text.replace(' keyring local KR', ' keyring local KR\n aaa authorization group psk list FLEX name-mangler SITE\n virtual-template 1').replace('interface Tunnel7', 'interface Virtual-Template1 type tunnel') \
        .replace(' tunnel destination 198.51.100.20\n', '').replace('ip route 10.20.0.0 255.255.255.0 Tunnel7\n', '').replace(' ip address 172.16.9.1 255.255.255.252', ' ip unnumbered GigabitEthernet2') \
        .replace('!\ncrypto ikev2 proposal', '!\naaa new-model\naaa authorization network FLEX local\n!\ncrypto ikev2 name-mangler SITE\n fqdn domain\n!\ncrypto ikev2 authorization policy branches\n pool POOL\n!\ncrypto ikev2 proposal', 1) \
        .replace('line vty', 'ip local pool POOL 172.16.20.1 172.16.20.99\n!\nline vty', 1)


def two_policies(end):
    """A policy for the address that the tunnel goes out from beside one for whatever else there is, which knows other algorithms."""
    return vti(end).replace('crypto ikev2 policy POL\n', 'crypto ikev2 policy POL\n match address local %s\n' % ENDS[end]['near']) \
        .replace('!\ncrypto ikev2 keyring', '!\ncrypto ikev2 proposal OLD\n encryption aes-cbc-128\n integrity sha1\n group 5\n!\ncrypto ikev2 policy OLD\n match fvrf any\n proposal OLD\n!\ncrypto ikev2 keyring', 1)


def hub_by_loopback(end):
    """A dynamic map of IOS that answers from a loopback."""
    text = cmap(end).replace('crypto map CMAP 10 ipsec-isakmp\n set peer 198.51.100.20\n set transform-set TS\n set ikev2-profile PROF\n match address VPN\n',
                             'crypto dynamic-map DYN 10\n set transform-set TS\n set ikev2-profile PROF\n match address VPN\n!\ncrypto map CMAP local-address Loopback0\ncrypto map CMAP 1000 ipsec-isakmp dynamic DYN\n')
    return text.replace('interface GigabitEthernet1\n ip address 203.0.113.1 ', 'interface Loopback0\n ip address 203.0.113.1 255.255.255.255\n!\ninterface GigabitEthernet1\n ip address 192.0.2.9 ') \
        .replace('address 198.51.100.20 255.255.255.255', 'address 0.0.0.0').replace('  address 198.51.100.20\n', '  address 0.0.0.0 0.0.0.0\n').replace('203.0.113.254', '192.0.2.254')


PATH_PAIRS = {'zone firewall': (zoned, zoned), 'zone firewall, both ways': (zoned_back, zoned_back), 'by a name mangler': (by_mangler, by_mangler), 'two policies': (two_policies, two_policies),
              'dynamic map by a loopback': (hub_by_loopback, cmap)}
NEIGHBOURS = 2, 'line vty', 'router eigrp 9\n network 10.0.0.0\n!\nline vty'
BGP = 2, 'line vty', 'router bgp 65001\n neighbor 172.16.9.9 remote-as 65001\n!\nline vty'
INNER = ' ip address 172.16.9.2 255.255.255.252', ' ip address 172.16.9.6 255.255.255.252'
GROUP = (0, 'tunnel-group 198.51.100.20', 'tunnel-group SITE77'), (1, ' keyring local KR', ' identity local key-id SITE77\n keyring local KR')
KEY_ID = (1, ' keyring local KR', ' identity local key-id Branch-7\n keyring local KR'), (0, 'match identity remote address 198.51.100.20 255.255.255.255', 'match identity remote key-id %s')
ONLY_ANSWERS = ' set ikev2-profile PROF\n', ' set ikev2-profile PROF\n responder-only\n'
BY_PORT = ' keyring local KR\n', ' keyring local KR\n match address local interface %s\n'
GCM = (0, 'crypto ikev2 keyring', 'crypto ikev2 proposal PROP\n encryption aes-gcm-256\n prf sha384\n group 19\n!\ncrypto ikev2 policy POL\n proposal PROP\n!\ncrypto ikev2 keyring')
# as in config_edits
PATH_EDITS = [
    # what a dynamic map's callers ask for, and NAT at the hub
    ('dynamic map of ios', ios_nat('deny ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.255.255', 'permit ip 10.10.0.0 0.0.0.255 any'), None, [], [], False),
    ('dynamic map of ios', ios_nat('deny ip 10.10.0.0 0.0.0.255 10.21.0.0 0.0.255.255', 'permit ip 10.10.0.0 0.0.0.255 any'), 'configuration-fault', ['ip nat inside source list HIDE', 'permit ip 10.10.0.0 0.0.0.255 any'],
     ['on R1: exempt it from NAT', 'deny ip 10.10.0.0 0.0.0.255 10.20.0.0 0.0.0.255'], False, WARNS),
    ('dynamic map', [hide('inside'), exempt('10.10.0.0', 'inside')], None, [], [], False),
    ('dynamic map', [hide('inside')], 'configuration-fault', ['nat (inside,outside) dynamic interface'], ['nat (inside,outside) source static LOCAL LOCAL destination static REMOTE REMOTE no-proxy-arp route-lookup'], False, WARNS),
    # a rule of an ASA is for what is behind the interface that it names
    ('asa and map', [*ASA_DMZ, hide('dmz'), exempt('10.12.0.0', 'dmz')], None, [], [], False),
    ('asa and map', [*ASA_DMZ, hide('dmz'), exempt('10.12.0.0', 'inside')], 'configuration-fault', ['nat (dmz,outside) dynamic interface'], ['nat (dmz,outside) source static A A destination static B B'], False, WARNS),
    ('asa and map', [*ASA_DMZ, hide('guest')], None, [], [], False),
    ('asa and map', [*ASA_DMZ, hide('dmz'), exempt('10.12.0.0', 'any')], None, [], [], False),
    ('asa and map', [*ASA_DMZ, hide('dmz'), exempt('10.12.0.0', 'dmz', ' inactive')], 'configuration-fault', ['nat (dmz,outside) dynamic interface'], ['nat (dmz,outside) source static'], False, WARNS),
    ('asa vti', [hide('inside'), exempt('10.10.0.0', 'inside')], None, [], [], False),
    ('asa vti', [hide('inside'), exempt('10.10.0.0', 'inside', '')], 'configuration-fault', ['nat (inside,outside) source static A A', 'interface Tunnel7', 'interface GigabitEthernet2'],
     ['`no nat (inside,outside) source static A A destination static B B no-proxy-arp`', 'no-proxy-arp route-lookup` in its place'], False, WARNS),
    # the zone firewall, for the router itself
    ('zone firewall', [(1, ' permit esp host 203.0.113.1 host 198.51.100.20\n', '')], 'configuration-fault', ['zone-pair security OUT-SELF', 'policy-map type inspect OUT-SELF', 'ip access-list extended IPSEC-IN'],
     ['on R2: in the list that its class IPSEC passes: `ip access-list extended IPSEC-IN` / `permit esp host 203.0.113.1 host 198.51.100.20`', '!isakmp'], False, WARNS),
    ('zone firewall', [(1, 'host 203.0.113.1 any eq isakmp', 'host 203.0.113.9 any eq isakmp')], 'configuration-fault', ['zone-pair security OUT-SELF'], ['permit udp host 203.0.113.1 host 198.51.100.20 eq isakmp', '!esp'], False, WARNS),
    ('zone firewall', [(1, ' match access-group name IPSEC-IN\n', ' match access-group name IPSEC-IN\n match protocol udp\n'), (1, 'host 203.0.113.1 any eq isakmp', 'host 203.0.113.9 any eq isakmp')], None, [], [], False),
    ('zone firewall', [(1, ' match access-group name IPSEC-IN\n', ' match class-map OTHER\n'), (1, 'host 203.0.113.1 any eq isakmp', 'host 203.0.113.9 any eq isakmp')], None, [], [], False),
    ('zone firewall', [(1, ' class type inspect IPSEC\n  pass\n', '')], 'configuration-fault', ['policy-map type inspect OUT-SELF'], ['`class-map type inspect match-any NEW`', '`class type inspect NEW` / `pass`'], False, WARNS),
    ('zone firewall', [(1, ' class type inspect IPSEC\n  pass\n', ''), (1, ' class class-default\n  drop log\n', ' class class-default\n  pass\n')], None, [], [], False),
    ('zone firewall', [(1, 'source OUT destination self', 'source DMZ destination self'), (1, ' permit esp host 203.0.113.1 host 198.51.100.20\n', '')], None, [], [], False),
    ('zone firewall, both ways', [(1, ' class type inspect IPSEC-TO\n  pass\n', '')], 'configuration-fault', ['zone-pair security SELF-OUT'], ['on R2'], False, WARNS),
    # NHRP
    ('dmvpn', [(2, ' ip nhrp network-id 1\n', ' ip nhrp network-id 1\n ip nhrp authentication Sesame9\n')], None, [], [], False),
    ('dmvpn', [(0, ' ip nhrp network-id 1\n', ' ip nhrp network-id 1\n ip nhrp authentication Sesame9\n'), (1, ' ip nhrp network-id 1\n', ' ip nhrp network-id 1\n ip nhrp authentication Sesam9\n')], 'configuration-fault',
     ['ip nhrp authentication ******'], ['on R2: the same one at both ends: `interface Tunnel7` / `ip nhrp authentication PASSWORD`', '!Sesam'], False, WARNS),
    ('dmvpn', [(1, ' ip nhrp network-id 1\n', ' ip nhrp network-id 1\n ip nhrp authentication Sesame9\n')], 'configuration-fault', ['ip nhrp authentication ******', 'interface Tunnel7'], ['on R2'], True, WARNS),
    ('dmvpn', [NEIGHBOURS, (1, 'ip route 10.10.0.0 255.255.255.0 Tunnel7\n', '')], None, [], [], False),
    ('dmvpn', [NEIGHBOURS, (1, 'ip route 10.10.0.0 255.255.255.0 Tunnel7\n', ''), (1, '203.0.113.1 multicast', '203.0.113.1')], 'configuration-fault', ['ip nhrp nhs 172.16.9.1 nbma 203.0.113.1'],
     ['on R2: `interface Tunnel7` / `ip nhrp map multicast 203.0.113.1`'], True, WARNS),
    ('dmvpn', [NEIGHBOURS, (1, 'ip route 10.10.0.0 255.255.255.0 Tunnel7\n', ''), (1, '203.0.113.1 multicast', '203.0.113.1\n ip nhrp map multicast 203.0.113.1')], None, [], [], False),
    ('dmvpn', [NEIGHBOURS, (1, '203.0.113.1 multicast', '203.0.113.1')], None, [], [], False),
    ('dmvpn', [BGP, (1, 'ip route 10.10.0.0 255.255.255.0 Tunnel7\n', ''), (1, '203.0.113.1 multicast', '203.0.113.1')], None, [], [], False),
    ('dmvpn', [NEIGHBOURS, (1, 'ip route 10.10.0.0 255.255.255.0 Tunnel7\n', ''), (0, ' ip nhrp map multicast dynamic\n', '')], None, [], [], False),
    ('dmvpn', [NEIGHBOURS, (1, 'ip route 10.10.0.0 255.255.255.0 Tunnel7\n', ''), (0, ' ip nhrp map multicast dynamic\n', ''), (0, 'version 17.3', 'version 15.7')], 'configuration-fault', ['interface Tunnel7'],
     ['on R1: `interface Tunnel7` / `ip nhrp map multicast dynamic`'], True, WARNS),
    ('dmvpn', [(1, ' ip address 172.16.9.2 ', ' ip address 172.16.8.2 ')], 'configuration-fault', ['ip address 172.16.8.2', 'ip nhrp nhs 172.16.9.1', 'ip address 172.16.9.1'], ['on R2: `interface Tunnel7` / `ip address ADDRESS MASK`'], False, WARNS),
    ('dmvpn', [(1, ' ip address 172.16.9.2 255.255.255.252', ' ip address 172.16.9.2 255.255.255.255')], None, [], [], False),
    ('dmvpn of phase 3', [(0, 'ipsec profile DMVPN-IPSEC shared', 'ipsec profile DMVPN-IPSEC')], 'configuration-fault', ['tunnel protection ipsec profile DMVPN-IPSEC'],
     ['on HUB: `interface Tunnel100` / `tunnel protection ipsec profile DMVPN-IPSEC shared`'], False, WARNS),
    # inside of the tunnel
    ('vti', [BGP, (1, *INNER)], 'configuration-fault', ['ip address 172.16.9.1', 'ip address 172.16.9.6'], ['on R1', 'on R2'], False, WARNS),
    ('vti', [BGP], None, [], [], False),
    ('vti', [(1, *INNER)], None, [], [], False),
    ('ipv6', [(2, ' ipv6 address FD00::', ' no ip address\n!ipv6 address FD00::')], None, [], [], False),
    ('ipv6', [(0, ' ipv6 address FD00::1/64', ' ip address 172.16.9.1 255.255.255.252'), (1, ' ipv6 address FD00::2/64', ' ip address 172.16.9.2 255.255.255.252')], 'configuration-fault', ['tunnel mode ipsec ipv6'],
     ['on R1: `interface Tunnel7` / `tunnel mode ipsec ipv6 v4-overlay`'], False, WARNS),
    # names and addresses that lead elsewhere
    ('gre in maps', [(1, 'interface GigabitEthernet2', 'interface Loopback3\n ip address 10.99.0.1 255.255.255.255\n!\ninterface GigabitEthernet2'), (1, 'tunnel source GigabitEthernet1', 'tunnel source Loopback3')], 'configuration-fault',
     ['tunnel source Loopback3', 'permit gre'], ['on R2: `interface Tunnel5` / `tunnel source GigabitEthernet1`'], False),
    ('vti', [(0, BY_PORT[0], BY_PORT[1] % 'GigabitEthernet1')], None, [], [], False),
    ('vti', [(0, BY_PORT[0], BY_PORT[1] % 'GigabitEthernet2')], 'configuration-fault', ['match address local interface GigabitEthernet2'],
     ['on R1: `crypto ikev2 profile PROF` / `no match address local interface GigabitEthernet2` / `match address local interface GigabitEthernet1`'], False),
    ('asa vti', [*GROUP], None, [], [], False),
    ('asa vti', [*GROUP, (1, 'Summer-Rain-7', 'Summer-Rain-8')], 'auth-psk-mismatch', [], ['on R2'], False),
    ('certificate, static map', [(0, 'SITE2', '198.51.100.20'), (0, 'tunnel-group SITE2', 'tunnel-group 198.51.100.20'), (0, 'CMAPX 10 SITE2', 'CMAPX 10 198.51.100.20')], None, [], [], False),
    ('certificate, static map', [(0, 'tunnel-group SITE2', 'tunnel-group 198.51.100.20'), (0, 'CMAPX 10 SITE2', 'CMAPX 10 198.51.100.20'), (0, 'remote-authentication certificate', 'remote-authentication pre-shared-key Summer-Rain-7')],
     'auth-method-mismatch', ['authentication local rsa-sig', 'remote-authentication pre-shared-key'], ['on R1', 'on R2'], False),
    ('vti', [KEY_ID[0], (0, KEY_ID[1][1], KEY_ID[1][2] % 'Branch-7')], None, [], [], False),
    ('vti', [KEY_ID[0], (0, KEY_ID[1][1], KEY_ID[1][2] % 'branch-7')], 'no-matching-profile', ['identity local key-id Branch-7', 'match identity remote key-id branch-7'], ['on R1', 'on R2'], False),
    ('by a name mangler', [(0, 'authorization policy branches', 'authorization policy sites')], 'mode-config-failed', ['name-mangler SITE', 'fqdn domain', 'identity local fqdn r2.branches'], ['on R1: `crypto ikev2 authorization policy branches`'], True),
    ('by a name mangler', [(0, ' fqdn domain\n', ' fqdn hostname\n')], 'mode-config-failed', ['fqdn hostname'], ['on R1: `crypto ikev2 authorization policy r2`'], True),
    ('by a name mangler', [(0, ' fqdn domain\n', ' fqdn hostname\n'), (0, 'authorization policy branches', 'authorization policy r2')], None, [], [], False),
    ('by a name mangler', [(0, 'network FLEX local', 'network FLEX group radius'), (0, 'authorization policy branches', 'authorization policy sites')], None, [], [], False),
    ('by a name mangler', [(0, ' pool POOL\n', '')], 'mode-config-failed', ['crypto ikev2 authorization policy branches', 'ip address negotiated'], ['`crypto ikev2 authorization policy branches` / `pool NEW`'], True),
    ('hsrp', [(1, ' set peer 203.0.113.1\n', ' set peer 203.0.113.3\n set peer 203.0.113.1\n')], 'no-response', ['set peer 203.0.113.3', 'ip address 203.0.113.3'], ['on R1: either R2 is to have 203.0.113.1 as its peer, the address of HSRP'], False),
    ('dynamic map by a loopback', [(1, 'set peer 203.0.113.1', 'set peer 192.0.2.9'), (1, '  address 203.0.113.1', '  address 192.0.2.9')], 'configuration-fault', ['set peer 192.0.2.9', 'crypto map CMAP local-address Loopback0'],
     ['on R2: `crypto map CMAP 10 ipsec-isakmp` / `set peer 203.0.113.1` / `no set peer 192.0.2.9`'], False),
    # which of several is taken
    ('two policies', [(0, 'POL\n match address local 203.0.113.1\n', 'POL\n match address local 203.0.113.9\n')], 'no-proposal-chosen', ['encryption aes-cbc-128'], ['on R1', 'on R2'], False),
    ('default group', [(0, 'crypto map OUT 65535', 'access-list WIDE extended permit ip 10.10.0.0 255.255.255.0 10.0.0.0 255.0.0.0\ncrypto map OUT 5 match address WIDE\ncrypto map OUT 5 set peer 192.0.2.99\n'
                        'crypto map OUT 5 set ikev2 ipsec-proposal AES\ntunnel-group 192.0.2.99 type ipsec-l2l\ntunnel-group 192.0.2.99 general-attributes\n default-group-policy GP\ntunnel-group 192.0.2.99 ipsec-attributes\n' + KEYS + 'crypto map OUT 65535')],
     'crypto-map-order', ['access-list WIDE', 'crypto map OUT 65535'], ['on R1: have the entry in front leave it out', '!or give the narrower'], False, WARNS),
    # what is not there, and what a router has by itself
    ('dynamic map', [(0, 'crypto dynamic-map DYN 1 set ikev2 ipsec-proposal AES', 'crypto dynamic-map DYN 1 set reverse-route')], 'configuration-fault', ['crypto dynamic-map DYN 1'],
     ['on R1: `crypto dynamic-map DYN 1 set ikev2 ipsec-proposal AES`'], True),
    ('dynamic map of ios', [(0, 'crypto dynamic-map DYN 10\n set transform-set TS\n', 'crypto dynamic-map DYN 10\n')], 'configuration-fault', ['crypto dynamic-map DYN 10'], ['on R1: `crypto dynamic-map DYN 10` / `set transform-set TS`'], True),
    ('defaults', [GCM], 'no-proposal-chosen', ['crypto ikev2 proposal PROP'], ['on R2: one of its own, as the other end has it: `crypto ikev2 proposal NEW`'], True),
    ('defaults', [(0, GCM[1], GCM[2].replace('aes-gcm-256\n prf sha384', 'aes-cbc-256\n integrity sha384'))], None, [], [], False),
    ('defaults', [(0, 'crypto ipsec profile default', 'crypto ipsec transform-set GCM esp-gcm 256\n!\ncrypto ipsec profile default\n set transform-set GCM')], 'child-no-proposal-chosen', ['crypto ipsec transform-set GCM'],
     ['on R2: `crypto ipsec transform-set NEW ...`'], True, WARNS),
    ('vti', [(0, *ONLY_ANSWERS)], None, [], [], False),
    ('vti', [(2, *ONLY_ANSWERS)], 'connection-type-mismatch', ['responder-only'], ['on R1: either end will do: here, `crypto ipsec profile IPP` / `no responder-only`', 'on R2'], False),
]
