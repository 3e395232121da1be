#include "analysis/said.h"

#include "analysis/child_index.h"
#include "analysis/children.h"
#include "analysis/derive.h"
#include "analysis/named.h"
#include "analysis/symptoms.h"
#include "base/utf8.h"

static struct said *said_of(struct model *m, struct view *v)
{
    if (!v->said)
        v->said = arena_new(m->run, struct said);
    return v->said;
}

static void name(struct model *m, struct identity *id, struct text value, uint64_t type)
{
    if (!value.len || id->value.at)
        return;
    *id = (struct identity){ (uint8_t)type, arena_text(m->run, value) };
}

/* ---- proposals ---- */

/* Two names of one kind: which of them is taken is not said. */
static void add_transform(struct printed_offer *offer, struct transform t, uint32_t *kinds)
{
    if (*kinds & 1u << (t.type & 31))
        offer->single = false;
    *kinds |= 1u << (t.type & 31);
    struct proposal p = { .transforms = &t, .count = 1 };
    chosen_from(&offer->chosen, &p);
}

/* "IKE Proposal: 1, SPI size: 0 (initial negotiation), Num. transforms: 4 AES-CBC SHA256 SHA256 DH_GROUP_2048_MODP/Group 14" */
static bool read_offer(const struct event *e, struct printed_offer *offer)
{
    const struct fact *list = fact_members(e->facts, "proposals"), *p = fact_children(list);
    uint64_t protocol = 0, type = 0, id = 0, bits = 0;
    uint32_t kinds = 0;
    if (!p || !fact_get_number(p, "protocol", &protocol))
        return false;
    *offer = (struct printed_offer){ .input = e->input, .line = e->line, .protocol = (uint8_t)protocol, .single = true };
    for (const struct fact *t = fact_members(p, "transforms"); t; t = t->next) {
        const struct fact *in = fact_children(t);
        bits = 0;
        if (!fact_get_number(in, "type", &type) || !fact_get_number(in, "id", &id))
            return false;
        (void)fact_get_number(in, "key_length", &bits);
        add_transform(offer, (struct transform){ .type = (uint8_t)type, .id = (uint16_t)id, .key_length = (uint16_t)bits },
                      &kinds);
    }
    return kinds != 0;
}

static struct proposal *proposals_of(struct model *m, const struct printed_offer *offer, const struct event *e)
{
    return offer->protocol == PROTOCOL_IKE || m->options.keep_payloads ? fact_proposals(fact_find(e->facts, "proposals"), m->run)
                                                                       : NULL;
}

static struct printed_offer *offer_of(struct model *m, struct printed_offer **at)
{
    if (!*at)
        *at = arena_new(m->run, struct printed_offer);
    return *at;
}

static void keep_offer(struct model *m, struct printed_offer *at, const struct printed_offer *offer, const struct event *e,
                       uint64_t number)
{
    if (at->line && number > 1) { /* another one of the same message */
        struct proposal **end = &at->proposals;
        for (unsigned n = 0; *end && n < LIMIT_PROPOSALS; n++)
            end = &(*end)->next;
        at->single = false;
        if (!*end)
            *end = proposals_of(m, offer, e);
        return;
    }
    struct text text = utf8_upto(e->text, 400);
    struct printed_offer before = *at;
    bool again = before.text.at && text_equal(before.text, text); /* a router prints the same with every try */
    *at = *offer;
    at->single &= number <= 1;
    at->text = again ? before.text : arena_text(m->run, text);
    at->proposals = again && before.proposals && !before.proposals->next ? before.proposals : proposals_of(m, offer, e);
}

/* An SA that has gone further has no use for IKE's first proposal: it is that of the next one in its slot. */
static bool begins(const struct ike_sa *sa)
{
    if (!sa || sa->established || sa->failed || sa->deleted)
        return false;
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type != EXCHANGE_IKE_SA_INIT)
            return false;
    return true;
}

