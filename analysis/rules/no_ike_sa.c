/* A router lists no IKE SA at all: at that moment nothing had been tried, or every attempt had failed and was gone. */
#include "analysis/reach.h"
#include "analysis/ways.h"

static const char *const on_ios[] = {
    "is anything asking for it: send a packet that belongs into the tunnel (`ping REMOTE-HOST source LOCAL-HOST`), then at once "
    "`show crypto session`: DOWN says that nothing was tried, DOWN-NEGOTIATING that it is being tried",
    "is its crypto applied and its interface up: `show crypto map` (Interfaces using it), `show {ip} interface brief` (a tunnel "
    "interface is up/up), `show {ip} route {peer}`",
    "what did earlier attempts end with: `show crypto ikev2 diagnose error`, `show crypto ikev2 stats exchange`",
    "collect the next attempt: `debug crypto condition peer {family} {peer}`, `debug crypto ikev2`, `debug crypto ikev2 "
    "error`, then send that packet again; the same at the peer",
};
static const char *const on_asa[] = {
    "is anything asking for it: `packet-tracer input inside icmp LOCAL-HOST 8 0 REMOTE-HOST detailed`, twice: it shows whether "
    "the packet goes into the tunnel (Phase VPN), and if not, what takes it before (NAT, route, access list)",
    "is its crypto applied and its interface up: `show run crypto map`, `show run crypto ikev2` (`crypto ikev2 enable outside`), "
    "`show interface ip brief`, `show route {peer}`",
    "what did earlier attempts end with: `show vpn-sessiondb detail l2l`, `show logging | include 750|751`",
    "collect the next attempt: `debug crypto condition peer {peer}`, `debug crypto ikev2 protocol 127`, `debug crypto ikev2 "
    "platform 127`, then the packet-tracer again; the same at the peer",
};

enum { PEERS_NAMED = 4 };

struct empty { /* of one router */
    struct model *m;
    uint32_t device;
    const struct record *list; /* what is empty; unlisted: what tells of no SA where the list itself was not asked for */
    bool unlisted;
    bool elsewhere; /* an error in a configuration explains it */
    struct address peers[PEERS_NAMED], local;
    size_t peer_count;
    const struct record *where; /* show output that says more of it, and the line there */
    uint32_t line;
    const struct record *ikev1; /* an IKE SA of IKEv1 is up */
    const struct record *tried; /* one of IKEv1 is there that is not, and this is it */
    const struct fact *attempt;
    struct text interface; /* of its session */
    struct reach down;     /* an interface that the tunnel needs */
    bool session;          /* one is down */
    bool trying;           /* ... and is just being negotiated */
    bool carries;          /* IPsec SAs are there all the same */
    uint64_t lost;         /* packets that could not be sent */
};

static void add_peer(struct empty *x, struct address peer)
{
    for (size_t i = 0; i < x->peer_count && i < PEERS_NAMED; i++)
        if (address_equal(x->peers[i], peer))
            return;
    if (!peer.family)
        return;
    if (x->peer_count < PEERS_NAMED)
        x->peers[x->peer_count] = peer;
    x->peer_count++;
}

/* Everything was asked for, or all of one peer: a filter, or a VRF, leaves others out. */
static bool asks_for_all(const struct record *r, struct address *peer)
{
    struct text word, rest = r->title;
    bool behind = false;
    peer->family = ADDRESS_NONE;
    while (text_word(&rest, &word)) {
        if (!behind)
            behind = text_starts_nocase(word, TEXT("sa")) || text_starts_nocase(word, TEXT("se"));
        else if (text_starts_nocase(word, TEXT("re")))
            return text_word(&rest, &word) && address_read(word, peer);
        else if (!text_starts_nocase(word, TEXT("det")))
            return false;
    }
    return true;
}

