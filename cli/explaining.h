/*
 * What `explain` makes of its words: names that a report or a log prints, algorithms in any spelling of Cisco's, and whole lines
 * of a log. Words of one term may come as one argument or as several.
 */
#ifndef IKESCOPE_CLI_EXPLAINING_H
#define IKESCOPE_CLI_EXPLAINING_H

#include "reporters/reporter.h"

/* explain_words explains the term that begins with the first of these words, and returns how many words it took; 0 where nothing
 * is known of it. */
size_t explain_words(const char *const *words, size_t count, const struct view_options *o, struct sink *out);

#endif
