/* The next-hop servers of a multipoint tunnel: who has no address for one outside of the tunnel calls nobody, and a hub registers only
 * who asks for the address that its own tunnel has. */
#include "analysis/faults.h"

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
        else if (called_at(x->way, g, inside, &nbma) && address_equal(nbma, x->way->peer))
            tell_wrong(x, g, inside, nbma);
    }
}
