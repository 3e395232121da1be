/* Packet dumps of three platforms become messages. */
#include "log.h"
#include "payloads.h"

#define T "*Nov 11 19:30:34.811: "

static const char ios[] = T
    "IKEv2:Got a packet from dispatcher\n" T "IKEv2:Processing an item off the pak queue\n" T
    "IKEv2:(SA ID = 1):Next payload: SA, version: 2.0 Exchange type: IKE_SA_INIT, flags: RESPONDER MSG-RESPONSE Message id: 0, "
    "length: 449\n"
    "Payload contents: \n SA  Next payload: KE, reserved: 0x0, length: 48\n  last proposal: 0x0, reserved: 0x0, length: 44\n"
    "  Proposal: 1, Protocol id: IKE, SPI size: 0, #trans: 4    last transform: 0x3, reserved: 0x0: length: 12\n    type: 1, "
    "reserved: 0x0, id: AES-CBC\n"
    "    last transform: 0x3, reserved: 0x0: length: 8\n    type: 2, reserved: 0x0, id: SHA1\n    last transform: 0x3, reserved: "
    "0x0: length: 8\n"
    "    type: 3, reserved: 0x0, id: SHA96\n    last transform: 0x0, reserved: 0x0: length: 8\n    type: 4, reserved: 0x0, id: "
    "DH_GROUP_1024_MODP/Group 2\n"
    " KE  Next payload: N, reserved: 0x0, length: 136\n    DH group: 2, Reserved: 0x0\n N  Next payload: VID, reserved: 0x0, "
    "length: 24\n" T
    "IKEv2:Parse Vendor Specific Payload: CISCO-DELETE-REASON VID  Next payload: NOTIFY, reserved: 0x0, length: 23\n" T
    "IKEv2:Parse Notify Payload: NAT_DETECTION_SOURCE_IP NOTIFY(NAT_DETECTION_SOURCE_IP)  Next payload: NONE, reserved: 0x0, "
    "length: 28\n"
    "    Security protocol id: IKE, spi size: 0, type: NAT_DETECTION_SOURCE_IP\n" T "IKEv2:Insert SA\n";

static void old_style(void)
{
    struct log *l = log_of(ios);
    CHECK_NUMBER(l->count, 4);
    const struct seen *s = &l->seen[2];
    CHECK(s->kind == EVENT_PACKET_RECEIVED && s->line == 3 && s->lines == 18 && s->exchange == EXCHANGE_IKE_SA_INIT &&
          s->decryption == DECRYPTION_CLEAR);
    CHECK(strcmp(s->types_text, "SA KE Nonce V N") == 0);
    const struct message *m = l->messages[2];
    CHECK(m && m->length == 449 && m->flags == MESSAGE_RESPONSE && m->has_flags && m->message_id == 0);
    CHECK(m && m->proposals && m->proposals->count == 4);
    if (m && m->proposals) {
        const struct transform *integ = proposal_transform(m->proposals, TRANSFORM_INTEG),
                               *dh = proposal_transform(m->proposals, TRANSFORM_DH);
        CHECK(integ && integ->id == INTEG_HMAC_SHA1_96 && dh && dh->id == KE_MODP_1024);
    }
    CHECK(m && m->ke_group == 2 && message_notice(m, NOTIFY_NAT_DETECTION_SOURCE_IP));
    log_free(l);
}

static void contents(void)
{
    struct log *l = log_of(
        T "IKEv2:Construct Vendor Specific Payload: CISCO-GRANITE\nPayload contents: \n VID  Next payload: IDi, reserved: 0x0, "
          "length: 20\n"
          " IDi  Next payload: AUTH, reserved: 0x0, length: 12\n    Id type: IPv4 address, Reserved: 0x0 0x0\n" T
          " AUTH  Next payload: NONE, reserved: 0x0, length: 28\n    Auth method PSK, reserved: 0x0, reserved 0x0\n" T
          "IKEv2:(SA ID = 1):Next payload: ENCR, version: 2.0 Exchange type: IKE_AUTH, flags: INITIATOR Message id: 1, length: "
          "556\n"
          "Payload contents: \n ENCR  Next payload: VID, reserved: 0x0, length: 528\n");
    CHECK_NUMBER(l->count, 2);
    CHECK(l->seen[1].kind == EVENT_PACKET_SENT && l->seen[1].decryption == DECRYPTION_FROM_LOG &&
          l->seen[1].protection == PROTECTION_SK);
    CHECK(strcmp(l->seen[1].types_text, "V IDi AUTH") == 0);
    CHECK(l->messages[1]->auth_method == AUTH_PSK && l->messages[1]->length == 556);
    CHECK_TEXT(fact_get_text(l->messages[1]->payloads->facts, "vendor"), "CISCO-GRANITE");
    log_free(l);
}

