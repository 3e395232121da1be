#include "reporters/svg_ladder.h"

#include "reporters/clean.h"
#include "reporters/words.h"

enum {
    LEFT = 78,
    LANE = 10,
    LIFE_I = 364,
    LIFE_R = 724,
    RIGHT = LIFE_R + 16,
    PANE_COLUMNS = 36, /* of code text in a side pane */
    NOTE_COLUMNS = 39,
    BOLD_COLUMNS = 33,
    MIDDLE_COLUMNS = 52,
    STATE_LINE = 14,
    MOST_PAYLOAD_LINES = 3,
    FOLD_LEAST = 4 /* messages of liveness checks in a row that are worth folding */
};

struct ladder {
    struct drawing *d;
    const struct model *m;
    const struct steps *steps;
    struct ladder_options o;
    struct buffer body; /* of the row being drawn */
    int y, height;      /* of the row */
    unsigned folds;
    int in_fold; /* number of the open fold, 0 none */
};

bool step_is_liveness(const struct step *s)
{
    const struct exchange *x = s->exchange;
    if (s->kind != STEP_MESSAGE || !x || x->type != EXCHANGE_INFORMATIONAL || x->outcome != EXCHANGE_OK || s->lost || s->severity)
        return false;
    const struct message *m = x->request.message;
    return m && !m->notices && !m->deletions && !m->cfg_type &&
           (m->type_count == 0 ||
            (m->type_count == 1 && m->has_sk && m->decryption != DECRYPTION_NO_KEY && m->decryption != DECRYPTION_ICV_FAILED));
}

static int life(unsigned side)
{
    return side == SIDE_RESPONDER ? LIFE_R : LIFE_I;
}

/* ---- rows ---- */

static void row_open(struct ladder *l)
{
    buffer_reset(&l->body);
    l->d->out = &l->body;
}

/* Closes the row: lifelines first, so that all else stands on them. */
static void row_close(struct ladder *l, struct buffer *out, const char *kind, const struct step *s, int height)
{
    struct drawing *d = l->d;
    d->out = out;
    buffer_format(out, "<g class=\"row %s\" transform=\"translate(0,%d)\"", kind, l->y);
    if (l->o.interactive) {
        buffer_format(out, " data-h=\"%d\"", height);
        if (strcmp(kind, "folded") == 0)
            buffer_format(out, " data-fold=\"%u\" tabindex=\"0\" role=\"button\"", l->folds);
        if (l->in_fold)
            buffer_format(out, " data-in=\"%d\" display=\"none\"", l->in_fold);
        if (s) {
            buffer_format(out, " data-step=\"%zu\" data-side=\"%u\" data-severity=\"%u\"", (size_t)(s - l->steps->at), s->side,
                          s->severity);
            if (s->place)
                buffer_format(out, " data-place=\"%u:%u\"", s->input, s->place);
            if (s->kind == STEP_MESSAGE)
                buffer_string(out, " tabindex=\"0\" role=\"button\"");
        }
    }
    buffer_string(out, ">\n");
    if (l->o.interactive && ((s && s->kind == STEP_MESSAGE) || strcmp(kind, "folded") == 0))
        draw_box(d, "hit", 0, 0, LADDER_WIDTH, height, 0);
    for (unsigned side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++) {
        if (strcmp(kind, "pause") == 0)
            draw_line(d, "gap", life(side), 0, life(side), height);
        else if (l->steps->has_states[side - 1])
            draw_box(d, "lane", life(side) - LANE / 2, 0, LANE, height, 0);
        else
            draw_line(d, "life", life(side), 0, life(side), height);
    }
    buffer_put(out, l->body.at, l->body.len);
    buffer_string(out, "</g>\n");
    if (!(l->o.interactive && l->in_fold))
        l->y += height;
}

