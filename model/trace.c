#include "model/trace.h"

static const char *const states[] = {
#define X(name, means, next, trouble) name,
#include "model/trace/states.def"
#undef X
};

static const char *const events[] = {
#define X(name, means, next, trouble) name,
#include "model/trace/events.def"
#undef X
};

static bool is_among(struct text name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i][0] == name.at[0] && text_equal(text_of(list[i]), name))
            return true;
    return false;
}

bool trace_knows_state(struct text name)
{
    return name.len && is_among(name, states, sizeof states / sizeof states[0]);
}

bool trace_knows_event(struct text name)
{
    return name.len > 3 && text_starts(name, TEXT("EV_")) &&
           is_among(text_from(name, 3), events, sizeof events / sizeof events[0]);
}
