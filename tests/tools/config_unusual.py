"""config_unusual: pairs of configurations that work and that few write alike, in which nothing may be found (config_faults)."""
from config_texts import IOS_HEAD, IOS_TAIL, WAN, LAN, MAP, TRUSTPOINT, ENDS, vti, cmap, asa, asa_vti, vti6, gre


def asa_dyn_hub(end):
    """An ASA in a failover pair, whose dynamic map answers anybody by the default tunnel-group."""
    return ''': Saved
ASA Version 9.18(3)
!
hostname HUBASA
domain-name example.net
!
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 203.0.113.1 255.255.255.0 standby 203.0.113.2
!
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.10.0.1 255.255.255.0 standby 10.10.0.2
!
interface GigabitEthernet0/2
 nameif dmz
 security-level 50
 ip address 192.168.77.1 255.255.255.0
!
object network HQ
 subnet 10.10.0.0 255.255.0.0
object network BRANCHES
 subnet 10.16.0.0 255.240.0.0
object-group network LOCALS
 network-object object HQ
 network-object 192.168.77.0 255.255.255.0
nat (inside,outside) source static HQ HQ destination static BRANCHES BRANCHES no-proxy-arp route-lookup
!
nat (inside,outside) after-auto source dynamic any interface
route outside 0.0.0.0 0.0.0.0 203.0.113.254 1
route inside 10.10.0.0 255.255.0.0 10.10.0.254 1
crypto ipsec ikev2 ipsec-proposal GCM
 protocol esp encryption aes-gcm-256
 protocol esp integrity null
crypto ipsec ikev2 ipsec-proposal AES
 protocol esp encryption aes-256
 protocol esp integrity sha-256
crypto ipsec security-association pmtu-aging infinite
crypto dynamic-map DYN 10 set ikev2 ipsec-proposal GCM AES
crypto dynamic-map DYN 10 set pfs group19
crypto dynamic-map DYN 10 set reverse-route
crypto dynamic-map DYN 10 set security-association lifetime seconds 3600
crypto map OUT 65535 ipsec-isakmp dynamic DYN
crypto map OUT interface outside
crypto ca trustpoint CORP
 enrollment terminal
 subject-name CN=hub.example.net
 crl configure
crypto ca trustpool policy
crypto ca certificate chain CORP
 certificate ca 01
    30820321 3082020a a0030201 02020101 300d0609
  quit
crypto isakmp identity address
crypto ikev2 policy 1
 encryption aes-gcm-256
 integrity null
 group 19
 prf sha384
 lifetime seconds 86400
crypto ikev2 policy 10
 encryption aes-256
 integrity sha256
 group 14
 prf sha256
 lifetime seconds 86400
crypto ikev2 enable outside client-services port 443
crypto ikev2 remote-access trustpoint CORP
group-policy L2L internal
group-policy L2L attributes
 vpn-idle-timeout none
 vpn-tunnel-protocol ikev2
tunnel-group DefaultL2LGroup general-attributes
 default-group-policy L2L
tunnel-group DefaultL2LGroup ipsec-attributes
 peer-id-validate nocheck
 ikev2 remote-authentication pre-shared-key Summer-Rain-7
 ikev2 local-authentication pre-shared-key Summer-Rain-7
!
class-map inspection_default
 match default-inspection-traffic
: end
'''


