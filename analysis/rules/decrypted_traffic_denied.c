/* An ASA filters what comes out of a tunnel: by the group policy's `vpn-filter`, and, after `no sysopt connection permit-vpn`, by
 * the access list of the interface that it came in at. The SAs are up and count packets, and nothing arrives behind them. */
#include "analysis/quote.h"
#include "analysis/ways.h"

enum { COMPARED = 1 << 20 /* lines of two lists, of all routers */ };

struct filter {
    struct model *m;
    const struct rule *rule;
    const struct config_way *way;
    const struct record *acl;  /* what the tunnel is to carry, as the router sees it */
    unsigned *steps;           /* lines compared so far */
    const struct record *list; /* what filters it */
    const struct record *at;   /* where that is said, and the line there */
    uint32_t line;
    bool everything; /* both ways, and not only what begins at the other end */
};

/* An entry for the tunnel's own packets, IKE and ESP, which the list of an outside interface often has. */
static bool for_ipsec(const struct selector *to)
{
    return to->protocol == IPPROTO_NO_ESP || to->protocol == IPPROTO_NO_AH ||
           (to->protocol == IPPROTO_NO_UDP && to->start_port == to->end_port &&
            (to->end_port == PORT_IKE || to->end_port == PORT_NATT));
}

/* May any of what the peer sends pass? Filters have the peer's end as the source. An entry that was not understood may do so. */
static bool lets_pass(const struct filter *x, const struct selector_pair *wanted)
{
    const struct selector_pair coming = { .local = wanted->remote, .remote = wanted->local };
    for (const struct fact *e = fact_members(x->list->facts, "entries"); e; e = e->next) {
        struct selector_pair p = { 0 };
        if (++*x->steps > COMPARED)
            return true;
        if (!text_equal(fact_get_text(fact_children(e), "action"), TEXT("permit")))
            continue;
        if (!acl_entry_selectors(e, &p) || (pair_meets(&p, &coming) && !for_ipsec(&p.remote)))
            return true;
    }
    return !fact_members(x->list->facts, "entries");
}

static void advise(struct diagnosis *d, const struct filter *x, const struct selector_pair *p)
{
    struct arena *run = x->m->run;
    struct address local = x->way->own_count ? x->way->own[0] : (struct address){ 0 };
    diagnosis_word(d, "from", acl_end_text(run, &p->remote, false));
    diagnosis_word(d, "to", acl_end_text(run, &p->local, false));
    diagnosis_advise_router(d, x->at->device, local, x->way->peer,
                            x->everything
                                ? "`access-list {list} extended permit ip {from} {to}`: the other end's network is the source in "
                                  "it, whoever begins; the sessions that are up go by it after `vpn-sessiondb logoff ipaddress "
                                  "{peer}`"
                                : "`sysopt connection permit-vpn`, which lets all that was decrypted pass; or, for this tunnel "
                                  "alone, `access-list {list} line 1 extended permit ip {from} {to}`");
}

/* The first of what the tunnel is to carry of which nothing may pass. */
static bool find_refused(const struct filter *x, struct selector_pair *refused)
{
    for (const struct fact *e = fact_members(x->acl->facts, "entries"); e; e = e->next) {
        *refused = (struct selector_pair){ .acl = x->acl, .line = e->line };
        if (text_equal(fact_get_text(fact_children(e), "action"), TEXT("permit")) && acl_entry_selectors(e, refused) &&
            !lets_pass(x, refused))
            return true;
    }
    return false;
}

