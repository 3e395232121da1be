/*
 * show crypto ipsec sa [detail|peer A|interface I], on IOS, IOS-XE and ASA. Facts:
 *
 *   flows: list of group {
 *     interface, crypto_map, sequence (ASA), local_address, policy_name, access_list (ASA, as printed), protected_vrf,
 *     local_ident, remote_ident: group { address, mask (address), prefix_length, protocol, port },
 *     peer, peer_port, username, action ("PERMIT"), flags,
 *     pkts_encaps, pkts_encrypt, pkts_decaps, ..., send_errors, recv_errors: every counter with '#', by its label,
 *     local_endpoint, local_endpoint_port, remote_endpoint, remote_endpoint_port,
 *     plaintext_mtu, path_mtu, ip_mtu, ipv6_mtu, mtu_interface, media_mtu, overhead, df_policy, ...
 *     outbound_spi, inbound_spi (hex, absent when 0), pfs (bool), dh (code KE; NONE until the first rekey is normal),
 *     sas: list of group {
 *       direction ("inbound", "outbound"), protocol (code PROTOCOL, or text "PCP"), spi (hex),
 *       transform (as printed), transforms: list of group { type, id, name, key_length },
 *       settings (as printed), mode ("tunnel", "transport"), udp_encapsulated (bool),
 *       conn_id, flow_id, sibling_flags, crypto_map, initiator, slot, lifetime_kilobytes, lifetime_seconds,
 *       iv_size, replay_detection (bool), replay_window, status, sa_state } }
 *   unknown: list of text
 */
#include "parser/algorithms.h"
#include "parser/fields.h"

enum { LEVEL_FLOW = 1, LEVEL_SA = 2 };
enum { MARK_NONE, MARK_INTERFACE, MARK_MAP, MARK_CONTEXT, MARK_FLOW, MARK_SPI, MARK_BITMAP, MARK_DIRECTION };

