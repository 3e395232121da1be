#include "analysis/ways.h"

#include "analysis/evidence_words.h"
#include "analysis/mirror.h"

/* ---- ways ---- */

static bool is_interface(const struct record *entry)
{
    return strcmp(entry->name, "interface") == 0;
}

bool way_is_tunnel(const struct config_way *w)
{
    return is_interface(w->entry);
}

/* An interface by its name or its nameif. */
static const struct record *interface_named(const struct model *m, uint32_t device, struct text name)
{
    if (!name.len)
        return NULL;
    const struct worded *named = words_first(m, device, WORD_INTERFACE, name),
                        *called = words_first(m, device, WORD_NAMEIF, name);
    return words_earlier(named, called);
}

static void add_own(struct config_way *w, struct address a)
{
    if (w->own_count < WAY_ADDRESSES)
        w->own[w->own_count++] = a;
}

static void sends_from(struct config_way *w, const struct record *interface)
{
    struct address a;
    if (interface && !w->carrier)
        w->carrier = interface;
    for (const struct fact *g = interface ? fact_members(interface->facts, "addresses") : NULL; g; g = g->next)
        if (fact_get_address(fact_children(g), "address", &a))
            add_own(w, a);
}

bool standby_named(const struct record *interface, struct text name, uint64_t *group)
{
    for (const struct fact *g = fact_members(interface->facts, "standby_names"); g; g = g->next)
        if (text_equal(fact_get_text(fact_children(g), "name"), name))
            return fact_get_number(fact_children(g), "group", group);
    return false;
}

/* Of HSRP a crypto map goes by the address of the group that it names, or by none: then it is the interface's own. */
static void map_sends_from(struct config_way *w, const struct record *interface)
{
    const struct text name = fact_get_text(interface->facts, "map_redundancy");
    uint64_t named = 0, group;
    const bool known = name.len && standby_named(interface, name, &named);
    struct address a;
    if (!w->carrier)
        w->carrier = interface;
    for (const struct fact *g = fact_members(interface->facts, "addresses"); g; g = g->next) {
        const bool standby = fact_get_number(fact_children(g), "standby", &group);
        if ((name.len ? standby && (!known || group == named) : !standby) && fact_get_address(fact_children(g), "address", &a))
            add_own(w, a);
    }
}

static void tunnel_source(const struct model *m, uint32_t device, struct config_way *w)
{
    struct text source = fact_get_text(w->entry->facts, "tunnel_source");
    struct address a;
    if (!address_read(source, &a)) {
        sends_from(w, interface_named(m, device, source));
        return;
    }
    const struct owner *o = config_owner(m, device, a, NULL);
    w->carrier = o ? o->interface : NULL;
    add_own(w, a);
}

/* The interfaces that carry the map; `crypto map NAME local-address INTERFACE` sends from another. */
static void map_source(const struct model *m, uint32_t device, struct config_way *w)
{
    struct text name = fact_get_text(w->entry->facts, "name");
    for (const struct worded *b = words_first(m, device, WORD_BOUND, name); b; b = b->next) {
        const struct record *r = b->record;
        struct text local = fact_get_text(r->facts, "local_address");
        if (local.len) {
            w->carrier = NULL;
            w->own_count = 0;
            sends_from(w, interface_named(m, device, local));
            return;
        }
        sends_from(w, interface_named(m, device, fact_get_text(r->facts, "interface")));
    }
    for (const struct worded *c = words_first(m, device, WORD_CARRIED, name); c && w->own_count < WAY_ADDRESSES; c = c->next)
        map_sends_from(w, c->record);
}

/* Entries of one map, which mostly stand together, have one source. */
static void entry_source(const struct model *m, uint32_t device, struct config_way *w, const struct config_way *before)
{
    if (!before || !text_equal(fact_get_text(before->entry->facts, "name"), fact_get_text(w->entry->facts, "name"))) {
        map_source(m, device, w);
        return;
    }
    w->carrier = before->carrier;
    w->own_count = before->own_count;
    memcpy(w->own, before->own, sizeof w->own);
}

