/*
 * Judges a report by the user's rules. Rules speak of the JSON report's own members (docs/report.schema.json) and a few that are
 * computed from them, so a rule can ask what a report can say. A rule passes, fails or is undecided, since a field that is absent
 * decides nothing.
 */
#ifndef IKESCOPE_ANALYSIS_RULEEVAL_H
#define IKESCOPE_ANALYSIS_RULEEVAL_H

#include "analysis/reportindex.h"
#include "analysis/rulefile.h"

/* ruleeval_run judges every rule of the files and adds its results to the check. The report is a parsed `-f json`. */
void ruleeval_run(const struct rule_file *file, const struct report *report, struct arena *arena, struct check *check);
/* ruleeval_suppressed is the suppression of the file that covers this rule for this IKE SA (empty id: for none) today, or NULL.
 */
const struct suppression *ruleeval_suppressed(const struct rule_file *file, const char *rule, const struct report *report,
                                              struct text ike_sa, int64_t today_days, struct arena *arena);
struct check_result *check_add(struct check *c, struct arena *arena, const char *rule, enum severity severity,
                               enum verdict verdict);
/* place_of gives the place of a report's {input, line | packet} object. */
struct place *place_of(const struct check *c, const struct report *report, const struct json *source, struct arena *arena);
/* subject_peers: "192.0.2.1 - 198.51.100.1" of an IKE SA object; what stays the same from run to run. */
struct text subject_peers(const struct json *sa, struct arena *arena);

#endif
