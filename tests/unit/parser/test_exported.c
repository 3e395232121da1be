/* What a collector exported: the events are those of the lines that it packed. */
#include "log.h"
#include "parser/exported.h"

#define A "*Nov 11 19:30:34.811: IKEv2:(SESSION ID = 1,SA ID = 1):"

static const char *device(const struct log *l, size_t i)
{
    return l->model->devices[l->seen[i].device].name.at;
}

static void two_events(struct log *l, const char *first, const char *second)
{
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(l->seen[0].code, CODE_SA_INSERTED);
    CHECK_NUMBER(l->seen[1].code, CODE_SA_DELETED);
    CHECK(strcmp(device(l, 0), first) == 0 && strcmp(device(l, 1), second) == 0);
    CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
    log_free(l);
}

static void json(void)
{
    two_events(log_of("{\"host\":\"r1\",\"message\":\"" A "Insert SA\"}\n{\"host\":\"r1\",\"message\":\"\"}\n"
                      "{\"host\":\"r2\",\"message\":\"" A "Deleting SA\"}\n"),
               "r1", "r2");
    /* behind a time and a tag */
#define TAGGED "2026-03-03 10:00:01.000000000 +0100 cisco.debug: "
    two_events(log_of(TAGGED "{\"host\":\"r1\",\"message\":\"" A "Insert SA\"}\n" TAGGED
                             "{\"host\":\"r1\",\"message\":\"\"}\n" TAGGED "{\"host\":\"r2\",\"message\":\"" A
                             "Deleting SA\"}\n"),
               "r1", "r2");
    /* an array; a shell around; other members; one object without a message */
    two_events(log_of("[\n{\"result\":{\"_raw\":\"" A
                      "Insert SA\",\"host\":\"r1\"}},\n{\"result\":{\"_raw\":\"!\",\"host\":\"r1\"}},\n"
                      "{\"took\":3},\n{\"result\":{\"_raw\":\"" A "Deleting SA\",\"host\":[\"r1\"]}}\n]\n"),
               "r1", "r1");
    /* a message of several lines counts its one line once */
    struct log *l = log_of("{\"message\":\"" A "Insert SA\\n" A "Deleting SA\"}\n{\"message\":\"!\"}\n{\"message\":\"!\"}\n");
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(log_input(l)->line_total, 3);
    uint64_t sum = 0;
    for (unsigned c = 0; c < LINE_CLASS_COUNT; c++)
        sum += log_input(l)->lines[c];
    CHECK_NUMBER(sum, 3);
    log_free(l);
}

/* Keys with blanks in their values, and signs behind backslashes. */
static void cef(void)
{
#define CEF "Mar 02 2026 10:00:00 relay CEF:0|Cisco|IOS\\|XE|17.9|debug|a name|3|dvchost="
    two_events(
        log_of(CEF "r1 msg=" A "Insert SA cs1Label=a b\n" CEF "r1 msg= cs1Label=x\n" CEF "r2 cs1=a\\=b msg=" A "Deleting SA\n"),
        "r1", "r2");
    /* an ASA's message, whose number stands beside it alone */
    struct log *l = log_of("CEF:0|Cisco|ASA|9.16|ASA-3-751009|x|3|dvchost=fw msg=Local:192.0.2.1:500 Remote:192.0.2.2:500 "
                           "Username:Unknown IKEv2 Unable to find tunnel group for peer.\n");
    CHECK_NUMBER(l->count, 1);
    CHECK_NUMBER(l->seen[0].code, CODE_TUNNEL_GROUP_NOT_FOUND);
    CHECK(strcmp(device(l, 0), "fw") == 0);
    log_free(l);
    /* without backslashes: "S =" and "I_SPI=" are no keys of CEF's */
#define BARE "CEF:0|Cisco|IOS|17.9|debug|a name|3|dvchost=r1 msg="
    l = log_of(BARE "*Nov 11 19:30:34.811: IKEv2:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=0123456789ABCDEF "
                    "R_SPI=FEDCBA9876543210 (R) MsgID = 1 CurState: AUTH_DONE Event: EV_FAIL cs1Label=facility cs1=local7\n");
    CHECK_NUMBER(l->count, 1);
    CHECK(strcmp(l->seen[0].state, "AUTH_DONE") == 0 && strcmp(l->seen[0].event, "EV_FAIL") == 0);
    CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
    log_free(l);
    /* a sender's own keys, before the message and behind it; a message's own "name=" is no key */
#define OWN "CEF:0|Cisco|IOS|17.9|debug|a name|3|dvchost="
    two_events(log_of(OWN "r1 siteCode=0 msg=" A "Insert SA tenantId=42\n" OWN "r1 siteCode=x y msg= tenantId=42\n" OWN
                          "r2 site=7 msg=" A "Deleting SA\n"),
               "r1", "r2");
    l = log_of(OWN
               "fw msg=%ASA-4-750003: Local:192.0.2.1:500 Remote:192.0.2.2:500 Username:Unknown IKEv2 Negotiation aborted due "
               "to ERROR: Failed to find a matching policy, unstructuredName=a tenantId=42 siteCode=x\n");
    CHECK_NUMBER(l->count, 1);
    CHECK(text_ends(text_of(l->seen[0].text), TEXT("Failed to find a matching policy, unstructuredName=a")));
    log_free(l);
}

