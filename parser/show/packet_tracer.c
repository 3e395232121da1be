/*
 * An ASA's packet-tracer: a made-up packet, and what each phase of the firewall did with it. Facts:
 *
 *   protocol (text), source, destination (address): of the command, where it was seen
 *   phases: list of group { type, subtype, result (text: "ALLOW", "DROP"), config, became (text: the rule's first line, and what
 *           NAT made of an address) }
 *   input_interface, output_interface, action, drop_reason (text)
 */
#include "parser/fields.h"

struct own {
    bool config, became; /* the phase in work has them */
};

/* "Type: VPN", "drop-reason: (acl-drop) ..."; {label, fact, level} */
static const struct {
    const char *label, *name;
    unsigned level;
} labels[] = {
    { "Type:", "type", 1 },
    { "Subtype:", "subtype", 1 },
    { "input-interface:", "input_interface", 0 },
    { "output-interface:", "output_interface", 0 },
    { "Action:", "action", 0 },
    { "Drop-reason:", "drop_reason", 0 },
};

/* "packet-tracer input inside icmp 10.1.0.9 8 0 10.2.0.9 detailed" */
static void put_command(struct show *w)
{
    struct text word, rest = w->section->command;
    struct address a;
    bool first = true;
    for (unsigned i = 0; text_word(&rest, &word); i++) {
        if (i == 3)
            show_text(w, 0, "protocol", word);
        else if (i > 3 && address_read(word, &a)) {
            show_put(w, 0, first ? "source" : "destination", FIELD_ADDRESS, word);
            if (!first)
                return;
            first = false;
        }
    }
}

/* The rule that a phase went by, and what an address became: the first of each. */
static bool put_said(struct show *w, struct text line)
{
    static const char *const rules[] = { "nat (", "access-list ", "access-group ", "crypto map " };
    bool became = text_has(line, TEXT("ranslate "));
    if (!w->group[1])
        return false;
    struct own *phase = w->own;
    for (size_t i = 0; i < COUNT_OF(rules) && !became; i++)
        if (text_starts(line, text_of(rules[i]))) {
            if (!phase->config)
                show_text(w, 1, "config", line);
            phase->config = true;
            return true;
        }
    if (became && !phase->became)
        show_text(w, 1, "became", line);
    phase->became |= became;
    return became;
}

static bool each_line(struct show *w, struct text line)
{
    line = text_trim(line);
    if (text_starts(line, TEXT("Phase:"))) {
        if (!w->group[1])
            put_command(w);
        show_open(w, 1);
        *(struct own *)w->own = (struct own){ .config = false };
        return true;
    }
    if (text_starts(line, TEXT("Result:"))) {
        struct text said = text_trim(text_from(line, sizeof "Result:" - 1));
        if (said.len && w->group[1])
            show_text(w, 1, "result", said);
        else
            show_close(w, 1);
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(labels); i++)
        if (text_starts(line, text_of(labels[i].label)) && (labels[i].level == 0 || w->group[1])) {
            struct text value = text_trim(text_from(line, strlen(labels[i].label)));
            value = text_upto(value, text_find(value, TEXT("(vrfid:"))); /* behind an interface's name */
            if (value.len)
                show_text(w, labels[i].level, labels[i].name, value);
            return true;
        }
    return put_said(w, line);
}

static bool is_command(struct text command)
{
    struct text word;
    return text_word(&command, &word) && text_equal(word, TEXT("packet-tracer"));
}

static int begins(struct text line)
{
    struct text rest = text_trim(line), word;
    uint64_t number;
    return text_word(&rest, &word) && text_equal(word, TEXT("Phase:")) && text_number(text_trim(rest), 10, &number) ? 75 : 0;
}

static void read(struct section *s)
{
    static const struct show_form form = {
        .name = "packet-tracer",
        .fields = NULL,
        .count = 0,
        .lists = { NULL, "phases", NULL, NULL },
        .line = each_line,
        .own_size = sizeof(struct own),
        .eager = true,
        .rest_is_noise = true,
    };
    show_read(s, &form);
}

const struct section_reader section_packet_tracer = {
    .name = "packet-tracer",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