static const char xe[] =
    "IKEv2:(SESSION ID = 5,SA ID = 1):Constructing IDi payload: 'r1.example.net' of type 'FQDN'\n"
    "IKEv2:(SESSION ID = 5,SA ID = 1):Building packet for encryption.  \nPayload contents: \n VID IDi AUTH SA TSi TSr "
    "NOTIFY(INITIAL_CONTACT) \n\n"
    "IKEv2:(SESSION ID = 5,SA ID = 1):Sending Packet [To FC00:123:123:123::1:500/From FC00:123:123:123::2:500/VRF i0:f0] \n"
    "Initiator SPI : 6AB9F1EB8F7D3388 - Responder SPI : 015F7E6BC5AEAF48 Message id: 1\nIKEv2 IKE_AUTH Exchange REQUEST "
    "\nPayload contents: \n ENCR \n\n"
    "IKEv2:(SESSION ID = 5,SA ID = 1):Received Packet [From FC00:123:123:123::1:500/To FC00:123:123:123::2:500/VRF i0:f0] \n"
    "Initiator SPI : 6AB9F1EB8F7D3388 - Responder SPI : 015F7E6BC5AEAF48 Message id: 1\nIKEv2 IKE_AUTH Exchange RESPONSE "
    "\nPayload contents: \n"
    " VID IDr AUTH NOTIFY(TS_UNACCEPTABLE) \n\n"
    "IKEv2:(SESSION ID = 5,SA ID = 1):Sending Packet [To FC00:123:123:123::1:500/From FC00:123:123:123::2:500/VRF i0:f0] \n"
    "Initiator SPI : 6AB9F1EB8F7D3388 - Responder SPI : 015F7E6BC5AEAF48 Message id: 2\nIKEv2 INFORMATIONAL Exchange REQUEST "
    "\nPayload contents: \n SKF \n\n"
    "IKEv2:(SESSION ID = 5,SA ID = 1):Sending Packet [To FC00:123:123:123::1:500/From FC00:123:123:123::2:500/VRF i0:f0] \n"
    "Initiator SPI : 6AB9F1EB8F7D3388 - Responder SPI : 015F7E6BC5AEAF48 Message id: 2\nIKEv2 INFORMATIONAL Exchange REQUEST "
    "\nPayload contents: \n SKF \n\n";

static void new_style(void)
{
    struct log *l = log_of(xe);
    CHECK_NUMBER(l->count, 6);
    const struct seen *s = &l->seen[2];
    CHECK(s->kind == EVENT_PACKET_SENT && s->msgid == 1 && s->spi_r.value == 0x015F7E6BC5AEAF48 &&
          s->decryption == DECRYPTION_FROM_LOG);
    CHECK(strcmp(s->types_text, "V IDi AUTH SA TSi TSr N") == 0);
    CHECK_TEXT(l->messages[2]->idi.value, "r1.example.net");
    CHECK(l->messages[2]->source.port == 500 && l->messages[2]->source.address.family == ADDRESS_IPV6);
    CHECK(l->seen[3].kind == EVENT_PACKET_RECEIVED && message_error(l->messages[3]) &&
          message_error(l->messages[3])->type == NOTIFY_TS_UNACCEPTABLE);
    CHECK(l->messages[3]->flags == MESSAGE_RESPONSE && !l->messages[3]->has_flags);
    CHECK(l->seen[4].fragment == 1 && l->seen[5].fragment == 2 && l->seen[4].protection == PROTECTION_SKF);
    CHECK_NUMBER(log_input(l)->kind, INPUT_IOSXE_DEBUG);
    log_free(l);
}

static const char asa[] =
    "(4):\nIKEv2-PROTO-2: (4): Received Packet [From 192.0.2.9:500/To 198.51.100.1:500/VRF i0:f0]\n"
    "(4): Initiator SPI : D0F631CA1DDBA8DB - Responder SPI : 9C0ABE51C6E6655D Message id: 0\n"
    "(4): IKEv2 IKE_SA_INIT Exchange RESPONSEIKEv2-PROTO-3: (4): Next payload: KE, version: 2.0 (4): Exchange type: IKE_SA_INIT, "
    "flags: RESPONDER "
    "MSG-RESPONSE (4): Message id: 0, length: 91(4):\nPayload contents:\n(4):  KE(4):   Next payload: NOTIFY, reserved: 0x0, "
    "length: 24\n"
    "(4):     DH group: 19, Reserved: 0x0\n(4):\n(4):      8b 70 b0 31 e8 cf c2 ae 55 9e c3 c8 c9 46 9f 5c\n"
    "IKEv2-PROTO-5: Parse Notify Payload: INVALID_KE_PAYLOAD(4):  NOTIFY(INVALID_KE_PAYLOAD)(4):   Next payload: NONE, reserved: "
    "0x0, length: 10\n"
    "(4):     Security protocol id: IKE, spi size: 0, type: INVALID_KE_PAYLOAD\n(4):\n(4):      00 0e\n(4):\n(4): Decrypted "
    "packet:(4): Data: 91 bytes\n"
    "IKEv2-PROTO-5: (4): Insert SA\n";

