/*
 * A frame's way inwards: what the stages behind decoder/frames.c share. Each stage looks at the octets it is given and returns
 * the class of the frame (enum packet_class), or CLASS_WAITING when the frame is part of something that waits for more.
 */
#ifndef IKESCOPE_DECODER_INWARD_H
#define IKESCOPE_DECODER_INWARD_H

#include "base/arena.h"
#include "base/limits.h"
#include "decoder/datagrams.h"
#include "decoder/frames.h"

enum { CLASS_WAITING = PACKET_CLASS_COUNT }; /* beyond enum packet_class */

struct streams;

struct frames {
    struct model *model;
    struct frames_options options;
    struct frame_taker taker;
    struct frames_counts counts;
    struct datagrams *datagrams;
    struct streams *streams;
    struct arena *learned_arena;
    struct map learned;        /* UDP endpoint pairs seen to carry IKE on other ports: key pair_key */
    struct frame_list scratch; /* of the message that a TCP stream hands over */
    struct relay *relay;
    bool ahead;               /* each frame is looked at before its turn */
    struct capture *capture;  /* being read */
    uint32_t input;           /* of that */
    uint32_t first_truncated; /* frame; 0 none in this input */
    uint64_t truncated;       /* in this input */
    uint32_t smallest_cut;    /* captured octets of the first truncated frame */
};

struct sight {
    struct frames *f;
    const uint32_t *frames; /* that brought what is looked at */
    uint32_t frame_count;
    uint32_t frame, captured; /* the last of them, and its length in the file */
    uint32_t place;           /* in its stretch */
    int64_t ns;
    bool cut; /* octets are missing at the end: nothing can be malformed for lack of them */
    bool from_fragments;
    uint8_t tunnels, depth;
};

/* count_frames counts n frames in a class. */
void count_frames(struct frames *f, enum packet_class class, uint32_t n);
/* short_of is the class of a frame that lacks octets which its headers promise. */
static inline unsigned short_of(const struct sight *s)
{
    return s->cut ? PACKET_OTHER : PACKET_MALFORMED;
}

unsigned network_inward(struct sight *s, enum network network, struct bytes octets);
/* tunnel_inward goes on inside a tunnel, its header taken off. */
unsigned tunnel_inward(struct sight *s, enum network network, const struct cursor *c);

/* The stages: an IP packet's payload. */
unsigned udp_inward(struct sight *s, const struct ip *ip);
unsigned tcp_inward(struct sight *s, const struct ip *ip);
unsigned icmp_inward(struct sight *s, const struct ip *ip);
unsigned gre_inward(struct sight *s, const struct ip *ip);

/* udp_glance finds the ESP packet in a whole UDP datagram of port 4500, by that datagram alone, if one is there. */
void udp_glance(const struct sight *s, const struct ip *ip, struct glance *g);
/* The tunnels over UDP; false when it is none of them. missing: octets of the content that the snap length cut off. */
bool udp_tunnel_inward(struct sight *s, uint16_t port, struct bytes content, size_t missing, unsigned *class);

/* The ends: what an IPsec packet holds. missing: octets that the snap length cut off. */
struct packet packet_of(const struct sight *s, const struct ip *ip, enum encap encap, uint16_t source_port,
                        uint16_t destination_port, size_t missing);
unsigned give_ike(const struct sight *s, struct packet *p, struct bytes message);
unsigned give_esp(const struct sight *s, struct packet *p, struct bytes esp);
unsigned give_keepalive(const struct sight *s, struct packet *p);

/* ike_unmistakable: does the header alone show that this is an IKE message (RFC 7296 section 3.1, RFC 2408 section 3.1)? Its
 * length must be that of the octets and the missing ones together, or, with loose, not more. */
bool ike_unmistakable(struct bytes octets, size_t missing, bool loose);
/* ike_in_udp is the IKE message in a UDP datagram, which may end anywhere; empty where there is none. */
struct bytes ike_in_udp(struct bytes udp);
bool is_ike_port(const struct frames *f, uint16_t port); /* 500, 4500 or one that was given */

#endif
