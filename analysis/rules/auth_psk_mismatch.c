/* The pre-shared keys differ. Known from the verifier's log, from AUTH payloads checked with a given key, or from both
 * configurations. */
#include "analysis/key_pair.h"
#include "analysis/tunnels.h"

/* What a router says only after it has compared what the peer sent. */
#define COMPARED "authenticate the IKE SA"

static bool signs_with_key(unsigned method)
{
    return method == AUTH_PSK || method == 0;
}

/* Both ends' configurations. */
static void configured_keys(struct model *m, const struct ike_sa *sa, struct key_pair *p)
{
    for (unsigned i = 0; i < 2; i++) {
        enum side side = i ? SIDE_RESPONDER : SIDE_INITIATOR, far = side_other(side);
        const struct identity *id = i ? &sa->initiator.id : &sa->responder.id;
        uint32_t router = router_of(m, sa, side);
        struct key_end *end = &p->end[i];
        end->key = router ? config_key_for(m, router, id, address_on(sa, far), address_on(sa, side), &end->at) : NULL;
    }
    key_pair_of(p);
}

/* The peer proves itself with a key, by its own AUTH payload or the verifier's word, and nothing else was refused before. */
static bool compared_a_key(const struct ike_sa *sa, struct heard refusal)
{
    static const enum event_code else_refused[] = { CODE_AUTH_METHOD_MISMATCH, CODE_PROFILE_NOT_FOUND, CODE_PEER_ID_CHECK_FAILED,
                                                    CODE_CERT_FAILED };
    for (size_t i = 0; i < COUNT_OF(else_refused); i++)
        if (heard(sa, else_refused[i]).note)
            return false;
    enum side verifier = (enum side)refusal.view->role;
    return verifier && sa_auth_method(sa, side_other(verifier)) == AUTH_PSK;
}

/* The verifier says so; or it took the key of its peer and then found that the AUTH payload does not fit. An initiator takes a
 * key first to sign with. A shorter debug lacks the line about the key taken, but names the method. */
static struct heard value_differs(const struct ike_sa *sa)
{
    static const char *const refusals[] = { COMPARED, "data FAILED" };
    struct heard said = heard(sa, CODE_AUTH_VALUE_DIFFERS);
    for (size_t i = 0; !said.note && i < COUNT_OF(refusals); i++) {
        struct heard h = heard_text(sa, CODE_AUTH_FAILED, refusals[i]);
        unsigned keys = 0;
        for (const struct note *n = h.note ? h.view->notes : NULL; n && n != h.note; n = n->next)
            keys += n->code == CODE_PSK_USED;
        if (h.note && (keys > (h.view->role == SIDE_INITIATOR) || (i == 0 && compared_a_key(sa, h))))
            said = h;
    }
    return said;
}

struct verdicts { /* what checking AUTH with the given keys said */
    uint8_t initiator, responder;
    const struct exchange *refused;
    enum side signer; /* whose proof was refused; unknown: none, or another proof than a key's */
};

/* An INFORMATIONAL refuses the responder (RFC 7296 section 2.21.2), an answer the AUTH of its request. A request without one goes
 * on after a proof that was taken: with EAP, or with the next of several rounds (RFC 4739). */
static enum side refused_signer(const struct ike_sa *sa, const struct exchange *x)
{
    const struct message *q = x->request.message;
    if (x->type == EXCHANGE_INFORMATIONAL)
        return sa->initiator.eap ? SIDE_UNKNOWN : side_other((enum side)x->from);
    return q && q->decryption == DECRYPTION_DECRYPTED && !message_has_type(q, PAYLOAD_AUTH) ? SIDE_UNKNOWN : SIDE_INITIATOR;
}

/* Is it the given key that tells? Where the responder is refused whose key fits, and the initiator's fitted as well, both have
 * it. */
static bool key_was_checked(const struct ike_sa *sa, const struct verdicts *v)
{
    bool of_initiator = v->signer == SIDE_INITIATOR && v->initiator && signs_with_key(sa_auth_method(sa, SIDE_INITIATOR));
    bool of_responder = v->signer == SIDE_RESPONDER && v->responder == VERIFIED_TRUE && v->initiator != VERIFIED_TRUE;
    of_responder |= v->responder == VERIFIED_FALSE && !sa_up(sa);
    return of_initiator || (of_responder && sa_auth_method(sa, SIDE_RESPONDER) == AUTH_PSK);
}

static void quote_verdict(struct diagnosis *d, const struct ike_sa *sa, const struct verdicts *v)
{
    bool afterwards = v->refused && v->refused->type == EXCHANGE_INFORMATIONAL;
    const struct exchange *x = v->refused && !afterwards ? v->refused : exchange_last(sa, EXCHANGE_IKE_AUTH);
    if (!x)
        return;
    if (v->initiator)
        quote_leg(d, x, &x->request,
                  v->initiator == VERIFIED_TRUE ? "its AUTH fits the given key" : "its AUTH does not fit the given key");
    if (v->responder)
        quote_leg(d, x, &x->response,
                  v->responder == VERIFIED_TRUE ? "its AUTH fits the given key" : "its AUTH does not fit the given key");
    else if (v->refused && !afterwards)
        quote_leg(d, x, &x->response, "AUTHENTICATION_FAILED");
    if (afterwards)
        quote_leg(d, v->refused, &v->refused->request, "AUTHENTICATION_FAILED");
}

