/*
 * IKE fragments (RFC 7383): pieces are authenticated and decrypted one by one; this collects their plaintexts until a
 * message is whole. Sets are found by SPIs, message id and direction, never by addresses; pieces may come in any order and
 * more than once. A greater total restarts the set, a smaller one is refused (section 2.6). The number of sets is limited; the
 * one touched longest ago makes room.
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

struct fragments *fragments_create(struct limits *limits); /* borrowed: counts the limits that were reached */
void fragments_destroy(struct fragments *f);
/* fragments_add takes one verified piece and copies its plaintext, which is without padding. m is the message that carried it
 * (SPIs, message id, flags, length), ns its time, s its sealed part. */
enum fragment_result fragments_add(struct fragments *f, const struct message *m, int64_t ns, const struct sealed *s,
                                   struct bytes plaintext, struct whole *whole);

#endif
