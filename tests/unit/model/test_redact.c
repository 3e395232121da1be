#include "model/redact_dump.h"

#include "test.h"

static struct text line_of(struct redactor *r, const char *line, struct buffer *b)
{
    buffer_reset(b);
    redact_collect(r, text_of(line));
    redact_line(r, text_of(line), b);
    return buffer_view(b);
}

static void addresses(struct redactor *r, struct buffer *b)
{
    /* the same network stays one network, hosts keep their numbers, masks and ranges stay */
    CHECK_TEXT(line_of(r, "peer 203.0.113.7 and 203.0.113.9 not 198.51.100.7", b),
               "peer 20.201.151.7 and 20.201.151.9 not 21.201.151.7");
    CHECK_TEXT(line_of(r, "10.20.30.0-10.20.30.255 255.255.255.0 0.0.0.255", b),
               "10.201.151.0-10.201.151.255 255.255.255.0 0.0.0.255");
    CHECK_TEXT(line_of(r, "To 203.0.113.7:500/From 10.20.30.4:4500", b), "To 20.201.151.7:500/From 10.201.151.4:4500");
    /* no address keeps its digits, and what lies in a subnet of any length still does */
    CHECK_TEXT(line_of(r, "10.0.0.5 in 10.0.0.0/24, 10.0.0.0/8", b), "10.221.151.5 in 10.221.151.0/24, 10.0.0.0/8");
    CHECK_TEXT(line_of(r, "10.40.17.9 in 10.40.16.0 255.255.240.0", b), "10.245.151.9 in 10.245.144.0 255.255.240.0");
    CHECK_TEXT(line_of(r, "start addr: 10.40.0.0, end addr: 10.40.255.255", b),
               "start addr: 10.245.0.0, end addr: 10.245.255.255");
    CHECK_TEXT(line_of(r, "2001:db8::1/64", b), "2001:db8:101::1/64");
    /* inside an address of IPv6, and behind a login */
    CHECK_TEXT(line_of(r, "::ffff:203.0.113.7, 64:ff9b::203.0.113.7", b), "::ffff:20.201.151.7, 64:ff9b::14c9:9707");
    CHECK_TEXT(line_of(r, "ssh anna@203.0.113.7, 6@203.0.113.7", b), "ssh user1@20.201.151.7, user2@20.201.151.7");
}

/* The host that a collector names, in whatever form; an address and a word of the router's own are none. */
static void exported_hosts(struct redactor *r, struct buffer *b)
{
    CHECK_TEXT(line_of(r, "{\"host\":\"munich-a\",\"device\": \"10.20.30.4\"} munich-a", b),
               "{\"host\":\"name1\",\"device\": \"10.201.151.4\"} name1");
    CHECK_TEXT(line_of(r, "dvchost=munich-b msg=x <Computer>munich-c</Computer> {host='munich-d'}", b),
               "dvchost=name2 msg=x <Computer>name3</Computer> {host='name4'}");
    CHECK_TEXT(line_of(r, "KMI source: engine, device=x, ghost=y", b), "KMI source: engine, device=x, ghost=y");
    CHECK_TEXT(line_of(r, "{\"@timestamp\": \"x\"}", b), "{\"@timestamp\": \"x\"}");
    CHECK_TEXT(line_of(r, "{\"host\":null,\"Computer\": true,\"source\":17,\"device\":\"\"} null true source", b),
               "{\"host\":null,\"Computer\": true,\"source\":17,\"device\":\"\"} null true source");
    CHECK_TEXT(line_of(r, "{\"host\": {\"os\": {\"name\":\"pix}\"}, \"name\" : \"munich-e\"}, \"agent\": \"filebeat\"}", b),
               "{\"host\": {\"os\": {\"name\":\"pix}\"}, \"name\" : \"name5\"}, \"agent\": \"filebeat\"}");
    CHECK_TEXT(
        line_of(
            r,
            "{\"host\":{\"hostname\":\"munich-f\"},\"observer\":{\"name\":\"munich-g\"},\"agent\":{'name':'munich-h'}} hostname",
            b),
        "{\"host\":{\"hostname\":\"name6\"},\"observer\":{\"name\":\"name7\"},\"agent\":{'name':'name8'}} hostname");
    CHECK_TEXT(
        line_of(r, "{\"source\":{\"address\":\"10.20.30.4\"},\"host\":[{\"name\":\"munich-i\"}],\"host\":{\"name\":\"munich", b),
        "{\"source\":{\"address\":\"10.201.151.4\"},\"host\":[{\"name\":\"name9\"}],\"host\":{\"name\":\"name10");
}

