/* What analysis asks of configurations and show output, on records as the readers of parser/ make them. */
#include "../parser/sections.h"
#include "analysis/evidence.h"
#include "test.h"

static struct model *m;
static struct arena *scratch;

static void begin(void)
{
    if (m)
        model_destroy(m);
    arena_destroy(scratch);
    m = model_create();
    scratch = arena_create();
}

static void read_as(const char *reader, const char *device, uint32_t input, const char *text)
{
    struct section s = section_of(m, scratch, text_of(text), "");
    s.device = model_device(m, text_of(device));
    s.input = input;
    reader_named(reader)->read(&s);
}

static struct address address(const char *text)
{
    struct address a = { 0 };
    CHECK(address_read(text_of(text), &a));
    return a;
}

static const char r1[] =
    "crypto ikev2 proposal P\n encryption aes-cbc-256 3des\n integrity sha256\n group 14\n!\ncrypto ikev2 policy A\n"
    " match address local 192.0.2.99\n proposal P9\n!\ncrypto ikev2 policy B\n proposal P\n!\n"
    "crypto ikev2 keyring K\n peer any\n  address 0.0.0.0 0.0.0.0\n  pre-shared-key wrong\n peer two\n  address 10.0.0.2\n"
    "  pre-shared-key local abc\n  pre-shared-key remote xyz\n!\n"
    "crypto ikev2 profile ONE\n match identity remote address 10.0.0.0 255.255.255.0\n keyring local K\n!\n"
    "crypto ikev2 profile TWO\n match identity remote fqdn domain example.com\n!\n"
    "crypto ikev2 profile ANY\n match identity remote any\n!\n"
    "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\ncrypto ipsec transform-set T2 esp-gcm 256\n"
    "crypto map CM 10 ipsec-isakmp\n set peer 10.0.0.2\n set transform-set TS T2\n set pfs group19\n match address VPN\n!\n"
    "crypto ipsec profile IP\n set transform-set T2\n!\n"
    "interface Tunnel7\n tunnel destination 10.0.0.7\n tunnel mode ipsec ipv4\n tunnel protection ipsec profile IP\n!\n"
    "interface Ethernet0\n ip address 10.0.0.1 255.255.255.0\n crypto map CM\n!\n"
    "ip access-list extended VPN\n permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255\n deny ip any any\n!\n";

static const char r2[] =
    "crypto ikev2 keyring K\n peer one\n  address 10.0.0.1\n  pre-shared-key local xyz\n  pre-shared-key remote ABC\n!\n"
    "crypto ikev2 profile P\n match identity remote any\n keyring local K\n!\n"
    "interface Ethernet0\n ip address 10.0.0.2 255.255.255.0\n!\n";

static void test_offers(void)
{
    uint32_t one = model_device(m, TEXT("R1")), two = model_device(m, TEXT("R2"));
    struct configured *c = config_offered_proposals(m, one, address("10.0.0.1"), scratch);
    CHECK(c && c->record && !c->next);
    CHECK_TEXT(c->name, "P");
    CHECK_NUMBER(c->proposal.count, 5);
    CHECK(c->prf_implied);
    CHECK_NUMBER(proposal_transform(&c->proposal, TRANSFORM_PRF)->id, PRF_HMAC_SHA2_256);
    CHECK_NUMBER(c->proposal.transforms[0].key_length, 256);
    CHECK_NUMBER(c->lines[1], 2);
    c = config_offered_proposals(m, two, address("10.0.0.2"), scratch);
    CHECK(c && !c->record);
    CHECK(!config_offered_proposals(m, model_device(m, TEXT("R3")), address("10.0.0.3"), scratch));
    c = config_transform_sets(m, one, address("10.0.0.2"), NULL, scratch);
    CHECK(c && c->next && !c->next->next);
    CHECK_NUMBER(c->next->proposal.transforms[0].id, ENCR_AES_GCM_16);
    c = config_transform_sets(m, one, address("10.0.0.7"), NULL, scratch);
    CHECK(c && !c->next);
    CHECK(!config_transform_sets(m, one, address("10.0.0.8"), NULL, scratch));
}

