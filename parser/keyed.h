/*
 * CEF and LEEF: a head of fields between bars, and then keys with their values, of which one is a device's line.
 */
#ifndef IKESCOPE_PARSER_KEYED_H
#define IKESCOPE_PARSER_KEYED_H

#include "parser/exported.h"

/* keyed_may_be: could a line be of one of these? */
bool keyed_may_be(struct text line);
/* keyed_take takes a line apart; false: it is in none of these forms, or has no message. */
bool keyed_take(struct text line, struct arena *arena, struct unpacked *out);

#endif
