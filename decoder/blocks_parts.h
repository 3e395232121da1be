/* What the readers of pcap and pcapng share with decoder/blocks.c. */
#ifndef IKESCOPE_DECODER_BLOCKS_PARTS_H
#define IKESCOPE_DECODER_BLOCKS_PARTS_H

#include "decoder/blocks.h"

enum { SCAN_AHEAD = 1 << 20 }; /* octets searched before the window slides on */

struct interface {
    uint32_t link, snap;
    uint8_t resolution; /* as if_tsresol: 10^-n, or 2^-n with the top bit */
    int64_t offset;     /* seconds, if_tsoffset */
};

struct pcap_file {
    uint32_t link, snap, largest;
    uint32_t head; /* octets of a record's header: 16, or 24 in the modified form */
    bool nano;
    bool maybe_swapped; /* up to version 2.3 the lengths may stand the other way round */
};

struct pcapng_file {
    struct interface *interfaces; /* of the current section */
    size_t count, room;
    bool guessed; /* it was reported already that the file does not describe a frame's interface */
};

struct blocks {
    struct window window;
    struct damage_taker damage;
    bool (*next)(struct blocks *b, struct captured *r);
    bool big;                        /* octet order: big-endian */
    bool searching;                  /* lost: looking for the next plausible record */
    uint64_t lost_at;                /* where in the file it was lost */
    uint64_t barren_from, barren_to; /* places known to lead nowhere: never searched twice, so damage costs linear time */
    bool ended;
    uint32_t frames; /* yielded so far */
    int64_t last_ns;
    struct pcap_file pcap;
    struct pcapng_file ng;
};

static inline uint32_t blocks_u32(const struct blocks *b, struct cursor *c)
{
    return b->big ? cursor_u32(c) : cursor_u32_le(c);
}
static inline uint16_t blocks_u16(const struct blocks *b, struct cursor *c)
{
    return b->big ? cursor_u16(c) : cursor_u16_le(c);
}
/* blocks_find is the first offset of the window, from `from` on and up to SCAN_AHEAD, at which leads() holds; else
 * BLOCKS_NOWHERE. */
#define BLOCKS_NOWHERE ((size_t)-1)
size_t blocks_find(struct blocks *b, size_t from, bool (*leads)(struct blocks *, size_t));
/* blocks_seek slides the window until leads() holds at its start; false at the end of the file. */
bool blocks_seek(struct blocks *b, bool (*leads)(struct blocks *, size_t));
void blocks_lost(struct blocks *b); /* from here on: searching */
/* blocks_yield completes a record of size octets at an offset of the window. */
bool blocks_yield(struct blocks *b, struct captured *r, size_t offset, size_t size);
void blocks_damage(struct blocks *b, enum damage_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));
void blocks_over(struct blocks *b, enum limit row);
/* blocks_end says that the file ends inside something, and ends it. Always false. */
bool blocks_end(struct blocks *b);

/* pcap_open and pcapng_open recognise the file by its first octets and take its header. */
bool pcap_open(struct blocks *b);
bool pcapng_open(struct blocks *b);
bool pcap_recognise(struct bytes first);

#endif
