/* A page's source: its entities and tags, taken out of a line. */
#ifndef IKESCOPE_PARSER_MARKUP_H
#define IKESCOPE_PARSER_MARKUP_H

#include "base/arena.h"
#include "parser/scan.h"

/* A relay's "<189>" is none: a tag has a letter or a slash behind its '<'. */
static inline bool markup_may_be(struct text t)
{
    const char *at = t.at, *end = t.at + t.len;
    if (memchr(at, '&', t.len))
        return true;
    while (at < end && (at = memchr(at, '<', (size_t)(end - at))) != NULL)
        if (++at < end && (scan_letter(*at) || *at == '/'))
            return true;
    return false;
}

/* markup_strip makes ">" of "&gt;", and nothing of "<span class=x>"; where a tag ends a line of the page ("<br>") and more
 * follows, an LF stands. What is no tag of HTML stays: "<189>", "<my address>". */
struct text markup_strip(struct text t, struct arena *arena);

#endif
