/*
 * The ways out of a router, as its configuration has them: a crypto map entry with its peers, or a tunnel interface with
 * protection. And, where both ends' configurations are there, a router at the far end that does not fit.
 */
#ifndef IKESCOPE_ANALYSIS_WAYS_H
#define IKESCOPE_ANALYSIS_WAYS_H

#include "analysis/evidence.h"

enum { WAYS = LIMIT_WAYS, WAY_ADDRESSES = 4, ROUTERS_TO_COMPARE = LIMIT_ROUTERS };

struct config_way {
    const struct record *entry;   /* a crypto-map or crypto-dynamic-map entry, or the interface of the tunnel */
    const struct record *carrier; /* the interface that it sends from; NULL: not known, or none */
    struct address peer;          /* ADDRESS_NONE: it answers anybody, or a name stands there */
    uint32_t peer_line;
    const struct record *peer_at;      /* where that line is: the entry, or a FlexVPN client */
    struct address own[WAY_ADDRESSES]; /* what it may send from; none where the address is assigned to it (DHCP, PPP) */
    size_t own_count;
    bool bare; /* a tunnel without protection: only ways_bare() gives it */
};

/* ways_of fills the ways of a router, interfaces that are shut down included, and says how many there are. */
size_t ways_of(const struct model *m, uint32_t device, struct config_way ways[WAYS]);
/* ways_bare appends the tunnels to an address that lack their protection, which the other end may have. */
size_t ways_bare(const struct model *m, uint32_t device, struct config_way ways[WAYS], size_t count);
bool way_is_tunnel(const struct config_way *w);
bool way_sends(const struct config_way *w, struct address a); /* from that address */
bool address_private(struct address a);                       /* none of the internet's; of IPv4 */
/* standby_named: which group of HSRP has that name there? */
bool standby_named(const struct record *interface, struct text name, uint64_t *group);
/* interface_reaches: is that address of a subnet that the interface is in? */
bool interface_reaches(const struct record *interface, struct address a);
/* way_may_be_translated: does it send to a public address from one that a NAT on the way would replace, or from one that it is
 * given? */
bool way_may_be_translated(const struct config_way *w);
bool record_is_shut(const struct record *r);  /* an interface or a profile; NULL is not */
bool way_is_shut(const struct config_way *w); /* its tunnel interface, or what it sends from */
/* way_answers: does it wait for whoever calls at that address, as a virtual template or a dynamic map does? */
bool way_answers(const struct config_way *w, struct address a);
/* ways_belong: are these two crypto map entries whose access lists mirror each other, or two tunnels of one subnet? */
bool ways_belong(const struct model *m, const struct record *entry, const struct record *other);
/* ways_routers fills the routers whose interfaces and crypto were supplied. */
size_t ways_routers(const struct model *m, uint32_t devices[ROUTERS_TO_COMPARE]);

/* ways_count_cut: there are more routers, more ways or policies of one, than the rules look at: limits tell. */
void ways_count_cut(struct model *m);

/* Two routers whose configurations miss each other. */
struct misled {
    uint32_t device, other;
    struct config_way way;  /* the way of `device` that is wrong */
    struct config_way back; /* the way of `other` that leads, or should lead, here */
    bool source;            /* its peer is right, but it sends from another address than the other end's peer is */
    struct address right;   /* what should stand there, or be sent from */
    const struct owner *at; /* the interface that has it */
    bool sure; /* the two ways belong together: by their tunnels' subnet, by their access lists, or because there are no others */
};
/* misled_find is true where a way of device is meant for other and does not reach it. */
bool misled_find(const struct model *m, uint32_t device, uint32_t other, struct misled *x);

#endif
