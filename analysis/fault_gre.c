/* A crypto map that is there for a GRE tunnel, and a tunnel that leads elsewhere: its packets fit nothing and go out in clear. */
#include "analysis/acl_edit.h"
#include "analysis/evidence_words.h"
#include "analysis/faults.h"

enum { GRE = 47, LISTS_ASKED = 64 /* entries of crypto maps */ };

static bool is_host(const struct selector *s)
{
    return address_length(s->start) && address_equal(s->start, s->end);
}

static bool sends_from(const struct faults *x, const struct record *tunnel, struct address own)
{
    struct text source = fact_get_text(tunnel->facts, "tunnel_source");
    struct address a;
    if (address_read(source, &a))
        return address_equal(a, own);
    const struct owner *o = config_owner(x->m, x->device, own, NULL);
    return o && text_equal_nocase(o->interface->title, source);
}

/* A GRE tunnel to one address, without protection of its own. */
static bool is_bare_gre(const struct record *r, struct address *to)
{
    struct text mode = fact_get_text(r->facts, "tunnel_mode");
    return address_read(fact_get_text(r->facts, "tunnel_destination"), to) && address_length(*to) &&
           !fact_get_text(r->facts, "tunnel_profile").len && (!mode.len || text_starts(mode, TEXT("gre")));
}

/* Some crypto map's list has the packets of that tunnel. */
static bool is_listed(const struct faults *x, const struct record *tunnel, struct address to, struct arena *scratch)
{
    unsigned asked = 0;
    for (const struct record *e = record_next(x->m, x->device, "crypto-map", NULL); e;
         e = record_next(x->m, x->device, "crypto-map", e)) {
        const struct record *acl = config_find(x->m, x->device, "access-list", fact_get_text(e->facts, "match_address"));
        if (++asked > LISTS_ASKED)
            return true;
        for (const struct selector_pair *p = acl ? acl_selectors(acl, scratch) : NULL; p; p = p->next)
            if ((p->local.protocol == GRE || !p->local.protocol) && range_has(p->remote.start, p->remote.end, to) &&
                (!is_host(&p->local) || sends_from(x, tunnel, p->local.start)))
                return true;
    }
    return false;
}

/* It leads to that address; or somewhere that it does not say as an address: to a name, to whom NHRP or a client block tells. Where
 * it is shut down or has a profile of its own, too. */
static bool may_lead_to(const struct record *r, struct address listed)
{
    struct text destination = fact_get_text(r->facts, "tunnel_destination");
    struct address to;
    if (!destination.len && !fact_find(r->facts, "tunnel_source") && !fact_find(r->facts, "tunnel_profile"))
        return false;
    return !address_read(destination, &to) || address_equal(to, listed);
}

