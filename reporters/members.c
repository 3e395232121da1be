#include "reporters/members.h"

#include "base/limits.h"
#include "reporters/factwriter.h"
#include "reporters/stays.h"

enum { SCRATCH = LIMIT_RECORD };

const char *side_name(unsigned side)
{
    return side == SIDE_INITIATOR ? "initiator" : side == SIDE_RESPONDER ? "responder" : NULL;
}

const char *exchange_outcome_name(unsigned outcome)
{
    static const char *const names[] = {
        [EXCHANGE_OK] = "ok", [EXCHANGE_ERROR] = "error", [EXCHANGE_NO_RESPONSE] = "no-response"
    };
    return outcome < sizeof names / sizeof names[0] ? names[outcome] : NULL;
}

const char *traffic_protocol(unsigned protocol)
{
    return protocol == PROTOCOL_AH ? "AH" : protocol == PROTOCOL_ESP ? "ESP" : NULL;
}

static const char *keys_name(unsigned keys)
{
    static const char *const names[] = { [KEYS_NONE] = "none", [KEYS_SUPPLIED] = "supplied", [KEYS_DERIVED] = "derived" };
    return keys < sizeof names / sizeof names[0] ? names[keys] : NULL;
}

static const char *encap_name(unsigned encap)
{
    static const char *const names[] = { [ENCAP_NONE] = "none", [ENCAP_UDP] = "udp", [ENCAP_TCP] = "tcp" };
    return encap < sizeof names / sizeof names[0] ? names[encap] : NULL;
}

void members_init(struct members *s, const struct model *m, struct sink *out)
{
    *s = (struct members){ .model = m };
    s->w.out = out;
    buffer_init(&s->scratch, SCRATCH);
}

void members_clear(struct members *s)
{
    buffer_clear(&s->scratch);
}

/* ---- single values ---- */

static struct buffer *fresh(struct members *s)
{
    buffer_reset(&s->scratch);
    return &s->scratch;
}

static void put_scratch(struct members *s, const char *name)
{
    if (s->scratch.len)
        write_text(&s->w, name, buffer_view(&s->scratch));
}

static void put_text(struct members *s, const char *name, struct text t)
{
    if (t.len)
        write_text(&s->w, name, t);
}

static void put_id(struct members *s, const char *name, const char *prefix, uint32_t number)
{
    char room[32], *end = room + sizeof room, *p = end;
    do
        *--p = (char)('0' + number % 10);
    while (number /= 10);
    size_t n = strlen(prefix);
    p -= n;
    memcpy(p, prefix, n);
    write_text(&s->w, name, text_over(p, (size_t)(end - p)));
}

/* PROFILE_NOT_FOUND as profile-not-found, as rules are named. */
static void put_kebab(struct members *s, const char *name, const char *word)
{
    char room[64];
    size_t n = 0;
    for (; n < sizeof room && word[n]; n++)
        room[n] = word[n] == '_' ? '-' : word[n] >= 'A' && word[n] <= 'Z' ? (char)(word[n] - 'A' + 'a') : word[n];
    write_text(&s->w, name, text_over(room, n));
}

static void put_input(struct members *s, uint32_t input)
{
    put_id(s, "input", "in", input + 1);
}

static void put_device(struct members *s, const char *name, uint32_t device)
{
    if (device && device < s->model->device_count)
        put_text(s, name, s->model->devices[device].name);
}

static void put_spi(struct members *s, const char *name, struct spi spi)
{
    if (!spi_known(spi))
        return;
    spi_print(spi, fresh(s));
    put_scratch(s, name);
}

static void put_t(struct members *s, uint32_t input, uint32_t place, int64_t ns)
{
    int64_t t = model_time_at(s->model, input, place, ns);
    if (t != TIME_UNKNOWN)
        write_decimal(&s->w, "t", t, 9);
}

