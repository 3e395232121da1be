/* The next-hop servers of a multipoint tunnel: who has no address for one outside of the tunnel calls nobody, and a hub registers only
 * who asks for the address that its own tunnel has, has its password and an address of its subnet. */
#include "analysis/faults.h"
#include "analysis/static_routes.h"

static bool is_multipoint(const struct record *tunnel)
{
    return text_has(fact_get_text(tunnel->facts, "tunnel_mode"), TEXT("multipoint"));
}

/* What a hub's tunnel has in the subnet of the spoke's: the address of the server that was meant. */
static const struct record *tunnel_beside(const struct faults *x, uint32_t hub, struct address *its)
{
    for (const struct record *r = record_next(x->m, hub, "interface", NULL); r; r = record_next(x->m, hub, "interface", r))
        for (const struct fact *g = is_multipoint(r) ? fact_members(r->facts, "addresses") : NULL; g; g = g->next)
            if (fact_get_address(fact_children(g), "address", its) && interface_reaches(x->way->entry, *its))
                return r;
    return NULL;
}

static void tell_unmapped(struct faults *x, const struct fact *server, struct address inside)
{
    struct diagnosis d;
    if (!x->whole || !fault_begin(x, &d, "nhs nbma", x->way->entry->title, true))
        return;
    diagnosis_word(&d, "tunnel", x->way->entry->title);
    diagnosis_word(&d, "server", address_text(inside, x->m->run));
    diagnosis_say(
        &d, "The next-hop server has no address outside of the tunnel",
        "{tunnel} of {router} has the next-hop server {server}, and neither `nbma` beside it nor `ip nhrp map` tells at "
        "which address that one is to be called: the tunnel calls nobody.");
    fault_advise(x, &d, "`interface {tunnel}` / `ip nhrp nhs {server} nbma HUB-ADDRESS multicast`");
    finding_quote(x->m, d.f, x->way->entry, 0);
    finding_quote(x->m, d.f, x->way->entry, server->line);
}

static void tell_wrong(struct faults *x, const struct fact *server, struct address inside, struct address nbma)
{
    const struct owner *hub = config_owner(x->m, 0, nbma, NULL);
    const uint32_t device = hub ? hub->interface->device : 0;
    struct address right;
    struct diagnosis d;
    if (!device || device_same(x->m, device, x->device) || config_owner(x->m, device, inside, NULL))
        return;
    const struct record *tunnel = tunnel_beside(x, device, &right);
    if (!tunnel ||
        !fault_begin(x, &d, "nhs", arena_format(x->m->run, "%.*s %u", TEXT_ARGS(x->way->entry->title), server->line), true))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING); /* IKE comes up all the same */
    diagnosis_word(&d, "tunnel", x->way->entry->title);
    diagnosis_word(&d, "server", address_text(inside, x->m->run));
    diagnosis_word(&d, "nbma", address_text(nbma, x->m->run));
    diagnosis_word(&d, "hub", device_name_or(x->m, device, TEXT("the hub")));
    diagnosis_word(&d, "its", tunnel->title);
    diagnosis_word(&d, "right", address_text(right, x->m->run));
    diagnosis_say(
        &d, "The next-hop server has another address in the tunnel",
        "{tunnel} of {router} asks the next-hop server {server} at {nbma} to register it, and {hub}, which has that address, "
        "has {right} on its {its}: the tunnel comes up, and no registration is answered.");
    fault_advise(x, &d, "`interface {tunnel}` / `no ip nhrp nhs {server}` / `ip nhrp nhs {right} nbma {nbma} multicast`");
    finding_quote(x->m, d.f, x->way->entry, server->line);
    finding_quote(x->m, d.f, tunnel, 0);
}

/* ---- what hub and spoke must agree on ---- */

struct served { /* a spoke's tunnel and the hub's that it registers with */
    const struct record *hub;
    const struct fact *server; /* the spoke's line */
    struct address inside, nbma;
};

