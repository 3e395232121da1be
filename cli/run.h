/* The flow, on one screen: inputs to events to SAs to findings. Every command that reads inputs runs through here. */
#ifndef IKESCOPE_CLI_RUN_H
#define IKESCOPE_CLI_RUN_H

#include "analysis/analysis.h"
#include "cli/options.h"
#include "decoder/decoder.h"
#include "model/model.h"

struct run {
    struct model *model;
    struct plain_taker plain; /* set before run_inputs: `decrypt` */
    bool keys_suffice;        /* set before run_inputs: key files alone are enough (`keys`) */
    bool keep_going;          /* some inputs could not be read; the rest was */
    struct error trouble;     /* the first of those */
    bool quiet;
    const char *filter;    /* of frames, NULL none */
    size_t open_to_others; /* key files that others can read, and the first of them */
    const char *open_file;
};

/* run_inputs reads the keys, then all inputs, and finishes the analysis. False with err: usage, or nothing could be
 * read at all. needs says what the reporters want kept. */
bool run_inputs(struct run *r, const struct invocation *i, struct options needs, struct error *err);
void run_clear(struct run *r);
/* run_found_ikev2: is there anything in the model that speaks of IKEv2 or IPsec? */
bool run_found_ikev2(const struct model *m);
/* run_tell_nothing warns of an empty report ("no IKE SA in 'x'"), and of the window of time, or the filter, where that is
 * why. */
void run_tell_nothing(const struct run *r, const char *nothing);
/* run_told: was this said already, when the input was read? */
bool run_told(const struct run *r, const struct error *err);
/* warn prints one line to standard error unless quiet. */
void warn(bool quiet, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
