/* Requests that wait for their answer: one for an SPI, the oldest give way, and that is told where keys are there to miss it. */
#include "decoder/half_open.h"

#include "base/limits.h"
#include "test.h"

static uint8_t octets[1000];

int main(void)
{
    struct model *m = model_create();
    struct half_opens all = { 0 };
    CHECK(!half_open_find(&all, 1));
    for (uint64_t spi = 1; spi <= 3; spi++) {
        octets[0] = (uint8_t)spi;
        half_open_keep(&all, m, spi, bytes_over(octets, 100));
    }
    octets[0] = 99; /* the request was copied */
    for (uint64_t spi = 1; spi <= 3; spi++)
        CHECK_NUMBER(half_open_find(&all, spi)->octets[0], spi);
    /* sent again: the later one stands in its place, and is the newest */
    half_open_keep(&all, m, 1, bytes_over(octets, 50));
    CHECK_NUMBER(half_open_find(&all, 1)->len, 50);
    CHECK_NUMBER(all.oldest->spi_i, 2);
    CHECK_NUMBER(all.newest->spi_i, 1);
    CHECK_NUMBER(all.octets, 250 + 3 * sizeof(struct half_open));
    half_open_drop(&all, half_open_find(&all, 3)); /* from the middle */
    CHECK(!half_open_find(&all, 3) && half_open_find(&all, 2)->newer == half_open_find(&all, 1));
    /* a flood: memory ends at the limit, the newest are there */
    uint64_t most = limits_value(&m->limits, OVER_HALF_OPEN), count = most / sizeof octets;
    for (uint64_t spi = 10; spi < 10 + count; spi++)
        half_open_keep(&all, m, spi, bytes_over(octets, sizeof octets));
    CHECK(all.octets <= most);
    CHECK(!half_open_find(&all, 1) && !half_open_find(&all, 2) && !half_open_find(&all, 10));
    CHECK(half_open_find(&all, 10 + count - 1));
    size_t held = 0;
    for (const struct half_open *h = all.oldest; h; h = h->newer)
        held += h->len + sizeof *h;
    CHECK_NUMBER(held, all.octets);
    half_opens_clear(&all);
    CHECK_NUMBER(all.octets, 0);
    CHECK(!half_open_find(&all, 10 + count - 1));
    model_destroy(m);
    return TEST_REPORT();
}
