/* Pages in whatever language: what no translation touches brings back the device's line. */
#include "parser/anchors.h"

#include "log.h"

static struct arena *arena;
static struct anchors *anchors;

static void check(const char *from, const char *to)
{
    CHECK_TEXT(anchors_restore(anchors, text_of(from), arena), to);
}

static void lines(void)
{
    check("*5 mars 09:15:01.002: IKEv2 : (ID DE SA = 7) : texte", "*Mar 5 09:15:01.002: IKEv2:(SA ID = 7): texte");
    check("*5. M\xc3\xa4rz 2025 09:15:01.002: x", "*Mar 5 2025 09:15:01.002: x");
    check("12 de dezembro de 2023 01:02:03: x", "Dec 12 2023 01:02:03: x");
    check("*11 \xd0\xbd\xd0\xbe\xd1\x8f\xd0\xb1\xd1\x80\xd1\x8f 19:30:34.811: x", "*Nov 11 19:30:34.811: x");
    check("*3 \xd0\xbc\xd0\xb0\xd1\x8f 2025 19:30:34.811: x", "*May 3 2025 19:30:34.811: x");
    check("*11 pa\xc5\xba"
          "dziernika 19:30:34.811: x",
          "*Oct 11 19:30:34.811: x");
    check("*7 A\xc4\x9fustos 19:30:34.811: x", "*Aug 7 19:30:34.811: x");
    check("*Ng\xc3\xa0y 11 th\xc3\xa1ng 12 19:30:34.811: x", "*Dec 11 19:30:34.811: x");
    check("*11 \xd9\x86\xd9\x88\xd9\x81\xd9\x85\xd8\xa8\xd8\xb1 19:30:34.811: x", "*Nov 11 19:30:34.811: x");
    check("*2 f\xc3\xa9vr. 19:30:34.811: x", "*Feb 2 19:30:34.811: x");
    check("*11 \xe0\xb8\x9e\xe0\xb8\xa4\xe0\xb8\xa8\xe0\xb8\x88\xe0\xb8\xb4\xe0\xb8\x81\xe0\xb8\xb2\xe0\xb8\xa2\xe0\xb8\x99 "
          "19:30:34.811: x",
          "*19:30:34.811: x");
    check("IKEv2-PAK:(ID DE SESI\xc3\x93N = 3, ID DE SA = 4): x", "IKEv2-PAK:(SESSION ID = 3,SA ID = 4): x");
    check("Rastreo SM-> SA: I_SPI=0102030405060708 R_SPI=0000000000000000 (I) Id de mensaje = 0 Estado actual: I_BLD_INIT "
          "Suceso: EV_BLD_MSG",
          "SM Trace-> SA: I_SPI=0102030405060708 R_SPI=0000000000000000 (I) MsgID = 0 CurState: I_BLD_INIT Event: EV_BLD_MSG");
    check("Carga siguiente: SA, versi\xc3\xb3n: 2.0 Tipo de intercambio: IKE_SA_INIT, indicadores: INITIATOR Id de mensaje: 0, "
          "longitud: 344",
          "Next payload: SA, version: 2.0 Exchange type: IKE_SA_INIT, flags: INITIATOR Message id: 0, length: 344");
    check(" KE Carga siguiente: N, reservado: 0x0, longitud: 136", " KE  Next payload: N, reserved: 0x0, length: 136");
    /* the device's own lines stay as they are */
    check("*Mar  5 09:15:01.002: IKEv2:(SA ID = 7):Insert SA", "*Mar  5 09:15:01.002: IKEv2:(SA ID = 7):Insert SA");
    check("IKEv2-ERROR:(SESSION ID = 3,SA ID = 4):x", "IKEv2-ERROR:(SESSION ID = 3,SA ID = 4):x");
    check("", "");
}

#define TRACE(words) words " SM-> SA: I_SPI=0102030405060708 R_SPI=0000000000000000 (I) M = 0 S: I_BLD_INIT E: EV_BLD_MSG\n"

static void needed(void)
{
    CHECK(anchors_needed(TEXT(TRACE("Seguimiento") TRACE("Seguimiento") TRACE("Seguimiento"))));
    CHECK(anchors_needed(TEXT("*5 mars 09:15: x\n*5 mars 09:15: y\n" TRACE("Suivi"))));
    CHECK(!anchors_needed(TEXT(TRACE("Seguimiento")))); /* one line is no page */
    CHECK(!anchors_needed(TEXT("*5 mars 09:15: x\n*5 mars 09:15: y\n*5 mars 09:15: z\n")));
    CHECK(!anchors_needed(TEXT("SM Trace-> SA: I_SPI=1 EV_X\nSM Trace-> SA: I_SPI=1 EV_X\nSM Trace-> SA: I_SPI=1 EV_X\n")));
    /* a page's source */
    CHECK(!anchors_needed(
        TEXT("SM Trace-&gt; SA: I_SPI=1 EV_X\nSM Trace-&gt; SA: I_SPI=1 EV_X\nSM Trace-&gt; SA: I_SPI=1 EV_X\n")));
    CHECK(!anchors_needed(TEXT("")));
}

int main(void)
{
    arena = arena_create();
    anchors = anchors_create();
    lines();
    needed();
    anchors_drop(anchors);
    arena_destroy(arena);
    return TEST_REPORT();
}
