#include "analysis/placeholders.h"

#include "analysis/entries.h"
#include "analysis/symptoms.h"

enum object {
    PROFILE,
    KEYRING,
    KEY_PEER,
    PROPOSAL,
    POLICY,
    TRANSFORM_SET,
    IPSEC_PROPOSAL,
    IPSEC_PROFILE,
    CRYPTO_MAP,
    DYNAMIC_MAP, /* that is what the crypto map's entry is of */
    ACCESS_LIST,
    TUNNEL_GROUP,
    INTERFACE,
    NAMEIF,
    TRUSTPOINT,
    OBJECTS
};

/* {the command up to its placeholder, the placeholder, whose name belongs there}; "": the name is put in */
static const struct {
    const char *command, *placeholder;
    enum object object;
} places[] = {
    { "crypto ikev2 profile ", "NAME", PROFILE },
    { "set ikev2-profile ", "NAME", PROFILE },
    { "crypto ikev2 keyring ", "NAME", KEYRING },
    { "keyring local ", "NAME", KEYRING },
    { "`peer ", "NAME", KEY_PEER },
    { "crypto ikev2 proposal ", "NAME", PROPOSAL },
    { "proposal ", "PROPOSAL", PROPOSAL },
    { "crypto ikev2 policy ", "NAME", POLICY },
    { "crypto ikev2 policy ", "N", POLICY },
    { "crypto ipsec transform-set ", "NAME", TRANSFORM_SET },
    { "crypto ipsec ikev2 ipsec-proposal ", "NAME", IPSEC_PROPOSAL },
    { "crypto ipsec profile ", "NAME", IPSEC_PROFILE },
    { "crypto map ", "MAP SEQ", CRYPTO_MAP },
    { "crypto dynamic-map ", "MAP SEQ", DYNAMIC_MAP },
    { "access-list ", "NAME", ACCESS_LIST },
    { "access-list extended ", "NAME", ACCESS_LIST },
    { "tunnel-group ", "NAME", TUNNEL_GROUP },
    { "tunnel-group ", "PEER-ADDRESS", TUNNEL_GROUP },
    { "crypto pki trustpoint ", "NAME", TRUSTPOINT },
    { "crypto pki authenticate ", "NAME", TRUSTPOINT },
    { "crypto pki enroll ", "NAME", TRUSTPOINT },
    { "crypto ca trustpoint ", "NAME", TRUSTPOINT },
    { "crypto ca authenticate ", "NAME", TRUSTPOINT },
    { "crypto ca enroll ", "NAME", TRUSTPOINT },
    { "set trustpoint ", "NAME", TRUSTPOINT },
    { "monitor capture IKE interface ", "INTERFACE", INTERFACE },
    { "type isakmp interface ", "outside", NAMEIF },
    { "crypto ikev2 enable ", "outside", NAMEIF },
    { "match address ", "ACL", ACCESS_LIST },
    { "set transform-set ", "OLD", TRANSFORM_SET },
    { "set transform-set NEW ", "OLD", TRANSFORM_SET },
    { "set ikev2 ipsec-proposal ", "OLD", IPSEC_PROPOSAL },
    { "set ikev2 ipsec-proposal NEW ", "OLD", IPSEC_PROPOSAL },
    { "its `crypto ikev2 proposal", "", PROPOSAL },
    { "its `crypto ipsec ikev2 ipsec-proposal", "", IPSEC_PROPOSAL },
    { "the crypto ACL", "", ACCESS_LIST },
};

/* {what stands behind a placeholder to say where its name is found, what is known then}: known, it is left out */
static const struct {
    const char *hint;
    enum object object;
} hints[] = {
    { " (INTERFACE: ", INTERFACE },
    { " (outside: ", NAMEIF },
    { " (ACL: ", ACCESS_LIST },
    { " (N: ", POLICY },
};

static struct text title_of(const struct record *r)
{
    return r ? r->title : (struct text){ NULL, 0 };
}

/* The policy that binds this proposal, or the ASA's own entry, which is both. */
static struct text policy_of(const struct configured *ike)
{
    if (!ike || !ike->record)
        return (struct text){ NULL, 0 };
    return strcmp(ike->record->name, "asa-ikev2-policy") == 0 ? ike->record->title : ike->policy;
}

