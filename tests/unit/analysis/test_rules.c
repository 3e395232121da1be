/* Every rule: a model in which it fires and one, as near as can be, in which it must not. */
#include "tests/unit/analysis/builder.h"

#include "analysis/diagnose.h"
#include "analysis/rule.h"
#include "test.h"

static const char *const promised[] = {
    /* INTERFACE section 5 */
    "no-response",
    "retransmissions",
    "no-proposal-chosen",
    "invalid-ke-payload",
    "auth-psk-mismatch",
    "auth-method-mismatch",
    "auth-failed",
    "identity-mismatch",
    "no-matching-profile",
    "cert-invalid",
    "ts-unacceptable",
    "child-no-proposal-chosen",
    "dpd-timeout",
    "deleted-by-peer",
    "rekey-collision",
    "duplicate-sa",
    "nat-detected",
    "cookie-challenge",
    "fragmentation-needed",
    "weak-crypto",
    "no-pfs",
    "pfs-mismatch",
    "message-lost",
    "replay",
    "esp-loss",
    "esp-unknown-spi",
    "esp-icv-failed",
    "ike-weaker-than-esp",
    "auth-not-received",
    "one-way-path",
    "half-open",
    "rekey-failed",
    "admission-limit",
    "eap-failed",
    "mode-config-failed",
    "acl-or-crypto-map-mismatch",
    "keys-incomplete",
    "flapping",
    "ikev1-seen",
    "input-truncated",
    "input-damaged",
    "debug-incomplete",
};

static const struct transform aes[] = { { TRANSFORM_ENCR, ENCR_AES_CBC, 256 },
                                        { TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0 },
                                        { TRANSFORM_INTEG, INTEG_HMAC_SHA2_256_128, 0 },
                                        { TRANSFORM_DH, KE_MODP_2048, 0 } };
static const struct transform esp[] = { { TRANSFORM_ENCR, ENCR_AES_CBC, 256 }, { TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, 0 } };

/* ---- pieces ---- */

static uint32_t log_of(struct builder *b, enum side role)
{
    uint32_t in = build_input(b, role == SIDE_INITIATOR ? "i.log" : "r.log", INPUT_IOSXE_DEBUG);
    if (!b->sa)
        build_sa(b, 0x1000, "192.0.2.1", "198.51.100.2");
    build_view(b, in, role);
    return in;
}

static uint32_t capture(struct builder *b)
{
    uint32_t in = build_input(b, "lab.pcap", INPUT_CAPTURE);
    if (!b->sa)
        build_sa(b, 0x1000, "192.0.2.1", "198.51.100.2");
    build_view(b, in, SIDE_UNKNOWN);
    return in;
}

static void init_done(struct builder *b, uint32_t in)
{
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_proposal(b, build_message(b, true, in, DIRECTION_WIRE, 1), PROTOCOL_IKE, aes, 4);
    struct message *r = build_message(b, false, in, DIRECTION_WIRE, 1);
    build_proposal(b, r, PROTOCOL_IKE, aes, 4);
    r->ke_group = KE_MODP_2048;
}

static struct message *auth(struct builder *b, uint32_t in, bool answered)
{
    build_exchange(b, EXCHANGE_IKE_AUTH, 1, SIDE_INITIATOR);
    struct message *q = build_message(b, true, in, DIRECTION_WIRE, 1);
    q->auth_method = AUTH_PSK;
    q->tsi = build_selector(b, "10.1.0.0", "10.1.0.255");
    q->tsr = build_selector(b, "10.2.0.0", "10.2.0.255");
    build_proposal(b, q, PROTOCOL_ESP, esp, 2);
    return answered ? build_message(b, false, in, DIRECTION_WIRE, 1) : q;
}

static struct message *refused(struct builder *b, enum notify_type notify)
{
    uint32_t in = capture(b);
    init_done(b, in);
    struct message *r = auth(b, in, true);
    build_notify(b, r, notify);
    build_outcome(b, SA_FAILED);
    return r;
}

static void healthy(struct builder *b)
{
    uint32_t in = capture(b);
    init_done(b, in);
    build_proposal(b, auth(b, in, true), PROTOCOL_ESP, esp, 2);
    build_outcome(b, SA_ESTABLISHED);
    b->sa->proposal = (struct chosen){ .encr = ENCR_AES_CBC,
                                       .key_length = 256,
                                       .integ = INTEG_HMAC_SHA2_256_128,
                                       .prf = PRF_HMAC_SHA2_256,
                                       .dh = KE_MODP_2048,
                                       .has_encr = true,
                                       .has_integ = true,
                                       .has_prf = true,
                                       .has_dh = true };
    b->sa->has_proposal = true;
    build_child(b, 0x100);
}

/* A log of one end in which somebody says something; the SA failed, or is up. */
static void said(struct builder *b, enum side role, enum sa_outcome outcome, enum event_code code, const char *text)
{
    log_of(b, role);
    build_outcome(b, outcome);
    b->sa->ready_initiator = outcome == SA_ESTABLISHED && role == SIDE_INITIATOR;
    b->sa->ready_responder = outcome == SA_ESTABLISHED && role == SIDE_RESPONDER;
    build_note(b, code, text);
}

/* ---- scenarios ---- */

