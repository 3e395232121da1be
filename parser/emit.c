#include "parser/emit.h"

#include <stdio.h>

#include "parser/names.h"
#include "parser/older.h"
#include "parser/phrases.h"
#include "parser/policies.h"
#include "parser/scan.h"
#include "parser/state.h"

static void from_origin(struct event *e, const struct origin *o)
{
    e->time = o->time;
    e->line = o->line;
    e->lines = o->lines ? o->lines : 1;
    if (o->tag.has_sa_id) {
        e->sa_id = o->tag.sa_id;
        e->has |= HAS_SA_ID;
    }
    if (o->tag.has_session_id) {
        e->session_id = o->tag.session_id;
        e->has |= HAS_SESSION_ID;
    }
    if (o->tag.role) {
        e->role = o->tag.role;
        e->has |= HAS_ROLE;
    }
    if (o->tag.local.address.family) {
        e->local = o->tag.local;
        e->has |= HAS_LOCAL;
    }
    if (o->tag.remote.address.family) {
        e->remote = o->tag.remote;
        e->has |= HAS_REMOTE;
    }
}

void emit_transition(struct records *r, struct stream *s, const struct origin *origin, const struct transition_line *t,
                     const char *state, const char *event, struct text text)
{
    struct parser *p = r->parser;
    struct event e = { .kind = EVENT_SM_TRANSITION, .code = CODE_SM_TRACE };
    from_origin(&e, origin);
    e.spi_i = t->spi_i;
    e.spi_r = t->spi_r;
    e.msgid = t->msgid;
    e.role = t->role;
    e.has |= HAS_SPI_I | HAS_SPI_R | HAS_MSGID | HAS_ROLE;
    e.state = state;
    e.event = event;
    e.text = text;
    s->dispatched = false;
    parser_emit(p, s->device, &e);
}

static void from_tag(struct event *e, const struct debug_tag *debug)
{
    const struct tag tag = tag_from_debug(debug);
    if (tag.has_sa_id) {
        e->sa_id = tag.sa_id;
        e->has |= HAS_SA_ID;
    }
    if (tag.has_session_id) {
        e->session_id = tag.session_id;
        e->has |= HAS_SESSION_ID;
    }
}

/* The same of a line that was read at one glance. */
void emit_face(struct records *r, struct stream *s, const struct face *f, uint32_t first, uint32_t lines)
{
    struct event e = { .kind = EVENT_SM_TRANSITION,
                       .code = CODE_SM_TRACE,
                       .has = HAS_SPI_I | HAS_SPI_R | HAS_MSGID | HAS_ROLE,
                       .time = f->time,
                       .line = first,
                       .lines = lines,
                       .text = f->text,
                       .spi_i = spi_of(f->spi_i, 16),
                       .spi_r = spi_of(f->spi_r, 16),
                       .msgid = f->msgid,
                       .role = f->role,
                       .state = f->state,
                       .event = f->event };
    from_tag(&e, &f->tag);
    s->dispatched = false;
    parser_emit(r->parser, s->device, &e);
}

/* ------------------------------------------------------------------------------------------ packets */

static struct content_slot *slot_for(struct stream *s, const struct tag *tag)
{
    struct content_slot *any = NULL;
    for (unsigned i = 0; i < CONTENT_SLOTS; i++) {
        struct content_slot *c = &s->contents[i];
        if (!c->filled)
            continue;
        if (c->sa_id == (tag->has_sa_id ? tag->sa_id : 0) &&
            (!c->session_id || !tag->has_session_id || c->session_id == tag->session_id))
            return c;
        if (!c->sa_id || !tag->has_sa_id)
            any = c;
    }
    return any;
}

