/*
 * ladder: each IKE SA as a sequence drawing in text, initiator left, responder right, the states of each end in the
 * margins, plain ASCII so that it reads the same everywhere.
 *
 *      time            state |                                          | state
 *     0.000           IDLE   |--- IKE_SA_INIT request, id 0, 444 B ---->|
 *                 I_BLD_INIT |    SA KE Nonce V x4                      | IDLE
 *
 * Where the margins would leave too little for what is said, the states stand between the lifelines, at their end's:
 *
 *           | [IDLE, I_BLD_INIT]                                        |
 *     0.000 |--- IKE_SA_INIT request, id 0, 444 B --------------------->|
 *           |    SA KE Nonce V x4                                       |
 *           |                                                    [IDLE] |
 */
#include "reporters/clean.h"
#include "reporters/screen.h"
#include "reporters/stays.h"
#include "reporters/steps.h"
#include "reporters/words.h"

enum {
    TIME_COLUMNS = 10,
    MARGIN = 16,
    MIDDLE_LEAST = 46,
    MIDDLE_MOST = 76,
    HEADER_EVERY = 48,
    LADDERS = 400,
    NOTE_COLUMNS = 600,
    HEADING_ERRORS = 3
};

struct ladder {
    struct page p;
    const struct model *m;
    const struct ike_sa *sa;
    struct steps steps;
    size_t left, right; /* columns of the lifelines */
    size_t margin[2];   /* columns of the state margins; 0: none */
    bool inside;        /* no margins: states stand between the lifelines */
    size_t times;       /* columns of the times */
    size_t rows;        /* since the last header */
    struct step_states waiting[2];
    uint32_t next_state[2]; /* of waiting: what the margins show next */
};

/* ---- rows ---- */

static uint32_t shown_states(const struct step_states *s)
{
    return s->count < STEP_STATE_COUNT ? s->count : STEP_STATE_COUNT;
}

/* The next state that a margin has to show, or NULL. */
static const char *margin_state(struct ladder *l, size_t side)
{
    if (l->next_state[side] >= shown_states(&l->waiting[side]))
        return NULL;
    return l->waiting[side].names[l->next_state[side]++];
}

static bool states_left(const struct ladder *l)
{
    return l->next_state[0] < shown_states(&l->waiting[0]) || l->next_state[1] < shown_states(&l->waiting[1]);
}

/* Begins a row: time, the initiator's state, its lifeline. */
static void row_begin(struct ladder *l, const char *time)
{
    struct page *p = &l->p;
    if (time) {
        size_t n = strlen(time);
        page_to(p, n < l->times ? l->times - n : 0);
        page_string(p, STYLE_DIM, time);
    }
    const char *state = l->margin[0] ? margin_state(l, 0) : NULL;
    if (state) {
        size_t n = strlen(state), room = l->margin[0] - 1;
        page_to(p, l->left - 1 - (n < room ? n : room));
        page_cut(p, STYLE_BOLD, text_of(state), room);
    }
    page_to(p, l->left);
    page_string(p, STYLE_PLAIN, "|");
}

static void row_end(struct ladder *l)
{
    struct page *p = &l->p;
    page_to(p, l->right);
    page_string(p, STYLE_PLAIN, "|");
    const char *state = l->margin[1] ? margin_state(l, 1) : NULL;
    if (state) {
        page_to(p, l->right + 2);
        page_cut(p, STYLE_BOLD, text_of(state), l->margin[1] - 1);
    }
    page_line(p);
    l->rows++;
}

/* Text between the lifelines, over as many rows as it needs, `indent` from the left lifeline. */
static void middle(struct ladder *l, enum style style, size_t indent, struct text t, const char *time)
{
    struct buffer clean;
    buffer_init(&clean, NOTE_COLUMNS * 8);
    clean_cut(&clean, t, NOTE_COLUMNS);
    struct text rest = buffer_view(&clean);
    size_t room = l->right - l->left - 2 - indent;
    while (rest.len) {
        struct text part = clean_fit(&rest, room);
        row_begin(l, time);
        time = NULL;
        page_to(&l->p, l->left + 1 + indent);
        page_put(&l->p, style, part);
        row_end(l);
    }
    buffer_clear(&clean);
}

