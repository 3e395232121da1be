#include "analysis/derive.h"

#include "analysis/exchanges.h"
#include "analysis/heirs.h"
#include "analysis/redirects.h"
#include "analysis/said.h"
#include "analysis/sealed.h"
#include "analysis/symptoms.h"
#include "base/limits.h"

void chosen_from(struct chosen *c, const struct proposal *p)
{
    for (uint16_t i = 0; i < p->count; i++) {
        const struct transform *t = &p->transforms[i];
        switch (t->type) {
        case TRANSFORM_ENCR:
            c->encr = t->id;
            c->key_length = t->key_length;
            c->has_encr = true;
            break;
        case TRANSFORM_PRF:
            c->prf = t->id;
            c->has_prf = true;
            break;
        case TRANSFORM_INTEG:
            c->integ = t->id;
            c->has_integ = true;
            break;
        case TRANSFORM_DH:
            c->dh = t->id;
            c->has_dh = true;
            break;
        case TRANSFORM_ESN:
            c->esn = t->id;
            c->has_esn = true;
            break;
        default:
            if (t->type > TRANSFORM_ESN && t->type <= TRANSFORM_ESN + 7)
                c->additional_ke[t->type - TRANSFORM_ESN - 1] = t->id;
        }
    }
}

/* The accepted proposal of a response: it holds one. A log may print an SA payload as the responder chose it. */
static const struct proposal *accepted(const struct message *response, bool ike)
{
    for (const struct proposal *p = response ? response->proposals : NULL; p; p = p->next)
        if ((p->protocol == PROTOCOL_IKE) == ike)
            return p;
    return NULL;
}

static void identify(struct model *m, struct party *p, const struct identity *id, unsigned method, unsigned verified)
{
    if (id && id->value.at && !p->id.value.at)
        p->id = (struct identity){ id->type, arena_text(m->run, id->value) };
    if (method && !p->auth_method) /* of several (RFC 4739) the first tells how the end proved itself */
        p->auth_method = (uint8_t)method;
    if (verified && p->auth_verified != VERIFIED_FALSE) /* RFC 4739: of several proofs each must fit */
        p->auth_verified = (uint8_t)verified;
}

void derive_nat(struct ike_sa *sa, const struct message *seen, enum side sender)
{
    for (const struct payload *p = seen->payloads; p; p = p->next) {
        uint64_t number = 0;
        if (p->type != PAYLOAD_NOTIFY || !fact_get_number(p->facts, "number", &number) ||
            (number != NOTIFY_NAT_DETECTION_SOURCE_IP && number != NOTIFY_NAT_DETECTION_DESTINATION_IP))
            continue;
        struct text verdict = fact_get_text(p->facts, "verdict");
        if (verdict.len == 0)
            continue;
        sa->nat_known = true;
        if (text_equal(verdict, TEXT("matches")))
            continue;
        bool of_sender = number == NOTIFY_NAT_DETECTION_SOURCE_IP;
        if ((sender == SIDE_INITIATOR) == of_sender)
            sa->initiator_behind_nat = true;
        else
            sa->responder_behind_nat = true;
    }
}

struct selector *selectors_copy(struct arena *arena, const struct selector *s)
{
    struct selector *first = NULL, **at = &first;
    for (; s; s = s->next) {
        *at = arena_new(arena, struct selector);
        **at = *s;
        (*at)->next = NULL;
        at = &(*at)->next;
    }
    return first;
}

struct child_sa *derive_child(struct model *m, struct ike_sa *sa, struct spi spi_i, struct spi spi_r, uint8_t protocol)
{
    for (struct child_sa *c = sa->children; c; c = c->sibling) {
        bool i = spi_known(spi_i) && spi_known(c->spi_i), r = spi_known(spi_r) && spi_known(c->spi_r);
        if ((i && spi_equal(c->spi_i, spi_i) && (!r || spi_equal(c->spi_r, spi_r))) ||
            (r && spi_equal(c->spi_r, spi_r) && (!i || spi_equal(c->spi_i, spi_i))) ||
            (!i && !r && !spi_known(c->spi_i) && !spi_known(c->spi_r) && !c->of_exchange)) {
            c->spi_i = spi_known(c->spi_i) ? c->spi_i : spi_i;
            c->spi_r = spi_known(c->spi_r) ? c->spi_r : spi_r;
            return c;
        }
    }
    return derive_child_new(m, sa, spi_i, spi_r, protocol);
}

