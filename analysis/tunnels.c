#include "analysis/tunnels.h"

#include "analysis/entries.h"
#include "analysis/sas_at.h"
#include "analysis/ways.h"

enum { TUNNELS = 32 }; /* between one pair of routers */

/* ---- who leads to whom ---- */

struct router {
    uint32_t device;
    struct config_way *ways;
    size_t count;
};

static bool leads(const struct model *m, const struct config_way *w, const struct router *to)
{
    return w->peer.family && config_owner(m, to->device, w->peer, NULL);
}

/* Of two that lead to each other's routers: to each other? Where an address is given by others, it may be any. */
static bool fit(const struct config_way *w, const struct config_way *v)
{
    return (!v->own_count || way_sends(v, w->peer)) && (!w->own_count || way_sends(w, v->peer));
}

/* The first address under which one router's configuration names the other as its peer; false: it does not. bare: a tunnel
 * without protection counts. */
static bool leads_to(const struct model *m, const struct router *from, const struct router *to, bool bare, struct address *peer)
{
    for (size_t n = 0; n < from->count; n++)
        if ((bare || !from->ways[n].bare) && leads(m, &from->ways[n], to)) {
            *peer = from->ways[n].peer;
            return true;
        }
    return false;
}

static bool between(struct address a, struct address b, const struct tunnel *t)
{
    return (address_equal(a, t->end[0].address) && address_equal(b, t->end[1].address)) ||
           (address_equal(b, t->end[0].address) && address_equal(a, t->end[1].address));
}

/* How far an attempt came that ended with this finding, and at which step what a rule says of two configurations would show. */
enum step { STEP_NONE, STEP_PATH, STEP_PROPOSALS, STEP_PROFILE, STEP_KEY, STEP_CHILD };

static const struct {
    const char *rule;
    enum step step;
} steps[] = {
    { "no-response", STEP_PATH },
    { "no-proposal-chosen", STEP_PROPOSALS },
    { "auth-not-received", STEP_PROPOSALS },
    { "no-tunnel-group", STEP_PROFILE },
    { "no-matching-profile", STEP_PROFILE },
    { "no-key", STEP_KEY },
    { "identity-mismatch", STEP_KEY },
    { "auth-method-mismatch", STEP_KEY },
    { "auth-psk-mismatch", STEP_KEY },
    { "cert-invalid", STEP_KEY },
    { "auth-failed", STEP_KEY },
    { "ts-unacceptable", STEP_CHILD },
    { "child-no-proposal-chosen", STEP_CHILD },
};

static enum step step_of(const char *rule)
{
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (strcmp(steps[i].rule, rule) == 0)
            return steps[i].step;
    return STEP_NONE;
}

static enum step step_reached(const struct ike_sa *sa)
{
    enum step last = STEP_NONE;
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (steps[i].step > last && diagnosed(sa, steps[i].rule))
            last = steps[i].step;
    return last;
}

/* An SA of the two was seen, or one of which nobody knows whose it is: what it shows counts more than what is configured. But
 * where it failed before the step that this rule is about, that step is still to come. */
static bool seen(const struct model *m, const struct rule *r, struct tunnel *t)
{
    t->failed = false;
    for (const struct placed_sa *p = sas_at(m, (struct address){ .family = ADDRESS_NONE }); p; p = p->next)
        if (!p->sa->shown_only)
            return true;
    for (unsigned i = 0; i < 2; i++) /* which SA of the other end's is its own, nothing tells */
        for (const struct placed_sa *p = t->end[i].assumed ? sas_at(m, t->end[1 - i].address) : NULL; p; p = p->next)
            if (!p->sa->shown_only)
                return true;
    for (const struct placed_sa *p = sas_at(m, t->end[0].address); p; p = p->next) {
        const struct ike_sa *sa = p->sa;
        if (sa->shown_only || !between(sa->initiator.endpoint.address, sa->responder.endpoint.address, t))
            continue;
        if (sa->sealed_guess && sa->outcome == SA_FAILED && step_of(r->id) > STEP_PROPOSALS) {
            t->failed |= step_of(r->id) == STEP_CHILD;
            continue; /* what was refused behind IKE_SA_INIT no one tells: it may be just this */
        }
        enum step reached = step_reached(sa);
        if (sa->outcome != SA_FAILED || !reached || step_of(r->id) <= reached)
            return true;
        t->failed = true;
    }
    return false;
}

