/* markdown: findings first, then each IKE SA with a mermaid drawing and a table of its steps, in GitHub's dialect. All text of an
 * input goes through reporters/marked.h. */
#include "reporters/clean.h"
#include "reporters/fixes.h"
#include "reporters/marked.h"
#include "reporters/members.h"
#include "reporters/peers.h"
#include "reporters/prose.h"
#include "reporters/reporter.h"
#include "reporters/shown.h"
#include "reporters/sketch.h"
#include "reporters/steps.h"
#include "reporters/walkthrough.h"
#include "reporters/words.h"

enum { SAS_DRAWN = 40, SAS_LISTED = 500, FINDINGS = 200, TEXT = 1 << 16, NOTE_COLUMNS = 240 };

struct markdown {
    struct sink *out;
    const struct model *m;
    struct buffer text;
    struct walker *walker;
};

static struct buffer *fresh(struct markdown *d)
{
    buffer_reset(&d->text);
    return &d->text;
}

static void put(struct markdown *d)
{
    marked_put(d->out, buffer_view(&d->text));
}

/* ---- findings ---- */

static void advice(struct markdown *d, const struct finding *f)
{
    struct fixes places[FIX_PLACES];
    size_t count = fixes_of(f, places);
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < places[i].count; n++) {
            fix_where_print(d->m, &places[i], fresh(d));
            sink_string(d->out, d->text.len ? "- **Fix " : "- **Fix");
            put(d);
            sink_string(d->out, ":** ");
            marked_advice(d->out, places[i].lines[n]);
            sink_byte(d->out, '\n');
        }
}

static void quotes(struct markdown *d, const struct finding_line *first, const char *word)
{
    for (const struct finding_line *l = first; l; l = l->next) {
        sink_string(d->out, "- ");
        if (l->place) {
            sink_format(d->out, "%s ", word);
            place_print(d->m, l->input, l->place, l->packet, fresh(d));
            put(d);
            sink_string(d->out, l->text.len ? ": " : "");
        }
        if (l->text.len)
            marked_code(d->out, l->text, NOTE_COLUMNS, false);
        sink_byte(d->out, '\n');
    }
}

static void findings(struct markdown *d)
{
    size_t n = 0;
    for (const struct finding *f = d->m->findings; f; f = f->next, n++) {
        if (n == 0)
            sink_string(d->out, "## Findings\n\n");
        if (n == FINDINGS) {
            sink_format(d->out, "… and %u more.\n\n", d->m->finding_count > FINDINGS ? d->m->finding_count - FINDINGS : 1);
            return;
        }
        sink_format(d->out, "### %s: ",
                    f->severity == SEVERITY_ERROR     ? "Error"
                    : f->severity == SEVERITY_WARNING ? "Warning"
                                                      : "Note");
        marked_put(d->out, f->title);
        sink_string(d->out, "\n\n");
        cause_print(d->m, f, fresh(d));
        marked_prose(d->out, buffer_view(&d->text), false);
        sink_format(d->out, " (`%s`, %s", f->rule, confidence_name((enum confidence)f->confidence));
        if (f->ike_sa)
            sink_format(d->out, ", ike%u", f->ike_sa->number);
        if (f->child_sa)
            sink_format(d->out, ", child%u", f->child_sa->number);
        if (f->count > 1)
            sink_format(d->out, ", %u times", f->count);
        sink_string(d->out, ")\n\n");
        advice(d, f);
        quotes(d, f->evidence, "Seen in");
        quotes(d, f->config, "Configured in");
        sink_byte(d->out, '\n');
    }
}

/* ---- SAs ---- */

static void pair_rows(struct markdown *d, const struct peers *p, size_t from, size_t to)
{
    sink_string(d->out, "| state | initiator | responder | IKE SAs | since | cause |\n|---|---|---|---:|---|---|\n");
    for (size_t i = from; i < to && i < SAS_LISTED; i++) {
        const struct pair *pair = p->at[i];
        sink_format(d->out, "| **%s** | ", pair_state_word((enum pair_state)pair->state));
        struct party one, other;
        bool known = ends_of(pair->best, &one, &other);
        party_print(d->m, &one, fresh(d));
        buffer_string(&d->text, known ? "" : " (who began is not said)");
        put(d);
        sink_string(d->out, " | ");
        party_print(d->m, &other, fresh(d));
        put(d);
        sink_format(d->out, " | %u | ", pair->count);
        stamp_print(pair->first->first, fresh(d));
        put(d);
        sink_string(d->out, " | ");
        if (pair->finding)
            marked_put(d->out, pair->finding->title);
        sink_string(d->out, " |\n");
    }
}

