/* AUTHENTICATION_FAILED, and nothing that tells why. */
#include "analysis/evidence.h"
#include "analysis/quote.h"
#include "analysis/sealed.h"
#include "analysis/tunnels.h"

/* The end that was refused can look at what it sent. {id} is its identity. */
static const struct advice sent_identity[] = {
    { TO_THAT, PLATFORM_IOS,
      "what is sent here must be what {peer_name} expects; the identity[[ is '{id}' ({type}), and]] is set by `crypto ikev2 "
      "profile NAME` / `identity local`: `show crypto ikev2 profile`" },
    { TO_THAT, PLATFORM_ASA,
      "what is sent here must be what {peer_name} expects; the identity[[ is '{id}' ({type}), and]] is set by `crypto isakmp "
      "identity`: `show run crypto isakmp`" },
};
static const struct advice sent_key[] = {
    { TO_THAT, PLATFORM_IOS,
      "the key for {peer}[[, {ring_there}]]: `show run | section crypto ikev2 keyring`; the most specific block that fits is "
      "taken, and its `pre-shared-key local`, where there is one, is what signs" },
    { TO_THAT, PLATFORM_ASA,
      "the key: `more system:running-config | begin tunnel-group {peer}` shows it; `ikev2 local-authentication pre-shared-key` "
      "is what signs" },
};
static const struct advice sent_certificate[] = {
    { TO_THAT, PLATFORM_IOS,
      "the certificate that is sent: `show crypto pki certificates` (dates, issuer, usage), `show clock`; `show crypto ikev2 "
      "profile` names the trustpoint" },
    { TO_THAT, PLATFORM_ASA,
      "the certificate that is sent: `show crypto ca certificates` (dates, issuer, usage), `show clock`; `show run tunnel-group` "
      "names the trustpoint" },
};

/* Its log complains before it refuses. */
static const struct advice complained[] = {
    { TO_THIS, PLATFORM_IOS,
      "what '{last}' is about, first of all: `show crypto ikev2 profile`, `show run | section crypto ikev2`; more of it: `debug "
      "crypto condition peer {family} {peer}`, `debug crypto ikev2 internal` while {peer_name} tries" },
    { TO_THIS, PLATFORM_ASA,
      "what '{last}' is about, first of all: `show run tunnel-group`, `show run all group-policy`; more of it: `debug crypto "
      "condition peer {peer}`, `debug crypto ikev2 platform 127` while {peer_name} tries" },
};

/* The end that refused knows the reason. */
static const struct advice ask[] = {
    { TO_THIS, PLATFORM_IOS,
      "it was refused here, and the reason is {known}: `debug crypto condition peer {family} {peer}`, `debug crypto ikev2`, "
      "`debug crypto ikev2 error` while {peer_name} tries, then `show crypto ikev2 diagnose error`" },
    { TO_THIS, PLATFORM_ASA,
      "it was refused here, and the reason is {known}: `debug crypto condition peer {peer}`, `debug crypto ikev2 protocol 127`, "
      "`debug crypto ikev2 platform 127` while {peer_name} tries" },
};
static const struct advice expected[] = {
    { TO_THIS, PLATFORM_IOS,
      "check in this order: `match identity remote` against what {peer_name} sends[[, '{id}' ({type})]], then `authentication "
      "remote`, then {credential}: `show crypto ikev2 profile`, `show run | section crypto ikev2`" },
    { TO_THIS, PLATFORM_ASA,
      "check in this order: is there a tunnel-group of the name {peer}[[ or '{name}']], which `ikev2 remote-authentication` has "
      "it, then {credential}: `show run tunnel-group`" },
};
static const struct advice compared[] = {
    { TO_THIS, PLATFORM_IOS,
      "the key for {peer}[[, {ring_here}]] (`pre-shared-key remote`, where there is one): `show run | section crypto ikev2 "
      "keyring`; with certificates `debug crypto pki messages`, `debug crypto pki transactions`" },
    { TO_THIS, PLATFORM_ASA,
      "the key: `more system:running-config | begin tunnel-group {peer}` shows `ikev2 remote-authentication pre-shared-key`; "
      "with certificates `debug crypto ca 255`" },
};

