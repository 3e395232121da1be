#include "analysis/references.h"

#include "analysis/evidence_words.h"
#include "base/nearest.h"

struct reference {
    const char *holder, *fact; /* text, or list of text */
    const char *target, *by;   /* by: the fact that is its name, NULL its title */
    const char *what, *define;
};

/* {who names it, in which fact, what it names, by which fact of that, in words, the command that makes one} */
static const struct reference table[] = {
    { "ikev2-profile", "keyring_local", "ikev2-keyring", NULL, "the IKEv2 keyring", "crypto ikev2 keyring" },
    { "ikev2-profile", "keyring_ppk", "ikev2-keyring", NULL, "the IKEv2 keyring", "crypto ikev2 keyring" },
    { "ikev2-profile", "pki_trustpoints", "pki-trustpoint", NULL, "the trustpoint", "crypto pki trustpoint" },
    { "ikev2-profile", "match_certificate", "certificate-map", "name", "the certificate map", "crypto pki certificate map" },
    { "ikev2-profile", "virtual_template", "interface", NULL, "the interface", "interface" },
    { "ikev2-profile", "aaa_authorization", "aaa-authorization", NULL, "the AAA authorization list",
      "aaa new-model` / `aaa authorization network" },
    { "ikev2-profile", "aaa_authentication", "aaa-authentication", NULL, "the AAA login list",
      "aaa new-model` / `aaa authentication login" },
    { "ikev2-profile", "aaa_policy", "ikev2-authorization", NULL, "the IKEv2 authorization policy",
      "crypto ikev2 authorization policy" },
    { "ikev2-profile", "name_mangler", "name-mangler", NULL, "the name mangler", "crypto ikev2 name-mangler" },
    { "ikev2-authorization", "pool", "address-pool", NULL, "the address pool", "ip local pool" },
    { "ikev2-authorization", "ipv6_pool", "address-pool", NULL, "the address pool", "ipv6 local pool" },
    { "ikev2-authorization", "route_list", "access-list", NULL, "the access list", "ip access-list standard" },
    { "ikev2-policy", "proposals", "ikev2-proposal", NULL, "the IKEv2 proposal", "crypto ikev2 proposal" },
    { "ipsec-profile", "transform_sets", "transform-set", NULL, "the transform set", "crypto ipsec transform-set" },
    { "ipsec-profile", "ipsec_proposals", "ipsec-proposal", NULL, "the IPsec proposal", "crypto ipsec ikev2 ipsec-proposal" },
    { "ipsec-profile", "ikev2_profile", "ikev2-profile", NULL, "the IKEv2 profile", "crypto ikev2 profile" },
    { "ipsec-profile", "trustpoint", "pki-trustpoint", NULL, "the trustpoint", "crypto ca trustpoint" },
    { "crypto-map", "transform_sets", "transform-set", NULL, "the transform set", "crypto ipsec transform-set" },
    { "crypto-map", "ipsec_proposals", "ipsec-proposal", NULL, "the IPsec proposal", "crypto ipsec ikev2 ipsec-proposal" },
    { "crypto-map", "ikev2_profile", "ikev2-profile", NULL, "the IKEv2 profile", "crypto ikev2 profile" },
    { "crypto-map", "match_address", "access-list", NULL, "the access list", "ip access-list extended" },
    { "crypto-dynamic-map", "transform_sets", "transform-set", NULL, "the transform set", "crypto ipsec transform-set" },
    { "crypto-dynamic-map", "ipsec_proposals", "ipsec-proposal", NULL, "the IPsec proposal",
      "crypto ipsec ikev2 ipsec-proposal" },
    { "crypto-dynamic-map", "ikev2_profile", "ikev2-profile", NULL, "the IKEv2 profile", "crypto ikev2 profile" },
    { "crypto-dynamic-map", "match_address", "access-list", NULL, "the access list", "ip access-list extended" },
    { "crypto-map-binding", "interface", "interface", "nameif", "the interface", "nameif" },
    { "crypto-map-binding", "local_address", "interface", NULL, "the interface", "interface" },
    { "interface", "tunnel_source", "interface", NULL, "the interface", "interface" },
    { "interface", "unnumbered", "interface", NULL, "the interface", "interface" },
    { "interface", "tunnel_profile", "ipsec-profile", NULL, "the IPsec profile", "crypto ipsec profile" },
    { "interface", "tunnel_ikev2_profile", "ikev2-profile", NULL, "the IKEv2 profile", "crypto ikev2 profile" },
    { "interface", "tunnel_acl", "access-list", NULL, "the access list", "ip access-list extended" },
    { "tunnel-group-map", "map", "certificate-map", "name", "the certificate map", "crypto ca certificate map" },
    { "tunnel-group-map", "group", "tunnel-group", NULL, "the tunnel-group", "tunnel-group" },
    { "tunnel-group", "default_group_policy", "group-policy", NULL, "the group policy", "group-policy" },
    { "tunnel-group", "trustpoint", "pki-trustpoint", NULL, "the trustpoint", "crypto ca trustpoint" },
};

