/* Child SAs are found through the index as a walk over all of them finds them, whatever became known of them in which order. */
#include "analysis/child_index.h"
#include "analysis/children.h"
#include "test.h"

static bool walked_may_be(const struct child_sa *c, struct spi i, struct spi r)
{
    const bool has_i = spi_known(c->spi_i), has_r = spi_known(c->spi_r), by_i = spi_known(i), by_r = spi_known(r);
    if (!by_i && !by_r)
        return !has_i && !has_r && !c->of_exchange;
    if (by_i && has_i && !spi_equal(c->spi_i, i))
        return false;
    if (by_r && has_r && !spi_equal(c->spi_r, r))
        return false;
    return (by_i && has_i) || (by_r && has_r) || (!(by_i && has_i) && !(by_r && has_r) && !has_i && !has_r && !c->of_exchange);
}

static struct child_sa *walked(const struct ike_sa *sa, struct spi i, struct spi r)
{
    for (struct child_sa *c = sa->children; c; c = c->sibling)
        if (walked_may_be(c, i, r))
            return c;
    return NULL;
}

static uint32_t state = 1;

static uint32_t below(uint32_t n)
{
    state = state * 1664525 + 1013904223;
    return (state >> 16) % n;
}

static struct spi any_spi(uint32_t of)
{
    return below(4) ? spi_of(1 + below(of), 8) : (struct spi){ 0 };
}

static void check_alike(uint32_t spis)
{
    struct model *m = model_create();
    struct ike_sa *sa = arena_new(m->run, struct ike_sa);
    sa->made_before = m->ike_sas_made;
    m->ike_sas_made = sa;
    unsigned differ = 0, found = 0;
    for (unsigned n = 0; n < 4000; n++) {
        struct spi i = any_spi(spis), r = any_spi(spis);
        struct child_sa *before = walked(sa, i, r);
        differ += before != child_index_find(sa, i, r);
        found += before != NULL;
        struct child_sa *c = child_with(m, sa, i, r, PROTOCOL_ESP);
        differ += before && c != before;
        if (!spi_known(c->spi_i) && !spi_known(c->spi_r)) { /* as a log's names alone make it */
            c->of_exchange = true;
            c->message_id = n;
            c->from = SIDE_INITIATOR;
            child_index_add(sa, c);
            differ += child_index_exchange(sa, &(struct exchange){ .message_id = n, .from = SIDE_INITIATOR }) != c;
        }
        if (spi_known(c->spi_r)) {
            const struct child_sa *first = sa->children;
            while (first->spi_r.value != c->spi_r.value)
                first = first->sibling;
            differ += child_index_receiver(sa, SIDE_RESPONDER, c->spi_r.value) != first;
        }
    }
    CHECK_NUMBER(differ, 0);
    CHECK(found > 100 && sa->child_count > 50);
    model_destroy(m);
}

/* What ended is passed over once. */
static void check_open(void)
{
    struct model *m = model_create();
    struct ike_sa *sa = arena_new(m->run, struct ike_sa);
    struct child_sa *last = NULL;
    sa->made_before = m->ike_sas_made;
    m->ike_sas_made = sa;
    for (unsigned n = 1; n <= 100; n++) {
        struct child_sa *c = child_with(m, sa, spi_of(n, 8), spi_of(n + 1000, 8), PROTOCOL_ESP);
        CHECK(child_index_open(sa) == (last ? last : c));
        if (last)
            last->rekeyed_by = c;
        CHECK(child_index_open(sa) == c);
        last = c;
    }
    last->initiator_deleted = true;
    CHECK(!child_index_open(sa));
    CHECK(child_index_open(sa) == NULL);
    struct child_sa *c = child_with(m, sa, spi_of(7000, 8), spi_of(7001, 8), PROTOCOL_ESP);
    CHECK(child_index_open(sa) == c);
    model_destroy(m);
}

int main(void)
{
    check_alike(60);
    check_alike(400);
    check_alike(5000);
    check_open();
    return TEST_REPORT();
}