/* RFC 7296 section 3.6: the certificate is not in the message, the receiver fetches it. */
static const struct advice fetched[] = {
    { TO_THIS, PLATFORM_IOS,
      "is the web server reachable that {peer_name} names, and what does it give: `debug crypto pki transactions`" },
    { TO_THIS, PLATFORM_ASA, "is the web server reachable that {peer_name} names: `debug crypto ca 255`" },
    { TO_THAT, PLATFORM_IOS, "or send the certificate itself and not a URL: `no crypto ikev2 http-url cert`" },
};

/* Nobody knows who refused. */
static const struct advice either[] = {
    { TO_BOTH, PLATFORM_IOS,
      "check in this order: the identity that {peer_name} sends against `match identity remote`, the method (`authentication "
      "local`, `authentication remote`), the key or the certificate: `show crypto ikev2 profile`" },
    { TO_BOTH, PLATFORM_ASA,
      "check in this order: the identity that {peer_name} sends against the tunnel-group's name, the method, the key or the "
      "certificate: `show run tunnel-group`" },
};

/* The authentication was right. */
static const struct advice behind_authentication[] = {
    { TO_THIS, PLATFORM_IOS,
      "what it does behind the authentication: `aaa authorization group|user` in `crypto ikev2 profile`, and whether AAA has "
      "what "
      "it asks for: `show crypto ikev2 authorization policy`, `show aaa servers`, `debug aaa authorization`, `debug radius`; "
      "then "
      "`debug crypto ikev2 error`, `debug crypto ikev2 internal`" },
    { TO_THIS, PLATFORM_ASA,
      "what it does behind the authentication: does the group policy let IKEv2 in (`show run all group-policy`: "
      "`vpn-tunnel-protocol`), is a session left (`show vpn-sessiondb summary`), what does AAA say (`show run tunnel-group`: "
      "`authorization-server-group`, `debug aaa authorization`)" },
};

static struct heard complaint(const struct ike_sa *sa)
{
    static const enum event_code codes[] = { CODE_AUTH_FAILURE_RECEIVED, CODE_AUTH_FAILED, CODE_AUTH_FAILURE_SENT };
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct heard h = heard(sa, codes[i]);
        if (h.note)
            return h;
    }
    return heard_text(sa, CODE_NEGOTIATION_ABORTED, "uthenticat");
}

/* Who refused: the end whose message carries the notify, or whose log says that it did. */
static enum side refuser(const struct exchange *x, struct heard said)
{
    if (x && x->type == EXCHANGE_INFORMATIONAL)
        return (enum side)x->from;
    if (x)
        return side_other((enum side)x->from);
    if (!said.view || !said.view->role)
        return SIDE_UNKNOWN; /* syslog: whoever printed it refused */
    return said.note->code == CODE_AUTH_FAILURE_RECEIVED ? side_other((enum side)said.view->role) : (enum side)said.view->role;
}

static bool was_compared(const struct ike_sa *sa)
{
    return heard_text(sa, CODE_AUTH_FAILED, "authenticate the IKE SA").note != NULL;
}

/* A capture that was decrypted shows the certificate and checks the signature: then fewer reasons are left. */
static void say_what_is_left(struct diagnosis *d, const struct ike_sa *sa, const struct party *refused, bool told)
{
    if (was_compared(sa)) {
        diagnosis_more(d, "It got as far as comparing what the peer sent, so identity and method were accepted: the pre-shared "
                          "keys differ, or a signature does not fit.");
        return;
    }
    if (refused->validity != VALIDITY_IN_TIME || refused->auth_verified != VERIFIED_TRUE) {
        unsigned method = d->side ? sa_auth_method(sa, side_other(d->side)) : 0;
        diagnosis_word(d, "secret",
                       method == AUTH_PSK ? TEXT("the key")
                       : method           ? TEXT("the certificate")
                                          : TEXT("the key, the certificate"));
        diagnosis_more(d, told ? "Proposals are fine, since IKE_SA_INIT went through."
                               : "What is seen here does not tell whether {secret}, the method or the identity is wrong; "
                                 "proposals are fine, since IKE_SA_INIT went through.");
        return;
    }
    diagnosis_word(d, "subject", refused->cert.subject);
    diagnosis_word(d, "issuer", refused->cert.issuer);
    diagnosis_more(d, "Its certificate '{subject}' is in date and the signature was made with its key; what is left is trust in "
                      "the issuer '{issuer}', revocation, key usage, or the identity that {here} expects or was asked for.");
}

