/* Failures as routers log them, from either end and in each dialect: what is found first, and the outcome; and their neighbours,
 * where it must not be found. */
#include <stdlib.h>

#include "script.h"

#include "analysis/analysis.h"
#include "parser/parser.h"
#include "test.h"

#define INIT  "SA KE N VID NOTIFY(NAT_DETECTION_SOURCE_IP) NOTIFY(NAT_DETECTION_DESTINATION_IP)"
#define AUTHQ "VID IDi AUTH SA TSi TSr NOTIFY(INITIAL_CONTACT)"
#define AUTHA "VID IDr AUTH SA TSi TSr"
#define CERTQ "VID IDi CERT CERT CERTREQ AUTH SA TSi TSr"

const struct script scripts[] = {
    { "begin", "# 0\n~ IDLE INIT_SA\n~ I_BLD_INIT GET_IKE_POLICY SET_POLICY BLD_MSG\n- Generating IKE_SA_INIT message\n"
               ">? IKE_SA_INIT " INIT "\n~ I_WAIT_INIT NO_EVENT\n" },
    { "init-I",
      "= begin\nr\n<! IKE_SA_INIT " INIT "\n~ I_WAIT_INIT RECV_INIT\n~ I_PROC_INIT CHK4_NOTIFY VERIFY_MSG PROC_MSG "
      "DETECT_NAT CHK_CONFIG_MODE\n~ INIT_DONE GEN_DH_SECRET GEN_SKEYID DONE CHK4_ROLE\n- Completed SA init exchange\n" },
    { "asked", "# 0\n<? IKE_SA_INIT " INIT "\n~ IDLE RECV_INIT CHK_REDIRECT CHK_CAC CHK_COOKIE\n~ R_INIT VERIFY_MSG INSERT_SA "
               "GET_IKE_POLICY PROC_MSG\n- Processing IKE_SA_INIT message\n" },
    { "init-R", "= asked\n~ R_INIT DETECT_NAT CHK_CONFIG_MODE\n~ R_BLD_INIT SET_POLICY GEN_DH_KEY GEN_SKEYID BLD_MSG\n"
                ">! IKE_SA_INIT " INIT "\n~ INIT_DONE DONE CHK4_ROLE START_TMR\n- Completed SA init exchange\n"
                "- Starting timer (30 sec) to wait for auth message\n~ R_WAIT_AUTH NO_EVENT\n" },
    { "auth-I",
      "= init\n~ I_BLD_AUTH GET_CONFIG_MODE CHK_EAP GEN_AUTH SEND_AUTH\n# 1\n>? IKE_AUTH " AUTHQ "\n~ I_WAIT_AUTH NO_EVENT\n" },
    { "auth-R", "= init\n# 1\n<? IKE_AUTH " AUTHQ "\n~ R_WAIT_AUTH RECV_AUTH PROC_ID GET_POLICY_BY_PEERID\n"
                "- Searching policy based on peer's identity '192.0.2.1' of type 'IPv4 address'\n" },
    { "matched", "~ R_WAIT_AUTH SET_POLICY VERIFY_POLICY_BY_PEERID\n- Peer's policy verified\n~ R_VERIFY_AUTH CHK_AUTH_TYPE\n" },
    { "passed", "= matched\n~ R_VERIFY_AUTH GET_PRESHR_KEY VERIFY_AUTH\n- Verification of peer's authenctication data PASSED\n"
                "~ R_VERIFY_AUTH NOTIFY_AUTH_DONE CHK_CONFIG_MODE PROC_SA_TS\n" },
    { "lost",
      "~ AUTH_DONE FAIL\n- Auth exchange failed\n! Auth exchange failed\n~ EXIT ABORT UPDATE_CAC_STATS\n- Abort exchange\n"
      "- Deleting SA\n" },
    { "lost-init", "~ INIT_DONE FAIL\n- Failed SA init exchange\n! Initial exchange failed\n~ EXIT ABORT UPDATE_CAC_STATS\n"
                   "- Abort exchange\n- Deleting SA\n" },
    { "refuse", "~ R_VERIFY_AUTH AUTH_FAIL\n- Verification of peer's authentication data FAILED\n"
                "- Sending authentication failure notify\n>! IKE_AUTH NOTIFY(AUTHENTICATION_FAILED)\n= lost\n" },
    { "answered", "<! IKE_AUTH " AUTHA "\n~ I_WAIT_AUTH RECV_AUTH\n~ I_PROC_AUTH CHK4_NOTIFY PROC_MSG GET_POLICY_BY_PEERID\n"
                  "- Searching policy based on peer's identity '198.51.100.2' of type 'IPv4 address'\n" },
    { "give-up-I", "~ I_PROC_AUTH AUTH_FAIL\n- Verification of peer's authentication data FAILED\n= lost\n" },
    { "ready-I", "~ AUTH_DONE OK UPDATE_CAC_STATS INSERT_IKE\n- IKEV2 SA created; inserting SA into database. SA lifetime timer "
                 "(86400 sec) started\n~ AUTH_DONE CHECK_DUPE CHK4_ROLE\n~ READY I_OK\n" },
    { "ready-R", "~ AUTH_DONE OK UPDATE_CAC_STATS INSERT_IKE\n- IKEV2 SA created; inserting SA into database. SA lifetime timer "
                 "(86400 sec) started\n~ AUTH_DONE CHECK_DUPE CHK4_ROLE\n~ READY R_OK NO_EVENT\n" },
    { "up-I",
      "= auth\n= answered\n~ I_PROC_AUTH VERIFY_AUTH\n- Verification of peer's authenctication data PASSED\n~ I_PROC_AUTH "
      "NOTIFY_AUTH_DONE PROC_SA_TS\n= ready\n" },
    { "up-R", "= auth\n= passed\n~ R_BLD_AUTH GEN_AUTH SEND_AUTH\n>! IKE_AUTH " AUTHA "\n= ready\n" },
    { "bare-R", "= auth\n= passed\n" },
    { "again-init", "+ 2\n~ I_WAIT_INIT RE_XMT\n- Retransmitting packet\n>? IKE_SA_INIT " INIT "\n~ I_WAIT_INIT NO_EVENT\n" },
    { "again-auth", "+ 2\n~ I_WAIT_AUTH RE_XMT\n- Retransmitting packet\n>? IKE_AUTH " AUTHQ "\n~ I_WAIT_AUTH NO_EVENT\n" },
    { "again-dpd", "+ 2\n~ INFO_I_WAIT RE_XMT\n- Retransmitting packet\n>? INFORMATIONAL\n~ INFO_I_WAIT NO_EVENT\n" },
    { "esp-lists", "! Failed to find a matching policy\n! Received Policies: ESP: Proposal 1:  AES-CBC-256 SHA256 Don't use ESN\n"
                   "! Expected Policies: ESP: Proposal 1:  AES-CBC-128 SHA256 Don't use ESN\n" },
    { NULL, NULL },
};

