#include "parser/told.h"

#include "base/arena.h"

void told_clear(struct told_before *t)
{
    arena_destroy(t->arena);
    *t = (struct told_before){ .arena = NULL };
}

/* Its last octets differ most: names and numbers stand behind the words. */
static size_t told_at(struct text text)
{
    uint64_t last[2] = { 0 };
    const size_t n = text.len < sizeof last ? text.len : sizeof last;
    memcpy(last, text.at + text.len - n, n);
    const uint64_t h = (last[0] ^ text.len) * UINT64_C(0x9e3779b97f4a7c15) ^ last[1] * UINT64_C(0xff51afd7ed558ccd);
    return h >> 40 & (TOLD_TEXTS - 1);
}

static void make_room(struct told_before *t)
{
    if (!t->arena)
        t->arena = arena_create();
    if (arena_used(t->arena) <= TOLD_MEMORY)
        return;
    arena_destroy(t->arena);
    *t = (struct told_before){ .arena = arena_create() };
}

struct fact *told_facts(struct told_before *t, const struct phrase *phrase, struct text text, struct event *event)
{
    struct told *known = &t->texts[told_at(text)];
    if (known->phrase == phrase && text_equal(known->text, text))
        return known->facts;
    make_room(t);
    const uint32_t has = event->has;
    struct fact *facts = NULL;
    struct facts f = facts_into(t->arena, &facts);
    phrase_facts(phrase, text, event, &f);
    if (facts && event->has == has && text.len <= TOLD_LONGEST)
        *known = (struct told){ phrase, arena_text(t->arena, text), facts };
    return facts;
}

const struct phrase *told_phrase(struct told_before *t, struct text text)
{
    struct told *known = &t->found[told_at(text)];
    if (known->text.len && text_equal(known->text, text))
        return known->phrase;
    const struct phrase *phrase = phrase_find(text);
    if (phrase && text.len <= TOLD_LONGEST) {
        make_room(t);
        *known = (struct told){ .phrase = phrase, .text = arena_text(t->arena, text) };
    }
    return phrase;
}
