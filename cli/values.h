/* Checks the values of options before anything is read or written. */
#ifndef IKESCOPE_CLI_VALUES_H
#define IKESCOPE_CLI_VALUES_H

#include "cli/options.h"

/* values_check is false with err, which names the option and its value, where an option does not take that value, where an option
 * has no meaning here, and where an output would overwrite an input or another output. */
bool values_check(const char *command, const struct invocation *i, struct error *err);

#endif
