/*
 * Trouble that a caller can be told of: a file that does not open, a key file or rule file that cannot be read.
 * Odd input is never an error here; it is recorded with its place (see model/).
 *
 * Wording: lower case, no full stop, what went wrong first, the subject in quotes, file and line in front.
 */
#ifndef IKESCOPE_BASE_ERROR_H
#define IKESCOPE_BASE_ERROR_H

#include <stdbool.h>

enum error_kind { ERROR_NONE, ERROR_USAGE, ERROR_INPUT, ERROR_OUTPUT, ERROR_KEYS, ERROR_RULES, ERROR_MEMORY, ERROR_UNSUPPORTED };

struct error {
    enum error_kind kind;
    char text[512];
};

/* fail records the first reason and returns false, so that `return fail(err, …)` reads well. err may be NULL. */
bool fail(struct error *err, enum error_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* error_prefix puts "what: " in front of the recorded reason; a no-op where there is none. */
void error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
