#!/usr/bin/env bash
# What is to be typed: the names that the input tells stand in it, entries of access lists go where they work, what touches other
# tunnels is said to, debugs are turned off again, and what is known is concluded from.
# usage: advice.sh PROGRAM
program=$(realpath "${1:?usage: advice.sh PROGRAM}")
samples=$(realpath samples) logs=$(realpath tests/logs)
temp=$(mktemp -d) || exit 2
trap 'rm -rf "$temp"' EXIT
cd "$temp" || exit 2
bad=0
complain() { echo "$1"; bad=$((bad + 1)); }
run() { # run STATUS ARG...
    local want=$1 status
    shift
    timeout 20 "$program" "$@" >out 2>err </dev/null
    status=$?
    [ "$status" -eq "$want" ] || complain "ikescope $*: exit status $status, not $want: $(head -n 2 err)"
    { # the summary shows commands in a row as lines; findings have them as they are written
        tr -s '\n ' '  ' <out
        timeout 20 "$program" -f ndjson "$@" 2>/dev/null </dev/null | grep '"type":"finding"' | sed 's/\\"/"/g'
    } >told
    asked="ikescope $*"
}
says() { grep -qF -e "$1" told || complain "$asked: says nothing of \"$1\""; }
never() { grep -qF -e "$1" told && complain "$asked: says \"$1\""; }

# ---- access lists of IOS: an entry has a number where its place matters, and one that is replaced goes out ----
edge() { # edge HOSTNAME OWN PEER; the rest of the interface's list from standard input
    cat <<END
version 17.6
hostname $1
crypto ikev2 keyring K1
 peer OTHER
  address $3
  pre-shared-key same-key
crypto ikev2 profile PF
 match identity remote address $3 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local K1
crypto ipsec transform-set T1 esp-gcm 256
crypto ipsec profile IP1
 set transform-set T1
 set ikev2-profile PF
interface Tunnel0
 ip address 10.0.12.1 255.255.255.252
 tunnel source $2
 tunnel destination $3
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile IP1
interface GigabitEthernet1
 ip address $2 255.255.255.0
 ip access-group INET-IN in
$(cat)
end
END
}
edge R2 203.0.113.9 198.51.100.9 >r2.cfg <<<'ip access-list extended INET-IN
 permit ip any any'
edge R1 198.51.100.9 203.0.113.9 >r1.cfg <<<'ip access-list extended INET-IN
 10 permit udp any host 198.51.100.9 eq isakmp
 20 permit icmp any any
 30 deny ip any any log'
run 0 r1.cfg r2.cfg
says '`ip access-list extended INET-IN` / `23 permit udp host 203.0.113.9 host 198.51.100.9 eq non500-isakmp` / `26 permit esp host'
never 'resequence'
sed -i 's/^ [123]0 / /' r1.cfg # the numbers are not printed
run 0 r1.cfg r2.cfg
says '`ip access-list resequence INET-IN 10 10` / `ip access-list extended INET-IN` / `23 permit udp'
edge R1 198.51.100.9 203.0.113.9 >r1.cfg <<<'ip access-list extended INET-IN
 10 permit udp any host 198.51.100.9 eq isakmp'
run 0 r1.cfg r2.cfg # the end of the list will do
says '`ip access-list extended INET-IN` / `permit udp host 203.0.113.9'

mapped() { # mapped HOSTNAME OWN PEER ENTRY [NAT]
    cat <<END
version 17.6
hostname $1
crypto ikev2 keyring K1
 peer OTHER
  address $3
  pre-shared-key same-key
crypto ikev2 profile PF
 match identity remote address $3 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local K1
crypto ipsec transform-set T1 esp-aes 256 esp-sha256-hmac
crypto map CM 10 ipsec-isakmp
 set peer $3
 set transform-set T1
 set ikev2-profile PF
 match address VPN
interface GigabitEthernet1
 ip address $2 255.255.255.0
 ip nat outside
 crypto map CM
interface GigabitEthernet2
 ip address 10.10.0.1 255.255.0.0
 ip nat inside
${5:-}
ip access-list extended VPN
 $4
end
END
}
mapped R1 198.51.100.9 203.0.113.9 'permit ip 10.10.0.0 0.0.255.255 10.77.0.0 0.0.1.255' >r1.cfg
mapped R2 203.0.113.9 198.51.100.9 '10 permit ip 10.77.0.0 0.0.0.255 10.10.0.0 0.0.255.255' >r2.cfg
run 0 r1.cfg r2.cfg
says '`ip access-list extended VPN` / `5 permit ip 10.77.0.0 0.0.1.255 10.10.0.0 0.0.255.255` / `no 10`'
mapped R2 203.0.113.9 198.51.100.9 'permit ip 10.77.0.0 0.0.0.255 10.10.0.0 0.0.255.255' >r2.cfg
run 0 r1.cfg r2.cfg
says '`ip access-list extended VPN` / `permit ip 10.77.0.0 0.0.1.255 10.10.0.0 0.0.255.255` / `no permit ip 10.77.0.0 0.0.0.255 10.10.0.0'
mapped R2 203.0.113.9 198.51.100.9 'permit ip 10.77.0.0 0.0.1.255 10.10.0.0 0.0.255.255' >r2.cfg
mapped R1 198.51.100.9 203.0.113.9 'permit ip 10.10.0.0 0.0.255.255 10.77.0.0 0.0.1.255' \
    'ip nat inside source list NAT interface GigabitEthernet1 overload
