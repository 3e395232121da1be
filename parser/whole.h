/*
 * Lines in a row that are whole at a glance: each is a transition, or a message that stands alone, and behind it stands another
 * line with a face, so that nothing can go on with it. They are handed over as the longer ways would do it (usual.c, records.c);
 * but what is the same for all of them is asked once, and nothing waits.
 */
#ifndef IKESCOPE_PARSER_WHOLE_H
#define IKESCOPE_PARSER_WHOLE_H

#include "parser/glances.h"
#include "parser/records.h"

/* records_take_whole takes the first ones of these lines, as far as they are such, and says how many that was. They are not
 * packed in anything. */
size_t records_take_whole(struct records *r, const struct glance *lines, size_t count);

#endif
