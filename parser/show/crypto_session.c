/*
 * show crypto session [brief|detail], on IOS and IOS-XE. Facts:
 *
 *   sessions: list of group {
 *     interface, profile, username, group, uptime (as printed), uptime_seconds, status ("UP-ACTIVE", "DOWN", ...),
 *     peer, peer_port, fvrf, ivrf, phase1_id, description, session_id, assigned_address,
 *     ike_sas: list of group { version (1, 2), local, local_port, remote, remote_port, status ("Active"),
 *       capabilities (letters: D DPD, N NAT-T, U route update, F fragmentation, X EAP, R reconnect), connid,
 *       lifetime (as printed), lifetime_seconds, session_id },
 *     flows: list of group { flow (as printed), action, protocol (number), local, remote: group { start, end (address) },
 *       active_sas, origin, inbound, outbound: group { packets, dropped, lifetime_kilobytes, lifetime_seconds } } }
 *   unknown: list of text
 */
#include "parser/fields.h"

enum { LEVEL_SESSION = 1, LEVEL_BLOCK = 2, LEVEL_WAY = 3 };
enum { MARK_NONE, MARK_SESSION, MARK_STATUS, MARK_IKE, MARK_FLOW, MARK_WAY };

static const struct field fields[] = {
    /* label, fact, kind, level, mark */
    { "Crypto session current status", "", FIELD_HEADING, 0, 0 },
    { "Interface", "interface", FIELD_TEXT, LEVEL_SESSION, MARK_SESSION },
    { "Profile", "profile", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "Username", "username", FIELD_FREE, LEVEL_SESSION, 0 },
    { "Group", "group", FIELD_FREE, LEVEL_SESSION, 0 },
    { "Assigned address", "assigned_address", FIELD_ADDRESS, LEVEL_SESSION, 0 },
    { "Uptime", "uptime", FIELD_DURATION, LEVEL_SESSION, 0 },
    { "Session status", "status", FIELD_TEXT, LEVEL_SESSION, MARK_STATUS },
    { "Peer", "peer", FIELD_ADDRESS, LEVEL_SESSION, 0 },
    { "port", "peer_port", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "fvrf", "fvrf", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "ivrf", "ivrf", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "Phase1_id", "phase1_id", FIELD_FREE, LEVEL_SESSION, 0 },
    { "Desc", "description", FIELD_FREE, LEVEL_SESSION, 0 },
    { "Session ID", "session_id", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "IKEv1 SA", "ike_sas", FIELD_HEADING, LEVEL_BLOCK, MARK_IKE },
    { "IKEv2 SA", "ike_sas", FIELD_HEADING, LEVEL_BLOCK, MARK_IKE },
    { "IKE SA", "ike_sas", FIELD_HEADING, LEVEL_BLOCK, MARK_IKE },
    { "local", "local", FIELD_OWN, LEVEL_BLOCK, 0 },
    { "remote", "remote", FIELD_OWN, LEVEL_BLOCK, 0 },
    { "Capabilities", "capabilities", FIELD_TEXT, LEVEL_BLOCK, 0 },
    { "connid", "connid", FIELD_NUMBER, LEVEL_BLOCK, 0 },
    { "lifetime", "lifetime", FIELD_DURATION, LEVEL_BLOCK, 0 },
    { "IPSEC FLOW", "flow", FIELD_OWN, LEVEL_BLOCK, MARK_FLOW },
    { "Active SAs", "active_sas", FIELD_NUMBER, LEVEL_BLOCK, 0 },
    { "origin", "origin", FIELD_TEXT, LEVEL_BLOCK, 0 },
    { "Inbound", "inbound", FIELD_HEADING, LEVEL_WAY, MARK_WAY },
    { "Outbound", "outbound", FIELD_HEADING, LEVEL_WAY, MARK_WAY },
    { "#pkts dec'ed", "packets", FIELD_NUMBER, LEVEL_WAY, 0 },
    { "#pkts enc'ed", "packets", FIELD_NUMBER, LEVEL_WAY, 0 },
    { "drop", "dropped", FIELD_NUMBER, LEVEL_WAY, 0 },
    { "life (KB/Sec)", "lifetime", FIELD_OWN, LEVEL_WAY, 0 },
};

static void open_way(struct show *w, const char *name)
{
    struct facts *above = show_at(w, LEVEL_BLOCK);
    struct fact *group = fact_group(above, name);
    group->line = w->line;
    w->group[LEVEL_WAY] = group;
    w->into[LEVEL_WAY] = facts_into(w->section->model->read, &group->as.child);
}

