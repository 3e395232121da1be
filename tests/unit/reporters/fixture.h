/* A small model made by hand: an IKE SA seen by both routers' logs and a capture, a failed one whose log is hostile,
 * a Child SA with traffic, an unclaimed flow, findings. */
#ifndef IKESCOPE_TESTS_REPORTERS_FIXTURE_H
#define IKESCOPE_TESTS_REPORTERS_FIXTURE_H

#include "model/model.h"
#include "reporters/reporter.h"

#define HOSTILE                                                                                                                  \
    "\x1b[31mred\x07 \xe2\x80\xae"                                                                                               \
    "evil <script>alert(1)</script> `x` | --> ; end #35; %%{init}%% $date \xff @startuml"
#define MS INT64_C(1000000)

/* fixture_times is how often a reporter has written something. */
static inline size_t fixture_times(struct text t, struct text needle)
{
    size_t n = 0;
    for (size_t at; (at = text_find(t, needle)) != TEXT_NOWHERE; n++)
        t = text_from(t, at + needle.len);
    return n;
}

static inline struct stamp fixture_stamp(int64_t ns)
{
    return (struct stamp){ .ns = ns, .kind = STAMP_DATE, .digits = 3, .has_year = true, .zone = "UTC" };
}

static inline struct endpoint fixture_end(const char *text)
{
    struct endpoint e = { 0 };
    endpoint_read(text_of(text), &e);
    return e;
}

static inline void fixture_input(struct model *m, const char *name, enum input_kind kind, const char *device, int64_t first_ns)
{
    struct input *in = model_add_input(m, text_of(name), text_of(name));
    in->kind = kind;
    if (device)
        in->device = model_device(m, text_of(device));
    in->aligned = true;
    in->first_stamp = fixture_stamp(first_ns);
    if (kind == INPUT_CAPTURE) {
        in->first_stamp.kind = STAMP_UTC;
        in->has_packets = true;
        in->packet_total = in->packets[PACKET_IKE] = 4;
    } else {
        in->has_lines = true;
        in->line_total = in->lines[LINE_EVENT] = 100;
    }
}

static inline struct view *fixture_view(struct model *m, struct ike_sa *sa, uint32_t input, enum side role, bool wire)
{
    struct view *v = arena_new(m->run, struct view), **at = &sa->views;
    while (*at)
        at = &(*at)->next;
    *at = sa->views_last = v;
    v->input = input;
    v->device = m->inputs[input].device;
    v->role = (uint8_t)role;
    v->wire = wire;
    v->first_ns = 0;
    v->last_ns = 60000 * MS;
    v->first_line = 1;
    v->last_line = 99;
    return v;
}

static inline void fixture_transition(struct model *m, struct view *v, uint32_t line, int64_t ns, const char *state,
                                      const char *event)
{
    struct transition *t = arena_new(m->run, struct transition);
    *t = (struct transition){ .state = names_intern(&m->names, text_of(state)),
                              .event = names_intern(&m->names, text_of(event)),
                              .ns = ns,
                              .line = line,
                              .role = v->role,
                              .time = fixture_stamp(ns) };
    if (v->transitions_last)
        v->transitions_last->next = t;
    else
        v->transitions = t;
    v->transitions_last = t;
    v->transition_count++;
    v->final_state = t->state;
    v->final_event = t->event;
}

static inline void fixture_note(struct model *m, struct view *v, uint32_t line, int64_t ns, enum severity severity,
                                const char *text)
{
    struct note *n = arena_new(m->run, struct note);
    *n = (struct note){
        .text = arena_text(m->run, text_of(text)), .ns = ns, .input = v->input, .line = line, .severity = (uint8_t)severity
    };
    if (v->notes_last)
        v->notes_last->next = n;
    else
        v->notes = n;
    v->notes_last = n;
    v->note_count++;
}

static inline void fixture_seen(struct model *m, struct leg *leg, uint32_t input, uint32_t place, int64_t ns,
                                enum direction direction)
{
    struct sighting *s = arena_new(m->run, struct sighting);
    bool again = false;
    for (const struct sighting *b = leg->seen; b; b = b->next)
        again |= b->input == input;
    *s = (struct sighting){ .ns = ns,
                            .input = input,
                            .place = place,
                            .lines = 3,
                            .length = 300,
                            .direction = (uint8_t)direction,
                            .retransmission = again };
    if (leg->seen_last)
        leg->seen_last->next = s;
    else
        leg->seen = s;
    leg->seen_last = s;
    leg->copies++;
    leg->retransmissions += again;
}

