/* The responder gave no address or configuration: INTERNAL_ADDRESS_FAILURE, FAILED_CP_REQUIRED. RFC 7296 section 2.19. The text
 * "Error constructing config reply" alone is noise on site-to-site tunnels. */
#include "analysis/quote.h"
#include "analysis/tunnels.h"

static const struct advice pool[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "check the pool: `show ip local pool`, `crypto ikev2 authorization policy NAME` / `pool NAME`, and `aaa authorization "
      "group` in the profile" },
    { TO_RESPONDER, PLATFORM_ASA,
      "check the pool: `show ip local pool NAME`, `group-policy` / `address-pools`, `vpn-addr-assign local`" },
};
static const struct advice ask[] = {
    { TO_INITIATOR, PLATFORM_UNKNOWN,
      "this responder wants clients to ask for an address (a CP payload): configure config mode, or use another profile there" },
};

static const struct advice authorization[] = {
    { TO_THIS, PLATFORM_IOS,
      "the profile asks AAA for what the client may have: `aaa authorization group|user LIST NAME` in `crypto ikev2 profile`; is "
      "there such a list (`aaa authorization network LIST local`), and the policy or user it names: `show crypto ikev2 "
      "authorization policy`, `debug aaa authorization`, `debug radius`" },
};
static const struct advice taking[] = {
    { TO_BOTH, PLATFORM_IOS,
      "compare what is asked for and what is given: `debug crypto ikev2`, `show crypto ikev2 authorization policy`; "
      "`config-exchange "
      "request|set accept|send` in the profile" },
};

/* AAA was asked for an authorization, which is not EAP's question whether the user is who he says. */
static struct heard unauthorized(const struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_AAA_FAILED);
    if (said.note && (sa->initiator.eap || heard(sa, CODE_EAP_STEP).note || heard(sa, CODE_EAP_FAILED).note ||
                      text_has(said.note->text, TEXT("uthentication"))))
        said.note = NULL;
    return said;
}

/* Nothing of the exchange is known but that a router complained, and failed afterwards. */
static void judge_complaint(struct model *m, const struct rule *r, struct ike_sa *sa, struct heard said)
{
    bool aaa = said.note->code == CODE_AAA_FAILED;
    struct diagnosis d;
    struct heard refused = heard(sa, CODE_AUTH_FAILED);
    bool because = aaa && refused.note && heard_after(said, CODE_AUTH_FAILED).note == refused.note &&
                   !heard(sa, CODE_AUTH_VALUE_DIFFERS).note; /* who is not authorized is refused as one who is not known */
    if (sa_up(sa) || sa->outcome != SA_FAILED || (refused.note && !because) || sa->child_refused ||
        !diagnosis_begin(&d, m, r, sa, speaker_of(said, SIDE_RESPONDER), CONFIDENCE_LIKELY, text_of(aaa ? "aaa" : "taken")))
        return;
    diagnosis_say(
        &d, aaa ? "AAA did not authorize the peer" : "The configuration that came was not taken",
        aaa ? "{here} got no authorization for {there} from AAA, without which it has no policy (addresses, routes) for it."
            : "{here} could not make use of the configuration (addresses, routes) that {there} sent or asked for.");
    diagnosis_more(&d, "Keys and proposals are not the trouble.");
    if (aaa)
        ADVISE(&d, authorization);
    else
        ADVISE(&d, taking);
    quote_note(&d, said);
    quote_note(&d, because ? refused : heard_after(said, CODE_AUTH_EXCHANGE_FAILED));
}

enum { ONE_ATTEMPT = 6 }; /* lines */

/* ASA's pools name no peer ("IPAA: Session=…, Local pool request failed for tunnel-group 'RA'"): they stand just before the end
 * of the attempt that they are about. */
static struct heard pool_before(const struct model *m, const struct ike_sa *sa)
{
    struct heard end = heard(sa, CODE_CONFIG_REFUSED), found = { NULL, end.view };
    end = end.note ? end : heard(sa, CODE_NEGOTIATION_ABORTED);
    const struct note_list loose = end.note ? loose_of(m, CODE_CONFIG_FAILED) : (struct note_list){ NULL, 0 };
    for (uint32_t i = 0; i < loose.count; i++) {
        const struct note *n = loose.at[i];
        if (n->input == end.note->input && n->line < end.note->line &&
            model_lines_between(m, n->input, n->line, end.note->line) <= ONE_ATTEMPT && text_starts(n->text, TEXT("IPAA")) &&
            (!found.note || text_has(n->text, TEXT("tunnel-group"))))
            found.note = n;
    }
    return found;
}

