/* A decoded message, put together again, is the message; what its facts lack is said. */
#include "decoder/rebuild.h"

#include "decoder/decoder.h"
#include "test.h"
#include "unit/decoder/facts.h"

/* Payload by payload, what decoding and rebuilding must give back octet by octet. */
static const struct {
    const char *what;
    uint8_t first;
    const char *body;
} whole[] = {
    { "SA with and without key lengths, KE, nonce", 33,
      "22000030 0000002c 01010004 0300000c 0100000c 800e0100 03000008 02000005 03000008 0300000c 00000008 0400000e"
      "2800000c 000e0000 01020304 00000014 00112233445566778899aabbccddeeff" },
    { "two proposals, the second without key length", 33,
      "00000048 02000020 01030402 11223344 0300000c 0100000c 800e0080 00000008 05000000"
      "00000024 02030403 11223344 03000008 01000003 03000008 03000002 00000008 05000000" },
    { "notifies with and without data, with an SPI", 41,
      "2900001c 01004004 00112233445566778899aabbccddeeff00112233 29000008 0000402e 29000008 0000000e 0000000c 03044009 "
      "55667788" },
    { "identities", 35,
      "2400000c 01000000 c0000201 23000013 02000000 67772e6578616d706c6565 2400000d 0b000000 0102030405 0000000c 01000000 "
      "c6336402" },
    { "AUTH, CERT, CERTREQ, vendor id", 39,
      "25000018 02000000 00112233445566778899aabbccddeeff 26000009 03deadbeef 2b000019 04 "
      "0011223344556677889900112233445566778899"
      "00000008 41424344" },
    { "selectors of both families", 44,
      "2d000018 01000000 07000010 0000ffff 0a000000 0a0000ff"
      "00000040 02000000 08060028 00500050 20010db8000000000000000000000001 20010db8000000000000000000000001"
      "07110010 01f401f4 0a010000 0a01ffff" },
    { "deletes", 42, "2a000008 01000000 00000010 03040002 11223344 55667788" },
    { "configuration", 47, "00000019 01000000 0001 0004 0a000001 0003 0000 0007 0001 41" },
};

static struct bytes message_of(struct buffer *b, uint8_t first, const char *body)
{
    uint8_t octets[512];
    size_t n = text_unhex(text_of(body), octets, sizeof octets);
    static const char header[24] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0, 0x20, 34, 0x28, 0, 0, 0, 3 };
    CHECK(n != TEXT_NOWHERE);
    buffer_reset(b);
    buffer_put(b, header, sizeof header);
    b->at[16] = (char)first;
    for (unsigned i = 0; i < 4; i++)
        buffer_byte(b, (char)((28 + n) >> (24 - 8 * i)));
    buffer_put(b, octets, n);
    return bytes_over(b->at, b->len);
}

static bool same(struct bytes a, struct bytes b)
{
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

static void check_whole(struct arena *arena)
{
    struct buffer in, out;
    buffer_init(&in, 4096);
    buffer_init(&out, 4096);
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        struct message m = { 0 };
        struct rebuilt r;
        buffer_reset(&out);
        struct bytes octets = message_of(&in, whole[i].first, whole[i].body);
        CHECK(decoder_message(arena, octets, &m) && !m.malformed);
        bool done = message_rebuild(&m, &out, &r);
        if (!done || r.zeros || r.opened || !same(octets, bytes_over(out.at, out.len))) {
            fprintf(stderr, "%s: %s\n", whole[i].what, r.missing ? r.missing : "other octets");
            CHECK(false);
        }
        /* a message that lost a payload is no message */
        struct payload *first = m.payloads;
        m.payloads = first->next;
        buffer_reset(&out);
        CHECK(!message_rebuild(&m, &out, &r) && out.len == 0);
        /* too small a buffer: nothing half-written */
        m.payloads = first;
        struct buffer small;
        buffer_init(&small, octets.len - 1);
        CHECK(!message_rebuild(&m, &small, &r) && small.len == 0);
        buffer_clear(&small);
    }
    buffer_clear(&in);
    buffer_clear(&out);
}