def spoke_nat(end):
    """A branch behind DHCP and NAT, which exempts its tunnel from its own translation."""
    return '''!
version 17.9
!
hostname SP1
!
crypto ikev2 proposal PROP
 encryption aes-gcm-256
 prf sha384
 group 19
!
crypto ikev2 policy POL
 proposal PROP
!
crypto ikev2 keyring KR
 peer HUB
  address 203.0.113.1
  pre-shared-key local Summer-Rain-7
  pre-shared-key remote Summer-Rain-7
 !
!
crypto ikev2 profile PROF
 match identity remote address 203.0.113.1 255.255.255.255
 identity local fqdn sp1.example.net
 authentication remote pre-share
 authentication local pre-share
 keyring local KR
 dpd 10 3 periodic
 nat keepalive 20
!
crypto ipsec transform-set GCM esp-gcm 256
 mode tunnel
!
crypto map CMAP 10 ipsec-isakmp
 set peer 203.0.113.1
 set transform-set GCM
 set pfs group19
 set ikev2-profile PROF
 match address VPN
!
interface GigabitEthernet0/0
 ip address dhcp
 ip nat outside
 crypto map CMAP
!
interface Vlan20
 ip address 10.20.0.1 255.255.255.0
 ip nat inside
!
ip nat inside source list NAT interface GigabitEthernet0/0 overload
!
ip access-list extended NAT
 deny ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.255.255
 permit ip 10.20.0.0 0.0.0.255 any
ip access-list extended VPN
 permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.255.255
!
end
'''


def dmvpn3(end):
    """DMVPN of phase 3: two tunnels over one address in a VRF, one hub each, by `ip nhrp map` and by `nhs … nbma`."""
    hub = end == 0
    return '''!
version 17.6
!
hostname %s
!
vrf definition INET
 rd 1:1
 !
 address-family ipv4
 exit-address-family
!
crypto ikev2 proposal P1
 encryption aes-gcm-256
 prf sha384
 group 20
!
crypto ikev2 policy PO1
 match fvrf any
 proposal P1
!
crypto ikev2 keyring KR
 peer ANY
  address 0.0.0.0 0.0.0.0
  pre-shared-key Summer-Rain-7
 !
!
crypto ikev2 profile DMVPN
 match fvrf INET
 match identity remote address 0.0.0.0
 authentication remote pre-share
 authentication local pre-share
 keyring local KR
 dpd 30 5 periodic
!
crypto ipsec transform-set TS esp-gcm 256
 mode transport
!
crypto ipsec profile DMVPN-IPSEC
 set transform-set TS
 set pfs group20
 set ikev2-profile DMVPN
!
interface Tunnel100
 ip address 172.16.0.%d 255.255.255.0
 no ip redirects
 ip mtu 1400
 ip nhrp authentication NHRPKEY
%s ip tcp adjust-mss 1360
 tunnel source GigabitEthernet0/0/0
 tunnel mode gre multipoint
 tunnel key 100
 tunnel vrf INET
 tunnel protection ipsec profile DMVPN-IPSEC shared
!
interface Tunnel200
 ip address 172.16.1.%d 255.255.255.0
 ip nhrp network-id 200
%s tunnel source GigabitEthernet0/0/0
 tunnel mode gre multipoint
 tunnel key 200
 tunnel vrf INET
 tunnel protection ipsec profile DMVPN-IPSEC shared
!
interface GigabitEthernet0/0/0
 vrf forwarding INET
 ip address %s 255.255.255.0
!
interface GigabitEthernet0/0/1
 ip address 10.%d.0.1 255.255.255.0
!
router eigrp DMVPN
 !
 address-family ipv4 unicast autonomous-system 1
  network 10.0.0.0
  network 172.16.0.0
 exit-address-family
!
ip route vrf INET 0.0.0.0 0.0.0.0 %s
!
end
''' % (('HUB', 'SPOKE')[end], end + 1,
  ' ip nhrp network-id 100\n ip nhrp redirect\n ip nhrp map multicast dynamic\n' if hub else ' ip nhrp map 172.16.0.1 203.0.113.1\n ip nhrp map multicast 203.0.113.1\n ip nhrp network-id 100\n ip nhrp nhs 172.16.0.1\n ip nhrp shortcut\n',
  end + 1, ' ip nhrp map multicast dynamic\n' if hub else ' ip nhrp nhs 172.16.1.1 nbma 203.0.113.1 multicast\n',
  ENDS[end]['near'], (10, 20)[end], ENDS[end]['gateway'])


