/*
 * Finds a log that was rotated away among the files beside its path. They have its name with more behind it (log.1, log-20250131,
 * log.old), or with more before its ending (router-20250131.log).
 */
#ifndef IKESCOPE_CLI_ROTATED_H
#define IKESCOPE_CLI_ROTATED_H

#include "cli/follow.h"

/* Both return a file descriptor, which the caller closes, or -1.
 * rotated_find opens the file beside the path that begins as `file` did and has at least `length` octets. */
int rotated_find(const char *path, const struct follow_file *file, uint64_t length);
/* rotated_next opens the file that stood at the path after the one that is being read, and that was rotated away as well: the
 * oldest that was written to later and is not yet known. -1: there is none, so the file at the path comes next. *lost: a file in
 * between is compressed or may not be read. */
int rotated_next(const struct follow *f, bool *lost);

#endif
