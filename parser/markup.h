/* A page's source: its entities and tags, taken out of a line. */
#ifndef IKESCOPE_PARSER_MARKUP_H
#define IKESCOPE_PARSER_MARKUP_H

#include "base/arena.h"

static inline bool markup_may_be(struct text t)
{
    return memchr(t.at, '&', t.len) || memchr(t.at, '<', t.len);
}

/* markup_strip makes ">" of "&gt;", and nothing of "<span class=x>"; where a tag ends a line of the page ("<br>") and more
 * follows, an LF stands. What is no tag of HTML stays: "<189>", "<my address>". */
struct text markup_strip(struct text t, struct arena *arena);

#endif
