/*
 * ping, as it was typed at a router: whether the peer is reachable. Facts:
 *
 *   pings: list of group { destination, source (address), vrf (text), received, sent (number) }
 */
#include "parser/fields.h"

/* "ping vrf INTERNET 203.0.113.77 source 198.51.100.1": the echo's own lines do not name the VRF. */
static void put_vrf(struct show *w)
{
    struct text word, rest = w->section->command;
    while (text_word(&rest, &word))
        if (text_equal(word, TEXT("vrf")) && text_word(&rest, &word))
            show_text(w, 1, "vrf", word);
}

static struct text word_behind(struct text line, struct text marker)
{
    size_t at = text_find(line, marker);
    struct text rest = at == TEXT_NOWHERE ? TEXT("") : text_from(line, at + marker.len), word = { NULL, 0 };
    (void)text_word(&rest, &word);
    return text_strip(word, ",:");
}

/* "Success rate is 0 percent (0/5)" */
static bool put_rate(struct show *w, struct text line)
{
    struct text rate = text_strip(word_behind(line, TEXT("percent")), "(),"), received;
    uint64_t got, sent;
    if (!text_cut(&rate, '/', &received) || !text_number(received, 10, &got) || !text_number(rate, 10, &sent) || !w->group[1])
        return false;
    show_number(w, 1, "received", got);
    show_number(w, 1, "sent", sent);
    return true;
}

static bool each_line(struct show *w, struct text line)
{
    line = text_trim(line);
    struct text to = word_behind(line, TEXT("Echos to"));
    struct address a;
    if (text_starts(line, TEXT("Sending ")) && address_read(to, &a)) {
        show_open(w, 1);
        show_put(w, 1, "destination", FIELD_ADDRESS, to);
        put_vrf(w);
        return true;
    }
    if (text_starts(line, TEXT("Packet sent with a source address of")) && w->group[1]) {
        show_put(w, 1, "source", FIELD_ADDRESS, word_behind(line, TEXT("address of")));
        return true;
    }
    return text_starts(line, TEXT("Success rate is")) && put_rate(w, line);
}

static bool is_command(struct text command)
{
    struct text word;
    return text_word(&command, &word) && text_equal(word, TEXT("ping"));
}

static int begins(struct text line)
{
    line = text_trim(line);
    return text_starts(line, TEXT("Type escape sequence to abort"))                             ? 75
           : text_starts(line, TEXT("Sending ")) && text_has(line, TEXT("-byte ICMP Echos to")) ? 75
                                                                                                : 0;
}

static void read(struct section *s)
{
    static const struct show_form form = {
        .name = "ping",
        .fields = NULL,
        .count = 0,
        .lists = { NULL, "pings", NULL, NULL },
        .line = each_line,
        .eager = true,
        .rest_is_noise = true,
    };
    show_read(s, &form);
}

const struct section_reader section_ping = {
    .name = "ping",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