/* What a name mangler makes of that identity: {of which kind, the mangler's word, where it is cut, which side is taken} */
static struct text mangled(const struct record *mangler, const struct identity *id)
{
    static const struct {
        uint8_t type;
        const char *fact, *word;
        char at;
        bool behind;
    } cuts[] = {
        { ID_FQDN, "fqdn", "hostname", '.', false },
        { ID_FQDN, "fqdn", "domain", '.', true },
        { ID_RFC822_ADDR, "email", "username", '@', false },
        { ID_RFC822_ADDR, "email", "domain", '@', true },
    };
    for (size_t i = 0; i < COUNT_OF(cuts); i++) {
        const size_t at = text_find_byte(id->value, cuts[i].at);
        if (cuts[i].type == id->type && at != TEXT_NOWHERE &&
            text_equal(fact_get_text(mangler->facts, cuts[i].fact), text_of(cuts[i].word)))
            return cuts[i].behind ? text_from(id->value, at + 1) : text_upto(id->value, at);
    }
    const char *kind = id->type == ID_FQDN ? "fqdn" : id->type == ID_RFC822_ADDR ? "email" : "";
    return text_equal(fact_get_text(mangler->facts, kind), TEXT("all")) ? id->value : (struct text){ NULL, 0 };
}

/* The authorization policy that the called router's profile leads the caller to; empty: that is not told. */
static struct text policy_for(const struct model *m, const struct tunnel_end *end, const struct identity *caller)
{
    const struct text name = fact_get_text(end->path.profile->facts, "name_mangler");
    const struct record *mangler = name.len ? config_find(m, end->device, "name-mangler", name) : NULL;
    return mangler && caller ? mangled(mangler, caller)
           : name.len        ? (struct text){ NULL, 0 }
                             : fact_get_text(end->path.profile->facts, "aaa_policy");
}

/* How the called router's profile gives addresses: by a policy of its own. False: by AAA elsewhere, a user's own, or all is well. */
static bool gives_none(const struct model *m, const struct tunnel_end *end, const struct identity *caller, struct text *policy,
                       uint32_t *line)
{
    const struct record *profile = end->path.profile, *list = NULL;
    unsigned asks = 0;
    for (const struct fact *f = profile ? profile->facts : NULL; f; f = f->next)
        if (f->name && strcmp(f->name, "aaa_authorization") == 0 && f->kind == FACT_TEXT) {
            list = config_find(m, end->device, "aaa-authorization", f->as.text);
            *line = f->line;
            asks++;
        }
    if (end->asa || !profile || !config_whole(m, end->device) || asks > 1 || fact_find(profile->facts, "keyring_aaa") ||
        (asks && (!list || !text_equal(fact_get_text(list->facts, "method"), TEXT("local")))))
        return false;
    *policy = policy_for(m, end, caller);
    if (asks && !policy->len)
        return false; /* by what the caller calls itself */
    const struct record *p = policy->len ? config_find(m, end->device, "ikev2-authorization", *policy) : NULL;
    if (policy->len && !p && !text_equal(*policy, TEXT("default")))
        return false; /* it is missing, which is told */
    static const char *const sources[] = { "pool", "ipv6_pool", "dhcp_server", "attribute_list" };
    for (size_t i = 0; p && i < COUNT_OF(sources); i++)
        if (fact_find(p->facts, sources[i]))
            return false;
    return true;
}