static void configured_names(struct model *m, uint32_t device, struct address local, struct address peer,
                             const struct record *entry, struct text names[OBJECTS])
{
    if (!device || !config_supplied(m, device))
        return;
    struct arena *scratch = arena_create();
    const struct record *entries[ENTRIES];
    struct config_path path = config_path_to(m, device, peer, entry);
    if (!entry && config_entries_to(m, device, peer, entries, ENTRIES) > 1) /* nobody knows which of them it is about */
        path.crypto_map = path.ipsec_profile = path.acl = NULL;
    const struct configured *ike = config_offered_proposals(m, device, local, scratch);
    const struct configured *esp = config_transform_sets(m, device, peer, entry, scratch);
    const struct record *set = esp ? esp->record : NULL;
    bool asa_set = set && strcmp(set->name, "ipsec-proposal") == 0;
    names[PROFILE] = title_of(path.profile);
    names[KEYRING] = title_of(path.keyring);
    names[KEY_PEER] = path.key && path.keyring ? fact_get_text(fact_children(path.key), "name") : (struct text){ NULL, 0 };
    names[PROPOSAL] = ike ? title_of(ike->record) : (struct text){ NULL, 0 };
    names[POLICY] = policy_of(ike);
    names[TRANSFORM_SET] = asa_set ? (struct text){ NULL, 0 } : title_of(set);
    names[IPSEC_PROPOSAL] = asa_set ? title_of(set) : (struct text){ NULL, 0 };
    names[IPSEC_PROFILE] = title_of(path.ipsec_profile);
    names[CRYPTO_MAP] = title_of(path.crypto_map);
    if (path.crypto_map && strcmp(path.crypto_map->name, "crypto-dynamic-map") == 0)
        names[DYNAMIC_MAP] = path.crypto_map->title;
    names[ACCESS_LIST] = title_of(path.acl);
    names[TRUSTPOINT] = config_trustpoint(m, device, &path).name;
    names[TUNNEL_GROUP] = title_of(path.tunnel_group);
    struct text source = path.interface ? fact_get_text(path.interface->facts, "tunnel_source") : (struct text){ NULL, 0 };
    bool by_name = source.len && !(source.at[0] >= '0' && source.at[0] <= '9'); /* and not by address */
    const struct owner *own = local.family ? config_owner(m, device, local, NULL) : NULL;
    const struct record *facing = path.interface && path.crypto_map ? path.interface : own ? own->interface : NULL;
    names[NAMEIF] = facing ? fact_get_text(facing->facts, "nameif") : (struct text){ NULL, 0 };
    names[INTERFACE] = by_name ? source : source.len || !path.crypto_map ? (struct text){ NULL, 0 } : title_of(path.interface);
    arena_destroy(scratch);
}

static void name_if_new(struct text names[OBJECTS], enum object object, struct text name)
{
    if (!names[object].len)
        names[object] = name;
}

/* What that end's show output says of its way to the peer, where its configuration is not there. */
static void shown_names(struct model *m, struct address local, struct address peer, struct text names[OBJECTS])
{
    for (const struct shown_flow *of = local.family ? flows_towards(m, peer) : NULL; of; of = of->next) {
        const struct fact *f = fact_children(of->flow);
        struct address own;
        uint64_t sequence;
        if (!fact_get_address(f, "local_endpoint", &own) || !address_equal(own, local) || !fact_find(f, "remote_endpoint"))
            continue;
        struct text map = fact_get_text(f, "crypto_map"), from = fact_get_text(f, "mtu_interface"),
                    shown = fact_get_text(f, "interface");
        if (fact_get_number(f, "sequence", &sequence)) { /* an ASA's own form, which calls the interface by its nameif */
            name_if_new(names, CRYPTO_MAP, arena_format(m->run, "%.*s %u", TEXT_ARGS(map), (unsigned)sequence));
            name_if_new(names, NAMEIF, shown);
        } else {
            name_if_new(names, INTERFACE,
                        from.len                             ? from
                        : text_starts(shown, TEXT("Tunnel")) ? (struct text){ NULL, 0 }
                                                             : shown);
        }
    }
}

/* What that end's own log said it uses. */
static void logged_names(const struct ike_sa *sa, enum side side, struct text names[OBJECTS])
{
    for (const struct view *v = sa->views; v; v = v->next) {
        if (v->wire || v->role != side)
            continue;
        name_if_new(names, PROFILE, v->profile);
        name_if_new(names, POLICY, v->policy);
        name_if_new(names, PROPOSAL, v->proposal);
        name_if_new(names, KEYRING, v->keyring);
        name_if_new(names, KEY_PEER, v->key_block);
        name_if_new(names, CRYPTO_MAP, v->crypto_map);
        if (!text_starts(v->tunnel_group, TEXT("Default"))) /* which all peers that have none of their own share */
            name_if_new(names, TUNNEL_GROUP, v->tunnel_group);
    }
}

static bool ends_word(struct text t)
{
    return t.len == 0 || !(text_is_letter(t.at[0]) || t.at[0] == '-');
}

static bool any_known(const struct text names[OBJECTS])
{
    for (size_t o = 0; o < OBJECTS; o++)
        if (names[o].len)
            return true;
    return false;
}

/* The place of the row at the front of t, or NULL. */
static const struct text *name_at(struct text t, const struct text names[OBJECTS], size_t *skip, size_t *placeholder)
{
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        if (!names[places[i].object].len || t.at[0] != places[i].command[0] || !text_starts(t, text_of(places[i].command)))
            continue;
        size_t n = strlen(places[i].command);
        struct text rest = text_from(t, n);
        if (!text_starts(rest, text_of(places[i].placeholder)) || !ends_word(text_from(rest, strlen(places[i].placeholder))))
            continue;
        *skip = n;
        *placeholder = strlen(places[i].placeholder);
        return &names[places[i].object];
    }
    return NULL;
}

