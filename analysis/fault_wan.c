/* The access list that a way's own packets come in through: of who is called, of who calls, and of the uplink where IKE is sent from a
 * loopback. */
#include "analysis/evidence_words.h"
#include "analysis/faults.h"
#include "analysis/self_zone.h"
#include "analysis/static_routes.h"

/* What comes in, and from whom. */
struct incoming {
    struct address peer; /* ADDRESS_NONE: from an address that nobody knows */
    uint32_t caller;     /* the router that calls a way which answers anybody; 0: the way has its peer */
    bool plain;          /* no NAT is between: ESP comes without UDP around it */
    bool in_udp;         /* one is: it comes in UDP 4500 */
};

/* ---- where it comes in ---- */

static bool is_uplink(const struct faults *x, const struct record *r, struct text vrf)
{
    static const char *const others[] = { "Tunnel", "Virtual-", "Loopback", "Null" };
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (text_starts(r->title, text_of(others[i])))
            return false;
    return r->device == x->device && !record_is_shut(r) && fault_has_address(r) &&
           text_equal(fact_get_text(r->facts, "vrf"), vrf);
}

/* To the peer; to one that nobody knows the default route leads. */
static bool leads_to(const struct fact *route, struct address peer)
{
    struct address start, end;
    return peer.family ? route_has(route, peer) : route_ends(route, &start, &end) && range_prefix(start, end) == 0;
}

/* Does a static route to the peer leave by that interface? */
static bool is_routed_by(const struct faults *x, const struct record *interface, struct address peer, struct text vrf)
{
    for (const struct fact *g = routes_of(x->m, x->device); g; g = g->next)
        if (leads_to(g, peer) && text_equal(route_vrf(g), vrf) && route_is_by(g, interface))
            return true;
    return false;
}

/* The only interface that can lead out of this VRF, or the only one by which a static route leads to the peer; NULL: it is not known. */
static const struct record *uplink_of_tunnel(const struct faults *x, struct address peer, struct text vrf)
{
    const struct record *only = NULL, *routed = NULL;
    unsigned count = 0, routes = 0;
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r)) {
        if (!is_uplink(x, r, vrf))
            continue;
        only = r;
        count++;
        if (is_routed_by(x, r, peer, vrf)) {
            routed = r;
            routes++;
        }
    }
    return count == 1 ? only : routes == 1 ? routed : NULL;
}

/* The only interface that carries the crypto map. */
static const struct record *uplink_of_map(const struct faults *x)
{
    const struct record *map = config_map_of(x->m, x->way->entry);
    const struct text name = map ? fact_get_text(map->facts, "name") : (struct text){ NULL, 0 };
    const struct worded *carried = name.len ? words_first(x->m, x->device, WORD_CARRIED, name) : NULL;
    return carried && !carried->next ? carried->record : NULL;
}

static const struct record *comes_in_by(const struct faults *x, struct address peer)
{
    const struct record *carrier = x->way->carrier;
    if (!carrier || !text_starts(carrier->title, TEXT("Loopback")))
        return carrier;
    if (!x->whole)
        return NULL;
    return way_is_tunnel(x->way) ? uplink_of_tunnel(x, peer, fact_get_text(carrier->facts, "vrf")) : uplink_of_map(x);
}

/* ---- who sends it ---- */

static bool forces_udp(const struct model *m, uint32_t device)
{
    for (const struct record *r = record_next(m, device, "ikev2-profile", NULL); r;
         r = record_next(m, device, "ikev2-profile", r))
        if (fact_find(r->facts, "nat_force_encap"))
            return true;
    return false;
}

/* Both ends have the addresses that they know each other by. */
static bool is_plain(const struct faults *x, uint32_t other)
{
    return !forces_udp(x->m, x->device) && !forces_udp(x->m, other);
}