static size_t maps_of(const struct model *m, uint32_t device, struct config_way *ways, size_t count)
{
    for (const struct record *r = record_next(m, device, "crypto-map", NULL); r && count < WAYS;
         r = record_next(m, device, "crypto-map", r)) {
        struct config_way w = { .entry = r, .peer_at = r };
        if (text_equal(fact_get_text(r->facts, "kind"), TEXT("gdoi")) || fact_find(r->facts, "dynamic_map"))
            continue;
        const struct fact *peers = fact_members(r->facts, "peers");
        if (peers)
            entry_source(m, device, &w, count ? &ways[count - 1] : NULL);
        for (const struct fact *g = peers; g && count < WAYS; g = g->next) {
            w.peer.family = ADDRESS_NONE;
            (void)fact_get_address(fact_children(g), "address", &w.peer);
            w.peer_line = g->line;
            ways[count++] = w;
        }
    }
    for (const struct record *r = record_next(m, device, "crypto-dynamic-map", NULL); r && count < WAYS;
         r = record_next(m, device, "crypto-dynamic-map", r)) {
        const struct record *map = config_map_of(m, r); /* which carries it */
        struct config_way w = { .entry = map ? map : r, .peer_at = r };
        map_source(m, device, &w);
        w.entry = r;
        ways[count++] = w;
    }
    return count;
}

/* Whom a tunnel without a destination of its own calls: NHRP tells a multipoint one, a FlexVPN client a dynamic one. NULL:
 * nobody. */
static const struct fact *called_by(const struct model *m, uint32_t device, const struct record *tunnel, const struct record **at)
{
    if (!fact_find(tunnel->facts, "tunnel_destination"))
        return fact_members(tunnel->facts, "nhrp_peers");
    if (!text_equal(fact_get_text(tunnel->facts, "tunnel_destination"), TEXT("dynamic")))
        return NULL;
    for (const struct record *c = record_next(m, device, "flexvpn-client", NULL); c;
         c = record_next(m, device, "flexvpn-client", c))
        if (text_equal_nocase(fact_get_text(c->facts, "tunnel"), tunnel->title)) {
            *at = c;
            return fact_members(c->facts, "peers");
        }
    return NULL;
}

/* `ip nhrp nhs` and `ip nhrp map` say the same address twice. */
static size_t each_called(const struct fact *called, struct config_way *w, struct config_way *ways, size_t count)
{
    const size_t first = count;
    for (; called && count < WAYS; called = called->next) {
        bool again = !fact_get_address(fact_children(called), "address", &w->peer);
        for (size_t i = first; i < count && !again; i++)
            again = address_equal(ways[i].peer, w->peer);
        w->peer_line = called->line;
        if (!again)
            ways[count++] = *w;
    }
    return count;
}

static size_t tunnels_of(const struct model *m, uint32_t device, bool bare, struct config_way *ways, size_t count)
{
    for (const struct record *r = record_next(m, device, "interface", NULL); r && count < WAYS;
         r = record_next(m, device, "interface", r)) {
        struct config_way w = { .entry = r, .peer_at = r, .bare = bare };
        const struct fact *to = fact_find(r->facts, "tunnel_destination"), *called = called_by(m, device, r, &w.peer_at);
        if (bare == (fact_get_text(r->facts, "tunnel_profile").len != 0) || (bare && !to))
            continue;
        tunnel_source(m, device, &w);
        if (called) {
            count = each_called(called, &w, ways, count);
            continue;
        }
        if (!to || !address_read(fact_get_text(r->facts, "tunnel_destination"), &w.peer))
            w.peer.family = ADDRESS_NONE;
        w.peer_line = to ? to->line : 0;
        ways[count++] = w;
    }
    return count;
}

