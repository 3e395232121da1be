/*
 * What becomes of a log that is rotated away: the files beside its path. They are named as it with more behind (log.1,
 * log-20250131, log.old), or with more before its ending (router-20250131.log).
 */
#ifndef IKESCOPE_CLI_ROTATED_H
#define IKESCOPE_CLI_ROTATED_H

#include "cli/follow.h"

/* rotated_find opens the file beside the path that begins as `file` did and has that many octets at least; -1: there is none. */
int rotated_find(const char *path, const struct follow_file *file, uint64_t length);
/* rotated_next opens the file that stood at the path after the one that is read and was rotated away as well: the oldest that
 * was written to later than that and is none of those known. -1: there is none, what stands at the path comes next. *lost: one
 * on the way is packed, or may not be read. */
int rotated_next(const struct follow *f, bool *lost);

#endif
