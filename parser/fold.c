#include "parser/fold.h"

#include "base/limits.h"
#include "parser/prefix.h"
#include "parser/scan.h"
#include "parser/tag.h"
#include "parser/transition.h"

enum { WIDTH_LEAST = 60, WIDTH_MOST = 250, CUTS_LEAST = 2 };

static size_t first_word(struct text t)
{
    size_t n = 0;
    while (n < t.len && !scan_blank(t.at[n]))
        n++;
    return n;
}

/* Does a line start something of its own? Then it is nobody's rest. */
static bool starts_anew(struct text t)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix;
    struct tag tag;
    if (prefix_scan(t, &none, &prefix) && (prefix.has_time || prefix.relayed || prefix.has_sequence))
        return true;
    return tag_scan(t, &tag) && tag.family != FAMILY_NONE && tag.family != FAMILY_CONTEXT;
}

/* An entry that every device ends otherwise: a transition without its event, a packet without its addresses. */
static bool stops_short(struct text t)
{
    size_t at = text_find(t, TEXT(":SM"));
    if (at != TEXT_NOWHERE) {
        struct text trace = text_from(t, at + 1);
        struct transition_line line;
        return text_starts(TEXT("SM Trace-> SA:"), text_upto(scan_trim_end(trace), 14)) &&
               transition_scan(&trace, &line) != TRANSITION_WHOLE;
    }
    at = text_find(t, TEXT(" Local:"));
    if (at != TEXT_NOWHERE && text_find_byte(text_upto(t, at), '%') != TEXT_NOWHERE)
        return !text_has(t, TEXT(" IKEv2 "));
    at = text_find(t, TEXT("ing Packet ["));
    if (at == TEXT_NOWHERE)
        at = text_find(t, TEXT("ed Packet ["));
    return at != TEXT_NOWHERE && text_find_byte(text_from(t, at), ']') == TEXT_NOWHERE;
}

static bool next_line(struct text *rest, struct text *line)
{
    if (!text_cut(rest, '\n', line) || rest->len == 0) /* the last one may be a part only */
        return false;
    while (line->len && line->at[line->len - 1] == '\r')
        line->len--;
    return true;
}

void fold_detect(struct fold *f, struct text head)
{
    struct text rest = head, line, before = { NULL, 0 };
    size_t width = 0, cuts = 0, full = 0, kept = 0;
    while (next_line(&rest, &line)) {
        width = line.len > width ? line.len : width;
        if (width > WIDTH_MOST)
            return;
    }
    if (width < WIDTH_LEAST)
        return;
    for (rest = head; next_line(&rest, &line); before = line) {
        if (before.len == 0 || line.len == 0 || !stops_short(before) || starts_anew(line))
            continue;
        if (before.len != width && (scan_blank(line.at[0]) || before.len + first_word(line) + 1 <= width))
            continue;
        cuts++;
        full += before.len == width;
        kept += scan_blank(before.at[before.len - 1]);
    }
    if (cuts < CUTS_LEAST)
        return;
    f->at_blanks = full < cuts || kept == cuts;
    f->blanks_kept = kept * 2 > cuts;
    f->width = width;
    buffer_init(&f->joined, LIMIT_LINE);
}

bool fold_waits(const struct fold *f, struct text line)
{
    if (line.len == 0 || line.len > f->width)
        return false;
    if (line.len == f->width || !f->at_blanks)
        return line.len == f->width;
    return !f->blanks_kept || scan_blank(line.at[line.len - 1]);
}

bool fold_goes_on(const struct fold *f, struct text line)
{
    if (line.len == 0 || f->joined.len + line.len + 1 >= LIMIT_LINE)
        return false;
    if (f->at_blanks && (scan_blank(line.at[0]) || f->piece + first_word(line) + 1 <= f->width))
        return false;
    return !starts_anew(line);
}

void fold_take(struct fold *f, const struct line *line)
{
    if (f->pieces++ == 0)
        f->first = line->number;
    else if (f->at_blanks && !f->blanks_kept)
        buffer_byte(&f->joined, ' ');
    f->piece = line->text.len;
    buffer_text(&f->joined, line->text);
}
