/* IKEv1 among the inputs: recognised, counted, not taken apart; and two configurations of which one speaks IKEv1 alone. */
#include "analysis/ikev1.h"
#include "analysis/quote.h"
#include "analysis/tunnels.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_IOS,
      "if this tunnel should use IKEv2: `set ikev2-profile NAME` in the crypto map or IPsec profile; without it IOS speaks "
      "IKEv1" },
    { TO_BOTH, PLATFORM_ASA,
      "if this tunnel should use IKEv2: `crypto map MAP SEQ set ikev2 ipsec-proposal NAME` and IKEv2 keys in the tunnel-group; "
      "without them ASA speaks IKEv1" },
};

static void judge_inputs(struct model *m, const struct rule *r)
{
    for (size_t i = 0; i < m->input_count; i++) {
        const struct input *in = &m->inputs[i];
        struct diagnosis d;
        if (!in->ikev1_count ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, arena_format(m->run, "%zu", i)))
            continue;
        diagnosis_word(&d, "input", in->name);
        diagnosis_wordf(&d, "count", "%u", (unsigned)in->ikev1_count);
        diagnosis_wordf(&d, "what", "IKEv1 %s%s", in->has_packets ? "message" : "line", in->ikev1_count == 1 ? "" : "s");
        diagnosis_word(&d, "are", text_of(in->ikev1_count == 1 ? "is" : "are"));
        diagnosis_word(&d, "entry", in->ikev1_entry);
        diagnosis_say(&d, NULL, "{count} {what} in {input} {are} not part of this report.");
        if (in->ikev1_entry.len)
            diagnosis_more(&d, "For its crypto map entry {entry} the ASA chose IKEv1: no IKEv2 proposal is bound to it.");
        const struct ike_sa *silenced = ikev1_silenced(m, (uint32_t)i);
        if (silenced) {
            diagnosis_word(&d, "silent", side_text(m, silenced, SIDE_RESPONDER));
            diagnosis_more(&d, "They are those of {silent}, which does not answer IKEv2: what to do stands there.");
        } else {
            ADVISE(&d, common);
        }
        if (in->has_packets)
            quote_frame(&d, (uint32_t)i, in->ikev1_first, "the first IKEv1 message");
        else
            quote_note(&d,
                       (struct heard){
                           &(struct note){ .text = TEXT("the first IKEv1 line"), .input = (uint32_t)i, .line = in->ikev1_first },
                           NULL });
        if (in->ikev1_entry.len)
            quote_note(&d,
                       (struct heard){
                           &(struct note){ .text = TEXT("IKEv1 is chosen"), .input = (uint32_t)i, .line = in->ikev1_entry_line },
                           NULL });
    }
}

/* ---- what two configurations tell ---- */

enum speaks { SPEAKS_UNKNOWN, SPEAKS_IKEV1, SPEAKS_IKEV2, SPEAKS_BOTH };

static enum speaks asa_speaks(const struct record *holder)
{
    bool two = fact_find(holder->facts, "ipsec_proposals"),
         one = fact_find(holder->facts, "ikev1_transform_sets") || fact_find(holder->facts, "transform_sets");
    return two && one ? SPEAKS_BOTH : two ? SPEAKS_IKEV2 : one ? SPEAKS_IKEV1 : SPEAKS_UNKNOWN;
}

/* IOS speaks IKEv1 where no ikev2-profile is set; called by IKEv2 it may still find a profile by the caller's identity. */
static enum speaks speaks(const struct model *m, const struct tunnel_end *end, const struct record **holder)
{
    const struct record *tunnel = end->path.crypto_map ? NULL : end->path.interface;
    *holder = end->path.ipsec_profile ? end->path.ipsec_profile : end->path.crypto_map;
    if (!*holder)
        return SPEAKS_UNKNOWN;
    if (end->asa)
        return asa_speaks(*holder);
    if (fact_get_text((*holder)->facts, "ikev2_profile").len ||
        (tunnel && fact_get_text(tunnel->facts, "tunnel_ikev2_profile").len))
        return SPEAKS_IKEV2;
    if (record_next(m, end->device, "ikev2-profile", NULL))
        return SPEAKS_UNKNOWN;
    bool said = record_next(m, end->device, "isakmp-policy", NULL) || record_next(m, end->device, "isakmp-key", NULL) ||
                record_next(m, end->device, "isakmp-profile", NULL);
    return said ? SPEAKS_IKEV1 : SPEAKS_UNKNOWN;
}

static void quote_holder(struct model *m, struct diagnosis *d, const struct record *holder)
{
    static const char *const facts[] = { "ikev2_profile", "ipsec_proposals", "ikev1_transform_sets", "transform_sets" };
    finding_quote(m, d->f, holder, 0);
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        const struct fact *f = fact_find(holder->facts, facts[i]);
        if (f)
            finding_quote(m, d->f, holder, f->line);
    }
}

static void judge_tunnel(struct model *m, const struct rule *r, const struct tunnel *t)
{
    const struct record *holder[2];
    enum speaks ends[2] = { speaks(m, &t->end[0], &holder[0]), speaks(m, &t->end[1], &holder[1]) };
    struct diagnosis d;
    for (unsigned here = 0; here < 2; here++) {
        if (t->ike_up || t->end[0].answers || t->end[1].answers || ends[here] != SPEAKS_IKEV1 || ends[1 - here] != SPEAKS_IKEV2 ||
            !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
            continue;
        diagnosis_severity(&d, SEVERITY_ERROR);
        d.f->rank = 9;
        diagnosis_say(&d, "One end speaks IKEv1, the other IKEv2",
                      "Towards {there_name}, {here_name} is configured for IKEv1 alone, and {there_name} for IKEv2: neither "
                      "answers the other.");
        diagnosis_more(&d, "This is told by the two configurations alone.");
        bool map = t->end[here].path.crypto_map != NULL;
        tunnel_advise(
            &d, t, here,
            map ? "IKEv2 here as well: an IKEv2 keyring and profile for {peer}, then `crypto map MAP SEQ ipsec-isakmp` / `set "
                  "ikev2-profile PROFILE`"
                : "IKEv2 here as well: an IKEv2 keyring and profile for {peer}, then `crypto ipsec profile NAME` / `set "
                  "ikev2-profile PROFILE`",
            "IKEv2 here as well: `crypto map MAP SEQ set ikev2 ipsec-proposal PROPOSAL`, `crypto ikev2 policy 10`, `crypto "
            "ikev2 enable outside`, and IKEv2 keys in `tunnel-group {peer} ipsec-attributes`");
        for (unsigned i = 0; i < 2; i++)
            quote_holder(m, &d, holder[i ? 1 - here : here]);
    }
}

const struct rule rule_ikev1_seen = {
    .id = "ikev1-seen",
    .severity = SEVERITY_NOTE,
    .rank = 94,
    .title = "There is IKEv1 among the inputs",
    .meaning =
        "Some messages or log lines are of IKEv1 (ISAKMP), another protocol with other exchanges. They are counted and left out.",
    .advice = "If the tunnel was meant to use IKEv2, one end's configuration still selects IKEv1.",
    .whole = judge_inputs,
    .tunnel = judge_tunnel,
};
