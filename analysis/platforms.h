/* Which of the two families a router belongs to, as its log, its show output or its configuration tells; or that it is none. */
#ifndef IKESCOPE_ANALYSIS_PLATFORMS_H
#define IKESCOPE_ANALYSIS_PLATFORMS_H

#include "model/model.h"

enum platform {
    PLATFORM_UNKNOWN,
    PLATFORM_IOS,
    PLATFORM_ASA,
    PLATFORM_CLIENT /* remote access: nobody types a router's commands there */
};
/* platform_of: the platform of that side; with sa NULL, that of all inputs, where they agree. */
enum platform platform_of(const struct model *m, const struct ike_sa *sa, enum side side);
/* platforms_settle indexes the parts of an input that was read, since a relay's log has one for nearly every line. */
void platforms_settle(struct model *m, struct input *in);
bool identity_of_client(const struct identity *id); /* what Cisco's client calls itself, if nobody gave it another name */
enum platform platform_of_router(const struct model *m, uint32_t device); /* by its configuration and its show output */

#endif
