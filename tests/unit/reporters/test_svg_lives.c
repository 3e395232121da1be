/* Lifelines: when all of it ended is always written, a time that is cut out leaves something to show. */
#include "reporters/svg_lives.h"

#include "fixture.h"
#include "test.h"

static void live(struct ike_sa *sa, int64_t from_ms, int64_t to_ms)
{
    sa->views->first = fixture_stamp(from_ms * MS);
    sa->views->last = fixture_stamp(to_ms * MS);
    sa->views->first_ns = from_ms * MS;
    sa->views->last_ns = to_ms * MS;
}

static struct text lives(const struct model *m, const struct ike_sa *const sas[2], struct buffer *out)
{
    buffer_reset(out);
    struct drawing d = drawing_into(out);
    lives_draw(&d, m, sas, 2, 8, 0);
    drawing_clear(&d);
    return buffer_view(out);
}

int main(void)
{
    struct model *m = fixture();
    struct buffer out;
    buffer_init(&out, 1 << 20);
    struct ike_sa *a = fixture_sa(m, 0x11, 0x12, SA_ESTABLISHED), *b = fixture_sa(m, 0x21, 0x22, SA_FAILED);
    const struct ike_sa *const sas[] = { a, b };
    fixture_view(m, a, 0, SIDE_INITIATOR, false);
    fixture_view(m, b, 0, SIDE_INITIATOR, false);

    /* the second begins shortly before the end of a long pause: its mark would take the room of the last one */
    live(a, 0, 65060);
    live(b, 40, 65060);
    struct text t = lives(m, sas, &out);
    CHECK(text_has(t, TEXT(">65.060</text>")));
    CHECK(text_has(t, TEXT(">0.000</text>")));

    /* two pauses that were all there is: one stays, and the ends stand apart */
    live(a, 0, 32);
    live(b, 21, 32);
    t = lives(m, sas, &out);
    CHECK_NUMBER(fixture_times(t, TEXT("class=\"paper\"")), 1);
    CHECK(text_has(t, TEXT(">0.032</text>")));

    buffer_clear(&out);
    model_destroy(m);
    return TEST_REPORT();
}