/* Another router here calls this one from behind a NAT: its ESP comes in UDP 4500. */
static bool called_through_nat(const struct faults *x)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    const size_t routers = ways_routers(x->m, devices);
    struct config_way *calls = memory_take(WAYS * sizeof *calls);
    bool found = false;
    for (size_t i = 0; i < routers && !found; i++) {
        const size_t n = device_same(x->m, devices[i], x->device) ? 0 : ways_of(x->m, devices[i], calls);
        for (size_t k = 0; k < n && !found; k++)
            found = calls[k].own_count == 1 && way_may_be_translated(&calls[k]) && way_sends(x->way, calls[k].peer) &&
                    !config_owner(x->m, devices[i], x->way->peer, NULL);
    }
    memory_free(calls);
    return found;
}

/* ---- what is refused ---- */

/* IKE; or ESP in the one form in which it comes, or in both. */
static bool matters(const struct incoming *in, const bool refused[WAN_PACKETS])
{
    return refused[WAN_IKE] || (refused[WAN_ESP] && (refused[WAN_NATT] || in->plain)) || (refused[WAN_NATT] && in->in_udp);
}

static void say_kept_out(struct faults *x, struct diagnosis *d, const struct incoming *in, const char *title)
{
    diagnosis_severity(d, SEVERITY_WARNING); /* inspection may open what the list closes */
    diagnosis_word(d, "peer",
                   in->caller ? device_name_or(x->m, in->caller, TEXT("another router")) : address_text(in->peer, x->m->run));
    diagnosis_say(d, title,
                  in->caller ? "{router} would get nothing from {peer}, which calls it, or no answer."
                             : "{router} would get nothing from its peer {peer}, or no answer.");
}

/* The zone firewall, on the way to the router itself and from it. */
static bool judge_zone(struct faults *x, const struct incoming *in, struct address own)
{
    const struct record *interface = comes_in_by(x, in->peer);
    struct self_refusal refusal;
    struct diagnosis d;
    for (unsigned outward = 0; outward < 2; outward++) {
        if (!self_zone_refuses(x->m, x->device, interface, in->peer, own, outward, &refusal) ||
            !matters(in, refusal.wan.refused) || x->failed || !fault_begin(x, &d, "self zone", refusal.pair->title, true))
            continue;
        say_kept_out(x, &d, in, "The zone firewall keeps the tunnel's own packets out");
        self_zone_tell(&d, x->device, own, in->peer, &refusal);
        return true;
    }
    return false;
}

/* True: told. */
static bool judge(struct faults *x, const struct incoming *in)
{
    const struct address own = x->way->own_count ? x->way->own[0] : (struct address){ 0 };
    struct wan_refusal refusal;
    struct diagnosis d;
    (void)wan_refuses(x->m, x->device, comes_in_by(x, in->peer), in->peer, own, &refusal);
    if (!matters(in, refusal.refused))
        return judge_zone(x, in, own);
    if ((x->failed && refusal.refused[WAN_IKE]) || /* silence is told by no-response, with this as its cause */
        !fault_begin(x, &d, "wan", refusal.interface->title, true))
        return false;
    say_kept_out(x, &d, in, "An access list keeps the tunnel's own packets out");
    wan_tell(&d, x->device, own, in->peer, &refusal);
    return true;
}

static bool judge_call(struct faults *x, uint32_t caller, const struct config_way *call)
{
    const bool moved = way_may_be_translated(call);
    struct incoming in = { .caller = caller, .plain = !moved && is_plain(x, caller), .in_udp = moved && call->own_count == 1 };
    if (!moved)
        in.peer = call->own[0];
    return judge(x, &in);
}

void fault_wan_list(struct faults *x)
{
    const struct owner *owner = config_owner(x->m, 0, x->way->peer, NULL);
    if (x->asa)
        return;
    if (!x->way->peer.family) {
        fault_each_call(x, judge_call);
        return;
    }
    const struct incoming in = {
        .peer = x->way->peer,
        .plain = owner && !way_may_be_translated(x->way) && is_plain(x, owner->interface->device),
        .in_udp = called_through_nat(x),
    };
    (void)judge(x, &in);
}
