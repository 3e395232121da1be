/* ESP that came before the exchange that keys it: kept while keys may come, in order, and not without end. */
#include "base/limits.h"
#include "tests/unit/decoder/esp_bench.h"

static void begin_waiting(struct bench *b)
{
    begin(b);
    struct ike_key ike = { .spi_i = spi_of(1, 16),
                           .encr_id = ENCR_AES_GCM_16,
                           .sk_d = keyring_hold(b->model->keyring, bytes_over("d", 1)) };
    keyring_add_ike(b->model->keyring, &ike);
}

static void offer(struct bench *b, const struct key *k, uint32_t spi)
{
    struct esp_key e = entry(b, k, spi, v4(1), v4(2));
    e.derived = true;
    esp_offer(b->esp, &e, true);
}

static void test_late_key(void)
{
    struct bench b;
    struct key k = key_of(ENCR_AES_GCM_16, 0, 1), other = key_of(ENCR_AES_GCM_16, 0, 2);
    uint8_t in[256], out[512];
    begin_waiting(&b);
    size_t len = seal(&k, 0x51, 1, false, 4, in, inner_udp(in, 30, 0), out);
    out[40] ^= 1;
    send_octets(&b, 1, 2, out, len, 0); /* damaged: no key will open it */
    send(&b, &k, 0x51, 1, 2, 2, 30);
    send(&b, &other, 0x52, 1, 2, 1, 30);
    send(&b, &k, 0x51, 1, 2, 5, 30);
    len = seal(&k, 0x51, 4, false, 4, in, inner_udp(in, 30, 0), out);
    send_octets(&b, 1, 2, out, len - 20, 20); /* cut */
    CHECK_NUMBER(b.plain_count, 0);
    CHECK_NUMBER(b.model->flows->traffic.packets, 0);
    offer(&b, &other, 0x51); /* not this one */
    CHECK_NUMBER(b.plain_count, 0);
    offer(&b, &k, 0x51);
    CHECK_NUMBER(b.plain_count, 2);
    send(&b, &k, 0x51, 1, 2, 6, 30);
    CHECK_NUMBER(b.plain_count, 3);
    const struct traffic *t = traffic(&b, 0);
    CHECK_NUMBER(t->packets, 5);
    CHECK_NUMBER(t->decrypted, 3);
    CHECK_NUMBER(t->icv_failed, 1);
    CHECK_NUMBER(t->truncated, 1);
    CHECK_NUMBER(t->reordered, 1);
    CHECK_NUMBER(t->lost, 1);
    CHECK_NUMBER(t->first_frame, 1);
    CHECK_NUMBER(t->last_frame, 6);
    CHECK_NUMBER(b.model->flows->keys, KEYS_DERIVED);
    t = traffic(&b, 1); /* whose key never came */
    CHECK_NUMBER(t->packets, 1);
    CHECK_NUMBER(t->no_key, 1);
    CHECK_NUMBER(limits_total(&b.model->limits), 0);
    end(&b);
}

/* The first packet is damaged, and the key was there all the time. */
static void test_damaged_first(void)
{
    struct bench b;
    struct key k = key_of(ENCR_AES_CBC, INTEG_HMAC_SHA1_96, 1);
    uint8_t in[256], out[512];
    begin_waiting(&b);
    give(&b, &k, 0x51, 1, 2);
    size_t len = seal(&k, 0x51, 1, false, 4, in, inner_udp(in, 30, 0), out);
    out[40] ^= 1;
    send_octets(&b, 1, 2, out, len, 0);
    CHECK_NUMBER(b.model->flows->traffic.packets, 0);
    send(&b, &k, 0x51, 1, 2, 2, 30);
    CHECK_NUMBER(b.model->flows->traffic.packets, 2);
    CHECK_NUMBER(b.model->flows->traffic.icv_failed, 1);
    CHECK_NUMBER(b.model->flows->traffic.decrypted, 1);
    CHECK_NUMBER(b.plain_count, 1);
    CHECK_NUMBER(traffic(&b, 0)->lost, 0);
    end(&b);
}

/* The first packet has a number that no packet of the SA has: it says nothing of those that a key opens, be it counted at once
 * or when the key has come. */
static void test_far_first(bool waiting)
{
    struct bench b;
    struct key k = key_of(ENCR_NULL, INTEG_HMAC_SHA1_96, 1);
    uint8_t in[256], out[512];
    if (waiting)
        begin_waiting(&b);
    else
        begin(&b);
    if (!waiting)
        give(&b, &k, 0x51, 1, 2);
    size_t len = seal(&k, 0x51, 0xffffff00, false, 4, in, inner_udp(in, 30, 0), out);
    out[len - 1] ^= 1;
    send_octets(&b, 1, 2, out, len, 0);
    for (uint32_t n = 1; n <= 20; n++) {
        if (n == 10 && waiting)
            offer(&b, &k, 0x51);
        send(&b, &k, 0x51, 1, 2, n, 30);
    }
    const struct traffic *t = traffic(&b, 0);
    CHECK_NUMBER(t->packets, 21);
    CHECK_NUMBER(t->decrypted, 20);
    CHECK_NUMBER(t->icv_failed, 1);
    CHECK_NUMBER(t->lost, 0);
    CHECK_NUMBER(t->reordered, 0);
    end(&b);
}

/* Without a key from which others can be derived, nothing is kept. */
static void test_nothing_to_come(void)
{
    struct bench b;
    struct key k = key_of(ENCR_AES_GCM_16, 0, 1);
    begin(&b);
    give(&b, &k, 0x77, 1, 2);
    send(&b, &k, 0x51, 1, 2, 1, 30);
    CHECK_NUMBER(b.model->flows->traffic.no_key, 1);
    end(&b);
}

static void test_bound(void)
{
    struct bench b;
    struct key k = key_of(ENCR_NULL, INTEG_AES_XCBC_96, 1);
    begin_waiting(&b);
    uint32_t n = 0;
    send(&b, &k, 0x50, 1, 2, 1, 30);
    while (limits_total(&b.model->limits) == 0 && n < LIMIT_HELD / 1000)
        send(&b, &k, 0x51, 1, 2, ++n, 1800);
    CHECK_NUMBER(limits_total(&b.model->limits), n); /* all of that SA, and said so */
    CHECK(n > LIMIT_HELD / 2300);
    send(&b, &k, 0x51, 1, 2, n + 1, 30); /* from here on as it comes */
    const struct flow *f = b.model->flows->next;
    CHECK_NUMBER(f->traffic.no_key, n + 1);
    offer(&b, &k, 0x51);
    send(&b, &k, 0x51, 1, 2, n + 2, 30);
    CHECK_NUMBER(f->traffic.decrypted, 1);
    offer(&b, &k, 0x50); /* the other one was kept */
    CHECK_NUMBER(b.model->flows->traffic.decrypted, 1);
    end(&b);
}

int main(void)
{
    test_late_key();
    test_damaged_first();
    test_far_first(false);
    test_far_first(true);
    test_nothing_to_come();
    test_bound();
    return TEST_REPORT();
}
