#include "parser/transition.h"

#include "test.h"

static const char *const whole[] = {
    "SM Trace-> SA: I_SPI=F074D8BBD5A59F0B R_SPI=F94020DD8CB4B9C4 (R) MsgID = 00000001 CurState: AUTH_DONE Event: EV_OK",
    "SM Trace-> SA: I_SPI=F074D8BBD5A59F0B R_SPI=F94020DD8CB4B9C4 (R) MsgID = 1 CurState: AUTH_DONE Event: EV_OK",
    "SM Trace-> SA:I_SPI=F074D8BBD5A59F0B R_SPI=F94020DD8CB4B9C4(R)MsgID = 0000001 CurState:AUTH_DONE Event:EV_OK",
    "SM Trace-> SA: I_SPI=F074D8BBD5A59F0B  R_SPI=F94020DD8CB4B9C4 (R) MsgID = 00000001 CurState: AUTH_DONEEvent: EV_OK",
    "SM Trace-&gt; SA: I_SPI=f074d8bbd5a59f0b R_SPI=f94020dd8cb4b9c4 (R) MsgID = 00000001 CurState: AUTH_DONE Event: EV_OK",
    "SM Trace-> I_SPI=F074D8BBD5A59F0B R_SPI=F94020DD8CB4B9C4 (R) MsgID = 00000001 CurState: AUTH_DONE Event: EV_OK",
};

int main(void)
{
    struct transition_line t;
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        struct text s = text_of(whole[i]);
        CHECK_NUMBER(transition_scan(&s, &t), TRANSITION_WHOLE);
        CHECK_NUMBER(s.len, 0);
        CHECK(t.spi_i.value == 0xF074D8BBD5A59F0B && t.spi_r.value == 0xF94020DD8CB4B9C4 && t.spi_i.digits == 16);
        CHECK_NUMBER(t.msgid, 1);
        CHECK_NUMBER(t.role, SIDE_RESPONDER);
        CHECK_TEXT(t.state, "AUTH_DONE");
        CHECK_TEXT(t.event, "EV_OK");
    }
    /* fifteen digits stay fifteen; 8 padded ones are hexadecimal */
    struct text s = TEXT(
        "SM Trace-> SA: I_SPI=0C33DB40DBAADE6 R_SPI=F14E2BBA78024DE3 (I) MsgID = 0000000A CurState: READY Event: EV_I_OK *Nov");
    CHECK_NUMBER(transition_scan(&s, &t), TRANSITION_WHOLE);
    CHECK(t.spi_i.digits == 15 && t.spi_i.value == 0x0C33DB40DBAADE6 && t.msgid == 10);
    CHECK_TEXT(s, " *Nov");
    s = TEXT("SM Trace-> SA: I_SPI=0C33DB40DBAADE60 R_SPI=F14E2BBA78024DE3 (I) MsgID = 10 CurState: READY Event: EV_I_OK");
    CHECK_NUMBER(transition_scan(&s, &t), TRANSITION_WHOLE);
    CHECK_NUMBER(t.msgid, 10);
    /* every shorter length is partial or not one at all, and never whole but with a shorter event */
    const char *line = whole[0];
    for (size_t n = 0; n < strlen(line); n++) {
        s = text_over(line, n);
        enum transition_scan got = transition_scan(&s, &t);
        CHECK(got != TRANSITION_WHOLE || n >= strlen(line) - 3);
    }
    s = TEXT("SM Trace-> SA: nothing of the kind");
    CHECK_NUMBER(transition_scan(&s, &t), TRANSITION_NOT);
    s = TEXT("Insert SA");
    CHECK_NUMBER(transition_scan(&s, &t), TRANSITION_NOT);
    return TEST_REPORT();
}
