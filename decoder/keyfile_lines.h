/* A key file's lines, without their ends. What was read is wiped, since it may be a secret. */
#ifndef IKESCOPE_DECODER_KEYFILE_LINES_H
#define IKESCOPE_DECODER_KEYFILE_LINES_H

#include "base/source.h"
#include "model/keyring.h"

struct key_lines {
    struct source *from;
    char *at; /* pages for secrets */
    size_t room, len, used;
    bool cut; /* the line was longer than fits: its rest is skipped */
    bool first;
};

/* key_lines_over begins with a source whose keys go into a keyring. That stays, so its memory is locked before that of the
 * lines is: there may be little that may be locked. */
struct key_lines key_lines_over(struct source *from, struct keyring *into);
/* key_lines_next gives the next line, valid until the next call; of an overlong one its beginning. False at the end. */
bool key_lines_next(struct key_lines *l, struct text *line);
void key_lines_end(struct key_lines *l);

#endif
