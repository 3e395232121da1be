/* Time zones as a router prints their names and as people write them. A router prints a name and no offset, and some names belong
 * to several zones. */
#ifndef IKESCOPE_BASE_ZONE_H
#define IKESCOPE_BASE_ZONE_H

#include "base/bytes.h"

enum zone_sense {
    ZONE_UNKNOWN,  /* no zone, or none that has a usual meaning */
    ZONE_USUAL,    /* a name that means another zone elsewhere: EST is New York's, and Sydney's */
    ZONE_DOUBTLESS /* an offset, or a name of one zone */
};

/* zone_read reads "UTC", "Z", "+02:00", "-0530", "UTC+5", "CEST"; *east_ns is how far that clock is ahead of UTC. */
enum zone_sense zone_read(struct text zone, int64_t *east_ns);

#endif
