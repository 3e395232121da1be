#include "analysis/by_address.h"

#include "analysis/symptoms.h"

/* Does this SA run between the event's addresses? Unknown addresses do not contradict. */
bool by_address_fits(const struct ike_sa *sa, const struct event *e)
{
    struct address remote = e->remote.address;
    const struct view *v = sa_view_seen(sa, e);
    if (v && address_equal(remote, v->remote.address)) /* where the log does not tell who began, its view alone names them */
        return true;
    bool known = sa->initiator.endpoint.address.family != ADDRESS_NONE || sa->responder.endpoint.address.family != ADDRESS_NONE;
    return known &&
           (address_equal(remote, sa->initiator.endpoint.address) || address_equal(remote, sa->responder.endpoint.address));
}

/* Debugs showed it to this observer; an SA of syslog lines alone has neither SPIs nor a slot. */
bool by_address_of_debugs(const struct ike_sa *sa, const struct event *e)
{
    const struct view *v = sa_view_seen(sa, e);
    return v && (spi_known(sa->spi_i) || v->has_sa_id);
}

/* "%ASA-5-750002: Local:… Remote:… Received a IKE_INIT_SA request", "750001 … to establish an IPsec tunnel": an attempt begins.
 */
static bool opens_attempt(const struct event *e)
{
    return (e->code == CODE_REQUEST_RECEIVED || e->code == CODE_TUNNEL_REQUESTED) && (e->has & HAS_REMOTE) &&
           e->remote.address.family != ADDRESS_NONE;
}

enum { AGAIN_AT_ONCE_NS = 1000000000 };

/* Peers behind one NAT have one address, and each a port of its own. */
static bool of_other_port(const struct ike_sa *sa, const struct event *e)
{
    const struct view *v = sa_view_seen(sa, e);
    return v && (e->has & HAS_REMOTE) && v->remote.port && e->remote.port && v->remote.port != e->remote.port &&
           address_equal(v->remote.address, e->remote.address);
}

/* A syslog line by which an attempt ends or an SA comes up: behind the end of one attempt it is another's, but for the general
 * words that follow the particular ones in the same second. */
bool by_address_another(const struct ike_sa *sa, const struct event *e)
{
    if (e->code == CODE_NEGOTIATION_ABORTED && !heard(sa, CODE_NEGOTIATION_ABORTED).note && e->time.kind &&
        sa->last_ns != TIME_UNKNOWN && e->time.ns - sa->last_ns <= AGAIN_AT_ONCE_NS)
        return false;
    bool up = e->code == CODE_SA_CREATED || e->code == CODE_SESSION_UP;
    bool begins = e->code == CODE_NEGOTIATION_ABORTED || up || opens_attempt(e);
    bool over = sa->failed || sa->deleted ||
                (sa->established && (e->code == CODE_REQUEST_RECEIVED || (up && of_other_port(sa, e))));
    return begins && over && !by_address_of_debugs(sa, e);
}

static void peer_key(const struct event *e, struct peers *p)
{
    struct address local = e->has & HAS_LOCAL ? e->local.address : (struct address){ 0 };
    memcpy(p->key, &local, sizeof local);
    memcpy(p->key + sizeof local, &e->remote.address, sizeof local);
    memcpy(p->key + 2 * sizeof local, &e->input, sizeof e->input);
}

/* "%IKEV2-5-SA_UP: SA UP" and, at once, the tunnel's own message, which names the peer: one and the same SA. */
struct ike_sa *by_address_at_once(struct associations *a, const struct observer *o, const struct event *e)
{
    struct ike_sa *sa = e->code == CODE_SESSION_UP ? o->last : NULL;
    const struct view *v = sa ? sa_view_seen(sa, e) : NULL;
    bool at_once = v && (!e->time.kind || v->last_ns == TIME_UNKNOWN || e->time.ns - v->last_ns <= AGAIN_AT_ONCE_NS);
    if (!at_once || !sa_is_up(sa) || by_address_of_debugs(sa, e) || v->remote.address.family ||
        sa->initiator.endpoint.address.family || sa->responder.endpoint.address.family)
        return NULL;
    struct peers *p = arena_new(a->model->run, struct peers);
    peer_key(e, p);
    p->sa = sa;
    map_put(&a->by_peer, bytes_over(p->key, sizeof p->key), p);
    return sa;
}

/* Lines of a log that only names addresses (syslog, event trace without SPIs) meet in one SA an observer and peer. */
struct ike_sa *by_address_peer(struct associations *a, const struct event *e, bool make)
{
    struct peers probe = { 0 };
    peer_key(e, &probe);
    struct peers *p = map_find(&a->by_peer, bytes_over(probe.key, sizeof probe.key));
    if (p) {
        p->before = sa_still_here(p->before);
        p->sa = p->sa->gone && p->before ? p->before : p->sa;
        p = p->sa->gone ? NULL : p;
    }
    if (p && e->code == CODE_SESSION_DOWN && p->before && sa_is_up(p->before))
        return p->before; /* the new one came up before the old one went */
    struct ike_sa *before = NULL;
    if (p && make && ((p->sa->deleted && e->code != CODE_SESSION_DOWN) || by_address_another(p->sa, e))) {
        before = sa_is_up(p->sa) ? p->sa : p->before && sa_is_up(p->before) ? p->before : NULL;
        p = NULL; /* the peer came back: another SA */
    }
    if (p || !make)
        return p ? p->sa : NULL;
    p = arena_new(a->model->run, struct peers);
    *p = probe;
    p->before = before;
    p->sa = associations_make(a, (struct spi){ 0 }, (struct spi){ 0 }, e->input);
    if (!p->sa)
        return NULL;
    map_put(&a->by_peer, bytes_over(p->key, sizeof p->key), p);
    return p->sa;
}

