#include "reporters/clean.h"

#include "test.h"

static void cleans(const char *from, size_t len, const char *want)
{
    struct buffer b;
    buffer_init(&b, 4096);
    clean_put(&b, text_over(from, len));
    CHECK_TEXT(buffer_view(&b), want);
    CHECK_NUMBER(clean_columns(text_over(from, len)), clean_columns(text_of(want)));
    buffer_clear(&b);
}

static void cuts(const char *from, size_t columns, const char *want)
{
    struct buffer b;
    buffer_init(&b, 4096);
    clean_cut(&b, text_of(from), columns);
    CHECK_TEXT(buffer_view(&b), want);
    buffer_clear(&b);
}

int main(void)
{
    cleans("", 0, "");
    cleans("plain", 5, "plain");
    cleans("a\tb\r\nc", 6, "a b  c");
    cleans("\x1b[31m", 5, "\\x1b[31m");
    cleans("\x00", 1, "\\x00");
    cleans("\xc2\x9b"
           "0m",
           4, "\\x9b0m"); /* C1 CSI */
    cleans("\xe2\x80\xae"
           "x",
           4, "\\u{202e}x");
    cleans("\xef\xbb\xbf", 3, "\\u{feff}");
    cleans("\xc3\xa9", 2, "\xc3\xa9");
    cleans("\xc3", 1, "\\xc3");                            /* cut in a sequence */
    cleans("\xc0\xaf", 2, "\\xc0\\xaf");                   /* overlong */
    cleans("\xed\xa0\x80", 3, "\\xed\\xa0\\x80");          /* surrogate */
    cleans("\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80"); /* beyond Unicode */
    CHECK_NUMBER(clean_columns(text_of("\xe7\xb9\x81")), 2);
    CHECK_NUMBER(clean_columns(text_of("\xe2\x8c\x9a\xe2\x9a\xa1\xe2\x9c\x85\xe2\xad\x90")),
                 8); /* watch, lightning, tick, star */
    CHECK_NUMBER(clean_columns(text_of("\xf0\x9f\x80\x84\xf0\x9f\x86\x8e\xf0\x9f\x98\x80")), 6);         /* a tile, AB, a face */
    CHECK_NUMBER(clean_columns(text_of("\xe2\x94\x80\xe2\x9c\x94\xf0\x9f\x8c\xa1\xf0\x9f\x96\xa5")), 4); /* not these */
    CHECK_NUMBER(clean_columns(text_of("e\xcc\x81")), 1);
    CHECK_NUMBER(clean_columns(text_of("\xe3\x82\xab\xe3\x82\x99")), 2);             /* KA and its sound mark */
    CHECK_NUMBER(clean_columns(text_of("\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8")), 2); /* a Korean syllable taken apart */
    CHECK_NUMBER(clean_columns(text_of("\xe0\xb8\x81\xe0\xb8\xb4")), 1);             /* Thai KO and SARA I */

    cuts("abcdef", 6, "abcdef");
    cuts("abcdefg", 6, "abc...");
    cuts("abcdefg", 2, "..");
    cuts("abcdefg", 0, "");
    cuts("\xe7\xb9\x81\xe7\xb9\x81\xe7\xb9\x81", 5, "\xe7\xb9\x81...");

    struct text rest = TEXT("one two three");
    CHECK_TEXT(clean_fit(&rest, 7), "one two");
    CHECK_TEXT(clean_fit(&rest, 3), "thr");
    CHECK_TEXT(clean_fit(&rest, 80), "ee");
    CHECK_NUMBER(rest.len, 0);
    rest = TEXT("at 10:00 (10 min 42 s), then");
    CHECK_TEXT(clean_fit(&rest, 18), "at 10:00"); /* an amount is not torn */
    CHECK_TEXT(clean_fit(&rest, 15), "(10 min 42 s),");
    rest = TEXT("at 10:00 (and more than an amount)");
    CHECK_TEXT(clean_fit(&rest, 18), "at 10:00 (and more");
    rest = TEXT("it took 30.0 s to end");
    CHECK_TEXT(clean_fit(&rest, 12), "it took");
    CHECK_TEXT(clean_fit(&rest, 6), "30.0 s");
    rest = TEXT("type `show crypto map` and `exit`, or `a command that is too long`");
    CHECK_TEXT(clean_fit(&rest, 20), "type"); /* a command is not torn */
    CHECK_TEXT(clean_fit(&rest, 20), "`show crypto map`");
    CHECK_TEXT(clean_fit(&rest, 20), "and `exit`, or `a"); /* but for one that no line holds */
    CHECK_TEXT(clean_fit(&rest, 20), "command that is too");
    CHECK_TEXT(clean_fit(&rest, 20), "long`");
    rest = TEXT("cn=branch7,ou=networks,o=example and more");
    CHECK_TEXT(clean_fit(&rest, 20), "cn=branch7,"); /* parts of a name too long for a line are not torn */
    CHECK_TEXT(clean_fit(&rest, 20), "ou=networks,");
    CHECK_TEXT(clean_fit(&rest, 20), "o=example and more");
    rest = TEXT("(`show crypto map`, then"); /* nor torn within a word where one bracket too much stands before it */
    CHECK_TEXT(clean_fit(&rest, 18), "(`show crypto");
    CHECK_TEXT(clean_fit(&rest, 18), "map`, then");
    rest = TEXT("(10 min 42 s) more");
    CHECK_TEXT(clean_fit(&rest, 10), "(10 min 42");
    rest = TEXT("what` / `exit now`");
    CHECK_TEXT(clean_fit(&rest, 10), "what` /");
    rest = TEXT("\xe7\xb9\x81x");
    CHECK_TEXT(clean_fit(&rest, 1), "\xe7\xb9\x81"); /* never nothing */
    return TEST_REPORT();
}
