/* A bench for ESP: an esp with a model, packets sealed under keys and sent through it. */
#ifndef IKESCOPE_TESTS_ESP_BENCH_H
#define IKESCOPE_TESTS_ESP_BENCH_H

#include "base/map.h"
#include "decoder/ciphers.h"
#include "decoder/esp.h"
#include "test.h"

struct bench {
    struct model *model;
    struct esp *esp;
    uint32_t frame, input;
    uint8_t plain[4096]; /* the last inner packet */
    size_t plain_len, plain_count;
    uint64_t plain_print; /* of all of them, their frames and order */
};

static inline void on_plain(void *context, int64_t ns, uint32_t frame, struct bytes ip)
{
    struct bench *b = context;
    (void)ns;
    b->plain_print = b->plain_print * 0x100000001b3u + hash_bytes(ip) + frame;
    memcpy(b->plain, ip.at, ip.len);
    b->plain_len = ip.len;
    b->plain_count++;
}

static inline void begin_with(struct bench *b, unsigned threads)
{
    *b = (struct bench){ .model = model_create() };
    model_add_input(b->model, TEXT("a"), TEXT("a"));
    model_add_input(b->model, TEXT("b"), TEXT("b"));
    if (!b->model->keyring)
        b->model->keyring = keyring_create(&b->model->limits);
    b->esp = esp_create(b->model, (struct plain_taker){ on_plain, b }, threads);
}

static inline void begin(struct bench *b)
{
    begin_with(b, 1);
}

static inline void end(struct bench *b)
{
    esp_destroy(b->esp);
    model_destroy(b->model);
}

static inline struct address v4(uint8_t last)
{
    return address_of(bytes_over((const uint8_t[]){ 10, 0, 0, last }, 4));
}

struct key {
    uint16_t encr, integ;
    uint8_t e[36], i[64];
    size_t e_len, i_len;
};

static inline struct key key_of(uint16_t encr, uint16_t integ, uint8_t fill)
{
    struct key k = { .encr = encr, .integ = integ };
    k.e_len = encryption_find(encr)->cipher == CIPHER_UNKNOWN ? 0 : encryption_key_octets(encryption_find(encr), 128);
    k.i_len = integ ? integrity_find(integ)->key : 0;
    memset(k.e, fill, sizeof k.e);
    memset(k.i, fill ^ 0x55, sizeof k.i);
    return k;
}

static inline struct esp_key entry(struct bench *b, const struct key *k, uint32_t spi, struct address from, struct address to)
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

static inline void give(struct bench *b, const struct key *k, uint32_t spi, uint8_t from, uint8_t to)
{
    struct esp_key e = entry(b, k, spi, v4(from), v4(to));
    keyring_add_esp(b->model->keyring, &e);
}

/* An IPv4 packet with some UDP, and then `tfc` octets of padding behind it. */
static inline size_t inner_udp(uint8_t *out, size_t payload, size_t tfc)
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

static inline size_t seal(const struct key *k, uint32_t spi, uint64_t number, bool esn, uint8_t next, const uint8_t *content,
                          size_t len, uint8_t *out)
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

static inline void send_octets(struct bench *b, uint8_t from, uint8_t to, const uint8_t *at, size_t len, size_t missing)
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

static inline void send(struct bench *b, const struct key *k, uint32_t spi, uint8_t from, uint8_t to, uint64_t number,
                        size_t payload)
{
    uint8_t in[2048], out[4096];
    size_t len = inner_udp(in, payload, 0);
    len = seal(k, spi, number, number >> 32, 4, in, len, out);
    send_octets(b, from, to, out, len, 0);
}

static inline const struct traffic *traffic(struct bench *b, size_t flow)
{
    const struct flow *f = b->model->flows;
    esp_finish(b->esp);
    while (f && flow--)
        f = f->next;
    CHECK(f != NULL);
    static const struct traffic none;
    return f ? &f->traffic : &none;
}

#endif