static inline struct exchange *fixture_exchange(struct model *m, struct ike_sa *sa, enum exchange_type type, uint32_t id,
                                                enum exchange_outcome outcome)
{
    struct exchange *x = arena_new(m->run, struct exchange);
    *x = (struct exchange){ .type = (uint8_t)type, .message_id = id, .from = SIDE_INITIATOR, .outcome = (uint8_t)outcome };
    if (sa->exchanges_last)
        sa->exchanges_last->next = x;
    else
        sa->exchanges = x;
    sa->exchanges_last = x;
    sa->exchange_count++;
    return x;
}

/* payloads: a list such as { PAYLOAD_SA, PAYLOAD_KE, 0 }; a notify is COOKIE's neighbour `notify` */
static inline struct message *fixture_message(struct model *m, enum exchange_type exchange, bool response,
                                              const uint8_t *payloads, unsigned notify)
{
    struct message *g = arena_new(m->run, struct message);
    *g = (struct message){ .exchange = (uint8_t)exchange,
                           .flags = response ? MESSAGE_RESPONSE : MESSAGE_INITIATOR,
                           .has_flags = true,
                           .length = 300,
                           .decryption = DECRYPTION_CLEAR,
                           .version = 0x20 };
    struct payload **at = &g->payloads;
    for (; *payloads; payloads++) {
        struct payload *p = arena_new(m->run, struct payload);
        p->type = *payloads;
        p->length = 28;
        struct facts f = facts_into(m->run, &p->facts);
        if (*payloads == PAYLOAD_NOTIFY) {
            fact_code(&f, "notify", REGISTRY_NOTIFY, notify);
            fact_number(&f, "number", notify);
            fact_octets(&f, "data", bytes_over("\x00\x0e", 2));
        } else if (*payloads == PAYLOAD_KE) {
            fact_number(&f, "group", 14);
            fact_code(&f, "group_name", REGISTRY_KE, 14);
        } else if (*payloads == PAYLOAD_SA) {
            struct fact *list = fact_list(&f, "proposals");
            struct facts proposals = facts_into(m->run, &list->as.child);
            struct fact *one = fact_group(&proposals, NULL);
            struct facts fields = facts_into(m->run, &one->as.child);
            fact_number(&fields, "number", 1);
            fact_code(&fields, "protocol", REGISTRY_PROTOCOL, PROTOCOL_IKE);
            fact_code(&fields, "protocol", REGISTRY_PROTOCOL, PROTOCOL_ESP); /* two of a name are an array */
        }
        *at = p;
        at = &p->next;
    }
    message_digest(g, m->run);
    return g;
}

static inline struct ike_sa *fixture_sa(struct model *m, uint64_t spi_i, uint64_t spi_r, enum sa_outcome outcome)
{
    struct ike_sa *sa = arena_new(m->run, struct ike_sa);
    sa->number = ++m->ike_sa_count;
    sa->spi_i = spi_of(spi_i, 16);
    if (spi_r)
        sa->spi_r = spi_of(spi_r, 16);
    sa->outcome = (uint8_t)outcome;
    sa->start_seen = true;
    sa->first = fixture_stamp(0);
    sa->last = fixture_stamp(5000 * MS);
    if (m->ike_sas_last)
        m->ike_sas_last->next = sa;
    else
        m->ike_sas = sa;
    m->ike_sas_last = sa;
    return sa;
}

