#include "analysis/associations.h"

#include "analysis/by_address.h"
#include "analysis/condense.h"
#include "analysis/derive.h"
#include "analysis/symptoms.h"
#include "analysis/unnamed.h"
#include "base/limits.h"

enum { ADJACENT_EVENTS = 60 }; /* events, not lines: what stands between them, and how it was wrapped, says nothing */
#define ADJACENT_NS INT64_C(3000000000)

enum slot_kind { SLOT_SA_ID = 1, SLOT_SESSION_ID = 2 };

void associations_init(struct associations *a, struct model *model)
{
    *a = (struct associations){ .model = model };
}

void associations_new_input(struct associations *a)
{
    map_clear(&a->slots);
    memset(a->late_slots, 0, sizeof a->late_slots);
    map_clear(&a->observers);
    a->recent_observer = NULL;
    map_clear(&a->by_peer);
}

void associations_clear(struct associations *a)
{
    associations_new_input(a);
    map_clear(&a->by_spi);
    memset(a->late_buckets, 0, sizeof a->late_buckets);
}

static uint64_t observer_key(const struct event *e)
{
    return (uint64_t)e->input << 32 | e->device;
}

struct observer *associations_observer(struct associations *a, const struct event *e)
{
    uint64_t key = observer_key(e);
    if (a->recent_observer && a->recent_observer->key[0] == key)
        return a->recent_observer;
    struct observer *o = map_find(&a->observers, bytes_over(&key, sizeof key));
    if (!o) {
        o = arena_new(a->model->run, struct observer);
        o->key[0] = key;
        o->unnamed_ns = TIME_UNKNOWN;
        map_put(&a->observers, bytes_over(o->key, sizeof o->key), o);
    }
    a->recent_observer = o;
    return o;
}

static struct slot *slot_of(struct associations *a, const struct event *e, enum slot_kind kind, uint32_t number, bool make)
{
    const uint64_t since = associations_observer(a, e)->restarts; /* what stood for it before is gone */
    uint64_t key[2] = { observer_key(e), since << 40 | (uint64_t)kind << 32 | number };
    struct slot **late = &a->late_slots[(number * 2 + kind) % LATELY];
    struct slot *s = *late;
    if (s && s->key[0] == key[0] && s->key[1] == key[1])
        return s;
    s = map_find(&a->slots, bytes_over(key, sizeof key));
    if (!s && make) {
        s = arena_new(a->model->run, struct slot);
        memcpy(s->key, key, sizeof key);
        map_put(&a->slots, bytes_over(s->key, sizeof s->key), s);
    }
    return *late = s;
}

static struct spi_bucket *bucket_of(struct associations *a, uint64_t spi_i)
{
    struct spi_bucket **late = &a->late_buckets[spi_i % LATELY];
    if (!*late || (*late)->key != spi_i)
        *late = map_find(&a->by_spi, bytes_over(&spi_i, sizeof spi_i));
    return *late;
}

void associations_file(struct associations *a, struct ike_sa *sa)
{
    uint64_t key = sa->spi_i.value;
    struct spi_bucket *b = bucket_of(a, key);
    if (!b) {
        b = arena_new(a->model->run, struct spi_bucket);
        b->key = key;
        map_put(&a->by_spi, bytes_over(&b->key, sizeof b->key), b);
    }
    uint32_t room = COUNT_OF(b->sas);
    if (b->count == room) {
        memmove(b->sas, b->sas + 1, (room - 1) * sizeof b->sas[0]);
        b->count--;
    }
    b->sas[b->count++] = sa;
}

