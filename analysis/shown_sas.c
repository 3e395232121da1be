#include "analysis/shown_sas.h"

#include "analysis/evidence.h"
#include "analysis/shown_children.h"
#include "base/map.h"

static struct endpoint endpoint_at(const struct fact *facts, const char *address, const char *port)
{
    struct endpoint e = { .port = 0 };
    (void)fact_get_address(facts, address, &e.address);
    (void)shown_number(facts, port, &e.port);
    return e;
}

struct makes {
    struct associations *who;
    struct map by_ends; /* both addresses, the lower first, to the SAs between them (struct among) */
    struct map by_peer; /* a router and its peer's address to the newest SA of the two */
};

struct among { /* newest first */
    struct among *next;
    struct ike_sa *sa;
    const struct record *listed; /* that listed it last */
};

struct peering {
    uint64_t device;
    struct address peer;
};

/* One SA as a router lists it. */
struct listed {
    const struct record *record;
    const struct fact *entry, *facts; /* what says that it is there, and what says how it is */
    struct endpoint local, remote;
    struct spi own, other;
    bool of_list; /* of IKE SAs; else of sessions */
    bool sided, initiator;
    struct text status;
};

/* ---- which SA it is ---- */

static struct bytes ends_key(struct address key[2], struct address a, struct address b)
{
    bool turned = address_compare(a, b) > 0;
    memset(key, 0, 2 * sizeof *key);
    memcpy(&key[0], turned ? &b : &a, sizeof a);
    memcpy(&key[1], turned ? &a : &b, sizeof b);
    return bytes_over((const uint8_t *)key, 2 * sizeof *key);
}

static struct among *among(const struct makes *k, struct address a, struct address b)
{
    struct address key[2];
    return map_find(&k->by_ends, ends_key(key, a, b));
}

static struct bytes peer_key(struct peering *key, uint32_t device, struct address peer)
{
    memset(key, 0, sizeof *key);
    key->device = device;
    memcpy(&key->peer, &peer, sizeof peer);
    return bytes_over((const uint8_t *)key, sizeof *key);
}

static void file(struct makes *k, const struct listed *l, struct ike_sa *sa, bool made)
{
    struct arena *arena = k->who->model->run;
    struct peering *peering = arena_new(arena, struct peering);
    map_put(&k->by_peer, peer_key(peering, l->record->device, l->remote.address), sa);
    for (struct among *a = among(k, l->local.address, l->remote.address); a; a = a->next)
        if (a->sa == sa)
            a->listed = l->record;
    if (!made)
        return;
    struct address *key = arena_array(arena, struct address, 2);
    struct among *one = arena_new(arena, struct among);
    *one = (struct among){ .next = among(k, l->local.address, l->remote.address), .sa = sa, .listed = l->record };
    map_put(&k->by_ends, ends_key(key, l->local.address, l->remote.address), one);
}

static struct ike_sa *find(const struct makes *k, const struct listed *l, struct spi spi_i, struct spi spi_r)
{
    if (spi_known(spi_i))
        return associations_find(k->who, spi_i, spi_r);
    for (struct among *a = among(k, l->local.address, l->remote.address); a; a = a->next)
        if (a->listed != l->record) /* one output lists an SA once: what it lists further between the two is another one */
            return a->sa;
    return NULL;
}

/* ---- what is said of it ---- */

static void take_algorithms(struct ike_sa *sa, const struct fact *f)
{
    struct chosen *c = &sa->proposal;
    if (!c->has_encr)
        (void)shown_number(f, "key_length", &c->key_length);
    c->has_encr = c->has_encr || shown_number(f, "encryption", &c->encr);
    c->has_integ = c->has_integ || shown_number(f, "integrity", &c->integ);
    c->has_prf = c->has_prf || shown_number(f, "prf", &c->prf); /* an ASA prints none */
    c->has_dh = c->has_dh || shown_number(f, "dh", &c->dh);
    if (!c->additional_ke[0])
        (void)shown_number(f, "pqc_key_exchange", &c->additional_ke[0]);
    sa->has_proposal = c->has_encr;
}