/* Of many pairs those that are up are folded away, as in the other formats. */
static void pairs(struct markdown *d)
{
    struct arena *arena = arena_create();
    struct peers p = peers_of(d->m, arena);
    const size_t told = peers_told(&p), folded = p.count - told;
    if (told)
        pair_rows(d, &p, 0, told);
    if (!p.count) {
        buffer_reset(&d->text);
        none_seen_print(d->m, &d->text);
        sink_text(d->out, buffer_view(&d->text));
        sink_string(d->out, "\n");
    }
    if (folded && told < SAS_LISTED) {
        sink_format(d->out, "%s<details><summary>%zu other%s up</summary>\n\n", told ? "\n" : "", folded,
                    folded == 1 ? " is" : "s are");
        pair_rows(d, &p, told, p.count);
        sink_string(d->out, "\n</details>\n");
    }
    if (p.count > SAS_LISTED)
        sink_format(d->out, "\n… and %zu more pair%s of peers.\n", p.count - SAS_LISTED, plural_s(p.count - SAS_LISTED));
    sink_byte(d->out, '\n');
    peers_clear(&p);
    arena_destroy(arena);
}

static void row_states(struct markdown *d, const struct step_states *s)
{
    for (size_t n = 0; n < s->count && n < STEP_STATE_COUNT; n++) {
        sink_string(d->out, n ? ", " : "");
        marked_put(d->out, text_of(s->names[n]));
    }
}

static void row_what(struct markdown *d, const struct step *s)
{
    if (s->kind == STEP_NOTE) {
        sink_string(d->out, s->severity == SEVERITY_ERROR ? "**error** " : s->severity == SEVERITY_WARNING ? "**warning** " : "");
        marked_code(d->out, s->text, NOTE_COLUMNS, true);
        return;
    }
    if (s->kind != STEP_MESSAGE)
        return;
    sink_string(d->out, s->side == SIDE_RESPONDER ? "← " : "→ ");
    message_label(s->exchange, s->response, fresh(d));
    if (!s->exchange->no_id)
        buffer_format(&d->text, " id %u", s->exchange->message_id);
    if (s->message && s->message->length)
        buffer_format(&d->text, ", %u octets", s->message->length);
    put(d);
    if (s->message) {
        sink_string(d->out, ": ");
        payloads_print(s->message, fresh(d));
        put(d);
    }
    if (s->retransmissions)
        sink_format(d->out, " **×%u**", s->retransmissions + 1);
    if (s->lost)
        sink_string(d->out, " **lost or unanswered**");
    if (s->answered)
        sink_format(d->out, " (%s)", words_answered);
}

static void table(struct markdown *d, const struct ike_sa *sa)
{
    struct arena *arena = arena_create();
    struct steps steps = steps_of(d->m, sa, (struct steps_options){ .notes = true, .least_note = SEVERITY_NOTE }, arena);
    sink_string(d->out, "| t | initiator | step | responder | where |\n|---:|---|---|---|---|\n");
    for (size_t i = 0; i < steps.count && i < SKETCH_STEPS; i++) {
        const struct step *s = &steps.at[i];
        if (s->kind == STEP_END)
            continue;
        sink_string(d->out, "| ");
        if (s->has_t) {
            elapsed_print(s->t, steps.latest, fresh(d));
            put(d);
        }
        sink_string(d->out, " | ");
        row_states(d, &s->states[0]);
        sink_string(d->out, " | ");
        row_what(d, s);
        sink_string(d->out, " | ");
        row_states(d, &s->states[1]);
        sink_string(d->out, " | ");
        if (s->place) {
            place_print(d->m, s->input, s->place, s->packet, fresh(d));
            put(d);
        }
        sink_string(d->out, " |\n");
    }
    if (steps.count > SKETCH_STEPS)
        sink_format(d->out, "\n… and %zu more step%s.\n", steps.count - SKETCH_STEPS, plural_s(steps.count - SKETCH_STEPS));
    sink_byte(d->out, '\n');
    arena_destroy(arena);
}

static void shown_items(struct markdown *d, const struct shown *first, const struct child_sa *child)
{
    size_t n = 0;
    for (; first && n < SHOWN_LINES; first = first->next)
        if (shown_print(d->m, first, child, fresh(d))) {
            sink_string(d->out, child ? "  - " : "- ");
            put(d);
            sink_byte(d->out, '\n');
            n++;
        }
}

