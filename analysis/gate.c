#include "analysis/gate.h"

const struct rule gate_tunnel_up = {
    .id = "tunnel-up",
    .severity = SEVERITY_ERROR,
    .title = "The tunnel comes up",
    .meaning =
        "Every IKE SA that was begun must be established. One that failed, with no error among the findings that says why, "
        "fails; one whose end the inputs do not show is undecided. One that came up and was deleted later has come up: the "
        "result says so, and passes.",
    .advice = "Look at the same inputs with `ikescope report`. Where a tunnel must also stay up, a rule file says it: `expect: { "
              "over: ike_sas, that: { outcome: [established, rekeyed] } }`.",
};

const struct rule *gate_rule(struct text id)
{
    return text_equal(id, text_of(gate_tunnel_up.id)) ? &gate_tunnel_up : rule_find(id);
}

/* What is a warning in a report and none that a gate may let pass: {rule, its least severity for that} */
static const struct {
    const char *rule;
    enum severity from;
} raised[] = {
    { "weak-crypto", SEVERITY_WARNING },       /* what is allowed beside better is a note in both */
    { "no-return-traffic", SEVERITY_WARNING }, /* up, and carries nothing one way */
    { "one-way-path", SEVERITY_WARNING },
};

enum severity gate_severity(const char *rule, enum severity reported)
{
    for (size_t i = 0; i < COUNT_OF(raised); i++)
        if (strcmp(raised[i].rule, rule) == 0 && reported >= raised[i].from)
            return SEVERITY_ERROR;
    return reported;
}
