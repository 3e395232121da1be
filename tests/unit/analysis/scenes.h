/* Models of IKE SAs, for the rules: what logs and captures showed of one. Each is told in as few words as it takes. */
#ifndef IKESCOPE_TESTS_ANALYSIS_SCENES_H
#define IKESCOPE_TESTS_ANALYSIS_SCENES_H

#include "tests/unit/analysis/builder.h"

#include "analysis/redirects.h"
#include "test.h"

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
static void up_and_recursive(struct builder *b)
{
    said(b, SIDE_INITIATOR, SA_ESTABLISHED, CODE_ROUTER_TROUBLE,
         "%TUN-5-RECURDOWN: Tunnel0 temporarily disabled due to recursive routing");
}
static void down_and_recursive(struct builder *b)
{
    said(b, SIDE_INITIATOR, SA_DELETED, CODE_ROUTER_TROUBLE,
         "%TUN-5-RECURDOWN: Tunnel0 temporarily disabled due to recursive routing");
    struct facts f = facts_into(b->m->run, &b->view->notes->facts);
    fact_text(&f, "interface", TEXT("Tunnel0"));
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
/* Asked for another group, and the asker finds none: no proposal was refused. */
static void wrong_group_and_no_other(struct builder *b)
{
    static const uint8_t group[] = { 0, 20 };
    said(b, SIDE_INITIATOR, SA_FAILED, CODE_NEGOTIATION_ABORTED, "Failed to find a matching policy");
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, true, 0, DIRECTION_SENT, 1)->ke_group = 14;
    build_notify(b, build_message(b, false, 0, DIRECTION_RECEIVED, 1), NOTIFY_INVALID_KE_PAYLOAD)->data = bytes_over(group, 2);
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
static void given_psk_unfit(struct builder *b)
{
    healthy(b);
    b->sa->initiator.auth_method = AUTH_PSK;
    b->sa->initiator.auth_verified = VERIFIED_FALSE;
}
static void given_psk_fits(struct builder *b)
{
    given_psk_unfit(b);
    b->sa->initiator.auth_verified = VERIFIED_TRUE;
}
static void auth_refused(struct builder *b)
{
    refused(b, NOTIFY_AUTHENTICATION_FAILED);
}
static void auth_by_url_refused(struct builder *b)
{
    auth_refused(b);
    b->sa->initiator.cert.by_url = true;
}
static void ts_refused(struct builder *b)
{
    refused(b, NOTIFY_TS_UNACCEPTABLE);
}
static void single_pair(struct builder *b)
{
    refused(b, NOTIFY_SINGLE_PAIR_REQUIRED);
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
                                                  TEXT("2024-02-01T00:00:00Z"), false };
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
static void complaint(struct builder *b)
{
    healthy(b);
    build_outcome(b, SA_DELETED);
    build_exchange(b, EXCHANGE_INFORMATIONAL, 0, SIDE_RESPONDER);
    build_notify(b, build_message(b, true, 0, DIRECTION_WIRE, 1), NOTIFY_INVALID_MESSAGE_ID);
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
/* "Create child exchange failed", and why is not printed; and where the peer said why. */
static void child_exchange_failed(struct builder *b)
{
    healthy(b);
    log_of(b, SIDE_INITIATOR);
    rekey(b, 2, SIDE_INITIATOR, false);
    build_note(b, CODE_CHILD_EXCHANGE_FAILED, "Create child exchange failed");
}
static void failed_for_a_while(struct builder *b)
{
    child_exchange_failed(b);
    build_notify(b, rekey(b, 3, SIDE_INITIATOR, true), NOTIFY_TEMPORARY_FAILURE);
    rekey(b, 4, SIDE_INITIATOR, true);
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
/* RFC 5685: the answer names a gateway, and the initiator goes there. */
static void sent_on(struct builder *b)
{
    static const uint8_t gateway[] = { 1, 4, 198, 51, 100, 9, 0xaa, 0xbb };
    uint32_t in = capture(b);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, true, in, DIRECTION_WIRE, 1);
    build_notify(b, build_message(b, false, in, DIRECTION_WIRE, 1), NOTIFY_REDIRECT)->data = bytes_over(gateway, sizeof gateway);
    redirects_derive(b->m, b->sa, b->x);
    CHECK(redirects_settle(b->sa));
    CHECK_TEXT(b->sa->redirected_to, "198.51.100.9");
    build_outcome(b, SA_DELETED);
    const struct ike_sa *left = b->sa;
    build_sa(b, 0x2000, "192.0.2.1", "198.51.100.9");
    CHECK(redirects_follow(b->m, left) == b->sa);
    healthy(b);
}
static void cookie_and_silence(struct builder *b)
{
    uint32_t in = capture(b);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, true, in, DIRECTION_WIRE, 1);
    build_notify(b, build_message(b, false, in, DIRECTION_WIRE, 1), NOTIFY_COOKIE);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_notify(b, build_message(b, true, in, DIRECTION_WIRE, 4), NOTIFY_COOKIE);
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
/* Packets of one inner protocol, one way: what the other end has to say nobody knows. */
static void asks_alone(struct builder *b, uint8_t protocol)
{
    healthy(b);
    struct child_sa *c = build_child(b, 0x77);
    struct flow *f = build_flow(b, 0x78, 6);
    struct facts list = facts_into(b->m->run, &f->inner);
    struct facts g = facts_into(b->m->run, &fact_group(&list, NULL)->as.child);
    fact_code(&g, "protocol", REGISTRY_IPPROTO, protocol);
    fact_number(&g, "packets", 6);
    f->claimed = true;
    c->to_responder = f;
}
static void pings_alone(struct builder *b)
{
    asks_alone(b, 1);
}
static void syslog_alone(struct builder *b)
{
    asks_alone(b, 17);
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
/* Both ends' logs: the answer to IKE_AUTH goes out and does not arrive; or it does. */
static void answer_lost(struct builder *b)
{
    log_of(b, SIDE_RESPONDER);
    log_of(b, SIDE_INITIATOR);
    init_done(b, 0);
    build_exchange(b, EXCHANGE_IKE_AUTH, 1, SIDE_INITIATOR);
    build_message(b, true, 1, DIRECTION_SENT, 5);
    build_message(b, true, 0, DIRECTION_RECEIVED, 5);
    build_message(b, false, 0, DIRECTION_SENT, 5);
    build_note(b, CODE_RETRANSMIT_EXCEEDED, "Maximum number of retransmissions reached");
    build_outcome(b, SA_FAILED);
}
static void answer_arrived(struct builder *b)
{
    answer_lost(b);
    build_message(b, false, 1, DIRECTION_RECEIVED, 1);
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
/* On the wire: first IP fragments alone. */
static void first_fragments(struct builder *b)
{
    init_done(b, capture(b));
    build_note(b, CODE_IP_FRAGMENTS_MISSING, "a packet came in IP fragments, and never all of them");
}
static void fragments_once(struct builder *b)
{
    healthy(b);
    build_note(b, CODE_IP_FRAGMENTS_MISSING, "a packet came in IP fragments, and never all of them");
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
/* The list's words, and the other notify: the notify decides. */
static void proxy_and_no_proposal(struct builder *b)
{
    proxy_and_ts(b);
    build_note(b, CODE_NO_PROPOSAL_SENT, "Sending no proposal chosen notify");
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
static void two_of_one_name(struct builder *b)
{
    trouble(b, "same-hostname", "it and a/r1.cfg call their router R1 and differ");
}
static void more_than_read(struct builder *b)
{
    limits_at(&b->m->limits, 0, 3, false);
    limits_over(&b->m->limits, OVER_PAYLOADS, 2);
}
static void with_window(struct builder *b, uint64_t outside)
{
    build_input(b, "x.log", INPUT_IOS_DEBUG);
    struct input *in = model_input(b->m, (uint32_t)b->m->input_count - 1);
    in->timed = 5;
    in->covers_first_place = 1;
    in->covers_last_place = 9;
    in->covers_first = in->first_stamp;
    in->covers_last = in->last_stamp;
    in->outside = outside;
}
static void window_leaves_nothing(struct builder *b)
{
    with_window(b, 5);
}
static void window_leaves_some(struct builder *b)
{
    with_window(b, 4);
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

#endif
