/* Plays both peers of an IKE SA; keys are derived by keymat.c, which has its own vectors. */
#ifndef IKESCOPE_TESTS_PLAY_H
#define IKESCOPE_TESTS_PLAY_H

#include "decoder/session.h"

#include "decoder/keymat.h"
#include "test.h"
#include "vectors.h"

enum { SPI_I = 0x11, SPI_R = 0x22, FROM_I = MESSAGE_INITIATOR, ANSWER = MESSAGE_RESPONSE };

struct play {
    struct model *model;
    struct esp *esp;
    struct sessions *sessions;
    struct arena *arena;
    struct message last;
    struct buffer init[2]; /* both IKE_SA_INIT messages */
};

static inline void begin(struct play *p)
{
    *p = (struct play){ .model = model_create(), .arena = arena_create() };
    model_add_input(p->model, TEXT("x"), TEXT("x"));
    if (!p->model->keyring)
        p->model->keyring = keyring_create(&p->model->limits);
    p->esp = esp_create(p->model, (struct plain_taker){ NULL, NULL }, 1);
    p->sessions = sessions_create(p->model, p->esp);
    buffer_init(&p->init[0], 4096);
    buffer_init(&p->init[1], 4096);
}

static inline void end(struct play *p)
{
    buffer_clear(&p->init[0]);
    buffer_clear(&p->init[1]);
    sessions_destroy(p->sessions);
    esp_destroy(p->esp);
    arena_destroy(p->arena);
    model_destroy(p->model);
}

static inline struct secret hold(struct play *p, const void *at, size_t len)
{
    return keyring_hold(p->model->keyring, bytes_over(at, len));
}

static inline void number(struct buffer *b, uint64_t v, unsigned octets)
{
    while (octets-- > 0)
        buffer_byte(b, (char)(v >> (8 * octets)));
}

/* ---- Payloads: each appends one, and says in the former what follows ---- */

struct chain {
    struct buffer b;
    uint8_t first;
    size_t last; /* place of the last payload's header */
};

static inline void chain_begin(struct chain *c)
{
    *c = (struct chain){ .last = 0 };
    buffer_init(&c->b, 8192);
}

static inline size_t payload(struct chain *c, uint8_t type)
{
    if (c->first)
        c->b.at[c->last] = (char)type;
    else
        c->first = type;
    c->last = c->b.len;
    number(&c->b, 0, 4);
    return c->last;
}

static inline void close_payload(struct chain *c)
{
    size_t len = c->b.len - c->last;
    c->b.at[c->last + 2] = (char)(len >> 8);
    c->b.at[c->last + 3] = (char)len;
}

static inline void plain_payload(struct chain *c, uint8_t type, uint64_t head, unsigned head_octets, const void *at, size_t len)
{
    payload(c, type);
    number(&c->b, head, head_octets);
    buffer_put(&c->b, at, len);
    close_payload(c);
}

static inline void nonce(struct chain *c, char fill)
{
    char octets[32];
    memset(octets, fill, sizeof octets);
    plain_payload(c, PAYLOAD_NONCE, 0, 0, octets, sizeof octets);
}

static inline void ke(struct chain *c, uint16_t group, const void *at, size_t len)
{
    plain_payload(c, PAYLOAD_KE, (uint64_t)group << 16, 4, at, len);
}
static inline void notify(struct chain *c, uint16_t type, const char *data)
{
    plain_payload(c, PAYLOAD_NOTIFY, type, 4, data, strlen(data));
}

static inline void proposal(struct chain *c, uint8_t protocol, uint64_t spi, const uint16_t (*transforms)[2], size_t count)
{
    unsigned spi_octets = protocol == PROTOCOL_IKE ? (spi ? 8 : 0) : 4;
    payload(c, PAYLOAD_SA);
    size_t at = c->b.len;
    number(&c->b, 0, 4);
    number(&c->b, 1, 1);
    number(&c->b, protocol, 1);
    number(&c->b, spi_octets, 1);
    number(&c->b, count, 1);
    number(&c->b, spi, spi_octets);
    for (size_t i = 0; i < count; i++) {
        bool keyed = transforms[i][0] == TRANSFORM_ENCR;
        number(&c->b, i + 1 < count ? 3 : 0, 2 - 1);
        number(&c->b, 0, 1);
        number(&c->b, keyed ? 12 : 8, 2);
        number(&c->b, transforms[i][0], 1);
        number(&c->b, 0, 1);
        number(&c->b, transforms[i][1], 2);
        if (keyed)
            number(&c->b, 0x800e0080, 4); /* key length 128 */
    }
    size_t len = c->b.len - at;
    c->b.at[at + 2] = (char)(len >> 8);
    c->b.at[at + 3] = (char)len;
    close_payload(c);
}

