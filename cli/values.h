/* What the options of a command line are given: each value is looked at before anything is read or written. */
#ifndef IKESCOPE_CLI_VALUES_H
#define IKESCOPE_CLI_VALUES_H

#include "cli/options.h"

/* values_check: false with err, which names the option and its value, where one is none of those that the option takes, where
 * an option stands that says nothing here, and where an output would take the place of an input or of another output. */
bool values_check(const char *command, const struct invocation *i, struct error *err);

#endif
