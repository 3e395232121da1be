/*
 * What no translation of a page touches (SPIs, states, events, names of exchanges and payloads, numbers) tells which line of a
 * debug it was, in whatever words: the line is put back as the device prints it. Before the catalogues of phrases
 * (parser/translate.h), which know one language each, and beside them.
 */
#ifndef IKESCOPE_PARSER_ANCHORS_H
#define IKESCOPE_PARSER_ANCHORS_H

#include "base/arena.h"

/* anchors_needed judges by the first lines of an input. */
bool anchors_needed(struct text head);

/* The patterns, for one thread at a time. */
struct anchors;
struct anchors *anchors_create(void);
void anchors_drop(struct anchors *a); /* NULL is none */
/* anchors_restore gives the line put back, in the arena, or the line itself. */
struct text anchors_restore(struct anchors *a, struct text line, struct arena *arena);

#endif