static bool begin(const struct faults *x, struct diagnosis *d, const char *check, const struct served *s)
{
    if (!fault_begin(x, d, check, x->way->entry->title, true))
        return false;
    diagnosis_severity(d, SEVERITY_WARNING); /* IKE comes up all the same */
    diagnosis_word(d, "tunnel", x->way->entry->title);
    diagnosis_word(d, "hub", device_name_or(x->m, s->hub->device, TEXT("the hub")));
    diagnosis_word(d, "its", s->hub->title);
    diagnosis_word(d, "server", address_text(s->inside, x->m->run));
    diagnosis_word(d, "nbma", address_text(s->nbma, x->m->run));
    return true;
}

static void check_password(struct faults *x, const struct served *s)
{
    const struct record *e = x->way->entry;
    const struct fact *own = fact_members(e->facts, "keys"), *its = fact_members(s->hub->facts, "keys");
    const bool one = (own == NULL) != (its == NULL);
    struct diagnosis d;
    if (one ? !x->whole || !config_whole(x->m, s->hub->device) : config_keys_way(e->facts, s->hub->facts).same != VERIFIED_FALSE)
        return;
    if (!begin(x, &d, "nhrp password", s))
        return;
    diagnosis_say(
        &d, "The NHRP passwords differ",
        one ? own ? "{tunnel} of {router} has an NHRP password and {its} of {hub} has none: what the one sends, the other "
                    "drops, and no registration is answered."
                  : "{its} of {hub} has an NHRP password and {tunnel} of {router} has none: no registration is answered."
            : "{tunnel} of {router} and {its} of {hub} have different NHRP passwords: no registration is answered.");
    fault_advise(x, &d, "the same one at both ends: `interface {tunnel}` / `ip nhrp authentication PASSWORD`");
    if (own)
        finding_quote(x->m, d.f, e, own->line);
    if (its)
        finding_quote(x->m, d.f, s->hub, its->line);
    finding_quote(x->m, d.f, own ? s->hub : e, 0);
}

/* It leads multicasts to the hub: beside the server, or by a map. */
static bool sends_groups(const struct record *e, const struct served *s)
{
    struct address a;
    bool found = fact_find(fact_children(s->server), "multicast") != NULL;
    for (const struct fact *f = fact_members(e->facts, "nhrp_multicast"); f && !found; f = f->next)
        found = f->kind == FACT_TEXT && (!address_read(f->as.text, &a) || address_equal(a, s->nbma));
    return found;
}

static bool routes_by_static(const struct faults *x)
{
    for (const struct fact *g = routes_of(x->m, x->device); g; g = g->next)
        if (route_is_by(g, x->way->entry))
            return true;
    return false;
}

/* Before IOS XE 16.3 a hub leads multicasts to its spokes only where it is told to. */
static void check_hub_multicast(struct faults *x, const struct served *s)
{
    const uint32_t device = s->hub->device;
    const struct record *r = record_next(x->m, device, "configuration", NULL);
    const struct text version = r ? fact_get_text(r->facts, "version") : (struct text){ NULL, 0 };
    uint64_t major = 0;
    struct diagnosis d;
    if (!text_number(text_upto(version, text_find_byte(version, '.')), 10, &major) || major > 15 ||
        fact_find(s->hub->facts, "nhrp_multicast") || !begin(x, &d, "hub multicast", s))
        return;
    diagnosis_word(&d, "version", version);
    diagnosis_say(
        &d, "The hub leads no multicasts to its spokes",
        "{its} of {hub} has no `ip nhrp map multicast`, which IOS {version} needs to send multicasts to its spokes: the "
        "routing protocol, which finds its neighbours by them, learns nothing through the tunnel.");
    diagnosis_advise_router(&d, device, s->nbma, (struct address){ 0 }, "`interface {its}` / `ip nhrp map multicast dynamic`");
    finding_quote(x->m, d.f, s->hub, 0);
    finding_quote(x->m, d.f, x->way->entry, s->server->line);
}

