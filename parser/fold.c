#include "parser/fold.h"

#include "base/limits.h"
#include "parser/furniture.h"
#include "parser/packet.h"
#include "parser/phrases.h"
#include "parser/prefix.h"
#include "parser/scan.h"
#include "parser/tag.h"
#include "parser/transition.h"

enum { WIDTH_LEAST = 30, WIDTH_MOST = 250, CUTS_LEAST = 2, FULL_LEAST = 3, GROWS_MOST = 16, INDENT_MOST = 16 };

/* A text's width: its characters, not its octets. Eight at a time: an octet that goes on with a character is 10xxxxxx. */
static size_t columns(struct text t)
{
    size_t n = t.len, i = 0;
    for (uint64_t word; i + 8 <= t.len; i += 8) {
        memcpy(&word, t.at + i, 8);
        for (word = word >> 7 & ~(word >> 6) & UINT64_C(0x0101010101010101); word; word &= word - 1)
            n--;
    }
    for (; i < t.len; i++)
        n -= ((unsigned char)t.at[i] & 0xc0) == 0x80;
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
    for (size_t i = 0; i < COUNT_OF(heads); i++)
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

/* A line as it is tried: what it is without the relay's prefix, and what would otherwise be found out again with each try. */
struct piece {
    struct text line, bare;
    size_t width;
    bool anew;   /* it starts something of its own */
    bool judged; /* .whole and .left are what it is worth when nothing joins it */
    uint8_t whole, left;
};

static struct piece piece_of(const struct fold *f, struct text line)
{
    struct piece p = { .line = line, .bare = without_relay(f, line) };
    p.width = p.bare.len > 4 * (size_t)WIDTH_MOST ? p.bare.len : columns(p.bare);
    return p;
}

static bool waits(const struct fold *f, const struct piece *p)
{
    if (p->width == 0 || p->width > f->width + (f->at_blanks ? GROWS_MOST : 0))
        return false;
    if (p->width == f->width || !f->at_blanks)
        return p->width == f->width;
    return !f->blanks_kept || scan_blank(p->bare.at[p->bare.len - 1]);
}

static size_t blanks_before(struct text t)
{
    size_t n = 0;
    while (n < t.len && t.at[n] == ' ')
        n++;
    return n;
}

/* A rest without what it was indented by; empty: it is none. */
static struct text rest_of(const struct fold *f, struct text bare)
{
    return text_from(bare, blanks_before(bare) < f->indent ? bare.len : f->indent);
}

/* Where the lines were cut, could this be the rest of the pieces at hand, if it starts nothing of its own? */
static bool could_go_on(const struct fold *f, struct text bare)
{
    bare = rest_of(f, bare);
    if (bare.len == 0 || f->joined.len + bare.len + 1 >= LIMIT_LINE)
        return false;
    size_t blank = f->at_blanks && !f->blanks_kept && !f->ends_blank;
    return !f->at_blanks || is_payload_rest(bare) ||
           (!scan_blank(bare.at[0]) && f->piece + blank + first_word(bare, f->blanks_kept) > f->width);
}

/* … and if it does: a tag may stand behind a line that has only what comes before it, and where rests are indented it is one. */
static bool goes_on_anew(const struct fold *f, struct text bare)
{
    return f->indent || (f->at_blanks && is_payload_rest(bare)) || is_bare_prefix(buffer_view(&f->joined));
}

bool fold_waits(const struct fold *f, struct text line)
{
    struct piece p = piece_of(f, line);
    return waits(f, &p);
}

bool fold_goes_on(struct fold *f, struct text line)
{
    struct text bare = without_relay(f, line);
    return could_go_on(f, bare) && (!starts_anew(f, bare) || goes_on_anew(f, bare));
}

static void take(struct fold *f, const struct piece *p, uint32_t number)
{
    struct text line = p->line, bare = p->bare;
    if (f->pieces++ == 0) {
        f->first = number;
        buffer_text(&f->joined, line);
    } else {
        if (f->at_blanks && f->piece > f->width) /* words of other lengths: the true width shows little by little */
            f->width = f->piece;
        if (f->at_blanks && !f->blanks_kept && !f->ends_blank)
            buffer_byte(&f->joined, ' ');
        buffer_text(&f->joined, rest_of(f, bare));
    }
    f->last = number;
    f->piece = p->width;
    f->ends_blank = bare.len && scan_blank(bare.at[bare.len - 1]);
}

void fold_take(struct fold *f, struct text line, uint32_t number)
{
    struct piece p = piece_of(f, line);
    take(f, &p, number);
}

/* ------------------------------------------------------------------------------------------ finding the width */

static bool next_line(struct text *rest, struct text *line)
{
    if (rest->len == 0)
        return false;
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
    if (text_has(text, TEXT(" PKT ["))) {
        bool ends = text_has(text, TEXT(" MID="));
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

/* The first lines, each with what it is by itself. */
struct sample {
    struct piece *at;
    size_t count;
};

static struct sample sample_of(const struct fold *f, struct text head)
{
    struct sample s = { NULL, 0 };
    struct text rest = head, line;
    while (next_line(&rest, &line)) {
        if ((s.count & (s.count - 1)) == 0)
            s.at = memory_grow(s.at, (s.count ? 2 * s.count : 1) * sizeof *s.at);
        struct piece *p = &s.at[s.count++];
        *p = piece_of(f, line);
        p->anew = p->bare.len && starts_anew(f, p->bare);
    }
    return s;
}

static void judge_alone(struct tally *tally, struct piece *p)
{
    if (!p->judged) {
        struct tally own = { 0, 0 };
        judge(&own, p->line);
        p->whole = (uint8_t)own.whole;
        p->left = (uint8_t)own.left;
        p->judged = true;
    }
    tally->whole += p->whole;
    tally->left += p->left;
}

static void judge_joined(struct fold *f, struct tally *tally, struct piece *first)
{
    if (f->pieces == 1)
        judge_alone(tally, first);
    else if (f->pieces)
        judge(tally, buffer_view(&f->joined));
    buffer_reset(&f->joined);
    f->pieces = 0;
}

static struct tally try(struct fold *f, const struct sample *s)
{
    struct tally tally = { 0, 0 };
    struct piece *first = s->at; /* of those that are joined */
    f->pieces = 0;
    for (size_t i = 0; i < s->count; i++) {
        struct piece *p = &s->at[i];
        if (f->pieces && !(could_go_on(f, p->bare) && (!p->anew || goes_on_anew(f, p->bare))))
            judge_joined(f, &tally, first);
        if (!f->pieces && !waits(f, p)) {
            judge_alone(&tally, p);
            continue;
        }
        if (!f->pieces)
            first = p;
        take(f, p, 0);
        if (!waits(f, p))
            judge_joined(f, &tally, first);
    }
    judge_joined(f, &tally, first);
    return tally;
}

/* What the lengths of the lines say, before anything is tried. */
struct lengths {
    size_t most;                    /* the longest line */
    size_t common, longest;         /* of lines before a rest: the length most of them have, and the most they have */
    unsigned cuts, full, full_ends; /* lines before a rest; lines of the most length; … with something else behind them */
};

static struct lengths measure(const struct sample *s)
{
    struct lengths l = { .most = 0 };
    unsigned counts[WIDTH_MOST + 1] = { 0 };
    for (size_t i = 0; i < s->count; i++)
        l.most = s->at[i].width > l.most ? s->at[i].width : l.most;
    bool entry = false; /* inside of what began as an entry */
    size_t before = 0;
    for (size_t i = 0; i < s->count; before = s->at[i++].width) {
        const struct piece *p = &s->at[i];
        bool goes_on = p->bare.len && before && entry && !p->anew;
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
        entry = p->anew || (entry && p->bare.len);
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

/* By how many blanks nearly all lines are indented that stand behind one which has no room for their first word. sure: nothing
 * but a cut explains them. */
static size_t indent_at(const struct sample *s, size_t width, bool *sure)
{
    unsigned counts[INDENT_MOST + 1] = { 0 }, rests = 0, strange = 0, least = 0;
    for (size_t i = 1; i < s->count; i++) {
        const struct piece *p = &s->at[i];
        const size_t n = blanks_before(p->bare), before = s->at[i - 1].width;
        if (p->bare.len == 0 || p->anew || before > width || before + 1 + first_word(text_from(p->bare, n), false) <= width)
            continue;
        counts[n < INDENT_MOST ? n : INDENT_MOST]++;
        strange += !packet_continues(text_from(p->bare, n));
        rests++;
    }
    *sure = strange >= CUTS_LEAST && strange * 2 > rests;
    size_t indent = INDENT_MOST;
    while (indent && (least += counts[indent]) * 10 < rests * 9)
        indent--;
    return indent;
}

/* What is tried: the lines, behind a relay's prefix or as they are, and what came of it so far. */
struct search {
    struct sample sample;
    struct lengths lengths;
    const struct fold *as;    /* .relayed and .numbered of each try */
    struct tally plain, best; /* what the lines are worth when nothing is joined, and when .found joins them */
    struct fold *found;
    bool sure; /* nothing but a cut explains the indents, of all that was tried of this width */
};

static struct fold fold_as(const struct fold *as)
{
    struct fold f = { .relayed = as->relayed, .numbered = as->numbered };
    buffer_init(&f.joined, LIMIT_LINE);
    return f;
}

/* Keeps what was tried if it explains more than what was found before. */
static void weigh(struct search *s, struct fold *f, struct tally t)
{
    const struct lengths *l = &s->lengths;
    const bool all_go_on = f->width == l->most && l->full_ends == 0, certain = all_go_on && l->full >= FULL_LEAST;
    unsigned gain = t.whole > s->plain.whole ? t.whole - s->plain.whole : 0;
    /* more must become whole, or, where every full line has a rest, less be left over */
    bool good = gain >= CUTS_LEAST;
    if (certain && t.whole >= s->plain.whole)
        good |= f->at_blanks ? t.left == 0 && s->plain.left >= FULL_LEAST : t.left < s->plain.left;
    s->sure &= f->indent && all_go_on && t.whole >= s->plain.whole && t.left <= s->plain.left;
    /* words are rarely all cut between: only where that makes more whole, or explains all; a blank at the end of each cut
     * line says it too */
    bool explains = t.left == 0 && s->best.left >= (f->blanks_kept ? 1 : FULL_LEAST);
    bool better = t.whole > s->best.whole ||
                  (t.whole == s->best.whole && t.left < s->best.left && (s->found->width == 0 || explains));
    /* where no entry becomes whole, the lines are no log's: a configuration's commands have rests that only look like it */
    if (t.whole == 0 || (!(good && better) && !(s->sure && s->found->width == 0))) {
        buffer_clear(&f->joined);
        return;
    }
    buffer_clear(&s->found->joined);
    *s->found = *f;
    s->best = t;
}

/* Tries one width in each way. */
static void try_width(struct search *s, size_t width)
{
    static const struct {
        bool at_blanks, kept, indented;
    } ways[] = { { false, false, true },  { true, true, true },  { true, false, true },
                 { false, false, false }, { true, true, false }, { true, false, false } };
    if (width < WIDTH_LEAST || width > WIDTH_MOST)
        return;
    const size_t indent = indent_at(&s->sample, width, &s->sure);
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        if (ways[i].indented && !indent)
            continue;
        struct fold f = fold_as(s->as);
        f.width = width;
        f.at_blanks = ways[i].at_blanks;
        f.blanks_kept = ways[i].kept;
        f.indent = ways[i].indented ? indent : 0;
        weigh(s, &f, try(&f, &s->sample));
    }
}

void fold_detect(struct fold *f, struct text head)
{
    struct heads heads = count_heads(head);
    *f = (struct fold){ .width = 0 };
    /* lines as they are, and behind a relay's prefixes where all have them */
    const struct fold as[] = { { .numbered = heads.numbered * 5 > heads.lines && line_is_numbered(head) }, { .relayed = true } };
    struct search s = { .found = f };
    bool tried = false;
    for (size_t i = 0; i < 2; i++) {
        if (heads.lines == 0 || (as[i].relayed && heads.relayed * 10 < heads.lines * 9))
            continue;
        s.as = &as[i];
        s.sample = sample_of(&as[i], head);
        s.lengths = measure(&s.sample);
        const struct lengths *l = &s.lengths;
        if (l->cuts >= CUTS_LEAST) {
            if (!tried) {
                struct fold none = { .numbered = as[i].numbered };
                buffer_init(&none.joined, LIMIT_LINE);
                s.best = s.plain = try(&none, &s.sample);
                buffer_clear(&none.joined);
                tried = true;
            }
            try_width(&s, l->most);
            if (l->common != l->most)
                try_width(&s, l->common);
            if (l->longest != l->most && l->longest != l->common)
                try_width(&s, l->longest);
        }
        memory_free(s.sample.at);
    }
}