static inline void fixture_child(struct model *m, struct ike_sa *sa)
{
    struct child_sa *c = arena_new(m->run, struct child_sa);
    *c = (struct child_sa){ .ike_sa = sa,
                            .number = ++m->child_sa_count,
                            .spi_i = spi_of(0x00c0ffee, 8),
                            .spi_r = spi_of(0xdeadbeef, 8),
                            .protocol = PROTOCOL_ESP,
                            .mode = MODE_TUNNEL,
                            .encap = ENCAP_UDP,
                            .outcome = SA_ESTABLISHED,
                            .from = SIDE_INITIATOR,
                            .keys = KEYS_DERIVED };
    c->proposal = (struct chosen){ .encr = ENCR_AES_CBC, .key_length = 256, .has_encr = true, .esn = 1, .has_esn = true };
    struct selector *s = arena_new(m->run, struct selector);
    s->start = fixture_end("10.1.0.0").address;
    s->end = fixture_end("10.1.255.255").address;
    s->end_port = 65535;
    c->tsi = s;
    struct flow *f = arena_new(m->run, struct flow);
    f->claimed = true;
    f->protocol = PROTOCOL_ESP;
    f->traffic = (struct traffic){ .packets = 10, .decrypted = 9, .no_key = 1, .bytes = 1000 };
    c->to_responder = f;
    sa->children = sa->children_last = c;
    sa->child_count = 1;
    m->child_sas = m->child_sas_last = c;
    struct flow *free_flow = arena_new(m->run, struct flow);
    *free_flow = (struct flow){ .protocol = PROTOCOL_ESP,
                                .spi = 0x1234,
                                .source = fixture_end("10.0.0.1"),
                                .destination = fixture_end("10.0.0.2"),
                                .traffic = { .packets = 3, .no_key = 3, .bytes = 300 } };
    f->next = free_flow;
    m->flows = f;
    m->flows_last = free_flow;
    m->flow_count = 2;
}

static inline void fixture_finding(struct model *m, struct ike_sa *sa, const char *rule, enum severity severity)
{
    struct finding *f = arena_new(m->run, struct finding), **at = &m->findings;
    while (*at)
        at = &(*at)->next;
    *at = f;
    *f = (struct finding){ .number = ++m->finding_count,
                           .rule = rule,
                           .severity = (uint8_t)severity,
                           .confidence = CONFIDENCE_CERTAIN,
                           .title = TEXT("Keys differ"),
                           .cause = TEXT("The keys are not the same."),
                           .ike_sa = sa,
                           .count = 2,
                           .first_ns = TIME_UNKNOWN,
                           .last_ns = TIME_UNKNOWN };
    f->evidence = arena_new(m->run, struct finding_line);
    *f->evidence = (struct finding_line){ .text = TEXT(HOSTILE), .input = 1, .place = 7 };
    f->fix_responder = arena_new(m->run, struct finding_line);
    f->fix_responder->text = TEXT("type the same key");
}

static inline void fixture_event(struct model *m, struct ike_sa *sa, uint32_t input, uint32_t line, int64_t ns, const char *text)
{
    struct kept_event *k = arena_new(m->run, struct kept_event);
    k->event = (struct event){ .kind = EVENT_OTHER,
                               .input = input,
                               .line = line,
                               .lines = 1,
                               .time = fixture_stamp(ns),
                               .text = arena_text(m->run, text_of(text)),
                               .device = m->inputs[input].device };
    struct facts f = facts_into(m->run, &k->event.facts);
    fact_text(&f, "profile", TEXT("P1"));
    fact_text(&f, "text", TEXT("reserved"));
    k->ike_sa = sa;
    k->bound_by = BOUND_SPI;
    if (m->events_last)
        m->events_last->next = k;
    else
        m->events = k;
    m->events_last = k;
    m->event_count++;
}

