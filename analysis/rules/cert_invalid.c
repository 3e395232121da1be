/* The peer's certificate was not accepted; which step refused it decides the advice. */
#include "analysis/evidence.h"
#include "analysis/quote.h"

static const struct advice of_dates[] = {
    { TO_THIS, PLATFORM_UNKNOWN, "is the clock right? `show clock`, `show ntp status`" },
    { TO_THAT, PLATFORM_IOS, "renew the certificate: `crypto pki enroll NAME`; see `show crypto pki certificates`" },
    { TO_THAT, PLATFORM_ASA, "renew the certificate: `crypto ca enroll NAME`; see `show crypto ca certificates`" },
};

#define CLOCK_BEHIND                                                                                                             \
    "is the clock right, or behind: `show clock`, `show ntp status`; where it is right, that of the CA was ahead when it "       \
    "issued "                                                                                                                    \
    "the certificate, and waiting is enough"

static const struct advice of_beginning[] = { { TO_THIS, PLATFORM_UNKNOWN, CLOCK_BEHIND } };

struct reason {
    enum event_code code;
    const char *words, *or_words; /* one of them stands in the line; NULL: any line */
    const char *title, *cause;
    struct advice advice[4];
};

/* {what the router said, words in it, title, cause, advice}; the most telling first */
static const struct reason reasons[] = {
    { CODE_CERT_OWN_FAILED,
      NULL,
      NULL,
      "There is no certificate to authenticate with",
      "{here} could not get its own certificate or the chain above it from its trustpoint[[ {trustpoint}]], so it cannot "
      "authenticate itself to {there}.",
      { { TO_THIS, PLATFORM_IOS,
          "is the trustpoint enrolled, and named in the profile: `show crypto pki certificates`, `crypto ikev2 profile NAME` / "
          "`pki trustpoint {trustpoint_or}`; else `crypto pki authenticate {trustpoint_or}`, `crypto pki enroll "
          "{trustpoint_or}`" },
        { TO_THIS, PLATFORM_ASA,
          "is the trustpoint enrolled, and named: `show crypto ca certificates`, `tunnel-group {peer} ipsec-attributes` / `ikev2 "
          "local-authentication certificate {trustpoint_or}`" },
        { 0 } } },
    { CODE_CERT_ENCODING,
      NULL,
      NULL,
      "Certificate by URL was asked for, and one end cannot do that",
      "{here} got a certificate of an encoding that it does not take from {there}, or was asked for a hash and URL without "
      "having offered that.",
      { { TO_BOTH, PLATFORM_IOS, "`no crypto ikev2 http-url cert`" }, { 0 } } },
    { CODE_CERT_TRUSTPOINT_NONE,
      NULL,
      NULL,
      "The peer's certificate has no trusted issuer here",
      "{here} has no trustpoint for the CA that issued the certificate of {there}[[: missing is '{issuer}']][[, that of its "
      "trustpoint {peer_trustpoint}]][[; it checks with {trustpoint}]].",
      { { TO_THIS, PLATFORM_IOS,
          "install that CA in a trustpoint of its own[[ ({trustpoint} is of another CA)]]: `crypto pki trustpoint NEW` / "
          "`enrollment terminal`, `crypto pki authenticate NEW`; where the profile lists its trustpoints, there too: `crypto "
          "ikev2 profile NAME` / `pki trustpoint NEW verify`; check with `show crypto pki certificates`" },
        { TO_THIS, PLATFORM_ASA,
          "install that CA in a trustpoint of its own[[ ({trustpoint} is of another CA)]]: `crypto ca trustpoint NEW` / "
          "`enrollment terminal`, `crypto ca authenticate NEW`; check with `show crypto ca certificates`" },
        { TO_THAT, PLATFORM_IOS,
          "which CA it is says the Issuer of this end's own certificate: `show crypto pki certificates`; an intermediate CA is "
          "sent along by itself once it has a trustpoint here: `crypto pki trustpoint NEW`, `crypto pki authenticate NEW`" },
        { TO_THAT, PLATFORM_ASA,
          "which CA it is says the Issuer of this end's own certificate: `show crypto ca certificates`; send intermediate CAs "
          "along: `crypto map MAP SEQ set trustpoint {own_trustpoint} chain`" } } },
    { CODE_CERT_EXPIRED,
      "ot yet valid",
      "NOT_YET_VALID",
      "The peer's certificate is not valid yet",
      "{here} finds that the certificate of {there} is not valid yet[[: it is valid from {from} on]].",
      { { TO_THIS, PLATFORM_UNKNOWN, CLOCK_BEHIND }, { 0 } } },
    { CODE_CERT_EXPIRED,
      "xpired",
      "EXPIRED",
      "The peer's certificate has expired",
      "{here} finds that the certificate of {there} has expired[[: it was valid until {until}]].",
      { { TO_THIS, PLATFORM_UNKNOWN, "is the clock right: `show clock`, `show ntp status`" },
        { TO_THAT, PLATFORM_IOS, "renew the certificate: `crypto pki enroll NAME`; see `show crypto pki certificates`" },
        { TO_THAT, PLATFORM_ASA, "renew the certificate: `crypto ca enroll NAME`; see `show crypto ca certificates`" },
        { 0 } } },
    { CODE_CERT_EXPIRED,
      NULL,
      NULL,
      "The peer's certificate is outside its time of validity",
      "{here} finds the certificate of {there} expired or not valid yet.",
      { { TO_THIS, PLATFORM_UNKNOWN, "is the clock right: `show clock`, `show ntp status`" },
        { TO_THAT, PLATFORM_IOS, "renew the certificate: `crypto pki enroll NAME`; see `show crypto pki certificates`" },
        { TO_THAT, PLATFORM_ASA, "renew the certificate: `crypto ca enroll NAME`; see `show crypto ca certificates`" },
        { 0 } } },
    { CODE_CRL_UNREACHABLE,
      "OCSP",
      NULL,
      "The OCSP server did not say whether the certificate is good",
      "{here} got no answer of use from the OCSP server that is to tell whether the certificate of {there} is still good, and "
      "refused it.",
      { { TO_THIS, PLATFORM_IOS,
          "is the server reachable from here, by name and by route, and does it answer for this CA: `debug crypto pki "
          "transactions`; another server: `crypto pki trustpoint {trustpoint_or}` / `ocsp url URL`; or go on without it: "
          "`revocation-check ocsp none` there" },
        { TO_THIS, PLATFORM_ASA,
          "is the server reachable from here, and does it answer for this CA: `debug crypto ca transactions 255`; another "
          "server: `crypto ca trustpoint {trustpoint_or}` / `ocsp url URL`; or go on without it: `revocation-check ocsp none` "
          "there" },
        { 0 } } },
    { CODE_CRL_UNREACHABLE,
      NULL,
      NULL,
      "The revocation list could not be fetched",
      "{here} could not fetch the revocation list (CRL)[[ of trustpoint {trustpoint}]] that is to tell whether the certificate "
      "of {there} is still good, and refused it.",
      { { TO_THIS, PLATFORM_IOS,
          "is the CRL's server reachable from here, by name and by route: `show crypto pki crls`, `debug crypto pki "
          "transactions`; or go on without it: `crypto pki trustpoint {trustpoint_or}` / `revocation-check crl none`" },
        { TO_THIS, PLATFORM_ASA,
          "is the CRL's server reachable from here: `show crypto ca crls`; or go on without it: `crypto ca trustpoint "
          "{trustpoint_or}` / `revocation-check crl none`" },
        { 0 } } },
    { CODE_CERT_REVOKED,
      "evoked",
      "REVOKED",
      "The peer's certificate was revoked",
      "{here} finds that the CA has revoked the certificate of {there}.",
      { { TO_THAT, PLATFORM_IOS,
          "get a new certificate, best of a new key: `crypto pki enroll NAME`; see `show crypto pki certificates`" },
        { TO_THAT, PLATFORM_ASA,
          "get a new certificate, best of a new key: `crypto ca enroll NAME`; see `show crypto ca certificates`" },
        { TO_THIS, PLATFORM_IOS,
          "the check is right to refuse it and should stay; a list that is out of date: `show crypto pki crls`" },
        { TO_THIS, PLATFORM_ASA,
          "the check is right to refuse it and should stay; a list that is out of date: `show crypto ca crls`" } } },
    { CODE_CERT_REVOKED,
      NULL,
      NULL,
      "The peer's certificate was revoked, or that could not be checked",
      "{here} finds the certificate of {there} revoked, or could not fetch the revocation list; its log does not say which.",
      { { TO_THIS, PLATFORM_IOS,
          "is the CRL's server reachable from here: `show crypto pki crls`, `debug crypto pki transactions`" },
        { TO_THIS, PLATFORM_ASA, "is the CRL's server reachable from here: `show crypto ca crls`" },
        { TO_THAT, PLATFORM_UNKNOWN, "get a new certificate, if it really was revoked" },
        { 0 } } },
    { CODE_CERT_FAILED,
      "sage",
      "EKU",
      "The peer's certificate may not be used for this",
      "{here} refused the certificate of {there} because its key usage, or its extended key usage, does not allow signing here.",
      { { TO_THAT, PLATFORM_UNKNOWN,
          "get a certificate whose key usage has digitalSignature (and whose extended key usage, if any, has IPsec IKE, or "
          "client and server authentication)" },
        { 0 } } },
    { CODE_SIGNATURE_FAILED,
      NULL,
      NULL,
      "The peer's signature does not fit its certificate",
      "{here} could not verify the signature of {there} with the public key of the certificate that came with it.",
      { { TO_THAT, PLATFORM_IOS,
          "is the certificate that of the key in use: `show crypto key mypubkey rsa`, `show crypto pki certificates`; enroll "
          "again after a new key" },
        { TO_THAT, PLATFORM_ASA,
          "is the certificate that of the key in use: `show crypto key mypubkey rsa`, `show crypto ca certificates`; enroll "
          "again after a new key" },
        { TO_BOTH, PLATFORM_UNKNOWN,
          "do both ends take the signature's hash (RFC 7427): one may sign with SHA-2 and the other expect SHA-1" },
        { 0 } } },
    { CODE_CERT_FAILED,
      NULL,
      NULL,
      "The peer's certificate was refused",
      "{here} refused the certificate of {there}.",
      { { TO_THIS, PLATFORM_IOS,
          "see which step refuses: `debug crypto pki messages`, `debug crypto pki transactions`, `debug crypto pki validation`" },
        { TO_THIS, PLATFORM_ASA, "see which step refuses: `debug crypto ca 255`, `show crypto ca certificates`" },
        { TO_THAT, PLATFORM_UNKNOWN, "check the certificate's key usage (digitalSignature), issuer, dates and names" },
        { 0 } } },
};

