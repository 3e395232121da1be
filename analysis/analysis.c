#include "analysis/analysis.h"

#include <stdlib.h>

#include "analysis/again.h"
#include "analysis/associations.h"
#include "analysis/children.h"
#include "analysis/chronology.h"
#include "analysis/clock_set.h"
#include "analysis/clocks.h"
#include "analysis/datagrams.h"
#include "analysis/derive.h"
#include "analysis/diagnose.h"
#include "analysis/early.h"
#include "analysis/ends.h"
#include "analysis/evidence.h"
#include "analysis/exchanges.h"
#include "analysis/forget.h"
#include "analysis/ikev1.h"
#include "analysis/outcomes.h"
#include "analysis/platforms.h"
#include "analysis/questions.h"
#include "analysis/restarts.h"
#include "analysis/rule.h"
#include "analysis/said.h"
#include "analysis/shown_childless.h"
#include "analysis/shown_sas.h"
#include "analysis/statewords.h"
#include "analysis/unite.h"
#include "analysis/viewing.h"
#include "base/limits.h"
#include "base/utf8.h"

#define SET_BACK_NS INT64_C(100000000) /* less is two processors that write into one log */

struct analysis {
    struct model *model;
    struct associations who;
    struct state_words words;
    struct ike_sa *last;
    struct again again;
    const char *before; /* the event that the state machine of the last transition's view had before it; NULL none */
    struct ikev1_met ikev1;
};

struct analysis *analysis_create(struct model *model)
{
    struct analysis *a = memory_take(sizeof *a);
    a->model = model;
    associations_init(&a->who, model);
    return a;
}

void analysis_destroy(struct analysis *a)
{
    if (!a)
        return;
    associations_clear(&a->who);
    state_words_clear(&a->words);
    ikev1_forget(&a->ikev1);
    memory_free(a);
}

/* Nobody took them: they are of no SA. */
static void notes_let_loose(struct model *m, struct note *notes)
{
    uint32_t count = 0;
    struct note *last = NULL;
    for (struct note *n = notes; n; n = n->next, count++)
        last = n;
    if (!last)
        return;
    if (m->loose_count >= limits_value(&m->limits, OVER_LOOSE_NOTES)) {
        limits_over(&m->limits, OVER_LOOSE_NOTES, count);
        return;
    }
    if (m->loose_last)
        m->loose_last->next = notes;
    else
        m->loose = notes;
    m->loose_last = last;
    m->loose_count += count;
}

static void let_loose(struct model *m, struct observer *o)
{
    notes_let_loose(m, o->pending);
    o->pending = o->pending_last = NULL;
    o->pending_count = 0;
}

void analysis_begin_input(struct analysis *a, uint32_t input)
{
    (void)input;
    a->again.sa = NULL;
    associations_new_input(&a->who);
}

static uint32_t add_transition(struct analysis *a, struct ike_sa *sa, struct view *v, const struct event *e)
{
    struct model *m = a->model;
    uint32_t meaning = state_meaning(&a->words, e->state, e->event);
    v->transition_count++;
    if (v->final_state != e->state)
        view_enter(v, e);
    a->before = v->final_event;
    v->final_event = e->event;
    view_transition(sa, v, e, meaning);
    if (meaning & MEANS_PEER_KEY)
        said_peer_key(m, v);
    /* Keys handed to IPsec: a Child SA, also where no packet dump tells its SPIs. */
    if ((meaning & MEANS_KEYS_LOADED) && !sa->children) {
        struct child_sa *c = child_with(m, sa, (struct spi){ 0 }, (struct spi){ 0 }, PROTOCOL_ESP);
        if (c)
            c->initial = true;
    }
    if (!m->options.keep_transitions)
        return meaning;
    struct transition *t = arena_new(m->run, struct transition);
    *t = (struct transition){ .state = e->state,
                              .event = e->event,
                              .line = e->line,
                              .msgid = e->msgid,
                              .role = e->role,
                              .time = e->time,
                              .ns = e->time.kind ? e->time.ns : TIME_UNKNOWN };
    if (v->transitions_last)
        v->transitions_last->next = t;
    else
        v->transitions = t;
    v->transitions_last = t;
    return meaning;
}

