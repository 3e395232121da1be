/*
 * pcap: a header of 24 octets, then records. A record is believed when its header is sane or when what follows it is;
 * where neither holds, or its length leads nowhere, the next chain of sane headers is sought behind it.
 */
#include "decoder/blocks_parts.h"

enum {
    FILE_HEAD = 24,
    SNAP_LARGEST = 262144, /* what capturing programs write at most, whatever the file header says */
    CHAIN = 3,             /* sane headers in a row that are no accident */
    DAY = 86400
};

struct header {
    uint32_t seconds, fraction, captured, original;
};

struct magic {
    uint32_t number;
    uint32_t head;
    bool nano;
};

static const struct magic magics[] = {
    /* as written, record header, nanoseconds */
    { 0xa1b2c3d4, 16, false },
    { 0xa1b23c4d, 16, true },
    { 0xa1b2cd34, 24, false }, /* "modified": the record header also has interface, protocol and packet type */
};

static unsigned bits_differ(uint32_t a, uint32_t b)
{
    unsigned n = 0;
    for (uint32_t d = a ^ b; d; d &= d - 1)
        n++;
    return n;
}

/* The magic number, in either octet order; a damaged one by its likeness, if the version behind it is right. */
static const struct magic *magic_of(struct bytes first, bool *big)
{
    struct cursor c = cursor_over(first), d = cursor_over(first);
    uint32_t numbers[2] = { (uint32_t)cursor_number_le(&c, 4), cursor_u32(&d) };
    uint32_t versions[2] = { (uint32_t)cursor_number_le(&c, 4), cursor_u32(&d) };
    if (!cursor_ok(&d) && first.len < 4)
        return NULL;
    for (int order = 0; order < 2; order++) {
        *big = order == 1;
        for (size_t i = 0; i < COUNT_OF(magics); i++)
            if (numbers[order] == magics[i].number)
                return &magics[i];
    }
    for (int order = 0; order < 2 && first.len >= FILE_HEAD; order++) {
        *big = order == 1;
        if (versions[order] != (order ? 0x00020004 : 0x00040002))
            continue;
        for (size_t i = 0; i < COUNT_OF(magics); i++)
            if (bits_differ(numbers[order], magics[i].number) <= 3)
                return &magics[i];
    }
    return NULL;
}

bool pcap_recognise(struct bytes first)
{
    bool big;
    return magic_of(first, &big) != NULL;
}

static struct header header_at(struct blocks *b, size_t offset)
{
    struct cursor c = cursor_over(window_view(&b->window, offset, 16));
    struct header h;
    h.seconds = blocks_u32(b, &c);
    h.fraction = blocks_u32(b, &c);
    h.captured = blocks_u32(b, &c);
    h.original = blocks_u32(b, &c);
    if (b->pcap.maybe_swapped && h.captured > h.original) {
        uint32_t captured = h.original;
        h.original = h.captured;
        h.captured = captured;
    }
    return h;
}

static bool header_sane(const struct blocks *b, const struct header *h)
{
    return h->captured <= b->pcap.largest && h->fraction < (b->pcap.nano ? 1000000000u : 1000000u) &&
           h->original >= h->captured && (h->original != 0 || h->seconds != 0) && h->original <= LIMIT_BLOCK;
}

/* Does a record begin here from which others follow, up to CHAIN of them or to the end of the file? */
static bool record_leads(struct blocks *b, size_t offset)
{
    uint32_t seconds = 0;
    for (int i = 0; i < CHAIN; i++) {
        size_t have = window_want(&b->window, offset + b->pcap.head);
        if (have == offset)
            return i > 0;
        if (have < offset + b->pcap.head)
            return i > 1;
        const struct header h = header_at(b, offset);
        if (!header_sane(b, &h) || h.captured == 0 || (i && h.seconds - seconds + DAY > 2 * DAY))
            return false;
        seconds = h.seconds;
        offset += b->pcap.head + h.captured;
        if (window_want(&b->window, offset) < offset)
            return i > 1;
    }
    return true;
}

