#include "decoder/inward.h"

#include "base/relay.h"
#include "decoder/capture.h"
#include "decoder/ethertype.h"
#include "decoder/tcp.h"

/* Of a link type that no decoder is for, the file is whole: to copy it again would not help. */
static void advise_links(struct model *m, struct trouble *t)
{
    struct buffer b;
    buffer_init(&b, 1 << 12);
    buffer_string(&b, "capture again on an interface whose frames are read (`-i any` gives Linux cooked ones); read are ");
    for (size_t i = 0; i < link_decoder_count; i++)
        buffer_format(&b, "%s%s", i == 0 ? "" : i + 1 == link_decoder_count ? " and " : ", ", link_decoders[i]->name);
    buffer_string(&b, ". If only the file's header names a wrong type: `editcap -T ether IN OUT`, or `-T rawip` where each frame "
                      "begins with its IP header; that changes the header and not the frames");
    t->title = "Frames of the capture's link type are not read";
    t->remedy = arena_text(m->read, buffer_view(&b));
    buffer_clear(&b);
}

enum { IKE_HEADER = 28, ESP_HEADER = 8, AH_HEADER = 12 };

void count_frames(struct frames *f, enum packet_class class, uint32_t n)
{
    struct input *in = model_input(f->model, f->input);
    in->packets[class] += n;
}

bool is_ike_port(const struct frames *f, uint16_t port)
{
    if (port == PORT_IKE || port == PORT_NATT)
        return true;
    for (size_t i = 0; i < COUNT_OF(f->options.ike_ports) && f->options.ike_ports[i]; i++)
        if (f->options.ike_ports[i] == port)
            return true;
    return false;
}

bool ike_unmistakable(struct bytes octets, size_t missing, bool loose)
{
    struct cursor c = cursor_over(octets);
    const uint64_t spi = cursor_u64(&c);
    cursor_skip(&c, 8);
    const uint8_t next = cursor_u8(&c), version = cursor_u8(&c), exchange = cursor_u8(&c), flags = cursor_u8(&c);
    cursor_skip(&c, 4);
    const uint32_t length = cursor_u32(&c);
    if (!cursor_ok(&c) || spi == 0 || length < IKE_HEADER ||
        (loose ? length > octets.len + missing : length != octets.len + missing))
        return false;
    if (version == 0x20)
        return (next == 0 || registry_name(REGISTRY_PAYLOAD, next)) && registry_name(REGISTRY_EXCHANGE, exchange) &&
               (flags & ~(MESSAGE_INITIATOR | MESSAGE_VERSION | MESSAGE_RESPONSE)) == 0;
    return version == 0x10 && (next == 0 || registry_name(REGISTRY_PAYLOAD1, next)) &&
           registry_name(REGISTRY_EXCHANGE1, exchange) && (flags & ~7u) == 0;
}

struct stamp packet_time(const struct packet *p)
{
    return (struct stamp){ .ns = p->ns, .kind = STAMP_UTC, .digits = p->ns % 1000 ? 9 : 6, .has_year = true };
}

struct packet packet_of(const struct sight *s, const struct ip *ip, enum encap encap, uint16_t source_port,
                        uint16_t destination_port, size_t missing)
{
    return (struct packet){
        .ns = s->ns,
        .input = s->f->input,
        .frame = s->frame,
        .frames = s->frames,
        .frame_count = s->frame_count,
        .place = s->place,
        .missing = (uint32_t)missing,
        .source = { address_of(ip->source), source_port },
        .destination = { address_of(ip->destination), destination_port },
        .encap = (uint8_t)encap,
        .ip_version = ip->version,
        .tunnels = s->tunnels,
        .truncated = missing > 0,
        .from_fragments = s->from_fragments,
        .ip = ip->packet,
        .ip_header = ip->header,
    };
}

static void note_truncated(const struct sight *s, const struct packet *p)
{
    struct frames *f = s->f;
    if (!p->truncated)
        return;
    f->counts.truncated++;
    if (f->truncated++ == 0) {
        f->first_truncated = s->frame;
        f->smallest_cut = s->captured;
    }
}

unsigned give_ike(const struct sight *s, struct packet *p, struct bytes message)
{
    const struct frame_taker *t = &s->f->taker;
    note_truncated(s, p);
    if (message.len < IKE_HEADER)
        return p->truncated ? PACKET_IKE : PACKET_MALFORMED;
    return !t->ike || t->ike(t->context, p, message) ? PACKET_IKE : PACKET_MALFORMED;
}

