#include "analysis/static_routes.h"

#include "analysis/quote.h"

enum { INTERFACES_ASKED = 1024 /* of the peer */ };

const struct fact *routes_of(const struct model *m, uint32_t device)
{
    const struct record *r = record_next(m, device, "static-routes", NULL);
    return r ? fact_members(r->facts, "routes") : NULL;
}

struct text route_vrf(const struct fact *route)
{
    return fact_get_text(fact_children(route), "vrf");
}

bool route_ends(const struct fact *route, struct address *start, struct address *end)
{
    return fact_get_address(fact_children(route), "start", start) && fact_get_address(fact_children(route), "end", end);
}

bool route_has(const struct fact *route, struct address a)
{
    struct address start, end;
    return route_ends(route, &start, &end) && range_has(start, end, a);
}

bool route_is_of(const struct fact *route, const struct selector *s)
{
    struct address start, end;
    return route_ends(route, &start, &end) && address_equal(start, s->start) && address_equal(end, s->end);
}

bool route_is_by(const struct fact *route, const struct record *interface)
{
    struct text by = fact_get_text(fact_children(route), "interface"), nameif = fact_get_text(interface->facts, "nameif");
    struct address hop;
    return by.len ? text_equal_nocase(by, interface->title) || (nameif.len && text_equal(by, nameif))
                  : fact_get_address(fact_children(route), "gateway", &hop) && interface_reaches(interface, hop);
}

bool route_is_narrower(const struct fact *one, const struct fact *other)
{
    struct address from, to, start, end;
    return !other || (route_ends(one, &from, &to) && route_ends(other, &start, &end) &&
                      (address_compare(start, from) < 0 || address_compare(to, end) < 0));
}

bool route_says(const struct model *m, uint32_t device, const struct fact *route, const char *word)
{
    const struct record *r = record_next(m, device, "static-routes", NULL);
    struct text rest = r ? record_line(r, route->line) : TEXT(""), w;
    while (text_word(&rest, &w))
        if (text_equal(w, text_of(word)))
            return true;
    return false;
}

/* A line of its own that goes down may be meant to, and the tunnel to take its place. */
static bool is_port(const struct record *interface)
{
    static const char *const kinds[] = { "Ethernet", "TenGigE", "Vlan", "BVI", "BDI", "Port-channel", "Redundant" };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (text_has(interface->title, text_of(kinds[i])))
            return true;
    return false;
}

/* Where it leads: a port that is up, or nowhere. False: elsewhere, or that is not told. */
static bool exit_of(const struct model *m, uint32_t device, const struct fact *route, const struct record **port)
{
    *port = NULL;
    if (route_says(m, device, route, "track") || route_says(m, device, route, "tunneled"))
        return false;
    if (text_starts_nocase(fact_get_text(fact_children(route), "interface"), TEXT("Null")))
        return true;
    for (const struct record *r = record_next(m, device, "interface", NULL); r && !*port;
         r = record_next(m, device, "interface", r))
        if (route_is_by(route, r))
            *port = r;
    return *port && is_port(*port) && !record_is_shut(*port);
}

static bool has_map(const struct model *m, const struct record *port)
{
    const struct text nameif = fact_get_text(port->facts, "nameif");
    for (const struct record *b = nameif.len ? record_next(m, port->device, "crypto-map-binding", NULL) : NULL; b;
         b = record_next(m, port->device, "crypto-map-binding", b))
        if (text_equal(fact_get_text(b->facts, "interface"), nameif))
            return true;
    return fact_get_text(port->facts, "crypto_map").len != 0;
}

/* Twice NAT of an ASA takes the port that it names, unless it says `route-lookup`. */
static bool nat_chooses(const struct model *m, uint32_t device)
{
    for (const struct record *b = record_next(m, device, "crypto-map-binding", NULL); b;
         b = record_next(m, device, "crypto-map-binding", b)) {
        const struct text name = fact_get_text(b->facts, "interface");
        for (const struct record *r = name.len ? record_next(m, device, "nat", NULL) : NULL; r;
             r = record_next(m, device, "nat", r)) {
            const struct text rule = fact_get_text(r->facts, "rule");
            const size_t comma = text_find_byte(rule, ',');
            if (comma != TEXT_NOWHERE && text_starts(text_from(rule, comma + 1), name) &&
                text_has(rule, TEXT("destination static")) && !text_has(rule, TEXT("route-lookup")) &&
                !text_has(rule, TEXT("inactive")))
                return true;
        }
    }
    return false;
}

