/* Algorithms in use that are no longer held to be safe. RFC 8247 (IKEv2) and RFC 8221 (ESP). */
#include "analysis/entries.h"
#include "analysis/proposals.h"
#include "analysis/ways.h"
#include "analysis/weakness.h"

/* Combined-mode ciphers stand in a proposal of their own; the old one stays until both ends have the new one. */
static const struct advice ike_advice[] = {
    { TO_BOTH, PLATFORM_IOS,
      "`crypto ikev2 proposal NEW` / `encryption aes-gcm-256` / `prf sha384` / `group 20` / `exit` / `crypto ikev2 policy NAME` "
      "/ "
      "`proposal NEW`; when both ends have it, `no proposal PROPOSAL` there" },
    { TO_BOTH, PLATFORM_ASA,
      "`crypto ikev2 policy FREE-NUMBER` / `encryption aes-gcm-256` / `integrity null` / `prf sha384` / `group 20`; when both "
      "ends "
      "have it, `no crypto ikev2 policy N` (N: the old one's number)" },
};
static const struct advice esp_advice[] = {
    { TO_BOTH, PLATFORM_IOS,
      "`crypto ipsec transform-set NEW esp-gcm 256` / `exit` / `crypto map MAP SEQ ipsec-isakmp` (or `crypto ipsec profile "
      "NAME`) "
      "/ `set transform-set NEW OLD`; when both ends have it, `set transform-set NEW` there" },
    { TO_BOTH, PLATFORM_ASA,
      "`crypto ipsec ikev2 ipsec-proposal NEW` / `protocol esp encryption aes-gcm-256` / `protocol esp integrity null` / `exit` "
      "/ "
      "`crypto map MAP SEQ set ikev2 ipsec-proposal NEW OLD` (or `crypto ipsec profile NAME` / `set ikev2 ipsec-proposal NEW "
      "OLD`); when both ends have it, the same without the old one" },
};

static bool uses(const struct chosen *c, const struct weakness *w)
{
    switch (w->type) {
    case TRANSFORM_ENCR:
        return c->has_encr && c->encr == w->id;
    case TRANSFORM_INTEG:
        return c->has_integ && c->integ == w->id;
    case TRANSFORM_PRF:
        return c->has_prf && c->prf == w->id;
    default:
        return c->has_dh && c->dh == w->id;
    }
}

static bool applies(const struct chosen *c, const struct weakness *w, bool ike)
{
    return uses(c, w) && (ike || !w->ike_only);
}

static struct text names_of(struct model *m, const struct chosen *c, bool ike, bool reasons)
{
    struct buffer b;
    buffer_init(&b, 2048);
    uint64_t said = 0;
    for (size_t i = 0; i < weakness_count; i++) {
        if ((said >> i & 1) || !applies(c, &weaknesses[i], ike))
            continue;
        buffer_string(&b, b.len ? ", " : "");
        buffer_string(&b, weaknesses[i].name);
        for (size_t j = i + 1; j < weakness_count; j++) /* one reason for several */
            if (applies(c, &weaknesses[j], ike) && strcmp(weaknesses[i].reason, weaknesses[j].reason) == 0) {
                buffer_format(&b, " and %s", weaknesses[j].name);
                said |= UINT64_C(1) << j;
            }
        if (reasons)
            buffer_format(&b, " (%s)", weaknesses[i].reason);
    }
    struct text t = arena_text(m->run, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

/* The lines of both configurations that offer what was chosen. */
static void quote_configurations(struct model *m, struct diagnosis *d, const struct ike_sa *sa, const struct chosen *chosen,
                                 bool ike)
{
    for (enum side side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++) {
        uint32_t device = device_of(sa, side);
        const struct configured *c = !device ? NULL
                                     : ike   ? config_offered_proposals(m, device, address_on(sa, side), m->run)
                                             : config_transform_sets(m, device, address_on(sa, side_other(side)),
                                                                     config_entry_of(m, sa, NULL, side), m->run);
        for (; c; c = c->next)
            for (uint16_t i = 0; c->record && i < c->proposal.count; i++)
                for (size_t w = 0; w < weakness_count; w++)
                    if (weaknesses[w].type == c->proposal.transforms[i].type &&
                        weaknesses[w].id == c->proposal.transforms[i].id && applies(chosen, &weaknesses[w], ike))
                        finding_quote(m, d->f, c->record, c->lines[i]);
    }
}

static void quote_offer(struct diagnosis *d, const struct printed_offer *offer)
{
    quote_line(d, offer->input, offer->line, "%.*s", TEXT_ARGS(offer->text));
}

static void judge_ike(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    if (!sa->has_proposal)
        return;
    struct text names = names_of(m, &sa->proposal, true, false);
    struct diagnosis d;
    if (names.len == 0 || !diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, CONFIDENCE_CERTAIN, names))
        return;
    diagnosis_word(&d, "names", names_of(m, &sa->proposal, true, true));
    diagnosis_say(&d, "Weak algorithms in the IKE SA", "{initiator} and {responder} agreed on {names} for their IKE SA.");
    ADVISE(&d, ike_advice);
    quote_configurations(m, &d, sa, &sa->proposal, true);
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_SA_INIT);
    if (sa->offer)
        quote_offer(&d, sa->offer);
    else if (x)
        quote_leg(&d, x, &x->response, "the chosen proposal");
    else if (sa->shown_only && sa->shown)
        finding_quote(m, d.f, sa->shown->record, sa->shown->entry->line);
    else
        quote_text(&d, "the chosen proposal: %.*s", TEXT_ARGS(names));
}

