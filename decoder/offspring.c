/* What exchanges bring forth: Child SAs and their keys, the next IKE SA, further generations of keys, and proofs. */
#include "decoder/session_parts.h"

static struct bytes view(struct secret s)
{
    return bytes_over(s.at, s.len);
}

/* ---- Keeping requests for their responses ---- */

static struct bytes keep(struct sessions *s, struct bytes b)
{
    return b.len ? arena_bytes(s->arena, b) : (struct bytes){ NULL, 0 };
}

static struct selector *keep_selectors(struct sessions *s, const struct selector *first)
{
    struct selector *head = NULL, **tail = &head;
    for (; first; first = first->next, tail = &(*tail)->next) {
        *tail = arena_new(s->arena, struct selector);
        **tail = *first;
        (*tail)->next = NULL;
    }
    return head;
}

static struct proposal *keep_proposals(struct sessions *s, const struct proposal *first)
{
    struct proposal *head = NULL, **tail = &head;
    for (; first; first = first->next, tail = &(*tail)->next) {
        *tail = arena_new(s->arena, struct proposal);
        **tail = *first;
        (*tail)->next = NULL;
        (*tail)->transforms = arena_array(s->arena, struct transform, first->count ? first->count : 1u);
        if (first->count)
            memcpy((*tail)->transforms, first->transforms, first->count * sizeof *first->transforms);
    }
    return head;
}

static void keep_identity(struct sessions *s, struct identity *to, const struct identity *from)
{
    if (from->value.at && !to->value.at)
        *to = (struct identity){ from->type, arena_text(s->arena, from->value) };
}

static struct learned learned_copy(struct sessions *s, const struct learned *l)
{
    struct learned c = *l; /* proofs and certificates are used at once, and not kept here */
    c.ke = keep(s, l->ke);
    c.nonce = keep(s, l->nonce);
    c.ppk_id = keep(s, l->ppk_id);
    c.idi = c.idr = c.auth = c.cert = c.no_ppk_auth = c.ticket = (struct bytes){ NULL, 0 };
    c.idi_name = c.idr_name = (struct identity){ 0 };
    c.proposals = keep_proposals(s, l->proposals);
    c.tsi = keep_selectors(s, l->tsi);
    c.tsr = keep_selectors(s, l->tsr);
    return c;
}

static struct half *half_find(struct session *ss, const struct message *m, bool from_initiator)
{
    for (size_t i = 0; i < HALVES; i++) {
        struct half *h = &ss->inside->halves[i];
        if (h->used && h->message_id == m->message_id && h->exchange == m->exchange && h->from_initiator == from_initiator)
            return h;
    }
    return NULL;
}

static struct half *half_keep(struct sessions *s, struct session *ss, const struct message *m, const struct learned *l,
                              bool from_initiator)
{
    struct half *h = half_find(ss, m, from_initiator);
    if (h)
        return h; /* a retransmission */
    h = &ss->inside->halves[ss->inside->half_next++ % HALVES];
    *h = (struct half){ m->message_id, m->exchange, true, false, from_initiator, learned_copy(s, l) };
    return h;
}

/* ---- Child SAs ---- */

struct child {
    struct sessions *s;
    struct session *ss;
    struct child_suite suite;
    struct nonces nonces;
    struct ike_suite ike; /* of the SK_d in use */
    struct bytes sk_d;
    bool esn, only;                     /* only: no choice of SK_d */
    uint32_t spi_request, spi_response; /* of the exchange's initiator and responder: where each receives */
    struct endpoint asked, answered;    /* exchange's initiator and responder */
    const struct ke_pair *ke;
    size_t ke_count;
};

