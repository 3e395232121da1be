#include "reporters/sketch.h"

#include "base/utf8.h"
#include "reporters/clean.h"
#include "reporters/peers.h"
#include "reporters/steps.h"
#include "reporters/words.h"

enum { TEXT_ROOM = 4096, NOTE_COLUMNS = 160, LABEL_COLUMNS = 40, LINE_COLUMNS = 64 };

/* ---- escapes ---- */

static bool harmless(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ' || c == '.' || c == ',' ||
           c == '(' || c == ')';
}

/* Signs that mean something to a drawing language at most in pairs or at the start of a word. */
static bool inside_word(uint32_t c, uint32_t before)
{
    return (c == '_' || c == '-' || c == '/') && harmless(before) && before != ' ';
}

/* All but letters, digits and a few signs goes by its number, as the language writes one: nothing looks inside of that. */
static void escape(const struct sketch_syntax *x, struct text t, struct sink *out)
{
    uint32_t code, before = 0;
    struct text raw;
    for (; utf8_next(&t, &code, &raw); before = code) {
        if (harmless(code) || inside_word(code, before)) {
            sink_byte(out, (char)code);
            continue;
        }
        const unsigned shown = utf8_safe(code) && code <= x->code_most ? code : 0xfffd;
        sink_string(out, x->code_begin);
        sink_format(out, x->code_hex ? "%04X" : "%u", shown);
        sink_string(out, x->code_end);
    }
}

const struct sketch_syntax sketch_mermaid = {
    .begin = "sequenceDiagram\n",
    .end = "",
    .line_break = "<br/>",
    .request = "->>",
    .response = "-->>",
    .lost_request = "-x",
    .lost_response = "--x",
    .note_over = "Note over ",
    .state_over = "Note over ",
    .failed_note = "",
    .code_begin = "#",
    .code_end = ";",
    .code_most = 0x10ffff,
};
const struct sketch_syntax sketch_plantuml = {
    .begin = "@startuml\n"
             "hide footbox\n"
             "skinparam shadowing false\n"
             "skinparam ArrowColor #1F5FAE\n"
             "skinparam ParticipantBackgroundColor #EEF3FA\n"
             "skinparam ParticipantBorderColor #1F5FAE\n"
             "skinparam SequenceLifeLineBorderColor #8793A3\n"
             "skinparam SequenceDividerBackgroundColor #F4F6F9\n"
             "skinparam SequenceDividerBorderColor #8793A3\n"
             "skinparam NoteBackgroundColor #F7F9FC\n"
             "skinparam NoteBorderColor #8793A3\n",
    .end = "@enduml\n",
    .line_break = "\\n",
    .quoted = true,
    .request = "->",
    .response = "-->",
    .lost_request = "-[#A8201A]>x ", /* without the blank a participant "xP2" */
    .lost_response = "--[#A8201A]>x ",
    .note_over = "note over ",
    .state_over = "hnote over ",
    .failed_note = " #FBE4E2",
    .divider = { "== ", " ==\n" },
    .delay = { "... ", " ...\n" },
    .code_begin = "<U+",
    .code_end = ">",
    .code_hex = true,
    .code_most = 0xffff,
};

/* ---- the walk ---- */

struct sketch {
    const struct model *m;
    const struct sketch_syntax *syntax;
    struct sink *out;
    struct arena *arena;
    bool alone;      /* one SA, in a document that tells its findings itself */
    struct map ends; /* label -> participant */
    unsigned participants;
    unsigned pair[2]; /* of the SA at hand */
    int64_t latest;   /* of its steps' times */
    struct buffer text;
};

struct participant {
    unsigned number;
};

static void label_of(struct sketch *k, const struct ike_sa *sa, bool responder)
{
    buffer_reset(&k->text);
    struct party ends[2];
    (void)ends_of(sa, &ends[0], &ends[1]);
    const struct party *p = &ends[responder];
    if (!p->device && p->endpoint.address.family == ADDRESS_NONE)
        buffer_string(&k->text, end_role(sa, responder));
    else
        party_print(k->m, p, &k->text);
    if (clean_columns(buffer_view(&k->text)) > LABEL_COLUMNS) { /* the address below the name */
        size_t at = k->text.len;
        while (at && k->text.at[at - 1] != ' ')
            at--;
        if (at)
            k->text.at[at - 1] = '\n';
    }
}

