#include "parser/fold.h"

#include "base/limits.h"
#include "parser/furniture.h"
#include "parser/packet.h"
#include "parser/phrases.h"
#include "parser/prefix.h"
#include "parser/scan.h"
#include "parser/tag.h"
#include "parser/transition.h"

enum { WIDTH_LEAST = 30, WIDTH_MOST = 250, CUTS_LEAST = 2, FULL_LEAST = 3, GROWS_MOST = 16 };

/* A text's width: its characters, not its octets. */
static size_t columns(struct text t)
{
    size_t n = 0;
    for (size_t i = 0; i < t.len; i++)
        n += ((unsigned char)t.at[i] & 0xc0) != 0x80;
    return n;
}

/* How many columns the first word would have needed on the line before; kept: with the blank behind it. */
static size_t first_word(struct text t, bool kept)
{
    size_t n = 0;
    while (n < t.len && !scan_blank(t.at[n]))
        n++;
    return columns(text_upto(t, n)) + (kept && n < t.len);
}

/* Heads that only ever stand where a line begins. */
static bool is_head(struct text t)
{
    static const char *const heads[] = { "Payload contents:", "Initiator SPI :", "Num. transforms:", "Expected Policies:",
                                         "Received Policies:" };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        if (heads[i][0] == t.at[0] && text_starts(t, text_of(heads[i])))
            return true;
    return t.len > 10 && text_starts(t, TEXT("Proposal ")) && scan_digit(t.at[9]);
}

/* "Next payload: P, reserved: …": a payload's word always stands before it. */
static bool is_payload_rest(struct text t)
{
    t = scan_skip(t);
    return text_starts(t, TEXT("Next payload:")) && !text_has(t, TEXT("version"));
}

/* Does a line start something of its own? Then it is nobody's rest. */
static bool starts_anew(const struct fold *f, struct text t)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix;
    struct tag tag;
    if (is_head(t) || (f->numbered && line_is_numbered(t)))
        return true;
    if (prefix_scan(t, &none, &prefix) && (prefix.has_time || prefix.relayed || prefix.has_sequence))
        return true;
    struct text host, command;
    if (prompt_scan(t, &host, &command))
        return true;
    return tag_scan(t, &tag) && tag.family != FAMILY_NONE && tag.family != FAMILY_CONTEXT;
}

/* Only what stands in front of a message: its tag may be on the next line. */
static bool is_bare_prefix(struct text t)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix;
    return prefix_scan(t, &none, &prefix) && scan_skip(prefix.rest).len == 0;
}

/* ------------------------------------------------------------------------------------------ joining */

static struct text without_relay(const struct fold *f, struct text line)
{
    return f->relayed ? text_from(line, prefix_relay(line)) : line;
}

bool fold_waits(const struct fold *f, struct text line)
{
    line = without_relay(f, line);
    size_t width = line.len > 4 * (size_t)WIDTH_MOST ? line.len : columns(line);
    if (width == 0 || width > f->width + (f->at_blanks ? GROWS_MOST : 0))
        return false;
    if (width == f->width || !f->at_blanks)
        return width == f->width;
    return !f->blanks_kept || scan_blank(line.at[line.len - 1]);
}

bool fold_goes_on(struct fold *f, struct text line)
{
    line = without_relay(f, line);
    if (line.len == 0 || f->joined.len + line.len + 1 >= LIMIT_LINE)
        return false;
    if (f->at_blanks && is_payload_rest(line))
        return true;
    size_t blank = f->at_blanks && !f->blanks_kept && !f->ends_blank;
    if (f->at_blanks && (scan_blank(line.at[0]) || f->piece + blank + first_word(line, f->blanks_kept) <= f->width))
        return false;
    return !starts_anew(f, line) || is_bare_prefix(buffer_view(&f->joined));
}

