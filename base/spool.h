/*
 * Takes records in any order and gives them back in the order of their keys. They are sorted in memory while they fit there, else
 * in sorted runs that are written to a file without a name and merged. Of two with equal keys, the one put first comes first.
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

/* spool_create keeps `held` octets in memory. Its file is opened here, in the temporary folder ($TMPDIR, /tmp), since nothing may
 * be opened later (base/sandbox.h); if that fails, it is an error only once there is more than memory holds. */
struct spool *spool_create(size_t held);
/* spool_move has the file made in the folder of this path instead, which is known to have room. Before anything is put. */
void spool_move(struct spool *s, const char *beside);
/* spool_put copies the octets. A failed write is remembered and reported by spool_give(). */
void spool_put(struct spool *s, struct spool_key key, struct bytes octets);
/* spool_give hands all records over in order, as views that are valid until take returns. False with err: some could not be kept.
 */
bool spool_give(struct spool *s, void (*take)(void *context, struct spool_key key, struct bytes octets), void *context,
                struct error *err);
void spool_destroy(struct spool *s); /* NULL allowed */

#endif
