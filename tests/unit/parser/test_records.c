/* What lines become: wrapped, glued, cut, relayed, damaged ones. */
#include "log.h"

#define SM                                                                                                                       \
    "IKEv2:(SA ID = 1):SM Trace-> SA: I_SPI=F074D8BBD5A59F0B R_SPI=0000000000000000 (I) MsgID = 00000000 CurState: IDLE Event: " \
    "EV_INIT_SA"
#define T "*Nov 11 19:30:34.811: "

static void plain(void)
{
    struct log *l = log_of(T SM "\n" T "IKEv2:Adding Proposal P1 to toolkit policy\n");
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(l->seen[0].kind, EVENT_SM_TRANSITION);
    CHECK(strcmp(l->seen[0].state, "IDLE") == 0 && strcmp(l->seen[0].event, "EV_INIT_SA") == 0);
    CHECK_NUMBER(l->seen[0].role, SIDE_INITIATOR);
    CHECK_NUMBER(l->seen[0].sa_id, 1);
    CHECK(l->seen[0].spi_i.value == 0xF074D8BBD5A59F0B && l->seen[0].spi_i.digits == 16 && l->seen[0].spi_r.value == 0);
    CHECK_NUMBER(l->seen[0].time.mark, '*');
    CHECK_NUMBER(l->seen[1].code, CODE_PROPOSAL_ADDED);
    CHECK_TEXT(fact_get_text(l->facts[1], "proposal"), "P1");
    CHECK_NUMBER(log_input(l)->kind, INPUT_IOS_DEBUG);
    CHECK_NUMBER(log_input(l)->lines[LINE_EVENT], 2);
    CHECK(strcmp(log_device(l, 0), "x") == 0);
    log_free(l);
}

static void empty(void)
{
    struct log *l = log_of("");
    CHECK_NUMBER(l->count, 0);
    CHECK_NUMBER(log_input(l)->line_total, 0);
    log_free(l);
    l = log_of("\n");
    CHECK_NUMBER(log_input(l)->lines[LINE_BLANK], 1);
    log_free(l);
    l = log_of("no log at all");
    CHECK_NUMBER(l->count, 0);
    CHECK_NUMBER(log_input(l)->line_total, 1);
    CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 1);
    CHECK_NUMBER(log_input(l)->kind, INPUT_UNKNOWN);
    log_free(l);
}

static void wrapped(void)
{
    struct log *l = log_of("2328304: Jun  8 19:14:38.051 GMT: IKEv2:(SESSION ID = 14607,SA ID = 68):\n"
                           "SM Trace-> SA: I_SPI=E4368647479E50EF R_SPI=97B2C8AA5268271A (R) MsgID = 1\n"
                           "CurState: R_VERIFY_AUTH Event: EV_CHK_CERT_ENC\n"
                           "2328305: Jun  8 19:14:38.059 GMT: IKEv2:(SESSION ID = 14607,SA ID = 68):Verify cert\nfailed\n"
                           "2328306: Jun  8 19:14:38.059 GMT: IKEv2:(SESSION ID = 14607,SA ID = 68)\n:Verification of peer's "
                           "authentication data FAILED\n");
    CHECK_NUMBER(l->count, 3);
    CHECK(l->seen[0].kind == EVENT_SM_TRANSITION && l->seen[0].lines == 3 && strcmp(l->seen[0].event, "EV_CHK_CERT_ENC") == 0);
    CHECK_NUMBER(l->seen[0].session_id, 14607);
    CHECK(l->seen[1].code == CODE_CERT_FAILED && l->seen[1].lines == 2);
    CHECK(l->seen[2].code == CODE_AUTH_FAILED && l->seen[2].line == 6);
    CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
    CHECK(log_input(l)->troubles == NULL);
    log_free(l);
}