static bool yield(struct blocks *b, struct captured *r, const struct header *h, size_t size)
{
    const bool timed = h->fraction < (b->pcap.nano ? 1000000000u : 1000000u);
    r->ns = timed ? (int64_t)h->seconds * 1000000000 + (int64_t)h->fraction * (b->pcap.nano ? 1 : 1000) : b->last_ns;
    r->original = h->original <= LIMIT_BLOCK ? h->original : (uint32_t)size;
    r->link = b->pcap.link;
    blocks_yield(b, r, b->pcap.head, size);
    window_skip(&b->window, b->pcap.head + size);
    return true;
}

/* The record at the window's start or what follows it is damaged. What lies between its header and the next chain of
 * records, or the end of the file, tells whether it can be used. False: nothing to yield, go on. */
static bool repair(struct blocks *b, struct captured *r, const struct header *h)
{
    const size_t head = b->pcap.head, whole = head + h->captured;
    const bool sane = header_sane(b, h);
    const size_t next = blocks_find(b, 1, record_leads), have = window_want(&b->window, sane ? whole : 0);
    const size_t end = next != BLOCKS_NOWHERE ? next : b->window.over ? have : 0;
    if (end > head && (h->captured == end - head || h->original == end - head)) {
        blocks_damage(b, DAMAGE_GARBAGE, "the record header of frame %u contradicts itself or its length", b->frames + 1);
        return yield(b, r, h, end - head);
    }
    if (sane && have >= whole && (next == BLOCKS_NOWHERE || next >= whole))
        return yield(b, r, h, h->captured);
    if (next == BLOCKS_NOWHERE && sane && b->window.over && have < whole && have < SCAN_AHEAD)
        blocks_end(b);
    else
        blocks_lost(b);
    return false;
}

static bool next_record(struct blocks *b, struct captured *r)
{
    const size_t head = b->pcap.head;
    for (;;) {
        if (b->searching) {
            window_skip(&b->window, 1);
            if (!blocks_seek(b, record_leads))
                return false;
        }
        const size_t have = window_want(&b->window, head);
        if (have == 0)
            return false;
        if (have < head)
            return blocks_end(b);
        const struct header h = header_at(b, 0);
        const bool sane = header_sane(b, &h);
        if (h.captured <= b->pcap.largest) {
            const size_t whole = head + h.captured, seen = window_want(&b->window, whole + head);
            const struct header after = seen >= whole + head ? header_at(b, whole) : (struct header){ 0 };
            if ((seen == whole && (sane || h.captured)) || (seen > whole && seen < whole + head && sane) ||
                (seen >= whole + head && header_sane(b, &after))) {
                if (!sane)
                    blocks_damage(b, DAMAGE_GARBAGE, "the record header of frame %u contradicts itself", b->frames + 1);
                return yield(b, r, &h, h.captured);
            }
        }
        if (repair(b, r, &h))
            return true;
        if (b->ended)
            return false;
    }
}

bool pcap_open(struct blocks *b)
{
    const struct bytes first = window_view(&b->window, 0, FILE_HEAD);
    const struct magic *m = magic_of(first, &b->big);
    if (!m)
        return false;
    struct cursor c = cursor_over(first);
    const uint32_t number = blocks_u32(b, &c);
    const uint16_t major = blocks_u16(b, &c), minor = blocks_u16(b, &c);
    cursor_skip(&c, 8);
    b->pcap.snap = blocks_u32(b, &c);
    b->pcap.link = blocks_u32(b, &c) & 0xffff; /* above: the length of a frame check sequence */
    b->pcap.head = m->head;
    b->pcap.nano = m->nano;
    b->pcap.maybe_swapped = major == 2 && minor <= 3;
    b->pcap.largest = b->pcap.snap > SNAP_LARGEST && b->pcap.snap <= LIMIT_BLOCK ? b->pcap.snap : SNAP_LARGEST;
    b->next = next_record;
    if (number != m->number)
        blocks_damage(b, DAMAGE_GARBAGE, "the file header is damaged");
    if (!cursor_ok(&c)) {
        blocks_damage(b, DAMAGE_CUT, "the capture ends inside its file header");
        b->ended = true;
    }
    window_skip(&b->window, FILE_HEAD);
    return true;
}