void fold_take(struct fold *f, struct text line, uint32_t number)
{
    struct text bare = without_relay(f, line);
    if (f->pieces++ == 0) {
        f->first = number;
        buffer_text(&f->joined, line);
    } else {
        if (f->at_blanks && f->piece > f->width) /* words of other lengths: the true width shows little by little */
            f->width = f->piece;
        if (f->at_blanks && !f->blanks_kept && !f->ends_blank)
            buffer_byte(&f->joined, ' ');
        buffer_text(&f->joined, bare);
    }
    f->piece = columns(bare);
    f->ends_blank = bare.len && scan_blank(bare.at[bare.len - 1]);
}

/* ------------------------------------------------------------------------------------------ finding the width */

static bool next_line(struct text *rest, struct text *line)
{
    const char *end = rest->at + rest->len;
    if (!text_cut(rest, '\n', line) || line->at + line->len == end) /* the last one may be a part only */
        return false;
    while (line->len && line->at[line->len - 1] == '\r')
        line->len--;
    return true;
}

/* A syslog message whose row has a pattern is whole where that matches. */
static bool is_whole_syslog(const struct tag *tag)
{
    struct arena *arena = arena_create();
    struct text key = syslog_key(tag, arena);
    const struct phrase *phrase = phrase_find(key);
    bool whole = phrase && phrase->pattern && phrase_matches(phrase, key);
    arena_destroy(arena);
    return whole;
}

struct tally {
    unsigned whole, left; /* entries of known form that are whole; lines that nothing explains */
};

/* What one joined line is worth. */
static void judge(struct tally *tally, struct text t)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix;
    struct tag tag;
    bool stamped = prefix_scan(t, &none, &prefix);
    bool tagged = tag_scan(prefix.rest, &tag) && tag.family != FAMILY_NONE;
    struct text text = scan_skip(tag.rest), trace = text;
    if (text.len == 0)
        return;
    struct transition_line line;
    switch (transition_scan(&trace, &line)) {
    case TRANSITION_WHOLE:
        tally->whole += 2;
        tally->left += scan_skip(trace).len != 0 && tag_glued(trace) == TEXT_NOWHERE;
        return;
    case TRANSITION_PARTIAL:
        tally->left++;
        return;
    default:
        break;
    }
    size_t at = text_find(text, TEXT("ing Packet ["));
    if (at == TEXT_NOWHERE)
        at = text_find(text, TEXT("ed Packet ["));
    if (at != TEXT_NOWHERE) {
        bool ends = text_find_byte(text_from(text, at), ']') != TEXT_NOWHERE;
        tally->whole += ends;
        tally->left += !ends;
        return;
    }
    if (tagged && tag.family == FAMILY_SYSLOG)
        tally->whole += is_whole_syslog(&tag);
    else if (tagged || stamped)
        tally->whole += phrase_find(text) != NULL;
    else if (!tagged && !stamped && !is_head(t) && !packet_continues(text) && !scan_blank(t.at[0]))
        tally->left++;
}

static struct tally try(struct fold *f, struct text head)
{
    struct tally tally = { 0, 0 };
    struct text rest = head, line;
    f->pieces = 0;
    while (next_line(&rest, &line)) {
        if (f->pieces && !fold_goes_on(f, line)) {
            judge(&tally, buffer_view(&f->joined));
            buffer_reset(&f->joined);
            f->pieces = 0;
        }
        if (!f->pieces && !fold_waits(f, line)) {
            judge(&tally, line);
            continue;
        }
        fold_take(f, line, 0);
        if (!fold_waits(f, line)) {
            judge(&tally, buffer_view(&f->joined));
            buffer_reset(&f->joined);
            f->pieces = 0;
        }
    }
    if (f->pieces)
        judge(&tally, buffer_view(&f->joined));
    buffer_reset(&f->joined);
    f->pieces = 0;
    return tally;
}

/* What the lengths of the lines say, before anything is tried. */
struct lengths {
    size_t most;                    /* the longest line */
    size_t common, longest;         /* of lines before a rest: the length most of them have, and the most they have */
    unsigned cuts, full, full_ends; /* lines before a rest; lines of the most length; … with something else behind them */
};

