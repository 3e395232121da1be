/* A router says that it could not do its own part of an attempt: no setting of the peer's is to blame, and none there helps. */
#include "analysis/quote.h"

struct duty {
    enum event_code code;
    const char *words; /* of the line, "": any */
    const char *title, *cause;
    struct advice advice[2];
};

/* {what was said, its words, title, cause, what to do} - the first row that fits counts */
static const struct duty duties[] = {
    { CODE_IPSEC_FAILED,
      "",
      "The router could not install the IPsec SA",
      "Both ends agreed on the tunnel, and {here} could not put its IPsec SA to work[[: '{last}']]. It is not keys, identities "
      "or proposals.",
      { { TO_THIS, PLATFORM_IOS,
          "what refuses it: `debug crypto ipsec` while {peer} tries; how many SAs there are, and how many the licence and the "
          "hardware take: `show crypto eli`, `show license usage`, `show platform hardware qfp active feature ipsec datapath "
          "crypto-dev`; remains of an older tunnel: `show crypto ipsec sa peer {peer}`, `clear crypto sa peer {peer}`" },
        { TO_THIS, PLATFORM_ASA,
          "what refuses it: `debug crypto ipsec 127` while {peer} tries; `show crypto accelerator load-balance`, `show memory`; "
          "remains of an older tunnel: `show crypto ipsec sa peer {peer}`, `clear crypto ipsec sa peer {peer}`" } } },
    { CODE_DH_FAILED,
      "",
      "The router could not compute the Diffie-Hellman key",
      "The crypto engine of {here} failed at Diffie-Hellman[[: '{last}']]. Nothing was compared before that.",
      { { TO_THIS, PLATFORM_IOS,
          "`show crypto engine configuration`, `show crypto eli`, `show processes cpu sorted`: does the engine know that group, "
          "and has it time and memory; another group first in the IKEv2 proposal shows whether it is that one alone" },
        { TO_THIS, PLATFORM_ASA,
          "`show crypto accelerator statistics`, `show memory`, `show processes cpu-usage sorted non-zero`: does the "
          "accelerator fail; another group first in `crypto ikev2 policy N` shows whether it is that one alone" } } },
    { CODE_CRYPTO_FAILED,
      "",
      "The router's crypto engine failed",
      "The crypto engine of {here} failed[[: '{last}']]. It is not keys, identities or proposals.",
      { { TO_THIS, PLATFORM_IOS, "`show crypto engine configuration`, `show crypto eli`, `show processes memory sorted`" },
        { TO_THIS, PLATFORM_ASA, "`show crypto accelerator statistics`, `show memory`" } } },
    { CODE_OWN_FAILURE,
      "memory",
      "The router is short of memory",
      "{here} had no memory for what it wanted to do[[: '{last}']]. It is not keys, identities or proposals.",
      { { TO_THIS, PLATFORM_IOS,
          "`show memory statistics`, `show processes memory sorted`: a leak wants a reload and a newer release, too many tunnels "
          "a limit: `crypto ikev2 limit max-sa N`" },
        { TO_THIS, PLATFORM_ASA, "`show memory detail`, `show processes memory`, `show resource usage`" } } },
    { CODE_OWN_FAILURE,
      "session limit",
      "As many sessions are up as the firewall allows",
      "{here} took the credential of {there} and has no session left for it[[: '{last}']].",
      { { TO_THIS, PLATFORM_UNKNOWN,
          "whose sessions they are: `show vpn-sessiondb anyconnect`, `show vpn-sessiondb license-summary`; what limits them: the "
          "licence, `vpn-sessiondb max-anyconnect-premium-or-essentials-limit N`, and for one user `group-policy NAME "
          "attributes` / `vpn-simultaneous-logins N`" } } },
    { CODE_OWN_FAILURE,
      "AnyConnect Premium",
      "The licence does not allow what the client asked for",
      "{here} refused {there}: it asked for an algorithm that the licence of {here} does not cover.",
      { { TO_THIS, PLATFORM_UNKNOWN,
          "`show version`, `show vpn-sessiondb license-summary`: install the licence, or leave elliptic curves, GCM and SHA-2 "
          "out of `crypto ikev2 policy` and the IPsec proposal of those clients" } } },
    { CODE_OWN_FAILURE,
      "version of the AnyConnect",
      "The client is too old for the algorithms",
      "{here} refused {there}: the client does not know the algorithm that was chosen.",
      { { TO_THAT, PLATFORM_UNKNOWN, "a newer client" },
        { TO_THIS, PLATFORM_UNKNOWN,
          "or, for the old clients, one more `crypto ikev2 policy` with algorithms that they know" } } },
    { CODE_OWN_FAILURE,
      "",
      "The router holds its own configuration to be in error",
      "{here} refused {there} because of its own configuration[[: '{last}']].",
      { { TO_THIS, PLATFORM_UNKNOWN,
          "what it names there: `show run crypto`, `show run tunnel-group`, `show run group-policy`" } } },
};

/* An SA that came up all the same lacks nothing, unless it is its IPsec SA that was not installed. */
static bool suffers(const struct ike_sa *sa, enum event_code code)
{
    if (!sa_up(sa))
        return sa->outcome == SA_FAILED;
    return code == CODE_IPSEC_FAILED && !sa->children;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    for (size_t i = 0; i < COUNT_OF(duties); i++) {
        const struct duty *p = &duties[i];
        const struct heard said = heard_text(sa, p->code, p->words);
        struct diagnosis d;
        if (!said.note || !suffers(sa, p->code) || found_error(sa))
            continue;
        if (!diagnosis_begin(&d, m, r, sa, speaker_of(said, SIDE_RESPONDER), CONFIDENCE_CERTAIN, text_of(p->title)))
            return;
        diagnosis_word(&d, "last", last_word_text(said));
        diagnosis_say(&d, p->title, p->cause);
        size_t rows = 0;
        while (rows < COUNT_OF(p->advice) && p->advice[rows].text)
            rows++;
        diagnosis_advise(&d, p->advice, rows);
        quote_note(&d, said);
        quote_note(&d, heard_after(said, CODE_NEGOTIATION_ABORTED));
        return;
    }
}

const struct rule rule_router_failed = {
    .id = "router-failed",
    .severity = SEVERITY_ERROR,
    .rank = 32,
    .title = "The router could not do its own part",
    .meaning = "A router's log says that it failed at something of its own while a tunnel was made: its crypto engine, the "
               "installation of the IPsec SA, its memory, its licence or session limit, or its configuration.",
    .advice = "Look at that router alone; nothing that is changed at the peer helps.",
    .sa = judge,
};