def flexcert(end):
    """A FlexVPN hub and a spoke with certificates, default names, shortcuts from spoke to spoke."""
    hub = end == 0
    t = '''!
version 17.3
!
hostname %s
ip domain name example.net
!
aaa new-model
aaa authorization network FLEX local
!
crypto pki trustpoint CA
 enrollment url http://10.10.0.5:80
 fqdn %s.example.net
 subject-name CN=%s.example.net,OU=%s,O=Example
 revocation-check crl
 rsakeypair %s
!
crypto pki certificate map %s 10
 subject-name co ou = %s
 issuer-name co ca.example.net
!
crypto pki certificate chain CA
 certificate 0A
  30820311 308201F9 A0030201 0202010A
  	quit
 certificate ca 01
  30820305 308201ED A0030201 02020101
  	quit
!
crypto ikev2 authorization policy FLEXPOL
 %s
 route set interface
 route set access-list NETS
!
crypto ikev2 proposal default
 encryption aes-cbc-256
 integrity sha512
 group 19 14
!
crypto ikev2 profile FLEX
 match certificate %s
 identity local fqdn %s.example.net
 authentication remote rsa-sig
 authentication local rsa-sig
 pki trustpoint CA
 dpd 60 2 on-demand
 aaa authorization group cert list FLEX FLEXPOL
%s!
no crypto ikev2 http-url cert
!
crypto ipsec profile default
 set ikev2-profile FLEX
!
'''
    n = ('hub', 'spoke')[end]; o=('spoke', 'hub')[end]
    t = t % (n.upper(), n, n, n.upper() + 'S', n.upper(), o.upper() + 'MAP', o.upper() + 'S', 'pool FLEXPOOL' if hub else 'route accept any', o.upper() + 'MAP', n, ' virtual-template 1\n' if hub else '')
    if hub:
        t += '''interface Loopback0
 ip address 172.31.0.1 255.255.255.255
!
interface Virtual-Template1 type tunnel
 ip unnumbered Loopback0
 ip nhrp network-id 1
 ip nhrp redirect
 tunnel source GigabitEthernet1
 tunnel mode gre ip
 tunnel protection ipsec profile default
!
'''
    else:
        t += '''crypto ikev2 client flexvpn FC
 peer 1 203.0.113.1
 client connect tunnel 0
!
interface Tunnel0
 ip address negotiated
 ip nhrp network-id 1
 ip nhrp shortcut virtual-template 1
 tunnel source GigabitEthernet1
 tunnel destination dynamic
 tunnel protection ipsec profile default
!
interface Virtual-Template1 type tunnel
 ip unnumbered Tunnel0
 ip nhrp network-id 1
 ip nhrp shortcut virtual-template 1
 tunnel protection ipsec profile default
!
'''
    t += (WAN + LAN).format(**ENDS[end]) + (('!\nip local pool FLEXPOOL 172.31.1.1 172.31.1.200\n') if hub else '!\n')
    t += 'ip access-list standard NETS\n permit 10.%d.0.0 0.0.255.255\n' % (10, 20)[end] + IOS_TAIL.format(**ENDS[end])
    return t


