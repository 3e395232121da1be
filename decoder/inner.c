#include "decoder/inner.h"

#include "base/source.h"

enum { IPV4_HEADER = 20, IPV6_HEADER = 40, IPCOMP_HEADER = 4, LONGEST = 65535 };

static uint16_t at16(struct bytes b, size_t at)
{
    return (uint16_t)(b.at[at] << 8 | b.at[at + 1]);
}

/* Hop-by-hop, routing and destination options, and what says that it is a fragment, stand before the transport protocol. */
static bool stands_before(uint8_t protocol)
{
    return protocol == IPPROTO_NO_HOPOPT || protocol == IPPROTO_NO_IPV6_ROUTE || protocol == IPPROTO_NO_IPV6_FRAG ||
           protocol == IPPROTO_NO_IPV6_OPTS;
}

/* The IP header at the start of b: its length with the payload, or 0 where there is none. */
static size_t ip_packet(struct bytes b, struct inner *in)
{
    size_t header, total;
    if (b.len >= IPV4_HEADER && b.at[0] >> 4 == 4) {
        header = (size_t)(b.at[0] & 15) * 4;
        total = at16(b, 2);
        in->protocol = b.at[9];
        in->source = address_of((struct bytes){ b.at + 12, 4 });
        in->destination = address_of((struct bytes){ b.at + 16, 4 });
        if (header < IPV4_HEADER || total < header || total > b.len)
            return 0;
        if (at16(b, 6) & 0x1fff)
            return total; /* a later fragment has no ports */
    } else if (b.len >= IPV6_HEADER && b.at[0] >> 4 == 6) {
        header = IPV6_HEADER;
        total = IPV6_HEADER + (size_t)at16(b, 4);
        in->protocol = b.at[6];
        in->source = address_of((struct bytes){ b.at + 8, 16 });
        in->destination = address_of((struct bytes){ b.at + 24, 16 });
        if (total > b.len)
            return 0;
        for (int i = 0; i < 8 && stands_before(in->protocol) && header + 8 <= total; i++) {
            const bool fragment = in->protocol == IPPROTO_NO_IPV6_FRAG;
            in->protocol = b.at[header];
            if (fragment && at16(b, header + 2) & 0xfff8)
                return total;
            header += fragment ? 8 : 8 + (size_t)b.at[header + 1] * 8;
        }
    } else {
        return 0;
    }
    if ((in->protocol == IPPROTO_NO_TCP || in->protocol == IPPROTO_NO_UDP || in->protocol == IPPROTO_NO_SCTP) &&
        header + 4 <= total) {
        in->source_port = at16(b, header);
        in->destination_port = at16(b, header + 2);
    }
    return total;
}

static uint32_t sum16(uint32_t sum, struct bytes b)
{
    for (size_t i = 0; i + 1 < b.len; i += 2)
        sum += at16(b, i);
    return sum;
}

/* Its ones' complement sum: of octets with their checksum among them 0xffff. */
static uint16_t folded(uint32_t sum)
{
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)(sum + (sum >> 16));
}

/* RFC 9347 section 6.1: sub-type, flags of which most are reserved, BlockOffset; with congestion control, what measures it. */
static bool aggregate_plausible(struct bytes b)
{
    return (b.len >= 4 && b.at[0] == 0 && b.at[1] == 0) || (b.len >= 24 && b.at[0] == 1 && (b.at[1] & 0xfc) == 0);
}

