#include "analysis/symptoms.h"

#include "analysis/children.h"
#include "analysis/evidence.h"

static bool on_side(const struct view *v, enum side side)
{
    return side == SIDE_UNKNOWN || v->role == side;
}

/* A sentence tells more than the state machine's own line of the same meaning. */
static struct heard find_among(const struct view *first, enum side side, enum event_code code, const char *words)
{
    struct heard state = { NULL, NULL };
    for (const struct view *v = first; v; v = v->next)
        for (const struct note *n = on_side(v, side) ? v->notes : NULL; n; n = n->next) {
            if (n->code != code || (words && !text_has(n->text, text_of(words))))
                continue;
            if (!text_starts(n->text, TEXT("CurState:")))
                return (struct heard){ n, v };
            if (!state.note)
                state = (struct heard){ n, v };
        }
    return state;
}

/* Of most SAs, which came up, nothing was noted: this is asked dozens of times of each. */
static inline struct heard find(const struct ike_sa *sa, enum side side, enum event_code code, const char *words)
{
    const struct view *v = sa->views;
    while (v && !v->notes)
        v = v->next;
    return v ? find_among(v, side, code, words) : (struct heard){ NULL, NULL };
}

struct heard heard(const struct ike_sa *sa, enum event_code code)
{
    return find(sa, SIDE_UNKNOWN, code, NULL);
}

struct heard heard_on(const struct ike_sa *sa, enum side side, enum event_code code)
{
    return find(sa, side, code, NULL);
}

struct heard heard_text(const struct ike_sa *sa, enum event_code code, const char *words)
{
    return find(sa, SIDE_UNKNOWN, code, words);
}

void loose_settle(struct model *m)
{
    m->loose_of = arena_array(m->run, struct note_list, CODE_COUNT);
    for (const struct note *n = m->loose; n; n = n->next)
        m->loose_of[n->code].count++;
    for (const struct note *n = m->loose; n; n = n->next) {
        struct note_list *list = &m->loose_of[n->code];
        if (!list->at) {
            list->at = arena_array(m->run, const struct note *, list->count);
            list->count = 0;
        }
        list->at[list->count++] = n;
    }
}

struct note_list loose_of(const struct model *m, enum event_code code)
{
    return m->loose_of[code];
}

struct heard loose_among(const struct model *m, const struct ike_sa *sa, enum event_code code)
{
    const struct note_list loose = loose_of(m, code);
    for (uint32_t i = 0; i < loose.count; i++)
        for (const struct view *v = sa->views; v; v = v->next)
            if (v->role != SIDE_INITIATOR && loose.at[i]->input == v->input && loose.at[i]->line > v->first_line &&
                loose.at[i]->line <= v->last_line)
                return (struct heard){ loose.at[i], v };
    return heard(sa, code);
}

struct heard heard_after(struct heard before, enum event_code code)
{
    for (const struct note *n = before.note ? before.note->next : NULL; n; n = n->next)
        if (n->code == code)
            return (struct heard){ n, before.view };
    return (struct heard){ NULL, NULL };
}

struct heard heard_again(struct heard before)
{
    const struct heard own = heard_after(before, (enum event_code)before.note->code);
    return own.note ? own : find_among(before.view->next, SIDE_UNKNOWN, (enum event_code)before.note->code, NULL);
}

struct heard heard_at_once(const struct ike_sa *sa, enum event_code before, enum event_code code)
{
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->notes; n && n->next; n = n->next)
            if (n->code == before && n->next->code == code)
                return (struct heard){ n->next, v };
    return (struct heard){ NULL, NULL };
}

struct heard heard_deletion(const struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->delete_line ? v->notes : NULL; n; n = n->next)
            if (n->code == CODE_DELETE_RECEIVED && n->line == v->delete_line)
                return (struct heard){ n, v };
    return (struct heard){ NULL, NULL };
}

bool heard_while_up(struct heard h)
{
    return h.note && h.view && h.view->ready_line && h.note->line > h.view->ready_line && h.note->input == h.view->input;
}