static void glued(void)
{
    struct log *l = log_of(
        "IKEv2-PROTO-5: Construct Notify Payload: NO_PROPOSAL_CHOSENIKEv2-PROTO-5: (1): SM Trace-> SA: I_SPI=4F3BB707051D3210 "
        "R_SPI=2E799D8B77867B14 (R) MsgID = 0000000A CurState: R_INIT Event: EV_ENCRYPT_MSG\n");
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(l->seen[0].code, CODE_PAYLOAD_CONSTRUCTED);
    CHECK(strcmp(l->seen[0].text, "Construct Notify Payload: NO_PROPOSAL_CHOSEN") == 0);
    CHECK(l->seen[1].kind == EVENT_SM_TRANSITION && l->seen[1].msgid == 10 && l->seen[1].line == 1 && l->seen[1].sa_id == 1);
    CHECK_NUMBER(log_input(l)->line_total, 1);
    CHECK_NUMBER(log_input(l)->kind, INPUT_ASA_DEBUG);
    log_free(l);
    /* two IOS entries on one line, the second with its own time */
    l = log_of(T "IKEv2:Got a packet from dispatcher " T SM "\n");
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(l->seen[0].code, CODE_PACKET_DISPATCHED);
    CHECK_NUMBER(l->seen[1].kind, EVENT_SM_TRANSITION);
    log_free(l);
}

static void many_glued(void)
{
    size_t one = strlen(T SM) + 1, count = 5000, len = one * count;
    char *text = malloc(len + 1);
    for (size_t i = 0; i < count; i++)
        snprintf(text + i * one, one + 1, "%s ", T SM);
    struct log *l = log_read(text, len, 1 << 18, "x.log");
    CHECK_NUMBER(l->count, count);
    CHECK_NUMBER(log_input(l)->line_total, 1);
    log_free(l);
    free(text);
}

static void prompts(void)
{
    struct log *l = log_of("R3# clear crypto ikev2 sa\n" T SM "\nR3#\n");
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(l->seen[0].code, CODE_CLEAR_COMMAND);
    CHECK(strcmp(log_device(l, 1), "R3") == 0);
    CHECK_NUMBER(log_input(l)->lines[LINE_NOISE], 1);
    log_free(l);
    /* a prompt that cut a packet's header line in two does not end the packet */
    l = log_of("Jun 12 09:49:24.788: IKEv2:(SESSION ID = 0,SA ID = 0):Received Packet [From 192.0.2.1:4500/To 192.0.2.2:4500/VRF "
               "i0:f0]\n"
               "Initiator SPI : A47449A2BD1AE71A - Responder SPI : 5A1E2DF2291B6E9D Message id: 1\nIKEv2 IKE_AUTH Exchange "
               "RESPON\nR1#SE\n"
               "Jun 12 09:49:24.788: IKEv2-PAK:(SESSION ID = 0,SA ID = 0):Next payload: ENCR, version: 2.0 Exchange type: "
               "IKE_AUTH, flags: RESPONDER "
               "MSG-RESPONSE Message id: 1, length: 2556\n");
    CHECK_NUMBER(l->count, 1);
    CHECK(l->seen[0].kind == EVENT_PACKET_RECEIVED && l->seen[0].lines == 5 && l->seen[0].exchange == EXCHANGE_IKE_AUTH);
    CHECK(l->messages[0]->length == 2556 && l->messages[0]->flags == MESSAGE_RESPONSE && !(l->seen[0].has & HAS_SA_ID));
    log_free(l);
}

/* What is typed at a prompt is a command of its own: it does not go on with the message above, and shows no key. */
static void typed(void)
{
    static const char *const logs[] = {
        "May  5 2026 10:00:01: %ASA-5-750006: Local:192.0.2.1:500 Remote:198.51.100.7:500 Username:198.51.100.7 IKEv2 SA UP. "
        "Reason: "
        "New Connection Setup\nfw1# ping 10.8.0.1\n",
        "May  5 2026 10:00:01: %ASA-5-752016: IKEv2 was successful at setting up a tunnel.  Map Tag = M1.  Map Sequence Number = "
        "3.\n"
        "fw1# packet-tracer input inside icmp 10.7.0.1 8 0 10.8.0.1\n",
        T "IKEv2:(SESSION ID = 1,SA ID = 1):some words that nobody knows\nR4(config-ikev2-keyring-peer)#pre-shared-key local "
          "L0ngW0rd\n",
        T "IKEv2:(SESSION ID = 1,SA ID = 1):some words that nobody knows\nR4(config)#crypto isakmp key L0ngW0rd address "
          "192.0.2.9\n",
        "May  5 2026 10:00:01: %ASA-5-111008: User 'jdoe' executed the 'ikev2 remote-authentication pre-shared-key L0ngW0rd' "
        "command.\nfw1# exit\n",
    };
    for (size_t i = 0; i < COUNT_OF(logs); i++) {
        struct log *l = log_of(logs[i]);
        CHECK_NUMBER(l->count, 2);
        CHECK(l->count == 2 && l->seen[0].lines == 1 && l->seen[1].code == CODE_COMMAND);
        for (size_t n = 0; n < l->count; n++)
            CHECK(!strstr(l->seen[n].text, "L0ngW0rd"));
        log_free(l);
    }
}

