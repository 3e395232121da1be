/* NO_PROPOSAL_CHOSEN in IKE_SA_INIT: the two ends have no set of IKE algorithms in common. */
#include "analysis/evidence.h"
#include "analysis/proposals.h"
#include "analysis/tunnels.h"

static const struct advice look[] = {
    { TO_BOTH, PLATFORM_IOS,
      "compare the two ends attribute by attribute: `show crypto ikev2 proposal`, `show crypto ikev2 policy`" },
    { TO_BOTH, PLATFORM_ASA, "compare the two ends attribute by attribute: `show run crypto ikev2`" },
};
static const struct advice bind[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "it goes by the default policy; give it one of its own, which takes that one's place: `crypto ikev2 policy NEW` / `match "
      "fvrf any` / `proposal NAME`" },
};
static const struct advice unmatched[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "if it has a policy of its own, that one did not match: `show crypto ikev2 policy`, and look at its `match fvrf` and "
      "`match address local`" },
};

/* The router's own policy that is not for the address at which the request came, or its VRF: so it goes by the default one. */
static const struct record *passed_over(const struct model *m, uint32_t router, struct address at)
{
    const struct record *found = NULL;
    for (const struct record *r = router && at.family ? record_next(m, router, "ikev2-policy", NULL) : NULL; r;
         r = record_next(m, router, "ikev2-policy", r)) {
        if (config_serves(m, r, at))
            return NULL;
        found = r;
    }
    return found;
}

static const char *tell_other_address(struct model *m, struct diagnosis *d, const struct record *policy)
{
    static const struct advice serve[] = {
        { TO_RESPONDER, PLATFORM_UNKNOWN,
          "have it serve that address: `crypto ikev2 policy {policy}` / `match address local {at}` (and `no match address local "
          "{serves}`, unless it is used there, too)" },
    };
    const struct fact *has = fact_members(policy->facts, "match_address_local");
    diagnosis_word(d, "serves", address_text(has->as.address, m->run));
    ADVISE(d, serve);
    finding_quote(m, d->f, policy, 0);
    finding_quote(m, d->f, policy, has->line);
    return "It goes by its default policy, although it has {policy}: that one is for the local address {serves}, and the request "
           "came to {at}.";
}

static const char *tell_other_vrf(struct model *m, struct diagnosis *d, const struct record *policy,
                                  const struct record *interface)
{
    static const struct advice serve[] = {
        { TO_RESPONDER, PLATFORM_UNKNOWN, "have it serve that VRF: `crypto ikev2 policy {policy}` / `match fvrf {right}`" },
    };
    const struct fact *has = fact_find(policy->facts, "match_fvrf");
    const struct text vrf = fact_get_text(interface->facts, "vrf");
    diagnosis_word(d, "serves", vrf_text(m->run, fact_get_text(policy->facts, "match_fvrf")));
    diagnosis_word(d, "in", vrf_text(m->run, vrf));
    diagnosis_word(d, "interface", interface->title);
    diagnosis_word(d, "right", vrf.len ? vrf : TEXT("any"));
    ADVISE(d, serve);
    finding_quote(m, d->f, policy, 0);
    if (has)
        finding_quote(m, d->f, policy, has->line);
    finding_quote(m, d->f, interface, 0);
    return "It goes by its default policy, although it has {policy}: that one is for {serves}, and what comes to {interface} "
           "comes "
           "in {in}.";
}

/* What is to be said of it; NULL: nothing. */
static const char *tell_passed_over(struct model *m, struct diagnosis *d, const struct ike_sa *sa)
{
    const uint32_t router = router_of(m, sa, SIDE_RESPONDER);
    const struct address at = address_on(sa, SIDE_RESPONDER);
    const struct record *policy = passed_over(m, router, at);
    if (!policy)
        return NULL;
    diagnosis_word(d, "policy", policy->title);
    diagnosis_word(d, "at", address_text(at, m->run));
    return config_serves_address(policy, at) ? tell_other_vrf(m, d, policy, config_owner(m, router, at, NULL)->interface)
                                             : tell_other_address(m, d, policy);
}

static struct heard refusal(const struct ike_sa *sa)
{
    static const enum event_code codes[] = { CODE_PROPOSALS_MISMATCH, CODE_NO_PROPOSAL_SENT, CODE_NO_PROPOSAL_RECEIVED,
                                             CODE_POLICIES_NOT_VERIFIED };
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct heard h = heard(sa, codes[i]);
        if (h.note)
            return h;
    }
    struct heard h = heard_text(sa, CODE_NEGOTIATION_ABORTED, "matching policy");
    return h.note ? h : heard_text(sa, CODE_NEGOTIATION_ABORTED, "o proposal chosen");
}

