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
    bool keep_going;          /* some inputs could not be read, and the rest was */
    struct error trouble;     /* why, for the first of those */
    bool quiet;
    const char *filter;    /* --filter: which frames are read; NULL: all */
    size_t open_to_others; /* how many key files others can read, and the first of them */
    const char *open_file;
};

/* run_inputs reads the keys, then all inputs, and finishes the analysis. needs: what the reporters want to be kept. False with
 * err: an error of usage, or nothing could be read at all. */
bool run_inputs(struct run *r, const struct invocation *i, struct options needs, struct error *err);
void run_clear(struct run *r);
/* run_found_ikev2: is there anything in the model that speaks of IKEv2 or IPsec? */
bool run_found_ikev2(const struct model *m);
/* run_tell_nothing warns of an empty report ("no IKE SA in 'x'"), and says so where --since, --until or --filter is the reason.
 */
void run_tell_nothing(const struct run *r, const char *nothing);
/* run_told: was this error printed already, when the input was read? */
bool run_told(const struct run *r, const struct error *err);
/* warn prints one line to standard error unless quiet. */
void warn(bool quiet, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