static void begin_field(struct show *w, const struct field *field)
{
    const struct fact *session = w->group[LEVEL_SESSION];
    switch (field->mark) {
    case MARK_SESSION:
        show_open(w, LEVEL_SESSION);
        break;
    case MARK_STATUS: /* a further peer of the same interface has no line with the interface */
        if (!session || fact_find(fact_children(session), "status"))
            show_open(w, LEVEL_SESSION);
        break;
    case MARK_IKE:
        show_open_in(w, LEVEL_BLOCK, "ike_sas");
        if (field->label[3] == 'v')
            show_number(w, LEVEL_BLOCK, "version", (uint64_t)(field->label[4] - '0'));
        break;
    case MARK_FLOW:
        show_open_in(w, LEVEL_BLOCK, "flows");
        break;
    case MARK_WAY:
        open_way(w, field->name);
        break;
    default:
        break;
    }
}

/* ---- "permit 47 host 11.0.1.2 host 11.0.1.1", "permit ip 0.0.0.0/0.0.0.0 10.0.0.0/255.0.0.0" ---- */

static struct address last_of(struct address start, struct address mask)
{
    struct address end = start;
    for (size_t i = 0; i < address_length(start); i++)
        end.octets[i] = (uint8_t)(start.octets[i] | (uint8_t)~mask.octets[i]);
    return end;
}

static bool mask_of(struct text t, struct address like, struct address *mask)
{
    uint64_t prefix;
    if (text_number(t, 10, &prefix) && prefix <= 8 * address_length(like)) {
        *mask = like;
        for (size_t i = 0; i < address_length(like); i++) {
            uint64_t bits = prefix > 8 * i ? prefix - 8 * i : 0;
            mask->octets[i] = (uint8_t)(bits >= 8 ? 0xff : 0xff00 >> bits);
        }
        return true;
    }
    return address_read(t, mask) && mask->family == like.family;
}

static bool put_end(struct show *w, const char *name, struct text *rest)
{
    struct text word;
    struct address start, mask;
    if (!text_word(rest, &word))
        return false;
    bool host = text_equal(word, TEXT("host"));
    if (host && !text_word(rest, &word))
        return false;
    size_t slash = host ? TEXT_NOWHERE : text_find_byte(word, '/');
    if (!address_read(text_upto(word, slash), &start) || address_length(start) == 0)
        return false;
    struct address end = start;
    if (slash != TEXT_NOWHERE) {
        if (!mask_of(text_from(word, slash + 1), start, &mask))
            return false;
        end = last_of(start, mask);
    }
    struct fact *group = fact_group(show_at(w, LEVEL_BLOCK), name);
    group->line = w->line;
    struct facts f = facts_into(w->section->model->read, &group->as.child);
    fact_address(&f, "start", start);
    fact_address(&f, "end", end);
    return true;
}

static bool put_flow(struct show *w, struct text value)
{
    struct text action, protocol;
    uint64_t number;
    uint32_t known;
    show_text(w, LEVEL_BLOCK, "flow", value);
    if (!text_word(&value, &action) || !text_word(&value, &protocol))
        return true;
    show_text(w, LEVEL_BLOCK, "action", action);
    if (text_number(protocol, 10, &number) && number < 256)
        show_number(w, LEVEL_BLOCK, "protocol", number);
    else if (text_equal(protocol, TEXT("ip")) || text_equal(protocol, TEXT("ipv6")))
        show_number(w, LEVEL_BLOCK, "protocol", 0);
    else if (registry_number(REGISTRY_IPPROTO, protocol, &known))
        show_number(w, LEVEL_BLOCK, "protocol", known);
    if (put_end(w, "local", &value))
        (void)put_end(w, "remote", &value);
    return true;
}

/* "4276853/3592", "KB Vol Rekey Disabled/3060", "Unknown/Unknown" */
static bool put_life(struct show *w, struct text value)
{
    struct text first;
    uint64_t number;
    if (!text_cut(&value, '/', &first))
        return false;
    if (text_number(text_trim(first), 10, &number))
        show_number(w, LEVEL_WAY, "lifetime_kilobytes", number);
    else
        show_text(w, LEVEL_WAY, "lifetime_volume", text_trim(first));
    if (text_digits(text_trim(value), 10, &number))
        show_number(w, LEVEL_WAY, "lifetime_seconds", number);
    return true;
}

