/*
 * Certificate maps against the name that a trustpoint asks a certificate for. A CA may give another name than it was asked for, and
 * what stands in a certificate beside its name is in no configuration: so only what such a name leaves out is told.
 */
#ifndef IKESCOPE_ANALYSIS_CERTIFICATE_MAP_H
#define IKESCOPE_ANALYSIS_CERTIFICATE_MAP_H

#include "analysis/evidence.h"

/* certificate_map_refuses: has every entry of the map a condition that a certificate of this name cannot meet? *entry, *condition:
 * the first of these. False where the map is not there. */
bool certificate_map_refuses(struct model *m, uint32_t device, struct text map, struct text name, const struct record **entry,
                             const struct fact **condition);
/* certificate_condition_for is that condition, of IOS, as it would be for this name: "subject-name co ou = spokes". */
struct text certificate_condition_for(struct model *m, struct text condition, struct text name);

#endif
