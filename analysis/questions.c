#include "analysis/questions.h"

#include <stdlib.h>

/* {question, for how many events: PKI may take its time over a chain} */
static const unsigned lasts[QUESTIONS] = {
    [QUESTION_PKI] = 200, [QUESTION_PROFILE] = 20, [QUESTION_KEY] = 60, [QUESTION_IDENTITY] = 200, [QUESTION_IPSEC] = 60
};

static void ask(struct questions *q, enum question what, struct ike_sa *sa, uint64_t now)
{
    unsigned at = 0;
    for (unsigned i = 0; i < ASKERS; i++) {
        if (q->asked[what][i].sa == sa) {
            at = i;
            break;
        }
        if (!q->asked[what][i].sa || (q->asked[what][at].sa && q->asked[what][i].event < q->asked[what][at].event))
            at = i;
    }
    q->asked[what][at].sa = sa;
    q->asked[what][at].event = now;
}

static void settled(struct questions *q, enum question what, const struct ike_sa *sa)
{
    for (unsigned i = 0; i < ASKERS; i++)
        if (q->asked[what][i].sa == sa)
            q->asked[what][i].sa = NULL;
}

static void follow_pki(struct questions *q, const struct event *e, struct ike_sa *sa, uint64_t now)
{
    if (text_starts(e->text, TEXT("[IKEv2 -> PKI]")))
        ask(q, QUESTION_PKI, sa, now);
    else if (text_starts(e->text, TEXT("[PKI -> IKEv2]")))
        settled(q, QUESTION_PKI, sa);
}

void questions_follow(struct questions *q, const struct event *e, struct ike_sa *sa, enum binding how, uint64_t now)
{
    if (e->kind == EVENT_PKI)
        follow_pki(q, e, sa, now);
    if (e->code == CODE_POLICY_SEARCH_BY_ID) {
        ask(q, QUESTION_PROFILE, sa, now);
        ask(q, QUESTION_IDENTITY, sa, now);
        return;
    }
    if (how == BOUND_ADJACENCY)
        return;
    if (e->code == CODE_EXCHANGE_BEGUN && text_starts(e->text, TEXT("Processing ")) && !text_has(e->text, TEXT("INIT")))
        ask(q, QUESTION_IPSEC, sa, now);
    else if (e->severity >= SEVERITY_ERROR || e->code == CODE_PACKET || e->code == CODE_TS_ACCEPTED)
        settled(q, QUESTION_IPSEC, sa);
    switch (e->code) {
    case CODE_PEER_PSK_LOOKUP:
        ask(q, QUESTION_KEY, sa, now);
        break;
    case CODE_PSK_USED:
        settled(q, QUESTION_KEY, sa);
        break;
    case CODE_AUTH_VERIFIED:
        settled(q, QUESTION_KEY, sa);
        settled(q, QUESTION_IDENTITY, sa);
        break;
    default:
        if (e->severity >= SEVERITY_ERROR) {
            settled(q, QUESTION_KEY, sa);
            settled(q, QUESTION_IDENTITY, sa);
        }
        break;
    }
    settled(q, QUESTION_PROFILE, sa);
}

static enum question answers(const struct event *e)
{
    switch (e->code) {
    case CODE_PROFILE_NOT_FOUND:
    case CODE_PROFILE_NOT_FOUND_BY_CERT:
        return QUESTION_PROFILE;
    case CODE_ITEM_NOT_FOUND:
        return QUESTION_KEY;
    case CODE_PEER_ID_CHECK:
    case CODE_PEER_ID_NOT_IN_SAN:
    case CODE_PEER_ID_CHECK_FAILED:
        return QUESTION_IDENTITY;
    case CODE_LICENCE_LIMIT: /* of the whole router: it is said when one more SA is asked for */
    case CODE_PROXY_NO_MATCH:
    case CODE_CRYPTO_MAP_NO_PEER:
    case CODE_LOCAL_ADDRESS_UNKNOWN:
    case CODE_TRANSFORM_REFUSED:
        return QUESTION_IPSEC;
    default:
        return e->kind == EVENT_PKI ? QUESTION_PKI : QUESTIONS;
    }
}

struct ike_sa *questions_answered(const struct questions *q, const struct event *e, uint64_t now, bool *several)
{
    enum question what = answers(e);
    struct ike_sa *newest = NULL;
    uint64_t asked = 0;
    unsigned count = 0;
    for (unsigned i = 0; what != QUESTIONS && i < ASKERS; i++) {
        if (!q->asked[what][i].sa || now - q->asked[what][i].event > lasts[what])
            continue;
        count++;
        if (!newest || q->asked[what][i].event > asked) {
            newest = q->asked[what][i].sa;
            asked = q->asked[what][i].event;
        }
    }
    *several = (count > 1 && (what == QUESTION_KEY || what == QUESTION_IDENTITY)) || (!count && e->code == CODE_LICENCE_LIMIT);
    return *several ? NULL : newest;
}