size_t ways_of(const struct model *m, uint32_t device, struct config_way ways[WAYS])
{
    return tunnels_of(m, device, false, ways, maps_of(m, device, ways, 0));
}

size_t ways_bare(const struct model *m, uint32_t device, struct config_way ways[WAYS], size_t count)
{
    return tunnels_of(m, device, true, ways, count);
}

static bool compared(const struct model *m, uint32_t device)
{
    return !m->devices[device].same_as && record_next(m, device, "interface", NULL) && config_supplied(m, device);
}

size_t ways_routers(const struct model *m, uint32_t devices[ROUTERS_TO_COMPARE])
{
    size_t count = 0;
    for (uint32_t i = 1; i < m->device_count && count < ROUTERS_TO_COMPARE; i++)
        if (compared(m, i))
            devices[count++] = i;
    return count;
}

/* ---- what is left out ---- */

static void count_over(struct model *m, enum limit row, const struct record *r, uint64_t *count, uint64_t more)
{
    const uint64_t most = limits_value(&m->limits, row), before = *count;
    *count += more;
    if (*count <= most)
        return;
    limits_at(&m->limits, r->input, r->first_line, false);
    limits_over(&m->limits, row, *count - (before > most ? before : most));
}

/* As ways_of() finds them. */
static uint64_t ways_in(const struct record *r)
{
    uint64_t n = 0;
    if (is_interface(r)) {
        bool called = !fact_find(r->facts, "tunnel_destination");
        for (const struct fact *g = called ? fact_members(r->facts, "nhrp_peers") : NULL; g; g = g->next)
            n++;
        return fact_get_text(r->facts, "tunnel_profile").len ? (n ? n : 1) : 0;
    }
    if (strcmp(r->name, "crypto-dynamic-map") == 0)
        return 1;
    if (strcmp(r->name, "crypto-map") != 0 || text_equal(fact_get_text(r->facts, "kind"), TEXT("gdoi")) ||
        fact_find(r->facts, "dynamic_map"))
        return 0;
    for (const struct fact *g = fact_members(r->facts, "peers"); g; g = g->next)
        n++;
    return n;
}

void ways_count_cut(struct model *m)
{
    uint64_t routers = 0;
    for (uint32_t i = 1; i < m->device_count && m->records; i++) {
        const struct record *r = compared(m, i) ? record_next(m, i, NULL, NULL) : NULL;
        uint64_t ways = 0, policies = 0;
        if (!r)
            continue;
        count_over(m, OVER_ROUTERS, r, &routers, 1);
        for (; r; r = record_next(m, i, NULL, r)) {
            if (routers <= ROUTERS_TO_COMPARE)
                count_over(m, OVER_WAYS, r, &ways, ways_in(r));
            count_over(m, OVER_POLICIES, r, &policies,
                       strcmp(r->name, "ikev2-policy") == 0 || strcmp(r->name, "asa-ikev2-policy") == 0);
        }
    }
}

/* ---- ways that miss ---- */

bool way_sends(const struct config_way *w, struct address a)
{
    for (size_t i = 0; i < w->own_count; i++)
        if (address_equal(w->own[i], a))
            return true;
    return false;
}

/* 10/8, 172.16/12, 192.168/16, 100.64/10: behind these a NAT may give another address. */
bool address_private(struct address a)
{
    const uint8_t *o = a.octets;
    return a.family == ADDRESS_IPV4 && (o[0] == 10 || (o[0] == 172 && (o[1] & 0xf0) == 16) || (o[0] == 192 && o[1] == 168) ||
                                        (o[0] == 100 && (o[1] & 0xc0) == 64));
}

bool way_may_be_translated(const struct config_way *w)
{
    return w->own_count != 1 || (address_private(w->own[0]) && !address_private(w->peer));
}