/* The names that "Constructing IDi payload: 'x' of type 'y'" gave belong into the identities built next. */
static void name_identities(struct stream *s, struct packet *p)
{
    for (struct payload *v = p->message.payloads; v; v = v->next) {
        if (v->type != PAYLOAD_IDI && v->type != PAYLOAD_IDR)
            continue;
        char *name = s->constructed[v->type == PAYLOAD_IDR];
        if (!name[0] || fact_find(v->facts, "id"))
            continue;
        struct fact **at = &v->facts;
        while (*at)
            at = &(*at)->next;
        struct facts f = { p->arena, at };
        if (!fact_find(v->facts, "id_type") && s->constructed_type[v->type == PAYLOAD_IDR])
            fact_code(&f, "id_type", REGISTRY_ID, s->constructed_type[v->type == PAYLOAD_IDR]);
        fact_text(&f, "id", text_of(name));
        p->digested = false;
        name[0] = 0;
    }
}

/* Contents wait in a slot of their own; the slot's old packet comes back for reuse. */
static void put_aside(struct stream *s)
{
    struct content_slot *slot = NULL;
    uint32_t sa = s->origin.tag.has_sa_id ? s->origin.tag.sa_id : 0;
    for (unsigned i = 0; i < CONTENT_SLOTS && !slot; i++)
        if (!s->contents[i].filled || s->contents[i].sa_id == sa)
            slot = &s->contents[i];
    if (!slot)
        slot = &s->contents[s->next_slot++ % CONTENT_SLOTS];
    packet_name_vendors(&s->packet, &s->vendors);
    s->vendors.count = 0;
    name_identities(s, &s->packet);
    struct packet old = slot->packet;
    slot->packet = s->packet;
    s->packet = old;
    packet_moved(&slot->packet);
    slot->sa_id = sa;
    slot->session_id = s->origin.tag.has_session_id ? s->origin.tag.session_id : 0;
    slot->filled = true;
    s->packet.open = false;
}

/* SKF pieces are not numbered by the log: one after the other of the same message, until it is sent again. */
static void number_fragment(struct stream *s, struct message *m)
{
    if (m->protection != PROTECTION_SKF)
        return;
    bool same = s->fragment && spi_equal(s->fragment_spi, m->spi_i) && s->fragment_id == m->message_id &&
                s->fragment_direction == m->direction;
    s->fragment = same && s->fragment < 255 ? (uint8_t)(s->fragment + 1) : 1;
    s->fragment_spi = m->spi_i;
    s->fragment_id = m->message_id;
    s->fragment_direction = m->direction;
    m->fragment = s->fragment;
}

static bool is_sealed(const struct packet *p)
{
    if (p->first == PAYLOAD_SK || p->first == PAYLOAD_SKF)
        return true;
    for (const struct payload *v = p->message.payloads; v; v = v->next)
        if (v->type == PAYLOAD_SK || v->type == PAYLOAD_SKF)
            return true;
    return false;
}

/* Some logs dump no more of a sent packet than ENCR and the type of its first payload. When that is a notify, the entries that
 * built it tell the contents: an answer that begins with a notify has nothing before it. */
static void adopt_notifies(struct stream *s, struct packet *p)
{
    const struct payload *last = p->message.payloads;
    while (last && last->next)
        last = last->next;
    if (!s->notifies.count || !last || last->type != PAYLOAD_SK || p->next != PAYLOAD_NOTIFY)
        return;
    packet_begin(&s->sealed);
    for (uint8_t i = 0; i < s->notifies.count; i++) {
        struct text t = arena_format(p->arena, "NOTIFY(%s)  Next payload: %s, reserved: 0x0, length: 8", s->notifies.names[i],
                                     i + 1 < s->notifies.count ? "NOTIFY" : "NONE"); /* facts are views of it */
        packet_read(&s->sealed, &t);
    }
    packet_end_payload(&s->sealed);
    packet_adopt(p, &s->sealed);
}

/* "Sending IKE_SA_INIT request": what stands for a dump of many lines. */
static struct text packet_text(const struct packet *p, struct arena *arena)
{
    const struct message *m = &p->message;
    struct text exchange = text_of(p->has_exchange ? registry_name(REGISTRY_EXCHANGE, m->exchange) : NULL);
    const struct text parts[] = {
        m->direction == DIRECTION_SENT       ? TEXT("Sending ")
        : m->direction == DIRECTION_RECEIVED ? TEXT("Received ")
                                             : TEXT(""),
        exchange.len ? exchange : TEXT("packet"),
        !p->has_response              ? TEXT("")
        : m->flags & MESSAGE_RESPONSE ? TEXT(" response")
                                      : TEXT(" request"),
        m->fragment ? TEXT(" (fragment)") : TEXT(""),
    };
    size_t len = 0;
    for (int i = 0; i < 4; i++)
        len += parts[i].len;
    char *out = arena_take(arena, len + 1), *at = out;
    for (int i = 0; i < 4; i++) {
        memcpy(at, parts[i].at, parts[i].len);
        at += parts[i].len;
    }
    return text_over(out, len);
}