/* A drawing is as wide as its longest line. */
static void put_lines(struct sketch *k)
{
    struct text rest = buffer_view(&k->text), line;
    for (bool first = true; text_cut(&rest, '\n', &line);)
        do {
            sink_string(k->out, first ? "" : k->syntax->line_break);
            escape(k->syntax, clean_fit(&line, LINE_COLUMNS), k->out);
            first = false;
        } while (line.len);
}

static unsigned end_of(struct sketch *k, const struct ike_sa *sa, bool responder)
{
    label_of(k, sa, responder);
    struct participant *found = map_find(&k->ends, bytes_of_text(buffer_view(&k->text)));
    if (found && responder && found->number == k->pair[0]) {
        buffer_string(&k->text, " (responder)");
        found = map_find(&k->ends, bytes_of_text(buffer_view(&k->text)));
    }
    if (!found) {
        found = arena_new(k->arena, struct participant);
        found->number = ++k->participants;
        map_put(&k->ends, arena_bytes(k->arena, bytes_of_text(buffer_view(&k->text))), found);
        if (k->syntax->quoted) {
            sink_string(k->out, "participant \"");
            put_lines(k);
            sink_format(k->out, "\" as P%u\n", found->number);
        } else {
            sink_format(k->out, "    participant P%u as ", found->number);
            put_lines(k);
            sink_byte(k->out, '\n');
        }
    }
    return found->number;
}

static void pair_of(struct sketch *k, const struct ike_sa *sa)
{
    k->pair[0] = end_of(k, sa, false);
    k->pair[1] = end_of(k, sa, true);
}

/* side SIDE_UNKNOWN: over both */
static void note_as(struct sketch *k, const char *over, const char *looks, unsigned side)
{
    if (k->text.len == 0)
        return;
    sink_format(k->out, "    %sP%u", over, k->pair[side == SIDE_RESPONDER]);
    if (side == SIDE_UNKNOWN)
        sink_format(k->out, ",P%u", k->pair[1]);
    sink_string(k->out, looks);
    sink_string(k->out, k->syntax->quoted ? " : " : ": ");
    put_lines(k);
    sink_byte(k->out, '\n');
}

/* Over both ends: in the language's own form for it, else a note. */
static void across(struct sketch *k, const char *const form[2])
{
    if (!form[0]) {
        note_as(k, k->syntax->note_over, "", SIDE_UNKNOWN);
        return;
    }
    sink_string(k->out, form[0]);
    struct text rest = buffer_view(&k->text), line;
    for (bool first = true; text_cut(&rest, '\n', &line); first = false) {
        sink_string(k->out, first ? "" : ", ");
        escape(k->syntax, line, k->out);
    }
    sink_string(k->out, form[1]);
}

static void states(struct sketch *k, const struct step *s)
{
    for (size_t i = 0; i < 2; i++) {
        const struct step_states *t = &s->states[i];
        if (!t->count)
            continue;
        buffer_reset(&k->text);
        for (size_t n = 0; n < t->count && n < STEP_STATE_COUNT; n++)
            buffer_format(&k->text, "%s%s", n ? ", " : "", t->names[n]);
        note_as(k, k->syntax->state_over, "", i ? SIDE_RESPONDER : SIDE_INITIATOR);
    }
}

static void message(struct sketch *k, const struct step *s)
{
    const struct sketch_syntax *x = k->syntax;
    bool from_responder = s->side == SIDE_RESPONDER;
    const char *line = s->response ? (s->lost ? x->lost_response : x->response) : s->lost ? x->lost_request : x->request;
    sink_format(k->out, "    P%u%sP%u: ", k->pair[from_responder], line, k->pair[!from_responder]);
    buffer_reset(&k->text);
    message_label(s->exchange, s->response, &k->text);
    if (!s->exchange->no_id)
        buffer_format(&k->text, " id %u", s->exchange->message_id);
    if (s->message && s->message->length)
        buffer_format(&k->text, ", %u octets", s->message->length);
    if (s->has_t) {
        buffer_string(&k->text, ", t ");
        elapsed_print(s->t, k->latest, &k->text);
    }
    buffer_byte(&k->text, '\n');
    payloads_print(s->message, &k->text);
    if (s->retransmissions) {
        buffer_string(&k->text, "\n");
        count_print(s->retransmissions, "retransmission", "retransmissions", &k->text);
    }
    put_lines(k);
    sink_byte(k->out, '\n');
}

