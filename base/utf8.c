#include "base/utf8.h"

/* How long the sequence is that begins so; 0: none begins so. */
static size_t length_of(uint8_t first)
{
    return first < 0x80                    ? 1
           : first >= 0xc2 && first < 0xe0 ? 2
           : first >= 0xe0 && first < 0xf0 ? 3
           : first >= 0xf0 && first < 0xf5 ? 4
                                           : 0;
}

bool utf8_next(struct text *t, uint32_t *code, struct text *raw)
{
    if (t->len == 0)
        return false;
    const uint8_t *p = (const uint8_t *)t->at;
    size_t n = length_of(p[0]);
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

bool utf8_is_in(const struct utf8_range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count && code >= ranges[i].first; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}

/* Controls, soft hyphen, bidi marks, zero width, separators, surrogates, variation selectors, interlinear marks, tags, private use. */
static const struct utf8_range unsafe[] = {
    { 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x00ad, 0x00ad }, { 0x061c, 0x061c },    { 0x180e, 0x180e },
    { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xd800, 0xf8ff },    { 0xfe00, 0xfe0f },
    { 0xfeff, 0xfeff }, { 0xfff9, 0xfffc }, { 0xfffe, 0xffff }, { 0xe0000, 0x10ffff },
};

struct text utf8_upto(struct text t, size_t n)
{
    enum { LONGEST = 4 };
    size_t at = n;
    if (t.len <= n)
        return t;
    while (at && n - at < LONGEST && ((unsigned char)t.at[at] & 0xc0) == 0x80)
        at--;
    return text_upto(t, ((unsigned char)t.at[at] & 0xc0) == 0xc0 ? at : n);
}

bool utf8_safe(uint32_t code)
{
    return (code >= 0x20 && code < 0x7f) || !utf8_is_in(unsafe, COUNT_OF(unsafe), code);
}
