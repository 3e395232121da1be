/* IOS-XE `show monitor event-trace crypto …`. The IKEv2 lines' texts under "SA ID:2 SESSION ID:1 Remote: …" are IOS's own
 * (ios.c) and packets ("Sending IKEv2 IKE_AUTH Exchange REQUEST"), which the parser reads itself. */
#include "parser/dialect.h"

/* {anchor, pattern, code, sample} */
static const struct phrase phrases[] = {
    { "IPSEC-EVENT:IPSEC-CREATE-SA:",
      "sa_dest ?= ?(?<destination>[^,\\s]+), sa_proto ?= ?(?<protocol_number>\\d+), sa_spi ?= ?(?<spi>[^(),\\s]+)",
      CODE_IPSEC_SA_CREATED,
      "IPSEC-EVENT:IPSEC-CREATE-SA:  SESSION ID:0, sa create : (sa) sa_dest= 30.1.1.1, sa_proto= 50, sa_spi= "
      "0xC5C89787(3318257543)," },
    { "IPSEC-EVENT:IPSEC-CREATE-SA:", "loc: (?<local>[^,\\s]+), rem: (?<remote>[^,\\s]+)", CODE_IPSEC_STEP,
      "IPSEC-EVENT:IPSEC-CREATE-SA:  SESSION ID:0, sa create : (sa),  loc: 30.1.1.1, rem: 30.1.1.2, l_proxy: 0.0.0.0/0/256" },
    { "IPSEC-EVENT:IPSEC-DELETE-SA:",
      "sa_dest ?= ?(?<destination>[^,\\s]+), sa_proto ?= ?(?<protocol_number>\\d+), sa_spi ?= ?(?<spi>[^(),\\s]+)",
      CODE_IPSEC_SA_DELETED,
      "IPSEC-EVENT:IPSEC-DELETE-SA:  sa delete : (sa) sa_dest = 30.1.1.1, sa_proto = 50, sa_spi = 0xB820B40F(3089150991), "
      "sa_trans = esp-aes" },
    { "IPSEC-EVENT:IPSEC-DELETE-SA:", "loc: (?<local>[^,\\s]+), rem: (?<remote>[^,\\s]+)", CODE_IPSEC_STEP,
      "IPSEC-EVENT:IPSEC-DELETE-SA:  sa delete : (sa),  loc: 30.1.1.1, rem: 30.1.1.2, l_proxy: 0.0.0.0/0/256" },
    { "IPSEC-EVENT:", "KMI (Sent|Received): .*?:(?<call>KEY_\\w+)", CODE_KMI_STEP,
      "IPSEC-EVENT:IPSEC-SEND-KMI:  SESSION ID:0, KMI Sent: IPSEC key engine->Crypto IKMP:KEY_ENG_NOTIFY_DECR_COUNT" },
    { "IPSEC-EVENT:", NULL, CODE_IPSEC_STEP, "IPSEC-EVENT:IPSEC-NOTIFY: something" },
    { "IPSEC-ERROR:", NULL, CODE_FAILURE, "IPSEC-ERROR: something" },
    { "IKEV2-RECV-KMI:", "KMI Received: (?<call>KEY_\\w+)", CODE_KMI_STEP,
      "IKEV2-RECV-KMI: KMI Received: KEY_ENG_REQUEST_SAS, KMI source: IPSEC" },
    { "IKEV2_EVENT_QUEUE_KMI", "type:(?<call>KEY_\\w+)", CODE_KMI_STEP, "IKEV2_EVENT_QUEUE_KMI type:KEY_ENG_REQUEST_SAS" },
    { "Trustpoint-", NULL, CODE_PKI_STEP, "Trustpoint- client:Client sending PKCSReq" },
};

const struct dialect dialect_event_trace = {
    .name = "event-trace",
    .kind = INPUT_EVENT_TRACE,
    .title = "IOS-XE show monitor event-trace crypto",
    PHRASES(phrases),
};
