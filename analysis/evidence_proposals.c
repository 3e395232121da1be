/* What a router would offer or accept, for an IKE SA and for a Child SA, by its configuration. Facts: parser/config_ikev2.c,
 * config_ipsec.c. */
#include "analysis/evidence.h"

#include <stdlib.h>

struct configured *config_proposal(const struct record *r, struct arena *arena)
{
    const struct fact *list = fact_members(r->facts, "transforms");
    size_t count = 0;
    for (const struct fact *f = list; f; f = f->next)
        count++;
    struct configured *c = arena_new(arena, struct configured);
    *c = (struct configured){ .record = r, .name = r->title };
    c->proposal.transforms = arena_array(arena, struct transform, 2 * count + 2);
    c->lines = arena_array(arena, uint32_t, 2 * count + 2);
    bool ipsec = strcmp(r->name, "transform-set") == 0 || strcmp(r->name, "ipsec-proposal") == 0;
    c->proposal.protocol = ipsec ? PROTOCOL_ESP : PROTOCOL_IKE;
    bool prf = false, combined = false;
    for (const struct fact *f = list; f; f = f->next) {
        uint64_t type, id, bits = 0, protocol;
        if (!fact_get_number(fact_children(f), "type", &type) || !fact_get_number(fact_children(f), "id", &id))
            continue;
        (void)fact_get_number(fact_children(f), "key_length", &bits);
        if (fact_get_number(fact_children(f), "protocol", &protocol) && list == f && protocol == PROTOCOL_AH)
            c->proposal.protocol = PROTOCOL_AH;
        prf = prf || type == TRANSFORM_PRF;
        combined = combined || (type == TRANSFORM_ENCR && (id == ENCR_AES_GCM_16 || id == ENCR_NULL_AUTH_AES_GMAC));
        c->lines[c->proposal.count] = f->line;
        c->proposal.transforms[c->proposal.count++] = (struct transform){ (uint8_t)type, (uint16_t)id, (uint16_t)bits };
    }
    c->prf_implied = !ipsec && !prf;
    size_t stated = c->proposal.count;
    static const struct {
        uint16_t integ, prf;
    } implied[] = {
        { INTEG_HMAC_MD5_96, PRF_HMAC_MD5 },
        { INTEG_HMAC_SHA1_96, PRF_HMAC_SHA1 },
        { INTEG_HMAC_SHA2_256_128, PRF_HMAC_SHA2_256 },
        { INTEG_HMAC_SHA2_384_192, PRF_HMAC_SHA2_384 },
        { INTEG_HMAC_SHA2_512_256, PRF_HMAC_SHA2_512 },
    };
    for (size_t i = 0; c->prf_implied && i < stated; i++)
        for (size_t k = 0; k < COUNT_OF(implied); k++)
            if (c->proposal.transforms[i].type == TRANSFORM_INTEG && c->proposal.transforms[i].id == implied[k].integ) {
                c->lines[c->proposal.count] = c->lines[i];
                c->proposal.transforms[c->proposal.count++] = (struct transform){ TRANSFORM_PRF, implied[k].prf, 0 };
            }
    struct text mode = fact_get_text(r->facts, "mode");
    c->mode = text_equal(mode, TEXT("transport")) ? MODE_TRANSPORT : ipsec ? MODE_TUNNEL : MODE_UNKNOWN;
    return c;
}

/* The default proposal of IOS 15, as the rekey of a router that has one sends it; later releases have others. */
static struct configured *default_ike(struct arena *arena)
{
    static const struct transform rows[] = {
        { TRANSFORM_ENCR, ENCR_AES_CBC, 256 },
        { TRANSFORM_ENCR, ENCR_AES_CBC, 192 },
        { TRANSFORM_ENCR, ENCR_AES_CBC, 128 },
        { TRANSFORM_PRF, PRF_HMAC_SHA2_512, 0 },
        { TRANSFORM_PRF, PRF_HMAC_SHA2_384, 0 },
        { TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0 },
        { TRANSFORM_PRF, PRF_HMAC_SHA1, 0 },
        { TRANSFORM_PRF, PRF_HMAC_MD5, 0 },
        { TRANSFORM_INTEG, INTEG_HMAC_SHA2_512_256, 0 },
        { TRANSFORM_INTEG, INTEG_HMAC_SHA2_384_192, 0 },
        { TRANSFORM_INTEG, INTEG_HMAC_SHA2_256_128, 0 },
        { TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, 0 },
        { TRANSFORM_INTEG, INTEG_HMAC_MD5_96, 0 },
        { TRANSFORM_DH, KE_MODP_1536, 0 },
        { TRANSFORM_DH, KE_MODP_1024, 0 },
    };
    struct configured *c = arena_new(arena, struct configured);
    c->name = TEXT("default");
    c->proposal.protocol = PROTOCOL_IKE;
    c->proposal.count = COUNT_OF(rows);
    c->proposal.transforms = arena_array(arena, struct transform, c->proposal.count);
    memcpy(c->proposal.transforms, rows, sizeof rows);
    c->lines = arena_array(arena, uint32_t, c->proposal.count);
    return c;
}