static int states_of(struct ladder *l, const struct step *s)
{
    int most = 0;
    for (unsigned i = 0; i < 2; i++) {
        const struct step_states *p = &s->states[i];
        int shown = (int)(p->count < STEP_STATE_COUNT ? p->count : STEP_STATE_COUNT), y = 12;
        int x = i ? RIGHT : LIFE_I - 14, lane = i ? LIFE_R : LIFE_I;
        for (int n = 0; n < shown; n++, y += STATE_LINE) {
            draw_line(l->d, "tick", lane - LANE / 2, y - 4, lane + LANE / 2, y - 4);
            draw_text(l->d, x, y, "code", i ? "start" : "end", text_of(p->names[n]), PANE_COLUMNS);
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

static void when(struct ladder *l, const struct step *s, int y)
{
    if (!s->has_t)
        return;
    buffer_reset(&l->d->line);
    seconds_print(s->t, &l->d->line);
    draw_text(l->d, 8, y, "code dim", "start", buffer_view(&l->d->line), 0);
}

static void arrow(struct ladder *l, const struct step *s, int y)
{
    struct drawing *d = l->d;
    bool right = s->side != SIDE_RESPONDER;
    const char *class = s->lost || s->severity == SEVERITY_ERROR ? "failed" : s->response ? "response" : "request";
    int from = right ? LIFE_I + LANE / 2 : LIFE_R - LANE / 2, to = right ? LIFE_R - LANE / 2 : LIFE_I + LANE / 2;
    if (s->retransmissions)
        for (unsigned n = 1; n <= 2 && n <= s->retransmissions; n++)
            draw_line(d, "again", from, y + (int)n * 3, (from + to) / 2, y + (int)n * 3);
    if (s->lost) {
        int end = from + (to - from) * 3 / 4;
        draw_line(d, class, from, y, end, y);
        draw_cross(d, end + (right ? 8 : -8), y);
        draw_string(d, end + (right ? 20 : -20), y + 4, "bad small", right ? "start" : "end", "lost");
    } else {
        draw_line(d, class, from, y, to - (right ? 8 : -8), y);
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
    int width = 16 + (int)clean_columns(buffer_view(b)) * 7, middle = (LIFE_I + LIFE_R) / 2;
    draw_box(l->d, "badge", middle - width / 2, y, width, 18, 9);
    draw_text(l->d, middle, y + 13, "small", "middle", buffer_view(b), 0);
}

/* The name in bold, the figures behind it: "IKE_AUTH request  id 1, 556 octets". */
static void caption(struct ladder *l, const struct step *s, int y)
{
    struct drawing *d = l->d;
    buffer_format(d->out, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"middle\"><tspan class=\"strong\">",
                  s->severity == SEVERITY_ERROR ? "bad" : "", (LIFE_I + LIFE_R) / 2, y);
    buffer_reset(&d->line);
    if (s->exchange)
        message_label(s->exchange, s->response, &d->line);
    draw_put(d, buffer_view(&d->line));
    buffer_string(d->out, "</tspan>");
    buffer_reset(&d->line);
    if (s->exchange)
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

static int payload_lines(struct ladder *l, const struct step *s, int y)
{
    struct drawing *d = l->d;
    struct buffer b;
    buffer_init(&b, DRAWING_LIMIT);
    int n = 0;
    if (payloads_print(s->message, &b)) {
        struct text rest = buffer_view(&b);
        while (rest.len && n < MOST_PAYLOAD_LINES) {
            struct text part = n == MOST_PAYLOAD_LINES - 1 ? rest : clean_fit(&rest, MIDDLE_COLUMNS);
            draw_text(d, (LIFE_I + LIFE_R) / 2, y + n * STATE_LINE, "code dim", "middle", text_trim(part), MIDDLE_COLUMNS);
            rest = n == MOST_PAYLOAD_LINES - 1 ? (struct text){ NULL, 0 } : text_trim(rest);
            n++;
        }
    }
    buffer_clear(&b);
    return n;
}

static void message_row(struct ladder *l, struct buffer *out, const struct step *s)
{
    row_open(l);
    int y = states_of(l, s) + 24;
    caption(l, s, y - 8);
    arrow(l, s, y);
    when(l, s, y + 4);
    int below = y + 16;
    if (s->retransmissions) {
        badge(l, s, y + 6);
        below += 20;
    }
    below += payload_lines(l, s, below) * STATE_LINE;
    row_close(l, out, "message", s, below - 4);
}

static void note_row(struct ladder *l, struct buffer *out, const struct step *s)
{
    row_open(l);
    struct drawing *d = l->d;
    int top = states_of(l, s) + 16;
    int x = s->side == SIDE_RESPONDER ? RIGHT : s->side == SIDE_INITIATOR ? LEFT : LIFE_I + 40;
    const char *class = s->severity == SEVERITY_ERROR ? "small bad" : "small";
    draw_sign(d, s->severity, x, top - 4);
    int n = draw_lines(d, x + 20, top, class, s->text, s->severity == SEVERITY_ERROR ? BOLD_COLUMNS : NOTE_COLUMNS, 5);
    buffer_reset(&d->line);
    place_print(l->m, s->input, s->place, s->packet, &d->line);
    if (clean_columns(buffer_view(&d->line)) > PANE_COLUMNS) { /* the number matters more than a long name */
        buffer_reset(&d->line);
        buffer_format(&d->line, s->packet ? "frame %u" : "line %u", s->place);
    }
    draw_text(d, x + 20, top + n * DRAW_LINE, "code dim", "start", buffer_view(&d->line), PANE_COLUMNS);
    when(l, s, top);
    row_close(l, out, "notice", s, top + n * DRAW_LINE + 8);
}

static void pause_row(struct ladder *l, struct buffer *out, const struct step *s)
{
    row_open(l);
    buffer_reset(&l->d->line);
    duration_print(s->pause, &l->d->line);
    buffer_string(&l->d->line, " later");
    draw_text(l->d, (LIFE_I + LIFE_R) / 2, 18, "small dim", "middle", buffer_view(&l->d->line), 0);
    draw_line(l->d, "axis", LEFT, 14, LIFE_I - 20, 14);
    draw_line(l->d, "axis", LIFE_R + 20, 14, LADDER_WIDTH - 10, 14);
    row_close(l, out, "pause", NULL, 28);
}

static void states_row(struct ladder *l, struct buffer *out, const struct step *s)
{
    row_open(l);
    int height = states_of(l, s);
    row_close(l, out, "states", s, height + 4);
}

static void end_row(struct ladder *l, struct buffer *out, const struct step *s)
{
    row_open(l);
    struct drawing *d = l->d;
    const struct ike_sa *sa = l->steps->sa;
    int y = states_of(l, s) + 8, middle = (LIFE_I + LIFE_R) / 2;
    const char *class = sa->outcome == SA_ESTABLISHED || sa->outcome == SA_REKEYED ? "up"
                        : sa->outcome == SA_FAILED                                 ? "down"
                                                                                   : "gone";
    draw_box(d, class, middle - 150, y, 300, 24, 12);
    buffer_reset(&d->line);
    buffer_string(&d->line, outcome_story(sa));
    if (sa->rekeyed_by)
        buffer_format(&d->line, " by ike%u", sa->rekeyed_by->number);
    draw_text(d, middle, y + 16, "strong", "middle", buffer_view(&d->line), 46);
    row_close(l, out, "end", s, y + 34);
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
    draw_box(l->d, "panel", LIFE_I + 20, 4, LIFE_R - LIFE_I - 40, 22, 4);
    draw_text(l->d, (LIFE_I + LIFE_R) / 2, 19, "small", "middle", buffer_view(b), 56);
    when(l, first, 19);
    row_close(l, out, "folded", NULL, 30);
}

/* ---- all of it ---- */

static void head(struct ladder *l, struct buffer *out)
{
    const struct ike_sa *sa = l->steps->sa;
    row_open(l);
    for (unsigned side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++) {
        const struct party *p = side == SIDE_INITIATOR ? &sa->initiator : &sa->responder;
        draw_box(l->d, "panel", life(side) - 130, 0, 260, 40, 6);
        struct text name = device_name(l->m, p->device);
        buffer_reset(&l->d->line);
        if (p->endpoint.address.family)
            address_print(p->endpoint.address, &l->d->line);
        else if (!name.len)
            buffer_string(&l->d->line, "unknown");
        if (!name.len) {
            draw_text(l->d, life(side), 17, "h2", "middle", buffer_view(&l->d->line), 29);
            buffer_reset(&l->d->line);
        } else {
            draw_text(l->d, life(side), 17, "h2", "middle", name, 29);
        }
        if (l->d->line.len)
            buffer_string(&l->d->line, ", ");
        buffer_string(&l->d->line, side == SIDE_INITIATOR ? "initiator" : "responder");
        draw_text(l->d, life(side), 33, "small dim", "middle", buffer_view(&l->d->line), 40);
    }
    draw_string(l->d, 8, 33, "small dim", "start", "seconds");
    row_close(l, out, "head", NULL, 48);
}

static void draw_step(struct ladder *l, struct buffer *out, const struct step *s)
{
    if (s->pause && s->kind != STEP_END)
        pause_row(l, out, s);
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
}

int ladder_draw(struct drawing *d, const struct model *m, const struct steps *steps, struct ladder_options o, int y)
{
    struct ladder l = { .d = d, .m = m, .steps = steps, .o = o, .y = y };
    struct buffer *out = d->out;
    buffer_init(&l.body, DRAWING_LIMIT);
    head(&l, out);
    size_t drawn = 0;
    for (size_t i = 0; i < steps->count;) {
        size_t run = fold_run(steps, i), n = run ? run : 1;
        if (o.most && drawn >= o.most && i + 1 < steps->count) {
            row_open(&l);
            buffer_reset(&d->line);
            buffer_format(&d->line, "%zu more steps are not drawn", steps->count - 1 - i);
            draw_text(d, (LIFE_I + LIFE_R) / 2, 18, "dim", "middle", buffer_view(&d->line), 0);
            row_close(&l, out, "left", NULL, 28);
            i = steps->count - 1;
            continue;
        }
        if (run) {
            l.folds++;
            fold_row(&l, out, i, run);
            l.in_fold = (int)l.folds;
        }
        for (size_t k = 0; k < n && (!run || o.interactive); k++)
            draw_step(&l, out, &steps->at[i + k]);
        l.in_fold = 0;
        drawn++;
        i += n;
    }
    d->out = out;
    buffer_clear(&l.body);
    return l.y;
}
