#include <stdio.h>

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

/* Length of the whole UTF-8 character at the start of t, 0 when it is none or may not be shown. */
static size_t shown(struct text t)
{
    const uint8_t *p = (const uint8_t *)t.at;
    if (p[0] < 0x80)
        return p[0] >= 0x20 && p[0] != 0x7f;
    size_t n = p[0] >= 0xc2 && p[0] < 0xe0 ? 2 : p[0] >= 0xe0 && p[0] < 0xf0 ? 3 : p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : 0;
    if (n == 0 || n > t.len)
        return 0;
    uint32_t v = p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        v = v << 6 | (p[i] & 0x3f);
    }
    bool bidi = (v >= 0x200b && v <= 0x200f) || (v >= 0x2028 && v <= 0x202e) || (v >= 0x2060 && v <= 0x206f) || v == 0xfeff ||
                v == 0x061c;
    bool bad = (n == 3 && v < 0x800) || (n == 4 && (v < 0x10000 || v > 0x10ffff)) || (v >= 0xd800 && v < 0xe000) || v == 0xfffe ||
               v == 0xffff || v < 0xa0;
    return bidi || bad ? 0 : n;
}

static void put(struct sink *out, struct text t, size_t most, bool xml)
{
    size_t written = 0;
    while (t.len && written < most) {
        size_t n = shown(t);
        if (n == 0) {
            sink_byte(out, t.at[0] == '\t' || t.at[0] == '\n' ? ' ' : '?');
        } else if (xml && n == 1 && strchr("&<>\"'", t.at[0])) {
            const char *name = t.at[0] == '&'   ? "&amp;"
                               : t.at[0] == '<' ? "&lt;"
                               : t.at[0] == '>' ? "&gt;"
                               : t.at[0] == '"' ? "&quot;"
                                                : "&#39;";
            sink_string(out, name);
        } else {
            sink_put(out, t.at, n);
        }
        written += n ? n : 1;
        t = text_from(t, n ? n : 1);
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
