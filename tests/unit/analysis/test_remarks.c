/* A command that touches more than the tunnel it is advised for says so, once. */
#include "analysis/remarks.h"
#include "test.h"

static bool ends_so(struct arena *arena, const char *advice, const char *said)
{
    struct text t = remarks_add(arena, text_of(advice));
    return text_ends(t, text_of(said)) && text_starts(t, text_of(advice));
}

int main(void)
{
    struct arena *arena = arena_create();
    CHECK(ends_so(arena, "`set peer 192.0.2.1`", "`set peer 192.0.2.1`"));
    CHECK(ends_so(arena, "`debug crypto ikev2`, `debug crypto ikev2 error`", "error`; when done: `undebug all`"));
    CHECK(ends_so(arena, "`debug crypto condition peer ipv4 192.0.2.1`, `debug crypto ikev2`", "`debug crypto condition reset`"));
    static const char *const global[] = { "`crypto ikev2 dpd 10 3 periodic`", "`crypto ikev2 fragmentation mtu 1200`",
                                          "`no crypto ikev2 http-url cert`", "`no crypto ikev2 cookie-challenge`",
                                          "`sysopt connection tcpmss 1350`" };
    for (size_t i = 0; i < COUNT_OF(global); i++) {
        struct text t = remarks_add(arena, text_of(global[i]));
        size_t at = text_find(t, TEXT("; this is global: "));
        CHECK(at != TEXT_NOWHERE && !text_has(text_from(t, at + 2), TEXT("this is global: it holds for all peers; this")));
    }
    CHECK(ends_so(arena, "`fragment size 400 outside`", "comes to that interface"));
    arena_destroy(arena);
    return TEST_REPORT();
}