static bool shows_ike(const struct record *r, const struct tunnel *t)
{
    const struct fact *list = fact_find(r->facts, "sas");
    for (const struct fact *sa = fact_children(list); sa; sa = sa->next) {
        const struct fact *f = fact_children(sa);
        struct address a, b;
        if (text_equal(fact_get_text(f, "status"), TEXT("READY")) && fact_get_address(f, "local", &a) &&
            fact_get_address(f, "remote", &b) && between(a, b, t))
            return true;
    }
    return false;
}

static bool shows_child(const struct record *r, const struct tunnel *t)
{
    const struct fact *list = fact_find(r->facts, "flows");
    for (const struct fact *flow = fact_children(list); flow; flow = flow->next) {
        const struct fact *f = fact_children(flow), *sas = fact_find(f, "sas");
        struct address a, b;
        if (fact_children(sas) && (fact_get_address(f, "local_endpoint", &a) || fact_get_address(f, "local_address", &a)) &&
            (fact_get_address(f, "remote_endpoint", &b) || fact_get_address(f, "peer", &b)) && between(a, b, t))
            return true;
    }
    return false;
}

static void look_at_shows(const struct model *m, struct tunnel *t)
{
    static const char *const ike_lists[] = { "show crypto ikev2 sa", "show crypto ikev2 session" };
    static const char flow_list[] = "show crypto ipsec sa";
    for (size_t i = 0; i < COUNT_OF(ike_lists); i++)
        for (const struct record *r = record_next(m, 0, ike_lists[i], NULL); r && !t->ike_up;
             r = record_next(m, 0, ike_lists[i], r))
            t->ike_up = shows_ike(r, t);
    for (const struct record *r = record_next(m, 0, flow_list, NULL); r && !t->child_up; r = record_next(m, 0, flow_list, r))
        t->child_up = shows_child(r, t);
    for (unsigned i = 0; i < 2; i++)
        t->child_up |= t->end[i].assumed && (shown_up(m, t->end[1 - i].address) || shown_up(m, t->end[i].address));
    t->ike_up = t->ike_up || t->child_up; /* a Child SA has an IKE SA that made it */
}

/* ---- methods ---- */

static unsigned method_of(struct text word)
{
    static const struct {
        const char *starts;
        unsigned method;
    } words[] = {
        { "pre-share", OWN_KEY },           { "rsa-sig", OWN_RSA }, { "ecdsa-sig", OWN_ECDSA },    { "mldsa-sig", OWN_MLDSA },
        { "certificate", OWN_CERTIFICATE }, { "eap", OWN_EAP },     { "anyconnect-eap", OWN_EAP },
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_starts_nocase(word, text_of(words[i].starts)))
            return words[i].method;
    return OWN_OTHER;
}

unsigned own_method_seen(unsigned method)
{
    if (method == AUTH_PSK)
        return OWN_KEY;
    if (method == AUTH_RSA)
        return OWN_RSA;
    if (method >= AUTH_ECDSA_256 && method <= AUTH_ECDSA_521)
        return OWN_ECDSA;
    return method ? OWN_CERTIFICATE : 0;
}

unsigned own_methods(const struct tunnel_end *end, bool local, uint32_t *line)
{
    const char *list = local ? "authentication_local" : "authentication_remote",
               *word = local ? "local_authentication" : "remote_authentication";
    unsigned methods = 0;
    for (const struct fact *f = end->auth ? end->auth->facts : NULL; f; f = f->next) {
        if (f->name && f->kind == FACT_TEXT && strcmp(f->name, word) == 0) {
            methods |= method_of(f->as.text);
            *line = f->line;
        } else if (f->name && strcmp(f->name, list) == 0) {
            for (const struct fact *g = fact_children(f); g; g = g->next) {
                methods |= method_of(fact_get_text(fact_children(g), "word"));
                *line = g->line;
            }
        }
    }
    return local && end->method ? end->method : methods;
}

/* ---- identities ---- */

