/* Records come back in the order of their keys, whether memory held them or not. */
#include "test.h"

#include <stdlib.h>

#include "base/spool.h"

enum { LARGE = 70000 };

struct given {
    uint64_t count, sum;
    struct spool_key last;
    bool ordered, whole;
};

/* A record's octets tell its key: the second again and again, so many as the first says. */
static struct bytes octets_for(uint8_t *room, struct spool_key key)
{
    const size_t len = (size_t)(uint64_t)key.first % 90;
    memset(room, (int)(key.second & 255), len);
    return bytes_over(room, len);
}

static void take(void *context, struct spool_key key, struct bytes octets)
{
    struct given *g = context;
    uint8_t want[90];
    const struct bytes wanted = octets_for(want, key);
    g->ordered &= g->last.first < key.first || (g->last.first == key.first && g->last.second <= key.second);
    g->whole &= octets.len == wanted.len && (!octets.len || memcmp(octets.at, want, octets.len) == 0);
    g->last = key;
    g->count++;
    g->sum += (uint64_t)key.first;
}

/* Puts `count` records into a spool of so many octets: rising, falling, or shuffled. */
static void try(size_t held, unsigned count, int way)
{
    struct spool *s = spool_create(held);
    struct given g = { .ordered = true, .whole = true, .last = { INT64_MIN, 0 } };
    struct error err = { 0 };
    uint64_t sum = 0;
    for (unsigned n = 0; n < count; n++) {
        uint8_t room[90];
        const unsigned at = way == 0 ? n : way == 1 ? count - n : n * 2654435761U % 5000;
        const struct spool_key key = { at, n };
        sum += at;
        spool_put(s, key, octets_for(room, key));
    }
    CHECK(spool_give(s, take, &g, &err));
    CHECK(g.ordered);
    CHECK(g.whole);
    CHECK_NUMBER(g.count, count);
    CHECK_NUMBER(g.sum, sum);
    spool_destroy(s);
}

static void keep_last(void *context, struct spool_key key, struct bytes octets)
{
    (void)key;
    *(struct bytes *)context = bytes_over(octets.at, octets.len);
}

/* One record that is larger than all that memory is to hold, among small ones. */
static void test_large(void)
{
    uint8_t *large = malloc(LARGE);
    memset(large, 7, LARGE);
    struct spool *s = spool_create(100);
    struct bytes last = { NULL, 0 };
    struct error err = { 0 };
    spool_put(s, (struct spool_key){ 1, 0 }, bytes_over(large, 10));
    spool_put(s, (struct spool_key){ 3, 0 }, bytes_over(large, LARGE));
    spool_put(s, (struct spool_key){ 2, 0 }, bytes_over(large, 10));
    CHECK(spool_give(s, keep_last, &last, &err));
    CHECK_NUMBER(last.len, LARGE);
    spool_destroy(s);
    free(large);
}

/* Without a folder for its file all is well as long as memory suffices; then it is said. */
static void test_no_folder(void)
{
    CHECK(setenv("TMPDIR", "/nonexistent", 1) == 0);
    try(1 << 20, 100, 1);
    struct spool *s = spool_create(100);
    struct given g = { .ordered = true };
    struct error err = { 0 };
    for (unsigned n = 0; n < 10; n++)
        spool_put(s, (struct spool_key){ n, 0 }, bytes_over("0123456789012345678901234567890123456789", 40));
    CHECK(!spool_give(s, take, &g, &err));
    CHECK_NUMBER(err.kind, ERROR_OUTPUT);
    CHECK_NUMBER(g.count, 0);
    spool_destroy(s);
    s = spool_create(100);
    spool_move(s, "beside-this"); /* this folder is there */
    for (unsigned n = 0; n < 10; n++)
        spool_put(s, (struct spool_key){ 10 - n, 0 }, bytes_over("0123456789012345678901234567890123456789", 40));
    CHECK(spool_give(s, take, &g, &err));
    CHECK_NUMBER(g.count, 10);
    spool_destroy(s);
    CHECK(unsetenv("TMPDIR") == 0);
    spool_destroy(NULL);
}

int main(void)
{
    for (int way = 0; way < 3; way++)
        for (unsigned count = 0; count < 4; count++) {
            try(1 << 20, count, way);
            try(1, count, way);
        }
    for (int way = 0; way < 3; way++) {
        try(1 << 20, 5000, way);
        try(1 << 12, 50000, way);
        try(1 << 16, 200000, way);
    }
    test_large();
    test_no_folder();
    return TEST_REPORT();
}