static void silent_init(struct builder *b)
{
    uint32_t in = capture(b);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, true, in, DIRECTION_WIRE, 4);
    build_outcome(b, SA_FAILED);
}
static void one_init(struct builder *b)
{
    uint32_t in = capture(b);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, true, in, DIRECTION_WIRE, 1);
}
static void repeated(struct builder *b)
{
    healthy(b);
    build_message(b, true, 0, DIRECTION_WIRE, 1);
    b->sa->exchanges->request.retransmissions = 2;
}
static void no_proposal(struct builder *b)
{
    uint32_t in = capture(b);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_proposal(b, build_message(b, true, in, DIRECTION_WIRE, 1), PROTOCOL_IKE, aes, 4);
    build_notify(b, build_message(b, false, in, DIRECTION_WIRE, 1), NOTIFY_NO_PROPOSAL_CHOSEN);
    build_outcome(b, SA_FAILED);
}
static void child_no_proposal(struct builder *b)
{
    refused(b, NOTIFY_NO_PROPOSAL_CHOSEN);
    build_outcome(b, SA_ESTABLISHED);
}
static void wrong_group(struct builder *b)
{
    static const uint8_t group[] = { 0, 20 };
    uint32_t in = capture(b);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, true, in, DIRECTION_WIRE, 1)->ke_group = 21;
    build_notify(b, build_message(b, false, in, DIRECTION_WIRE, 1), NOTIFY_INVALID_KE_PAYLOAD)->data = bytes_over(group, 2);
    init_done(b, in);
    auth(b, in, true);
    build_outcome(b, SA_ESTABLISHED);
}
static void psk(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_AUTH_VALUE_DIFFERS,
         "Computed authentication value for peer differs from what peer sent");
    build_note(b, CODE_AUTH_FAILED, "Failed to authenticate the IKE SA");
}
static void psk_by_key(struct builder *b)
{
    refused(b, NOTIFY_AUTHENTICATION_FAILED);
    b->sa->initiator.auth_method = AUTH_PSK;
    b->sa->initiator.auth_verified = VERIFIED_TRUE;
}
static void auth_refused(struct builder *b)
{
    refused(b, NOTIFY_AUTHENTICATION_FAILED);
}
static void ts_refused(struct builder *b)
{
    refused(b, NOTIFY_TS_UNACCEPTABLE);
}
static void syntax(struct builder *b)
{
    refused(b, NOTIFY_INVALID_SYNTAX);
}
static void no_address(struct builder *b)
{
    refused(b, NOTIFY_INTERNAL_ADDRESS_FAILURE);
}
static void method(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_AUTH_METHOD_MISMATCH,
         "Peer authentication method configured is mismatching with the method proposed by peer");
}
static void identity(struct builder *b)
{
    said(b, SIDE_INITIATOR, SA_FAILED, CODE_PEER_ID_CHECK_FAILED, "Peer ID check failed");
}
static void identity_up(struct builder *b)
{
    said(b, SIDE_INITIATOR, SA_ESTABLISHED, CODE_PEER_ID_CHECK_FAILED, "Peer ID check failed");
}
static void profile(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_POLICY_SEARCH_BY_ID,
         "Searching policy based on peer's identity 'branch.example.net' of type 'FQDN'");
    build_note(b, CODE_PROFILE_NOT_FOUND, "IKEv2 profile not found");
    build_note(b, CODE_ITEM_NOT_FOUND, "Failed to locate an item in the database");
}
static void profile_noise(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_ESTABLISHED, CODE_PROFILE_NOT_FOUND, "IKEv2 profile not found");
}
static void profile_then_key(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_PROFILE_NOT_FOUND, "IKEv2 profile not found");
    build_note(b, CODE_AUTH_VALUE_DIFFERS, "Computed authentication value for peer differs from what peer sent");
    build_note(b, CODE_AUTH_FAILED, "Failed to authenticate the IKE SA");
}
static void cert(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_CERT_TRUSTPOINT_NONE, "CRYPTO_PKI: No suitable trustpoints found");
}
static void certificate_expired(struct builder *b)
{
    refused(b, NOTIFY_AUTHENTICATION_FAILED);
    b->sa->initiator.validity = VALIDITY_EXPIRED;
    b->sa->initiator.cert = (struct certificate){ TEXT("CN=r1"), TEXT("CN=CA"), TEXT("2024-01-01T00:00:00Z"),
                                                  TEXT("2024-02-01T00:00:00Z") };
}
static void certificate_in_time(struct builder *b)
{
    certificate_expired(b);
    b->sa->initiator.validity = VALIDITY_IN_TIME;
}
static void cert_up(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_ESTABLISHED, CODE_CERT_TRUSTPOINT_NONE, "CRYPTO_PKI: No suitable trustpoints found");
}
static void gone(struct builder *b)
{
    healthy(b);
    build_exchange(b, EXCHANGE_INFORMATIONAL, 2, SIDE_INITIATOR);
    build_message(b, true, 0, DIRECTION_WIRE, 5);
}
static void alive(struct builder *b)
{
    gone(b);
    build_message(b, false, 0, DIRECTION_WIRE, 1);
}
static void deletion(struct builder *b, bool rekeyed)
{
    healthy(b);
    build_outcome(b, SA_DELETED);
    build_exchange(b, EXCHANGE_INFORMATIONAL, 2, SIDE_INITIATOR);
    struct message *q = build_message(b, true, 0, DIRECTION_WIRE, 1);
    q->deletions = arena_new(b->m->run, struct deletion);
    q->deletions->protocol = PROTOCOL_IKE;
    build_message(b, false, 0, DIRECTION_WIRE, 1);
    b->sa->deleted_by_initiator = true;
    if (rekeyed)
        b->sa->rekeyed_by = b->sa;
}
static void deleted(struct builder *b)
{
    deletion(b, false);
}
static void rekeyed(struct builder *b)
{
    deletion(b, true);
}
static struct message *rekey(struct builder *b, uint32_t id, enum side from, bool pfs)
{
    build_exchange(b, EXCHANGE_CREATE_CHILD_SA, id, from);
    struct message *q = build_message(b, true, 0, DIRECTION_WIRE, 1);
    build_notify(b, q, NOTIFY_REKEY_SA);
    build_proposal(b, q, PROTOCOL_ESP, esp, 2);
    q->ke_group = pfs ? KE_MODP_2048 : 0;
    return build_message(b, false, 0, DIRECTION_WIRE, 1);
}
static void one_after_the_other(struct builder *b)
{
    healthy(b);
    rekey(b, 2, SIDE_INITIATOR, true);
    rekey(b, 0, SIDE_RESPONDER, true);
}
static void crossing(struct builder *b)
{
    one_after_the_other(b);
    for (struct exchange *x = b->sa->exchanges; x; x = x->next)
        if (x->type == EXCHANGE_CREATE_CHILD_SA)
            x->response.seen->place = 1000; /* both answers come last */
}
static void one_rekey(struct builder *b)
{
    healthy(b);
    rekey(b, 2, SIDE_INITIATOR, true);
}
static void rekey_refused(struct builder *b)
{
    healthy(b);
    build_notify(b, rekey(b, 2, SIDE_INITIATOR, true), NOTIFY_INVALID_SYNTAX);
}
static void rekey_later(struct builder *b)
{
    rekey_refused(b);
    rekey(b, 3, SIDE_INITIATOR, true);
}
static void pfs_refused(struct builder *b)
{
    healthy(b);
    b->sa->children->proposal.encr = ENCR_AES_CBC;
    build_notify(b, rekey(b, 2, SIDE_INITIATOR, true), NOTIFY_NO_PROPOSAL_CHOSEN);
}
static void without_pfs(struct builder *b)
{
    one_rekey(b);
    struct child_sa *old = b->sa->children, *c = build_child(b, 0x200);
    c->rekeys = old;
    old->rekeyed_by = c;
}
static void with_pfs(struct builder *b)
{
    without_pfs(b);
    b->sa->children_last->pfs_dh = KE_MODP_2048;
}
static void name_ends(struct builder *b)
{
    b->sa->initiator.id = (struct identity){ ID_FQDN, TEXT("a.example.net") };
    b->sa->responder.id = (struct identity){ ID_FQDN, TEXT("b.example.net") };
    b->sa->children->tsi = build_selector(b, "10.1.0.0", "10.1.0.255");
    b->sa->children->tsr = build_selector(b, "10.2.0.0", "10.2.0.255");
}
static void twins(struct builder *b)
{
    healthy(b);
    name_ends(b);
    build_sa(b, 0x2000, "192.0.2.1", "198.51.100.2");
    build_outcome(b, SA_ESTABLISHED);
    build_child(b, 0x300);
    name_ends(b);
}
static void siblings(struct builder *b)
{
    twins(b);
    b->sa->children->tsi = build_selector(b, "10.9.0.0", "10.9.0.255");
}
static void nat(struct builder *b)
{
    healthy(b);
    b->sa->nat_known = b->sa->initiator_behind_nat = true;
}
static void cookie(struct builder *b)
{
    uint32_t in = capture(b);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, true, in, DIRECTION_WIRE, 1);
    build_notify(b, build_message(b, false, in, DIRECTION_WIRE, 1), NOTIFY_COOKIE);
    init_done(b, in);
    build_outcome(b, SA_ESTABLISHED);
}
static void auth_silent(struct builder *b, uint32_t length)
{
    uint32_t in = capture(b);
    init_done(b, in);
    auth(b, in, false)->length = length;
    build_message(b, true, in, DIRECTION_WIRE, 3);
    b->x->request.retransmissions = 3;
    build_outcome(b, SA_FAILED);
}
static void large_auth(struct builder *b)
{
    auth_silent(b, 2400);
}
static void small_auth(struct builder *b)
{
    auth_silent(b, 300);
}
static void weak(struct builder *b)
{
    healthy(b);
    b->sa->proposal.encr = ENCR_3DES;
    b->sa->proposal.dh = KE_MODP_1024;
}
static void both_logs(struct builder *b, bool arrives)
{
    uint32_t i = log_of(b, SIDE_INITIATOR), r = log_of(b, SIDE_RESPONDER);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, true, i, DIRECTION_SENT, 1);
    if (arrives)
        build_message(b, true, r, DIRECTION_RECEIVED, 1);
}
static void without_dumps(struct builder *b)
{
    both_logs(b, false);
}
static void lost(struct builder *b)
{
    both_logs(b, false);
    build_exchange(b, EXCHANGE_IKE_AUTH, 1, SIDE_INITIATOR);
    build_message(b, true, 0, DIRECTION_SENT, 1);
    build_message(b, true, 1, DIRECTION_RECEIVED, 1);
}
static void arrived(struct builder *b)
{
    both_logs(b, true);
}
static void log_ended(struct builder *b)
{
    lost(b);
    b->m->inputs[1].last_stamp.ns = seconds(50);
}
/* A capture between two logs that lacks what both have; and one that was not running. */
static void wire_lacks(struct builder *b)
{
    both_logs(b, true);
    uint32_t wire = build_input(b, "wire.pcap", INPUT_CAPTURE);
    build_view(b, wire, SIDE_UNKNOWN)->wire = true;
}
static void wire_ended(struct builder *b)
{
    wire_lacks(b);
    b->m->inputs[2].last_stamp.ns = seconds(1);
}
static struct traffic *traffic(struct builder *b, uint64_t packets)
{
    healthy(b);
    b->sa->children->to_responder = build_flow(b, 0x101, packets);
    b->sa->children->to_initiator = build_flow(b, 0x100, packets);
    return &b->sa->children->to_responder->traffic;
}
static void flowing(struct builder *b)
{
    traffic(b, 100);
}
static void replayed(struct builder *b)
{
    traffic(b, 100)->replayed = 2;
}
static void gaps(struct builder *b)
{
    traffic(b, 100)->lost = 20;
}
static void one_gap(struct builder *b)
{
    traffic(b, 100)->lost = 1;
}
static void bad_icv(struct builder *b)
{
    traffic(b, 100)->icv_failed = 3;
}
static void unknown_spi(struct builder *b)
{
    build_input(b, "r.log", INPUT_SYSLOG);
    build_note(b, CODE_IPSEC_INVALID_SPI,
               "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=192.0.2.1, prot=50, "
               "spi=0x3EA71AED(1051138797), srcaddr=198.51.100.2, input interface=Gi1");
}
static void stray_flow(struct builder *b)
{
    traffic(b, 10);
    b->sa->keys = KEYS_SUPPLIED;
    struct flow *f = build_flow(b, 0xabcd, 5);
    f->source = b->sa->initiator.endpoint;
    f->destination = b->sa->responder.endpoint;
    for (struct flow *other = f->next; other; other = other->next)
        other->claimed = true;
}
static void stray_midlife(struct builder *b)
{
    stray_flow(b);
    b->sa->start_seen = false;
}
static void too_weak(struct builder *b)
{
    said(b, SIDE_INITIATOR, SA_DELETED, CODE_ENCRYPTION_TOO_WEAK,
         "Selected IKEv2 encryption algorithm (AES-CBC-128) is not strong enough to secure proposed IPsec encryption algorithm "
         "(AES-CBC-256).");
}
static void waited(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_WAIT_AUTH_TIMEOUT, "Failed to receive the AUTH msg before the timer expired");
    init_done(b, 0);
}
static void one_way(struct builder *b)
{
    log_of(b, SIDE_RESPONDER);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, true, 0, DIRECTION_RECEIVED, 3);
    build_message(b, false, 0, DIRECTION_SENT, 3)->ke_group = 14;
    build_note(b, CODE_WAIT_AUTH_TIMEOUT, "Failed to receive the AUTH msg before the timer expired");
    build_outcome(b, SA_FAILED);
}
/* Seen from the responder's side: the answer goes out and the request comes again. */
static void asked_again(struct builder *b)
{
    uint32_t in = capture(b);
    init_done(b, in);
    build_proposal(b, auth(b, in, true), PROTOCOL_ESP, esp, 2);
    build_message(b, true, in, DIRECTION_WIRE, 2);
    build_outcome(b, SA_ESTABLISHED);
}
static void asked_again_and_went_on(struct builder *b)
{
    asked_again(b);
    build_exchange(b, EXCHANGE_INFORMATIONAL, 2, SIDE_INITIATOR);
    build_message(b, true, 1, DIRECTION_WIRE, 1);
}
static void half(struct builder *b)
{
    said(b, SIDE_INITIATOR, SA_FAILED, CODE_AUTH_FAILED, "Failed to authenticate the IKE SA");
    b->sa->ready_responder = true;
}
static void limit(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_REQUEST_REJECTED, "%ASA-4-750009: SA request rejected due to CAC limit reached");
}
static void eap(struct builder *b)
{
    refused(b, NOTIFY_AUTHENTICATION_FAILED);
    b->sa->initiator.eap = true;
    b->sa->initiator.eap_outcome = EAP_FAILED;
}
static void eap_success(struct builder *b)
{
    healthy(b);
    b->sa->initiator.eap = true;
    b->sa->initiator.eap_outcome = EAP_SUCCEEDED;
}
static void config_noise(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_ESTABLISHED, CODE_CONFIG_FAILED, "Error constructing config reply");
}
static void no_acl(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_ESTABLISHED, CODE_CRYPTO_MAP_NO_ACL, "Crypto map VPN_MAP seq 1 is incomplete due to missing ACL");
    b->sa->child_refused = true;
}
static void proxy_then_match(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_ESTABLISHED, CODE_PROXY_NO_MATCH, "Crypto Map: No proxy match on map M seq 10");
    build_note(b, CODE_PROXY_MATCH, "PROXY MATCH on crypto map M seq 20");
}
static void proxy_and_ts(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_ESTABLISHED, CODE_PROXY_NO_MATCH, "Crypto Map: No proxy match on map M seq 10");
    build_note(b, CODE_TS_REFUSED, "There was no IPSEC policy found for received TS");
    b->sa->child_refused = true;
}
static void no_keys_given(struct builder *b)
{
    healthy(b);
    b->x->request.message->decryption = DECRYPTION_NO_KEY;
    b->x->request.message->direction = DIRECTION_WIRE;
}
static void no_keys_but_a_log(struct builder *b)
{
    no_keys_given(b);
    log_of(b, SIDE_INITIATOR);
}
static void sealed(struct builder *b)
{
    no_keys_given(b);
    struct ike_key key = { .spi_i = spi_of(9, 16), .spi_r = spi_of(8, 16) };
    keyring_add_ike(b->m->keyring, &key);
}
static void answer_sealed(struct builder *b)
{
    healthy(b);
    build_outcome(b, SA_INCOMPLETE);
    b->x->response.message->decryption = DECRYPTION_NO_KEY;
}
static void answer_sealed_and_traffic(struct builder *b)
{
    answer_sealed(b);
    build_outcome(b, SA_ESTABLISHED);
}
static void attempts(struct builder *b, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        b->sa = NULL;
        uint32_t in = capture(b);
        (void)in;
        build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
        build_notify(b, build_message(b, false, in, DIRECTION_WIRE, 1), NOTIFY_NO_PROPOSAL_CHOSEN);
        build_outcome(b, SA_FAILED);
    }
}
static void three(struct builder *b)
{
    attempts(b, 3);
}
static void two(struct builder *b)
{
    attempts(b, 2);
}
static void old_ike(struct builder *b)
{
    build_input(b, "x.pcap", INPUT_CAPTURE);
    b->m->inputs[0].ikev1_count = 3;
    b->m->inputs[0].ikev1_first = 4;
}
static void trouble(struct builder *b, const char *rule, const char *text)
{
    uint32_t in = build_input(b, "x.pcap", INPUT_CAPTURE);
    input_trouble(b->m, in, rule, 12, true, "%s", text);
}
static void cut(struct builder *b)
{
    trouble(b, "input-truncated", "the capture ends inside a packet");
}
static void garbage(struct builder *b)
{
    trouble(b, "input-damaged", "64 octets at offset 1000 are no packet record");
}
static void more_than_read(struct builder *b)
{
    limits_at(&b->m->limits, 0, 3, false);
    limits_over(&b->m->limits, OVER_PAYLOADS, 2);
}
static void unexplained(struct builder *b)
{
    log_of(b, SIDE_INITIATOR);
    build_outcome(b, SA_FAILED);
}
static void nothing(struct builder *b)
{
    build_input(b, "x.log", INPUT_IOS_DEBUG);
}
static void no_psk(struct builder *b)
{
    said(b, SIDE_INITIATOR, SA_FAILED, CODE_POLICY_BUILD_FAILED, "Could not build ikev2 policy");
}
static void no_group(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_TUNNEL_GROUP_NOT_FOUND, "Can't find tunnel group for peer 192.0.2.1");
}
static void window(struct builder *b)
{
    said(b, SIDE_INITIATOR, SA_ESTABLISHED, CODE_MSGID_OUTSIDE_WINDOW, "Received an IKE msg id outside supported window");
}

