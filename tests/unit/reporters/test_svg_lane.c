/* Lanes of states: pieces follow each other without a gap, from row to row; the unknown beginning is a plain line. */
#include "reporters/svg_lane.h"

#include "test.h"

int main(void)
{
    struct buffer out;
    buffer_init(&out, 1 << 20);
    struct drawing d = drawing_into(&out);
    struct lane lane = { .state = NULL };

    CHECK_TEXT(text_of(lane_class("READY")), "s-ready");
    CHECK_TEXT(text_of(lane_class("I_WAIT_AUTH")), "s-wait");
    CHECK_TEXT(text_of(lane_class("DELETE")), "s-gone");
    CHECK_TEXT(text_of(lane_class("R_BLD_INIT")), "s-work");
    CHECK_TEXT(text_of(lane_class(NULL)), "s-work");
    /* an end whose exchange failed has nothing left to do, whatever its state is called */
    CHECK_TEXT(text_of(lane_class_at("AUTH_DONE", &(struct transition){ .state = "AUTH_DONE", .event = "EV_FAIL" })), "s-gone");
    CHECK_TEXT(text_of(lane_class_at("AUTH_DONE", &(struct transition){ .state = "AUTH_DONE", .event = "EV_OK" })), "s-work");
    CHECK_TEXT(text_of(lane_class_at("AUTH_DONE", NULL)), "s-work");
    CHECK_TEXT(text_of(lane_class_at("I_WAIT_AUTH", &(struct transition){ .state = "I_WAIT_AUTH", .event = "EV_FAIL" })),
               "s-wait");

    lane_mark(&lane, "IDLE", lane_class("IDLE"), 10);
    lane_mark(&lane, "R_INIT", lane_class("R_INIT"), 24);
    lane_draw(&d, &lane, 50, 12, 100);
    struct text t = buffer_view(&out);
    CHECK(text_has(t, TEXT("<line class=\"life\" x1=\"50\" y1=\"0\" x2=\"50\" y2=\"10\"/>")));
    CHECK(text_has(t, TEXT("<rect class=\"lane s-gone\" x=\"44\" y=\"10\" width=\"12\" height=\"14\"><title>IDLE</title>")));
    CHECK(text_has(t, TEXT("<rect class=\"lane s-work\" x=\"44\" y=\"24\" width=\"12\" height=\"76\"><title>R_INIT</title>")));
    CHECK_TEXT(text_of(lane.state), "R_INIT");
    CHECK_NUMBER(lane.count, 0);

    /* the next row goes on with it */
    buffer_reset(&out);
    lane_draw(&d, &lane, 50, 12, 30);
    CHECK(text_has(buffer_view(&out), TEXT("class=\"lane s-work\" x=\"44\" y=\"0\" width=\"12\" height=\"30\"")));

    /* a name is a log's word; one mark too many is not taken */
    buffer_reset(&out);
    for (int i = 0; i < STEP_STATE_COUNT + 3; i++)
        lane_mark(&lane, "A<B", lane_class("A<B"), i);
    lane_draw(&d, &lane, 50, 12, 30);
    CHECK(!text_has(buffer_view(&out), TEXT("A<B")) && text_has(buffer_view(&out), TEXT("A&lt;B")));

    drawing_clear(&d);
    buffer_clear(&out);
    return TEST_REPORT();
}