/* {the command, what it needs behind the name} */
static const struct {
    const char *define, *more;
} needs[] = {
    { "crypto pki certificate map", "10" },
    { "crypto ca certificate map", "10" },
    { "tunnel-group", "type ipsec-l2l" },
    { "aaa new-model` / `aaa authorization network", "local" },
    { "aaa new-model` / `aaa authentication login", "..." },
    { "ip local pool", "FIRST-ADDRESS LAST-ADDRESS" },
    { "ipv6 local pool", "PREFIX/LENGTH LENGTH" },
    { "crypto ipsec transform-set", "..." },
    { "group-policy", "internal" },
};

static const char *more_of(const char *define, const char *fact)
{
    if (strcmp(define, "interface") == 0)
        return strcmp(fact, "virtual_template") == 0 ? "type tunnel" : ""; /* of what else is named, the name says the type */
    for (size_t i = 0; i < COUNT_OF(needs); i++)
        if (strcmp(needs[i].define, define) == 0)
            return needs[i].more;
    return "";
}

/* Elsewhere than on the router itself, were it only as a second way, a policy is of whoever is asked: RADIUS. */
static bool authorized_elsewhere(const struct model *m, const struct record *holder)
{
    const struct record *list = config_find(m, holder->device, "aaa-authorization",
                                            fact_get_text(holder->facts, "aaa_authorization"));
    return !list || !text_equal(fact_get_text(list->facts, "method"), TEXT("local"));
}

/* These are there without being configured, and "pki trustpoint T sign" names T alone. */
static bool built_in(struct text name)
{
    static const char *const words[] = {
        "", "default", "DfltGrpPolicy", "DefaultL2LGroup", "DefaultRAGroup", "DefaultWEBVPNGroup", "sign", "verify"
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_equal(name, text_of(words[i])))
            return true;
    return false;
}

static struct text name_by(const struct record *r, const char *by)
{
    return by ? fact_get_text(r->facts, by) : r->title;
}

static bool is_there(const struct model *m, const struct reference *row, uint32_t device, struct text name)
{
    struct address address;
    if (strcmp(row->fact, "tunnel_source") == 0 && (address_read(name, &address) || text_equal(name, TEXT("dynamic"))))
        return true; /* it may be one that is given to the router */
    const struct record *r = row->by ? record_next(m, device, row->target, NULL) : config_find(m, device, row->target, name);
    while (r && row->by && !text_equal(name_by(r, row->by), name))
        r = record_next(m, device, row->target, r);
    return r ||
           (strcmp(row->target, "interface") == 0 && words_first(m, device, WORD_NAMEIF, name)); /* what an ASA calls it by */
}

enum { SLIPS = 2 }; /* of a name that was meant */

static bool nearly(struct text a, struct text b)
{
    const unsigned most = a.len < 6 ? SLIPS - 1 : SLIPS;
    return nearest_distance(a, b, most) <= most;
}

/* The first object whose name is nearly that one. */
static struct text near_name(struct model *m, const struct reference *row, uint32_t device, struct text name)
{
    for (const struct record *r = record_next(m, device, row->target, NULL); r; r = record_next(m, device, row->target, r)) {
        if (!limits_room(&m->limits, OVER_NAMES_ALIKE, m->names_compared++))
            break;
        if (nearly(name_by(r, row->by), name))
            return name_by(r, row->by);
    }
    return (struct text){ NULL, 0 };
}

static void look_up(struct model *m, const struct reference *row, const struct record *holder, const struct fact *at,
                    dangling_judge *judge, void *context)
{
    struct text name = { NULL, 0 }, rest = at->kind == FACT_TEXT ? at->as.text : name;
    (void)text_word(&rest, &name); /* "set trustpoint T chain" */
    const bool numbered = strcmp(row->target, "interface") == 0 && !row->by,
               template = strcmp(row->fact, "virtual_template") == 0;
    if (template && name.len) /* "virtual-template 1 mode auto" */
        name = arena_format(m->run, "Virtual-Template%.*s", TEXT_ARGS(name));
    struct dangling d = { .holder = holder, .line = at->line, .name = name, .what = row->what, .define = row->define };
    if (built_in(name) || is_there(m, row, holder->device, name) ||
        (strcmp(row->target, "ikev2-authorization") == 0 && authorized_elsewhere(m, holder)))
        return;
    d.more = more_of(row->define, row->fact);
    if (!numbered) /* any two numbers are nearly the same */
        d.near = near_name(m, row, holder->device, name);
    judge(context, &d);
}

void references_each(struct model *m, const struct record *holder, dangling_judge *judge, void *context)
{
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        const struct fact *f = strcmp(holder->name, table[i].holder) == 0 ? fact_find(holder->facts, table[i].fact) : NULL;
        if (f && f->kind == FACT_TEXT)
            look_up(m, &table[i], holder, f, judge, context);
        for (const struct fact *g = f && f->kind != FACT_TEXT ? fact_children(f) : NULL; g; g = g->next)
            look_up(m, &table[i], holder, g, judge, context);
    }
}