static void put_stamp(struct members *s, const char *name, struct stamp stamp)
{
    if (stamp.kind == STAMP_NONE)
        return;
    stamp_print(stamp, fresh(s));
    put_scratch(s, name);
}

static void put_time(struct members *s, struct stamp stamp)
{
    put_stamp(s, "time", stamp);
    if (stamp.kind && stamp.kind != STAMP_UTC && stamp.zone[0])
        write_string(&s->w, "zone", stamp.zone);
}

/* A reading without its stamp is printed as the input's clock prints. */
static struct stamp stamp_like(const struct model *m, uint32_t input, int64_t ns)
{
    struct stamp s = { 0 };
    if (ns == TIME_UNKNOWN || input >= m->input_count)
        return s;
    s = m->inputs[input].first_stamp;
    s.ns = ns;
    return s;
}

static void put_place(struct members *s, uint32_t place, bool packet)
{
    if (place)
        write_number(&s->w, packet ? "packet" : "line", place);
}

static void put_endpoint(struct members *s, const char *name, struct endpoint e)
{
    if (e.address.family == ADDRESS_NONE)
        return;
    endpoint_print(e, fresh(s));
    put_scratch(s, name);
}

static bool is_capture(const struct members *s, uint32_t input)
{
    return input < s->model->input_count && s->model->inputs[input].kind == INPUT_CAPTURE;
}

/* ---- facts ---- */

/* Member names that an event has of its own; a fact of that name would be a second one. */
#define EVENT_MEMBERS                                                                                                            \
    "type", "t", "time", "zone", "device", "input", "line", "packet", "lines", "kind", "severity", "text", "ike_sa", "bound_by", \
        "sa_id", "session_id", "msgid", "code", "message", "spi_i", "spi_r", "local", "remote", "role"
static const char *const taken[] = { EVENT_MEMBERS, NULL };
static const char *const step_taken[] = { EVENT_MEMBERS, "state", "event", NULL };
static const char *const payload_taken[] = { "type", "length", "critical", "malformed", NULL };

/* ---- the head ---- */

void members_generator(struct members *s, const char *version)
{
    write_object(&s->w, "generator");
    write_string(&s->w, "name", "ikescope");
    write_string(&s->w, "version", version ? version : "0");
    write_end_object(&s->w);
}

static void put_lines(struct members *s, const struct input *in)
{
    static const char *const names[] = { [LINE_EVENT] = "event",
                                         [LINE_CONTINUATION] = "continuation",
                                         [LINE_NOISE] = "noise",
                                         [LINE_BLANK] = "blank",
                                         [LINE_UNPARSED] = "unparsed" };
    write_object(&s->w, "lines");
    write_number(&s->w, "total", in->line_total);
    for (size_t i = 0; i < LINE_CLASS_COUNT; i++)
        write_number(&s->w, names[i], in->lines[i]);
    write_end_object(&s->w);
}

static void put_packets(struct members *s, const struct input *in)
{
    static const char *const names[] = { [PACKET_IKE] = "ike",     [PACKET_ESP] = "esp",
                                         [PACKET_AH] = "ah",       [PACKET_KEEPALIVE] = "keepalive",
                                         [PACKET_OTHER] = "other", [PACKET_MALFORMED] = "malformed" };
    write_object(&s->w, "packets");
    write_number(&s->w, "total", in->packet_total);
    for (size_t i = 0; i < PACKET_CLASS_COUNT; i++)
        write_number(&s->w, names[i], in->packets[i]);
    write_end_object(&s->w);
}