/* Whose secret is Geheim7, wherever it stands. */
static const char *const commands[] = {
    "ntp authentication-key 10 md5 Geheim7",
    "radius-server host 10.1.1.1 key Geheim7",
    "tacacs-server host 10.1.1.1 single-connection key 7 Geheim7",
    "failover key Geheim7",
    " ldap-login-password Geheim7",
    "snmp-server host 10.1.1.9 version 2c Geheim7",
    "snmp-server host inside 10.1.1.9 community Geheim7 version 2c",
    "snmp-server user u1 g1 v3 auth sha Geheim7 priv aes 128 Geheim7",
    " ip ospf message-digest-key 1 md5 7 Geheim7",
    " vrrp 1 authentication Geheim7",
    " standby 1 authentication md5 key-string 7 Geheim7",
    " wpa-psk ascii 0 Geheim7",
    " set session-key inbound esp 300 cipher Geheim7 authenticator Geheim7",
    "crypto ca import TP pkcs12 Geheim7",
    " key 7 Geheim7",
    "  pre-shared-key address 203.0.113.2 255.255.255.255 key Geheim7",
    "  pre-shared-key hostname spoke.example key 6 Geheim7",
    "R1(config-keyring)#pre-shared-key address 203.0.113.2 key Geheim7",
    "pre-share Geheim7",
    "pre-sh rem 0 Geheim7",
    "R1(config-ikev2-keyring-peer)#pre-shared loc Geheim7",
    "crypto isa key Geheim7 address 203.0.113.2",
    "ikev2 local-auth pre-sh Geheim7",
    "auth rem pre-share key Geheim7",
    "au r pr k Geheim7",
    "Pre-sh l Geheim7",
    "pr rem Geheim7",
    "cr isak key Geheim7 address 203.0.113.2",
    "user bob pass 0 Geheim7",
    "username bob priv 15 sec Geheim7",
    "ena sec Geheim7",
    "R1(config)#snmp comm Geheim7 ro",
    "radius-s key Geheim7",
    "ip nhrp auth Geheim7",
    "ip ospf mess 1 md5 Geheim7",
    "ip ospf authentication-k Geheim7",
    " pre-shared-key local 0 two words, Geheim7",
    "username bob privilege 15 password 0 two words, Geheim7",
    "username bob password Geheim7 encrypted privilege 15",
    "enable password level 15 7 Geheim7",
    "enable secret level 5 5 Geheim7",
    "passwd Geheim7 encrypted",
    "snmp-server host 10.1.1.9 vrf MGMT version 2c Geheim7",
    "snmp-server host inside 10.1.1.9 community 8 Geheim7 version 2c",
    "R1(config)#snmp-server host 10.1.1.9 Geheim7",
    "%PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:snmp-server host 10.1.1.9 Geheim7",
    "%ASA-5-111008: User 'enable_15' executed the 'failover key Geheim7' command.",
    " server-private 10.1.1.1 auth-port 1645 acct-port 1646 key 7 Geheim7",
    " client 10.1.1.1 server-key 7 Geheim7",
    " pac key 0 Geheim7",
    " authentication remote pre-share key Geheim7",
    " authentication local pre-share key two words, Geheim7",
    " ppk manual id x key hex Geheim7",
    " ppk manual id x key Geheim7 required",
    "key config-key password-encrypt Geheim7",
    " cluster key Geheim7",
    " area-password Geheim7",
    " area 1 virtual-link 10.1.1.1 message-digest-key 1 md5 Geheim7",
    "  authentication mode hmac-sha-256 7 Geheim7",
    "ntp authentication-key 1 hmac-sha2-256 Geheim7 7",
    "crypto pki export TP pem terminal 3des Geheim7",
    " path scp://admin:Geheim7!x@10.1.1.1/backup",
    " psk id site1 key 0 Geheim7",
    " radius-common-pw Geheim7",
    " ipv6 ospf authentication ipsec spi 256 sha1 Geheim7",
    " ospfv3 encryption ipsec spi 257 esp aes-cbc 128 Geheim7 sha1 Geheim7",
    "mpls ldp password option 1 for PEERS 7 Geheim7",
    " cts sap pmk Geheim7 mode-list gcm-encrypt",
    " key lenGeheim7",
    " key chainGeheim7",
    "key config-key password-encrypt Geheim7",
};