struct child_sa *derive_child_new(struct model *m, struct ike_sa *sa, struct spi spi_i, struct spi spi_r, uint8_t protocol)
{
    if (!limits_room(&m->limits, OVER_CHILD_SAS, m->child_sa_count))
        return NULL;
    struct child_sa *c = arena_new(m->run, struct child_sa);
    c->number = ++m->child_sa_count;
    c->ike_sa = sa;
    c->spi_i = spi_i;
    c->spi_r = spi_r;
    c->protocol = protocol;
    c->ns = TIME_UNKNOWN;
    if (m->child_sas_last)
        m->child_sas_last->next = c;
    else
        m->child_sas = c;
    m->child_sas_last = c;
    if (sa->children_last)
        sa->children_last->sibling = c;
    else
        sa->children = c;
    sa->children_last = c;
    sa->child_count++;
    return c;
}

static struct child_sa *child_by_spi(const struct ike_sa *sa, enum side receiver, uint64_t value)
{
    for (struct child_sa *c = sa->children; c; c = c->sibling)
        if ((receiver == SIDE_INITIATOR ? c->spi_i : c->spi_r).value == value && value)
            return c;
    return NULL;
}

enum { REKEYS_FOLLOWED = 64 };

/* A Child SA outlives the IKE SA that made it: the one that replaces that inherits it (RFC 7296 section 2.8), and what is said
 * about it there concerns it here. Who asked for the replacement is the initiator of the new IKE SA, so the sides may change:
 * *receiver comes back as a side of the IKE SA that made the child. */
static struct child_sa *child_inherited(const struct ike_sa *sa, enum side *receiver, uint64_t value)
{
    for (unsigned n = 0; sa && n < REKEYS_FOLLOWED; n++, sa = sa->rekeys) {
        struct child_sa *c = child_by_spi(sa, *receiver, value);
        if (c)
            return c;
        if (sa->sides_swapped)
            *receiver = *receiver == SIDE_INITIATOR ? SIDE_RESPONDER : SIDE_INITIATOR;
    }
    return NULL;
}

static struct child_sa *child_of_exchange(const struct ike_sa *sa, const struct exchange *x)
{
    for (struct child_sa *c = sa->children; c; c = c->sibling)
        if (c->of_exchange && c->message_id == x->message_id && c->from == x->from)
            return c;
    return NULL;
}

/* The only one that may be meant where nothing names it. */
static struct child_sa *only_child(const struct ike_sa *sa, const struct child_sa *but)
{
    struct child_sa *only = NULL;
    for (struct child_sa *c = sa->children; c; c = c->sibling) {
        if (c == but || c->rekeyed_by || c->outcome == SA_DELETED || c->initiator_deleted || c->responder_deleted)
            continue;
        if (only)
            return NULL;
        only = c;
    }
    return only;
}

/* A log that lists no more than the payloads' names: an answer with SA and selectors, and no error, makes a Child SA. Its
 * algorithms stand where they were printed by themselves, its SPIs elsewhere or nowhere. */
