/*
 * What a page, a viewer or another program put in front of every line: the numbers of a list ("  12. ", "12 | "), bullets, a
 * search's "r1.log:12:", a terminal's or a container's own time, or blanks with which an article sets its terminal's text off.
 * It is taken off before anything else looks at the line. Its shape, in which any number stands for any other, is found in an
 * input's first lines, where log lines begin behind it and none begins without it. What this parser can read (a device's
 * numbers, a relay's time and host) does not count as such.
 */
#ifndef IKESCOPE_PARSER_LISTING_H
#define IKESCOPE_PARSER_LISTING_H

#include "base/buffer.h"

enum { LISTING_SHAPE = 80, LISTING_NUMBER = 1, LISTING_NAME = 2 }; /* in a shape: any number; a month's or a day's name */

struct listing {
    char shape[LISTING_SHAPE]; /* octets of the mark; a blank in front stands for any number of blanks */
    size_t len;                /* 0: the input is not a listing */
    size_t indent;             /* blanks in front of text that a terminal prints without any: an article's block of code */
};

/* listing_found: does anything stand in front of the input's lines? */
static inline bool listing_found(const struct listing *l)
{
    return l->len || l->indent;
}

/* listing_detect judges by the first lines of an input. */
void listing_detect(struct listing *listing, struct text head);
/* listing_strip is the line behind its mark, or the line itself where it has none. */
struct text listing_strip(const struct listing *listing, struct text line);
/* listing_strip_all does so with each line of a text; the result stands in *out. */
struct text listing_strip_all(const struct listing *listing, struct text head, struct buffer *out);

#endif
