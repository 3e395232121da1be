/*
 * A log whose newest entry comes first, as viewers and collectors list it: its lines are held and read from the end, entry by
 * entry, each with its own lines in order. And one that two loggers wrote to one terminal, with every line twice: a copy is
 * counted and not read again. Both are found in the first lines.
 */
#ifndef IKESCOPE_PARSER_BACKWARDS_H
#define IKESCOPE_PARSER_BACKWARDS_H

#include "base/stamp.h"
#include "parser/lines.h"

struct held_line {
    struct text text, host; /* where they are kept is told when they are replayed: .at is NULL until then */
    size_t at;              /* in what is held: the text, and the host behind it */
    uint32_t number, more;
    bool begins; /* an entry */
    bool counted;
};

struct backwards {
    bool newest_first, doubled;
    struct buffer text;
    struct held_line *lines;
    size_t count, room;
    struct buffer last; /* doubled: the line before */
    bool last_is_copy, has_last;
};

/* The way of the clocks, line by line: each device has its own. */
enum { CLOCKS = 8 };
struct clocks {
    struct {
        uint64_t host;
        struct stamp last;
    } at[CLOCKS];
    unsigned count, back, on; /* how often one went back, and on */
};
void clocks_look(struct clocks *c, struct text line, struct text host); /* host: as a collector calls it, or empty */

void backwards_detect(struct backwards *b, const struct clocks *clocks, struct text head);
void backwards_clear(struct backwards *b);
/* backwards_is_copy: is this line the second of two? */
bool backwards_is_copy(struct backwards *b, struct text line);
/* backwards_hold keeps a line, until the octets that may be held are used up: false, and it was not kept. begins: it is known to
 * begin an entry, whatever it looks like. */
bool backwards_hold(struct backwards *b, const struct line *line, bool begins, uint64_t most);
/* backwards_replay hands out what is held, the last entry first, and forgets it. */
void backwards_replay(struct backwards *b, void (*take)(void *context, const struct held_line *line), void *context);

#endif
