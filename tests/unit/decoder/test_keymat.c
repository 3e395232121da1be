#include "decoder/keymat.h"
#include "test.h"
#include "vectors.h"

static const struct prf *prf_named(const char *name)
{
    char whole[64];
    uint32_t number = 0;
    snprintf(whole, sizeof whole, "PRF_%s", name);
    CHECK(registry_number(REGISTRY_PRF, text_of(whole), &number));
    return prf_find(number);
}

static bool equal(struct bytes a, const void *at, size_t len)
{
    return a.len == len && memcmp(a.at, at, len) == 0;
}

static void test_prfs(void)
{
    FILE *f = fopen("tests/vectors/prf.txt", "r");
    struct vector v = { .count = 0 };
    size_t line = 0, cases = 0;
    CHECK(f != NULL);
    while (f && vector_next(f, &v, &line)) {
        uint8_t out[CRYPTO_DIGEST];
        struct bytes data = vector_octets(&v, "data");
        size_t n = prf_of(prf_named(vector_word(&v, "prf")), vector_octets(&v, "key"), &data, 1, out);
        CHECK(equal(vector_octets(&v, "out"), out, n));
        cases++;
    }
    CHECK(cases >= 7);
    vector_clear(&v);
    if (f)
        fclose(f);
}

static uint64_t spi(struct bytes b)
{
    struct cursor c = cursor_over(b);
    return cursor_u64(&c);
}

static void check_children(const struct vector *v, const struct prf *prf, struct bytes d, struct nonces n)
{
    /* AES-CBC-256 with HMAC-SHA1: 32 | 20 | 32 | 20 octets of KEYMAT */
    struct child_suite suite = { PROTOCOL_ESP, encryption_find(ENCR_AES_CBC), 256, integrity_find(INTEG_HMAC_SHA1_96) };
    struct child_keys k;
    struct bytes g = vector_octets(v, "g_ir_new"), none = { NULL, 0 };
    for (int pfs = 0; pfs < 2; pfs++) {
        const uint8_t *want = vector_octets(v, pfs ? "child_dh" : "child").at;
        CHECK(child_derive(prf, d, &(struct exchanged){ .g_ir = pfs ? g : none, .n = n }, &suite, &k));
        CHECK(!memcmp(k.encr_i, want, 32) && !memcmp(k.integ_i, want + 32, 20) && !memcmp(k.encr_r, want + 52, 32) &&
              !memcmp(k.integ_r, want + 84, 20));
    }
    /* AH takes integrity keys alone; AEAD no integrity key. */
    const struct exchanged first = { .n = n };
    struct child_suite ah = { PROTOCOL_AH, NULL, 0, integrity_find(INTEG_HMAC_SHA1_96) };
    const uint8_t *want = vector_octets(v, "child").at;
    CHECK(child_derive(prf, d, &first, &ah, &k) && k.encr_len == 0 && !memcmp(k.integ_i, want, 20) &&
          !memcmp(k.integ_r, want + 20, 20));
    struct child_suite gcm = { PROTOCOL_ESP, encryption_find(ENCR_AES_GCM_16), 128, NULL };
    CHECK(child_derive(prf, d, &first, &gcm, &k) && k.integ_len == 0 && !memcmp(k.encr_i, want, 20) &&
          !memcmp(k.encr_r, want + 20, 20));
    /* RFC 9370: further secrets stand behind the nonces. One octet moved from Nr there is the same input. */
    struct nonces cut = { n.i, { n.r.at, n.r.len - 1 } };
    struct bytes more = { n.r.at + n.r.len - 1, 1 };
    const struct exchanged longer = { none, cut, &more, 1 };
    CHECK(child_derive(prf, d, &longer, &suite, &k) && !memcmp(k.encr_i, want, 32));
}