static void commands_with_secrets(struct redactor *r, struct buffer *b)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        CHECK(!text_has(line_of(r, commands[i], b), TEXT("Geheim7")));
        CHECK(text_has(buffer_view(b), TEXT("<removed")));
    }
}

static void secrets(struct redactor *r, struct buffer *b)
{
    /* secrets always */
    CHECK_TEXT(line_of(r, " pre-shared-key local 6 Geheim123", b), " pre-shared-key local 6 <removed-1>");
    CHECK_TEXT(line_of(r, "ikev2 remote-authentication pre-shared-key hunter2", b),
               "ikev2 remote-authentication pre-shared-key <removed-2>");
    CHECK_TEXT(line_of(r, " pre-shared-key Geheim123", b), " pre-shared-key <removed-1>"); /* equal keys stay equal */
    CHECK_TEXT(line_of(r, "Use preshared key for id 203.0.113.7, key len 8", b),
               "Use preshared key for id 20.201.151.7, key len 20");
    CHECK(text_ends(line_of(r, "key len 21", b), TEXT("key len 22")));
    CHECK(text_ends(line_of(r, "key len 8", b), TEXT("key len 20"))); /* equal lengths stay equal */
    CHECK_TEXT(line_of(r, "ntp authentication-key 10 md5 Geheim123", b), "ntp authentication-key 10 md5 <removed-1>");
    CHECK_TEXT(line_of(r, "pre-shared-key address 10.1.1.1 255.255.255.0 key Geheim123", b),
               "pre-shared-key address 10.220.151.1 255.255.255.0 key <removed-1>");
    CHECK_TEXT(line_of(r, "copy http://h:80/a ftp://u:Geheim123@10.1.1.1/x", b),
               "copy http://h:80/a ftp://u:<removed-1>@10.220.151.1/x");
    CHECK_TEXT(line_of(r, "{\"password\": \"Geheim123\",\"x\":1}", b), "{\"password\": \"<removed-1>\",\"x\":1}");
    CHECK_TEXT(line_of(r, "{\"password\":\"Geheim123\",\"x\":1}", b), "{\"password\":\"<removed-1>\",\"x\":1}");
    CHECK_TEXT(line_of(r, "{\"m\":\"logged command:username x password 0 Geheim123\",\"n\":1}", b),
               "{\"m\":\"logged command:username x password 0 <removed-1>\",\"n\":1}");
    /* A string ends where it did, and what quotes a command goes on behind it. */
    CHECK_TEXT(line_of(r, "{\"m\":\"password Geheim123 and secret Geheim123\",\"n\":1}", b),
               "{\"m\":\"password <removed-1> and secret <removed-1>\",\"n\":1}");
    CHECK_TEXT(line_of(r, "2024-06-20,x,\"logged command:username x password Geheim123\",5", b),
               "2024-06-20,x,\"logged command:username x password <removed-1>\",5");
    CHECK_TEXT(line_of(r, "executed the 'username anna password Geheim123' command.", b),
               "executed the 'username name3 password <removed-1>' command.");
    CHECK(!text_has(line_of(r, "snmp-server user u g v3 auth sha Gehei\"m7 priv des Gehei\"m7", b), TEXT("m7")));
    /* Keys of several words stay equal, and unequal. */
    CHECK_TEXT(line_of(r, " pre-shared-key local three words here", b), " pre-shared-key local <removed-4>");
    CHECK_TEXT(line_of(r, " pre-shared-key remote three words there", b), " pre-shared-key remote <removed-5>");
    CHECK_TEXT(line_of(r, "username admin password Geheim123 encrypted privilege 15", b),
               "username name5 password <removed-1> encrypted privilege 15");
    /* However long: no part of it stays. */
    static char one[4096] = "snmp-server host 10.1.1.9 version 2c ";
    memset(one + strlen(one), 'k', 4000 - strlen(one));
    CHECK(!text_has(line_of(r, one, b), TEXT("kk")));
}

