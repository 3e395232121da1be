#include "reporters/walkthrough_place.h"

enum { TALKS = 120 /* exchanges gone through; later ones are counted */ };

static enum side other(unsigned side)
{
    return side == SIDE_INITIATOR ? SIDE_RESPONDER : side == SIDE_RESPONDER ? SIDE_INITIATOR : SIDE_UNKNOWN;
}

/* ---- the exchanges ---- */

static struct talk *new_talk(struct talks *t)
{
    if (t->count == TALKS) {
        t->left_out++;
        return NULL;
    }
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 16;
        t->at = memory_grow(t->at, t->room * sizeof *t->at);
    }
    t->at[t->count] = (struct talk){ .type = 0 };
    return &t->at[t->count++];
}

static bool says_nothing(const struct message *m)
{
    return m->exchange == EXCHANGE_INFORMATIONAL && !m->notices && !m->deletions && !m->cfg_type &&
           m->type_count <= (m->has_sk ? 1 : 0);
}

/* Checks that only ask whether the peer is there: the first is told, the others are alike. */
static bool is_another_check(const struct exchange *x, bool *seen)
{
    bool check = x->outcome == EXCHANGE_OK && x->request.message && says_nothing(x->request.message);
    bool another = check && *seen;
    *seen |= check;
    return another;
}

static void collect(struct talks *t, const struct ike_sa *sa)
{
    bool seen = false;
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        if (is_another_check(x, &seen)) {
            t->left_out++;
            continue;
        }
        struct talk *k = new_talk(t);
        if (k)
            *k = (struct talk){
                .exchange = x, .message_id = x->message_id, .type = x->type, .from = x->from ? x->from : SIDE_INITIATOR
            };
    }
}

/* ---- streams: one router's log ---- */

struct stream {
    uint32_t input, device;
    uint8_t side;
};

struct placer {
    struct talks *t;
    const struct kept_event *const *at; /* of the stream */
    size_t count;
    uint8_t side;
    bool used[2][2][TALKS]; /* [response][received][talk]: this log's packet is placed */
};

struct point { /* where a packet stands in the stream */
    uint32_t talk;
    bool response, received, again;
};

/* The side that an observer's log is of. Where nothing says so, it is the one that the other log is not. */
static uint8_t side_of(const struct ike_sa *sa, const struct view *v)
{
    if (v->role)
        return v->role;
    for (const struct view *w = sa->views; w; w = w->next)
        if (w != v && w->role && !w->wire)
            return (uint8_t)other(w->role);
    return v->transitions && v->transitions->role ? v->transitions->role : SIDE_INITIATOR;
}

static bool is_packet(const struct event *e)
{
    return e->message && (e->kind == EVENT_PACKET_SENT || e->kind == EVENT_PACKET_RECEIVED);
}

static bool is_response(const struct event *e, bool received, uint8_t side, const struct talks *t)
{
    const struct message *m = e->message;
    if (m->has_flags)
        return (m->flags & MESSAGE_RESPONSE) != 0;
    for (size_t i = 0; i < t->count; i++)
        if (t->at[i].type == m->exchange && m->has_message_id && t->at[i].message_id == m->message_id)
            return (t->at[i].from == side) == received;
    return false;
}

/* The exchange that this packet of the log is of: the same message id and asker; else the first of its type whose place in
 * this log is free; else one of its own. TALKS: no room, or a liveness check that is not told. */
static uint32_t talk_of(struct placer *p, const struct event *e, bool response, bool received, bool *again)
{
    struct talks *t = p->t;
    const struct message *m = e->message;
    uint8_t from = response == received ? p->side : (uint8_t)other(p->side);
    uint32_t found = TALKS;
    *again = false;
    for (uint32_t i = 0; i < t->count; i++) {
        const struct talk *k = &t->at[i];
        if (k->type != m->exchange || k->from != from || !m->has_message_id || k->message_id != m->message_id)
            continue;
        if (!p->used[response][received][i])
            return i;
        found = i;
    }
    if (found < TALKS) {
        *again = true;
        return found;
    }
    if (t->left_out && m->has_message_id && says_nothing(m))
        return TALKS;
    for (uint32_t i = 0; i < t->count; i++) {
        const struct talk *k = &t->at[i];
        bool answered = !response || p->used[0][!received][i];
        if (k->type == m->exchange && k->from == from && !p->used[response][received][i] && answered)
            return i;
    }
    struct talk *k = new_talk(t);
    if (!k)
        return TALKS;
    *k = (struct talk){ .message_id = m->message_id, .type = m->exchange, .from = from };
    return (uint32_t)t->count - 1;
}

static bool names_it(const struct leg *leg, const struct event *e)
{
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (s->announced && s->input == e->input && s->place == e->line)
            return true;
    return false;
}

