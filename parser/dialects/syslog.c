/* Syslog messages of IOS (%CRYPTO-…, %IKEV2-…) and of ASA and FTD. An ASA message is looked up by its number alone, with
 * the severity taken out: "750003 Local:…". */
#include "parser/dialect.h"

#define WHO     "Local: ?(?<local>\\S+?:\\d+) Remote: ?(?<remote>\\S+?:\\d+) Username: ?(?<username>.*?) "
#define BETWEEN "(?: between (?<local>[^,\\s]+) and (?<remote>[^,\\s]+))?"

#define REJECTED "Rejected ?: reason = (?<reason>.*?) ?:.*?[uU]ser = (?<username>\\S+)( : user IP = (?<remote>\\S+))?"
#define INVALID_SPI                                                                                                              \
    "destaddr=(?<destination>[^,\\s]+), prot=(?<protocol_number>\\d+), spi=(?<spi>[^(),\\s]+)\\(\\d+\\), "                       \
    "srcaddr=(?<source>[^,\\s]+)(, input interface=(?<interface>\\S+))?"
#define CLEAR_TEXT                                                                                                               \
    "dest_addr= ?(?:[^/,]*/)?(?<destination>[^,\\s]+), src_addr= ?(?<source>[^,\\s]+)(, prot= ?(?<protocol_number>\\d+))?"
#define MAP_ENTRY "Map Tag *= *(?<crypto_map>\\S+?)\\.\\s+Map Sequence Number *= *(?<seq>\\d+)"

/* A filter's line counts where it is about IKE (UDP 500, 4500) or ESP. */
#define IOS_DENIED                                                                                                               \
    "list (?<list>\\S+) denied udp (?<source>[^/()\\s]+)\\(\\d+\\)(?: \\(.*?\\))? -> "                                           \
    "(?<destination>[^/()\\s]+)\\((?<port>500|4500)\\)"
#define IOS_DENIED_ESP                                                                                                           \
    "list (?<list>\\S+) denied (?<port>50|esp) (?<source>[^/()\\s]+)(?: \\(.*?\\))? -> (?<destination>[^/()\\s]+)"
#define TO_THE_BOX " from (?<source>[^/()\\s]+)/\\d+ to (?<interface>[^:\\s]+):(?<destination>[^/()\\s]+)/(?<port>500|4500)\\b"