static void add_note(struct model *m, struct note **first, struct note **last, const struct event *e)
{
    struct note *n = arena_new(m->run, struct note);
    *n = (struct note){ .text = arena_text(m->run, utf8_upto(e->text, 400)),
                        .ns = e->time.kind ? e->time.ns : TIME_UNKNOWN,
                        .input = e->input,
                        .line = e->line,
                        .code = e->code,
                        .severity = e->severity,
                        .role = e->role,
                        .sa_id = event_sa_id(e),
                        .facts = facts_copy(m->run, e->facts) };
    if (*last)
        (*last)->next = n;
    else
        *first = n;
    *last = n;
}

/* What went well and takes a complaint back, or tells what it was about: a verdict depends on it, in every format. */
static bool settles(unsigned code)
{
    return code == CODE_PROXY_MATCH || code == CODE_AUTH_VERIFIED || code == CODE_POLICY_DEFAULT || code == CODE_EAP_STEP ||
           code == CODE_POLICY_SEARCH_BY_ID || code == CODE_TUNNEL_GROUP_FOUND || code == CODE_PSK_USED ||
           code == CODE_PEER_PSK_LOOKUP || code == CODE_TUNNEL_GROUP_SEARCH || code == CODE_ADDRESS_ASSIGNED;
}

/* A verdict may hang on it. */
static bool weighs(unsigned code, unsigned severity)
{
    return severity >= SEVERITY_WARNING || settles(code);
}

static bool notable(const struct model *m, const struct event *e)
{
    const struct event_code_row *row = event_code_row((enum event_code)e->code);
    return weighs(e->code, e->severity) || (row && row->keep && (m->options.keep_transitions || e->severity));
}

/* Of an SA that no debugs show, what syslog says is all there is: its platform, and how far it came. */
static bool all_there_is(const struct ike_sa *sa, const struct view *v, const struct event *e)
{
    const struct event_code_row *row = event_code_row((enum event_code)e->code);
    return row && row->keep && !v->final_state && !sa->exchanges && !spi_known(sa->spi_i) && !v->wire;
}

static void take_note(struct model *m, struct view *v, const struct event *e)
{
    v->note_count++;
    if (limits_room(&m->limits, OVER_NOTES, m->options.keep_events ? (v->note_count - 1) / 64 : v->note_count - 1))
        add_note(m, &v->notes, &v->notes_last, e);
}

struct verdict_row {
    const char *state, *event; /* state NULL: any */
    enum event_code code;
};

/* {state, event, what it says}: a log of the state machine alone tells failures by these. */
static const struct verdict_row verdicts[] = {
    { "R_PROC_EAP_RESP", "EV_AUTH_FAIL", CODE_EAP_FAILED },
    { NULL, "EV_EAP_FAIL", CODE_EAP_FAILED },
    { NULL, "EV_AUTH_FAIL", CODE_AUTH_FAILED },
    { NULL, "EV_CERT_FAIL", CODE_CERT_FAILED },
    { "INFO_I_WAIT", "EV_RE_XMT_EXCEED", CODE_DPD_DEAD },
    { "CHILD_I_WAIT", "EV_RE_XMT_EXCEED", CODE_CHILD_EXCHANGE_FAILED },
    { NULL, "EV_RE_XMT_EXCEED", CODE_RETRANSMIT_EXCEEDED },
    { NULL, "EV_WAIT4_AUTH_TMO", CODE_WAIT_AUTH_TIMEOUT },
    { NULL, "EV_NO_PROP_CHOSEN", CODE_NO_PROPOSAL_SENT },
    { NULL, "EV_TS_UNACCEPT", CODE_TS_REFUSED },
    { "INIT_DONE", "EV_FAIL", CODE_INIT_EXCHANGE_FAILED },
    { "AUTH_DONE", "EV_FAIL", CODE_AUTH_EXCHANGE_FAILED },
};

