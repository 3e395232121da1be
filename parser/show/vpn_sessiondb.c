/*
 * ASA: show vpn-sessiondb [detail] l2l, anyconnect, ra-ikev2-ipsec. Facts:
 *
 *   sessions: list of group {
 *     session_type, connection, index, address (the peer's), protocol, encryption, hashing (as printed), bytes_tx, bytes_rx,
 *     login_time (as printed), duration (as printed), duration_seconds, filter_name,
 *     ike_tunnels, ipsec_tunnels, parent_tunnels ... (counts), packets_tx, packets_rx, and of a user: username, assigned_address, group_policy, tunnel_group, license,
 *     inactivity, vlan_mapping, vlan, audit_session_id, security_group,
 *     tunnels: list of group {
 *       kind ("IKEv2", "IPsec", "IPsecOverNatT", "AnyConnect-Parent", "NAC"), tunnel_id (text), session_id, address, assigned_address,
 *       udp_source_port, udp_destination_port, ike_mode, auth_mode, local_auth_mode, remote_auth_mode,
 *       encryption (code ENCR), key_length, integrity (code INTEG), prf, dh (code KE), pfs_group (code KE),
 *       rekey_interval, rekey_left (seconds), rekey_kilobytes, rekey_kilobytes_left, idle_timeout, idle_left (minutes),
 *       local, remote: group { address, mask (address), prefix_length, protocol, port },
 *       encapsulation, bytes_tx, bytes_rx, packets_tx, packets_rx, filter_name, and of NAC its own counters } }
 *   unknown: list of text
 */
#include "parser/fields.h"

enum { LEVEL_SESSION = 1, LEVEL_TUNNEL = 2 };
enum { MARK_NONE, MARK_CONNECTION, MARK_TYPE, MARK_EITHER };

static const struct field fields[] = {
    /* label, fact, kind, level, mark */
    { "Session Type", "session_type", FIELD_OWN, LEVEL_SESSION, MARK_TYPE },
    { "Connection", "connection", FIELD_FREE, LEVEL_SESSION, MARK_CONNECTION },
    { "Index", "index", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "IP Addr", "address", FIELD_ADDRESS, LEVEL_SESSION, 0 },
    { "Username", "username", FIELD_FREE, LEVEL_SESSION, MARK_CONNECTION },
    { "Assigned IP", "assigned_address", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "Assigned IPv6", "assigned_address_v6", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "Public IP", "address", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "License", "license", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "Group Policy", "group_policy", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "Tunnel Group", "tunnel_group", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "Inactivity", "inactivity", FIELD_DURATION, LEVEL_SESSION, 0 },
    { "VLAN Mapping", "vlan_mapping", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "VLAN", "vlan", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "Audt Sess ID", "audit_session_id", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "Security Grp", "security_group", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "Client OS", "client_os", FIELD_TEXT, LEVEL_TUNNEL, 0 },
    { "Client OS Ver", "client_os_version", FIELD_TEXT, LEVEL_TUNNEL, 0 },
    { "Client Type", "client_type", FIELD_TEXT, LEVEL_TUNNEL, 0 },
    { "Client Ver", "client_version", FIELD_TEXT, LEVEL_TUNNEL, 0 },
    { "Protocol", "protocol", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "Encryption", "encryption", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "Hashing", "integrity", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "Bytes Tx", "bytes_tx", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "Bytes Rx", "bytes_rx", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "Filter Name", "filter_name", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "IPv6 Filter", "ipv6_filter_name", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "Login Time", "login_time", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "Duration", "duration", FIELD_DURATION, LEVEL_SESSION, 0 },
    { "Tunnel Zone", "tunnel_zone", FIELD_TEXT, LEVEL_SESSION, 0 },
    { "IKE Sessions", "ike_tunnels", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "IPSec Sessions", "ipsec_tunnels", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "IKE Tunnels", "ike_tunnels", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "IKEv1 Tunnels", "ike_tunnels", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "IKEv2 Tunnels", "ike_tunnels", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "IPsec Tunnels", "ipsec_tunnels", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "IPSec Tunnels", "ipsec_tunnels", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "IPsecOverNatT Tunnels", "ipsec_nat_tunnels", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "AnyConnect-Parent Tunnels", "parent_tunnels", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "SSL-Tunnel Tunnels", "ssl_tunnels", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "DTLS-Tunnel Tunnels", "dtls_tunnels", FIELD_NUMBER, LEVEL_SESSION, 0 },
    { "Tunnel ID", "tunnel_id", FIELD_TEXT, LEVEL_TUNNEL, 0 },
    { "Session ID", "session_id", FIELD_TEXT, LEVEL_TUNNEL, 0 },
    { "UDP Src Port", "udp_source_port", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "UDP Dst Port", "udp_destination_port", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "IKE Neg Mode", "ike_mode", FIELD_TEXT, LEVEL_TUNNEL, 0 },
    { "Auth Mode", "auth_mode", FIELD_TEXT, LEVEL_TUNNEL, 0 },
    { "Rem Auth Mode", "remote_auth_mode", FIELD_TEXT, LEVEL_TUNNEL, 0 },
    { "Loc Auth Mode", "local_auth_mode", FIELD_TEXT, LEVEL_TUNNEL, 0 },
    { "Rekey Int (T)", "rekey_interval", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "Rekey Left(T)", "rekey_left", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "Rekey Int (D)", "rekey_kilobytes", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "Rekey Left(D)", "rekey_kilobytes_left", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "PRF", "prf", FIELD_PRF, LEVEL_TUNNEL, 0 },
    { "D/H Group", "dh", FIELD_KE, LEVEL_TUNNEL, 0 },
    { "PFS Group", "pfs_group", FIELD_KE, LEVEL_TUNNEL, 0 },
    { "Local Addr", "local", FIELD_OWN, LEVEL_TUNNEL, 0 },
    { "Remote Addr", "remote", FIELD_OWN, LEVEL_TUNNEL, 0 },
    { "Encapsulation", "encapsulation", FIELD_TEXT, LEVEL_TUNNEL, 0 },
    { "Idle Time Out", "idle_timeout", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "Idle TO Left", "idle_left", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "Conn Time Out", "connection_timeout", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "Conn TO Left", "connection_left", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "Pkts Tx", "packets_tx", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "Pkts Rx", "packets_rx", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "Pkts Tx Drop", "packets_tx_dropped", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "Pkts Rx Drop", "packets_rx_dropped", FIELD_OWN, LEVEL_SESSION, MARK_EITHER },
    { "Reval Int (T)", "revalidation_interval", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "Reval Left(T)", "revalidation_left", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "SQ Int (T)", "status_query_interval", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "EoU Age(T)", "eou_age", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "Hold Left (T)", "hold_left", FIELD_NUMBER, LEVEL_TUNNEL, 0 },
    { "Posture Token", "posture_token", FIELD_TEXT, LEVEL_TUNNEL, 0 },
    { "Redirect URL", "redirect_url", FIELD_TEXT, LEVEL_TUNNEL, 0 },
};