static struct configured *configured_on(struct model *m, const struct ike_sa *sa, enum side side)
{
    uint32_t router = router_of(m, sa, side);
    return router ? config_offered_proposals(m, router, address_on(sa, side), m->run) : NULL;
}

/* What the responder accepts: by its own log, else by its configuration. */
static const struct proposal *accepted_by(struct model *m, const struct ike_sa *sa, const struct proposal **offered)
{
    struct proposal *expected = NULL, *said = NULL;
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next) {
            bool listed;
            if (n->code != CODE_PROPOSALS_MISMATCH)
                continue;
            struct proposal *p = note_policies(n, "received", m->run, &listed);
            if (p && !said) { /* the log's own list has key lengths, which a dump leaves out */
                said = p;
                *offered = p;
            }
            p = note_policies(n, "expected", m->run, &listed);
            if (p && !expected)
                expected = p;
        }
    return expected ? expected : configured_proposals(m, configured_on(m, sa, SIDE_RESPONDER));
}

/* What the initiator's own log printed of its offer in words, where it dumps no payloads. */
static const struct printed_offer *printed_by(const struct ike_sa *sa)
{
    const struct view *v = view_on(sa, SIDE_INITIATOR);
    const struct printed_offer *offer = v && v->said ? v->said->ike : NULL;
    return offer && offer->line && offer->proposals ? offer : NULL;
}

/* A configuration that has not what was offered on this attempt: the log outranks it. */
static bool contradicts(struct diagnosis *d, const struct proposal *offered, const struct configured *asked)
{
    if (!asked || !asked->record)
        return false;
    struct proposal *list = configured_proposals(d->m, asked);
    struct matrix x = matrix_of(offered, list);
    if (!x.offer || !x.count)
        return false;
    diagnosis_word(d, "configured", proposals_text(d->m->run, list));
    diagnosis_word(d, "logged", proposals_text(d->m->run, offered));
    diagnosis_more(d, "The configuration given of {initiator} contradicts the log: it has {configured}, and what was offered is "
                      "{logged}. It was changed since, or is another router's.");
    matrix_quote_config(d, &x, asked);
    return true;
}

/* Algorithms, a message or a state of IKE_SA_INIT: without any of these, a refusal may be of the Child SA. */
static bool told_of_init(const struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next) {
        if (v->final_state)
            return true;
        for (const struct note *n = v->notes; n; n = n->next)
            if (n->code == CODE_INIT_EXCHANGE_FAILED ||
                (n->code == CODE_PROPOSALS_MISMATCH && (text_has(n->text, TEXT("DH_GROUP")) || fact_find(n->facts, "received"))))
                return true;
    }
    return exchange_last(sa, EXCHANGE_IKE_SA_INIT) != NULL;
}

static const struct advice look_both[] = {
    { TO_BOTH, PLATFORM_IOS,
      "compare the IPsec proposals as well: `show crypto ipsec transform-set`, and which one the crypto map or IPsec profile "
      "uses" },
    { TO_BOTH, PLATFORM_ASA,
      "compare the IPsec proposals as well: `show run crypto ipsec`, and which one the crypto map or IPsec profile uses" },
};

/* A refusal that was named, and nothing that tells whether it was of IKE_SA_INIT or of the Child SA in IKE_AUTH. */
static bool of_either(const struct ike_sa *sa, struct heard said)
{
    const unsigned code = said.note ? said.note->code : CODE_NONE;
    return (code == CODE_NO_PROPOSAL_RECEIVED || code == CODE_NO_PROPOSAL_SENT ||
            (code == CODE_NEGOTIATION_ABORTED && text_has(said.note->text, TEXT("o proposal chosen")))) &&
           !told_of_init(sa);
}

static void conclude_either(struct diagnosis *d)
{
    diagnosis_say(d, "No proposal in common, of IKE or of IPsec",
                  "{responder} answered {initiator} with NO_PROPOSAL_CHOSEN: it refused every IKE proposal (encryption, PRF, "
                  "integrity, DH group) in IKE_SA_INIT, or every IPsec proposal in IKE_AUTH.");
    diagnosis_more(d, "Nothing tells in which of the two exchanges; which attribute differs stands in the responder's log only.");
    ADVISE(d, look);
    ADVISE(d, look_both);
    diagnosis_debug(d, TO_RESPONDER);
}

