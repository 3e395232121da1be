/* Show readers on what arrives in practice: wrapped lines, stripped indentation, prompts, odd blocks, nothing. */
#include "parser/fields.h"
#include "sections.h"
#include "test.h"

static struct model *m;
static struct arena *scratch;
static struct section last;

static const struct fact *read_show(const char *command, const char *text)
{
    if (m)
        model_destroy(m);
    arena_destroy(scratch);
    m = model_create();
    scratch = arena_create();
    last = section_of(m, scratch, text_of(text), command);
    const struct section_reader *r = reader_for(command);
    CHECK(r != NULL);
    if (r)
        r->read(&last);
    return m->records ? m->records->facts : NULL;
}

static struct text addr(const struct fact *facts, const char *name)
{
    const struct fact *f = fact_find(facts, name);
    return f && f->kind == FACT_ADDRESS ? address_text(f->as.address, scratch) : TEXT("");
}

static void test_commands(void)
{
    CHECK_TEXT(text_of(reader_for("sh cry ike sa det")->name), "show crypto ikev2 sa");
    CHECK_TEXT(text_of(reader_for("show cry session")->name), "show crypto session");
    CHECK_TEXT(text_of(reader_for("show crypto ikev2 session detailed")->name), "show crypto ikev2 session");
    CHECK_TEXT(text_of(reader_for("sh crypto ipsec sa peer 10.0.0.1 | i encaps")->name), "show crypto ipsec sa");
    CHECK_TEXT(text_of(reader_for("sh ver")->name), "other show output");
    CHECK_TEXT(text_of(reader_for("show run | sec crypto")->name), "configuration");
    CHECK(reader_for("configure terminal") == NULL);
    CHECK(reader_for("") == NULL);
    CHECK(!command_matches(text_of("show crypto"), "show crypto ikev2 sa"));
    CHECK(!command_matches(text_of("show crypto ikev2 sa x"), "show crypto ikev2 sa"));
    CHECK(command_matches(text_of("show crypto ikev2 sa"), "show crypto ikev2 sa [detailed]"));
    CHECK(command_matches(text_of("show crypto ikev2 sa det"), "show crypto ikev2 sa [detailed]"));
}

static void test_sessions_brief(void)
{
    const struct fact *f = read_show("show crypto session brief",
                                     "Status: A- Active, U - Up, D - Down, I - Idle, S - Standby, N - Negotiating\n"
                                     "        K - No IKE\n"
                                     "ivrf = (none)\n"
                                     "           Peer     I/F         Username    Group/Phase1_id            Uptime  Status\n"
                                     "   198.51.100.9     Tu0         bob         198.51.100.9             00:11:12      UA\n"
                                     "   198.51.100.10    Tu0                     198.51.100.10                          DN\n");
    const struct fact *first = fact_children(fact_find(f, "sessions")), *second = first ? first->next : NULL;
    uint64_t up;
    CHECK(second && !second->next);
    CHECK_TEXT(addr(fact_children(first), "peer"), "198.51.100.9");
    CHECK_TEXT(fact_get_text(fact_children(first), "status"), "UP-ACTIVE");
    CHECK_TEXT(fact_get_text(fact_children(first), "username"), "bob");
    CHECK(fact_get_number(fact_children(first), "uptime_seconds", &up) && up == 672);
    CHECK_TEXT(fact_get_text(fact_children(second), "status"), "DOWN-NEGOTIATING");
    CHECK_TEXT(fact_get_text(fact_children(second), "phase1_id"), "198.51.100.10");
    CHECK(!fact_find(f, "unknown"));
}

static void test_durations(void)
{
    uint64_t s;
    CHECK(duration_read(TEXT("3d18h"), &s));
    CHECK_NUMBER(s, 3 * 86400 + 18 * 3600);
    CHECK(duration_read(TEXT("05:50:03"), &s));
    CHECK_NUMBER(s, 5 * 3600 + 50 * 60 + 3);
    CHECK(duration_read(TEXT("10d 7h:26m:52s"), &s));
    CHECK_NUMBER(s, 10 * 86400 + 7 * 3600 + 26 * 60 + 52);
    CHECK(duration_read(TEXT("1w2d"), &s));
    CHECK_NUMBER(s, 9 * 86400);
    CHECK(duration_read(TEXT("86400"), &s));
    CHECK_NUMBER(s, 86400);
    CHECK(!duration_read(TEXT(""), &s));
    CHECK(!duration_read(TEXT("never"), &s));
}

