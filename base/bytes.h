/*
 * Views of octets and of text, and the one cursor through which untrusted octets are read.
 *
 * A view borrows: it never owns and is never freed. A text is not NUL-terminated.
 * The cursor is sticky: a read that does not fit marks it failed, remembers where, and every later
 * read yields zeros or empty views, so a decoder reads like the format it decodes and asks once,
 * at the end, whether all of it was there.
 */
#ifndef IKESCOPE_BASE_BYTES_H
#define IKESCOPE_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    const uint8_t *at;
    size_t len;
};

struct text {
    const char *at;
    size_t len;
};

struct cursor {
    struct bytes left; /* what has not been read yet */
    size_t offset;     /* of left.at, from the start of the outermost view */
    size_t failed_at;  /* offset of the first read that did not fit */
    bool failed;
};

/* Builds a text from a string literal, at no cost. */
#define TEXT(literal) ((struct text){ "" literal, sizeof(literal) - 1 })
/* The two arguments of printf's "%.*s" for a text, of which at most a million octets are printed. */
#define TEXT_ARGS(t)  (int)((t).len > 1000000 ? 1000000 : (t).len), ((t).at ? (t).at : "")

/* The rows of a table (never of a pointer). */
#define COUNT_OF(table) (sizeof(table) / sizeof(table)[0])

static inline struct bytes bytes_over(const void *at, size_t len)
{
    return (struct bytes){ (const uint8_t *)at, len };
}
static inline struct text text_over(const char *at, size_t len)
{
    return (struct text){ at, len };
}
static inline struct text text_of(const char *string)
{
    return (struct text){ string, string ? strlen(string) : 0 };
}
static inline struct text text_of_bytes(struct bytes b)
{
    return (struct text){ (const char *)b.at, b.len };
}
static inline struct bytes bytes_of_text(struct text t)
{
    return (struct bytes){ (const uint8_t *)t.at, t.len };
}
static inline bool bytes_equal(struct bytes a, struct bytes b) /* not for secrets: crypto_equal() */
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}
static inline bool text_equal(struct text a, struct text b)
{
    return bytes_equal(bytes_of_text(a), bytes_of_text(b));
}
static inline bool text_starts(struct text t, struct text prefix)
{
    return t.len >= prefix.len && (prefix.len == 0 || memcmp(t.at, prefix.at, prefix.len) == 0);
}
static inline bool text_ends(struct text t, struct text tail)
{
    return t.len >= tail.len && (tail.len == 0 || memcmp(t.at + t.len - tail.len, tail.at, tail.len) == 0);
}
/* text_from drops the first n octets (all of them when there are fewer). */
static inline struct text text_from(struct text t, size_t n)
{
    return n >= t.len ? (struct text){ t.at ? t.at + t.len : NULL, 0 } : (struct text){ t.at + n, t.len - n };
}
/* text_upto keeps the first n octets at most. */
static inline struct text text_upto(struct text t, size_t n)
{
    return (struct text){ t.at, n < t.len ? n : t.len };
}

#define TEXT_NOWHERE ((size_t)-1)

/* A blank, a tab, or an octet of a line's end. */
static inline bool text_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* text_lower turns an ASCII capital into its small letter and leaves any other octet as it is. */
static inline char text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}
/* ASCII letters and digits, whatever the locale. */
static inline bool text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool text_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool text_is_alnum(char c)
{
    return text_is_letter(c) || text_is_digit(c);
}
bool text_equal_nocase(struct text a, struct text b); /* ASCII letters only */
bool text_starts_nocase(struct text t, struct text prefix);
size_t text_find(struct text t, struct text needle); /* the offset of the first one, or TEXT_NOWHERE */
size_t text_find_byte(struct text t, char c);        /* the same for one octet */
static inline bool text_has(struct text t, struct text needle)
{
    return text_find(t, needle) != TEXT_NOWHERE;
}
bool text_is_plain(struct text t);    /* nothing but printable ASCII (also true for an empty text) */
struct text text_trim(struct text t); /* without the spaces, tabs, CR and LF at both ends */
/* text_cut moves the part before the first separator from *rest to *part and drops the separator; without a separator
 * all of *rest is the part. False when *rest was empty. */
