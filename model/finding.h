/* A finding: what happened, why we believe it, what to change on which side. Made by analysis/rules/. */
#ifndef IKESCOPE_MODEL_FINDING_H
#define IKESCOPE_MODEL_FINDING_H

#include "model/sa.h"

enum confidence { CONFIDENCE_UNKNOWN, CONFIDENCE_POSSIBLE, CONFIDENCE_LIKELY, CONFIDENCE_CERTAIN };
const char *confidence_name(enum confidence c);

struct finding_line { /* a quoted line, or a line of advice (text alone) */
    struct finding_line *next;
    struct text text;
    uint32_t input, place; /* place 0: no place */
    bool packet;
};

struct finding {
    struct finding *next;
    uint32_t number;  /* from 1: "f1" */
    const char *rule; /* "auth-psk-mismatch" */
    uint8_t severity, confidence;
    uint16_t rank; /* among equals: a cause before its effects; lower first */
    struct text title, cause;
    struct finding_line *fix_initiator, *fix_responder;
    struct finding_line *fix_here, *fix_peer; /* where nothing tells who initiated: at the end that wrote the log, at the other */
    struct party here, peer;                  /* those two ends */
    struct finding_line *evidence, *config;
    struct ike_sa *ike_sa; /* NULL: of the whole report */
    struct child_sa *child_sa;
    uint32_t count;
    int64_t first_ns, last_ns; /* by the observer's clock; TIME_UNKNOWN where none tells */
    struct stamp first, last;
};

#endif
