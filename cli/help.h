/* --help, from the tables of commands and options. */
#ifndef IKESCOPE_CLI_HELP_H
#define IKESCOPE_CLI_HELP_H

#include <stdio.h>

#include "cli/command.h"
#include "cli/options.h"

void help_overview(FILE *to);
void help_command(FILE *to, const struct command *command);
/* help_printed: did standard output take it? Gives an exit status. */
int help_printed(void);
/* command_begin reads the options of a command and answers --help and --version: true when the command goes on, else
 * *status is what to return. */
bool command_begin(const char *name, int argc, char **argv, struct invocation *i, int *status);

#endif
