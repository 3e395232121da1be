/* Small readers over a text that take what they recognise from its start and leave it alone otherwise. */
#ifndef IKESCOPE_PARSER_SCAN_H
#define IKESCOPE_PARSER_SCAN_H

#include "base/bytes.h"

static inline bool scan_blank(char c)
{
    return c == ' ' || c == '\t';
}
static inline bool scan_digit(char c)
{
    return text_is_digit(c);
}
static inline bool scan_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
static inline bool scan_lower(char c)
{
    return c >= 'a' && c <= 'z';
}
static inline bool scan_letter(char c)
{
    return text_is_letter(c);
}

static inline struct text scan_skip(struct text t)
{
    while (t.len && scan_blank(t.at[0])) {
        t.at++;
        t.len--;
    }
    return t;
}

static inline struct text scan_trim_end(struct text t)
{
    while (t.len && (scan_blank(t.at[t.len - 1]) || t.at[t.len - 1] == '\r'))
        t.len--;
    return t;
}

/* "#012" stands for a line's end in the middle of a line, as rsyslog writes it. */
static inline bool scan_has_ends(struct text t)
{
    return t.len && memchr(t.at, '#', t.len) && text_has(t, TEXT("#012"));
}

/* scan_eat takes the literal, behind any blanks; a blank inside the literal stands for any number of them, none included:
 * web pages and translations squeeze them. scan_eat_text is the same for a text that is not a literal. */
static inline bool scan_eat_text(struct text *t, const char *literal)
{
    if (t->len == 0) /* also a text that is nowhere */
        return *literal == '\0';
    const char *at = t->at, *end = t->at + t->len;
    while (at < end && scan_blank(*at))
        at++;
    for (; *literal; literal++) {
        if (*literal == ' ') {
            while (at < end && scan_blank(*at))
                at++;
        } else if (at < end && *at == *literal) {
            at++;
        } else {
            return false;
        }
    }
    t->len = (size_t)(end - at);
    t->at = at;
    return true;
}

/* The usual spacing, compared as a whole; or what squeezed it, as long as it begins alike. */
static inline bool scan_eat_exact(struct text *t, const char *literal, size_t len)
{
    if (t->len == 0)
        return len == 0;
    const char *at = t->at, *end = t->at + t->len;
    while (at < end && scan_blank(*at))
        at++;
    if ((size_t)(end - at) >= len && memcmp(at, literal, len) == 0) {
        t->at = at + len;
        t->len = (size_t)(end - at) - len;
        return true;
    }
    if (literal[0] != ' ' && (at == end || *at != literal[0]))
        return false;
    return scan_eat_text(t, literal);
}
#define scan_eat(t, literal) scan_eat_exact((t), "" literal, sizeof(literal) - 1)

static inline bool scan_eat_byte(struct text *t, char c)
{
    struct text s = scan_skip(*t);
    if (s.len == 0 || s.at[0] != c)
        return false;
    *t = text_from(s, 1);
    return true;
}

/* scan_number takes decimal digits behind blanks. */
static inline bool scan_number(struct text *t, uint64_t *number)
{
    struct text s = scan_skip(*t);
    uint64_t value = 0;
    size_t n = 0;
    while (n < s.len && n < 18 && scan_digit(s.at[n]))
        value = value * 10 + (uint64_t)(s.at[n++] - '0');
    if (n == 0)
        return false;
    *number = value;
    *t = (struct text){ s.at + n, s.len - n };
    return true;
}

/* scan_hex takes hex digits, with or without 0x, behind blanks; *digits says how many there were. */
static inline bool scan_hex(struct text *t, uint64_t *number, unsigned *digits)
{
    struct text s = scan_skip(*t);
    if (s.len > 2 && s.at[0] == '0' && (s.at[1] == 'x' || s.at[1] == 'X'))
        s = text_from(s, 2);
    uint64_t value = 0, low;
    size_t n = 0;
    if (s.len >= 16 && text_hex8(s.at, &value) && text_hex8(s.at + 8, &low)) { /* an IKE SPI */
        value = value << 32 | low;
        n = 16;
    } else {
        value = 0;
    }
    for (; n < s.len && n < 16; n++) {
        unsigned char c = (unsigned char)s.at[n];
        unsigned digit = c - '0', letter = (c | 0x20u) - 'a';
        if (digit > 9 && letter > 5)
            break;
        value = value << 4 | (digit <= 9 ? digit : letter + 10);
    }
    if (n == 0)
        return false;
    *number = value;
    *digits = (unsigned)n;
    *t = (struct text){ s.at + n, s.len - n };
    return true;
}

/* scan_until takes what stands before the first octet of the set (or everything), blanks at both ends cut off. */
static inline struct text scan_until(struct text *t, const char *set)
{
    size_t n = 0;
    if (set[1] == 0) {
        while (n < t->len && t->at[n] != set[0])
            n++;
    } else {
        while (n < t->len && !strchr(set, t->at[n]))
            n++;
    }
    struct text part = text_trim(text_upto(*t, n));
    *t = text_from(*t, n);
    return part;
}

#endif
