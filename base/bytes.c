#include "base/bytes.h"

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = text_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

bool text_starts_nocase(struct text t, struct text prefix)
{
    if (t.len < prefix.len)
        return false;
    for (size_t i = 0; i < prefix.len; i++)
        if (text_lower(t.at[i]) != text_lower(prefix.at[i]))
            return false;
    return true;
}

bool text_equal_nocase(struct text a, struct text b)
{
    return a.len == b.len && text_starts_nocase(a, b);
}

size_t text_find(struct text t, struct text needle)
{
    if (needle.len == 0)
        return 0;
    if (t.len < needle.len)
        return TEXT_NOWHERE;
    /* Where the first octet is nowhere, as is most often so, nothing else has to be looked for: memmem() takes far longer. */
    const char *first = memchr(t.at, needle.at[0], t.len);
    const char *hit = first ? memmem(first, t.len - (size_t)(first - t.at), needle.at, needle.len) : NULL;
    return hit ? (size_t)(hit - t.at) : TEXT_NOWHERE;
}

size_t text_find_byte(struct text t, char c)
{
    const char *hit = t.len ? memchr(t.at, c, t.len) : NULL;
    return hit ? (size_t)(hit - t.at) : TEXT_NOWHERE;
}

struct text text_trim(struct text t)
{
    while (t.len && text_blank(t.at[0])) {
        t.at++;
        t.len--;
    }
    while (t.len && text_blank(t.at[t.len - 1]))
        t.len--;
    return t;
}

/* Eight octets at a time: one below 0x20 borrows, 0x7f carries, and one above has its top bit. */
static uint64_t odd_octets(uint64_t word)
{
    return (word - UINT64_C(0x2020202020202020)) | (word + UINT64_C(0x0101010101010101)) | word;
}

bool text_is_plain(struct text t)
{
    uint64_t odd = 0, word;
    const char *at = t.at;
    size_t len = t.len;
    for (; len >= 8; at += 8, len -= 8) {
        memcpy(&word, at, 8);
        odd |= odd_octets(word);
    }
    if (len && t.len >= 8) {
        memcpy(&word, t.at + t.len - 8, 8);
        odd |= odd_octets(word);
    } else if (len) {
        word = UINT64_C(0x2020202020202020);
        memcpy(&word, at, len);
        odd |= odd_octets(word);
    }
    return !(odd & UINT64_C(0x8080808080808080));
}

bool text_cut(struct text *rest, char separator, struct text *part)
{
    if (rest->len == 0)
        return false;
    size_t at = text_find_byte(*rest, separator);
    if (at == TEXT_NOWHERE) {
        *part = *rest;
        *rest = text_from(*rest, rest->len);
        return true;
    }
    *part = text_upto(*rest, at);
    *rest = text_from(*rest, at + 1);
    return true;
}

bool text_word(struct text *rest, struct text *word)
{
    while (rest->len && text_blank(rest->at[0]))
        *rest = text_from(*rest, 1);
    size_t n = 0;
    while (n < rest->len && !text_blank(rest->at[n]))
        n++;
    *word = text_upto(*rest, n);
    *rest = text_from(*rest, n);
    return n > 0;
}

bool text_is_one_of(struct text t, const char *words)
{
    struct text rest = text_of(words), word;
    while (text_word(&rest, &word))
        if (text_equal(word, t))
            return true;
    return false;
}

size_t text_digits(struct text t, unsigned base, uint64_t *number)
{
    uint64_t v = 0;
    size_t n = 0;
    for (; n < t.len; n++) {
        unsigned d = (unsigned)digit_of(t.at[n]);
        /* Division only where an overflow is near. */
        if (d >= base || (v >> 59 && v > (UINT64_MAX - d) / base))
            break;
        v = v * base + d;
    }
    *number = v;
    return n;
}

bool text_number(struct text t, unsigned base, uint64_t *number)
{
    return t.len > 0 && text_digits(t, base, number) == t.len;
}

/* Eight octets, the first one lowest; one load where the machine has it so. */
static uint64_t octets8(const char *at)
{
    const unsigned char *u = (const unsigned char *)at;
    return (uint64_t)u[0] | (uint64_t)u[1] << 8 | (uint64_t)u[2] << 16 | (uint64_t)u[3] << 24 | (uint64_t)u[4] << 32 |
           (uint64_t)u[5] << 40 | (uint64_t)u[6] << 48 | (uint64_t)u[7] << 56;
}

/* Eight hex digits at once: which octets are digits, which letters of either case, told by the top bit of a sum that cannot
 * carry over; then the nibbles are pulled together. */
bool text_hex8(const char *at, uint64_t *value)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    uint64_t x = octets8(at);
    uint64_t low = x | ones * 0x20;
    uint64_t digits = (x + ones * (0x80 - '0')) & ~(x + ones * (0x80 - '0' - 10)) & tops;
    uint64_t letters = (low + ones * (0x80 - 'a')) & ~(low + ones * (0x80 - 'a' - 6)) & tops;
    if ((x & tops) || (digits | letters) != tops)
        return false;
    uint64_t v = (x & ones * 0x0f) + (letters >> 7) * 9;
    v = (v << 4 | v >> 8) & UINT64_C(0x00ff00ff00ff00ff);
    v = (v << 8 | v >> 16) & UINT64_C(0x0000ffff0000ffff);
    *value = (v << 16 | v >> 32) & UINT32_MAX;
    return true;
}

/* A hex digit's value and one more; 0: none. */
static const uint8_t hex[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

size_t text_unhex(struct text t, uint8_t *out, size_t size)
{
    size_t n = 0;
    if (text_starts_nocase(t, TEXT("0x")))
        t = text_from(t, 2);
    for (size_t i = 0; i < t.len;) {
        if (i + 1 < t.len && hex[(uint8_t)t.at[i]] && hex[(uint8_t)t.at[i + 1]] && n < size) {
            out[n++] = (uint8_t)((hex[(uint8_t)t.at[i]] - 1) << 4 | (hex[(uint8_t)t.at[i + 1]] - 1));
            i += 2;
            continue;
        }
        if (text_blank(t.at[i]) || t.at[i] == ':' || t.at[i] == '-') {
            i++;
            continue;
        }
        return TEXT_NOWHERE;
    }
    return n;
}

int text_compare(struct text a, struct text b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.at, b.at, n) : 0;
    return c ? c : (a.len > b.len) - (a.len < b.len);
}
