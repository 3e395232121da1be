#include "reporters/svg_ladder.h"

#include "reporters/clean.h"
#include "reporters/svg_chips.h"
#include "reporters/svg_lane.h"
#include "reporters/words.h"

enum {
    LEFT = 98, /* the time stands left of it */
    AXIS = 90,
    LANE = 12,
    GAP = 14,           /* between a lifeline and what stands beside it */
    EMPTY_PANE = 228,   /* where the lifeline of an end stands that no log tells of */
    FULL_PANE_I = 340,  /* ... of one that has states or notes */
    FULL_PANE_R = 276,  /* from the right edge */
    EMPTY_PANE_R = 134, /* half the box with the name */
    HEAD_WIDTH = 256,
    HEAD_COLUMNS = 25, /* of a name in large letters */
    HEAD_SMALL = 28,   /* of a longer one, and of what stands below */
    HEAD_LEAST = 42,   /* how high it is at least */
    STATE_LINE = 14,
    CODE_PX = 67, /* tenths of a pixel that a column of code, of small text, of small bold text takes at most */
    SMALL_PX = 70,
    BOLD_PX = 74,
    END_PX = 86, /* ... of bold text */
    MOST_CHIP_ROWS = 3,
    LEAST_DELTA = 500000, /* ns between two messages that are worth a word */
    HEAD_AGAIN = 2200,    /* a long ladder repeats who is who after so much of it */
    FOLD_HEAD = 16,
    FOLD_TAIL = 4,
    FOLD_LEAST = 4 /* messages of liveness checks in a row that are worth folding */
};

struct ladder {
    struct drawing *d;
    const struct model *m;
    const struct steps *steps;
    struct ladder_options o;
    struct buffer body;   /* of the row being drawn */
    struct lane lanes[2]; /* what the states of each end are at the row's top */
    int life[2];          /* x of the lifelines */
    int y, head_y;        /* of the row; of the last head */
    int64_t last_t;       /* of the message before, TIME_UNKNOWN */
    bool timed;           /* some step has a time */
    bool states_drawn;    /* of the step at hand, above the pause before it */
    unsigned folds;
    int in_fold; /* number of the open fold, 0 none */
};

/* Half of an exchange that only asked whether the peer is there, and was answered. */
static bool step_is_liveness(const struct step *s)
{
    const struct exchange *x = s->exchange;
    if (s->kind != STEP_MESSAGE || !x || x->type != EXCHANGE_INFORMATIONAL || x->outcome != EXCHANGE_OK || s->lost || s->severity)
        return false;
    const struct message *m = x->request.message;
    return m && !m->notices && !m->deletions && !m->cfg_type &&
           (m->type_count == 0 ||
            (m->type_count == 1 && m->has_sk && m->decryption != DECRYPTION_NO_KEY && m->decryption != DECRYPTION_ICV_FAILED));
}

static int life(const struct ladder *l, unsigned side)
{
    return l->life[side == SIDE_RESPONDER];
}

static int middle(const struct ladder *l)
{
    return (l->life[0] + l->life[1]) / 2;
}

/* An end that no log tells of needs no room beside its lifeline; the others get it. */
static void arrange(struct ladder *l)
{
    bool full[2] = { l->steps->has_states[0], l->steps->has_states[1] };
    for (size_t i = 0; i < l->steps->count; i++) {
        const struct step *s = &l->steps->at[i];
        if (s->kind == STEP_NOTE && s->side)
            full[s->side == SIDE_RESPONDER] = true;
        l->timed |= s->has_t;
    }
    l->life[0] = full[0] ? FULL_PANE_I : EMPTY_PANE;
    l->life[1] = LADDER_WIDTH - (full[1] ? FULL_PANE_R : EMPTY_PANE_R);
    if (full[1] && !full[0])
        l->life[1] -= 90; /* longer lines of notes rather than longer arrows */
}

/* The room beside a lifeline, and where text begins there. */
static int pane(const struct ladder *l, unsigned side)
{
    return side == SIDE_RESPONDER ? LADDER_WIDTH - l->life[1] - GAP : l->life[0] - GAP - LEFT;
}

