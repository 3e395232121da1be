/* IKE_SA_INIT is sent again and again, and nothing comes back. */
#include "analysis/denied.h"
#include "analysis/faults.h"
#include "analysis/icmp.h"
#include "analysis/ikev1.h"
#include "analysis/reach.h"
#include "analysis/sas_at.h"
#include "analysis/silence.h"
#include "analysis/wan_list.h"
#include "analysis/ways.h"

static const struct advice to_initiator[] = {
    { TO_INITIATOR, PLATFORM_IOS,
      "`ping[[ vrf {front_vrf}]] {peer} source {local}`: is the peer reachable from the tunnel source at all?" },
    { TO_INITIATOR, PLATFORM_ASA,
      "`ping {peer}`: is the peer reachable at all? `show asp drop` and `show route {peer}` tell whether the requests leave" },
    { TO_INITIATOR, PLATFORM_IOS, "check the peer address: `show run | section crypto ikev2|crypto map|interface Tunnel`" },
    { TO_INITIATOR, PLATFORM_ASA, "check the peer address: `show run crypto map | include peer`" },
    { TO_BOTH, PLATFORM_UNKNOWN,
      "let UDP 500 and UDP 4500 pass in both directions on every access list and firewall between {ends}" },
};
static const struct advice to_responder[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "see whether the request arrives, with `debug crypto ikev2` while {peer_name} tries, or on the wire: " CAPTURE_IOS },
    { TO_RESPONDER, PLATFORM_ASA, "see whether the request arrives: " CAPTURE_ASA },
    { TO_RESPONDER, PLATFORM_ASA, "is IKEv2 on: `show run crypto ikev2 | include enable`" },
    { TO_RESPONDER, PLATFORM_IOS, "is IKEv2 configured for this peer: `show crypto ikev2 policy`, `show crypto ikev2 profile`" },
};
static const struct advice arrived[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "the request arrives and is dropped: `debug crypto ikev2 error`, `show crypto ikev2 stats`, `show crypto ikev2 policy`" },
    { TO_RESPONDER, PLATFORM_ASA,
      "the request arrives and is dropped: `debug crypto ikev2 protocol 127`, `show run crypto ikev2`, `show run tunnel-group`" },
};

/* The state machine alone tells: it sends again and waits for the first answer. */
static bool told_waiting(const struct ike_sa *sa)
{
    const struct view *v = view_on(sa, SIDE_INITIATOR);
    return v && v->final_state && strcmp(v->final_state, "I_WAIT_INIT") == 0 && heard_count(sa, CODE_RETRANSMIT) > 1;
}

/* Nothing but that it was given up. */
static bool bare(const struct ike_sa *sa, const struct exchange *x)
{
    return !x && !spi_known(sa->spi_i) && !heard(sa, CODE_INIT_EXCHANGE_FAILED).note;
}

/* A bare "Maximum number of retransmissions reached" may be of any exchange. */
static enum confidence how_sure(const struct ike_sa *sa, const struct exchange *x, struct heard gave_up, uint32_t again)
{
    const bool alone = bare(sa, x);
    if (alone && heard(sa, CODE_NEGOTIATION_ABORTED).note)
        return CONFIDENCE_LIKELY;
    return alone ? CONFIDENCE_POSSIBLE : gave_up.note || again > 1 ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
}

/* ---- the configurations miss each other ---- */

static void say_misled(struct model *m, struct diagnosis *d, const struct misled *x)
{
    const struct record *entry = x->way.entry;
    diagnosis_word(d, "one", device_name_or(m, x->device, TEXT("one router")));
    diagnosis_word(d, "other", device_name_or(m, x->other, TEXT("the other")));
    diagnosis_word(d, "entry",
                   way_is_tunnel(&x->way) ? entry->title : arena_format(m->run, "crypto map %.*s", TEXT_ARGS(entry->title)));
    diagnosis_word(d, "interface", x->at ? x->at->interface->title : (struct text){ NULL, 0 });
    diagnosis_word(d, "nameif", x->at ? fact_get_text(x->at->interface->facts, "nameif") : (struct text){ NULL, 0 });
    diagnosis_word(d, "carrier", x->way.carrier ? x->way.carrier->title : (struct text){ NULL, 0 });
    diagnosis_word(d, "right", address_text(x->right, m->run));
    diagnosis_word(d, "waits",
                   x->back.peer.family ? arena_format(m->run, "whose own peer is %.*s",
                                                      TEXT_ARGS(device_name_or(m, x->device, TEXT("one router"))))
                                       : TEXT("which answers anybody"));
    diagnosis_word(d, "wrong", address_text(x->source ? x->way.own[0] : x->way.peer, m->run));
}