static const uint16_t ike_transforms[][2] = {
    { TRANSFORM_ENCR, ENCR_AES_GCM_16 }, { TRANSFORM_PRF, PRF_HMAC_SHA2_256 }, { TRANSFORM_DH, 31 }, { TRANSFORM_ADDKE1, 36 }
};
static const uint16_t esp_transforms[][2] = {
    { TRANSFORM_ENCR, ENCR_AES_GCM_16 }, { TRANSFORM_ESN, 0 }, { TRANSFORM_DH, 31 }, { TRANSFORM_ADDKE1, 36 }
};

/* ---- Messages ---- */

static inline void header(struct buffer *b, uint64_t spi_i, uint64_t spi_r, uint8_t first, uint8_t exchange, uint8_t flags,
                          uint32_t id, size_t len)
{
    number(b, spi_i, 8);
    number(b, spi_r, 8);
    number(b, first, 1);
    number(b, 0x20, 1);
    number(b, exchange, 1);
    number(b, flags, 1);
    number(b, id, 4);
    number(b, len, 4);
}

static inline void send_init(struct play *p, bool response, const void *ke_at, size_t ke_len, size_t transforms)
{
    struct chain c;
    chain_begin(&c);
    proposal(&c, PROTOCOL_IKE, 0, ike_transforms, transforms);
    ke(&c, 31, ke_at, ke_len);
    nonce(&c, response ? 'r' : 'i');
    struct buffer *b = &p->init[response];
    header(b, SPI_I, response ? SPI_R : 0, c.first, EXCHANGE_IKE_SA_INIT, response ? ANSWER : FROM_I, 0, 28 + c.b.len);
    buffer_put(b, c.b.at, c.b.len);
    struct message m = { .direction = DIRECTION_WIRE };
    CHECK(ike_decode(p->arena, bytes_over(b->at, b->len), &m) && !m.malformed);
    sessions_learn(p->sessions, &m, 0, (struct bytes){ NULL, 0 });
    buffer_clear(&c.b);
}

/* An answer to IKE_SA_INIT that makes no SA. */
static inline void send_refusal(struct play *p, uint16_t type)
{
    struct chain c;
    struct buffer b;
    struct message m = { .direction = DIRECTION_WIRE };
    chain_begin(&c);
    notify(&c, type, "data");
    buffer_init(&b, 256);
    header(&b, SPI_I, 0, c.first, EXCHANGE_IKE_SA_INIT, ANSWER, 0, 28 + c.b.len);
    buffer_put(&b, c.b.at, c.b.len);
    CHECK(ike_decode(p->arena, bytes_over(b.at, b.len), &m) && !m.malformed);
    sessions_learn(p->sessions, &m, 0, (struct bytes){ NULL, 0 });
    buffer_clear(&b);
    buffer_clear(&c.b);
}