static struct lengths measure(const struct fold *f, struct text head)
{
    struct lengths l = { .most = 0 };
    unsigned counts[WIDTH_MOST + 1] = { 0 };
    struct text rest = head, line;
    while (next_line(&rest, &line)) {
        size_t width = columns(without_relay(f, line));
        l.most = width > l.most ? width : l.most;
    }
    bool entry = false; /* inside of what began as an entry */
    size_t before = 0;
    for (rest = head; next_line(&rest, &line); before = columns(line)) {
        line = without_relay(f, line);
        bool anew = line.len && starts_anew(f, line);
        bool goes_on = line.len && before && entry && !anew;
        if (goes_on && before <= WIDTH_MOST) {
            l.cuts++;
            l.longest = before > l.longest ? before : l.longest;
            if (++counts[before] > counts[l.common])
                l.common = before;
        }
        if (before == l.most) {
            l.full++;
            l.full_ends += !goes_on;
        }
        entry = anew || (entry && line.len);
    }
    return l;
}

struct heads { /* what lines have in front */
    unsigned lines, relayed, numbered;
};

static struct heads count_heads(struct text head)
{
    struct text rest = head, line;
    struct heads h = { 0, 0, 0 };
    while (next_line(&rest, &line)) {
        h.lines++;
        h.relayed += prefix_relay(line) != 0;
        h.numbered += line_is_numbered(line);
    }
    return h;
}

/* Tries one width in each way; keeps the best. */
static void try_width(struct fold *best, struct tally *score, struct text head, size_t width, bool certain, const struct fold *as,
                      struct tally plain)
{
    static const struct {
        bool at_blanks, kept;
    } ways[] = { { false, false }, { true, true }, { true, false } };
    if (width < WIDTH_LEAST || width > WIDTH_MOST)
        return;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct fold f = { .width = width,
                          .at_blanks = ways[i].at_blanks,
                          .blanks_kept = ways[i].kept,
                          .relayed = as->relayed,
                          .numbered = as->numbered };
        buffer_init(&f.joined, LIMIT_LINE);
        struct tally t = try(&f, head);
        unsigned gain = t.whole > plain.whole ? t.whole - plain.whole : 0;
        /* more must become whole, or, where every full line has a rest, less be left over */
        bool good = gain >= CUTS_LEAST;
        if (certain && t.whole >= plain.whole)
            good |= f.at_blanks ? t.left == 0 && plain.left >= FULL_LEAST : t.left < plain.left;
        /* words are rarely all cut between: only where that makes more whole, or explains all; a blank at the end of each cut
         * line says it too */
        bool explains = t.left == 0 && score->left >= (f.blanks_kept ? 1 : FULL_LEAST);
        bool better = t.whole > score->whole ||
                      (t.whole == score->whole && t.left < score->left && (best->width == 0 || explains));
        if (good && better) {
            buffer_clear(&best->joined);
            *best = f;
            *score = t;
        } else {
            buffer_clear(&f.joined);
        }
    }
}

void fold_detect(struct fold *f, struct text head)
{
    struct heads heads = count_heads(head);
    *f = (struct fold){ .width = 0 };
    /* lines as they are, and behind a relay's prefixes where all have them */
    struct fold as[] = { { .numbered = heads.numbered * 5 > heads.lines && line_is_numbered(head) }, { .relayed = true } };
    struct tally plain = { 0, 0 }, score = { 0, 0 };
    bool tried = false;
    for (size_t i = 0; i < 2; i++) {
        if (heads.lines == 0 || (as[i].relayed && heads.relayed * 10 < heads.lines * 9))
            continue;
        struct lengths l = measure(&as[i], head);
        if (l.cuts < CUTS_LEAST)
            continue;
        if (!tried) {
            struct fold none = { .numbered = as[i].numbered };
            buffer_init(&none.joined, LIMIT_LINE);
            score = plain = try(&none, head);
            buffer_clear(&none.joined);
            tried = true;
        }
        bool certain = l.full >= FULL_LEAST && l.full_ends == 0;
        try_width(f, &score, head, l.most, certain, &as[i], plain);
        if (l.common != l.most)
            try_width(f, &score, head, l.common, false, &as[i], plain);
        if (l.longest != l.most && l.longest != l.common)
            try_width(f, &score, head, l.longest, false, &as[i], plain);
    }
}
