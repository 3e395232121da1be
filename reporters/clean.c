#include "reporters/clean.h"

#include "base/utf8.h"

enum { AMOUNT = 16 }; /* characters in "(10 min 42 s)", more or less */

/* East Asian Width W and F, Unicode 14; what is not assigned between two of them goes with them. */
static bool wide(uint32_t c)
{
    static const struct utf8_range ranges[] = {
        { 0x1100, 0x115f },   { 0x231a, 0x231b },   { 0x2329, 0x232a },   { 0x23e9, 0x23ec },   { 0x23f0, 0x23f0 },
        { 0x23f3, 0x23f3 },   { 0x25fd, 0x25fe },   { 0x2614, 0x2615 },   { 0x2648, 0x2653 },   { 0x267f, 0x267f },
        { 0x2693, 0x2693 },   { 0x26a1, 0x26a1 },   { 0x26aa, 0x26ab },   { 0x26bd, 0x26be },   { 0x26c4, 0x26c5 },
        { 0x26ce, 0x26ce },   { 0x26d4, 0x26d4 },   { 0x26ea, 0x26ea },   { 0x26f2, 0x26f3 },   { 0x26f5, 0x26f5 },
        { 0x26fa, 0x26fa },   { 0x26fd, 0x26fd },   { 0x2705, 0x2705 },   { 0x270a, 0x270b },   { 0x2728, 0x2728 },
        { 0x274c, 0x274c },   { 0x274e, 0x274e },   { 0x2753, 0x2755 },   { 0x2757, 0x2757 },   { 0x2795, 0x2797 },
        { 0x27b0, 0x27b0 },   { 0x27bf, 0x27bf },   { 0x2b1b, 0x2b1c },   { 0x2b50, 0x2b50 },   { 0x2b55, 0x2b55 },
        { 0x2e80, 0x303e },   { 0x3041, 0x3247 },   { 0x3250, 0x4dbf },   { 0x4e00, 0xa4c6 },   { 0xa960, 0xa97c },
        { 0xac00, 0xd7a3 },   { 0xf900, 0xfad9 },   { 0xfe10, 0xfe19 },   { 0xfe30, 0xfe6b },   { 0xff01, 0xff60 },
        { 0xffe0, 0xffe6 },   { 0x16fe0, 0x1b2fb }, { 0x1f004, 0x1f004 }, { 0x1f0cf, 0x1f0cf }, { 0x1f18e, 0x1f18e },
        { 0x1f191, 0x1f19a }, { 0x1f200, 0x1f320 }, { 0x1f32d, 0x1f335 }, { 0x1f337, 0x1f37c }, { 0x1f37e, 0x1f393 },
        { 0x1f3a0, 0x1f3ca }, { 0x1f3cf, 0x1f3d3 }, { 0x1f3e0, 0x1f3f0 }, { 0x1f3f4, 0x1f3f4 }, { 0x1f3f8, 0x1f43e },
        { 0x1f440, 0x1f440 }, { 0x1f442, 0x1f4fc }, { 0x1f4ff, 0x1f53d }, { 0x1f54b, 0x1f54e }, { 0x1f550, 0x1f567 },
        { 0x1f57a, 0x1f57a }, { 0x1f595, 0x1f596 }, { 0x1f5a4, 0x1f5a4 }, { 0x1f5fb, 0x1f64f }, { 0x1f680, 0x1f6c5 },
        { 0x1f6cc, 0x1f6cc }, { 0x1f6d0, 0x1f6d2 }, { 0x1f6d5, 0x1f6df }, { 0x1f6eb, 0x1f6ec }, { 0x1f6f4, 0x1f6fc },
        { 0x1f7e0, 0x1f7f0 }, { 0x1f90c, 0x1f93a }, { 0x1f93c, 0x1f945 }, { 0x1f947, 0x1f9ff }, { 0x1fa70, 0x1faff },
        { 0x20000, 0x3fffd },
    };
    return c >= ranges[0].first && utf8_is_in(ranges, COUNT_OF(ranges), c);
}

/* Marks that stand on the sign before them, and so does the second half of a Korean or the sound mark of a Japanese syllable that
 * was taken apart, as in names of files from a Mac. */
