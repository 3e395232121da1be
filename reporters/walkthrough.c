#include "reporters/walkthrough.h"

#include <stdlib.h>

#include "reporters/clean.h"
#include "reporters/walkthrough_place.h"
#include "reporters/words.h"

enum {
    ANY = 0,
    REQUEST = 0,
    RESPONSE = 1,
    SENDER = WALK_SENDER,
    RECEIVER = WALK_RECEIVER,
    BEFORE = WALK_BEFORE,
    MESSAGE = WALK_MESSAGE,
    ARRIVAL = WALK_ARRIVAL,
    AFTER = WALK_AFTER
};
enum { EXCHANGE_ANY = 0, LINES = 400 /* of one row */ };

struct step_row {
    const char *key;
    uint8_t exchange;
    bool response;
    uint8_t who, slot;
    const char *state, *event, *title, *said, *kinds;
};

static const struct step_row rows[] = {
#define STEP(key, exchange, message, who, slot, state, event, title, said, kinds)                                                \
    { key, EXCHANGE_##exchange, message, who, slot, state, event, title, said, kinds },
#define BEGINS(exchange, state, event)
#include "reporters/walkthrough.def"
#undef STEP
#undef BEGINS
};

static const struct {
    uint8_t exchange;
    const char *state, *event;
} begins[] = {
#define STEP(key, exchange, message, who, slot, state, event, title, said, kinds)
#define BEGINS(exchange, state, event) { EXCHANGE_##exchange, state, event },
#include "reporters/walkthrough.def"
#undef STEP
#undef BEGINS
};

enum { ROW_COUNT = COUNT_OF(rows), BEGIN_COUNT = COUNT_OF(begins) };

static bool fits(const char *state, const char *event, const struct event *e)
{
    bool transition = e->kind == EVENT_SM_TRANSITION;
    if (!state[0] && !event[0])
        return false;
    if (!state[0])
        return (transition && e->event && strcmp(event, e->event) == 0) ||
               (e->code && strcmp(event, event_code_row((enum event_code)e->code)->name) == 0);
    return transition && e->state && (state[0] == '*' || strcmp(state, e->state) == 0) &&
           (!event[0] || (e->event && strcmp(event, e->event) == 0));
}

bool walk_begins(unsigned exchange, const struct event *e)
{
    size_t first = BEGIN_COUNT;
    for (size_t i = 0; i < BEGIN_COUNT && first == BEGIN_COUNT; i++)
        if (begins[i].exchange == exchange && fits(begins[i].state, begins[i].event, e))
            first = i;
    return first < BEGIN_COUNT;
}

/* ---- which events are whose ---- */

struct walker {
    struct arena *arena;
    struct config_web *web;
    const struct kept_event **at; /* by SA, in their order */
    size_t *first;                /* by number of the SA, one more than there are */
    uint32_t most;
};

/* Lines that name no SA belong to the one that the same log speaks of next. */
static uint32_t *owners(const struct model *m, const struct kept_event *const *all, size_t count)
{
    uint32_t *owner = memory_take((count + 1) * sizeof *owner);
    uint32_t *next = memory_take((m->input_count + 1) * sizeof *next);
    for (size_t i = count; i-- > 0;) {
        uint32_t *n = &next[all[i]->event.input < m->input_count ? all[i]->event.input : m->input_count];
        if (all[i]->ike_sa)
            *n = all[i]->ike_sa->number;
        unsigned kind = all[i]->event.kind;
        bool own = kind != EVENT_PACKET_SEEN && kind != EVENT_SYSLOG && kind != EVENT_COMMAND;
        owner[i] = all[i]->ike_sa || own ? *n : 0;
    }
    memory_free(next);
    return owner;
}

struct walker *walker_create(const struct model *m)
{
    struct arena *arena = arena_create();
    struct walker *w = arena_new(arena, struct walker);
    w->arena = arena;
    w->web = config_web_create(m, arena);
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        w->most = sa->number > w->most ? sa->number : w->most;
    size_t count = 0;
    for (const struct kept_event *k = m->events; k; k = k->next)
        count++;
    const struct kept_event **all = memory_take((count + 1) * sizeof *all);
    count = 0;
    for (const struct kept_event *k = m->events; k; k = k->next)
        all[count++] = k;
    uint32_t *owner = owners(m, all, count);
    w->first = arena_array(arena, size_t, (size_t)w->most + 3);
    for (size_t i = 0; i < count; i++)
        w->first[owner[i] <= w->most ? owner[i] + 1 : 1]++;
    for (uint32_t n = 0; n <= w->most; n++)
        w->first[n + 1] += w->first[n];
    size_t *fill = memory_take(((size_t)w->most + 2) * sizeof *fill);
    memcpy(fill, w->first, ((size_t)w->most + 2) * sizeof *fill);
    w->at = memory_take((count + 1) * sizeof *w->at);
    for (size_t i = 0; i < count; i++)
        w->at[fill[owner[i] <= w->most ? owner[i] : 0]++] = all[i];
    memory_free(fill);
    memory_free(owner);
    memory_free(all);
    return w;
}

void walker_destroy(struct walker *w)
{
    if (!w)
        return;
    memory_free(w->at);
    config_web_clear(w->web);
    arena_destroy(w->arena);
}

/* ---- rows ---- */

struct builder {
    const struct walker *w;
    const struct ike_sa *sa;
    struct arena *arena;
    struct talks talks;
    struct walk out;
    size_t room;
    struct buffer text;
};

/* A run of rows of one end for one message, before both ends are laid side by side. */
enum { CELLS = 12 };
struct half {
    struct walk_row at[CELLS];
    size_t count, message; /* message: the row that the packet is in */
};

static bool has_rows(unsigned exchange)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].exchange == exchange)
            return true;
    return false;
}

