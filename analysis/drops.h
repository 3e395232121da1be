/* What to type where packets of a tunnel arrive and are dropped, as a router's receive errors count them. */
#ifndef IKESCOPE_ANALYSIS_DROPS_H
#define IKESCOPE_ANALYSIS_DROPS_H

#define DROPS_MEAN                                                                                                               \
    "packets do arrive, and are dropped here, since they do not decrypt, are replayed, or are not what its SA is for."

#define DROPS_ON_IOS                                                                                                             \
    "why are they dropped: `show crypto ipsec sa peer {peer} detail` counts them by reason (replay, verify, invalid identity), " \
    "`show logging | include CRYPTO|IPSEC` names them; keys or SPIs that no longer fit are new after `clear crypto sa peer "     \
    "{peer}`"
#define DROPS_ON_ASA                                                                                                             \
    "why are they dropped: `show asp drop`, `show crypto ipsec stats`, `show logging | include 402`; keys or SPIs that no "      \
    "longer fit are new after `clear crypto ipsec sa peer {peer}`"

#endif
