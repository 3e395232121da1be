/*
 * A message put together again from its facts, the reverse of decoder/ike.c: what a log's dump tells of a message, as the octets
 * that were sent. Structure comes from the fields; what a dump prints as hex comes from there; what it only counts
 * ("Auth data: 32 bytes") becomes zeros, and those are counted.
 *
 * What stood in SK is written in the clear behind the header, as ASA's own `capture type isakmp` does: the sealed octets are in
 * no log.
 */
#ifndef IKESCOPE_DECODER_REBUILD_H
#define IKESCOPE_DECODER_REBUILD_H

#include "model/message.h"

struct rebuilt {
    uint32_t zeros;      /* octets that stand for others which nobody printed */
    bool opened;         /* its payloads stood in SK */
    const char *missing; /* notation of the payload for which it cannot be done; NULL when done */
};

/* message_rebuild appends the IKE message to out and says how true it is; false, with out as it was, when the payloads are not
 * known, or one of them is nothing without its octets (KE, Nonce), or its fields do not fit its length. */
bool message_rebuild(const struct message *m, struct buffer *out, struct rebuilt *r);

/* datagram_put appends an IPv4 or IPv6 packet with a UDP datagram of an IKE message; on port 4500 with the non-ESP marker (RFC
 * 3948 section 2.2). An unknown address is 0.0.0.0 or ::, an unknown port 500. */
void datagram_put(struct endpoint source, struct endpoint destination, struct bytes ike, struct buffer *out);

#endif
