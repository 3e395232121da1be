/*
 * What to type so that one end's proposals contain what the other end has: lines that the router accepts in that order, each
 * after the line that enters its mode. It is the smallest change: one more value in a list where the platform has lists; a second
 * proposal where the two may not stand in one (IOS and ASA refuse combined-mode ciphers beside others); a second transform set
 * on IOS, where each holds one cipher.
 */
#ifndef IKESCOPE_ANALYSIS_REMEDIES_H
#define IKESCOPE_ANALYSIS_REMEDIES_H

#include "analysis/evidence.h"
#include "analysis/symptoms.h"

struct remedied { /* the end that is to change */
    enum platform platform;
    uint32_t device; /* whose configuration has the names; 0: not known */
    struct address local, peer;
    const struct record *entry; /* which of several ways to the peer; NULL: the only one, or not known */
    bool by_default;            /* its log says that it goes by the default policy */
};

struct remedy {
    struct text text; /* "make ...: `crypto ikev2 proposal NEW` / ..."; empty: the platform has no words for it */
    bool weak;        /* it would allow an algorithm that is no longer safe */
};
/* remedy_for: own is the end's nearest proposal, wanted what it must have in common with the other end. */
struct remedy remedy_for(struct model *m, const struct remedied *at, const struct proposal *own, const struct proposal *wanted,
                         bool ike);
/* remedy_set: the other end's whole set, of protocols that this end has not, beside what it has. Weak: it encrypts nothing. */
struct remedy remedy_set(struct model *m, const struct remedied *at, const struct configured *wanted);

#endif
