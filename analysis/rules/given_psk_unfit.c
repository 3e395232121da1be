/* A pre-shared key was given (--psk) and an AUTH payload, which the peer accepted or never refused, was not made with it. */
#include <string.h>

#include "analysis/quote.h"
#include "analysis/symptoms.h"

static const struct advice looks[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "give the key of these two peers with `--psk FILE`: one key alone, or a line `identity key` for each; a blank or a line "
      "end within the key counts" },
    { TO_BOTH, PLATFORM_IOS, "which key is it here: `show run | section crypto ikev2 keyring`" },
    { TO_BOTH, PLATFORM_ASA, "which key is it here: `more system:running-config | begin tunnel-group`" },
};

static bool unfit(const struct ike_sa *sa, enum side side)
{
    const struct party *p = side == SIDE_INITIATOR ? &sa->initiator : &sa->responder;
    return p->auth_verified == VERIFIED_FALSE && sa_auth_method(sa, side) == AUTH_PSK;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const bool initiator = unfit(sa, SIDE_INITIATOR), responder = unfit(sa, SIDE_RESPONDER);
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH);
    struct diagnosis d;
    if ((!initiator && !responder) || !sa_up(sa)) /* where it did not come up, auth-psk-mismatch tells it */
        return;
    if (!diagnosis_begin(&d, m, r, sa, initiator ? SIDE_INITIATOR : SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    diagnosis_say(&d, NULL,
                  initiator && responder
                      ? "The AUTH of {initiator} and that of {responder} do not verify with the given pre-shared "
                        "key."
                  : initiator ? "The AUTH of {initiator} does not verify with the given pre-shared key."
                              : "The AUTH of {responder} does not verify with the given pre-shared key.");
    diagnosis_more(&d,
                   "The peers took each other's: it is the key given here that is not theirs, or it is that of one direction.");
    if (sa->ppk_agreed && keyring_ppk(m->keyring))
        diagnosis_more(&d, "A postquantum preshared key is mixed in (RFC 8784): it may as well be the one given here that is not "
                           "theirs.");
    ADVISE(&d, looks);
    if (x && initiator)
        quote_leg(&d, x, &x->request, "its AUTH does not fit the given key");
    if (x && responder)
        quote_leg(&d, x, &x->response, "its AUTH does not fit the given key");
}

const struct rule rule_given_psk_unfit = {
    .id = "given-psk-unfit",
    .severity = SEVERITY_WARNING,
    .rank = 91,
    .title = "The given pre-shared key is not that of these peers",
    .meaning =
        "The messages could be opened and the SA came up, but an AUTH payload was not made with the pre-shared key that was "
        "given with --psk.",
    .advice = "Give the key that the two routers have. It opens nothing; it only tells whether AUTH was made with it.",
    .sa = judge,
};
