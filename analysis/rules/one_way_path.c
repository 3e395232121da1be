/* One direction works. Of IKE: requests arrive, answers do not. Of a tunnel: one end encrypts and nothing comes back. */
#include "analysis/drops.h"
#include "analysis/evidence.h"
#include "analysis/nat.h"
#include "analysis/quote.h"
#include "analysis/shown_children.h"

static const struct advice ike_advice[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "check the way back: `show {ip} route[[ vrf {front_vrf}]] {peer}`, `traceroute[[ vrf {front_vrf}]] {peer} source {local}`, "
      "access lists outbound, and that answers "
      "leave from {local}" },
    { TO_RESPONDER, PLATFORM_ASA,
      "check the way back: `show route {peer}`, `show asp drop`, access lists of the control plane, and that answers leave from "
      "{local}" },
    { TO_INITIATOR, PLATFORM_UNKNOWN,
      "let UDP 500 and 4500 from {peer} in on {local} and on every firewall and NAT in front of it" },
    { TO_INITIATOR, PLATFORM_IOS, "do answers of {peer} arrive? " CAPTURE_IOS },
    { TO_INITIATOR, PLATFORM_ASA, "do answers of {peer} arrive? " CAPTURE_ASA },
};
static const struct advice esp_advice[] = {
    { TO_BOTH, PLATFORM_IOS,
      "`show crypto ipsec sa peer {peer}` twice, some seconds apart: which of encaps and decaps grows at which end?" },
    { TO_BOTH, PLATFORM_ASA,
      "`show crypto ipsec sa peer {peer}` twice, some seconds apart: which of encaps and decaps grows at which end?" },
    { TO_BOTH, PLATFORM_UNKNOWN, "let {carried} pass in both directions between {ends}" },
    { TO_THAT, PLATFORM_IOS,
      "is the traffic back routed into the tunnel, in the crypto ACL and exempt from NAT: `show ip cef exact-route {near} "
      "{far}`, `show ip nat translations`" },
    { TO_THAT, PLATFORM_ASA,
      "is the traffic back routed into the tunnel, in the crypto ACL and exempt from NAT: `packet-tracer input inside icmp "
      "{near} 8 0 {far} detailed`" },
};

static const struct advice drop_advice[] = {
    { TO_THIS, PLATFORM_IOS, DROPS_ON_IOS },
    { TO_THIS, PLATFORM_ASA, DROPS_ON_ASA },
};

enum {
    NEIGHBOURS = 64,
    ENCAPS_TO_JUDGE = 5,
    PACKETS_TO_JUDGE = 20,
    QUESTIONS_TO_JUDGE = 5,
    FLOWS_ASKED = 1024,
    REPEATS_TO_JUDGE = 2
};

/* A responder that lost its state makes another SA from the repeated request: same SPI of the initiator, other of its own. */
static bool has_twin(const struct ike_sa *sa)
{
    unsigned n = 0;
    if (!spi_known(sa->spi_i)) /* others of which the log names none are no twins */
        return false;
    for (const struct ike_sa *s = sa->next; s && n < NEIGHBOURS; s = s->next, n++)
        if (s->spi_i.value == sa->spi_i.value)
            return true;
    n = 0;
    for (const struct ike_sa *s = sa->made_before; s && n < NEIGHBOURS; s = s->made_before, n++)
        if (s->spi_i.value == sa->spi_i.value)
            return true;
    return false;
}

/* The state machine alone: a responder waits in vain for IKE_AUTH, once more for every repeated request. */
static void judge_states(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard timeout = heard_on(sa, SIDE_RESPONDER, CODE_WAIT_AUTH_TIMEOUT);
    struct diagnosis d;
    if (!timeout.note || !has_twin(sa) || !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_LIKELY, TEXT("ike")))
        return;
    diagnosis_say(&d, "Answers are lost on the way back",
                  "{responder} answers, and {initiator} goes on sending IKE_SA_INIT, so the answers are lost on their way back.");
    ADVISE(&d, ike_advice);
    quote_note(&d, timeout);
}