static void test_paths(void)
{
    uint32_t one = model_device(m, TEXT("R1"));
    struct config_path p = config_path_to(m, one, address("10.0.0.2"), NULL);
    CHECK(p.crypto_map && p.acl && p.interface && p.profile && p.keyring && p.key);
    CHECK_TEXT(p.interface->title, "Ethernet0");
    CHECK_TEXT(p.profile->title, "ONE");
    struct pfs pfs = config_pfs(m, one, address("10.0.0.2"), NULL);
    CHECK(pfs.known);
    CHECK_NUMBER(pfs.group, 19);
    CHECK_TEXT(record_line(pfs.where, pfs.line), " set pfs group19");
    pfs = config_pfs(m, one, address("10.0.0.7"), NULL);
    CHECK(pfs.known);
    CHECK_NUMBER(pfs.group, 0);
    CHECK(!config_pfs(m, one, address("10.0.0.8"), NULL).known);
    struct selector_pair *s = config_selectors(m, one, address("10.0.0.2"), scratch);
    CHECK(s && !s->next);
    CHECK_TEXT(address_text(s->local.end, scratch), "10.1.255.255");
    s = config_selectors(m, one, address("10.0.0.7"), scratch);
    CHECK(s && !s->acl);
    CHECK_TEXT(address_text(s->remote.end, scratch), "255.255.255.255");
    struct party party = { .endpoint = { .address = address("10.0.0.2") } };
    CHECK_NUMBER(config_device(m, &party), model_device(m, TEXT("R2")));
    party.endpoint.address = address("10.9.9.9");
    CHECK_NUMBER(config_device(m, &party), 0);
    party.device = model_device(m, TEXT("r1-initial")); /* the log's name follows that of the configuration */
    CHECK_NUMBER(config_device(m, &party), one);
    party.device = model_device(m, TEXT("r10"));
    CHECK_NUMBER(config_device(m, &party), 0);
}

static const struct address nowhere = { .family = ADDRESS_NONE };

static void test_identities(void)
{
    uint32_t one = model_device(m, TEXT("R1"));
    struct identity host = { ID_FQDN, TEXT("spoke.EXAMPLE.com") }, other = { ID_FQDN, TEXT("badexample.com") };
    struct identity v4 = { ID_IPV4_ADDR, TEXT("10.0.0.77") };
    CHECK_TEXT(config_profile_for(m, one, &host, address("10.0.0.2"), nowhere)->title, "TWO");
    CHECK_TEXT(config_profile_for(m, one, &other, address("10.0.0.2"), nowhere)->title, "ANY");
    CHECK_TEXT(config_profile_for(m, one, &v4, address("172.16.0.1"), nowhere)->title, "ONE");
    CHECK(!config_profile_for(m, model_device(m, TEXT("R3")), &v4, address("10.0.0.2"), nowhere));
}

static void test_keys(void)
{
    const struct record *where[2];
    const struct fact *a = config_key_for(m, model_device(m, TEXT("R1")), NULL, address("10.0.0.2"), nowhere, &where[0]);
    const struct fact *b = config_key_for(m, model_device(m, TEXT("R2")), NULL, address("10.0.0.1"), nowhere, &where[1]);
    CHECK(a && b && where[0] && where[1]);
    if (!a || !b)
        return;
    /* R1 signs with abc, R2 expects ABC; the other way they agree */
    CHECK_NUMBER(config_keys_way(a, b).same, VERIFIED_FALSE);
    CHECK_NUMBER(config_keys_way(b, a).same, VERIFIED_TRUE);
    CHECK(config_keys_by_direction(b) && !config_keys_exchanged(a, b));
    CHECK_TEXT(record_line(where[1], config_keys_way(a, b).verifies_line), "  pre-shared-key remote ******");
    CHECK_TEXT(record_line(where[1], config_keys_way(b, a).signs_line), "  pre-shared-key local ******");
    CHECK_TEXT(record_line(where[1], config_keys_line(b)), "  pre-shared-key local ******");
    begin();
    read_as("configuration", "FW", 0,
            "tunnel-group 10.0.0.1 type ipsec-l2l\ntunnel-group 10.0.0.1 ipsec-attributes\n"
            " ikev2 remote-authentication pre-shared-key abc\n ikev2 local-authentication pre-shared-key xyz\n");
    read_as("configuration", "R1", 1, r1);
    a = config_key_for(m, model_device(m, TEXT("R1")), NULL, address("10.0.0.2"), nowhere, &where[0]);
    b = config_key_for(m, model_device(m, TEXT("FW")), NULL, address("10.0.0.1"), nowhere, &where[1]);
    CHECK(a && b);
    CHECK_NUMBER(a && b ? config_keys_way(a, b).same : 0, VERIFIED_TRUE);
    CHECK_NUMBER(a && b ? config_keys_way(b, a).same : 0, VERIFIED_TRUE);
    CHECK(a && config_keys_exchanged(a, a) &&
          !config_keys_exchanged(a, b)); /* as if R1's keys had been copied to the other end */
}

