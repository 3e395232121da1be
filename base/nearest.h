/* The word that a misspelt one most likely meant. */
#ifndef IKESCOPE_BASE_NEAREST_H
#define IKESCOPE_BASE_NEAREST_H

/* nearest gives the candidate at the least edit distance (under 4, and under its own length), or NULL; candidates end
 * with NULL. */
const char *nearest(const char *word, const char *const *candidates);

#endif
