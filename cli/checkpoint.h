/*
 * A stream's checkpoint: how far each input was read, from where its open episodes can be read again, and where each
 * device's reading goes on. Written by rename, so that a kill leaves the former one.
 */
#ifndef IKESCOPE_CLI_CHECKPOINT_H
#define IKESCOPE_CLI_CHECKPOINT_H

#include "base/error.h"
#include "cli/stream.h"

struct checkpoint;

struct checkpoint_place { /* an input */
    const char *path;     /* NULL: standard input */
    uint64_t inode, offset;
};

/* checkpoint_read gives NULL with err when the text is no checkpoint. What stands in it is checked like any input. */
struct checkpoint *checkpoint_read(struct text t, struct error *err);
void checkpoint_free(struct checkpoint *c);
/* checkpoint_replay is where the file is to be read from: its open episodes' beginning, if it is still that file; else 0. */
uint64_t checkpoint_replay(const struct checkpoint *c, const char *path, uint64_t inode);
/* checkpoint_resume tells the stream where each device of the one input goes on. */
void checkpoint_resume(const struct checkpoint *c, struct stream *s);
void checkpoint_write(const char *path, const struct checkpoint_place *places, size_t count, struct stream *s);

#endif
