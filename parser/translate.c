#include "parser/translate.h"

#include <stdio.h>

#include "parser/scan.h"

enum { PARAMETER = 64, EARLIEST_YEAR = 1990 };

struct phrase_row {
    const char *from, *to;
};

/* What a language writes behind the parts of a date. */
struct language {
    const char *name, *year, *month, *day;
    const struct phrase_row *rows;
    size_t count;
};

#define X(from, to) { from, to },
static const struct phrase_row zh_hant[] = {
#include "parser/names/zh_hant.def"
};
static const struct phrase_row zh_hans[] = {
#include "parser/names/zh_hans.def"
};
static const struct phrase_row ja[] = {
#include "parser/names/ja.def"
};
static const struct phrase_row ko[] = {
#include "parser/names/ko.def"
};
#undef X

#define ROWS(table) table, COUNT_OF(table)
static const struct language languages[] = {
    { "zh-Hant", "年", "月", "日", ROWS(zh_hant) },
    { "zh-Hans", "年", "月", "日", ROWS(zh_hans) },
    { "ja", "年", "月", "日", ROWS(ja) },
    { "ko", "년 ", "월 ", "일 ", ROWS(ko) },
};

/* {what pages made of it, what it was}: damage that is no language's. */
static const struct phrase_row repairs[] = {
    { "EV_GEN_SKEY ID", "EV_GEN_SKEYID" },
    { "EVPROC_SA_TS", "EV_PROC_SA_TS" },
    { "SET_WINDOWS_SIZE", "SET_WINDOW_SIZE" },
    { "IDr.,", "IDr," },
    { "ConstructNotify Payload", "Construct Notify Payload" },
};

/* {code point, ASCII}: punctuation beyond the full-width block. */
struct mark {
    uint32_t from;
    const char *to;
};
static const struct mark marks[] = {
    { 0x00a0, " " }, { 0x2010, "-" },  { 0x2011, "-" },  { 0x2013, "-" },   { 0x2014, "-" },  { 0x2018, "'" },
    { 0x2019, "'" }, { 0x201c, "\"" }, { 0x201d, "\"" }, { 0x2026, "..." }, { 0x2192, "->" }, { 0x3000, " " },
    { 0x3001, "," }, { 0x3002, "." },  { 0x300c, "'" },  { 0x300d, "'" },
};

static size_t utf8_at(struct text t, uint32_t *point)
{
    unsigned char c = (unsigned char)t.at[0];
    size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    if (n > t.len)
        n = 1;
    uint32_t v = n == 1 ? c : c & (0x7fu >> n);
    for (size_t i = 1; i < n; i++)
        v = v << 6 | ((unsigned char)t.at[i] & 0x3f);
    *point = v;
    return n;
}

/* Full-width forms and typographic marks to ASCII. */
static struct text plain_marks(struct text t, struct arena *arena)
{
    char *out = arena_take(arena, t.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < t.len;) {
        if ((unsigned char)t.at[i] < 0x80) {
            out[len++] = t.at[i++];
            continue;
        }
        uint32_t point;
        size_t n = utf8_at(text_from(t, i), &point);
        const char *to = NULL;
        for (size_t m = 0; m < COUNT_OF(marks) && !to; m++)
            if (marks[m].from == point)
                to = marks[m].to;
        if (point >= 0xff01 && point <= 0xff5e) {
            out[len++] = (char)(point - 0xfee0);
        } else if (to) { /* no longer than the character was */
            for (; *to; to++)
                out[len++] = *to;
        } else {
            memcpy(out + len, t.at + i, n);
            len += n;
        }
        i += n;
    }
    return text_over(out, len);
}

/* A growing output in the arena's scratch: replaced phrases may be longer than what they replace. */
struct output {
    char *at;
    size_t len, room;
    struct arena *arena;
};

static void put(struct output *o, const char *at, size_t len)
{
    if (o->len + len > o->room) {
        size_t room = (o->room + len) * 2;
        char *grown = arena_take(o->arena, room);
        if (o->len)
            memcpy(grown, o->at, o->len);
        o->at = grown;
        o->room = room;
    }
    if (len)
        memcpy(o->at + o->len, at, len);
    o->len += len;
}

/* Matches a pattern with {1} and {2} at the start of the text; the length it took, 0 where it does not fit. */
static size_t match(const char *pattern, struct text t, struct text parameters[2])
{
    size_t used = 0;
    while (*pattern) {
        if (pattern[0] == '{' && (pattern[1] == '1' || pattern[1] == '2') && pattern[2] == '}') {
            int which = pattern[1] - '1';
            pattern += 3;
            const char *stop = strchr(pattern, '{');
            struct text literal = text_over(pattern, stop ? (size_t)(stop - pattern) : strlen(pattern));
            size_t at = text_find(text_upto(text_from(t, used), PARAMETER), literal);
            if (at == TEXT_NOWHERE || at == 0 || literal.len == 0 || memchr(t.at + used, ',', at))
                return 0;
            parameters[which] = text_upto(text_from(t, used), at);
            used += at;
        } else if (used < t.len && t.at[used] == *pattern) {
            used++;
            pattern++;
        } else {
            return 0;
        }
    }
    return used;
}

