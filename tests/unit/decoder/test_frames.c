/* Link layers, IP, tunnels, UDP, ICMP and fragments: what a frame is counted as, and what of it is handed on. */
#include "packets.h"

#include <dirent.h>

#include "base/json.h"

static struct seen seen;

enum { ROOM = 1 << 20 };

#define BUFFERS(...)                                                                                                             \
    struct buffer *const buffers_[] = { __VA_ARGS__ };                                                                           \
    for (size_t i_ = 0; i_ < COUNT_OF(buffers_); i_++)                                                                           \
    buffer_init(buffers_[i_], ROOM)
#define CLEAR()                                                                                                                  \
    for (size_t i_ = 0; i_ < COUNT_OF(buffers_); i_++)                                                                           \
    buffer_clear(buffers_[i_])

/* One frame of a link type: the classes it is counted in. */
static const char *one(uint32_t link, struct bytes frame)
{
    struct film film = film_of(link);
    film_add(&film, frame);
    struct reading r = film_read(&film, &seen);
    CHECK(r.ok);
    const char *text = classes(&r);
    reading_close(&r);
    film_clear(&film);
    return text;
}

/* A hex prefix before a whole IPv4 or IPv6 packet of ESP. */
static const char *behind(uint32_t link, const char *hex, int version)
{
    struct buffer esp, ip, frame;
    BUFFERS(&esp, &ip, &frame);
    esp_put(&esp, 0x12345678, 7, 40);
    if (version == 4)
        ipv4_put(&ip, 50, octets_of(&esp));
    else
        ipv6_put(&ip, 50, octets_of(&esp));
    octets_put(&frame, hex);
    buffer_put(&frame, ip.at, ip.len);
    const char *text = one(link, octets_of(&frame));
    CLEAR();
    return text;
}

#define IS(text, want) CHECK_TEXT(text_of(text), want)

static void test_links(void)
{
    IS(behind(12, "", 4), "esp 1");
    IS(behind(14, "", 6), "esp 1");
    IS(behind(101, "", 4), "esp 1");
    CHECK_NUMBER(seen.len, 48);
    IS(seen.source, "10.0.0.1");
    IS(seen.destination, "10.0.0.2");
    CHECK_NUMBER(seen.packet.encap, ENCAP_NONE);
    CHECK_NUMBER(seen.packet.ip.len, 68);
    CHECK_NUMBER(seen.packet.ip_header, 20);
    IS(behind(228, "", 4), "esp 1");
    IS(behind(229, "", 6), "esp 1");
    IS(seen.source, "fc00::1");
    IS(behind(228, "", 6), "malformed 1");
    IS(behind(0, "02000000", 4), "esp 1");
    IS(behind(0, "00000002", 4), "esp 1");
    IS(behind(0, "1e000000", 6), "esp 1");
    IS(behind(108, "0000001c", 6), "esp 1");
    IS(behind(108, "00000063", 6), "other 1");
    IS(behind(113, "0000 0001 0006 020000000001 0000 0800", 4), "esp 1");
    IS(behind(113, "0000 0001 0006 020000000001 0000 86dd", 6), "esp 1");
    IS(behind(105, "0801 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800", 4), "esp 1");
    IS(behind(105, "8803 0000 020000000001 020000000002 020000000003 1000 020000000004 0000 aaaa03 000000 86dd", 6), "esp 1");
    IS(behind(105, "0841 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800", 4), "other 1"); /* encrypted */
    IS(behind(105, "0805 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800", 4), "other 1"); /* a fragment */
    IS(behind(105, "8000 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800", 4), "other 1"); /* a beacon */
    IS(behind(127, "0000 0a00 00000000 1100 0802 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800", 4),
       "esp 1");
    IS(behind(192, "0000 0800 01000000 020000000001 020000000002 0800", 4), "esp 1");
    IS(behind(192, "0000 0800 c0000000 020000000001 020000000002 0800", 4), "other 1");
    IS(behind(192, "0000 0800 02010000 0c000000 01000000 01000000 020000000002 020000000001 0800", 4), "other 1"); /* pktap */
    IS(behind(107, "1841 03 cc", 4), "esp 1");
    IS(behind(107, "1841 03 00 80 000000 86dd", 6), "esp 1");
    IS(behind(107, "1841 0800", 4), "esp 1"); /* as Cisco has it */
    IS(behind(107, "18400041 03 8e", 6), "esp 1");
    IS(behind(276, "0800 0000 00000002 0001 00 06 020000000001 0000", 4), "esp 1");
    IS(behind(9, "ff03 0021", 4), "esp 1");
    IS(behind(9, "21", 4), "esp 1");
    IS(behind(50, "ff03 0057", 6), "esp 1");
    IS(behind(50, "0f00 0800", 4), "esp 1");
    IS(behind(51, "1100 0001 0046 0021", 4), "esp 1");
    IS(behind(104, "0f00 0800", 4), "esp 1");
    IS(behind(204, "01 ff03 0021", 4), "esp 1");
    IS(behind(166, "00 ff03 0057", 6), "esp 1");
    IS(behind(100, "aaaa03 000000 0800", 4), "esp 1");
    IS(behind(11, "aaaa03 000000 86dd", 6), "esp 1");
    IS(behind(109, "02000000 12340000 03000000", 4), "esp 1");
    IS(behind(117, "0b020000 656d3000 000000 00", 4), "esp 1"); /* 11 octets, padded to twelve */
    IS(behind(117, "03020000", 4), "other 1");
    IS(behind(178, "4d4743 81 0004 00010203 020000000002 020000000001 0800", 4), "esp 1");
    IS(behind(178, "4d4743 01 020000000002 020000000001 86dd", 6), "esp 1");
    IS(behind(178, "4d4743 02 02000000", 4), "esp 1");
    IS(behind(178, "4d4744 02 02000000", 4), "other 1");
    IS(behind(258, "10000000 01000000 01000000 00000000 020000000002 020000000001 0800", 4), "esp 1");
    IS(behind(258, "10000000 01000000 65000000 00000000", 6), "esp 1");
    IS(behind(258, "10000000 02000000 65000000 00000000", 6), "other 1"); /* no packet */
    IS(behind(258, "10000000 01000000 02010000 00000000", 6), "other 1"); /* itself */
    IS(behind(258, "10000000 01000000 c0000000 00000000 0000 0800 01000000 020000000002 020000000001 0800", 4),
       "other 1"); /* PPI */
    IS(behind(239, "0200 0000 0800 0100 00000000 4800 0900", 4), "esp 1");
    IS(one(1, bytes_over("\0\1\2", 3)), "malformed 1");
    IS(one(147, bytes_over("\0\1\2", 3)), "other 1");
}

