/* json: one object, as docs/report.schema.json says. The large members are one line each, so that a report of a large
 * capture stays quick to write and its lines still mean something to grep. */
#include "reporters/members.h"
#include "reporters/reporter.h"

static void open_line(struct members *s)
{
    write_object(&s->w, NULL);
    s->w.indented = false;
}

static void close_line(struct members *s)
{
    write_end_object(&s->w);
    s->w.indented = true;
}

static void message(struct members *s, const char *name, const struct leg *leg)
{
    if (!leg->copies && !leg->message)
        return;
    write_object(&s->w, name);
    members_message(s, leg);
    write_end_object(&s->w);
}

static void view(struct members *s, const struct ike_sa *sa, const struct view *v)
{
    write_object(&s->w, NULL);
    members_view(s, sa, v);
    write_array(&s->w, "transitions");
    for (const struct transition *t = v->transitions; t; t = t->next) {
        open_line(s);
        members_transition(s, v, t);
        close_line(s);
    }
    write_end_array(&s->w);
    write_end_object(&s->w);
}

static void ike_sa(struct members *s, const struct ike_sa *sa)
{
    write_object(&s->w, NULL);
    members_ike_sa(s, sa);
    write_array(&s->w, "views");
    for (const struct view *v = sa->views; v; v = v->next)
        view(s, sa, v);
    write_end_array(&s->w);
    write_array(&s->w, "exchanges");
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        open_line(s);
        members_exchange(s, x);
        message(s, "request", &x->request);
        message(s, "response", &x->response);
        write_string(&s->w, "outcome", exchange_outcome_name(x->outcome));
        close_line(s);
    }
    write_end_array(&s->w);
    write_end_object(&s->w);
}

static void events(struct members *s, const struct model *m)
{
    write_array(&s->w, "events");
    for (const struct kept_event *k = m->events; k; k = k->next) {
        open_line(s);
        write_string(&s->w, "type", "event");
        members_event(s, k);
        close_line(s);
    }
    write_end_array(&s->w);
}

static void write(const struct model *m, const struct view_options *o, struct sink *out)
{
    struct members s;
    members_init(&s, m, out);
    s.show_unparsed = o->show_unparsed;
    s.w.indented = true;
    write_object(&s.w, NULL);
    write_string(&s.w, "schema", REPORT_SCHEMA);
    members_generator(&s, o->version);
    write_array(&s.w, "inputs");
    for (size_t i = 0; i < m->input_count; i++) {
        open_line(&s);
        members_input(&s, &m->inputs[i]);
        close_line(&s);
    }
    write_end_array(&s.w);
    members_not_read(&s);
    write_array(&s.w, "ike_sas");
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        ike_sa(&s, sa);
    write_end_array(&s.w);
    write_array(&s.w, "child_sas");
    for (const struct child_sa *c = m->child_sas; c; c = c->next) {
        open_line(&s);
        members_child_sa(&s, c);
        close_line(&s);
    }
    write_end_array(&s.w);
    write_array(&s.w, "esp_flows");
    for (const struct flow *f = m->flows; f; f = f->next) {
        if (f->claimed)
            continue;
        open_line(&s);
        members_flow(&s, f);
        close_line(&s);
    }
    write_end_array(&s.w);
    write_array(&s.w, "findings");
    for (const struct finding *f = m->findings; f; f = f->next) {
        write_object(&s.w, NULL);
        members_finding(&s, f);
        write_end_object(&s.w);
    }
    write_end_array(&s.w);
    if (m->records) {
        write_array(&s.w, "records");
        for (const struct record *r = m->records; r; r = r->next) {
            open_line(&s);
            members_record(&s, r);
            close_line(&s);
        }
        write_end_array(&s.w);
    }
    if (limits_total(&m->limits))
        write_number(&s.w, "over_limit", limits_total(&m->limits));
    if (o->events)
        events(&s, m);
    write_end_object(&s.w);
    sink_byte(out, '\n');
    members_clear(&s);
}

const struct reporter reporter_json = { .name = "json",
                                        .summary = "the whole report as one JSON object (docs/report.schema.json)",
                                        .endings = ".json",
                                        .needs_payloads = true,
                                        .needs_transitions = true,
                                        .write = write };
