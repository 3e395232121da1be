/* The walkthrough in Markdown: a heading a step, the words of each side, the debug lines, the configuration. */
#include "reporters/check_format.h"
#include "reporters/walkthrough.h"
#include "reporters/words.h"

enum { SHOWN = 12, LINE_MOST = 200 };

/* Inside a fenced block only the fence itself needs care; put_clean() makes it one line. */
static void fenced(struct sink *out, struct text t)
{
    sink_string(out, "    ");
    put_clean(out, t, LINE_MOST);
    sink_byte(out, '\n');
}

/* Text of ours, with the few signs that Markdown would take for its own. */
static void prose(struct sink *out, struct text t)
{
    struct buffer b;
    buffer_init(&b, 1 << 20);
    for (size_t i = 0; i < t.len; i++) {
        if (strchr("\\`*_[]<>|#", t.at[i]))
            buffer_byte(&b, '\\');
        buffer_byte(&b, t.at[i]);
    }
    put_clean(out, buffer_view(&b), 1 << 16);
    buffer_clear(&b);
}

static void configs(struct sink *out, const struct model *m, const struct walk_config *c)
{
    struct buffer b;
    buffer_init(&b, 1 << 12);
    for (; c; c = c->next) {
        buffer_reset(&b);
        place_print(m, c->record->input, c->record->first_line, false, &b);
        sink_string(out, "\nConfiguration at work, ");
        prose(out, buffer_view(&b));
        sink_string(out, ":\n\n");
        struct text rest = c->record->text, line;
        for (size_t n = 0; n < 24 && text_cut(&rest, '\n', &line); n++)
            fenced(out, line);
    }
    buffer_clear(&b);
}

static void cell(struct sink *out, const struct model *m, const struct ike_sa *sa, const struct walk_cell *c, unsigned side)
{
    struct buffer b;
    if (!c->key)
        return;
    buffer_init(&b, 1 << 12);
    party_print(m, side == SIDE_INITIATOR ? &sa->initiator : &sa->responder, &b);
    sink_format(out, "\n**%s (", side == SIDE_INITIATOR ? "Initiator" : "Responder");
    prose(out, buffer_view(&b));
    sink_string(out, "): ");
    prose(out, text_of(c->title));
    sink_string(out, ".** ");
    prose(out, text_of(c->said));
    if (c->more.len) {
        sink_byte(out, ' ');
        prose(out, c->more);
        sink_byte(out, '.');
    }
    sink_byte(out, '\n');
    configs(out, m, c->config);
    buffer_clear(&b);
}

static void debug_lines(struct sink *out, const struct model *m, const struct walk_row *row)
{
    struct buffer b;
    uint32_t n = 0;
    if (!row->lines)
        return;
    buffer_init(&b, 1 << 20);
    sink_byte(out, '\n');
    for (const struct walk_line *l = row->lines; l; l = l->next) {
        if (n++ >= SHOWN)
            continue;
        buffer_reset(&b);
        place_print(m, l->input, l->place, l->packet, &b);
        buffer_string(&b, l->severity >= SEVERITY_WARNING ? ": !! " : ": ");
        buffer_text(&b, l->text);
        fenced(out, buffer_view(&b));
    }
    if (row->line_count > SHOWN) {
        buffer_reset(&b);
        buffer_format(&b, "... and %u more lines", row->line_count - SHOWN);
        fenced(out, buffer_view(&b));
    }
    buffer_clear(&b);
}

void walkthrough_markdown(const struct walker *w, const struct model *m, const struct ike_sa *sa, struct sink *out)
{
    struct arena *arena = arena_create();
    struct walk walk = walk_of(w, sa, arena);
    if (walk.count)
        sink_format(out, "\n### Walkthrough of ike%u\n", sa->number);
    for (size_t i = 0; i < walk.count; i++) {
        const struct walk_row *row = &walk.at[i];
        const struct walk_cell *first = row->cells[0].key ? &row->cells[0] : &row->cells[1];
        sink_format(out, "\n#### %zu. ", i + 1);
        prose(out, text_of(first->title));
        sink_byte(out, '\n');
        cell(out, m, sa, &row->cells[0], SIDE_INITIATOR);
        cell(out, m, sa, &row->cells[1], SIDE_RESPONDER);
        debug_lines(out, m, row);
        if (row->arrow) {
            sink_string(out, row->arrow == WALK_TO_RESPONDER ? "\nInitiator **→ " : "\nResponder **→ ");
            prose(out, row->label);
            sink_string(out, row->arrow == WALK_TO_RESPONDER ? " →** responder" : " →** initiator");
            if (row->retransmissions)
                sink_format(out, ", sent %u times", row->retransmissions + 1);
            if (row->lost)
                sink_string(out, ", **never answered**");
            sink_byte(out, '\n');
        }
    }
    if (walk.left_out)
        sink_format(out, "\n%u more exchanges, liveness checks among them, are not walked through.\n", walk.left_out);
    arena_destroy(arena);
}