/* A peer that is called by another line than `tunnel destination`: of NHRP, or of a FlexVPN client; as it stands and as it
 * should. */
static bool called_words(struct diagnosis *d, const struct misled *x)
{
    struct text line = text_trim(record_line(x->way.peer_at, x->way.peer_line)), wrong = address_text(x->way.peer, d->m->run);
    size_t at = text_find(line, wrong);
    const bool client = x->way.peer_at != x->way.entry;
    if (at == TEXT_NOWHERE || !way_is_tunnel(&x->way) || (!client && fact_find(x->way.entry->facts, "tunnel_destination")))
        return false;
    diagnosis_word(d, "holder",
                   arena_format(d->m->run, client ? "crypto ikev2 client flexvpn %.*s" : "interface %.*s",
                                TEXT_ARGS(x->way.peer_at->title)));
    diagnosis_word(d, "old", line);
    diagnosis_word(d, "new",
                   arena_format(d->m->run, "%.*s%.*s%.*s", TEXT_ARGS(text_upto(line, at)),
                                TEXT_ARGS(address_text(x->right, d->m->run)), TEXT_ARGS(text_from(line, at + wrong.len))));
    return true;
}

/* A crypto map of IOS that sends from another address: which line of it says so. */
static const char *map_source_text(struct diagnosis *d, const struct misled *x)
{
    const struct text name = fact_get_text(x->way.entry->facts, "name");
    const bool here = x->at && text_equal(fact_get_text(x->at->interface->facts, "crypto_map"), name);
    const struct record *bound = config_find(d->m, x->device, "crypto-map-binding", name);
    const struct fact *names = here ? fact_members(x->at->interface->facts, "standby_names") : NULL;
    if (bound && fact_get_text(bound->facts, "local_address").len)
        return here ? "send from the address that {other} has as its peer: `no {map} local-address`"
                    : "send from the address that {other} has as its peer: `{map} local-address {interface}`";
    if (x->at && text_starts(x->at->interface->title, TEXT("Loopback")))
        return "send from the address that {other} has as its peer: `{map} local-address {interface}`";
    if (!here)
        return "send from the address that {other} has as its peer: `interface {interface}` / `{map}`";
    if (fact_find(x->at->interface->facts, "map_redundancy"))
        return "either {other} is to have {wrong} as its peer, the address of HSRP; or, without HSRP, send from the other one: "
               "`interface {interface}` / `no crypto map` / `{map}`";
    diagnosis_word(d, "standby", names ? fact_get_text(fact_children(names), "name") : TEXT("NAME"));
    return names ? "send from the address of HSRP, which {other} has as its peer: `interface {interface}` / `no crypto map` / "
                   "`{map} redundancy {standby}`"
                 : "send from the address of HSRP, which {other} has as its peer: `interface {interface}` / `standby GROUP name "
                   "{standby}` / `no crypto map` / `{map} redundancy {standby}`";
}

static void advise_misled(struct diagnosis *d, const struct misled *x)
{
    struct address local = x->way.own_count ? x->way.own[0] : (struct address){ 0 };
    bool tunnel = way_is_tunnel(&x->way), asa = config_of_asa(d->m, x->device);
    const char *text;
    if (x->source)
        text = tunnel ? "send from the address that {other} has as its peer: `interface {entry}` / `tunnel source {interface}`"
               : asa  ? "send from the address that {other} has as its peer: `{map} interface {nameif}`"
                      : map_source_text(d, x);
    else
        text =
            called_words(d, x) ? "`{holder}` / `no {old}` / `{new}`"
            : tunnel           ? "`interface {entry}` / `tunnel destination {right}`"
            : asa ? "`{entry} set peer {right}` / `no {entry} set peer {wrong}`, and a tunnel-group of that address with the keys"
                  : "`{entry} ipsec-isakmp` / `set peer {right}` / `no set peer {wrong}`";
    struct text map = fact_get_text(x->way.entry->facts, "name");
    diagnosis_word(d, "map", arena_format(d->m->run, "crypto map %.*s", TEXT_ARGS(map)));
    const bool responder = d->sa && device_same(d->m, router_of(d->m, d->sa, SIDE_RESPONDER), x->device);
    const struct advice row = { responder ? TO_RESPONDER : TO_INITIATOR, PLATFORM_UNKNOWN, text };
    if (d->sa)
        diagnosis_advise(d, &row, 1);
    else
        diagnosis_advise_router(d, x->device, local, x->way.peer, text);
}

