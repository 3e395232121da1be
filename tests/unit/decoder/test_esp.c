/* ESP and AH as a flow sees them: keys found, tried and changed, numbers followed, content told. */
#include "tests/unit/decoder/esp_bench.h"

static bool adds_up(const struct traffic *t)
{
    return t->packets == t->decrypted + t->icv_failed + t->no_key + t->truncated;
}

static void test_counts(void)
{
    struct bench b;
    struct key k = key_of(ENCR_AES_CBC, INTEG_HMAC_SHA1_96, 1);
    uint8_t in[256], out[512];
    begin(&b);
    give(&b, &k, 0x1001, 1, 2);
    for (uint32_t n = 1; n <= 5; n++)
        send(&b, &k, 0x1001, 1, 2, n, 30);
    send(&b, &k, 0x1001, 1, 2, 3, 30); /* the same octets */
    send(&b, &k, 0x1001, 1, 2, 4, 31); /* the number again, other octets */
    send(&b, &k, 0x1001, 1, 2, 9, 30); /* 6, 7, 8 missing */
    send(&b, &k, 0x1001, 1, 2, 7, 30); /* late */
    size_t len = seal(&k, 0x1001, 10, false, 4, in, inner_udp(in, 30, 0), out);
    out[30] ^= 1;
    send_octets(&b, 1, 2, out, len, 0); /* damaged */
    out[30] ^= 1;
    send_octets(&b, 1, 2, out, len - 20, 20); /* cut by the snap length */
    const struct traffic *t = traffic(&b, 0);
    CHECK_NUMBER(t->packets, 11);
    CHECK_NUMBER(t->decrypted, 9);
    CHECK_NUMBER(t->icv_failed, 1);
    CHECK_NUMBER(t->truncated, 1);
    CHECK_NUMBER(t->no_key, 0);
    CHECK_NUMBER(t->lost, 2);
    CHECK_NUMBER(t->replayed, 1);
    CHECK_NUMBER(t->reordered, 1);
    CHECK_NUMBER(t->duplicate, 2); /* the cut one has a number that was seen */
    CHECK(adds_up(t));
    CHECK_NUMBER(b.model->flows->keys, KEYS_SUPPLIED);
    CHECK_NUMBER(b.plain_count, 9);
    CHECK_NUMBER(b.plain_len, 58);
    const struct fact *inner = b.model->flows->inner;
    uint64_t n = 0;
    CHECK(inner && !inner->next && fact_get_number(inner->as.child, "packets", &n) && n == 9);
    end(&b);
}

static void test_no_key(void)
{
    struct bench b;
    struct key k = key_of(ENCR_AES_GCM_16, 0, 2), other = key_of(ENCR_AES_GCM_16, 0, 3);
    begin(&b);
    give(&b, &other, 0x77, 1, 2);
    send(&b, &k, 0x1001, 1, 2, 1, 30); /* no key of this SPI */
    send(&b, &k, 0x77, 1, 2, 1, 30);   /* a key that does not fit */
    send(&b, &k, 0x77, 3, 4, 1, 30);   /* a key of this SPI, for other peers */
    CHECK_NUMBER(traffic(&b, 0)->no_key, 1);
    CHECK_NUMBER(traffic(&b, 1)->icv_failed, 1);
    CHECK_NUMBER(traffic(&b, 2)->no_key, 1);
    CHECK_NUMBER(b.model->flow_count, 3);
    CHECK_NUMBER(b.plain_count, 0);
    end(&b);
}

/* The HMAC key is right, the cipher's is not: said, and no garbage comes out. */
static void test_wrong_cipher_key(void)
{
    struct bench b;
    struct key k = key_of(ENCR_AES_CBC, INTEG_HMAC_SHA2_256_128, 4), wrong = k;
    memset(wrong.e, 0x66, sizeof wrong.e);
    begin(&b);
    give(&b, &wrong, 0x1001, 1, 2);
    for (uint32_t n = 1; n <= 200; n++)
        send(&b, &k, 0x1001, 1, 2, n, n % 50);
    const struct traffic *t = traffic(&b, 0);
    CHECK(b.model->flows->wrong_encryption_key);
    CHECK_NUMBER(t->decrypted, 0);
    CHECK_NUMBER(t->no_key, 200);
    CHECK_NUMBER(b.plain_count, 0);
    end(&b);
}