static inline struct model *fixture(void)
{
    static const uint8_t init[] = { PAYLOAD_SA, PAYLOAD_KE, PAYLOAD_NONCE, PAYLOAD_VENDOR, PAYLOAD_VENDOR, 0 };
    static const uint8_t refusal[] = { PAYLOAD_NOTIFY, 0 };
    struct model *m = model_create();
    fixture_input(m, "r1.log", INPUT_IOS_DEBUG, "R1", 0);
    fixture_input(m, "r2.log", INPUT_IOS_DEBUG, "R2", 0);
    fixture_input(m, "wire.pcap", INPUT_CAPTURE, NULL, 0);
    m->origin_ns = 0;

    struct ike_sa *up = fixture_sa(m, 0xf074d8bbd5a59f0b, 0xf94020dd8cb4b9c4, SA_ESTABLISHED);
    up->initiator = (struct party){ .endpoint = fixture_end("10.0.0.1:500"), .device = m->inputs[0].device };
    up->responder = (struct party){ .endpoint = fixture_end("10.0.0.2:500"), .device = m->inputs[1].device };
    up->has_proposal = true;
    up->proposal = (struct chosen){ .encr = ENCR_AES_CBC,
                                    .key_length = 128,
                                    .integ = INTEG_HMAC_SHA1_96,
                                    .prf = PRF_HMAC_SHA1,
                                    .dh = 2,
                                    .has_encr = true,
                                    .has_integ = true,
                                    .has_prf = true,
                                    .has_dh = true };
    struct view *v1 = fixture_view(m, up, 0, SIDE_INITIATOR, false), *v2 = fixture_view(m, up, 1, SIDE_RESPONDER, false);
    fixture_view(m, up, 2, SIDE_UNKNOWN, true);
    fixture_transition(m, v1, 1, 0, "IDLE", "EV_INIT_SA");
    fixture_transition(m, v1, 2, 1 * MS, "I_BLD_INIT", "EV_BLD_MSG");
    fixture_transition(m, v1, 9, 3 * MS, "I_WAIT_INIT", "EV_RECV_INIT");
    fixture_transition(m, v1, 12, 4 * MS, "READY", "EV_I_OK");
    fixture_transition(m, v2, 3, 2 * MS, "IDLE", "EV_RECV_INIT");
    fixture_transition(m, v2, 4, 2 * MS, "R_INIT", "EV_VERIFY_MSG");
    struct exchange *x = fixture_exchange(m, up, EXCHANGE_IKE_SA_INIT, 0, EXCHANGE_OK);
    fixture_seen(m, &x->request, 0, 5, 1 * MS, DIRECTION_SENT);
    fixture_seen(m, &x->request, 2, 1, 1 * MS, DIRECTION_WIRE);
    fixture_seen(m, &x->request, 1, 1, 1 * MS, DIRECTION_RECEIVED); /* before the sender's clock, as clocks are */
    fixture_seen(m, &x->response, 1, 8, 3 * MS, DIRECTION_SENT);
    fixture_seen(m, &x->response, 0, 8, 3 * MS, DIRECTION_RECEIVED);
    x->request.message = fixture_message(m, EXCHANGE_IKE_SA_INIT, false, init, 0);
    x->response.message = fixture_message(m, EXCHANGE_IKE_SA_INIT, true, init, 0);
    fixture_child(m, up);
    fixture_finding(m, up, "weak-crypto", SEVERITY_WARNING);

    struct ike_sa *failed = fixture_sa(m, 0x0123456789abcdef, 0, SA_FAILED);
    failed->initiator.endpoint = fixture_end("192.0.2.1:500");
    failed->responder.endpoint = fixture_end("192.0.2.2:500");
    struct view *v3 = fixture_view(m, failed, 1, SIDE_INITIATOR, false);
    fixture_note(m, v3, 30, 20000 * MS, SEVERITY_ERROR, HOSTILE);
    fixture_transition(m, v3, 31, 20001 * MS, "I_WAIT_INIT", "EV_RE_XMT_EXCEED");
    x = fixture_exchange(m, failed, EXCHANGE_IKE_SA_INIT, 0, EXCHANGE_NO_RESPONSE);
    for (uint32_t i = 0; i < 3; i++)
        fixture_seen(m, &x->request, 1, 20 + i, (10000 + 2000 * (int64_t)i) * MS, DIRECTION_SENT);
    x->request.message = fixture_message(m, EXCHANGE_IKE_SA_INIT, false, refusal, NOTIFY_NO_PROPOSAL_CHOSEN);
    fixture_finding(m, failed, "auth-psk-mismatch", SEVERITY_ERROR);
    fixture_event(m, up, 0, 1, 0, "New ikev2 sa request admitted");
    fixture_event(m, failed, 1, 30, 20000 * MS, HOSTILE);
    fixture_event(m, up, 0, 2, 5 * MS, "Deleting SA");
    return m;
}

/* A report into memory; the caller clears the buffer. */
static inline struct text fixture_report(const struct model *m, const char *format, struct buffer *into, struct view_options o)
{
    buffer_init(into, 1 << 24);
    struct sink *s = sink_buffer(into);
    const struct reporter *r = reporter_find(text_of(format));
    if (r)
        r->write(m, &o, s);
    sink_close(s, NULL);
    return buffer_view(into);
}

/* Is there anything in it that a terminal would obey: controls but line ends, bidi marks, octets that are no UTF-8? */
static inline bool fixture_is_safe(struct text t)
{
    for (size_t i = 0; i < t.len; i++) {
        unsigned char c = (unsigned char)t.at[i];
        if ((c < 0x20 && c != '\n') || c == 0x7f || c == 0xff)
            return false;
    }
    return !text_has(t, TEXT("\xe2\x80\xae"));
}

#endif
