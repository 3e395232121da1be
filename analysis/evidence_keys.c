/* Which profile and which pre-shared key a router's configuration has for a peer. Facts: parser/config_ikev2.c. */
#include "analysis/evidence.h"

#include "analysis/fits.h"

static bool within(struct address a, struct address start, struct address end)
{
    size_t n = address_length(a);
    return n && a.family == start.family && a.family == end.family && memcmp(a.octets, start.octets, n) >= 0 &&
           memcmp(a.octets, end.octets, n) <= 0;
}

static bool same_word(struct text a, struct text b)
{
    return a.len && text_equal_nocase(a, b);
}

static bool in_domain(struct text host, struct text domain)
{
    return host.len > domain.len && text_equal_nocase(text_from(host, host.len - domain.len), domain) &&
           (domain.at[0] == '.' || domain.at[0] == '@' || host.at[host.len - domain.len - 1] == '.' ||
            host.at[host.len - domain.len - 1] == '@');
}

/* Does what a configuration says of an identity hold for this one? A score: 0 no, 1 any, more is narrower. */
static unsigned identity_fits(const struct fact *facts, const struct identity *id, struct address peer)
{
    uint64_t type = 0;
    struct address start, end, a;
    struct text want = fact_get_text(facts, "id");
    if (fact_find(facts, "any"))
        return FIT_ANY;
    (void)fact_get_number(facts, "id_type", &type);
    bool known = id && id->type;
    if (type == ID_IPV4_ADDR || type == ID_IPV6_ADDR) {
        if (known && id->type != type)
            return 0;
        a = peer;
        if (known && !address_read(id->value, &a))
            return 0;
        if (!fact_get_address(facts, "start", &start) || !fact_get_address(facts, "end", &end) || !within(a, start, end))
            return 0;
        return FIT_PREFIX + fit_narrowness(start, end);
    }
    if (!known || id->type != type)
        return 0;
    if (fact_find(facts, "domain"))
        return in_domain(id->value, want) ? FIT_DOMAIN : 0;
    if (type == ID_KEY_ID) /* of octets, not of letters */
        return want.len && text_equal(want, id->value) ? FIT_WORD : 0;
    return same_word(want, id->value) ? FIT_WORD : 0;
}

/* A certificate map may match any name; nothing here can tell. */
static const struct record *profile_by_map(const struct model *m, uint32_t device, struct address own)
{
    const struct record *first = NULL;
    for (const struct record *r = record_next(m, device, "ikev2-profile", NULL); r;
         r = record_next(m, device, "ikev2-profile", r)) {
        if (!fact_find(r->facts, "match_certificate"))
            continue;
        if (config_serves(m, r, own))
            return r;
        first = first ? first : r;
    }
    return first;
}

const struct record *config_profile_for(const struct model *m, uint32_t device, const struct identity *id, struct address peer,
                                        struct address own)
{
    static const struct fit_kind profiles = {
        "ikev2-profile", "match_identity_remote", NULL, NULL, identity_fits, config_serves
    };
    if (peer.family == ADDRESS_NONE && !(id && id->type))
        return device ? config_sole(m, device, profiles.record, NULL) : NULL;
    const struct fit *best = fit_best(m, device, &profiles, TEXT(""), id, peer, own);
    if (!best && own.family != ADDRESS_NONE) /* what it would be, were the VRF or the address right */
        best = fit_best(m, device, &profiles, TEXT(""), id, peer, (struct address){ .family = ADDRESS_NONE });
    if (best)
        return best->record;
    return id && id->type == ID_DER_ASN1_DN ? profile_by_map(m, device, own) : NULL;
}

bool config_profile_accepts(const struct record *profile, const struct identity *id, struct address peer)
{
    for (const struct fact *g = fact_members(profile->facts, "match_identity_remote"); g; g = g->next)
        if (identity_fits(fact_children(g), id, peer))
            return true;
    return fact_find(profile->facts, "match_certificate") != NULL;
}

bool config_is_for_vrf(const struct record *r, struct text vrf)
{
    struct text fvrf = fact_get_text(r->facts, "match_fvrf");
    return text_equal(fvrf, TEXT("any")) || text_equal(text_equal(fvrf, TEXT("global")) ? TEXT("") : fvrf, vrf);
}

bool config_serves_address(const struct record *r, struct address own)
{
    const struct fact *list = fact_members(r->facts, "match_address_local");
    for (const struct fact *f = list; f; f = f->next)
        if (f->kind != FACT_ADDRESS || address_equal(f->as.address, own))
            return true;
    return !list || own.family == ADDRESS_NONE || fact_find(r->facts, "match_interface");
}

bool config_serves(const struct model *m, const struct record *r, struct address own)
{
    const struct owner *o = config_owner(m, r->device, own, NULL);
    bool in = !o;
    for (; o && !in; o = config_owner(m, r->device, own, o))
        in = config_is_for_vrf(r, fact_get_text(o->interface->facts, "vrf"));
    return in && config_serves_address(r, own);
}