static void quote_misled(struct model *m, struct diagnosis *d, const struct misled *x)
{
    const struct fact *source = fact_find(x->way.entry->facts, "tunnel_source");
    if (!way_is_tunnel(&x->way))
        finding_quote(m, d->f, x->way.entry, 0);
    if (x->source && source)
        finding_quote(m, d->f, x->way.entry, source->line);
    if (!x->source || !source)
        finding_quote(m, d->f, x->way.peer_at, x->way.peer_line);
    if (x->at)
        finding_quote(m, d->f, x->at->interface, x->at->line);
    if (x->source && x->back.peer_line)
        finding_quote(m, d->f, x->back.peer_at, x->back.peer_line);
}

/* The address that nobody answers at is in the initiator's configuration by mistake: that of the router which it means is here.
 */
static bool find_meant(const struct model *m, const struct ike_sa *sa, struct misled *x)
{
    uint32_t devices[ROUTERS_TO_COMPARE], device = router_of(m, sa, SIDE_INITIATOR);
    size_t count = device ? ways_routers(m, devices) : 0;
    for (size_t i = 0; i < count; i++)
        if (!device_same(m, devices[i], device) && misled_find(m, device, devices[i], x) && x->sure &&
            address_equal(x->way.peer, address_on(sa, SIDE_RESPONDER)))
            return true;
    return false;
}

/* An access list of either end, on the interface that the tunnel goes out of, keeps the request out or the answer. */
static bool told_by_access_list(struct model *m, struct diagnosis *d, const struct ike_sa *sa)
{
    bool told = false;
    struct config_way *ways = memory_take(WAYS * sizeof *ways);
    for (enum side side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++) {
        struct address own = address_on(sa, side), peer = address_on(sa, side_other(side));
        uint32_t device = router_of(m, sa, side);
        size_t count = device ? ways_of(m, device, ways) : 0;
        for (size_t i = 0; i < count && !told; i++) {
            struct wan_refusal refusal;
            if (!peer.family || !way_sends(&ways[i], own) || !wan_refuses(m, device, ways[i].carrier, peer, own, &refusal) ||
                !refusal.refused[WAN_IKE])
                continue;
            wan_tell(d, device, own, peer, &refusal);
            told = true;
        }
    }
    memory_free(ways);
    return told;
}

static bool told_by_configurations(struct model *m, struct diagnosis *d, const struct ike_sa *sa)
{
    struct misled x;
    if (!find_meant(m, sa, &x))
        return false;
    say_misled(m, d, &x);
    diagnosis_more(d, x.source ? "{one} sends from {wrong}, and {other} has {right} as its peer, which is {interface} of {one}."
                               : "{wrong} stands in {entry} of {one}, and no configuration here has it; {other}, {waits}, has "
                                 "{right}[[ on {interface}]].");
    advise_misled(d, &x);
    quote_misled(m, d, &x);
    return true;
}

/* Who does not answer has another peer in the initiator's place: it would refuse it next. */
static void tell_unaware(struct model *m, struct diagnosis *d, const struct ike_sa *sa)
{
    const uint32_t device = router_of(m, sa, SIDE_RESPONDER), other = router_of(m, sa, SIDE_INITIATOR);
    struct misled x;
    if (!device || !other || device_same(m, device, other) || !misled_find(m, device, other, &x) || !x.sure || x.source ||
        !address_equal(x.right, address_on(sa, SIDE_INITIATOR)))
        return;
    say_misled(m, d, &x);
    diagnosis_more(d,
                   "Whatever keeps the answer away, {entry} of {one} leads to {wrong}, which no configuration here has, and not "
                   "to {right} of {other}: once the request arrives, {one} does not know who asks.");
    advise_misled(d, &x);
    quote_misled(m, d, &x);
}

