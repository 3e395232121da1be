/* Pages in another language: what the device printed comes back. */
#include "parser/translate.h"

#include "log.h"

static void check(const char *from, const char *to)
{
    struct arena *arena = arena_create();
    unsigned found;
    struct text t = translate(text_of(from), arena, &found);
    CHECK(found > 0);
    CHECK_TEXT(t, to);
    arena_destroy(arena);
}

int main(void)
{
    /* dates: the translation's own year goes, a device's stays */
    check("*1911年11月11日19:30:34.811：IKEv2:從排程程式獲取資料包", "*Nov 11 19:30:34.811:IKEv2:Got a packet from dispatcher");
    check("*2024年3月1日19:30:34.811:IKEv2:從排程程式獲取資料包", "*Mar  1 2024 19:30:34.811:IKEv2:Got a packet from dispatcher");
    /* parameters change places */
    check("IKEv2:%按地址10.0.0.2獲取預共用金鑰", "IKEv2:% Getting preshared key by address 10.0.0.2");
    check("請求具有mess_id 3；預計3至7", "Request has mess_id 3; expected 3 through 7");
    check("#trans:上次轉換15次:0x3", "#trans: 15 last transform: 0x3");
    /* the longest row wins, and ASCII in front of it belongs to it */
    check("CurState:I_BLD_AUTH事件:EV_GET_CONFIG模式", "CurState:I_BLD_AUTH Event: EV_GET_CONFIG_MODE");
    check("CurState:空閒事件：EV_RECV_INIT", "CurState: IDLE Event: EV_RECV_INIT");
    /* other languages are other tables */
    check("SM跟踪 — > SA:I_SPI=1 CurState:空闲 事件:EV_INIT_SA", "SM Trace-> SA: I_SPI=1 CurState: IDLE  Event: EV_INIT_SA");
    check("SMトレース->SA:I_SPI=1 CurState:アイドル イベント:EV_INIT_SA",
          "SM Trace-> SA:I_SPI=1 CurState: IDLE  Event: EV_INIT_SA");
    check("*11월 11일 19:30:34.811: IKEv2:유형: 1", "*Nov 11 19:30:34.811: IKEv2: type:  1");
    /* damage that is no language's */
    check("事件:EVPROC_SA_TS 事件:EV_GEN_SKEY ID", " Event: EV_PROC_SA_TS  Event: EV_GEN_SKEYID");
    struct arena *arena = arena_create();
    unsigned found = 1;
    CHECK_TEXT(translate(TEXT("plain English, Bäro"), arena, &found), "plain English, Bäro");
    CHECK_NUMBER(found, 0);
    CHECK_NUMBER(translate(TEXT(""), arena, &found).len, 0);
    /* cut anywhere, it neither fails nor grows without bound */
    static const char page[] = "*1911年11月11日19:30:34.811:IKEv2:%按地址10.0.0.2獲取預共用金鑰,#trans:上次轉換15次:0x3";
    for (size_t n = 0; n < sizeof page; n++)
        CHECK(translate(text_over(page, n), arena, &found).len < 2 * sizeof page);
    arena_destroy(arena);

    struct log *l = log_of(
        "*Nov 11 19:30:34.811: IKEv2:(SA ID = 1):SM Trace-> SA: I_SPI=F074D8BBD5A59F0B R_SPI=0000000000000000 (I) "
        "MsgID = 00000000 CurState: IDLE Événement: EV_INIT_SA\n");
    CHECK_NUMBER(l->count, 1);
    CHECK(l->seen[0].kind == EVENT_SM_TRANSITION && strcmp(l->seen[0].event, "EV_INIT_SA") == 0);
    log_free(l);
    l = log_of(
        "*1911年11月11日19:30:34.811：IKEv2：(SA ID = 1)：SM跟蹤 — > SA：I_SPI=F074D8BBD5A59F0B R_SPI=0000000000000000（I）MsgID "
        "= 00000000 "
        "CurState：IDLE事件：EV_INIT_SA *1911年11月11日19:30:34.812：IKEv2：(SA ID = 1)：設定配置的策略\n|\n這是說明文字。\n");
    CHECK_NUMBER(l->count, 2);
    CHECK(l->seen[0].kind == EVENT_SM_TRANSITION && strcmp(l->seen[0].event, "EV_INIT_SA") == 0 &&
          l->seen[0].role == SIDE_INITIATOR);
    CHECK(strcmp(l->seen[1].text, "Setting configured policies") == 0);
    CHECK_NUMBER(log_input(l)->lines[LINE_NOISE], 2);
    log_free(l);
    return TEST_REPORT();
}
