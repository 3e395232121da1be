/* Known answers for every primitive, and what must be refused. */
#include "base/crypto.h"
#include "test.h"
#include "vectors.h"

static bool equal(struct bytes a, const void *at, size_t len)
{
    return a.len == len && (len == 0 || memcmp(a.at, at, len) == 0);
}

static enum mac_kind mac_by_name(const char *name)
{
    static const char *const names[] = { "",         "HMAC_MD5", "HMAC_SHA1", "HMAC_SHA2_256", "HMAC_SHA2_384", "HMAC_SHA2_512",
                                         "AES_XCBC", "AES_CMAC" };
    for (int i = 1; i < 8; i++)
        if (strcmp(names[i], name) == 0)
            return (enum mac_kind)i;
    return MAC_UNKNOWN;
}

static void test_macs(void)
{
    FILE *f = fopen("tests/vectors/mac.txt", "r");
    struct vector v = { .count = 0 };
    size_t line = 0, cases = 0;
    CHECK(f != NULL);
    while (f && vector_next(f, &v, &line)) {
        uint8_t out[CRYPTO_DIGEST];
        struct bytes data = vector_octets(&v, "data"), want = vector_octets(&v, "out");
        struct mac *m = mac_create(mac_by_name(vector_word(&v, "mac")), vector_octets(&v, "key"));
        CHECK(m != NULL);
        if (!m)
            continue;
        CHECK(equal(want, out, mac_of(m, &data, 1, out)));
        /* In parts of every size, and a second time with the same key. */
        for (size_t step = 1; step <= 17 && step < data.len; step++) {
            struct bytes parts[1024];
            size_t count = 0;
            for (size_t at = 0; at < data.len && count < 1024; at += step)
                parts[count++] = bytes_over(data.at + at, data.len - at < step ? data.len - at : step);
            if (count < 1024)
                CHECK(equal(want, out, mac_of(m, parts, count, out)));
        }
        mac_destroy(m);
        cases++;
    }
    CHECK(cases > 40);
    vector_clear(&v);
    if (f)
        fclose(f);
    CHECK(mac_create(MAC_AES_XCBC, bytes_over("short", 5)) == NULL);
    CHECK(mac_create(MAC_AES_CMAC, bytes_over("short", 5)) == NULL);
    CHECK(mac_create(MAC_UNKNOWN, bytes_over("short", 5)) == NULL);
    struct mac *empty = mac_create(MAC_HMAC_SHA1, (struct bytes){ NULL, 0 });
    uint8_t out[CRYPTO_DIGEST];
    CHECK_NUMBER(mac_of(empty, NULL, 0, out), 20);
    mac_destroy(empty);
}

static enum cipher_kind cipher_by_name(const char *name)
{
    static const struct {
        const char *name;
        enum cipher_kind kind;
    } names[] = {
        { "AES_CTR", CIPHER_AES_CTR },
        { "AES_CBC", CIPHER_AES_CBC },
        { "AES_GCM", CIPHER_AES_GCM },
        { "CAMELLIA_CCM", CIPHER_CAMELLIA_CCM },
        { "CHACHA20_POLY1305", CIPHER_CHACHA20_POLY1305 },
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].kind;
    return CIPHER_UNKNOWN;
}

static void check_aead(const struct vector *v, enum cipher_kind kind, size_t tag)
{
    struct bytes aad = vector_octets(v, "aad"), iv = vector_octets(v, "iv"), plain = vector_octets(v, "plain"),
                 sealed = vector_octets(v, "sealed");
    uint8_t out[512], made[16];
    struct cipher *open = cipher_create(kind, vector_octets(v, "key"), tag, false),
                  *seal = cipher_create(kind, vector_octets(v, "key"), tag, true);
    struct bytes text = { sealed.at, sealed.len - tag };
    CHECK(open && seal);
    if (!open || !seal)
        return;
    CHECK(cipher_open(open, iv, &aad, 1, text, sealed.at + text.len, out) && equal(plain, out, text.len));
    CHECK(cipher_seal(seal, iv, &aad, 1, plain, made, out) && equal(text, out, text.len) &&
          memcmp(made, sealed.at + text.len, tag) == 0);
    memcpy(made, sealed.at + text.len, tag);
    made[tag - 1] ^= 1;
    CHECK(!cipher_open(open, iv, &aad, 1, text, made, out));
    struct bytes less = { aad.at, aad.len - 1 };
    CHECK(!cipher_open(open, iv, &less, 1, text, sealed.at + text.len, out));
    CHECK(cipher_open(open, iv, &aad, 1, text, sealed.at + text.len, out)); /* a refusal leaves nothing behind */
    cipher_destroy(open);
    cipher_destroy(seal);
}

