/* IKE and ESP in TCP: framing, reassembly, loss, and what each segment is counted as. */
#include "packets.h"

static struct seen seen;

enum { ROOM = 1 << 20, PSH = 0x18, SYN = 0x02, FIN = 0x01 };

/* The stream of one direction: prefix, IKE of 140 octets, ESP of 60, keepalive, ESP of 108. */
static struct buffer stream_octets(bool prefix)
{
    struct buffer b;
    buffer_init(&b, ROOM);
    if (prefix)
        buffer_put(&b, "IKETCP", 6);
    be_put(&b, 2 + 4 + 140, 2);
    be_put(&b, 0, 4);
    ike_put(&b, 34, 112);
    be_put(&b, 2 + 60, 2);
    esp_put(&b, 0xcafe0001, 1, 52);
    be_put(&b, 3, 2);
    be_put(&b, 0xff, 1);
    be_put(&b, 2 + 108, 2);
    esp_put(&b, 0xcafe0001, 2, 100);
    return b;
}

static void segment(struct film *film, uint16_t port, uint32_t sequence, uint8_t flags, struct bytes data, size_t cut)
{
    struct buffer tcp, ip;
    buffer_init(&tcp, ROOM);
    buffer_init(&ip, ROOM);
    tcp_put(&tcp, 40000, port, sequence, flags, data);
    ipv4_put(&ip, 6, octets_of(&tcp));
    pcap_put_record(&film->file, false, film->seconds++, 0, bytes_over(ip.at, ip.len - cut), (uint32_t)ip.len);
    buffer_clear(&tcp);
    buffer_clear(&ip);
}

struct cut {
    size_t at, len;
};

/* Sends parts of the stream in the given order and says how the frames were counted. */
static const char *sent(uint16_t port, bool prefix, const struct cut *cuts, size_t count)
{
    struct film film = film_of(101);
    struct buffer s = stream_octets(prefix);
    const uint32_t first = 0xffffffc0; /* the sequence numbers wrap */
    segment(&film, port, first - 1, SYN, bytes_over(NULL, 0), 0);
    for (size_t i = 0; i < count; i++)
        segment(&film, port, first + (uint32_t)cuts[i].at, PSH, bytes_over(s.at + cuts[i].at, cuts[i].len), 0);
    struct reading r = film_read(&film, &seen);
    const char *text = classes(&r);
    reading_close(&r);
    buffer_clear(&s);
    film_clear(&film);
    return text;
}

#define SENT(port, prefix, ...)                                                                                                  \
    sent(port, prefix, (const struct cut[]){ __VA_ARGS__ }, sizeof((const struct cut[]){ __VA_ARGS__ }) / sizeof(struct cut))
#define IS(text, want) CHECK_TEXT(text_of(text), want)
static void all_came(int line)
{
    CHECK_NUMBER(seen.ike, 1);
    CHECK_NUMBER(seen.esp, 2);
    CHECK_NUMBER(seen.keepalive, 1);
    if (seen.ike != 1 || seen.esp != 2)
        fprintf(stderr, "  from line %d\n", line);
}
#define ALL() all_came(__LINE__)

static void test_whole(void)
{
    /* 6 prefix, 146 IKE, 62 ESP, 3 keepalive, 110 ESP: 327 */
    IS(SENT(443, true, { 0, 327 }), "ike 1 other 1");
    ALL();
    CHECK_NUMBER(seen.packet.encap, ENCAP_TCP);
    CHECK_NUMBER(seen.len, 108);
    IS(seen.destination, "10.0.0.2:443");
    IS(SENT(4500, true, { 0, 327 }), "ike 1 other 1");
    ALL();
    IS(SENT(4500, true, { 0, 6 }, { 6, 146 }, { 152, 62 }, { 214, 3 }, { 217, 110 }), "ike 1 esp 2 keepalive 1 other 2");
    ALL();
    IS(SENT(8443, false, { 0, 146 }, { 146, 62 }, { 208, 3 }, { 211, 110 }), "ike 1 esp 2 keepalive 1 other 1");
    ALL();
}

