/* What no lab capture shows: private keys, postquantum keys, key exchanges in several steps, wrong keys, SAs joined in
 * mid-life. Both peers are played here; keys are derived by keymat.c, which has its own vectors. */
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

static void begin(struct play *p)
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

static void end(struct play *p)
{
    buffer_clear(&p->init[0]);
    buffer_clear(&p->init[1]);
    sessions_destroy(p->sessions);
    esp_destroy(p->esp);
    arena_destroy(p->arena);
    model_destroy(p->model);
}

static struct secret hold(struct play *p, const void *at, size_t len)
{
    return keyring_hold(p->model->keyring, bytes_over(at, len));
}

static void number(struct buffer *b, uint64_t v, unsigned octets)
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

static void chain_begin(struct chain *c)
{
    *c = (struct chain){ .last = 0 };
    buffer_init(&c->b, 8192);
}

static size_t payload(struct chain *c, uint8_t type)
{
    if (c->first)
        c->b.at[c->last] = (char)type;
    else
        c->first = type;
    c->last = c->b.len;
    number(&c->b, 0, 4);
    return c->last;
}

static void close_payload(struct chain *c)
{
    size_t len = c->b.len - c->last;
    c->b.at[c->last + 2] = (char)(len >> 8);
    c->b.at[c->last + 3] = (char)len;
}

static void plain_payload(struct chain *c, uint8_t type, uint64_t head, unsigned head_octets, const void *at, size_t len)
{
    payload(c, type);
    number(&c->b, head, head_octets);
    buffer_put(&c->b, at, len);
    close_payload(c);
}

static void nonce(struct chain *c, char fill)
{
    char octets[32];
    memset(octets, fill, sizeof octets);
    plain_payload(c, PAYLOAD_NONCE, 0, 0, octets, sizeof octets);
}

static void ke(struct chain *c, uint16_t group, const void *at, size_t len)
{
    plain_payload(c, PAYLOAD_KE, (uint64_t)group << 16, 4, at, len);
}
static void notify(struct chain *c, uint16_t type, const char *data)
{
    plain_payload(c, PAYLOAD_NOTIFY, type, 4, data, strlen(data));
}

static void proposal(struct chain *c, uint8_t protocol, uint64_t spi, const uint16_t (*transforms)[2], size_t count)
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

static void header(struct buffer *b, uint64_t spi_i, uint64_t spi_r, uint8_t first, uint8_t exchange, uint8_t flags, uint32_t id,
                   size_t len)
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

static void send_init(struct play *p, bool response, const void *ke_at, size_t ke_len, size_t transforms)
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
static void send_refusal(struct play *p, uint16_t type)
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
static enum decryption show(struct play *p, const struct sk *sk, uint64_t spi_i, uint64_t spi_r, uint8_t exchange, uint8_t flags,
                            uint32_t id, struct chain *c)
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

static enum decryption show_empty(struct play *p, const struct sk *sk, uint64_t spi_i, uint64_t spi_r, uint32_t id)
{
    struct chain c;
    chain_begin(&c);
    return show(p, sk, spi_i, spi_r, EXCHANGE_INFORMATIONAL, FROM_I, id, &c);
}

static struct nonces nonces_of(char i, char r)
{
    static uint8_t octets[2][2][32]; /* two sets may be in use */
    static int turn;
    uint8_t(*n)[32] = octets[turn++ & 1];
    memset(n[0], i, 32);
    memset(n[1], r, 32);
    return (struct nonces){ bytes_over(n[0], 32), bytes_over(n[1], 32) };
}

static struct ike_suite suite(void)
{
    return (struct ike_suite){ encryption_find(ENCR_AES_GCM_16), 128, NULL, prf_find(PRF_HMAC_SHA2_256) };
}

static struct sk keys_of(struct bytes seed, struct nonces n, uint64_t spi_i, uint64_t spi_r)
{
    struct sk sk;
    struct ike_suite s = suite();
    CHECK(sk_derive(&s, seed, n, spi_i, spi_r, &sk));
    return sk;
}

static struct sk initial_keys(struct bytes g_ir)
{
    uint8_t seed[CRYPTO_DIGEST];
    struct nonces n = nonces_of('i', 'r');
    size_t len = skeyseed_initial(suite().prf, n, g_ir, seed);
    return keys_of(bytes_over(seed, len), n, SPI_I, SPI_R);
}

/* Is an ESP packet under these child keys opened? */
static bool esp_opens(struct play *p, uint32_t spi, const uint8_t key[static 20])
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

static void give_secret(struct play *p, const void *at, size_t len, uint16_t group)
{
    struct dh_key k = { .group = group, .secret = hold(p, at, len) };
    keyring_add_dh(p->model->keyring, &k);
}

static const uint8_t public_i[32] = { 9, 1 }, public_r[32] = { 9, 2 }, secret_a[32] = { 0xaa }, secret_b[32] = { 0xbb },
                     secret_c[32] = { 0xcc };

/* Both ends' AUTH, made with this key; eap: after a method that authenticates the initiator. Gives what is thought of its AUTH;
 * of the responder's, p->last tells. int_auth: of the IKE_INTERMEDIATE exchanges before, if there were any. */
