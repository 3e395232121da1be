/* An ASA's `set connection-type`: where both ends only answer nobody begins, where both only begin nobody answers. */
#include "analysis/tunnels.h"

static const struct fact *type_of(const struct tunnel_end *end)
{
    const struct record *map = end->entry && strcmp(end->entry->name, "crypto-map") == 0 ? end->entry : end->path.crypto_map;
    return map ? fact_find(map->facts, "connection_type") : NULL;
}

static bool says(const struct fact *type, const char *word)
{
    return type && type->kind == FACT_TEXT && text_equal(type->as.text, text_of(word));
}

static void judge(struct model *m, const struct rule *r, const struct tunnel *t)
{
    const struct fact *types[2] = { type_of(&t->end[0]), type_of(&t->end[1]) };
    bool waits = true, begins = true;
    struct diagnosis d;
    for (unsigned i = 0; i < 2; i++) {
        waits &= says(types[i], "answer-only") || t->end[i].answers;
        begins &= says(types[i], "originate-only");
    }
    if (t->ike_up || (!waits && !begins) || !tunnel_diagnosis(&d, m, r, t, 1, CONFIDENCE_LIKELY))
        return;
    diagnosis_say(&d, waits ? "Both ends wait for the other to begin" : "Both ends begin and neither answers",
                  waits ? "{there_name} and {here_name} only answer, so neither of them begins."
                        : "{there_name} and {here_name} only begin, and neither answers what the other sends.");
    for (unsigned i = 0; i < 2; i++) {
        const struct record *map = types[i] ? t->end[i].path.crypto_map : NULL;
        if (!map)
            continue;
        diagnosis_word(&d, "entry", map->title);
        tunnel_advise(&d, t, i, "either end will do: here, `crypto map {entry} set connection-type bi-directional`",
                      "either end will do: here, `crypto map {entry} set connection-type bi-directional`");
        finding_quote(m, d.f, map, types[i]->line);
    }
}

const struct rule rule_connection_type_mismatch = {
    .id = "connection-type-mismatch",
    .severity = SEVERITY_ERROR,
    .rank = 9,
    .title = "Neither end begins, or neither answers",
    .meaning =
        "A crypto map entry of an ASA may be for answering or for beginning alone (`set connection-type`). Where both ends have "
        "the same of the two there is never a tunnel.",
    .advice =
        "`bi-directional`, the default, at one end at least; or `originate-only` at the one and `answer-only` at the other.",
    .tunnel_child = judge,
};