/* The called router's configuration has nothing to give an address from. */
static void tell_none(struct model *m, struct diagnosis *d, struct ike_sa *sa)
{
    static const struct advice make[] = {
        { TO_RESPONDER, PLATFORM_IOS,
          "`ip local pool NEW FIRST-ADDRESS LAST-ADDRESS`, `crypto ikev2 authorization policy {policy}` / `pool NEW`" },
    };
    struct tunnel_end hub = { .device = router_of(m, sa, SIDE_RESPONDER) };
    struct text policy = { NULL, 0 };
    uint32_t line = 0;
    if (!hub.device || !config_supplied(m, hub.device))
        return;
    hub.asa = config_of_asa(m, hub.device);
    const struct identity *id = sa->initiator.id.type ? &sa->initiator.id : NULL;
    hub.path.profile = config_profile_for(m, hub.device, id, address_on(sa, SIDE_INITIATOR), address_on(sa, SIDE_RESPONDER));
    if (!hub.path.profile) /* a certificate map chooses it, which nothing here can follow: unless it is the only one */
        hub.path.profile = config_sole(m, hub.device, "ikev2-profile", NULL);
    if (!gives_none(m, &hub, id, &policy, &line) || !policy.len)
        return;
    const struct record *p = config_find(m, hub.device, "ikev2-authorization", policy);
    diagnosis_word(d, "policy", policy);
    diagnosis_more(d, "Its authorization policy {policy} has no pool to give an address from.");
    ADVISE(d, make);
    finding_quote(m, d->f, hub.path.profile, line);
    if (p)
        finding_quote(m, d->f, p, 0);
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *none = exchange_refused(sa, 0, NOTIFY_INTERNAL_ADDRESS_FAILURE, NULL),
                          *required = exchange_refused(sa, 0, NOTIFY_FAILED_CP_REQUIRED, NULL);
    struct heard said = heard(sa, CODE_CONFIG_FAILED), near = sa->outcome == SA_FAILED ? pool_before(m, sa) : said;
    const struct heard aborted = heard(sa, CODE_NEGOTIATION_ABORTED);
    const bool ends = said.note && (heard_after(said, CODE_AUTH_EXCHANGE_FAILED).note ||
                                    (aborted.note && aborted.note->line == said.note->line));
    bool blamed = ends && !sa_up(sa) && !heard(sa, CODE_AUTH_FAILED).note && !heard(sa, CODE_PROFILE_NOT_FOUND).note &&
                  !sa->child_refused;
    /* the state machine has the IKE SA come up, and nothing handed to IPsec */
    blamed |= said.note && sa->established && said.view->final_state && !sa->children && !said.view->child_taken &&
              !sa->child_refused;
    struct heard plainly = heard(sa, CODE_CONFIG_REFUSED);
    if (plainly.note && !sa_up(sa)) {
        said = plainly;
        blamed = true;
    }
    if (!none && !required && !blamed && !said.note && near.note && !heard(sa, CODE_AUTH_FAILED).note) {
        said = near;
        blamed = true;
    }
    struct heard aaa = unauthorized(sa), taken = heard(sa, CODE_CONFIG_NOT_TAKEN);
    if (!none && !required && !blamed && (aaa.note || taken.note)) {
        judge_complaint(m, r, sa, aaa.note ? aaa : taken);
        return;
    }
    struct diagnosis d;
    if ((!none && !required && !blamed) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, blamed ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN, TEXT("")))
        return;
    struct heard pool_of = heard_text(sa, CODE_CONFIG_FAILED, "tunnel-group ");
    pool_of = pool_of.note ? pool_of : near;
    if (pool_of.note)
        diagnosis_word(&d, "group", note_word(pool_of.note, NULL, "tunnel-group "));
    diagnosis_say(&d, NULL,
                  required
                      ? "{responder} requires a request for configuration (an address), and {initiator} did not send one."
                      : "{responder} could not give {initiator} an address or the configuration it asked for[[ (tunnel-group "
                        "{group})]].");
    diagnosis_more(&d, "Authentication went through.");
    if (!required)
        tell_none(m, &d, sa);
    if (required)
        ADVISE(&d, ask);
    else
        ADVISE(&d, pool);
    const struct exchange *x = none ? none : required;
    if (x)
        quote_leg(&d, x, &x->response, required ? "FAILED_CP_REQUIRED" : "INTERNAL_ADDRESS_FAILURE");
    quote_note(&d, said);
    quote_note(&d, pool_of);
}

/* ---- what two configurations tell ---- */

