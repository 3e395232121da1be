/* An SA could not be replaced; it lives until its lifetime ends, then the tunnel drops. */
#include "analysis/renewal.h"

/* Nobody answered: algorithms are not in question. */
static const struct advice silence[] = {
    { TO_THAT, PLATFORM_IOS,
      "does the way still work: `ping[[ vrf {front_vrf}]] {peer} source {local}`; a NAT or firewall that forgets it while "
      "nothing is sent is kept "
      "open by `crypto ikev2 dpd 10 3 periodic`" },
    { TO_THAT, PLATFORM_ASA,
      "does the way still work: `ping {peer}`; a NAT or firewall that forgets it while nothing is sent is kept open by "
      "`tunnel-group {peer} ipsec-attributes` / `isakmp keepalive threshold 10 retry 2`" },
};

/* A log that does not print what it sent does not tell a rekey from a further Child SA; what came before failed at none. */
static bool may_rekey(const struct exchange *x)
{
    return exchange_rekeys(x) || exchange_sealed(x);
}

static const struct exchange *failed_rekey(const struct ike_sa *sa)
{
    const struct exchange *found = NULL;
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        if (x->type != EXCHANGE_CREATE_CHILD_SA)
            continue;
        const struct notice *error = x->response.message ? message_error(x->response.message) : NULL;
        bool refused = error && error->type != NOTIFY_TEMPORARY_FAILURE && error->type != NOTIFY_CHILD_SA_NOT_FOUND &&
                       error->type != NOTIFY_INVALID_KE_PAYLOAD && error->type != NOTIFY_NO_ADDITIONAL_SAS;
        if (may_rekey(x) && (refused || (exchange_silent(x) && x->request.retransmissions)))
            found = x;
        else if (x->outcome == EXCHANGE_OK && found && exchange_rekeys_ike(x) == exchange_rekeys_ike(found) &&
                 !exchange_other_child(sa, x, found))
            found = NULL; /* a later one of the same went through */
    }
    return found;
}

/* CHILD_SA_NOT_FOUND, and the Child SA was neither deleted nor made anew since: RFC 7296 section 2.25. */
static const struct exchange *lost_child(const struct ike_sa *sa)
{
    const struct exchange *found = NULL;
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        const struct message *q = x->request.message, *a = x->response.message;
        if (x->type == EXCHANGE_CREATE_CHILD_SA && a && message_notice(a, NOTIFY_CHILD_SA_NOT_FOUND))
            found = x;
        else if ((x->type == EXCHANGE_CREATE_CHILD_SA && x->outcome == EXCHANGE_OK) ||
                 (x->type == EXCHANGE_INFORMATIONAL && q && (message_has_type(q, PAYLOAD_DELETE) || exchange_sealed(x))))
            found = NULL; /* the child went, or another came */
    }
    /* a session that is only said to have gone down afterwards took nothing of that away */
    bool sank = sa->outcome == SA_DELETED && !heard_deletion(sa).note && heard(sa, CODE_SESSION_DOWN).note;
    return sa->outcome == SA_ESTABLISHED || sank ? found : NULL;
}

static const struct advice lost[] = {
    { TO_THAT, PLATFORM_IOS,
      "this end still uses a Child SA that the other has lost: `clear crypto sa peer {peer}` makes a new one" },
    { TO_THAT, PLATFORM_ASA,
      "this end still uses a Child SA that the other has lost: `clear crypto ipsec sa peer {peer}` makes a new one" },
};

static void judge_lost(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = lost_child(sa);
    struct diagnosis d;
    if (!x || !diagnosis_begin(&d, m, r, sa, side_other(exchange_asker(x)), CONFIDENCE_LIKELY, TEXT("lost")))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_say(&d, "The peer has lost a Child SA",
                  "{there} wanted to rekey a Child SA of which {here} knows nothing any more: CHILD_SA_NOT_FOUND.");
    diagnosis_more(&d, "Nothing here replaces it: what {there} sends into it is dropped until its lifetime ends.");
    ADVISE(&d, lost);
    quote_leg(&d, x, &x->request, "");
    quote_leg(&d, x, &x->response, "CHILD_SA_NOT_FOUND");
}

