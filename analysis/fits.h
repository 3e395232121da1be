/*
 * Which of a router's profiles, or keys, fits a peer best: a hub has one for each of ten thousand peers, and each SA asks. What
 * an entry says of addresses, names and domains leads to it; how well it fits says who asks.
 */
#ifndef IKESCOPE_ANALYSIS_FITS_H
#define IKESCOPE_ANALYSIS_FITS_H

#include "model/model.h"

enum {
    FIT_ANY = 1,
    FIT_PREFIX = 2, /* and as much more as the range's ends have leading bits in common */
    FIT_DOMAIN = 100,
    FIT_HOST = 150,
    FIT_WORD = 200
};

struct fit {
    const struct record *record;
    const struct fact *group; /* of record, the member of the list that fits */
    uint32_t order;
};

struct fit_kind {
    const char *record, *list; /* the entries: members of that list, of records of that name */
    const char *identity;      /* where in an entry an identity is told; NULL: its members tell it themselves */
    const char *having;        /* an entry without this one does not count; NULL: all count */
    /* score: FIT_… of an entry's members, 0: it does not fit */
    unsigned (*score)(const struct fact *facts, const struct identity *id, struct address peer);
    /* serves: is an entry of that record for what comes to this address of the router? NULL: all are */
    bool (*serves)(const struct model *m, const struct record *record, struct address own);
};

/* fit_best is the entry that fits best, of those the first; title: of records of that title alone, empty: of all; own: the
 * router's address, ADDRESS_NONE: whatever an entry serves. NULL: none. */
const struct fit *fit_best(const struct model *m, uint32_t device, const struct fit_kind *kind, struct text title,
                           const struct identity *id, struct address peer, struct address own);
/* fit_sole is the only entry, or NULL. */
const struct fit *fit_sole(const struct model *m, uint32_t device, const struct fit_kind *kind, struct text title);
/* fit_narrowness: how many leading bits both ends of a range share. */
unsigned fit_narrowness(struct address start, struct address end);

#endif
