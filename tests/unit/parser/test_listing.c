/* A page's listing of a log: whatever it puts in front of each line, the events are those of the log alone. */
#include "log.h"

#define T "*Nov 11 19:30:34.811: "

static const char *const log_lines[] = {
    T "IKEv2:(SA ID = 1):SM Trace-> SA: I_SPI=F074D8BBD5A59F0B R_SPI=0000000000000000 (I) MsgID = 00000000 CurState: IDLE Event: "
      "EV_INIT_SA",
    T "IKEv2:Adding Proposal P1 to toolkit policy",
    "",
    T "IKEv2:(SA ID = 1):Next payload: SA, version: 2.0 Exchange type: IKE_SA_INIT, flags: INITIATOR Message id: 0, length: 56",
    "Payload contents:",
    " NOTIFY(COOKIE)  Next payload: NONE, reserved: 0x0, length: 28",
    "    Security protocol id: Unknown - 0, spi size: 0, type: COOKIE",
    T "IKEv2:Insert SA",
    T "%CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is UP.  Peer 10.0.0.2:500       Id: 10.0.0.2",
};
enum { LINES = COUNT_OF(log_lines) };

/* numbered: the form is one for printf, with the number; else a bullet. */
static struct log *listed(const char *form, bool numbered, unsigned first, const char *before)
{
    char text[8192];
    size_t n = (size_t)snprintf(text, sizeof text, "%s", before);
    for (unsigned i = 0; i < LINES; i++) {
        n += numbered ? (size_t)snprintf(text + n, sizeof text - n, form, first + i)
                      : (size_t)snprintf(text + n, sizeof text - n, "%s", form);
        n += (size_t)snprintf(text + n, sizeof text - n, "%s\n", log_lines[i]);
    }
    return log_of(text);
}

static void same(const struct log *a, const struct log *b, const char *form)
{
    CHECK_NUMBER(a->count, b->count);
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        bool equal = a->seen[i].kind == b->seen[i].kind && a->seen[i].code == b->seen[i].code &&
                     strcmp(a->seen[i].text, b->seen[i].text) == 0 && a->seen[i].time.ns == b->seen[i].time.ns &&
                     strcmp(a->seen[i].types_text, b->seen[i].types_text) == 0;
        if (!equal)
            printf("form \"%s\": event %zu is \"%s\", not \"%s\"\n", form, i, a->seen[i].text, b->seen[i].text);
        CHECK(equal);
    }
    CHECK_NUMBER(a->model->inputs[0].lines[LINE_EVENT], b->model->inputs[0].lines[LINE_EVENT]);
}

static void forms(void)
{
    static const struct {
        const char *form;
        bool numbered;
    } rows[] = { { "  %u. ", true },
                 { "%u) ", true },
                 { "%3u | ", true },
                 { "%u\t", true },
                 { "%u ", true },
                 { "- ", false },
                 { "# ", false },
                 { "#", false },
                 { "! ", false },
                 { "* ", false },
                 { "\xe2\x80\xa2 ", false },
                 { "r1.log:%u:", true },
                 { "[Tue Mar 03 10:00:01.%03u 2026] ", true },
                 { "[%u] ", true },
                 { "+", false },
                 { "syslog-ng-1  | ", false } };
    struct log *plain = listed("", false, 1, "");
    CHECK(plain->count >= 5);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct log *l = listed(rows[i].form, rows[i].numbered, 1, "a page's heading\n\n");
        same(l, plain, rows[i].form);
        CHECK_NUMBER(l->model->inputs[0].lines[LINE_UNPARSED], 1); /* the heading */
        log_free(l);
        l = listed(rows[i].form, rows[i].numbered, 96, ""); /* a second page: its numbers go on */
        same(l, plain, rows[i].form);
        log_free(l);
    }
    log_free(plain);
}

