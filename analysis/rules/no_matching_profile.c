/* No profile (IOS) accepts the identity that the peer sent. The text alone is no proof: healthy tunnels print it as well, when
 * config mode asks for a profile; it counts on an end that then failed. */
#include "analysis/certificate_map.h"
#include "analysis/evidence.h"
#include "analysis/quote.h"
#include "analysis/tunnels.h"

/* {accept}: what is sent, as `match identity remote` spells it. */
static const struct advice accept[] = {
    { TO_THIS, PLATFORM_IOS, "accept what {peer_name} sends: `crypto ikev2 profile NAME` / `match identity remote {accept}`" },
};
static const struct advice common[] = {
    { TO_THIS, PLATFORM_IOS,
      "check VRF and local address of the profile: `match fvrf`, `match address local`, and that it is complete: `show crypto "
      "ikev2 profile`" },
};
static const struct advice new_group[] = {
    { TO_THIS, PLATFORM_ASA,
      "give the peer a tunnel-group of its address or identity: `tunnel-group {group} type ipsec-l2l`; see `show run "
      "tunnel-group`" },
};
/* The profile accepts that identity: it is passed over for where the packets come in. */
static const struct advice right_vrf[] = {
    { TO_THIS, PLATFORM_IOS, "`crypto ikev2 profile {profile}` / `match fvrf {right}`" },
};
static const struct advice right_address[] = {
    { TO_THIS, PLATFORM_IOS, "`crypto ikev2 profile {profile}` / `match address local {local}`" },
};
static const struct advice as_it_runs[] = {
    { TO_THIS, PLATFORM_IOS,
      "is that profile complete and as it was supplied: `show crypto ikev2 profile {profile}`, `show run | section crypto ikev2 "
      "profile`" },
};
/* {expected}: the only identity that the other end's configuration accepts. */
static const struct advice send_expected[] = {
    { TO_THAT, PLATFORM_IOS,
      "where the other end must stay as it is: send what {peer_name} expects: `crypto ikev2 profile NAME` / `identity local "
      "{expected}`" },
    { TO_THAT, PLATFORM_ASA,
      "where the other end must stay as it is: send what {peer_name} expects, {expected}: `crypto isakmp identity "
      "{asa_identity}`" },
};
static const struct advice send_other[] = {
    { TO_THAT, PLATFORM_IOS,
      "where the other end must stay as it is: send what {holder} of {peer_name} has: `crypto ikev2 profile NAME` / `identity "
      "local address {local}` (or `fqdn`, `email`, `key-id` with a name)" },
    { TO_THAT, PLATFORM_ASA,
      "where the other end must stay as it is: send what {holder} of {peer_name} has: `crypto isakmp identity address` (or "
      "`hostname`, `key-id` with a name)" },
};
/* Its address is what it sends. */
static const struct advice send_name[] = {
    { TO_THAT, PLATFORM_IOS,
      "where the other end must stay as it is: send what {holder} of {peer_name} has: `crypto ikev2 profile NAME` / `identity "
      "local fqdn NAME` (or `email`, `key-id`, another `address`)" },
    { TO_THAT, PLATFORM_ASA,
      "where the other end must stay as it is: send what {holder} of {peer_name} has: `crypto isakmp identity hostname` (or "
      "`key-id` with a name)" },
};
static const struct advice by_name[] = {
    { TO_THIS, PLATFORM_IOS,
      "the peer sends its certificate's name: `crypto pki certificate map MAP 10` / `subject-name co {part}`, then `match "
      "certificate MAP` in `crypto ikev2 profile NAME`" },
    { TO_THIS, PLATFORM_ASA,
      "the peer sends its certificate's name, which names no tunnel-group: lead it to one: `crypto ca certificate map MAP 10` / "
      "`subject-name co {part}`, then `tunnel-group-map MAP 10 GROUP` and `tunnel-group-map enable rules`; see `show run "
      "tunnel-group-map`" },
    { TO_THAT, PLATFORM_ASA, "the certificate's name is sent: `crypto isakmp identity address` sends the address instead" },
};

/* {map}: the one that the end's profile has; an entry beside its others accepts, too. */
static const struct advice by_map[] = {
    { TO_THIS, PLATFORM_IOS,
      "the peer sends its certificate's name, and the certificate map {map} of {profile} has no entry for it; if the peer is "
      "meant to "
      "be let in: `crypto pki certificate map {map} {number}` / `subject-name co {part}`" },
};

struct id_word {
    const char *printed, *match;
    uint8_t type;
};