static bool is_connected(const struct model *m, uint32_t device, struct address a, struct text vrf)
{
    for (const struct record *r = record_next(m, device, "interface", NULL); r; r = record_next(m, device, "interface", r))
        if (text_equal(fact_get_text(r->facts, "vrf"), vrf) && interface_reaches(r, a))
            return true;
    return false;
}

bool route_diverts_map(const struct model *m, uint32_t device, const struct selector *remote, struct diversion *found)
{
    const struct fact *best = NULL;
    struct address start, end;
    *found = (struct diversion){ .route = NULL };
    for (const struct fact *g = routes_of(m, device); g; g = g->next)
        if (!route_vrf(g).len && route_has(g, remote->start) && route_has(g, remote->end) && route_is_narrower(g, best))
            best = g;
    if (!best || is_connected(m, device, remote->start, TEXT("")) || is_connected(m, device, remote->end, TEXT("")))
        return false;
    for (const struct fact *g = routes_of(m, device); g; g = g->next)
        if (g != best && !route_vrf(g).len && route_ends(g, &start, &end) &&
            range_meets(start, end, remote->start, remote->end) && !route_is_narrower(best, g))
            return false; /* as good as it, or for a part */
    found->route = best;
    return exit_of(m, device, best, &found->exit) &&
           (!found->exit || (!has_map(m, found->exit) && !fact_get_text(found->exit->facts, "vrf").len)) &&
           !nat_chooses(m, device);
}

bool route_is_some(const struct fact *route)
{
    struct address start, end;
    return !route_ends(route, &start, &end) || start.octets[0] != 0;
}

/* The route to that address, where it does not lead into the tunnel as a wider one does. */
static bool passes(const struct model *m, uint32_t device, const struct config_way *way, struct address a,
                   struct diversion *found)
{
    const struct text vrf = fact_get_text(way->entry->facts, "vrf");
    const struct fact *best = NULL;
    bool into = false;
    for (const struct fact *g = routes_of(m, device); g; g = g->next) {
        if (!text_equal(route_vrf(g), vrf) || !route_has(g, a))
            continue;
        if (best && !route_is_narrower(g, best) && !route_is_narrower(best, g))
            return false; /* which of two is not told */
        best = route_is_narrower(g, best) ? g : best;
        into = into || (route_is_by(g, way->entry) && route_is_some(g));
    }
    if (!best || !into || route_is_by(best, way->entry) || is_connected(m, device, a, vrf) ||
        !exit_of(m, device, best, &found->exit))
        return false;
    found->route = best;
    found->of = a;
    return !found->exit || (found->exit != way->carrier && text_equal(fact_get_text(found->exit->facts, "vrf"), vrf));
}

bool route_diverts_tunnel(const struct model *m, uint32_t device, const struct config_way *way, struct diversion *found)
{
    const struct owner *peer = config_owner(m, 0, way->peer, NULL);
    const uint32_t other = peer ? peer->interface->device : 0;
    unsigned asked = 0;
    *found = (struct diversion){ .route = NULL };
    if (!other || device_same(m, other, device))
        return false;
    for (const struct record *r = record_next(m, other, "interface", NULL); r && asked < INTERFACES_ASKED;
         r = record_next(m, other, "interface", r), asked++) {
        const struct fact *g = fact_members(r->facts, "addresses");
        struct address a;
        if (r == peer->interface || !g || !is_port(r) || record_is_shut(r) || fact_get_text(r->facts, "vrf").len)
            continue;
        found->their = r;
        if (fact_get_address(fact_children(g), "address", &a) && passes(m, device, way, a, found))
            return true;
    }
    return false;
}
