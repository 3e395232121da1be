/*
 * IKEv2 objects, of IOS and of ASA. Records:
 *
 *   ikev2-proposal NAME, asa-ikev2-policy N   transforms: list of group { type (code TRANSFORM), id, name (code), key_length,
 *                                             word (where the word is not known) }, lifetime (ASA: seconds)
 *   ikev2-policy NAME     match_fvrf, match_address_local: list of address, proposals: list of text
 *   ikev2-keyring NAME    peers: list of group { name, address, start, end (address), hostname,
 *                         identity: group IDENTITY, has_key (bool), keys: list of group KEY, ppk (bool), ppk_id,
 *                         ppk_required (bool), .ppk_digest, description }
 *   ikev2-profile NAME    match_identity_remote: list of group IDENTITY, match_address_local, match_fvrf, match_certificate,
 *                         identity_local: group IDENTITY, authentication_remote, authentication_local: lists of group
 *                         { method (code AUTH, or text), word }, keys: list of group KEY, keyring_local, keyring_aaa, keyring_ppk,
 *                         pki_trustpoints: list of text, lifetime (seconds), dpd_interval, dpd_retry, dpd_mode,
 *                         nat_keepalive, virtual_template, ivrf, aaa: list of text, shutdown (bool), ...
 *   ikev2-global          fragmentation (bool), fragmentation_mtu, dpd_interval, dpd_retry, dpd_mode, nat_keepalive,
 *                         cookie_challenge, limits: list of text, http_url_cert (bool), window, enabled_interfaces (ASA), ...
 *   ikev2-authorization NAME    text facts; pool, ipv6_pool (of an address-pool), dhcp_server and attribute_list (which give
 *                         addresses, too), route_list (of an access list)
 *   aaa-authorization NAME, aaa-authentication NAME    lists of AAA: method ("local", "local group RADIUS"); a profile names them
 *                         (aaa_authorization with aaa_policy, the ikev2-authorization that it asks for, aaa_authentication)
 *                         (name_mangler: of which name-mangler NAME: fqdn, email: what it takes of such an identity)
 *   address-pool NAME
 *   flexvpn-client NAME   peers: list of group { address }, tunnel (text)
 *
 *   IDENTITY { id_type (code ID), id (text), domain (bool: any host of it), start, end (address), any (bool) }
 *   KEY { side ("both", "local", "remote"), form ("clear", "hex", "6", "7", "masked"), .key_digest }: the key is kept nowhere;
 *   equal digests are equal keys, and names that begin with a dot are never printed.
 */
#include "parser/algorithms.h"
#include "parser/configuration.h"

/* ---- proposals ---- */

/* Of these there is one named "default" that is nowhere configured, and that "no" takes away. */
static void open_removable(struct config *c, const struct config_args *a, const char *name, unsigned in)
{
    config_open(c, name, a->count ? a->word[0] : TEXT("default"), in);
    if (a->no)
        config_bool(c, "removed", true);
}

static void open_proposal(struct config *c, const struct config_args *a)
{
    open_removable(c, a, "ikev2-proposal", IN_PROPOSAL);
}

static void open_policy(struct config *c, const struct config_args *a)
{
    open_removable(c, a, "ikev2-policy", IN_POLICY);
}

typedef bool reads(struct text word, struct transform *t);

static void put_algorithms(struct config *c, const struct config_args *a, reads *read, unsigned type)
{
    struct transform t;
    uint64_t bits;
    if (a->no)
        return;
    if (c->context == IN_POLICY) /* the policy of an ASA is a proposal */
        c->object->record->name = "asa-ikev2-policy";
    for (size_t i = 0; i < a->count; i++) {
        if (!read(a->word[i], &t)) {
            config_transform(c, (struct transform){ 0 }, 0, a->word[i]);
            continue;
        }
        t.type = (uint8_t)type;
        /* "aes-cbc 256" of old copies: bits on their own */
        if (type == TRANSFORM_ENCR && i + 1 < a->count && text_number(a->word[i + 1], 10, &bits) && bits >= 128 && bits <= 256) {
            t.key_length = (uint16_t)bits;
            i++;
        }
        config_transform(c, t, 0, (struct text){ NULL, 0 });
    }
}

