#include "cli/redaction.h"

#include "cli/vocabulary.h"
#include "model/redact.h"

struct redacting {
    struct model *m;
    struct redactor r;
    struct buffer line;
};

static struct text redacted(struct redacting *x, struct text t)
{
    if (!t.len)
        return t;
    buffer_reset(&x->line);
    redact_begin(&x->r); /* an excerpt may lack the end of a banner */
    struct text rest = t;
    while (rest.len) {
        size_t end = text_find_byte(rest, '\n');
        redact_line(&x->r, text_upto(rest, end == TEXT_NOWHERE ? rest.len : end), &x->line);
        if (end != TEXT_NOWHERE)
            buffer_byte(&x->line, '\n');
        rest = text_from(rest, end == TEXT_NOWHERE ? rest.len : end + 1);
    }
    return arena_text(x->m->run, buffer_view(&x->line));
}

static void endpoint(struct redacting *x, struct endpoint *e)
{
    e->address = redact_address(&x->r, e->address);
}

static void identity(struct redacting *x, struct identity *id)
{
    if (id->value.len)
        id->value = redacted(x, id->value);
}

/* A name from end to end, whatever it looks like. */
static void name(struct redacting *x, struct text *t)
{
    struct address a;
    if (t->len)
        *t = address_read(*t, &a) ? redacted(x, *t) : redact_name(&x->r, *t);
}

static void certificate(struct redacting *x, struct certificate *c)
{
    name(x, &c->subject);
    name(x, &c->issuer);
}

static void selectors(struct redacting *x, struct selector *s)
{
    for (; s; s = s->next)
        redact_range(&x->r, &s->start, &s->end);
}

/* Octets may hold a name or an address in any form; only those that cannot are kept. */
static bool harmless(const char *name)
{
    static const char *const kept[] = { "spi", "iv", "icv" };
    for (size_t i = 0; name && i < COUNT_OF(kept); i++)
        if (strcmp(name, kept[i]) == 0)
            return true;
    return false;
}

