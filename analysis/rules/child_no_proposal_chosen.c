/* NO_PROPOSAL_CHOSEN for a Child SA, in IKE_AUTH or in a CREATE_CHILD_SA that makes a new one: transform sets differ. */
#include "analysis/entries.h"
#include "analysis/proposals.h"
#include "analysis/protocols.h"
#include "analysis/tunnels.h"

static const struct advice look[] = {
    { TO_BOTH, PLATFORM_IOS,
      "compare the transform sets: `show crypto ipsec transform-set`, and which one the crypto map or IPsec profile uses" },
    { TO_BOTH, PLATFORM_ASA,
      "compare the proposals: `show run crypto ipsec`, and `set ikev2 ipsec-proposal` of the crypto map entry" },
};

static const struct exchange *refused(const struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, EXCHANGE_IKE_AUTH, NOTIFY_NO_PROPOSAL_CHOSEN, NULL);
    if (x)
        return x;
    const bool up_before = sa->ready_initiator || sa->ready_responder || !exchange_last(sa, EXCHANGE_IKE_AUTH);
    for (x = exchange_refused(sa, EXCHANGE_CREATE_CHILD_SA, NOTIFY_NO_PROPOSAL_CHOSEN, NULL); x;
         x = exchange_refused(sa, EXCHANGE_CREATE_CHILD_SA, NOTIFY_NO_PROPOSAL_CHOSEN, x))
        if (!exchange_rekeys(x) && !(exchange_sealed(x) && up_before)) /* a rekey, most likely */
            return x;
    return NULL;
}

static struct configured *configured_on(struct model *m, const struct ike_sa *sa, enum side side)
{
    uint32_t router = router_of(m, sa, side);
    return router ? config_transform_sets(m, router, address_on(sa, side_other(side)), config_entry_of(m, sa, NULL, side), m->run)
                  : NULL;
}

/* What the asker's log printed of its offer, where it prints no payloads. */
static void tell_printed(struct diagnosis *d, const struct ike_sa *sa, enum side asked)
{
    const struct view *v = view_on(sa, asked);
    if (!v || !v->said || !v->said->child || !v->said->child->line)
        return;
    const struct printed_offer *offer = v->said->child;
    struct text list = offer->text, before = TEXT("transforms: ");
    size_t at = text_find(list, before);
    list = text_trim(at == TEXT_NOWHERE ? list : text_from(list, at + before.len));
    size_t digits = 0;
    while (digits < list.len && list.at[digits] >= '0' && list.at[digits] <= '9')
        digits++;
    struct buffer b; /* the list stood on a line of its own, set in with blanks */
    buffer_init(&b, 512);
    struct text rest = text_trim(at == TEXT_NOWHERE ? list : text_from(list, digits)), word;
    while (text_word(&rest, &word)) {
        buffer_string(&b, b.len ? " " : "");
        buffer_text(&b, word);
    }
    diagnosis_word(d, "offered", arena_text(d->m->run, buffer_view(&b)));
    buffer_clear(&b);
    quote_line(d, offer->input, offer->line, "%.*s", TEXT_ARGS(offer->text));
}

/* sets: of the end that asked, and of the one that refused. */
static void say_protocols(struct diagnosis *d, const struct ike_sa *sa, const struct configured *const sets[2], enum side asked)
{
    struct remedied at[2];
    for (unsigned i = 0; i < 2; i++) {
        const enum side side = i ? side_other(asked) : asked;
        at[i] = (struct remedied){ .platform = platform_of(d->m, sa, side) == PLATFORM_ASA ? PLATFORM_ASA : PLATFORM_IOS,
                                   .device = router_of(d->m, sa, side),
                                   .local = address_on(sa, side),
                                   .peer = address_on(sa, side_other(side)),
                                   .entry = config_entry_of(d->m, sa, NULL, side) };
    }
    protocols_tell(d, sets);
    diagnosis_say(d, "IPsec proposals do not match: protocol",
                  "{there} offers {offered} for the tunnel, by its configuration, while {here} accepts only {accepted}.");
    for (unsigned i = 0; i < 2; i++) {
        const enum side side = i ? side_other(asked) : asked;
        const struct text text = protocols_advice(d->m, sets, at, i);
        const struct advice row = { side == SIDE_INITIATOR ? TO_INITIATOR : TO_RESPONDER, PLATFORM_UNKNOWN,
                                    arena_string(d->m->run, text) };
        if (text.len)
            diagnosis_advise(d, &row, 1);
    }
}

