#include "analysis/asked.h"

#include "analysis/acl_edit.h"
#include "analysis/mirror.h"
#include "analysis/shown_children.h"

static struct selector_pair *list_of(struct model *m, const struct ike_sa *sa, enum side side)
{
    uint32_t router = router_of(m, sa, side);
    struct selector_pair *list = router ? config_selectors(m, router, address_on(sa, side_other(side)), m->run) : NULL;
    return list && list->acl ? list : NULL; /* a tunnel interface asks for everything, and says so by itself */
}

/* The entry of the asking end's list that the other end's has no mirror image of; of one entry alone nobody needs the other's. */
static const struct selector_pair *entry_asked(const struct selector_pair *own, struct selector_pair *others)
{
    if (!others)
        return own && !own->next ? own : NULL;
    struct arena *scratch = arena_create();
    struct map images = { 0 };
    mirror_add(&images, scratch, others);
    while (own && mirror_has(&images, own))
        own = own->next;
    map_clear(&images);
    arena_destroy(scratch);
    return own;
}

/* Behind an address, is that a mask and not a range's end? From 0.0.0.0 to 255.255.255.255 is everything, and no host. */
static bool is_mask(struct address start, struct address end)
{
    const struct address none = { .family = start.family };
    const bool from_zero = address_compare(start, none) == 0;
    return address_compare(end, start) < 0 || (from_zero ? address_compare(end, none) == 0 : end.octets[0] == 255);
}

/* "10.1.0.0/10.1.0.255/0/65535/6": start or address, end or mask, ports, protocol. */
static bool selector_printed(struct text t, struct selector *s)
{
    struct text part[5], one;
    size_t count = 0;
    while (count < 5 && text_cut(&t, '/', &one))
        part[count++] = text_trim(one);
    uint64_t number[3] = { 0, UINT16_MAX, 0 };
    *s = (struct selector){ .type = TS_IPV4_ADDR_RANGE };
    if (count < 2 || !address_read(part[0], &s->start) || !address_read(part[1], &s->end) || s->start.family != s->end.family)
        return false;
    for (size_t i = 2; i < count; i++)
        if (!text_number(part[i], 10, &number[i - 2]) || number[i - 2] > UINT16_MAX)
            return false;
    size_t length = address_length(s->start);
    if (is_mask(s->start, s->end))
        for (size_t i = 0; i < length; i++)
            s->end.octets[i] = (uint8_t)(s->start.octets[i] | ~s->end.octets[i]);
    s->type = s->start.family == ADDRESS_IPV6 ? TS_IPV6_ADDR_RANGE : TS_IPV4_ADDR_RANGE;
    s->start_port = (uint16_t)number[0];
    s->end_port = (uint16_t)number[1];
    s->protocol = (uint8_t)number[2];
    return true;
}

/* The router that refuses may print what it was asked for: an ASA does. */
static bool printed_by_refuser(const struct ike_sa *sa, struct selector *from, struct selector *to)
{
    struct heard said = heard(sa, CODE_CRYPTO_MAP_POLICY_NOT_FOUND);
    return said.note && selector_printed(fact_get_text(said.note->facts, "remote_selector"), from) &&
           selector_printed(fact_get_text(said.note->facts, "local_selector"), to);
}

/* The only flow without SAs that the asking router's `show crypto ipsec sa` has towards its peer: an entry of its list that got
 * none. */
static const struct shown_flow *flow_asked(const struct model *m, const struct ike_sa *sa, enum side asked)
{
    const uint32_t router = router_of(m, sa, asked);
    const struct shown_flow *found = NULL;
    struct address local;
    for (const struct shown_flow *of = router ? flows_towards(m, address_on(sa, side_other(asked))) : NULL; of; of = of->next) {
        const struct fact *f = fact_children(of->flow);
        if (!device_same(m, of->record->device, router) || fact_members(f, "sas") ||
            (fact_get_address(f, "local_endpoint", &local) && !address_equal(local, address_on(sa, asked))))
            continue;
        if (found)
            return NULL;
        found = of;
    }
    return found;
}

