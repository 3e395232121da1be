/* Header, payload chain, the sealed part, and what stands in its place once it is open. */
#include "decoder/ike.h"

#include "base/limits.h"
#include "decoder/decoder.h"
#include "payloads.h"
#include "test.h"
#include "unit/decoder/facts.h"

struct bench {
    struct arena *arena;
    uint8_t octets[4096];
    size_t len;
};

/* A header of 28 octets and what follows, in hex; the length field is set. */
static struct bytes make(struct bench *b, const char *header, const char *payloads)
{
    b->len = text_unhex(text_of(header), b->octets, sizeof b->octets);
    CHECK_NUMBER(b->len, 24);
    size_t more = text_unhex(text_of(payloads), b->octets + 28, sizeof b->octets - 28);
    b->len = 28 + (more == TEXT_NOWHERE ? 0 : more);
    for (unsigned i = 0; i < 4; i++)
        b->octets[24 + i] = (uint8_t)(b->len >> (24 - 8 * i));
    return bytes_over(b->octets, b->len);
}

#define INIT  "1111111111111111 0000000000000000 28 20 22 08 00000000"
#define AUTH  "1111111111111111 2222222222222222 2e 20 23 08 00000001"
#define NONCE "00000014 00112233445566778899aabbccddeeff"

static void types_are(const struct message *m, const char *want)
{
    struct buffer b;
    buffer_init(&b, 4096);
    for (const struct payload *p = m->payloads; p; p = p->next)
        buffer_format(&b, "%s%u%s%s%s", p == m->payloads ? "" : " ", (unsigned)p->type, p->critical ? "!" : "",
                      p->malformed ? "?" : "", p->encrypted ? "*" : "");
    CHECK_TEXT(buffer_view(&b), want);
    buffer_clear(&b);
}

static void check_header(struct bench *b)
{
    struct message m = { .direction = DIRECTION_WIRE };
    struct bytes octets = make(b, INIT, NONCE);
    CHECK(ike_decode(b->arena, octets, &m));
    CHECK(!m.malformed && !m.truncated && m.decryption == DECRYPTION_CLEAR && m.direction == DIRECTION_WIRE);
    CHECK(m.spi_i.value == 0x1111111111111111 && m.spi_i.digits == 16 && !spi_known(m.spi_r));
    CHECK(m.exchange == EXCHANGE_IKE_SA_INIT && m.flags == 8 && m.version == 0x20 && m.has_message_id && m.has_flags);
    CHECK_NUMBER(m.length, 48);
    CHECK_NUMBER(m.nonce_length, 16);
    types_are(&m, "40");
    for (size_t shorter = 0; shorter < octets.len; shorter++) {
        uint8_t *at = exact(bytes_over(octets.at, shorter));
        struct message cut = { 0 };
        CHECK(ike_decode(b->arena, bytes_over(at, shorter), &cut) == (shorter >= 28));
        CHECK(shorter < 28 || (cut.truncated && !cut.malformed));
        free(at);
    }
    /* octets behind the message are not part of it */
    b->octets[48] = 0xff;
    CHECK(ike_decode(b->arena, bytes_over(b->octets, 49), &m));
    CHECK(!m.malformed && m.octets.len == 48);
    b->octets[27] = 27; /* a length that does not hold the header */
    CHECK(ike_decode(b->arena, bytes_over(b->octets, 48), &m) && m.malformed && !m.payloads);
    CHECK(decoder_message(b->arena, make(b, INIT, NONCE), &m));
}