static struct heard complaint(const struct ike_sa *sa)
{
    static const enum event_code codes[] = { CODE_NO_PROPOSAL_RECEIVED, CODE_NO_PROPOSAL_SENT, CODE_PROPOSALS_MISMATCH };
    struct heard h = heard(sa, CODE_CHILD_EXCHANGE_FAILED);
    for (size_t i = 0; i < COUNT_OF(codes) && !h.note; i++)
        for (h = heard(sa, codes[i]); h.note && !heard_while_up(h);)
            h = heard_again(h);
    return h;
}

/* What is only said to have failed may be what the peer gave its reason for: that is another finding's, or passed. */
static bool answered_with_reason(const struct ike_sa *sa)
{
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type == EXCHANGE_CREATE_CHILD_SA && x->response.message && message_error(x->response.message))
            return true;
    return false;
}

static const struct advice other_things[] = {
    { TO_BOTH, PLATFORM_IOS, "compare the releases of both ends: `show version`" },
    { TO_BOTH, PLATFORM_ASA, "compare the releases of both ends: `show version`" },
};

/* Refused, and not for what was proposed. */
static bool is_of_other_things(const struct exchange *x)
{
    const struct notice *error = x && x->response.message ? message_error(x->response.message) : NULL;
    return error && error->type != NOTIFY_NO_PROPOSAL_CHOSEN && error->type != NOTIFY_TS_UNACCEPTABLE;
}

/* An IKE SA and a Child SA are renewed with different things. */
static void tell_why(struct diagnosis *d, const struct ike_sa *sa, const struct exchange *x, enum side asked)
{
    if (x && exchange_silent(x)) {
        diagnosis_more(d, "No proposal was refused: the request or its answer is lost, or {here} is gone.");
        ADVISE(d, silence);
        if (!view_on(sa, d->side))
            diagnosis_debug(d, TO_THIS);
    } else if (x && exchange_rekeys_ike(x)) {
        renewal_tell_ike(d, sa, x, asked);
    } else if (is_of_other_things(x)) {
        diagnosis_more(
            d, "That notify is not about proposals, PFS or lifetimes: {here} could not read what was asked, or may not do "
               "it, and only its log tells more.");
        ADVISE(d, other_things);
        diagnosis_debug(d, TO_THIS);
    } else {
        renewal_tell_child(d, sa, x, asked);
    }
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = failed_rekey(sa);
    struct heard said = complaint(sa);
    struct diagnosis d;
    enum side asked = exchange_asker(x);
    enum side side = x || sides_told(sa) ? side_other(asked) : SIDE_UNKNOWN;
    judge_lost(m, r, sa);
    if ((!x && (!said.note || ike_sa_replaced(sa) || answered_with_reason(sa))) ||
        !diagnosis_begin(&d, m, r, sa, side, !x || exchange_sealed(x) ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN, TEXT("")))
        return;
    const struct notice *error = x && x->response.message ? message_error(x->response.message) : NULL;
    bool ike = x && exchange_rekeys_ike(x);
    diagnosis_word(&d, "what", ike ? TEXT("the IKE SA") : x && !exchange_sealed(x) ? TEXT("a Child SA") : TEXT("an SA"));
    diagnosis_word(&d, "notify", text_of(error ? registry_name(REGISTRY_NOTIFY, error->type) : NULL));
    diagnosis_say(&d, NULL,
                  error ? "{here} refused to rekey {what} for {there}[[: {notify}]]."
                  : x   ? "{there} wanted to rekey {what} and got no answer from {here}."
                        : "A CREATE_CHILD_SA exchange between {both} failed.");
    tell_why(&d, sa, x, asked);
    if (!side) /* a line says it, and no more */
        diagnosis_debug(&d, TO_BOTH);
    diagnosis_more(&d, "The tunnel drops when the lifetime of the old SA ends.");
    if (x) {
        quote_leg(&d, x, &x->request, "");
        quote_leg(&d, x, &x->response,
                  error ? registry_name(REGISTRY_NOTIFY, error->type) ? registry_name(REGISTRY_NOTIFY, error->type) : "" : "");
    }
    quote_note(&d, said);
}

const struct rule rule_rekey_failed = {
    .id = "rekey-failed",
    .severity = SEVERITY_ERROR,
    .rank = 24,
    .title = "An SA could not be rekeyed",
    .meaning = "CREATE_CHILD_SA to replace an SA was refused or not answered. The tunnel goes on with the old SA until its "
               "lifetime ends, then it drops.",
    .advice = "Of a Child SA, compare PFS groups and transform sets of both ends; of the IKE SA, their IKE proposals, for which "
              "PFS does not matter. Lifetimes need not agree.",
    .sa = judge,
};