static void test_shared_and_reused_spi(void)
{
    struct bench b;
    struct key one = key_of(ENCR_AES_CBC, INTEG_HMAC_SHA1_96, 1), two = key_of(ENCR_3DES, INTEG_HMAC_MD5_96, 2);
    begin(&b);
    give(&b, &one, 0x500, 1, 9);
    give(&b, &two, 0x500, 2, 9);
    for (uint32_t n = 1; n <= 3; n++) {
        send(&b, &one, 0x500, 1, 9, n, 30);
        send(&b, &two, 0x500, 2, 9, n, 30);
    }
    CHECK_NUMBER(b.model->flow_count, 2);
    CHECK_NUMBER(traffic(&b, 0)->decrypted, 3);
    CHECK_NUMBER(traffic(&b, 1)->decrypted, 3);
    CHECK_NUMBER(traffic(&b, 1)->duplicate + traffic(&b, 1)->replayed, 0);
    end(&b);

    begin(&b); /* the same SPI between the same peers again, with a new key, counted from one */
    give(&b, &one, 0x500, 1, 9);
    give(&b, &two, 0x500, 1, 9);
    for (uint32_t n = 1; n <= 3; n++)
        send(&b, &one, 0x500, 1, 9, n, 30);
    for (uint32_t n = 1; n <= 3; n++)
        send(&b, &two, 0x500, 1, 9, n, 30);
    CHECK_NUMBER(b.model->flow_count, 1);
    CHECK_NUMBER(traffic(&b, 0)->decrypted, 6);
    CHECK_NUMBER(traffic(&b, 0)->duplicate + traffic(&b, 0)->replayed + traffic(&b, 0)->lost, 0);
    end(&b);
}

static void test_moved(void)
{
    struct bench b;
    struct key k = key_of(ENCR_AES_GCM_16, 0, 5);
    begin(&b);
    give(&b, &k, 0x900, 1, 2);
    send(&b, &k, 0x900, 1, 2, 1, 30);
    send(&b, &k, 0x900, 7, 2, 2, 30); /* MOBIKE: another source */
    send(&b, &k, 0x900, 7, 2, 4, 30);
    CHECK_NUMBER(b.model->flow_count, 1);
    CHECK_NUMBER(traffic(&b, 0)->decrypted, 3);
    CHECK_NUMBER(traffic(&b, 0)->lost, 1);
    end(&b);
    begin(&b); /* never seen where the key said */
    give(&b, &k, 0x900, 1, 2);
    send(&b, &k, 0x900, 7, 8, 1, 30);
    CHECK_NUMBER(traffic(&b, 0)->decrypted, 1);
    end(&b);
}

static void test_extended_numbers(void)
{
    struct bench b;
    const uint16_t encrs[] = { ENCR_AES_CBC, ENCR_AES_GCM_16 };
    for (int n = 0; n < 2; n++) {
        struct key k = key_of(encrs[n], n ? 0 : INTEG_HMAC_SHA2_256_128, 6);
        begin(&b);
        struct esp_key e = entry(&b, &k, 0x700, v4(1), v4(2));
        e.has_esn = e.esn = true;
        keyring_add_esp(b.model->keyring, &e);
        uint64_t first = UINT64_C(0x4fffffffe); /* joined in the middle, just before a wrap */
        for (uint64_t i = 0; i < 5; i++)
            send(&b, &k, 0x700, 1, 2, first + i, 30);
        CHECK_NUMBER(traffic(&b, 0)->decrypted, 5);
        CHECK_NUMBER(traffic(&b, 0)->lost, 0);
        end(&b);
        begin(&b); /* and where the key does not say that numbers are extended */
        give(&b, &k, 0x700, 1, 2);
        for (uint64_t i = 0; i < 5; i++)
            send(&b, &k, 0x700, 1, 2, first + i, 30);
        CHECK_NUMBER(traffic(&b, 0)->decrypted, 5);
        end(&b);
    }
}

/* IPComp: the packet that stands in a stored block of DEFLATE is written; what is compressed by another transform, as it is. */
static void test_compressed_content(void)
{
    struct bench b;
    struct key k = key_of(ENCR_AES_CBC, INTEG_HMAC_SHA1_96, 7);
    uint8_t in[2048] = { 4, 0, 0x12, 0x34, 1 }, out[4096];
    begin(&b);
    give(&b, &k, 0x100, 1, 2);
    const size_t len = inner_udp(in + 9, 40, 0);
    in[5] = (uint8_t)len;
    in[7] = (uint8_t)~len;
    in[6] = in[8] = 0;
    in[8] = 0xff;
    send_octets(&b, 1, 2, out, seal(&k, 0x100, 1, false, 108, in, len + 9, out), 0);
    CHECK_NUMBER(b.plain_len, len);
    CHECK(memcmp(b.plain, in + 9, len) == 0);
    for (size_t n = 16; n < 32; n++) { /* however much padding follows */
        in[4] = 7;                     /* no block of DEFLATE */
        send_octets(&b, 1, 2, out, seal(&k, 0x100, (uint32_t)n, false, 108, in, n, out), 0);
        CHECK_NUMBER(b.plain_len, 20 + n);
        CHECK(b.plain[9] == 108);
    }
    CHECK_NUMBER(traffic(&b, 0)->decrypted, 17);
    end(&b);
}

