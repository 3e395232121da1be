/* Models of IKE SAs of which a log said a thing in words, for the rules. */
#ifndef IKESCOPE_TESTS_ANALYSIS_SCENES_WORDS_H
#define IKESCOPE_TESTS_ANALYSIS_SCENES_WORDS_H

#include "tests/unit/analysis/scenes.h"

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
static void last_word_of_the_platform(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_FAILURE, "Platform errors");
}
static void memory_fails(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_OWN_FAILURE, "Failed to allocate memory");
}
static void memory_failed_before(struct builder *b)
{
    healthy(b);
    build_note(b, CODE_OWN_FAILURE, "Failed to allocate memory");
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
static void policy_without_ikev2(struct builder *b)
{
    said(b, SIDE_RESPONDER, SA_FAILED, CODE_IKEV2_NOT_ALLOWED, "Group=GP, Tunnel rejected: IKEv2 not enabled in group policy");
}
static void closed(struct builder *b, const char *words)
{
    said(b, SIDE_RESPONDER, SA_DELETED, CODE_SESSION_DOWN, words);
    b->sa->established = b->sa->deleted = true;
}
static void closed_idle(struct builder *b)
{
    closed(b, "IKEv2 SA DOWN. Reason: idle timeout");
}
static void closed_without_a_word(struct builder *b)
{
    closed(b, "Session with IKE ID PAIR (192.0.2.1, 192.0.2.2) is DOWN");
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
/* A filter behind the tunnel, told of addresses and without them. */
static void filtered(struct builder *b, bool addresses)
{
    said(b, SIDE_RESPONDER, SA_ESTABLISHED, CODE_INNER_DENIED, "access-list FIL denied icmp for user 'x'");
    struct facts f = facts_into(b->m->run, &b->view->notes->facts);
    struct address a;
    fact_text(&f, "protocol", TEXT("icmp"));
    fact_text(&f, "list", TEXT("FIL"));
    for (unsigned i = 0; i < 2 && addresses; i++)
        if (address_read(i ? TEXT("10.1.0.9") : TEXT("10.2.0.9"), &a))
            fact_address(&f, i ? "destination" : "source", a);
}
static void inner_filtered(struct builder *b)
{
    filtered(b, true);
}
static void inner_filtered_untold(struct builder *b)
{
    filtered(b, false);
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

#endif
