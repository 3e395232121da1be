/*
 * What ESP and AH carry: whether a plaintext is plausible, its protocol and endpoints, and the packet that `decrypt` writes.
 */
#ifndef IKESCOPE_DECODER_INNER_H
#define IKESCOPE_DECODER_INNER_H

#include "decoder/decoder.h"
#include "decoder/frames.h"

enum { INNER_DUMMY = 59 /* RFC 4303 section 2.6 */, INNER_MOST = 16 /* kinds of content kept of one flow */ };

struct inner {
    uint8_t next_header; /* of the ESP trailer or AH header */
    uint8_t protocol;    /* of the innermost IP header; next_header in transport mode */
    bool tunnel;         /* an IP packet stands inside */
    bool dummy;
    bool tfc;                               /* traffic flow confidentiality padding behind it (RFC 4303 section 2.7) */
    bool odd_padding;                       /* not 1, 2, 3 ... */
    struct address source, destination;     /* tunnel: of the inner header */
    uint16_t source_port, destination_port; /* 0: none */
    struct bytes octets;                    /* the IP packet, or what stands behind the outer header; without TFC padding */
};

/* inner_read reads a plaintext with its ESP trailer. False: it makes no sense, so if the ICV fitted, the decryption key is
 * wrong. */
bool inner_read(struct bytes plaintext, struct inner *in);
/* inner_of takes content without a trailer, as AH has it. */
void inner_of(uint8_t next_header, struct bytes octets, struct inner *in);
/* inner_write gives the whole IP packet to the taker: tunnel mode as it is, transport mode behind a header rebuilt from the
 * outer one; what IPComp compressed with DEFLATE, inflated. */
void inner_write(const struct plain_taker *to, const struct packet *p, const struct inner *in);

struct inner_sum { /* one line of a flow's summary */
    uint64_t packets;
    struct address source, destination;
    uint8_t protocol;
};
struct inner_table {
    struct inner_sum *rows;
    uint32_t count, last;
    uint64_t more; /* packets of kinds beyond INNER_MOST */
};
void inner_count(struct inner_table *t, const struct inner *in);
struct fact *inner_facts(struct arena *arena, const struct inner_table *t);

#endif
