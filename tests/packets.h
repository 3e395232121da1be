/* Builds frames and captures octet by octet, and records what the driver makes of them. */
#ifndef IKESCOPE_TESTS_PACKETS_H
#define IKESCOPE_TESTS_PACKETS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "decoder/frames.h"
#include "test.h"

/* Each helper writes what it is named after to the end of a buffer; inner parts are buffers too. */
static inline void octets_put(struct buffer *b, const char *hex)
{
    uint8_t octets[4096];
    const size_t n = text_unhex(text_of(hex), octets, sizeof octets);
    if (n == TEXT_NOWHERE)
        CHECK(n != TEXT_NOWHERE);
    else
        buffer_put(b, octets, n);
}
static inline void be_put(struct buffer *b, uint64_t number, unsigned octets)
{
    for (unsigned i = octets; i-- > 0;)
        buffer_byte(b, (char)(number >> (8 * i)));
}
static inline void le_put(struct buffer *b, uint64_t number, unsigned octets)
{
    for (unsigned i = 0; i < octets; i++)
        buffer_byte(b, (char)(number >> (8 * i)));
}
static inline void number_put(struct buffer *b, bool big, uint64_t number, unsigned octets)
{
    if (big)
        be_put(b, number, octets);
    else
        le_put(b, number, octets);
}
static inline struct bytes octets_of(const struct buffer *b)
{
    return bytes_over(b->at, b->len);
}

/* Content. */
static inline void ike_put(struct buffer *b, uint8_t exchange, uint32_t body)
{
    be_put(b, 0x1122334455667788, 8);
    be_put(b, 0, 8);
    be_put(b, 33, 1);
    be_put(b, 0x20, 1);
    be_put(b, exchange, 1);
    be_put(b, 0x08, 1);
    be_put(b, 0, 4);
    be_put(b, 28 + body, 4);
    for (uint32_t i = 0; i < body; i++)
        be_put(b, i & 0xff, 1);
}
static inline void esp_put(struct buffer *b, uint32_t spi, uint32_t sequence, uint32_t body)
{
    be_put(b, spi, 4);
    be_put(b, sequence, 4);
    for (uint32_t i = 0; i < body; i++)
        be_put(b, i & 0xff, 1);
}
static inline void udp_put(struct buffer *b, uint16_t source, uint16_t destination, struct bytes content)
{
    be_put(b, source, 2);
    be_put(b, destination, 2);
    be_put(b, content.len + 8, 2);
    be_put(b, 0, 2);
    buffer_put(b, content.at, content.len);
}
static inline void tcp_put(struct buffer *b, uint16_t source, uint16_t destination, uint32_t sequence, uint8_t flags,
                           struct bytes content)
{
    be_put(b, source, 2);
    be_put(b, destination, 2);
    be_put(b, sequence, 4);
    be_put(b, 1, 4);
    be_put(b, 0x50, 1);
    be_put(b, flags, 1);
    be_put(b, 0xffff, 2);
    be_put(b, 0, 4);
    buffer_put(b, content.at, content.len);
}
/* fragment: the whole 16-bit field of flags and offset/8 */
static inline void ipv4_part_put(struct buffer *b, uint8_t protocol, uint16_t id, uint16_t fragment, struct bytes content)
{
    be_put(b, 0x4500, 2);
    be_put(b, content.len + 20, 2);
    be_put(b, id, 2);
    be_put(b, fragment, 2);
    be_put(b, 64, 1);
    be_put(b, protocol, 1);
    be_put(b, 0, 2);
    octets_put(b, "0a000001 0a000002");
    buffer_put(b, content.at, content.len);
}
static inline void ipv4_put(struct buffer *b, uint8_t protocol, struct bytes content)
{
    ipv4_part_put(b, protocol, 1, 0x4000, content);
}
static inline void ipv6_put(struct buffer *b, uint8_t next, struct bytes content)
{
    be_put(b, 0x60000000, 4);
    be_put(b, content.len, 2);
    be_put(b, next, 1);
    be_put(b, 64, 1);
    octets_put(b, "fc000000000000000000000000000001 fc000000000000000000000000000002");
    buffer_put(b, content.at, content.len);
}
static inline void ethernet_put(struct buffer *b, uint16_t type, struct bytes content)
{
    octets_put(b, "020000000002 020000000001");
    be_put(b, type, 2);
    buffer_put(b, content.at, content.len);
}

/* Captures. */
static inline void pcap_put_header(struct buffer *b, bool big, uint32_t magic, uint32_t link)
{
    number_put(b, big, magic, 4);
    number_put(b, big, 2, 2);
    number_put(b, big, 4, 2);
    number_put(b, big, 0, 8);
    number_put(b, big, 262144, 4);
    number_put(b, big, link, 4);
}
static inline void pcap_put_record(struct buffer *b, bool big, uint32_t seconds, uint32_t fraction, struct bytes octets,
                                   uint32_t original)
{
    number_put(b, big, seconds, 4);
    number_put(b, big, fraction, 4);
    number_put(b, big, octets.len, 4);
    number_put(b, big, original, 4);
    buffer_put(b, octets.at, octets.len);
}

