/* Models made by hand, for the tests of rules: a few words a line, nothing that a parser or decoder would be needed for. */
#ifndef IKESCOPE_TESTS_BUILDER_H
#define IKESCOPE_TESTS_BUILDER_H

#include "model/model.h"

struct builder {
    struct model *m;
    struct ike_sa *sa;  /* the newest */
    struct view *view;  /* the newest */
    struct exchange *x; /* the newest */
    uint32_t line;      /* of the next note or sighting */
};

static inline int64_t seconds(double s)
{
    return INT64_C(1700000000000000000) + (int64_t)(s * 1e9);
}

static inline void build_begin(struct builder *b)
{
    *b = (struct builder){ .m = model_create(), .line = 1 };
    b->m->options.keep_transitions = b->m->options.keep_payloads = true;
    b->m->origin_ns = seconds(0);
}

static inline uint32_t build_input(struct builder *b, const char *name, enum input_kind kind)
{
    struct input *in = model_add_input(b->m, text_of(name), text_of(name));
    in->kind = kind;
    in->aligned = true;
    in->has_packets = kind == INPUT_CAPTURE;
    in->first_stamp = (struct stamp){ .kind = STAMP_DATE, .has_year = true, .ns = seconds(0) };
    in->last_stamp = (struct stamp){ .kind = STAMP_DATE, .has_year = true, .ns = seconds(3600) };
    return in->index;
}

static inline struct ike_sa *build_sa(struct builder *b, uint64_t spi_i, const char *initiator, const char *responder)
{
    struct ike_sa *sa = arena_new(b->m->run, struct ike_sa);
    sa->number = ++b->m->ike_sa_count;
    sa->spi_i = spi_of(spi_i, 16);
    sa->spi_r = spi_of(spi_i + 1, 16);
    sa->first_ns = seconds(10.0 * sa->number);
    sa->last_ns = sa->first_ns + 1000000000;
    sa->first = (struct stamp){ .kind = STAMP_DATE, .has_year = true, .ns = sa->first_ns };
    sa->last = (struct stamp){ .kind = STAMP_DATE, .has_year = true, .ns = sa->last_ns };
    sa->start_seen = true;
    sa->initiator.endpoint.port = sa->responder.endpoint.port = 500;
    (void)address_read(text_of(initiator), &sa->initiator.endpoint.address);
    (void)address_read(text_of(responder), &sa->responder.endpoint.address);
    sa->made_before = b->m->ike_sas_made;
    b->m->ike_sas_made = sa;
    if (b->m->ike_sas_last)
        b->m->ike_sas_last->next = sa;
    else
        b->m->ike_sas = sa;
    b->m->ike_sas_last = sa;
    b->x = NULL;
    b->view = NULL;
    return b->sa = sa;
}

static inline void build_outcome(struct builder *b, enum sa_outcome outcome)
{
    b->sa->outcome = (uint8_t)outcome;
    b->sa->failed = outcome == SA_FAILED;
    b->sa->established = outcome == SA_ESTABLISHED || outcome == SA_DELETED || outcome == SA_REKEYED;
    b->sa->deleted = outcome == SA_DELETED;
}

static inline struct view *build_view(struct builder *b, uint32_t input, enum side role)
{
    struct view *v = arena_new(b->m->run, struct view);
    v->input = input;
    v->role = (uint8_t)role;
    v->wire = model_input(b->m, input)->kind == INPUT_CAPTURE;
    v->first_ns = seconds(0);
    v->last_ns = seconds(3600);
    v->first_line = 1;
    if (b->sa->views_last)
        b->sa->views_last->next = v;
    else
        b->sa->views = v;
    b->sa->views_last = v;
    return b->view = v;
}

static inline struct note *build_note(struct builder *b, enum event_code code, const char *text)
{
    struct note *n = arena_new(b->m->run, struct note);
    const struct event_code_row *row = event_code_row(code);
    *n = (struct note){
        .text = text_of(text), .ns = seconds(1), .line = b->line++, .code = (uint16_t)code, .severity = (uint8_t)row->severity
    };
    if (!b->view) {
        if (b->m->loose_last)
            b->m->loose_last->next = n;
        else
            b->m->loose = n;
        b->m->loose_last = n;
        b->m->loose_count++;
        return n;
    }
    n->input = b->view->input;
    if (b->view->notes_last)
        b->view->notes_last->next = n;
    else
        b->view->notes = n;
    b->view->notes_last = n;
    b->view->note_count++;
    return n;
}

static inline struct exchange *build_exchange(struct builder *b, enum exchange_type type, uint32_t id, enum side from)
{
    struct exchange *x = arena_new(b->m->run, struct exchange);
    x->type = (uint8_t)type;
    x->message_id = id;
    x->from = (uint8_t)from;
    if (b->sa->exchanges_last)
        b->sa->exchanges_last->next = x;
    else
        b->sa->exchanges = x;
    b->sa->exchanges_last = x;
    b->sa->exchange_count++;
    return b->x = x;
}