/* A tab or a sign of the sender's own stands between the keys; the sender may leave the sign out. */
static void leef(void)
{
#define LEEF "Mar 02 10:00:00 relay LEEF:1.0|Cisco|IOS|17.9|debug|sev=7\tidentHostName="
    two_events(log_of(LEEF "r1\tmsg=" A "Insert SA\tcat=x\n" LEEF "r1\tmsg=\tcat=x\n" LEEF "r2\tmsg=" A "Deleting SA\n"), "r1",
               "r2");
#define LEEF2 "LEEF:2.0|Cisco|IOS|17.9|debug|"
    two_events(log_of(LEEF2 "^|identHostName=r1^msg=" A "Insert SA\n" LEEF2 "x7C|identHostName=r1|msg=\n" LEEF2
                            "identHostName=r2\tmsg=" A "Deleting SA\n"),
               "r1", "r2");
}

/* Records over many lines or one, with what they say of host and time, and what Windows writes a second time. */
static void xml(void)
{
#define EVENT(host) "<Event><System><TimeCreated SystemTime='2026-03-03T10:00:01.0Z'/><Computer>" host "</Computer></System>"
    two_events(
        log_of(EVENT(
            "r1") "<EventData><Data>" A "Insert SA</Data></EventData><RenderingInfo><Message>" A
                  "Insert SA</Message></RenderingInfo></Event>\n" EVENT("r1") "<EventData><Data/></EventData></Event>\n" EVENT(
                      "r2") "<EventData><Data Name=\"p\">x</Data><Data Name=\"q\">" A "Deleting SA</Data>"
                            "</EventData></Event>\n"),
        "r1", "r2");
    two_events(log_of("<?xml version=\"1.0\"?>\n<log>\n <event host=\"r1\">\n  <message>" A
                      "Insert SA\n</message>\n </event>\n <event host='r2'>\n"
                      "  <message><![CDATA[" A "Deleting SA]]></message>\n </event>\n</log>\n"),
               "r1", "r2");
    /* a time that the line has not itself, and signs that XML spells out */
    struct log *l = log_of(
        "<log>\n<entry timestamp=\"2026-03-03T10:00:01Z\"><msg>IKEv2:(SESSION ID = 1,SA ID = 1):SM Trace-&gt; SA: "
        "I_SPI=0123456789ABCDEF R_SPI=FEDCBA9876543210 (R) MsgID = 1 CurState: AUTH_DONE Event: EV_FAIL&#13;&#10;"
        "</msg></entry>\n</log>\n");
    CHECK_NUMBER(l->count, 1);
    CHECK(strcmp(l->seen[0].state, "AUTH_DONE") == 0 && l->seen[0].time.has_year);
    log_free(l);
}

