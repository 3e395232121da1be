/* Algorithms in use that are no longer held to be safe. RFC 8247 (IKEv2) and RFC 8221 (ESP). */
#include "analysis/evidence.h"
#include "analysis/proposals.h"
#include "analysis/weakness.h"

static const struct advice ike_advice[] = {
    { TO_BOTH, PLATFORM_IOS,
      "`crypto ikev2 proposal NAME` / `encryption aes-gcm-256` / `prf sha384` / `group 20` (or `aes-cbc-256`, `integrity "
      "sha256`, `group 14`) at both ends" },
    { TO_BOTH, PLATFORM_ASA,
      "`crypto ikev2 policy N` / `encryption aes-gcm-256` / `integrity null` / `prf sha384` / `group 20` (or `aes-256`, "
      "`integrity sha256`, `group 14`) at both ends" },
};
static const struct advice esp_advice[] = {
    { TO_BOTH, PLATFORM_IOS, "`crypto ipsec transform-set NAME esp-gcm 256` (or `esp-aes 256 esp-sha256-hmac`) at both ends" },
    { TO_BOTH, PLATFORM_ASA,
      "`crypto ipsec ikev2 ipsec-proposal NAME` / `protocol esp encryption aes-gcm-256` / `protocol esp integrity null` at both "
      "ends" },
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
                                             : config_transform_sets(m, device, address_on(sa, side_other(side)), m->run);
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
    else
        quote_text(&d, "the chosen proposal of Child SA %u: %.*s", (unsigned)c->number, TEXT_ARGS(names));
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
};
