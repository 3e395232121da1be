/* TS_UNACCEPTABLE: the responder has no policy for the traffic selectors that were offered; SINGLE_PAIR_REQUIRED: it would take
 * one pair of addresses of them. RFC 7296 section 2.9. */
#include "analysis/asked.h"
#include "analysis/entries.h"
#include "analysis/tunnels.h"

enum {
    QUOTED = 3 /* entries of a list */,
    COMPARED = 1 << 20 /* pairs of entries */
};

static const struct advice common[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "the crypto ACL here must be the mirror image of the initiator's[[: `ip access-list extended NAME` / `permit ip {to_wild} "
      "{from_wild}`" BESIDE "]]; see `show crypto map`, `show access-lists`" },
    { TO_RESPONDER, PLATFORM_ASA,
      "the crypto ACL here must be the mirror image of the initiator's[[: `access-list NAME extended permit ip {to_mask} "
      "{from_mask}`" BESIDE "]]; see `show run crypto map`, `show run access-list`" },
    { TO_INITIATOR, PLATFORM_IOS,
      "where the other end must stay as it is: change what is asked for: the crypto ACL here, or, with a tunnel interface, the "
      "list that its `tunnel protection ipsec policy` names" },
    { TO_INITIATOR, PLATFORM_ASA,
      "where the other end must stay as it is: change what is asked for: the crypto ACL here, or use a VTI on both ends" },
};
static const struct advice route_based[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "everything to everything was asked for, as route-based tunnels do: use a tunnel interface (VTI) on both ends, or a crypto "
      "map on both" },
};

/* What IPsec says before it refuses, where it is not the selectors: the notify is the same. */
struct reason {
    enum event_code code;
    const char *title, *cause;
    struct advice advice[2];
};

/* {what was said, title, what it means, what to do}; the most telling first */
static const struct reason reasons[] = {
    { CODE_LOCAL_ADDRESS_UNKNOWN,
      "No crypto map is on the address that was asked",
      "IPsec at {here} has no crypto map for its address[[ {asked_at}]], at which the request of {there} arrived: the map is on "
      "no interface, on another one, or has another local address.",
      { { TO_RESPONDER, PLATFORM_IOS, MAP_ON_INTERFACE }, { 0 } } },
    { CODE_TRANSFORM_REFUSED,
      "The transform sets differ",
      "IPsec at {here} has no transform set like the one that {there} asked for[[, {transform_set}]], and its router answers "
      "that with TS_UNACCEPTABLE[[, although the access list of crypto map {fits} fits]].",
      { { TO_RESPONDER, PLATFORM_IOS,
          "have a transform set as it is asked for, in the same mode: `show crypto ipsec transform-set`, `show crypto map`[[; "
          "`crypto ipsec transform-set NEW {transform_set}`]]; bind it beside the old one: `set transform-set OLD NEW` in the "
          "crypto map entry or IPsec profile" },
        { TO_INITIATOR, PLATFORM_UNKNOWN, "or ask for a transform set that the other end has" } } },
    { CODE_CRYPTO_MAP_NO_PEER,
      "No crypto map entry names the peer",
      "No crypto map entry of {here} has {there} as its peer.",
      { { TO_RESPONDER, PLATFORM_IOS, "`crypto map MAP SEQ ipsec-isakmp` / `set peer {peer}`" OTHER_PEER },
        { TO_RESPONDER, PLATFORM_ASA, "`crypto map MAP SEQ set peer {peer}`" OTHER_PEER } } },
};

static const struct advice single_pair[] = {
    { TO_INITIATOR, PLATFORM_UNKNOWN,
      "ask for one pair of subnets a Child SA: one line an access list, or a tunnel interface at both ends" },
};

/* The selectors that were refused: of the request. */
static const struct exchange *refused(const struct ike_sa *sa, unsigned notify)
{
    const struct exchange *x = exchange_refused(sa, EXCHANGE_IKE_AUTH, notify, NULL);
    return x ? x : exchange_refused(sa, EXCHANGE_CREATE_CHILD_SA, notify, NULL);
}