def sv6(end):
    """IPv6 in IPv6, unnumbered, with whatever the router has by itself."""
    near, far = ('2001:DB8:A::1', '2001:DB8:B::1')[::-1 if end else 1]
    return '''!
version 16.9
!
hostname %s
!
ipv6 unicast-routing
!
crypto ikev2 keyring KR
 peer X
  address ::/0
  pre-shared-key Summer-Rain-7
 !
!
crypto ikev2 profile PROF
 match identity remote address ::/0
 identity local address %s
 authentication remote pre-share
 authentication local pre-share
 keyring local KR
!
crypto ipsec profile default
 set ikev2-profile PROF
!
interface Loopback0
 no ip address
 ipv6 address 2001:DB8:%s::FF/128
!
interface Tunnel0
 no ip address
 ipv6 unnumbered Loopback0
 ipv6 enable
 ipv6 ospf 1 area 0
 tunnel source %s
 tunnel mode ipsec ipv6
 tunnel destination %s
 tunnel protection ipsec profile default
!
interface GigabitEthernet0/0
 no ip address
 ipv6 address %s/64
 ipv6 enable
!
interface GigabitEthernet0/1
 ipv6 address 2001:DB8:%s:1::1/64
 ipv6 ospf 1 area 0
!
ipv6 router ospf 1
 router-id 1.1.1.%d
!
ipv6 route ::/0 %sFF
!
end
''' % (('V1', 'V2')[end], near, 'AB'[end], 'GigabitEthernet0/0' if end else near, far, near, 'AB'[end], end + 1, near[:-1])


def vrfaware(end):
    """A crypto map outside, and what it protects in a VRF."""
    t = cmap(end)
    return t.replace(' keyring local KR\n', ' keyring local KR\n ivrf CUST\n') \
        .replace('interface GigabitEthernet2\n', 'interface GigabitEthernet2\n vrf forwarding CUST\n') \
        .replace('ip route 0.0.0.0', 'ip route vrf CUST %s GigabitEthernet1 %s\nip route 0.0.0.0' % (ENDS[end]['behind'], ENDS[end]['gateway']), 1)


def vrf_vti(end):
    """A tunnel interface whose inside is in a VRF."""
    t = vti(end)
    return t.replace('interface Tunnel7\n', 'interface Tunnel7\n vrf forwarding CUST\n') \
        .replace('interface GigabitEthernet2\n', 'interface GigabitEthernet2\n vrf forwarding CUST\n') \
        .replace('ip route %s Tunnel7' % ENDS[end]['behind'], 'ip route vrf CUST %s Tunnel7' % ENDS[end]['behind'])


def asa_objs(end):
    """Objects and groups in the crypto ACL."""
    t = asa(0)
    return t.replace('access-list VPN extended permit ip 10.10.0.0 255.255.255.0 10.20.0.0 255.255.255.0', '''object network A1
 subnet 10.10.0.0 255.255.255.0
object network A2
 host 10.10.9.9
object-group network LOC
 network-object object A1
 network-object object A2
object-group network REM
 network-object 10.20.0.0 255.255.255.0
 network-object host 10.20.7.7
access-list VPN remark branch
access-list VPN extended permit ip object-group LOC object-group REM''') \
        .replace('route outside', 'route inside 10.10.9.0 255.255.255.0 10.10.0.254 1\nroute outside', 1)


def map_objs(end):
    """The same, written out."""
    return cmap(1) \
        .replace(' permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255\n', ''' permit ip 10.20.0.0 0.0.0.255 10.10.0.0 0.0.0.255
 permit ip 10.20.0.0 0.0.0.255 host 10.10.9.9
 permit ip host 10.20.7.7 10.10.0.0 0.0.0.255
 permit ip host 10.20.7.7 host 10.10.9.9
''')


def getvpn(end):
    """A GETVPN group member beside the tunnel."""
    t = vti(end)
    return t.replace('!\ncrypto ikev2 proposal', '''!
crypto isakmp policy 10
 encryption aes 256
 authentication pre-share
 group 14
crypto isakmp key GetKey address 10.99.0.1
!
crypto gdoi group GET
 identity number 1234
 server address ipv4 10.99.0.1
!
crypto map GETMAP 10 gdoi
 set group GET
!
crypto ikev2 proposal''', 1) \
        .replace('interface GigabitEthernet2\n', 'interface GigabitEthernet3\n ip address 10.98.0.%d 255.255.255.0\n crypto map GETMAP\n!\ninterface GigabitEthernet2\n' % (end + 1))


