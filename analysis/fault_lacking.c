/* Profiles, proposals, crypto map entries and tunnels that are not complete, and proposals that no policy names. What is missing
 * is only said of configurations that are whole. */
#include "analysis/acl_edit.h"
#include "analysis/faults.h"
#include "analysis/proposals.h"
#include "analysis/tunnels.h"

static const char *lacking(const struct record *profile)
{
    const struct fact *f = profile->facts;
    return !fact_find(f, "match_identity_remote") && !fact_find(f, "match_certificate") ? "match identity remote"
           : !fact_find(f, "authentication_remote")                                     ? "authentication remote"
           : !fact_find(f, "authentication_local")                                      ? "authentication local"
                                                                                        : NULL;
}

void fault_profile(struct faults *x)
{
    const struct record *p = x->asa ? NULL : x->path.profile;
    const char *line = p && x->whole && !text_equal(p->title, TEXT("default")) ? lacking(p) : NULL;
    struct diagnosis d;
    if (!line || !fault_begin(x, &d, "profile", p->title, true))
        return;
    diagnosis_word(&d, "profile", p->title);
    diagnosis_word(&d, "line", text_of(line));
    diagnosis_say(
        &d, "The IKEv2 profile is not complete",
        "The IKEv2 profile {profile} of {router} has no `{line}` line: IOS does not use a profile that is not complete.");
    fault_advise(
        x, &d, "`crypto ikev2 profile {profile}` / `{line} ...`; `show crypto ikev2 profile` lists it as incomplete until then");
    finding_quote(x->m, d.f, p, 0);
}

/* An algorithm that has no number here may be what seems to be missing. */
static bool has_unknown(const struct record *proposal)
{
    uint64_t id;
    for (const struct fact *f = fact_members(proposal->facts, "transforms"); f; f = f->next)
        if (!fact_get_number(fact_children(f), "id", &id))
            return true;
    return false;
}

static void check_proposal(struct faults *x, const struct record *policy, const struct record *proposal)
{
    const char *line = has_unknown(proposal) ? NULL : proposal_lacks(&config_proposal(proposal, x->m->run)->proposal);
    struct diagnosis d;
    if (!line || !fault_begin(x, &d, "proposal", proposal->title, true))
        return;
    diagnosis_word(&d, "policy", policy->title);
    diagnosis_word(&d, "proposal", proposal->title);
    diagnosis_word(&d, "line", text_of(line));
    diagnosis_say(
        &d, "The IKEv2 proposal is not complete",
        "The IKEv2 proposal {proposal} of {router}, which its policy {policy} names, has no `{line}`: IOS does not use a "
        "proposal that is not complete.");
    fault_advise(x, &d,
                 "`crypto ikev2 proposal {proposal}` / `{line} ...`, as the other end has it: `show crypto ikev2 proposal`");
    finding_quote(x->m, d.f, proposal, 0);
}

void fault_proposals(struct faults *x)
{
    if (x->asa || !x->whole)
        return;
    for (const struct record *r = record_next(x->m, x->device, "ikev2-policy", NULL); r;
         r = record_next(x->m, x->device, "ikev2-policy", r))
        for (const struct fact *f = fact_members(r->facts, "proposals"); f; f = f->next) {
            const struct record *p = f->kind == FACT_TEXT ? config_find(x->m, x->device, "ikev2-proposal", f->as.text) : NULL;
            if (p)
                check_proposal(x, r, p);
        }
}

/* An entry of a dynamic map takes what is asked for where it has no list, but has to say how. */
static void check_dynamic_entry(struct faults *x)
{
    const struct record *e = x->way->entry;
    struct diagnosis d;
    if (fact_find(e->facts, "transform_sets") || fact_find(e->facts, "ipsec_proposals") ||
        fact_find(e->facts, "ikev1_transform_sets") || !fault_begin(x, &d, "entry", e->title, true))
        return;
    const char *kind = x->asa ? "ipsec-proposal" : "transform-set";
    const struct record *set = config_sole(x->m, x->device, kind, NULL);
    diagnosis_word(&d, "line", x->asa ? TEXT("set ikev2 ipsec-proposal") : TEXT("set transform-set"));
    diagnosis_word(&d, "set", set ? set->title : TEXT("NAME"));
    diagnosis_word(&d, "entry", e->title);
    diagnosis_say(&d, "An entry of a dynamic map is not complete",
                  "The dynamic map {entry} of {router} has no `{line}`: nobody who calls gets anything by it.");
    fault_advise(x, &d, x->asa ? "`crypto dynamic-map {entry} {line} {set}`" : "`crypto dynamic-map {entry}` / `{line} {set}`");
    finding_quote(x->m, d.f, e, 0);
}

