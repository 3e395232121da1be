/*
 * Some of what a router prints about an SA has no id: what PKI says about a certificate, that no profile or no key was found,
 * that the identity is not the certificate's, that no crypto map fits. Each such line answers a question that an SA asked, and
 * the question has an id. So the SA that asked and has no answer yet is meant, and not the neighbour in the log.
 */
#ifndef IKESCOPE_ANALYSIS_QUESTIONS_H
#define IKESCOPE_ANALYSIS_QUESTIONS_H

#include "model/model.h"

enum question {
    QUESTION_PKI,      /* "[IKEv2 -> PKI] …" to "[PKI -> IKEv2] …" */
    QUESTION_PROFILE,  /* "Searching policy based on peer's identity": over when the SA itself goes on */
    QUESTION_KEY,      /* "Get peer's preshared key": over when a key is used */
    QUESTION_IDENTITY, /* the same search, of certificates: over when the peer's AUTH is verified, or is not */
    QUESTION_IPSEC,    /* "Processing IKE_AUTH message": does IPsec take what it asks for? Over when the SA goes on, or fails */
    QUESTIONS
};
enum { ASKERS = 4 };

struct questions { /* of one observer */
    struct {
        struct ike_sa *sa; /* NULL: none */
        uint64_t event;    /* the number, over all events, of the one that asked */
    } asked[QUESTIONS][ASKERS];
};

/* questions_follow takes note of what an event that was bound to the SA asks or answers. now: events so far. */
void questions_follow(struct questions *q, const struct event *e, struct ike_sa *sa, enum binding how, uint64_t now);
/* questions_answered is the SA whose question this event without an id answers; NULL where there is none, or, with *several,
 * where it is not clear which of several SAs is meant. */
struct ike_sa *questions_answered(const struct questions *q, const struct event *e, uint64_t now, bool *several);
void questions_forget(struct questions *q, const struct ike_sa *sa);
/* questions_settle gives answers that were not clear to the one SA that had asked and failed just behind them. */
void questions_settle(struct model *m);

#endif
