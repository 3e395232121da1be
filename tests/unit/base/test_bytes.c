/* Texts and the cursor, at their edges: empty, one, last, one past. */
#include "base/bytes.h"
#include "test.h"

static void check_comparing(void)
{
    struct text nothing = { NULL, 0 };
    CHECK(text_equal(nothing, TEXT("")) && !text_equal(nothing, TEXT("a")) && !text_equal(TEXT("ab"), TEXT("ac")));
    CHECK(text_starts(TEXT("ab"), TEXT("")) && text_starts(TEXT("ab"), TEXT("ab")) && !text_starts(TEXT("ab"), TEXT("abc")));
    CHECK(text_ends(TEXT("ab"), TEXT("")) && text_ends(TEXT("ab"), TEXT("b")) && !text_ends(TEXT("b"), TEXT("ab")));
    CHECK(text_equal_nocase(TEXT("aZ[`{"), TEXT("Az[`{")) && !text_equal_nocase(TEXT("["), TEXT("{")) &&
          !text_equal_nocase(TEXT("@"), TEXT("`")) && !text_equal_nocase(TEXT("a"), TEXT("ab")));
    CHECK(text_starts_nocase(TEXT("IKEv2"), TEXT("ikE")) && !text_starts_nocase(TEXT("IK"), TEXT("IKE")) &&
          !text_starts_nocase(TEXT("IKX"), TEXT("IKE")));
    CHECK(text_compare(TEXT("a"), TEXT("b")) < 0 && text_compare(TEXT("b"), TEXT("a")) > 0);
    CHECK(text_compare(TEXT("a"), TEXT("ab")) < 0 && text_compare(TEXT("ab"), TEXT("a")) > 0);
    CHECK(text_compare(TEXT("a"), TEXT("a")) == 0 && text_compare(nothing, TEXT("")) == 0);
}

static void check_finding(void)
{
    struct text nothing = { NULL, 0 };
    CHECK_NUMBER(text_find(TEXT("abcab"), TEXT("ab")), 0);
    CHECK_NUMBER(text_find(TEXT("xxab"), TEXT("ab")), 2);
    CHECK_NUMBER(text_find(TEXT("aab"), TEXT("ab")), 1);
    CHECK_NUMBER(text_find(TEXT("abc"), TEXT("")), 0);
    CHECK_NUMBER(text_find(nothing, TEXT("")), 0);
    CHECK(text_find(TEXT("a"), TEXT("ab")) == TEXT_NOWHERE && text_find(nothing, TEXT("a")) == TEXT_NOWHERE);
    CHECK(text_find(TEXT("xaxa"), TEXT("ab")) == TEXT_NOWHERE && !text_has(TEXT("xyz"), TEXT("a")));
    CHECK_NUMBER(text_find_byte(TEXT("abc"), 'c'), 2);
    CHECK(text_find_byte(TEXT("abc"), 'd') == TEXT_NOWHERE && text_find_byte(nothing, 'a') == TEXT_NOWHERE);
}

static void check_cutting(void)
{
    struct text part, rest = TEXT("a,,b");
    CHECK_TEXT(text_trim(TEXT(" \t\r\na b\n\r\t ")), "a b");
    CHECK_TEXT(text_trim(TEXT(" \t\r\n")), "");
    CHECK_TEXT(text_trim(TEXT("\va\f")), "\va\f");
    CHECK(text_cut(&rest, ',', &part));
    CHECK_TEXT(part, "a");
    CHECK_TEXT(rest, ",b");
    CHECK(text_cut(&rest, ',', &part));
    CHECK_TEXT(part, "");
    CHECK(text_cut(&rest, ',', &part));
    CHECK_TEXT(part, "b");
    CHECK(rest.len == 0 && !text_cut(&rest, ',', &part));
    rest = TEXT("a");
    CHECK(text_word(&rest, &part) && part.len == 1 && !text_word(&rest, &part));
    rest = TEXT(" one\ttwo \r\n");
    CHECK(text_word(&rest, &part));
    CHECK_TEXT(part, "one");
    CHECK(text_word(&rest, &part));
    CHECK_TEXT(part, "two");
    CHECK(!text_word(&rest, &part) && part.len == 0 && rest.len == 0);
    CHECK_TEXT(text_from(TEXT("abc"), 1), "bc");
    CHECK(text_from(TEXT("abc"), 3).len == 0 && text_from(TEXT("abc"), 4).len == 0);
    CHECK_TEXT(text_upto(TEXT("abc"), 2), "ab");
    CHECK_TEXT(text_upto(TEXT("abc"), 4), "abc");
}

