/* A rule file written from what a run shows: `rules init`. */
#ifndef IKESCOPE_CLI_RULESOFRUN_H
#define IKESCOPE_CLI_RULESOFRUN_H

#include "base/json.h"
#include "base/sink.h"
#include "model/model.h"

/*
 * rules_of_run writes rules from this run: for each peer that its tunnel is up, soon, and has a Child SA; the algorithms and
 * selectors that were agreed. A good run passes them. What a run fails, because a tunnel did not come up in it, stands
 * under a comment that says so; what it can not decide is left out. False with err where nothing is left.
 */
bool rules_of_run(const struct model *m, const struct json *report, struct sink *out, struct arena *arena, struct error *err);

#endif
