/* Static routes are all that a router has, and none leads where its tunnel needs one: to the peer, or into the tunnel. Only told
 * of configurations that are whole and have nothing that learns routes. */
#include "analysis/evidence.h"
#include "analysis/inside.h"
#include "analysis/quote.h"
#include "analysis/sas_at.h"
#include "analysis/ways.h"

enum {
    PAIRS_ASKED = 8,
    LOOKED_THROUGH = 1024 /* interfaces, and routes: each tunnel asks them all */,
    BEHIND_THE_TUNNEL = 15 /* a rank: what it does not come up by is told first */
};

struct routes {
    struct model *m;
    const struct rule *rule;
    uint32_t device;
    bool asa;
    const struct config_way *way;
};

static bool are_few(const struct model *m, uint32_t device)
{
    size_t n = 0;
    for (const struct record *r = record_next(m, device, "interface", NULL); r && n <= LOOKED_THROUGH;
         r = record_next(m, device, "interface", r))
        n++;
    const struct record *routes = record_next(m, device, "static-routes", NULL);
    for (const struct fact *g = routes ? fact_members(routes->facts, "routes") : NULL; g && n <= 2 * LOOKED_THROUGH; g = g->next)
        n++;
    return routes && n <= LOOKED_THROUGH;
}

static bool are_all_static(const struct model *m, uint32_t device)
{
    for (const struct record *r = record_next(m, device, "configuration", NULL); r;
         r = record_next(m, device, "configuration", r))
        if (fact_find(r->facts, "routes_learnt"))
            return false;
    return config_whole(m, device) && are_few(m, device);
}

static const struct fact *static_routes(const struct routes *x)
{
    const struct record *r = record_next(x->m, x->device, "static-routes", NULL);
    return r ? fact_members(r->facts, "routes") : NULL;
}

static bool inside(struct address a, const struct fact *route)
{
    struct address start, end;
    return fact_get_address(fact_children(route), "start", &start) && fact_get_address(fact_children(route), "end", &end) &&
           range_has(start, end, a);
}

/* By an interface's own subnet, or by a static route. vrf NULL: in any. */
static bool is_reached(const struct routes *x, struct address a, const struct text *vrf)
{
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r))
        if ((!vrf || text_equal(fact_get_text(r->facts, "vrf"), *vrf)) && interface_reaches(r, a))
            return true;
    for (const struct fact *g = static_routes(x); g; g = g->next) {
        const struct fact *f = fact_children(g);
        if (inside(a, g) && (!vrf || text_equal(fact_get_text(f, "vrf"), *vrf)) &&
            !text_starts_nocase(fact_get_text(f, "interface"), TEXT("Null")))
            return true;
    }
    return false;
}

/* A static route names the tunnel, or a next hop behind it. */
static bool leads_in(const struct routes *x, const struct record *tunnel)
{
    const struct text names[] = { tunnel->title, fact_get_text(tunnel->facts, "nameif") };
    for (const struct fact *g = static_routes(x); g; g = g->next) {
        const struct fact *f = fact_children(g);
        struct text by = fact_get_text(f, "interface");
        struct address hop;
        if (by.len && (text_equal_nocase(by, names[0]) || text_equal(by, names[1])))
            return true;
        if (fact_get_address(f, "gateway", &hop) && interface_reaches(tunnel, hop))
            return true;
    }
    return false;
}

/* An SA with that peer was seen that came further than silence: then there is a way. */
static bool was_reached(const struct routes *x)
{
    for (const struct placed_sa *p = sas_at(x->m, x->way->peer); p; p = p->next)
        if (!diagnosed(p->sa, "no-response"))
            return true;
    return shown_up(x->m, x->way->peer);
}

static bool begin(const struct routes *x, struct diagnosis *d, const char *what, struct text about)
{
    if (!diagnosis_begin(d, x->m, x->rule, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY,
                         arena_format(x->m->run, "%u %s %.*s", (unsigned)x->device, what, TEXT_ARGS(about))))
        return false;
    diagnosis_word(d, "router", device_name_or(x->m, x->device, TEXT("the router")));
    return true;
}

