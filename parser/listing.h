/*
 * What a page's listing puts in front of each line: a number that runs on by one ("  12. ", "12 | ", "12<tab>") or a bullet
 * ("- ", "* "). It goes before anything else looks at the line. Whether an input is a listing, and of which form, is found in
 * its first lines; a device's own numbers ("000123: ") are no listing's.
 */
#ifndef IKESCOPE_PARSER_LISTING_H
#define IKESCOPE_PARSER_LISTING_H

#include "base/buffer.h"

struct listing {
    uint8_t form;  /* 0: none; see listing.c */
    uint64_t last; /* the number of the last line that had one */
};

/* listing_detect judges by the first lines of an input. */
void listing_detect(struct listing *listing, struct text head);
/* listing_strip is the line behind its mark; the line itself, where it has none. */
struct text listing_strip(struct listing *listing, struct text line);
/* listing_strip_all does so with each line of a text; the result stands in *out. */
struct text listing_strip_all(const struct listing *listing, struct text head, struct buffer *out);

#endif