static void judge_child(struct model *m, const struct rule *r, struct child_sa *c)
{
    struct text names = names_of(m, &c->proposal, false, false);
    struct diagnosis d;
    if (names.len == 0)
        return;
    if (!diagnosis_begin(&d, m, r, c->ike_sa, SIDE_INITIATOR, CONFIDENCE_CERTAIN,
                         arena_format(m->run, "child %.*s", TEXT_ARGS(names))))
        return;
    d.f->child_sa = c;
    diagnosis_word(&d, "names", names_of(m, &c->proposal, false, true));
    diagnosis_say(&d, "Weak algorithms in the tunnel", "{initiator} and {responder} protect their traffic with {names}.");
    ADVISE(&d, esp_advice);
    quote_configurations(m, &d, c->ike_sa, &c->proposal, false);
    const struct exchange *x = c->initial ? exchange_last(c->ike_sa, EXCHANGE_IKE_AUTH) : NULL;
    if (c->offer)
        quote_offer(&d, c->offer);
    else if (x)
        quote_leg(&d, x, &x->response, "the chosen proposal of the Child SA");
    else if (c->ike_sa->shown_only && c->shown)
        finding_quote(m, d.f, c->shown->record, c->shown->entry->line);
    else
        quote_text(&d, "the chosen proposal of Child SA %u: %.*s", (unsigned)c->number, TEXT_ARGS(names));
}

/* ---- configurations alone, and show output that makes no SA ---- */

static const struct weakness *weakness_of(const struct transform *t, bool ike)
{
    for (size_t i = 0; i < weakness_count; i++)
        if (weaknesses[i].type == t->type && weaknesses[i].id == t->id && (ike || !weaknesses[i].ike_only))
            return &weaknesses[i];
    return NULL;
}

static void choose(struct chosen *c, const struct transform *t)
{
    switch (t->type) {
    case TRANSFORM_ENCR:
        c->has_encr = true;
        c->encr = t->id;
        break;
    case TRANSFORM_INTEG:
        c->has_integ = true;
        c->integ = t->id;
        break;
    case TRANSFORM_PRF:
        c->has_prf = true;
        c->prf = t->id;
        break;
    case TRANSFORM_DH:
        c->has_dh = true;
        c->dh = t->id;
        break;
    default:
        break;
    }
}

/* What a router can not but use: of these kinds its lists have nothing that is not weak. */
static struct chosen only_weak(const struct configured *list, bool ike)
{
    static const uint8_t kinds[] = { TRANSFORM_ENCR, TRANSFORM_INTEG, TRANSFORM_PRF, TRANSFORM_DH };
    struct chosen weak = { .has_encr = false };
    for (size_t k = 0; k < sizeof kinds; k++) {
        const struct transform *found = NULL;
        bool sound = false;
        for (const struct configured *c = list; c; c = c->next)
            for (uint16_t i = 0; i < c->proposal.count; i++) {
                const struct transform *t = &c->proposal.transforms[i];
                bool bad = t->type == kinds[k] && weakness_of(t, ike);
                sound = sound || !c->record || (t->type == kinds[k] && !bad);
                found = found ? found : bad ? t : NULL;
            }
        if (found && !sound)
            choose(&weak, found);
    }
    return weak;
}