static const struct step_row *step_begins(unsigned exchange, bool response, unsigned who, unsigned slot, const struct event *e)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const struct step_row *r = &rows[i];
        bool trouble = e && r->exchange == EXCHANGE_ANY && (r->state[0] || r->event[0]);
        if ((r->exchange != exchange && !trouble) || r->response != response || r->who != who || r->slot != slot)
            continue;
        if (e ? fits(r->state, r->event, e) : !r->state[0] && !r->event[0])
            return r;
    }
    return NULL;
}

/* What this very message says, where that differs from one to the next: errors, and exchanges that serve many ends. */
static void message_tells(struct builder *b, struct walk_cell *cell, const struct exchange *x, const struct message *m,
                          bool response)
{
    bool error = message_error(m) != NULL;
    size_t before = b->text.len;
    if (error && cell->severity < SEVERITY_ERROR)
        cell->severity = SEVERITY_ERROR;
    if (!x || (!error && (x->type == EXCHANGE_IKE_SA_INIT || x->type == EXCHANGE_IKE_AUTH)))
        return;
    buffer_string(&b->text, "This one ");
    if (message_story(x, m, response, &b->text))
        buffer_string(&b->text, ". ");
    else
        b->text.len = before;
}

static void message_more(struct builder *b, struct walk_cell *cell, const struct talk *k, const struct message *m, bool response)
{
    buffer_reset(&b->text);
    if (!m)
        return;
    message_tells(b, cell, k->exchange, m, response);
    buffer_string(&b->text, "Payloads: ");
    if (!payloads_print(m, &b->text))
        return;
    for (const struct proposal *p = m->proposals; p && b->text.len < 2000; p = p->next) {
        const char *protocol = registry_name(REGISTRY_PROTOCOL, p->protocol);
        buffer_format(&b->text, ". Proposal %u%s%s:", p->number, protocol ? " for " : "", protocol ? protocol : "");
        for (uint16_t i = 0; i < p->count && b->text.len < 2000; i++) {
            buffer_byte(&b->text, ' ');
            transform_print(p->transforms[i], &b->text);
        }
    }
    if (m->tsi || m->tsr) {
        buffer_string(&b->text, ". Selectors: ");
        selectors_print(m->tsi, 3, &b->text);
        buffer_string(&b->text, " to ");
        selectors_print(m->tsr, 3, &b->text);
    }
    cell->more = arena_text(b->arena, buffer_view(&b->text));
}

static struct walk_row *part_add(struct builder *b, struct half *p, const struct step_row *r, uint8_t side)
{
    if (p->count && strcmp(p->at[p->count - 1].cells[side - 1].key, r->key) == 0)
        return &p->at[p->count - 1];
    if (p->count == CELLS)
        return &p->at[CELLS - 1];
    struct walk_row *row = &p->at[p->count++];
    *row = (struct walk_row){ .arrow = WALK_NO_ARROW };
    const struct party *own = side == SIDE_INITIATOR ? &b->sa->initiator : &b->sa->responder;
    const struct party *peer = side == SIDE_INITIATOR ? &b->sa->responder : &b->sa->initiator;
    row->cells[side - 1] = (struct walk_cell){
        .key = r->key, .title = r->title, .said = r->said, .config = walk_configs(b->w->web, own, peer, r->kinds, b->arena)
    };
    return row;
}