static enum verified auth(struct play *p, const struct sk *sk, uint32_t id, bool ppk, bool eap, const char *psk,
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

static struct child_keys child_of(const struct sk *sk, const struct exchanged *x)
{
    struct child_suite s = { PROTOCOL_ESP, encryption_find(ENCR_AES_GCM_16), 128, NULL };
    struct child_keys k;
    CHECK(child_derive(suite().prf, bytes_over(sk->d, 32), x, &s, &k));
    return k;
}

static void give_psk(struct play *p, const char *id, const char *psk)
{
    struct psk_key k = { .id = { id, id ? strlen(id) : 0 }, .psk = hold(p, psk, strlen(psk)) };
    keyring_add_psk(p->model->keyring, &k);
}

/* One side's private key and the other's public value: X25519. */
static void test_private_key(void)
{
    FILE *f = fopen("tests/vectors/dh.txt", "r");
    struct vector v = { .count = 0 };
    size_t line = 0;
    while (f && vector_next(f, &v, &line) && vector_number(&v, "group") != 31)
        ;
    for (int side = 0; side < 2; side++) {
        struct play p;
        begin(&p);
        struct bytes mine = vector_octets(&v, "private"), peer = vector_octets(&v, "peer");
        struct dh_key k = { .is_private = true, .secret = hold(&p, mine.at, mine.len) };
        keyring_add_dh(p.model->keyring, &k);
        give_secret(&p, secret_c, 32, 0); /* one that belongs elsewhere */
        send_init(&p, false, side ? peer.at : public_i, 32, 3);
        send_init(&p, true, side ? public_r : peer.at, 32, 3);
        struct sk sk = initial_keys(vector_octets(&v, "shared"));
        CHECK_NUMBER(show_empty(&p, &sk, SPI_I, SPI_R, 1), DECRYPTION_DECRYPTED);
        CHECK_NUMBER(p.last.keys, KEYS_DERIVED);
        struct sk other = initial_keys(bytes_over(secret_a, 32));
        CHECK_NUMBER(show_empty(&p, &other, SPI_I, SPI_R, 2), DECRYPTION_ICV_FAILED);
        end(&p);
    }
    vector_clear(&v);
    if (f)
        fclose(f);
}

static void test_proofs_and_child(void)
{
    static const struct {
        const char *id, *psk;
        bool ppk, eap;
        enum verified of_i, of_r;
    } cases[] = {
        { NULL, "right", false, false, VERIFIED_TRUE, VERIFIED_TRUE },
        { NULL, "wrong", false, false, VERIFIED_FALSE, VERIFIED_FALSE },
        { "i", "right", false, false, VERIFIED_TRUE, VERIFIED_TRUE },
        { "@r", "wrong", false, false, VERIFIED_UNKNOWN, VERIFIED_FALSE }, /* who the other end is, it says in its answer */
        { "someone", "right", false, false, VERIFIED_UNKNOWN, VERIFIED_UNKNOWN },
        { NULL, "right", true, false, VERIFIED_TRUE, VERIFIED_TRUE },
        { NULL, "right", false, true, VERIFIED_TRUE, VERIFIED_TRUE },
        { NULL, "wrong", false, true, VERIFIED_UNKNOWN,
          VERIFIED_UNKNOWN }, /* the key may be the method's, which nobody gave us */
    };
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        struct play p;
        begin(&p);
        give_secret(&p, secret_a, 32, 31);
        give_psk(&p, cases[n].id, cases[n].psk);
        struct ppk_key ppk = { .ppk = hold(&p, "postquantum", 11) };
        keyring_add_ppk(p.model->keyring, &ppk);
        send_init(&p, false, public_i, 32, 3);
        send_init(&p, true, public_r, 32, 3);
        struct sk sk = initial_keys(bytes_over(secret_a, 32));
        CHECK_NUMBER(auth(&p, &sk, 1, cases[n].ppk, cases[n].eap, "right", bytes_over(NULL, 0)), cases[n].of_i);
        CHECK_NUMBER(p.last.auth_verified, cases[n].of_r);
        if (cases[n].ppk) /* RFC 8784: SK_d = prf+ (PPK, SK_d') */
            CHECK(sk_mix_ppk(suite().prf, bytes_over("postquantum", 11), sk.d, 32));
        struct child_keys k = child_of(&sk, &(struct exchanged){ .n = nonces_of('i', 'r') });
        CHECK(esp_opens(&p, 0x5001, k.encr_i)); /* to the responder */
        CHECK(esp_opens(&p, 0x5000, k.encr_r));
        end(&p);
    }
}

/* RFC 8784: the IKE SA that a rekey makes follows from the mixed SK_d, its Child SAs from its own. Where the postquantum key is
 * not there, nothing is made of the SK_d that is. */
