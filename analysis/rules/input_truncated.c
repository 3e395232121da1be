/* What the readers of inputs noticed about an input as a whole becomes a finding. */
#include "analysis/troubles.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "Get the whole file: let the transfer finish, close the capture in good order, raise the terminal log's limit." },
};

static void judge(struct model *m, const struct rule *r)
{
    troubles_tell(m, r, common, COUNT_OF(common));
}

const struct rule rule_input_truncated = {
    .id = "input-truncated",
    .severity = SEVERITY_WARNING,
    .rank = 88,
    .title = "The input ends in the middle",
    .meaning =
        "A log, capture or compressed file stops in the middle of something: what was complete up to there is in the report.",
    .advice = "Get the whole file: let the transfer finish, close the capture in good order, raise the terminal log's limit.",
    .whole = judge,
};
