#include "analysis/remarks.h"

enum when { ALWAYS, WITH_CONDITION, WITHOUT_CONDITION };

/* {a command as it begins, whether a debug condition is set as well, what is to be said of it}: the first of a group that fits */
static const struct remark {
    const char *command;
    enum when when;
    const char *said;
    unsigned group;
} remarks[] = {
    { "`debug ", WITH_CONDITION, "when done: `undebug all`, `debug crypto condition reset`", 1 },
    { "`debug ", WITHOUT_CONDITION, "when done: `undebug all`", 1 },
    { "`clear crypto ikev2 sa ", ALWAYS,
      "the `clear` takes all tunnels with that peer down for a moment; without the address, everybody's", 2 },
    { "`clear crypto sa peer ", ALWAYS, "the `clear` interrupts all traffic with that peer for a moment", 2 },
    { "`clear crypto ipsec sa peer ", ALWAYS, "the `clear` interrupts all traffic with that peer for a moment", 2 },
    { "`crypto isakmp identity ", ALWAYS, "`crypto isakmp identity` is global: it changes what is sent to every other peer, too",
      3 },
    { "`crypto ipsec security-association replay ", ALWAYS, "this is global: it holds for every tunnel's next SA", 4 },
    { "`no crypto ipsec ikev2 sa-strength-enforcement`", ALWAYS, "this is global: it holds for every tunnel", 5 },
    { "`crypto ikev2 limit ", ALWAYS, "this is global: it holds for all peers together", 6 },
    { "`crypto ikev2 dpd ", ALWAYS, "this is global: it holds for every peer whose profile has no `dpd` of its own", 7 },
    { "`crypto ikev2 fragmentation ", ALWAYS, "this is global: it holds for all peers, from their next IKE SA on", 8 },
    { "`no crypto ikev2 http-url cert`", ALWAYS, "this is global: it holds for all peers", 9 },
    { "`no crypto ikev2 cookie-challenge`", ALWAYS, "this is global: it holds for all peers", 10 },
    { "`sysopt connection tcpmss ", ALWAYS, "this is global: it holds for all TCP through this firewall", 11 },
    { "`fragment size ", ALWAYS, "this holds for all that comes to that interface", 12 },
};

static bool fits(const struct remark *r, struct text advice)
{
    bool condition = text_has(advice, TEXT("`debug crypto condition "));
    return text_has(advice, text_of(r->command)) && (r->when == ALWAYS || condition == (r->when == WITH_CONDITION));
}

struct text remarks_add(struct arena *arena, struct text advice)
{
    unsigned told = 0;
    for (size_t i = 0; i < COUNT_OF(remarks); i++) {
        const struct remark *r = &remarks[i];
        if ((told & 1U << r->group) || !fits(r, advice))
            continue;
        told |= 1U << r->group;
        advice = arena_format(arena, "%.*s; %s", TEXT_ARGS(advice), r->said);
    }
    return advice;
}