static void test_rekey_after_ppk(bool known)
{
    struct play p;
    begin(&p);
    give_secret(&p, secret_a, 32, 31);
    give_secret(&p, secret_b, 32, 31);
    give_psk(&p, NULL, "right");
    struct ppk_key ppk = { .ppk = hold(&p, "postquantum", 11) };
    if (known)
        keyring_add_ppk(p.model->keyring, &ppk);
    send_init(&p, false, public_i, 32, 3);
    send_init(&p, true, public_r, 32, 3);
    struct sk sk = initial_keys(bytes_over(secret_a, 32));
    auth(&p, &sk, 1, true, false, "right", bytes_over(NULL, 0));
    CHECK_NUMBER(p.last.auth_verified, known ? VERIFIED_TRUE : VERIFIED_UNKNOWN);
    struct sk plain = sk;
    struct child_keys k = child_of(&plain, &(struct exchanged){ .n = nonces_of('i', 'r') });
    CHECK(!esp_opens(&p, 0x5001, k.encr_i));
    for (int response = 0; response < 2; response++) {
        struct chain c;
        chain_begin(&c);
        proposal(&c, PROTOCOL_IKE, response ? 0x44 : 0x33, ike_transforms, 3);
        nonce(&c, response ? 'R' : 'I');
        ke(&c, 31, public_i, 32);
        CHECK_NUMBER(show(&p, &sk, SPI_I, SPI_R, EXCHANGE_CREATE_CHILD_SA, response ? ANSWER : FROM_I, 2, &c),
                     DECRYPTION_DECRYPTED);
    }
    CHECK(sk_mix_ppk(suite().prf, bytes_over("postquantum", 11), sk.d, 32));
    struct nonces n = nonces_of('I', 'R');
    uint8_t seed[CRYPTO_DIGEST];
    size_t len = skeyseed_rekey(suite().prf, bytes_over(sk.d, 32),
                                &(struct exchanged){ .g_ir = bytes_over(secret_b, 32), .n = n }, seed);
    struct sk next = keys_of(bytes_over(seed, len), n, 0x33, 0x44);
    CHECK((show_empty(&p, &next, 0x33, 0x44, 0) == DECRYPTION_DECRYPTED) == known);
    end(&p);
}

/* Where it is not known how keys are made, no packet's ICV is said to be wrong: an integrity algorithm of private use, whose keys'
 * length nobody knows; a given SK_d of 16 octets (given: its length), which three PRFs have; a postquantum preshared key of the
 * exchange's own (RFC 9867). */
static void test_not_keyed(uint16_t integ, size_t given, bool ppk, bool keyed)
{
    const uint16_t transforms[][2] = { { TRANSFORM_ENCR, ENCR_AES_CBC }, { TRANSFORM_INTEG, integ }, { TRANSFORM_ESN, 0 } };
    struct play p;
    begin(&p);
    struct sk sk = initial_keys(bytes_over(secret_a, 32));
    if (given) {
        struct ike_key k = { .spi_i = spi_of(SPI_I, 16), .encr_id = ENCR_AES_GCM_16, .integ_none = true, .key_bits = 128 };
        k.sk_d = hold(&p, sk.d, given);
        k.sk_ei = hold(&p, sk.ei, sk.e_len);
        k.sk_er = hold(&p, sk.er, sk.e_len);
        keyring_add_ike(p.model->keyring, &k);
    } else {
        give_secret(&p, secret_a, 32, 31);
        send_init(&p, false, public_i, 32, 3);
        send_init(&p, true, public_r, 32, 3);
    }
    for (int response = 0; response < 2; response++) {
        struct chain c;
        chain_begin(&c);
        proposal(&c, PROTOCOL_ESP, response ? 0x7001 : 0x7000, transforms, 3);
        nonce(&c, response ? 'R' : 'I');
        if (ppk)
            notify(&c, response ? NOTIFY_PPK_IDENTITY : NOTIFY_PPK_IDENTITY_KEY, "\2me12345678");
        CHECK_NUMBER(show(&p, &sk, SPI_I, SPI_R, EXCHANGE_CREATE_CHILD_SA, response ? ANSWER : FROM_I, 2, &c),
                     DECRYPTION_DECRYPTED);
    }
    CHECK(!esp_opens(&p, 0x7001, secret_b));
    esp_finish(p.esp);
    CHECK_NUMBER(p.model->flows->traffic.icv_failed, keyed);
    CHECK_NUMBER(p.model->flows->traffic.no_key, !keyed);
    end(&p);
}

/* A secret that names the IKE SA may be that of its first key exchange: where it does not fit a Child SA made with PFS, that one's
 * keys are not known, and its packets not damaged. */
