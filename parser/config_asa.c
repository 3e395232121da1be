/*
 * What only an ASA (or FTD) has. Records:
 *
 *   tunnel-group NAME       type ("ipsec-l2l"), default_group_policy, keys: list of group KEY (parser/config_ikev2.c; the key of
 *                           remote-authentication is what the peer must have), local_authentication, remote_authentication
 *                           ("pre-shared-key", "certificate", "eap"), trustpoint, ikev1_key (bool), peer_id_validate, chain
 *                           (bool), keepalive (text)
 *   tunnel-group-map "MAP N"    map, group (of a default one: group alone)
 *   group-policy NAME       kind ("internal"), vpn_tunnel_protocol: list of text, vpn_idle_timeout, vpn_filter, ...
 *   isakmp-identity         identity ("address", "auto", "hostname", "key-id"), id
 *   access-group NAMEIF     list (what comes in there is filtered by it)
 *   control-access-group NAMEIF    list (… of that, what is for the ASA itself)
 *   domain-name NAME        of its hostname
 *   sysopt                  permit_vpn (bool: false after `no sysopt connection permit-vpn`)
 *
 * asa-ikev2-policy is in config_ikev2.c, ipsec-proposal and crypto maps in config_ipsec.c, interfaces in config_system.c.
 */
#include "parser/configuration.h"

static void open_tunnel_group(struct config *c, const struct config_args *a)
{
    if (a->count == 0)
        return;
    config_open(c, "tunnel-group", a->word[0], IN_TUNNEL_GROUP);
    if (a->count > 2 && text_equal(a->word[1], TEXT("type"))) {
        config_text(c, "type", a->word[2]);
        c->context = IN_GLOBAL;
    }
}

/* "remote-authentication pre-shared-key [0|8|hex] K", "local-authentication certificate TRUSTPOINT" */
static void own_authentication(struct config *c, const struct config_args *a)
{
    if (a->count == 0 || a->no)
        return;
    bool local = strcmp(a->fact, "local_authentication") == 0;
    config_text(c, a->fact, a->word[0]);
    if (text_equal(a->word[0], TEXT("pre-shared-key")) && a->count > 1)
        config_key(c, local ? "local" : "remote", a->word + 1, a->count - 1);
    else if (local && text_equal(a->word[0], TEXT("certificate")) && a->count > 1)
        config_text(c, "trustpoint", a->word[1]);
}

static void own_ikev1_key(struct config *c, const struct config_args *a)
{
    if (!a->no)
        config_bool(c, "ikev1_key", true);
}

/* "tunnel-group-map MAP 10 GROUP", "tunnel-group-map default-group GROUP": whom a certificate leads to; "enable rules" names nobody. */
static void open_group_map(struct config *c, const struct config_args *a)
{
    const bool otherwise = a->count == 2 && text_equal(a->word[0], TEXT("default-group"));
    if (a->no || (!otherwise && a->count != 3))
        return;
    config_open(c, "tunnel-group-map",
                arena_format(c->section->scratch, "%.*s %.*s", TEXT_ARGS(a->word[0]), TEXT_ARGS(a->word[1])), IN_GLOBAL);
    if (!otherwise)
        config_text(c, "map", a->word[0]);
    config_text(c, "group", a->word[a->count - 1]);
}

static void open_group_policy(struct config *c, const struct config_args *a)
{
    if (a->count == 0)
        return;
    config_open(c, "group-policy", a->word[0], IN_GROUP_POLICY);
    if (a->count > 1 && !text_equal(a->word[1], TEXT("attributes")))
        config_text(c, "kind", a->word[1]);
}

static void own_identity(struct config *c, const struct config_args *a)
{
    config_open(c, "isakmp-identity", (struct text){ NULL, 0 }, IN_GLOBAL);
    if (a->count)
        config_text(c, "identity", a->word[0]);
    if (a->count > 1)
        config_text(c, "id", a->word[1]);
}

/* "outside_in in interface outside"; a list for the control plane is no filter of what passes through. */
static void own_group(struct config *c, const struct config_args *a)
{
    if (a->no || a->count < 4 || !text_equal(a->word[1], TEXT("in")) || !text_equal(a->word[2], TEXT("interface")))
        return;
    const bool own = a->count > 4 && text_equal(a->word[4], TEXT("control-plane"));
    config_open(c, own ? "control-access-group" : "access-group", a->word[3], IN_GLOBAL);
    config_text(c, "list", a->word[0]);
}

