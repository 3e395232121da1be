#include "reporters/svg_verdict.h"

#include "reporters/clean.h"
#include "reporters/fixes.h"
#include "reporters/prose.h"
#include "reporters/svg_ladder.h"
#include "reporters/words.h"

enum {
    PAIRS = 12,
    FINDINGS = 5,
    QUOTES = 3,
    ADVICE = 2,
    ADVICE_LINES = 3,
    CAUSE_LINES = 6,
    LEFT = 8,
    INDENT = 30,
    COMMAND_INDENT = 16,
    COLUMNS = 142, /* of the widest small letters, in lower case */
    PILL_CHAR = 8,
    NAME_COLUMNS = 70,
    ALIKE_NAMED = 8
};

static const char *pill_class(unsigned state)
{
    return state == PAIR_UP                                  ? "up"
           : state == PAIR_FAILED                            ? "down"
           : state == PAIR_IMPAIRED || state == PAIR_ONE_WAY ? "badge"
                                                             : "gone";
}

static int pill_width(const struct pair *p)
{
    return 20 + (int)strlen(pair_state_word((enum pair_state)p->state)) * PILL_CHAR + 4;
}

/* width: of the widest of the pills, so that what stands beside them begins in one line. */
static int pair_draw(struct drawing *d, const struct model *m, const struct pair *p, bool alone, int width, int y)
{
    const char *word = pair_state_word((enum pair_state)p->state);
    draw_box(d, pill_class(p->state), LEFT, y, width, 22, 11);
    draw_string(d, LEFT + width / 2, y + 15, "small strong", "middle", word);
    buffer_reset(&d->line);
    ends_draw(m, p->best, &d->line);
    if (clean_columns(buffer_view(&d->line)) <= NAME_COLUMNS)
        draw_text(d, LEFT + width + 12, y + 17, alone ? "h1" : "h2", "start", buffer_view(&d->line), 0);
    else
        y += (draw_lines(d, LEFT + width + 12, y + 16, "strong", buffer_view(&d->line), 2 * NAME_COLUMNS - 40, 0) - 1) *
             DRAW_LINE;
    buffer_reset(&d->line);
    pair_figures(m, p, false, &d->line);
    draw_text(d, LEFT + width + 12, y + 34, "small dim", "start", buffer_view(&d->line), 120);
    return y + 46;
}

static int words_draw(struct drawing *d, int y)
{
    y += draw_lines(d, INDENT, y + 11, "small", buffer_view(&d->line), COLUMNS, ADVICE_LINES) * DRAW_LINE;
    buffer_reset(&d->line);
    return y;
}

/* A line of advice, behind what stands in the drawing's line already; commands in a row have a line each. */
static int advice_line_draw(struct drawing *d, struct text advice, int y)
{
    struct prose prose = prose_of(advice, true);
    for (struct prose_part part; prose_next(&prose, &part);) {
        if (part.row)
            y = words_draw(d, y);
        buffer_string(&d->line, part.code && !part.row ? "`" : "");
        buffer_text(&d->line, part.text);
        buffer_string(&d->line, part.code && !part.row ? "`" : "");
        if (!part.row)
            continue;
        buffer_string(&d->line, part.remark.len ? "  " : "");
        buffer_text(&d->line, part.remark);
        y += draw_lines(d, INDENT + COMMAND_INDENT, y + 11, "code", buffer_view(&d->line), COLUMNS - 10, 2) * DRAW_LINE;
        buffer_reset(&d->line);
    }
    return words_draw(d, y);
}

static int advice_draw(struct drawing *d, const struct model *m, const struct finding *f, int y)
{
    struct fixes places[FIX_PLACES];
    size_t count = fixes_of(f, places);
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < places[i].count && n < ADVICE; n++) {
            buffer_reset(&d->line);
            fix_where_print(m, &places[i], &d->line);
            buffer_string(&d->line, places[i].where.len ? ": " : "");
            y = advice_line_draw(d, places[i].lines[n], y);
        }
    return y;
}

static int quotes_draw(struct drawing *d, const struct model *m, const struct finding_line *l, int y)
{
    for (int n = 0; l && n < QUOTES; l = l->next) {
        if (!l->place)
            continue;
        buffer_reset(&d->line);
        place_print(m, l->input, l->place, l->packet, &d->line);
        buffer_string(&d->line, "  ");
        buffer_text(&d->line, l->text);
        draw_text(d, INDENT, y + 12, "code", "start", buffer_view(&d->line), COLUMNS - 6);
        y += DRAW_LINE;
        n++;
    }
    return y;
}

/* The same of other SAs is told with the first. */
static bool alike(const struct finding *f, const struct finding *g)
{
    return f->severity == g->severity && strcmp(f->rule, g->rule) == 0 && text_equal(f->title, g->title);
}

static bool told_with(const struct finding *const *shown, size_t n, const struct finding *f)
{
    for (size_t i = 0; i < n; i++)
        if (alike(shown[i], f))
            return true;
    return false;
}