/* The half that tells where a packet went, and not yet what it is. */
static bool first_half(const struct packet *p)
{
    return p->addressed && p->has_exchange && !p->header && !p->list && !p->traced;
}

static uint32_t sa_of(const struct stream *s)
{
    return s->origin.tag.has_sa_id ? s->origin.tag.sa_id : 0;
}

static void keep_half(struct stream *s)
{
    const struct packet *p = &s->packet;
    const struct message *m = &p->message;
    s->halves[s->next_half++ % HALVES] = (struct half){ .waiting = true,
                                                        .has_spis = p->has_spis,
                                                        .exchange = m->exchange,
                                                        .direction = (uint8_t)m->direction,
                                                        .sa_id = sa_of(s),
                                                        .message_id = m->message_id,
                                                        .spi_i = m->spi_i,
                                                        .spi_r = m->spi_r,
                                                        .local = p->local,
                                                        .remote = p->remote };
}

static void join_half(struct stream *s)
{
    struct packet *p = &s->packet;
    struct message *m = &p->message;
    for (unsigned i = 0; i < HALVES; i++) {
        struct half *h = &s->halves[i];
        if (!h->waiting || h->sa_id != sa_of(s) || h->exchange != m->exchange || h->message_id != m->message_id)
            continue;
        h->waiting = false;
        m->direction = h->direction;
        p->has_spis = h->has_spis;
        m->spi_i = h->spi_i;
        m->spi_r = h->spi_r;
        p->local = h->local;
        p->remote = h->remote;
        return;
    }
}

/* The dump that made way for this one goes on. */
static void unpark(struct stream *s)
{
    if (!s->parked.open)
        return;
    struct packet old = s->packet;
    s->packet = s->parked;
    s->origin = s->parked_origin;
    s->parked = old;
    s->parked.open = false;
    packet_moved(&s->packet);
}

void emit_packet(struct records *r, struct stream *s)
{
    struct packet *p = &s->packet;
    if (!p->open)
        return;
    if (p->contents) {
        packet_end_payload(p);
        put_aside(s);
        unpark(s);
        return;
    }
    struct message *m = &p->message;
    bool half = first_half(p);
    if (half)
        keep_half(s);
    else if (p->header && !p->addressed && s->origin.tag.packet)
        join_half(s);
    if (p->parsed)
        m->direction = DIRECTION_RECEIVED;
    if (m->direction == DIRECTION_SENT && !half) {
        struct content_slot *slot = is_sealed(p) ? slot_for(s, &s->origin.tag) : NULL;
        if (slot) {
            packet_adopt(p, &slot->packet);
            slot->filled = false;
        } else if (is_sealed(p)) {
            packet_end_payload(p);
            adopt_notifies(s, p);
        } else {
            packet_name_vendors(p, &s->vendors);
            name_identities(s, p);
        }
        s->vendors.count = s->notifies.count = 0;
    }
    packet_end(p);
    number_fragment(s, m);
    struct event e = { .kind = m->direction == DIRECTION_RECEIVED ? EVENT_PACKET_RECEIVED : EVENT_PACKET_SENT,
                       .code = CODE_PACKET };
    from_origin(&e, &s->origin);
    if (p->has_spis) {
        e.spi_i = m->spi_i;
        e.spi_r = m->spi_r;
        e.has |= HAS_SPI_I | HAS_SPI_R;
    }
    if (m->has_message_id) {
        e.msgid = m->message_id;
        e.has |= HAS_MSGID;
    }
    if (p->local.address.family) {
        e.local = p->local;
        e.has |= HAS_LOCAL;
    }
    if (p->remote.address.family) {
        e.remote = p->remote;
        e.has |= HAS_REMOTE;
    }
    if (!m->source.address.family && e.has & HAS_LOCAL && e.has & HAS_REMOTE) {
        bool sent = m->direction == DIRECTION_SENT;
        m->source = sent ? e.local : e.remote;
        m->destination = sent ? e.remote : e.local;
    }
    e.message = m;
    e.text = packet_text(p, r->event);
    s->dispatched = false;
    parser_emit(r->parser, s->device, &e);
    arena_reset(r->event);
    unpark(s);
}