static struct address v6(uint8_t last)
{
    return address_of(bytes_over((const uint8_t[16]){ 0x20, 1, 0xd, 0xb8, [15] = last }, 16));
}

static void test_content(void)
{
    struct bench b;
    struct key k = key_of(ENCR_AES_GCM_16, 0, 7);
    uint8_t in[2048], out[4096];
    begin(&b);
    give(&b, &k, 0x100, 1, 2);
    size_t len = inner_udp(in, 40, 700); /* TFC padding behind the packet */
    send_octets(&b, 1, 2, out, seal(&k, 0x100, 1, false, 4, in, len, out), 0);
    CHECK_NUMBER(b.plain_len, 68);
    memset(in, 0, 100); /* a dummy */
    send_octets(&b, 1, 2, out, seal(&k, 0x100, 2, false, 59, in, 100, out), 0);
    CHECK_NUMBER(traffic(&b, 0)->tfc, 1);
    CHECK_NUMBER(traffic(&b, 0)->dummies, 1);
    CHECK_NUMBER(b.plain_count, 1);
    /* Transport mode: a header is built from the outer one, its checksum right. */
    inner_udp(in, 40, 0);
    send_octets(&b, 1, 2, out, seal(&k, 0x100, 3, false, 17, in + 20, 48, out), 0);
    CHECK_NUMBER(b.plain_len, 68);
    CHECK(b.plain[0] == 0x45 && b.plain[3] == 68 && b.plain[9] == 17 && memcmp(b.plain + 12, v4(1).octets, 4) == 0);
    uint32_t sum = 0;
    for (int i = 0; i < 20; i += 2)
        sum += (uint32_t)b.plain[i] << 8 | b.plain[i + 1];
    CHECK_NUMBER((sum & 0xffff) + (sum >> 16), 0xffff);
    /* Outside of what was agreed. */
    struct selector from = { .type = TS_IPV4_ADDR_RANGE, .start = v4(0), .end = v4(255), .end_port = 65535 }, to = from;
    esp_expect(b.esp, PROTOCOL_ESP, 0x101, &from, &to);
    give(&b, &k, 0x101, 1, 2);
    send(&b, &k, 0x101, 1, 2, 1, 30);
    CHECK_NUMBER(traffic(&b, 1)->outside_selectors, 1);
    /* UDP alone was agreed, and a datagram's two IPv6 fragments carry it, though their header names another protocol. */
    struct selector six = { .type = TS_IPV6_ADDR_RANGE, .protocol = 17, .start = v6(0), .end = v6(9), .end_port = 53 };
    esp_expect(b.esp, PROTOCOL_ESP, 0x102, &six, &six);
    give(&b, &k, 0x102, 1, 2);
    for (uint32_t n = 0; n < 3; n++) { /* the third is of TCP */
        memset(in, 0, 64);
        memcpy(in, (const uint8_t[]){ 0x60, 0, 0, 0, 0, 16, 44, 64 }, 8);
        memcpy(in + 8, v6(1).octets, 16);
        memcpy(in + 24, v6(2).octets, 16);
        memcpy(in + 40, (const uint8_t[]){ n == 2 ? 6 : 17, 0, 0, n == 1 ? 8 : 1, 0, 0, 0, 7, n ? 255 : 0, 53, n ? 255 : 0, 53 },
               12);
        send_octets(&b, 1, 2, out, seal(&k, 0x102, n + 1, false, 41, in, 56, out), 0);
    }
    CHECK_NUMBER(traffic(&b, 2)->decrypted, 3);
    CHECK_NUMBER(traffic(&b, 2)->outside_selectors, 1);
    end(&b);
}