/* From a capture: the certificate is there, and its dates against the capture's clock. What was accepted is not judged. */
static void judge_wire(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *refused = exchange_refused(sa, 0, NOTIFY_AUTHENTICATION_FAILED, NULL);
    const struct exchange *auth = exchange_last(sa, EXCHANGE_IKE_AUTH);
    for (enum side side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++) {
        const struct party *p = side == SIDE_INITIATOR ? &sa->initiator : &sa->responder;
        struct diagnosis d;
        if (p->validity <= VALIDITY_IN_TIME || sa_up(sa) ||
            !diagnosis_begin(&d, m, r, sa, side_other(side), refused ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY, TEXT("dates")))
            continue;
        diagnosis_word(&d, "subject", p->cert.subject);
        diagnosis_word(&d, "from", p->cert.not_before);
        diagnosis_word(&d, "until", p->cert.not_after);
        diagnosis_say(&d, "The peer's certificate is outside its time of validity",
                      p->validity == VALIDITY_EXPIRED
                          ? "The certificate of {there}, '{subject}', was valid until {until} and has expired."
                          : "The certificate of {there}, '{subject}', is not valid before {from}.");
        diagnosis_more(&d, "That is by the clock of the capture; the proposals are fine, since IKE_SA_INIT went through.");
        if (p->validity == VALIDITY_EXPIRED)
            ADVISE(&d, of_dates);
        else
            ADVISE(&d, of_beginning);
        if (auth)
            quote_leg(&d, auth, side == SIDE_INITIATOR ? &auth->request : &auth->response, "its certificate");
        if (refused)
            quote_leg(&d, refused, refused->type == EXCHANGE_INFORMATIONAL ? &refused->request : &refused->response,
                      "AUTHENTICATION_FAILED");
    }
}