/* Nothing tells whose lists these are: no reason to say that the log has none. */
static bool lists_of_nobody(const struct model *m)
{
    return loose_of(m, CODE_PROPOSALS_MISMATCH).count > 0;
}

/* What prints the lists, in the words of the router at hand. */
static const char *lists_missing(const struct diagnosis *d)
{
    switch (d->sa ? platform_of(d->m, d->sa, SIDE_RESPONDER) : PLATFORM_UNKNOWN) {
    case PLATFORM_IOS:
        return "This is the responder's log, but the lists of received and expected policies, which tell what differs, are not "
               "in it: `debug crypto ikev2 error` prints them.";
    case PLATFORM_ASA:
        return "This is the responder's log, but the lists of received and expected policies, which tell what differs, are not "
               "in it: `debug crypto ikev2 protocol 127` prints them.";
    default:
        return "This is the responder's log, but the lists of received and expected policies, which tell what differs, are not "
               "in it: `debug crypto ikev2 error` prints them on IOS, `debug crypto ikev2 protocol 127` on an ASA.";
    }
}

static void conclude(struct diagnosis *d, const struct matrix *x)
{
    if (x->offer && x->count) {
        diagnosis_say(
            d, "IKE proposals do not match: {attribute}",
            "{initiator} offers {attribute} {offered}, while {responder} accepts only {accepted}[[; {also} differ as well]].");
        if (x->offers > 1 || x->accepts > 1)
            diagnosis_more(d, "That is the nearest of all pairs of proposals.");
        matrix_advise(d, x, SIDE_INITIATOR, true);
    } else if (x->offer) {
        diagnosis_say(d, NULL,
                      "{responder} refused every IKE proposal of {initiator}, although they look alike; the part that differs is "
                      "not shown here.");
    } else {
        diagnosis_say(d, NULL,
                      "{responder} refused every IKE proposal (encryption, PRF, integrity, DH group) of {initiator}[[, which "
                      "offered {all}]].");
        const bool theirs = d->sa && view_on(d->sa, SIDE_RESPONDER);
        diagnosis_more(d, theirs && lists_of_nobody(d->m)
                              ? "Lists of received and expected policies are in its log, without anything that tells of which "
                                "attempt they are."
                          : !theirs ? "Which attribute differs stands in the responder's log only."
                                    : lists_missing(d));
        diagnosis_debug(d, TO_RESPONDER);
    }
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, EXCHANGE_IKE_SA_INIT, NOTIFY_NO_PROPOSAL_CHOSEN, NULL);
    struct heard said = refusal(sa);
    struct diagnosis d;
    const struct exchange *last = exchange_last(sa, EXCHANGE_IKE_SA_INIT);
    /* what asks for another DH group is no refusal of all proposals, whatever the asker makes of it */
    bool other_group = last && last->response.message && message_notice(last->response.message, NOTIFY_INVALID_KE_PAYLOAD);
    if ((!x && (!said.note || sa_reached_auth(sa) || other_group)) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, x || told_of_init(sa) ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY, TEXT("")))
        return;
    const struct exchange *init = x ? x : last;
    const struct proposal *offered = init ? message_proposal(init->request.message, true) : NULL, *sent = offered;
    const struct proposal *accepted = accepted_by(m, sa, &offered);
    struct configured *asked = configured_on(m, sa, SIDE_INITIATOR);
    const struct printed_offer *printed = offered ? NULL : printed_by(sa);
    const struct proposal *logged = printed ? printed->proposals : offered;
    if (printed)
        offered = logged;
    if (!offered)
        offered = configured_proposals(m, asked);
    struct matrix matrix = matrix_of(offered, accepted);
    diagnosis_word(&d, "all", proposals_text(m->run, offered));
    if (printed)
        quote_line(&d, printed->input, printed->line, "%.*s", TEXT_ARGS(printed->text));
    if (sent && init->request.seen && !matrix.offer)
        quote_leg(&d, init, &init->request, "the proposals");
    if (init)
        quote_leg(&d, init, &init->response, x ? "NO_PROPOSAL_CHOSEN" : "");
    quote_note(&d, said);
    quote_all(&d, sa, CODE_PROPOSALS_MISMATCH, 4);
    matrix_report(&d, &matrix, offered, accepted, SIDE_INITIATOR);
    struct heard standard = heard_on(sa, SIDE_RESPONDER, CODE_POLICY_DEFAULT);
    const char *over = standard.note ? tell_passed_over(m, &d, sa) : NULL; /* its advice comes first */
    if (!x && !matrix.count && of_either(sa, said))
        conclude_either(&d);
    else
        conclude(&d, &matrix);
    if (over)
        diagnosis_more(&d, over);
    bool other = contradicts(&d, logged, asked);
    if (standard.note && !over) {
        if (!matrix.offer || !matrix.count)
            ADVISE(&d, bind);
        uint32_t router = router_of(m, sa, SIDE_RESPONDER);
        if (!router || !config_supplied(m, router) || record_next(m, router, "ikev2-policy", NULL))
            ADVISE(&d, unmatched);
    }
    quote_note(&d, standard);
    ADVISE(&d, look);
    matrix_quote_config(&d, &matrix, configured_on(m, sa, SIDE_RESPONDER));
    if (!other)
        matrix_quote_config(&d, &matrix, asked);
}

