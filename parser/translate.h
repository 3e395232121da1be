/*
 * Pages in another language: a catalogue of phrases puts back what the device printed, so that the rest of the parser
 * reads English only. Another language is another table (parser/names/zh_hant.def) and a row in translate.c.
 */
#ifndef IKESCOPE_PARSER_TRANSLATE_H
#define IKESCOPE_PARSER_TRANSLATE_H

#include "base/arena.h"

/* translate gives the line with punctuation, dates and phrases put back, or the line itself where none apply. *found counts
 * the phrases and dates that were replaced. The result is in the arena. */
struct text translate(struct text t, struct arena *arena, unsigned *found);

#endif
