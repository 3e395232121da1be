#include "analysis/exchanges.h"

#include "analysis/condense.h"
#include "analysis/exchange_index.h"
#include "base/limits.h"

enum { MOST_FRAMES = 64 };

bool message_is_response(const struct message *m)
{
    return (m->flags & MESSAGE_RESPONSE) != 0;
}

enum side message_sender(const struct message *m, enum side observer_role)
{
    /* The INITIATOR flag is the sender's role in the IKE SA, whoever asks now. RFC 7296 section 3.1. */
    if (m->has_flags)
        return m->flags & MESSAGE_INITIATOR ? SIDE_INITIATOR : SIDE_RESPONDER;
    if (m->exchange == EXCHANGE_IKE_SA_INIT || m->exchange == EXCHANGE_IKE_AUTH || m->exchange == EXCHANGE_IKE_INTERMEDIATE)
        return message_is_response(m) ? SIDE_RESPONDER : SIDE_INITIATOR;
    if (m->direction == DIRECTION_SENT)
        return observer_role;
    return m->direction == DIRECTION_RECEIVED ? side_other(observer_role) : SIDE_UNKNOWN;
}

/* How much a copy of a message tells: the better one is shown. */
static unsigned rank(const struct message *m)
{
    static const uint8_t by_decryption[] = {
        [DECRYPTION_UNKNOWN] = 1,  [DECRYPTION_NO_KEY] = 1, [DECRYPTION_ICV_FAILED] = 2,
        [DECRYPTION_FROM_LOG] = 3, [DECRYPTION_CLEAR] = 4,  [DECRYPTION_DECRYPTED] = 5,
    };
    if (m->announced)
        return 0; /* a name alone */
    unsigned r = by_decryption[m->decryption];
    if (r == 4 && m->direction != DIRECTION_WIRE)
        r = 3;            /* a log's dump of a clear message has names; the wire has the octets */
    unsigned content = 0; /* what was sealed is of no account: a log names what was in it and leaves that out */
    for (size_t i = 0; i < m->type_count; i++)
        content += m->types[i] != PAYLOAD_SK && m->types[i] != PAYLOAD_SKF;
    if (r == 3 && content == 0)
        r = 0;
    unsigned details = (m->proposals != NULL) + (m->tsi != NULL) + (m->ke_group != 0); /* and not the payloads' names alone */
    return (r * 256 + (content < 255 ? content : 255)) * 4 + details + 1;
}

/* What one log dumps and another only names: of both ends' logs neither may have all, in whichever order they are read. */
static void complete(struct arena *arena, struct message *m, const struct message *with)
{
    if (!m->proposals)
        m->proposals = proposals_copy(arena, with->proposals);
    if (!m->tsi && !m->tsr) {
        m->tsi = selectors_copy(arena, with->tsi);
        m->tsr = selectors_copy(arena, with->tsr);
    }
    if (!m->ke_group)
        m->ke_group = with->ke_group;
}

static void adopt(struct model *m, struct ike_sa *sa, struct leg *leg, const struct message *seen)
{
    if (leg->message && leg->message->fragment && !seen->fragment) {
        /* the whole replaces its piece */
    } else if (leg->message && (seen->fragment || rank(seen) <= rank(leg->message))) {
        if (!leg->message->length)
            leg->message->length = seen->length;
        if (seen->knows_inner && !leg->message->knows_inner) {
            leg->message->knows_inner = true;
            leg->message->inner_first = seen->inner_first;
        }
        if (seen->auth_verified && !leg->message->auth_verified)
            leg->message->auth_verified = seen->auth_verified;
        complete(condense_arena(m, sa), leg->message, seen);
        return;
    }
    struct message *copy = message_copy(condense_arena(m, sa), seen, m->options.keep_payloads);
    copy->octets = (struct bytes){ NULL, 0 };
    if (leg->message) {
        const struct message *old = leg->message;
        /* A sealed message of a capture, explained by a log: the wire's length and flags, the log's payloads. */
        if (old->direction == DIRECTION_WIRE && copy->direction != DIRECTION_WIRE) {
            copy->direction = DIRECTION_WIRE;
            copy->length = old->length ? old->length : copy->length;
            copy->protection = old->protection;
            copy->decryption = old->decryption == DECRYPTION_CLEAR ? DECRYPTION_CLEAR : DECRYPTION_FROM_LOG;
            copy->flags = old->flags;
            copy->has_flags = old->has_flags;
        }
        if (!copy->length)
            copy->length = old->length;
        complete(condense_arena(m, sa), copy, old);
    }
    leg->message = copy;
}