static void read_offered(struct model *m, struct observer *o, const struct ike_sa *sa, struct view *v, const struct event *e)
{
    struct printed_offer offer;
    uint64_t number = 1, spi_size = 0;
    if (!read_offer(e, &offer))
        return;
    (void)fact_get_number(e->facts, "number", &number);
    (void)fact_get_number(e->facts, "spi_size", &spi_size);
    if (offer.protocol != PROTOCOL_IKE) {
        if (v)
            keep_offer(m, offer_of(m, &said_of(m, v)->child), &offer, e, number);
        return;
    }
    if (spi_size) /* of a rekey */
        return;
    if (v && begins(sa)) {
        keep_offer(m, offer_of(m, &said_of(m, v)->ike), &offer, e, number);
        return;
    }
    uint32_t sa_id = event_sa_id(e);
    struct offered *at = &o->offered[(o->offered_next + OFFERED - 1) % OFFERED];
    if (number > 1 && at->ike.line && at->ike.input == e->input && at->sa_id == sa_id) {
        keep_offer(m, &at->ike, &offer, e, number);
        return;
    }
    at = &o->offered[o->offered_next++ % OFFERED];
    at->sa_id = sa_id;
    at->event = m->event_count;
    at->ike.line = 0;
    keep_offer(m, &at->ike, &offer, e, number);
}

enum { OFFER_EVENTS = 40 }; /* how far behind its proposal an initiator's request may stand */

/* The initiator prints what it offers before its SA has any name. */
static void take_offered(struct model *m, struct observer *o, const struct ike_sa *sa, struct view *v, const struct event *e)
{
    if (!e->message || e->message->exchange != EXCHANGE_IKE_SA_INIT || !o->offered_next ||
        (v->said && v->said->ike && v->said->ike->line) || !begins(sa))
        return;
    struct offered *best = NULL;
    for (unsigned i = 0; i < OFFERED; i++) {
        struct offered *at = &o->offered[i];
        bool same = at->sa_id == event_sa_id(e);
        if (at->ike.line && at->ike.input == e->input && same && m->event_count - at->event <= OFFER_EVENTS &&
            (!best || at->event > best->event))
            best = at;
    }
    if (!best)
        return;
    *offer_of(m, &said_of(m, v)->ike) = best->ike;
    best->ike.line = 0;
}

/* ---- what a message offered whose payloads the log only names ---- */

enum { OFFER_LINES = 100 }; /* how far in front of its message an offer may stand */

static void proposal_facts(struct arena *arena, struct facts *list, const struct proposal *p)
{
    struct facts in = facts_into(arena, &fact_group(list, NULL)->as.child);
    fact_number(&in, "number", p->number);
    fact_code(&in, "protocol", REGISTRY_PROTOCOL, p->protocol);
    struct facts transforms = facts_into(arena, &fact_list(&in, "transforms")->as.child);
    for (uint16_t i = 0; i < p->count; i++) {
        const struct transform t = p->transforms[i];
        struct facts f = facts_into(arena, &fact_group(&transforms, NULL)->as.child);
        fact_code(&f, "type", REGISTRY_TRANSFORM, t.type);
        fact_number(&f, "id", t.id);
        fact_code(&f, "name", transform_registry(t.type), t.id);
        if (t.key_length)
            fact_number(&f, "key_length", t.key_length);
    }
}

void said_fill(struct model *m, const struct view *v, const struct event *e, struct message *msg)
{
    const bool ike = msg->exchange == EXCHANGE_IKE_SA_INIT, child = message_has_type(msg, PAYLOAD_TSI);
    const struct printed_offer *offer = !v->said || ike == child ? NULL : ike ? v->said->ike : v->said->child;
    if (!offer || !offer->line || !offer->proposals || offer->input != e->input || offer->line > e->line ||
        e->line - offer->line > OFFER_LINES)
        return;
    for (struct payload *p = msg->payloads; p; p = p->next)
        if (p->type == PAYLOAD_SA && !p->facts) {
            struct facts f = facts_into(m->run, &p->facts);
            struct facts list = facts_into(m->run, &fact_list(&f, "proposals")->as.child);
            for (const struct proposal *o = offer->proposals; o; o = o->next)
                proposal_facts(m->run, &list, o);
        }
}

/* A responder prints what it chose; an initiator what it offers. */
static bool decides(const struct view *v, enum side asker, const struct printed_offer *offer)
{
    return offer && offer->line && v->role && !v->wire && ((enum side)v->role != asker || offer->single);
}

static const struct printed_offer *use_offer(struct model *m, struct printed_offer *offer)
{
    struct printed_offer *used = arena_new(m->run, struct printed_offer);
    *used = *offer;
    offer->line = 0;
    return used;
}

