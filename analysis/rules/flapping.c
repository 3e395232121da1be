/* The same two peers again and again: attempts that fail one after the other, or a tunnel that comes and goes. */
#include "analysis/quote.h"
#include "base/map.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN, "find the cause of one of them (what else is found of these two); the repeats are automatic" },
    { TO_BOTH, PLATFORM_IOS,
      "to see one of them from its beginning: `debug crypto condition peer {family} {peer}`, `debug crypto ikev2`, `debug crypto "
      "ikev2 error`; not to wait for it, `clear crypto ikev2 sa remote {peer}`" },
    { TO_BOTH, PLATFORM_ASA,
      "to see one of them from its beginning: `debug crypto condition peer {peer}`, `debug crypto ikev2 protocol 127`, `debug "
      "crypto ikev2 platform 127`; not to wait for it, `clear crypto ikev2 sa {peer}`" },
};

/* Nothing else tells why, and a clock seems to. */
static const struct advice timers[] = {
    { TO_BOTH, PLATFORM_IOS,
      "which timer is as long: lifetimes and DPD (`show crypto ikev2 profile`, `show crypto ipsec profile`, `show crypto map`), "
      "an idle timer (`show run | include idle-time`), a job by the clock (`show run | include kron|event timer`), the NAT or "
      "the line on the way" },
    { TO_BOTH, PLATFORM_ASA,
      "which timer is as long: lifetimes (`show run crypto map`, `show run crypto ikev2`), `vpn-idle-timeout` and "
      "`vpn-session-timeout` (`show run all group-policy`), keepalives (`show run all tunnel-group`), the NAT or the line on the "
      "way" },
};

#define REGULAR_LEAST_NS INT64_C(10000000000)
#define AT_LEISURE_NS    INT64_C(3600000000000) /* a tunnel that is wanted is back sooner */
enum { TIMES_TO_JUDGE = 3 };

struct span { /* times that may all be alike */
    int64_t least, most;
    uint32_t count;
};

struct pair_key {
    struct address ends[2];
    uint64_t caller; /* a number of his name; 0: not known, or nobody else has his address */
};

struct pair {
    struct pair_key key;
    struct ike_sa *first, *last;
    uint32_t failed, dropped;
    uint32_t bare;           /* of the dropped: IKE SAs whose Child SA was refused, so that no tunnel was up */
    int64_t ended;           /* when the last of them ended */
    bool in_order;           /* it was closed by one end's word, and no path or peer was gone */
    int64_t began;           /* and when it began */
    struct span up, between; /* how long each was up; from one beginning to the next */
};

static struct pair *pair_of(struct model *m, struct map *pairs, const struct ike_sa *sa)
{
    struct address one = sa->initiator.endpoint.address, other = sa->responder.endpoint.address;
    if (!one.family && !other.family && sa->views) {
        one = sa->views->local.address;
        other = sa->views->remote.address;
    }
    if (!one.family && !other.family)
        return NULL;
    const bool swapped = address_compare(one, other) > 0;
    const struct text caller = ike_sa_caller(sa);
    struct pair_key key;
    memset(&key, 0, sizeof key);
    key.ends[0] = swapped ? other : one;
    key.ends[1] = swapped ? one : other;
    key.caller = caller.len ? hash_bytes(bytes_of_text(caller)) : 0;
    struct pair *p = map_find(pairs, bytes_over(&key, sizeof key));
    if (!p) {
        p = arena_new(m->run, struct pair);
        memcpy(&p->key, &key, sizeof key);
        p->ended = p->began = TIME_UNKNOWN;
        map_put(pairs, bytes_over(&p->key, sizeof p->key), p);
    }
    return p;
}

/* Side by side is not again: the next one begins when the last has ended, where clocks tell. */
static bool follows(const struct model *m, const struct pair *p, const struct ike_sa *sa)
{
    int64_t begins = model_time(m, sa->first_input, sa->first_ns);
    return p->ended == TIME_UNKNOWN || begins == TIME_UNKNOWN || begins >= p->ended;
}

static void add_time(struct span *s, int64_t ns)
{
    s->least = s->count && s->least < ns ? s->least : ns;
    s->most = s->count && s->most > ns ? s->most : ns;
    s->count++;
}