static struct identity of_address(const struct model *m, struct address a)
{
    return (struct identity){ a.family == ADDRESS_IPV6 ? ID_IPV6_ADDR : ID_IPV4_ADDR, address_text(a, m->run) };
}

struct address tunnel_sends_from(const struct tunnel_end *end)
{
    return end->own.family ? end->own : end->address;
}

/* Where nothing else says it, the address of the interface is the identity. */
static void address_identity(const struct model *m, struct tunnel_end *end)
{
    struct address from = tunnel_sends_from(end);
    if (!from.family)
        return;
    end->id = of_address(m, from);
    const struct owner *own = end->id_at ? NULL : config_owner(m, end->device, from, NULL);
    if (own) {
        end->id_at = own->interface;
        end->id_line = own->line;
    }
}

/* IOS: `identity local`; without one the address, where a key authenticates. */
static void ios_identity(const struct model *m, struct tunnel_end *end)
{
    const struct fact *group = fact_find(end->auth->facts, "identity_local"), *f = fact_children(group);
    uint64_t type = 0;
    uint32_t line = 0;
    struct address a;
    if (!group) {
        if (own_methods(end, true, &line) == OWN_KEY)
            address_identity(m, end);
        return;
    }
    end->id_at = end->auth;
    end->id_line = group->line;
    (void)fact_get_number(f, "id_type", &type);
    if (!fact_get_address(f, "start", &a))
        a = tunnel_sends_from(end);
    if (type == ID_IPV4_ADDR || type == ID_IPV6_ADDR)
        end->id = a.family ? of_address(m, a) : (struct identity){ 0 };
    else if (type && type != ID_DER_ASN1_DN && fact_get_text(f, "id").len)
        end->id = (struct identity){ (uint8_t)type, fact_get_text(f, "id") };
}

/* "fw1.example.net"; type 0: without a domain nothing tells what it will call itself. */
static struct identity host_identity(const struct model *m, uint32_t device)
{
    const struct record *host = record_next(m, device, "hostname", NULL), *domain = record_next(m, device, "domain-name", NULL);
    if (!host || !domain)
        return (struct identity){ 0 };
    return (struct identity){ ID_FQDN, arena_format(m->run, "%.*s.%.*s", TEXT_ARGS(host->title), TEXT_ARGS(domain->title)) };
}

/* ASA: `crypto isakmp identity`; by default, and by "auto", the address where a key authenticates. */
static void asa_identity(const struct model *m, struct tunnel_end *end)
{
    const struct record *r = record_next(m, end->device, "isakmp-identity", NULL);
    struct text word = r ? fact_get_text(r->facts, "identity") : TEXT("auto");
    uint32_t line = 0;
    end->id_at = r;
    if (text_equal(word, TEXT("address")) || (text_equal(word, TEXT("auto")) && own_methods(end, true, &line) == OWN_KEY))
        address_identity(m, end);
    else if (text_equal(word, TEXT("hostname")))
        end->id = host_identity(m, end->device);
    else if (r && text_equal(word, TEXT("key-id")) && fact_get_text(r->facts, "id").len)
        end->id = (struct identity){ ID_KEY_ID, fact_get_text(r->facts, "id") };
}

/* An ASA finds the tunnel-group of a caller by its certificate (`tunnel-group-map`, its OU) or by what that one calls itself, then
 * by its address, else takes the default one. */
static void choose_group(const struct model *m, struct tunnel_end *end, const struct tunnel_end *caller)
{
    const struct record *called = caller->id.type ? config_find(m, end->device, "tunnel-group", caller->id.value) : NULL;
    uint32_t line = 0;
    end->group_unknown = !called && (own_methods(caller, true, &line) & OWN_CERTIFICATE);
    end->path.tunnel_group = called || end->group_unknown ? called
                             : caller->assumed || caller->address.family == ADDRESS_NONE
                                 ? config_find(m, end->device, "tunnel-group", TEXT("DefaultL2LGroup"))
                                 : config_tunnel_group(m, end->device, caller->address);
}