/* {state, the event before, what failed there}: where nothing but the state machine is logged, the step that was under way when
 * AUTH failed tells why. */
static const struct {
    const char *state, *before;
    enum event_code code;
} steps[] = {
    { "R_WAIT_AUTH", "EV_GET_POLICY_BY_PEERID", CODE_PROFILE_NOT_FOUND },
    { "R_VERIFY_AUTH", "EV_CHK_AUTH_TYPE", CODE_AUTH_METHOD_MISMATCH },
    { "I_PROC_AUTH", "EV_CHK_AUTH_TYPE", CODE_AUTH_METHOD_MISMATCH },
    { "R_VERIFY_AUTH", "EV_VERIFY_AUTH", CODE_AUTH_VALUE_DIFFERS },
    { "I_PROC_AUTH", "EV_VERIFY_AUTH", CODE_AUTH_VALUE_DIFFERS },
};

static enum event_code step_failed(const struct view *v, const char *before, const struct event *e, enum event_code otherwise)
{
    bool key = v->said && v->said->peer_method == AUTH_PSK;
    if (otherwise != CODE_AUTH_FAILED || v->notes || !before)
        return otherwise;
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (strcmp(e->state, steps[i].state) == 0 && strcmp(before, steps[i].before) == 0 &&
            (key || steps[i].code != CODE_AUTH_VALUE_DIFFERS))
            return steps[i].code;
    return otherwise;
}

static void note_verdict(struct model *m, struct view *v, const char *before, const struct event *e)
{
    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        if (strcmp(e->event, verdicts[i].event) != 0 || (verdicts[i].state && strcmp(e->state, verdicts[i].state) != 0))
            continue;
        struct event said = *e;
        enum event_code code = step_failed(v, before, e, verdicts[i].code);
        said.code = (uint16_t)code;
        said.severity = (uint8_t)event_code_row(code)->severity;
        said.text = arena_format(m->run, "CurState: %s Event: %s", e->state, e->event);
        take_note(m, v, &said);
        return;
    }
}

/* An answer to one of several SAs that asked: it waits until their ends tell whose it was, and is no new SA's beginning. */
static void let_one_loose(struct model *m, const struct event *e)
{
    if (!notable(m, e))
        return;
    if (!limits_room(&m->limits, OVER_LOOSE_NOTES, m->loose_count))
        return;
    add_note(m, &m->loose, &m->loose_last, e);
    m->loose_count++;
}

static bool has_weight(const struct view *v)
{
    for (const struct note *n = v->notes; n; n = n->next)
        if (weighs(n->code, n->severity))
            return true;
    return false;
}

/* Puts notes among those that the view has, by line. */
static void merge_notes(struct view *v, struct note *waited)
{
    struct note *had = v->notes, **at = &v->notes;
    for (const struct note *n = waited; n; n = n->next)
        v->note_count++;
    while (waited || had) {
        struct note **from = !had || (waited && waited->line <= had->line) ? &waited : &had;
        *at = v->notes_last = *from;
        *from = (*from)->next;
        at = &(*at)->next;
    }
    *at = NULL;
}

enum { PENDING = 24, PENDING_LINES = 200 };

