/* What JSON is and what it is not, and what the tree says of it. */
#include "base/json.h"

#include "test.h"

static bool reads(const char *text)
{
    struct error err = { 0 };
    struct json *j = json_read(text_of(text), &err);
    CHECK((j != NULL) == (err.kind == ERROR_NONE));
    json_free(j);
    return j != NULL;
}

static void values(void)
{
    int64_t n = 0;
    double real = 0;
    struct text name;
    struct json *j = json_read(TEXT(" {\"a\" : [1,-2, 3.5e2,true ,null,\"x\"],\"b\":{},\"c\":\"\",\"a\\u0062\":-0} \r\n"), NULL);
    const struct json *a = json_member(j, "a");
    CHECK_NUMBER(json_kind(j), JSON_OBJECT);
    CHECK_NUMBER(json_count(j), 4);
    CHECK_NUMBER(json_count(a), 6);
    CHECK(json_as_number(json_at(a, 0), &n) && n == 1);
    CHECK(json_as_number(json_at(a, 1), &n) && n == -2);
    CHECK(!json_as_number(json_at(a, 2), &n) && json_as_real(json_at(a, 2), &real) && real > 349.9 && real < 350.1);
    CHECK(json_as_real(json_at(a, 0), &real) && real > 0.9 && real < 1.1);
    CHECK(json_as_bool(json_at(a, 3)) && !json_as_bool(json_at(a, 0)));
    CHECK(json_at(a, 4) == NULL && json_at(a, 6) == NULL);
    CHECK_TEXT(json_as_text(json_at(a, 5)), "x");
    CHECK_NUMBER(json_count(json_member(j, "b")), 0);
    CHECK_NUMBER(json_kind(json_member(j, "c")), JSON_TEXT);
    CHECK(json_entry(j, 3, &name) && text_equal(name, TEXT("ab")));
    CHECK(!json_entry(j, 4, &name) && !json_entry(a, 0, &name) && !json_member(a, "a") && !json_member(j, "d"));
    json_free(j);
    j = json_read(TEXT("[9223372036854775807,9223372036854775808,-9223372036854775808,-99999999999999999999]"), NULL);
    static const int64_t want[] = { INT64_MAX, INT64_MAX, INT64_MIN, INT64_MIN };
    for (size_t i = 0; i < 4; i++)
        CHECK(json_as_number(json_at(j, i), &n) && n == want[i]);
    json_free(j);
    j = json_read(TEXT("{\"a\":1,\"a\":2}"), NULL);
    CHECK(json_as_number(json_member(j, "a"), &n) && n == 2);
    json_free(j);
}

static void strings(void)
{
    struct json *j = json_read(TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t|\\u00e9\\u20AC\\ud83d\\ude00\\ud800x\\udc00\\ud800\\u0041\""),
                               NULL);
    CHECK_TEXT(json_as_text(j), "\"\\/\b\f\n\r\t|\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd"
                                "A");
    json_free(j);
    j = json_read(TEXT("\"a\\u0000b\""), NULL);
    CHECK_NUMBER(json_as_text(j).len, 3);
    json_free(j);
    j = json_read(TEXT("\"\xff\t\x80\""), NULL); /* what a shipper made of a log in Latin 1 */
    CHECK_TEXT(json_as_text(j), "\xff\t\x80");
    json_free(j);
}

/* A quote, a backslash or the end at every place, on an exact block: before and behind where the reader takes larger steps. */
static void lengths(void)
{
    enum { MOST = 70 };
    char octets[MOST + 4];
    for (size_t n = 0; n < MOST; n++) {
        memset(octets, 'x', sizeof octets);
        octets[0] = octets[n + 1] = '"';
        struct json *j = json_read(text_over(octets, n + 2), NULL);
        CHECK(j && json_as_text(j).len == n);
        json_free(j);
        CHECK(!json_read(text_over(octets, n + 1), NULL));
        memcpy(octets + n + 1, "\\\"\"", 3);
        j = json_read(text_over(octets, n + 4), NULL);
        CHECK(j && json_as_text(j).len == n + 1 && json_as_text(j).at[n] == '"');
        json_free(j);
        CHECK(!json_read(text_over(octets, n + 3), NULL) && !json_read(text_over(octets, n + 2), NULL));
    }
}

/* Strings are borrowed where they stand in the text as they are. */
static void views(void)
{
    static const char text[] = "{\"a\":\"plain\",\"b\":\"a\\ttab\",\"c\\u0064\":[1.5,\"\"],\"a\":null}";
    struct arena *arena = arena_create();
    const struct json *j = json_view(text_over(text, sizeof text - 1), arena), *plain;
    struct text name;
    CHECK((plain = json_entry(j, 0, &name)) != NULL && name.at == text + 2 && json_as_text(plain).at == text + 6);
    CHECK_TEXT(json_as_text(plain), "plain");
    CHECK_TEXT(json_as_text(json_member(j, "b")), "a\ttab");
    CHECK_NUMBER(json_count(json_named(j, TEXT("cd"))), 2);
    CHECK(!json_member(j, "a")); /* the last one is null */
    CHECK(!json_view(TEXT("{\"a\":1}x"), arena) && !json_view(TEXT(""), arena));
    arena_destroy(arena);
}

int main(void)
{
    static const char *const good[] = { "0", "-0", "1E+9", "0.5", "null", "[]", "{}", " [ ] ", "\"\"", "[[[]]]", "true" };
    static const char *const bad[] = { "",         " ",          "01",        "-",           "1.",   ".5",    "1e",
                                       "+1",       "nul",        "tru",       "[1,]",        "[,1]", "[1 2]", "{\"a\"}",
                                       "{\"a\":}", "{\"a\":1,}", "{a:1}",     "{'a':1}",     "[",    "{",     "\"",
                                       "\"\\\"",   "\"\\x\"",    "\"\\u12\"", "\"\\u12g4\"", "1 2",  "{}x",   "]",
                                       "/* */1",   "NaN",        "[1",        "{\"a\":1",    "\"\\", "[\"a]" };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        CHECK(reads(good[i]));
        if (!reads(good[i]))
            fprintf(stderr, "refused: %s\n", good[i]);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        CHECK(!reads(bad[i]));
        if (reads(bad[i]))
            fprintf(stderr, "taken: %s\n", bad[i]);
    }
    char deep[2 * JSON_DEPTH_READ + 3] = "";
    memset(deep, '[', JSON_DEPTH_READ);
    memset(deep + JSON_DEPTH_READ, ']', JSON_DEPTH_READ);
    CHECK(reads(deep));
    memset(deep, '[', JSON_DEPTH_READ + 1);
    memset(deep + JSON_DEPTH_READ + 1, ']', JSON_DEPTH_READ + 1);
    CHECK(!reads(deep));
    struct error err = { 0 };
    CHECK(!json_read(TEXT("{\"a\":[1,2,x]}"), &err));
    CHECK_TEXT(text_of(err.text), "not JSON at offset 10: a value is expected");
    json_free(NULL);
    values();
    strings();
    lengths();
    views();
    return TEST_REPORT();
}
