/* What a way's packets go out in, and what its profile, its policies and its source are in: VRFs that do not go together. */
#include "analysis/evidence_words.h"
#include "analysis/faults.h"
#include "analysis/sas_at.h"

/* The policy that is taken for another VRF; NULL: one is for this one, or there is none but the default, which is for any. */
static const struct record *policy_elsewhere(const struct faults *x, struct text vrf)
{
    const struct record *last = NULL;
    for (const struct record *r = record_next(x->m, x->device, "ikev2-policy", NULL); r;
         r = record_next(x->m, x->device, "ikev2-policy", r)) {
        if (config_is_for_vrf(r, vrf))
            return NULL;
        last = r;
    }
    return last;
}

/* An SA here came to nothing because no profile was found: that is told with it. */
static bool profile_was_missed(const struct faults *x)
{
    for (const struct ike_sa *sa = x->failed ? x->m->ike_sas : NULL; sa; sa = sa->next)
        if ((device_same(x->m, router_of(x->m, sa, SIDE_INITIATOR), x->device) ||
             device_same(x->m, router_of(x->m, sa, SIDE_RESPONDER), x->device)) &&
            diagnosed(sa, "no-matching-profile"))
            return true;
    return false;
}

/* The VRF that IKE goes out in; false: it is not known. */
static bool sender_vrf(const struct faults *x, const struct record **sender, struct text *vrf)
{
    *sender = way_is_tunnel(x->way) ? x->way->entry : x->way->carrier;
    *vrf = *sender ? fact_get_text((*sender)->facts, way_is_tunnel(x->way) ? "tunnel_vrf" : "vrf") : TEXT("");
    return *sender != NULL;
}

/* The interface of the tunnel's source, where it is in another VRF than `tunnel vrf` says. */
static const struct record *source_elsewhere(const struct faults *x, struct text vrf)
{
    const struct record *found = x->way->carrier;
    struct address a;
    if (!found || text_equal(fact_get_text(found->facts, "vrf"), vrf))
        return NULL;
    if (address_read(fact_get_text(x->way->entry->facts, "tunnel_source"), &a)) /* two VRFs may have the same one */
        for (const struct owner *o = NULL; (o = config_owner(x->m, x->device, a, o)) != NULL;)
            if (text_equal(fact_get_text(o->interface->facts, "vrf"), vrf))
                return NULL;
    return found;
}

void fault_vrf(struct faults *x)
{
    const struct record *profile = x->asa ? NULL : x->path.profile, *sender;
    struct text vrf;
    struct diagnosis d;
    if (!profile || !sender_vrf(x, &sender, &vrf) || !x->whole || config_is_for_vrf(profile, vrf) || profile_was_missed(x) ||
        (way_is_tunnel(x->way) && source_elsewhere(x, vrf)) || /* then it is the tunnel's VRF that is wrong */
        !fault_begin(x, &d, "vrf", profile->title, true))
        return;
    const struct record *policy = policy_elsewhere(x, vrf);
    struct text fvrf = fact_get_text(profile->facts, "match_fvrf");
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "profile", profile->title);
    diagnosis_word(&d, "sender", sender->title);
    diagnosis_word(&d, "out", vrf_text(x->m->run, vrf));
    diagnosis_word(&d, "for", vrf_text(x->m->run, fvrf));
    diagnosis_word(&d, "right", vrf.len ? vrf : TEXT("any"));
    diagnosis_say(
        &d, "The IKEv2 profile is for another VRF",
        "{sender} of {router} sends its IKE in {out}, and its IKEv2 profile {profile} is for {for}: it is not found for "
        "what comes there.");
    if (policy) {
        diagnosis_word(&d, "policy", policy->title);
        diagnosis_more(&d, "Nor is its IKEv2 policy {policy} for it: the default policy's proposals are used.");
    }
    fault_advise(x, &d,
                 policy ? "`crypto ikev2 profile {profile}` / `match fvrf {right}`, and `crypto ikev2 policy {policy}` / `match "
                          "fvrf {right}`"
                        : "`crypto ikev2 profile {profile}` / `match fvrf {right}`");
    finding_quote(x->m, d.f, sender, 0);
    finding_quote(x->m, d.f, profile, 0);
    if (policy)
        finding_quote(x->m, d.f, policy, 0);
}

