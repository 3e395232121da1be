#include "model/keyring.h"

#include "base/limits.h"
#include "base/map.h"
#include "base/platform.h"

enum { PAGES = 1 << 16 };

struct pages {                 /* locked memory, filled from the front, wiped as a whole */
    struct pages *next;
    size_t size, used;
    uint8_t *at;
};

struct ike_bucket {            /* keys of one initiator SPI; 0: of any */
    uint64_t spi_i;
    const struct ike_key *keys[64];
    uint32_t count;
};

struct esp_bucket {
    uint32_t spi;
    struct esp_bucket *more;   /* next block of the same SPI */
    const struct esp_key *keys[4];
    uint32_t count;
};

struct keyring {
    struct arena *arena;
    struct pages *pages;
    struct ike_key *ike, *ike_last;
    struct esp_key *esp, *esp_last;
    struct dh_key *dh, *dh_last;
    struct psk_key *psk, *psk_last;
    struct ppk_key *ppk, *ppk_last;
    struct map ike_by_spi, esp_by_spi;
    struct esp_bucket *esp_wild;
    size_t count;
};

struct keyring *keyring_create(void)
{
    struct keyring *k = memory_take(sizeof *k);
    k->arena = arena_create();
    return k;
}

void keyring_destroy(struct keyring *k)
{
    if (!k)
        return;
    while (k->pages) {
        struct pages *p = k->pages;
        k->pages = p->next;
        platform_secret_release(p->at, p->size);
        memory_free(p);
    }
    map_clear(&k->ike_by_spi);
    map_clear(&k->esp_by_spi);
    arena_destroy(k->arena);
    memory_free(k);
}

struct secret keyring_hold(struct keyring *k, struct bytes octets)
{
    if (octets.len == 0)
        return (struct secret){ NULL, 0 };
    if (!k->pages || k->pages->size - k->pages->used < octets.len) {
        struct pages *p = memory_take(sizeof *p);
        p->size = octets.len > PAGES ? octets.len : PAGES;
        p->at = platform_secret_pages(&p->size);
        p->next = k->pages;
        k->pages = p;
    }
    uint8_t *at = k->pages->at + k->pages->used;
    memcpy(at, octets.at, octets.len);
    k->pages->used += octets.len;
    return (struct secret){ at, octets.len };
}

void secret_wipe(void *at, size_t len)
{
    platform_wipe(at, len);
}

bool secret_equal(struct secret a, struct secret b)
{
    uint8_t differ = 0;
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        differ |= a.at[i] ^ b.at[i];
    return differ == 0;
}

static bool room(struct keyring *k)
{
    return k->count < LIMIT_KEYS && ++k->count;
}

static bool same_ike(const struct ike_key *a, const struct ike_key *b)
{
    return spi_equal(a->spi_i, b->spi_i) && spi_equal(a->spi_r, b->spi_r) && a->encr_id == b->encr_id && secret_equal(a->sk_ei, b->sk_ei) &&
           secret_equal(a->sk_er, b->sk_er) && secret_equal(a->sk_d, b->sk_d) && secret_equal(a->sk_ai, b->sk_ai);
}

void keyring_add_ike(struct keyring *k, const struct ike_key *key)
{
    struct ike_bucket *b = map_find(&k->ike_by_spi, bytes_over(&key->spi_i.value, sizeof key->spi_i.value));
    for (uint32_t i = 0; b && i < b->count; i++)
        if (same_ike(b->keys[i], key))
            return; /* both ends' logs tell the same */
    if (!room(k))
        return;
    struct ike_key *copy = arena_new(k->arena, struct ike_key);
    *copy = *key;
    copy->next = NULL;
    if (k->ike_last)
        k->ike_last->next = copy;
    else
        k->ike = copy;
    k->ike_last = copy;
    if (!b) {
        b = arena_new(k->arena, struct ike_bucket);
        b->spi_i = key->spi_i.value;
        map_put(&k->ike_by_spi, bytes_over(&b->spi_i, sizeof b->spi_i), b);
    }
    if (b->count < sizeof b->keys / sizeof b->keys[0])
        b->keys[b->count++] = copy;
}

static bool same_esp(const struct esp_key *a, const struct esp_key *b)
{
    return a->spi == b->spi && a->encr_id == b->encr_id && a->integ_id == b->integ_id && secret_equal(a->encr, b->encr) && secret_equal(a->integ, b->integ) &&
           address_compare(a->source, b->source) == 0 && address_compare(a->destination, b->destination) == 0;
}

static void esp_put(struct keyring *k, struct esp_bucket *first, const struct esp_key *key)
{
    struct esp_bucket *b = first;
    while (b->count == sizeof b->keys / sizeof b->keys[0]) {
        if (!b->more)
            b->more = arena_new(k->arena, struct esp_bucket);
        b = b->more;
    }
    b->keys[b->count++] = key;
}