/* "SENT PKT [IKE_AUTH] ...", behind which no dump follows, is all that this log shows of the message. */
static bool is_named(const struct placer *p, const struct event *e, struct point *at)
{
    if (e->code != CODE_DATAGRAM_SENT && e->code != CODE_DATAGRAM_RECEIVED)
        return false;
    for (uint32_t i = 0; i < p->t->count; i++)
        for (unsigned response = 0; response < 2 && p->t->at[i].exchange; response++) {
            const struct exchange *x = p->t->at[i].exchange;
            if (!names_it(response ? &x->response : &x->request, e))
                continue;
            *at = (struct point){ .talk = i, .response = response, .received = e->code == CODE_DATAGRAM_RECEIVED };
            at->again = p->used[response][at->received][i];
            return true;
        }
    return false;
}

static void place(struct talks *t, const struct kept_event *e, const struct point *at, uint8_t slot, uint8_t side)
{
    if (t->line_count == t->line_room) {
        t->line_room = t->line_room ? 2 * t->line_room : 128;
        t->lines = memory_grow(t->lines, t->line_room * sizeof *t->lines);
    }
    t->lines[t->line_count++] = (struct placed){ .event = e,
                                                 .talk = at->talk,
                                                 .response = at->response,
                                                 .who = at->received ? WALK_RECEIVER : WALK_SENDER,
                                                 .slot = slot,
                                                 .side = side };
}

/* What is logged of a datagram before it is known what it is. */
static bool is_arrival(const struct event *e)
{
    switch ((enum event_code)e->code) {
    case CODE_PACKET_DISPATCHED:
    case CODE_MSGID_WINDOW:
    case CODE_MSGID_ANSWERED:
    case CODE_DATAGRAM_RECEIVED:
    case CODE_REQUEST_ADMITTED:
    case CODE_REQUEST_RECEIVED:
    case CODE_COUNTER:
        return true;
    default:
        return false;
    }
}

/* Places what stands between two packets, from `first` up to (not with) `end`. */
static void between(struct placer *p, size_t first, size_t end, const struct point *before, const struct point *next)
{
    size_t turn = end; /* from here on it belongs to the next packet */
    uint8_t slot = WALK_BEFORE;
    if (next && next->received) {
        slot = WALK_ARRIVAL;
        while (turn > first && is_arrival(&p->at[turn - 1]->event))
            turn--;
    } else if (next && !next->response) {
        size_t built = end;
        while (built > first && p->at[built - 1]->event.kind == EVENT_PAYLOAD_BUILT)
            built--;
        turn = built;
        for (size_t i = end; i-- > first;)
            if (walk_begins(p->t->at[next->talk].type, &p->at[i]->event))
                turn = i;
    } else if (next) {
        slot = WALK_MESSAGE;
        while (turn > first && p->at[turn - 1]->event.kind == EVENT_PAYLOAD_BUILT)
            turn--;
    }
    if (!before && next) {
        slot = next->received ? WALK_ARRIVAL : WALK_BEFORE;
        turn = first;
    }
    for (size_t i = first; i < end; i++)
        if (i < turn && before && before->talk == TALKS)
            continue; /* what was logged about an exchange that is not told */
        else if (i < turn && before)
            place(p->t, p->at[i], before, WALK_AFTER, p->side);
        else if (next)
            place(p->t, p->at[i], next, slot, p->side);
}

static void stream_place(struct placer *p)
{
    struct point before = { .again = false }, now;
    bool any = false;
    size_t first = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct event *e = &p->at[i]->event;
        if (is_packet(e)) {
            now = (struct point){ .received = e->kind == EVENT_PACKET_RECEIVED };
            now.response = is_response(e, now.received, p->side, p->t);
            now.talk = talk_of(p, e, now.response, now.received, &now.again);
        } else if (!is_named(p, e, &now)) {
            continue;
        }
        if (now.talk == TALKS) {
            between(p, first, i, any ? &before : NULL, NULL);
            before = now;
            any = true;
            first = i + 1;
            continue;
        }
        if (now.again && any)
            continue; /* a retransmission is a line after what it repeats */
        between(p, first, i, any ? &before : NULL, &now);
        place(p->t, p->at[i], &now, WALK_MESSAGE, p->side);
        p->used[now.response][now.received][now.talk] = true;
        p->t->at[now.talk].told[now.response][now.received ? WALK_RECEIVER : WALK_SENDER] = true;
        before = now;
        any = true;
        first = i + 1;
    }
    if (any)
        between(p, first, p->count, &before, NULL);
}

void talks_of(struct talks *t, const struct ike_sa *sa, const struct kept_event *const *events, size_t count)
{
    *t = (struct talks){ .at = NULL };
    collect(t, sa);
    const struct kept_event **own = memory_take((count + 1) * sizeof *own);
    struct placer *p = memory_take(sizeof *p);
    for (const struct view *v = sa->views; v; v = v->next) {
        if (v->wire)
            continue;
        *p = (struct placer){ .t = t, .at = own, .side = side_of(sa, v) };
        for (size_t i = 0; i < count; i++)
            if (events[i]->event.input == v->input &&
                (events[i]->event.device == v->device || !v->device || !events[i]->event.device))
                own[p->count++] = events[i];
        stream_place(p);
    }
    memory_free(p);
    memory_free(own);
}

void talks_clear(struct talks *t)
{
    memory_free(t->at);
    memory_free(t->lines);
    *t = (struct talks){ .at = NULL };
}