/* What the driver said, of the last call of each kind, and how often. */
struct seen {
    unsigned ike, esp, ah, keepalive, icmp, incomplete;
    bool refuse; /* answer that nothing is well-formed */
    struct packet packet;
    struct quote quote;
    uint8_t octets[70000];
    size_t len;
    uint32_t frames[64];
    char source[64], destination[64];
};

static inline void seen_note(struct seen *s, const struct packet *p, struct bytes b)
{
    struct buffer out;
    s->packet = *p;
    s->len = b.len < sizeof s->octets ? b.len : sizeof s->octets;
    if (s->len)
        memcpy(s->octets, b.at, s->len);
    for (uint32_t i = 0; i < p->frame_count && i < 64; i++)
        s->frames[i] = p->frames[i];
    for (int i = 0; i < 2; i++) {
        buffer_init(&out, 64);
        endpoint_print(i ? p->destination : p->source, &out);
        snprintf(i ? s->destination : s->source, 64, "%.*s", (int)out.len, out.at);
        buffer_clear(&out);
    }
}
static inline bool seen_ike(void *context, const struct packet *p, struct bytes b)
{
    struct seen *s = context;
    s->ike++;
    seen_note(s, p, b);
    return !s->refuse;
}
static inline bool seen_esp(void *context, const struct packet *p, struct bytes b)
{
    struct seen *s = context;
    s->esp++;
    seen_note(s, p, b);
    return !s->refuse;
}
static inline bool seen_ah(void *context, const struct packet *p, struct bytes b)
{
    struct seen *s = context;
    s->ah++;
    seen_note(s, p, b);
    return !s->refuse;
}
static inline void seen_keepalive(void *context, const struct packet *p)
{
    struct seen *s = context;
    s->keepalive++;
    seen_note(s, p, bytes_over(NULL, 0));
}
static inline void seen_icmp(void *context, const struct packet *p, const struct quote *q)
{
    struct seen *s = context;
    s->icmp++;
    s->quote = *q;
    seen_note(s, p, q->octets);
}
static inline void seen_incomplete(void *context, const struct packet *p, struct bytes ike)
{
    struct seen *s = context;
    s->incomplete++;
    seen_note(s, p, ike);
}

struct reading {
    struct model *model;
    struct input *input;
    struct frames_counts counts;
    struct error error;
    bool ok;
};

static inline struct reading read_octets(struct bytes octets, struct seen *seen, struct frames_options options)
{
    struct reading r = { .model = model_create() };
    const uint32_t input = model_add_input(r.model, TEXT("test.pcap"), TEXT("test.pcap"))->index;
    const struct frame_taker taker = {
        .ike = seen_ike,
        .esp = seen_esp,
        .ah = seen_ah,
        .keepalive = seen_keepalive,
        .icmp = seen_icmp,
        .incomplete = seen_incomplete,
        .context = seen,
    };
    struct frames *f = frames_create(r.model, options, taker);
    struct source *from = source_over(octets);
    r.ok = frames_read(f, input, from, "test.pcap", &r.error);
    source_close(from);
    r.counts = *frames_counts(f);
    frames_destroy(f);
    r.input = model_input(r.model, input);
    return r;
}
static inline void reading_close(struct reading *r)
{
    model_destroy(r->model);
}

/* "ike 1 esp 2": the classes that are not zero. */
static inline const char *classes(const struct reading *r)
{
    static char text[200];
    static const char *const names[] = { "ike", "esp", "ah", "keepalive", "other", "malformed" };
    uint64_t sum = 0;
    size_t len = 0;
    text[0] = 0;
    for (int i = 0; i < PACKET_CLASS_COUNT; i++) {
        sum += r->input->packets[i];
        if (r->input->packets[i])
            len += (size_t)snprintf(text + len, sizeof text - len, "%s%s %u", len ? " " : "", names[i],
                                    (unsigned)r->input->packets[i]);
    }
    CHECK_NUMBER(sum, r->input->packet_total);
    return text;
}

/* A capture of frames of one link type. */
struct film {
    struct buffer file;
    uint32_t seconds;
};
static inline struct film film_of(uint32_t link)
{
    struct film f = { .seconds = 1700000000 };
    buffer_init(&f.file, 64 << 20);
    pcap_put_header(&f.file, false, 0xa1b2c3d4, link);
    return f;
}
static inline void film_add(struct film *f, struct bytes frame)
{
    pcap_put_record(&f->file, false, f->seconds++, 5, frame, (uint32_t)frame.len);
}
static inline void film_clear(struct film *f)
{
    buffer_clear(&f->file);
}
static inline struct reading film_read(struct film *f, struct seen *seen)
{
    *seen = (struct seen){ .refuse = seen->refuse };
    return read_octets(octets_of(&f->file), seen, (struct frames_options){ 0 });
}

#endif
