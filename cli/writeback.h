/*
 * Writes debug logs back as a capture: each message that a log prints becomes a datagram, with the addresses, ports and times
 * that the log names; and so does each message of a capture that was sealed and could be opened. How the octets are made is told
 * in decoder/rebuild.h.
 */
#ifndef IKESCOPE_CLI_WRITEBACK_H
#define IKESCOPE_CLI_WRITEBACK_H

#include "decoder/capture.h"

struct writeback {
    uint64_t messages; /* how many logs printed, copies included */
    uint64_t whole, opened, zeroed;
    uint64_t zeros;            /* octets of the zeroed ones that the log only counts */
    uint64_t sealed, unsealed; /* IKE messages of captures that were sealed, and those of them that were opened and written */
    uint64_t cut;              /* sealed ones that the capture cut short, so that no key opens them */
    uint64_t refused;          /* how many were not written … */
    const char *missing;       /* … and the payload that the first of them lacks */
    bool without_time, without_year, without_address;
};

/* writeback_put writes the messages of all logs, and the opened ones of captures; the model must hold payloads. */
void writeback_put(const struct model *m, struct capture_writer *to, struct writeback *w);
/* writeback_tell says on standard error what was written and what was not. */
void writeback_tell(const struct writeback *w, bool quiet);

#endif
