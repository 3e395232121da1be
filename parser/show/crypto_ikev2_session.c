/* show crypto ikev2 session [detailed]: sessions with their IKE SAs and Child SAs. The facts are those of
 * parser/show_ike.c. */
#include "parser/show_ike.h"

static bool is_command(struct text command)
{
    return command_matches(command, "show crypto ikev2 session [...]");
}

static int begins(struct text line)
{
    line = text_trim(line);
    bool heading = text_starts(line, TEXT("IPv4 Crypto IKEv2")) || text_starts(line, TEXT("IPv6 Crypto IKEv2"));
    if (heading && text_ends(line, TEXT("Session")))
        return 90;
    return text_starts(line, TEXT("Session-id:")) && text_has(line, TEXT("IKE count:"))
               ? 65
               : 0; /* an ASA lists its SAs under such a line */
}

static void read(struct section *s)
{
    show_ike_read(s, "show crypto ikev2 session");
}

const struct section_reader section_crypto_ikev2_session = {
    .name = "show crypto ikev2 session",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
    .silent = true,
};