/* Called by anybody, a router takes the profile that the caller's identity finds. */
static void choose_profile(const struct model *m, struct tunnel_end *end, const struct tunnel_end *caller)
{
    const struct record *p = config_profile_for(m, end->device, caller->id.type ? &caller->id : NULL, caller->address,
                                                end->address);
    if (!p && !caller->id.type) /* by its certificate, perhaps: what the template's own names is as good as any */
        return;
    end->path.profile = p;
    end->path.keyring = p ? config_find(m, end->device, "ikev2-keyring", fact_get_text(p->facts, "keyring_local")) : NULL;
}

/* What its configuration says of its own end. */
static void fill_own(const struct model *m, struct tunnel_end *end, const struct tunnel_end *other)
{
    end->path = config_path_to(m, end->device, other->address, end->entry);
    end->asa = config_of_asa(m, end->device);
    if (end->answers && end->asa)
        choose_group(m, end, other);
    else if (end->answers)
        choose_profile(m, end, other);
    end->auth = end->asa ? end->path.tunnel_group : end->path.profile;
    if (end->auth && end->asa)
        asa_identity(m, end);
    else if (end->auth)
        ios_identity(m, end);
}

/* The key of a keyring's only block, if that is for whatever address a caller has. */
static const struct fact *key_for_anybody(struct tunnel_end *end)
{
    const struct record *ring = end->path.keyring;
    const struct fact *block = ring ? fact_members(ring->facts, "peers") : NULL;
    struct address first, last;
    if (!block || block->next || !fact_find(fact_children(block), "keys") ||
        !fact_get_address(fact_children(block), "start", &first) || !fact_get_address(fact_children(block), "end", &last) ||
        range_prefix(first, last) != 0)
        return NULL;
    end->key_at = ring;
    return block;
}

/* What it has for the other end, by what that one will send. */
static void fill_for(const struct model *m, struct tunnel_end *end, const struct tunnel_end *other)
{
    const struct identity *id = other->id.type ? &other->id : NULL;
    if (!end->asa)
        end->profile = config_profile_for(m, end->device, id, other->address, end->address);
    if (end->asa && (end->answers || end->by_name)) {
        const struct record *group = end->path.tunnel_group;
        end->key = group && fact_find(group->facts, "keys") ? group->facts : NULL;
        end->key_at = end->key ? group : NULL;
        return;
    }
    end->key = config_key_for(m, end->device, id, other->address, end->address, &end->key_at);
    if (!end->key && other->assumed && !address_length(other->address))
        end->key = key_for_anybody(end);
}

/* Whatever certificate leads to, it is that tunnel-group. */
static bool lead_only_to(const struct model *m, const struct record *group)
{
    for (const struct record *r = record_next(m, group->device, "tunnel-group-map", NULL); r;
         r = record_next(m, group->device, "tunnel-group-map", r))
        if (!text_equal(fact_get_text(r->facts, "group"), group->title))
            return false;
    return true;
}

/* An ASA that is called finds a tunnel-group by the name that the caller has for himself, if it has none for his address. */
static void choose_named(const struct model *m, struct tunnel_end *end, const struct tunnel_end *caller)
{
    const struct record *by_address = end->path.tunnel_group,
                        *named = end->asa && !end->answers && caller->id.type
                                     ? config_find(m, end->device, "tunnel-group", caller->id.value)
                                     : NULL;
    if (!named || !fact_find(named->facts, "keys") || (by_address && fact_find(by_address->facts, "keys")))
        return;
    end->path.tunnel_group = end->auth = named;
    end->by_name = true;
}

/* A caller's certificate may lead an ASA to another tunnel-group than the address of its peer, which is for what the ASA begins. */
static void doubt_group(const struct model *m, struct tunnel_end *end, const struct tunnel_end *caller)
{
    uint32_t line = 0;
    if (!end->asa || end->answers || !record_next(m, end->device, "tunnel-group-map", NULL) ||
        !(own_methods(caller, true, &line) & OWN_CERTIFICATE) || (own_methods(end, false, &line) & OWN_CERTIFICATE) ||
        (end->path.tunnel_group && lead_only_to(m, end->path.tunnel_group)))
        return;
    end->group_unknown = true;
    end->path.tunnel_group = end->auth = NULL;
}

