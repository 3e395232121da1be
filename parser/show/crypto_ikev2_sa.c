/* show crypto ikev2 sa [detailed], on IOS, IOS-XE and ASA. The facts are those of parser/show_ike.c. */
#include "parser/show_ike.h"

static bool is_command(struct text command)
{
    return command_matches(command, "show crypto ikev2 sa [...]") || command_matches(command, "show vpn ikev2 sa [...]");
}

static int begins(struct text line)
{
    line = text_trim(line);
    if (text_starts(line, TEXT("IKEv2 SAs:")) || text_starts(line, TEXT("There are no IKEv2 SAs")))
        return 90;
    if (text_starts(line, TEXT("IPv4 Crypto IKEv2")) || text_starts(line, TEXT("IPv6 Crypto IKEv2")))
        return text_ends(line, TEXT("SA")) ? 90 : 0;
    if (text_starts(line, TEXT("Tunnel-id")) && text_has(line, TEXT("Status")))
        return 60;                         /* a session's block has it too, below its own heading */
    return show_ike_is_row(line) ? 60 : 0; /* pasted without what stands above it */
}

static void read(struct section *s)
{
    show_ike_read(s, "show crypto ikev2 sa");
}

const struct section_reader section_crypto_ikev2_sa = {
    .name = "show crypto ikev2 sa",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
    .silent = true,
};
