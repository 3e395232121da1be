/* Command lines, read by one table (cli/options.def). */
#ifndef IKESCOPE_CLI_OPTIONS_H
#define IKESCOPE_CLI_OPTIONS_H

#include "base/bytes.h"
#include "base/error.h"

struct words { /* the values of an option that may repeat; borrowed from argv */
    const char **at;
    size_t count;
};

struct invocation {
    struct words
#define OPTION(member, name, letter, argument, repeats, commands, help) member,
#include "cli/options.def"
#undef OPTION
        inputs;
};

struct option_row {
    const char *name, *argument, *commands, *help;
    char letter;
    bool repeats;
};
extern const struct option_row option_rows[];
extern const size_t option_count;

/* options_read sorts argv into *into. An unknown option, a missing argument, or an option that the command does not
 * take is an error that names the nearest one. */
bool options_read(const char *command, int argc, char **argv, struct invocation *into, struct error *err);
void options_clear(struct invocation *i);
bool option_taken(const struct option_row *row, const char *command);
/* option_last is the value of an option that does not repeat, or fallback where it was not given. */
const char *option_last(const struct words *w, const char *fallback);
/* option_number is the same for a number; cli/values.c has checked that it is one. */
uint64_t option_number(const struct words *w, uint64_t fallback);
/* option_color: does what is written to that output have colours? "-" is standard output. */
bool option_color(const struct words *color, const char *path);
static inline bool option_given(const struct words *w)
{
    return w->count > 0;
}

#endif
