#include "reporters/svg_walk.h"

#include "reporters/svg_ladder.h"
#include "reporters/words.h"

enum {
    SIDE = 284,
    MIDDLE_X = SIDE + 10,
    MIDDLE = LADDER_WIDTH - 2 * SIDE - 20,
    RIGHT_X = LADDER_WIDTH - SIDE,
    PAD = 8,
    SAID_COLUMNS = 42,
    MORE_COLUMNS = 36 /* names in capitals are wide */,
    CODE_COLUMNS = 60,
    CONFIG_COLUMNS = 40,
    CODE_LINE = 14,
    CODE_PX = 66, /* tenths of a pixel a column */
    SHOWN = 8,
    CONFIG_LINES = 12,
    ROWS = 80
};

/* A long line goes on below itself: its end (an access list's destination, a key's owner) matters as much as its beginning. */
static int config_draw(struct drawing *d, const struct walk_config *c, int x, int y)
{
    for (; c; c = c->next) {
        struct text rest = c->record->text, line;
        for (int n = 0; text_cut(&rest, '\n', &line); n++) {
            if (n == CONFIG_LINES) {
                draw_string(d, x, y + 10, "code", "start", "...");
                y += CODE_LINE;
                break;
            }
            size_t indent = 0;
            while (indent < line.len && indent < CONFIG_COLUMNS / 2 && line.at[indent] == ' ')
                indent++;
            const int drawn = draw_lines(d, x + (int)indent * CODE_PX / 10, y + 10, "code", line, CONFIG_COLUMNS - indent, 4);
            y += CODE_LINE + (drawn > 1 ? (drawn - 1) * DRAW_LINE : 0);
        }
        y += 4;
    }
    return y;
}

static int cell_draw(struct drawing *d, const struct walk_cell *c, int x, int y)
{
    if (!c->key)
        return y;
    y += PAD;
    if (c->severity >= SEVERITY_WARNING)
        draw_sign(d, c->severity, x + SIDE - 24, y + 6);
    y += draw_lines(d, x + PAD, y + 12, "small strong", text_of(c->title), SAID_COLUMNS - 7, 2) * DRAW_LINE + 2;
    y += draw_lines(d, x + PAD, y + 12, "small", text_of(c->said), SAID_COLUMNS, 0) * DRAW_LINE;
    if (c->more.len)
        y += draw_lines(d, x + PAD, y + 14, "small dim", c->more, MORE_COLUMNS, 14) * DRAW_LINE + 2;
    if (c->config) {
        draw_string(d, x + PAD, y + 18, "small strong", "start", "Configuration at work");
        y = config_draw(d, c->config, x + PAD, y + 24);
    }
    return y + PAD;
}

/* The log's lines: a few, and as many more as the words beside them leave room for. A long one goes on below itself. */
static int lines_draw(struct drawing *d, const struct model *m, const struct walk_row *row, int y, int floor)
{
    int n = 0;
    uint32_t input = UINT32_MAX;
    y += PAD;
    for (const struct walk_line *l = row->lines; l && (n < SHOWN || y + 4 * 14 + PAD < floor); l = l->next, n++) {
        if (l->input != input && l->input < m->input_count) {
            draw_text(d, MIDDLE_X + PAD, y + 11, "code dim", "start", m->inputs[l->input].name, CODE_COLUMNS);
            input = l->input;
            y += 14;
        }
        buffer_reset(&d->line);
        buffer_format(&d->line, l->packet ? "#%-4u " : "%5u ", l->place);
        const size_t number = d->line.len; /* what the text is moved in by */
        if (l->severity)
            buffer_format(&d->line, "%s ", severity_mark(l->severity));
        buffer_text(&d->line, l->text);
        const char *class = l->severity == SEVERITY_ERROR ? "code bad" : "code";
        struct text rest = buffer_view(&d->line), head = text_upto(rest, number);
        draw_text(d, MIDDLE_X + PAD, y + 11, class, "start", head, 0);
        int drawn = draw_lines(d, MIDDLE_X + PAD + (int)number * 20 / 3, y + 11, class, text_from(rest, number),
                               CODE_COLUMNS - number, 3);
        y += 14 + (drawn > 1 ? (drawn - 1) * DRAW_LINE : 0);
    }
    if (!row->lines)
        draw_string(d, MIDDLE_X + MIDDLE / 2, y + 11, "small dim", "middle", "no log shows this step");
    if (row->line_count > (uint32_t)n) {
        buffer_reset(&d->line);
        buffer_format(&d->line, "... and %u more line%s", row->line_count - (uint32_t)n, plural_s(row->line_count - n));
        draw_text(d, MIDDLE_X + PAD, y + 11, "code dim", "start", buffer_view(&d->line), 0);
        y += 14;
    }
    return y + PAD;
}

