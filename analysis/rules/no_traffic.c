/* A tunnel that show output has as up for some time, and whose counters stand at zero both ways; or that cannot send. */
#include "analysis/evidence.h"
#include "analysis/quote.h"

enum {
    IDLE_TO_JUDGE = 600, /* seconds: one that has just come up is idle, and well */
    ERRORS_TO_JUDGE = 20,
    ERRORS_PART = 10, /* and at least one for so many that were sent */
};

struct carried { /* of all flows of an IKE SA, by one router */
    uint64_t out, in, errors;
    const struct record *show;
    const struct fact *out_at, *in_at, *errors_at; /* NULL: not shown */
};

static void add(uint64_t *sum, const struct fact **at, const struct fact *facts, const char *name)
{
    const struct fact *f = fact_find(facts, name);
    if (!f || f->kind != FACT_NUMBER)
        return;
    *sum += f->as.number;
    if (!*at || f->as.number)
        *at = f;
}

static void add_shown(struct carried *c, const struct shown *s)
{
    /* {of show crypto ipsec sa, of an ASA's session}: the names that each has */
    static const char *const names[][2] = { { "pkts_encaps", "pkts_decaps" }, { "bytes_tx", "bytes_rx" } };
    for (; s; s = s->next) {
        const struct fact *facts = fact_children(s->entry);
        for (size_t i = 0; i < COUNT_OF(names); i++)
            if (fact_find(facts, names[i][0]) && !s->record->foreign) {
                add(&c->out, &c->out_at, facts, names[i][0]);
                add(&c->in, &c->in_at, facts, names[i][1]);
                add(&c->errors, &c->errors_at, facts, "send_errors");
                c->show = s->record;
            }
    }
}

static struct carried carried_by(const struct ike_sa *sa)
{
    struct carried c = { .show = NULL };
    add_shown(&c, sa->shown);
    for (const struct child_sa *child = sa->children; child; child = child->sibling)
        add_shown(&c, child->shown);
    return c;
}

static uint64_t up_for(const struct ike_sa *sa)
{
    static const char *const names[] = { "active_time", "uptime_seconds", "duration_seconds" };
    uint64_t longest = 0, t;
    for (const struct shown *s = sa->shown; s; s = s->next)
        for (size_t i = 0; i < COUNT_OF(names); i++)
            if (fact_get_number(fact_children(s->entry), names[i], &t) && t > longest)
                longest = t;
    return longest;
}

static const char *const can_not_send[] = {
    "why they could not be sent: `show crypto ipsec sa peer {peer} detail` counts each reason by itself (no SA, encapsulation "
    "failed, too big)",
    "the way to {peer} may not lead into the tunnel itself: `show ip route {peer}` (an ASA: `show route {peer}`)",
};
static const char *const idle[] = {
    "if it should carry something: send a packet that belongs into the tunnel, and see whether encaps rises: `show crypto ipsec "
    "sa peer {peer}`; where it does not, route, NAT or crypto ACL lead it elsewhere",
};

static const struct view *view_of(const struct ike_sa *sa, uint32_t device)
{
    const struct view *v = sa->views;
    while (v && v->next && v->device != device)
        v = v->next;
    return v;
}

static void tell(struct model *m, const struct rule *r, struct ike_sa *sa, const struct carried *c, bool failing)
{
    struct diagnosis d;
    const struct view *v = view_of(sa, c->show->device);
    if (!v || !diagnosis_begin(&d, m, r, sa, (enum side)v->role, CONFIDENCE_CERTAIN, failing ? TEXT("failing") : TEXT("idle")))
        return;
    diagnosis_word(&d, "router", device_name_or(m, c->show->device, TEXT("The router")));
    diagnosis_word(&d, "with", v->remote.address.family ? address_text(v->remote.address, m->run) : TEXT("the peer"));
    diagnosis_wordf(&d, "errors", "%llu", (unsigned long long)c->errors);
    diagnosis_wordf(&d, "sent", "%llu", (unsigned long long)c->out);
    if (failing) {
        diagnosis_severity(&d, SEVERITY_WARNING);
        diagnosis_say(&d, "Packets could not be sent into the tunnel",
                      "{router} could not send {errors} packets into its tunnel with {with}, and has encrypted {sent}.");
    } else {
        diagnosis_wordf(&d, "time", "%llu", (unsigned long long)(up_for(sa) / 60));
        diagnosis_say(&d, NULL,
                      "{router} shows its tunnel with {with} as up for {time} min, and it has carried nothing, in neither "
                      "direction: it is idle, or what belongs into it goes elsewhere.");
    }
    for (size_t i = 0; i < (failing ? COUNT_OF(can_not_send) : COUNT_OF(idle)); i++)
        diagnosis_advise_router(&d, c->show->device, v->local.address, v->remote.address, failing ? can_not_send[i] : idle[i]);
    if (failing)
        finding_quote(m, d.f, c->show, c->errors_at->line);
    finding_quote(m, d.f, c->show, c->out_at->line);
    if (c->in_at)
        finding_quote(m, d.f, c->show, c->in_at->line);
}

/* Without a Child SA there is nothing to carry it: that is no-child-sa's. */
static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    if (!sa->shown_only || sa->outcome != SA_ESTABLISHED || !sa->children)
        return;
    const struct carried c = carried_by(sa);
    if (c.errors_at && c.errors >= ERRORS_TO_JUDGE && c.errors >= c.out / ERRORS_PART)
        tell(m, r, sa, &c, true);
    if (c.out_at && c.in_at && !c.out && !c.in && up_for(sa) >= IDLE_TO_JUDGE)
        tell(m, r, sa, &c, false);
}

const struct rule rule_no_traffic = {
    .id = "no-traffic",
    .severity = SEVERITY_NOTE,
    .rank = 85,
    .title = "A tunnel that is up has carried nothing yet",
    .meaning = "Show output has the tunnel as up for ten minutes and more, and its counters stand at zero in both directions; or "
               "it counts many packets that could not be sent, which is a warning.",
    .advice = "Send a packet that belongs into the tunnel and see which counter rises: encaps, send errors or none.",
    .sa = judge,
};