/* The routers of which some IKE SA was seen, whatever became of it: its own findings say more. */
static void have_sas(const struct model *m, bool *has)
{
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        for (const struct view *v = sa->views; v; v = v->next)
            if (!v->wire)
                has[device_one(m, v->device)] = true;
        has[router_of(m, sa, SIDE_INITIATOR)] = has[router_of(m, sa, SIDE_RESPONDER)] = true;
    }
}

static void look_at_flows(struct empty *x)
{
    for (const struct record *r = record_next(x->m, x->device, "show crypto ipsec sa", NULL); r;
         r = record_next(x->m, x->device, "show crypto ipsec sa", r))
        for (const struct fact *g = fact_members(r->facts, "flows"); g; g = g->next) {
            const struct fact *f = fact_children(g), *errors = fact_find(f, "send_errors");
            struct address peer = { 0 };
            x->carries = x->carries || fact_find(f, "sas") || fact_find(f, "outbound_spi");
            if (fact_get_address(f, "remote_endpoint", &peer) || fact_get_address(f, "peer", &peer))
                add_peer(x, peer);
            if (!x->local.family && !fact_get_address(f, "local_endpoint", &x->local))
                (void)fact_get_address(f, "local_address", &x->local);
            if (errors && errors->kind == FACT_NUMBER && errors->as.number) {
                x->lost += errors->as.number;
                x->where = r;
                x->line = errors->line;
            }
        }
}

/* "IKEv1 SA: local A/500 remote B/500 Inactive" of a session; one of IKEv2 beside it is what is tried. */
static void look_at_tried(struct empty *x, const struct record *r, const struct fact *session)
{
    const struct fact *found = NULL;
    for (const struct fact *g = fact_members(session, "ike_sas"); g; g = g->next) {
        uint64_t version = 0;
        if ((fact_get_number(fact_children(g), "version", &version) && version != 1) ||
            text_starts(fact_get_text(fact_children(g), "status"), TEXT("Active")))
            return;
        found = found ? found : g;
    }
    if (found && !x->attempt) {
        x->attempt = found;
        x->tried = r;
    }
}

static void look_at_sessions(struct empty *x)
{
    for (const struct record *r = record_next(x->m, x->device, "show crypto session", NULL); r;
         r = record_next(x->m, x->device, "show crypto session", r))
        for (const struct fact *g = fact_members(r->facts, "sessions"); g; g = g->next) {
            const struct fact *f = fact_children(g), *status = fact_find(f, "status");
            const struct text said = fact_get_text(f, "status");
            struct address peer = { 0 };
            x->carries = x->carries || text_starts(said, TEXT("UP"));
            if (!text_starts(said, TEXT("DOWN")))
                continue;
            x->session = true;
            look_at_tried(x, r, f);
            if (fact_get_address(f, "peer", &peer))
                add_peer(x, peer);
            bool trying = text_starts(said, TEXT("DOWN-NEGOTIATING"));
            x->interface = x->interface.len ? x->interface : fact_get_text(f, "interface");
            if (!x->where || (trying && !x->trying)) {
                x->where = r;
                x->line = status->line ? status->line : g->line;
            }
            x->trying = x->trying || trying;
        }
}

static void look_at_ikev1(struct empty *x)
{
    for (const struct record *r = record_next(x->m, x->device, "show crypto isakmp sa", NULL); r;
         r = record_next(x->m, x->device, "show crypto isakmp sa", r))
        for (const struct fact *g = fact_members(r->facts, "sas"); g; g = g->next) {
            const struct fact *up = fact_find(fact_children(g), "up");
            if (up && up->as.number)
                x->ikev1 = r;
            else if (up && !x->attempt) {
                x->attempt = g;
                x->tried = r;
            }
        }
}

static void look_at_configuration(struct empty *x)
{
    struct config_way *ways = memory_take(WAYS * sizeof *ways);
    const size_t count = ways_of(x->m, x->device, ways);
    for (size_t i = 0; i < count; i++) {
        add_peer(x, ways[i].peer);
        if (!x->local.family && ways[i].own_count)
            x->local = ways[i].own[0];
    }
    memory_free(ways);
}

