/* Models of what captures alone show, for the rules: ICMP errors, and what is sealed. */
#ifndef IKESCOPE_TESTS_ANALYSIS_SCENES_WIRE_H
#define IKESCOPE_TESTS_ANALYSIS_SCENES_WIRE_H

#include "tests/unit/analysis/scenes.h"

#include "analysis/heirs.h"
#include "analysis/sealed.h"
#include "analysis/superseded.h"
#include "test.h"

/* A capture's ICMP error, as the decoder tells of it. */
static void icmp_error(struct builder *b, const char *reporter, unsigned type, unsigned code, unsigned mtu, const char *quoted)
{
    struct note *n = build_note(b, CODE_ICMP_ERROR, "ICMP from 198.51.100.2: an error, for IKE from 192.0.2.1:500");
    struct facts f = facts_into(b->m->run, &n->facts);
    struct address from = { 0 };
    (void)address_read(text_of(reporter), &from);
    fact_address(&f, "reporter", from);
    fact_text(&f, "reason", TEXT("what it says"));
    fact_number(&f, "icmp_type", type);
    fact_number(&f, "icmp_code", code);
    fact_text(&f, "quoted", text_of(quoted));
    fact_text(&f, "destination", TEXT("198.51.100.2:500"));
    if (mtu)
        fact_number(&f, "mtu", mtu);
}
static void init_and_nobody_listens(struct builder *b)
{
    uint32_t in = capture(b);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, true, in, DIRECTION_WIRE, 1);
    icmp_error(b, "198.51.100.2", 3, 3, 0, "IKE");
}
static void answers_pass_elsewhere(struct builder *b) /* the initiator goes on, so they arrived */
{
    uint32_t in = capture(b);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, true, in, DIRECTION_WIRE, 1);
    build_exchange(b, EXCHANGE_IKE_AUTH, 1, SIDE_INITIATOR);
    build_message(b, true, in, DIRECTION_WIRE, 2);
}
static void answers_alone(struct builder *b)
{
    uint32_t in = capture(b);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, false, in, DIRECTION_WIRE, 1);
    build_exchange(b, EXCHANGE_IKE_AUTH, 1, SIDE_INITIATOR);
    build_message(b, false, in, DIRECTION_WIRE, 2);
}
static void go_on(struct builder *b, enum side from, uint32_t count) /* requests of an SA that was up before */
{
    uint32_t in = capture(b);
    for (uint32_t i = 0; i < count; i++) {
        build_exchange(b, EXCHANGE_INFORMATIONAL, 7 + i, from);
        build_message(b, true, in, DIRECTION_WIRE, 1 + i);
    }
}
static void requests_beyond_a_window(struct builder *b)
{
    go_on(b, SIDE_INITIATOR, 6);
}
static void requests_of_a_window(struct builder *b) /* none of them needs to have been answered */
{
    go_on(b, SIDE_INITIATOR, 5);
}
static void requests_of_the_responder(struct builder *b)
{
    go_on(b, SIDE_RESPONDER, 2);
}
static void init_and_esp_not_wanted(struct builder *b) /* the ICMP error is about another packet */
{
    uint32_t in = capture(b);
    build_exchange(b, EXCHANGE_IKE_SA_INIT, 0, SIDE_INITIATOR);
    build_message(b, true, in, DIRECTION_WIRE, 1);
    icmp_error(b, "198.51.100.2", 3, 3, 0, "ESP");
}
static void auth_and_filter(struct builder *b)
{
    uint32_t in = capture(b);
    init_done(b, in);
    auth(b, in, false);
    build_message(b, true, in, DIRECTION_WIRE, 3);
    icmp_error(b, "203.0.113.7", 3, 13, 0, "IKE");
    build_outcome(b, SA_FAILED);
}
static void auth_and_next_hop_mtu(struct builder *b)
{
    uint32_t in = capture(b);
    init_done(b, in);
    auth(b, in, false);
    icmp_error(b, "203.0.113.7", 3, 4, 1300, "IKE");
    build_outcome(b, SA_FAILED);
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
/* What stands outside of the encryption: the type of the first payload inside. */
static void sealed_with(struct builder *b, enum sa_outcome outcome, uint8_t first, uint32_t length)
{
    answer_sealed(b);
    build_outcome(b, outcome);
    b->sa->children = NULL;
    b->sa->sealed_guess = true;
    struct message *r = b->x->response.message;
    r->knows_inner = true;
    r->inner_first = first;
    r->length = length;
    r->proposals = NULL;
}
static void sealed_refusal(struct builder *b)
{
    sealed_with(b, SA_FAILED, PAYLOAD_NOTIFY, 84);
}
static void sealed_yes(struct builder *b)
{
    sealed_with(b, SA_ESTABLISHED, PAYLOAD_IDR, 232);
    CHECK(!sealed_childless(b->sa, b->x->response.message));
}
static void between_ends(struct builder *b, uint32_t spi, bool back)
{
    struct flow *f = build_flow(b, spi, 30);
    f->source = back ? b->sa->responder.endpoint : b->sa->initiator.endpoint;
    f->destination = back ? b->sa->initiator.endpoint : b->sa->responder.endpoint;
}
static void sealed_and_one_way(struct builder *b)
{
    sealed_yes(b);
    b->sa->established = true;
    between_ends(b, 0x71, false);
    between_ends(b, 0x72, false);
}
static void sealed_and_both_ways(struct builder *b)
{
    sealed_and_one_way(b);
    between_ends(b, 0x73, true);
}
static void sealed_yes_without_child(struct builder *b)
{
    sealed_with(b, SA_ESTABLISHED, PAYLOAD_IDR, 176);
    CHECK(sealed_childless(b->sa, b->x->response.message));
}
static void sealed_child_refusal(struct builder *b)
{
    healthy(b);
    build_exchange(b, EXCHANGE_CREATE_CHILD_SA, 2, SIDE_INITIATOR);
    build_message(b, true, 0, DIRECTION_WIRE, 1);
    struct message *r = build_message(b, false, 0, DIRECTION_WIRE, 1);
    r->decryption = DECRYPTION_NO_KEY;
    r->knows_inner = true;
    r->inner_first = PAYLOAD_NOTIFY;
    r->length = 80;
}
static void answer_sealed_and_traffic(struct builder *b)
{
    answer_sealed(b);
    build_outcome(b, SA_ESTABLISHED);
}

/* An INFORMATIONAL that refuses the responder after its answer. */
static void refuse_afterwards(struct builder *b, uint32_t id)
{
    build_exchange(b, EXCHANGE_INFORMATIONAL, id, SIDE_INITIATOR);
    build_notify(b, build_message(b, true, 0, DIRECTION_WIRE, 1), NOTIFY_AUTHENTICATION_FAILED);
    build_message(b, false, 0, DIRECTION_WIRE, 1);
    build_outcome(b, SA_FAILED);
}
static void responder_refused(struct builder *b, uint8_t initiators_proof) /* whose AUTH fits the given key */
{
    healthy(b);
    b->sa->initiator.auth_method = b->sa->responder.auth_method = AUTH_PSK;
    b->sa->initiator.auth_verified = initiators_proof;
    b->sa->responder.auth_verified = VERIFIED_TRUE;
    refuse_afterwards(b, 2);
}
static void responders_key_not_taken(struct builder *b)
{
    responder_refused(b, VERIFIED_UNKNOWN);
}
static void both_have_the_key(struct builder *b)
{
    responder_refused(b, VERIFIED_TRUE);
}
/* RFC 4739: the first round's AUTH was taken; the refusal answers a request without one. */
static void second_round_refused(struct builder *b)
{
    uint32_t in = capture(b);
    init_done(b, in);
    auth(b, in, true);
    build_exchange(b, EXCHANGE_IKE_AUTH, 2, SIDE_INITIATOR);
    build_message(b, true, in, DIRECTION_WIRE, 1)->decryption = DECRYPTION_DECRYPTED;
    build_notify(b, build_message(b, false, in, DIRECTION_WIRE, 1), NOTIFY_AUTHENTICATION_FAILED);
    b->sa->initiator.auth_method = AUTH_PSK;
    b->sa->initiator.auth_verified = VERIFIED_TRUE;
    build_outcome(b, SA_FAILED);
}
static void eap_rounds(struct builder *b, uint32_t rounds)
{
    uint32_t in = capture(b);
    init_done(b, in);
    for (uint32_t i = 0; i < rounds; i++) {
        auth(b, in, true);
        b->x->message_id = i + 1;
    }
    b->sa->initiator.eap = true;
}
static void eap_broken_off(struct builder *b)
{
    eap_rounds(b, 2);
    refuse_afterwards(b, 3);
}
static void refused_before_eap(struct builder *b)
{
    eap_rounds(b, 1);
    refuse_afterwards(b, 2);
}
static void eap_silent(struct builder *b)
{
    eap_rounds(b, 2);
    build_exchange(b, EXCHANGE_IKE_AUTH, 3, SIDE_INITIATOR);
    build_message(b, true, 0, DIRECTION_WIRE, 3);
    b->x->request.retransmissions = 3;
    build_outcome(b, SA_FAILED);
}
/* A Child SA is refused, and the IKE SA is renewed behind it; or the Child SA after all. */
static void renewed_ike_behind_pfs(struct builder *b)
{
    pfs_refused(b);
    build_exchange(b, EXCHANGE_CREATE_CHILD_SA, 3, SIDE_INITIATOR);
    build_proposal(b, build_message(b, true, 0, DIRECTION_WIRE, 1), PROTOCOL_IKE, aes, 4);
    build_proposal(b, build_message(b, false, 0, DIRECTION_WIRE, 1), PROTOCOL_IKE, aes, 4);
}
static void renewed_child_behind_pfs(struct builder *b)
{
    pfs_refused(b);
    rekey(b, 3, SIDE_INITIATOR, true);
}
static void renew_ike(struct builder *b, uint32_t id, enum side from)
{
    build_exchange(b, EXCHANGE_CREATE_CHILD_SA, id, from);
    b->x->renews_ike = true; /* a condensed run keeps no more */
    build_message(b, true, 0, DIRECTION_WIRE, 1);
    build_message(b, false, 0, DIRECTION_WIRE, 1);
    b->x->request.message = b->x->response.message = NULL;
}
static void renewed_ike_behind_refusal(struct builder *b)
{
    rekey_refused(b);
    renew_ike(b, 3, SIDE_INITIATOR);
}
static void without_pfs_and_renewed(struct builder *b)
{
    without_pfs(b);
    renew_ike(b, 9, SIDE_INITIATOR);
}
static void with_pfs_and_renewed(struct builder *b)
{
    with_pfs(b);
    renew_ike(b, 9, SIDE_INITIATOR);
}
/* Both renew it, each before the other's answer; or one behind the other. */
static void renewed_by_both(struct builder *b)
{
    healthy(b);
    renew_ike(b, 2, SIDE_INITIATOR);
    renew_ike(b, 0, SIDE_RESPONDER);
    for (struct exchange *x = b->sa->exchanges; x; x = x->next)
        if (x->renews_ike)
            x->response.seen->place = 1000;
}
static void renewed_in_turn(struct builder *b)
{
    healthy(b);
    renew_ike(b, 2, SIDE_INITIATOR);
    renew_ike(b, 0, SIDE_RESPONDER);
}
static void delete_silent(struct builder *b, uint8_t protocol)
{
    healthy(b);
    build_exchange(b, EXCHANGE_INFORMATIONAL, 2, SIDE_INITIATOR);
    struct message *q = build_message(b, true, 0, DIRECTION_WIRE, 5);
    q->deletions = arena_new(b->m->run, struct deletion);
    q->deletions->protocol = protocol;
}
static void child_delete_silent(struct builder *b)
{
    delete_silent(b, PROTOCOL_ESP);
}
static void ike_delete_silent(struct builder *b)
{
    delete_silent(b, PROTOCOL_IKE);
}

/* Answered, and that is all; the capture goes on for an hour, or it ends there. */
static void init_alone(struct builder *b)
{
    uint32_t in = capture(b);
    init_done(b, in);
    b->sa->has_proposal = true;
}
static void init_alone_at_the_end(struct builder *b)
{
    init_alone(b);
    model_input(b->m, 0)->last_stamp.ns = b->x->response.seen->ns;
}
/* Another SA of the same two, with INITIAL_CONTACT; or without. */
static void began_anew(struct builder *b, bool initial_contact)
{
    for (int i = 0; i < 2; i++) {
        b->sa = NULL;
        healthy(b);
        b->sa->initiator.id = (struct identity){ ID_FQDN, TEXT("one") };
        b->sa->responder.id = (struct identity){ ID_FQDN, TEXT("two") };
        b->sa->initial_contact = initial_contact;
    }
    superseded_settle(b->m);
    CHECK(b->m->ike_sas->superseded == initial_contact && !b->sa->superseded);
    CHECK_NUMBER(b->m->ike_sas->outcome, SA_ESTABLISHED); /* INTERFACE section 3: until it is deleted */
}
static void contact_initial(struct builder *b)
{
    began_anew(b, true);
}
static void contact_further(struct builder *b)
{
    began_anew(b, false);
}

/* Both ends rekey at once: the same Child SA, or one each. */
static void rekeys_at_a_time(struct builder *b, uint64_t other)
{
    crossing(b);
    build_child(b, 0x300);
    for (struct exchange *x = b->sa->exchanges; x; x = x->next)
        if (x->type == EXCHANGE_CREATE_CHILD_SA) /* by the SPI on which its sender receives */
            x->renews_child = (uint32_t)(x->from == SIDE_INITIATOR ? b->sa->children->spi_i.value
                                                                   : b->sa->children->spi_r.value + other);
}
/* A Child SA's rekey is refused, and then another one's goes well, asked for by the same end; or its own. A condensed run keeps the
 * messages of neither that went well. */
static void then_renewed(struct builder *b, bool other)
{
    build_child(b, 0x300);
    b->x->renews_child = (uint32_t)b->sa->children->spi_i.value;
    rekey(b, 3, SIDE_INITIATOR, true);
    b->x->renews_child = (uint32_t)(other ? b->sa->children_last : b->sa->children)->spi_i.value;
    b->x->request.message = b->x->response.message = NULL;
}
static void refused_and_another_renewed(struct builder *b)
{
    rekey_refused(b);
    then_renewed(b, true);
}
static void refused_and_renewed(struct builder *b)
{
    rekey_refused(b);
    then_renewed(b, false);
}
static void pfs_and_another_renewed(struct builder *b)
{
    pfs_refused(b);
    then_renewed(b, true);
}
static void pfs_and_renewed(struct builder *b)
{
    pfs_refused(b);
    then_renewed(b, false);
}
static void one_child_by_both(struct builder *b)
{
    rekeys_at_a_time(b, 0);
}
static void a_child_each(struct builder *b)
{
    rekeys_at_a_time(b, 0x200);
}
/* Of two in place of one the redundant is deleted at once, in whatever order they are read. */
static void heirs(struct builder *b, bool winner_first)
{
    healthy(b);
    struct ike_sa *old = b->sa, *made[2];
    for (int i = 0; i < 2; i++) {
        bool winner = (i == 0) == winner_first;
        made[i] = build_sa(b, 0x3000 + 0x1000 * (unsigned)i, "192.0.2.1", "198.51.100.2");
        build_outcome(b, SA_DELETED);
        made[i]->rekeys = old;
        made[i]->last_ns = seconds(winner ? 900 : 100);
        old->rekeyed_by = made[i];
    }
    heirs_choose(b->m);
    CHECK(old->rekeyed_by == made[!winner_first]);
    made[0]->deleted = made[1]->deleted = false;
    made[winner_first]->deleted = true;
    old->rekeyed_by = made[1];
    heirs_choose(b->m);
    CHECK(old->rekeyed_by == made[!winner_first]);
}

#endif