void fault_map_entry(struct faults *x)
{
    const struct record *e = x->way->entry;
    struct diagnosis d;
    if (x->whole && strcmp(e->name, "crypto-dynamic-map") == 0)
        check_dynamic_entry(x);
    if (strcmp(e->name, "crypto-map") != 0 || !x->whole)
        return;
    bool list = fact_find(e->facts, "match_address"), sets = fact_find(e->facts, "transform_sets") ||
                                                             fact_find(e->facts, "ipsec_proposals") ||
                                                             fact_find(e->facts, "ikev1_transform_sets");
    if ((list && sets) || !fault_begin(x, &d, "entry", e->title, true))
        return;
    diagnosis_word(&d, "line",
                   text_of(!list    ? "match address ACL"
                           : x->asa ? "set ikev2 ipsec-proposal PROPOSAL"
                                    : "set transform-set SET"));
    diagnosis_word(&d, "entry", e->title);
    diagnosis_say(&d, "A crypto map entry is not complete",
                  "Crypto map {entry} of {router} has no `{line}`: it protects nothing.");
    fault_advise(x, &d, x->asa ? "`crypto map {entry} {line}`" : "`crypto map {entry} ipsec-isakmp` / `{line}`");
    finding_quote(x->m, d.f, e, 0);
    finding_quote(x->m, d.f, x->way->peer_at, x->way->peer_line);
}

/* An ASA has no policies by itself, as IOS has. */
void fault_ikev2_policy(struct faults *x)
{
    struct diagnosis d;
    if (!x->asa || !x->whole || !fault_wants_ikev2(x) || record_next(x->m, x->device, "asa-ikev2-policy", NULL) ||
        !fault_begin(x, &d, "ikev2 policy", TEXT(""), true))
        return;
    diagnosis_say(&d, "There is no IKEv2 policy",
                  "{router} is to speak IKEv2, and has no `crypto ikev2 policy`: it has nothing to offer and accepts nothing.");
    fault_advise(
        x, &d,
        "`crypto ikev2 policy 10` / `encryption ...` / `integrity ...` / `group ...` / `prf ...`, as the other end has them");
    finding_quote(x->m, d.f, x->way->entry, 0);
    finding_quote(x->m, d.f, x->way->peer_at, x->way->peer_line);
}

/* IOS takes its default transform set then. */
void fault_profile_sets(struct faults *x)
{
    const struct record *p = x->path.ipsec_profile;
    struct diagnosis d;
    if (!x->asa || !x->whole || !p || fact_find(p->facts, "ipsec_proposals") || fact_find(p->facts, "ikev1_transform_sets") ||
        !fault_begin(x, &d, "profile sets", p->title, true))
        return;
    const struct record *only = record_next(x->m, x->device, "ipsec-proposal", NULL);
    diagnosis_word(&d, "profile", p->title);
    diagnosis_word(&d, "proposal",
                   only && !record_next(x->m, x->device, "ipsec-proposal", only) ? only->title : TEXT("PROPOSAL"));
    diagnosis_say(
        &d, "The IPsec profile is not complete",
        "The IPsec profile {profile} of {router} has no `set ikev2 ipsec-proposal`: its tunnels have nothing to protect with.");
    fault_advise(x, &d, "`crypto ipsec profile {profile}` / `set ikev2 ipsec-proposal {proposal}`");
    finding_quote(x->m, d.f, x->way->entry, 0);
    finding_quote(x->m, d.f, p, 0);
}