static void test_chains(void)
{
    FILE *f = fopen("tests/vectors/keymat.txt", "r");
    struct vector v = { .count = 0 };
    size_t line = 0, cases = 0;
    CHECK(f != NULL);
    while (f && vector_next(f, &v, &line)) {
        const struct prf *prf = prf_named(vector_word(&v, "prf"));
        struct nonces n = { vector_octets(&v, "ni"), vector_octets(&v, "nr") };
        struct bytes dkm = vector_octets(&v, "dkm");
        uint8_t seed[CRYPTO_DIGEST];
        size_t len = skeyseed_initial(prf, n, vector_octets(&v, "g_ir"), seed);
        CHECK(equal(vector_octets(&v, "skeyseed"), seed, len));
        struct ike_suite suite = { encryption_find(ENCR_AES_CBC), 128, integrity_find(INTEG_HMAC_SHA1_96), prf };
        struct sk sk;
        CHECK(sk_derive(&suite, bytes_over(seed, len), n, spi(vector_octets(&v, "spi_i")), spi(vector_octets(&v, "spi_r")), &sk));
        const uint8_t *at = dkm.at;
        CHECK(!memcmp(sk.d, at, prf->key) && !memcmp(sk.ai, at + prf->key, 20) && !memcmp(sk.ar, at + prf->key + 20, 20));
        CHECK(!memcmp(sk.ei, at + prf->key + 40, 16) && !memcmp(sk.er, at + prf->key + 56, 16));
        if (dkm.len >= 3u * prf->key + 72)
            CHECK(!memcmp(sk.pi, at + prf->key + 72, prf->key) && !memcmp(sk.pr, at + 2 * prf->key + 72, prf->key));
        struct bytes d = { dkm.at, prf->key };
        len = skeyseed_rekey(prf, d, &(struct exchanged){ .g_ir = vector_octets(&v, "g_ir_new"), .n = n }, seed);
        CHECK(equal(vector_octets(&v, "rekey"), seed, len));
        check_children(&v, prf, d, n);
        cases++;
    }
    CHECK(cases >= 5);
    vector_clear(&v);
    if (f)
        fclose(f);
}

static void test_limits(void)
{
    uint8_t out[CRYPTO_DIGEST], big[300] = { 1 };
    struct bytes none = { NULL, 0 }, one = bytes_over("x", 1);
    struct nonces empty = { none, none }, huge = { bytes_over(big, 300), one };
    const struct prf *sha1 = prf_find(PRF_HMAC_SHA1);
    CHECK_NUMBER(skeyseed_initial(sha1, empty, one, out), 0);
    CHECK_NUMBER(skeyseed_initial(sha1, huge, one, out), 0);
    CHECK_NUMBER(skeyseed_initial(NULL, (struct nonces){ one, one }, one, out), 0);
    CHECK_NUMBER(prf_of(prf_find(PRF_HMAC_TIGER), one, &one, 1, out), 0);
    static uint8_t much[255 * 20 + 1];
    CHECK(prf_plus(sha1, one, &one, 1, much, 255 * 20));
    CHECK(!prf_plus(sha1, one, &one, 1, much, 255 * 20 + 1)); /* RFC 7296 section 2.13: not defined beyond 255 */
    CHECK(prf_plus(sha1, one, &one, 1, much, 0));
    CHECK(!prf_plus(prf_find(PRF_HMAC_TIGER), one, &one, 1, much, 20));

    /* RFC 7296 section 2.10: nonces have 16 to 256 octets; shorter ones are some implementations' own affair, none is not */
    struct nonces longest = { bytes_over(big, 256), bytes_over(big, 256) },
                  longer = { bytes_over(big, 256), bytes_over(big, 257) };
    CHECK_NUMBER(skeyseed_initial(sha1, longest, one, out), 20);
    CHECK_NUMBER(skeyseed_initial(sha1, longer, one, out), 0);
    CHECK_NUMBER(skeyseed_initial(sha1, (struct nonces){ one, none }, one, out), 0);
    CHECK_NUMBER(skeyseed_initial(sha1, (struct nonces){ none, one }, one, out), 0);
}

