/* TAP version 13, with a YAML block for what failed. */
#include "base/writer.h"
#include "reporters/check_format.h"

enum { LONGEST = 400 };

/* A description ends at '#': it is written as another mark. */
static void put_description(struct sink *out, struct text t)
{
    struct buffer b;
    buffer_init(&b, 1 << 16);
    struct sink *s = sink_buffer(&b);
    put_clean(s, t, LONGEST);
    sink_close(s, NULL);
    for (size_t i = 0; i < b.len; i++)
        sink_byte(out, b.at[i] == '#' ? '.' : b.at[i]);
    buffer_clear(&b);
}

static void write(const struct check *c, const struct check_view *v, struct sink *out)
{
    unsigned count = 0, number = 0;
    (void)v;
    for (const struct check_result *r = c->results; r; r = r->next)
        count++;
    sink_format(out, "TAP version 13\n1..%u\n", count);
    for (const struct check_result *r = c->results; r; r = r->next) {
        bool undecided = r->verdict == VERDICT_UNDECIDED;
        bool bad = result_counts(r) &&
                   ((r->verdict == VERDICT_FAIL && c->fail_on && r->severity >= c->fail_on) || (undecided && c->undecided_fails));
        sink_format(out, "%sok %u - ", bad ? "not " : "", ++number);
        put_description(out, text_of(r->rule));
        sink_string(out, ": ");
        put_description(out, r->message.len ? r->message : r->title);
        if (!bad && (undecided || !result_counts(r))) {
            sink_string(out, " # SKIP ");
            put_description(out, undecided ? TEXT("undecided") : r->suppressed ? r->suppression : TEXT("in the baseline"));
        }
        sink_byte(out, '\n');
        if (!bad)
            continue;
        sink_format(out, "  ---\n  severity: %s\n", result_level(r));
        if (r->places) {
            sink_string(out, "  file: \"");
            write_escape(out, r->places->file);
            sink_format(out, "\"\n  %s: %u\n", r->places->packet ? "packet" : "line", r->places->line);
        }
        sink_string(out, "  ...\n");
    }
}

const struct check_format check_format_tap = { "tap", "TAP version 13", false, write };