/* ---- show output and configurations ---- */

static struct facts record(struct builder *b, enum input_kind kind, const char *name, const char *title, const char *device)
{
    struct record *r = model_add_record(b->m, kind, name);
    r->title = text_of(title);
    r->device = model_device(b->m, text_of(device));
    r->first_line = r->last_line = 1;
    r->text = text_of("as printed");
    if (!b->m->input_count)
        build_input(b, "r1.txt", kind);
    return facts_into(b->m->run, &r->facts);
}

static struct facts inside(struct builder *b, struct facts *f, const char *list)
{
    struct facts l = facts_into(b->m->run, &fact_list(f, list)->as.child);
    struct fact *group = fact_group(&l, NULL);
    group->line = 1;
    return facts_into(b->m->run, &group->as.child);
}

static void flow(struct builder *b, uint64_t encaps, uint64_t decaps)
{
    struct facts f = record(b, INPUT_SHOW, "show crypto ipsec sa", "", "R1"), in = inside(b, &f, "flows");
    fact_number(&in, "pkts_encaps", encaps)->line = 1;
    fact_number(&in, "pkts_decaps", decaps)->line = 1;
    (void)inside(b, &in, "sas");
}
static void flow_out_only(struct builder *b)
{
    flow(b, 100, 0);
}
static void flow_both_ways(struct builder *b)
{
    flow(b, 100, 1);
}