/* Where too little padding stands behind the content, the content itself tells whether the encryption key is right. */
static void test_told_by_content(void)
{
    static const struct {
        uint8_t next, content[32];
        bool fits;
    } rows[] = {
        { 144, { 0, 0, 0, 20 }, true },     { 144, { 0, 1, 0, 20 }, false }, { 144, { 1, 3, 0, 20 }, true },
        { 144, { 1, 4, 0, 20 }, false },    { 144, { 2, 0, 0, 20 }, false }, { 97, { 0x30, 0 }, true },
        { 97, { 0x30, 1 }, false },         { 97, { 0x20, 0 }, false },      { 2, { 0x16, 0, 0xe9, 0xff }, true },
        { 2, { 0x16, 0, 0xe9, 0 }, false }, { 51, { 50, 4, 0, 0 }, true },   { 51, { 50, 4, 1, 0 }, false },
        { 51, { 50, 10, 0, 0 }, false },    { 51, { 50, 0, 0, 0 }, false },  { 61, { 0 }, false },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t len = 45; len <= 46; len++) { /* one octet of padding, and none */
            struct bench b;
            struct key k = key_of(ENCR_AES_CBC, INTEG_HMAC_SHA2_256_128, 4);
            uint8_t in[64] = { 0 }, out[256];
            memcpy(in, rows[i].content, sizeof rows[i].content);
            begin(&b);
            give(&b, &k, 0x1001, 1, 2);
            send_octets(&b, 1, 2, out, seal(&k, 0x1001, 1, false, rows[i].next, in, len, out), 0);
            CHECK_NUMBER(traffic(&b, 0)->decrypted, rows[i].fits);
            CHECK(b.model->flows->wrong_encryption_key == !rows[i].fits);
            if (b.model->flows->wrong_encryption_key == rows[i].fits)
                fprintf(stderr, "row %zu\n", i);
            end(&b);
        }
}

static void test_weak_verification(void)
{
    struct bench b;
    struct key null = key_of(ENCR_NULL, INTEG_HMAC_SHA2_256_128, 8), bare = key_of(ENCR_AES_CBC, 0, 9),
               wrong = key_of(ENCR_AES_CBC, 0, 10);
    begin(&b);
    give(&b, &null, 0x1, 1, 2);
    send(&b, &null, 0x1, 1, 2, 1, 30);
    CHECK_NUMBER(traffic(&b, 0)->decrypted, 1);
    /* No integrity algorithm: only the plaintext tells. */
    give(&b, &bare, 0x2, 1, 2);
    send(&b, &bare, 0x2, 1, 2, 1, 30);
    CHECK_NUMBER(traffic(&b, 1)->decrypted, 1);
    give(&b, &wrong, 0x3, 1, 2);
    send(&b, &bare, 0x3, 1, 2, 1, 30);
    CHECK_NUMBER(traffic(&b, 2)->decrypted, 0);
    CHECK(adds_up(traffic(&b, 2)));
    end(&b);
}

static void test_narrow_icv(void)
{
    struct bench b;
    struct key k = key_of(ENCR_AES_CBC, INTEG_HMAC_SHA2_256_128, 11);
    uint8_t in[256], out[512];
    begin(&b);
    give(&b, &k, 0x1, 1, 2);
    for (uint32_t n = 1; n <= 3; n++)
        send_octets(&b, 1, 2, out, seal(&k, 0x1, n, false, 4, in, inner_udp(in, 30, 0), out) - 4, 0);
    CHECK_NUMBER(traffic(&b, 0)->decrypted, 3);
    end(&b);
}

/* Derived keys, one right among guesses. */
static void test_offers(void)
{
    struct bench b;
    struct key right = key_of(ENCR_AES_CBC, INTEG_HMAC_SHA1_96, 1), wrong = key_of(ENCR_AES_CBC, INTEG_HMAC_SHA1_96, 2);
    begin(&b);
    size_t before = keyring_count(b.model->keyring);
    for (int n = 0; n < 2; n++) {
        struct esp_key e = entry(&b, n ? &right : &wrong, 0x1, v4(1), v4(2));
        e.derived = true;
        esp_offer(b.esp, &e, false);
        esp_offer(b.esp, &e, false);
    }
    send(&b, &right, 0x1, 1, 2, 1, 30);
    CHECK_NUMBER(traffic(&b, 0)->decrypted, 1);
    CHECK_NUMBER(b.model->flows->keys, KEYS_DERIVED);
    CHECK_NUMBER(keyring_count(b.model->keyring), before + 1);
    end(&b);
}

