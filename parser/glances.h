/*
 * Lines read ahead of their turn. Whichever core is free cuts a block into lines and reads each line's face (parser/face.h); the
 * parser then takes the lines in their order. A face depends on nothing but its line, so the result is the same as one core alone
 * makes of these octets.
 */
#ifndef IKESCOPE_PARSER_GLANCES_H
#define IKESCOPE_PARSER_GLANCES_H

#include "parser/parcels.h"
#include "parser/sheet.h"

enum { GLANCES_MOST = 4096 }; /* lines of a block that are read ahead; what is behind them is not */

/* glance_read reads a line, without its end and blanks behind: what it says, behind what a relay put in front. False: no head of
 * a relay's is known to stand there, and *relayed is not set. */
bool glance_read(struct face_memo *memo, struct text line, struct face *face, struct relayed *relayed);

struct glance {
    struct text text; /* without LF and CR; borrowed from the block, or from what its line was packed in */
    struct face face;
    const struct relayed *relayed; /* what a relay put in front of what the face says; NULL: nothing */
    const struct parcel *parcel;   /* of an export: what it was packed in; else NULL */
    const struct sheet *sheet; /* of a packet's first line: the lines behind it, which have no glances of their own; else NULL */
};

struct glances {
    struct text text;   /* from the beginning of a line to an LF; lives until the parser has taken it */
    size_t upto, count; /* how much of the text was read, and how many glances that was */
    size_t relayed;     /* how many came through a relay */
    char *own;          /* of its packets: what the device printed, line by line */
    size_t own_len, own_room;
    struct sheets sheets;
    const char *lost;       /* up to where a sheet was read that came to nothing; NULL: none was */
    struct parcels parcels; /* of an export; the parser tells by it what the next block will be packed in */
    struct glance lines[GLANCES_MOST];
    struct relayed heads[GLANCES_MOST]; /* of those that came through a relay */
};

/* glances_read looks at the lines of a text. A zeroed struct is valid; what was there before must have been taken. */
void glances_read(struct glances *g, struct text text, struct face_memo *memo);
void glances_clear(struct glances *g);

#endif
