/* What lives on in fresh memory is known there as it was: which SAs were made last, how many there were and how many of these
 * were condensed, whom a late line may be about. */
#include "analysis/forget.h"

#include "test.h"

enum { SAS = LAST_MADE + 16 };

static struct spi named(uint64_t n)
{
    return spi_of(n, 16);
}

static void test_compact(void)
{
    struct model *m = model_create();
    struct associations a;
    model_add_input(m, TEXT("r1"), TEXT("r1"));
    associations_init(&a, m);
    for (uint64_t n = 1; n <= SAS; n++) {
        associations_make(&a, named(n), named(1000 + n), 0);
        associations_quiet(&a);
    }
    struct ike_sa *gone = associations_find(&a, named(SAS), named(1000 + SAS));
    forget_let_go(&a, gone, SA_DELETED);
    const uint32_t quiet = a.quiet;
    CHECK(quiet > 0 && quiet < SAS);
    for (unsigned round = 0; round < 2; round++) {
        const struct ike_sa *before = a.recent[(SAS - 2) % LAST_MADE];
        forget_compact(&a);
        CHECK(a.recent[(SAS - 2) % LAST_MADE] != before);
        CHECK_NUMBER(a.made, SAS);
        CHECK_NUMBER(a.quiet, quiet);
        CHECK_NUMBER(m->ike_sa_count, SAS - 1);
        for (uint64_t n = SAS - LAST_MADE + 1; n < SAS; n++) {
            CHECK(a.recent[(n - 1) % LAST_MADE] == associations_find(&a, named(n), named(1000 + n)));
            CHECK_NUMBER(a.recent[(n - 1) % LAST_MADE]->spi_i.value, n);
        }
        CHECK(!a.recent[(SAS - 1) % LAST_MADE]);
        CHECK_NUMBER(a.let_go_count, 1);
        CHECK_NUMBER(a.let_go[0].spi_i, SAS);
        CHECK_NUMBER(a.let_go[0].spi_r, 1000 + SAS);
        CHECK_NUMBER(a.history_count, 1);
        CHECK(a.history[0] && a.history[0]->spi_i.value == SAS);
    }
    associations_make(&a, named(SAS + 1), named(0), 0); /* the next one goes on with the count */
    associations_quiet(&a);
    CHECK_NUMBER(a.quiet, quiet + 1);
    associations_clear(&a);
    model_destroy(m);
}

int main(void)
{
    test_compact();
    return TEST_REPORT();
}