static bool with_eap(const struct ike_sa *sa)
{
    return sa->initiator.eap || heard(sa, CODE_EAP_STEP).note || heard(sa, CODE_EAP_FAILED).note;
}

/* It looks for who its peer is: the check of another proof begins. */
static bool begins_check(const struct note *n)
{
    return n->code == CODE_POLICY_SEARCH_BY_ID || n->code == CODE_PEER_PSK_LOOKUP || n->code == CODE_AUTH_VALUE_DIFFERS;
}

struct heard proof_before(const struct ike_sa *sa, struct heard end)
{
    struct heard proof = { NULL, NULL };
    for (const struct note *n = end.note && !with_eap(sa) ? end.view->notes : NULL; n && n != end.note; n = n->next)
        if (n->code == CODE_AUTH_VERIFIED)
            proof = (struct heard){ n, end.view };
        else if (begins_check(n))
            proof.note = NULL;
    return proof;
}

struct heard refused_though_proven(const struct ike_sa *sa)
{
    struct heard step = { NULL, NULL };
    if (with_eap(sa))
        return step;
    for (const struct view *v = sa->views; v; v = v->next) {
        bool proven = false;
        for (const struct note *n = v->notes; n; n = n->next) {
            proven = n->code == CODE_AUTH_VERIFIED || (proven && !begins_check(n));
            if (!proven || (n->code != CODE_AUTH_FAILED && n->code != CODE_AUTH_FAILURE_SENT) || note_of_ppk(n))
                continue;
            const struct heard h = { n, v };
            if (!told_by_step(h))
                return h;
            step = step.note ? step : h;
        }
    }
    return step;
}

/* That an attempt ended, by whom it was ended, or that it concerns packets of another tunnel: no cause. */
static bool says_no_cause(const struct note *n)
{
    static const enum event_code codes[] = { CODE_AUTH_EXCHANGE_FAILED,
                                             CODE_INIT_EXCHANGE_FAILED,
                                             CODE_CHILD_EXCHANGE_FAILED,
                                             CODE_EXCHANGE_ABORTED,
                                             CODE_SESSION_DOWN,
                                             CODE_SESSION_KILLED,
                                             CODE_PACKET_DENIED,
                                             CODE_ROUTER_TROUBLE,
                                             CODE_ROUTER_RESTARTED,
                                             CODE_RETRANSMIT,
                                             CODE_IPSEC_REPLAY,
                                             CODE_IPSEC_ICV,
                                             CODE_IPSEC_INVALID_SPI,
                                             CODE_CLEAR_TEXT_RECEIVED,
                                             CODE_INNER_PACKET_OUTSIDE,
                                             CODE_INNER_DENIED,
                                             CODE_NAT_REVERSE_FAILED,
                                             CODE_PEER_LACKS_SPI,
                                             CODE_LOG_GAP,
                                             CODE_RATE_LIMITED,
                                             CODE_AUTH_FAILURE_SENT,
                                             CODE_AUTH_FAILURE_RECEIVED };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (n->code == codes[i])
            return true;
    return text_starts(n->text, TEXT("CurState:")) || text_has(last_word_text((struct heard){ n, NULL }), TEXT("xchange failed"));
}

bool told_by_step(struct heard h)
{
    return h.note && text_starts(h.note->text, TEXT("CurState: "));
}

/* It says that something failed, and of what not a word. */
static bool names_nothing(const struct note *n)
{
    static const char *const texts[] = { "Platform errors", "A supplied parameter is incorrect" };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (n->code == CODE_FAILURE && text_has(n->text, text_of(texts[i])))
            return true;
    return n->code == CODE_ITEM_NOT_FOUND;
}

/* Of those that took turns to be the last, one that names something. */
static void take_last(struct heard *last, const struct note *n, const struct view *v)
{
    if (n->severity >= SEVERITY_WARNING && !says_no_cause(n) && (!last->note || !names_nothing(n) || names_nothing(last->note)))
        *last = (struct heard){ n, v };
}

