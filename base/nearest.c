#include "base/nearest.h"

#include <stddef.h>
#include <string.h>

static unsigned distance(const char *a, const char *b)
{
    /* Levenshtein, on words of option length */
    enum { LONGEST = 48 };
    size_t n = strlen(a), m = strlen(b);
    unsigned row[LONGEST + 1];
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= m; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned best = diagonal + (a[i - 1] != b[j - 1]);
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
    unsigned least = 4;
    for (; *candidates; candidates++) {
        unsigned d = distance(word, *candidates);
        if (d < least && d < strlen(*candidates)) {
            least = d;
            best = *candidates;
        }
    }
    return best;
}
