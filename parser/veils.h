/*
 * What who posted a log put in the place of its addresses and SPIs. One word ("x.x.x.x", "<IP>", "PEER_IP") is read where it
 * stands (model/address.h). One that has blanks or brackets of its own ("[peer ip]", "█████", "#.#.#.#") falls apart between the
 * words of a message: such a veil is sought in an input's first lines, at the places where an endpoint stands, and each line has
 * a word in its place before anything else reads it. Equal veils are one word, different ones different words.
 */
#ifndef IKESCOPE_PARSER_VEILS_H
#define IKESCOPE_PARSER_VEILS_H

#include "model/message.h"

struct veils;

/* veils_create judges by the first lines of an input; NULL: it has none. */
struct veils *veils_create(struct text head);
void veils_destroy(struct veils *veils);
/* veils_lift is the line with words for its veils, which stands until the next call; or the line itself, where it has none. */
struct text veils_lift(struct veils *veils, struct text line);

/* spi_scan takes an SPI behind blanks: its hex digits, or what was put in their place. Of "8A41XXXXXXXXXXXX" the digits in front
 * are left; of a word ("XXXXXXXX", "<SPI>", "[removed]") nothing is, and the SPI is unknown. False: nothing of either stands
 * there. */
bool spi_scan(struct text *t, struct spi *spi);

#endif
