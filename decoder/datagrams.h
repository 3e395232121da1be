/*
 * Puts IP fragments together (RFC 791, RFC 8200 section 4.5). A datagram is complete when its pieces fill it; pieces that
 * repeat are ignored, pieces that overlap otherwise spoil it (RFC 5722). At most LIMIT_IP_DATAGRAMS wait at once; beyond that
 * the oldest is given up.
 */
#ifndef IKESCOPE_DECODER_DATAGRAMS_H
#define IKESCOPE_DECODER_DATAGRAMS_H

#include "decoder/ip.h"

struct frame_list {
    uint32_t *at;
    uint32_t count, room;
};
void frame_list_add(struct frame_list *l, const uint32_t *frames, uint32_t count);
void frame_list_clear(struct frame_list *l);

struct piece {
    struct piece *next;
    uint32_t start, length; /* in the datagram's payload, as sent */
    uint32_t captured;      /* of length */
    uint8_t octets[];
};

struct datagram {
    struct datagram *chain; /* of its hash bucket */
    struct datagram *older, *newer;
    uint8_t key[40];
    uint32_t bucket;
    int64_t ns;                  /* of the first piece that came */
    struct piece *pieces, *last; /* rising */
    uint32_t piece_count;
    uint32_t total; /* of the payload, when has_total */
    uint32_t held;  /* octets of it that pieces cover */
    bool has_total;
    uint8_t version;
    uint8_t *headers; /* of the first fragment, made into those of the whole */
    size_t headers_len;
    struct frame_list frames; /* all it came in */
};

struct datagrams;

enum fragment_fate { FRAGMENT_WAITS, FRAGMENT_COMPLETES, FRAGMENT_SPOILS, FRAGMENT_EXCEEDS /* LIMIT_IP_FRAGMENTS */ };

/* drop is called with datagrams that are given up: evicted is true where the limit was reached, and a
 * fragment that comes now could still have been one of its. */
struct datagrams *datagrams_create(void (*drop)(void *context, struct datagram *d, bool evicted), void *context);
/* datagrams_add takes a fragment that came in these frames, and copies what it needs. When it completes, spoils or exceeds its
 * datagram, *whole is that datagram: it is out of the table, and the caller frees it. */
enum fragment_fate datagrams_add(struct datagrams *t, const struct ip *ip, int64_t ns, const uint32_t *frames, uint32_t count,
                                 struct datagram **whole);
/* datagram_packet is the IP packet that was fragmented, up to the first gap; *missing octets of it are not known. Its header
 * tells the length that was sent. The caller frees it with memory_free(). */
uint8_t *datagram_packet(const struct datagram *d, size_t *len, size_t *missing);
void datagram_free(struct datagram *d);
void datagrams_flush(struct datagrams *t);   /* drops all, oldest first */
void datagrams_destroy(struct datagrams *t); /* NULL allowed; drops none */

#endif