/* As a web page left it: no indentation, lines broken behind commas, one blank for many. */
static void test_wrapped_ike(void)
{
    const struct fact *f = read_show("show crypto ikev2 sa detailed", "IPv4 Crypto IKEv2 SA\n"
                                                                      "Tunnel-id Local Remote fvrf/ivrf Status\n"
                                                                      "1 10.0.0.1/500 10.0.0.2/500 none/none READY\n"
                                                                      "Encr: AES-CBC, keysize: 128,\n"
                                                                      "PRF: HMAC-SHA256, Hash: SHA96, DH Grp:2,\n"
                                                                      "Auth sign: PSK, Auth verify: PSK\n"
                                                                      "Life/Active Time: 120/10 sec\n"
                                                                      "CE id: 1006, Session-id: 4\n"
                                                                      "Local spi: E58F925107F8B73F Remote spi: AFD098F4147869DA\n"
                                                                      "Something nobody has seen before\n"
                                                                      "Local req msg id: 2 Remote req msg id: 0\n"
                                                                      "NAT-T is detected inside\n"
                                                                      "Initiator of SA : Yes\n");
    const struct fact *sa = list_at(f, "sas", 0);
    CHECK_NUMBER(list_count(f, "sas"), 1);
    CHECK_TEXT(addr(sa, "local"), "10.0.0.1");
    CHECK_NUMBER(number_of(sa, "remote_port"), 500);
    CHECK_TEXT(fact_get_text(sa, "status"), "READY");
    CHECK_NUMBER(number_of(sa, "encryption"), ENCR_AES_CBC);
    CHECK_NUMBER(number_of(sa, "key_length"), 128);
    CHECK_NUMBER(number_of(sa, "integrity"), INTEG_HMAC_SHA1_96);
    CHECK_NUMBER(number_of(sa, "prf"), PRF_HMAC_SHA2_256);
    CHECK_NUMBER(number_of(sa, "dh"), 2);
    CHECK_NUMBER(number_of(sa, "auth_verify"), AUTH_PSK);
    CHECK_NUMBER(number_of(sa, "active_time"), 10);
    CHECK_NUMBER(number_of(sa, "session_id"), 4);
    CHECK_TEXT(fact_get_text(sa, "local_spi"), "e58f925107f8b73f");
    CHECK_NUMBER(number_of(sa, "remote_req_msg_id"), 0);
    CHECK_TEXT(fact_get_text(sa, "nat"), "detected inside");
    CHECK_NUMBER(number_of(sa, "initiator"), 1);
    CHECK_NUMBER(list_count(f, "unknown"), 1);
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 1);
    CHECK_NUMBER(lines_of_class(&last, LINE_EVENT), 12);
}

/* IPv6 rows, a row broken in two, a child under it, and an SA in negotiation without SPIs. */
static void test_ike_rows(void)
{
    const struct fact *f = read_show(
        "show crypto ikev2 sa",
        " IPv6 Crypto IKEv2  SA\n\n"
        "Tunnel-id    fvrf/ivrf              Status\n"
        "7            red/none               READY\n"
        "Local  2001:DB8::1/500\n"
        "Remote 2001:DB8::2/4500\n"
        "      Encr: AES-GCM, keysize: 256, PRF: SHA384, Hash: None, DH Grp:20, Auth sign: RSA, Auth verify: RSA, QR\n"
        "Tunnel-id Local Remote fvrf/ivrf Status\n"
        "2 10.0.0.1/500 10.0.0.2/500\n"
        "none/none IN-NEG\n"
        "Router1#\n");
    const struct fact *one = list_at(f, "sas", 0), *two = list_at(f, "sas", 1);
    CHECK_NUMBER(list_count(f, "sas"), 2);
    CHECK_TEXT(addr(one, "remote"), "2001:db8::2");
    CHECK_NUMBER(number_of(one, "remote_port"), 4500);
    CHECK_TEXT(fact_get_text(one, "fvrf"), "red");
    CHECK_TEXT(fact_get_text(one, "family"), "ipv6");
    CHECK_NUMBER(number_of(one, "quantum_resistant"), 1);
    CHECK_NUMBER(number_of(one, "integrity"), INTEG_NONE);
    CHECK_NUMBER(number_of(one, "auth_sign"), AUTH_RSA);
    CHECK_TEXT(fact_get_text(two, "status"), "IN-NEG");
    CHECK_TEXT(addr(two, "remote"), "10.0.0.2");
    CHECK(!fact_find(two, "local_spi"));
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 0);
}

