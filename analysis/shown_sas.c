#include "analysis/shown_sas.h"

#include "analysis/derive.h"
#include "analysis/evidence.h"
#include "base/map.h"

static struct spi spi_at(const struct fact *facts, const char *name)
{
    struct text t = fact_get_text(facts, name);
    uint64_t value = 0;
    bool known = t.len && text_number(t, 16, &value) && value;
    return spi_of(known ? value : 0, known ? (unsigned)t.len : 0);
}

static struct endpoint endpoint_at(const struct fact *facts, const char *address, const char *port)
{
    struct endpoint e = { .port = 0 };
    uint64_t number;
    (void)fact_get_address(facts, address, &e.address);
    e.port = fact_get_number(facts, port, &number) && number <= UINT16_MAX ? (uint16_t)number : 0;
    return e;
}

static bool flag_at(const struct fact *facts, const char *name, bool *value)
{
    const struct fact *f = fact_find(facts, name);
    *value = f && f->kind == FACT_BOOL && f->as.number;
    return f && f->kind == FACT_BOOL;
}

static bool take(const struct fact *facts, const char *name, uint16_t *value)
{
    uint64_t number;
    if (!fact_get_number(facts, name, &number) || number > UINT16_MAX)
        return false;
    *value = (uint16_t)number;
    return true;
}

/* ---- IKE SAs ---- */

struct makes {
    struct associations *who;
    struct map by_ends; /* both addresses, the lower first, to the newest SA between them */
};

static struct bytes ends_key(struct address key[2], struct address a, struct address b)
{
    bool turned = address_compare(a, b) > 0;
    memset(key, 0, 2 * sizeof *key);
    memcpy(&key[0], turned ? &b : &a, sizeof a);
    memcpy(&key[1], turned ? &a : &b, sizeof b);
    return bytes_over((const uint8_t *)key, 2 * sizeof *key);
}

static struct ike_sa *between(const struct makes *k, struct address a, struct address b)
{
    struct address key[2];
    return map_find(&k->by_ends, ends_key(key, a, b));
}

static void file_by_ends(struct makes *k, struct ike_sa *sa, struct address a, struct address b)
{
    struct address *key = arena_array(k->who->model->run, struct address, 2);
    map_put(&k->by_ends, ends_key(key, a, b), sa);
}

static void take_algorithms(struct ike_sa *sa, const struct fact *f)
{
    struct chosen *c = &sa->proposal;
    if (!c->has_encr)
        (void)take(f, "key_length", &c->key_length);
    c->has_encr = c->has_encr || take(f, "encryption", &c->encr);
    c->has_integ = c->has_integ || take(f, "integrity", &c->integ);
    c->has_prf = c->has_prf || take(f, "prf", &c->prf); /* an ASA prints none */
    c->has_dh = c->has_dh || take(f, "dh", &c->dh);
    if (!c->additional_ke[0])
        (void)take(f, "pqc_key_exchange", &c->additional_ke[0]);
    sa->has_proposal = c->has_encr;
}

static void take_party(struct party *p, const struct fact *f, const char *id, const char *method)
{
    struct address a;
    uint16_t number = 0;
    if (take(f, method, &number) && number <= UINT8_MAX)
        p->auth_method = (uint8_t)number;
    struct text value = fact_get_text(f, id);
    if (!p->id.type && address_read(value, &a) && address_length(a))
        p->id = (struct identity){ a.family == ADDRESS_IPV6 ? ID_IPV6_ADDR : ID_IPV4_ADDR, value };
}

static void add_view(struct model *m, struct ike_sa *sa, const struct record *r, const struct fact *entry, bool initiator)
{
    const struct fact *f = fact_children(entry);
    struct text status = fact_get_text(f, "status");
    uint64_t session;
    for (const struct view *v = sa->views; v; v = v->next)
        if (v->input == r->input && v->device == r->device)
            return;
    struct view *v = arena_new(m->run, struct view);
    v->input = r->input;
    v->device = r->device;
    v->role = initiator ? SIDE_INITIATOR : SIDE_RESPONDER;
    v->first_ns = v->last_ns = v->since_ns = TIME_UNKNOWN;
    v->first_line = v->last_line = entry->line ? entry->line : r->first_line;
    v->final_state = status.len ? names_intern(&m->names, status) : NULL;
    v->has_session_id = fact_get_number(f, "session_id", &session);
    v->session_id = v->has_session_id ? (uint32_t)session : 0;
    v->local = initiator ? sa->initiator.endpoint : sa->responder.endpoint;
    v->remote = initiator ? sa->responder.endpoint : sa->initiator.endpoint;
    *(sa->views ? &sa->views_last->next : &sa->views) = v;
    sa->views_last = v;
}

/* ---- Child SAs ---- */

static const struct fact *next_spi(const struct fact *s, const char *direction)
{
    while (s && !text_equal(fact_get_text(fact_children(s), "direction"), text_of(direction)))
        s = s->next;
    return s;
}

