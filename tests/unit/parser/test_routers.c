/* Two routers in one stream, told apart; two that prompts tell apart already; one that is both, at different times. */
#include "log.h"

#define T "*Nov 11 19:30:34.811: IKEv2:(SA ID = 1):"
#define SM(r, role, id, state, event)                                                                                            \
    "SM Trace-> SA: I_SPI=F074D8BBD5A59F0B R_SPI=" r " (" role ") MsgID = " id " CurState: " state " Event: " event "\n"
#define NONE         "0000000000000000"
#define SOME         "F94020DD8CB4B9C4"
#define LOOKUP(peer) "*Nov 11 19:30:34.811: IKEv2:% Getting preshared key by address " peer "\n"
#define INITIATOR                                                                                                                \
    LOOKUP("10.0.0.2") T SM(NONE, "I", "00000000", "IDLE", "EV_INIT_SA") T SM(NONE, "I", "00000000", "I_WAIT_INIT", "EV_NO_EVENT")
#define RESPONDER                                                                                                                \
    "*Nov 11 19:30:34.814: IKEv2:Got a packet from dispatcher\n"                                                                 \
    "*Nov 11 19:30:34.814: IKEv2:Next payload: SA, version: 2.0 Exchange type: IKE_SA_INIT, flags: INITIATOR Message id: 0, "    \
    "length: 344\n"                                                                                                              \
    "Payload contents: \n NONE\n" T                                                                                              \
    SM(SOME, "R", "00000000", "IDLE", "EV_RECV_INIT") LOOKUP("10.0.0.1") T "Generate skeyid\n"

static void mixed(void)
{
    struct log *l = log_of(INITIATOR RESPONDER T SM(SOME, "I", "00000001", "READY", "EV_I_OK")
                               T SM(SOME, "R", "00000001", "READY", "EV_R_OK"));
    uint32_t a = l->seen[1].device, b = 0;
    for (size_t i = 0; i < l->count; i++) {
        const struct seen *s = &l->seen[i];
        if (s->kind == EVENT_SM_TRANSITION && s->role == SIDE_RESPONDER)
            b = b ? b : s->device;
        if (s->kind == EVENT_SM_TRANSITION)
            CHECK_NUMBER(s->device, s->role == SIDE_INITIATOR ? a : b);
        if (s->kind == EVENT_PACKET_RECEIVED || strcmp(s->text, "Generate skeyid") == 0)
            CHECK(s->device != a);
    }
    CHECK(b && a != b);
    for (size_t i = 0; i + 1 < l->count; i++)
        CHECK(l->seen[i].line <= l->seen[i + 1].line);
    log_free(l);
}

static void prompts(void)
{
    struct log *l = log_of("R1#\n" INITIATOR "R1#\nR2#show clock\n" RESPONDER);
    CHECK_NUMBER(l->model->device_count, 3); /* unknown, R1, R2 */
    for (size_t i = 0; i < l->count; i++)
        if (l->seen[i].kind == EVENT_SM_TRANSITION)
            CHECK(strcmp(log_device(l, i), l->seen[i].role == SIDE_INITIATOR ? "R1" : "R2") == 0);
    log_free(l);
}

/* READY SAs show both letters on one router: the letter is the exchange's. */
static void one(void)
{
    struct log *l = log_of(T SM(SOME, "R", "00000000", "IDLE", "EV_RECV_INIT") T SM(SOME, "R", "00000001", "READY", "EV_R_OK")
                               T SM(SOME, "I", "00000001", "READY", "EV_RECV_DEL")
                                   T SM(SOME, "I", "00000000", "INFO_I_WAIT", "EV_RECV_INFO_ACK"));
    CHECK_NUMBER(l->count, 4);
    for (size_t i = 0; i < l->count; i++)
        CHECK_NUMBER(l->seen[i].device, l->seen[0].device);
    log_free(l);
}

int main(void)
{
    mixed();
    prompts();
    one();
    return TEST_REPORT();
}
