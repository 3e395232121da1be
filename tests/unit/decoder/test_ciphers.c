/* Every algorithm of IKE and ESP on whole packets: RFC and draft vectors, and packets made by another implementation. */
#include "decoder/ciphers.h"
#include "test.h"
#include "vectors.h"

static uint32_t number_of(enum registry registry, const char *prefix, const char *name)
{
    char whole[64];
    uint32_t number = 0;
    snprintf(whole, sizeof whole, "%s%s", prefix, name);
    CHECK(registry_number(registry, text_of(whole), &number));
    return number;
}

static struct suite suite_of(const struct vector *v)
{
    const char *integ = vector_word(v, "integ");
    struct suite s = { .encr = encryption_find(number_of(REGISTRY_ENCR, "ENCR_", vector_word(v, "encr"))),
                       .icv_bits = (uint16_t)vector_number(v, "icv") };
    if (strcmp(integ, "NONE") != 0)
        s.integ = integrity_find(number_of(REGISTRY_INTEG, "AUTH_", integ));
    return s;
}

static struct box box_of(const struct vector *v, struct bytes packet, size_t icv, uint8_t header[static 12])
{
    struct box b = { .aad = { packet.at, 8 },
                     .covered = { packet.at, packet.len - icv },
                     .body = { packet.at + 8, packet.len - 8 } };
    uint32_t high = vector_number(v, "high");
    for (int i = 4; i < 8; i++)
        b.sequence = b.sequence << 8 | packet.at[i];
    if (!vector_has(v, "high"))
        return b;
    memcpy(header, packet.at, 4);
    for (int i = 0; i < 4; i++)
        header[4 + i] = (uint8_t)(high >> (24 - 8 * i));
    memcpy(header + 8, packet.at + 4, 4);
    b.aad = bytes_over(header, 12);
    b.suffix = bytes_over(header + 4, 4);
    b.sequence |= (uint64_t)high << 32;
    return b;
}

static void check(const struct vector *v)
{
    struct suite s = suite_of(v);
    const char *why = NULL;
    uint8_t header[12], out[1024], copy[1024];
    size_t len = 0;
    struct bytes packet = vector_octets(v, "packet"), plain = vector_octets(v, "plain");
    struct opener *o = opener_create(&s, vector_octets(v, "key"), vector_octets(v, "integ_key"), &why);
    if (!o)
        fprintf(stderr, "line %zu: %s\n", v->line, why ? why : "");
    CHECK(o != NULL);
    if (!o)
        return;
    struct box b = box_of(v, packet, opener_icv(o), header);
    for (int again = 0; again < 2; again++) {
        enum opened r = opener_open(o, &b, out, &len);
        if (r != OPENED)
            fprintf(stderr, "line %zu: %d\n", v->line, (int)r);
        CHECK(r == OPENED && len == plain.len && memcmp(out, plain.at, len) == 0);
    }
    /* Any octet changed: the ICV says so. */
    memcpy(copy, packet.at, packet.len);
    for (size_t i = 0; i < packet.len; i++) {
        copy[i] ^= 0x20;
        b = box_of(v, bytes_over(copy, packet.len), opener_icv(o), header);
        CHECK(opener_open(o, &b, out, &len) == OPENED_ICV);
        copy[i] ^= 0x20;
    }
    /* Any octet missing: never opened, never read beyond. */
    for (size_t n = 8; n < packet.len; n++) {
        uint8_t *exact = malloc(n);
        memcpy(exact, packet.at, n);
        struct box cut = box_of(v, bytes_over(exact, n), n - 8 < opener_icv(o) ? 0 : opener_icv(o), header);
        CHECK(opener_open(o, &cut, out, &len) != OPENED);
        free(exact);
    }
    opener_destroy(o);
}

/* ---- No row without a vector ---- */

enum { NUMBERS = 1100 }; /* PRF_HMAC_STREEBOG_512 and other private ones are refused */
static struct {
    bool encr[NUMBERS], integ[NUMBERS], prf[NUMBERS];
} proven;

/* AH with AES-GMAC authenticates header and content in the order in which NULL_AUTH_AES_GMAC does: IV and tag are the ICV. */
static void check_gmac(const struct vector *v)
{
    static const uint16_t by_key[] = { [20] = INTEG_AES_128_GMAC, [28] = INTEG_AES_192_GMAC, [36] = INTEG_AES_256_GMAC };
    struct bytes packet = vector_octets(v, "packet"), key = vector_octets(v, "key");
    if (vector_has(v, "high") || key.len > 36 || !by_key[key.len])
        return;
    const char *why;
    uint8_t icv[24];
    struct sealer *s = sealer_create(integrity_find(by_key[key.len]), 0, key, &why);
    CHECK(s != NULL);
    if (!s)
        return;
    memcpy(icv, packet.at + 8, 8);
    memcpy(icv + 8, packet.at + packet.len - 16, 16);
    struct bytes covered = { packet.at, packet.len - 16 };
    CHECK(sealer_verify(s, &covered, 1, bytes_over(icv, sizeof icv)));
    icv[23] ^= 1;
    CHECK(!sealer_verify(s, &covered, 1, bytes_over(icv, sizeof icv)));
    sealer_destroy(s);
    proven.integ[by_key[key.len]] = true;
}

static void note_proven(const struct vector *v)
{
    struct suite s = suite_of(v);
    if (s.encr)
        proven.encr[s.encr->id] = true;
    if (s.integ)
        proven.integ[s.integ->id] = true;
    if (s.encr && s.encr->id == ENCR_NULL_AUTH_AES_GMAC)
        check_gmac(v);
}