static void advise(const struct routes *x, struct diagnosis *d, const char *text)
{
    struct address own = x->way->own_count ? x->way->own[0] : (struct address){ 0 };
    diagnosis_advise_router(d, x->device, own, x->way->peer, text);
}

static bool is_by(const struct fact *route, const struct record *tunnel)
{
    struct text by = fact_get_text(fact_children(route), "interface"), nameif = fact_get_text(tunnel->facts, "nameif");
    struct address hop;
    return by.len ? text_equal_nocase(by, tunnel->title) || (nameif.len && text_equal(by, nameif))
                  : fact_get_address(fact_children(route), "gateway", &hop) && interface_reaches(tunnel, hop);
}

static bool is_narrower(const struct fact *one, const struct fact *other)
{
    struct address a, b;
    return !other ||
           (fact_get_address(fact_children(one), "start", &a) && fact_get_address(fact_children(other), "start", &b) &&
            address_compare(b, a) < 0) ||
           (fact_get_address(fact_children(one), "end", &a) && fact_get_address(fact_children(other), "end", &b) &&
            address_compare(a, b) < 0);
}

/* The static route that the tunnel's own packets take. NULL: an interface is in the peer's subnet, or there is none. */
static const struct fact *way_out(const struct routes *x, struct text vrf)
{
    const struct fact *best = NULL;
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r))
        if (interface_reaches(r, x->way->peer))
            return NULL;
    for (const struct fact *g = static_routes(x); g; g = g->next)
        if (inside(x->way->peer, g) && text_equal(fact_get_text(fact_children(g), "vrf"), vrf) && is_narrower(g, best))
            best = g;
    return best;
}

/* The route to the tunnel's far end leads into the tunnel itself. True: said. */
static bool leads_into_itself(const struct routes *x)
{
    const struct record *t = x->way->entry;
    const struct fact *out = way_is_tunnel(x->way) ? way_out(x, fact_get_text(t->facts, "tunnel_vrf")) : NULL;
    struct diagnosis d;
    if (!out || !is_by(out, t) || was_reached(x) || !begin(x, &d, "itself", t->title))
        return false;
    diagnosis_word(&d, "tunnel", t->title);
    diagnosis_word(&d, "there", address_text(x->way->peer, x->m->run));
    diagnosis_say(
        &d, "The way to the tunnel's far end leads through the tunnel",
        "The static route of {router} that its tunnel {tunnel} needs, to {there}, leads into {tunnel} itself: IOS switches "
        "such a tunnel off (recursive routing).");
    advise(x, &d,
           x->asa ? "a route of its own for the peer, outside of the tunnel: `route NAMEIF {there} 255.255.255.255 NEXT-HOP`"
                  : "a route of its own for the peer, outside of the tunnel: `ip route {there} 255.255.255.255 NEXT-HOP`");
    finding_quote(x->m, d.f, record_next(x->m, x->device, "static-routes", NULL), out->line);
    finding_quote(x->m, d.f, t, 0);
    finding_quote(x->m, d.f, x->way->peer_at, x->way->peer_line);
    return true;
}