static void hex_rows(void)
{
    struct log *l = log_of(asa);
    CHECK_NUMBER(l->count, 2);
    CHECK(l->seen[0].kind == EVENT_PACKET_RECEIVED && l->seen[0].sa_id == 4 && l->seen[0].decryption == DECRYPTION_CLEAR);
    const struct payload *ke = payload_of(l->messages[0], PAYLOAD_KE);
    CHECK(ke && fact_get_octets(ke->facts, "data").len == 16 && fact_get_octets(ke->facts, "data").at[0] == 0x8b);
    const struct payload *n = payload_of(l->messages[0], PAYLOAD_NOTIFY);
    uint64_t group = 0;
    CHECK(n && fact_get_number(n->facts, "group", &group) && group == 14);
    CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
    log_free(l);
}

static void older_asa(void)
{
    struct log *l = log_of(
        "IKEv2-PROTO-3: Rx [L 10.0.0.1:500/R 10.0.0.2:500/VRF i0:f0] m_id: 0x0\nIKEv2-PROTO-3: HDR[i:DFA3B583A4369958 - r: "
        "0000000000000000]\n"
        "IKEv2-PROTO-4: IKEV2 HDR ispi: DFA3B583A4369958 - rspi: 0000000000000000\nIKEv2-PROTO-4: Next payload: SA, version: "
        "2.0\n"
        "IKEv2-PROTO-4: Exchange type: IKE_SA_INIT, flags: INITIATOR\nIKEv2-PROTO-4: Message id: 0x0, length: 338\nPayload "
        "contents:\n"
        " SA  Next payload: NONE, reserved: 0x0, length: 48\nIKEv2-PROTO-4:   last proposal: 0x0, reserved: 0x0, length: 44\n"
        "  Proposal: 1, Protocol id: IKE, SPI size: 0, #trans: 4\nIKEv2-PROTO-4:     last transform: 0x3, reserved: 0x0: length: "
        "12\n"
        "    type: 1, reserved: 0x0, id: AES-CBC\n");
    CHECK_NUMBER(l->count, 1);
    CHECK(l->seen[0].kind == EVENT_PACKET_RECEIVED && l->messages[0]->length == 338 &&
          l->messages[0]->flags == MESSAGE_INITIATOR);
    CHECK(l->seen[0].spi_i.value == 0xDFA3B583A4369958 && l->messages[0]->proposals && l->messages[0]->proposals->count == 1);
    log_free(l);
}

static void trace(void)
{
    struct log *l = log_of("*Apr  4 00:16:59.484: SA ID:2 SESSION ID:1 Remote: 30.1.1.2/500 Local: 30.1.1.1/500  (I) Sending "
                           "IKEv2 INFORMATIONAL Exchange REQUEST\n"
                           "*Apr  4 00:16:59.484: SA ID:2 SESSION ID:1 Remote: 30.1.1.2/500 Local: 30.1.1.1/500  (I) IKEv2 "
                           "INFORMATIONAL Exchange Contains: DELETE\n"
                           "*Apr  4 00:16:59.484: SA ID:2 SESSION ID:1 Remote: 30.1.1.2/500 Local: 30.1.1.1/500  Sending DELETE "
                           "INFO message for IKEv2 SA "
                           "[ISPI: 0x52C79670608A3068 RSPI: 0x0063AAED5563FDAE]\n");
    CHECK_NUMBER(l->count, 2);
    CHECK(l->seen[0].kind == EVENT_PACKET_SENT && l->seen[0].role == SIDE_INITIATOR && l->seen[0].sa_id == 2 &&
          l->seen[0].lines == 2);
    CHECK(strcmp(l->seen[0].types_text, "D") == 0);
    CHECK(l->seen[1].code == CODE_SA_DELETE_SENT && l->seen[1].spi_r.value == 0x0063AAED5563FDAE &&
          l->seen[1].spi_r.digits == 16);
    CHECK_NUMBER(log_input(l)->kind, INPUT_EVENT_TRACE);
    log_free(l);
}

int main(void)
{
    old_style();
    contents();
    new_style();
    hex_rows();
    older_asa();
    trace();
    return TEST_REPORT();
}