static bool is_everything(const struct selector *s)
{
    return !s->next && range_prefix(s->start, s->end) == 0;
}

static void set_words(struct diagnosis *d, const struct selector *from, const struct selector *to)
{
    struct arena *run = d->m->run;
    diagnosis_word(d, "from", selectors_text(run, from));
    diagnosis_word(d, "to", selectors_text(run, to));
    if (is_everything(from) && is_everything(to)) {
        diagnosis_word(d, "all", TEXT("all"));
        return;
    }
    diagnosis_word(d, "mirror_wild", acl_entry_text(run, to, from, true));
    diagnosis_word(d, "mirror_mask", acl_entry_text(run, to, from, false));
}

/* The entry of the refusing end's list that was meant to be the mirror image: the only one that is none of anything that the asking
 * end has, and shares a side with what was asked for. NULL: there is none, or more than one (*count), or the asking end's list is
 * not known. */
static const struct selector_pair *stale_entry(struct selector_pair *own, const struct selector_pair *others,
                                               const struct selector *from, const struct selector *to, unsigned *count)
{
    const struct selector_pair *found = NULL;
    struct arena *scratch = arena_create();
    struct map images = { 0 };
    *count = 0;
    mirror_add(&images, scratch, own);
    for (const struct selector_pair *p = others; p; p = p->next)
        if ((selector_meets(&p->local, to) || selector_meets(&p->remote, from)) && !mirror_has(&images, p)) {
            found = p;
            ++*count;
        }
    map_clear(&images);
    arena_destroy(scratch);
    return own && *count == 1 ? found : NULL;
}

/* What is typed to put the entry `local` to `remote` in the place of the one on that line, behind what opens the list's mode. */
static struct text edit_text(struct model *m, const struct selector_pair *old, const struct selector *local,
                             const struct selector *remote)
{
    const bool asa = config_of_asa(m, old->acl->device);
    const struct text entry = acl_entry_text(m->run, local, remote, !asa),
                      gone = acl_removal_text(m->run, old->acl, old->line, asa), list = old->acl->title;
    if (!entry.len || !gone.len)
        return (struct text){ NULL, 0 };
    return arena_format(m->run,
                        asa ? "`access-list %.*s extended permit %.*s` / `%.*s`"
                            : "`ip access-list extended %.*s` / `permit %.*s` / `%.*s`",
                        TEXT_ARGS(list), TEXT_ARGS(entry), TEXT_ARGS(gone));
}

/* Other peers use the list, too: another entry of a crypto map has it, or one of a dynamic map, which is for whoever calls. */
static bool is_shared(const struct model *m, const struct record *acl)
{
    const struct record *user = NULL, *r = NULL;
    while ((r = record_next(m, acl->device, "crypto-dynamic-map", r)))
        if (text_equal(fact_get_text(r->facts, "match_address"), acl->title))
            return true;
    while ((r = record_next(m, acl->device, "crypto-map", r))) {
        if (!text_equal(fact_get_text(r->facts, "match_address"), acl->title))
            continue;
        if (user && !text_equal(user->title, r->title))
            return true;
        user = r;
    }
    return false;
}

/* What ends the new entry of the refusing end's list, and is typed or said of the old one; none: there is none to be told of. */
static struct text beside_text(struct model *m, const struct selector_pair *stale, bool none)
{
    if (none)
        return TEXT("`");
    if (stale && acl_is_of_groups(stale->acl, stale->line))
        return TEXT("` (what it replaces is one member of an object-group: `no` in front of that member, and not of the entry)");
    const struct text gone = stale ? acl_removal_text(m->run, stale->acl, stale->line, config_of_asa(m, stale->acl->device))
                                   : (struct text){ NULL, 0 };
    return gone.len ? arena_format(m->run, "` / `%.*s`", TEXT_ARGS(gone)) : TEXT("`" BESIDE);
}

