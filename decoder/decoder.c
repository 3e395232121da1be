/* What frames show becomes events and flows: messages are decoded, opened where a key fits, put together from fragments. */
#include "decoder/decoder.h"

#include "decoder/blocks.h"
#include "decoder/capture.h"
#include "decoder/esp.h"
#include "decoder/fragments.h"
#include "decoder/frames.h"
#include "decoder/session.h"

struct decoder {
    struct model *model;
    struct event_taker taker;
    struct arena *scratch; /* lives as long as one packet */
    struct frames *frames;
    struct esp *esp;
    struct sessions *sessions;
    struct fragments *fragments;
};

static struct event event_of(const struct decoder *d, const struct packet *p, enum event_kind kind)
{
    return (struct event){
        .kind = (uint8_t)kind,
        .time = packet_time(p),
        .input = p->input,
        .device = model_input(d->model, p->input)->device,
        .line = p->frame,
        .lines = 1,
        .frames = p->frames,
        .frame_count = p->frame_count,
    };
}

/* "IKE_AUTH request 1, 10.0.0.1:4500 to 10.0.0.2:4500" */
static struct text describe(struct decoder *d, const struct message *m)
{
    bool old = m->version >> 4 == 1;
    const char *name = registry_name(old ? REGISTRY_EXCHANGE1 : REGISTRY_EXCHANGE, m->exchange);
    struct text from = endpoint_text(m->source, d->scratch), to = endpoint_text(m->destination, d->scratch);
    struct text what = name ? text_of(name) : arena_format(d->scratch, "exchange %u", m->exchange);
    struct text piece = m->fragment ? arena_format(d->scratch, " (fragment %u of %u)", m->fragment, m->fragments) : TEXT("");
    if (old)
        return arena_format(d->scratch, "IKEv1 %.*s, %.*s to %.*s", TEXT_ARGS(what), TEXT_ARGS(from), TEXT_ARGS(to));
    return arena_format(d->scratch, "%.*s %s %u%.*s, %.*s to %.*s", TEXT_ARGS(what),
                        m->flags & MESSAGE_RESPONSE ? "response" : "request", m->message_id, TEXT_ARGS(piece), TEXT_ARGS(from),
                        TEXT_ARGS(to));
}

/* ---- IKE ---- */

static void unseal_piece(struct decoder *d, struct message *m, int64_t ns, const struct sealed *sealed, struct bytes plain)
{
    struct whole whole;
    if (fragments_add(d->fragments, m, ns, sealed, plain, &whole) != FRAGMENT_COMPLETE)
        return;
    m->fragment = 0;
    m->fragments = whole.fragments;
    m->length = whole.length;
    ike_unseal(d->scratch, whole.first, whole.plaintext, m);
    sessions_learn(d->sessions, m, whole.first, whole.plaintext);
}

static void unseal(struct decoder *d, struct message *m, int64_t ns)
{
    struct sealed sealed;
    struct unsealed open;
    if (!ike_sealed(m->octets, &sealed))
        return;
    m->decryption = (uint8_t)sessions_open(d->sessions, m, &sealed, &open);
    if (m->decryption != DECRYPTION_DECRYPTED)
        return;
    m->keys = open.keys;
    if (sealed.protection == PROTECTION_SKF) {
        unseal_piece(d, m, ns, &sealed, open.plain);
        return;
    }
    ike_unseal(d->scratch, sealed.first, open.plain, m);
    sessions_learn(d->sessions, m, sealed.first, open.plain);
}

static bool on_ike(void *context, const struct packet *p, struct bytes octets)
{
    struct decoder *d = context;
    struct message m = { .source = p->source, .destination = p->destination, .direction = DIRECTION_WIRE };
    arena_reset(d->scratch);
    if (!ike_decode(d->scratch, octets, &m) || (m.version >> 4 != 1 && m.version >> 4 != 2))
        return false;
    bool well_formed = !m.malformed;
    m.truncated |= p->truncated;
    if (m.protection)
        unseal(d, &m, p->ns);
    else
        sessions_learn(d->sessions, &m, PAYLOAD_NONE, (struct bytes){ NULL, 0 });
    struct event e = event_of(d, p, EVENT_PACKET_SEEN);
    e.has = HAS_SPI_I | HAS_MSGID | (m.spi_r.value ? HAS_SPI_R : 0u);
    e.spi_i = m.spi_i;
    e.spi_r = m.spi_r;
    e.msgid = m.message_id;
    e.message = &m;
    e.text = describe(d, &m);
    if (m.wrong_encryption_key) {
        struct facts f = facts_into(d->scratch, &e.facts);
        fact_bool(&f, "wrong_encryption_key", true);
    }
    d->taker.take(d->taker.context, &e);
    return well_formed;
}

