/* Configurations: IOS and ASA, with and without indentation, glued, with secrets that must appear nowhere. */
#include "parser/configuration.h"
#include "sections.h"
#include "test.h"

static struct model *m;
static struct arena *scratch;
static struct section last;

static void read_config(const char *text)
{
    if (m)
        model_destroy(m);
    arena_destroy(scratch);
    m = model_create();
    scratch = arena_create();
    last = section_of(m, scratch, text_of(text), "");
    reader_named("configuration")->read(&last);
}

static const struct record *find(const char *name, const char *title)
{
    for (const struct record *r = m->records; r; r = r->next)
        if (strcmp(r->name, name) == 0 && (!title || text_equal(r->title, text_of(title))))
            return r;
    fprintf(stderr, "no record %s %s\n", name, title ? title : "");
    CHECK(false);
    static const struct record none;
    return &none;
}

static struct text addr(const struct fact *facts, const char *name)
{
    const struct fact *f = fact_find(facts, name);
    return f && f->kind == FACT_ADDRESS ? address_text(f->as.address, scratch) : TEXT("");
}

static struct text member(const struct fact *facts, const char *list, size_t index)
{
    const struct fact *l = fact_find(facts, list), *f = l ? l->as.child : NULL;
    for (; f && index; index--)
        f = f->next;
    return f && f->kind == FACT_TEXT ? f->as.text : TEXT("");
}

/* Nothing that is kept may hold the word. */
static bool kept_anywhere(const struct fact *f, struct text word)
{
    for (; f; f = f->next) {
        if (f->kind == FACT_TEXT && text_has(f->as.text, word))
            return true;
        if ((f->kind == FACT_LIST || f->kind == FACT_GROUP) && kept_anywhere(f->as.child, word))
            return true;
    }
    return false;
}

static bool leaks(const char *word)
{
    for (const struct record *r = m->records; r; r = r->next)
        if (text_has(r->text, text_of(word)) || kept_anywhere(r->facts, text_of(word)))
            return true;
    for (size_t i = 0; i < last.count; i++)
        if (text_has(last.lines[i].text, text_of(word)))
            return true;
    return false;
}

static const char ios[] =
    "hostname Router1\n!\ncrypto ikev2 proposal P1\n encryption 3des aes-cbc-256\n integrity sha1 sha384\n group 2 19\n!\n"
    "crypto ikev2 policy site\n match address local 10.0.0.1\n proposal P1\n!\n"
    "crypto ikev2 keyring KR\n peer one\n  description to the hub\n  address 10.0.0.2 255.255.255.0\n  hostname host1\n"
    "  pre-shared-key local Tr0ub4dor\n  pre-shared-key remote 6 fAbCdEf\n peer two\n  address 0.0.0.0 0.0.0.0\n"
    "  identity fqdn domain example.com\n  pre-shared-key hex 547230756234646f72\n !\n!\n"
    "crypto ikev2 profile PR\n match identity remote address 10.9.0.0 255.255.0.0\n match identity remote fqdn domain "
    "example.com\n"
    " match identity remote any\n identity local key-id site7\n authentication remote rsa-sig\n"
    " authentication local pre-share key Sekrit99\n keyring local KR\n lifetime 120\n dpd 10 3 on-demand\n frobnicate 7\n!\n"
    "crypto ikev2 fragmentation mtu 1200\nno crypto ikev2 http-url cert\n"
    "crypto isakmp key OldSecret address 10.0.0.9\n"
    "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n mode transport\n!\n"
    "crypto ipsec profile IP\n set transform-set TS\n set pfs group14\n set ikev2-profile PR\n!\n"
    "crypto map CM 10 ipsec-isakmp\n set peer 10.0.0.2\n set transform-set TS OTHER\n set ikev2-profile PR\n match address "
    "VPN\n!\n"
    "interface Tunnel0\n ip address 172.16.0.1 255.255.255.0\n tunnel source Ethernet0/0\n tunnel mode ipsec ipv4\n"
    " tunnel destination 10.0.0.2\n tunnel protection ipsec profile IP\n ip nhrp authentication nhrpsecret\n!\n"
    "crypto map MANUAL 10 ipsec-manual\n set peer 10.0.0.7\n set session-key inbound esp 300 cipher CipherKey1 authenticator "
    "AuthKey2\n set session-key outbound ah 301 0123456789\n!\n"
    "crypto pki trustpoint CA\n enrollment url http://user:UrlWord3@ca.example/x\n!\n"
    "interface Ethernet0/0\n ip address 10.0.0.1 255.255.255.0\n ip address 10.0.1.1 255.255.255.0 secondary\n crypto map CM\n!\n"
    "ip access-list extended VPN\n permit ip 192.168.1.0 0.0.0.255 192.168.2.0 0.0.0.255\n 20 permit tcp host 10.1.1.1 eq 22 "
    "any\n"
    " remark whatever\n deny ip any any\n!\naccess-list 101 permit ip 10.0.0.0 0.255.255.255 host 10.2.2.2\n"
    "access-list 10 permit 10.7.0.0 0.0.255.255\nipv6 access-list V6\n permit icmp any host 2001:db8::1\n permit ospf any "
    "any\nip route 0.0.0.0 0.0.0.0 10.0.0.2\nenable secret 5 $1$abcd\n!\nend\n";

