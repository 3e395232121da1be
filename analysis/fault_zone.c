/* The zone firewall of IOS: what passes between two interfaces must be in one zone, or their zones must be a pair, or neither in any.
 * A tunnel interface that was forgotten passes nothing. Only told of configurations that are whole. */
#include "analysis/faults.h"
#include "analysis/self_zone.h"

static struct text zone_of(const struct record *interface)
{
    return fact_get_text(interface->facts, "zone");
}

/* What is in no zone is in "default", where the router has that one. */
static struct text or_default(struct text zone)
{
    return zone.len ? zone : TEXT("default");
}

static bool is_pair(const struct faults *x, struct text one, struct text other)
{
    return zone_pair(x->m, x->device, one, other) || zone_pair(x->m, x->device, other, one);
}

/* An interface that what comes out of the tunnel may be meant for: no other way out, as the tunnel's own is one. */
static bool is_inside(const struct faults *x, const struct record *r)
{
    static const char *const others[] = { "Tunnel", "Virtual-Template", "Loopback", "Null" };
    const struct text outside = x->way->carrier ? zone_of(x->way->carrier) : TEXT("");
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (text_starts(r->title, text_of(others[i])))
            return false;
    return r != x->way->carrier && !(outside.len && text_equal(zone_of(r), outside)) && !record_is_shut(r) &&
           !fact_find(r->facts, "nat_outside") && fault_has_address(r) &&
           text_equal(fact_get_text(r->facts, "vrf"), fact_get_text(x->way->entry->facts, "vrf"));
}

/* The first interface inside that the tunnel passes nothing to, where it passes to none; NULL: it does to one, or there is none. */
static const struct record *cut_off(const struct faults *x)
{
    const struct text zone = zone_of(x->way->entry);
    const struct record *first = NULL;
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r)) {
        if (!is_inside(x, r))
            continue;
        const struct text other = zone_of(r);
        if (text_equal(zone, other) || is_pair(x, or_default(zone), or_default(other)))
            return NULL;
        first = first ? first : r;
    }
    return first;
}

void fault_zone(struct faults *x)
{
    const struct record *e = x->way->entry, *inside = x->asa || !x->whole || !way_is_tunnel(x->way) ? NULL : cut_off(x);
    struct diagnosis d;
    if (!inside || !fault_begin(x, &d, "zone", e->title, true))
        return;
    const struct text zone = zone_of(e), other = zone_of(inside);
    const struct fact *at = fact_find(other.len ? inside->facts : e->facts, "zone");
    diagnosis_severity(&d, SEVERITY_WARNING); /* the tunnel itself comes up */
    diagnosis_word(&d, "tunnel", e->title);
    diagnosis_word(&d, "inside", inside->title);
    diagnosis_word(&d, "zone", zone);
    diagnosis_word(&d, "other", other);
    diagnosis_say(&d, "The zone firewall passes nothing between the tunnel and what is inside",
                  !zone.len ? "{inside} of {router} is in the zone {other} and {tunnel} in none: between them all is dropped."
                  : !other.len
                      ? "{tunnel} of {router} is in the zone {zone} and {inside} in none: between them all is dropped."
                      : "{tunnel} of {router} is in the zone {zone} and {inside} in {other}, and no `zone-pair security` has the "
                        "two: between them all is dropped.");
    fault_advise(
        x, &d,
        !zone.len ? "`interface {tunnel}` / `zone-member security {other}`, or a zone of its own with `zone-pair security` and a "
                    "policy in both directions"
        : !other.len ? "`interface {inside}` / `zone-member security {zone}`, or `interface {tunnel}` / `no zone-member "
                       "security {zone}`"
                     : "`zone-pair security NEW source {other} destination {zone}` / `service-policy type inspect POLICY`, and "
                       "one from {zone} to {other} for what the other end begins");
    finding_quote(x->m, d.f, e, 0);
    finding_quote(x->m, d.f, inside, 0);
    if (at)
        finding_quote(x->m, d.f, other.len ? inside : e, at->line);
}
