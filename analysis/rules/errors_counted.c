/* Errors that a router has counted: rows of `show crypto ikev2 stats exchange` and of `show crypto ikev2 diagnose error`.
 * They count since the counters were cleared, so they say that it happened, not when. */
#include "analysis/evidence.h"
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_IOS,
      "`clear crypto ikev2 stats`, repeat the attempt, and look which of the counters rises; `explain` has a page on each "
      "notify" },
};

enum { ROWS_QUOTED = 8 };

struct tally {
    struct text names; /* "NO_PROPOSAL_CHOSEN (3 received)" and further */
    unsigned rows;
    const struct fact *row[ROWS_QUOTED];
};

static void add(struct model *m, struct tally *t, const struct fact *row, struct text what)
{
    if (t->rows < ROWS_QUOTED)
        t->row[t->rows] = row;
    if (t->rows < 4)
        t->names = t->names.len ? arena_format(m->run, "%.*s, %.*s", TEXT_ARGS(t->names), TEXT_ARGS(what)) : what;
    t->rows++;
}

static uint64_t number(const struct fact *facts, const char *name)
{
    uint64_t n = 0;
    (void)fact_get_number(facts, name, &n);
    return n > UINT32_MAX - 1000 ? 0 : n; /* a counter that went below zero */
}

static void count_notifies(struct model *m, struct tally *t, const struct record *r)
{
    const struct fact *list = fact_find(r->facts, "exchanges");
    for (const struct fact *g = fact_children(list); g; g = g->next) {
        if (!text_has(fact_get_text(fact_children(g), "section"), TEXT("ERROR")))
            continue;
        uint64_t sent = number(fact_children(g), "tx_request") + number(fact_children(g), "tx_response");
        uint64_t received = number(fact_children(g), "rx_request") + number(fact_children(g), "rx_response");
        struct text name = fact_get_text(fact_children(g), "name");
        if (sent || received)
            add(m, t, g,
                arena_format(m->run, "%.*s (%llu sent, %llu received)", TEXT_ARGS(name), (unsigned long long)sent,
                             (unsigned long long)received));
    }
}

