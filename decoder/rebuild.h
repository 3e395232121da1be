/*
 * Puts a message together again from its facts, the reverse of decoder/ike.c: what a log's dump tells of a message becomes the
 * octets that were sent. The structure comes from the fields, octets from where the dump prints them as hex; what it only counts
 * ("Auth data: 32 bytes") becomes zeros, and those are counted.
 *
 * What stood in SK is written in the clear behind the header, as ASA's own `capture type isakmp` does, since no log has the
 * sealed octets.
 */
#ifndef IKESCOPE_DECODER_REBUILD_H
#define IKESCOPE_DECODER_REBUILD_H

#include "model/message.h"

struct rebuilt {
    uint32_t zeros;      /* zero octets in the place of those that the dump does not print */
    bool opened;         /* its payloads stood in SK */
    const char *missing; /* where it cannot be done: the notation of the payload at fault; else NULL */
};

/* message_rebuild appends the IKE message to out and says in *r how faithful it is. False, with out as it was, when the payloads
 * are not known, when one of them means nothing without its octets (KE, Nonce), or when its fields do not fit its length. */
bool message_rebuild(const struct message *m, struct buffer *out, struct rebuilt *r);

/* datagram_put appends an IPv4 or IPv6 packet with a UDP datagram of an IKE message; on port 4500 with the non-ESP marker (RFC
 * 3948 section 2.2). An unknown address is 0.0.0.0 or ::, an unknown port 500. */
void datagram_put(struct endpoint source, struct endpoint destination, struct bytes ike, struct buffer *out);

#endif