/* Where an end keeps its key for the other, by its configuration; quoted. */
static void look_at_key(struct diagnosis *d, const struct ike_sa *sa, enum side side, const char *word)
{
    const struct identity *id = side == SIDE_INITIATOR ? &sa->responder.id : &sa->initiator.id;
    uint32_t router = router_of(d->m, sa, side);
    const struct record *at = NULL;
    const struct fact *key = router ? config_key_for(d->m, router, id->type ? id : NULL, address_on(sa, side_other(side)),
                                                     address_on(sa, side), &at)
                                    : NULL;
    struct text block = key ? fact_get_text(fact_children(key), "name") : (struct text){ NULL, 0 };
    if (!key || !at)
        return;
    if (strcmp(at->name, "ikev2-keyring") == 0)
        diagnosis_word(
            d, word,
            arena_format(d->m->run, "`crypto ikev2 keyring %.*s` / `peer %.*s`", TEXT_ARGS(at->title), TEXT_ARGS(block)));
    finding_quote(d->m, d->f, at, config_keys_line(key));
}

/* What each end can look at by itself, and what only the end that refused can tell, or has told before it refused. */
static void advise(struct diagnosis *d, const struct ike_sa *sa, const struct party *refused, bool told)
{
    unsigned method = d->side ? sa_auth_method(sa, side_other(d->side)) : 0;
    bool key = method == AUTH_PSK, certificate = method && !key, log = d->side ? view_on(sa, d->side) != NULL : true;
    const char *type = refused->id.type ? registry_name(REGISTRY_ID, refused->id.type) : NULL;
    diagnosis_word(d, "type", text_of(type));
    if (d->side && !certificate) {
        look_at_key(d, sa, side_other(d->side), "ring_there");
        look_at_key(d, sa, d->side, "ring_here");
    }
    if (refused->id.type != ID_IPV4_ADDR && refused->id.type != ID_IPV6_ADDR)
        diagnosis_word(d, "name", refused->id.value);
    diagnosis_word(d, "credential",
                   key           ? TEXT("the key")
                   : certificate ? TEXT("the certificate")
                                 : TEXT("the key or the certificate"));
    diagnosis_word(d, "known", log ? TEXT("not in this log") : TEXT("in its log alone"));
    if (told)
        ADVISE(d, complained);
    else
        ADVISE(d, ask);
    if (was_compared(sa)) {
        ADVISE(d, compared);
    } else {
        ADVISE(d, expected);
        ADVISE(d, sent_identity);
    }
    if (!certificate)
        ADVISE(d, sent_key);
    if (!key)
        ADVISE(d, sent_certificate);
}

/* "Auth exchange failed", by a debug or as a syslog message's reason, and nothing that a rule knows: the stage is told, and what
 * its router said last before it. IOS says so of refused selectors, profiles and certificates as well. */
static void judge_stage(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_AUTH_EXCHANGE_FAILED), last = last_word(sa), proof = proof_before(sa, said);
    struct diagnosis d;
    if (!said.note || sa->outcome != SA_FAILED || sa->ready_initiator || sa->ready_responder || found_error(sa) ||
        heard(sa, CODE_IPSEC_FAILED).note || heard(sa, CODE_DECRYPT_FAILED).note ||
        !diagnosis_begin(&d, m, r, sa, speaker_of(said, SIDE_RESPONDER), CONFIDENCE_LIKELY, last_word_text(last)))
        return;
    diagnosis_word(&d, "last", last_word_text(last));
    diagnosis_say(&d, "IKE_AUTH ended in failure",
                  "The IKE_AUTH between {here} and {there} failed[[; its log's last word before the end: '{last}']].");
    diagnosis_more(&d, proof.note
                           ? "Key, certificate and identity are not the trouble: {here} had found the authentication of {there} "
                             "right before that."
                           : "Proposals and UDP 500 are fine, since IKE_SA_INIT went through; whether it was the key, the "
                             "certificate, the method, the identity or something that came with them is not told here.");
    if (proof.note)
        ADVISE(&d, behind_authentication);
    else
        ADVISE(&d, either);
    diagnosis_debug(&d, TO_BOTH);
    quote_note(&d, proof);
    quote_note(&d, last);
    quote_note(&d, said);
}

