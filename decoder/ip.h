/* IPv4 and IPv6 headers: lengths, addresses, extension headers, fragments. */
#ifndef IKESCOPE_DECODER_IP_H
#define IKESCOPE_DECODER_IP_H

#include "decoder/link.h"
#include "model/address.h"

struct ip {
    struct bytes packet;  /* from the header on, cut to the packet's own length: link padding is not in it */
    struct bytes payload; /* behind all headers, as far as captured */
    struct bytes source, destination;
    size_t missing;         /* octets of the payload that were not captured */
    size_t header;          /* octets before the payload */
    size_t fragment_header; /* IPv6: where the fragment header stands, 0 none */
    size_t naming;          /* offset of the octet that names the payload's protocol (of a fragment: names the fragment header) */
    uint32_t id;            /* of a fragment */
    uint32_t offset;        /* of a fragment's payload, octets */
    uint8_t version, protocol;
    bool fragment, more;
    bool cut; /* the headers themselves are not all there */
};

/* ip_read reads a packet's headers; false when they contradict themselves, or are not all there (then cut is set). */
bool ip_read(enum network network, struct bytes octets, struct ip *ip);

#endif