/* One direction: what the asker sends, to the SPI that the answer named, or the other one's. */
static void offer(const struct child *c, const struct child_keys *keys, bool from_asker, bool certain)
{
    struct keyring *ring = c->s->model->keyring;
    const uint8_t *encr = from_asker ? keys->encr_i : keys->encr_r, *integ = from_asker ? keys->integ_i : keys->integ_r;
    struct esp_key k = {
        .spi = from_asker ? c->spi_response : c->spi_request,
        .spi_mask = UINT32_MAX,
        .source = (from_asker ? c->asked : c->answered).address,
        .destination = (from_asker ? c->answered : c->asked).address,
        .protocol = c->suite.protocol,
        .encr_id = c->suite.encr ? c->suite.encr->id : 0,
        .key_bits = c->suite.key_bits,
        .integ_id = c->suite.integ ? c->suite.integ->id : 0,
        .esn = c->esn,
        .has_esn = true,
        .derived = true,
    };
    memset(k.source_wild, 0xff, sizeof k.source_wild);
    memset(k.destination_wild, 0xff, sizeof k.destination_wild);
    if (keys->encr_len)
        k.encr = keyring_hold(ring, bytes_over(encr, keys->encr_len));
    if (keys->integ_len)
        k.integ = keyring_hold(ring, bytes_over(integ, keys->integ_len));
    esp_offer(c->s->esp, &k, certain);
}

static void offer_both(const struct child *c, const struct exchanged *x, bool certain)
{
    struct child_keys keys;
    if (child_derive(c->ike.prf, c->sk_d, x, &c->suite, &keys)) {
        offer(c, &keys, true, certain);
        offer(c, &keys, false, certain);
    }
    crypto_wipe(&keys, sizeof keys);
}

static void take_pfs(void *context, struct bytes first, const struct bytes *more, size_t more_count, bool certain)
{
    const struct child *c = context;
    offer_both(c, &(struct exchanged){ first, c->nonces, more, more_count }, certain && c->only);
}

static void derive_child(void *context, struct bytes sk_d, bool only)
{
    struct child *c = context;
    c->sk_d = sk_d;
    c->only = only;
    if (c->ke_count)
        secrets_combine(c->s, c->ss, NULL, c->ke, c->ke_count, take_pfs, c);
    else
        offer_both(c, &(struct exchanged){ .n = c->nonces }, c->only);
}

static const struct proposal *child_proposal(const struct proposal *p)
{
    while (p && p->protocol != PROTOCOL_ESP && p->protocol != PROTOCOL_AH)
        p = p->next;
    return p;
}

/* The proposal of the request that the response chose: by its number, else by its protocol. */
static const struct proposal *asked_proposal(const struct proposal *p, const struct proposal *chosen)
{
    const struct proposal *by_protocol = NULL;
    for (; p; p = p->next) {
        if (p->protocol != chosen->protocol)
            continue;
        if (p->number == chosen->number)
            return p;
        by_protocol = by_protocol ? by_protocol : p;
    }
    return by_protocol;
}

static bool child_suite_of(const struct proposal *p, struct child_suite *out)
{
    const struct transform *encr = proposal_transform(p, TRANSFORM_ENCR), *integ = proposal_transform(p, TRANSFORM_INTEG);
    *out = (struct child_suite){ .protocol = p->protocol };
    if (encr && p->protocol == PROTOCOL_ESP) {
        out->encr = encryption_find(encr->id);
        out->key_bits = encr->key_length;
    }
    const bool apart = integ && integ->id != INTEG_NONE;
    if (apart)
        out->integ = integrity_find(integ->id);
    if (apart && !out->integ)
        return false; /* how long its keys are nobody knows */
    return p->protocol == PROTOCOL_ESP ? out->encr && !out->encr->refused : out->integ != NULL;
}

/* What both ends said, once all of it was read. */
struct bargain {
    const struct learned *request, *response;
    const struct ke_pair *ke; /* that of the exchange first, then those of IKE_FOLLOWUP_KE. RFC 9370 */
    size_t ke_count;
    const struct endpoint *asked, *answered; /* the ends' own */
};

