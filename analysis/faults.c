#include "analysis/faults.h"

bool fault_begin(const struct faults *x, struct diagnosis *d, const char *check, struct text about, bool sure)
{
    if (!diagnosis_begin(d, x->m, x->rule, NULL, SIDE_UNKNOWN, sure ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE,
                         arena_format(x->m->run, "%u %s %.*s", (unsigned)x->device, check, TEXT_ARGS(about))))
        return false;
    if (!sure || x->failed)
        diagnosis_severity(d, SEVERITY_WARNING);
    diagnosis_word(d, "router", device_name_or(x->m, x->device, TEXT("the router")));
    return true;
}

void fault_advise(const struct faults *x, struct diagnosis *d, const char *text)
{
    struct address local = x->way && x->way->own_count ? x->way->own[0] : (struct address){ 0 };
    diagnosis_advise_router(d, x->device, local, x->way ? x->way->peer : (struct address){ 0 }, text);
}

bool fault_wants_ikev2(const struct faults *x)
{
    const struct record *holder = x->path.ipsec_profile ? x->path.ipsec_profile : x->way->entry;
    return fact_find(holder->facts, "ipsec_proposals") != NULL;
}
