/* What the IKEv2 profile of a way accepts, where its own words rule out that the peer is among it. */
#include "analysis/faults.h"
#include "analysis/sas_at.h"

/* The addresses that a profile accepts, where it accepts nothing else; NULL: it may accept names, or anybody. */
static const struct fact *addresses_accepted(const struct record *profile)
{
    const struct fact *list = fact_members(profile->facts, "match_identity_remote");
    for (const struct fact *g = list; g; g = g->next)
        if (!fact_find(fact_children(g), "start"))
            return NULL;
    return fact_find(profile->facts, "match_certificate") ? NULL : list;
}

/* A peer behind NAT calls itself by the address that it has there. */
static bool accepts_translated(const struct fact *accepted, struct address peer)
{
    struct address start;
    for (const struct fact *g = accepted; g; g = g->next)
        if (fact_get_address(fact_children(g), "start", &start) &&
            (start.family != peer.family || (address_private(start) && !address_private(peer))))
            return true;
    return false;
}

/* Another peer of the same entry, which the profile accepts. */
static const struct config_way *accepted_beside(const struct faults *x, const struct record *profile)
{
    for (size_t i = 0; i < x->count; i++) {
        const struct config_way *w = &x->ways[i];
        if (w != x->way && w->entry == x->way->entry && w->peer.family && config_profile_accepts(profile, NULL, w->peer))
            return w;
    }
    return NULL;
}

/* Nobody else's configuration is here, which would tell what the peer sends, or that it is another one. */
static bool is_alone(const struct faults *x)
{
    for (const struct config_file *f = config_files(x->m); f; f = f->next)
        if (!device_same(x->m, f->device, x->device))
            return false;
    return true;
}

void fault_identity(struct faults *x)
{
    const struct record *profile = x->asa ? NULL : x->path.profile;
    const struct address peer = x->way->peer;
    const struct fact *accepted = profile && peer.family ? addresses_accepted(profile) : NULL;
    struct diagnosis d;
    if (!accepted || !x->whole || x->failed || config_profile_accepts(profile, NULL, peer) ||
        accepts_translated(accepted, peer) || config_owner(x->m, 0, peer, NULL) ||
        sas_at(x->m, peer)) /* then what it sends is known, and told */
        return;
    const struct config_way *beside = accepted_beside(x, profile);
    if ((!beside && !is_alone(x)) || !fault_begin(x, &d, "identity", address_text(peer, x->m->run), true))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING); /* it may call itself otherwise */
    diagnosis_word(&d, "profile", profile->title);
    diagnosis_word(&d, "peer", address_text(peer, x->m->run));
    diagnosis_word(&d, "kind", way_is_tunnel(x->way) ? TEXT("") : TEXT("crypto map"));
    diagnosis_word(&d, "entry", x->way->entry->title);
    diagnosis_word(&d, "first", beside ? address_text(beside->peer, x->m->run) : TEXT(""));
    diagnosis_say(&d,
                  beside ? "The backup peer is accepted by no IKEv2 profile"
                         : "The IKEv2 profile accepts other addresses than the peer's",
                  "[[{kind} ]]{entry} of {router} leads to {peer}, and its IKEv2 profile {profile} accepts other addresses[[, "
                  "{first} among "
                  "them]]: unless that peer calls itself by one of these, it is refused.");
    fault_advise(x, &d,
                 "`crypto ikev2 profile {profile}` / `match identity remote address {peer}[[{alone}]]`, or whatever {peer} "
                 "sends by its `identity local`");
    finding_quote(x->m, d.f, x->way->peer_at, x->way->peer_line);
    finding_quote(x->m, d.f, profile, 0);
    finding_quote(x->m, d.f, profile, accepted->line);
}
