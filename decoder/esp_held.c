/*
 * Packets that came before the exchange that keys them: frames out of order, files of a ring in another order. They are
 * copied and kept, an SA's in order, until a key opens one of them or the captures end; up to LIMIT_HELD octets of all.
 */
#include "base/limits.h"
#include "decoder/esp_parts.h"

enum { IP_HEADER = 40 /* of the outer header: what a rebuilt packet needs */, TRIES = 8 };

struct held {
    struct held *next;
    struct packet packet;
    uint32_t number;
    uint8_t head; /* octets of the IP header, which stands first */
    size_t len;   /* of the ESP packet behind it */
    uint8_t octets[];
};

static struct attempt attempt_of(const struct esp_sa *sa, const struct held *h)
{
    return (struct attempt){
        .octets = { h->octets + h->head, h->len }, .packet = &h->packet, .spi = sa->flow->spi, .number = h->number
    };
}

static enum attempt_result attempt(struct esp *e, struct esp_sa *sa, struct attempt *a)
{
    return a->packet->truncated ? ATTEMPT_NO_KEY : esp_attempt(e, sa, a);
}

void esp_release(struct esp *e, struct esp_sa *sa)
{
    struct held *h = sa->held;
    sa->held = NULL;
    while (h) {
        struct held *next = h->next;
        struct attempt a = attempt_of(sa, h);
        esp_count(e, sa, &a, attempt(e, sa, &a));
        e->held -= sizeof *h + h->head + h->len;
        memory_free(h);
        h = next;
    }
}

void esp_held_clear(struct esp_sa *sa)
{
    for (struct held *h = sa->held, *next; h; h = next) {
        next = h->next;
        memory_free(h);
    }
    sa->held = NULL;
}

/* Those of an SA for which there is no more room are counted as they are, and what comes of it from now on. */
static void forgo(struct esp *e, struct esp_sa *sa)
{
    uint64_t count = 1;
    for (const struct held *h = sa->held; h; h = h->next)
        count++;
    limits_over(&e->model->limits, OVER_HELD, count);
    sa->forgone = true;
    esp_release(e, sa);
}

bool esp_hold(struct esp *e, struct esp_sa *sa, const struct attempt *a, uint8_t protocol)
{
    const struct keyring *ring = e->model->keyring;
    const struct packet *p = a->packet;
    if (protocol != PROTOCOL_ESP || sa->current || sa->forgone || !ring || (!keyring_ike(ring) && !keyring_dh(ring)) ||
        (p->truncated && !sa->held))
        return false;
    const size_t head = p->ip.len < IP_HEADER ? p->ip.len : IP_HEADER, size = sizeof(struct held) + head + a->octets.len;
    if (e->held + size > limits_value(&e->model->limits, OVER_HELD)) {
        forgo(e, sa);
        return false;
    }
    struct held *h = memory_grow(NULL, size);
    *h = (struct held){ .packet = *p, .number = a->number, .head = (uint8_t)head, .len = a->octets.len };
    if (head)
        memcpy(h->octets, p->ip.at, head);
    memcpy(h->octets + head, a->octets.at, a->octets.len);
    h->packet.ip = bytes_over(h->octets, head);
    h->packet.frames = &h->packet.frame;
    h->packet.frame_count = 1;
    *(sa->held ? sa->held_tail : &sa->held) = h;
    sa->held_tail = &h->next;
    e->held += size;
    return true;
}

void esp_hold_offered(struct esp *e, struct esp_sa *sa)
{
    unsigned tries = 0;
    for (const struct held *h = sa->held; h && !sa->current && tries < TRIES; h = h->next, tries++) {
        struct attempt a = attempt_of(sa, h);
        attempt(e, sa, &a);
    }
    if (sa->current)
        esp_release(e, sa);
}