static void relays(void)
{
    static const char *const lines[] = {
        "<189>2328304: " T SM "\n",
        "<189>Apr  7 13:08:35 r1.example.net 2328304: " T SM "\n",
        "Apr  7 13:08:35 r1.example.net 2328304: " T SM "\n",
        "<189>1 2024-06-20T14:03:22.501Z r1.example.net app - - - " T SM "\n",
        "2024-06-20T14:03:22.501+00:00 r1.example.net 12: " T SM "\n",
        "RP/0/RP0/CPU0:Nov 11 19:30:34.811: " SM "\n",
        "[2024-06-20 14:03:22.123] " T SM "\n",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct log *l = log_of(lines[i]);
        CHECK_NUMBER(l->count, 1);
        if (l->count == 1) {
            CHECK_NUMBER(l->seen[0].kind, EVENT_SM_TRANSITION);
            CHECK_NUMBER(l->seen[0].time.digits, 3);
            struct buffer b;
            buffer_init(&b, 100);
            stamp_print(l->seen[0].time, &b);
            CHECK_TEXT(buffer_view(&b), "11-11T19:30:34.811");
            buffer_clear(&b);
            if (i >= 1 && i <= 4)
                CHECK(strcmp(log_device(l, 0), "r1.example.net") == 0);
        }
        CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
        log_free(l);
    }
}

static void relayed_devices(void)
{
    struct log *l = log_of("Apr  7 13:08:35 r1 1: " T SM "\nApr  7 13:08:35 r2 1: " T "IKEv2:Got a packet from dispatcher\n"
                           "Apr  7 13:08:35 r1 5: " T "IKEv2:Insert SA\nApr  7 13:08:36 r2 2: " T "IKEv2:Deleting SA\n");
    CHECK_NUMBER(l->count, 4);
    CHECK_NUMBER(l->seen[0].device, l->seen[2].device);
    CHECK_NUMBER(l->seen[1].device, l->seen[3].device);
    CHECK(l->seen[0].device != l->seen[1].device);
    for (size_t i = 0; i + 1 < l->count; i++)
        CHECK(l->seen[i].line < l->seen[i + 1].line);
    CHECK(log_input(l)->troubles && strcmp(log_input(l)->troubles->rule, "debug-incomplete") == 0); /* r1: 2 to 4 are missing */
    log_free(l);
}

/* A packet's dump of one device has another's lines between its own, by relays that write the time as they like. */
static void relayed_dumps(void)
{
    static const char *const heads[] = { "Apr  7 13:08:35 ", "<189>Apr  7 13:08:35 ", "2024-04-07T13:08:35.123456+02:00 ",
                                         "<189>1 2024-04-07T13:08:35.123Z " };
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        const char *h = heads[i], *t = i == 3 ? " - - - - " : " ";
        char text[2000];
        snprintf(text, sizeof text,
                 "%sr1%s" T "IKEv2:(SESSION ID = 1,SA ID = 1):Sending Packet [To 192.0.2.2:500/From 192.0.2.1:500/VRF i0:f0]\n"
                 "%sr2%s" T "IKEv2:Got a packet from dispatcher\n"
                 "%sr1%sInitiator SPI : 4F3BB707051D3210 - Responder SPI : 0000000000000000 Message id: 0\n"
                 "%sr2%s" T "IKEv2:Insert SA\n%sr1%sIKEv2 IKE_SA_INIT Exchange REQUEST\n%sr2%s" T "IKEv2:Deleting SA\n"
                 "%sr1%sPayload contents:\n%sr2%s" T "IKEv2:Insert SA\n%sr1%s SA KE N VID\n",
                 h, t, h, t, h, t, h, t, h, t, h, t, h, t, h, t, h, t);
        struct log *l = log_of(text);
        CHECK_NUMBER(l->count, 5);
        CHECK(log_input(l)->lines[LINE_NOISE] == 0 && log_input(l)->lines[LINE_CONTINUATION] == 4);
        for (size_t k = 0; k < l->count; k++)
            if (l->seen[k].kind == EVENT_PACKET_SENT)
                CHECK(strcmp(log_device(l, k), "r1") == 0 && l->seen[k].exchange == EXCHANGE_IKE_SA_INIT &&
                      strcmp(l->seen[k].types_text, "SA KE Nonce V") == 0);
        log_free(l);
    }
}

