/* The small scanners of show output: times, prompts, endpoints, SPIs. */
#include "parser/fields.h"
#include "test.h"

static void lasts(const char *text, long long seconds)
{
    uint64_t got = 0;
    CHECK(duration_read(text_of(text), &got) == (seconds >= 0));
    if (seconds >= 0)
        CHECK_NUMBER(got, seconds);
}

static void prompts(const char *line, const char *command)
{
    struct text typed = TEXT("");
    CHECK(is_prompt(text_of(line), &typed) == (command != NULL));
    if (command)
        CHECK_TEXT(typed, command);
}

static void ends(const char *text, const char *printed)
{
    struct endpoint e;
    struct buffer b;
    buffer_init(&b, 100);
    CHECK(endpoint_word(text_of(text), &e) == (printed != NULL));
    if (printed) {
        endpoint_print(e, &b);
        CHECK_TEXT(buffer_view(&b), printed);
    }
    buffer_clear(&b);
}

int main(void)
{
    lasts("86400", 86400);
    lasts("05:50:03", 5 * 3600 + 50 * 60 + 3);
    lasts("3d18h", 3 * 86400 + 18 * 3600);
    lasts("1w2d", 9 * 86400);
    lasts("10d 7h:26m:52s", 10 * 86400 + 7 * 3600 + 26 * 60 + 52);
    lasts(" 0 ", 0);
    lasts("never", -1);
    lasts("", -1);
    lasts("12x", -1);
    lasts("1234567890", -1); /* no counter of a router is so long */
    lasts("1:2:3:4:5", -1);

    prompts("R1#show ver", "show ver");
    prompts("asa/pri/act> enable", "enable");
    prompts("R1(config)#", "");
    prompts("  hub-1.lab@x# exit  ", "exit");
    prompts("a -> b", NULL);
    prompts("IKEv2->PKI", NULL); /* an arrow */
    prompts("1#show", NULL);
    prompts("#show", NULL);
    prompts("R1", NULL);
    prompts("", NULL);

    ends("192.0.2.1/500", "192.0.2.1:500");
    ends("192.0.2.1:4500", "192.0.2.1:4500");
    ends("192.0.2.1", "192.0.2.1");
    ends("[2001:db8::1]:500", "[2001:db8::1]:500");
    ends("2001:db8::1/500", "[2001:db8::1]:500");
    ends("::1", "::1");
    ends("15", NULL);
    ends("none/none", NULL);
    ends("", NULL);
    ends("a", NULL);

    struct arena *arena = arena_create();
    struct text out;
    CHECK(spi_text(TEXT("0xB820B40F"), 8, arena, &out));
    CHECK_TEXT(out, "b820b40f");
    CHECK(spi_text(TEXT("1F"), 8, arena, &out));
    CHECK_TEXT(out, "0000001f");
    CHECK(spi_text(TEXT("0123456789ABCDEF"), 8, arena, &out));
    CHECK_TEXT(out, "0123456789abcdef");
    CHECK(!spi_text(TEXT("0123456789ABCDEF0"), 8, arena, &out) && !spi_text(TEXT("0x"), 8, arena, &out) &&
          !spi_text(TEXT("xyz"), 8, arena, &out));
    arena_destroy(arena);
    return TEST_REPORT();
}