static void test_ethertypes(void)
{
    char hex[400];
    static const struct {
        const char *head;
        int version;
        const char *want;
    } ethernet[] = {
        { "0800", 4, "esp 1" },
        { "86dd", 6, "esp 1" },
        { "8100 0064 0800", 4, "esp 1" },
        { "88a8 0064 8100 0065 86dd", 6, "esp 1" },
        { "8909 010100010064 0800", 4, "esp 1" },
        { "8847 00064040 000c8140", 4, "esp 1" },
        { "8847 00064140", 6, "esp 1" },
        { "8847 00064140 00000000 020000000002020000000001 0800", 4, "esp 1" },
        { "8847 00064140 020000000002020000000001 0800", 4, "esp 1" }, /* without a control word */
        { "8847 00064140 a20000000002020000000001 0800", 4, "esp 1" },
        { "8926 00000000 0800", 4, "esp 1" },
        { "8903 0040 020000000002020000000001 0800", 4, "esp 1" },
        { "88e7 00000001 020000000002020000000001 86dd", 6, "esp 1" },
        { "88e5 00 00 00000001 0800", 4, "esp 1" },
        { "88e5 20 00 00000001 0200000000020001 86dd", 6, "esp 1" },
        { "88e5 0c 00 00000001 0800", 4, "other 1" }, /* encrypted */
        { "894f 0002 01 01 000001ff", 4, "esp 1" },
        { "894f 0006 01 03 000001ff 00000000 00000000 00000000 00000000 020000000002020000000001 0800", 4, "esp 1" },
        { "894f 4002 01 01 000001ff", 4, "other 1" },
        { "894f 0001 01 01", 4, "other 1" },
        { "8864 1100 0001 0046 0021", 4, "esp 1" },
        { "8863 1109 0000 0004 01010000", 4, "other 1" },
        { "004c aaaa03 000000 0800", 4, "esp 1" },
        { "0026 424203 000000", 4, "other 1" },
        { "0806", 4, "other 1" },
        { "88cc", 4, "other 1" },
    };
    for (size_t i = 0; i < COUNT_OF(ethernet); i++) {
        snprintf(hex, sizeof hex, "020000000002 020000000001 %s", ethernet[i].head);
        IS(behind(1, hex, ethernet[i].version), ethernet[i].want);
    }
}

