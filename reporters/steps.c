#include "reporters/steps.h"

#include <stdlib.h>

#include "base/map.h"

#define DEFAULT_PAUSE INT64_C(2000000000)

/* One thing at one place of one input. What an observer shows is a stream in the order of its lines or frames; streams are
 * merged by time. An input is one observer, or two, where it holds the logs of both ends. A message belongs to one stream, its
 * sender's where there is one; where another observer received it stands an arrival, which waits until the message was put out.
 */
enum item_kind { ITEM_TRANSITION, ITEM_NOTE, ITEM_MESSAGE, ITEM_ARRIVAL };

struct item {
    int64_t t; /* aligned; TIME_UNKNOWN */
    uint32_t place;
    uint8_t kind;
    uint8_t side;
    bool response;
    const struct transition *transition;
    const struct note *note;
    const struct exchange *exchange;
    const struct sighting *sighting;
    const struct view *view;
    size_t order;        /* of arrival in the list: ties */
    size_t message;      /* index into messages[] of ITEM_MESSAGE and ITEM_ARRIVAL */
    struct stream *of;   /* of ITEM_ARRIVAL: where it is … */
    struct item *beside; /* … and the next that waits for the same message */
};

struct stream {
    uint32_t input;
    size_t number; /* among the streams, in the order in which they were found */
    struct item *at;
    size_t count, room, next;
    size_t met;    /* the message that it showed last, counted from 1 */
    int64_t *keys; /* see keys_of() */
    bool waiting;  /* for the message whose arrival is next */
    size_t place;  /* among those that have not ended */
};

struct observed { /* an input that shows the SA */
    uint32_t input;
    bool log_of[3];           /* of which ends it has the log */
    struct stream *stream[3]; /* of an end, where it holds the logs of both; else the first */
};

struct message_state {
    bool done;
    struct item *arrivals; /* that wait for it */
};

struct weaver {
    const struct model *model;
    const struct ike_sa *sa;
    struct steps_options options;
    struct arena *arena;
    struct map inputs;       /* struct observed, by input */
    struct observed *asked;  /* the one that was asked for last */
    struct stream **streams; /* a heap, once they are merged: of those that have not ended, the next first */
    size_t stream_count, stream_room;
    struct message_state *messages;
    size_t message_count;
    bool retransmitted; /* an arrow tells of retransmissions */
    struct steps out;
    size_t room;
    struct step_states pending[2];
    const char *current[2];
    int64_t last_t;
};

static struct observed *observed_of(struct weaver *w, uint32_t input)
{
    if (w->asked && w->asked->input == input)
        return w->asked;
    w->asked = map_find(&w->inputs, bytes_over((const uint8_t *)&input, sizeof input));
    if (w->asked)
        return w->asked;
    w->asked = arena_new(w->arena, struct observed);
    w->asked->input = input;
    map_put(&w->inputs, bytes_over((const uint8_t *)&w->asked->input, sizeof input), w->asked);
    return w->asked;
}

static struct stream *stream_of(struct weaver *w, uint32_t input, enum side side)
{
    struct observed *o = observed_of(w, input);
    const bool both = o->log_of[SIDE_INITIATOR] && o->log_of[SIDE_RESPONDER];
    struct stream *s = o->stream[both ? side : SIDE_UNKNOWN];
    if (s)
        return s;
    if (w->stream_count == w->stream_room) {
        w->stream_room = w->stream_room ? 2 * w->stream_room : 4;
        w->streams = memory_grow(w->streams, w->stream_room * sizeof *w->streams);
    }
    s = arena_new(w->arena, struct stream);
    *s = (struct stream){ .input = input, .number = w->stream_count };
    w->streams[w->stream_count++] = s;
    return o->stream[both ? side : SIDE_UNKNOWN] = s;
}

static void append(struct stream *s, struct item item)
{
    if (s->count == s->room) {
        s->room = s->room ? 2 * s->room : 64;
        s->at = memory_grow(s->at, s->room * sizeof *s->at);
    }
    item.order = s->count;
    s->at[s->count++] = item;
}