static bool peer_is_reached(const struct routes *x)
{
    const bool tunnel = way_is_tunnel(x->way);
    const struct record *sender = tunnel ? x->way->entry : x->way->carrier;
    struct text vrf = sender ? fact_get_text(sender->facts, tunnel ? "tunnel_vrf" : "vrf") : (struct text){ NULL, 0 };
    struct text peer = address_text(x->way->peer, x->m->run);
    struct diagnosis d;
    if (is_reached(x, x->way->peer, x->asa || !sender ? NULL : &vrf) || was_reached(x))
        return true;
    if (!begin(x, &d, "peer", peer))
        return false;
    diagnosis_word(&d, "there", peer);
    diagnosis_word(&d, "vrf", vrf.len ? vrf_text(x->m->run, vrf) : vrf);
    diagnosis_word(&d, "of_vrf", vrf);
    diagnosis_say(&d, NULL,
                  "{router} has no route to its peer {there}[[ in {vrf}]]: no static one, no default route, no interface of that "
                  "subnet, and nothing that would learn one.");
    advise(x, &d,
           x->asa ? "`route NAMEIF {there} 255.255.255.255 NEXT-HOP`, or a default route: `show route {there}`"
                  : "`ip route [[vrf {of_vrf} ]]{there} 255.255.255.255 NEXT-HOP`, or a default route: `show ip route [[vrf "
                    "{of_vrf} ]]{there}`");
    finding_quote(x->m, d.f, x->way->entry, 0);
    finding_quote(x->m, d.f, x->way->peer_at, x->way->peer_line);
    return false;
}

/* As a route has it. */
static struct text masked(struct arena *arena, const struct selector *s)
{
    const struct text network = route_network_text(arena, s);
    return network.len ? network : TEXT("NETWORK MASK");
}

/* What the crypto ACL has for the router's own side is to be somewhere inside of it: else what comes out of the tunnel goes out
 * again by the default route. */
static void judge_inside(const struct routes *x, const struct record *acl, struct arena *scratch)
{
    const struct selector_pair *lost[PAIRS_ASKED];
    unsigned count = 0, asked = 0;
    struct diagnosis d;
    const struct selector_pair *p = acl_selectors(acl, scratch);
    for (; p && asked < PAIRS_ASKED; p = p->next, asked++)
        if (inside_lacks(x->m, x->device, x->way, p))
            lost[count++] = p;
    if (!count || !begin(x, &d, "inside", x->way->entry->title))
        return;
    if (count < asked || p)
        diagnosis_severity(&d, SEVERITY_NOTE); /* for some of it the tunnel carries traffic */
    d.f->rank = BEHIND_THE_TUNNEL;
    struct text from = selectors_text(x->m->run, &lost[0]->local);
    diagnosis_word(&d, "from", from);
    diagnosis_word(&d, "entry", x->way->entry->title);
    diagnosis_word(&d, "mask", masked(x->m->run, &lost[0]->local));
    diagnosis_say(
        &d, "No route leads to what the tunnel protects inside",
        "Crypto map {entry} of {router} protects {from}, and {router} has no interface and no route by which that would "
        "be inside: what comes out of the tunnel for it goes out again by the default route, or is dropped.");
    advise(x, &d,
           x->asa ? "`route INSIDE {mask} NEXT-HOP`, to the router that has it (INSIDE: as `show nameif` calls that side)"
                  : "`ip route {mask} NEXT-HOP`, to the router that has it");
    for (unsigned i = 0; i < count; i++)
        finding_quote(x->m, d.f, acl, lost[i]->line);
    finding_quote(x->m, d.f, x->way->entry, 0);
}

/* Something with an address is in that VRF, beside the tunnel and what carries it. */
static bool is_used_inside(const struct routes *x, struct text vrf)
{
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r))
        if (r != x->way->entry && r != x->way->carrier && !fact_get_text(r->facts, "tunnel_destination").len &&
            fact_find(r->facts, "addresses") && text_equal(fact_get_text(r->facts, "vrf"), vrf))
            return true;
    return false;
}

/* The same, if only by an address that it borrows or is given, or by none that is told: of the global one, which all are in that are
 * in no other, an interface without an address tells nothing. */
static bool may_be_used(const struct routes *x, struct text vrf)
{
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r))
        if (r != x->way->entry && r != x->way->carrier && text_equal(fact_get_text(r->facts, "vrf"), vrf) &&
            (vrf.len || fact_find(r->facts, "addresses") || fact_find(r->facts, "unnumbered")))
            return true;
    return false;
}

/* A route may lead from one VRF into a tunnel of another; but not from one that has nothing behind it, while the tunnel's has. True:
 * said. */