static void own_encryption(struct config *c, const struct config_args *a)
{
    put_algorithms(c, a, algorithm_configured_encryption, TRANSFORM_ENCR);
}
static void own_integrity(struct config *c, const struct config_args *a)
{
    put_algorithms(c, a, algorithm_integrity, TRANSFORM_INTEG);
}
static void own_prf(struct config *c, const struct config_args *a)
{
    put_algorithms(c, a, algorithm_prf, TRANSFORM_PRF);
}
static void own_group(struct config *c, const struct config_args *a)
{
    put_algorithms(c, a, algorithm_ke, TRANSFORM_DH);
}
/* "mlkem768", "mlkem768 optional": the second does without as well, and offers NONE beside it (RFC 9370 section 2.2.2). */
static void own_pqc(struct config *c, const struct config_args *a)
{
    const bool optional = !a->no && a->count && text_equal(a->word[a->count - 1], TEXT("optional"));
    struct config_args methods = *a;
    methods.count -= optional;
    put_algorithms(c, &methods, algorithm_ke, TRANSFORM_ADDKE1);
    if (optional)
        config_transform(c, (struct transform){ .type = TRANSFORM_ADDKE1 }, 0, (struct text){ NULL, 0 });
}

static void own_lifetime(struct config *c, const struct config_args *a)
{
    uint64_t seconds;
    if (c->context == IN_POLICY)
        c->object->record->name = "asa-ikev2-policy";
    if (a->count && text_number(a->word[a->count - 1], 10, &seconds))
        config_number(c, "lifetime", seconds);
}

static void own_addresses(struct config *c, const struct config_args *a)
{
    struct facts list = config_list(c, a->fact);
    for (size_t i = 0; i < a->count; i++) {
        struct address address;
        if (address_read(a->word[i], &address))
            fact_address(&list, NULL, address)->line = c->line;
    }
}

/* ---- keyrings ---- */

/* "1 203.0.113.1", "1 fqdn hub.example.net", "2 203.0.113.2 track 1": the hubs that a FlexVPN client calls, in their order. */
static void own_client_peer(struct config *c, const struct config_args *a)
{
    uint64_t number;
    struct address address;
    if (a->no || a->count < 2 || !text_number(a->word[0], 10, &number) || !address_read(a->word[1], &address) ||
        !address_length(address))
        return;
    struct facts f = config_group(c, "peers");
    fact_address(&f, "address", address);
}

/* "group psk list FLEX POLICY", "group override cert list FLEX": of authorization; "eap USERS", "anyconnect-eap USERS": of a
 * login. */
static void own_aaa(struct config *c, const struct config_args *a)
{
    const bool login = strcmp(a->fact, "aaa_authentication") == 0;
    for (size_t i = 0; i + 1 < a->count && !a->no; i++)
        if (login ? i == 0 : text_equal(a->word[i], TEXT("list"))) {
            config_text(c, a->fact, a->word[i + 1]);
            if (!login && i + 3 < a->count && text_equal(a->word[i + 2], TEXT("name-mangler")))
                config_text(c, "name_mangler", a->word[i + 3]);
            else if (!login && i + 2 < a->count)
                config_text(c, "aaa_policy", a->word[i + 2]);
            return;
        }
}

static void open_aaa(struct config *c, const struct config_args *a)
{
    if (!a->count || a->no)
        return;
    config_open(c, a->fact, a->word[0], IN_GLOBAL);
    if (a->count > 1)
        config_text(c, "method", config_joined(c, a, 1));
}

/* "crypto ikev2 name-mangler NAME" with "fqdn hostname", "email domain": what it takes of an identity. */
static void open_mangler(struct config *c, const struct config_args *a)
{
    if (a->count && !a->no)
        config_open(c, "name-mangler", a->word[0], IN_MANGLER);
}

/* "ip local pool NAME FIRST LAST" */
static void open_pool(struct config *c, const struct config_args *a)
{
    if (a->count && !a->no)
        config_open(c, "address-pool", a->word[0], IN_GLOBAL);
}

