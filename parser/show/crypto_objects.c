/*
 * show crypto map, show crypto ipsec profile and transform-set, show crypto ikev2 profile: what a router has configured, in other
 * words than a configuration's. Each line that amounts to a command is read as that command (parser/config_*.c), so the records
 * are those of a configuration, with the lines of the output. Access lists and transform sets stand inside the entry that names
 * them, where a configuration has them outside: they are read when the rest is through.
 */
#include "parser/configuration.h"

/* {label in front of a colon, equals sign or blank, the command that its value ends; NULL: it takes no further look} */
static const struct row {
    const char *label, *command;
} rows[] = {
    { "Peer =", " set peer" },
    { "Extended IP access list", " match address" },
    { "Extended IPv6 access list", " match address" },
    { "IKEv2 Profile:", " set ikev2-profile" },
    { "ISAKMP Profile:", " set isakmp-profile" },
    { "DH group:", " set pfs" },
    { "IPSEC profile", "crypto ipsec profile" },
    { "IKEv2 profile:", "crypto ikev2 profile" },
    { "address", " match identity remote address" },
    { "fqdn", " match identity remote fqdn" },
    { "email", " match identity remote email" },
    { "key-id", " match identity remote key-id" },
    { "any", " match identity remote any" },
    { "Local identity:", " identity local" },
    { "Local authentication method:", " authentication local" },
    { "Remote authentication method(s):", " authentication remote" },
    { "Keyring:", " keyring local" },
    { "Certificate maps:", " match certificate" },
};

enum pass { PASS_ENTRIES, PASS_LISTS };

static struct text words(struct section *s, const char *command, struct text value)
{
    return arena_format(s->scratch, "%s %.*s", command, TEXT_ARGS(value));
}

/* "Crypto Map IPv4 "CMAP" 10 ipsec-isakmp", "Crypto Map "CMAP" 10 ipsec-isakmp" */
static struct text map_entry(struct section *s, struct text line)
{
    size_t from = text_find_byte(line, '"');
    struct text rest = text_from(line, from == TEXT_NOWHERE ? line.len : from + 1);
    size_t to = text_find_byte(rest, '"');
    uint64_t seq;
    struct text tail = to == TEXT_NOWHERE ? (struct text){ NULL, 0 } : text_trim(text_from(rest, to + 1));
    if (!text_digits(tail, 10, &seq))
        return (struct text){ NULL, 0 };
    return arena_format(s->scratch, "crypto map %.*s %.*s", TEXT_ARGS(text_upto(rest, to)), TEXT_ARGS(tail));
}

/* "esp-256-aes" is a configuration's "esp-aes 256". */
static void put_transforms(struct buffer *out, struct text list)
{
    struct text word;
    while (text_word(&list, &word)) {
        struct text rest = word, part[3];
        size_t n = 0;
        uint64_t bits;
        while (n < 3 && text_cut(&rest, '-', &part[n]))
            n++;
        if (n == 3 && !rest.len && text_number(part[1], 10, &bits))
            buffer_format(out, " %.*s-%.*s %.*s", TEXT_ARGS(part[0]), TEXT_ARGS(part[2]), TEXT_ARGS(part[1]));
        else if (!text_equal(word, TEXT(",")))
            buffer_format(out, " %.*s", TEXT_ARGS(word));
    }
}

/* "TS:  { esp-256-aes esp-sha256-hmac  } ," in an entry, "Transform set TS: { esp-256-aes esp-sha256-hmac  }" by itself. */
static struct text transform_set(struct section *s, struct text line, enum pass pass)
{
    static const char heading[] = "Transform set ";
    size_t open = text_find_byte(line, '{'), close = text_find_byte(line, '}'), colon = text_find_byte(line, ':');
    if (open == TEXT_NOWHERE || close == TEXT_NOWHERE || colon == TEXT_NOWHERE || colon > open || close < open)
        return (struct text){ NULL, 0 };
    struct text name = text_trim(text_upto(line, colon));
    const bool alone = text_starts(name, text_of(heading));
    if (alone)
        name = text_from(name, sizeof heading - 1);
    if (!name.len || text_find_byte(name, ' ') != TEXT_NOWHERE)
        return (struct text){ NULL, 0 };
    if (pass == PASS_ENTRIES)
        return alone ? (struct text){ NULL, 0 } : words(s, " set transform-set", name);
    /* every router lists its default set, whether anything uses it or not; "!" ends the set before, whose mode does not follow */
    if (alone && text_equal(name, TEXT("default")))
        return TEXT("!");
    struct buffer out;
    buffer_init(&out, 4096);
    buffer_format(&out, "crypto ipsec transform-set %.*s", TEXT_ARGS(name));
    put_transforms(&out, text_upto(text_from(line, open + 1), close - open - 1));
    struct text command = arena_text(s->scratch, buffer_view(&out));
    buffer_clear(&out);
    return command;
}

static struct text labelled(struct section *s, struct text line)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct text label = text_of(rows[i].label), value = text_trim(text_from(line, label.len));
        if (!text_starts(line, label) || (label.at[label.len - 1] != ':' && label.at[label.len - 1] != '=' &&
                                          line.len > label.len && line.at[label.len] != ' '))
            continue;
        if (text_equal(value, TEXT("none")) || (!value.len && !text_equal(label, TEXT("any"))))
            break;
        return words(s, rows[i].command, value);
    }
    return (struct text){ NULL, 0 };
}

static struct text command_of(struct section *s, struct text line, enum pass pass)
{
    struct text set = transform_set(s, line, pass);
    if (set.at)
        return set;
    if (pass == PASS_LISTS) {
        if (text_starts(line, TEXT("access-list ")))
            return line;
        if (text_starts(line, TEXT("will negotiate =")))
            return text_has(line, TEXT("Transport")) && !text_has(line, TEXT("Tunnel")) ? TEXT(" mode transport")
                                                                                        : TEXT(" mode tunnel");
        return (struct text){ NULL, 0 };
    }
    return text_starts(line, TEXT("Crypto Map ")) ? map_entry(s, line) : labelled(s, line);
}

static bool is_command(struct text command)
{
    return command_matches(command, "show crypto map [...]") || command_matches(command, "show crypto ipsec profile [...]") ||
           command_matches(command, "show crypto ipsec transform-set [...]") ||
           command_matches(command, "show crypto ikev2 profile [...]");
}

static int begins(struct text line)
{
    if (text_starts(line, TEXT("Transform set ")))
        return text_has(line, TEXT(": {")) ? 85 : 0;
    if (text_starts(line, TEXT("Crypto Map ")))
        return text_has(line, TEXT("\" ")) && text_has(line, TEXT(" ipsec-isakmp")) ? 85 : 0;
    return text_starts(line, TEXT("IPSEC profile ")) || text_starts(line, TEXT("IKEv2 profile: ")) ? 80 : 0;
}

static void read_pass(struct section *s, enum pass pass)
{
    for (size_t i = 0; i < s->count; i++)
        s->lines[i].as = command_of(s, text_trim(s->lines[i].text), pass);
    config_read_commands(s);
}

static void read(struct section *s)
{
    for (size_t i = 0; i < s->count; i++)
        s->lines[i].class = text_trim(s->lines[i].text).len ? LINE_NOISE : LINE_BLANK;
    read_pass(s, PASS_ENTRIES);
    read_pass(s, PASS_LISTS);
}

const struct section_reader section_crypto_objects = {
    .name = "show crypto map",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