/* What a record says of its device and time is not the next one's, wherever lines end. */
static void xml_records(void)
{
#define RECORD(host, said) "<event" host "><message>" A said "</message></event>"
#define LONG               "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr.example" /* 72 octets */
#define FOUR               LONG LONG LONG LONG
    two_events(log_of("<log>" RECORD(" host=\"r1\"", "Insert SA") RECORD(" host='r2'", "Deleting SA") "</log>\n"), "r1", "r2");
    two_events(log_of("<log>\n" RECORD(" host='r1'", "Insert SA") "\n" RECORD("", "Deleting SA") "\n</log>\n"), "r1", "x");
    two_events(log_of("<log>\n" RECORD(" host='r1'", "Insert SA") "\n" RECORD(" host='" FOUR "'", "Deleting SA") "\n</log>\n"),
               "r1", "x");
    two_events(log_of("<log>\n" RECORD(" host='r1'", "Insert SA") "\n" RECORD(" host='" LONG "'", "Deleting SA") "\n</log>\n"),
               "r1", LONG);
    /* behind its message; around the records, until what it is said of ends */
#define BEHIND(host, said) "<event><message>" A said "</message><host>" host "</host></event>"
    two_events(log_of("<log>" BEHIND("r1", "Insert SA") BEHIND("r2", "Deleting SA") "</log>\n"), "r1", "r2");
    two_events(log_of("<log><router host='r1'><line/>" RECORD("", "Insert SA")
                          RECORD("", "") "</router>\n<router host='r2'>"
                                         "<a/>" RECORD("", "Deleting SA") "</router></log>\n"),
               "r1", "r2");
    two_events(log_of("<log><router host='r1'>" RECORD("", "Insert SA")
                          RECORD("", "") "</router>\n<router>"
                                         "<a/>" RECORD("", "Deleting SA") "</router></log>\n"),
               "r1", "x");
#define BELOW(host, said) "<event>\n<message>" A said "</message>\n<host>" host "</host>\n</event>\n"
    two_events(log_of("<log>\n" BELOW("r1", "Insert SA") BELOW("r2", "Deleting SA") "</log>\n"), "r1", "r2");
    two_events(log_of("<log>\n" BELOW("r1", "Insert SA") "<event>\n<message>" A "Deleting SA</message>\n"), "r1", "x");
    /* no records: what was said last */
    two_events(log_of("<log><host>r1</host><msg>" A "Insert SA</msg><host>r2</host><msg>" A "Deleting SA</msg></log>\n"), "r1",
               "r2");
}

/* Of the data that have no name those are the log's where its lines begin, in whichever order, and what goes on with one. */
static void xml_data(void)
{
#define DATA(first, second) EVENT("r1") "<EventData><Data>" first "</Data><Data>" second "</Data></EventData></Event>\n"
    two_events(log_of(DATA("4711", A "Insert SA") DATA("4711", "") DATA("4711", A "Deleting SA")), "r1", "r1");
    two_events(log_of(DATA(A "Insert SA", "4711") DATA("", "x") DATA(A "Deleting SA", "4711")), "r1", "r1");
    two_events(log_of(DATA(A "Insert SA", "x") DATA("4711", A "Deleting SA") DATA("4711", "")), "r1", "r1");
    struct log *l = log_of(DATA("4711", A "Insert SA") DATA("4711", "at the end") DATA("4711", A "Deleting SA"));
    CHECK_NUMBER(log_input(l)->lines[LINE_CONTINUATION] + log_input(l)->lines[LINE_UNPARSED], 1);
    log_free(l);
}

/* "host" is the collector's where another member names the router, nested or with dots. */
static void routers(void)
{
    two_events(log_of("{\"host\":{\"name\":\"c\"},\"observer\":{\"name\":\"r1\"},\"message\":\"" A
                      "Insert SA\"}\n{\"host\":{\"name\":\"c\"},\"message\":\"\"}\n"
                      "{\"host\":{\"name\":\"c\"},\"log\":{\"source\":{\"address\":\"192.0.2.9:514\"}},\"message\":\"" A
                      "Deleting SA\"}\n"),
               "r1", "192.0.2.9");
    two_events(log_of("{\"host.name\":\"c\",\"syslog.hostname\":[\"r1\"],\"event\":{\"original\":\"" A
                      "Insert SA\"}}\n{\"host.name\":\"c\",\"message\":\"\"}\n"
                      "{\"line\":\"" A "Deleting SA\",\"labels\":{\"host\":\"r2\"}}\n"),
               "r1", "r2");
}

