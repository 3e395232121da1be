/*
 * What comes to the router itself through its zone firewall: where a zone pair leads from the outer interface's zone to "self" (or back)
 * only what its policy passes gets through, IKE and ESP like all else; without such a pair all does.
 */
#ifndef IKESCOPE_ANALYSIS_SELF_ZONE_H
#define IKESCOPE_ANALYSIS_SELF_ZONE_H

#include "analysis/wan_list.h"

struct self_refusal {
    struct wan_refusal wan; /* what is refused; its list: one that the policy passes, which lacks it, or NULL */
    const struct record *pair, *policy;
    struct text zone;
    const struct record *passing; /* the class map that names the list */
    bool outward;                 /* from the router to the zone */
};

/* zone_pair is the pair for what goes from the one zone to the other; NULL: there is none. */
const struct record *zone_pair(const struct model *m, uint32_t device, struct text from, struct text to);
/* self_zone_refuses is true where some of it is refused that no inspection lets back in. */
bool self_zone_refuses(struct model *m, uint32_t device, const struct record *interface, struct address peer, struct address own,
                       bool outward, struct self_refusal *refusal);
void self_zone_tell(struct diagnosis *d, uint32_t device, struct address own, struct address peer,
                    const struct self_refusal *refusal);

#endif