/* {as debugs print the type, as `match identity remote` spells it, the number} */
static const struct id_word id_words[] = {
    { "IPv4 address", "address", ID_IPV4_ADDR }, { "IPv6 address", "address", ID_IPV6_ADDR }, { "FQDN", "fqdn", ID_FQDN },
    { "email", "email", ID_RFC822_ADDR },        { "RFC822", "email", ID_RFC822_ADDR },       { "key-id", "key-id", ID_KEY_ID },
    { "key ID", "key-id", ID_KEY_ID },           { "key_id", "key-id", ID_KEY_ID },           { "DN", "", ID_DER_ASN1_DN },
};

/* Releases print 'key ID', 'Key-ID', 'KEY_ID'. */
static bool holds_nocase(struct text t, struct text word)
{
    for (; t.len >= word.len; t = text_from(t, 1))
        if (text_starts_nocase(t, word))
            return true;
    return false;
}

static const struct id_word *id_word(struct text printed, unsigned type)
{
    for (size_t i = 0; i < COUNT_OF(id_words); i++)
        if ((printed.len && holds_nocase(printed, text_of(id_words[i].printed))) || (!printed.len && type == id_words[i].type))
            return &id_words[i];
    return NULL;
}

/* As `match identity remote` takes it, which has IPv6 addresses by prefix; without a type, as an address. */
static struct text match_text(struct arena *arena, const struct id_word *w, struct text id)
{
    struct address a;
    const char *alone = address_read(id, &a) && a.family == ADDRESS_IPV6 ? "/128" : "";
    return arena_format(arena, "%s %.*s%s", w ? w->match : "address", TEXT_ARGS(id), alone);
}

static struct text match_address(struct model *m, const struct ike_sa *sa, enum side side)
{
    struct text from = address_text(address_on(sa, side_other(side)), m->run);
    return match_text(m->run, NULL, from.len ? from : TEXT("PEER-ADDRESS"));
}

/* The identity that a router's profiles accept, where that is a single one: "fqdn r1.example.net"; empty where it is not. */
static struct text only_accepted(struct model *m, uint32_t device)
{
    struct text found = { NULL, 0 };
    for (const struct record *p = record_next(m, device, "ikev2-profile", NULL); p;
         p = record_next(m, device, "ikev2-profile", p))
        for (const struct fact *g = fact_members(p->facts, "match_identity_remote"); g; g = g->next) {
            const struct fact *f = fact_children(g);
            struct address start, end;
            uint64_t type = 0;
            (void)fact_get_number(f, "id_type", &type);
            const struct id_word *w = id_word((struct text){ NULL, 0 }, (unsigned)type);
            struct text id = fact_get_text(f, "id");
            if (fact_get_address(f, "start", &start) && fact_get_address(f, "end", &end))
                id = address_equal(start, end) ? address_text(start, m->run) : (struct text){ NULL, 0 };
            if (fact_find(f, "domain") && id.len)
                id = arena_format(m->run, type == ID_RFC822_ADDR ? "USER@%.*s" : "HOST.%.*s", TEXT_ARGS(id));
            if (found.len || !w || !w->match[0] || !id.len)
                return (struct text){ NULL, 0 };
            found = arena_format(m->run, "%s %.*s", w->match, TEXT_ARGS(id));
        }
    return found;
}

/* `crypto isakmp identity` names a kind; of a key-id the name, too. */
static struct text asa_identity(struct text expected)
{
    return text_starts(expected, TEXT("key-id "))    ? expected
           : text_starts(expected, TEXT("address ")) ? TEXT("address")
                                                     : TEXT("hostname");
}

/* sent: what the other end calls itself; empty: not known. */
static void advise_other(struct diagnosis *d, struct text expected, struct text sent, bool asa)
{
    struct address by_address;
    diagnosis_word(d, "holder", asa ? TEXT("the name of a tunnel-group") : TEXT("a `match identity remote`"));
    diagnosis_word(d, "expected", expected);
    diagnosis_word(d, "asa_identity", asa_identity(expected));
    if (expected.len)
        ADVISE(d, send_expected);
    else if (address_read(sent, &by_address))
        ADVISE(d, send_name);
    else
        ADVISE(d, send_other);
}

/* The failure that makes it count: on the same router, afterwards. */
static bool failed_after(struct heard said)
{
    static const enum event_code codes[] = { CODE_ITEM_NOT_FOUND, CODE_AUTH_FAILED, CODE_AUTH_FAILURE_SENT,
                                             CODE_AUTH_EXCHANGE_FAILED };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (heard_after(said, codes[i]).note)
            return !heard_after(said, CODE_AUTH_VALUE_DIFFERS).note && !heard_after(said, CODE_AUTH_VERIFIED).note;
    return false;
}

