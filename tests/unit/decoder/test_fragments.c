/* Collecting fragments: order, repetition, other totals, other directions, limits. */
#include "decoder/fragments.h"

#include "base/limits.h"
#include "test.h"

static int64_t now;

static enum fragment_result add(struct fragments *f, uint64_t spi, uint8_t flags, unsigned number, unsigned total,
                                const char *text, struct whole *whole)
{
    struct message m = { .spi_i = spi_of(spi, 16), .spi_r = spi_of(2, 16), .message_id = 1, .flags = flags, .length = 100 };
    struct sealed s = { .protection = PROTECTION_SKF,
                        .fragment = (uint16_t)number,
                        .fragments = (uint16_t)total,
                        .first = number == 1 ? PAYLOAD_IDI : 0 };
    return fragments_add(f, &m, now, &s, bytes_of_text(text_of(text)), whole);
}

/* One more set than are held: over the limit where its oldest could still be completed, and not where it was long given up. */
static void test_made_room(int64_t seconds, bool complete, bool over)
{
    struct whole w;
    struct limits limits = { .input = 0 };
    struct fragments *f = fragments_create(&limits);
    now = 0;
    for (unsigned i = 0; i < LIMIT_FRAGMENT_SETS; i++) {
        add(f, i, 8, 1, 2, "x", &w);
        if (complete)
            add(f, i, 8, 2, 2, "y", &w);
    }
    now = seconds * 1000000000;
    add(f, LIMIT_FRAGMENT_SETS, 8, 1, 2, "x", &w);
    CHECK_NUMBER(limits.hit[OVER_FRAGMENT_SETS].times, over);
    fragments_destroy(f);
    now = 0;
}

int main(void)
{
    struct whole w;
    test_made_room(0, false, true);
    test_made_room(600, false, true);
    test_made_room(601, false, false);
    test_made_room(-601, false, false); /* another capture's time */
    test_made_room(0, true, false);
    struct fragments *f = fragments_create(&(struct limits){ .input = 0 });
    /* the last one first */
    CHECK_NUMBER(add(f, 1, 8, 3, 3, "c", &w), FRAGMENT_WAITING);
    CHECK_NUMBER(add(f, 1, 8, 1, 3, "aa", &w), FRAGMENT_WAITING);
    CHECK_NUMBER(add(f, 1, 8, 1, 3, "zz", &w), FRAGMENT_REPEATED);
    CHECK_NUMBER(add(f, 1, 0x20, 2, 3, "other way", &w), FRAGMENT_WAITING);
    CHECK_NUMBER(add(f, 9, 8, 2, 3, "other SA", &w), FRAGMENT_WAITING);
    CHECK_NUMBER(add(f, 1, 8, 2, 3, "", &w), FRAGMENT_COMPLETE);
    CHECK_TEXT(text_of_bytes(w.plaintext), "aac");
    CHECK(w.first == PAYLOAD_IDI && w.fragments == 3 && w.length == 300);
    CHECK_NUMBER(add(f, 1, 8, 2, 3, "x", &w), FRAGMENT_REPEATED);
    CHECK(!w.plaintext.at);
    /* a smaller path: more pieces, from the beginning; the old ones are refused */
    CHECK_NUMBER(add(f, 1, 8, 1, 2, "x", &w), FRAGMENT_REFUSED);
    CHECK_NUMBER(add(f, 9, 8, 1, 4, "1", &w), FRAGMENT_WAITING);
    CHECK_NUMBER(add(f, 9, 8, 3, 3, "x", &w), FRAGMENT_REFUSED);
    CHECK_NUMBER(add(f, 9, 8, 2, 4, "2", &w), FRAGMENT_WAITING);
    CHECK_NUMBER(add(f, 9, 8, 3, 4, "3", &w), FRAGMENT_WAITING);
    CHECK_NUMBER(add(f, 9, 8, 4, 4, "4", &w), FRAGMENT_COMPLETE);
    CHECK_TEXT(text_of_bytes(w.plaintext), "1234");
    /* impossible numbers */
    CHECK_NUMBER(add(f, 5, 8, 0, 3, "", &w), FRAGMENT_REFUSED);
    CHECK_NUMBER(add(f, 5, 8, 4, 3, "", &w), FRAGMENT_REFUSED);
    CHECK_NUMBER(add(f, 5, 8, 1, LIMIT_FRAGMENTS + 1, "", &w), FRAGMENT_REFUSED);
    CHECK_NUMBER(add(f, 5, 8, 1, 1, "one", &w), FRAGMENT_COMPLETE);
    CHECK_TEXT(text_of_bytes(w.plaintext), "one");
    /* far more sets than are held at once */
    for (unsigned i = 0; i < 3 * LIMIT_FRAGMENT_SETS; i++)
        CHECK_NUMBER(add(f, 1000 + i, 8, 1, 2, "x", &w), FRAGMENT_WAITING);
    const unsigned oldest = 1000 + 2 * LIMIT_FRAGMENT_SETS;
    CHECK_NUMBER(add(f, oldest, 8, 2, 2, "y", &w), FRAGMENT_COMPLETE);
    CHECK_NUMBER(add(f, oldest - 1, 8, 2, 2, "y", &w), FRAGMENT_WAITING); /* that one made room */
    CHECK_NUMBER(add(f, 999 + 3 * LIMIT_FRAGMENT_SETS, 8, 2, 2, "y", &w), FRAGMENT_COMPLETE);
    /* a message larger than any may be */
    static char big[(LIMIT_MESSAGE / 2) + 2];
    memset(big, 'b', sizeof big - 1);
    CHECK_NUMBER(add(f, 7, 8, 1, 3, big, &w), FRAGMENT_WAITING);
    CHECK_NUMBER(add(f, 7, 8, 2, 3, big, &w), FRAGMENT_REFUSED);
    fragments_destroy(f);
    fragments_destroy(NULL);
    return TEST_REPORT();
}
