/* A configuration that cannot work as it stands, told without any log: names that lead nowhere, crypto that is applied nowhere,
 * what IKEv2 needs and is not there. What is missing is only said of configurations that are whole. */
#include "analysis/evidence_words.h"
#include "analysis/faults.h"
#include "analysis/quote.h"
#include "analysis/references.h"
#include "analysis/sas_at.h"
#include "analysis/ways.h"

/* ---- names that lead nowhere ---- */

static void judge_dangling(void *context, const struct dangling *n)
{
    const struct faults *x = context;
    struct diagnosis d;
    if (!x->whole && !n->near.len) /* it may stand in a part that is not here */
        return;
    if (!fault_begin(x, &d, n->define, n->name, x->whole))
        return;
    diagnosis_word(&d, "what", text_of(n->what));
    diagnosis_word(&d, "name", n->name);
    diagnosis_word(&d, "near", n->near);
    const bool asa_list = x->asa && strncmp(n->define, "ip access-list", 14) == 0;
    diagnosis_word(&d, "define", text_of(asa_list ? "access-list" : n->define));
    diagnosis_word(&d, "more", text_of(asa_list ? "extended permit ip ..." : n->more));
    diagnosis_say(&d, "The configuration names what it does not have",
                  "{router} is to use {what} {name}, and its configuration has none of that name[[; it has {near}]].");
    const bool interface = strcmp(n->what, "the interface") == 0;
    fault_advise(
        x, &d,
        interface && x->asa ? "name [[{near}, if that is meant, or else ]]one of those that are there: `show nameif`"
        : n->near.len       ? "if {near} is meant, name that; else `{define} {name}[[ {more}]]`"
        : strcmp(n->what, "the trustpoint") == 0
            ? "`{define} {name}` with its enrollment, then `crypto pki authenticate {name}` and `crypto pki enroll {name}` (ASA: "
              "`crypto ca`); or name the trustpoint that is there"
        : strcmp(n->define, "interface") == 0 && !n->more[0]
            ? "`interface {name}` / `ip address ADDRESS MASK`, or name the one that is meant: `show ip interface brief`"
            : "`{define} {name}[[ {more}]]`, or name the one that is meant");
    finding_quote(x->m, d.f, n->holder, n->line);
}

static void check_references(struct faults *x)
{
    const struct record *policy = x->path.profile ? config_find(x->m, x->device, "ikev2-authorization",
                                                                fact_get_text(x->path.profile->facts, "aaa_policy"))
                                                  : NULL;
    const struct record *holders[] = { x->way->entry, x->path.ipsec_profile, x->path.profile, policy,
                                       x->asa ? x->path.tunnel_group : NULL };
    for (size_t i = 0; i < COUNT_OF(holders); i++)
        if (holders[i])
            references_each(x->m, holders[i], judge_dangling, x);
    static const char *const of_all[] = { "ikev2-policy", "tunnel-group-map", "crypto-map-binding" };
    for (size_t i = 0; i < COUNT_OF(of_all) && !x->policies_told; i++)
        for (const struct record *r = record_next(x->m, x->device, of_all[i], NULL); r;
             r = record_next(x->m, x->device, of_all[i], r))
            references_each(x->m, r, judge_dangling, x);
    x->policies_told = true;
}

/* ---- what stands in its own way ---- */

/* The group policy of the peer's tunnel-group, or the one that all inherit from, which tells the protocols. */
static const struct fact *allowed_protocols(const struct faults *x, const struct record **policy)
{
    struct text name = x->path.tunnel_group ? fact_get_text(x->path.tunnel_group->facts, "default_group_policy")
                                            : (struct text){ NULL, 0 };
    const struct text names[] = { name, TEXT("DfltGrpPolicy") };
    for (size_t i = 0; i < 2; i++) {
        *policy = names[i].len ? config_find(x->m, x->device, "group-policy", names[i]) : NULL;
        const struct fact *list = *policy ? fact_find((*policy)->facts, "vpn_tunnel_protocol") : NULL;
        if (fact_children(list))
            return list;
        if (names[i].len && !*policy && i == 0)
            return NULL; /* it is not here */
    }
    return NULL;
}

