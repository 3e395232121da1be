/* What no lab capture shows: private keys, wrong keys, proofs, SAs joined in mid-life. */
#include "decoder/session_parts.h"
#include "play.h"

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

/* An IKE SA that no key opens is kept small: a capture may have any number of them. */
static void test_not_opened(void)
{
    enum { SMALL = 1500 };
    struct play p;
    begin(&p);
    send_init(&p, false, public_i, 32, 3);
    send_init(&p, true, public_r, 32, 3);
    const struct session *ss = session_find(p.sessions, SPI_I, SPI_R);
    struct sk sk = initial_keys(bytes_over(secret_a, 32));
    struct sk other = initial_keys(bytes_over(secret_b, 32));
    give_secret(&p, secret_a, 32, 31);
    show_empty(&p, &other, SPI_I, SPI_R, 1);
    CHECK(sizeof *ss < SMALL && ss && !ss->inside);
    CHECK_NUMBER(show_empty(&p, &sk, SPI_I, SPI_R, 2), DECRYPTION_DECRYPTED);
    CHECK(ss && ss->inside);
    end(&p);
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

/* A postquantum key that is not the one is the wrong one only where it was meant for these peers: named as they named it, or for
 * anyone. */
static void test_ppk_of_another(void)
{
    static const struct {
        const char *id, *ppk;
        enum verified is;
    } rows[] = {
        { NULL, "postquantum", VERIFIED_TRUE },     { "me", "postquantum", VERIFIED_TRUE },
        { "they", "postquantum", VERIFIED_TRUE },   { NULL, "something else", VERIFIED_FALSE },
        { "me", "something else", VERIFIED_FALSE }, { "they", "something else", VERIFIED_UNKNOWN },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        begin(&p);
        give_secret(&p, secret_a, 32, 31);
        give_psk(&p, NULL, "right");
        struct ppk_key ppk = { .id = { rows[i].id, rows[i].id ? strlen(rows[i].id) : 0 },
                               .ppk = hold(&p, rows[i].ppk, strlen(rows[i].ppk)) };
        keyring_add_ppk(p.model->keyring, &ppk);
        send_init(&p, false, public_i, 32, 3);
        send_init(&p, true, public_r, 32, 3);
        struct sk sk = initial_keys(bytes_over(secret_a, 32));
        CHECK_NUMBER(auth(&p, &sk, 1, true, false, "right", bytes_over(NULL, 0)), rows[i].is);
        CHECK_NUMBER(p.last.auth_verified, rows[i].is);
        CHECK(sk_mix_ppk(suite().prf, bytes_over("postquantum", 11), sk.d, 32));
        struct child_keys k = child_of(&sk, &(struct exchanged){ .n = nonces_of('i', 'r') });
        CHECK(esp_opens(&p, 0x5001, k.encr_i) == (rows[i].is == VERIFIED_TRUE));
        esp_finish(p.esp); /* keys made with another's open nothing, and no packet is damaged */
        CHECK_NUMBER(p.model->flows->traffic.icv_failed, rows[i].is == VERIFIED_FALSE);
        end(&p);
    }
}

/* RFC 8784: beside AUTH, which the postquantum key goes into, the initiator may send what it would have been without. Where it
 * signs, that is a signature, too: of this play's messages, by the key of RFC 8032 section 7.1, test 1. */
static void test_signed_without_ppk(bool right)
{
    static const char algorithm[] = "07300506032b6570",
                      key[] = "302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                      signature[] = "860f82c58d32cf37d9e4b9d7d3efd9adaa4045acb01e31734c0190e1d8ede4e4"
                                    "b6190a6b12e04931eaefa43d01582846e34d6149eb9f4e5c2d8a9cddb3695802";
    static const uint8_t id[] = { ID_FQDN, 0, 0, 0, 'i' };
    struct play p;
    struct chain c;
    uint8_t auth[8 + 64], spki[44];
    begin(&p);
    give_secret(&p, secret_a, 32, 31);
    send_init(&p, false, public_i, 32, 3);
    send_init(&p, true, public_r, 32, 3);
    struct sk sk = initial_keys(bytes_over(secret_a, 32));
    chain_begin(&c);
    plain_payload(&c, PAYLOAD_IDI, 0, 0, id, sizeof id);
    plain_payload(&c, PAYLOAD_CERT, CERT_RAW_KEY, 1, spki, text_unhex(text_of(key), spki, sizeof spki));
    text_unhex(text_of(algorithm), auth, 8);
    memset(auth + 8, 1, 64);
    plain_payload(&c, PAYLOAD_AUTH, (uint64_t)AUTH_DIGITAL_SIGNATURE << 24, 4, auth, sizeof auth);
    notify(&c, NOTIFY_PPK_IDENTITY, "\2me");
    text_unhex(text_of(signature), auth + 8, 64);
    auth[70] ^= !right;
    plain_payload(&c, PAYLOAD_NOTIFY, NOTIFY_NO_PPK_AUTH, 4, auth, sizeof auth);
    CHECK_NUMBER(show(&p, &sk, SPI_I, SPI_R, EXCHANGE_IKE_AUTH, FROM_I, 1, &c), DECRYPTION_DECRYPTED);
    CHECK_NUMBER(p.last.auth_verified, right ? VERIFIED_TRUE : VERIFIED_UNKNOWN);
    end(&p);
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
    test_not_opened();
    test_proofs_and_child();
    test_ppk_of_another();
    test_signed_without_ppk(true);
    test_signed_without_ppk(false);
    test_rekey_after_ppk(true);
    test_rekey_after_ppk(false);
    test_not_keyed(1024, 0, false, false);
    test_not_keyed(INTEG_HMAC_SHA2_256_128, 0, false, true);
    test_not_keyed(INTEG_HMAC_SHA2_256_128, 0, true, false);
    test_not_keyed(INTEG_HMAC_SHA2_256_128, 32, false, true);
    test_not_keyed(INTEG_HMAC_SHA2_256_128, 16, false, false);
    test_secret_of_another_exchange();
    test_supplied();
    test_wrong_cipher_key();
    test_opened_by_looks();
    return TEST_REPORT();
}