static void judge_ike(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_SA_INIT);
    if (sa->established || exchange_last(sa, EXCHANGE_IKE_AUTH))
        return;
    if (!x) {
        judge_states(m, r, sa);
        return;
    }
    bool sent = leg_seen(sa, x, &x->response, SIDE_RESPONDER), arrived = leg_seen(sa, x, &x->response, SIDE_INITIATOR);
    bool wire = leg_seen(sa, x, &x->response, SIDE_UNKNOWN);
    bool initiator_repeats = leg_copies(sa, x, &x->request, SIDE_INITIATOR) > 1 ||
                             heard_on(sa, SIDE_INITIATOR, CODE_RETRANSMIT_EXCEEDED).note;
    struct heard timeout = heard_on(sa, SIDE_RESPONDER, CODE_WAIT_AUTH_TIMEOUT);
    uint32_t asked = leg_copies(sa, x, &x->request, SIDE_RESPONDER);
    bool both = (sent || wire) && !arrived && view_on(sa, SIDE_INITIATOR) && initiator_repeats;
    const bool anew = heard(sa, CODE_WRONG_KE_GROUP).note || heard(sa, CODE_COOKIE_SENT).note; /* then twice is as it should be */
    bool one = sent && !view_on(sa, SIDE_INITIATOR) && (asked > (anew ? 2 : 1) || (timeout.note && has_twin(sa)));
    struct diagnosis d;
    if ((!both && !one) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, both ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY, TEXT("ike")))
        return;
    diagnosis_say(
        &d, "Answers are lost on the way back",
        both ? "{responder} answered the IKE_SA_INIT of {initiator}, and the answer never arrived there."
             : "{responder} answers, and {initiator} goes on sending IKE_SA_INIT, so the answers are lost on their way back.");
    diagnosis_more(&d, "The way from {initiator} to {responder} works; it is the other direction: routing, a filter, a NAT, or "
                       "another source address of the answer.");
    ADVISE(&d, ike_advice);
    quote_leg(&d, x, &x->request, "");
    quote_leg(&d, x, &x->response, both ? "never received" : "");
    quote_note(&d, timeout);
    quote_note(&d, heard_on(sa, SIDE_INITIATOR, CODE_RETRANSMIT_EXCEEDED));
}

/* Did the initiator do anything that it can do only with the answer? */
static bool went_on(const struct ike_sa *sa, const struct exchange *after)
{
    for (const struct exchange *x = after->next; x; x = x->next)
        if (x->from == SIDE_INITIATOR && x->request.copies)
            return true;
    for (const struct child_sa *c = sa->children; c; c = c->sibling)
        if (c->to_responder && c->to_responder->traffic.packets)
            return true;
    return ike_sa_replaced(sa) || sa->ready_initiator;
}

/* Of IKE_AUTH, which the responder has answered and holds to be done. An answer that refuses is a cause of its own. */
static void judge_auth(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH);
    const struct message *answer = x ? x->response.message : NULL;
    if (!answer || message_error(answer) || x->from == SIDE_RESPONDER || went_on(sa, x))
        return;
    bool sent = leg_seen(sa, x, &x->response, SIDE_RESPONDER), wire = leg_seen(sa, x, &x->response, SIDE_UNKNOWN);
    struct heard gave_up = heard_on(sa, SIDE_INITIATOR, CODE_RETRANSMIT_EXCEEDED);
    bool repeats = leg_copies(sa, x, &x->request, SIDE_INITIATOR) > 1 || gave_up.note;
    bool both = (sent || wire) && view_on(sa, SIDE_INITIATOR) && !leg_seen(sa, x, &x->response, SIDE_INITIATOR) && repeats;
    bool one = sent && !view_on(sa, SIDE_INITIATOR) && leg_copies(sa, x, &x->request, SIDE_RESPONDER) > REPEATS_TO_JUDGE;
    struct diagnosis d;
    if ((!both && !one) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, both ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY, TEXT("auth")))
        return;
    diagnosis_say(&d, "Answers are lost on the way back",
                  both ? "{responder} accepted the IKE_AUTH of {initiator}, and the answer never arrived there."
                       : "{responder} accepted the IKE_AUTH of {initiator}, which goes on sending it: the answers are lost on "
                         "their way back.");
    diagnosis_more(&d, "The way from {initiator} to {responder} works; it is the other direction: UDP 4500 or fragments that a "
                       "filter or NAT drops, or routing. Until {responder} notices, it holds the tunnel to be up.");
    ADVISE(&d, ike_advice);
    quote_leg(&d, x, &x->request, "");
    quote_leg(&d, x, &x->response, both ? "never received" : "");
    quote_note(&d, gave_up);
}