def v1v2(end):
    """Another peer by IKEv1, in the same crypto map."""
    t = cmap(end)
    return t.replace('crypto map CMAP 10', '''crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
crypto isakmp key OldKey address 192.0.2.77
!
crypto ipsec transform-set OLDTS esp-aes esp-sha256-hmac
 mode tunnel
!
crypto map CMAP 5 ipsec-isakmp
 set peer 192.0.2.77
 set transform-set OLDTS
 match address OLD
crypto map CMAP 10''', 1) \
        .replace('ip access-list extended VPN', 'ip access-list extended OLD\n permit ip 10.%d.0.0 0.0.0.255 10.77.0.0 0.0.255.255\nip access-list extended VPN' % (10, 20)[end])


def asav1v2(end):
    """The same of an ASA."""
    t = asa(end)
    return t.replace('crypto map OUT interface', '''crypto map OUT 2 match address OLD
crypto map OUT 2 set peer 192.0.2.77
crypto map OUT 2 set ikev1 transform-set OLDTS
crypto map OUT interface''') \
        .replace('access-list VPN', 'access-list OLD extended permit ip 10.10.0.0 255.255.255.0 10.77.0.0 255.255.0.0\naccess-list VPN', 1) \
        .replace('crypto ikev2 policy', '''crypto ipsec ikev1 transform-set OLDTS esp-aes-256 esp-sha-hmac
crypto ikev1 enable outside
crypto ikev1 policy 10
 authentication pre-share
 encryption aes-256
 hash sha
 group 2
 lifetime 86400
crypto ikev2 policy''', 1) \
        .replace(': end', 'tunnel-group 192.0.2.77 type ipsec-l2l\ntunnel-group 192.0.2.77 ipsec-attributes\n ikev1 pre-shared-key OldKey\n: end')


def asaboth(end):
    """One peer that may be called by either version."""
    return asa(end) \
        .replace('crypto map OUT 1 set ikev2', 'crypto map OUT 1 set ikev1 transform-set OLDTS\ncrypto map OUT 1 set ikev2') \
        .replace('crypto ikev2 policy', 'crypto ipsec ikev1 transform-set OLDTS esp-aes-256 esp-sha-hmac\ncrypto ikev1 enable outside\ncrypto ikev2 policy', 1) \
        .replace('vpn-tunnel-protocol ikev2', 'vpn-tunnel-protocol ikev1 ikev2') \
        .replace('ipsec-attributes\n', 'ipsec-attributes\n ikev1 pre-shared-key Summer-Rain-7\n')


def gremap(end):
    """GRE in a crypto map."""
    t = (IOS_HEAD + MAP + 'interface Tunnel5\n ip address {inner} 255.255.255.252\n tunnel source GigabitEthernet1\n tunnel destination {far}\n!\n' + WAN + ' crypto map CMAP\n' + LAN + '!\nip access-list extended VPN\n permit gre host {near} host {far}\n' + '!\nip route {behind} Tunnel5\n' + IOS_TAIL).format(**ENDS[end])
    return t.replace(' mode tunnel', ' mode transport')


def beside_gre(change):
    """GRE in a crypto map, told in another way, beside a tunnel in clear to somebody else."""
    def text(end):
        other = 'interface Tunnel6\n ip address 172.16.6.1 255.255.255.252\n tunnel source GigabitEthernet1\n tunnel destination 192.0.2.77\n!\ninterface GigabitEthernet1\n'
        return change(gremap(end), 'tunnel destination %s\n' % ENDS[end]['far'], end).replace('interface GigabitEthernet1\n', other, 1)
    return text


def gre_at_rest(text, destination, end):
    return text.replace(destination, destination + ' shutdown\n')


def gre_by_name(text, destination, end):
    return text.replace(destination, 'tunnel destination r%d.example.net\n' % (2 - end))