struct heard last_word(const struct ike_sa *sa)
{
    struct heard last = { NULL, NULL };
    for (const struct view *v = sa->views; v && !last.note; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next)
            take_last(&last, n, v);
    return last;
}

struct heard last_error(const struct note *from, struct heard end)
{
    struct heard last = { NULL, NULL };
    const struct note *n = from ? from->next : end.view ? end.view->notes : NULL;
    for (; n && n != end.note; n = n->next)
        if (n->code == CODE_FAILURE || n->code == CODE_ITEM_NOT_FOUND || n->severity >= SEVERITY_ERROR)
            take_last(&last, n, end.view);
    return last;
}

struct heard first_complaint(const struct view *v, uint32_t after, const struct note *end)
{
    for (const struct note *n = v ? v->notes : NULL; n && n != end; n = n->next)
        if (n->line > after && n->severity >= SEVERITY_WARNING && (!end || n->code != end->code) && !says_no_cause(n))
            return (struct heard){ n, v };
    return (struct heard){ NULL, NULL };
}

/* The line of the refuser's log behind which it deals with the Child SA that was asked for: the request has arrived, and who asks
 * is known. 0: it is not told. */
static uint32_t dealt_with_from(const struct ike_sa *sa, const struct exchange *x, const struct view *v)
{
    const struct sighting *came = x ? leg_seen(sa, x, &x->request, v->role) : NULL;
    const uint32_t arrived = came && came->input == v->input ? came->place : 0, checked = v->said ? v->said->checked_line : 0;
    return arrived > checked ? arrived : checked;
}

struct heard complaint_of_child(const struct ike_sa *sa, const struct exchange *x, const struct view *v, const struct note *end)
{
    const uint32_t from = v ? dealt_with_from(sa, x, v) : 0;
    return from ? first_complaint(v, from, end) : (struct heard){ NULL, NULL };
}

/* A syslog message's text without the addresses before it. */
struct text last_word_text(struct heard h)
{
    if (!h.note)
        return (struct text){ NULL, 0 };
    struct text reason = fact_get_text(h.note->facts, "reason");
    return text_trim(text_upto(reason.len ? reason : h.note->text, 160));
}

uint32_t heard_count(const struct ike_sa *sa, enum event_code code)
{
    uint32_t count = 0;
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next)
            count += n->code == code;
    return count;
}

static struct text quoted(struct text t)
{
    t = text_trim(t);
    if (t.len == 0)
        return t;
    size_t end;
    if (t.at[0] == '\'' || t.at[0] == '"') {
        char quote = t.at[0];
        t = text_from(t, 1);
        end = text_find_byte(t, quote);
    } else {
        for (end = 0; end < t.len && t.at[end] != ' ' && t.at[end] != ',' && t.at[end] != '(' && t.at[end] != ')'; end++)
            ;
    }
    return end == TEXT_NOWHERE ? t : text_upto(t, end);
}

struct text note_word(const struct note *n, const char *fact, const char *marker)
{
    struct text value = fact ? fact_get_text(n->facts, fact) : (struct text){ NULL, 0 };
    if (value.len || !marker)
        return value;
    size_t at = text_find(n->text, text_of(marker));
    return at == TEXT_NOWHERE ? (struct text){ NULL, 0 } : quoted(text_from(n->text, at + strlen(marker)));
}

struct text note_esp_end(const struct note *n, bool sender)
{
    /* "local=A remote=B" of IOS, "src_addr B, dest_addr A" of IOS-XE, "from B (user= B) to A that failed" of an ASA */
    static const char *const markers[][2] = { { "local=", "remote=" }, { "dest_addr ", "src_addr " }, { ") to ", ") from " } };
    struct text word = { NULL, 0 };
    for (size_t i = 0; i < COUNT_OF(markers) && !word.len; i++)
        word = note_word(n, NULL, markers[i][sender]);
    return word;
}

enum side speaker_of(struct heard h, enum side otherwise)
{
    return h.view && !h.view->wire ? (enum side)h.view->role : otherwise;
}