/* Both ends have a routing protocol that finds its neighbours by multicast, and none that is told of them. */
static void check_multicast(struct faults *x, const struct served *s)
{
    const uint32_t devices[2] = { x->device, s->hub->device };
    struct diagnosis d;
    for (unsigned i = 0; i < 2; i++)
        if (!config_whole(x->m, devices[i]) || !config_learns(x->m, devices[i], "routes_by_multicast") ||
            config_learns(x->m, devices[i], "routes_by_neighbor"))
            return;
    if (!is_multipoint(x->way->entry) || routes_by_static(x))
        return;
    check_hub_multicast(x, s);
    if (sends_groups(x->way->entry, s) || !begin(x, &d, "nhrp multicast", s))
        return;
    diagnosis_say(
        &d, "Multicasts do not go to the hub",
        "{tunnel} of {router} leads no multicasts to its next-hop server {server}: the routing protocol, which finds its "
        "neighbours by them, learns nothing through the tunnel.");
    fault_advise(x, &d, "`interface {tunnel}` / `ip nhrp map multicast {nbma}`");
    finding_quote(x->m, d.f, x->way->entry, 0);
    finding_quote(x->m, d.f, x->way->entry, s->server->line);
}

static bool reaches_one_of(const struct record *tunnel, const struct record *other)
{
    struct address a;
    for (const struct fact *g = fact_members(other->facts, "addresses"); g; g = g->next)
        if (fact_get_address(fact_children(g), "address", &a) && interface_reaches(tunnel, a))
            return true;
    return false;
}

static void check_subnet(struct faults *x, const struct served *s)
{
    const struct record *e = x->way->entry;
    const struct fact *own = fact_members(e->facts, "addresses"), *its = fact_members(s->hub->facts, "addresses");
    struct diagnosis d;
    if (!own || !its || reaches_one_of(e, s->hub) || reaches_one_of(s->hub, e) || !begin(x, &d, "nhrp subnet", s))
        return;
    diagnosis_say(
        &d, "Hub and spoke have addresses of different subnets in the tunnel",
        "{tunnel} of {router} has no address in the subnet of {its} of {hub}, which is its next-hop server {server}: the "
        "one does not reach the other through the tunnel.");
    fault_advise(x, &d, "`interface {tunnel}` / `ip address ADDRESS MASK`, one of the subnet of {server} that is still free");
    finding_quote(x->m, d.f, e, 0);
    finding_quote(x->m, d.f, e, own->line);
    finding_quote(x->m, d.f, e, s->server->line);
    finding_quote(x->m, d.f, s->hub, its->line);
}

static bool registers_with(const struct record *tunnel, struct address server)
{
    struct address a;
    for (const struct fact *g = fact_members(tunnel->facts, "nhrp_servers"); g; g = g->next)
        if (fact_get_address(fact_children(g), "address", &a) && address_equal(a, server))
            return true;
    return false;
}

enum { TWINS_ASKED = 1024 }; /* addresses of the tunnel, and who has them */

/* Two spokes of one hub: told at the first of them. */
static void check_twins(struct faults *x, const struct served *s)
{
    const struct record *e = x->way->entry;
    unsigned left = TWINS_ASKED;
    struct address own;
    struct diagnosis d;
    for (const struct fact *g = fact_members(e->facts, "addresses"); g && left; g = g->next) {
        if (!fact_get_address(fact_children(g), "address", &own))
            continue;
        for (const struct owner *o = NULL; left && (o = config_owner(x->m, 0, own, o)) != NULL; left--) {
            const uint32_t other = o->interface->device;
            if (other <= x->device || device_same(x->m, other, x->device) || !registers_with(o->interface, s->inside) ||
                !text_equal(fact_get_text(o->interface->facts, "tunnel_key"), fact_get_text(e->facts, "tunnel_key")) ||
                !begin(x, &d, "nhrp twins", s))
                continue;
            diagnosis_word(&d, "address", address_text(own, x->m->run));
            diagnosis_word(&d, "other", device_name_or(x->m, other, TEXT("another router")));
            diagnosis_word(&d, "theirs", o->interface->title);
            diagnosis_say(&d, "Two spokes have the same address in the tunnel",
                          "{tunnel} of {router} and {theirs} of {other} have {address}, and register it with the next-hop server "
                          "{server}: it refuses the one, or sends the other's packets to it.");
            fault_advise(x, &d, "an address of its own for one of the two: `interface {tunnel}` / `ip address ADDRESS MASK`");
            finding_quote(x->m, d.f, e, g->line);
            finding_quote(x->m, d.f, o->interface, o->line);
            finding_quote(x->m, d.f, e, s->server->line);
        }
    }
}

