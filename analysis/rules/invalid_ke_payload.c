/* INVALID_KE_PAYLOAD: the first DH group was not the responder's choice. RFC 7296 section 1.2. */
#include "analysis/quote.h"

static const struct advice harmless[] = {
    { TO_INITIATOR, PLATFORM_IOS,
      "nothing has to be done; to save a round trip, name group {wanted} first: `crypto ikev2 proposal NAME` / `group {wanted}[[ "
      "{sent}]]`" },
    { TO_INITIATOR, PLATFORM_ASA,
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

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, EXCHANGE_IKE_SA_INIT, NOTIFY_INVALID_KE_PAYLOAD, NULL);
    struct heard said = heard(sa, CODE_WRONG_KE_GROUP);
    bool retried = sa_reached_auth(sa) || went_on_as_the_next(sa);
    struct diagnosis d;
    if ((!x && (!said.note || exchange_last(sa, EXCHANGE_CREATE_CHILD_SA))) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    const struct notice *n = x && x->response.message ? message_notice(x->response.message, NOTIFY_INVALID_KE_PAYLOAD) : NULL;
    uint64_t wanted = n && n->data.len >= 2 ? (uint64_t)n->data.at[0] << 8 | n->data.at[1] : 0,
             sent = x && x->request.message ? x->request.message->ke_group : 0;
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
        diagnosis_advise(&d, stuck, sent ? sizeof stuck / sizeof stuck[0] : 2);
    if (x) {
        quote_leg(&d, x, &x->request, "");
        quote_leg(&d, x, &x->response, "INVALID_KE_PAYLOAD");
    }
    quote_note(&d, said);
}

const struct rule rule_invalid_ke_payload = {
    .id = "invalid-ke-payload",
    .severity = SEVERITY_NOTE,
    .rank = 16,
    .title = "The first DH group was not the peer's choice",
    .meaning = "The initiator must send a key exchange value before it knows which DH group the responder prefers. When it "
               "guesses wrong, the responder names its "
               "group and the initiator asks again.",
    .advice = "Nothing, when the tunnel comes up. To save the round trip, put the same group first on both ends.",
    .sa = judge,
};