static void check_proposal(void)
{
    const struct fact *p = find("ikev2-proposal", "P1")->facts;
    CHECK_NUMBER(list_count(p, "transforms"), 6);
    CHECK_NUMBER(number_of(list_at(p, "transforms", 1), "id"), ENCR_AES_CBC);
    CHECK_NUMBER(number_of(list_at(p, "transforms", 1), "key_length"), 256);
    CHECK_NUMBER(number_of(list_at(p, "transforms", 3), "type"), TRANSFORM_INTEG);
    CHECK_NUMBER(number_of(list_at(p, "transforms", 5), "id"), 19);
    CHECK_NUMBER(fact_find(p, "transforms")->as.child->line, 4);
    CHECK_TEXT(find("ikev2-proposal", "P1")->text,
               "crypto ikev2 proposal P1\n encryption 3des aes-cbc-256\n integrity sha1 sha384\n group 2 19");
    CHECK_NUMBER(find("ikev2-proposal", "P1")->line_numbers[3], 6);
    CHECK_TEXT(member(find("ikev2-policy", "site")->facts, "proposals", 0), "P1");
}

static void check_keys(void)
{
    const struct fact *kr = find("ikev2-keyring", "KR")->facts, *one = list_at(kr, "peers", 0), *two = list_at(kr, "peers", 1);
    CHECK_NUMBER(list_count(kr, "peers"), 2);
    CHECK_TEXT(addr(one, "start"), "10.0.0.0");
    CHECK_TEXT(addr(one, "end"), "10.0.0.255");
    CHECK_TEXT(fact_get_text(one, "hostname"), "host1");
    CHECK_NUMBER(number_of(one, "has_key"), 1);
    CHECK_NUMBER(list_count(one, "keys"), 2);
    CHECK_TEXT(fact_get_text(list_at(one, "keys", 0), "side"), "local");
    CHECK_TEXT(fact_get_text(list_at(one, "keys", 0), "form"), "clear");
    CHECK_TEXT(fact_get_text(list_at(one, "keys", 1), "form"), "6");
    CHECK(!fact_find(list_at(one, "keys", 1), ".key_digest"));
    CHECK_TEXT(fact_get_text(list_at(two, "keys", 0), "form"), "hex");
    CHECK_NUMBER(number_of(list_at(two, "keys", 0), ".key_digest"), number_of(list_at(one, "keys", 0), ".key_digest"));
    CHECK_TEXT(fact_get_text(fact_find(two, "identity")->as.child, "id"), "example.com");
    CHECK_NUMBER(number_of(fact_find(two, "identity")->as.child, "domain"), 1);
    static const char *const secrets[] = { "Tr0ub4dor", "fAbCdEf",    "54723075", "Sekrit99",   "OldSecret", "nhrpsecret",
                                           "$1$abcd",   "CipherKey1", "AuthKey2", "0123456789", "UrlWord3" };
    for (size_t i = 0; i < COUNT_OF(secrets); i++)
        CHECK(!leaks(secrets[i]));
}

static void check_profile(void)
{
    const struct fact *p = find("ikev2-profile", "PR")->facts;
    CHECK_NUMBER(list_count(p, "match_identity_remote"), 3);
    CHECK_TEXT(addr(list_at(p, "match_identity_remote", 0), "end"), "10.9.255.255");
    CHECK_NUMBER(number_of(list_at(p, "match_identity_remote", 1), "id_type"), ID_FQDN);
    CHECK_NUMBER(number_of(list_at(p, "match_identity_remote", 2), "any"), 1);
    CHECK_TEXT(fact_get_text(fact_find(p, "identity_local")->as.child, "id"), "site7");
    CHECK_NUMBER(number_of(list_at(p, "authentication_remote", 0), "method"), AUTH_RSA);
    CHECK_NUMBER(number_of(list_at(p, "authentication_local", 0), "method"), AUTH_PSK);
    CHECK_TEXT(fact_get_text(p, "keyring_local"), "KR");
    CHECK_NUMBER(number_of(p, "lifetime"), 120);
    CHECK_NUMBER(number_of(p, "dpd_retry"), 3);
    CHECK_TEXT(member(p, "unknown", 0), "frobnicate 7");
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 3); /* and the two manual keys */
}

