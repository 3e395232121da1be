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

ENDS = [dict(name='R1', near='203.0.113.1', far='198.51.100.20', gateway='203.0.113.254', lan='10.10.0.1', inner='172.16.9.1', lan_wild='10.10.0.0 0.0.0.255',
             far_wild='10.20.0.0 0.0.0.255', behind='10.20.0.0 255.255.255.0', lan_mask='10.10.0.0 255.255.255.0', far_mask='10.20.0.0 255.255.255.0'),
        dict(name='R2', near='198.51.100.20', far='203.0.113.1', gateway='198.51.100.254', lan='10.20.0.1', inner='172.16.9.2', lan_wild='10.20.0.0 0.0.0.255',
             far_wild='10.10.0.0 0.0.0.255', behind='10.10.0.0 255.255.255.0', lan_mask='10.20.0.0 255.255.255.0', far_mask='10.10.0.0 255.255.255.0')]
