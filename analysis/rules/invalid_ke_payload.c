/* INVALID_KE_PAYLOAD: the first DH group was not the responder's choice. RFC 7296 section 1.2. */
#include "analysis/quote.h"

static const struct advice harmless[] = {
    { TO_THIS, PLATFORM_IOS,
      "nothing has to be done; to save a round trip, name group {wanted} first: `crypto ikev2 proposal NAME` / `group {wanted}[[ "
      "{sent}]]`" },
    { TO_THIS, PLATFORM_ASA,
      "nothing has to be done; to save a round trip, name group {wanted} first: `crypto ikev2 policy N` / `group {wanted}[[ "
      "{sent}]]` (N: `show run crypto ikev2` has it)" },
};
static const struct advice stuck[] = {
    { TO_INITIATOR, PLATFORM_IOS, "`crypto ikev2 proposal NAME` / `group {wanted}[[ {sent}]]`: the line replaces its list" },
    { TO_INITIATOR, PLATFORM_ASA,
      "`crypto ikev2 policy N` / `group {wanted}[[ {sent}]]` (N: `show run crypto ikev2` has it): the line replaces its list" },
    { TO_RESPONDER, PLATFORM_IOS,
      "alternatively, allow the initiator's group: `crypto ikev2 proposal NAME` / `group {wanted} {sent}`" },
    { TO_RESPONDER, PLATFORM_ASA,
      "alternatively, allow the initiator's group: `crypto ikev2 policy N` / `group {wanted} {sent}` (N: `show run crypto ikev2` "
      "has it)" },
};

enum { RETRY_NS = INT64_C(3000000000) };

/* A log without SPIs: the retry stands as an SA of its own behind the one that was refused. */
static bool went_on_as_the_next(const struct ike_sa *sa)
{
    const struct ike_sa *n = sa->next;
    bool apart = n && n->first_ns != TIME_UNKNOWN && sa->last_ns != TIME_UNKNOWN && n->first_ns - sa->last_ns > RETRY_NS;
    return n && !apart && !spi_known(sa->spi_i) && !spi_known(n->spi_i) && n->first_input == sa->first_input &&
           (!n->initiator.endpoint.address.family || !sa->initiator.endpoint.address.family ||
            address_equal(n->initiator.endpoint.address, sa->initiator.endpoint.address)) &&
           sa_reached_auth(n);
}

/* ---- at a rekey: RFC 7296 section 1.3 ---- */

static const struct advice one_group[] = {
    { TO_BOTH, PLATFORM_IOS,
      "nothing has to be done; to save a round trip at each rekey, the same group for PFS at both ends: `crypto map MAP SEQ "
      "ipsec-isakmp` (or `crypto ipsec profile NAME`) / `set pfs group{wanted}`" },
    { TO_BOTH, PLATFORM_ASA,
      "nothing has to be done; to save a round trip at each rekey, the same group for PFS at both ends: `crypto map MAP SEQ set "
      "pfs group{wanted}`" },
};

/* The next one of the same end went through. What was not asked for again is told by pfs-mismatch and rekey-failed. */
static const struct exchange *asked_again(const struct exchange *x)
{
    for (const struct exchange *n = x->next; n; n = n->next)
        if (n->type == EXCHANGE_CREATE_CHILD_SA && n->from == x->from)
            return n->outcome == EXCHANGE_OK ? n : NULL;
    return NULL;
}