static void put_clock(struct members *s, const struct input *in)
{
    if (!in->by_messages && in->ahead_ns == 0)
        return;
    write_object(&s->w, "clock");
    put_id(s, "of", "in", in->clock_of + 1);
    write_string(&s->w, "by", in->by_messages ? "messages" : "calendar");
    write_decimal(&s->w, "offset", in->ahead_ns, 9);
    write_decimal(&s->w, "drift_ppm", (int64_t)(in->drift * 1e9), 3);
    if (in->by_messages)
        write_decimal(&s->w, "uncertainty", in->uncertainty_ns, 9);
    for (uint8_t i = 0; i < in->step_count; i++) {
        if (i == 0)
            write_array(&s->w, "steps");
        write_object(&s->w, NULL);
        write_number(&s->w, in->has_packets ? "packet" : "line", in->steps[i].place);
        write_decimal(&s->w, "seconds", in->steps[i].by_ns, 9);
        write_end_object(&s->w);
    }
    if (in->step_count)
        write_end_array(&s->w);
    write_end_object(&s->w);
}

void members_input(struct members *s, const struct input *in)
{
    put_id(s, "id", "in", in->index + 1);
    write_text(&s->w, "name", in->name);
    write_string(&s->w, "kind", input_kind_name(in->kind));
    put_device(s, "device", in->device);
    if (in->parts && in->parts->next) {
        write_array(&s->w, "parts");
        for (const struct part *p = in->parts; p; p = p->next) {
            write_object(&s->w, NULL);
            write_string(&s->w, "kind", input_kind_name(p->kind));
            put_device(s, "device", p->device);
            write_number(&s->w, "first_line", p->first_line);
            write_number(&s->w, "last_line", p->last_line);
            write_end_object(&s->w);
        }
        write_end_array(&s->w);
    }
    if (in->has_lines)
        put_lines(s, in);
    if (in->has_packets)
        put_packets(s, in);
    write_bool(&s->w, "complete", !in->incomplete);
    put_clock(s, in);
    if (!s->show_unparsed || !in->unparsed)
        return;
    write_array(&s->w, "unparsed_lines");
    for (const struct unparsed_line *u = in->unparsed; u; u = u->next) {
        write_object(&s->w, NULL);
        write_number(&s->w, "line", u->line);
        write_text(&s->w, "text", u->text);
        write_end_object(&s->w);
    }
    write_end_array(&s->w);
}

/* ---- SAs ---- */

static void put_group(struct members *s, const char *name, uint16_t id)
{
    write_object(&s->w, name);
    write_number(&s->w, "id", id);
    write_string(&s->w, "name", registry_name(REGISTRY_KE, id));
    write_end_object(&s->w);
}

static void put_proposal(struct members *s, const struct chosen *c)
{
    write_object(&s->w, "proposal");
    if (c->has_encr)
        write_string(&s->w, "encryption", registry_name(REGISTRY_ENCR, c->encr));
    if (c->has_encr && c->key_length)
        write_number(&s->w, "key_length", c->key_length);
    if (c->has_integ)
        write_string(&s->w, "integrity", registry_name(REGISTRY_INTEG, c->integ));
    if (c->has_prf)
        write_string(&s->w, "prf", registry_name(REGISTRY_PRF, c->prf));
    if (c->has_dh)
        put_group(s, "dh", c->dh);
    bool more = false;
    for (size_t i = 0; i < 7; i++)
        more |= c->additional_ke[i] != 0;
    if (more) {
        write_array(&s->w, "additional_ke");
        for (size_t i = 0; i < 7; i++)
            if (c->additional_ke[i])
                put_group(s, NULL, c->additional_ke[i]);
        write_end_array(&s->w);
    }
    if (c->has_esn)
        write_bool(&s->w, "esn", c->esn == ESN_YES);
    write_end_object(&s->w);
}

static void put_party(struct members *s, const char *name, const struct party *p)
{
    if (p->endpoint.address.family == ADDRESS_NONE && !p->device)
        return;
    write_object(&s->w, name);
    if (p->endpoint.address.family != ADDRESS_NONE) {
        address_print(p->endpoint.address, fresh(s));
        put_scratch(s, "address");
    }
    if (p->endpoint.port)
        write_number(&s->w, "port", p->endpoint.port);
    put_device(s, "device", p->device);
    write_end_object(&s->w);
}