static void look_at_interfaces(struct empty *x)
{
    const struct address nobody = { 0 };
    if (x->interface.len)
        x->down = reach_down(x->m, x->device, x->interface, nobody);
    if (!x->down.record && x->local.family)
        x->down = reach_down(x->m, x->device, TEXT(""), x->local);
    if (!x->down.record)
        x->down = reach_down(x->m, x->device, TEXT(""), nobody);
}

static struct text peers_text(const struct empty *x)
{
    struct text all = { NULL, 0 };
    const size_t named = x->peer_count < PEERS_NAMED ? x->peer_count : PEERS_NAMED;
    for (size_t i = 0; i < named; i++)
        all = arena_format(x->m->run, "%.*s%s%.*s", TEXT_ARGS(all), i ? ", " : "",
                           TEXT_ARGS(address_text(x->peers[i], x->m->run)));
    if (x->peer_count > named)
        all = arena_format(x->m->run, "%.*s and others", TEXT_ARGS(all));
    return all;
}

/* An error that is of no IKE SA: that of a configuration. */
static bool explained(const struct model *m)
{
    for (const struct finding *f = m->findings; f; f = f->next)
        if (f->severity == SEVERITY_ERROR && !f->ike_sa)
            return true;
    return false;
}

/* The first line that says something. */
static uint32_t first_word(const struct record *r)
{
    uint32_t line = r->first_line;
    while (line < r->last_line && text_trim(record_line(r, line)).len == 0)
        line++;
    return line;
}

/* "203.0.113.1 asks 203.0.113.2 (MM_NO_STATE)" of IOS, "towards 203.0.113.2 (MM_WAIT_MSG2)" of an ASA. */
static struct text attempt_text(const struct empty *x)
{
    const struct fact *f = fact_children(x->attempt);
    struct arena *run = x->m->run;
    struct text state = fact_get_text(f, "state");
    struct address from, to;
    if (fact_get_address(f, "initiator", &from) && fact_get_address(f, "responder", &to))
        return arena_format(run, "%.*s asks %.*s (%.*s)", TEXT_ARGS(address_text(from, run)), TEXT_ARGS(address_text(to, run)),
                            TEXT_ARGS(state));
    if (fact_get_address(f, "peer", &to))
        return arena_format(run, "towards %.*s (%.*s)", TEXT_ARGS(address_text(to, run)), TEXT_ARGS(state));
    if (fact_get_address(f, "local", &from) && fact_get_address(f, "remote", &to))
        return arena_format(run, "between %.*s and %.*s", TEXT_ARGS(address_text(from, run)), TEXT_ARGS(address_text(to, run)));
    return state;
}

static const char *const ikev1_on_ios[] = {
    "where this tunnel is to use IKEv2, its crypto map entry or IPsec profile has to name an IKEv2 profile; without one IOS "
    "speaks IKEv1: `show crypto map`, `show crypto ipsec profile`; `crypto map MAP SEQ ipsec-isakmp` (or `crypto ipsec profile "
    "{holder}`) / `set ikev2-profile PROFILE`",
    "or it is the other end that speaks IKEv1: look for the same there",
};
static const char *const ikev1_on_asa[] = {
    "where this tunnel is to use IKEv2, its crypto map entry has to name an IKEv2 proposal; without one an ASA speaks IKEv1: "
    "`show run crypto map`; `crypto map MAP SEQ set ikev2 ipsec-proposal NAME`, and IKEv2 keys in the tunnel-group",
    "or it is the other end that speaks IKEv1: look for the same there",
};

/* The only IPsec profile of the router that has no IKEv2 profile, as far as it was supplied. */
static struct text without_ikev2(const struct empty *x)
{
    struct text found = { NULL, 0 };
    for (const struct record *r = record_next(x->m, x->device, "ipsec-profile", NULL); r;
         r = record_next(x->m, x->device, "ipsec-profile", r)) {
        if (fact_find(r->facts, "ikev2_profile") || text_equal(r->title, TEXT("default")))
            continue;
        if (found.len)
            return TEXT("NAME");
        found = r->title;
    }
    return found.len ? found : TEXT("NAME");
}