static void check_group_policy(struct faults *x)
{
    const struct record *policy;
    const struct fact *list = x->asa && x->path.tunnel_group ? allowed_protocols(x, &policy) : NULL;
    struct diagnosis d;
    if (!list || !fault_wants_ikev2(x))
        return;
    struct text all = { NULL, 0 };
    for (const struct fact *f = fact_children(list); f; f = f->next) {
        if (f->kind == FACT_TEXT && text_equal(f->as.text, TEXT("ikev2")))
            return;
        if (f->kind == FACT_TEXT)
            all = arena_format(x->m->run, "%.*s%.*s ", TEXT_ARGS(all), TEXT_ARGS(f->as.text));
    }
    if (!fault_begin(x, &d, "policy", policy->title, true))
        return;
    const struct fact *named = fact_find(x->path.tunnel_group->facts, "default_group_policy");
    diagnosis_word(&d, "policy", policy->title);
    diagnosis_word(&d, "group", x->path.tunnel_group->title);
    diagnosis_say(&d, "The group policy does not allow IKEv2",
                  "The group policy {policy}, which the tunnel-group {group} of {router} uses, does not have ikev2 among its VPN "
                  "protocols: the ASA refuses the peer after it has authenticated.");
    diagnosis_word(&d, "all", all);
    fault_advise(x, &d, "`group-policy {policy} attributes` / `vpn-tunnel-protocol {all}ikev2`");
    finding_quote(x->m, d.f, policy, fact_children(list)->line);
    if (named)
        finding_quote(x->m, d.f, x->path.tunnel_group, named->line);
}

/* `match address local interface`: is it the one that it sends from? True where that is not known. */
static bool serves_interface(const struct faults *x, const struct fact *named)
{
    const struct record *carrier = x->way->carrier;
    struct address a;
    if (named->kind != FACT_TEXT || !carrier || text_equal_nocase(carrier->title, named->as.text))
        return true;
    const struct record *r = config_find(x->m, x->device, "interface", named->as.text);
    bool known = r != NULL;
    for (const struct fact *g = r ? fact_members(r->facts, "addresses") : NULL; g && known; g = g->next)
        known = !fact_get_address(fact_children(g), "address", &a) || !way_sends(x->way, a);
    return !known;
}

/* `match address local`: does it name an address that this way sends from? True where nothing is said, or no address is known. */
static bool serves(const struct faults *x, const struct record *r, uint32_t *line)
{
    const struct fact *list = fact_find(r->facts, "match_address_local"), *f = fact_children(list),
                      *interface = fact_find(r->facts, "match_interface");
    *line = list ? list->line : interface ? interface->line : 0;
    if (interface && (list || serves_interface(x, interface)))
        return true;
    for (; f; f = f->next) {
        if (f->kind != FACT_ADDRESS || way_sends(x->way, f->as.address))
            return true;
        *line = f->line ? f->line : *line;
    }
    return !*line || !x->way->own_count;
}

static void say_unserved(const struct faults *x, struct diagnosis *d, const struct record *way)
{
    diagnosis_word(d, "from", address_text(x->way->own[0], x->m->run));
    diagnosis_word(d, "way", way->title);
    diagnosis_say(d, "`match address local` names another address than the tunnel goes out from",
                  "The tunnel by {way} of {router} goes out from {from}, and by `match address local` {what} for that address: "
                  "{effect}.");
    finding_quote(x->m, d->f, way, 0);
}