unsigned give_esp(const struct sight *s, struct packet *p, struct bytes esp)
{
    const struct frame_taker *t = &s->f->taker;
    note_truncated(s, p);
    if (esp.len < ESP_HEADER)
        return p->truncated ? PACKET_ESP : PACKET_MALFORMED;
    return !t->esp || t->esp(t->context, p, esp) ? PACKET_ESP : PACKET_MALFORMED;
}

static unsigned give_ah(const struct sight *s, struct packet *p, struct bytes ah)
{
    const struct frame_taker *t = &s->f->taker;
    note_truncated(s, p);
    if (ah.len < AH_HEADER)
        return p->truncated ? PACKET_AH : PACKET_MALFORMED;
    return !t->ah || t->ah(t->context, p, ah) ? PACKET_AH : PACKET_MALFORMED;
}

unsigned give_keepalive(const struct sight *s, struct packet *p)
{
    const struct frame_taker *t = &s->f->taker;
    if (t->keepalive)
        t->keepalive(t->context, p);
    return PACKET_KEEPALIVE;
}

unsigned tunnel_inward(struct sight *s, enum network network, const struct cursor *c)
{
    if (!cursor_ok(c))
        return short_of(s);
    s->tunnels++;
    return network_inward(s, network, c->left);
}

static unsigned protocol_inward(struct sight *s, const struct ip *ip)
{
    struct cursor c = cursor_over(ip->payload);
    struct packet p;
    switch (ip->protocol) {
    case IPPROTO_NO_UDP:
        return udp_inward(s, ip);
    case IPPROTO_NO_ESP:
        p = packet_of(s, ip, ENCAP_NONE, 0, 0, ip->missing);
        return give_esp(s, &p, ip->payload);
    case IPPROTO_NO_AH:
        p = packet_of(s, ip, ENCAP_NONE, 0, 0, ip->missing);
        return give_ah(s, &p, ip->payload);
    case IPPROTO_NO_TCP:
        return tcp_inward(s, ip);
    case IPPROTO_NO_ICMP:
    case IPPROTO_NO_IPV6_ICMP:
        return icmp_inward(s, ip);
    case IPPROTO_NO_IPV4:
        return tunnel_inward(s, NETWORK_IPV4, &c);
    case IPPROTO_NO_IPV6:
        return tunnel_inward(s, NETWORK_IPV6, &c);
    case IPPROTO_NO_GRE:
        return gre_inward(s, ip);
    case IPPROTO_NO_ETHERIP: {
        cursor_skip(&c, 2);
        const enum network network = ethernet_peel(&c);
        return tunnel_inward(s, network, &c);
    }
    case IPPROTO_NO_MPLS_IN_IP: {
        const enum network network = mpls_peel(&c);
        return tunnel_inward(s, network, &c);
    }
    default:
        return PACKET_OTHER;
    }
}

/* The fragment that came last makes the datagram's packet, which is looked at in place of the fragment. */
static unsigned whole_inward(struct sight *s, struct datagram *d)
{
    struct sight whole = *s;
    whole.frames = d->frames.at;
    whole.frame_count = d->frames.count;
    whole.from_fragments = true;
    size_t len, missing;
    uint8_t *packet = datagram_packet(d, &len, &missing);
    whole.cut = whole.cut || missing;
    const unsigned class = len ? network_inward(&whole, d->version == 4 ? NETWORK_IPV4 : NETWORK_IPV6, bytes_over(packet, len))
                               : PACKET_OTHER;
    memory_free(packet);
    return class;
}

static unsigned fragment_inward(struct sight *s, const struct ip *ip)
{
    struct frames *f = s->f;
    struct datagram *d;
    f->counts.fragments++;
    const enum fragment_fate fate = datagrams_add(f->datagrams, ip, s->ns, s->frames, s->frame_count, &d);
    if (fate == FRAGMENT_WAITS)
        return CLASS_WAITING;
    unsigned class = PACKET_MALFORMED;
    if (fate == FRAGMENT_COMPLETES) {
        f->counts.datagrams++;
        class = whole_inward(s, d);
    } else if (fate == FRAGMENT_EXCEEDS) {
        limits_over(&f->model->limits, OVER_IP_FRAGMENTS, 1);
    } else {
        f->counts.datagrams_conflicting++;
    }
    if (class != CLASS_WAITING) /* the frames that are waiting; this sight's own are counted by who counts it */
        count_frames(f, class, d->frames.count - s->frame_count);
    datagram_free(d);
    return class;
}