static void check_ipsec(void)
{
    const struct fact *ts = find("transform-set", "TS")->facts, *map = find("crypto-map", "CM 10")->facts;
    CHECK_NUMBER(list_count(ts, "transforms"), 2);
    CHECK_NUMBER(number_of(list_at(ts, "transforms", 0), "key_length"), 256);
    CHECK_TEXT(fact_get_text(ts, "mode"), "transport");
    CHECK_NUMBER(number_of(find("ipsec-profile", "IP")->facts, "pfs"), 14);
    CHECK_NUMBER(number_of(map, "sequence"), 10);
    CHECK_TEXT(addr(list_at(map, "peers", 0), "address"), "10.0.0.2");
    CHECK_TEXT(member(map, "transform_sets", 1), "OTHER");
    CHECK_TEXT(fact_get_text(map, "match_address"), "VPN");
    CHECK_TEXT(fact_get_text(map, "kind"), "ipsec-isakmp");
    CHECK_NUMBER(number_of(find("ikev2-global", "")->facts, "fragmentation_mtu"), 1200);
    CHECK_NUMBER(number_of(find("ikev2-global", "")->facts, "http_url_cert"), 0);
    CHECK_NUMBER(number_of(find("isakmp-key", "10.0.0.9")->facts, "has_key"), 1);
}

static void check_system(void)
{
    const struct fact *t = find("interface", "Tunnel0")->facts, *e = find("interface", "Ethernet0/0")->facts;
    CHECK_TEXT(find("hostname", NULL)->title, "Router1");
    CHECK_TEXT(fact_get_text(t, "tunnel_profile"), "IP");
    CHECK_TEXT(fact_get_text(t, "tunnel_destination"), "10.0.0.2");
    CHECK_TEXT(fact_get_text(e, "crypto_map"), "CM");
    CHECK_NUMBER(list_count(e, "addresses"), 2);
    CHECK_TEXT(addr(list_at(e, "addresses", 0), "address"), "10.0.0.1");
    const struct fact *acl = find("access-list", "VPN")->facts;
    CHECK_NUMBER(list_count(acl, "entries"), 3);
    CHECK_TEXT(addr(list_at(acl, "entries", 0), "source_end"), "192.168.1.255");
    CHECK_TEXT(addr(list_at(acl, "entries", 0), "destination_start"), "192.168.2.0");
    CHECK_NUMBER(number_of(list_at(acl, "entries", 1), "source_port"), 22);
    CHECK_NUMBER(number_of(list_at(acl, "entries", 1), "protocol"), 6);
    CHECK_NUMBER(number_of(list_at(acl, "entries", 1), "sequence"), 20);
    CHECK_TEXT(addr(list_at(acl, "entries", 1), "destination_end"), "255.255.255.255");
    CHECK_TEXT(addr(list_at(find("access-list", "101")->facts, "entries", 0), "source_end"), "10.255.255.255");
    CHECK_TEXT(addr(list_at(find("access-list", "10")->facts, "entries", 0), "source_end"), "10.7.255.255");
    const struct fact *six = find("access-list", "V6")->facts;
    CHECK_NUMBER(number_of(list_at(six, "entries", 0), "protocol"), 58);
    CHECK_NUMBER(number_of(list_at(six, "entries", 1), "protocol"), 89);
}

static void test_ios(void)
{
    read_config(ios);
    check_proposal();
    check_keys();
    check_profile();
    check_ipsec();
    check_system();
}

/* The same without indentation, as web pages give it, must mean the same. */
static void test_stripped(void)
{
    char *flat = malloc(sizeof ios);
    size_t n = 0;
    for (size_t i = 0; flat && i < sizeof ios; i++)
        if (!(ios[i] == ' ' && (n == 0 || flat[n - 1] == '\n')))
            flat[n++] = ios[i];
    read_config(flat);
    CHECK_NUMBER(list_count(find("ikev2-proposal", "P1")->facts, "transforms"), 6);
    CHECK_NUMBER(list_count(find("ikev2-keyring", "KR")->facts, "peers"), 2);
    CHECK_TEXT(fact_get_text(list_at(find("ikev2-keyring", "KR")->facts, "peers", 0), "hostname"), "host1");
    check_profile();
    check_ipsec();
    check_system();
    CHECK(!leaks("Tr0ub4dor"));
    free(flat);
}

