/*
 * IPsec objects: transform sets, profiles, crypto maps; IKEv1 as far as it is worth noting; PKI. Records:
 *
 *   transform-set NAME     transforms: list of group { protocol (code PROTOCOL), type, id, name, key_length, word }, mode,
 *                          ikev1 (bool: said so)
 *   ipsec-proposal NAME    (ASA) the same
 *   ipsec-profile NAME     transform_sets, ipsec_proposals: lists of text, ikev2_profile, isakmp_profile, pfs (code KE; bool
 *                          false after "no set pfs"), lifetime_seconds, lifetime_kilobytes, responder_only, trustpoint, ...
 *   crypto-map "NAME SEQ"  name, sequence, kind ("ipsec-isakmp"), dynamic_map, match_address, peers: list of group { address or
 *                          name, default }, transform_sets, ipsec_proposals, ikev2_profile, isakmp_profile, pfs,
 *                          lifetime_seconds, lifetime_kilobytes, trustpoint, reverse_route, connection_type, ...
 *   crypto-dynamic-map "NAME SEQ"    the same
 *   crypto-map-binding NAME          interface (ASA), local_address (IOS: interface)
 *   ipsec-global                     lifetime_seconds, lifetime_kilobytes, nat_transparency (bool), ... for all
 *   isakmp-policy N, isakmp-profile NAME, isakmp-keyring NAME, isakmp-key ADDRESS     IKEv1, as text facts, has_key
 *   pki-trustpoint NAME              text facts
 *   certificate-chain NAME           of a trustpoint: ca, own (bool: whose certificates it has)
 *   certificate-map "NAME N"         conditions: list of text
 */
#include "parser/algorithms.h"
#include "parser/configuration.h"

/* ---- transform sets ---- */

static void put_transform_words(struct config *c, const struct text *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct transform t;
        unsigned protocol;
        uint64_t bits;
        if (algorithm_esp(words[i], &t, &protocol)) {
            if (i + 1 < count && text_number(words[i + 1], 10, &bits) && bits <= 512) {
                t.key_length = (uint16_t)bits;
                i++;
            }
            config_transform(c, t, protocol, (struct text){ NULL, 0 });
        } else if (text_starts_nocase(words[i], TEXT("mode"))) {
            if (i + 1 < count)
                config_text(c, "mode", words[++i]);
        } else {
            config_transform(c, (struct transform){ 0 }, 0, words[i]);
        }
    }
}

static void open_transform_set(struct config *c, const struct config_args *a)
{
    if (a->count == 0)
        return;
    config_open(c, "transform-set", a->word[0], IN_TRANSFORM_SET);
    put_transform_words(c, a->word + 1, a->count - 1);
}

static void open_transform_set_ikev1(struct config *c, const struct config_args *a)
{
    open_transform_set(c, a);
    if (a->count)
        config_bool(c, "ikev1", true);
}

static void open_ipsec_proposal(struct config *c, const struct config_args *a)
{
    if (a->count)
        config_open(c, "ipsec-proposal", a->word[0], IN_IPSEC_PROPOSAL);
}

static void put_protocol(struct config *c, const struct config_args *a, unsigned protocol, bool encryption)
{
    struct transform t;
    for (size_t i = 0; i < a->count; i++) {
        bool known = encryption ? algorithm_configured_encryption(a->word[i], &t) : algorithm_integrity(a->word[i], &t);
        config_transform(c, known ? t : (struct transform){ 0 }, protocol, known ? (struct text){ NULL, 0 } : a->word[i]);
    }
}

static void own_esp_encryption(struct config *c, const struct config_args *a)
{
    put_protocol(c, a, PROTOCOL_ESP, true);
}
static void own_esp_integrity(struct config *c, const struct config_args *a)
{
    put_protocol(c, a, PROTOCOL_ESP, false);
}
static void own_ah(struct config *c, const struct config_args *a)
{
    put_protocol(c, a, PROTOCOL_AH, false);
}

/* ---- profiles and maps ---- */

static void open_ipsec_profile(struct config *c, const struct config_args *a)
{
    config_open(c, "ipsec-profile", a->count ? a->word[0] : TEXT("default"), IN_IPSEC_PROFILE);
}

/* "set pfs" alone means a group that differs between releases. */
static void own_pfs(struct config *c, const struct config_args *a)
{
    struct transform t;
    if (a->no)
        config_bool(c, "pfs", false);
    else if (a->count && algorithm_ke(a->word[0], &t))
        fact_code(config_at(c), "pfs", REGISTRY_KE, t.id)->line = c->line;
    else
        config_bool(c, "pfs", true);
}

