/* Words of access lists: IANA's numbers, as IOS and ASA print them. */
#include <netinet/in.h>

#include "model/access.h"
#include "test.h"

static void protocols(void)
{
    /* {word, number}; the C library has the registry's numbers, too */
    static const struct {
        const char *word;
        uint32_t number;
    } rows[] = {
        { "ip", 0 },
        { "ipv6", 0 },
        { "icmp", IPPROTO_ICMP },
        { "tcp", IPPROTO_TCP },
        { "udp", IPPROTO_UDP },
        { "ahp", IPPROTO_AH },
        { "ah", IPPROTO_AH },
        { "esp", IPPROTO_ESP },
        { "ipsec", IPPROTO_ESP },
        { "gre", IPPROTO_GRE },
        { "icmp6", IPPROTO_ICMPV6 },
        { "ospf", 89 },
        { "pim", IPPROTO_PIM },
        { "ipinip", 4 },
        { "sctp", IPPROTO_SCTP },
        { "vrrp", 112 },
        { "0", 0 },
        { "255", 255 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t number = 999;
        CHECK(access_protocol(text_of(rows[i].word), &number));
        CHECK_NUMBER(number, rows[i].number);
    }
    static const char *const others[] = { "", "256", "-1", "object-group", "any", "host", "10.0.0.0" };
    for (size_t i = 0; i < COUNT_OF(others); i++)
        CHECK(!access_protocol(text_of(others[i]), &(uint32_t){ 0 }));
}

/* What is typed is read as the same again. */
static void typed(void)
{
    unsigned words = 0;
    for (uint32_t n = 0; n < 256; n++) {
        const char *word = access_protocol_word(n);
        uint32_t again = 999;
        if (!word)
            continue;
        words++;
        CHECK(access_protocol(text_of(word), &again) && again == n);
    }
    CHECK(words > 10);
    CHECK_TEXT(text_of(access_protocol_word(50)), "esp");
    CHECK(access_protocol_word(51) == NULL); /* "ahp" for IOS, "ah" for ASA */
    CHECK(access_protocol_word(115) == NULL);
}

static void ports(void)
{
    static const struct {
        const char *word;
        uint32_t port;
    } rows[] = { { "isakmp", 500 }, { "non500-isakmp", 4500 }, { "ssh", 22 },        { "sunrpc", 111 }, { "rtsp", 554 },
                 { "pptp", 1723 },  { "netbios-ss", 139 },     { "mobile-ip", 434 }, { "0", 0 },        { "65535", 65535 } };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t port = 1;
        CHECK(access_port(text_of(rows[i].word), &port));
        CHECK_NUMBER(port, rows[i].port);
    }
    static const char *const others[] = { "", "65536", "eq", "log", "established" };
    for (size_t i = 0; i < COUNT_OF(others); i++)
        CHECK(!access_port(text_of(others[i]), &(uint32_t){ 0 }));
}

int main(void)
{
    protocols();
    typed();
    ports();
    return TEST_REPORT();
}