void questions_forget(struct questions *q, const struct ike_sa *sa)
{
    for (unsigned what = 0; what < QUESTIONS; what++)
        settled(q, (enum question)what, sa);
}

/* ---- afterwards ---- */

enum { NEAR_LINES = 60 /* between an answer and the failure that it led to */ };

static bool is_near(const struct model *m, const struct note *answer, uint32_t line)
{
    return model_lines_between(m, answer->input, answer->line, line) <= NEAR_LINES;
}

/* Did this end ask before the answer, get no other, and fail just behind it? */
static bool waits_for(const struct model *m, const struct view *v, const struct note *answer)
{
    const bool key = answer->code == CODE_ITEM_NOT_FOUND, limit = answer->code == CODE_LICENCE_LIMIT;
    bool asked = limit, failed = false;
    for (const struct note *n = v->notes; n && !failed; n = n->next) {
        if (limit) {
            failed = n->code == CODE_IPSEC_FAILED && n->line >= answer->line && is_near(m, answer, n->line);
            continue;
        }
        if (n->line < answer->line)
            asked = key ? n->code == CODE_PEER_PSK_LOOKUP || (asked && n->code != CODE_PSK_USED)
                        : n->code == CODE_POLICY_SEARCH_BY_ID || (asked && n->code != CODE_AUTH_VERIFIED);
        else if (n->code == CODE_PSK_USED || n->code == CODE_AUTH_VERIFIED)
            return false;
        else
            failed = n->severity >= SEVERITY_ERROR && is_near(m, answer, n->line);
    }
    return asked && failed;
}

/* ---- what failed, by where it is told: there may be thousands of answers, and of SAs ---- */

struct failure {
    uint32_t input, line;
    struct view *view;
};

struct failures {
    struct failure *at;
    size_t count;
};

static int by_place(const void *left, const void *right)
{
    const struct failure *a = left, *b = right;
    return a->input != b->input ? (a->input < b->input ? -1 : 1) : (a->line > b->line) - (a->line < b->line);
}

/* out NULL: counts only */
static size_t failures_of(const struct model *m, struct failure *out)
{
    size_t count = 0;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (struct view *v = sa->outcome == SA_FAILED ? sa->views : NULL; v; v = v->next)
            for (const struct note *n = v->wire ? NULL : v->notes; n; n = n->next)
                if (n->severity >= SEVERITY_ERROR) {
                    if (out)
                        out[count] = (struct failure){ v->input, n->line, v };
                    count++;
                }
    return count;
}

/* The first one at or behind a place. */
static size_t failures_from(const struct failures *all, uint32_t input, uint32_t line)
{
    const struct failure place = { input, line, NULL };
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_place(&all->at[middle], &place) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct view *who_waited(const struct model *m, const struct failures *all, const struct note *answer)
{
    struct view *found = NULL;
    for (size_t i = failures_from(all, answer->input, answer->line); i < all->count; i++) {
        const struct failure *f = &all->at[i];
        if (f->input != answer->input || !is_near(m, answer, f->line))
            break;
        if (f->view == found || !waits_for(m, f->view, answer))
            continue;
        if (found)
            return NULL;
        found = f->view;
    }
    return found;
}

static void insert(struct view *v, struct note *answer)
{
    struct note **at = &v->notes;
    while (*at && (*at)->line <= answer->line)
        at = &(*at)->next;
    answer->next = *at;
    *at = answer;
    v->notes_last = answer->next ? v->notes_last : answer;
}

static bool is_loose_answer(const struct note *n)
{
    return n->code == CODE_ITEM_NOT_FOUND || n->code == CODE_PEER_ID_CHECK_FAILED || n->code == CODE_PEER_ID_NOT_IN_SAN ||
           n->code == CODE_LICENCE_LIMIT;
}

void questions_settle(struct model *m)
{
    struct failures all = { .count = m->loose ? failures_of(m, NULL) : 0 };
    if (all.count == 0)
        return;
    all.at = memory_take(all.count * sizeof *all.at);
    failures_of(m, all.at);
    qsort(all.at, all.count, sizeof *all.at, by_place);
    struct note *last = NULL, **at = &m->loose;
    while (*at) {
        struct note *n = *at;
        struct view *v = is_loose_answer(n) ? who_waited(m, &all, n) : NULL;
        if (v) {
            *at = n->next;
            m->loose_count--;
            insert(v, n);
            continue;
        }
        last = n;
        at = &n->next;
    }
    m->loose_last = last;
    memory_free(all.at);
}
