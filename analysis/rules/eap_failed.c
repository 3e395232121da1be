/* EAP inside IKE_AUTH ended in failure. RFC 7296 section 2.16. */
#include "analysis/platforms.h"
#include "analysis/quote.h"
#include "analysis/sealed.h"

#define CHECK_AAA "check the AAA server: `show aaa servers`, `debug radius`, `debug aaa authentication`; the profile needs "

static const struct advice on_ios[] = {
    { TO_RESPONDER, PLATFORM_IOS, CHECK_AAA "`aaa authentication eap LIST` and `authentication remote eap query-identity`" },
};

/* The method of AnyConnect's own, between the client and the router; AAA sees a password. */
static const struct advice on_ios_anyconnect[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      CHECK_AAA "`aaa authentication anyconnect-eap LIST` and `authentication remote anyconnect-eap aggregate`" },
};

static const struct advice common[] = {
    { TO_INITIATOR, PLATFORM_UNKNOWN,
      "check the user name and password (or certificate) that the client sends[[: it calls itself '{id}']]" },
    { TO_RESPONDER, PLATFORM_ASA,
      "check the AAA server: `show aaa-server`, `test aaa-server authentication GROUP host SERVER username USER password "
      "PASSWORD`, `debug radius`" },
};

static const struct advice on_local[] = {
    /* no server was asked */
    { TO_INITIATOR, PLATFORM_UNKNOWN, "check the user name and password that the client sends[[: it calls itself '{id}']]" },
    { TO_RESPONDER, PLATFORM_ASA,
      "it asked its own database, and no server: is the user there, and is it locked: `show aaa local user`, `show run "
      "username`; a new "
      "password: `username {id} password PASSWORD`" },
};

/* The user, as EAP or the client names him; the name that every AnyConnect has is nobody's. */
static struct text user_of(const struct ike_sa *sa)
{
    const struct text none = { NULL, 0 };
    return sa->initiator.eap_identity.len          ? sa->initiator.eap_identity
           : identity_of_client(&sa->initiator.id) ? none
                                                   : sa->initiator.id.value;
}

/* A user that AAA turned away, said with the address he came from, which tells a client of this SA from somebody's login. */
static struct heard rejected(const struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_USER_REJECTED);
    for (; said.note; said = heard_again(said)) {
        struct address from;
        size_t at = text_find(said.note->text, TEXT("user IP = "));
        struct text word = at == TEXT_NOWHERE ? (struct text){ NULL, 0 } : text_trim(text_from(said.note->text, at + 10));
        if (address_read(word, &from) &&
            (address_equal(from, sa->initiator.endpoint.address) || address_equal(from, said.view->remote.address)))
            return said;
    }
    return said;
}

static const struct advice on_silence[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "reach it: `ping {server}`, from the address that it knows this router by (`ip radius source-interface`); the same key and "
      "ports at both ends: `show run | section radius`, `show aaa servers`; then `test aaa group radius USER PASSWORD "
      "new-code`" },
    { TO_RESPONDER, PLATFORM_ASA,
      "reach it: `ping {server}`; the same key and ports at both ends, on the interface that leads to it: `show run aaa-server`, "
      "`show aaa-server`; then `test aaa-server authentication GROUP host {server} username USER password PASSWORD`" },
    { TO_RESPONDER, PLATFORM_UNKNOWN, "at the server: does its log have the request, and this router among its clients?" },
};

/* No key opens it, and its course tells. */
static bool judge_sealed(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *ended = sealed_eap_ended(sa), *auth = exchange_last(sa, EXCHANGE_IKE_AUTH);
    struct diagnosis d;
    if (!ended || !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_LIKELY, TEXT("")))
        return false;
    diagnosis_say(
        &d, "EAP authentication failed, most likely",
        "No key opens these messages; what stands outside of the encryption says that the last answer of {responder} to "
        "IKE_AUTH holds EAP, and that {initiator} went on with INFORMATIONAL and not with its AUTH, as it would after "
        "EAP success. So EAP failed, or the client gave up.");
    ADVISE(&d, on_ios);
    ADVISE(&d, common);
    quote_leg(&d, auth, &auth->response, "sealed, begins with EAP");
    quote_leg(&d, ended, &ended->request, "sealed");
    return true;
}

static const struct advice between_them[] = {
    { TO_INITIATOR, PLATFORM_UNKNOWN,
      "what does the client's own log say: does it trust the AAA server's certificate, and is its own certificate or password "
      "the one that the server knows" },
};

/* The client went on with EAP after the responder's own AUTH, so it had taken that; then it refused. RFC 7296 section 2.21.2. */
static bool judge_broken_off(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, EXCHANGE_INFORMATIONAL, NOTIFY_AUTHENTICATION_FAILED, NULL), *auth = NULL;
    unsigned rounds = 0;
    for (const struct exchange *y = sa->exchanges; y && y != x; y = y->next) {
        rounds += y->type == EXCHANGE_IKE_AUTH;
        auth = y->type == EXCHANGE_IKE_AUTH ? y : auth;
    }
    struct diagnosis d;
    if (!x || x->from != SIDE_INITIATOR || !sa->initiator.eap || sa->initiator.eap_outcome || rounds < 2 ||
        !diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, CONFIDENCE_CERTAIN, TEXT("")))
        return false;
    diagnosis_word(&d, "id", user_of(sa));
    diagnosis_word(&d, "method", text_of(sa->initiator.eap_type ? registry_name(REGISTRY_EAP, sa->initiator.eap_type) : NULL));
    diagnosis_say(&d, "EAP was broken off",
                  "{initiator}[[, which calls itself '{id}',]] broke off EAP[[ ({method})]] with {responder} before that ended.");
    diagnosis_more(&d,
                   "It had taken what {responder} proved itself with, so that is not it: the client and the AAA server did not "
                   "accept each other. Methods on TLS end so when one of the two does not trust the other's certificate.");
    ADVISE(&d, between_them);
    ADVISE(&d, on_ios);
    ADVISE(&d, common);
    quote_leg(&d, auth, &auth->response, "the last of EAP");
    quote_leg(&d, x, &x->request, "AUTHENTICATION_FAILED");
    return true;
}