static bool has_auth(const struct party *p)
{
    return p->auth_method || p->id.type || p->id.value.len || p->auth_verified || p->eap || p->cert.subject.len;
}

static void put_eap(struct members *s, const struct party *p)
{
    static const char *const outcomes[] = { [EAP_SUCCEEDED] = "success", [EAP_FAILED] = "failure" };
    write_object(&s->w, "eap");
    const char *method = p->eap_type ? registry_name(REGISTRY_EAP, p->eap_type) : NULL;
    if (method)
        write_string(&s->w, "method", method);
    put_text(s, "identity", p->eap_identity);
    if (p->eap_outcome)
        write_string(&s->w, "outcome", outcomes[p->eap_outcome]);
    write_end_object(&s->w);
}

static void put_sent_certificate(struct members *s, const struct party *p)
{
    static const char *const words[] = {
        [VALIDITY_IN_TIME] = "in-time", [VALIDITY_NOT_YET] = "not-yet", [VALIDITY_EXPIRED] = "expired"
    };
    write_object(&s->w, "certificate");
    put_text(s, "subject", p->cert.subject);
    put_text(s, "issuer", p->cert.issuer);
    put_text(s, "not_before", p->cert.not_before);
    put_text(s, "not_after", p->cert.not_after);
    if (p->validity)
        write_string(&s->w, "validity", words[p->validity]);
    write_end_object(&s->w);
}

static void put_auth(struct members *s, const char *name, const struct party *p)
{
    if (!has_auth(p))
        return;
    write_object(&s->w, name);
    if (p->eap)
        write_string(&s->w, "method", "EAP");
    else if (p->auth_method)
        write_string(&s->w, "method", registry_name(REGISTRY_AUTH, p->auth_method));
    if (p->id.type)
        write_string(&s->w, "id_type", registry_name(REGISTRY_ID, p->id.type));
    put_text(s, "id", p->id.value);
    if (p->auth_verified)
        write_bool(&s->w, "verified", p->auth_verified == VERIFIED_TRUE);
    if (p->eap)
        put_eap(s, p);
    if (p->cert.subject.len)
        put_sent_certificate(s, p);
    write_end_object(&s->w);
}

static void put_paths(struct members *s, const struct ike_sa *sa)
{
    if (!sa->path)
        return;
    write_array(&s->w, "path");
    for (const struct path *p = sa->path; p; p = p->next) {
        write_object(&s->w, NULL);
        put_t(s, p->input, 0, p->ns);
        put_endpoint(s, "initiator", p->initiator);
        put_endpoint(s, "responder", p->responder);
        write_end_object(&s->w);
    }
    write_end_array(&s->w);
}

void members_ike_sa(struct members *s, const struct ike_sa *sa)
{
    put_id(s, "id", "ike", sa->number);
    put_spi(s, "spi_i", sa->spi_i);
    put_spi(s, "spi_r", sa->spi_r);
    put_party(s, "initiator", &sa->initiator);
    put_party(s, "responder", &sa->responder);
    put_paths(s, sa);
    write_string(&s->w, "outcome", sa_outcome_name((enum sa_outcome)sa->outcome));
    write_bool(&s->w, "start_seen", sa->start_seen);
    if (sa->has_proposal)
        put_proposal(s, &sa->proposal);
    write_array(&s->w, "children");
    for (const struct child_sa *c = sa->children; c; c = c->sibling)
        put_id(s, NULL, "child", c->number);
    write_end_array(&s->w);
    if (sa->rekeys)
        put_id(s, "rekeys", "ike", sa->rekeys->number);
    if (sa->rekeyed_by)
        put_id(s, "rekeyed_by", "ike", sa->rekeyed_by->number);
    if (has_auth(&sa->initiator) || has_auth(&sa->responder)) {
        write_object(&s->w, "auth");
        put_auth(s, "initiator", &sa->initiator);
        put_auth(s, "responder", &sa->responder);
        write_end_object(&s->w);
    }
    if (sa->nat_known) {
        write_object(&s->w, "nat");
        write_bool(&s->w, "initiator_behind_nat", sa->initiator_behind_nat);
        write_bool(&s->w, "responder_behind_nat", sa->responder_behind_nat);
        write_end_object(&s->w);
    }
    write_string(&s->w, "keys", keys_name(sa->keys));
}