static enum side refuser(const struct exchange *x, struct heard said)
{
    if (x && x->from)
        return side_other((enum side)x->from);
    return said.note && said.note->code == CODE_NEGOTIATION_ABORTED ? (enum side)said.view->role : SIDE_RESPONDER;
}

static bool everything(const struct selector *s)
{
    return s && !s->next && range_prefix(s->start, s->end) == 0;
}

/* The asker came back with one pair, and got it. */
static bool taken_later(const struct ike_sa *sa, const struct exchange *x)
{
    const struct sighting *answer = x->response.seen;
    for (const struct child_sa *c = answer ? sa->children : NULL; c; c = c->sibling)
        if (!c->rekeys && c->ns != TIME_UNKNOWN && c->input == answer->input && c->ns > answer->ns &&
            (c->outcome == SA_ESTABLISHED || c->outcome == SA_REKEYED))
            return true;
    return false;
}

static void judge_single_pair(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = refused(sa, NOTIFY_SINGLE_PAIR_REQUIRED);
    struct diagnosis d;
    bool later = x && taken_later(sa, x);
    struct rule_set before = sa->diagnosed;
    bool first = x && diagnosis_begin(&d, m, r, sa, refuser(x, (struct heard){ NULL, NULL }), CONFIDENCE_CERTAIN,
                                      later ? TEXT("single pair, later") : TEXT("single pair"));
    if (later)
        sa->diagnosed = before; /* it explains nothing of what else went wrong */
    if (!first)
        return;
    if (later)
        diagnosis_severity(&d, SEVERITY_NOTE);
    (void)asked_words(&d, sa, side_other(d.side), x->request.message);
    diagnosis_say(
        &d, "One pair of addresses a Child SA is asked for",
        "{here} takes one pair of addresses in the traffic selectors alone, and {there} asked for more[[: {from} towards "
        "{to}]]: SINGLE_PAIR_REQUIRED.");
    diagnosis_more(&d, later ? "{there} asked again for one pair, and got it." : "The IKE SA and its authentication are fine.");
    ADVISE(&d, single_pair);
    diagnosis_debug(&d, d.side == SIDE_INITIATOR ? TO_INITIATOR : TO_RESPONDER);
    quote_leg(&d, x, &x->request, "");
    quote_leg(&d, x, &x->response, "SINGLE_PAIR_REQUIRED");
    asked_quote(&d, sa);
}

/* Entries are tried one by one, and each that has another peer says so: it counts where none came as far as its list. */
static const struct reason *reason_of(const struct ike_sa *sa, struct heard *said)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        *said = heard(sa, reasons[i].code);
        bool later = reasons[i].code != CODE_TRANSFORM_REFUSED && heard(sa, CODE_PROXY_MATCH).note;
        if (said->note && !later && !heard(sa, CODE_PROXY_NO_MATCH).note)
            return &reasons[i];
    }
    *said = (struct heard){ NULL, NULL };
    return NULL;
}

static void say_reason(struct diagnosis *d, const struct ike_sa *sa, const struct reason *why, struct heard said)
{
    struct heard fits = heard(sa, CODE_PROXY_MATCH);
    struct text map = fits.note ? fact_get_text(fits.note->facts, "crypto_map") : (struct text){ NULL, 0 };
    diagnosis_word(d, "asked_at", note_word(said.note, NULL, "address "));
    diagnosis_word(d, "transform_set", fact_get_text(said.note->facts, "transform_set"));
    diagnosis_word(d, "fits", map);
    diagnosis_word(d, "map_or", TEXT("MAP"));
    diagnosis_say(d, why->title, why->cause);
    diagnosis_more(d, "The IKE SA and its authentication are fine.");
    diagnosis_advise(d, why->advice, why->advice[1].text ? 2 : 1);
}

static void say_selectors(struct diagnosis *d, const struct message *asked)
{
    diagnosis_say(d, NULL, "{here} has no IPsec policy for the traffic that {there} wants to protect[[: {from} towards {to}]].");
    diagnosis_more(d, "The IKE SA and its authentication are fine; it is the crypto ACLs or traffic selectors, which must be "
                      "mirror images of each other.");
    if (asked && everything(asked->tsi) && everything(asked->tsr))
        ADVISE(d, route_based);
    ADVISE(d, common);
}