/* "route set access-list NAME", "route set access-list ipv6 NAME" */
static void own_route_list(struct config *c, const struct config_args *a)
{
    config_text(c, "route_set", config_joined(c, a, 0));
    if (a->count && !a->no)
        config_text(c, "route_list", a->word[a->count - 1]);
}

static void open_client(struct config *c, const struct config_args *a)
{
    if (a->count)
        config_open(c, "flexvpn-client", a->word[0], IN_FLEXVPN_CLIENT);
}

static void own_client_connect(struct config *c, const struct config_args *a)
{
    size_t taken;
    struct text name = config_interface(c, a->word, a->count, &taken);
    if (taken) /* none of "auto", "manual" */
        config_text(c, "tunnel", name);
}

static void open_keyring(struct config *c, const struct config_args *a)
{
    config_open(c, "ikev2-keyring", a->count ? a->word[0] : TEXT("default"), IN_KEYRING);
}

static void open_peer(struct config *c, const struct config_args *a)
{
    config_begin_group(c, "peers", IN_PEER);
    if (a->count)
        config_text(c, "name", a->word[0]);
}

static void own_peer_address(struct config *c, const struct config_args *a)
{
    struct address start, end;
    if (!config_network(a->word, a->count, false, &start, &end))
        return;
    config_text(c, "address", a->word[0]);
    struct address zero = { .family = start.family };
    if (a->count == 1 && address_equal(start, zero) && text_find_byte(a->word[0], '/') == TEXT_NOWHERE)
        memset(end.octets, 0xff, address_length(end));
    fact_address(config_at(c), "start", start)->line = c->line;
    fact_address(config_at(c), "end", end)->line = c->line;
}

static void put_identity(struct config *c, const struct config_args *a, const char *name)
{
    struct fact *group = fact_group(config_at(c), name);
    group->line = c->line;
    struct facts f = facts_into(c->model->read, &group->as.child);
    config_identity(c, &f, a->word, a->count);
}

static void own_peer_identity(struct config *c, const struct config_args *a)
{
    put_identity(c, a, "identity");
}

static void own_key(struct config *c, const struct config_args *a)
{
    bool local = a->count > 1 && text_equal(a->word[0], TEXT("local"));
    bool remote = a->count > 1 && text_equal(a->word[0], TEXT("remote"));
    size_t skip = local || remote;
    if (!a->no)
        config_key(c, local ? "local" : remote ? "remote" : "both", a->word + skip, a->count - skip);
}

/* "manual id ID key [0|6] KEY [required]", "dynamic CLIENT [required]": a postquantum key, RFC 8784. */
static void own_ppk(struct config *c, const struct config_args *a)
{
    size_t count = a->count, key = 0;
    if (a->no || !count)
        return;
    config_bool(c, "ppk", true);
    const bool required = text_equal(a->word[count - 1], TEXT("required"));
    config_bool(c, "ppk_required", required);
    count -= required;
    while (key < count && !text_equal(a->word[key], TEXT("key")))
        key++;
    if (key < 3 || key + 1 >= count || !text_equal(a->word[1], TEXT("id")))
        return;
    config_text(c, "ppk_id", a->word[2]);
    const bool encrypted = count - key > 2 && text_equal(a->word[key + 1], TEXT("6"));
    if (!encrypted && a->word[count - 1].at[0] != '*')
        fact_number(config_at(c), ".ppk_digest", hash_bytes(bytes_of_text(a->word[count - 1])));
}

/* ---- profiles ---- */

static void open_profile(struct config *c, const struct config_args *a)
{
    config_open(c, "ikev2-profile", a->count ? a->word[0] : TEXT("default"), IN_PROFILE);
}

static void own_match_identity(struct config *c, const struct config_args *a)
{
    struct facts f = config_group(c, "match_identity_remote");
    config_identity(c, &f, a->word, a->count);
}

static void own_identity_local(struct config *c, const struct config_args *a)
{
    put_identity(c, a, "identity_local");
}