static size_t columns_of(int room, int tenths)
{
    return room > tenths ? (size_t)(room * 10 / tenths) : 1;
}

/* ---- rows ---- */

static void row_open(struct ladder *l)
{
    buffer_reset(&l->body);
    l->d->out = &l->body;
}

static void lifelines(struct ladder *l, bool pause, int height)
{
    struct drawing *d = l->d;
    for (unsigned side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++) {
        if (l->steps->has_states[side - 1])
            lane_draw(d, &l->lanes[side - 1], life(l, side), LANE, height);
        else
            draw_line(d, "life", life(l, side), 0, life(l, side), height);
        if (pause)
            draw_break(d, life(l, side), height / 2, LANE + 8);
    }
    if (l->timed)
        draw_line(d, "axis", AXIS, 0, AXIS, height);
    if (pause && l->timed)
        draw_break(d, AXIS, height / 2, 12);
}

const char *exchange_colour(const struct exchange *x)
{
    static const struct {
        uint8_t type;
        const char *class;
    } colours[] = { { EXCHANGE_IKE_SA_INIT, " x-init" },
                    { EXCHANGE_IKE_AUTH, " x-auth" },
                    { EXCHANGE_CREATE_CHILD_SA, " x-child" },
                    { EXCHANGE_INFORMATIONAL, " x-info" } };
    for (size_t i = 0; x && i < COUNT_OF(colours); i++)
        if (colours[i].type == x->type)
            return colours[i].class;
    return "";
}

/* Closes the row: lifelines first, so that all else stands on them. */
static void row_close(struct ladder *l, struct buffer *out, const char *kind, const struct step *s, int height)
{
    struct drawing *d = l->d;
    d->out = out;
    buffer_format(out, "<g class=\"row %s%s\" transform=\"translate(0,%d)\"", kind, exchange_colour(s ? s->exchange : NULL),
                  l->y);
    if (l->o.interactive) {
        buffer_format(out, " data-h=\"%d\"", height);
        if (strcmp(kind, "folded") == 0)
            buffer_format(out, " data-fold=\"%u\" tabindex=\"0\" role=\"button\" aria-expanded=\"false\"", l->folds);
        if (l->in_fold)
            buffer_format(out, " data-in=\"%d\" display=\"none\"", l->in_fold);
        if (s) {
            buffer_format(out, " data-step=\"%zu\" data-side=\"%u\" data-severity=\"%u\"", (size_t)(s - l->steps->at), s->side,
                          s->severity);
            if (s->place)
                buffer_format(out, " data-place=\"%u:%u\"", s->input, s->place);
            if (s->kind == STEP_MESSAGE && s->exchange) {
                buffer_reset(&d->line);
                message_label(s->exchange, s->response, &d->line);
                buffer_string(out, " tabindex=\"0\" role=\"button\" aria-label=\"");
                draw_put(d, buffer_view(&d->line));
                buffer_byte(out, '"');
            }
        }
    }
    buffer_string(out, ">\n");
    if (l->o.interactive && ((s && s->kind == STEP_MESSAGE) || strcmp(kind, "folded") == 0))
        draw_box(d, "hit", 0, 0, LADDER_WIDTH, height, 0);
    lifelines(l, strcmp(kind, "pause") == 0, height);
    buffer_put(out, l->body.at, l->body.len);
    buffer_string(out, "</g>\n");
    if (!(l->o.interactive && l->in_fold))
        l->y += height;
}

