#include "analysis/acl_edit.h"

#include <assert.h>

#include "analysis/quote.h"
#include "model/access.h"

enum { STEP = 10 };

static uint64_t number_of(const struct fact *entry)
{
    uint64_t n = 0;
    (void)fact_get_number(fact_children(entry), "sequence", &n);
    return n;
}

static bool all_ports(const struct selector *s)
{
    return s->start_port == 0 && s->end_port == 65535;
}

/* Only these have ports that an entry can name; of ICMP a selector has type and code in their place. RFC 7296 section 3.13.1. */
static bool can_say_ports(const struct selector *s)
{
    const bool named = s->protocol == IPPROTO_NO_TCP || s->protocol == IPPROTO_NO_UDP;
    return all_ports(s) || (named && s->start_port <= s->end_port); /* a larger one first: OPAQUE */
}

/* " eq 443", " range 1024 2047", or nothing: all ports. */
static struct text ports_text(struct arena *arena, const struct selector *s)
{
    if (all_ports(s))
        return TEXT("");
    return s->start_port == s->end_port ? arena_format(arena, " eq %u", s->start_port)
                                        : arena_format(arena, " range %u %u", s->start_port, s->end_port);
}

struct text acl_entry_text(struct arena *arena, const struct selector *from, const struct selector *to, bool wildcard)
{
    const char *word = access_protocol_word(from->protocol);
    struct text a = acl_end_text(arena, from, wildcard), b = acl_end_text(arena, to, wildcard), pa = ports_text(arena, from),
                pb = ports_text(arena, to), protocol = word ? text_of(word) : arena_format(arena, "%u", from->protocol);
    if (!a.len || !b.len || from->protocol != to->protocol || !can_say_ports(from) || !can_say_ports(to))
        return (struct text){ NULL, 0 };
    return arena_format(arena, "%.*s %.*s%.*s %.*s%.*s", TEXT_ARGS(protocol), TEXT_ARGS(a), TEXT_ARGS(pa), TEXT_ARGS(b),
                        TEXT_ARGS(pb));
}

bool acl_is_standard(const struct record *list)
{
    return text_equal(fact_get_text(list->facts, "kind"), TEXT("standard"));
}

/* An entry of object groups is several facts of one line. */
struct acl_place acl_place_before(const struct record *list, uint32_t line, unsigned count)
{
    struct acl_place place = { { 0 }, false };
    uint64_t before = 0, target = 0, nth = 0;
    uint32_t last = 0;
    bool numbered = true;
    assert(count <= ACL_NEW);
    for (const struct fact *e = line ? fact_members(list->facts, "entries") : NULL; e && !target; e = e->next) {
        if (e->line == last)
            continue;
        last = e->line;
        nth++;
        uint64_t number = number_of(e);
        numbered = numbered && number;
        if (e->line == line)
            target = number ? number : nth * STEP;
        else
            before = number ? number : nth * STEP;
    }
    if (!target)
        return place;
    if (!numbered || target <= before + count) {
        place.renumber = true;
        target = nth * STEP;
        before = target - STEP;
    }
    for (unsigned i = 0; i < count; i++)
        place.number[i] = before + (target - before) * (i + 1) / (count + 1);
    return place;
}

struct text acl_renumber_text(struct arena *arena, const struct record *list, const struct acl_place *place)
{
    return place->renumber && !fact_find(list->facts, "ipv6")
               ? arena_format(arena, "`ip access-list resequence %.*s 10 10` / ", TEXT_ARGS(list->title))
               : (struct text){ NULL, 0 };
}

static const struct fact *entry_at(const struct record *list, uint32_t line)
{
    const struct fact *e = fact_members(list->facts, "entries");
    while (e && e->line != line)
        e = e->next;
    return e;
}

bool acl_is_of_groups(const struct record *list, uint32_t line)
{
    const struct fact *e = entry_at(list, line);
    return e && e->next && e->next->line == line;
}

/* `no access-list 110 permit …`, typed on IOS, takes the whole list away: in the list's own mode its number is not said. */
static struct text entry_text(struct text line)
{
    struct text rest = line, word;
    if (!text_starts(line, TEXT("access-list ")) || !text_word(&rest, &word) || !text_word(&rest, &word))
        return line;
    return text_trim(rest);
}

struct text acl_removal_text(struct arena *arena, const struct record *list, uint32_t line, bool asa)
{
    const struct fact *e = entry_at(list, line);
    struct text said = record_line(list, line);
    said = text_trim(text_upto(said, text_find(said, TEXT(" (hitcnt=")))); /* as an ASA shows it */
    uint64_t number = e ? number_of(e) : 0;
    if (!e || !said.len)
        return (struct text){ NULL, 0 };
    if (asa || !number)
        return arena_format(arena, "no %.*s", TEXT_ARGS(asa ? said : entry_text(said)));
    return arena_format(arena, "no %llu", (unsigned long long)number);
}
