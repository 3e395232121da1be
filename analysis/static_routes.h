/* The static routes of a router: where one leads, which of two is taken, and which takes away what should go into a tunnel. */
#ifndef IKESCOPE_ANALYSIS_STATIC_ROUTES_H
#define IKESCOPE_ANALYSIS_STATIC_ROUTES_H

#include "analysis/ways.h"

const struct fact *routes_of(const struct model *m, uint32_t device); /* each a group */
struct text route_vrf(const struct fact *route);
bool route_ends(const struct fact *route, struct address *start, struct address *end); /* of where it leads; false: not known */
bool route_has(const struct fact *route, struct address a);
bool route_is_of(const struct fact *route, const struct selector *s); /* of just these addresses */
/* route_is_by: does it name that interface, or a next hop in its subnet? */
bool route_is_by(const struct fact *route, const struct record *interface);
/* route_is_narrower: of two that meet; anything is narrower than NULL. */
bool route_is_narrower(const struct fact *one, const struct fact *other);
bool route_is_some(const struct fact *route); /* no default route, nor a half of one */
/* route_says: does that word stand in its line, behind the destination? */
bool route_says(const struct model *m, uint32_t device, const struct fact *route, const char *word);

struct diversion {
    const struct fact *route;   /* what is taken instead of a way through the tunnel */
    const struct record *exit;  /* where it leads; NULL: nowhere (Null0) */
    const struct record *their; /* of a tunnel: the other end's interface that is not reached by it */
    struct address of;          /* … and its address */
};
/* route_diverts_map: does a static route lead what the crypto map's entry protects to a port without a crypto map? Not one that may
 * give way to the tunnel (`track`), nor where NAT chooses the port (ASA). */
bool route_diverts_map(const struct model *m, uint32_t device, const struct selector *remote, struct diversion *found);
/* route_diverts_tunnel: does a static route lead to a network that the other end has, past the tunnel into which a wider one leads? */
bool route_diverts_tunnel(const struct model *m, uint32_t device, const struct config_way *way, struct diversion *found);

#endif
