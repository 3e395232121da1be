#include "base/map.h"

#include "base/platform.h"

enum { FIRST_SLOTS = 64 };

/* Made before main(), and so before there is a second thread. */
static struct {
    uint64_t begin, step, end;
} secret;

__attribute__((constructor)) static void make_secret(void)
{
    platform_random(&secret, sizeof secret);
    secret.step |= 1;
    secret.end |= 1;
}

/* Both halves of the product: which octets of a key cancel each other's doing out hangs on the factor, and so on the secret. */
static uint64_t fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ const unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    const uint64_t low = a & UINT32_MAX, high = a >> 32, of_low = b & UINT32_MAX, of_high = b >> 32;
    const uint64_t middle = high * of_low + (low * of_low >> 32), cross = low * of_high + (middle & UINT32_MAX);
    return a * b ^ (high * of_high + (middle >> 32) + (cross >> 32));
#endif
}

/* The last few octets, as a number; an empty key may have no place at all. */
static uint64_t rest_of(struct bytes key, size_t i)
{
    uint64_t v = 0;
    for (; i < key.len; i++)
        v = v << 8 | key.at[i];
    return v;
}

uint64_t hash_bytes(struct bytes key)
{
    uint64_t h = secret.begin ^ key.len;
    size_t i = 0;
    for (; i + 8 <= key.len; i += 8) {
        uint64_t v;
        memcpy(&v, key.at + i, 8);
        h = fold(h ^ v, secret.step);
    }
    return fold(h ^ rest_of(key, i), secret.end);
}

uint64_t hash_lasting(struct bytes key)
{
    uint64_t h = 0x9e3779b97f4a7c15u ^ key.len;
    size_t i = 0;
    for (; i + 8 <= key.len; i += 8) {
        uint64_t v;
        memcpy(&v, key.at + i, 8);
        h = (h ^ v) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    h = (h ^ rest_of(key, i)) * 0xc4ceb9fe1a85ec53u;
    h ^= h >> 29;
    h *= 0x94d049bb133111ebu;
    return h ^ h >> 32;
}

static bool same(const struct map_entry *e, struct bytes key)
{
    return e->key.len == key.len && (key.len == 0 || memcmp(e->key.at, key.at, key.len) == 0);
}

static struct map_slot slot_for(uint64_t hash, size_t entry)
{
    return (struct map_slot){ (uint32_t)entry + 1, (uint32_t)(hash >> 32) };
}

static size_t place(const struct map *m, uint64_t hash, struct bytes key)
{
    size_t mask = m->slot_count - 1, at = hash & mask;
    while (m->slots[at].entry && !(m->slots[at].hash == hash >> 32 && same(&m->entries[m->slots[at].entry - 1], key)))
        at = (at + 1) & mask;
    return at;
}

static void grow(struct map *m)
{
    size_t slots = m->slot_count ? m->slot_count * 2 : FIRST_SLOTS;
    memory_free(m->slots);
    m->slots = memory_take(slots * sizeof *m->slots);
    m->slot_count = slots;
    for (size_t i = 0; i < m->count; i++) {
        size_t at = m->entries[i].hash & (slots - 1);
        while (m->slots[at].entry)
            at = (at + 1) & (slots - 1);
        m->slots[at] = slot_for(m->entries[i].hash, i);
    }
}

void map_clear(struct map *m)
{
    memory_free(m->entries);
    memory_free(m->slots);
    *m = (struct map){ 0 };
}

void *map_find(const struct map *m, struct bytes key)
{
    if (m->count == 0)
        return NULL;
    uint32_t entry = m->slots[place(m, hash_bytes(key), key)].entry;
    return entry ? m->entries[entry - 1].value : NULL;
}

void map_put(struct map *m, struct bytes key, void *value)
{
    if ((m->count + 1) * 2 > m->slot_count)
        grow(m);
    uint64_t hash = hash_bytes(key);
    size_t at = place(m, hash, key);
    if (m->slots[at].entry) {
        struct map_entry *e = &m->entries[m->slots[at].entry - 1];
        e->value = value;
        if (value)
            e->key = key; /* the old key may die with the old value */
        return;
    }
    if (!value)
        return;
    if (m->count == m->room) {
        m->room = m->room ? m->room * 2 : FIRST_SLOTS / 2;
        m->entries = memory_grow(m->entries, m->room * sizeof *m->entries);
    }
    m->slots[at] = slot_for(hash, m->count);
    m->entries[m->count++] = (struct map_entry){ key, value, hash };
}

const char *names_intern(struct names *names, struct text t)
{
    const char *known = map_find(&names->map, bytes_of_text(t));
    if (known)
        return known;
    struct text copy = arena_text(names->arena, t);
    map_put(&names->map, bytes_of_text(copy), (void *)(uintptr_t)copy.at);
    return copy.at;
}