static bool is_of_other_vrf(const struct routes *x)
{
    const struct record *t = x->way->entry, *routes = record_next(x->m, x->device, "static-routes", NULL);
    const struct text vrf = fact_get_text(t->facts, "vrf");
    const struct fact *other = NULL;
    struct diagnosis d;
    for (const struct fact *g = x->asa ? NULL : static_routes(x); g; g = g->next) {
        const struct text of = fact_get_text(fact_children(g), "vrf");
        if (!is_by(g, t))
            continue;
        if (text_equal(of, vrf) || may_be_used(x, of))
            return false;
        other = other ? other : g;
    }
    if (!other || !is_used_inside(x, vrf) || !begin(x, &d, "vrf", t->title))
        return other != NULL;
    const struct text line = text_trim(record_line(routes, other->line)), of = fact_get_text(fact_children(other), "vrf");
    size_t skip = sizeof "ip route " - 1; /* behind it, and behind the name of a VRF */
    skip += of.len ? sizeof "vrf " + of.len : 0;
    d.f->rank = BEHIND_THE_TUNNEL;
    diagnosis_word(&d, "tunnel", t->title);
    diagnosis_word(&d, "in", vrf_text(x->m->run, vrf));
    diagnosis_word(&d, "of", vrf_text(x->m->run, of));
    diagnosis_word(&d, "old", line);
    diagnosis_word(&d, "vrf", vrf);
    diagnosis_word(&d, "rest", line.len > skip ? text_from(line, skip) : TEXT("NETWORK MASK"));
    diagnosis_say(
        &d, "The route into the tunnel is in another VRF",
        "{tunnel} of {router} is in {in}, as is what stands behind {router}, and the static route into it is in {of}, in "
        "which nothing else is: what is meant for the other end's networks does not go into the tunnel.");
    advise(x, &d, "`no {old}` / `ip route [[vrf {vrf} ]]{rest}`");
    finding_quote(x->m, d.f, t, 0);
    finding_quote(x->m, d.f, routes, other->line);
    return true;
}

static void judge_tunnel(const struct routes *x)
{
    const struct record *t = x->way->entry;
    struct text mode = fact_get_text(t->facts, "tunnel_mode");
    struct diagnosis d;
    if (!x->way->peer.family || text_has(mode, TEXT("multipoint")) || is_of_other_vrf(x) || leads_in(x, t) ||
        !begin(x, &d, "into", t->title))
        return;
    diagnosis_severity(&d, SEVERITY_NOTE); /* it comes up, and may carry no more than what is meant for its own addresses */
    diagnosis_word(&d, "tunnel", t->title);
    diagnosis_word(&d, "by", x->asa ? fact_get_text(t->facts, "nameif") : t->title);
    diagnosis_say(
        &d, "No route leads into the tunnel",
        "{router} has no static route by {tunnel}, and nothing that would learn one: the tunnel may come up, and what is "
        "meant for the other end's networks does not go into it.");
    advise(x, &d,
           x->asa ? "`route {by} NETWORK MASK NEXT-HOP`, for each network behind the other end"
                  : "`ip route NETWORK MASK {by}`, for each network behind the other end");
    finding_quote(x->m, d.f, t, 0);
}

/* Out of the interface that has the crypto map, by the next hop to the peer where a route tells it. */
static void set_way_out(const struct routes *x, struct diagnosis *d)
{
    const struct record *out = x->way->carrier;
    const struct fact *route = way_out(x, out ? fact_get_text(out->facts, "vrf") : TEXT(""));
    struct text nameif = out ? fact_get_text(out->facts, "nameif") : (struct text){ NULL, 0 };
    struct address hop = { 0 };
    (void)(route && fact_get_address(fact_children(route), "gateway", &hop));
    diagnosis_word(d, "hop", hop.family ? address_text(hop, x->m->run) : TEXT("NEXT-HOP"));
    diagnosis_word(d, "out", x->asa ? (nameif.len ? nameif : TEXT("NAMEIF")) : out ? out->title : TEXT("INTERFACE"));
}

