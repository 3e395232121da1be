/* The addresses that a way needs: one to send from, the one of HSRP that its crypto map is to go by, and one of the tunnel itself,
 * without which nothing is routed into it. What is missing is only said of configurations that are whole. */
#include "analysis/faults.h"

bool fault_has_address(const struct record *r)
{
    const struct fact *f = r->facts, *six = fact_find(f, "ipv6_enable");
    return fact_members(f, "addresses") || fact_find(f, "address_from") || fact_find(f, "unnumbered") || (six && six->as.number);
}

/* A template's clones may get theirs by AAA. */
void fault_tunnel_address(struct faults *x)
{
    const struct record *e = x->way->entry;
    struct diagnosis d;
    if (!way_is_tunnel(x->way) || !x->whole || !text_starts(e->title, TEXT("Tunnel")) || fault_has_address(e) ||
        !fault_begin(x, &d, "tunnel address", e->title, true))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING); /* IKE does without */
    diagnosis_word(&d, "tunnel", e->title);
    diagnosis_say(
        &d, "The tunnel interface has no address",
        "{tunnel} of {router} has no address and borrows none: it may come up, but IP is not spoken on it, so nothing is "
        "routed into the tunnel.");
    fault_advise(x, &d,
                 x->asa ? "`interface {tunnel}` / `ip address ADDRESS MASK`, of the subnet that the other end's tunnel has"
                        : "`interface {tunnel}` / `ip address ADDRESS MASK`, of the subnet that the other end's tunnel has, or "
                          "`ip unnumbered INTERFACE`");
    finding_quote(x->m, d.f, e, 0);
}

/* What is to be typed where the other end has an address of this router as its peer. */
static const char *elsewhere_advice(const struct faults *x)
{
    if (way_is_tunnel(x->way))
        return x->asa ? "`interface {tunnel}` / `tunnel source interface {nameif}`"
                      : "`interface {tunnel}` / `tunnel source {right}`";
    return x->asa ? "`crypto map {map} interface {nameif}`"
                  : "`interface {right}` / `crypto map {map}` / `interface {source}` / `no crypto map {map}`";
}

void fault_source_address(struct faults *x)
{
    const struct record *source = x->way->carrier, *e = x->way->entry;
    const bool tunnel = way_is_tunnel(x->way);
    uint32_t line = 0;
    struct diagnosis d;
    if (!source || !x->whole || x->way->own_count || fault_has_address(source) ||
        !fault_begin(x, &d, "source address", source->title, true))
        return;
    const struct record *called = fault_called(x, &line);
    diagnosis_word(&d, "source", source->title);
    diagnosis_word(&d, tunnel ? "tunnel" : "entry", e->title);
    diagnosis_word(&d, "map", fact_get_text(e->facts, "name"));
    diagnosis_word(&d, "right", called ? called->title : TEXT(""));
    diagnosis_word(&d, "nameif", called ? fact_get_text(called->facts, "nameif") : TEXT(""));
    diagnosis_say(&d, "There is no address to send from",
                  tunnel
                      ? "{tunnel} of {router} is to send from {source}, which has no address: it stays down."
                      : "The crypto map of entry {entry} of {router} is on {source}, which has no address: nothing is sent from "
                        "there, and nobody can call it.");
    fault_advise(x, &d,
                 called ? elsewhere_advice(x)
                 : tunnel
                     ? "`interface {source}` / `ip address ADDRESS MASK`, or as source of {tunnel} the interface that has the "
                       "address that the peer knows: `show ip interface brief`"
                     : "`interface {source}` / `ip address ADDRESS MASK`, or the crypto map on the interface that has the "
                       "address that the peer knows: `show ip interface brief`");
    finding_quote(x->m, d.f, e, 0);
    if (fact_find(e->facts, "tunnel_source"))
        finding_quote(x->m, d.f, e, fact_find(e->facts, "tunnel_source")->line);
    finding_quote(x->m, d.f, source, 0);
    if (called && line)
        finding_quote(x->m, d.f, called, line);
}

/* `crypto map M redundancy NAME`. A group that was given no name is called "hsrp-…" by the router. */
void fault_redundancy(struct faults *x)
{
    const struct record *carrier = x->way->carrier;
    const struct fact *named = carrier && !way_is_tunnel(x->way) ? fact_find(carrier->facts, "map_redundancy") : NULL;
    uint64_t group = 0;
    struct diagnosis d;
    if (!named || !x->whole || text_starts_nocase(named->as.text, TEXT("hsrp-")) ||
        standby_named(carrier, named->as.text, &group) || !fault_begin(x, &d, "redundancy", carrier->title, true))
        return;
    const struct fact *other = fact_members(carrier->facts, "standby_names"),
                      *address = fact_members(carrier->facts, "addresses");
    while (address && !fact_get_number(fact_children(address), "standby", &group))
        address = address->next;
    diagnosis_word(&d, "interface", carrier->title);
    diagnosis_word(&d, "map", fact_get_text(carrier->facts, "crypto_map"));
    diagnosis_word(&d, "name", named->as.text);
    diagnosis_word(&d, "near", other ? fact_get_text(fact_children(other), "name") : TEXT(""));
    diagnosis_wordf(&d, "group", "%llu", (unsigned long long)group);
    diagnosis_say(&d, "The crypto map goes by a standby group that is not there",
                  "On {interface} of {router} the crypto map {map} is to go by the address of the standby group {name}, and no "
                  "group there has that name[[; one is called {near}]].");
    fault_advise(x, &d,
                 other ? "`interface {interface}` / `no crypto map` / `crypto map {map} redundancy {near}`"
                       : "`interface {interface}` / `standby {group} name {name}`");
    finding_quote(x->m, d.f, carrier, 0);
    finding_quote(x->m, d.f, carrier, named->line);
    if (other)
        finding_quote(x->m, d.f, carrier, other->line);
}
