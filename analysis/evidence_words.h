/*
 * Finds records of a router by a word that stands in them. A hub's configuration has a crypto map entry, a tunnel or a group for
 * each of ten thousand peers, and each SA asks for its own.
 */
#ifndef IKESCOPE_ANALYSIS_EVIDENCE_WORDS_H
#define IKESCOPE_ANALYSIS_EVIDENCE_WORDS_H

#include "model/model.h"

enum word_place {
    WORD_INTERFACE,     /* an interface's name: in any case, with or without blanks */
    WORD_NAMEIF,        /* … and what an ASA calls it */
    WORD_CARRIED,       /* the crypto map that an interface carries */
    WORD_BOUND,         /* the crypto map that a crypto-map-binding is of */
    WORD_DYNAMIC,       /* the dynamic map that a crypto map's entry names */
    WORD_MAP_PEER,      /* a peer of a crypto map's entry */
    WORD_DYNAMIC_PEER,  /* … of a dynamic map's entry; empty where that has no peers */
    WORD_TUNNEL_PEER,   /* where a tunnel interface with protection leads; empty where it leads to anybody */
    WORD_GROUP_ADDRESS, /* a tunnel-group that is called by an address */
};

struct worded {                 /* records that have it, in their order */
    struct worded *next, *last; /* last: in the first of them */
    const struct record *record;
};

/* words_first is the first record of a router (device 0: of any) with that word in that place; NULL: none. words_to is the same
 * for an address. */
const struct worded *words_first(const struct model *m, uint32_t device, enum word_place place, struct text word);
const struct worded *words_to(const struct model *m, uint32_t device, enum word_place place, struct address address);
/* words_earlier is that of the two records that stands earlier; NULL where both are NULL. */
const struct record *words_earlier(const struct worded *one, const struct worded *other);

/* ---- for evidence_index.c ---- */

/* router 0: of any, where it stays. */
void words_enlist(const struct model *m, const struct record *r, uint32_t router);
void words_delist(const struct model *m, const struct record *r, uint32_t router);

#endif
