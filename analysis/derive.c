#include "analysis/derive.h"

#include "analysis/children.h"
#include "analysis/exchanges.h"
#include "analysis/heirs.h"
#include "analysis/redirects.h"
#include "analysis/said.h"
#include "analysis/symptoms.h"

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

/* Which Child SA it is to replace, told by a request of which a condensed run keeps no more. RFC 7296 section 1.3.3. */
static void rekey_child(struct exchange *x)
{
    const struct notice *n = x->request.message ? message_notice(x->request.message, NOTIFY_REKEY_SA) : NULL;
    if (n && spi_known(n->spi))
        x->renews_child = (uint32_t)n->spi.value;
}

/* CREATE_CHILD_SA with an IKE proposal: a new IKE SA. RFC 7296 section 1.3.2. */
static void rekey_ike(struct associations *a, struct ike_sa *sa, struct exchange *x)
{
    const struct proposal *chosen = message_proposal(x->response.message, true),
                          *offered = message_proposal(x->request.message, true);
    const struct message *answer = x->response.message;
    if (!chosen || !offered) { /* a log may list no more than the payloads' names */
        x->renews_ike = answer && exchange_rekeys_ike(x) && message_has_type(answer, PAYLOAD_SA) && !message_error(answer);
        sa->replaced |= x->renews_ike;
        return;
    }
    sa->replaced = x->renews_ike = true;
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
    p->cert.by_url |= msg->cert.by_url;
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
    sa->ppk_agreed |= q && r && message_notice(q, NOTIFY_PPK_IDENTITY) && message_notice(r, NOTIFY_PPK_IDENTITY);
    sa->initial_contact |= (q && message_notice(q, NOTIFY_INITIAL_CONTACT)) || (r && message_notice(r, NOTIFY_INITIAL_CONTACT));
    derive_eap(m, &sa->initiator, q, r);
    sa->failed |= r && r->eap_code == EAPCODE_FAILURE; /* RFC 7296 section 2.16 */
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

static void derive_init(struct model *m, struct ike_sa *sa, const struct exchange *x)
{
    const struct message *q = x->request.message, *r = x->response.message;
    const struct notice *error = r ? message_error(r) : NULL;
    const struct proposal *p = message_proposal(r, true);
    if (p) {
        chosen_from(&sa->proposal, p);
        sa->has_proposal = true;
        sa->offer = NULL;
    } else if (r && !error && message_has_type(r, PAYLOAD_SA)) {
        said_choose_ike(m, sa);
    }
    if (q && r && message_notice(q, NOTIFY_IKEV2_FRAGMENTATION_SUPPORTED) &&
        message_notice(r, NOTIFY_IKEV2_FRAGMENTATION_SUPPORTED))
        sa->wants_fragmentation = true;
    sa->ppk_declined = q && p && message_notice(q, NOTIFY_USE_PPK) && !message_notice(r, NOTIFY_USE_PPK);
    if (q) {
        sa->start_seen = true;
        sa->initiator.vendors |= q->vendors;
    }
    if (r)
        sa->responder.vendors |= r->vendors;
    if (error && error->type != NOTIFY_INVALID_KE_PAYLOAD)
        sa->failed = true;
}

/* A ticket is taken, or refused: then its holder begins anew with IKE_SA_INIT. RFC 5723 section 4.3. */
static void derive_resume(struct ike_sa *sa, struct exchange *x)
{
    sa->start_seen |= x->request.message != NULL;
    if (!x->response.message || !message_notice(x->response.message, NOTIFY_TICKET_NACK))
        return;
    x->outcome = EXCHANGE_ERROR;
    sa->failed = true;
}

/* AUTH from the responder (unless EAP is still to come), or a child made: the IKE SA is up, whatever became of its child. */
static void derive_agreement(struct ike_sa *sa, const struct message *r)
{
    const struct notice *error = r ? message_error(r) : NULL;
    if (!r ||
        (r->decryption != DECRYPTION_DECRYPTED && r->decryption != DECRYPTION_FROM_LOG && r->decryption != DECRYPTION_CLEAR))
        return;
    if (error && !child_refusal(error->type)) {
        sa->failed = true;
        return;
    }
    if (!(message_has_type(r, PAYLOAD_AUTH) && !message_has_type(r, PAYLOAD_EAP)) && !message_proposal(r, false))
        return;
    sa->established = sa->established || !sa->failed;
    if (error)
        sa->child_refused = true;
}

static void derive_informational(struct ike_sa *sa, const struct exchange *x)
{
    const struct message *q = x->request.message, *r = x->response.message;
    if (q)
        note_deletions(sa, q, (enum side)x->from);
    /* AUTHENTICATION_FAILED in an INFORMATIONAL: the initiator refuses the responder. RFC 7296 section 2.21.2. */
    if (q && message_notice(q, NOTIFY_AUTHENTICATION_FAILED))
        sa->failed = true;
    if (r)
        note_deletions(sa, r, x->from == SIDE_INITIATOR ? SIDE_RESPONDER : SIDE_INITIATOR);
    if (r && !sa->failed)
        sa->established = true;
}

void derive_anew(struct ike_sa *sa, struct view *v, const struct exchange *x)
{
    const struct message *r = x->response.message;
    if (x->type != EXCHANGE_IKE_SA_INIT || !x->attempt || !r || message_error(r) || exchange_last(sa, EXCHANGE_IKE_AUTH))
        return;
    v->failed = sa->failed = false;
    for (const struct view *other = sa->views; other; other = other->next)
        sa->failed |= other->failed;
}

void derive_exchange(struct associations *a, struct ike_sa *sa, struct exchange *x)
{
    exchange_conclude(x);
    redirects_derive(a->model, sa, x);
    switch (x->type) {
    case EXCHANGE_IKE_SA_INIT:
        derive_init(a->model, sa, x);
        break;
    case EXCHANGE_IKE_SESSION_RESUME:
        derive_resume(sa, x);
        break;
    case EXCHANGE_IKE_AUTH:
        derive_auth(a->model, sa, x);
        derive_agreement(sa, x->response.message);
        child_make(a->model, sa, x);
        break;
    case EXCHANGE_CREATE_CHILD_SA:
        sa->established |= x->response.message != NULL;
        rekey_child(x);
        child_make(a->model, sa, x);
        rekey_ike(a, sa, x);
        break;
    case EXCHANGE_INFORMATIONAL:
        derive_informational(sa, x);
        break;
    default:
        break;
    }
    x->derived = true;
}

void derive_late(struct associations *a, struct ike_sa *sa)
{
    for (struct exchange *x = sa->exchanges; x; x = x->next)
        if (!x->derived && x->request.copies && x->response.copies)
            derive_exchange(a, sa, x);
}