/* At every length and place, since eight octets are looked at together. */
static void check_plain(void)
{
    char line[20];
    CHECK(text_is_plain(TEXT("")) && text_is_plain(TEXT(" ~")));
    for (size_t len = 1; len <= sizeof line; len++) {
        memset(line, ' ', sizeof line);
        CHECK(text_is_plain(text_over(line, len)));
        for (size_t at = 0; at < len; at++) {
            static const char odd[] = { '\0', '\x1f', '\x7f', '\x80', '\xff', '\n' };
            for (size_t i = 0; i < sizeof odd; i++) {
                memset(line, '~', sizeof line);
                line[at] = odd[i];
                CHECK(!text_is_plain(text_over(line, len)));
            }
        }
    }
}

static void check_numbers(void)
{
    uint64_t n = 7;
    CHECK(text_number(TEXT("0"), 10, &n) && n == 0);
    CHECK(text_number(TEXT("0018446744073709551615"), 10, &n) && n == UINT64_MAX);
    CHECK(!text_number(TEXT("18446744073709551616"), 10, &n) && !text_number(TEXT("99999999999999999999"), 10, &n));
    CHECK(text_number(TEXT("FfFfFfFfFfFfFfFf"), 16, &n) && n == UINT64_MAX && !text_number(TEXT("10000000000000000"), 16, &n));
    CHECK(text_number(TEXT("09aAfF"), 16, &n) && n == 0x09aaff);
    CHECK(!text_number(TEXT(""), 10, &n) && !text_number(TEXT("1a"), 10, &n) && !text_number(TEXT("g"), 16, &n) &&
          !text_number(TEXT("`"), 16, &n) && !text_number(TEXT(":"), 10, &n) && !text_number(TEXT("/"), 10, &n) &&
          !text_number(TEXT("-1"), 10, &n) && !text_number(TEXT("G"), 16, &n) && !text_number(TEXT("@"), 16, &n));
    CHECK(text_digits(TEXT("12ab"), 10, &n) == 2 && n == 12);
    CHECK(text_digits(TEXT("x"), 10, &n) == 0 && n == 0);
    CHECK(text_digits(TEXT("184467440737095516150"), 10, &n) == 20 && n == UINT64_MAX); /* stops before it is too large */
}