static int states_of(struct ladder *l, const struct step *s)
{
    int most = 0;
    for (unsigned i = 0; i < 2 && !l->states_drawn; i++) {
        const struct step_states *p = &s->states[i];
        int shown = (int)(p->count < STEP_STATE_COUNT ? p->count : STEP_STATE_COUNT), y = 12;
        int x = i ? l->life[1] + GAP : l->life[0] - GAP;
        size_t columns = columns_of(pane(l, i + 1), CODE_PX);
        for (int n = 0; n < shown; n++, y += STATE_LINE) {
            lane_mark(&l->lanes[i], p->names[n], lane_class_at(p->names[n], n == shown - 1 ? p->last : NULL), y - 4);
            draw_text(l->d, x, y, "code", i ? "start" : "end", text_of(p->names[n]), columns);
            if (n == shown - 2 && p->count > STEP_STATE_COUNT) {
                y += STATE_LINE;
                buffer_reset(&l->d->line);
                buffer_format(&l->d->line, "%u more", p->count - STEP_STATE_COUNT);
                draw_text(l->d, x, y, "code dim", i ? "start" : "end", buffer_view(&l->d->line), 0);
            }
        }
        most = y - 12 > most ? y - 12 : most;
    }
    return most ? most + 4 : 0;
}

/* When it was, and how long after the message before. */
static void when(struct ladder *l, const struct step *s, int y)
{
    if (!s->has_t)
        return;
    buffer_reset(&l->d->line);
    elapsed_print(s->t, l->steps->latest, &l->d->line);
    draw_text(l->d, AXIS - 8, y, "code dim", "end", buffer_view(&l->d->line), 0);
    buffer_format(l->d->out, "<circle class=\"dot\" cx=\"%d\" cy=\"%d\" r=\"2.5\"/>\n", AXIS, y - 4);
    if (s->kind != STEP_MESSAGE)
        return;
    if (l->last_t != TIME_UNKNOWN && s->t - l->last_t >= LEAST_DELTA) {
        buffer_reset(&l->d->line);
        buffer_byte(&l->d->line, '+');
        duration_print(s->t - l->last_t, &l->d->line);
        draw_text(l->d, AXIS - 8, y + 13, "tiny dim", "end", buffer_view(&l->d->line), 0);
    }
    l->last_t = s->t;
}

/* From a lifeline to where an arrow may begin: beside the lane, or at the line itself. */
static int beside(const struct ladder *l, unsigned end)
{
    return l->steps->has_states[end] ? LANE / 2 + 1 : 1;
}

static void arrow(struct ladder *l, const struct step *s, int y)
{
    struct drawing *d = l->d;
    bool right = s->side != SIDE_RESPONDER;
    const char *class = s->lost || s->severity == SEVERITY_ERROR ? "failed" : s->response ? "response" : "request";
    int in[2] = { l->life[0] + beside(l, 0), l->life[1] - beside(l, 1) }, from = in[!right], to = in[right];
    if (s->retransmissions)
        for (unsigned n = 1; n <= 2 && n <= s->retransmissions; n++)
            draw_line(d, "again", from, y + (int)n * 3, (from + to) / 2, y + (int)n * 3);
    buffer_format(d->out, "<circle class=\"%s origin\" cx=\"%d\" cy=\"%d\" r=\"3\"/>\n", class, from, y);
    if (s->lost) {
        int end = from + (to - from) * 3 / 4;
        draw_line(d, class, from, y, end, y);
        draw_cross(d, end + (right ? 8 : -8), y);
        draw_string(d, end + (right ? 20 : -20), y + 4, "bad small", right ? "start" : "end", "lost");
    } else {
        draw_line(d, class, from, y, to - (right ? 9 : -9), y);
        draw_head(d, class, to, y, right);
    }
}

static void badge(struct ladder *l, const struct step *s, int y)
{
    struct buffer *b = &l->d->line;
    if (!s->retransmissions)
        return;
    buffer_reset(b);
    buffer_format(b, "sent \xc3\x97%u", s->retransmissions + 1);
    if (s->spread > 0) {
        buffer_string(b, " in ");
        duration_print(s->spread, b);
    }
    int width = 16 + (int)clean_columns(buffer_view(b)) * SMALL_PX / 10;
    draw_box(l->d, "badge", middle(l) - width / 2, y, width, 18, 9);
    draw_text(l->d, middle(l), y + 13, "small", "middle", buffer_view(b), 0);
}