static struct heard complaint(const struct ike_sa *sa)
{
    static const enum event_code codes[] = { CODE_PROFILE_NOT_FOUND_BY_CERT, CODE_PROFILE_NOT_FOUND };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        for (struct heard h = heard(sa, codes[i]); h.note; h = heard_again(h))
            if (failed_after(h))
                return h;
    /* nothing was found for the identity just before: the search was for a profile */
    struct heard h = heard_at_once(sa, CODE_POLICY_SEARCH_BY_ID, CODE_ITEM_NOT_FOUND);
    return h.note && failed_after(h) ? h : (struct heard){ NULL, NULL };
}

/* "Failed to locate an item in the database" alone: what is looked for at that point is a profile or a tunnel-group. */
static void judge_bare(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_ITEM_NOT_FOUND);
    struct diagnosis d;
    enum side side = speaker_of(said, SIDE_RESPONDER);
    bool aborted = said.note && heard(sa, CODE_NEGOTIATION_ABORTED).note;
    if (!said.note || sa->established || heard(sa, CODE_AUTH_VALUE_DIFFERS).note || (!aborted && !failed_after(said)) ||
        !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_LIKELY, TEXT("bare")))
        return;
    diagnosis_say(&d, "Nothing is configured for the identity of the peer",
                  "{here} found no profile or tunnel-group for the identity of {there}.");
    diagnosis_more(&d, "Which identity it was is not shown here.");
    struct text from = address_text(address_on(sa, side_other(side)), m->run);
    diagnosis_word(&d, "accept", match_address(m, sa, side));
    diagnosis_word(&d, "group", from.len ? from : TEXT("PEER-ADDRESS"));
    ADVISE(&d, accept);
    ADVISE(&d, common);
    ADVISE(&d, new_group);
    advise_other(&d, only_accepted(m, router_of(m, sa, side)), TEXT(""), platform_of(m, sa, side) == PLATFORM_ASA);
    diagnosis_debug(&d, TO_THIS);
    quote_note(&d, said);
}

static void quote_profile(struct model *m, struct diagnosis *d, const struct record *p)
{
    finding_quote(m, d->f, p, 0);
    for (uint32_t line = p->first_line; line <= p->last_line; line++)
        if (text_starts(text_trim(record_line(p, line)), TEXT("match ")))
            finding_quote(m, d->f, p, line);
}

static void quote_matches(struct model *m, struct diagnosis *d, uint32_t device)
{
    for (const struct record *p = record_next(m, device, "ikev2-profile", NULL); p;
         p = record_next(m, device, "ikev2-profile", p))
        quote_profile(m, d, p);
}

/* The first profile that accepts by a certificate map, which is here; its entries are quoted. */
static const struct record *profile_by_map(struct diagnosis *d, uint32_t device)
{
    struct model *m = d->m;
    const struct record *p = device ? record_next(m, device, "ikev2-profile", NULL) : NULL;
    while (p && !fact_get_text(p->facts, "match_certificate").len)
        p = record_next(m, device, "ikev2-profile", p);
    const struct text map = p ? fact_get_text(p->facts, "match_certificate") : (struct text){ NULL, 0 };
    unsigned last = 0;
    for (const struct record *r = p ? record_next(m, device, "certificate-map", NULL) : NULL; r;
         r = record_next(m, device, "certificate-map", r)) {
        uint64_t number;
        if (!text_equal(fact_get_text(r->facts, "name"), map) || r->title.len <= map.len ||
            !text_number(text_from(r->title, map.len + 1), 10, &number))
            continue;
        last = number > last ? (unsigned)number : last;
        for (const struct fact *f = fact_members(r->facts, "conditions"); f; f = f->next)
            finding_quote(m, d->f, r, f->line);
    }
    if (!last)
        return NULL;
    diagnosis_word(d, "map", map);
    diagnosis_word(d, "profile", p->title);
    diagnosis_wordf(d, "number", "%u", last + 10);
    return p;
}

static bool accepts_identities(const struct model *m, uint32_t device)
{
    const struct record *p = record_next(m, device, "ikev2-profile", NULL);
    while (p && !fact_find(p->facts, "match_identity_remote"))
        p = record_next(m, device, "ikev2-profile", p);
    return p != NULL;
}

