/* What shows that a log is not as it was written: octets that no logger writes, and entries that stop in the middle. */
#ifndef IKESCOPE_PARSER_DAMAGE_H
#define IKESCOPE_PARSER_DAMAGE_H

#include "base/bytes.h"

/* damage_in: does the line hold a stretch of octets that are not text? What terminals, relays and pagers leave, single zeros
 * included, does not count. */
bool damage_in(struct text line);

/* damage_torn: is a part of this text gone? It is where words of the state machine's trace, or of a tag, stand in a text that is
 * not such a line. */
bool damage_torn(struct text t);

/* The shapes of what stands in front of a log's messages, by which a last line that ends inside of one is recognised. */
enum { HEADS_MOST = 12, HEAD_SHAPE = 96 };
struct heads {
    char shape[HEADS_MOST][HEAD_SHAPE];
    uint8_t len[HEADS_MOST];
    unsigned count;
};
void damage_learn(struct heads *heads, struct text text);

/* damage_cut is asked of a last line without an LF: does it stop in the middle? A line that lacks nothing but its LF does not.
 * dump: the line stands in a packet's dump. */
bool damage_cut(const struct heads *heads, struct text line, bool dump);

#endif