struct ike_sa *associations_make(struct associations *a, struct spi spi_i, struct spi spi_r, uint32_t input)
{
    struct model *m = a->model;
    if (!limits_room(&m->limits, OVER_IKE_SAS, m->ike_sa_count))
        return NULL;
    struct ike_sa *sa = arena_new(m->run, struct ike_sa);
    sa->number = ++m->ike_sas_numbered;
    m->ike_sa_count++;
    sa->spi_i = spi_i;
    sa->spi_r = spi_r;
    sa->first_input = input;
    sa->first_ns = sa->last_ns = TIME_UNKNOWN;
    sa->made_before = m->ike_sas_made;
    m->ike_sas_made = sa;
    a->recent[a->made++ % LAST_MADE] = sa;
    if (m->ike_sas_last)
        m->ike_sas_last->next = sa;
    else
        m->ike_sas = sa;
    m->ike_sas_last = sa;
    if (!spi_known(spi_i))
        return sa;
    associations_file(a, sa);
    return sa;
}

void associations_quiet(struct associations *a)
{
    enum { LOUD = LAST_MADE - 16 };
    while (a->made - a->quiet > LOUD) {
        struct ike_sa *sa = a->made - a->quiet > LAST_MADE ? NULL : a->recent[a->quiet % LAST_MADE];
        a->quiet++;
        if (!sa)
            continue; /* one event made more of them than fit, or it was let go */
        derive_late(a, sa);
        condense_quiet(a->model, sa);
    }
}

/* The SA of an SPI pair. Without a responder SPI it is the newest of that initiator SPI; with one, the SA that has it,
 * else one that does not know its own yet. Digits are compared by value, since a dump may drop leading zeros. */
struct ike_sa *associations_find(struct associations *a, struct spi spi_i, struct spi spi_r)
{
    const struct spi_bucket *b = bucket_of(a, spi_i.value);
    if (!b || !b->count)
        return NULL;
    if (!spi_known(spi_r))
        return b->sas[b->count - 1];
    struct ike_sa *open = NULL;
    for (uint32_t i = b->count; i-- > 0;) {
        if (b->sas[i]->spi_r.value == spi_r.value || b->sas[i]->spi_r_first.value == spi_r.value)
            return b->sas[i];
        if (!spi_known(b->sas[i]->spi_r))
            open = b->sas[i];
    }
    return open;
}

/* The log prints no packets, and a sentence tells that the answer was one. */
static bool said_to_ask_again(const struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v && !sa->established; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next)
            if (n->code == CODE_WRONG_KE_GROUP || n->code == CODE_COOKIE_SENT)
                return true;
    return false;
}

/* A responder that asked for a cookie or another DH group may answer the retry under another SPI: still one attempt. */
static bool was_asked_again(const struct ike_sa *sa)
{
    const bool said = said_to_ask_again(sa);
    bool asked = said;
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        const struct message *answer = x->response.message;
        const bool untold = said && (!answer || !answer->payloads); /* a log may leave out what was in it */
        if (x->type != EXCHANGE_IKE_SA_INIT)
            return false;
        if (x->response.copies && !message_asks_again(answer) && !untold)
            return false;
        asked |= x->response.copies != 0;
    }
    return asked && !spi_known(sa->spi_r_first);
}

/* The SA that stands in the slot of this event's SA id. */
static struct ike_sa *in_slot(struct associations *a, const struct observer *o, const struct event *e)
{
    if (o->slot_sa && o->slot_sa_id == e->sa_id)
        return o->slot_sa;
    const struct slot *s = slot_of(a, e, SLOT_SA_ID, e->sa_id, false);
    return s ? sa_still_here(s->sa) : NULL;
}

#define AGAIN_NS INT64_C(3000000000)

/* A log that begins inside IKE_AUTH may tell the failure first, and then the message that says so with its SPIs. */
static bool goes_on(const struct ike_sa *sa, const struct event *e)
{
    bool later = e->time.kind && sa->last_ns != TIME_UNKNOWN && e->time.ns - sa->last_ns > AGAIN_NS;
    return (e->has & HAS_SPI_R) && spi_known(e->spi_r) && (e->has & HAS_MSGID) && e->msgid && !later;
}