/* As regular as a timer: within a tenth, and not of a log that shows nothing but seconds. */
static bool regular(const struct span *s)
{
    return s->count >= TIMES_TO_JUDGE - 1 && s->least >= REGULAR_LEAST_NS && s->most - s->least <= s->least / 10;
}

static struct text time_text(struct arena *arena, int64_t ns)
{
    unsigned s = (unsigned)((ns + 500000000) / 1000000000);
    return s < 120    ? arena_format(arena, "%u s", s)
           : s < 3600 ? arena_format(arena, "%u min %02u s", s / 60, s % 60)
                      : arena_format(arena, "%u h %02u min", s / 3600, s / 60 % 60);
}

/* A rhythm is a timer's, and says which ones to look at. */
static void tell_rhythm(struct diagnosis *d, const struct pair *p)
{
    bool up = p->up.count > 2 && regular(&p->up), between = regular(&p->between);
    if (!up && !between)
        return;
    diagnosis_word(d, "up", up ? time_text(d->m->run, p->up.least) : (struct text){ NULL, 0 });
    diagnosis_word(d, "between", between ? time_text(d->m->run, p->between.least) : (struct text){ NULL, 0 });
    diagnosis_more(d, up && between ? "It was up for {up} each time, and began anew every {between}: as regular as a timer."
                      : up          ? "It was up for {up} each time: as regular as a timer."
                                    : "It began anew every {between}: as regular as a timer.");
    ADVISE(d, timers);
}

/* One end said that it goes: a user who went home, a tunnel that nothing used. */
static bool closed_in_order(const struct ike_sa *sa)
{
    static const enum event_code dead[] = { CODE_DPD_DEAD, CODE_RETRANSMIT_EXCEEDED };
    for (size_t i = 0; i < COUNT_OF(dead); i++)
        if (heard(sa, dead[i]).note)
            return false;
    return !sa->child_refused && !heard_text(sa, CODE_SESSION_DOWN, "eer lost").note &&
           !heard_text(sa, CODE_SESSION_DOWN, "DPD").note;
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
        bool failed = sa->outcome == SA_FAILED,
             dropped = sa->outcome == SA_DELETED && !ike_sa_replaced(sa) && !ike_sa_lost_collision(sa);
        struct pair *p = failed || dropped ? pair_of(m, &pairs, sa) : NULL;
        if (!p || !follows(m, p, sa))
            continue;
        int64_t began = model_time(m, sa->first_input, sa->first_ns), ended = model_time(m, sa->first_input, sa->last_ns);
        if (p->in_order && began != TIME_UNKNOWN && p->ended != TIME_UNKNOWN && began - p->ended > AT_LEISURE_NS) {
            p->dropped--;
            p->began = TIME_UNKNOWN; /* what lies between is no rhythm of a fault */
        }
        p->first = p->first && p->failed + p->dropped ? p->first : sa;
        p->last = sa;
        p->failed += failed;
        p->dropped += dropped;
        p->bare += dropped && sa->child_refused;
        p->in_order = dropped && closed_in_order(sa);
        if (began != TIME_UNKNOWN && p->began != TIME_UNKNOWN && began > p->began)
            add_time(&p->between, began - p->began);
        if (dropped && began != TIME_UNKNOWN && ended != TIME_UNKNOWN)
            add_time(&p->up, ended - began);
        p->began = began;
        p->ended = ended;
    }
    for (size_t i = 0; i < pairs.count; i++) {
        const struct pair *p = pairs.entries[i].value;
        struct diagnosis d;
        if (!p || p->failed + p->dropped < TIMES_TO_JUDGE ||
            !diagnosis_begin(&d, m, r, p->first, SIDE_INITIATOR, CONFIDENCE_CERTAIN, TEXT("")))
            continue;
        tell(&d, p);
        if (!p->failed)
            tell_rhythm(&d, p);
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
      "are 28800 seconds and 4608000 kilobytes" },
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
    .rank = 54, /* before ESP that comes for an SA of which it is gone */
    .title = "It happens again and again",
    .meaning = "The same two peers failed, or came up and went down, at least three times one after the other. Routers try again "
               "by themselves, which hides how long this has gone on. Or a Child SA was rekeyed at least five times within "
               "seconds of each other.",
    .advice = "Find the cause of one failure; watch the times for a pattern (a lifetime, a DPD interval, an idle NAT mapping).",
    .child = judge_rekeys,
    .whole = judge,
};