unsigned network_inward(struct sight *s, enum network network, struct bytes octets)
{
    struct ip ip;
    if (network == NETWORK_OTHER)
        return PACKET_OTHER;
    if (!limits_room(&s->f->model->limits, OVER_NESTING, network == NETWORK_TOO_DEEP ? LIMIT_NESTING : s->depth++))
        return PACKET_OTHER;
    if (!ip_read(network, octets, &ip))
        return ip.cut ? short_of(s) : PACKET_MALFORMED;
    s->cut = s->cut || ip.missing;
    return ip.fragment ? fragment_inward(s, &ip) : protocol_inward(s, &ip);
}

static uint16_t port_of(struct bytes octets, size_t at)
{
    struct cursor c = cursor_over(octets);
    cursor_skip(&c, at);
    return cursor_u16(&c);
}

/* A datagram that was given up: its frames are `other`; the taker hears of it where it was IPsec's. */
static void drop_datagram(void *context, struct datagram *d, bool evicted)
{
    struct frames *f = context;
    f->counts.datagrams_incomplete++;
    f->counts.datagrams_evicted += evicted;
    limits_over(&f->model->limits, OVER_IP_DATAGRAMS, evicted);
    count_frames(f, PACKET_OTHER, d->frames.count);
    if (!f->taker.incomplete || !d->headers || d->pieces->start != 0)
        return;
    size_t len, missing;
    uint8_t *octets = datagram_packet(d, &len, &missing);
    struct ip ip;
    struct sight s = { .f = f,
                       .frames = d->frames.at,
                       .frame_count = d->frames.count,
                       .frame = d->frames.at[d->frames.count - 1],
                       .ns = d->ns,
                       .from_fragments = true };
    if (ip_read(d->version == 4 ? NETWORK_IPV4 : NETWORK_IPV6, bytes_over(octets, len), &ip) && !ip.fragment) {
        const bool udp = ip.protocol == IPPROTO_NO_UDP;
        const uint16_t from = udp ? port_of(ip.payload, 0) : 0, to = udp ? port_of(ip.payload, 2) : 0;
        if (ip.protocol == IPPROTO_NO_ESP || ip.protocol == IPPROTO_NO_AH || is_ike_port(f, from) || is_ike_port(f, to)) {
            struct packet p = packet_of(&s, &ip, udp ? ENCAP_UDP : ENCAP_NONE, from, to, ip.missing);
            p.truncated = false;
            f->taker.incomplete(f->taker.context, &p, udp ? ike_in_udp(ip.payload) : bytes_over(NULL, 0));
        }
    }
    memory_free(octets);
}

/* A stretch of the capture in a thread's hands. */
struct haul {
    struct stretch stretch;
    struct glance *glances; /* one a frame */
    size_t glance_room;
    struct foresight *foresight;
};

static void clear_haul(void *block)
{
    struct haul *h = block;
    stretch_clear(&h->stretch);
    memory_free(h->glances);
    foresight_destroy(h->foresight);
}

struct frames *frames_create(struct model *model, struct frames_options options, struct frame_taker taker)
{
    struct frames *f = memory_take(sizeof *f);
    f->model = model;
    f->options = options;
    f->taker = taker;
    f->relay = relay_create(options.threads, sizeof(struct haul), clear_haul);
    f->ahead = taker.look && relay_threads(f->relay) > 1;
    f->learned_arena = arena_create();
    f->datagrams = datagrams_create(drop_datagram, f);
    f->streams = streams_create();
    return f;
}

const struct frames_counts *frames_counts(const struct frames *f)
{
    return &f->counts;
}

void frames_destroy(struct frames *f)
{
    if (!f)
        return;
    relay_destroy(f->relay);
    datagrams_destroy(f->datagrams);
    streams_destroy(f->streams);
    map_clear(&f->learned);
    arena_destroy(f->learned_arena);
    frame_list_clear(&f->scratch);
    memory_free(f);
}

static struct sight sight_of(struct frames *f, const struct captured *r, uint32_t place)
{
    return (struct sight){
        .f = f,
        .frames = &r->frame,
        .frame_count = 1,
        .frame = r->frame,
        .captured = (uint32_t)r->octets.len,
        .place = place,
        .ns = r->ns,
        .cut = r->octets.len < r->original,
    };
}

