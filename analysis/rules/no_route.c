/* Static routes are all that a router has, and none leads where its tunnel needs one: to the peer, or into the tunnel; or one leads past
 * the tunnel. Only told of configurations that are whole and have nothing that learns routes. */
#include "analysis/evidence.h"
#include "analysis/inside.h"
#include "analysis/quote.h"
#include "analysis/sas_at.h"
#include "analysis/static_routes.h"
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

/* A VRF in which no protocol runs and no interface is given anything, whatever the global one learns. */
static bool is_apart(const struct model *m, uint32_t device, struct text vrf)
{
    if (!vrf.len || config_learns(m, device, "routes_by_other"))
        return false;
    for (const struct record *r = record_next(m, device, "configuration", NULL); r;
         r = record_next(m, device, "configuration", r))
        for (const struct fact *f = r->facts; f; f = f->next)
            if (strcmp(f->name, "routing_vrf") == 0 && f->kind == FACT_TEXT && text_equal(f->as.text, vrf))
                return false;
    for (const struct record *r = record_next(m, device, "interface", NULL); r; r = record_next(m, device, "interface", r))
        if (fact_find(r->facts, "address_from") && text_equal(fact_get_text(r->facts, "vrf"), vrf))
            return false;
    return true;
}

/* By an interface's own subnet, or by a static route. vrf NULL: in any. */
static bool is_reached(const struct routes *x, struct address a, const struct text *vrf)
{
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r))
        if ((!vrf || text_equal(fact_get_text(r->facts, "vrf"), *vrf)) && interface_reaches(r, a))
            return true;
    for (const struct fact *g = routes_of(x->m, x->device); g; g = g->next) {
        const struct fact *f = fact_children(g);
        if (route_has(g, a) && (!vrf || text_equal(fact_get_text(f, "vrf"), *vrf)) &&
            !text_starts_nocase(fact_get_text(f, "interface"), TEXT("Null")))
            return true;
    }
    return false;
}

/* A static route names the tunnel, or a next hop behind it. */
static bool leads_in(const struct routes *x, const struct record *tunnel)
{
    const struct text names[] = { tunnel->title, fact_get_text(tunnel->facts, "nameif") };
    for (const struct fact *g = routes_of(x->m, x->device); g; g = g->next) {
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

/* The static route that the tunnel's own packets take. NULL: an interface is in the peer's subnet, or there is none. */
static const struct fact *way_out(const struct routes *x, struct text vrf)
{
    const struct fact *best = NULL;
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r))
        if (interface_reaches(r, x->way->peer))
            return NULL;
    for (const struct fact *g = routes_of(x->m, x->device); g; g = g->next)
        if (route_has(g, x->way->peer) && text_equal(fact_get_text(fact_children(g), "vrf"), vrf) && route_is_narrower(g, best))
            best = g;
    return best;
}

/* The route to the tunnel's far end leads into the tunnel itself. True: said. */
static bool leads_into_itself(const struct routes *x)
{
    const struct record *t = x->way->entry;
    const struct fact *out = way_is_tunnel(x->way) ? way_out(x, fact_get_text(t->facts, "tunnel_vrf")) : NULL;
    struct diagnosis d;
    if (!out || !route_is_by(out, t) || was_reached(x) || !begin(x, &d, "itself", t->title))
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

/* The VRF that the way's own packets go out in. NULL: that is not known. */
static const struct record *sender_of(const struct routes *x, struct text *vrf)
{
    const bool tunnel = way_is_tunnel(x->way);
    const struct record *sender = tunnel ? x->way->entry : x->way->carrier;
    *vrf = sender ? fact_get_text(sender->facts, tunnel ? "tunnel_vrf" : "vrf") : (struct text){ NULL, 0 };
    return sender;
}

/* {old} is the route's line, and {rest} what stands in it behind its VRF. */
static void set_route(const struct routes *x, struct diagnosis *d, const struct fact *route)
{
    const struct text line = text_trim(record_line(record_next(x->m, x->device, "static-routes", NULL), route->line)),
                      of = route_vrf(route);
    size_t skip = sizeof "ip route " - 1; /* behind it, and behind the name of a VRF */
    skip += of.len ? sizeof "vrf " + of.len : 0;
    diagnosis_word(d, "old", line);
    diagnosis_word(d, "rest", line.len > skip ? text_from(line, skip) : TEXT("NETWORK MASK"));
}

/* The next hop is on an interface of the one VRF, and on none of the route's own, by which another route might lead to it. */
static bool is_misplaced(const struct routes *x, const struct fact *route, struct text vrf)
{
    const struct text of = route_vrf(route);
    struct address hop;
    bool there = false;
    if (text_equal(of, vrf) || fact_get_text(fact_children(route), "interface").len ||
        !fact_get_address(fact_children(route), "gateway", &hop) || route_says(x->m, x->device, route, "global"))
        return false;
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r)) {
        const struct text in = fact_get_text(r->facts, "vrf");
        if (text_equal(in, of) && (interface_reaches(r, hop) || fact_find(r->facts, "address_from")))
            return false;
        there = there || (text_equal(in, vrf) && interface_reaches(r, hop));
    }
    for (const struct fact *g = routes_of(x->m, x->device); g; g = g->next)
        if (g != route && text_equal(route_vrf(g), of) && route_has(g, hop))
            return false;
    return there;
}

