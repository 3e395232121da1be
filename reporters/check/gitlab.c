/* GitLab code quality: a list of issues, each with a fingerprint that stays. */
#include "base/writer.h"
#include "reporters/check_format.h"

static void write(const struct check *c, const struct check_view *v, struct sink *out)
{
    struct json_writer w = { .out = out, .indented = true };
    struct buffer path;
    buffer_init(&path, 1 << 16);
    (void)v;
    write_array(&w, NULL);
    for (const struct check_result *r = c->results; r; r = r->next) {
        if (r->verdict == VERDICT_PASS || !result_counts(r))
            continue;
        bool failed = r->verdict == VERDICT_FAIL || c->undecided_fails;
        write_object(&w, NULL);
        write_text(&w, "description", r->message.len ? r->message : r->title);
        write_string(&w, "check_name", r->rule);
        write_string(&w, "fingerprint", r->fingerprint);
        write_string(&w, "severity",
                     !failed || r->severity <= SEVERITY_NOTE ? "info"
                     : r->severity == SEVERITY_WARNING       ? "minor"
                                                             : "major");
        write_object(&w, "location");
        struct place room;
        const struct place *place = result_place(c, r, &room);
        write_text(&w, "path", host_path(place ? place->file : TEXT("ikescope"), &path));
        write_object(&w, "lines");
        write_number(&w, "begin", place && place->line && !place->packet ? place->line : 1);
        write_end_object(&w);
        write_end_object(&w);
        write_end_object(&w);
    }
    write_end_array(&w);
    buffer_clear(&path);
    sink_byte(out, '\n');
}

const struct check_format check_format_gitlab = { "gitlab", "GitLab code quality", false, write };
