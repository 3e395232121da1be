#include "analysis/silence.h"

#include "analysis/evidence.h"

#define LET_PASS "let UDP 500 and UDP 4500 pass in both directions on every access list and firewall between"

static const struct advice on_ios[] = {
    { TO_THIS, PLATFORM_UNKNOWN,
      "whom it tries: `show crypto session`, `show crypto ikev2 sa`; is that peer reachable from the tunnel's source: `ping PEER "
      "source SOURCE`; then `debug crypto ikev2` while it tries" },
    { TO_BOTH, PLATFORM_UNKNOWN, LET_PASS },
};
static const struct advice on_asa[] = {
    { TO_THIS, PLATFORM_UNKNOWN,
      "whom it tries: `show crypto ikev2 sa`; is that peer reachable: `ping PEER`; then `debug crypto ikev2 protocol 127` while "
      "it tries" },
    { TO_BOTH, PLATFORM_UNKNOWN, LET_PASS },
};

struct silence {
    const struct fact *sent_row, *failed_row; /* rows that say so; NULL: none */
    uint64_t sent, received;
};

static uint64_t number_of(const struct fact *row, const char *name)
{
    uint64_t n = 0;
    (void)fact_get_number(fact_children(row), name, &n);
    return n > UINT32_MAX - 1000 ? 0 : n; /* a counter that went below zero */
}

/* IOS: the table of `show crypto ikev2 stats exchange`. */
static void count_exchanges(const struct record *r, struct silence *s)
{
    for (const struct fact *row = fact_members(r->facts, "exchanges"); row; row = row->next) {
        s->received += number_of(row, "rx_request") + number_of(row, "rx_response");
        if (!text_equal(fact_get_text(fact_children(row), "name"), TEXT("IKE_SA_INIT")))
            continue;
        s->sent_row = row;
        s->sent = number_of(row, "tx_request");
    }
}

/* ASA: packets, and SAs that failed. */
static void count_packets(const struct record *r, struct silence *s)
{
    bool counts_in = false;
    for (const struct fact *row = fact_members(r->facts, "counters"); row; row = row->next) {
        struct text name = fact_get_text(fact_children(row), "name");
        uint64_t value = number_of(row, "value");
        if (text_equal(name, TEXT("In Packets"))) {
            counts_in = true;
            s->received += value;
        } else if (text_equal(name, TEXT("Out Packets"))) {
            s->sent_row = row;
            s->sent = value;
        } else if (text_equal(name, TEXT("SAs Locally Initiated Failed")) && value) {
            s->failed_row = row;
        }
    }
    if (!counts_in || !s->failed_row)
        s->sent_row = NULL;
}

/* What else is there says more: a log, a capture, an SA that is listed as up. */
static bool shown_otherwise(const struct model *m)
{
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        if (sa->exchanges || sa->established)
            return true;
    return false;
}

/* The routers whose log tells of some SA, by their number. */
static const bool *have_log(const struct model *m)
{
    bool *has = arena_array(m->run, bool, m->device_count);
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (const struct view *v = sa->views; v; v = v->next)
            has[v->device] |= v->notes != NULL;
    return has;
}

void silence_judge(struct model *m, const struct rule *r)
{
    static const char name[] = "show crypto ikev2 stats";
    const struct record *first = record_next(m, 0, name, NULL);
    if (!first || shown_otherwise(m))
        return;
    const bool *has_log = have_log(m);
    for (const struct record *show = first; show; show = record_next(m, 0, name, show)) {
        struct silence s = { .sent = 0 };
        struct diagnosis d;
        if (has_log[show->device])
            continue;
        count_exchanges(show, &s);
        if (!s.sent_row)
            count_packets(show, &s);
        if (!s.sent_row || !s.sent || s.received ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY, arena_format(m->run, "counted %u", show->device)))
            continue;
        diagnosis_severity(&d, SEVERITY_WARNING);
        diagnosis_word(&d, "router", device_name_or(m, show->device, TEXT("The router")));
        diagnosis_wordf(&d, "sent", "%llu", (unsigned long long)s.sent);
        diagnosis_say(&d, "Nothing comes back to the router's requests",
                      s.failed_row
                          ? "{router} has sent {sent} IKEv2 packets since its counters were cleared and received none, and "
                            "the SAs that it tried to make failed."
                          : "{router} has sent IKE_SA_INIT {sent} times since its counters were cleared, and received no "
                            "IKEv2 message at all.");
        diagnosis_more(&d, "This is not about keys or proposals: the peer is down, its address is wrong, UDP 500 is filtered on "
                           "the way, or it has no IKEv2 policy for this router and stays silent.");
        if (s.failed_row)
            ADVISE(&d, on_asa);
        else
            ADVISE(&d, on_ios);
        finding_quote(m, d.f, show, s.sent_row->line);
        if (s.failed_row)
            finding_quote(m, d.f, show, s.failed_row->line);
    }
}
