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
                  p->failed && p->dropped ? "Between {both}, {failed} failed and {dropped} went down, one after the other."
                  : p->failed             ? "{failed} between {both} failed, one after the other."
                  : p->bare == p->dropped ? "The IKE SA between {both} came up without a tunnel and went down {times} times."
                                          : "The tunnel between {both} came up and went down {times} times.");
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

static const struct advice rekeys[] = {
    { TO_BOTH, PLATFORM_IOS,
      "is the lifetime far too small, in seconds or in kilobytes: `show crypto ipsec sa`, `show crypto ipsec "
      "security-association-lifetime`; the defaults are 3600 seconds and 4608000 kilobytes" },
    { TO_BOTH, PLATFORM_ASA,
      "is the lifetime far too small, in seconds or in kilobytes: `show crypto ipsec sa`, `show run crypto map`; the defaults "
      "are 28800 "
      "seconds and 4608000 kilobytes" },
    { TO_BOTH, PLATFORM_UNKNOWN, "if both ends begin rekeys, give one the longer lifetime, so that one alone does" },
};

#define AT_ONCE_NS INT64_C(30000000000)               /* no lifetime that a router lets one configure is as short */
enum { REKEYS_TO_JUDGE = 5, REKEYS_FOLLOWED = 1000 }; /* a log may name them in a circle */

/* Each rekey goes well, and the next one follows at once: of a Child SA's last heir, how many came in such a row. */
static void judge_rekeys(struct model *m, const struct rule *r, struct child_sa *child)
{
    uint32_t row = 0, longest = 0, followed = 0;
    int64_t from = 0, to = 0, end = child->ns;
    for (const struct child_sa *c = child; !child->rekeyed_by && c->rekeys && followed++ < REKEYS_FOLLOWED; c = c->rekeys) {
        const struct child_sa *before = c->rekeys;
        bool soon = c->ns != TIME_UNKNOWN && before->ns != TIME_UNKNOWN && c->input == before->input && c->ns >= before->ns &&
                    c->ns - before->ns <= AT_ONCE_NS;
        end = row ? end : c->ns;
        row = soon ? row + 1 : 0;
        if (row <= longest)
            continue;
        longest = row;
        from = before->ns;
        to = end;
    }
    struct diagnosis d;
    if (longest < REKEYS_TO_JUDGE || !child->ike_sa ||
        !diagnosis_begin(&d, m, r, child->ike_sa, SIDE_INITIATOR, CONFIDENCE_CERTAIN, TEXT("rekeys")))
        return;
    diagnosis_wordf(&d, "times", "%u", (unsigned)longest);
    diagnosis_wordf(&d, "time", "%lld", (long long)((to - from + 500000000) / 1000000000));
    diagnosis_say(&d, "The Child SA is rekeyed again and again",
                  "The Child SA between {both} was rekeyed {times} times in {time} seconds, each time with success.");
    diagnosis_more(&d, "A lifetime is far too small, or the two ends rekey each other's.");
    ADVISE(&d, rekeys);
    const struct exchange *x = exchange_last(child->ike_sa, EXCHANGE_CREATE_CHILD_SA);
    if (x)
        quote_leg(&d, x, &x->request, "the last of them");
    else
        quote_text(&d, "child%u is the last of them", (unsigned)child->number);
}

const struct rule rule_flapping = {
    .id = "flapping",
    .severity = SEVERITY_WARNING,
    .rank = 68,
    .title = "It happens again and again",
    .meaning = "The same two peers failed, or came up and went down, at least three times one after the other. Routers try again "
               "by themselves, which hides how long this has gone on. Or a Child SA was rekeyed at least five times within "
               "seconds of each other.",
    .advice = "Find the cause of one failure; watch the times for a pattern (a lifetime, a DPD interval, an idle NAT mapping).",
    .child = judge_rekeys,
    .whole = judge,
};