/* The name in bold, the figures behind it: "IKE_AUTH request  id 1, 556 octets". */
static void caption(struct ladder *l, const struct step *s, int y)
{
    struct drawing *d = l->d;
    buffer_format(d->out, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"middle\"><tspan class=\"strong\">",
                  s->severity == SEVERITY_ERROR ? "bad" : "", middle(l), y);
    buffer_reset(&d->line);
    if (s->exchange)
        message_label(s->exchange, s->response, &d->line);
    draw_put(d, buffer_view(&d->line));
    buffer_string(d->out, "</tspan>");
    buffer_reset(&d->line);
    if (s->exchange && !s->exchange->no_id)
        buffer_format(&d->line, "\xc2\xa0 id %u", s->exchange->message_id);
    if (s->message && s->message->length) {
        buffer_string(&d->line, ", ");
        octets_print(s->message->length, &d->line);
    }
    if (s->message && s->message->fragments > 1)
        buffer_format(&d->line, ", %u fragments", s->message->fragments);
    buffer_string(d->out, "<tspan class=\"dim small\">");
    draw_put(d, buffer_view(&d->line));
    buffer_string(d->out, "</tspan></text>\n");
}

/* May this answer have made it? Stamps of whole seconds fit several; the last of them is it. */
static bool may_have_made(const struct step *s, const struct child_sa *c)
{
    const struct exchange *x = s->exchange;
    if (!s->response || !s->leg || !x || c->ns == TIME_UNKNOWN || (c->of_exchange && c->message_id != x->message_id))
        return false;
    if (x->type != EXCHANGE_CREATE_CHILD_SA && (x->type != EXCHANGE_IKE_AUTH || c->rekeys))
        return false;
    if (c->initial && x->type != EXCHANGE_IKE_AUTH)
        return false;
    for (const struct sighting *seen = s->leg->seen; seen; seen = seen->next)
        if (seen->input == c->input && seen->ns == c->ns)
            return true;
    return false;
}

static bool made(const struct steps *steps, const struct step *s, const struct child_sa *c)
{
    if (!may_have_made(s, c))
        return false;
    for (const struct step *later = s + 1; later < steps->at + steps->count; later++)
        if (may_have_made(later, c))
            return false;
    return true;
}

/* A Child SA that came up by this answer, told where it happened. */
static int births(struct ladder *l, const struct step *s, int y)
{
    int top = y;
    struct buffer *b = &l->d->line;
    for (const struct child_sa *c = l->steps->sa->children; c; c = c->sibling) {
        if (c->outcome == SA_FAILED || c->outcome == SA_INCOMPLETE || !made(l->steps, s, c))
            continue;
        buffer_reset(b);
        buffer_format(b, "child%u is up", c->number);
        if (c->rekeys)
            buffer_format(b, ", replaces child%u", c->rekeys->number);
        if (c->tsi && c->tsr) {
            buffer_string(b, ": ");
            selectors_print(c->tsi, 1, b);
            buffer_string(b, " \xe2\x87\x84 ");
            selectors_print(c->tsr, 1, b);
        }
        int room = l->life[1] - l->life[0] - 60, width = 20 + (int)clean_columns(buffer_view(b)) * SMALL_PX / 10;
        width = width < room ? width : room;
        draw_box(l->d, "child", middle(l) - width / 2, y, width, 18, 9);
        draw_text(l->d, middle(l), y + 13, "small", "middle", buffer_view(b), columns_of(room, SMALL_PX));
        y += 22;
    }
    return y - top;
}

static void message_row(struct ladder *l, struct buffer *out, const struct step *s)
{
    row_open(l);
    int y = states_of(l, s) + 26;
    caption(l, s, y - 9);
    arrow(l, s, y);
    when(l, s, y + 4);
    int below = y + 8;
    if (s->retransmissions) {
        badge(l, s, below);
        below += 22;
    }
    if (s->answered) {
        const size_t room = columns_of(l->life[1] - l->life[0] - 2 * GAP, SMALL_PX);
        below += 12;
        below += (draw_centred(l->d, middle(l), below, "dim small", text_of(words_answered), room, 2) - 1) * DRAW_LINE + 6;
    }
    below += chips_draw(l->d, s->message, middle(l), below, l->life[1] - l->life[0] - 2 * GAP, MOST_CHIP_ROWS);
    below += births(l, s, below);
    row_close(l, out, "message", s, below + 6);
}

