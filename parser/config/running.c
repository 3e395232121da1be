/* Configurations of IOS, IOS-XE, ASA and FTD, whole or only the crypto part. One reader for all: most words are the same,
 * and a part that stood alone would not know the objects of the rest. Records and facts: parser/config_*.c. */
#include "parser/configuration.h"

static bool is_command(struct text command)
{
    return command_matches(command, "show running-config [...]") || command_matches(command, "show startup-config [...]") ||
           command_matches(command, "show configuration [...]") || command_matches(command, "more system:running-config [...]");
}

/* What begins a configuration, and how sure that is. From 70 on it may end output of another command, so such lines must be
 * ones that no command prints; show crypto ipsec sa of an ASA prints an access-list, and its tables have an "Interface". */
static const struct start {
    const char *words;
    int score;
} starts[] = {
    { "Building configuration...", 95 },
    { "Current configuration", 95 },
    { "ASA Version ", 95 },
    { "NGFW Version ", 95 },
    { ": Saved", 95 },
    { "crypto ikev2 proposal ", 85 },
    { "crypto ikev2 policy ", 85 },
    { "crypto ikev2 keyring ", 85 },
    { "crypto ikev2 profile ", 85 },
    { "crypto ikev2 authorization ", 85 },
    { "crypto ikev2 fragmentation", 85 },
    { "crypto ikev2 dpd ", 85 },
    { "crypto ikev2 cookie-", 85 },
    { "crypto ikev2 limit ", 85 },
    { "crypto ikev2 nat ", 85 },
    { "crypto ikev2 enable ", 90 },
    { "crypto ikev2 remote-access ", 90 },
    { "no crypto ikev2 ", 85 },
    { "crypto ipsec transform-set ", 85 },
    { "crypto ipsec profile ", 85 },
    { "crypto ipsec ikev2 ", 90 },
    { "crypto ipsec ikev1 ", 90 },
    { "crypto ikev1 ", 90 },
    { "crypto isakmp policy ", 85 },
    { "crypto isakmp key ", 85 },
    { "crypto isakmp profile ", 85 },
    { "crypto isakmp identity ", 85 },
    { "crypto keyring ", 85 },
    { "crypto pki trustpoint ", 80 },
    { "crypto pki certificate ", 80 },
    { "crypto ca trustpoint ", 85 },
    { "crypto ca certificate ", 85 },
    { "crypto map ", 75 },
    { "crypto dynamic-map ", 80 },
    { "crypto ipsec security-association ", 80 },
    { "crypto logging ", 70 },
    { "tunnel-group ", 90 },
    { "group-policy ", 90 },
    { "object network ", 85 },
    { "object-group ", 75 },
    { "same-security-traffic ", 85 },
    { "ip access-list ", 75 },
    { "ipv6 access-list ", 70 },
    { "service timestamps ", 70 },
    { "hostname ", 70 },
    { "interface ", 60 },
    { "version ", 55 },
    { "access-list ", 60 },
    { "nameif ", 60 },
    { "ip route ", 55 },
};

/* Text editors write the first letter large. No prose begins so, nor what a command prints. */
static bool begins_large(struct text line, const struct start *s)
{
    struct text rest = line, word;
    const bool named = text_word(&rest, &word) && text_word(&rest, &word) && !text_word(&rest, &word) &&
                       strcmp(s->words, "hostname ") == 0;
    return (s->score >= 80 || named) && line.len && text_lower(line.at[0]) == s->words[0] &&
           text_starts(text_from(line, 1), text_of(s->words + 1));
}

static int begins(struct text line)
{
    int best = 0;
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (starts[i].score > best && (text_starts(line, text_of(starts[i].words)) || begins_large(line, &starts[i])))
            best = starts[i].score;
    return best;
}

const struct section_reader section_running = {
    .name = "configuration",
    .kind = INPUT_CONFIG,
    .is_command = is_command,
    .begins = begins,
    .read = config_read,
};