/* On the wire: how often the request was sent again after its answer had passed the point of capture. */
static unsigned asked_after_answer(const struct exchange *x)
{
    const struct sighting *answer = x->response.seen;
    while (answer && answer->direction != DIRECTION_WIRE)
        answer = answer->next;
    unsigned n = 0;
    for (const struct sighting *s = x->request.seen; answer && s; s = s->next)
        n += s->direction == DIRECTION_WIRE && s->input == answer->input && s->place > answer->place && !s->fragment;
    return n;
}

/* The capture shows the answers, and the initiator goes on asking: they are lost behind the point of capture. */
static void judge_wire(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH);
    x = x ? x : exchange_last(sa, EXCHANGE_IKE_SA_INIT);
    unsigned again = x && x->from != SIDE_RESPONDER ? asked_after_answer(x) : 0;
    struct diagnosis d;
    if (again < REPEATS_TO_JUDGE || view_on(sa, SIDE_INITIATOR) || went_on(sa, x) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_LIKELY, TEXT("wire")))
        return;
    diagnosis_word(&d, "exchange", text_of(exchange_name(x->type)));
    diagnosis_wordf(&d, "times", "%u times", again);
    diagnosis_say(&d, "Answers are lost on the way back",
                  "{responder} answers the {exchange} request of {initiator}, and {initiator} sends it again {times} after the "
                  "answer had passed the point of capture and never goes on: the answers do not arrive there.");
    diagnosis_more(&d, "The way from {initiator} to {responder} works; it is the other direction: a filter or NAT in front of "
                       "{initiator}, routing, or fragments that are dropped.");
    ADVISE(&d, ike_advice);
    quote_leg(&d, x, &x->request, "again after the answer");
    quote_leg(&d, x, &x->response, "");
}

static void judge_sa(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    judge_ike(m, r, sa);
    judge_auth(m, r, sa);
    judge_wire(m, r, sa);
}

static bool deaf(const struct child_sa *c, bool initiator_side, uint64_t *encaps)
{
    uint64_t decaps = 0;
    return shown_counter(c, initiator_side, "pkts_encaps", encaps) && shown_counter(c, initiator_side, "pkts_decaps", &decaps) &&
           *encaps >= ENCAPS_TO_JUDGE && decaps == 0;
}

/* The end that sends nothing may translate what should go into the tunnel. */
static void look_at_nat(struct diagnosis *d, const struct ike_sa *sa, enum side silent)
{
    struct nat_taken taken;
    uint32_t router = router_of(d->m, sa, silent);
    if (!router)
        return;
    if (!nat_takes(d->m, router, address_on(sa, side_other(silent)), &taken)) {
        nat_tell_untold(d, &taken);
        return;
    }
    diagnosis_word(d, "from", selectors_text(d->m->run, &taken.local));
    diagnosis_word(d, "to", selectors_text(d->m->run, &taken.remote));
    diagnosis_severity(d, SEVERITY_ERROR);
    diagnosis_more(d, "The configuration of {there} translates {from} on the way out, and does not exempt all that goes to {to} "
                      "from that: after NAT it fits the crypto ACL no more.");
    const struct advice exempt = { TO_THAT, PLATFORM_UNKNOWN, arena_string(d->m->run, nat_exempt_text(d->m, router, &taken)) };
    diagnosis_advise(d, &exempt, 1);
    nat_quote(d, &taken);
}

/* A host of what is protected, to try. */
static struct text host_of(struct model *m, const struct selector *s, const char *otherwise)
{
    static const struct address any = { .family = ADDRESS_NONE };
    struct address a = s ? s->start : any;
    if (!s || range_prefix(s->start, s->end) == 0 || !address_length(a))
        return text_of(otherwise);
    a.octets[address_length(a) - 1] |= !address_equal(s->start, s->end);
    return address_text(a, m->run);
}

