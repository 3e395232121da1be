/* Mutations of whole payloads of an IKE message, beside libFuzzer's own of octets: payloads that go, come twice, change places or types, and
 * contents that are mutated while the lengths around them stay right; those inside of an SK payload, too, whose cipher is taken to be the
 * null one (RFC 7296, sections 3.1, 3.2 and 3.14). */
#ifndef IKESCOPE_TESTS_MESSAGES_OF_H
#define IKESCOPE_TESTS_MESSAGES_OF_H

#include <stdint.h>
#include <string.h>

#include "model/iana.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

enum { MESSAGES_HEADER = 28, MESSAGES_PAYLOADS = 24, MESSAGES_MOST = 1 << 14, MESSAGES_GROWS = 32 };

struct messages_payload {
    uint8_t type, flags;
    uint16_t len; /* of its contents */
    uint8_t *at;
};

struct messages_chain {
    struct messages_payload payloads[MESSAGES_PAYLOADS];
    size_t count, rest; /* rest: octets behind the last payload */
};

static size_t messages_any(uint32_t *seed, size_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return below ? (*seed >> 8) % below : 0;
}

static void messages_read(struct messages_chain *c, uint8_t type, uint8_t *at, size_t len)
{
    c->count = 0;
    while (type && c->count < MESSAGES_PAYLOADS && len >= 4) {
        const size_t all = (size_t)at[2] << 8 | at[3];
        if (all < 4 || all > len)
            break;
        c->payloads[c->count++] = (struct messages_payload){ type, at[1], (uint16_t)(all - 4), at + 4 };
        type = type == PAYLOAD_SK || type == PAYLOAD_SKF ? 0 : at[0]; /* what it names is inside */
        at += all;
        len -= all;
    }
    c->rest = len;
}

/* Writes the chain behind a place that names its first payload's type; how many octets. last: what the last one names. */
static size_t messages_write(const struct messages_chain *c, uint8_t *names, uint8_t *out, size_t most, uint8_t last)
{
    size_t len = 0;
    for (size_t i = 0; i < c->count && len + 4 + c->payloads[i].len <= most; i++) {
        const struct messages_payload *p = &c->payloads[i];
        *names = p->type;
        names = out + len;
        out[len + 1] = p->flags;
        out[len + 2] = (uint8_t)((p->len + 4) >> 8);
        out[len + 3] = (uint8_t)(p->len + 4);
        memcpy(out + len + 4, p->at, p->len);
        len += 4u + p->len;
    }
    *names = last;
    return len;
}

static void messages_alter(struct messages_chain *c, uint32_t *seed, uint8_t *room)
{
    static const uint8_t types[] = { PAYLOAD_SA,    PAYLOAD_KE,     PAYLOAD_IDI,    PAYLOAD_CERT,   PAYLOAD_AUTH,
                                     PAYLOAD_NONCE, PAYLOAD_NOTIFY, PAYLOAD_DELETE, PAYLOAD_VENDOR, PAYLOAD_TSI,
                                     PAYLOAD_TSR,   PAYLOAD_CP,     PAYLOAD_EAP };
    const size_t which = messages_any(seed, c->count), other = messages_any(seed, c->count);
    struct messages_payload *p = &c->payloads[which], whole = *p;
    switch (messages_any(seed, 6)) {
    case 0:
        memmove(p, p + 1, (--c->count - which) * sizeof *p);
        break;
    case 1:
        if (c->count < MESSAGES_PAYLOADS)
            c->payloads[c->count++] = whole;
        break;
    case 2:
        *p = c->payloads[other];
        c->payloads[other] = whole;
        break;
    case 3:
        p->type = types[messages_any(seed, sizeof types)];
        break;
    default:
        if (p->len + MESSAGES_GROWS > MESSAGES_MOST)
            return;
        memcpy(room, p->at, p->len);
        p->len = (uint16_t)LLVMFuzzerMutate(room, p->len, p->len + MESSAGES_GROWS);
        p->at = room;
    }
}

/* messages_mutate writes a mutation of the message to out, up to `most` octets; its length. A message that is none stays as it is. */
static size_t messages_mutate(uint8_t *message, size_t len, uint8_t *out, size_t most, uint32_t seed)
{
    static uint8_t room[MESSAGES_MOST + MESSAGES_GROWS], inside[MESSAGES_MOST];
    struct messages_chain outer, inner;
    if (len > most)
        return 0;
    memcpy(out, message, len);
    if (len < MESSAGES_HEADER || len > MESSAGES_MOST)
        return len;
    messages_read(&outer, message[16], message + MESSAGES_HEADER, len - MESSAGES_HEADER);
    if (outer.count == 0)
        return len;
    struct messages_payload *sealed = &outer.payloads[outer.count - 1];
    uint8_t last = 0;
    if (sealed->type == PAYLOAD_SK || sealed->type == PAYLOAD_SKF) {
        const size_t skip = sealed->type == PAYLOAD_SKF && sealed->len >= 4
                                ? 4
                                : 0; /* the fragment's number and how many there are */
        last = sealed->at[-4];
        messages_read(&inner, last, sealed->at + skip, sealed->len - skip);
        if (inner.count && messages_any(&seed, 4)) {
            const size_t rest = inner.rest;
            const uint8_t *behind = sealed->at + sealed->len - rest;
            messages_alter(&inner, &seed, room);
            memcpy(inside, sealed->at, skip);
            size_t n = skip + messages_write(&inner, &last, inside + skip, sizeof inside - skip - rest, 0);
            memcpy(inside + n, behind, rest);
            sealed->at = inside;
            sealed->len = (uint16_t)(n + rest);
        }
    } else {
        messages_alter(&outer, &seed, room);
    }
    const size_t n = MESSAGES_HEADER + messages_write(&outer, out + 16, out + MESSAGES_HEADER, most - MESSAGES_HEADER, last);
    for (int i = 0; i < 4; i++)
        out[24 + i] = (uint8_t)(n >> 8 * (3 - i));
    return n;
}

#endif