/* {beside} ends the new entry of the refusing end's list, {own_edit} is all of it for the asking end. */
static void set_edits(struct diagnosis *d, struct selector_pair *own, const struct selector_pair *others,
                      const struct selector *from, const struct selector *to)
{
    struct model *m = d->m;
    unsigned count;
    const struct selector_pair *stale = stale_entry(own, others, from, to, &count), *asked = own;
    while (asked && !(selector_holds(&asked->local, from) && selector_holds(&asked->remote, to)))
        asked = asked->next;
    stale = asked ? stale : NULL; /* else the configuration is not the one that asked */
    const bool shared = others && is_shared(m, others->acl);
    diagnosis_word(d, "beside", beside_text(m, stale, shared || (own && others && !count)));
    if (stale && !shared && !is_shared(m, asked->acl) && !acl_is_of_groups(asked->acl, asked->line))
        diagnosis_word(d, "own_edit", edit_text(m, asked, &stale->remote, &stale->local));
}

bool asked_words(struct diagnosis *d, const struct ike_sa *sa, enum side asked, const struct message *message)
{
    struct selector_pair *own = list_of(d->m, sa, asked), *others = list_of(d->m, sa, side_other(asked));
    const struct selector_pair *entry = entry_asked(own, others);
    diagnosis_word(d, "tunnel_list", own ? TEXT("") : TEXT("the list that its `tunnel protection ipsec policy` names"));
    if (others && (entry || message))
        diagnosis_word(d, "has",
                       arena_format(d->m->run, "%.*s to %.*s", TEXT_ARGS(selectors_text(d->m->run, &others->local)),
                                    TEXT_ARGS(selectors_text(d->m->run, &others->remote))));
    if (message && message->tsi && message->tsr) {
        set_words(d, message->tsi, message->tsr);
        set_edits(d, own, others, message->tsi, message->tsr);
        return false;
    }
    struct selector from, to;
    if (printed_by_refuser(sa, &from, &to)) {
        set_words(d, &from, &to);
        set_edits(d, own, others, &from, &to);
        return false;
    }
    const struct shown_flow *flow = entry ? NULL : flow_asked(d->m, sa, asked);
    const struct fact *near = flow ? fact_find(fact_children(flow->flow), "local_ident") : NULL,
                      *far = flow ? fact_find(fact_children(flow->flow), "remote_ident") : NULL;
    const struct selector *local = near && far ? shown_selector(d->m, near) : NULL,
                          *remote = local ? shown_selector(d->m, far) : NULL;
    if (entry)
        local = &entry->local, remote = &entry->remote;
    if (local && remote) {
        set_words(d, local, remote);
        set_edits(d, own, others, local, remote);
    }
    return entry != NULL;
}

bool asked_everything(struct diagnosis *d)
{
    static const struct advice route_based[] = {
        { TO_BOTH, PLATFORM_UNKNOWN,
          "everything to everything was asked for, as route-based tunnels do: use a tunnel interface (VTI) on both ends, or a "
          "crypto map on both" },
    };
    if (!diagnosis_word_of(d, "all", TEXT("")).len)
        return false;
    ADVISE(d, route_based);
    return true;
}

void asked_quote(struct diagnosis *d, const struct ike_sa *sa)
{
    for (enum side side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++)
        for (const struct selector_pair *p = list_of(d->m, sa, side); p; p = p->next)
            finding_quote(d->m, d->f, p->acl, p->line);
    for (enum side side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++) {
        const struct shown_flow *flow = list_of(d->m, sa, side) ? NULL : flow_asked(d->m, sa, side);
        const struct fact *f = flow ? fact_children(flow->flow) : NULL, *near = fact_find(f, "local_ident"),
                          *far = fact_find(f, "remote_ident");
        if (near && far) {
            finding_quote(d->m, d->f, flow->record, near->line);
            finding_quote(d->m, d->f, flow->record, far->line);
        }
    }
}