static void test_padding(void)
{
    /* Ethernet pads to 60 octets; the padding is not the packet's. */
    struct buffer esp, ip, frame;
    BUFFERS(&esp, &ip, &frame);
    esp_put(&esp, 1, 1, 2);
    ipv4_put(&ip, 50, octets_of(&esp));
    ethernet_put(&frame, 0x0800, octets_of(&ip));
    be_put(&frame, 0, 8);
    be_put(&frame, 0, 8);
    IS(one(1, octets_of(&frame)), "esp 1");
    CHECK_NUMBER(seen.len, 10);
    CHECK(!seen.packet.truncated);
    CLEAR();
}

static const char *in_udp(uint16_t source, uint16_t destination, struct bytes content)
{
    struct buffer udp, ip;
    BUFFERS(&udp, &ip);
    udp_put(&udp, source, destination, content);
    ipv4_put(&ip, 17, octets_of(&udp));
    const char *text = one(101, octets_of(&ip));
    CLEAR();
    return text;
}

static void test_udp(void)
{
    struct buffer ike, marked, esp, odd;
    BUFFERS(&ike, &marked, &esp, &odd);
    ike_put(&ike, 34, 12);
    be_put(&marked, 0, 4);
    buffer_put(&marked, ike.at, ike.len);
    esp_put(&esp, 0xc0000001, 1, 30);
    IS(in_udp(500, 500, octets_of(&ike)), "ike 1");
    CHECK_NUMBER(seen.len, 40);
    CHECK(!seen.packet.marker);
    IS(seen.source, "10.0.0.1:500");
    IS(in_udp(500, 500, octets_of(&marked)), "ike 1");
    CHECK_NUMBER(seen.len, 40);
    CHECK(seen.packet.marker);
    IS(in_udp(500, 12345, octets_of(&ike)), "ike 1");
    IS(in_udp(500, 500, bytes_over(ike.at, 27)), "malformed 1");
    IS(in_udp(500, 500, bytes_over(ike.at, 0)), "malformed 1");
    IS(in_udp(4500, 4500, octets_of(&marked)), "ike 1");
    CHECK(seen.packet.marker);
    CHECK_NUMBER(seen.len, 40);
    IS(in_udp(4500, 1024, octets_of(&marked)), "ike 1");
    IS(in_udp(4500, 4500, octets_of(&ike)), "ike 1"); /* without the marker */
    CHECK(!seen.packet.marker);
    IS(in_udp(1024, 4500, octets_of(&esp)), "esp 1");
    CHECK_NUMBER(seen.packet.encap, ENCAP_UDP);
    CHECK_NUMBER(seen.len, 38);
    IS(in_udp(4500, 4500, bytes_over("\xff", 1)), "keepalive 1");
    CHECK_NUMBER(seen.keepalive, 1);
    IS(in_udp(4500, 4500, bytes_over("\xfe", 1)), "malformed 1");
    IS(in_udp(4500, 4500, bytes_over("\xff\xff", 2)), "malformed 1");
    IS(in_udp(4500, 4500, bytes_over(marked.at, 20)), "malformed 1");
    IS(in_udp(5000, 6000, octets_of(&ike)), "ike 1");
    IS(in_udp(5000, 6000, octets_of(&marked)), "ike 1");
    IS(in_udp(5000, 6000, octets_of(&esp)), "other 1");
    IS(in_udp(53, 6000, octets_of(&esp)), "other 1");
    buffer_put(&odd, ike.at, ike.len);
    buffer_byte(&odd, 0);
    IS(in_udp(5000, 6000, octets_of(&odd)), "other 1"); /* its length is not that of the datagram */
    IS(in_udp(500, 500, octets_of(&odd)), "ike 1");
    ike.at[17] = 0x10;
    ike.at[16] = 1;
    ike.at[18] = 2;
    ike.at[19] = 0;
    IS(in_udp(5000, 6000, octets_of(&ike)), "ike 1"); /* IKEv1 */
    ike.at[17] = 0x30;
    IS(in_udp(5000, 6000, octets_of(&ike)), "other 1");
    seen.refuse = true;
    IS(in_udp(500, 500, octets_of(&ike)), "malformed 1");
    IS(in_udp(4500, 500, octets_of(&esp)), "malformed 1");
    seen.refuse = false;
    CLEAR();
}

