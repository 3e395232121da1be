#include "model/keyring.h"

#include "base/limits.h"
#include "base/map.h"
#include "base/platform.h"

enum { PAGES = 1 << 16 };

struct pages { /* locked memory, filled from the front, wiped as a whole */
    struct pages *next;
    size_t size, used;
    uint8_t *at;
};

struct bucket {   /* the keys of one index value, linked by `same` in order of arrival */
    uint64_t spi; /* initiator SPI of an IKE SA */
    void *first, *last;
};

/* What ESP keys of one shape say of an SA: the same bits of its SPI and addresses. So each shape has one place for an SA. */
struct esp_shape {
    struct esp_shape *next;
    uint32_t spi_mask;
    uint8_t families[2], masks[2][16]; /* family NONE: any address */
    struct map keys;                   /* struct bucket by a struct esp_place's octets */
};

struct esp_place {
    uint8_t octets[36];
};

struct keyring {
    struct arena *arena;
    struct pages *pages;
    struct ike_key *ike, *ike_last;
    struct esp_key *esp, *esp_last;
    struct dh_key *dh, *dh_last;
    struct psk_key *psk, *psk_last;
    struct ppk_key *ppk, *ppk_last;
    struct map ike_by_spi;        /* struct bucket */
    struct map known;             /* all keys, by a digest of what makes two of them the same */
    struct map dh_by_spi;         /* struct bucket: by the initiator's, else the responder's; 0 neither */
    struct esp_shape *esp_shapes; /* those with a whole SPI first */
    size_t esp_shape_count;
    size_t count, offered;
    struct limits *limits;
};

struct keyring *keyring_create(struct limits *limits)
{
    struct keyring *k = memory_take(sizeof *k);
    k->limits = limits;
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
    for (struct esp_shape *s = k->esp_shapes; s; s = s->next)
        map_clear(&s->keys);
    map_clear(&k->known);
    map_clear(&k->dh_by_spi);
    arena_destroy(k->arena);
    memory_free(k);
}

static void add_pages(struct keyring *k, size_t least)
{
    struct pages *p = memory_take(sizeof *p);
    p->size = least > PAGES ? least : PAGES;
    p->at = platform_secret_pages(&p->size);
    p->next = k->pages;
    k->pages = p;
}

void keyring_prepare(struct keyring *k)
{
    if (!k->pages)
        add_pages(k, PAGES);
}

struct secret keyring_hold(struct keyring *k, struct bytes octets)
{
    if (octets.len == 0)
        return (struct secret){ NULL, 0 };
    if (!k->pages || k->pages->size - k->pages->used < octets.len)
        add_pages(k, octets.len);
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
    return limits_room(k->limits, OVER_KEYS, k->count) && ++k->count;
}

/* The bucket of a value, made where there is none. */
static struct bucket *bucket_of(struct keyring *k, struct map *m, uint64_t spi)
{
    struct bucket *b = map_find(m, bytes_over(&spi, sizeof spi));
    if (!b) {
        b = arena_new(k->arena, struct bucket);
        b->spi = spi;
        map_put(m, bytes_over(&b->spi, sizeof b->spi), b);
    }
    return b;
}