static const struct field fields[] = {
    /* label, fact, kind, level, mark */
    { "interface", "interface", FIELD_OWN, LEVEL_FLOW, MARK_INTERFACE },
    { "Crypto map tag", "crypto_map", FIELD_OWN, LEVEL_FLOW, MARK_MAP },
    { "seq num", "sequence", FIELD_OWN, LEVEL_FLOW, MARK_CONTEXT },
    { "local addr", "local_address", FIELD_OWN, LEVEL_FLOW, MARK_CONTEXT },
    { "IPsecv6 policy name", "policy_name", FIELD_OWN, LEVEL_FLOW, MARK_CONTEXT },
    { "access-list", "access_list", FIELD_TEXT, LEVEL_FLOW, MARK_FLOW },
    { "protected vrf", "protected_vrf", FIELD_TEXT, LEVEL_FLOW, MARK_FLOW },
    { "Protected vrf (ivrf)", "protected_vrf", FIELD_TEXT, LEVEL_FLOW, 0 }, /* an ASA's, behind the flow's first line */
    { "local ident (addr/mask/prot/port)", "local_ident", FIELD_OWN, LEVEL_FLOW, MARK_FLOW },
    { "remote ident (addr/mask/prot/port)", "remote_ident", FIELD_OWN, LEVEL_FLOW, 0 },
    { "current_peer", "peer", FIELD_ADDRESS, LEVEL_FLOW, 0 },
    { "port", "peer_port", FIELD_NUMBER, LEVEL_FLOW, 0 },
    { "username", "username", FIELD_FREE, LEVEL_FLOW, 0 },
    { "dynamic allocated peer ip", "allocated_address", FIELD_ADDRESS, LEVEL_FLOW, 0 },
    { "flags", "flags", FIELD_TEXT, LEVEL_FLOW, 0 },
    { "local crypto endpt.", "local_endpoint", FIELD_ENDPOINT, LEVEL_FLOW, 0 },
    { "remote crypto endpt.", "remote_endpoint", FIELD_ENDPOINT, LEVEL_FLOW, 0 },
    { "plaintext mtu", "plaintext_mtu", FIELD_NUMBER, LEVEL_FLOW, 0 },
    { "path mtu", "path_mtu", FIELD_NUMBER, LEVEL_FLOW, 0 },
    { "ip mtu", "ip_mtu", FIELD_NUMBER, LEVEL_FLOW, 0 },
    { "ipv6 mtu", "ipv6_mtu", FIELD_NUMBER, LEVEL_FLOW, 0 },
    { "media mtu", "media_mtu", FIELD_NUMBER, LEVEL_FLOW, 0 },
    { "override mtu", "override_mtu", FIELD_NUMBER, LEVEL_FLOW, 0 },
    { "ipsec overhead", "overhead", FIELD_TEXT, LEVEL_FLOW, 0 },
    { "ip mtu idb", "mtu_interface", FIELD_TEXT, LEVEL_FLOW, 0 },
    { "ipv6 mtu idb", "mtu_interface", FIELD_TEXT, LEVEL_FLOW, 0 },
    { "PMTU time remaining (sec)", "pmtu_seconds", FIELD_NUMBER, LEVEL_FLOW, 0 },
    { "DF policy", "df_policy", FIELD_TEXT, LEVEL_FLOW, 0 },
    { "ICMP error validation", "icmp_error_validation", FIELD_TEXT, LEVEL_FLOW, 0 },
    { "TFC packets", "tfc_packets", FIELD_TEXT, LEVEL_FLOW, 0 },
    { "current outbound spi", "outbound_spi", FIELD_OWN, LEVEL_FLOW, 0 },
    { "current inbound spi", "inbound_spi", FIELD_OWN, LEVEL_FLOW, 0 },
    { "PFS (Y/N)", "pfs", FIELD_YES, LEVEL_FLOW, 0 },
    { "DH group", "dh", FIELD_KE, LEVEL_FLOW, 0 },
    { "inbound esp sas", "", FIELD_HEADING, LEVEL_FLOW, MARK_DIRECTION },
    { "inbound ah sas", "", FIELD_HEADING, LEVEL_FLOW, MARK_DIRECTION },
    { "inbound pcp sas", "", FIELD_HEADING, LEVEL_FLOW, MARK_DIRECTION },
    { "outbound esp sas", "", FIELD_HEADING, LEVEL_FLOW, MARK_DIRECTION },
    { "outbound ah sas", "", FIELD_HEADING, LEVEL_FLOW, MARK_DIRECTION },
    { "outbound pcp sas", "", FIELD_HEADING, LEVEL_FLOW, MARK_DIRECTION },
    { "spi", "spi", FIELD_OWN, LEVEL_SA, MARK_SPI },
    { "SA State", "sa_state", FIELD_TEXT, LEVEL_SA, 0 },
    { "transform", "transform", FIELD_OWN, LEVEL_SA, 0 },
    { "in use settings", "settings", FIELD_OWN, LEVEL_SA, 0 },
    { "slot", "slot", FIELD_NUMBER, LEVEL_SA, 0 },
    { "conn id", "conn_id", FIELD_NUMBER, LEVEL_SA, 0 },
    { "conn_id", "conn_id", FIELD_NUMBER, LEVEL_SA, 0 },
    { "flow_id", "flow_id", FIELD_TEXT, LEVEL_SA, 0 },
    { "sibling_flags", "sibling_flags", FIELD_TEXT, LEVEL_SA, 0 },
    { "crypto map", "crypto_map", FIELD_TEXT, LEVEL_SA, 0 },
    { "crypto-map", "crypto_map", FIELD_TEXT, LEVEL_SA, 0 },
    { "initiator", "initiator", FIELD_YES, LEVEL_SA, 0 },
    { "sa timing", "", FIELD_HEADING, LEVEL_SA, 0 },
    { "remaining key lifetime", "", FIELD_HEADING, LEVEL_SA, 0 },
    { "remaining key", "", FIELD_HEADING, LEVEL_SA, 0 },
    { "lifetime", "", FIELD_HEADING, LEVEL_SA, 0 },
    { "(k/sec)", "lifetime", FIELD_OWN, LEVEL_SA, 0 },
    { "(kB/sec)", "lifetime", FIELD_OWN, LEVEL_SA, 0 },
    { "(sec)", "lifetime_seconds", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Kilobyte Volume Rekey has been disabled", "", FIELD_HEADING, LEVEL_SA, 0 },
    { "IV size", "iv_size", FIELD_NUMBER, LEVEL_SA, 0 },
    { "replay detection support", "replay_detection", FIELD_YES, LEVEL_SA, 0 },
    { "replay window size", "replay_window", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Status", "status", FIELD_TEXT, LEVEL_SA, 0 },
    { "Anti replay bitmap", "", FIELD_HEADING, LEVEL_SA, MARK_BITMAP },
};

struct own {
    struct text interface, crypto_map, sequence, local_address, policy_name;
    struct text counter; /* a counter's label whose number is on the next line */
    const char *direction;
    unsigned protocol; /* PROTOCOL_ESP, PROTOCOL_AH, 0 of PCP */
    bool bitmap;
    bool identified; /* the flow in work has its identities */
};

/* ---- flows ---- */

static void open_flow(struct show *w)
{
    struct own *own = w->own;
    show_open(w, LEVEL_FLOW);
    show_text(w, LEVEL_FLOW, "interface", own->interface);
    show_text(w, LEVEL_FLOW, "crypto_map", own->crypto_map);
    if (own->sequence.len)
        show_put(w, LEVEL_FLOW, "sequence", FIELD_NUMBER, own->sequence);
    if (own->local_address.len)
        show_put(w, LEVEL_FLOW, "local_address", FIELD_ADDRESS, own->local_address);
    show_text(w, LEVEL_FLOW, "policy_name", own->policy_name);
}

static void close_flow(struct show *w)
{
    struct own *own = w->own;
    own->identified = false;
    show_close(w, LEVEL_FLOW);
}

/* A label that heads a flow begins a new one when the flow in work has its identities already. */
static void begin_flow(struct show *w)
{
    const struct own *own = w->own;
    if (own->identified)
        close_flow(w);
    if (!w->group[LEVEL_FLOW])
        open_flow(w);
}

static void begin_direction(struct show *w, const struct field *field)
{
    struct own *own = w->own;
    bool out = field->label[0] == 'o';
    char kind = field->label[out ? 9 : 8];
    own->direction = out ? "outbound" : "inbound";
    own->protocol = kind == 'e' ? PROTOCOL_ESP : kind == 'a' ? PROTOCOL_AH : 0;
    show_close(w, LEVEL_SA);
}

static void begin_sa(struct show *w)
{
    struct own *own = w->own;
    if (!w->group[LEVEL_FLOW])
        open_flow(w);
    show_open(w, LEVEL_SA);
    show_text(w, LEVEL_SA, "direction", text_of(own->direction));
    if (own->protocol)
        fact_code(show_at(w, LEVEL_SA), "protocol", REGISTRY_PROTOCOL, own->protocol);
    else if (own->direction)
        show_text(w, LEVEL_SA, "protocol", TEXT("PCP"));
}

static void begin_field(struct show *w, const struct field *field)
{
    struct own *own = w->own;
    own->bitmap = field->mark == MARK_BITMAP;
    own->counter = (struct text){ NULL, 0 };
    switch (field->mark) {
    case MARK_INTERFACE:
        *own = (struct own){ .interface = { NULL, 0 } };
        close_flow(w);
        break;
    case MARK_MAP:
        own->sequence = own->local_address = own->policy_name = (struct text){ NULL, 0 };
        close_flow(w);
        break;
    case MARK_FLOW:
        begin_flow(w);
        break;
    case MARK_DIRECTION:
        begin_direction(w, field);
        break;
    case MARK_SPI:
        begin_sa(w);
        break;
    case MARK_CONTEXT:
        break;
    default:
        if (field->kind != FIELD_HEADING && !w->group[LEVEL_FLOW])
            open_flow(w);
    }
}

/* ---- values ---- */

static bool keep_context(struct show *w, const struct field *field, struct text value)
{
    struct own *own = w->own;
    struct text *where = strcmp(field->name, "interface") == 0     ? &own->interface
                       : strcmp(field->name, "crypto_map") == 0    ? &own->crypto_map
                       : strcmp(field->name, "sequence") == 0      ? &own->sequence
                       : strcmp(field->name, "local_address") == 0 ? &own->local_address
                                                                   : &own->policy_name;
    *where = value;
    return true;
}

/* "(20.20.20.0/255.255.255.0/0/0)", "(FE80::/10/89/0)" */
static bool put_ident(struct show *w, const char *name, struct text value)
{
    struct text parts[4], part, rest = text_strip(value, "()");
    unsigned n = 0;
    while (n < 4 && text_cut(&rest, '/', &part))
        parts[n++] = part;
    struct address address, mask;
    uint64_t protocol, port, prefix;
    if (n != 4 || rest.len || !address_read(parts[0], &address) || !text_number(parts[2], 10, &protocol) ||
        !text_number(parts[3], 10, &port))
        return false;
    struct own *own = w->own;
    own->identified |= strcmp(name, "local_ident") == 0;
    struct fact *group = fact_group(show_at(w, LEVEL_FLOW), name);
    group->line = w->line;
    struct facts f = facts_into(w->section->model->read, &group->as.child);
    fact_address(&f, "address", address);
    if (text_number(parts[1], 10, &prefix))
        fact_number(&f, "prefix_length", prefix);
    else if (address_read(parts[1], &mask))
        fact_address(&f, "mask", mask);
    fact_number(&f, "protocol", protocol);
    fact_number(&f, "port", port);
    return true;
}

static bool put_spi(struct show *w, const struct field *field, struct text value)
{
    struct text hex;
    uint64_t number;
    struct text digits = text_trim(text_upto(value, text_find_byte(value, '(')));
    if (!spi_text(digits, 8, w->section->scratch, &hex) || !text_number(hex, 16, &number))
        return false;
    if (number)
        show_text(w, field->level, field->name, hex);
    return true;
}

static bool put_transform(struct show *w, struct text value)
{
    struct text word, rest = text_strip(value, ",");
    struct facts list = { NULL, NULL };
    show_text(w, LEVEL_SA, "transform", rest);
    while (text_word(&rest, &word)) {
        struct transform t;
        unsigned protocol;
        if (!algorithm_esp(text_strip(word, ","), &t, &protocol))
            continue;
        struct text behind = rest, number;
        uint64_t bits;
        if (text_word(&behind, &number) && text_number(text_strip(number, ","), 10, &bits) && bits <= 512) {
            t.key_length = (uint16_t)bits; /* "esp-gcm 256" */
            rest = behind;
        }
        if (!list.arena)
            list = show_list(w, LEVEL_SA, "transforms");
        struct fact *group = fact_group(&list, NULL);
        struct facts f = facts_into(w->section->model->read, &group->as.child);
        fact_code(&f, "type", REGISTRY_TRANSFORM, t.type);
        fact_number(&f, "id", t.id);
        fact_code(&f, "name", transform_registry(t.type), t.id);
        if (t.key_length)
            fact_number(&f, "key_length", t.key_length);
    }
    return true;
}

static bool put_settings(struct show *w, struct text value)
{
    struct text plain = text_strip(value, "{},");
    show_text(w, LEVEL_SA, "settings", plain);
    if (text_has(plain, TEXT("Tunnel")))
        show_text(w, LEVEL_SA, "mode", TEXT("tunnel"));
    else if (text_has(plain, TEXT("Transport")))
        show_text(w, LEVEL_SA, "mode", TEXT("transport"));
    if (text_has(plain, TEXT("UDP-Encaps")) || text_has(plain, TEXT("NAT-T-Encaps")))
        fact_bool(show_at(w, LEVEL_SA), "udp_encapsulated", true)->line = w->line;
    return true;
}

static bool put_lifetime(struct show *w, struct text value)
{
    struct text kilobytes, seconds = text_strip(value, "()");
    uint64_t k, s;
    if (!text_cut(&seconds, '/', &kilobytes))
        return false;
    bool any = false;
    if (text_number(text_trim(kilobytes), 10, &k)) {
        show_number(w, LEVEL_SA, "lifetime_kilobytes", k);
        any = true;
    }
    if (text_number(text_trim(seconds), 10, &s)) {
        show_number(w, LEVEL_SA, "lifetime_seconds", s);
        any = true;
    }
    return any;
}

static bool own_field(struct show *w, const struct field *field, struct text value)
{
    if (field->mark == MARK_INTERFACE || field->mark == MARK_MAP || field->mark == MARK_CONTEXT)
        return keep_context(w, field, value);
    if (text_ends(text_of(field->name), TEXT("ident")))
        return put_ident(w, field->name, value);
    if (text_ends(text_of(field->name), TEXT("spi")))
        return put_spi(w, field, value);
    if (strcmp(field->name, "transform") == 0)
        return put_transform(w, value);
    if (strcmp(field->name, "settings") == 0)
        return put_settings(w, value);
    if (strcmp(field->name, "lifetime") == 0)
        return put_lifetime(w, value);
    return false;
}

/* ---- lines ---- */

/* "#pkts encaps: 10, #send errors 0, ##pkts replay failed (rcv): 0"; a number may have slipped to the next line. */
static void put_counter(struct show *w, struct text item)
{
    struct own *own = w->own;
    size_t end = item.len;
    while (end && item.at[end - 1] >= '0' && item.at[end - 1] <= '9')
        end--;
    struct text label = text_strip(text_upto(item, end), "#:");
    uint64_t number;
    if (label.len == 0)
        return;
    if (!text_number(text_from(item, end), 10, &number)) {
        own->counter = label;
        return;
    }
    if (!w->group[LEVEL_FLOW])
        open_flow(w);
    show_number(w, LEVEL_FLOW, text_name(w->section->model, label), number);
}

static bool read_counters(struct show *w, struct text line)
{
    struct own *own = w->own;
    struct text item, rest = text_trim(line);
    uint64_t number;
    if (own->counter.len && text_digits(rest, 10, &number)) {
        struct text label = own->counter;
        own->counter = (struct text){ NULL, 0 };
        show_number(w, LEVEL_FLOW, text_name(w->section->model, label), number);
        (void)text_cut(&rest, ',', &item);
    } else if (rest.len == 0 || rest.at[0] != '#') {
        return false;
    }
    own->counter = (struct text){ NULL, 0 };
    while (text_cut(&rest, ',', &item))
        put_counter(w, text_trim(item));
    return true;
}

static bool other_line(struct show *w, struct text line)
{
    struct own *own = w->own;
    struct text plain = text_trim(line);
    if (read_counters(w, line))
        return true;
    struct text action = text_upto(plain, text_find_byte(plain, ','));
    if (text_equal(action, TEXT("PERMIT")) || text_equal(action, TEXT("DENY"))) {
        if (!w->group[LEVEL_FLOW])
            open_flow(w);
        show_text(w, LEVEL_FLOW, "action", action);
        size_t flags = text_find_byte(plain, '{');
        if (flags != TEXT_NOWHERE)
            show_text(w, LEVEL_FLOW, "flags", text_strip(text_from(plain, flags), "{},"));
        return true;
    }
    if (own->bitmap && text_starts(plain, TEXT("0x")))
        return true;
    struct address peer; /* an ASA's heading of what it has with one peer, which current_peer names again */
    if (text_starts(plain, TEXT("peer address: ")))
        return address_read(text_trim(text_from(plain, sizeof "peer address: " - 1)), &peer);
    const bool none = text_starts(plain, TEXT("No SAs found")) || text_starts(plain, TEXT("There are no ipsec sas"));
    if (none && !fact_find(w->record->facts, ".none"))
        show_text(w, 0, ".none", plain); /* not printed: for who asks whether it lists any */
    return none;
}

/* ---- the reader ---- */

static bool is_command(struct text command)
{
    return command_matches(command, "show crypto ipsec sa [...]");
}

static int begins(struct text line)
{
    line = text_trim(line);
    if (text_starts(line, TEXT("Crypto map tag:")))
        return 80;
    /* "interface: Tunnel0" with a colon: no configuration has one */
    if (text_starts(line, TEXT("interface: ")))
        return 75;
    /* what people cut out of it, or a filter left of it */
    static const char *const inside[] = { "#pkts encaps: ", "#pkts decaps: ", "inbound esp sas:", "outbound esp sas:",
                                          "local ident (",  "local  ident (", "remote ident (",   "local crypto endpt.: " };
    for (size_t i = 0; i < COUNT_OF(inside); i++)
        if (text_starts(line, text_of(inside[i])))
            return 60;
    return 0;
}

static void read(struct section *s)
{
    static const struct show_form form = {
        .name = "show crypto ipsec sa",
        .fields = fields,
        .count = COUNT_OF(fields),
        .lists = { NULL, "flows", "sas", NULL },
        .begin = begin_field,
        .own = own_field,
        .line = other_line,
        .eager = true,
        .own_size = sizeof(struct own),
    };
    show_read(s, &form);
}

const struct section_reader section_crypto_ipsec_sa = {
    .name = "show crypto ipsec sa",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
