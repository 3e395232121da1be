/* Sets of fragments in a table of chains, and in one list by last touch: the oldest makes room. */
#include "decoder/fragments.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/limits.h"

enum { BUCKETS = 1024 };
static const int64_t patience_ns = 600 *
                                   INT64_C(1000000000); /* who gets no answer asks again for several minutes: RFC 7296 2.4 */

struct piece {
    uint8_t *at;
    size_t len;
    uint32_t length; /* of its IKE message */
    bool there;
};

struct set {
    struct set *chained; /* in the bucket */
    struct set *older, *newer;
    uint64_t spi_i, spi_r;
    int64_t ns; /* when a piece came last */
    uint32_t message_id;
    uint8_t flags; /* initiator and response bits: the direction */
    uint8_t first;
    uint16_t total, have;
    size_t octets;
    bool complete;        /* pieces are gone; further ones are retransmissions */
    struct piece *pieces; /* total of them */
};

struct fragments {
    struct set *buckets[BUCKETS];
    struct set *oldest, *newest;
    size_t count;
    uint8_t *whole; /* the last one that was completed */
    size_t whole_len;
    struct limits *limits;
};

struct fragments *fragments_create(struct limits *limits)
{
    struct fragments *f = memory_take(sizeof *f);
    f->limits = limits;
    return f;
}

/* What is opened is secret, too. */
static void drop_octets(uint8_t *at, size_t len)
{
    if (at)
        crypto_wipe(at, len);
    memory_free(at);
}

static void drop_pieces(struct set *s)
{
    for (size_t i = 0; s->pieces && i < s->total; i++)
        drop_octets(s->pieces[i].at, s->pieces[i].len);
    memory_free(s->pieces);
    s->pieces = NULL;
    s->have = 0;
    s->octets = 0;
}

static size_t bucket_of(uint64_t spi_i, uint64_t spi_r, uint32_t message_id)
{
    uint64_t h = (spi_i ^ spi_r * 0x9e3779b97f4a7c15u ^ message_id) * 0xff51afd7ed558ccdu;
    return (size_t)(h >> 54) % BUCKETS;
}

static void unlink_age(struct fragments *f, struct set *s)
{
    *(s->older ? &s->older->newer : &f->oldest) = s->newer;
    *(s->newer ? &s->newer->older : &f->newest) = s->older;
    s->older = s->newer = NULL;
}

static void link_newest(struct fragments *f, struct set *s)
{
    s->older = f->newest;
    *(f->newest ? &f->newest->newer : &f->oldest) = s;
    f->newest = s;
}

static void remove_set(struct fragments *f, struct set *s)
{
    struct set **at = &f->buckets[bucket_of(s->spi_i, s->spi_r, s->message_id)];
    while (*at != s)
        at = &(*at)->chained;
    *at = s->chained;
    unlink_age(f, s);
    f->count--;
    drop_pieces(s);
    memory_free(s);
}

void fragments_destroy(struct fragments *f)
{
    if (!f)
        return;
    while (f->oldest)
        remove_set(f, f->oldest);
    drop_octets(f->whole, f->whole_len);
    memory_free(f);
}

/* Could a piece that comes now still be one of its? */
static bool waits(const struct set *s, int64_t ns)
{
    return !s->complete && ns - s->ns <= patience_ns && s->ns - ns <= patience_ns;
}

static struct set *find_set(struct fragments *f, const struct message *m, int64_t ns)
{
    uint8_t flags = m->flags & (MESSAGE_INITIATOR | MESSAGE_RESPONSE);
    struct set **bucket = &f->buckets[bucket_of(m->spi_i.value, m->spi_r.value, m->message_id)];
    for (struct set *s = *bucket; s; s = s->chained) {
        if (s->spi_i == m->spi_i.value && s->spi_r == m->spi_r.value && s->message_id == m->message_id && s->flags == flags) {
            unlink_age(f, s);
            link_newest(f, s);
            s->ns = ns;
            return s;
        }
    }
    if (f->count >= LIMIT_FRAGMENT_SETS) {
        limits_over(f->limits, OVER_FRAGMENT_SETS, waits(f->oldest, ns));
        remove_set(f, f->oldest);
    }
    struct set *s = memory_take(sizeof *s);
    s->spi_i = m->spi_i.value;
    s->spi_r = m->spi_r.value;
    s->message_id = m->message_id;
    s->flags = flags;
    s->ns = ns;
    s->chained = *bucket;
    *bucket = s;
    link_newest(f, s);
    f->count++;
    return s;
}

static void start(struct set *s, uint16_t total)
{
    drop_pieces(s);
    s->complete = false;
    s->first = 0;
    s->total = total;
    s->pieces = memory_take(total * sizeof *s->pieces);
}

static void finish(struct fragments *f, struct set *s, struct whole *whole)
{
    drop_octets(f->whole, f->whole_len);
    f->whole_len = s->octets;
    f->whole = memory_take(s->octets ? s->octets : 1);
    *whole = (struct whole){ .first = s->first, .fragments = (uint8_t)s->total, .plaintext = { f->whole, s->octets } };
    size_t at = 0;
    for (size_t i = 0; i < s->total; i++) {
        if (s->pieces[i].len)
            memcpy(f->whole + at, s->pieces[i].at, s->pieces[i].len);
        at += s->pieces[i].len;
        whole->length += s->pieces[i].length;
    }
    drop_pieces(s);
    s->complete = true;
}

enum fragment_result fragments_add(struct fragments *f, const struct message *m, int64_t ns, const struct sealed *s,
                                   struct bytes plaintext, struct whole *whole)
{
    *whole = (struct whole){ 0 };
    if (s->protection != PROTECTION_SKF || s->fragment == 0 || s->fragment > s->fragments)
        return FRAGMENT_REFUSED;
    if (!limits_room(f->limits, OVER_FRAGMENTS, s->fragments - 1u))
        return FRAGMENT_REFUSED;
    struct set *set = find_set(f, m, ns);
    if (s->fragments < set->total)
        return FRAGMENT_REFUSED;
    if (s->fragments > set->total)
        start(set, s->fragments); /* the sender found a smaller path MTU and began anew */
    if (set->complete)
        return FRAGMENT_REPEATED;
    struct piece *piece = &set->pieces[s->fragment - 1];
    if (piece->there)
        return FRAGMENT_REPEATED;
    if (!limits_room(f->limits, OVER_MESSAGE, set->octets + plaintext.len - (plaintext.len > 0)))
        return FRAGMENT_REFUSED;
    piece->there = true;
    piece->length = m->length;
    piece->len = plaintext.len;
    if (plaintext.len) {
        piece->at = memory_take(plaintext.len);
        memcpy(piece->at, plaintext.at, plaintext.len);
    }
    set->octets += plaintext.len;
    set->have++;
    if (s->fragment == 1)
        set->first = s->first;
    if (set->have < set->total)
        return FRAGMENT_WAITING;
    finish(f, set, whole);
    return FRAGMENT_COMPLETE;
}