static void check_served(struct faults *x, const struct fact *server, struct address inside, struct address nbma)
{
    static void (*const all[])(struct faults *, const struct served *) = { check_password, check_multicast, check_subnet,
                                                                           check_twins };
    const struct owner *outside = config_owner(x->m, 0, nbma, NULL);
    const uint32_t hub = outside ? outside->interface->device : 0;
    const struct owner *at = hub && !device_same(x->m, hub, x->device) ? config_owner(x->m, hub, inside, NULL) : NULL;
    const struct served s = { at ? at->interface : NULL, server, inside, nbma };
    for (size_t i = 0; at && i < COUNT_OF(all); i++)
        all[i](x, &s);
}

/* At which address outside of the tunnel that server is called: as it stands beside it, or as a map of that one address tells. */
static bool called_at(const struct config_way *way, const struct fact *server, struct address inside, struct address *nbma)
{
    const struct fact *servers = fact_members(way->entry->facts, "nhrp_servers");
    struct address of;
    if (fact_find(fact_children(server), "nbma"))
        return fact_get_address(fact_children(server), "nbma", nbma);
    for (const struct fact *g = fact_members(way->entry->facts, "nhrp_peers"); g; g = g->next)
        if (fact_get_address(fact_children(g), "inside", &of) && address_equal(of, inside))
            return fact_get_address(fact_children(g), "address", nbma);
    *nbma = way->peer;
    return !is_multipoint(way->entry) && !servers->next;
}

/* Two multipoint tunnels with one source and one profile: told at the second. */
void fault_shared(struct faults *x)
{
    const struct record *e = x->way->entry;
    const struct fact *own = fact_find(e->facts, "tunnel_profile"), *its;
    struct diagnosis d;
    if (!way_is_tunnel(x->way) || !is_multipoint(e) || !own)
        return;
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r && r != e;
         r = record_next(x->m, x->device, "interface", r)) {
        static const char *const same[] = { "tunnel_source", "tunnel_profile", "tunnel_vrf" };
        bool both = is_multipoint(r) && !record_is_shut(r);
        for (size_t i = 0; i < COUNT_OF(same); i++)
            both = both && text_equal(fact_get_text(r->facts, same[i]), fact_get_text(e->facts, same[i]));
        its = fact_find(r->facts, "tunnel_profile");
        if (!both || !its || (fact_find(r->facts, "tunnel_shared") && fact_find(e->facts, "tunnel_shared")) ||
            !fault_begin(x, &d, "shared", e->title, true))
            continue;
        diagnosis_severity(&d, SEVERITY_WARNING);
        diagnosis_word(&d, "tunnel", e->title);
        diagnosis_word(&d, "other", r->title);
        diagnosis_word(&d, "source", fact_get_text(e->facts, "tunnel_source"));
        diagnosis_word(&d, "profile", fact_get_text(e->facts, "tunnel_profile"));
        diagnosis_say(
            &d, "Two multipoint tunnels do not share their protection",
            "{other} and {tunnel} of {router} have the source {source} and the IPsec profile {profile} in common, and not "
            "both say `shared`: which of the two a packet is for, IPsec cannot tell.");
        fault_advise(
            x, &d,
            "`interface {other}` / `tunnel protection ipsec profile {profile} shared`, and the same in `interface {tunnel}`");
        finding_quote(x->m, d.f, r, its->line);
        finding_quote(x->m, d.f, e, own->line);
        return;
    }
}

void fault_servers(struct faults *x)
{
    const struct record *e = x->way->entry;
    const bool mapped = fact_find(e->facts, "nhrp_peers") || fact_find(e->facts, "nhrp_unread");
    for (const struct fact *g = way_is_tunnel(x->way) ? fact_members(e->facts, "nhrp_servers") : NULL; g; g = g->next) {
        struct address inside, nbma;
        if (!fact_get_address(fact_children(g), "address", &inside))
            continue;
        if (!mapped && is_multipoint(e) && !fact_find(fact_children(g), "nbma"))
            tell_unmapped(x, g, inside);
        else if (called_at(x->way, g, inside, &nbma) && address_equal(nbma, x->way->peer)) {
            tell_wrong(x, g, inside, nbma);
            check_served(x, g, inside, nbma);
        }
    }
}