void packet_from_datagram(struct packet *p, struct text t, struct arena *scratch)
{
    const struct phrase *phrase = phrase_find(t);
    struct event e = { .kind = EVENT_OTHER };
    struct fact *head = NULL;
    struct facts f = facts_into(scratch, &head);
    if (!phrase)
        return;
    phrase_facts(phrase, t, &e, &f);
    if (!p->has_spis && e.has & HAS_SPI_I && e.has & HAS_SPI_R) {
        p->message.spi_i = e.spi_i;
        p->message.spi_r = e.spi_r;
        p->has_spis = true;
    }
    if (!p->has_exchange)
        p->has_exchange = name_exchange(fact_get_text(head, "exchange"), &p->message.exchange);
    if (!p->local.address.family && e.has & HAS_LOCAL)
        p->local = e.local;
    if (!p->remote.address.family && e.has & HAS_REMOTE)
        p->remote = e.remote;
}

/* ------------------------------------------------------------------------------------------ texts */

static bool is_dispatch(enum event_code code)
{
    return code == CODE_PACKET_DISPATCHED || code == CODE_REQUEST_ADMITTED || code == CODE_COUNTER || code == CODE_MSGID_WINDOW ||
           code == CODE_MSGID_ANSWERED || code == CODE_MSGID_OUTSIDE_WINDOW || code == CODE_DATAGRAM_RECEIVED;
}

static void add_name(struct vendors *list, struct text name)
{
    if (list->count && text_equal(text_of(list->names[list->count - 1]), name))
        return; /* announced by a sentence and then built */
    if (list->count == PACKET_VENDORS)
        return;
    char *to = list->names[list->count++];
    name = text_upto(name, sizeof list->names[0] - 1);
    memcpy(to, name.at, name.len);
    to[name.len] = 0;
}

static void remember_constructed(struct stream *s, struct text t)
{
    struct vendors *list = text_starts(t, TEXT("Construct Vendor")) ? &s->vendors : &s->notifies;
    add_name(list, text_trim(text_from(t, text_find_byte(t, ':') + 1)));
}

/* "Sending no proposal chosen notify" */
static void remember_announced(struct stream *s, enum event_code code, struct text t)
{
    if (!text_starts(t, TEXT("Sending ")))
        return;
    if (code == CODE_NO_PROPOSAL_SENT)
        add_name(&s->notifies, TEXT("NO_PROPOSAL_CHOSEN"));
    else if (code == CODE_AUTH_FAILURE_SENT)
        add_name(&s->notifies, TEXT("AUTHENTICATION_FAILED"));
    else if (code == CODE_TS_REFUSED)
        add_name(&s->notifies, TEXT("TS_UNACCEPTABLE"));
}

/* What is built next, or comes next, hangs on these. */
static const bool leaves_something[CODE_COUNT] = {
    [CODE_NO_PROPOSAL_SENT] = true,    [CODE_AUTH_FAILURE_SENT] = true, [CODE_TS_REFUSED] = true,
    [CODE_PAYLOAD_CONSTRUCTED] = true, [CODE_ID_CONSTRUCTED] = true,    [CODE_RETRANSMIT] = true,
};

