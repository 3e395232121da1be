/* What gives an IKE SA new keys: key exchanges in several steps, postquantum preshared keys, a ticket. */
#include "play.h"

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

int main(void)
{
    test_intermediate(true, true);
    test_intermediate(false, true);
    test_intermediate(true, false);
    test_proofs_of_lost_messages();
    test_ppk_between();
    test_resumption(true);
    test_resumption(false);
    for (int n = 0; n < 4; n++)
        test_followup(n & 1, n & 2);
    return TEST_REPORT();
}