/* "SM Trace-> SA: I_SPI=... CurState: X Event: Y" needs no more than its end here. */
static struct text shortened(struct text t)
{
    size_t at = text_find(t, TEXT("CurState:"));
    return at == TEXT_NOWHERE ? t : text_from(t, at);
}

static void line_put(struct builder *b, struct walk_row *row, struct walk_line line)
{
    struct walk_line *l = arena_new(b->arena, struct walk_line);
    *l = line;
    if (row->lines_last)
        row->lines_last->next = l;
    else
        row->lines = l;
    row->lines_last = l;
}

/* Where captures saw the message. */
static void frames_add(struct builder *b, struct walk_row *row, const struct leg *leg, uint8_t side)
{
    for (const struct sighting *s = leg->seen; s; s = s->next) {
        if (s->direction != DIRECTION_WIRE || row->line_count >= LINES)
            continue;
        buffer_reset(&b->text);
        buffer_string(&b->text, s->retransmission ? "on the wire, again" : "on the wire");
        if (s->length)
            buffer_format(&b->text, ", length %u", s->length);
        if (s->fragment)
            buffer_format(&b->text, ", fragment %u", s->fragment);
        row->line_count++;
        line_put(b, row,
                 (struct walk_line){ .text = arena_text(b->arena, buffer_view(&b->text)),
                                     .input = s->input,
                                     .place = s->place,
                                     .lines = 1,
                                     .side = side,
                                     .packet = true });
    }
}

static void line_add(struct builder *b, struct walk_row *row, const struct placed *p)
{
    const struct event *e = &p->event->event;
    row->line_count++;
    if (e->severity > row->cells[p->side - 1].severity)
        row->cells[p->side - 1].severity = e->severity;
    if (row->line_count > LINES)
        return;
    buffer_reset(&b->text);
    buffer_text(&b->text, text_upto(shortened(e->text), 4000));
    if (e->message && (e->kind == EVENT_PACKET_SENT || e->kind == EVENT_PACKET_RECEIVED)) {
        if (e->message->length)
            buffer_format(&b->text, ", length %u", e->message->length);
        if (e->message->type_count) {
            buffer_string(&b->text, ": ");
            payloads_print(e->message, &b->text);
        }
    }
    line_put(b, row,
             (struct walk_line){ .text = arena_text(b->arena, buffer_view(&b->text)),
                                 .input = e->input,
                                 .place = e->line,
                                 .lines = e->lines,
                                 .severity = e->severity,
                                 .side = p->side });
}

static uint8_t side_who(const struct talk *k, bool response, unsigned who)
{
    bool asker = (who == WALK_SENDER) == !response;
    uint8_t from = k->from == SIDE_RESPONDER ? SIDE_RESPONDER : SIDE_INITIATOR;
    return asker ? from : from == SIDE_INITIATOR ? SIDE_RESPONDER : SIDE_INITIATOR;
}