static const struct advice open_it[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "to be certain: the keys of this IKE SA (`-k FILE`; `ikescope list key-formats` says from where), or a debug log of either "
      "end" },
};

/* No key opens the answer; what stands outside of the encryption tells that it holds a notify and nothing else. */
static bool judge_sealed(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH);
    struct diagnosis d;
    if (!sa->sealed_guess || !sa->failed || !x || sealed_says(x->response.message) != SEALED_REFUSES)
        return false;
    if (!diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_LIKELY, TEXT("")))
        return true;
    diagnosis_wordf(&d, "length", "%u", (unsigned)x->response.message->length);
    diagnosis_say(&d, "IKE_AUTH was refused, most likely",
                  "{responder} answered the IKE_AUTH of {initiator} with {length} octets that no key here opens. What stands "
                  "outside of the encryption says that they begin with a notify; an answer that agrees begins with IDr and is "
                  "longer. So it is a refusal, most likely AUTHENTICATION_FAILED: the identity, the method, the key or the "
                  "certificate of {initiator}.");
    advise(&d, sa, &sa->initiator, false);
    ADVISE(&d, open_it);
    quote_leg(&d, x, &x->response, "sealed, begins with N");
    return true;
}

static const struct advice unlock[] = {
    { TO_THIS, PLATFORM_UNKNOWN,
      "the user may connect with one connection profile alone: `group-lock value {named}` in the group policy; choose that "
      "profile on the client, or change the lock" },
};

static const struct advice admit[] = {
    { TO_THIS, PLATFORM_UNKNOWN,
      "which record it was, and what it looks for: `show run dynamic-access-policy-record`, `debug dap trace`; the client's "
      "posture, group or address has to fit another one" },
};

/* The credential was right, and what the ASA says by itself ended the attempt. */
static const struct ended {
    enum event_code code;
    const char *subject, *field, *behind; /* {named} is that field of the note, or what stands behind those words */
    const char *title, *cause;
    const struct advice *fix;
} ended_by[] = {
    { CODE_GROUP_LOCKED, "lock", "group", "locked to ", "The user is locked to another connection profile",
      "{here} ended the attempt of {there}: its group policy locks the user to the connection profile {named}.", unlock },
    { CODE_ACCESS_POLICY_ENDS_IT, "access", "policy", "records: ", "A dynamic access policy ended it",
      "{here} took the credential of {there} and ended the attempt by its dynamic access policy[[ {named}]].", admit },
};

static bool judge_ended(struct model *m, const struct rule *r, struct ike_sa *sa, const struct ended *by)
{
    struct heard said = heard(sa, by->code);
    struct diagnosis d;
    if (!said.note || sa_up(sa))
        return false;
    if (!diagnosis_begin(&d, m, r, sa, speaker_of(said, SIDE_RESPONDER), CONFIDENCE_CERTAIN, text_of(by->subject)))
        return true;
    diagnosis_word(&d, "named", note_word(said.note, by->field, by->behind));
    diagnosis_say(&d, by->title, by->cause);
    diagnosis_advise(&d, by->fix, 1);
    quote_note(&d, said);
    return true;
}

/* The router itself says that it is the postquantum preshared key (RFC 8784), and nothing else that AUTH is about. */
static void tell_ppk(struct diagnosis *d, const struct ike_sa *sa, struct heard said)
{
    static const struct advice rows[] = {
        { TO_BOTH, PLATFORM_IOS,
          "the same postquantum key under the same id: `crypto ikev2 keyring NAME` / `peer NAME` / `ppk manual id ID key KEY`, "
          "and `keyring ppk NAME` in the profile; `required` behind the key refuses a peer that has none" },
    };
    diagnosis_say(
        d, "The postquantum preshared key (PPK) is missing or differs",
        "{here} refused {there} because of its postquantum preshared key (RFC 8784), and not for its key, certificate or "
        "identity.");
    ADVISE(d, rows);
    quote_note(d, said);
    quote_note(d, heard(sa, CODE_AUTH_EXCHANGE_FAILED));
}

/* ---- one whose authentication was right ---- */