struct failure {
    const char *name, *sides; /* "IR": logged by either end */
    const char *first;        /* the first error, or, with '?', the first finding; NULL: no error at all */
    enum sa_outcome outcome;
    const char *lines;
    const char *only; /* dialects, of "ixa"; NULL: all */
};

/* {what is wrong, who logs it, what is found first, outcome, script, dialects} */
static const struct failure failures[] = {
    { "nothing is wrong", "IR", NULL, SA_ESTABLISHED, "= up\n", NULL },
    { "no answer at all", "I", "no-response", SA_FAILED,
      "= begin\n= again-init\n= again-init\n= again-init\n~ I_WAIT_INIT RE_XMT_EXCEED\n! Maximum number of retransmissions "
      "reached\n"
      "= lost-init\n",
      NULL },
    { "IKE_AUTH is not answered", "I", "auth-not-received", SA_FAILED,
      "= auth\n= again-auth\n= again-auth\n~ I_WAIT_AUTH RE_XMT_EXCEED\n! Maximum number of retransmissions reached\n= lost\n",
      NULL },
    { "IKE_AUTH does not come", "R", "auth-not-received", SA_FAILED,
      "= init\n+ 30\n~ R_WAIT_AUTH WAIT4_AUTH_TMO\n! Failed to receive the AUTH msg before the timer expired\n= lost\n", NULL },
    { "a large answer is dropped as out of its window", "I", "fragmentation-needed", SA_INCOMPLETE,
      "= init\n# 1\n>? IKE_AUTH " CERTQ "\n~ I_WAIT_AUTH NO_EVENT\n<! IKE_AUTH VID IDr CERT CERT AUTH SA TSi TSr\n! Response is "
      "outside of window received 0x1, expect 0x2 <= mess_id < 0x2\n= again-auth\n",
      "x" },
    { "IKE proposals differ, as the initiator sees it", "I", "no-proposal-chosen", SA_FAILED,
      "= begin\nr\n<! IKE_SA_INIT NOTIFY(NO_PROPOSAL_CHOSEN)\n~ I_WAIT_INIT RECV_INIT\n~ I_PROC_INIT CHK4_NOTIFY\n! Received no "
      "proposal chosen notify\n= lost-init\n",
      NULL },
    { "IKE proposals differ, as the responder sees it", "R", "no-proposal-chosen", SA_FAILED,
      "= asked\n! Failed to find a matching policy\n~ R_INIT NO_PROP_CHOSEN\n- Sending no proposal chosen notify\n"
      ">! IKE_SA_INIT NOTIFY(NO_PROPOSAL_CHOSEN)\n= lost-init\n",
      NULL },
    { "keys differ, as the responder sees it", "R", "auth-psk-mismatch", SA_FAILED,
      "= auth\n= matched\n- Computed authentication value for peer differs from what peer sent\n! Failed to authenticate the IKE "
      "SA\n= refuse\n",
      NULL },
    { "keys differ, as the initiator sees it", "I", "auth-psk-mismatch", SA_FAILED,
      "= auth\n= answered\n- Computed authentication value for peer differs from what peer sent\n! Failed to authenticate the "
      "IKE SA\n= give-up\n",
      NULL },
    { "the initiator is told no reason", "I", "auth-failed", SA_FAILED,
      "= auth\n<! IKE_AUTH NOTIFY(AUTHENTICATION_FAILED)\n~ I_WAIT_AUTH RECV_AUTH\n~ I_PROC_AUTH CHK4_NOTIFY\n= lost\n", NULL },
    { "methods differ", "R", "auth-method-mismatch", SA_FAILED,
      "= auth\n= matched\n! Peer authentication method configured is mismatching with the method proposed by peer\n= refuse\n",
      NULL },
    { "no profile for the identity", "R", "no-matching-profile", SA_FAILED,
      "= auth\nx IKEv2:% IKEv2 profile not found\n! Failed to locate an item in the database\n= refuse\n", "ix" },
    { "the identity is not in the certificate", "R", "identity-mismatch", SA_FAILED,
      "= auth\np Peer ID check: failed to retreive IP from SAN\np Peer ID check failed\n! Failed to locate an item in the "
      "database\n= refuse\n",
      "a" },
    { "no trustpoint for the certificate", "R", "cert-invalid", SA_FAILED,
      "= auth\n= matched\n~ R_VERIFY_AUTH VERIFY_X509_CERTS\nx CRYPTO_PKI: (A0101) No suitable trustpoints found\n! Platform "
      "errors\n~ R_VERIFY_AUTH CERT_FAIL\n- Verify cert failed\n= refuse\n",
      NULL },
    { "the signature is wrong", "R", "cert-invalid", SA_FAILED,
      "= auth\n= matched\n- [Crypto Engine -> IKEv2] Verification of signed authentication data FAILED\n! Failed to authenticate "
      "the IKE SA\n= refuse\n",
      NULL },
    { "EAP fails in words that no table has", "R", "eap-failed", SA_FAILED,
      "= auth\n- Check for EAP exchange\n# 2\n<? IKE_AUTH EAP\n~ R_PROC_EAP_RESP RECV_EAP_AUTH\n- Eap failure for this user\n"
      "= refuse\n",
      NULL },
    { "transform sets differ", "R", "child-no-proposal-chosen", SA_ESTABLISHED,
      "= bare\n= esp-lists\n~ R_VERIFY_AUTH NO_PROP_CHOSEN\n- Sending no proposal chosen notify\n~ R_BLD_AUTH GEN_AUTH "
      "SEND_AUTH\n"
      ">! IKE_AUTH VID IDr AUTH NOTIFY(NO_PROPOSAL_CHOSEN)\n= ready\n",
      NULL },
    { "selectors are refused", "R", "ts-unacceptable", SA_ESTABLISHED,
      "= bare\n! There was no IPSEC policy found for received TS\n~ R_VERIFY_AUTH TS_UNACCEPT\n- Sending TS unacceptable notify\n"
      ">! IKE_AUTH VID IDr AUTH NOTIFY(TS_UNACCEPTABLE)\n= ready\n",
      NULL },
    { "the crypto map fits nothing, and the notify says selectors", "R", "ts-unacceptable", SA_ESTABLISHED,
      "= bare\np Crypto Map: No proxy match on map OUT seq 10\n! There was no IPSEC policy found for received TS\n"
      ">! IKE_AUTH VID IDr AUTH NOTIFY(TS_UNACCEPTABLE)\n= ready\n",
      "a" },
    { "the crypto map fits nothing, and the notify says proposals", "R", "acl-or-crypto-map-mismatch", SA_ESTABLISHED,
      "= bare\np Crypto Map: No proxy match on map OUT seq 10\n~ R_VERIFY_AUTH NO_PROP_CHOSEN\n- Sending no proposal chosen "
      "notify\n"
      ">! IKE_AUTH VID IDr AUTH NOTIFY(NO_PROPOSAL_CHOSEN)\n= ready\n",
      "a" },
    { "an entry before the one that fits", "R", NULL, SA_ESTABLISHED,
      "= bare\np Crypto map OUT seq 5 peer doesn't match map entry\np Crypto Map: No proxy match on map OUT seq 10\np PROXY "
      "MATCH on crypto map OUT seq 20\n>! IKE_AUTH " AUTHA "\n= ready\n",
      "a" },
    { "the peer is gone", "IR", "dpd-timeout", SA_DELETED,
      "= up\n# 2\n+ 60\n>? INFORMATIONAL\n~ INFO_I_WAIT NO_EVENT\n= again-dpd\n= again-dpd\n~ INFO_I_WAIT RE_XMT_EXCEED\n! "
      "Maximum number of retransmissions reached\n- Deleting SA\n"
      "x %CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is DOWN.  Peer 192.0.2.1:500       Id: 192.0.2.1\n",
      NULL },
    { "the peer deletes", "IR", "?deleted-by-peer", SA_DELETED,
      "= up\n+ 60\n# 2\n<? INFORMATIONAL DELETE\n~ INFO_R RECV_INFO_REQ\n- Process delete request from peer\n"
      ">! INFORMATIONAL DELETE\n~ DELETE FREE_SA\n- Deleting SA\n",
      NULL },
    { "a rekey is refused and not shown", "I", "rekey-failed", SA_ESTABLISHED,
      "= up\n+ 3000\n# 2\n~ READY GEN_CREATE_CHILD\n>? CREATE_CHILD_SA SA N KE TSi TSr NOTIFY(REKEY_SA)\n~ CHILD_I_WAIT "
      "NO_EVENT\n"
      "<! CREATE_CHILD_SA NOTIFY(NO_PROPOSAL_CHOSEN)\n~ CHILD_I_PROC CHK4_NOTIFY\n! Received no proposal chosen notify\n",
      "ix" },
    { "PFS groups differ in the log's lists", "R", "pfs-mismatch", SA_ESTABLISHED,
      "= up\n+ 3000\n# 2\n<? CREATE_CHILD_SA SA N KE TSi TSr NOTIFY(REKEY_SA)\n~ CHILD_R_INIT RECV_CREATE_CHILD\n! Received "
      "Policies: ESP: Proposal 1:  AES-CBC-256 SHA256 Don't use ESN DH_GROUP_2048_MODP/Group 14\n! Expected Policies: ESP: "
      "Proposal 1:  AES-CBC-256 SHA256 Don't use ESN DH_GROUP_256_ECP/Group 19\n- Sending no proposal chosen notify\n"
      ">! CREATE_CHILD_SA NOTIFY(NO_PROPOSAL_CHOSEN)\n",
      "i" },
    { "IKE for an SA that is gone", "R", "?half-open", SA_INCOMPLETE,
      "# 9\n! Couldn't find matching SA: Detected an invalid IKE SPI\n", "x" },
};

