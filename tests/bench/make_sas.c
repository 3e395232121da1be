/*
 * make_sas FOLDER SAS CHILDREN PACKETS: writes sas.pcap, in which so many IKE SAs of as many peers come up, each with so many
 * Child SAs, and then so many ESP packets go over each SPI, one of each in turn (2 * SAS * CHILDREN SPIs); and what opens it:
 * sas.keys with the keys of the IKE SAs, sas.secrets with their shared secrets alone. late.pcap is the same with the ESP
 * packets first. The same arguments give the same octets.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/crypto.h"
#include "decoder/keymat.h"

enum { ETHERNET = 14, IPV4 = 20, UDP = 8, IKE = 28, IV = 8, TAG = 16, SALT = 4, KEY = 16, NONCE = 32, SECRET = 32 };

static uint64_t seed = 0x9e3779b97f4a7c15u;

static uint64_t random_number(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static void fill(uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        at[i] = (uint8_t)(random_number() >> 24);
}

static void put(uint8_t *at, size_t octets, uint64_t value)
{
    for (size_t i = 0; i < octets; i++)
        at[i] = (uint8_t)(value >> (8 * (octets - 1 - i)));
}

static void add(struct buffer *b, size_t octets, uint64_t value)
{
    uint8_t at[8];
    put(at, octets, value);
    buffer_put(b, (const char *)at, octets);
}

/* ---- The capture ---- */

static FILE *open_in(const char *folder, const char *name)
{
    char path[4096];
    static const uint8_t header[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [18] = 4, [20] = 1 };
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    if (!f) {
        perror(path);
        exit(2);
    }
    if (strstr(name, ".pcap"))
        fwrite(header, 1, sizeof header, f);
    return f;
}

static void put_frame(FILE *f, uint64_t number, uint32_t from, uint32_t to, uint8_t protocol, const uint8_t *at, size_t len)
{
    uint8_t head[16 + ETHERNET + IPV4 + UDP] = { 0 }, *ip = head + 16 + ETHERNET;
    size_t udp = protocol == 17 ? UDP : 0, all = ETHERNET + IPV4 + udp + len;
    uint32_t words[4] = { (uint32_t)(1700000000 + number / 10000), (uint32_t)(number % 10000 * 100), (uint32_t)all,
                          (uint32_t)all };
    for (size_t w = 0; w < 4; w++)
        for (size_t i = 0; i < 4; i++)
            head[w * 4 + i] = (uint8_t)(words[w] >> (8 * i));
    head[16 + 12] = 8;
    ip[0] = 0x45;
    put(ip + 2, 2, IPV4 + udp + len);
    ip[8] = 64;
    ip[9] = protocol;
    put(ip + 12, 4, from);
    put(ip + 16, 4, to);
    put(ip + IPV4, 4, 500u << 16 | 500);
    put(ip + IPV4 + 4, 2, UDP + len);
    fwrite(head, 1, 16 + ETHERNET + IPV4 + udp, f);
    fwrite(at, 1, len, f);
}

/* ---- An SA ---- */

struct child {
    uint32_t spi[2]; /* on which the initiator, the responder receives */
    struct child_keys keys;
    struct cipher *out[2]; /* of the initiator, of the responder */
};

struct sa {
    uint64_t spi_i, spi_r;
    uint32_t address;
    uint8_t ni[NONCE], nr[NONCE], secret[SECRET];
    struct sk sk;
    struct cipher *out[2];
    uint32_t message_id;
    struct child *children;
};

static const uint32_t responder = 0xc0000201;
static uint32_t next_spi;

static struct cipher *cipher_of(const uint8_t *key)
{
    return cipher_create(CIPHER_AES_GCM, bytes_over(key, KEY), TAG, true);
}

static void seal(struct cipher *c, const uint8_t *key, struct bytes aad, struct bytes plain, uint8_t *out)
{
    uint8_t nonce[SALT + IV];
    fill(out, IV);
    memcpy(nonce, key + KEY, SALT);
    memcpy(nonce + SALT, out, IV);
    if (!cipher_seal(c, bytes_over(nonce, sizeof nonce), &aad, 1, plain, out + IV + plain.len, out + IV))
        exit(2);
}

