/* GitHub workflow commands: annotations at the right line, most severe first. GitHub shows ten of a kind in a step, so
 * the rest is counted in one last notice. */
#include "reporters/check_format.h"

enum { OF_A_KIND = 10, LONGEST = 900, ADVICE_LINES = 4 };

/* Workflow command data escape %, CR and LF; properties also ':' and ','. */
static void put_part(struct sink *out, struct text t, bool property)
{
    struct buffer clean;
    buffer_init(&clean, 1 << 16);
    struct sink *s = sink_buffer(&clean);
    put_clean(s, t, LONGEST);
    sink_close(s, NULL);
    for (size_t i = 0; i < clean.len; i++) {
        char c = clean.at[i];
        if (c == '%' || (property && (c == ':' || c == ',')))
            sink_format(out, "%%%02X", (unsigned)(unsigned char)c);
        else
            sink_byte(out, c);
    }
    buffer_clear(&clean);
}

static void put_data(struct sink *out, struct text t)
{
    put_part(out, t, false);
}

/* A property is a name: a line break in it is kept, or the host finds no such file. */
static void put_property(struct sink *out, struct text t)
{
    for (;;) {
        size_t end = 0;
        while (end < t.len && t.at[end] != '\n' && t.at[end] != '\r')
            end++;
        put_part(out, text_upto(t, end), true);
        if (end == t.len)
            return;
        sink_string(out, t.at[end] == '\n' ? "%0A" : "%0D");
        t = text_from(t, end + 1);
    }
}

/* What is undecided is a warning where the exit status is of it. */
static enum severity severity_of(const struct check *c, const struct check_result *r)
{
    if (r->verdict == VERDICT_UNDECIDED)
        return c->undecided_fails ? SEVERITY_ERROR : c->verdict == VERDICT_PASS ? SEVERITY_NOTE : SEVERITY_WARNING;
    return r->severity ? r->severity : SEVERITY_NOTE;
}

/* What to do, below the message: an annotation shows line breaks. */
static void put_advice(struct sink *out, struct text advice)
{
    struct text line;
    for (unsigned n = 0; text_cut(&advice, '\n', &line); n++) {
        if (n == ADVICE_LINES) {
            sink_string(out, "%0A...");
            return;
        }
        sink_string(out, n ? "%0A" : "%0ADo: ");
        put_data(out, advice_line(line));
    }
}

static void write(const struct check *c, const struct check_view *v, struct sink *out)
{
    static const struct {
        enum severity severity;
        const char *command;
    } kinds[] = { { SEVERITY_ERROR, "error" }, { SEVERITY_WARNING, "warning" }, { SEVERITY_NOTE, "notice" } };
    unsigned left_out = 0;
    struct buffer path;
    buffer_init(&path, 1 << 16);
    (void)v;
    for (size_t k = 0; k < 3; k++) {
        unsigned shown = 0;
        unsigned room = kinds[k].severity == SEVERITY_NOTE ? OF_A_KIND - 1 : OF_A_KIND; /* one is for the count */
        for (const struct check_result *r = c->results; r; r = r->next) {
            const enum severity severity = severity_of(c, r);
            if (severity != kinds[k].severity || r->verdict == VERDICT_PASS || !result_counts(r))
                continue;
            if (shown++ >= room) {
                left_out++;
                continue;
            }
            sink_format(out, "::%s ", kinds[k].command);
            if (r->places) {
                sink_string(out, "file=");
                put_property(out, host_path(r->places->file, &path));
                if (r->places->line && !r->places->packet)
                    sink_format(out, ",line=%u", r->places->line);
                sink_string(out, ",");
            }
            sink_string(out, "title=");
            put_property(out, text_of(r->rule));
            sink_string(out, "::");
            put_data(out, r->message);
            if (r->places && r->places->packet)
                sink_format(out, " (frame %u)", r->places->line);
            put_advice(out, r->advice);
            sink_byte(out, '\n');
        }
    }
    if (left_out)
        sink_format(out, "::notice title=ikescope::%u more result%s in the full report\n", left_out,
                    left_out == 1 ? " is" : "s are");
    buffer_clear(&path);
}

const struct check_format check_format_github = { "github", "GitHub annotations (workflow commands)", false, write };
