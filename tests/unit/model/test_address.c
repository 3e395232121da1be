/* Addresses and endpoints in every spelling that logs have. */
#include "model/address.h"

#include "test.h"

static struct buffer b;

static const char *printed(struct endpoint e)
{
    buffer_reset(&b);
    endpoint_print(e, &b);
    buffer_byte(&b, 0);
    return b.at;
}

static void same(const char *text, const char *want)
{
    struct endpoint e;
    bool read = endpoint_read(text_of(text), &e);
    CHECK(read);
    CHECK_TEXT(text_of(read ? printed(e) : ""), want);
}

static void spellings(void)
{
    static const char *const pairs[][2] = {
        { "10.0.0.1", "10.0.0.1" },
        { "10.0.0.1:500", "10.0.0.1:500" },
        { "10.0.0.1/4500", "10.0.0.1:4500" },
        { "255.255.255.255:65535", "255.255.255.255:65535" },
        { "[fc00::1]:500", "[fc00::1]:500" },
        { "[fc00::1]", "fc00::1" },
        { "fc00::1", "fc00::1" },
        { "FC00:123:123:123::1:500", "[fc00:123:123:123::1]:500" }, /* Cisco: the port last */
        { "2001:db8:1:2:3:4:5:6:4500", "[2001:db8:1:2:3:4:5:6]:4500" },
        { "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6" },
        { "2001:db8:0:0:0:0:0:1", "2001:db8::1" }, /* RFC 5952 */
        { "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
        { "::", "::" },
        { "fc00:::500", "[fc00::]:500" },
        { "fc00::1/500", "[fc00::1]:500" },
        { "::ffff:10.0.0.1", "::ffff:10.0.0.1" },
        { "18.218.X.X", "18.218.X.X" },
        { "a.b.c.d:500", "a.b.c.d:500" },
        { "203.0.113.1xx/4500", "203.0.113.1xx:4500" },
        { "#.#.#.#:500", "#.#.#.#:500" },
        { "2001:db8:x:x::1", "2001:db8:x:x::1" },
        { "<peer-ip>:500", "<peer-ip>:500" },
        { "x.x.x.x:500", "x.x.x.x:500" },
        { "XXX.XXX.XXX.12", "XXX.XXX.XXX.12" },
        { "YY.YY.YY.YY/500", "YY.YY.YY.YY:500" },
        { "A.B.C.D:4500", "A.B.C.D:4500" },
        { "192.0.*.*", "192.0.*.*" },
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        same(pairs[i][0], pairs[i][1]);
}

static void none_of_one(void)
{
    static const char *const not [] = {
        "",           "10.0.0",    "10.0.0.256",   "10.0.0.1.2", "10.0.0.", "10.0.0.1:65536",       "10.0.0.1:",
        "10.0.0.1/x", "[fc00::1",  "[fc00::1]500", "g::1",       ":",       "1:2:3:4:5:6:7:8:9:10", "X.X.X",
        "-1.0.0.1",   "10.0.0.1 ", "XY.XY.XY.XY",  "www.X.Y.Z"
    };
    for (size_t i = 0; i < sizeof not / sizeof not [0]; i++) {
        struct endpoint e;
        bool read = endpoint_read(text_of(not [i]), &e);
        CHECK(!read);
        if (read)
            fprintf(stderr, "'%s' was read as %s\n", not [i], printed(e));
    }
}

static void alike(void)
{
    struct address a, c, none = { 0 };
    CHECK(address_read(TEXT("10.0.0.1"), &a) && address_read(TEXT("10.0.0.2"), &c));
    struct address nobody[4] = { { 0 } };
    CHECK(!address_of_nobody(nobody[0]) && address_read(TEXT("0.0.0.0"), &nobody[1]) && address_of_nobody(nobody[1]));
    CHECK(address_read(TEXT("::"), &nobody[2]) && address_of_nobody(nobody[2]) &&
          address_read(TEXT("255.255.255.255"), &nobody[3]) && address_of_nobody(nobody[3]));
    CHECK(address_read(TEXT("0.0.0.1"), &nobody[1]) && !address_of_nobody(nobody[1]));
    CHECK(!address_equal(a, c) && address_equal(a, a) && !address_equal(none, none) && address_compare(a, c) < 0 &&
          address_compare(c, a) > 0);
    CHECK(address_length(a) == 4 && address_length(none) == 0);
    static const uint8_t octets[16] = { 0x20, 1, 0xd, 0xb8 };
    CHECK(address_of(bytes_over(octets, 16)).family == ADDRESS_IPV6 && address_of(bytes_over(octets, 5)).family == ADDRESS_NONE);
}

static void ranges_of_addresses(void)
{
    struct address a, c;
    static const struct {
        const char *from, *to;
        int prefix;
    } ranges[] = {
        { "0.0.0.0", "255.255.255.255", 0 },
        { "10.0.0.0", "10.0.0.255", 24 },
        { "10.0.0.0", "10.0.0.254", -1 },
        { "10.0.0.1", "10.0.0.1", 32 },
        { "10.0.0.1", "10.0.0.2", -1 },
        { "fc00::", "fc00::ffff", 112 },
        { "::", "10.0.0.1", -1 },
    };
    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        CHECK(address_read(text_of(ranges[i].from), &a) && address_read(text_of(ranges[i].to), &c));
        CHECK_NUMBER(range_prefix(a, c), ranges[i].prefix);
    }
    static const struct {
        const char *from, *to, *other_from, *other_to;
        bool meets, has; /* has: of the other one's beginning */
    } meetings[] = {
        { "10.0.0.0", "10.0.0.255", "10.0.0.255", "10.0.1.5", true, true },
        { "10.0.0.0", "10.0.0.255", "10.0.1.0", "10.0.1.5", false, false },
        { "10.0.0.9", "10.0.0.20", "10.0.0.0", "10.0.0.9", true, false },
        { "10.0.0.9", "10.0.0.20", "10.0.0.0", "10.0.0.255", true, false },
        { "10.0.0.9", "10.0.0.20", "::", "ffff::", false, false },
        { "::", "ffff::", "fc00::1", "fc00::1", true, true },
    };
    for (size_t i = 0; i < COUNT_OF(meetings); i++) {
        CHECK(address_read(text_of(meetings[i].from), &a) && address_read(text_of(meetings[i].to), &c));
        struct address other, other_end;
        CHECK(address_read(text_of(meetings[i].other_from), &other) && address_read(text_of(meetings[i].other_to), &other_end));
        CHECK(range_meets(a, c, other, other_end) == meetings[i].meets &&
              range_meets(other, other_end, a, c) == meetings[i].meets);
        CHECK(range_has(a, c, other) == meetings[i].has);
    }
}

int main(void)
{
    buffer_init(&b, 1024);
    spellings();
    none_of_one();
    alike();
    ranges_of_addresses();
    buffer_clear(&b);
    return TEST_REPORT();
}
