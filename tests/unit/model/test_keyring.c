/* The keyring: what is held, found, told twice; that looking one up does not depend on the others. */
#include "model/keyring.h"

#include <time.h>

#include "hidden.h"

static struct secret hold(struct keyring *k, const char *text)
{
    return keyring_hold(k, bytes_of_text(text_of(text)));
}

static struct address v4(uint8_t last)
{
    return (struct address){ .family = ADDRESS_IPV4, .octets = { 10, 0, 0, last } };
}

static void add_ike(struct keyring *k, uint64_t i, uint64_t r, const char *key)
{
    struct ike_key key_ = { .spi_i = spi_of(i, i ? 16 : 0), .spi_r = spi_of(r, r ? 16 : 0), .sk_ei = hold(k, key) };
    keyring_add_ike(k, &key_);
}

static void add_esp(struct keyring *k, uint32_t spi, uint32_t mask, uint8_t from, const char *key)
{
    struct esp_key e = { .spi = spi, .spi_mask = mask, .protocol = PROTOCOL_ESP, .encr = hold(k, key) };
    memset(e.source_wild, 0xff, sizeof e.source_wild);
    if (from)
        e.source = v4(from);
    keyring_add_esp(k, &e);
}

static void test_ike(void)
{
    struct limits limits = { .input = 0 };
    struct keyring *k = keyring_create(&limits);
    struct spi i = spi_of(1, 16), r = spi_of(2, 16);
    CHECK(!keyring_find_ike(k, i, r, NULL) && keyring_count(k) == 0);
    add_ike(k, 1, 2, "first");
    add_ike(k, 1, 3, "of another responder");
    add_ike(k, 1, 0, "of any responder");
    add_ike(k, 0, 0, "of anyone");
    add_ike(k, 1, 2, "second");
    add_ike(k, 1, 2, "first"); /* told twice */
    CHECK_NUMBER(keyring_count(k), 5);
    CHECK_NUMBER(keyring_offered(k), 6);
    static const char *const want[] = { "first", "of any responder", "second", "of anyone" };
    const struct ike_key *at = NULL;
    for (size_t n = 0; n < 4; n++) {
        at = keyring_find_ike(k, i, r, at);
        CHECK(at && text_equal(text_over((const char *)at->sk_ei.at, at->sk_ei.len), text_of(want[n])));
    }
    CHECK(at && !keyring_find_ike(k, i, r, at));
    at = keyring_find_ike(k, spi_of(9, 16), r, NULL);
    CHECK(at && at->sk_ei.len == 9 && !keyring_find_ike(k, spi_of(9, 16), r, at));
    /* An SPI pair of which only the first half is known yet. */
    unsigned all = 0;
    for (at = NULL; (at = keyring_find_ike(k, i, (struct spi){ 0 }, at)) != NULL;)
        all++;
    CHECK_NUMBER(all, 5);
    keyring_destroy(k);
}

/* The same secrets are another entry where another algorithm checks with them, or the sequence numbers have another length. */
static void test_alike(void)
{
    struct limits limits = { .input = 0 };
    struct keyring *k = keyring_create(&limits);
    struct ike_key ike = { .spi_i = spi_of(1, 16), .spi_r = spi_of(2, 16), .sk_ai = hold(k, "check") };
    static const uint16_t integs[] = { INTEG_HMAC_SHA1_96, INTEG_HMAC_SHA2_256_128, INTEG_HMAC_SHA1_96 };
    for (size_t n = 0; n < COUNT_OF(integs); n++) {
        ike.integ_id = integs[n];
        keyring_add_ike(k, &ike);
    }
    CHECK_NUMBER(keyring_count(k), 2);
    ike.sk_ar = hold(k, "of the other end");
    keyring_add_ike(k, &ike);
    CHECK_NUMBER(keyring_count(k), 3);
    struct esp_key esp = { .spi = 7, .spi_mask = UINT32_MAX, .protocol = PROTOCOL_ESP, .encr = hold(k, "esp"), .has_esn = true };
    keyring_add_esp(k, &esp);
    esp.esn = true;
    keyring_add_esp(k, &esp);
    keyring_add_esp(k, &esp);
    esp.has_esn = esp.esn = false; /* not said: it adds nothing */
    keyring_add_esp(k, &esp);
    CHECK_NUMBER(keyring_count(k), 5);
    keyring_destroy(k);
}

static void test_esp(void)
{
    struct limits limits = { .input = 0 };
    struct keyring *k = keyring_create(&limits);
    add_esp(k, 7, UINT32_MAX, 1, "from one");
    add_esp(k, 7, UINT32_MAX, 2, "from two");
    add_esp(k, 0, 0, 0, "wild");
    add_esp(k, 0x700, 0xffffff00, 0, "block");
    const struct esp_key *at = keyring_find_esp(k, 7, v4(2), v4(9), NULL);
    CHECK(at && at->encr.at[5] == 't');
    at = keyring_find_esp(k, 7, v4(2), v4(9), at);
    CHECK(at && at->encr.len == 4 && !keyring_find_esp(k, 7, v4(2), v4(9), at));
    at = keyring_find_esp(k, 0x7ff, v4(3), v4(9), NULL);
    CHECK(at && at->encr.len == 4 && keyring_find_esp(k, 0x7ff, v4(3), v4(9), at) &&
          keyring_find_esp(k, 0x7ff, v4(3), v4(9), at)->encr.len == 5);
    keyring_destroy(k);
}