static struct ike_sa *add_sa(uint64_t i, uint64_t r)
{
    struct ike_sa *sa = arena_new(m->run, struct ike_sa);
    sa->spi_i = spi_of(i, 16);
    sa->spi_r = spi_of(r, 16);
    sa->initiator.endpoint.address = address("10.0.0.1");
    sa->responder.endpoint.address = address("10.0.0.2");
    sa->next = m->ike_sas;
    m->ike_sas = sa;
    return sa;
}

static void test_join(void)
{
    static const char sa_output[] = "1 10.0.0.2/500 10.0.0.1/500 none/none READY\n"
                                    "Local spi: 00000000000000B2 Remote spi: 00000000000000A1\n";
    static const char flows[] = "interface: Tunnel0\nlocal  ident (addr/mask/prot/port): (0.0.0.0/0.0.0.0/0/0)\n"
                                "#pkts encaps: 10, #pkts encrypt: 10\n#pkts decaps: 0\n"
                                "local crypto endpt.: 10.0.0.1, remote crypto endpt.: 10.0.0.2\ninbound esp sas:\nspi: 0x11(17)\n"
                                "outbound esp sas:\nspi: 0x22(34)\n";
    uint64_t n;
    begin();
    struct ike_sa *sa = add_sa(0xa1, 0xb2);
    struct child_sa *child = arena_new(m->run, struct child_sa);
    child->ike_sa = sa;
    child->spi_i = spi_of(0x11, 8);
    child->spi_r = spi_of(0x22, 8);
    m->child_sas = child;
    read_as("show crypto ikev2 sa", "R2", 0, sa_output);
    read_as("show crypto ipsec sa", "R1", 1, flows);
    evidence_join(m);
    CHECK(sa->shown && sa->shown->by_spi && !sa->shown->initiator_side);
    CHECK(shown_by(child->shown, true) && !shown_by(child->shown, false));
    CHECK(shown_counter(child, true, "pkts_encaps", &n));
    CHECK_NUMBER(n, 10);
    CHECK(!shown_counter(child, false, "pkts_encaps", &n));
    CHECK(!m->records->foreign);
    /* the same ends, other SPIs: another run */
    begin();
    sa = add_sa(0xa3, 0xb4);
    read_as("show crypto ikev2 sa", "R2", 0, sa_output);
    read_as("show crypto ipsec sa", "R1", 1, flows);
    evidence_join(m);
    CHECK(!sa->shown);
    CHECK(m->records->foreign && m->records->next->foreign);
    /* no SPIs shown: the addresses tell */
    begin();
    sa = add_sa(0xa5, 0xb6);
    read_as("show crypto session", "R1", 0,
            "Interface: Tunnel0\nSession status: UP-ACTIVE\nPeer: 10.0.0.2 port 500\n"
            "  IKEv2 SA: local 10.0.0.1/500 remote 10.0.0.2/500 Active\n");
    evidence_join(m);
    CHECK(sa->shown && !sa->shown->by_spi && sa->shown->initiator_side);
    CHECK(!m->records->foreign);
}