/* ---- ESP, AH, and what quotes them ---- */

static bool on_esp(void *context, const struct packet *p, struct bytes octets)
{
    struct decoder *d = context;
    return esp_take(d->esp, p, octets);
}

static void look(void *context, struct foresight **f, const struct glance *glances, size_t count, unsigned thread)
{
    struct decoder *d = context;
    esp_look(d->esp, f, glances, count, thread);
}

static void turn(void *context, const struct foresight *f)
{
    struct decoder *d = context;
    esp_turn(d->esp, f);
}

static bool on_ah(void *context, const struct packet *p, struct bytes octets)
{
    struct decoder *d = context;
    return esp_take_ah(d->esp, p, octets);
}

/* columns: IP version, type, code (255: any), words - RFC 792, RFC 1122, RFC 1812, RFC 4443 */
static const struct {
    uint8_t version, type, code;
    const char *words;
} icmp_words[] = {
    { 4, 3, 0, "network unreachable" },
    { 4, 3, 1, "host unreachable" },
    { 4, 3, 2, "protocol unreachable" },
    { 4, 3, 3, "port unreachable" },
    { 4, 3, 4, "fragmentation needed" },
    { 4, 3, 5, "source route failed" },
    { 4, 3, 9, "network administratively prohibited" },
    { 4, 3, 10, "host administratively prohibited" },
    { 4, 3, 13, "administratively prohibited" },
    { 4, 3, 255, "destination unreachable" },
    { 4, 4, 255, "source quench" },
    { 4, 5, 255, "redirect" },
    { 4, 11, 0, "time to live exceeded" },
    { 4, 11, 1, "fragment reassembly time exceeded" },
    { 4, 12, 255, "parameter problem" },
    { 6, 1, 0, "no route to destination" },
    { 6, 1, 1, "administratively prohibited" },
    { 6, 1, 3, "address unreachable" },
    { 6, 1, 4, "port unreachable" },
    { 6, 1, 255, "destination unreachable" },
    { 6, 2, 255, "packet too big" },
    { 6, 3, 0, "hop limit exceeded" },
    { 6, 3, 1, "fragment reassembly time exceeded" },
    { 6, 4, 255, "parameter problem" },
};

static const char *icmp_name(const struct quote *q)
{
    for (size_t i = 0; i < COUNT_OF(icmp_words); i++)
        if (icmp_words[i].version == q->ip_version && icmp_words[i].type == q->type &&
            (icmp_words[i].code == 255 || icmp_words[i].code == q->code))
            return icmp_words[i].words;
    return "error";
}

/* The SPIs of a message of which there may be no more than its beginning. */
static void name_ike(struct bytes message, struct event *e)
{
    struct cursor c = cursor_over(message);
    uint64_t i = cursor_u64(&c), r = cursor_u64(&c);
    if (!cursor_ok(&c))
        return;
    e->spi_i = spi_of(i, 16);
    e->spi_r = spi_of(r, 16);
    e->has |= HAS_SPI_I | (r ? HAS_SPI_R : 0u);
}

static void quoted_spi(const struct quote *q, struct event *e, struct facts *f)
{
    struct cursor c = cursor_over(q->octets);
    if (q->kind == QUOTE_IKE) {
        name_ike(q->octets, e);
    } else if (q->kind == QUOTE_ESP || q->kind == QUOTE_AH) {
        if (q->kind == QUOTE_AH)
            cursor_skip(&c, 4);
        struct bytes spi = cursor_take(&c, 4);
        if (cursor_ok(&c))
            fact_octets(f, "spi", spi);
    }
}