#define NOT_GIVEN "AUTH was not made with the given pre-shared key"

static void say(struct diagnosis *d, struct heard differs, const struct verdicts *v, bool one_way)
{
    if (differs.note)
        diagnosis_say(d, one_way ? "Pre-shared keys differ in one direction" : NULL,
                      "{here} computed another authentication value than {there} sent: the key that {there} signs with is not "
                      "the one that {here} verifies with.");
    else if (v->initiator == VERIFIED_FALSE && v->responder != VERIFIED_FALSE)
        diagnosis_say(d, NOT_GIVEN,
                      "The AUTH of {initiator} was not made with the given pre-shared key, so {initiator} has another one. Where "
                      "the given key is that of {responder}, the two differ.");
    else if (v->responder == VERIFIED_FALSE)
        diagnosis_say(d, NOT_GIVEN,
                      "The AUTH of {responder} was not made with the given pre-shared key, so {responder} has another one. Where "
                      "the given key is that of {initiator}, the two differ.");
    else if ((v->signer == SIDE_INITIATOR ? v->initiator : v->signer ? v->responder : VERIFIED_UNKNOWN) == VERIFIED_TRUE)
        diagnosis_say(d, "AUTH fits the given pre-shared key and was refused",
                      "The AUTH of {there} is right under the given pre-shared key, yet {here} refused it: {here} has another "
                      "key for this peer, or none, unless it is the identity or the method that it does not take, which gets "
                      "the same notify.");
    else
        diagnosis_say(d, NULL, "The configurations hold different pre-shared keys for each other.");
}

/* Whose AUTH was refused is one direction. A responder sends its own only after it has accepted the initiator's. */
static uint8_t other_direction(const struct ike_sa *sa, enum side signer)
{
    uint8_t seen = party_verified(signer == SIDE_INITIATOR ? &sa->responder : &sa->initiator);
    return seen ? seen : signer == SIDE_RESPONDER && !sa->initiator.eap ? VERIFIED_TRUE : VERIFIED_UNKNOWN;
}

/* How long the key is that one end takes for who calls itself so, as its log says; 0: it does not. A configuration's key is kept
 * nowhere, nor is its length. */
static uint64_t key_length(const struct ike_sa *sa, enum side at, struct text called)
{
    uint64_t length = 0;
    for (const struct view *v = sa->views; v && called.len; v = v->next)
        for (const struct note *n = !v->wire && v->role == at ? v->notes : NULL; n; n = n->next)
            if (n->code == CODE_PSK_USED && text_equal(fact_get_text(n->facts, "id"), called) &&
                fact_get_number(n->facts, "key_length", &length))
                return length;
    return 0;
}