/* The trustpoint that a router uses towards the other end, by its configuration. */
static struct config_trustpoint trustpoint_on(struct model *m, const struct ike_sa *sa, enum side side)
{
    uint32_t router = router_of(m, sa, side);
    if (!router || !config_supplied(m, router))
        return (struct config_trustpoint){ .at = NULL };
    struct config_path path = config_path_to(m, router, address_on(sa, side_other(side)), NULL);
    return config_trustpoint(m, router, &path);
}

/* "…, issuer name: cn=CA." */
static void look_at_issuer(struct diagnosis *d, const struct note *said)
{
    const size_t at = text_find(said->text, TEXT("issuer name: "));
    struct text issuer = at == TEXT_NOWHERE ? (struct text){ NULL, 0 } : text_trim(text_from(said->text, at + 13));
    issuer.len -= issuer.len && issuer.at[issuer.len - 1] == '.';
    issuer = text_trim(issuer); /* releases differ in a blank before the full stop */
    if (issuer.len)
        diagnosis_word(d, "issuer", issuer);
}

/* What the router that refused checks certificates with, and whose certificate it got: by a capture, its own log, or the other
 * end's configuration. */
static void look_at_trustpoints(struct diagnosis *d, const struct ike_sa *sa, enum side side, struct heard said)
{
    struct config_trustpoint own = trustpoint_on(d->m, sa, side), peer = trustpoint_on(d->m, sa, side_other(side));
    const struct party *sender = side == SIDE_INITIATOR ? &sa->responder : &sa->initiator;
    diagnosis_word(d, "trustpoint", own.name);
    if (peer.name.len && !text_equal(peer.name, own.name))
        diagnosis_word(d, "peer_trustpoint", peer.name);
    diagnosis_word(d, "own_trustpoint", peer.name.len ? peer.name : TEXT("NAME"));
    diagnosis_word(d, "issuer", sender->cert.issuer);
    look_at_issuer(d, said.note);
    if (own.at)
        finding_quote(d->m, d->f, own.at, own.line);
    finding_quote(d->m, d->f, own.record, 0);
    if (said.note->code == CODE_CERT_TRUSTPOINT_NONE && peer.at)
        finding_quote(d->m, d->f, peer.at, peer.line);
}