bool record_is_shut(const struct record *r)
{
    bool shut = false;
    for (const struct fact *f = r ? r->facts : NULL; f; f = f->next)
        if (f->name && f->kind == FACT_BOOL && strcmp(f->name, "shutdown") == 0)
            shut = f->as.number != 0;
    return shut;
}

bool way_is_shut(const struct config_way *w)
{
    return (way_is_tunnel(w) && record_is_shut(w->entry)) || record_is_shut(w->carrier);
}

bool way_answers(const struct config_way *w, struct address a)
{
    return !w->peer.family && (!w->own_count || way_sends(w, a)) &&
           (strcmp(w->entry->name, "crypto-dynamic-map") == 0 || text_starts(w->entry->title, TEXT("Virtual-Template")) ||
            text_has(fact_get_text(w->entry->facts, "tunnel_mode"), TEXT("multipoint")));
}

/* As one is mistyped for the other: one octet differs, or two have changed places. */
static bool mistyped(struct address a, struct address b)
{
    size_t n = address_length(a), differ = 0;
    unsigned sum[2] = { 0, 0 };
    if (a.family != b.family || n == 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        differ += a.octets[i] != b.octets[i];
        sum[0] += a.octets[i];
        sum[1] += b.octets[i];
    }
    return differ == 1 || (differ == 2 && sum[0] == sum[1]);
}

static bool same_prefix(struct address a, struct address b, uint64_t bits)
{
    for (size_t i = 0; i < address_length(a) && bits > 8 * i; i++) {
        uint64_t here = bits - 8 * i;
        uint8_t mask = (uint8_t)(here >= 8 ? 0xff : 0xff00 >> here);
        if ((a.octets[i] ^ b.octets[i]) & mask)
            return false;
    }
    return a.family == b.family && address_length(a) > 0;
}

static uint64_t prefix_bits(const struct fact *group)
{
    struct address mask;
    uint64_t bits = 0;
    if (fact_get_number(fact_children(group), "prefix_length", &bits) || !fact_get_address(fact_children(group), "mask", &mask))
        return bits;
    for (size_t i = 0; i < address_length(mask); i++)
        for (uint8_t left = mask.octets[i]; left & 0x80; left = (uint8_t)(left << 1))
            bits++;
    return bits;
}

bool interface_reaches(const struct record *interface, struct address a)
{
    for (const struct fact *g = fact_members(interface->facts, "addresses"); g; g = g->next) {
        struct address own;
        const uint64_t bits = prefix_bits(g);
        if (bits && fact_get_address(fact_children(g), "address", &own) && same_prefix(own, a, bits))
            return true;
    }
    return false;
}

/* The addresses of the two tunnel interfaces are of one subnet. */
static bool one_subnet(const struct record *one, const struct record *other)
{
    for (const struct fact *g = fact_members(one->facts, "addresses"); g; g = g->next)
        for (const struct fact *h = fact_members(other->facts, "addresses"); h; h = h->next) {
            struct address a, b;
            uint64_t bits = prefix_bits(g);
            if (bits && bits == prefix_bits(h) && fact_get_address(fact_children(g), "address", &a) &&
                fact_get_address(fact_children(h), "address", &b) && !address_equal(a, b) && same_prefix(a, b, bits))
                return true;
        }
    return false;
}

/* An entry of the one access list is the mirror image of one of the other. */
static bool mirrored(const struct model *m, const struct record *w, const struct record *v)
{
    const struct record *acl[2] = {
        config_find(m, w->device, "access-list", fact_get_text(w->facts, "match_address")),
        config_find(m, v->device, "access-list", fact_get_text(v->facts, "match_address")),
    };
    bool found = false;
    struct arena *scratch = arena_create();
    struct map images = { 0 };
    if (acl[0] && acl[1] && fact_find(w->facts, "match_address") && fact_find(v->facts, "match_address")) {
        mirror_add(&images, scratch, acl_selectors(acl[1], scratch));
        for (const struct selector_pair *p = acl_selectors(acl[0], scratch); p && !found; p = p->next)
            found = mirror_has(&images, p);
    }
    map_clear(&images);
    arena_destroy(scratch);
    return found;
}