static void judge_filter(struct filter *x)
{
    struct selector_pair refused;
    struct diagnosis d;
    if (!find_refused(x, &refused) || !diagnosis_begin(&d, x->m, x->rule, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY,
                                                       arena_format(x->m->run, "%u %.*s %.*s", (unsigned)x->at->device,
                                                                    TEXT_ARGS(x->list->title), TEXT_ARGS(x->way->entry->title))))
        return;
    if (!x->everything)
        diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "router", device_name_or(x->m, x->at->device, TEXT("the firewall")));
    diagnosis_word(&d, "list", x->list->title);
    diagnosis_word(&d, "policy", x->at->title);
    diagnosis_word(&d, "far", selectors_text(x->m->run, &refused.remote));
    diagnosis_word(&d, "near", selectors_text(x->m->run, &refused.local));
    diagnosis_say(&d, NULL,
                  x->everything
                      ? "The group policy {policy} of {router} filters its tunnels by the access list {list}, in which nothing "
                        "permits {far} towards {near}: what it decrypts of that, and what it should encrypt, is dropped."
                      : "{router} has `no sysopt connection permit-vpn`, so the access list {list} of its interface {policy} is "
                        "asked for what comes out of a tunnel, too, and nothing in it permits {far} towards {near}.");
    if (!x->everything)
        diagnosis_more(&d, "Answers to what begins here pass all the same.");
    advise(&d, x, &refused);
    finding_quote(x->m, d.f, x->at, x->line);
    finding_quote(x->m, d.f, x->list, 0);
}

/* The group policy of the peer's tunnel-group, or the one that all inherit from, which says what filters. */
static void judge_vpn_filter(struct filter x)
{
    const struct record *group = config_tunnel_group(x.m, x.way->entry->device, x.way->peer);
    const struct text names[] = { group ? fact_get_text(group->facts, "default_group_policy") : TEXT(""), TEXT("DfltGrpPolicy") };
    for (size_t i = 0; group && i < COUNT_OF(names); i++) {
        x.at = names[i].len ? config_find(x.m, group->device, "group-policy", names[i]) : NULL;
        const struct fact *said = x.at ? fact_find(x.at->facts, "vpn_filter") : NULL;
        struct text rest = said && said->kind == FACT_TEXT ? said->as.text : (struct text){ NULL, 0 }, word;
        if (!said)
            continue;
        if (text_word(&rest, &word) && text_equal(word, TEXT("value")) && text_word(&rest, &word))
            x.list = config_find(x.m, group->device, "access-list", word);
        x.line = said->line;
        x.everything = true;
        if (x.list)
            judge_filter(&x);
        return;
    }
}

static void judge_interface_list(struct filter x)
{
    const struct record *sysopt = record_next(x.m, x.way->entry->device, "sysopt", NULL);
    const struct fact *said = sysopt ? fact_find(sysopt->facts, "permit_vpn") : NULL;
    struct text nameif = x.way->carrier ? fact_get_text(x.way->carrier->facts, "nameif") : (struct text){ NULL, 0 };
    if (!said || said->as.number || !nameif.len)
        return;
    x.at = config_find(x.m, x.way->entry->device, "access-group", nameif);
    x.list = x.at ? config_find(x.m, x.at->device, "access-list", fact_get_text(x.at->facts, "list")) : NULL;
    if (x.list)
        judge_filter(&x);
}

/* ---- what a log says ---- */

/* {what was said, title, cause, advice} */
static const struct {
    enum event_code code;
    const char *title, *cause, *advice;
} dropped[] = {
    { CODE_INNER_DENIED, NULL,
      "{router} dropped {protocol} from {source} to {destination}, which came out of a tunnel or was to go into one: the access "
      "list {list}, a VPN filter, does not permit it.",
      "`show run group-policy | include vpn-filter`, `show access-list {list}`: permit it there with the other end's network as "
      "the source, whoever begins" },
    { CODE_NAT_REVERSE_FAILED, "NAT takes the answers of the tunnel's traffic",
      "{router} dropped {protocol} from {source} to {destination}: it came in as it is, and a NAT rule would give its answer "
      "another address (NAT reverse path failure).",
      "exempt what the tunnel carries from NAT, in front of the rule that takes it: `nat (INSIDE,OUTSIDE) 1 source static LOCAL "
      "LOCAL destination static REMOTE REMOTE no-proxy-arp route-lookup`; `packet-tracer input INSIDE icmp {destination} 8 0 "
      "{source} detailed` names the rule" },
};