static void make_named_child(struct model *m, struct ike_sa *sa, const struct exchange *x)
{
    const struct message *q = x->request.message, *r = x->response.message;
    if (!r || x->no_id || message_error(r) || !message_has_type(r, PAYLOAD_SA) || !message_has_type(r, PAYLOAD_TSI) ||
        (x->type != EXCHANGE_IKE_AUTH && x->type != EXCHANGE_CREATE_CHILD_SA))
        return;
    struct child_sa *c = child_of_exchange(sa, x);
    bool fresh = !c;
    if (fresh)
        c = derive_child(m, sa, (struct spi){ 0 }, (struct spi){ 0 }, PROTOCOL_ESP);
    if (!c)
        return;
    c->of_exchange = true;
    c->message_id = x->message_id;
    c->from = x->from;
    c->initial = x->type == EXCHANGE_IKE_AUTH;
    c->mode = message_notice(r, NOTIFY_USE_TRANSPORT_MODE) ? MODE_TRANSPORT : MODE_TUNNEL;
    c->outcome = c->outcome ? c->outcome : SA_ESTABLISHED;
    c->pfs = x->type == EXCHANGE_CREATE_CHILD_SA && message_has_type(r, PAYLOAD_KE);
    said_choose_child(m, sa, c, (enum side)x->from);
    c->pfs_dh = c->pfs && c->proposal.has_dh ? c->proposal.dh : 0;
    if (x->response.seen && c->ns == TIME_UNKNOWN) {
        c->ns = x->response.seen->ns;
        c->input = x->response.seen->input;
    }
    struct child_sa *old = fresh && q && message_notice(q, NOTIFY_REKEY_SA) ? only_child(sa, c) : NULL;
    if (old) {
        c->rekeys = old;
        old->rekeyed_by = c;
    }
}

/* A response with an ESP or AH proposal makes a Child SA. RFC 7296 sections 1.2 and 1.3.1. */
static void make_child(struct model *m, struct ike_sa *sa, const struct exchange *x)
{
    const struct message *q = x->request.message, *r = x->response.message;
    const struct proposal *chosen = accepted(r, false);
    if (!chosen || !r) {
        make_named_child(m, sa, x);
        return;
    }
    if (x->type == EXCHANGE_IKE_AUTH && !accepted(q, false)) /* with EAP the first IKE_AUTH asks and the last one answers */
        for (const struct exchange *first = sa->exchanges; first && first != x; first = first->next)
            if (first->type == EXCHANGE_IKE_AUTH && accepted(first->request.message, false))
                q = first->request.message;
    const struct proposal *offered = accepted(q, false);
    struct spi of_asker = offered ? offered->spi : (struct spi){ 0 };
    for (const struct proposal *p = offered; p; p = p->next)
        if (p->number == chosen->number && p->protocol == chosen->protocol)
            of_asker = p->spi;
    bool by_initiator = x->from != SIDE_RESPONDER;
    struct child_sa *named = child_of_exchange(sa, x);
    if (named) /* another log tells more of it */
        named->of_exchange = spi_known(named->spi_i) || spi_known(named->spi_r);
    struct child_sa *c = derive_child(m, sa, by_initiator ? of_asker : chosen->spi, by_initiator ? chosen->spi : of_asker,
                                      chosen->protocol);
    if (!c)
        return;
    c->protocol = chosen->protocol;
    c->from = x->from;
    c->initial = x->type == EXCHANGE_IKE_AUTH;
    chosen_from(&c->proposal, chosen);
    /* The response's selectors are the narrowed ones; a log may know only the request's. */
    const struct selector *tsi = r->tsi ? r->tsi : q ? q->tsi : NULL, *tsr = r->tsr ? r->tsr : q ? q->tsr : NULL;
    c->tsi = selectors_copy(m->run, by_initiator ? tsi : tsr);
    c->tsr = selectors_copy(m->run, by_initiator ? tsr : tsi);
    c->mode = message_notice(r, NOTIFY_USE_TRANSPORT_MODE) ? MODE_TRANSPORT : MODE_TUNNEL;
    if (x->type == EXCHANGE_CREATE_CHILD_SA)
        c->pfs_dh = r->ke_group;
    if (!c->outcome)
        c->outcome = SA_ESTABLISHED;
    if (x->response.seen && c->ns == TIME_UNKNOWN) {
        c->ns = x->response.seen->ns;
        c->input = x->response.seen->input;
    }
    const struct notice *rekey = q ? message_notice(q, NOTIFY_REKEY_SA) : NULL;
    if (rekey && !c->rekeys) {
        enum side receiver = (enum side)x->from;
        struct child_sa *old = child_inherited(sa, &receiver, rekey->spi.value);
        if (old && old != c) {
            c->rekeys = old;
            old->rekeyed_by = c;
        }
    }
}

