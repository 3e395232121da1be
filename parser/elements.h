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
/* elements_take reads a line's tags; false: it holds no message, or none of it. Of several messages each is a line of out's. */
bool elements_take(struct elements *e, struct text line, struct arena *arena, struct unpacked *out);

#endif