static void test_ciphers(void)
{
    FILE *f = fopen("tests/vectors/cipher.txt", "r");
    struct vector v = { .count = 0 };
    size_t line = 0, cases = 0;
    CHECK(f != NULL);
    while (f && vector_next(f, &v, &line)) {
        enum cipher_kind kind = cipher_by_name(vector_word(&v, "cipher"));
        cases++;
        if (vector_has(&v, "tag")) {
            check_aead(&v, kind, vector_number(&v, "tag"));
            continue;
        }
        uint8_t out[512];
        struct bytes plain = vector_octets(&v, "plain"), sealed = vector_octets(&v, "sealed");
        for (int encrypt = 0; encrypt < 2; encrypt++) {
            struct cipher *c = cipher_create(kind, vector_octets(&v, "key"), 0, encrypt);
            CHECK(c && cipher_run(c, vector_octets(&v, "iv").at, encrypt ? plain : sealed, out) &&
                  equal(encrypt ? sealed : plain, out, plain.len));
            cipher_destroy(c);
        }
    }
    CHECK(cases >= 6);
    vector_clear(&v);
    if (f)
        fclose(f);
    uint8_t key[64] = { 1 };
    CHECK(cipher_create(CIPHER_AES_CBC, bytes_over(key, 15), 0, false) == NULL);
    CHECK(cipher_create(CIPHER_AES_CBC, bytes_over(key, 33), 0, false) == NULL);
    CHECK(cipher_create(CIPHER_AES_CBC, bytes_over(key, 16), 16, false) == NULL);
    CHECK(cipher_create(CIPHER_AES_GCM, bytes_over(key, 16), 0, false) == NULL);
    CHECK(cipher_create(CIPHER_3DES_CBC, bytes_over(key, 16), 0, false) == NULL);
    struct cipher *c = cipher_create(CIPHER_AES_CBC, bytes_over(key, 16), 0, false);
    uint8_t out[64];
    CHECK(!cipher_run(c, key, bytes_over(key, 17), out)); /* no whole block */
    CHECK(cipher_run(c, key, bytes_over(key, 0), out));
    cipher_destroy(c);
}

static void test_key_exchange(void)
{
    FILE *f = fopen("tests/vectors/dh.txt", "r");
    struct vector v = { .count = 0 };
    size_t line = 0, cases = 0;
    uint8_t out[CRYPTO_SHARED];
    CHECK(f != NULL);
    while (f && vector_next(f, &v, &line)) {
        unsigned group = vector_number(&v, "group");
        struct bytes want = vector_octets(&v, "shared"), peer = vector_octets(&v, "peer");
        size_t len = dh_shared(group, vector_octets(&v, "private"), peer, out);
        if (!equal(want, out, len))
            fprintf(stderr, "group %u\n", group);
        CHECK(equal(want, out, len));
        CHECK_NUMBER(dh_secret_length(group), want.len);
        CHECK_NUMBER(dh_shared(group, vector_octets(&v, "private"), (struct bytes){ peer.at, peer.len - 1 }, out), 0);
        cases++;
    }
    CHECK(cases > 15);
    vector_clear(&v);
    if (f)
        fclose(f);
    uint8_t junk[64] = { 9, 9, 9 };
    CHECK_NUMBER(dh_shared(19, bytes_over(junk, 32), bytes_over(junk, 64), out), 0); /* not on the curve */
    CHECK_NUMBER(dh_shared(999, bytes_over(junk, 32), bytes_over(junk, 64), out), 0);
    CHECK_NUMBER(dh_shared(36, bytes_over(junk, 32), bytes_over(junk, 64), out), 0); /* ML-KEM: the secret must be given */
    CHECK_NUMBER(dh_secret_length(36), 32);
}

