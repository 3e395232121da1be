/* Show output whose SPIs no log knows: taken at another time, or of another run. It is shown, and it proves nothing. */
#include "analysis/evidence.h"
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "take the show output while the debugs run, right after the trouble, so that its SPIs are those of the log" },
};

/* The lines with its SPIs, a few of them. */
static void quote_spis(struct model *m, struct finding *f, const struct record *r)
{
    static const char *const lists[] = { "sas", "flows" }, *const names[] = { "local_spi", "outbound_spi" };
    unsigned quoted = 0;
    for (unsigned i = 0; i < 2; i++) {
        const struct fact *list = fact_find(r->facts, lists[i]);
        for (const struct fact *g = fact_children(list); g && quoted < 2; g = g->next) {
            const struct fact *spi = fact_find(fact_children(g), names[i]);
            if (!spi)
                continue;
            finding_quote(m, f, r, spi->line);
            quoted++;
        }
    }
    if (!quoted)
        finding_quote(m, f, r, 0);
}

enum { RECORDS_QUOTED = 6 };

static void judge(struct model *m, const struct rule *r)
{
    const struct record *foreign[RECORDS_QUOTED];
    unsigned count = 0;
    for (const struct record *show = m->records; show; show = show->next) {
        if (!show->foreign || show->input >= m->input_count)
            continue;
        if (count < RECORDS_QUOTED)
            foreign[count] = show;
        count++;
    }
    struct diagnosis d;
    if (!count || !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY, TEXT("")))
        return;
    diagnosis_word(&d, "command", text_of(foreign[0]->name));
    diagnosis_word(&d, "input", m->inputs[foreign[0]->input].name);
    diagnosis_wordf(&d, "line", "%u", foreign[0]->first_line);
    if (count > 1)
        diagnosis_wordf(&d, "more", "%u more", count - 1);
    diagnosis_say(&d, NULL,
                  "The output of `{command}` in {input}, line {line}[[, and {more}]], shows SPIs that occur in no log here, so "
                  "it is of another run "
                  "or of a later rekey; it is not used as evidence.");
    ADVISE(&d, common);
    for (unsigned i = 0; i < count && i < RECORDS_QUOTED; i++)
        quote_spis(m, d.f, foreign[i]);
}

const struct rule rule_show_of_another_run = {
    .id = "show-of-another-run",
    .severity = SEVERITY_NOTE,
    .rank = 92,
    .title = "Show output is of another run",
    .meaning = "Show output was supplied whose SPIs contradict the logs. It may be true, but not of these SAs, so it was not "
               "joined with them.",
    .advice = "Take show output and debugs of one and the same attempt.",
    .whole = judge,
};
