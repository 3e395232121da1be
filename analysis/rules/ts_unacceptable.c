/* TS_UNACCEPTABLE: the responder has no policy for the traffic selectors that were offered; SINGLE_PAIR_REQUIRED: it would take
 * one pair of addresses of them. RFC 7296 section 2.9. */
#include "analysis/acl_edit.h"
#include "analysis/asked.h"
#include "analysis/entries.h"
#include "analysis/kinds.h"

enum { COMPARED = 1 << 20 /* pairs of entries */ };

static const struct advice common[] = {
    { TO_THIS, PLATFORM_IOS,
      "the crypto ACL here must be the mirror image of the peer's[[: `ip access-list extended NAME` / `permit {mirror_wild}"
      "{beside}]]; see `show crypto map`, `show access-lists`" },
    { TO_THIS, PLATFORM_ASA,
      "the crypto ACL here must be the mirror image of the peer's[[: `access-list NAME extended permit {mirror_mask}"
      "{beside}]]; see `show run crypto map`, `show run access-list`" },
    { TO_THAT, PLATFORM_IOS,
      "where the other end must stay as it is: change what is asked for: the crypto ACL here[[: {own_edit}]][[, or, with a "
      "tunnel "
      "interface, {tunnel_list}]]" },
    { TO_THAT, PLATFORM_ASA,
      "where the other end must stay as it is: change what is asked for: the crypto ACL here[[: {own_edit}]], or use a VTI on "
      "both ends" },
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
      { { TO_THIS, PLATFORM_IOS, MAP_ON_INTERFACE }, { 0 } } },
    { CODE_TRANSFORM_REFUSED,
      "The transform sets differ",
      "IPsec at {here} has no transform set like the one that {there} asked for[[, {transform_set}]], and its router answers "
      "that with TS_UNACCEPTABLE[[, although the access list of crypto map {fits} fits]].",
      { { TO_THIS, PLATFORM_IOS,
          "have a transform set as it is asked for, in the same mode: `show crypto ipsec transform-set`, `show crypto map`[[; "
          "`crypto ipsec transform-set NEW {transform_set}`]]; bind it beside the old one: `set transform-set OLD NEW` in the "
          "crypto map entry or IPsec profile" },
        { TO_THAT, PLATFORM_UNKNOWN, "or ask for a transform set that the other end has" } } },
    { CODE_CRYPTO_MAP_NO_PEER,
      "No crypto map entry names the peer",
      "No crypto map entry of {here} has {there} as its peer.",
      { { TO_THIS, PLATFORM_IOS, "`crypto map MAP SEQ ipsec-isakmp` / `set peer {peer}`" OTHER_PEER },
        { TO_THIS, PLATFORM_ASA, "`crypto map MAP SEQ set peer {peer}`" OTHER_PEER } } },
};

static const struct advice single_pair[] = {
    { TO_THAT, PLATFORM_UNKNOWN,
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
    diagnosis_debug(&d, TO_THIS);
    quote_leg(&d, x, &x->request, "");
    quote_leg(&d, x, &x->response, "SINGLE_PAIR_REQUIRED");
    asked_quote(&d, sa);
}

/* Entries are tried one by one, and each that has another peer says so: it counts where none came as far as its list. */
static const struct reason *reason_of(const struct ike_sa *sa, struct heard *said)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
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

static void say_selectors(struct diagnosis *d, struct ike_sa *sa)
{
    diagnosis_say(d, NULL, "{here} has no IPsec policy for the traffic that {there} wants to protect[[: {from} towards {to}]].");
    if (kinds_tell(d, sa)) {
        d->f->title = TEXT("The two ends protect different traffic");
        return;
    }
    diagnosis_more(d, "The IKE SA and its authentication are fine; it is the crypto ACLs or traffic selectors, which must be "
                      "mirror images of each other.");
    if (!asked_everything(d))
        ADVISE(d, common);
}

/* ---- what two configurations tell ---- */

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
    if (!waits->answers || !waits->path.acl || !waits->path.crypto_map || kinds_asks(calls) != ASKS_LIST ||
        !leaves_nothing(m, waits->path.acl, calls->path.acl, &asked) || !tunnel_diagnosis(&d, m, r, t, hub, CONFIDENCE_LIKELY))
        return;
    diagnosis_word(&d, "list", waits->path.acl->title);
    diagnosis_word(&d, "asked", selectors_text(m->run, &asked->local));
    diagnosis_word(&d, "for", selectors_text(m->run, &asked->remote));
    diagnosis_word(&d, "entry", acl_entry_text(m->run, &asked->remote, &asked->local, !waits->asa));
    diagnosis_say(
        &d, "The dynamic map's access list has nothing of what the caller asks for",
        "{there_name} will ask for {asked} to {for}, and the access list {list} of the dynamic map by which {here_name} "
        "answers holds none of it.");
    tunnel_to_come(&d, t);
    tunnel_advise(&d, t, hub, "let it hold that, too[[: `ip access-list extended {list}` / `permit {entry}`]]",
                  "let it hold that, too[[: `access-list {list} extended permit {entry}`]]");
    for (unsigned i = 0; i < 2; i++)
        kinds_quote(m, &d, &t->end[i]);
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
    diagnosis_say(&d, "The two ends protect different traffic", KINDS_SAID);
    diagnosis_more(&d, "This is told by the two configurations alone.");
    tunnel_to_come(&d, t);
    kinds_advise(&d, t, what);
}

/* ---- one that was refused ---- */

/* The refuser's log says nothing of selectors, and complained of something else before it answered: an interface that it could
 * not make, a map that it lacks. */
static struct heard complained(const struct ike_sa *sa, const struct exchange *x)
{
    const struct heard none = { NULL, NULL };
    const struct view *v = x ? view_on(sa, refuser(x, none)) : NULL;
    const struct sighting *answer = v ? leg_seen(sa, x, &x->response, v->role) : NULL;
    if (!answer || answer->input != v->input || heard(sa, CODE_TS_REFUSED).note || heard(sa, CODE_PROXY_NO_MATCH).note)
        return none;
    const struct heard before = complaint_of_child(sa, x, v, NULL);
    return before.note && before.note->line < answer->place ? before : none;
}

static void say_complaint(struct diagnosis *d, struct heard complaint)
{
    diagnosis_word(d, "last", last_word_text(complaint));
    diagnosis_say(d, NULL,
                  "{here} refused the tunnel that {there} asked for (TS_UNACCEPTABLE); its log complains before that: '{last}'.");
    diagnosis_more(
        d, "It says nothing of selectors that do not fit, so what it names there is to be mended first. The IKE SA and its "
           "authentication are fine.");
    diagnosis_debug(d, TO_THIS);
    quote_note(d, complaint);
}

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
    const struct heard complaint = why ? (struct heard){ NULL, NULL } : complained(sa, x);
    if (why)
        say_reason(&d, sa, why, before);
    else if (complaint.note)
        say_complaint(&d, complaint);
    else
        say_selectors(&d, sa);
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
