/* An input had more of something than is read or kept. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "Give the inputs in smaller parts: by time (`--since`, `--until`), by peer (a capture filter with `--filter`), one router "
      "a log; an input that no router wrote may be made to cost much." },
};

static void judge(struct model *m, const struct rule *r)
{
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        const struct limit_hit hit = m->limits.hit[i];
        const struct limit_row *row = &limit_rows[i];
        struct diagnosis d;
        if (!hit.times || !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, text_of(row->name)))
            continue;
        if (!(row->flags & LIMIT_LACKS))
            diagnosis_severity(&d, SEVERITY_NOTE);
        diagnosis_word(&d, "name", text_of(row->name));
        diagnosis_word(&d, "bounds", text_of(row->bounds));
        diagnosis_word(&d, "beyond", text_of(row->beyond));
        diagnosis_wordf(&d, "value", "%llu", (unsigned long long)limits_value(&m->limits, (enum limit)i));
        diagnosis_wordf(&d, "times", hit.times == 1 ? "once" : "%llu times", (unsigned long long)hit.times);
        diagnosis_say(&d, "More than {value} {bounds}", "The limit `{name}` ({value} {bounds}) was passed {times}: {beyond}.");
        d.f->count = hit.times > UINT32_MAX ? UINT32_MAX : (uint32_t)hit.times;
        ADVISE(&d, common);
        if (hit.place && hit.packet)
            quote_frame(&d, hit.input, hit.place, "here the limit `%s` was passed first", row->name);
        else if (hit.place)
            quote_line(&d, hit.input, hit.place, "here the limit `%s` was passed first", row->name);
    }
}

const struct rule rule_input_limit = {
    .id = "input-limit",
    .severity = SEVERITY_WARNING,
    .rank = 99, /* last: the other rules' findings have limits, too */
    .title = "A limit was passed",
    .meaning = "Whatever an input can multiply is bounded, so that no input costs more time and memory than there is; "
               "`ikescope list limits` names the bounds. One of them was passed, and the finding says what became of the rest. A "
               "note: only words are missing; a warning: conclusions may be.",
    .advice = "Give the inputs in smaller parts: by time, by peer, one router a log.",
    .always = true,
    .whole = judge,
};
