#include "decoder/sequence.h"
#include "test.h"

static void test_order(void)
{
    struct sequence s = { 0 };
    CHECK_NUMBER(sequence_note(&s, 10, 1, true, 0), SEQUENCE_NEW);
    CHECK_NUMBER(sequence_note(&s, 11, 2, true, 0), SEQUENCE_NEW);
    CHECK_NUMBER(s.lost, 0);
    CHECK_NUMBER(sequence_note(&s, 15, 3, true, 0), SEQUENCE_NEW);
    CHECK_NUMBER(s.lost, 3);
    CHECK_NUMBER(sequence_note(&s, 13, 4, true, 0), SEQUENCE_LATE); /* the middle of the gap */
    CHECK_NUMBER(s.lost, 2);
    CHECK_NUMBER(sequence_note(&s, 13, 4, true, 0), SEQUENCE_COPY);
    CHECK_NUMBER(sequence_note(&s, 13, 5, true, 0), SEQUENCE_REPLAY);
    CHECK_NUMBER(sequence_note(&s, 12, 6, true, 0), SEQUENCE_LATE);
    CHECK_NUMBER(sequence_note(&s, 14, 7, true, 0), SEQUENCE_LATE);
    CHECK_NUMBER(s.lost, 0);
    CHECK_NUMBER(sequence_note(&s, 8, 8, true, 0), SEQUENCE_LATE); /* before the first */
    CHECK_NUMBER(s.lost, 1);
    CHECK_NUMBER(sequence_note(&s, 9, 9, true, 0), SEQUENCE_LATE);
    CHECK_NUMBER(s.lost, 0);
    sequence_clear(&s);
}

static void test_far(void)
{
    struct sequence s = { 0 };
    sequence_note(&s, 1, 1, false, 0);
    CHECK_NUMBER(sequence_note(&s, 4000000000u, 2, false, 0), SEQUENCE_NEW); /* not verified: a new count */
    CHECK_NUMBER(s.lost, 0);
    CHECK_NUMBER(sequence_note(&s, 1, 2, false, 0), SEQUENCE_NEW);
    sequence_clear(&s);
    sequence_note(&s, 1, 1, true, 0);
    sequence_note(&s, 200001, 2, true, 0);
    CHECK_NUMBER(s.lost, 199999);
    sequence_clear(&s);
}

/* What no ICV proved, and the first that one does: where it does not lie among them, the count begins with it. */
static void test_proven(void)
{
    static const struct {
        uint64_t unproven, first;
        uint64_t lost;
    } rows[] = {
        { 0xffffff00, 1, 0 }, { 1, 0xffffff00, 0 }, { 1, 66, 0 },    { 66, 1, 0 },
        { 1, 65, 63 },        { 65, 1, 63 },        { 1, 60000, 0 }, { 0xfffffffe, UINT64_C(0x4ffffffff), 0 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sequence s = { 0 };
        sequence_note(&s, rows[i].unproven, 1, false, 0);
        sequence_note(&s, rows[i].first, 2, true, 0);
        CHECK_NUMBER(s.lost, rows[i].lost);
        CHECK_NUMBER(sequence_note(&s, s.highest + 1, 3, true, 0), SEQUENCE_NEW);
        CHECK_NUMBER(sequence_note(&s, s.highest + 100, 4, true, 0), SEQUENCE_NEW); /* both are proven: they were lost */
        CHECK_NUMBER(s.lost, rows[i].lost + 99);
        sequence_clear(&s);
    }
}

static void test_bounds(void)
{
    struct sequence s = { 0 };
    for (uint64_t i = 1; i <= 20000; i += 2)
        sequence_note(&s, i, i, true, 0);
    CHECK_NUMBER(s.lost, 9999);
    CHECK(s.gap_count <= 1024 && s.ring_size <= 2048);
    CHECK_NUMBER(sequence_note(&s, 19998, 7, true, 0), SEQUENCE_LATE);
    CHECK_NUMBER(sequence_note(&s, 1, 1, true, 0), SEQUENCE_COPY); /* out of the ring: seen, taken for the same */
    sequence_clear(&s);
    /* Everything twice, behind the ring's reach. */
    for (uint64_t i = 1; i <= 10000; i++)
        CHECK_NUMBER(sequence_note(&s, i, i, true, 0), SEQUENCE_NEW);
    CHECK_NUMBER(sequence_note(&s, 5, 5, true, 0), SEQUENCE_COPY);
    CHECK_NUMBER(s.lost, 0);
    sequence_clear(&s);
    /* As many gaps as are kept, and one more before them all: that one is given up, and no other. */
    for (uint64_t i = 0; i <= 1024; i++)
        sequence_note(&s, 100000 + 2 * i, i + 1, true, 0);
    CHECK_NUMBER(sequence_note(&s, 99990, 7, true, 0), SEQUENCE_LATE);
    CHECK_NUMBER(s.gap_count, 1024);
    CHECK_NUMBER(s.lost, 1024 + 9);
    CHECK_NUMBER(sequence_note(&s, 100001, 8, true, 0), SEQUENCE_LATE);
    sequence_clear(&s);
}

static void test_two_captures(void)
{
    struct sequence s = { 0 };
    sequence_note(&s, 1, 1, true, 0);
    sequence_note(&s, 2, 2, true, 0);
    sequence_note(&s, 4, 4, true, 0);
    CHECK_NUMBER(sequence_note(&s, 1, 1, true, 1), SEQUENCE_ELSEWHERE);
    CHECK_NUMBER(sequence_note(&s, 3, 3, true, 1), SEQUENCE_LATE);
    CHECK_NUMBER(sequence_note(&s, 5, 5, true, 1), SEQUENCE_NEW);
    CHECK_NUMBER(sequence_note(&s, 5, 5, true, 1), SEQUENCE_COPY);
    sequence_clear(&s);
}

int main(void)
{
    test_order();
    test_far();
    test_proven();
    test_bounds();
    test_two_captures();
    CHECK(sequence_near(5, 6) == 6);
    CHECK(sequence_near(0xfffffff0u, 3) == UINT64_C(0x100000003));
    CHECK(sequence_near(UINT64_C(0x100000003), 0xfffffff0u) == 0xfffffff0u);
    CHECK(sequence_near(UINT64_C(0x500000003), 7) == UINT64_C(0x500000007));
    CHECK(sequence_near(3, 0xfffffff0u) == 0xfffffff0u);
    CHECK(sequence_near(UINT64_MAX, 0) == UINT64_C(0xffffffff00000000));
    return TEST_REPORT();
}