/* AUTHENTICATION_FAILED in the place of the next step of EAP, or beside EAP's own failure. */
static const struct exchange *refused_in_eap(const struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, EXCHANGE_IKE_AUTH, NOTIFY_AUTHENTICATION_FAILED, NULL);
    const struct message *q = x ? x->request.message : NULL, *a = x ? x->response.message : NULL;
    return (q && message_has_type(q, PAYLOAD_EAP)) || (a && message_has_type(a, PAYLOAD_EAP)) ? x : NULL;
}

/* A server that did not answer decides nothing where another one looked at the credential, or where it was asked for somebody else,
 * who called at the same time. */
static struct heard silent_server(const struct model *m, const struct ike_sa *sa, struct heard said, struct heard user)
{
    static const char marker[] = "user = ";
    const bool answered = user.note && !text_has(user.note->text, TEXT("accessible"));
    const struct heard none = { NULL, NULL }, silent = answered ? none : loose_among(m, sa, CODE_AAA_SERVER_SILENT);
    const struct text name = said.note ? note_word(said.note, "username", NULL) : (struct text){ NULL, 0 };
    const size_t at = silent.note ? text_find(silent.note->text, text_of(marker)) : TEXT_NOWHERE;
    if (at == TEXT_NOWHERE || !name.len || text_equal(name, TEXT("Unknown")))
        return silent;
    const struct text asked = text_trim(text_from(silent.note->text, at + sizeof marker - 1));
    return text_equal(asked, name) || text_has(asked, TEXT("*")) ? silent : none; /* "*****": it hides names */
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    if (judge_sealed(m, r, sa) || judge_broken_off(m, r, sa))
        return;
    /* The facts stand in the party: a summary does not keep the messages of exchanges that went well. */
    const struct exchange *x = sa->initiator.eap_outcome == EAP_FAILED ? exchange_last(sa, EXCHANGE_IKE_AUTH) : NULL;
    x = x ? x : refused_in_eap(sa);
    struct heard said = heard(sa, CODE_EAP_FAILED);
    struct heard aaa = heard(sa, CODE_AAA_FAILED);
    struct heard user = rejected(sa);
    bool of_users = aaa.note && text_has(aaa.note->text, TEXT("uthentication"));
    if (!said.note && aaa.note && (of_users || sa->initiator.eap || heard(sa, CODE_EAP_STEP).note))
        said = aaa;
    said = said.note ? said : user;
    struct diagnosis d;
    if ((!x && (!said.note || sa_up(sa))) || !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    unsigned method = sa->initiator.eap_type;
    struct text name = user.note ? note_word(user.note, "username", NULL) : (struct text){ NULL, 0 };
    diagnosis_word(&d, "reason", user.note ? note_word(user.note, "reason", NULL) : (struct text){ NULL, 0 });
    diagnosis_word(&d, "id", name.len ? name : user_of(sa));
    diagnosis_word(&d, "method", text_of(method ? registry_name(REGISTRY_EAP, method) : NULL));
    diagnosis_say(&d, NULL,
                  "{responder} refused the EAP authentication[[ ({method})]] of {initiator}[[, which calls itself '{id}']].");
    const struct heard silent = silent_server(m, sa, said, user);
    const bool local = user.note && text_has(user.note->text, TEXT("local database"));
    if (silent.note)
        diagnosis_word(&d, "server", note_word(silent.note, "server", NULL));
    diagnosis_more(
        &d, silent.note ? "The AAA server[[ {server}]] did not answer the responder, so nobody looked at the credential."
            : local     ? "It is the user's credential, which it looked up in its own database."
            : aaa.note  ? "The AAA server's answer decided it."
                        : "It is the user's credential or the AAA server, not the responder's certificate or the proposals.");
    diagnosis_more(&d, "[[The reason in the log: '{reason}'.]]");
    if (silent.note) {
        ADVISE(&d, on_silence);
    } else if (local) {
        ADVISE(&d, on_local);
    } else {
        if (heard_text(sa, CODE_EAP_STEP, "AnyConnect EAP").note)
            ADVISE(&d, on_ios_anyconnect);
        else
            ADVISE(&d, on_ios);
        ADVISE(&d, common);
    }
    quote_note(&d, silent);
    if (x)
        quote_leg(&d, x, &x->response, "EAP failure");
    quote_note(&d, said);
    quote_note(&d, aaa);
    quote_note(&d, user);
}

const struct rule rule_eap_failed = {
    .id = "eap-failed",
    .severity = SEVERITY_ERROR,
    .rank = 10,
    .title = "EAP authentication failed",
    .meaning = "The client authenticates with EAP inside IKE_AUTH, and the server ended it with EAP failure: wrong user or "
               "password, an unknown user, or an AAA server that did not answer.",
    .advice = "Check the credential, the AAA server's log and its reachability from the responder.",
    .sa = judge,
};
