/*
 * Redaction of what no single line shows: an identity whose octets a payload's dump prints over several lines, and a word that a
 * terminal cut at its last column. Both passes of a redaction go over the same lines in the same order: the first one learns,
 * the second one puts the substitute that the text has into the dump as well.
 */
#ifndef IKESCOPE_MODEL_REDACT_DUMP_H
#define IKESCOPE_MODEL_REDACT_DUMP_H

#include "model/redact.h"

struct dumped { /* the octets of one identity, as they are and as they go out */
    struct dumped *next;
    uint8_t *octets, *substitute;
    size_t len, substitute_len;
    size_t printed; /* octets in the dump; more than len where there was no room or they could not be read */
};

struct redact_dump {
    struct redactor *r;
    struct dumped *first, *last; /* learnt by the first pass; the second takes them from the front */
    struct text type;            /* "FQDN", of the dump in work */
    uint8_t state;               /* what was seen of a payload's dump */
    size_t put, seen;            /* octets of the front one that went out, and that were passed */
    size_t width;                /* of the terminal that folded the text; 0: none did */
};

/* redact_dump_learn looks at one line in the first pass; redact_dump_end closes a pass. */
void redact_dump_learn(struct redact_dump *d, struct text line);
void redact_dump_end(struct redact_dump *d);
/* redact_dump_line writes a line of an identity's octets in the second pass; false where the line is not one, and then nothing
 * was written. */
bool redact_dump_line(struct redact_dump *d, struct text line, struct buffer *out);

/* redact_width is the width at which a terminal folded this text, 0 where none did. */
size_t redact_width(struct text all);
struct redacted_cut { /* a word that a terminal cut: so many octets end one line, so many begin the next */
    size_t tail, head;
    struct text substitute;
};
/* redact_cut: are the end of one line and the start of the next one word that must be replaced? *cut says by what. */
bool redact_cut(struct redactor *r, size_t width, struct text line, struct text next, struct redacted_cut *cut);

#endif
