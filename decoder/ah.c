/* The ICV of AH - RFC 4302 section 3.3.3: it covers the whole IP packet, what routers change on the way taken as zero. */
#include "decoder/esp_parts.h"

enum { AH_FIXED = 12, IPV4_HEADER = 20, IPV6_HEADER = 40, HEADERS_MOST = 2048 };

bool ah_content(struct bytes ah, uint8_t *next_header, struct bytes *icv, struct bytes *content)
{
    struct cursor c = cursor_over(ah);
    *next_header = cursor_u8(&c);
    size_t length = ((size_t)cursor_u8(&c) + 2) * 4;
    cursor_skip(&c, AH_FIXED - 2);
    *icv = cursor_take(&c, length < AH_FIXED ? 0 : length - AH_FIXED);
    *content = cursor_rest(&c);
    return cursor_ok(&c) && length >= AH_FIXED;
}

/* RFC 4302 appendix A1: IPv4 options that routers do not change; others are zeroed whole. */
static bool ipv4_option_stays(uint8_t type)
{
    static const uint8_t fixed[] = { 130 /* security */, 133, 134 /* CIPSO */, 148 /* router alert */, 149 };
    for (size_t i = 0; i < sizeof fixed; i++)
        if (fixed[i] == type)
            return true;
    return false;
}

static void zero_ipv4(uint8_t *h, size_t len)
{
    h[1] = 0;          /* type of service */
    h[6] = h[7] = 0;   /* flags, fragment offset */
    h[8] = 0;          /* time to live */
    h[10] = h[11] = 0; /* checksum */
    for (size_t at = IPV4_HEADER; at < len && h[at] != 0;) {
        size_t option = h[at] == 1 ? 1 : at + 1 < len && h[at + 1] >= 2 ? h[at + 1] : len - at;
        if (option > len - at)
            option = len - at;
        if (option > 1 && !ipv4_option_stays(h[at]))
            memset(h + at, 0, option);
        at += option;
    }
}

/* Options whose third bit is set may change on the way; their data counts as zero (RFC 4302 section 3.3.3.1.2.2). */
static void zero_ipv6_options(uint8_t *h, size_t len)
{
    for (size_t at = 2; at < len;) {
        size_t option = h[at] == 0 ? 1 : at + 1 < len ? 2 + (size_t)h[at + 1] : 1;
        if (option > len - at)
            option = len - at;
        if (option > 2 && (h[at] & 0x20))
            memset(h + at + 2, 0, option - 2);
        at += option;
    }
}

static void zero_ipv6(uint8_t *h, size_t len)
{
    h[0] = 0x60; /* traffic class, flow label */
    h[1] = h[2] = h[3] = 0;
    h[7] = 0; /* hop limit */
    uint8_t next = h[6];
    for (size_t at = IPV6_HEADER; at + 8 <= len;) {
        size_t header = 8 + (size_t)h[at + 1] * 8;
        if (header > len - at)
            return;
        if (next == 0 || next == 60)
            zero_ipv6_options(h + at, header);
        next = h[at];
        at += header;
    }
}

bool ah_verify(struct sealer *s, const struct packet *p, struct bytes ah, bool esn, uint32_t high)
{
    uint8_t header[HEADERS_MOST], fixed[AH_FIXED], upper[4], zeros[256] = { 0 }, next;
    struct bytes icv, content;
    size_t least = p->ip_version == 6 ? IPV6_HEADER : IPV4_HEADER;
    if (!ah_content(ah, &next, &icv, &content) || p->ip_header < least || p->ip_header > sizeof header ||
        p->ip_header > p->ip.len || icv.len < sealer_icv(s) || icv.len > sizeof zeros)
        return false;
    memcpy(header, p->ip.at, p->ip_header);
    if (p->ip_version == 6)
        zero_ipv6(header, p->ip_header);
    else
        zero_ipv4(header, p->ip_header);
    memcpy(fixed, ah.at, AH_FIXED);
    for (size_t i = 0; i < 4; i++)
        upper[i] = (uint8_t)(high >> (24 - 8 * i));
    /* The ICV field counts as zero, its padding (behind it, for alignment) as it is. */
    size_t own = sealer_icv(s);
    struct bytes parts[] = {
        { header, p->ip_header }, { fixed, AH_FIXED }, { zeros, own }, { icv.at + own, icv.len - own }, content,
        { upper, esn ? 4 : 0 },
    };
    return sealer_verify(s, parts, COUNT_OF(parts), icv);
}