static void add(struct weaver *w, uint32_t input, enum side side, struct item item)
{
    append(stream_of(w, input, side), item);
}

static int64_t aligned(const struct weaver *w, uint32_t input, uint32_t place, int64_t ns)
{
    return model_time_at(w->model, input, place, ns);
}

static enum side sender_of(const struct exchange *x, bool response)
{
    enum side from = x->from ? (enum side)x->from : SIDE_INITIATOR;
    return response ? side_other(from) : from;
}

/* The sighting that a message is drawn from: sent, else on the wire, else received; the first of its kind. */
static const struct sighting *primary(const struct leg *leg)
{
    static const uint8_t rank[] = {
        [DIRECTION_UNKNOWN] = 1, [DIRECTION_SENT] = 4, [DIRECTION_WIRE] = 3, [DIRECTION_RECEIVED] = 2
    };
    const struct sighting *best = NULL;
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (!best || rank[s->direction & 3] > rank[best->direction & 3])
            best = s;
    return best;
}

static enum side witness(const struct exchange *x, bool response, const struct sighting *s)
{
    enum side sender = sender_of(x, response);
    return s->direction == DIRECTION_SENT ? sender : s->direction == DIRECTION_RECEIVED ? side_other(sender) : SIDE_UNKNOWN;
}

/* Its observer's stream, if this is the first that it shows of the message; else NULL. */
static struct stream *first_of(struct weaver *w, const struct exchange *x, bool response, const struct sighting *s)
{
    struct stream *stream = stream_of(w, s->input, witness(x, response, s));
    const bool first = stream->met != w->message_count;
    stream->met = w->message_count;
    return first ? stream : NULL;
}

static void add_leg(struct weaver *w, const struct exchange *x, bool response)
{
    const struct leg *leg = response ? &x->response : &x->request;
    const struct sighting *p = primary(leg);
    if (!p)
        return;
    struct item item = { .t = aligned(w, p->input, p->place, p->ns),
                         .place = p->place,
                         .kind = ITEM_MESSAGE,
                         .side = (uint8_t)sender_of(x, response),
                         .response = response,
                         .exchange = x,
                         .sighting = p,
                         .message = w->message_count++ };
    append(first_of(w, x, response, p), item);
    item.kind = ITEM_ARRIVAL;
    for (const struct sighting *s = leg->seen; s; s = s->next) {
        struct stream *to = first_of(w, x, response, s);
        if (!to)
            continue;
        item.t = aligned(w, s->input, s->place, s->ns);
        item.place = s->place;
        item.sighting = s;
        item.of = to;
        append(to, item);
    }
}

/* The views tell which inputs hold the logs of both ends; the exchanges, what the arrows say already. */
static void look_round(struct weaver *w)
{
    for (const struct view *v = w->sa->views; v; v = v->next)
        observed_of(w, v->input)->log_of[v->role] |= !v->wire;
    for (const struct exchange *x = w->sa->exchanges; x && !w->retransmitted; x = x->next)
        w->retransmitted = x->request.retransmissions > 0;
}

/* What the arrow tells already is no note: its retransmissions. */
static bool told_by_arrow(const struct weaver *w, const struct note *n)
{
    return n->code == CODE_RETRANSMIT && w->retransmitted;
}