/* A tunnel to one peer needs both its ends. What answers anybody is a template, or multipoint. */
void fault_tunnel_ends(struct faults *x)
{
    const struct record *e = x->way->entry;
    struct diagnosis d;
    if (!way_is_tunnel(x->way) || !x->whole || !text_starts(e->title, TEXT("Tunnel")))
        return;
    const struct text mode = fact_get_text(e->facts, "tunnel_mode");
    const bool sourced = fact_find(e->facts, "tunnel_source"), multipoint = text_has(mode, TEXT("multipoint")),
               led = multipoint || fact_find(e->facts, "tunnel_destination");
    const bool unnamed = x->asa && !fact_find(e->facts, "nameif");
    if ((sourced && led && !unnamed && (mode.len || !x->asa)) || !fault_begin(x, &d, "tunnel", e->title, true))
        return;
    const bool six = x->way->peer.family == ADDRESS_IPV6;
    diagnosis_word(&d, "tunnel", e->title);
    diagnosis_word(&d, "what",
                   !sourced   ? TEXT("tunnel source")
                   : !led     ? TEXT("tunnel destination")
                   : !unnamed ? TEXT("tunnel mode")
                              : TEXT("nameif"));
    diagnosis_word(&d, "which",
                   !sourced  ? x->asa ? TEXT("interface NAMEIF") : TEXT("INTERFACE")
                    : !led ? TEXT("PEER-ADDRESS")
                   : unnamed ? TEXT("NAME")
                   : six     ? TEXT("ipsec ipv6")
                             : TEXT("ipsec ipv4"));
    diagnosis_say(&d, "A tunnel interface is not complete", "{tunnel} of {router} has no `{what}`: it stays down.");
    fault_advise(x, &d, "`interface {tunnel}` / `{what} {which}`");
    finding_quote(x->m, d.f, e, 0);
}

/* Proposals that are configured count where a policy names them; without any policy IOS goes by its default one. */
void fault_proposals_are_bound(struct faults *x)
{
    const struct record *p = x->asa || !x->whole ? NULL : record_next(x->m, x->device, "ikev2-proposal", NULL);
    struct diagnosis d;
    while (p && text_equal(p->title, TEXT("default")))
        p = record_next(x->m, x->device, "ikev2-proposal", p);
    if (!p || record_next(x->m, x->device, "ikev2-policy", NULL) || !fault_begin(x, &d, "bound", p->title, true))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING); /* what the default one has may do */
    diagnosis_word(&d, "proposal", p->title);
    diagnosis_say(&d, "The IKEv2 proposal is in no policy",
                  "{router} has the IKEv2 proposal {proposal} and no `crypto ikev2 policy`, so it is never used: the default "
                  "policy's proposals are offered and accepted.");
    fault_advise(x, &d, "`crypto ikev2 policy NEW` / `proposal {proposal}`");
    finding_quote(x->m, d.f, p, 0);
}

/* `tunnel destination dynamic`: a FlexVPN client gives it one. */
void fault_client(struct faults *x)
{
    const struct record *e = x->way->entry, *c = NULL;
    struct diagnosis d;
    if (!x->whole || !text_equal(fact_get_text(e->facts, "tunnel_destination"), TEXT("dynamic")))
        return;
    while ((c = record_next(x->m, x->device, "flexvpn-client", c)) != NULL)
        if (text_equal_nocase(fact_get_text(c->facts, "tunnel"), e->title))
            return;
    if (!fault_begin(x, &d, "client", e->title, true))
        return;
    c = record_next(x->m, x->device, "flexvpn-client", NULL);
    diagnosis_word(&d, "tunnel", e->title);
    diagnosis_word(&d, "client", c ? c->title : TEXT("NEW"));
    diagnosis_say(&d, "No FlexVPN client connects the tunnel",
                  "{tunnel} of {router} has the destination that a FlexVPN client gives it, and no `crypto ikev2 client flexvpn` "
                  "connects it: it calls nobody.");
    fault_advise(x, &d,
                 c ? "`crypto ikev2 client flexvpn {client}` / `client connect {tunnel}`"
                   : "`crypto ikev2 client flexvpn {client}` / `peer 1 HUB-ADDRESS` / `client connect {tunnel}`");
    finding_quote(x->m, d.f, e, 0);
    finding_quote(x->m, d.f, e, fact_find(e->facts, "tunnel_destination")->line);
    if (c)
        finding_quote(x->m, d.f, c, 0);
}

