#include "model/trace.h"

static const struct text states[] = {
#define X(name, means, next, trouble) { name, sizeof name - 1 },
#include "model/trace/states.def"
#undef X
};

static const struct text events[] = {
#define X(name, means, next, trouble) { "EV_" name, sizeof "EV_" name - 1 },
#include "model/trace/events.def"
#undef X
};

static const char *among(struct text name, const struct text *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].len == name.len && memcmp(list[i].at, name.at, name.len) == 0)
            return list[i].at;
    return NULL;
}

const char *trace_state(struct text name)
{
    return among(name, states, COUNT_OF(states));
}

const char *trace_event(struct text name)
{
    return among(name, events, COUNT_OF(events));
}

bool trace_begins_event(struct text name)
{
    bool begins = false;
    for (size_t i = 0; i < COUNT_OF(events); i++) {
        if (text_equal(events[i], name))
            return false;
        begins |= text_starts(events[i], name);
    }
    return begins;
}