/* IOS ends every peer of a keyring with a mark of its own. */
/* Who types one down indents some objects and others not, and an editor writes first letters large. */
static void test_typed_down(void)
{
    read_config(
        "Hostname R7\nInt gi0/1\nIp address 192.0.2.1 255.255.255.0\nNo shut\n"
        "crypto ikev2 proposal P1\n encryption aes-cbc-256\n integrity sha384\n group 20\n"
        "Crypto ikev2 keyring KR\npeer A\naddress 192.0.2.2\npre-shared-key Zq8wertz\n"
        "crypto ikev2 profile PR\nmatch identity remote address 192.0.2.2\nauthentication local pre-share\n"
        "authentication remote pre-share\nkeyring local KR\nrouter eigrp 9\nnetwork 10.0.0.0\n"
        "interface Tunnel1\n ip address 10.1.1.1 255.255.255.0\n tunnel source GigabitEthernet0/1\ntunnel mode ipsec ipv4\n");
    const struct record *peer = find("ikev2-keyring", "KR"), *profile = find("ikev2-profile", "PR");
    CHECK(fact_find(peer->facts, "peers") != NULL);
    CHECK_TEXT(fact_get_text(profile->facts, "keyring_local"), "KR");
    CHECK(!leaks("Zq8wertz"));
    CHECK(fact_find(find("interface", "GigabitEthernet0/1")->facts, "addresses") != NULL);
    (void)find("hostname", "R7");
    /* where an object's commands are indented, what is not is none of them */
    CHECK(!fact_find(find("interface", "Tunnel1")->facts, "tunnel_mode"));
    /* "int" is what nobody but a person writes: the file may abbreviate, and is what a router prints nowhere */
    static const char short_of[] = "crypto ikev2 proposal P1\n\tencr aes-cbc-256\n\tint sha384\n\tgr 20\n"
                                   "crypto ikev2 keyring KR\n\tpeer A\n\t\taddr 192.0.2.2\n\t\tpre-share local Zq8wertz\n"
                                   "int e0/1\n\tip addr 192.0.2.1 255.255.255.0\n";
    read_config(short_of);
    CHECK_NUMBER(list_count(find("ikev2-proposal", "P1")->facts, "transforms"), 3);
    CHECK_NUMBER(list_count(list_at(find("ikev2-keyring", "KR")->facts, "peers", 0), "keys"), 1);
    CHECK(!leaks("Zq8wertz"));
    CHECK(fact_find(find("interface", "Ethernet0/1")->facts, "addresses") != NULL);
}

static void test_marks_inside(void)
{
    read_config("crypto ikev2 keyring KR\n peer A\n  address 10.0.0.2\n  pre-shared-key one-1\n !\n peer B\n  address 10.0.0.3\n"
                "  pre-shared-key two-2\n !\n!\ncrypto ikev2 profile P\n keyring local KR\n!\n");
    CHECK_NUMBER(list_count(find("ikev2-keyring", "KR")->facts, "peers"), 2);
    CHECK_TEXT(fact_get_text(list_at(find("ikev2-keyring", "KR")->facts, "peers", 1), "name"), "B");
    CHECK_TEXT(fact_get_text(find("ikev2-profile", "P")->facts, "keyring_local"), "KR");
}

/* A key is its user's: a word of it that a translation could have left is no command, and stays part of it. */
static void test_key_like_a_translation(void)
{
    read_config("crypto ikev2 keyring KR\n peer A\n  address 10.0.0.2\n  pre-shared-key blue-\xe7\xb5\x84-1\n peer B\n"
                "  address 10.0.0.3\n  pre-shared-key blue-\xe7\xb5\x84-1\n peer C\n  address 10.0.0.4\n"
                "  pre-shared-key blue-\xe7\xb5\x84-2\n peer D\n  address 10.0.0.5\n  pre-shared-key blue\n");
    uint64_t digests[4];
    for (size_t i = 0; i < 4; i++) {
        const struct fact *key = list_at(list_at(find("ikev2-keyring", "KR")->facts, "peers", i), "keys", 0);
        CHECK(key && fact_get_number(key, ".key_digest", &digests[i]));
    }
    CHECK_NUMBER(digests[0], digests[1]);
    CHECK(digests[0] != digests[2] && digests[0] != digests[3]);
}