/* The inputs in which an SA is up: what they say of NAT is likely to be of a tunnel's traffic. */
static const bool *have_tunnels(const struct model *m)
{
    bool *has = arena_array(m->run, bool, m->input_count + 1);
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (const struct view *v = sa->established || sa->outcome == SA_ESTABLISHED ? sa->views : NULL; v; v = v->next)
            if (v->input < m->input_count)
                has[v->input] = true;
    return has;
}

static void judge_said(struct model *m, const struct rule *r, const struct note *n, size_t row, const bool *has_tunnel)
{
    static const char *const words[] = { "protocol", "list" };
    struct address from = { 0 }, to = { 0 };
    struct diagnosis d;
    const bool by_filter = n->code == CODE_INNER_DENIED;
    if (!fact_get_address(n->facts, "source", &from) || !fact_get_address(n->facts, "destination", &to) ||
        n->input >= m->input_count ||
        (!by_filter && (!has_tunnel[n->input] || !address_private(from))) || /* else it is the internet's */
        !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, by_filter ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY,
                         arena_format(m->run, "%u %zu", (unsigned)n->input, row)))
        return;
    const uint32_t device = model_input(m, n->input)->device;
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "router", device_name_or(m, device, TEXT("The firewall")));
    diagnosis_word(&d, "source", address_text(from, m->run));
    diagnosis_word(&d, "destination", address_text(to, m->run));
    for (size_t i = 0; i < COUNT_OF(words); i++)
        diagnosis_word(&d, words[i], fact_get_text(n->facts, words[i]));
    diagnosis_say(&d, dropped[row].title, dropped[row].cause);
    if (!by_filter)
        diagnosis_more(&d, "Where it came out of a tunnel, that tunnel carries nothing back.");
    diagnosis_advise_router(&d, device, (struct address){ 0 }, (struct address){ 0 }, dropped[row].advice);
    quote_note(&d, (struct heard){ n, NULL });
}

static void judge_log(struct model *m, const struct rule *r)
{
    const bool *has = have_tunnels(m);
    for (size_t row = 0; row < COUNT_OF(dropped); row++) {
        const struct note_list loose = loose_of(m, dropped[row].code);
        for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
            if (heard(sa, dropped[row].code).note)
                judge_said(m, r, heard(sa, dropped[row].code).note, row, has);
        for (uint32_t i = 0; i < loose.count; i++)
            judge_said(m, r, loose.at[i], row, has);
    }
}

/* ---- what a configuration says ---- */

static void judge(struct model *m, const struct rule *r)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    size_t count = ways_routers(m, devices);
    unsigned steps = 0;
    struct config_way *ways = memory_take(WAYS * sizeof *ways);
    judge_log(m, r);
    for (size_t i = 0; i < count; i++) {
        size_t n = config_of_asa(m, devices[i]) ? ways_of(m, devices[i], ways) : 0;
        for (size_t k = 0; k < n; k++) {
            struct text list = fact_get_text(ways[k].entry->facts, "match_address");
            const struct record *acl = list.len ? config_find(m, devices[i], "access-list", list) : NULL;
            struct filter x = { .m = m, .rule = r, .way = &ways[k], .acl = acl, .steps = &steps };
            if (!acl || !ways[k].peer.family)
                continue;
            judge_vpn_filter(x);
            judge_interface_list(x);
        }
    }
    memory_free(ways);
}

const struct rule rule_decrypted_traffic_denied = {
    .id = "decrypted-traffic-denied",
    .severity = SEVERITY_ERROR,
    .rank = 17,
    .title = "What comes out of the tunnel is dropped",
    .meaning =
        "An ASA asks an access list for what it has decrypted: the one that the group policy names as `vpn-filter`, or, after "
        "`no sysopt connection permit-vpn`, that of the interface. Where it permits nothing of what the tunnel is for, the "
        "SAs are up, count packets, and nothing arrives.",
    .advice = "Permit it in that list, with the other end's network as the source.",
    .whole = judge,
};