/* ---- Messages ---- */

static size_t payload(struct buffer *b, uint8_t next)
{
    add(b, 4, (uint64_t)next << 24);
    return b->len - 4;
}

static void close_payload(struct buffer *b, size_t at)
{
    put((uint8_t *)b->at + at + 2, 2, b->len - at);
}

static void add_random(struct buffer *b, uint8_t next, uint64_t head, size_t head_octets, size_t len)
{
    uint8_t octets[NONCE];
    size_t at = payload(b, next);
    fill(octets, len);
    if (head_octets)
        add(b, head_octets, head);
    buffer_put(b, (const char *)octets, len);
    close_payload(b, at);
}

static void add_nonce(struct buffer *b, uint8_t next, const uint8_t *nonce)
{
    size_t at = payload(b, next);
    buffer_put(b, (const char *)nonce, NONCE);
    close_payload(b, at);
}

static void add_proposal(struct buffer *b, uint8_t next, bool ike, uint32_t spi)
{
    size_t at = payload(b, next), inner = b->len;
    add(b, 4, 0);
    add(b, 4, (uint64_t)1 << 24 | (ike ? 1u : 3u) << 16 | (ike ? 0u : 4u) << 8 | (ike ? 3u : 2u));
    if (!ike)
        add(b, 4, spi);
    add(b, 4, 0x0300000c);
    add(b, 8, (uint64_t)0x01000014 << 32 | 0x800e0080); /* AES-GCM-16, 128 bits */
    if (ike) {
        add(b, 8, (uint64_t)0x03000008 << 32 | 0x02000005); /* PRF_HMAC_SHA2_256 */
        add(b, 8, (uint64_t)0x00000008 << 32 | 0x0400001f); /* X25519 */
    } else {
        add(b, 8, (uint64_t)0x00000008 << 32 | 0x05000000); /* no ESN */
    }
    put((uint8_t *)b->at + inner + 2, 2, b->len - inner);
    close_payload(b, at);
}

static void add_selectors(struct buffer *b, uint8_t next)
{
    size_t at = payload(b, next);
    add(b, 4, 0x01000000);
    add(b, 8, (uint64_t)0x07000010 << 32 | 0x0000ffff);
    add(b, 8, 0x00000000ffffffff);
    close_payload(b, at);
}

static void send(FILE *f, uint64_t *frame, struct sa *s, bool response, uint8_t exchange, uint8_t first, struct bytes inner)
{
    uint8_t out[2048], plain[1024];
    bool sealed = exchange != 34;
    size_t len = sealed ? IKE + 4 + IV + inner.len + 1 + TAG : IKE + inner.len;
    put(out, 8, s->spi_i);
    put(out + 8, 8, response || sealed ? s->spi_r : 0);
    put(out + 16, 4, (uint32_t)(sealed ? 46 : first) << 24 | 0x20u << 16 | (uint32_t)exchange << 8 | (response ? 0x20 : 0x08));
    put(out + 20, 4, s->message_id);
    put(out + 24, 4, len);
    if (sealed) {
        put(out + IKE, 4, (uint32_t)first << 24 | (uint32_t)(len - IKE));
        memcpy(plain, inner.at, inner.len);
        plain[inner.len] = 0; /* no padding */
        seal(s->out[response], response ? s->sk.er : s->sk.ei, bytes_over(out, IKE + 4), bytes_over(plain, inner.len + 1),
             out + IKE + 4);
    } else {
        memcpy(out + IKE, inner.at, inner.len);
    }
    put_frame(f, (*frame)++, response ? responder : s->address, response ? s->address : responder, 17, out, len);
}

static void come_up(FILE *f, uint64_t *frame, struct sa *s)
{
    for (int response = 0; response < 2; response++) {
        struct buffer b;
        buffer_init(&b, 4096);
        add_proposal(&b, 34, true, 0);
        add_random(&b, 40, (uint64_t)31 << 16, 4, 32);
        add_nonce(&b, 0, response ? s->nr : s->ni);
        send(f, frame, s, response, 34, 33, bytes_over(b.at, b.len));
        buffer_clear(&b);
    }
    s->message_id = 1;
}