static void judge_lists(struct model *m, const struct rule *r, uint32_t device, const struct config_way *w, bool ike)
{
    struct address local = w->own_count ? w->own[0] : (struct address){ 0 };
    const struct configured *list = ike ? config_offered_proposals(m, device, local, m->run)
                                        : config_transform_sets(m, device, w->peer, w->entry, m->run);
    struct chosen weak = only_weak(list, ike);
    struct text names = names_of(m, &weak, ike, false);
    struct diagnosis d;
    if (!names.len || !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY,
                                       arena_format(m->run, "%u %d %.*s", (unsigned)device, ike, TEXT_ARGS(names))))
        return;
    bool asa = record_next(m, device, "tunnel-group", NULL) != NULL;
    diagnosis_word(&d, "router", device_name_or(m, device, TEXT("the router")));
    diagnosis_word(&d, "names", names_of(m, &weak, ike, true));
    diagnosis_say(&d, ike ? "Only weak algorithms are configured for IKE" : "Only weak algorithms are configured for the tunnel",
                  ike ? "{router} offers nothing better for its IKE SAs than {names}."
                      : "{router} offers nothing better for its traffic than {names}.");
    diagnosis_advise_router(&d, device, local, w->peer, (ike ? ike_advice : esp_advice)[asa].text);
    for (const struct configured *c = list; c; c = c->next)
        for (uint16_t i = 0; c->record && i < c->proposal.count; i++)
            if (weakness_of(&c->proposal.transforms[i], ike))
                finding_quote(m, d.f, c->record, c->lines[i]);
}

static bool take(const struct fact *facts, const char *name, uint16_t *value)
{
    uint64_t number;
    bool has = fact_get_number(facts, name, &number) && number <= UINT16_MAX;
    *value = has ? (uint16_t)number : 0;
    return has;
}

static void judge_shown(struct model *m, const struct rule *r, const struct record *show, const struct fact *entry)
{
    const struct fact *f = fact_children(entry);
    struct chosen c = { .has_encr = false };
    struct address remote;
    struct diagnosis d;
    c.has_encr = take(f, "encryption", &c.encr);
    c.has_integ = take(f, "integrity", &c.integ);
    c.has_prf = take(f, "prf", &c.prf);
    c.has_dh = take(f, "dh", &c.dh);
    struct text names = names_of(m, &c, true, false);
    if (!names.len || !fact_get_address(f, "remote", &remote) ||
        !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_CERTAIN,
                         arena_format(m->run, "%u %.*s %.*s", (unsigned)show->device, TEXT_ARGS(address_text(remote, m->run)),
                                      TEXT_ARGS(names))))
        return;
    diagnosis_word(&d, "router", device_name_or(m, show->device, TEXT("the router")));
    diagnosis_word(&d, "peer", address_text(remote, m->run));
    diagnosis_word(&d, "names", names_of(m, &c, true, true));
    diagnosis_say(&d, "Weak algorithms in the IKE SA", "{router} uses {names} for its IKE SA with {peer}.");
    ADVISE(&d, ike_advice);
    finding_quote(m, d.f, show, entry->line);
}

/* An SA is the better witness. */
static void judge_whole(struct model *m, const struct rule *r)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    size_t count = m->ike_sas ? 0 : ways_routers(m, devices);
    struct config_way *ways = memory_take(WAYS * sizeof *ways);
    for (const struct record *show = m->ike_sas ? NULL : m->records; show; show = show->next)
        if (show->kind == INPUT_SHOW)
            for (const struct fact *sa = fact_children(fact_find(show->facts, "sas")); sa; sa = sa->next)
                judge_shown(m, r, show, sa);
    for (size_t i = 0; i < count; i++) {
        size_t n = ways_of(m, devices[i], ways);
        for (size_t k = 0; k < n; k++) {
            judge_lists(m, r, devices[i], &ways[k], true);
            judge_lists(m, r, devices[i], &ways[k], false);
        }
    }
    memory_free(ways);
}

const struct rule rule_weak_crypto = {
    .id = "weak-crypto",
    .severity = SEVERITY_WARNING,
    .rank = 75,
    .title = "Weak algorithms in use",
    .meaning = "The SA uses algorithms that RFC 8247 and RFC 8221 advise against or forbid: DES, 3DES, MD5, SHA-1, small or "
               "flawed DH groups, or no encryption at all.",
    .advice = "Offer AES-GCM or AES with SHA-2 and group 14, 19, 20 or stronger at both ends, then remove the old proposals.",
    .sa = judge_ike,
    .child = judge_child,
    .whole = judge_whole,
};