static void remember(struct stream *s, enum event_code code, struct text text, const struct fact *facts)
{
    if (!leaves_something[code])
        return;
    remember_announced(s, code, text);
    if (code == CODE_PAYLOAD_CONSTRUCTED)
        remember_constructed(s, text);
    if (code == CODE_ID_CONSTRUCTED) {
        struct text payload = fact_get_text(facts, "payload"), id = fact_get_text(facts, "id");
        bool responder = text_equal(payload, TEXT("IDr"));
        snprintf(s->constructed[responder], sizeof s->constructed[responder], "%.*s", TEXT_ARGS(id));
        uint64_t type = 0;
        fact_get_number(facts, "id_type", &type);
        s->constructed_type[responder] = (uint8_t)type;
    } else if (code == CODE_RETRANSMIT) {
        s->fragment = 0;
    }
}

/* A failure whose text says what failed keeps the code of that text as well, by its words where no row has it. */
static void reason_code(struct event *e, struct facts *f)
{
    struct text reason = fact_get_text(e->facts, "reason");
    const struct phrase *inner = reason.len ? phrase_find(reason) : NULL;
    enum event_kind kind;
    enum event_code code = inner ? inner->code : reason.len ? phrase_guess(reason, true, &kind) : CODE_NONE;
    if (!inner && code == CODE_FAILURE)
        code = CODE_NONE;
    e->reason = (uint16_t)code;
    if (code)
        fact_text(f, "reason_code", text_of(event_code_row(code)->name));
}

static void count_dropped(struct parser *p, enum event_code code, const struct fact *facts, uint32_t line)
{
    uint64_t count = 1;
    if (code != CODE_RATE_LIMITED)
        return;
    fact_get_number(facts, "count", &count);
    p->dropped += count;
    if (!p->dropped_first)
        p->dropped_first = line;
}

/* An ASA's messages have numbers for names. */
static void note_family(struct input *in, const struct entry *entry)
{
    in->asa_messages |= entry->number[0] != '\0';
    in->ios_messages |= entry->number[0] == '\0';
}

struct text entry_key(const struct entry *entry, struct arena *arena)
{
    if (!entry->number[0])
        return entry->text;
    return arena_format(arena, "%s %.*s", entry->number, TEXT_ARGS(entry->text));
}

static bool needs_fields(const struct parser *p, const struct event_code_row *row, enum event_code code)
{
    return p->model->options.keep_events || row->keep || code == CODE_ID_CONSTRUCTED || code == CODE_PSK_LOOKUP ||
           code == CODE_RATE_LIMITED || code == CODE_DATAGRAM_RECEIVED || code == CODE_DATAGRAM_SENT || code == CODE_SESSION_UP ||
           code == CODE_MSGID_WINDOW || code == CODE_MSGID_ANSWERED || code == CODE_PFS_GROUP || code == CODE_PROPOSAL_OFFERED ||
           code == CODE_CLOCK_SET;
}

static void note_dispatch(struct stream *s, enum event_code code)
{
    if (code == CODE_PACKET_DISPATCHED)
        s->dispatched = true;
    else if (!is_dispatch(code))
        s->dispatched = false;
}

