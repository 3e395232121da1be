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

/* The messages agree on the first Child SA, and that is all: none came later, and no packet of it was seen. */
static bool first_child_alone(const struct ike_sa *sa)
{
    for (const struct child_sa *c = sa->children; c; c = c->sibling)
        if (!c->initial || c->to_responder || c->to_initiator)
            return false;
    return true;
}

/* An SA that came up all the same lacks nothing, unless it is its IPsec SA that was not installed. */
static bool suffers(const struct ike_sa *sa, enum event_code code)
{
    if (!sa_up(sa))
        return sa->outcome == SA_FAILED;
    return code == CODE_IPSEC_FAILED && first_child_alone(sa);
}

static const struct advice dropped[] = {
    { TO_THIS, PLATFORM_IOS,
      "what failed there: `debug crypto condition peer {family} {peer}`, `debug crypto ikev2 error`, `debug crypto ikev2 "
      "internal`, `debug crypto ipsec error` while it is tried again; `show crypto ikev2 diagnose error`" },
    { TO_THIS, PLATFORM_ASA,
      "what failed there: `debug crypto condition peer {peer}`, `debug crypto ikev2 platform 127`, `debug crypto ipsec 127` "
      "while "
      "it is tried again" },
};

enum { AT_ONCE_NS = 1000000000, AT_ONCE_LINES = 8 };

/* The last error of an end that then, at once, takes down an SA that was up: the peer did not delete it. */
static struct heard error_before_end(const struct model *m, const struct ike_sa *sa)
{
    static const enum event_code own[] = { CODE_FAILURE, CODE_OWN_FAILURE, CODE_IPSEC_FAILED, CODE_CRYPTO_FAILED,
                                           CODE_AAA_FAILED };
    for (const struct view *v = sa->views; v; v = v->next) {
        const bool peers = v->role == SIDE_INITIATOR ? sa->deleted_by_responder : sa->deleted_by_initiator;
        const struct heard last = last_error(NULL, (struct heard){ NULL, v });
        if (v->wire || !v->ready_line || peers || !last.note || last.note->line < v->ready_line)
            continue;
        bool at_once = last.note->ns != TIME_UNKNOWN && v->last_ns != TIME_UNKNOWN
                           ? v->last_ns - last.note->ns <= AT_ONCE_NS
                           : model_lines_between(m, v->input, last.note->line, v->last_line) <= AT_ONCE_LINES;
        for (size_t i = 0; at_once && i < COUNT_OF(own); i++)
            if (last.note->code == own[i])
                return last;
    }
    return (struct heard){ NULL, NULL };
}

static void judge_dropped(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct diagnosis d;
    if (!sa->established || sa->outcome != SA_DELETED || found_error(sa))
        return;
    const struct heard said = error_before_end(m, sa);
    if (!said.note || !diagnosis_begin(&d, m, r, sa, speaker_of(said, SIDE_RESPONDER), CONFIDENCE_LIKELY, TEXT("dropped")))
        return;
    diagnosis_word(&d, "last", last_word_text(said));
    diagnosis_say(&d, "The router took the SA down behind an error of its own",
                  "{here} had the SA with {there} up, reported an error and deleted it at once: '{last}'.");
    diagnosis_more(&d, "It is not keys, identities or the proposals of IKE, for the SA was up.");
    ADVISE(&d, dropped);
    quote_note(&d, said);
    quote_note(&d, heard_after(said, CODE_SA_DELETE_QUEUED));
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
    judge_dropped(m, r, sa);
}

const struct rule rule_router_failed = {
    .id = "router-failed",
    .severity = SEVERITY_ERROR,
    .rank = 32,
    .title = "The router could not do its own part",
    .meaning =
        "A router's log says that it failed at something of its own while a tunnel was made: its crypto engine, the "
        "installation of the IPsec SA, its memory, its licence or session limit, or its configuration; or it deleted an SA "
        "that was up right behind an error.",
    .advice = "Look at that router alone; nothing that is changed at the peer helps.",
    .sa = judge,
};