/* "Validity period ended on DATE" */
static void look_at_dates(struct diagnosis *d, struct heard said)
{
    static const struct {
        const char *word, *before;
    } dates[] = { { "from", "starts on " }, { "until", "ended on " } };
    for (size_t i = 0; i < COUNT_OF(dates); i++) {
        size_t at = text_find(said.note->text, text_of(dates[i].before));
        if (at != TEXT_NOWHERE)
            diagnosis_word(d, dates[i].word, text_trim(text_from(said.note->text, at + strlen(dates[i].before))));
    }
}

/* `revocation-check crl none` goes on without the list: it counts where the certificate was refused afterwards. */
static bool went_on(struct heard said)
{
    static const enum event_code refusals[] = { CODE_CERT_FAILED, CODE_AUTH_FAILED, CODE_AUTH_FAILURE_SENT,
                                                CODE_AUTH_EXCHANGE_FAILED };
    if (said.note->code != CODE_CRL_UNREACHABLE)
        return false;
    for (size_t i = 0; i < COUNT_OF(refusals); i++)
        if (heard_after(said, refusals[i]).note)
            return heard_after(said, CODE_AUTH_VERIFIED).note != NULL;
    return true;
}

/* An ASA's "expired or not yet valid" is neither of the two. */
static bool leaves_open(const struct reason *why, const struct note *said)
{
    return why->words && text_has(said->text, TEXT("xpired or not yet"));
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct reason *why = NULL;
    struct heard said = { NULL, NULL };
    for (size_t i = 0; i < COUNT_OF(reasons) && !said.note; i++) {
        why = &reasons[i];
        said = why->words ? heard_text(sa, why->code, why->words) : heard(sa, why->code);
        if (!said.note && why->or_words)
            said = heard_text(sa, why->code, why->or_words);
        if (said.note && (went_on(said) || leaves_open(why, said.note)))
            said.note = NULL;
    }
    struct diagnosis d;
    enum side side = speaker_of(said, SIDE_RESPONDER);
    bool ready = side == SIDE_RESPONDER ? sa->ready_responder : sa->ready_initiator;
    if (!said.note)
        judge_wire(m, r, sa);
    if (!said.note || ready || !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, text_of(why->title)))
        return;
    look_at_trustpoints(&d, sa, side, said);
    look_at_dates(&d, said);
    diagnosis_word(&d, "trustpoint", note_word(said.note, "trustpoint", NULL));
    diagnosis_word(&d, "trustpoint_or", diagnosis_word_of(&d, "trustpoint", TEXT("NAME")));
    diagnosis_say(&d, why->title, why->cause);
    diagnosis_more(&d, "Proposals and identity are not the trouble.");
    for (size_t i = 0; i < COUNT_OF(why->advice) && why->advice[i].text; i++)
        diagnosis_advise(&d, &why->advice[i], 1);
    quote_note(&d, said);
    quote_all(&d, sa, CODE_CERT_CHAIN, 3);
    quote_note(&d, heard(sa, CODE_CERT_FAILED));
    quote_state(&d, sa, "EV_VERIFY_X509_CERTS");
    quote_state(&d, sa, "EV_CERT_FAIL");
}