/* Both lengths are shown: what they tell. */
static void tell_lengths(struct diagnosis *d, const struct ike_sa *sa, enum side signer)
{
    const enum side verifier = side_other(signer);
    const struct text called = signer == SIDE_INITIATOR ? sa->initiator.id.value : sa->responder.id.value;
    uint64_t signs = key_length(sa, signer, called), verifies = key_length(sa, verifier, called);
    if (!signs || !verifies)
        return;
    diagnosis_word(d, "signer", side_text(d->m, sa, signer));
    diagnosis_word(d, "verifier", side_text(d->m, sa, verifier));
    diagnosis_wordf(d, "signs", "%llu", (unsigned long long)signs);
    diagnosis_wordf(d, "verifies", "%llu", (unsigned long long)verifies);
    diagnosis_more(d,
                   signs == verifies
                       ? "Both keys have {signs} characters, so none is missing or too many: some are others, or it is another "
                         "key altogether."
                       : "Even their lengths differ: {signer} signs with a key of {signs} characters, {verifier} verifies with "
                         "one of {verifies}; a difference of one is often a blank at the end of a pasted line.");
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    if (refused_though_proven(sa).note)
        return;
    struct heard differs = value_differs(sa);
    struct verdicts v = { sa->initiator.auth_verified, sa->responder.auth_verified,
                          exchange_refused(sa, 0, NOTIFY_AUTHENTICATION_FAILED, NULL), SIDE_UNKNOWN };
    enum side verifier = differs.view ? (enum side)differs.view->role : SIDE_RESPONDER;
    enum side signer = verifier ? side_other(verifier) : SIDE_INITIATOR;
    struct key_pair keys = { .by_direction = false };
    if (v.refused)
        v.signer = refused_signer(sa, v.refused);
    bool failed = !sa_up(sa) && (v.refused || heard(sa, CODE_AUTH_FAILED).note || heard(sa, CODE_AUTH_FAILURE_RECEIVED).note);
    if (failed)
        configured_keys(m, sa, &keys);
    bool shown = differs.note && signs_with_key(sa_auth_method(sa, signer)) && !heard(sa, CODE_CERT_FAILED).note;
    bool checked = key_was_checked(sa, &v);
    unsigned refused = differs.note ? signer == SIDE_RESPONDER : v.refused && v.refused->type == EXCHANGE_IKE_AUTH ? 0 : 2;
    bool configured = key_pair_differ(&keys, refused);
    keys.back = refused < 2 ? other_direction(sa, refused ? SIDE_RESPONDER : SIDE_INITIATOR) : VERIFIED_UNKNOWN;
    struct diagnosis d;
    if (!shown && !checked && !configured)
        return;
    if (!shown && (v.responder == VERIFIED_FALSE || v.signer == SIDE_RESPONDER))
        verifier = SIDE_INITIATOR;
    if (!diagnosis_begin(&d, m, r, sa, verifier,
                         (shown && !told_by_step(differs)) || configured || v.initiator == VERIFIED_FALSE ||
                                 v.responder == VERIFIED_FALSE
                             ? CONFIDENCE_CERTAIN
                             : CONFIDENCE_LIKELY,
                         TEXT("")))
        return;
    say(&d, differs, &v, keys.back == VERIFIED_TRUE);
    diagnosis_more(&d, shown
                           ? "Identity, profile and proposals were accepted before; it is the key alone."
                           : "Proposals are fine, since IKE_SA_INIT went through; the identities are as quoted in the messages.");
    if (v.initiator != VERIFIED_FALSE && v.responder != VERIFIED_FALSE)
        diagnosis_ppk(&d);
    if (refused < 2)
        tell_lengths(&d, sa, refused ? SIDE_RESPONDER : SIDE_INITIATOR);
    for (unsigned i = 0; i < 2; i++)
        keys.end[i].name = side_text(m, sa, i ? SIDE_RESPONDER : SIDE_INITIATOR);
    key_pair_tell(&d, &keys, refused);
    quote_note(&d, differs);
    quote_note(&d, heard(sa, CODE_AUTH_FAILED));
    quote_all(&d, sa, CODE_PSK_USED, 2);
    quote_verdict(&d, sa, &v);
    quote_state(&d, sa, "EV_AUTH_FAIL");
}

/* Where the other end authenticates by another method, this end's key counts in one direction alone. */
static bool signs_by_key(const struct tunnel *t, unsigned signer)
{
    uint32_t line = 0;
    const unsigned expects = own_methods(&t->end[1 - signer], false, &line);
    return (own_methods(&t->end[signer], true, &line) & OWN_KEY) && (!expects || (expects & OWN_KEY));
}

static void judge_tunnel(struct model *m, const struct rule *r, const struct tunnel *t)
{
    struct diagnosis d;
    struct key_pair keys = { .by_direction = false };
    for (unsigned i = 0; i < 2; i++) {
        const struct tunnel_end *end = &t->end[i];
        if (!end->key || !tunnel_key_sure(t, i))
            return;
        keys.end[i] = (struct key_end){ end->key, end->key_at, tunnel_name(m, end), end->device, end->address };
    }
    key_pair_of(&keys);
    for (unsigned i = 0; i < 2; i++)
        if (!signs_by_key(t, i)) {
            keys.way[i] = (struct key_way){ .same = VERIFIED_UNKNOWN };
            keys.exchanged = false;
        }
    bool differ = key_pair_differ(&keys, 2);
    if (t->ike_up || (!differ && key_pair_blank(&keys, 2) == 2) || !tunnel_diagnosis(&d, m, r, t, 1, CONFIDENCE_LIKELY))
        return;
    if (differ) {
        diagnosis_say(&d, NULL,
                      "The configurations of {there_name} and {here_name} hold different pre-shared keys for each other[[ "
                      "({there_address} and {here_address})]].");
    } else {
        diagnosis_severity(&d, SEVERITY_WARNING);
        diagnosis_say(
            &d, "A pre-shared key ends with a blank at one end",
            "The configurations of {there_name} and {here_name} hold pre-shared keys for each other[[ ({there_address} and "
            "{here_address})]] that look alike.");
    }
    tunnel_to_come(&d, t);
    key_pair_tell(&d, &keys, 2);
}

const struct rule rule_auth_psk_mismatch = {
    .id = "auth-psk-mismatch",
    .severity = SEVERITY_ERROR,
    .rank = 11,
    .title = "Pre-shared keys differ",
    .meaning = "A peer proves that it knows the pre-shared key with its AUTH payload. The other end computed another value, so "
               "it has another key for this peer: "
               "mistyped, another entry of the keyring, or local and remote keys swapped.",
    .advice = "Type the key again at both ends. Compare `key len N` in both debugs. With separate keys per direction, one end's "
              "local key is the other's remote key.",
    .sa = judge,
    .tunnel = judge_tunnel,
};
