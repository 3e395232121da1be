/* What two configurations say differently. */
#include "cli/sayings.h"

#include "base/buffer.h"
#include "test.h"

static const struct saying *differ(struct arena *arena, struct text a, struct text b, bool addresses)
{
    struct names heads = { .arena = arena };
    struct sayings of_a = { .said = { 0 } }, of_b = of_a;
    const struct saying *other, *mine;
    sayings_read(&of_a, &heads, a);
    sayings_read(&of_b, &heads, b);
    CHECK(!sayings_differ(&of_a, &of_a, false, &other));
    mine = sayings_differ(&of_a, &of_b, addresses, &other);
    CHECK(!mine == !sayings_differ(&of_b, &of_a, addresses, &other));
    sayings_clear(&of_a);
    sayings_clear(&of_b);
    map_clear(&heads.map);
    return mine;
}

static void keys_and_values(struct arena *arena)
{
    const struct text one = TEXT(
        "interface Gi1\n ip address 10.0.0.1 255.0.0.0\n!\ncrypto ikev2 keyring K\n peer P\n  address 192.0.2.1\n");
    const struct saying *s = differ(arena, one, TEXT("interface Gi1\n ip address 10.0.0.2 255.0.0.0\n"), true);
    CHECK(s && s->line == 2 && text_equal(text_of(s->head), TEXT("interface Gi1")) && text_equal(s->key, TEXT("ip address")));
    s = differ(arena, one, TEXT("crypto ikev2 keyring K\n peer P\n  address 192.0.2.2\n"), false);
    CHECK(s && s->line == 6 && text_equal(text_of(s->head), TEXT("crypto ikev2 keyring K peer P")));
    CHECK(!differ(arena, one, TEXT("crypto ikev2 keyring K\n peer P\n  address 192.0.2.2\n"), true));
    CHECK(!differ(arena, one, TEXT("crypto ikev2 keyring K\n peer Q\n  address 192.0.2.2\n"), false));
    CHECK(!differ(arena, one, TEXT("interface  Gi1\n ip  address  10.0.0.1  255.0.0.0\n"), false));
    CHECK(!differ(arena, one, TEXT(""), false));
}

/* An octet that ends a string of C ends nothing here. */
static void zeros(struct arena *arena)
{
    CHECK(
        differ(arena, TEXT("interface Gi1\n ip address 10.0.0.1\0a\n"), TEXT("interface Gi1\n ip address 10.0.0.1\0b\n"), true));
    CHECK(!differ(arena, TEXT("crypto a\n set x\0y z\n"), TEXT("crypto a\n set x y\0z\n"), false));
}

/* What stands above many lines is not kept with each of them. */
static void long_head(struct arena *arena)
{
    enum { NAME = 1 << 14, LINES = 1000 };
    struct names heads = { .arena = arena };
    struct sayings said = { .said = { 0 } };
    struct buffer config;
    buffer_init(&config, 1 << 20);
    buffer_string(&config, "crypto ikev2 keyring K\n peer ");
    for (int i = 0; i < NAME; i++)
        buffer_byte(&config, i % 100 ? 'p' : ' ');
    for (int i = 0; i < LINES; i++)
        buffer_format(&config, "\n  a %d", i);
    const size_t before = arena_used(arena);
    sayings_read(&said, &heads, buffer_view(&config));
    CHECK(arena_used(arena) - before < 512 * LINES);
    sayings_clear(&said);
    map_clear(&heads.map);
    buffer_clear(&config);
}

int main(void)
{
    struct arena *arena = arena_create();
    keys_and_values(arena);
    zeros(arena);
    long_head(arena);
    arena_destroy(arena);
    return TEST_REPORT();
}
