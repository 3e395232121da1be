/*
 * show ip interface brief, show interface ip brief (ASA): which interfaces are up, and what they are called by address. Facts:
 *
 *   interfaces: list of group { interface, address (absent where it has none), status ("up", "down", "administratively down"),
 *                               protocol ("up", "down") }
 */
#include "parser/fields.h"

/* "Tunnel0                10.99.0.2       YES manual administratively down down" */
static bool each_line(struct show *w, struct text line)
{
    enum { WORDS = 8 };
    struct text word[WORDS], status;
    struct address address;
    size_t n = 0;
    while (n < WORDS && text_word(&line, &word[n]))
        n++;
    if (n < 6 || text_trim(line).len || (!address_read(word[1], &address) && !text_equal(word[1], TEXT("unassigned"))) ||
        (!text_equal(word[2], TEXT("YES")) && !text_equal(word[2], TEXT("NO"))))
        return false;
    bool shut = text_equal(word[4], TEXT("administratively"));
    if (n != (shut ? 7U : 6U))
        return false;
    status = shut ? TEXT("administratively down") : word[4];
    show_open(w, 1);
    show_text(w, 1, "interface", word[0]);
    if (!text_equal(word[1], TEXT("unassigned")))
        show_put(w, 1, "address", FIELD_ADDRESS, word[1]);
    show_text(w, 1, "status", status);
    show_text(w, 1, "protocol", word[n - 1]);
    return true;
}

static bool is_command(struct text command)
{
    return command_matches(command, "show ip interface brief [...]") || command_matches(command, "show interface ip brief [...]");
}

static int begins(struct text line)
{
    line = text_trim(line);
    return text_starts(line, TEXT("Interface ")) && text_has(line, TEXT("IP-Address")) && text_has(line, TEXT("Protocol")) ? 80
                                                                                                                           : 0;
}

static void read(struct section *s)
{
    static const struct show_form form = {
        .name = "show ip interface brief",
        .fields = NULL,
        .count = 0,
        .lists = { NULL, "interfaces", NULL, NULL },
        .line = each_line,
        .eager = true,
        .rest_is_noise = true,
    };
    show_read(s, &form);
}

const struct section_reader section_interface_brief = {
    .name = "show ip interface brief",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