/* build_message puts a message with `copies` sightings of one input into a leg of the newest exchange. */
static inline struct message *build_message(struct builder *b, bool request, uint32_t input, enum direction direction,
                                            uint32_t copies)
{
    struct leg *leg = request ? &b->x->request : &b->x->response;
    if (!leg->message) {
        leg->message = arena_new(b->m->run, struct message);
        leg->message->exchange = b->x->type;
        leg->message->decryption = DECRYPTION_CLEAR;
        leg->message->length = 300;
    }
    for (uint32_t i = 0; i < copies; i++) {
        struct sighting *s = arena_new(b->m->run, struct sighting);
        *s = (struct sighting){ .ns = seconds(100.0 + i),
                                .input = input,
                                .place = b->line++,
                                .lines = 1,
                                .length = 300,
                                .direction = (uint8_t)direction,
                                .retransmission = i > 0 };
        if (leg->seen_last)
            leg->seen_last->next = s;
        else
            leg->seen = s;
        leg->seen_last = s;
        leg->copies++;
        leg->retransmissions += i > 0;
    }
    b->x->outcome = b->x->response.seen ? EXCHANGE_OK : EXCHANGE_NO_RESPONSE;
    return leg->message;
}

static inline struct notice *build_notify(struct builder *b, struct message *msg, enum notify_type type)
{
    struct notice *n = arena_new(b->m->run, struct notice);
    n->type = (uint16_t)type;
    n->next = msg->notices;
    msg->notices = n;
    if (type < 16384 && b->x->response.message == msg)
        b->x->outcome = EXCHANGE_ERROR;
    return n;
}

static inline struct proposal *build_proposal(struct builder *b, struct message *msg, uint8_t protocol,
                                              const struct transform *transforms, uint16_t count)
{
    struct proposal *p = arena_new(b->m->run, struct proposal), **at = &msg->proposals;
    p->transforms = arena_array(b->m->run, struct transform, count);
    memcpy(p->transforms, transforms, count * sizeof *transforms);
    p->count = count;
    p->protocol = protocol;
    p->number = 1;
    while (*at) {
        at = &(*at)->next;
        p->number++;
    }
    return *at = p;
}

static inline struct selector *build_selector(struct builder *b, const char *start, const char *end)
{
    struct selector *s = arena_new(b->m->run, struct selector);
    (void)address_read(text_of(start), &s->start);
    (void)address_read(text_of(end), &s->end);
    s->type = TS_IPV4_ADDR_RANGE;
    s->end_port = 65535;
    return s;
}

static inline struct child_sa *build_child(struct builder *b, uint32_t spi)
{
    struct child_sa *c = arena_new(b->m->run, struct child_sa);
    c->number = ++b->m->child_sa_count;
    c->ike_sa = b->sa;
    c->spi_i = spi_of(spi, 8);
    c->spi_r = spi_of(spi + 1, 8);
    c->protocol = PROTOCOL_ESP;
    c->outcome = SA_ESTABLISHED;
    c->proposal = (struct chosen){ .encr = ENCR_AES_GCM_16, .key_length = 256, .has_encr = true };
    if (b->m->child_sas_last)
        b->m->child_sas_last->next = c;
    else
        b->m->child_sas = c;
    b->m->child_sas_last = c;
    if (b->sa->children_last)
        b->sa->children_last->sibling = c;
    else
        b->sa->children = c;
    b->sa->children_last = c;
    b->sa->child_count++;
    return c;
}

static inline struct flow *build_flow(struct builder *b, uint32_t spi, uint64_t packets)
{
    struct flow *f = arena_new(b->m->run, struct flow);
    f->spi = spi;
    f->protocol = PROTOCOL_ESP;
    f->traffic.packets = f->traffic.decrypted = packets;
    f->traffic.first_frame = 7;
    f->traffic.last_frame = 99;
    f->next = b->m->flows;
    b->m->flows = f;
    return f;
}

/* A record of show output or of a configuration, on line 1, whose facts go into what is returned. */
static inline struct facts build_record(struct builder *b, enum input_kind kind, const char *name, const char *title,
                                        const char *device)
{
    struct record *r = model_add_record(b->m, kind, name);
    r->title = text_of(title);
    r->device = model_device(b->m, text_of(device));
    r->first_line = r->last_line = 1;
    r->text = text_of("as printed");
    if (!b->m->input_count)
        build_input(b, "r1.txt", kind);
    return facts_into(b->m->run, &r->facts);
}

/* A new group in that list of it, or of another group. */
static inline struct facts build_inside(struct builder *b, struct facts *f, const char *list)
{
    struct facts l = facts_into(b->m->run, &fact_list(f, list)->as.child);
    struct fact *group = fact_group(&l, NULL);
    group->line = 1;
    return facts_into(b->m->run, &group->as.child);
}

#endif