static void test_secret_of_another_exchange(void)
{
    static const uint8_t other[20] = { 7 };
    struct play p;
    begin(&p);
    struct dh_key k = { .spi_i = spi_of(SPI_I, 16), .secret = hold(&p, secret_a, 32) };
    keyring_add_dh(p.model->keyring, &k);
    send_init(&p, false, public_i, 32, 3);
    send_init(&p, true, public_r, 32, 3);
    struct sk sk = initial_keys(bytes_over(secret_a, 32));
    for (int response = 0; response < 2; response++) {
        struct chain c;
        chain_begin(&c);
        proposal(&c, PROTOCOL_ESP, response ? 0x7001 : 0x7000, esp_transforms, 3);
        nonce(&c, response ? 'R' : 'I');
        ke(&c, 31, public_i, 32);
        CHECK_NUMBER(show(&p, &sk, SPI_I, SPI_R, EXCHANGE_CREATE_CHILD_SA, response ? ANSWER : FROM_I, 2, &c),
                     DECRYPTION_DECRYPTED);
    }
    CHECK(!esp_opens(&p, 0x7001, other));
    esp_finish(p.esp);
    CHECK_NUMBER(p.model->flows->traffic.icv_failed, 0);
    CHECK_NUMBER(p.model->flows->traffic.no_key, 1);
    end(&p);
}

/* RFC 9370: an ML-KEM exchange in IKE_INTERMEDIATE changes the keys, and what follows is not damaged where its secret is not known,
 * or where it was not seen. */
static void test_intermediate(bool known, bool seen)
{
    struct play p;
    begin(&p);
    if (known)
        give_secret(&p, secret_b, 32, 0);
    struct dh_key first = { .spi_i = spi_of(SPI_I, 16), .secret = hold(&p, secret_a, 32) }; /* of the SA; of which exchange? */
    keyring_add_dh(p.model->keyring, &first);
    send_init(&p, false, public_i, 32, 4);
    send_init(&p, true, public_r, 32, 4);
    struct sk sk = initial_keys(bytes_over(secret_a, 32));
    for (int response = seen ? 0 : 2; response < 2; response++) {
        struct chain c;
        chain_begin(&c);
        ke(&c, 36, public_i, 32);
        CHECK_NUMBER(show(&p, &sk, SPI_I, SPI_R, EXCHANGE_IKE_INTERMEDIATE, response ? ANSWER : FROM_I, 1, &c),
                     DECRYPTION_DECRYPTED);
    }
    uint8_t seed[CRYPTO_DIGEST];
    struct nonces n = nonces_of('i', 'r');
    size_t len = skeyseed_additional(suite().prf, bytes_over(sk.d, 32), bytes_over(secret_b, 32), n, seed);
    struct sk next = keys_of(bytes_over(seed, len), n, SPI_I, SPI_R);
    CHECK_NUMBER(show_empty(&p, &next, SPI_I, SPI_R, 2), known && seen ? DECRYPTION_DECRYPTED : DECRYPTION_NO_KEY);
    CHECK_NUMBER(show_empty(&p, &sk, SPI_I, SPI_R, 1), DECRYPTION_DECRYPTED); /* a late retransmission under the former keys */
    if (known && seen) {
        next.ei[0] ^= 1;
        CHECK_NUMBER(show_empty(&p, &next, SPI_I, SPI_R, 3), DECRYPTION_ICV_FAILED); /* its keys are known */
    }
    end(&p);
}

/* RFC 9242: IKE_INTERMEDIATE is part of what AUTH proves. Where the capture lacks a message of it nothing is said of AUTH; nor of
 * the initiator's where an answer asked it for another IKE_SA_INIT request than the one that was seen. */
static void test_proofs_of_lost_messages(void)
{
    static const struct {
        bool cookie, shown[2]; /* a request with a cookie was sent, and is not seen; messages of IKE_INTERMEDIATE that are */
        const char *psk;
        enum verified of_i, of_r;
    } cases[] = {
        { false, { true, true }, "right", VERIFIED_TRUE, VERIFIED_TRUE },
        { false, { true, true }, "wrong", VERIFIED_FALSE, VERIFIED_FALSE },
        { false, { false, true }, "right", VERIFIED_UNKNOWN, VERIFIED_UNKNOWN },
        { false, { true, false }, "right", VERIFIED_UNKNOWN, VERIFIED_UNKNOWN },
        { false, { false, false }, "right", VERIFIED_UNKNOWN, VERIFIED_UNKNOWN },
        { true, { true, true }, "right", VERIFIED_UNKNOWN, VERIFIED_TRUE },
        { true, { true, true }, "wrong", VERIFIED_UNKNOWN, VERIFIED_FALSE },
    };
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        struct play p;
        uint8_t int_auth[2 * CRYPTO_DIGEST + 4];
        size_t len = 0;
        begin(&p);
        give_secret(&p, secret_a, 32, 31);
        give_psk(&p, NULL, cases[n].psk);
        send_init(&p, false, public_i, 32, 3);
        if (cases[n].cookie) {
            send_refusal(&p, NOTIFY_COOKIE);
            p.init[0].at[p.init[0].len - 1] ^= 1; /* what was signed is not what was seen */
        }
        send_init(&p, true, public_r, 32, 3);
        struct sk sk = initial_keys(bytes_over(secret_a, 32));
        for (int response = 0; response < 2; response++) {
            struct chain c;
            struct buffer a;
            chain_begin(&c);
            buffer_init(&a, 256);
            notify(&c, 16430, response ? "answer" : "request");
            header(&a, SPI_I, SPI_R, PAYLOAD_SK, EXCHANGE_IKE_INTERMEDIATE, response ? ANSWER : FROM_I, 1, 32 + c.b.len);
            number(&a, PAYLOAD_NOTIFY, 1);
            number(&a, 4 + c.b.len, 3);
            buffer_put(&a, c.b.at, c.b.len);
            struct bytes whole = bytes_over(a.at, a.len);
            len += prf_of(suite().prf, bytes_over(response ? sk.pr : sk.pi, 32), &whole, 1, int_auth + len);
            if (cases[n].shown[response])
                CHECK_NUMBER(show(&p, &sk, SPI_I, SPI_R, EXCHANGE_IKE_INTERMEDIATE, response ? ANSWER : FROM_I, 1, &c),
                             DECRYPTION_DECRYPTED);
            else
                buffer_clear(&c.b);
            buffer_clear(&a);
        }
        memcpy(int_auth + len, "\0\0\0\2", 4);
        CHECK_NUMBER(auth(&p, &sk, 2, false, false, "right", bytes_over(int_auth, len + 4)), cases[n].of_i);
        CHECK_NUMBER(p.last.auth_verified, cases[n].of_r);
        end(&p);
    }
}

