#include "reporters/clean.h"

enum { AMOUNT = 16 }; /* characters in "(10 min 42 s)", more or less */

bool clean_next(struct text *t, uint32_t *code, struct text *raw)
{
    if (t->len == 0)
        return false;
    const uint8_t *p = (const uint8_t *)t->at;
    size_t n = p[0] < 0x80                   ? 1
               : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
               : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
               : p[0] >= 0xf0 && p[0] < 0xf5 ? 4
                                             : 0;
    uint32_t v = n <= 1 ? p[0] : p[0] & (0xffu >> (n + 1));
    bool good = n > 0 && n <= t->len;
    for (size_t i = 1; good && i < n; i++) {
        good = (p[i] & 0xc0) == 0x80;
        v = v << 6 | (p[i] & 0x3f);
    }
    if (good && ((n == 3 && v < 0x800) || (n == 4 && (v < 0x10000 || v > 0x10ffff)) || (v >= 0xd800 && v < 0xe000)))
        good = false;
    n = good ? n : 1;
    *code = good ? v : 0xfffd;
    *raw = text_upto(*t, n);
    *t = text_from(*t, n);
    return true;
}

/* Ranges that a terminal must not be given: controls, soft hyphen, bidi marks, zero width, separators, surrogates,
 * variation selectors, interlinear marks, tags, private use. */
static const struct range {
    uint32_t first, last;
} unsafe[] = {
    { 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x00ad, 0x00ad }, { 0x061c, 0x061c },    { 0x180e, 0x180e },
    { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xd800, 0xf8ff },    { 0xfe00, 0xfe0f },
    { 0xfeff, 0xfeff }, { 0xfff9, 0xfffc }, { 0xfffe, 0xffff }, { 0xe0000, 0x10ffff },
};

bool clean_safe(uint32_t code)
{
    if (code >= 0x20 && code < 0x7f)
        return true;
    for (size_t i = 0; i < COUNT_OF(unsafe); i++)
        if (code >= unsafe[i].first && code <= unsafe[i].last)
            return false;
    return true;
}

static bool wide(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0x303e) || (c >= 0x3041 && c <= 0xa4cf) ||
           (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) ||
           (c >= 0xff00 && c <= 0xff60) || (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
           (c >= 0x20000 && c <= 0x3fffd);
}

static bool combines(uint32_t c)
{
    return (c >= 0x0300 && c <= 0x036f) || (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x20d0 && c <= 0x20ff) ||
           (c >= 0xfe20 && c <= 0xfe2f);
}

/* One character as it will be shown, into room; its columns. */
static size_t show(uint32_t code, struct text raw, char room[static 16], size_t *len)
{
    if (code == 0xfffd && raw.len == 1) {
        *len = (size_t)snprintf(room, 16, "\\x%02x", (unsigned)(uint8_t)raw.at[0]);
        return *len;
    }
    if (code == '\t' || code == '\n' || code == '\r') {
        room[0] = ' ';
        *len = 1;
        return 1;
    }
    if (!clean_safe(code)) {
        *len = (size_t)snprintf(room, 16, code < 0x100 ? "\\x%02x" : "\\u{%x}", (unsigned)code);
        return *len;
    }
    memcpy(room, raw.at, raw.len);
    *len = raw.len;
    return combines(code) ? 0 : wide(code) ? 2 : 1;
}

static size_t plain_run(struct text t)
{
    size_t n = 0;
    while (n < t.len && t.at[n] >= 0x20 && t.at[n] < 0x7f)
        n++;
    return n;
}

void clean_put(struct buffer *out, struct text t)
{
    uint32_t code;
    struct text raw;
    char room[16];
    size_t len;
    while (t.len) {
        size_t run = plain_run(t);
        buffer_put(out, t.at, run);
        t = text_from(t, run);
        if (clean_next(&t, &code, &raw)) {
            show(code, raw, room, &len);
            buffer_put(out, room, len);
        }
    }
}

size_t clean_columns(struct text t)
{
    uint32_t code;
    struct text raw;
    char room[16];
    size_t len, columns = 0;
    while (clean_next(&t, &code, &raw))
        columns += show(code, raw, room, &len);
    return columns;
}

void clean_cut(struct buffer *out, struct text t, size_t columns)
{
    bool whole = t.len <= columns && plain_run(t) == t.len;
    if (!whole)
        whole = clean_columns(text_upto(t, 4 * columns + 16)) <= columns && t.len <= 4 * columns + 16;
    size_t room = whole ? columns : columns > 3 ? columns - 3 : 0, used = 0, len;
    uint32_t code;
    struct text raw;
    char shown[16];
    while (clean_next(&t, &code, &raw)) {
        size_t more = show(code, raw, shown, &len);
        if (used + more > room)
            break;
        buffer_put(out, shown, len);
        used += more;
    }
    if (!whole)
        buffer_put(out, "...", columns < 3 ? columns : 3);
}

/* Behind the bracket that closes "(19 ms)" or "(10 min 42 s)", which begins at `at` and is not to be torn; 0: none such. */
static size_t amount_end(struct text t, size_t at)
{
    struct text in = text_upto(text_from(t, at + 1), AMOUNT);
    size_t end = text_find_byte(in, ')');
    return end != TEXT_NOWHERE && in.at[0] >= '0' && in.at[0] <= '9' ? at + 1 + end : 0;
}

struct text clean_fit(struct text *rest, size_t columns)
{
    struct text left = *rest, raw;
    uint32_t code;
    char room[16];
    size_t len, used = 0, taken = 0, blank = 0, closes = 0;
    while (clean_next(&left, &code, &raw)) {
        size_t more = show(code, raw, room, &len);
        if (used + more > columns && taken)
            break;
        if (code == '(')
            closes = amount_end(*rest, taken);
        if (code == ' ' && taken >= closes)
            blank = taken;
        taken += raw.len;
        used += more;
    }
    if (taken < rest->len && rest->at[taken] == ' ' && taken >= closes)
        blank = taken;
    if (taken < rest->len && blank > 0)
        taken = blank;
    struct text part = text_upto(*rest, taken);
    *rest = text_from(*rest, taken);
    while (rest->len && rest->at[0] == ' ')
        *rest = text_from(*rest, 1);
    while (part.len && part.at[part.len - 1] == ' ')
        part.len--;
    return part;
}
