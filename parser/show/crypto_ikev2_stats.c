/*
 * show crypto ikev2 stats [exchange|timeout|ext-service|reconnect|...]: labels with numbers, and tables. Facts:
 *
 *   counters: list of group { heading, name (text, as printed), value (number), of (number, "in/out: 40/400") }
 *   exchanges: list of group { section ("EXCHANGES", "ERROR NOTIFY", ...), name ("NO_PROPOSAL_CHOSEN"),
 *     tx_request, tx_response, rx_request, rx_response }
 *   unknown: list of text
 *
 * Counters can wrap (4294967290 is minus six); they are kept as printed.
 */
#include "parser/fields.h"

struct own {
    struct text heading;
};

static struct facts member(struct show *w, const char *list, const char *heading, struct text name)
{
    struct own *own = w->own;
    show_open_in(w, 1, list);
    show_text(w, 1, heading, own->heading);
    show_text(w, 1, "name", name);
    return *show_at(w, 1);
}

/* "NO_PROPOSAL_CHOSEN   1   0   0   4": a name and one to four numbers, nothing else. */
static bool read_row(struct show *w, struct text line)
{
    static const char *const columns[] = { "tx_request", "tx_response", "rx_request", "rx_response" };
    uint64_t numbers[4];
    unsigned n = 0;
    while (n < 4) {
        size_t end = line.len;
        while (end && line.at[end - 1] >= '0' && line.at[end - 1] <= '9')
            end--;
        if (end == line.len || end == 0 || (line.at[end - 1] != ' ' && line.at[end - 1] != '\t') ||
            !text_number(text_from(line, end), 10, &numbers[n]))
            break;
        n++;
        line = text_trim(text_upto(line, end));
    }
    struct text name = text_strip(line, ":");
    if (n == 0 || name.len == 0 || text_has(name, TEXT(": ")))
        return false;
    (void)member(w, n == 4 ? "exchanges" : "counters", n == 4 ? "section" : "heading", name);
    for (unsigned i = 0; i < n; i++)
        show_number(w, 1, n == 4 ? columns[i] : i == 0 ? "value" : "of", numbers[n - 1 - i]);
    return true;
}

static void put_pair(struct show *w, struct text name, uint64_t value, bool has_second, uint64_t second)
{
    (void)member(w, "counters", "heading", name);
    show_number(w, 1, "value", value);
    if (has_second)
        show_number(w, 1, "of", second);
}

/* "Total incoming IKEv2 SA Count:   0        active:        0        negotiating: 0" */
static bool read_pairs(struct show *w, struct text line)
{
    bool any = false;
    while (line.len) {
        size_t colon = text_find_byte(line, ':');
        if (colon == TEXT_NOWHERE)
            return any;
        struct text name = text_trim(text_upto(line, colon)), rest = text_trim(text_from(line, colon + 1));
        uint64_t value, second = 0;
        size_t digits = text_digits(rest, 10, &value);
        if (name.len == 0)
            return any;
        if (digits == 0) { /* a label over others: "Max in nego:" */
            line = rest;
            if (text_find_byte(rest, ':') == TEXT_NOWHERE) {
                show_text(w, 0, text_name(w->section->model, name), rest);
                return true;
            }
            continue;
        }
        rest = text_from(rest, digits);
        bool slash = rest.len && rest.at[0] == '/';
        if (slash)
            rest = text_from(rest, 1 + text_digits(text_from(rest, 1), 10, &second));
        put_pair(w, name, value, slash, second);
        any = true;
        line = text_strip(rest, ",");
    }
    return any;
}

static bool other_line(struct show *w, struct text line)
{
    struct own *own = w->own;
    struct text plain = text_trim(line);
    if (text_has(plain, TEXT("TX(REQ)")))
        return true;
    if (read_row(w, plain) || read_pairs(w, plain))
        return true;
    /* a line of words alone heads what follows */
    for (size_t i = 0; i < plain.len; i++)
        if ((unsigned char)plain.at[i] >= 0x80 || plain.at[i] == ':' || plain.at[i] == '#')
            return false;
    own->heading = plain;
    return plain.len < 80;
}

static bool is_command(struct text command)
{
    return command_matches(command, "show crypto ikev2 stats [...]");
}

static int begins(struct text line)
{
    line = text_trim(line);
    if (text_starts(line, TEXT("Crypto IKEv2 SA Statistics")) || text_starts(line, TEXT("EXCHANGE/NOTIFY")))
        return 90;
    return text_starts(line, TEXT("Crypto IKEv2")) && text_has(line, TEXT("tatistics")) ? 85 : 0;
}

static void read(struct section *s)
{
    static const struct show_form form = {
        .name = "show crypto ikev2 stats",
        .fields = NULL,
        .count = 0,
        .lists = { NULL, "counters", NULL, NULL },
        .line = other_line,
        .eager = true,
        .own_size = sizeof(struct own),
    };
    show_read(s, &form);
}

const struct section_reader section_crypto_ikev2_stats = {
    .name = "show crypto ikev2 stats",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
