/* Tells, from its first octets, what a file is that is not an input, so that nothing is read as what it is not. */
#ifndef IKESCOPE_CLI_RECOGNISE_H
#define IKESCOPE_CLI_RECOGNISE_H

#include "base/bytes.h"

struct foreign {
    const char *what;   /* "a PDF document" */
    const char *advice; /* what to give instead */
};

/* recognise_foreign: false for what may be text. */
bool recognise_foreign(struct bytes first, struct foreign *into);
/* recognise_other: is a text in which nothing of a router was found what another program or another maker's device wrote? It is
 * read all the same, and what to give instead is said. */
bool recognise_other(struct bytes first, struct foreign *into);
/* recognise_text: is there anything from a router in this text file? It reads the file until it finds something. */
bool recognise_text(const char *path);

#endif
