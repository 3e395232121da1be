#include "decoder/datagrams.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"

enum { BUCKETS = 1024, PAYLOAD_LARGEST = 65535 };
static const int64_t patience_ns = 120 * INT64_C(1000000000); /* RFC 1122 section 3.3.2: at most two minutes */

struct datagrams {
    struct datagram *buckets[BUCKETS];
    struct datagram *oldest, *newest;
    uint32_t count;
    void (*drop)(void *context, struct datagram *d, bool evicted);
    void *context;
};

void frame_list_add(struct frame_list *l, const uint32_t *frames, uint32_t count)
{
    if (l->count + count > l->room) {
        while (l->count + count > l->room)
            l->room = l->room ? l->room * 2 : 4;
        l->at = memory_grow(l->at, l->room * sizeof *l->at);
    }
    for (uint32_t i = 0; i < count; i++)
        l->at[l->count++] = frames[i];
}

void frame_list_clear(struct frame_list *l)
{
    memory_free(l->at);
    *l = (struct frame_list){ 0 };
}

struct datagrams *datagrams_create(void (*drop)(void *context, struct datagram *d, bool evicted), void *context)
{
    struct datagrams *t = memory_take(sizeof *t);
    t->drop = drop;
    t->context = context;
    return t;
}

void datagram_free(struct datagram *d)
{
    if (!d)
        return;
    for (struct piece *p = d->pieces; p;) {
        struct piece *next = p->next;
        memory_free(p);
        p = next;
    }
    memory_free(d->headers);
    frame_list_clear(&d->frames);
    memory_free(d);
}

static void unlink_datagram(struct datagrams *t, struct datagram *d)
{
    struct datagram **at = &t->buckets[d->bucket];
    while (*at != d)
        at = &(*at)->chain;
    *at = d->chain;
    if (d->older)
        d->older->newer = d->newer;
    else
        t->oldest = d->newer;
    if (d->newer)
        d->newer->older = d->older;
    else
        t->newest = d->older;
    t->count--;
}

static void give_up(struct datagrams *t, struct datagram *d, bool evicted)
{
    unlink_datagram(t, d);
    t->drop(t->context, d, evicted);
    datagram_free(d);
}

/* Could a fragment that comes now still be one of its? */
static bool waits(const struct datagram *d, int64_t ns)
{
    return ns - d->ns <= patience_ns && d->ns - ns <= patience_ns;
}

static struct datagram *create(struct datagrams *t, const uint8_t *key, uint32_t bucket, const struct ip *ip, int64_t ns)
{
    if (t->count >= LIMIT_IP_DATAGRAMS)
        give_up(t, t->oldest, waits(t->oldest, ns));
    struct datagram *d = memory_take(sizeof *d);
    memcpy(d->key, key, sizeof d->key);
    d->bucket = bucket;
    d->ns = ns;
    d->version = ip->version;
    d->chain = t->buckets[bucket];
    t->buckets[bucket] = d;
    d->older = t->newest;
    if (t->newest)
        t->newest->newer = d;
    else
        t->oldest = d;
    t->newest = d;
    t->count++;
    return d;
}

static struct datagram *find(struct datagrams *t, const struct ip *ip, int64_t ns)
{
    uint8_t key[40] = { ip->version, ip->version == 4 ? ip->protocol : 0 };
    for (int i = 0; i < 4; i++)
        key[2 + i] = (uint8_t)(ip->id >> (24 - 8 * i));
    memcpy(key + 8, ip->source.at, ip->source.len);
    memcpy(key + 24, ip->destination.at, ip->destination.len);
    const uint32_t bucket = (uint32_t)(hash_bytes(bytes_over(key, sizeof key)) % BUCKETS);
    for (struct datagram *d = t->buckets[bucket]; d; d = d->chain) {
        if (memcmp(d->key, key, sizeof key) != 0)
            continue;
        if (waits(d, ns))
            return d;
        give_up(t, d, false);
        break;
    }
    return create(t, key, bucket, ip, ns);
}

enum placing { PLACED, REPEATED, CONFLICT };

