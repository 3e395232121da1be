/* A router's SA was closed by the other end. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_THAT, PLATFORM_IOS,
      "this end closed it: what was typed or logged here at that time? `show logging | include CRYPTO|IKEV2|CONFIG_I`" },
    { TO_THAT, PLATFORM_ASA,
      "this end closed it: what was typed or logged here at that time? `show logging | include 750007|713259|111008`" },
    { TO_THAT, PLATFORM_CLIENT,
      "this end closed it, as a client does when its user disconnects; where he did not, the client's own log of that time tells "
      "why" },
};

static const struct exchange *deletion_by(const struct ike_sa *sa, enum side side)
{
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        for (const struct deletion *del = x->type == EXCHANGE_INFORMATIONAL && x->from == side && x->request.message
                                              ? x->request.message->deletions
                                              : NULL;
             del; del = del->next)
            if (del->protocol == PROTOCOL_IKE)
                return x;
    return NULL;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard received = heard(sa, CODE_SA_DELETE_RECEIVED);
    if (!received.note && sa->deleted)
        received = heard_deletion(sa);
    if (!received.note)
        received = heard_text(sa, CODE_SESSION_DOWN, "eer request");
    if (ike_sa_replaced(sa) || ike_sa_lost_collision(sa) || !sa->established || (!sa->deleted && !received.note))
        return;
    enum side closer = sa->deleted_by_initiator ? SIDE_INITIATOR : sa->deleted_by_responder ? SIDE_RESPONDER : SIDE_UNKNOWN;
    if (received.view && received.view->role)
        closer = side_other((enum side)received.view->role);
    const struct exchange *x = closer ? deletion_by(sa, closer) : NULL;
    if (!received.note && !x)
        return;
    struct diagnosis d;
    if (!diagnosis_begin(&d, m, r, sa, side_other(closer), CONFIDENCE_CERTAIN, TEXT("")))
        return;
    struct heard reason = heard(sa, CODE_DELETE_REASON), killed = heard(sa, CODE_SESSION_KILLED),
                 typed = heard(sa, CODE_CLEAR_COMMAND);
    diagnosis_word(&d, "reason", reason.note ? note_word(reason.note, "reason", "error code : ") : (struct text){ NULL, 0 });
    if (!reason.note && killed.note) { /* a number alone says nothing */
        struct text word = note_word(killed.note, "reason", NULL);
        uint64_t number;
        diagnosis_word(&d, "reason", text_number(word, 10, &number) ? (struct text){ NULL, 0 } : word);
        for (struct heard more = heard_after(killed, CODE_SESSION_KILLED); more.note;
             more = heard_after(more, CODE_SESSION_KILLED)) {
            word = note_word(more.note, "reason", NULL);
            if (!text_number(word, 10, &number)) {
                diagnosis_word(&d, "reason", word);
                killed = more;
            }
        }
    }
    diagnosis_say(&d, NULL, "{there} deleted the IKE SA with {here}[[; it gave the reason {reason}]].");
    if (typed.note)
        diagnosis_more(&d, "Someone had typed a command that clears it.");
    ADVISE(&d, common);
    quote_note(&d, received);
    quote_note(&d, reason.note ? reason : killed);
    quote_note(&d, typed);
    if (x)
        quote_leg(&d, x, &x->request, "deletes the IKE SA");
}

const struct rule rule_deleted_by_peer = {
    .id = "deleted-by-peer",
    .severity = SEVERITY_NOTE,
    .rank = 70,
    .title = "The peer closed the IKE SA",
    .meaning = "An INFORMATIONAL exchange deleted an IKE SA that was up, and it was not replaced by a rekey. That is how a "
               "router ends a tunnel in good order: a command, a lifetime, "
               "a policy, a Child SA that could not be made.",
    .advice = "Look at the end that deleted it, at that time; a DELETE_REASON notify names why.",
    .sa = judge,
};