ip access-list extended NAT
 5 deny ip any 192.0.2.0 0.0.0.255
 10 permit ip 10.10.0.0 0.0.255.255 any' >r1.cfg
run 0 r1.cfg r2.cfg # 5 is taken
says '`ip access-list extended NAT` / `7 deny ip 10.10.0.0 0.0.255.255 10.77.0.0 0.0.1.255`'
mapped R1 198.51.100.9 203.0.113.9 'permit ip 10.10.0.0 0.0.255.255 10.77.0.0 0.0.1.255' \
    'ip nat inside source list 1 interface GigabitEthernet1 overload
access-list 1 permit 10.10.0.0 0.0.255.255' >r1.cfg
run 0 r1.cfg r2.cfg # a standard list
says '`no ip nat inside source list 1 interface GigabitEthernet1 overload` / `ip nat inside source list NAT-NEW interface GigabitEthernet1 overload`'
never 'extended 1`'

# ---- names that the log tells, both roles ----
router() { # router NAME PEER-BLOCK KEYRING OWN PEER ROLE KEY-LENGTH
    local i=0000000000000000
    [ "$6" = responder ] && i=CD613E30D8F16ADF
    if [ "$6" = initiator ]; then
        cat <<END
*Jun 12 09:14:22.331: IKEv2:% Getting preshared key from profile keyring $3
*Jun 12 09:14:22.331: IKEv2:% Matched peer block '$2'
*Jun 12 09:14:22.331: IKEv2:Found Policy 'POL-I'
*Jun 12 09:14:22.331: IKEv2:(SESSION ID = 31,SA ID = 1):Sending Packet [To $5:500/From $4:500/VRF i0:f0]
Initiator SPI : 91B7584A2265B1F5 - Responder SPI : 0000000000000000 Message id: 0
IKEv2 IKE_SA_INIT Exchange REQUEST
Payload contents:
 SA KE N

*Jun 12 09:14:22.362: IKEv2:(SESSION ID = 31,SA ID = 1):Received Packet [From $5:500/To $4:500/VRF i0:f0]
Initiator SPI : 91B7584A2265B1F5 - Responder SPI : CD613E30D8F16ADF Message id: 0
IKEv2 IKE_SA_INIT Exchange RESPONSE
Payload contents:
 SA KE N

*Jun 12 09:14:22.362: IKEv2:(SESSION ID = 31,SA ID = 1):Use preshared key for id $4, key len $7
*Jun 12 09:14:22.362: IKEv2:(SESSION ID = 31,SA ID = 1):My authentication method is 'PSK'
*Jun 12 09:14:22.362: IKEv2:(SESSION ID = 31,SA ID = 1):Constructing IDi payload: '$4' of type 'IPv4 address'
*Jun 12 09:14:22.362: IKEv2:(SESSION ID = 31,SA ID = 1):Sending Packet [To $5:500/From $4:500/VRF i0:f0]
Initiator SPI : 91B7584A2265B1F5 - Responder SPI : CD613E30D8F16ADF Message id: 1
IKEv2 IKE_AUTH Exchange REQUEST
Payload contents:
 ENCR

*Jun 12 09:14:22.402: IKEv2:(SESSION ID = 31,SA ID = 1):Received Packet [From $5:500/To $4:500/VRF i0:f0]
Initiator SPI : 91B7584A2265B1F5 - Responder SPI : CD613E30D8F16ADF Message id: 1
IKEv2 IKE_AUTH Exchange RESPONSE
Payload contents:
 NOTIFY(AUTHENTICATION_FAILED)

*Jun 12 09:14:22.402: IKEv2-ERROR:(SESSION ID = 31,SA ID = 1):: Auth exchange failed
END
        return
    fi
    cat <<END
*Jun 12 09:14:22.340: IKEv2:(SESSION ID = 7,SA ID = 2):Received Packet [From $5:500/To $4:500/VRF i0:f0]
Initiator SPI : 91B7584A2265B1F5 - Responder SPI : 0000000000000000 Message id: 0
IKEv2 IKE_SA_INIT Exchange REQUEST
Payload contents:
 SA KE N

*Jun 12 09:14:22.342: IKEv2:(SESSION ID = 7,SA ID = 2):Sending Packet [To $5:500/From $4:500/VRF i0:f0]
Initiator SPI : 91B7584A2265B1F5 - Responder SPI : $i Message id: 0
IKEv2 IKE_SA_INIT Exchange RESPONSE
Payload contents:
 SA KE N

*Jun 12 09:14:22.380: IKEv2:(SESSION ID = 7,SA ID = 2):Received Packet [From $5:500/To $4:500/VRF i0:f0]
Initiator SPI : 91B7584A2265B1F5 - Responder SPI : $i Message id: 1
IKEv2 IKE_AUTH Exchange REQUEST
Payload contents:
 VID IDi AUTH SA TSi TSr

*Jun 12 09:14:22.380: IKEv2:(SESSION ID = 7,SA ID = 2):Searching policy based on peer's identity '$5' of type 'IPv4 address'
*Jun 12 09:14:22.380: IKEv2:found matching IKEv2 profile 'PROF-R'
*Jun 12 09:14:22.380: IKEv2:% Getting preshared key from profile keyring $3
*Jun 12 09:14:22.380: IKEv2:% Matched peer block '$2'
*Jun 12 09:14:22.380: IKEv2:(SESSION ID = 7,SA ID = 2):Peer's authentication method is 'PSK'
*Jun 12 09:14:22.380: IKEv2:(SESSION ID = 7,SA ID = 2):Use preshared key for id $5, key len $7
*Jun 12 09:14:22.381: IKEv2-ERROR:(SESSION ID = 7,SA ID = 2):: Failed to authenticate the IKE SA
*Jun 12 09:14:22.381: IKEv2:(SESSION ID = 7,SA ID = 2):Verification of peer's authentication data FAILED
*Jun 12 09:14:22.381: IKEv2:(SESSION ID = 7,SA ID = 2):Sending Packet [To $5:500/From $4:500/VRF i0:f0]
Initiator SPI : 91B7584A2265B1F5 - Responder SPI : $i Message id: 1
IKEv2 IKE_AUTH Exchange RESPONSE
Payload contents:
 NOTIFY(AUTHENTICATION_FAILED)

END
}
router branch HUB KR-HUB 203.0.113.77 198.51.100.10 initiator 15 >branch.log
router hub BRANCH KR-BRANCH 198.51.100.10 203.0.113.77 responder 14 >hub.log
run 0 branch.log hub.log
says '`crypto ikev2 keyring KR-HUB` / `peer HUB` / `pre-shared-key KEY`'
says '`crypto ikev2 keyring KR-BRANCH` / `peer BRANCH` / `pre-shared-key KEY`'
says '`peer NEW` / `address 198.51.100.10`' # where the block is shared, and only there
# both ends' lengths are shown: they are concluded from; one alone tells nothing
says 'signs with a key of 15 characters, the responder 198.51.100.10 (hub) verifies with one of 14; a difference of one'
sed -i 's/key len 15/key len 14/' branch.log
run 0 branch.log hub.log
says 'Both keys have 14 characters'
run 0 hub.log
says '`crypto ikev2 keyring KR-BRANCH` / `peer BRANCH`'
never 'characters'
# two attempts that begin in one row: nobody knows whose keyring is whose
{ sed -n '1,2s/HUB/OTHER/gp' branch.log && cat branch.log; } >two.log
run 0 two.log
never 'KR-OTHER'
never 'KR-HUB'
# the entry of a crypto map that is tried
run 0 "$logs/asa9-ipsec-proposal-mismatch-responder.log"
says '`crypto map outside_map 20 set ikev2 ipsec-proposal OLD NEW`'