/* What a search printed around what it found has other signs behind its numbers, and a rule between. */
static void searched(void)
{
    static const char *const names[] = { "", "r1.log:", "logs/r1.log:" };
    struct log *want = listed("", false, 0, "");
    for (size_t k = 0; k < COUNT_OF(names); k++) {
        char text[8192];
        size_t n = 0;
        for (unsigned i = 0; i < LINES; i++) {
            const char sign = log_lines[i][0] == '*' ? ':' : '-';
            const int name = (int)strlen(names[k]) - (names[k][0] != 0);
            n += (size_t)snprintf(text + n, sizeof text - n, "%.*s%.*s%u%c%s\n", name, names[k], name != 0, &sign, i + 12, sign,
                                  log_lines[i]);
            if (i == 1)
                n += (size_t)snprintf(text + n, sizeof text - n, "--\n");
        }
        struct log *l = log_of(text);
        same(want, l, names[k]);
        CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
        log_free(l);
    }
    log_free(want);
}

/* A few lines, and show output, whose heading alone says that all of it stands behind numbers. */
static void little_to_go_by(void)
{
    struct log *l = log_of(
        "  1\t%ASA-5-750007: Local:10.0.0.1:500 Remote:10.0.0.2:500 Username:10.0.0.2 IKEv2 SA DOWN. Reason: peer lost\n");
    CHECK_NUMBER(l->count, 1);
    CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
    log_free(l);
    l = log_of("  1\tTunnel-id Local                 Remote                fvrf/ivrf            Status\n"
               "  2\t1         10.0.0.1/500          10.0.0.2/500          none/none            READY\n"
               "  3\t      Encr: AES-CBC, keysize: 256, PRF: SHA512, Hash: SHA512, DH Grp:20, Auth sign: PSK, Auth verify: PSK\n"
               "  4\t      Life/Active Time: 86400/8 sec\n");
    CHECK_NUMBER(log_input(l)->lines[LINE_EVENT], 4);
    log_free(l);
}

/* A device's own numbers are no listing's: what is missing between them is a gap. */
static void own_numbers(void)
{
    struct log *l = log_of("000123: " T "IKEv2:Insert SA\n000124: " T "IKEv2:Insert SA\n000125: " T "IKEv2:Insert SA\n"
                           "000126: " T "IKEv2:Insert SA\n000131: " T "IKEv2:Deleting SA\n");
    CHECK_NUMBER(l->count, 5);
    CHECK(log_input(l)->troubles && strcmp(log_input(l)->troubles->rule, "debug-incomplete") == 0);
    log_free(l);
    /* what looks like a mark in a text that is none stays */
    l = log_of(T "IKEv2:Insert SA\n1. first\n2. second\n" T "IKEv2:Deleting SA\n");
    CHECK_NUMBER(l->count, 2);
    CHECK(log_input(l)->troubles == NULL);
    log_free(l);
}

/* What an article sets off by blanks is a terminal's text: its prompts, its debugs, the tables that they show. */
static void indented(void)
{
    struct log *plain = log_of("R9#show crypto ikev2 sa\n IPv4 Crypto IKEv2  SA\n\nR9#terminal monitor\n" T "IKEv2:Insert SA\n"
                               "R9#show crypto ipsec sa\ninterface: Tunnel9\n    Crypto map tag: T9, local addr 192.0.2.9\n");
    struct log *l = log_of("text\n    R9#show crypto ikev2 sa\n     IPv4 Crypto IKEv2  SA\n\n    R9#terminal monitor\n    " T
                           "IKEv2:Insert SA\n    R9#show crypto ipsec sa\n    interface: Tunnel9\n"
                           "        Crypto map tag: T9, local addr 192.0.2.9\n");
    same(l, plain, "    ");
    CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 1); /* the text */
    CHECK_TEXT(l->model->devices[l->seen[0].device].name, "R9");
    log_free(l);
    log_free(plain);
    /* blanks that a device itself prints stay: one line at the margin tells */
    l = log_of("crypto ikev2 keyring K\n peer P\n  address 192.0.2.1\n interface Tunnel1\n");
    CHECK(log_input(l)->kind == INPUT_CONFIG);
    log_free(l);
}

