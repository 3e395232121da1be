#include "parser/backwards.h"

#include "base/limits.h"
#include "base/map.h"
#include "parser/prefix.h"
#include "parser/scan.h"
#include "parser/tag.h"

enum {
    LINES_LOOKED = 400,
    TURNS_LEAST = 2, /* times that the clock went back, and never on */
    LATE_LEAST = 16,
    PAIRS_LEAST = 8,
    ENTRIES_LEAST = 3 /* and where these are all there is, they are enough */
};

/* Does an entry begin here; *time is when, where it says so. */
static bool begins(struct text line, struct prefix_cache *cache, struct stamp *time)
{
    struct prefix prefix;
    struct tag tag;
    *time = (struct stamp){ 0 };
    prefix_scan(line, cache, &prefix);
    if (prefix.has_time)
        *time = prefix.time;
    return prefix.has_time || (tag_scan(prefix.rest, &tag) && tag.family != FAMILY_NONE && tag.family != FAMILY_CONTEXT);
}

void clocks_look(struct clocks *c, struct text line, struct text host)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix;
    line = scan_trim_end(line);
    prefix_scan(line, &none, &prefix);
    if (!prefix.has_time || prefix.time.kind == STAMP_NONE)
        return;
    const uint64_t of = hash_bytes(bytes_of_text(prefix.host.len ? prefix.host : host));
    unsigned i = 0;
    while (i < c->count && c->at[i].host != of)
        i++;
    if (i == CLOCKS)
        return;
    const struct stamp last = c->at[i].last;
    bool like = i < c->count && last.kind == prefix.time.kind && last.has_year == prefix.time.has_year;
    c->back += like && prefix.time.ns < last.ns;
    c->on += like && prefix.time.ns > last.ns;
    c->at[i].host = of;
    c->at[i].last = prefix.time;
    c->count += i == c->count;
}

/* Where many are seen, a few entries may have reached their collector late. */
static bool goes_back(const struct clocks *c)
{
    return c->back >= (c->listed ? 1 : TURNS_LEAST) && c->on * LATE_LEAST <= c->back;
}

/* Runs of two equal lines and hardly any other, an entry's among them: what a text repeats for itself comes in runs of any
 * length. In a short one every line is an entry with its time, and every one twice. */
static bool is_doubled(struct text head)
{
    struct text line = { NULL, 0 }, of_run = line;
    struct prefix_cache none = { .len = 0 };
    struct stamp time;
    unsigned run = 0, pairs = 0, entries = 0, timed = 0, empty = 0, others = 0;
    bool more = true;
    for (unsigned n = 0; more && n < LINES_LOOKED; n++) {
        more = text_cut(&head, '\n', &line);
        line = more ? scan_trim_end(line) : (struct text){ NULL, 0 };
        if (more && run && text_equal(line, of_run)) {
            run++;
            continue;
        }
        pairs += run == 2;
        empty += run == 2 && of_run.len == 0;
        if (run == 2 && begins(of_run, &none, &time)) {
            entries++;
            timed += time.kind != 0;
        }
        others += run % 2 == 1 && of_run.len;
        of_run = line;
        run = 1;
    }
    if (pairs < PAIRS_LEAST)
        return timed >= ENTRIES_LEAST && timed + empty == pairs && others == 0;
    return entries >= ENTRIES_LEAST && others * 8 <= pairs;
}

void backwards_detect(struct backwards *b, const struct clocks *clocks, struct text head)
{
    *b = (struct backwards){ .newest_first = goes_back(clocks), .doubled = is_doubled(head) };
    buffer_init(&b->last, LIMIT_LINE);
    buffer_init(&b->text, (size_t)LIMIT_NEWEST_FIRST + LIMIT_LINE);
}

void backwards_clear(struct backwards *b)
{
    buffer_clear(&b->last);
    buffer_clear(&b->text);
    memory_free(b->lines);
    *b = (struct backwards){ .count = 0 };
}

bool backwards_is_copy(struct backwards *b, struct text line)
{
    bool copy = b->has_last && !b->last_is_copy && text_equal(line, buffer_view(&b->last));
    b->last_is_copy = copy;
    if (!copy) {
        buffer_reset(&b->last);
        buffer_text(&b->last, line);
        b->has_last = true;
    }
    return copy;
}

bool backwards_hold(struct backwards *b, const struct line *line, bool begins_one, uint64_t most)
{
    struct prefix_cache none = { .len = 0 };
    struct stamp time;
    const struct text text = line->text, host = line->host;
    if (b->text.len + text.len + host.len + b->count * sizeof *b->lines > most)
        return false;
    if (b->count == b->room) {
        b->room = b->room ? b->room * 2 : 256;
        b->lines = memory_grow(b->lines, b->room * sizeof *b->lines);
    }
    b->lines[b->count++] = (struct held_line){ .text = { NULL, text.len },
                                               .host = { NULL, host.len },
                                               .at = b->text.len,
                                               .number = line->number,
                                               .more = line->more,
                                               .counted = line->counted,
                                               .begins = begins_one || begins(text, &none, &time) };
    buffer_text(&b->text, text);
    buffer_text(&b->text, host);
    return true;
}

static void hand_out(struct backwards *b, size_t first, size_t end, void (*take)(void *context, const struct held_line *line),
                     void *context)
{
    const char *const held = b->text.at ? b->text.at : ""; /* nothing but empty lines */
    for (size_t i = first; i < end; i++) {
        struct held_line *line = &b->lines[i];
        line->text.at = held + line->at;
        line->host.at = line->text.at + line->text.len;
        take(context, line);
    }
}

static void forget(struct backwards *b)
{
    b->count = 0;
    buffer_reset(&b->text);
}

void backwards_release(struct backwards *b, void (*take)(void *context, const struct held_line *line), void *context)
{
    hand_out(b, 0, b->count, take, context);
    forget(b);
}

void backwards_replay(struct backwards *b, void (*take)(void *context, const struct held_line *line), void *context)
{
    for (size_t end = b->count; end;) {
        size_t first = end - 1;
        while (first && !b->lines[first].begins)
            first--;
        hand_out(b, first, end, take, context);
        end = first;
    }
    forget(b);
}
