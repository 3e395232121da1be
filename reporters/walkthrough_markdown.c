/* The walkthrough in Markdown: a table of three columns, a row a step. Cells hold what the router does, then its
 * configuration, each line of it in code; lines within a cell are parted by <br>, the one tag that tables allow for. */
#include "reporters/marked.h"
#include "reporters/walkthrough.h"
#include "reporters/words.h"

enum { SHOWN = 12, LINE_MOST = 160, CONFIG_LINES = 24 };

struct cells {
    struct sink *out;
    const struct model *m;
    struct buffer text;
};

static void place(struct cells *c, uint32_t input, uint32_t at, bool packet)
{
    buffer_reset(&c->text);
    place_print(c->m, input, at, packet, &c->text);
    marked_put(c->out, buffer_view(&c->text));
}

static void configs(struct cells *c, const struct walk_config *config)
{
    for (; config; config = config->next) {
        struct text rest = config->record->text, line;
        sink_string(c->out, "<br><br>Configuration at work, ");
        place(c, config->record->input, config->record->first_line, false);
        sink_string(c->out, ":");
        for (size_t n = 0; n < CONFIG_LINES && text_cut(&rest, '\n', &line); n++) {
            sink_string(c->out, "<br>");
            marked_code(c->out, line, LINE_MOST, true);
        }
    }
}

static void cell(struct cells *c, const struct walk_cell *cell)
{
    sink_string(c->out, "| ");
    if (!cell->key)
        return;
    if (cell->severity >= SEVERITY_WARNING)
        sink_format(c->out, "%s ", cell->severity == SEVERITY_ERROR ? "**ERROR**" : "**WARNING**");
    sink_string(c->out, "**");
    marked_put(c->out, text_of(cell->title));
    sink_string(c->out, ".** ");
    marked_put(c->out, text_of(cell->said));
    if (cell->more.len) {
        sink_string(c->out, "<br>");
        marked_put(c->out, cell->more);
    }
    configs(c, cell->config);
    sink_byte(c->out, ' ');
}

static void exchange(struct cells *c, const struct walk_row *row)
{
    uint32_t n = 0;
    sink_string(c->out, "| ");
    for (const struct walk_line *l = row->lines; l && n < SHOWN; l = l->next, n++) {
        sink_string(c->out, n ? "<br>" : "");
        place(c, l->input, l->place, l->packet);
        sink_string(c->out, l->severity >= SEVERITY_WARNING ? " **!!** " : " ");
        marked_code(c->out, l->text, LINE_MOST, true);
    }
    if (row->line_count > n)
        sink_format(c->out, "%s... and %u more line%s", n ? "<br>" : "", row->line_count - n, plural_s(row->line_count - n));
    if (!row->arrow)
        return;
    sink_string(c->out, n ? "<br>**" : "**");
    sink_string(c->out, row->arrow == WALK_TO_INITIATOR ? "\xe2\x9f\xb5 " : "");
    marked_put(c->out, row->label);
    sink_string(c->out, row->arrow == WALK_TO_RESPONDER ? " \xe2\x9f\xb6**" : "**");
    if (row->retransmissions)
        sink_format(c->out, ", sent %u times", row->retransmissions + 1);
    if (row->lost)
        sink_string(c->out, ", **never answered**");
}

void walkthrough_markdown(const struct walker *w, const struct model *m, const struct ike_sa *sa, struct sink *out)
{
    struct arena *arena = arena_create();
    struct walk walk = walk_of(w, sa, arena);
    struct cells c = { .out = out, .m = m };
    buffer_init(&c.text, 1 << 20);
    if (walk.count)
        sink_format(out,
                    "\n### ike%u step by step\n\n| What the initiator does | The exchange, as logged | What the responder does "
                    "|\n|---|---|---|\n",
                    sa->number);
    for (size_t i = 0; i < walk.count; i++) {
        cell(&c, &walk.at[i].cells[0]);
        exchange(&c, &walk.at[i]);
        sink_byte(out, ' ');
        cell(&c, &walk.at[i].cells[1]);
        sink_string(out, "|\n");
    }
    if (walk.left_out)
        sink_format(out, "\n%u more exchange%s, liveness checks among them, not walked through.\n", walk.left_out,
                    plural_s(walk.left_out));
    buffer_clear(&c.text);
    arena_destroy(arena);
}