/* RFC 7296 section 2.14: where the PRF's key has a fixed length, half of it is the first octets of Ni, and half those of Nr. */
static void test_fixed_keys(void)
{
    static const uint8_t ni[] = "initiator's nonce", nr[] = "responder's nonce";
    const struct prf *xcbc = prf_find(PRF_AES128_XCBC);
    uint8_t key[CRYPTO_DIGEST], got[CRYPTO_DIGEST], want[CRYPTO_DIGEST];
    struct bytes g = bytes_over("g^ir", 4);
    memcpy(key, ni, 8);
    memcpy(key + 8, nr, 8);
    CHECK_NUMBER(skeyseed_initial(xcbc, (struct nonces){ bytes_over(ni, 16), bytes_over(nr, 16) }, g, got), 16);
    CHECK_NUMBER(prf_of(xcbc, bytes_over(key, 16), &g, 1, want), 16);
    CHECK(!memcmp(got, want, 16));
    /* RFC 4434 section 2: a shorter key is filled up with zeros, a longer one is what its own PRF makes of it. */
    uint8_t filled[16] = { 'k', 'e', 'y' }, zeros[16] = { 0 };
    struct bytes whole = bytes_over(ni, 17);
    CHECK(prf_of(xcbc, bytes_over(filled, 3), &g, 1, got) == 16 && prf_of(xcbc, bytes_over(filled, 16), &g, 1, want) == 16);
    CHECK(!memcmp(got, want, 16));
    CHECK(prf_of(xcbc, bytes_over(zeros, 16), &whole, 1, key) == 16 && prf_of(xcbc, bytes_over(key, 16), &g, 1, want) == 16);
    CHECK(prf_of(xcbc, whole, &g, 1, got) == 16 && !memcmp(got, want, 16));
    CHECK(prf_of(xcbc, (struct bytes){ NULL, 0 }, &g, 1, got) == 16);
}

/* A suite that cannot be is refused, and nothing is written past what a key may take. */
static void test_refused(void)
{
    struct bytes one = bytes_over("x", 1);
    struct nonces n = { one, one };
    const struct prf *sha1 = prf_find(PRF_HMAC_SHA1);
    const struct integrity *integ = integrity_find(INTEG_HMAC_SHA1_96);
    const struct encryption *cbc = encryption_find(ENCR_AES_CBC), *gone = encryption_find(ENCR_DES_IV64);
    struct sk sk;
    CHECK(sk_derive(&(struct ike_suite){ cbc, 128, integ, sha1 }, one, n, 1, 2, &sk) && sk.a_len == 20 && sk.e_len == 16);
    CHECK(sk_derive(&(struct ike_suite){ cbc, 128, NULL, sha1 }, one, n, 1, 2, &sk) && sk.a_len == 0);
    CHECK(sk_derive(&(struct ike_suite){ encryption_find(ENCR_AES_GCM_16), 256, integ, sha1 }, one, n, 1, 2, &sk) &&
          sk.a_len == 0 && sk.e_len == 36);
    CHECK(!sk_derive(&(struct ike_suite){ NULL, 128, integ, sha1 }, one, n, 1, 2, &sk));
    CHECK(!sk_derive(&(struct ike_suite){ cbc, 128, integ, NULL }, one, n, 1, 2, &sk));
    CHECK(!sk_derive(&(struct ike_suite){ cbc, 128, integ, prf_find(PRF_HMAC_TIGER) }, one, n, 1, 2, &sk));
    CHECK(gone && gone->refused && !sk_derive(&(struct ike_suite){ gone, 0, integ, sha1 }, one, n, 1, 2, &sk));
    CHECK(!sk_derive(&(struct ike_suite){ cbc, 8 * (KEYMAT_SK + 1), integ, sha1 }, one, n, 1, 2, &sk));
    CHECK(sk_derive(&(struct ike_suite){ cbc, 8 * KEYMAT_SK, integ, sha1 }, one, n, 1, 2, &sk));
    struct child_keys k;
    const struct exchanged x = { .n = n };
    CHECK(child_derive(sha1, one, &x, &(struct child_suite){ PROTOCOL_ESP, cbc, 8 * CRYPTO_KEY, integ }, &k));
    CHECK(!child_derive(sha1, one, &x, &(struct child_suite){ PROTOCOL_ESP, cbc, 8 * (CRYPTO_KEY + 1), integ }, &k));
    uint8_t d[CRYPTO_DIGEST + 1] = { 1 };
    CHECK(sk_mix_ppk(sha1, one, d, 20) && sk_mix_ppk(sha1, one, d, CRYPTO_DIGEST));
    CHECK(!sk_mix_ppk(sha1, one, d, 0) && !sk_mix_ppk(sha1, one, d, CRYPTO_DIGEST + 1));
}

int main(void)
{
    test_prfs();
    test_chains();
    test_limits();
    test_fixed_keys();
    test_refused();
    return TEST_REPORT();
}