static void counters(struct builder *b, const char *section, uint64_t received)
{
    struct facts f = record(b, INPUT_SHOW, "show crypto ikev2 stats", "", "R1"), in = inside(b, &f, "exchanges");
    fact_text(&in, "section", text_of(section));
    fact_text(&in, "name", TEXT("NO_PROPOSAL_CHOSEN"));
    fact_number(&in, "rx_response", received);
}
static void errors(struct builder *b)
{
    counters(b, "ERROR NOTIFY", 3);
}
static void no_errors(struct builder *b)
{
    counters(b, "ERROR NOTIFY", 0);
    counters(b, "EXCHANGES", 5);
}

static void other_run(struct builder *b)
{
    (void)record(b, INPUT_SHOW, "show crypto ikev2 sa", "", "R1");
    b->m->records->foreign = true;
}
static void same_run(struct builder *b)
{
    (void)record(b, INPUT_SHOW, "show crypto ikev2 sa", "", "R1");
}

static void put_address(struct facts *f, const char *name, const char *text)
{
    struct address a = { 0 };
    (void)address_read(text_of(text), &a);
    fact_address(f, name, a);
}

static void end_of_tunnel(struct builder *b, const char *device, const char *own, const char *peer, const char *from,
                          const char *to)
{
    struct facts f = record(b, INPUT_CONFIG, "interface", "Ethernet0", device), in = inside(b, &f, "addresses");
    put_address(&in, "address", own);
    f = record(b, INPUT_CONFIG, "crypto-map", "M 10", device);
    fact_text(&f, "match_address", TEXT("VPN"));
    in = inside(b, &f, "peers");
    put_address(&in, "address", peer);
    f = record(b, INPUT_CONFIG, "access-list", "VPN", device);
    in = inside(b, &f, "entries");
    fact_text(&in, "action", TEXT("permit"));
    put_address(&in, "source_start", from);
    put_address(&in, "source_end", from);
    put_address(&in, "destination_start", to);
    put_address(&in, "destination_end", to);
}
static void unlike(struct builder *b)
{
    end_of_tunnel(b, "R1", "192.0.2.1", "198.51.100.2", "10.1.0.0", "10.2.0.0");
    end_of_tunnel(b, "R2", "198.51.100.2", "192.0.2.1", "10.2.0.0", "10.9.0.0");
}
static void mirror(struct builder *b)
{
    end_of_tunnel(b, "R1", "192.0.2.1", "198.51.100.2", "10.1.0.0", "10.2.0.0");
    end_of_tunnel(b, "R2", "198.51.100.2", "192.0.2.1", "10.2.0.0", "10.1.0.0");
}
/* The crypto map of one end on its interface, which is shut down or not. */
static void applied(struct builder *b, bool shutdown)
{
    mirror(b);
    struct record *r = b->m->records;
    struct facts f = facts_into(b->m->run, &r->facts);
    while (*f.at)
        f.at = &(*f.at)->next;
    fact_text(&f, "crypto_map", TEXT("M"))->line = 1;
    fact_bool(&f, "shutdown", shutdown)->line = 1;
    for (r = r->next; strcmp(r->name, "crypto-map") != 0; r = r->next)
        continue;
    f = facts_into(b->m->run, &r->facts);
    while (*f.at)
        f.at = &(*f.at)->next;
    fact_text(&f, "name", TEXT("M"));
    (void)record(b, INPUT_CONFIG, "ikev2-profile", "P", "R1");
}
static void shut_down(struct builder *b)
{
    applied(b, true);
}
static void not_shut_down(struct builder *b)
{
    applied(b, false);
}
/* The peer of one end is one digit beside the other's address. */
static void peers_miss(struct builder *b)
{
    end_of_tunnel(b, "R1", "192.0.2.1", "198.51.100.12", "10.1.0.0", "10.2.0.0");
    end_of_tunnel(b, "R2", "198.51.100.2", "192.0.2.1", "10.2.0.0", "10.1.0.0");
    for (struct record *r = b->m->records; r; r = r->next) {
        struct facts f = facts_into(b->m->run, &r->facts);
        while (*f.at)
            f.at = &(*f.at)->next;
        if (strcmp(r->name, "interface") == 0)
            fact_text(&f, "crypto_map", TEXT("M"));
        else if (strcmp(r->name, "crypto-map") == 0)
            fact_text(&f, "name", TEXT("M"));
    }
}
static void other_tunnel(struct builder *b)
{
    end_of_tunnel(b, "R1", "192.0.2.1", "198.51.100.2", "10.1.0.0", "10.2.0.0");
    end_of_tunnel(b, "R2", "198.51.100.2", "192.0.2.77", "10.2.0.0", "10.9.0.0");
}