/* … without SPIs. */
static struct ike_sa *nameless_in_slot(struct associations *a, const struct event *e)
{
    if (e->kind == EVENT_PACKET_SEEN || !event_sa_id(e))
        return NULL;
    struct ike_sa *sa = in_slot(a, associations_observer(a, e), e);
    /* what is deleted may be named by the line that says so */
    bool over = sa && sa->deleted && e->code != CODE_SA_DELETE_RECEIVED && e->code != CODE_SA_DELETE_SENT;
    return sa && !spi_known(sa->spi_i) && (!sa->failed || goes_on(sa, e)) && !over ? sa : NULL;
}

/* It gets those that turn up; where another input has named an SA so already, it is that one. */
static struct ike_sa *name_slot(struct associations *a, const struct event *e)
{
    struct ike_sa *sa = nameless_in_slot(a, e);
    if (!sa)
        return NULL;
    sa->spi_i = e->spi_i;
    associations_file(a, sa);
    return sa;
}

/* A request for a new SA stands before anything that names it: it is not the neighbour's. */
static bool asks_anew(const struct event *e)
{
    const struct message *m = e->message;
    return m && e->kind == EVENT_PACKET_RECEIVED && m->exchange == EXCHANGE_IKE_SA_INIT && !(m->flags & MESSAGE_RESPONSE) &&
           !(e->has & HAS_SPI_I) && !event_sa_id(e);
}

bool associations_near(const struct observer *o, const struct event *e, uint64_t now)
{
    bool timed = e->time.kind && o->last_ns != TIME_UNKNOWN;
    return now - o->last_event <= ADJACENT_EVENTS &&
           !(timed && (e->time.ns - o->last_ns > ADJACENT_NS || o->last_ns - e->time.ns > ADJACENT_NS));
}

bool associations_strange(const struct ike_sa *sa, const struct view *v, unsigned code, const struct fact *facts, bool unknown)
{
    struct address from;
    if ((code != CODE_IPSEC_INVALID_SPI && code != CODE_PACKET_DENIED) || !v || !fact_get_address(facts, "source", &from))
        return false;
    const struct address ends[] = { v->remote.address, v->local.address, sa->initiator.endpoint.address,
                                    sa->responder.endpoint.address };
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        if (address_equal(ends[i], from))
            return false;
        known |= ends[i].family != ADDRESS_NONE;
    }
    return known || unknown;
}

static struct ike_sa *bind_adjacent(const struct observer *o, const struct event *e, uint64_t now)
{
    /* The queue's lines and the search for a policy come before the SA that they are about. */
    if (!o->last || asks_anew(e) || e->kind == EVENT_DISPATCH || e->kind == EVENT_COMMAND || e->code == CODE_REQUEST_ADMITTED ||
        e->code == CODE_IKEV1 || e->code == CODE_IKEV1_CHOSEN || e->code == CODE_REQUEST_RECEIVED ||
        e->code == CODE_TUNNEL_REQUESTED)
        return NULL;
    return associations_near(o, e, now) && !associations_strange(o->last, sa_view_seen(o->last, e), e->code, e->facts, false)
               ? o->last
               : NULL;
}

/* A syslog line opened the attempt just before the debugs print its SPIs: those are this SA's. */
static struct ike_sa *name_opened(struct associations *a, const struct event *e)
{
    struct observer *o = e->kind == EVENT_PACKET_SEEN ? NULL : associations_observer(a, e);
    struct ike_sa *sa = o ? bind_adjacent(o, e, a->model->event_count) : NULL;
    if (!sa || spi_known(sa->spi_i) || !sa->start_seen || sa->failed || sa->deleted || sa->established || sa->exchanges)
        return NULL;
    const struct view *v = sa_view_seen(sa, e);
    if (!v || v->has_sa_id || (e->kind == EVENT_SM_TRANSITION && v->role != e->role) ||
        ((e->has & HAS_REMOTE) && !by_address_fits(sa, e)))
        return NULL;
    sa->spi_i = e->spi_i;
    associations_file(a, sa);
    return sa;
}