/* "lifetime seconds 3600", "lifetime kilobytes 4608000", "lifetime days 1", "lifetime kilobytes disable" */
static void own_sa_lifetime(struct config *c, const struct config_args *a)
{
    uint64_t number;
    for (size_t i = 0; i + 1 < a->count; i += 2) {
        bool seconds = text_equal(a->word[i], TEXT("seconds")), days = text_equal(a->word[i], TEXT("days"));
        const char *name = seconds || days ? "lifetime_seconds" : "lifetime_kilobytes";
        if (text_number(a->word[i + 1], 10, &number))
            config_number(c, name, days && number < 100000 ? number * 86400 : number);
        else
            config_text(c, name, a->word[i + 1]);
    }
}

static void own_peer(struct config *c, const struct config_args *a)
{
    struct facts list = config_list(c, "peers");
    for (size_t i = 0; i < a->count; i++) {
        struct address address;
        if (text_equal(a->word[i], TEXT("default")) || text_equal(a->word[i], TEXT("dynamic")))
            continue;
        struct fact *group = fact_group(&list, NULL);
        group->line = c->line;
        struct facts f = facts_into(c->model->read, &group->as.child);
        if (address_read(a->word[i], &address))
            fact_address(&f, "address", address);
        else
            fact_text(&f, "name", a->word[i]);
    }
}

static void own_local_address(struct config *c, const struct text *words, size_t count)
{
    size_t taken;
    struct text name = config_interface(c, words, count, &taken);
    config_text(c, "local_address", taken ? name : words[0]);
}

/* An entry is named by map and sequence number, and what follows on the line may already be its first command. */
static void open_entry(struct config *c, const struct config_args *a, const char *kind)
{
    uint64_t sequence;
    const struct text *w = a->word;
    size_t count = a->count;
    if (count > 2 && text_equal(w[0], TEXT("ipv6"))) {
        w++;
        count--;
    }
    if (count < 2)
        return;
    if (!text_number(w[1], 10, &sequence)) {
        config_open(c, "crypto-map-binding", w[0], IN_GLOBAL);
        if (count > 2 && text_equal(w[1], TEXT("interface")))
            config_text(c, "interface", w[2]);
        else if (count > 2 && text_equal(w[1], TEXT("local-address")))
            own_local_address(c, w + 2, count - 2);
        return;
    }
    config_open(c, kind, arena_format(c->section->scratch, "%.*s %.*s", TEXT_ARGS(w[0]), TEXT_ARGS(w[1])), IN_MAP);
    if (!fact_find(c->object->record->facts, "name")) {
        config_text(c, "name", w[0]);
        config_number(c, "sequence", sequence);
    }
    if (count == 2 || config_run(c, IN_MAP, w + 2, count - 2)) {
        c->context = count == 2 ? IN_MAP : IN_GLOBAL;
        return;
    }
    config_text(c, "kind", w[2]);
    for (size_t i = 3; i + 1 < count; i += 2) {
        if (text_equal(w[i], TEXT("dynamic")))
            config_text(c, "dynamic_map", w[i + 1]);
        else if (text_equal(w[i], TEXT("profile")))
            config_text(c, "map_profile", w[i + 1]);
    }
    c->context = IN_MAP;
}

static void open_map(struct config *c, const struct config_args *a)
{
    open_entry(c, a, "crypto-map");
}
static void open_dynamic_map(struct config *c, const struct config_args *a)
{
    open_entry(c, a, "crypto-dynamic-map");
}

static void own_map_key(struct config *c, const struct config_args *a)
{
    config_key(c, "both", a->word, a->count);
}

static void global_lifetime(struct config *c, const struct config_args *a)
{
    config_open(c, "ipsec-global", (struct text){ NULL, 0 }, IN_GLOBAL);
    own_sa_lifetime(c, a);
}

static void global_text(struct config *c, const struct config_args *a)
{
    config_open(c, "ipsec-global", (struct text){ NULL, 0 }, IN_GLOBAL);
    config_text(c, a->fact, config_joined(c, a, 0));
}

static void global_nat(struct config *c, const struct config_args *a)
{
    if (a->count && !text_equal(a->word[0], TEXT("udp-encapsulation")))
        return;
    config_open(c, "ipsec-global", (struct text){ NULL, 0 }, IN_GLOBAL);
    config_bool(c, "nat_transparency", !a->no);
}

/* ---- IKEv1 ---- */