static unsigned key_fits(const struct fact *facts, const struct identity *id, struct address peer)
{
    struct address start, end;
    const struct fact *identity = fact_find(facts, "identity");
    unsigned score = identity ? identity_fits(fact_children(identity), id, peer) : 0;
    if (fact_get_address(facts, "start", &start) && fact_get_address(facts, "end", &end) && within(peer, start, end))
        score = score > FIT_PREFIX + fit_narrowness(start, end) ? score : FIT_PREFIX + fit_narrowness(start, end);
    if (!score && id && id->type == ID_FQDN && same_word(fact_get_text(facts, "hostname"), id->value))
        score = FIT_HOST;
    return score;
}

static const struct fit_kind keys = { "ikev2-keyring", "peers", "identity", "keys", key_fits, NULL };

static const struct fact *profile_key(const struct model *m, uint32_t device, const struct record *profile,
                                      const struct identity *id, struct address peer, const struct record **where)
{
    bool blind = peer.family == ADDRESS_NONE && !(id && id->type);
    if (blind && device == 0)
        return NULL;
    if (profile && fact_members(profile->facts, "keys")) { /* the key stands in the profile itself */
        *where = profile;
        return profile->facts;
    }
    struct text keyring = profile ? fact_get_text(profile->facts, "keyring_local") : (struct text){ NULL, 0 };
    /* the only peer that has a key, where there is nothing to choose by */
    const struct fit *best = blind ? fit_sole(m, device, &keys, keyring)
                                   : fit_best(m, device, &keys, keyring, id, peer, (struct address){ .family = ADDRESS_NONE });
    *where = best ? best->record : *where;
    return best ? best->group : NULL;
}

const struct fact *config_key_of(const struct model *m, uint32_t device, const struct record *profile, const struct identity *id,
                                 struct address peer, const struct record **where)
{
    const struct record *unused;
    if (!where)
        where = &unused;
    *where = NULL;
    const struct fact *key = profile_key(m, device, profile, id, peer, where);
    if (key)
        return key;
    const struct record *group = config_tunnel_group(m, device, peer);
    if (group && fact_members(group->facts, "keys")) {
        *where = group;
        return group->facts;
    }
    return NULL;
}

const struct fact *config_key_for(const struct model *m, uint32_t device, const struct identity *id, struct address peer,
                                  struct address own, const struct record **where)
{
    return config_key_of(m, device, config_profile_for(m, device, id, peer, own), id, peer, where);
}

const struct fact *config_ppk_for(const struct model *m, uint32_t device, struct text keyring, const struct identity *id,
                                  struct address peer)
{
    static const struct fit_kind ppks = { "ikev2-keyring", "peers", "identity", "ppk", key_fits, NULL };
    const struct fit *best = keyring.len
                                 ? fit_best(m, device, &ppks, keyring, id, peer, (struct address){ .family = ADDRESS_NONE })
                                 : NULL;
    return best ? best->group : NULL;
}

/* A keyring's peer is a member of a list; a tunnel-group's facts are named themselves. */
static const struct fact *key_list(const struct fact *key)
{
    return fact_members(key->kind == FACT_GROUP && !key->name ? fact_children(key) : key, "keys");
}

uint32_t config_keys_line(const struct fact *key)
{
    const struct fact *list = key ? key_list(key) : NULL;
    return list ? list->line : key ? key->line : 0;
}

/* The key for that side ("local": to sign with, "remote": to verify the other end with), or NULL. */
static const struct fact *key_of(const struct fact *key, const char *side)
{
    for (const struct fact *k = key ? key_list(key) : NULL; k; k = k->next) {
        struct text of = fact_get_text(fact_children(k), "side");
        if (text_equal(of, text_of(side)) || text_equal(of, TEXT("both")))
            return k;
    }
    return NULL;
}

static enum verified same_key(const struct fact *one, const struct fact *other)
{
    uint64_t a, b;
    if (!one || !other || !fact_get_number(fact_children(one), ".key_digest", &a) ||
        !fact_get_number(fact_children(other), ".key_digest", &b))
        return VERIFIED_UNKNOWN;
    return a == b ? VERIFIED_TRUE : VERIFIED_FALSE;
}

struct key_way config_keys_way(const struct fact *signer, const struct fact *verifier)
{
    const struct fact *signs = key_of(signer, "local"), *verifies = key_of(verifier, "remote");
    struct key_way way = { same_key(signs, verifies), signs ? signs->line : 0, verifies ? verifies->line : 0, false, false };
    if (way.same == VERIFIED_TRUE) {
        bool blank = fact_find(fact_children(signs), ".ends_in_blank"),
             other = fact_find(fact_children(verifies), ".ends_in_blank");
        way.signs_blank = blank && !other;
        way.verifies_blank = other && !blank;
    }
    return way;
}

bool config_keys_by_direction(const struct fact *key)
{
    const struct fact *local = key_of(key, "local"), *remote = key_of(key, "remote");
    return local && remote && local != remote && same_key(local, remote) != VERIFIED_TRUE;
}

bool config_keys_exchanged(const struct fact *one, const struct fact *other)
{
    return config_keys_by_direction(one) && same_key(key_of(one, "local"), key_of(other, "local")) == VERIFIED_TRUE &&
           same_key(key_of(one, "remote"), key_of(other, "remote")) == VERIFIED_TRUE;
}