static void wrapped_asa(void)
{
    struct log *l = log_of(
        "%ASA-7-711001: IKEv2-PROTO-5: (8): SM Trace-> SA: I_SPI=4F3BB707051D3210 R_SPI=2E799D8B77867B14 (R) MsgID = 00000001 "
        "CurState: READY Event: EV_R_OK\n%ASA-7-711001: IKEv2-PLAT-2: P1 ID = 0\n"
        "%ASA-4-750003: Local:192.0.2.1:500 Remote:192.0.2.2:500 Username:U IKEv2 Negotiation aborted due to ERROR: Failed to "
        "authenticate the IKE SA\n"
        "%ASA-6-302013: Built outbound TCP connection 1\n");
    CHECK_NUMBER(l->count, 3);
    CHECK(l->seen[0].kind == EVENT_SM_TRANSITION && l->seen[0].sa_id == 8);
    CHECK_NUMBER(l->seen[2].code, CODE_NEGOTIATION_ABORTED);
    CHECK_TEXT(fact_get_text(l->facts[2], "reason_code"), "AUTH_FAILED");
    CHECK(l->seen[2].has & HAS_LOCAL && l->seen[2].has & HAS_REMOTE);
    CHECK_NUMBER(log_input(l)->lines[LINE_NOISE], 1);
    CHECK_NUMBER(log_input(l)->kind, INPUT_ASA_DEBUG);
    log_free(l);
}

static void ends(void)
{
    static const char crlf[] = T SM "\r\n" T "IKEv2:Insert SA \r\r\n\r\n";
    struct log *l = log_of(crlf);
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(log_input(l)->lines[LINE_BLANK], 1);
    CHECK(strcmp(l->seen[1].text, "Insert SA") == 0);
    log_free(l);
    /* UTF-16 with a byte order mark, both ways round */
    for (int big = 0; big < 2; big++) {
        static const char text[] = T SM "\r\n" T "IKEv2:Insert SA\r\n";
        uint8_t wide[2 * sizeof text + 2];
        size_t n = 0;
        wide[n++] = big ? 0xfe : 0xff;
        wide[n++] = big ? 0xff : 0xfe;
        for (size_t i = 0; i + 1 < sizeof text; i++) {
            wide[n++] = (uint8_t)(big ? 0 : text[i]);
            wide[n++] = (uint8_t)(big ? text[i] : 0);
        }
        for (size_t piece = 1; piece < 100; piece += 33) {
            l = log_read(wide, n, piece, "x.log");
            CHECK_NUMBER(l->count, 2);
            CHECK_NUMBER(log_input(l)->line_total, 2);
            log_free(l);
        }
    }
    /* escapes, a pager and its backspaces, NUL, a bell */
    static const char noisy[] = "\x1b[1m" T
                                "IKEv2:Insert SA\x1b[0m\n --More-- \b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\b" T
                                "IKEv2:Deleting SA\n"
                                "<--- More --->\r              \r" T "IKEv2:Abort exchange\x07\n";
    l = log_of(noisy);
    CHECK_NUMBER(l->count, 3);
    CHECK_NUMBER(l->seen[1].code, CODE_SA_DELETED);
    CHECK_NUMBER(l->seen[2].code, CODE_EXCHANGE_ABORTED);
    log_free(l);
    static const char nul[] = T "IKEv2:Insert\0 SA\n" T "IKEv2:Using IKEv2 profile 'B\xfcro'\n";
    l = log_read(nul, sizeof nul - 1, 7, "x.log");
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(l->seen[0].code, CODE_SA_INSERTED);
    CHECK_TEXT(fact_get_text(l->facts[1], "profile"), "B\xc3\xbcro");
    log_free(l);
}

static void others(void)
{
    struct log *l = log_of(T "OSPF-1 ADJ   Et0/0: Neighbor change event\n" T
                             "IP: s=10.0.0.1 (local), d=10.0.0.2, len 100, sending\n    more of it\n" T SM "\n" T
                             "ISAKMP:(1001): processing SA payload\n");
    CHECK_NUMBER(log_input(l)->lines[LINE_NOISE], 3);
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(l->seen[1].code, CODE_IKEV1);
    log_free(l);
}

