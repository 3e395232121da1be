/*
 * Records put in any order and given back in that of their keys: sorted while they fit into memory, and where they do not, in
 * runs of a file that has no name any more, which are merged. Of two whose keys are the same, the one put first comes first.
 */
#ifndef IKESCOPE_BASE_SPOOL_H
#define IKESCOPE_BASE_SPOOL_H

#include "base/bytes.h"
#include "base/error.h"

struct spool;

struct spool_key { /* first decides before second */
    int64_t first;
    uint64_t second;
};

/* spool_create keeps so many octets in memory. Its file is opened here, in the temporary folder ($TMPDIR, /tmp), since nothing
 * may be opened later (base/sandbox.h); where that cannot be, it is trouble once there is more than memory holds. */
struct spool *spool_create(size_t held);
/* spool_move, before anything is put: the file is in the folder of this path instead, which has room for as much. */
void spool_move(struct spool *s, const char *beside);
/* spool_put copies the octets. What cannot be written is kept in mind and told by spool_give(). */
void spool_put(struct spool *s, struct spool_key key, struct bytes octets);
/* spool_give hands all of them over, in order, views that hold until take returns. False with err: not all could be kept. */
bool spool_give(struct spool *s, void (*take)(void *context, struct spool_key key, struct bytes octets), void *context,
                struct error *err);
void spool_destroy(struct spool *s); /* NULL allowed */

#endif