void members_view(struct members *s, const struct ike_sa *sa, const struct view *v)
{
    put_input(s, v->input);
    put_device(s, "device", v->device);
    write_string(&s->w, "role", v->wire ? "wire" : side_name(v->role));
    if (v->has_sa_id)
        write_number(&s->w, "sa_id", v->sa_id);
    if (v->has_session_id)
        write_number(&s->w, "session_id", v->session_id);
    write_string(&s->w, "final_state", v->final_state);
    stays_write(s->model, sa, v, &s->w);
    if (v->first.kind) {
        put_stamp(s, "first", v->first);
        put_stamp(s, "last", v->last);
    }
    bool any = false;
    for (size_t i = BOUND_SPI; i <= BOUND_ADJACENCY; i++)
        any |= v->bound[i] != 0;
    if (!any)
        return;
    write_object(&s->w, "bound");
    for (size_t i = BOUND_SPI; i <= BOUND_ADJACENCY; i++)
        if (v->bound[i])
            write_number(&s->w, binding_name((enum binding)i), v->bound[i]);
    write_end_object(&s->w);
}

void members_transition(struct members *s, const struct view *v, const struct transition *t)
{
    put_t(s, v->input, t->line, t->time.kind ? t->ns : TIME_UNKNOWN);
    put_time(s, t->time);
    put_place(s, t->line, false);
    write_string(&s->w, "state", t->state);
    write_string(&s->w, "event", t->event);
    write_number(&s->w, "msgid", t->msgid);
}

/* ---- messages ---- */

void members_exchange(struct members *s, const struct exchange *x)
{
    write_string(&s->w, "type", registry_name(REGISTRY_EXCHANGE, x->type));
    if (!x->no_id)
        write_number(&s->w, "msgid", x->message_id);
    write_string(&s->w, "from", side_name(x->from));
}

static void put_flags(struct members *s, const struct message *m)
{
    if (!m->has_flags)
        return;
    write_array(&s->w, "flags");
    if (m->flags & MESSAGE_INITIATOR)
        write_string(&s->w, NULL, "INITIATOR");
    if (m->flags & MESSAGE_VERSION)
        write_string(&s->w, NULL, "VERSION");
    if (m->flags & MESSAGE_RESPONSE)
        write_string(&s->w, NULL, "RESPONSE");
    write_end_array(&s->w);
}

static void put_sources(struct members *s, const struct leg *leg)
{
    static const char *const directions[] = {
        [DIRECTION_SENT] = "sent", [DIRECTION_RECEIVED] = "received", [DIRECTION_WIRE] = "wire"
    };
    write_array(&s->w, "sources");
    for (const struct sighting *g = leg->seen; g; g = g->next) {
        write_object(&s->w, NULL);
        put_input(s, g->input);
        put_place(s, g->place, is_capture(s, g->input));
        if (g->direction && g->direction < sizeof directions / sizeof directions[0])
            write_string(&s->w, "direction", directions[g->direction]);
        if (g->fragment)
            write_number(&s->w, "fragment", g->fragment);
        if (g->retransmission)
            write_bool(&s->w, "retransmission", true);
        write_end_object(&s->w);
    }
    write_end_array(&s->w);
}

static void put_payload(struct members *s, const struct payload *p)
{
    write_object(&s->w, NULL);
    const char *type = payload_notation(p->type);
    if (!type)
        buffer_format(fresh(s), "%u", p->type);
    write_text(&s->w, "type", type ? text_of(type) : buffer_view(&s->scratch));
    if (p->length)
        write_number(&s->w, "length", p->length);
    if (p->critical)
        write_bool(&s->w, "critical", true);
    if (p->malformed)
        write_bool(&s->w, "malformed", true);
    facts_write(&s->w, p->facts, payload_taken);
    write_end_object(&s->w);
}

