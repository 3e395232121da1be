#include "cli/batch.h"

#include "base/arena.h"

static bool lies_in(struct text block, struct text t)
{
    return t.at >= block.at && t.at < block.at + block.len;
}

void batch_add(struct batch *b, const struct event *e, struct text block, bool with_payloads)
{
    if (b->count == b->room) {
        b->room = b->room ? b->room * 2 : 256;
        b->events = memory_grow(b->events, b->room * sizeof *b->events);
    }
    if (!b->arena)
        b->arena = arena_create();
    struct event *copy = &b->events[b->count++];
    *copy = *e;
    if (!lies_in(block, e->text))
        copy->text = arena_text(b->arena, e->text);
    if (e->facts)
        copy->facts = facts_copy(b->arena, e->facts);
    if (e->message)
        copy->message = message_copy_whole(b->arena, e->message, with_payloads);
}

void batch_pass(struct batch *b, struct event_taker to)
{
    for (size_t i = 0; i < b->count; i++)
        to.take(to.context, &b->events[i]);
    b->count = 0;
    if (b->arena)
        arena_reset(b->arena);
}

void batch_clear(struct batch *b)
{
    arena_destroy(b->arena);
    memory_free(b->events);
    *b = (struct batch){ .arena = NULL };
}
