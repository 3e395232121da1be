/* What stands in the place of addresses and SPIs. */
#include "parser/veils.h"

#include "test.h"

static void lifted(const char *head, const char *line, const char *want)
{
    struct veils *v = veils_create(text_of(head));
    CHECK_TEXT(v ? veils_lift(v, text_of(line)) : text_of(line), want);
    veils_destroy(v);
}

static void spi(const char *text, uint64_t value, unsigned digits, const char *rest)
{
    struct text t = text_of(text);
    struct spi s;
    CHECK(spi_scan(&t, &s));
    CHECK_NUMBER(s.value, value);
    CHECK_NUMBER(s.digits, digits);
    CHECK_TEXT(t, rest);
}

static void no_spi(const char *text)
{
    struct text t = text_of(text);
    struct spi s;
    CHECK(!spi_scan(&t, &s));
    CHECK_TEXT(t, text);
}

int main(void)
{
    /* words with blanks, in every line; one that a message's place shows brings those in the same brackets along */
    static const char head[] = "IKEv2:Received Packet [From <peer ip>:500/To [My Public IP]:500/VRF i0:f0]\n"
                               "start addr: <inside net>\n";
    lifted(head, "local address [My Public IP], from <peer ip>", "local address <My-Public-IP>, from <peer-ip>");
    lifted(head, "start addr: <inside net>, end addr: x", "start addr: <inside-net>, end addr: x");
    lifted(head, "nothing of it", "nothing of it");
    /* marks without a letter; different ones stay different */
    static const char marks[] =
        "750001 Local:\xe2\x96\x88\xe2\x96\x88:500 Remote:\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88:500 Username:x\n";
    lifted(marks, "from \xe2\x96\x88\xe2\x96\x88\xe2\x96\x88 to \xe2\x96\x88\xe2\x96\x88.", "from <hidden-2> to <hidden>.");
    /* a word of its own, not a part of one */
    lifted("Local:my ip:500 Remote:their ip:500 Username:x\n", "their ip, their ips, my ip", "<their-ip>, their ips, <my-ip>");
    /* a row of a table */
    lifted("1    peer ip/500    my ip/4500    none/none  READY\n", "2   my ip/500", "2   <my-ip>/500");
    /* what is read as it stands, and what is none */
    lifted("Local:x.x.x.x:500 Remote:<IP>:500 Username:x\n", "from <IP>", "from <IP>");
    lifted("Local:Unknown:500 Remote:192.0.2.1:500 Username:x\n", "Unknown 192.0.2.1", "Unknown 192.0.2.1");
    lifted("Interface <some text> is up\n", "<some text>", "<some text>");

    spi("F074D8BBD5A59F0B R", 0xf074d8bbd5a59f0b, 16, " R");
    spi(" 0x1A2B3C4D)", 0x1a2b3c4d, 8, ")");
    spi("XXXXXXXXXXXXXXXX R", 0, 0, " R");
    spi("xxxxxxxx - r", 0, 0, " - r");
    spi("<SPI 1> R", 0, 0, " R");
    spi("[removed] R", 0, 0, " R");
    spi("SPI_I - R", 0, 0, " - R");
    spi("F074XXXXXXXX9F0B]", 0xf074, 4, "]");
    spi("F0XXXXXXXXXXXXXX ", 0, 0, " "); /* two digits tell nobody apart */
    spi("0xXXXXXXXX,", 0, 0, ",");
    no_spi("");
    no_spi("<");
    no_spi("= 4");
    return TEST_REPORT();
}