/* ---- one attempt ---- */

static const struct advice after_cookie[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "is it short of room for SAs in negotiation: `show crypto ikev2 stats`, `show crypto call admission statistics`; is a "
      "limit set: `show run | include ikev2 limit|cookie-challenge`" },
    { TO_RESPONDER, PLATFORM_ASA,
      "is it short of room for SAs in negotiation: `show crypto ikev2 stats`; is a limit set: `show run crypto ikev2 | include "
      "limit|cookie`" },
};

struct silence {
    const struct exchange *x;      /* the request; NULL: a log without packets */
    const struct exchange *cookie; /* it was answered with this first; NULL: with nothing */
    struct icmp_error icmp;        /* what a router on the way, or the peer's own system, said of it */
    bool came;                     /* the responder's log has the request */
    bool wire;                     /* a capture has it, and no log of the responder is here */
};

static const struct advice same_place[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "see whether the requests come from the same address and port each time, and all of them: " CAPTURE_IOS },
    { TO_RESPONDER, PLATFORM_ASA,
      "see whether the requests come from the same address and port each time, and all of them: " CAPTURE_ASA },
    { TO_RESPONDER, PLATFORM_UNKNOWN,
      "where a load balancer or several routers stand behind {peer_at}, send all that comes of one address to the same of them" },
    { TO_RESPONDER, PLATFORM_IOS, "until then `no crypto ikev2 cookie-challenge` asks for none" },
    { TO_RESPONDER, PLATFORM_ASA, "until then `crypto ikev2 cookie-challenge never` asks for none" },
};

enum { COOKIES_REFUSED = 2 }; /* one may be refused since the secret has changed: RFC 7296 section 2.6 */

/* It asks for a cookie again and again, although the request has what it was given. */
static void tell_cookies_refused(struct diagnosis *d, const struct ike_sa *sa)
{
    diagnosis_wordf(d, "refused", "%u", cookies_refused(sa));
    diagnosis_word(d, "peer_at", address_text(address_on(sa, SIDE_RESPONDER), d->m->run));
    diagnosis_say(d, "The peer does not accept the cookie that it gave",
                  "{responder} answers {initiator} with a COOKIE again and again, {refused} times of them although the request "
                  "carried the one that was given before.");
    diagnosis_more(d,
                   "So it is there, and the path works in both directions. A cookie is made of where the request comes from and "
                   "of a secret of who made it: NAT that changes the address or port from one request to the next makes it "
                   "wrong, and so does a load balancer that spreads the requests over several responders.");
    ADVISE(d, same_place);
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type == EXCHANGE_IKE_SA_INIT && x->response.message && message_notice(x->response.message, NOTIFY_COOKIE))
            quote_leg(d, x, &x->response, "COOKIE");
}

/* It asked for a cookie, and never took one: RFC 7296 section 2.6. */
static void tell_cookie(struct diagnosis *d, const struct exchange *cookie)
{
    diagnosis_say(
        d, "The peer asked for a cookie and then fell silent",
        "{responder} answered {initiator} with a COOKIE, and no longer when the request came with it[[, {times} times]].");
    diagnosis_more(d,
                   "So it is there, and the path works in both directions. It drops what follows: too many SAs in negotiation, "
                   "a limit, or a filter that takes the larger request for something else.");
    ADVISE(d, after_cookie);
    diagnosis_debug(d, TO_RESPONDER);
    quote_leg(d, cookie, &cookie->response, "COOKIE");
}

/* A line that a negotiation was given up is all there is of the attempt. */
static bool unnamed(const struct ike_sa *sa, const struct exchange *x)
{
    return bare(sa, x) && !sa->start_seen && !told_waiting(sa);
}

static const struct advice name_it[] = {
    { TO_THIS, PLATFORM_IOS,
      "which peer and which exchange: `show crypto ikev2 sa detailed`, `show crypto session detail`, then `debug crypto ikev2`, "
      "`debug crypto ikev2 error` until it happens again" },
    { TO_THIS, PLATFORM_ASA,
      "which peer and which exchange: `show crypto ikev2 sa detail`, `show vpn-sessiondb detail l2l`, then `debug crypto ikev2 "
      "protocol 127` until it happens again" },
};

