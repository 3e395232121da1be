/* Plates of payloads: one a payload, counted ones and bracketed ones whole; errors and encryption shown; rows end in a count. */
#include "reporters/svg_chips.h"

#include <stdlib.h>

#include "fixture.h"
#include "test.h"

int main(void)
{
    struct model *m = model_create();
    struct buffer out;
    buffer_init(&out, 1 << 20);
    struct drawing d = drawing_into(&out);

    CHECK_NUMBER(chips_draw(&d, NULL, 100, 0, 400, 3), 0);
    CHECK_NUMBER(out.len, 0);

    static const uint8_t init[] = { PAYLOAD_SA, PAYLOAD_VENDOR, PAYLOAD_VENDOR, PAYLOAD_VENDOR, PAYLOAD_NOTIFY, 0 };
    const struct message *asked = fixture_message(m, EXCHANGE_IKE_SA_INIT, false, init, NOTIFY_COOKIE);
    CHECK_NUMBER(chips_draw(&d, asked, 100, 0, 400, 3), 20);
    CHECK_NUMBER(fixture_times(buffer_view(&out), TEXT("<rect class=\"chip\"")), 3);
    CHECK(text_has(buffer_view(&out), TEXT(">V x3<")) && text_has(buffer_view(&out), TEXT(">N(COOKIE)<")));
    CHECK(!text_has(buffer_view(&out), TEXT("chip bad")) && !text_has(buffer_view(&out), TEXT("class=\"lock\"")));

    /* one plate a row, then what is left is counted and named */
    buffer_reset(&out);
    CHECK_NUMBER(chips_draw(&d, asked, 100, 0, 1, 2), 60);
    CHECK(text_has(buffer_view(&out), TEXT("and 1 more")) && text_has(buffer_view(&out), TEXT("<title>N(COOKIE) </title>")));
    buffer_reset(&out);
    CHECK_NUMBER(chips_draw(&d, asked, 100, 0, 1, 3), 60);
    CHECK(!text_has(buffer_view(&out), TEXT(" more")));

    static const uint8_t refusal[] = { PAYLOAD_NOTIFY, 0 };
    struct message *refused = fixture_message(m, EXCHANGE_IKE_AUTH, true, refusal, NOTIFY_AUTHENTICATION_FAILED);
    refused->protection = PROTECTION_SK;
    buffer_reset(&out);
    chips_draw(&d, refused, 100, 0, 400, 3);
    CHECK_NUMBER(fixture_times(buffer_view(&out), TEXT("class=\"chip bad\"")), 1);
    CHECK_NUMBER(fixture_times(buffer_view(&out), TEXT("class=\"lock\"")), 1);

    static const uint8_t none[] = { 0 };
    struct message *sealed = fixture_message(m, EXCHANGE_IKE_AUTH, true, none, 0);
    sealed->protection = PROTECTION_SK;
    sealed->decryption = DECRYPTION_ICV_FAILED;
    buffer_reset(&out);
    chips_draw(&d, sealed, 100, 0, 400, 3);
    CHECK(text_has(buffer_view(&out), TEXT(">SK (the key does not open it)<")));

    drawing_clear(&d);
    buffer_clear(&out);
    model_destroy(m);
    return TEST_REPORT();
}
