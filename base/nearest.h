/* The word that a misspelt one most likely meant. */
#ifndef IKESCOPE_BASE_NEAREST_H
#define IKESCOPE_BASE_NEAREST_H

#include "base/bytes.h"

/* nearest_distance is how many letters must be changed, added, left out or change places, in either case, where it is at most
 * `most` (up to 64, and so long the words); else something greater. */
unsigned nearest_distance(struct text a, struct text b, unsigned most);

/* nearest gives the candidate at the least edit distance (at most 3, and no more than a third of the word or one), or NULL;
 * what begins with the word is as near as what differs in one letter. Candidates end with NULL. */
const char *nearest(const char *word, const char *const *candidates);

#endif