/* Takes out of those that wait what this event's SA may have: not what has another SA's number or peer, and stays. */
static struct note *pending_for(const struct model *m, struct observer *o, const struct ike_sa *sa, const struct view *v,
                                const struct event *e)
{
    const uint32_t sa_id = e->has & HAS_SA_ID ? e->sa_id : v->sa_id;
    struct note *mine = NULL, **end = &mine, **at = &o->pending;
    o->pending_last = NULL;
    while (*at) {
        struct note *n = *at;
        bool others = n->sa_id && sa_id && n->sa_id != sa_id &&
                      model_lines_between(m, e->input, n->line, e->line) < PENDING_LINES;
        if (others || associations_strange(sa, v, n->code, n->facts, true)) {
            o->pending_last = n;
            at = &n->next;
            continue;
        }
        *at = n->next;
        n->next = NULL;
        *end = n;
        end = &n->next;
        o->pending_count--;
    }
    return mine;
}

/* Notable lines that came before their SA's SPIs wait here; the SA of their number, or the next new one of the same router, takes
 * them. */
static void wait_or_take(struct model *m, struct observer *o, const struct ike_sa *sa, struct view *v, const struct event *e)
{
    if (!v) {
        if (o->pending_count == PENDING)
            let_loose(m, o);
        if (notable(m, e)) {
            add_note(m, &o->pending, &o->pending_last, e);
            o->pending_count++;
            o->pending_line = e->line;
        }
        return;
    }
    if (!o->pending)
        return;
    struct note *its = pending_for(m, o, sa, v, e);
    if (!v->transition_count && !has_weight(v) && model_lines_between(m, e->input, o->pending_line, e->line) < PENDING_LINES)
        merge_notes(v, its);
    else
        notes_let_loose(m, its);
}

static void add_message(struct analysis *a, struct ike_sa *sa, struct view *v, const struct event *e)
{
    struct model *m = a->model;
    const struct message *msg = e->message;
    enum side sender = message_sender(msg, (enum side)v->role);
    if (!v->wire && sender) {
        enum side self = msg->direction == DIRECTION_SENT       ? sender
                         : msg->direction == DIRECTION_RECEIVED ? (sender == SIDE_INITIATOR ? SIDE_RESPONDER : SIDE_INITIATOR)
                                                                : SIDE_UNKNOWN;
        view_role(sa, v, self);
    }
    if (v->wire && (msg->exchange == EXCHANGE_IKE_SA_INIT || msg->exchange == EXCHANGE_IKE_SESSION_RESUME) &&
        !message_is_response(msg))
        v->start_seen = true;
    if (msg->keys && sa->keys != KEYS_SUPPLIED)
        sa->keys = msg->keys;
    derive_nat(sa, msg, sender);
    struct leg *leg = NULL;
    struct exchange *x = exchanges_add(m, sa, v, e, &leg);
    if (!x || !leg->seen_last || !leg->seen_last->mirrored) /* before and behind a NAT in one capture: it did not move */
        view_ends(m, sa, v, e, sender);
    if (leg && leg->message && m->options.keep_payloads && msg->direction == DIRECTION_SENT)
        said_fill(m, v, e, leg->message);
    if (x && !msg->fragment && x->request.message && x->response.message) {
        derive_exchange(&a->who, sa, x);
        derive_anew(sa, v, x);
    }
}

/* "Negotiation aborted due to ERROR: Failed to authenticate the IKE SA" says the second as well. */
static void note_reason(struct model *m, struct ike_sa *sa, struct view *v, const struct event *e)
{
    struct event said = *e;
    said.code = e->reason;
    said.severity = (uint8_t)event_code_row((enum event_code)e->reason)->severity;
    view_code(sa, v, &said);
    if (notable(m, &said))
        take_note(m, v, &said);
}

static void keep_event(struct model *m, const struct event *e, struct ike_sa *sa, enum binding how)
{
    struct kept_event *k = arena_new(m->run, struct kept_event);
    k->event = *e;
    k->event.text = arena_text(m->run, e->text);
    k->event.facts = facts_copy(m->run, e->facts);
    k->event.message = e->message ? message_copy(m->run, e->message, m->options.keep_payloads) : NULL;
    k->ike_sa = sa;
    k->bound_by = (uint8_t)how;
    if (m->events_last)
        m->events_last->next = k;
    else
        m->events = k;
    m->events_last = k;
}