static struct configured *default_esp(struct arena *arena)
{
    struct configured *c = arena_new(arena, struct configured);
    c->name = TEXT("default");
    c->proposal.protocol = PROTOCOL_ESP;
    c->proposal.count = 2;
    c->proposal.transforms = arena_array(arena, struct transform, 2);
    c->proposal.transforms[0] = (struct transform){ TRANSFORM_ENCR, ENCR_AES_CBC, 128 };
    c->proposal.transforms[1] = (struct transform){ TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, 0 };
    c->lines = arena_array(arena, uint32_t, 2);
    c->mode = MODE_TUNNEL;
    return c;
}

static struct configured **append(struct configured **at, struct configured *c)
{
    *at = c;
    while (*at)
        at = &(*at)->next;
    return at;
}

static struct configured *ike_named(const struct model *m, uint32_t device, struct text name, struct arena *arena)
{
    const struct record *r = config_find(m, device, "ikev2-proposal", name);
    return r ? config_proposal(r, arena) : text_equal(name, TEXT("default")) ? default_ike(arena) : NULL;
}

static uint64_t priority(const struct record *policy)
{
    uint64_t number;
    return text_number(policy->title, 10, &number) ? number : UINT64_MAX;
}

static int by_priority(const void *a, const void *b)
{
    const struct record *one = *(const struct record *const *)a, *other = *(const struct record *const *)b;
    const uint64_t first = priority(one), second = priority(other);
    return first != second ? (first < second ? -1 : 1) : one->order < other->order ? -1 : one->order > other->order;
}

/* Those with the lowest numbers, which each SA asks for, are put in order once. */
static void rank(const struct model *m, struct record_list *list)
{
    uint32_t count = 0, i = 0;
    for (const struct record *r = list->first; r; r = r->twin)
        count++;
    list->ranked = arena_array(m->run, const struct record *, count + 1);
    for (const struct record *r = list->first; r; r = r->twin)
        list->ranked[i++] = r;
    qsort((void *)list->ranked, count, sizeof *list->ranked, by_priority);
    list->ranked_count = count < LIMIT_POLICIES ? count : LIMIT_POLICIES;
    list->ranked_changes = m->record_index->changes;
}

/* An ASA tries its policies from the lowest number. */
static struct configured *asa_policies(const struct model *m, uint32_t device, struct arena *arena)
{
    struct record_list *list = records_named(m, device, "asa-ikev2-policy");
    struct configured *head = NULL, **at = &head;
    if (list && (!list->ranked || list->ranked_changes != m->record_index->changes))
        rank(m, list);
    for (uint32_t i = 0; list && i < list->ranked_count; i++)
        at = append(at, config_proposal(list->ranked[i], arena));
    return head;
}

/* Of the policies that are for an SA the one that says most of it is taken: by its address, by its VRF. */
static unsigned says_of_sa(const struct record *policy)
{
    const struct text fvrf = fact_get_text(policy->facts, "match_fvrf");
    return 2 * (fact_find(policy->facts, "match_address_local") != NULL) + (fvrf.len && !text_equal(fvrf, TEXT("any")));
}

static unsigned most_said(const struct model *m, uint32_t device, struct address local)
{
    unsigned most = 0, looked = 0;
    for (const struct record *r = local.family ? record_next(m, device, "ikev2-policy", NULL) : NULL;
         r && looked < LIMIT_POLICIES; r = record_next(m, device, "ikev2-policy", r), looked++)
        if (config_serves(m, r, local) && says_of_sa(r) > most && fact_members(r->facts, "proposals"))
            most = says_of_sa(r);
    return most;
}