static void test_asa_ike(void)
{
    const struct fact *f = read_show(
        "show crypto ikev2 sa detail",
        "IKEv2 SAs:\n\nSession-id:12, Status:UP-ACTIVE, IKE count:1, CHILD count:1\n\n"
        "Tunnel-id Local                                               Remote                                                  "
        "Status         Role\n"
        "119 192.0.2.1/4500                                   198.51.100.9/4500                                 READY    "
        "RESPONDER\n"
        "      Encr: AES-CBC, keysize: 256, Hash: SHA512, DH Grp:21, Auth sign: PSK, Auth verify: PSK\n"
        "      Life/Active Time: 86400/70 sec\n      Session-id: 12\n      Status Description: Negotiation done\n"
        "      Local spi: 8E4D3F8A3B7F8B11       Remote spi: 1122334455667788\n"
        "Child sa: local selector  10.1.0.0/0 - 10.1.0.255/65535\n"
        "          remote selector 10.2.0.0/0 - 10.2.0.255/65535\n"
        "          ESP spi in/out: 0xbe064bdc/0x5db6ef  \n          AH spi in/out: 0x0/0x0\n"
        "          Encr: AES-GCM, keysize: 128, esp_hmac: N/A\n          ah_hmac: None, comp: IPCOMP_NONE, mode tunnel\n");
    const struct fact *sa = list_at(f, "sas", 0), *child = list_at(sa, "children", 0);
    CHECK_NUMBER(number_of(sa, "session"), 12);
    CHECK_TEXT(fact_get_text(sa, "session_status"), "UP-ACTIVE");
    CHECK_NUMBER(number_of(sa, "initiator"), 0);
    CHECK_NUMBER(number_of(sa, "session_id"), 12);
    CHECK_NUMBER(number_of(sa, "dh"), 21);
    CHECK_TEXT(addr(list_at(child, "remote_selectors", 0), "end"), "10.2.0.255");
    CHECK_NUMBER(number_of(list_at(child, "remote_selectors", 0), "end_port"), 65535);
    CHECK_TEXT(fact_get_text(child, "esp_spi_in"), "be064bdc");
    CHECK_TEXT(fact_get_text(child, "esp_spi_out"), "005db6ef");
    CHECK(!fact_find(child, "ah_spi_in"));
    CHECK_NUMBER(number_of(child, "key_length"), 128);
    CHECK_TEXT(fact_get_text(child, "mode"), "tunnel");
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 0);
}