struct scenario {
    const char *rule;
    void (*fires)(struct builder *b);
    void (*silent)(struct builder *b);
};

/* {rule, a model in which it fires, one in which it must not} */
/* One Child SA and its heirs, each made so many seconds behind the one before. */
static void rekeys_every(struct builder *b, double apart)
{
    log_of(b, SIDE_INITIATOR);
    build_outcome(b, SA_ESTABLISHED);
    struct child_sa *before = NULL;
    for (unsigned i = 0; i < 7; i++) {
        struct child_sa *c = build_child(b, 0x100 + 2 * i);
        c->ns = seconds(apart * i);
        c->rekeys = before;
        if (before)
            before->rekeyed_by = c;
        before = c;
    }
}
static void rekeys_at_once(struct builder *b)
{
    rekeys_every(b, 4);
}
static void rekeys_by_the_hour(struct builder *b)
{
    rekeys_every(b, 3400);
}
static void stage_alone(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_FAILURE, "A supplied parameter is incorrect");
    build_note(b, CODE_AUTH_EXCHANGE_FAILED, "Auth exchange failed");
}
static void stage_explained(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_TS_REFUSED, "There was no IPSEC policy found for received TS");
    build_note(b, CODE_AUTH_EXCHANGE_FAILED, "Auth exchange failed");
}
static void last_word_of_ipsec(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_IPSEC_FAILED, "[IPsec -> IKEv2] Creation of IPsec SA into IPsec database FAILED");
    build_note(b, CODE_AUTH_EXCHANGE_FAILED, "Auth exchange failed");
}
static void crl_unreachable(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_CRL_UNREACHABLE, "%PKI-3-CRL_FETCH_FAIL: CRL fetch for trustpoint TP failed");
    build_note(b, CODE_AUTH_FAILURE_SENT, "Sending authentication failure notify");
}
static void crl_not_needed(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_CRL_UNREACHABLE, "%PKI-3-CRL_FETCH_FAIL: CRL fetch for trustpoint TP failed");
    build_note(b, CODE_AUTH_VERIFIED, "Verification of peer's authentication data PASSED");
    build_note(b, CODE_TS_REFUSED, "There was no IPSEC policy found for received TS");
    build_note(b, CODE_AUTH_EXCHANGE_FAILED, "Auth exchange failed");
}
static void own_certificate(struct builder *b)
{
    said(b, SIDE_INITIATOR, SA_FAILED, CODE_CERT_OWN_FAILED, "[PKI -> IKEv2] Getting of cert chain for the trustpoint FAILED");
}
static void group_locked(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_GROUP_LOCKED, "Reason: This connection is group locked to GRP");
}
static void not_decrypted(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_DECRYPT_FAILED, "Failed to decrypt packet");
}
static void not_decrypted_up(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_ESTABLISHED, CODE_DECRYPT_FAILED, "Failed to decrypt packet");
}
/* "Maximum number of retransmissions reached", by the end that asked and by the one that has the request. */
static void auth_repeated(struct builder *b, enum side side)
{
    uint32_t in = log_of(b, side);
    build_exchange(b, EXCHANGE_IKE_AUTH, 1, SIDE_INITIATOR);
    build_message(b, true, in, side == SIDE_INITIATOR ? DIRECTION_SENT : DIRECTION_RECEIVED, 1);
    build_outcome(b, SA_FAILED);
    build_note(b, CODE_RETRANSMIT_EXCEEDED, "Maximum number of retransmissions reached");
}
static void auth_repeated_in_vain(struct builder *b)
{
    auth_repeated(b, SIDE_INITIATOR);
}
static void responder_gave_up(struct builder *b)
{
    auth_repeated(b, SIDE_RESPONDER);
}
static void licence_failed(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_LICENCE_LIMIT, "%CERM-4-TUNNEL_LIMIT: Maximum tunnel limit of 225 reached");
}
static void licence_up(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_ESTABLISHED, CODE_LICENCE_LIMIT, "%CERM-4-TUNNEL_LIMIT: Maximum tunnel limit of 225 reached");
}
static void user_rejected(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_USER_REJECTED, "AAA user authentication Rejected : user = joe : user IP = 192.0.2.1");
}
static void login_rejected(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_USER_REJECTED,
         "AAA user authentication Rejected : user = admin : user IP = 10.0.0.7");
}
static void not_authorized(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_AAA_FAILED, "AAA group author request failed");
}
static void eap_not_authorized(struct builder *b)
{
    not_authorized(b);
    b->sa->initiator.eap = true;
}
static void config_not_taken(struct builder *b)
{
    said(b, SIDE_INITIATOR, SA_FAILED, CODE_CONFIG_NOT_TAKEN, "Error in settig received config mode data");
}
static void ipsec_refused(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_IPSEC_REFUSED,
         "[IPsec -> IKEv2] Callback received for the validate proposal - FAILED.");
}
static void ipsec_refused_once(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_ESTABLISHED, CODE_IPSEC_REFUSED,
         "[IPsec -> IKEv2] Callback received for the validate proposal - FAILED.");
    build_child(b, 0x100);
}
static void inner_packet(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_ESTABLISHED, CODE_INNER_PACKET_OUTSIDE,
         "IPSEC: Received an ESP packet (SPI= 0xABCD1234, sequence number= 0x11) from 192.0.2.1 (user= x) to 198.51.100.2.");
}
/* A keep-alive that is answered by "I have no such SA": until it gives up, and once. */
static void spi_unknown(struct builder *b, bool gave_up)
{
    uint32_t in = log_of(b, SIDE_INITIATOR);
    build_outcome(b, SA_ESTABLISHED);
    b->sa->ready_initiator = true;
    build_exchange(b, EXCHANGE_INFORMATIONAL, 2, SIDE_INITIATOR);
    build_message(b, true, in, DIRECTION_SENT, 1);
    build_notify(b, build_message(b, false, in, DIRECTION_RECEIVED, 1), NOTIFY_INVALID_IKE_SPI);
    if (gave_up)
        build_note(b, CODE_RETRANSMIT_EXCEEDED, "Maximum number of retransmissions reached");
}
static void spi_unknown_there(struct builder *b)
{
    spi_unknown(b, true);
}
static void spi_unknown_once(struct builder *b)
{
    spi_unknown(b, false);
}

