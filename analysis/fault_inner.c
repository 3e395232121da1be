/* What a tunnel carries inside: the two ends' addresses there, which a routing protocol needs in one subnet, and IP of which version. */
#include "analysis/faults.h"

/* Its only address, of a subnet with room for two; NULL: it has none, or several. */
static const struct fact *inner_address(const struct record *tunnel, struct address *a)
{
    const struct fact *g = fact_members(tunnel->facts, "addresses");
    if (!g || g->next || !fact_get_address(fact_children(g), "address", a))
        return NULL;
    struct address beside = *a;
    beside.octets[address_length(*a) - 1] ^= 1;
    return interface_reaches(tunnel, beside) ? g : NULL;
}

/* The only tunnel of the other router that leads back here, where this one is the only one that leads there. */
static const struct record *tunnel_back(const struct faults *x, uint32_t other)
{
    struct config_way *theirs = memory_take(WAYS * sizeof *theirs);
    const size_t count = ways_of(x->m, other, theirs);
    const struct record *found = NULL;
    unsigned back = 0, there = 0;
    for (size_t i = 0; i < count; i++)
        if (theirs[i].peer.family && config_owner(x->m, x->device, theirs[i].peer, NULL)) {
            found = way_is_tunnel(&theirs[i]) && way_sends(x->way, theirs[i].peer) ? theirs[i].entry : NULL;
            back++;
        }
    for (size_t i = 0; i < x->count; i++)
        there += x->ways[i].peer.family && config_owner(x->m, other, x->ways[i].peer, NULL);
    memory_free(theirs);
    return back == 1 && there == 1 ? found : NULL;
}

void fault_inner(struct faults *x)
{
    const struct record *e = x->way->entry;
    const struct owner *peer = way_is_tunnel(x->way) && fact_find(e->facts, "tunnel_destination")
                                   ? config_owner(x->m, 0, x->way->peer, NULL)
                                   : NULL;
    const uint32_t other = peer ? peer->interface->device : 0;
    struct address near, far;
    struct diagnosis d;
    if (other <= x->device || device_same(x->m, other, x->device) || !config_learns(x->m, x->device, "routes_by_protocol") ||
        !config_learns(x->m, other, "routes_by_protocol"))
        return;
    const struct record *back = tunnel_back(x, other);
    const struct fact *own = inner_address(e, &near), *its = back ? inner_address(back, &far) : NULL;
    if (!own || !its || near.family != far.family || interface_reaches(e, far) || interface_reaches(back, near) ||
        !fault_begin(x, &d, "inner", e->title, true))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING); /* the tunnel itself comes up */
    diagnosis_word(&d, "tunnel", e->title);
    diagnosis_word(&d, "near", address_text(near, x->m->run));
    diagnosis_word(&d, "far", address_text(far, x->m->run));
    diagnosis_word(&d, "theirs", back->title);
    diagnosis_word(&d, "other", device_name_or(x->m, other, TEXT("the other end")));
    diagnosis_say(
        &d, "The tunnel's two ends have addresses of different subnets",
        "{tunnel} of {router} has {near}, and {theirs} of {other}, its other end, has {far}, which is of another subnet: the "
        "one does not reach the other through the tunnel, and no routing protocol finds its neighbour.");
    fault_advise(x, &d,
                 "one of the two is mistyped: here, `interface {tunnel}` / `ip address ADDRESS MASK`, of the subnet of {far}");
    diagnosis_advise_router(
        &d, other, x->way->peer, near,
        "one of the two is mistyped: here, `interface {theirs}` / `ip address ADDRESS MASK`, of the subnet of {near}");
    finding_quote(x->m, d.f, e, 0);
    finding_quote(x->m, d.f, e, own->line);
    finding_quote(x->m, d.f, back, 0);
    finding_quote(x->m, d.f, back, its->line);
}

/* `tunnel mode ipsec ipv6` carries IPv6 alone, and `tunnel mode ipsec ipv4` IPv4, unless it says of an overlay. */
void fault_overlay(struct faults *x)
{
    const struct record *e = x->way->entry;
    const struct fact *mode = way_is_tunnel(x->way) ? fact_find(e->facts, "tunnel_mode") : NULL;
    const bool over6 = mode && text_equal(mode->as.text, TEXT("ipsec ipv6")),
               over4 = mode && text_equal(mode->as.text, TEXT("ipsec ipv4"));
    bool has[2] = { false, false };
    struct address a;
    struct diagnosis d;
    for (const struct fact *g = fact_members(e->facts, "addresses"); g; g = g->next)
        if (fact_get_address(fact_children(g), "address", &a))
            has[a.family == ADDRESS_IPV6] = true;
    const bool lacks = (over6 && has[0] && !has[1]) || (over4 && has[1] && !has[0]);
    if (x->asa || !lacks || fact_find(e->facts, "ipv6_enable") || fact_find(e->facts, "unnumbered") ||
        fact_find(e->facts, "address_from") || !fault_begin(x, &d, "overlay", e->title, true))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING); /* the tunnel itself comes up */
    diagnosis_word(&d, "tunnel", e->title);
    diagnosis_word(&d, "mode", mode->as.text);
    diagnosis_word(&d, "carried", over6 ? TEXT("IPv6") : TEXT("IPv4"));
    diagnosis_word(&d, "has", over6 ? TEXT("IPv4") : TEXT("IPv6"));
    diagnosis_word(&d, "overlay", over6 ? TEXT("v4-overlay") : TEXT("v6-overlay"));
    diagnosis_say(
        &d, "The tunnel carries another version of IP than it has addresses of",
        "{tunnel} of {router} has an address of {has} alone, and by `tunnel mode {mode}` it carries {carried} alone: nothing "
        "goes through it.");
    fault_advise(x, &d, "`interface {tunnel}` / `tunnel mode {mode} {overlay}`, and the same at the other end");
    finding_quote(x->m, d.f, e, 0);
    finding_quote(x->m, d.f, e, mode->line);
}
