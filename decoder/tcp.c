#include "decoder/tcp.h"

#include "decoder/inward.h"

enum {
    BUCKETS = 1024,
    MARKER = 4,
    IKE_HEADER = 28,
    LENGTH = 2, /* octets of the length before each message, which counts itself */
    PREFIX = 6,
    KEEPALIVE = 0xff,
    FLAG_FIN = 0x01,
    FLAG_SYN = 0x02,
    FLAG_RST = 0x04,
    SEQUENCE_REACH = 1 << 24, /* a sequence number farther off belongs to another connection */
    SEGMENT_WEIGHT = 256      /* octets that a segment held behind a gap counts at least */
};
static const int64_t patience_ns = 10 * INT64_C(1000000000);

struct segment { /* that came before its turn */
    struct segment *next;
    uint32_t sequence, captured, length;
    int64_t ns;
    uint32_t frame;
    struct frame_list frames;
    uint8_t octets[];
};

struct share { /* a frame that brought a part of the message that is not complete yet */
    uint32_t frame;
    bool counted;
};

struct stream {
    struct stream *chain, *older, *newer;
    uint8_t key[36]; /* source and destination, each with its port; IPv4 addresses zero-padded */
    uint32_t bucket;
    uint8_t version;   /* of IP */
    bool synchronised; /* `next` is known, and where messages begin */
    bool begun;        /* the first octets of the direction are still to come: maybe the prefix */
    bool proven;       /* it has shown IKE or the prefix; else all that speaks for it is the port of its SYN */
    bool counted;      /* as a stream that carries IKE */
    bool ended;        /* a FIN came: there is nothing to follow any more */
    bool queued;       /* among the proven ones that go on */
    uint8_t prefix;    /* octets of the prefix that came */
    uint32_t next;     /* sequence number expected */
    uint8_t *partial;  /* of a message, its length included */
    size_t partial_len, partial_room;
    struct share *parts;
    uint32_t part_count, part_room;
    struct segment *held; /* rising by sequence number */
    uint32_t held_count, held_octets;
};

struct queue {
    struct stream *oldest, *newest; /* by when they were last heard */
};

struct streams {
    struct stream *buckets[BUCKETS];
    struct queue proven, unproven;
    uint32_t count;
};

/* One segment on its way through a stream. */
struct flight {
    struct sight *sight;
    const struct ip *ip;
    uint16_t source, destination;
    struct stream *stream;
    bool answers;   /* the other direction has carried IKE */
    unsigned class; /* of its frames: that of the first message they complete */
    bool handed;    /* its frames were left with the stream's parts, which count them */
    bool in_parts;  /* they stand among the parts of the present message */
};

static const char prefix[] = "IKETCP";

struct streams *streams_create(void)
{
    return memory_take(sizeof(struct streams));
}

static void drop_parts(struct stream *s, struct frames *f)
{
    for (uint32_t i = 0; f && i < s->part_count; i++)
        if (!s->parts[i].counted)
            count_frames(f, PACKET_OTHER, 1);
    s->part_count = 0;
    s->partial_len = 0;
}

static struct segment *unhold(struct stream *s)
{
    struct segment *g = s->held;
    s->held = g->next;
    s->held_count--;
    s->held_octets -= g->captured;
    return g;
}

static void segment_free(struct segment *g)
{
    frame_list_clear(&g->frames);
    memory_free(g);
}

static struct queue *queue_of(struct streams *t, const struct stream *s)
{
    return s->queued ? &t->proven : &t->unproven;
}

static void leave_queue(struct queue *q, struct stream *s)
{
    *(s->older ? &s->older->newer : &q->oldest) = s->newer;
    *(s->newer ? &s->newer->older : &q->newest) = s->older;
}

static void enter_queue(struct queue *q, struct stream *s)
{
    s->older = q->newest;
    s->newer = NULL;
    *(q->newest ? &q->newest->newer : &q->oldest) = s;
    q->newest = s;
}

/* It was heard just now. */
static void requeue(struct streams *t, struct stream *s)
{
    leave_queue(queue_of(t, s), s);
    s->queued = s->proven && !s->ended;
    enter_queue(queue_of(t, s), s);
}

/* f NULL: nothing is counted. */
static void remove_stream(struct streams *t, struct stream *s, struct frames *f)
{
    struct stream **at = &t->buckets[s->bucket];
    while (*at != s)
        at = &(*at)->chain;
    *at = s->chain;
    leave_queue(queue_of(t, s), s);
    t->count--;
    drop_parts(s, f);
    while (s->held) {
        struct segment *g = unhold(s);
        if (f)
            count_frames(f, PACKET_OTHER, g->frames.count);
        segment_free(g);
    }
    memory_free(s->partial);
    memory_free(s->parts);
    memory_free(s);
}

