/* Two octets choose a row of the dialects' tables; the rest is written over its sample, or put into it, so that patterns
 * are tried behind their anchors. What matches must give facts that lie within the text. */
#include <assert.h>

#include "base/arena.h"
#include "parser/parser.h"
#include "parser/phrases.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct phrase *row(size_t n)
{
    size_t rows = 0;
    for (size_t d = 0; d < dialect_count; d++)
        rows += dialects[d]->phrase_count;
    n %= rows;
    for (size_t d = 0; d < dialect_count; d++) {
        if (n < dialects[d]->phrase_count)
            return &dialects[d]->phrases[n];
        n -= dialects[d]->phrase_count;
    }
    return NULL;
}

static void drop(void *context, struct event *e)
{
    (void)context, (void)e;
}

static void read_as_line(struct text t)
{
    static const char *const before[] = { "*Mar  3 10:00:00.120: IKEv2:(SESSION ID = 1,SA ID = 1):", "IKEv2-PROTO-4: (16): ",
                                          "Mar  3 10:00:00.120: IKEv2:", "%ASA-7-711001: IKEv2-PLAT-3: " };
    for (size_t i = 0; i < COUNT_OF(before); i++) {
        struct model *m = model_create();
        uint32_t input = model_add_input(m, TEXT("fuzz"), TEXT("fuzz"))->index;
        struct parser *p = parser_create(m, input, INPUT_UNKNOWN, (struct event_taker){ drop, NULL });
        parser_feed(p, bytes_of_text(text_of(before[i])));
        parser_feed(p, bytes_of_text(t));
        parser_finish(p);
        parser_destroy(p);
        model_destroy(m);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4 || size > 4096)
        return 0;
    struct arena *arena = arena_create();
    const struct phrase *p = row(data[0] * 256u + data[1]);
    struct text sample = text_of(p->sample), put = { (const char *)data + 4, size - 4 };
    size_t at = data[2] % (sample.len + 1), skipped = data[3] < 128 ? put.len : 0;
    struct text t = arena_format(arena, "%.*s%.*s%.*s", TEXT_ARGS(text_upto(sample, at)), TEXT_ARGS(put),
                                 TEXT_ARGS(text_from(sample, at + skipped)));
    const struct phrase *found = phrase_find(t);
    if (found) {
        struct event e = { 0 };
        struct facts facts = facts_into(arena, &e.facts);
        assert(text_starts(t, text_of(found->anchor)) && phrase_kind(found) != INPUT_UNKNOWN);
        (void)phrase_matches(found, t);
        phrase_facts(found, t, &e, &facts);
    }
    enum event_kind kind;
    (void)phrase_guess(t, data[3] & 1, &kind);
    read_as_line(t);
    arena_destroy(arena);
    return 0;
}
