/* Configurations of ASA and FTD. The reading is the same as of IOS, and so are most words. */
#include "parser/configuration.h"

static bool is_command(struct text command)
{
    return command_matches(command, "more system:running-config [...]");
}

static int begins(struct text line)
{
    static const struct { const char *start; int score; } starts[] = {
        { "ASA Version ", 95 },           { "NGFW Version ", 95 },          { ": Saved", 95 },
        { "tunnel-group ", 90 },          { "group-policy ", 90 },          { "crypto ipsec ikev2 ", 90 },
        { "crypto ipsec ikev1 ", 90 },    { "crypto ikev2 enable ", 90 },   { "crypto ikev2 remote-access ", 90 },
        { "crypto ikev1 ", 90 },          { "object network ", 85 },        { "object-group ", 75 },
        { "same-security-traffic ", 85 }, { "crypto ca trustpoint ", 85 },  { "crypto ca certificate ", 85 },
        { "nameif ", 70 },                { "crypto isakmp identity ", 85 }, { "sysopt ", 75 },
    };
    int best = 0;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (text_starts(line, text_of(starts[i].start)) && starts[i].score > best)
            best = starts[i].score;
    if (text_starts(line, TEXT("access-list ")) && text_has(line, TEXT(" extended ")))
        best = 85;
    return best;
}

const struct section_reader section_asa = {
    .name = "ASA configuration", .kind = INPUT_CONFIG, .is_command = is_command, .begins = begins, .read = config_read,
};