/* RFC 9867: a postquantum preshared key in IKE_INTERMEDIATE changes the keys as well. */
static void test_ppk_between(void)
{
    struct play p;
    begin(&p);
    give_secret(&p, secret_a, 32, 0);
    struct ppk_key wrong = { .ppk = hold(&p, "prequantum", 10) }, ppk = { .ppk = hold(&p, "postquantum", 11) };
    keyring_add_ppk(p.model->keyring, &wrong);
    keyring_add_ppk(p.model->keyring, &ppk);
    send_init(&p, false, public_i, 32, 3);
    send_init(&p, true, public_r, 32, 3);
    struct sk sk = initial_keys(bytes_over(secret_a, 32));
    for (int response = 0; response < 2; response++) {
        struct chain c;
        chain_begin(&c);
        notify(&c, response ? NOTIFY_PPK_IDENTITY : NOTIFY_PPK_IDENTITY_KEY, response ? "\2me" : "\2me12345678");
        CHECK_NUMBER(show(&p, &sk, SPI_I, SPI_R, EXCHANGE_IKE_INTERMEDIATE, response ? ANSWER : FROM_I, 1, &c),
                     DECRYPTION_DECRYPTED);
    }
    uint8_t seed[CRYPTO_DIGEST];
    struct bytes sk_d = bytes_over(sk.d, 32);
    size_t len = prf_of(suite().prf, bytes_over("postquantum", 11), &sk_d, 1, seed);
    struct sk next = keys_of(bytes_over(seed, len), nonces_of('i', 'r'), SPI_I, SPI_R);
    CHECK_NUMBER(show_empty(&p, &next, SPI_I, SPI_R, 2), DECRYPTION_DECRYPTED);
    end(&p);
}

/* RFC 5723: a ticket, and the IKE SA that is made of it without a key exchange. */
static void test_resumption(bool known)
{
    enum { NEW_I = 0x77, NEW_R = 0x88 };
    struct play p;
    begin(&p);
    give_secret(&p, secret_a, 32, 31);
    give_psk(&p, NULL, "another");
    send_init(&p, false, public_i, 32, 3);
    send_init(&p, true, public_r, 32, 3);
    struct sk sk = initial_keys(bytes_over(secret_a, 32));
    struct chain c;
    chain_begin(&c);
    notify(&c, NOTIFY_TICKET_LT_OPAQUE, known ? "\1\1\1\1ticket" : "\1\1\1\1another");
    CHECK_NUMBER(show(&p, &sk, SPI_I, SPI_R, EXCHANGE_IKE_AUTH, ANSWER, 1, &c), DECRYPTION_DECRYPTED);
    for (int response = 0; response < 2; response++) {
        chain_begin(&c);
        nonce(&c, response ? 'R' : 'I');
        if (!response)
            notify(&c, NOTIFY_TICKET_OPAQUE, "ticket");
        struct buffer *b = &p.init[response];
        buffer_reset(b);
        header(b, NEW_I, response ? NEW_R : 0, c.first, EXCHANGE_IKE_SESSION_RESUME, response ? ANSWER : FROM_I, 0, 28 + c.b.len);
        buffer_put(b, c.b.at, c.b.len);
        struct message m = { .direction = DIRECTION_WIRE };
        CHECK(ike_decode(p.arena, bytes_over(b->at, b->len), &m) && !m.malformed);
        sessions_learn(p.sessions, &m, 0, (struct bytes){ NULL, 0 });
        buffer_clear(&c.b);
    }
    const struct nonces n = nonces_of('I', 'R');
    const struct bytes parts[] = { bytes_over("Resumption", 10), n.i, n.r };
    static const uint8_t id_i[] = { ID_FQDN, 0, 0, 0, 'i' };
    uint8_t seed[CRYPTO_DIGEST], mac[CRYPTO_DIGEST], proof[CRYPTO_DIGEST];
    size_t len = prf_of(suite().prf, bytes_over(sk.d, 32), parts, 3, seed);
    const struct sk next = keys_of(bytes_over(seed, len), n, NEW_I, NEW_R);
    const struct bytes body = bytes_over(id_i, sizeof id_i), sk_pi = bytes_over(next.pi, 32);
    const struct bytes said[] = { bytes_over(p.init[0].at, p.init[0].len), n.r,
                                  bytes_over(mac, prf_of(suite().prf, sk_pi, &body, 1, mac)) };
    len = prf_of(suite().prf, sk_pi, said, 3, proof);
    chain_begin(&c);
    plain_payload(&c, PAYLOAD_IDI, 0, 0, body.at, body.len);
    plain_payload(&c, PAYLOAD_AUTH, (uint64_t)AUTH_PSK << 24, 4, proof, len);
    CHECK_NUMBER(show(&p, &next, NEW_I, NEW_R, EXCHANGE_IKE_AUTH, FROM_I, 1, &c),
                 known ? DECRYPTION_DECRYPTED : DECRYPTION_NO_KEY);
    CHECK_NUMBER(p.last.auth_verified, known ? VERIFIED_TRUE : VERIFIED_UNKNOWN);
    end(&p);
}

