/*
 * A log whose newest entry comes first, as viewers and collectors list it: its lines are held and read from the end, entry by
 * entry, each with its own lines in order. And one that two loggers wrote to one terminal, with every line twice: a copy is
 * counted and not read again. Both are found in the first lines.
 */
#ifndef IKESCOPE_PARSER_BACKWARDS_H
#define IKESCOPE_PARSER_BACKWARDS_H

#include "base/buffer.h"

struct held_line {
    size_t at, len; /* in the text */
    uint32_t number;
    bool begins; /* an entry */
};

struct backwards {
    bool newest_first, doubled;
    struct buffer text;
    struct held_line *lines;
    size_t count, room;
    struct buffer last; /* doubled: the line before */
    bool last_is_copy, has_last;
};

void backwards_detect(struct backwards *b, struct text head);
void backwards_clear(struct backwards *b);
/* backwards_is_copy: is this line the second of two? */
bool backwards_is_copy(struct backwards *b, struct text line);
/* backwards_hold keeps a line, until the octets that may be held are used up: false, and it was not kept. */
bool backwards_hold(struct backwards *b, struct text line, uint32_t number, uint64_t most);
/* backwards_replay hands out what is held, the last entry first, and forgets it. */
void backwards_replay(struct backwards *b, void (*take)(void *context, struct text line, uint32_t number), void *context);

#endif