static const struct finding *first_of(const struct model *m, bool errors)
{
    const struct finding *f = m->findings;
    return f && errors && f->severity != SEVERITY_ERROR ? NULL : f;
}

static struct model *read_log(struct text log, struct analysis **analysis)
{
    struct model *m = model_create();
    struct analysis *a = analysis_create(m);
    model_add_input(m, TEXT("x.log"), TEXT("x.log"));
    analysis_begin_input(a, 0);
    struct parser *p = parser_create(m, 0, INPUT_UNKNOWN, analysis_taker(a));
    parser_feed(p, bytes_over(log.at, log.len));
    parser_finish(p);
    parser_destroy(p);
    analysis_end_input(a, 0);
    analysis_finish(a);
    *analysis = a;
    return m;
}

static void judge(const struct failure *f, char side, enum dialect_kind dialect)
{
    struct buffer log;
    buffer_init(&log, 1 << 20);
    script_write(&log, dialect, side, f->lines);
    struct analysis *a;
    struct model *m = read_log(buffer_view(&log), &a);
    bool any = f->first && f->first[0] == '?';
    const struct finding *got = first_of(m, !any);
    const char *rule = got ? got->rule : "nothing", *want = f->first ? f->first + any : "nothing";
    bool well = strcmp(rule, want) == 0 && (!got || got->confidence >= CONFIDENCE_LIKELY);
    const struct ike_sa *sa = m->ike_sas;
    bool outcome = sa ? sa->outcome == f->outcome && !sa->next : f->outcome == SA_INCOMPLETE;
    bool role = !sa || !sa->views || sa->views->role == (side == 'I' ? SIDE_INITIATOR : SIDE_RESPONDER) || any;
    if (!well || !outcome || !role)
        fprintf(stderr, "%s, by %c, dialect %d: %s instead of %s; %u SAs, %s\n", f->name, side, (int)dialect, rule, want,
                (unsigned)m->ike_sa_count, sa ? sa_outcome_name((enum sa_outcome)sa->outcome) : "");
    CHECK(well);
    CHECK(outcome);
    CHECK(role);
    CHECK_NUMBER(model_input(m, 0)->lines[LINE_UNPARSED], 0);
    analysis_destroy(a);
    model_destroy(m);
    buffer_clear(&log);
}

