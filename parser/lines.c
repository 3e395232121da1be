#include "parser/lines.h"

#include "base/limits.h"
#include "parser/damage.h"
#include "parser/scan.h"
#include "parser/written.h"

enum { WIDE_LIMIT = 1 << 20, WIDE_PIECE = 1 << 18 };

void lines_init(struct lines *l, void (*take)(void *context, struct line *line), void *context)
{
    *l = (struct lines){ .take = take, .context = context };
    buffer_init(&l->carry, LIMIT_LINE);
    buffer_init(&l->clean, 3 * (size_t)LIMIT_LINE);
    buffer_init(&l->wide, WIDE_LIMIT);
    buffer_init(&l->undone, LIMIT_LINE);
}

void lines_clear(struct lines *l)
{
    buffer_clear(&l->carry);
    buffer_clear(&l->clean);
    buffer_clear(&l->wide);
    buffer_clear(&l->undone);
}

size_t lines_utf8(const uint8_t *at, size_t left)
{
    uint8_t c = at[0];
    size_t n = c >= 0xf0 && c <= 0xf4 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 0;
    if (n == 0 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if ((c == 0xe0 && at[1] < 0xa0) || (c == 0xed && at[1] > 0x9f) || (c == 0xf0 && at[1] < 0x90) || (c == 0xf4 && at[1] > 0x8f))
        return 0;
    return n;
}

static void put_utf8(struct buffer *out, uint32_t c)
{
    if (c < 0x80) {
        buffer_byte(out, (char)c);
    } else if (c < 0x800) {
        buffer_byte(out, (char)(0xc0 | c >> 6));
        buffer_byte(out, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        buffer_byte(out, (char)(0xe0 | c >> 12));
        buffer_byte(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buffer_byte(out, (char)(0x80 | (c & 0x3f)));
    } else {
        buffer_byte(out, (char)(0xf0 | c >> 18));
        buffer_byte(out, (char)(0x80 | (c >> 12 & 0x3f)));
        buffer_byte(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buffer_byte(out, (char)(0x80 | (c & 0x3f)));
    }
}

/* The length of an escape sequence behind its ESC: CSI … final, OSC … BEL, ESC ( X, ESC X. */
static size_t escape_length(const uint8_t *at, size_t left)
{
    if (left == 0)
        return 0;
    if (at[0] == '[') {
        size_t i = 1;
        while (i < left && i < 32 && at[i] >= 0x20 && at[i] < 0x40)
            i++;
        return i < left && at[i] >= 0x40 && at[i] < 0x7f ? i + 1 : 1;
    }
    if (at[0] == ']') {
        size_t i = 1;
        while (i < left && i < 256 && at[i] != 0x07 && at[i] != 0x1b)
            i++;
        return i < left && at[i] == 0x07 ? i + 1 : 1;
    }
    if (at[0] == '(' || at[0] == ')' || at[0] == '#')
        return left > 1 ? 2 : 1;
    return at[0] >= 0x30 && at[0] < 0x7f ? 1 : 0;
}

static void erase_one(struct buffer *out)
{
    while (out->len && ((uint8_t)out->at[out->len - 1] & 0xc0) == 0x80)
        out->len--;
    if (out->len)
        out->len--;
}

static const char *const pagers[] = { "--More--", "<--- More --->", "---(more)---" };

static void drop_pager(struct buffer *out, size_t from)
{
    for (size_t i = 0; i < COUNT_OF(pagers); i++) {
        struct text t = text_from(buffer_view(out), from), pager = text_of(pagers[i]);
        size_t at = text_find(t, pager);
        if (at == TEXT_NOWHERE)
            continue;
        size_t end = from + at + pager.len, start = from + at;
        while (start > from && scan_blank(out->at[start - 1]))
            start--;
        while (end < out->len && scan_blank(out->at[end]))
            end++;
        memmove(out->at + start, out->at + end, out->len - end);
        out->len -= end - start;
    }
}

bool lines_is_pager(struct text t)
{
    t = text_trim(t);
    for (size_t i = 0; i < COUNT_OF(pagers); i++)
        if (text_equal(t, text_of(pagers[i])))
            return true;
    return false;
}

/* The blanks beyond ASCII: no-break, those of a width of their own, the ideographic one. */
static bool is_space(const uint8_t *at, size_t n)
{
    if (n == 2)
        return at[0] == 0xc2 && at[1] == 0xa0;
    if (n != 3)
        return false;
    return (at[0] == 0xe2 && at[1] == 0x80 && (at[2] <= 0x8a || at[2] == 0xaf)) ||
           (at[0] == 0xe3 && at[1] == 0x80 && at[2] == 0x80);
}

/* What has no width: joiners, marks of direction, a byte order mark, a hyphen that only shows where a line ends. */
static bool is_invisible(const uint8_t *at, size_t n)
{
    if (n != 3)
        return n == 2 && at[0] == 0xc2 && at[1] == 0xad;
    bool marks = at[0] == 0xe2 && ((at[1] == 0x80 && ((at[2] >= 0x8b && at[2] <= 0x8f) || (at[2] >= 0xaa && at[2] <= 0xae))) ||
                                   (at[1] == 0x81 && at[2] >= 0xa0 && at[2] <= 0xaf));
    return marks || (at[0] == 0xef && at[1] == 0xbb && at[2] == 0xbf);
}

static void clean(struct lines *l, struct line *line)
{
    const uint8_t *at = (const uint8_t *)line->text.at;
    size_t len = line->text.len, odd = 0;
    struct buffer *out = &l->clean;
    buffer_reset(out);
    for (size_t i = 0; i < len;) {
        uint8_t c = at[i];
        if ((c >= 0x20 && c < 0x7f) || c == '\t') {
            buffer_byte(out, (char)c);
            i++;
        } else if (c >= 0x80) {
            size_t n = lines_utf8(at + i, len - i);
            if (n == 0) { /* Latin-1; 0x80 to 0x9f are no letters there */
                odd += c < 0xa0;
                if (c >= 0xa0)
                    put_utf8(out, c == 0xa0 ? ' ' : c);
                i++;
            } else if (is_space(at + i, n)) {
                buffer_byte(out, ' ');
                i += n;
            } else if (is_invisible(at + i, n)) {
                i += n;
            } else {
                buffer_put(out, at + i, n);
                line->wide = true;
                i += n;
            }
        } else if (c == 0x1b) {
            i += 1 + escape_length(at + i + 1, len - i - 1);
        } else if (c == 0x08) {
            drop_pager(out, 0);
            erase_one(out);
            i++;
        } else if (c == '\r') { /* back to the margin: over a pager's prompt, or an old line end */
            if (text_trim(buffer_view(out)).len == 0 || lines_is_pager(buffer_view(out)))
                out->len = 0;
            else if (i + 1 < len)
                buffer_byte(out, ' ');
            i++;
        } else {
            odd += c != 0 && c != 0x07 && c != 0x7f;
            i++;
        }
    }
    if (memchr(out->at ? out->at : "", 'M', out->len) || memchr(out->at ? out->at : "", 'm', out->len))
        drop_pager(out, 0);
    line->text = buffer_view(out);
    line->stable = false;
    line->damaged = odd > 2 && odd * 8 > len;
}

void lines_check(struct lines *l, struct line *line)
{
    if (line->checked)
        return;
    line->checked = true;
    if (text_is_plain(line->text))
        return;
    bool garbled = damage_in(line->text);
    clean(l, line);
    if ((garbled || line->damaged) && !l->garbled++)
        l->garbled_first = line->number;
}

static void hand_over(struct lines *l, struct text t, bool beyond, bool stable, bool cut)
{
    while (t.len && t.at[t.len - 1] == '\r')
        t.len--;
    struct line line = { .text = t, .number = ++l->number, .beyond = beyond, .stable = stable, .cut = cut };
    if (l->cleans)
        lines_check(l, &line);
    l->take(l->context, &line);
}

/* A line of a text that was written down in its own way; the last of a physical one, and perhaps cut off. */
static void hand_over_written(struct lines *l, struct text t, bool last, bool cut)
{
    while (t.len && t.at[t.len - 1] == '\r')
        t.len--;
    written_undo(l->written, t, !l->inside, last, &l->undone);
    struct line line = {
        .text = buffer_view(&l->undone),
        .number = l->number + 1 - l->joined,
        .more = l->joined,
        .beyond = l->skipping,
        .counted = l->inside,
        .cut = cut,
    };
    if (l->cleans)
        lines_check(l, &line);
    l->take(l->context, &line);
    l->inside = true;
    l->joined = 0;
    buffer_reset(&l->carry);
    l->skipping = false;
}

/* Does the line that ends here at LF go on behind it? */
static bool goes_on(struct lines *l)
{
    struct text t = scan_trim_end(buffer_view(&l->carry));
    if (!(l->written & WRITTEN_QUOTED) || l->inside || !t.len || t.at[t.len - 1] != '=')
        return false;
    l->carry.len = t.len - 1;
    return true;
}

static void split_written(struct lines *l, const uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (at[i] == '\n') {
            bool on = goes_on(l);
            if (!on && (!l->inside || l->carry.len))
                hand_over_written(l, buffer_view(&l->carry), true, false);
            l->number++;
            l->inside = l->open = false;
            l->joined = on ? l->joined + 1 : 0;
            continue;
        }
        l->open = true;
        if (l->carry.len == l->carry.limit) {
            l->skipping = true;
            memmove(l->carry.at + l->carry.len - 4, l->carry.at + l->carry.len - 3, 3); /* the end is still to be seen */
            l->carry.len--;
        }
        buffer_byte(&l->carry, (char)at[i]);
        const struct text t = buffer_view(&l->carry);
        size_t end = written_end(l->written, t);
        if (end)
            hand_over_written(l, text_upto(t, t.len - end), false, false);
    }
}

static void finish_written(struct lines *l)
{
    const bool promised = l->joined && !l->open; /* the last LF went on, and nothing came */
    if (promised) {
        l->number--;
        l->joined--;
    }
    if (l->carry.len || promised)
        hand_over_written(l, buffer_view(&l->carry), true, true);
    l->number += promised || l->open;
    l->inside = l->open = false;
}

/* Octets of one byte-wide encoding. */
static void split(struct lines *l, const uint8_t *at, size_t len)
{
    if (l->written) {
        split_written(l, at, len);
        return;
    }
    while (len) {
        const uint8_t *lf = memchr(at, '\n', len);
        size_t n = lf ? (size_t)(lf - at) : len;
        if (!lf || l->carry.len || l->skipping) {
            if (!l->skipping) {
                size_t room = l->carry.limit - l->carry.len;
                buffer_put(&l->carry, at, n < room ? n : room);
                l->skipping = n > room;
            }
            if (!lf)
                return;
            hand_over(l, buffer_view(&l->carry), l->skipping, false, false);
            buffer_reset(&l->carry);
            l->skipping = false;
        } else {
            hand_over(l, text_over((const char *)at, n < LIMIT_LINE ? n : LIMIT_LINE), n > LIMIT_LINE, l->encoding == TEXT_UTF8,
                      false);
        }
        at += n + 1;
        len -= n + 1;
    }
}

static void unit(struct lines *l, uint32_t u)
{
    if (l->surrogate) {
        uint32_t high = l->surrogate;
        l->surrogate = 0;
        if (u >= 0xdc00 && u < 0xe000) {
            put_utf8(&l->wide, 0x10000 + ((high - 0xd800) << 10) + (u - 0xdc00));
            return;
        }
        put_utf8(&l->wide, 0xfffd);
    }
    if (u >= 0xd800 && u < 0xdc00)
        l->surrogate = u;
    else
        put_utf8(&l->wide, u >= 0xdc00 && u < 0xe000 ? 0xfffd : u);
}

static void split_utf16(struct lines *l, const uint8_t *at, size_t len)
{
    bool big = l->encoding == TEXT_UTF16_BE;
    while (len) {
        size_t piece = len < WIDE_PIECE ? len : WIDE_PIECE;
        buffer_reset(&l->wide);
        for (size_t i = 0; i < piece; i++) {
            if (!l->has_odd) {
                l->odd = at[i];
                l->has_odd = true;
                continue;
            }
            unit(l, big ? (uint32_t)l->odd << 8 | at[i] : (uint32_t)at[i] << 8 | l->odd);
            l->has_odd = false;
        }
        split(l, (const uint8_t *)l->wide.at, l->wide.len);
        at += piece;
        len -= piece;
    }
}

/* The encoding is told by a byte order mark, or by the first two characters being ASCII in UTF-16. */
static void start(struct lines *l)
{
    const uint8_t *h = l->head;
    size_t skip = 0;
    l->started = true;
    if (l->head_len >= 2 && h[0] == 0xff && h[1] == 0xfe) {
        l->encoding = TEXT_UTF16_LE;
        skip = 2;
    } else if (l->head_len >= 2 && h[0] == 0xfe && h[1] == 0xff) {
        l->encoding = TEXT_UTF16_BE;
        skip = 2;
    } else if (l->head_len == 4 && h[0] && !h[1] && h[2] && !h[3]) {
        l->encoding = TEXT_UTF16_LE;
    } else if (l->head_len == 4 && !h[0] && h[1] && !h[2] && h[3]) {
        l->encoding = TEXT_UTF16_BE;
    }
    if (l->encoding == TEXT_UTF8)
        split(l, h + skip, l->head_len - skip);
    else
        split_utf16(l, h + skip, l->head_len - skip);
}

void lines_feed(struct lines *l, struct bytes octets)
{
    if (!l->started) {
        if (l->head_len == 0 && octets.len >= 4 && octets.at[0] < 0x7f && octets.at[0] && octets.at[1] < 0x7f && octets.at[1]) {
            l->started = true; /* plain from the start: no copy */
        } else {
            while (l->head_len < 4 && octets.len) {
                l->head[l->head_len++] = octets.at[0];
                octets.at++;
                octets.len--;
            }
            if (l->head_len < 4)
                return;
            start(l);
        }
    }
    if (octets.len == 0)
        return;
    if (l->encoding == TEXT_UTF8)
        split(l, octets.at, octets.len);
    else
        split_utf16(l, octets.at, octets.len);
}

void lines_look(struct lines *l, struct text head)
{
    l->written = written_detect(head);
}

bool lines_between(const struct lines *l)
{
    return l->started && l->encoding == TEXT_UTF8 && !l->written && !l->carry.len && !l->skipping;
}

void lines_finish(struct lines *l)
{
    if (!l->started)
        start(l);
    if (l->written) {
        finish_written(l);
    } else if (l->carry.len || l->skipping) {
        hand_over(l, buffer_view(&l->carry), l->skipping, false, true);
        buffer_reset(&l->carry);
        l->skipping = false;
    }
}