static void test_learned_ports(void)
{
    struct buffer ike, esp, udp, ip;
    BUFFERS(&ike, &esp, &udp, &ip);
    be_put(&ike, 0, 4);
    ike_put(&ike, 34, 12);
    esp_put(&esp, 0xc0000001, 1, 30);
    struct film film = film_of(101);
    for (int i = 0; i < 3; i++) {
        buffer_reset(&udp);
        buffer_reset(&ip);
        const struct bytes content = i == 1 ? octets_of(&ike) : octets_of(&esp);
        udp_put(&udp, 7777, 8888, content);
        ipv4_put(&ip, 17, octets_of(&udp));
        film_add(&film, octets_of(&ip));
    }
    struct reading r = film_read(&film, &seen);
    IS(classes(&r), "ike 1 esp 1 other 1");
    reading_close(&r);
    seen = (struct seen){ 0 };
    r = read_octets(octets_of(&film.file), &seen, (struct frames_options){ .ike_ports = { 9, 8888 } });
    IS(classes(&r), "ike 1 esp 2");
    reading_close(&r);
    film_clear(&film);
    CLEAR();
}

/* IPv4 with a protocol and hex before a whole ESP packet. */
static const char *tunnel(uint8_t protocol, const char *hex, int inner)
{
    struct buffer esp, ip, payload, outer;
    BUFFERS(&esp, &ip, &payload, &outer);
    esp_put(&esp, 0x12345678, 7, 40);
    if (inner == 4)
        ipv4_put(&ip, 50, octets_of(&esp));
    else
        ipv6_put(&ip, 50, octets_of(&esp));
    octets_put(&payload, hex);
    buffer_put(&payload, ip.at, ip.len);
    ipv4_put(&outer, protocol, octets_of(&payload));
    const char *text = one(101, octets_of(&outer));
    CLEAR();
    return text;
}

/* A port is no proof. */
static void test_other_than_tunnels(void)
{
    char hex[400];
    IS(tunnel(17, "1234 10f5 0054 0000 80000001 00000001 45000020", 4), "other 1"); /* another length than what is left */
    IS(tunnel(17, "0868 0868 0054 0000 30ff 0044 00000007 4100", 4), "other 1");    /* no IP */
    IS(tunnel(17, "1234 12b5 0054 0000 0800 0000 00006400", 4), "other 1");         /* no frame */
    IS(tunnel(17, "06a5 06a5 0056 0000 0002 0001 0001 ff03 0021 65", 4), "other 1");
    for (size_t i = 0; i < 72; i++)
        memcpy(hex + 2 * i, "00", 3);
    memcpy(hex, "1234 19eb 0050 0000 ", 20);
    IS(tunnel(17, hex, 4), "other 1"); /* labels without an end */
    struct buffer ike;
    buffer_init(&ike, ROOM);
    ike_put(&ike, 34, 12);
    static const uint16_t ports[] = { 1701, 2152, 4341, 4789, 4790, 6081, 6635, 8472, 37008 };
    for (size_t i = 0; i < COUNT_OF(ports); i++)
        IS(in_udp(5000, ports[i], octets_of(&ike)), "ike 1");
    buffer_clear(&ike);
}

