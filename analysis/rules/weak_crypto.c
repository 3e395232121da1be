/* Algorithms in use that are no longer held to be safe. RFC 8247 (IKEv2) and RFC 8221 (ESP). */
#include "analysis/entries.h"
#include "analysis/proposals.h"
#include "analysis/ways.h"
#include "analysis/weakness.h"

/* Combined-mode ciphers stand in a proposal of their own; the old one stays until both ends have the new one. */
static const struct advice ike_advice[] = {
    { TO_BOTH, PLATFORM_IOS,
      "`crypto ikev2 proposal NEW` / `encryption aes-gcm-256` / `prf sha384` / `group 20` / `exit` / `crypto ikev2 policy NAME` "
      "/ `proposal NEW`; when both ends have it, `no proposal PROPOSAL` there" },
    { TO_BOTH, PLATFORM_ASA,
      "`crypto ikev2 policy FREE-NUMBER` / `encryption aes-gcm-256` / `integrity null` / `prf sha384` / `group 20`; when both "
      "ends have it, `no crypto ikev2 policy N` (N: the old one's number)" },
};
static const struct advice esp_advice[] = {
    { TO_BOTH, PLATFORM_IOS,
      "`crypto ipsec transform-set NEW esp-gcm 256` / `exit` / `crypto map MAP SEQ ipsec-isakmp` (or `crypto ipsec profile "
      "NAME`) / `set transform-set NEW OLD`; when both ends have it, `set transform-set NEW` there" },
    { TO_BOTH, PLATFORM_ASA,
      "`crypto ipsec ikev2 ipsec-proposal NEW` / `protocol esp encryption aes-gcm-256` / `protocol esp integrity null` / `exit` "
      "/ `crypto map MAP SEQ set ikev2 ipsec-proposal NEW OLD` (or `crypto ipsec profile NAME` / `set ikev2 ipsec-proposal NEW "
      "OLD`); when both ends have it, the same without the old one" },
};

static uint64_t weak_of(const struct chosen *c, bool ike)
{
    return (c->has_encr ? weakness_bit(TRANSFORM_ENCR, c->encr, ike) : 0) |
           (c->has_integ ? weakness_bit(TRANSFORM_INTEG, c->integ, ike) : 0) |
           (c->has_prf ? weakness_bit(TRANSFORM_PRF, c->prf, ike) : 0) | (c->has_dh ? weakness_bit(TRANSFORM_DH, c->dh, ike) : 0);
}

/* The lines of a list that have any of these. */
static void quote_lists(struct model *m, struct diagnosis *d, const struct configured *c, uint64_t weak, bool ike)
{
    for (; c; c = c->next)
        for (uint16_t i = 0; c->record && i < c->proposal.count; i++)
            if (weak & weakness_bit(c->proposal.transforms[i].type, c->proposal.transforms[i].id, ike))
                finding_quote(m, d->f, c->record, c->lines[i]);
}

/* The lines of both configurations that offer what was chosen. */
static void quote_configurations(struct model *m, struct diagnosis *d, const struct ike_sa *sa, uint64_t weak, bool ike)
{
    for (enum side side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++) {
        uint32_t device = device_of(sa, side);
        const struct configured *c = !device ? NULL
                                     : ike   ? config_offered_proposals(m, device, address_on(sa, side), m->run)
                                             : config_transform_sets(m, device, address_on(sa, side_other(side)),
                                                                     config_entry_of(m, sa, NULL, side), m->run);
        quote_lists(m, d, c, weak, ike);
    }
}

static void quote_offer(struct diagnosis *d, const struct printed_offer *offer)
{
    quote_line(d, offer->input, offer->line, "%.*s", TEXT_ARGS(offer->text));
}

struct subject { /* the same algorithms again, of which a log may have thousands: a set is compared, and no words are made of it
                  */
    uint64_t set;
    char of;
};

static struct text subject_of(struct subject *s, uint64_t set, bool child)
{
    *s = (struct subject){ set, child ? 'c' : 'i' };
    return text_over((const char *)s, offsetof(struct subject, of) + 1);
}

static void judge_ike(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    if (!sa->has_proposal)
        return;
    const uint64_t weak = weak_of(&sa->proposal, true);
    struct subject set;
    struct diagnosis d;
    if (!weak || !diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, CONFIDENCE_CERTAIN, subject_of(&set, weak, false)))
        return;
    diagnosis_word(&d, "names", weakness_names(m->run, weak, true));
    diagnosis_say(&d, "Weak algorithms in the IKE SA", "{initiator} and {responder} agreed on {names} for their IKE SA.");
    ADVISE(&d, ike_advice);
    quote_configurations(m, &d, sa, weak, true);
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_SA_INIT);
    if (sa->offer)
        quote_offer(&d, sa->offer);
    else if (x)
        quote_leg(&d, x, &x->response, "the chosen proposal");
    else if (sa->shown_only && sa->shown)
        finding_quote(m, d.f, sa->shown->record, sa->shown->entry->line);
    else
        quote_text(&d, "the chosen proposal: %.*s", TEXT_ARGS(weakness_names(m->run, weak, false)));
}

