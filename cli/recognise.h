/* What a file is that is neither a log, a capture nor keys, by what it begins with: so that nothing is read as what it is not. */
#ifndef IKESCOPE_CLI_RECOGNISE_H
#define IKESCOPE_CLI_RECOGNISE_H

#include "base/bytes.h"

struct foreign {
    const char *what;   /* "a PDF document" */
    const char *advice; /* what to give instead */
};

/* recognise_foreign: false for what may be text. */
bool recognise_foreign(struct bytes first, struct foreign *into);
/* recognise_text: does anything of a router stand in this text file, wherever? Reads it until something does. */
bool recognise_text(const char *path);

#endif