void emit_entry(struct records *r, struct stream *s)
{
    struct entry *entry = &s->entry;
    struct parser *p = r->parser;
    if (!entry->open)
        return;
    entry->open = false;
    if (entry->owned && entry->joined.full)
        parser_over(p, OVER_RECORD, entry->origin.line);
    struct text text = text_trim(entry->text);
    if (text.len == 0)
        return;
    entry->text = text;
    struct transition_line transition;
    struct text behind = text;
    if (text.len > 2 && text.at[0] == 'S' && text.at[1] == 'M' && transition_scan(&behind, &transition) == TRANSITION_WHOLE) {
        emit_transition(r, s, &entry->origin, &transition, name_cached(&r->names, &p->model->names, transition.state),
                        name_cached(&r->names, &p->model->names, transition.event), text_upto(text, text.len - behind.len));
        return;
    }
    if (entry->settled ? entry->torn : damage_torn(text))
        parser_torn(p, entry->origin.line);
    struct text key = entry_key(entry, r->event);
    const struct phrase *phrase = entry->settled ? entry->phrase : told_phrase(records_told(r), key);
    enum event_kind kind = EVENT_OTHER;
    const struct tag *tag = &entry->origin.tag;
    enum event_code code;
    if (phrase) {
        code = phrase->code;
    } else if (tag->family == FAMILY_IKEV1) {
        code = CODE_IKEV1;
    } else if (entry->settled && !tag->error) {
        code = entry->guess;
        kind = entry->guess_kind;
    } else {
        code = phrase_guess(text, tag->error, &kind);
    }
    if (code == CODE_PROPOSALS_MISMATCH && !entry->policies) {
        /* ASA says so before, between and behind the lists: once is enough */
        if (s->policy_line && entry->origin.line - s->policy_line <= 6)
            code = CODE_STEP;
    }
    const struct event_code_row *row = event_code_row(code);
    if (phrase || code == CODE_IKEV1)
        kind = row->kind;
    struct event e = { .kind = (uint8_t)kind, .code = (uint16_t)code, .severity = (uint8_t)row->severity, .text = text };
    if (code == CODE_CONFIG_CHANGED) /* it names the command, a key and all */
        e.text = model_masked(p->model, text, r->event);
    from_origin(&e, &entry->origin);
    struct facts f = facts_into(r->event, &e.facts);
    if (phrase && phrase->pattern && needs_fields(p, row, code))
        phrase_facts(phrase, key, &e, &f);
    if (entry->policies) {
        limits_at(&p->model->read_limits, p->input, entry->origin.line, false);
        limits_bits(&p->model->read_limits, policies_compared(text, &f));
        s->policy_line = entry->origin.last_line;
    } else if (code == CODE_PROPOSAL_OFFERED) {
        limits_at(&p->model->read_limits, p->input, entry->origin.line, false);
        limits_bits(&p->model->read_limits, policies_offered(text, &f));
    }
    if (code == CODE_IKEV1)
        older_facts(text, &f);
    if (code == CODE_NEGOTIATION_ABORTED)
        reason_code(&e, &f);
    if (phrases_exhausted())
        parser_over(p, OVER_REGEX_TEXT, entry->origin.line);
    remember(s, code, text, e.facts);
    count_dropped(p, code, e.facts, e.line);
    if (tag->family == FAMILY_SYSLOG)
        note_family(model_input(p->model, p->input), entry);
    if (tag->family != FAMILY_IKEV1 && tag->family != FAMILY_SYSLOG) /* they speak of something else */
        note_dispatch(s, code);
    parser_emit(p, s->device, &e);
    arena_reset(r->event);
}

/* What these mean hangs on the lines around them, or on words of their own inside. */
static const bool hangs_on_others[CODE_COUNT] = {
    [CODE_PROPOSALS_MISMATCH] = true,
    [CODE_PROPOSAL_OFFERED] = true,
    [CODE_NEGOTIATION_ABORTED] = true,
    [CODE_RATE_LIMITED] = true,
};

static enum event_code code_of(const struct face *f)
{
    return f->phrase ? f->phrase->code : (enum event_code)f->guess;
}

bool emit_settles(const struct face *f)
{
    return f->settled && f->text.len && !scan_blank(f->text.at[0]) && (f->phrase || !tag_from_debug(&f->tag).error) &&
           !hangs_on_others[code_of(f)];
}

void emit_message(struct records *r, struct stream *s, const struct face *f, uint32_t line)
{
    struct parser *p = r->parser;
    const enum event_code code = code_of(f);
    const struct event_code_row *row = event_code_row(code);
    struct event e = { .kind = f->phrase ? (uint8_t)row->kind : f->guess_kind,
                       .code = (uint16_t)code,
                       .severity = (uint8_t)row->severity,
                       .time = f->time,
                       .line = line,
                       .lines = 1,
                       .text = f->text };
    from_tag(&e, &f->tag);
    if (f->torn)
        parser_torn(p, line);
    if (f->phrase && f->phrase->pattern && needs_fields(p, row, code))
        e.facts = told_facts(records_told(r), f->phrase, f->text, &e);
    if (phrases_exhausted())
        parser_over(p, OVER_REGEX_TEXT, line);
    remember(s, code, f->text, e.facts);
    note_dispatch(s, code);
    parser_emit(p, s->device, &e);
}
