#include "model/event.h"

const struct event_code_row event_code_rows[CODE_COUNT] = {
    { "none", EVENT_OTHER, SEVERITY_NONE, false },
#define X(ident, kind, severity, keep) { #ident, EVENT_##kind, SEVERITY_##severity, keep },
#include "model/event_codes.def"
#undef X
};

const char *event_kind_name(enum event_kind kind)
{
    static const char *const names[] = { "unknown",
#define ENTRY(ident, name) name,
                                         EVENT_KINDS(ENTRY)
#undef ENTRY
    };
    return (unsigned)kind < EVENT_KIND_COUNT ? names[kind] : names[0];
}

const char *severity_name(enum severity severity)
{
    static const char *const names[] = { "none", "note", "warning", "error" };
    return names[severity <= SEVERITY_ERROR ? severity : 0];
}