static void on_icmp(void *context, const struct packet *p, const struct quote *q)
{
    static const char *const kinds[] = { [QUOTE_IKE] = "IKE", [QUOTE_ESP] = "ESP", [QUOTE_AH] = "AH", [QUOTE_PORT] = "IKE" };
    struct decoder *d = context;
    const char *kind = q->kind < COUNT_OF(kinds) && kinds[q->kind] ? kinds[q->kind] : "a packet";
    arena_reset(d->scratch);
    struct event e = event_of(d, p, EVENT_ERROR);
    e.code = CODE_ICMP_ERROR;
    e.severity = SEVERITY_WARNING;
    e.has = HAS_LOCAL | HAS_REMOTE;
    e.local = q->source;
    e.remote = q->destination;
    struct text reporter = address_text(q->reporter, d->scratch), from = endpoint_text(q->source, d->scratch),
                to = endpoint_text(q->destination, d->scratch);
    struct text mtu = q->mtu ? arena_format(d->scratch, ", MTU %u", q->mtu) : TEXT("");
    e.text = arena_format(d->scratch, "ICMP from %.*s: %s%.*s, for %s from %.*s to %.*s", TEXT_ARGS(reporter), icmp_name(q),
                          TEXT_ARGS(mtu), kind, TEXT_ARGS(from), TEXT_ARGS(to));
    struct facts f = facts_into(d->scratch, &e.facts);
    fact_address(&f, "reporter", q->reporter);
    fact_text(&f, "reason", text_of(icmp_name(q)));
    fact_number(&f, "icmp_type", q->type);
    fact_number(&f, "icmp_code", q->code);
    fact_text(&f, "quoted", text_of(kind));
    fact_text(&f, "source", from);
    fact_text(&f, "destination", to);
    if (q->mtu)
        fact_number(&f, "mtu", q->mtu);
    quoted_spi(q, &e, &f);
    d->taker.take(d->taker.context, &e);
}

static void on_incomplete(void *context, const struct packet *p, struct bytes ike)
{
    struct decoder *d = context;
    arena_reset(d->scratch);
    struct event e = event_of(d, p, EVENT_ERROR);
    e.code = CODE_IP_FRAGMENTS_MISSING;
    name_ike(ike, &e);
    e.severity = SEVERITY_WARNING;
    e.has |= HAS_LOCAL | HAS_REMOTE;
    e.local = p->source;
    e.remote = p->destination;
    struct text from = endpoint_text(p->source, d->scratch), to = endpoint_text(p->destination, d->scratch);
    e.text = arena_format(d->scratch, "a packet from %.*s to %.*s came in IP fragments, and never all of them", TEXT_ARGS(from),
                          TEXT_ARGS(to));
    struct facts f = facts_into(d->scratch, &e.facts);
    fact_text(&f, "source", from);
    fact_text(&f, "destination", to);
    d->taker.take(d->taker.context, &e);
}

/* ---- The door ---- */

struct decoder *decoder_create(struct model *model, struct decoder_options options, struct event_taker taker)
{
    struct decoder *d = memory_take(sizeof *d);
    *d = (struct decoder){
        .model = model, .taker = taker, .scratch = arena_create(), .fragments = fragments_create(&model->limits)
    };
    d->esp = esp_create(model, options.plain, options.threads);
    d->sessions = sessions_create(model, d->esp);
    struct frames_options settings = { .filter = options.filter, .threads = options.threads };
    memcpy(settings.ike_ports, options.ike_ports, sizeof settings.ike_ports);
    struct frame_taker frames = {
        .ike = on_ike,
        .esp = on_esp,
        .ah = on_ah,
        .icmp = on_icmp,
        .incomplete = on_incomplete,
        .look = look,
        .turn = turn,
        .context = d,
    };
    d->frames = frames_create(model, settings, frames);
    return d;
}

bool decoder_read(struct decoder *d, uint32_t input, struct source *from, const char *path, struct error *err)
{
    return frames_read(d->frames, input, from, path, err);
}

bool decoder_begins(struct bytes first, int64_t *ns)
{
    struct source *from = source_over(first);
    struct blocks *b = blocks_create(from, (struct damage_taker){ .take = NULL }, NULL);
    struct captured frame;
    bool begins = b && blocks_next(b, &frame) && frame.ns != 0;
    if (begins)
        *ns = frame.ns;
    blocks_destroy(b);
    source_close(from);
    return begins;
}

bool decoder_filter_taken(const char *filter, struct error *err)
{
    return capture_filter_taken(filter, err);
}

void decoder_finish(struct decoder *d)
{
    esp_finish(d->esp);
}

void decoder_destroy(struct decoder *d)
{
    if (!d)
        return;
    frames_destroy(d->frames);
    sessions_destroy(d->sessions);
    esp_destroy(d->esp);
    fragments_destroy(d->fragments);
    arena_destroy(d->scratch);
    memory_free(d);
}
