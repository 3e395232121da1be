/*
 * Lines that were cut at a terminal's width ("fold -w 80", a console's log) are put together again before anything else looks
 * at them. Whether an input was cut, and how, is told by its first lines: none is longer than the width, and entries of
 * known form (transitions, packets) stop short in front of a line that starts nothing of its own.
 */
#ifndef IKESCOPE_PARSER_FOLD_H
#define IKESCOPE_PARSER_FOLD_H

#include "parser/lines.h"

struct fold {
    size_t width;         /* 0: the input was not cut */
    bool at_blanks;       /* cut between words, else wherever the width was reached */
    bool blanks_kept;     /* the blank still ends the piece */
    struct buffer joined; /* the pieces so far */
    size_t piece;         /* the length of the last one */
    uint32_t first, pieces;
};

/* fold_detect judges by the first lines of the input. */
void fold_detect(struct fold *fold, struct text head);
/* fold_goes_on: does this line go on with the pieces at hand? */
bool fold_goes_on(const struct fold *fold, struct text line);
/* fold_take adds a piece. */
void fold_take(struct fold *fold, const struct line *line);
/* fold_waits: may a line of this text have a rest on the next line? */
bool fold_waits(const struct fold *fold, struct text line);

#endif
