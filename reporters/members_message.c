/* Exchanges, messages and their payloads, events. */
#include "reporters/factwriter.h"
#include "reporters/members_parts.h"

/* Member names that an event has of its own; a fact of that name would be a second one. */
#define EVENT_MEMBERS                                                                                                            \
    "type", "t", "time", "zone", "device", "input", "line", "packet", "lines", "kind", "severity", "text", "ike_sa", "bound_by", \
        "sa_id", "session_id", "msgid", "code", "message", "spi_i", "spi_r", "local", "remote", "role"
static const char *const taken[] = { EVENT_MEMBERS, NULL };
static const char *const step_taken[] = { EVENT_MEMBERS, "state", "event", NULL };
static const char *const payload_taken[] = { "type", "length", "critical", "malformed", NULL };

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
        if (g->direction && g->direction < COUNT_OF(directions))
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
        buffer_format(scratch_fresh(s), "%u", p->type);
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
    const struct sighting *timed = leg_timed(leg);
    if (timed) {
        put_t(s, timed->input, timed->place, timed->ns);
        put_time(s, stamp_like(s->model, timed->input, timed->ns));
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
    if (m->decryption && m->decryption < COUNT_OF(how))
        write_string(&s->w, "decryption", how[m->decryption]);
    if (m->protection)
        write_string(&s->w, "protection", m->protection == PROTECTION_SKF ? "SKF" : "SK");
    if (m->malformed)
        write_bool(&s->w, "malformed", true);
    put_payloads(s, m);
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
        buffer_format(scratch_fresh(s), "%u", m->types[i]);
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
    put_place(s, e->line, is_capture(s, e->input));
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
