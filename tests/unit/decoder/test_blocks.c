/* The block reader: both formats in all their forms, and what it saves of damaged ones. */
#include "packets.h"

#include <sys/stat.h>

#include "decoder/blocks.h"
#include "decoder/decoder.h"

enum { ROOM = 4 << 20 };

struct damages {
    unsigned cuts, garbage;
    char text[300];
};

static void on_damage(void *context, enum damage_kind kind, uint32_t frame, const char *text)
{
    struct damages *d = context;
    (void)frame;
    d->cuts += kind == DAMAGE_CUT;
    d->garbage += kind == DAMAGE_GARBAGE;
    snprintf(d->text, sizeof d->text, "%s", text);
}

struct count {
    unsigned frames, octets;
    uint32_t link;
    int64_t first, last;
    struct damages damages;
    bool opened;
    uint64_t sum; /* of the frames' octets, so that equal contents can be told */
};

static struct count counted(struct bytes file)
{
    struct count n = { 0 };
    struct source *from = source_over(file);
    struct blocks *b = blocks_create(from, (struct damage_taker){ .take = on_damage, .context = &n.damages }, NULL);
    struct captured r;
    n.opened = b != NULL;
    while (b && blocks_next(b, &r)) {
        n.frames++;
        CHECK(r.frame == n.frames);
        CHECK(r.original >= r.octets.len);
        n.octets += (unsigned)r.octets.len;
        n.link = r.link;
        for (size_t i = 0; i < r.octets.len; i++)
            n.sum = n.sum * 31 + r.octets.at[i];
        if (n.frames == 1)
            n.first = r.ns;
        n.last = r.ns;
    }
    blocks_destroy(b);
    source_close(from);
    return n;
}

static void test_pcap(void)
{
    static const struct {
        uint32_t magic;
        bool nano;
        unsigned extra;
    } forms[] = {
        { 0xa1b2c3d4, false, 0 },
        { 0xa1b23c4d, true, 0 },
        { 0xa1b2cd34, false, 8 },
    };
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        for (int big = 0; big < 2; big++) {
            struct buffer b;
            buffer_init(&b, ROOM);
            pcap_put_header(&b, big, forms[i].magic, 0x10000000 | 276);
            for (uint32_t k = 0; k < 3; k++) {
                number_put(&b, big, 1700000000 + k, 4);
                number_put(&b, big, 123456, 4);
                number_put(&b, big, 5 + k, 4);
                number_put(&b, big, 1500, 4);
                number_put(&b, big, 0, forms[i].extra);
                buffer_put(&b, "abcdefgh", 5 + k);
            }
            CHECK(decoder_recognise(octets_of(&b)));
            const struct count n = counted(octets_of(&b));
            CHECK_NUMBER(n.frames, 3);
            CHECK_NUMBER(n.octets, 18);
            CHECK_NUMBER(n.link, 276);
            CHECK_NUMBER(n.first, 1700000000000000000 + (forms[i].nano ? 123456 : 123456000));
            CHECK_NUMBER(n.last - n.first, 2000000000);
            CHECK_NUMBER(n.damages.cuts + n.damages.garbage, 0);
            buffer_clear(&b);
        }
}