/* Did CREATE_CHILD_SA agree on a postquantum preshared key of its own (RFC 9867 section 3.2)? What follows from it is not derived. */
static bool mixes_apart(const struct bargain *b)
{
    return b->ke && b->response->ppk_id.len;
}

/* n: of this exchange, or of IKE_SA_INIT for the Child SA of IKE_AUTH. */
static void learn_child(struct sessions *s, struct session *ss, const struct bargain *b, struct nonces n)
{
    const struct learned *request = b->request, *response = b->response;
    const struct proposal *chosen = child_proposal(response->proposals);
    const struct proposal *asked_for = chosen ? asked_proposal(request->proposals, chosen) : NULL;
    struct child c = {
        .s = s, .ss = ss, .nonces = n, .asked = *b->asked, .answered = *b->answered, .ke = b->ke, .ke_count = b->ke_count
    };
    if (!asked_for || !child_suite_of(chosen, &c.suite))
        return;
    const struct transform *esn = proposal_transform(chosen, TRANSFORM_ESN);
    c.esn = esn && esn->id == 1;
    c.spi_request = (uint32_t)asked_for->spi.value;
    c.spi_response = (uint32_t)chosen->spi.value;
    if (!(request->transport && response->transport)) {
        esp_expect(s->esp, chosen->protocol, c.spi_response, response->tsi, response->tsr);
        esp_expect(s->esp, chosen->protocol, c.spi_request, response->tsr, response->tsi);
    }
    if (!ss->current || !ss->current->d.len || !ss->current->suite.prf || !n.i.len || !n.r.len || mixes_apart(b))
        return;
    c.ike = ss->current->suite;
    sk_d_each(s, ss, ss->current, derive_child, &c);
}

/* ---- The next IKE SA ---- */

static struct ke_pair ke_of(uint16_t group, struct bytes i, struct bytes r)
{
    return (struct ke_pair){ .group = group, .i = i, .r = r };
}

static const struct proposal *ike_proposal(const struct proposal *p)
{
    while (p && !(p->protocol == PROTOCOL_IKE && p->spi.digits == 16))
        p = p->next;
    return p;
}

static void learn_rekey(struct sessions *s, struct session *ss, const struct bargain *b)
{
    const struct proposal *chosen = ike_proposal(b->response->proposals), *asked_for = ike_proposal(b->request->proposals);
    struct ike_suite suite;
    if (!chosen || !asked_for || !suite_of(chosen, &suite) || !b->ke_count)
        return;
    struct session *made = session_find(s, asked_for->spi.value, chosen->spi.value);
    if (!made)
        made = session_create(s, asked_for->spi.value, chosen->spi.value);
    if (!made || made->has_suite || made == ss)
        return;
    made->has_suite = true;
    made->suite = suite;
    made->parent = ss;
    made->ni = keep(s, b->request->nonce);
    made->nr = keep(s, b->response->nonce);
    if (mixes_apart(b))
        return;
    made->ke = b->ke[0];
    made->ke.i = keep(s, b->ke[0].i);
    made->ke.r = keep(s, b->ke[0].r);
    for (size_t i = 1; i < b->ke_count && made->more_count < EXTRA_KE - 1; i++)
        made->more[made->more_count++] = ke_of(b->ke[i].group, keep(s, b->ke[i].i), keep(s, b->ke[i].r));
}

/* ---- Exchanges ---- */

uint8_t additional_count(const struct proposal *p)
{
    uint8_t n = 0;
    for (uint16_t i = 0; p && i < p->count; i++)
        if (p->transforms[i].type >= TRANSFORM_ADDKE1 && p->transforms[i].type <= TRANSFORM_ADDKE7 &&
            p->transforms[i].id != KE_NONE)
            n++;
    return n;
}

static void complete(struct sessions *s, struct session *ss, const struct bargain *b)
{
    if (ike_proposal(b->response->proposals))
        learn_rekey(s, ss, b);
    else
        learn_child(s, ss, b, (struct nonces){ b->request->nonce, b->response->nonce });
}