bool ways_belong(const struct model *m, const struct record *entry, const struct record *other)
{
    if (is_interface(entry) != is_interface(other))
        return false;
    return is_interface(entry) ? one_subnet(entry, other) : mirrored(m, entry, other);
}

struct both {
    const struct model *m;
    struct config_way *w, *v; /* of device, of other */
    size_t ws, vs;
    const struct owner **hit,
        **back; /* for each of w and v: what of the other, and of device, has its peer's address; NULL: nothing */
    bool *lost; /* for each of w: no router has it */
};

static const struct owner **owners_of_peers(const struct model *m, uint32_t device, const struct config_way *ways, size_t count,
                                            struct arena *arena)
{
    const struct owner **owners = arena_array(arena, const struct owner *, count + 1);
    for (size_t i = 0; i < count; i++)
        owners[i] = config_owner(m, device, ways[i].peer, NULL);
    return owners;
}

static struct both both_of(const struct model *m, uint32_t device, uint32_t other, struct arena *arena)
{
    struct both b = { .m = m,
                      .w = arena_array(arena, struct config_way, WAYS),
                      .v = arena_array(arena, struct config_way, WAYS) };
    b.ws = ways_of(m, device, b.w);
    b.vs = ways_of(m, other, b.v);
    b.hit = owners_of_peers(m, other, b.w, b.ws, arena);
    b.back = owners_of_peers(m, device, b.v, b.vs, arena);
    b.lost = arena_array(arena, bool, b.ws + 1);
    for (size_t i = 0; i < b.ws; i++)
        b.lost[i] = !config_owner(m, 0, b.w[i].peer, NULL);
    return b;
}

/* Is this way, which leads to nobody, meant for that one of the other router? */
static unsigned meant(const struct both *b, size_t i, size_t k)
{
    const struct config_way *w = &b->w[i], *v = &b->v[k];
    if (w->peer.family == ADDRESS_NONE || !v->own_count || !b->lost[i] || (v->peer.family && !b->back[k]))
        return 0;
    bool near = mistyped(w->peer, v->own[0]);
    if (!near && address_private(w->peer) != address_private(v->own[0]))
        return 0; /* a NAT may stand between */
    bool together = ways_belong(b->m, w->entry, v->entry);
    return (unsigned)(near + 2 * together);
}

/* Some way of each leads to the other's, or one answers anybody, and the other one may be who calls. */
static bool fit(const struct both *b)
{
    for (size_t i = 0; i < b->ws; i++) {
        if (b->w[i].peer.family == ADDRESS_NONE)
            return true;
        for (size_t k = 0; k < b->vs; k++)
            if (b->v[k].peer.family == ADDRESS_NONE && (!b->lost[i] || !meant(b, i, k)))
                return true;
        for (size_t k = 0; k < b->vs; k++)
            if ((way_sends(&b->v[k], b->w[i].peer) || !b->v[k].own_count) &&
                (way_sends(&b->w[i], b->v[k].peer) || !b->w[i].own_count))
                return true;
    }
    return false;
}

/* Each has an address of the other as its peer, and device sends from another one than that. */
static bool find_source(const struct both *b, struct misled *x)
{
    for (size_t i = 0; i < b->ws; i++)
        for (size_t k = 0; b->hit[i] && k < b->vs; k++) {
            const struct config_way *w = &b->w[i], *v = &b->v[k];
            const struct owner *mine = b->back[k];
            if (!mine || !w->own_count || way_sends(w, v->peer))
                continue;
            if (address_private(v->peer) != address_private(w->peer) && address_private(w->own[0]) == address_private(w->peer))
                continue; /* the other end's peer is what is odd */
            x->way = *w;
            x->back = *v;
            x->source = x->sure = true;
            x->right = v->peer;
            x->at = mine;
            return true;
        }
    return false;
}