/* ---- what two configurations tell ---- */

/* What an end will ask to protect: a GRE tunnel its GRE packets, a tunnel of IPsec all IPv4 or all IPv6, a crypto map what its
 * list says. */
enum asks { ASKS_UNKNOWN, ASKS_GRE, ASKS_ALL, ASKS_ALL_IPV6, ASKS_LIST };

/* {what follows `tunnel mode ipsec`: over what it goes, and what inside, what it asks for} */
static const struct {
    const char *mode;
    bool over_ipv6;
    enum asks what;
} overlays[] = {
    { "ipsec ipv4", false, ASKS_ALL },
    { "ipsec ipv4 v6-overlay", false, ASKS_ALL_IPV6 },
    { "ipsec ipv6", true, ASKS_ALL_IPV6 },
    { "ipsec ipv6 v4-overlay", true, ASKS_ALL },
};

enum { OVERLAYS = sizeof overlays / sizeof overlays[0] };

static enum asks asks_of_mode(struct text mode)
{
    if (mode.len == 0 || text_starts(mode, TEXT("gre")))
        return ASKS_GRE;
    for (size_t i = 0; i < OVERLAYS; i++)
        if (text_equal(mode, text_of(overlays[i].mode)))
            return overlays[i].what;
    return ASKS_UNKNOWN;
}

static struct text mode_that_asks(enum asks what, bool over_ipv6)
{
    for (size_t i = 0; i < OVERLAYS; i++)
        if (overlays[i].what == what && overlays[i].over_ipv6 == over_ipv6)
            return text_of(overlays[i].mode);
    return over_ipv6 ? TEXT("gre ipv6") : TEXT("gre ip");
}

/* The template that the caller's profile clones, unless it takes on whatever mode the caller has ("7 mode auto"). */
static bool is_template(const struct tunnel_end *end)
{
    struct text cloned = end->answers && end->path.profile ? fact_get_text(end->path.profile->facts, "virtual_template")
                                                           : TEXT(""),
                name = end->path.interface->title;
    static const struct text kind = { "Virtual-Template", sizeof "Virtual-Template" - 1 };
    return cloned.len && text_starts(name, kind) && text_equal(text_from(name, kind.len), cloned);
}

static enum asks asks(const struct tunnel_end *end)
{
    if (end->path.crypto_map)
        return end->path.acl && strcmp(end->path.crypto_map->name, "crypto-map") == 0 ? ASKS_LIST : ASKS_UNKNOWN;
    const struct record *tunnel = end->path.interface;
    struct text mode = tunnel ? fact_get_text(tunnel->facts, "tunnel_mode") : (struct text){ NULL, 0 };
    if (!tunnel || !(fact_get_text(tunnel->facts, "tunnel_destination").len || is_template(end)))
        return ASKS_UNKNOWN;
    if (fact_get_text(tunnel->facts, "tunnel_acl").len)
        return end->path.acl ? ASKS_LIST : ASKS_UNKNOWN;
    return asks_of_mode(mode);
}

static bool holds(const struct selector *s, struct address a)
{
    return address_compare(s->start, a) <= 0 && address_compare(a, s->end) <= 0;
}

/* Has the list of the one end an entry for what the other one asks? */
static bool list_has(struct model *m, const struct tunnel_end *list, const struct tunnel_end *other, enum asks what)
{
    enum { GRE = 47 };
    for (const struct fact *e = fact_members(list->path.acl->facts, "entries"); e; e = e->next)
        if (fact_find(fact_children(e), "unresolved"))
            return true;
    for (const struct selector_pair *p = acl_selectors(list->path.acl, m->run); p; p = p->next) {
        bool every = range_prefix(p->local.start, p->local.end) == 0 && range_prefix(p->remote.start, p->remote.end) == 0;
        bool six = p->local.start.family == ADDRESS_IPV6;
        if (what == (six ? ASKS_ALL_IPV6 : ASKS_ALL) && every && p->local.protocol == 0)
            return true;
        if (what == ASKS_GRE && (p->local.protocol == GRE || p->local.protocol == 0) && holds(&p->local, list->address) &&
            holds(&p->remote, other->address))
            return true;
    }
    return false;
}

