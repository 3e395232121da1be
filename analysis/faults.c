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

void fault_each_call(struct faults *x, bool (*take)(struct faults *x, uint32_t caller, const struct config_way *call))
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    const size_t routers = ways_routers(x->m, devices);
    struct config_way *calls = memory_take(WAYS * sizeof *calls);
    bool taken = false;
    for (size_t i = 0; i < routers && !taken; i++) {
        const size_t n = device_same(x->m, devices[i], x->device) ? 0 : ways_of(x->m, devices[i], calls);
        for (size_t k = 0; k < n && !taken; k++)
            taken = config_owner(x->m, x->device, calls[k].peer, NULL) && way_answers(x->way, calls[k].peer) &&
                    !way_is_shut(&calls[k]) && take(x, devices[i], &calls[k]);
    }
    memory_free(calls);
}

bool fault_wants_ikev2(const struct faults *x)
{
    const struct record *holder = x->path.ipsec_profile ? x->path.ipsec_profile : x->way->entry;
    return fact_find(holder->facts, "ipsec_proposals") != NULL;
}