static void test_tunnels(void)
{
    const char *ethernet = "020000000002 020000000001 0800";
    char hex[400];
    IS(tunnel(4, "", 4), "esp 1");
    CHECK_NUMBER(seen.packet.tunnels, 1);
    IS(tunnel(41, "", 6), "esp 1");
    IS(tunnel(47, "0000 0800", 4), "esp 1");
    IS(tunnel(47, "0000 86dd", 6), "esp 1");
    IS(tunnel(47, "b000 0800 0000 0000 00000001 00000002", 4), "esp 1");
    IS(tunnel(47, "3081 880b 0040 0001 00000001 00000002 ff03 0021", 4), "esp 1"); /* PPTP */
    IS(tunnel(47, "0000 0806", 4), "other 1");
    IS(tunnel(47, "0003 0800", 4), "other 1");
    snprintf(hex, sizeof hex, "0000 6558 %s", ethernet);
    IS(tunnel(47, hex, 4), "esp 1");
    snprintf(hex, sizeof hex, "0000 88be %s", ethernet);
    IS(tunnel(47, hex, 4), "esp 1");
    snprintf(hex, sizeof hex, "1000 88be 00000001 1064 0000 00000001 %s", ethernet);
    IS(tunnel(47, hex, 4), "esp 1");
    snprintf(hex, sizeof hex, "1000 22eb 00000001 2064 0000 00000001 0000 0000 %s", ethernet);
    IS(tunnel(47, hex, 4), "esp 1");
    snprintf(hex, sizeof hex, "1000 22eb 00000001 2064 0000 00000001 0000 0001 0000000000000000 %s", ethernet);
    IS(tunnel(47, hex, 4), "esp 1");
    snprintf(hex, sizeof hex, "0300 %s", ethernet);
    IS(tunnel(97, hex, 4), "esp 1");
    IS(tunnel(137, "00064140", 4), "esp 1");
    snprintf(hex, sizeof hex, "1234 12b5 0062 0000 0800 0000 00006400 %s", ethernet);
    IS(tunnel(17, hex, 4), "esp 1");                                               /* VXLAN */
    IS(tunnel(17, "1234 12b6 0054 0000 0c00 0001 00006400", 4), "esp 1");          /* VXLAN-GPE */
    IS(tunnel(17, "1234 17c1 0058 0000 0100 0800 00006400 aabb0000", 4), "esp 1"); /* GENEVE with an option */
    IS(tunnel(17, "1234 12b5 0054 0000 0000 0000 00006400", 4), "other 1");
    snprintf(hex, sizeof hex, "1234 12b6 006a 0000 0c00 0004 00006400 0002 01 03 000001ff %s", ethernet);
    IS(tunnel(17, hex, 4), "esp 1");                                                          /* VXLAN-GPE with NSH */
    IS(tunnel(17, "0868 0868 0054 0000 30ff 0044 00000007", 4), "esp 1");                     /* GTP */
    IS(tunnel(17, "0868 0868 0058 0000 32ff 0048 00000007 00010000", 4), "esp 1");            /* with a sequence number */
    IS(tunnel(17, "0868 0868 005c 0000 34ff 004c 00000007 00000085 01000900", 4), "esp 1");   /* and further headers */
    IS(tunnel(17, "0868 0868 005c 0000 34ff 004c 00000007 00000085 00000900", 4), "other 1"); /* one of no length */
    IS(tunnel(17, "0868 0868 0054 0000 3001 0044 00000007", 4), "other 1");                   /* an echo */
    IS(tunnel(17, "0868 0868 0054 0000 50ff 0044 00000007", 4), "other 1");                   /* another version */
    IS(tunnel(17, "1234 10f5 0054 0000 80000001 00000001", 4), "esp 1");                      /* LISP */
    IS(tunnel(17, "1234 19eb 0050 0000 00064140", 4), "esp 1");                               /* MPLS */
    IS(tunnel(17, "06a5 06a5 0056 0000 0002 0001 0001 ff03 0021", 4), "esp 1");               /* L2TP */
    IS(tunnel(17, "06a5 06a5 005e 0000 4a02 0058 0001 0001 0000 0000 0002 ffff 0021", 4), "esp 1");
    IS(tunnel(17, "06a5 06a5 0056 0000 c802 004a 0001 0001 0000 0000", 4), "other 1"); /* control */
    snprintf(hex, sizeof hex, "9090 9090 0063 0000 01 00 0001 00 0d01ff 01 %s", ethernet);
    IS(tunnel(17, hex, 4), "esp 1"); /* TZSP with a tag */
    snprintf(hex, sizeof hex, "9090 9090 0060 0000 01 00 0012 00 01 %s", ethernet);
    IS(tunnel(17, hex, 4), "other 1"); /* no Ethernet */
    IS(tunnel(47, "0000 88be 00", 4), "other 1");
    /* IP in IP in IP ... ends somewhere. */
    struct buffer a, b;
    BUFFERS(&a, &b);
    esp_put(&a, 1, 1, 8);
    for (int i = 0; i < 40; i++) {
        buffer_reset(&b);
        ipv4_put(&b, i ? 4 : 50, octets_of(&a));
        buffer_reset(&a);
        buffer_put(&a, b.at, b.len);
        if (i == 3)
            IS(one(101, octets_of(&a)), "esp 1");
    }
    IS(one(101, octets_of(&a)), "other 1");
    CLEAR();
}

static void test_ip(void)
{
    struct buffer esp, ip, ah;
    BUFFERS(&esp, &ip, &ah);
    esp_put(&esp, 1, 2, 20);
    /* IPv6 with hop-by-hop, routing and destination options; an atomic fragment. */
    octets_put(&ah, "2b00000000000000 3c000000 00000000 2c00000000000000 3200000000000009");
    buffer_put(&ah, esp.at, esp.len);
    ipv6_put(&ip, 0, octets_of(&ah));
    IS(one(101, octets_of(&ip)), "esp 1");
    CHECK_NUMBER(seen.len, 28);
    CHECK_NUMBER(seen.packet.ip_header, 72);
    buffer_reset(&ip);
    buffer_reset(&ah);
    /* AH, with what it protects */
    octets_put(&ah, "0404 0000 00000100 00000001 000102030405060708090a0b");
    buffer_put(&ah, esp.at, esp.len);
    ipv4_put(&ip, 51, octets_of(&ah));
    IS(one(101, octets_of(&ip)), "ah 1");
    CHECK_NUMBER(seen.len, 52);
    /* contradictions */
    ip.at[0] = 0x44;
    IS(one(101, octets_of(&ip)), "malformed 1");
    ip.at[0] = 0x46;
    ip.at[3] = 21;
    IS(one(101, octets_of(&ip)), "malformed 1");
    ip.at[0] = 0x55;
    IS(one(101, octets_of(&ip)), "other 1");
    IS(one(228, octets_of(&ip)), "malformed 1");
    IS(one(228, bytes_over(ip.at, 5)), "malformed 1");
    buffer_reset(&ip);
    ipv4_put(&ip, 50, bytes_over(esp.at, 7));
    IS(one(101, octets_of(&ip)), "malformed 1");
    buffer_reset(&ip);
    ipv4_put(&ip, 17, bytes_over("\x01\xf4\x01\xf4\x00\x07\0\0", 8)); /* a UDP length below 8 */
    IS(one(101, octets_of(&ip)), "malformed 1");
    buffer_reset(&ip);
    ipv4_put(&ip, 17, bytes_over("\x01\xf4\x01\xf4\x00\x20\0\0", 8)); /* beyond the IP packet */
    IS(one(101, octets_of(&ip)), "malformed 1");
    CLEAR();
}

