/* Parsers of many devices: what texts told before is one memory of all, which has a bound; none has one of its own. */
#include "base/arena.h"
#include "parser/state.h"
#include "test.h"

enum { DEVICES = 3, ROUNDS = 20000 };

static unsigned profiles;

static void take(void *context, struct event *e)
{
    (void)context;
    profiles += fact_get_text(e->facts, "profile").len != 0;
}

/* A text with a field that is another one each time. */
static void talk(struct parser *p, unsigned n)
{
    char line[200];
    const int len = snprintf(line, sizeof line,
                             "*May  1 12:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):found matching IKEv2 profile 'profile-%u'\n",
                             n);
    parser_feed(p, bytes_over((const uint8_t *)line, (size_t)len));
}

int main(void)
{
    struct model *model = model_create();
    struct parser_memory *lent = parser_memory_create();
    struct parser *of[DEVICES];
    for (unsigned d = 0; d < DEVICES; d++) {
        char name[20];
        snprintf(name, sizeof name, "r%u", d);
        struct input *in = model_add_input(model, text_of(name), text_of(name));
        of[d] = parser_create(model, in->index, INPUT_UNKNOWN, (struct event_taker){ take, NULL });
        parser_live(of[d], lent);
    }
    size_t most = 0;
    for (unsigned n = 0; n < ROUNDS; n++)
        for (unsigned d = 0; d < DEVICES; d++) {
            talk(of[d], n);
            const struct told_before *told = of[d]->records.told;
            most = told && told->arena && arena_used(told->arena) > most ? arena_used(told->arena) : most;
        }
    CHECK(profiles >= DEVICES * (ROUNDS - 1));
    CHECK(most < 4 * TOLD_MEMORY);
    for (unsigned d = 0; d < DEVICES; d++) {
        CHECK(of[d]->records.told && of[d]->records.told == of[0]->records.told);
        CHECK(!of[d]->records.own_told);
    }
    for (unsigned d = 0; d < DEVICES; d++)
        parser_destroy(of[d]);
    parser_memory_destroy(lent);
    parser_memory_destroy(NULL);
    model_destroy(model);
    return TEST_REPORT();
}
