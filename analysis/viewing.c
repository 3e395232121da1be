#include "analysis/viewing.h"

#include "analysis/roles.h"
#include "analysis/statewords.h"
#include "analysis/symptoms.h"
#include "analysis/unnamed.h"

static void place_end(struct party *p, struct endpoint e)
{
    if (p->endpoint.address.family == ADDRESS_NONE && e.address.family != ADDRESS_NONE)
        p->endpoint = e;
}

/* What its lines called local and remote belongs to an end now. */
static void place_ends(struct ike_sa *sa, const struct view *v)
{
    place_end(v->role == SIDE_INITIATOR ? &sa->initiator : &sa->responder, v->local);
    place_end(v->role == SIDE_INITIATOR ? &sa->responder : &sa->initiator, v->remote);
}

void view_role(struct ike_sa *sa, struct view *v, enum side role)
{
    if (v->role || !role)
        return;
    v->role = (uint8_t)role;
    struct party *p = role == SIDE_INITIATOR ? &sa->initiator : &sa->responder;
    if (!p->device && v->device)
        p->device = v->device;
    place_ends(sa, v);
}

static void forget_role(struct ike_sa *sa, struct view *v)
{
    struct party *p = v->role == SIDE_INITIATOR ? &sa->initiator : &sa->responder;
    if (p->device == v->device)
        p->device = 0;
    sa->initiator.endpoint = sa->responder.endpoint = (struct endpoint){ 0 };
    v->role = SIDE_UNKNOWN;
}

static void ready(struct ike_sa *sa, struct view *v, const struct event *e)
{
    sa->established = true;
    if (!v->ready_line)
        v->ready_line = e->line;
    if (v->role == SIDE_RESPONDER)
        sa->ready_responder = true;
    else
        sa->ready_initiator = true;
}

/* It gave the SA up before it was up here: whatever the responder holds, and whichever log was read first. */
static void refuse_late(struct ike_sa *sa, const struct view *v)
{
    sa->refused_late |= v->role == SIDE_INITIATOR && !v->ready_line && !sa->rekeys;
}

void view_transition(struct ike_sa *sa, struct view *v, const struct event *e, uint32_t meaning)
{
    if (!meaning)
        return;
    if ((meaning & MEANS_START) && e->role && v->role && v->role != e->role && !v->start_seen)
        forget_role(sa, v); /* guessed from a packet whose direction the log does not tell */
    if (meaning & MEANS_ROLE)
        view_role(sa, v, (enum side)e->role);
    if (meaning & MEANS_START)
        v->start_seen = sa->start_seen = true;
    if (meaning & MEANS_READY)
        ready(sa, v, e);
    else if (meaning & MEANS_UP)
        sa->established |= !sa->failed;
    sa->failed |= (meaning & MEANS_FAILED) || ((meaning & MEANS_FAILED_UNLESS_UP) && !sa->established);
    if ((meaning & (MEANS_FAILED | MEANS_FAILED_UNLESS_UP)) && !(meaning & MEANS_UP))
        refuse_late(sa, v);
    sa->child_refused |= (meaning & MEANS_CHILD_REFUSED) != 0;
    sa->replaced |= (meaning & MEANS_REPLACED) != 0;
    if (meaning & MEANS_IKE_ONLY)
        v->childless_line = e->line;
    v->child_taken |= (meaning & MEANS_CHILD_TAKEN) != 0;
    if (!(meaning & MEANS_DELETED))
        return;
    sa->deleted = true;
    v->delete_unsure = false;
    enum side by = meaning & MEANS_BY_SELF ? (enum side)v->role : SIDE_UNKNOWN;
    if (meaning & MEANS_BY_PEER)
        by = v->role == SIDE_INITIATOR ? SIDE_RESPONDER : v->role == SIDE_RESPONDER ? SIDE_INITIATOR : SIDE_UNKNOWN;
    sa->deleted_by_initiator |= by == SIDE_INITIATOR;
    sa->deleted_by_responder |= by == SIDE_RESPONDER;
}

/* The longest stay is kept with the view: a condensed one has no transitions to count it from. */
void view_enter(struct view *v, const struct event *e)
{
    int64_t now = e->time.kind ? e->time.ns : TIME_UNKNOWN;
    bool measured = v->final_state && v->since_ns != TIME_UNKNOWN && now != TIME_UNKNOWN;
    if (measured && now > v->since_ns && now - v->since_ns > v->waited_ns && strcmp(v->final_state, "READY") != 0) {
        v->waited_state = v->final_state;
        v->waited_ns = now - v->since_ns;
    }
    v->since_ns = now;
    v->final_state = e->state;
}

