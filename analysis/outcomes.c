#include "analysis/outcomes.h"

#include "analysis/derive.h"
#include "analysis/exchanges.h"
#include "analysis/heirs.h"
#include "analysis/redirects.h"
#include "analysis/said.h"
#include "analysis/sealed.h"
#include "analysis/superseded.h"
#include "analysis/symptoms.h"

/* ---- IKE SAs ---- */

static bool answered_after_init(const struct ike_sa *sa)
{
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type != EXCHANGE_IKE_SA_INIT && x->type != EXCHANGE_IKE_SESSION_RESUME && x->type != EXCHANGE_IKE_AUTH &&
            x->type != EXCHANGE_IKE_INTERMEDIATE && x->response.copies)
            return true;
    return false;
}

static bool gave_up(const struct model *m, const struct ike_sa *sa)
{
    bool asked = false;
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (!x->response.copies && x->request.retransmissions && !answer_may_follow(m, x) &&
            (x->type == EXCHANGE_IKE_SA_INIT || x->type == EXCHANGE_IKE_SESSION_RESUME || x->type == EXCHANGE_IKE_AUTH))
            asked = true;
    return asked;
}

/* All that is seen of the attempt are the lists of IKE policies that had nothing in common: that was its end. */
static bool refused_by_lists(const struct ike_sa *sa)
{
    for (const struct view *v = sa->exchanges ? NULL : sa->views; v; v = v->next)
        for (const struct note *n = v->final_state ? NULL : v->notes; n; n = n->next)
            if (n->code == CODE_PROPOSALS_MISMATCH && fact_find(n->facts, "received") && fact_find(n->facts, "expected") &&
                !text_has(n->text, TEXT("ESP")))
                return true;
    return false;
}

/* The asker's own log says that it took no answer: out of its window, and it went on asking. */
static bool answer_dropped(const struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->role == SIDE_INITIATOR && !v->wire ? v->notes : NULL; n; n = n->next)
            if (n->code == CODE_MSGID_OUTSIDE_WINDOW && !v->ready_line &&
                (!v->final_state || strcmp(v->final_state, "I_WAIT_AUTH") == 0))
                return true;
    return false;
}

/* Between which addresses ESP or AH went: one of these sides of an IKE SA that says nothing itself. */
struct carried {
    struct address ends[2];
};

static struct carried carried_between(struct address a, struct address b)
{
    struct carried c;
    memset(&c, 0, sizeof c);
    bool swap = memcmp(&a, &b, sizeof a) > 0;
    memcpy(&c.ends[0], swap ? &b : &a, sizeof a);
    memcpy(&c.ends[1], swap ? &a : &b, sizeof a);
    return c;
}

static struct map traffic_of(struct model *m)
{
    struct map between = { 0 };
    for (const struct flow *f = m->flows; f; f = f->next) {
        struct carried c = carried_between(f->source.address, f->destination.address);
        if (!map_find(&between, bytes_over(&c, sizeof c)))
            map_put(&between, arena_bytes(m->run, bytes_over(&c, sizeof c)), m);
    }
    return between;
}

/* A sealed answer to IKE_AUTH that no log of either end explains: on the wire alone its clear part tells, or the traffic behind
 * it. */
static void settle_sealed(struct ike_sa *sa, struct exchange *auth, const struct map *between)
{
    const struct message *answer = auth->response.message;
    struct carried c = carried_between(sa->initiator.endpoint.address, sa->responder.endpoint.address);
    bool traffic = map_find(between, bytes_over(&c, sizeof c)), wire = ike_sa_on_wire_alone(sa);
    if (sa->failed) {
        if (auth->outcome == EXCHANGE_OK)
            auth->outcome = EXCHANGE_ERROR; /* the log tells what the sealed answer said */
    } else if (answer->length > SEALED_REFUSAL_LENGTH && (!wire || traffic)) {
        sa->established = true;
    } else if (wire && !traffic && !sa->established && !answered_after_init(sa)) {
        enum sealed_says says = sealed_says(answer);
        sa->sealed_guess = says != SEALED_UNKNOWN;
        sa->established = says == SEALED_AGREES;
        sa->failed = says == SEALED_REFUSES;
        sa->child_refused |= sealed_childless(sa, answer);
        if (sa->failed)
            auth->outcome = EXCHANGE_ERROR;
    }
}

