/* The ladder: what is folded, what is left out, and that each row stands below the one before it. */
#include "reporters/svg_ladder.h"

#include <stdlib.h>

#include "fixture.h"
#include "test.h"

/* The row groups' places grow by what data-h says. */
static bool stacked(struct text t)
{
    static const char row[] = "<g class=\"row ";
    long expect = -1;
    for (size_t at; (at = text_find(t, TEXT("<g class=\"row "))) != TEXT_NOWHERE;) {
        t = text_from(t, at + sizeof row - 1);
        size_t y_at = text_find(t, TEXT("translate(0,")), h_at = text_find(t, TEXT("data-h=\""));
        uint64_t y = 0, h = 0;
        if (y_at == TEXT_NOWHERE || h_at == TEXT_NOWHERE)
            return false;
        text_digits(text_from(t, y_at + 12), 10, &y);
        text_digits(text_from(t, h_at + 8), 10, &h);
        if (expect >= 0 && (long)y != expect)
            return false;
        expect = (long)(y + h);
    }
    return true;
}

static struct text ladder(const struct model *m, const struct ike_sa *sa, struct ladder_options o, struct buffer *out,
                          struct arena *arena)
{
    buffer_reset(out);
    struct drawing d = drawing_into(out);
    struct steps steps = steps_of(m, sa, (struct steps_options){ .notes = true, .least_note = SEVERITY_NOTE }, arena);
    ladder_draw(&d, m, &steps, o, 0);
    drawing_clear(&d);
    return buffer_view(out);
}

static void check(struct model *m, struct ike_sa *sa, uint32_t id)
{
    static const uint8_t none[] = { 0 };
    struct exchange *x = fixture_exchange(m, sa, EXCHANGE_INFORMATIONAL, id, EXCHANGE_OK);
    fixture_seen(m, &x->request, 0, 100 + 2 * id, (30000 + (int64_t)id * 10000) * MS, DIRECTION_SENT);
    fixture_seen(m, &x->response, 0, 101 + 2 * id, (30001 + (int64_t)id * 10000) * MS, DIRECTION_RECEIVED);
    x->request.message = fixture_message(m, EXCHANGE_INFORMATIONAL, false, none, 0);
    x->response.message = fixture_message(m, EXCHANGE_INFORMATIONAL, true, none, 0);
}

/* A clock of whole seconds stamps IKE_SA_INIT and IKE_AUTH alike: the Child SA came up by the latter, once. */
static void born_once(struct model *m, struct buffer *out, struct arena *arena)
{
    static const uint8_t auth[] = { PAYLOAD_AUTH, 0 };
    struct ike_sa *sa = fixture_sa(m, 0x77, 0x78, SA_ESTABLISHED);
    fixture_view(m, sa, 0, SIDE_INITIATOR, false);
    for (uint32_t id = 0; id < 2; id++) {
        const enum exchange_type type = id ? EXCHANGE_IKE_AUTH : EXCHANGE_IKE_SA_INIT;
        struct exchange *x = fixture_exchange(m, sa, type, id, EXCHANGE_OK);
        fixture_seen(m, &x->request, 0, 300 + 10 * id, 90000 * MS, DIRECTION_SENT);
        fixture_seen(m, &x->response, 0, 305 + 10 * id, 90000 * MS, DIRECTION_RECEIVED);
        x->response.message = fixture_message(m, type, true, auth, 0);
    }
    fixture_child(m, sa);
    sa->children->ns = 90000 * MS;
    for (unsigned initial = 0; initial < 2; initial++) {
        sa->children->initial = initial;
        const struct text t = ladder(m, sa, (struct ladder_options){ 0 }, out, arena);
        const size_t at = text_find(t, TEXT("is up"));
        CHECK_NUMBER(fixture_times(t, TEXT("is up")), 1);
        CHECK(at != TEXT_NOWHERE && text_has(text_upto(t, at), TEXT("IKE_AUTH response")));
    }
}

/* How it ended is told whole, on as many lines as it takes, each in the box. */
static void told_whole(struct model *m, struct buffer *out, struct arena *arena)
{
    struct ike_sa *sa = fixture_sa(m, 0x79, 0x7a, SA_REKEYED);
    sa->replaced = true;
    sa->heir = m->ike_sas->proposal;
    const struct text t = ladder(m, sa, (struct ladder_options){ 0 }, out, arena);
    CHECK(text_has(t, TEXT("AUTH_HMAC_SHA1_96")) && text_has(t, TEXT("MODP_1024")) && !text_has(t, TEXT("...")));
}

int main(void)
{
    struct model *m = fixture();
    struct arena *arena = arena_create();
    struct buffer out;
    buffer_init(&out, 1 << 22);
    struct ike_sa *up = m->ike_sas, *failed = up->next;

    struct text t = ladder(m, up, (struct ladder_options){ .interactive = true }, &out, arena);
    CHECK(stacked(t));
    CHECK_NUMBER(fixture_times(t, TEXT("class=\"row message")), 2);
    CHECK(text_has(t, TEXT("IKE_SA_INIT request")) && text_has(t, TEXT("R_INIT")) && !text_has(t, TEXT("data-fold")));

    t = ladder(m, failed, (struct ladder_options){ .interactive = true }, &out, arena);
    CHECK(stacked(t));
    CHECK(text_has(t, TEXT("class=\"lost\"")) &&
          text_has(t, TEXT("\xc3\x97"
                           "3")) &&
          text_has(t, TEXT("sign error")));
    CHECK(!text_has(t, TEXT("<script")));

    /* one liveness check is drawn, two and more are folded */
    check(m, up, 1);
    CHECK(!text_has(ladder(m, up, (struct ladder_options){ .interactive = true }, &out, arena), TEXT("data-fold")));
    check(m, up, 2);
    t = ladder(m, up, (struct ladder_options){ .interactive = true }, &out, arena);
    CHECK_NUMBER(fixture_times(t, TEXT("data-fold=\"1\"")), 1);
    CHECK(fixture_times(t, TEXT("data-in=\"1\"")) >= 4);
    t = ladder(m, up, (struct ladder_options){ .interactive = false }, &out, arena);
    CHECK(text_has(t, TEXT("2 liveness checks, all answered")));
    CHECK_NUMBER(fixture_times(t, TEXT("class=\"row message")), 2);

    t = ladder(m, up, (struct ladder_options){ .most = 1 }, &out, arena);
    CHECK(text_has(t, TEXT("more steps are not drawn")));
    CHECK(fixture_times(t, TEXT("<g ")) == fixture_times(t, TEXT("</g>")));

    struct ike_sa *empty = fixture_sa(m, 1, 0, SA_INCOMPLETE);
    CHECK(text_has(ladder(m, empty, (struct ladder_options){ .interactive = true }, &out, arena), TEXT("incomplete")));

    born_once(m, &out, arena);
    told_whole(m, &out, arena);

    buffer_clear(&out);
    arena_destroy(arena);
    model_destroy(m);
    return TEST_REPORT();
}
