/* FILE:LINE: severity: [rule] message, as compilers write it. Silent or one line when all is well. */
#include "reporters/check_format.h"

enum { LONGEST = 1200 };

static void write(const struct check *c, const struct check_view *v, struct sink *out)
{
    for (const struct check_result *r = c->results; r; r = r->next) {
        if (r->verdict == VERDICT_PASS || !result_counts(r))
            continue;
        const char *level = result_level(r);
        if (r->places) {
            put_clean(out, r->places->file, LONGEST);
            if (r->places->line)
                sink_format(out, r->places->packet ? ":#%u" : ":%u", r->places->line);
        } else {
            sink_string(out, "ikescope");
        }
        const char *color = !v->color                                                     ? NULL
                            : r->severity == SEVERITY_ERROR && r->verdict == VERDICT_FAIL ? "\033[31m"
                                                                                          : "\033[33m";
        sink_format(out, ": %s%s%s: [%s] ", color ? color : "", level, color ? "\033[0m" : "", r->rule);
        put_clean(out, r->message, LONGEST);
        sink_byte(out, '\n');
        if (r->advice.len && r->verdict == VERDICT_FAIL) {
            struct text rest = r->advice, line;
            for (bool first = true; text_cut(&rest, '\n', &line); first = false) {
                sink_string(out, first ? "    do: " : "        ");
                put_clean(out, rest.len && text_ends(line, TEXT(";")) ? text_upto(line, line.len - 1) : line, LONGEST);
                sink_byte(out, '\n');
            }
        }
    }
    if (c->verdict == VERDICT_PASS && v->quiet)
        return;
    struct buffer b;
    buffer_init(&b, 4096);
    sink_format(out, "ikescope check: %s: ", verdict_name(c->verdict));
    put_clean(out, one_sentence(c, &b), LONGEST);
    if (c->verdict == VERDICT_UNDECIDED && c->reason.len) {
        sink_string(out, "; ");
        put_clean(out, c->reason, LONGEST);
    }
    sink_byte(out, '\n');
    buffer_clear(&b);
}

const struct check_format check_format_text = { "text",
                                                "FILE:LINE: severity: [rule] message, as compilers write it (the default)", false,
                                                write };