static void title(struct sketch *k, const struct ike_sa *sa)
{
    buffer_reset(&k->text);
    buffer_format(&k->text, "ike%u %s", sa->number, outcome_story(sa));
    const size_t told = k->text.len;
    buffer_string(&k->text, "\n");
    if (!spis_print(sa->spi_i, sa->spi_r, " ", &k->text))
        k->text.len = told;
    across(k, k->syntax->divider);
}

static void finding(struct sketch *k, const struct finding *f, enum side over)
{
    buffer_reset(&k->text);
    buffer_format(&k->text, "%s: ", severity_name(f->severity));
    buffer_text(&k->text, f->title);
    buffer_format(&k->text, " [%s]", f->rule);
    note_as(k, k->syntax->note_over, f->severity == SEVERITY_ERROR ? k->syntax->failed_note : "", over);
}

static void one(struct sketch *k, const struct ike_sa *sa, size_t *budget)
{
    struct arena *arena = arena_create();
    struct steps steps = steps_of(k->m, sa, (struct steps_options){ .notes = true, .least_note = SEVERITY_NOTE }, arena);
    k->latest = steps.latest;
    pair_of(k, sa);
    title(k, sa);
    for (const struct finding *f = k->alone ? NULL : k->m->findings; f; f = f->next)
        if (finding_heads(f, sa))
            finding(k, f, SIDE_UNKNOWN);
    for (size_t i = 0; i < steps.count && *budget; i++, --*budget) {
        const struct step *s = &steps.at[i];
        bool before = s->pause && step_states_first(k->m, s);
        if (before)
            states(k, s);
        if (s->pause) {
            buffer_reset(&k->text);
            duration_print(s->pause, &k->text);
            buffer_string(&k->text, " later");
            across(k, k->syntax->delay);
        }
        if (!before)
            states(k, s);
        if (s->kind == STEP_MESSAGE) {
            message(k, s);
        } else if (s->kind == STEP_NOTE) {
            buffer_reset(&k->text);
            buffer_format(&k->text, "%s%s", severity_mark(s->severity), *severity_mark(s->severity) ? " " : "");
            clean_cut(&k->text, s->text, NOTE_COLUMNS);
            note_as(k, k->syntax->note_over, s->severity == SEVERITY_ERROR ? k->syntax->failed_note : "", s->side);
        }
    }
    arena_destroy(arena);
}

/* Without an SA to draw: what was found all the same. */
static void findings_alone(struct sketch *k)
{
    unsigned n = 0;
    k->pair[0] = 1;
    for (const struct finding *f = k->m->findings; f && n < SKETCH_SAS; f = f->next, n++)
        finding(k, f, SIDE_INITIATOR);
}

void sketch_draw(const struct model *m, const struct ike_sa *sa, const struct sketch_syntax *syntax, struct sink *out)
{
    struct sketch k = { .m = m, .syntax = syntax, .out = out, .arena = arena_create(), .alone = sa != NULL };
    buffer_init(&k.text, TEXT_ROOM * 16);
    sink_string(out, syntax->begin);
    size_t budget = SKETCH_STEPS, drawn = 0;
    const struct ike_sa *sas[SKETCH_SAS] = { sa };
    struct peers peers = peers_of(m, k.arena);
    const size_t count = sa ? 1 : peers_chosen(m, &peers, SKETCH_SAS, sas);
    for (size_t n = 0; n < count && !sa; n++)
        pair_of(&k, sas[n]); /* participants are declared before the first arrow */
    for (; drawn < count && budget; drawn++)
        one(&k, sas[drawn], &budget);
    if (!k.participants) {
        buffer_reset(&k.text);
        none_seen_print(m, &k.text);
        sink_string(out, syntax->quoted ? "participant \"" : "    participant P1 as ");
        put_lines(&k);
        sink_string(out, syntax->quoted ? "\" as P1\n" : "\n");
        findings_alone(&k);
    } else if ((!sa && drawn < m->ike_sa_count) || !budget) {
        buffer_reset(&k.text);
        buffer_format(&k.text, "... %zu of %u IKE SAs%s", drawn, m->ike_sa_count,
                      budget ? "; of those that went alike one is drawn" : "");
        across(&k, syntax->divider);
    }
    sink_string(out, syntax->end);
    buffer_clear(&k.text);
    peers_clear(&peers);
    map_clear(&k.ends);
    arena_destroy(k.arena);
}