/* "`crypto map MAP SEQ ...` (or `crypto ipsec profile NAME` ...)": the router has one of the two. */
static struct text choose_holder(struct model *m, struct text advice, const struct text names[OBJECTS])
{
    static const char other[] = " (or `crypto ipsec profile NAME`", map[] = "`crypto map MAP SEQ";
    size_t open = text_find(advice, text_of(other)), first = text_find(advice, text_of(map));
    bool profile = names[IPSEC_PROFILE].len != 0;
    if (open == TEXT_NOWHERE || first == TEXT_NOWHERE || first > open || profile == (names[CRYPTO_MAP].len != 0))
        return advice;
    struct text behind = text_from(advice, open + sizeof " (or " - 1);
    size_t close = text_find_byte(behind, ')');
    if (close == TEXT_NOWHERE)
        return advice;
    struct text kept = profile ? text_upto(behind, close) : text_upto(text_from(advice, first), open - first);
    return arena_format(m->run, "%.*s%.*s%.*s", TEXT_ARGS(text_upto(advice, first)), TEXT_ARGS(kept),
                        TEXT_ARGS(text_from(behind, close + 1)));
}

static struct text without_hints(struct model *m, struct text advice, const struct text names[OBJECTS])
{
    for (size_t i = 0; i < COUNT_OF(hints); i++) {
        size_t open = names[hints[i].object].len ? text_find(advice, text_of(hints[i].hint)) : TEXT_NOWHERE;
        struct text behind = open == TEXT_NOWHERE ? (struct text){ NULL, 0 } : text_from(advice, open);
        size_t close = text_find_byte(behind, ')');
        if (close != TEXT_NOWHERE)
            advice = arena_format(m->run, "%.*s%.*s", TEXT_ARGS(text_upto(advice, open)),
                                  TEXT_ARGS(text_from(behind, close + 1)));
    }
    return advice;
}

/* An entry of a dynamic map has a command of its own, on IOS without "ipsec-isakmp". */
static struct text for_dynamic_map(struct model *m, struct text advice)
{
    static const char *const forms[] = { "`crypto map MAP SEQ ipsec-isakmp", "`crypto map MAP SEQ" };
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        for (size_t at; (at = text_find(advice, text_of(forms[i]))) != TEXT_NOWHERE;)
            advice = arena_format(m->run, "%.*s`crypto dynamic-map MAP SEQ%.*s", TEXT_ARGS(text_upto(advice, at)),
                                  TEXT_ARGS(text_from(advice, at + strlen(forms[i]))));
    return advice;
}

static struct text fill(struct model *m, struct text advice, const struct text names[OBJECTS])
{
    if (!any_known(names))
        return advice;
    advice = without_hints(m, choose_holder(m, advice, names), names);
    if (names[DYNAMIC_MAP].len)
        advice = for_dynamic_map(m, advice);
    struct buffer out;
    buffer_init(&out, 1 << 14);
    bool filled = false;
    for (size_t i = 0; i < advice.len;) {
        size_t skip, placeholder;
        const struct text *name = name_at(text_from(advice, i), names, &skip, &placeholder);
        if (!name) {
            buffer_byte(&out, (unsigned char)advice.at[i++]);
            continue;
        }
        buffer_text(&out, text_upto(text_from(advice, i), skip));
        if (!placeholder)
            buffer_byte(&out, ' ');
        buffer_text(&out, *name);
        i += skip + placeholder;
        filled = true;
    }
    struct text made = filled ? arena_text(m->run, buffer_view(&out)) : advice;
    buffer_clear(&out);
    return made;
}

struct text placeholders_fill(struct model *m, const struct ike_sa *sa, enum side side, struct text advice)
{
    struct text names[OBJECTS] = { { NULL, 0 } };
    if (!sa || !side ||
        (text_find(advice, TEXT("`")) == TEXT_NOWHERE && text_find(advice, TEXT("the crypto ACL")) == TEXT_NOWHERE))
        return advice;
    configured_names(m, device_of(sa, side), address_on(sa, side), address_on(sa, side_other(side)),
                     config_entry_of(m, sa, NULL, side), names);
    logged_names(sa, side, names);
    shown_names(m, address_on(sa, side), address_on(sa, side_other(side)), names);
    return fill(m, advice, names);
}

struct text placeholders_fill_router(struct model *m, uint32_t device, struct address local, struct address peer,
                                     const struct record *entry, struct text advice)
{
    struct text names[OBJECTS] = { { NULL, 0 } };
    const struct record *of_all = peer.family || !device ? NULL : config_find(m, device, "tunnel-group", TEXT("DefaultL2LGroup"));
    configured_names(m, device, local, peer, entry, names);
    if (of_all && fact_find(of_all->facts, "keys")) /* of who calls from wherever */
        names[TUNNEL_GROUP] = of_all->title;
    shown_names(m, local, peer, names);
    return fill(m, advice, names);
}
