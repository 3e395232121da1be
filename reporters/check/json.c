/* ikescope.check/1; docs/check.schema.json. */
#include "base/writer.h"
#include "reporters/check_format.h"

static void write_places(struct json_writer *w, const char *name, const struct place *p)
{
    if (!p)
        return;
    write_array(w, name);
    for (; p; p = p->next) {
        write_object(w, NULL);
        write_text(w, "file", p->file);
        if (p->line)
            write_number(w, p->packet ? "packet" : "line", p->line);
        if (p->text.len)
            write_text(w, "text", p->text);
        write_end_object(w);
    }
    write_end_array(w);
}

static void write_result(struct json_writer *w, const struct check_result *r)
{
    write_object(w, NULL);
    write_string(w, "rule", r->rule);
    write_string(w, "verdict", verdict_name(r->verdict));
    if (r->severity)
        write_string(w, "severity", severity_name(r->severity));
    write_text(w, "title", r->title);
    write_text(w, "message", r->message);
    if (r->advice.len)
        write_text(w, "advice", r->advice);
    if (r->subject.len)
        write_text(w, "subject", r->subject);
    if (r->suppressed)
        write_text(w, "suppressed", r->suppression);
    if (r->baselined)
        write_bool(w, "in_baseline", true);
    write_string(w, "fingerprint", r->fingerprint[0] ? r->fingerprint : NULL);
    write_places(w, "places", r->places);
    write_places(w, "flow", r->flow);
    write_end_object(w);
}

static void write(const struct check *c, const struct check_view *v, struct sink *out)
{
    struct json_writer w = { .out = out, .indented = true };
    write_object(&w, NULL);
    write_string(&w, "schema", CHECK_SCHEMA);
    write_object(&w, "generator");
    write_string(&w, "name", "ikescope");
    write_string(&w, "version", v->version);
    write_end_object(&w);
    write_string(&w, "verdict", verdict_name(c->verdict));
    if (c->reason.len)
        write_text(&w, "reason", c->reason);
    write_object(&w, "summary");
    write_number(&w, "passed", c->passed);
    write_number(&w, "failed", c->failed);
    write_number(&w, "undecided", c->undecided);
    write_number(&w, "suppressed", c->suppressed);
    write_end_object(&w);
    write_array(&w, "results");
    for (const struct check_result *r = c->results; r; r = r->next)
        write_result(&w, r);
    write_end_array(&w);
    write_end_object(&w);
    sink_byte(out, '\n');
}

const struct check_format check_format_json = { "json", "ikescope.check/1, every result with its places", false, write };
