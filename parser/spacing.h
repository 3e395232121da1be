/*
 * A text with a blank line behind every line, which forums and word processors make of what is pasted into them. The device did
 * not print these blank lines, and they would tear its entries apart. Found in an input's first lines.
 */
#ifndef IKESCOPE_PARSER_SPACING_H
#define IKESCOPE_PARSER_SPACING_H

#include "base/buffer.h"

struct spacing {
    bool found;
    bool due; /* the next line, if it is blank, belongs to the last one */
};

/* spacing_detect judges by the first lines of an input. */
void spacing_detect(struct spacing *spacing, struct text head);
/* spacing_drops: is this line, the next of a text that is spaced so, one of those blanks? */
bool spacing_drops(struct spacing *spacing, struct text line);
/* spacing_strip_all takes them out of a text. */
void spacing_strip_all(const struct spacing *spacing, struct buffer *text);

#endif
