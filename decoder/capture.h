/*
 * A capture: records, filtered; and captures written. The door to libpcap: its filter language, and its file writer.
 * Reading is done by decoder/blocks.c, which opens what libpcap refuses.
 */
#ifndef IKESCOPE_DECODER_CAPTURE_H
#define IKESCOPE_DECODER_CAPTURE_H

#include "base/spool.h"
#include "decoder/blocks.h"
#include "model/model.h"

struct capture;

/* capture_open: NULL with err when it is no capture or the filter (NULL: none) does not compile. Damage is recorded as
 * troubles of the input. */
struct capture *capture_open(struct model *model, uint32_t input, struct source *from, const char *filter, struct error *err);
/* capture_filter_taken: does the expression compile for any link type? False with err. */
bool capture_filter_taken(const char *expression, struct error *err);
void capture_keep(struct capture *c, struct keeper keeper); /* as blocks_keep() */
bool capture_next(struct capture *c, struct captured *r);   /* false at the end */
void capture_close(struct capture *c);                      /* says what was damaged; NULL allowed */

/* A capture of IP packets in order of time, written under a temporary name and renamed when it is complete. */
struct capture_writer;

/* capture_create: "-" is standard output. The spool is what keeps the packets until the order of all is known; it is the writer's
 * from now on, also where there is none (NULL with err). */
struct capture_writer *capture_create(const char *path, struct spool *order, struct error *err);
/* capture_put takes packets in any order: ns since 1970; place, frame or line, tells which of two at the same time comes first.
 */
void capture_put(struct capture_writer *w, int64_t ns, uint32_t place, struct bytes ip);
bool capture_finish(struct capture_writer *w, struct error *err); /* writes, closes, renames, frees */
void capture_abandon(struct capture_writer *w);                   /* leaves no file; NULL allowed */

#endif