def gre_by_nhrp(text, destination, end):
    return text.replace(destination, 'tunnel mode gre multipoint\n ip nhrp network-id 5\n ip nhrp map %s %s\n' % (ENDS[1 - end]['inner'], ENDS[end]['far']))


def gre_of_its_own(text, destination, end):
    return text.replace(destination, destination + ' tunnel protection ipsec profile IPP\n').replace('interface Tunnel5', 'crypto ipsec profile IPP\n set transform-set TS\n set ikev2-profile PROF\n!\ninterface Tunnel5')


def natt(end):
    """Each end has a NAT in front of it, and calls the other by the address that this one gives it."""
    public, private = ENDS[end]['near'], ('192.168.1.10', '192.168.2.10')[end]
    return vti(end) \
        .replace('ip address %s 255' % public, 'ip address %s 255' % private) \
        .replace(' keyring local KR\n', ' keyring local KR\n identity local address %s\n' % public) \
        .replace(ENDS[end]['gateway'], private[:-2] + '1')


def backup(end):
    """Two peers in one entry."""
    return cmap(end) \
        .replace(' set peer %s\n' % ENDS[end]['far'], ' set peer %s default\n set peer 192.0.2.55\n' % ENDS[end]['far']) \
        .replace('crypto ikev2 profile PROF\n', 'crypto ikev2 profile PROF\n match identity remote address 192.0.2.55 255.255.255.255\n') \
        .replace(' !\n!\ncrypto ikev2 profile', ' !\n peer BACK\n  address 192.0.2.55\n  pre-shared-key Other-Key\n !\n!\ncrypto ikev2 profile')


def idle(end):
    """A tunnel that somebody left behind, shut down."""
    return vti(end) \
        .replace('interface Tunnel7\n', 'interface Tunnel3\n description old link\n ip address 172.16.8.1 255.255.255.252\n shutdown\n tunnel source GigabitEthernet1\n tunnel mode ipsec ipv4\n tunnel destination 192.0.2.200\n tunnel protection ipsec profile IPP\n!\ninterface Tunnel7\n', 1)


def six_in_four(end):
    """IPv6 in IPv4."""
    return vti(end).replace('tunnel mode ipsec ipv4', 'tunnel mode ipsec ipv4 v6-overlay')


def gre6(end):
    """GRE over IPv6."""
    return vti6(end).replace('tunnel mode ipsec ipv6', 'tunnel mode gre ipv6')


def ah(end):
    """No ESP but AH."""
    return vti(end).replace('esp-aes 256 esp-sha256-hmac', 'ah-sha256-hmac')


def ahesp(end):
    """AH beside ESP."""
    return vti(end).replace('TS esp-aes 256 esp-sha256-hmac', 'TS ah-sha256-hmac esp-aes 256')


def hub_iosmap_dyn(end):
    """A dynamic map of IOS."""
    t = cmap(0)
    return t.replace('crypto map CMAP 10 ipsec-isakmp\n set peer 198.51.100.20\n set transform-set TS\n set ikev2-profile PROF\n match address VPN\n', 'crypto dynamic-map DYN 10\n set transform-set TS\n set ikev2-profile PROF\n reverse-route\n!\ncrypto map CMAP 1000 ipsec-isakmp dynamic DYN\n') \
        .replace('match identity remote address 198.51.100.20 255.255.255.255', 'match identity remote address 0.0.0.0') \
        .replace('  address 198.51.100.20\n', '  address 0.0.0.0 0.0.0.0\n')


def asa_statmap_tgm(end):
    """A static map whose peer has a certificate, which a certificate map finds a tunnel-group for."""
    t = asa(0)
    return t.replace(' ikev2 remote-authentication pre-shared-key Summer-Rain-7\n ikev2 local-authentication pre-shared-key Summer-Rain-7\n', '') \
        .replace('tunnel-group 198.51.100.20', 'tunnel-group SITE2') \
        .replace(': end', ''' ikev2 remote-authentication certificate
 ikev2 local-authentication certificate CORP
tunnel-group-map enable rules
tunnel-group-map CMAPX 10 SITE2
crypto ca certificate map CMAPX 10
 subject-name attr cn eq r2.example.net
crypto ca trustpoint CORP
 enrollment terminal
: end''').replace('crypto map OUT 1 set peer', 'crypto map OUT 1 set trustpoint CORP\ncrypto map OUT 1 set peer')


