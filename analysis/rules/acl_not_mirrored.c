/* Both ends' configurations are there, and their crypto ACLs are no mirror images: told before any tunnel fails of it. */
#include "analysis/evidence.h"
#include "analysis/mirror.h"
#include "analysis/quote.h"
#include "analysis/ways.h"

/* The map entry of a router that leads to the other one. */
static const struct record *entry_to(const struct model *m, uint32_t from, uint32_t to)
{
    for (const struct record *r = record_next(m, from, "crypto-map", NULL); r; r = record_next(m, from, "crypto-map", r)) {
        const struct fact *peers = fact_find(r->facts, "peers");
        for (const struct fact *g = fact_children(peers); g; g = g->next) {
            const struct fact *a = fact_find(fact_children(g), "address");
            if (a && a->kind == FACT_ADDRESS && config_owner(m, to, a->as.address, NULL))
                return r;
        }
    }
    return NULL;
}

static struct text name_of(const struct model *m, uint32_t device)
{
    return device_name_or(m, device, TEXT("a router"));
}

static struct text pair_text(struct arena *arena, const struct selector *from, const struct selector *to)
{
    struct text a = selectors_text(arena, from), b = selectors_text(arena, to);
    return arena_format(arena, "%.*s to %.*s", TEXT_ARGS(a), TEXT_ARGS(b));
}

static bool overlap(const struct selector *a, const struct selector *b)
{
    return address_compare(a->start, b->end) <= 0 && address_compare(b->start, a->end) <= 0;
}

/* Nothing that the one protects is anything that the other does: the tunnel comes up from neither side. */
static bool nothing_in_common(const struct record *acls[2], struct selector_pair *pairs[2])
{
    for (unsigned i = 0; i < 2; i++)
        for (const struct fact *e = fact_children(fact_find(acls[i]->facts, "entries")); e; e = e->next)
            if (fact_find(fact_children(e), "unresolved"))
                return false;
    for (const struct selector_pair *p = pairs[0]; p; p = p->next)
        for (const struct selector_pair *q = pairs[1]; q; q = q->next)
            if (overlap(&p->local, &q->remote) && overlap(&p->remote, &q->local))
                return false;
    return true;
}

/* The line that the other end's list lacks, as its platform writes it. */
static void advise(struct diagnosis *d, const struct model *m, const struct record *acl, const struct selector_pair *p)
{
    bool asa = record_next(m, acl->device, "tunnel-group", NULL) || record_next(m, acl->device, "asa-ikev2-policy", NULL);
    struct address none = { 0 };
    diagnosis_word(d, "list", acl->title);
    diagnosis_word(d, "from", acl_end_text(d->m->run, &p->remote, !asa));
    diagnosis_word(d, "to", acl_end_text(d->m->run, &p->local, !asa));
    const char *text = asa ? "give it the mirror image: `access-list {list} extended permit ip {from} {to}`"
                           : "give it the mirror image: `ip access-list extended {list}` / `permit ip {from} {to}`";
    bool plain = !p->local.protocol && p->local.end_port == 65535 && p->remote.end_port == 65535;
    bool said = plain && acl_end_text(d->m->run, &p->remote, !asa).len && acl_end_text(d->m->run, &p->local, !asa).len;
    diagnosis_advise_router(d, acl->device, none, none, said ? text : "give {list} the mirror image: permit {wanted}");
}

/* An SA of the two failed of it, and the finding about that says more. */
static bool told_of_sa(const struct model *m, const struct record *acls[2])
{
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        if (!diagnosed(sa, "acl-or-crypto-map-mismatch") && !diagnosed(sa, "ts-unacceptable"))
            continue;
        uint32_t ends[2] = { router_of(m, sa, SIDE_INITIATOR), router_of(m, sa, SIDE_RESPONDER) };
        for (unsigned i = 0; i < 2; i++)
            if (device_same(m, ends[i], acls[0]->device) && device_same(m, ends[1 - i], acls[1]->device))
                return true;
    }
    return false;
}