static void test_truncated(void)
{
    struct buffer ike, udp, ip;
    BUFFERS(&ike, &udp, &ip);
    ike_put(&ike, 35, 100);
    udp_put(&udp, 500, 500, octets_of(&ike));
    ipv4_put(&ip, 17, octets_of(&udp));
    for (size_t n = 0; n <= ip.len; n++) {
        struct film film = film_of(101);
        pcap_put_record(&film.file, false, 1700000000, 0, bytes_over(ip.at, n), (uint32_t)ip.len);
        struct reading r = film_read(&film, &seen);
        IS(classes(&r), n < 28 ? "other 1" : "ike 1");
        CHECK_NUMBER(seen.ike, n >= 56);
        if (seen.ike) {
            CHECK_NUMBER(seen.packet.truncated, n < ip.len);
            CHECK_NUMBER(seen.packet.missing, ip.len - n);
            CHECK_NUMBER(seen.len, n - 28);
        }
        CHECK_NUMBER(r.input->troubles != NULL, n >= 28 && n < ip.len);
        CHECK(!r.input->incomplete);
        reading_close(&r);
        film_clear(&film);
    }
    CLEAR();
}

static void test_icmp(void)
{
    struct buffer esp, ip, icmp, outer, ike, udp;
    BUFFERS(&esp, &ip, &icmp, &outer, &ike, &udp);
    esp_put(&esp, 0xc1, 9, 100);
    ipv4_put(&ip, 50, octets_of(&esp));
    octets_put(&icmp, "0304 0000 0000 0578");
    buffer_put(&icmp, ip.at, 28);
    ipv4_put(&outer, 1, octets_of(&icmp));
    IS(one(101, octets_of(&outer)), "other 1");
    CHECK_NUMBER(seen.esp, 0);
    CHECK_NUMBER(seen.icmp, 1);
    CHECK_NUMBER(seen.quote.kind, QUOTE_ESP);
    CHECK_NUMBER(seen.quote.mtu, 1400);
    CHECK_NUMBER(seen.len, 8);
    ike_put(&ike, 34, 0);
    for (int marker = 0; marker < 2; marker++) {
        buffer_reset(&ip), buffer_reset(&icmp), buffer_reset(&outer), buffer_reset(&udp), buffer_reset(&esp);
        if (marker)
            be_put(&esp, 0, 4);
        buffer_put(&esp, ike.at, ike.len);
        udp_put(&udp, marker ? 4500 : 500, 1024, octets_of(&esp));
        ipv6_put(&ip, 17, octets_of(&udp));
        octets_put(&icmp, "0104 0000 0000 0000");
        buffer_put(&icmp, ip.at, ip.len);
        ipv6_put(&outer, 58, octets_of(&icmp));
        IS(one(101, octets_of(&outer)), "other 1");
        CHECK_NUMBER(seen.icmp, 1);
        CHECK_NUMBER(seen.quote.kind, QUOTE_IKE);
        CHECK_NUMBER(seen.quote.source.port, marker ? 4500 : 500);
        CHECK_NUMBER(seen.len, 28);
    }
    outer.at[40] = (char)128; /* an echo request is no error */
    IS(one(101, octets_of(&outer)), "other 1");
    CHECK_NUMBER(seen.icmp, 0);
    CLEAR();
}

/* Sends the pieces of an IKE datagram, described by { offset/8, octets }, in the given order. */
struct slice {
    unsigned at, len;
};

