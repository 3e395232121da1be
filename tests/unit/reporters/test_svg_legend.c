/* The legend: what stands in the ladder is explained, what does not is not. */
#include "reporters/svg_legend.h"

#include "fixture.h"
#include "test.h"

static struct text legend(const struct model *m, const struct ike_sa *sa, struct buffer *out, struct arena *arena, int *y)
{
    buffer_reset(out);
    struct drawing d = drawing_into(out);
    struct steps steps = steps_of(m, sa, (struct steps_options){ .notes = true, .least_note = SEVERITY_NOTE }, arena);
    *y = legend_draw(&d, &steps, 100);
    drawing_clear(&d);
    return buffer_view(out);
}

int main(void)
{
    struct model *m = fixture();
    struct arena *arena = arena_create();
    struct buffer out;
    int y;
    buffer_init(&out, 1 << 20);

    struct text t = legend(m, m->ike_sas, &out, arena, &y);
    CHECK(text_has(t, TEXT("at work")) && text_has(t, TEXT("waits for the other end")) && text_has(t, TEXT("ready")));
    CHECK(text_has(t, TEXT("answer")) && !text_has(t, TEXT("encrypted")));
    CHECK(y > 100 && text_has(t, TEXT("translate(0,100)")));

    m->ike_sas->exchanges->response.message->protection = PAYLOAD_SK;
    CHECK(text_has(legend(m, m->ike_sas, &out, arena, &y), TEXT("encrypted on the wire")));

    struct ike_sa *empty = fixture_sa(m, 1, 0, SA_INCOMPLETE);
    CHECK_NUMBER(legend(m, empty, &out, arena, &y).len, 0);
    CHECK_NUMBER(y, 100);

    buffer_clear(&out);
    arena_destroy(arena);
    model_destroy(m);
    return TEST_REPORT();
}