static void names(struct redactor *r, struct buffer *b)
{
    /* "Protocol id: IKE" tells no name, as "Id: NAME" of a session does */
    line_of(r, "  Proposal: 1, Protocol id: IKE, SPI size: 0", b);
    CHECK(text_starts(line_of(r, "IKE SA with IP 10.1.1.1 up", b), TEXT("IKE SA with IP 10.")));
    /* names: learned where a line tells one, replaced wherever it stands as a word */
    line_of(r, "hostname BERLIN-GW1", b);
    struct text t = line_of(r, "BERLIN-GW1#show crypto ikev2 sa, NOTBERLIN-GW1", b);
    CHECK(text_starts(t, TEXT("name")) && text_has(t, TEXT("#show crypto ikev2 sa")) && text_has(t, TEXT("NOTBERLIN-GW1")));
    struct text mail = line_of(r, "identity 'vpn@corp.example.com' and vpn@corp.example.com", b);
    CHECK(!text_has(mail, TEXT("corp")));
    static const char *const people[] = {
        /* who logged in, and whose certificate it is */
        "<username>Geheim7</username>",
        "Group <Geheim7> User <x> IP <10.1.1.1> AnyConnect session lost connection.",
        "AAA user authentication Rejected : reason = AAA failure : server = 10.1.1.1 : user = Geheim7 : user IP = 10.1.1.2",
        "CRYPTO_PKI: subject name: cn=x,o=Die Geheim7 Firma,serialNumber=12",
        "CRYPTO_PKI: subject name: cn=x,o=y,serialNumber=Geheim7",
        "aaa-server Geheim7 (inside) host 10.1.1.1",
    };
    for (size_t i = 0; i < COUNT_OF(people); i++)
        CHECK(!text_has(line_of(r, people[i], b), TEXT("Geheim7")));
}

static void telling_lines(struct arena *arena, struct buffer *b)
{
    static const char *const telling[] = {
        /* whatever a configuration or a log calls something of the customer's */
        "vrf definition Geheim7",
        "ip vrf forwarding Geheim7",
        "%CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is UP.  Peer 192.0.2.1:500 f_vrf: Geheim7 i_vrf: Geheim7 Id: x.example",
        "*Jun 12 09:14:22.331: IKEv2:% Getting preshared key from profile keyring Geheim7",
        "Jun 12 09:14:22 Geheim7 %ASA-4-113019: Group = x, Username = x, IP = 192.0.2.1, Session disconnected.",
        "Jun 12 2026 09:14:22 Geheim7 : %ASA-5-750001: Local:192.0.2.1:500 Remote:192.0.2.2:500 Username:Unknown Received",
        "2026-06-12T09:14:22Z Geheim7 125: Jun 12 09:14:22.331: %SYS-5-RESTART: System restarted",
        "<189>Jun 12 09:14:22 Geheim7 125: *Jun 12 09:14:22.331: %SYS-5-RESTART: System restarted",
        "%ASA-5-111008: User 'Geheim7' executed the 'clear crypto ikev2 sa' command.",
        "%SYS-5-CONFIG_I: Configured from console by Geheim7 on vty0 (192.0.2.9)",
        "%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: Geheim7] [Source: 192.0.2.9]",
        "%ASA-6-605005: Login permitted from 192.0.2.9/52000 to inside:192.0.2.1/ssh for user \"Geheim7\"",
        "tacacs server Geheim7",
        "aaa group server radius Geheim7",
        "object network Geheim7",
        "object-group service Geheim7 tcp",
        "name 192.0.2.7 Geheim7",
        "ip host Geheim7 192.0.2.7",
        "crypto dynamic-map Geheim7 10 set ikev2 ipsec-proposal P",
        "default-group-policy Geheim7",
        "ip local pool Geheim7 192.0.2.10 192.0.2.20",
        "crypto pki certificate map Geheim7 10",
        "route-map Geheim7 permit 10",
        "enrollment url http://Geheim7:80",
        "neighbor 192.0.2.1 description link of Geheim7",
        "access-list OUT remark for Geheim7",
        "10 remark for Geheim7",
        " description asks for subject-name eq Geheim7",
        " description to Geheim7",
        "snmp-server location Geheim7 street",
        "snmp-server contact Geheim7",
        "snmp-server community Geheim7 RO",
    };
    for (size_t i = 0; i < COUNT_OF(telling); i++) {
        struct redactor fresh; /* none of them leans on the one before */
        redactor_init(&fresh, arena);
        if (text_has(line_of(&fresh, telling[i], b), TEXT("Geheim7")))
            fprintf(stderr, "%s\n", telling[i]);
        CHECK(!text_has(buffer_view(b), TEXT("Geheim7")));
        redactor_clear(&fresh);
    }
}