/* RFC 9370 section 2.2.4: CREATE_CHILD_SA and IKE_FOLLOWUP_KE, for a Child SA and for the next IKE SA; asked by either end. */
static void test_followup(bool rekey, bool by_responder)
{
    struct play p;
    begin(&p);
    give_secret(&p, secret_a, 32, 0);
    give_secret(&p, secret_b, 32, 31);
    give_secret(&p, secret_c, 32, 36);
    send_init(&p, false, public_i, 32, 3);
    send_init(&p, true, public_r, 32, 3);
    struct sk sk = initial_keys(bytes_over(secret_a, 32));
    for (int response = 0; response < 2; response++) {
        struct chain c;
        uint8_t flags = (uint8_t)((response ? ANSWER : 0) | ((response != 0) == by_responder ? FROM_I : 0));
        chain_begin(&c);
        if (rekey)
            proposal(&c, PROTOCOL_IKE, response ? 0x44 : 0x33, ike_transforms, 4);
        else
            proposal(&c, PROTOCOL_ESP, response ? 0x6001 : 0x6000, esp_transforms, 4);
        nonce(&c, response ? 'R' : 'I');
        ke(&c, 31, public_i, 32);
        if (response)
            notify(&c, NOTIFY_ADDITIONAL_KEY_EXCHANGE, "link");
        CHECK_NUMBER(show(&p, &sk, SPI_I, SPI_R, EXCHANGE_CREATE_CHILD_SA, flags, 5, &c), DECRYPTION_DECRYPTED);
    }
    for (int response = 0; response < 2; response++) {
        struct chain c;
        uint8_t flags = (uint8_t)((response ? ANSWER : 0) | ((response != 0) == by_responder ? FROM_I : 0));
        chain_begin(&c);
        ke(&c, 36, public_i, 32);
        notify(&c, NOTIFY_ADDITIONAL_KEY_EXCHANGE, "link");
        CHECK_NUMBER(show(&p, &sk, SPI_I, SPI_R, EXCHANGE_IKE_FOLLOWUP_KE, flags, 6, &c), DECRYPTION_DECRYPTED);
    }
    struct nonces n = nonces_of('I', 'R');
    struct bytes more = bytes_over(secret_c, 32);
    if (rekey) {
        uint8_t seed[CRYPTO_DIGEST];
        size_t len = skeyseed_rekey(suite().prf, bytes_over(sk.d, 32),
                                    &(struct exchanged){ bytes_over(secret_b, 32), n, &more, 1 }, seed);
        struct sk next = keys_of(bytes_over(seed, len), n, 0x33, 0x44);
        CHECK_NUMBER(show_empty(&p, &next, 0x33, 0x44, 0), DECRYPTION_DECRYPTED);
    } else {
        struct child_keys k = child_of(&sk, &(struct exchanged){ bytes_over(secret_b, 32), n, &more, 1 });
        CHECK(esp_opens(&p, 0x6001, k.encr_i));
        CHECK(esp_opens(&p, 0x6000, k.encr_r));
    }
    end(&p);
}

/* No IKE_SA_INIT: the key line has the algorithms. And a key line without them takes those of the proposal. */
static void test_supplied(void)
{
    for (int init = 0; init < 2; init++) {
        struct play p;
        begin(&p);
        struct sk sk = initial_keys(bytes_over(secret_a, 32)), wrong = initial_keys(bytes_over(secret_b, 32));
        if (init) {
            send_init(&p, false, public_i, 32, 3);
            send_init(&p, true, public_r, 32, 3);
        }
        for (int good = 0; good < 2; good++) { /* two keys of one SPI pair: both are tried */
            const struct sk *s = good ? &sk : &wrong;
            struct ike_key k = { .spi_i = spi_of(SPI_I, 16),
                                 .spi_r = spi_of(SPI_R, 16),
                                 .encr_id = init ? 0 : ENCR_AES_GCM_16,
                                 .integ_none = !init,
                                 .key_bits = init ? 0 : 128,
                                 .prf_id = init ? 0 : PRF_HMAC_SHA2_256 };
            k.sk_d = hold(&p, s->d, 32);
            k.sk_ei = hold(&p, s->ei, s->e_len);
            k.sk_er = hold(&p, s->er, s->e_len);
            keyring_add_ike(p.model->keyring, &k);
        }
        CHECK_NUMBER(show_empty(&p, &sk, SPI_I, SPI_R, 9), DECRYPTION_DECRYPTED);
        CHECK_NUMBER(p.last.keys, KEYS_SUPPLIED);
        CHECK_NUMBER(show_empty(&p, &sk, SPI_I, 0x99, 9), DECRYPTION_NO_KEY); /* another SA */
        end(&p);
    }
}

