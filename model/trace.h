/*
 * The names that the state machine's trace prints, each with what is known of it (the tables of model/trace). A name that is not
 * here is not wrong, since new versions bring new ones. But a name that was cut in two is recognised by the whole being here.
 */
#ifndef IKESCOPE_MODEL_TRACE_H
#define IKESCOPE_MODEL_TRACE_H

#include "base/bytes.h"

/* trace_state and trace_event give the name as it stands in its table, or NULL; an event's name includes its EV_. */
const char *trace_state(struct text name);
const char *trace_event(struct text name);
/* trace_begins_event: is this the beginning of an event's name, and not itself one? */
bool trace_begins_event(struct text name);
static inline bool trace_knows_event(struct text name)
{
    return trace_event(name) != NULL;
}

#endif