static void fill(const struct model *m, struct tunnel *t)
{
    for (unsigned i = 0; i < 2; i++)
        if (!t->end[i].answers)
            fill_own(m, &t->end[i], &t->end[1 - i]);
    for (unsigned i = 0; i < 2; i++)
        if (t->end[i].answers)
            fill_own(m, &t->end[i], &t->end[1 - i]);
    for (unsigned i = 0; i < 2; i++)
        choose_named(m, &t->end[i], &t->end[1 - i]);
    for (unsigned i = 0; i < 2; i++)
        doubt_group(m, &t->end[i], &t->end[1 - i]);
    for (unsigned i = 0; i < 2; i++)
        fill_for(m, &t->end[i], &t->end[1 - i]);
}

/* Who refused, where no log tells more than that. */
static enum side refuser_of(const struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, EXCHANGE_IKE_AUTH, NOTIFY_AUTHENTICATION_FAILED, NULL);
    struct heard received = heard(sa, CODE_AUTH_FAILURE_RECEIVED);
    if (sa_up(sa) || heard(sa, CODE_AUTH_VALUE_DIFFERS).note || heard(sa, CODE_CERT_FAILED).note ||
        heard_text(sa, CODE_AUTH_FAILED, "authenticate the IKE SA").note || sa->initiator.eap)
        return SIDE_UNKNOWN;
    return x && x->from    ? side_other((enum side)x->from)
           : received.view ? side_other((enum side)received.view->role)
                           : SIDE_UNKNOWN;
}

static bool tunnel_refused(struct model *m, struct ike_sa *sa, struct tunnel *t, unsigned *here)
{
    enum side refuser = refuser_of(sa);
    uint32_t router = refuser ? router_of(m, sa, refuser) : 0;
    const struct party *parties[2] = { &sa->initiator, &sa->responder };
    if (!router || !config_supplied(m, router) || !record_next(m, router, "interface", NULL))
        return false;
    *here = refuser == SIDE_RESPONDER;
    *t = (struct tunnel){ .sa = sa };
    for (unsigned i = 0; i < 2; i++) {
        struct tunnel_end *end = &t->end[i];
        end->address = parties[i]->endpoint.address;
        end->device = i == *here ? router : router_of(m, sa, i ? SIDE_RESPONDER : SIDE_INITIATOR);
        if (end->device && config_supplied(m, end->device))
            fill_own(m, end, &(struct tunnel_end){ .address = parties[1 - i]->endpoint.address });
    }
    struct tunnel_end *other = &t->end[1 - *here]; /* what was seen of it counts more than what is configured */
    unsigned method = sa_auth_method(sa, side_other(refuser));
    if (parties[1 - *here]->id.type) {
        other->id = parties[1 - *here]->id;
        other->id_at = NULL;
    }
    other->method = own_method_seen(method);
    fill_for(m, &t->end[*here], other);
    return true;
}

void tunnel_refusal(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct tunnel t;
    unsigned here;
    if (r->tunnel_end && !diagnosed(sa, r->id) && tunnel_refused(m, sa, &t, &here))
        r->tunnel_end(m, r, &t, here);
}

bool tunnel_of_sa(const struct model *m, struct ike_sa *sa, struct tunnel *t)
{
    *t = (struct tunnel){ .sa = sa };
    for (unsigned i = 0; i < 2; i++) {
        const enum side side = i ? SIDE_RESPONDER : SIDE_INITIATOR;
        struct tunnel_end *end = &t->end[i];
        end->device = router_of(m, sa, side);
        end->address = address_on(sa, side);
        if (!end->device || !config_supplied(m, end->device))
            return false;
        const struct record *way = config_path_to(m, end->device, address_on(sa, side_other(side)), NULL).interface;
        end->answers = way && text_starts(way->title, TEXT("Virtual-Template"));
        end->entry = end->answers ? way : NULL;
    }
    fill(m, t);
    return true;
}

bool tunnel_key_sure(const struct tunnel *t, unsigned end)
{
    const struct record *at = t->end[end].key_at;
    const struct fact *peers = at ? fact_members(at->facts, "peers") : NULL;
    return !t->end[1 - end].assumed || !peers || !peers->next;
}

struct pairs { /* of ends between which two routers have a tunnel */
    struct tunnel at[TUNNELS];
    size_t count;
};