bool sides_told(const struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (v->role || v->wire)
            return true;
    return sa->initiator.endpoint.address.family || sa->responder.endpoint.address.family || !sa->views;
}

const struct exchange *exchange_refused(const struct ike_sa *sa, unsigned type, unsigned notify, const struct exchange *after)
{
    for (const struct exchange *x = after ? after->next : sa->exchanges; x; x = x->next) {
        if (type && x->type != type)
            continue;
        if (x->response.message && message_notice(x->response.message, notify))
            return x;
        if (x->type == EXCHANGE_INFORMATIONAL && x->request.message && message_notice(x->request.message, notify))
            return x;
    }
    return NULL;
}

/* Does the line stand behind the message in a log that shows it? */
static bool stands_behind(const struct note *n, const struct leg *leg)
{
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (s->input == n->input && n->line > s->place)
            return true;
    return false;
}

struct refused_groups refused_groups(const struct ike_sa *sa, const struct exchange *x)
{
    const struct notice *notice = x->response.message ? message_notice(x->response.message, NOTIFY_INVALID_KE_PAYLOAD) : NULL;
    uint64_t wanted = notice && notice->data.len >= 2 ? (uint64_t)notice->data.at[0] << 8 | notice->data.at[1] : 0,
             sent = x->request.message ? x->request.message->ke_group : 0;
    for (struct heard said = heard(sa, CODE_WRONG_KE_GROUP); said.note && !(sent && wanted); said = heard_again(said)) {
        if (!stands_behind(said.note, &x->request))
            continue;
        if (!wanted)
            (void)fact_get_number(said.note->facts, "dh_group", &wanted);
        if (!sent)
            (void)fact_get_number(said.note->facts, "sent_group", &sent);
    }
    return (struct refused_groups){ (unsigned)sent, (unsigned)wanted };
}

bool selectors_refused(const struct ike_sa *sa)
{
    if (exchange_refused(sa, 0, NOTIFY_TS_UNACCEPTABLE, NULL))
        return true;
    bool said = heard(sa, CODE_TS_REFUSED).note ||
                heard_text(sa, CODE_NEGOTIATION_ABORTED, "no IPSEC policy found for received TS").note;
    bool by_list = heard(sa, CODE_PROXY_NO_MATCH).note &&
                   (heard(sa, CODE_NO_PROPOSAL_SENT).note ||
                    exchange_refused(sa, EXCHANGE_IKE_AUTH, NOTIFY_NO_PROPOSAL_CHOSEN, NULL));
    return said && !by_list;
}

const struct exchange *exchange_last(const struct ike_sa *sa, unsigned type)
{
    const struct exchange *last = NULL;
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type == type)
            last = x;
    return last;
}

unsigned cookies_refused(const struct ike_sa *sa)
{
    unsigned n = 0;
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        n += x->type == EXCHANGE_IKE_SA_INIT && x->request.message && message_notice(x->request.message, NOTIFY_COOKIE) &&
             x->response.message && message_notice(x->response.message, NOTIFY_COOKIE);
    return n;
}

bool exchange_silent(const struct exchange *x)
{
    return x->request.seen && !x->response.seen && !x->response.message && x->outcome != EXCHANGE_OK &&
           x->outcome != EXCHANGE_ERROR && x->outcome != EXCHANGE_ANSWERED;
}

#define UNANSWERED_NS INT64_C(1000000000)

bool answer_may_follow(const struct model *m, const struct exchange *x)
{
    const struct sighting *first = x->request.seen, *last = x->request.seen_last;
    if (!first || x->response.seen || first->direction != DIRECTION_RECEIVED || last->input != first->input)
        return false;
    bool between = first->ns != TIME_UNKNOWN && last->ns != TIME_UNKNOWN && last->ns - first->ns >= UNANSWERED_NS;
    return !between && model_input(m, last->input)->last_place <= last->place;
}

bool exchange_rekeys(const struct exchange *x)
{
    const struct message *q = x->request.message;
    return x->type == EXCHANGE_CREATE_CHILD_SA && q && (message_notice(q, NOTIFY_REKEY_SA) || exchange_rekeys_ike(x));
}

