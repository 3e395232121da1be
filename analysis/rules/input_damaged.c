/* What the readers of inputs noticed about an input as a whole becomes a finding. */
#include "analysis/troubles.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN, "Copy the file again in binary mode; check the disk and the tool that wrote it." },
};

static void judge(struct model *m, const struct rule *r)
{
    troubles_tell(m, r, common, COUNT_OF(common));
}

const struct rule rule_input_damaged = {
    .id = "input-damaged",
    .severity = SEVERITY_WARNING,
    .rank = 87,
    .title = "Part of the input is damaged",
    .meaning = "Somewhere in the middle the input makes no sense: octets of something else, a broken record, a garbled line. "
               "What stands around it is in the report.",
    .advice = "Copy the file again in binary mode; check the disk and the tool that wrote it.",
    .whole = judge,
};
