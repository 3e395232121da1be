/* --sa and --peer: which SAs a report is about. */
#ifndef IKESCOPE_CLI_SELECT_H
#define IKESCOPE_CLI_SELECT_H

#include "cli/options.h"
#include "model/model.h"

/* select_sas takes the SAs that were not asked for, their children and findings out of the model. False with err when
 * an option's value is wrong or nothing is left. */
bool select_sas(struct model *m, const struct invocation *i, struct error *err);

#endif