/* A message whose payloads were not kept, or that a log only lists, still names them. */
static void put_payloads(struct members *s, const struct message *m)
{
    write_array(&s->w, "payloads");
    for (const struct payload *p = m->payloads; p; p = p->next)
        put_payload(s, p);
    for (size_t i = 0; !m->payloads && i < m->type_count; i++) {
        struct payload bare = { .type = m->types[i] };
        put_payload(s, &bare);
    }
    write_end_array(&s->w);
}

void members_message(struct members *s, const struct leg *leg)
{
    static const char *const how[] = { [DECRYPTION_CLEAR] = "clear",
                                       [DECRYPTION_DECRYPTED] = "decrypted",
                                       [DECRYPTION_NO_KEY] = "no-key",
                                       [DECRYPTION_ICV_FAILED] = "icv-failed",
                                       [DECRYPTION_FROM_LOG] = "from-log" };
    const struct message *m = leg->message;
    if (leg->seen) {
        put_t(s, leg->seen->input, leg->seen->place, leg->seen->ns);
        put_time(s, stamp_like(s->model, leg->seen->input, leg->seen->ns));
    }
    if (m && m->length)
        write_number(&s->w, "length", m->length);
    if (m)
        put_flags(s, m);
    put_sources(s, leg);
    write_number(&s->w, "retransmissions", leg->retransmissions);
    if (!m)
        return;
    if (m->fragments)
        write_number(&s->w, "fragments", m->fragments);
    if (m->decryption && m->decryption < sizeof how / sizeof how[0])
        write_string(&s->w, "decryption", how[m->decryption]);
    if (m->protection)
        write_string(&s->w, "protection", m->protection == PROTECTION_SKF ? "SKF" : "SK");
    if (m->malformed)
        write_bool(&s->w, "malformed", true);
    put_payloads(s, m);
}

/* ---- children and traffic ---- */

static void put_selectors(struct members *s, const char *name, const struct selector *first)
{
    if (!first)
        return;
    write_array(&s->w, name);
    for (const struct selector *t = first; t; t = t->next) {
        range_print(t->start, t->end, fresh(s));
        put_scratch(s, NULL);
    }
    write_end_array(&s->w);
}

static void put_traffic(struct members *s, const struct traffic *t)
{
    const struct {
        const char *name;
        uint64_t value;
    } always[] = { { "packets", t->packets },     { "decrypted", t->decrypted }, { "icv_failed", t->icv_failed },
                   { "no_key", t->no_key },       { "truncated", t->truncated }, { "lost", t->lost },
                   { "duplicate", t->duplicate }, { "replayed", t->replayed },   { "bytes", t->bytes } },
      further[] = { { "reordered", t->reordered },
                    { "dummies", t->dummies },
                    { "tfc_padded", t->tfc },
                    { "outside_selectors", t->outside_selectors } };
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        write_number(&s->w, always[i].name, always[i].value);
    for (size_t i = 0; i < sizeof further / sizeof further[0]; i++)
        if (further[i].value)
            write_number(&s->w, further[i].name, further[i].value);
}

static void put_inner(struct members *s, const struct flow *f)
{
    if (!f->inner)
        return;
    write_array(&s->w, "inner");
    for (const struct fact *g = f->inner->kind == FACT_LIST ? fact_children(f->inner) : f->inner; g; g = g->next)
        fact_write(&s->w, NULL, g);
    write_end_array(&s->w);
}

static void put_flow_traffic(struct members *s, const char *name, const struct flow *f)
{
    if (!f)
        return;
    write_object(&s->w, name);
    put_traffic(s, &f->traffic);
    put_inner(s, f);
    write_end_object(&s->w);
}

