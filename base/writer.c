#include "base/writer.h"

#include "base/platform.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdio.h>

static void before(struct json_writer *w, const char *name)
{
    if (w->depth && w->filled[w->depth - 1])
        sink_byte(w->out, ',');
    if (w->depth)
        w->filled[w->depth - 1] = true;
    if (w->indented && w->depth) {
        static const char blanks[] = "\n                                                                                ";
        size_t n = 1 + 2 * (size_t)w->depth;
        sink_put(w->out, blanks, n < sizeof blanks - 1 ? n : sizeof blanks - 1);
    }
    if (name) {
        sink_byte(w->out, '"');
        write_escape(w->out, text_of(name));
        sink_string(w->out, w->indented ? "\": " : "\":");
    }
}

static void open_level(struct json_writer *w, const char *name, char c)
{
    before(w, name);
    assert(w->depth < JSON_DEPTH);
    w->filled[w->depth++] = false;
    sink_byte(w->out, c);
}

static void close_level(struct json_writer *w, char c)
{
    assert(w->depth > 0);
    bool filled = w->filled[--w->depth];
    if (w->indented && filled) {
        sink_byte(w->out, '\n');
        for (unsigned i = 0; i < w->depth; i++)
            sink_put(w->out, "  ", 2);
    }
    sink_byte(w->out, c);
}

void write_object(struct json_writer *w, const char *name)
{
    open_level(w, name, '{');
}
void write_end_object(struct json_writer *w)
{
    close_level(w, '}');
}
void write_array(struct json_writer *w, const char *name)
{
    open_level(w, name, '[');
}
void write_end_array(struct json_writer *w)
{
    close_level(w, ']');
}

void write_end_line(struct json_writer *w)
{
    write_end_object(w);
    sink_byte(w->out, '\n');
}

static bool plain(uint8_t c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

void write_escape(struct sink *out, struct text t)
{
    while (t.len) {
        size_t run = 0;
        while (run < t.len && plain((uint8_t)t.at[run]))
            run++;
        if (run) {
            sink_put(out, t.at, run);
            t = text_from(t, run);
            continue;
        }
        uint32_t code;
        struct text raw;
        utf8_next(&t, &code, &raw);
        if (code == 0xfffd)
            sink_string(out, "\xef\xbf\xbd");
        else if (code == '"' || code == '\\')
            sink_format(out, "\\%c", (int)code);
        else if (code == '\n')
            sink_string(out, "\\n");
        else if (code == '\t')
            sink_string(out, "\\t");
        else if (code > 0xffff && !utf8_safe(code)) /* a pair of halves */
            sink_format(out, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (code >> 10)), (unsigned)(0xdc00 + (code & 0x3ff)));
        else if (code == '&' || code == '<' || code == '>' || !utf8_safe(code))
            sink_format(out, "\\u%04x", (unsigned)code);
        else
            sink_text(out, raw);
    }
}

void write_text(struct json_writer *w, const char *name, struct text value)
{
    before(w, name);
    sink_byte(w->out, '"');
    write_escape(w->out, value);
    sink_byte(w->out, '"');
}

void write_string(struct json_writer *w, const char *name, const char *value)
{
    if (value)
        write_text(w, name, text_of(value));
}

void write_number(struct json_writer *w, const char *name, uint64_t value)
{
    char digits[24], *p = digits + sizeof digits;
    before(w, name);
    do
        *--p = (char)('0' + value % 10);
    while (value /= 10);
    sink_put(w->out, p, (size_t)(digits + sizeof digits - p));
}

void write_signed(struct json_writer *w, const char *name, int64_t value)
{
    before(w, name);
    sink_format(w->out, "%lld", (long long)value);
}

void write_bool(struct json_writer *w, const char *name, bool value)
{
    before(w, name);
    sink_string(w->out, value ? "true" : "false");
}

void write_hex(struct json_writer *w, const char *name, struct bytes value)
{
    static const char digits[] = "0123456789abcdef";
    before(w, name);
    sink_byte(w->out, '"');
    char room[512];
    for (size_t i = 0; i < value.len;) {
        size_t n = 0;
        for (; i < value.len && n < sizeof room; i++) {
            room[n++] = digits[value.at[i] >> 4];
            room[n++] = digits[value.at[i] & 15];
        }
        sink_put(w->out, room, n);
        platform_wipe(room, n); /* `keys --to json` writes keys */
    }
    sink_byte(w->out, '"');
}

void write_decimal(struct json_writer *w, const char *name, int64_t value, unsigned places)
{
    uint64_t unit = 1, v = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    for (unsigned i = 0; i < places; i++)
        unit *= 10;
    char text[48], *end = text + sizeof text, *p = end;
    uint64_t fraction = v % unit, whole = v / unit;
    for (unsigned left = places; left; left--, fraction /= 10)
        if (p != end || left <= 3 || fraction % 10 != 0)
            *--p = (char)('0' + fraction % 10);
    if (places)
        *--p = '.';
    do
        *--p = (char)('0' + whole % 10);
    while (whole /= 10);
    if (value < 0)
        *--p = '-';
    before(w, name);
    sink_put(w->out, p, (size_t)(end - p));
}
