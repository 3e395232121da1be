/* NAT between the peers: information, and the first suspect when IKE_AUTH is lost. RFC 7296 section 2.23. */
#include "analysis/evidence.h"
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "nothing has to be done; UDP 4500 must pass, and the peer's address in the configuration is the one behind which it "
      "appears" },
};

static const struct advice traverse[] = {
    { TO_BOTH, PLATFORM_IOS,
      "switch NAT traversal on where it is off: `crypto ipsec nat-transparency udp-encapsulation`; `show run | include "
      "nat-transparency` has a line of it where it is off" },
    { TO_BOTH, PLATFORM_ASA,
      "switch NAT traversal on where it is off: `crypto isakmp nat-traversal`, and `no crypto map MAP SEQ set nat-t-disable` "
      "where "
      "`show run crypto map` has that line" },
};

static const struct advice traverse_here[] = {
    { TO_THIS, PLATFORM_IOS,
      "switch NAT traversal on: `crypto ipsec nat-transparency udp-encapsulation`; `show run | include nat-transparency` has a "
      "line of it as long as it is off" },
    { TO_THIS, PLATFORM_ASA,
      "switch NAT traversal on: `crypto isakmp nat-traversal`, and `no crypto map MAP SEQ set nat-t-disable` where `show run "
      "crypto "
      "map` has that line" },
};

/* NAT was found, and IKE_AUTH went on as if there were none, or did not come to that. */
static void tell_left_off(struct diagnosis *d, const struct ike_sa *sa, bool told)
{
    const bool failed = told && sa->outcome == SA_FAILED && !sa_reached_auth(sa);
    diagnosis_severity(d, failed ? SEVERITY_ERROR : SEVERITY_WARNING);
    if (told) {
        diagnosis_more(d, failed
                              ? "NAT traversal is switched off at {here}, which gave up for it."
                              : "NAT traversal is switched off at {here}: ESP goes without UDP, and a NAT that translates ports "
                                "does not let it through.");
        ADVISE(d, traverse_here);
        return;
    }
    diagnosis_more(d, "Yet IKE_AUTH stays on UDP 500, so NAT traversal is off at one end: ESP goes without UDP, and a NAT that "
                      "translates ports does not let it through.");
    ADVISE(d, traverse);
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_NAT_INSIDE);
    said = said.note ? said : heard(sa, CODE_NAT_OUTSIDE);
    said = said.note ? said : heard(sa, CODE_NAT_FLOAT);
    const struct heard off = heard(sa, CODE_NAT_TRAVERSAL_OFF);
    said = said.note ? said : off;
    struct diagnosis d;
    bool known = sa->initiator_behind_nat || sa->responder_behind_nat;
    if ((!known && !said.note) || !diagnosis_begin(&d, m, r, sa, speaker_of(off, SIDE_INITIATOR), CONFIDENCE_CERTAIN, TEXT("")))
        return;
    const bool both = sa->initiator_behind_nat && sa->responder_behind_nat, left_off = sa_kept_500(sa) || off.note;
    diagnosis_word(&d, "so", left_off ? (struct text){ NULL, 0 } : TEXT("so IKE and ESP use UDP 4500"));
    diagnosis_say(&d, left_off ? "There is NAT on the way, and NAT traversal is off" : NULL,
                  both                       ? "{initiator} and {responder} are both behind NAT[[, {so}]]."
                  : sa->initiator_behind_nat ? "{initiator} is behind NAT[[, {so}]]."
                  : sa->responder_behind_nat ? "{responder} is behind NAT[[, {so}]]."
                                             : "There is NAT between {both}[[, {so}]].");
    if (left_off)
        tell_left_off(&d, sa, off.note);
    diagnosis_nat(&d);
    if (!said.note)
        diagnosis_more(&d, "An end that forces UDP encapsulation pretends the same.");
    if (!left_off)
        ADVISE(&d, common);
    quote_note(&d, off);
    quote_note(&d, said);
    quote_note(&d, heard(sa, CODE_NAT_FLOAT));
    quote_note(&d, heard(sa, CODE_NAT_ADDRESS_NOT_MATCHED));
    for (const struct shown *s = sa->shown_only ? sa->shown : NULL; s; s = s->next) {
        const struct fact *nat = fact_find(fact_children(s->entry), "nat");
        if (nat)
            finding_quote(m, d.f, s->record, nat->line);
    }
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_SA_INIT);
    if (x && known && !said.note) {
        if (sa->initiator_behind_nat)
            quote_leg(&d, x, &x->request, "NAT_DETECTION_SOURCE_IP does not fit the address it came from");
        if (sa->responder_behind_nat)
            quote_leg(&d, x, &x->request, "NAT_DETECTION_DESTINATION_IP does not fit the address it went to");
    }
}

const struct rule rule_nat_detected = {
    .id = "nat-detected",
    .severity = SEVERITY_NOTE,
    .rank = 90,
    .title = "There is NAT on the way",
    .meaning = "The hashes of addresses and ports in IKE_SA_INIT do not fit what arrived: a translator changed them. IKE moves "
               "to UDP 4500 and ESP goes inside UDP.",
    .advice = "Nothing, as long as UDP 4500 passes. If IKE_AUTH is lost, look there first.",
    .sa = judge,
};