/* A late line of an SA that was judged and let go: it says nothing new, and must not make the SA again. */
static bool was_let_go(const struct associations *a, struct spi spi_i, struct spi spi_r)
{
    for (size_t i = 0; i < LET_GO; i++) {
        const struct let_go *l = &a->let_go[i];
        if (l->spi_i == spi_i.value && (!l->spi_r || !spi_known(spi_r) || l->spi_r == spi_r.value))
            return true;
    }
    return false;
}

static struct ike_sa *bind_spi(struct associations *a, const struct event *e)
{
    bool retry = message_asks_again(e->message);
    struct spi spi_r = e->has & HAS_SPI_R ? e->spi_r : (struct spi){ 0 };
    struct ike_sa *sa = associations_find(a, e->spi_i, spi_r);
    if (!sa && spi_known(spi_r)) {
        /* Nobody has this responder SPI. The attempt is the same when all the SA's answers were retries so far. */
        struct ike_sa *newest = associations_find(a, e->spi_i, (struct spi){ 0 });
        if (newest && (!newest->spi_r_firm || retry)) {
            sa = newest;
        } else if (newest && was_asked_again(newest)) {
            sa = newest;
            sa->spi_r_first = sa->spi_r;
            sa->spi_r_firm = sa->failed = false;
        }
    }
    if (!sa && was_let_go(a, e->spi_i, spi_r)) {
        a->late = true;
        return NULL;
    }
    if (!sa)
        sa = name_slot(a, e);
    if (!sa)
        sa = name_opened(a, e);
    struct spi own = spi_r; /* of a retry's answer it is not the SA's */
    if (retry)
        own = (struct spi){ 0 };
    if (!sa)
        sa = associations_make(a, e->spi_i, own, e->input);
    if (!sa)
        return NULL;
    if (spi_known(spi_r) && !retry && !sa->spi_r_firm) {
        sa->spi_r = spi_r;
        sa->spi_r_firm = true;
    }
    return sa;
}

bool associations_waits(const struct event *e)
{
    return asks_anew(e) || (e->message && event_sa_id(e));
}

static void keep_slots(struct associations *a, struct observer *o, const struct event *e, struct ike_sa *sa)
{
    uint32_t sa_id = event_sa_id(e), session_id = e->has & HAS_SESSION_ID ? e->session_id : 0;
    if (o->slot_sa == sa && o->slot_sa_id == sa_id && o->slot_session_id == session_id)
        return;
    o->slot_sa = sa;
    o->slot_sa_id = sa_id;
    o->slot_session_id = session_id;
    if (event_sa_id(e))
        slot_of(a, e, SLOT_SA_ID, e->sa_id, true)->sa = sa;
    if ((e->has & HAS_SESSION_ID) && e->session_id)
        slot_of(a, e, SLOT_SESSION_ID, e->session_id, true)->sa = sa;
}

/* A log without the state machine and without packet headers never prints an SPI, and who posted it may have taken them out.
 * There a slot is an SA of its own from the first message, step, failure or look at the peer's identity on, until it fails and
 * comes again, or SPIs turn up after all: then they are this SA's. */
static bool opens_slot(const struct event *e)
{
    if (!event_sa_id(e))
        return false;
    const struct event_code_row *row = event_code_row((enum event_code)e->code);
    return e->message || e->kind == EVENT_SM_TRANSITION || e->code == CODE_POLICY_SEARCH_BY_ID ||
           (row && row->keep && e->severity >= SEVERITY_ERROR);
}

static bool comes_again(const struct ike_sa *sa, const struct event *e)
{
    return !spi_known(sa->spi_i) && sa->failed && opens_slot(e) && e->time.kind && sa->last_ns != TIME_UNKNOWN &&
           e->time.ns - sa->last_ns > AGAIN_NS;
}

