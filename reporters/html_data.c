/* The data of the HTML report: one block of JSON for each SA, one for all events, one for configurations and show output.
 * The writer escapes < > and &, so that no text can end the script element it stands in. */
#include "base/utf8.h"
#include "reporters/clean.h"
#include "reporters/html_parts.h"
#include "reporters/members.h"
#include "reporters/steps.h"

enum { EVENTS_KEPT = 300000, TEXT_KEPT = 1500, RECORD_LINES_KEPT = 5000 };

static void open_block(struct sink *out, const char *id)
{
    sink_format(out, "<script type=\"application/json\" id=\"%s\">", id);
}

static void close_block(struct sink *out)
{
    sink_string(out, "</script>\n");
}

static void step_data(struct members *s, const struct step *step)
{
    write_object(&s->w, NULL);
    if (step->kind == STEP_MESSAGE && step->exchange) {
        write_string(&s->w, "exchange", registry_name(REGISTRY_EXCHANGE, step->exchange->type));
        write_string(&s->w, "part", step->response ? "response" : "request");
        write_string(&s->w, "from", side_name(step->side));
        if (!step->exchange->no_id)
            write_number(&s->w, "message_id", step->exchange->message_id);
        write_string(&s->w, "outcome", exchange_outcome_name(step->exchange->outcome));
        if (step->lost)
            write_bool(&s->w, "lost", true);
        if (step->leg)
            members_message(s, step->leg);
    } else if (step->kind == STEP_NOTE) {
        write_text(&s->w, "note", utf8_upto(step->text, TEXT_KEPT));
        write_string(&s->w, "severity", severity_name((enum severity)step->severity));
    }
    write_end_object(&s->w);
}

/* The panel as the markup that it is: none of it can end the element, because all text in it is escaped. */
static void panel_data(struct html *h, const struct ike_sa *sa, struct sink *out)
{
    struct buffer panel, *page = h->d.out;
    buffer_init(&panel, DRAWING_LIMIT);
    h->d.out = &panel;
    html_sa_panel(h, sa);
    h->d.out = page;
    sink_format(out, "<script type=\"text/plain\" id=\"panel-%u\">", sa->number);
    sink_text(out, buffer_view(&panel));
    close_block(out);
    h->data += panel.len;
    buffer_clear(&panel);
}

void html_sa_data(struct html *h, const struct ike_sa *sa, struct sink *out)
{
    struct members s;
    struct arena *arena = arena_create();
    char id[24];
    panel_data(h, sa, out);
    snprintf(id, sizeof id, "sa-%u", sa->number);
    open_block(out, id);
    members_init(&s, h->m, out);
    write_object(&s.w, NULL);
    struct steps steps = steps_of(h->m, sa, (struct steps_options){ .notes = true, .least_note = SEVERITY_NOTE }, arena);
    write_array(&s.w, "steps");
    for (size_t i = 0; i < steps.count; i++)
        step_data(&s, &steps.at[i]);
    write_end_array(&s.w);
    write_end_object(&s.w);
    members_clear(&s);
    arena_destroy(arena);
    close_block(out);
}

/* [t or null, device, input, place, packet, kind, severity, SA, text]: a row an event, short because there are many. */
static void event_row(struct members *s, struct buffer *text, const struct kept_event *k)
{
    const struct event *e = &k->event;
    int64_t t = e->time.kind ? model_time_at(s->model, e->input, e->line, e->time.ns) : TIME_UNKNOWN;
    write_array(&s->w, NULL);
    if (t == TIME_UNKNOWN)
        write_text(&s->w, NULL, TEXT(""));
    else
        write_decimal(&s->w, NULL, t, 9);
    write_number(&s->w, NULL, e->device);
    write_number(&s->w, NULL, e->input);
    write_number(&s->w, NULL, e->line);
    write_number(&s->w, NULL, e->input < s->model->input_count && s->model->inputs[e->input].has_packets);
    write_number(&s->w, NULL, e->kind);
    write_number(&s->w, NULL, e->severity);
    write_number(&s->w, NULL, k->ike_sa ? k->ike_sa->number : 0);
    buffer_reset(text);
    clean_put(text, utf8_upto(e->text, TEXT_KEPT));
    if (e->text.len > TEXT_KEPT)
        buffer_format(text, " ... (%zu octets)", e->text.len);
    write_text(&s->w, NULL, buffer_view(text));
    write_end_array(&s->w);
}

void html_events_data(struct html *h, struct sink *out)
{
    struct members s;
    struct buffer text;
    buffer_init(&text, 1 << 20);
    open_block(out, "events-data");
    members_init(&s, h->m, out);
    write_object(&s.w, NULL);
    write_number(&s.w, "total", h->m->event_count);
    write_array(&s.w, "kinds");
    for (unsigned i = 0; i < EVENT_KIND_COUNT; i++)
        write_text(&s.w, NULL, text_of(event_kind_name((enum event_kind)i)));
    write_end_array(&s.w);
    write_array(&s.w, "devices");
    for (size_t i = 0; i < h->m->device_count; i++)
        write_text(&s.w, NULL, i ? device_name(h->m, (uint32_t)i) : h->m->devices[0].name);
    write_end_array(&s.w);
    write_array(&s.w, "inputs");
    for (size_t i = 0; i < h->m->input_count; i++)
        write_text(&s.w, NULL, h->m->inputs[i].name);
    write_end_array(&s.w);
    write_array(&s.w, "rows");
    uint32_t n = 0;
    for (const struct kept_event *k = h->m->events; k && n < EVENTS_KEPT; k = k->next, n++)
        event_row(&s, &text, k);
    write_end_array(&s.w);
    write_end_object(&s.w);
    members_clear(&s);
    buffer_clear(&text);
    close_block(out);
}

void html_records_data(struct html *h, struct sink *out)
{
    struct members s;
    open_block(out, "records-data");
    members_init(&s, h->m, out);
    write_array(&s.w, NULL);
    for (const struct record *r = h->m->records; r; r = r->next) {
        write_object(&s.w, NULL);
        write_number(&s.w, "input", r->input);
        write_string(&s.w, "name", r->name);
        write_number(&s.w, "first", r->first_line);
        write_number(&s.w, "last", r->last_line);
        write_array(&s.w, "lines");
        struct text rest = r->text, line;
        for (uint32_t n = 0; n < RECORD_LINES_KEPT && text_cut(&rest, '\n', &line); n++) {
            write_array(&s.w, NULL);
            write_number(&s.w, NULL, r->line_numbers && n < r->line_count ? r->line_numbers[n] : r->first_line + n);
            write_text(&s.w, NULL, line);
            write_end_array(&s.w);
        }
        write_end_array(&s.w);
        write_end_object(&s.w);
    }
    write_end_array(&s.w);
    members_clear(&s);
    close_block(out);
}