static size_t ascii_lead(const char *from)
{
    size_t n = 0;
    while (from[n] && (unsigned char)from[n] < 0x80)
        n++;
    return n;
}

static void put_row(struct output *o, const char *to, const struct text parameters[2])
{
    for (; *to; to++) {
        if (to[0] == '{' && (to[1] == '1' || to[1] == '2') && to[2] == '}') {
            put(o, parameters[to[1] - '1'].at, parameters[to[1] - '1'].len);
            to += 2;
        } else {
            put(o, to, 1);
        }
    }
}

/* The longest row that fits where t stands in whole (its ASCII part stands before), counted in octets of the page. */
static size_t replace(const struct language *l, struct text whole, size_t at, struct output *o)
{
    const struct phrase_row *best = NULL;
    size_t best_length = 0, best_lead = 0;
    struct text kept[2] = { { NULL, 0 }, { NULL, 0 } };
    for (size_t i = 0; i < l->count; i++) {
        size_t lead = ascii_lead(l->rows[i].from);
        if (l->rows[i].from[lead] != whole.at[at] || lead > at || lead > o->len ||
            memcmp(whole.at + at - lead, l->rows[i].from, lead) != 0)
            continue;
        struct text parameters[2] = { { NULL, 0 }, { NULL, 0 } };
        size_t length = match(l->rows[i].from, text_from(whole, at - lead), parameters);
        if (length > best_length) {
            best = &l->rows[i];
            best_length = length;
            best_lead = lead;
            kept[0] = parameters[0];
            kept[1] = parameters[1];
        }
    }
    if (!best || o->len < best_lead || (best_lead && memcmp(o->at + o->len - best_lead, best->from, best_lead) != 0))
        return 0;
    o->len -= best_lead;
    put_row(o, best->to, kept);
    return best_length - best_lead;
}

/* "1911年11月11日" to "Nov 11 ": a year that no device can mean is the translation's own. */
static size_t date(const struct language *l, struct text t, struct output *o)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    struct text s = t;
    uint64_t year = 0, month, day;
    size_t n = text_digits(text_upto(s, 4), 10, &month);
    if (n == 4 && text_starts(text_from(s, 4), text_of(l->year))) {
        year = month;
        s = text_from(s, 4 + strlen(l->year));
        n = text_digits(text_upto(s, 2), 10, &month);
    }
    if (n == 0 || n > 2 || month < 1 || month > 12 || !text_starts(text_from(s, n), text_of(l->month)))
        return 0;
    s = text_from(s, n + strlen(l->month));
    n = text_digits(text_upto(s, 2), 10, &day);
    if (n == 0 || !text_starts(text_from(s, n), text_of(l->day)))
        return 0;
    s = text_from(s, n + strlen(l->day));
    char out[32];
    int len = year >= EARLIEST_YEAR ? snprintf(out, sizeof out, "%s %2u %04u ", months[month - 1], (unsigned)day, (unsigned)year)
                                    : snprintf(out, sizeof out, "%s %2u ", months[month - 1], (unsigned)day);
    put(o, out, (size_t)len);
    return t.len - s.len;
}

static struct text repair(struct text t, struct arena *arena)
{
    for (size_t i = 0; i < COUNT_OF(repairs); i++) {
        struct text from = text_of(repairs[i].from);
        if (!text_has(t, from))
            continue;
        struct output o = { .arena = arena };
        for (size_t at; (at = text_find(t, from)) != TEXT_NOWHERE; t = text_from(t, at + from.len)) {
            put(&o, t.at, at);
            put(&o, repairs[i].to, strlen(repairs[i].to));
        }
        put(&o, t.at, t.len);
        t = text_over(o.at, o.len);
    }
    return t;
}

struct text translate(struct text t, struct arena *arena, unsigned *found)
{
    *found = 0;
    t = plain_marks(t, arena);
    for (size_t l = 0; l < COUNT_OF(languages); l++) {
        struct output o = { .arena = arena };
        unsigned hits = 0;
        for (size_t i = 0; i < t.len;) {
            char c = t.at[i];
            size_t n = 0;
            if (scan_digit(c) && (i == 0 || !scan_digit(t.at[i - 1])))
                n = date(&languages[l], text_from(t, i), &o);
            else if ((unsigned char)c >= 0xc0)
                n = replace(&languages[l], t, i, &o);
            hits += n != 0;
            if (n == 0) {
                put(&o, &c, 1);
                n = 1;
            }
            i += n;
        }
        if (hits) {
            *found += hits;
            t = text_over(o.at, o.len);
        }
    }
    return *found ? repair(t, arena) : t;
}