static void take_party(struct party *p, const struct fact *f, const char *id, const char *method)
{
    struct address a;
    uint16_t number = 0;
    if (shown_number(f, method, &number) && number <= UINT8_MAX)
        p->auth_method = (uint8_t)number;
    p->eap = p->eap || text_ends(fact_get_text(f, method), TEXT("EAP")); /* "EAP", "AnyConnect-EAP": of no number */
    struct text value = fact_get_text(f, id);
    if (p->id.type || p->id.value.len)
        return;
    if (address_read(value, &a) && address_length(a))
        p->id = (struct identity){ a.family == ADDRESS_IPV6 ? ID_IPV6_ADDR : ID_IPV4_ADDR, value };
    else /* a domain name, a key id, ...: of which kind it is is not shown */
        p->id = (struct identity){ text_find_byte(value, '=') != TEXT_NOWHERE ? ID_DER_ASN1_DN : 0, value };
}

static void take_parties(struct ike_sa *sa, const struct listed *l, bool sided, bool initiator)
{
    uint16_t own, peer;
    if (!sided) { /* one method of both is the initiator's, too, whoever that is */
        if (shown_number(l->facts, "auth_sign", &own) && shown_number(l->facts, "auth_verify", &peer) && own == peer &&
            own <= UINT8_MAX)
            sa->initiator.auth_method = sa->responder.auth_method = (uint8_t)own;
        return;
    }
    struct party *here = initiator ? &sa->initiator : &sa->responder, *there = initiator ? &sa->responder : &sa->initiator;
    if (!here->endpoint.address.family)
        here->endpoint = l->local;
    if (!there->endpoint.address.family)
        there->endpoint = l->remote;
    here->device = l->record->device;
    take_party(here, l->facts, "local_id", "auth_sign");
    take_party(there, l->facts, "remote_id", "auth_verify");
    if (there->eap && !there->eap_identity.len)
        there->eap_identity = fact_get_text(l->facts, "remote_eap_id");
}

static struct view *view_by(struct model *m, struct ike_sa *sa, const struct record *r, uint32_t line)
{
    for (struct view *v = sa->views; v; v = v->next)
        if (v->input == r->input && v->device == r->device)
            return v;
    struct view *v = arena_new(m->run, struct view);
    v->input = r->input;
    v->device = r->device;
    v->first_ns = v->last_ns = v->since_ns = TIME_UNKNOWN;
    v->first_line = line;
    *(sa->views ? &sa->views_last->next : &sa->views) = v;
    sa->views_last = v;
    return v;
}

static void add_view(struct model *m, struct ike_sa *sa, const struct listed *l, enum side side)
{
    uint32_t line = l->entry->line ? l->entry->line : l->record->first_line;
    uint64_t session;
    struct view *v = view_by(m, sa, l->record, line);
    v->role = (uint8_t)side;
    v->last_line = line > v->last_line ? line : v->last_line;
    if (l->status.len && (l->of_list || !v->final_state)) /* an SA's own state says more than its session's */
        v->final_state = names_intern(&m->names, l->status);
    if (fact_get_number(l->facts, "session_id", &session)) {
        v->has_session_id = true;
        v->session_id = (uint32_t)session;
    }
    v->local = side == SIDE_INITIATOR ? sa->initiator.endpoint : side == SIDE_RESPONDER ? sa->responder.endpoint : l->local;
    v->remote = side == SIDE_INITIATOR ? sa->responder.endpoint : side == SIDE_RESPONDER ? sa->initiator.endpoint : l->remote;
}

static void take_status(struct ike_sa *sa, const struct listed *l, bool sided, bool initiator)
{
    const struct text status = l->status; /* of an IKE SA, of a session */
    if (text_equal(status, TEXT("READY")) || text_starts(status, TEXT("UP-"))) {
        sa->outcome = SA_ESTABLISHED;
        sa->established = true;
        sa->ready_initiator |= sided && initiator;
        sa->ready_responder |= sided && !initiator;
    } else if (text_starts(status, TEXT("DEL")) && !sa->established) {
        /* how the peer authenticated itself is known of all that were up */
        const bool never_up = text_starts(fact_get_text(l->facts, "auth_verify"), TEXT("Unknown"));
        sa->outcome = never_up ? SA_FAILED : SA_DELETED;
    }
}

