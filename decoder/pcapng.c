/*
 * pcapng: blocks { type, length, body, length again }, all multiples of four octets. A section header gives the octet order
 * and forgets the interfaces; an interface description gives link type and resolution of time; packets name an interface.
 * A block is believed when both lengths agree, or when one is wrong and the next block begins where the other points.
 */
#include "decoder/blocks_parts.h"

#include "base/arena.h"

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET_OLD = 2,
    BLOCK_SIMPLE = 3,
    BLOCK_PACKET = 6,
    BLOCK_LOCAL = 0x40000000, /* from here on, vendors' own */
    BLOCK_FRAME = 12,         /* octets of a block around its body */
    SECTION_MAGIC = 0x1a2b3c4d,
    OPTION_RESOLUTION = 9,
    OPTION_OFFSET = 14,
    LINK_ETHERNET = 1,
    MICROSECONDS = 6,
    NANOSECONDS = 9
};

struct block {
    uint32_t type, length;
};

static struct block block_at(struct blocks *b, size_t offset)
{
    struct cursor c = cursor_over(window_view(&b->window, offset, 8));
    struct block block;
    block.type = blocks_u32(b, &c);
    block.length = blocks_u32(b, &c);
    return block;
}

/* A section header tells the octet order by its magic. */
static bool section_order(struct blocks *b, size_t offset, bool *big)
{
    const struct bytes v = window_view(&b->window, offset, BLOCK_FRAME);
    if (v.len < BLOCK_FRAME || memcmp(v.at, "\x0a\x0d\x0d\x0a", 4) != 0)
        return false;
    struct cursor c = cursor_over(bytes_over(v.at + 8, 4));
    const uint32_t magic = cursor_u32(&c);
    *big = magic == SECTION_MAGIC;
    return *big || magic == 0x4d3c2b1a;
}

static bool length_sane(uint32_t length)
{
    return length >= BLOCK_FRAME && length % 4 == 0 && length <= LIMIT_BLOCK;
}

/* Types in use; anything else is believed only where it is expected. */
static bool type_known(uint32_t type)
{
    return (type >= 1 && type <= 11) || type == BLOCK_SECTION || type == 0xbad || type == 0x40000bad || type == 0x101 ||
           type == 0x102;
}

/* Do both lengths of the block at offset agree? All of it must be there. */
static bool lengths_agree(struct blocks *b, size_t offset, uint32_t length)
{
    if (!length_sane(length) || window_want(&b->window, offset + length) < offset + length)
        return false;
    struct cursor c = cursor_over(window_view(&b->window, offset + length - 4, 4));
    return blocks_u32(b, &c) == length;
}

static bool block_leads_as(struct blocks *b, size_t offset)
{
    const struct block block = block_at(b, offset);
    if (!type_known(block.type) || !lengths_agree(b, offset, block.length))
        return false;
    if (block.type != BLOCK_PACKET)
        return true;
    struct cursor c = cursor_over(window_view(&b->window, offset + 20, 4));
    const uint32_t captured = blocks_u32(b, &c);
    return block.length >= 32 && captured <= block.length - 32;
}

static bool block_leads(struct blocks *b, size_t offset)
{
    if (window_want(&b->window, offset + BLOCK_FRAME) < offset + BLOCK_FRAME)
        return false;
    bool big;
    const bool before = b->big;
    if (section_order(b, offset, &big)) {
        b->big = big;
        if (block_leads_as(b, offset))
            return true;
        b->big = before;
        return false;
    }
    return block_leads_as(b, offset);
}

static int64_t time_of(const struct interface *i, uint64_t ticks, int64_t last)
{
    uint64_t seconds, ns;
    const unsigned n = i->resolution & 0x7f;
    if (i->resolution & 0x80) {
        if (n > 63)
            return last;
        seconds = n ? ticks >> n : ticks;
        uint64_t fraction = n ? ticks & ((UINT64_C(1) << n) - 1) : 0;
        const unsigned drop = n > 34 ? n - 34 : 0; /* keeps fraction * 10^9 below 2^64 */
        ns = (fraction >> drop) * 1000000000u >> (n - drop);
    } else {
        if (n > 19)
            return last;
        uint64_t second = 1;
        for (unsigned k = 0; k < n; k++)
            second *= 10;
        seconds = ticks / second;
        ns = ticks % second;
        for (unsigned k = n; k < NANOSECONDS; k++)
            ns *= 10;
        for (unsigned k = NANOSECONDS; k < n; k++)
            ns /= 10;
    }
    const int64_t most = 4294967296; /* as in a pcap: what lies between two such times fits 63 bits of nanoseconds */
    if (seconds > (uint64_t)most || i->offset > most || i->offset < -most || (int64_t)seconds + i->offset > most ||
        (int64_t)seconds + i->offset < 0)
        return last;
    return ((int64_t)seconds + i->offset) * 1000000000 + (int64_t)ns;
}