/* The only route out stands in another VRF than its next hop is in. True: said. */
static bool leads_nowhere(const struct routes *x, struct text vrf)
{
    static const struct address any = { .family = ADDRESS_IPV4 };
    const struct fact *wrong = NULL;
    const bool known = x->way->peer.family == ADDRESS_IPV4;
    const struct address to = known ? x->way->peer : any;
    struct diagnosis d;
    if (x->asa || (known ? is_reached(x, to, &vrf) || was_reached(x) : x->m->ike_sas != NULL))
        return false;
    for (const struct fact *g = routes_of(x->m, x->device); g; g = g->next) {
        if (text_equal(route_vrf(g), vrf) && !known)
            return false;
        wrong = !wrong && route_has(g, to) && is_misplaced(x, g, vrf) ? g : wrong;
    }
    if (!wrong || !begin(x, &d, "misplaced", x->way->entry->title))
        return wrong != NULL;
    struct address hop = { 0 };
    (void)fact_get_address(fact_children(wrong), "gateway", &hop);
    diagnosis_word(&d, "sender", way_is_tunnel(x->way) || !x->way->carrier ? x->way->entry->title : x->way->carrier->title);
    diagnosis_word(&d, "in", vrf_text(x->m->run, vrf));
    diagnosis_word(&d, "of", vrf_text(x->m->run, route_vrf(wrong)));
    diagnosis_word(&d, "vrf", vrf);
    diagnosis_word(&d, "hop", address_text(hop, x->m->run));
    diagnosis_word(&d, "to", known ? address_text(x->way->peer, x->m->run) : TEXT(""));
    set_route(x, &d, wrong);
    diagnosis_say(
        &d, "The route to the peer is in another VRF",
        "{sender} of {router} sends in {in}, in which no route leads out[[ to its peer {to}]]. The static route that would is "
        "in {of}, and its next hop {hop} is in {in}: nobody can use it.");
    advise(x, &d, "`no {old}` / `ip route [[vrf {vrf} ]]{rest}`");
    finding_quote(x->m, d.f, record_next(x->m, x->device, "static-routes", NULL), wrong->line);
    finding_quote(x->m, d.f, x->way->entry, 0);
    finding_quote(x->m, d.f, x->way->peer_at, x->way->peer_line);
    return true;
}