# ---- what touches others, and what is to be turned off again ----
run 0 "$samples/wrong-key-every-minute"
says 'when done: `undebug all`, `debug crypto condition reset`; the `clear` takes all tunnels with that peer down for a moment'
run 0 -f json "$samples/log-paused"
says '`configure terminal` / `logging buffered 10000000 debugging` / `no logging console`'
says '`end`, then `debug crypto condition peer'
run 0 "$samples/replayed-esp"
says 'this is global: it holds for every tunnel'

# ---- nobody's address is no peer's ----
cat >cac.log <<'END'
Jun 12 2026 02:50:33 fw1 : %ASA-4-750003: Local:0.0.0.0:0 Remote:0.0.0.0:0 Username:Unknown IKEv2 Negotiation aborted due to ERROR: Maximum number of retransmissions reached
Jun 12 2026 02:50:33 fw1 : %ASA-4-751015: Local:0.0.0.0:0 Remote:0.0.0.0:0 Username:Unknown SA request rejected by CAC. Reason: IN-NEGOTIATION SA LIMIT REACHED
END
run 0 cac.log
says 'Turned away by a limit on SAs'
never 'peer 0.0.0.0'
never 'end 0.0.0.0'

# ---- a tunnel that comes and goes: the cause first, the address once, filled in ----
for hour in 0 1 2 3 4; do
    cat <<END