static int arrow_draw(struct drawing *d, const struct walk_row *row, int y)
{
    if (!row->arrow)
        return y;
    const bool right = row->arrow == WALK_TO_RESPONDER;
    const int line = y + (row->lost ? 25 : 20); /* the cross is not to touch the words */
    const int from = right ? MIDDLE_X : MIDDLE_X + MIDDLE, to = right ? MIDDLE_X + MIDDLE : MIDDLE_X,
              stop = row->lost ? (from + to) / 2 : to;
    const char *class = row->lost ? "failed" : row->response ? "response" : "request";
    buffer_reset(&d->line);
    buffer_text(&d->line, row->label);
    if (row->retransmissions)
        buffer_format(&d->line, ", sent \xc3\x97%u", row->retransmissions + 1);
    if (row->lost)
        buffer_string(&d->line, ", never answered");
    buffer_format(d->out, "<g class=\"way%s\">\n", exchange_colour(row->exchange));
    draw_text(d, MIDDLE_X + MIDDLE / 2, y + 12, "strong small", "middle", buffer_view(&d->line), 56);
    draw_line(d, class, from, line, row->lost ? stop : to - (right ? 8 : -8), line);
    if (row->lost)
        draw_cross(d, stop + (right ? 8 : -8), line);
    else
        draw_head(d, class, to, line, right);
    buffer_string(d->out, "</g>\n");
    return line + 10;
}

static int row_draw(struct drawing *d, const struct model *m, const struct walk_row *row, int y)
{
    struct buffer body, *out = d->out;
    buffer_init(&body, DRAWING_LIMIT);
    d->out = &body;
    int left = cell_draw(d, &row->cells[0], 0, y), right = cell_draw(d, &row->cells[1], RIGHT_X, y);
    int end = left > right ? left : right, middle = lines_draw(d, m, row, y, end);
    end = middle > end ? middle : end;
    int below = arrow_draw(d, row, end);
    d->out = out;
    for (unsigned i = 0; i < 2; i++)
        if (row->cells[i].key) {
            buffer_format(out, "<g class=\"walk\" data-key=\"%s\">", row->cells[i].key);
            draw_box(d, "panel", i ? RIGHT_X : 0, y, SIDE, end - y, 5);
            buffer_string(out, "</g>\n");
        }
    draw_box(d, "cell", MIDDLE_X, y, MIDDLE, end - y, 0);
    buffer_put(out, body.at, body.len);
    buffer_clear(&body);
    return below + 6;
}

int walk_draw(struct drawing *d, const struct walker *w, const struct model *m, const struct ike_sa *sa, int y)
{
    struct arena *arena = arena_create();
    struct walk walk = walk_of(w, sa, arena);
    if (walk.count) {
        draw_string(d, 8, y + 14, "h2", "start", "Step by step");
        draw_string(d, SIDE / 2, y + 34, "small strong", "middle", walk_heading(sa, false));
        draw_string(d, MIDDLE_X + MIDDLE / 2, y + 34, "small strong", "middle", "The exchange, as logged");
        draw_string(d, RIGHT_X + SIDE / 2, y + 34, "small strong", "middle", walk_heading(sa, true));
        y += 42;
    }
    for (size_t i = 0; i < walk.count && i < ROWS; i++)
        y = row_draw(d, m, &walk.at[i], y);
    if (walk.count > ROWS || walk.left_out) {
        draw_string(d, LADDER_WIDTH / 2, y + 12, "small dim", "middle", "more exchanges follow; they are not walked through");
        y += 20;
    }
    arena_destroy(arena);
    return y;
}