/* Names are looked up by halves: they must stand in order, and each be found. */
static void names(void)
{
    static const char *const known[] = {
#define X(constant, name) name,
#include "parser/exported_names.def"
#undef X
    };
    for (size_t i = 1; i < COUNT_OF(known); i++) {
        const size_t before = strlen(known[i - 1]), len = strlen(known[i]);
        CHECK(before < len || (before == len && memcmp(known[i - 1], known[i], len) < 0));
    }
    CHECK_NUMBER(exported_rank(TEXT("rawmsg")), 0);
    CHECK_NUMBER(exported_rank(TEXT("line")), 16);
    CHECK(exported_rank(TEXT("host")) < 0 && exported_rank(TEXT("lin")) < 0 && exported_rank(TEXT("")) < 0);
    CHECK(exported_is_host(TEXT("Log Source")) && exported_is_host(TEXT("host")) && !exported_is_host(TEXT("Host")));
    CHECK(exported_is_time(TEXT("@timestamp")) && exported_is_time(TEXT("date")) && !exported_is_time(TEXT("log")));
}

/* Of several members of one name the last counts, and one that is null is none. */
static void twice(void)
{
    two_events(log_of("{\"host\":\"x\",\"host\":\"r1\",\"msg\":\"x\",\"msg\":null,\"message\":\"" A
                      "Insert SA\"}\n{\"message\":\"\"}\n{\"host\":null,\"hostip\":\"r2\",\"message\":\"x\",\"message\":\"" A
                      "Deleting SA\"}\n"),
               "r1", "r2");
}

/* What two routers say, line by line in turn, and a packet among it: each line is its router's, whichever spoke before. */
static void in_turn(void)
{
#define SAID(host, text) "{\"host\":\"" host "\",\"message\":\"" text "\"}\n"
    struct log *l = log_of(SAID("r1", A "Insert SA") SAID("r2", A "Insert SA") SAID("r2", A "Deleting SA")
                               SAID("r1", A "Sending Packet [To 192.0.2.2:500/From 192.0.2.1:500/VRF i0:f0] ") SAID(
                                   "r1", "Initiator SPI : B7A4712C74562914 - Responder SPI : 0000000000000000 Message id: 0 ")
                                   SAID("r1", "IKEv2 IKE_SA_INIT Exchange REQUEST ") SAID("r1", "Payload contents: ")
                                       SAID("r1", " SA KE N VID ") SAID("r2", A "Insert SA") SAID("r1", A "Deleting SA"));
    static const char *const whose[] = { "r1", "r2", "r2", "r2", "r1", "r1" }; /* the packet goes out when it is over */
    CHECK_NUMBER(l->count, 6);
    for (size_t i = 0; i < l->count && i < 6; i++)
        CHECK(strcmp(device(l, i), whose[i]) == 0);
    CHECK_NUMBER(l->seen[4].lines, 5);
    CHECK_TEXT(text_of(l->seen[4].types_text), "SA KE Nonce V");
    CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
    log_free(l);
}

/* Tabs need neither names nor quotes, behind a time. */
static void tabs(void)
{
#define TIME "2026-03-03 10:00:00\tr1\tlocal7\t"
    struct log *l = log_of(TIME A "Insert SA\n" TIME "\n" TIME A "Deleting SA\n");
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(l->seen[0].code, CODE_SA_INSERTED);
    CHECK_NUMBER(l->seen[1].code, CODE_SA_DELETED);
    CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
    CHECK_NUMBER(log_input(l)->lines[LINE_BLANK], 1);
    log_free(l);
}

static void csv(void)
{
    two_events(log_of("\"_time\",\"host\",\"_raw\"\n\"x\",\"r1\",\"" A "Insert SA\"\n\"x\",\"r1\",\"\"\n\"x\",\"r2\",\"" A
                      "Deleting SA\"\n"),
               "r1", "r2");
    /* semicolons, no quotes, the message in the midst */
    two_events(log_of("Time;Message;Host\nx;" A "Insert SA;r1\nx;!;r1\nx;" A "Deleting SA;r1\n"), "r1", "r1");
    /* no heading: the last column; a doubled quote; a message over two lines */
    struct log *l = log_of("\"x\",\"" A "Insert SA\"\n\"x\",\"" A "Using \"\"x\"\"\n" A "Deleting SA\"\n\"x\",\"" A
                           "Insert SA\"\n");
    CHECK_NUMBER(l->count, 4);
    CHECK_NUMBER(l->seen[2].code, CODE_SA_DELETED);
    CHECK(strcmp(l->seen[1].text, "Using \"x\"") == 0);
    log_free(l);
}