static void judge_pair(struct model *m, const struct rule *r, const struct record *acls[2])
{
    struct arena *scratch = arena_create();
    struct selector_pair *pairs[2] = { acl_selectors(acls[0], m->run), acl_selectors(acls[1], m->run) };
    struct map images[2] = { 0 };
    bool differ = false;
    for (unsigned i = 0; i < 2; i++)
        mirror_add(&images[i], scratch, pairs[i]);
    for (unsigned i = 0; i < 2; i++)
        for (const struct selector_pair *p = pairs[i]; p && !differ; p = p->next)
            differ = !mirror_has(&images[1 - i], p);
    bool told = differ && told_of_sa(m, acls);
    for (unsigned i = 0; i < 2 && differ && !told; i++) {
        for (const struct selector_pair *p = pairs[i]; p; p = p->next) {
            struct diagnosis d;
            if (mirror_has(&images[1 - i], p) ||
                !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY,
                                 arena_format(m->run, "%u %u", acls[0]->device, acls[1]->device)))
                continue;
            diagnosis_word(&d, "there_name", name_of(m, acls[i]->device));
            diagnosis_word(&d, "here_name", name_of(m, acls[1 - i]->device));
            diagnosis_word(&d, "acl", acls[i]->title);
            diagnosis_word(&d, "other_acl", acls[1 - i]->title);
            diagnosis_word(&d, "asks", pair_text(m->run, &p->local, &p->remote));
            diagnosis_word(&d, "wanted", pair_text(m->run, &p->remote, &p->local));
            diagnosis_say(&d, NULL,
                          "The crypto ACL {acl} of {there_name} protects {asks}, and {other_acl} of {here_name} has no mirror "
                          "image of it.");
            if (!m->ike_sas && nothing_in_common(acls, pairs)) { /* where an SA was seen, its own findings say so */
                diagnosis_severity(&d, SEVERITY_ERROR);
                diagnosis_more(&d, "The two lists have nothing in common, so no tunnel comes up from either side.");
            }
            advise(&d, m, acls[1 - i], p);
            diagnosis_advise_router(&d, acls[i]->device, (struct address){ 0 }, (struct address){ 0 },
                                    "or change {acl}: each `permit` of one list stands in the other with source and destination "
                                    "exchanged");
            quote_text(&d, "%.*s line %u: %.*s, without its mirror image", TEXT_ARGS(acls[i]->title), p->line,
                       TEXT_ARGS(pair_text(m->run, &p->local, &p->remote)));
            finding_quote(m, d.f, acls[i], p->line);
            for (const struct selector_pair *o = pairs[1 - i]; o; o = o->next)
                finding_quote(m, d.f, acls[1 - i], o->line);
        }
    }
    for (unsigned i = 0; i < 2; i++)
        map_clear(&images[i]);
    arena_destroy(scratch);
}

static const struct record *acl_of(const struct model *m, const struct record *entry)
{
    struct text name = entry ? fact_get_text(entry->facts, "match_address") : (struct text){ NULL, 0 };
    return name.len ? config_find(m, entry->device, "access-list", name) : NULL;
}

static void judge(struct model *m, const struct rule *r)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    size_t count = ways_routers(m, devices);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count; k++) {
            const struct record *acls[2] = { acl_of(m, entry_to(m, devices[i], devices[k])),
                                             acl_of(m, entry_to(m, devices[k], devices[i])) };
            if (acls[0] && acls[1])
                judge_pair(m, r, acls);
        }
    }
}

const struct rule rule_acl_not_mirrored = {
    .id = "acl-not-mirrored",
    .severity = SEVERITY_WARNING,
    .rank = 20,
    .title = "The crypto ACLs are no mirror images",
    .meaning = "Each end's crypto ACL says what it wants to protect, seen from itself. Where one end's entry has no mirror image "
               "at the other, its tunnel is refused "
               "(TS_UNACCEPTABLE, or NO_PROPOSAL_CHOSEN from an ASA), or comes up from one side only.",
    .advice = "For each `permit` of one access list, the same with source and destination exchanged in the other.",
    .whole = judge,
};