/* The policies are looked through in their order; where none fits, the router goes by its default one, which differs. */
static void check_policy_address(struct faults *x)
{
    const struct record *last = NULL;
    uint32_t line = 0;
    struct diagnosis d;
    for (const struct record *r = record_next(x->m, x->device, "ikev2-policy", NULL); r;
         r = record_next(x->m, x->device, "ikev2-policy", r)) {
        if (x->asa || serves(x, r, &line))
            return;
        last = r;
    }
    if (!last || fault_default_is_off(x) || !fault_begin(x, &d, "policy address", last->title, true))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "what", TEXT("there is no IKEv2 policy"));
    diagnosis_word(&d, "effect", TEXT("the proposals that are configured are not offered, but those of the default policy"));
    say_unserved(x, &d, way_is_tunnel(x->way) || !x->way->carrier ? x->way->entry : x->way->carrier);
    diagnosis_word(&d, "policy", last->title);
    fault_advise(x, &d, "`crypto ikev2 policy {policy}` / `match address local {local}`");
    finding_quote(x->m, d.f, last, line);
}

static void check_profile_address(struct faults *x)
{
    const struct record *p = x->asa ? NULL : x->path.profile;
    uint32_t line = 0;
    struct diagnosis d;
    if (!p || serves(x, p, &line) || !fault_begin(x, &d, "profile address", p->title, true))
        return;
    diagnosis_word(&d, "what", arena_format(x->m->run, "its IKEv2 profile %.*s is not", TEXT_ARGS(p->title)));
    diagnosis_word(&d, "effect", TEXT("the profile is not found for a peer that calls there"));
    say_unserved(x, &d, way_is_tunnel(x->way) || !x->way->carrier ? x->way->entry : x->way->carrier);
    diagnosis_word(&d, "profile", p->title);
    const struct fact *interface = fact_find(p->facts, "match_interface");
    if (interface && interface->kind == FACT_TEXT) {
        diagnosis_word(&d, "interface", interface->as.text);
        diagnosis_word(&d, "carrier", x->way->carrier->title);
    }
    fault_advise(x, &d,
                 interface ? "`crypto ikev2 profile {profile}` / `no match address local interface {interface}` / `match address "
                             "local interface {carrier}`"
                           : "`crypto ikev2 profile {profile}` / `match address local {local}`");
    finding_quote(x->m, d.f, p, line);
}

static bool came_up(const struct ike_sa *sa)
{
    return sa->outcome == SA_ESTABLISHED || sa->established;
}

static bool up(const struct model *m, const struct config_way *w, bool *tried)
{
    const bool anybody = w->peer.family == ADDRESS_NONE; /* any SA may be of this way, and one of unknown ends of any */
    *tried = anybody ? m->ike_sas != NULL : sas_at(m, w->peer) || sas_at(m, (struct address){ .family = ADDRESS_NONE });
    for (const struct ike_sa *sa = anybody ? m->ike_sas : NULL; sa; sa = sa->next)
        if (came_up(sa))
            return true;
    const struct address ends[2] = { w->peer, { .family = ADDRESS_NONE } };
    for (unsigned i = 0; i < 2; i++)
        for (const struct placed_sa *p = sas_at(m, ends[i]); p; p = p->next)
            if (came_up(p->sa))
                return true;
    return w->peer.family != ADDRESS_NONE && shown_up(m, w->peer);
}

/* ---- another router calls, and there is no way back ---- */

/* A tunnel interface that leads there without protection. */
static const struct record *unprotected(const struct faults *x, uint32_t other)
{
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r)) {
        struct address to;
        if (address_read(fact_get_text(r->facts, "tunnel_destination"), &to) && config_owner(x->m, other, to, NULL) &&
            !fact_get_text(r->facts, "tunnel_profile").len)
            return r;
    }
    return NULL;
}

/* Some way leads to it, answers anybody, or leads to an address that nobody here has: a NAT may have it. */
static bool leads_back(const struct faults *x, const struct config_way *ways, size_t count, uint32_t other)
{
    for (size_t i = 0; i < count; i++)
        if (ways[i].peer.family == ADDRESS_NONE || config_owner(x->m, other, ways[i].peer, NULL) ||
            !config_owner(x->m, 0, ways[i].peer, NULL))
            return true;
    return false;
}

