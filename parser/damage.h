/* What shows that a log is not as it was written: octets that nothing around a log writes, an entry that stops inside. */
#ifndef IKESCOPE_PARSER_DAMAGE_H
#define IKESCOPE_PARSER_DAMAGE_H

#include "base/bytes.h"

/* damage_in: does a line hold a stretch of octets that are no text? What terminals, relays and pagers leave, single zeros among
 * it, is none. */
bool damage_in(struct text line);

/* damage_torn: a text that is no line of the state machine's trace, and holds words of one or of a tag: a part of it is gone. */
bool damage_torn(struct text t);

/* The shapes of what stands in front of a log's messages: a last line that ends inside of one is known by them. */
enum { HEADS_MOST = 12, HEAD_SHAPE = 96 };
struct heads {
    char shape[HEADS_MOST][HEAD_SHAPE];
    uint8_t len[HEADS_MOST];
    unsigned count;
};
void damage_learn(struct heads *heads, struct text text);

/* damage_cut is asked for a last line that has no end: does it stop inside of what it says? A line that is whole but for
 * its LF does not. dump: it stands in a packet's. */
bool damage_cut(const struct heads *heads, struct text line, bool dump);

#endif
