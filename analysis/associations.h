/*
 * Which IKE SA does an event speak of? Lines are bound by SPI pair, SA id, session id, message id and adjacency, in
 * that order of trust. An SA is known by its SPIs; SA ids and session ids are slots that devices reuse, so they only
 * bind lines that carry no SPI, and a slot follows the SPIs that were last printed with it.
 */
#ifndef IKESCOPE_ANALYSIS_ASSOCIATIONS_H
#define IKESCOPE_ANALYSIS_ASSOCIATIONS_H

#include "analysis/questions.h"
#include "model/model.h"

struct slot {        /* what an SA id or session id of one observer stands for now */
    uint64_t key[2]; /* observer, and kind and number */
    struct ike_sa *sa;
};

enum { WAITING_MESSAGES = 4, OFFERED = 4 };

struct offered { /* what an initiator is about to offer in an SA that has no name yet */
    uint32_t sa_id;
    uint64_t event;
    struct printed_offer ike;
};

struct datagram { /* a message that a line names, and that may be dumped behind it (datagrams.h); line 0: none */
    struct ike_sa *sa;
    struct view *view;
    struct spi spi_i, spi_r;
    struct endpoint local, remote;
    struct stamp time;
    uint32_t message_id, input, device, line, lines;
    uint8_t exchange, direction;
};

struct named_early { /* names that an initiator tells before its SA (named.h); line 0: none */
    uint32_t line;
    uint64_t event;
    struct text keyring, block, policy;
    bool mixed; /* of more than one attempt */
};

struct observer { /* a router inside an input: lines without any id bind next to its last SA */
    uint64_t key[1];
    struct ike_sa *last;
    uint64_t last_event; /* the number, over all events, of the one that named it */
    int64_t last_ns;
    bool names_spis;                      /* an SPI was printed: SAs are known by them */
    bool opened_slots;                    /* before that, SAs were known by their slots alone */
    uint32_t slot_sa_id, slot_session_id; /* what the newest slots stand for, so that most lines need no look-up */
    struct ike_sa *slot_sa;
    struct note *pending, *pending_last; /* notable events of an attempt whose SPIs were not printed yet */
    uint32_t pending_count, pending_line;
    struct { /* messages that came before their SA had any id in the log, or before their SA ID had SPIs */
        struct event *event;
        struct kept_event *kept; /* its copy for the formats that list events, or NULL */
    } waiting[WAITING_MESSAGES];
    unsigned waiting_count;
    struct datagram datagram, datagram_before;
    struct offered offered[OFFERED]; /* a ring */
    unsigned offered_next;
    struct questions questions;
    uint32_t restarts;     /* how often it says that it was started anew … */
    uint32_t restart_line; /* … and where last; 0: nowhere */
    int64_t unnamed_ns;    /* of an end that named nobody, and that no line has named since; TIME_UNKNOWN: none */
    struct address key_of; /* whose pre-shared key it looked up last: the peer's address, where nothing else tells it */
    uint64_t key_event;
    struct named_early named;
};

struct peers { /* SAs of syslog lines that name only addresses */
    uint8_t key[2 * sizeof(struct address) + sizeof(uint32_t)];
    struct ike_sa *sa;
    struct ike_sa *before; /* the one that was up when this one began */
};

/* LATELY: what the maps were last asked for is kept by a few bits of the key, so that SAs that talk at once are not looked up
 * again for each line. */
enum { LATELY = 64, LAST_MADE = 64, LET_GO = 64, HISTORY = 8 };

struct let_go { /* the SPIs of an SA that was let go, by which lines that come late are recognised */
    uint64_t spi_i, spi_r;
};

struct associations {
    struct model *model;
    struct map by_spi; /* spi_i value -> newest struct spi_bucket */
    struct map slots, observers, by_peer;
    struct observer *recent_observer;
    struct spi_bucket *late_buckets[LATELY];
    struct slot *late_slots[LATELY];
    struct ike_sa *recent[LAST_MADE]; /* a ring of those made last */
    uint32_t made, quiet;            /* how many were made, and how many of these were condensed because enough others followed */
    struct let_go let_go[LET_GO];    /* a ring, for streams alone (analysis/forget.h) */
    struct ike_sa *history[HISTORY]; /* a ring of the last ones let go, which show what happens again and again */
    uint32_t let_go_count, history_count;
    bool several; /* the last event answers a question that more than one SA has asked, so it belongs to none for now */
    bool late;    /* the last event was about an SA that was let go */
};

struct spi_bucket {
    uint64_t key;
    struct ike_sa *sas[8]; /* one I_SPI can get several R_SPIs (a responder that lost its state); newest last */
    uint32_t count;
};

void associations_init(struct associations *a, struct model *model);
void associations_clear(struct associations *a);
void associations_new_input(struct associations *a); /* slots do not outlive an input */
/* associations_bind finds the event's SA, or makes it when the event shows a new one, and says how it is bound; NULL: the event
 * belongs to none. o: its observer, NULL for a capture. */
struct ike_sa *associations_bind(struct associations *a, struct observer *o, const struct event *e, enum binding *how);
/* associations_near: does the event stand so near behind the last one that named an SA that it is about the same one? now: events
 * so far. */
bool associations_near(const struct observer *o, const struct event *e, uint64_t now);
/* associations_strange: is it about packets (invalid SPIs, what a filter dropped) of another host than this SA's ends? unknown is
 * the answer where the SA names no end yet. */
bool associations_strange(const struct ike_sa *sa, const struct view *v, unsigned code, const struct fact *facts, bool unknown);
/* associations_named notes that this event named the observer's last SA. */
static inline void associations_named(struct observer *o, const struct event *e, uint64_t now)
{
    o->last_event = now;
    o->last_ns = e->time.kind ? e->time.ns : TIME_UNKNOWN;
}
/* associations_find looks an SA up by its SPIs without making one. */
struct ike_sa *associations_find(struct associations *a, struct spi spi_i, struct spi spi_r);
/* associations_make makes one, which the model owns. NULL: LIMIT_IKE_SAS is reached. */
struct ike_sa *associations_make(struct associations *a, struct spi spi_i, struct spi spi_r, uint32_t input);
void associations_file(struct associations *a, struct ike_sa *sa); /* by its SPIs */
/* associations_quiet, called between two events, condenses the SAs that enough others were made after (analysis/condense.h). */
void associations_quiet(struct associations *a);
/* associations_waits: is it a message whose SA will be named only by a later event? */
bool associations_waits(const struct event *e);
/* associations_forget drops the slots of an event whose SA, .sa, was deleted. */
void associations_forget(struct associations *a, const struct event *e, const struct ike_sa *sa);
/* associations_observer is whoever told of the event: one an input and router, made when first heard. sa_view is what that one
 * shows of an SA, made likewise. Neither is ever NULL. */
struct observer *associations_observer(struct associations *a, const struct event *e);
struct view *sa_view(struct model *m, struct ike_sa *sa, const struct event *e);
/* sa_view_seen is the same where it was made before, else NULL. */
static inline struct view *sa_view_seen(const struct ike_sa *sa, const struct event *e)
{
    for (struct view *v = sa->views; v; v = v->next)
        if (v->input == e->input && v->device == e->device)
            return v;
    return NULL;
}
static inline bool sa_is_up(const struct ike_sa *sa)
{
    return sa->established && !sa->deleted;
}
/* sa_still_here is NULL of one that was let go. */
static inline struct ike_sa *sa_still_here(struct ike_sa *sa)
{
    return sa && !sa->gone ? sa : NULL;
}

#endif
