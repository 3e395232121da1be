/*
 * A stream's checkpoint: how far each input was read, from where its open episodes can be read again, and where reading goes on
 * for each device. It is written under another name and renamed, so a kill leaves the former one.
 */
#ifndef IKESCOPE_CLI_CHECKPOINT_H
#define IKESCOPE_CLI_CHECKPOINT_H

#include "base/error.h"
#include "cli/follow.h"
#include "cli/stream.h"

struct checkpoint;

struct checkpoint_input {
    const char *path; /* NULL: standard input */
    struct follow_place place;
    const struct stream *stream; /* that its lines go to */
};

/* checkpoint_read gives NULL with err when the text is not a checkpoint. Its contents are checked like any input. */
struct checkpoint *checkpoint_read(struct text t, struct error *err);
void checkpoint_free(struct checkpoint *c);
/* checkpoint_place says where this input was left; false where the checkpoint does not have it. */
bool checkpoint_place(const struct checkpoint *c, const char *path, struct follow_place *place);
/* checkpoint_resume tells the stream of this input where each device goes on. */
void checkpoint_resume(const struct checkpoint *c, const char *path, struct stream *s);
bool checkpoint_write(const char *path, const struct checkpoint_input *inputs, size_t count, struct error *err);

#endif