static void take_transforms(struct child_sa *c, const struct fact *f)
{
    for (const struct fact *t = fact_children(fact_find(f, "transforms")); t; t = t->next) {
        uint16_t type = 0, id = 0;
        if (!take(fact_children(t), "type", &type) || !take(fact_children(t), "id", &id))
            continue;
        if (type == TRANSFORM_ENCR) {
            c->proposal.encr = id;
            c->proposal.has_encr = true;
            (void)take(fact_children(t), "key_length", &c->proposal.key_length);
        } else if (type == TRANSFORM_INTEG) {
            c->proposal.integ = id;
            c->proposal.has_integ = true;
        }
    }
}

/* { address, prefix_length or mask, protocol, port } */
static struct selector *selector_of(struct model *m, const struct fact *ident)
{
    const struct fact *f = fact_children(ident);
    struct selector *s = arena_new(m->run, struct selector);
    struct address mask;
    uint64_t number;
    if (!fact_get_address(f, "address", &s->start))
        return NULL;
    s->end = s->start;
    for (size_t i = 0; fact_get_address(f, "mask", &mask) && i < address_length(s->start); i++)
        s->end.octets[i] |= (uint8_t)~mask.octets[i];
    for (size_t i = 0; fact_get_number(f, "prefix_length", &number) && i < address_length(s->start); i++)
        s->end.octets[i] |= (uint8_t)(number >= 8 * (i + 1) ? 0 : number <= 8 * i ? 0xff : 0xff >> (number - 8 * i));
    s->type = s->start.family == ADDRESS_IPV6 ? TS_IPV6_ADDR_RANGE : TS_IPV4_ADDR_RANGE;
    s->protocol = fact_get_number(f, "protocol", &number) ? (uint8_t)number : 0;
    s->start_port = fact_get_number(f, "port", &number) ? (uint16_t)number : 0;
    s->end_port = s->start_port ? s->start_port : UINT16_MAX;
    return s;
}

static void make_child(struct model *m, struct ike_sa *sa, const struct fact *flow, const struct fact *in, const struct fact *out,
                       bool initiator)
{
    const struct fact *f = fact_children(flow), *g = fact_children(in);
    uint64_t protocol = PROTOCOL_ESP;
    struct spi receives = spi_at(g, "spi"), sends = spi_at(fact_children(out), "spi");
    (void)fact_get_number(g, "protocol", &protocol);
    if (!spi_known(receives) && !spi_known(sends))
        return;
    struct child_sa *c = derive_child(m, sa, initiator ? receives : sends, initiator ? sends : receives, (uint8_t)protocol);
    if (!c)
        return;
    bool udp = false;
    c->outcome = SA_ESTABLISHED;
    c->mode = text_equal(fact_get_text(g, "mode"), TEXT("transport")) ? MODE_TRANSPORT : MODE_TUNNEL;
    if (flag_at(g, "udp_encapsulated", &udp))
        c->encap = udp ? ENCAP_UDP : ENCAP_NONE;
    if (!c->proposal.has_encr)
        take_transforms(c, g);
    (void)take(f, "dh", &c->pfs_dh);
    if (!c->tsi && !c->tsr) {
        struct selector *local = selector_of(m, fact_find(f, "local_ident")),
                        *remote = selector_of(m, fact_find(f, "remote_ident"));
        c->tsi = initiator ? local : remote;
        c->tsr = initiator ? remote : local;
    }
}

/* { start, end, start_port, end_port } each */
static struct selector *selectors_of(struct model *m, const struct fact *list)
{
    struct selector *first = NULL, **at = &first;
    for (const struct fact *g = fact_children(list); g; g = g->next) {
        struct selector s = { .end_port = UINT16_MAX };
        if (!fact_get_address(fact_children(g), "start", &s.start) || !fact_get_address(fact_children(g), "end", &s.end))
            continue;
        (void)take(fact_children(g), "start_port", &s.start_port);
        (void)take(fact_children(g), "end_port", &s.end_port);
        s.type = s.start.family == ADDRESS_IPV6 ? TS_IPV6_ADDR_RANGE : TS_IPV4_ADDR_RANGE;
        *at = arena_new(m->run, struct selector);
        **at = s;
        at = &(*at)->next;
    }
    return first;
}