static void test_every_row_has_a_vector(void)
{
    static const char *const files[] = { "tests/vectors/prf.txt", "tests/vectors/keymat.txt" };
    size_t n;
    for (size_t i = 0; i < 2; i++) {
        struct vector v = { .count = 0 };
        size_t line = 0;
        FILE *f = fopen(files[i], "r");
        CHECK(f != NULL);
        while (f && vector_next(f, &v, &line))
            proven.prf[number_of(REGISTRY_PRF, "PRF_", vector_word(&v, "prf"))] = true;
        vector_clear(&v);
        if (f)
            fclose(f);
    }
    const struct encryption *e = encryption_rows(&n);
    for (size_t i = 0; i < n; i++)
        if (!e[i].refused && !proven.encr[e[i].id])
            CHECK_TEXT(TEXT("no vector"), registry_name(REGISTRY_ENCR, e[i].id));
    const struct integrity *a = integrity_rows(&n);
    for (size_t i = 0; i < n; i++)
        if (!a[i].refused && a[i].id != INTEG_NONE && !proven.integ[a[i].id])
            CHECK_TEXT(TEXT("no vector"), registry_name(REGISTRY_INTEG, a[i].id));
    const struct prf *p = prf_rows(&n);
    for (size_t i = 0; i < n; i++)
        if (!p[i].refused && !proven.prf[p[i].id])
            CHECK_TEXT(TEXT("no vector"), registry_name(REGISTRY_PRF, p[i].id));
}

static void test_rows(void)
{
    size_t n;
    const struct encryption *e = encryption_rows(&n);
    for (size_t i = 0; i < n; i++) {
        CHECK(registry_name(REGISTRY_ENCR, e[i].id) != NULL);
        CHECK(e[i].refused || e[i].cipher != CIPHER_UNKNOWN || e[i].id == ENCR_NULL);
        if (e[i].refused)
            continue;
        /* a cipher that chains blocks has an IV of one; all others take octets, and a nonce is made of salt and IV */
        const bool chains = e[i].iv && !e[i].salt;
        CHECK_NUMBER(e[i].block, chains ? e[i].iv : 1);
        CHECK(!chains || !e[i].tag);
        CHECK(e[i].counter == (e[i].salt && !e[i].tag));
        CHECK(e[i].implicit_iv == (e[i].tag && !e[i].iv));
        CHECK(e[i].gmac == (e[i].id == ENCR_NULL_AUTH_AES_GMAC));
        CHECK(e[i].key_bits % 64 == 0);
    }
    const struct integrity *a = integrity_rows(&n);
    for (size_t i = 0; i < n; i++)
        CHECK(registry_name(REGISTRY_INTEG, a[i].id) != NULL);
    const struct prf *p = prf_rows(&n);
    for (size_t i = 0; i < n; i++)
        CHECK(registry_name(REGISTRY_PRF, p[i].id) != NULL && (p[i].refused || mac_length(p[i].mac) == p[i].out));
    CHECK(encryption_find(0) == NULL && encryption_find(65535) == NULL);
    CHECK_NUMBER(encryption_key_octets(encryption_find(ENCR_AES_GCM_16), 256), 36);
    CHECK_NUMBER(encryption_key_octets(encryption_find(ENCR_AES_CCM_8), 128), 19);
    CHECK_NUMBER(encryption_key_octets(encryption_find(ENCR_3DES), 168), 24);
    CHECK_NUMBER(encryption_key_octets(encryption_find(ENCR_AES_CBC), 0), 16);
}

static void test_refusals(void)
{
    const char *why;
    uint8_t key[64] = { 0 };
    struct suite rc5 = { .encr = encryption_find(ENCR_RC5) },
                 cbc = { .encr = encryption_find(ENCR_AES_CBC), .integ = integrity_find(INTEG_HMAC_SHA1_96) };
    CHECK(!opener_create(&rc5, bytes_over(key, 16), bytes_over(key, 20), &why) && why);
    CHECK(!opener_create(&cbc, bytes_over(key, 17), bytes_over(key, 20), &why) && why);
    CHECK(!opener_create(&cbc, bytes_over(key, 16), bytes_over(key, 0), &why) && why);
    CHECK(!opener_create(&cbc, bytes_over(key, 0), bytes_over(key, 20), &why) && why);
    cbc.integ = integrity_find(INTEG_DES_MAC);
    CHECK(!opener_create(&cbc, bytes_over(key, 16), bytes_over(key, 8), &why) && why);
    struct suite none = { .encr = NULL };
    CHECK(!opener_create(&none, bytes_over(key, 16), bytes_over(key, 20), &why) && why);
    CHECK(!sealer_create(integrity_find(INTEG_NONE), 0, bytes_over(key, 16), &why) && why);
    CHECK(!sealer_create(NULL, 0, bytes_over(key, 16), &why) && why);
}

int main(void)
{
    FILE *f = fopen("tests/vectors/esp.txt", "r");
    struct vector v = { .count = 0 };
    size_t line = 0, cases = 0;
    CHECK(f != NULL);
    while (f && vector_next(f, &v, &line)) {
        check(&v);
        note_proven(&v);
        cases++;
    }
    CHECK(cases >= 60);
    vector_clear(&v);
    if (f)
        fclose(f);
    test_every_row_has_a_vector();
    test_rows();
    test_refusals();
    return TEST_REPORT();
}