def ios_cert(end):
    """What calls it."""
    t = cmap(1)
    return t.replace('remote pre-share', 'remote rsa-sig').replace('local pre-share', 'local rsa-sig') \
        .replace(' keyring local KR\n', ' pki trustpoint CORP\n identity local dn\n') \
        .replace('!\ncrypto ikev2 proposal', TRUSTPOINT.replace(' enrollment terminal\n', ' enrollment terminal\n subject-name CN=r2.example.net,O=Ex\n'), 1)


def tgm_key(end):
    """A static map whose peer has a key, beside a certificate map for others."""
    return asa(0) \
        .replace(': end', 'tunnel-group-map enable rules\ntunnel-group-map OTHERS 10 OTHERGRP\ncrypto ca certificate map OTHERS 10\n subject-name attr ou eq mobile\ntunnel-group OTHERGRP type ipsec-l2l\ntunnel-group OTHERGRP ipsec-attributes\n ikev2 remote-authentication certificate\n ikev2 local-authentication certificate CORP\ncrypto ca trustpoint CORP\n enrollment terminal\n: end')


def asa_both_ways(end):
    """A static map: what it begins itself finds the tunnel-group of the address, who calls with a certificate another one."""
    keys = ' ikev2 remote-authentication pre-shared-key Summer-Rain-7\n ikev2 local-authentication pre-shared-key Summer-Rain-7\n'
    return asa_statmap_tgm(0).replace('tunnel-group-map enable', 'tunnel-group 198.51.100.20 type ipsec-l2l\ntunnel-group 198.51.100.20 ipsec-attributes\n' + keys + 'tunnel-group-map enable')


def one_armed(route=''):
    """A concentrator that has but one interface: what it protects comes and goes by it."""
    return lambda end: cmap(end).replace(LAN.format(**ENDS[end]), '').replace('ip route 0', route + 'ip route 0', 1)


def lends_addresses(line):
    """Its crypto list has what is no interface's and no route's, and something else answers for it."""
    return lambda end: cmap(end).replace('10.10.0.0 0.0.0.255', '172.20.0.0 0.0.0.255', 1).replace('line vty', line.replace('; ', '\n') + '\nline vty' if not end else 'line vty', 1)


def leaks(interface):
    """A route leads from a VRF into a tunnel that is in none."""
    return lambda end: vti(end).replace('ip route 10.20.0.0', 'ip route vrf CUST 10.20.0.0').replace('interface GigabitEthernet2', interface + '!\ninterface GigabitEthernet2', 1)


def cert_wants(condition, *changes):
    """A certificate map that wants something of the name that the router adds to what it asks for."""
    def text(end):
        given = flexcert(end).replace('subject-name co ou = SPOKES', condition)
        for old, new in changes:
            given = given.replace(old, new)
        return given
    return text, text


def asa_unnumbered(end):
    """A tunnel of an ASA that borrows the address of what it calls loopvti, which stands behind it."""
    near = ENDS[end]['inner']
    return asa_vti(end).replace(' ip address %s 255.255.255.252' % near, ' ip unnumbered loopvti') \
        .replace('!\naccess-list VPN', '!\ninterface Loopback1\n nameif loopvti\n ip address %s 255.255.255.255\n!\naccess-list VPN' % near, 1)


def default_certificate_map(end):
    """An entry of the certificate map that is there by itself."""
    return tgm_key(end).replace('crypto ca certificate map OTHERS 10', 'crypto ca certificate map 10').replace('tunnel-group-map OTHERS', 'tunnel-group-map DefaultCertificateMap')


