/*
 * Advice is written with placeholders: `crypto ikev2 profile NAME`. Where the router's configuration was supplied, or its log
 * names the object, the name stands there instead, so that the line can be typed as it is.
 */
#ifndef IKESCOPE_ANALYSIS_PLACEHOLDERS_H
#define IKESCOPE_ANALYSIS_PLACEHOLDERS_H

#include "model/model.h"

/* placeholders_fill gives advice for that end of the SA with every name that is known; what is not known stays as it is. */
struct text placeholders_fill(struct model *m, const struct ike_sa *sa, enum side side, struct text advice);
/* placeholders_fill_router gives advice for a router's way to a peer, where there is no SA; entry: which of several, NULL: the
 * only one, or not known. */
struct text placeholders_fill_router(struct model *m, uint32_t device, struct address local, struct address peer,
                                     const struct record *entry, struct text advice);

#endif