/* "The same 2 more times", of the SA itself; "The same of ike14, ike24 and 4 more", of others. */
static int alike_draw(struct drawing *d, const struct finding *f, int y)
{
    unsigned own = 0, others = 0;
    buffer_reset(&d->line);
    for (const struct finding *g = f->next; g; g = g->next)
        own += g->ike_sa == f->ike_sa && alike(f, g);
    if (own)
        buffer_format(&d->line, "The same %u more time%s", own, plural_s(own));
    for (const struct finding *g = f->next; g; g = g->next)
        if (g->ike_sa && g->ike_sa != f->ike_sa && alike(f, g) && others++ < ALIKE_NAMED)
            buffer_format(&d->line, "%s ike%u", others > 1 ? "," : own ? ", and of" : "The same of", g->ike_sa->number);
    if (others > ALIKE_NAMED)
        buffer_format(&d->line, " and %u more", others - ALIKE_NAMED);
    if (!d->line.len)
        return y;
    draw_text(d, INDENT, y + 11, "small dim", "start", buffer_view(&d->line), 0);
    return y + DRAW_LINE;
}

/* What the drawing leaves out is counted. */
static int left_out_draw(struct drawing *d, const unsigned left[SEVERITY_ERROR + 1], int y)
{
    buffer_reset(&d->line);
    for (unsigned s = SEVERITY_ERROR; s; s--)
        if (left[s]) {
            buffer_string(&d->line, d->line.len ? " and " : "");
            buffer_format(&d->line, "%u more %s%s", left[s], severity_name((enum severity)s), plural_s(left[s]));
        }
    if (!d->line.len)
        return y;
    buffer_string(&d->line, ", of other kinds, in the other formats");
    draw_text(d, INDENT, y + 11, "small dim", "start", buffer_view(&d->line), 0);
    return y + DRAW_LINE + 8;
}

static int finding_draw(struct drawing *d, const struct model *m, const struct finding *f, bool whole, int y)
{
    draw_sign(d, f->severity, LEFT, y + 6);
    draw_text(d, INDENT, y + 11, f->severity == SEVERITY_ERROR ? "bad" : "strong", "start", f->title, 120);
    y += 18;
    buffer_reset(&d->line);
    cause_print(m, f, &d->line);
    y += draw_lines(d, INDENT, y + 11, "small", buffer_view(&d->line), COLUMNS, CAUSE_LINES) * DRAW_LINE;
    y = alike_draw(d, f, y);
    if (whole) {
        y = quotes_draw(d, m, f->evidence, y + 4);
        y = quotes_draw(d, m, f->config, y);
        y = advice_draw(d, m, f, y + 4);
    }
    return y + 8;
}

void verdict_words(const struct model *m, const struct peers *peers, struct buffer *out)
{
    size_t n = 0;
    for (; n < peers->count && n < PAIRS_FEW; n++) {
        const struct pair *p = peers->at[n];
        buffer_string(out, n ? " " : "");
        ends_draw(m, p->best, out);
        buffer_format(out, ": %s", pair_state_word((enum pair_state)p->state));
        if (p->finding) {
            buffer_string(out, ", ");
            buffer_text(out, p->finding->title);
        }
        buffer_byte(out, '.');
    }
    if (peers->count > n)
        buffer_format(out, " And %zu more pair%s of peers.", peers->count - n, plural_s(peers->count - n));
    if (!peers->count) {
        none_seen_print(m, out);
        buffer_byte(out, '.');
    }
}

int verdict_draw(struct drawing *d, const struct model *m, const struct peers *peers, int y)
{
    const size_t told = peers_told(peers), drawn = told < PAIRS ? told : PAIRS, left = peers->count - drawn;
    int width = 0;
    for (size_t i = 0; i < drawn; i++)
        width = pill_width(peers->at[i]) > width ? pill_width(peers->at[i]) : width;
    for (size_t i = 0; i < drawn; i++)
        y = pair_draw(d, m, peers->at[i], peers->count == 1, width, y);
    if (left) {
        buffer_reset(&d->line);
        buffer_string(&d->line, drawn == told ? "the others: " : "and more: ");
        peers_states(peers, drawn, peers->count, &d->line);
        draw_text(d, LEFT, y + 12, "small dim", "start", buffer_view(&d->line), 0);
        y += 20;
    }
    size_t n = 0;
    y += 6;
    const struct finding *shown[FINDINGS] = { NULL };
    unsigned left_out[SEVERITY_ERROR + 1] = { 0 };
    const unsigned least = peers->count ? SEVERITY_WARNING : SEVERITY_NOTE; /* without an SA they are all there is to tell */
    for (const struct finding *f = m->findings; f; f = f->next) {
        if (f->severity < least || told_with(shown, n, f))
            continue;
        if (n == FINDINGS) {
            left_out[f->severity]++;
            continue;
        }
        y = finding_draw(d, m, f, n == 0, y);
        shown[n++] = f;
    }
    return left_out_draw(d, left_out, y) + 6;
}