/* Child SAs that all have the same SPIs, and an output that shows them again and again: the newest of them are tied to it. */
static void test_one_spi(void)
{
    enum { MORE = LIMIT_SHOWN + 2, TIMES = 3 };
    struct child_sa *all[MORE], **at = NULL;
    begin();
    struct ike_sa *sa = add_sa(0xa1, 0xb2);
    at = &m->child_sas;
    for (unsigned i = 0; i < MORE; i++, at = &(*at)->next) {
        *at = all[i] = arena_new(m->run, struct child_sa);
        all[i]->ike_sa = sa;
        all[i]->spi_i = spi_of(0x11, 8);
        all[i]->spi_r = spi_of(0x22, 8);
    }
    for (unsigned i = 0; i < TIMES; i++)
        read_as(
            "show crypto ipsec sa", "R1", 1,
            "interface: Tunnel0\nlocal  ident (addr/mask/prot/port): (0.0.0.0/0.0.0.0/0/0)\n#pkts encaps: 10, #pkts encrypt: 10\n"
            "local crypto endpt.: 10.0.0.1, remote crypto endpt.: 10.0.0.2\ninbound esp sas:\nspi: 0x11(17)\n"
            "outbound esp sas:\nspi: 0x22(34)\n");
    evidence_join(m);
    unsigned shown = 0, entries = 0;
    for (unsigned i = 0; i < MORE; i++)
        shown += all[i]->shown != NULL;
    for (const struct shown *s = all[MORE - 1]->shown; s; s = s->next)
        entries++;
    CHECK_NUMBER(shown, LIMIT_SHOWN);
    CHECK_NUMBER(entries, TIMES);
    CHECK(!all[0]->shown);
    CHECK_NUMBER(m->limits.hit[OVER_SHOWN].times, 2 * TIMES);
}

/* A log named after its file, a configuration after its hostname: one router. */
static void test_names(void)
{
    begin();
    (void)model_add_input(m, TEXT("r1.cfg"), TEXT("r1.cfg"));
    read_as("configuration", "Router1", 0, r1);
    struct ike_sa *sa = add_sa(1, 2);
    sa->initiator.device = model_device(m, TEXT("r1-debug"));
    sa->responder.device = model_device(m, TEXT("far"));
    CHECK(!config_supplied(m, sa->initiator.device));
    evidence_join(m);
    CHECK(config_supplied(m, sa->initiator.device));
    CHECK(config_offered_proposals(m, sa->initiator.device, address("10.0.0.1"), scratch) != NULL);
    CHECK(!config_supplied(m, sa->responder.device));
    CHECK(device_same(m, sa->initiator.device, model_device(m, TEXT("Router1"))));
    /* only the peer's address is known: the configuration that has a key for it, and is not the peer's own */
    begin();
    read_as("configuration", "hub", 0, r1);
    read_as("configuration", "spoke", 1, r2);
    sa = add_sa(1, 2);
    sa->initiator.endpoint.address = (struct address){ 0 };
    sa->initiator.device = model_device(m, TEXT("debug"));
    evidence_join(m);
    CHECK(device_same(m, sa->initiator.device, model_device(m, TEXT("hub"))));
}

/* Output of show crypto ikev2 proposal and policy tells the defaults that no configuration has. */
static void test_shown_defaults(void)
{
    begin();
    read_as("show crypto ikev2 proposal", "R9", 0,
            " IKEv2 proposal: default\n     Encryption : AES-CBC-256 AES-CBC-192 AES-CBC-128\n     Integrity  : SHA512 SHA384\n"
            "     PRF        : SHA512 SHA384\n     DH Group   : DH_GROUP_256_ECP/Group 19 DH_GROUP_2048_MODP/Group 14\n\n"
            " IKEv2 policy : default\n      Match fvrf : any\n      Match address local : any\n      Proposal : default\n");
    struct configured *c = config_offered_proposals(m, model_device(m, TEXT("R9")), address("10.0.0.1"), scratch);
    CHECK(c && c->record && !c->next && !c->prf_implied);
    CHECK_NUMBER(c ? c->proposal.count : 0, 9);
    CHECK_NUMBER(c ? proposal_transform(&c->proposal, TRANSFORM_DH)->id : 0, 19);
    CHECK_NUMBER(c ? c->proposal.transforms[8].id : 0, 14);
    CHECK_NUMBER(c ? c->lines[8] : 0, 5);
    CHECK_TEXT(record_line(m->records, 5), "     DH Group   : DH_GROUP_256_ECP/Group 19 DH_GROUP_2048_MODP/Group 14");
}

int main(void)
{
    begin();
    (void)model_add_input(m, TEXT("r1.cfg"), TEXT("r1.cfg"));
    (void)model_add_input(m, TEXT("r2.cfg"), TEXT("r2.cfg"));
    read_as("configuration", "R1", 0, r1);
    read_as("configuration", "R2", 1, r2);
    test_offers();
    test_paths();
    test_identities();
    test_keys();
    test_join();
    test_one_spi();
    test_names();
    test_shown_defaults();
    model_destroy(m);
    arena_destroy(scratch);
    return TEST_REPORT();
}
