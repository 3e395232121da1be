/*
 * Two routers in one stream: a page on which both ends' logs were pasted together. They are told apart once one stream shows both
 * ends of one IKE_SA_INIT: from then on by the role letter of the state machine, and by what comes before it (the address by
 * which a key is looked up, a packet that is taken from the queue). A limited number of events wait for such a sign. A message
 * tells by its INITIATOR flag, and by whether it was sent or received, which end of the SA printed it; which router that end is
 * was seen before.
 */
#ifndef IKESCOPE_PARSER_ROUTERS_H
#define IKESCOPE_PARSER_ROUTERS_H

#include "model/event.h"

enum { ROUTER_SAS = 64, ROUTER_HELD = 64 };

struct router_sa {
    uint64_t spi_i;
    bool initiator, responder; /* its first states were seen from this end … */
    uint32_t device;           /* … of this device */
    uint8_t side_of[3];        /* by role letter (enum side): router 1 or 2; 0 not known */
};

struct router_slot { /* what a router calls SA ID n */
    uint32_t sa_id;
    uint8_t end[3]; /* by router: enum side of the IKE SA that it is; 0 not known */
};

enum router_wait { WAIT_NOT, WAIT_TRANSITION, WAIT_KEY };

struct routers {
    struct router_sa sas[ROUTER_SAS];
    struct router_slot slots[ROUTER_SAS];
    bool mixed;
    const char *last_state; /* of the last transition, to see at once that nothing new is told */
    uint64_t last_spi;
    uint8_t last_role;
    uint32_t devices[3];     /* [1] the first router, [2] the other */
    struct address peers[3]; /* by whose address each looks up its key */
    struct address last_key;
    uint64_t asking;    /* initiator SPI of an SA that this stream is building, 0 none */
    uint8_t first_side; /* who began the first SA */
    uint8_t speaker;    /* who printed the last entry: 1 or 2 */
    uint8_t wait;       /* enum router_wait */
    uint64_t held_spi;
    uint8_t held_role;
    struct arena *arena;
    struct event *held[ROUTER_HELD];
    unsigned held_count;
};

struct parser;

/* routers_take passes an event on, or keeps it until it is clear which router it is of. */
void routers_take(struct parser *p, struct event *event);
void routers_flush(struct parser *p);
void routers_clear(struct routers *r);

#endif