static void test_glued(void)
{
    read_config(
        "crypto ikev2 proposal PHASE1-prop encryption 3des aes-cbc-128 integrity sha1 group 2crypto ikev2 keyring KEYRNG "
        "peer peer1 address 10.0.0.2 255.255.255.0 hostname host1 pre-shared-key local cisco pre-shared-key remote cisco\n");
    CHECK_NUMBER(list_count(find("ikev2-proposal", "PHASE1-prop")->facts, "transforms"), 4);
    const struct fact *peer = list_at(find("ikev2-keyring", "KEYRNG")->facts, "peers", 0);
    CHECK_TEXT(fact_get_text(peer, "hostname"), "host1");
    CHECK_NUMBER(list_count(peer, "keys"), 2);
    CHECK(!leaks("cisco"));
    read_config("\xe7\x9b\xb8\xe9\x97\x9c\xe9\x85\x8d\xe7\xbd\xae\n"
                "crypto ikev2\xe5\xbb\xba\xe8\xad\xb0P9 encryption 3des integrity sha1\xe7\xb5\x84"
                "2crypto ikev2 policy X\nproposal P9\n");
    CHECK_NUMBER(list_count(find("ikev2-proposal", "P9")->facts, "transforms"), 3);
    CHECK_TEXT(member(find("ikev2-policy", "X")->facts, "proposals", 0), "P9");
    CHECK_NUMBER(last.lines[0].class, LINE_NOISE);
}

static const char asa[] =
    "ASA Version 9.8(2)\nhostname fw1\ninterface GigabitEthernet0/0\n nameif outside\n security-level 0\n"
    " ip address 192.0.2.1 255.255.255.0\n!\nobject network LAN\n subnet 10.1.0.0 255.255.0.0\nobject-group network REMOTE\n"
    " network-object 10.2.0.0 255.255.0.0\n network-object host 10.3.3.3\n"
    "access-list vpn extended permit ip object LAN object-group REMOTE\naccess-list vpn extended permit ip object NOWHERE any\n"
    "access-list vpn extended deny tcp 10.0.0.0 255.255.255.0 host 10.9.9.9 eq https\n"
    "crypto ipsec ikev2 ipsec-proposal AES256\n protocol esp encryption aes-256 aes aes-gcm\n protocol esp integrity sha-256\n"
    "crypto map outside_map 1 match address vpn\ncrypto map outside_map 1 set pfs group19\ncrypto map outside_map 1 set peer "
    "198.51.100.2 \n"
    "crypto map outside_map 1 set ikev2 ipsec-proposal AES256 OTHER\ncrypto map outside_map interface outside\n"
    "crypto ikev2 policy 20\n encryption aes-gcm-256\n integrity null\n group 21 20\n prf sha512\n lifetime seconds 86400\n"
    "crypto ikev2 policy 10\n encryption aes-256 3des\n integrity sha256\n group 14\n prf sha256 sha\n lifetime seconds 28800\n"
    "crypto ikev2 enable outside\ncrypto isakmp identity address\n"
    "group-policy GP internal\ngroup-policy GP attributes\n vpn-tunnel-protocol ikev2 l2tp-ipsec\n"
    "tunnel-group 198.51.100.2 type ipsec-l2l\ntunnel-group 198.51.100.2 general-attributes\n default-group-policy GP\n"
    "tunnel-group 198.51.100.2 ipsec-attributes\n ikev1 pre-shared-key Ancient\n"
    " ikev2 remote-authentication pre-shared-key HisKey\n ikev2 local-authentication pre-shared-key *****\n"
    " peer-id-validate nocheck\nusername admin password hUnTeR encrypted\n: end\n";