/* A window that moved past a request shows that it was answered, where neither log shows the answer. RFC 7296 section 2.3. */
static bool window_passed(const struct ike_sa *sa, const struct exchange *x)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (v->role && x->from && x->message_id < (v->role == x->from ? v->answered_below : v->taken_below))
            return true;
    return false;
}

static void settle_windows(struct ike_sa *sa)
{
    for (struct exchange *x = sa->exchanges; x; x = x->next)
        if (!x->response.copies && !x->no_id && x->type != EXCHANGE_IKE_SA_INIT && window_passed(sa, x))
            x->outcome = EXCHANGE_ANSWERED;
}

/* Its responder found the peer's AUTH right and refused the Child SA alone: it answers with its own AUTH. RFC 7296 section 1.2.
 * Where the check was not logged, an answer tells it: selectors are looked at behind it.
 */
static bool refused_child_alone(const struct ike_sa *sa, const struct exchange *auth)
{
    const bool answered = auth && auth->response.copies;
    for (const struct view *v = sa->views; v; v = v->next)
        if (sa->child_refused && v->role == SIDE_RESPONDER && ((v->said && v->said->peer_checked == VERIFIED_TRUE) || answered))
            return true;
    return false;
}

/* An answer of which no more than the name was logged was one that agreed, where it went on. */
static void settle_announced(struct ike_sa *sa, const struct exchange *auth)
{
    for (struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->outcome == EXCHANGE_ANSWERED && x->response.message && x->response.message->announced &&
            ((x->type == EXCHANGE_IKE_SA_INIT && auth) ||
             (x->type == EXCHANGE_IKE_AUTH && sa->established && !sa->child_refused)))
            x->outcome = EXCHANGE_OK;
}

/* All that is seen of it is its end, of which an attempt has one as well as an SA that was up. */
static bool seen_end_alone(const struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (v->role)
            return false;
    return !sa->start_seen && !sa->exchanges;
}

static bool restarted(const struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (v->restarted)
            return true;
    return false;
}

static void settle_outcome(const struct model *m, struct ike_sa *sa, const struct map *between)
{
    struct exchange *auth = NULL;
    for (struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type == EXCHANGE_IKE_AUTH)
            auth = x;
    if (auth && sealed_message(auth->response.message))
        settle_sealed(sa, auth, between);
    if (auth && answer_dropped(sa)) {
        sa->established = false;
        auth->outcome = EXCHANGE_NO_RESPONSE;
        for (struct child_sa *c = sa->children; c; c = c->sibling)
            c->outcome = SA_FAILED;
    }
    settle_windows(sa);
    if (sealed_eap_ended(sa))
        sa->sealed_guess = sa->failed = true;
    if ((answered_after_init(sa) || refused_child_alone(sa, auth)) && !sa->failed)
        sa->established = true;
    if (sa->ready_initiator || sa->ready_responder)
        sa->established = true;
    settle_announced(sa, auth);
    sa->deleted |= sa->established && restarted(sa);
    if (ike_sa_replaced(sa))
        sa->outcome = SA_REKEYED;
    else if (redirects_settle(sa))
        sa->outcome = SA_DELETED; /* it did what it was for: the attempt at the other gateway is what counts */
    else if (sa->failed && !(sa->ready_initiator || sa->ready_responder))
        sa->outcome = SA_FAILED;
    else if (sa->refused_late && !sa->ready_initiator)
        sa->outcome = SA_FAILED;
    else if (sa->deleted)
        sa->outcome = sa->established ? SA_DELETED : seen_end_alone(sa) ? SA_INCOMPLETE : SA_FAILED;
    else if (sa->established)
        sa->outcome = SA_ESTABLISHED;
    else
        sa->outcome = gave_up(m, sa) || refused_by_lists(sa) ? SA_FAILED : SA_INCOMPLETE;
}

/* ---- Child SAs and their flows ---- */

static void settle_children(struct ike_sa *sa)
{
    uint8_t end = heir_last(sa)->outcome;
    for (struct child_sa *c = sa->children; c; c = c->sibling) {
        if (c->rekeyed_by)
            c->outcome = SA_REKEYED;
        else if (end == SA_DELETED || (sa->outcome == SA_FAILED && c->outcome == SA_ESTABLISHED))
            c->outcome = SA_DELETED;
        else if (!c->outcome)
            c->outcome = sa->outcome == SA_FAILED ? SA_FAILED : SA_ESTABLISHED;
    }
}