static void open_isakmp_policy(struct config *c, const struct config_args *a)
{
    config_open(c, "isakmp-policy", a->count ? a->word[0] : TEXT("0"), IN_ISAKMP_POLICY);
}

static void open_isakmp_profile(struct config *c, const struct config_args *a)
{
    config_open(c, "isakmp-profile", a->count ? a->word[0] : TEXT("default"), IN_ISAKMP_PROFILE);
}

static void open_isakmp_keyring(struct config *c, const struct config_args *a)
{
    config_open(c, "isakmp-keyring", a->count ? a->word[0] : TEXT("default"), IN_ISAKMP_KEYRING);
}

/* "crypto isakmp key [0|6] K address A [M]": the title is the address. */
static void own_isakmp_key(struct config *c, const struct config_args *a)
{
    size_t at = 0;
    while (at < a->count && !text_equal(a->word[at], TEXT("address")) && !text_equal(a->word[at], TEXT("hostname")))
        at++;
    struct text peer = at + 1 < a->count ? a->word[at + 1] : (struct text){ NULL, 0 };
    config_open(c, "isakmp-key", peer, IN_GLOBAL);
    config_key(c, "both", a->word, at);
}

static void own_keyring_key(struct config *c, const struct config_args *a)
{
    size_t key = 0;
    while (key < a->count && !text_equal(a->word[key], TEXT("key")))
        key++;
    config_begin_group(c, "peers", IN_ISAKMP_KEYRING);
    if (a->count > 1)
        config_text(c, "address", a->word[1]);
    if (key + 1 < a->count)
        config_key(c, "both", a->word + key + 1, a->count - key - 1);
    c->group = NULL;
}

/* ---- PKI ---- */

static void open_trustpoint(struct config *c, const struct config_args *a)
{
    if (a->count)
        config_open(c, "pki-trustpoint", a->word[0], IN_TRUSTPOINT);
}

/* "NAME 10"; an ASA's "10" alone is of the map that is there by itself. */
static void open_certificate_map(struct config *c, const struct config_args *a)
{
    uint64_t sequence;
    if (a->count == 0)
        return;
    const bool unnamed = a->count == 1 && text_number(a->word[0], 10, &sequence);
    struct text name = unnamed ? TEXT("DefaultCertificateMap") : a->word[0], last = a->word[a->count - 1],
                title = unnamed || a->count > 1 ? arena_format(c->section->scratch, "%.*s %.*s", TEXT_ARGS(name), TEXT_ARGS(last))
                                                : name;
    config_open(c, "certificate-map", title, IN_CERTIFICATE_MAP);
    if (!fact_find(c->object->record->facts, "name"))
        config_text(c, "name", name);
}

static void own_condition(struct config *c, const struct config_args *a)
{
    struct facts list = config_list(c, "conditions");
    struct text what = config_joined(c, a, 0);
    fact_text(&list, NULL, arena_format(c->section->scratch, "%s %.*s", a->fact, TEXT_ARGS(what)))->line = c->line;
}

static void open_chain(struct config *c, const struct config_args *a)
{
    if (a->count && !a->no) {
        config_open(c, "certificate-chain", a->word[0], IN_CERTIFICATE);
        c->chain = c->object;
    }
    c->context = IN_CERTIFICATE;
}

/* "certificate ca 01" is the CA's, as others are a registration authority's; "certificate 0A" is the router's. */
void config_certificate(struct config *c, struct text line)
{
    static const char *const others[] = { "ca", "ra-sign", "ra-encrypt", "rollover", NULL };
    struct text word;
    if (text_word(&line, &word) && text_word(&line, &word))
        fact_bool(&c->chain->into, text_in(word, others) ? "ca" : "own", true)->line = c->line;
}

