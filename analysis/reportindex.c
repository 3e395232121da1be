#include "analysis/reportindex.h"

void report_index(struct report *report, const struct json *json, struct arena *arena)
{
    const struct json *sas = json_member(json, "ike_sas"), *findings = json_member(json, "findings");
    *report = (struct report){ .json = json };
    for (size_t i = 0; i < json_count(sas); i++) {
        struct text id = json_as_text(json_member(json_at(sas, i), "id"));
        const struct json **sa = arena_new(arena, const struct json *);
        *sa = json_at(sas, i);
        if (id.len && !map_find(&report->sas, bytes_of_text(id)))
            map_put(&report->sas, bytes_of_text(id), sa);
    }
    for (size_t i = 0; i < json_count(findings); i++) {
        struct text id = json_as_text(json_member(json_at(findings, i), "ike_sa"));
        struct report_finding *f = arena_new(arena, struct report_finding),
                              *first = map_find(&report->findings, bytes_of_text(id));
        f->finding = json_at(findings, i);
        if (first)
            first->last->next = f;
        else
            map_put(&report->findings, bytes_of_text(id), first = f);
        first->last = f;
    }
}

void report_forget(struct report *report)
{
    map_clear(&report->sas);
    map_clear(&report->findings);
}

const struct json *report_ike_sa(const struct report *report, struct text id)
{
    const struct json *const *sa = id.len ? map_find(&report->sas, bytes_of_text(id)) : NULL;
    return sa ? *sa : NULL;
}

const struct report_finding *report_findings(const struct report *report, struct text id)
{
    return map_find(&report->findings, bytes_of_text(id));
}
