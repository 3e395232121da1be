/* Every rule: a model in which it fires and one, as near as can be, in which it must not. */
#include "tests/unit/analysis/scenes.h"
#include "tests/unit/analysis/scenes_shown.h"
#include "tests/unit/analysis/scenes_wire.h"
#include "tests/unit/analysis/scenes_words.h"

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

struct scenario {
    const char *rule;
    void (*fires)(struct builder *b);
    void (*silent)(struct builder *b);
};

/* {rule, a model in which it fires, one in which it must not} */
static const struct scenario scenarios[] = {
    { "no-response", silent_init, one_init },
    { "no-response", silent_init, healthy },
    { "no-response", cookie_and_silence, cookie },
    { "no-response", init_and_nobody_listens, init_and_esp_not_wanted },
    { "retransmissions", repeated, silent_init },
    { "router-trouble", down_and_recursive, up_and_recursive },
    { "redirected", sent_on, cookie },
    { "no-proposal-chosen", no_proposal, child_no_proposal },
    { "no-proposal-chosen", no_proposal, wrong_group_and_no_other },
    { "invalid-ke-payload", wrong_group_and_no_other, no_proposal },
    { "child-no-proposal-chosen", child_no_proposal, no_proposal },
    { "invalid-ke-payload", wrong_group, healthy },
    { "auth-psk-mismatch", psk, auth_refused },
    { "auth-psk-mismatch", psk_by_key, healthy },
    { "auth-psk-mismatch", responders_key_not_taken, both_have_the_key },
    { "auth-psk-mismatch", psk_by_key, second_round_refused },
    { "auth-failed", both_have_the_key, responders_key_not_taken },
    { "auth-failed", auth_refused, psk },
    { "auth-failed", auth_by_url_refused, psk },
    { "eap-failed", eap_broken_off, refused_before_eap },
    { "auth-failed", refused_before_eap, eap_broken_off },
    { "auth-not-received", eap_silent, eap_broken_off },
    { "auth-not-received", init_alone, init_alone_at_the_end },
    { "duplicate-sa", contact_initial, contact_further },
    { "pfs-mismatch", renewed_ike_behind_pfs, renewed_child_behind_pfs },
    { "rekey-failed", renewed_ike_behind_refusal, rekey_later },
    { "dpd-timeout", child_delete_silent, ike_delete_silent },
    { "auth-method-mismatch", method, psk },
    { "identity-mismatch", identity, identity_up },
    { "no-matching-profile", profile, profile_noise },
    { "no-matching-profile", profile, profile_then_key },
    { "cert-invalid", cert, cert_up },
    { "cert-invalid", crl_unreachable, crl_not_needed },
    { "cert-invalid", own_certificate, cert_up },
    { "auth-failed", stage_alone, stage_explained },
    { "auth-failed", group_locked, healthy },
    { "configuration-fault", policy_without_ikev2, group_locked },
    { "router-failed", last_word_of_ipsec, stage_alone },
    { "router-failed", memory_fails, memory_failed_before },
    { "debug-incomplete", last_word_of_the_platform, last_word_of_ipsec },
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
    { "ts-unacceptable", proxy_and_ts, proxy_and_no_proposal },
    { "acl-or-crypto-map-mismatch", proxy_and_no_proposal, proxy_and_ts },
    { "ts-unacceptable", single_pair, child_no_proposal },
    { "dpd-timeout", gone, alive },
    { "deleted-by-peer", deleted, rekeyed },
    { "closed-here", closed_idle, closed_without_a_word },
    { "rekey-collision", crossing, one_rekey },
    { "rekey-collision", one_child_by_both, a_child_each },
    { "rekey-collision", crossing, one_after_the_other },
    { "rekey-failed", rekey_refused, rekey_later },
    { "rekey-failed", refused_and_another_renewed, refused_and_renewed },
    { "rekey-failed", child_exchange_failed, failed_for_a_while },
    { "pfs-mismatch", pfs_refused, rekey_refused },
    { "pfs-mismatch", pfs_and_another_renewed, pfs_and_renewed },
    { "no-pfs", without_pfs, with_pfs },
    { "no-pfs", without_pfs_and_renewed, with_pfs_and_renewed },
    { "rekey-collision", renewed_by_both, renewed_in_turn },
    { "duplicate-sa", twins, siblings },
    { "nat-detected", nat, healthy },
    { "cookie-challenge", cookie, healthy },
    { "fragmentation-needed", large_auth, small_auth },
    { "fragmentation-needed", first_fragments, fragments_once },
    { "fragmentation-needed", auth_and_next_hop_mtu, auth_and_filter },
    { "auth-not-received", small_auth, large_auth },
    { "auth-not-received", auth_and_filter, auth_and_next_hop_mtu },
    { "auth-not-received", waited, one_way },
    { "one-way-path", one_way, waited },
    { "one-way-path", answer_lost, answer_arrived },
    { "one-way-path", sealed_and_one_way, sealed_and_both_ways },
    { "one-way-path", pings_alone, syslog_alone },
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
    { "given-psk-unfit", given_psk_unfit, given_psk_fits },
    { "keys-incomplete", no_keys_given, no_keys_but_a_log },
    { "one-direction-captured", answers_pass_elsewhere, init_and_nobody_listens },
    { "one-direction-captured", answers_alone, auth_and_filter },
    { "one-direction-captured", answers_alone, requests_of_the_responder },
    { "one-direction-captured", requests_beyond_a_window, requests_of_a_window },
    { "answer-sealed", answer_sealed, answer_sealed_and_traffic },
    { "answer-sealed", sealed_yes, sealed_refusal },
    { "answer-sealed", sealed_yes_without_child, healthy },
    { "answer-sealed", sealed_child_refusal, healthy },
    { "auth-failed", sealed_refusal, sealed_yes },
    { "flapping", three, two },
    { "flapping", rekeys_at_once, rekeys_by_the_hour },
    { "ikev1-seen", old_ike, nothing },
    { "input-truncated", cut, garbage },
    { "input-damaged", garbage, cut },
    { "same-hostname", two_of_one_name, garbage },
    { "input-limit", more_than_read, nothing },
    { "outside-window", window_leaves_nothing, window_leaves_some },
    { "debug-incomplete", unexplained, silent_init },
    { "no-key", no_psk, no_group },
    { "no-tunnel-group", no_group, no_psk },
    { "msgid-window", window, healthy },
    { "no-return-traffic", flow_out_only, flow_both_ways },
    { "packets-too-large", many_too_large, few_too_large },
    { "no-child-sa", ready_without_spi, ready_with_spi },
    { "no-ike-sa", lists_none, lists_none_that_is_ready },
    { "no-traffic", idle_for_an_hour, idle_for_moments },
    { "no-traffic", can_not_send, can_send },
    { "errors-counted", errors, no_errors },
    { "show-of-another-run", other_run, same_run },
    { "acl-not-mirrored", unlike, mirror },
    { "acl-not-mirrored", unlike, other_tunnel },
    { "no-response", peers_miss, mirror },
    { "refused-otherwise", syntax, auth_refused },
    { "refused-otherwise", complaint, deleted },
    { "configuration-fault", shut_down, not_shut_down },
    { "no-route", routed_aside, routed_out },
    { "tunnel-key-mismatch", keys_of_gre_differ, keys_of_gre_alike },
    { "connection-type-mismatch", both_wait, one_waits },
    { "decrypted-traffic-denied", inner_filtered, inner_filtered_untold },
    { "packet-traced", traced_and_dropped, traced_and_sent },
    { "crypto-map-order", wide_entry_first, wide_entry_last },
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
    for (size_t i = 0; i < COUNT_OF(lists); i++)
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
    for (size_t i = 0; i < COUNT_OF(promised); i++)
        CHECK(rule_find(text_of(promised[i])) != NULL);
    for (size_t i = 0; i < rule_count; i++) {
        bool tested = false;
        for (size_t s = 0; s < COUNT_OF(scenarios); s++)
            tested |= strcmp(scenarios[s].rule, rules[i]->id) == 0;
        CHECK(tested && rules[i]->title && rules[i]->meaning && rules[i]->advice && rules[i]->severity && rules[i]->rank);
    }
    CHECK(rule_count <= RULES_MOST);
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

/* The words are about the end that refused, and the way is not suspected that was gone before. */
static void check_cause(void (*scene)(struct builder *b), const char *rule, const char *has, const char *lacks)
{
    struct builder b;
    build_begin(&b);
    scene(&b);
    diagnose(b.m);
    const struct finding *f = finding_of(b.m, rule);
    CHECK(f && text_has(f->cause, text_of(has)) && !text_has(f->cause, text_of(lacks)));
    model_destroy(b.m);
}

int main(void)
{
    check_catalogue();
    check_cause(eap_silent, "auth-not-received", "in the middle of EAP", "first suspect");
    check_cause(auth_by_url_refused, "auth-failed", "a hash and a URL", "in date");
    check_cause(responders_key_not_taken, "auth-psk-mismatch", "the initiator 192.0.2.1 has another key",
                "the responder refused");
    for (size_t i = 0; i < COUNT_OF(scenarios); i++)
        check_scenario(&scenarios[i]);
    check_order();
    for (int winner_first = 0; winner_first < 2; winner_first++) {
        struct builder b;
        build_begin(&b);
        heirs(&b, winner_first);
        model_destroy(b.m);
    }
    return TEST_REPORT();
}