/* IKEv1 in every dress: counted, and no IKEv2. */
static void ikev1(void)
{
    struct log *l = log_of(
        "<165>:2023-03-22T15:10:19Z: %FTD-vpn-5-752004: Tunnel Manager dispatching a KEY_ACQUIRE message to IKEv1. "
        "Map Tag = M. Map Sequence Number = 2.\n"
        "Fri Sep 06 14:32:18 2013: <167>Sep 06 2013 14:32:17: %ASA-7-713236: IP = 10.0.0.2, IKE_DECODE\n"
        "Fri Sep 06 14:32:18 2013: <167>Sep 06 2013 14:32:17: %ASA-7-715047: IP = 10.0.0.2, processing VID\n"
        "Sep 15 03:14:00 [IKEv1]IP = 10.0.0.2, IKE Initiator: New Phase 1\n"
        "Sep 15 03:14:00 [IKEv1 DEBUG]IP = 10.0.0.2, processing SA payload\n"
        "<164>:2023-03-22T15:10:19Z: %FTD-vpn-4-750003: Local:10.0.0.1:500 Remote:10.0.0.2:500 Username:Unknown IKEv2 "
        "Negotiation aborted due to ERROR: Failed to find a matching policy\n");
    CHECK_NUMBER(l->count, 6);
    CHECK_NUMBER(l->seen[0].code, CODE_IKEV1_CHOSEN);
    CHECK_TEXT(fact_get_text(l->facts[0], "crypto_map"), "M");
    for (size_t i = 1; i < 5; i++)
        CHECK_NUMBER(l->seen[i].code, CODE_IKEV1);
    CHECK_NUMBER(l->seen[2].time.ns, l->seen[1].time.ns); /* the device's own time, not the relay's */
    CHECK_NUMBER(l->seen[2].time.ns, INT64_C(1378477937) * 1000000000);
    CHECK_NUMBER(l->seen[5].code, CODE_NEGOTIATION_ABORTED);
    log_free(l);
    l = log_of("Fri Mar 01 14:32:18 2013: IKEv2:Insert SA\n"); /* the year behind the time, no leap year */
    CHECK_NUMBER(l->seen[0].time.ns, INT64_C(1362148338) * 1000000000);
    log_free(l);
}

static void cut(void)
{
    struct log *l = log_of(
        T "IKEv2:(SA ID = 1):SM Trace-> SA: I_SPI=F074D8BBD5A59F0B R_SPI=0000000000000000 (I) MsgID = 00000000 CurState: I_BL");
    CHECK(log_input(l)->incomplete && log_input(l)->troubles && strcmp(log_input(l)->troubles->rule, "input-truncated") == 0);
    log_free(l);
    l = log_of(T "IKEv2:(SA ID = 1):Next payload: SA, version: 2.0 Exchange type: IKE_SA_INIT, flags: INITIATOR Message id: 0, "
                 "length: 344\nPayload contents:\n"
                 " SA  Next payload: KE, reserved: 0x0, length: 56\n");
    CHECK(log_input(l)->incomplete);
    log_free(l);
    l = log_of(T SM "\n");
    CHECK(!log_input(l)->incomplete);
    log_free(l);
}

static void unknown_texts(void)
{
    struct log *l = log_of(T "IKEv2:(SESSION ID = 3,SA ID = 2):Something that nobody has seen yet\n" T
                             "IKEv2-ERROR:(SESSION ID = 3,SA ID = 2):: Something went wrong\n");
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(l->seen[0].code, CODE_STEP);
    CHECK_NUMBER(l->seen[1].code, CODE_FAILURE);
    CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
    CHECK_NUMBER(log_input(l)->kind, INPUT_IOSXE_DEBUG);
    log_free(l);
}

static void policies(void)
{
    struct log *l = log_of(
        "IKEv2-PROTO-1: (1): Received Policies:\nProposal 1:  AES-CBC-128 SHA1 SHA256 DH_GROUP_2048_MODP/Group 14\n\n"
        "IKEv2-PROTO-1: (1): Failed to find a matching policy\nIKEv2-PROTO-1: (1): Expected Policies:\n"
        "Proposal 1:  AES-CBC-256 SHA1 SHA256 DH_GROUP_2048_MODP/Group 14\n\nIKEv2-PROTO-1: (1): Failed to find a matching "
        "policy\n");
    CHECK_NUMBER(l->count, 1);
    CHECK(l->seen[0].code == CODE_PROPOSALS_MISMATCH && l->seen[0].line == 1);
    const struct fact *received = fact_find(l->facts[0], "received"), *expected = fact_find(l->facts[0], "expected");
    CHECK(received && expected && received->as.child && expected->as.child);
    if (received && expected) {
        const struct fact *a = fact_find(received->as.child->as.child, "transforms"),
                          *b = fact_find(expected->as.child->as.child, "transforms");
        uint64_t bits = 0;
        CHECK(a && fact_get_number(a->as.child->as.child, "key_length", &bits) && bits == 128);
        CHECK(b && fact_get_number(b->as.child->as.child, "key_length", &bits) && bits == 256);
        size_t n = 0;
        for (const struct fact *f = a ? a->as.child : NULL; f; f = f->next)
            n++;
        CHECK_NUMBER(n, 4);
    }
    log_free(l);
}