struct spi_owner {
    uint32_t spi;
    struct child_sa *child;
    bool to_initiator;
    struct spi_owner *other; /* the same SPI in another Child SA */
};

static void own(struct model *m, struct map *owners, struct child_sa *c, struct spi spi, bool to_initiator)
{
    if (!spi_known(spi))
        return;
    struct spi_owner *o = arena_new(m->run, struct spi_owner);
    *o = (struct spi_owner){ (uint32_t)spi.value, c, to_initiator, NULL };
    o->other = map_find(owners, bytes_over(&o->spi, sizeof o->spi));
    map_put(owners, bytes_over(&o->spi, sizeof o->spi), o);
}

static bool address_of_sa(const struct ike_sa *sa, bool initiator, struct address a)
{
    if (address_equal((initiator ? sa->initiator : sa->responder).endpoint.address, a))
        return true;
    for (const struct path *p = sa->path; p; p = p->next)
        if (address_equal((initiator ? p->initiator : p->responder).address, a))
            return true;
    return false;
}

static void traffic_add(struct traffic *t, const struct traffic *more)
{
    t->packets += more->packets;
    t->decrypted += more->decrypted;
    t->icv_failed += more->icv_failed;
    t->no_key += more->no_key;
    t->truncated += more->truncated;
    t->lost += more->lost;
    t->duplicate += more->duplicate;
    t->replayed += more->replayed;
    t->bytes += more->bytes;
    t->reordered += more->reordered;
    t->dummies += more->dummies;
    t->tfc += more->tfc;
    t->outside_selectors += more->outside_selectors;
    t->last_ns = more->last_ns;
    t->last_frame = more->last_frame;
}

static void claim(struct flow *f, struct spi_owner *o)
{
    struct flow **at = o->to_initiator ? &o->child->to_initiator : &o->child->to_responder;
    f->claimed = true;
    if (!*at)
        *at = f;
    else /* the same SPI to another address: MOBIKE, NAT */
        traffic_add(&(*at)->traffic, &f->traffic);
    if (f->encap)
        o->child->encap = f->encap;
    if (f->keys > o->child->keys)
        o->child->keys = f->keys;
    if (f->traffic.packets > 0)
        o->child->ike_sa->established = true;
}

static void claim_flows(struct model *m)
{
    struct map owners = { 0 };
    for (struct child_sa *c = m->child_sas; c; c = c->next) {
        own(m, &owners, c, c->spi_i, true);
        own(m, &owners, c, c->spi_r, false);
    }
    for (struct flow *f = m->flows; f; f = f->next) {
        struct spi_owner *first = map_find(&owners, bytes_over(&f->spi, sizeof f->spi)), *best = NULL;
        for (struct spi_owner *o = first; o; o = o->other)
            if (o->child->protocol == f->protocol && address_of_sa(o->child->ike_sa, o->to_initiator, f->destination.address) &&
                address_of_sa(o->child->ike_sa, !o->to_initiator, f->source.address)) {
                best = o;
                break;
            }
        if (!best && first && !first->other && first->child->protocol == f->protocol)
            best = first; /* an address moved, or the log did not tell it */
        if (best)
            claim(f, best);
    }
    map_clear(&owners);
}

void outcomes_settle(struct associations *a)
{
    /* The list grows while it is walked: a rekey may show an SA of which nothing else was seen. */
    for (struct ike_sa *sa = a->model->ike_sas; sa; sa = sa->next)
        for (struct exchange *x = sa->exchanges; x; x = x->next)
            if (!x->derived)
                derive_exchange(a, sa, x);
    heirs_guess(a->model);
    heirs_choose(a->model);
    claim_flows(a->model);
    struct map between = traffic_of(a->model);
    for (struct ike_sa *sa = a->model->ike_sas; sa; sa = sa->next)
        settle_outcome(a->model, sa, &between);
    map_clear(&between);
    superseded_settle(a->model);
    for (struct ike_sa *sa = a->model->ike_sas; sa; sa = sa->next) {
        said_settle(a->model, sa);
        settle_children(sa);
    }
}