/* What a log only counts is zeros; KE and nonces are nothing without their octets. */
static void check_counted(struct arena *arena)
{
    struct message m = {
        .exchange = EXCHANGE_IKE_AUTH, .flags = 8, .protection = PROTECTION_SK, .decryption = DECRYPTION_FROM_LOG
    };
    struct payload sa = { .type = PAYLOAD_SA, .length = 44 }, auth = { .type = PAYLOAD_AUTH, .length = 40, .next = &sa };
    struct facts f = facts_into(arena, &auth.facts);
    fact_number(&f, "number", 2);
    f = facts_into(arena, &sa.facts);
    struct facts p = facts_into(arena, &fact_list(&f, "proposals")->as.child);
    p = facts_into(arena, &fact_group(&p, NULL)->as.child);
    fact_number(&p, "number", 1);
    fact_code(&p, "protocol", REGISTRY_PROTOCOL, PROTOCOL_ESP);
    struct facts transforms = facts_into(arena, &fact_list(&p, "transforms")->as.child);
    static const struct {
        uint8_t type, id;
    } chosen[] = { { 1, 12 }, { 3, 12 }, { 5, 0 } };
    for (size_t i = 0; i < 3; i++) {
        struct facts t = facts_into(arena, &fact_group(&transforms, NULL)->as.child);
        fact_code(&t, "type", REGISTRY_TRANSFORM, chosen[i].type);
        fact_number(&t, "id", chosen[i].id);
    }
    struct buffer out;
    struct rebuilt r;
    buffer_init(&out, 4096);
    m.payloads = &auth;
    CHECK(message_rebuild(&m, &out, &r) && r.opened);
    CHECK_NUMBER(out.len, 28 + 40 + 44);
    CHECK_NUMBER(r.zeros, 32 + 4 + 2); /* authentication, SPI, key length */
    sa.length = 41;                    /* fits nothing that could have been left out */
    CHECK(!message_rebuild(&m, &out, &r));
    CHECK_TEXT(text_of(r.missing), "SA");
    m.decryption = DECRYPTION_NO_KEY;
    CHECK(!message_rebuild(&m, &out, &r));
    CHECK_TEXT(text_of(r.missing), "SK");
    struct payload ke = { .type = PAYLOAD_KE, .length = 264 };
    f = facts_into(arena, &ke.facts);
    fact_number(&f, "group", 14);
    m = (struct message){ .exchange = EXCHANGE_IKE_SA_INIT, .payloads = &ke };
    CHECK(!message_rebuild(&m, &out, &r));
    CHECK_TEXT(text_of(r.missing), "KE");
    buffer_clear(&out);
}

static struct endpoint endpoint(const char *text)
{
    struct endpoint e = { 0 };
    CHECK(endpoint_read(text_of(text), &e));
    return e;
}

static void check_datagram(void)
{
    struct buffer out, hex;
    buffer_init(&out, 256);
    buffer_init(&hex, 512);
    datagram_put(endpoint("192.0.2.1:500"), endpoint("198.51.100.2:500"), bytes_over("ab", 2), &out);
    buffer_hex(&hex, bytes_over(out.at, out.len));
    CHECK_TEXT(buffer_view(&hex), "4500001e0000000040118e98c0000201c6336402"
                                  "01f401f4000aae586162");
    buffer_reset(&out);
    buffer_reset(&hex);
    datagram_put(endpoint("[2001:db8::1]:4500"), endpoint("[2001:db8::2]:4500"), bytes_over("ab", 2), &out);
    buffer_hex(&hex, bytes_over(out.at, out.len));
    CHECK_TEXT(text_upto(buffer_view(&hex), 16), "60000000000e1140");
    CHECK_NUMBER(out.len, 40 + 8 + 4 + 2);
    CHECK(same(bytes_over(out.at + 48, 4), bytes_over("\0\0\0\0", 4))); /* the non-ESP marker */
    buffer_clear(&out);
    buffer_clear(&hex);
}

int main(void)
{
    struct arena *arena = arena_create();
    check_whole(arena);
    check_counted(arena);
    check_datagram();
    arena_destroy(arena);
    return TEST_REPORT();
}