/* Seals and shows one message; gives what became of it. */
static inline enum decryption show(struct play *p, const struct sk *sk, uint64_t spi_i, uint64_t spi_r, uint8_t exchange,
                                   uint8_t flags, uint32_t id, struct chain *c)
{
    struct buffer b;
    uint8_t nonce_octets[12], sealed[8192];
    const uint8_t *key = flags & FROM_I ? sk->ei : sk->er;
    buffer_byte(&c->b, 0); /* pad length */
    buffer_init(&b, 16384);
    header(&b, spi_i, spi_r, PAYLOAD_SK, exchange, flags, id, 28 + 4 + 8 + c->b.len + 16);
    number(&b, c->first, 1);
    number(&b, 0, 1);
    number(&b, 4 + 8 + c->b.len + 16, 2);
    struct bytes aad = bytes_over(b.at, b.len);
    memcpy(nonce_octets, key + 16, 4);
    memset(nonce_octets + 4, (int)id + 1, 8);
    struct cipher *cipher = cipher_create(CIPHER_AES_GCM, bytes_over(key, 16), 16, true);
    CHECK(cipher_seal(cipher, bytes_over(nonce_octets, 12), &aad, 1, bytes_over(c->b.at, c->b.len), sealed + c->b.len, sealed));
    cipher_destroy(cipher);
    buffer_put(&b, nonce_octets + 4, 8);
    buffer_put(&b, sealed, c->b.len + 16);

    struct sealed s;
    struct unsealed open;
    struct message m = { .direction = DIRECTION_WIRE };
    CHECK(ike_decode(p->arena, arena_bytes(p->arena, bytes_over(b.at, b.len)), &m) && ike_sealed(m.octets, &s));
    m.decryption = (uint8_t)sessions_open(p->sessions, &m, &s, &open);
    if (m.decryption == DECRYPTION_DECRYPTED) {
        m.keys = open.keys;
        ike_unseal(p->arena, s.first, open.plain, &m);
        CHECK(!m.malformed);
        sessions_learn(p->sessions, &m, s.first, open.plain);
    }
    p->last = m;
    buffer_clear(&b);
    buffer_clear(&c->b);
    return (enum decryption)m.decryption;
}

static inline enum decryption show_empty(struct play *p, const struct sk *sk, uint64_t spi_i, uint64_t spi_r, uint32_t id)
{
    struct chain c;
    chain_begin(&c);
    return show(p, sk, spi_i, spi_r, EXCHANGE_INFORMATIONAL, FROM_I, id, &c);
}

static inline struct nonces nonces_of(char i, char r)
{
    static uint8_t octets[2][2][32]; /* two sets may be in use */
    static int turn;
    uint8_t(*n)[32] = octets[turn++ & 1];
    memset(n[0], i, 32);
    memset(n[1], r, 32);
    return (struct nonces){ bytes_over(n[0], 32), bytes_over(n[1], 32) };
}

static inline struct ike_suite suite(void)
{
    return (struct ike_suite){ encryption_find(ENCR_AES_GCM_16), 128, NULL, prf_find(PRF_HMAC_SHA2_256) };
}

static inline struct sk keys_of(struct bytes seed, struct nonces n, uint64_t spi_i, uint64_t spi_r)
{
    struct sk sk;
    struct ike_suite s = suite();
    CHECK(sk_derive(&s, seed, n, spi_i, spi_r, &sk));
    return sk;
}

static inline struct sk initial_keys(struct bytes g_ir)
{
    uint8_t seed[CRYPTO_DIGEST];
    struct nonces n = nonces_of('i', 'r');
    size_t len = skeyseed_initial(suite().prf, n, g_ir, seed);
    return keys_of(bytes_over(seed, len), n, SPI_I, SPI_R);
}

/* Is an ESP packet under these child keys opened? */
static inline bool esp_opens(struct play *p, uint32_t spi, const uint8_t key[static 20])
{
    uint8_t packet[8 + 8 + 40 + 16] = { 0 }, plain[40] = { 0x45, 0, 0, 36, [9] = 1, [36] = 1, [37] = 2, [38] = 2, [39] = 4 },
                                nonce_octets[12], ip[128] = { 0x45 };
    for (int i = 0; i < 4; i++)
        packet[i] = (uint8_t)(spi >> (24 - 8 * i));
    packet[7] = 1;
    memcpy(nonce_octets, key + 16, 4);
    memcpy(nonce_octets + 4, packet + 8, 8);
    struct bytes aad = bytes_over(packet, 8);
    struct cipher *cipher = cipher_create(CIPHER_AES_GCM, bytes_over(key, 16), 16, true);
    cipher_seal(cipher, bytes_over(nonce_octets, 12), &aad, 1, bytes_over(plain, 40), packet + 56, packet + 16);
    cipher_destroy(cipher);
    memcpy(ip + 20, packet, sizeof packet);
    uint32_t frame = 1;
    struct packet of = {
        .frame = 1, .frames = &frame, .frame_count = 1, .ip_version = 4, .ip = bytes_over(ip, 20 + sizeof packet), .ip_header = 20
    };
    esp_take(p->esp, &of, bytes_over(ip + 20, sizeof packet));
    for (const struct flow *f = p->model->flows; f; f = f->next)
        if (f->spi == spi)
            return f->traffic.decrypted > 0 && f->keys == KEYS_DERIVED;
    return false;
}

