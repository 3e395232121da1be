#include "analysis/roles.h"

struct role_row {
    enum event_code code;
    const char *words; /* NULL: whatever the line's words */
    enum side role;
};

/* {what is said, in which words, by whom alone before the SA is up} */
static const struct role_row roles[] = {
    { CODE_WAIT_AUTH_TIMER, NULL, SIDE_RESPONDER },
    { CODE_WAIT_AUTH_TIMEOUT, NULL, SIDE_RESPONDER },
    { CODE_NO_PROPOSAL_SENT, NULL, SIDE_RESPONDER },
    { CODE_AUTH_FAILURE_SENT, NULL, SIDE_RESPONDER },
    { CODE_COOKIE_SENT, NULL, SIDE_RESPONDER },
    { CODE_REQUEST_RECEIVED, NULL, SIDE_RESPONDER },
    { CODE_PROPOSALS_MISMATCH, "find a matching policy", SIDE_RESPONDER },
    { CODE_TS_REFUSED, "Sending TS", SIDE_RESPONDER },
    { CODE_TS_REFUSED, "found for received TS", SIDE_RESPONDER },
    { CODE_CRYPTO_MAP_POLICY_NOT_FOUND, NULL, SIDE_RESPONDER },
    { CODE_WRONG_KE_GROUP, "peer's KE payload", SIDE_RESPONDER },
    { CODE_REQUEST_REJECTED, "INCOMING SA request", SIDE_RESPONDER },
    { CODE_CONFIG_STEP, "IKEv2 responder", SIDE_RESPONDER },
    { CODE_ID_CONSTRUCTED, "IDr payload", SIDE_RESPONDER },
    { CODE_NO_PROPOSAL_RECEIVED, NULL, SIDE_INITIATOR },
    { CODE_AUTH_FAILURE_RECEIVED, NULL, SIDE_INITIATOR },
    { CODE_TS_REFUSED, "Received TS", SIDE_INITIATOR },
    { CODE_WRONG_KE_GROUP, "we sent group", SIDE_INITIATOR },
    { CODE_RETRANSMIT_EXCEEDED, NULL, SIDE_INITIATOR },
    { CODE_TUNNEL_REQUESTED, "to establish", SIDE_INITIATOR },
    { CODE_REQUEST_REJECTED, "OUTGOING SA request", SIDE_INITIATOR },
    { CODE_CONFIG_STEP, "IKEv2 initiator", SIDE_INITIATOR },
    { CODE_ID_CONSTRUCTED, "IDi payload", SIDE_INITIATOR },
};

enum side role_said(const struct event *e)
{
    for (size_t i = 0; i < COUNT_OF(roles); i++)
        if (roles[i].code == e->code && (!roles[i].words || text_has(e->text, text_of(roles[i].words))))
            return roles[i].role;
    return SIDE_UNKNOWN;
}