/* ---- a profile that accepts the identity, and is not found all the same ---- */

static void say_accepted(struct diagnosis *d, const struct record *profile, const char *title, const char *why)
{
    diagnosis_word(d, "profile", profile->title);
    diagnosis_say(d, title,
                  "{here} found no IKEv2 profile for {there}[[, '{id}']], though its profile {profile} accepts that "
                  "identity.");
    diagnosis_more(d, why);
}

/* Its lines refuse nothing: then it is the VRF or the address that the packets come in by. */
static void judge_accepted(struct model *m, struct diagnosis *d, const struct record *profile, struct address own,
                           uint32_t device)
{
    const struct owner *o = config_owner(m, device, own, NULL);
    struct text vrf = o ? fact_get_text(o->interface->facts, "vrf") : (struct text){ NULL, 0 };
    if (o && !config_is_for_vrf(profile, vrf)) {
        diagnosis_word(d, "for", vrf_text(m->run, fact_get_text(profile->facts, "match_fvrf")));
        diagnosis_word(d, "in", vrf_text(m->run, vrf));
        diagnosis_word(d, "interface", o->interface->title);
        diagnosis_word(d, "right", vrf.len ? vrf : TEXT("any"));
        say_accepted(d, profile, "The IKEv2 profile is for another VRF",
                     "It is for {for}, and what comes to {interface} comes in {in}.");
        ADVISE(d, right_vrf);
        finding_quote(m, d->f, o->interface, 0);
    } else if (!config_serves_address(profile, own)) {
        diagnosis_word(d, "own", address_text(own, m->run));
        say_accepted(d, profile, "`match address local` of the IKEv2 profile names another address",
                     "By `match address local` it is for another address than {own}, to which the packets come.");
        ADVISE(d, right_address);
    } else {
        say_accepted(d, profile, NULL,
                     "It is not complete, is for another VRF than the packets come in, or something else than this "
                     "configuration ran.");
        ADVISE(d, common);
        ADVISE(d, as_it_runs);
    }
}

static void quote_search(struct diagnosis *d, struct heard search, struct heard said)
{
    static const enum event_code after[] = { CODE_ITEM_NOT_FOUND, CODE_AUTH_FAILED, CODE_AUTH_FAILURE_SENT };
    quote_note(d, search);
    quote_note(d, said);
    for (size_t i = 0; i < COUNT_OF(after); i++)
        quote_note(d, heard_after(said, after[i]));
}

/* The search that came to nothing: the last one before it in the same log, else the next. The other end's is for another identity. */
static struct heard search_of(struct heard said)
{
    struct heard found = { NULL, said.view };
    bool past = false;
    for (const struct note *n = said.view->notes; n && !(past && found.note); n = n->next) {
        past = past || n == said.note;
        if (n->code == CODE_POLICY_SEARCH_BY_ID)
            found.note = n;
    }
    return found;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = complaint(sa);
    enum side side = speaker_of(said, SIDE_RESPONDER);
    bool ready = side == SIDE_RESPONDER ? sa->ready_responder : sa->ready_initiator;
    struct diagnosis d;
    if (!said.note)
        judge_bare(m, r, sa);
    if (!said.note || ready)
        return;
    struct heard search = search_of(said);
    const struct identity *known = side == SIDE_INITIATOR ? &sa->responder.id : &sa->initiator.id;
    struct text id = search.note ? note_word(search.note, "id", "identity ") : known->value;
    struct text type = search.note ? note_word(search.note, NULL, "of type ") : (struct text){ NULL, 0 };
    if (!diagnosis_begin(&d, m, r, sa, side, told_by_step(said) ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN, id))
        return;
    const struct id_word *w = id_word(type, known->type);
    diagnosis_word(&d, "id", id);
    diagnosis_word(&d, "type", type.len ? type : w ? text_of(w->printed) : type);
    uint32_t device = router_of(m, sa, side);
    const struct identity sent = { w ? w->type : 0, id };
    const struct record *accepts = device && sent.type ? config_profile_for(m, device, &sent, address_on(sa, side_other(side)),
                                                                            address_on(sa, side))
                                                       : NULL;
    if (accepts && !fact_find(accepts->facts, "match_certificate")) {
        judge_accepted(m, &d, accepts, address_on(sa, side), device);
        quote_search(&d, search, said);
        quote_profile(m, &d, accepts);
        return;
    }
    bool asa = platform_of(m, sa, side) == PLATFORM_ASA;
    diagnosis_word(&d, "what", asa ? TEXT("tunnel-group") : TEXT("IKEv2 profile"));
    diagnosis_say(&d, asa ? "No tunnel-group fits the peer's identity" : NULL,
                  "{here} has no {what} that accepts the identity of {there}[[, '{id}']][[ of type {type}]].");
    diagnosis_more(&d, "The key was not looked at; the {what} is chosen first.");
    diagnosis_word(&d, "group", id.len ? id : TEXT("NAME"));
    if (w && w->type == ID_DER_ASN1_DN) {
        diagnosis_word(&d, "part", certificate_name_part(id));
        if (profile_by_map(&d, device))
            ADVISE(&d, by_map);
        else
            ADVISE(&d, by_name);
    } else {
        diagnosis_word(&d, "accept", w && id.len ? match_text(m->run, w, id) : match_address(m, sa, side));
        ADVISE(&d, accept);
        ADVISE(&d, new_group);
    }
    ADVISE(&d, common);
    const bool by_certificate = asa ? w && w->type == ID_DER_ASN1_DN
                                    : config_supplied(m, device) && !accepts_identities(m, device);
    if (!by_certificate)
        advise_other(&d, device ? only_accepted(m, device) : (struct text){ NULL, 0 }, id, asa);
    quote_search(&d, search, said);
    if (device)
        quote_matches(m, &d, device);
}