void said_choose_ike(struct model *m, struct ike_sa *sa)
{
    for (struct view *v = sa->views; v && !sa->has_proposal; v = v->next)
        if (v->said && decides(v, SIDE_INITIATOR, v->said->ike)) {
            sa->offer = use_offer(m, v->said->ike);
            sa->proposal = sa->offer->chosen;
            sa->has_proposal = true;
        }
}

void said_choose_child(struct model *m, struct ike_sa *sa, struct child_sa *c, enum side asker)
{
    for (struct view *v = sa->views; v && !c->proposal.has_encr && !c->proposal.has_integ; v = v->next)
        if (v->said && decides(v, asker, v->said->child)) {
            c->offer = use_offer(m, v->said->child);
            c->proposal = c->offer->chosen;
            c->protocol = c->offer->protocol;
        }
}

/* ---- Child SAs' SPIs ---- */

static struct child_sa *child_spi(struct model *m, struct ike_sa *sa, enum side receiver, uint32_t spi)
{
    struct spi own = spi_of(spi, 8), none = { 0 };
    struct child_sa *newest = NULL;
    if (!spi || (receiver != SIDE_INITIATOR && receiver != SIDE_RESPONDER))
        return NULL;
    struct child_sa *known = child_index_receiver(sa, receiver, spi);
    if (known)
        return known;
    for (struct child_sa *c = sa->children; c; c = c->sibling) {
        const struct spi *at = receiver == SIDE_INITIATOR ? &c->spi_i : &c->spi_r;
        if (!spi_known(*at) && !c->initiator_deleted && !c->responder_deleted)
            newest = c;
    }
    if (newest) {
        *(receiver == SIDE_INITIATOR ? &newest->spi_i : &newest->spi_r) = own;
        child_index_add(sa, newest);
        return newest;
    }
    return child_with(m, sa, receiver == SIDE_INITIATOR ? own : none, receiver == SIDE_INITIATOR ? none : own, PROTOCOL_ESP);
}

static uint32_t spi_fact(const struct event *e)
{
    struct bytes b = fact_get_octets(e->facts, "spi");
    struct cursor c = cursor_over(b);
    return b.len == 4 ? cursor_u32(&c) : 0;
}

/* Of the side of this router, whose packets that SPI takes: by the word, or by the destination. */
static enum side receiver_of(const struct ike_sa *sa, const struct view *v, const struct event *e)
{
    struct address i = sa->initiator.endpoint.address, r = sa->responder.endpoint.address, to;
    struct text direction = fact_get_text(e->facts, "direction");
    if (fact_get_address(e->facts, "destination", &to))
        return address_equal(to, i) ? SIDE_INITIATOR : address_equal(to, r) ? SIDE_RESPONDER : SIDE_UNKNOWN;
    bool between = (e->has & HAS_LOCAL) && (e->has & HAS_REMOTE) &&
                   ((address_equal(e->local.address, i) && address_equal(e->remote.address, r)) ||
                    (address_equal(e->local.address, r) && address_equal(e->remote.address, i)));
    if (!between || !direction.len)
        return SIDE_UNKNOWN;
    return direction.at[0] == 'i' ? (enum side)v->role : side_other((enum side)v->role);
}

/* The kernel's own lines say of no SA that it is IKEv2's: only one that is there and between these addresses is meant. */
static void read_ipsec(struct model *m, struct ike_sa *sa, struct view *v, const struct event *e)
{
    enum side receiver = v->role && !sa->failed ? receiver_of(sa, v, e) : SIDE_UNKNOWN;
    uint32_t spi = spi_fact(e);
    if (!receiver || !spi)
        return;
    if (e->code == CODE_IPSEC_SA_CREATED) {
        struct child_sa *c = sa->deleted ? NULL : child_spi(m, sa, receiver, spi);
        if (c && c->ns == TIME_UNKNOWN && e->time.kind) {
            c->ns = e->time.ns;
            c->input = e->input;
        }
        return;
    }
    for (struct child_sa *c = sa->children; c; c = c->sibling)
        if ((receiver == SIDE_INITIATOR ? c->spi_i : c->spi_r).value == spi && !c->rekeyed_by)
            c->outcome = SA_DELETED;
}

static bool is_over(const struct child_sa *c)
{
    return c->initiator_deleted || c->responder_deleted || c->outcome == SA_DELETED;
}