static void judge_caller(struct faults *x, uint32_t other, const struct config_way *call, const struct owner *called)
{
    const struct record *tunnel = unprotected(x, other);
    struct diagnosis d;
    if ((!tunnel && !x->whole) || !fault_begin(x, &d, "way", arena_format(x->m->run, "%u", (unsigned)other), true))
        return;
    bool map = !way_is_tunnel(call);
    diagnosis_word(&d, "caller", device_name_or(x->m, other, TEXT("another router")));
    diagnosis_word(&d, "address", address_text(call->peer, x->m->run));
    diagnosis_word(&d, "tunnel", tunnel ? tunnel->title : (struct text){ NULL, 0 });
    const struct record *profile = record_next(x->m, x->device, "ipsec-profile", NULL);
    diagnosis_word(&d, "profile", profile ? profile->title : TEXT("NAME"));
    diagnosis_say(
        &d, tunnel ? "A tunnel interface has no protection" : "There is no way back to the peer",
        tunnel ? "{caller} protects its tunnel to {address} of {router}, and {tunnel} of {router}, which leads back, has no "
                 "`tunnel protection`: {router} sends in the clear and has no IPsec for what comes."
               : "{caller} has {address} of {router} as its peer, and {router} has no crypto map entry and no tunnel that "
                 "leads back or answers anybody.");
    fault_advise(x, &d,
                 tunnel ? "`interface {tunnel}` / `tunnel protection ipsec profile {profile}`"
                 : map  ? "a crypto map entry with {caller} as its peer, and the mirror image of its access list"
                        : "a tunnel interface with {caller} as its destination, and `tunnel protection`");
    if (tunnel)
        finding_quote(x->m, d.f, tunnel, 0);
    if (tunnel)
        finding_quote(x->m, d.f, tunnel, fact_find(tunnel->facts, "tunnel_destination")->line);
    finding_quote(x->m, d.f, call->peer_at, call->peer_line);
    finding_quote(x->m, d.f, called->interface, called->line);
}

/* The dynamic map that answers anybody, but from another address than that one; NULL: some way may be for it. */
static const struct config_way *answers_elsewhere(const struct faults *x, const struct config_way *ways, size_t count,
                                                  uint32_t other, struct address called)
{
    const struct config_way *found = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct config_way *w = &ways[i];
        const bool dynamic = !w->peer.family && strcmp(w->entry->name, "crypto-dynamic-map") == 0 && w->own_count;
        if (way_sends(w, called) || (!w->peer.family && !dynamic) || config_owner(x->m, other, w->peer, NULL) ||
            (w->peer.family && !config_owner(x->m, 0, w->peer, NULL)))
            return NULL;
        found = dynamic ? w : found;
    }
    return found;
}