static void drop_waiting(struct observer *o, unsigned at)
{
    o->waiting_count--;
    memmove(&o->waiting[at], &o->waiting[at + 1], (o->waiting_count - at) * sizeof o->waiting[0]);
}

/* A message that came before its SA was named goes to the SA that the next lines name. Its kept copy, if any, is the last one. */
static void keep_waiting(struct model *m, struct observer *o, const struct event *e)
{
    for (unsigned i = o->waiting_count; i-- > 0 && !event_sa_id(e);)
        if (!event_sa_id(o->waiting[i].event))
            drop_waiting(o, i); /* of requests for a new SA the last one is the one */
    if (o->waiting_count == WAITING_MESSAGES)
        drop_waiting(o, 0);
    struct event *waiting = arena_new(m->run, struct event);
    *waiting = *e;
    waiting->text = arena_text(m->run, e->text);
    waiting->message = message_copy(m->run, e->message, true);
    waiting->facts = NULL;
    o->waiting[o->waiting_count].event = waiting;
    o->waiting[o->waiting_count++].kept = m->options.keep_events ? m->events_last : NULL;
}

static void take_waiting(struct analysis *a, struct observer *o, struct ike_sa *sa, struct view *v, const struct event *e)
{
    enum { WAITING_LINES = 120 };
    bool first = !sa->exchanges;
    for (unsigned i = 0; i < o->waiting_count;) {
        struct event *waiting = o->waiting[i].event;
        struct kept_event *kept = o->waiting[i].kept;
        bool meant = event_sa_id(waiting) ? v->has_sa_id && v->sa_id == waiting->sa_id : first;
        bool late = waiting->input != e->input || model_lines_between(a->model, e->input, waiting->line, e->line) > WAITING_LINES;
        if (event_sa_id(waiting) && !meant && !late) { /* another SA's line */
            i++;
            continue;
        }
        drop_waiting(o, i);
        if (late || !meant)
            continue;
        if (kept) {
            kept->ike_sa = sa;
            kept->bound_by = event_sa_id(waiting) ? BOUND_SA_ID : BOUND_ADJACENCY;
        }
        add_message(a, sa, v, waiting);
    }
}

static void take_spis(struct event *e)
{
    if (!(e->has & HAS_SPI_I) && spi_known(e->message->spi_i)) {
        e->spi_i = e->message->spi_i;
        e->has |= HAS_SPI_I;
    }
    if (!(e->has & HAS_SPI_R) && spi_known(e->message->spi_r)) {
        e->spi_r = e->message->spi_r;
        e->has |= HAS_SPI_R;
    }
}

/* What the input's clock shows; most lines have the time of the line before. */
static void read_clock(struct input *in, const struct event *e)
{
    if (in->told_by_ns || e->code == CODE_CLOCK_SET)
        clock_set_read(in, e);
    in->last_place = e->line;
    if (in->last_stamp.kind == e->time.kind && in->last_stamp.ns == e->time.ns) {
        in->last_stamp = e->time;
        return;
    }
    if (!in->last_stamp.kind)
        in->opening_ns = e->time.ns;
    in->zones_differ |= in->first_stamp.zone[0] && e->time.zone[0] && strcmp(in->first_stamp.zone, e->time.zone) != 0;
    /* the least, not the first: a line of an hour ahead may have been pasted in front */
    if (!in->first_stamp.kind || (e->time.kind == in->first_stamp.kind && e->time.ns < in->first_stamp.ns)) {
        in->first_stamp = e->time;
        in->first_place = e->line;
    }
    in->set_back |= in->last_stamp.kind == e->time.kind && e->time.ns < in->last_stamp.ns - SET_BACK_NS;
    in->last_stamp = e->time;
}

