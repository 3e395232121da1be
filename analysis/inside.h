/* Whether what a crypto ACL has for its router's own side is anywhere inside of it: by an interface, a route, another tunnel, or NAT. */
#ifndef IKESCOPE_ANALYSIS_INSIDE_H
#define IKESCOPE_ANALYSIS_INSIDE_H

#include "analysis/ways.h"

/* inside_lacks: has a router, all of whose routes are static ones, an inside, and nothing there that leads to any of the near
 * addresses of this pair, which its way protects, nor anything that gives them to somebody? False where the pair is turned round:
 * nobody is to route what the other end has. */
bool inside_lacks(const struct model *m, uint32_t device, const struct config_way *way, const struct selector_pair *p);
/* inside_exchanged: are source and destination exchanged, so that what is called the far side is on an interface here, or what is
 * called the near one there? "10.1.0.0/24 to 10.0.0.0/8" is no such pair. */
bool inside_exchanged(const struct model *m, uint32_t device, const struct config_way *way, const struct selector_pair *p);

#endif
