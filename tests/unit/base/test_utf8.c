/* UTF-8: characters one by one, and texts cut between them. */
#include "base/utf8.h"

#include "test.h"

static void characters(void)
{
    struct text t = TEXT("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x80"), raw;
    static const struct {
        uint32_t code;
        size_t len;
    } want[] = { { 'a', 1 }, { 0xe9, 2 }, { 0x20ac, 3 }, { 0x1f600, 4 }, { 0xfffd, 1 } };
    uint32_t code;
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        CHECK(utf8_next(&t, &code, &raw));
        CHECK_NUMBER(code, want[i].code);
        CHECK_NUMBER(raw.len, want[i].len);
    }
    CHECK(!utf8_next(&t, &code, &raw));
}

static void cuts(void)
{
    static const struct {
        const char *text;
        size_t most, len;
    } rows[] = {
        { "", 0, 0 },
        { "abc", 3, 3 },
        { "abc", 2, 2 },
        { "a\xc3\xa9z", 1, 1 },
        { "a\xc3\xa9z", 2, 1 },
        { "a\xc3\xa9z", 3, 3 },
        { "\xe2\x82\xac\xe2\x82\xac", 5, 3 },
        { "\xf0\x9f\x98\x80!", 3, 0 },
        { "\xf0\x9f\x98\x80!", 4, 4 },
        { "ab\x80\x80\x80\x80\x80\x80", 6, 6 }, /* no character at all */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        CHECK_NUMBER(utf8_upto(text_of(rows[i].text), rows[i].most).len, rows[i].len);
}

int main(void)
{
    characters();
    cuts();
    return TEST_REPORT();
}