static enum placing place(struct datagram *d, const struct ip *ip)
{
    const uint32_t start = ip->offset, captured = (uint32_t)ip->payload.len, length = captured + (uint32_t)ip->missing;
    struct piece *before = d->last && d->last->start < start ? d->last : NULL;
    if (!before)
        for (struct piece *p = d->pieces; p && p->start < start; p = p->next)
            before = p;
    struct piece *const after = before ? before->next : d->pieces;
    if (after && after->start == start && after->length == length) {
        const uint32_t both = captured < after->captured ? captured : after->captured;
        return both == 0 || memcmp(after->octets, ip->payload.at, both) == 0 ? REPEATED : CONFLICT;
    }
    if ((before && before->start + before->length > start) || (after && start + length > after->start))
        return CONFLICT;
    struct piece *p = memory_take(sizeof *p + captured);
    *p = (struct piece){ .next = after, .start = start, .length = length, .captured = captured };
    if (captured)
        memcpy(p->octets, ip->payload.at, captured);
    if (before)
        before->next = p;
    else
        d->pieces = p;
    if (!after)
        d->last = p;
    d->held += length;
    d->piece_count++;
    return PLACED;
}

/* The headers of the whole: those of its first fragment, without what said that it is one. */
static void keep_headers(struct datagram *d, const struct ip *ip)
{
    d->headers_len = ip->version == 4 ? ip->header : ip->fragment_header;
    d->headers = memory_take(d->headers_len);
    memcpy(d->headers, ip->packet.at, d->headers_len);
    if (ip->version == 4)
        d->headers[6] = d->headers[7] = 0;
    else
        d->headers[ip->naming] = ip->protocol;
}

enum fragment_fate datagrams_add(struct datagrams *t, const struct ip *ip, int64_t ns, const uint32_t *frames, uint32_t count,
                                 struct datagram **whole)
{
    struct datagram *d = find(t, ip, ns);
    frame_list_add(&d->frames, frames, count);
    *whole = d;
    const size_t length = ip->payload.len + ip->missing, end = ip->offset + length;
    const bool impossible = length == 0 || end > PAYLOAD_LARGEST || (ip->more && length % 8 != 0);
    const bool contradicts = d->has_total && (end > d->total || (!ip->more && end != d->total));
    const bool behind_end = !ip->more && d->last && d->last->start + d->last->length > end;
    const bool endless = d->piece_count >= LIMIT_IP_FRAGMENTS || d->frames.count >= 4 * LIMIT_IP_FRAGMENTS;
    if (impossible || contradicts || behind_end || endless || place(d, ip) == CONFLICT) {
        unlink_datagram(t, d);
        return endless ? FRAGMENT_EXCEEDS : FRAGMENT_SPOILS;
    }
    if (ip->offset == 0 && !d->headers)
        keep_headers(d, ip);
    if (!ip->more) {
        d->total = (uint32_t)end;
        d->has_total = true;
    }
    if (!d->has_total || d->held != d->total)
        return FRAGMENT_WAITS;
    unlink_datagram(t, d);
    return FRAGMENT_COMPLETES;
}

uint8_t *datagram_packet(const struct datagram *d, size_t *len, size_t *missing)
{
    const size_t room = d->headers_len + d->held;
    uint8_t *packet = memory_take(room ? room : 1);
    size_t at = d->headers_len, sent = d->headers_len + (d->has_total ? d->total : d->held);
    if (at)
        memcpy(packet, d->headers, at);
    bool whole = true;
    for (const struct piece *p = d->pieces; p && whole; p = p->next) {
        if (p->start + d->headers_len != at)
            break;
        if (p->captured)
            memcpy(packet + at, p->octets, p->captured);
        at += p->captured;
        whole = p->captured == p->length;
    }
    *len = at;
    *missing = sent > at ? sent - at : 0;
    const size_t says = d->version == 4 ? sent : sent - 40;
    if (at >= 20 && says <= 0xffff) {
        packet[d->version == 4 ? 2 : 4] = (uint8_t)(says >> 8);
        packet[d->version == 4 ? 3 : 5] = (uint8_t)says;
    }
    return packet;
}

void datagrams_flush(struct datagrams *t)
{
    while (t->oldest)
        give_up(t, t->oldest, false);
}

void datagrams_destroy(struct datagrams *t)
{
    if (!t)
        return;
    while (t->oldest) {
        struct datagram *d = t->oldest;
        unlink_datagram(t, d);
        datagram_free(d);
    }
    memory_free(t);
}
