/* Which algorithms are weak, and why, each in one clause. RFC 8221 and 8247, and what has been broken since. */
#ifndef IKESCOPE_ANALYSIS_WEAKNESS_H
#define IKESCOPE_ANALYSIS_WEAKNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct weakness {
    uint8_t type; /* enum transform_type */
    uint16_t id;
    bool ike_only;      /* of no concern in a Child SA */
    const char *name;   /* as sentences call it */
    const char *reason; /* a clause */
};

extern const struct weakness weaknesses[];
extern const size_t weakness_count;
/* weakness_reason of one transform, or NULL: it is fit for use. */
const char *weakness_reason(unsigned type, unsigned id);

#endif
