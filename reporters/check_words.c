#include <string.h>

#include "base/utf8.h"
#include "reporters/check_format.h"

const struct check_format *check_format_find(struct text name)
{
    for (size_t i = 0; i < check_format_count; i++)
        if (text_equal(text_of(check_formats[i]->name), name))
            return check_formats[i];
    return NULL;
}

bool result_counts(const struct check_result *r)
{
    return !r->suppressed && !r->baselined;
}

const char *result_level(const struct check_result *r)
{
    if (r->verdict == VERDICT_UNDECIDED)
        return "undecided";
    return r->severity ? severity_name(r->severity) : "note";
}

struct text advice_line(struct text line)
{
    return line.len && line.at[line.len - 1] == ';' ? text_upto(line, line.len - 1) : line;
}

const struct place *result_place(const struct check *c, const struct check_result *r, struct place *room)
{
    if (r->places || !c->model || !c->model->input_count)
        return r->places;
    *room = (struct place){ .file = c->model->inputs[0].path, .line = 1, .packet = c->model->inputs[0].has_packets };
    return room;
}

struct text host_path(struct text file, struct buffer *into)
{
    buffer_reset(into);
    if (text_starts(file, TEXT("/")))
        buffer_byte(into, '/');
    for (struct text rest = file, part; text_cut(&rest, '/', &part);) {
        if (!part.len || text_equal(part, TEXT(".")))
            continue;
        if (into->len && into->at[into->len - 1] != '/')
            buffer_byte(into, '/');
        buffer_text(into, part);
    }
    return into->len ? buffer_view(into) : file;
}

static void put(struct sink *out, struct text t, size_t most, bool xml)
{
    size_t written = 0;
    uint32_t code;
    struct text raw;
    for (; written < most && utf8_next(&t, &code, &raw); written += raw.len) {
        if (!utf8_safe(code) || (code == 0xfffd && raw.len == 1)) {
            sink_byte(out, code == '\t' || code == '\n' ? ' ' : '?');
        } else if (xml && code < 0x80 && strchr("&<>\"'", (int)code)) {
            const char *name = code == '&'   ? "&amp;"
                               : code == '<' ? "&lt;"
                               : code == '>' ? "&gt;"
                               : code == '"' ? "&quot;"
                                             : "&#39;";
            sink_string(out, name);
        } else {
            sink_text(out, raw);
        }
    }
    if (t.len)
        sink_string(out, "...");
}

void put_clean(struct sink *out, struct text t, size_t most)
{
    put(out, t, most, false);
}

void put_xml(struct sink *out, struct text t, size_t most)
{
    put(out, t, most, true);
}

struct text one_sentence(const struct check *c, struct buffer *into)
{
    buffer_reset(into);
    buffer_format(into, "%u failed, %u undecided, %u passed", c->failed, c->undecided, c->passed);
    if (c->suppressed)
        buffer_format(into, ", %u suppressed", c->suppressed);
    return buffer_view(into);
}