/* The child of IKE_AUTH is the first, the others come by CREATE_CHILD_SA. */
static void bring_child(FILE *f, uint64_t *frame, struct sa *s, struct child *c, bool first, const uint8_t *ni, const uint8_t *nr)
{
    for (int response = 0; response < 2; response++) {
        struct buffer b;
        buffer_init(&b, 4096);
        if (first) {
            size_t at = payload(&b, 39);
            add(&b, 8, (uint64_t)0x01000000 << 32 | (response ? responder : s->address));
            close_payload(&b, at);
            add_random(&b, 33, 0x02000000, 4, 32);
        }
        add_proposal(&b, first ? 44 : 40, false, c->spi[response]);
        if (!first)
            add_nonce(&b, 44, response ? nr : ni);
        add_selectors(&b, 45);
        add_selectors(&b, 0);
        send(f, frame, s, response, first ? 35 : 36, first ? (response ? 36 : 35) : 33, bytes_over(b.at, b.len));
        buffer_clear(&b);
    }
    s->message_id++;
}

static void make_child(struct sa *s, struct child *c, const uint8_t *ni, const uint8_t *nr)
{
    struct child_suite suite = { .protocol = PROTOCOL_ESP, .encr = encryption_find(ENCR_AES_GCM_16), .key_bits = 128 };
    c->spi[0] = next_spi += 1 + (uint32_t)(random_number() >> 60);
    c->spi[1] = next_spi += 1 + (uint32_t)(random_number() >> 60);
    const struct exchanged x = { .n = { bytes_over(ni, NONCE), bytes_over(nr, NONCE) } };
    if (!child_derive(prf_find(PRF_HMAC_SHA2_256), bytes_over(s->sk.d, s->sk.d_len), &x, &suite, &c->keys))
        exit(2);
    c->out[0] = cipher_of(c->keys.encr_i);
    c->out[1] = cipher_of(c->keys.encr_r);
}

static void make_sa(struct sa *s, uint32_t number, uint32_t children)
{
    struct ike_suite suite = { encryption_find(ENCR_AES_GCM_16), 128, NULL, prf_find(PRF_HMAC_SHA2_256) };
    uint8_t skeyseed[CRYPTO_DIGEST];
    *s = (struct sa){ .spi_i = random_number(), .spi_r = random_number(), .address = 0x0a000001 + number };
    fill(s->ni, NONCE);
    fill(s->nr, NONCE);
    fill(s->secret, SECRET);
    struct nonces n = { bytes_over(s->ni, NONCE), bytes_over(s->nr, NONCE) };
    size_t len = skeyseed_initial(suite.prf, n, bytes_over(s->secret, SECRET), skeyseed);
    if (!sk_derive(&suite, bytes_over(skeyseed, len), n, s->spi_i, s->spi_r, &s->sk))
        exit(2);
    s->out[0] = cipher_of(s->sk.ei);
    s->out[1] = cipher_of(s->sk.er);
    s->children = memory_take(children * sizeof *s->children);
}

static void send_esp(FILE *f, uint64_t *frame, const struct sa *s, const struct child *c, int response, uint32_t number)
{
    uint8_t out[256], plain[64] = { 0x45, 0, 0, 60, 0, 0, 0, 0, 64, 17 };
    put(plain + 12, 4, 0xc0a80101);
    put(plain + 16, 4, 0xc0a80201);
    put(plain + 20, 4, 40000u << 16 | 53);
    put(plain + 24, 2, 40);
    plain[60] = 1;
    plain[61] = 2;
    plain[62] = 2;
    plain[63] = 4;
    put(out, 4, c->spi[!response]);
    put(out + 4, 4, number);
    seal(c->out[response], response ? c->keys.encr_r : c->keys.encr_i, bytes_over(out, 8), bytes_over(plain, 64), out + 8);
    put_frame(f, (*frame)++, response ? responder : s->address, response ? s->address : responder, 50, out, 8 + IV + 64 + TAG);
}