/* "transform: esp-aes esp-sha-hmac", of a flow that show output lists. */
static uint32_t transform_line(const struct fact *flow)
{
    for (const struct fact *sa = fact_members(fact_children(flow), "sas"); sa; sa = sa->next) {
        const struct fact *transform = fact_find(fact_children(sa), "transform");
        if (transform && transform->line)
            return transform->line;
    }
    return flow->line;
}

static void judge_child(struct model *m, const struct rule *r, struct child_sa *c)
{
    const uint64_t weak = weak_of(&c->proposal, false);
    struct subject set;
    struct diagnosis d;
    if (!weak || !diagnosis_begin(&d, m, r, c->ike_sa, SIDE_INITIATOR, CONFIDENCE_CERTAIN, subject_of(&set, weak, true)))
        return;
    d.f->child_sa = c;
    diagnosis_word(&d, "names", weakness_names(m->run, weak, true));
    diagnosis_say(&d, "Weak algorithms in the tunnel", "{initiator} and {responder} protect their traffic with {names}.");
    ADVISE(&d, esp_advice);
    quote_configurations(m, &d, c->ike_sa, weak, false);
    const struct exchange *x = c->initial ? exchange_last(c->ike_sa, EXCHANGE_IKE_AUTH) : NULL;
    if (c->offer)
        quote_offer(&d, c->offer);
    else if (x)
        quote_leg(&d, x, &x->response, "the chosen proposal of the Child SA");
    else if (c->ike_sa->shown_only && c->shown)
        finding_quote(m, d.f, c->shown->record, transform_line(c->shown->entry));
    else
        quote_text(&d, "the chosen proposal of Child SA %u: %.*s", (unsigned)c->number,
                   TEXT_ARGS(weakness_names(m->run, weak, false)));
}

/* ---- configurations alone, and show output that makes no SA ---- */

struct weak_lists { /* what stands in a router's lists */
    uint64_t any;   /* beside something better, or alone */
    uint64_t only;  /* of a kind of which they have nothing better */
    bool unsettled; /* the platform's default is among them, which differs between releases */
};

static struct weak_lists weak_lists(const struct configured *list, bool ike)
{
    static const uint8_t kinds[] = { TRANSFORM_ENCR, TRANSFORM_INTEG, TRANSFORM_PRF, TRANSFORM_DH };
    struct weak_lists w = { .any = 0 };
    for (size_t k = 0; k < sizeof kinds; k++) {
        uint64_t weak = 0;
        bool sound = false;
        for (const struct configured *c = list; c; c = c->next) {
            w.unsettled = w.unsettled || !c->record;
            for (uint16_t i = 0; c->record && i < c->proposal.count; i++) {
                const struct transform *t = &c->proposal.transforms[i];
                const uint64_t bit = t->type == kinds[k] ? weakness_bit(t->type, t->id, ike) : 0;
                weak |= bit;
                sound = sound || (t->type == kinds[k] && !bit);
            }
        }
        w.any |= weak;
        w.only |= sound ? 0 : weak;
    }
    return w;
}

static const char *const mixed_advice[] = {
    "take them out when no peer needs them any more: `{enter}` / the line again without them, which replaces the one that is "
    "there",
};

/* {what it is called, the command that enters it; IOS or ASA} */
static const struct {
    const char *record, *called, *enter;
    bool ike, asa;
} lists[] = {
    { "ikev2-proposal", "the proposal", "crypto ikev2 proposal", true, false },
    { "asa-ikev2-policy", "the policy", "crypto ikev2 policy", true, true },
    { "transform-set", "the transform set", "crypto ipsec transform-set", false, false },
    { "ipsec-proposal", "the IPsec proposal", "crypto ipsec ikev2 ipsec-proposal", false, true },
};
enum { LISTS = COUNT_OF(lists) };

struct listing { /* a router's list, or one object of it */
    uint32_t device;
    const struct configured *list;
    bool ike, asa;
    struct text object; /* "the transform set TS"; empty: all that the router has for a way */
    struct address local, peer;
};

static size_t list_of(const char *record) /* LISTS: none of them */
{
    size_t i = 0;
    while (i < LISTS && strcmp(lists[i].record, record) != 0)
        i++;
    return i;
}

