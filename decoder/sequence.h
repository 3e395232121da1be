/*
 * Sequence numbers of one SA: what is missing, what came late, what came again. A number was seen, or it lies in a gap. The
 * gaps are a sorted list, and a ring of recent packets' fingerprints tells a copy (the same octets) from a replay (a number
 * again with other octets). Both are bounded: the oldest gaps beyond the bound count as lost for good.
 */
#ifndef IKESCOPE_DECODER_SEQUENCE_H
#define IKESCOPE_DECODER_SEQUENCE_H

#include "model/sa.h"

enum { SEQUENCE_CLOSE = 64 /* how far a number that no ICV proves may lie from the others and still be one of them */ };

struct sequence_gap {
    uint64_t from, to; /* both missing */
};

struct sequence_seen {
    uint64_t number, print; /* print 0: octets not known */
};

struct sequence {
    struct sequence_gap *gaps;
    struct sequence_seen *ring; /* ring_size of them, a power of two; by number */
    uint32_t gap_count, gap_room, ring_size, noted;
    uint64_t first, highest, lost;
    uint32_t input; /* whose packet moved `highest` last */
    bool started;
    bool proven; /* an ICV proved one of them */
};

enum sequence_verdict {
    SEQUENCE_NEW,      /* beyond all others */
    SEQUENCE_LATE,     /* fills a gap, or lies before the first one seen */
    SEQUENCE_COPY,     /* seen, with the same octets */
    SEQUENCE_REPLAY,   /* seen, with other octets */
    SEQUENCE_ELSEWHERE /* seen in another capture already: a second sighting of the same packet */
};

void sequence_clear(struct sequence *s); /* a zeroed one is valid */
/* sequence_note takes one packet and keeps s->lost up to date. print: a fingerprint of its octets. trusted: its ICV fits; without
 * that, a number far off means that a new count began, and not that so many packets were lost. So does the first trusted one, if
 * it does not lie among those before it. */
enum sequence_verdict sequence_note(struct sequence *s, uint64_t number, uint64_t print, bool trusted, uint32_t input);
/* sequence_is_close: may a number be one of those seen, where an ICV proves but one side of the two? */
bool sequence_is_close(const struct sequence *s, uint64_t number);
/* sequence_near is the 64-bit number with these low 32 bits that lies nearest to `highest` (RFC 4303 appendix A). */
uint64_t sequence_near(uint64_t highest, uint32_t low);

#endif