/* pcapng blocks */
static void block_put(struct buffer *b, bool big, uint32_t type, struct bytes body)
{
    const uint32_t padded = (uint32_t)(body.len + 3) / 4 * 4, length = 12 + padded;
    number_put(b, big, type, 4);
    number_put(b, big, length, 4);
    buffer_put(b, body.at, body.len);
    number_put(b, big, 0, (unsigned)(padded - body.len));
    number_put(b, big, length, 4);
}
static void section_put(struct buffer *b, bool big)
{
    struct buffer body;
    buffer_init(&body, ROOM);
    number_put(&body, big, 0x1a2b3c4d, 4);
    number_put(&body, big, 1, 2);
    number_put(&body, big, 0, 2);
    number_put(&body, big, UINT64_MAX, 8); /* length of the section: unknown */
    block_put(b, big, 0x0a0d0d0a, octets_of(&body));
    buffer_clear(&body);
}
static void interface_put(struct buffer *b, bool big, uint16_t link, int resolution, int64_t offset)
{
    struct buffer body;
    buffer_init(&body, ROOM);
    number_put(&body, big, link, 2);
    number_put(&body, big, 0, 2);
    number_put(&body, big, 0, 4);
    number_put(&body, big, 2, 2); /* if_name */
    number_put(&body, big, 3, 2);
    buffer_put(&body, "gi0\0", 4);
    if (resolution >= 0) {
        number_put(&body, big, 9, 2);
        number_put(&body, big, 1, 2);
        number_put(&body, big, (uint64_t)resolution, 1);
        number_put(&body, big, 0, 3);
    }
    if (offset) {
        number_put(&body, big, 14, 2);
        number_put(&body, big, 8, 2);
        number_put(&body, big, (uint64_t)offset, 8);
    }
    number_put(&body, big, 0, 4);
    block_put(b, big, 1, octets_of(&body));
    buffer_clear(&body);
}
static void enhanced_put(struct buffer *b, bool big, uint32_t interface, uint64_t ticks, struct bytes octets)
{
    struct buffer body;
    buffer_init(&body, ROOM);
    number_put(&body, big, interface, 4);
    number_put(&body, big, ticks >> 32, 4);
    number_put(&body, big, ticks & 0xffffffff, 4);
    number_put(&body, big, octets.len, 4);
    number_put(&body, big, 1500, 4);
    buffer_put(&body, octets.at, octets.len);
    block_put(b, big, 6, octets_of(&body));
    buffer_clear(&body);
}

static void test_pcapng(void)
{
    for (int big = 0; big < 2; big++) {
        struct buffer b;
        buffer_init(&b, ROOM);
        section_put(&b, big);
        CHECK(decoder_recognise(octets_of(&b)));
        block_put(&b, big, 5, bytes_over("statistics", 10));
        interface_put(&b, big, 1, -1, 0);
        interface_put(&b, big, 101, 9, 0);
        block_put(&b, big, 0x80000123, bytes_over("whatever", 8));
        enhanced_put(&b, big, 0, 1700000000000000, bytes_over("frame", 5));
        struct count n = counted(octets_of(&b));
        CHECK_NUMBER(n.frames, 1);
        CHECK_NUMBER(n.link, 1);
        CHECK_NUMBER(n.octets, 5);
        CHECK_NUMBER(n.last, 1700000000000000000);
        enhanced_put(&b, big, 1, 1700000000000000123, bytes_over("frames", 6));
        n = counted(octets_of(&b));
        CHECK_NUMBER(n.frames, 2);
        CHECK_NUMBER(n.link, 101);
        CHECK_NUMBER(n.last, 1700000000000000123);
        /* a simple block has no time; an obsolete one has, and its interface in 16 bits */
        block_put(&b, big, 3,
                  bytes_over(big ? "\0\0\0\x03"
                                   "abc"
                                 : "\x03\0\0\0"
                                   "abc",
                             7));
        n = counted(octets_of(&b));
        CHECK_NUMBER(n.frames, 3);
        CHECK_NUMBER(n.octets, 14);
        CHECK_NUMBER(n.last, 1700000000000000123);
        struct buffer old;
        buffer_init(&old, ROOM);
        number_put(&old, big, 1, 2);
        number_put(&old, big, 7, 2);
        number_put(&old, big, UINT64_C(1700000001000000000) >> 32, 4);
        number_put(&old, big, UINT64_C(1700000001000000000) & 0xffffffff, 4);
        number_put(&old, big, 4, 4);
        number_put(&old, big, 4, 4);
        buffer_put(&old, "abcd", 4);
        block_put(&b, big, 2, octets_of(&old));
        buffer_clear(&old);
        n = counted(octets_of(&b));
        CHECK_NUMBER(n.frames, 4);
        CHECK_NUMBER(n.last, 1700000001000000000);
        /* another section of the other octet order, its only interface counts in 2^-20 s from an offset */
        section_put(&b, !big);
        interface_put(&b, !big, 113, 0x80 | 20, 1000000000);
        enhanced_put(&b, !big, 0, (UINT64_C(700000000) << 20) + (1 << 19), bytes_over("x", 1));
        n = counted(octets_of(&b));
        CHECK_NUMBER(n.frames, 5);
        CHECK_NUMBER(n.link, 113);
        CHECK_NUMBER(n.last, 1700000000500000000);
        CHECK_NUMBER(n.damages.cuts + n.damages.garbage, 0);
        /* an interface nobody described */
        enhanced_put(&b, !big, 3, UINT64_C(700000000) << 20, bytes_over("y", 1));
        n = counted(octets_of(&b));
        CHECK_NUMBER(n.frames, 6);
        CHECK_NUMBER(n.link, 113);
        CHECK_NUMBER(n.damages.garbage, 1);
        buffer_clear(&b);
    }
}