static void own_domain(struct config *c, const struct config_args *a)
{
    if (a->count && !a->no)
        config_open(c, "domain-name", a->word[0], IN_GLOBAL);
}

static void own_permit_vpn(struct config *c, const struct config_args *a)
{
    config_open(c, "sysopt", (struct text){ NULL, 0 }, IN_GLOBAL);
    config_bool(c, "permit_vpn", !a->no);
}

static const struct config_command commands[] = {
    /* context, kind, arguments at most, words, fact, own */
    { IN_GLOBAL, CONFIG_OWN, 3, "tunnel-group", NULL, open_tunnel_group },
    { IN_TUNNEL_GROUP, CONFIG_OWN, 3, "ikev2 remote-authentication", "remote_authentication", own_authentication },
    { IN_TUNNEL_GROUP, CONFIG_OWN, 3, "ikev2 local-authentication", "local_authentication", own_authentication },
    { IN_TUNNEL_GROUP, CONFIG_OWN, CONFIG_REST, "ikev1 pre-shared-key", NULL, own_ikev1_key },
    { IN_TUNNEL_GROUP, CONFIG_OWN, CONFIG_REST, "pre-shared-key", NULL, own_ikev1_key },
    { IN_TUNNEL_GROUP, CONFIG_WORD, 1, "ikev1 trust-point", "ikev1_trustpoint", NULL },
    { IN_TUNNEL_GROUP, CONFIG_WORD, 1, "trust-point", "ikev1_trustpoint", NULL },
    { IN_TUNNEL_GROUP, CONFIG_WORD, 1, "peer-id-validate", "peer_id_validate", NULL },
    { IN_TUNNEL_GROUP, CONFIG_SET, 0, "chain", "chain", NULL },
    { IN_TUNNEL_GROUP, CONFIG_TEXT, CONFIG_REST, "isakmp keepalive", "keepalive", NULL },
    { IN_TUNNEL_GROUP, CONFIG_WORD, 1, "default-group-policy", "default_group_policy", NULL },
    { IN_TUNNEL_GROUP, CONFIG_WORD, 1, "virtual-template", "virtual_template", NULL },
    { IN_TUNNEL_GROUP, CONFIG_TEXT, CONFIG_REST, "ikev2 rsa-sig-hash", "rsa_sig_hash", NULL },
    { IN_TUNNEL_GROUP, CONFIG_TEXT, CONFIG_REST, "ikev1 user-authentication", "ikev1_user_authentication", NULL },

    { IN_GLOBAL, CONFIG_OWN, 3, "tunnel-group-map", NULL, open_group_map },
    { IN_GLOBAL, CONFIG_OWN, 3, "group-policy", NULL, open_group_policy },
    { IN_GROUP_POLICY, CONFIG_LIST, CONFIG_MANY, "vpn-tunnel-protocol", "vpn_tunnel_protocol", NULL },
    { IN_GROUP_POLICY, CONFIG_TEXT, CONFIG_REST, "vpn-idle-timeout", "vpn_idle_timeout", NULL },
    { IN_GROUP_POLICY, CONFIG_TEXT, CONFIG_REST, "vpn-session-timeout", "vpn_session_timeout", NULL },
    { IN_GROUP_POLICY, CONFIG_TEXT, CONFIG_REST, "vpn-filter", "vpn_filter", NULL },
    { IN_GROUP_POLICY, CONFIG_TEXT, CONFIG_REST, "pfs", "pfs", NULL },

    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "access-group", NULL, own_group },
    { IN_GLOBAL, CONFIG_OWN, 0, "sysopt connection permit-vpn", NULL, own_permit_vpn },

    { IN_GLOBAL, CONFIG_OWN, 1, "domain-name", NULL, own_domain },
    { IN_GLOBAL, CONFIG_OWN, 2, "crypto isakmp identity", NULL, own_identity },
    { IN_GLOBAL, CONFIG_OWN, 2, "isakmp identity", NULL, own_identity },
};

const struct config_table config_asa_table = { commands, COUNT_OF(commands) };
