/*
 * The members of a report (docs/report.schema.json, docs/ndjson.schema.json). `json` nests them and `ndjson` writes them as
 * lines, so every name is spelt once. Absent facts are absent keys.
 */
#ifndef IKESCOPE_REPORTERS_MEMBERS_H
#define IKESCOPE_REPORTERS_MEMBERS_H

#include "base/writer.h"
#include "model/model.h"

#define REPORT_SCHEMA "ikescope.report/1"

struct members {
    struct json_writer w;
    const struct model *model;
    struct buffer scratch; /* one value at a time */
    bool show_unparsed;
};

void members_init(struct members *s, const struct model *m, struct sink *out);
void members_clear(struct members *s);

/* Each writes members into the object that is open. */
void members_generator(struct members *s, const char *version);
void members_input(struct members *s, const struct input *in);
void members_not_read(struct members *s);                        /* the member "not_read", where there is something */
void members_ike_sa(struct members *s, const struct ike_sa *sa); /* all but views and exchanges */
void members_view(struct members *s, const struct ike_sa *sa, const struct view *v); /* all but transitions */
void members_transition(struct members *s, const struct view *v, const struct transition *t);
void members_exchange(struct members *s, const struct exchange *x); /* all but the messages */
void members_message(struct members *s, const struct leg *leg);
void members_child_sa(struct members *s, const struct child_sa *c);
void members_flow(struct members *s, const struct flow *f);
void members_finding(struct members *s, const struct finding *f);
void members_fix(struct json_writer *w, const struct finding *f); /* the member "fix", where something is advised */
void members_record(struct members *s, const struct record *r);   /* show output, a configuration object */
void members_event(struct members *s, const struct kept_event *k);

/* Names that several formats share. */
const char *side_name(unsigned side);                /* "initiator", "responder", NULL */
const char *exchange_outcome_name(unsigned outcome); /* "ok", "error", "no-response", NULL */
const char *traffic_protocol(unsigned protocol);     /* "ESP", "AH" */

#endif