/* A child as `show crypto ikev2 sa` lists it below its IKE SA. */
static void make_listed_child(struct model *m, struct ike_sa *sa, const struct fact *f, bool initiator)
{
    struct spi receives = spi_at(f, "esp_spi_in"), sends = spi_at(f, "esp_spi_out");
    if (!spi_known(receives) || !spi_known(sends))
        return;
    struct child_sa *c = derive_child(m, sa, initiator ? receives : sends, initiator ? sends : receives, PROTOCOL_ESP);
    if (!c)
        return;
    c->outcome = SA_ESTABLISHED;
    if (!c->proposal.has_encr)
        (void)take(f, "key_length", &c->proposal.key_length);
    c->proposal.has_encr = c->proposal.has_encr || take(f, "encryption", &c->proposal.encr);
    c->proposal.has_integ = c->proposal.has_integ || take(f, "integrity", &c->proposal.integ);
    if (!c->tsi && !c->tsr) {
        struct selector *local = selectors_of(m, fact_find(f, "local_selectors")),
                        *remote = selectors_of(m, fact_find(f, "remote_selectors"));
        c->tsi = initiator ? local : remote;
        c->tsr = initiator ? remote : local;
    }
}

/* ---- from the records ---- */

/* What is printed without SPIs is taken last, and is the newest SA between the same addresses. */
static void make_ike(struct makes *k, const struct record *r, const struct fact *entry, bool with_spis)
{
    const struct fact *f = fact_children(entry);
    struct endpoint local = endpoint_at(f, "local", "local_port"), remote = endpoint_at(f, "remote", "remote_port");
    struct spi own = spi_at(f, "local_spi"), other = spi_at(f, "remote_spi");
    bool initiator, no_nat = text_has(fact_get_text(f, "nat"), TEXT("not detected"));
    if (!local.address.family || !remote.address.family || !flag_at(f, "initiator", &initiator))
        return; /* who began is not said */
    struct spi spi_i = initiator ? own : other, spi_r = initiator ? other : own;
    if (spi_known(spi_i) != with_spis)
        return;
    struct ike_sa *sa = with_spis ? associations_find(k->who, spi_i, spi_r) : between(k, local.address, remote.address);
    bool made = !sa;
    sa = sa ? sa : associations_make(k->who, spi_i, spi_r, r->input);
    if (!sa)
        return;
    if (made)
        file_by_ends(k, sa, local.address, remote.address);
    initiator = made || with_spis ? initiator : address_equal(sa->initiator.endpoint.address, local.address);
    sa->shown_only = true;
    struct party *here = initiator ? &sa->initiator : &sa->responder, *there = initiator ? &sa->responder : &sa->initiator;
    if (!here->endpoint.address.family)
        here->endpoint = local;
    if (!there->endpoint.address.family)
        there->endpoint = remote;
    here->device = r->device;
    take_party(here, f, "local_id", "auth_sign");
    take_party(there, f, "remote_id", "auth_verify");
    take_algorithms(sa, f);
    sa->nat_known = sa->nat_known || no_nat;
    struct text status = fact_get_text(f, "status");
    if (text_equal(status, TEXT("READY"))) {
        sa->outcome = SA_ESTABLISHED;
        sa->established = true;
        *(initiator ? &sa->ready_initiator : &sa->ready_responder) = true;
    } else if (text_starts(status, TEXT("DEL")) && !sa->established) {
        sa->outcome = SA_DELETED;
    }
    add_view(k->who->model, sa, r, entry, initiator);
    for (const struct fact *g = fact_children(fact_find(f, "children")); g && sa->established; g = g->next)
        make_listed_child(k->who->model, sa, fact_children(g), initiator);
}

static void make_children(const struct makes *k, const struct fact *flow)
{
    const struct fact *f = fact_children(flow), *sas = fact_find(f, "sas");
    struct address local, remote;
    if (!(fact_get_address(f, "local_endpoint", &local) || fact_get_address(f, "local_address", &local)) ||
        !(fact_get_address(f, "remote_endpoint", &remote) || fact_get_address(f, "peer", &remote)))
        return;
    struct ike_sa *sa = between(k, local, remote);
    const struct fact *in = fact_children(sas), *out = in; /* the first of each direction belong together, then the second */
    for (; sa && sa->established; in = in->next, out = out->next) {
        in = next_spi(in, "inbound");
        out = next_spi(out, "outbound");
        if (!in || !out)
            return;
        make_child(k->who->model, sa, flow, in, out, address_equal(sa->initiator.endpoint.address, local));
    }
}

void shown_sas_make(struct associations *a)
{
    struct model *m = a->model;
    struct makes k = { .who = a };
    if (m->ike_sas)
        return;
    for (unsigned pass = 0; pass < 2; pass++)
        for (const struct record *r = m->records; r; r = r->next)
            for (const struct fact *sa = record_lists_sas(r) ? fact_children(fact_find(r->facts, "sas")) : NULL; sa;
                 sa = sa->next)
                make_ike(&k, r, sa, pass == 0);
    for (const struct record *r = m->ike_sas ? m->records : NULL; r; r = r->next)
        if (strcmp(r->name, "show crypto ipsec sa") == 0)
            for (const struct fact *flow = fact_children(fact_find(r->facts, "flows")); flow; flow = flow->next)
                make_children(&k, flow);
    map_clear(&k.by_ends);
}