static void note_row(struct ladder *l, struct buffer *out, const struct step *s)
{
    row_open(l);
    struct drawing *d = l->d;
    int top = states_of(l, s) + 16;
    int x = s->side == SIDE_RESPONDER ? l->life[1] + GAP : s->side == SIDE_INITIATOR ? LEFT : l->life[0] + 40;
    int room = (s->side ? pane(l, s->side) : l->life[1] - l->life[0] - 60) - 20;
    bool bad = s->severity == SEVERITY_ERROR;
    draw_sign(d, s->severity, x, top - 4);
    int n = draw_lines(d, x + 20, top, bad ? "small bad" : "small", s->text, columns_of(room, bad ? BOLD_PX : SMALL_PX), 5);
    buffer_reset(&d->line);
    place_print(l->m, s->input, s->place, s->packet, &d->line);
    if (clean_columns(buffer_view(&d->line)) > columns_of(room, CODE_PX)) { /* the number matters more than a long name */
        buffer_reset(&d->line);
        buffer_format(&d->line, s->packet ? "frame %u" : "line %u", s->place);
    }
    draw_text(d, x + 20, top + n * DRAW_LINE, "code dim", "start", buffer_view(&d->line), columns_of(room, CODE_PX));
    when(l, s, top);
    row_close(l, out, "notice", s, top + n * DRAW_LINE + 8);
}

static void pause_row(struct ladder *l, struct buffer *out, const struct step *s)
{
    row_open(l);
    struct buffer *b = &l->d->line;
    buffer_reset(b);
    duration_print(s->pause, b);
    buffer_string(b, " later");
    int width = 24 + (int)clean_columns(buffer_view(b)) * SMALL_PX / 10;
    draw_line(l->d, "gap", LEFT, 17, LADDER_WIDTH - 10, 17);
    draw_box(l->d, "pausing", middle(l) - width / 2, 7, width, 20, 10);
    draw_text(l->d, middle(l), 21, "small", "middle", buffer_view(b), 0);
    row_close(l, out, "pause", NULL, 34);
}

static void states_row(struct ladder *l, struct buffer *out, const struct step *s)
{
    row_open(l);
    int height = states_of(l, s);
    row_close(l, out, "states", s, height + 4);
}

/* class of the box, the sign before its words */
static const char *outcome_sign(const struct ike_sa *sa, const char **class)
{
    bool up = sa->outcome == SA_ESTABLISHED || sa->outcome == SA_REKEYED;
    if (up && ike_sa_lacks_child(sa)) {
        *class = "badge";
        return "\xe2\x96\xb2 ";
    }
    *class = up ? "up" : sa->outcome == SA_FAILED ? "down" : "gone";
    return up ? "\xe2\x9c\x94 " : sa->outcome == SA_FAILED ? "\xe2\x9c\x96 " : "";
}

static void end_row(struct ladder *l, struct buffer *out, const struct step *s)
{
    row_open(l);
    struct drawing *d = l->d;
    const struct ike_sa *sa = l->steps->sa;
    const char *class;
    const int y = states_of(l, s) + 10, left = l->life[0] - LANE / 2 - 6, width = l->life[1] + LANE / 2 + 6 - left;
    struct buffer words, *out_of = d->out;
    buffer_init(&words, DRAWING_LIMIT);
    buffer_reset(&d->line);
    buffer_string(&d->line, outcome_sign(sa, &class));
    buffer_string(&d->line, outcome_story(sa));
    if (ike_sa_replaced(sa)) {
        buffer_byte(&d->line, ' ');
        heir_print(sa, &d->line);
    }
    d->out = &words;
    const int n = draw_centred(d, middle(l), y + 19, "strong", buffer_view(&d->line), columns_of(width, END_PX), 5);
    const int high = 13 + n * DRAW_LINE;
    d->out = out_of;
    draw_box(d, class, left, y, width, high, 6);
    buffer_put(d->out, words.at, words.len);
    buffer_clear(&words);
    row_close(l, out, "end", s, y + high + 2);
}