static void collect(struct weaver *w)
{
    for (const struct view *v = w->sa->views; v; v = v->next) {
        size_t i = (size_t)(v->role == SIDE_RESPONDER);
        if (v->role && !v->wire)
            w->out.has_view[i] = true;
        for (const struct transition *t = v->transitions; t && v->role; t = t->next) {
            w->out.has_states[i] = true;
            add(w, v->input, v->role,
                (struct item){ .t = t->time.kind ? aligned(w, v->input, t->line, t->ns) : TIME_UNKNOWN,
                               .place = t->line,
                               .kind = ITEM_TRANSITION,
                               .side = v->role,
                               .transition = t,
                               .view = v });
        }
        for (const struct note *n = v->notes; n && w->options.notes; n = n->next)
            if (n->severity >= w->options.least_note && n->text.len && !told_by_arrow(w, n))
                add(w, n->input, v->role,
                    (struct item){ .t = aligned(w, n->input, n->line, n->ns),
                                   .place = n->line,
                                   .kind = ITEM_NOTE,
                                   .side = v->role,
                                   .note = n,
                                   .view = v });
    }
    for (const struct exchange *x = w->sa->exchanges; x; x = x->next) {
        add_leg(w, x, false);
        add_leg(w, x, true);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void settle(struct weaver *w)
{
    for (size_t i = 0; i < w->stream_count; i++)
        qsort(w->streams[i]->at, w->streams[i]->count, sizeof *w->streams[i]->at, by_place);
    w->messages = memory_take((w->message_count + 1) * sizeof *w->messages);
}

/* The time at which a stream wants to go on: the least of what is left of it, so that a clock that was set back does
 * not hold its own stream up. Computed once, from the end. */
static int64_t *keys_of(const struct stream *s)
{
    int64_t *keys = memory_take((s->count + 1) * sizeof *keys), least = TIME_UNKNOWN;
    for (size_t n = s->count; n-- > 0;) {
        int64_t t = s->at[n].t;
        if (t != TIME_UNKNOWN && (least == TIME_UNKNOWN || t < least))
            least = t;
        keys[n] = least;
    }
    return keys;
}

static struct step *new_step(struct weaver *w, enum step_kind kind)
{
    if (w->out.count == w->room) {
        w->room = w->room ? 2 * w->room : 32;
        w->out.at = memory_grow(w->out.at, w->room * sizeof *w->out.at);
    }
    struct step *s = &w->out.at[w->out.count++];
    *s = (struct step){ .kind = (uint8_t)kind };
    for (size_t i = 0; i < 2; i++) {
        s->states[i] = w->pending[i];
        w->pending[i] = (struct step_states){ .before = w->current[i] };
    }
    return s;
}

static void at_time(struct weaver *w, struct step *s, int64_t t)
{
    int64_t least = w->options.pause ? w->options.pause : DEFAULT_PAUSE;
    if (t == TIME_UNKNOWN)
        return;
    s->has_t = true;
    s->t = t;
    if (w->last_t != TIME_UNKNOWN && t - w->last_t >= least)
        s->pause = t - w->last_t;
    if (w->last_t == TIME_UNKNOWN || t > w->last_t)
        w->last_t = t;
}

static void enter(struct weaver *w, const struct item *it)
{
    size_t i = (size_t)(it->side == SIDE_RESPONDER);
    struct step_states *p = &w->pending[i];
    p->view = it->view;
    p->last = it->transition;
    if (!p->first)
        p->first = it->transition;
    const char *state = it->transition->state;
    if (!state || (w->current[i] && strcmp(w->current[i], state) == 0))
        return;
    w->current[i] = state;
    if (p->count >= STEP_STATE_COUNT) /* the newest stays, the one before it goes */
        p->names[STEP_STATE_COUNT - 1] = state;
    else
        p->names[p->count] = state;
    p->count++;
}

/* Lost: it has been sent, and the other end's log, which was running then, never shows it; or it is a request that
 * nobody ever answered and no log says that it arrived. */
static bool is_lost(const struct weaver *w, const struct exchange *x, const struct leg *leg, bool response, bool *unseen)
{
    enum side to = side_other(sender_of(x, response));
    bool watched = false, sent = false;
    *unseen = false;
    for (const struct sighting *s = leg->seen; s; s = s->next) {
        if (s->direction == DIRECTION_RECEIVED)
            return false;
        sent |= s->direction == DIRECTION_SENT || s->direction == DIRECTION_WIRE;
    }
    const struct sighting *timed = leg_timed(leg);
    int64_t t = timed ? aligned(w, timed->input, timed->place, timed->ns) : TIME_UNKNOWN;
    for (const struct view *v = w->sa->views; v; v = v->next) {
        if (v->wire || v->role != to)
            continue;
        int64_t first = aligned(w, v->input, v->first_line, v->first_ns), last = aligned(w, v->input, v->last_line, v->last_ns);
        watched |= t != TIME_UNKNOWN && first != TIME_UNKNOWN && last != TIME_UNKNOWN && t >= first && t <= last;
    }
    *unseen = sent && watched && (response || x->outcome != EXCHANGE_ANSWERED);
    if (!response && x->outcome == EXCHANGE_NO_RESPONSE && !x->response.copies && sent)
        return true;
    return sent && watched && !response && !x->response.copies && x->outcome != EXCHANGE_ANSWERED;
}

static void put_message(struct weaver *w, const struct item *it, uint32_t input)
{
    const struct leg *leg = it->response ? &it->exchange->response : &it->exchange->request;
    const struct sighting *timed = leg_timed(leg); /* who sent it may have no clock: then it is the receiver's */
    struct step *s = new_step(w, STEP_MESSAGE);
    at_time(w, s, it->t != TIME_UNKNOWN || !timed ? it->t : aligned(w, timed->input, timed->place, timed->ns));
    s->side = it->side;
    s->response = it->response;
    s->exchange = it->exchange;
    s->leg = leg;
    s->message = leg->message;
    s->retransmissions = leg->retransmissions;
    s->lost = is_lost(w, it->exchange, leg, it->response, &s->unseen);
    s->unseen &= s->lost;
    s->answered = !it->response && it->exchange->outcome == EXCHANGE_ANSWERED && !it->exchange->response.copies;
    s->input = input;
    s->place = it->place;
    s->packet = it->sighting->direction == DIRECTION_WIRE;
    s->severity = leg->message && message_error(leg->message) ? SEVERITY_ERROR : SEVERITY_NONE;
    int64_t first = it->sighting->ns, last = first;
    for (const struct sighting *g = leg->seen; g; g = g->next)
        if (g->input == input && g->ns != TIME_UNKNOWN && g->ns > last)
            last = g->ns;
    s->spread = first == TIME_UNKNOWN ? 0 : last - first;
    w->messages[it->message].done = true;
    if (s->spread > 0 && s->has_t)
        w->last_t = w->last_t > s->t + s->spread ? w->last_t : s->t + s->spread;
}

/* IOS says that a profile or an item is not found where it looks for what need not be there: of an end that came up it means
 * nothing, and is no mark. */
static bool harmless(const struct item *it)
{
    static const uint16_t codes[] = { CODE_PROFILE_NOT_FOUND, CODE_PROFILE_NOT_FOUND_BY_CERT, CODE_ITEM_NOT_FOUND,
                                      CODE_CONFIG_FAILED };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (it->note->code == codes[i])
            return it->view->ready_line && it->note->severity == SEVERITY_WARNING;
    return false;
}

static void put_out(struct weaver *w, const struct item *it, uint32_t input)
{
    if (it->kind == ITEM_TRANSITION) {
        enter(w, it);
    } else if (it->kind == ITEM_MESSAGE) {
        put_message(w, it, input);
    } else if (it->kind == ITEM_NOTE && !harmless(it)) {
        struct step *before = w->out.count ? &w->out.at[w->out.count - 1] : NULL;
        if (before && before->kind == STEP_NOTE && before->side == it->side &&
            text_equal(before->text, note_told(it->note, w->arena))) {
            before->times += before->input != input || before->last_place != it->place;
            before->last_place = it->place;
            return;
        }
        struct step *s = new_step(w, STEP_NOTE);
        s->times = 1;
        at_time(w, s, it->t);
        s->side = it->side;
        s->severity = it->note->severity;
        s->note = it->note;
        s->text = note_told(it->note, w->arena);
        s->input = input;
        s->place = s->last_place = it->place;
        s->packet = it->view->wire;
    }
}

/* ---- which stream goes on: a heap ---- */

/* Those that wait come last: where each waits for another, their orders contradict, and the first goes on. */
static bool goes_before(const struct stream *a, const struct stream *b)
{
    if (a->waiting != b->waiting)
        return b->waiting;
    const int64_t x = a->waiting ? 0 : a->keys[a->next], y = b->waiting ? 0 : b->keys[b->next]; /* no time: at once */
    return x != y ? x < y : a->number < b->number;
}

static void put_at(struct weaver *w, size_t place, struct stream *s)
{
    w->streams[place] = s;
    s->place = place;
}

/* Its key, or what it waits for, is another one now. */
static void move(struct weaver *w, struct stream *s)
{
    size_t at = s->place;
    for (; at && goes_before(s, w->streams[(at - 1) / 2]); at = (at - 1) / 2)
        put_at(w, at, w->streams[(at - 1) / 2]);
    for (size_t next; (next = 2 * at + 1) < w->stream_count; at = next) {
        next += next + 1 < w->stream_count && goes_before(w->streams[next + 1], w->streams[next]);
        if (!goes_before(w->streams[next], s))
            break;
        put_at(w, at, w->streams[next]);
    }
    put_at(w, at, s);
}

/* The item that is next now; at the end the stream leaves. */
static void look_at_next(struct weaver *w, struct stream *s)
{
    if (s->next == s->count) {
        struct stream *last = w->streams[--w->stream_count];
        put_at(w, s->place, last);
        w->streams[w->stream_count] = s;
        if (last != s)
            move(w, last);
        return;
    }
    struct item *it = &s->at[s->next];
    struct message_state *message = it->kind == ITEM_ARRIVAL ? &w->messages[it->message] : NULL;
    s->waiting = message && !message->done;
    if (s->waiting) {
        it->beside = message->arrivals;
        message->arrivals = it;
    }
    move(w, s);
}

static void wake(struct weaver *w, const struct message_state *message)
{
    for (struct item *a = message->arrivals; a; a = a->beside)
        if (a->of->next < a->of->count && a == &a->of->at[a->of->next]) { /* it has not gone on nevertheless */
            a->of->waiting = false;
            move(w, a->of);
        }
}

static void weave(struct weaver *w)
{
    const size_t all = w->stream_count;
    for (w->stream_count = 0; w->stream_count < all;) { /* none is empty */
        struct stream *s = w->streams[w->stream_count];
        s->keys = keys_of(s);
        s->place = w->stream_count++;
        look_at_next(w, s);
    }
    while (w->stream_count) {
        struct stream *s = w->streams[0];
        const struct item *it = &s->at[s->next++];
        put_out(w, it, s->input);
        look_at_next(w, s);
        if (it->kind == ITEM_MESSAGE)
            wake(w, &w->messages[it->message]);
    }
    for (size_t i = 0; i < all; i++) {
        memory_free(w->streams[i]->at);
        memory_free(w->streams[i]->keys);
    }
}

struct steps steps_of(const struct model *m, const struct ike_sa *sa, struct steps_options o, struct arena *arena)
{
    struct weaver w = { .model = m, .sa = sa, .options = o, .arena = arena, .last_t = TIME_UNKNOWN, .out = { .sa = sa } };
    look_round(&w);
    collect(&w);
    settle(&w);
    weave(&w);
    if (w.pending[0].count || w.pending[1].count)
        new_step(&w, STEP_STATES);
    new_step(&w, STEP_END);
    struct steps steps = w.out;
    steps.at = arena_array(arena, struct step, w.out.count);
    memcpy(steps.at, w.out.at, w.out.count * sizeof *steps.at);
    memory_free(w.out.at);
    for (size_t i = 0; i < steps.count; i++)
        if (steps.at[i].has_t && steps.at[i].t > steps.latest)
            steps.latest = steps.at[i].t;
    map_clear(&w.inputs);
    memory_free(w.streams);
    memory_free(w.messages);
    return steps;
}

bool step_states_first(const struct model *m, const struct step *s)
{
    for (size_t i = 0; i < 2; i++) {
        const struct step_states *t = &s->states[i];
        if (!t->count || !t->first || !t->view || !s->has_t)
            continue;
        int64_t at = model_time_at(m, t->view->input, t->first->line, t->first->ns);
        if (at != TIME_UNKNOWN && s->t - at >= s->pause / 2)
            return true;
    }
    return false;
}