static struct text entered_by(const struct model *m, const struct configured *c, uint64_t weak, bool ike)
{
    for (; c; c = c->next)
        for (uint16_t i = 0; c->record && i < c->proposal.count; i++)
            if (weak & weakness_bit(c->proposal.transforms[i].type, c->proposal.transforms[i].id, ike)) {
                const size_t at = list_of(c->record->name);
                return arena_format(m->run, "%s %.*s", at < LISTS ? lists[at].enter : "", TEXT_ARGS(c->record->title));
            }
    return TEXT("crypto ikev2 proposal NAME");
}

static void tell_listing(struct model *m, const struct rule *r, const struct listing *l, uint64_t weak, bool only)
{
    struct diagnosis d;
    if (!weak || !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY,
                                  arena_format(m->run, "%u %d %d %.*s %.*s", (unsigned)l->device, l->ike, only,
                                               TEXT_ARGS(weakness_names(m->run, weak, false)), TEXT_ARGS(l->object))))
        return;
    if (!only)
        diagnosis_severity(&d, SEVERITY_NOTE);
    diagnosis_word(&d, "router", device_name_or(m, l->device, TEXT("the router")));
    diagnosis_word(&d, "object", l->object);
    diagnosis_word(&d, "names", weakness_names(m->run, weak, true));
    diagnosis_word(&d, "for", l->ike ? TEXT("its IKE SAs") : TEXT("its traffic"));
    diagnosis_word(&d, "enter", entered_by(m, l->list, weak, l->ike));
    if (only)
        diagnosis_say(
            &d, l->ike ? "Only weak algorithms are configured for IKE" : "Only weak algorithms are configured for the tunnel",
            "{router} offers nothing better for {for} than {names}.");
    else
        diagnosis_say(&d, l->ike ? "Weak algorithms are allowed for IKE" : "Weak algorithms are allowed for the tunnel",
                      "{router} also takes {names} for {for}: a peer that offers nothing better gets them.");
    if (l->object.len)
        diagnosis_more(&d, "They stand in {object}.");
    diagnosis_advise_router(&d, l->device, l->local, l->peer,
                            only ? (l->ike ? ike_advice : esp_advice)[l->asa].text : mixed_advice[0]);
    quote_lists(m, &d, l->list, weak, l->ike);
}

static void judge_listing(struct model *m, const struct rule *r, const struct listing *l)
{
    const struct weak_lists w = weak_lists(l->list, l->ike);
    tell_listing(m, r, l, w.unsettled ? 0 : w.only, true);
    tell_listing(m, r, l, w.any & ~(w.unsettled ? 0 : w.only), false);
}

static void judge_way(struct model *m, const struct rule *r, uint32_t device, const struct config_way *w)
{
    struct listing l = { .device = device, .peer = w->peer, .asa = platform_of_router(m, device) == PLATFORM_ASA };
    l.local = w->own_count ? w->own[0] : (struct address){ 0 };
    l.ike = true;
    l.list = config_offered_proposals(m, device, l.local, m->run);
    judge_listing(m, r, &l);
    l.ike = false;
    l.list = config_transform_sets(m, device, w->peer, w->entry, m->run);
    judge_listing(m, r, &l);
}

/* A piece of a configuration that leads to nobody: each of its objects for itself. */
static void judge_objects(struct model *m, const struct rule *r, uint32_t device)
{
    for (const struct record *at = record_next(m, device, NULL, NULL); at; at = record_next(m, device, NULL, at)) {
        const size_t i = at->kind == INPUT_CONFIG ? list_of(at->name) : LISTS;
        if (i == LISTS)
            continue;
        const struct listing l = {
            .device = device,
            .list = config_proposal(at, m->run),
            .ike = lists[i].ike,
            .asa = lists[i].asa,
            .object = arena_format(m->run, "%s %.*s", lists[i].called, TEXT_ARGS(at->title)),
        };
        judge_listing(m, r, &l);
    }
}