static struct text map_entry(struct arena *arena, const struct event *e)
{
    uint64_t sequence;
    if (!fact_get_number(e->facts, "seq", &sequence))
        return (struct text){ NULL, 0 };
    return arena_format(arena, "%.*s %llu", TEXT_ARGS(fact_get_text(e->facts, "crypto_map")), (unsigned long long)sequence);
}

/* "IKEv2 was unsuccessful at setting up a tunnel": with every try. */
static void gave_up(struct model *m, struct input *in, const struct event *e)
{
    struct arena *scratch = arena_create();
    struct text entry = map_entry(scratch, e);
    if (!text_equal(entry, in->ikev2_gave_up))
        in->ikev2_gave_up = arena_text(m->run, entry);
    arena_destroy(scratch);
}

static void count_ikev1(struct analysis *a, struct input *in, const struct event *e)
{
    struct model *m = a->model;
    in->ikev1_first = in->ikev1_count++ ? in->ikev1_first : e->line;
    if (e->code == CODE_IKEV1 && ikev1_first(&a->ikev1, e)) {
        struct event spoken = *e;
        spoken.code = CODE_IKEV1_PEER;
        spoken.severity = SEVERITY_NOTE;
        let_one_loose(m, &spoken);
    }
    if (e->code != CODE_IKEV1_CHOSEN || in->ikev1_entry.len)
        return;
    struct text entry = map_entry(m->run, e);
    if (!entry.len || text_equal(entry, in->ikev2_gave_up))
        return; /* IKEv2 was tried: a proposal for it is bound */
    in->ikev1_entry = entry;
    in->ikev1_entry_line = e->line;
}

/* A message that was named, and of which no dump followed. */
static void take_datagram(struct analysis *a, struct observer *o, const struct event *next)
{
    struct event e;
    struct message named;
    struct ike_sa *sa = o->datagram.sa;
    struct view *v = o->datagram.view;
    if (datagram_due(o, next, &e, &named))
        add_message(a, sa, v, &e);
}

/* An event of the SA that the one before it was of, and bound to it as it was. */
static void take_again(struct analysis *a, struct event *e, enum binding how)
{
    struct model *m = a->model;
    struct ike_sa *sa = a->again.sa;
    struct view *v = a->again.view;
    uint32_t meaning = 0;
    a->last = sa;
    if (how != BOUND_ADJACENCY)
        associations_named(a->again.observer, e, m->event_count);
    const bool had_failed = sa->failed;
    view_touch(sa, v, e, how);
    if (e->kind == EVENT_SM_TRANSITION) {
        meaning = add_transition(a, sa, v, e);
        if (meaning & (MEANS_FAILED | MEANS_FAILED_UNLESS_UP | MEANS_CHILD_REFUSED))
            note_verdict(m, v, a->before, e);
    } else {
        view_code(sa, v, e);
        said_read(m, a->again.observer, sa, v, e);
        if (notable(m, e) || all_there_is(sa, v, e))
            take_note(m, v, e);
    }
    v->failed |= sa->failed && !had_failed;
    if (m->options.keep_events)
        keep_event(m, e, sa, how);
    if (e->code == CODE_SA_DELETED || (meaning & MEANS_FREED))
        associations_forget(&a->who, e, sa);
}

