/*
 * UDP: what carries IPsec, by its ports, by what was seen before between the same two ends, or by content that cannot be
 * anything else. On port 4500 IKE stands behind four zero octets, ESP does not, and a single 0xff keeps a NAT's mapping alive
 * (RFC 3948); a given or learned port may do either.
 */
#include "decoder/inward.h"

enum { UDP_HEADER = 8, MARKER = 4, IKE_HEADER = 28, KEEPALIVE = 0xff };

static const uint8_t no_spi[MARKER];
static char learned_bare, learned_marked; /* addresses that say how IKE was framed there */

struct udp {
    uint16_t source, destination;
    struct bytes content;
    size_t missing;
};

static bool has_marker(struct bytes content)
{
    return content.len >= MARKER && memcmp(content.at, no_spi, MARKER) == 0;
}

static struct bytes behind_marker(struct bytes content)
{
    return bytes_over(content.at + MARKER, content.len - MARKER);
}

struct bytes ike_in_udp(struct bytes udp)
{
    enum { ANY = 1 << 16 };
    struct bytes content = udp.len > UDP_HEADER ? bytes_over(udp.at + UDP_HEADER, udp.len - UDP_HEADER) : bytes_over(NULL, 0);
    content = has_marker(content) ? behind_marker(content) : content;
    return ike_unmistakable(content, ANY, true) ? content : bytes_over(NULL, 0);
}

/* One key for both directions: the lower end first. */
struct pair {
    uint8_t octets[2 * 18];
};

static struct pair pair_of(const struct ip *ip, const struct udp *u)
{
    uint8_t a[18] = { (uint8_t)(u->source >> 8), (uint8_t)u->source },
            b[18] = { (uint8_t)(u->destination >> 8), (uint8_t)u->destination };
    memcpy(a + 2, ip->source.at, ip->source.len);
    memcpy(b + 2, ip->destination.at, ip->destination.len);
    const bool swap = memcmp(a, b, sizeof a) > 0;
    struct pair p;
    memcpy(p.octets, swap ? b : a, sizeof a);
    memcpy(p.octets + sizeof a, swap ? a : b, sizeof b);
    return p;
}

static void learn(struct frames *f, const struct ip *ip, const struct udp *u, char *how)
{
    const struct pair p = pair_of(ip, u);
    const struct bytes key = bytes_over(p.octets, sizeof p.octets);
    const char *known = map_find(&f->learned, key);
    if (known == how || known == &learned_marked)
        return;
    if (limits_room(&f->model->limits, OVER_CONVERSATIONS, f->learned.count))
        map_put(&f->learned, arena_bytes(f->learned_arena, key), how);
}

static char *learned(const struct frames *f, const struct ip *ip, const struct udp *u)
{
    if (f->learned.count == 0)
        return NULL;
    const struct pair p = pair_of(ip, u);
    return map_find(&f->learned, bytes_over(p.octets, sizeof p.octets));
}

static unsigned ike(const struct sight *s, const struct ip *ip, const struct udp *u, struct bytes message, bool marker)
{
    struct packet p = packet_of(s, ip, ENCAP_UDP, u->source, u->destination, u->missing);
    p.marker = marker;
    return give_ike(s, &p, message);
}

static bool is_keepalive(const struct udp *u)
{
    return u->content.len == 1 && u->missing == 0 && u->content.at[0] == KEEPALIVE;
}

static unsigned keepalive(const struct sight *s, const struct ip *ip, const struct udp *u)
{
    struct packet p = packet_of(s, ip, ENCAP_UDP, u->source, u->destination, 0);
    return give_keepalive(s, &p);
}

/* Port 500: IKE without a marker; some put one there all the same. */
static unsigned plain(const struct sight *s, const struct ip *ip, const struct udp *u)
{
    if (is_keepalive(u))
        return keepalive(s, ip, u);
    const bool marker = has_marker(u->content) && ike_unmistakable(behind_marker(u->content), u->missing, true);
    return ike(s, ip, u, marker ? behind_marker(u->content) : u->content, marker);
}

/* Port 4500 and its like. IKE without the marker is some implementations' mistake; no ESP packet looks like it. */
static unsigned encapsulated(const struct sight *s, const struct ip *ip, const struct udp *u)
{
    if (is_keepalive(u))
        return keepalive(s, ip, u);
    if (has_marker(u->content))
        return ike(s, ip, u, behind_marker(u->content), true);
    if (ike_unmistakable(u->content, u->missing, true))
        return ike(s, ip, u, u->content, false);
    if (u->content.len < MARKER && u->missing)
        return PACKET_OTHER; /* cut before it says what it is */
    struct packet p = packet_of(s, ip, ENCAP_UDP, u->source, u->destination, u->missing);
    return give_esp(s, &p, u->content);
}

/* Any other port. */
static unsigned by_content(const struct sight *s, const struct ip *ip, const struct udp *u)
{
    if (u->content.len >= IKE_HEADER && ike_unmistakable(u->content, u->missing, false)) {
        learn(s->f, ip, u, &learned_bare);
        return ike(s, ip, u, u->content, false);
    }
    if (u->content.len >= MARKER + IKE_HEADER && has_marker(u->content) &&
        ike_unmistakable(behind_marker(u->content), u->missing, false)) {
        learn(s->f, ip, u, &learned_marked);
        return ike(s, ip, u, behind_marker(u->content), true);
    }
    const char *how = learned(s->f, ip, u);
    return how == &learned_marked ? encapsulated(s, ip, u) : PACKET_OTHER;
}

/* RFC 768. False where the header is not all there (headless), or contradicts the packet's length. */
static bool udp_read(const struct ip *ip, struct udp *u, bool *headless)
{
    struct cursor c = cursor_over(ip->payload);
    u->source = cursor_u16(&c);
    u->destination = cursor_u16(&c);
    size_t length = cursor_u16(&c);
    cursor_skip(&c, 2);
    *headless = !cursor_ok(&c);
    const size_t sent = ip->payload.len + ip->missing;
    if (length == 0 && ip->version == 6) /* a jumbogram, or an offloading driver */
        length = sent;
    if (*headless || length < UDP_HEADER || length > sent)
        return false;
    length -= UDP_HEADER;
    u->content = bytes_over(c.left.at, length < c.left.len ? length : c.left.len);
    u->missing = length - u->content.len;
    return true;
}

static bool is_natt(const struct udp *u)
{
    return u->source == PORT_NATT || u->destination == PORT_NATT;
}

void udp_glance(const struct sight *s, const struct ip *ip, struct glance *g)
{
    struct udp u;
    bool headless;
    if (!udp_read(ip, &u, &headless) || !is_natt(&u) || u.missing || is_keepalive(&u) || has_marker(u.content) ||
        ike_unmistakable(u.content, 0, true))
        return;
    g->packet = packet_of(s, ip, ENCAP_UDP, u.source, u.destination, 0);
    g->octets = u.content;
}

unsigned udp_inward(struct sight *s, const struct ip *ip)
{
    struct udp u;
    bool headless;
    if (!udp_read(ip, &u, &headless))
        return headless ? short_of(s) : PACKET_MALFORMED;
    if (is_natt(&u))
        return encapsulated(s, ip, &u);
    if (u.source == PORT_IKE || u.destination == PORT_IKE)
        return plain(s, ip, &u);
    if (is_ike_port(s->f, u.source) || is_ike_port(s->f, u.destination))
        return encapsulated(s, ip, &u);
    unsigned class;
    if (udp_tunnel_inward(s, u.destination, u.content, u.missing, &class))
        return class;
    return by_content(s, ip, &u);
}
