/* What a relay put in front of a line is known by its octets: it is what reading it the long way says. */
#include "parser/relayed.h"

#include "test.h"

#define OWN  "*Nov 11 19:30:34.811: IKEv2:(SESSION ID = 1,SA ID = 1):Insert SA"
#define BARE "IKEv2:(SESSION ID = 1,SA ID = 1):Insert SA"

static void check_same(struct relayed_memo *memo, const char *line)
{
    struct prefix_cache cache = { .len = 0 };
    struct prefix p;
    struct relayed r;
    struct text own;
    CHECK(prefix_scan(text_of(line), &cache, &p));
    CHECK(relayed_read(memo, text_of(line), &r, &own));
    CHECK(text_equal(r.host, p.host) && r.has_sequence == p.has_sequence && (!r.has_sequence || r.sequence == p.sequence));
    CHECK(own.at + own.len == line + strlen(line) && own.at == line + r.len && own.at <= p.rest.at);
    CHECK(own.at[0] == '*' ? p.time.mark == '*'
                           : r.time.ns == p.time.ns && r.time.digits == p.time.digits && own.at == p.rest.at);
    CHECK(r.hosted == (cache.host_len != 0));
}

/* Heads that are read once, and are known then at other times. */
static void known(void)
{
    static const char *const lines[][3] = {
        { "Apr  7 13:08:35 r1 " OWN, "Apr  7 13:08:36 r1 " BARE, "Apr 17 13:08:36 r1 7: " OWN },
        { "<189>Apr  7 13:08:35 192.0.2.1 2328304: " OWN, "<189>Apr  7 13:59:35 192.0.2.1 2328305: " BARE,
          "<189>Apr  7 13:59:35 192.0.2.1 " OWN },
        { "2024-06-20T14:03:22.501+00:00 r1.example.net 12: " OWN, "2024-06-20T14:03:23.999+00:00 r1.example.net " BARE,
          "2024-06-21T14:03:23.999+00:00 r1.example.net 14: " OWN },
        { "<189>1 2024-06-20T14:03:22.501Z r1 app 7 - - " OWN, "<189>1 2024-06-20T14:03:22.502Z r1 app 7 - - " BARE,
          "<189>1 2024-06-20T14:04:22.502Z r1 app 7 - - 77: " OWN },
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct relayed_memo memo = { .host_at = 0 };
        struct relayed r;
        struct text own;
        CHECK(!relayed_read(&memo, text_of(lines[i][0]), &r, &own));
        CHECK(relayed_learn(&memo, text_of(lines[i][0])));
        for (size_t k = 0; k < 3; k++)
            check_same(&memo, lines[i][k]);
    }
}

/* What is no head, or one that says something else by what stands before or behind it. */
static void unknown(void)
{
    static const char *const lines[] = {
        OWN,
        BARE,
        "Apr  7 13:08:35 r1  SA  Next payload: KE, reserved: 0x0", /* it may be no host's name */
        "Apr  7 13:08:35: " BARE,
        "Apr  7 13:08:35 relay rsyslogd[812]: " BARE,
        "Apr  7 13:08:35 r1 hub: " OWN, /* the device's own name counts */
        "Apr  7 13:08:35 r1 124: 000457: " OWN,
        "<189>2328304: " OWN,
        "4 Sep 18 2018 17:40:58 750003 Local:192.0.2.1:500",
        "Apr  7 13:08:35 r1 %ASA-4-750003: Local:192.0.2.1:500",
        "Apr  7 13:08:35 a-host-of-more-octets-than-the-long-way-remembers.in.a.long.domain.example.net " OWN,
        "<189>1 2024-06-20T14:03:22.501Z r\xa0"
        "1 app 7 - - " OWN, /* what is cleaned before it is read */
        "<189>1 2024-06-20T14:03:22.501Z r1 a#012b 7 - - " OWN,
    };
    struct relayed_memo memo = { .host_at = 0 };
    struct relayed r;
    struct text own;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        CHECK(!relayed_learn(&memo, text_of(lines[i])));
    CHECK(relayed_learn(&memo, TEXT("Apr  7 13:08:35 r1 " OWN)));
    CHECK(!relayed_read(&memo, TEXT("Apr  7 13:08:35 r2 " OWN), &r, &own));
    CHECK(!relayed_read(&memo, TEXT("Apr  x 13:08:35 r1 " OWN), &r, &own));
    CHECK(!relayed_read(&memo, TEXT("Apr  7 13:08:35 r1 "), &r, &own));
    CHECK(!relayed_read(&memo, TEXT("Apr  7 13:08:35 r1 124:no blank behind it"), &r, &own));
    CHECK(!relayed_read(&memo, TEXT(""), &r, &own));
    CHECK(relayed_read(&memo, TEXT("Apr  7 13:08:35 r1  SA  Next payload: KE"), &r, &own)); /* now it is */
    CHECK_TEXT(own, " SA  Next payload: KE");
}

int main(void)
{
    known();
    unknown();
    return TEST_REPORT();
}
