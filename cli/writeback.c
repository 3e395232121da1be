#include "cli/writeback.h"

#include <stdlib.h>

#include "cli/run.h"
#include "decoder/rebuild.h"

struct datagram {
    const struct ike_sa *sa;
    const struct exchange *exchange;
    const struct leg *leg;
    const struct sighting *seen;
    int64_t ns; /* aligned; TIME_UNKNOWN */
};

struct datagrams {
    struct datagram *at;
    size_t count, room;
};

static void add(struct datagrams *d, struct datagram one)
{
    if (d->count == d->room) {
        d->room = d->room ? d->room * 2 : 64;
        d->at = memory_grow(d->at, d->room * sizeof *d->at);
    }
    d->at[d->count++] = one;
}

/* Of a capture what was sealed and could be opened, once; what is clear can be read in the capture itself. */
static void add_opened(struct datagrams *d, const struct model *m, const struct ike_sa *sa, const struct exchange *x,
                       const struct leg *leg, struct writeback *w)
{
    const struct sighting *s = leg->seen;
    while (s && !m->inputs[s->input].has_packets)
        s = s->next;
    if (!s || !leg->message || leg->message->protection == PROTECTION_NONE)
        return;
    w->sealed++;
    w->cut += leg->message->truncated;
    if (leg->message->decryption == DECRYPTION_DECRYPTED)
        add(d, (struct datagram){ sa, x, leg, s, model_time_of(m, s) });
}

/* Of all logs that show a message one is asked, and there of its two sides the first: what two ends print was sent once. */
static void add_leg(struct datagrams *d, const struct model *m, const struct ike_sa *sa, const struct exchange *x,
                    const struct leg *leg, struct writeback *w)
{
    const struct sighting *first = leg->seen;
    while (first && m->inputs[first->input].has_packets)
        first = first->next;
    for (const struct sighting *s = first; s; s = s->next)
        if (s->input == first->input && s->direction == first->direction && !s->announced)
            add(d, (struct datagram){ sa, x, leg, s, model_time_of(m, s) });
    if (!first)
        add_opened(d, m, sa, x, leg, w);
}

static int in_order(const void *a, const void *b)
{
    const struct datagram *x = a, *y = b;
    if (x->ns != y->ns)
        return x->ns < y->ns ? -1 : 1;
    if (x->seen->input != y->seen->input)
        return x->seen->input < y->seen->input ? -1 : 1;
    return (x->seen->place > y->seen->place) - (x->seen->place < y->seen->place);
}

/* The addresses in use then: the last of the SA's paths that is not later. IKE_SA_INIT was before every move. */
static void endpoints(const struct model *m, const struct datagram *d, struct endpoint *initiator, struct endpoint *responder)
{
    *initiator = d->sa->initiator.endpoint;
    *responder = d->sa->responder.endpoint;
    for (const struct path *p = d->sa->path; p; p = p->next) {
        int64_t t = model_time(m, p->input, p->ns);
        bool untimed = t == TIME_UNKNOWN || d->ns == TIME_UNKNOWN;
        if (untimed ? p != d->sa->path && d->exchange->type == EXCHANGE_IKE_SA_INIT : t > d->ns)
            break;
        *initiator = p->initiator;
        *responder = p->responder;
    }
}

struct putting { /* where the datagrams go, and the room in which each is made */
    const struct model *m;
    struct capture_writer *to;
    struct buffer ike, packet;
    struct writeback *w;
};

static void put_one(struct putting *p, const struct datagram *d, int64_t ns)
{
    struct buffer *ike = &p->ike, *packet = &p->packet;
    struct writeback *w = p->w;
    struct rebuilt r = { 0 };
    buffer_reset(ike);
    buffer_reset(packet);
    const bool wire = p->m->inputs[d->seen->input].has_packets;
    w->messages += !wire;
    if (!d->leg->message || !message_rebuild(d->leg->message, ike, &r)) {
        w->refused += !wire;
        w->missing = w->missing ? w->missing : r.missing;
        return;
    }
    struct endpoint i, r_;
    endpoints(p->m, d, &i, &r_);
    bool from_initiator = (d->exchange->from == SIDE_INITIATOR) == (d->leg == &d->exchange->request);
    w->without_address |= !wire && (!address_length(i.address) || !address_length(r_.address));
    datagram_put(from_initiator ? i : r_, from_initiator ? r_ : i, bytes_over(ike->at, ike->len), packet);
    if (packet->full) {
        w->refused += !wire;
        return;
    }
    capture_put(p->to, ns, d->seen->place, bytes_over(packet->at, packet->len));
    if (wire) {
        w->unsealed++;
        return;
    }
    w->opened += r.opened;
    w->whole += !r.opened && !r.zeros;
    w->zeroed += r.zeros > 0;
    w->zeros += r.zeros;
}

void writeback_put(const struct model *m, struct capture_writer *to, struct writeback *w)
{
    struct datagrams all = { 0 };
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (const struct exchange *x = sa->exchanges; x; x = x->next) {
            add_leg(&all, m, sa, x, &x->request, w);
            add_leg(&all, m, sa, x, &x->response, w);
        }
    if (all.count)
        qsort(all.at, all.count, sizeof *all.at, in_order);
    struct putting p = { .m = m, .to = to, .w = w };
    buffer_init(&p.ike, 60000); /* what fits into one datagram */
    buffer_init(&p.packet, 65535);
    int64_t untimed = 0;
    for (size_t n = 0; n < all.count; n++) {
        const struct datagram *d = &all.at[n];
        const struct input *in = &m->inputs[d->seen->input];
        w->without_time |= !in->has_packets && d->ns == TIME_UNKNOWN;
        w->without_year |= !in->has_packets && d->ns != TIME_UNKNOWN && !in->first_stamp.has_year &&
                           in->first_stamp.kind == STAMP_DATE;
        /* Without a clock the order is all there is: a millisecond each. */
        int64_t ns = d->ns == TIME_UNKNOWN ? 1000000 * ++untimed : d->ns + m->origin_ns;
        put_one(&p, d, ns);
    }
    buffer_clear(&p.ike);
    buffer_clear(&p.packet);
    memory_free(all.at);
}

void writeback_tell(const struct writeback *w, bool quiet)
{
    if (!w->messages) {
        warn(quiet, "the log prints no message: ASA and FTD do with 'debug crypto ikev2 protocol 127'");
        return;
    }
    warn(quiet,
         "%llu of %llu messages of the log written back: %llu whole, %llu in the clear where the log shows what was sealed",
         (unsigned long long)(w->messages - w->refused), (unsigned long long)w->messages, (unsigned long long)w->whole,
         (unsigned long long)w->opened);
    if (w->zeroed)
        warn(quiet,
             "%llu octets of %llu of them are zeros: the log counts them and does not print them (AUTH data, certificates, SPIs, "
             "key lengths)",
             (unsigned long long)w->zeros, (unsigned long long)w->zeroed);
    if (w->refused)
        warn(quiet,
             "%llu not written: the log does not print their octets (the first lacks %s); ASA and FTD print them with "
             "'debug crypto ikev2 protocol 127'",
             (unsigned long long)w->refused, w->missing ? w->missing : "payloads");
    if (w->without_time)
        warn(quiet, "the log has no times: the packets stand a millisecond apart, in its order");
    if (w->without_year)
        warn(quiet, "the log has no year: 2000 stands for it; say --year");
    if (w->without_address)
        warn(quiet, "an address that the log does not name is 0.0.0.0");
}