/* "[IDLE, R_INIT]" of the states that this end has still to show; nothing where there are none. */
static void states_print(struct ladder *l, size_t side, struct buffer *out)
{
    const char *state = margin_state(l, side);
    if (!state)
        return;
    buffer_format(out, "[%s", state);
    while ((state = margin_state(l, side)))
        buffer_format(out, ", %s", state);
    buffer_byte(out, ']');
}

/* States between the lifelines: both ends' in one row where it holds them. */
static void states_inside(struct ladder *l)
{
    struct buffer side[2];
    for (size_t i = 0; i < 2; i++) {
        buffer_init(&side[i], NOTE_COLUMNS * 8);
        states_print(l, i, &side[i]);
    }
    const size_t room = l->right - l->left - 3;
    struct text right = buffer_view(&side[1]);
    const bool together = side[0].len && right.len && side[0].len + 2 + right.len <= room;
    if (!together)
        middle(l, STYLE_BOLD, 1, buffer_view(&side[0]), NULL);
    while (right.len) {
        struct text part = clean_fit(&right, room);
        row_begin(l, NULL);
        if (together) {
            page_to(&l->p, l->left + 2);
            page_put(&l->p, STYLE_BOLD, buffer_view(&side[0]));
        }
        page_to(&l->p, l->right - 1 - clean_columns(part));
        page_put(&l->p, STYLE_BOLD, part);
        row_end(l);
    }
    for (size_t i = 0; i < 2; i++)
        buffer_clear(&side[i]);
}

static void drain_states(struct ladder *l)
{
    if (l->inside)
        states_inside(l);
    while (states_left(l)) {
        row_begin(l, NULL);
        row_end(l);
    }
}

static void take_states(struct ladder *l, const struct step *s)
{
    drain_states(l);
    for (size_t i = 0; i < 2; i++) {
        l->waiting[i] = s->states[i];
        l->next_state[i] = 0;
    }
}

/* ---- header ---- */

static size_t half_columns(const struct ladder *l)
{
    return (l->right - l->left) / 2 - 1;
}

/* What belongs to the two ends, each above its lifeline; where one needs more than its half, below each other. */
static void header_line(struct ladder *l, struct text left, struct text right, enum style style)
{
    struct page *p = &l->p;
    struct buffer clean[2];
    struct text rest[2];
    size_t half = half_columns(l);
    if (left.len && right.len && (clean_columns(left) > half || clean_columns(right) > half)) {
        header_line(l, left, TEXT(""), style);
        header_line(l, TEXT(""), right, style);
        return;
    }
    half = left.len && right.len ? half : l->right + 1 - l->left;
    for (size_t i = 0; i < 2; i++) {
        buffer_init(&clean[i], 1 << 16);
        clean_cut(&clean[i], i ? right : left, NOTE_COLUMNS);
        rest[i] = buffer_view(&clean[i]);
    }
    while (rest[0].len || rest[1].len) { /* a name that is cut names another router: it goes on below itself */
        const struct text parts[2] = { clean_fit(&rest[0], half), clean_fit(&rest[1], half) };
        page_to(p, l->left);
        page_put(p, style, parts[0]);
        page_to(p, l->right + 1 - clean_columns(parts[1]));
        page_put(p, style, parts[1]);
        page_line(p);
    }
    buffer_clear(&clean[0]);
    buffer_clear(&clean[1]);
}

static void end_place(const struct party *party, const char *role, struct buffer *out)
{
    buffer_string(out, role);
    if (party->endpoint.address.family == ADDRESS_NONE)
        return;
    buffer_byte(out, ' ');
    endpoint_print(party->endpoint, out);
}

