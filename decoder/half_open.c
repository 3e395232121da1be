#include "decoder/half_open.h"

#include "base/limits.h"
#include "base/map.h"
#include "model/keyring.h"

enum { BUCKETS = 1 << 16 };

static struct half_open **bucket(const struct half_opens *all, uint64_t spi_i)
{
    return &all->at[hash_bytes(bytes_over(&spi_i, sizeof spi_i)) % BUCKETS];
}

struct half_open *half_open_find(const struct half_opens *all, uint64_t spi_i)
{
    struct half_open *h = all->at ? *bucket(all, spi_i) : NULL;
    while (h && h->spi_i != spi_i)
        h = h->alike;
    return h;
}

void half_open_drop(struct half_opens *all, struct half_open *h)
{
    struct half_open **at = bucket(all, h->spi_i);
    while (*at != h)
        at = &(*at)->alike;
    *at = h->alike;
    *(h->older ? &h->older->newer : &all->oldest) = h->newer;
    *(h->newer ? &h->newer->older : &all->newest) = h->older;
    all->octets -= h->len + sizeof *h;
    memory_free(h->octets);
    memory_free(h);
}

struct half_open *half_open_keep(struct half_opens *all, struct model *m, uint64_t spi_i, struct bytes request)
{
    struct half_open *h = half_open_find(all, spi_i);
    if (h)
        half_open_drop(all, h);
    if (!all->at)
        all->at = memory_take(BUCKETS * sizeof(struct half_open *));
    while (all->oldest && all->octets + request.len + sizeof *h > limits_value(&m->limits, OVER_HALF_OPEN)) {
        if (m->keyring && keyring_count(m->keyring))
            limits_over(&m->limits, OVER_HALF_OPEN, 1);
        half_open_drop(all, all->oldest);
    }
    h = memory_take(sizeof *h);
    h->spi_i = spi_i;
    h->octets = memory_take(request.len + 1);
    h->len = request.len;
    memcpy(h->octets, request.at, request.len);
    struct half_open **at = bucket(all, spi_i);
    h->alike = *at;
    *at = h;
    h->older = all->newest;
    *(all->newest ? &all->newest->newer : &all->oldest) = h;
    all->newest = h;
    all->octets += h->len + sizeof *h;
    return h;
}

void half_opens_clear(struct half_opens *all)
{
    while (all->oldest)
        half_open_drop(all, all->oldest);
    memory_free(all->at);
    all->at = NULL;
}