/* ---- folds ---- */

/* How many steps from i on are one run of liveness checks with nothing else between them. */
static size_t fold_run(const struct steps *steps, size_t i)
{
    size_t n = 0;
    while (i + n < steps->count && step_is_liveness(&steps->at[i + n]))
        n++;
    return n >= FOLD_LEAST ? n : 0;
}

static void fold_row(struct ladder *l, struct buffer *out, size_t i, size_t n)
{
    const struct step *first = &l->steps->at[i], *last = &l->steps->at[i + n - 1];
    row_open(l);
    struct buffer *b = &l->d->line;
    size_t requests = 0;
    for (size_t k = 0; k < n; k++)
        requests += !l->steps->at[i + k].response;
    buffer_reset(b);
    count_print(requests ? requests : n, "liveness check, answered", "liveness checks, all answered", b);
    if (first->has_t && last->has_t && last->t > first->t) {
        buffer_string(b, ", over ");
        duration_print(last->t - first->t, b);
    }
    int left = l->life[0] + 20, width = l->life[1] - l->life[0] - 40;
    for (int sheet = 2; sheet >= 0; sheet--) /* a stack of what is folded */
        draw_box(l->d, "panel", left + 3 * sheet, 5 + 3 * sheet, width - 6 * sheet, 22, 4);
    if (l->o.interactive)
        buffer_format(l->d->out, "<path class=\"opener\" d=\"M%d 12 l7 4 l-7 4 z\"/>\n", left + 10);
    draw_text(l->d, middle(l), 20, "small", "middle", buffer_view(b), columns_of(width - 24, SMALL_PX));
    when(l, first, 20);
    row_close(l, out, "folded", NULL, 38);
}

/* ---- all of it ---- */

/* Who stands there: the router's name large, its address and role below; where only one of them is known, that. What does not fit
 * goes on below itself: a name that is cut names another router. Draws it, and returns how high it is. */
static int party_words(struct ladder *l, int x, const struct party *p, const char *role)
{
    struct drawing *d = l->d;
    const struct text name = device_name(l->m, p->device);
    struct buffer place;
    buffer_init(&place, 4096);
    if (p->endpoint.address.family)
        address_print(p->endpoint.address, &place);
    else if (!name.len)
        buffer_string(&place, "unknown");
    const struct text title = name.len ? name : buffer_view(&place);
    int y = 18, lines = 1;
    if (clean_columns(title) > HEAD_COLUMNS)
        lines = draw_name(d, x, y, "small strong", title, HEAD_SMALL);
    else
        draw_text(d, x, y, "h2", "middle", title, 0);
    y += lines * DRAW_LINE + 1;
    const bool apart = clean_columns(buffer_view(&place)) + strlen(role) + 2 > HEAD_SMALL + 4;
    if (name.len && place.len && apart)
        y += draw_name(d, x, y, "small dim", buffer_view(&place), HEAD_SMALL) * DRAW_LINE;
    buffer_reset(&d->line);
    if (name.len && place.len && !apart) {
        buffer_text(&d->line, buffer_view(&place));
        buffer_string(&d->line, ", ");
    }
    buffer_string(&d->line, role);
    draw_text(d, x, y, "small dim", "middle", buffer_view(&d->line), 0);
    buffer_clear(&place);
    return y + 8 > HEAD_LEAST ? y + 8 : HEAD_LEAST;
}

struct head_end {
    const struct party *party;
    const char *role;
};

/* Both boxes are as high as the higher one. Returns that. */
static int party_boxes(struct ladder *l, const struct head_end ends[2])
{
    struct drawing *d = l->d;
    struct buffer words, *out = d->out;
    int height = 0;
    buffer_init(&words, DRAWING_LIMIT);
    d->out = &words;
    for (unsigned i = 0; i < 2; i++) {
        const int high = party_words(l, l->life[i] + 14, ends[i].party, ends[i].role);
        height = high > height ? high : height;
    }
    d->out = out;
    for (unsigned i = 0; i < 2; i++) {
        const int left = l->life[i] - HEAD_WIDTH / 2;
        draw_box(d, "party", left, 0, HEAD_WIDTH, height, 8);
        draw_router(d, left + 8, height / 2 - 10);
    }
    buffer_put(out, words.at, words.len);
    buffer_clear(&words);
    return height;
}

