/*
 * The driver of a capture: reads its frames, peels link layers, tunnels and IP, puts fragments and TCP streams together,
 * and hands what IPsec is to a taker. Each frame is counted exactly once in input.packets, by its outermost meaning:
 *
 *   frame - link - ethertype - IP -.- fragments (the datagram, when its last piece came) - IP again
 *                    ^             |- GRE, IP-in-IP, ERSPAN, VXLAN: the packet inside, looked at like a frame
 *                    '-------------'
 *                                  |- UDP 500, 4500, ports given or learned, or unmistakable content   -> ike, esp, keepalive
 *                                  |- TCP with the framing of RFC 9329, reassembled                     -> ike, esp, keepalive
 *                                  |- ESP, AH                                                           -> esp, ah
 *                                  '- ICMP errors that quote one of these: counted as other             -> icmp
 *
 * A frame whose piece waits for others is counted once they have come, all of them in the class of the whole, or in the end as
 * `other`. What the taker is shown is borrowed until its function returns.
 */
#ifndef IKESCOPE_DECODER_FRAMES_H
#define IKESCOPE_DECODER_FRAMES_H

#include "base/source.h"
#include "decoder/foresight.h"
#include "model/model.h"

/* An IP packet's IPsec content, and where it came from. */
struct packet {
    int64_t ns; /* UTC, of the frame that completed it */
    uint32_t input;
    uint32_t frame;         /* the frame that completed it, from 1 */
    const uint32_t *frames; /* all frames that it came in, that one included, rising; frame_count of them, at least 1 */
    uint32_t frame_count;
    uint32_t place;                      /* of the frame that completed it, in its stretch: from 0 */
    uint32_t missing;                    /* octets of the content that the snap length cut off; 0 unless truncated */
    struct endpoint source, destination; /* of the innermost IP header outside of IPsec; ports 0 without UDP or TCP */
    uint8_t encap;                       /* enum encap: ENCAP_NONE, _UDP, _TCP */
    uint8_t ip_version;                  /* 4 or 6 */
    uint8_t tunnels;                     /* GRE, VXLAN, ... headers that were looked through */
    bool truncated;                      /* the snap length cut it: what is shown is only its beginning */
    bool from_fragments;                 /* put together from IP fragments */
    bool marker;                         /* IKE behind a non-ESP marker */
    struct bytes ip;  /* the whole IP packet from its header on, for the AH ICV; reassembled where fragmented */
    size_t ip_header; /* octets of it before the content's own protocol: IPv4 header, IPv6 with extension headers */
};

struct stamp packet_time(const struct packet *p);

/* A frame that is sure to hold a whole ESP packet, by its own headers alone. */
struct glance {
    struct packet packet;
    struct bytes octets; /* from the SPI on; empty: it is something else, or not sure */
};

enum quote_kind { QUOTE_NONE, QUOTE_IKE, QUOTE_ESP, QUOTE_AH, QUOTE_PORT /* UDP 500 or 4500, no octet of content quoted */ };

/* An ICMP error and the packet it quotes: a reason for silence, never traffic. */
struct quote {
    struct address reporter;             /* who sent the ICMP message; packet.source too */
    uint8_t ip_version, type, code;      /* of the ICMP message */
    uint8_t kind;                        /* enum quote_kind */
    uint8_t encap;                       /* enum encap of the quoted packet */
    uint32_t mtu;                        /* of "fragmentation needed" and "packet too big"; 0 otherwise */
    struct endpoint source, destination; /* of the quoted packet */
    struct bytes octets;                 /* of the IKE message, ESP or AH packet, as far as it was quoted; may be empty */
};

/* Each function may be NULL. ike, esp and ah return whether the content was well-formed: a false counts the frame as
 * malformed. A truncated packet's content may end anywhere, and is not malformed for that. */
struct frame_taker {
    bool (*ike)(void *context, const struct packet *p, struct bytes message); /* at least 28 octets; may be followed by padding */
    bool (*esp)(void *context, const struct packet *p, struct bytes esp);     /* at least 8 octets, from the SPI on */
    bool (*ah)(void *context, const struct packet *p, struct bytes ah);       /* at least 12 octets, AH header and the rest */
    void (*keepalive)(void *context, const struct packet *p);
    void (*icmp)(void *context, const struct packet *p, const struct quote *q);
    /* A datagram of UDP 500 or 4500, ESP or AH whose first fragment came, but never all: p->frames are the pieces seen, ike the
     * beginning of its IKE message, from the header on, or empty. */
    void (*incomplete)(void *context, const struct packet *p, struct bytes ike);
    /* What can be done ahead. look is called by any thread, several at a time, with glances at all frames of a stretch, and keeps
     * what it finds out in *f, which it creates; turn tells that the frames of that stretch come next. */
    void (*look)(void *context, struct foresight **f, const struct glance *glances, size_t count, unsigned thread);
    void (*turn)(void *context, const struct foresight *f);
    void *context;
};

struct frames_options {
    const char *filter;    /* --filter, libpcap's language, or NULL; frames that do not pass keep their number
                              and are not part of the accounting */
    unsigned threads;      /* to work with, the caller's included; 0: one */
    uint16_t ike_ports[8]; /* further UDP ports that carry IKE or ESP in UDP; 0 ends */
};

struct frames_counts {              /* over all captures read so far */
    uint64_t fragments;             /* IP fragments */
    uint64_t datagrams;             /* put together from them */
    uint64_t datagrams_incomplete;  /* given up: pieces missing at the end, too old, or too many at once */
    uint64_t datagrams_evicted;     /* of these: because LIMIT_IP_DATAGRAMS was reached */
    uint64_t datagrams_conflicting; /* pieces that overlap and contradict each other */
    uint64_t streams;               /* TCP directions that carried IKE framing */
    uint64_t stream_gaps;           /* places where segments were missing */
    uint64_t truncated;             /* IKE, ESP and AH packets that the snap length cut */
    uint64_t unknown_links;         /* frames of link types that are not read */
};

struct frames;

struct frames *frames_create(struct model *model, struct frames_options options, struct frame_taker taker);
/* frames_read reads one whole capture. Damage is recorded on the input; false with err only when nothing could be read
 * (not a capture, a filter that does not compile). name is for messages. */
bool frames_read(struct frames *f, uint32_t input, struct source *from, const char *name, struct error *err);
const struct frames_counts *frames_counts(const struct frames *f);
void frames_destroy(struct frames *f); /* NULL allowed */

#endif
