#include "analysis/inside.h"

#include "analysis/nat.h"
#include "analysis/static_routes.h"

enum { ENTRIES_ASKED = 16 /* of crypto maps */, PAIRS_ASKED = 256, INTERFACES_ASKED = 1024 /* of the peer */ };

static bool has_some(const struct record *interface, const struct selector *s)
{
    struct address a;
    if (interface_reaches(interface, s->start) || interface_reaches(interface, s->end) ||
        fact_find(interface->facts, "address_from"))
        return true;
    for (const struct fact *g = fact_members(interface->facts, "addresses"); g; g = g->next)
        if (fact_get_address(fact_children(g), "address", &a) && range_has(s->start, s->end, a))
            return true;
    return false;
}

/* By a route; not by one that leads where the peer is: that is the way out. */
static bool is_routed(const struct model *m, uint32_t device, const struct config_way *way, const struct selector *s)
{
    for (const struct fact *g = routes_of(m, device); g; g = g->next) {
        struct address start, end;
        if (!fact_get_address(fact_children(g), "start", &start) || !fact_get_address(fact_children(g), "end", &end) ||
            !range_meets(start, end, s->start, s->end))
            continue;
        const bool out = range_has(start, end, way->peer);
        if (!out || !way->carrier || !route_is_by(g, way->carrier))
            return true;
    }
    return false;
}

/* Something that is neither the way out nor there for the router alone: else all goes in and out by one interface. */
static bool has_inside(const struct model *m, uint32_t device, const struct record *carrier)
{
    static const char *const own[] = { "Loopback", "Null", "Tunnel", "Virtual-", "Management" };
    for (const struct record *r = record_next(m, device, "interface", NULL); r; r = record_next(m, device, "interface", r)) {
        bool is_own = text_starts_nocase(fact_get_text(r->facts, "vrf"), TEXT("mgmt"));
        for (size_t i = 0; i < COUNT_OF(own); i++)
            is_own = is_own || text_starts_nocase(r->title, text_of(own[i]));
        if (r != carrier && !is_own && !record_is_shut(r) &&
            (fact_find(r->facts, "addresses") || fact_find(r->facts, "unnumbered")))
            return true;
    }
    return false;
}

bool inside_exchanged(const struct model *m, uint32_t device, const struct config_way *way, const struct selector_pair *p)
{
    const bool wide = selector_meets(&p->local, &p->remote);
    for (const struct record *r = record_next(m, device, "interface", NULL); r && !wide;
         r = record_next(m, device, "interface", r))
        if (r != way->carrier && has_some(r, &p->remote))
            return true;
    const struct owner *peer = config_owner(m, 0, way->peer, NULL);
    unsigned asked = 0;
    for (const struct record *r = peer ? record_next(m, peer->interface->device, "interface", NULL) : NULL;
         r && asked < INTERFACES_ASKED; r = record_next(m, peer->interface->device, "interface", r), asked++)
        if (has_some(r, &p->local))
            return true;
    return false;
}

/* By other means than interfaces, routes and NAT. */
static bool answers_otherwise(const struct model *m, uint32_t device)
{
    for (const struct record *r = record_next(m, device, "configuration", NULL); r;
         r = record_next(m, device, "configuration", r))
        if (fact_find(r->facts, "addresses_given"))
            return true;
    return record_next(m, device, "address-pool", NULL) || record_next(m, device, "crypto-dynamic-map", NULL);
}

/* It is what another tunnel of the same map leads to: from one branch to another. */
static bool is_of_another(const struct model *m, uint32_t device, const struct selector *s)
{
    struct arena *scratch = arena_create();
    unsigned entries = 0, pairs = 0;
    bool found = false;
    for (const struct record *e = record_next(m, device, "crypto-map", NULL); e && !found;
         e = record_next(m, device, "crypto-map", e)) {
        struct text name = fact_get_text(e->facts, "match_address");
        const struct record *acl = name.len ? config_find(m, device, "access-list", name) : NULL;
        found = ++entries > ENTRIES_ASKED; /* of so many nobody tells in a moment */
        for (const struct selector_pair *p = acl && !found ? acl_selectors(acl, scratch) : NULL; p && !found; p = p->next)
            found = ++pairs > PAIRS_ASKED || selector_meets(&p->remote, s);
    }
    arena_destroy(scratch);
    return found;
}

bool inside_lacks(const struct model *m, uint32_t device, const struct config_way *way, const struct selector_pair *p)
{
    const struct selector *s = &p->local;
    for (const struct record *r = record_next(m, device, "interface", NULL); r; r = record_next(m, device, "interface", r))
        if (has_some(r, s))
            return false;
    return has_inside(m, device, way->carrier) && !is_routed(m, device, way, s) && !answers_otherwise(m, device) &&
           !nat_gives_addresses(m, device) && !is_of_another(m, device, s) && !inside_exchanged(m, device, way, p);
}