/* {anchor, pattern, code, sample} */
static const struct phrase phrases[] = {
    { "%CRYPTO-5-IKEV2_SESSION_STATUS",
      "is UP\\.\\s+Peer (?<remote>\\S+?)(?:\\s+f_vrf: *(?<fvrf_name>\\S+))?(?:\\s+i_vrf: *(?<ivrf_name>\\S+))?\\s+Id:"
      "(?: (?<id>\\S.*)|\\s*$)",
      CODE_SESSION_UP, "%CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is UP.  Peer 10.0.0.2:500       Id: 10.0.0.2" },
    { "%CRYPTO-5-IKEV2_SESSION_STATUS",
      "is DOWN\\.\\s+Peer (?<remote>\\S+?)(?:\\s+f_vrf: *(?<fvrf_name>\\S+))?(?:\\s+i_vrf: *(?<ivrf_name>\\S+))?\\s+Id:"
      "(?: (?<id>\\S.*)|\\s*$)",
      CODE_SESSION_DOWN, "%CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is DOWN.  Peer 10.0.0.2:500       Id: 10.0.0.2" },
    { "%CRYPTO-5-SESSION_STATUS", "is UP\\.\\s+Peer (?<remote>\\S+)", CODE_SESSION_UP,
      "%CRYPTO-5-SESSION_STATUS: Crypto tunnel is UP.  Peer 10.0.0.2:500  Id: x" },
    { "%CRYPTO-5-SESSION_STATUS", "is DOWN\\.\\s+Peer (?<remote>\\S+)", CODE_SESSION_DOWN,
      "%CRYPTO-5-SESSION_STATUS: Crypto tunnel is DOWN.  Peer 10.0.0.2:500  Id: x" },
    { "%FLEXVPN-6-FLEXVPN_CONNECTION_UP", "Client_public_addr *= *(?<local>\\S+) +Server_public_addr *= *(?<remote>\\S+)",
      CODE_SESSION_UP,
      "%FLEXVPN-6-FLEXVPN_CONNECTION_UP: FlexVPN(FV) Client_public_addr = 10.0.0.1 Server_public_addr = 10.0.0.2 "
      "Assigned_Tunnel_v4_addr = 172.16.0.9" },
    { "%FLEXVPN-6-FLEXVPN_CONNECTION_DOWN", "Client_public_addr *= *(?<local>\\S+) +Server_public_addr *= *(?<remote>\\S+)",
      CODE_SESSION_DOWN,
      "%FLEXVPN-6-FLEXVPN_CONNECTION_DOWN: FlexVPN(FV) Client_public_addr = 10.0.0.1 Server_public_addr = 10.0.0.2" },
    { "%TUN-5-RECURDOWN", "(?<interface>Tunnel\\S+) temporarily", CODE_ROUTER_TROUBLE,
      "%TUN-5-RECURDOWN: Tunnel0 temporarily disabled due to recursive routing" },
    { "%PKI-2-NON_AUTHORITATIVE_CLOCK", NULL, CODE_ROUTER_TROUBLE,
      "%PKI-2-NON_AUTHORITATIVE_CLOCK: PKI functions can not be initialized until an authoritative time source, like NTP, can be "
      "obtained." },
    { "%CERM-4-TX_BW_LIMIT", "limit of (?<count>\\d+)", CODE_ROUTER_TROUBLE,
      "%CERM-4-TX_BW_LIMIT: Maximum Tx Bandwidth limit of 85000 Kbps reached for Crypto functionality" },
    { "%CERM-4-RX_BW_LIMIT", "limit of (?<count>\\d+)", CODE_ROUTER_TROUBLE,
      "%CERM-4-RX_BW_LIMIT: Maximum Rx Bandwidth limit of 85000 Kbps reached for Crypto functionality" },
    { "%CRYPTO-3-IKE_PAK_IN_Q_TIME_LIMIT_EXCEED", NULL, CODE_ROUTER_TROUBLE,
      "%CRYPTO-3-IKE_PAK_IN_Q_TIME_LIMIT_EXCEED: Pak spent too much time in the IKE input queues" },
    { "%IP-4-DUPADDR", "Duplicate address (?<address>\\S+) on (?<interface>[^,\\s]+)", CODE_ROUTER_TROUBLE,
      "%IP-4-DUPADDR: Duplicate address 10.0.0.1 on GigabitEthernet1, sourced by 0011.2233.4455" },
    { "%SYS-2-MALLOCFAIL", NULL, CODE_ROUTER_TROUBLE,
      "%SYS-2-MALLOCFAIL: Memory allocation of 65536 bytes failed from 0x42, alignment 0" },
    { "%IOSXE_QFP-2-LOAD_EXCEED", NULL, CODE_ROUTER_TROUBLE,
      "%IOSXE_QFP-2-LOAD_EXCEED: Slot: 0, QFP:0, Load 98% exceeds the setting threshold(80%)." },
    { "%SYS-5-RESTART", NULL, CODE_ROUTER_RESTARTED, "%SYS-5-RESTART: System restarted --" },
    { "%SYS-1-CPURISINGTHRESHOLD", NULL, CODE_ROUTER_TROUBLE,
      "%SYS-1-CPURISINGTHRESHOLD: Threshold: Total CPU Utilization(Total/Intr): 99%/3%" },
    { "%HSRP-5-STATECHANGE", "(?<interface>\\S+) Grp (?<group>\\d+) state (?<status>\\S+ -> \\S+)", CODE_ROUTER_TROUBLE,
      "%HSRP-5-STATECHANGE: GigabitEthernet1 Grp 1 state Active -> Speak" },
    { "%IP_VFR-4-FRAG_TABLE_OVERFLOW", "^\\S+ (?<interface>[^:\\s]+)", CODE_ROUTER_TROUBLE,
      "%IP_VFR-4-FRAG_TABLE_OVERFLOW: GigabitEthernet1: the fragment table has reached its maximum threshold 16" },
    { "%IP_VFR-4-TOO_MANY_FRAGMENTS", "^\\S+ (?<interface>[^:\\s]+)", CODE_ROUTER_TROUBLE,
      "%IP_VFR-4-TOO_MANY_FRAGMENTS: GigabitEthernet1: Too many fragments per datagram" },
    { "%DHCP-6-ADDRESS_ASSIGN", "Interface (?<interface>\\S+) assigned DHCP address (?<address>[^,\\s]+)", CODE_ROUTER_TROUBLE,
      "%DHCP-6-ADDRESS_ASSIGN: Interface GigabitEthernet1 assigned DHCP address 10.0.0.7, mask 255.255.255.0, hostname r1" },
    { "%VPN_HW-1-", NULL, CODE_ROUTER_TROUBLE, "%VPN_HW-1-PACKET_ERROR: slot: 0 Packet Encryption/Decryption error" },
    { "%SEC-6-IPACCESSLOGP", IOS_DENIED, CODE_PACKET_DENIED,
      "%SEC-6-IPACCESSLOGP: list WAN-IN denied udp 10.0.0.2(500) (GigabitEthernet1 ) -> 10.0.0.1(500), 1 packet" },
    { "%SEC-6-IPACCESSLOGNP", IOS_DENIED_ESP, CODE_PACKET_DENIED,
      "%SEC-6-IPACCESSLOGNP: list WAN-IN denied 50 10.0.0.2 -> 10.0.0.1, 1 packet" },
    { "%FMANFP-6-IPACCESSLOGP", IOS_DENIED, CODE_PACKET_DENIED,
      "%FMANFP-6-IPACCESSLOGP: SIP0: fman_fp_image: list WAN-IN denied udp 10.0.0.2(500) -> 10.0.0.1(500), 1 packet" },
    { "%FMANFP-6-IPACCESSLOGNP", IOS_DENIED_ESP, CODE_PACKET_DENIED,
      "%FMANFP-6-IPACCESSLOGNP: SIP0: fman_fp_image: list WAN-IN denied 50 10.0.0.2 -> 10.0.0.1, 1 packet" },
    { "%IPV6_ACL-6-ACCESSLOGP", IOS_DENIED, CODE_PACKET_DENIED,
      "%IPV6_ACL-6-ACCESSLOGP: list WAN6/20 denied udp 2001:DB8::2(500) -> 2001:DB8::1(500), 1 packet" },
    { "%FW-6-DROP_PKT",
      "udp (?:session|pkt from \\S+) (?<source>\\S+):\\d+ (?:=> )?(?<destination>\\S+):(?<port>500|4500)\\b"
      "(?:.*?(?:zone-pair |target:class\\)-\\()(?<zone_pair>[^:\\s]+))?",
      CODE_PACKET_DENIED,
      "%FW-6-DROP_PKT: Dropping udp session 10.0.0.2:500 10.0.0.1:500 on zone-pair OUT-SELF class class-default due to DROP "
      "action" },
    { "%CRYPTO-6-ISAKMP_ON_OFF", "ISAKMP is (?<status>ON|OFF)", CODE_CRYPTO_ON_OFF, "%CRYPTO-6-ISAKMP_ON_OFF: ISAKMP is OFF" },
    { "%CRYPTO-4-RECVD_PKT_INV_SPI", INVALID_SPI, CODE_IPSEC_INVALID_SPI,
      "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=150.1.1.1, prot=50, "
      "spi=0x72662541(1919296833), srcaddr=150.3.1.3" },
    { "%CRYPTO-4-IKE_DENY_SA_REQ", "INCOMING SA request from (?<remote>\\S+) to (?<local>\\S+)( due to (?<reason>.*))?",
      CODE_REQUEST_REJECTED,
      "%CRYPTO-4-IKE_DENY_SA_REQ: IKE denied an INCOMING SA request from 10.0.0.2 to 10.0.0.1 due to IKE SA LIMIT REACHED" },
    { "%CRYPTO-4-IKE_DENY_SA_REQ", "OUTGOING SA request from (?<local>\\S+) to (?<remote>\\S+)( due to (?<reason>.*))?",
      CODE_REQUEST_REJECTED,
      "%CRYPTO-4-IKE_DENY_SA_REQ: IKE denied an OUTGOING SA request from 10.0.0.1 to 10.0.0.2 due to SYSTEM RESOURCE LOW" },
    { "%CRYPTO-4-PKT_REPLAY_ERR", NULL, CODE_IPSEC_REPLAY, "%CRYPTO-4-PKT_REPLAY_ERR: decrypt: replay check failed" },
    { "%CRYPTO-4-RECVD_PKT_MAC_ERR", NULL, CODE_IPSEC_ICV,
      "%CRYPTO-4-RECVD_PKT_MAC_ERR: decrypt: mac verify failed for connection id=1" },
    { "%CRYPTO-4-RECVD_PKT_NOT_IPSEC", CLEAR_TEXT, CODE_CLEAR_TEXT_RECEIVED,
      "%CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /10.0.0.1, src_addr= 10.0.0.2, prot= "
      "1" },
    { "%CRYPTO-4-RECVD_PKT_NOT_IPSEC", NULL, CODE_CLEAR_TEXT_RECEIVED,
      "%CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet." },
    { "%IPSEC-3-RECVD_PKT_NOT_IPSEC", CLEAR_TEXT, CODE_CLEAR_TEXT_RECEIVED,
      "%IPSEC-3-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet, dest_addr= 10.0.0.1, src_addr= 10.0.0.2, prot= 1" },
    { "%IPSEC-3-RECVD_PKT_INV_SPI", INVALID_SPI, CODE_IPSEC_INVALID_SPI,
      "%IPSEC-3-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=150.1.1.1, prot=50, "
      "spi=0x72662541(1919296833), srcaddr=150.3.1.3" },
    { "%CRYPTO-6-IKMP_NO_ID_CERT", "ID of (?<id>\\S+).*?certificate \\w+ with(?: (?<address>\\S+))?", CODE_ID_NOT_IN_CERT,
      "%CRYPTO-6-IKMP_NO_ID_CERT_ADDR_MATCH: ID of 10.0.0.2 (type 1) and certificate addr with 10.9.9.2" },
    { "%CRYPTO-6-IKMP", NULL, CODE_IKEV1, "%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Main mode failed with peer at 10.0.0.2" },
    { "%CRYPTO-4-IKMP", NULL, CODE_IKEV1,
      "%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 10.0.0.2 failed its sanity check or is malformed" },
    { "%IPSEC-3-REPLAY_ERROR", NULL, CODE_IPSEC_REPLAY, "%IPSEC-3-REPLAY_ERROR: IPSec SA receives anti-replay error" },
    { "%IPSEC-3-HMAC_ERROR", NULL, CODE_IPSEC_ICV, "%IPSEC-3-HMAC_ERROR: IPSec SA receives HMAC error" },
    { "%IOSXE-3-PLATFORM", "(?i)replay", CODE_IPSEC_REPLAY,
      "%IOSXE-3-PLATFORM: F0: cpp_cp: %IPSEC-3-REPLAY_ERROR: IPSec SA receives anti-replay error" },
    { "%IOSXE-3-PLATFORM", "%IPSEC-3-RECVD_PKT_INV_SPI.*" INVALID_SPI, CODE_IPSEC_INVALID_SPI,
      "%IOSXE-3-PLATFORM: F0: cpp_cp: %IPSEC-3-RECVD_PKT_INV_SPI: rec'd IPSEC packet has invalid spi for destaddr=150.1.1.1, "
      "prot=50, spi=0x72662541(1919296833), srcaddr=150.3.1.3" },
    { "%IOSXE-3-PLATFORM", "%IPSEC-3-RECVD_PKT_NOT_IPSEC.*" CLEAR_TEXT, CODE_CLEAR_TEXT_RECEIVED,
      "%IOSXE-3-PLATFORM: F0: cpp_cp: %IPSEC-3-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet, dest_addr= 10.0.0.1, "
      "src_addr= 10.0.0.2, prot= 1" },
    { "%CERM-4-TUNNEL_LIMIT", "(?i)limit of (?<count>\\d+)", CODE_LICENCE_LIMIT,
      "%CERM-4-TUNNEL_LIMIT: Maximum tunnel limit of 225 reached for Crypto functionality with securityk9 technology package "
      "license." },
    { "%IKEV2-3-", "no (IPSEC|IPsec) policy found for received TS", CODE_TS_REFUSED,
      "%IKEV2-3-NO_IPSEC_POLICY: There was no IPSEC policy found for received TS" },
    { "%IKEV2-3-", NULL, CODE_FAILURE, "%IKEV2-3-SOMETHING: text" },
    { "%IKEV2-3-NEG_ABORT", "(ERROR|reason): ?(?<reason>.*)", CODE_NEGOTIATION_ABORTED,
      "%IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: Auth exchange failed" },
    { "%IKEV2-5-RECV_CONNECTION_REQUEST", NULL, CODE_REQUEST_RECEIVED,
      "%IKEV2-5-RECV_CONNECTION_REQUEST: Received a IKE_INIT_SA request" },
    { "%IKEV2-5-SA_REJECTED", NULL, CODE_REQUEST_REJECTED, "%IKEV2-5-SA_REJECTED_CAC_LIMIT: SA rejected due to CAC limit" },
    { "%CRYPTO-4-IKEV2_DENY_SA_REQ", NULL, CODE_REQUEST_REJECTED, "%CRYPTO-4-IKEV2_DENY_SA_REQ: SA request denied" },
    { "%IKEV2-", "^%IKEV2-\\d-SA_REJECTED", CODE_REQUEST_REJECTED,
      "%IKEV2-4-SA_REJECTED_RSRC_LOW: SA rejected due to low resources" },
    { "%IKEV2-", "^%IKEV2-\\d-\\w*COOKIE", CODE_COOKIE_SENT, "%IKEV2-5-COOKIE_CHALLENGE: Sending COOKIE challenge" },
    { "%CRYPTO-5-",
      "_SETUP_FAILURE.* local:(?<local>\\S+) .*remote:(?<remote>\\S+) .*fail_reason: ?(?<reason>.*?) *(fail_class|$)",
      CODE_NEGOTIATION_ABORTED,
      "%CRYPTO-5-IPSEC_SETUP_FAILURE: IPSEC SETUP FAILED for local:10.0.0.1 local_id:10.0.0.1 remote:10.0.0.2 remote_id:10.0.0.2 "
      "IKE profile:P fvrf:None fail_reason:IPSec Proposal failure fail_class_cnt:14" },
    { "%IKEV2-5-SA_UP", NULL, CODE_SA_CREATED, "%IKEV2-5-SA_UP: SA UP" },
    { "%IKEV2-5-SA_DOWN", NULL, CODE_SESSION_DOWN, "%IKEV2-5-SA_DOWN: SA DOWN" },
    { "%IKEV2-5-OSAL_INITIATE_TUNNEL", NULL, CODE_TUNNEL_REQUESTED,
      "%IKEV2-5-OSAL_INITIATE_TUNNEL: Received request to establish an IPsec tunnel" },
    { "%LINEPROTO-5-UPDOWN", "Interface (?<interface>\\S+), changed state to (?<status>\\w+)", CODE_INTERFACE_CHANGED,
      "%LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel0, changed state to up" },
    { "%LINK-3-UPDOWN", "Interface (?<interface>\\S+), changed state to (?<status>\\w+)", CODE_INTERFACE_CHANGED,
      "%LINK-3-UPDOWN: Interface Ethernet0/0, changed state to down" },
    { "411", "nterface (?<interface>[^\\s,]+), changed state to (?<status>.+)", CODE_INTERFACE_CHANGED,
      "411002 Line protocol on Interface outside, changed state to down" },
    { "%LINK-5-CHANGED", "Interface (?<interface>[^\\s,]+), changed state to (?<status>.+)", CODE_INTERFACE_CHANGED,
      "%LINK-5-CHANGED: Interface Tunnel0, changed state to administratively down" },
    { "%SYS-5-CONFIG_I", NULL, CODE_CONFIG_CHANGED, "%SYS-5-CONFIG_I: Configured from console by console" },
    { "%SYS-6-CLOCKUPDATE", "updated from (?<from>.+?) to (?<to>.+?), configured", CODE_CLOCK_SET,
      "%SYS-6-CLOCKUPDATE: System clock has been updated from 00:04:00 UTC Sun Mar 1 2026 to 08:14:03 UTC Tue May 12 2026, "
      "configured from console by console." },
    { "771002", "before: (?<from>.+?),? after: (?<to>.+)", CODE_CLOCK_SET,
      "771002 CLOCK: System clock set, source: NTP, IP 10.0.0.9, before: 10:00:01.000 UTC Tue May 12 2026, after: 10:07:03.123 "
      "UTC "
      "Tue May 12 2026" },
    { "%SYS-3-LOGGER_DROPPED", "dropped (?<count>\\d+)", CODE_RATE_LIMITED,
      "%SYS-3-LOGGER_DROPPED: System dropped 55 console debug messages." },
    { "%SYS-3-MSGLOST", "(?<count>\\d+) messages? lost", CODE_RATE_LIMITED,
      "%SYS-3-MSGLOST: 12 messages lost because of queue overflow" },
    { "%SYS-6-LOGGINGHOST", NULL, CODE_STEP, "%SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 10.0.0.9 started" },
    { "%PKI-3-CERTIFICATE_INVALID_EXPIRED", NULL, CODE_CERT_EXPIRED,
      "%PKI-3-CERTIFICATE_INVALID_EXPIRED: Certificate chain validation has failed." },
    { "%PKI-3-CERTIFICATE_INVALID_NOT_YET_VALID", NULL, CODE_CERT_EXPIRED,
      "%PKI-3-CERTIFICATE_INVALID_NOT_YET_VALID: Certificate chain validation has failed." },
    { "%PKI-3-CRL_FETCH_FAIL", "trustpoint (?<trustpoint>\\S+)", CODE_CRL_UNREACHABLE,
      "%PKI-3-CRL_FETCH_FAIL: CRL fetch for trustpoint TP failed" },
    { "%PKI-3-CERTIFICATE_REVOKED", NULL, CODE_CERT_REVOKED,
      "%PKI-3-CERTIFICATE_REVOKED: Certificate chain validation has failed." },
    { "%PKI-3-CERTIFICATE_INVALID", NULL, CODE_CERT_FAILED,
      "%PKI-3-CERTIFICATE_INVALID: Certificate chain validation has failed." },
    { "%PKI-", NULL, CODE_PKI_STEP, "%PKI-6-CONFIGAUTOSAVE: Running configuration saved to NVRAM" },
    { "%CRYPTO-", NULL, CODE_STEP, "%CRYPTO-6-GDOI_ON_OFF: GDOI is OFF" },
    { "%IKEV2-", NULL, CODE_STEP_SESSION, "%IKEV2-7-SOMETHING: text" },
    /* ASA and FTD */
    { "750001", WHO "(?<reason>.*)", CODE_TUNNEL_REQUESTED,
      "750001 Local:10.0.0.1:500 Remote:10.0.0.2:500 Username:Unknown IKEv2 Received request to establish an IPsec tunnel" },
    { "750002", WHO "(?<reason>.*)", CODE_REQUEST_RECEIVED,
      "750002 Local:10.0.0.1:500 Remote:10.0.0.2:500 Username:Unknown IKEv2 Received a IKE_INIT_SA request" },
    { "750003", WHO ".*ERROR: ?(?<reason>.*)", CODE_NEGOTIATION_ABORTED,
      "750003 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:User1 IKEv2 Negotiation aborted due to ERROR: Failed to authenticate "
      "the IKE SA" },
    { "750004", WHO, CODE_COOKIE_SENT,
      "750004 Local:10.0.0.1:500 Remote:10.0.0.2:500 Username:Unknown IKEv2 Sending COOKIE challenge to throttle possible DoS" },
    { "750005", WHO, CODE_REKEY_COLLISION,
      "750005 Local:10.0.0.1:500 Remote:10.0.0.2:500 Username:Unknown IKEv2 IPsec rekey collision detected." },
    { "750006", WHO ".*Reason: ?(?<reason>.*)", CODE_SA_CREATED,
      "750006 Local:2.2.2.2:4500 Remote:1.1.1.1:55543 Username:admin IKEv2 SA UP. Reason: New Connection Established" },
    { "750007", WHO ".*Reason: ?(?<reason>.*)", CODE_SESSION_DOWN,
      "750007 Local:2.2.2.2:4500 Remote:1.1.1.1:55543 Username:admin IKEv2 SA DOWN. Reason: peer lost" },
    { "750008", WHO, CODE_REQUEST_REJECTED,
      "750008 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:Unknown IKEv2 SA rejected due to system resource low" },
    { "750009", WHO, CODE_REQUEST_REJECTED,
      "750009 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:Unknown IKEv2 SA request rejected due to CAC limit reached: x" },
    { "750010", WHO, CODE_STEP_SESSION,
      "750010 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:Unknown IKEv2 Local throttle-request queue depth threshold of 100 "
      "reached; increase the window size on peer 1.1.1.1 for better performance" },
    { "750011", "algorithm \\((?<ike_encryption>[^()]*)\\).*algorithm \\((?<ipsec_encryption>[^()]*)\\)",
      CODE_ENCRYPTION_TOO_WEAK,
      "750011 Tunnel Rejected: Selected IKEv2 encryption algorithm (AES-CBC-128) is not strong enough to secure proposed IPSEC "
      "encryption algorithm (AES-CBC-256)." },
    { "750012", WHO ".*algorithm \\((?<ike_encryption>[^()]*)\\).*algorithm \\((?<ipsec_encryption>[^()]*)\\)",
      CODE_ENCRYPTION_TOO_WEAK,
      "750012 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Selected IKEv2 encryption algorithm (AES-CBC-128) is not strong "
      "enough to secure proposed IPSEC encryption algorithm (AES-CBC-256)." },
    { "750012", "algorithm \\((?<ike_encryption>[^()]*)\\).*algorithm \\((?<ipsec_encryption>[^()]*)\\)",
      CODE_ENCRYPTION_TOO_WEAK,
      "750012 Selected IKEv2 encryption algorithm (AES-CBC-128) is not strong enough to secure proposed IPSEC encryption "
      "algorithm (AES-CBC-256)." },
    { "750014", WHO, CODE_SESSION_DOWN,
      "750014 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x IKEv2 Session aborted. Reason: Initial Contact received" },
    { "750015", WHO ".*(?<reason>invalid SPI.*)", CODE_PEER_LACKS_SPI,
      "750015 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x IKEv2 deleting IPSec SA. Reason: invalid SPI notification "
      "received" },
    { "750", NULL, CODE_STEP_SESSION, "750099 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x IKEv2 a message of another kind" },
    { "751001", WHO "(?<reason>.*)", CODE_DH_FAILED,
      "751001 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Failed to complete Diffie-Hellman operation. Error: x" },
    { "751002", WHO "(?<reason>.*)", CODE_NO_PSK_FOUND,
      "751002 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x No preshared key or trustpoint configured for self in tunnel group "
      "TG" },
    { "751004", WHO "(?<reason>.*)", CODE_NO_PSK_FOUND,
      "751004 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x No remote authentication method configured for peer in tunnel "
      "group TG" },
    { "751005", WHO "(?<reason>.*)", CODE_AUTH_EXCHANGE_FAILED,
      "751005 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x AnyConnect client reconnect authentication failed." },
    { "751006", WHO "(?<reason>.*)", CODE_CERT_FAILED,
      "751006 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Certificate authentication failed. Error: x" },
    { "751009", WHO "(?<reason>.*)", CODE_TUNNEL_GROUP_NOT_FOUND,
      "751009 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Unable to find tunnel group for peer." },
    { "751010", WHO "(?<reason>.*)", CODE_TUNNEL_GROUP_NOT_FOUND,
      "751010 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Unable to determine self-authentication method. No crypto map "
      "setting or tunnel group found." },
    { "751011", WHO "(?<reason>.*)", CODE_EAP_FAILED,
      "751011 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Failed user authentication. Error: x" },
    { "751012", WHO "(?<reason>.*)", CODE_CONFIG_REFUSED,
      "751012 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Failure occurred during Configuration Mode processing. Error: x" },
    { "751013", WHO "(?<reason>.*)", CODE_CONFIG_REFUSED,
      "751013 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Failed to process Configuration Payload request for attribute 1." },
    { "751016", WHO "(?<reason>.*)", CODE_SAME_ADDRESSES,
      "751016 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x IKEv2 L2L peer initiated a tunnel with the same outer and inner "
      "addresses. Peer could be Originate only - Possible misconfiguration!" },
    { "751008", WHO "(?:.*Group ?= ?(?<group>[^,\\s]+).*)?not enabled in group policy.*", CODE_IKEV2_NOT_ALLOWED,
      "751008 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Group=GP, Tunnel rejected: IKEv2 not enabled in group policy" },
    { "751018", WHO ".*locked to (?<group>\\S+?)\\.?$", CODE_GROUP_LOCKED,
      "751018 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Terminating the VPN connection attempt from GRP-A. Reason: This "
      "connection is group locked to GRP" },
    { "751018", "from (?<remote>[0-9A-Fa-f:.]+[0-9A-Fa-f]).*locked to (?<group>\\S+)", CODE_GROUP_LOCKED,
      "751018 Terminating the VPN connection attempt from 1.1.1.1. Reason: This connection is group locked to GRP" },
    { "751027", WHO ".*SPI *= *(?<spi>[^(),\\s]+).*destination (?<destination>[^,\\s]+),.*source (?<source>[^,\\s]+),",
      CODE_INNER_PACKET_OUTSIDE,
      "751027 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x IKEv2 Received INVALID_SELECTORS Notification from peer. Peer "
      "received a packet (SPI=0xABCD1234). The decapsulated inner packet didn't match the negotiated policy in the SA. Packet "
      "destination 10.1.1.1, port 80, source 10.2.2.2, port 1000, protocol 6" },
    { "751028", WHO "(?<reason>.*)", CODE_STEP_SESSION,
      "751028 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x IKEv2 Overriding configured keepalive values of threshold: "
      "10/retry: 2 to threshold: 300/retry: 10" },
    { "751026", WHO "(?<reason>.*)", CODE_STEP_SESSION,
      "751026 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x IKEv2 Client OS: Windows Client: AnyConnect" },
    { "751015", WHO "(?<reason>.*)", CODE_REQUEST_REJECTED,
      "751015 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x SA request rejected by CAC. Reason: IN-NEGOTIATION SA LIMIT "
      "REACHED" },
    { "751019", WHO "(?<reason>.*)", CODE_REQUEST_REJECTED,
      "751019 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Failed to obtain a license. Maximum license limit exceeded." },
    { "751017", WHO "(?<reason>.*)", CODE_OWN_FAILURE,
      "751017 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Configuration Error x" },
    { "751020", WHO "(?<reason>.*)", CODE_OWN_FAILURE,
      "751020 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x An AnyConnect remote access connection failed. Attempting to use "
      "an "
      "NSA Suite B crypto algorithm (ECDH) without an AnyConnect Premium license." },
    { "751021", WHO "(?<reason>.*)", CODE_OWN_FAILURE,
      "751021 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x with encryption AES-GCM is not supported with this version of the "
      "AnyConnect Client. Please upgrade to the latest AnyConnect Client." },
    { "751022",
      WHO "(?<reason>.*remote traffic selector (?<remote_selector>[^/\\s]+ ?/.*?) local traffic selector "
          "(?<local_selector>[^/\\s]+ ?/[^!]*).*)",
      CODE_CRYPTO_MAP_POLICY_NOT_FOUND,
      "751022 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x IKEv2 Tunnel rejected: Crypto Map Policy not found for remote "
      "traffic selector 10.0.0.0/10.0.0.255/0/65535/0 local traffic selector 10.9.0.0/10.9.0.255/0/65535/0!" },
    { "751022", WHO "(?<reason>.*)", CODE_CRYPTO_MAP_POLICY_NOT_FOUND,
      "751022 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Tunnel rejected: Crypto Map Policy not found for remote traffic "
      "selector 10.0.0.0/255.255.255.0/0/65535/0 local traffic selector x!" },
    { "751023", WHO "(?<reason>.*)", CODE_FAILURE,
      "751023 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Unknown client connection attempt" },
    { "751025", WHO "(?<reason>.*)", CODE_ADDRESS_ASSIGNED,
      "751025 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Group:G IPv4 Address=10.0.0.9 IPv6 address=- assigned to session" },
    { "751", WHO "(?<reason>.*)", CODE_FAILURE,
      "751003 Local:2.2.2.2:500 Remote:1.1.1.1:500 Username:x Need to send a DPD message to peer" },
    { "751", NULL, CODE_FAILURE, "751024 IKEv2 IPv6 User Filter F6 configured. This setting has been deprecated" },
    { "602303", "(?<direction>inbound|outbound).*SPI= ?(?<spi>[^(),\\s]+)\\)" BETWEEN, CODE_IPSEC_SA_CREATED,
      "602303 IPSEC: An outbound LAN-to-LAN SA (SPI= 0x63A278D7) between 10.0.0.1 and 10.0.0.2 (user= x) has been created." },
    { "602304", "(?<direction>inbound|outbound).*SPI= ?(?<spi>[^(),\\s]+)\\)" BETWEEN, CODE_IPSEC_SA_DELETED,
      "602304 IPSEC: An inbound LAN-to-LAN SA (SPI= 0x63A278D7) between 10.0.0.1 and 10.0.0.2 (user= x) has been deleted." },
    { "602305", "source (?<local>[^,\\s]+), destination (?<remote>[^,\\s]+), reason (?<reason>.*)", CODE_IPSEC_FAILED,
      "602305 IPSEC: SA creation error, source 10.0.0.1, destination 10.0.0.2, reason x" },
    { "602", NULL, CODE_IPSEC_STEP, "602306 IPSEC: SA change peer IP error, SPI: 0x63A278D7" },
    { "402114", "SPI= ?(?<spi>[^(),\\s]+)", CODE_IPSEC_INVALID_SPI,
      "402114 IPSEC: Received an ESP packet (SPI= 0x63A278D7, sequence number= 0x1) from 10.0.0.2 to 10.0.0.1 with an invalid "
      "SPI." },
    { "402119", "SPI= ?(?<spi>[^(),\\s]+)", CODE_IPSEC_REPLAY,
      "402119 IPSEC: Received an ESP packet (SPI= 0x63A278D7, sequence number= 0x1) from 10.0.0.2 (user= x) to 10.0.0.1 that "
      "failed anti-replay checking." },
    { "402120", "SPI= ?(?<spi>[^(),\\s]+)", CODE_IPSEC_ICV,
      "402120 IPSEC: Received an ESP packet (SPI= 0x63A278D7, sequence number= 0x1) from 10.0.0.2 (user= x) to 10.0.0.1 that "
      "failed authentication." },
    { "104001", NULL, CODE_ROUTER_TROUBLE, "104001 (Secondary) Switching to ACTIVE - Other unit wants me Active." },
    { "104002", NULL, CODE_ROUTER_TROUBLE, "104002 (Primary) Switching to STANDBY - Other unit wants me Standby." },
    { "199002", NULL, CODE_ROUTER_RESTARTED, "199002 Startup completed. Beginning operation." },
    { "209003", NULL, CODE_ROUTER_TROUBLE,
      "209003 Fragment database limit of 200 exceeded: src = 10.0.0.2, dest = 10.0.0.1, proto = UDP, id = 7" },
    { "209005", NULL, CODE_ROUTER_TROUBLE,
      "209005 Discard IP fragment set with more than 24 elements: src = 10.0.0.2, dest = 10.0.0.1, proto = UDP, id = 7" },
    { "402123", NULL, CODE_ROUTER_TROUBLE,
      "402123 CRYPTO: The hardware accelerator encountered an error (code= Timeout, 1) while executing crypto command" },
    { "405001", "collision from (?<address>[^/\\s]+)/\\S+ on interface (?<interface>\\S+)", CODE_ROUTER_TROUBLE,
      "405001 Received ARP request collision from 10.0.0.1/0011.2233.4455 on interface outside" },
    { "106023",
      "Deny udp src (?<interface>[^:\\s]+):(?<source>[^/()\\s]+)/\\d+.*? dst "
      "[^:\\s]+:(?<destination>[^/()\\s]+)/(?<port>500|4500)\\b.*access-group \"(?<list>[^\"]+)\"",
      CODE_PACKET_DENIED,
      "106023 Deny udp src outside:10.0.0.2/500 dst inside:10.0.0.1/500 by access-group \"outside_in\" [0x0, 0x0]" },
    { "106023",
      "Deny (?:protocol )?(?<port>50|esp) src (?<interface>[^:\\s]+):(?<source>[^/()\\s]+).*? dst "
      "[^:\\s]+:(?<destination>[^/()\\s]+) .*access-group \"(?<list>[^\"]+)\"",
      CODE_PACKET_DENIED,
      "106023 Deny protocol 50 src outside:10.0.0.2 dst inside:10.0.0.1 by access-group \"outside_in\" [0x0, 0x0]" },
    { "106103",
      "access-list (?<list>\\S+) denied (?<protocol>\\S+) for user .*? (?<interface>[^/\\s]+)/(?<source>[^/()\\s]+)[^/]* "
      "[^/\\s]+/(?<destination>[^/()\\s]+)",
      CODE_INNER_DENIED,
      "106103 access-list FIL denied icmp for user '<unknown>' outside/10.2.0.9(8) -> inside/10.1.0.9(0) hit-cnt 1 first hit" },
    { "305013",
      "for (?<protocol>\\S+) src (?<interface>[^:\\s]+):(?<source>[^/()\\s]+)\\S* dst "
      "[^:\\s]+:(?<destination>[^/()\\s]+).*reverse "
      "path",
      CODE_NAT_REVERSE_FAILED,
      "305013 Asymmetric NAT rules matched for forward and reverse flows; Connection for icmp src outside:10.2.0.9 dst "
      "inside:10.1.0.9 (type 8, code 0) denied due to NAT reverse path failure" },
    { "106100",
      "access-list (?<list>\\S+) denied udp (?<interface>[^/\\s]+)/(?<source>[^/()\\s]+)\\(\\d+\\) -> "
      "[^/\\s]+/(?<destination>[^/()\\s]+)\\((?<port>500|4500)\\)",
      CODE_PACKET_DENIED, "106100 access-list OUT denied udp outside/10.0.0.2(500) -> inside/10.0.0.1(500) hit-cnt 1 first hit" },
    { "710003", "UDP access denied by ACL" TO_THE_BOX, CODE_PACKET_DENIED,
      "710003 UDP access denied by ACL from 10.0.0.2/500 to outside:10.0.0.1/500" },
    { "710005", "UDP request discarded" TO_THE_BOX, CODE_PACKET_DENIED,
      "710005 UDP request discarded from 10.0.0.2/500 to outside:10.0.0.1/500" },
    { "402116",
      "SPI= ?(?<spi>[^(),\\s]+).*from (?<remote>\\S+) \\(.*\\) to (?<to>[^\\s]+?)\\..*destination as "
      "(?<destination>[^,\\s]+), its source as (?<source>[^,\\s]+),.*protocol as (?<protocol>[^.\\s]+)\\..*local proxy as "
      "(?<local_proxy>\\S+) and its remote_proxy as (?<remote_proxy>\\S+?)\\.?$",
      CODE_INNER_PACKET_OUTSIDE,
      "402116 IPSEC: Received an ESP packet (SPI= 0xABCD1234, sequence number= 0x11) from 10.0.0.2 (user= 10.0.0.2) to 10.0.0.1. "
      "The decapsulated inner packet doesn't match the negotiated policy in the SA. The packet specifies its destination as "
      "10.1.1.1, its source as 10.9.9.9, and its protocol as icmp. The SA specifies its local proxy as 10.1.0.0/255.255.0.0/ip/0 "
      "and its remote_proxy as 10.2.0.0/255.255.0.0/ip/0." },
    { "402116", NULL, CODE_INNER_PACKET_OUTSIDE,
      "402116 IPSEC: Received an ESP packet from 10.0.0.2. The decapsulated inner packet doesn't match the negotiated policy" },
    { "402117", "from (?<source>\\S+) to (?<destination>\\S+?)\\.?$", CODE_CLEAR_TEXT_RECEIVED,
      "402117 IPSEC: Received a non-IPsec packet (protocol= icmp) from 10.0.0.2 to 10.0.0.1." },
    { "402", NULL, CODE_IPSEC_STEP, "402128 CRYPTO: An attempt to allocate a large memory block failed" },
    { "717009", "(?i)expired|not yet valid", CODE_CERT_EXPIRED,
      "717009 Certificate validation failed. Certificate is expired, serial number: 0A, subject name: cn=x." },
    { "717009", "(?i)revo|CRL", CODE_CERT_REVOKED,
      "717009 Certificate validation failed. Certificate is revoked, serial number: 0A, subject name: cn=x." },
    { "717009", "(?i)trustpoint|issuer", CODE_CERT_TRUSTPOINT_NONE,
      "717009 Certificate validation failed. No suitable trustpoints found to validate certificate serial number: 0A." },
    { "717009", NULL, CODE_CERT_FAILED, "717009 Certificate validation failed. Reason unknown, serial number: 0A." },
    { "717027", "(?i)expired|not yet valid", CODE_CERT_EXPIRED,
      "717027 Certificate chain failed validation. Certificate is expired or not yet valid." },
    { "717027", "(?i)revo|CRL", CODE_CERT_REVOKED,
      "717027 Certificate chain failed validation. Certificate is revoked, serial number: 0A, subject name: cn=x." },
    { "717027", "(?i)trustpoint|issuer", CODE_CERT_TRUSTPOINT_NONE,
      "717027 Certificate chain failed validation. No suitable trustpoint was found to validate chain." },
    { "717027", NULL, CODE_CERT_FAILED, "717027 Certificate chain failed validation. Certificate chain is incomplete." },
    { "717032", NULL, CODE_CRL_UNREACHABLE, "717032 OCSP status check failed. Reason: server is not reachable." },
    { "717037", "subject name: *(?<subject>.*?), issuer_name", CODE_CERT_MAP_NO_GROUP,
      "717037 Tunnel group search using certificate maps failed for peer certificate: serial number: 0A, subject name: cn=x, "
      "issuer_name: cn=ca." },
    { "717", NULL, CODE_PKI_STEP, "717022 Certificate was successfully validated. serial number: 0A, subject name: cn=x." },
    { "752004", "IKEv1\\. +Map Tag *= *(?<crypto_map>\\S+?)\\. +Map Sequence Number *= *(?<seq>\\d+)", CODE_IKEV1_CHOSEN,
      "752004 Tunnel Manager dispatching a KEY_ACQUIRE message to IKEv1.  Map Tag = CMAP.  Map Sequence Number = 2." },
    { "752006", MAP_ENTRY, CODE_CRYPTO_MAP_UNUSABLE,
      "752006 Tunnel Manager failed to dispatch a KEY_ACQUIRE message. Probable mis-configuration of the crypto map or "
      "tunnel-group. Map Tag = CMAP. Map Sequence Number = 2." },
    { "752010", NULL, CODE_CRYPTO_MAP_UNUSABLE, "752010 IKEv2 Doesn't have a proposal specified" },
    { "752017", "crypto map (?<crypto_map>[^,\\s]+), sequence number (?<seq>\\d+)", CODE_CRYPTO_MAP_UNUSABLE,
      "752017 IKEv2 Backup L2L tunnel initiation denied on interface outside matching crypto map CMAP, sequence number 2. "
      "Unsupported configuration." },
    { "752012", "(?<protocol>IKEv[12]) was unsuccessful.*" MAP_ENTRY, CODE_TUNNEL_NOT_SET_UP,
      "752012 IKEv2 was unsuccessful at setting up a tunnel. Map Tag = CMAP. Map Sequence Number = 2." },
    { "752016", "(?<protocol>IKEv[12]) was successful.*" MAP_ENTRY, CODE_TUNNEL_SET_UP,
      "752016 IKEv1 was successful at setting up a tunnel. Map Tag = CMAP. Map Sequence Number = 2." },
    { "752", NULL, CODE_STEP, "752018 Tunnel Manager: a message of another kind" },
    { "714", NULL, CODE_IKEV1, "714002 Group = 10.0.0.2, IP = 10.0.0.2, IKE Initiator starting QM: msg id = 1a2b3c4d" },
    { "715", NULL, CODE_IKEV1, "715046 IP = 10.0.0.2, constructing NAT-Traversal VID ver 03 payload" },
    { "713", NULL, CODE_IKEV1, "713120 Group = 10.0.0.2, IP = 10.0.0.2, PHASE 2 COMPLETED" },
    { "113019",
      "IP = (?<peer_address>[^,\\s]+)(?!.*Session Type: ?(?:SSL|DTLS|Clientless|WebVPN|AnyConnect|IKEv1)).*Reason: "
      "?(?<reason>.*)",
      CODE_SESSION_DOWN,
      "113019 Group = 10.0.0.2, Username = 10.0.0.2, IP = 10.0.0.2, Session disconnected. Session Type: LAN-to-LAN, Duration: "
      "0h:01m:00s, Reason: User Requested" },
    { "113019", NULL, CODE_AAA_STEP, /* of another kind of session */
      "113019 Group = RA, Username = joe, IP = 10.0.0.2, Session disconnected. Session Type: SSL, Duration: 0h:01m:00s, Reason: "
      "User Requested" },
    { "113005", REJECTED, CODE_USER_REJECTED,
      "113005 AAA user authentication Rejected : reason = AAA failure : server = 10.0.0.9 : user = joe : user IP = 10.0.0.2" },
    { "113015", REJECTED, CODE_USER_REJECTED,
      "113015 AAA user authentication Rejected : reason = Invalid password : local database : user = joe : user IP = 10.0.0.2" },
    { "113014", "server = +(?<server>\\S+?)(?: ?: |\\s*$)", CODE_AAA_SERVER_SILENT,
      "113014 AAA authentication server not accessible : server = 10.0.0.9 : user = joe" },
    { "113022", "server (?<server>\\S+) in .*group (?<group>\\S+) as FAILED", CODE_AAA_SERVER_SILENT,
      "113022 AAA Marking RADIUS server 10.0.0.9 in aaa-server group RAD as FAILED" },
    { "%RADIUS-4-RADIUS_DEAD", "server (?<server>[0-9A-Fa-f.:]+?)(?::\\d+,|\\s)", CODE_AAA_SERVER_SILENT,
      "%RADIUS-4-RADIUS_DEAD: RADIUS server 10.0.0.9:1812,1813 is not responding." },
    { "734002", "User (?<username>[^,]+), Addr (?<remote>\\S+): .*records: (?<policy>.*)", CODE_ACCESS_POLICY_ENDS_IT,
      "734002 DAP: User joe, Addr 10.0.0.2: Connection terminated by the following DAP records: Quarantine" },
    { "113029", "User <(?<username>[^>]*)> IP <(?<remote>[^>]*)> .*session limit of (?<count>\\d+)", CODE_OWN_FAILURE,
      "113029 Group <G> User <joe> IP <10.0.0.2> Session could not be established: session limit of 2 reached." },
    { "737", "(?i)no viable|(request|assignment|allocation) failed|failed to|unable to|no address|exhausted", CODE_CONFIG_FAILED,
      "737007 IPAA: Session=0x0001f000, Local pool request failed for tunnel-group 'RA'" },
    { "737", NULL, CODE_CONFIG_STEP, "737026 IPAA: Session=0x0001f000, Client assigned 10.0.9.9 from local pool POOL" },
    { "111", NULL, CODE_CONFIG_CHANGED, "111008 User 'enable_15' executed the 'clear crypto ikev2 sa' command." },
};

const struct dialect dialect_syslog = {
    .name = "syslog",
    .kind = INPUT_SYSLOG,
    .title = "IOS, ASA and FTD syslog messages",
    PHRASES(phrases),
};