/* What the caller calls itself leads, by a name mangler, to a policy that is not there. */
static void judge_mangled(struct model *m, const struct rule *r, const struct tunnel *t, unsigned here)
{
    const struct tunnel_end *hub = &t->end[here], *caller = &t->end[1 - here];
    const struct record *profile = hub->path.profile;
    const struct fact *named = profile ? fact_find(profile->facts, "name_mangler") : NULL;
    const struct record *list = named ? config_find(m, hub->device, "aaa-authorization",
                                                    fact_get_text(profile->facts, "aaa_authorization"))
                                      : NULL;
    const struct record *mangler = list ? config_find(m, hub->device, "name-mangler", named->as.text) : NULL;
    if (!mangler || !caller->id.type || !config_whole(m, hub->device) ||
        !text_equal(fact_get_text(list->facts, "method"), TEXT("local")))
        return;
    const struct text name = mangled(mangler, &caller->id);
    struct diagnosis d;
    if (!name.len || text_equal(name, TEXT("default")) || config_find(m, hub->device, "ikev2-authorization", name) ||
        !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
        return;
    diagnosis_word(&d, "mangler", mangler->title);
    diagnosis_word(&d, "name", name);
    diagnosis_word(&d, "id", caller->id.value);
    diagnosis_word(&d, "profile", profile->title);
    diagnosis_say(
        &d, "The authorization policy that the caller's name leads to is not there",
        "{there_name} calls itself {id}, of which the name mangler {mangler} of {here_name} makes {name}, and {here_name} "
        "has no IKEv2 authorization policy of that name: AAA does not authorize the caller.");
    tunnel_to_come(&d, t);
    tunnel_advise(
        &d, t, here,
        "`crypto ikev2 authorization policy {name}` with its pool and routes, or a mangler that makes the name of one that "
        "is there: `show crypto ikev2 authorization policy`",
        "");
    finding_quote(m, d.f, profile, named->line);
    finding_quote(m, d.f, mangler, 0);
    for (const struct fact *f = mangler->facts; f; f = f->next)
        finding_quote(m, d.f, mangler, f->line);
    if (caller->id_at)
        finding_quote(m, d.f, caller->id_at, caller->id_line);
}

static void judge_tunnel(struct model *m, const struct rule *r, const struct tunnel *t, unsigned here)
{
    const struct tunnel_end *hub = &t->end[here], *caller = &t->end[1 - here];
    const struct record *tunnel = caller->path.interface;
    const struct fact *wants = tunnel ? fact_find(tunnel->facts, "address_from") : NULL;
    struct text policy = { NULL, 0 };
    uint32_t line = 0;
    struct diagnosis d;
    if (!t->sa)
        judge_mangled(m, r, t, here);
    if (t->sa || !hub->answers || !wants || wants->kind != FACT_TEXT || !text_equal(wants->as.text, TEXT("negotiated")) ||
        !text_starts(tunnel->title, TEXT("Tunnel")) ||
        !gives_none(m, hub, caller->id.type ? &caller->id : NULL, &policy, &line) ||
        !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
        return;
    diagnosis_word(&d, "tunnel", tunnel->title);
    diagnosis_word(&d, "policy", policy);
    diagnosis_word(&d, "policy_or", policy.len ? policy : TEXT("NEW"));
    diagnosis_say(&d, "The called router has no address to give",
                  line ? "{tunnel} of {there_name} takes the address that it is given, and the authorization policy {policy} of "
                         "{here_name} has no pool to give one from."
                       : "{tunnel} of {there_name} takes the address that it is given, and the IKEv2 profile of {here_name} asks "
                         "no authorization policy for one.");
    tunnel_to_come(&d, t);
    tunnel_advise(&d, t, here,
                  line
                      ? "`ip local pool NEW FIRST-ADDRESS LAST-ADDRESS`, `crypto ikev2 authorization policy {policy_or}` / `pool "
                        "NEW`"
                      : "`ip local pool NEW FIRST-ADDRESS LAST-ADDRESS`, `crypto ikev2 authorization policy NEW` / `pool NEW`, "
                        "`aaa new-model`, `aaa authorization network NEW local`, `crypto ikev2 profile NAME` / `aaa "
                        "authorization group psk list NEW NEW` (`cert` in the place of `psk` with certificates)",
                  "");
    tunnel_advise(&d, t, 1 - here, "or an address of its own: `interface {tunnel}` / `ip address ADDRESS MASK`", "");
    finding_quote(m, d.f, tunnel, wants->line);
    finding_quote(m, d.f, hub->path.profile, line);
    const struct record *p = policy.len ? config_find(m, hub->device, "ikev2-authorization", policy) : NULL;
    if (p)
        finding_quote(m, d.f, p, 0);
}

const struct rule rule_mode_config_failed = {
    .id = "mode-config-failed",
    .severity = SEVERITY_ERROR,
    .rank = 18,
    .title = "No address or configuration for the client",
    .meaning = "The configuration exchange inside IKE_AUTH failed: the address pool is empty or not bound, the authorization "
               "policy is missing, or the responder requires a "
               "request that the client did not make.",
    .advice = "Check the pool and the authorization policy (IOS) or group policy (ASA).",
    .sa = judge,
    .tunnel_end = judge_tunnel,
};
