/* The user asked for a time in which an input has nothing: the report is empty for that reason and for no other. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "give `--since` and `--until` in this input's own time, as its lines print it ({first} to {last}); a capture's is UTC" },
};

static struct text stamp_text(struct model *m, struct stamp stamp)
{
    struct buffer b;
    buffer_init(&b, 100);
    stamp_print(stamp, &b);
    struct text text = arena_text(m->run, buffer_view(&b));
    buffer_clear(&b);
    return text;
}

static void judge(struct model *m, const struct rule *r)
{
    for (size_t i = 0; i < m->input_count; i++) {
        const struct input *in = &m->inputs[i];
        struct diagnosis d;
        if (!in->outside || in->outside < in->timed ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, arena_format(m->run, "window %zu", i)))
            continue;
        diagnosis_word(&d, "name", in->name);
        diagnosis_count(&d, "entries", in->outside, in->has_packets ? "packet" : "entry",
                        in->has_packets ? "packets" : "entries");
        diagnosis_word(&d, "first", stamp_text(m, in->covers_first));
        diagnosis_word(&d, "last", stamp_text(m, in->covers_last));
        diagnosis_say(&d, "Nothing of {name} lies in the time that was asked for",
                      "`--since` and `--until` leave nothing of the {entries} of {name}, which covers {first} to {last}.");
        ADVISE(&d, common);
        void (*quote)(struct diagnosis *, uint32_t, uint32_t, const char *, ...) = in->has_packets ? quote_frame : quote_line;
        quote(&d, (uint32_t)i, in->covers_first_place, "its first, at %.*s", TEXT_ARGS(stamp_text(m, in->covers_first)));
        quote(&d, (uint32_t)i, in->covers_last_place, "its last, at %.*s", TEXT_ARGS(stamp_text(m, in->covers_last)));
    }
}

const struct rule rule_outside_window = {
    .id = "outside-window",
    .severity = SEVERITY_WARNING,
    .rank = 70, /* before what an empty report would be taken for */
    .title = "The time that was asked for leaves nothing of an input",
    .meaning =
        "`--since` and `--until` are compared with the times that the input itself prints: the router's own clock, UTC in a "
        "capture. All of its entries lie outside, so nothing of it was looked at; the finding says what it covers.",
    .advice = "Give another time, or none; a time of day alone (`10:00:00`) is taken on every day.",
    .always = true,
    .whole = judge,
};