/* Who, and where. A device's name may be its log's file name, so the address has a line of its own; where role and address do not
 * fit beside each other, each has one, unless the address alone needs more. */
static void header(struct ladder *l)
{
    const struct ike_sa *sa = l->sa;
    struct party ends[2];
    (void)ends_of(sa, &ends[0], &ends[1]);
    struct text names[2] = { device_name(l->m, ends[0].device), device_name(l->m, ends[1].device) };
    if (names[0].len || names[1].len)
        header_line(l, names[0], names[1], STYLE_BOLD);
    const size_t half = half_columns(l);
    struct buffer places[2];
    for (size_t i = 0; i < 2; i++) {
        buffer_init(&places[i], 4096);
        end_place(&ends[i], end_role(sa, i == 1), &places[i]);
    }
    struct text left = buffer_view(&places[0]), right = buffer_view(&places[1]);
    const size_t role[2] = { strlen(end_role(sa, false)), strlen(end_role(sa, true)) };
    const bool long_address = clean_columns(left) > half + role[0] + 1 || clean_columns(right) > half + role[1] + 1;
    const bool narrow = !long_address && (clean_columns(left) > half || clean_columns(right) > half);
    if (narrow)
        header_line(l, text_upto(left, role[0]), text_upto(right, role[1]), STYLE_PLAIN);
    const char *unit = l->times > TIME_COLUMNS ? elapsed_unit(l->steps.latest) : "time";
    page_to(&l->p, l->times - strlen(unit));
    page_string(&l->p, STYLE_DIM, unit);
    header_line(l, narrow ? text_trim(text_from(left, role[0])) : left, narrow ? text_trim(text_from(right, role[1])) : right,
                STYLE_PLAIN);
    buffer_clear(&places[0]);
    buffer_clear(&places[1]);
    l->rows = 0;
}

static void heading_findings(struct ladder *l)
{
    unsigned n = 0;
    for (const struct finding *f = l->m->findings; f && n < HEADING_ERRORS; f = f->next) {
        if (!finding_heads(f, l->sa))
            continue;
        n++;
        page_to(&l->p, 6);
        page_string(&l->p, severity_style(f->severity), severity_name((enum severity)f->severity));
        struct buffer *out = page_text(&l->p);
        buffer_string(out, ": ");
        buffer_text(out, f->title);
        buffer_format(out, " [%s]", f->rule);
        page_wrap(&l->p, STYLE_PLAIN, 8, page_view(&l->p));
        page_line(&l->p);
    }
}

static void heading(struct ladder *l)
{
    struct page *p = &l->p;
    const struct ike_sa *sa = l->sa;
    page_format(p, STYLE_BOLD, "ike%u", sa->number);
    struct buffer *out = page_text(p);
    buffer_format(out, "  %s  ", outcome_story(sa));
    if (spi_known(sa->spi_i)) {
        buffer_string(out, "SPIs ");
        spi_print(sa->spi_i, out);
        buffer_string(out, " / ");
        if (spi_known(sa->spi_r))
            spi_print(sa->spi_r, out);
        else
            buffer_string(out, "unknown");
    } else {
        ends_print(l->m, sa, true, out);
    }
    if (sa->rekeys)
        buffer_format(out, ", replaces ike%u", sa->rekeys->number);
    if (ike_sa_replaced(sa)) {
        buffer_string(out, ", replaced ");
        heir_print(sa, out);
    }
    size_t before = out->len;
    buffer_string(out, ", ");
    if (!moves_print(sa, out))
        out->len = before;
    if (!sa->start_seen)
        buffer_string(out, ", its beginning was not seen");
    page_wrap(p, STYLE_PLAIN, 6, page_view(p));
    page_line(p);
    heading_findings(l);
    if (sa->has_proposal) {
        page_to(p, 6);
        algorithms_print(&sa->proposal, page_text(p));
        page_wrap(p, STYLE_PLAIN, 6, page_view(p));
        page_line(p);
    }
    for (const struct view *v = sa->views; v; v = v->next) {
        out = page_text(p);
        place_print(l->m, v->input, 0, false, out);
        if (v->first.kind) {
            buffer_string(out, ", its clock from ");
            stamp_print(v->first, out);
            if (v->first.kind != STAMP_UTC && v->first.zone[0])
                buffer_format(out, " %s", v->first.zone);
        }
        bool shown = model_input(l->m, v->input)->kind == INPUT_SHOW;
        buffer_string(out, v->wire                     ? ", on the wire"
                           : v->role == SIDE_INITIATOR ? ", the initiator's "
                           : v->role == SIDE_RESPONDER ? ", the responder's "
                                                       : "");
        buffer_string(out, v->wire || !v->role ? "" : shown ? "show output" : "log");
        page_to(p, 6);
        page_wrap(p, STYLE_DIM, 8, page_view(p));
        page_line(p);
    }
    page_line(p);
}