/* What a quoted line's mark opens stands at its end as well. */
static void closed(void)
{
    static const char *const quotes[] = { "\"", "'", "`" };
    struct log *plain = listed("", false, 0, "");
    for (size_t q = 0; q < COUNT_OF(quotes); q++) {
        char text[8192];
        size_t n = 0;
        for (unsigned i = 0; i < LINES; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%s,\n", quotes[q], log_lines[i], quotes[q]);
        struct log *l = log_of(text);
        same(l, plain, quotes[q]);
        CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
        log_free(l);
    }
    log_free(plain);
}

/* A terminal's clock in brackets stands before every line, whatever it is and however few there are. */
static void clock_in_brackets(void)
{
#define DOWN "%ASA-4-750003: Local:192.0.2.1:500 Remote:192.0.2.2:500 Username:x IKEv2 Negotiation aborted due to ERROR: x"
    static const char *const texts[] = { "[10:00:00] " DOWN "\n", "[10:00:00.123] " DOWN,
                                         "[03/03/2026 10:00:00 AM] Mar 03 2026 10:00:00 fw1 : " DOWN
                                         "\n[03/03/2026 10:00:01 AM]\n" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct log *l = log_of(texts[i]);
        CHECK_NUMBER(l->count, 1);
        CHECK_NUMBER(l->seen[0].code, CODE_NEGOTIATION_ABORTED);
        CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
        log_free(l);
    }
    struct log *l = log_of("[Tue] " DOWN "\n[10:00:00] a\nb\n");
    CHECK_NUMBER(l->count, 0);
    log_free(l);
}

/* A message that a relay kept as it came, with its priority; a number before the device's own. */
static void kept_as_it_came(void)
{
    static const char *const heads[] = { "Mar  3 10:00:09 192.0.2.9 ", "Mar  3 10:00:09 192.0.2.9 7: ", "000007: ",
                                         "<191>7: r9: ", "<164>1 2026-03-03T10:00:00Z r9 - - - - " };
    char text[400];
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        snprintf(text, sizeof text, "%s%s", heads[i], "<164>Mar 03 2026 10:00:00 fw1 : " DOWN "\n");
        struct log *l = log_of(text);
        CHECK_NUMBER(l->count, 1);
        CHECK_NUMBER(l->seen[0].code, CODE_NEGOTIATION_ABORTED);
        CHECK_TEXT(l->model->devices[l->seen[0].device].name, "fw1");
        log_free(l);
    }
    struct log *l = log_of("000001: 004711: " T "IKEv2:Insert SA\n000002: 004712: " T "IKEv2:Deleting SA\n");
    CHECK_NUMBER(l->count, 2);
    log_free(l);
}

/* A line that goes on with a message is its host's, whoever spoke between. */
static void hosts_by_turns(void)
{
#define R8 "Mar  3 10:00:00 192.0.2.8 7: "
#define R9 "Mar  3 10:00:00 192.0.2.9 7: "
    struct log *l = log_of(
        R8 T "IKEv2:(SESSION ID = 1,SA ID = 1):Received Packet [From 198.51.100.1:500/To 192.0.2.8:500/VRF i0:f0] \n" R8
             "Initiator SPI : 44B06BADFA7576C5 - Responder SPI : 0000000000000000 Message id: 0\n" R9 T
             "IKEv2:(SESSION ID = 1,SA ID = 1):Insert SA\n" R8 "IKEv2 IKE_SA_INIT Exchange REQUEST \n" R9 T
             "IKEv2:(SESSION ID = 1,SA ID = 1):Deleting SA\n" R8 "Payload contents: \n" R8 " SA KE N \n");
    CHECK_NUMBER(l->count, 3);
    CHECK_NUMBER(log_input(l)->lines[LINE_CONTINUATION], 4);
    size_t packets = 0;
    for (size_t i = 0; i < l->count; i++)
        if (l->messages[i]) {
            CHECK_NUMBER(l->seen[i].exchange, EXCHANGE_IKE_SA_INIT);
            CHECK(strcmp(l->seen[i].types_text, "SA KE Nonce") == 0);
            packets++;
        }
    CHECK_NUMBER(packets, 1);
    log_free(l);
}

int main(void)
{
    hosts_by_turns();
    clock_in_brackets();
    kept_as_it_came();
    forms();
    closed();
    indented();
    searched();
    little_to_go_by();
    own_numbers();
    return TEST_REPORT();
}
