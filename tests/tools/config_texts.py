"""config_texts: the two routers of config_faults, R1 and R2: what the configuration of an IOS router or an ASA is made of, {member} by {member} of its end."""

IOS_HEAD = '''!
version 17.3
service timestamps debug datetime msec
!
hostname {name}
!
crypto ikev2 proposal PROP
 encryption aes-cbc-256
 integrity sha256
 group 14
!
crypto ikev2 policy POL
 proposal PROP
!
crypto ikev2 keyring KR
 peer FAR
  address {far}
  pre-shared-key Summer-Rain-7
 !
!
crypto ikev2 profile PROF
 match identity remote address {far} 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local KR
!
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
 mode tunnel
!
'''
IOS_TAIL = '''!
ip route 0.0.0.0 0.0.0.0 {gateway}
!
line vty 0 4
 login local
!
end
'''
WAN = '''interface GigabitEthernet1
 ip address {near} 255.255.255.0
'''
LAN = '''!
interface GigabitEthernet2
 ip address {lan} 255.255.255.0
'''
INTO = '''!
ip route {behind} Tunnel7
'''
VTI = '''crypto ipsec profile IPP
 set transform-set TS
 set ikev2-profile PROF
!
interface Tunnel7
 ip address {inner} 255.255.255.252
 tunnel source GigabitEthernet1
 tunnel mode ipsec ipv4
 tunnel destination {far}
 tunnel protection ipsec profile IPP
!
'''
MAP = '''crypto map CMAP 10 ipsec-isakmp
 set peer {far}
 set transform-set TS
 set ikev2-profile PROF
 match address VPN
!
'''
MAP_TAIL = '''!
ip access-list extended VPN
 permit ip {lan_wild} {far_wild}
'''
ASA = ''': Saved
:
ASA Version 9.16(4)
!
hostname {name}
!
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address {near} 255.255.255.0
!
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address {lan} 255.255.255.0
!
access-list VPN extended permit ip {lan_mask} {far_mask}
route outside 0.0.0.0 0.0.0.0 {gateway} 1
crypto ipsec ikev2 ipsec-proposal AES
 protocol esp encryption aes-256
 protocol esp integrity sha-256
crypto map OUT 1 match address VPN
crypto map OUT 1 set peer {far}
crypto map OUT 1 set ikev2 ipsec-proposal AES
crypto map OUT interface outside
crypto ikev2 policy 10
 encryption aes-256
 integrity sha256
 group 14
 prf sha256
crypto ikev2 enable outside
group-policy GP internal
group-policy GP attributes
 vpn-tunnel-protocol ikev2
tunnel-group {far} type ipsec-l2l
tunnel-group {far} general-attributes
 default-group-policy GP
tunnel-group {far} ipsec-attributes
 ikev2 remote-authentication pre-shared-key Summer-Rain-7
 ikev2 local-authentication pre-shared-key Summer-Rain-7
: end
'''
ASA_VTI = ASA.replace('''crypto map OUT 1 match address VPN
crypto map OUT 1 set peer {far}
crypto map OUT 1 set ikev2 ipsec-proposal AES
crypto map OUT interface outside
''', '''crypto ipsec profile IPP
 set ikev2 ipsec-proposal AES
''').replace('''!
access-list VPN''', '''!
interface Tunnel7
 nameif far
 ip address {inner} 255.255.255.252
 tunnel source interface outside
 tunnel destination {far}
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile IPP
!
access-list VPN''')

TRUSTPOINT = '''!
crypto pki trustpoint CORP
 enrollment terminal
 revocation-check none
!
crypto ikev2 proposal'''

ENDS = [dict(name='R1', near='203.0.113.1', far='198.51.100.20', gateway='203.0.113.254', lan='10.10.0.1', inner='172.16.9.1', lan_wild='10.10.0.0 0.0.0.255',
             far_wild='10.20.0.0 0.0.0.255', behind='10.20.0.0 255.255.255.0', lan_mask='10.10.0.0 255.255.255.0', far_mask='10.20.0.0 255.255.255.0'),
        dict(name='R2', near='198.51.100.20', far='203.0.113.1', gateway='198.51.100.254', lan='10.20.0.1', inner='172.16.9.2', lan_wild='10.20.0.0 0.0.0.255',
             far_wild='10.10.0.0 0.0.0.255', behind='10.10.0.0 255.255.255.0', lan_mask='10.20.0.0 255.255.255.0', far_mask='10.10.0.0 255.255.255.0')]


def vti(end):
    return (IOS_HEAD + VTI + WAN + LAN + INTO + IOS_TAIL).format(**ENDS[end])


def gre(end):
    return vti(end).replace(' tunnel mode ipsec ipv4\n', '').replace(' mode tunnel', ' mode transport')


def cmap(end):
    return (IOS_HEAD + MAP + WAN + ' crypto map CMAP\n' + LAN + MAP_TAIL + IOS_TAIL).format(**ENDS[end])


def asa(end):
    return ASA.format(**ENDS[end])


def asa_vti(end):
    return ASA_VTI.format(**ENDS[end]).replace('route outside', 'route far %s %s 1\nroute outside' % (ENDS[end]['behind'], ENDS[1 - end]['inner']), 1)


def vti6(end):
    """Over IPv6."""
    near, far = ('2001:DB8:1::1', '2001:DB8:2::1')[::-1 if end else 1]
    return vti(end).replace('ip address %s 255.255.255.0' % ENDS[end]['near'], 'ipv6 address %s/64' % near) \
        .replace('address %s 255.255.255.255' % ENDS[end]['far'], 'address %s/128' % far).replace('  address %s\n' % ENDS[end]['far'], '  address %s/128\n' % far) \
        .replace('destination ' + ENDS[end]['far'], 'destination ' + far).replace('ipsec ipv4', 'ipsec ipv6').replace('ip address 172.16.9.%d 255.255.255.252' % (end + 1), 'ipv6 address FD00::%d/64' % (end + 1)) \
        .replace('ip route 0.0.0.0 0.0.0.0 ' + ENDS[end]['gateway'], 'ipv6 route ::/0 %sFE' % near[:-1]).replace('ip route %s Tunnel7' % ENDS[end]['behind'], 'ipv6 route FD00:%d::/64 Tunnel7' % (20 - end))