static void test_parts(void)
{
    IS(SENT(443, true, { 0, 100 }, { 100, 100 }, { 200, 127 }), "ike 2 esp 1 other 1");
    ALL();
    IS(SENT(443, true, { 0, 7 }, { 7, 1 }, { 8, 319 }), "ike 3 other 1");
    ALL();
    CHECK_NUMBER(seen.packet.frame_count, 1);
    /* every cut in two, in both orders; then octet by octet */
    for (size_t at = 40; at < 327; at++) {
        sent(443, true, (const struct cut[]){ { 0, at }, { at, 327 - at } }, 2);
        ALL();
        sent(443, true, (const struct cut[]){ { 0, 40 }, { at, 327 - at }, { 40, at - 40 } }, at > 40 ? 3 : 2);
        ALL();
    }
    /* the beginning, too, where the SYN was captured: within the prefix, the length, the marker, the header */
    for (size_t at = 1; at < 321; at++) {
        sent(4500, true, (const struct cut[]){ { 0, at }, { at, 327 - at } }, 2);
        ALL();
        sent(4500, false, (const struct cut[]){ { 0, at }, { at, 321 - at } }, 2);
        ALL();
        sent(4500, false, (const struct cut[]){ { at, 321 - at }, { 0, at } }, 2);
        ALL();
    }
    struct cut cuts[327 - 40 + 1] = { { 0, 40 } };
    for (size_t i = 1; i < 288; i++)
        cuts[i] = (struct cut){ 39 + i, 1 };
    IS(sent(443, true, cuts, 288), "ike 113 esp 172 keepalive 3 other 1");
    ALL();
    CHECK_NUMBER(seen.packet.frame_count, 110);
}

static void test_again(void)
{
    IS(SENT(443, true, { 0, 152 }, { 0, 152 }, { 152, 175 }, { 100, 227 }), "ike 1 esp 1 other 3");
    ALL();
    IS(SENT(443, true, { 0, 160 }, { 140, 187 }), "ike 1 esp 1 other 1");
    ALL();
}

/* What waits behind a gap to the end is of the ends that sent it, also where all but the first octets of an address are zero. */
static void test_lost_of_ipv6(void)
{
    struct film film = film_of(101);
    struct buffer s = stream_octets(true);
    for (int i = 0; i < 2; i++) {
        struct buffer tcp, ip;
        buffer_init(&tcp, ROOM);
        buffer_init(&ip, ROOM);
        tcp_put(&tcp, 4500, 4500, i ? 218 : 1, PSH, i ? bytes_over(s.at + 217, 110) : bytes_over(s.at, 152));
        ipv6_put(&ip, 6, octets_of(&tcp));
        memset(ip.at + 12, 0, 12);
        pcap_put_record(&film.file, false, film.seconds++, 0, octets_of(&ip), (uint32_t)ip.len);
        buffer_clear(&tcp);
        buffer_clear(&ip);
    }
    struct reading r = film_read(&film, &seen);
    IS(classes(&r), "ike 1 esp 1");
    IS(seen.source, "[fc00::]:4500");
    reading_close(&r);
    buffer_clear(&s);
    film_clear(&film);
}

static void test_lost(void)
{
    IS(SENT(4500, true, { 0, 152 }, { 217, 110 }), "ike 1 esp 1 other 1"); /* the gap is never filled */
    CHECK_NUMBER(seen.esp, 1);
    IS(SENT(4500, true, { 0, 100 }, { 214, 3 }, { 217, 110 }), "esp 1 keepalive 1 other 2");
    IS(SENT(4500, false, { 146, 62 }, { 208, 3 }, { 211, 110 }), "esp 2 keepalive 1 other 1"); /* joined in the middle */
    CHECK_NUMBER(seen.esp, 2);
    IS(SENT(443, false, { 146, 62 }, { 211, 110 }), "other 3");
}

static void test_cut(void)
{
    /* the snap length cuts the IKE message; the next segment goes on */
    struct film film = film_of(101);
    struct buffer s = stream_octets(true);
    segment(&film, 4500, 1, PSH, bytes_over(s.at, 152), 60);
    segment(&film, 4500, 153, PSH, bytes_over(s.at + 152, 62), 50);
    segment(&film, 4500, 215, PSH, bytes_over(s.at + 214, 113), 0);
    struct reading r = film_read(&film, &seen);
    IS(classes(&r), "ike 1 esp 1 keepalive 1");
    CHECK_NUMBER(seen.ike, 1);
    CHECK_NUMBER(seen.esp, 2);
    CHECK_NUMBER(r.counts.truncated, 2);
    reading_close(&r);
    buffer_clear(&s);
    film_clear(&film);
}

