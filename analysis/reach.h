/*
 * What a router's own commands tell of the way to its peer, beside everything that is about IKE: an interface that is down, a
 * ping that got no answer, an access list that refuses IKE or ESP.
 */
#ifndef IKESCOPE_ANALYSIS_REACH_H
#define IKESCOPE_ANALYSIS_REACH_H

#include "analysis/quote.h"

struct reach { /* show output, and the line there that says it; record NULL: nothing does */
    const struct record *record;
    const struct fact *said; /* a group: of an interface, of a ping */
};

/* reach_down: the interface of that name, or with that address (ADDRESS_NONE: none), is not up. With neither, a tunnel interface
 * that was shut down. */
struct reach reach_down(const struct model *m, uint32_t device, struct text name, struct address own);
/* reach_pinged: the router pinged the peer; the last that it tried. */
struct reach reach_pinged(const struct model *m, uint32_t device, struct address peer);
/* reach_answered: did it get any answer? */
bool reach_answered(struct reach ping);
/* reach_refused: an access list of the router has refused ESP, or the UDP that carries IKE. */
struct reach reach_refused(const struct model *m, uint32_t device, bool esp);

/* These say it, with what to do about it on that router, and quote it. */
void reach_tell_down(struct diagnosis *d, uint32_t device, struct address own, struct address peer, struct reach down);
void reach_tell_ping(struct diagnosis *d, struct reach ping);
void reach_tell_refused(struct diagnosis *d, uint32_t device, struct address own, struct address peer, struct reach refused);

#endif