/* One log may hold both routers': what one sent and the other received is no second copy. */
static bool sighted_in(const struct leg *leg, uint32_t input)
{
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (s->input == input)
            return true;
    return false;
}

static bool seen_before(const struct leg *leg, const struct event *e, unsigned fragment)
{
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (s->input == e->input && s->direction == e->message->direction && s->fragment == fragment &&
            (fragment || !s->fragment))
            return true;
    return false;
}

/* How often it was sent again, as the observer of this event saw it: what two routers and a capture see of one copy is one. */
static uint32_t sent_again(const struct leg *leg, const struct event *e)
{
    uint32_t n = 1;
    for (const struct sighting *s = leg->seen; s; s = s->next) {
        bool piece = s->direction == DIRECTION_WIRE && !s->length; /* a frame that held an IP fragment of it */
        n += s->retransmission && !piece && s->fragment <= 1 && s->input == e->input && s->direction == e->message->direction;
    }
    return n;
}

struct copy {
    bool again, mirrored;
};

static void sight_at(struct model *m, struct leg *leg, const struct event *e, uint32_t place, struct copy copy)
{
    struct sighting *s = m->spare_sightings;
    if (s)
        m->spare_sightings = s->next;
    else
        s = arena_new(m->run, struct sighting);
    *s = (struct sighting){ .ns = e->time.kind ? e->time.ns : TIME_UNKNOWN,
                            .input = e->input,
                            .place = place,
                            .lines = e->lines,
                            .length = place == e->line ? e->message->length : 0,
                            .direction = e->message->direction,
                            .retransmission = copy.again,
                            .mirrored = copy.mirrored,
                            .announced = e->message->announced,
                            .fragment = e->message->fragment };
    if (leg->seen_last)
        leg->seen_last->next = s;
    else
        leg->seen = s;
    leg->seen_last = s;
}

#define SOON_NS      INT64_C(200000000) /* no message is sent again this soon */
#define HALVES_LINES 64                 /* where the log has no clock */

/* IOS-XE prints where a message went, then what it is. Between the two another peer's line may stand: the second half is known
 * by the length, which the first never has. */
static bool second_half(const struct model *m, const struct sighting *first, const struct event *e, int64_t ns)
{
    const struct message *seen = e->message;
    if (!first || first->length || !seen->length || first->input != e->input || first->direction != seen->direction ||
        seen->direction == DIRECTION_WIRE || first->fragment || seen->fragment || first->place >= e->line)
        return false;
    if (first->ns == TIME_UNKNOWN || ns == TIME_UNKNOWN)
        return model_lines_between(m, e->input, first->place, e->line) < HALVES_LINES;
    return ns >= first->ns && ns - first->ns < SOON_NS;
}

/* A capture of all interfaces of a router, or of a mirror port both ways, has a packet once for each: it was sent once. */
static bool mirrored(const struct leg *leg, const struct event *e, int64_t ns)
{
    const struct message *seen = e->message;
    if (seen->direction != DIRECTION_WIRE || ns == TIME_UNKNOWN)
        return false;
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (s->input == e->input && s->direction == DIRECTION_WIRE && s->fragment == seen->fragment && s->ns != TIME_UNKNOWN &&
            ns >= s->ns && ns - s->ns < SOON_NS)
            return true;
    return false;
}

static void sight(struct model *m, struct leg *leg, const struct event *e)
{
    const struct message *seen = e->message;
    struct sighting *last = leg->seen_last;
    const int64_t ns = e->time.kind ? e->time.ns : TIME_UNKNOWN; /* an export may have all of a log on one line */
    if (last && last->input == e->input && last->place == e->line && last->ns == ns && last->fragment == seen->fragment)
        return;
    if (last && last->announced && !seen->announced && last->input == e->input && last->direction == seen->direction) {
        last->announced = false; /* the same one: its dump follows its name */
        last->place = e->line;
        last->lines = e->lines;
        last->length = seen->length;
        last->fragment = seen->fragment;
        return;
    }
    if (second_half(m, last, e, ns)) {
        last->length = seen->length;
        return;
    }
    const bool kept = limits_room(&m->limits, OVER_SIGHTINGS, leg->copies++);
    struct copy copy = { .again = seen_before(leg, e, seen->fragment) };
    if (copy.again && seen->fragments && !seen->fragment)
        copy.again = false; /* the whole of a fragment set stands at the frame of its last piece */
    copy.mirrored = copy.again && kept && mirrored(leg, e, ns); /* behind those that are kept, there is none to compare it with */
    copy.again = copy.again && !copy.mirrored;
    if (copy.again && seen->fragment <= 1) {
        uint32_t times = kept ? sent_again(leg, e) : leg->retransmissions + 1;
        leg->retransmissions = times > leg->retransmissions ? times : leg->retransmissions;
    }
    if (!kept)
        return;
    /* IP fragments and TCP segments that it came in are places where it was seen, too */
    for (uint32_t i = 0; i < e->frame_count && i < MOST_FRAMES; i++)
        if (e->frames[i] != e->line)
            sight_at(m, leg, e, e->frames[i], copy);
    sight_at(m, leg, e, e->line, copy);
}