static void add_pair(struct pairs *p, struct tunnel t)
{
    for (size_t n = 0; n < p->count; n++)
        if (address_equal(p->at[n].end[0].address, t.end[0].address) && address_equal(p->at[n].end[1].address, t.end[1].address))
            return;
    if (p->count < TUNNELS)
        p->at[p->count++] = t;
}

/* The called router knows this caller by an address that nobody here has: a NAT gives it that one. */
static const struct config_way *translated(const struct model *m, const struct config_way *call, const struct router *called)
{
    for (size_t v = 0; v < called->count; v++) {
        const struct config_way *w = &called->ways[v];
        if (w->peer.family && !w->bare && way_sends(w, call->peer) && !config_owner(m, 0, w->peer, NULL) &&
            ways_belong(m, call->entry, w->entry))
            return w;
    }
    return NULL;
}

/* The way by which it waits for anybody; *count: how many there are. */
static const struct config_way *waiting(const struct config_way *call, const struct router *called, size_t *count)
{
    const struct config_way *found = NULL;
    *count = 0;
    for (size_t v = 0; v < called->count; v++)
        if (way_answers(&called->ways[v], call->peer)) {
            found = found ? found : &called->ways[v];
            ++*count;
        }
    return found;
}

/* Does this crypto map entry protect anything of what the caller's does? One of them that has no list may. */
static bool lists_meet(const struct model *m, const struct record *entry, const struct record *call)
{
    const struct record *acl[2] = {
        config_find(m, entry->device, "access-list", fact_get_text(entry->facts, "match_address")),
        config_find(m, call->device, "access-list", fact_get_text(call->facts, "match_address")),
    };
    if (!acl[0] || !acl[1])
        return true;
    bool found = false;
    struct arena *scratch = arena_create();
    const struct selector_pair *theirs = acl_selectors(acl[1], scratch);
    for (const struct selector_pair *p = acl_selectors(acl[0], scratch); p && !found; p = p->next)
        for (const struct selector_pair *q = theirs; q && !found; q = q->next)
            found = selector_meets(&p->local, &q->remote) && selector_meets(&p->remote, &q->local);
    arena_destroy(scratch);
    return found;
}

/* Is that address the peer of entries that are for other networks than the caller's? Then it is another's. */
static bool is_of_another(const struct model *m, const struct router *asa, struct address peer, const struct config_way *call)
{
    bool another = false;
    for (size_t v = 0; v < asa->count; v++)
        if (address_equal(asa->ways[v].peer, peer)) {
            if (lists_meet(m, asa->ways[v].entry, call->entry))
                return false;
            another = true;
        }
    return another;
}

/* May a tunnel-group of this ASA be for the address that a NAT or a provider gives this caller? It is for one that no router here
 * has, and for no other peer. */
static bool group_for_translated(const struct model *m, const struct router *asa, const struct config_way *call)
{
    struct address a;
    for (const struct record *g = record_next(m, asa->device, "tunnel-group", NULL); g;
         g = record_next(m, asa->device, "tunnel-group", g))
        if (address_read(g->title, &a) && address_length(a) && !config_owner(m, 0, a, NULL) && !is_of_another(m, asa, a, call))
            return true;
    return false;
}

/* One end calls the other, which has no way of its own back to it. caller: which end of the tunnels that is. */
static void calls_of(const struct model *m, const struct router *from, const struct router *to, unsigned caller, struct pairs *p)
{
    const bool asa = config_of_asa(m, to->device);
    for (size_t n = 0; n < from->count; n++) {
        const struct config_way *call = &from->ways[n];
        if (call->bare || !leads(m, call, to))
            continue;
        size_t ways = 0;
        const bool moved = way_may_be_translated(call);
        const struct config_way *known = moved && call->own_count == 1 ? translated(m, call, to) : NULL,
                                *waits = known ? NULL : waiting(call, to, &ways);
        struct tunnel t = { .end = { { .device = 0 } } };
        struct tunnel_end *near = &t.end[caller], *far = &t.end[1 - caller];
        if ((!known && !waits) || (waits && moved && asa && group_for_translated(m, to, call)))
            continue;
        near->device = from->device;
        far->device = to->device;
        far->address = call->peer;
        near->own = call->own_count == 1 ? call->own[0] : (struct address){ 0 };
        near->address = known ? known->peer : near->own;
        near->assumed = waits && moved;
        far->answers = waits != NULL;
        far->entry = waits && ways == 1 ? waits->entry : NULL;
        add_pair(p, t);
    }
}

