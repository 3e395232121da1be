/* Logs whose newest entry comes first, and logs that two loggers wrote. */
#include "parser/backwards.h"

#include "log.h"

static char order[200];

static void take(void *context, const struct held_line *line)
{
    size_t used = strlen(order);
    (void)context;
    snprintf(order + used, sizeof order - used, "%u%.*s%.*s ", line->number, TEXT_ARGS(line->text), TEXT_ARGS(line->host));
}

static bool hold(struct backwards *b, const char *text, const char *host, uint32_t number, uint64_t most)
{
    const struct line line = { .text = text_of(text), .host = text_of(host), .number = number };
    return backwards_hold(b, &line, false, most);
}

static struct backwards of(const char *head)
{
    struct backwards b;
    struct clocks clocks = { .count = 0 };
    struct text rest = text_of(head), line;
    while (text_cut(&rest, '\n', &line))
        clocks_look(&clocks, line, TEXT(""));
    backwards_detect(&b, &clocks, text_of(head));
    return b;
}

static void check(const char *head, bool newest_first, bool doubled)
{
    struct backwards b = of(head);
    CHECK(b.newest_first == newest_first);
    CHECK(b.doubled == doubled);
    backwards_clear(&b);
}

#define AT(second, words) "Nov 11 19:30:" second ": IKEv2:" words "\n"

static void found(void)
{
    check(AT("09", "c") AT("08", "b") AT("07", "a"), true, false);
    check(AT("07", "a") AT("08", "b") AT("09", "c"), false, false);
    check(AT("09", "c") AT("09", "b") AT("09", "a"), false, false); /* no clock moved */
    check(AT("09", "c") AT("08", "b"), false, false);               /* one step may be a clock that was set */
    check(AT("09", "c") AT("08", "b") AT("07", "a") AT("08", "d"), false, false);
#define TWICE(n) AT("0" n, "x" n) AT("0" n, "x" n)
    check(TWICE("1") TWICE("2") TWICE("3") TWICE("4") TWICE("5") TWICE("6") TWICE("7") TWICE("8"), false, true);
    /* of few, every one must be an entry, and twice */
    check(TWICE("1") TWICE("2") TWICE("3") "\n", false, true);
    check(TWICE("1") TWICE("2"), false, false);
    check(TWICE("1") TWICE("2") TWICE("3") TWICE("4") TWICE("5") TWICE("6") AT("07", "x"), false, false);
    check(TWICE("1") TWICE("2") TWICE("3") " a line\n a line\n", false, false);
    check(TWICE("1") TWICE("2") TWICE("3") TWICE("4") AT("05", "y") AT("05", "z") TWICE("5") TWICE("6") TWICE("7") TWICE("8"),
          false, false);
    check("", false, false);
    /* two routers whose clocks are a minute apart */
#define RELAY(host, second, words) "<190>Nov 11 19:40:00 " host " 7: Nov 11 19:" second ": IKEv2:" words "\n"
    check(RELAY("r1", "30:09", "c") RELAY("r2", "31:09", "c") RELAY("r1", "30:08", "b") RELAY("r2", "31:08", "b")
              RELAY("r1", "30:07", "a"),
          true, false);
}

/* The last entry first, each with the lines that belong to it in their own order; what stands before any entry last. */
static void turned_round(void)
{
    struct backwards b = of("");
    static const char *const lines[] = { " z", "Nov 11 19:30:09: IKEv2:b", " b1", " b2", "Nov 11 19:30:08: IKEv2:a", " a1" };
    for (uint32_t n = 0; n < 6; n++)
        CHECK(hold(&b, lines[n], n == 4 ? "@r2" : "", n + 1, 1 << 20));
    order[0] = '\0';
    backwards_replay(&b, take, NULL);
    CHECK(strcmp(order, "5Nov 11 19:30:08: IKEv2:a@r2 6 a1 2Nov 11 19:30:09: IKEv2:b 3 b1 4 b2 1 z ") == 0);
    CHECK_NUMBER(b.count, 0);
    /* and it holds anew, until there is no room */
    CHECK(hold(&b, "Nov 11 19:30:08: IKEv2:a", "", 7, 160));
    CHECK(!hold(&b, "Nov 11 19:30:08: IKEv2:a, and much more of it than there is room for in the whole", "", 8, 160));
    order[0] = '\0';
    backwards_replay(&b, take, NULL);
    CHECK(strcmp(order, "7Nov 11 19:30:08: IKEv2:a ") == 0);
    backwards_clear(&b);
}

static void copies(void)
{
    struct backwards b = of("");
    CHECK(!backwards_is_copy(&b, TEXT("a")));
    CHECK(backwards_is_copy(&b, TEXT("a")));
    CHECK(!backwards_is_copy(&b, TEXT("a"))); /* said again: a third is the first of two */
    CHECK(backwards_is_copy(&b, TEXT("a")));
    CHECK(!backwards_is_copy(&b, TEXT("b")));
    CHECK(!backwards_is_copy(&b, TEXT("a")));
    backwards_clear(&b);
}

int main(void)
{
    found();
    turned_round();
    copies();
    return TEST_REPORT();
}