static bool own_field(struct show *w, const struct field *field, struct text value)
{
    if (strcmp(field->name, "flow") == 0)
        return put_flow(w, value);
    if (strcmp(field->name, "lifetime") == 0)
        return put_life(w, value);
    struct text word;
    struct endpoint e;
    if (!text_word(&value, &word) || !endpoint_word(word, &e))
        return false;
    show_put(w, LEVEL_BLOCK, field->name, FIELD_ENDPOINT, word);
    if (field->label[0] == 'r')
        show_text(w, LEVEL_BLOCK, "status", text_trim(value));
    return true;
}

/* "UA", "DN": what `brief` says of a session; with "K" there is no IKE SA. */
static const char *brief_status(struct text letters)
{
    bool up = text_find_byte(letters, 'U') != TEXT_NOWHERE;
    if (text_find_byte(letters, 'K') != TEXT_NOWHERE)
        return up ? "UP-NO-IKE" : "DOWN";
    if (text_find_byte(letters, 'N') != TEXT_NOWHERE)
        return "DOWN-NEGOTIATING";
    if (!up)
        return "DOWN";
    return text_find_byte(letters, 'A') != TEXT_NOWHERE ? "UP-ACTIVE" : "UP-IDLE";
}

static bool is_letters(struct text t)
{
    bool all = t.len > 0 && t.len <= 3;
    for (size_t i = 0; i < t.len; i++)
        all &= memchr("AUDISNK", t.at[i], sizeof "AUDISNK" - 1) != NULL;
    return all;
}

/* brief: "198.51.100.9     Tu0      USER      ID      00:11:12      UA"; the name and the time may be missing. */
static bool read_brief(struct show *w, struct text plain)
{
    enum { WORDS = 6 };
    struct text word[WORDS], rest = plain;
    struct address peer;
    size_t n = 0;
    while (n < WORDS && text_word(&rest, &word[n]))
        n++;
    if (n < 3 || text_trim(rest).len || !address_read(word[0], &peer) || !is_letters(word[n - 1]))
        return false;
    const char *status = brief_status(word[--n]);
    show_open(w, LEVEL_SESSION);
    show_put(w, LEVEL_SESSION, "peer", FIELD_ADDRESS, word[0]);
    show_text(w, LEVEL_SESSION, "interface", word[1]);
    if (n > 2 && (text_find_byte(word[n - 1], ':') != TEXT_NOWHERE && word[n - 1].at[0] >= '0' && word[n - 1].at[0] <= '9'))
        show_put(w, LEVEL_SESSION, "uptime", FIELD_DURATION, word[--n]);
    if (n > 2)
        show_text(w, LEVEL_SESSION, "phase1_id", word[n - 1]);
    if (n > 3)
        show_text(w, LEVEL_SESSION, "username", word[2]);
    show_text(w, LEVEL_SESSION, "status", text_of(status));
    return true;
}

static bool other_line(struct show *w, struct text line)
{
    struct text plain = text_trim(line);
    if (text_starts(plain, TEXT("Code:")) || text_starts(plain, TEXT("Status: A")) || text_starts(plain, TEXT("ivrf =")) ||
        text_starts(plain, TEXT("Peer ")) || read_brief(w, plain))
        return true;
    /* the legend: "K - Keepalives, N - NAT-traversal" */
    return plain.len > 4 && plain.at[0] >= 'A' && plain.at[0] <= 'Z' && text_starts(text_from(plain, 1), TEXT(" - "));
}

static bool is_command(struct text command)
{
    return command_matches(command, "show crypto session [...]");
}

static int begins(struct text line)
{
    line = text_trim(line);
    if (text_starts(line, TEXT("Crypto session current status")))
        return 95;
    /* one session of them, without the heading; "Interface: Tunnel0, IPv4 NHRP Details" is another command's */
    bool interface = text_starts(line, TEXT("Interface: ")) && text_find_byte(line, ',') == TEXT_NOWHERE;
    return text_starts(line, TEXT("Session status: ")) ? 80 : interface ? 75 : 0;
}

static void read(struct section *s)
{
    static const struct show_form form = {
        .name = "show crypto session",
        .fields = fields,
        .count = COUNT_OF(fields),
        .lists = { NULL, "sessions", "blocks", "ways" },
        .begin = begin_field,
        .own = own_field,
        .line = other_line,
        .eager = true,
    };
    show_read(s, &form);
}

const struct section_reader section_crypto_session = {
    .name = "show crypto session",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