/* ESP of an SA that is lost here still comes: who sends it is alive. */
static bool tell_alive(struct model *m, struct diagnosis *d, const struct ike_sa *sa)
{
    const struct note_list loose = loose_of(m, CODE_IPSEC_INVALID_SPI);
    const struct address peer = address_on(sa, SIDE_RESPONDER);
    for (uint32_t i = 0; i < loose.count; i++) {
        const struct text source = note_word(loose.at[i], "srcaddr", "srcaddr=");
        struct address from;
        if (!view_of_input(sa, loose.at[i]->input) || !address_read(source, &from) || (peer.family && !address_equal(peer, from)))
            continue;
        diagnosis_word(d, "source", source);
        diagnosis_more(d, peer.family ? "{source} is alive: its ESP arrives, for an SA that is no longer here."
                                      : "{source} is alive: its ESP arrives, for an SA that is no longer here. Whether it is the "
                                        "peer of this negotiation is not told.");
        quote_note(d, (struct heard){ loose.at[i], NULL });
        return true;
    }
    return false;
}

static void tell_unnamed(struct model *m, struct diagnosis *d, const struct ike_sa *sa)
{
    const struct heard gave_up = heard(sa, CODE_RETRANSMIT_EXCEEDED);
    const uint32_t device = gave_up.view ? gave_up.view->device : 0;
    const struct address peer = address_on(sa, SIDE_RESPONDER);
    diagnosis_word(d, "router", device_name_or(m, device, TEXT("this router")));
    diagnosis_word(d, "whom", peer.family ? side_text(m, sa, SIDE_RESPONDER) : (struct text){ NULL, 0 });
    diagnosis_say(d, "A request was not answered, of which exchange is not told",
                  "{router} sent a request[[ to {whom}]] until it gave up, and no answer came back.");
    diagnosis_more(d,
                   "The line does not name the exchange: it may be IKE_SA_INIT or IKE_AUTH of a new SA, or, of one that was up, "
                   "a liveness check or a rekey.");
    const bool alive = tell_alive(m, d, sa);
    ADVISE(d, name_it);
    if (!alive && peer.family) {
        ADVISE(d, to_initiator);
        ADVISE(d, to_responder);
    }
}

static void tell_arrived(struct diagnosis *d)
{
    diagnosis_say(d, "The responder does not answer", "{responder} received the IKE_SA_INIT of {initiator} and sent no answer.");
    ADVISE(d, arrived);
    ADVISE(d, to_initiator);
}

static const struct advice speak_alike[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "set up IKEv2 for {peer}: an IKEv2 keyring and profile for it, then `set ikev2-profile PROFILE` in the `crypto ipsec "
      "profile` "
      "of its tunnel, or in its `crypto map` entry; without it IOS speaks IKEv1" },
    { TO_RESPONDER, PLATFORM_ASA,
      "set up IKEv2 for {peer}: `crypto map MAP SEQ set ikev2 ipsec-proposal PROPOSAL`, `crypto ikev2 policy 10`, `crypto ikev2 "
      "enable outside`, and IKEv2 keys in `tunnel-group {peer} ipsec-attributes`; without them ASA speaks IKEv1" },
    { TO_INITIATOR, PLATFORM_IOS,
      "or, in place of IKEv2 at the peer, IKEv1 here: `no set ikev2-profile` in the `crypto ipsec profile` of this tunnel, or in "
      "its `crypto map` entry, with "
      "a `crypto isakmp policy` and a `crypto isakmp key` for {peer}" },
    { TO_INITIATOR, PLATFORM_ASA,
      "or, in place of IKEv2 at the peer, IKEv1 here: `crypto map MAP SEQ set ikev1 transform-set NAME`, `crypto ikev1 policy "
      "10`, `crypto ikev1 enable "
      "outside`, and `ikev1 pre-shared-key` in `tunnel-group {peer} ipsec-attributes`" },
};

