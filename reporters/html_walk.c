/* The walkthrough as a table of three columns. */
#include "reporters/html_parts.h"
#include "reporters/words.h"

/* In a page of many SAs the lines that are folded away otherwise stand among the events alone. */
enum { OPEN_LINES = 6, MOST_LINES = 80, MANY_SAS = 50 };

/* heading: whose cell it is; a narrow window shows cells below each other, without the head of the table */
static void cell(struct html *h, const struct walk_cell *c, const char *heading)
{
    if (!c->key) {
        html_raw(h, "<td class=\"none\">");
        return;
    }
    buffer_format(h->d.out, "<td data-key=\"%s\" data-end=\"%s\"><h4>", c->key, heading);
    if (c->severity >= SEVERITY_WARNING)
        html_sign(h, c->severity);
    html_raw(h, " ");
    html_put(h, text_of(c->title));
    html_raw(h, "</h4><p>");
    html_put(h, text_of(c->said));
    html_raw(h, "</p>");
    if (c->more.len) {
        html_raw(h, "<p class=\"more\">");
        html_put(h, c->more);
        html_raw(h, "</p>");
    }
    if (c->config)
        html_raw(h, "<h5>Configuration at work</h5>");
    for (const struct walk_config *w = c->config; w; w = w->next) {
        html_place(h, w->record->input, w->record->first_line, false);
        html_raw(h, "<pre>");
        struct text rest = w->record->text, line;
        for (size_t n = 0; n < 60 && text_cut(&rest, '\n', &line); n++) {
            html_put(h, line);
            html_raw(h, "\n");
        }
        html_raw(h, "</pre>");
    }
}

/* The first line of an input is given with its name, the others by their number. */
static void line(struct html *h, const struct walk_line *l, bool named)
{
    buffer_format(h->d.out, "<li%s>",
                  l->severity == SEVERITY_ERROR     ? " class=\"error\""
                  : l->severity == SEVERITY_WARNING ? " class=\"warning\""
                                                    : "");
    if (named) {
        html_place(h, l->input, l->place, l->packet);
    } else {
        buffer_format(h->d.out, "<button class=\"place\" data-place=\"%u:%u\">%s%u</button>", l->input, l->place,
                      l->packet ? "#" : "", l->place);
    }
    html_raw(h, " <code>");
    if (l->severity >= SEVERITY_WARNING) {
        html_put(h, text_of(severity_mark(l->severity)));
        html_raw(h, " ");
    }
    html_put(h, l->text);
    html_raw(h, "</code>\n");
}

static void lines(struct html *h, const struct walk_row *row)
{
    uint32_t n = 0, input = UINT32_MAX, most = h->m->ike_sa_count > MANY_SAS ? OPEN_LINES + 2 : MOST_LINES;
    html_raw(h, "<td class=\"log\">");
    html_raw(h, row->lines ? "<ul>\n" : "<p class=\"meta\">no log shows this step</p>");
    for (const struct walk_line *l = row->lines; l && n < most; l = l->next, n++) {
        if (n == OPEN_LINES && row->line_count > OPEN_LINES + 2 && most == MOST_LINES)
            buffer_format(h->d.out, "</ul><details><summary>%u more line%s</summary><ul>\n", row->line_count - OPEN_LINES,
                          plural_s(row->line_count - OPEN_LINES));
        line(h, l, l->input != input);
        input = l->input;
    }
    if (row->lines)
        html_raw(h, "</ul>");
    if (row->line_count > n)
        buffer_format(h->d.out, "<p class=\"meta\">and %u more line%s</p>", row->line_count - n, plural_s(row->line_count - n));
    if (n > OPEN_LINES && row->line_count > OPEN_LINES + 2 && most == MOST_LINES)
        html_raw(h, "</details>");
}

/* The message on its way, between the row that tells of its sending and the one that tells of its arrival. */
static void arrow(struct html *h, const struct walk_row *row)
{
    if (!row->arrow)
        return;
    html_raw(h, "<tr class=\"way\"><td class=\"none\"><td class=\"none\"><p class=\"arrow");
    html_raw(h, row->arrow == WALK_TO_INITIATOR ? " left" : " right");
    html_raw(h, row->lost ? " error" : "");
    html_raw(h, row->response ? " response\">" : "\">");
    html_put(h, row->label);
    if (row->retransmissions)
        html_format(h, ", sent \xc3\x97%u", row->retransmissions + 1);
    if (row->lost)
        html_raw(h, " \xe2\x9c\x96 never answered");
    html_raw(h, "</p><td class=\"none\">\n");
}

void html_walk(struct html *h, const struct ike_sa *sa)
{
    struct arena *arena = arena_create();
    struct walk walk = walk_of(h->walker, sa, arena);
    if (walk.count) {
        html_raw(h, "<table class=\"walk\">");
        html_heads(h, (const char *const[]){ walk_heading(sa, false), "The exchange, as logged", walk_heading(sa, true), NULL });
    } else {
        html_raw(h, "<p>No exchange of this SA was seen.</p>\n");
    }
    for (size_t i = 0; i < walk.count; i++) {
        html_raw(h, "<tr>");
        cell(h, &walk.at[i].cells[0], walk_heading(sa, false));
        lines(h, &walk.at[i]);
        cell(h, &walk.at[i].cells[1], walk_heading(sa, true));
        html_raw(h, "\n");
        arrow(h, &walk.at[i]);
    }
    if (walk.count)
        html_raw(h, "</tbody></table>\n");
    if (walk.left_out)
        buffer_format(h->d.out, "<p class=\"meta\">%u more exchange%s, liveness checks among them, not walked through.</p>\n",
                      walk.left_out, plural_s(walk.left_out));
    arena_destroy(arena);
}