struct configured *config_offered_proposals(const struct model *m, uint32_t device, struct address local, struct arena *arena)
{
    struct configured *head = NULL, **at = &head;
    bool policies = false;
    unsigned looked = 0;
    const unsigned most = most_said(m, device, local);
    for (const struct record *r = record_next(m, device, "ikev2-policy", NULL); r && looked < LIMIT_POLICIES;
         r = record_next(m, device, "ikev2-policy", r), looked++) {
        if (!config_serves(m, r, local) || says_of_sa(r) < most ||
            config_find(m, device, "ikev2-policy", r->title) != r) /* shown and configured */
            continue;
        for (const struct fact *name = fact_members(r->facts, "proposals"); name; name = name->next) {
            if (name->kind != FACT_TEXT)
                continue;
            policies = true;
            struct configured *c = ike_named(m, device, name->as.text, arena);
            if (c)
                c->policy = r->title;
            at = append(at, c);
        }
    }
    if (policies)
        return head;
    head = asa_policies(m, device, arena);
    if (head || !config_supplied(m, device) || config_of_asa(m, device))
        return head;
    return ike_named(m, device, TEXT("default"), arena);
}

/* Where it is said what protects the traffic of this path. */
static const struct record *holder_of(const struct config_path *path)
{
    return path->ipsec_profile ? path->ipsec_profile : path->crypto_map;
}

static bool same_words(const struct record *a, const struct record *b, const char *list)
{
    const struct fact *f = fact_members(a->facts, list), *g = fact_members(b->facts, list);
    while (f && g && f->kind == FACT_TEXT && g->kind == FACT_TEXT && text_equal(f->as.text, g->as.text))
        f = f->next, g = g->next;
    return !f && !g;
}

static bool same_pfs(const struct record *a, const struct record *b)
{
    const struct fact *f = fact_find(a->facts, "pfs"), *g = fact_find(b->facts, "pfs");
    return (!f && !g) || (f && g && f->kind == g->kind && f->as.number == g->as.number);
}

/* One entry leads there, it is told which of several it is, or none says anything else than the first. */
static bool one_holder(const struct model *m, uint32_t device, struct address peer, const struct record *entry,
                       const struct record **holder)
{
    struct config_path path = config_path_to(m, device, peer, entry);
    const struct record *entries[ENTRIES];
    size_t count = entry ? 0 : config_entries_to(m, device, peer, entries, ENTRIES);
    *holder = holder_of(&path);
    for (size_t i = 0; i < count && count > 1 && *holder; i++) {
        struct config_path other = config_path_to(m, device, peer, entries[i]);
        const struct record *its = holder_of(&other);
        if (!its || !same_words(*holder, its, "transform_sets") || !same_words(*holder, its, "ipsec_proposals") ||
            !same_pfs(*holder, its))
            return false;
    }
    return *holder != NULL;
}

struct configured *config_transform_sets(const struct model *m, uint32_t device, struct address peer, const struct record *entry,
                                         struct arena *arena)
{
    static const char *const lists[][2] = { { "transform_sets", "transform-set" }, { "ipsec_proposals", "ipsec-proposal" } };
    const struct record *holder;
    struct configured *head = NULL, **at = &head;
    if (!one_holder(m, device, peer, entry, &holder))
        return NULL;
    for (unsigned i = 0; i < 2; i++) {
        for (const struct fact *name = fact_members(holder->facts, lists[i][0]); name; name = name->next) {
            const struct record *r = name->kind == FACT_TEXT && name->as.text.len
                                         ? config_find(m, device, lists[i][1], name->as.text)
                                         : NULL;
            if (r)
                at = append(at, config_proposal(r, arena));
        }
    }
    if (!head && strcmp(holder->name, "ipsec-profile") == 0 && !fact_find(holder->facts, "transform_sets"))
        return default_esp(arena);
    return head;
}

struct pfs config_pfs(const struct model *m, uint32_t device, struct address peer, const struct record *entry)
{
    const struct record *holder;
    if (!one_holder(m, device, peer, entry, &holder))
        return (struct pfs){ .known = false };
    struct pfs pfs = { .known = true, .where = holder };
    const struct fact *f = fact_find(holder->facts, "pfs");
    if (!f)
        return pfs;
    pfs.line = f->line;
    if (f->kind == FACT_CODE)
        pfs.group = (uint32_t)f->as.number;
    else if (f->kind == FACT_BOOL && f->as.number)
        pfs.group = PFS_GROUP_DEFAULT;
    return pfs;
}