/* CREATE_CHILD_SA with an IKE proposal: a new IKE SA. RFC 7296 section 1.3.2. */
static void rekey_ike(struct associations *a, struct ike_sa *sa, const struct exchange *x)
{
    const struct proposal *chosen = accepted(x->response.message, true), *offered = accepted(x->request.message, true);
    if (!chosen || !offered)
        return;
    sa->replaced = true;
    chosen_from(&sa->heir, chosen);
    if (!spi_known(chosen->spi) || !spi_known(offered->spi))
        return; /* IOS prints their size and not them */
    struct ike_sa *fresh = associations_find(a, offered->spi, chosen->spi);
    if (!fresh)
        fresh = associations_make(a, offered->spi, chosen->spi, sa->first_input);
    if (!fresh || fresh == sa)
        return;
    fresh->spi_r = chosen->spi;
    fresh->spi_r_firm = true;
    heir_take(sa, fresh, x);
    fresh->start_seen = true;
    fresh->established = true;
    chosen_from(&fresh->proposal, chosen);
    fresh->has_proposal = true;
}

static void note_deletions(struct ike_sa *sa, const struct message *msg, enum side sender)
{
    for (const struct deletion *d = msg->deletions; d; d = d->next) {
        if (d->protocol == PROTOCOL_IKE) {
            sa->deleted = true;
            sa->deleted_by_initiator |= sender == SIDE_INITIATOR;
            sa->deleted_by_responder |= sender == SIDE_RESPONDER;
            continue;
        }
        /* A sender names the SPIs on which it receives. RFC 7296 section 3.11. */
        for (uint16_t i = 0; i < d->count; i++) {
            enum side receiver = sender;
            struct child_sa *c = child_inherited(sa, &receiver, d->spis[i].value);
            if (!c)
                continue;
            c->initiator_deleted |= receiver == SIDE_INITIATOR;
            c->responder_deleted |= receiver == SIDE_RESPONDER;
            if (!c->rekeyed_by)
                c->outcome = SA_DELETED;
        }
    }
}

/* The client proves itself with EAP; what it answers to tells its name and the method. RFC 7296 section 2.16. */
static void derive_eap(struct model *m, struct party *client, const struct message *q, const struct message *r)
{
    const struct message *legs[2] = { q, r };
    for (int i = 0; i < 2; i++) {
        const struct message *msg = legs[i];
        if (!msg || (!msg->eap_code && !msg->eap_refused))
            continue;
        client->eap = true;
        if (msg->eap_identity.len && !client->eap_identity.at)
            client->eap_identity = arena_text(m->run, msg->eap_identity);
        if (msg->eap_type > EAP_NAK)
            client->eap_type = msg->eap_type;
        if (msg->eap_code == EAPCODE_SUCCESS)
            client->eap_outcome = EAP_SUCCEEDED;
        else if (msg->eap_refused)
            client->eap_outcome = EAP_FAILED;
    }
}

/* Both as YYYY-MM-DDThh:mm:ss and more. */
static int order_in_time(struct text a, struct text b)
{
    enum { SECONDS = 19 };
    return text_compare((struct text){ a.at, a.len < SECONDS ? a.len : SECONDS },
                        (struct text){ b.at, b.len < SECONDS ? b.len : SECONDS });
}