/* Appends a copy of *key to the list LIST (ike, esp, dh, psk, ppk) and gives it. */
#define APPEND(k, type, list, key)                                                                                               \
    struct type *copy = arena_new((k)->arena, struct type);                                                                      \
    *copy = *(key);                                                                                                              \
    copy->next = NULL;                                                                                                           \
    if ((k)->list##_last)                                                                                                        \
        (k)->list##_last->next = copy;                                                                                           \
    else                                                                                                                         \
        (k)->list = copy;                                                                                                        \
    (k)->list##_last = copy

/* ---- which are there ---- */

enum key_kind { KIND_IKE = 1, KIND_ESP, KIND_DH, KIND_PSK, KIND_PPK };

static uint64_t mixed(uint64_t digest, struct bytes what)
{
    const uint64_t both[2] = { digest, hash_bytes(what) };
    return hash_bytes(bytes_over(both, sizeof both));
}

static uint64_t mixed_secrets(uint64_t digest, const struct secret *const *secrets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        digest = mixed(digest, bytes_over(secrets[i]->at, secrets[i]->len));
    return digest;
}

static struct bytes address_bytes(const struct address *a)
{
    return bytes_over(a->octets, address_length(*a));
}

static void *known_as(const struct keyring *k, uint64_t digest)
{
    return map_find(&k->known, bytes_over(&digest, sizeof digest));
}

static void now_known(struct keyring *k, uint64_t digest, void *key)
{
    uint64_t *at = arena_new(k->arena, uint64_t);
    *at = digest;
    map_put(&k->known, bytes_over(at, sizeof *at), key);
}

/* ---- kind by kind ---- */

#define JOIN(type, bucket, key)                                                                                                  \
    do {                                                                                                                         \
        struct type *last_ = (bucket)->last;                                                                                     \
        (key)->same = NULL;                                                                                                      \
        if (last_)                                                                                                               \
            last_->same = (key);                                                                                                 \
        else                                                                                                                     \
            (bucket)->first = (key);                                                                                             \
        (bucket)->last = (key);                                                                                                  \
    } while (0)

static bool same_ike(const struct ike_key *a, const struct ike_key *b)
{
    return spi_equal(a->spi_i, b->spi_i) && spi_equal(a->spi_r, b->spi_r) && a->encr_id == b->encr_id && a->prf_id == b->prf_id &&
           a->integ_id == b->integ_id && a->integ_none == b->integ_none && secret_equal(a->sk_ar, b->sk_ar) &&
           secret_equal(a->sk_ei, b->sk_ei) && secret_equal(a->sk_er, b->sk_er) && secret_equal(a->sk_d, b->sk_d) &&
           secret_equal(a->sk_ai, b->sk_ai) && secret_equal(a->sk_pi, b->sk_pi) && secret_equal(a->sk_pr, b->sk_pr);
}

void keyring_add_ike(struct keyring *k, const struct ike_key *key)
{
    k->offered++;
    const struct secret *const secrets[] = { &key->sk_d, &key->sk_ei, &key->sk_er, &key->sk_ai, &key->sk_pi, &key->sk_pr };
    const uint64_t own[] = { KIND_IKE,    key->spi_i.value, key->spi_r.value, key->encr_id,
                             key->prf_id, key->integ_id,    key->integ_none };
    const uint64_t digest = mixed_secrets(hash_bytes(bytes_over(own, sizeof own)), secrets, COUNT_OF(secrets));
    const struct ike_key *known = known_as(k, digest);
    if ((known && same_ike(known, key)) || !room(k)) /* both ends' logs tell the same */
        return;
    APPEND(k, ike_key, ike, key);
    now_known(k, digest, copy);
    JOIN(ike_key, bucket_of(k, &k->ike_by_spi, key->spi_i.value), copy);
}

static bool same_esp(const struct esp_key *a, const struct esp_key *b)
{
    return a->spi == b->spi && a->protocol == b->protocol && a->encr_id == b->encr_id && a->integ_id == b->integ_id &&
           a->icv_bits == b->icv_bits && !(a->has_esn && b->has_esn && a->esn != b->esn) && secret_equal(a->encr, b->encr) &&
           secret_equal(a->integ, b->integ) && address_compare(a->source, b->source) == 0 &&
           address_compare(a->destination, b->destination) == 0;
}

static struct esp_place place_of(const struct esp_shape *s, uint32_t spi, const struct address *const ends[2])
{
    struct esp_place p = { 0 };
    spi &= s->spi_mask;
    memcpy(p.octets, &spi, sizeof spi);
    for (size_t end = 0; end < 2; end++)
        for (size_t i = 0; s->families[end] && i < 16; i++)
            p.octets[4 + 16 * end + i] = ends[end]->octets[i] & s->masks[end][i];
    return p;
}

/* NULL: there are too many. */
static struct esp_shape *shape_of(struct keyring *k, const struct esp_key *key)
{
    struct esp_shape want = { .spi_mask = key->spi_mask, .families = { key->source.family, key->destination.family } };
    memcpy(want.masks[0], key->source_wild, address_length(key->source));
    memcpy(want.masks[1], key->destination_wild, address_length(key->destination));
    struct esp_shape **at = &k->esp_shapes;
    for (; *at && ((*at)->spi_mask == UINT32_MAX || want.spi_mask != UINT32_MAX); at = &(*at)->next)
        if ((*at)->spi_mask == want.spi_mask && memcmp((*at)->families, want.families, sizeof want.families) == 0 &&
            memcmp((*at)->masks, want.masks, sizeof want.masks) == 0)
            return *at;
    if (!limits_room(k->limits, OVER_KEY_SHAPES, k->esp_shape_count))
        return NULL;
    k->esp_shape_count++;
    struct esp_shape *made = arena_new(k->arena, struct esp_shape);
    *made = want;
    made->next = *at;
    return *at = made;
}

static struct bucket *esp_bucket(struct keyring *k, struct esp_shape *s, const struct esp_key *key)
{
    const struct address *const ends[2] = { &key->source, &key->destination };
    const struct esp_place p = place_of(s, key->spi, ends);
    struct bucket *b = map_find(&s->keys, bytes_over(p.octets, sizeof p.octets));
    if (!b) {
        b = arena_new(k->arena, struct bucket);
        map_put(&s->keys, arena_bytes(k->arena, bytes_over(p.octets, sizeof p.octets)), b);
    }
    return b;
}

void keyring_add_esp(struct keyring *k, const struct esp_key *key)
{
    k->offered++;
    const bool wild = key->spi_mask != UINT32_MAX;
    const struct secret *const secrets[] = { &key->encr, &key->integ };
    const uint64_t own[] = { KIND_ESP, key->spi, key->protocol, key->encr_id, key->integ_id, key->icv_bits };
    uint64_t digest = mixed_secrets(hash_bytes(bytes_over(own, sizeof own)), secrets, COUNT_OF(secrets));
    digest = mixed(mixed(digest, address_bytes(&key->source)), address_bytes(&key->destination));
    const struct esp_key *known = wild ? NULL : known_as(k, digest);
    if (known && same_esp(known, key))
        return;
    struct esp_shape *s = shape_of(k, key);
    if (!s || !room(k))
        return;
    APPEND(k, esp_key, esp, key);
    if (!wild)
        now_known(k, digest, copy);
    copy->shape = s;
    JOIN(esp_key, esp_bucket(k, s, key), copy);
}

static bool same_dh(const struct dh_key *a, const struct dh_key *b)
{
    return spi_equal(a->spi_i, b->spi_i) && spi_equal(a->spi_r, b->spi_r) && a->is_private == b->is_private &&
           secret_equal(a->secret, b->secret);
}

/* The SPI that a secret is found by: 0 where it names none. */
static uint64_t dh_spi(const struct dh_key *key)
{
    return spi_known(key->spi_i) ? key->spi_i.value : spi_known(key->spi_r) ? key->spi_r.value : 0;
}

void keyring_add_dh(struct keyring *k, const struct dh_key *key)
{
    k->offered++;
    const uint64_t own[] = { KIND_DH, key->spi_i.value, key->spi_r.value, key->is_private };
    const uint64_t digest = mixed(hash_bytes(bytes_over(own, sizeof own)), bytes_over(key->secret.at, key->secret.len));
    const struct dh_key *known = known_as(k, digest);
    if ((known && same_dh(known, key)) || !room(k))
        return;
    APPEND(k, dh_key, dh, key);
    now_known(k, digest, copy);
    copy->ordinal = k->count;
    struct bucket *b = bucket_of(k, &k->dh_by_spi, dh_spi(key));
    if (b->last)
        ((struct dh_key *)b->last)->spi_next = copy;
    else
        b->first = copy;
    b->last = copy;
}

void keyring_add_psk(struct keyring *k, const struct psk_key *key)
{
    k->offered++;
    const uint64_t digest = mixed(mixed(mixed(KIND_PSK, bytes_over(key->psk.at, key->psk.len)), bytes_of_text(key->id)),
                                  address_bytes(&key->address));
    const struct psk_key *known = known_as(k, digest);
    if ((known && secret_equal(known->psk, key->psk) && text_equal(known->id, key->id) &&
         address_compare(known->address, key->address) == 0) ||
        !room(k))
        return;
    APPEND(k, psk_key, psk, key);
    if (key->id.at)
        copy->id = arena_text(k->arena, key->id);
    now_known(k, digest, copy);
}

void keyring_add_ppk(struct keyring *k, const struct ppk_key *key)
{
    k->offered++;
    const uint64_t digest = mixed(mixed(KIND_PPK, bytes_over(key->ppk.at, key->ppk.len)), bytes_of_text(key->id));
    const struct ppk_key *known = known_as(k, digest);
    if ((known && secret_equal(known->ppk, key->ppk) && text_equal(known->id, key->id)) || !room(k)) /* told at each use */
        return;
    APPEND(k, ppk_key, ppk, key);
    if (key->id.at)
        copy->id = arena_text(k->arena, key->id);
    now_known(k, digest, copy);
}

const struct ike_key *keyring_ike(const struct keyring *k)
{
    return k->ike;
}
const struct esp_key *keyring_esp(const struct keyring *k)
{
    return k->esp;
}
const struct dh_key *keyring_dh(const struct keyring *k)
{
    return k->dh;
}
const struct psk_key *keyring_psk(const struct keyring *k)
{
    return k->psk;
}
const struct ppk_key *keyring_ppk(const struct keyring *k)
{
    return k->ppk;
}
bool keyring_opens(const struct keyring *k)
{
    return k && (k->ike || k->esp || k->dh);
}

size_t keyring_count(const struct keyring *k)
{
    return k->count;
}
size_t keyring_offered(const struct keyring *k)
{
    return k->offered;
}

static bool ike_fits(const struct ike_key *key, struct spi spi_r)
{
    return !spi_known(key->spi_r) || !spi_known(spi_r) || key->spi_r.value == spi_r.value;
}

const struct ike_key *keyring_find_ike(const struct keyring *k, struct spi spi_i, struct spi spi_r, const struct ike_key *after)
{
    /* First those of this SPI, then those of any: a log may tell keys and not whose they are. */
    const uint64_t spis[] = { spi_i.value, 0 };
    for (int s = after && after->spi_i.value == 0; s < 2; s++) {
        const struct bucket *b = map_find(&k->ike_by_spi, bytes_over(&spis[s], sizeof spis[s]));
        for (const struct ike_key *key = after ? after->same : b ? b->first : NULL; key; key = key->same)
            if (ike_fits(key, spi_r))
                return key;
        after = NULL;
        if (spis[s] == 0)
            break;
    }
    return NULL;
}

const struct dh_key *keyring_find_dh(const struct keyring *k, const uint64_t *spis, size_t count, const struct dh_key *after)
{
    const struct dh_key *best = NULL;
    for (size_t i = 0; i <= count; i++) {
        uint64_t spi = i < count ? spis[i] : 0;
        const struct bucket *b = map_find(&k->dh_by_spi, bytes_over(&spi, sizeof spi));
        const struct dh_key *key = b ? b->first : NULL;
        if (key && after && dh_spi(after) == spi)
            key = after; /* it stands in this bucket */
        while (key && after && key->ordinal <= after->ordinal)
            key = key->spi_next;
        if (key && (!best || key->ordinal < best->ordinal))
            best = key;
    }
    return best;
}

const struct esp_key *keyring_find_esp(const struct keyring *k, uint32_t spi, struct address source, struct address destination,
                                       const struct esp_key *after)
{
    const struct address *const ends[2] = { &source, &destination };
    if (after && after->same)
        return after->same;
    for (const struct esp_shape *s = after ? after->shape->next : k->esp_shapes; s; s = s->next) {
        if ((s->families[0] && s->families[0] != source.family) || (s->families[1] && s->families[1] != destination.family))
            continue;
        const struct esp_place p = place_of(s, spi, ends);
        const struct bucket *b = map_find(&s->keys, bytes_over(p.octets, sizeof p.octets));
        if (b)
            return b->first;
    }
    return NULL;
}