/* Is this IKE_SA_INIT request another than the one the exchange holds? A retry carries a cookie, another KE group, or
 * is of another size. RFC 7296 sections 1.2 and 2.6. */
static bool differs(const struct message *a, const struct message *b)
{
    if ((message_notice(a, NOTIFY_COOKIE) != NULL) != (message_notice(b, NOTIFY_COOKIE) != NULL))
        return true;
    if (a->ke_group && b->ke_group && a->ke_group != b->ke_group)
        return true;
    return a->length && b->length && a->length != b->length;
}

static struct exchange *make(struct model *m, struct ike_sa *sa, const struct message *seen, enum side from, uint32_t attempt,
                             bool no_id)
{
    if (!limits_room(&m->limits, OVER_EXCHANGES, sa->exchange_count))
        return NULL;
    condense_sa(m, sa);
    struct exchange *x = m->spare_exchanges;
    if (x) {
        m->spare_exchanges = x->next;
        *x = (struct exchange){ 0 };
    } else {
        x = arena_new(m->run, struct exchange);
    }
    x->type = seen->exchange;
    x->message_id = seen->message_id;
    x->no_id = no_id;
    x->from = (uint8_t)from;
    x->attempt = attempt;
    x->again = x->type == EXCHANGE_INFORMATIONAL && !no_id && x->message_id < sa->folded_below[x->from];
    if (sa->exchanges_last)
        sa->exchanges_last->next = x;
    else
        sa->exchanges = x;
    sa->exchanges_last = x;
    sa->exchange_count++;
    exchange_index_add(sa, x);
    return x;
}

static struct exchange *find(struct ike_sa *sa, const struct message *seen, enum side from)
{
    struct exchange *x = exchange_alike(sa, seen->exchange, seen->message_id);
    while (x && !exchange_may_be_of(x, seen->exchange, from))
        x = exchange_alike_before(x);
    return x;
}

static struct exchange *make_attempt(struct model *m, struct ike_sa *sa, const struct message *seen, uint32_t attempt)
{
    return limits_room(&m->limits, OVER_ATTEMPTS, attempt) ? make(m, sa, seen, SIDE_INITIATOR, attempt, false) : NULL;
}

static uint32_t times_sighted(const struct leg *leg, uint32_t input)
{
    uint32_t times = 0;
    for (const struct sighting *s = leg->seen; s; s = s->next)
        times += s->input == input;
    return times;
}

/* A log in which the same "try anew" comes again and again: each is the answer to one request that it prints, the oldest first. */
static struct exchange *find_unanswered(struct exchange *newest, const struct event *e)
{
    struct exchange *owed = NULL;
    for (struct exchange *x = newest; x; x = exchange_alike_before(x))
        if (times_sighted(&x->request, e->input) > times_sighted(&x->response, e->input) &&
            (!x->response.message || message_asks_again(x->response.message)))
            owed = x;
    return owed;
}

/* IKE_SA_INIT always has message id 0: attempts are told apart by what they carry. A copy seen by another observer, or
 * a late retransmission, belongs to the attempt that it is a copy of. */
static struct exchange *find_init(struct model *m, struct ike_sa *sa, const struct event *e)
{
    const struct message *seen = e->message;
    struct exchange *newest = find(sa, seen, SIDE_INITIATOR);
    if (!newest)
        return make(m, sa, seen, SIDE_INITIATOR, 0, false);
    struct exchange *owed = message_is_response(seen) && message_asks_again(seen) && e->kind != EVENT_PACKET_SEEN
                                ? find_unanswered(newest, e)
                                : NULL;
    if (owed)
        return owed;
    struct exchange *copied = NULL, *open = NULL; /* the oldest of each */
    for (struct exchange *x = newest; x; x = exchange_alike_before(x)) {
        open = x->response.copies ? open : x;
        const struct leg *leg = message_is_response(seen) ? &x->response : &x->request;
        /* A log need not print the KE group: it tells the retry by this: its observer had been told to try anew. */
        bool told = !message_is_response(seen) && e->kind != EVENT_PACKET_SEEN && message_asks_again(x->response.message) &&
                    sighted_in(&x->response, e->input);
        if (told)
            continue;
        if (leg->message && !differs(leg->message, seen) && message_asks_again(leg->message) == message_asks_again(seen))
            copied = x;
    }
    /* a name tells no cookie and no group: asked again behind an answer, it was asked to try anew */
    bool asked_anew = seen->announced && !message_is_response(seen) && sighted_in(&newest->response, e->input);
    if (copied && !asked_anew)
        return copied;
    if (message_is_response(seen)) {
        if (open)
            return open;
        return message_asks_again(newest->response.message) && !message_asks_again(seen)
                   ? make_attempt(m, sa, seen, newest->attempt + 1)
                   : newest;
    }
    if ((!newest->request.copies || !newest->request.message) && !asked_anew)
        return newest;
    return make_attempt(m, sa, seen, newest->attempt + 1);
}