static void test_wrapped_ipsec(void)
{
    const struct fact *f = read_show(
        "show crypto ipsec sa",
        "interface: Tunnel0\nCrypto map tag: Tunnel0-head-0,\nlocal addr 10.0.0.1\nprotected vrf: (none)\n"
        "local ident (addr/mask/prot/port):\n(0.0.0.0/0.0.0.0/256/0)\nremote ident "
        "(addr/mask/prot/port):\n(10.9.0.0/255.255.0.0/47/0)\n"
        "current_peer 10.0.0.2 port 500\nPERMIT, flags={origin_is_acl,}\n#pkts encaps: 10, #pkts encrypt:\n10, #pkts digest: 10\n"
        "#pkts decaps: 0, #pkts decrypt: 0, #pkts verify: 0\n#send errors 3, #recv errors 0\nlocal crypto endpt.: 10.0.0.1,\n"
        "remote crypto endpt.: 10.0.0.2\npath mtu 1500, ip mtu 1500, ip mtu idb Ethernet0/0\n"
        "current outbound spi: 0xF6083ADD(4127734493)\nPFS (Y/N): Y, DH group: group14\ninbound esp sas:\nspi: "
        "0x6B74CB79(1802816377)\n"
        "transform: esp-aes 256 esp-sha256-hmac ,\nin use settings ={Tunnel UDP-Encaps, }\nconn id: 18, flow_id: SW:18,\n"
        "sibling_flags 80000040,\ncrypto map: Tunnel0-head-0\nsa timing: remaining key\nlifetime (k/sec): (4276853/3592)\n"
        "IV size: 8 bytes\nreplay detection support: Y\nStatus: ACTIVE(ACTIVE)\ninbound ah sas:\noutbound esp sas:\n"
        "spi: 0xF6083ADD(4127734493)\nsa timing: remaining key lifetime\n(k/sec): (4276852/3591)\nprotected vrf: blue\n"
        "local ident (addr/mask/prot/port): (FE80::/10/89/0)\nremote ident (addr/mask/prot/port): (::/0/89/0)\n");
    const struct fact *flow = list_at(f, "flows", 0), *sa = list_at(flow, "sas", 0);
    CHECK_NUMBER(list_count(f, "flows"), 2);
    CHECK_TEXT(fact_get_text(flow, "interface"), "Tunnel0");
    CHECK_TEXT(addr(flow, "local_address"), "10.0.0.1");
    CHECK_TEXT(addr(fact_find(flow, "remote_ident")->as.child, "address"), "10.9.0.0");
    CHECK_NUMBER(number_of(fact_find(flow, "remote_ident")->as.child, "protocol"), 47);
    CHECK_NUMBER(number_of(flow, "pkts_encaps"), 10);
    CHECK_NUMBER(number_of(flow, "pkts_encrypt"), 10);
    CHECK_NUMBER(number_of(flow, "pkts_digest"), 10);
    CHECK_NUMBER(number_of(flow, "pkts_decaps"), 0);
    CHECK_NUMBER(number_of(flow, "send_errors"), 3);
    CHECK_TEXT(addr(flow, "remote_endpoint"), "10.0.0.2");
    CHECK_TEXT(fact_get_text(flow, "outbound_spi"), "f6083add");
    CHECK_NUMBER(number_of(flow, "pfs"), 1);
    CHECK_NUMBER(number_of(flow, "dh"), 14);
    CHECK_NUMBER(list_count(flow, "sas"), 2);
    CHECK_TEXT(fact_get_text(sa, "direction"), "inbound");
    CHECK_NUMBER(number_of(sa, "protocol"), PROTOCOL_ESP);
    CHECK_NUMBER(list_count(sa, "transforms"), 2);
    CHECK_NUMBER(number_of(list_at(sa, "transforms", 0), "key_length"), 256); /* a word of its own */
    CHECK_NUMBER(number_of(sa, "lifetime_kilobytes"), 4276853);
    CHECK_NUMBER(number_of(sa, "lifetime_seconds"), 3592);
    CHECK_NUMBER(number_of(sa, "udp_encapsulated"), 1);
    CHECK_NUMBER(number_of(list_at(flow, "sas", 1), "lifetime_seconds"), 3591);
    CHECK_TEXT(fact_get_text(list_at(f, "flows", 1), "protected_vrf"), "blue");
    CHECK_NUMBER(number_of(fact_find(list_at(f, "flows", 1), "local_ident")->as.child, "prefix_length"), 10);
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 0);
}