/* Where the refusal stands behind the word that the peer's AUTH is right, what stands between the two is the reason. */
static bool judge_proven(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct heard said = refused_though_proven(sa);
    const struct heard proof = proof_before(sa, said);
    struct diagnosis d;
    if (!said.note || sa_up(sa))
        return false;
    if (!diagnosis_begin(&d, m, r, sa, speaker_of(said, SIDE_RESPONDER), CONFIDENCE_CERTAIN, TEXT("")))
        return true;
    const struct heard between = last_error(proof.note, said);
    const struct said *told = said.view->said;
    const bool asked = told && told->aaa_line > proof.note->line && told->aaa_line < said.note->line,
               answered = told && told->aaa_answer_line > proof.note->line && told->aaa_answer_line < said.note->line;
    diagnosis_word(&d, "last", last_word_text(between));
    diagnosis_say(&d, "Refused after the authentication was found right",
                  "{here} found the authentication of {there} right, and refused it behind that[[; its log's last word between "
                  "the two: '{last}']].");
    if (!between.note && (asked || answered))
        diagnosis_more(
            &d, answered ? "Between the two comes the answer of AAA that it had asked, so it is the authorization, most likely."
                         : "Between the two it asks AAA, so it is the authorization, most likely.");
    diagnosis_more(&d, between.note || asked || answered
                           ? "Key, certificate and identity are not the trouble."
                           : "Key, certificate and identity are not the trouble; what is left is what comes behind them, the "
                             "authorization (AAA) and the session, of which this log says nothing.");
    ADVISE(&d, behind_authentication);
    quote_note(&d, between);
    quote_note(&d, proof);
    if (asked)
        quote_line(&d, said.view->input, told->aaa_line, "AAA is asked");
    if (answered)
        quote_line(&d, said.view->input, told->aaa_answer_line, "AAA has answered");
    quote_note(&d, said);
    quote_note(&d, heard(sa, CODE_AUTH_EXCHANGE_FAILED));
    return true;
}

/* ---- what two configurations tell ---- */

struct ppk { /* one end's postquantum key for the other */
    const struct record *ring;
    const struct fact *peer; /* NULL: none */
    struct text id;          /* empty: it is fetched from elsewhere */
    uint64_t digest;         /* 0: encrypted, or not here */
    bool required, unnamed;  /* the keyring has it, and the profile does not name that for it */
    bool unsure;             /* not all of the configuration is here, or the keyring that is named is not */
};

static void fill_ppk(struct ppk *p, const struct record *ring, const struct fact *peer)
{
    const struct fact *f = fact_children(peer), *required = fact_find(f, "ppk_required");
    p->ring = ring;
    p->peer = peer;
    p->id = fact_get_text(f, "ppk_id");
    p->required = required && required->as.number;
    (void)fact_get_number(f, ".ppk_digest", &p->digest);
}

static struct ppk ppk_of(const struct model *m, const struct tunnel_end *end, const struct tunnel_end *other)
{
    const struct identity *id = other->id.type ? &other->id : NULL;
    struct text named = end->auth ? fact_get_text(end->auth->facts, "keyring_ppk") : (struct text){ NULL, 0 };
    struct ppk p = { .unnamed = !named.len };
    struct text ring = named.len   ? named
                       : end->auth ? fact_get_text(end->auth->facts, "keyring_local")
                                   : (struct text){ NULL, 0 };
    const struct record *found = ring.len ? config_find(m, end->device, "ikev2-keyring", ring) : NULL;
    const struct fact *peer = config_ppk_for(m, end->device, ring, id, other->address);
    p.unsure = !config_whole(m, end->device) || (named.len && !found);
    if (peer)
        fill_ppk(&p, found, peer);
    return p;
}

static bool keys_differ(const struct ppk *here, const struct ppk *there)
{
    return !here->unnamed && !there->unnamed && here->id.len && text_equal(here->id, there->id) && here->digest &&
           there->digest && here->digest != there->digest;
}

/* Why the two do not go together; NULL: they do, or nothing tells. */
static const char *ppks_differ(const struct ppk *here, const struct ppk *there)
{
    const bool have = here->peer && !here->unnamed, has = there->peer && !there->unnamed;
    if (have && !has && here->required && !there->unsure)
        return "{here_name} requires a postquantum preshared key (RFC 8784) of {there_name}, which has none that it would use.";
    if (!have || !has || !here->id.len || !there->id.len)
        return NULL;
    if (!text_equal(here->id, there->id))
        return here->required ? "{here_name} requires a postquantum preshared key (RFC 8784) and knows it by another id than "
                                "{there_name}."
                              : NULL;
    return keys_differ(here, there)
               ? "{here_name} and {there_name} have different postquantum preshared keys (RFC 8784) under one id."
               : NULL;
}