/* What the crypto ACL protects has to be routed to the interface that has the map. */
static void judge_list(const struct routes *x)
{
    struct text name = fact_get_text(x->way->entry->facts, "match_address");
    const struct record *acl = name.len ? config_find(x->m, x->device, "access-list", name) : NULL;
    const struct record *profile = config_path_to(x->m, x->device, x->way->peer, x->way->entry).profile;
    const struct text inner = profile ? fact_get_text(profile->facts, "ivrf") : TEXT(""), *vrf = inner.len ? &inner : NULL;
    struct arena *scratch = arena_create();
    unsigned asked = 0;
    struct diagnosis d;
    for (const struct selector_pair *p = acl ? acl_selectors(acl, scratch) : NULL; p && asked < PAIRS_ASKED;
         p = p->next, asked++) {
        if (is_reached(x, p->remote.start, vrf) || is_reached(x, p->remote.end, vrf))
            continue;
        struct text to = selectors_text(x->m->run, &p->remote);
        if (!begin(x, &d, "list", to))
            continue;
        diagnosis_word(&d, "to", to);
        diagnosis_word(&d, "entry", x->way->entry->title);
        diagnosis_word(&d, "in", vrf ? vrf_text(x->m->run, inner) : inner);
        diagnosis_word(&d, "vrf", inner);
        diagnosis_say(&d, "No route leads into the tunnel",
                      "{router} has no route to {to}[[ in {in}, the VRF of its IKEv2 profile]], which crypto map {entry} "
                      "protects, and nothing that would learn one: such packets "
                      "are dropped before they come to the crypto map.");
        set_way_out(x, &d);
        diagnosis_word(&d, "mask", masked(x->m->run, &p->remote));
        advise(x, &d,
               x->asa ? "`route {out} {mask} {hop}`, out of the interface that has the crypto map"
               : vrf  ? "`ip route vrf {vrf} {mask} {out} {hop}`, out of the interface that has the crypto map"
                      : "`ip route {mask} {hop}`, out of the interface that has the crypto map");
        finding_quote(x->m, d.f, acl, p->line);
    }
    if (acl)
        judge_inside(x, acl, scratch);
    arena_destroy(scratch);
}

static void judge(struct model *m, const struct rule *r)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    const size_t count = ways_routers(m, devices);
    struct config_way *ways = memory_take(WAYS * sizeof *ways);
    for (size_t i = 0; i < count; i++) {
        struct routes x = { .m = m, .rule = r, .device = devices[i], .asa = config_of_asa(m, devices[i]) };
        const size_t n = are_all_static(m, devices[i]) ? ways_of(m, devices[i], ways) : 0;
        for (size_t k = 0; k < n; k++) {
            x.way = &ways[k];
            if (way_is_shut(x.way))
                continue;
            if (ways[k].peer.family == ADDRESS_IPV4 && (!peer_is_reached(&x) || leads_into_itself(&x)))
                continue;
            if (way_is_tunnel(&ways[k]))
                judge_tunnel(&x);
            else if (ways[k].peer.family == ADDRESS_IPV4)
                judge_list(&x);
        }
    }
    memory_free(ways);
}

const struct rule rule_no_route = {
    .id = "no-route",
    .severity = SEVERITY_WARNING,
    .rank = 12,
    .title = "No route leads to the peer",
    .meaning = "A tunnel needs two routes: one to its peer, and one that leads what is to be protected into it (into the tunnel "
               "interface, or out of the interface that has the crypto map). A configuration that has neither a static route nor "
               "anything that learns routes sends nothing. Only told of one that is there from its first line to its last.",
    .advice =
        "`show ip route ADDRESS` (ASA: `show route ADDRESS`) says which way a packet takes; add a static route, or let a routing "
        "protocol run over the tunnel.",
    .whole = judge,
};