static void test_asa_ipsec(void)
{
    const struct fact *f = read_show(
        "show crypto ipsec sa",
        "interface: outside\n    Crypto map tag: outside_map, seq num: 1, local addr: 10.0.0.1\n\n"
        "      access-list vpn extended permit ip 192.168.1.0 255.255.255.0 192.168.2.0 255.255.255.0\n"
        "      local ident (addr/mask/prot/port): (192.168.1.0/255.255.255.0/0/0)\n"
        "      remote ident (addr/mask/prot/port): (192.168.2.0/255.255.255.0/0/0)\n      current_peer: 10.0.0.2\n\n"
        "      #pkts encaps: 4, #pkts encrypt: 4, #pkts digest: 4\n      #pkts decaps: 0, #pkts decrypt: 0, #pkts verify: 0\n"
        "      #PMTUs sent: 0, #PMTUs rcvd: 0, #decapsulated frgs needing reassembly: 0\n      #send errors: 0, #recv errors: "
        "0\n\n"
        "      local crypto endpt.: 10.0.0.1/500, remote crypto endpt.: 10.0.0.2/500\n"
        "      path mtu 1500, ipsec overhead 74(44), media mtu 1500\n      PMTU time remaining (sec): 0, DF policy: copy-df\n"
        "      ICMP error validation: disabled, TFC packets: disabled\n      current outbound spi: 30B848A4\n"
        "      current inbound spi : DFAE6547\n\n    inbound esp sas:\n      spi: 0xDFAE6547 (3752748359)\n         SA State: "
        "active\n"
        "         transform: esp-aes-256 esp-sha-hmac no compression\n         in use settings ={L2L, Tunnel, IKEv2, }\n"
        "         slot: 0, conn_id: 4096, crypto-map: outside_map\n"
        "         sa timing: remaining key lifetime (kB/sec): (4008959/28789)\n         IV size: 16 bytes\n"
        "         replay detection support: Y\n         Anti replay bitmap:\n          0x00000000 0x0000001F\n");
    const struct fact *flow = list_at(f, "flows", 0), *sa = list_at(flow, "sas", 0);
    CHECK_NUMBER(number_of(flow, "sequence"), 1);
    CHECK_TEXT(addr(flow, "peer"), "10.0.0.2");
    CHECK_TEXT(addr(flow, "local_endpoint"), "10.0.0.1");
    CHECK_NUMBER(number_of(flow, "local_endpoint_port"), 500);
    CHECK_TEXT(fact_get_text(flow, "inbound_spi"), "dfae6547");
    CHECK_NUMBER(number_of(flow, "pmtus_sent"), 0);
    CHECK_TEXT(fact_get_text(sa, "spi"), "dfae6547");
    CHECK_NUMBER(list_count(sa, "transforms"), 2);
    CHECK_NUMBER(number_of(list_at(sa, "transforms", 0), "key_length"), 256);
    CHECK_NUMBER(number_of(sa, "conn_id"), 4096);
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 0);
}

static void test_sessions(void)
{
    const struct fact *f = read_show(
        "show crypto session detail",
        "Crypto session current status\n\nCode: C - IKE Configuration mode, D - Dead Peer Detection\nInterface: Virtual-Access1\n"
        "Profile: HUB\nUptime: 1w2d\nSession status: UP-NO-IKE\nPeer: 10.0.2.1 port 4500 fvrf: (none) ivrf: red\n      "
        "Phase1_id: cn=a\n"
        "  Session ID: 31\n  IKEv2 SA: local 10.0.2.2/4500 remote 10.0.2.1/4500 Inactive\n"
        "          Capabilities:DNX connid:4 lifetime:12:47:36\n  IPSEC FLOW: permit ip 0.0.0.0/0.0.0.0 10.1.0.0/255.255.0.0\n"
        "        Active SAs: 2, origin: crypto map\n        Inbound:  #pkts dec'ed 0 drop 7 life (KB/Sec) 4276853/3592\n"
        "        Outbound: #pkts enc'ed 772730 drop 0 life (KB/Sec) KB Vol Rekey Disabled/3060\n");
    const struct fact *s = list_at(f, "sessions", 0), *ike = list_at(s, "ike_sas", 0), *flow = list_at(s, "flows", 0);
    CHECK_NUMBER(number_of(s, "uptime_seconds"), 9 * 86400);
    CHECK_NUMBER(number_of(ike, "version"), 2);
    CHECK_TEXT(fact_get_text(ike, "status"), "Inactive");
    CHECK_TEXT(fact_get_text(ike, "capabilities"), "DNX");
    CHECK_NUMBER(number_of(ike, "lifetime_seconds"), 12 * 3600 + 47 * 60 + 36);
    CHECK_TEXT(addr(fact_find(flow, "remote")->as.child, "end"), "10.1.255.255");
    CHECK_NUMBER(number_of(fact_find(flow, "inbound")->as.child, "dropped"), 7);
    CHECK_NUMBER(number_of(fact_find(flow, "outbound")->as.child, "packets"), 772730);
    CHECK_NUMBER(number_of(fact_find(flow, "outbound")->as.child, "lifetime_seconds"), 3060);
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 0);
}

