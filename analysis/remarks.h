/*
 * What has to be said wherever a command is advised: that debugs must be turned off again, that a command takes tunnels down, or
 * that it is a setting of the whole router. It is added in one place, so that no rule forgets it.
 */
#ifndef IKESCOPE_ANALYSIS_REMARKS_H
#define IKESCOPE_ANALYSIS_REMARKS_H

#include "base/arena.h"
#include "base/bytes.h"

/* remarks_add gives a line of advice with what is to be said of its commands behind it. */
struct text remarks_add(struct arena *arena, struct text advice);

#endif
