/* What is damage and what is a terminal's habit; what is cut and what only lacks its last LF. */
#include "parser/damage.h"

#include "test.h"

#define T  "*Nov 11 19:30:34.811: "
#define XE T "IKEv2:(SESSION ID = 31,SA ID = 1):"
#define SM "SM Trace-> SA: I_SPI=F074D8BBD5A59F0B R_SPI=0000000000000000 (I) MsgID = 0 CurState: "

static void octets(void)
{
    static const struct {
        struct text line;
        bool damaged;
    } rows[] = {
        { TEXT(""), false },
        { TEXT("a line of \x1b[1mtext\x1b[0m\a with \b \b a few \0\0\0 zeros"), false },
        { TEXT("\0\0\0\0\0\0\0 seven zeros"), false },
        { TEXT("\0\0\0\0\0\0\0\0 eight of them"), true },
        { TEXT("flow \x11\x13\x11\x13 control, \x0e\x0f sets, \f pages \v"), false },
        { TEXT("two \x01\x02 only"), false },
        { TEXT("three \x01\x02 of\x03 them"), true },
        { TEXT("far apart \x01 ....................................................... \x02 "
               "....................................................... \x03"),
          false },
        { TEXT("it\x92s \x93quoted\x94 \x96 so"), false }, /* Windows-1252 */
        { TEXT("f\xfcr Gr\xfc\xdf"
               "e \xe4\xf6\xfc"),
          false },                                                              /* Latin-1 */
        { TEXT("\xe2\x80\x9cso\xe2\x80\x9d \xe5\x8d\x94\xe5\x95\x86"), false }, /* UTF-8, whose octets go on with 0x80 to 0xbf */
        { TEXT("I_SPI=F0\x9d\xff\x8f\xe3\x16\x83\x99 R"), true },
        { TEXT("M\xef\xbf\xbdller f\xef\xbf\xbdr \xef\xbf\xbd"
               "ber"),
          false },
        { TEXT("SA: \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd 1"), true },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (damage_in(rows[i].line) != rows[i].damaged)
            printf("row %zu: %.*s\n", i, TEXT_ARGS(rows[i].line));
        CHECK(damage_in(rows[i].line) == rows[i].damaged);
    }
}

static void torn(void)
{
    static const char *const is[] = { "SM Trace-> SA: IIKEv2", "tate: R_BLD_AUTH Event: EV_SEND_AUTH",
                                      "(SESSVerify SA init message" };
    static const char *const is_not[] = { "Verify SA init message", "(SA ID = 1):[IPsec -> IKEv2] Callback received", "" };
    for (size_t i = 0; i < COUNT_OF(is); i++)
        CHECK(damage_torn(text_of(is[i])));
    for (size_t i = 0; i < COUNT_OF(is_not); i++)
        CHECK(!damage_torn(text_of(is_not[i])));
}

static void last_lines(void)
{
    static const struct {
        const char *line;
        bool dump, cut;
    } rows[] = {
        { XE "Checking NAT discovery", false, false },
        { XE "Checking NAT disc", false, true },
        { XE "Checking", false, true },
        { XE, false, true },
        { T "IKEv2:(SESSION ID = 31,SA", false, true },
        { T, false, true },
        { "*Nov 11 19:3", false, true },
        { "*No", false, true },
        { "19:30 and all is well", false, false },
        { "router", false, false },
        { XE SM "IDLE Event: EV_INIT_SA", false, false },
        { XE SM "IDLE Event: EV_INIT_", false, true },
        { XE "SM", false, true },
        { T "IKEv2:Received Packet [From 10.0.0.1:500/To 10.0.0.2:500/VRF i0:f0]", false, false },
        { T "IKEv2:Received Packet [From 10.0.0.1:500/To 10.", false, true },
        { XE "a text that no row of the tables knows", false, false },
        { "VID IDi AUTH SA TSi TSr NOTIFY(INITIAL_CON", true, true },
        { "VID IDi AUTH SA TSi TSr NOTIFY(INITIAL_CONTACT)", true, false },
        { "     40 48 b7 d5 6", true, true },
        { "     40 48 b7 d5 6e", true, false },
        { T "%CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is UP.  Peer 10.0.0.2:500       Id: 10.0.0.2", false, false },
        { T "%ENVMON-4-FAN_LOW_RPM: Fan 2 serv", false, false },
    };
    struct heads heads;
    damage_learn(&heads, TEXT("a heading\n" XE "Verify SA init message\n" T "IKEv2:Insert SA\n"));
    CHECK_NUMBER(heads.count, 2);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (damage_cut(&heads, text_of(rows[i].line), rows[i].dump) != rows[i].cut)
            printf("row %zu: %s\n", i, rows[i].line);
        CHECK(damage_cut(&heads, text_of(rows[i].line), rows[i].dump) == rows[i].cut);
    }
    damage_learn(&heads, TEXT(""));
    CHECK(!damage_cut(&heads, TEXT("*Nov 11"), false));
}

int main(void)
{
    octets();
    torn();
    last_lines();
    return TEST_REPORT();
}