/* The first step of an attempt, "CurState: IDLE Event: EV_INIT_SA". */
static bool is_first_step(const struct event *e)
{
    return e->kind == EVENT_SM_TRANSITION && text_equal(text_of(e->state), TEXT("IDLE")) &&
           (text_equal(text_of(e->event), TEXT("EV_INIT_SA")) || text_equal(text_of(e->event), TEXT("EV_RECV_INIT")));
}

/* A second buffer of the same router's trace, which tells from its own first line on what an SA of the one before it was about:
 * the clock is back inside that SA's time, and its session is the same. */
static bool tells_it_again(const struct ike_sa *sa, const struct event *e)
{
    const struct view *v = sa_view_seen(sa, e);
    return v && v->has_session_id && (e->has & HAS_SESSION_ID) && v->session_id == e->session_id && (e->has & HAS_REMOTE) &&
           e->time.kind && v->first_ns != TIME_UNKNOWN && v->last_ns != TIME_UNKNOWN && e->time.ns < v->last_ns &&
           v->first_ns - e->time.ns <= AGAIN_NS;
}

/* The slot was given to another: an IKE SA that has gone further does not ask for IKE_SA_INIT. */
static bool begins_anew(const struct ike_sa *sa, const struct event *e)
{
    const struct message *m = e->message;
    if (tells_it_again(sa, e))
        return false;
    if (is_first_step(e))
        return sa->established || sa->failed || sa->deleted;
    if (!m || m->exchange != EXCHANGE_IKE_SA_INIT || (m->flags & MESSAGE_RESPONSE))
        return false;
    if (sa->established || sa->failed || sa->deleted)
        return true;
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type != EXCHANGE_IKE_SA_INIT)
            return true;
    return false;
}

/* ASA prints a request before it gives it a slot: the neighbour that has none yet is the one. */
static struct ike_sa *slotless_neighbour(const struct observer *o, const struct event *e, uint64_t now)
{
    struct ike_sa *sa = bind_adjacent(o, e, now);
    const struct view *v = sa ? sa_view_seen(sa, e) : NULL;
    return v && !v->has_sa_id ? sa : NULL;
}

static struct ike_sa *open_slot(struct associations *a, struct observer *o, const struct event *e)
{
    struct ike_sa *near = slotless_neighbour(o, e, a->model->event_count);
    struct ike_sa *sa = near ? near : associations_make(a, (struct spi){ 0 }, (struct spi){ 0 }, e->input);
    if (sa)
        keep_slots(a, o, e, sa);
    o->opened_slots = true;
    return sa;
}

static struct ike_sa *bind_slot(struct associations *a, const struct observer *o, const struct event *e, enum binding *how)
{
    if (event_sa_id(e)) {
        *how = BOUND_SA_ID;
        return in_slot(a, o, e);
    }
    if (!(e->has & HAS_SESSION_ID) || !e->session_id)
        return NULL;
    *how = BOUND_SESSION_ID;
    const struct slot *s = slot_of(a, e, SLOT_SESSION_ID, e->session_id, false);
    return s ? sa_still_here(s->sa) : NULL;
}

/* Messages of a router that logs no debugs and prints neither addresses nor ids: "%IKEV2-3-NEG_ABORT: …", "%IKEV2-5-SA_UP: SA
 * UP". Each is an attempt of its own, unless it tells the end of the one before, or debugs without ids stand in front of it. */
static bool stands_alone(const struct observer *o, const struct event *e, const struct ike_sa *near)
{
    if ((e->code != CODE_NEGOTIATION_ABORTED && e->code != CODE_SA_CREATED) || !text_starts(e->text, TEXT("%IKEV2-")))
        return false;
    if (o->names_spis || o->opened_slots || (e->has & (HAS_REMOTE | HAS_SA_ID | HAS_SESSION_ID)))
        return false;
    for (const struct note *n = o->pending; n; n = n->next)
        if (n->severity >= SEVERITY_WARNING && !text_starts(n->text, TEXT("%")))
            return false;
    return !near || (near->failed && !spi_known(near->spi_i));
}

