/* A Child SA was rekeyed without a new key exchange. */
#include "analysis/entries.h"
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_IOS,
      "`crypto map MAP SEQ ipsec-isakmp` (or `crypto ipsec profile NAME`) / `set pfs group14` or stronger" },
    { TO_BOTH, PLATFORM_ASA,
      "`crypto map MAP SEQ set pfs group14` (or `crypto ipsec profile NAME` / `set pfs group14`), or stronger" },
};

static void judge(struct model *m, const struct rule *r, struct child_sa *c)
{
    struct diagnosis d;
    bool known = c->proposal.has_encr || c->proposal.has_integ;
    if (!c->rekeys || c->initial || c->pfs_dh || c->pfs || !known ||
        !diagnosis_begin(&d, m, r, c->ike_sa, SIDE_INITIATOR, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    d.f->child_sa = c;
    diagnosis_say(&d, NULL,
                  "{initiator} and {responder} rekeyed their Child SA without a new Diffie-Hellman exchange, so its keys follow "
                  "from those of the IKE SA.");
    ADVISE(&d, common);
    for (const struct exchange *x = c->ike_sa->exchanges; x; x = x->next)
        if (exchange_rekeys(x) && !message_proposal(x->request.message, true) && !x->request.message->ke_group)
            quote_leg(&d, x, &x->request, "no KE payload");
    if (!d.f->evidence)
        quote_text(&d, "Child SA %u replaces Child SA %u, and has no DH group of its own", (unsigned)c->number,
                   (unsigned)c->rekeys->number);
    for (enum side side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++) {
        uint32_t device = router_of(m, c->ike_sa, side);
        if (!device)
            continue;
        struct pfs pfs = config_pfs(m, device, address_on(c->ike_sa, side_other(side)), config_entry_of(m, c->ike_sa, c, side));
        if (pfs.known && !pfs.group)
            finding_quote(m, d.f, pfs.where, pfs.line);
    }
}

const struct rule rule_no_pfs = {
    .id = "no-pfs",
    .severity = SEVERITY_NOTE,
    .rank = 85,
    .title = "Child SAs are rekeyed without forward secrecy",
    .meaning = "A rekeyed Child SA took its keys from the IKE SA without a new Diffie-Hellman exchange: whoever learns the IKE "
               "SA's keys reads all of its tunnels. "
               "Before the first rekey there is no PFS to be seen with IKEv2, and that is normal.",
    .advice = "`set pfs` with group 14 or stronger at both ends.",
    .child = judge,
};
