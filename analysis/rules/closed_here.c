/* A router says why it closed an SA that was up, and it is neither the peer's wish nor its silence. */
#include "analysis/quote.h"

struct reason {
    const char *words; /* in the reason, small letters */
    const char *meaning;
    struct advice advice;
};

#define LASTED                                                                                                                   \
    "It lasted as long as the group policy allows.",                                                                             \
    {                                                                                                                            \
        TO_THIS, PLATFORM_UNKNOWN,                                                                                               \
            "to let it last: `group-policy NAME attributes` / `vpn-session-timeout none`; see `show run all group-policy`"       \
    }

/* {words of the reason, what it means, what to do} - 750007 and 113019 of an ASA, the delete reason that IOS sends */
static const struct reason reasons[] = {
    { "idle",
      "Nothing went through it for as long as the group policy allows; it comes up again by itself with the first packet.",
      { TO_THIS, PLATFORM_UNKNOWN,
        "to keep it up without traffic: `group-policy NAME attributes` / `vpn-idle-timeout none`; see `show run all "
        "group-policy`" } },
    { "max time", LASTED },
    { "max session time", LASTED },
    { "lost service",
      "It got no answer any more from the peer, or lost its way to it.",
      { TO_THIS, PLATFORM_UNKNOWN, "is the path there: `ping {peer}`, and the interfaces in the minutes before" } },
    { "preempted",
      "A newer connection of the same user or peer took its place.",
      { TO_THAT, PLATFORM_UNKNOWN,
        "does it, or another one with the same name, connect twice; did it come back from another address?" } },
    { "certificate expired",
      "The certificate that it was made with is past its date.",
      { TO_BOTH, PLATFORM_UNKNOWN,
        "whose certificate ended: `show crypto ca certificates` (ASA), `show crypto pki certificates` (IOS); enrol anew" } },
    { "phase 2",
      "The two did not agree on an IPsec SA while it was up: selectors or proposals.",
      { TO_BOTH, PLATFORM_UNKNOWN,
        "compare the crypto ACLs and IPsec proposals of both ends; a log of the moment in which it goes down names what "
        "differs" } },
    { "initial contact",
      "The peer began anew and said that it has no older SA: it was restarted, or had given this one up.",
      { TO_THAT, PLATFORM_UNKNOWN, "what happened here before: a reload, a failover, a command that cleared its SAs?" } },
    { "user request",
      "Somebody asked for it.",
      { TO_THIS, PLATFORM_UNKNOWN, "who typed what at that time: `show logging | include 111008|111010`" } },
    { "admin",
      "Somebody typed it.",
      { TO_THIS, PLATFORM_UNKNOWN, "who typed what at that time: `show logging | include 111008|111010`" } },
    { "user_command",
      "Somebody typed a command that clears it.",
      { TO_THIS, PLATFORM_UNKNOWN, "who typed what at that time: the AAA server's command accounting, `show users`" } },
    { "",
      "That is the router's own word for it.",
      { TO_THIS, PLATFORM_UNKNOWN, "what stands in the log before it, of this peer: `show logging | include {peer}`" } },
};

/* The words behind "Reason: ", without the identities that may follow. */
static struct text reason_said(const struct note *n)
{
    struct text said = n ? note_word(n, "reason", NULL) : (struct text){ NULL, 0 };
    size_t at = n && !said.len ? text_find(n->text, TEXT("Reason: ")) : TEXT_NOWHERE;
    if (at != TEXT_NOWHERE)
        said = text_from(n->text, at + 8);
    size_t end = text_find(said, TEXT(" for Local ID"));
    return text_trim(end == TEXT_NOWHERE ? said : text_upto(said, end));
}

static const struct reason *reason_of(struct text said)
{
    char small[64];
    size_t n = 0;
    for (; n < said.len && n < sizeof small; n++)
        small[n] = text_lower(said.at[n]);
    const struct reason *why = reasons;
    while (!text_has((struct text){ small, n }, text_of(why->words)))
        why++;
    return why;
}

/* What the router says when it is over, else what it tells its peer. */
static struct heard reason_heard(const struct ike_sa *sa, struct text *said)
{
    struct heard h = heard(sa, CODE_SESSION_DOWN);
    *said = reason_said(h.note);
    if (said->len)
        return h;
    h = heard_text(sa, CODE_DELETE_REASON, "Sending");
    *said = h.note ? note_word(h.note, "reason", "error code : ") : (struct text){ NULL, 0 };
    return h;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct text said;
    struct heard down = reason_heard(sa, &said);
    struct diagnosis d;
    if (!said.len || !sa->deleted || !sa->established || ike_sa_replaced(sa) || found_error(sa) ||
        diagnosed(sa, "deleted-by-peer") ||
        !diagnosis_begin(&d, m, r, sa, speaker_of(down, SIDE_UNKNOWN), CONFIDENCE_CERTAIN, said))
        return;
    const struct reason *why = reason_of(said);
    diagnosis_word(&d, "reason", said);
    diagnosis_say(&d, NULL, "An SA with {there} that was up has ended; the reason in the log of {here}: '{reason}'.");
    diagnosis_more(&d, why->meaning);
    diagnosis_advise(&d, &why->advice, 1);
    quote_note(&d, down);
}

const struct rule rule_closed_here = {
    .id = "closed-here",
    .severity = SEVERITY_NOTE,
    .rank = 71,
    .title = "The router says why it closed the IKE SA",
    .meaning = "An IKE SA that was up has ended, and the router's log names a reason of its own: an idle or session time-out, "
               "an administrator, a failure there.",
    .advice = "An idle time-out is no fault; else look at what the router's log says before it.",
    .sa = judge,
};