static void ike_sa(struct markdown *d, const struct ike_sa *sa)
{
    struct party from, to;
    bool known = ends_of(sa, &from, &to);
    sink_format(d->out, "## ike%u: ", sa->number);
    party_print(d->m, &from, fresh(d));
    put(d);
    sink_string(d->out, known ? " → " : " ⇄ ");
    party_print(d->m, &to, fresh(d));
    put(d);
    sink_format(d->out, ", %s\n\n", outcome_story(sa));
    buffer_string(fresh(d), spi_known(sa->spi_i) ? "SPIs " : "its SPIs are not known");
    spi_print(sa->spi_i, &d->text);
    if (spi_known(sa->spi_r)) {
        buffer_string(&d->text, " / ");
        spi_print(sa->spi_r, &d->text);
    }
    if (sa->has_proposal) {
        buffer_string(&d->text, "; ");
        algorithms_print(&sa->proposal, &d->text);
    }
    if (sa->rekeys)
        buffer_format(&d->text, "; replaces ike%u", sa->rekeys->number);
    if (ike_sa_replaced(sa)) {
        buffer_string(&d->text, "; replaced ");
        heir_print(sa, &d->text);
    }
    if (sa->path && sa->path->next) {
        buffer_string(&d->text, "; ");
        moves_print(sa, &d->text);
    }
    put(d);
    sink_string(d->out, "\n\n");
    shown_items(d, sa->shown, NULL);
    for (const struct child_sa *c = sa->children; c; c = c->sibling) {
        const char *protocol = traffic_protocol(c->protocol);
        buffer_format(fresh(d), "child%u %s: %s ", c->number, sa_outcome_name((enum sa_outcome)c->outcome),
                      protocol ? protocol : "");
        selectors_print(c->tsi, 3, &d->text);
        if (c->tsi || c->tsr)
            buffer_string(&d->text, " <-> ");
        selectors_print(c->tsr, 3, &d->text);
        buffer_byte(&d->text, ' ');
        algorithms_print(&c->proposal, &d->text);
        sink_string(d->out, "- ");
        put(d);
        sink_byte(d->out, '\n');
        shown_items(d, c->shown, c);
    }
    sink_string(d->out, sa->children || sa->shown ? "\n```mermaid\n" : "```mermaid\n");
    sketch_draw(d->m, sa, &sketch_mermaid, d->out);
    sink_string(d->out, "```\n\n");
    table(d, sa);
    walkthrough_markdown(d->walker, d->m, sa, d->out);
    sink_byte(d->out, '\n');
}

static void inputs(struct markdown *d)
{
    sink_string(
        d->out,
        "## Inputs\n\n| input | kind | device | lines | unparsed | packets | clock |\n|---|---|---|---:|---:|---:|---|\n");
    for (size_t i = 0; i < d->m->input_count && i < SAS_LISTED; i++) {
        const struct input *in = &d->m->inputs[i];
        sink_string(d->out, "| ");
        marked_put(d->out, in->name);
        sink_format(d->out, " | %s | ", input_kind_name(in->kind) ? input_kind_name(in->kind) : "");
        marked_put(d->out, device_name(d->m, in->device));
        sink_format(d->out, " | %llu | %llu | %llu | ", (unsigned long long)in->line_total,
                    (unsigned long long)in->lines[LINE_UNPARSED], (unsigned long long)in->packet_total);
        buffer_reset(&d->text);
        if (clock_print(d->m, in, &d->text))
            marked_put(d->out, buffer_view(&d->text));
        sink_string(d->out, " |\n");
    }
    buffer_reset(&d->text);
    if (not_read_print(d->m, &d->text)) {
        sink_string(d->out, "\nNot read: ");
        marked_put(d->out, buffer_view(&d->text));
        sink_string(d->out, ".\n");
    }
}

static void write(const struct model *m, const struct view_options *o, struct sink *out)
{
    (void)o;
    struct markdown d = { .out = out, .m = m, .walker = walker_create(m) };
    buffer_init(&d.text, TEXT);
    sink_string(out, "# IKEv2 report\n\n");
    pairs(&d);
    findings(&d);
    const struct ike_sa *sas[SAS_DRAWN];
    const size_t n = peers_drawn(m, SAS_DRAWN, sas);
    for (size_t k = 0; k < n; k++)
        ike_sa(&d, sas[k]);
    if (m->ike_sa_count > n)
        sink_format(out, "… and %zu more IKE SA%s.\n\n", m->ike_sa_count - n, plural_s(m->ike_sa_count - n));
    inputs(&d);
    walker_destroy(d.walker);
    buffer_clear(&d.text);
}

const struct reporter reporter_markdown = { .name = "markdown",
                                            .summary = "findings, drawings and tables for a ticket or a wiki",
                                            .endings = ".md",
                                            .needs_events = true,
                                            .needs_payloads = true,
                                            .needs_transitions = true,
                                            .write = write };