static void test_other(void)
{
    struct film film = film_of(101);
    segment(&film, 4500, 1, PSH, bytes_over("GET / HTTP/1.1\r\n\r\n", 18), 0);
    segment(&film, 443, 1, PSH, bytes_over("\x16\x03\x01\0\x05hello", 10), 0);
    segment(&film, 443, 1, PSH, bytes_over("\0", 1), 0);
    segment(&film, 4500, 99, SYN, bytes_over(NULL, 0), 0); /* a port is no proof, nor what begins like the prefix */
    segment(&film, 4500, 100, PSH, bytes_over("IKE? \0\x09hello", 12), 0);
    segment(&film, 4500, 112, PSH, bytes_over("\0\x09hello", 8), 0);
    struct reading r = film_read(&film, &seen);
    IS(classes(&r), "other 6");
    CHECK_NUMBER(r.counts.streams, 0);
    reading_close(&r);
    film_clear(&film);
}

/* Many begin connections and say nothing; those that say something are not pushed out, nor do they fill the room. */
static void test_syn_flood(void)
{
    struct film film = film_of(101);
    struct buffer s = stream_octets(true), tcp, ip;
    buffer_init(&tcp, ROOM);
    buffer_init(&ip, ROOM);
    segment(&film, 4500, 0, SYN, bytes_over(NULL, 0), 0);
    segment(&film, 4500, 1, PSH, bytes_over(s.at, 200), 0); /* up to the middle of ESP */
    for (uint32_t i = 0; i < LIMIT_TCP_STREAMS + 100; i++) {
        buffer_reset(&tcp);
        buffer_reset(&ip);
        tcp_put(&tcp, (uint16_t)(1024 + i), 4500, 7, SYN, bytes_over(NULL, 0));
        ipv4_put(&ip, 6, octets_of(&tcp));
        pcap_put_record(&film.file, false, film.seconds, 0, octets_of(&ip), (uint32_t)ip.len);
    }
    segment(&film, 4500, 201, PSH, bytes_over(s.at + 200, 127), 0);
    struct reading r = film_read(&film, &seen);
    ALL();
    CHECK(!r.model->limits.hit[OVER_TCP_STREAMS].times);
    reading_close(&r);
    buffer_clear(&s);
    buffer_clear(&tcp);
    buffer_clear(&ip);
    film_clear(&film);
}

static void from_port(struct film *film, struct buffer *tcp, struct buffer *ip, uint16_t port, uint32_t sequence, uint8_t flags,
                      struct bytes data)
{
    buffer_reset(tcp);
    buffer_reset(ip);
    tcp_put(tcp, port, 4500, sequence, flags, data);
    ipv4_put(ip, 6, octets_of(tcp));
    pcap_put_record(&film->file, false, film->seconds, 0, octets_of(ip), (uint32_t)ip->len);
}

/* Connections that ended, with the last octets or behind them, are not followed any more: they fill no room, and one that goes on
 * is not pushed out by them. Those that do not end do. */
static void test_ended(uint8_t fin)
{
    enum { MORE = 100 };
    struct film film = film_of(101);
    struct buffer s = stream_octets(true), tcp, ip;
    buffer_init(&tcp, ROOM);
    buffer_init(&ip, ROOM);
    segment(&film, 4500, 0, SYN, bytes_over(NULL, 0), 0);
    segment(&film, 4500, 1, PSH, bytes_over(s.at, 200), 0);
    for (unsigned i = 0; i < LIMIT_TCP_STREAMS + MORE; i++) {
        const uint16_t port = (uint16_t)(1024 + i);
        from_port(&film, &tcp, &ip, port, 0, SYN, bytes_over(NULL, 0));
        from_port(&film, &tcp, &ip, port, 1, i & 1 ? PSH | fin : PSH, bytes_over(s.at, 152));
        if (!(i & 1) && fin)
            from_port(&film, &tcp, &ip, port, 153, fin, bytes_over(NULL, 0));
    }
    segment(&film, 4500, 201, PSH, bytes_over(s.at + 200, 127), 0);
    struct reading r = film_read(&film, &seen);
    CHECK_NUMBER(seen.ike, LIMIT_TCP_STREAMS + MORE + 1);
    CHECK_NUMBER(seen.esp, fin ? 2 : 0);
    CHECK_NUMBER(r.model->limits.hit[OVER_TCP_STREAMS].times, fin ? 0 : MORE + 1);
    reading_close(&r);
    buffer_clear(&s);
    buffer_clear(&tcp);
    buffer_clear(&ip);
    film_clear(&film);
}

int main(void)
{
    test_syn_flood();
    test_ended(FIN);
    test_ended(0);
    test_whole();
    test_parts();
    test_again();
    test_lost();
    test_lost_of_ipv6();
    test_cut();
    test_other();
    return TEST_REPORT();
}
