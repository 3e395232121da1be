/* The same two peers again and again: attempts that fail one after the other, or a tunnel that comes and goes. */
#include "analysis/quote.h"
#include "base/map.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN, "find the cause of the single failure (the findings above); the repeats are automatic" },
    { TO_BOTH, PLATFORM_IOS,
      "to see one attempt alone: `clear crypto ikev2 sa remote {peer}`, with `debug crypto condition peer {family} {peer}`" },
    { TO_BOTH, PLATFORM_ASA,
      "to see one attempt alone: `clear crypto ikev2 sa {peer}`, with `debug crypto condition peer {peer}`" },
};

enum { TIMES_TO_JUDGE = 3 };

struct pair {
    struct address key[2];
    struct ike_sa *first, *last;
    uint32_t failed, dropped;
    uint32_t bare; /* of the dropped: IKE SAs whose Child SA was refused, so that no tunnel was up */
    int64_t ended; /* when the last of them ended */
};

static struct pair *pair_of(struct model *m, struct map *pairs, const struct ike_sa *sa)
{
    struct address key[2] = { sa->initiator.endpoint.address, sa->responder.endpoint.address };
    if (!key[0].family && !key[1].family && sa->views) {
        key[0] = sa->views->local.address;
        key[1] = sa->views->remote.address;
    }
    if (!key[0].family && !key[1].family)
        return NULL;
    if (address_compare(key[0], key[1]) > 0) {
        struct address swap = key[0];
        key[0] = key[1];
        key[1] = swap;
    }
    struct pair *p = map_find(pairs, bytes_over(key, sizeof key));
    if (!p) {
        p = arena_new(m->run, struct pair);
        memcpy(p->key, key, sizeof key);
        p->ended = TIME_UNKNOWN;
        map_put(pairs, bytes_over(p->key, sizeof p->key), p);
    }
    return p;
}

/* Side by side is not again: the next one begins when the last has ended, where clocks tell. */
static bool follows(const struct model *m, const struct pair *p, const struct ike_sa *sa)
{
    int64_t begins = model_time(m, sa->first_input, sa->first_ns);
    return p->ended == TIME_UNKNOWN || begins == TIME_UNKNOWN || begins >= p->ended;
}

static void tell(struct diagnosis *d, const struct pair *p)
{
    diagnosis_wordf(d, "failed", "%u attempt%s", (unsigned)p->failed, p->failed == 1 ? "" : "s");
    diagnosis_wordf(d, "dropped", p->bare ? "%u IKE SA%s" : "%u tunnel%s", (unsigned)p->dropped, p->dropped == 1 ? "" : "s");
    diagnosis_wordf(d, "times", "%u", (unsigned)p->dropped);
    diagnosis_say(d, NULL,
                  p->failed && p->dropped
                      ? "Between {initiator} and {responder}, {failed} failed and {dropped} went down, one after the other."
                  : p->failed ? "{failed} between {initiator} and {responder} failed, one after the other."
                  : p->bare == p->dropped
                      ? "The IKE SA between {initiator} and {responder} came up without a tunnel and went down {times} times."
                      : "The tunnel between {initiator} and {responder} came up and went down {times} times.");
}

static void judge(struct model *m, const struct rule *r)
{
    struct map pairs = { 0 };
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        bool failed = sa->outcome == SA_FAILED, dropped = sa->outcome == SA_DELETED && !ike_sa_replaced(sa);
        struct pair *p = failed || dropped ? pair_of(m, &pairs, sa) : NULL;
        if (!p || !follows(m, p, sa))
            continue;
        p->first = p->first ? p->first : sa;
        p->last = sa;
        p->failed += failed;
        p->dropped += dropped;
        p->bare += dropped && sa->child_refused;
        p->ended = model_time(m, sa->first_input, sa->last_ns);
    }
    for (size_t i = 0; i < pairs.count; i++) {
        const struct pair *p = pairs.entries[i].value;
        struct diagnosis d;
        if (!p || p->failed + p->dropped < TIMES_TO_JUDGE ||
            !diagnosis_begin(&d, m, r, p->first, SIDE_INITIATOR, CONFIDENCE_CERTAIN, TEXT("")))
            continue;
        tell(&d, p);
        ADVISE(&d, common);
        d.f->count = p->failed + p->dropped;
        d.f->last = p->last->last;
        d.f->last_ns = model_time(m, p->last->first_input, p->last->last_ns);
        for (struct ike_sa *sa = p->first; sa; sa = sa == p->last ? NULL : p->last)
            if (sa->views && sa->views->first_line)
                quote_text(&d, "ike%u, %s", (unsigned)sa->number, sa_outcome_name((enum sa_outcome)sa->outcome));
    }
    map_clear(&pairs);
}

const struct rule rule_flapping = {
    .id = "flapping",
    .severity = SEVERITY_WARNING,
    .rank = 68,
    .title = "It happens again and again",
    .meaning = "The same two peers failed, or came up and went down, at least three times one after the other. Routers try again "
               "by themselves, which hides how long this has gone on.",
    .advice = "Find the cause of one failure; watch the times for a pattern (a lifetime, a DPD interval, an idle NAT mapping).",
    .whole = judge,
};