/* What this end shows of the flow: hosts to try, where the log does not tell what is protected, and errors that it counts. */
static void tell_way_back(struct diagnosis *d, const struct child_sa *c, const struct shown *s, enum side side)
{
    const bool initiator = side == SIDE_INITIATOR;
    const struct fact *flow = s && s->entry ? fact_children(s->entry) : NULL;
    const struct selector *here = initiator ? c->tsi : c->tsr, *there = initiator ? c->tsr : c->tsi;
    uint64_t errors = 0;
    if (!here && flow)
        here = shown_selector(d->m, fact_find(flow, "local_ident"));
    if (!there && flow)
        there = shown_selector(d->m, fact_find(flow, "remote_ident"));
    diagnosis_word(d, "near", host_of(d->m, there, "LOCAL-HOST"));
    diagnosis_word(d, "far", host_of(d->m, here, "REMOTE-HOST"));
    diagnosis_word(d, "carried", sa_in_udp(d->sa) ? TEXT("UDP 4500, in which the ESP goes,") : TEXT("ESP (IP protocol 50)"));
    if (s && shown_counter(c, initiator, "recv_errors", &errors) && errors >= ENCAPS_TO_JUDGE) {
        diagnosis_wordf(d, "errors", "%llu", (unsigned long long)errors);
        diagnosis_more(d, "It counts {errors} receive errors: " DROPS_MEAN);
        ADVISE(d, drop_advice);
    } else {
        diagnosis_more(
            d, "The SAs are fine; packets back are not sent into the tunnel at the other end, or ESP is dropped on the way.");
        look_at_nat(d, d->sa, side_other(side));
        ADVISE(d, esp_advice);
    }
    const char *const counters[] = { "recv_errors", "pkts_encaps", "pkts_decaps" };
    for (size_t i = errors < ENCAPS_TO_JUDGE; flow && i < COUNT_OF(counters); i++)
        if (fact_find(flow, counters[i]))
            finding_quote(d->m, d->f, s->record, fact_find(flow, counters[i])->line);
}

/* Enough of what was opened of these packets is of a kind that is answered: ICMP, TCP. */
static bool wants_answers(const struct flow *f)
{
    uint64_t questions = 0;
    for (const struct fact *group = f->inner; group; group = group->next) {
        uint64_t protocol = 0, packets = 0;
        if (fact_get_number(fact_children(group), "protocol", &protocol) &&
            (protocol == IPPROTO_NO_ICMP || protocol == IPPROTO_NO_TCP || protocol == IPPROTO_NO_IPV6_ICMP) &&
            fact_get_number(fact_children(group), "packets", &packets))
            questions += packets;
    }
    return questions >= QUESTIONS_TO_JUDGE;
}

/* Some Child SA of the two carried something that way, or one may have, as nobody knows whose it is. */
static bool carried(const struct model *m, const struct ike_sa *sa, bool to_responder)
{
    const struct address from = address_on(sa, to_responder ? SIDE_INITIATOR : SIDE_RESPONDER);
    unsigned n = 0;
    for (const struct flow *f = m->flows; f; f = f->next)
        if (++n > FLOWS_ASKED || (!f->claimed && address_equal(f->source.address, from)))
            return true;
    for (const struct child_sa *c = sa->children; c; c = c->sibling) {
        const struct flow *f = to_responder ? c->to_responder : c->to_initiator;
        if (f && f->traffic.packets)
            return true;
    }
    return false;
}

static void judge_child(struct model *m, const struct rule *r, struct child_sa *c)
{
    struct ike_sa *sa = c->ike_sa;
    if (c->rekeyed_by || c->outcome == SA_FAILED || sa->shown_only) /* of show output alone, no-return-traffic tells it */
        return;
    uint64_t encaps = 0;
    enum side side = deaf(c, true, &encaps) ? SIDE_INITIATOR : deaf(c, false, &encaps) ? SIDE_RESPONDER : SIDE_UNKNOWN;
    const struct traffic *to = c->to_responder ? &c->to_responder->traffic : NULL,
                         *from = c->to_initiator ? &c->to_initiator->traffic : NULL;
    const struct traffic *only = NULL;
    if (!side && to && to->packets >= PACKETS_TO_JUDGE && !from)
        only = to;
    if (!side && from && from->packets >= PACKETS_TO_JUDGE && !to)
        only = from;
    /* of questions, fewer tell it; the messages that made the SA were seen both ways */
    const bool asked = !side && sa->established && (!to || !from) && (to || from) &&
                       wants_answers(to ? c->to_responder : c->to_initiator) && !carried(m, sa, !to);
    if (asked)
        only = to ? to : from;
    if (only)
        side = only == to ? SIDE_INITIATOR : SIDE_RESPONDER;
    struct diagnosis d;
    if (!side || !diagnosis_begin(&d, m, r, sa, side, only && !asked ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY, TEXT("esp")))
        return;
    d.f->child_sa = c;
    diagnosis_severity(&d, only && !asked ? SEVERITY_NOTE : SEVERITY_WARNING);
    diagnosis_wordf(&d, "count", "%llu", (unsigned long long)(only ? only->packets : encaps));
    diagnosis_say(&d, "The tunnel is up and traffic flows one way only",
                  only ? "The capture has {count} ESP packets from {here} and none back from {there}."
                       : "{here} has encrypted {count} packets for this tunnel and decrypted none.");
    tell_way_back(&d, c, only ? NULL : shown_by(c->shown, side == SIDE_INITIATOR), side);
    if (only)
        quote_frame(&d, only->input, only->first_frame,
                    only->packets == 1 ? "the only ESP packet in this direction" : "first of %llu ESP packets in this direction",
                    (unsigned long long)only->packets);
}

