/* Whether what a crypto ACL has for its router's own side is anywhere inside of it: by an interface, a route, another tunnel, or NAT. */
#ifndef IKESCOPE_ANALYSIS_INSIDE_H
#define IKESCOPE_ANALYSIS_INSIDE_H

#include "analysis/evidence.h"

/* inside_lacks: has a router, all of whose routes are static ones, nothing that leads to any of these addresses but by the interface
 * that the crypto map is on (NULL: it is not known), and nothing that gives them to somebody? */
bool inside_lacks(const struct model *m, uint32_t device, const struct record *carrier, const struct selector *s);

#endif
