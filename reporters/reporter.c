#include "reporters/reporter.h"

const struct reporter *reporter_find(struct text name)
{
    for (size_t i = 0; i < reporter_count; i++)
        if (text_equal(text_of(reporters[i]->name), name))
            return reporters[i];
    return NULL;
}