static void learn_create_child(struct sessions *s, struct session *ss, const struct half *h, const struct learned *l,
                               const struct message *m)
{
    struct ke_pair ke = ke_of(l->group, h->said.ke, l->ke);
    size_t count = h->said.ke.len && l->ke.len && h->said.group == l->group;
    if (!l->nonce.len || !l->proposals)
        return;
    const struct proposal *ike = ike_proposal(l->proposals);
    uint8_t more = additional_count(ike ? ike : l->proposals);
    if (!more || !l->link) {
        complete(s, ss, &(struct bargain){ &h->said, l, &ke, count, &m->destination, &m->source });
        return;
    }
    /* RFC 9370 section 2.2.4: KEYMAT and SKEYSEED wait for the IKE_FOLLOWUP_KE exchanges. */
    ss->inside->pending = (struct pending){ .request = h->said,
                                            .response = learned_copy(s, l),
                                            .want = (uint8_t)(more + count),
                                            .used = count != 0,
                                            .source = m->source,
                                            .destination = m->destination };
    ss->inside->pending.ke[0] = ke_of(ke.group, ke.i, ss->inside->pending.response.ke);
    ss->inside->pending.have = 1;
}

static void learn_followup(struct sessions *s, struct session *ss, const struct half *h, const struct learned *l)
{
    struct pending *p = &ss->inside->pending;
    if (!p->used || p->have >= EXTRA_KE || !h->said.ke.len || !l->ke.len)
        return;
    p->ke[p->have++] = ke_of(l->group, h->said.ke, keep(s, l->ke));
    if (p->have < p->want)
        return;
    p->used = false;
    complete(s, ss, &(struct bargain){ &p->request, &p->response, p->ke, p->have, &p->destination, &p->source });
}

/* ---- IKE_INTERMEDIATE ---- */

static void put_length(uint8_t *at, size_t octets, size_t value)
{
    for (size_t i = 0; i < octets; i++)
        at[i] = (uint8_t)(value >> (8 * (octets - 1 - i)));
}

/* RFC 9242 section 3.3.2: IntAuth_[i/r]n = prf(SK_p[i/r], [IntAuth_[i/r]n-1 |] A | P). A is the message from its header
 * through the generic header of the Encrypted payload, as if it had never been in fragments, with lengths as if there were
 * no IV, padding and ICV; P is what was inside. */
static void learn_intermediate_mac(struct session *ss, const struct message *m, uint8_t first, struct bytes plain,
                                   bool from_initiator)
{
    enum { A = IKE_HEADER + 4 };
    uint8_t a[A], made[CRYPTO_DIGEST];
    const struct generation *g = ss->current;
    size_t at = 0;
    while (at < ss->mid_count && ss->inside->mids[at].id != m->message_id)
        at++;
    if (at == INTERMEDIATES || !g || !g->suite.prf || m->octets.len < IKE_HEADER)
        return;
    if (at == ss->mid_count) {
        ss->mid_count++;
        ss->inside->mids[at].id = m->message_id;
        ss->inside->mids[at].i_len = ss->inside->mids[at].r_len = 0;
    }
    uint8_t *own = from_initiator ? ss->inside->mids[at].i : ss->inside->mids[at].r,
            *own_len = from_initiator ? &ss->inside->mids[at].i_len : &ss->inside->mids[at].r_len;
    if (*own_len)
        return;
    memcpy(a, m->octets.at, IKE_HEADER);
    a[16] = PAYLOAD_SK;
    put_length(a + 24, 4, A + plain.len);
    a[IKE_HEADER] = first;
    a[IKE_HEADER + 1] = 0;
    put_length(a + IKE_HEADER + 2, 2, 4 + plain.len);
    struct bytes before = { NULL, 0 };
    if (at > 0)
        before = from_initiator ? bytes_over(ss->inside->mids[at - 1].i, ss->inside->mids[at - 1].i_len)
                                : bytes_over(ss->inside->mids[at - 1].r, ss->inside->mids[at - 1].r_len);
    struct bytes parts[] = { before, bytes_over(a, A), plain };
    size_t len = prf_of(g->suite.prf, from_initiator ? view(g->pi) : view(g->pr), parts, 3, made);
    memcpy(own, made, len);
    *own_len = (uint8_t)len;
}