static const struct scenario scenarios[] = {
    { "no-response", silent_init, one_init },
    { "no-response", silent_init, healthy },
    { "retransmissions", repeated, silent_init },
    { "no-proposal-chosen", no_proposal, child_no_proposal },
    { "child-no-proposal-chosen", child_no_proposal, no_proposal },
    { "invalid-ke-payload", wrong_group, healthy },
    { "auth-psk-mismatch", psk, auth_refused },
    { "auth-psk-mismatch", psk_by_key, healthy },
    { "auth-failed", auth_refused, psk },
    { "auth-method-mismatch", method, psk },
    { "identity-mismatch", identity, identity_up },
    { "no-matching-profile", profile, profile_noise },
    { "no-matching-profile", profile, profile_then_key },
    { "cert-invalid", cert, cert_up },
    { "cert-invalid", crl_unreachable, crl_not_needed },
    { "cert-invalid", own_certificate, cert_up },
    { "auth-failed", stage_alone, stage_explained },
    { "auth-failed", group_locked, healthy },
    { "debug-incomplete", last_word_of_ipsec, stage_alone },
    { "decrypt-failed", not_decrypted, not_decrypted_up },
    { "auth-not-received", auth_repeated_in_vain, responder_gave_up },
    { "admission-limit", licence_failed, licence_up },
    { "eap-failed", user_rejected, login_rejected },
    { "mode-config-failed", not_authorized, eap_not_authorized },
    { "mode-config-failed", config_not_taken, config_noise },
    { "acl-or-crypto-map-mismatch", ipsec_refused, ipsec_refused_once },
    { "acl-or-crypto-map-mismatch", inner_packet, healthy },
    { "dpd-timeout", spi_unknown_there, spi_unknown_once },
    { "cert-invalid", certificate_expired, certificate_in_time },
    { "ts-unacceptable", ts_refused, child_no_proposal },
    { "ts-unacceptable", proxy_and_ts, no_acl },
    { "dpd-timeout", gone, alive },
    { "deleted-by-peer", deleted, rekeyed },
    { "rekey-collision", crossing, one_rekey },
    { "rekey-collision", crossing, one_after_the_other },
    { "rekey-failed", rekey_refused, rekey_later },
    { "pfs-mismatch", pfs_refused, rekey_refused },
    { "no-pfs", without_pfs, with_pfs },
    { "duplicate-sa", twins, siblings },
    { "nat-detected", nat, healthy },
    { "cookie-challenge", cookie, healthy },
    { "fragmentation-needed", large_auth, small_auth },
    { "auth-not-received", small_auth, large_auth },
    { "auth-not-received", waited, one_way },
    { "one-way-path", one_way, waited },
    { "one-way-path", asked_again, asked_again_and_went_on },
    { "weak-crypto", weak, healthy },
    { "message-lost", lost, arrived },
    { "message-lost", lost, log_ended },
    { "message-lost", lost, without_dumps },
    { "capture-incomplete", wire_lacks, wire_ended },
    { "capture-incomplete", wire_lacks, arrived },
    { "replay", replayed, flowing },
    { "esp-loss", gaps, one_gap },
    { "esp-icv-failed", bad_icv, flowing },
    { "esp-unknown-spi", unknown_spi, flowing },
    { "esp-unknown-spi", stray_flow, stray_midlife },
    { "ike-weaker-than-esp", too_weak, healthy },
    { "half-open", half, psk },
    { "admission-limit", limit, healthy },
    { "eap-failed", eap, eap_success },
    { "mode-config-failed", no_address, config_noise },
    { "acl-or-crypto-map-mismatch", no_acl, proxy_then_match },
    { "acl-or-crypto-map-mismatch", no_acl, proxy_and_ts },
    { "keys-incomplete", sealed, healthy },
    { "keys-incomplete", no_keys_given, no_keys_but_a_log },
    { "answer-sealed", answer_sealed, answer_sealed_and_traffic },
    { "flapping", three, two },
    { "flapping", rekeys_at_once, rekeys_by_the_hour },
    { "ikev1-seen", old_ike, nothing },
    { "input-truncated", cut, garbage },
    { "input-damaged", garbage, cut },
    { "input-limit", more_than_read, nothing },
    { "debug-incomplete", unexplained, silent_init },
    { "no-key", no_psk, no_group },
    { "no-tunnel-group", no_group, no_psk },
    { "msgid-window", window, healthy },
    { "no-return-traffic", flow_out_only, flow_both_ways },
    { "errors-counted", errors, no_errors },
    { "show-of-another-run", other_run, same_run },
    { "acl-not-mirrored", unlike, mirror },
    { "acl-not-mirrored", unlike, other_tunnel },
    { "no-response", peers_miss, mirror },
    { "refused-otherwise", syntax, auth_refused },
    { "configuration-fault", shut_down, not_shut_down },
};