/* ---- steps ---- */

static const char *time_of(const struct ladder *l, const struct step *s, struct buffer *room)
{
    if (!s->has_t)
        return NULL;
    buffer_reset(room);
    elapsed_print(s->t, l->steps.latest, room);
    buffer_byte(room, '\0');
    return room->full || room->len > l->times + 8 ? NULL : room->at;
}

static void pause_row(struct ladder *l, int64_t ns)
{
    struct buffer *out = page_text(&l->p);
    buffer_string(out, ". . . ");
    duration_print(ns, out);
    buffer_string(out, " later . . .");
    char text[64];
    size_t n = out->len < sizeof text ? out->len : sizeof text;
    memcpy(text, out->at, n);
    row_begin(l, NULL);
    size_t gap = (l->right - l->left - n) / 2;
    page_to(&l->p, l->left + gap);
    page_put(&l->p, STYLE_DIM, text_over(text, n));
    row_end(l);
}

/* "--- label --->", or with the head at the left; a lost one stops before it arrives. A label that does not fit stands
 * above its arrow. */
static void arrow(struct ladder *l, const struct step *s, struct text label, const char *time)
{
    struct page *p = &l->p;
    bool rightward = s->side != SIDE_RESPONDER;
    size_t room = l->right - l->left - 1, text = clean_columns(label);
    size_t short_by = s->lost ? room / 5 : 0;
    size_t line = room - short_by, lead = 3;
    enum style style = s->severity == SEVERITY_ERROR || s->lost ? STYLE_ERROR : STYLE_PLAIN;
    if (text + lead + 5 > line) {
        middle(l, style, 1, label, time);
        row_begin(l, NULL);
        page_to(p, l->left + 1 + (rightward ? 0 : short_by));
        page_string(p, style, rightward ? "" : s->lost ? "x" : "<");
        page_repeat(p, style, '-', line - 1);
        page_string(p, style, !rightward ? "" : s->lost ? "x" : ">");
        row_end(l);
        return;
    }
    size_t trail = line - text - 3 - lead; /* two blanks, one head */
    row_begin(l, time);
    if (rightward) {
        page_repeat(p, style, '-', lead);
        page_string(p, style, " ");
        page_cut(p, style, label, text);
        page_string(p, style, " ");
        page_repeat(p, style, '-', trail);
        page_string(p, style, s->lost ? "x" : ">");
    } else {
        page_to(p, l->left + 1 + short_by);
        page_string(p, style, s->lost ? "x" : "<");
        page_repeat(p, style, '-', trail);
        page_string(p, style, " ");
        page_cut(p, style, label, text);
        page_string(p, style, " ");
        page_repeat(p, style, '-', lead);
    }
    row_end(l);
}

