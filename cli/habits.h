/* What people type who are used to other tools, and what it is called here. */
#ifndef IKESCOPE_CLI_HABITS_H
#define IKESCOPE_CLI_HABITS_H

#include <stddef.h>

#include "base/error.h"

/* habits_option says what to write in the place of an option that the command does not have; NULL: nothing is known. The text is
 * static, or stands in room. word: the option without its dashes; one letter is a short option. */
const char *habits_option(const char *command, const char *word, char *room, size_t size);
/* habits_format fails with a sentence on a format that the command does not have. */
bool habits_format(const char *command, const char *name, struct error *err);
/* habits_is_format: is that word the name of one of the command's formats? */
bool habits_is_format(const char *command, const char *word);

#endif