void members_child_sa(struct members *s, const struct child_sa *c)
{
    static const char *const modes[] = { [MODE_TUNNEL] = "tunnel", [MODE_TRANSPORT] = "transport" };
    put_id(s, "id", "child", c->number);
    if (c->ike_sa)
        put_id(s, "ike_sa", "ike", c->ike_sa->number);
    write_string(&s->w, "protocol", traffic_protocol(c->protocol));
    if (c->mode == MODE_TUNNEL || c->mode == MODE_TRANSPORT)
        write_string(&s->w, "mode", modes[c->mode]);
    write_string(&s->w, "encap", encap_name(c->encap));
    put_spi(s, "spi_i", c->spi_i);
    put_spi(s, "spi_r", c->spi_r);
    write_string(&s->w, "exchange_from", side_name(c->from));
    if (c->proposal.has_encr || c->proposal.has_integ)
        put_proposal(s, &c->proposal);
    put_selectors(s, "tsi", c->tsi);
    put_selectors(s, "tsr", c->tsr);
    if (c->pfs_dh)
        put_group(s, "pfs_dh", c->pfs_dh);
    if (c->rekeys)
        put_id(s, "rekeys", "child", c->rekeys->number);
    if (c->rekeyed_by)
        put_id(s, "rekeyed_by", "child", c->rekeyed_by->number);
    write_string(&s->w, "outcome", sa_outcome_name((enum sa_outcome)c->outcome));
    write_string(&s->w, "keys", keys_name(c->keys));
    if (!c->to_responder && !c->to_initiator)
        return;
    write_object(&s->w, "traffic");
    put_flow_traffic(s, "initiator_to_responder", c->to_responder);
    put_flow_traffic(s, "responder_to_initiator", c->to_initiator);
    write_end_object(&s->w);
}

void members_flow(struct members *s, const struct flow *f)
{
    write_string(&s->w, "protocol", traffic_protocol(f->protocol));
    put_spi(s, "spi", spi_of(f->spi, 8));
    if (!f->spi)
        write_string(&s->w, "spi", "00000000");
    put_endpoint(s, "source", f->source);
    put_endpoint(s, "destination", f->destination);
    write_string(&s->w, "encap", encap_name(f->encap));
    put_traffic(s, &f->traffic);
    put_inner(s, f);
}

/* ---- findings and events ---- */

static void put_quotes(struct members *s, const char *name, const struct finding_line *first)
{
    if (!first)
        return;
    write_array(&s->w, name);
    for (const struct finding_line *l = first; l; l = l->next) {
        write_object(&s->w, NULL);
        if (l->place)
            put_input(s, l->input);
        put_place(s, l->place, l->packet);
        put_text(s, "text", l->text);
        write_end_object(&s->w);
    }
    write_end_array(&s->w);
}

static void put_advice(struct members *s, const char *name, const struct finding_line *first)
{
    if (!first)
        return;
    write_array(&s->w, name);
    for (const struct finding_line *l = first; l; l = l->next)
        write_text(&s->w, NULL, l->text);
    write_end_array(&s->w);
}

void members_finding(struct members *s, const struct finding *f)
{
    put_id(s, "id", "f", f->number);
    write_string(&s->w, "rule", f->rule);
    write_string(&s->w, "severity", severity_name((enum severity)f->severity));
    put_text(s, "title", f->title);
    put_text(s, "cause", f->cause);
    if (f->fix_initiator || f->fix_responder) {
        write_object(&s->w, "fix");
        put_advice(s, "initiator", f->fix_initiator);
        put_advice(s, "responder", f->fix_responder);
        write_end_object(&s->w);
    }
    write_string(&s->w, "confidence", confidence_name((enum confidence)f->confidence));
    if (f->ike_sa)
        put_id(s, "ike_sa", "ike", f->ike_sa->number);
    if (f->child_sa)
        put_id(s, "child_sa", "child", f->child_sa->number);
    write_number(&s->w, "count", f->count ? f->count : 1);
    put_stamp(s, "first", f->first);
    put_stamp(s, "last", f->last);
    put_quotes(s, "evidence", f->evidence);
    put_quotes(s, "config", f->config);
}

