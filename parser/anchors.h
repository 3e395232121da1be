/*
 * Translated pages, of any language. What no translation touches (SPIs, states, events, names of exchanges and payloads, numbers)
 * tells which line of a debug it was, whatever the words around it became; the line is then put back as the device prints it.
 * This is tried before the catalogues of phrases (parser/translate.h), which know one language each.
 */
#ifndef IKESCOPE_PARSER_ANCHORS_H
#define IKESCOPE_PARSER_ANCHORS_H

#include "base/arena.h"

bool anchors_needed(struct text head); /* judges by the first lines of an input */

/* The patterns, for one thread at a time. */
struct anchors;
struct anchors *anchors_create(void);
void anchors_drop(struct anchors *a); /* NULL is allowed */
/* anchors_restore gives the line as the device prints it, in the arena; or the line itself where it recognises nothing. */
struct text anchors_restore(struct anchors *a, struct text line, struct arena *arena);

#endif
