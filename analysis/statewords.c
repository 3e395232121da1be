#include "analysis/statewords.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"

/* { state or prefix*, event or NULL for any, meaning }; all rows that fit are joined. */
static const struct {
    const char *state, *event;
    uint32_t meaning;
} rows[] = {
    { "I_*", NULL, MEANS_ROLE },
    { "R_*", NULL, MEANS_ROLE },
    { "INIT_DONE", NULL, MEANS_ROLE },
    { "AUTH_DONE", NULL, MEANS_ROLE },
    { "*", "EV_INIT_SA", MEANS_ROLE | MEANS_START },
    { "*", "EV_RECV_INIT", MEANS_ROLE | MEANS_START },
    { "*", "EV_I_OK", MEANS_ROLE },
    { "*", "EV_R_OK", MEANS_ROLE },
    { "READY", "EV_I_OK", MEANS_READY },
    { "READY", "EV_R_OK", MEANS_READY },
    { "READY", NULL, MEANS_UP },
    { "CHILD_*", NULL, MEANS_UP },
    { "INFO_*", NULL, MEANS_UP },
    { "INIT_DONE", "EV_FAIL", MEANS_FAILED },
    { "AUTH_DONE", "EV_FAIL", MEANS_FAILED },
    { "*", "EV_AUTH_FAIL", MEANS_FAILED_UNLESS_UP },
    { "*", "EV_EAP_FAIL", MEANS_FAILED_UNLESS_UP },
    { "*", "EV_RE_XMT_EXCEED", MEANS_FAILED_UNLESS_UP },
    /* no answer to an SA that is up closes it: RFC 7296 section 2.4 */
    { "INFO_I_WAIT", "EV_RE_XMT_EXCEED", MEANS_DELETED | MEANS_BY_SELF },
    { "CHILD_I_WAIT", "EV_RE_XMT_EXCEED", MEANS_DELETED | MEANS_BY_SELF },
    { "*", "EV_WAIT4_AUTH_TMO", MEANS_FAILED_UNLESS_UP },
    { "*", "EV_CERT_FAIL", MEANS_FAILED_UNLESS_UP },
    /* after IKE_AUTH's own checks a refusal is the child's, before them the IKE SA's */
    { "R_VERIFY_AUTH", "EV_NO_PROP_CHOSEN", MEANS_CHILD_REFUSED },
    { "I_PROC_AUTH", "EV_NO_PROP_CHOSEN", MEANS_CHILD_REFUSED },
    { "R_VERIFY_AUTH", "EV_TS_UNACCEPT", MEANS_CHILD_REFUSED },
    { "I_PROC_AUTH", "EV_TS_UNACCEPT", MEANS_CHILD_REFUSED },
    { "R_INIT", "EV_NO_PROP_CHOSEN", MEANS_FAILED_UNLESS_UP },
    { "I_PROC_INIT", "EV_NO_PROP_CHOSEN", MEANS_FAILED_UNLESS_UP },
    { "DELETE", NULL, MEANS_DELETED },
    { "DELETE", "EV_RECV_DEL", MEANS_BY_PEER },
    { "READY", "EV_RECV_DEL", MEANS_DELETED | MEANS_BY_PEER },
    { "READY", "EV_DEL_SA", MEANS_DELETED | MEANS_BY_SELF },
    { "DELETE", "EV_FREE_SA", MEANS_FREED },
    { "*", "EV_OK_RECD_LOAD_IPSEC", MEANS_KEYS_LOADED },
    { "R_VERIFY_AUTH", "EV_GET_PRESHR_KEY", MEANS_PEER_KEY },
    { "I_PROC_AUTH", "EV_GET_PRESHR_KEY", MEANS_PEER_KEY },
    { "I_PROC_AUTH", "EV_CHK_IKE_ONLY", MEANS_IKE_ONLY },
    { "I_PROC_AUTH", "EV_PROC_SA_TS", MEANS_CHILD_TAKEN },
    { "AUTH_DONE", "EV_GEN_LOAD_IPSEC", MEANS_CHILD_TAKEN },
    { "*", "EV_OK_RECD_LOAD_IPSEC", MEANS_CHILD_TAKEN },
    { "READY", "EV_I_OK", MEANS_CHILD_TAKEN },
    /* SKEYSEED is made anew for an IKE SA alone; both spellings are the devices' */
    { "CHILD_I_PROC", "EV_GEN_SKYID", MEANS_REPLACED },
    { "CHILD_I_PROC", "EV_GEN_SKEYID", MEANS_REPLACED },
    { "CHILD_R_BLD_MSG", "EV_GEN_SKYID", MEANS_REPLACED },
    { "CHILD_R_BLD_MSG", "EV_GEN_SKEYID", MEANS_REPLACED },
};

static bool fits(const char *pattern, const char *name)
{
    size_t n = strlen(pattern);
    if (n && pattern[n - 1] == '*')
        return strncmp(pattern, name, n - 1) == 0;
    return strcmp(pattern, name) == 0;
}

static uint32_t read_words(const char *state, const char *event)
{
    uint32_t meaning = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (fits(rows[i].state, state) && (!rows[i].event || strcmp(rows[i].event, event) == 0))
            meaning |= rows[i].meaning;
    return meaning;
}

/* Where the pair stands, or is to stand. */
static struct state_pair *place(const struct state_words *w, const char *state, const char *event)
{
    /* names of the trace's tables stand side by side: every bit of where they are counts */
    uint64_t mix = (uint64_t)(uintptr_t)state * 0x9e3779b97f4a7c15u ^ (uint64_t)(uintptr_t)event * 0xc2b2ae3d27d4eb4fu;
    const uint64_t first = mix >> 40 & (w->room - 1);
    for (uint64_t i = 0; i < STATE_PLACES; i++) {
        struct state_pair *at = &w->seen[first ^ i];
        if (!at->state || (at->state == state && at->event == event))
            return at;
    }
    return &w->seen[first];
}

static void grow(struct state_words *w)
{
    struct state_words more = { .room = w->room ? w->room * 2 : 128 };
    more.seen = memory_take(more.room * sizeof *more.seen);
    for (uint32_t i = 0; i < w->room; i++)
        if (w->seen[i].state)
            *place(&more, w->seen[i].state, w->seen[i].event) = w->seen[i];
    more.used = w->used;
    memory_free(w->seen);
    *w = more;
}

void state_words_clear(struct state_words *w)
{
    memory_free(w->seen);
    *w = (struct state_words){ NULL, 0, 0 };
}

uint32_t state_meaning(struct state_words *w, const char *state, const char *event)
{
    struct state_pair *at = w->room ? place(w, state, event) : NULL;
    if (at && at->state == state && at->event == event)
        return at->meaning;
    if (w->used * 4 >= w->room && w->room < STATE_PAIRS) {
        grow(w);
        at = place(w, state, event);
    }
    w->used += !at->state;
    *at = (struct state_pair){ state, event, read_words(state, event) };
    return at->meaning;
}