static void learn_intermediate(struct sessions *s, struct session *ss, const struct half *h, const struct learned *l)
{
    if (h->said.ke.len && l->ke.len && ss->additional_count < EXTRA_KE)
        ss->additional[ss->additional_count++] = ke_of(l->group, h->said.ke, keep(s, l->ke));
    if (l->ppk_id.len && ss->additional_count < EXTRA_KE)
        ss->additional[ss->additional_count++] = (struct ke_pair){ .ppk = true };
}

/* ---- IKE_AUTH ---- */

static struct bytes int_auth(const struct session *ss, uint8_t out[static 2 * CRYPTO_DIGEST + 4])
{
    if (!ss->mid_count)
        return (struct bytes){ NULL, 0 };
    /* IntAuth = IntAuth_iN | IntAuth_rN | IKE_AUTH_MID */
    size_t n = ss->mid_count - 1u, i = ss->inside->mids[n].i_len, r = ss->inside->mids[n].r_len;
    memcpy(out, ss->inside->mids[n].i, i);
    memcpy(out + i, ss->inside->mids[n].r, r);
    put_length(out + i + r, 4, ss->auth_mid);
    return bytes_over(out, i + r + 4);
}

bool intermediates_seen(const struct session *ss, uint32_t before)
{
    if (before == 0 || before - 1 > ss->mid_count)
        return false;
    for (size_t i = 0; i < before - 1; i++)
        if (ss->inside->mids[i].id != i + 1 || !ss->inside->mids[i].i_len || !ss->inside->mids[i].r_len)
            return false;
    return true;
}

/* Was all seen that a proof is made of? IKE_INTERMEDIATE exchanges have the message ids between IKE_SA_INIT and the first
 * IKE_AUTH; a capture may lack one of their messages, or the IKE_SA_INIT request that was answered in the end. */
static bool proof_is_whole(const struct session *ss, const struct message *m, bool from_initiator)
{
    const uint32_t first = ss->has_auth_request ? ss->auth_mid : m->message_id;
    return !(from_initiator && ss->init_doubtful) && ss->mid_count == first - 1 && intermediates_seen(ss, first);
}

static void verify(struct sessions *s, struct session *ss, struct message *m, const struct learned *l, bool from_initiator)
{
    const struct generation *g = ss->current;
    uint8_t mids[2 * CRYPTO_DIGEST + 4];
    if (!g || !l->auth.len)
        return;
    struct auth_case c = {
        .ring = s->model->keyring,
        .prf = g->suite.prf,
        .method = l->auth_method,
        .auth = l->auth,
        .real_message = from_initiator ? ss->init_request : ss->init_response,
        .nonce = from_initiator ? ss->nr : ss->ni,
        .id = from_initiator ? ss->idi : ss->idr,
        .cert = from_initiator ? ss->cert_i : ss->cert_r,
        .own = from_initiator ? ss->idi_name : ss->idr_name,
        .peer = from_initiator ? ss->idr_name : ss->idi_name,
        .own_address = m->source.address,
        .peer_address = m->destination.address,
        .sk_p = from_initiator ? g->pi : g->pr,
        .int_auth = int_auth(ss, mids),
        .ppk_id = ss->ppk_id,
        .no_ppk_auth = l->no_ppk_auth,
        .ppk = ss->ppk_id.len != 0,
        .eap = ss->eap && from_initiator,
        .resumed = ss->resumed,
    };
    m->auth_verified = (uint8_t)auth_verify(&c);
    const bool of_eap = ss->eap && !from_initiator && l->auth_method == AUTH_PSK; /* its last message: a key of the method's */
    if (m->auth_verified == VERIFIED_FALSE && (of_eap || !proof_is_whole(ss, m, from_initiator)))
        m->auth_verified = VERIFIED_UNKNOWN;
}