/* An event of an SA's, bound to it: what it means (enum state_meaning), where it is a step of the state machine. */
static uint32_t take_bound(struct analysis *a, struct observer *o, struct ike_sa *sa, struct event *e, enum binding how)
{
    struct model *m = a->model;
    uint32_t meaning = 0;
    struct view *v = sa_view(m, sa, e);
    const bool had_failed = sa->failed;
    if (e->kind != EVENT_PACKET_SEEN)
        wait_or_take(m, o, sa, v, e);
    view_touch(sa, v, e, how);
    if (e->kind == EVENT_SM_TRANSITION)
        meaning = add_transition(a, sa, v, e);
    else
        view_code(sa, v, e);
    if (e->kind != EVENT_PACKET_SEEN)
        said_read(m, o, sa, v, e);
    if (e->code == CODE_DATAGRAM_RECEIVED || e->code == CODE_DATAGRAM_SENT)
        datagram_wait(m, o, e, sa, v);
    if (how == BOUND_SPI && e->kind != EVENT_PACKET_SEEN && o->waiting_count)
        take_waiting(a, o, sa, v, e);
    if (e->message)
        add_message(a, sa, v, e);
    else if ((e->has & HAS_REMOTE) && v->role && view_names_ends(e))
        view_ends(m, sa, v, e, SIDE_UNKNOWN);
    if (e->kind != EVENT_PACKET_SEEN)
        view_peer(o, sa, v, e, m->event_count);
    if (notable(m, e) || all_there_is(sa, v, e))
        take_note(m, v, e);
    if (e->reason)
        note_reason(m, sa, v, e);
    if (meaning & (MEANS_FAILED | MEANS_FAILED_UNLESS_UP | MEANS_CHILD_REFUSED))
        note_verdict(m, v, a->before, e);
    v->failed |= sa->failed && !had_failed;
    if (o)
        a->again = (struct again){ o, sa, v };
    return meaning;
}

static void take(void *context, struct event *e)
{
    struct analysis *a = context;
    struct model *m = a->model;
    struct input *in = model_input(m, e->input);
    m->event_count++;
    limits_at(&m->limits, e->input, e->line, e->kind == EVENT_PACKET_SEEN);
    if (e->message)
        limits_bits(&m->limits, e->message->over);
    if (e->time.kind)
        read_clock(in, e);
    if (e->code == CODE_CLOCK_SET) { /* of no SA */
        if (m->options.keep_events)
            keep_event(m, e, NULL, BOUND_NONE);
        return;
    }
    enum binding how = again_binding(&a->again, e, m->event_count);
    if (how != BOUND_NONE) {
        take_again(a, e, how);
        return;
    }
    a->again.sa = NULL;
    if (e->message)
        take_spis(e);
    bool other_protocol = e->message && e->message->version && e->message->version >> 4 != 2;
    other_protocol |= e->code == CODE_IKEV1 || e->code == CODE_IKEV1_CHOSEN;
    if (other_protocol)
        count_ikev1(a, in, e);
    else if (e->code == CODE_TUNNEL_NOT_SET_UP && text_equal(fact_get_text(e->facts, "protocol"), TEXT("IKEv2")))
        gave_up(m, in, e);
    struct observer *o = e->kind == EVENT_PACKET_SEEN ? NULL : associations_observer(&a->who, e);
    if (o && o->datagram.line)
        take_datagram(a, o, e);
    struct ike_sa *sa = other_protocol ? NULL : associations_bind(&a->who, o, e, &how);
    if (!other_protocol && a->who.late) { /* its SA was judged and let go */
        a->last = NULL;
        return;
    }
    uint32_t meaning = 0;
    a->last = sa;
    if (sa) {
        meaning = take_bound(a, o, sa, e, how);
    } else if (e->kind != EVENT_PACKET_SEEN) {
        if (e->code == CODE_ROUTER_RESTARTED)
            let_loose(m, o); /* what was said before belongs to no SA that comes after */
        if (a->who.several || e->code == CODE_ROUTER_RESTARTED)
            let_one_loose(m, e);
        else
            wait_or_take(m, o, NULL, NULL, e);
        said_read(m, o, NULL, NULL, e);
        view_peer(o, NULL, NULL, e, m->event_count);
    }
    if (o)
        restarts_note(o, e);
    if (m->options.keep_events)
        keep_event(m, e, sa, how);
    if (!sa && e->kind != EVENT_PACKET_SEEN && associations_waits(e))
        keep_waiting(m, o, e);
    if (sa && (e->code == CODE_SA_DELETED || (meaning & MEANS_FREED)))
        associations_forget(&a->who, e, sa);
    associations_quiet(&a->who);
}