/* Lines that tell of an SA's end come after it gave its slot back. */
static bool tells_an_end(const struct event *e)
{
    return e->code == CODE_SESSION_DOWN || e->code == CODE_DELETE_REASON || e->severity >= SEVERITY_ERROR;
}

/* How well an SA whose debugs name no address fits a syslog line that does: the peer may be called by it as its identity, and
 * what comes up is no SA that is still being made. */
static unsigned nameless_fit(const struct ike_sa *sa, const struct event *e)
{
    const struct view *v = sa_view_seen(sa, e);
    struct address id;
    bool is_called = v && v->said && address_read(v->said->peer.value, &id) && address_equal(id, e->remote.address);
    return (is_called ? 4 : 0) + (e->code != CODE_SESSION_UP || sa_is_up(sa) ? 2 : 0) + 1;
}

/* The newest SA with SPIs that this observer has with the event's peer: a syslog line among debugs names addresses alone. Where
 * the debugs named none (IOS does not), the one of those without that fits best, or the newest, is the best guess. */
struct ike_sa *by_address_known(const struct associations *a, const struct event *e)
{
    struct ike_sa *nameless = NULL;
    unsigned best = 0;
    for (uint32_t back = 1; back <= LAST_MADE && back <= a->made; back++) {
        struct ike_sa *sa = a->recent[(a->made - back) % LAST_MADE];
        if (!sa || ((sa->deleted || sa->failed) && !tells_an_end(e)) || !by_address_of_debugs(sa, e))
            continue;
        if (by_address_fits(sa, e))
            return sa;
        bool known = sa->initiator.endpoint.address.family != ADDRESS_NONE ||
                     sa->responder.endpoint.address.family != ADDRESS_NONE;
        unsigned fit = known ? 0 : nameless_fit(sa, e);
        if (fit > best) {
            best = fit;
            nameless = sa;
        }
    }
    return nameless;
}

/* The newest SA between the two ends of a packet of which a capture shows no more than its addresses, as an ICMP error quotes it.
 */
struct ike_sa *by_address_between(const struct associations *a, const struct event *e)
{
    for (uint32_t back = 1; back <= LAST_MADE && back <= a->made; back++) {
        struct ike_sa *sa = a->recent[(a->made - back) % LAST_MADE];
        struct address i = sa ? sa->initiator.endpoint.address : (struct address){ 0 },
                       r = sa ? sa->responder.endpoint.address : (struct address){ 0 };
        if ((address_equal(i, e->local.address) && address_equal(r, e->remote.address)) ||
            (address_equal(r, e->local.address) && address_equal(i, e->remote.address)))
            return sa;
    }
    return NULL;
}

/* The newest SA that was last heard of from the event's port, where a NAT gave the peer one: others behind it have theirs. */
struct ike_sa *by_address_port(const struct associations *a, const struct event *e)
{
    const uint16_t port = e->has & HAS_REMOTE ? e->remote.port : 0;
    if (!port || port == PORT_IKE || port == PORT_NATT)
        return NULL;
    for (uint32_t back = 1; back <= LAST_MADE && back <= a->made; back++) {
        struct ike_sa *sa = a->recent[(a->made - back) % LAST_MADE];
        const struct view *v = sa && !sa->gone && ((!sa->deleted && !sa->failed) || tells_an_end(e)) ? sa_view_seen(sa, e) : NULL;
        if (v && endpoint_equal(v->remote, e->remote))
            return sa;
    }
    return NULL;
}

/* "113019 …, IP = 10.0.0.2, Session disconnected. …": the SA with that peer that is up, however long nothing was said of it. */
struct ike_sa *by_address_up(const struct associations *a, const struct event *e)
{
    struct address peer;
    if (e->code != CODE_SESSION_DOWN || (e->has & HAS_REMOTE) || !fact_get_address(e->facts, "peer_address", &peer))
        return NULL;
    for (uint32_t back = 1; back <= LAST_MADE && back <= a->made; back++) {
        struct ike_sa *sa = a->recent[(a->made - back) % LAST_MADE];
        const struct view *v = sa && sa_is_up(sa) && !sa->gone ? sa_view_seen(sa, e) : NULL;
        if (v && (address_equal(v->remote.address, peer) || address_equal(sa->initiator.endpoint.address, peer) ||
                  address_equal(sa->responder.endpoint.address, peer)))
            return sa;
    }
    return NULL;
}

/* Events that stand for themselves: they show an SA even where nothing else of it was logged. */
bool by_address_shows(const struct event *e)
{
    switch (e->code) {
    case CODE_SESSION_UP:
    case CODE_SESSION_DOWN:
    case CODE_SA_CREATED:
    case CODE_ADDRESS_ASSIGNED:
    case CODE_NEGOTIATION_ABORTED:
    case CODE_REQUEST_REJECTED:
    case CODE_ENCRYPTION_TOO_WEAK:
    case CODE_CRYPTO_MAP_POLICY_NOT_FOUND:
    case CODE_COOKIE_SENT:
        return true;
    case CODE_REQUEST_RECEIVED:
    case CODE_TUNNEL_REQUESTED:
        return opens_attempt(e);
    default: /* "%ASA-3-751009: Local:… Remote:… Unable to find tunnel group for peer." */
        return e->message || (e->severity >= SEVERITY_ERROR && (e->has & HAS_LOCAL) && e->local.address.family != ADDRESS_NONE);
    }
}
