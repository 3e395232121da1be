/* The walkthrough in Markdown: a table of three columns, a row a step. Cells hold what the router does, then its
 * configuration, each line of it in code; lines within a cell are parted by <br>, the one tag that tables allow for. */
#include "reporters/clean.h"
#include "reporters/walkthrough.h"
#include "reporters/words.h"

enum { SHOWN = 12, LINE_MOST = 160, CONFIG_LINES = 24 };

struct cells {
    struct sink *out;
    const struct model *m;
    struct buffer text, clean;
};

/* Text of ours and of inputs, with the signs escaped that Markdown or HTML would take for their own. */
static void prose(struct cells *c, struct text t)
{
    buffer_reset(&c->clean);
    clean_put(&c->clean, t);
    struct text clean = buffer_view(&c->clean);
    for (size_t i = 0; i < clean.len; i++) {
        if (clean.at[i] == '<' || clean.at[i] == '>' || clean.at[i] == '&') {
            sink_string(c->out, clean.at[i] == '<' ? "&lt;" : clean.at[i] == '>' ? "&gt;" : "&amp;");
            continue;
        }
        if (strchr("\\`*_[]|#~", clean.at[i]))
            sink_byte(c->out, '\\');
        sink_byte(c->out, clean.at[i]);
    }
}

/* A code span: its fence is longer than any run of backticks inside, a bar is escaped, indentation is kept. */
static void code(struct cells *c, struct text t)
{
    buffer_reset(&c->clean);
    clean_put(&c->clean, text_upto(t, LINE_MOST));
    struct text clean = buffer_view(&c->clean);
    size_t run = 0, most = 0, indent = 0;
    for (size_t i = 0; i < clean.len; i++) {
        run = clean.at[i] == '`' ? run + 1 : 0;
        most = run > most ? run : most;
    }
    while (indent < clean.len && clean.at[indent] == ' ')
        indent++;
    if (indent == clean.len)
        return;
    for (size_t i = 0; i <= most; i++)
        sink_byte(c->out, '`');
    if (most)
        sink_byte(c->out, ' ');
    for (size_t i = 0; i < clean.len; i++) {
        if (i < indent)
            sink_string(c->out, "\xc2\xa0");
        else if (clean.at[i] == '|')
            sink_string(c->out, "\\|");
        else
            sink_byte(c->out, clean.at[i]);
    }
    if (t.len > LINE_MOST)
        sink_string(c->out, "...");
    if (most)
        sink_byte(c->out, ' ');
    for (size_t i = 0; i <= most; i++)
        sink_byte(c->out, '`');
}

static void place(struct cells *c, uint32_t input, uint32_t at, bool packet)
{
    buffer_reset(&c->text);
    place_print(c->m, input, at, packet, &c->text);
    prose(c, buffer_view(&c->text));
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
            code(c, line);
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
    prose(c, text_of(cell->title));
    sink_string(c->out, ".** ");
    prose(c, text_of(cell->said));
    if (cell->more.len) {
        sink_string(c->out, "<br>");
        prose(c, cell->more);
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
        code(c, l->text);
    }
    if (row->line_count > n)
        sink_format(c->out, "%s... and %u more line%s", n ? "<br>" : "", row->line_count - n, plural_s(row->line_count - n));
    if (!row->arrow)
        return;
    sink_string(c->out, n ? "<br>**" : "**");
    sink_string(c->out, row->arrow == WALK_TO_INITIATOR ? "\xe2\x9f\xb5 " : "");
    prose(c, row->label);
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
    buffer_init(&c.clean, 1 << 20);
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
    buffer_clear(&c.clean);
    arena_destroy(arena);
}