static uint32_t key_of(const struct ip *ip, uint16_t source, uint16_t destination, uint8_t key[static 36])
{
    memset(key, 0, 36);
    memcpy(key, ip->source.at, ip->source.len);
    memcpy(key + 16, ip->destination.at, ip->destination.len);
    key[32] = (uint8_t)(source >> 8);
    key[33] = (uint8_t)source;
    key[34] = (uint8_t)(destination >> 8);
    key[35] = (uint8_t)destination;
    return (uint32_t)(hash_bytes(bytes_over(key, 36)) % BUCKETS);
}

static struct stream *find_stream(const struct streams *t, const struct ip *ip, uint16_t source, uint16_t destination)
{
    uint8_t key[36];
    struct stream *s = t->count ? t->buckets[key_of(ip, source, destination, key)] : NULL;
    while (s && memcmp(s->key, key, sizeof key) != 0)
        s = s->chain;
    return s;
}

/* Who sends no more than SYNs pushes nothing out but others that did no more: without its SYN a direction is found all the same,
 * where a segment begins with a message. So it is with those that ended. */
static void make_room(struct streams *t, struct frames *f)
{
    struct limits *limits = &f->model->limits;
    if (t->count < limits_value(limits, OVER_TCP_STREAMS))
        return;
    struct stream *s = t->unproven.oldest ? t->unproven.oldest : t->proven.oldest;
    limits_over(limits, OVER_TCP_STREAMS, s->queued || s->held || s->partial_len);
    remove_stream(t, s, f);
}

static struct stream *make_stream(struct streams *t, struct frames *f, const struct ip *ip, uint16_t source, uint16_t destination)
{
    make_room(t, f);
    struct stream *s = memory_take(sizeof *s);
    s->bucket = key_of(ip, source, destination, s->key);
    s->version = ip->version;
    s->chain = t->buckets[s->bucket];
    t->buckets[s->bucket] = s;
    enter_queue(queue_of(t, s), s);
    t->count++;
    return s;
}

static bool is_ike(struct bytes message, size_t missing)
{
    static const uint8_t zero[MARKER];
    return message.len >= MARKER + IKE_HEADER && memcmp(message.at, zero, MARKER) == 0 &&
           ike_unmistakable(bytes_over(message.at + MARKER, message.len - MARKER), missing, false);
}

/* Does a message begin here? IKE shows itself; ESP only by lengths that lead exactly to the end of the segment. */
static bool begins_message(struct bytes data, size_t missing, bool port)
{
    struct cursor c = cursor_over(data);
    const size_t first = cursor_u16(&c);
    if (!cursor_ok(&c) || first < LENGTH)
        return false;
    if (first - LENGTH <= c.left.len ? is_ike(bytes_over(c.left.at, first - LENGTH), 0)
                                     : is_ike(c.left, first - LENGTH - c.left.len))
        return true;
    if (!port || missing)
        return false;
    c = cursor_over(data);
    while (!cursor_empty(&c) && cursor_ok(&c)) {
        const uint16_t length = cursor_u16(&c);
        if (length < LENGTH + 1)
            return false;
        cursor_skip(&c, length - LENGTH);
    }
    return cursor_ok(&c);
}

static bool has_prefix(struct bytes data)
{
    return data.len >= PREFIX && memcmp(data.at, prefix, PREFIX) == 0;
}

/* One message, its length taken off, brought by the stream's parts and the flight's frames. */
static void take_message(struct flight *x, struct bytes content, size_t missing)
{
    struct frames *f = x->sight->f;
    struct stream *s = x->stream;
    f->scratch.count = 0;
    for (uint32_t i = 0; i < s->part_count; i++)
        frame_list_add(&f->scratch, &s->parts[i].frame, 1);
    if (!x->in_parts)
        frame_list_add(&f->scratch, x->sight->frames, x->sight->frame_count);
    struct packet p = packet_of(x->sight, x->ip, ENCAP_TCP, x->source, x->destination, missing);
    p.frames = f->scratch.at;
    p.frame_count = f->scratch.count;
    unsigned class;
    if (content.len == 1 && !missing && content.at[0] == KEEPALIVE) {
        class = give_keepalive(x->sight, &p);
    } else if (content.len >= MARKER && !(content.at[0] | content.at[1] | content.at[2] | content.at[3])) {
        p.marker = true;
        class = give_ike(x->sight, &p, bytes_over(content.at + MARKER, content.len - MARKER));
    } else {
        class = content.len < MARKER && missing ? (unsigned)PACKET_OTHER : give_esp(x->sight, &p, content);
    }
    for (uint32_t i = 0; i < s->part_count; i++)
        if (!s->parts[i].counted)
            count_frames(f, class, 1);
    s->part_count = 0;
    x->in_parts = false;
    if (x->class == CLASS_WAITING)
        x->class = class;
    if (!s->counted)
        f->counts.streams++;
    s->counted = true;
}