/* Of a sealed answer some logs print no more than that a notify comes first: what was built tells which. */
static void sealed_notify(void)
{
#define HEAD "IKEv2:(SA ID = 1):Next payload: ENCR, version: 2.0 Exchange type: IKE_AUTH, flags: RESPONDER MSG-RESPONSE "
    struct log *l = log_of(T "IKEv2:(SA ID = 1):Sending authentication failure notify\n" T
                             "IKEv2:Construct Notify Payload: AUTHENTICATION_FAILED\n" T HEAD "Message id: 1, length: 80 \n"
                             "Payload contents: \n ENCR  Next payload: NOTIFY, reserved: 0x0, length: 52\n \n" T
                             "IKEv2:Construct Notify Payload: SET_WINDOW_SIZE\n" T HEAD "Message id: 2, length: 200 \n"
                             "Payload contents: \n ENCR  Next payload: VID, reserved: 0x0, length: 172\n \n" T
                             "IKEv2:(SA ID = 1):Auth exchange failed\n");
    const struct message *refusal = NULL, *other = NULL;
    for (size_t i = 0; i < l->count; i++)
        if (l->messages[i] && l->messages[i]->message_id == 1)
            refusal = l->messages[i];
        else if (l->messages[i])
            other = l->messages[i];
    CHECK(refusal && refusal->decryption == DECRYPTION_FROM_LOG && message_notice(refusal, NOTIFY_AUTHENTICATION_FAILED));
    CHECK(refusal && refusal->type_count == 1);
    CHECK(other && other->decryption == DECRYPTION_NO_KEY && !message_notice(other, NOTIFY_SET_WINDOW_SIZE));
    log_free(l);
#undef HEAD
}

/* What a page says behind an entry is not the entry's; what was wrapped inside a sentence is. */
static void prose(void)
{
#define FAILED T "IKEv2-ERROR:(SESSION ID = 1,SA ID = 1):: Auth exchange failed\n"
    static const char *const ends[] = { "There is no NAT involved here, and no firewalls.\nnor anything else\n",
                                        "```\nThat is all.\n", "**Fix**: change the key.\n" };
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char text[512];
        snprintf(text, sizeof text, "%s%s", FAILED, ends[i]);
        struct log *l = log_of(text);
        CHECK_NUMBER(l->count, 1);
        CHECK(strcmp(l->seen[0].text, "Auth exchange failed") == 0);
        CHECK_NUMBER(l->seen[0].code, CODE_AUTH_EXCHANGE_FAILED);
        CHECK_NUMBER(log_input(l)->lines[LINE_CONTINUATION], 0);
        log_free(l);
    }
    struct log *l = log_of("IKEv2-PROTO-1: (140): Unsupported cert encoding found or Peer requested\nHTTP URL but never sent\n"
                           "HTTP_LOOKUP_SUPPORTED Notification\n");
    CHECK(l->count == 1 && l->seen[0].lines == 3);
    log_free(l);
    l = log_of("%ASA-4-402116: IPSEC: Received an ESP packet (SPI= 0xABCD1234, sequence number= 0x11) from 192.0.2.1.\n"
               "The decapsulated inner packet doesn't match the negotiated policy in the SA.\n");
    CHECK(l->count == 1 && l->seen[0].lines == 2);
    log_free(l);
#undef FAILED
}

int main(void)
{
    plain();
    empty();
    wrapped();
    glued();
    many_glued();
    prompts();
    typed();
    relays();
    relayed_devices();
    relayed_dumps();
    wrapped_asa();
    ends();
    others();
    ikev1();
    cut();
    unknown_texts();
    policies();
    sealed_notify();
    prose();
    return TEST_REPORT();
}