/* What is wrong with the keys that end `here` and the other one have for each other; NULL: nothing, or it is told of the other end. */
static const char *ppk_fault(const struct model *m, const struct tunnel *t, unsigned here, struct ppk *own, struct ppk *its)
{
    const struct tunnel_end *end = &t->end[here], *other = &t->end[1 - here];
    if (end->asa || other->asa || !end->auth || !other->auth)
        return NULL;
    *own = ppk_of(m, end, other);
    *its = ppk_of(m, other, end);
    return here && keys_differ(own, its) ? NULL : ppks_differ(own, its);
}

/* No keyring that its profile names has the key; one that goes with the other end's may stand in another. */
static void find_unnamed(const struct model *m, const struct tunnel *t, unsigned here, const struct ppk *own, struct ppk *its)
{
    const struct tunnel_end *end = &t->end[here], *other = &t->end[1 - here];
    const struct identity *id = end->id.type ? &end->id : NULL;
    for (const struct record *r = record_next(m, other->device, "ikev2-keyring", NULL); r && !its->peer;
         r = record_next(m, other->device, "ikev2-keyring", r)) {
        const struct fact *peer = config_ppk_for(m, other->device, r->title, id, end->address);
        struct ppk p = { .unnamed = true };
        if (peer)
            fill_ppk(&p, r, peer);
        if (peer && text_equal(p.id, own->id) && (!p.digest || !own->digest || p.digest == own->digest))
            *its = p;
    }
}

static void advise_ppks(struct diagnosis *d, const struct tunnel *t, unsigned here, const struct ppk *own, struct ppk *its)
{
    const struct tunnel_end *other = &t->end[1 - here];
    find_unnamed(d->m, t, here, own, its);
    diagnosis_word(d, "id", own->id);
    const struct record *ring = its->ring ? its->ring : other->path.keyring;
    diagnosis_word(d, "ring", ring ? ring->title : TEXT("NAME"));
    diagnosis_word(d, "block", its->peer ? fact_get_text(fact_children(its->peer), "name") : TEXT("NAME"));
    diagnosis_word(d, "own_ring", own->ring->title);
    diagnosis_word(d, "own_block", fact_get_text(fact_children(own->peer), "name"));
    if (keys_differ(own, its))
        tunnel_advise(d, t, here,
                      "type the same key at both ends: `crypto ikev2 keyring {own_ring}` / `peer {own_block}` / `ppk manual id "
                      "[[{id}]] key "
                      "KEY`",
                      "");
    tunnel_advise(
        d, t, 1 - here,
        its->peer && its->unnamed
            ? "`crypto ikev2 profile NAME` / `keyring ppk {ring}`"
            : "the same key under the same id: `crypto ikev2 keyring {ring}` / `peer {block}` / `ppk manual id [[{id}]] "
              "key KEY`, and `crypto ikev2 profile NAME` / `keyring ppk {ring}`",
        "");
    finding_quote(d->m, d->f, own->ring, fact_find(fact_children(own->peer), "ppk")->line);
    if (its->peer)
        finding_quote(d->m, d->f, its->ring, fact_find(fact_children(its->peer), "ppk")->line);
    else
        finding_quote(d->m, d->f, other->auth, 0);
}

static const char ppk_title[] = "The postquantum preshared key (PPK) is missing or differs";