static void quote_asks(struct model *m, struct diagnosis *d, const struct tunnel_end *end)
{
    const struct record *tunnel = end->path.interface;
    const struct fact *mode = tunnel ? fact_find(tunnel->facts, "tunnel_mode") : NULL;
    if (end->path.crypto_map)
        finding_quote(m, d->f, end->path.crypto_map, 0);
    if (end->path.acl) {
        const struct fact *named = tunnel ? fact_find(tunnel->facts, "tunnel_acl") : NULL;
        if (named)
            finding_quote(m, d->f, tunnel, named->line);
        const struct selector_pair *p = acl_selectors(end->path.acl, m->run);
        for (unsigned n = 0; p && n < QUOTED; p = p->next, n++)
            finding_quote(m, d->f, end->path.acl, p->line);
    } else if (tunnel) {
        finding_quote(m, d->f, tunnel, 0);
        if (mode)
            finding_quote(m, d->f, tunnel, mode->line);
    }
}

static struct text asks_text(struct model *m, const struct tunnel_end *end, enum asks what, enum asks other)
{
    struct text name = end->path.crypto_map ? end->path.crypto_map->title : end->path.interface->title;
    if (what == ASKS_LIST)
        return arena_format(m->run, "%s%.*s, which protects what its access list %.*s says",
                            end->path.crypto_map ? "crypto map " : "", TEXT_ARGS(name), TEXT_ARGS(end->path.acl->title));
    return arena_format(m->run,
                        what == ASKS_GRE         ? "%.*s, a GRE tunnel%s, which protects GRE between the two addresses"
                        : what == ASKS_ALL_IPV6  ? "%.*s, a tunnel of IPsec itself%s for IPv6, which protects all IPv6 packets"
                        : other == ASKS_ALL_IPV6 ? "%.*s, a tunnel of IPsec itself%s for IPv4, which protects all IPv4 packets"
                                                 : "%.*s, a tunnel of IPsec itself%s, which protects everything",
                        TEXT_ARGS(name),
                        what == ASKS_GRE && !fact_find(end->path.interface->facts, "tunnel_mode")
                            ? " (the default, as no `tunnel mode` stands there)"
                            : "");
}

static void advise_asks(struct diagnosis *d, const struct tunnel *t, unsigned end, const enum asks what[2])
{
    if (what[0] != ASKS_LIST && what[1] != ASKS_LIST) {
        diagnosis_word(d, "tunnel", t->end[end].path.interface->title);
        diagnosis_word(d, "mode", mode_that_asks(what[1 - end], t->end[end].address.family == ADDRESS_IPV6));
        const char
            *text = t->end[end].answers
                        ? "either end will do: here, for everybody who calls, while no session is up: `interface {tunnel}` / "
                          "`tunnel mode {mode}`"
                        : "either end will do: here, `interface {tunnel}` / `tunnel mode {mode}`";
        tunnel_advise(d, t, end, text, text);
        return;
    }
    const struct record *tunnel = t->end[end].path.crypto_map ? NULL : t->end[end].path.interface;
    const struct tunnel_end *other = &t->end[1 - end];
    if (tunnel)
        diagnosis_word(d, "tunnel", tunnel->title);
    if (what[end] == ASKS_LIST && tunnel)
        tunnel_advise(d, t, end,
                      "either end will do: here, `interface {tunnel}` / `no tunnel protection ipsec policy ipv4`, as the "
                      "other end protects everything",
                      "");
    else if (what[end] == ASKS_LIST)
        tunnel_advise(d, t, end, "either end will do: here, a tunnel interface in place of the crypto map",
                      "either end will do: here, a VTI in place of the crypto map");
    else if (what[end] == ASKS_ALL && !other->path.crypto_map)
        tunnel_advise(d, t, end,
                      "either end will do: here, the mirror image of the other's list: `interface {tunnel}` / `tunnel protection "
                      "ipsec policy ipv4 LIST`",
                      "");
    else
        tunnel_advise(
            d, t, end,
            what[end] == ASKS_ALL
                ? "either end will do: here, a list that is the mirror image of the other's: `interface {tunnel}` / `tunnel "
                  "protection ipsec policy ipv4 LIST` (IOS-XE 16.12 on), or a crypto map"
                : "either end will do: here, a crypto map whose access list is the mirror image of the other's",
            "either end will do: here, a crypto map whose access list is the mirror image of the other's");
}