static void head(struct ladder *l, struct buffer *out)
{
    struct party from, to;
    const struct ike_sa *sa = l->steps->sa;
    (void)ends_of(sa, &from, &to);
    row_open(l);
    const int height = party_boxes(l, (const struct head_end[]){ { &from, end_role(sa, false) }, { &to, end_role(sa, true) } });
    if (l->timed)
        draw_string(l->d, AXIS - 8, height - 8, "small dim", "end", elapsed_unit(l->steps->latest));
    l->head_y = l->y;
    row_close(l, out, "head", NULL, height + 8);
}

static void draw_step(struct ladder *l, struct buffer *out, const struct step *s)
{
    if (l->y - l->head_y > HEAD_AGAIN && s->kind == STEP_MESSAGE && !s->response && !l->in_fold)
        head(l, out);
    if (s->pause && s->kind != STEP_END) {
        if (step_states_first(l->m, s)) {
            states_row(l, out, s);
            l->states_drawn = true;
        }
        pause_row(l, out, s);
    }
    switch ((enum step_kind)s->kind) {
    case STEP_MESSAGE:
        message_row(l, out, s);
        break;
    case STEP_NOTE:
        note_row(l, out, s);
        break;
    case STEP_STATES:
        states_row(l, out, s);
        break;
    case STEP_END:
        end_row(l, out, s);
        break;
    }
    l->states_drawn = false;
}

/* What came before the run stays in sight; of a long run the first and the last checks are drawn. */
static void fold(struct ladder *l, struct buffer *out, size_t i, size_t n)
{
    const struct step *first = &l->steps->at[i];
    if (first->states[0].count || first->states[1].count) {
        states_row(l, out, first);
        l->states_drawn = true;
    }
    l->folds++;
    fold_row(l, out, i, n);
    l->in_fold = (int)l->folds;
    for (size_t k = 0; k < n && l->o.interactive; k++) {
        draw_step(l, out, first + k);
        if (k + 1 == FOLD_HEAD && n > FOLD_HEAD + FOLD_TAIL) {
            row_open(l);
            buffer_reset(&l->d->line);
            buffer_format(&l->d->line, "%zu more messages of them are not drawn", n - FOLD_HEAD - FOLD_TAIL);
            draw_text(l->d, middle(l), 18, "small dim", "middle", buffer_view(&l->d->line), 0);
            row_close(l, out, "left", NULL, 28);
            k = n - FOLD_TAIL - 1;
        }
    }
    l->in_fold = 0;
    l->states_drawn = false;
}

int ladder_draw(struct drawing *d, const struct model *m, const struct steps *steps, struct ladder_options o, int y)
{
    struct ladder l = { .d = d, .m = m, .steps = steps, .o = o, .y = y, .last_t = TIME_UNKNOWN };
    struct buffer *out = d->out;
    arrange(&l);
    buffer_init(&l.body, DRAWING_LIMIT);
    head(&l, out);
    size_t drawn = 0;
    for (size_t i = 0; i < steps->count;) {
        size_t run = fold_run(steps, i), n = run ? run : 1;
        if (o.most && drawn >= o.most && i + 1 < steps->count) {
            row_open(&l);
            buffer_reset(&d->line);
            buffer_format(&d->line, "%zu more step%s not drawn", steps->count - 1 - i,
                          steps->count - 1 - i == 1 ? " is" : "s are");
            draw_text(d, middle(&l), 18, "dim", "middle", buffer_view(&d->line), 0);
            row_close(&l, out, "left", NULL, 28);
            i = steps->count - 1;
            continue;
        }
        if (run)
            fold(&l, out, i, run);
        else
            draw_step(&l, out, &steps->at[i]);
        drawn++;
        i += n;
    }
    d->out = out;
    buffer_clear(&l.body);
    return l.y;
}
