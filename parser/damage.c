#include "parser/damage.h"

#include "base/arena.h"
#include "model/trace.h"
#include "parser/lines.h"
#include "parser/phrases.h"
#include "parser/prefix.h"
#include "parser/scan.h"
#include "parser/tag.h"
#include "parser/transition.h"

enum {
    STRETCH = 48,     /* octets that are looked at together */
    ODD_MOST = 2,     /* of those, by accident */
    ZEROS_MOST = 7,   /* in a row: a terminal pads with a few, a crash fills up whole blocks */
    LINES_LEARNT = 60 /* entries of a log's beginning */
};

/* ------------------------------------------------------------------------------------------ octets */

/* Controls that nothing sends: no bell, tab, line end, page end, escape, change of the character set, flow control. */
static bool is_control(uint8_t c)
{
    static const char sent[] = "\a\b\t\n\v\f\r\x0e\x0f\x11\x13\x1b";
    return c && c < 0x20 && !memchr(sent, c, sizeof sent - 1);
}

/* U+FFFD, which some program put in the place of an octet that it could not read. */
static bool is_replacement(const uint8_t *at, size_t left)
{
    return left >= 3 && at[0] == 0xef && at[1] == 0xbf && at[2] == 0xbd;
}

bool damage_in(struct text line)
{
    const uint8_t *at = (const uint8_t *)line.at;
    size_t places[ODD_MOST], odd = 0, zeros = 0;
    bool after = false; /* what stands before is odd, or beyond ASCII and no UTF-8 */
    for (size_t i = 0, n = 1; i < line.len; i += n) {
        const uint8_t c = at[i];
        bool lost = is_replacement(at + i, line.len - i), high = false;
        n = c < 0x80 ? 1 : lines_utf8(at + i, line.len - i);
        if (n == 0) {
            n = 1;
            high = true;
        }
        zeros = c == 0 ? zeros + 1 : 0;
        if (zeros > ZEROS_MOST)
            return true;
        /* 0x80 to 0x9f are marks in one alphabet of one octet, and stand alone there */
        bool is_odd = is_control(c) || (after && (lost || (high && c < 0xa0)));
        after = is_odd || lost || high || c == 0;
        if (!is_odd)
            continue;
        if (odd >= ODD_MOST && i - places[odd % ODD_MOST] < STRETCH)
            return true;
        places[odd++ % ODD_MOST] = i;
    }
    return false;
}

/* Does a text have a word? It is sought by its rarest octet, which most messages do not have at all. */
static bool has_word(struct text t, struct text word, size_t rarest)
{
    const char *at = t.at, *end = t.at + t.len;
    while (at < end && (at = memchr(at, word.at[rarest], (size_t)(end - at))) != NULL) {
        if ((size_t)(at - t.at) >= rarest && text_starts(text_from(t, (size_t)(at - t.at) - rarest), word))
            return true;
        at++;
    }
    return false;
}

bool damage_torn(struct text t)
{
    return has_word(t, TEXT("SM Trace->"), 9) || has_word(t, TEXT("CurState:"), 8) || has_word(t, TEXT("I_SPI="), 5) ||
           has_word(t, TEXT("R_SPI="), 5) || has_word(t, TEXT(",SA ID = "), 7) || has_word(t, TEXT(": EV_"), 0) ||
           text_starts(t, TEXT("(SES"));
}

/* ------------------------------------------------------------------------------------------ the last line */

/* "*a 0 0:0:0.0: a0:(a a = 0,a a = 0):": runs of digits, letters and blanks as one each. */
static uint8_t shape_of(struct text t, char shape[static HEAD_SHAPE])
{
    uint8_t len = 0;
    for (size_t i = 0; i < t.len && len < HEAD_SHAPE; i++) {
        char c = scan_digit(t.at[i]) ? '0' : scan_letter(t.at[i]) ? 'a' : scan_blank(t.at[i]) ? ' ' : t.at[i];
        if (len && shape[len - 1] == c && (c == '0' || c == 'a' || c == ' '))
            continue;
        shape[len++] = c;
    }
    return len;
}

