/* "SM Trace-> SA: I_SPI=H R_SPI=H (I) MsgID = D CurState: STATE Event: EV_NAME": the state machine's trace. */
#ifndef IKESCOPE_PARSER_TRANSITION_H
#define IKESCOPE_PARSER_TRANSITION_H

#include "base/map.h"
#include "model/message.h"

struct transition_line {
    struct spi spi_i, spi_r;
    uint32_t msgid;
    uint8_t role; /* enum side */
    struct text state, event;
};

enum transition_scan { TRANSITION_NOT, TRANSITION_PARTIAL, TRANSITION_WHOLE };

/* transition_scan reads one at the start of *t and takes it off. TRANSITION_PARTIAL: the text begins like one and ends before it
 * is complete. A fast scanner reads the usual spacing, a patient one whatever pages make of it. */
enum transition_scan transition_scan(struct text *t, struct transition_line *out);

/* transition_head is the fast scanner for all before the state, with which *t then begins. */
bool transition_head(struct text *t, struct transition_line *out);
/* transition_end reads the end of such a line, "STATE Event: EV_NAME", and wants nothing behind it. */
bool transition_end(struct text t, struct text *state, struct text *event);

/* The names of states and events are few. This cache finds them by a few of their octets, without hashing them all. */
enum { NAME_SLOTS = 512 };
struct name_cache {
    const char *names[NAME_SLOTS];
    uint8_t lengths[NAME_SLOTS];
};
const char *name_cached(struct name_cache *cache, struct names *names, struct text t);

#endif