/* Could this stand behind the outer IP header? */
static bool transport_plausible(uint8_t protocol, struct bytes b)
{
    switch (protocol) {
    case IPPROTO_NO_TCP:
        return b.len >= 20 && b.at[12] >> 4 >= 5 && (size_t)(b.at[12] >> 4) * 4 <= b.len;
    case IPPROTO_NO_UDP:
        return b.len >= 8 && at16(b, 4) >= 8 && at16(b, 4) <= b.len;
    case IPPROTO_NO_ICMP:
        return b.len >= 8 && b.at[0] <= 43;
    case IPPROTO_NO_IPV6_ICMP:
        return b.len >= 4 && (b.at[0] <= 4 || b.at[0] >= 100);
    case IPPROTO_NO_GRE:
        return b.len >= 4 && (b.at[1] & 7) <= 1 && (b.at[0] & 0x0f) == 0;
    case IPPROTO_NO_SCTP:
        return b.len >= 12;
    case IPPROTO_NO_EIGRP:
        return b.len >= 20 && b.at[0] == 2;
    case IPPROTO_NO_OSPFIGP:
        return b.len >= 16 && (b.at[0] == 2 || b.at[0] == 3) && b.at[1] >= 1 && b.at[1] <= 5;
    case IPPROTO_NO_PIM:
        return b.len >= 4 && b.at[0] >> 4 == 2;
    case IPPROTO_NO_VRRP:
        return b.len >= 8 && (b.at[0] == 0x21 || b.at[0] == 0x31);
    case IPPROTO_NO_AGGFRAG:
        return aggregate_plausible(b);
    case IPPROTO_NO_ETHERIP: /* version 3, and twelve bits that are zero: RFC 3378 */
        return b.len >= 16 && at16(b, 0) == 0x3000;
    case IPPROTO_NO_IGMP:
        return b.len >= 8 && folded(sum16(0, b)) == 0xffff;
    case IPPROTO_NO_AH:
        return b.len >= 12 && at16(b, 2) == 0 && b.at[1] >= 1 && (b.at[1] + 2u) * 4 <= b.len;
    case IPPROTO_NO_IPCOMP: /* what it is, no flags, and an index: a well-known transform's, or one of those negotiated */
        return b.len > IPCOMP_HEADER && b.at[1] == 0 && (at16(b, 2) < 64 || at16(b, 2) > 255);
    default:
        return false;
    }
}

void inner_of(uint8_t next_header, struct bytes octets, struct inner *in)
{
    *in = (struct inner){ .next_header = next_header, .protocol = next_header, .octets = octets };
    if (next_header == INNER_DUMMY) {
        in->dummy = true;
    } else if (next_header == IPPROTO_NO_IPV4 || next_header == IPPROTO_NO_IPV6) {
        size_t total = ip_packet(octets, in);
        in->tunnel = total != 0;
        in->tfc = total && total < octets.len;
        if (total)
            in->octets.len = total;
        else
            in->protocol = next_header;
    } else {
        if (next_header == IPPROTO_NO_UDP && octets.len >= 8 && at16(octets, 4) >= 8 && at16(octets, 4) < octets.len) {
            in->tfc = true;
            in->octets.len = at16(octets, 4);
        }
        if ((next_header == IPPROTO_NO_TCP || next_header == IPPROTO_NO_UDP || next_header == IPPROTO_NO_SCTP) &&
            octets.len >= 4) {
            in->source_port = at16(octets, 0);
            in->destination_port = at16(octets, 2);
        }
    }
}

bool inner_read(struct bytes plain, struct inner *in)
{
    *in = (struct inner){ 0 };
    if (plain.len < 2)
        return false;
    size_t padding = plain.at[plain.len - 2];
    uint8_t next = plain.at[plain.len - 1];
    if (padding + 2 > plain.len)
        return false;
    struct bytes content = { plain.at, plain.len - 2 - padding };
    bool odd = false;
    for (size_t i = 0; i < padding; i++)
        odd |= plain.at[content.len + i] != i + 1; /* RFC 4303 section 2.4 */
    inner_of(next, content, in);
    in->odd_padding = odd;
    if (next == IPPROTO_NO_IPV4 || next == IPPROTO_NO_IPV6)
        return in->tunnel && (content.at[0] >> 4 == (next == IPPROTO_NO_IPV6 ? 6 : 4));
    if (in->dummy)
        return !odd || padding == 0;
    /* Two octets of right padding do not come about by chance; without them the content must make sense. */
    return (!odd && padding >= 2) || transport_plausible(next, content);
}