static void keep_parts(struct flight *x, struct bytes data)
{
    struct stream *s = x->stream;
    if (s->partial_len + data.len > s->partial_room) {
        s->partial_room = (s->partial_len + data.len) * 2;
        s->partial = memory_grow(s->partial, s->partial_room);
    }
    memcpy(s->partial + s->partial_len, data.at, data.len);
    s->partial_len += data.len;
    for (uint32_t i = 0; i < x->sight->frame_count && !x->in_parts; i++) {
        if (s->part_count == s->part_room) {
            s->part_room = s->part_room ? s->part_room * 2 : 4;
            s->parts = memory_grow(s->parts, s->part_room * sizeof *s->parts);
        }
        s->parts[s->part_count++] = (struct share){ x->sight->frames[i], x->handed || x->class != CLASS_WAITING };
    }
    x->handed = x->handed || x->class == CLASS_WAITING;
    x->in_parts = true;
}

/* Not what this framing can hold: look for it again. */
static void lose(struct flight *x)
{
    x->sight->f->counts.stream_gaps++;
    x->stream->synchronised = false;
    x->in_parts = false;
    drop_parts(x->stream, x->sight->f);
}

/* Takes the prefix off a direction's first octets, which segments may cut anywhere. */
static void skip_prefix(struct flight *x, struct bytes *data)
{
    struct stream *s = x->stream;
    while (s->begun && data->len && data->at[0] == (uint8_t)prefix[s->prefix]) {
        *data = bytes_over(data->at + 1, data->len - 1);
        s->proven |= ++s->prefix == PREFIX;
        s->begun = s->prefix < PREFIX;
    }
    if (s->begun && data->len) {
        s->begun = false;
        if (s->prefix) /* a message began like it */
            keep_parts(x, bytes_over((const uint8_t *)prefix, s->prefix));
    }
}

/* The port alone makes nothing IKE: the first message, or the prefix before it, has to show that. */
static bool believable(struct flight *x, struct bytes content, size_t missing)
{
    x->stream->proven = x->stream->proven || x->answers || is_ike(content, missing);
    return x->stream->proven;
}

static size_t message_length(const uint8_t *at)
{
    return (size_t)at[0] << 8 | at[1];
}

/* The message that earlier segments began: takes what belongs to it off data. */
static void complete_partial(struct flight *x, struct bytes *data)
{
    struct stream *s = x->stream;
    while (s->partial_len && data->len) {
        const size_t whole = s->partial_len < LENGTH ? LENGTH : message_length(s->partial);
        const size_t wanted = whole - s->partial_len, n = wanted < data->len ? wanted : data->len;
        keep_parts(x, bytes_over(data->at, n));
        *data = bytes_over(data->at + n, data->len - n);
        if (s->partial_len < LENGTH || s->partial_len < message_length(s->partial))
            continue;
        const size_t len = s->partial_len;
        const struct bytes content = bytes_over(s->partial + LENGTH, len - LENGTH);
        if (content.len == 0 || !believable(x, content, 0)) {
            lose(x);
            return;
        }
        s->partial_len = 0;
        take_message(x, content, 0);
    }
}

