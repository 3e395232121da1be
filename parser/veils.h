/*
 * Veils: what somebody put in the place of addresses and SPIs before posting a log. A single word ("x.x.x.x", "<IP>", "PEER_IP")
 * is read where it stands (model/address.h). A veil with blanks or brackets of its own ("[peer ip]", "█████", "#.#.#.#") would
 * fall apart among the words of a message: it is looked for in an input's first lines, at the places where an endpoint stands,
 * and replaced by one word before anything else reads the line. Equal veils become the same word, different ones do not.
 */
#ifndef IKESCOPE_PARSER_VEILS_H
#define IKESCOPE_PARSER_VEILS_H

#include "model/message.h"

struct veils;

/* veils_create judges by the first lines of an input; NULL where it has no veils. */
struct veils *veils_create(struct text head);
void veils_destroy(struct veils *veils);
/* veils_lift is the line with words in the place of its veils, valid until the next call; or the line itself if it has none. */
struct text veils_lift(struct veils *veils, struct text line);

/* spi_scan takes an SPI behind blanks: its hex digits, or what was put in their place. Of "8A41XXXXXXXXXXXX" it keeps the digits
 * in front; of a word ("XXXXXXXX", "<SPI>", "[removed]") nothing, and the SPI is unknown. False where neither stands there. */
bool spi_scan(struct text *t, struct spi *spi);

#endif