#define PATH_COMMANDS(context)                                                                                                   \
    { context, CONFIG_LIST, CONFIG_MANY, "set transform-set", "transform_sets", NULL },                                          \
        { context, CONFIG_LIST, CONFIG_MANY, "set ikev1 transform-set", "ikev1_transform_sets", NULL },                          \
        { context, CONFIG_LIST, CONFIG_MANY, "set ikev2 ipsec-proposal", "ipsec_proposals", NULL },                              \
        { context, CONFIG_WORD, 1, "set ikev2-profile", "ikev2_profile", NULL },                                                 \
        { context, CONFIG_WORD, 1, "set isakmp-profile", "isakmp_profile", NULL },                                               \
        { context, CONFIG_OWN, 1, "set pfs", "pfs", own_pfs },                                                                   \
        { context, CONFIG_OWN, 4, "set security-association lifetime", NULL, own_sa_lifetime },                                  \
        { context, CONFIG_TEXT, CONFIG_REST, "set security-association idle-time", "idle_time", NULL },                          \
        { context, CONFIG_TEXT, CONFIG_REST, "set security-association replay", "replay", NULL },                                \
        { context, CONFIG_TEXT, CONFIG_REST, "set security-association", "security_association", NULL },                         \
        { context, CONFIG_TEXT, 2, "set trustpoint", "trustpoint", NULL },                                                       \
        { context, CONFIG_TEXT, CONFIG_REST, "set identity", "identity", NULL },                                                 \
        { context, CONFIG_SET, CONFIG_REST, "set reverse-route", "reverse_route", NULL },                                        \
        { context, CONFIG_SET, CONFIG_REST, "reverse-route", "reverse_route", NULL },                                            \
        { context, CONFIG_SET, 0, "responder-only", "responder_only", NULL },                                                    \
        { context, CONFIG_SET, 0, "set mixed-mode", "mixed_mode", NULL },                                                        \
    {                                                                                                                            \
        context, CONFIG_TEXT, CONFIG_REST, "description", "description", NULL                                                    \
    }

#define ISAKMP(context)                                                                                                          \
    { context, CONFIG_TEXT, CONFIG_REST, "encr", "encryption", NULL },                                                           \
        { context, CONFIG_TEXT, CONFIG_REST, "encryption", "encryption", NULL },                                                 \
        { context, CONFIG_TEXT, 1, "hash", "hash", NULL },                                                                       \
        { context, CONFIG_TEXT, 1, "authentication", "authentication", NULL },                                                   \
        { context, CONFIG_TEXT, 1, "group", "group", NULL },                                                                     \
    {                                                                                                                            \
        context, CONFIG_TEXT, 1, "lifetime", "lifetime", NULL                                                                    \
    }