static void check_hex(void)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    uint64_t n = 0;
    uint8_t out[4];
    CHECK(text_hex8("0189aFf0", &n) && n == 0x0189aff0);
    CHECK(text_hex8("fedcBA98", &n) && n == 0xfedcba98);
    for (size_t at = 0; at < 8; at++)
        for (unsigned c = 0; c < 256; c++) {
            char text[9] = "00000000";
            text[at] = (char)c;
            bool hex = c && strchr(digits, (int)c);
            CHECK(text_hex8(text, &n) == hex);
            uint64_t want = 0;
            if (hex)
                CHECK(text_number(text_over(text, 8), 16, &want) && n == want);
        }
    for (unsigned octet = 0; octet < 256; octet++) {
        char lower[3], upper[3];
        snprintf(lower, sizeof lower, "%02x", octet);
        snprintf(upper, sizeof upper, "%02X", octet);
        CHECK(text_unhex(text_of(lower), out, 1) == 1 && out[0] == octet && text_unhex(text_of(upper), out, 1) == 1 &&
              out[0] == octet);
    }
    CHECK_NUMBER(text_unhex(TEXT("0x01:2A-fF 00"), out, sizeof out), 4);
    CHECK(out[0] == 1 && out[1] == 0x2a && out[2] == 0xff && out[3] == 0);
    CHECK_NUMBER(text_unhex(TEXT("0X09"), out, sizeof out), 1);
    CHECK_NUMBER(text_unhex(TEXT(""), out, sizeof out), 0);
    CHECK(text_unhex(TEXT("0102030405"), out, sizeof out) == TEXT_NOWHERE); /* does not fit */
    CHECK(text_unhex(TEXT("012"), out, sizeof out) == TEXT_NOWHERE && text_unhex(TEXT("0 1"), out, sizeof out) == TEXT_NOWHERE);
    CHECK(text_unhex(TEXT("0g"), out, sizeof out) == TEXT_NOWHERE && text_unhex(TEXT("g0"), out, sizeof out) == TEXT_NOWHERE);
}

/* What does not fit marks the cursor, once; all that follows is nothing. */
static void check_cursor(void)
{
    static const uint8_t octets[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 };
    struct cursor c = cursor_over(bytes_over(octets, sizeof octets));
    CHECK_NUMBER(cursor_u8(&c), 0x01);
    CHECK_NUMBER(cursor_u16(&c), 0x0203);
    CHECK_NUMBER(cursor_u32(&c), 0x04050607);
    CHECK_NUMBER(cursor_u64(&c), 0x08090a0b0c0d0e0f);
    CHECK(cursor_ok(&c) && !cursor_empty(&c) && c.offset == 15);
    CHECK_NUMBER(cursor_number(&c, 3), 0x101112);
    CHECK(cursor_ok(&c) && cursor_empty(&c) && cursor_take(&c, 0).len == 0 && cursor_ok(&c));
    CHECK(cursor_u8(&c) == 0 && !cursor_ok(&c) && c.failed_at == 18);

    c = cursor_over(bytes_over(octets, 6));
    CHECK_NUMBER(cursor_u16_le(&c), 0x0201);
    CHECK_NUMBER(cursor_u32_le(&c), 0x06050403);
    c = cursor_over(bytes_over(octets, 6));
    CHECK_NUMBER(cursor_number_le(&c, 3), 0x030201);
    CHECK(cursor_u32(&c) == 0 && !cursor_ok(&c) && c.failed_at == 3); /* three are left, and stay unread */
    CHECK(cursor_u8(&c) == 0 && cursor_rest(&c).len == 0 && c.failed_at == 3 && c.offset == 3);

    c = cursor_over(bytes_over(octets, 6));
    cursor_skip(&c, 1);
    struct cursor child = cursor_child(&c, 3), none = cursor_child(&child, 4);
    CHECK(cursor_ok(&child) == false && none.failed && cursor_ok(&c)); /* a grandchild is held by its parent */
    c = cursor_over(bytes_over(octets, 6));
    cursor_skip(&c, 1);
    child = cursor_child(&c, 3);
    CHECK(child.offset == 1 && c.offset == 4 && child.left.len == 3);
    CHECK(cursor_u8(&child) == 2 && cursor_u32(&child) == 0 && !cursor_ok(&child) && child.failed_at == 2);
    CHECK(cursor_rest(&c).len == 2 && cursor_empty(&c) && cursor_ok(&c));
    child = cursor_child(&c, 1);
    CHECK(!cursor_ok(&c) && !cursor_ok(&child) && child.left.len == 0 && child.failed_at == 6);
}

int main(void)
{
    check_comparing();
    check_finding();
    check_cutting();
    check_plain();
    check_numbers();
    check_hex();
    check_cursor();
    return TEST_REPORT();
}