/* A key line whose integrity key is right and whose encryption key is not. */
static void test_wrong_cipher_key(void)
{
    struct play p;
    begin(&p);
    uint8_t key[32] = { 1 }, bad[32] = { 2 }, text[32] = { 0, 0, 0, 8, 0, 0, 0x40, 0, [31] = 23 }, mac[CRYPTO_DIGEST];
    struct ike_key k = { .spi_i = spi_of(SPI_I, 16),
                         .spi_r = spi_of(SPI_R, 16),
                         .encr_id = ENCR_AES_CBC,
                         .key_bits = 128,
                         .integ_id = INTEG_HMAC_SHA2_256_128 };
    k.sk_ei = k.sk_er = hold(&p, bad, 16);
    k.sk_ai = k.sk_ar = hold(&p, key, 32);
    keyring_add_ike(p.model->keyring, &k);
    struct buffer b;
    buffer_init(&b, 1024);
    header(&b, SPI_I, SPI_R, PAYLOAD_SK, EXCHANGE_INFORMATIONAL, FROM_I, 3, 28 + 4 + 16 + 32 + 16);
    number(&b, PAYLOAD_NOTIFY, 1);
    number(&b, 0, 1);
    number(&b, 4 + 16 + 32 + 16, 2);
    uint8_t iv[16] = { 5 };
    struct cipher *c = cipher_create(CIPHER_AES_CBC, bytes_over(key, 16), 0, true);
    CHECK(cipher_run(c, iv, bytes_over(text, 32), text));
    cipher_destroy(c);
    buffer_put(&b, iv, 16);
    buffer_put(&b, text, 32);
    struct bytes covered = bytes_over(b.at, b.len);
    struct mac *m = mac_create(MAC_HMAC_SHA2_256, bytes_over(key, 32));
    mac_of(m, &covered, 1, mac);
    mac_destroy(m);
    buffer_put(&b, mac, 16);
    struct message msg = { .direction = DIRECTION_WIRE };
    struct sealed s;
    struct unsealed open;
    CHECK(ike_decode(p.arena, bytes_over(b.at, b.len), &msg) && ike_sealed(msg.octets, &s));
    CHECK_NUMBER(sessions_open(p.sessions, &msg, &s, &open), DECRYPTION_NO_KEY);
    CHECK(msg.wrong_encryption_key);
    b.at[b.len - 1] ^= 1;
    msg.wrong_encryption_key = false;
    CHECK_NUMBER(sessions_open(p.sessions, &msg, &s, &open), DECRYPTION_ICV_FAILED);
    CHECK(!msg.wrong_encryption_key);
    buffer_clear(&b);
    end(&p);
}

/* Where nothing proves integrity the octets themselves must tell whether the encryption key is the right one: a whole chain of
 * payloads that ends where the padding begins, or of a fragment's first piece the beginning of one. */