static const char *sliced(int version, const struct slice *slices, size_t count, struct reading *r, struct film *film)
{
    struct buffer ike, udp, ip, part;
    BUFFERS(&ike, &udp, &ip, &part);
    ike_put(&ike, 35, 1000);
    udp_put(&udp, 500, 500, octets_of(&ike));
    *film = film_of(101);
    for (size_t i = 0; i < count; i++) {
        const bool more = slices[i].at + slices[i].len < udp.len;
        const struct bytes content = bytes_over(udp.at + slices[i].at, slices[i].len);
        buffer_reset(&ip);
        if (version == 4) {
            ipv4_part_put(&ip, 17, 77, (uint16_t)(slices[i].at / 8 | (more ? 0x2000 : 0)), content);
        } else {
            buffer_reset(&part);
            octets_put(&part, "1100");
            be_put(&part, slices[i].at | (more ? 1 : 0), 2);
            be_put(&part, 77, 4);
            buffer_put(&part, content.at, content.len);
            ipv6_put(&ip, 44, octets_of(&part));
        }
        film_add(film, octets_of(&ip));
    }
    *r = film_read(film, &seen);
    const char *text = classes(r);
    if (seen.incomplete)
        CHECK(seen.len < ike.len && memcmp(seen.octets, ike.at, seen.len) == 0); /* what is there of the message */
    if (seen.ike) {
        CHECK_NUMBER(seen.len, ike.len);
        CHECK(seen.len == ike.len && memcmp(seen.octets, ike.at, ike.len) == 0);
        CHECK(seen.packet.from_fragments);
    }
    reading_close(r);
    film_clear(film);
    CLEAR();
    return text;
}

static void test_fragments(void)
{
    struct reading r;
    struct film film;
#define SLICES(version, ...)                                                                                                     \
    sliced(version, (const struct slice[]){ __VA_ARGS__ }, sizeof((const struct slice[]){ __VA_ARGS__ }) / sizeof(struct slice), \
           &r, &film)
    for (int v = 4; v <= 6; v += 2) {
        IS(SLICES(v, { 0, 400 }, { 400, 400 }, { 800, 236 }), "ike 3");
        CHECK_NUMBER(seen.packet.frame_count, 3);
        CHECK_NUMBER(seen.frames[0], 1);
        CHECK_NUMBER(seen.frames[2], 3);
        CHECK_NUMBER(seen.packet.frame, 3);
        IS(SLICES(v, { 800, 236 }, { 400, 400 }, { 0, 400 }), "ike 3");
        IS(SLICES(v, { 400, 400 }, { 0, 400 }, { 800, 236 }), "ike 3");
        IS(SLICES(v, { 0, 8 }, { 8, 1028 }), "ike 2");
        IS(SLICES(v, { 0, 400 }, { 0, 400 }, { 400, 636 }), "ike 3"); /* the same again */
        IS(SLICES(v, { 0, 400 }, { 400, 400 }), "other 2");
        CHECK_NUMBER(seen.incomplete, 1);
        CHECK_NUMBER(seen.len, 800 - 8);
        CHECK_NUMBER(r.counts.datagrams_incomplete, 1);
        IS(SLICES(v, { 400, 400 }, { 800, 236 }), "other 2");
        CHECK_NUMBER(seen.incomplete, 0);                                             /* whose it was cannot be told */
        IS(SLICES(v, { 0, 400 }, { 392, 408 }, { 800, 236 }), "other 1 malformed 2"); /* overlapping */
        IS(SLICES(v, { 0, 400 }, { 400, 636 }, { 0, 400 }, { 400, 636 }), "ike 4");   /* sent twice */
        CHECK_NUMBER(seen.ike, 2);
        IS(SLICES(v, { 0, 401 }, { 408, 628 }), "other 1 malformed 1"); /* not a multiple of eight */
    }
}

/* 1100 first fragments: the limit drops the oldest, and each is counted; as too many only those that came at most two minutes
 * before. */
static void test_fragment_flood(int seconds, unsigned evicted)
{
    struct buffer ip;
    BUFFERS(&ip);
    struct film film = film_of(101);
    for (unsigned i = 0; i < 1100; i++) {
        buffer_reset(&ip);
        ipv4_part_put(&ip, 17, (uint16_t)i, 0x2000, bytes_over("\x01\xf4\x01\xf4\0\x40\0\0", 8));
        film.seconds = 1700000000 + (i < 1024 ? 0 : seconds);
        film_add(&film, octets_of(&ip));
    }
    struct reading r = film_read(&film, &seen);
    IS(classes(&r), "other 1100");
    CHECK_NUMBER(r.counts.datagrams_evicted, evicted);
    CHECK_NUMBER(r.model->limits.hit[OVER_IP_DATAGRAMS].times, evicted);
    CHECK_NUMBER(r.counts.datagrams_incomplete, 1100);
    CHECK_NUMBER(seen.incomplete, 1100);
    reading_close(&r);
    film_clear(&film);
    CLEAR();
}