Jun 12 0$hour:10:01 rtr 100$hour: Jun 12 0$hour:10:01.221 UTC: %CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is UP.  Peer 198.51.100.10:4500       Id: hub.example.net
Jun 12 0$hour:14:31 rtr 100$hour: Jun 12 0$hour:14:31.521 UTC: %CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is DOWN.  Peer 198.51.100.10:4500       Id: hub.example.net
Jun 12 0$hour:14:40 rtr 100$hour: Jun 12 0$hour:14:40.521 UTC: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=203.0.113.77, prot=50, spi=0xB1C2D3E4(2982335460), srcaddr=198.51.100.10, input interface=GigabitEthernet0/0/0
END
done >flap.log
run 0 flap.log
sed '/^Further/,$d' out | grep -q 'again and again' || complain "flap.log: its headline is the consequence"
says 'It was up for 4 min 30 s each time, and began anew every 1 h 00 min'
never '198.51.100.10, 198.51.100.10'
never 'PEER-ADDRESS'

# ---- the better end comes first ----
run 0 "$logs/ios15-ike-proposal-mismatch-responder.log"
sed -n '/^ *fix /,/^IKE SAs/p' out | awk '/better here/ { b = NR } /second best/ { if (!b) exit 1 }' ||
    complain "the second best is said before the best"

# ---- show output ----
cat >session.txt <<'END'
R1#show crypto session detail
Crypto session current status

Interface: Tunnel0
Session status: DOWN-NEGOTIATING
Peer: 203.0.113.9 port 500 fvrf: (none) ivrf: (none)
      Desc: (none)
      Phase1_id: (none)
  Session ID: 0
  IKEv2 SA: local 198.51.100.9/500 remote 203.0.113.9/500 Inactive
          Capabilities:U connid:1 lifetime:0
  IPSEC FLOW: permit 47 host 198.51.100.9 host 203.0.113.9
        Active SAs: 0, origin: crypto map
        Inbound:  #pkts dec'ed 0 drop 0 life (KB/Sec) 0/0
        Outbound: #pkts enc'ed 0 drop 41 life (KB/Sec) 0/0
R1#show crypto ikev2 sa
 IPv4 Crypto IKEv2  SA

Tunnel-id Local                 Remote                fvrf/ivrf            Status
1         198.51.100.9/500      203.0.113.9/500       none/none            IN-NEG
      Encr: Unknown - 0, PRF: Unknown - 0, Hash: None, DH Grp:0, Auth sign: Unknown - 0, Auth verify: Unknown - 0
      Life/Active Time: 86400/0 sec
