#include "parser/fold.h"

#include "base/limits.h"
#include "parser/packet.h"
#include "parser/phrases.h"
#include "parser/prefix.h"
#include "parser/scan.h"
#include "parser/tag.h"
#include "parser/transition.h"

enum { WIDTH_LEAST = 30, WIDTH_MOST = 250, CUTS_LEAST = 2, FULL_LEAST = 3, GROWS_MOST = 16 };

/* How many octets the first word would have needed on the line before; kept: with the blank behind it. */
static size_t first_word(struct text t, bool kept)
{
    size_t n = 0;
    while (n < t.len && !scan_blank(t.at[n]))
        n++;
    return n + (kept && n < t.len);
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

/* Does a line start something of its own? Then it is nobody's rest. */
static bool starts_anew(struct text t)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix;
    struct tag tag;
    if (is_head(t))
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
    if (line.len == 0 || line.len > f->width + (f->at_blanks ? GROWS_MOST : 0))
        return false;
    if (line.len == f->width || !f->at_blanks)
        return line.len == f->width;
    return !f->blanks_kept || scan_blank(line.at[line.len - 1]);
}

bool fold_goes_on(struct fold *f, struct text line)
{
    line = without_relay(f, line);
    if (line.len == 0 || f->joined.len + line.len + 1 >= LIMIT_LINE)
        return false;
    size_t blank = f->at_blanks && !f->blanks_kept && !f->ends_blank;
    if (f->at_blanks && (scan_blank(line.at[0]) || f->piece + blank + first_word(line, f->blanks_kept) <= f->width))
        return false;
    return !starts_anew(line) || is_bare_prefix(buffer_view(&f->joined));
}

void fold_take(struct fold *f, struct text line, uint32_t number)
{
    struct text bare = without_relay(f, line);
    if (f->pieces++ == 0) {
        f->first = number;
        buffer_text(&f->joined, line);
    } else {
        if (f->at_blanks && !f->blanks_kept && !f->ends_blank)
            buffer_byte(&f->joined, ' ');
        buffer_text(&f->joined, bare);
    }
    f->piece = bare.len;
    f->ends_blank = bare.len && scan_blank(bare.at[bare.len - 1]);
    if (f->at_blanks && bare.len > f->width) /* words of other lengths: the true width shows little by little */
        f->width = bare.len;
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
    if ((tagged || stamped) && tag.family != FAMILY_SYSLOG)
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
    size_t most, common;            /* the longest line; the length that lines before a rest most often have */
    unsigned cuts, full, full_ends; /* lines before a rest; lines of the most length; … with something else behind them */
};

static struct lengths measure(const struct fold *f, struct text head)
{
    struct lengths l = { 0, 0, 0, 0, 0 };
    unsigned counts[WIDTH_MOST + 1] = { 0 };
    struct text rest = head, line, before = { NULL, 0 };
    while (next_line(&rest, &line)) {
        line = without_relay(f, line);
        l.most = line.len > l.most ? line.len : l.most;
    }
    bool entry = false; /* inside of what began as an entry */
    for (rest = head; next_line(&rest, &line); before = line) {
        line = without_relay(f, line);
        bool anew = line.len && starts_anew(line);
        bool goes_on = line.len && before.len && entry && !anew;
        if (goes_on && before.len <= WIDTH_MOST) {
            l.cuts++;
            if (++counts[before.len] > counts[l.common])
                l.common = before.len;
        }
        if (before.len == l.most) {
            l.full++;
            l.full_ends += !goes_on;
        }
        entry = anew || (entry && line.len);
    }
    return l;
}

static unsigned relayed_lines(struct text head, unsigned *total)
{
    struct text rest = head, line;
    unsigned count = 0;
    *total = 0;
    while (next_line(&rest, &line)) {
        (*total)++;
        count += prefix_relay(line) != 0;
    }
    return count;
}

/* Tries one width in each way; keeps the best. */
static void try_width(struct fold *best, struct tally *score, struct text head, size_t width, bool certain, bool relayed,
                      struct tally plain)
{
    static const struct {
        bool at_blanks, kept;
    } ways[] = { { false, false }, { true, true }, { true, false } };
    if (width < WIDTH_LEAST || width > WIDTH_MOST)
        return;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct fold f = { .width = width, .at_blanks = ways[i].at_blanks, .blanks_kept = ways[i].kept, .relayed = relayed };
        buffer_init(&f.joined, LIMIT_LINE);
        struct tally t = try(&f, head);
        unsigned gain = t.whole > plain.whole ? t.whole - plain.whole : 0;
        /* more must become whole, or, where every full line has a rest, less be left over */
        bool good = gain >= CUTS_LEAST || (certain && !f.at_blanks && t.whole >= plain.whole && t.left < plain.left);
        bool better = t.whole > score->whole || (t.whole == score->whole && t.left < score->left);
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
    unsigned total, relayed = relayed_lines(head, &total);
    *f = (struct fold){ .width = 0 };
    struct fold bare = { .width = 0 }, pieces = { .relayed = true };
    struct lengths l = measure(&bare, head);
    struct tally plain = { 0, 0 }, score;
    bool tried = false;
    if (l.cuts >= CUTS_LEAST) {
        buffer_init(&bare.joined, LIMIT_LINE);
        plain = try(&bare, head);
        score = plain;
        tried = true;
        try_width(f, &score, head, l.most, l.full >= FULL_LEAST && l.full_ends == 0, false, plain);
        if (l.common != l.most)
            try_width(f, &score, head, l.common, false, false, plain);
    }
    if (total && relayed * 10 >= total * 9) {
        l = measure(&pieces, head);
        if (l.cuts >= CUTS_LEAST) {
            if (!tried) {
                buffer_init(&bare.joined, LIMIT_LINE);
                score = plain = try(&bare, head);
            }
            try_width(f, &score, head, l.most, l.full >= FULL_LEAST && l.full_ends == 0, true, plain);
        }
    }
    buffer_clear(&bare.joined);
}