static void judge_tunnel(struct model *m, const struct rule *r, const struct tunnel *t, unsigned here)
{
    struct ppk own, its;
    const char *why = t->sa ? NULL : ppk_fault(m, t, here, &own, &its);
    struct diagnosis d;
    if (!why || !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
        return;
    diagnosis_say(&d, ppk_title, why);
    tunnel_to_come(&d, t);
    advise_ppks(&d, t, here, &own, &its);
}

/* The authentication of this SA was refused, and that is what the configurations of both ends have against each other. True: said. */
static bool judge_ppks(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, 0, NOTIFY_AUTHENTICATION_FAILED, NULL);
    struct heard said = complaint(sa);
    struct tunnel t;
    struct ppk own, its;
    struct diagnosis d;
    if ((!x && !said.note) || sa_up(sa) || !tunnel_of_sa(m, sa, &t))
        return false;
    for (unsigned here = 0; here < 2; here++) {
        const char *why = ppk_fault(m, &t, here, &own, &its);
        if (!why)
            continue;
        if (!diagnosis_begin(&d, m, r, sa, refuser(x, said), CONFIDENCE_LIKELY, TEXT("")))
            return true;
        diagnosis_word(&d, "here_name", tunnel_name(m, &t.end[here]));
        diagnosis_word(&d, "there_name", tunnel_name(m, &t.end[1 - here]));
        diagnosis_say(&d, ppk_title, why);
        advise_ppks(&d, &t, here, &own, &its);
        if (x)
            quote_leg(&d, x, x->type == EXCHANGE_INFORMATIONAL ? &x->request : &x->response, "AUTHENTICATION_FAILED");
        quote_note(&d, said);
        return true;
    }
    return false;
}

/* ---- one that was refused ---- */

/* What the log of the end that refused complains of before it does; nothing where that end compared what the peer sent. */
static struct heard complaint_before(const struct diagnosis *d, struct heard refusal)
{
    const struct heard none = { NULL, NULL };
    return refusal.note && refusal.note->code != CODE_AUTH_FAILURE_RECEIVED && refusal.view->role == d->side &&
                   !was_compared(d->sa)
               ? last_error(NULL, refusal)
               : none;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, 0, NOTIFY_AUTHENTICATION_FAILED, NULL);
    struct heard said = complaint(sa);
    struct diagnosis d;
    for (size_t i = 0; i < COUNT_OF(ended_by); i++)
        if (judge_ended(m, r, sa, &ended_by[i]))
            return;
    if (judge_proven(m, r, sa) || judge_ppks(m, r, sa) || judge_sealed(m, r, sa))
        return;
    if (!x && !said.note) {
        judge_stage(m, r, sa);
        return;
    }
    if ((!x && said.note->code != CODE_NEGOTIATION_ABORTED && (sa->ready_initiator || sa->ready_responder)) ||
        !diagnosis_begin(&d, m, r, sa, refuser(x, said), CONFIDENCE_CERTAIN, TEXT("")))
        return;
    if (said.note && note_of_ppk(said.note)) {
        tell_ppk(&d, sa, said);
        return;
    }
    const struct identity *id = d.side == SIDE_INITIATOR ? &sa->responder.id : &sa->initiator.id;
    diagnosis_word(&d, "id", id->value);
    const struct heard before = complaint_before(&d, said);
    diagnosis_word(&d, "last", last_word_text(before));
    diagnosis_say(
        &d, NULL,
        "{here} refused the authentication of {there}[[, which calls itself '{id}']][[; its log's last word before that: "
        "'{last}']].");
    const struct party *refused = d.side == SIDE_INITIATOR ? &sa->responder : &sa->initiator;
    say_what_is_left(&d, sa, refused, before.note != NULL);
    if (refused->cert.by_url)
        diagnosis_more(
            &d, "Its certificate was not in the message: it sent a hash and a URL, from which {here} has to fetch it; if it "
                "cannot, it refuses.");
    diagnosis_ppk(&d);
    advise(&d, sa, refused, before.note != NULL);
    if (refused->cert.by_url)
        ADVISE(&d, fetched);
    if (x)
        quote_leg(&d, x, x->type == EXCHANGE_INFORMATIONAL ? &x->request : &x->response, "AUTHENTICATION_FAILED");
    quote_note(&d, before);
    quote_note(&d, said);
    quote_note(&d, heard(sa, CODE_AUTH_EXCHANGE_FAILED));
}

const struct rule rule_auth_failed = {
    .id = "auth-failed",
    .severity = SEVERITY_ERROR,
    .rank = 30,
    .title = "Authentication was refused",
    .meaning = "One end answered with AUTHENTICATION_FAILED. The notify is the same for a wrong key, a wrong identity, an "
               "unknown profile, a bad certificate and a wrong method.",
    .advice = "Read the log of the end that refused. In a capture, give the IKE keys and the pre-shared key: then it can be told "
              "whose AUTH is wrong.",
    .sa = judge,
    .tunnel_end = judge_tunnel,
};
