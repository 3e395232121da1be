/*
 * Sentences of a finding: what they put between backticks is to be typed; one within a word (of a name), or without a partner, is a
 * sign like any other.
 * Commands to be typed one after the other are parted by " / " (modes and what belongs into them) or ", "; three or more of them are a
 * row, which is easier to read and to copy as lines of their own. Commas alone make no row: they part what may be looked at.
 */
#ifndef IKESCOPE_REPORTERS_PROSE_H
#define IKESCOPE_REPORTERS_PROSE_H

#include "model/model.h"

struct prose {
    struct text rest;
    const char *begin;
    size_t looked; /* octets behind the commands that were looked at and are no row */
    unsigned row, row_left;
    bool rows; /* are rows asked for? */
};

struct prose_part {
    struct text text;   /* without its backticks */
    bool code;          /* is it to be typed? */
    unsigned row;       /* which command of a row it is, from 1; 0: it stands in the sentence */
    struct text remark; /* behind a command of a row: "(or `crypto ipsec profile NAME`)" */
};

/* prose_of begins to read; with `rows` false each command stands in its sentence, the signs between them too. */
struct prose prose_of(struct text t, bool rows);
/* prose_next gives the next part; false at the end. Behind a row, what goes on begins as a sentence does. */
bool prose_next(struct prose *p, struct prose_part *part);
/* cause_print appends why it happened. Who is told with address and name once is called by the role alone from there on. */
void cause_print(const struct model *m, const struct finding *f, struct buffer *out);

#endif