/* "Sending DELETE INFO message for IPsec SA [SPI: 0x…]": who deletes names the SPI on which it receives. RFC 7296 section 3.11.
 * Behind a rekey that is the old one. */
static void read_child_delete(struct ike_sa *sa, const struct view *v, const struct event *e)
{
    enum side by = e->code == CODE_CHILD_DELETE_SENT ? (enum side)v->role : side_other((enum side)v->role);
    uint32_t spi = spi_fact(e);
    struct child_sa *meant = NULL, *old = NULL, *alone = NULL;
    unsigned live = 0;
    if (!by || !spi)
        return;
    for (struct child_sa *c = sa->children; c; c = c->sibling) {
        struct spi own = by == SIDE_INITIATOR ? c->spi_i : c->spi_r;
        if (own.value == spi)
            meant = c;
        if (is_over(c))
            continue;
        live += !c->rekeyed_by;
        alone = !c->rekeyed_by && !spi_known(own) ? c : alone;
        old = c->rekeyed_by && !spi_known(own) && !old ? c : old;
    }
    if (!meant)
        meant = old ? old : live == 1 ? alone : NULL;
    if (!meant)
        return;
    if (!meant->rekeyed_by)
        meant->outcome = SA_DELETED;
    *(by == SIDE_INITIATOR ? &meant->spi_i : &meant->spi_r) = spi_of(spi, 8);
    *(by == SIDE_INITIATOR ? &meant->initiator_deleted : &meant->responder_deleted) = true;
}

/* ---- identities and methods ---- */

static void read_method(struct said *s, const struct event *e)
{
    uint64_t method = 0;
    struct text whose = fact_get_text(e->facts, "whose");
    if (!fact_get_number(e->facts, "method", &method) || !whose.len)
        return;
    uint8_t *at = whose.at[0] == 'M' ? &s->own_method : &s->peer_method;
    *at = *at ? *at : (uint8_t)method;
}

void said_peer_key(struct model *m, struct view *v)
{
    struct said *s = said_of(m, v);
    s->peer_method = s->peer_method ? s->peer_method : AUTH_PSK;
}

static void read_identity(struct model *m, struct view *v, const struct event *e)
{
    uint64_t type = 0;
    struct text payload = fact_get_text(e->facts, "payload");
    bool initiators = text_equal(payload, TEXT("IDi"));
    (void)fact_get_number(e->facts, "id_type", &type);
    if (e->code == CODE_POLICY_SEARCH_BY_ID)
        name(m, &said_of(m, v)->peer, fact_get_text(e->facts, "id"), type);
    else if (v->role == (initiators ? SIDE_INITIATOR : SIDE_RESPONDER)) /* an initiator may ask for an IDr */
        name(m, &said_of(m, v)->own, fact_get_text(e->facts, "id"), type);
}

static void read_pair(struct model *m, struct view *v, const struct event *e)
{
    struct text remote = fact_get_text(e->facts, "remote_id"), local = fact_get_text(e->facts, "local_id");
    if (!remote.len)
        remote = fact_get_text(e->facts, "id");
    if (!remote.len && !local.len)
        return;
    name(m, &said_of(m, v)->peer, remote, 0);
    name(m, &said_of(m, v)->own, local, 0);
}

/* "PFS configured, DH group 14" */
static void read_pfs(struct view *v, const struct event *e)
{
    uint64_t group;
    if (!fact_get_number(e->facts, "dh_group", &group) || group > UINT16_MAX)
        return;
    v->pfs_group = (uint32_t)group;
    v->pfs_line = e->line;
}

/* "Computing DH public key, DH Group 19", of an SA that is up: for a rekey that it is about to ask for, or answers. */
static void read_share(struct view *v, const struct event *e)
{
    static const char what[] = "DH public key, DH Group ";
    const size_t at = v->ready_line ? text_find(e->text, text_of(what)) : TEXT_NOWHERE;
    uint64_t group;
    if (at == TEXT_NOWHERE || !text_digits(text_from(e->text, at + sizeof what - 1), 10, &group) || group > UINT16_MAX)
        return;
    v->dh_group = (uint32_t)group;
    v->dh_line = e->line;
}

static bool checked_right(const struct view *v)
{
    return v->said && v->said->peer_checked == VERIFIED_TRUE;
}

