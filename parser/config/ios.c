/* Configurations of IOS and IOS-XE, whole or only the crypto part. Records and facts: parser/config_*.c. */
#include "parser/configuration.h"

static bool is_command(struct text command)
{
    return command_matches(command, "show running-config [...]") || command_matches(command, "show startup-config [...]") ||
           command_matches(command, "show configuration [...]");
}

/* Lines that only a configuration has. A prompt with such a command is not one: it begins with the prompt. */
static int begins(struct text line)
{
    static const struct { const char *start; int score; } starts[] = {
        { "Building configuration...", 95 },   { "Current configuration", 95 },      { "crypto ikev2 proposal ", 85 },
        { "crypto ikev2 policy ", 85 },        { "crypto ikev2 keyring ", 85 },      { "crypto ikev2 profile ", 85 },
        { "crypto ikev2 authorization ", 85 }, { "crypto ikev2 fragmentation", 85 }, { "crypto ikev2 dpd ", 85 },
        { "crypto ikev2 cookie-", 85 },        { "crypto ikev2 limit ", 85 },        { "crypto ikev2 nat ", 85 },
        { "no crypto ikev2 ", 85 },            { "crypto ipsec transform-set ", 85 }, { "crypto ipsec profile ", 85 },
        { "crypto ipsec security-association ", 80 }, { "crypto isakmp policy ", 85 }, { "crypto isakmp key ", 85 },
        { "crypto isakmp profile ", 85 },      { "crypto keyring ", 85 },            { "crypto pki trustpoint ", 80 },
        { "crypto pki certificate ", 80 },     { "crypto map ", 75 },                { "crypto dynamic-map ", 80 },
        { "ip access-list ", 75 },             { "ipv6 access-list ", 70 },          { "interface ", 60 },
        { "hostname ", 65 },                   { "service timestamps ", 70 },        { "version ", 55 },
        { "ip route ", 45 },                   { "access-list ", 55 },               { "crypto logging ", 70 },
    };
    int best = 0;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (text_starts(line, text_of(starts[i].start)) && starts[i].score > best)
            best = starts[i].score;
    /* "interface: Tunnel0" is show output; "interface " of a configuration names one word or two */
    return best;
}

const struct section_reader section_ios = {
    .name = "IOS configuration", .kind = INPUT_CONFIG, .is_command = is_command, .begins = begins, .read = config_read,
};