static void lines_together(struct redactor *r, struct buffer *b)
{
    /* lines that say something only with those above: a certificate's octets, a banner */
    static const char *const block[] = { " certificate 2A17", "  30820312 47656865 696D37", "  02", "  \tquit",
                                         "banner motd ^C",    "Geheim7 and nobody else",    "^C",   "line vty 0 4" };
    static const char *const shown[] = { " certificate 2A17", "  <removed>", "  <removed>", "  \tquit",
                                         "banner <removed>",  "<removed>",   "<removed>",   "line vty 0 4" };
    redact_begin(r);
    for (size_t i = 0; i < COUNT_OF(block); i++)
        CHECK(text_starts(line_of(r, block[i], b), text_of(shown[i])));
    /* the end of a banner is two characters; a key */
    static const char *const more[] = { "banner login ^C",
                                        "Call Geheim7",
                                        "^C",
                                        "-----BEGIN RSA PRIVATE KEY-----",
                                        "DEK-Info: Geheim7",
                                        "",
                                        "Geheim7/+=",
                                        "-----END RSA PRIVATE KEY-----" };
    for (size_t i = 0; i < COUNT_OF(more); i++)
        CHECK(!text_has(line_of(r, more[i], b), TEXT("Geheim7")));
    CHECK_TEXT(line_of(r, "Geheim9", b), "Geheim9");
    redact_begin(r);
    CHECK_TEXT(line_of(r, "  30820312 30820200", b), "  30820312 30820200");
}

/* A terminal cut it: the next line begins with the rest of the secret, or with all of it. */
static void secrets_cut(struct redactor *r)
{
    static const struct {
        const char *line, *next;
        size_t tail, head;
    } rows[] = {
        { "pre-shared-key local 0 Gehe", "im123 x", 4, 5 },
        { "pre-shared-key local 0 ", "Geheim123", 0, 9 },
        { "key-string 7 0123 and no ", " more", 0, 0 },
        { "nothing of that kind stands here ", "ftp://u:Geheim123@h/x", 0, 0 },
    };
    struct redacted_cut cut;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const bool is = redact_cut(r, strlen(rows[i].line), text_of(rows[i].line), text_of(rows[i].next), &cut);
        CHECK(is == (rows[i].head != 0));
        CHECK(!is || (cut.tail == rows[i].tail && cut.head == rows[i].head && text_equal(cut.substitute, TEXT("<removed-1>"))));
    }
}

static void check_mask(const char *line, const char *want)
{
    struct buffer b;
    buffer_init(&b, 1000);
    redact_hide_secrets(text_of(line), &b);
    CHECK_TEXT(buffer_view(&b), want);
    buffer_clear(&b);
}

static void secrets_hidden(void)
{
    check_mask("", "");
    check_mask("  pre-shared-key local 6 ABC", "  pre-shared-key local 6 ******");
    check_mask("pre-shared-key with blanks in it", "pre-shared-key ******");
    check_mask("pre-shared-key", "pre-shared-key");
    check_mask(" pre-shared-key address 10.0.0.1 255.255.255.0 key S",
               " pre-shared-key address 10.0.0.1 255.255.255.0 key ******");
    check_mask("crypto isakmp key 6 S address 10.0.0.1", "crypto isakmp key 6 ****** address 10.0.0.1");
    check_mask("authentication remote pre-share key 0 S", "authentication remote pre-share key 0 ******");
    check_mask("ikev2 local-authentication pre-shared-key S", "ikev2 local-authentication pre-shared-key ******");
    check_mask("username a privilege 15 secret 9 $9$x", "username a privilege 15 secret 9 ******");
    check_mask("snmp-server community public RO", "snmp-server community ****** RO");
    check_mask("  ppk manual id X key hex 0a0b", "  ppk manual id X key hex ******");
    check_mask("crypto ikev2 keyring KEY", "crypto ikev2 keyring KEY");
    check_mask(" ppk manual id X key hex 0a0b required", " ppk manual id X key hex ****** required");
    check_mask("key config-key password-encrypt S", "key config-key password-encrypt ******");
    check_mask(" standby 1 authentication S", " standby 1 authentication ******");
    check_mask(" enrollment url http://u:S@h/x", " enrollment url http://u:******@h/x");
    check_mask(" set session-key inbound esp 300 cipher S authenticator S",
               " set session-key inbound esp 300 cipher ****** authenticator ******");
    check_mask(" description the password", " description the password");
    check_mask(" group 14", " group 14");
    /* what only begins like an abbreviated command */
    check_mask("en", "en");
    check_mask("cr is", "cr is");
    check_mask("crypto isakmp enable outside", "crypto isakmp enable outside");
    check_mask("auth rem rsa-sig", "auth rem rsa-sig");
    check_mask("pri loc x", "pri loc x");
    check_mask("user bob priv 15", "user bob priv 15");
    check_mask("ip nat inside", "ip nat inside");
}