static void hex(FILE *f, const char *name, const uint8_t *at, size_t len)
{
    fprintf(f, ",\"%s\":\"", name);
    for (size_t i = 0; i < len; i++)
        fprintf(f, "%02x", at[i]);
    fputc('"', f);
}

static void write_keys(FILE *keys, FILE *secrets, const struct sa *s)
{
    FILE *files[] = { keys, secrets };
    for (int i = 0; i < 2; i++)
        fprintf(files[i], "{\"type\":\"%s\",\"spi_i\":\"%016llx\",\"spi_r\":\"%016llx\"", i ? "dh" : "ike",
                (unsigned long long)s->spi_i, (unsigned long long)s->spi_r);
    fputs(",\"encr_id\":20,\"key_bits\":128,\"integ_id\":0,\"prf_id\":5", keys);
    hex(keys, "sk_d", s->sk.d, s->sk.d_len);
    hex(keys, "sk_ei", s->sk.ei, s->sk.e_len);
    hex(keys, "sk_er", s->sk.er, s->sk.e_len);
    hex(secrets, "secret", s->secret, SECRET);
    fputs("}\n", keys);
    fputs("}\n", secrets);
}

static void write_esp(FILE *f, uint64_t frame, const struct sa *sas, const uint32_t counts[static 3])
{
    for (uint32_t n = 1; n <= counts[2]; n++)
        for (uint32_t i = 0; i < counts[0] * counts[1] * 2; i++) {
            const struct sa *s = &sas[i / 2 % counts[0]];
            send_esp(f, &frame, s, &s->children[i / 2 / counts[0]], i % 2, n);
        }
}

static void clear(struct sa *sas, const uint32_t counts[static 3])
{
    for (uint32_t i = 0; i < counts[0]; i++) {
        struct sa *s = &sas[i];
        for (uint32_t n = 0; s->children && n < counts[1] * 2; n++)
            cipher_destroy(s->children[n / 2].out[n % 2]);
        cipher_destroy(s->out[0]);
        cipher_destroy(s->out[1]);
        memory_free(s->children);
        *s = (struct sa){ 0 };
    }
}

int main(int argc, char **argv)
{
    uint32_t counts[3];
    if (argc != 5) {
        fputs("make_sas FOLDER SAS CHILDREN PACKETS\n", stderr);
        return 2;
    }
    for (int i = 0; i < 3; i++)
        counts[i] = (uint32_t)strtoul(argv[2 + i], NULL, 10);
    FILE *keys = open_in(argv[1], "sas.keys"), *secrets = open_in(argv[1], "sas.secrets");
    struct sa *sas = memory_take((counts[0] ? counts[0] : 1) * sizeof *sas);
    uint64_t begun = seed;
    for (int late = 0; late < 2; late++) {
        uint64_t frame = late ? 1000000000 : 0;
        FILE *f = open_in(argv[1], late ? "late.pcap" : "sas.pcap");
        if (late)
            write_esp(f, 0, sas, counts);
        clear(sas, counts);
        seed = begun; /* the same SAs again */
        next_spi = 0x01000000;
        for (uint32_t i = 0; i < counts[0]; i++) {
            make_sa(&sas[i], i, counts[1]);
            come_up(f, &frame, &sas[i]);
            if (!late)
                write_keys(keys, secrets, &sas[i]);
        }
        for (uint32_t n = 0; n < counts[1]; n++)
            for (uint32_t i = 0; i < counts[0]; i++) {
                uint8_t ni[NONCE], nr[NONCE];
                struct sa *s = &sas[i];
                fill(ni, NONCE);
                fill(nr, NONCE);
                make_child(s, &s->children[n], n ? ni : s->ni, n ? nr : s->nr);
                bring_child(f, &frame, s, &s->children[n], n == 0, ni, nr);
            }
        if (!late)
            write_esp(f, frame, sas, counts);
        if (fclose(f))
            return 2;
    }
    clear(sas, counts);
    memory_free(sas);
    return fclose(keys) || fclose(secrets) ? 2 : 0;
}