static void test_asa(void)
{
    read_config(asa);
    const struct fact *p = find("asa-ikev2-policy", "10")->facts;
    CHECK_NUMBER(list_count(p, "transforms"), 6);
    CHECK_NUMBER(number_of(p, "lifetime"), 28800);
    CHECK_NUMBER(number_of(list_at(find("asa-ikev2-policy", "20")->facts, "transforms", 0), "id"), ENCR_AES_GCM_16);
    const struct fact *map = find("crypto-map", "outside_map 1")->facts;
    CHECK_NUMBER(number_of(map, "pfs"), 19);
    CHECK_TEXT(addr(list_at(map, "peers", 0), "address"), "198.51.100.2");
    CHECK_TEXT(member(map, "ipsec_proposals", 1), "OTHER");
    CHECK_TEXT(fact_get_text(find("crypto-map-binding", "outside_map")->facts, "interface"), "outside");
    CHECK_NUMBER(list_count(find("ipsec-proposal", "AES256")->facts, "transforms"), 4);
    /* a bare "aes-gcm" is the one of 128 bits */
    CHECK_NUMBER(number_of(list_at(find("ipsec-proposal", "AES256")->facts, "transforms", 2), "key_length"), 128);
    const struct fact *acl = find("access-list", "vpn")->facts;
    CHECK_NUMBER(list_count(acl, "entries"), 4);
    CHECK_TEXT(addr(list_at(acl, "entries", 0), "destination_end"), "10.2.255.255");
    CHECK_TEXT(addr(list_at(acl, "entries", 1), "destination_start"), "10.3.3.3");
    CHECK_TEXT(fact_get_text(list_at(acl, "entries", 2), "unresolved"), "NOWHERE");
    CHECK_TEXT(addr(list_at(acl, "entries", 3), "source_end"), "10.0.0.255");
    CHECK_NUMBER(number_of(list_at(acl, "entries", 3), "destination_port"), 443);
    const struct fact *tg = find("tunnel-group", "198.51.100.2")->facts;
    CHECK_TEXT(fact_get_text(tg, "type"), "ipsec-l2l");
    CHECK_TEXT(fact_get_text(tg, "default_group_policy"), "GP");
    CHECK_NUMBER(list_count(tg, "keys"), 2);
    CHECK_TEXT(fact_get_text(list_at(tg, "keys", 0), "side"), "remote");
    CHECK_TEXT(fact_get_text(list_at(tg, "keys", 1), "form"), "masked");
    CHECK_TEXT(fact_get_text(tg, "peer_id_validate"), "nocheck");
    CHECK_TEXT(member(find("group-policy", "GP")->facts, "vpn_tunnel_protocol", 0), "ikev2");
    CHECK_TEXT(fact_get_text(find("interface", "GigabitEthernet0/0")->facts, "nameif"), "outside");
    CHECK(!leaks("HisKey") && !leaks("Ancient") && !leaks("hUnTeR"));
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 0);
}

/* What redact took out of a banner and a certificate is missed by nobody; what a person left out is. */
static void test_redacted(void)
{
    static const char redacted[] = "version 17.3\nhostname R1\nbanner <removed>\n<removed>\n<removed>\n"
                                   "crypto pki certificate chain T\n certificate 01\n  <removed>\n  <removed>\n  \tquit\n"
                                   "crypto ikev2 keyring K\n peer A\n  address 10.0.0.2\n%send\n";
    static const char *const left_out[] = { "", "<removed>\n" };
    for (size_t i = 0; i < COUNT_OF(left_out); i++) {
        char text[sizeof redacted + 16];
        snprintf(text, sizeof text, redacted, left_out[i]);
        read_config(text);
        CHECK((fact_find(find("configuration", "")->facts, "cut") != NULL) == (i == 1));
        CHECK(find("ikev2-keyring", "K") != NULL);
    }
}

static void test_edges(void)
{
    /* a key is all of its words; a URL's password goes */
    read_config("crypto ikev2 keyring K\n peer A\n  pre-shared-key local 0 Ge heim 1\n  pre-shared-key remote 0 Ge heim 2\n"
                "crypto pki trustpoint T\n enrollment url http://u:Ge@h/x\n");
    const struct fact *keys = list_at(find("ikev2-keyring", "K")->facts, "peers", 0);
    CHECK(number_of(list_at(keys, "keys", 0), ".key_digest") != number_of(list_at(keys, "keys", 1), ".key_digest"));
    CHECK(!leaks("Ge"));
    CHECK_TEXT(fact_get_text(find("pki-trustpoint", "T")->facts, "enrollment"), "url http://u:******@h/x");
    read_config("");
    CHECK(m->records == NULL);
    read_config("crypto ikev2 proposal\n encryption\n group\n integrity frob\n");
    CHECK_TEXT(fact_get_text(list_at(find("ikev2-proposal", "default")->facts, "transforms", 0), "word"), "frob");
    read_config("no crypto ikev2 policy default\ncrypto map\ncrypto map X\naccess-list\naccess-list 1\nip access-list extended "
                "A\n permit\n"
                " permit ip\n permit ip host\n permit ip any\ninterface\ntunnel-group\nobject-group network\n");
    CHECK_NUMBER(number_of(find("ikev2-policy", "default")->facts, "removed"), 1);
    /* certificates are rows of hex, and end with quit */
    read_config(
        "crypto pki certificate chain T\n certificate ca 01\n  30820321 A0030201\n  quit\ncrypto ikev2 proposal P\n group 14\n");
    CHECK_NUMBER(list_count(find("ikev2-proposal", "P")->facts, "transforms"), 1);
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 0);
}