/* What a certificate map asks for goes with the name that a trustpoint or a log tells, in letters of either case. */
static void conditions(struct redactor *r, struct buffer *b)
{
    redact_keep(r, TEXT("Crypto"));
    redact_collect(r, TEXT(" subject-name co zent"));
    CHECK_TEXT(line_of(r, " subject-name CN=gw.zentralbank.example, OU = Spokes,O=Zentralbank AG,C=CH", b),
               " subject-name CN=host1.domain1.example, OU = name4,O=name2 name3,C=CH");
    static const char *const same[][2] = {
        { " subject-name co o = zentralbank ag", " subject-name co o = name2 name3" },
        { " subject-name co o=ZENTRALBANK", " subject-name co o=name2" },
        { " subject-name eq cn=gw.zentralbank.example,ou=spokes,o=zentralbank ag,c=ch",
          " subject-name eq cn=host1.domain1.example,ou=name4,o=name2 name3,c=ch" },
        { " subject-name attr ou ne spokes", " subject-name attr ou ne name4" },
        { " issuer-name attr c eq ch", " issuer-name attr c eq ch" },
        { " subject-name co zent",
          " subject-name co host1.domain1.example" },             /* a part of a word is told as a whole one, which has it */
        { " subject-name eq zentral", " subject-name eq name5" }, /* and what had to be equal and was not still is not */
        { " issuer-name nc ou = crypto", " issuer-name nc ou = crypto" },
        { " alt-subject-name co 203.0.113.7", " alt-subject-name co 20.201.151.7" },
        { " subject-name co other.example", " subject-name co domain2.example" },
        { "the 'subject-name co o = zentralbank' command, Crypto", "the 'subject-name co o = name2' command, Crypto" },
        { " subject-name co", " subject-name co" },
        { " subject-name attr", " subject-name attr" },
        { " subject-name co -", " subject-name co -" },
        { "isakmp key Geheim7 subject-name co zentralbank", "isakmp key <removed-1> subject-name co name2" },
        { "password Geheim7 subject-name co zentralbank", "password <removed-2>" },
    };
    for (size_t i = 0; i < COUNT_OF(same); i++)
        CHECK_TEXT(line_of(r, same[i][0], b), same[i][1]);
    CHECK_TEXT(line_of(r, "snmp-server user hans OPSTEAM v3", b), "snmp-server user name7 name6 v3");
}

static void what_stays(struct redactor *r, struct buffer *b)
{
    /* what says nothing of anybody stays */
    CHECK_TEXT(line_of(r, "Calculate SKEYSEED and create rekeyed IKEv2 SA", b), "Calculate SKEYSEED and create rekeyed IKEv2 SA");
    CHECK(!text_has(line_of(r, "SKEYSEED 0a1b2c3d4e5f60718293", b), TEXT("0a1b")));
    CHECK_TEXT(line_of(r, "Username:Unknown", b), "Username:Unknown");
    /* words of the trade stay */
    CHECK_TEXT(line_of(r, "encryption aes-cbc-256 group 14 EV_RECV_AUTH", b), "encryption aes-cbc-256 group 14 EV_RECV_AUTH");
    CHECK_TEXT(line_of(r, "", b), "");
}

int main(void)
{
    struct arena *arena = arena_create();
    struct redactor r;
    struct buffer b;
    redactor_init(&r, arena);
    buffer_init(&b, 1 << 20);
    addresses(&r, &b);
    secrets(&r, &b);
    commands_with_secrets(&r, &b);
    names(&r, &b);
    telling_lines(arena, &b);
    lines_together(&r, &b);
    secrets_cut(&r);
    secrets_hidden();
    what_stays(&r, &b);
    buffer_clear(&b);
    redactor_clear(&r);
    redactor_init(&r, arena);
    buffer_init(&b, 1 << 20);
    exported_hosts(&r, &b);
    buffer_clear(&b);
    redactor_clear(&r);
    redactor_init(&r, arena);
    buffer_init(&b, 1 << 20);
    conditions(&r, &b);
    buffer_clear(&b);
    redactor_clear(&r);
    arena_destroy(arena);
    return TEST_REPORT();
}
