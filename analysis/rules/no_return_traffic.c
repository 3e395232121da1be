/* A flow in show output that only one direction uses, and that belongs to no SA of the logs: those are one-way-path's. */
#include "analysis/drops.h"
#include "analysis/evidence.h"
#include "analysis/nat.h"
#include "analysis/reach.h"

enum { COUNT_TO_JUDGE = 4 };

struct whose { /* where an entry of show output is found: a walk over all SAs for each is what it saves */
    struct arena *arena;
    struct map children, sas; /* struct child_sa, struct ike_sa: the first that an entry is tied to */
    struct map inbound;       /* struct inbound, by its SPI */
};

static void tie(struct map *to, const struct shown *shown, void *owner)
{
    for (const struct shown *s = shown; s; s = s->next) {
        const struct bytes entry = bytes_over((const uint8_t *)&s->entry, sizeof s->entry);
        if (!map_find(to, entry))
            map_put(to, entry, owner);
    }
}

static void *tied(const struct map *to, const struct fact *entry)
{
    return map_find(to, bytes_over((const uint8_t *)&entry, sizeof entry));
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

static const char flow_list[] = "show crypto ipsec sa";

static bool is_flow_list(const struct record *show)
{
    return strcmp(show->name, flow_list) == 0;
}

static bool of_asa(const struct flow_seen *f)
{
    return fact_find(f->facts, "sequence") || strcmp(f->show->name, "show vpn-sessiondb") == 0;
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

static void index_flow(struct whose *w, const struct flow_seen *f)
{
    for (const struct fact *sa = fact_members(f->facts, "sas"); sa; sa = sa->next) {
        uint64_t spi;
        if (!text_equal(fact_get_text(fact_children(sa), "direction"), TEXT("inbound")) ||
            !spi_read(fact_get_text(fact_children(sa), "spi"), &spi))
            continue;
        struct inbound *i = arena_new(w->arena, struct inbound);
        *i = (struct inbound){ .spi = spi, .flow = *f };
        i->next = map_find(&w->inbound, bytes_over((const uint8_t *)&i->spi, sizeof i->spi));
        map_put(&w->inbound, bytes_over((const uint8_t *)&i->spi, sizeof i->spi), i);
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
    if (!nat_takes(d->m, f->show->device, f->peer, &taken)) {
        nat_tell_untold(d, &taken);
        return;
    }
    diagnosis_severity(d, SEVERITY_ERROR);
    diagnosis_word(d, "from", selectors_text(d->m->run, &taken.local));
    diagnosis_word(d, "to", selectors_text(d->m->run, &taken.remote));
    diagnosis_more(d, "Its configuration translates {from} on the way out, and does not exempt all that goes to {to} from that: "
                      "after NAT it fits the crypto ACL no more.");
    diagnosis_advise_router(d, f->show->device, f->local, f->peer,
                            arena_string(d->m->run, nat_exempt_text(d->m, f->show->device, &taken)));
    nat_quote(d, &taken);
}

/* ---- what to do, and on which router ---- */

struct flow_advice { /* {IOS, ASA}; {peer} is as seen from there */
    const char *ios, *asa;
};

/* It receives and does not send: nobody else can help. */
static const struct flow_advice send_back[] = {
    { "where do its answers go: `show ip cef exact-route {near} {far}` has to name the interface with the crypto map, or the "
      "tunnel",
      "where do its answers go: `packet-tracer input {inside} icmp {near} 8 0 {far} detailed`: NAT, route and VPN phase each say "
      "what they did" },
    { "is what comes back in the crypto ACL and exempt from NAT: `show crypto ipsec sa peer {peer}`, `show ip nat translations`",
      "is what comes back in the crypto ACL and exempt from NAT: `show crypto ipsec sa peer {peer}`, `show run nat`" },
};

/* It sends, and nothing comes: the other end is asked first. */
static const struct flow_advice ask_there[] = {
    { "`show crypto ipsec sa peer {peer}`: where it decapsulates and does not encapsulate, its route back, NAT or crypto ACL is "
      "wrong; where it decapsulates nothing, ESP is lost on the way to it",
      "`show crypto ipsec sa peer {peer}`: where it decapsulates and does not encapsulate, `packet-tracer input {inside} icmp "
      "{near} 8 0 {far} detailed` shows why; where it decapsulates nothing, ESP is lost on the way to it" },
};

static const struct flow_advice let_in[] = {
    { "let {carried} from {peer} in, here and on every firewall in front: `show "
      "access-lists`, `show crypto ipsec sa peer {peer}` for errors",
      "let {carried} from {peer} in, here and on every firewall in front: `show asp drop`, "
      "`show crypto ipsec sa peer {peer}` for errors" },
};

static bool any_bit(struct address a)
{
    uint8_t all = 0;
    for (size_t i = 0; i < address_length(a); i++)
        all |= a.octets[i];
    return all != 0;
}

/* A host of one end of the flow, for a packet to try; the end itself is none, as GRE goes between the two. */
static struct text host_in(struct model *m, const struct fact *ident, struct address end, const char *otherwise)
{
    const struct fact *f = fact_children(ident);
    struct address a, mask;
    uint64_t bits = 0;
    if (!fact_get_address(f, "address", &a) || !any_bit(a) || address_equal(a, end))
        return text_of(otherwise); /* anything: a tunnel interface */
    bool host = (fact_get_number(f, "prefix_length", &bits) && bits == 8 * address_length(a)) ||
                (fact_get_address(f, "mask", &mask) && mask.octets[address_length(a) - 1] == 0xff);
    a.octets[address_length(a) - 1] |= !host;
    return address_text(a, m->run);
}

/* The interface of an ASA that the flow's near network is behind, where its configuration tells. */
static struct text inside_of(const struct model *m, uint32_t device, struct text outside)
{
    struct text found = { NULL, 0 };
    for (const struct record *r = record_next(m, device, "interface", NULL); r; r = record_next(m, device, "interface", r)) {
        struct text nameif = fact_get_text(r->facts, "nameif");
        if (!nameif.len || text_equal(nameif, outside))
            continue;
        if (found.len)
            return TEXT("inside"); /* more than one */
        found = nameif;
    }
    return found.len ? found : TEXT("inside");
}

/* In what its packets go: the flow says so, or the port that its IKE SA has. */
static struct text carried_text(const struct flow_seen *f, const struct finding *found)
{
    const struct ike_sa *sa = found->child_sa && found->child_sa->ike_sa ? found->child_sa->ike_sa : found->ike_sa;
    bool floats = sa && sa_in_udp(sa);
    for (const struct fact *in = fact_members(f->facts, "sas"); in && !floats; in = in->next)
        floats = fact_find(fact_children(in), "udp_encapsulated") != NULL;
    return floats ? TEXT("UDP 4500, in which the ESP goes,")
           : sa   ? TEXT("ESP (IP protocol 50)")
                  : TEXT("ESP (IP protocol 50, or UDP 4500 behind NAT)");
}

/* The flow as seen from its router, or, mirrored, from the other one. */
static void advise_flow(struct diagnosis *d, const struct flow_seen *f, const struct flow_seen *other, bool there,
                        const struct flow_advice *rows, size_t count)
{
    struct model *m = d->m;
    const struct flow_seen *at = there ? other : f;
    struct address local = there ? f->peer : f->local, peer = there ? f->local : f->peer;
    uint32_t device = at      ? at->show->device
                      : there ? config_device(m, &(struct party){ .endpoint = { .address = f->peer } })
                              : f->show->device;
    const struct fact *near = fact_find(f->facts, there ? "remote_ident" : "local_ident"),
                      *far = fact_find(f->facts, there ? "local_ident" : "remote_ident");
    bool known = at || platform_of_router(m, device);
    bool asa = at ? of_asa(at) : platform_of_router(m, device) == PLATFORM_ASA;
    diagnosis_word(d, "carried", carried_text(f, d->f));
    diagnosis_word(d, "near", host_in(m, near, local, "LOCAL-HOST"));
    diagnosis_word(d, "far", host_in(m, far, peer, "REMOTE-HOST"));
    diagnosis_word(d, "inside", inside_of(m, device, at ? fact_get_text(at->facts, "interface") : TEXT("outside")));
    for (size_t i = 0; i < count; i++) {
        if (!known || !asa)
            diagnosis_advise_router(d, device, local, peer,
                                    known ? rows[i].ios : arena_string(m->run, arena_format(m->run, "IOS: %s", rows[i].ios)));
        if (!known || asa)
            diagnosis_advise_router(d, device, local, peer,
                                    known ? rows[i].asa : arena_string(m->run, arena_format(m->run, "ASA: %s", rows[i].asa)));
    }
}
#define ADVISE_FLOW(d, f, other, there, rows) advise_flow((d), (f), (other), (there), (rows), sizeof(rows) / sizeof(rows)[0])

/* Packets arrive, and it can do nothing with them. */
static const struct flow_advice look_at_drops[] = { { DROPS_ON_IOS, DROPS_ON_ASA } };

static const struct fact *receive_errors(const struct flow_seen *f)
{
    const struct fact *errors = fact_find(f->facts, "recv_errors");
    return errors && errors->kind == FACT_NUMBER && errors->as.number >= COUNT_TO_JUDGE ? errors : NULL;
}

static void tell_silent_in(struct diagnosis *d, const struct flow_seen *f, const struct flow_seen *other)
{
    const struct fact *errors = receive_errors(f);
    if (errors) {
        diagnosis_wordf(d, "errors", "%llu", (unsigned long long)errors->as.number);
        diagnosis_more(d, "Its SAs are up, and it counts {errors} receive errors: " DROPS_MEAN);
        ADVISE_FLOW(d, f, other, false, look_at_drops);
        return;
    }
    if (other && other->out->as.number) {
        diagnosis_wordf(d, "sent", "%llu", (unsigned long long)other->out->as.number);
        diagnosis_more(d, "Its SAs are up, and the other end has encrypted {sent}: they are lost on the way from there.");
        ADVISE_FLOW(d, f, other, false, let_in);
    } else if (other && !other->in->as.number) {
        diagnosis_more(d, "Its SAs are up, and at the other end none have arrived: they are lost on the way there.");
        ADVISE_FLOW(d, f, other, true, let_in);
    } else {
        diagnosis_more(d,
                       "Its SAs are up: the other end does not send its answers into the tunnel, or ESP is dropped on the way.");
        struct reach refused = reach_refused(d->m, f->show->device, true);
        if (refused.record)
            reach_tell_refused(d, f->show->device, f->local, f->peer, refused);
        ADVISE_FLOW(d, f, other, true, ask_there);
        ADVISE_FLOW(d, f, other, false, let_in);
    }
}

/* unit: what is counted. */
static void tell(struct model *m, const struct rule *r, const struct flow_seen *seen, struct ike_sa *sa, struct child_sa *child,
                 const struct map *inbound, const char *unit)
{
    const struct flow_seen f = *seen, *other = counterpart(inbound, &f);
    const struct record *show = f.show;
    bool silent_in = sends_alone(&f);
    if (other && silent_in && receives_alone(other))
        return; /* told of that end, which is where the trouble is */
    struct text address = f.peer.family ? address_text(f.peer, m->run) : (struct text){ NULL, 0 };
    struct diagnosis d;
    if (!diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY,
                         arena_format(m->run, "%u %.*s %u", show->device, TEXT_ARGS(address), silent_in)))
        return;
    d.f->child_sa = child;
    d.f->ike_sa = child ? child->ike_sa : sa;
    diagnosis_word(&d, "unit", text_of(unit));
    diagnosis_word(&d, "address", address.len ? address : TEXT("the peer"));
    diagnosis_word(&d, "router", device_name_or(m, show->device, TEXT("The router")));
    diagnosis_wordf(&d, "count", "%llu", (unsigned long long)(silent_in ? f.out->as.number : f.in->as.number));
    diagnosis_say(&d, NULL,
                  silent_in ? "{router} has encrypted {count} {unit} for {address} and decrypted none from there."
                            : "{router} has decrypted {count} {unit} of {address} and encrypted none back.");
    if (silent_in) {
        tell_silent_in(&d, &f, other);
    } else {
        diagnosis_more(&d, "Its SAs are up: its own answers do not go into the tunnel, which is a matter of its routes, its NAT "
                           "or its crypto ACL.");
        look_at_nat(&d, &f);
        ADVISE_FLOW(&d, &f, other, false, send_back);
    }
    if (silent_in && receive_errors(&f))
        finding_quote(m, d.f, show, receive_errors(&f)->line);
    finding_quote(m, d.f, show, f.out->line);
    finding_quote(m, d.f, show, f.in->line);
    if (other) {
        finding_quote(m, d.f, other->show, other->out->line);
        finding_quote(m, d.f, other->show, other->in->line);
    }
}

static void judge_flow(struct model *m, const struct rule *r, const struct record *show, const struct fact *flow,
                       const struct whose *w)
{
    struct flow_seen f;
    if (!flow_read(show, flow, &f) || (!sends_alone(&f) && !receives_alone(&f)))
        return;
    struct child_sa *child = tied(&w->children, flow);
    if (!child || child->ike_sa->shown_only)
        tell(m, r, &f, NULL, child, &w->inbound, "packets");
}

/* ---- where a router's sessions alone count it ---- */

static bool lists_flows(const struct model *m, uint32_t device)
{
    for (const struct record *r = record_next(m, device, flow_list, NULL); r; r = record_next(m, device, flow_list, r))
        if (r->device == device)
            return true;
    return false;
}

/* {the output, the list in a session, the counts there, of what; the count of a group inside, or NULL} */
static const struct counted {
    const char *command, *list, *out, *in, *unit, *inside;
} counted[] = {
    { "show crypto session", "flows", "outbound", "inbound", "packets", "packets" },
    { "show vpn-sessiondb", "tunnels", "packets_tx", "packets_rx", "packets", NULL },
    { "show vpn-sessiondb", NULL, "bytes_tx", "bytes_rx", "octets", NULL },
};

static const struct fact *count_in(const struct fact *facts, const char *name, const char *inside)
{
    const struct fact *f = fact_find(facts, name);
    f = inside ? fact_find(fact_children(f), inside) : f;
    return f && f->kind == FACT_NUMBER ? f : NULL;
}

/* An ASA's session does not name the own address; another output may. */
static bool session_ends(const struct fact *session, const struct ike_sa *sa, struct flow_seen *f)
{
    const struct fact *facts = fact_children(session), *ike = fact_children(fact_members(facts, "ike_sas"));
    for (const struct view *v = sa && !fact_get_address(ike, "local", &f->local) ? sa->views : NULL; v; v = v->next)
        if (v->device == f->show->device)
            f->local = v->local.address;
    return fact_get_address(ike, "remote", &f->peer) || fact_get_address(facts, "address", &f->peer);
}

static bool judge_counted(struct model *m, const struct rule *r, const struct record *show, const struct fact *session,
                          const struct counted *c, const struct whose *w)
{
    static const struct map none = { 0 };
    const struct fact *at = c->list ? fact_members(fact_children(session), c->list) : session;
    bool any = false;
    for (; at; at = c->list ? at->next : NULL) {
        const struct fact *facts = fact_children(at);
        struct flow_seen f = {
            .show = show, .facts = facts, .out = count_in(facts, c->out, c->inside), .in = count_in(facts, c->in, c->inside)
        };
        if (!f.out || !f.in)
            continue;
        any = true;
        struct ike_sa *sa = tied(&w->sas, session);
        if (session_ends(session, sa, &f) && (sends_alone(&f) || receives_alone(&f)))
            tell(m, r, &f, sa, NULL, &none, c->unit);
    }
    return any;
}

/* Beside `show crypto ipsec sa`, or a log, these say nothing new. */
static void judge_sessions(struct model *m, const struct rule *r, const struct record *show, const struct whose *w)
{
    const struct fact *s = fact_members(show->facts, "sessions");
    if (!s || (m->ike_sas && !m->ike_sas->shown_only) || lists_flows(m, show->device))
        return;
    for (; s; s = s->next) {
        bool told = false;
        for (size_t i = 0; i < COUNT_OF(counted); i++)
            told = told || (strcmp(show->name, counted[i].command) == 0 && judge_counted(m, r, show, s, &counted[i], w));
    }
}

static void judge(struct model *m, const struct rule *r)
{
    if (!m->records)
        return;
    struct whose w = { .arena = arena_create() };
    for (struct child_sa *c = m->child_sas; c; c = c->next)
        tie(&w.children, c->shown, c);
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        tie(&w.sas, sa->shown, sa);
    for (unsigned round = 0; round < 2; round++)
        for (const struct record *show = m->records; show; show = show->next) {
            const struct fact *flows = is_flow_list(show) ? fact_find(show->facts, "flows") : NULL;
            for (const struct fact *flow = fact_children(flows); flow; flow = flow->next) {
                struct flow_seen f;
                if (round)
                    judge_flow(m, r, show, flow, &w);
                else if (flow_read(show, flow, &f))
                    index_flow(&w, &f);
            }
        }
    for (const struct record *show = m->records; show; show = show->next)
        judge_sessions(m, r, show, &w);
    map_clear(&w.children);
    map_clear(&w.sas);
    map_clear(&w.inbound);
    arena_destroy(w.arena);
}

const struct rule rule_no_return_traffic = {
    .id = "no-return-traffic",
    .severity = SEVERITY_WARNING,
    .rank = 55,
    .title = "A tunnel carries traffic one way only",
    .meaning =
        "`show crypto ipsec sa`, or where it is not there `show crypto session detail` or an ASA's `show vpn-sessiondb`, counts "
        "packets in one direction and none in the other, although the SAs of both exist.",
    .advice = "Compare the counters of both ends: they tell whether the packets are lost on the way or never sent back into the "
              "tunnel.",
    .whole = judge,
};
