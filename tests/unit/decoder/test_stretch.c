/* Stretches hold all frames of a file, in order, also those that damage and odd lengths bring about; what was damaged stands
 * where it happened. The same file read frame by frame says what is right. */
#include "packets.h"

#include "decoder/stretch.h"

enum { ROOM = 16 << 20, STRETCHES = 3 };

struct sum {
    uint64_t frames, octets, damages, cuts, limited, print;
};

static void add_frame(struct sum *s, const struct captured *r)
{
    s->frames++;
    s->octets += r->octets.len;
    s->print = s->print * 31 + hash_lasting(r->octets) + r->frame + (uint64_t)r->ns + r->original;
}

static void on_damage(void *context, enum damage_kind kind, uint32_t frame, const char *text)
{
    struct sum *s = context;
    (void)frame;
    (void)text;
    s->cuts += kind == DAMAGE_CUT;
    s->damages += kind == DAMAGE_GARBAGE;
}

static struct sum one_by_one(struct bytes file)
{
    struct sum s = { 0 };
    struct source *from = source_over(file);
    struct blocks *b = blocks_create(from, (struct damage_taker){ .take = on_damage, .context = &s }, NULL);
    struct captured r;
    while (b && blocks_next(b, &r))
        add_frame(&s, &r);
    blocks_destroy(b);
    source_close(from);
    return s;
}

static void add_stretch(struct sum *s, const struct stretch *t)
{
    const uint64_t before = s->frames;
    for (size_t i = 0; i < t->count; i++)
        add_frame(s, &t->frames[i]);
    for (size_t i = 0; i < t->mishap_count; i++) {
        const struct mishap *m = &t->mishaps[i];
        CHECK(m->before <= t->count && (i == 0 || t->mishaps[i - 1].before <= m->before));
        if (m->limited)
            s->limited += m->times;
        else
            on_damage(s, m->kind, 0, "");
        if (!m->limited && m->kind == DAMAGE_GARBAGE) /* "at or behind" */
            CHECK(m->frame == before + m->before || m->frame == before + m->before + 1);
    }
}

/* Each stretch is looked at only when others were cut behind it. */
static struct sum by_stretches(struct bytes file, size_t *count)
{
    struct sum s = { 0 };
    struct source *from = source_over(file);
    struct cutter *c = cutter_create(from, NULL);
    struct stretch stretches[STRETCHES] = { 0 };
    size_t cut = 0, taken = 0;
    bool more = c != NULL;
    while (more || taken < cut) {
        if (more && cut - taken < STRETCHES)
            more = cutter_cut(c, &stretches[cut++ % STRETCHES]);
        else
            add_stretch(&s, &stretches[taken++ % STRETCHES]);
    }
    *count = cut;
    cutter_destroy(c);
    for (size_t i = 0; i < STRETCHES; i++)
        stretch_clear(&stretches[i]);
    source_close(from);
    return s;
}

static void check(struct bytes file, size_t least)
{
    size_t count;
    const struct sum want = one_by_one(file), got = by_stretches(file, &count);
    CHECK_NUMBER(got.frames, want.frames);
    CHECK_NUMBER(got.octets, want.octets);
    CHECK(got.print == want.print);
    CHECK_NUMBER(got.cuts, want.cuts);
    CHECK_NUMBER(got.damages + got.limited, want.damages);
    CHECK(count >= least);
}

static void le32(struct buffer *b, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        buffer_byte(b, (char)(n >> 8 * i));
}

static void record(struct buffer *b, uint32_t seconds, size_t len)
{
    le32(b, seconds);
    le32(b, 7);
    le32(b, (uint32_t)len);
    le32(b, (uint32_t)len);
    for (size_t i = 0; i < len; i++)
        buffer_byte(b, (char)(seconds + i * 7));
}

static void head(struct buffer *b)
{
    buffer_reset(b);
    le32(b, 0xa1b2c3d4);
    le32(b, 0x00040002);
    le32(b, 0);
    le32(b, 0);
    le32(b, 1 << 20);
    le32(b, 1);
}

int main(void)
{
    struct buffer b;
    buffer_init(&b, ROOM);
    head(&b); /* none */
    check(octets_of(&b), 1);
    for (uint32_t n = 0; n < 3000; n++) /* ordinary ones, some longer than half a buffer, one longer than a buffer */
        record(&b, 1700000000 + n, n == 1500 ? 600000 : n % 700 == 3 ? 200000 : n * 37 % 1500);
    check(octets_of(&b), 8);
    for (size_t cut = 1; cut < 40; cut += 3)
        check(bytes_over(b.at, b.len - cut), 8);
    struct buffer broken;
    buffer_init(&broken, ROOM);
    for (uint32_t places = 1; places < 200; places *= 3) { /* damage, here and there */
        buffer_reset(&broken);
        buffer_put(&broken, b.at, b.len);
        for (uint32_t i = 0; i < places; i++)
            memset((uint8_t *)broken.at + 24 + (b.len - 100) / places * i, 0xee, 40);
        check(octets_of(&broken), 4);
    }
    head(&b); /* more short ones than a stretch takes */
    for (uint32_t n = 0; n < 20000; n++)
        record(&b, 1700000000 + n, n % 3 + 1);
    check(octets_of(&b), 5);
    buffer_clear(&broken);
    buffer_clear(&b);
    return TEST_REPORT();
}
