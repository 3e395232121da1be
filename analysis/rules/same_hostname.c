/* Two configurations of one name contradict each other. */
#include "analysis/troubles.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "Where both are of one router, at two times, give only the one that was running when the log was written; where they are "
      "of two, give each a `hostname` of its own." },
};

static void judge(struct model *m, const struct rule *r)
{
    troubles_tell(m, r, common, COUNT_OF(common));
}

const struct rule rule_same_hostname = {
    .id = "same-hostname",
    .severity = SEVERITY_NOTE,
    .rank = 89,
    .title = "Configurations of one host name contradict each other",
    .meaning = "Configurations name the same router and say different things of the same interface or crypto object. They cannot "
               "both be running on one router: each folder's is taken for a router of its own, called by the folder as well, and "
               "so are the logs and show output that lie with it; in one folder each that gives an interface another address, "
               "called by its file. Where "
               "the addresses agree, one folder's are taken for one router's at two times.",
    .advice = "Give one configuration a router, or routers of different names.",
    .whole = judge,
};