/* The only tunnel from there that no list has, where none may go where the entry says. */
static const struct record *stray_tunnel(const struct faults *x, const struct selector_pair *p, struct arena *scratch)
{
    const struct record *found = NULL;
    unsigned count = 0;
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r)) {
        struct address to;
        if (may_lead_to(r, p->remote.start))
            return NULL;
        if (is_bare_gre(r, &to) && !record_is_shut(r) && sends_from(x, r, p->local.start) && !is_listed(x, r, to, scratch)) {
            found = r;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

/* A router that has `far` has a tunnel of the same subnet that comes back to `near`. */
static bool is_expected(const struct faults *x, const struct record *tunnel, struct address far, struct address near)
{
    for (const struct owner *o = config_owner(x->m, 0, far, NULL); o; o = config_owner(x->m, 0, far, o))
        for (const struct record *r = record_next(x->m, o->interface->device, "interface", NULL); r;
             r = record_next(x->m, o->interface->device, "interface", r)) {
            struct address to;
            if (address_read(fact_get_text(r->facts, "tunnel_destination"), &to) && address_equal(to, near) &&
                ways_belong(x->m, tunnel, r))
                return true;
        }
    return false;
}

static void tell(struct faults *x, const struct record *acl, const struct selector_pair *p, const struct record *tunnel)
{
    const struct fact *destination = fact_find(tunnel->facts, "tunnel_destination");
    struct address to;
    struct diagnosis d;
    (void)address_read(destination->as.text, &to);
    const bool sure = is_expected(x, tunnel, p->remote.start, p->local.start) && !config_owner(x->m, 0, to, NULL);
    /* what the other end has is compared with the list */
    if (!config_owner(x->m, 0, p->remote.start, NULL) && config_owner(x->m, 0, to, NULL))
        return;
    if (!fault_begin(x, &d, "gre", tunnel->title, true))
        return;
    if (!sure)
        diagnosis_severity(&d, SEVERITY_WARNING); /* nothing tells that the two belong together */
    diagnosis_word(&d, "tunnel", tunnel->title);
    diagnosis_word(&d, "to", address_text(to, x->m->run));
    diagnosis_word(&d, "near", address_text(p->local.start, x->m->run));
    diagnosis_word(&d, "listed", address_text(p->remote.start, x->m->run));
    diagnosis_word(&d, "list", acl->title);
    diagnosis_word(&d, "entry", x->way->entry->title);
    diagnosis_word(&d, "old", acl_removal_text(x->m->run, acl, p->line, false));
    diagnosis_say(
        &d, "The GRE tunnel leads elsewhere than its crypto map protects",
        "Crypto map {entry} of {router} protects GRE from {near} to {listed}, and no tunnel there goes to {listed}; {tunnel} "
        "goes from {near} to {to}, which no crypto map protects: its packets leave in clear.");
    fault_advise(
        x, &d,
        sure ? "`interface {tunnel}` / `tunnel destination {listed}`"
             : "if {tunnel} is meant for it: `interface {tunnel}` / `tunnel destination {listed}`; or, if the list is wrong: "
               "`ip access-list extended {list}` / `permit gre host {near} host {to}` / `{old}`");
    finding_quote(x->m, d.f, tunnel, 0);
    finding_quote(x->m, d.f, tunnel, destination->line);
    finding_quote(x->m, d.f, acl, p->line);
}

/* The only tunnel to where the entry protects it, which sends from another address than the entry says. */
static const struct record *tunnel_from_elsewhere(const struct faults *x, const struct selector_pair *p)
{
    const struct record *found = NULL;
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r)) {
        struct address to;
        if (!is_bare_gre(r, &to) || !address_equal(to, p->remote.start) || record_is_shut(r))
            continue;
        if (found || sends_from(x, r, p->local.start) || !fact_get_text(r->facts, "tunnel_source").len)
            return NULL;
        found = r;
    }
    return found;
}

static void tell_source(struct faults *x, const struct record *acl, const struct selector_pair *p, const struct record *tunnel)
{
    const struct owner *own = config_owner(x->m, x->device, p->local.start, NULL);
    const struct fact *source = fact_find(tunnel->facts, "tunnel_source");
    struct diagnosis d;
    if (!fault_begin(x, &d, "gre", tunnel->title, true))
        return;
    diagnosis_word(&d, "tunnel", tunnel->title);
    diagnosis_word(&d, "source", source->as.text);
    diagnosis_word(&d, "own", own->interface->title);
    diagnosis_word(&d, "near", address_text(p->local.start, x->m->run));
    diagnosis_word(&d, "listed", address_text(p->remote.start, x->m->run));
    diagnosis_word(&d, "entry", x->way->entry->title);
    diagnosis_say(
        &d, "The GRE tunnel sends from another address than its crypto map protects",
        "Crypto map {entry} of {router} protects GRE from {near} to {listed}, and {tunnel}, which goes to {listed}, has "
        "{source} as its source: its packets fit no access list and leave in clear.");
    fault_advise(x, &d, "`interface {tunnel}` / `tunnel source {own}`");
    finding_quote(x->m, d.f, tunnel, 0);
    finding_quote(x->m, d.f, tunnel, source->line);
    finding_quote(x->m, d.f, acl, p->line);
}

void fault_gre(struct faults *x)
{
    struct text name = fact_get_text(x->way->entry->facts, "match_address");
    const struct record *acl = !x->asa && name.len && x->way->peer.family && !way_is_tunnel(x->way)
                                   ? config_find(x->m, x->device, "access-list", name)
                                   : NULL;
    struct arena *scratch = arena_create();
    unsigned asked = 0;
    for (const struct selector_pair *p = acl ? acl_selectors(acl, scratch) : NULL; p && asked < LISTS_ASKED;
         p = p->next, asked++) {
        if (p->local.protocol != GRE || !is_host(&p->local) || !is_host(&p->remote) ||
            !config_owner(x->m, x->device, p->local.start, NULL))
            continue;
        const struct record *tunnel = stray_tunnel(x, p, scratch);
        const struct record *moved = tunnel ? NULL : tunnel_from_elsewhere(x, p);
        struct address to;
        if (tunnel)
            tell(x, acl, p, tunnel);
        else if (moved && is_bare_gre(moved, &to) && !is_listed(x, moved, to, scratch))
            tell_source(x, acl, p, moved);
    }
    arena_destroy(scratch);
}
