/*
 * A block of a collector's export (parser/exported.h), taken apart ahead of its turn, as far as its lines say by themselves what
 * they hold: the lines in a row that a device of one name printed are a parcel, and read from there on as a log's own are.
 */
#ifndef IKESCOPE_PARSER_PARCELS_H
#define IKESCOPE_PARSER_PARCELS_H

#include "base/buffer.h"
#include "parser/exported.h"

struct parcel {
    struct text lines; /* each with its LF: as many as the export's own */
    struct text host;  /* what the collector calls the device; empty: nothing */
    bool unpacked;     /* false: they are the export's own, to be taken apart in their turn */
    struct parcel *next;
};

struct parcels {          /* a zeroed one is valid */
    struct exported form; /* what the parser found the input to be: see parcels_know() */
    struct arena *arena, *line;
    char *own; /* what the lines hold */
    size_t own_len, own_room;
};

/* parcels_know takes note of what blocks to come will be packed in; nothing where that hangs on more than one line. */
void parcels_know(struct parcels *p, const struct exported *form);
/* parcels_fit: is that what the input is packed in at this point? */
bool parcels_fit(const struct parcels *p, const struct exported *form);
/* parcels_unpack takes apart the lines of a block, `most` at most; *upto: how much of it that was. The parcels live until the next
 * block. */
const struct parcel *parcels_unpack(struct parcels *p, struct text block, size_t most, size_t *upto);
void parcels_clear(struct parcels *p);

#endif