static void judge_called_elsewhere(struct faults *x, uint32_t other, const struct config_way *call, const struct config_way *w)
{
    const struct record *map_of = config_map_of(x->m, w->entry);
    const struct text name = map_of ? fact_get_text(map_of->facts, "name") : (struct text){ NULL, 0 };
    const struct record *bound = name.len ? config_find(x->m, x->device, "crypto-map-binding", name) : NULL;
    struct diagnosis d;
    if (x->asa || !bound || !fact_get_text(bound->facts, "local_address").len ||
        !fault_begin(x, &d, "called elsewhere", arena_format(x->m->run, "%u", (unsigned)other), true))
        return;
    diagnosis_word(&d, "caller", device_name_or(x->m, other, TEXT("another router")));
    diagnosis_word(&d, "address", address_text(call->peer, x->m->run));
    diagnosis_word(&d, "entry", w->entry->title);
    diagnosis_word(&d, "own", address_text(w->own[0], x->m->run));
    diagnosis_word(&d, "old", text_trim(record_line(call->peer_at, call->peer_line)));
    diagnosis_say(&d, "The caller has another address as its peer than the router answers from",
                  "{caller} has {address} of {router} as its peer, and by `local-address` the dynamic map {entry} of {router} "
                  "answers from {own} alone: it has no IPsec for what comes to {address}.");
    const bool map = !way_is_tunnel(call);
    diagnosis_word(&d, "call", call->entry->title);
    diagnosis_advise_router(
        &d, other, call->own_count ? call->own[0] : (struct address){ 0 }, call->peer,
        map ? "`crypto map {call} ipsec-isakmp` / `set peer {own}` / `no {old}`, and {own} in its keyring and "
              "IKEv2 profile, too"
            : "`interface {call}` / `tunnel destination {own}`, and {own} in its keyring and IKEv2 profile, too");
    finding_quote(x->m, d.f, call->peer_at, call->peer_line);
    finding_quote(x->m, d.f, bound, 0);
    finding_quote(x->m, d.f, w->entry, 0);
}

static void check_callers(struct faults *x, const struct config_way *ways, size_t count)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    size_t routers = ways_routers(x->m, devices);
    struct config_way *calls = memory_take(WAYS * sizeof *calls);
    for (size_t i = 0; i < routers; i++) {
        const bool same = device_same(x->m, devices[i], x->device), back = leads_back(x, ways, count, devices[i]);
        size_t n = same ? 0 : ways_of(x->m, devices[i], calls);
        for (size_t k = 0; k < n; k++) {
            const struct owner *called = config_owner(x->m, x->device, calls[k].peer, NULL);
            x->way = NULL;
            if (!called || up(x->m, &calls[k], &x->failed))
                continue;
            const struct config_way *elsewhere = back ? answers_elsewhere(x, ways, count, devices[i], calls[k].peer) : NULL;
            if (!back)
                judge_caller(x, devices[i], &calls[k], called);
            else if (elsewhere)
                judge_called_elsewhere(x, devices[i], &calls[k], elsewhere);
        }
    }
    memory_free(calls);
}

/* ---- NAT on the way ---- */

static bool called_at(const struct model *m, struct address a)
{
    return words_to(m, 0, WORD_MAP_PEER, a) || words_to(m, 0, WORD_TUNNEL_PEER, a);
}

/* An end that sends from an address of a private network to one of a public network has a NAT in front of it, which ESP without
 * UDP around it does not get through: unless it is called by that address. */
static void check_nat_traversal(struct faults *x)
{
    const struct record *global = record_next(x->m, x->device, "ipsec-global", NULL), *e = x->way->entry;
    const struct fact *off = global ? fact_find(global->facts, "nat_transparency") : NULL,
                      *map = fact_find(e->facts, "nat_t_disable");
    const bool by_map = map && map->as.number;
    struct diagnosis d;
    if ((!by_map && (!off || off->as.number)) || !x->way->peer.family || x->way->own_count != 1 ||
        !way_may_be_translated(x->way) || called_at(x->m, x->way->own[0]) || !fault_begin(x, &d, "nat-t", e->title, true))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING); /* a NAT of one address to one may let ESP through */
    diagnosis_word(&d, "from", address_text(x->way->own[0], x->m->run));
    diagnosis_word(&d, "to", address_text(x->way->peer, x->m->run));
    diagnosis_word(&d, "entry", e->title);
    diagnosis_say(
        &d, "NAT traversal is off behind a NAT",
        "{router} sends from {from} to {to}, so a NAT stands in between, and its configuration has NAT traversal off: ESP "
        "without UDP around it gets through no NAT that shares an address.");
    fault_advise(x, &d,
                 !by_map  ? "`crypto ipsec nat-transparency udp-encapsulation`"
                 : x->asa ? "`no crypto map {entry} set nat-t-disable`"
                          : "`crypto map {entry} ipsec-isakmp` / `no set nat-t-disable`");
    finding_quote(x->m, d.f, by_map ? e : global, by_map ? map->line : off->line);
}

