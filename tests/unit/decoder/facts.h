/* Facts as one line of text, so that tests can say what they expect: name=value, [lists], {groups}. */
#ifndef IKESCOPE_TESTS_FACTS_H
#define IKESCOPE_TESTS_FACTS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "model/message.h"

static inline void facts_put(struct buffer *b, const struct fact *fact)
{
    for (bool first = true; fact; fact = fact->next, first = false) {
        if (!first)
            buffer_byte(b, ' ');
        if (fact->name)
            buffer_format(b, "%s=", fact->name);
        const char *name = NULL;
        switch ((enum fact_kind)fact->kind) {
        case FACT_CODE:
            name = registry_name((enum registry)fact->registry, fact->as.number);
            if (name)
                buffer_string(b, name);
            else
                buffer_format(b, "#%llu", (unsigned long long)fact->as.number);
            break;
        case FACT_NUMBER:
            buffer_format(b, "%llu", (unsigned long long)fact->as.number);
            break;
        case FACT_BOOL:
            buffer_string(b, fact->as.number ? "true" : "false");
            break;
        case FACT_TEXT:
            buffer_format(b, "'%.*s'", TEXT_ARGS(fact->as.text));
            break;
        case FACT_OCTETS:
            buffer_hex(b, fact->as.octets);
            break;
        case FACT_ADDRESS:
            address_print(fact->as.address, b);
            break;
        case FACT_LIST:
        case FACT_GROUP:
            buffer_byte(b, fact->kind == FACT_LIST ? '[' : '{');
            facts_put(b, fact->as.child);
            buffer_byte(b, fact->kind == FACT_LIST ? ']' : '}');
            break;
        case FACT_NONE:
            buffer_string(b, "nothing");
            break;
        }
    }
}

static inline struct text facts_text(struct arena *arena, const struct fact *facts)
{
    struct buffer b;
    buffer_init(&b, 1 << 16);
    facts_put(&b, facts);
    struct text text = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return text;
}

/* A copy on the heap with nothing behind it, so that a read past the end is caught. */
static inline uint8_t *exact(struct bytes b)
{
    uint8_t *at = malloc(b.len ? b.len : 1);
    if (b.len)
        memcpy(at, b.at, b.len);
    return at;
}

#endif