static void test_opened_by_looks(void)
{
    static const struct {
        uint8_t piece, pieces; /* 0: no fragment */
        uint8_t first, len, text[20];
        bool opens;
    } rows[] = {
        { 0, 0, PAYLOAD_NOTIFY, 8, { 0, 0, 0, 8, 0, 0, 0x40, 0 }, true },
        { 0, 0, PAYLOAD_NOTIFY, 8, { 0, 0, 0, 9, 0, 0, 0x40, 0 }, false },
        { 0, 0, PAYLOAD_NOTIFY, 9, { 0, 0, 0, 8, 0, 0, 0x40, 0 }, false },
        { 0, 0, PAYLOAD_VENDOR, 8, { PAYLOAD_VENDOR, 0, 0, 4, 0, 0, 0, 4 }, true },
        { 0, 0, PAYLOAD_VENDOR, 4, { PAYLOAD_VENDOR, 0, 0, 4 }, false },
        { 0, 0, PAYLOAD_VENDOR, 4, { 0, 0, 0, 3 }, false },
        { 0, 0, PAYLOAD_NONE, 0, { 0 }, true },
        { 0, 0, PAYLOAD_NONE, 4, { 0 }, false },
        { 1, 2, PAYLOAD_NOTIFY, 13, { PAYLOAD_VENDOR, 0, 0, 8, 0, 0, 0x40, 0, 0, 0, 1, 0, 9 }, true },
        { 1, 2, PAYLOAD_NOTIFY, 8, { 0, 0, 0, 8, 0, 0, 0x40, 0 }, true },
        { 1, 2, PAYLOAD_NOTIFY, 9, { 0, 0, 0, 8, 0, 0, 0x40, 0 }, false },
        { 1, 2, PAYLOAD_NOTIFY, 12, { PAYLOAD_VENDOR, 0, 0, 8, 0, 0, 0x40, 0, PAYLOAD_VENDOR, 1, 0, 4 }, false }, /* reserved */
        { 1, 2, PAYLOAD_NOTIFY, 12, { PAYLOAD_VENDOR, 0x80, 0, 8, 0, 0, 0x40, 0, 0, 0x80, 0, 4 }, true },         /* critical */
        { 1, 2, PAYLOAD_VENDOR, 8, { PAYLOAD_VENDOR, 0, 0, 3, 0, 0, 0, 4 }, false },
        { 1, 2, PAYLOAD_VENDOR, 8, { PAYLOAD_VENDOR, 0, 0, 4, 0, 0, 0, 4 }, true },
        { 1, 2, PAYLOAD_VENDOR, 8, { 127, 0, 1, 4 }, false }, /* no payload has that number; from 128 on anybody's may */
        { 1, 2, PAYLOAD_VENDOR, 8, { 128, 0, 1, 4 }, true },
        { 1, 2, PAYLOAD_VENDOR, 3, { 9, 9, 9 }, true },
        { 1, 1, PAYLOAD_VENDOR, 8, { PAYLOAD_VENDOR, 0, 1, 4 }, false },
        { 1, 1, PAYLOAD_VENDOR, 4, { 0, 0, 0, 4 }, true },
        { 2, 2, PAYLOAD_NONE, 8, { 9, 9, 9, 9, 9, 9, 9, 9 }, true },
    };
    enum { BLOCKS = 32 };
    uint8_t key[16] = { 1 };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        begin(&p);
        struct ike_key k = {
            .spi_i = spi_of(SPI_I, 16), .spi_r = spi_of(SPI_R, 16), .encr_id = ENCR_AES_CBC, .key_bits = 128, .integ_none = true
        };
        k.sk_ei = k.sk_er = hold(&p, key, sizeof key);
        keyring_add_ike(p.model->keyring, &k);
        const bool piece = rows[i].pieces;
        const size_t len = 4 + 4u * piece + 16 + BLOCKS;
        uint8_t text[BLOCKS] = { 0 }, iv[16] = { 5 };
        memcpy(text, rows[i].text, rows[i].len);
        text[BLOCKS - 1] = (uint8_t)(BLOCKS - 1 - rows[i].len);
        struct cipher *c = cipher_create(CIPHER_AES_CBC, bytes_over(key, sizeof key), 0, true);
        CHECK(cipher_run(c, iv, bytes_over(text, BLOCKS), text));
        cipher_destroy(c);
        struct buffer b;
        buffer_init(&b, 1024);
        header(&b, SPI_I, SPI_R, piece ? PAYLOAD_SKF : PAYLOAD_SK, EXCHANGE_INFORMATIONAL, FROM_I, 3, 28 + len);
        number(&b, rows[i].first, 1);
        number(&b, 0, 1);
        number(&b, len, 2);
        if (piece)
            number(&b, (uint64_t)rows[i].piece << 16 | rows[i].pieces, 4);
        buffer_put(&b, iv, sizeof iv);
        buffer_put(&b, text, BLOCKS);
        struct message m = { .direction = DIRECTION_WIRE };
        struct sealed s;
        struct unsealed open;
        CHECK(ike_decode(p.arena, bytes_over(b.at, b.len), &m) && ike_sealed(m.octets, &s));
        bool opened = sessions_open(p.sessions, &m, &s, &open) == DECRYPTION_DECRYPTED;
        if (opened != rows[i].opens)
            fprintf(stderr, "row %zu\n", i);
        CHECK(opened == rows[i].opens);
        CHECK(!opened || (open.plain.len == rows[i].len && memcmp(open.plain.at, rows[i].text, rows[i].len) == 0));
        buffer_clear(&b);
        end(&p);
    }
}

int main(void)
{
    test_private_key();
    test_proofs_and_child();
    test_rekey_after_ppk(true);
    test_rekey_after_ppk(false);
    test_not_keyed(1024, 0, false, false);
    test_not_keyed(INTEG_HMAC_SHA2_256_128, 0, false, true);
    test_not_keyed(INTEG_HMAC_SHA2_256_128, 0, true, false);
    test_not_keyed(INTEG_HMAC_SHA2_256_128, 32, false, true);
    test_not_keyed(INTEG_HMAC_SHA2_256_128, 16, false, false);
    test_secret_of_another_exchange();
    test_intermediate(true, true);
    test_intermediate(false, true);
    test_intermediate(true, false);
    test_proofs_of_lost_messages();
    test_ppk_between();
    test_resumption(true);
    test_resumption(false);
    for (int n = 0; n < 4; n++)
        test_followup(n & 1, n & 2);
    test_supplied();
    test_wrong_cipher_key();
    test_opened_by_looks();
    return TEST_REPORT();
}
