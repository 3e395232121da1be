/* What is in front of a message is the same whatever stood in front of the one before. */
#include "parser/prefix.h"

#include "test.h"

/* Each stands behind a head that has just been seen, or one that is like it and another. */
static const char *const messages[] = {
    "<189>May  1 12:00:00 r24 May  1 2026 12:00:00.324 UTC: IKEv2:(SESSION ID = 63,SA ID = 59):No NAT found",
    "<189>May  1 12:00:00 r24 123: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 123: .Nov 11 19:30:34: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 123: 456: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 : *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 *Nov 11 19:30:34.811 : IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 *Nov 11 19:30:34.811 IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 *2d03h: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 .2d03h: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 2d03h: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 Fri Sep 06 14:32:18 2013: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 hub: 000456: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 123: hub: 000456: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 hub: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 rsyslogd[812]: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:00 r24 123: %CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is UP.",
    "<189>May  1 12:00:00 r2 123: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "<189>May  1 12:00:01 r24 123: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "<1>May  1 12:00:00 r24 123: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "<189>1 2026-05-01T12:00:00Z r24 - - - - *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "<189>1 2026-05-01T12:00:00Z r24 - - - [o@1 x=\"a\\]\" y=\"[c] d\"][p] IKEv2:(SA ID = 1):Insert SA",
    "May  1 12:00:00 192.0.2.1 123: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "May  1 12:00:00 Local7.Debug r24 123: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "May  1 12:00:00 r24: 123: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "May  1 2026 12:00:00 r24 123: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "123: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "IKEv2:(SA ID = 1):Insert SA",
    "3/14/2025 10:02:11 AM 192.0.2.1 123: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "3/14/2025, 10:02:11 AM - IKEv2:(SA ID = 1):Insert SA",
    "14-Mar-2025 10:02:11.123 r24 *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "2025-03-14 10:02:11,123 - DEBUG - IKEv2:(SA ID = 1):Insert SA",
    "2025-03-14T10:02:11Z stdout F *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "2025-03-14T10:02:11Z {job=\"x\", host=\"r24\"} *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
    "2025-03-14T10:02:11Z {job=\"x\"} r24 *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA",
};
enum { COUNT = COUNT_OF(messages) };

static void check_same(const char *line, struct prefix_cache *seen)
{
    struct prefix_cache nothing = { .len = 0 };
    struct prefix anew, known;
    const bool has = prefix_scan(text_of(line), &nothing, &anew);
    CHECK(prefix_scan(text_of(line), seen, &known) == has);
    CHECK_TEXT(known.rest, anew.rest.len ? anew.rest.at : "");
    CHECK(text_equal(known.host, anew.host));
    CHECK_NUMBER(known.time.ns, anew.time.ns);
    CHECK_NUMBER(known.time.mark, anew.time.mark);
    CHECK_NUMBER(known.sequence, anew.sequence);
    CHECK(known.has_time == anew.has_time && known.has_sequence == anew.has_sequence && known.relayed == anew.relayed &&
          known.bare == anew.bare && known.program == anew.program);
    CHECK(text_equal(text_over(seen->host, seen->host_len), text_over(nothing.host, nothing.host_len)) || !nothing.host_len);
}

/* What a relay numbered, and a device that puts its name and its own number in front; then a line that goes on. */
static void named_and_numbered(void)
{
    struct prefix_cache cache = { .len = 0 };
    struct prefix p;
    CHECK(prefix_scan(TEXT("<189>123: hub: 000456: *Nov 11 19:30:34.811: IKEv2:(SA ID = 1):Insert SA"), &cache, &p));
    CHECK_TEXT(p.host, "hub");
    CHECK_TEXT(p.rest, "IKEv2:(SA ID = 1):Insert SA");
    CHECK(prefix_scan(TEXT("<189>124: hub: 000457:  SA KE N"), &cache, &p));
    CHECK_TEXT(p.rest, " SA KE N");
}

static void columns(void)
{
    static const char *const lines[] = {
        "4 Sep 18 2018 17:40:58 750003 Local:10.0.0.1:500",
        "4\tSep 18 2018\t17:40:58\t750003\tLocal:10.0.0.1:500",
        "4|Sep 18 2018|17:40:58|750003|10.0.0.2|500|10.0.0.1|500|Local:10.0.0.1:500",
        "4|Sep 18 2018|17:40:58|750003|||||Local:10.0.0.1:500",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct prefix_cache cache = { .len = 0 };
        struct prefix p;
        CHECK(prefix_scan(text_of(lines[i]), &cache, &p) && p.has_time);
        CHECK_TEXT(p.number, "750003");
        CHECK_TEXT(p.rest, "Local:10.0.0.1:500");
    }
}

/* What programs put behind their own time. */
static void programs(void)
{
    static const char *const lines[] = {
        "2025-03-14 10:02:11,123 - DEBUG - IKEv2:Insert SA", "2025-03-14 10:02:11.123 [INFO] IKEv2:Insert SA",
        "[Fri Mar 14 10:02:11.123 2025] IKEv2:Insert SA",    "14-Mar-2025 10:02:11.123 IKEv2:Insert SA",
        "2025-03-14T10:02:11.123Z stdout F IKEv2:Insert SA", "2025-03-14T10:02:11.123Z {job=\"x\"} IKEv2:Insert SA"
    };
    struct prefix p;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct prefix_cache cache = { .len = 0 };
        CHECK(prefix_scan(text_of(lines[i]), &cache, &p) && p.has_time && !p.host.len);
        CHECK_TEXT(p.rest, "IKEv2:Insert SA");
        CHECK_NUMBER(p.time.ns, (stamp_days(2025, 3, 14) * 86400 + 36131) * NS_PER_S + 123000000);
    }
    struct prefix_cache cache = { .len = 0 };
    CHECK(prefix_scan(TEXT("2025-03-14T10:02:11Z {job=\"x\", host=\"r7\"} IKEv2:Insert SA"), &cache, &p));
    CHECK_TEXT(p.host, "r7");
    CHECK(prefix_scan(TEXT("2025-03-14T10:02:11Z {vhost=\"v\",host=\"r7\",rhost=\"w\"} IKEv2:Insert SA"), &cache, &p));
    CHECK_TEXT(p.host, "r7");
    CHECK(prefix_scan(TEXT("2025-03-14T10:02:11Z {vhost=\"v\"} IKEv2:Insert SA"), &cache, &p) && !p.host.len);
    CHECK(prefix_scan(TEXT("<189>Mar 14 10:02:11 r1 03/04/2025 10:02:11 IKEv2:Insert SA"), &cache, &p));
    CHECK_TEXT(p.rest, "IKEv2:Insert SA");
    CHECK_NUMBER(p.time.kind, STAMP_DATE); /* the relay's, since nobody can tell the day of the other */
}

