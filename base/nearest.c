#include "base/nearest.h"

#include <string.h>

unsigned nearest_distance(struct text a, struct text b)
{
    /* Levenshtein, on words of option length */
    enum { LONGEST = 64 };
    const size_t n = a.len, m = b.len;
    unsigned row[LONGEST + 1];
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= m; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned best = diagonal + !text_equal_nocase(text_upto(text_from(a, i - 1), 1), text_upto(text_from(b, j - 1), 1));
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[m];
}

const char *nearest(const char *word, const char *const *candidates)
{
    const char *best = NULL;
    const size_t third = strlen(word) / 3;
    unsigned least = third < 1 ? 2 : third > 3 ? 4 : (unsigned)third + 1;
    for (; *candidates; candidates++) {
        unsigned d = nearest_distance(text_of(word), text_of(*candidates));
        if (d < least && d < strlen(*candidates)) {
            least = d;
            best = *candidates;
        }
    }
    return best;
}
