/* A command of the program: one file under cli/commands/ around one constant. Only cli prints and picks the exit code. */
#ifndef IKESCOPE_CLI_COMMAND_H
#define IKESCOPE_CLI_COMMAND_H

#include "base/error.h"

enum exit_status { EXIT_DONE = 0, EXIT_FOUND = 1, EXIT_TROUBLE = 2, EXIT_NOTHING = 3 };

struct command {
    const char *name;                  /* "report" */
    const char *arguments;             /* "INPUT..." */
    const char *summary;               /* one line for --help */
    const char *details;               /* a few sentences for its own --help and the man page */
    const char *formats;               /* what --format takes, words, the default first; NULL where there is no --format */
    const char *output;                /* what is said of --output in the place of what the others do; NULL: nothing */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; gives an exit status */
};

extern const struct command *const commands[]; /* generated from the folder */
extern const size_t command_count;

#endif