static unsigned frame_inward(struct sight *s, const struct captured *r, const struct link_decoder *link)
{
    struct frames *f = s->f;
    struct cursor c = cursor_over(r->octets);
    if (link) {
        const enum network network = link->peel(&c);
        return !cursor_ok(&c) ? short_of(s) : network_inward(s, network, c.left);
    }
    f->counts.unknown_links++;
    struct trouble *t = input_trouble(f->model, f->input, "input-damaged", r->frame, true, "frames of link type %u are not read",
                                      r->link);
    if (t)
        advise_links(f->model, t);
    return PACKET_OTHER;
}

static void end_input(struct frames *f)
{
    datagrams_flush(f->datagrams);
    streams_flush(f->streams, f);
    datagrams_flush(f->datagrams); /* what came out of a stream may be a tunnel's fragment */
    if (f->truncated)
        input_trouble(f->model, f->input, "input-truncated", f->first_truncated, true,
                      "%llu packets were cut by the capture's snap length (frame %u after %u octets): what is missing cannot be "
                      "decrypted or verified; capture again with a snap length of 0",
                      (unsigned long long)f->truncated, f->first_truncated, f->smallest_cut);
    f->truncated = 0;
    f->first_truncated = 0;
}

/* ---- A capture's way ---- */

static enum relay_read cut(void *context, void *block)
{
    struct frames *f = context;
    struct haul *h = block;
    const bool more = capture_cut(f->capture, &h->stretch);
    return more ? RELAY_MORE : h->stretch.count || h->stretch.mishap_count ? RELAY_LAST : RELAY_NONE;
}

/* By its own headers alone, so that it does not matter what stands before it. */
static void glance_at(const struct sight *s, const struct captured *r, const struct link_decoder *link, struct glance *g)
{
    struct cursor c = cursor_over(r->octets);
    struct ip ip;
    const enum network network = link ? link->peel(&c) : NETWORK_OTHER;
    g->octets = bytes_over(NULL, 0);
    if (!cursor_ok(&c) || !ip_read(network, c.left, &ip) || ip.fragment || ip.missing)
        return;
    if (ip.protocol == IPPROTO_NO_UDP) {
        udp_glance(s, &ip, g);
    } else if (ip.protocol == IPPROTO_NO_ESP) {
        g->packet = packet_of(s, &ip, ENCAP_NONE, 0, 0, 0);
        g->octets = ip.payload;
    }
}

static void look(void *context, void *block, unsigned thread)
{
    struct frames *f = context;
    struct haul *h = block;
    const size_t count = h->stretch.count;
    if (h->glance_room < count) {
        h->glance_room = h->stretch.room;
        h->glances = memory_grow(h->glances, h->glance_room * sizeof *h->glances);
    }
    struct link_memo memo = { 0 };
    for (size_t i = 0; i < count; i++) {
        const struct captured *r = &h->stretch.frames[i];
        const struct sight s = sight_of(f, r, (uint32_t)i);
        glance_at(&s, r, link_again(&memo, r->link), &h->glances[i]);
    }
    f->taker.look(f->taker.context, &h->foresight, h->glances, count, thread);
}

/* The headers of what was glanced at need not be read once more. */
static void take(void *context, void *block)
{
    struct frames *f = context;
    struct haul *h = block;
    struct link_memo memo = { 0 };
    const struct captured *r;
    if (f->ahead)
        f->taker.turn(f->taker.context, h->foresight);
    for (size_t at = 0; (r = capture_next(f->capture, &h->stretch, &at));) {
        struct glance *g = f->ahead ? &h->glances[at - 1] : NULL;
        struct sight s = sight_of(f, r, (uint32_t)at - 1);
        limits_at(&f->model->limits, f->input, r->frame, true);
        const unsigned class = g && g->octets.len ? give_esp(&s, &g->packet, g->octets)
                                                  : frame_inward(&s, r, link_again(&memo, r->link));
        model_input(f->model, f->input)->packet_total++;
        if (class != CLASS_WAITING)
            count_frames(f, class, 1);
    }
}

bool frames_read(struct frames *f, uint32_t input, struct source *from, const char *name, struct error *err)
{
    f->capture = capture_open(f->model, input, from, f->options.filter, err);
    if (!f->capture) {
        error_prefix(err, "%s", name);
        return false;
    }
    f->input = input;
    model_input(f->model, input)->has_packets = true;
    relay_run(f->relay, &(struct relay_work){ cut, f->ahead ? look : NULL, take, f });
    end_input(f);
    capture_close(f->capture);
    f->capture = NULL;
    return true;
}
