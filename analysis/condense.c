#include "analysis/condense.h"

#include "analysis/exchange_index.h"
#include "analysis/sealed.h"
#include "base/limits.h"

enum {
    FOLD_BEHIND = 8,     /* newest exchanges that are never folded: late copies still find them */
    LOOKED_AT_ONCE = 64, /* more exchanges are looked at when they have become an eighth more */
};

struct arena *condense_arena(struct model *m, struct ike_sa *sa)
{
    if (m->options.keep_payloads)
        return m->run;
    if (!sa->held)
        sa->held = arena_create();
    return sa->held;
}

static bool settled(const struct exchange *x)
{
    const struct message *q = x->request.message, *r = x->response.message;
    if (x->type == EXCHANGE_IKE_AUTH && q && q->proposals && r && !r->proposals)
        return false; /* EAP: what it offers is answered by a later exchange */
    if (x->type == EXCHANGE_IKE_AUTH && sealed_message(r) && r->knows_inner && r->inner_first == PAYLOAD_EAP)
        return false; /* whether EAP came to its end shows by what the initiator sends next */
    if ((r && message_notice(r, NOTIFY_REDIRECT)) || (q && message_notice(q, NOTIFY_REDIRECT)))
        return false; /* it is quoted */
    if (r && message_notice(r, NOTIFY_COOKIE))
        return false; /* whether the request that brings it back is answered stands in a later exchange */
    return x->derived && x->outcome == EXCHANGE_OK && x->attempt == 0;
}

static void spare(struct model *m, struct leg *leg)
{
    if (leg->seen_last) {
        leg->seen_last->next = m->spare_sightings;
        m->spare_sightings = leg->seen;
    }
}

static void drop(struct ike_sa *sa, struct leg *leg)
{
    if (leg->message) {
        sa->dropped_sealed += leg->message->decryption == DECRYPTION_NO_KEY && leg->message->direction == DIRECTION_WIRE;
        sa->dropped_opened += leg->message->decryption == DECRYPTION_DECRYPTED;
    }
    leg->message = NULL;
}

/* A keep-alive of hours ago that was answered; of endless input a rekey of hours ago, too, whose Child SA is listed. */
static bool unasked_for(const struct model *m, const struct exchange *x)
{
    return settled(x) && !x->request.retransmissions && !x->response.retransmissions &&
           (x->type == EXCHANGE_INFORMATIONAL || (x->type == EXCHANGE_CREATE_CHILD_SA && m->options.endless));
}

/* Of endless input, how many of the others are too many. */
static uint32_t too_many(struct model *m, const struct ike_sa *sa)
{
    uint32_t others = 0;
    for (const struct exchange *x = m->options.endless ? sa->exchanges : NULL; x; x = x->next)
        others += x->type > EXCHANGE_IKE_AUTH && !unasked_for(m, x);
    const uint32_t over = others > LIMIT_UNENDED ? others - LIMIT_UNENDED : 0;
    limits_over(&m->limits, OVER_UNENDED, over);
    return over;
}

/* Unlinks what nobody asks about any more. */
static void fold(struct model *m, struct ike_sa *sa)
{
    if (m->options.keep_exchanges || sa->exchange_count <= FOLD_BEHIND)
        return;
    uint32_t foldable = sa->exchange_count - FOLD_BEHIND, over = too_many(m, sa);
    struct exchange **at = &sa->exchanges;
    while (*at && foldable--) {
        struct exchange *x = *at;
        const bool unasked = unasked_for(m, x), old = !unasked && over && x->type > EXCHANGE_IKE_AUTH;
        if (!unasked && !old) {
            at = &x->next;
            continue;
        }
        over -= old;
        *at = x->next;
        exchange_index_drop(sa);
        spare(m, &x->request);
        spare(m, &x->response);
        x->next = m->spare_exchanges;
        m->spare_exchanges = x;
        sa->exchange_count--;
        if (x->type != EXCHANGE_INFORMATIONAL)
            continue;
        sa->folded += !x->again;
        if (sa->folded_below[x->from] <= x->message_id)
            sa->folded_below[x->from] = x->message_id + 1;
    }
}

void condense_sa(struct model *m, struct ike_sa *sa)
{
    if (m->options.keep_payloads || sa->exchange_count < sa->condense_at)
        return;
    bool any = false;
    for (struct exchange *x = sa->exchanges; x; x = x->next) {
        if (settled(x)) {
            drop(sa, &x->request);
            drop(sa, &x->response);
        }
        any |= x->request.message || x->response.message;
    }
    fold(m, sa);
    sa->condense_at = sa->exchange_count > LOOKED_AT_ONCE ? sa->exchange_count + sa->exchange_count / 8 : 0;
    if (!any && sa->held) {
        arena_destroy(sa->held);
        sa->held = NULL;
    }
}

static void move(struct arena *into, struct leg *leg)
{
    if (leg->message)
        leg->message = message_copy(into, leg->message, false);
}

void condense_quiet(struct model *m, struct ike_sa *sa)
{
    condense_sa(m, sa);
    if (m->options.keep_payloads || !sa->held)
        return;
    struct arena *roomy = sa->held;
    sa->held = arena_create();
    for (struct exchange *x = sa->exchanges; x; x = x->next) {
        move(sa->held, &x->request);
        move(sa->held, &x->response);
    }
    arena_destroy(roomy);
}
