/*
 * IKE fragments (RFC 7383): pieces are authenticated and decrypted one by one; this collects their plaintexts until a
 * message is whole. Keyed by SPIs, message id and direction, never by addresses; any order, repeated pieces welcome.
 * A greater total restarts the set, a smaller one is refused (section 2.6). The number of sets is limited; the one
 * touched longest ago makes room.
 */
#ifndef IKESCOPE_DECODER_FRAGMENTS_H
#define IKESCOPE_DECODER_FRAGMENTS_H

#include "base/limits.h"
#include "decoder/ike.h"

struct fragments;

struct whole {
    uint8_t first; /* type of the first payload, from piece 1 */
    uint8_t fragments;
    uint32_t length;        /* sum of the pieces' IKE lengths */
    struct bytes plaintext; /* valid until the next call */
};

enum fragment_result {
    FRAGMENT_REFUSED,  /* impossible numbers, or a total smaller than one seen before */
    FRAGMENT_WAITING,  /* taken; more are missing */
    FRAGMENT_COMPLETE, /* that was the last missing: *whole is filled */
    FRAGMENT_REPEATED  /* known already: a retransmission */
};

struct fragments *fragments_create(struct limits *limits); /* where it counts what had to make room, or was too much */
void fragments_destroy(struct fragments *f);
/* fragments_add takes one verified piece: m is its message (SPIs, message id, flags, length), s its sealed part,
 * plaintext what was inside, without padding. */
enum fragment_result fragments_add(struct fragments *f, const struct message *m, const struct sealed *s, struct bytes plaintext,
                                   struct whole *whole);
size_t fragments_waiting(const struct fragments *f); /* sets that are not complete */

#endif
