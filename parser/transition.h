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

/* transition_scan reads one at the start of *t and takes it off. Partial: it begins like one and the text ends before it
 * does. The usual spacing is read by a straight scanner; whatever pages make of it, by a patient one. */
enum transition_scan transition_scan(struct text *t, struct transition_line *out);

/* Lines of one burst begin alike, up to the state: the last one's octets and what they meant; and the ends of lines,
 * "STATE Event: EV_NAME", are few: found again by their octets. A zeroed cache is valid. */
enum { TRANSITION_HEAD = 160, TAIL_SLOTS = 1024, TAIL_LENGTH = 72 };
struct transition_tail {
    char at[TAIL_LENGTH];
    size_t len;
    const char *state, *event; /* interned */
};
struct transition_cache {
    char at[TRANSITION_HEAD]; /* prefix, tag, SPIs, role, message id: all in front of the state */
    size_t len;
    struct transition_line line;
    struct transition_tail tails[TAIL_SLOTS];
};
/* transition_again: does the line begin as the cached one did, and end as a transition? */
struct name_cache;
bool transition_again(struct transition_cache *cache, struct text t, struct name_cache *known, struct names *names,
                      const char **state, const char **event);
/* transition_keep keeps what a line, read the long way, begins with. */
void transition_keep(struct transition_cache *cache, struct text whole, const struct transition_line *line);

/* The names of states and events are few: found again by their octets, without hashing them all. */
enum { NAME_SLOTS = 512 };
struct name_cache {
    const char *names[NAME_SLOTS];
    uint8_t lengths[NAME_SLOTS];
};
const char *name_cached(struct name_cache *cache, struct names *names, struct text t);

#endif