/* The profile is for its VRF, and no policy is. */
void fault_policy_vrf(struct faults *x)
{
    const struct record *profile = x->asa ? NULL : x->path.profile, *sender;
    struct text vrf;
    struct diagnosis d;
    if (!profile || !x->whole || !sender_vrf(x, &sender, &vrf) || !config_is_for_vrf(profile, vrf))
        return;
    const struct record *policy = policy_elsewhere(x, vrf);
    if (!policy || !fault_begin(x, &d, "policy vrf", policy->title, true))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING); /* what the default one has may do */
    diagnosis_word(&d, "policy", policy->title);
    diagnosis_word(&d, "sender", sender->title);
    diagnosis_word(&d, "out", vrf_text(x->m->run, vrf));
    diagnosis_word(&d, "for", vrf_text(x->m->run, fact_get_text(policy->facts, "match_fvrf")));
    diagnosis_word(&d, "right", vrf.len ? vrf : TEXT("any"));
    diagnosis_say(
        &d, "The IKEv2 policy is for another VRF",
        "{sender} of {router} sends its IKE in {out}, and its IKEv2 policy {policy} is for {for}: the proposals that are "
        "configured are not used there, but those of the default policy.");
    fault_advise(x, &d, "`crypto ikev2 policy {policy}` / `match fvrf {right}`");
    finding_quote(x->m, d.f, sender, 0);
    finding_quote(x->m, d.f, policy, 0);
}

void fault_source_vrf(struct faults *x)
{
    const struct record *e = x->way->entry;
    struct text vrf = fact_get_text(e->facts, "tunnel_vrf");
    const struct record *source = x->asa || !way_is_tunnel(x->way) ? NULL : source_elsewhere(x, vrf);
    struct diagnosis d;
    if (!source || !x->whole || !fault_begin(x, &d, "source vrf", e->title, true))
        return;
    struct text in = fact_get_text(source->facts, "vrf");
    const struct record *profile = x->path.profile, *policy = policy_elsewhere(x, in);
    diagnosis_word(&d, "tunnel", e->title);
    diagnosis_word(&d, "source", source->title);
    diagnosis_word(&d, "out", vrf_text(x->m->run, vrf));
    diagnosis_word(&d, "in", vrf_text(x->m->run, in));
    diagnosis_word(&d, "right", in);
    diagnosis_word(&d, "wrong", vrf);
    diagnosis_say(
        &d, "The tunnel's source is in another VRF",
        vrf.len ? "By `tunnel vrf`, {tunnel} of {router} sends in {out}, and its source {source} is in {in}: nothing leaves."
                : "Without `tunnel vrf`, {tunnel} of {router} sends in {out}, and its source {source} is in {in}: nothing "
                  "leaves.");
    fault_advise(x, &d,
                 in.len ? "`interface {tunnel}` / `tunnel vrf {right}`" : "`interface {tunnel}` / `no tunnel vrf {wrong}`");
    if (in.len && profile && !config_is_for_vrf(profile, in)) {
        diagnosis_word(&d, "profile", profile->title);
        fault_advise(x, &d, "its IKE is then of that VRF, too: `crypto ikev2 profile {profile}` / `match fvrf {right}`");
    }
    if (in.len && policy) {
        diagnosis_word(&d, "policy", policy->title);
        fault_advise(x, &d, "and so are its proposals: `crypto ikev2 policy {policy}` / `match fvrf {right}`");
    }
    finding_quote(x->m, d.f, e, 0);
    finding_quote(x->m, d.f, e, fact_find(e->facts, "tunnel_source")->line);
    finding_quote(x->m, d.f, source, 0);
    const struct fact *set = fact_find(source->facts, "vrf");
    if (set)
        finding_quote(x->m, d.f, source, set->line);
}
