#include "parser/unnumbered.h"

enum { HEAD_MOST = 256 };

struct unnumbered {
    const char *words;
    unsigned severity, number;
};

/* {what stands in it, its severity, its number} */
static const struct unnumbered messages[] = {
    { "Received request to ", 5, 750001 },
    { "Received a IKE_INIT_SA request", 5, 750002 },
    { "Negotiation aborted due to ERROR", 4, 750003 },
    { "Sending COOKIE challenge", 5, 750004 },
    { "rekey collision detected", 5, 750005 },
    { "SA UP", 5, 750006 },
    { "SA DOWN", 5, 750007 },
    { "SA rejected due to system resource low", 5, 750008 },
    { "SA request rejected due to CAC", 5, 750009 },
    { "throttle-request queue", 5, 750010 },
    { "is not strong enough", 3, 750012 },
    { "Session aborted", 4, 750014 },
    { "invalid SPI notification", 4, 750015 },
    { "Failed to complete Diffie-Hellman", 3, 751001 },
    { "No preshared key or trustpoint", 3, 751002 },
    { "No remote authentication method", 3, 751004 },
    { "Certificate authentication failed", 3, 751006 },
    { "not enabled in group policy", 3, 751008 },
    { "Unable to find tunnel group", 3, 751009 },
    { "Unable to determine self-authentication", 3, 751010 },
    { "Failed user authentication", 3, 751011 },
    { "during Configuration Mode processing", 3, 751012 },
    { "Failed to process Configuration Payload", 3, 751013 },
    { "rejected by CAC", 4, 751015 },
    { "same outer and inner", 4, 751016 },
    { "group locked to", 3, 751018 },
    { "Failed to obtain a license", 4, 751019 },
    { "Crypto Map Policy not found", 3, 751022 },
    { "Unknown client connection", 6, 751023 },
    { "assigned to session", 5, 751025 },
    { "INVALID_SELECTORS Notification", 4, 751027 },
};

/* "Local:192.0.2.1:500 Remote:192.0.2.2:500 Username:x IKEv2 SA UP. Reason: y" */
struct text unnumbered_named(struct text message, struct arena *arena)
{
    if (!text_starts(message, TEXT("Local:")))
        return message;
    const struct text head = text_upto(message, HEAD_MOST);
    const size_t remote = text_find(head, TEXT(" Remote:")), user = text_find(head, TEXT(" Username:"));
    if (remote == TEXT_NOWHERE || user == TEXT_NOWHERE || user < remote)
        return message;
    const struct text said = text_from(message, user);
    for (size_t i = 0; i < COUNT_OF(messages); i++)
        if (text_has(said, text_of(messages[i].words)))
            return arena_format(arena, "%%ASA-%u-%u: %.*s", messages[i].severity, messages[i].number, TEXT_ARGS(message));
    return arena_format(arena, "%%ASA-6-750000: %.*s", TEXT_ARGS(message));
}