/* The rows of one end for one message: its log's lines, each in the step that it begins or continues. */
static void part_of(struct builder *b, size_t n, bool response, unsigned who, struct half *out)
{
    const struct talk *k = &b->talks.at[n];
    unsigned exchange = has_rows(k->type) ? k->type : EXCHANGE_ANY;
    uint8_t side = side_who(k, response, who);
    const struct leg *leg = !k->exchange ? NULL : response ? &k->exchange->response : &k->exchange->request;
    struct walk_row *row = NULL;
    int slot = -1;
    bool told = false;
    *out = (struct half){ .count = 0 };
    for (size_t i = 0; i < b->talks.line_count; i++) {
        const struct placed *p = &b->talks.lines[i];
        if (p->talk != n || p->response != response || p->who != who || p->side != side)
            continue;
        const struct step_row *r = step_begins(exchange, response, who, p->slot, &p->event->event);
        if (!r && p->slot != slot)
            r = step_begins(exchange, response, who, p->slot, NULL);
        for (unsigned s = 0; !r && !row && s <= WALK_AFTER; s++)
            r = step_begins(exchange, response, who, (p->slot + s) % (WALK_AFTER + 1), NULL);
        /* a step that is over does not begin again */
        for (size_t c = 0; r && c + 1 < out->count; c++)
            if (strcmp(out->at[c].cells[side - 1].key, r->key) == 0)
                r = NULL;
        slot = p->slot;
        if (r)
            row = part_add(b, out, r, side);
        if (!row)
            continue;
        line_add(b, row, p);
        if (p->slot == WALK_MESSAGE)
            out->message = out->count - 1;
        if (p->slot == WALK_MESSAGE && !told && (who == WALK_SENDER || !leg || !b->talks.at[n].told[response][WALK_SENDER])) {
            message_more(b, &row->cells[side - 1], k, leg && leg->message ? leg->message : p->event->event.message, response);
            told = true;
        }
    }
    if (out->count && who == WALK_SENDER && leg && told)
        frames_add(b, &out->at[out->message], leg, side);
    if (out->count || who != WALK_SENDER || !leg || !leg->copies)
        return;
    const struct step_row *r = step_begins(exchange, response, who, WALK_MESSAGE,
                                           NULL); /* no log of this end: the message tells */
    r = r ? r : step_begins(exchange, response, who, WALK_BEFORE, NULL);
    if (!r)
        return;
    row = part_add(b, out, r, side);
    for (size_t i = 0; i < ROW_COUNT && response && !row->cells[side - 1].config;
         i++) /* what its own log would have shown it at */
        if (rows[i].exchange == exchange && !rows[i].response && rows[i].who == WALK_RECEIVER && rows[i].kinds[0])
            row->cells[side - 1].config = walk_configs(b->w->web, side == SIDE_INITIATOR ? &b->sa->initiator : &b->sa->responder,
                                                       side == SIDE_INITIATOR ? &b->sa->responder : &b->sa->initiator,
                                                       rows[i].kinds, b->arena);
    message_more(b, &row->cells[side - 1], k, leg->message, response);
    frames_add(b, row, leg, side);
}

static struct walk_row *row_put(struct builder *b, const struct walk_row *row)
{
    if (b->out.count == b->room) {
        b->room = b->room ? 2 * b->room : 32;
        b->out.at = memory_grow(b->out.at, b->room * sizeof *b->out.at);
    }
    b->out.at[b->out.count] = *row;
    return &b->out.at[b->out.count++];
}

/* Lays a row of the other end beside this one. */
static void row_join(struct walk_row *row, const struct walk_row *with)
{
    for (unsigned i = 0; i < 2; i++)
        if (with->cells[i].key)
            row->cells[i] = with->cells[i];
    if (row->lines_last)
        row->lines_last->next = with->lines;
    else
        row->lines = with->lines;
    row->lines_last = with->lines_last ? with->lines_last : row->lines_last;
    row->line_count += with->line_count;
}

static void arrow_put(struct builder *b, struct walk_row *row, const struct talk *k, bool response)
{
    const struct leg *leg = !k->exchange ? NULL : response ? &k->exchange->response : &k->exchange->request;
    row->arrow = side_who(k, response, WALK_SENDER) == SIDE_INITIATOR ? WALK_TO_RESPONDER : WALK_TO_INITIATOR;
    row->exchange = k->exchange;
    row->response = response;
    row->retransmissions = leg ? leg->retransmissions : 0;
    row->lost = k->exchange && !response && k->exchange->outcome == EXCHANGE_NO_RESPONSE;
    buffer_reset(&b->text);
    exchange_print(k->type, &b->text);
    buffer_string(&b->text, response ? " response" : " request");
    row->label = arena_text(b->arena, buffer_view(&b->text));
}

static bool key_ends(const struct walk_row *row, struct text tail)
{
    for (unsigned i = 0; i < 2; i++)
        if (row->cells[i].key && text_ends(text_of(row->cells[i].key), tail))
            return true;
    return false;
}

static bool is_ready(const struct walk_row *row)
{
    return key_ends(row, TEXT("-ready"));
}
static bool is_sent(const struct walk_row *row)
{
    return key_ends(row, TEXT("-sent"));
}