/* A capture's clock is UTC, as a certificate's: only what was seen on the wire is judged. */
static void derive_certificate(struct model *m, struct party *p, const struct message *msg, const struct leg *leg)
{
    const struct sighting *s = leg->seen;
    while (s && (s->direction != DIRECTION_WIRE || s->ns == TIME_UNKNOWN))
        s = s->next;
    if (!msg->cert.subject.at || p->cert.subject.at)
        return;
    p->cert = certificate_copy(m->run, &msg->cert);
    if (!s || !p->cert.not_before.len || !p->cert.not_after.len)
        return;
    struct buffer now;
    buffer_init(&now, 64);
    stamp_print((struct stamp){ .ns = s->ns, .kind = STAMP_UTC, .has_year = true }, &now);
    p->validity = order_in_time(buffer_view(&now), p->cert.not_before) < 0  ? VALIDITY_NOT_YET
                  : order_in_time(buffer_view(&now), p->cert.not_after) > 0 ? VALIDITY_EXPIRED
                                                                            : VALIDITY_IN_TIME;
    buffer_clear(&now);
}

static void derive_auth(struct model *m, struct ike_sa *sa, const struct exchange *x)
{
    const struct message *q = x->request.message, *r = x->response.message;
    derive_eap(m, &sa->initiator, q, r);
    if (q) {
        derive_certificate(m, &sa->initiator, q, &x->request);
        identify(m, &sa->initiator, &q->idi, q->auth_method, q->auth_verified);
        if (!sa->responder.id.value.at && !(r && r->idr.value.at) && q->idr.value.at)
            identify(m, &sa->responder, &q->idr, 0, 0);
    }
    if (r) {
        derive_certificate(m, &sa->responder, r, &x->response);
        identify(m, &sa->responder, &r->idr, r->auth_method, r->auth_verified);
    }
}

static bool child_refusal(unsigned notify)
{
    return notify == NOTIFY_NO_PROPOSAL_CHOSEN || notify == NOTIFY_TS_UNACCEPTABLE || notify == NOTIFY_SINGLE_PAIR_REQUIRED ||
           notify == NOTIFY_INTERNAL_ADDRESS_FAILURE || notify == NOTIFY_FAILED_CP_REQUIRED ||
           notify == NOTIFY_INVALID_KE_PAYLOAD || notify == NOTIFY_NO_ADDITIONAL_SAS;
}

void derive_exchange(struct associations *a, struct ike_sa *sa, struct exchange *x)
{
    const struct message *q = x->request.message, *r = x->response.message;
    exchange_conclude(x);
    redirects_derive(a->model, sa, x);
    const struct notice *error = r ? message_error(r) : NULL;
    bool content = r && (r->decryption == DECRYPTION_DECRYPTED || r->decryption == DECRYPTION_FROM_LOG ||
                         r->decryption == DECRYPTION_CLEAR);
    switch (x->type) {
    case EXCHANGE_IKE_SA_INIT: {
        const struct proposal *p = accepted(r, true);
        if (p) {
            chosen_from(&sa->proposal, p);
            sa->has_proposal = true;
            sa->offer = NULL;
        } else if (r && !error && message_has_type(r, PAYLOAD_SA)) {
            said_choose_ike(a->model, sa);
        }
        if (q && r && message_notice(q, NOTIFY_IKEV2_FRAGMENTATION_SUPPORTED) &&
            message_notice(r, NOTIFY_IKEV2_FRAGMENTATION_SUPPORTED))
            sa->wants_fragmentation = true;
        if (q)
            sa->start_seen = true;
        if (error && error->type != NOTIFY_INVALID_KE_PAYLOAD)
            sa->failed = true;
        break;
    }
    case EXCHANGE_IKE_AUTH:
        derive_auth(a->model, sa, x);
        if (content && error && !child_refusal(error->type))
            sa->failed = true;
        /* AUTH from the responder (unless EAP is still to come), or a child made: the IKE SA is up, whatever became of its child.
         */
        if (content && ((message_has_type(r, PAYLOAD_AUTH) && !message_has_type(r, PAYLOAD_EAP)) || accepted(r, false))) {
            if (!error || child_refusal(error->type))
                sa->established = sa->established || !sa->failed;
            if (error && child_refusal(error->type))
                sa->child_refused = true;
        }
        make_child(a->model, sa, x);
        break;
    case EXCHANGE_CREATE_CHILD_SA:
        if (r)
            sa->established = true;
        make_child(a->model, sa, x);
        rekey_ike(a, sa, x);
        break;
    case EXCHANGE_INFORMATIONAL:
        if (q) {
            note_deletions(sa, q, (enum side)x->from);
            /* AUTHENTICATION_FAILED in an INFORMATIONAL: the initiator refuses the responder. RFC 7296 section 2.21.2. */
            if (message_notice(q, NOTIFY_AUTHENTICATION_FAILED))
                sa->failed = true;
        }
        if (r)
            note_deletions(sa, r, x->from == SIDE_INITIATOR ? SIDE_RESPONDER : SIDE_INITIATOR);
        if (r && !sa->failed)
            sa->established = true;
        break;
    default:
        break;
    }
    x->derived = true;
}