/* Its request came in, was printed before it had a number, and is not answered yet. */
static bool waits_for_number(const struct ike_sa *sa, const struct event *e)
{
    const struct view *v = sa_view_seen(sa, e);
    const struct exchange *x = sa->exchanges;
    bool later = e->time.kind && sa->last_ns != TIME_UNKNOWN && e->time.ns - sa->last_ns > AGAIN_NS;
    return v && !v->sa_id && !sa->gone && !sa->failed && !sa->deleted && !sa->established && !later && x && !x->next &&
           x->request.copies && !x->response.copies;
}

/* A number is one SA's at a time, so that another session has it now, whether or not the log shows that the holder is over. */
static bool of_other_session(const struct ike_sa *holder, const struct event *e)
{
    const struct view *held = sa_view_seen(holder, e);
    return held && held->session_id && (e->has & HAS_SESSION_ID) && e->session_id && e->session_id != held->session_id;
}

/* IOS-XE prints a request before the SA has a number, or as SA 0. The first lines with a number that is nobody's, or was that of
 * another session, are of the one SA that waits for one; where several wait, the next line with SPIs tells. */
static struct ike_sa *given_number(struct associations *a, struct observer *o, const struct event *e, const struct ike_sa *holder)
{
    if (!event_sa_id(e) || (holder && !of_other_session(holder, e)))
        return NULL;
    struct ike_sa *one = NULL;
    for (uint32_t back = 1; back <= LAST_MADE && back <= a->made; back++) {
        struct ike_sa *sa = a->recent[(a->made - back) % LAST_MADE];
        if (!sa || !waits_for_number(sa, e))
            continue;
        if (one)
            return NULL;
        one = sa;
    }
    if (one)
        keep_slots(a, o, e, one);
    return one;
}

static struct ike_sa *bind_by_spis(struct associations *a, struct observer *o, const struct event *e)
{
    struct ike_sa *last = o ? o->last : NULL; /* the SA of the line before, most often */
    bool same = last && !e->message && last->spi_r_firm && (e->has & HAS_SPI_R) && last->spi_i.value == e->spi_i.value &&
                last->spi_r.value == e->spi_r.value;
    struct ike_sa *sa = same ? last : bind_spi(a, e);
    if (o) {
        /* a sentence may name them where the messages do not */
        o->names_spis |= e->message || e->kind == EVENT_SM_TRANSITION;
        struct ike_sa *nameless = sa && o->opened_slots ? nameless_in_slot(a, e) : NULL;
        if (nameless && nameless != sa)
            nameless->same_as = sa;
    }
    if (sa && o)
        keep_slots(a, o, e, sa);
    return sa;
}

/* By the peer's address; nameless: the peer stands there as a host name. */
static struct ike_sa *bind_by_peer(struct associations *a, struct observer *o, const struct event *e, bool known, bool nameless)
{
    struct ike_sa *its = known ? by_address_port(a, e) : NULL;
    struct ike_sa *near = its || !known ? its : o->last && by_address_fits(o->last, e) ? o->last : by_address_known(a, e);
    near = near && by_address_another(near, e) ? NULL : near;
    struct ike_sa *older = near && near != its && e->code == CODE_SESSION_DOWN && !by_address_of_debugs(near, e)
                               ? by_address_peer(a, e, false)
                               : NULL;
    near = older ? older : near;
    near = near || !known ? near : by_address_at_once(a, o, e);
    struct ike_sa *sa = near ? near : by_address_peer(a, e, by_address_shows(e) && (known || nameless));
    if (sa && !near)
        keep_slots(a, o, e, sa);
    if (e->code == CODE_SESSION_DOWN)
        unnamed_take_back(a, o, e, sa);
    return sa;
}

