/* Which of the two families a router is of, by whatever tells: its log, its show output, its configuration. */
#ifndef IKESCOPE_ANALYSIS_PLATFORMS_H
#define IKESCOPE_ANALYSIS_PLATFORMS_H

#include "model/model.h"

enum platform { PLATFORM_UNKNOWN, PLATFORM_IOS, PLATFORM_ASA };
/* platform_of: what that side is; without an SA, what all inputs are that tell it. */
enum platform platform_of(const struct model *m, const struct ike_sa *sa, enum side side);
/* platforms_settle: all parts of the input are there. A relay's log has one for nearly every line. */
void platforms_settle(struct model *m, struct input *in);
enum platform platform_of_router(const struct model *m, uint32_t device); /* by its configuration and its show output */

#endif