/* Transport mode: addresses and the fields a receiver sees come from the outer header; protocol, length and checksum anew. */
static void write_transport(const struct plain_taker *to, const struct packet *p, const struct inner *in)
{
    uint8_t out[LONGEST + 1 + IPV6_HEADER];
    size_t header = p->ip_version == 6 ? IPV6_HEADER : IPV4_HEADER;
    if (in->octets.len > LONGEST - IPV6_HEADER || p->ip.len < header)
        return;
    memcpy(out, p->ip.at, header);
    size_t total = header + in->octets.len;
    if (header == IPV4_HEADER) {
        out[0] = 0x45;
        out[2] = (uint8_t)(total >> 8);
        out[3] = (uint8_t)total;
        out[6] &= 0x40; /* no fragment any more; "do not fragment" stays */
        out[7] = 0;
        out[9] = in->next_header;
        out[10] = out[11] = 0;
        const uint16_t checksum = (uint16_t)~folded(sum16(0, bytes_over(out, IPV4_HEADER)));
        out[10] = (uint8_t)(checksum >> 8);
        out[11] = (uint8_t)checksum;
    } else {
        out[4] = (uint8_t)(in->octets.len >> 8);
        out[5] = (uint8_t)in->octets.len;
        out[6] = in->next_header;
    }
    if (in->octets.len)
        memcpy(out + header, in->octets.at, in->octets.len);
    to->take(to->context, p->ns, p->frame, bytes_over(out, total));
}

static void write_content(const struct plain_taker *to, const struct packet *p, const struct inner *in)
{
    if (in->tunnel)
        to->take(to->context, p->ns, p->frame, in->octets);
    else
        write_transport(to, p, in);
}

/* RFC 3173 and RFC 2394: what was compressed before it was sealed. False: by another transform (LZS), or it makes no sense. */
static bool write_inflated(const struct plain_taker *to, const struct packet *p, const struct inner *in)
{
    uint8_t out[LONGEST];
    struct cursor c = cursor_over(in->octets);
    const uint8_t next = cursor_u8(&c);
    cursor_skip(&c, IPCOMP_HEADER - 1);
    const struct bytes content = bytes_over(out, cursor_ok(&c) ? source_inflate(c.left, out, sizeof out) : 0);
    struct inner inflated;
    inner_of(next, content, &inflated);
    if (!inflated.tunnel && !transport_plausible(next, content))
        return false;
    write_content(to, p, &inflated);
    return true;
}

void inner_write(const struct plain_taker *to, const struct packet *p, const struct inner *in)
{
    if (!to->take || in->dummy || (in->next_header == IPPROTO_NO_IPCOMP && write_inflated(to, p, in)))
        return;
    write_content(to, p, in);
}

static bool same(const struct inner_sum *r, const struct inner *in)
{
    return r->protocol == in->protocol && memcmp(&r->source, &in->source, sizeof r->source) == 0 &&
           memcmp(&r->destination, &in->destination, sizeof r->destination) == 0;
}

void inner_count(struct inner_table *t, const struct inner *in)
{
    if (t->count) { /* neighbours are mostly alike */
        if (same(&t->rows[t->last], in)) {
            t->rows[t->last].packets++;
            return;
        }
    }
    for (uint32_t i = 0; i < t->count; i++) {
        if (same(&t->rows[i], in)) {
            t->rows[i].packets++;
            t->last = i;
            return;
        }
    }
    if (t->count == INNER_MOST) {
        t->more++;
        return;
    }
    if ((t->count & (t->count - 1)) == 0) /* room doubles: 1, 2, 4, 8, 16 */
        t->rows = memory_grow(t->rows, (t->count ? t->count * 2 : 1) * sizeof *t->rows);
    t->rows[t->count] = (struct inner_sum){ 1, in->source, in->destination, in->protocol };
    t->last = t->count++;
}

struct fact *inner_facts(struct arena *arena, const struct inner_table *t)
{
    struct fact *head = NULL;
    struct facts list = facts_into(arena, &head);
    for (uint32_t i = 0; i < t->count; i++) {
        const struct inner_sum *r = &t->rows[i];
        struct facts g = facts_into(arena, &fact_group(&list, NULL)->as.child);
        fact_code(&g, "protocol", REGISTRY_IPPROTO, r->protocol);
        if (r->source.family) {
            fact_address(&g, "source", r->source);
            fact_address(&g, "destination", r->destination);
        }
        fact_number(&g, "packets", r->packets);
    }
    if (t->more) {
        struct facts g = facts_into(arena, &fact_group(&list, NULL)->as.child);
        fact_text(&g, "protocol", TEXT("other"));
        fact_number(&g, "packets", t->more);
    }
    return head;
}