/* By what stands around it. */
static struct ike_sa *bind_by_neighbours(struct associations *a, struct observer *o, const struct event *e)
{
    struct ike_sa *sa = questions_answered(&o->questions, e, a->model->event_count, &a->several);
    sa = sa || a->several ? sa : bind_adjacent(o, e, a->model->event_count);
    sa = unnamed_end_of(a, o, e, sa);
    return stands_alone(o, e, sa) ? associations_make(a, (struct spi){ 0 }, (struct spi){ 0 }, e->input) : sa;
}

/* An event that says no SPI. */
static struct ike_sa *bind_without_spis(struct associations *a, struct observer *o, const struct event *e, enum binding *how)
{
    struct ike_sa *sa = by_address_up(a, e);
    *how = BOUND_ADJACENCY;
    sa = sa ? sa : bind_slot(a, o, e, how);
    struct ike_sa *begun = given_number(a, o, e, sa);
    if (begun) {
        sa = begun;
        *how = BOUND_SA_ID;
    } else if (sa && *how == BOUND_SA_ID && of_other_session(sa, e)) {
        sa = NULL;
    }
    if (sa ? comes_again(sa, e) || begins_anew(sa, e) : !o->names_spis && opens_slot(e)) {
        sa = open_slot(a, o, e);
        *how = BOUND_SA_ID;
    }
    if (sa)
        return sa;
    const bool known = (e->has & HAS_REMOTE) && e->remote.address.family != ADDRESS_NONE;
    const bool nameless = !known && (e->has & HAS_LOCAL) && !e->message && by_address_shows(e);
    if ((e->has & HAS_REMOTE) || nameless) {
        *how = BOUND_ADJACENCY;
        return bind_by_peer(a, o, e, known, nameless);
    }
    if (event_sa_id(e))
        return NULL;
    *how = BOUND_ADJACENCY;
    return bind_by_neighbours(a, o, e);
}

struct ike_sa *associations_bind(struct associations *a, struct observer *o, const struct event *e, enum binding *how)
{
    struct ike_sa *sa = NULL;
    *how = BOUND_NONE;
    a->late = a->several = false;
    if ((e->has & HAS_SPI_I) && spi_known(e->spi_i)) {
        sa = bind_by_spis(a, o, e);
        *how = BOUND_SPI;
    } else if (e->code == CODE_ICMP_ERROR || e->code == CODE_IP_FRAGMENTS_MISSING) {
        sa = by_address_between(a, e);
        *how = BOUND_ADJACENCY;
    } else if (o) {
        sa = bind_without_spis(a, o, e, how);
    }
    if (!sa) {
        *how = BOUND_NONE;
        return NULL;
    }
    if (o) {
        questions_follow(&o->questions, e, sa, *how, a->model->event_count);
        o->last = sa;
        if (*how != BOUND_ADJACENCY || (e->has & HAS_REMOTE)) /* an address is a name, too */
            associations_named(o, e, a->model->event_count);
    }
    return sa;
}

void associations_forget(struct associations *a, const struct event *e, const struct ike_sa *sa)
{
    struct slot *s;
    if ((e->has & HAS_SA_ID) && (s = slot_of(a, e, SLOT_SA_ID, e->sa_id, false)) != NULL)
        s->sa = NULL;
    struct observer *o = associations_observer(a, e);
    o->last = o->slot_sa = NULL;
    questions_forget(&o->questions, sa);
}

struct view *sa_view(struct model *m, struct ike_sa *sa, const struct event *e)
{
    for (struct view *v = sa->views; v; v = v->next)
        if (v->input == e->input && v->device == e->device)
            return v;
    struct view *v = arena_new(m->run, struct view);
    v->input = e->input;
    v->device = e->device;
    v->wire = e->kind == EVENT_PACKET_SEEN;
    v->first_ns = v->last_ns = v->since_ns = TIME_UNKNOWN;
    if (sa->views_last)
        sa->views_last->next = v;
    else
        sa->views = v;
    sa->views_last = v;
    return v;
}