/* No lists tell what differs. Where the refuser's own log is here, what it complained of before it refused is the best that there
 * is: a profile, an interface or a map may be what it lacks. False: it complained of nothing. */
static bool tell_complaint(struct diagnosis *d, const struct ike_sa *sa, const struct exchange *x, struct heard sent,
                           enum side refuser)
{
    const bool own = sent.note && sent.note->code == CODE_NO_PROPOSAL_SENT && sent.view->role == refuser;
    const struct heard complaint = own ? complaint_of_child(sa, x, sent.view, sent.note) : (struct heard){ NULL, NULL };
    if (!complaint.note) {
        diagnosis_say(d, NULL,
                      "{here} refused every IPsec proposal of {there}: the transform sets differ[[ (offered: {offered})]].");
        diagnosis_more(
            d, own ? "A crypto ACL that fits nothing gets the same notify from some routers, and no list in this log tells "
                     "which of the two it is."
                   : "A crypto ACL that fits nothing gets the same notify from some routers; the log of {here} tells "
                     "which of the two it is.");
        return false;
    }
    diagnosis_word(d, "last", last_word_text(complaint));
    diagnosis_say(d, NULL,
                  "{here} refused the tunnel that {there} asked for[[ (offered: {offered})]]; its log complains before that: "
                  "'{last}'.");
    diagnosis_more(d, "It prints no lists that it compared, so what it names there comes before the transform sets.");
    quote_note(d, complaint);
    return true;
}

static const struct advice look_at_answer[] = {
    { TO_BOTH, PLATFORM_IOS, COMPARE_IOS },
    { TO_BOTH, PLATFORM_ASA, COMPARE_ASA },
};

/* The policies that a router could not verify behind the proof of its peer: those of IKE were agreed on long before, so they are
 * the tunnel's. */
static struct heard unverified(const struct ike_sa *sa)
{
    for (struct heard h = heard(sa, CODE_AUTH_VERIFIED); h.note; h = heard_again(h)) {
        const struct heard said = heard_after(h, CODE_POLICIES_NOT_VERIFIED);
        if (said.note)
            return said;
    }
    return (struct heard){ NULL, NULL };
}