static bool is_entry(struct text line, struct tag *tag, bool *stamped)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix;
    *stamped = prefix_scan(line, &none, &prefix);
    return tag_scan(prefix.rest, tag) && tag->family != FAMILY_NONE && tag->family != FAMILY_CONTEXT;
}

void damage_learn(struct heads *h, struct text text)
{
    struct text line;
    struct tag tag;
    bool stamped;
    h->count = 0;
    for (unsigned n = 0; n < LINES_LEARNT && h->count < HEADS_MOST && text_cut(&text, '\n', &line);) {
        line = scan_trim_end(line);
        if (!is_entry(line, &tag, &stamped) || scan_skip(tag.rest).len == 0)
            continue;
        n++;
        char *shape = h->shape[h->count];
        uint8_t len = shape_of(text_upto(line, line.len - tag.rest.len), shape);
        bool known = false;
        for (unsigned i = 0; i < h->count && !known; i++)
            known = h->len[i] == len && memcmp(h->shape[i], shape, len) == 0;
        h->len[h->count] = len;
        h->count += !known;
    }
}

/* Is it the beginning of what stands in front of a message? Words alone may be anything. */
static bool is_part_of_head(const struct heads *h, struct text line)
{
    char shape[HEAD_SHAPE];
    uint8_t len = shape_of(line, shape);
    if (len < 2 || (shape[0] != '*' && shape[0] != '.' && !memchr(shape, '0', len)))
        return false;
    for (unsigned i = 0; i < h->count; i++)
        if (len < h->len[i] && memcmp(h->shape[i], shape, len) == 0)
            return true;
    return false;
}

/* A bracket that is opened and not closed. */
static bool is_open(struct text t)
{
    int round = 0, square = 0;
    for (size_t i = 0; i < t.len; i++) {
        round += (t.at[i] == '(') - (t.at[i] == ')');
        square += (t.at[i] == '[') - (t.at[i] == ']');
    }
    return round > 0 || square > 0;
}

/* "40 48 b7 d": octets, the last of which lacks its second digit. */
static bool ends_in_octet(struct text t)
{
    struct text word;
    unsigned octets = 0;
    size_t last = 2;
    for (uint64_t octet; text_word(&t, &word); last = word.len) {
        if (last != 2 || word.len > 2 || !text_number(word, 16, &octet))
            return false;
        octets++;
    }
    return octets > 2 && last == 1;
}

/* A row that knows the message, whose pattern does not find all of it; or the beginning of a row. */
static bool is_part_of_phrase(struct text t)
{
    const struct phrase *known = phrase_find(t);
    return known ? known->pattern && !phrase_matches(known, t) : phrase_begins(t);
}

static bool is_part_of_syslog(const struct tag *tag)
{
    struct arena *arena = arena_create();
    bool part = is_part_of_phrase(syslog_key(tag, arena));
    arena_destroy(arena);
    return part;
}

static bool is_part_of_trace(struct text t)
{
    struct transition_line transition;
    if (t.len < 8)
        return text_starts(TEXT("SM Trace->"), t) && t.len > 1;
    return transition_scan(&t, &transition) == TRANSITION_WHOLE && t.len == 0 && trace_begins_event(transition.event);
}

bool damage_cut(const struct heads *heads, struct text line, bool dump)
{
    struct tag tag;
    bool stamped, blank_end = line.len && scan_blank(line.at[line.len - 1]);
    line = scan_trim_end(line);
    if (!is_entry(line, &tag, &stamped))
        return is_part_of_head(heads, line) || (dump && (is_open(line) || ends_in_octet(tag.rest)));
    struct text t = scan_skip(tag.rest);
    if (t.len == 0) /* some are empty */
        return tag.family != FAMILY_ASA && !tag.error && !blank_end;
    if (tag.family == FAMILY_SYSLOG)
        return is_part_of_syslog(&tag);
    return is_open(t) || is_part_of_trace(t) || is_part_of_phrase(t);
}