#define ENDS             "Local:198.51.100.2:500 Remote:192.0.2.1:500 Username:192.0.2.1 IKEv2 "
#define AT(second, rest) "Nov 14 2026 09:00:" second ": %ASA-" rest "\n"
#define ASKED            AT("01", "5-750002: " ENDS "Received a IKE_INIT_SA request")
#define IS_UP            AT("02", "5-750006: " ENDS "SA UP. Reason: New Connection Established")
#define ABORTED(why)     AT("03", "4-750003: " ENDS "Negotiation aborted due to ERROR: " why)

struct told {
    const char *rule; /* of the first finding; NULL: none */
    enum confidence confidence;
    enum sa_outcome outcome;
    const char *lines;
};

/* {what is found first, how sure, outcome, lines}: no debugs, syslog messages alone */
static const struct told syslog[] = {
    { NULL, 0, SA_ESTABLISHED, ASKED IS_UP },
    { "auth-failed", CONFIDENCE_CERTAIN, SA_FAILED, ASKED ABORTED("Failed to authenticate the IKE SA") },
    { "no-proposal-chosen", CONFIDENCE_LIKELY, SA_FAILED, ASKED ABORTED("Failed to find a matching policy") },
    { "ts-unacceptable", CONFIDENCE_CERTAIN, SA_FAILED, ASKED ABORTED("There was no IPSEC policy found for received TS") },
    { "auth-not-received", CONFIDENCE_CERTAIN, SA_FAILED,
      ASKED ABORTED("Failed to receive the AUTH msg before the timer expired") },
    { "no-response", CONFIDENCE_LIKELY, SA_FAILED, ABORTED("Maximum number of retransmissions reached") },
    { "no-matching-profile", CONFIDENCE_LIKELY, SA_FAILED, ASKED ABORTED("Failed to locate an item in the database") },
    { "cert-invalid", CONFIDENCE_CERTAIN, SA_FAILED,
      ASKED ABORTED("Platform errors") AT("04", "3-717009: Certificate validation failed. Certificate is expired, serial number: "
                                                "0A, subject name: cn=x.") },
    { "eap-failed", CONFIDENCE_CERTAIN, SA_FAILED,
      ASKED AT("02", "4-751011: " ENDS "Failed user authentication. Error: rejected") ABORTED("Auth exchange failed") },
    { "admission-limit", CONFIDENCE_CERTAIN, SA_FAILED,
      ASKED AT("02", "4-750008: " ENDS "SA rejected due to system resource low") },
    { "dpd-timeout", CONFIDENCE_CERTAIN, SA_DELETED, ASKED IS_UP AT("30", "5-750007: " ENDS "SA DOWN. Reason: peer lost") },
    { "deleted-by-peer", CONFIDENCE_CERTAIN, SA_DELETED,
      ASKED IS_UP AT("30", "5-750007: " ENDS "SA DOWN. Reason: peer request") },
    { "closed-here", CONFIDENCE_CERTAIN, SA_DELETED, ASKED IS_UP AT("30", "5-750007: " ENDS "SA DOWN. Reason: user request") },
    { "rekey-collision", CONFIDENCE_CERTAIN, SA_ESTABLISHED,
      ASKED IS_UP AT("30", "5-750005: " ENDS "IPsec rekey collision detected. I am lowest nonce initiator, deleting SA") },
};

