/* What a configuration says of its router, key by key: addresses, and what stands in its crypto objects. Two configurations that
 * say different things are two routers', or one's at two times: namesakes.h asks which. */
#ifndef IKESCOPE_CLI_SAYINGS_H
#define IKESCOPE_CLI_SAYINGS_H

#include "base/map.h"

struct saying { /* one value of one key: "interface Tunnel0", "tunnel destination", "192.0.2.1" */
    const struct saying *next;
    const char *head; /* interned; "" for a line that stands by itself */
    struct text key, value;
    struct bytes all; /* these three */
    uint32_t line;
    uint32_t count; /* of this one and those behind it */
};

struct sayings { /* zeroed: nothing is said */
    struct map values, said;
};

/* sayings_read adds what a configuration's text says. All lives in the arena of `heads`, which those that are compared share. */
void sayings_read(struct sayings *s, struct names *heads, struct text config);
/* sayings_differ finds what both say, and differently (*other: of b): none of the one's values is one of the other's. addresses: of
 * interfaces' addresses alone. NULL where nothing differs. */
const struct saying *sayings_differ(const struct sayings *a, const struct sayings *b, bool addresses,
                                    const struct saying **other);
void sayings_clear(struct sayings *s);

#endif