/* "authentication remote pre-share [key K]", "authentication local rsa-sig" */
static void own_authentication(struct config *c, const struct config_args *a)
{
    unsigned method;
    if (a->count == 0 || a->no)
        return;
    struct facts f = config_group(c, a->fact);
    if (algorithm_auth(a->word[0], &method))
        fact_code(&f, "method", REGISTRY_AUTH, method);
    fact_text(&f, "word", a->word[0]);
    if (a->count > 2 && text_equal(a->word[1], TEXT("key")))
        config_key(c, strcmp(a->fact, "authentication_local") == 0 ? "local" : "remote", a->word + 2, a->count - 2);
}

/* "dpd 10 2 on-demand" */
static void own_dpd(struct config *c, const struct config_args *a)
{
    static const char *const names[] = { "dpd_interval", "dpd_retry" };
    uint64_t number;
    for (size_t i = 0; i < 2 && i < a->count; i++)
        if (text_number(a->word[i], 10, &number))
            config_number(c, names[i], number);
    if (a->count > 2)
        config_text(c, "dpd_mode", a->word[2]);
}

/* ---- settings without an object ---- */

static void global(struct config *c)
{
    config_open(c, "ikev2-global", (struct text){ NULL, 0 }, IN_GLOBAL);
}

static void global_fragmentation(struct config *c, const struct config_args *a)
{
    uint64_t mtu;
    global(c);
    config_bool(c, "fragmentation", !a->no);
    if (a->count > 1 && text_number(a->word[1], 10, &mtu))
        config_number(c, "fragmentation_mtu", mtu);
}

static void global_dpd(struct config *c, const struct config_args *a)
{
    global(c);
    own_dpd(c, a);
}

static void global_number(struct config *c, const struct config_args *a)
{
    uint64_t number;
    global(c);
    if (a->no)
        config_bool(c, a->fact, false);
    else if (a->count && text_number(a->word[a->count - 1], 10, &number))
        config_number(c, a->fact, number);
    else
        config_bool(c, a->fact, true);
}

static void global_set(struct config *c, const struct config_args *a)
{
    global(c);
    config_bool(c, a->fact, !a->no);
}

static void global_list(struct config *c, const struct config_args *a)
{
    global(c);
    struct facts list = config_list(c, a->fact);
    struct text all = config_joined(c, a, 0);
    if (all.len)
        fact_text(&list, NULL, all)->line = c->line;
}

static void open_authorization(struct config *c, const struct config_args *a)
{
    config_open(c, "ikev2-authorization", a->count ? a->word[0] : TEXT("default"), IN_AUTHORIZATION);
}

#define ALGORITHMS(context)                                                                                                      \
    { context, CONFIG_OWN, CONFIG_MANY, "encryption", "transforms", own_encryption },                                            \
        { context, CONFIG_OWN, CONFIG_MANY, "integrity", "transforms", own_integrity },                                          \
        { context, CONFIG_OWN, CONFIG_MANY, "prf", "transforms", own_prf },                                                      \
        { context, CONFIG_OWN, CONFIG_MANY, "group", "transforms", own_group },                                                  \
        { context, CONFIG_OWN, CONFIG_MANY, "pqc", "transforms", own_pqc },                                                      \
        { context, CONFIG_OWN, CONFIG_MANY, "key-exchange", "transforms", own_group },                                           \
    {                                                                                                                            \
        context, CONFIG_OWN, 2, "lifetime", "lifetime", own_lifetime                                                             \
    }