static void by_syslog(void)
{
    for (size_t i = 0; i < COUNT_OF(syslog); i++) {
        const struct told *t = &syslog[i];
        struct analysis *a;
        struct model *m = read_log(text_of(t->lines), &a);
        const char *rule = m->findings ? m->findings->rule : NULL;
        bool well = t->rule ? rule && strcmp(rule, t->rule) == 0 && m->findings->confidence == t->confidence : !rule;
        if (!well)
            fprintf(stderr, "row %zu: %s instead of %s\n", i, rule ? rule : "nothing", t->rule ? t->rule : "nothing");
        CHECK(well);
        CHECK_NUMBER(m->ike_sa_count, 1);
        CHECK_NUMBER(m->ike_sas ? m->ike_sas->outcome : 0, t->outcome);
        analysis_destroy(a);
        model_destroy(m);
    }
}

/* The same failure again and again is one finding that counts. */
static void repeated(void)
{
    static const char again[] =
        "= auth\n= matched\n- Computed authentication value for peer differs from what peer sent\n= refuse\n"
        "+ 60\nnew\n";
    char lines[1024];
    snprintf(lines, sizeof lines, "%s%s%s%s", again, again, again, again);
    struct buffer log;
    buffer_init(&log, 1 << 20);
    script_write(&log, IN_IOSXE, 'R', lines);
    struct analysis *a;
    struct model *m = read_log(buffer_view(&log), &a);
    CHECK_NUMBER(m->ike_sa_count, 4);
    CHECK(m->findings && strcmp(m->findings->rule, "auth-psk-mismatch") == 0);
    CHECK_NUMBER(m->findings ? m->findings->count : 0, 4);
    unsigned errors = 0;
    for (const struct finding *f = m->findings; f; f = f->next)
        errors += f->severity == SEVERITY_ERROR;
    CHECK_NUMBER(errors, 1);
    analysis_destroy(a);
    model_destroy(m);
    buffer_clear(&log);
}

int main(void)
{
    for (size_t i = 0; i < COUNT_OF(failures); i++)
        for (const char *side = failures[i].sides; *side; side++)
            for (int d = 0; d < DIALECT_COUNT; d++)
                if (!failures[i].only || strchr(failures[i].only, "ixa"[d]))
                    judge(&failures[i], *side, (enum dialect_kind)d);
    by_syslog();
    repeated();
    return TEST_REPORT();
}