/* Ten frames of 60 octets that hold no chain of headers by accident. */
static struct buffer ten(bool ng)
{
    struct buffer b;
    buffer_init(&b, ROOM);
    if (ng) {
        section_put(&b, false);
        interface_put(&b, false, 1, 6, 0);
    } else {
        pcap_put_header(&b, false, 0xa1b2c3d4, 1);
    }
    for (uint32_t i = 0; i < 10; i++) {
        uint8_t octets[60];
        for (unsigned k = 0; k < sizeof octets; k++)
            octets[k] = (uint8_t)(0x9d + i * 7 + k * 13);
        if (ng)
            enhanced_put(&b, false, 0, 1700000000000000 + i * 1000000, bytes_over(octets, sizeof octets));
        else
            pcap_put_record(&b, false, 1700000000 + i, 1000 * i, bytes_over(octets, sizeof octets), 60);
    }
    return b;
}

static void test_cuts(void)
{
    for (int ng = 0; ng < 2; ng++) {
        struct buffer b = ten(ng);
        const size_t record = ng ? 92 : 76, head = b.len - 10 * record;
        for (size_t n = 0; n <= b.len; n++) {
            uint8_t *copy = malloc(n ? n : 1);
            memcpy(copy, b.at, n);
            const struct count c = counted(bytes_over(copy, n));
            free(copy);
            CHECK_NUMBER(c.frames, n < head ? 0 : (n - head) / record);
            if (n >= 28 && (n < head || (n - head) % record))
                CHECK_NUMBER(c.damages.cuts + c.damages.garbage, ng && (n == 28 || n == head) ? 0 : 1);
        }
        buffer_clear(&b);
    }
}

static void test_flips(void)
{
    for (int ng = 0; ng < 2; ng++) {
        struct buffer b = ten(ng);
        unsigned lost = 0, silent = 0;
        const struct count whole = counted(octets_of(&b));
        CHECK_NUMBER(whole.frames, 10);
        for (size_t at = 0; at < b.len; at++)
            for (int bit = 0; bit < 8; bit++) {
                b.at[at] = (char)(b.at[at] ^ 1 << bit);
                const struct count c = counted(octets_of(&b));
                CHECK(c.frames <= 10);
                CHECK(!c.opened || c.frames >= 9);
                lost += c.frames < 10;
                silent += c.frames < 10 && c.opened && !c.damages.garbage && !c.damages.cuts;
                b.at[at] = (char)(b.at[at] ^ 1 << bit);
            }
        CHECK_NUMBER(silent, 0);
        CHECK(lost <= (ng ? 64 : 0));
        printf("%s: one flipped bit in %u loses a frame in %u cases\n", ng ? "pcapng" : "pcap", (unsigned)(b.len * 8), lost);
        buffer_clear(&b);
    }
}

static void test_garbage(void)
{
    for (int ng = 0; ng < 2; ng++) {
        struct buffer b = ten(ng), d;
        buffer_init(&d, ROOM);
        const size_t record = ng ? 92 : 76, head = b.len - 10 * record;
        for (size_t extra = 1; extra < 5000; extra = extra * 3 + 1) {
            /* between two records */
            buffer_reset(&d);
            buffer_put(&d, b.at, head + 4 * record);
            for (size_t i = 0; i < extra; i++)
                buffer_byte(&d, (char)(0x55 + i * 31));
            buffer_put(&d, b.at + head + 4 * record, 6 * record);
            struct count c = counted(octets_of(&d));
            CHECK_NUMBER(c.frames, 10);
            CHECK(c.damages.garbage >= 1);
            /* and at the end */
            buffer_reset(&d);
            buffer_put(&d, b.at, b.len);
            for (size_t i = 0; i < extra; i++)
                buffer_byte(&d, (char)(0x55 + i * 31));
            c = counted(octets_of(&d));
            CHECK_NUMBER(c.frames, 10);
            CHECK(c.damages.garbage + c.damages.cuts >= 1);
        }
        /* zeros at the end, as a full disk or a reserved file leaves them */
        buffer_reset(&d);
        buffer_put(&d, b.at, b.len);
        for (size_t i = 0; i < 100000; i++)
            buffer_byte(&d, 0);
        CHECK_NUMBER(counted(octets_of(&d)).frames, 10);
        /* octets missing in the middle of a record */
        buffer_reset(&d);
        buffer_put(&d, b.at, head + 4 * record + 30);
        buffer_put(&d, b.at + head + 4 * record + 50, b.len - head - 4 * record - 50);
        CHECK_NUMBER(counted(octets_of(&d)).frames, 9);
        buffer_clear(&b);
        buffer_clear(&d);
    }
}