static bool answered_after_init(const struct ike_sa *sa)
{
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type != EXCHANGE_IKE_SA_INIT && x->type != EXCHANGE_IKE_AUTH && x->type != EXCHANGE_IKE_INTERMEDIATE &&
            x->response.copies)
            return true;
    return false;
}

static bool gave_up(const struct model *m, const struct ike_sa *sa)
{
    bool asked = false;
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (!x->response.copies && x->request.retransmissions && !answer_may_follow(m, x) &&
            (x->type == EXCHANGE_IKE_SA_INIT || x->type == EXCHANGE_IKE_AUTH))
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
 */
static bool refused_child_alone(const struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (sa->child_refused && v->role == SIDE_RESPONDER && v->said && v->said->peer_checked == VERIFIED_TRUE)
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
    if ((answered_after_init(sa) || refused_child_alone(sa)) && !sa->failed)
        sa->established = true;
    if (sa->ready_initiator || sa->ready_responder)
        sa->established = true;
    settle_announced(sa, auth);
    if (ike_sa_replaced(sa))
        sa->outcome = SA_REKEYED;
    else if (redirects_settle(sa))
        sa->outcome = SA_DELETED; /* it did what it was for: the attempt at the other gateway is what counts */
    else if (sa->failed && !(sa->ready_initiator || sa->ready_responder))
        sa->outcome = SA_FAILED;
    else if (sa->refused_late && !sa->ready_initiator)
        sa->outcome = SA_FAILED;
    else if (sa->deleted)
        sa->outcome = sa->established ? SA_DELETED : SA_FAILED;
    else if (sa->established)
        sa->outcome = SA_ESTABLISHED;
    else
        sa->outcome = gave_up(m, sa) || refused_by_lists(sa) ? SA_FAILED : SA_INCOMPLETE;
}

/* The last IKE SA that holds this one's children. */
static const struct ike_sa *heir_of(const struct ike_sa *sa)
{
    for (unsigned n = 0; sa->rekeyed_by && n < REKEYS_FOLLOWED; n++)
        sa = sa->rekeyed_by;
    return sa;
}

static void settle_children(struct ike_sa *sa)
{
    uint8_t end = heir_of(sa)->outcome;
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

static void derive_flows(struct model *m)
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

void derive_outcomes(struct associations *a)
{
    /* The list grows while it is walked: a rekey may show an SA of which nothing else was seen. */
    for (struct ike_sa *sa = a->model->ike_sas; sa; sa = sa->next)
        for (struct exchange *x = sa->exchanges; x; x = x->next)
            if (!x->derived)
                derive_exchange(a, sa, x);
    heirs_guess(a->model);
    derive_flows(a->model);
    struct map between = traffic_of(a->model);
    for (struct ike_sa *sa = a->model->ike_sas; sa; sa = sa->next)
        settle_outcome(a->model, sa, &between);
    map_clear(&between);
    for (struct ike_sa *sa = a->model->ike_sas; sa; sa = sa->next) {
        said_settle(a->model, sa);
        settle_children(sa);
    }
}
