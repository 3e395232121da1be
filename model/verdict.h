/* What `check` concluded: one result for each rule and subject. Made by analysis/, printed by reporters/check/. */
#ifndef IKESCOPE_MODEL_VERDICT_H
#define IKESCOPE_MODEL_VERDICT_H

#include "model/model.h"

enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_UNDECIDED };
const char *verdict_name(enum verdict v); /* "pass", "fail", "undecided" */

struct place { /* a line or frame of an input; file as the user named it, relative where it can be */
    struct place *next;
    struct text file, text;
    uint32_t line; /* 0: none */
    bool packet;   /* line is a frame number */
};

struct check_result {
    struct check_result *next;
    const char *rule;           /* id of a finding's rule, or of one of the user's */
    struct text title, message; /* message: one sentence; where it is undecided, the reason */
    struct text advice;         /* what to do, one thing a line; may be empty */
    struct text meaning, help;  /* of the rule itself, whatever it found: what it means, what to do; may be empty */
    struct text subject;        /* "ike1", "child2", "192.0.2.1"; may be empty */
    struct text subject_key;    /* the subject in words that stay the same from run to run: peers, not SPIs or lines */
    enum severity severity;
    enum verdict verdict;
    bool suppressed, baselined; /* it does not count, for the reason in `suppression` */
    struct text suppression;
    struct place *places; /* the first is where it shows */
    struct place *flow;   /* the exchange, step by step, for SARIF's codeFlows */
    char fingerprint[33]; /* does not depend on line numbers */
};

struct check {
    struct check_result *results, *results_last;
    uint32_t passed, failed, undecided, suppressed;
    enum severity fail_on; /* SEVERITY_NONE: never */
    bool undecided_fails;
    enum verdict verdict; /* of the whole */
    struct text reason;   /* why undecided */
    const struct model *model;
};

#endif