static void advise_ikev1(struct empty *x, struct diagnosis *d, bool asa)
{
    const struct address peer = x->peer_count == 1 ? x->peers[0] : (struct address){ 0 };
    diagnosis_word(d, "holder", without_ikev2(x));
    for (size_t i = 0; i < COUNT_OF(ikev1_on_ios); i++)
        diagnosis_advise_router(d, x->device, x->local, peer, asa ? ikev1_on_asa[i] : ikev1_on_ios[i]);
}

static void advise(struct empty *x, struct diagnosis *d, bool asa)
{
    const struct address peer = x->peer_count == 1 ? x->peers[0] : (struct address){ 0 };
    struct reach ping = { NULL, NULL };
    for (size_t i = 0; i < x->peer_count && i < PEERS_NAMED && !ping.record; i++)
        ping = reach_pinged(x->m, x->device, x->peers[i]);
    if (x->down.record)
        reach_tell_down(d, x->device, x->local, peer, x->down);
    if (ping.record)
        reach_tell_ping(d, ping);
    for (size_t i = x->lost ? 1 : 0; i < COUNT_OF(on_ios); i++) /* what is lost asks for it */
        diagnosis_advise_router(d, x->device, x->local, peer, asa ? on_asa[i] : on_ios[i]);
}

static void tell(struct empty *x, const struct rule *r)
{
    const bool asa = platform_of_router(x->m, x->device) == PLATFORM_ASA;
    struct diagnosis d;
    if (!diagnosis_begin(&d, x->m, r, NULL, SIDE_UNKNOWN, x->unlisted && !x->session ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN,
                         arena_format(x->m->run, "%u", (unsigned)x->device)))
        return;
    if (x->carries || x->elsewhere || x->ikev1 || x->m->ike_sas) /* one of these may be the other end's of the same tunnel */
        diagnosis_severity(&d, x->carries || x->ikev1 || x->elsewhere ? SEVERITY_NOTE : SEVERITY_WARNING);
    diagnosis_word(&d, "router", device_name_or(x->m, x->device, TEXT("The router")));
    diagnosis_word(&d, "peers", peers_text(x));
    diagnosis_count(&d, "lost", x->lost, "packet", "packets");
    if (x->attempt)
        diagnosis_word(&d, "attempt", attempt_text(x));
    diagnosis_say(&d, NULL,
                  !x->unlisted ? "{router} lists no IKE SA when asked with `show crypto ikev2 sa`[[, none with {peers}]]."
                  : x->session ? "{router} shows its session[[ with {peers}]] as DOWN: there is no IKE SA."
                               : "{router} shows no IPsec SA for the traffic[[ to {peers}]] that belongs into the tunnel.");
    if (x->ikev1)
        diagnosis_more(&d, "An IKE SA of IKEv1 is up there: where the tunnel is one of IKEv1, this is as it should be.");
    else if (x->carries)
        diagnosis_more(&d, "Its IPsec SAs are up all the same: IKEv1 made them (`show crypto isakmp sa`), or it was asked before "
                           "they came up.");
    else if (x->attempt)
        diagnosis_more(&d, "What is tried is IKEv1, and it does not come up: {attempt}.");
    else if (x->trying)
        diagnosis_more(&d, "Its session is DOWN-NEGOTIATING: it is being tried, and every attempt so far has failed.");
    else if (x->lost)
        diagnosis_more(&d, "There is traffic for the tunnel, {lost} that could not be sent, so it was tried, and every attempt "
                           "has failed and is gone.");
    else if (!x->elsewhere && !x->down.record)
        diagnosis_more(&d, "At that moment nothing had even been tried (no packet asked for the tunnel, or its crypto is not "
                           "applied or its interface down), or every attempt had failed and was gone.");
    if (x->elsewhere)
        diagnosis_more(&d, "What else was found explains it.");
    if (!x->unlisted)
        finding_quote(x->m, d.f, x->list, first_word(x->list));
    if (x->where)
        finding_quote(x->m, d.f, x->where, x->line);
    if (x->ikev1)
        finding_quote(x->m, d.f, x->ikev1, 0);
    if (x->carries || x->ikev1)
        return;
    if (x->attempt) {
        finding_quote(x->m, d.f, x->tried, x->attempt->line);
        advise_ikev1(x, &d, asa);
        return;
    }
    advise(x, &d, asa);
}