static struct tunnel both_ends(const struct router *i, const struct router *k, struct address one, struct address other)
{
    return (struct tunnel){ .end = { { .device = i->device, .address = one }, { .device = k->device, .address = other } } };
}

/* Each way of the one with each of the other that it fits; where none does, the first of both: what is wrong there may show. */
static void pairs_of(const struct model *m, const struct router *i, const struct router *k, struct pairs *p)
{
    struct address one, other;
    p->count = 0;
    if (!leads_to(m, i, k, true, &other) || !leads_to(m, k, i, true, &one)) {
        calls_of(m, i, k, 0, p);
        calls_of(m, k, i, 1, p);
        return;
    }
    bool back[WAYS] = { false };
    for (size_t v = 0; v < k->count; v++)
        back[v] = leads(m, &k->ways[v], i);
    for (size_t w = 0; w < i->count; w++)
        for (size_t v = leads(m, &i->ways[w], k) ? 0 : k->count; v < k->count; v++)
            if (back[v] && !(i->ways[w].bare && k->ways[v].bare) && fit(&i->ways[w], &k->ways[v]))
                add_pair(p, both_ends(i, k, k->ways[v].peer, i->ways[w].peer));
    if (!p->count && leads_to(m, i, k, false, &other) && leads_to(m, k, i, false, &one))
        add_pair(p, both_ends(i, k, one, other));
}

/* child: it is one of those between the two routers. */
static void ask(struct model *m, const struct rule *r, struct tunnel *t, bool child)
{
    fill(m, t);
    if (child) {
        r->tunnel_child(m, r, t);
        return;
    }
    if (r->tunnel)
        r->tunnel(m, r, t);
    for (unsigned here = 0; here < 2 && r->tunnel_end && !t->ike_up; here++)
        r->tunnel_end(m, r, t, here);
}

/* Once, or for each of several ways between the two addresses. */
static void judge_ways(struct model *m, const struct rule *r, struct tunnel *t, bool children)
{
    struct entry_pair pairs[ENTRIES];
    size_t count = 0;
    const bool waits = t->end[0].answers || t->end[1].answers;
    if (children && waits && !t->end[0].entry && !t->end[1].entry)
        return; /* for one of several templates */
    if (!children || waits ||
        !entry_pairs(m, (uint32_t[2]){ t->end[0].device, t->end[1].device },
                     (struct address[2]){ t->end[0].address, t->end[1].address }, pairs, &count)) {
        ask(m, r, t, children);
        return;
    }
    for (size_t n = 0; n < count; n++) {
        struct tunnel one = *t;
        for (unsigned i = 0; i < 2; i++)
            one.end[i].entry = pairs[n].at[i];
        ask(m, r, &one, children);
    }
}

static void judge_pairs(struct model *m, const struct rule *r, const struct router *i, const struct router *k, bool children)
{
    struct pairs p;
    pairs_of(m, i, k, &p);
    for (size_t n = 0; n < p.count; n++) {
        struct tunnel t = p.at[n];
        if (seen(m, r, &t))
            continue;
        look_at_shows(m, &t);
        judge_ways(m, r, &t, children);
    }
}

static void each(struct model *m, const struct rule *r, bool children)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    struct router routers[ROUTERS_TO_COMPARE];
    size_t count = ways_routers(m, devices);
    struct arena *scratch = arena_create();
    for (size_t i = 0; i < count; i++) {
        routers[i] = (struct router){ .device = devices[i], .ways = arena_array(scratch, struct config_way, WAYS) };
        routers[i].count = ways_of(m, devices[i], routers[i].ways);
        routers[i].count = ways_bare(m, devices[i], routers[i].ways, routers[i].count);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            judge_pairs(m, r, &routers[i], &routers[k], children);
    arena_destroy(scratch);
}

void tunnels_judge(struct model *m, const struct rule *r)
{
    if (r->tunnel || r->tunnel_end)
        each(m, r, false);
    if (r->tunnel_child)
        each(m, r, true);
}

