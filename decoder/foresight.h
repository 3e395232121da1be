/*
 * What was found out of a capture's frames ahead of their turn (decoder/esp_foresight.c).
 */
#ifndef IKESCOPE_DECODER_FORESIGHT_H
#define IKESCOPE_DECODER_FORESIGHT_H

struct foresight; /* of the frames of one stretch */

void foresight_destroy(struct foresight *f); /* NULL allowed */

#endif