static void judge_renewal(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = NULL, *again = NULL;
    struct diagnosis d;
    while (!again && (x = exchange_refused(sa, EXCHANGE_CREATE_CHILD_SA, NOTIFY_INVALID_KE_PAYLOAD, x)) != NULL)
        again = asked_again(x);
    enum side asked = exchange_asker(x);
    if (!again || !diagnosis_begin(&d, m, r, sa, asked, CONFIDENCE_CERTAIN, TEXT("renewal")))
        return;
    struct heard said = heard(sa, CODE_WRONG_KE_GROUP);
    const struct refused_groups groups = refused_groups(sa, x);
    bool ike = exchange_rekeys_ike(x);
    if (groups.wanted)
        diagnosis_wordf(&d, "wanted", "%u", groups.wanted);
    if (groups.sent)
        diagnosis_wordf(&d, "sent", "%u", groups.sent);
    diagnosis_word(&d, "what", ike ? TEXT("the IKE SA") : exchange_rekeys(x) ? TEXT("a Child SA") : TEXT("an SA"));
    diagnosis_say(
        &d, "The first DH group of a rekey was not the peer's choice",
        "{here} asked for {what} anew with a DH group that {there} does not have first: INVALID_KE_PAYLOAD[[, which asked "
        "for group {wanted}]].");
    diagnosis_more(&d, "It asked again and went on: one round trip more, nothing else.");
    if (groups.wanted && ike)
        ADVISE(&d, harmless);
    else if (groups.wanted)
        ADVISE(&d, one_group);
    quote_leg(&d, x, &x->request, "");
    quote_leg(&d, x, &x->response, "INVALID_KE_PAYLOAD");
    quote_leg(&d, again, &again->response, "accepted");
    quote_note(&d, said);
}

/* ---- at the beginning ---- */

static void judge_first(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, EXCHANGE_IKE_SA_INIT, NOTIFY_INVALID_KE_PAYLOAD, NULL);
    struct heard said = heard(sa, CODE_WRONG_KE_GROUP);
    bool retried = sa_reached_auth(sa) || went_on_as_the_next(sa);
    struct diagnosis d;
    if ((!x && (!said.note || exchange_last(sa, EXCHANGE_CREATE_CHILD_SA))) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    struct refused_groups groups = x ? refused_groups(sa, x) : (struct refused_groups){ 0 };
    uint64_t wanted = groups.wanted, sent = groups.sent;
    if (!wanted && said.note)
        (void)fact_get_number(said.note->facts, "dh_group", &wanted);
    if (!sent && said.note)
        (void)fact_get_number(said.note->facts, "sent_group", &sent);
    if (sent)
        diagnosis_wordf(&d, "sent", "%u", (unsigned)sent);
    diagnosis_word(&d, "guess", sent ? arena_format(m->run, "DH group %u", (unsigned)sent) : TEXT("a DH group"));
    if (wanted)
        diagnosis_wordf(&d, "wanted", "%u", (unsigned)wanted);
    diagnosis_severity(&d, retried ? SEVERITY_NOTE : sa->outcome == SA_FAILED ? SEVERITY_ERROR : SEVERITY_WARNING);
    diagnosis_say(&d, NULL,
                  "{initiator} guessed {guess} for its key exchange, and {responder} asked for another one[[, group "
                  "{wanted}]].");
    diagnosis_more(&d, retried ? "It asked again with that group and went on: one round trip more, nothing else."
                               : "No second IKE_SA_INIT with that group was answered, so the attempt ended here.");
    if (wanted && retried)
        ADVISE(&d, harmless);
    else if (wanted)
        diagnosis_advise(&d, stuck, sent ? COUNT_OF(stuck) : 2);
    if (x) {
        quote_leg(&d, x, &x->request, "");
        quote_leg(&d, x, &x->response, "INVALID_KE_PAYLOAD");
    }
    quote_note(&d, said);
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    judge_first(m, r, sa);
    judge_renewal(m, r, sa);
}

const struct rule rule_invalid_ke_payload = {
    .id = "invalid-ke-payload",
    .severity = SEVERITY_NOTE,
    .rank = 16,
    .title = "The first DH group was not the peer's choice",
    .meaning = "Who asks must send a key exchange value before it knows which DH group the other end prefers. When it "
               "guesses wrong, the other end names its "
               "group and it asks again: at the beginning, and at each rekey with a group of its own.",
    .advice = "Nothing, when the tunnel comes up. To save the round trip, put the same group first on both ends.",
    .sa = judge,
};