static void talk_rows(struct builder *b, size_t n)
{
    const struct talk *k = &b->talks.at[n];
    struct half asked, heard, answered, got;
    part_of(b, n, false, WALK_SENDER, &asked);
    part_of(b, n, false, WALK_RECEIVER, &heard);
    part_of(b, n, true, WALK_SENDER, &answered);
    part_of(b, n, true, WALK_RECEIVER, &got);
    for (size_t i = 0; i < asked.count; i++) {
        struct walk_row *row = row_put(b, &asked.at[i]);
        if (i == asked.message)
            arrow_put(b, row, k, false);
    }
    for (size_t i = 0; i < heard.count; i++)
        if (!answered.count || i + 1 < heard.count ||
            strcmp(heard.at[i].cells[side_who(k, true, WALK_SENDER) - 1].key,
                   answered.at[0].cells[side_who(k, true, WALK_SENDER) - 1].key) != 0)
            row_put(b, &heard.at[i]);
        else { /* what was begun while the request was processed is the response already */
            struct walk_row joined = heard.at[i];
            struct text more = answered.at[0].cells[side_who(k, true, WALK_SENDER) - 1].more;
            row_join(&joined, &answered.at[0]);
            joined.cells[side_who(k, true, WALK_SENDER) - 1].more = more;
            answered.at[0] = joined;
        }
    /* the answer is on its way behind the step that sends it: the second, where the log goes on after the packet */
    size_t sent = answered.count > answered.message + 1 && is_sent(&answered.at[answered.message + 1]) ? answered.message + 2
                                                                                                       : answered.message + 1,
           g = 0;
    sent = sent > answered.count ? answered.count : sent;
    for (size_t i = 0; i < sent; i++) {
        struct walk_row *row = row_put(b, &answered.at[i]);
        if (i + 1 == sent)
            arrow_put(b, row, k, true);
    }
    for (size_t i = sent; i < answered.count && !is_ready(&answered.at[i]); i++) {
        struct walk_row *row = row_put(b, &answered.at[i]);
        if (g == 0 && g < got.count && key_ends(&got.at[0], TEXT("-received")))
            row_join(row, &got.at[g++]);
    }
    for (; g < got.count && !is_ready(&got.at[g]); g++)
        row_put(b, &got.at[g]);
    const struct walk_row *last = answered.count && is_ready(&answered.at[answered.count - 1]) ? &answered.at[answered.count - 1]
                                                                                               : NULL;
    if (g < got.count) {
        struct walk_row *row = row_put(b, &got.at[g]);
        if (last)
            row_join(row, last);
    } else if (last) {
        row_put(b, last);
    }
}

/* A log without a single message of this SA (internal debugs alone): what it shows is one step. */
static const struct step_row logged = { "logged",
                                        EXCHANGE_ANY,
                                        false,
                                        WALK_SENDER,
                                        WALK_BEFORE,
                                        "",
                                        "",
                                        "What this router logs of it",
                                        "No message of this SA is in the log, only the router's own steps: with packet debugs "
                                        "too, the exchange itself would stand here.",
                                        "ikev2-profile ikev2-keyring tunnel-group" };

static void logged_rows(struct builder *b, const struct kept_event *const *events, size_t count)
{
    for (const struct view *v = b->sa->views; v; v = v->next) {
        struct half half = { .count = 0 };
        uint8_t side = v->role == SIDE_RESPONDER ? SIDE_RESPONDER : SIDE_INITIATOR;
        for (size_t i = 0; i < count && !v->wire; i++)
            if (events[i]->event.input == v->input && events[i]->ike_sa == b->sa)
                line_add(b, part_add(b, &half, &logged, side), &(struct placed){ .event = events[i], .side = side });
        for (size_t i = 0; i < half.count; i++)
            row_put(b, &half.at[i]);
    }
}

struct walk walk_of(const struct walker *w, const struct ike_sa *sa, struct arena *arena)
{
    struct builder b = { .w = w, .sa = sa, .arena = arena };
    if (sa->number > w->most)
        return (struct walk){ .count = 0 };
    buffer_init(&b.text, 1 << 20);
    talks_of(&b.talks, sa, w->at + w->first[sa->number], w->first[sa->number + 1] - w->first[sa->number]);
    for (size_t n = 0; n < b.talks.count; n++)
        talk_rows(&b, n);
    if (!b.out.count)
        logged_rows(&b, w->at + w->first[sa->number], w->first[sa->number + 1] - w->first[sa->number]);
    struct walk out = { .count = b.out.count, .left_out = b.talks.left_out };
    out.at = arena_array(arena, struct walk_row, b.out.count + 1);
    if (b.out.count)
        memcpy(out.at, b.out.at, b.out.count * sizeof *out.at);
    memory_free(b.out.at);
    talks_clear(&b.talks);
    buffer_clear(&b.text);
    return out;
}

const char *walk_heading(const struct ike_sa *sa, bool responder)
{
    struct party from, to;
    if (!ends_of(sa, &from, &to))
        return responder ? "The other end" : "This end";
    return responder ? "The responder" : "The initiator";
}