/* Every entry that permits lies within one before it that denies: *by, that one. */
static const struct fact *denied_by(const struct fact *entry, const struct fact *entries)
{
    struct selector_pair what = { .acl = NULL }, wide = { .acl = NULL };
    if (!acl_entry_selectors(entry, &what))
        return NULL;
    for (const struct fact *e = entries; e && e != entry; e = e->next)
        if (text_equal(fact_get_text(fact_children(e), "action"), TEXT("deny")) && !acl_entry_depends(fact_children(e)) &&
            acl_entry_selectors(e, &wide) && pair_holds(&wide, &what))
            return e;
    return NULL;
}

/* Of longer lists no more is asked. */
enum { ENTRIES_ASKED = 64 };

void fault_denied_list(struct faults *x)
{
    const struct record *acl = config_find(x->m, x->device, "access-list", fact_get_text(x->way->entry->facts, "match_address"));
    const struct fact *entries = acl ? fact_members(acl->facts, "entries") : NULL, *by = NULL, *dead = NULL;
    unsigned n = 0;
    struct diagnosis d;
    for (const struct fact *e = entries; e; e = e->next) {
        if (++n > ENTRIES_ASKED)
            return;
        if (!text_equal(fact_get_text(fact_children(e), "action"), TEXT("permit")))
            continue;
        by = denied_by(e, entries);
        if (!by)
            return;
        dead = dead ? dead : e;
    }
    if (!dead || strcmp(x->way->entry->name, "crypto-map") != 0 || !fault_begin(x, &d, "denied", acl->title, true))
        return;
    diagnosis_word(&d, "list", acl->title);
    diagnosis_word(&d, "entry", x->way->entry->title);
    diagnosis_word(&d, "old", acl_removal_text(x->m->run, acl, by->line, x->asa));
    diagnosis_say(
        &d, "The crypto ACL denies all that it permits",
        "In the list {list} of crypto map {entry} of {router} a `deny` stands in front of all that it permits: it protects "
        "nothing.");
    fault_advise(
        x, &d,
        x->asa ? "put the `deny` behind what is to be protected, or take it out: `{old}`"
               : "put the `deny` behind what is to be protected, or take it out: `ip access-list extended {list}` / `{old}`");
    finding_quote(x->m, d.f, acl, by->line);
    finding_quote(x->m, d.f, acl, dead->line);
}

enum { AFTER_METHODS = 11 }; /* a rank: behind auth-method-mismatch */

/* Those that a router makes for itself are no use to a peer. */
static bool of_its_own(struct text name)
{
    static const char *const starts[] = { "TP-self-signed-", "SLA-TrustPoint", "CISCO_IDEVID_" };
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (text_starts(name, text_of(starts[i])))
            return true;
    return false;
}

/* Of a profile that names none, IOS tries all trustpoints that there are. */
void fault_trustpoint(struct faults *x)
{
    const struct record *p = x->asa ? NULL : x->path.profile, *t = record_next(x->m, x->device, "pki-trustpoint", NULL);
    const struct tunnel_end end = { .auth = p };
    uint32_t local_at = 0, remote_at = 0;
    const unsigned local = own_methods(&end, true, &local_at) & OWN_CERTIFICATE,
                   remote = own_methods(&end, false, &remote_at) & OWN_CERTIFICATE;
    struct diagnosis d;
    while (t && of_its_own(t->title))
        t = record_next(x->m, x->device, "pki-trustpoint", t);
    if (!p || t || !x->whole || !(local | remote) || fact_find(p->facts, "pki_trustpoints") ||
        !fault_begin(x, &d, "no trustpoint", p->title, true))
        return;
    diagnosis_word(&d, "profile", p->title);
    d.f->rank = AFTER_METHODS;
    if (fact_find(p->facts, "keyring_local")) /* the method may be what is wrong */
        diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "does", local ? TEXT("to authenticate with a certificate") : TEXT("to check the other end's certificate"));
    diagnosis_say(&d, "There is no trustpoint",
                  "By its IKEv2 profile {profile} {router} is {does}, and its configuration has no trustpoint: there is no "
                  "certificate and no CA.");
    fault_advise(x, &d,
                 "`crypto pki trustpoint NEW` with its enrollment, then `crypto pki authenticate NEW` and `crypto pki enroll "
                 "NEW`; `crypto ikev2 profile {profile}` / `pki trustpoint NEW`");
    finding_quote(x->m, d.f, p, 0);
    finding_quote(x->m, d.f, p, local ? local_at : remote_at);
}