/* A certificate map accepts by names that no configuration shows. */
static bool matches_certificates(const struct model *m, uint32_t device)
{
    for (const struct record *p = record_next(m, device, "ikev2-profile", NULL); p;
         p = record_next(m, device, "ikev2-profile", p))
        if (fact_find(p->facts, "match_certificate"))
            return true;
    return false;
}

/* The caller's certificate will have the name that its trustpoint asks for. Does no profile's certificate map accept that, nor any
 * profile the identity? *profile: the first whose map it is. */
static bool maps_refuse(struct model *m, const struct tunnel_end *end, const struct record *trustpoint,
                        const struct record **profile, const struct record **entry)
{
    *profile = NULL;
    for (const struct record *p = record_next(m, end->device, "ikev2-profile", NULL); p;
         p = record_next(m, end->device, "ikev2-profile", p)) {
        struct text map = fact_get_text(p->facts, "match_certificate");
        if (!map.len)
            continue;
        const struct record *first = certificate_map_refuses(m, end->device, map, trustpoint);
        if (!first || fact_find(p->facts, "match_identity_remote"))
            return false;
        if (*profile)
            continue;
        *profile = p;
        *entry = first;
    }
    return *profile != NULL;
}

/* "`subject-name co ou = X` and `subject-name co cn = Y`" */
static struct text conditions_text(struct model *m, const struct fact *const missed[], size_t count)
{
    struct text all = { NULL, 0 };
    for (size_t i = 0; i < count; i++)
        all = arena_format(m->run, "%.*s%s`%.*s`", TEXT_ARGS(all), i ? " and " : "", TEXT_ARGS(missed[i]->as.text));
    return all;
}

/* No rule of an ASA finds the caller a tunnel-group, but something else may: its OU, what it calls itself, its address, a default one. */
static bool has_other_group(struct model *m, const struct tunnel_end *end, const struct tunnel_end *other,
                            const struct record *trustpoint)
{
    const struct text unit = certificate_unit(m, trustpoint), id = other->id.type ? other->id.value : TEXT("");
    for (const struct record *g = record_next(m, end->device, "tunnel-group", NULL); g;
         g = record_next(m, end->device, "tunnel-group", g)) {
        struct address a;
        const bool addressed = address_read(g->title, &a) && (other->assumed || address_equal(a, other->address)),
                   otherwise = text_equal(g->title, TEXT("DefaultL2LGroup"));
        if ((addressed || otherwise || text_equal_nocase(g->title, unit) || text_equal(g->title, id)) &&
            text_equal(fact_get_text(g->facts, "remote_authentication"), TEXT("certificate")))
            return true;
    }
    return config_find(m, end->device, "tunnel-group-map", TEXT("default-group")) != NULL;
}

/* The same of an ASA, whose `tunnel-group-map` has the maps. */
static bool rules_refuse(struct model *m, const struct tunnel_end *end, const struct tunnel_end *other,
                         const struct record *trustpoint, const struct record **entry)
{
    return certificate_rules_refuse(m, end->device, trustpoint, entry) && !has_other_group(m, end, other, trustpoint);
}

