#include "base/nearest.h"

#include <string.h>

static bool alike(struct text a, size_t i, struct text b, size_t j)
{
    return text_equal_nocase(text_upto(text_from(a, i - 1), 1), text_upto(text_from(b, j - 1), 1));
}

unsigned nearest_distance(struct text a, struct text b, unsigned most)
{
    /* Levenshtein with neighbours changed over, on words of option length, as far from the diagonal as may be */
    enum { LONGEST = 64 };
    const size_t n = a.len, m = b.len;
    unsigned rows[3][LONGEST + 1];
    if (n > LONGEST || m > LONGEST || n > m + most || m > n + most)
        return most + 1;
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        const size_t from = i > most ? i - most : 1, to = m < i + most ? m : i + most;
        row[from - 1] = from == 1 ? (unsigned)i : most + 1;
        for (size_t j = from; j <= to; j++) {
            unsigned best = above[j - 1] + !alike(a, i, b, j);
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && alike(a, i, b, j - 1) && alike(a, i - 1, b, j) && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        if (to < m)
            row[to + 1] = most + 1;
    }
    return rows[n % 3][m];
}

enum { BEGINNING = 4 /* letters */ };

const char *nearest(const char *word, const char *const *candidates)
{
    const char *best = NULL;
    const size_t third = strlen(word) / 3;
    unsigned least = third < 1 ? 2 : third > 3 ? 4 : (unsigned)third + 1;
    for (; *candidates; candidates++) {
        unsigned d = nearest_distance(text_of(word), text_of(*candidates), least);
        if (d > 1 && strlen(word) >= BEGINNING && text_starts_nocase(text_of(*candidates), text_of(word)))
            d = 1;
        if (d < least && d < strlen(*candidates)) {
            least = d;
            best = *candidates;
        }
    }
    return best;
}
