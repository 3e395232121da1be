/* The words that an access list of IOS and of ASA has for IP protocols and for ports. */
#ifndef IKESCOPE_MODEL_ACCESS_H
#define IKESCOPE_MODEL_ACCESS_H

#include <stdint.h>

#include "base/bytes.h"

/* access_protocol reads a protocol: a word of a list's, the registry's keyword, or its number; 0 is any. */
bool access_protocol(struct text word, uint32_t *number);
/* access_protocol_word is what both platforms take for it; NULL: its number has to be typed. */
const char *access_protocol_word(uint32_t number);
/* access_port reads a port of TCP or UDP, a word or a number. */
bool access_port(struct text word, uint32_t *port);

#endif