static void look(struct empty *x)
{
    look_at_ikev1(x);
    look_at_sessions(x);
    look_at_flows(x);
    look_at_configuration(x);
    look_at_interfaces(x);
}

/* Where the list of IKE SAs was not asked for, these may tell that there is none, or that packets find no SA. */
static bool may_tell_of_none(const struct record *r)
{
    return strcmp(r->name, "show crypto session") == 0 || strcmp(r->name, "show crypto ipsec sa") == 0;
}

/* What heads an SA stands there, and the SA does not: the text was cut behind it, or what follows was left out. Or IOS's second list
 * stands there, of IPv6, and the first one does not, which it prints as well: the text was cut in front of it. */
static bool lost_its_sas(const struct record *list)
{
    static const char *const heads[] = { "Tunnel-id", "Session-id", "IKEv2 SAs:" };
    bool headed = false, first = false, second = false;
    for (uint32_t line = list->first_line; line && line <= list->last_line; line++) {
        const struct text t = text_trim(record_line(list, line));
        if (text_starts(t, TEXT("There are no IKEv2")))
            return false;
        first |= text_starts(t, TEXT("IPv4 Crypto IKEv2"));
        second |= text_starts(t, TEXT("IPv6 Crypto IKEv2"));
        for (size_t i = 0; i < COUNT_OF(heads); i++)
            headed |= text_starts(t, text_of(heads[i]));
    }
    return headed || (second && !first);
}

static void judge(struct model *m, const struct rule *r)
{
    bool *has = memory_take((m->device_count + 1) * sizeof *has), *told = memory_take((m->device_count + 1) * sizeof *told);
    const bool elsewhere = explained(m); /* and not what is found here */
    have_sas(m, has);
    for (const struct record *list = m->records; list; list = list->next) {
        struct empty x = { .m = m, .device = list->device, .list = list, .elsewhere = elsewhere };
        const uint32_t router = device_one(m, list->device);
        struct address peer;
        if (has[router] || !record_lists_sas(list) || fact_find(list->facts, "sas") || !asks_for_all(list, &peer) ||
            lost_its_sas(list))
            continue;
        add_peer(&x, peer);
        if (!peer.family && !told[router]) /* told again, it is only counted */
            look(&x);
        told[router] = true;
        tell(&x, r);
    }
    for (const struct record *list = m->records; list; list = list->next) {
        struct empty x = { .m = m, .device = list->device, .list = list, .elsewhere = elsewhere, .unlisted = true };
        const uint32_t router = device_one(m, list->device);
        if (has[router] || told[router] || !may_tell_of_none(list))
            continue;
        told[router] = true; /* or looked at: what it tells does not hang on which of them it is */
        look(&x);
        if (!x.carries && (x.session || x.lost))
            tell(&x, r);
    }
    memory_free(has);
    memory_free(told);
}

const struct rule rule_no_ike_sa = {
    .id = "no-ike-sa",
    .severity = SEVERITY_ERROR,
    .rank = 62,
    .title = "There is no IKE SA",
    .meaning = "`show crypto ikev2 sa` of a router lists nothing: at that moment nothing had been tried, or every attempt had "
               "failed and was gone. A router keeps no IKE SA that failed.",
    .advice =
        "See whether anything asks for the tunnel, whether its crypto map or tunnel protection is applied and the interface "
        "up; then let it try again with the debugs on.",
    .whole = judge,
};