struct own {
    struct text type;
};

static void begin_field(struct show *w, const struct field *field)
{
    struct own *own = w->own;
    if (field->mark == MARK_TYPE)
        show_close(w, LEVEL_SESSION);
    if (field->mark == MARK_CONNECTION) {
        show_open(w, LEVEL_SESSION);
        show_text(w, LEVEL_SESSION, "session_type", own->type);
    }
}

/* "10.0.0.0/255.255.255.0[/protocol/port]" */
static bool put_network(struct show *w, const char *name, struct text value)
{
    struct text part, rest = value;
    struct address address, mask;
    uint64_t number;
    if (!text_cut(&rest, '/', &part) || !address_read(part, &address))
        return false;
    struct fact *group = fact_group(show_at(w, LEVEL_TUNNEL), name);
    group->line = w->line;
    struct facts f = facts_into(w->section->model->read, &group->as.child);
    fact_address(&f, "address", address);
    if (text_cut(&rest, '/', &part)) {
        if (text_number(part, 10, &number))
            fact_number(&f, "prefix_length", number);
        else if (address_read(part, &mask))
            fact_address(&f, "mask", mask);
    }
    if (text_cut(&rest, '/', &part) && text_number(part, 10, &number))
        fact_number(&f, "protocol", number);
    if (text_cut(&rest, '/', &part) && text_number(part, 10, &number))
        fact_number(&f, "port", number);
    return true;
}

static bool own_field(struct show *w, const struct field *field, struct text value)
{
    struct own *own = w->own;
    if (field->mark == MARK_TYPE) {
        own->type = value;
        return true;
    }
    if (field->mark != MARK_EITHER)
        return put_network(w, field->name, value);
    bool tunnel = w->group[LEVEL_TUNNEL] != NULL;
    unsigned level = tunnel ? LEVEL_TUNNEL : LEVEL_SESSION;
    enum field_kind kind = FIELD_TEXT;
    if (field->label[0] == 'B' || text_starts(text_of(field->label), TEXT("Pkts ")))
        kind = FIELD_NUMBER;
    else if (text_has(text_of(field->label), TEXT(" IP")))
        kind = FIELD_ADDRESS;
    else if (tunnel && field->label[0] == 'E')
        kind = FIELD_ENCRYPTION;
    else if (tunnel && field->label[0] == 'H')
        kind = FIELD_INTEGRITY;
    show_put(w, level, field->label[0] == 'H' && !tunnel ? "hashing" : field->name, kind, value);
    return true;
}

/* "IKEv2:", "IPsec:" or "AnyConnect-Parent:" alone heads a tunnel. */
static bool read_heading(struct show *w, struct text line)
{
    struct text plain = text_trim(line);
    if (plain.len < 4 || plain.at[plain.len - 1] != ':')
        return false;
    struct text kind = text_upto(plain, plain.len - 1);
    for (size_t i = 0; i < kind.len; i++)
        if (!text_is_alnum(kind.at[i]) && kind.at[i] != '-')
            return false;
    struct found found[FIELDS_A_LINE];
    struct text before;
    if (fields_find(plain, w->form->fields, w->form->count, found, &before))
        return false;
    show_open(w, LEVEL_TUNNEL);
    show_text(w, LEVEL_TUNNEL, "kind", kind);
    w->pending = NULL;
    return true;
}

static bool other_line(struct show *w, struct text line)
{
    struct text plain = text_trim(line);
    return read_heading(w, line) || text_starts(plain, TEXT("There are presently no active sessions"));
}

static bool is_command(struct text command)
{
    return command_matches(command, "show vpn-sessiondb [...]");
}

static int begins(struct text line)
{
    line = text_trim(line);
    return text_starts(line, TEXT("Session Type:")) ? 90 : 0;
}

static void read(struct section *s)
{
    static const struct show_form form = {
        .name = "show vpn-sessiondb",
        .fields = fields,
        .count = COUNT_OF(fields),
        .lists = { NULL, "sessions", "tunnels", NULL },
        .begin = begin_field,
        .own = own_field,
        .line = other_line,
        .eager = true,
        .own_size = sizeof(struct own),
    };
    show_read(s, &form);
}

const struct section_reader section_vpn_sessiondb = {
    .name = "show vpn-sessiondb",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