/* Lists of policies in a log that shows nothing else of the attempt. */
static void judge_loose(struct model *m, const struct rule *r)
{
    const struct proposal *received = NULL, *expected = NULL;
    const struct note *at = NULL;
    for (const struct note *n = m->loose; n; n = n->next) {
        bool listed;
        if (n->code != CODE_PROPOSALS_MISMATCH)
            continue;
        struct proposal *p = note_policies(n, "received", m->run, &listed);
        received = p && !received ? p : received;
        p = note_policies(n, "expected", m->run, &listed);
        expected = p && !expected ? p : expected;
        at = at ? at : n;
    }
    struct diagnosis d;
    if (!received || !expected || received->protocol != PROTOCOL_IKE ||
        !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    diagnosis_word(&d, "initiator", TEXT("the initiator"));
    diagnosis_word(&d, "responder", TEXT("this router, the responder,"));
    struct matrix matrix = matrix_of(received, expected);
    quote_note(&d, (struct heard){ at, NULL });
    matrix_report(&d, &matrix, received, expected, SIDE_INITIATOR);
    conclude(&d, &matrix);
    ADVISE(&d, look);
}

static void tell_default(struct diagnosis *d, const struct tunnel *t, unsigned here)
{
    diagnosis_say(d, "The default IKE proposal has none of what the other end has",
                  "{here_name} has no IKEv2 proposal of its own, and its default one has no {offered}, which is all that "
                  "{there_name} has.");
    diagnosis_more(d, "This is told by the two configurations alone.");
    tunnel_to_come(d, t);
    tunnel_advise(
        d, t, here,
        "one of its own, as the other end has it: `crypto ikev2 proposal NEW` / `encryption ...` / `prf ...` / `group ...`, and "
        "`crypto ikev2 policy NEW` / `proposal NEW`",
        "");
}

static void judge_tunnel(struct model *m, const struct rule *r, const struct tunnel *t)
{
    struct diagnosis d;
    unsigned here;
    if (!t->ike_up && tunnel_default_lacks(&d, m, r, t, true, &here)) {
        tell_default(&d, t, here);
        return;
    }
    if (t->ike_up || !tunnel_proposals(&d, m, r, t, true))
        return;
    diagnosis_say(&d, "IKE proposals do not match: {attribute}",
                  "The IKE proposals of {there_name} and {here_name} have nothing in common: {attribute} is {offered} at "
                  "{there_name} and {accepted} at {here_name}.");
    diagnosis_more(&d, "This is told by the two configurations alone.");
    tunnel_to_come(&d, t);
}

const struct rule rule_no_proposal_chosen = {
    .id = "no-proposal-chosen",
    .severity = SEVERITY_ERROR,
    .rank = 10,
    .title = "No IKE proposal in common",
    .meaning = "The responder answered IKE_SA_INIT with NO_PROPOSAL_CHOSEN: no combination of encryption, PRF, integrity and DH "
               "group that the initiator offered is configured there.",
    .advice = "Compare the two lists attribute by attribute and give one end what the other has; on IOS check that the proposal "
              "is bound in a `crypto ikev2 policy` whose `match` lines fit.",
    .sa = judge,
    .whole = judge_loose,
    .tunnel = judge_tunnel,
};