void view_ends(struct model *m, struct ike_sa *sa, struct view *v, const struct event *e, enum side sender)
{
    struct endpoint i = { 0 }, r = { 0 };
    const struct message *msg = e->message;
    if (msg && sender && (msg->source.address.family || msg->destination.address.family)) {
        i = sender == SIDE_INITIATOR ? msg->source : msg->destination;
        r = sender == SIDE_INITIATOR ? msg->destination : msg->source;
        sa->auth_on_500 |= msg->exchange == EXCHANGE_IKE_AUTH && r.port == PORT_IKE;
    } else if (v->role) {
        struct endpoint local = e->has & HAS_LOCAL ? e->local : i, remote = e->has & HAS_REMOTE ? e->remote : r;
        i = v->role == SIDE_INITIATOR ? local : remote;
        r = v->role == SIDE_INITIATOR ? remote : local;
    }
    if (i.address.family == ADDRESS_NONE || r.address.family == ADDRESS_NONE) { /* one is worth having alone */
        place_end(&sa->initiator, i);
        place_end(&sa->responder, r);
        return;
    }
    if (sa->initiator.endpoint.address.family == ADDRESS_NONE || sa->responder.endpoint.address.family == ADDRESS_NONE) {
        sa->initiator.endpoint = i;
        sa->responder.endpoint = r;
    }
    if (!sa->path_last)
        sa->path_input = e->input;
    if (e->input != sa->path_input ||
        (sa->path_last && endpoint_equal(sa->path_last->initiator, i) && endpoint_equal(sa->path_last->responder, r)))
        return;
    if (!i.port || !r.port)
        return;
    struct path *p = arena_new(m->run, struct path);
    *p = (struct path){ .ns = e->time.kind ? e->time.ns : TIME_UNKNOWN, .input = e->input, .initiator = i, .responder = r };
    if (sa->path_last)
        sa->path_last->next = p;
    else
        sa->path = p;
    sa->path_last = p;
}

enum { KEY_EVENTS = 60 }; /* how far behind the look-up of a key its SA may begin */

/* Some logs name the peer's address nowhere but where they look its key up, which may be before the SA is there. */
void view_peer(struct observer *o, struct ike_sa *sa, const struct view *v, const struct event *e, uint64_t now)
{
    if (e->code != CODE_PSK_LOOKUP && o->key_of.family == ADDRESS_NONE)
        return;
    const struct fact *address = e->code == CODE_PSK_LOOKUP ? fact_find(e->facts, "address") : NULL;
    if (address) {
        o->key_of = (struct address){ 0 };
        if (address->kind == FACT_ADDRESS)
            o->key_of = address->as.address;
        else if (address->kind == FACT_TEXT && !address_read(address->as.text, &o->key_of))
            return;
        o->key_event = now;
    }
    if (!sa || !v->role || !address_length(o->key_of) || now - o->key_event > KEY_EVENTS)
        return;
    struct endpoint *peer = v->role == SIDE_INITIATOR ? &sa->responder.endpoint : &sa->initiator.endpoint;
    if (peer->address.family == ADDRESS_NONE)
        peer->address = o->key_of;
    o->key_of = (struct address){ 0 };
}

/* "Requests can be sent from range 4 to 8": whatever was asked below is settled, also where its messages were not logged. */
static void read_window(struct ike_sa *sa, struct view *v, const struct event *e)
{
    uint64_t from;
    uint32_t *below = e->code == CODE_MSGID_WINDOW ? &v->taken_below : &v->answered_below;
    if ((fact_get_number(e->facts, "expected_from", &from) || fact_get_number(e->facts, "window_from", &from)) &&
        from <= UINT32_MAX && from > *below)
        *below = (uint32_t)from;
    if (!sa->established && *below > 1 && !v->final_state &&
        view_in_midlife(sa)) /* others were dealt with before the log begins */
        sa->established = true;
}

/* Syslog alone: "%ASA-3-751009: Local:… Remote:… Unable to find tunnel group for peer." is all that is said of the attempt. */
static bool is_last_word(const struct ike_sa *sa, const struct view *v, const struct event *e)
{
    return e->severity >= SEVERITY_ERROR && (e->has & HAS_LOCAL) && (e->has & HAS_REMOTE) && !sa->established && !sa->exchanges &&
           !v->final_state;
}

#define ATTEMPT_NS INT64_C(180000000000)

/* It is still an attempt: its beginning was told, and not that it came up. */
static bool begun_just_now(const struct ike_sa *sa, const struct view *v, const struct event *e)
{
    bool long_ago = e->time.kind && sa->first_ns != TIME_UNKNOWN && e->time.ns - sa->first_ns > ATTEMPT_NS;
    bool begun = v->start_seen || (sa->exchanges && sa->exchanges->type == EXCHANGE_IKE_SA_INIT);
    return begun && !sa->established && !long_ago;
}

