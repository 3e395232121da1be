/* What counters alone show: a router has sent requests since they were cleared, and nothing at all came back. */
#ifndef IKESCOPE_ANALYSIS_SILENCE_H
#define IKESCOPE_ANALYSIS_SILENCE_H

#include "analysis/quote.h"

/* silence_judge makes a finding of each router whose `show crypto ikev2 stats` says so, where nothing else shows an IKE SA. */
void silence_judge(struct model *m, const struct rule *r);

#endif