/* It is there and the path works: what it does not answer is IKEv2. */
static void tell_ikev1(struct model *m, struct diagnosis *d, struct heard spoken)
{
    diagnosis_say(d, "The peer speaks IKEv1, this end IKEv2",
                  "{initiator} sent IKE_SA_INIT[[ {times} times]] to {responder}, and no answer came back.");
    diagnosis_word(d, "caller", device_name_or(m, model_input(m, spoken.note->input)->device, TEXT("the other router")));
    diagnosis_more(d, ikev1_received(spoken)
                          ? "{responder} is there all the same, and speaks IKEv1: the same log has its IKEv1 messages. It is not "
                            "set up for IKEv2 towards this end."
                          : "The log of {caller} has IKEv1 messages to {initiator}: the peer is there, and speaks IKEv1. Neither "
                            "answers the other.");
    ADVISE(d, speak_alike);
    quote_note(d, spoken);
}

/* What the initiator's own log complained of before it gave up: perhaps nothing left it. */
static bool tell_complaint(struct diagnosis *d, const struct ike_sa *sa, const struct exchange *x)
{
    const struct heard gave_up = heard(sa, CODE_RETRANSMIT_EXCEEDED);
    const struct view *v = gave_up.note ? gave_up.view : view_on(sa, SIDE_INITIATOR);
    const struct sighting *sent = x && v ? leg_seen(sa, x, &x->request, SIDE_INITIATOR) : NULL;
    const struct heard last = first_complaint(v, sent && sent->input == v->input ? sent->place : 0, gave_up.note);
    if (!last.note || last.note->code != CODE_FAILURE || last.view->role != SIDE_INITIATOR)
        return false;
    diagnosis_word(d, "last", last_word_text(last));
    diagnosis_more(d, "Before that its own log complains: '{last}'. Look at this first: perhaps no request left it.");
    quote_note(d, last);
    return true;
}

static void tell_lost(struct model *m, struct diagnosis *d, const struct ike_sa *sa, const struct silence *s)
{
    bool icmp = s->icmp.said.note != NULL;
    diagnosis_say(d, icmp ? icmp_title(d, &s->icmp) : NULL,
                  s->wire
                      ? "{initiator} sent IKE_SA_INIT[[ {times} times]] towards {responder}, and no answer came past the point "
                        "of the capture."
                      : "{initiator} sent IKE_SA_INIT[[ {times} times]] to {responder}, and no answer came back.");
    if (told_by_configurations(m, d, sa) || fault_tell_deaf(d, sa) || told_by_access_list(m, d, sa))
        return;
    struct heard dropped = denied_between(m, sa);
    if (icmp)
        icmp_say(d, &s->icmp);
    if (dropped.note)
        denied_tell(d, dropped);
    if (icmp || dropped.note)
        return;
    const struct heard spoken = ikev1_spoken(m, sa);
    if (spoken.note) {
        tell_ikev1(m, d, spoken);
        return;
    }
    const bool complained = tell_complaint(d, sa, s->x);
    diagnosis_more(
        d, complained
               ? "Else the peer is down, its address is wrong, UDP 500 is filtered on the way, or it stays silent."
               : "This is not about keys or proposals, since the peer said nothing at all: it is down, its address is wrong, "
                 "UDP 500 is filtered on the way, or it has no IKEv2 policy for this peer and stays silent; only the peer's "
                 "own log or a capture there tells which.");
    const uint32_t asker = device_of(sa, SIDE_INITIATOR);
    struct reach ping = asker ? reach_pinged(m, asker, address_on(sa, SIDE_RESPONDER)) : (struct reach){ NULL, NULL };
    if (ping.record)
        reach_tell_ping(d, ping);
    tell_unaware(m, d, sa);
    ADVISE(d, to_initiator);
    ADVISE(d, to_responder);
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_SA_INIT);
    struct heard gave_up = heard(sa, CODE_RETRANSMIT_EXCEEDED);
    const bool refuses = cookies_refused(sa) >= COOKIES_REFUSED;
    if (sa_reached_auth(sa) || (x && !refuses && (!exchange_silent(x) || answer_may_follow(m, x))) ||
        (!x && ((!gave_up.note && !told_waiting(sa)) || spi_known(sa->spi_r))))
        return;
    struct silence s = { .x = x, .icmp = icmp_heard(sa, ICMP_CLOSED | ICMP_FILTERED | ICMP_NO_WAY) };
    uint32_t again = x ? x->request.retransmissions : 0, heard_again = heard_count(sa, CODE_RETRANSMIT);
    if (!gave_up.note && !again && !heard_again && !s.icmp.said.note && !refuses)
        return;
    struct diagnosis d;
    if (!diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, how_sure(sa, x, gave_up, again), TEXT("")))
        return;
    if (again || heard_again)
        diagnosis_wordf(&d, "times", "%u", (unsigned)(again > heard_again ? again : heard_again) + 1);
    s.came = x && leg_seen(sa, x, &x->request, SIDE_RESPONDER);
    s.wire = x && leg_seen(sa, x, &x->request, SIDE_UNKNOWN) && view_on(sa, SIDE_RESPONDER) == NULL;
    s.cookie = exchange_refused(sa, EXCHANGE_IKE_SA_INIT, NOTIFY_COOKIE, NULL);
    if (refuses)
        tell_cookies_refused(&d, sa);
    else if (unnamed(sa, x))
        tell_unnamed(m, &d, sa);
    else if (s.cookie)
        tell_cookie(&d, s.cookie);
    else if (s.came)
        tell_arrived(&d);
    else
        tell_lost(m, &d, sa, &s);
    if (x && exchange_silent(x))
        quote_leg(&d, x, &x->request, "no answer");
    quote_note(&d, heard(sa, CODE_RETRANSMIT));
    quote_note(&d, gave_up);
    quote_state(&d, sa, "EV_RE_XMT_EXCEED");
}