/* "detected inside": the router that lists it is behind NAT; "outside": its peer is. */
static void take_nat(struct ike_sa *sa, const struct listed *l, bool sided, bool initiator)
{
    const struct text nat = fact_get_text(l->facts, "nat");
    const bool none = text_has(nat, TEXT("not detected")), told = nat.len && !none;
    const bool inside = told && text_has(nat, TEXT("inside")), outside = told && text_has(nat, TEXT("outside"));
    sa->nat_known |= none || (sided && (inside || outside));
    sa->initiator_behind_nat |= sided && (initiator ? inside : outside);
    sa->responder_behind_nat |= sided && (initiator ? outside : inside);
}

/* Is the router that lists it the SA's initiator, or, where nobody knows who that is, the one whose view comes first? */
static bool comes_first(const struct ike_sa *sa, const struct listed *l)
{
    const struct endpoint *first = ike_sa_sideless(sa) ? &sa->views->local : &sa->initiator.endpoint;
    return address_equal(first->address, l->local.address);
}

/* *first: see comes_first(). */
static struct ike_sa *make(struct makes *k, const struct listed *l, bool *first)
{
    const bool with_spis = l->sided && spi_known(l->own);
    const struct spi none = { 0 }, spi_i = with_spis ? (l->initiator ? l->own : l->other) : none,
                     spi_r = with_spis ? (l->initiator ? l->other : l->own) : none;
    struct ike_sa *sa = find(k, l, spi_i, spi_r);
    const bool made = !sa;
    sa = sa ? sa : associations_make(k->who, spi_i, spi_r, l->record->input);
    if (!sa)
        return NULL;
    const bool sided = made ? l->sided : !ike_sa_sideless(sa);
    *first = made ? l->initiator || !l->sided : with_spis ? l->initiator : comes_first(sa, l);
    sa->shown_only = true;
    take_parties(sa, l, sided, *first);
    take_algorithms(sa, l->facts);
    take_nat(sa, l, sided, *first);
    take_status(sa, l, sided, *first);
    add_view(k->who->model, sa, l, !sided ? SIDE_UNKNOWN : *first ? SIDE_INITIATOR : SIDE_RESPONDER);
    file(k, l, sa, made);
    return sa;
}

/* ---- from the records ---- */

/* Those that say most come first; what is said without SPIs is of the SA between the same addresses. */
enum pass { WITH_SPIS, WITH_SIDES, WITH_NEITHER, PASSES };

static enum pass pass_of(const struct listed *l)
{
    return !l->sided ? WITH_NEITHER : spi_known(l->own) ? WITH_SPIS : WITH_SIDES;
}

/* An IKE SA of a list, between two ends: false where one of them is missing. */
static bool between_ends(struct listed *l, const struct record *r, const struct fact *entry)
{
    l->record = r;
    l->entry = entry;
    l->facts = fact_children(entry);
    l->local = endpoint_at(l->facts, "local", "local_port");
    l->remote = endpoint_at(l->facts, "remote", "remote_port");
    return l->local.address.family && l->remote.address.family;
}

static void make_of_list(struct makes *k, const struct record *r, const struct fact *entry, enum pass pass)
{
    const struct fact *f = fact_children(entry);
    struct listed l = { .of_list = true };
    bool first;
    if (!between_ends(&l, r, entry))
        return;
    l.own = shown_spi(f, "local_spi");
    l.other = shown_spi(f, "remote_spi");
    l.status = fact_get_text(f, "status");
    l.sided = shown_flag(f, "initiator", &l.initiator);
    if (pass_of(&l) != pass)
        return;
    struct ike_sa *sa = make(k, &l, &first);
    for (const struct fact *g = fact_members(f, "children"); g && sa && sa->established; g = g->next)
        shown_child_listed(k->who->model, sa, fact_children(g), first);
}

/* IOS and IOS-XE: show crypto session. */
static void make_of_session(struct makes *k, const struct record *r, const struct fact *session)
{
    const struct fact *f = fact_children(session);
    const struct text status = fact_get_text(f, "status");
    for (const struct fact *sa = fact_members(f, "ike_sas"); sa; sa = sa->next) {
        struct listed l = { .status = status };
        uint64_t version = 0;
        bool first, active = text_equal(fact_get_text(fact_children(sa), "status"), TEXT("Active"));
        /* one that is not active beside a session that is up is on its way out */
        if (fact_get_number(fact_children(sa), "version", &version) && version == 2 && between_ends(&l, r, sa) &&
            active == text_starts(status, TEXT("UP-")))
            (void)make(k, &l, &first);
    }
}