static const struct config_command commands[] = {
    /* context, kind, arguments at most, words, fact, own */
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ipsec transform-set", NULL, open_transform_set },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ipsec ikev1 transform-set", NULL, open_transform_set_ikev1 },
    { IN_TRANSFORM_SET, CONFIG_WORD, 1, "mode", "mode", NULL },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ipsec ikev2 ipsec-proposal", NULL, open_ipsec_proposal },
    { IN_IPSEC_PROPOSAL, CONFIG_OWN, CONFIG_MANY, "protocol esp encryption", NULL, own_esp_encryption },
    { IN_IPSEC_PROPOSAL, CONFIG_OWN, CONFIG_MANY, "protocol esp integrity", NULL, own_esp_integrity },
    { IN_IPSEC_PROPOSAL, CONFIG_OWN, CONFIG_MANY, "protocol ah integrity", NULL, own_ah },

    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ipsec profile", NULL, open_ipsec_profile },
    { IN_IPSEC_PROFILE, CONFIG_NUMBER, 1, "set security-policy limit", "flow_limit", NULL },
    PATH_COMMANDS(IN_IPSEC_PROFILE),
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto map", NULL, open_map },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto dynamic-map", NULL, open_dynamic_map },
    PATH_COMMANDS(IN_MAP),
    { IN_MAP, CONFIG_WORD, 1, "match address", "match_address", NULL },
    { IN_MAP, CONFIG_OWN, CONFIG_MANY, "set peer", NULL, own_peer },
    { IN_MAP, CONFIG_WORD, 1, "set connection-type", "connection_type", NULL },
    { IN_MAP, CONFIG_SET, 0, "set nat-t-disable", "nat_t_disable", NULL },
    { IN_MAP, CONFIG_TEXT, CONFIG_REST, "set ikev2 mode", "mode", NULL },
    { IN_MAP, CONFIG_OWN, CONFIG_REST, "set ikev2 pre-shared-key", NULL, own_map_key },
    { IN_MAP, CONFIG_TEXT, CONFIG_REST, "set ikev1 phase1-mode", "ikev1_mode", NULL },
    { IN_MAP, CONFIG_TEXT, CONFIG_REST, "set df-bit", "df_bit", NULL },
    { IN_MAP, CONFIG_TEXT, CONFIG_REST, "set tfc-packets", "tfc_packets", NULL },
    { IN_MAP, CONFIG_TEXT, CONFIG_REST, "set validate-icmp-errors", "validate_icmp_errors", NULL },
    { IN_MAP, CONFIG_TEXT, CONFIG_REST, "set ip access-group", "access_group", NULL },
    { IN_MAP, CONFIG_TEXT, CONFIG_REST, "set nat", "nat", NULL },
    { IN_MAP, CONFIG_SET, 0, "qos pre-classify", "qos_pre_classify", NULL },

    { IN_GLOBAL, CONFIG_OWN, 4, "crypto ipsec security-association lifetime", NULL, global_lifetime },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ipsec security-association replay", "replay", global_text },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ipsec security-association idle-time", "idle_time", global_text },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ipsec security-association pmtu-aging", "pmtu_aging", global_text },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ipsec nat-transparency", NULL, global_nat },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ipsec df-bit", "df_bit", global_text },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ipsec fragmentation", "fragmentation", global_text },

    { IN_GLOBAL, CONFIG_OWN, 1, "crypto isakmp policy", NULL, open_isakmp_policy },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev1 policy", NULL, open_isakmp_policy },
    ISAKMP(IN_ISAKMP_POLICY),
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto isakmp profile", NULL, open_isakmp_profile },
    { IN_ISAKMP_PROFILE, CONFIG_TEXT, CONFIG_REST, "match identity", "match_identity", NULL },
    { IN_ISAKMP_PROFILE, CONFIG_TEXT, CONFIG_REST, "keyring", "keyring", NULL },
    { IN_ISAKMP_PROFILE, CONFIG_TEXT, CONFIG_REST, "self-identity", "self_identity", NULL },
    { IN_ISAKMP_PROFILE, CONFIG_TEXT, CONFIG_REST, "vrf", "vrf", NULL },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto keyring", NULL, open_isakmp_keyring },
    { IN_ISAKMP_KEYRING, CONFIG_OWN, CONFIG_REST, "pre-shared-key", NULL, own_keyring_key },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto isakmp key", NULL, own_isakmp_key },
    { IN_GLOBAL, CONFIG_IGNORED, CONFIG_REST, "crypto isakmp", NULL, NULL },
    { IN_GLOBAL, CONFIG_IGNORED, CONFIG_REST, "crypto ikev1", NULL, NULL },

    { IN_GLOBAL, CONFIG_OWN, 1, "crypto pki trustpoint", NULL, open_trustpoint },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ca trustpoint", NULL, open_trustpoint },
    { IN_TRUSTPOINT, CONFIG_TEXT, CONFIG_REST, "enrollment", "enrollment", NULL },
    { IN_TRUSTPOINT, CONFIG_TEXT, CONFIG_REST, "subject-name", "subject_name", NULL },
    { IN_TRUSTPOINT, CONFIG_TEXT, CONFIG_REST, "subject-alt-name", "subject_alt_name", NULL },
    { IN_TRUSTPOINT, CONFIG_TEXT, CONFIG_REST, "fqdn", "fqdn", NULL },
    { IN_TRUSTPOINT, CONFIG_TEXT, CONFIG_REST, "ip-address", "ip_address", NULL },
    { IN_TRUSTPOINT, CONFIG_TEXT, CONFIG_REST, "revocation-check", "revocation_check", NULL },
    { IN_TRUSTPOINT, CONFIG_TEXT, CONFIG_REST, "crl", "crl", NULL },
    { IN_TRUSTPOINT, CONFIG_TEXT, CONFIG_REST, "rsakeypair", "key_pair", NULL },
    { IN_TRUSTPOINT, CONFIG_TEXT, CONFIG_REST, "eckeypair", "key_pair", NULL },
    { IN_TRUSTPOINT, CONFIG_TEXT, CONFIG_REST, "keypair", "key_pair", NULL },
    { IN_TRUSTPOINT, CONFIG_TEXT, CONFIG_REST, "chain-validation", "chain_validation", NULL },
    { IN_GLOBAL, CONFIG_OWN, 2, "crypto pki certificate map", NULL, open_certificate_map },
    { IN_GLOBAL, CONFIG_OWN, 2, "crypto ca certificate map", NULL, open_certificate_map },
    { IN_CERTIFICATE_MAP, CONFIG_OWN, CONFIG_REST, "subject-name", "subject-name", own_condition },
    { IN_CERTIFICATE_MAP, CONFIG_OWN, CONFIG_REST, "issuer-name", "issuer-name", own_condition },
    { IN_CERTIFICATE_MAP, CONFIG_OWN, CONFIG_REST, "alt-subject-name", "alt-subject-name", own_condition },
    { IN_CERTIFICATE_MAP, CONFIG_OWN, CONFIG_REST, "serial-number", "serial-number", own_condition },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto pki certificate chain", NULL, open_chain },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ca certificate chain", NULL, open_chain },
};

const struct config_table config_ipsec_table = { commands, COUNT_OF(commands) };
