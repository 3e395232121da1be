/*
 * The IKE message: header, payload chain, the sealed part.
 *
 *    0                   8                  16   17  18  19   20          24        28
 *   | initiator's SPI   | responder's SPI  |next|ver|exch|flags|message id| length | payloads ...
 */
#include "decoder/ike.h"

#include "base/limits.h"
#include "decoder/decoder.h"
#include "decoder/payload.h"

enum {
    GENERIC_HEADER = 4,
    SKF_HEADER = 4, /* fragment number and total, behind the generic header */
    CRITICAL = 0x80,
    IKEV1_ENCRYPTED = 0x01, /* flag of RFC 2408 section 3.1 */
    IKEV1_TYPE_VENDOR = 13
};

struct header {
    uint64_t spi_i, spi_r;
    uint32_t message_id, length;
    uint8_t next, version, exchange, flags;
};

static bool read_header(struct cursor *c, struct header *h)
{
    h->spi_i = cursor_u64(c);
    h->spi_r = cursor_u64(c);
    h->next = cursor_u8(c);
    h->version = cursor_u8(c);
    h->exchange = cursor_u8(c);
    h->flags = cursor_u8(c);
    h->message_id = cursor_u32(c);
    h->length = cursor_u32(c);
    return cursor_ok(c);
}

static unsigned major(uint8_t version)
{
    return version >> 4;
}

/* ---- The chain ---- */

struct chain {
    struct arena *arena;
    struct message *m;
    struct cursor in;
    struct payload **tail;
    size_t count;
    uint8_t next;
    bool encrypted, cut; /* cut: the capture ends before the message does */
};

/* IKEv1 is named, not read: of its payloads, the type, and whose vendor id it is. */
static void read_payload1(struct chain *c, struct bytes body, size_t offset, struct payload *p)
{
    struct facts out = facts_into(c->arena, &p->facts);
    fact_code(&out, "payload", REGISTRY_PAYLOAD1, p->type);
    const char *vendor = p->type == IKEV1_TYPE_VENDOR ? vendor_name(body) : NULL;
    if (vendor)
        fact_text(&out, "vendor", text_of(vendor));
    if (body.len) {
        struct fact *data = fact_octets(&out, "data", body);
        data->offset = (uint32_t)offset;
        data->length = (uint32_t)body.len;
    }
}

/* What lies inside begins with this; of IKE fragments the first one alone tells (RFC 7383 section 2.5). */
static void read_inner(struct chain *c, struct payload *p, uint8_t next)
{
    uint64_t fragment = 1;
    (void)fact_get_number(p->facts, "fragment", &fragment);
    if (fragment != 1)
        return;
    c->m->knows_inner = true;
    c->m->inner_first = next;
    struct fact **end = &p->facts;
    while (*end)
        end = &(*end)->next;
    struct facts more = facts_into(c->arena, end);
    fact_code(&more, "next_payload", REGISTRY_PAYLOAD, next);
}

/* Takes one payload off the chain; false at its end. */
static bool step(struct chain *c)
{
    bool old = major(c->m->version) == 1;
    if (c->next == 0 || c->in.failed)
        return false;
    if (c->in.left.len == 0 && c->cut)
        return false;
    if (c->count++ >= LIMIT_PAYLOADS) {
        c->m->over |= limit_bit(OVER_PAYLOADS);
        c->m->malformed = true;
        return false;
    }
    struct payload *p = arena_new(c->arena, struct payload);
    p->type = c->next;
    p->encrypted = c->encrypted;
    uint8_t next = cursor_u8(&c->in);
    p->critical = !old && (cursor_u8(&c->in) & CRITICAL);
    if (old)
        cursor_skip(&c->in, 1);
    uint16_t length = cursor_u16(&c->in);
    if (c->in.failed) { /* the chain names a payload, and there is not even its header */
        if (!c->cut)
            c->m->malformed = true;
        return false;
    }
    *c->tail = p;
    c->tail = &p->next;
    p->length = length;
    size_t want = length < GENERIC_HEADER ? 0 : length - (size_t)GENERIC_HEADER;
    bool contradiction = length < GENERIC_HEADER || (want > c->in.left.len && !c->cut);
    bool short_of = want > c->in.left.len;
    size_t offset = c->in.offset;
    struct bytes body = cursor_take(&c->in, short_of ? c->in.left.len : want);
    if (old)
        read_payload1(c, body, offset, p);
    else
        payload_read(c->arena, body, offset, !c->encrypted, c->m, p);
    if (contradiction)
        p->malformed = true;
    else if (short_of)
        p->malformed = false; /* not its sender's fault */
    if (p->malformed)
        c->m->malformed = true;
    /* SK and SKF are last; what their next payload names lies inside. */
    bool last = !old && (p->type == PAYLOAD_SK || p->type == PAYLOAD_SKF);
    if (last)
        read_inner(c, p, next);
    c->next = last || contradiction || short_of ? PAYLOAD_NONE : next;
    return true;
}

static void walk(struct chain *c)
{
    while (step(c))
        ;
    if (!c->in.failed && c->in.left.len)
        c->m->malformed = true; /* octets behind the last payload */
}