static int begins_session(const char *line)
{
    return reader_for("show crypto session")->begins(text_of(line));
}

/* A user's session, and a tunnel of it, whose heading is a debug's tag elsewhere. */
static void test_user_session(void)
{
    const struct fact *f = read_show(
        "show vpn-sessiondb detail ra-ikev2-ipsec",
        "Session Type: Generic Remote-Access IKEv2 IPsec Detailed\n\nUsername     : user9                  Index        : 7\n"
        "Assigned IP  : 10.9.0.4               Public IP    : 198.51.100.9\nProtocol     : IKEv2 IPsecOverNatT\n"
        "License      : Premium\nGroup Policy : GP9                    Tunnel Group : TG9\n"
        "Inactivity   : 0h:00m:00s\nVLAN Mapping : N/A                    VLAN         : none\n"
        "Audt Sess ID : 0afd0112\nSecurity Grp : none\n\nIKEv2:\n  Tunnel ID    : 7.1\n  PRF          : SHA256\n");
    const struct fact *s = list_at(f, "sessions", 0);
    CHECK_NUMBER(list_count(f, "sessions"), 1);
    CHECK_TEXT(fact_get_text(s, "tunnel_group"), "TG9");
    CHECK_TEXT(addr(s, "address"), "198.51.100.9");
    CHECK_TEXT(fact_get_text(list_at(s, "tunnels", 0), "kind"), "IKEv2");
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 0);
}

/* A client's session counts packets of its own, and one of its tunnels has a hyphen in its name. */
static void test_client_session(void)
{
    const struct fact *f = read_show(
        "show vpn-sessiondb detail anyconnect",
        "Session Type: AnyConnect Detailed\n\nUsername     : user9                  Index        : 5\n"
        "Assigned IP  : 10.9.0.5               Public IP    : 198.51.100.9\nBytes Tx     : 0                      Bytes Rx     : "
        "11\n"
        "Pkts Tx      : 3                      Pkts Rx      : 171\n\nIKEv2 Tunnels: 1\nAnyConnect-Parent Tunnels: 1\n\n"
        "AnyConnect-Parent:\n  Tunnel ID    : 5.1\n  Public IP    : 198.51.100.9\n\nIKEv2:\n  Tunnel ID    : 5.2\n"
        "  Pkts Tx      : 4\n");
    const struct fact *s = list_at(f, "sessions", 0);
    CHECK_NUMBER(list_count(s, "tunnels"), 2);
    CHECK_NUMBER(number_of(s, "packets_tx"), 3);
    CHECK_TEXT(fact_get_text(list_at(s, "tunnels", 0), "kind"), "AnyConnect-Parent");
    CHECK_TEXT(addr(list_at(s, "tunnels", 0), "address"), "198.51.100.9");
    CHECK_NUMBER(number_of(list_at(s, "tunnels", 1), "packets_tx"), 4);
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 0);
}

/* Later versions say of which VRF an interface is, beside its name. */
static void test_packet_tracer(void)
{
    const struct fact *f = read_show("packet-tracer input inside icmp 10.1.0.9 8 0 10.2.0.9",
                                     "Phase: 1\nType: VPN\nSubtype: encrypt\nResult: DROP\n\nResult:\n"
                                     "input-interface: inside(vrfid:0)\noutput-interface: outside(vrfid:0)\nAction: drop\n");
    CHECK_TEXT(fact_get_text(f, "input_interface"), "inside");
    CHECK_TEXT(fact_get_text(f, "output_interface"), "outside");
    CHECK_TEXT(fact_get_text(list_at(f, "phases", 0), "result"), "DROP");
}