/* Two routers in one section: told apart by their hostnames, or by a page's words and the same object again. */
static void test_routers(void)
{
    struct text none = { NULL, 0 };
    if (m)
        model_destroy(m);
    arena_destroy(scratch);
    m = model_create();
    scratch = arena_create();
    (void)model_add_input(m, TEXT("both.cfg"), none);
    last = section_of(m, scratch,
                      text_of("crypto ikev2 proposal P\n group 14\n!\nhostname A\n!\nhostname B\n!\n"
                              "crypto ikev2 proposal P\n group 19\n"),
                      "");
    last.device = model_device(m, TEXT("both"));
    reader_named("configuration")->read(&last);
    CHECK_NUMBER(m->records->device, model_device(m, TEXT("A")));
    CHECK_NUMBER(m->records_last->device, model_device(m, TEXT("B")));
    CHECK_NUMBER(list_count(m->records_last->facts, "transforms"), 1);
    last = section_of(m, scratch,
                      text_of("interface Loopback0\nip address 10.0.0.1 255.0.0.0\n\xe8\xb7\xaf\xe7\x94\xb1 2\n"
                              "interface Loopback0\nip address 10.0.0.2 255.0.0.0\n"),
                      "");
    last.device = model_device(m, TEXT("page"));
    reader_named("configuration")->read(&last);
    CHECK_NUMBER(m->records_last->device, model_device(m, TEXT("page/2")));
    CHECK_NUMBER(list_count(m->records_last->facts, "addresses"), 1);
}

static void test_seed(void)
{
    struct text t = file_text("../shared/reference/seed-english/r1.cfg");
    if (!t.at) {
        printf("seed skipped: not there\n");
        return;
    }
    struct buffer b;
    buffer_init(&b, 1 << 20);
    buffer_text(&b, t);
    buffer_byte(&b, 0);
    read_config(b.at);
    CHECK_NUMBER(list_count(find("ikev2-proposal", "PHASE1-prop")->facts, "transforms"), 4);
    CHECK_TEXT(fact_get_text(find("ikev2-profile", "IKEV2-SETUP")->facts, "keyring_local"), "KEYRNG");
    CHECK_NUMBER(lines_of_class(&last, LINE_UNPARSED), 0);
    CHECK(!leaks(" cisco"));
    buffer_clear(&b);
    free((char *)(uintptr_t)t.at);
}

/* Zones, as IOS and an ASA have them; an offset that is none. */
static void test_clock(void)
{
    read_config("clock timezone CET 1 0\nclock summer-time CEST recurring last Sun Mar 2:00 last Sun Oct 3:00\n");
    CHECK_TEXT(fact_get_text(find("clock", "CET")->facts, "offset"), "+01:00");
    CHECK_TEXT(fact_get_text(find("clock", "CEST")->facts, "offset"), "+02:00");
    read_config("clock timezone NST -3 30\nclock summer-time NDT date 8 Mar 2026 2:00 1 Nov 2026 2:00 30\n");
    CHECK_TEXT(fact_get_text(find("clock", "NST")->facts, "offset"), "-03:30");
    CHECK_TEXT(fact_get_text(find("clock", "NDT")->facts, "offset"), "-03:00");
    read_config("clock timezone EAST far\n");
    CHECK(!m->records || strcmp(m->records->name, "clock") != 0);
}

/* By a next hop, an interface, or both; of a VRF; as an ASA has them. A router's other ways to learn routes are only noted. */
static void test_routes(void)
{
    static const struct {
        const char *line, *interface, *vrf;
        bool hop;
    } rows[] = {
        { "ip route 0.0.0.0 0.0.0.0 203.0.113.254", "", "", true },
        { "ip route 10.2.0.0 255.255.0.0 Tunnel0 200", "Tunnel0", "", false },
        { "ip route vrf INET 10.3.0.0 255.255.0.0 GigabitEthernet 0/1 203.0.113.9 name UP", "GigabitEthernet0/1", "INET", true },
        { "route outside 10.4.0.0 255.255.0.0 203.0.113.1 1", "outside", "", true },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct address start, hop;
        read_config(rows[i].line);
        const struct fact *route = fact_children(fact_members(find("static-routes", "")->facts, "routes"));
        CHECK(fact_get_address(route, "start", &start) && start.family == ADDRESS_IPV4);
        CHECK_TEXT(fact_get_text(route, "interface"), rows[i].interface);
        CHECK_TEXT(fact_get_text(route, "vrf"), rows[i].vrf);
        CHECK(fact_get_address(route, "gateway", &hop) == rows[i].hop);
    }
    read_config("route-map M permit 10\nno ip route 10.2.0.0 255.255.0.0 Tunnel0\nroute set remote ipv4 10.9.0.0 255.255.0.0\n");
    for (const struct record *r = m->records; r; r = r->next)
        CHECK(strcmp(r->name, "static-routes") != 0);
    read_config("version 17.3\nrouter ospf 1\n network 10.0.0.0 0.255.255.255 area 0\nend\n");
    CHECK(fact_find(find("configuration", "")->facts, "routes_learnt") != NULL);
    CHECK(fact_find(find("configuration", "")->facts, "addresses_given") == NULL);
    read_config("version 17.3\ninterface GigabitEthernet1\n ip nat outside\n!\nip nat source list 7 pool P\nend\n");
    CHECK(fact_find(find("configuration", "")->facts, "addresses_given") != NULL);
}