UNUSUAL = {
    **{'gre in a map beside another: ' + how.__name__[4:]: (beside_gre(how),) * 2 for how in (gre_at_rest, gre_by_name, gre_by_nhrp, gre_of_its_own)},
    'certificate of a host': cert_wants('subject-name co example.net', ('CN=spoke.example.net', 'CN=spoke')),
    'certificate of a host that nothing tells': cert_wants('subject-name co example.net', (':80\n fqdn spoke.example.net', ':80'), ('CN=spoke.example.net', 'CN=spoke')),
    'certificate, by its host name': cert_wants('subject-name co hostname = spoke.example.net'), 'certificate, by its serial number': cert_wants('subject-name co serialnumber = 9ABC'),
    'certificate with some serial number': cert_wants('subject-name co 9ABC'), 'certificate with some address': cert_wants('subject-name co 198.51.100.20'),
    'certificate, by its unstructured name': cert_wants('subject-name eq unstructuredName = spoke.example.net'),
    'one interface': (one_armed(), cmap), 'one interface, and a loopback': (one_armed('interface Loopback0\n ip address 10.99.0.1 255.255.255.255\n!\n'), cmap),
    'one interface, and a route': (one_armed('ip route 10.10.0.0 255.255.0.0 203.0.113.9\n'), cmap),
    'routes by the way out': (lambda end: one_armed('ip route 10.10.0.0 255.255.0.0 203.0.113.9\n')(end).replace('interface', LAN.replace('{lan}', '10.99.0.1')[2:] + '!\ninterface', 1), cmap),
    **{'addresses by ' + line.split(';')[0]: (lends_addresses(line),) * 2 for line in ('ip nat source list 7 pool P; ip nat pool P 172.20.0.1 172.20.0.9 netmask 255.255.255.0', 'ip alias 172.20.0.5 23')},
    'leak from an unnumbered interface': (leaks('interface Loopback6\n ip address 10.66.9.1 255.255.255.255\n!\ninterface GigabitEthernet3\n vrf forwarding CUST\n ip unnumbered Loopback6\n'), vti),
    'leak from a tunnel': (leaks('interface Tunnel8\n vrf forwarding CUST\n ip address 172.16.8.1 255.255.255.252\n tunnel source GigabitEthernet2\n tunnel destination 10.10.0.99\n'), vti),
    'unnumbered, of an asa': (asa_unnumbered, vti), 'default certificate map': (default_certificate_map, cmap),
    'certificate, beside a group of the address': (asa_both_ways, ios_cert),
    'dynamic map, behind a nat': (asa_dyn_hub, spoke_nat), 'dmvpn of phase 3': (dmvpn3, dmvpn3), 'flexvpn with certificates': (flexcert, flexcert), 'unnumbered ipv6': (sv6, sv6),
    'map into a vrf': (vrfaware, vrfaware), 'tunnels of a vrf': (vrf_vti, vrf_vti), 'tunnel of a vrf': (vrf_vti, vti), 'objects': (asa_objs, map_objs), 'getvpn beside': (getvpn, getvpn),
    'ikev1 beside': (v1v2, v1v2), 'ikev1 beside, of an asa': (asav1v2, v1v2), 'either version': (asaboth, cmap), 'gre in maps': (gremap, gremap), 'gre in a map': (gremap, gre),
    'two nats': (natt, natt), 'a nat': (natt, vti), 'two peers': (backup, backup), 'left over': (idle, idle), 'ipv6 in ipv4': (six_in_four, six_in_four), 'gre over ipv6': (gre6, gre6),
    'ah': (ah, ah), 'ah and esp': (ahesp, ahesp), 'dynamic map of ios': (hub_iosmap_dyn, cmap), 'certificate, static map': (asa_statmap_tgm, ios_cert), 'key, static map': (tgm_key, cmap),
}