/* Without selectors it is not about a Child SA, also where a log lists no more than the payloads' names; what it does not print of
 * a request that it sent, the answer tells. */
bool exchange_rekeys_ike(const struct exchange *x)
{
    const struct message *a = x->response.message, *m = exchange_sealed(x) && a && a->type_count ? a : x->request.message;
    if (x->renews_ike)
        return true;
    return x->type == EXCHANGE_CREATE_CHILD_SA && m &&
           (message_proposal(m, true) ||
            (message_has_type(m, PAYLOAD_SA) && !message_has_type(m, PAYLOAD_TSI) && !message_proposal(m, false)));
}

bool exchange_other_child(const struct ike_sa *sa, const struct exchange *x, const struct exchange *other)
{
    if (!x->renews_child || !other->renews_child || x->from == other->from)
        return x->renews_child && other->renews_child && x->renews_child != other->renews_child;
    enum side receiver = (enum side)x->from, receiver_other = (enum side)other->from;
    const struct child_sa *one = child_inherited(sa, &receiver, x->renews_child),
                          *two = child_inherited(sa, &receiver_other, other->renews_child);
    return one && two && one != two;
}

bool exchange_sealed(const struct exchange *x)
{
    const struct message *q = x->request.message;
    return !q || q->decryption == DECRYPTION_NO_KEY || q->decryption == DECRYPTION_ICV_FAILED || q->type_count == 0;
}

const struct view *view_of_input(const struct ike_sa *sa, uint32_t input)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (v->input == input)
            return v;
    return NULL;
}

/* One input may hold both routers' logs; then the sighting's direction tells whose line it is. */
static bool seen_by(const struct ike_sa *sa, const struct sighting *s, enum side side, enum side sender)
{
    if (side == SIDE_UNKNOWN)
        return s->direction == DIRECTION_WIRE;
    if (s->direction == DIRECTION_WIRE)
        return false;
    if (sender && s->direction == DIRECTION_SENT)
        return side == sender;
    if (sender && s->direction == DIRECTION_RECEIVED)
        return side == side_other(sender);
    const struct view *v = view_of_input(sa, s->input);
    return v && v->role == side;
}

enum side leg_sender(const struct exchange *x, const struct leg *leg)
{
    return leg == &x->request ? (enum side)x->from : side_other((enum side)x->from);
}

const struct sighting *leg_seen(const struct ike_sa *sa, const struct exchange *x, const struct leg *leg, enum side side)
{
    enum side sender = leg_sender(x, leg);
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (seen_by(sa, s, side, sender))
            return s;
    return NULL;
}

uint32_t leg_copies(const struct ike_sa *sa, const struct exchange *x, const struct leg *leg, enum side side)
{
    enum side sender = leg_sender(x, leg);
    uint32_t count = 0;
    for (const struct sighting *s = leg->seen; s; s = s->next)
        count += s->fragment <= 1 && seen_by(sa, s, side, sender);
    return count;
}

const struct view *view_on(const struct ike_sa *sa, enum side side)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (!v->wire && v->role == side)
            return v;
    return NULL;
}

bool sa_reached_auth(const struct ike_sa *sa)
{
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        if (x->type == EXCHANGE_IKE_AUTH || x->type == EXCHANGE_IKE_INTERMEDIATE)
            return true;
        const struct message *r = x->response.message;
        if (x->type == EXCHANGE_IKE_SA_INIT && r && r->ke_group && !message_error(r))
            return true;
    }
    static const enum event_code later[] = { CODE_AUTH_VALUE_DIFFERS,  CODE_AUTH_EXCHANGE_FAILED,  CODE_AUTH_VERIFIED,
                                             CODE_POLICY_SEARCH_BY_ID, CODE_AUTH_FAILED,           CODE_WAIT_AUTH_TIMEOUT,
                                             CODE_AUTH_FAILURE_SENT,   CODE_AUTH_FAILURE_RECEIVED, CODE_CHILD_EXCHANGE_FAILED };
    for (size_t i = 0; i < COUNT_OF(later); i++)
        if (heard(sa, later[i]).note)
            return true;
    struct heard lists = heard_text(sa, CODE_PROPOSALS_MISMATCH, "ESP");
    return sa->established || lists.note; /* IPsec's proposals come in IKE_AUTH at the earliest */
}