/* ---- no attempt: what two configurations tell ---- */

static bool any_attempt(const struct model *m, struct address a, struct address b)
{
    for (const struct placed_sa *p = sas_at(m, a); p; p = p->next)
        if (address_equal(p->sa->initiator.endpoint.address, b) || address_equal(p->sa->responder.endpoint.address, b))
            return true;
    return false;
}

/* An SA or a show output that has to do with one of these addresses knows better. */
static bool tried(const struct model *m, const struct misled *x)
{
    if (sas_at(m, (struct address){ .family = ADDRESS_NONE }) || sas_at(m, x->way.peer) || sas_at(m, x->right))
        return true;
    return shown_up(m, x->way.peer) || (x->back.peer.family && shown_up(m, x->back.peer));
}

enum { RANK_MISLED = 7 }; /* before all that would come after a message had arrived */

static void judge_misled(struct model *m, const struct rule *r, const struct misled *x)
{
    struct diagnosis d;
    if (tried(m, x) || !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, x->sure ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE,
                                        arena_format(m->run, "%u>%u", (unsigned)x->device, (unsigned)x->other)))
        return;
    if (!x->sure)
        diagnosis_severity(&d, SEVERITY_WARNING);
    d.f->rank = RANK_MISLED;
    say_misled(m, &d, x);
    if (x->source)
        diagnosis_say(
            &d, "The peers do not point at each other",
            "{entry} of {one} sends from {wrong}[[, the address of {carrier}]], and {other} has {right} as its peer, which "
            "is {interface} of {one}: what {one} sends comes from nobody that {other} knows, and what {other} sends "
            "arrives where no tunnel of {one} listens.");
    else
        diagnosis_say(&d, "The peers do not point at each other",
                      "{entry} of {one} leads to {wrong}, which no configuration here has; {other}, {waits}, has "
                      "{right}[[ on {interface}]].");
    if (!x->source)
        diagnosis_more(&d, x->back.peer.family ? "{one} would get no answer, and does not know {other} when it calls."
                                               : "{one} would get no answer.");
    diagnosis_more(&d, "This is told by the two configurations alone.");
    advise_misled(&d, x);
    quote_misled(m, &d, x);
}

/* What comes up on a router tells that the list lets in whom it should, and refuses others. */
static bool *any_up(const struct model *m)
{
    bool *up = arena_array(m->run, bool, m->device_count);
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (const struct view *v = sa->established ? sa->views : NULL; v; v = v->next)
            up[device_one(m, v->device)] = true;
    return up;
}

/* Nobody that its configuration names, where tunnels come up: whatever is on the internet is asked for IKE by scanners. */
static bool is_stranger(const struct model *m, const bool *up, const struct note *n, struct address from)
{
    const struct record *entry[ENTRIES];
    const uint32_t device = model_input(m, n->input)->device;
    return up[device_one(m, device)] && !config_entries_to(m, router_of_input(m, n->input), from, entry, ENTRIES);
}

