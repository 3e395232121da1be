/* What stands over the drawing: the same of one SA is counted, of others named; without an SA notes are told, too. */
#include "reporters/svg_verdict.h"

#include "fixture.h"
#include "test.h"

static struct text verdict(const struct model *m, struct buffer *out)
{
    buffer_reset(out);
    struct arena *arena = arena_create();
    struct peers peers = peers_of(m, arena);
    struct drawing d = drawing_into(out);
    verdict_draw(&d, m, &peers, 0);
    verdict_words(m, &peers, out);
    drawing_clear(&d);
    peers_clear(&peers);
    arena_destroy(arena);
    return buffer_view(out);
}

int main(void)
{
    struct buffer out;
    buffer_init(&out, 1 << 20);

    struct model *m = fixture();
    struct text t = verdict(m, &out);
    CHECK(!text_has(t, TEXT("The same")));
    CHECK(text_has(t, TEXT("192.0.2.2: FAILED, Keys differ.")));
    fixture_finding(m, m->ike_sas, "weak-crypto", SEVERITY_WARNING);
    CHECK(text_has(verdict(m, &out), TEXT("The same 1 more time<")));
    fixture_finding(m, m->ike_sas->next, "weak-crypto", SEVERITY_WARNING);
    CHECK(text_has(verdict(m, &out), TEXT("The same 1 more time, and of ike2<")));
    model_destroy(m);

    m = model_create();
    fixture_input(m, "r1.log", INPUT_IOS_DEBUG, "R1", 0);
    fixture_finding(m, NULL, "ikev1-seen", SEVERITY_NOTE);
    t = verdict(m, &out);
    CHECK(text_has(t, TEXT("Keys differ")) && text_has(t, TEXT("No IKE SA was found")));
    model_destroy(m);

    buffer_clear(&out);
    return TEST_REPORT();
}
