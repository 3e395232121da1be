#include "analysis/datagrams.h"

#include "analysis/exchange_index.h"
#include "analysis/exchanges.h"

#define PIECES_NS INT64_C(50000000)

/* Pieces of one message leave at once: line by line, and within a moment. */
static bool is_piece(const struct model *m, const struct datagram *before, const struct datagram *d)
{
    if (!before->line || before->spi_i.value != d->spi_i.value || before->exchange != d->exchange ||
        before->message_id != d->message_id || before->direction != d->direction)
        return false;
    bool timed = before->time.kind && d->time.kind;
    return model_lines_between(m, d->input, before->line, d->line) <= 1 && (!timed || d->time.ns - before->time.ns <= PIECES_NS);
}

void datagram_wait(const struct model *m, struct observer *o, const struct event *e, struct ike_sa *sa, struct view *v)
{
    uint32_t exchange = 0;
    uint64_t message_id = 0;
    if (!registry_number(REGISTRY_EXCHANGE, fact_get_text(e->facts, "exchange"), &exchange) || exchange > 255 ||
        !fact_get_number(e->facts, "message_id", &message_id) || message_id > UINT32_MAX)
        return;
    struct datagram d = { .sa = sa,
                          .view = v,
                          .spi_i = e->spi_i,
                          .spi_r = e->spi_r,
                          .local = e->local,
                          .remote = e->remote,
                          .time = e->time,
                          .message_id = (uint32_t)message_id,
                          .input = e->input,
                          .device = e->device,
                          .line = e->line,
                          .lines = e->lines,
                          .exchange = (uint8_t)exchange,
                          .direction = e->code == CODE_DATAGRAM_SENT ? DIRECTION_SENT : DIRECTION_RECEIVED };
    bool piece = is_piece(m, &o->datagram_before, &d);
    o->datagram_before = d;
    o->datagram = d;
    if (piece)
        o->datagram = (struct datagram){ .line = 0 };
}

/* What ASA prints of the queue between such a line and the dump. */
static bool leaves_waiting(const struct event *e)
{
    return e->code == CODE_PACKET_DISPATCHED || e->code == CODE_REQUEST_ADMITTED || e->code == CODE_COUNTER ||
           e->code == CODE_MSGID_WINDOW || e->code == CODE_MSGID_ANSWERED || e->code == CODE_MSGID_OUTSIDE_WINDOW ||
           e->code == CODE_REQUEST_RECEIVED;
}

static bool sighted(const struct leg *leg, const struct datagram *d, bool dumped)
{
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (s->input == d->input && s->direction == d->direction && !(dumped && s->announced))
            return true;
    return false;
}

/* Some dump of this message was there before: of a message that was sent it stands in front. */
static bool was_dumped(const struct datagram *d)
{
    for (struct exchange *x = exchange_alike(d->sa, d->exchange, d->message_id); x; x = exchange_alike_before(x))
        if (sighted(&x->request, d, true) || sighted(&x->response, d, true))
            return true;
    return false;
}

/* The line does not say whether it asks or answers. */
static bool answers(const struct datagram *d)
{
    uint8_t role = d->view->role;
    bool by_self = d->direction == DIRECTION_SENT;
    bool first = d->exchange == EXCHANGE_IKE_SA_INIT || d->exchange == EXCHANGE_IKE_AUTH ||
                 d->exchange == EXCHANGE_IKE_INTERMEDIATE;
    if (first && role)
        return by_self == (role == SIDE_RESPONDER);
    if (d->exchange == EXCHANGE_IKE_SA_INIT)
        return spi_known(d->spi_r);
    struct datagram other = *d;
    other.direction = by_self ? DIRECTION_RECEIVED : DIRECTION_SENT;
    for (struct exchange *x = exchange_alike(d->sa, d->exchange, d->message_id); x; x = exchange_alike_before(x))
        if (sighted(&x->request, &other, false) && x->response.copies < x->request.copies)
            return true;
    return false;
}

/* A dump that stops before it names its exchange has that from here. */
static bool is_dump_of(const struct event *e, const struct datagram *d)
{
    struct message *m = e->message;
    if (!m || m->direction != d->direction || m->message_id != d->message_id || m->spi_i.value != d->spi_i.value)
        return false;
    if (!m->exchange && !m->has_flags) {
        m->exchange = d->exchange;
        m->flags |= answers(d) ? MESSAGE_RESPONSE : 0;
    }
    return m->exchange == d->exchange;
}

bool datagram_due(struct observer *o, const struct event *next, struct event *e, struct message *m)
{
    const struct datagram d = o->datagram;
    if (!d.line || (next && leaves_waiting(next)))
        return false;
    o->datagram.line = 0;
    if ((next && is_dump_of(next, &d)) || was_dumped(&d))
        return false;
    bool sent = d.direction == DIRECTION_SENT;
    *m = (struct message){ .spi_i = d.spi_i,
                           .spi_r = d.spi_r,
                           .message_id = d.message_id,
                           .exchange = d.exchange,
                           .version = 0x20,
                           .flags = answers(&d) ? MESSAGE_RESPONSE : 0,
                           .has_message_id = true,
                           .announced = true,
                           .direction = d.direction,
                           .source = sent ? d.local : d.remote,
                           .destination = sent ? d.remote : d.local };
    *e = (struct event){ .kind = sent ? EVENT_PACKET_SENT : EVENT_PACKET_RECEIVED,
                         .code = CODE_PACKET,
                         .has = HAS_SPI_I | HAS_SPI_R | HAS_MSGID | HAS_LOCAL | HAS_REMOTE,
                         .time = d.time,
                         .input = d.input,
                         .device = d.device,
                         .line = d.line,
                         .lines = d.lines,
                         .spi_i = d.spi_i,
                         .spi_r = d.spi_r,
                         .msgid = d.message_id,
                         .local = d.local,
                         .remote = d.remote,
                         .message = m };
    return true;
}
