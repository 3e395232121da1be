/* ESP and AH as a flow sees them: keys found, tried and changed, numbers followed, content told. Packets are sealed here. */
#include "decoder/ciphers.h"
#include "decoder/esp.h"
#include "test.h"

struct bench {
    struct model *model;
    struct esp *esp;
    uint32_t frame, input;
    uint8_t plain[4096]; /* the last inner packet */
    size_t plain_len, plain_count;
};

static void on_plain(void *context, int64_t ns, uint32_t frame, struct bytes ip)
{
    struct bench *b = context;
    (void)ns;
    (void)frame;
    memcpy(b->plain, ip.at, ip.len);
    b->plain_len = ip.len;
    b->plain_count++;
}

static void begin(struct bench *b)
{
    *b = (struct bench){ .model = model_create() };
    model_add_input(b->model, TEXT("a"), TEXT("a"));
    model_add_input(b->model, TEXT("b"), TEXT("b"));
    if (!b->model->keyring)
        b->model->keyring = keyring_create();
    b->esp = esp_create(b->model, (struct plain_taker){ on_plain, b });
}

static void end(struct bench *b)
{
    esp_destroy(b->esp);
    model_destroy(b->model);
}

static struct address v4(uint8_t last)
{
    return address_of(bytes_over((const uint8_t[]){ 10, 0, 0, last }, 4));
}

struct key {
    uint16_t encr, integ;
    uint8_t e[36], i[64];
    size_t e_len, i_len;
};

static struct key key_of(uint16_t encr, uint16_t integ, uint8_t fill)
{
    struct key k = { .encr = encr, .integ = integ };
    k.e_len = encryption_find(encr)->cipher == CIPHER_UNKNOWN ? 0 : encryption_key_octets(encryption_find(encr), 128);
    k.i_len = integ ? integrity_find(integ)->key : 0;
    memset(k.e, fill, sizeof k.e);
    memset(k.i, fill ^ 0x55, sizeof k.i);
    return k;
}

static struct esp_key entry(struct bench *b, const struct key *k, uint32_t spi, struct address from, struct address to)
{
    struct esp_key e = { .spi = spi,
                         .spi_mask = UINT32_MAX,
                         .source = from,
                         .destination = to,
                         .protocol = PROTOCOL_ESP,
                         .encr_id = k->encr,
                         .key_bits = 128,
                         .integ_id = k->integ };
    memset(e.source_wild, 0xff, 16);
    memset(e.destination_wild, 0xff, 16);
    if (k->e_len)
        e.encr = keyring_hold(b->model->keyring, bytes_over(k->e, k->e_len));
    if (k->i_len)
        e.integ = keyring_hold(b->model->keyring, bytes_over(k->i, k->i_len));
    return e;
}

static void give(struct bench *b, const struct key *k, uint32_t spi, uint8_t from, uint8_t to)
{
    struct esp_key e = entry(b, k, spi, v4(from), v4(to));
    keyring_add_esp(b->model->keyring, &e);
}

/* An IPv4 packet with some UDP, and then `tfc` octets of padding behind it. */
static size_t inner_udp(uint8_t *out, size_t payload, size_t tfc)
{
    size_t total = 28 + payload;
    memset(out, 0, total + tfc);
    out[0] = 0x45;
    out[2] = (uint8_t)(total >> 8);
    out[3] = (uint8_t)total;
    out[8] = 64;
    out[9] = 17;
    memcpy(out + 12, (const uint8_t[]){ 192, 168, 1, 1, 192, 168, 2, 1 }, 8);
    out[22] = 0;
    out[23] = 53;
    out[25] = (uint8_t)(8 + payload);
    return total + tfc;
}