static void label_of(const struct step *s, struct buffer *out)
{
    message_label(s->exchange, s->response, out);
    if (!s->exchange->no_id)
        buffer_format(out, ", id %u", s->exchange->message_id);
    if (s->message && s->message->length)
        buffer_format(out, ", %u octets", s->message->length);
}

static void message_step(struct ladder *l, const struct step *s, const char *time)
{
    struct buffer text;
    buffer_init(&text, NOTE_COLUMNS * 8);
    label_of(s, &text);
    arrow(l, s, buffer_view(&text), time);
    buffer_reset(&text);
    if (payloads_print(s->message, &text))
        middle(l, s->severity == SEVERITY_ERROR ? STYLE_ERROR : STYLE_PLAIN, 4, buffer_view(&text), NULL);
    if (s->retransmissions) {
        buffer_reset(&text);
        buffer_format(&text, "x%u: ", s->retransmissions + 1);
        count_print(s->retransmissions, "retransmission", "retransmissions", &text);
        if (s->spread > 0) {
            buffer_string(&text, " within ");
            duration_print(s->spread, &text);
        }
        middle(l, STYLE_WARNING, 4, buffer_view(&text), NULL);
    }
    if (s->message && s->message->fragments > 1) {
        buffer_reset(&text);
        buffer_format(&text, "in %u fragments", s->message->fragments);
        middle(l, STYLE_PLAIN, 4, buffer_view(&text), NULL);
    }
    if (s->answered)
        middle(l, STYLE_DIM, 4, text_of(words_answered), NULL);
    if (s->lost)
        middle(l, STYLE_ERROR, 4,
               s->unseen ? TEXT("never seen to arrive in the other end's log") : TEXT("no answer, or never arrived"), NULL);
    buffer_clear(&text);
}

static void note_step(struct ladder *l, const struct step *s, const char *time)
{
    struct buffer text;
    buffer_init(&text, NOTE_COLUMNS * 8);
    buffer_string(&text, s->side == SIDE_INITIATOR ? "<" : s->side == SIDE_RESPONDER ? ">" : "*");
    if (*severity_mark(s->severity))
        buffer_format(&text, " %s ", severity_mark(s->severity));
    else
        buffer_byte(&text, ' ');
    clean_cut(&text, s->text, NOTE_COLUMNS / 2);
    if (s->times > 1)
        buffer_format(&text, " x%u", s->times);
    buffer_string(&text, "  (");
    place_print(l->m, s->input, s->place, s->packet, &text);
    buffer_byte(&text, ')');
    middle(l, severity_style(s->severity), s->side == SIDE_RESPONDER ? (l->right - l->left) / 4 : 1, buffer_view(&text), time);
    buffer_clear(&text);
}

static void end_step(struct ladder *l)
{
    struct buffer text;
    buffer_init(&text, NOTE_COLUMNS * 8);
    buffer_string(&text, "= ");
    buffer_string(&text, outcome_story(l->sa));
    for (const struct child_sa *c = l->sa->children; c; c = c->sibling) {
        if (text.len > NOTE_COLUMNS / 2) {
            buffer_string(&text, "; ...");
            break;
        }
        buffer_format(&text, "; child%u %s", c->number, sa_outcome_name((enum sa_outcome)c->outcome));
    }
    middle(l, l->sa->outcome == SA_FAILED ? STYLE_ERROR : STYLE_BOLD, 1, buffer_view(&text), NULL);
    buffer_clear(&text);
}

/* Under the drawing: how long each router stayed in each state. */
static void stays_rows(struct ladder *l)
{
    struct page *p = &l->p;
    struct stays stays;
    for (const struct view *v = l->sa->views; v; v = v->next) {
        struct buffer *out = page_text(p);
        buffer_string(out, "      time in states, ");
        view_name_print(l->m, v, out);
        buffer_string(out, ": ");
        size_t told = out->len;
        stays_of(l->m, l->sa, v, &stays);
        stays_print(&stays, out);
        if (out->len == told)
            continue;
        page_wrap(p, STYLE_PLAIN, 8, page_view(p));
        page_line(p);
    }
}