static void check_chain(struct bench *b)
{
    struct message m = { 0 };
    /* unknown types are kept with their octets, critical or not */
    ike_decode(b->arena, make(b, INIT, "c8 00 0014 00112233445566778899aabbccddeeff 00 80 0006 abcd"), &m);
    types_are(&m, "40 200!");
    CHECK(!m.malformed);
    CHECK_TEXT(facts_text(b->arena, payload_of(&m, 200)->facts), "data=abcd");
    CHECK_NUMBER(payload_of(&m, 200)->facts->offset, 52);
    ike_decode(b->arena, make(b, INIT, "29 00 0014 00112233445566778899aabbccddeeff 00 00 0003"), &m);
    types_are(&m, "40 41?");
    CHECK(m.malformed);
    ike_decode(b->arena, make(b, INIT, "c8 00 0014 00112233445566778899aabbccddeeff 00 00 0003 ff"), &m);
    CHECK_TEXT(facts_text(b->arena, payload_of(&m, 200)->facts), ""); /* shorter than its header: nothing is its own */
    ike_decode(b->arena, make(b, INIT, "29 00 0014 00112233445566778899aabbccddeeff 00 00 00ff 00 00 4000"), &m);
    types_are(&m, "40 41?"); /* longer than the message; its start is read all the same */
    CHECK(m.malformed && message_notice(&m, NOTIFY_INITIAL_CONTACT));
    ike_decode(b->arena, make(b, INIT, "29 00 0014 00112233445566778899aabbccddeeff"), &m);
    types_are(&m, "40"); /* promises one more */
    CHECK(m.malformed);
    ike_decode(b->arena, make(b, INIT, "00 00 0014 00112233445566778899aabbccddeeff 00"), &m);
    types_are(&m, "40"); /* one octet left over */
    CHECK(m.malformed);
    ike_decode(b->arena, make(b, "1111111111111111 2222222222222222 00 20 25 20 00000007", ""), &m);
    types_are(&m, "");
    CHECK(!m.malformed && m.exchange == EXCHANGE_INFORMATIONAL && !m.has_sk);
    /* more payloads than the limit */
    ike_decode(b->arena, make(b, INIT, ""), &m);
    CHECK(m.malformed);
    size_t count = 900;
    for (size_t i = 0; i < count; i++)
        memcpy(b->octets + 28 + 4 * i, "\x2b\0\0\4", 4);
    b->octets[16] = PAYLOAD_VENDOR;
    b->octets[26] = (uint8_t)((28 + 4 * count) >> 8);
    b->octets[27] = (uint8_t)(28 + 4 * count);
    ike_decode(b->arena, bytes_over(b->octets, 28 + 4 * count), &m);
    CHECK(m.malformed && m.type_count == LIMIT_PAYLOADS);
}

static void check_sealed(struct bench *b)
{
    struct message m = { 0 };
    struct sealed s;
    struct bytes octets = make(b, AUTH, "23 00 000c 0102030405060708");
    ike_decode(b->arena, octets, &m);
    types_are(&m, "46");
    CHECK(m.protection == PROTECTION_SK && m.decryption == DECRYPTION_NO_KEY && m.has_sk && !m.malformed);
    CHECK(m.knows_inner && m.inner_first == PAYLOAD_IDI);
    CHECK(ike_sealed(octets, &s));
    CHECK(s.protection == PROTECTION_SK && s.first == PAYLOAD_IDI && s.aad.len == 32 && s.body.len == 8 && s.covered.len == 40);
    for (size_t shorter = 0; shorter < octets.len; shorter++)
        CHECK(!ike_sealed(bytes_over(octets.at, shorter), &s));
    CHECK(!ike_sealed(make(b, INIT, NONCE), &s));
    octets = make(b, AUTH, "23 00 0010 0102030405060708"); /* longer than the message, whatever stands behind that */
    CHECK(!ike_sealed(bytes_over(octets.at, octets.len + 8), &s));
    CHECK(!ike_sealed(make(b, AUTH, "23 00 0003 0102030405060708"), &s));
    CHECK(!ike_sealed(make(b, "1111111111111111 2222222222222222 2e 10 23 08 00000001", "23 00 000c 0102030405060708"), &s));
    CHECK(!ike_sealed(make(b, "1111111111111111 2222222222222222 2e 30 23 08 00000001", "23 00 000c 0102030405060708"), &s));
    octets = make(b, AUTH, "23 00 000c 0102030405060708");
    b->octets[27] = 27; /* a length that does not hold the header */
    CHECK(!ike_sealed(octets, &s));
    for (size_t in_front = LIMIT_PAYLOADS - 1; in_front <= LIMIT_PAYLOADS;
         in_front++) { /* the last that is looked at, and one more */
        for (size_t i = 0; i <= in_front; i++)
            memcpy(b->octets + 28 + 4 * i, i + 1 < in_front ? "\x2b\0\0\4" : "\x2e\0\0\4", 4);
        const size_t len = 28 + 4 * (in_front + 1);
        b->octets[16] = PAYLOAD_VENDOR;
        b->octets[26] = (uint8_t)(len >> 8);
        b->octets[27] = (uint8_t)len;
        CHECK(ike_sealed(bytes_over(b->octets, len), &s) == (in_front < LIMIT_PAYLOADS));
    }

    /* what was inside takes its place; the chain inside ends inside */
    uint8_t inner[] = { 41, 0, 0, 8, 11, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0x40, 0 };
    ike_decode(b->arena, make(b, AUTH, "27 00 000c 0102030405060708"), &m);
    ike_unseal(b->arena, PAYLOAD_AUTH, bytes_over(inner, sizeof inner), &m);
    types_are(&m, "39* 41*");
    CHECK(m.decryption == DECRYPTION_DECRYPTED && m.protection == PROTECTION_SK && !m.malformed && m.has_sk);
    CHECK(message_notice(&m, NOTIFY_INITIAL_CONTACT));
    ike_decode(b->arena, make(b, AUTH, "00 00 000c 0102030405060708"), &m);
    ike_unseal(b->arena, PAYLOAD_NONE, (struct bytes){ NULL, 0 }, &m);
    types_are(&m, ""); /* a keepalive */
    CHECK(!m.malformed);
    ike_decode(b->arena, make(b, AUTH, "27 00 000c 0102030405060708"), &m);
    ike_unseal(b->arena, PAYLOAD_AUTH, bytes_over(inner, 9), &m);
    types_are(&m, "39*");
    CHECK(m.malformed);
    /* a clear payload in front stays in front and is authenticated */
    octets = make(b, "1111111111111111 2222222222222222 29 20 23 08 00000001", "2e 00 0008 00 00 4000 35 00 0008 01020304");
    ike_decode(b->arena, octets, &m);
    types_are(&m, "41 46");
    CHECK(ike_sealed(octets, &s) && s.aad.len == 40 && s.body.len == 4);
    /* SKF */
    octets = make(b, "1111111111111111 2222222222222222 35 20 23 08 00000001", "24 00 000c 0001 0003 01020304");
    ike_decode(b->arena, octets, &m);
    CHECK(m.protection == PROTECTION_SKF && m.fragment == 1 && m.fragments == 3 && m.knows_inner && m.inner_first == 36);
    CHECK(ike_sealed(octets, &s) && s.fragment == 1 && s.fragments == 3 && s.aad.len == 36 && s.body.len == 4 && s.first == 36);
    for (size_t shorter = 0; shorter < octets.len; shorter++)
        CHECK(!ike_sealed(bytes_over(octets.at, shorter), &s));
    ike_decode(b->arena, make(b, "1111111111111111 2222222222222222 35 20 23 08 00000001", "00 00 000c 0002 0003 01020304"), &m);
    CHECK(m.fragment == 2 && !m.knows_inner); /* the first piece alone tells */
}