/* An initiator that does not take what the answer chose sends no notify of a proposal: its own word is all that there is. */
static void judge_answer(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct heard said = unverified(sa);
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH);
    struct diagnosis d;
    if (!said.note || said.view->role != SIDE_INITIATOR || sa_up(sa) || selectors_refused(sa) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, CONFIDENCE_LIKELY, TEXT("answer")))
        return;
    diagnosis_word(&d, "last", last_word_text(said));
    diagnosis_say(
        &d, "The initiator did not take the tunnel that the answer chose",
        "{here} found the authentication of {there} right and then refused what {there} chose for the tunnel, the IPsec "
        "proposal or the traffic selectors[[: '{last}']].");
    diagnosis_more(&d, "Proposals of IKE, keys and identities are fine.");
    ADVISE(&d, look_at_answer);
    diagnosis_debug(&d, TO_THIS);
    if (x)
        quote_leg(&d, x, &x->response, "chooses");
    quote_note(&d, heard_on(sa, SIDE_INITIATOR, CODE_AUTH_VERIFIED));
    quote_note(&d, said);
    quote_note(&d, heard_after(said, CODE_AUTH_EXCHANGE_FAILED));
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = refused(sa);
    struct heard said = heard(sa, CODE_NO_PROPOSAL_RECEIVED);
    said = said.note ? said : heard(sa, CODE_NO_PROPOSAL_SENT);
    said = said.note ? said : heard(sa, CODE_PROPOSALS_MISMATCH);
    bool phase = sa_reached_auth(sa) && !exchange_refused(sa, EXCHANGE_IKE_SA_INIT, NOTIFY_NO_PROPOSAL_CHOSEN, NULL) &&
                 !exchange_refused(sa, EXCHANGE_CREATE_CHILD_SA, NOTIFY_NO_PROPOSAL_CHOSEN, NULL);
    struct diagnosis d;
    if (!x && !said.note)
        judge_answer(m, r, sa);
    if (!x && (!said.note || !phase || heard_while_up(said))) /* while it is up: rekey-failed tells more */
        return;
    enum side asked = exchange_asker(x);
    const struct proposal *offered = x ? message_proposal(x->request.message, false) : NULL, *accepted = NULL;
    const struct proposal *received = NULL;
    (void)logged_lists(m, sa, false, &received, &accepted);
    offered = received ? received : offered; /* the log's own list has key lengths, which a dump leaves out */
    const struct configured *sets[2] = { configured_on(m, sa, asked), configured_on(m, sa, side_other(asked)) };
    accepted = accepted ? accepted : configured_proposals(m, sets[1]);
    offered = offered ? offered : configured_proposals(m, sets[0]);
    struct matrix matrix = matrix_of(offered, accepted);
    if (!x && matrix_of_rekey(&matrix, sa)) /* pfs-mismatch */
        return;
    if (!diagnosis_begin(&d, m, r, sa, side_other(asked), matrix.offer && matrix.count ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY,
                         TEXT("")))
        return;
    if (x)
        quote_leg(&d, x, &x->response, "NO_PROPOSAL_CHOSEN");
    quote_note(&d, said);
    quote_all(&d, sa, CODE_PROPOSALS_MISMATCH, 4);
    matrix_report(&d, &matrix, offered, accepted, asked);
    bool complains = false;
    if (matrix.offer && matrix.count) {
        diagnosis_say(&d, "IPsec proposals do not match: {attribute}",
                      "{there} offers {attribute} {offered} for the tunnel, while {here} accepts only {accepted}[[; {also} "
                      "differ as well]].");
        matrix_advise(&d, &matrix, asked, false);
    } else if (protocols_differ(sets[0], sets[1])) {
        say_protocols(&d, sa, sets, asked);
    } else {
        if (offered)
            diagnosis_word(&d, "offered", proposals_text(m->run, offered));
        else
            tell_printed(&d, sa, asked);
        complains = tell_complaint(&d, sa, x, said, side_other(asked));
        diagnosis_debug(&d, asked == SIDE_INITIATOR ? TO_RESPONDER : TO_INITIATOR);
    }
    diagnosis_more(&d, "The IKE SA itself came up: its proposals, keys and identities are fine.");
    if (!complains)
        ADVISE(&d, look);
    for (unsigned i = 0; i < 2; i++)
        matrix_quote_config(&d, &matrix, sets[i]);
}

/* The sets of the two are of other protocols. True: said, or it was said before. */
static bool judge_protocols(struct model *m, const struct rule *r, const struct tunnel *t)
{
    const struct configured *lists[2];
    struct remedied at[2];
    struct diagnosis d;
    for (unsigned i = 0; i < 2; i++) {
        const struct tunnel_end *end = &t->end[i];
        const struct address peer = t->end[1 - i].address;
        lists[i] = config_transform_sets(m, end->device, peer, end->entry, m->run);
        at[i] = (struct remedied){ .platform = end->asa ? PLATFORM_ASA : PLATFORM_IOS,
                                   .device = end->device,
                                   .local = end->address,
                                   .peer = peer,
                                   .entry = end->entry };
    }
    if (!protocols_differ(lists[0], lists[1]))
        return false;
    if (!tunnel_diagnosis(&d, m, r, t, 1, CONFIDENCE_LIKELY))
        return true;
    protocols_tell(&d, lists);
    diagnosis_say(&d, "IPsec proposals do not match: protocol",
                  "The transform sets of {there_name} and {here_name} for their tunnel[[ {which}]] have nothing in common: "
                  "{there_name} has {offered}, {here_name} has {accepted}.");
    diagnosis_more(&d, "This is told by the two configurations alone.");
    tunnel_to_come(&d, t);
    for (unsigned i = 0; i < 2; i++) {
        const char *text = arena_string(m->run, protocols_advice(m, lists, at, i));
        if (text[0])
            tunnel_advise(&d, t, i, text, text);
    }
    return true;
}

