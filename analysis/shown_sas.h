/*
 * SAs that only show output has. Where logs and captures show none at all, `show crypto ikev2 sa` is the witness, and if that is
 * missing `show crypto session` or an ASA's `show vpn-sessiondb`. Their SAs become SAs of the report, seen in mid-life, one for
 * each pair of SPIs whichever end printed it; the flows of `show crypto ipsec sa` between the same two become their Child SAs.
 * Where nothing says who began an SA (ike_sa_sideless()), its views have no role and tell own end and peer. Beside a log or a
 * capture show output is only evidence about their SAs (analysis/evidence.c), since it may be from another time.
 */
#ifndef IKESCOPE_ANALYSIS_SHOWN_SAS_H
#define IKESCOPE_ANALYSIS_SHOWN_SAS_H

#include "analysis/associations.h"

/* shown_sas_make makes these SAs, if the model has none. */
void shown_sas_make(struct associations *a);

#endif
