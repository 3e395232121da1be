/*
 * The names that the state machine's trace prints, each with what is known of it (the tables of model/trace). A name that is not
 * here is not wrong: new versions bring new ones. But a name that was cut in two is told by its whole being here.
 */
#ifndef IKESCOPE_MODEL_TRACE_H
#define IKESCOPE_MODEL_TRACE_H

#include "base/bytes.h"

/* trace_state and trace_event give the name as its table has it, NULL where none does; an event's with its EV_. */
const char *trace_state(struct text name);
const char *trace_event(struct text name);
/* trace_begins_event: no event has this name, and that of one begins with it. */
bool trace_begins_event(struct text name);
static inline bool trace_knows_event(struct text name)
{
    return trace_event(name) != NULL;
}

#endif
