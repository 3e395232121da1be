/* What a command still needs once its options are read: the paths they name. */
#ifndef IKESCOPE_CLI_SANDBOXING_H
#define IKESCOPE_CLI_SANDBOXING_H

#include "cli/options.h"

/* sandboxing_enter keeps the inputs, keys and rule files readable and the outputs' folders writable, and gives up all
 * else, for the commands that read what others wrote. Warns where the kernel lacks a part. Nothing with --no-sandbox. */
void sandboxing_enter(const char *command, const struct invocation *i);

#endif