static const struct config_command commands[] = {
    /* context, kind, arguments at most, words, fact, own */
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev2 proposal", NULL, open_proposal },
    ALGORITHMS(IN_PROPOSAL),
    { IN_PROPOSAL, CONFIG_TEXT, CONFIG_REST, "description", "description", NULL },

    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev2 policy", NULL, open_policy },
    ALGORITHMS(IN_POLICY),
    { IN_POLICY, CONFIG_LIST, CONFIG_MANY, "proposal", "proposals", NULL },
    { IN_POLICY, CONFIG_WORD, 1, "match fvrf", "match_fvrf", NULL },
    { IN_POLICY, CONFIG_OWN, 1, "match address local", "match_address_local", own_addresses },

    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev2 client flexvpn", NULL, open_client },
    { IN_FLEXVPN_CLIENT, CONFIG_OWN, CONFIG_REST, "peer", NULL, own_client_peer },
    { IN_FLEXVPN_CLIENT, CONFIG_OWN, 2, "client connect", NULL, own_client_connect },

    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev2 keyring", NULL, open_keyring },
    { IN_KEYRING, CONFIG_OWN, 1, "peer", NULL, open_peer },
    { IN_PEER, CONFIG_OWN, 2, "address", NULL, own_peer_address },
    { IN_PEER, CONFIG_WORD, 1, "hostname", "hostname", NULL },
    { IN_PEER, CONFIG_OWN, 3, "identity", NULL, own_peer_identity },
    { IN_PEER, CONFIG_OWN, CONFIG_MANY, "pre-shared-key", NULL, own_key },
    { IN_PEER, CONFIG_OWN, CONFIG_REST, "ppk", NULL, own_ppk },
    { IN_PEER, CONFIG_TEXT, CONFIG_REST, "description", "description", NULL },

    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev2 profile", NULL, open_profile },
    { IN_PROFILE, CONFIG_OWN, 3, "match identity remote", NULL, own_match_identity },
    { IN_PROFILE, CONFIG_OWN, 1, "match address local", "match_address_local", own_addresses },
    { IN_PROFILE, CONFIG_INTERFACE, 2, "match address local interface", "match_interface", NULL },
    { IN_PROFILE, CONFIG_WORD, 1, "match fvrf", "match_fvrf", NULL },
    { IN_PROFILE, CONFIG_WORD, 1, "match certificate", "match_certificate", NULL },
    { IN_PROFILE, CONFIG_OWN, 2, "identity local", NULL, own_identity_local },
    { IN_PROFILE, CONFIG_OWN, CONFIG_MANY, "authentication remote", "authentication_remote", own_authentication },
    { IN_PROFILE, CONFIG_OWN, CONFIG_MANY, "authentication local", "authentication_local", own_authentication },
    { IN_PROFILE, CONFIG_WORD, 1, "keyring local", "keyring_local", NULL },
    { IN_PROFILE, CONFIG_TEXT, CONFIG_REST, "keyring aaa", "keyring_aaa", NULL },
    { IN_PROFILE, CONFIG_WORD, 1, "keyring", "keyring_local", NULL },
    { IN_PROFILE, CONFIG_WORD, 1, "keyring ppk", "keyring_ppk", NULL },
    { IN_PROFILE, CONFIG_LIST, 2, "pki trustpoint", "pki_trustpoints", NULL },
    { IN_PROFILE, CONFIG_NUMBER, 1, "lifetime", "lifetime", NULL },
    { IN_PROFILE, CONFIG_SET, 0, "lifetime certificate", "lifetime_certificate", NULL },
    { IN_PROFILE, CONFIG_OWN, 3, "dpd", NULL, own_dpd },
    { IN_PROFILE, CONFIG_NUMBER, 1, "nat keepalive", "nat_keepalive", NULL },
    { IN_PROFILE, CONFIG_SET, 0, "nat force-encap", "nat_force_encap", NULL },
    { IN_PROFILE, CONFIG_TEXT, CONFIG_REST, "virtual-template", "virtual_template", NULL },
    { IN_PROFILE, CONFIG_LIST, CONFIG_MANY, "aaa", "aaa", NULL },
    { IN_PROFILE, CONFIG_OWN, CONFIG_REST, "aaa authorization group", "aaa_authorization", own_aaa },
    { IN_PROFILE, CONFIG_OWN, CONFIG_REST, "aaa authorization user", "aaa_authorization", own_aaa },
    { IN_PROFILE, CONFIG_OWN, CONFIG_REST, "aaa authentication", "aaa_authentication", own_aaa },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "aaa authorization network", "aaa-authorization", open_aaa },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "aaa authentication login", "aaa-authentication", open_aaa },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev2 name-mangler", NULL, open_mangler },
    { IN_MANGLER, CONFIG_WORD, 1, "fqdn", "fqdn", NULL },
    { IN_MANGLER, CONFIG_WORD, 1, "email", "email", NULL },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "ip local pool", NULL, open_pool },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "ipv6 local pool", NULL, open_pool },
    { IN_PROFILE, CONFIG_WORD, 1, "ivrf", "ivrf", NULL },
    { IN_PROFILE, CONFIG_TEXT, CONFIG_REST, "config-exchange", "config_exchange", NULL },
    { IN_PROFILE, CONFIG_TEXT, CONFIG_REST, "config-mode", "config_mode", NULL },
    { IN_PROFILE, CONFIG_TEXT, CONFIG_REST, "redirect", "redirect", NULL },
    { IN_PROFILE, CONFIG_TEXT, CONFIG_REST, "reconnect", "reconnect", NULL },
    { IN_PROFILE, CONFIG_SET, 0, "shutdown", "shutdown", NULL },
    { IN_PROFILE, CONFIG_SET, 1, "initial-contact", "initial_contact_force", NULL },
    { IN_PROFILE, CONFIG_TEXT, CONFIG_REST, "description", "description", NULL },
    { IN_PROFILE, CONFIG_TEXT, CONFIG_REST, "ppk", "ppk", NULL },
    { IN_PROFILE, CONFIG_IGNORED, CONFIG_REST, "anyconnect", NULL, NULL },

    { IN_GLOBAL, CONFIG_OWN, 2, "crypto ikev2 fragmentation", NULL, global_fragmentation },
    { IN_GLOBAL, CONFIG_OWN, 3, "crypto ikev2 dpd", NULL, global_dpd },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev2 nat keepalive", "nat_keepalive", global_number },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev2 cookie-challenge", "cookie_challenge", global_number },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev2 window", "window", global_number },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ikev2 limit", "limits", global_list },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev2 http-url", "http_url_cert", global_set },
    { IN_GLOBAL, CONFIG_OWN, 2, "crypto ikev2 certificate-cache", "certificate_cache", global_number },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ikev2 enable", "enabled_interfaces", global_list },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ikev2 remote-access", "remote_access", global_list },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ikev2 redirect", "redirect", global_list },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "crypto ikev2 diagnose", "diagnose", global_list },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev2 notify", "notify", global_list },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto logging ikev2", "logging", global_set },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto logging session", "logging_session", global_set },
    { IN_GLOBAL, CONFIG_OWN, 1, "crypto ikev2 authorization policy", NULL, open_authorization },
    { IN_AUTHORIZATION, CONFIG_TEXT, CONFIG_REST, "pool", "pool", NULL },
    { IN_AUTHORIZATION, CONFIG_TEXT, CONFIG_REST, "ipv6 pool", "ipv6_pool", NULL },
    { IN_AUTHORIZATION, CONFIG_TEXT, CONFIG_REST, "dhcp server", "dhcp_server", NULL },
    { IN_AUTHORIZATION, CONFIG_TEXT, CONFIG_REST, "aaa attribute list", "attribute_list", NULL },
    { IN_AUTHORIZATION, CONFIG_TEXT, CONFIG_REST, "route set", "route_set", NULL },
    { IN_AUTHORIZATION, CONFIG_OWN, CONFIG_REST, "route set access-list", NULL, own_route_list },
    { IN_AUTHORIZATION, CONFIG_TEXT, CONFIG_REST, "route accept", "route_accept", NULL },
    { IN_AUTHORIZATION, CONFIG_TEXT, CONFIG_REST, "dns", "dns", NULL },
    { IN_AUTHORIZATION, CONFIG_TEXT, CONFIG_REST, "def-domain", "def_domain", NULL },
    { IN_AUTHORIZATION, CONFIG_TEXT, CONFIG_REST, "netmask", "netmask", NULL },
    { IN_AUTHORIZATION, CONFIG_TEXT, CONFIG_REST, "subnet-acl", "subnet_acl", NULL },
    { IN_AUTHORIZATION, CONFIG_NUMBER, 1, "ipsec flow-limit", "flow_limit", NULL },
};

const struct config_table config_ikev2_table = { commands, COUNT_OF(commands) };
