#include "analysis/inside.h"

#include "analysis/nat.h"
#include "analysis/ways.h"

enum { ENTRIES_ASKED = 16 /* of crypto maps */, PAIRS_ASKED = 256 };

static bool overlap(struct address start, struct address end, const struct selector *s)
{
    return start.family == s->start.family && address_compare(start, s->end) <= 0 && address_compare(s->start, end) <= 0;
}

static bool has_some(const struct record *interface, const struct selector *s)
{
    struct address a;
    if (interface_reaches(interface, s->start) || interface_reaches(interface, s->end) ||
        fact_find(interface->facts, "address_from"))
        return true;
    for (const struct fact *g = fact_members(interface->facts, "addresses"); g; g = g->next)
        if (fact_get_address(fact_children(g), "address", &a) && overlap(a, a, s))
            return true;
    return false;
}

static bool is_by(const struct fact *route, const struct record *interface)
{
    struct text by = fact_get_text(fact_children(route), "interface"), nameif = fact_get_text(interface->facts, "nameif");
    struct address hop;
    return by.len ? text_equal_nocase(by, interface->title) || (nameif.len && text_equal(by, nameif))
                  : fact_get_address(fact_children(route), "gateway", &hop) && interface_reaches(interface, hop);
}

static bool is_routed(const struct model *m, uint32_t device, const struct record *carrier, const struct selector *s)
{
    const struct record *routes = record_next(m, device, "static-routes", NULL);
    for (const struct fact *g = routes ? fact_members(routes->facts, "routes") : NULL; g; g = g->next) {
        struct address start, end;
        if (fact_get_address(fact_children(g), "start", &start) && fact_get_address(fact_children(g), "end", &end) &&
            overlap(start, end, s) && !(carrier && is_by(g, carrier)))
            return true;
    }
    return false;
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
            found = ++pairs > PAIRS_ASKED || overlap(p->remote.start, p->remote.end, s);
    }
    arena_destroy(scratch);
    return found;
}

bool inside_lacks(const struct model *m, uint32_t device, const struct record *carrier, const struct selector *s)
{
    for (const struct record *r = record_next(m, device, "interface", NULL); r; r = record_next(m, device, "interface", r))
        if (has_some(r, s))
            return false;
    return !is_routed(m, device, carrier, s) && !record_next(m, device, "address-pool", NULL) &&
           !record_next(m, device, "crypto-dynamic-map", NULL) && !nat_gives_addresses(m, device) && !is_of_another(m, device, s);
}