/* A fragmented IPv4 datagram inside GRE inside fragments. */
static void test_fragments_in_tunnel(void)
{
    struct buffer ike, udp, inner, gre, outer;
    BUFFERS(&ike, &udp, &inner, &gre, &outer);
    ike_put(&ike, 35, 500);
    udp_put(&udp, 500, 500, octets_of(&ike));
    struct film film = film_of(101);
    for (int i = 0; i < 2; i++) {
        buffer_reset(&inner), buffer_reset(&gre);
        ipv4_part_put(&inner, 17, 5, i ? 32 : 0x2000, bytes_over(udp.at + 256 * i, i ? udp.len - 256 : 256));
        octets_put(&gre, "0000 0800");
        buffer_put(&gre, inner.at, inner.len);
        for (int k = 0; k < 2; k++) {
            buffer_reset(&outer);
            ipv4_part_put(&outer, 47, (uint16_t)(100 + i), k ? 16 : 0x2000,
                          bytes_over(gre.at + 128 * k, k ? gre.len - 128 : 128));
            film_add(&film, octets_of(&outer));
        }
    }
    struct reading r = film_read(&film, &seen);
    IS(classes(&r), "ike 4");
    CHECK_NUMBER(seen.packet.frame_count, 4);
    CHECK_NUMBER(seen.frames[1], 2);
    reading_close(&r);
    film_clear(&film);
    CLEAR();
}

static struct text file_text(const char *path, struct arena *arena)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return (struct text){ NULL, 0 };
    char *at = arena_take(arena, 8 << 20);
    const size_t n = fread(at, 1, 8 << 20, f);
    fclose(f);
    return text_over(at, n);
}

static int64_t number(const struct json *j, const char *name, const char *inner)
{
    int64_t n = -1;
    j = json_member(j, name);
    if (inner)
        j = json_member(j, inner);
    json_as_number(j, &n);
    return n;
}

/* The captures of the lab, against what their makers say of them. */
static void test_lab(void)
{
    DIR *folder = opendir("../shared/captures");
    if (!folder) {
        printf("the lab's captures are not here: skipped\n");
        return;
    }
    for (const struct dirent *e = readdir(folder); e; e = readdir(folder)) {
        const char *name = e->d_name;
        if (strchr(name, '.'))
            continue;
        struct arena *arena = arena_create();
        char path[300];
        snprintf(path, sizeof path, "../shared/captures/%s/expected.json", name);
        struct json *j = json_read(file_text(path, arena), NULL);
        snprintf(path, sizeof path, "../shared/captures/%s/%.*s", name, TEXT_ARGS(json_as_text(json_member(j, "capture"))));
        const struct text capture = file_text(path, arena);
        seen = (struct seen){ 0 };
        struct reading r = read_octets(bytes_of_text(capture), &seen, (struct frames_options){ 0 });
        CHECK(r.ok);
        CHECK_NUMBER(r.input->packet_total, number(j, "frames", NULL));
        CHECK_NUMBER(seen.ike, number(j, "ike", "messages"));
        CHECK_NUMBER(seen.esp, number(j, "esp", "packets"));
        CHECK_NUMBER(r.input->packets[PACKET_KEEPALIVE], number(j, "nat_keepalives", NULL));
        CHECK_NUMBER(r.input->packets[PACKET_OTHER], number(j, "other_frames", NULL));
        CHECK_NUMBER(r.input->packets[PACKET_MALFORMED], 0);
        CHECK_NUMBER(r.counts.fragments, number(j, "ip_fragments", NULL));
        CHECK(!r.input->troubles && !r.input->incomplete);
        if (test_failures)
            fprintf(stderr, "in %s: %s\n", name, classes(&r));
        reading_close(&r);
        json_free(j);
        arena_destroy(arena);
    }
    closedir(folder);
}

int main(void)
{
    test_links();
    test_ethertypes();
    test_padding();
    test_udp();
    test_learned_ports();
    test_tunnels();
    test_other_than_tunnels();
    test_ip();
    test_truncated();
    test_icmp();
    test_fragments();
    test_fragment_flood(0, 1100 - 1024);
    test_fragment_flood(120, 1100 - 1024);
    test_fragment_flood(121, 0);
    test_fragments_in_tunnel();
    test_lab();
    return TEST_REPORT();
}