/* Octets in their turn. missing: those of the segment's end that the snap length cut. */
static void consume(struct flight *x, struct bytes data, size_t missing)
{
    struct stream *s = x->stream;
    skip_prefix(x, &data);
    complete_partial(x, &data);
    while (s->synchronised && data.len >= LENGTH) {
        const size_t whole = message_length(data.at);
        if (whole > data.len)
            break;
        if (whole < LENGTH || (whole > LENGTH && !believable(x, bytes_over(data.at + LENGTH, whole - LENGTH), 0))) {
            lose(x);
            return;
        }
        if (whole > LENGTH)
            take_message(x, bytes_over(data.at + LENGTH, whole - LENGTH), 0);
        data = bytes_over(data.at + whole, data.len - whole);
    }
    if (!s->synchronised)
        return;
    if (!missing) {
        if (data.len)
            keep_parts(x, data);
        return;
    }
    /* The rest was cut. A message that ends in it is shown as far as it goes; its end may be the segment's. */
    const size_t whole = data.len >= LENGTH ? message_length(data.at) : 0;
    const size_t rest = data.len + missing;
    if (whole > LENGTH && whole <= rest && !s->partial_len &&
        believable(x, bytes_over(data.at + LENGTH, data.len - LENGTH), whole - data.len))
        take_message(x, bytes_over(data.at + LENGTH, data.len - LENGTH), whole - data.len);
    if (whole != rest)
        lose(x);
}

static void hold(struct flight *x, uint32_t sequence, struct bytes data, size_t missing)
{
    struct stream *s = x->stream;
    struct segment *g = memory_take(sizeof *g + data.len);
    g->sequence = sequence;
    g->captured = (uint32_t)data.len;
    g->length = (uint32_t)(data.len + missing);
    g->ns = x->sight->ns;
    g->frame = x->sight->frame;
    frame_list_add(&g->frames, x->sight->frames, x->sight->frame_count);
    if (data.len)
        memcpy(g->octets, data.at, data.len);
    struct segment **at = &s->held;
    while (*at && (int32_t)((*at)->sequence - sequence) < 0)
        at = &(*at)->next;
    g->next = *at;
    *at = g;
    s->held_count++;
    s->held_octets += g->captured;
}

/* Takes a segment that begins at or before what is expected; whatever of it is known already is skipped. */
static void advance(struct flight *x, uint32_t sequence, struct bytes data, size_t missing)
{
    struct stream *s = x->stream;
    const uint32_t known = s->next - sequence;
    if (known >= data.len + missing)
        return; /* all of it: a retransmission */
    s->next = sequence + (uint32_t)(data.len + missing);
    if (known >= data.len)
        lose(x);
    else
        consume(x, bytes_over(data.at + known, data.len - known), missing);
}

/* Where a direction's messages are not known to begin, a segment that begins with one tells. */
static void synchronise(struct flight *x, uint32_t sequence, struct bytes data, size_t missing)
{
    const bool port = x->source == PORT_NATT || x->destination == PORT_NATT || x->stream->counted;
    const bool first = has_prefix(data);
    if (first || begins_message(data, missing, port)) {
        x->stream->synchronised = true;
        x->stream->begun = first;
        x->stream->prefix = 0;
        x->stream->proven = true;
        x->stream->next = sequence;
    }
}

/* Segments whose turn has come; with `all`, those behind gaps too. */
static void take_held(struct flight *x, bool all)
{
    struct stream *s = x->stream;
    while (s->held && (all || (s->synchronised && (int32_t)(s->held->sequence - s->next) <= 0))) {
        struct segment *g = unhold(s);
        struct sight sight = *x->sight;
        sight.frames = g->frames.at;
        sight.frame_count = g->frames.count;
        sight.frame = g->frame;
        sight.ns = g->ns;
        struct flight late = { &sight, x->ip, x->source, x->destination, s, x->answers, CLASS_WAITING, false, false };
        const struct bytes data = bytes_over(g->octets, g->captured);
        if (s->synchronised && (int32_t)(g->sequence - s->next) > 0)
            lose(&late);
        if (!s->synchronised)
            synchronise(&late, g->sequence, data, g->length - g->captured);
        if (s->synchronised)
            advance(&late, g->sequence, data, g->length - g->captured);
        if (!late.handed)
            count_frames(sight.f, late.class == CLASS_WAITING ? (unsigned)PACKET_OTHER : late.class, g->frames.count);
        segment_free(g);
    }
}

static bool patience_ends(struct limits *l, const struct stream *s, int64_t ns)
{
    if (!s->held)
        return false;
    /* many small segments are as much as the octets of fewer: each has its place in memory */
    const uint64_t weight = s->held_octets > (uint64_t)s->held_count * SEGMENT_WEIGHT ? s->held_octets
                                                                                      : (uint64_t)s->held_count * SEGMENT_WEIGHT;
    return !limits_room(l, OVER_TCP_HELD, weight - 1) || ns - s->held->ns > patience_ns;
}