static void judge_certificate(struct model *m, const struct rule *r, const struct tunnel *t, unsigned here)
{
    const struct tunnel_end *end = &t->end[here], *other = &t->end[1 - here];
    const struct config_trustpoint trust = config_trustpoint(m, other->device, &other->path);
    const struct fact *asks = trust.record ? fact_find(trust.record->facts, "subject_name") : NULL;
    const bool accepted = end->profile && other->id.type && other->id.type != ID_DER_ASN1_DN;
    const struct record *profile = NULL, *entry;
    const struct fact *missed[CERTIFICATE_CONDITIONS];
    uint32_t line = 0;
    struct diagnosis d;
    if (accepted || t->sa || !asks || asks->kind != FACT_TEXT || own_methods(other, true, &line) & ~(unsigned)OWN_CERTIFICATE ||
        !(end->asa ? rules_refuse(m, end, other, trust.record, &entry) : maps_refuse(m, end, trust.record, &profile, &entry)) ||
        !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
        return;
    const size_t count = certificate_missed(m, entry, trust.record, missed);
    diagnosis_severity(&d, SEVERITY_WARNING); /* the CA may have given it another name */
    diagnosis_word(&d, "name", asks->as.text);
    diagnosis_word(&d, "trustpoint", trust.name);
    diagnosis_word(&d, "map", fact_get_text(entry->facts, "name"));
    diagnosis_word(&d, "entry", entry->title);
    diagnosis_word(&d, "by", profile ? profile->title : TEXT("`tunnel-group-map`"));
    diagnosis_word(&d, "conditions", conditions_text(m, missed, count));
    diagnosis_word(&d, "mend", certificate_mend(m, trust.record, missed, count));
    diagnosis_say(
        &d, "The certificate map accepts another name",
        "{there_name} asks for its certificate by the name '{name}' (trustpoint {trustpoint}), and the certificate map {map}, "
        "by which {by} of {here_name} accepts its peers, wants {conditions}.");
    diagnosis_more(&d, "Which name the CA gave, `show crypto pki certificates` tells there.");
    tunnel_to_come(&d, t);
    tunnel_advise(&d, t, here, "either end will do: here, accept that name: `crypto pki certificate map {entry}` / {mend}",
                  "either end will do: here, accept that name: `crypto ca certificate map {entry}` / {mend}");
    tunnel_advise(&d, t, 1 - here,
                  "either end will do: here, a certificate by the name that is accepted: `crypto pki trustpoint {trustpoint}` / "
                  "`subject-name NAME` / `exit` / `crypto pki enroll {trustpoint}`",
                  "either end will do: here, a certificate by the name that is accepted: `crypto ca trustpoint {trustpoint}` / "
                  "`subject-name NAME` / `exit` / `crypto ca enroll {trustpoint}`");
    if (profile)
        finding_quote(m, d.f, profile, 0);
    if (profile)
        finding_quote(m, d.f, profile, fact_find(profile->facts, "match_certificate")->line);
    for (size_t i = 0; i < count; i++)
        finding_quote(m, d.f, entry, missed[i]->line);
    finding_quote(m, d.f, trust.record, asks->line);
}

/* `identity local dn`. Without any such line IOS does the same where a certificate authenticates it, but many a configuration is
 * shown without. */
static bool calls_itself_by_name(const struct tunnel_end *end, uint32_t *at)
{
    const struct fact *local = fact_find(end->auth->facts, "identity_local");
    uint64_t type = 0;
    *at = local ? local->line : 0;
    return local && fact_get_number(fact_children(local), "id_type", &type) && type == ID_DER_ASN1_DN;
}

/* "match identity remote any" */
static bool accepts_any(const struct model *m, uint32_t device)
{
    for (const struct record *p = record_next(m, device, "ikev2-profile", NULL); p;
         p = record_next(m, device, "ikev2-profile", p))
        for (const struct fact *g = fact_members(p->facts, "match_identity_remote"); g; g = g->next)
            if (fact_find(fact_children(g), "any"))
                return true;
    return false;
}

/* A name is accepted by certificate maps alone, and there are none. */
static void judge_name(struct model *m, const struct rule *r, const struct tunnel *t, unsigned here)
{
    const struct tunnel_end *end = &t->end[here], *other = &t->end[1 - here];
    const struct config_trustpoint trust = config_trustpoint(m, other->device, &other->path);
    uint32_t at = 0;
    struct diagnosis d;
    if (t->sa || !(own_methods(end, false, &at) & own_methods(other, true, &at)) || /* the method comes first */
        accepts_any(m, end->device) || matches_certificates(m, end->device) || !accepts_identities(m, end->device) ||
        !calls_itself_by_name(other, &at) || !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
        return;
    diagnosis_word(&d, "profile", other->auth->title);
    diagnosis_word(&d, "name", trust.record ? fact_get_text(trust.record->facts, "subject_name") : TEXT(""));
    diagnosis_word(&d, "part", certificate_name_part(diagnosis_word_of(&d, "name", TEXT(""))));
    diagnosis_say(
        &d, "A certificate's name is accepted nowhere",
        "To {here_name}, {there_name} will call itself by its certificate's name (DN[[, '{name}']]), and the IKEv2 profiles "
        "there accept other kinds of identities: names of certificates are accepted by `match certificate` alone.");
    tunnel_to_come(&d, t);
    tunnel_advise(&d, t, 1 - here,
                  "either end will do: here, send what is expected: `crypto ikev2 profile {profile}` / `identity local address "
                  "{local}` (or `fqdn`, as the other end's profile has it)",
                  "");
    tunnel_advise(&d, t, here,
                  "either end will do: here, accept that name: `crypto pki certificate map NEW 10` / `subject-name co {part}` / "
                  "`exit` / `crypto ikev2 profile NAME` / `match certificate NEW`",
                  "");
    finding_quote(m, d.f, other->auth, 0);
    finding_quote(m, d.f, other->auth, at);
    quote_matches(m, &d, end->device);
}

/* An IPsec profile that other tunnels go by, too, is better left as it is. */
static bool is_shared(const struct model *m, const struct record *holder)
{
    unsigned tunnels = 0;
    for (const struct record *r = record_next(m, holder->device, "interface", NULL); r;
         r = record_next(m, holder->device, "interface", r))
        tunnels += text_equal(fact_get_text(r->facts, "tunnel_profile"), holder->title);
    return tunnels > 1;
}

/* holder: the IPsec profile; NULL: a crypto map. */
static void tell_other(const struct model *m, struct diagnosis *d, const struct tunnel *t, unsigned here,
                       const struct record *holder)
{
    diagnosis_say(
        d, "Another IKEv2 profile is bound than accepts the peer",
        "{what} {holder} of {here_name} goes by the IKEv2 profile {bound}, which does not accept '{id}' of {there_name}; "
        "{accepts} does.");
    tunnel_to_come(d, t);
    tunnel_advise(d, t, here,
                  !holder ? "`crypto map {holder} ipsec-isakmp` / `set ikev2-profile {accepts}`"
                  : is_shared(m, holder)
                      ? "other tunnels go by {holder}, too, so let its profile accept this peer: `crypto ikev2 profile "
                        "{bound}` / `match identity remote {accept}`, and take that from {accepts}"
                      : "`crypto ipsec profile {holder}` / `set ikev2-profile {accepts}`",
                  "");
}

/* The profile that is bound accepts the peer, and so does another one, which fits it as well and stands first, or better. */
static void tell_both(struct diagnosis *d, const struct tunnel *t, unsigned here, bool map)
{
    diagnosis_severity(d, SEVERITY_WARNING); /* who calls takes the one that is bound */
    diagnosis_say(
        d, "Two IKEv2 profiles accept the same peer",
        "{what} {holder} of {here_name} goes by the IKEv2 profile {bound}, but {accepts} accepts '{id}' of {there_name}, "
        "too, and fits it no worse: called by {there_name}, {here_name} does not take {bound}, and what the IPsec side "
        "is bound to is not there.");
    tunnel_to_come(d, t);
    tunnel_advise(d, t, here,
                  map ? "bind the one that is taken, `crypto map {holder} ipsec-isakmp` / `set ikev2-profile {accepts}`, or let "
                        "{accepts} accept other peers than {bound}"
                      : "bind the one that is taken, `crypto ipsec profile {holder}` / `set ikev2-profile {accepts}`, or let "
                        "{accepts} accept other peers than {bound}",
                  "");
}

/* A profile accepts what the other end sends, but the crypto map entry or tunnel is bound to another one. */
static void judge_bound(struct model *m, const struct rule *r, const struct tunnel *t, unsigned here)
{
    const struct tunnel_end *end = &t->end[here], *other = &t->end[1 - here];
    const struct record *holder = end->path.ipsec_profile ? end->path.ipsec_profile : end->path.crypto_map,
                        *bound = end->path.profile;
    const struct fact *named = holder ? fact_find(holder->facts, "ikev2_profile") : NULL;
    struct diagnosis d;
    if (t->sa || end->answers || !named || !bound || !end->profile || bound == end->profile || !other->id.type ||
        !text_equal(named->as.text, bound->title))
        return;
    const bool both = config_profile_accepts(bound, &other->id, other->address);
    if ((both && (fact_find(bound->facts, "match_certificate") || !config_serves(m, bound, end->address))) ||
        !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
        return;
    const bool map = !end->path.ipsec_profile;
    const struct id_word *w = id_word((struct text){ NULL, 0 }, other->id.type);
    diagnosis_word(&d, "what", map ? TEXT("Crypto map entry") : TEXT("The IPsec profile"));
    diagnosis_word(&d, "holder", holder->title);
    diagnosis_word(&d, "bound", bound->title);
    diagnosis_word(&d, "accepts", end->profile->title);
    diagnosis_word(&d, "id", other->id.value);
    diagnosis_word(&d, "accept", match_text(m->run, w, other->id.value));
    if (both)
        tell_both(&d, t, here, map);
    else
        tell_other(m, &d, t, here, map ? NULL : holder);
    finding_quote(m, d.f, holder, 0);
    finding_quote(m, d.f, holder, named->line);
    quote_profile(m, &d, bound);
    quote_profile(m, &d, end->profile);
}

static void judge_end(struct model *m, const struct rule *r, const struct tunnel *t, unsigned here)
{
    const struct tunnel_end *end = &t->end[here], *other = &t->end[1 - here];
    struct diagnosis d;
    if (other->device && other->auth)
        judge_certificate(m, r, t, here);
    if (!end->asa && other->device && other->auth && !other->asa)
        judge_name(m, r, t, here);
    if (!end->asa)
        judge_bound(m, r, t, here);
    if (end->asa || end->profile || !other->id.type || !record_next(m, end->device, "ikev2-profile", NULL) ||
        matches_certificates(m, end->device) || !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
        return;
    const struct id_word *w = id_word((struct text){ NULL, 0 }, other->id.type);
    diagnosis_word(&d, "sends", t->sa ? TEXT("sent") : TEXT("will send"));
    diagnosis_word(&d, "id", other->id.value);
    diagnosis_word(&d, "type", w ? text_of(w->printed) : TEXT("its"));
    diagnosis_word(&d, "accept", match_text(m->run, w, other->id.value));
    diagnosis_say(&d, NULL,
                  "To {here_name}, {there_name} {sends} the identity '{id}' ({type}), and no IKEv2 profile there accepts it.");
    tunnel_to_come(&d, t);
    diagnosis_word(&d, "part", certificate_name_part(other->id.value));
    tunnel_advise(
        &d, t, here,
        w && !w->match[0]
            ? "either end will do: here, accept that name: `crypto pki certificate map NEW 10` / `subject-name co {part}` / "
              "`exit` / `crypto ikev2 profile NAME` / `match certificate NEW`"
            : "either end will do: here, accept what comes: `crypto ikev2 profile NAME` / `match identity remote {accept}`",
        "");
    struct text expected = only_accepted(m, end->device);
    diagnosis_word(&d, "expected", expected);
    diagnosis_word(&d, "asa_identity", asa_identity(expected));
    tunnel_advise(
        &d, t, 1 - here,
        expected.len
            ? "either end will do: here, send what is expected: `crypto ikev2 profile NAME` / `identity local {expected}`"
            : "either end will do: here, send what one of them accepts: `crypto ikev2 profile NAME` / `identity local address "
              "{local}` (or `fqdn`, `email`, `key-id` with a name)",
        expected.len ? "either end will do: here, send what is expected, {expected}: `crypto isakmp identity {asa_identity}`"
                     : "either end will do: here, send what one of them accepts: `crypto isakmp identity address` (or "
                       "`hostname`, `key-id` with a name)");
    finding_quote(m, d.f, other->id_at, other->id_line);
    quote_matches(m, &d, end->device);
}

const struct rule rule_no_matching_profile = {
    .id = "no-matching-profile",
    .severity = SEVERITY_ERROR,
    .rank = 10,
    .title = "No IKEv2 profile accepts the peer's identity",
    .meaning = "IOS chooses the IKEv2 profile by the identity in the peer's IKE_AUTH. No `match identity remote` or `match "
               "certificate` line fits what the peer sent, so the responder refuses it with AUTHENTICATION_FAILED. The same text "
               "on a tunnel that comes up is noise.",
    .advice = "Add `match identity remote ...` for the identity that the log quotes, or change what the peer sends with "
              "`identity local`.",
    .sa = judge,
    .tunnel_end = judge_end,
};