static void check_old(struct bench *b)
{
    struct message m = { 0 };
    struct sealed s;
    ike_decode(b->arena,
               make(b, "1111111111111111 0000000000000000 01 10 02 00 00000000",
                    "0d 00 0008 00000001 00 00 0014 afcad71368a1f1c96b8696fc77570100"),
               &m);
    types_are(&m, "1 13");
    CHECK(!m.malformed && m.version == 0x10);
    CHECK_TEXT(facts_text(b->arena, m.payloads->facts), "payload=SA data=00000001");
    CHECK_TEXT(fact_get_text(m.payloads->next->facts, "vendor"), "Dead Peer Detection (RFC 3706)");
    CHECK(!message_has_type(&m, PAYLOAD_SA));
    ike_decode(b->arena, make(b, "1111111111111111 2222222222222222 08 10 20 01 12345678", "00112233445566778899aabbccddeeff"),
               &m);
    CHECK(!m.malformed && !m.payloads && m.decryption == DECRYPTION_NO_KEY);
    CHECK(!ike_sealed(bytes_over(b->octets, b->len), &s));
    ike_decode(b->arena, make(b, "1111111111111111 2222222222222222 2e 30 23 08 00000001", "00112233"), &m);
    CHECK(!m.payloads && m.version == 0x30); /* of the future: header only */
}

static void check_nat(struct bench *b)
{
    /* SHA-1 of the SPIs, 192.0.2.1 and port 500, from `printf … | openssl sha1` */
    const char *source = "00 00 001c 00 00 4004 f6e3c7e4ba2c49f4496f95b26b1dbaeb66d6d0f7";
    struct message m = { 0 };
    endpoint_read(TEXT("192.0.2.1:500"), &m.source);
    ike_decode(b->arena, make(b, "1111111111111111 0000000000000000 29 20 22 08 00000000", source), &m);
    CHECK_TEXT(fact_get_text(m.payloads->facts, "verdict"), "matches");
    endpoint_read(TEXT("192.0.2.1:501"), &m.source);
    ike_decode(b->arena, make(b, "1111111111111111 0000000000000000 29 20 22 08 00000000", source), &m);
    CHECK_TEXT(fact_get_text(m.payloads->facts, "verdict"), "differs");
    m.source = (struct endpoint){ 0 };
    ike_decode(b->arena, make(b, "1111111111111111 0000000000000000 29 20 22 08 00000000", source), &m);
    CHECK(!fact_find(m.payloads->facts, "verdict"));
}

int main(void)
{
    struct bench b = { .arena = arena_create() };
    check_header(&b);
    check_chain(&b);
    check_sealed(&b);
    check_old(&b);
    check_nat(&b);
    arena_destroy(b.arena);
    return TEST_REPORT();
}