static size_t seal(const struct key *k, uint32_t spi, uint64_t number, bool esn, uint8_t next, const uint8_t *content, size_t len,
                   uint8_t *out)
{
    const struct encryption *e = encryption_find(k->encr);
    size_t align = e->block > 4 ? e->block : 4, iv = e->iv, at = 0;
    uint8_t text[4096], header[12];
    memcpy(text, content, len);
    size_t padding = (align - (len + 2) % align) % align;
    for (size_t i = 0; i < padding; i++)
        text[len++] = (uint8_t)(i + 1);
    text[len++] = (uint8_t)padding;
    text[len++] = next;
    for (int i = 0; i < 4; i++) {
        out[i] = header[i] = (uint8_t)(spi >> (24 - 8 * i));
        header[4 + i] = (uint8_t)(number >> (56 - 8 * i));
        out[4 + i] = header[8 + i] = (uint8_t)(number >> (24 - 8 * i));
    }
    at = 8;
    for (size_t i = 0; i < iv; i++)
        out[at++] = (uint8_t)(number + i);
    if (e->tag) {
        uint8_t nonce[16];
        struct bytes aad = esn ? bytes_over(header, 12) : bytes_over(out, 8);
        struct cipher *c = cipher_create(e->cipher, bytes_over(k->e, k->e_len - e->salt), e->tag, true);
        memcpy(nonce, k->e + k->e_len - e->salt, e->salt);
        memcpy(nonce + e->salt, out + 8, 8);
        CHECK(cipher_seal(c, bytes_over(nonce, e->salt + 8u), &aad, 1, bytes_over(text, len), out + at + len, out + at));
        cipher_destroy(c);
        return at + len + e->tag;
    }
    if (e->cipher == CIPHER_UNKNOWN) {
        memcpy(out + at, text, len);
    } else {
        struct cipher *c = cipher_create(e->cipher, bytes_over(k->e, k->e_len), 0, true);
        CHECK(cipher_run(c, out + 8, bytes_over(text, len), out + at));
        cipher_destroy(c);
    }
    at += len;
    if (k->integ) {
        uint8_t made[CRYPTO_DIGEST];
        struct mac *m = mac_create(integrity_find(k->integ)->mac, bytes_over(k->i, k->i_len));
        struct bytes parts[] = { bytes_over(out, at), { header + 4, esn ? 4 : 0 } };
        mac_of(m, parts, 2, made);
        memcpy(out + at, made, integrity_find(k->integ)->icv);
        at += integrity_find(k->integ)->icv;
        mac_destroy(m);
    }
    return at;
}

static void send_octets(struct bench *b, uint8_t from, uint8_t to, const uint8_t *at, size_t len, size_t missing)
{
    static uint8_t ip[4200];
    memset(ip, 0, 20);
    ip[0] = 0x45;
    ip[6] = 0x40;
    ip[8] = 61;
    ip[9] = 50;
    memcpy(ip + 12, v4(from).octets, 4);
    memcpy(ip + 16, v4(to).octets, 4);
    memcpy(ip + 20, at, len);
    b->frame++;
    struct packet p = { .ns = (int64_t)b->frame * 1000000,
                        .input = b->input,
                        .frame = b->frame,
                        .frames = &b->frame,
                        .frame_count = 1,
                        .missing = (uint32_t)missing,
                        .truncated = missing != 0,
                        .source = { v4(from), 0 },
                        .destination = { v4(to), 0 },
                        .encap = ENCAP_NONE,
                        .ip_version = 4,
                        .ip = bytes_over(ip, 20 + len),
                        .ip_header = 20 };
    CHECK(esp_take(b->esp, &p, bytes_over(ip + 20, len)));
}

static void send(struct bench *b, const struct key *k, uint32_t spi, uint8_t from, uint8_t to, uint64_t number, size_t payload)
{
    uint8_t in[2048], out[4096];
    size_t len = inner_udp(in, payload, 0);
    len = seal(k, spi, number, number >> 32, 4, in, len, out);
    send_octets(b, from, to, out, len, 0);
}

static const struct traffic *traffic(struct bench *b, size_t flow)
{
    const struct flow *f = b->model->flows;
    esp_finish(b->esp);
    while (f && flow--)
        f = f->next;
    CHECK(f != NULL);
    static const struct traffic none;
    return f ? &f->traffic : &none;
}

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
    end(&b);
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

int main(void)
{
    test_counts();
    test_no_key();
    test_wrong_cipher_key();
    test_shared_and_reused_spi();
    test_moved();
    test_extended_numbers();
    test_content();
    test_weak_verification();
    test_narrow_icv();
    test_offers();
    test_two_captures();
    test_ah();
    return TEST_REPORT();
}
