/*
 * Which way is meant where several crypto map entries or tunnel interfaces lead to one peer. Each protects its own traffic, with
 * its own transform sets and PFS.
 */
#ifndef IKESCOPE_ANALYSIS_ENTRIES_H
#define IKESCOPE_ANALYSIS_ENTRIES_H

#include "analysis/evidence.h"

/* config_entry_of is the entry on that side whose access list holds this child's traffic; with child NULL, the traffic of the
 * first child whose selectors are known, else what was asked for. NULL: only one entry leads to the peer, or nothing tells which.
 */
const struct record *config_entry_of(const struct model *m, const struct ike_sa *sa, const struct child_sa *child,
                                     enum side side);

/* What to type where the map is not where the peer's requests arrive, or has another peer. */
#define MAP_ON_INTERFACE                                                                                                         \
    "the crypto map has to be on the interface[[ with {local}]] that the peer sends to: `show crypto map` (Interfaces using "    \
    "crypto map), `show ip interface brief`; then `interface INTERFACE` / `crypto map {map_or}`; where another interface's "     \
    "address is its own, `crypto map {map_or} local-address INTERFACE`"
#define OTHER_PEER                                                                                                               \
    "; a peer that it replaces would stay beside it: `no` in front of its line; behind NAT it is the address that arrives"

struct entry_pair {
    const struct record *at[2];
};
/* entry_pairs fills the entries of two routers that belong together, by their access lists or their tunnels' subnet; false: at
 * most one leads either way, so there is nothing to choose. addresses[i]: of router i, as the other's peer. */
bool entry_pairs(const struct model *m, const uint32_t devices[2], const struct address addresses[2],
                 struct entry_pair pairs[ENTRIES], size_t *count);

#endif