static void test_signatures(void)
{
    CHECK(signature_verify(bytes_over("no certificate", 14), SIGNATURE_RSA, HASH_SHA1, bytes_over("x", 1), bytes_over("y", 1)) ==
          SIGNATURE_UNDECIDED);
    /* RFC 7427's form, by keys without a certificate: Ed25519 (RFC 8032 section 7.1, test 1), RSA, and RSA kept for PSS alone, with
     * SHA-256. */
    static const char
        ed25519[] = "302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        rsa[] = "30819f300d06092a864886f70d010101050003818d0030818902818100c3fc61ed526797cb8c5e8322d25bdb4c10229d0b"
                "e196bad22a2c97352c191d96c50bb36cac6f10e7496a397913b4db262d46f2279f4cf2bb8a4ebbf73eae9910f470ba79b0e6"
                "73a6120280f26b152ff9707e58768ad7bcc897393894e0f5014084973a2f763ebfae9e648afe1587b3d743a93d4386b4fa57"
                "7d81a91ead0c66970203010001",
        pss[] = "3081d3304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108"
                "300d06096086480165030402010500a20302012003818d0030818902818100b733f5f422b889b78645972febf5a8b93dc2cf"
                "4dc43c532e9423276d246b4ffbf7e11f28eaa3cf04ce6ce25939bf18b737f2f4cec2a69b98eff90b0deada2931eae3948b64"
                "cdd0024a644780819b7d5aa053ee659fd94147778e8ece80bd49ab4b56654c4ad04de6212db8d9206603d25d75cac87e4215"
                "6c3aef5f5b9737bedf0203010001",
        of_pss[] = "43304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d"
                   "06096086480165030402010500a20302012078b526bc19adb2a666fc6cad08f7c2eaaa5693678b5fce0d3913bb52c53d04ba"
                   "6581fe44c01bb7166b8dd6e74104d402e04d8cdf599cccfbcdf88a420b3064f93079a682c71366a590536faa155f06b1ae8e"
                   "83ab6b50943c42329d5880a745b6f6a9110120b28efbceec52e0f4958d89aa606a2c901b399ce8fcd520f83e58d8";
    static const struct {
        const char *key, *data, *signature;
        enum signature_verdict is;
    } rows[] = {
        { ed25519, "",
          "07300506032b6570e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5"
          "f0"
          "595bbe24655141438e7a100b",
          SIGNATURE_GOOD },
        { ed25519, "x",
          "07300506032b6570e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5"
          "f0"
          "595bbe24655141438e7a100b",
          SIGNATURE_BAD },
        { rsa, "signed", /* SHA-256, and its mask too */
          "43304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d060960864801650304"
          "02"
          "010500a2030201207eccb60586fbab2c720d3115ea2c5aa0c77f0c5c77f4f3e4f60ae934a3d724ae4337c9fd1abef875508180e5f9440db2932932"
          "86"
          "cc0bd698e49542b536c4840d6413f752b25bc94edfb2153e91df3d6d7e86d73e2f20cc8c60c68d19165c9b1c87516d876259088fa80e403e7d86bd"
          "bf"
          "9a0ce62d7ba281645f6fedbc96129d13",
          SIGNATURE_GOOD },
        { rsa, "signed", /* SHA-256, and nothing said of the mask: its hash is SHA-1 */
          "25302306092a864886f70d01010a3016a00f300d06096086480165030402010500a2030201204f44d9d62c3758d7e373388d913efcb40a5b4327e5"
          "93"
          "0e2402f569c041b89c32d463ebfcfe2331d868e2970673771dbb0e7c26d8571d0c37517e1b035ff3e8e23e7be531a7d1aa273d36c55f9c29d84a6f"
          "38"
          "9701b38145daa6e81b48fa5760aeb37daf7e6ab6d95f4bfab1b273f1a90ca41b11e027b334c801398a27b6d94a48",
          SIGNATURE_GOOD },
        { pss, "signed", of_pss, SIGNATURE_GOOD },
        { pss, "other", of_pss, SIGNATURE_BAD },
        { rsa, "signed", of_pss, SIGNATURE_BAD },
        { ed25519, "signed", of_pss, SIGNATURE_UNDECIDED },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t key[512], signature[512];
        const size_t key_len = text_unhex(text_of(rows[i].key), key, sizeof key),
                     len = text_unhex(text_of(rows[i].signature), signature, sizeof signature);
        CHECK_NUMBER(signature_verify(bytes_over(key, key_len), SIGNATURE_DIGITAL, HASH_UNKNOWN,
                                      bytes_over(rows[i].data, strlen(rows[i].data)), bytes_over(signature, len)),
                     rows[i].is);
    }
}

int main(void)
{
    test_macs();
    test_ciphers();
    test_key_exchange();
    test_signatures();
    uint8_t out[CRYPTO_DIGEST];
    struct bytes abc = bytes_over("abc", 3);
    CHECK_NUMBER(hash_of(HASH_SHA1, &abc, 1, out), 20);
    CHECK(out[0] == 0xa9 && out[19] == 0x9d);
    CHECK_NUMBER(hash_of(HASH_UNKNOWN, &abc, 1, out), 0);
    return TEST_REPORT();
}
