/*
 * An export in XML: a device's line is what an element holds, and its host and time stand in elements or attributes before it,
 * on the same line or on earlier ones: Windows' <Event> with <Data>, or <entry time="…"><message>. Which names hold what,
 * exported.h tells.
 */
#ifndef IKESCOPE_PARSER_ELEMENTS_H
#define IKESCOPE_PARSER_ELEMENTS_H

#include "parser/exported.h"

/* elements_wrap: does a line begin with a tag? */
bool elements_wrap(struct text line);
/* elements_learn finds in the beginning of an input which element is a record: what is said in one is forgotten with the next. */
void elements_learn(struct elements *e, struct text head);
/* elements_take reads a line's tags; false: it holds no message, or none of it. Of several messages *out is the first, and each
 * has the host and the time of its own record. Where a record says these behind its message, on a line of its own, the message waits
 * (out->waits), until e->told: then e->answer is what it waited for. */
bool elements_take(struct elements *e, struct text line, struct arena *arena, struct unpacked *out);

#endif
