/* Where each line of a router's log stands among the messages of an SA: before, at or after which of them. */
#ifndef IKESCOPE_REPORTERS_WALKTHROUGH_PLACE_H
#define IKESCOPE_REPORTERS_WALKTHROUGH_PLACE_H

#include "model/model.h"

enum walk_slot { WALK_BEFORE, WALK_MESSAGE, WALK_ARRIVAL, WALK_AFTER };
enum walk_who { WALK_SENDER, WALK_RECEIVER };

struct talk {                        /* an exchange, as the walkthrough goes through it */
    const struct exchange *exchange; /* NULL: only a log's packet that belongs to none */
    uint32_t message_id;
    uint8_t type, from; /* enum exchange_type, enum side */
    bool told[2][2];    /* [response][who]: that end's log shows it */
};

struct placed { /* a line of a log, and where it belongs */
    const struct kept_event *event;
    uint32_t talk; /* index into talks */
    bool response;
    uint8_t who, slot, side;
};

struct talks {
    struct talk *at;
    size_t count, room;
    struct placed *lines;
    size_t line_count, line_room;
    uint32_t left_out;
};

/* talks_of places the events of one SA; events in the order of the inputs, owned by the caller. Free with talks_clear. */
void talks_of(struct talks *t, const struct ike_sa *sa, const struct kept_event *const *events, size_t count);
void talks_clear(struct talks *t);
/* walk_begins: does a router turn to the request of such an exchange with this event? */
bool walk_begins(unsigned exchange, const struct event *e);

#endif
