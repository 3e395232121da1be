/*
 * The annotated walkthrough of an IKE SA: what each router does there in plain words, the lines of its debug that show it,
 * and the lines of its configuration that are at work. Three columns: the initiator, the exchange, the responder.
 *
 * It rests on the exchanges: each message has a sender and a receiver, and what a router logs before, at and after a
 * message belongs to a step of it. Which step, and what is said of it, stands in walkthrough.def; nothing here knows
 * a sample.
 */
#ifndef IKESCOPE_REPORTERS_WALKTHROUGH_H
#define IKESCOPE_REPORTERS_WALKTHROUGH_H

#include "base/sink.h"
#include "model/model.h"

struct walk_line { /* a line of a router's log */
    struct walk_line *next;
    struct text text;
    uint32_t input, place, lines;
    uint8_t severity, side;
    bool packet;
};

struct walk_config { /* an object of a configuration */
    struct walk_config *next;
    const struct record *record;
};

struct walk_cell { /* what one router does; key NULL: nothing here */
    const char *key, *title, *said;
    struct text more; /* what this very message holds, or empty */
    struct walk_config *config;
    uint8_t severity; /* the worst of its lines */
};

enum walk_arrow { WALK_NO_ARROW, WALK_TO_RESPONDER, WALK_TO_INITIATOR };

struct walk_row {
    struct walk_cell cells[2]; /* of the initiator, of the responder */
    struct walk_line *lines, *lines_last;
    uint32_t line_count;
    uint8_t arrow; /* enum walk_arrow: below the lines */
    bool lost;
    uint32_t retransmissions;
    const struct exchange *exchange;
    bool response;
    struct text label; /* of the arrow: "IKE_AUTH request" */
};

struct walk {
    struct walk_row *at;
    size_t count;
    uint32_t left_out; /* messages for which there was no room */
};

/* A walker knows which events belong to which SA; one serves all SAs of a model. */
struct walker;
struct walker *walker_create(const struct model *m);
void walker_destroy(struct walker *w);
struct walk walk_of(const struct walker *w, const struct ike_sa *sa, struct arena *arena);

/* walk_heading: over the column of the initiator (false) or responder; where nobody said who is which, of this end or the other.
 */
const char *walk_heading(const struct ike_sa *sa, bool responder);

/* config_web: what names what in the configurations, made once and asked for each step of each SA. It lives in the arena, but for
 * what config_web_clear() gives back. */
struct config_web;
struct config_web *config_web_create(const struct model *m, struct arena *arena);
void config_web_clear(struct config_web *w);
/* walk_configs: the objects of these kinds (words parted by blanks) that this end's configuration uses towards its peer. */
struct walk_config *walk_configs(struct config_web *w, const struct party *own, const struct party *peer, const char *kinds,
                                 struct arena *arena);

/* walkthrough_markdown writes the walkthrough of an SA as a table; nothing where there is none. */
void walkthrough_markdown(const struct walker *w, const struct model *m, const struct ike_sa *sa, struct sink *out);

#endif
