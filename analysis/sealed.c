#include "analysis/sealed.h"

#include "analysis/symptoms.h"

bool sealed_message(const struct message *m)
{
    return m && (m->decryption == DECRYPTION_NO_KEY || m->decryption == DECRYPTION_ICV_FAILED);
}

enum sealed_says sealed_says(const struct message *answer)
{
    if (!sealed_message(answer) || !answer->knows_inner)
        return SEALED_UNKNOWN;
    bool large = answer->length > SEALED_REFUSAL_LENGTH;
    switch (answer->inner_first) {
    case PAYLOAD_IDR: /* whoever names and proves itself agrees to the IKE SA, whatever becomes of the Child SA */
    case PAYLOAD_CERT:
    case PAYLOAD_AUTH:
    case PAYLOAD_SA:
        return SEALED_AGREES;
    case PAYLOAD_VENDOR: /* Cisco puts it in front */
        return large ? SEALED_AGREES : SEALED_UNKNOWN;
    case PAYLOAD_NOTIFY:
        return large || !answer->length ? SEALED_UNKNOWN : SEALED_REFUSES;
    default: /* EAP goes on; an empty one answers nothing */
        return SEALED_UNKNOWN;
    }
}

static bool begins_with(const struct message *m, uint8_t payload)
{
    return sealed_message(m) && m->knows_inner && m->inner_first == payload;
}

bool sealed_eap(const struct message *answer)
{
    return begins_with(answer, PAYLOAD_EAP);
}

const struct exchange *sealed_eap_ended(const struct ike_sa *sa)
{
    const struct exchange *auth = exchange_last(sa, EXCHANGE_IKE_AUTH);
    if (!auth || !sealed_eap(auth->response.message) || !ike_sa_on_wire_alone(sa))
        return NULL;
    for (const struct exchange *x = auth->next; x; x = x->next)
        if (x->type == EXCHANGE_INFORMATIONAL && x->from == SIDE_INITIATOR && x->message_id == auth->message_id + 1 &&
            (begins_with(x->request.message, PAYLOAD_NOTIFY) || begins_with(x->request.message, PAYLOAD_DELETE)))
            return x;
    return NULL;
}

static unsigned prf_length(const struct ike_sa *sa)
{
    switch (sa->proposal.has_prf ? sa->proposal.prf : 0) {
    case PRF_HMAC_SHA2_512:
        return 64;
    case PRF_HMAC_SHA2_384:
        return 48;
    case PRF_HMAC_SHA2_256:
        return 32;
    case PRF_HMAC_SHA1:
        return 20;
    default:
        return 16;
    }
}

/* The least that an answer with a Child SA takes: header and SK header, the shortest IV, padding and ICV, IDr of an IPv4 address,
 * AUTH of a pre-shared key, SA with one cipher and ESN, two selectors. RFC 7296 section 3. */
bool sealed_childless(const struct ike_sa *sa, const struct message *answer)
{
    enum { HEADERS = 28 + 4, SHORTEST_SEAL = 8 + 1 + 12, IDR = 12, AUTH = 8, SA = 36, SELECTORS = 2 * 24 };
    return sealed_says(answer) == SEALED_AGREES && answer->length && answer->inner_first != PAYLOAD_SA &&
           answer->length < HEADERS + SHORTEST_SEAL + IDR + AUTH + prf_length(sa) + SA + SELECTORS;
}
