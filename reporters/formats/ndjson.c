/* ndjson: the JSON report as lines, each an object that names the others by id (docs/ndjson.schema.json). */
#include "reporters/members.h"
#include "reporters/reporter.h"

static void open_line(struct members *s, const char *type)
{
    write_object(&s->w, NULL);
    write_string(&s->w, "type", type);
}

static void close_line(struct members *s)
{
    write_end_object(&s->w);
    sink_byte(s->w.out, '\n');
}

static void sa_name(struct members *s, const struct ike_sa *sa)
{
    char id[24];
    snprintf(id, sizeof id, "ike%u", sa->number);
    write_string(&s->w, "ike_sa", id);
}

static void transitions(struct members *s, const struct model *m)
{
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (const struct view *v = sa->views; v; v = v->next)
            for (const struct transition *t = v->transitions; t; t = t->next) {
                char input[24];
                open_line(s, "transition");
                sa_name(s, sa);
                snprintf(input, sizeof input, "in%u", v->input + 1);
                write_string(&s->w, "input", input);
                if (v->device && v->device < m->device_count)
                    write_text(&s->w, "device", device_name(m, v->device));
                write_string(&s->w, "role", side_name(v->role));
                members_transition(s, v, t);
                close_line(s);
            }
}

static void message(struct members *s, const struct ike_sa *sa, const struct exchange *x, bool response)
{
    const struct leg *leg = response ? &x->response : &x->request;
    if (!leg->copies && !leg->message)
        return;
    open_line(s, "message");
    sa_name(s, sa);
    write_string(&s->w, "exchange", registry_name(REGISTRY_EXCHANGE, x->type));
    if (!x->no_id)
        write_number(&s->w, "msgid", x->message_id);
    write_string(&s->w, "from", side_name(x->from));
    write_string(&s->w, "part", response ? "response" : "request");
    write_string(&s->w, "outcome", exchange_outcome_name(x->outcome));
    members_message(s, leg);
    close_line(s);
}

static void views(struct members *s, const struct ike_sa *sa)
{
    write_array(&s->w, "views");
    for (const struct view *v = sa->views; v; v = v->next) {
        write_object(&s->w, NULL);
        members_view(s, sa, v);
        write_end_object(&s->w);
    }
    write_end_array(&s->w);
}

static void summary(struct members *s, const struct model *m)
{
    uint64_t outcomes[SA_DELETED + 1] = { 0 }, severities[SEVERITY_ERROR + 1] = { 0 };
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        if (sa->outcome <= SA_DELETED)
            outcomes[sa->outcome]++;
    for (const struct finding *f = m->findings; f; f = f->next)
        if (f->severity <= SEVERITY_ERROR)
            severities[f->severity]++;
    open_line(s, "summary");
    write_number(&s->w, "events", m->event_count);
    write_number(&s->w, "ike_sas", m->ike_sa_count);
    write_number(&s->w, "child_sas", m->child_sa_count);
    write_object(&s->w, "outcomes");
    for (size_t i = 0; i <= SA_DELETED; i++)
        write_number(&s->w, sa_outcome_name((enum sa_outcome)i), outcomes[i]);
    write_end_object(&s->w);
    write_object(&s->w, "findings");
    for (size_t i = SEVERITY_NOTE; i <= SEVERITY_ERROR; i++)
        write_number(&s->w, severity_name((enum severity)i), severities[i]);
    write_end_object(&s->w);
    if (limits_total(&m->limits))
        write_number(&s->w, "over_limit", limits_total(&m->limits));
    close_line(s);
}

static void write(const struct model *m, const struct view_options *o, struct sink *out)
{
    struct members s;
    members_init(&s, m, out);
    s.show_unparsed = o->show_unparsed;
    open_line(&s, "header");
    write_string(&s.w, "schema", REPORT_SCHEMA);
    members_generator(&s, o->version);
    write_array(&s.w, "inputs");
    for (size_t i = 0; i < m->input_count; i++) {
        write_object(&s.w, NULL);
        members_input(&s, &m->inputs[i]);
        write_end_object(&s.w);
    }
    write_end_array(&s.w);
    members_not_read(&s);
    close_line(&s);
    for (const struct kept_event *k = m->events; k; k = k->next) {
        open_line(&s, "event");
        members_event(&s, k);
        close_line(&s);
    }
    transitions(&s, m);
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (const struct exchange *x = sa->exchanges; x; x = x->next) {
            message(&s, sa, x, false);
            message(&s, sa, x, true);
        }
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        open_line(&s, "ike_sa");
        members_ike_sa(&s, sa);
        views(&s, sa);
        close_line(&s);
    }
    for (const struct child_sa *c = m->child_sas; c; c = c->next) {
        open_line(&s, "child_sa");
        members_child_sa(&s, c);
        close_line(&s);
    }
    for (const struct flow *f = m->flows; f; f = f->next)
        if (!f->claimed) {
            open_line(&s, "esp_flow");
            members_flow(&s, f);
            close_line(&s);
        }
    for (const struct record *r = m->records; r; r = r->next) {
        open_line(&s, "record");
        members_record(&s, r);
        close_line(&s);
    }
    for (const struct finding *f = m->findings; f; f = f->next) {
        open_line(&s, "finding");
        members_finding(&s, f);
        close_line(&s);
    }
    summary(&s, m);
    members_clear(&s);
}

const struct reporter reporter_ndjson = { .name = "ndjson",
                                          .summary = "the report as JSON lines, each naming the others by id",
                                          .endings = ".ndjson .jsonl",
                                          .needs_events = true,
                                          .needs_payloads = true,
                                          .needs_transitions = true,
                                          .write = write };