/* ---- findings ---- */

struct text tunnel_name(const struct model *m, const struct tunnel_end *end)
{
    struct text name = device_name(m, end->device);
    return name.len ? name : address_text(end->address, m->run);
}

/* "crypto map CM 20", "Tunnel7" */
static struct text entry_name(const struct model *m, const struct tunnel_end *end)
{
    bool map = end->entry && strcmp(end->entry->name, "crypto-map") == 0;
    return end->entry ? arena_format(m->run, "%s%.*s", map ? "crypto map " : "", TEXT_ARGS(end->entry->title)) : TEXT("");
}

/* about: what tells one tunnel of the two routers from another. */
static bool begin(struct diagnosis *d, struct model *m, const struct rule *r, const struct tunnel *t, unsigned here,
                  enum confidence confidence, struct text about)
{
    const struct tunnel_end *this_end = &t->end[here], *that = &t->end[1 - here];
    enum side side = !t->sa ? SIDE_UNKNOWN : here ? SIDE_RESPONDER : SIDE_INITIATOR;
    if (!diagnosis_begin(
            d, m, r, t->sa, side, confidence,
            arena_format(m->run, "%u>%u %.*s", (unsigned)this_end->device, (unsigned)that->device, TEXT_ARGS(about))))
        return false;
    if (t->failed)
        diagnosis_severity(d, SEVERITY_WARNING);
    diagnosis_concerns(d, this_end->address, that->address);
    diagnosis_word(d, "here_name", tunnel_name(m, this_end));
    diagnosis_word(d, "there_name", tunnel_name(m, that));
    diagnosis_word(d, "here_address", this_end->address.family ? address_text(this_end->address, m->run) : TEXT(""));
    diagnosis_word(d, "there_address", that->address.family ? address_text(that->address, m->run) : TEXT(""));
    if (this_end->entry && that->entry)
        diagnosis_word(d, "which",
                       arena_format(m->run, "(%.*s at %.*s, %.*s at %.*s)", TEXT_ARGS(entry_name(m, that)),
                                    TEXT_ARGS(tunnel_name(m, that)), TEXT_ARGS(entry_name(m, this_end)),
                                    TEXT_ARGS(tunnel_name(m, this_end))));
    const struct exchange *x = t->sa ? exchange_refused(t->sa, EXCHANGE_IKE_AUTH, NOTIFY_AUTHENTICATION_FAILED, NULL) : NULL;
    if (x)
        quote_leg(d, x, &x->response, "AUTHENTICATION_FAILED");
    if (t->sa)
        quote_note(d, heard(t->sa, CODE_AUTH_FAILURE_RECEIVED));
    return true;
}

static struct text addresses_of(struct model *m, const struct tunnel *t)
{
    return arena_format(m->run, "%.*s %.*s %.*s %.*s", TEXT_ARGS(address_text(t->end[0].address, m->run)),
                        TEXT_ARGS(address_text(t->end[1].address, m->run)), TEXT_ARGS(entry_name(m, &t->end[0])),
                        TEXT_ARGS(entry_name(m, &t->end[1])));
}

bool tunnel_diagnosis(struct diagnosis *d, struct model *m, const struct rule *r, const struct tunnel *t, unsigned here,
                      enum confidence confidence)
{
    return begin(d, m, r, t, here, confidence, addresses_of(m, t));
}

bool tunnel_diagnosis_of(struct diagnosis *d, struct model *m, const struct rule *r, const struct tunnel *t, unsigned here,
                         struct text about)
{
    return begin(d, m, r, t, here, CONFIDENCE_LIKELY, about);
}

void tunnel_to_come(struct diagnosis *d, const struct tunnel *t)
{
    if (t->failed)
        diagnosis_more(d, "What was seen of the two failed before it came to this, which will fail in its turn.");
}

void tunnel_advise(struct diagnosis *d, const struct tunnel *t, unsigned end, const char *ios, const char *asa)
{
    const struct tunnel_end *own = &t->end[end];
    d->entry = own->entry;
    diagnosis_advise_router(d, own->device, own->address, t->end[1 - end].address, own->asa ? asa : ios);
    d->entry = NULL;
}