/* Requests that were turned away and packets that were dropped, by the names of `show crypto ikev2 stats`. */
static void count_rejects(struct model *m, struct tally *t, const struct record *r)
{
    static const char *const names[] = { "SA Strength Enforcement Rejects",
                                         "SA limit",
                                         "rsrc low",
                                         "Total Deleted sessions of Cert Revoked Peers",
                                         "Incoming Requests dropped as LOW Q limit reached",
                                         "rejected no cookie",
                                         "IKEv2 packets dropped at dispatch" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        for (const struct fact *g = fact_members(r->facts, "counters"); g; g = g->next) {
            uint64_t times = number(fact_children(g), "value");
            if (times && text_equal(fact_get_text(fact_children(g), "name"), text_of(names[i])))
                add(m, t, g, arena_format(m->run, "\"%s\" (%llu)", names[i], (unsigned long long)times));
        }
}

static void count_exits(struct model *m, struct tally *t, const struct record *r)
{
    const struct fact *list = fact_find(r->facts, "errors");
    for (const struct fact *g = fact_children(list); g; g = g->next) {
        struct text message = fact_get_text(fact_children(g), "message");
        uint64_t times = number(fact_children(g), "number");
        if (message.len)
            add(m, t, g,
                arena_format(m->run, times == 1 ? "\"%.*s\" (once)" : "\"%.*s\" (%llu times)", TEXT_ARGS(message),
                             (unsigned long long)times));
    }
}

/* A session of the same router that is just being tried: what was counted may be what it fails by. */
static const struct fact *session_down(const struct model *m, uint32_t device, const struct record **where)
{
    const struct record *r = NULL;
    while ((r = record_next(m, device, "show crypto session", r)) != NULL)
        for (const struct fact *g = fact_members(r->facts, "sessions"); g; g = g->next)
            if (text_starts(fact_get_text(fact_children(g), "status"), TEXT("DOWN-NEGOTIATING"))) {
                *where = r;
                return g;
            }
    return NULL;
}

/* {in what was counted, what that is about, what to do} */
static const struct {
    const char *words, *about;
    struct advice advice;
} meanings[] = {
    { "Failed to authenticate the IKE SA",
      "To fail to authenticate is to find that the peer's AUTH does not fit the key (or certificate) that is configured for it.",
      { TO_BOTH, PLATFORM_UNKNOWN, "compare the pre-shared keys of both ends for each other: type them again" } },
    { "pskey",
      "It has no pre-shared key for a peer.",
      { TO_BOTH, PLATFORM_IOS,
        "a keyring entry for the peer, by its address or identity: `show run | section crypto ikev2 keyring`" } },
    { "matching policy",
      "The proposals of a peer are not among its own.",
      { TO_BOTH, PLATFORM_IOS, "compare `show crypto ikev2 proposal` of both ends" } },
    { "SA Strength Enforcement",
      "SA strength enforcement is to refuse a Child SA whose encryption is stronger than that of its IKE SA.",
      { TO_BOTH, PLATFORM_IOS,
        "the keys of the IKE proposal at least as long as those of the transform sets: `show crypto ikev2 proposal`, `show "
        "crypto ipsec transform-set`" } },
    { "SA limit",
      "At the SA limit as many SAs are there, or being made, as it allows.",
      { TO_BOTH, PLATFORM_IOS,
        "the limits: `show run | include crypto ikev2 limit|call admission`; who asks: `show crypto ikev2 sa`" } },
    { "rsrc low",
      "It was short of memory or of processor time.",
      { TO_BOTH, PLATFORM_IOS,
        "`show processes cpu sorted`, `show processes memory sorted`, `show crypto call admission statistics`" } },
    { "Cert Revoked",
      "The certificate of a peer was revoked while its session was up.",
      { TO_BOTH, PLATFORM_IOS, "which one: `show crypto pki crls`, `show logging | include PKI`" } },
};

static void tell_session(struct diagnosis *d, const struct tally *t, uint32_t device)
{
    const struct record *where = NULL;
    const struct fact *down = session_down(d->m, device, &where);
    struct address peer;
    for (size_t i = 0; i < COUNT_OF(meanings); i++)
        if (text_has(t->names, text_of(meanings[i].words))) {
            diagnosis_more(d, meanings[i].about);
            diagnosis_advise(d, &meanings[i].advice, 1);
            break;
        }
    if (!down)
        return;
    diagnosis_severity(d, SEVERITY_WARNING);
    diagnosis_word(d, "status", fact_get_text(fact_children(down), "status"));
    if (fact_get_address(fact_children(down), "peer", &peer))
        diagnosis_word(d, "with", address_text(peer, d->m->run));
    diagnosis_more(d, "Its session[[ with {with}]] is {status}: this may be what it fails by.");
    finding_quote(d->m, d->f, where, down->line);
}

static void judge(struct model *m, const struct rule *r)
{
    for (const struct record *show = m->records; show; show = show->next) {
        struct tally t = { .rows = 0 };
        struct diagnosis d;
        if (strcmp(show->name, "show crypto ikev2 stats") == 0) {
            count_notifies(m, &t, show);
            count_rejects(m, &t, show);
        } else if (strcmp(show->name, "show crypto ikev2 diagnose error") == 0) {
            count_exits(m, &t, show);
        }
        if (!t.rows || !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_POSSIBLE,
                                        arena_format(m->run, "%u %u", show->input, show->first_line)))
            continue;
        diagnosis_word(&d, "errors", t.names);
        diagnosis_word(&d, "router", device_name_or(m, show->device, TEXT("The router")));
        diagnosis_say(&d, NULL, "{router} has counted errors since its counters were cleared: {errors}.");
        tell_session(&d, &t, show->device);
        ADVISE(&d, common);
        for (unsigned i = 0; i < t.rows && i < ROWS_QUOTED; i++)
            finding_quote(m, d.f, show, t.row[i]->line);
    }
}

const struct rule rule_errors_counted = {
    .id = "errors-counted",
    .severity = SEVERITY_NOTE,
    .rank = 80,
    .title = "The router has counted errors",
    .meaning = "`show crypto ikev2 stats [exchange]` or `show crypto ikev2 diagnose error` shows errors, requests turned away or "
               "packets dropped that happened at some time "
               "since the counters were cleared.",
    .advice = "Clear the counters, repeat the attempt, and see which of them rises.",
    .whole = judge,
};