static const struct fact *ike_tunnel(const struct fact *tunnels)
{
    while (tunnels && !text_equal_nocase(fact_get_text(fact_children(tunnels), "kind"), TEXT("IKEv2")))
        tunnels = tunnels->next;
    return fact_children(tunnels);
}

static struct ike_sa *towards(const struct makes *k, uint32_t device, struct address peer)
{
    struct peering key;
    return map_find(&k->by_peer, peer_key(&key, device, peer));
}

static bool first_of(const struct ike_sa *sa, uint32_t device)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (v->device == device)
            return v->role ? v->role == SIDE_INITIATOR : v == sa->views;
    return true;
}

/* ASA: show vpn-sessiondb lists what is up, by its peer alone. */
static void make_of_vpn_session(struct makes *k, const struct record *r, const struct fact *session)
{
    const struct fact *f = fact_children(session);
    struct listed l = { .record = r, .entry = session, .facts = ike_tunnel(fact_members(f, "tunnels")) };
    bool first;
    (void)fact_get_address(f, "address", &l.remote.address);
    if (!l.remote.address.family || !text_has(fact_get_text(f, "protocol"), TEXT("IKEv2")))
        return;
    (void)shown_number(l.facts, "udp_source_port", &l.remote.port);
    (void)shown_number(l.facts, "udp_destination_port", &l.local.port);
    struct ike_sa *sa = towards(k, r->device, l.remote.address);
    if (sa) {
        take_algorithms(sa, l.facts);
    } else if ((sa = make(k, &l, &first))) {
        sa->outcome = SA_ESTABLISHED;
        sa->established = true;
    }
}

static void make_vpn_children(struct makes *k, const struct record *r, const struct fact *session)
{
    const struct fact *f = fact_children(session);
    struct address peer = { 0 };
    (void)fact_get_address(f, "address", &peer);
    struct ike_sa *sa = towards(k, r->device, peer);
    if (sa && sa->established)
        shown_child_tunnels(k->who->model, sa, fact_members(f, "tunnels"), first_of(sa, r->device));
}

static void make_children(struct makes *k, const struct record *r, const struct fact *flow)
{
    const struct fact *f = fact_children(flow);
    struct listed l = { .entry = flow };
    if (!(fact_get_address(f, "local_endpoint", &l.local.address) || fact_get_address(f, "local_address", &l.local.address)) ||
        !(fact_get_address(f, "remote_endpoint", &l.remote.address) || fact_get_address(f, "peer", &l.remote.address)))
        return;
    const struct among *a = among(k, l.local.address, l.remote.address);
    struct ike_sa *sa = a ? a->sa : towards(k, r->device, l.remote.address);
    if (sa && !a && sa->views && !sa->views->local.address.family && sa->views->device == r->device)
        sa->views->local.address = l.local.address; /* the session named its peer alone */
    if (sa && sa->established)
        shown_child_flow(k->who->model, sa, flow, a ? comes_first(sa, &l) : first_of(sa, r->device));
}

static void each(struct makes *k, const char *command, const char *list,
                 void (*take)(struct makes *k, const struct record *r, const struct fact *entry))
{
    for (const struct record *r = k->who->model->records; r; r = r->next)
        for (const struct fact *f = strcmp(r->name, command) == 0 ? fact_members(r->facts, list) : NULL; f; f = f->next)
            take(k, r, f);
}

void shown_sas_make(struct associations *a)
{
    struct model *m = a->model;
    struct makes k = { .who = a };
    if (m->ike_sas)
        return;
    for (unsigned pass = 0; pass < PASSES; pass++)
        for (const struct record *r = m->records; r; r = r->next)
            for (const struct fact *sa = record_lists_sas(r) ? fact_members(r->facts, "sas") : NULL; sa; sa = sa->next)
                make_of_list(&k, r, sa, (enum pass)pass);
    each(&k, "show crypto session", "sessions", make_of_session);
    each(&k, "show vpn-sessiondb", "sessions", make_of_vpn_session);
    each(&k, "show crypto ipsec sa", "flows", make_children);
    each(&k, "show vpn-sessiondb", "sessions", make_vpn_children);
    map_clear(&k.by_ends);
    map_clear(&k.by_peer);
}