/* A name is the same however it was typed; what is no interface's stays as it is. */
static void test_interface_names(void)
{
    static const struct {
        const char *typed, *name;
    } rows[] = {
        { "tunnel 0", "Tunnel0" },
        { "Tunnel12", "Tunnel12" },
        { "tu7", "Tunnel7" },
        { "gi0/0/1", "GigabitEthernet0/0/1" },
        { "g0/1.100", "GigabitEthernet0/1.100" },
        { "te 1/1/1", "TenGigabitEthernet1/1/1" },
        { "Lo0", "Loopback0" },
        { "Port-channel1", "Port-channel1" },
        { "nve1", "nve1" },
        { "10.1.1.1", "10.1.1.1" },
        { "2001:db8::1", "2001:db8::1" },
        { "dynamic", "dynamic" },
    };
    char text[128];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        (void)snprintf(text, sizeof text, "interface Tunnel1\n tunnel source %s\n", rows[i].typed);
        read_config(text);
        CHECK_TEXT(fact_get_text(find("interface", "Tunnel1")->facts, "tunnel_source"), rows[i].name);
    }
    read_config("interface tunnel 0\n ip unnumbered lo 0\ncrypto ikev2 client flexvpn FC\n client connect tunnel 0\n");
    CHECK_TEXT(fact_get_text(find("interface", "Tunnel0")->facts, "unnumbered"), "Loopback0");
    CHECK_TEXT(fact_get_text(find("flexvpn-client", "FC")->facts, "tunnel"), "Tunnel0");
    read_config("crypto ikev2 client flexvpn FC\n client connect auto\n");
    CHECK(!fact_find(find("flexvpn-client", "FC")->facts, "tunnel"));
}

/* The address outside of the tunnel, in every form that IOS takes; none of what names none. */
static void test_nhrp(void)
{
    static const struct {
        const char *line, *peer;
    } rows[] = {
        { "ip nhrp map 10.0.0.1 203.0.113.1", "203.0.113.1" },
        { "ip nhrp map 10.0.0.0 255.255.255.0 203.0.113.1", "203.0.113.1" },
        { "ip nhrp map 10.0.0.1/32 203.0.113.1", "203.0.113.1" },
        { "ip nhrp map 10.0.0.1 203.0.113.1 preference 2", "203.0.113.1" },
        { "ipv6 nhrp map 2001:db8::1/128 203.0.113.1", "203.0.113.1" },
        { "ip nhrp nhs 10.0.0.1 nbma 203.0.113.1 multicast", "203.0.113.1" },
        { "ip nhrp nhs dynamic nbma 203.0.113.1", "203.0.113.1" },
        { "ip nhrp nhs 10.0.0.1 nbma hub.example.net", "" },
        { "ip nhrp nhs 10.0.0.1 10.0.0.0 255.255.255.0", "" },
        { "ip nhrp map multicast 203.0.113.1", "" },
        { "ip nhrp map multicast dynamic", "" },
    };
    char text[128];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        (void)snprintf(text, sizeof text, "interface Tunnel1\n %s\n", rows[i].line);
        read_config(text);
        const struct fact *peer = fact_members(find("interface", "Tunnel1")->facts, "nhrp_peers");
        CHECK_TEXT(addr(peer ? fact_children(peer) : NULL, "address"), rows[i].peer);
    }
    read_config("interface Tunnel1\n ip nhrp map 10.0.0.1 255.255.255.255 203.0.113.1\n");
    CHECK_TEXT(addr(fact_children(fact_members(find("interface", "Tunnel1")->facts, "nhrp_peers")), "inside"), "10.0.0.1");
}

int main(void)
{
    test_interface_names();
    test_nhrp();
    test_clock();
    test_routes();
    test_ios();
    test_stripped();
    test_typed_down();
    test_marks_inside();
    test_glued();
    test_key_like_a_translation();
    test_asa();
    test_redacted();
    test_edges();
    test_routers();
    test_seed();
    model_destroy(m);
    arena_destroy(scratch);
    return TEST_REPORT();
}