/* No heading says which column it is: that in which log lines begin, behind a time. */
static void unnamed_columns(void)
{
#define ROW "Information,3/3/2026 10:00:01 AM,Syslog,1,None,"
    static const char *const texts[] = {
        "Level,Date and Time,Source,Event ID,Task Category\n" ROW "\"" A "Insert SA\"\n" ROW "\n" ROW "\"" A "Deleting SA\"\n",
        "Zeit;Quelle;Meldung\n03.03.2026 10:00:01;x;" A "Insert SA\n03.03.2026 10:00:01;x;" A "Deleting SA\n",
        "host,message\nr1,\"" A "Insert SA\"\nr1,\"" A "Deleting SA\"\n", /* two lines with a heading that says it */
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct log *few = log_of(texts[i]);
        CHECK_NUMBER(few->count, 2);
        CHECK_NUMBER(few->seen[1].code, CODE_SA_DELETED);
        CHECK_NUMBER(log_input(few)->lines[LINE_UNPARSED], 0);
        log_free(few);
    }
    /* one line in quotes */
    struct log *l = log_of("\"2026-03-03 10:00:01\",\"r1\",\"" A "Insert SA\"\n");
    CHECK_NUMBER(l->count, 1);
    log_free(l);
}

/* An ASA's messages whose number the export left out; one whose words are not known is a message, too. */
static void unnumbered(void)
{
#define ENDS "\"2025-03-14 10:21:09\",\"Local:192.0.2.1:500 Remote:192.0.2.2:500 Username:x IKEv2 "
    struct log *l = log_of("\"Time\",\"Message\",\"Device\"\n" ENDS "SA UP. Reason: New Connection Established\",\"fw\"\n" ENDS
                           "Negotiation aborted due to ERROR: Auth exchange failed\",\"fw\"\n" ENDS "something else\",\"fw\"\n");
    CHECK_NUMBER(l->count, 3);
    CHECK_NUMBER(l->seen[0].code, CODE_SA_CREATED);
    CHECK_NUMBER(l->seen[1].code, CODE_NEGOTIATION_ABORTED);
    CHECK(strcmp(device(l, 0), "fw") == 0);
    CHECK_NUMBER(l->seen[2].code, CODE_STEP_SESSION);
    log_free(l);
}

/* Two lines that were sought, the newer one first. */
static void two_newest_first(void)
{
    two_events(log_of("{\"preview\":false,\"result\":{\"_raw\":\"*Nov 11 19:30:35.000: IKEv2:(SESSION ID = 1,SA ID = 1):Deleting "
                      "SA\",\"host\":\"r1\"}}\n{\"preview\":false,\"result\":{\"_raw\":\"" A "Insert SA\",\"host\":\"r1\"}}\n"),
               "r1", "r1");
}

/* A log as it is behind an export: read, and what is neither is said. */
static void mixed(void)
{
    struct log *l = log_of("{\"message\":\"" A "Insert SA\"}\n{\"message\":\"!\"}\n{\"message\":\"!\"}\n{\"took\":3}\n" A
                           "Deleting SA\n"
                           "neither\n");
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(l->seen[1].code, CODE_SA_DELETED);
    CHECK_NUMBER(log_input(l)->lines[LINE_EVENT], 2);
    log_free(l);
}

/* Commas and braces of a log that nobody exported. */
static void neither(void)
{
    struct log *l = log_of(A "Insert SA\n" A "Received Packet [From 10.0.0.1:500/To 10.0.0.2:500/VRF i0:f0]\n" A "Deleting SA\n");
    CHECK_NUMBER(l->count, 3);
    log_free(l);
    l = log_of("{\"took\":3}\n{\"hits\":0}\n{\"message\":5}\n{\"message\":null}\n{broken\n");
    CHECK_NUMBER(l->count, 0);
    CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 5);
    log_free(l);
}

int main(void)
{
    json();
    cef();
    leef();
    xml();
    xml_records();
    xml_data();
    routers();
    names();
    twice();
    in_turn();
    csv();
    tabs();
    unnamed_columns();
    unnumbered();
    two_newest_first();
    mixed();
    neither();
    return TEST_REPORT();
}
