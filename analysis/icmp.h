/* ICMP errors that a capture shows beside an SA. They quote the packet that they are about, so they can explain a silence. */
#ifndef IKESCOPE_ANALYSIS_ICMP_H
#define IKESCOPE_ANALYSIS_ICMP_H

#include "analysis/quote.h"

enum icmp_meaning {                     /* bits of a set */
                    ICMP_CLOSED = 1,    /* nobody listens on that port */
                    ICMP_FILTERED = 2,  /* a filter refuses it and says so */
                    ICMP_NO_WAY = 4,    /* no route, no such host, a loop */
                    ICMP_TOO_LARGE = 8, /* the next hop takes less, or pieces were lost before they were whole again */
};

struct icmp_error {
    struct heard said; /* note NULL: none */
    enum icmp_meaning meaning;
    struct address reporter;
    struct endpoint to; /* where the quoted packet went */
    uint32_t mtu;       /* of the next hop; 0 not said */
    bool by_peer;       /* it was sent by the host that the quoted packet was for */
};

/* icmp_heard finds the first ICMP error of one of these meanings that quotes an IKE message of the initiator's. */
struct icmp_error icmp_heard(const struct ike_sa *sa, unsigned meanings);
/* icmp_title is the title of a finding whose cause it is; NULL: the rule's. */
const char *icmp_title(struct diagnosis *d, const struct icmp_error *e);
/* icmp_say says what it means and what to do, and quotes it. */
void icmp_say(struct diagnosis *d, const struct icmp_error *e);

#endif