/* ---- Messages ---- */

static void note_sealed(struct message *m)
{
    for (const struct payload *p = m->payloads; p; p = p->next) {
        if (p->type != PAYLOAD_SK && p->type != PAYLOAD_SKF)
            continue;
        m->protection = p->type == PAYLOAD_SK ? PROTECTION_SK : PROTECTION_SKF;
        m->decryption = DECRYPTION_NO_KEY;
        uint64_t number = 0;
        if (fact_get_number(p->facts, "fragment", &number))
            m->fragment = (uint8_t)(number > UINT8_MAX ? UINT8_MAX : number);
        if (fact_get_number(p->facts, "fragments", &number))
            m->fragments = (uint8_t)(number > UINT8_MAX ? UINT8_MAX : number);
        return;
    }
}

bool ike_decode(struct arena *arena, struct bytes octets, struct message *m)
{
    struct header h;
    struct cursor c = cursor_over(octets);
    struct message fresh = { .source = m->source, .destination = m->destination, .direction = m->direction };
    *m = fresh;
    if (!read_header(&c, &h))
        return false;
    m->spi_i = spi_of(h.spi_i, 16);
    m->spi_r = spi_of(h.spi_r, 16);
    m->exchange = h.exchange;
    m->version = h.version;
    m->flags = h.flags;
    m->message_id = h.message_id;
    m->length = h.length;
    m->has_flags = m->has_message_id = true;
    m->decryption = DECRYPTION_CLEAR;
    m->octets = octets;
    if (h.length < IKE_HEADER) {
        m->malformed = true;
        return true;
    }
    m->truncated = h.length > octets.len;
    if (h.length < octets.len)
        m->octets.len = h.length;
    c.left.len = m->octets.len - IKE_HEADER;

    if (major(h.version) == 1 && (h.flags & IKEV1_ENCRYPTED)) {
        m->decryption = DECRYPTION_NO_KEY;
    } else if (major(h.version) == 1 || major(h.version) == 2) {
        struct chain chain = { .arena = arena, .m = m, .in = c, .tail = &m->payloads, .next = h.next, .cut = m->truncated };
        walk(&chain);
        if (major(h.version) == 2)
            note_sealed(m);
    }
    message_digest(m, arena);
    return true;
}

bool decoder_message(struct arena *arena, struct bytes octets, struct message *m)
{
    return ike_decode(arena, octets, m);
}

/* ---- The sealed part ---- */

bool ike_sealed(struct bytes octets, struct sealed *s)
{
    struct header h;
    struct cursor c = cursor_over(octets);
    *s = (struct sealed){ 0 };
    if (!read_header(&c, &h) || major(h.version) != 2 || h.length < IKE_HEADER || h.length > octets.len)
        return false;
    c.left.len = h.length - (size_t)IKE_HEADER;
    uint8_t type = h.next;
    for (size_t count = 0; type != PAYLOAD_NONE && count < LIMIT_PAYLOADS; count++) {
        uint8_t next = cursor_u8(&c);
        cursor_skip(&c, 1);
        uint16_t length = cursor_u16(&c);
        if (c.failed || length < GENERIC_HEADER)
            return false;
        if (type == PAYLOAD_SK || type == PAYLOAD_SKF) {
            struct cursor body = cursor_child(&c, length - (size_t)GENERIC_HEADER);
            s->protection = type == PAYLOAD_SK ? PROTECTION_SK : PROTECTION_SKF;
            s->first = next;
            if (type == PAYLOAD_SKF) {
                s->fragment = cursor_u16(&body);
                s->fragments = cursor_u16(&body);
            }
            s->aad = bytes_over(octets.at, body.offset);
            s->body = body.left;
            s->covered = bytes_over(octets.at, body.offset + body.left.len);
            return cursor_ok(&body);
        }
        cursor_skip(&c, length - (size_t)GENERIC_HEADER);
        type = next;
    }
    return false;
}

/* Reads a chain of payloads from plaintext and appends them at *tail, marked as encrypted; gives the tail behind them.
 * Contradictions mark m->malformed. The plaintext is copied where facts need it. */
static struct payload **ike_decode_chain(struct arena *arena, uint8_t first_payload, struct bytes plaintext, struct message *m,
                                         struct payload **tail)
{
    struct chain chain = {
        .arena = arena, .m = m, .in = cursor_over(plaintext), .tail = tail, .next = first_payload, .encrypted = true
    };
    walk(&chain);
    return chain.tail;
}

void ike_unseal(struct arena *arena, uint8_t first_payload, struct bytes plaintext, struct message *m)
{
    struct payload **at = &m->payloads;
    while (*at && (*at)->type != PAYLOAD_SK && (*at)->type != PAYLOAD_SKF)
        at = &(*at)->next;
    struct payload *behind = *at ? (*at)->next : NULL;
    *at = NULL;
    at = ike_decode_chain(arena, first_payload, plaintext, m, at);
    *at = behind;
    m->decryption = DECRYPTION_DECRYPTED;
    message_digest(m, arena);
}