/* A running configuration shows of each trustpoint which certificates it holds. */
void fault_certificate(struct faults *x)
{
    const struct record *holder = x->asa ? x->path.tunnel_group : x->path.profile;
    const struct tunnel_end end = { .auth = holder };
    const struct config_trustpoint trust = config_trustpoint(x->m, x->device, &x->path);
    const struct record *chain = trust.record ? config_find(x->m, x->device, "certificate-chain", trust.name) : NULL;
    uint32_t line = 0;
    struct diagnosis d;
    if (!holder || !x->whole || !trust.record || !record_next(x->m, x->device, "certificate-chain", NULL) ||
        (chain && fact_find(chain->facts, "own")) || !(own_methods(&end, true, &line) & OWN_CERTIFICATE) ||
        !fault_begin(x, &d, "certificate", trust.name, true))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING); /* somebody may have left it out of what he sent */
    d.f->rank = AFTER_METHODS;
    const bool ca = chain && fact_find(chain->facts, "ca");
    diagnosis_word(&d, "holder", holder->title);
    diagnosis_word(&d, "trustpoint", trust.name);
    diagnosis_word(&d, "what", x->asa ? TEXT("tunnel-group") : TEXT("IKEv2 profile"));
    diagnosis_word(&d, "ca", ca ? TEXT("the CA's alone") : TEXT("and none of a CA either"));
    diagnosis_say(
        &d, "The trustpoint has no certificate of the router",
        "By its {what} {holder} {router} is to authenticate with a certificate of the trustpoint {trustpoint}, which holds "
        "none of its own, {ca}.");
    fault_advise(x, &d,
                 x->asa ? (ca ? "`crypto ca enroll {trustpoint}`"
                              : "`crypto ca authenticate {trustpoint}`, then `crypto ca enroll {trustpoint}`")
                 : ca
                     ? "`crypto pki enroll {trustpoint}`; is the clock right: `show clock`"
                     : "`crypto pki authenticate {trustpoint}`, then `crypto pki enroll {trustpoint}`; is the clock right: `show "
                       "clock`");
    finding_quote(x->m, d.f, holder, 0);
    finding_quote(x->m, d.f, holder, line);
    finding_quote(x->m, d.f, chain ? chain : trust.record, 0);
}

/* Whom a caller's EAP is to be asked of: `aaa authentication eap LIST`, `… anyconnect-eap LIST`. */
void fault_eap_list(struct faults *x)
{
    const struct record *p = x->asa ? NULL : x->path.profile;
    const struct tunnel_end end = { .auth = p };
    uint32_t line = 0;
    struct diagnosis d;
    if (!p || !x->whole || !(own_methods(&end, false, &line) & OWN_EAP) || fact_find(p->facts, "aaa_authentication") ||
        !fault_begin(x, &d, "eap list", p->title, true))
        return;
    const struct record *list = record_next(x->m, x->device, "aaa-authentication", NULL);
    const bool own = text_has(record_line(p, line), TEXT("anyconnect-eap"));
    diagnosis_word(&d, "profile", p->title);
    diagnosis_word(&d, "kind", own ? TEXT("anyconnect-eap") : TEXT("eap"));
    diagnosis_word(&d, "list", list ? list->title : TEXT("LIST"));
    diagnosis_say(
        &d, "Nobody is asked about those who authenticate by EAP",
        "By its IKEv2 profile {profile} {router} lets its callers authenticate by EAP, and names no list of AAA to ask about "
        "them.");
    fault_advise(x, &d,
                 list ? "`crypto ikev2 profile {profile}` / `aaa authentication {kind} {list}`"
                      : "`aaa authentication login {list} local` (or `group radius`), `crypto ikev2 profile {profile}` / `aaa "
                        "authentication {kind} {list}`");
    finding_quote(x->m, d.f, p, 0);
    finding_quote(x->m, d.f, p, line);
}