/* `set pfs group2` of an IPsec profile or a crypto map entry. */
static void judge_pfs(struct model *m, const struct rule *r, const struct record *holder)
{
    const struct fact *pfs = fact_find(holder->facts, "pfs");
    const uint64_t weak = pfs && pfs->kind == FACT_CODE ? weakness_bit(TRANSFORM_DH, (unsigned)pfs->as.number, false) : 0;
    const bool profile = strcmp(holder->name, "ipsec-profile") == 0, asa = platform_of_router(m, holder->device) == PLATFORM_ASA;
    struct diagnosis d;
    if (!weak || !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY,
                                  arena_format(m->run, "%u pfs %u %u", (unsigned)holder->device, (unsigned)holder->input,
                                               (unsigned)holder->first_line)))
        return;
    diagnosis_word(&d, "router", device_name_or(m, holder->device, TEXT("the router")));
    diagnosis_word(&d, "object", holder->title);
    diagnosis_word(&d, "names", weakness_names(m->run, weak, true));
    const bool dynamic = strcmp(holder->name, "crypto-dynamic-map") == 0;
    diagnosis_word(&d, "kind", profile ? TEXT("IPsec profile") : dynamic ? TEXT("dynamic map") : TEXT("crypto map"));
    diagnosis_word(&d, "enter",
                   profile   ? TEXT("crypto ipsec profile")
                   : dynamic ? TEXT("crypto dynamic-map")
                             : TEXT("crypto map"));
    diagnosis_say(&d, "A weak group for PFS",
                  "{router} makes the keys of its Child SAs anew with {names}, by its {kind} {object}.");
    diagnosis_advise_router(&d, holder->device, (struct address){ 0 }, (struct address){ 0 },
                            asa && !profile ? "at both ends a stronger one: `{enter} {object} set pfs group20`"
                            : profile || dynamic
                                ? "at both ends a stronger one: `{enter} {object}` / `set pfs group20`"
                                : "at both ends a stronger one: `{enter} {object} ipsec-isakmp` / `set pfs group20`");
    finding_quote(m, d.f, holder, pfs->line);
}

static bool take(const struct fact *facts, const char *name, uint16_t *value)
{
    uint64_t number;
    bool has = fact_get_number(facts, name, &number) && number <= UINT16_MAX;
    *value = has ? (uint16_t)number : 0;
    return has;
}

static void judge_shown(struct model *m, const struct rule *r, const struct record *show, const struct fact *entry)
{
    const struct fact *f = fact_children(entry);
    struct chosen c = { .has_encr = false };
    struct address remote;
    struct diagnosis d;
    c.has_encr = take(f, "encryption", &c.encr);
    c.has_integ = take(f, "integrity", &c.integ);
    c.has_prf = take(f, "prf", &c.prf);
    c.has_dh = take(f, "dh", &c.dh);
    const uint64_t weak = weak_of(&c, true);
    if (!weak || !fact_get_address(f, "remote", &remote) ||
        !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_CERTAIN,
                         arena_format(m->run, "%u %.*s %.*s", (unsigned)show->device, TEXT_ARGS(address_text(remote, m->run)),
                                      TEXT_ARGS(weakness_names(m->run, weak, false)))))
        return;
    diagnosis_word(&d, "router", device_name_or(m, show->device, TEXT("the router")));
    diagnosis_word(&d, "peer", address_text(remote, m->run));
    diagnosis_word(&d, "names", weakness_names(m->run, weak, true));
    diagnosis_say(&d, "Weak algorithms in the IKE SA", "{router} uses {names} for its IKE SA with {peer}.");
    ADVISE(&d, ike_advice);
    finding_quote(m, d.f, show, entry->line);
}

static void judge_router(struct model *m, const struct rule *r, uint32_t device, struct config_way *ways)
{
    static const char *const holders[] = { "ipsec-profile", "crypto-map", "crypto-dynamic-map" };
    const size_t n = ways_of(m, device, ways);
    for (size_t k = 0; k < n; k++)
        judge_way(m, r, device, &ways[k]);
    if (!n)
        judge_objects(m, r, device);
    for (size_t i = 0; i < COUNT_OF(holders); i++)
        for (const struct record *at = record_next(m, device, holders[i], NULL); at; at = record_next(m, device, holders[i], at))
            judge_pfs(m, r, at);
}

/* An SA is the better witness. */
static void judge_whole(struct model *m, const struct rule *r)
{
    if (m->ike_sas)
        return;
    struct config_way *ways = memory_take(WAYS * sizeof *ways);
    for (const struct record *show = m->records; show; show = show->next)
        if (show->kind == INPUT_SHOW)
            for (const struct fact *sa = fact_members(show->facts, "sas"); sa; sa = sa->next)
                judge_shown(m, r, show, sa);
    for (uint32_t device = 0; device < m->device_count; device++)
        if (device && !m->devices[device].same_as && config_supplied(m, device))
            judge_router(m, r, device, ways);
    memory_free(ways);
}

const struct rule rule_weak_crypto = {
    .id = "weak-crypto",
    .severity = SEVERITY_WARNING,
    .rank = 75,
    .title = "Weak algorithms in use",
    .meaning = "The SA uses algorithms that RFC 8247 and RFC 8221 advise against or forbid: DES, 3DES, MD5, SHA-1, small or "
               "flawed DH groups, or no encryption at all.",
    .advice = "Offer AES-GCM or AES with SHA-2 and group 14, 19, 20 or stronger at both ends, then remove the old proposals.",
    .sa = judge_ike,
    .child = judge_child,
    .whole = judge_whole,
};
