/* A flow in show output that only one direction uses, and that belongs to no SA of the logs: those are one-way-path's. */
#include "analysis/evidence.h"
#include "analysis/nat.h"
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

static struct child_sa *child_of(const struct model *m, const struct fact *flow)
{
    for (struct child_sa *c = m->child_sas; c; c = c->next)
        for (const struct shown *s = c->shown; s; s = s->next)
            if (s->entry == flow)
                return c;
    return NULL;
}

struct flow_seen { /* one flow as one router shows it */
    const struct record *show;
    const struct fact *facts, *out, *in;
    struct address local, peer;
};

static bool flow_read(const struct record *show, const struct fact *flow, struct flow_seen *f)
{
    const struct fact *facts = fact_children(flow), *peer = fact_find(facts, "peer");
    *f = (struct flow_seen){
        .show = show, .facts = facts, .out = fact_find(facts, "pkts_encaps"), .in = fact_find(facts, "pkts_decaps")
    };
    if (peer && peer->kind == FACT_ADDRESS)
        f->peer = peer->as.address;
    if (!fact_get_address(facts, "local_endpoint", &f->local))
        (void)fact_get_address(facts, "local_address", &f->local);
    return f->out && f->in && fact_find(facts, "sas");
}

static bool is_flow_list(const struct record *show)
{
    return strcmp(show->name, "show crypto ipsec sa") == 0;
}

/* ---- the same flow as the other end shows it ---- */

struct inbound { /* flows by the SPI that they receive on */
    struct inbound *next;
    uint64_t spi;
    struct flow_seen flow;
};

static bool spi_read(struct text t, uint64_t *spi)
{
    return t.len && text_number(t, 16, spi) && *spi;
}

static void index_flow(struct map *inbound, struct arena *arena, const struct flow_seen *f)
{
    for (const struct fact *sa = fact_children(fact_find(f->facts, "sas")); sa; sa = sa->next) {
        uint64_t spi;
        if (!text_equal(fact_get_text(fact_children(sa), "direction"), TEXT("inbound")) ||
            !spi_read(fact_get_text(fact_children(sa), "spi"), &spi))
            continue;
        struct inbound *i = arena_new(arena, struct inbound);
        *i = (struct inbound){ .spi = spi, .flow = *f };
        i->next = map_find(inbound, bytes_over((const uint8_t *)&i->spi, sizeof i->spi));
        map_put(inbound, bytes_over((const uint8_t *)&i->spi, sizeof i->spi), i);
    }
}

static const struct flow_seen *counterpart(const struct map *inbound, const struct flow_seen *f)
{
    uint64_t spi;
    if (!spi_read(fact_get_text(f->facts, "outbound_spi"), &spi))
        return NULL;
    const struct inbound *i = map_find(inbound, bytes_over((const uint8_t *)&spi, sizeof spi));
    while (i && !(address_equal(i->flow.local, f->peer) && address_equal(i->flow.peer, f->local)))
        i = i->next;
    return i ? &i->flow : NULL;
}

/* ---- judgement ---- */

static bool sends_alone(const struct flow_seen *f)
{
    return f->out->as.number >= COUNT_TO_JUDGE && f->in->as.number == 0;
}

static bool receives_alone(const struct flow_seen *f)
{
    return f->in->as.number >= COUNT_TO_JUDGE && f->out->as.number == 0;
}

/* It receives, and sends nothing: a reason may stand in its configuration. */
static void look_at_nat(struct diagnosis *d, const struct flow_seen *f)
{
    struct nat_taken taken;
    if (!nat_takes(d->m, f->show->device, f->peer, &taken))
        return;
    diagnosis_severity(d, SEVERITY_ERROR);
    diagnosis_word(d, "from", selectors_text(d->m->run, &taken.local));
    diagnosis_word(d, "to", selectors_text(d->m->run, &taken.remote));
    diagnosis_more(d,
                   "Its configuration translates {from} on the way out, and exempts nothing that goes to {to} from that: after "
                   "NAT it fits the crypto ACL no more.");
    diagnosis_advise_router(d, f->show->device, f->local, f->peer,
                            arena_string(d->m->run, nat_exempt_text(d->m, f->show->device, &taken)));
    nat_quote(d, &taken);
}

static void judge_flow(struct model *m, const struct rule *r, const struct record *show, const struct fact *flow,
                       const struct map *inbound)
{
    struct flow_seen f;
    if (!flow_read(show, flow, &f) || (!sends_alone(&f) && !receives_alone(&f)))
        return;
    struct child_sa *child = child_of(m, flow);
    if (child && !child->ike_sa->shown_only)
        return;
    const struct flow_seen *other = counterpart(inbound, &f);
    bool silent_in = sends_alone(&f);
    if (other && silent_in && receives_alone(other))
        return; /* told of that end, which is where the trouble is */
    struct text address = f.peer.family ? address_text(f.peer, m->run) : (struct text){ NULL, 0 };
    struct diagnosis d;
    if (!diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY,
                         arena_format(m->run, "%u %.*s %u", show->device, TEXT_ARGS(address), silent_in)))
        return;
    d.f->child_sa = child;
    d.f->ike_sa = child ? child->ike_sa : NULL;
    diagnosis_word(&d, "address", address.len ? address : TEXT("the peer"));
    diagnosis_word(&d, "router", device_name_or(m, show->device, TEXT("The router")));
    diagnosis_wordf(&d, "count", "%llu", (unsigned long long)(silent_in ? f.out->as.number : f.in->as.number));
    diagnosis_say(&d, NULL,
                  silent_in ? "{router} has encrypted {count} packets for {address} and decrypted none from there."
                            : "{router} has decrypted {count} packets of {address} and encrypted none back.");
    diagnosis_more(
        &d, silent_in ? "Its SAs are up: the other end does not send its answers into the tunnel, or ESP is dropped on the way."
                      : "Its SAs are up: its own answers do not go into the tunnel, which is a matter of its routes, its NAT or "
                        "its crypto ACL.");
    if (other && silent_in && other->out->as.number) {
        diagnosis_wordf(&d, "sent", "%llu", (unsigned long long)other->out->as.number);
        diagnosis_more(&d, "The other end has encrypted {sent}, so they are lost on the way from there.");
    }
    if (!silent_in)
        look_at_nat(&d, &f);
    ADVISE(&d, common);
    finding_quote(m, d.f, show, f.out->line);
    finding_quote(m, d.f, show, f.in->line);
    if (other) {
        finding_quote(m, d.f, other->show, other->out->line);
        finding_quote(m, d.f, other->show, other->in->line);
    }
}

static void judge(struct model *m, const struct rule *r)
{
    struct arena *scratch = arena_create();
    struct map inbound = { 0 };
    for (unsigned round = 0; round < 2; round++)
        for (const struct record *show = m->records; show; show = show->next) {
            const struct fact *flows = is_flow_list(show) ? fact_find(show->facts, "flows") : NULL;
            for (const struct fact *flow = fact_children(flows); flow; flow = flow->next) {
                struct flow_seen f;
                if (round)
                    judge_flow(m, r, show, flow, &inbound);
                else if (flow_read(show, flow, &f))
                    index_flow(&inbound, scratch, &f);
            }
        }
    map_clear(&inbound);
    arena_destroy(scratch);
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
