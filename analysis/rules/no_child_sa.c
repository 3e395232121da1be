/* An IKE SA that is up without a Child SA, and nothing tells why: show output has it so, or the log of an initiator that prints
 * no payloads of the answer. */
#include "analysis/evidence.h"
#include "analysis/quote.h"
#include "analysis/shown_childless.h"

static const char *const on_ios[] = {
    "send a packet that belongs into the tunnel (`ping REMOTE-HOST source LOCAL-HOST`), then `show crypto ipsec sa peer {peer}` "
    "again: an SA that is made on demand is there then",
    "compare with the other end: `show crypto ipsec transform-set`, `show crypto map` (PFS, peer) and `show access-lists` (its "
    "crypto ACL is the mirror of this one)",
    "take the refusal: `debug crypto condition peer {family} {peer}`, `debug crypto ikev2`, `debug crypto ikev2 error`, then "
    "`clear crypto ikev2 sa remote {peer}`, so that it begins anew",
};
static const char *const on_asa[] = {
    "send a packet that belongs into the tunnel (`packet-tracer input inside icmp LOCAL-HOST 8 0 REMOTE-HOST detailed`, twice), "
    "then `show crypto ipsec sa peer {peer}` again: an SA that is made on demand is there then",
    "compare with the other end: `show run crypto ipsec`, `show run crypto map` (PFS, peer) and `show run access-list` (its "
    "crypto ACL is the mirror of this one)",
    "take the refusal: `debug crypto condition peer {peer}`, `debug crypto ikev2 protocol 127`, then `vpn-sessiondb logoff "
    "ipaddress {peer}`, which takes the tunnel down and begins anew",
};

static void tell_errors(struct diagnosis *d, const struct childless *c)
{
    const struct fact *errors = fact_find(fact_children(c->flow), "send_errors");
    if (!errors || errors->kind != FACT_NUMBER || !errors->as.number)
        return;
    diagnosis_count(d, "errors", errors->as.number, "packet", "packets");
    diagnosis_more(d, "{errors} for it could not be sent.");
    finding_quote(d->m, d->f, c->record, errors->line);
}

/* Something that explains it was found, of a log or of configurations. */
static bool explained(const struct model *m, const struct ike_sa *sa)
{
    for (const struct finding *f = m->findings; f; f = f->next)
        if (f->ike_sa == sa && f->severity == SEVERITY_ERROR)
            return true;
    return found_error(sa);
}

static void judge_sa(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct childless c;
    struct diagnosis d;
    if (!sa->shown_only || !shown_childless(m, sa, &c) || explained(m, sa))
        return;
    const struct view *v = sa->views;
    while (v->next && v->device != c.record->device)
        v = v->next;
    if (!diagnosis_begin(&d, m, r, sa, (enum side)v->role, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    diagnosis_word(&d, "router", device_name_or(m, c.record->device, TEXT("The router")));
    diagnosis_word(&d, "with", v->remote.address.family ? address_text(v->remote.address, m->run) : TEXT("the peer"));
    diagnosis_say(&d, NULL,
                  c.flow
                      ? "{router} shows its IKE SA with {with} as up, and no SPI for the traffic that belongs into the tunnel: "
                        "there is no Child SA, so nothing can pass."
                      : "{router} shows its IKE SA with {with} as up, and no IPsec SA: there is no Child SA, so nothing can "
                        "pass.");
    diagnosis_more(&d, "Keys and identities are accepted; the Child SA was refused, was deleted, or nothing has asked for it.");
    finding_quote(m, d.f, c.record, c.line);
    tell_errors(&d, &c);
    if (sa->shown)
        finding_quote(m, d.f, sa->shown->record, sa->shown->entry->line);
    bool asa = c.asa || platform_of_router(m, c.record->device) == PLATFORM_ASA;
    for (size_t i = 0; i < COUNT_OF(on_ios); i++)
        diagnosis_advise_router(&d, c.record->device, v->local.address, v->remote.address, asa ? on_asa[i] : on_ios[i]);
}

/* ---- what a log says ---- */

static const struct advice compare[] = {
    { TO_BOTH, PLATFORM_IOS, COMPARE_IOS },
    { TO_BOTH, PLATFORM_ASA, COMPARE_ASA },
};

static const struct view *childless_view(const struct ike_sa *sa)
{
    const struct view *v = sa->views;
    while (v && (v->role != SIDE_INITIATOR || !v->childless_line || v->child_taken))
        v = v->next;
    return v;
}

static void judge_logged(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct view *v = sa->established && !sa->rekeys && !sa->children && !sa->shown_only ? childless_view(sa) : NULL;
    struct diagnosis d;
    if (!v || found_error(sa) || !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_LIKELY, TEXT("")))
        return;
    diagnosis_say(&d, NULL,
                  "{here} took the keys and the identity of {there}, and refused the Child SA: the IKE SA came up alone, so "
                  "nothing can pass.");
    diagnosis_more(&d, "The log of {there} does not print what the answer said: TS_UNACCEPTABLE (access lists that do not mirror "
                       "each other) or NO_PROPOSAL_CHOSEN (transform sets, or no crypto map entry that fits), most likely.");
    if (sa->deleted_by_initiator)
        diagnosis_more(&d, "{there} deleted the IKE SA at once, as there was no use for it.");
    ADVISE(&d, compare);
    diagnosis_debug(&d, TO_THIS);
    quote_line(&d, v->input, v->childless_line, "IKE SA up, no Child SA taken");
}

/* ---- what show output says, after what is found of configurations ---- */

static void judge(struct model *m, const struct rule *r)
{
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        judge_sa(m, r, sa);
}

const struct rule rule_no_child_sa = {
    .id = "no-child-sa",
    .severity = SEVERITY_ERROR,
    .rank = 60,
    .title = "The IKE SA is up and has no Child SA",
    .meaning = "`show crypto ikev2 sa` lists the IKE SA as up, and the same router's `show crypto ipsec sa` has no SA for it, a "
               "flow without SPIs, or its session is UP-IDLE; or an initiator's log has the IKE SA come up alone, and does not "
               "print why its Child SA was refused.",
    .advice = "Send a packet that belongs into the tunnel; where no SA comes of it, compare transform sets, PFS and crypto ACLs "
              "of both ends, and take a debug of the attempt.",
    .sa = judge_logged,
    .whole = judge,
};
