#include "reporters/clean.h"

#include "base/utf8.h"

enum { AMOUNT = 16 }; /* characters in "(10 min 42 s)", more or less */

static bool wide(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0x303e) || (c >= 0x3041 && c <= 0xa4cf) ||
           (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) ||
           (c >= 0xff00 && c <= 0xff60) || (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
           (c >= 0x20000 && c <= 0x3fffd);
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
void clean_write(struct sink *out, struct text t)
{
    struct buffer b;
    buffer_init(&b, 16 * (t.len + 1)); /* what is escaped takes up to ten times its room */
    clean_put(&b, t);
    sink_text(out, buffer_view(&b));
    buffer_clear(&b);
}

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
