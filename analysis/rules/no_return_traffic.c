/* A flow in show output that only one direction uses, and that belongs to no SA of the logs: those are one-way-path's. */
#include "analysis/evidence.h"
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_IOS,
      "`show crypto ipsec sa peer {address}` at the other end: if it decapsulates and does not encapsulate, its return route or "
      "NAT is wrong; "
      "if it decapsulates nothing, ESP (protocol 50, or UDP 4500) is lost on the way" },
    { TO_BOTH, PLATFORM_ASA,
      "`show crypto ipsec sa peer {address}` at the other end, and there `packet-tracer input inside icmp S 8 0 D detailed` for "
      "the way back" },
};

enum { COUNT_TO_JUDGE = 4 };

static bool joined(const struct model *m, const struct fact *flow)
{
    for (const struct child_sa *c = m->child_sas; c; c = c->next)
        for (const struct shown *s = c->shown; s; s = s->next)
            if (s->entry == flow)
                return true;
    return false;
}

static void judge_flow(struct model *m, const struct rule *r, const struct record *show, const struct fact *flow)
{
    const struct fact *facts = fact_children(flow), *peer = fact_find(facts, "peer"), *out = fact_find(facts, "pkts_encaps"),
                      *in = fact_find(facts, "pkts_decaps");
    if (!out || !in || !fact_find(facts, "sas"))
        return;
    bool silent_in = out->as.number >= COUNT_TO_JUDGE && in->as.number == 0,
         silent_out = in->as.number >= COUNT_TO_JUDGE && out->as.number == 0;
    struct text address = peer && peer->kind == FACT_ADDRESS ? address_text(peer->as.address, m->run) : (struct text){ NULL, 0 };
    struct diagnosis d;
    if ((!silent_in && !silent_out) || joined(m, flow) ||
        !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY,
                         arena_format(m->run, "%u %.*s %u", show->device, TEXT_ARGS(address), silent_in)))
        return;
    diagnosis_word(&d, "address", address.len ? address : TEXT("the peer"));
    diagnosis_word(&d, "router", device_name_or(m, show->device, TEXT("The router")));
    diagnosis_wordf(&d, "count", "%llu", (unsigned long long)(silent_in ? out->as.number : in->as.number));
    diagnosis_say(&d, NULL,
                  silent_in ? "{router} has encrypted {count} packets for {address} and decrypted none from there."
                            : "{router} has decrypted {count} packets of {address} and encrypted none back.");
    diagnosis_more(
        &d, silent_in ? "Its SAs are up: the other end does not send its answers into the tunnel, or ESP is dropped on the way."
                      : "Its SAs are up: its own answers do not go into the tunnel, which is a matter of its routes, its NAT or "
                        "its crypto ACL.");
    ADVISE(&d, common);
    finding_quote(m, d.f, show, out->line);
    finding_quote(m, d.f, show, in->line);
}

static void judge(struct model *m, const struct rule *r)
{
    for (const struct record *show = m->records; show; show = show->next) {
        const struct fact *flows = strcmp(show->name, "show crypto ipsec sa") == 0 ? fact_find(show->facts, "flows") : NULL;
        for (const struct fact *flow = fact_children(flows); flow; flow = flow->next)
            judge_flow(m, r, show, flow);
    }
}

const struct rule rule_no_return_traffic = {
    .id = "no-return-traffic",
    .severity = SEVERITY_WARNING,
    .rank = 55,
    .title = "A tunnel carries traffic one way only",
    .meaning = "`show crypto ipsec sa` counts packets in one direction and none in the other, although the SAs of both exist.",
    .advice = "Compare the counters of both ends: they tell whether the packets are lost on the way or never sent back into the "
              "tunnel.",
    .whole = judge,
};