static void test_two_captures(void)
{
    struct bench b;
    struct key k = key_of(ENCR_AES_GCM_16, 0, 5);
    begin(&b);
    give(&b, &k, 0x1, 1, 2);
    for (b.input = 0; b.input < 2; b.input++)
        for (uint32_t n = 1; n <= 10; n++)
            if (n != 4 || b.input == 1)
                send(&b, &k, 0x1, 1, 2, n, 30);
    CHECK_NUMBER(traffic(&b, 0)->packets, 10);
    CHECK_NUMBER(traffic(&b, 0)->lost, 0);
    CHECK_NUMBER(traffic(&b, 0)->duplicate, 0);
    end(&b);
}

/* AH over IPv4: what routers change does not matter, what they must not does. */
static void test_ah(void)
{
    struct bench b;
    uint8_t key[20], ip[256] = { 0 }, made[CRYPTO_DIGEST];
    memset(key, 3, sizeof key);
    begin(&b);
    struct esp_key e = { .spi = 0x42, .spi_mask = UINT32_MAX, .protocol = PROTOCOL_AH, .integ_id = INTEG_HMAC_SHA1_96 };
    e.integ = keyring_hold(b.model->keyring, bytes_over(key, 20));
    keyring_add_esp(b.model->keyring, &e);
    ip[0] = 0x45;
    ip[3] = 20 + 24 + 8;
    ip[9] = 51;
    memcpy(ip + 12, v4(1).octets, 4);
    memcpy(ip + 16, v4(2).octets, 4);
    uint8_t *ah = ip + 20;
    ah[0] = 17;
    ah[1] = 4;
    ah[7] = 0x42;
    ah[11] = 1;
    ah[24 + 5] = 8;
    struct mac *m = mac_create(MAC_HMAC_SHA1, bytes_over(key, 20));
    struct bytes all = bytes_over(ip, 52);
    mac_of(m, &all, 1, made);
    mac_destroy(m);
    memcpy(ah + 12, made, 12);
    ip[1] = 0xb8;
    ip[8] = 63; /* marked and forwarded */
    ip[10] = 0x12;
    struct packet p = { .frame = 1,
                        .frames = &b.frame,
                        .frame_count = 1,
                        .source = { v4(1), 0 },
                        .destination = { v4(2), 0 },
                        .ip_version = 4,
                        .ip = bytes_over(ip, 52),
                        .ip_header = 20 };
    CHECK(esp_take_ah(b.esp, &p, bytes_over(ah, 32)));
    CHECK_NUMBER(traffic(&b, 0)->decrypted, 1);
    ah[11] = 2;
    CHECK(esp_take_ah(b.esp, &p, bytes_over(ah, 32)));
    CHECK_NUMBER(traffic(&b, 0)->icv_failed, 1);
    ah[1] = 60; /* longer than the packet */
    CHECK(!esp_take_ah(b.esp, &p, bytes_over(ah, 32)));
    end(&b);
}

/* What --since and --until leave out is of no flow; a window that leaves all of it out has none. */
static void test_bounds(void)
{
    struct bench b;
    struct key k = key_of(ENCR_AES_CBC, INTEG_HMAC_SHA1_96, 1);
    begin(&b);
    give(&b, &k, 0x1001, 1, 2);
    b.model->options.since_ns = 3 * 1000000;
    b.model->options.until_ns = 5 * 1000000;
    for (uint32_t n = 1; n <= 9; n++)
        send(&b, &k, 0x1001, 1, 2, n, 30); /* at n milliseconds */
    CHECK_NUMBER(traffic(&b, 0)->packets, 3);
    CHECK_NUMBER(traffic(&b, 0)->decrypted, 3);
    CHECK_NUMBER(traffic(&b, 0)->lost, 0);
    CHECK_NUMBER(b.plain_count, 3);
    CHECK_NUMBER(b.model->inputs[0].timed, 9);
    CHECK_NUMBER(b.model->inputs[0].outside, 6);
    end(&b);
    begin(&b);
    b.model->options.until_ns = 0;
    send(&b, &k, 0x1001, 1, 2, 1, 30);
    CHECK(!b.model->flows);
    end(&b);
}

int main(void)
{
    test_counts();
    test_bounds();
    test_no_key();
    test_wrong_cipher_key();
    test_shared_and_reused_spi();
    test_moved();
    test_extended_numbers();
    test_content();
    test_compressed_content();
    test_told_by_content();
    test_weak_verification();
    test_narrow_icv();
    test_offers();
    test_two_captures();
    test_ah();
    return TEST_REPORT();
}