static bool fits_any(const struct config_way *w, const struct config_way *v, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!v[k].peer.family || ((way_sends(&v[k], w->peer) || !v[k].own_count) && (way_sends(w, v[k].peer) || !w->own_count)))
            return true;
    return false;
}

/* Is this the only one of them that belongs to that entry? */
static bool is_only(const struct model *m, const struct config_way *ways, size_t count, size_t at, const struct record *other)
{
    for (size_t i = 0; i < count; i++)
        if (i != at && (!ways[i].peer.family || (ways[i].entry != ways[at].entry && ways_belong(m, ways[i].entry, other))))
            return false;
    return true;
}

/* Two entries of crypto maps that mirror each other, of which the other end's has an address of this router as its peer that none of
 * its ways sends from: of HSRP the interface's own, say. */
static bool find_stray_map(const struct both *b, size_t i, size_t k, struct misled *x)
{
    const struct config_way *w = &b->w[i], *v = &b->v[k];
    if (way_is_tunnel(w) || way_is_tunnel(v) || !b->back[k] || !w->own_count || !way_sends(v, w->peer) ||
        !ways_belong(b->m, w->entry, v->entry))
        return false;
    for (size_t n = 0; n < b->ws; n++)
        if (!b->w[n].own_count || way_sends(&b->w[n], v->peer))
            return false;
    x->way = *w;
    x->back = *v;
    x->source = x->sure = true;
    x->right = v->peer;
    x->at = b->back[k];
    return true;
}

/* Other ways of the two fit, and these two belong to each other alone: one of them fits nothing. */
static bool find_stray(const struct both *b, size_t i, size_t k, struct misled *x)
{
    const struct config_way *w = &b->w[i], *v = &b->v[k];
    if (!way_is_tunnel(w) || !w->peer.family || !v->peer.family || !w->own_count || !v->own_count ||
        !ways_belong(b->m, w->entry, v->entry) || !is_only(b->m, b->w, b->ws, i, v->entry) ||
        !is_only(b->m, b->v, b->vs, k, w->entry))
        return false;
    x->source = b->back[k] && !way_sends(w, v->peer) && way_sends(v, w->peer) && !fits_any(v, b->w, b->ws);
    const bool astray = b->lost[i] && way_sends(w, v->peer) && !fits_any(w, b->v, b->vs) &&
                        address_private(w->peer) == address_private(v->own[0]);
    if (!x->source && !astray)
        return false;
    x->way = *w;
    x->back = *v;
    x->sure = true;
    x->right = x->source ? v->peer : v->own[0];
    x->at = x->source ? b->back[k] : config_owner(b->m, x->other, x->right, NULL);
    return true;
}

bool misled_find(const struct model *m, uint32_t device, uint32_t other, struct misled *x)
{
    struct arena *scratch = arena_create();
    const struct both b = both_of(m, device, other, scratch);
    unsigned best = 0;
    *x = (struct misled){ .device = device, .other = other };
    bool fits = !b.ws || !b.vs || fit(&b), found = !fits && find_source(&b, x);
    for (size_t i = 0; i < b.ws && !found && !fits; i++)
        for (size_t k = 0; k < b.vs; k++) {
            unsigned score = meant(&b, i, k);
            if (score <= best)
                continue;
            best = score;
            x->way = b.w[i];
            x->back = b.v[k];
            x->right = b.v[k].own[0];
            x->at = config_owner(m, other, x->right, NULL);
            x->sure = score > 1 || (b.ws == 1 && b.vs == 1);
        }
    for (size_t i = 0; i < b.ws && !found && fits; i++)
        for (size_t k = 0; k < b.vs && !found; k++)
            found = find_stray(&b, i, k, x) || find_stray_map(&b, i, k, x);
    arena_destroy(scratch);
    return found || best > 0;
}