/* Facts that are a name from end to end, whatever they look like. */
static bool names_somebody(const char *name)
{
    static const char *const names[] = { "id",        "identity",  "subject",
                                         "issuer",    "user",      "username",
                                         "user_name", "peer_name", "subject_alternative_names" };
    for (size_t i = 0; name && i < COUNT_OF(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool begins_range(const struct fact *f)
{
    return f->kind == FACT_ADDRESS && f->next && f->next->kind == FACT_ADDRESS && f->name && f->next->name &&
           text_ends(text_of(f->name), TEXT("start")) && text_ends(text_of(f->next->name), TEXT("end"));
}

static void facts(struct redacting *x, struct fact *f, bool in_spis, unsigned depth)
{
    for (; f && depth < 32; f = f->next) {
        struct address a;
        bool spis = in_spis || (f->name && strcmp(f->name, "spis") == 0);
        if (begins_range(f)) {
            redact_range(&x->r, &f->as.address, &f->next->as.address);
            f = f->next;
        } else if (f->kind == FACT_ADDRESS)
            f->as.address = redact_address(&x->r, f->as.address);
        else if (f->kind == FACT_TEXT)
            f->as.text = names_somebody(f->name) && !address_read(f->as.text, &a) ? redact_name(&x->r, f->as.text)
                                                                                  : redacted(x, f->as.text);
        else if (f->kind == FACT_OCTETS && !harmless(f->name) && !spis)
            f->kind = FACT_NONE;
        else if (f->kind == FACT_LIST || f->kind == FACT_GROUP)
            facts(x, fact_children(f), spis, depth + 1);
    }
}

static void message(struct redacting *x, struct message *m)
{
    if (!m)
        return;
    endpoint(x, &m->source);
    endpoint(x, &m->destination);
    identity(x, &m->idi);
    identity(x, &m->idr);
    name(x, &m->eap_identity);
    certificate(x, &m->cert);
    selectors(x, m->tsi);
    selectors(x, m->tsr);
    m->octets = (struct bytes){ NULL, 0 };
    for (struct notice *n = m->notices; n; n = n->next)
        n->data = (struct bytes){ NULL, 0 };
    for (struct payload *p = m->payloads; p; p = p->next)
        facts(x, p->facts, false, 0);
}

static void lines(struct redacting *x, struct finding_line *l)
{
    for (; l; l = l->next)
        l->text = redacted(x, l->text);
}

static void ike_sa(struct redacting *x, struct ike_sa *sa)
{
    struct party *const parties[] = { &sa->initiator, &sa->responder };
    for (int i = 0; i < 2; i++) {
        endpoint(x, &parties[i]->endpoint);
        identity(x, &parties[i]->id);
        name(x, &parties[i]->eap_identity);
        certificate(x, &parties[i]->cert);
    }
    name(x, &sa->redirected_to);
    for (struct path *p = sa->path; p; p = p->next) {
        endpoint(x, &p->initiator);
        endpoint(x, &p->responder);
    }
    for (struct view *v = sa->views; v; v = v->next) {
        endpoint(x, &v->local);
        endpoint(x, &v->remote);
        for (struct note *n = v->notes; n; n = n->next) {
            n->text = redacted(x, n->text);
            facts(x, n->facts, false, 0);
        }
    }
    for (struct exchange *e = sa->exchanges; e; e = e->next) {
        message(x, e->request.message);
        message(x, e->response.message);
    }
}

/* A router that is called by its folder and its file has a name of several words. */
static bool is_path(const struct device *d)
{
    return d->by_file || text_find_byte(d->name, '/') != TEXT_NOWHERE;
}

static void learn_device(struct redacting *x, const struct device *d)
{
    if (is_path(d))
        redact_path(&x->r, d->name, false);
    else
        redact_name(&x->r, d->name);
}

/* Names first: what one line tells is replaced in all. */
static void collect(struct redacting *x)
{
    struct model *m = x->m;
    for (size_t i = 1; i < m->device_count; i++)
        learn_device(x, &m->devices[i]);
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        const struct identity *ids[] = { &sa->initiator.id, &sa->responder.id };
        const struct party *parties[] = { &sa->initiator, &sa->responder };
        for (int i = 0; i < 2; i++) {
            if (ids[i]->value.len)
                redact_name(&x->r, ids[i]->value);
            if (parties[i]->eap_identity.len)
                redact_name(&x->r, parties[i]->eap_identity);
        }
        for (struct view *v = sa->views; v; v = v->next)
            for (struct note *n = v->notes; n; n = n->next)
                redact_collect(&x->r, n->text);
    }
    for (struct record *r = m->records; r; r = r->next) {
        struct text rest = r->text, line;
        if (r->kind == INPUT_CONFIG)
            redact_name(&x->r, r->title);
        while (text_cut(&rest, '\n', &line))
            redact_collect(&x->r, line);
    }
    for (struct kept_event *e = m->events; e; e = e->next)
        redact_collect(&x->r, e->event.text);
    for (struct not_read *n = m->not_read; n; n = n->next)
        redact_path(&x->r, n->name, true);
    for (size_t i = 0; i < m->input_count; i++)
        redact_path(&x->r, m->inputs[i].name, true);
}

static void input(struct redacting *x, struct input *in)
{
    in->name = redacted(x, in->name);
    in->path = in->name;
    for (struct trouble *t = in->troubles; t; t = t->next)
        t->text = redacted(x, t->text);
    for (struct unparsed_line *u = in->unparsed; u; u = u->next)
        u->text = redacted(x, u->text);
}

static void not_read(struct redacting *x, struct not_read *n)
{
    n->name = redacted(x, n->name);
    n->why = n->trouble                                     ? TEXT("a file that could not be read")
             : text_find_byte(n->why, '\'') == TEXT_NOWHERE ? n->why
                                                            : TEXT("read under another name");
}

static void finding(struct redacting *x, struct finding *f)
{
    f->title = redacted(x, f->title);
    f->cause = redacted(x, f->cause);
    lines(x, f->fix_initiator);
    lines(x, f->fix_responder);
    lines(x, f->fix_here);
    lines(x, f->fix_peer);
    endpoint(x, &f->here.endpoint);
    endpoint(x, &f->peer.endpoint);
    lines(x, f->evidence);
    lines(x, f->config);
}

static void records(struct redacting *x, struct record *r)
{
    for (; r; r = r->next) {
        r->title = redacted(x, r->title);
        r->text = redacted(x, r->text);
        facts(x, r->facts, false, 0);
    }
}

static void events(struct redacting *x, struct kept_event *e)
{
    for (; e; e = e->next) {
        e->event.text = redacted(x, e->event.text);
        endpoint(x, &e->event.local);
        endpoint(x, &e->event.remote);
        facts(x, e->event.facts, false, 0);
        message(x, e->event.message);
    }
}

static void replace(struct redacting *x)
{
    struct model *m = x->m;
    for (size_t i = 1; i < m->device_count; i++) {
        struct device *d = &m->devices[i];
        d->name = is_path(d) ? redacted(x, d->name) : redact_name(&x->r, d->name);
        facts(x, d->addresses, false, 0);
    }
    for (struct not_read *n = m->not_read; n; n = n->next)
        not_read(x, n);
    for (size_t i = 0; i < m->input_count; i++)
        input(x, &m->inputs[i]);
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        ike_sa(x, sa);
    for (struct child_sa *c = m->child_sas; c; c = c->next) {
        selectors(x, c->tsi);
        selectors(x, c->tsr);
    }
    for (struct flow *f = m->flows; f; f = f->next) {
        endpoint(x, &f->source);
        endpoint(x, &f->destination);
        facts(x, f->inner, false, 0);
    }
    for (struct finding *f = m->findings; f; f = f->next)
        finding(x, f);
    records(x, m->records);
    events(x, m->events);
}

void redact_models(struct model *const *models, size_t count)
{
    struct redacting x = { .m = models[0] };
    redactor_init(&x.r, x.m->run);
    vocabulary_keep(&x.r);
    buffer_init(&x.line, 16 << 20);
    for (size_t i = 0; i < count; i++) {
        x.m = models[i];
        collect(&x);
    }
    for (size_t i = 0; i < count; i++) {
        x.m = models[i];
        replace(&x);
    }
    buffer_clear(&x.line);
    redactor_clear(&x.r);
}

void redact_model(struct model *m)
{
    redact_models(&m, 1);
}