/* Nobody can read which SPIs were agreed on; but all ESP between the two is of one of them, and IKE was seen both ways. */
static void judge_sealed(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct address i = address_on(sa, SIDE_INITIATOR), responder = address_on(sa, SIDE_RESPONDER);
    const struct flow *first[2] = { NULL, NULL }; /* of the initiator, of the responder */
    uint64_t packets[2] = { 0, 0 };
    unsigned n = 0;
    if (!sa->established || sa->keys || sa->children || !ike_sa_on_wire_alone(sa) || diagnosed(sa, "one-direction-captured"))
        return;
    for (const struct flow *f = m->flows; f; f = f->next) {
        const bool back = address_equal(f->source.address, responder) && address_equal(f->destination.address, i);
        if (++n > FLOWS_ASKED)
            return;
        if (!back && !(address_equal(f->source.address, i) && address_equal(f->destination.address, responder)))
            continue;
        first[back] = first[back] ? first[back] : f;
        packets[back] += f->traffic.packets;
    }
    const unsigned sender = packets[1] > 0;
    struct diagnosis d;
    if (packets[sender] < PACKETS_TO_JUDGE || packets[1 - sender] ||
        !diagnosis_begin(&d, m, r, sa, sender ? SIDE_RESPONDER : SIDE_INITIATOR, CONFIDENCE_POSSIBLE, TEXT("esp")))
        return;
    const struct traffic *t = &first[sender]->traffic;
    diagnosis_severity(&d, SEVERITY_NOTE);
    diagnosis_wordf(&d, "count", "%llu", (unsigned long long)packets[sender]);
    diagnosis_say(&d, "The tunnel is up and traffic flows one way only",
                  "The capture has {count} ESP packets from {here} and none back from {there}.");
    diagnosis_more(&d,
                   "The SAs are fine; packets back are not sent into the tunnel at the other end, or ESP is dropped on the way.");
    diagnosis_word(&d, "near", TEXT("LOCAL-HOST"));
    diagnosis_word(&d, "far", TEXT("REMOTE-HOST"));
    diagnosis_word(&d, "carried", sa_in_udp(sa) ? TEXT("UDP 4500, in which the ESP goes,") : TEXT("ESP (IP protocol 50)"));
    look_at_nat(&d, sa, sender ? SIDE_INITIATOR : SIDE_RESPONDER);
    ADVISE(&d, esp_advice);
    quote_frame(&d, t->input, t->first_frame, "the first ESP packet in this direction");
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    judge_sa(m, r, sa);
    judge_sealed(m, r, sa);
}

const struct rule rule_one_way_path = {
    .id = "one-way-path",
    .severity = SEVERITY_ERROR,
    .rank = 12,
    .title = "Only one direction of the path works",
    .meaning = "One end's packets arrive and the other end's do not. During IKE_SA_INIT the responder answers and the initiator "
               "repeats its request; with a tunnel that is up, one end encrypts and decrypts nothing.",
    .advice = "Look at the direction that fails: route and access lists from the end that answers, NAT and firewall in front of "
              "the other, and, for ESP, whether the far end's return traffic is routed into the tunnel.",
    .sa = judge,
    .child = judge_child,
};
