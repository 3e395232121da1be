/*
 * Two disorders that are found in the first lines of a log. Its newest entry comes first, as viewers and collectors list it: then
 * its lines are held and read from the end, entry by entry, each with its own lines in order. Or every line stands there twice,
 * since two loggers wrote to one terminal: then a copy is counted and not read again.
 */
#ifndef IKESCOPE_PARSER_BACKWARDS_H
#define IKESCOPE_PARSER_BACKWARDS_H

#include "base/stamp.h"
#include "parser/lines.h"

struct held_line {
    struct text text, host; /* .at is NULL until the line is replayed, since the buffer may still move */
    size_t at;              /* offset in backwards.text of the text, with the host behind it */
    uint32_t number, more;  /* of the line: see parser/lines.h */
    bool begins;            /* it begins an entry */
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

/* Whether the clocks go on or back from line to line, counted for each device by itself. */
enum { CLOCKS = 8 };
struct clocks {
    struct {
        uint64_t host;
        struct stamp last;
    } at[CLOCKS];
    unsigned count, back, on; /* devices seen; how often the clock of one went back, and how often on */
    bool listed;              /* as a collector lists what was sought: one step back tells its order */
};
void clocks_look(struct clocks *c, struct text line, struct text host); /* host: as a collector calls it, or empty */

void backwards_detect(struct backwards *b, const struct clocks *clocks, struct text head);
void backwards_clear(struct backwards *b);
/* backwards_is_copy: is this line the second of two? */
bool backwards_is_copy(struct backwards *b, struct text line);
/* backwards_hold keeps a line; false, and it was not kept, where that would be more than `most` octets. begins: the line is known
 * to begin an entry, whatever it looks like. */
bool backwards_hold(struct backwards *b, const struct line *line, bool begins, uint64_t most);
/* backwards_release hands out what is held in its own order, and forgets it. */
void backwards_release(struct backwards *b, void (*take)(void *context, const struct held_line *line), void *context);
/* backwards_replay hands out what is held, the last entry first, and forgets it. */
void backwards_replay(struct backwards *b, void (*take)(void *context, const struct held_line *line), void *context);

#endif