void members_record(struct members *s, const struct record *r)
{
    put_input(s, r->input);
    write_string(&s->w, "kind", input_kind_name(r->kind));
    write_string(&s->w, "name", r->name);
    put_text(s, "title", r->title);
    put_device(s, "device", r->device);
    write_number(&s->w, "first_line", r->first_line);
    write_number(&s->w, "last_line", r->last_line);
    if (r->foreign)
        write_bool(&s->w, "foreign", true);
    write_object(&s->w, "facts");
    facts_write(&s->w, r->facts, NULL);
    write_end_object(&s->w);
}

/* The message of an event that carried one: what it is, not its payloads; those stand with its exchange. */
static void put_event_message(struct members *s, const struct message *m)
{
    if (!m)
        return;
    write_object(&s->w, "message");
    write_string(&s->w, "exchange", registry_name(REGISTRY_EXCHANGE, m->exchange));
    put_flags(s, m);
    if (m->length)
        write_number(&s->w, "length", m->length);
    put_endpoint(s, "source", m->source);
    put_endpoint(s, "destination", m->destination);
    write_array(&s->w, "payloads");
    for (size_t i = 0; i < m->type_count; i++) {
        const char *type = payload_notation(m->types[i]);
        buffer_format(fresh(s), "%u", m->types[i]);
        write_text(&s->w, NULL, type ? text_of(type) : buffer_view(&s->scratch));
    }
    write_end_array(&s->w);
    write_end_object(&s->w);
}

void members_event(struct members *s, const struct kept_event *k)
{
    const struct event *e = &k->event;
    put_t(s, e->input, e->line, e->time.kind ? e->time.ns : TIME_UNKNOWN);
    put_time(s, e->time);
    put_device(s, "device", e->device);
    put_input(s, e->input);
    put_place(s, e->line, e->kind == EVENT_PACKET_SEEN);
    if (e->lines)
        write_number(&s->w, "lines", e->lines);
    write_string(&s->w, "kind", event_kind_name((enum event_kind)e->kind));
    if (e->code)
        put_kebab(s, "code", event_code_row((enum event_code)e->code)->name);
    if (e->severity)
        write_string(&s->w, "severity", severity_name((enum severity)e->severity));
    put_text(s, "text", e->text);
    if (k->ike_sa) {
        put_id(s, "ike_sa", "ike", k->ike_sa->number);
        if (k->bound_by)
            write_string(&s->w, "bound_by", binding_name((enum binding)k->bound_by));
    }
    if (e->has & HAS_SA_ID)
        write_number(&s->w, "sa_id", e->sa_id);
    if (e->has & HAS_SESSION_ID)
        write_number(&s->w, "session_id", e->session_id);
    if (e->has & HAS_SPI_I)
        put_spi(s, "spi_i", e->spi_i);
    if (e->has & HAS_SPI_R)
        put_spi(s, "spi_r", e->spi_r);
    if (e->has & HAS_MSGID)
        write_number(&s->w, "msgid", e->msgid);
    if (e->has & HAS_ROLE)
        write_string(&s->w, "role", side_name(e->role));
    if (e->has & HAS_LOCAL)
        put_endpoint(s, "local", e->local);
    if (e->has & HAS_REMOTE)
        put_endpoint(s, "remote", e->remote);
    if (e->kind == EVENT_SM_TRANSITION) {
        write_string(&s->w, "state", e->state);
        write_string(&s->w, "event", e->event);
    }
    put_event_message(s, e->message);
    facts_write(&s->w, e->facts, e->kind == EVENT_SM_TRANSITION ? step_taken : taken);
}