/* Where nobody says message ids, an answer is that of the oldest request that has none, and a request is another than the one
 * before: only IKE_AUTH cannot be asked anew before it was answered. */
static struct exchange *find_without_id(struct model *m, struct ike_sa *sa, const struct event *e, enum side from)
{
    const struct message *seen = e->message;
    struct exchange *open = exchange_open(sa, seen->exchange, from), *newest = exchange_newest(sa, seen->exchange, from);
    bool first = open && !sighted_in(&open->request, e->input);
    if (open && (message_is_response(seen) || first || seen->exchange == EXCHANGE_IKE_AUTH))
        return open;
    if (message_is_response(seen) && newest)
        return newest;
    return make(m, sa, seen, from, 0, true);
}

struct exchange *exchanges_add(struct model *m, struct ike_sa *sa, const struct view *v, const struct event *e, struct leg **leg)
{
    const struct message *seen = e->message;
    if (seen->version && seen->version >> 4 != 2)
        return NULL;
    enum side sender = message_sender(seen, (enum side)v->role);
    enum side from = message_is_response(seen) ? side_other(sender) : sender;
    struct exchange *x;
    if (seen->exchange == EXCHANGE_IKE_SA_INIT) {
        x = find_init(m, sa, e);
    } else if (e->kind != EVENT_PACKET_SEEN && !seen->has_message_id) {
        x = find_without_id(m, sa, e, from);
    } else {
        x = find(sa, seen, from);
        if (!x)
            x = make(m, sa, seen, from, 0, false);
    }
    if (!x)
        return NULL;
    if (!x->from)
        x->from = (uint8_t)from;
    *leg = message_is_response(seen) ? &x->response : &x->request;
    sight(m, *leg, e);
    adopt(m, sa, *leg, seen);
    x->derived = false;
    return x;
}

static void unite_legs(struct leg *into, const struct leg *from)
{
    if (!from->copies)
        return;
    if (into->seen_last)
        into->seen_last->next = from->seen;
    else
        into->seen = from->seen;
    into->seen_last = from->seen_last ? from->seen_last : into->seen_last;
    into->copies += from->copies;
    into->retransmissions = into->retransmissions > from->retransmissions ? into->retransmissions : from->retransmissions;
    if (from->message && (!into->message || rank(from->message) > rank(into->message)))
        into->message = from->message;
}

static struct exchange *counterpart(const struct ike_sa *sa, const struct exchange *of)
{
    for (struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type == of->type && x->message_id == of->message_id && x->attempt == of->attempt &&
            (x->from == of->from || !x->from || !of->from))
            return x;
    return NULL;
}

void exchanges_unite(struct ike_sa *into, struct ike_sa *from)
{
    struct exchange **front = &into->exchanges; /* what a log shows before it names an SPI came before */
    for (struct exchange *x = from->exchanges, *next; x; x = next) {
        next = x->next;
        struct exchange *same = counterpart(into, x);
        if (same) {
            unite_legs(&same->request, &x->request);
            unite_legs(&same->response, &x->response);
            same->from = same->from ? same->from : x->from;
            same->derived = false;
            continue;
        }
        x->next = *front;
        *front = x;
        front = &x->next;
        if (!x->next)
            into->exchanges_last = x;
        into->exchange_count++;
    }
    from->exchanges = from->exchanges_last = NULL;
    exchange_index_drop(into);
}

void exchange_conclude(struct exchange *x)
{
    const struct message *r = x->response.message;
    if (!x->response.copies)
        x->outcome = EXCHANGE_NO_RESPONSE;
    else if (r && r->announced && x->type != EXCHANGE_INFORMATIONAL)
        x->outcome = EXCHANGE_ANSWERED;
    else if (r)
        x->outcome = message_error(r) ? EXCHANGE_ERROR : EXCHANGE_OK;
}
