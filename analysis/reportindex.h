/* A JSON report (docs/report.schema.json) as it is judged: its IKE SAs, and the findings of each, found through an SA's id. */
#ifndef IKESCOPE_ANALYSIS_REPORTINDEX_H
#define IKESCOPE_ANALYSIS_REPORTINDEX_H

#include "base/arena.h"
#include "base/json.h"
#include "base/map.h"

struct report_finding {
    struct report_finding *next, *last; /* last: of the first only, where the next one goes */
    const struct json *finding;
};

struct report {
    const struct json *json; /* borrowed */
    struct map sas, findings;
};

/* report_index indexes a report; the JSON and the arena must live until report_forget(). */
void report_index(struct report *report, const struct json *json, struct arena *arena);
void report_forget(struct report *report);
/* report_ike_sa: the IKE SA of that id, the first where a report has two; NULL: none. */
const struct json *report_ike_sa(const struct report *report, struct text id);
/* report_findings: the findings of that IKE SA, in the report's order; for an empty id those that belong to none. */
const struct report_finding *report_findings(const struct report *report, struct text id);

#endif
