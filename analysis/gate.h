/* What `check` makes of a report: which of its warnings are errors there, and the one rule that no report has. */
#ifndef IKESCOPE_ANALYSIS_GATE_H
#define IKESCOPE_ANALYSIS_GATE_H

#include "analysis/rule.h"

/* Judged by `check` alone, for each IKE SA: the tunnel comes up. */
extern const struct rule gate_tunnel_up;
/* gate_rule finds the rule whose id `check` prints in brackets: one of rules[], or tunnel-up; NULL where there is none. */
const struct rule *gate_rule(struct text id);
/* gate_severity is the severity that a finding has for `check`, where no rule file says otherwise. */
enum severity gate_severity(const char *rule, enum severity reported);

#endif