/* Syslog alone: nothing else tells whether it came up. */
static bool opened_just_now(const struct ike_sa *sa, const struct view *v, const struct event *e)
{
    return begun_just_now(sa, v, e) && !sa->exchanges && !v->final_state;
}

enum { MIDLIFE_SURE = 64 }; /* exchanges: the first are enough, and this may be asked at each line */

bool view_in_midlife(const struct ike_sa *sa)
{
    unsigned seen = 0;
    if (!sa->exchanges || sa->start_seen || sa->failed)
        return false;
    for (const struct exchange *x = sa->exchanges; x && seen < MIDLIFE_SURE; x = x->next, seen++)
        if ((x->type != EXCHANGE_INFORMATIONAL && x->type != EXCHANGE_CREATE_CHILD_SA) || !x->request.copies)
            return false;
    return true;
}

/* "IKEv2 SA DOWN. Reason: ... rekey": by addresses alone, the one in its place has its name, and is up. */
static bool gives_place(const struct ike_sa *sa, const struct event *e)
{
    const struct text reason = fact_get_text(e->facts, "reason");
    return !spi_known(sa->spi_i) && !sa->failed && (text_has(reason, TEXT("rekey")) || text_has(reason, TEXT("Rekey")));
}

/* What says that the SA, or one of its children, goes or went. */
static void read_end(struct ike_sa *sa, struct view *v, const struct event *e)
{
    switch (e->code) {
    case CODE_SESSION_DOWN: /* where nothing else was seen of it, it had been up before the log began */
        if (gives_place(sa, e)) {
            sa->established = true;
            break;
        }
        if (opened_just_now(sa, v, e))
            sa->failed = true;
        else if (!v->final_state && (sa->exchanges ? view_in_midlife(sa) : !sa->failed))
            sa->established = true;
        v->unnamed_end = sa_is_up(sa) && unnamed_end(e) ? e->line : 0;
        sa->deleted |= sa->established;
        break;
    case CODE_SA_DELETE_RECEIVED:
    case CODE_SA_DELETE_SENT:
        v->delete_unsure = false;
        if (!v->final_state && !sa->start_seen && !sa->exchanges &&
            !sa->failed) /* the first that is seen of it: it had been up */
            sa->established = true;
        /* without the state machine's word nothing else may tell of an SA that was there before the log */
        sa->deleted |= sa->established || !v->final_state;
        break;
    case CODE_DELETE_RECEIVED: /* of the IKE SA, unless the next line says otherwise */
        v->delete_unsure = !sa->deleted;
        v->delete_line = e->line;
        sa->deleted |= sa->established || !v->final_state;
        break;
    case CODE_CHILD_DELETE_RECEIVED:
    case CODE_CHILD_LOOKED_UP:
        if (v->delete_unsure) {
            sa->deleted = v->delete_unsure = false;
            v->delete_line = 0;
        }
        break;
    case CODE_SA_DELETED:
        if (v->role == SIDE_INITIATOR && v->start_seen && !v->ready_line)
            sa->refused_late = true;
        else if (begun_just_now(sa, v, e))
            sa->failed = true;
        else
            sa->deleted |= sa->established |= !v->final_state && view_in_midlife(sa);
        break;
    default:
        break;
    }
}

static void read_nat(struct ike_sa *sa, const struct view *v, const struct event *e)
{
    if (!v->role)
        return;
    sa->nat_known = true;
    if ((v->role == SIDE_INITIATOR) == (e->code == CODE_NAT_INSIDE))
        sa->initiator_behind_nat = true;
    else
        sa->responder_behind_nat = true;
}

enum { DROPPED_AT_ONCE_NS = 1000000000 };

/* An initiator that drops what it has only just made, and has no name for why, got no Child SA with it. */
static void read_dropped(const struct ike_sa *sa, struct view *v, const struct event *e)
{
    bool later = e->time.kind && sa->last_ns != TIME_UNKNOWN && e->time.ns - sa->last_ns > DROPPED_AT_ONCE_NS;
    if (v->role == SIDE_INITIATOR && v->ready_line && !v->childless_line && !later &&
        text_equal(fact_get_text(e->facts, "reason"), TEXT("unknown")))
        v->childless_line = e->line;
}

/* "%ASA-5-750001: ... Received request to rekey an IPsec tunnel" */
static bool asks_to_rekey(const struct event *e)
{
    return e->code == CODE_TUNNEL_REQUESTED && text_has(e->text, TEXT("request to rekey"));
}