void keyring_add_esp(struct keyring *k, const struct esp_key *key)
{
    struct esp_bucket *b = map_find(&k->esp_by_spi, bytes_over(&key->spi, sizeof key->spi));
    for (struct esp_bucket *at = b; at && key->spi_mask == UINT32_MAX; at = at->more)
        for (uint32_t i = 0; i < at->count; i++)
            if (same_esp(at->keys[i], key))
                return;
    if (!room(k))
        return;
    struct esp_key *copy = arena_new(k->arena, struct esp_key);
    *copy = *key;
    copy->next = NULL;
    if (k->esp_last)
        k->esp_last->next = copy;
    else
        k->esp = copy;
    k->esp_last = copy;
    if (key->spi_mask != UINT32_MAX) {
        if (!k->esp_wild)
            k->esp_wild = arena_new(k->arena, struct esp_bucket);
        esp_put(k, k->esp_wild, copy);
        return;
    }
    if (!b) {
        b = arena_new(k->arena, struct esp_bucket);
        b->spi = key->spi;
        map_put(&k->esp_by_spi, bytes_over(&b->spi, sizeof b->spi), b);
    }
    esp_put(k, b, copy);
}

void keyring_add_dh(struct keyring *k, const struct dh_key *key)
{
    for (const struct dh_key *d = k->dh; d; d = d->next)
        if (spi_equal(d->spi_i, key->spi_i) && spi_equal(d->spi_r, key->spi_r) && d->is_private == key->is_private && secret_equal(d->secret, key->secret))
            return;
    if (!room(k))
        return;
    struct dh_key *copy = arena_new(k->arena, struct dh_key);
    *copy = *key;
    copy->next = NULL;
    if (k->dh_last)
        k->dh_last->next = copy;
    else
        k->dh = copy;
    k->dh_last = copy;
}

void keyring_add_psk(struct keyring *k, const struct psk_key *key)
{
    if (!room(k))
        return;
    struct psk_key *copy = arena_new(k->arena, struct psk_key);
    *copy = *key;
    copy->next = NULL;
    if (key->id.at)
        copy->id = arena_text(k->arena, key->id);
    if (k->psk_last)
        k->psk_last->next = copy;
    else
        k->psk = copy;
    k->psk_last = copy;
}

void keyring_add_ppk(struct keyring *k, const struct ppk_key *key)
{
    if (!room(k))
        return;
    struct ppk_key *copy = arena_new(k->arena, struct ppk_key);
    *copy = *key;
    copy->next = NULL;
    if (key->id.at)
        copy->id = arena_text(k->arena, key->id);
    if (k->ppk_last)
        k->ppk_last->next = copy;
    else
        k->ppk = copy;
    k->ppk_last = copy;
}

const struct ike_key *keyring_ike(const struct keyring *k) { return k->ike; }
const struct esp_key *keyring_esp(const struct keyring *k) { return k->esp; }
const struct dh_key *keyring_dh(const struct keyring *k) { return k->dh; }
const struct psk_key *keyring_psk(const struct keyring *k) { return k->psk; }
const struct ppk_key *keyring_ppk(const struct keyring *k) { return k->ppk; }
size_t keyring_count(const struct keyring *k) { return k->count; }

static bool ike_fits(const struct ike_key *key, struct spi spi_r)
{
    return !spi_known(key->spi_r) || !spi_known(spi_r) || key->spi_r.value == spi_r.value;
}

const struct ike_key *keyring_find_ike(const struct keyring *k, struct spi spi_i, struct spi spi_r, const struct ike_key *after)
{
    bool past = after == NULL;
    uint64_t any = 0;
    const uint64_t *const spis[] = { &spi_i.value, &any };
    for (int s = 0; s < 2; s++) {
        const struct ike_bucket *b = map_find(&k->ike_by_spi, bytes_over(spis[s], sizeof *spis[s]));
        for (uint32_t i = 0; b && i < b->count; i++) {
            if (past && ike_fits(b->keys[i], spi_r))
                return b->keys[i];
            past |= b->keys[i] == after;
        }
    }
    return NULL;
}

static bool address_fits(struct address want, const uint8_t *mask, struct address seen)
{
    if (want.family == ADDRESS_NONE)
        return true;
    if (want.family != seen.family)
        return false;
    for (size_t i = 0; i < address_length(want); i++)
        if ((want.octets[i] ^ seen.octets[i]) & mask[i])
            return false;
    return true;
}

static bool esp_fits(const struct esp_key *key, uint32_t spi, struct address source, struct address destination)
{
    return (spi & key->spi_mask) == key->spi && address_fits(key->source, key->source_wild, source) &&
           address_fits(key->destination, key->destination_wild, destination);
}

const struct esp_key *keyring_find_esp(const struct keyring *k, uint32_t spi, struct address source, struct address destination, const struct esp_key *after)
{
    bool past = after == NULL;
    const struct esp_bucket *const lists[] = { map_find(&k->esp_by_spi, bytes_over(&spi, sizeof spi)), k->esp_wild };
    for (int l = 0; l < 2; l++)
        for (const struct esp_bucket *b = lists[l]; b; b = b->more)
            for (uint32_t i = 0; i < b->count; i++) {
                if (past && esp_fits(b->keys[i], spi, source, destination))
                    return b->keys[i];
                past |= b->keys[i] == after;
            }
    return NULL;
}
