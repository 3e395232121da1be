/* Messages of an ASA about IKEv2 of which an export kept the words and left the number out: their words tell it. */
#ifndef IKESCOPE_PARSER_UNNUMBERED_H
#define IKESCOPE_PARSER_UNNUMBERED_H

#include "base/arena.h"

/* unnumbered_named puts "%ASA-4-750003: " in front of such a message; one whose
 * words are not known gets "%ASA-6-750000: ", and what is none comes back as it is. */
struct text unnumbered_named(struct text message, struct arena *arena);

#endif
