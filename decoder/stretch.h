/*
 * Stretches of a capture: as many frames as stand in one buffer of the window. They are cut one after the other, by whichever
 * thread, which touches nothing but the file and the stretch; what was damaged on the way is kept with them, to be told when they
 * are gone through.
 */
#ifndef IKESCOPE_DECODER_STRETCH_H
#define IKESCOPE_DECODER_STRETCH_H

#include "decoder/blocks.h"

enum { STRETCH_MISHAPS = LIMIT_DAMAGE + 6 }; /* more are not named; of a limit, the times that it was reached are one */

/* What happened between two frames. */
struct mishap {
    size_t before; /* the number of frames of the stretch that stand before it */
    bool limited;  /* a limit was reached, so many times; else it is damage */
    enum limit row;
    uint64_t times;
    enum damage_kind kind;
    uint32_t frame;
    char text[256];
};

struct stretch { /* zeroed is valid */
    struct captured *frames;
    size_t count, room, mishap_count;
    struct window_buffer octets; /* of the frames */
    struct mishap mishaps[STRETCH_MISHAPS];
};

struct cutter; /* of one file */

/* cutter_create gives NULL with err where it is no capture that can be read. */
struct cutter *cutter_create(struct source *from, struct error *err);
/* cutter_cut fills a stretch, of which nothing is needed any more. False where it is the last one; it may then be empty. */
bool cutter_cut(struct cutter *c, struct stretch *s);
void cutter_destroy(struct cutter *c); /* NULL allowed; the stretches stay */
void stretch_clear(struct stretch *s);

#endif
