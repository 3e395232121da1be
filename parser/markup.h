/* A page's source: its entities and tags, taken out of a line. */
#ifndef IKESCOPE_PARSER_MARKUP_H
#define IKESCOPE_PARSER_MARKUP_H

#include "base/arena.h"
#include "parser/scan.h"

/* markup_may_be: could there be an entity or a tag in it? A relay's "<189>" is not one, since a tag has a letter or a slash
 * behind its '<'. */
static inline bool markup_may_be(struct text t)
{
    if (!t.len) /* it may be nowhere */
        return false;
    const char *at = t.at, *end = t.at + t.len;
    if (memchr(at, '&', t.len))
        return true;
    while (at < end && (at = memchr(at, '<', (size_t)(end - at))) != NULL)
        if (++at < end && (scan_letter(*at) || *at == '/'))
            return true;
    return false;
}

/* markup_strip turns "&gt;" into ">" and removes "<span class=x>"; a tag that ends a line of the page ("<br>") becomes an LF
 * where more follows. What is not a tag of HTML stays: "<189>", "<my address>". The result is in the arena. */
struct text markup_strip(struct text t, struct arena *arena);

#endif
