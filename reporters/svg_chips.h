/* The payloads of a message as a row of small plates below its arrow, in the message's order. An error notify stands out by
 * its frame and sign; a lock says that the message went encrypted over the wire. */
#ifndef IKESCOPE_REPORTERS_SVG_CHIPS_H
#define IKESCOPE_REPORTERS_SVG_CHIPS_H

#include "model/message.h"
#include "reporters/svg_draw.h"

/* chips_draw centres the plates on x, in at most `rows` rows of `width` pixels; it returns their height, 0 where nothing is known
 * of the message. */
int chips_draw(struct drawing *d, const struct message *m, int x, int y, int width, int rows);

/* lock_draw draws the sign for "encrypted on the wire", 9 pixels wide and 14 high. */
void lock_draw(struct drawing *d, int x, int y);

#endif