/* IKEv1 in aggressive mode, and of IPv6 a line for each field. */
static void test_isakmp(void)
{
    const struct fact *f = read_show("show crypto isakmp sa",
                                     "IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n"
                                     "203.0.113.2     203.0.113.1     AG_NO_STATE          0 ACTIVE (deleted)\n\n"
                                     "IPv6 Crypto ISAKMP SA\n dst: 2001:DB8::2\n src: 2001:DB8::1\n"
                                     " state: QM_IDLE         conn-id:   1001 slot:    0 status: ACTIVE\n");
    CHECK_NUMBER(list_count(f, "sas"), 2);
    CHECK_TEXT(fact_get_text(list_at(f, "sas", 0), "state"), "AG_NO_STATE");
    CHECK_TEXT(addr(list_at(f, "sas", 1), "initiator"), "2001:db8::1");
    CHECK_NUMBER(number_of(list_at(f, "sas", 1), "up"), 1);
}

/* IPv6 has the number of an entry behind how often it was met. */
static void test_access_list(void)
{
    (void)read_show("show ipv6 access-list", "IPv6 access list V6\n    permit tcp any any eq bgp (8 matches) sequence 10\n"
                                             "    deny udp any any eq isakmp sequence 20\n");
    const struct record *r = m->records;
    while (r && strcmp(r->name, "access-list") != 0)
        r = r->next;
    CHECK(r != NULL);
    CHECK_NUMBER(number_of(list_at(r->facts, "entries", 0), "sequence"), 10);
    CHECK_NUMBER(number_of(list_at(r->facts, "entries", 1), "sequence"), 20);
    CHECK(reader_for("show access-lists")->begins(TEXT("IPv6 access list V6")) >= 70);
}

/* A terminal of 80 columns cut a label in two. */
static void test_cut_label(void)
{
    const struct fact *f = read_show(
        "show crypto ikev2 session",
        "Tunnel-id Local                 Remote                fvrf/ivrf            Status\n"
        "1         10.0.0.1/500          10.0.0.2/500          none/none            READY\n"
        "      Encr: AES-CBC, keysize: 256, PRF: SHA1, Hash: SHA96, DH Grp:2, Auth sign: RSA, Au\nth verify: PSK\n"
        "Child sa: local selector  10.0.0.1/0 - 10.0.0.1/65535\n          ESP SPI in/out: 0x5A34FC1E/0x3B2A9E7D\n");
    const struct fact *sa = list_at(f, "sas", 0);
    CHECK_NUMBER(number_of(sa, "auth_sign"), AUTH_RSA);
    CHECK_NUMBER(number_of(sa, "auth_verify"), AUTH_PSK);
    CHECK_TEXT(fact_get_text(list_at(sa, "children", 0), "esp_spi_out"), "3b2a9e7d");
    CHECK_NUMBER(lines_of_class(&last, LINE_CONTINUATION), 1);
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 0);
}

/* What somebody named himself has words in it that are labels elsewhere. */
static void test_free_text(void)
{
    const struct fact *f = read_show(
        "show crypto ikev2 sa detailed",
        "1         10.0.0.1/500          10.0.0.2/500          none/none            READY\n"
        "      Local id: cn=R1,o=Example Local Office,mode=x\n      Remote id: cn=R2,o=Remote Sites, retry 5"
        "  Local req msg id: 5\n");
    const struct fact *sa = list_at(f, "sas", 0);
    CHECK_TEXT(fact_get_text(sa, "local_id"), "cn=R1,o=Example Local Office,mode=x");
    CHECK_TEXT(fact_get_text(sa, "remote_id"), "cn=R2,o=Remote Sites, retry 5");
    CHECK_NUMBER(number_of(sa, "local_req_msg_id"), 5);
    CHECK_NUMBER(list_count(sa, "children"), 0);
    f = read_show("show crypto session detail", "Interface: Tunnel0\nSession status: UP-ACTIVE\n"
                                                "Peer: 10.0.0.2 port 500 fvrf: (none) ivrf: (none)\n"
                                                "      Phase1_id: cn=Peer A\n      Desc: Inbound, local port 5\n");
    CHECK_TEXT(fact_get_text(list_at(f, "sessions", 0), "description"), "Inbound, local port 5");
    CHECK_NUMBER(number_of(list_at(f, "sessions", 0), "peer_port"), 500);
    CHECK_NUMBER(list_count(list_at(f, "sessions", 0), "ike_sas"), 0);
}