static bool meets(const struct selector_pair *asked, const struct selector_pair *list)
{
    const struct selector_pair turned = { .local = asked->remote, .remote = asked->local };
    return pair_meets(&turned, list);
}

/* Does the list of a dynamic map leave nothing of what the caller's list asks for? *first: the first that was asked. Of lists of
 * many thousands it is not said. */
static bool leaves_nothing(struct model *m, const struct record *dynamic, const struct record *caller,
                           const struct selector_pair **first)
{
    const struct record *lists[2] = { dynamic, caller };
    for (unsigned i = 0; i < 2; i++)
        for (const struct fact *e = fact_members(lists[i]->facts, "entries"); e; e = e->next)
            if (fact_find(fact_children(e), "unresolved"))
                return false;
    const struct selector_pair *of_map = acl_selectors(dynamic, m->run);
    size_t compared = 0;
    *first = acl_selectors(caller, m->run);
    for (const struct selector_pair *p = *first; p; p = p->next)
        for (const struct selector_pair *q = of_map; q; q = q->next)
            if (++compared > COMPARED || meets(p, q))
                return false;
    return *first && of_map;
}

/* A dynamic map answers anybody, but where it has a list, only for what that holds. */
static void judge_dynamic(struct model *m, const struct rule *r, const struct tunnel *t)
{
    const unsigned hub = t->end[1].answers;
    const struct tunnel_end *waits = &t->end[hub], *calls = &t->end[1 - hub];
    const struct selector_pair *asked;
    struct diagnosis d;
    if (!waits->answers || !waits->path.acl || !waits->path.crypto_map || asks(calls) != ASKS_LIST ||
        !leaves_nothing(m, waits->path.acl, calls->path.acl, &asked) || !tunnel_diagnosis(&d, m, r, t, hub, CONFIDENCE_LIKELY))
        return;
    diagnosis_word(&d, "list", waits->path.acl->title);
    diagnosis_word(&d, "asked", selectors_text(m->run, &asked->local));
    diagnosis_word(&d, "for", selectors_text(m->run, &asked->remote));
    diagnosis_word(&d, "from", acl_end_text(m->run, &asked->remote, !waits->asa));
    diagnosis_word(&d, "to", acl_end_text(m->run, &asked->local, !waits->asa));
    diagnosis_say(
        &d, "The dynamic map's access list has nothing of what the caller asks for",
        "{there_name} will ask for {asked} to {for}, and the access list {list} of the dynamic map by which {here_name} "
        "answers holds none of it.");
    tunnel_to_come(&d, t);
    tunnel_advise(&d, t, hub, "let it hold that, too: `ip access-list extended {list}` / `permit ip {from} {to}`",
                  "let it hold that, too: `access-list {list} extended permit ip {from} {to}`");
    for (unsigned i = 0; i < 2; i++)
        quote_asks(m, &d, &t->end[i]);
}

/* what: of each end. */
static bool kinds_differ(struct model *m, const struct tunnel *t, enum asks what[2])
{
    for (unsigned i = 0; i < 2; i++)
        what[i] = asks(&t->end[i]);
    if (!what[0] || !what[1] || what[0] == what[1])
        return false;
    for (unsigned i = 0; i < 2; i++)
        if (what[i] == ASKS_LIST && list_has(m, &t->end[i], &t->end[1 - i], what[1 - i]))
            return false;
    return true;
}

static const char kinds[] = "{one_name} has {one_asks}; {other_name} has {other_asks}. Neither accepts what the other asks for.";

static void kinds_words(struct diagnosis *d, const struct tunnel *t, const enum asks what[2])
{
    diagnosis_word(d, "one_name", tunnel_name(d->m, &t->end[0]));
    diagnosis_word(d, "other_name", tunnel_name(d->m, &t->end[1]));
    diagnosis_word(d, "one_asks", asks_text(d->m, &t->end[0], what[0], what[1]));
    diagnosis_word(d, "other_asks", asks_text(d->m, &t->end[1], what[1], what[0]));
}