static bool is_said(const struct reason *why, const struct note *n)
{
    return !why->words ||
           ((text_has(n->text, text_of(why->words)) || (why->or_words && text_has(n->text, text_of(why->or_words)))) &&
            !leaves_open(why, n));
}

/* What refuses a certificate by itself, the most telling first; a list that could not be fetched may not have mattered. */
static const struct note *loose_refusal(const struct model *m, const struct reason **why)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        const struct note_list said = loose_of(m, reasons[i].code);
        *why = &reasons[i];
        for (uint32_t k = 0; k < said.count && reasons[i].code != CODE_CRL_UNREACHABLE; k++)
            if (is_said(*why, said.at[k]))
                return said.at[k];
    }
    return NULL;
}

/* Its message is all that there is, and no line tells whose certificate it was. */
static void judge_loose(struct model *m, const struct rule *r)
{
    const struct reason *why;
    const struct note *said = m->ike_sa_count ? NULL : loose_refusal(m, &why);
    struct diagnosis d;
    if (!said || !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY, text_of(why->title)))
        return;
    const uint32_t device = model_input(m, said->input)->device;
    d.f->here.device = device;
    diagnosis_word(&d, "here", device_name_or(m, device, TEXT("the router")));
    diagnosis_word(&d, "there", TEXT("a peer"));
    diagnosis_word(&d, "trustpoint", note_word(said, "trustpoint", NULL));
    diagnosis_word(&d, "trustpoint_or", diagnosis_word_of(&d, "trustpoint", TEXT("NAME")));
    diagnosis_word(&d, "own_trustpoint", TEXT("NAME"));
    look_at_issuer(&d, said);
    look_at_dates(&d, (struct heard){ said, NULL });
    diagnosis_say(&d, why->title, why->cause);
    diagnosis_more(&d, "No line of IKE stands beside it, so whose certificate it was, and whether IKE asked, is not told.");
    for (size_t i = 0; i < COUNT_OF(why->advice) && why->advice[i].text; i++)
        diagnosis_advise(&d, &why->advice[i], 1);
    quote_note(&d, (struct heard){ said, NULL });
}

const struct rule rule_cert_invalid = {
    .id = "cert-invalid",
    .severity = SEVERITY_ERROR,
    .rank = 9,
    .title = "The peer's certificate was refused",
    .meaning =
        "The certificate that came with IKE_AUTH could not be verified: its issuer is unknown here, an intermediate is missing, "
        "it is outside its dates, revoked, its key usage forbids signing, or it came in an encoding that this end does not take.",
    .advice = "Install the CA that issued the peer's certificate, send intermediate CAs along, check clocks and dates, the CRL's "
              "reach, and on IOS against ASA `no crypto ikev2 http-url cert`.",
    .sa = judge,
    .whole = judge_loose,
};