/* Structured data may hold what ends it elsewhere (RFC 5424 section 6.3.3). */
static void structured(void)
{
    struct prefix_cache nothing = { .len = 0 };
    struct prefix p;
    CHECK(
        prefix_scan(TEXT("<189>1 2026-05-01T12:00:00Z r24 - - - [o@1 x=\"a\\]\" y=\"[c] d\"][p] IKEv2:Insert SA"), &nothing, &p));
    CHECK_TEXT(p.rest, "IKEv2:Insert SA");
}

static void prompts(void)
{
    struct text host, command;
    CHECK(prompt_scan(TEXT("R1(config-if)#shutdown"), &host, &command) && text_equal(host, TEXT("R1")));
    CHECK(!prompt_scan(TEXT("config-if)#shutdown"), &host, &command));
}

int main(void)
{
    structured();
    prompts();
    struct arena *arena = arena_create();
    named_and_numbered();
    programs();
    columns();
    for (size_t first = 0; first < COUNT; first++)
        for (size_t then = 0; then < COUNT; then++) {
            struct names relayed = { .arena = arena };
            struct prefix_cache seen = { .relayed = &relayed };
            struct prefix prefix;
            (void)prefix_scan(text_of(messages[first]), &seen, &prefix);
            seen.numbered = seen.numbered_twice = false; /* they tell numbers that stand alone, which none of these do */
            check_same(messages[then], &seen);
            check_same(messages[then], &seen);
            map_clear(&relayed.map);
        }
    arena_destroy(arena);
    return TEST_REPORT();
}