static const struct finding *finding_of(const struct model *m, const char *rule)
{
    for (const struct finding *f = m->findings; f; f = f->next)
        if (strcmp(f->rule, rule) == 0)
            return f;
    return NULL;
}

static bool clean(struct text t)
{
    return !text_has(t, TEXT("{")) && !text_has(t, TEXT("}")) && !text_has(t, TEXT("[[")) && !text_has(t, TEXT("(unknown)")) &&
           !text_has(t, TEXT("  "));
}

static void check_words(const char *rule, const struct finding *f)
{
    bool ok = f->cause.len > 20 && text_ends(f->cause, TEXT(".")) && f->title.len > 5 && clean(f->title) && clean(f->cause) &&
              f->confidence && f->count;
    const struct finding_line *lists[] = { f->fix_initiator, f->fix_responder, f->fix_here, f->fix_peer, f->evidence };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (const struct finding_line *l = lists[i]; l; l = l->next)
            ok &= l->text.len > 0 && clean(l->text);
    ok &= f->fix_initiator || f->fix_responder || f->fix_here || f->fix_peer;
    ok &= f->evidence || f->config || strcmp(rule, "debug-incomplete") == 0;
    if (!ok)
        fprintf(stderr, "%s: '%.*s' '%.*s'\n", rule, TEXT_ARGS(f->title), TEXT_ARGS(f->cause));
    CHECK(ok);
}

