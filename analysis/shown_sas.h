/*
 * SAs that only show output has. Where logs and captures show none at all, `show crypto ikev2 sa` is the witness, and where it is
 * not there `show crypto session` or an ASA's `show vpn-sessiondb`: its SAs become SAs of the report, seen in mid-life, one a
 * pair of SPIs whichever end printed it; the flows of `show crypto ipsec sa` between the same two become their Child SAs. Where
 * nobody says who began an SA (ike_sa_sideless()), its views have no role and tell own end and peer. Beside a log or a capture
 * show output is evidence about its SAs (analysis/evidence.c), and of another run it may be: then nothing is made of it.
 */
#ifndef IKESCOPE_ANALYSIS_SHOWN_SAS_H
#define IKESCOPE_ANALYSIS_SHOWN_SAS_H

#include "analysis/associations.h"

void shown_sas_make(struct associations *a);

#endif
