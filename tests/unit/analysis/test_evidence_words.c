/* Records found by a word: by router, place and word, in the order of the records, whatever came after somebody asked. */
#include "tests/unit/analysis/builder.h"

#include "analysis/evidence.h"
#include "analysis/evidence_words.h"
#include "test.h"

static struct address address(const char *text)
{
    struct address a = { .family = ADDRESS_NONE };
    (void)address_read(text_of(text), &a);
    return a;
}

static const struct record *entry(struct builder *b, const char *name, const char *title, const char *router, const char *peer)
{
    struct facts f = build_record(b, INPUT_CONFIG, name, title, router);
    if (peer) {
        struct facts in = build_inside(b, &f, "peers");
        fact_address(&in, "address", address(peer));
        fact_address(&in, "address", address(peer)); /* named twice it is there once */
    }
    return b->m->records_last;
}

static const struct record *only(const struct worded *w)
{
    return w && !w->next ? w->record : NULL;
}

int main(void)
{
    struct builder b;
    build_begin(&b);
    const struct record *r1 = entry(&b, "crypto-map", "M 10", "R1", "198.51.100.2"),
                        *r2 = entry(&b, "crypto-map", "M 10", "R2", "198.51.100.2"),
                        *open = entry(&b, "crypto-dynamic-map", "D 10", "R1", NULL),
                        *closed = entry(&b, "crypto-dynamic-map", "D 20", "R1", "198.51.100.2"),
                        *group = entry(&b, "tunnel-group", "198.51.100.2", "R1", NULL),
                        *wan = entry(&b, "interface", "GigabitEthernet 0/1", "R1", NULL);
    (void)entry(&b, "tunnel-group", "CLIENTS", "R1", NULL);
    uint32_t one = model_device(b.m, TEXT("R1")), two = model_device(b.m, TEXT("R2"));
    struct address peer = address("198.51.100.2");
    CHECK(only(words_to(b.m, one, WORD_MAP_PEER, peer)) == r1 && only(words_to(b.m, two, WORD_MAP_PEER, peer)) == r2);
    const struct worded *any = words_to(b.m, 0, WORD_MAP_PEER, peer);
    CHECK(any && any->record == r1 && any->next && any->next->record == r2 && !any->next->next);
    CHECK(!words_to(b.m, one, WORD_MAP_PEER, address("198.51.100.3")) && !words_to(b.m, one, WORD_MAP_PEER, address("x")));
    CHECK(only(words_first(b.m, one, WORD_DYNAMIC_PEER, TEXT(""))) == open);
    CHECK(only(words_to(b.m, one, WORD_DYNAMIC_PEER, peer)) == closed &&
          only(words_to(b.m, one, WORD_GROUP_ADDRESS, peer)) == group);
    CHECK(only(words_first(b.m, one, WORD_INTERFACE, TEXT("gigabitethernet0/1"))) == wan);
    CHECK(!words_first(b.m, one, WORD_INTERFACE, TEXT("gigabitethernet0/2")) &&
          !words_first(b.m, two, WORD_INTERFACE, wan->title));

    const struct record *late = entry(&b, "crypto-map", "M 20", "R1", "198.51.100.2");
    any = words_to(b.m, one, WORD_MAP_PEER, peer);
    CHECK(any && any->record == r1 && any->next && any->next->record == late);
    CHECK(words_earlier(any, words_to(b.m, two, WORD_MAP_PEER, peer)) == r1);
    CHECK(words_earlier(words_to(b.m, two, WORD_MAP_PEER, peer), words_to(b.m, one, WORD_DYNAMIC_PEER, peer)) == r2);
    CHECK(words_earlier(NULL, any) == r1 && words_earlier(any, NULL) == r1 && !words_earlier(NULL, NULL));

    routers_unite(b.m, two, one); /* R2 is another name of R1's: what either has is both's, in the order of the records */
    any = words_to(b.m, one, WORD_MAP_PEER, peer);
    CHECK(any && any->record == r1 && any->next && any->next->record == r2 && any->next->next && any->next->next->record == late);
    CHECK(words_to(b.m, two, WORD_MAP_PEER, peer) == any);
    model_destroy(b.m);
    return TEST_REPORT();
}
