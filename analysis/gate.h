/* What `check` makes of a report: which of its warnings are errors there, and the one rule that no report has. */
#ifndef IKESCOPE_ANALYSIS_GATE_H
#define IKESCOPE_ANALYSIS_GATE_H

#include "analysis/rule.h"

/* Judged by `check` alone, for each IKE SA: the tunnel comes up. */
extern const struct rule gate_tunnel_up;
/* gate_rule finds what `check` prints in brackets: a finding's rule or tunnel-up. NULL: none is called that. */
const struct rule *gate_rule(struct text id);
/* gate_severity is what a finding of that severity weighs for `check`, where no rule file says otherwise. */
enum severity gate_severity(const char *rule, enum severity reported);

#endif
