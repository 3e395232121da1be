/*
 * What a router's own commands, other than those about IKE, tell of the way to its peer: an interface that is down, a ping that
 * got no answer, an access list that refuses IKE or ESP.
 */
#ifndef IKESCOPE_ANALYSIS_REACH_H
#define IKESCOPE_ANALYSIS_REACH_H

#include "analysis/quote.h"

struct reach { /* show output, and the line there that says it; record NULL: nothing does */
    const struct record *record;
    const struct fact *said; /* a group: of an interface, of a ping */
};

/* reach_down finds the interface of that name, or with that address (ADDRESS_NONE: do not look for it), if it is not up; given
 * neither, a tunnel interface that was shut down. */
struct reach reach_down(const struct model *m, uint32_t device, struct text name, struct address own);
/* reach_pinged finds the router's last ping of the peer. */
struct reach reach_pinged(const struct model *m, uint32_t device, struct address peer);
/* reach_refused finds an access list of the router that has refused ESP, or else the UDP that carries IKE. */
struct reach reach_refused(const struct model *m, uint32_t device, bool esp);

/* These add it to the finding, with what to do about it on that router, and quote it. */
void reach_tell_down(struct diagnosis *d, uint32_t device, struct address own, struct address peer, struct reach down);
void reach_tell_ping(struct diagnosis *d, struct reach ping);
void reach_tell_refused(struct diagnosis *d, uint32_t device, struct address own, struct address peer, struct reach refused);

#endif
