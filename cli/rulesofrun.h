/* A rule file written from what a run shows: `rules init`. */
#ifndef IKESCOPE_CLI_RULESOFRUN_H
#define IKESCOPE_CLI_RULESOFRUN_H

#include "base/json.h"
#include "base/sink.h"
#include "model/model.h"

/*
 * rules_of_run writes rules from this run: for each peer that its tunnel comes up, how soon, and with a Child SA; and which
 * algorithms and selectors were agreed. A good run passes them. A rule that this run fails, because a tunnel did not come up,
 * stands under a comment that says so; one that it cannot decide is left out. False with err where no rule is left.
 */
bool rules_of_run(const struct model *m, const struct json *report, struct sink *out, struct arena *arena, struct error *err);

#endif