/* Options of an interface: { code, length, value padded to four }. Damaged ones are left at their defaults. */
static void read_options(struct blocks *b, struct cursor c, struct interface *i)
{
    while (c.left.len >= 4) {
        const uint16_t code = blocks_u16(b, &c), length = blocks_u16(b, &c);
        struct cursor value = cursor_child(&c, length);
        cursor_skip(&c, (4 - length % 4) % 4);
        if (code == 0 || !cursor_ok(&value))
            return;
        if (code == OPTION_RESOLUTION && length == 1)
            i->resolution = cursor_u8(&value);
        if (code == OPTION_OFFSET && length == 8)
            i->offset = (int64_t)(b->big ? cursor_number(&value, 8) : cursor_number_le(&value, 8));
    }
}

static void read_interface(struct blocks *b, struct bytes body)
{
    struct pcapng_file *f = &b->ng;
    struct cursor c = cursor_over(body);
    struct interface i = { .resolution = MICROSECONDS };
    i.link = blocks_u16(b, &c);
    cursor_skip(&c, 2);
    i.snap = blocks_u32(b, &c);
    if (!cursor_ok(&c))
        return;
    if (f->count >= LIMIT_INTERFACES) {
        blocks_over(b, OVER_INTERFACES);
        return;
    }
    read_options(b, c, &i);
    if (f->count == f->room) {
        f->room = f->room ? f->room * 2 : 8;
        f->interfaces = memory_grow(f->interfaces, f->room * sizeof *f->interfaces);
    }
    f->interfaces[f->count++] = i;
}

/* A frame whose interface nobody described (its description is damaged) is taken for one like the others. */
static struct interface interface_of(struct blocks *b, uint32_t number)
{
    struct pcapng_file *f = &b->ng;
    if (number < f->count)
        return f->interfaces[number];
    if (!f->guessed)
        blocks_damage(b, DAMAGE_GARBAGE, "interface %u of frame %u is not described; %s", number, b->frames + 1,
                      f->count ? "the first one's link type is assumed" : "Ethernet is assumed");
    f->guessed = true;
    return f->count ? f->interfaces[0] : (struct interface){ .link = LINK_ETHERNET, .resolution = MICROSECONDS };
}

/* Enhanced, simple and obsolete packet blocks, at the window's start; size is the block's. */
static bool read_packet(struct blocks *b, uint32_t type, size_t size, struct captured *r)
{
    struct cursor c = cursor_over(window_view(&b->window, 8, size - BLOCK_FRAME));
    uint32_t number = 0, captured = UINT32_MAX;
    uint64_t ticks = 0;
    if (type != BLOCK_SIMPLE) {
        if (type == BLOCK_PACKET)
            number = blocks_u32(b, &c);
        else
            number = blocks_u16(b, &c), cursor_skip(&c, 2);
        ticks = (uint64_t)blocks_u32(b, &c) << 32;
        ticks |= blocks_u32(b, &c);
        captured = blocks_u32(b, &c);
    }
    r->original = blocks_u32(b, &c);
    if (!cursor_ok(&c))
        return false;
    const struct interface i = interface_of(b, number);
    if (type == BLOCK_SIMPLE)
        captured = i.snap && i.snap < r->original ? i.snap : r->original;
    if (captured > c.left.len) {
        blocks_damage(b, DAMAGE_GARBAGE, "frame %u says it is longer than its block", b->frames + 1);
        captured = (uint32_t)c.left.len;
    }
    if (r->original > LIMIT_BLOCK)
        r->original = captured;
    r->ns = type == BLOCK_SIMPLE ? b->last_ns : time_of(&i, ticks, b->last_ns);
    r->link = i.link;
    return blocks_yield(b, r, 8 + c.offset, captured);
}

/* A block that differs from an enhanced packet block in one bit of its type, and is one in all else. */
static bool is_damaged_packet(struct blocks *b, uint32_t type, size_t size)
{
    const uint32_t differing = type ^ BLOCK_PACKET;
    if (type == BLOCK_PACKET_OLD || differing == 0 || differing & (differing - 1) || size < 32)
        return false;
    struct cursor c = cursor_over(window_view(&b->window, 8, 20));
    const uint32_t interface = blocks_u32(b, &c);
    cursor_skip(&c, 8);
    const uint32_t captured = blocks_u32(b, &c), original = blocks_u32(b, &c);
    return interface < b->ng.count && captured <= original && captured <= size - 32 && size - 32 - captured < 4;
}

