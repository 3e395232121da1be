/* Which profile and which pre-shared key a router's configuration has for a peer. Facts: parser/config_ikev2.c. */
#include "analysis/evidence.h"

static bool within(struct address a, struct address start, struct address end)
{
    size_t n = address_length(a);
    return n && a.family == start.family && a.family == end.family && memcmp(a.octets, start.octets, n) >= 0 &&
           memcmp(a.octets, end.octets, n) <= 0;
}

/* How many leading bits start and end share: the narrower of two ranges is the better match. */
static unsigned narrowness(struct address start, struct address end)
{
    unsigned bits = 0;
    for (size_t i = 0; i < address_length(start); i++) {
        uint8_t differ = start.octets[i] ^ end.octets[i];
        if (differ == 0) {
            bits += 8;
            continue;
        }
        while (!(differ & 0x80)) {
            bits++;
            differ = (uint8_t)(differ << 1);
        }
        break;
    }
    return bits;
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
        return 1;
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
        return 2 + narrowness(start, end);
    }
    if (!known || id->type != type)
        return 0;
    if (fact_find(facts, "domain"))
        return in_domain(id->value, want) ? 100 : 0;
    return same_word(want, id->value) ? 200 : 0;
}

const struct record *config_profile_for(const struct model *m, uint32_t device, const struct identity *id, struct address peer)
{
    const struct record *best = NULL;
    unsigned best_score = 0;
    if (peer.family == ADDRESS_NONE && !(id && id->type))
        return device ? config_sole(m, device, "ikev2-profile", NULL) : NULL;
    for (const struct record *r = record_next(m, device, "ikev2-profile", NULL); r;
         r = record_next(m, device, "ikev2-profile", r)) {
        for (const struct fact *g = fact_members(r->facts, "match_identity_remote"); g; g = g->next) {
            unsigned score = identity_fits(fact_children(g), id, peer);
            if (score > best_score) {
                best = r;
                best_score = score;
            }
        }
        /* a certificate map may match any name; nothing here can tell */
        if (!best && id && id->type == ID_DER_ASN1_DN && fact_find(r->facts, "match_certificate"))
            best = r;
    }
    return best;
}

bool config_is_for_vrf(const struct record *r, struct text vrf)
{
    struct text fvrf = fact_get_text(r->facts, "match_fvrf");
    return text_equal(fvrf, TEXT("any")) || text_equal(fvrf, vrf);
}

bool config_serves_address(const struct record *r, struct address own)
{
    const struct fact *list = fact_members(r->facts, "match_address_local");
    for (const struct fact *f = list; f; f = f->next)
        if (f->kind != FACT_ADDRESS || address_equal(f->as.address, own))
            return true;
    return !list || own.family == ADDRESS_NONE || fact_find(r->facts, "match_interface");
}

static unsigned key_fits(const struct fact *facts, const struct identity *id, struct address peer)
{
    struct address start, end;
    const struct fact *identity = fact_find(facts, "identity");
    unsigned score = identity ? identity_fits(fact_children(identity), id, peer) : 0;
    if (fact_get_address(facts, "start", &start) && fact_get_address(facts, "end", &end) && within(peer, start, end))
        score = score > 2 + narrowness(start, end) ? score : 2 + narrowness(start, end);
    if (!score && id && id->type == ID_FQDN && same_word(fact_get_text(facts, "hostname"), id->value))
        score = 150;
    return score;
}

static const struct fact *profile_key(const struct model *m, uint32_t device, const struct identity *id, struct address peer,
                                      const struct record **where)
{
    const struct record *profile = config_profile_for(m, device, id, peer);
    const struct fact *best = NULL;
    unsigned best_score = 0;
    bool blind = peer.family == ADDRESS_NONE && !(id && id->type);
    if (blind && device == 0)
        return NULL;
    if (profile && fact_members(profile->facts, "keys")) { /* the key stands in the profile itself */
        *where = profile;
        return profile->facts;
    }
    struct text keyring = profile ? fact_get_text(profile->facts, "keyring_local") : (struct text){ NULL, 0 };
    for (const struct record *r = record_next(m, device, "ikev2-keyring", NULL); r;
         r = record_next(m, device, "ikev2-keyring", r)) {
        if (keyring.len && !text_equal(r->title, keyring))
            continue;
        for (const struct fact *g = fact_members(r->facts, "peers"); g; g = g->next) {
            unsigned score = !fact_find(fact_children(g), "keys") ? 0 : blind ? 1 : key_fits(fact_children(g), id, peer);
            if (blind && best)
                return NULL; /* several keys, and nothing to choose by */
            if (score > best_score) {
                best = g;
                best_score = score;
                *where = r;
            }
        }
    }
    return best;
}

const struct fact *config_key_for(const struct model *m, uint32_t device, const struct identity *id, struct address peer,
                                  const struct record **where)
{
    const struct record *unused;
    if (!where)
        where = &unused;
    *where = NULL;
    const struct fact *key = profile_key(m, device, id, peer, where);
    if (key)
        return key;
    const struct record *group = config_tunnel_group(m, device, peer);
    if (group && fact_members(group->facts, "keys")) {
        *where = group;
        return group->facts;
    }
    return NULL;
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
    return (struct key_way){ same_key(signs, verifies), signs ? signs->line : 0, verifies ? verifies->line : 0 };
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