/* A filter's log, and no attempt at all: what it drops never becomes one. */
static void judge_dropped(struct model *m, const struct rule *r)
{
    const bool *up = any_up(m);
    for (const struct note *n = m->loose; n; n = n->next) {
        struct address from, to;
        struct diagnosis d;
        const bool between = n->code == CODE_PACKET_DENIED && fact_get_address(n->facts, "source", &from) &&
                             fact_get_address(n->facts, "destination", &to);
        if (!between || any_attempt(m, from, to) || shown_up(m, from) || shown_up(m, to))
            continue;
        const bool stranger = is_stranger(m, up, n, from);
        const struct text about = stranger ? arena_format(m->run, "strangers %u", n->input)
                                           : arena_format(m->run, "dropped %.*s %.*s", TEXT_ARGS(address_text(from, m->run)),
                                                          TEXT_ARGS(address_text(to, m->run)));
        if (!diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY, about))
            continue;
        diagnosis_severity(&d, stranger ? SEVERITY_NOTE : SEVERITY_WARNING);
        diagnosis_word(&d, "begins", address_text(from, m->run));
        diagnosis_word(&d, "answers", address_text(to, m->run));
        diagnosis_word(&d, "meant",
                       stranger
                           ? TEXT("only if a tunnel is to come from there; scanners ask anybody, and are refused as they should "
                                  "be:")
                           : (struct text){ NULL, 0 });
        diagnosis_say(&d, "A filter drops IKE",
                      "What {begins} sends to {answers} to begin a tunnel is dropped, and no attempt is in the logs.");
        denied_tell(&d, (struct heard){ n, NULL });
    }
}

/* Anything of IPsec was shown or configured on it: a list alone refuses scans. */
static bool has_crypto(const struct model *m, uint32_t device)
{
    for (const struct record *r = record_next(m, device, NULL, NULL); r; r = record_next(m, device, NULL, r))
        if (text_starts(text_of(r->name), TEXT("show crypto")) || text_starts(text_of(r->name), TEXT("show vpn")))
            return true;
    return config_supplied(m, device);
}

/* An access list that counts what it refuses, on a router where no tunnel is up. */
static void judge_refused(struct model *m, const struct rule *r)
{
    const bool *up = any_up(m);
    for (const struct record *list = record_next(m, 0, "show access-lists", NULL); list;
         list = record_next(m, 0, "show access-lists", list)) {
        struct reach refused = reach_refused(m, list->device, false);
        const struct record *shown = record_next(m, list->device, "show crypto session", NULL);
        const struct fact *session = shown ? fact_members(shown->facts, "sessions") : NULL;
        struct address peer = { 0 };
        struct diagnosis d;
        if (session && !session->next)
            (void)fact_get_address(fact_children(session), "peer", &peer);
        if (!refused.record || up[device_one(m, list->device)] || !has_crypto(m, list->device) ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY, arena_format(m->run, "refused %u", list->device)))
            continue;
        diagnosis_say(&d, "An access list drops IKE", "No tunnel comes up here, and IKE is refused on the way in.");
        reach_tell_refused(&d, list->device, (struct address){ 0 }, peer, refused);
    }
}

static void judge_pairs(struct model *m, const struct rule *r)
{
    judge_dropped(m, r);
    judge_refused(m, r);
    silence_judge(m, r);
    uint32_t devices[ROUTERS_TO_COMPARE];
    size_t count = ways_routers(m, devices);
    struct misled x;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            if (i != k && misled_find(m, devices[i], devices[k], &x))
                judge_misled(m, r, &x);
}

const struct rule rule_no_response = {
    .id = "no-response",
    .severity = SEVERITY_ERROR,
    .rank = 20,
    .title = "The peer does not answer IKE_SA_INIT",
    .meaning =
        "The initiator sent IKE_SA_INIT several times and nothing came back. The peer is down or has another address, UDP 500 is "
        "filtered on the "
        "way, or the peer has no IKEv2 policy for this router and stays silent. Keys and proposals were not even looked at.",
    .advice = "Ping the peer from the tunnel's source address, check access lists for UDP 500 and 4500, capture UDP 500 at the "
              "peer, and run "
              "`debug crypto ikev2` there while the tunnel tries.",
    .sa = judge,
    .whole = judge_pairs,
};