/* ---- IKEv1 where IKEv2 is meant ---- */

static const struct record *ikev1_configured(const struct faults *x)
{
    static const char *const kinds[] = { "isakmp-policy", "isakmp-key", "isakmp-profile", "isakmp-keyring" };
    const struct record *found = NULL;
    for (size_t i = 0; i < COUNT_OF(kinds) && !found; i++)
        found = record_next(x->m, x->device, kinds[i], NULL);
    return found;
}

/* IOS begins with IKEv1 where no IKEv2 profile is named. Called by IKEv2 it finds one by the caller's identity, so a map entry
 * or tunnel that only answers needs none. */
static void check_ikev2_profile(struct faults *x)
{
    const struct record *holder = x->path.ipsec_profile ? x->path.ipsec_profile : x->way->entry;
    const struct record *profile = record_next(x->m, x->device, "ikev2-profile", NULL);
    bool holds = x->path.ipsec_profile || strcmp(holder->name, "crypto-map") == 0;
    struct diagnosis d;
    if (x->asa || !x->whole || !holds || !profile || fact_get_text(holder->facts, "ikev2_profile").len ||
        fact_get_text(x->way->entry->facts, "tunnel_ikev2_profile").len || ikev1_configured(x) ||
        text_starts(x->way->entry->title, TEXT("Virtual-Template")) || !fault_begin(x, &d, "ikev2-profile", holder->title, true))
        return;
    bool map = !x->path.ipsec_profile;
    if (!x->way->peer.family) /* a hub may only answer */
        diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "what", map ? TEXT("crypto map entry") : TEXT("IPsec profile"));
    diagnosis_word(&d, "holder", holder->title);
    diagnosis_word(&d, "ikev2", record_next(x->m, x->device, "ikev2-profile", profile) ? TEXT("NAME") : profile->title);
    diagnosis_say(
        &d, "No IKEv2 profile is named, so IOS begins with IKEv1",
        "The {what} {holder} of {router} names no IKEv2 profile: what {router} begins itself is IKEv1, for which it has "
        "no policy and no key.");
    fault_advise(x, &d,
                 map ? "`crypto map {holder} ipsec-isakmp` / `set ikev2-profile {ikev2}`"
                     : "`crypto ipsec profile {holder}` / `set ikev2-profile {ikev2}`");
    finding_quote(x->m, d.f, holder, 0);
    if (!map)
        finding_quote(x->m, d.f, x->way->entry, 0);
    finding_quote(x->m, d.f, profile, 0);
}

/* ---- over all ways ---- */

/* Each is asked of every way that no SA was seen to go. */
static void (*const checks[])(struct faults *x) = {
    check_references,
    fault_map_is_applied,
    fault_ikev2_is_enabled,
    fault_shutdown,
    check_group_policy,
    fault_profile,
    fault_proposals,
    fault_map_entry,
    check_ikev2_profile,
    check_policy_address,
    check_profile_address,
    fault_identity,
    fault_vrf,
    fault_wan_list,
    fault_nat,
    fault_nat_of_callers,
    fault_nat_exit,
    fault_nat_inward,
    fault_control_plane,
    check_nat_traversal,
    fault_tunnel_ends,
    fault_source_address,
    fault_redundancy,
    fault_tunnel_address,
    fault_ikev2_policy,
    fault_profile_sets,
    fault_proposals_are_bound,
    fault_source_vrf,
    fault_policy_vrf,
    fault_policy_left,
    fault_trustpoint,
    fault_certificate,
    fault_template,
    fault_client,
    fault_denied_list,
    fault_gre,
    fault_servers,
    fault_shared,
    fault_inner,
    fault_overlay,
    fault_dynamic_map,
    fault_group_type,
    fault_zone,
    fault_eap_list,
};