static unsigned fly(struct flight *x, uint32_t sequence, struct bytes data, size_t missing)
{
    struct stream *s = x->stream;
    if (s->synchronised && (int32_t)(sequence - s->next) > SEQUENCE_REACH)
        lose(x);
    if (s->synchronised && (int32_t)(s->next - sequence) > SEQUENCE_REACH)
        lose(x);
    if (!s->synchronised) {
        take_held(x, true);
        synchronise(x, sequence, data, missing);
        if (!s->synchronised)
            return PACKET_OTHER;
    }
    if ((int32_t)(sequence - s->next) > 0) {
        hold(x, sequence, data, missing);
        if (patience_ends(&x->sight->f->model->limits, s, x->sight->ns))
            take_held(x, true);
        return CLASS_WAITING;
    }
    advance(x, sequence, data, missing);
    take_held(x, false);
    return x->handed ? (unsigned)CLASS_WAITING : x->class == CLASS_WAITING ? (unsigned)PACKET_OTHER : x->class;
}

/* Where a direction begins its SYN says, so that its first message is found however it is cut. */
static void begin_stream(struct stream *s, uint32_t sequence)
{
    s->synchronised = s->begun = true;
    s->next = sequence;
}

static void end_stream(struct streams *t, struct stream *s)
{
    s->ended = true;
    requeue(t, s);
}

unsigned tcp_inward(struct sight *s, const struct ip *ip)
{
    struct frames *f = s->f;
    struct cursor c = cursor_over(ip->payload);
    const uint16_t source = cursor_u16(&c), destination = cursor_u16(&c);
    const uint32_t sequence = cursor_u32(&c);
    cursor_skip(&c, 4);
    const uint8_t offset = cursor_u8(&c), flags = cursor_u8(&c);
    cursor_skip(&c, 6);
    if (!cursor_ok(&c))
        return short_of(s);
    const size_t header = (size_t)(offset >> 4) * 4;
    if (header < 20 || header > ip->payload.len + ip->missing)
        return PACKET_MALFORMED;
    cursor_skip(&c, header - 20);
    if (!cursor_ok(&c))
        return PACKET_OTHER;
    const struct bytes data = c.left;
    const struct ip back = { .source = ip->destination, .destination = ip->source };
    const struct stream *other = find_stream(f->streams, &back, destination, source);
    const bool natt = source == PORT_NATT || destination == PORT_NATT, port = natt || other, answers = other && other->counted;
    struct stream *stream = find_stream(f->streams, ip, source, destination);
    if (stream && flags & (FLAG_SYN | FLAG_RST)) { /* another connection of the same two ends */
        remove_stream(f->streams, stream, f);
        stream = NULL;
    }
    if (natt && (flags & (FLAG_SYN | FLAG_RST)) == FLAG_SYN)
        begin_stream(make_stream(f->streams, f, ip, source, destination), sequence + 1);
    if (stream && flags & FLAG_FIN)
        end_stream(f->streams, stream);
    if (data.len + ip->missing == 0 || flags & (FLAG_SYN | FLAG_RST))
        return PACKET_OTHER;
    if (!stream && !has_prefix(data) && !begins_message(data, ip->missing, port))
        return PACKET_OTHER;
    if (!stream)
        stream = make_stream(f->streams, f, ip, source, destination);
    struct flight x = { s, ip, source, destination, stream, answers, CLASS_WAITING, false, false };
    const unsigned class = fly(&x, sequence, data, ip->missing);
    stream->ended |= flags & FLAG_FIN;
    requeue(f->streams, stream);
    return class;
}

static struct stream *any_stream(const struct streams *t)
{
    return t->proven.oldest ? t->proven.oldest : t->unproven.oldest;
}

void streams_flush(struct streams *t, struct frames *f)
{
    for (struct stream *s; (s = any_stream(t));) {
        struct sight sight = { .f = f };
        const size_t width = s->version == 4 ? 4 : 16;
        const struct ip ip = { .source = bytes_over(s->key, width),
                               .destination = bytes_over(s->key + 16, width),
                               .version = s->version };
        const uint16_t source = (uint16_t)(s->key[32] << 8 | s->key[33]), destination = (uint16_t)(s->key[34] << 8 | s->key[35]);
        struct flight x = { &sight, &ip, source, destination, s, false, CLASS_WAITING, false, false };
        take_held(&x, true);
        remove_stream(t, s, f);
    }
}

void streams_destroy(struct streams *t)
{
    if (!t)
        return;
    for (struct stream *s; (s = any_stream(t));)
        remove_stream(t, s, NULL);
    memory_free(t);
}
