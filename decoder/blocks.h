/*
 * The block reader: records of pcap and pcapng files, as views into a window of the file. It reads what libpcap refuses
 * (interfaces of different link types, odd lengths) and finds its way back after damage: when a header contradicts itself or
 * what follows it, it looks for the next place from which several headers lead on to one another.
 *
 *   pcap:    header, then records { seconds, fraction, captured, original }; also 24-octet record headers ("modified")
 *   pcapng:  blocks { type, length, ..., length }; sections, each with its octet order and interfaces
 *
 * Frames are numbered from 1 in the order in which they stand; one that the end of the file cuts off does not count.
 */
#ifndef IKESCOPE_DECODER_BLOCKS_H
#define IKESCOPE_DECODER_BLOCKS_H

#include "base/error.h"
#include "base/limits.h"
#include "base/source.h"
#include "decoder/window.h"

struct captured {
    int64_t ns;          /* UTC; that of the frame before where it was not recorded or is damaged */
    struct bytes octets; /* captured; valid until the next one is read, or as window_last() says */
    uint32_t frame;      /* from 1 */
    uint32_t link;       /* LINKTYPE_ number */
    uint32_t original;   /* octets on the wire, at least octets.len */
};

enum damage_kind { DAMAGE_CUT /* the file ends inside something */, DAMAGE_GARBAGE };

struct damage_taker { /* its functions may be NULL */
    /* frame: the one it happened at or behind; 0 before the first */
    void (*take)(void *context, enum damage_kind kind, uint32_t frame, const char *text);
    void (*over)(void *context, enum limit row); /* a limit was reached */
    void *context;
};

struct blocks;

/* blocks_create recognises the file; NULL with err where it is no capture that can be read. */
struct blocks *blocks_create(struct source *from, struct damage_taker damage, struct error *err);
bool blocks_next(struct blocks *b, struct captured *r); /* false at the end */
void blocks_destroy(struct blocks *b);                  /* NULL allowed */

#endif
