/*
 * The names that the state machine's trace prints, each with what is known of it (the tables of model/trace). A name that is not
 * here is not wrong: new versions bring new ones. But a name that was cut in two is told by its whole being here.
 */
#ifndef IKESCOPE_MODEL_TRACE_H
#define IKESCOPE_MODEL_TRACE_H

#include "base/bytes.h"

bool trace_knows_state(struct text name);
bool trace_knows_event(struct text name); /* with its EV_ */

#endif
