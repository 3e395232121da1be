/*
 * Captures: reading them through a filter, and writing them. The door to libpcap, whose filter language and file writer are used;
 * the reading itself is done by decoder/blocks.c, which opens what libpcap refuses, a stretch at a time (decoder/stretch.h).
 */
#ifndef IKESCOPE_DECODER_CAPTURE_H
#define IKESCOPE_DECODER_CAPTURE_H

#include "base/spool.h"
#include "decoder/stretch.h"
#include "model/model.h"

struct capture;

/* capture_open gives NULL with err when it is not a capture or the filter (NULL: none) does not compile. Damage is recorded as
 * troubles of the input. */
struct capture *capture_open(struct model *model, uint32_t input, struct source *from, const char *filter, struct error *err);
/* capture_filter_taken: does the expression compile for any link type? False with err where it does not. */
bool capture_filter_taken(const char *expression, struct error *err);
/* capture_cut cuts the next stretch, and touches nothing but the file and the stretch: any thread may call it, one at a time.
 * False where it is the last one; it may then be empty. */
bool capture_cut(struct capture *c, struct stretch *s);
/* capture_next gives the first frame of a stretch from *at on that passes the filter, and moves *at behind it; what happened
 * before it is recorded. NULL at the stretch's end. */
const struct captured *capture_next(struct capture *c, const struct stretch *s, size_t *at);
void capture_close(struct capture *c); /* says what was damaged; NULL allowed */

/* A capture of IP packets in order of time, written under a temporary name and renamed when it is complete. */
struct capture_writer;

/* capture_create opens the file ("-" is standard output); NULL with err where it cannot. The spool keeps the packets until all
 * are there and in order; the writer owns it from now on, and destroys it also when it fails. */
struct capture_writer *capture_create(const char *path, struct spool *order, struct error *err);
/* capture_put takes IP packets in any order. ns: since 1970, UTC; of two with the same time the one with the smaller place (frame
 * or line) comes first. */
void capture_put(struct capture_writer *w, int64_t ns, uint32_t place, struct bytes ip);
bool capture_finish(struct capture_writer *w, struct error *err); /* writes, closes, renames, frees */
void capture_abandon(struct capture_writer *w);                   /* leaves no file; NULL allowed */

#endif