/* Whom an end claims to be, and its certificate. Each round of several (RFC 4739) makes a claim of its own; a copy of an
 * earlier message does not bring back an earlier one. */
static void learn_claim(struct sessions *s, struct session *ss, const struct message *m, const struct learned *l,
                        bool from_initiator)
{
    uint32_t *round = from_initiator ? &ss->claim_i : &ss->claim_r;
    struct bytes *id = from_initiator ? &ss->idi : &ss->idr, said = from_initiator ? l->idi : l->idr;
    struct bytes *cert = from_initiator ? &ss->cert_i : &ss->cert_r;
    if (m->message_id < *round)
        return;
    *round = m->message_id;
    if (said.len && !bytes_equal(said, *id)) {
        *id = keep(s, said);
        *(from_initiator ? &ss->idi_name : &ss->idr_name) = (struct identity){ 0 };
        keep_identity(s, from_initiator ? &ss->idi_name : &ss->idr_name, from_initiator ? &l->idi_name : &l->idr_name);
    }
    if (l->has_cert && !bytes_equal(l->cert, *cert))
        *cert = keep(s, l->cert);
}

static void learn_auth(struct sessions *s, struct session *ss, struct message *m, const struct learned *l, bool from_initiator)
{
    bool response = m->flags & MESSAGE_RESPONSE;
    if (!response && !ss->has_auth_request) {
        ss->has_auth_request = true;
        ss->inside->auth_request = learned_copy(s, l);
        ss->auth_mid = m->message_id;
    }
    ss->eap |= l->eap;
    keep_identity(s, &ss->idi_name, &l->idi_name);
    keep_identity(s, &ss->idr_name, &l->idr_name);
    learn_claim(s, ss, m, l, from_initiator);
    if (l->ppk_id.len && !response)
        ss->ppk_id = keep(s, l->ppk_id);
    ss->ppk_confirmed |= response && l->ppk_id.len;
    verify(s, ss, m, l, from_initiator);
    if (response && l->proposals && ss->has_auth_request) {
        struct nonces n = { ss->ni, ss->nr };
        learn_child(s, ss, &(struct bargain){ &ss->inside->auth_request, l, NULL, 0, &m->destination, &m->source }, n);
    }
}

void offspring_learn(struct sessions *s, struct session *ss, struct message *m, const struct learned *l, uint8_t first,
                     struct bytes plain)
{
    bool response = m->flags & MESSAGE_RESPONSE, from_initiator = m->flags & MESSAGE_INITIATOR;
    bool asked_by_initiator = from_initiator != response;
    ss->inside = ss->inside ? ss->inside : arena_new(s->arena, struct inside);
    if (m->exchange == EXCHANGE_IKE_INTERMEDIATE)
        learn_intermediate_mac(ss, m, first, plain, from_initiator);
    if (m->exchange == EXCHANGE_IKE_AUTH) {
        learn_auth(s, ss, m, l, from_initiator);
        return;
    }
    if (m->exchange != EXCHANGE_CREATE_CHILD_SA && m->exchange != EXCHANGE_IKE_INTERMEDIATE &&
        m->exchange != EXCHANGE_IKE_FOLLOWUP_KE)
        return;
    if (!response) {
        half_keep(s, ss, m, l, asked_by_initiator);
        return;
    }
    struct half *h = half_find(ss, m, asked_by_initiator);
    if (!h || h->answered)
        return;
    h->answered = true;
    if (m->exchange == EXCHANGE_CREATE_CHILD_SA)
        learn_create_child(s, ss, h, l, m);
    else if (m->exchange == EXCHANGE_IKE_INTERMEDIATE)
        learn_intermediate(s, ss, h, l);
    else
        learn_followup(s, ss, h, l);
}
