/* The responder gave no address or configuration: INTERNAL_ADDRESS_FAILURE, FAILED_CP_REQUIRED. RFC 7296 section 2.19. The text
 * "Error constructing config reply" alone is noise on site-to-site tunnels. */
#include "analysis/quote.h"

static const struct advice pool[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "check the pool: `show ip local pool`, `crypto ikev2 authorization policy NAME` / `pool NAME`, and `aaa authorization "
      "group` in the profile" },
    { TO_RESPONDER, PLATFORM_ASA,
      "check the pool: `show ip local pool NAME`, `group-policy` / `address-pools`, `vpn-addr-assign local`" },
};
static const struct advice ask[] = {
    { TO_INITIATOR, PLATFORM_UNKNOWN,
      "this responder wants clients to ask for an address (a CP payload): configure config mode, or use another profile there" },
};

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *none = exchange_refused(sa, 0, NOTIFY_INTERNAL_ADDRESS_FAILURE, NULL),
                          *required = exchange_refused(sa, 0, NOTIFY_FAILED_CP_REQUIRED, NULL);
    struct heard said = heard(sa, CODE_CONFIG_FAILED);
    bool blamed = said.note && !sa_up(sa) && heard_after(said, CODE_AUTH_EXCHANGE_FAILED).note &&
                  !heard(sa, CODE_AUTH_FAILED).note && !heard(sa, CODE_PROFILE_NOT_FOUND).note && !sa->child_refused;
    struct heard plainly = heard(sa, CODE_CONFIG_REFUSED);
    if (plainly.note && !sa_up(sa)) {
        said = plainly;
        blamed = true;
    }
    struct diagnosis d;
    if ((!none && !required && !blamed) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, blamed ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN, TEXT("")))
        return;
    diagnosis_say(&d, NULL,
                  required ? "{responder} requires a request for configuration (an address), and {initiator} did not send one."
                           : "{responder} could not give {initiator} an address or the configuration it asked for.");
    diagnosis_more(&d, "Authentication went through.");
    if (required)
        ADVISE(&d, ask);
    else
        ADVISE(&d, pool);
    const struct exchange *x = none ? none : required;
    if (x)
        quote_leg(&d, x, &x->response, required ? "FAILED_CP_REQUIRED" : "INTERNAL_ADDRESS_FAILURE");
    quote_note(&d, said);
}

const struct rule rule_mode_config_failed = {
    .id = "mode-config-failed",
    .severity = SEVERITY_ERROR,
    .rank = 18,
    .title = "No address or configuration for the client",
    .meaning = "The configuration exchange inside IKE_AUTH failed: the address pool is empty or not bound, the authorization "
               "policy is missing, or the responder requires a "
               "request that the client did not make.",
    .advice = "Check the pool and the authorization policy (IOS) or group policy (ASA).",
    .sa = judge,
};