static void test_foreign(void)
{
    struct error err = { 0 };
    static const struct {
        const char *octets;
        size_t len;
        bool recognised;
        const char *text;
    } files[] = {
        { "", 0, false, "the capture is empty" },
        { "snoop\0\0\0\0\0\0\2\0\0\0\4", 16, true, "this is a snoop capture: convert it to pcapng first (editcap does)" },
        { "Nov 11 19:30:34.811: IKEv2:", 27, false, "this is neither pcap nor pcapng" },
        { "\xd4\xc3\xb2", 3, false, "this is neither pcap nor pcapng" },
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        const struct bytes octets = bytes_over(files[i].octets, files[i].len);
        struct source *from = source_over(octets);
        err = (struct error){ 0 };
        CHECK(!blocks_create(from, (struct damage_taker){ 0 }, &err));
        CHECK_TEXT(text_of(err.text), files[i].text);
        CHECK_NUMBER(decoder_recognise(octets), files[i].recognised);
        source_close(from);
    }
    CHECK(!decoder_recognise(bytes_over("\x0a\x0d\x0d\x0a text that begins with line ends", 20)));
}

/* A frame larger than the window's first room, and many frames across its edges. */
static void test_windows(void)
{
    struct buffer b;
    buffer_init(&b, 64 << 20);
    pcap_put_header(&b, false, 0xa1b2c3d4, 1);
    uint8_t *big = memory_take(250000);
    for (uint32_t i = 0; i < 40; i++)
        pcap_put_record(&b, false, 1700000000 + i, 1, bytes_over(big, 250000 - i), 250000);
    memory_free(big);
    const struct count c = counted(octets_of(&b));
    CHECK_NUMBER(c.frames, 40);
    CHECK_NUMBER(c.damages.garbage + c.damages.cuts, 0);
    buffer_clear(&b);
}

/* Every second record header is damaged, so that no chain of sound ones ever shows: the search must not begin anew at each. */
static void test_hostile(void)
{
    struct buffer b;
    buffer_init(&b, 64 << 20);
    pcap_put_header(&b, false, 0xa1b2c3d4, 1);
    uint8_t octets[20];
    memset(octets, 0xee, sizeof octets);
    for (uint32_t i = 0; i < 400000; i++)
        pcap_put_record(&b, false, 1700000000, i % 2 ? 0xffffffff : 1, bytes_over(octets, sizeof octets), 20);
    CHECK_NUMBER(counted(octets_of(&b)).frames, 400000);
    buffer_clear(&b);
}

/* What follows a damaged section header is looked for far ahead, and the window moves. */
static void test_damaged_section(void)
{
    struct buffer file;
    buffer_init(&file, ROOM);
    section_put(&file, false);
    memcpy(file.at, "\x11\x22\x33\x44", 4);
    number_put(&file, false, 6, 4);
    number_put(&file, false, 400 << 10, 4);
    for (unsigned i = 0; i < 500 << 10; i++)
        buffer_byte(&file, (char)0xee);
    const struct count n = counted(bytes_of_text(buffer_view(&file)));
    CHECK_NUMBER(n.frames, 0);
    buffer_clear(&file);
}

int main(void)
{
    test_pcap();
    test_pcapng();
    test_cuts();
    test_flips();
    test_garbage();
    test_foreign();
    test_windows();
    test_damaged_section();
    test_hostile();
    return TEST_REPORT();
}