bool text_cut(struct text *rest, char separator, struct text *part);
/* text_word moves the next run of non-blank octets from *rest to *word; false when only blanks were left. */
bool text_word(struct text *rest, struct text *word);
bool text_is_one_of(struct text t, const char *words); /* "report check": with blanks between them */
/* text_number reads digits of the base (10 or 16) that fill the whole text; false on anything else or overflow. */
bool text_number(struct text t, unsigned base, uint64_t *number);
/* text_digits reads the digits of the base (10 or 16) at the start of the text and returns how many octets it read; it stops
 * before the number would overflow. */
size_t text_digits(struct text t, unsigned base, uint64_t *number);
/* text_hex8 reads eight hex digits of either case; false when they are not hex digits. Eight octets must be readable there. */
bool text_hex8(const char *at, uint64_t *value);
/* text_unhex writes the octets of a hex string (spaces, ':' and '-' between octets allowed, optional 0x) and
 * returns their number, or TEXT_NOWHERE when it is not hex or does not fit into size. */
size_t text_unhex(struct text t, uint8_t *out, size_t size);
/* text_compare orders like memcmp, shorter first. */
int text_compare(struct text a, struct text b);

static inline struct cursor cursor_over(struct bytes b)
{
    return (struct cursor){ .left = b };
}
static inline bool cursor_empty(const struct cursor *c)
{
    return c->left.len == 0;
}
static inline bool cursor_ok(const struct cursor *c)
{
    return !c->failed;
}

/* cursor_take yields the next n octets, or an empty view (and a failed cursor) when there are fewer. */
static inline struct bytes cursor_take(struct cursor *c, size_t n)
{
    if (c->failed || n > c->left.len) {
        if (!c->failed) {
            c->failed = true;
            c->failed_at = c->offset;
        }
        return (struct bytes){ NULL, 0 };
    }
    struct bytes taken = { c->left.at, n };
    c->left.at += n;
    c->left.len -= n;
    c->offset += n;
    return taken;
}
/* cursor_rest takes all that is left; an empty view once the cursor has failed. */
static inline struct bytes cursor_rest(struct cursor *c)
{
    return cursor_take(c, c->failed ? 0 : c->left.len);
}
static inline void cursor_skip(struct cursor *c, size_t n)
{
    (void)cursor_take(c, n);
}
/* cursor_number reads a big-endian number of up to 8 octets, as do cursor_u8 to cursor_u64; zero once the cursor has failed. */
static inline uint64_t cursor_number(struct cursor *c, size_t octets)
{
    struct bytes b = cursor_take(c, octets);
    uint64_t v = 0;
    for (size_t i = 0; i < b.len; i++)
        v = v << 8 | b.at[i];
    return v;
}
static inline uint8_t cursor_u8(struct cursor *c)
{
    struct bytes b = cursor_take(c, 1);
    return b.len ? b.at[0] : 0;
}
static inline uint16_t cursor_u16(struct cursor *c)
{
    struct bytes b = cursor_take(c, 2);
    return (uint16_t)(b.len ? b.at[0] << 8 | b.at[1] : 0);
}
static inline uint32_t cursor_u32(struct cursor *c)
{
    struct bytes b = cursor_take(c, 4);
    return b.len ? (uint32_t)b.at[0] << 24 | (uint32_t)b.at[1] << 16 | (uint32_t)b.at[2] << 8 | b.at[3] : 0;
}
static inline uint64_t cursor_u64(struct cursor *c)
{
    return cursor_number(c, 8);
}
/* The same for little-endian numbers, which capture files have. */
static inline uint64_t cursor_number_le(struct cursor *c, size_t octets)
{
    struct bytes b = cursor_take(c, octets);
    uint64_t v = 0;
    for (size_t i = b.len; i-- > 0;)
        v = v << 8 | b.at[i];
    return v;
}
static inline uint16_t cursor_u16_le(struct cursor *c)
{
    struct bytes b = cursor_take(c, 2);
    return (uint16_t)(b.len ? b.at[1] << 8 | b.at[0] : 0);
}
static inline uint32_t cursor_u32_le(struct cursor *c)
{
    struct bytes b = cursor_take(c, 4);
    return b.len ? (uint32_t)b.at[3] << 24 | (uint32_t)b.at[2] << 16 | (uint32_t)b.at[1] << 8 | b.at[0] : 0;
}
/* cursor_child is a cursor over the next n octets, which the parent skips, so a nested structure can never read past its
 * parent. When the parent has fewer, both have failed. */
static inline struct cursor cursor_child(struct cursor *c, size_t n)
{
    size_t offset = c->offset;
    struct bytes b = cursor_take(c, n);
    return (struct cursor){ .left = b, .offset = offset, .failed = c->failed, .failed_at = c->failed_at };
}

#endif
