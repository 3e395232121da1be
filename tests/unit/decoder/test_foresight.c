/* The same packets with and without keys tried ahead, by several threads' openers: equal flows, and equal plaintexts in the same
 * order, whatever happens among them. Their octets are written over as soon as their turn has been. */
#include "tests/unit/decoder/esp_bench.h"

enum {
    PACKETS = 4000,
    LONGEST = 60 /* packets of a stretch */,
    STRETCHES = 3 /* looked at before the first one's turn */,
    HOSTS = 8
};

static uint64_t seed;

static uint32_t roll(uint32_t sides)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % sides;
}

struct sa {
    struct key key;
    uint32_t spi;
    uint8_t from;
    bool esn, unknown; /* unknown: its key is offered half-way */
    uint64_t number;
};

static void make_sas(struct bench *b, struct sa sas[static HOSTS])
{
    /* columns: encryption, integrity, ESN, first number */
    static const struct {
        uint16_t encr, integ;
        bool esn;
        uint64_t first;
    } rows[HOSTS] = {
        { ENCR_AES_GCM_16, 0, false, 1 },
        { ENCR_AES_CBC, INTEG_HMAC_SHA1_96, false, 1 },
        { ENCR_AES_CBC, INTEG_HMAC_SHA2_256_128, true, (UINT64_C(3) << 32) - 300 },
        { ENCR_AES_GCM_16, 0, true, (UINT64_C(1) << 32) - 250 },
        { ENCR_CHACHA20_POLY1305, 0, false, 1000 },
        { ENCR_NULL, INTEG_AES_XCBC_96, false, 1 },
        { ENCR_CAMELLIA_CCM_8, 0, false, 1 },
        { ENCR_3DES, INTEG_HMAC_SHA2_512_256, false, 1 },
    };
    for (uint8_t i = 0; i < HOSTS; i++) {
        struct sa *s = &sas[i];
        *s = (struct sa){ .spi = 0x1000u + i, .from = (uint8_t)(i + 1), .esn = rows[i].esn, .number = rows[i].first };
        s->key = key_of(rows[i].encr, rows[i].integ, (uint8_t)(i + 1));
        s->unknown = i == 1;
        struct esp_key e = entry(b, &s->key, s->spi, v4(s->from), v4(100));
        e.esn = s->esn;
        e.has_esn = s->esn;
        e.esn_high = (uint32_t)(s->number >> 32);
        if (!s->unknown)
            keyring_add_esp(b->model->keyring, &e);
    }
}

/* A packet of an SA, often as the next one should be; returns its length. */
static size_t make_packet(struct sa *s, uint8_t *out)
{
    uint8_t in[600];
    uint64_t number = s->number++;
    if (roll(40) == 0)
        s->number += roll(20); /* lost */
    if (roll(30) == 0 && number > 20)
        number -= roll(20); /* late, or again */
    memset(out, 0, 20);
    out[0] = 0x45;
    size_t payload = roll(400), len = inner_udp(in, payload, roll(9) ? 0 : 7);
    len = seal(&s->key, s->spi, number, s->esn, 4, in, len, out + 20);
    if (roll(50) == 0)
        out[20 + roll((uint32_t)len)] ^= 4;
    return 20 + len;
}

struct stretch {
    uint8_t octets[LONGEST][1024];
    struct glance packets[LONGEST]; /* all of them; glances hides what is not seen ahead */
    struct glance glances[LONGEST];
    uint32_t frames[LONGEST];
    size_t count;
    struct foresight *foresight;
};

static void add(struct bench *b, struct stretch *t, struct sa *s)
{
    const size_t at = t->count++;
    size_t len = make_packet(s, t->octets[at]), cut = roll(60) ? 0 : roll(8);
    const bool seen = roll(45) != 0 && !cut;
    t->frames[at] = ++b->frame;
    b->input = roll(200) == 0;
    struct packet p = { .ns = b->frame,
                        .input = b->input,
                        .frame = b->frame,
                        .frames = &t->frames[at],
                        .frame_count = 1,
                        .place = (uint32_t)at,
                        .missing = (uint32_t)cut,
                        .truncated = cut != 0,
                        .source = { v4(s->from), 0 },
                        .destination = { v4(100), 0 },
                        .encap = ENCAP_NONE,
                        .ip_version = 4,
                        .ip = bytes_over(t->octets[at], len),
                        .ip_header = 20 };
    t->packets[at] = (struct glance){ p, bytes_over(t->octets[at] + 20, len - 20 - cut) };
    t->glances[at] = seen ? t->packets[at] : (struct glance){ 0 };
}

static void take(struct bench *b, struct stretch *t)
{
    esp_turn(b->esp, t->foresight);
    for (size_t i = 0; i < t->count; i++)
        CHECK(esp_take(b->esp, &t->packets[i].packet, t->packets[i].octets));
    memset(t->octets, 0xdd, sizeof t->octets);
    t->count = 0;
}

/* Half-way a peer moves, an SPI gets another key, and what was sealed so far is opened from here on. */
static void change(struct bench *b, struct sa *sas)
{
    struct esp_key late = entry(b, &sas[1].key, sas[1].spi, v4(sas[1].from), v4(100));
    late.derived = true;
    esp_offer(b->esp, &late, false);
    sas[0].from = 50;
    sas[4].key = key_of(ENCR_CHACHA20_POLY1305, 0, 99);
    sas[4].number = 1;
    late = entry(b, &sas[4].key, sas[4].spi, v4(sas[4].from), v4(100));
    late.derived = true;
    esp_offer(b->esp, &late, true);
}