static void read_authorizing(struct said *s, const struct event *e)
{
    if (text_has(e->text, TEXT("[IKEv2 -> AAA]")))
        s->aaa_line = e->line;
    else if (text_has(e->text, TEXT("[AAA -> IKEv2]")))
        s->aaa_answer_line = e->line;
}

void said_read(struct model *m, struct observer *o, struct ike_sa *sa, struct view *v, const struct event *e)
{
    if (e->code == CODE_PROPOSAL_OFFERED)
        read_offered(m, o, sa, v, e);
    named_read(m, o, v, e);
    if (!v)
        return;
    if (e->message)
        take_offered(m, o, sa, v, e);
    switch (e->code) {
    case CODE_CRYPTO_QUEUED:
        read_share(v, e);
        break;
    case CODE_PFS_GROUP:
        read_pfs(v, e);
        break;
    case CODE_POLICY_SEARCH_BY_ID:
    case CODE_ID_CONSTRUCTED:
        read_identity(m, v, e);
        if (v->said && e->code == CODE_POLICY_SEARCH_BY_ID)
            v->said->checks_again = true;
        break;
    case CODE_AUTH_METHOD:
        read_method(said_of(m, v), e);
        break;
    case CODE_SESSION_UP:
        read_pair(m, v, e);
        break;
    case CODE_AUTH_VERIFIED:
    case CODE_AUTH_COMPLETED:
        said_of(m, v)->peer_checked = VERIFIED_TRUE;
        v->said->checked_line = e->line;
        v->said->checks_again = false;
        break;
    case CODE_AUTH_FAILED:
        /* the same words end an attempt that fails behind the check; only EAP checks twice */
        if (fact_find(e->facts, "whose") && (!checked_right(v) || v->said->checks_again || sa->initiator.eap))
            said_of(m, v)->peer_checked = VERIFIED_FALSE;
        break;
    case CODE_AAA_STEP:
        if (checked_right(v))
            read_authorizing(v->said, e);
        break;
    case CODE_IPSEC_SA_CREATED:
    case CODE_IPSEC_SA_DELETED:
        read_ipsec(m, sa, v, e);
        break;
    case CODE_CHILD_DELETE_SENT:
    case CODE_CHILD_DELETE_RECEIVED:
        read_child_delete(sa, v, e);
        break;
    default:
        break;
    }
}

static void give(struct party *p, const struct identity *id, uint8_t method)
{
    if (!p->id.value.at)
        p->id = *id;
    else if (!p->id.type && text_equal(p->id.value, id->value))
        p->id.type = id->type;
    if (!p->auth_method && !p->eap)
        p->auth_method = method;
}

void said_settle(struct model *m, struct ike_sa *sa)
{
    for (struct view *v = sa->views; v; v = v->next) {
        if (!v->said || !v->role || v->wire)
            continue;
        struct party *own = v->role == SIDE_INITIATOR ? &sa->initiator : &sa->responder;
        struct party *peer = v->role == SIDE_INITIATOR ? &sa->responder : &sa->initiator;
        give(own, &v->said->own, v->said->own_method);
        give(peer, &v->said->peer, v->said->peer_method);
        if (peer->auth_checked != VERIFIED_FALSE)
            peer->auth_checked = v->said->peer_checked;
    }
    if (sa->established && !sa->rekeys)
        said_choose_ike(m, sa);
}

void said_unite(struct view *late, const struct view *early)
{
    if (!early->said)
        return;
    if (!late->said) {
        late->said = early->said;
        return;
    }
    struct said *s = late->said;
    const struct said *before = early->said;
    s->own = before->own.value.at ? before->own : s->own;
    s->peer = before->peer.value.at ? before->peer : s->peer;
    s->own_method = before->own_method ? before->own_method : s->own_method;
    s->peer_method = before->peer_method ? before->peer_method : s->peer_method;
    s->peer_checked = s->peer_checked ? s->peer_checked : before->peer_checked;
    s->aaa_line = s->checked_line ? s->aaa_line : before->aaa_line;
    s->aaa_answer_line = s->checked_line ? s->aaa_answer_line : before->aaa_answer_line;
    s->checked_line = s->checked_line ? s->checked_line : before->checked_line;
    s->ike = s->ike && s->ike->line ? s->ike : before->ike;
}
