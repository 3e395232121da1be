/* UTF-8 (RFC 3629), and which of its characters may be shown. */
#ifndef IKESCOPE_BASE_UTF8_H
#define IKESCOPE_BASE_UTF8_H

#include "base/bytes.h"

struct utf8_range {
    uint32_t first, last;
};

/* utf8_next takes the next character out of *t: its code point, or 0xfffd and the one octet of *raw when it is none. False at the
 * end. */
bool utf8_next(struct text *t, uint32_t *code, struct text *raw);
/* utf8_upto is the beginning of a text, of at most n octets, that does not end within a character. */
struct text utf8_upto(struct text t, size_t n);
/* utf8_safe: may it be shown as it is? Not what a terminal obeys, what turns text round, and what nobody sees. */
bool utf8_safe(uint32_t code);
/* utf8_is_in: is it in one of the ranges, of which each is above the one before it? */
bool utf8_is_in(const struct utf8_range *ranges, size_t count, uint32_t code);

#endif