static bool peer_is_reached(const struct routes *x)
{
    struct text vrf;
    const struct record *sender = sender_of(x, &vrf);
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
    for (const struct fact *g = x->asa ? NULL : routes_of(x->m, x->device); g; g = g->next) {
        const struct text of = fact_get_text(fact_children(g), "vrf");
        if (!route_is_by(g, t))
            continue;
        if (text_equal(of, vrf) || may_be_used(x, of))
            return false;
        other = other ? other : g;
    }
    if (!other || !is_used_inside(x, vrf) || !begin(x, &d, "vrf", t->title))
        return other != NULL;
    d.f->rank = BEHIND_THE_TUNNEL;
    diagnosis_word(&d, "tunnel", t->title);
    diagnosis_word(&d, "in", vrf_text(x->m->run, vrf));
    diagnosis_word(&d, "of", vrf_text(x->m->run, route_vrf(other)));
    diagnosis_word(&d, "vrf", vrf);
    set_route(x, &d, other);
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
    const struct text hop_text = hop.family ? address_text(hop, x->m->run) : TEXT("NEXT-HOP"),
                      by = route ? fact_get_text(fact_children(route), "interface") : TEXT("");
    diagnosis_word(d, "hop", hop_text);
    diagnosis_word(d, "via", hop.family || !by.len ? hop_text : by);
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

/* A static route takes what the crypto ACL protects to where no crypto map is. */
static void judge_diverted_list(const struct routes *x)
{
    struct text name = fact_get_text(x->way->entry->facts, "match_address");
    const struct record *acl = name.len ? config_find(x->m, x->device, "access-list", name) : NULL;
    const struct record *profile = config_path_to(x->m, x->device, x->way->peer, x->way->entry).profile;
    struct arena *scratch = arena_create();
    unsigned asked = 0;
    struct diversion found;
    struct diagnosis d;
    const bool reversed = fact_find(x->way->entry->facts, "reverse_route") != NULL; /* makes a narrower route */
    const struct selector_pair *p = acl && !reversed ? acl_selectors(acl, scratch) : NULL;
    while (p && asked++ < PAIRS_ASKED &&
           (!route_diverts_map(x->m, x->device, &p->remote, &found) || inside_exchanged(x->m, x->device, x->way, p)))
        p = p->next;
    if (p && asked <= PAIRS_ASKED && !(profile && fact_get_text(profile->facts, "ivrf").len) && x->way->carrier &&
        !fact_get_text(x->way->carrier->facts, "vrf").len && begin(x, &d, "diverted", x->way->entry->title)) {
        d.f->rank = BEHIND_THE_TUNNEL;
        diagnosis_word(&d, "to", selectors_text(x->m->run, &p->remote));
        diagnosis_word(&d, "entry", x->way->entry->title);
        diagnosis_word(&d, "exit", found.exit ? found.exit->title : TEXT(""));
        set_way_out(x, &d);
        set_route(x, &d, found.route);
        diagnosis_word(&d, "mask", masked(x->m->run, &p->remote));
        diagnosis_say(&d, "A route leads past the tunnel",
                      found.exit
                          ? "Crypto map {entry} of {router} protects what goes to {to}, and a static route leads it to {exit}, "
                            "which has no crypto map: it never comes to the tunnel."
                          : "Crypto map {entry} of {router} protects what goes to {to}, and a static route to Null0 drops it: it "
                            "never comes to the tunnel.");
        const bool same = route_is_of(found.route, &p->remote);
        advise(x, &d,
               x->asa ? same ? "`no {old}` / `route {out} {mask} {hop}`, out of the interface that has the crypto map"
                             : "a narrower route, out of the interface that has the crypto map: `route {out} {mask} {hop}`"
               : same ? "`no {old}` / `ip route {mask} {via}`, out of the interface that has the crypto map"
                      : "a narrower route, out of the interface that has the crypto map: `ip route {mask} {via}`");
        finding_quote(x->m, d.f, record_next(x->m, x->device, "static-routes", NULL), found.route->line);
        finding_quote(x->m, d.f, acl, p->line);
        if (found.exit)
            finding_quote(x->m, d.f, found.exit, 0);
    }
    arena_destroy(scratch);
}

static void judge_diverted_tunnel(const struct routes *x)
{
    struct diversion found;
    struct diagnosis d;
    if (!route_diverts_tunnel(x->m, x->device, x->way, &found) || !begin(x, &d, "diverted", x->way->entry->title))
        return;
    d.f->rank = BEHIND_THE_TUNNEL;
    diagnosis_word(&d, "to", address_text(found.of, x->m->run));
    diagnosis_word(&d, "tunnel", x->way->entry->title);
    diagnosis_word(&d, "exit", found.exit ? found.exit->title : TEXT("Null0"));
    diagnosis_word(&d, "their", found.their->title);
    diagnosis_word(&d, "other", device_name_or(x->m, found.their->device, TEXT("the other end")));
    set_route(x, &d, found.route);
    diagnosis_say(
        &d, "A route leads past the tunnel",
        "{other} has {to} on its {their}, and {router}, which has a route into {tunnel} for it, has a narrower one that "
        "leads to {exit}: that is taken, and nothing for this network goes into the tunnel.");
    advise(x, &d, "if that network is the other end's alone: `no {old}`");
    finding_quote(x->m, d.f, record_next(x->m, x->device, "static-routes", NULL), found.route->line);
    finding_quote(x->m, d.f, x->way->entry, 0);
    finding_quote(x->m, d.f, found.their, 0);
}

static void judge_way(const struct routes *x, bool all_static, bool narrow_static)
{
    struct text vrf;
    const bool sent = sender_of(x, &vrf) != NULL, four = x->way->peer.family == ADDRESS_IPV4, tunnel = way_is_tunnel(x->way);
    if (all_static || (sent && is_apart(x->m, x->device, vrf))) {
        if (sent && leads_nowhere(x, vrf))
            return;
        if (four && (!peer_is_reached(x) || leads_into_itself(x)))
            return;
    }
    if (all_static && tunnel)
        judge_tunnel(x);
    else if (all_static && four)
        judge_list(x);
    if (narrow_static && four && tunnel)
        judge_diverted_tunnel(x);
    else if (narrow_static && four)
        judge_diverted_list(x);
}

static void judge(struct model *m, const struct rule *r)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    const size_t count = ways_routers(m, devices);
    struct config_way *ways = memory_take(WAYS * sizeof *ways);
    for (size_t i = 0; i < count; i++) {
        struct routes x = { .m = m, .rule = r, .device = devices[i], .asa = config_of_asa(m, devices[i]) };
        const size_t n = config_whole(m, devices[i]) && are_few(m, devices[i]) ? ways_of(m, devices[i], ways) : 0;
        const bool all_static = n && !config_learns(m, devices[i], "routes_learnt"), /* or all but a default route */
            narrow_static = n && !config_learns(m, devices[i], "routes_by_protocol") &&
                            !config_learns(m, devices[i], "routes_by_other");
        for (size_t k = 0; k < n; k++) {
            x.way = &ways[k];
            if (!way_is_shut(x.way))
                judge_way(&x, all_static, narrow_static);
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
               "anything that learns routes sends nothing; nor does one whose static route leads past the tunnel. Only told of "
               "one that is there from its first line to its last.",
    .advice =
        "`show ip route ADDRESS` (ASA: `show route ADDRESS`) says which way a packet takes; add a static route, or let a routing "
        "protocol run over the tunnel.",
    .whole = judge,
};
