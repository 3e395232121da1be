/*
 * Lines that were cut at a terminal's width ("fold -w 80", a console's log, a mail) are put together again before anything
 * else looks at them. Whether an input was cut, at which width, and whether inside words or between them, is found by trying:
 * the way of joining its first lines that makes the most whole entries of them is taken, if it makes more than no joining does.
 * So is how far the rests were indented, as programs do it that show which line goes on. What a relay put in front of each piece
 * does not count.
 */
#ifndef IKESCOPE_PARSER_FOLD_H
#define IKESCOPE_PARSER_FOLD_H

#include "parser/lines.h"

struct fold {
    size_t width;                 /* 0: the input was not cut */
    bool at_blanks;               /* cut between words, else wherever the width was reached */
    bool blanks_kept;             /* the blank still ends the piece */
    size_t indent;                /* how many blanks were put in front of each rest */
    bool numbered;                /* lines have numbers in front: all of them, or those that begin an entry */
    bool relayed;                 /* each piece carries a relay's prefix of its own */
    struct buffer joined;         /* the pieces so far */
    size_t piece;                 /* the length of the last one */
    bool ends_blank;              /* the last one ended with a blank */
    uint32_t first, last, pieces; /* line numbers of the first and the last piece, and how many there are */
};

/* fold_detect judges by the first lines of the input. */
void fold_detect(struct fold *fold, struct text head);
/* fold_goes_on: does this line go on with the pieces at hand? */
bool fold_goes_on(struct fold *fold, struct text line);
/* fold_take adds a piece. */
void fold_take(struct fold *fold, struct text line, uint32_t number);
/* fold_waits: may a line of this text have a rest on the next line? */
bool fold_waits(const struct fold *fold, struct text line);

#endif