static void check_scenario(const struct scenario *s)
{
    struct builder b;
    build_begin(&b);
    s->fires(&b);
    diagnose(b.m);
    const struct finding *f = finding_of(b.m, s->rule);
    if (!f)
        fprintf(stderr, "%s: does not fire\n", s->rule);
    CHECK(f != NULL);
    if (f)
        check_words(s->rule, f);
    model_destroy(b.m);
    build_begin(&b);
    s->silent(&b);
    diagnose(b.m);
    f = finding_of(b.m, s->rule);
    if (f)
        fprintf(stderr, "%s: fires where it must not: %.*s\n", s->rule, TEXT_ARGS(f->cause));
    CHECK(f == NULL);
    model_destroy(b.m);
}

static void check_catalogue(void)
{
    for (size_t i = 0; i < sizeof promised / sizeof promised[0]; i++)
        CHECK(rule_find(text_of(promised[i])) != NULL);
    for (size_t i = 0; i < rule_count; i++) {
        bool tested = false;
        for (size_t s = 0; s < sizeof scenarios / sizeof scenarios[0]; s++)
            tested |= strcmp(scenarios[s].rule, rules[i]->id) == 0;
        CHECK(tested && rules[i]->title && rules[i]->meaning && rules[i]->advice && rules[i]->severity && rules[i]->rank);
    }
    CHECK(rule_count <= 64);
    CHECK(rule_find(TEXT("no-such-rule")) == NULL && rule_find(TEXT("")) == NULL);
}

/* Errors first; the same cause again and again is one finding with a count; healthy runs have no error. */
static void check_order(void)
{
    struct builder b;
    build_begin(&b);
    attempts(&b, 5);
    nat(&b);
    diagnose(b.m);
    const struct finding *f = b.m->findings;
    CHECK(f && strcmp(f->rule, "no-proposal-chosen") == 0 && f->count == 5 && f->number == 1);
    CHECK(f && f->first_ns < f->last_ns);
    for (; f && f->next; f = f->next) {
        CHECK(f->severity >= f->next->severity);
        CHECK_NUMBER(f->next->number, f->number + 1);
    }
    model_destroy(b.m);
    build_begin(&b);
    healthy(&b);
    diagnose(b.m);
    CHECK(b.m->findings == NULL || b.m->findings->severity < SEVERITY_ERROR);
    model_destroy(b.m);
    build_begin(&b);
    diagnose(b.m);
    CHECK(b.m->findings == NULL);
    model_destroy(b.m);
}

int main(void)
{
    check_catalogue();
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++)
        check_scenario(&scenarios[i]);
    check_order();
    return TEST_REPORT();
}