static bool combines(uint32_t c)
{
    static const struct utf8_range marks[] = {
        { 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x05bf, 0x05bf }, { 0x05c1, 0x05c2 },
        { 0x05c4, 0x05c5 }, { 0x0610, 0x061a }, { 0x064b, 0x065f }, { 0x0670, 0x0670 }, { 0x06d6, 0x06dc },
        { 0x0e31, 0x0e31 }, { 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e }, { 0x1160, 0x11ff }, { 0x1ab0, 0x1aff },
        { 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff }, { 0x302a, 0x302d }, { 0x3099, 0x309a }, { 0xfe20, 0xfe2f },
    };
    return utf8_is_in(marks, COUNT_OF(marks), c);
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
    if (!utf8_safe(code)) {
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
        if (utf8_next(&t, &code, &raw)) {
            show(code, raw, room, &len);
            buffer_put(out, room, len);
        }
    }
}

void clean_write(struct sink *out, struct text t)
{
    struct buffer b;
    buffer_init(&b, 16 * (t.len + 1)); /* what is escaped takes up to ten times its room */
    clean_put(&b, t);
    sink_text(out, buffer_view(&b));
    buffer_clear(&b);
}

size_t clean_columns(struct text t)
{
    uint32_t code;
    struct text raw;
    char room[16];
    size_t len, columns = 0;
    while (utf8_next(&t, &code, &raw))
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
    while (utf8_next(&t, &code, &raw)) {
        size_t more = show(code, raw, shown, &len);
        if (used + more > room)
            break;
        buffer_put(out, shown, len);
        used += more;
    }
    if (!whole)
        buffer_put(out, "...", columns < 3 ? columns : 3);
}

/* What is not to be torn, where a line can hold it: each ends behind its last octet; 0: none begins at `at`. */

/* "(19 ms)", "(10 min 42 s)" */
static size_t amount_end(struct text t, size_t at)
{
    struct text in = text_upto(text_from(t, at + 1), AMOUNT);
    size_t end = text_find_byte(in, ')');
    return end != TEXT_NOWHERE && in.at[0] >= '0' && in.at[0] <= '9' ? at + 1 + end : 0;
}

/* `show crypto map`, in the place of a quotation mark and of nothing that a log says between others */
static size_t command_end(struct text t, size_t at, size_t columns)
{
    struct text in = text_upto(text_from(t, at + 1), columns);
    size_t end = text_find_byte(in, '`');
    bool opens = (!at || t.at[at - 1] == ' ' || t.at[at - 1] == '(') && in.len && in.at[0] != ' ';
    return opens && end != TEXT_NOWHERE && clean_columns(text_upto(in, end)) + 2 <= columns ? at + 1 + end : 0;
}

/* The blank in "42 s", at `at`. */
static bool before_unit(struct text t, size_t at)
{
    static const char *const units[] = { "ms", "s", "min", "h", "d", "times" };
    struct text word = text_from(t, at + 1);
    size_t n = 0;
    while (n < word.len && word.at[n] >= 'a' && word.at[n] <= 'z')
        n++;
    for (size_t i = 0; at && t.at[at - 1] >= '0' && t.at[at - 1] <= '9' && i < COUNT_OF(units); i++)
        if (text_equal(text_upto(word, n), text_of(units[i])))
            return true;
    return false;
}

static bool tears(struct text t, size_t at, size_t closes)
{
    return at < closes || before_unit(t, at);
}

struct text clean_fit(struct text *rest, size_t columns)
{
    struct text left = *rest, raw;
    uint32_t code;
    char room[16];
    size_t len, used = 0, taken = 0, blank = 0, inner = 0, comma = 0, closes = 0;
    while (utf8_next(&left, &code, &raw)) {
        size_t more = show(code, raw, room, &len);
        if (used + more > columns && taken)
            break;
        if (taken >= closes && code == '(')
            closes = amount_end(*rest, taken);
        if (taken >= closes && code == '`')
            closes = command_end(*rest, taken, columns);
        if (code == ' ')
            *(tears(*rest, taken, closes) ? &inner : &blank) = taken;
        taken += raw.len;
        used += more;
        if (code == ',') /* of a distinguished name, which has no blanks */
            comma = taken;
    }
    if (taken < rest->len && rest->at[taken] == ' ')
        *(tears(*rest, taken, closes) ? &inner : &blank) = taken;
    if (taken < rest->len && (blank > 0 || inner > 0 || comma > 0))
        taken = blank > 0 ? blank : inner > 0 ? inner : comma;
    struct text part = text_upto(*rest, taken);
    *rest = text_from(*rest, taken);
    while (rest->len && rest->at[0] == ' ')
        *rest = text_from(*rest, 1);
    while (part.len && part.at[part.len - 1] == ' ')
        part.len--;
    return part;
}