static void judge_tunnel(struct model *m, const struct rule *r, const struct tunnel *t)
{
    struct diagnosis d;
    unsigned here;
    if (!t->child_up && tunnel_default_lacks(&d, m, r, t, false, &here)) {
        diagnosis_severity(&d, SEVERITY_WARNING); /* some release may have another default */
        diagnosis_say(
            &d, "The default transform set has none of what the other end has",
            "The IPsec profile[[ {ipsec}]] of {here_name} names no transform set, and the default one has no {offered}, which "
            "is all that {there_name} has.");
        tunnel_to_come(&d, t);
        tunnel_advise(
            &d, t, here,
            "`crypto ipsec transform-set NEW ...`, as the other end has it, and `crypto ipsec profile {ipsec_or}` / `set "
            "transform-set NEW`",
            "");
        return;
    }
    if (t->child_up || judge_protocols(m, r, t) || !tunnel_proposals(&d, m, r, t, false))
        return;
    diagnosis_say(
        &d, "IPsec proposals do not match: {attribute}",
        "The transform sets of {there_name} and {here_name} for their tunnel[[ {which}]] have nothing in common: {attribute} is "
        "{offered} at {there_name} and {accepted} at {here_name}.");
    diagnosis_more(&d, t->ike_up ? "Show output has the IKE SA of the two up, and no IPsec SA."
                                 : "This is told by the two configurations alone.");
    tunnel_to_come(&d, t);
}

/* IPsec's own debug beside nothing of IKE: of which attempt it is, and what became of that, it does not say. */
static void judge_loose(struct model *m, const struct rule *r)
{
    for (const struct note *n = m->ike_sa_count ? NULL : m->loose; n; n = n->next) {
        const struct input *in = n->input < m->input_count ? &m->inputs[n->input] : NULL;
        struct diagnosis d;
        if (n->code != CODE_TRANSFORM_REFUSED || !in || in->ikev1_count ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_LIKELY, note_word(n, "transform_set", NULL)))
            continue;
        const struct address none = { 0 };
        diagnosis_word(&d, "router", device_name_or(m, in->device, TEXT("The router")));
        diagnosis_word(&d, "transform_set", note_word(n, "transform_set", NULL));
        diagnosis_say(&d, "No transform set like the one that was asked for",
                      "IPsec at {router} has no transform set like the one that a peer asked for[[, {transform_set}]].");
        diagnosis_more(&d, "Which peer that was is told, if anywhere, by the lines in front of it: `remote=`.");
        diagnosis_advise_router(&d, in->device, none, none,
                                "compare the transform sets of both ends, and tunnel or transport mode: `show crypto ipsec "
                                "transform-set`; for the whole story: `debug crypto ikev2`");
        quote_note(&d, (struct heard){ n, NULL });
    }
}

const struct rule rule_child_no_proposal_chosen = {
    .id = "child-no-proposal-chosen",
    .severity = SEVERITY_ERROR,
    .rank = 14,
    .title = "No IPsec proposal in common",
    .meaning = "IKE_AUTH authenticated both ends, but its Child SA was refused with NO_PROPOSAL_CHOSEN: the transform sets "
               "(IPsec proposals) have nothing in common. "
               "The IKE SA is up without a tunnel, and most routers delete it soon.",
    .advice = "Compare transform sets or ipsec-proposals of both ends: encryption, integrity, ESN, and tunnel or transport mode.",
    .sa = judge,
    .whole = judge_loose,
    .tunnel_child = judge_tunnel,
};