/* Takes the block of size octets at the window's start; true when it is a frame. */
static bool take_block(struct blocks *b, uint32_t type, size_t size, struct captured *r)
{
    bool is_frame = false;
    if (is_damaged_packet(b, type, size)) {
        blocks_damage(b, DAMAGE_GARBAGE, "the block of frame %u has a wrong type", b->frames + 1);
        type = BLOCK_PACKET;
    } else if ((!type_known(type) && type < BLOCK_LOCAL) || (type == BLOCK_SIMPLE && b->ng.count == 0)) {
        blocks_damage(b, DAMAGE_GARBAGE, "a block of type 0x%08x behind frame %u was skipped", type, b->frames);
        type = 0;
    }
    if (type == BLOCK_SECTION) {
        b->ng.count = 0;
        b->ng.guessed = false;
    } else if (type == BLOCK_INTERFACE) {
        read_interface(b, window_view(&b->window, 8, size - BLOCK_FRAME));
    } else if (type == BLOCK_PACKET || type == BLOCK_SIMPLE || type == BLOCK_PACKET_OLD) {
        is_frame = read_packet(b, type, size, r);
        if (!is_frame)
            blocks_damage(b, DAMAGE_GARBAGE, "a packet block behind frame %u is too short", b->frames);
    }
    window_skip(&b->window, size);
    return is_frame;
}

/* Where the block at the window's start ends, its header or trailer being damaged; 0 when it cannot be told. */
static size_t repaired_size(struct blocks *b, const struct block *block)
{
    if (length_sane(block->length) && window_want(&b->window, block->length + BLOCK_FRAME) >= block->length + BLOCK_FRAME &&
        block_leads(b, block->length))
        return block->length;
    const size_t next = blocks_find(b, 4, block_leads);
    if (next == BLOCKS_NOWHERE || next < BLOCK_FRAME || next % 4 != 0)
        return 0;
    struct cursor c = cursor_over(window_view(&b->window, next - 4, 4));
    return blocks_u32(b, &c) == next ? next : 0;
}

static bool next_block(struct blocks *b, struct captured *r)
{
    for (;;) {
        if (b->searching) {
            window_skip(&b->window, 1);
            if (!blocks_seek(b, block_leads))
                return false;
        }
        const size_t have = window_want(&b->window, BLOCK_FRAME);
        if (have == 0)
            return false;
        if (have < BLOCK_FRAME)
            return blocks_end(b);
        bool big;
        if (section_order(b, 0, &big))
            b->big = big;
        const struct block block = block_at(b, 0);
        size_t size = block.length;
        if (!lengths_agree(b, 0, block.length)) {
            size = repaired_size(b, &block);
            if (size) {
                blocks_damage(b, DAMAGE_GARBAGE, "a block behind frame %u contradicts itself", b->frames);
            } else if (length_sane(block.length) && type_known(block.type) && b->window.over &&
                       window_want(&b->window, block.length) < block.length && blocks_find(b, 4, block_leads) == BLOCKS_NOWHERE) {
                return blocks_end(b);
            } else {
                if (block.length > LIMIT_BLOCK && block.length % 4 == 0 && type_known(block.type))
                    blocks_over(b, OVER_BLOCK);
                blocks_lost(b);
                continue;
            }
        }
        if (take_block(b, block.type, size, r))
            return true;
    }
}

/* A section header that is damaged: its magic is right or its type is, and a block follows. */
static bool damaged_section(struct blocks *b)
{
    uint8_t head[12]; /* the window moves while a block is looked for */
    const struct bytes v = window_view(&b->window, 0, 32);
    if (v.len < 32)
        return false;
    memcpy(head, v.at, sizeof head);
    const bool typed = memcmp(head, "\x0a\x0d\x0d\x0a", 4) == 0;
    for (int order = 0; order < 2; order++) {
        b->big = order == 1;
        b->barren_from = b->barren_to = 0;
        const bool magic = memcmp(head + 8, order ? "\x1a\x2b\x3c\x4d" : "\x4d\x3c\x2b\x1a", 4) == 0;
        if ((typed || magic) && blocks_find(b, 4, block_leads) != BLOCKS_NOWHERE)
            return true;
    }
    return false;
}

bool pcapng_open(struct blocks *b)
{
    if (!section_order(b, 0, &b->big) && !damaged_section(b))
        return false;
    b->next = next_block;
    return true;
}