void analysis_end_input(struct analysis *a, uint32_t input)
{
    for (size_t i = 0; i < a->who.observers.count; i++) {
        struct observer *o = a->who.observers.entries[i].value;
        if (!o)
            continue;
        let_loose(a->model, o);
        if (o->datagram.line)
            take_datagram(a, o, NULL);
    }
    platforms_settle(a->model, model_input(a->model, input));
}

struct ike_sa *analysis_last_sa(const struct analysis *a)
{
    return a->last;
}

struct event_taker analysis_taker(struct analysis *a)
{
    return (struct event_taker){ take, a };
}

struct dated {
    struct ike_sa *sa;
    int64_t ns;
    size_t place;
};

static int by_time(const void *a, const void *b)
{
    const struct dated *x = a, *y = b;
    return x->ns != y->ns ? (x->ns < y->ns ? -1 : 1) : x->place < y->place ? -1 : x->place > y->place;
}

/* Stable; an SA without a time stays behind the one it followed. */
static void sort_by_time(const struct model *m, struct ike_sa **at, size_t n)
{
    struct dated *d = memory_take((n + 1) * sizeof *d);
    int64_t now = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        int64_t t = model_time(m, at[i]->first_input, at[i]->first_ns);
        now = t == TIME_UNKNOWN ? now : t;
        d[i] = (struct dated){ at[i], now, i };
    }
    qsort(d, n, sizeof *d, by_time);
    for (size_t i = 0; i < n; i++)
        at[i] = d[i].sa;
    memory_free(d);
}

/* SAs of several inputs are told in the order in which they began, where their clocks allow. */
static void sort_sas(struct model *m)
{
    struct ike_sa **at = arena_array(m->run, struct ike_sa *, m->ike_sa_count + 1);
    size_t n = 0;
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        at[n++] = sa;
    if (m->input_count > 1)
        sort_by_time(m, at, n);
    m->ike_sas = n ? at[0] : NULL;
    for (size_t i = 0; i < n; i++) {
        at[i]->number = (uint32_t)i + 1;
        at[i]->next = i + 1 < n ? at[i + 1] : NULL;
    }
    m->ike_sas_last = n ? at[n - 1] : NULL;
}

static void finish(struct associations *who)
{
    unite_sas(who);
    restarts_settle(who);
    outcomes_settle(who);
    shown_sas_make(who);
    ends_forget_nobody(who->model);
    clocks_align(who->model);
    chronology_settle(who->model);
    sort_sas(who->model);
    early_bind(who->model);
    questions_settle(who->model);
    ends_learn(who->model);
    evidence_join(who->model);
    shown_childless_mark(who->model);
    diagnose(who->model);
}

void analysis_finish(struct analysis *a)
{
    if (a->who.history_count)
        forget_recall(&a->who);
    finish(&a->who);
}

/* ---- endless input ---- */

struct model *analysis_alone(struct analysis *a, struct ike_sa *sa, const struct ike_sa **alone)
{
    struct associations who;
    struct ike_sa *copy;
    struct model *m = forget_alone(&a->who, sa, &who, &copy);
    finish(&who);
    associations_clear(&who);
    *alone = copy;
    return m;
}

void analysis_let_go(struct analysis *a, struct ike_sa *sa, enum sa_outcome outcome)
{
    a->last = a->last == sa ? NULL : a->last;
    forget_let_go(&a->who, sa, outcome);
    a->again.sa = NULL;
}

void analysis_compact(struct analysis *a)
{
    forget_compact(&a->who);
    a->last = NULL;
    a->again.sa = NULL;
    ikev1_forget(&a->ikev1); /* what was said of them may be gone */
}

bool analysis_of_several(const struct finding *f)
{
    const struct rule *r = f->ike_sa ? rule_find(text_of(f->rule)) : NULL;
    return !f->ike_sa || (r && r->whole && !r->sa);
}