static void measure(struct ladder *l)
{
    const size_t width = l->p.width;
    struct buffer longest;
    buffer_init(&longest, 64);
    elapsed_print(l->steps.latest, l->steps.latest, &longest);
    l->times = longest.len > TIME_COLUMNS ? longest.len : TIME_COLUMNS;
    buffer_clear(&longest);
    size_t margins = 0, before = l->times + 1;
    for (size_t i = 0; i < 2; i++) {
        l->margin[i] = l->steps.has_states[i] ? MARGIN : 0;
        margins += l->margin[i] + (i && l->margin[i]);
    }
    l->inside = margins && width < before + margins + MIDDLE_LEAST;
    if (l->inside)
        l->margin[0] = l->margin[1] = margins = 0;
    l->left = before + l->margin[0];
    const size_t room = width > before + margins + 1 ? width - before - margins - 1 : 0;
    l->right = l->left + (room < MIDDLE_LEAST ? MIDDLE_LEAST : room > MIDDLE_MOST ? MIDDLE_MOST : room) - 1;
}

static void draw(struct ladder *l, const struct ike_sa *sa, struct arena *arena)
{
    l->sa = sa;
    l->steps = steps_of(l->m, sa, (struct steps_options){ .notes = true, .least_note = SEVERITY_NOTE }, arena);
    memset(l->waiting, 0, sizeof l->waiting);
    memset(l->next_state, 0, sizeof l->next_state);
    measure(l);
    heading(l);
    header(l);
    struct buffer room;
    buffer_init(&room, 64);
    for (size_t i = 0; i < l->steps.count; i++) {
        const struct step *s = &l->steps.at[i];
        take_states(l, s);
        if (l->rows >= HEADER_EVERY) {
            drain_states(l);
            page_line(&l->p);
            header(l);
        }
        if (s->pause) {
            if (step_states_first(l->m, s))
                drain_states(l);
            pause_row(l, s->pause);
        }
        if (l->inside)
            drain_states(l);
        if (s->kind == STEP_MESSAGE)
            message_step(l, s, time_of(l, s, &room));
        else if (s->kind == STEP_NOTE)
            note_step(l, s, time_of(l, s, &room));
        else if (s->kind == STEP_END) {
            drain_states(l);
            end_step(l);
        }
    }
    drain_states(l);
    stays_rows(l);
    buffer_clear(&room);
}

static void write(const struct model *m, const struct view_options *o, struct sink *out)
{
    struct ladder l = { .m = m };
    page_init(&l.p, o, out);
    struct arena *arena = arena_create();
    const struct ike_sa *sas[LADDERS];
    const uint32_t drawn = (uint32_t)peers_drawn(m, LADDERS, sas);
    for (uint32_t n = 0; n < drawn; n++) {
        if (n)
            page_line(&l.p);
        draw(&l, sas[n], arena);
        arena_reset(arena);
    }
    if (!m->ike_sas) {
        none_seen_print(m, page_text(&l.p));
        page_put(&l.p, STYLE_PLAIN, page_view(&l.p));
        page_line(&l.p);
        screen_findings_alone(m, &l.p);
    }
    if (m->ike_sa_count > drawn) {
        page_line(&l.p);
        page_format(&l.p, STYLE_PLAIN, "... and %u more IKE SA%s (--sa or --peer picks one)", m->ike_sa_count - drawn,
                    plural_s(m->ike_sa_count - drawn));
        page_line(&l.p);
    }
    arena_destroy(arena);
    page_clear(&l.p);
}

const struct reporter reporter_ladder = { .name = "ladder",
                                          .summary = "each IKE SA as a sequence drawing in text, states in the margins",
                                          .needs_payloads = true,
                                          .needs_transitions = true,
                                          .write = write };