static void tell(struct bench *b, unsigned threads)
{
    static struct stretch stretches[STRETCHES];
    seed = 7;
    begin_with(b, threads);
    struct sa sas[HOSTS];
    make_sas(b, sas);
    size_t number = 0;
    for (uint32_t made = 0; made < PACKETS; number++) {
        struct stretch *t = &stretches[number % STRETCHES];
        if (number >= STRETCHES)
            take(b, t);
        for (size_t n = roll(LONGEST) + 1; n && made < PACKETS; n--) {
            if (made++ == PACKETS / 2)
                change(b, sas);
            add(b, t, &sas[roll(3) ? roll(2) * 2 : roll(HOSTS)]);
        }
        if (threads > 1)
            esp_look(b->esp, &t->foresight, t->glances, t->count, (unsigned)(number % threads));
    }
    for (size_t n = 0; n < STRETCHES; n++)
        take(b, &stretches[(number + n) % STRETCHES]);
    esp_finish(b->esp);
    for (size_t n = 0; n < STRETCHES; n++) {
        foresight_destroy(stretches[n].foresight);
        stretches[n].foresight = NULL;
    }
}

/* A key behind many others is not kept ready while it opens nothing. Its ICV is cut short, the first packet's content makes no
 * sense, the others' does: all of these are opened, ahead or not. */
static void test_late_and_narrow(unsigned threads)
{
    enum { BEFORE = 8, SENT = 200 };
    static struct stretch t;
    struct bench b;
    begin_with(&b, threads);
    struct sa s = { .spi = 0x1000, .from = 1, .number = 1 };
    for (uint8_t i = 0; i <= BEFORE; i++) {
        s.key = key_of(ENCR_AES_CBC, INTEG_HMAC_SHA2_256_128, (uint8_t)(i + 1));
        give(&b, &s.key, s.spi, s.from, 100);
    }
    for (size_t i = 0; i < SENT; i++) {
        uint8_t in[64] = { 0 }, *out = t.octets[0];
        const size_t len = i ? inner_udp(in, 30, 0) : 46; /* no padding behind the first, and no protocol's content */
        memset(out, 0, 20);
        t.frames[0] = ++b.frame;
        struct packet p = { .frame = b.frame,
                            .frames = t.frames,
                            .frame_count = 1,
                            .source = { v4(s.from), 0 },
                            .destination = { v4(100), 0 },
                            .ip_version = 4,
                            .ip = bytes_over(out, 20),
                            .ip_header = 20 };
        const size_t sealed = seal(&s.key, s.spi, s.number++, false, i ? 4 : 61, in, len, out + 20) - 4;
        t.glances[0] = (struct glance){ p, bytes_over(out + 20, sealed) };
        if (threads > 1)
            esp_look(b.esp, &t.foresight, t.glances, 1, (unsigned)i % threads);
        esp_turn(b.esp, t.foresight);
        CHECK(esp_take(b.esp, &p, t.glances[0].octets));
    }
    CHECK_NUMBER(traffic(&b, 0)->decrypted, SENT - 1);
    foresight_destroy(t.foresight);
    t.foresight = NULL;
    end(&b);
}

static void check_same(const struct flow *a, const struct flow *b)
{
    const struct traffic *t = &a->traffic, *u = &b->traffic;
    CHECK(a->spi == b->spi && a->keys == b->keys && a->wrong_encryption_key == b->wrong_encryption_key);
    CHECK_NUMBER(u->packets, t->packets);
    CHECK_NUMBER(u->decrypted, t->decrypted);
    CHECK_NUMBER(u->icv_failed, t->icv_failed);
    CHECK_NUMBER(u->no_key, t->no_key);
    CHECK_NUMBER(u->truncated, t->truncated);
    CHECK_NUMBER(u->lost, t->lost);
    CHECK_NUMBER(u->duplicate, t->duplicate);
    CHECK_NUMBER(u->replayed, t->replayed);
    CHECK_NUMBER(u->reordered, t->reordered);
    CHECK_NUMBER(u->bytes, t->bytes);
    CHECK_NUMBER(u->tfc, t->tfc);
    CHECK_NUMBER(u->last_ns, t->last_ns);
    CHECK_NUMBER(u->last_frame, t->last_frame);
    uint64_t n = 0, m = 0;
    if (a->inner && b->inner)
        CHECK(fact_get_number(a->inner->as.child, "packets", &n) && fact_get_number(b->inner->as.child, "packets", &m) && n == m);
    CHECK(!a->inner == !b->inner);
}

int main(void)
{
    struct bench one, more;
    test_late_and_narrow(1);
    test_late_and_narrow(2);
    tell(&one, 1);
    CHECK(one.plain_count > PACKETS / 2 && one.plain_count < PACKETS);
    for (unsigned threads = 2; threads <= 5; threads++) {
        tell(&more, threads);
        CHECK_NUMBER(more.model->flow_count, one.model->flow_count);
        const struct flow *f = one.model->flows, *g = more.model->flows;
        for (; f && g; f = f->next, g = g->next)
            check_same(f, g);
        CHECK_NUMBER(more.plain_count, one.plain_count);
        CHECK(more.plain_print == one.plain_print);
        end(&more);
    }
    uint64_t opened = 0, failed = 0, lost = 0, again = 0;
    for (const struct flow *f = one.model->flows; f; f = f->next) {
        opened += f->traffic.decrypted;
        failed += f->traffic.icv_failed;
        lost += f->traffic.lost;
        again += f->traffic.duplicate + f->traffic.replayed;
    }
    CHECK(opened > PACKETS / 2 && failed > 10 && lost > 10 && again > 10); /* the story had all of it */
    end(&one);
    return TEST_REPORT();
}