static void test_secrets(void)
{
    struct limits limits = { .input = 0 };
    struct keyring *k = keyring_create(&limits);
    static uint8_t large[200000];
    memset(large, 0xa5, sizeof large);
    struct secret none = keyring_hold(k, bytes_over(large, 0)), whole = keyring_hold(k, bytes_over(large, sizeof large)),
                  one = keyring_hold(k, bytes_over(large, 1));
    CHECK(none.len == 0 && whole.len == sizeof large && memcmp(whole.at, large, sizeof large) == 0 && one.len == 1);
    check_hidden(whole.at);
    check_hidden(one.at);
    CHECK(secret_equal(none, none) && secret_equal(whole, (struct secret){ large, sizeof large }) && !secret_equal(whole, one));
    secret_wipe(large, sizeof large);
    CHECK(large[0] == 0 && large[sizeof large - 1] == 0);
    keyring_destroy(k);
    keyring_destroy(NULL);
}

static void test_others(void)
{
    struct limits limits = { .input = 0 };
    struct keyring *k = keyring_create(&limits);
    struct dh_key d = { .spi_i = spi_of(1, 16), .secret = hold(k, "shared") };
    keyring_add_dh(k, &d);
    keyring_add_dh(k, &d);
    d.spi_i = spi_of(2, 16);
    keyring_add_dh(k, &d);
    struct psk_key p = { .id = TEXT("a"), .psk = hold(k, "secret") };
    keyring_add_psk(k, &p);
    keyring_add_psk(k, &p);
    p.id = TEXT("b");
    keyring_add_psk(k, &p);
    struct ppk_key q = { .id = TEXT("q"), .ppk = hold(k, "q") };
    keyring_add_ppk(k, &q);
    CHECK_NUMBER(keyring_count(k), 5);
    CHECK(keyring_dh(k)->next && !keyring_dh(k)->next->next && keyring_psk(k)->next &&
          text_equal(keyring_psk(k)->next->id, TEXT("b")) && !keyring_psk(k)->next->next);
    CHECK(keyring_ppk(k) && !keyring_ppk(k)->next);
    keyring_destroy(k);
}

/* Secrets of some SPIs, and of none, in the order in which they came. */
static void test_find_dh(void)
{
    struct limits limits = { .input = 0 };
    struct keyring *k = keyring_create(&limits);
    static const uint64_t of[][2] = { { 1, 9 }, { 0, 0 }, { 2, 0 }, { 0, 8 }, { 1, 7 }, { 3, 0 }, { 0, 0 }, { 0, 9 } };
    char secret[16];
    for (size_t n = 0; n < 8; n++) {
        snprintf(secret, sizeof secret, "secret %zu", n);
        struct dh_key d = { .spi_i = spi_of(of[n][0], 16), .spi_r = spi_of(of[n][1], 16), .secret = hold(k, secret) };
        keyring_add_dh(k, &d);
    }
    static const struct {
        uint64_t spis[2];
        const char *want;
    } cases[] = { { { 1, 9 }, "01467" }, { { 2, 8 }, "1236" }, { { 5, 6 }, "16" }, { { 0, 0 }, "16" }, { { 3, 3 }, "156" } };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char got[16] = "";
        size_t n = 0;
        for (const struct dh_key *d = NULL; (d = keyring_find_dh(k, cases[i].spis, 2, d)) && n < 15; got[n] = 0)
            got[n++] = (char)d->secret.at[7];
        CHECK_TEXT(text_of(got), cases[i].want);
    }
    keyring_destroy(k);
}

static double look_ups(uint32_t keys)
{
    struct limits limits = { .input = 0 };
    struct keyring *k = keyring_create(&limits);
    char key[32];
    for (uint32_t n = 0; n < keys; n++) {
        snprintf(key, sizeof key, "key %u", n);
        add_esp(k, n + 1, UINT32_MAX, 1, key);
        add_ike(k, n + 1, 2, key);
    }
    clock_t begun = clock();
    unsigned found = 0;
    for (uint32_t n = 0; n < 200000; n++) {
        found += keyring_find_esp(k, n % keys + 1, v4(1), v4(2), NULL) != NULL;
        found += keyring_find_ike(k, spi_of(n % keys + 1, 16), spi_of(2, 16), NULL) != NULL;
    }
    double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
    CHECK_NUMBER(found, 400000);
    keyring_destroy(k);
    return seconds;
}

int main(void)
{
    test_ike();
    test_alike();
    test_esp();
    test_secrets();
    test_others();
    test_find_dh();
    /* A list would take thousands of times as long; caches and a busy machine are allowed for. */
    double few = look_ups(10), many = look_ups(50000);
    CHECK(many < few * 60 + 0.5);
    return TEST_REPORT();
}
