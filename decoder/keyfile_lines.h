/* A key file's lines, without their ends. What was read is wiped, since it may be a secret. */
#ifndef IKESCOPE_DECODER_KEYFILE_LINES_H
#define IKESCOPE_DECODER_KEYFILE_LINES_H

#include "base/source.h"

struct key_lines {
    struct source *from;
    char *at;
    size_t len, used;
    bool cut; /* the line was longer than fits: its rest is skipped */
    bool first;
};

struct key_lines key_lines_over(struct source *from);
/* key_lines_next gives the next line, valid until the next call; of an overlong one its beginning. False at the end. */
bool key_lines_next(struct key_lines *l, struct text *line);
void key_lines_end(struct key_lines *l);

#endif