END
run 0 session.txt
says '1 IKE SA between 1 pair of peers'
run 0 "$samples"/shown-beside-a-capture/*.show
never 'IP protocol 50, or UDP 4500 behind NAT'

# ---- the group that was asked for is in the log, though no line calls it PFS ----
grep -v 'PFS configured' "$logs/iosxe16-child-rekey-refused-initiator.log" >rekey.log
run 0 rekey.log
says 'has group 14'
never 'some group'

# ---- selectors that were refused: the new entry, and the old one goes out only where nothing else needs its line ----
lists=$samples/acls-do-not-mirror mirrored=$samples/../tests/cases/crypto-acl-not-mirrored
new='`permit ip 10.3.0.0 0.0.255.255 10.1.0.0 0.0.255.255`'
mkdir refused && cp "$lists"/r* refused
sed -i 's/^ permit ip 10.1.*/ permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255\n&/' refused/r1.cfg
run 0 refused # it lacks one, and has none too many
says "\`ip access-list extended VPN\` / $new; see"
says 'the crypto ACL VPN here'
cp "$lists"/r1.cfg refused
sed -i 's/^crypto map CMAP 10 ipsec-isakmp/crypto dynamic-map DYN 10/; /^ set peer/d; s/^ip access-list/crypto map CMAP 10 ipsec-isakmp dynamic DYN\n!\n&/
    s/^ permit ip .*/ permit ip 10.3.0.0 0.0.255.255 10.7.0.0 0.0.255.255/; s/address 192.0.2.1/address 0.0.0.0/; s/0.0.0.0 255.255.255.255/0.0.0.0/
    s/^  address 0.0.0.0$/& 0.0.0.0/' refused/r2.cfg
run 0 refused # the entry is of another branch
says "$new; see"
never '`no permit'
never 'permit ip 10.7'
cp "$lists"/r2.cfg refused
sed -i 's/^ip access-list/crypto map CMAP 20 ipsec-isakmp\n set peer 192.0.2.7\n set transform-set TS\n match address VPN\n!\n&/' refused/r2.cfg
run 0 refused # of another peer
says "$new; see"
never '`no permit'
rm refused/* && cp "$mirrored"/* refused
for members in '10.21.0.0 10.30.0.0' '10.30.0.0 10.21.0.0'; do
    sed "s/^access-list outside_cryptomap_1 .*/object-group network REMOTES\n network-object ${members/ / 255.255.255.0\\n network-object } 255.255.255.0\n$(
        )access-list outside_cryptomap_1 extended permit ip 10.10.0.0 255.255.255.0 object-group REMOTES/" "$mirrored"/asa.cfg >refused/asa.cfg
    sed 's/^ permit ip 10.20.*/&\n permit ip 10.30.0.0 0.0.0.255 10.10.0.0 0.0.0.255/' "$mirrored"/rtr.cfg >refused/rtr.cfg
    run 0 refused # one member of a group
    says '`access-list outside_cryptomap_1 extended permit ip 10.10.0.0 255.255.255.0 10.20.0.0 255.255.255.0` (what it replaces'
    never '`no access-list'
    run 0 refused/*.cfg # and without the logs
    says '`permit ip 10.21.0.0 0.0.0.255 10.10.0.0 0.0.0.255`'
    never '`no access-list'
done

# ---- a capture of requests alone: who asked whom, how often, what to look at; and no key where none would help ----
wire=$samples/eap-refused-on-the-wire/wire.pcap
head -c $((24 + 16 + $(od -An -tu4 -j32 -N4 "$wire"))) "$wire" >request.pcap
run 0 request.pcap
says 'The initiator 10.0.0.1 sent its IKE_SA_INIT request to the responder 10.0.0.2 once, and no answer passes this point'
says 'It is the last packet of the capture'
never '`-k FILE`'
run 0 --until 2026-11-28T09:40:49.640Z "$wire" # the user cut it
never 'The capture shows a request and no answer'

# ---- exit status, explain, diff ----
printf '%s\n' '*Jun 12 09:14:22.331: ISAKMP-ERROR: (0):Phase 1 SA policy proposal not accepted' >v1.log
run 3 v1.log
run 0 r1.cfg
for words in fvrf ivrf 'mirror image' 'proxy identities not supported' 'no IPSEC cryptomap exists for local address' 'Crypto tunnel v2 is DOWN' \
    %ASA-3-713902 IN-NEG 'ident mismatch' 'key len' CurState ESP_TFC_NO_SUPPORT NON_FIRST_FRAGS 'IPSEC FLOW' '#pkts encaps' '#pkts decaps' \
    'send errors' 'recv errors' current_peer 'local ident' KMI QM_IDLE MM_NO_STATE 'window size' CAC 'call admission' 'crypto session' \
    i0:f0 'VRF i0:f0' MsgID 'Message id' SKEYSEED 'Computing DH secret' 'mismatch in identity' 'authorization policy' 'invalid certificate'; do
    run 0 explain "$words"
    says 'means'
done
run 0 diff hub.log branch.log
says 'good is not good: its attempt failed'
run 0 diff "$samples/up-psk" hub.log
never 'good is not good'

[ "$bad" -eq 0 ] && echo "what is to be typed: all as it should be"
exit $((bad > 0))
