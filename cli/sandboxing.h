/* Once its options are read, a command needs no other files than those that they name. */
#ifndef IKESCOPE_CLI_SANDBOXING_H
#define IKESCOPE_CLI_SANDBOXING_H

#include "cli/options.h"

/* sandboxing_enter keeps the inputs, keys and rule files readable and the outputs' folders writable, and gives up all other
 * rights, for commands that read what others wrote. It warns where the kernel lacks a part, and does nothing with --no-sandbox.
 */
void sandboxing_enter(const char *command, const struct invocation *i);

/* sandboxing_narrow gives up what sandboxing_enter kept for rule files alone, which may lie anywhere: to be called once they
 * are loaded and before any input is read. It does nothing with --no-sandbox and where no rules were given. */
void sandboxing_narrow(const char *command, const struct invocation *i);

#endif
