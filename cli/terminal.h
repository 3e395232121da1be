/*
 * The terminal that standard output may be: how wide it is, and text for it. A report fits itself to a width; what the smaller
 * commands write (list, diff, keys, rules) is lines as they come, which a terminal would tear in the midst of words. On one they are
 * broken at blanks, and go on below their last column; what goes to a file or a pipe stays as it is.
 */
#ifndef IKESCOPE_CLI_TERMINAL_H
#define IKESCOPE_CLI_TERMINAL_H

#include "base/sink.h"

enum { COLUMNS_LEAST = 40, COLUMNS_MOST = 9999 }; /* that anybody may ask for */

/* terminal_width is the terminal's columns, where standard output is none those that COLUMNS tells, else `otherwise`. */
unsigned terminal_width(unsigned otherwise);

struct terminal {
    struct buffer text;
    struct sink *sink, *to; /* to write to; where that goes */
    unsigned folds;         /* to so many columns; 0: stays as it is */
};

/* terminal_begin opens the output; NULL and err where it cannot be made. as_it_is: what is written is for programs; asked: columns
 * that were asked for, whatever it is written to, 0: none were. */
struct sink *terminal_begin(struct terminal *t, const char *path, bool as_it_is, unsigned asked, struct error *err);
/* terminal_end closes it; false and err where something was not written. */
bool terminal_end(struct terminal *t, struct error *err);
/* terminal_withdraw closes it after a failure: a file stays as it was, a terminal or pipe gets what was written. */
void terminal_withdraw(struct terminal *t);
/* terminal_abandon closes it with nothing written. */
void terminal_abandon(struct terminal *t);

/* terminal_fold appends the lines of a text, none wider than `width` where blanks allow for it. */
void terminal_fold(struct text t, unsigned width, struct sink *out);

#endif