/* One session of many, as people cut it out. */
static void test_session_alone(void)
{
    CHECK(begins_session("Interface: Tunnel4") >= 70);
    CHECK(begins_session("Session status: DOWN") >= 70);
    CHECK_NUMBER(begins_session("Interface: Tunnel4, IPv4 NHRP Details"), 0);
    CHECK_NUMBER(begins_session("interface: Tunnel4"), 0);
}

static void test_stats(void)
{
    const struct fact *f = read_show(
        "show crypto ikev2 stats exchange",
        "--------------------------------------------------------------------------\n"
        "          EXCHANGE/NOTIFY               TX(REQ)       TX(RES)       RX(REQ)       RX(RES)\n EXCHANGES\n"
        " IKE_SA_INIT                          1             0             0             4294967290\n ERROR NOTIFY\n"
        " NO_PROPOSAL_CHOSEN                   0             0             0             3\n"
        "System Resource Limit:   0        Max IKEv2 SAs: 0          Max in nego(in/out): 40/400\n"
        "Total incoming IKEv2 SA Count:   0        active:        0        negotiating: 0\n");
    const struct fact *row = list_at(f, "exchanges", 1);
    CHECK_TEXT(fact_get_text(row, "name"), "NO_PROPOSAL_CHOSEN");
    CHECK_TEXT(fact_get_text(row, "section"), "ERROR NOTIFY");
    CHECK_NUMBER(number_of(row, "rx_response"), 3);
    CHECK_NUMBER(number_of(list_at(f, "exchanges", 0), "rx_response"), 4294967290);
    CHECK_NUMBER(list_count(f, "counters"), 6);
    CHECK_NUMBER(number_of(list_at(f, "counters", 2), "of"), 400);
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 0);
}

static void test_edges(void)
{
    CHECK(read_show("show crypto ikev2 sa", "") == NULL);
    CHECK_NUMBER(m->records->line_count, 0);
    CHECK_TEXT(m->records->text, "show crypto ikev2 sa");
    CHECK(!fact_find(read_show("show crypto ikev2 sa", "There are no IKEv2 SAs\n"), "sas"));
    CHECK_NUMBER(lines_of_class(&last, LINE_EVENT), 1);
    CHECK_NUMBER(list_count(read_show("show crypto ikev2 sa", " IPv4 Crypto IKEv2  SA\n\n IPv6 Crypto IKEv2  SA\n"), "sas"), 0);
    /* a block without its row is still read */
    CHECK_NUMBER(number_of(list_at(read_show("show crypto ikev2 sa", "CE id: 5, Session-id: 6\n"), "sas", 0), "session_id"), 6);
    /* counters without a flow's head */
    CHECK_NUMBER(number_of(list_at(read_show("show crypto ipsec sa", "#pkts encaps: 5\n"), "flows", 0), "pkts_encaps"), 5);
    (void)read_show("show version", "Cisco IOS Software\n\nuptime is 3 weeks\n");
    CHECK_NUMBER(lines_of_class(&last, LINE_NOISE), 2);
    CHECK(m->records == NULL);
}

int main(void)
{
    test_commands();
    test_durations();
    test_sessions_brief();
    test_wrapped_ike();
    test_ike_rows();
    test_asa_ike();
    test_wrapped_ipsec();
    test_asa_ipsec();
    test_sessions();
    test_session_alone();
    test_cut_label();
    test_user_session();
    test_client_session();
    test_free_text();
    test_isakmp();
    test_packet_tracer();
    test_access_list();
    test_stats();
    test_edges();
    model_destroy(m);
    arena_destroy(scratch);
    return TEST_REPORT();
}
