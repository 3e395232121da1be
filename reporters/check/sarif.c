/* SARIF 2.1.0 (OASIS): relative paths, fingerprints that do not depend on line numbers, the exchange as codeFlows. Code scanning
 * wants more than the standard: a location of every result, fullDescription and help of every rule. */
#include "base/map.h"
#include "base/writer.h"
#include "reporters/check_format.h"

/* A URI reference of a path (RFC 3986 section 4.2): absolute ones become file URIs, odd octets are escaped. */
static void put_uri(struct sink *out, struct text path)
{
    static const char digits[] = "0123456789ABCDEF";
    if (path.len && path.at[0] == '/')
        sink_string(out, "file://");
    for (size_t i = 0; i < path.len; i++) {
        uint8_t c = (uint8_t)path.at[i];
        bool plain = text_is_alnum((char)c) || (c && strchr("-._~/", c));
        if (plain)
            sink_byte(out, (char)c);
        else
            sink_format(out, "%%%c%c", digits[c >> 4], digits[c & 15]);
    }
}

static void write_location(struct json_writer *w, const char *name, const struct place *p, const struct check_result *r)
{
    struct buffer uri, path;
    buffer_init(&uri, 1 << 16);
    buffer_init(&path, 1 << 16);
    struct sink *s = sink_buffer(&uri);
    put_uri(s, host_path(p->file, &path));
    sink_close(s, NULL);
    write_object(w, name);
    write_object(w, "physicalLocation");
    write_object(w, "artifactLocation");
    write_text(w, "uri", buffer_view(&uri));
    write_end_object(w);
    if (p->line && !p->packet) {
        write_object(w, "region");
        write_number(w, "startLine", p->line);
        write_end_object(w);
    }
    write_end_object(w);
    if (r && r->subject.len) {
        write_array(w, "logicalLocations");
        write_object(w, NULL);
        write_text(w, "name", r->subject);
        write_end_object(w);
        write_end_array(w);
    }
    if (p->text.len || p->packet) {
        write_object(w, "message");
        if (p->text.len) {
            write_text(w, "text", p->text);
        } else {
            char frame[32];
            snprintf(frame, sizeof frame, "frame %u", p->line);
            write_string(w, "text", frame);
        }
        write_end_object(w);
    }
    write_end_object(w);
    buffer_clear(&uri);
    buffer_clear(&path);
}

static void write_flow(struct json_writer *w, const struct check_result *r)
{
    write_array(w, "codeFlows");
    write_object(w, NULL);
    write_array(w, "threadFlows");
    write_object(w, NULL);
    write_array(w, "locations");
    for (const struct place *p = r->flow; p; p = p->next) {
        write_object(w, NULL);
        write_location(w, "location", p, NULL);
        write_end_object(w);
    }
    write_end_array(w);
    write_end_object(w);
    write_end_array(w);
    write_end_object(w);
    write_end_array(w);
}

static const char *level(const struct check_result *r)
{
    return r->verdict == VERDICT_UNDECIDED || r->severity <= SEVERITY_NOTE ? "note"
           : r->severity == SEVERITY_ERROR                                 ? "error"
                                                                           : "warning";
}

/* What passed is left out, and its rule where nothing else is of it: code scanning takes every result for an alert. */
static bool shown(const struct check_result *r)
{
    return r->verdict != VERDICT_PASS;
}

static bool first_of_rule(struct map *rules, const struct check_result *r)
{
    const struct bytes rule = bytes_of_text(text_of(r->rule));
    if (map_find(rules, rule))
        return false;
    map_put(rules, rule, (void *)(uintptr_t)r);
    return true;
}

/* What was found, and what to do about it: a rule's help is the same for all its results. */
static void write_message(struct json_writer *w, const struct check_result *r)
{
    struct buffer b;
    buffer_init(&b, 1 << 16);
    buffer_text(&b, r->message.len ? r->message : r->title);
    if (r->advice.len) {
        buffer_string(&b, "\n\nWhat to do:\n");
        buffer_text(&b, r->advice);
    }
    write_object(w, "message");
    write_text(w, "text", buffer_view(&b));
    write_end_object(w);
    buffer_clear(&b);
}

static void write_described(struct json_writer *w, const char *name, struct text first, struct text otherwise)
{
    write_object(w, name);
    write_text(w, "text", first.len ? first : otherwise);
    write_end_object(w);
}

static void write_result(struct json_writer *w, const struct check *c, const struct check_result *r)
{
    struct place room;
    const struct place *place = result_place(c, r, &room);
    write_object(w, NULL);
    write_string(w, "ruleId", r->rule);
    write_string(w, "kind", r->verdict == VERDICT_FAIL ? "fail" : "review");
    write_string(w, "level", r->verdict == VERDICT_FAIL ? level(r) : "none");
    write_message(w, r);
    if (place) {
        write_array(w, "locations");
        write_location(w, NULL, place, r);
        write_end_array(w);
    }
    if (r->places && r->places->next) {
        write_array(w, "relatedLocations");
        for (const struct place *p = r->places->next; p; p = p->next)
            write_location(w, NULL, p, NULL);
        write_end_array(w);
    }
    if (r->flow)
        write_flow(w, r);
    if (r->fingerprint[0]) {
        write_object(w, "partialFingerprints");
        write_string(w, "ikescope/v1", r->fingerprint);
        write_end_object(w);
    }
    if (r->suppressed) {
        write_array(w, "suppressions");
        write_object(w, NULL);
        write_string(w, "kind", "external");
        write_text(w, "justification", r->suppression);
        write_end_object(w);
        write_end_array(w);
    }
    if (r->baselined)
        write_string(w, "baselineState", "unchanged");
    write_end_object(w);
}

static void write(const struct check *c, const struct check_view *v, struct sink *out)
{
    struct json_writer w = { .out = out, .indented = true };
    write_object(&w, NULL);
    write_string(&w, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    write_string(&w, "version", "2.1.0");
    write_array(&w, "runs");
    write_object(&w, NULL);
    write_object(&w, "tool");
    write_object(&w, "driver");
    write_string(&w, "name", "ikescope");
    write_string(&w, "semanticVersion", v->version);
    write_array(&w, "rules");
    struct map rules = { 0 };
    for (const struct check_result *r = c->results; r; r = r->next) {
        if (!shown(r) || !first_of_rule(&rules, r))
            continue;
        write_object(&w, NULL);
        write_string(&w, "id", r->rule);
        const struct text title = r->title.len ? r->title : text_of(r->rule);
        write_described(&w, "shortDescription", title, title);
        write_described(&w, "fullDescription", r->meaning, title);
        write_described(&w, "help", r->help.len ? r->help : r->advice, title);
        write_end_object(&w);
    }
    map_clear(&rules);
    write_end_array(&w);
    write_end_object(&w);
    write_end_object(&w);
    write_string(&w, "columnKind", "utf16CodeUnits");
    write_array(&w, "results");
    for (const struct check_result *r = c->results; r; r = r->next)
        if (shown(r))
            write_result(&w, c, r);
    write_end_array(&w);
    write_end_object(&w);
    write_end_array(&w);
    write_end_object(&w);
    sink_byte(out, '\n');
}

const struct check_format check_format_sarif = { "sarif", "SARIF 2.1.0 for code scanning", false, write };
