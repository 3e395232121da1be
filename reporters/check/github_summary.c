/* A GitHub step summary in Markdown, with a Mermaid ladder; cut to the megabyte that GitHub takes. */
#include "reporters/check_format.h"

enum { MOST = 1000 * 1024, ROWS = 500, LONGEST = 400, LADDER_MOST = 48000 /* Mermaid refuses more than 50,000 characters */ };

/* Of Markdown the marks that could become markup are escaped; inside a code span only what would end its cell. */
static void put_marked(struct sink *out, char c, bool code)
{
    if (code) {
        sink_string(out, c == '|' ? "\\|" : (char[]){ c, '\0' });
    } else if (c == '<') {
        sink_string(out, "&lt;");
    } else if (c == '&') {
        sink_string(out, "&amp;");
    } else {
        if (strchr("\\`*_{}[]()#!|~>@", c))
            sink_byte(out, '\\');
        sink_byte(out, c);
    }
}

/* A table's cell. What stands between backticks is to be typed and becomes a code span, if they come in pairs. */
static void put_cell(struct sink *out, struct text t)
{
    struct buffer clean;
    buffer_init(&clean, 1 << 16);
    struct sink *s = sink_buffer(&clean);
    put_clean(s, t, LONGEST);
    sink_close(s, NULL);
    size_t ticks = 0;
    for (size_t i = 0; i < clean.len; i++)
        ticks += clean.at[i] == '`';
    bool inside = false;
    for (size_t i = 0, seen = 0; i < clean.len; i++) {
        const char c = clean.at[i];
        if (c != '`') {
            put_marked(out, c, inside);
            continue;
        }
        seen++;
        if (ticks % 2 && seen == ticks) /* cut in the midst of one */
            sink_string(out, "\\`");
        else
            sink_byte(out, '`');
        inside = !(ticks % 2 && seen == ticks) && !inside;
    }
    buffer_clear(&clean);
}

/* Advice, a line each. */
static void put_lines(struct sink *out, struct text t)
{
    struct text line;
    for (bool first = true; text_cut(&t, '\n', &line); first = false) {
        sink_string(out, first ? "" : "<br>");
        put_cell(out, advice_line(line));
    }
}

static void write(const struct check *c, const struct check_view *v, struct sink *out)
{
    struct buffer b;
    buffer_init(&b, 4096);
    sink_format(out, "## ikescope: %s\n\n%.*s\n", verdict_name(c->verdict), TEXT_ARGS(one_sentence(c, &b)));
    buffer_clear(&b);
    if (c->verdict == VERDICT_UNDECIDED && c->reason.len) {
        sink_string(out, "\n");
        put_cell(out, c->reason);
        sink_string(out, "\n");
    }
    unsigned rows = 0, left_out = 0;
    for (const struct check_result *r = c->results; r; r = r->next) {
        if (r->verdict == VERDICT_PASS || !result_counts(r))
            continue;
        if (rows == ROWS || sink_written(out) > MOST / 2) {
            left_out++;
            continue;
        }
        if (rows++ == 0)
            sink_string(out, "\n| | rule | where | what | do |\n|---|---|---|---|---|\n");
        sink_format(out, "| %s | ", result_level(r));
        put_cell(out, text_of(r->rule));
        sink_string(out, " | ");
        if (r->places) {
            put_cell(out, r->places->file);
            if (r->places->line)
                sink_format(out, r->places->packet ? " frame %u" : ":%u", r->places->line);
        }
        sink_string(out, " | ");
        put_cell(out, r->message);
        sink_string(out, " | ");
        put_lines(out, r->advice);
        sink_string(out, " |\n");
    }
    if (left_out)
        sink_format(out, "\n%u more result%s in the full report.\n", left_out, left_out == 1 ? " is" : "s are");
    if (v->ladder.len && v->ladder.len <= LADDER_MOST && sink_written(out) + v->ladder.len < MOST) {
        sink_string(out, "\n```mermaid\n");
        sink_text(out, v->ladder);
        sink_string(out, "\n```\n");
    } else if (v->ladder.len) {
        sink_string(out, "\nThe ladder is too long for this page; `ikescope -f ladder` prints it.\n");
    }
}

const struct check_format check_format_github_summary = { "github-summary", "a GitHub step summary with a Mermaid ladder", true,
                                                          write };