static void advise_kinds(struct diagnosis *d, const struct tunnel *t, const enum asks what[2])
{
    for (unsigned i = 0; i < 2; i++) {
        advise_asks(d, t, i, what);
        quote_asks(d->m, d, &t->end[i]);
    }
}

static void judge_tunnel(struct model *m, const struct rule *r, const struct tunnel *t)
{
    enum asks what[2];
    struct diagnosis d;
    if (!t->child_up)
        judge_dynamic(m, r, t);
    if (t->child_up || !kinds_differ(m, t, what) || !tunnel_diagnosis(&d, m, r, t, 1, CONFIDENCE_LIKELY))
        return;
    kinds_words(&d, t, what);
    diagnosis_say(&d, "The two ends protect different traffic", kinds);
    diagnosis_more(&d, "This is told by the two configurations alone.");
    tunnel_to_come(&d, t);
    advise_kinds(&d, t, what);
}

/* An SA was refused, and the configurations of both ends tell that they are of different kinds. True: said. */
static bool say_kinds(struct model *m, struct diagnosis *d, struct ike_sa *sa)
{
    struct tunnel t;
    enum asks what[2];
    if (!tunnel_of_sa(m, sa, &t) || !kinds_differ(m, &t, what))
        return false;
    diagnosis_say(d, "The two ends protect different traffic",
                  "{here} has no IPsec policy for the traffic that {there} wants to protect[[: {from} towards {to}]].");
    kinds_words(d, &t, what);
    diagnosis_more(d, kinds);
    advise_kinds(d, &t, what);
    return true;
}

/* ---- one that was refused ---- */

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = refused(sa, NOTIFY_TS_UNACCEPTABLE);
    struct heard before;
    const struct reason *why = reason_of(sa, &before);
    judge_single_pair(m, r, sa);
    struct heard said = heard(sa, CODE_TS_REFUSED);
    if (!said.note)
        said = heard_text(sa, CODE_NEGOTIATION_ABORTED, "no IPSEC policy found for received TS");
    bool meanwhile = !x && said.note && !sa->child_refused && sa->children && sa->children->outcome == SA_ESTABLISHED;
    struct diagnosis d;
    if (!selectors_refused(sa) || meanwhile || !diagnosis_begin(&d, m, r, sa, refuser(x, said), CONFIDENCE_CERTAIN, TEXT("")))
        return;
    const struct exchange *asked = x ? x : exchange_last(sa, EXCHANGE_IKE_AUTH);
    const struct message *q = asked ? asked->request.message : NULL;
    (void)asked_words(&d, sa, side_other(refuser(x, said)), q);
    if (why)
        say_reason(&d, sa, why, before);
    else if (!say_kinds(m, &d, sa))
        say_selectors(&d, q);
    if (x) {
        quote_leg(&d, x, &x->request, q && q->tsi ? "the selectors that were asked for" : "");
        quote_leg(&d, x, &x->response, "TS_UNACCEPTABLE");
    }
    if (q && q->tsi && q->tsr)
        quote_text(&d, "asked for: TSi %.*s, TSr %.*s", TEXT_ARGS(selectors_text(m->run, q->tsi)),
                   TEXT_ARGS(selectors_text(m->run, q->tsr)));
    quote_all(&d, sa, CODE_PROXY_NO_MATCH, 3);
    quote_note(&d, before);
    quote_note(&d, heard(sa, CODE_CRYPTO_MAP_POLICY_NOT_FOUND));
    quote_note(&d, said);
    asked_quote(&d, sa);
}

const struct rule rule_ts_unacceptable = {
    .id = "ts-unacceptable",
    .severity = SEVERITY_ERROR,
    .rank = 13,
    .title = "Traffic selectors were not accepted",
    .meaning = "The responder answered with TS_UNACCEPTABLE: the addresses that the initiator wants to send through the tunnel "
               "fit none of its crypto ACLs, or one end is "
               "route-based (0.0.0.0/0 to 0.0.0.0/0) and the other policy-based.",
    .advice = "Make the crypto ACLs mirror images, or use a tunnel interface on both ends.",
    .sa = judge,
    .tunnel_child = judge_tunnel,
};