static inline void give_secret(struct play *p, const void *at, size_t len, uint16_t group)
{
    struct dh_key k = { .group = group, .secret = hold(p, at, len) };
    keyring_add_dh(p->model->keyring, &k);
}

static const uint8_t public_i[32] = { 9, 1 }, public_r[32] = { 9, 2 }, secret_a[32] = { 0xaa }, secret_b[32] = { 0xbb },
                     secret_c[32] = { 0xcc };

/* Both ends' AUTH, made with this key; eap: after a method that authenticates the initiator. Gives what is thought of its AUTH;
 * of the responder's, p->last tells. int_auth: of the IKE_INTERMEDIATE exchanges before, if there were any. */
static inline enum verified auth(struct play *p, const struct sk *sk, uint32_t id, bool ppk, bool eap, const char *psk,
                                 struct bytes int_auth)
{
    enum verified of_initiator = VERIFIED_UNKNOWN;
    static const uint8_t id_i[] = { ID_FQDN, 0, 0, 0, 'i' }, id_r[] = { ID_FQDN, 0, 0, 0, 'r' };
    const struct prf *prf = suite().prf;
    struct nonces n = nonces_of('i', 'r');
    for (int response = 0; response < 2; response++) {
        struct chain c;
        uint8_t mac[CRYPTO_DIGEST], proof[CRYPTO_DIGEST], sk_p[KEYMAT_SK];
        struct bytes body = response ? bytes_over(id_r, 5) : bytes_over(id_i, 5);
        memcpy(sk_p, response ? sk->pr : sk->pi, 32);
        if (ppk)
            CHECK(sk_mix_ppk(prf, bytes_over("postquantum", 11), sk_p, 32));
        struct bytes parts[4] = { bytes_over(p->init[response].at, p->init[response].len), response ? n.i : n.r,
                                  bytes_over(mac, prf_of(prf, bytes_over(sk_p, 32), &body, 1, mac)), int_auth };
        size_t len = auth_shared(prf, bytes_over(psk, strlen(psk)), parts, 4, proof);
        chain_begin(&c);
        plain_payload(&c, response ? PAYLOAD_IDR : PAYLOAD_IDI, 0, 0, body.at, body.len);
        plain_payload(&c, PAYLOAD_AUTH, (uint64_t)AUTH_PSK << 24, 4, proof, len);
        if (ppk)
            notify(&c, NOTIFY_PPK_IDENTITY, response ? "" : "\2me");
        if (eap)
            plain_payload(&c, PAYLOAD_EAP, 0x03010004, 4, "", 0); /* Success */
        proposal(&c, PROTOCOL_ESP, response ? 0x5001 : 0x5000, esp_transforms, 2);
        CHECK_NUMBER(show(p, sk, SPI_I, SPI_R, EXCHANGE_IKE_AUTH, response ? ANSWER : FROM_I, id, &c), DECRYPTION_DECRYPTED);
        if (!response)
            of_initiator = (enum verified)p->last.auth_verified;
    }
    return of_initiator;
}

static inline struct child_keys child_of(const struct sk *sk, const struct exchanged *x)
{
    struct child_suite s = { PROTOCOL_ESP, encryption_find(ENCR_AES_GCM_16), 128, NULL };
    struct child_keys k;
    CHECK(child_derive(suite().prf, bytes_over(sk->d, 32), x, &s, &k));
    return k;
}

static inline void give_psk(struct play *p, const char *id, const char *psk)
{
    struct psk_key k = { .id = { id, id ? strlen(id) : 0 }, .psk = hold(p, psk, strlen(psk)) };
    keyring_add_psk(p->model->keyring, &k);
}

#endif
