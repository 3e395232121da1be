/* What a way's packets go out in, and what its profile, its policies and its source are in: VRFs that do not go together. */
#include "analysis/evidence_words.h"
#include "analysis/faults.h"
#include "analysis/sas_at.h"

static bool is_removed(const struct record *r)
{
    return fact_find(r->facts, "removed") != NULL;
}

bool fault_default_is_off(const struct faults *x)
{
    const struct record *r = config_find(x->m, x->device, "ikev2-policy", TEXT("default"));
    return r && is_removed(r);
}

/* The policy that is taken for another VRF; NULL: one is for this one, or there is none but the default, which is for any. */
static const struct record *policy_elsewhere(const struct faults *x, struct text vrf)
{
    const struct record *last = NULL;
    if (fault_default_is_off(x)) /* fault_policy_left tells it */
        return NULL;
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

static bool serves(const struct faults *x, const struct record *policy)
{
    bool found = !x->way->own_count;
    for (size_t i = 0; i < x->way->own_count && !found; i++)
        found = config_serves_address(policy, x->way->own[i]);
    return found;
}

/* Without the default policy IKE needs one that is for its VRF and its address. */
void fault_policy_left(struct faults *x)
{
    const struct record *profile = x->asa ? NULL : x->path.profile, *sender, *near = NULL;
    struct text vrf;
    struct diagnosis d;
    if (!profile || !x->whole || !fault_default_is_off(x) || !sender_vrf(x, &sender, &vrf))
        return;
    for (const struct record *r = record_next(x->m, x->device, "ikev2-policy", NULL); r;
         r = record_next(x->m, x->device, "ikev2-policy", r)) {
        if (is_removed(r))
            continue;
        if (config_is_for_vrf(r, vrf) && serves(x, r))
            return;
        near = near && config_is_for_vrf(near, vrf) ? near : r;
    }
    if (!fault_begin(x, &d, "policy left", sender->title, true))
        return;
    const bool of_vrf = near && config_is_for_vrf(near, vrf), of_address = near && serves(x, near);
    const struct record *proposal = record_next(x->m, x->device, "ikev2-proposal", NULL);
    diagnosis_word(&d, "sender", sender->title);
    diagnosis_word(&d, "out", vrf_text(x->m->run, vrf));
    diagnosis_word(&d, "from", x->way->own_count ? address_text(x->way->own[0], x->m->run) : TEXT(""));
    diagnosis_word(&d, "policy", near ? near->title : TEXT("NEW"));
    diagnosis_word(&d, "proposal", proposal ? proposal->title : TEXT("default"));
    diagnosis_word(&d, "right", near && of_vrf ? TEXT("") : vrf.len ? vrf : near ? TEXT("any") : TEXT(""));
    diagnosis_word(&d, "address", near && !of_address && x->way->own_count ? address_text(x->way->own[0], x->m->run) : TEXT(""));
    diagnosis_say(
        &d, "No IKEv2 policy is left for the tunnel",
        near ? "{sender} of {router} sends its IKE in {out}[[ from {from}]], no IKEv2 policy is for that, and the default "
               "one is switched off: there is no proposal to offer and none to accept."
             : "{router} has no IKEv2 policy, and the default one is switched off: there is no proposal to offer and "
               "none to accept.");
    fault_advise(x, &d,
                 near ? "`crypto ikev2 policy {policy}`[[ / `match fvrf {right}`]][[ / `match address local {address}`]]"
                      : "`crypto ikev2 policy {policy}`[[ / `match fvrf {right}`]] / `proposal {proposal}`");
    finding_quote(x->m, d.f, config_find(x->m, x->device, "ikev2-policy", TEXT("default")), 0);
    if (near)
        finding_quote(x->m, d.f, near, 0);
    finding_quote(x->m, d.f, sender, 0);
}

/* A port of the router in that VRF. */
static const struct record *port_in(const struct faults *x, struct text vrf)
{
    static const char *const others[] = { "Loopback", "Tunnel", "Virtual-", "Null" };
    for (const struct record *r = record_next(x->m, x->device, "interface", NULL); r;
         r = record_next(x->m, x->device, "interface", r)) {
        bool other = record_is_shut(r) || !(fact_find(r->facts, "addresses") || fact_find(r->facts, "address_from"));
        for (size_t i = 0; i < COUNT_OF(others); i++)
            other = other || text_starts_nocase(r->title, text_of(others[i]));
        if (!other && text_equal(fact_get_text(r->facts, "vrf"), vrf))
            return r;
    }
    return NULL;
}

/* The tunnel's profile and a port are in its VRF, and its source is a loopback elsewhere: then it is the loopback that is wrong. It
 * loses its addresses where it is given a VRF. True: advised. */
static bool moves_loopback(struct faults *x, struct diagnosis *d, const struct record *source, struct text vrf)
{
    const struct record *port = vrf.len ? port_in(x, vrf) : NULL, *profile = x->path.profile;
    const struct fact *addresses = fact_members(source->facts, "addresses");
    if (!port || !profile || !addresses || addresses->next || !text_starts_nocase(source->title, TEXT("Loopback")) ||
        !config_is_for_vrf(profile, vrf) || config_is_for_vrf(profile, fact_get_text(source->facts, "vrf")))
        return false;
    diagnosis_word(d, "enter", text_trim(record_line(port, fact_find(port->facts, "vrf")->line)));
    diagnosis_word(d, "again", text_trim(record_line(source, addresses->line)));
    fault_advise(x, d,
                 "have it in that VRF, too, and give it its address again, which it loses by that: `interface {source}` / "
                 "`{enter}` / `{again}`");
    return true;
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
    const bool moved = moves_loopback(x, &d, source, vrf);
    if (!moved)
        fault_advise(x, &d,
                     in.len ? "`interface {tunnel}` / `tunnel vrf {right}`" : "`interface {tunnel}` / `no tunnel vrf {wrong}`");
    if (!moved && in.len && profile && !config_is_for_vrf(profile, in)) {
        diagnosis_word(&d, "profile", profile->title);
        fault_advise(x, &d, "its IKE is then of that VRF, too: `crypto ikev2 profile {profile}` / `match fvrf {right}`");
    }
    if (!moved && in.len && policy) {
        diagnosis_word(&d, "policy", policy->title);
        fault_advise(x, &d, "and so are its proposals: `crypto ikev2 policy {policy}` / `match fvrf {right}`");
    }
    finding_quote(x->m, d.f, e, 0);
    finding_quote(x->m, d.f, e, fact_find(e->facts, "tunnel_source")->line);
    finding_quote(x->m, d.f, source, 0);
    if (moved)
        finding_quote(x->m, d.f, profile, 0);
    const struct fact *set = fact_find(source->facts, "vrf");
    if (set)
        finding_quote(x->m, d.f, source, set->line);
}