static void judge_way(struct faults *x, const struct config_way *w)
{
    x->way = w;
    x->path = w->peer.family ? config_path_to(x->m, x->device, w->peer, w->entry) : (struct config_path){ 0 };
    if (way_is_tunnel(w))
        x->path.ipsec_profile = config_find(x->m, x->device, "ipsec-profile", fact_get_text(w->entry->facts, "tunnel_profile"));
    struct text named = x->path.ipsec_profile ? fact_get_text(x->path.ipsec_profile->facts, "ikev2_profile") : TEXT("");
    if (named.len && !x->path.profile) /* of a tunnel to anybody */
        x->path.profile = config_find(x->m, x->device, "ikev2-profile", named);
    if (up(x->m, w, &x->failed))
        return;
    if (fault_left_over(x)) {
        fault_shutdown(x);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(checks); i++)
        checks[i](x);
}

/* "Tunnel rejected: IKEv2 not enabled in group policy": the log of an ASA of which no configuration is here. */
static void judge_said(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    static const struct advice allow[] = {
        { TO_THIS, PLATFORM_UNKNOWN,
          "`show run all group-policy {group_or}`, and add ikev2 to its list: `group-policy {group_or} attributes` / "
          "`vpn-tunnel-protocol ikev2`, with what else stands there" },
    };
    struct heard said = heard(sa, CODE_IKEV2_NOT_ALLOWED);
    enum side side = speaker_of(said, SIDE_RESPONDER);
    uint32_t router = said.note ? router_of(m, sa, side) : 0;
    struct diagnosis d;
    if (!said.note || sa_up(sa) || (router && config_supplied(m, router)) ||
        !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("said")))
        return;
    struct text group = note_word(said.note, "group", "Group=");
    diagnosis_word(&d, "group", group);
    diagnosis_word(&d, "group_or", group.len ? group : TEXT("NAME"));
    diagnosis_say(
        &d, "The group policy does not allow IKEv2",
        "{here} rejected the tunnel of {there}: its group policy[[ {group}]] does not have ikev2 among its VPN protocols.");
    ADVISE(&d, allow);
    quote_note(&d, said);
}

static void judge(struct model *m, const struct rule *r)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    size_t count = ways_routers(m, devices);
    struct config_way *ways = memory_take(WAYS * sizeof *ways);
    for (size_t i = 0; i < count; i++) {
        uint32_t device = devices[i];
        struct faults x = { .m = m, .rule = r, .device = device, .whole = config_whole(m, device) };
        x.asa = config_of_asa(m, device);
        size_t n = ways_of(m, device, ways);
        x.ways = ways;
        x.count = n;
        for (size_t k = 0; k < n; k++)
            judge_way(&x, &ways[k]);
        check_callers(&x, ways, n);
    }
    memory_free(ways);
}

const struct rule rule_configuration_fault = {
    .id = "configuration-fault",
    .severity = SEVERITY_ERROR,
    .rank = 8,
    .title = "The configuration cannot work",
    .meaning =
        "A router's configuration lacks what its tunnel needs: it names an object that is not there, its crypto map is on no "
        "interface, IKEv2 is not enabled or not allowed, no IKEv2 profile is named where IOS is to begin, a template is cloned "
        "by no profile or a dynamic map in no crypto map, a profile or a crypto "
        "map entry is not complete, an interface is shut "
        "down, `match address local` names another address than the tunnel goes out from, an access list keeps IKE or ESP out, "
        "NAT takes the traffic first. "
        "What is missing is only told of a "
        "configuration that is there from its first line to its last.",
    .advice =
        "Add the line that the finding names. `show crypto ikev2 profile`, `show crypto map` and, on an ASA, `show run crypto` "
        "tell what the router itself made of its configuration.",
    .sa = judge_said,
    .whole = judge,
};