bool sa_up(const struct ike_sa *sa)
{
    return sa->established && sa->outcome != SA_FAILED;
}

unsigned sa_auth_method(const struct ike_sa *sa, enum side side)
{
    const struct party *p = side == SIDE_INITIATOR ? &sa->initiator : &sa->responder;
    if (p->auth_method)
        return p->auth_method;
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        const struct message *msg = side == SIDE_INITIATOR ? x->request.message : x->response.message;
        if (x->type == EXCHANGE_IKE_AUTH && msg && msg->auth_method)
            return msg->auth_method;
    }
    return 0;
}

bool note_of_ppk(const struct note *n)
{
    return n->severity >= SEVERITY_ERROR && text_has(n->text, TEXT("PPK"));
}

bool sa_mixes_ppk(const struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next)
            if (note_of_ppk(n))
                return true;
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type == EXCHANGE_IKE_AUTH && x->request.message && message_notice(x->request.message, NOTIFY_PPK_IDENTITY))
            return true;
    return false;
}

uint32_t device_of(const struct ike_sa *sa, enum side side)
{
    uint32_t device = side == SIDE_INITIATOR ? sa->initiator.device : side == SIDE_RESPONDER ? sa->responder.device : 0;
    const struct view *v = device ? NULL : view_on(sa, side);
    return v ? v->device : device;
}

uint32_t router_of(const struct model *m, const struct ike_sa *sa, enum side side)
{
    if (!m->records || side == SIDE_UNKNOWN)
        return device_of(sa, side);
    struct party party = side == SIDE_INITIATOR ? sa->initiator : sa->responder;
    party.device = device_of(sa, side);
    uint32_t router = config_device(m, &party);
    return router ? router : party.device;
}

uint32_t router_of_input(const struct model *m, uint32_t input)
{
    struct party party = { .device = input < m->input_count ? model_input(m, input)->device : 0 };
    uint32_t router = party.device ? config_device(m, &party) : 0;
    return router ? router : party.device;
}

struct address address_on(const struct ike_sa *sa, enum side side)
{
    if (side == SIDE_UNKNOWN)
        return (struct address){ 0 };
    return (side == SIDE_INITIATOR ? sa->initiator : sa->responder).endpoint.address;
}

bool behind_nat(const struct ike_sa *sa, enum side side)
{
    return side == SIDE_INITIATOR ? sa->initiator_behind_nat : side == SIDE_RESPONDER && sa->responder_behind_nat;
}

struct address address_seen(const struct ike_sa *sa, enum side from, bool *hidden)
{
    const enum side far = side_other(from);
    const struct view *own = view_on(sa, from);
    *hidden = false;
    if (!behind_nat(sa, far))
        return address_on(sa, far);
    if (own && own->remote.address.family)
        return own->remote.address;
    bool wire = false;
    for (const struct view *v = sa->views; v; v = v->next)
        wire |= v->wire;
    *hidden = view_on(sa, far) && !wire;
    return address_on(sa, far);
}

bool sa_kept_500(const struct ike_sa *sa)
{
    return sa->auth_on_500 && !sa_in_udp(sa) && !heard(sa, CODE_NAT_FLOAT).note;
}

bool sa_in_udp(const struct ike_sa *sa)
{
    bool floats = sa->initiator.endpoint.port == PORT_NATT || sa->responder.endpoint.port == PORT_NATT ||
                  (sa->path_last && sa->path_last->responder.port == PORT_NATT);
    for (const struct view *v = sa->views; v && !floats; v = v->next)
        floats = v->local.port == PORT_NATT || v->remote.port == PORT_NATT;
    for (const struct child_sa *c = sa->children; c && !floats; c = c->sibling)
        floats = c->encap == ENCAP_UDP;
    return floats;
}
