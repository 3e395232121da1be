/*
 * show crypto isakmp sa, show crypto ikev1 sa: IKE SAs of IKEv1, which is not taken apart here; but whether one is up, or is
 * being tried in vain, tells much of an empty list of IKEv2. Facts:
 *
 *   sas: list of group { responder, initiator (address: dst and src of IOS), peer (address, of an ASA), state (as printed),
 *                        up (bool) }
 */
#include "parser/fields.h"

static bool is_state(struct text word)
{
    return text_starts(word, TEXT("MM_")) || text_starts(word, TEXT("AM_")) || text_starts(word, TEXT("AG_")) ||
           text_starts(word, TEXT("QM_")) || text_starts(word, TEXT("CONF_"));
}

static void put_state(struct show *w, struct text state)
{
    show_text(w, 1, "state", state);
    bool up = text_equal(state, TEXT("QM_IDLE")) || text_equal(state, TEXT("MM_ACTIVE")) || text_equal(state, TEXT("AM_ACTIVE"));
    fact_bool(show_at(w, 1), "up", up)->line = w->line;
}

/* "203.0.113.2     203.0.113.1     MM_NO_STATE          0 ACTIVE (deleted)" */
static bool read_row(struct show *w, struct text line)
{
    struct text responder, initiator, state;
    struct address a, b;
    if (!text_word(&line, &responder) || !text_word(&line, &initiator) || !text_word(&line, &state) || !is_state(state) ||
        !address_read(responder, &a) || !address_read(initiator, &b))
        return false;
    show_open(w, 1);
    show_put(w, 1, "responder", FIELD_ADDRESS, responder);
    show_put(w, 1, "initiator", FIELD_ADDRESS, initiator);
    put_state(w, state);
    return true;
}

/* "1   IKE Peer: 203.0.113.2", two lines on "    Rekey   : no              State   : MM_WAIT_MSG2" */
static bool read_block(struct show *w, struct text line)
{
    size_t peer = text_find(line, TEXT("IKE Peer:")), state = text_find(line, TEXT("State"));
    struct text word, rest;
    if (peer != TEXT_NOWHERE) {
        rest = text_from(line, peer + sizeof "IKE Peer:" - 1);
        show_open(w, 1);
        if (text_word(&rest, &word))
            show_put(w, 1, "peer", FIELD_ADDRESS, word);
        return true;
    }
    rest = state == TEXT_NOWHERE ? TEXT("") : text_strip(text_from(line, state + sizeof "State" - 1), ":");
    if (!w->group[1] || !text_word(&rest, &word) || !is_state(word))
        return false;
    put_state(w, word);
    return true;
}

/* IPv6 has no room for a row: " dst: 2001:DB8::2", " src: 2001:DB8::1", " state: QM_IDLE         conn-id:   1001 slot: 0 …" */
static bool read_long(struct show *w, struct text line)
{
    struct text label, value;
    if (!text_word(&line, &label) || !text_word(&line, &value))
        return false;
    if (text_equal(label, TEXT("dst:"))) {
        show_open(w, 1);
        show_put(w, 1, "responder", FIELD_ADDRESS, value);
        return true;
    }
    if (!w->group[1] || (!text_equal(label, TEXT("src:")) && !(text_equal(label, TEXT("state:")) && is_state(value))))
        return false;
    if (label.at[1] == 'r')
        show_put(w, 1, "initiator", FIELD_ADDRESS, value);
    else
        put_state(w, value);
    return true;
}

static bool each_line(struct show *w, struct text line)
{
    return read_row(w, line) || read_long(w, line) || read_block(w, line);
}

static bool is_command(struct text command)
{
    return command_matches(command, "show crypto isakmp sa [...]") || command_matches(command, "show crypto ikev1 sa [...]");
}

static int begins(struct text line)
{
    struct text dst, src, state;
    line = text_trim(line);
    if (text_starts(line, TEXT("IPv4 Crypto ISAKMP SA")) || text_starts(line, TEXT("IKEv1 SAs:")))
        return 85;
    return text_word(&line, &dst) && text_word(&line, &src) && text_word(&line, &state) && text_equal(dst, TEXT("dst")) &&
                   text_equal(src, TEXT("src")) && text_equal(state, TEXT("state"))
               ? 80
               : 0;
}

static void read(struct section *s)
{
    static const struct show_form form = {
        .name = "show crypto isakmp sa",
        .fields = NULL,
        .count = 0,
        .lists = { NULL, "sas", NULL, NULL },
        .line = each_line,
        .eager = true,
        .rest_is_noise = true,
    };
    show_read(s, &form);
}

const struct section_reader section_crypto_isakmp_sa = {
    .name = "show crypto isakmp sa",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