void view_code(struct ike_sa *sa, struct view *v, const struct event *e)
{
    if (e->code == CODE_RETRANSMIT_EXCEEDED && !v->final_state && view_in_midlife(sa))
        sa->established = sa->deleted = true;
    if (!v->role && !sa->established)
        view_role(sa, v, role_said(e));
    sa->failed |= is_last_word(sa, v, e);
    switch (e->code) {
    case CODE_SA_CREATED:
    case CODE_SESSION_UP:
        ready(sa, v, e);
        break;
    case CODE_CONNECTION_STATUS: /* of the platform; where the state machine is logged, it tells more */
        if (v->final_state)
            break;
        if (text_equal(fact_get_text(e->facts, "status"), TEXT("DOWN")))
            sa->deleted |= sa->established;
        else
            ready(sa, v, e);
        break;
    case CODE_REQUEST_RECEIVED:
    case CODE_TUNNEL_REQUESTED:
        if (asks_to_rekey(e)) /* what can be rekeyed is up */
            ready(sa, v, e);
        else if (!sa->established && !sa->exchanges)
            v->start_seen = sa->start_seen = true;
        break;
    case CODE_MSGID_WINDOW:
    case CODE_MSGID_ANSWERED:
        read_window(sa, v, e);
        break;
    case CODE_IPSEC_KEYS_LOADED:
        v->child_taken = true;
        break;
    case CODE_SA_DELETE_QUEUED:
        read_dropped(sa, v, e);
        break;
    case CODE_NAT_INSIDE:
    case CODE_NAT_OUTSIDE:
        read_nat(sa, v, e);
        break;
    case CODE_NAT_NONE:
        sa->nat_known = true;
        break;
    case CODE_AUTH_VALUE_DIFFERS:
    case CODE_AUTH_FAILED:
    case CODE_INIT_EXCHANGE_FAILED:
    case CODE_AUTH_EXCHANGE_FAILED:
    case CODE_WAIT_AUTH_TIMEOUT:
        /* the answer may have looked well; what counts is that no end said that it is up */
        sa->failed |= !sa->ready_initiator && !sa->ready_responder && !sa->rekeys;
        refuse_late(sa, v);
        break;
    case CODE_NEGOTIATION_ABORTED:
    case CODE_REQUEST_REJECTED:
    case CODE_OWN_FAILURE:
        sa->failed |= !sa->established;
        break;
    case CODE_RETRANSMIT_EXCEEDED:
        /* of an SA that is up, and no state machine tells more: RFC 7296 section 2.4 closes it */
        sa->deleted |= v->ready_line && !v->final_state;
        break;
    case CODE_TS_REFUSED:
    case CODE_PROXY_NO_MATCH:
    case CODE_CRYPTO_MAP_NO_ACL:
        sa->child_refused |= !sa->children;
        break;
    default:
        read_end(sa, v, e);
        break;
    }
}

/* "An inbound LAN-to-LAN SA (SPI= …) between A and B": whose address comes first is not the same in all versions. */
bool view_names_ends(const struct event *e)
{
    return e->code != CODE_IPSEC_SA_CREATED && e->code != CODE_IPSEC_SA_DELETED;
}

void view_touch(struct ike_sa *sa, struct view *v, const struct event *e, enum binding how)
{
    v->bound[how]++;
    if (v->unnamed_end)
        unnamed_lived_on(sa, v, e, how);
    const uint32_t last = e->line + (e->lines ? e->lines - 1 : 0); /* a log may have its newest entry first */
    v->first_line = v->first_line && v->first_line < e->line ? v->first_line : e->line;
    v->last_line = v->last_line > last ? v->last_line : last;
    if (e->has & HAS_SA_ID) {
        v->has_sa_id = true;
        if (e->sa_id)
            v->sa_id = e->sa_id;
    }
    if (e->has & HAS_SESSION_ID) {
        v->has_session_id = true;
        if (e->session_id)
            v->session_id = e->session_id;
    }
    if ((e->has & HAS_LOCAL) && view_names_ends(e))
        v->local = e->local;
    if ((e->has & HAS_REMOTE) && view_names_ends(e))
        v->remote = e->remote;
    if (!e->time.kind)
        return;
    if (v->first_ns == TIME_UNKNOWN) {
        v->first_ns = e->time.ns;
        v->first = e->time;
    }
    v->last_ns = e->time.ns;
    v->last = e->time;
    if (sa->first_ns == TIME_UNKNOWN) {
        sa->first_ns = e->time.ns;
        sa->first = e->time;
        sa->first_input = e->input;
    } else if (!sa->first.kind && e->input == sa->first_input) {
        sa->first = e->time; /* an heir begins with the answer that made it; this is the first that it says itself */
    }
    const struct view *first = sa->views->input == sa->first_input ? sa->views : view_of_input(sa, sa->first_input);
    bool others = first && first != v && first->role && first->role != v->role; /* both ends' logs in one file: two clocks */
    if (e->input == sa->first_input && !others) {
        sa->last_ns = e->time.ns;
        sa->last = e->time;
    }
}
