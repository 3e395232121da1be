/* Which algorithms are weak, and why, each in one clause. RFC 8221 and 8247, and what has been broken since. */
#ifndef IKESCOPE_ANALYSIS_WEAKNESS_H
#define IKESCOPE_ANALYSIS_WEAKNESS_H

#include "base/arena.h"

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

/* A set of weaknesses has a bit for each name. weakness_bit is the one of a transform in IKE, or in a Child SA; 0: it is fit. */
uint64_t weakness_bit(unsigned type, unsigned id, bool ike);
/* weakness_names is "3DES and DH group 2", with their reasons "3DES (...), DH group 2 (...)". */
struct text weakness_names(struct arena *arena, uint64_t set, bool reasons);

#endif
