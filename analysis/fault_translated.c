/* What NAT does to the traffic of a tunnel: it takes what a crypto map is to protect, or what the callers of a dynamic one ask it for;
 * or an ASA's rule that leaves things as they are leads them past a tunnel interface. */
#include "analysis/faults.h"
#include "analysis/nat.h"

static void say_taken(struct faults *x, struct diagnosis *d, const struct nat_taken *taken, const char *text)
{
    diagnosis_severity(d, SEVERITY_WARNING);
    diagnosis_word(d, "from", selectors_text(x->m->run, &taken->local));
    diagnosis_word(d, "to", selectors_text(x->m->run, &taken->remote));
    diagnosis_word(d, "entry", x->way->entry->title);
    diagnosis_say(d, "NAT takes what should go into the tunnel", text);
    fault_advise(x, d, arena_string(x->m->run, nat_exempt_text(x->m, x->device, taken)));
    nat_quote(d, taken);
}

void fault_nat(struct faults *x)
{
    struct nat_taken taken;
    struct diagnosis d;
    const struct record *acl = way_is_tunnel(x->way) || !x->way->peer.family ? NULL : x->path.acl;
    if (!acl || !nat_takes_asked(x->m, x->device, &x->path, acl_selectors(acl, x->m->run), &taken) ||
        !fault_begin(x, &d, "nat", x->way->entry->title, true))
        return;
    say_taken(x, &d, &taken,
              "{router} translates {from} on the way out, and does not exempt all that goes to {to} from that: after NAT it fits "
              "the access list of crypto map {entry} no more, and leaves in clear or is dropped.");
}

/* ---- what answers anybody ---- */

/* What the caller's access list asks for, as this end sees it, as far as the dynamic map's own list lets it. */
static struct selector_pair *asked_for(struct faults *x, const struct record *own, const struct record *callers)
{
    struct selector_pair *all = acl_selectors(callers, x->m->run), **at = &all;
    const struct selector_pair *held = own ? acl_selectors(own, x->m->run) : NULL;
    while (*at) {
        struct selector_pair *p = *at;
        const struct selector near = p->local;
        p->local = p->remote;
        p->remote = near;
        const struct selector_pair *h = held;
        while (h && !pair_holds(h, p) && nat_may_compare(x->m))
            h = h->next;
        if (own && (!h || !pair_holds(h, p)))
            *at = p->next;
        else
            at = &p->next;
    }
    return all;
}

static bool judge_call(struct faults *x, uint32_t caller, const struct config_way *call)
{
    const struct config_path path = config_path_to(x->m, x->device, (struct address){ .family = ADDRESS_NONE }, x->way->entry),
                             theirs = config_path_to(x->m, caller, call->peer, call->entry);
    const struct selector_pair *asked = theirs.acl && !way_is_tunnel(call) ? asked_for(x, path.acl, theirs.acl) : NULL;
    struct nat_taken taken;
    struct diagnosis d;
    if (!asked || !nat_takes_asked(x->m, x->device, &path, asked, &taken) ||
        !fault_begin(x, &d, "nat", arena_format(x->m->run, "%.*s %u", TEXT_ARGS(x->way->entry->title), (unsigned)caller), true))
        return false;
    diagnosis_word(&d, "caller", device_name_or(x->m, caller, TEXT("the caller")));
    say_taken(x, &d, &taken,
              "{router} translates {from} on the way out, and does not exempt what goes to {to} from that, which {caller} asks "
              "its dynamic map {entry} to protect: after NAT it fits that no more, and leaves in clear or is dropped.");
    return false;
}

void fault_nat_of_callers(struct faults *x)
{
    if (!way_is_tunnel(x->way) && !x->way->peer.family && nat_has_rules(x->m, x->device))
        fault_each_call(x, judge_call);
}

/* ---- a tunnel interface of an ASA ---- */

/* An interface with an address that a network is behind. */
static bool is_inside(const struct faults *x, const struct record *r, struct address *a)
{
    const struct fact *g = fact_members(r->facts, "addresses");
    return r != x->way->carrier && !fact_get_text(r->facts, "tunnel_profile").len && !text_starts(r->title, TEXT("Loopback")) &&
           !record_is_shut(r) && g && fact_get_address(fact_children(g), "address", a);
}

static struct selector_pair of_two(struct address near, struct address far)
{
    return (struct selector_pair){ .local = { .start = near, .end = near, .end_port = UINT16_MAX },
                                   .remote = { .start = far, .end = far, .end_port = UINT16_MAX } };
}

static void tell_exit(struct faults *x, const struct record *rule, const struct record *theirs, struct address far,
                      struct text exit)
{
    struct diagnosis d;
    if (!fault_begin(x, &d, "nat exit", x->way->entry->title, true))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "tunnel", x->way->entry->title);
    diagnosis_word(&d, "exit", exit);
    diagnosis_word(&d, "far", address_text(far, x->m->run));
    diagnosis_word(&d, "theirs", theirs->title);
    diagnosis_word(&d, "other", device_name_or(x->m, theirs->device, TEXT("the other end")));
    diagnosis_word(&d, "rule", text_trim(record_line(rule, rule->first_line)));
    diagnosis_say(
        &d, "A NAT rule leads past the tunnel",
        "{router} has a NAT rule that leaves what goes to {far}, {theirs} of {other}, as it is and names {exit} as the way "
        "out. Without `route-lookup` an ASA goes by that and not by its routes: it leaves by {exit} in clear, not by {tunnel}.");
    fault_advise(x, &d,
                 "`no {rule}`, if it is left over from a crypto map: a tunnel interface needs no exemption from rules that are "
                 "for {exit}; or `{rule} route-lookup` in its place");
    finding_quote(x->m, d.f, rule, 0);
    finding_quote(x->m, d.f, x->way->entry, 0);
    finding_quote(x->m, d.f, theirs, 0);
}

/* A crypto map of the router leads to that one, too: then the rule may be for its traffic. */
static bool has_map_to(const struct faults *x, uint32_t other)
{
    for (size_t i = 0; i < x->count; i++)
        if (!way_is_tunnel(&x->ways[i]) && (!x->ways[i].peer.family || config_owner(x->m, other, x->ways[i].peer, NULL)))
            return true;
    return false;
}

void fault_nat_exit(struct faults *x)
{
    const struct owner *peer = x->asa && way_is_tunnel(x->way) ? config_owner(x->m, 0, x->way->peer, NULL) : NULL;
    const uint32_t other = peer ? peer->interface->device : 0;
    const struct text own = fact_get_text(x->way->entry->facts, "nameif");
    struct address near, far;
    struct text exit;
    if (!other || device_same(x->m, other, x->device) || !record_next(x->m, x->device, "nat", NULL) || has_map_to(x, other))
        return;
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r))
        for (const struct record *t = is_inside(x, r, &near) ? record_next(x->m, other, "interface", NULL) : NULL; t;
             t = record_next(x->m, other, "interface", t)) {
            if (!nat_may_compare(x->m))
                return;
            if (t == peer->interface || !is_inside(x, t, &far))
                continue;
            const struct selector_pair p = of_two(near, far);
            const struct record *rule = nat_names_exit(x->m, r, &p, &exit);
            if (rule && !text_equal(exit, own)) {
                tell_exit(x, rule, t, far, exit);
                return;
            }
        }
}
