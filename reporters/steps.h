/*
 * An IKE SA as a flat list of steps that can be drawn: messages, the states that each end passes through, notable events,
 * pauses. Ladder, mermaid, plantuml, markdown, svg and html all draw this list, and none of them sorts or pairs anything.
 *
 * Each observer's entries keep their order (lines of a log, frames of a capture); observers are merged by aligned time,
 * and nothing that a router does after it received a message stands before that message was sent.
 */
#ifndef IKESCOPE_REPORTERS_STEPS_H
#define IKESCOPE_REPORTERS_STEPS_H

#include "model/model.h"

enum step_kind {
    STEP_MESSAGE = 1, /* an arrow */
    STEP_NOTE,        /* a notable event of one end, or of the wire (side SIDE_UNKNOWN) */
    STEP_STATES,      /* states after the last arrow or before a note, with no arrow of their own */
    STEP_END          /* what became of the SA */
};

enum { STEP_STATE_COUNT = 12 };

struct step_states { /* states that an end entered since the step before, oldest first */
    const char *names[STEP_STATE_COUNT];
    uint32_t count;     /* entered in all; beyond STEP_STATE_COUNT the middle is left out */
    const char *before; /* the state it was in; NULL unknown */
    const struct view *view;
    const struct transition *first, *last; /* the transitions behind it; NULL none */
};

struct step {
    uint8_t kind;     /* enum step_kind */
    uint8_t side;     /* enum side: sender of a message, author of a note */
    uint8_t severity; /* of a note; of a message that carries an error notify SEVERITY_ERROR */
    bool response;
    bool lost;     /* sent, and nobody on the other side saw it */
    bool answered; /* a request that was answered, as later message ids show, though no input shows the answer */
    bool unseen;   /* lost, and the other side's log was running then */
    bool has_t;
    int64_t t;     /* ns from the report's origin, aligned */
    int64_t pause; /* ns since the step before, 0 unknown or none */
    const struct exchange *exchange;
    const struct leg *leg;
    const struct message *message; /* leg->message; NULL where only its existence is known */
    uint32_t retransmissions;
    int64_t spread; /* ns from the first copy to the last, 0 unknown */
    const struct note *note;
    struct text text;      /* of a note, as printed */
    uint32_t times;        /* of a note: how often it stands there in a row */
    uint32_t input, place; /* where the sender's side (else anybody) shows it */
    uint32_t last_place;   /* of a note: where it stands last; a line that tells two things is one */
    bool packet;
    struct step_states states[2]; /* of the initiator, of the responder: entered before this step */
};

struct steps {
    struct step *at;
    size_t count;
    bool has_states[2]; /* a log of that end has transitions */
    bool has_view[2];
    int64_t latest; /* the latest of the steps' times, which decides how they are written (elapsed_print) */
    const struct ike_sa *sa;
};

struct steps_options {
    bool notes;         /* notable events too */
    uint8_t least_note; /* enum severity a note must have at least */
    int64_t pause;      /* ns; shorter pauses are not told; 0 means 2 s */
};

/* steps_of makes the list; it lives in the arena. */
struct steps steps_of(const struct model *m, const struct ike_sa *sa, struct steps_options o, struct arena *arena);
/* step_states_first: did the states of a step that follows a pause come before the pause (and not at its end)? */
bool step_states_first(const struct model *m, const struct step *s);

#endif
