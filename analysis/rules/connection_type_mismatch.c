/* An ASA's `set connection-type`, an IPsec profile's `responder-only`: where both ends only answer nobody begins, where both only begin nobody answers. */
#include "analysis/tunnels.h"

/* Where it stands: the crypto map's entry, or the IPsec profile of a tunnel (`responder-only`). */
static const struct record *holder_of(const struct tunnel_end *end)
{
    const struct record *map = end->entry && strcmp(end->entry->name, "crypto-map") == 0 ? end->entry : end->path.crypto_map;
    return map ? map : end->path.ipsec_profile;
}

static const struct fact *type_of(const struct tunnel_end *end)
{
    const struct record *holder = holder_of(end);
    const struct fact *only = holder ? fact_find(holder->facts, "responder_only") : NULL;
    return only && only->as.number ? only : holder ? fact_find(holder->facts, "connection_type") : NULL;
}

static bool says(const struct fact *type, const char *word)
{
    return type && type->kind == FACT_TEXT && text_equal(type->as.text, text_of(word));
}

static bool only_waits(const struct tunnel_end *end, const struct fact *type)
{
    return end->answers || says(type, "answer-only") || (type && type->kind == FACT_BOOL);
}

static void judge(struct model *m, const struct rule *r, const struct tunnel *t)
{
    const struct fact *types[2] = { type_of(&t->end[0]), type_of(&t->end[1]) };
    bool waits = true, begins = true;
    struct diagnosis d;
    for (unsigned i = 0; i < 2; i++) {
        waits &= only_waits(&t->end[i], types[i]);
        begins &= says(types[i], "originate-only");
    }
    if (t->ike_up || (!waits && !begins) || !tunnel_diagnosis(&d, m, r, t, 1, CONFIDENCE_LIKELY))
        return;
    diagnosis_say(&d, waits ? "Both ends wait for the other to begin" : "Both ends begin and neither answers",
                  waits ? "{there_name} and {here_name} only answer, so neither of them begins."
                        : "{there_name} and {here_name} only begin, and neither answers what the other sends.");
    for (unsigned i = 0; i < 2; i++) {
        const struct record *holder = types[i] ? holder_of(&t->end[i]) : NULL;
        if (!holder)
            continue;
        const char *words = types[i]->kind != FACT_BOOL
                                ? "either end will do: here, `crypto map {entry} set connection-type bi-directional`"
                            : strcmp(holder->name, "ipsec-profile") == 0
                                ? "either end will do: here, `crypto ipsec profile {entry}` / `no responder-only`"
                                : "either end will do: here, `crypto map {entry} ipsec-isakmp` / `no responder-only`";
        diagnosis_word(&d, "entry", holder->title);
        tunnel_advise(&d, t, i, words, words);
        finding_quote(m, d.f, holder, types[i]->line);
    }
}

const struct rule rule_connection_type_mismatch = {
    .id = "connection-type-mismatch",
    .severity = SEVERITY_ERROR,
    .rank = 9,
    .title = "Neither end begins, or neither answers",
    .meaning = "A crypto map entry of an ASA may be for answering or for beginning alone (`set connection-type`), a tunnel for "
               "answering "
               "(`responder-only` in its IPsec profile). Where both ends have the same of the two there is never a tunnel.",
    .advice =
        "`bi-directional`, the default, at one end at least; or `originate-only` at the one and `answer-only` at the other.",
    .tunnel_child = judge,
};
