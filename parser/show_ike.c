/*
 * IKEv2 SAs as routers list them. Facts:
 *
 *   sas: list of group {
 *     family ("ipv4", "ipv6"), tunnel_id, local, remote (address), local_port, remote_port, fvrf, ivrf,
 *     status ("READY", "IN-NEG", "DELETE"), role (ASA), initiator (bool),
 *     encryption (code ENCR), key_length, prf (code PRF), integrity (code INTEG), dh (code KE), pqc_key_exchange,
 *     auth_sign, auth_verify (code AUTH or text), quantum_resistant (bool), quantum_safe (text),
 *     lifetime, active_time (seconds), ce_id, session_id,
 *     session, session_status, ike_count, child_count (of the session the SA stands under),
 *     status_description, local_spi, remote_spi (hex digits), local_id, remote_id,
 *     local_req_msg_id, remote_req_msg_id, local_next_msg_id, ..., local_req_queued, local_window, ...,
 *     dpd_interval, dpd_retry, fragmentation (text), fragmentation_mtu, dynamic_route_update, extended_authentication,
 *     nat ("not detected", "detected inside"), cts_sgt, pushed_address, assigned_address, peer_type,
 *     remote_subnets: list of group { address, mask },
 *     children: list of group {
 *       local_selectors, remote_selectors: lists of group { start, end (address), start_port, end_port },
 *       esp_spi_in, esp_spi_out, ah_spi_in, ah_spi_out, cpi_in, cpi_out (hex; absent when 0),
 *       encryption, key_length, integrity (esp_hmac), ah_integrity, ipcomp, mode } }
 *   unknown: list of text
 *
 * "local" is the router that printed this, whoever initiated: the initiator's SPI is local_spi when `initiator` is true.
 */
#include "parser/show_ike.h"

enum { MARK_NONE, MARK_CHILD, MARK_QR, MARK_SUBNETS, MARK_LOCAL };
enum { LEVEL_SA = 1, LEVEL_CHILD = 2 };

static const struct field fields[] = {
    /* label, fact, kind, level, mark */
    { "Encr", "encryption", FIELD_OWN, LEVEL_SA, 0 },
    { "keysize", "key_length", FIELD_OWN, LEVEL_SA, 0 },
    { "PRF", "prf", FIELD_PRF, LEVEL_SA, 0 },
    { "Hash", "integrity", FIELD_INTEGRITY, LEVEL_SA, 0 },
    { "DH Grp", "dh", FIELD_KE, LEVEL_SA, 0 },
    { "Auth sign", "auth_sign", FIELD_AUTH, LEVEL_SA, 0 },
    { "Auth verify", "auth_verify", FIELD_AUTH, LEVEL_SA, 0 },
    { "QR", "quantum_resistant", FIELD_HEADING, LEVEL_SA, MARK_QR },
    { "PQC Key Exchange", "pqc_key_exchange", FIELD_KE, LEVEL_SA, 0 },
    { "Quantum-safe Encryption using", "quantum_safe", FIELD_TEXT, LEVEL_SA, 0 },
    { "Quantum-Safe Encryption using", "quantum_safe", FIELD_TEXT, LEVEL_SA, 0 },
    { "Local Sys Id", "local_sys_id", FIELD_TEXT, LEVEL_SA, 0 },
    { "Remote Sys Id", "remote_sys_id", FIELD_TEXT, LEVEL_SA, 0 },
    { "Life/Active Time", "lifetime", FIELD_OWN, LEVEL_SA, 0 },
    { "CE id", "ce_id", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Session-id", "session_id", FIELD_OWN, LEVEL_SA, 0 },
    { "Status", "session_status", FIELD_OWN, LEVEL_SA, 0 },
    { "IKE count", "ike_count", FIELD_OWN, LEVEL_SA, 0 },
    { "CHILD count", "child_count", FIELD_OWN, LEVEL_SA, 0 },
    { "Status Description", "status_description", FIELD_FREE, LEVEL_SA, 0 },
    { "Local spi", "local_spi", FIELD_SPI, LEVEL_SA, 0 },
    { "Remote spi", "remote_spi", FIELD_SPI, LEVEL_SA, 0 },
    { "Local id", "local_id", FIELD_FREE, LEVEL_SA, 0 },
    { "Remote id", "remote_id", FIELD_FREE, LEVEL_SA, 0 },
    { "Remote EAP id", "remote_eap_id", FIELD_FREE, LEVEL_SA, 0 },
    { "Local req msg id", "local_req_msg_id", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Remote req msg id", "remote_req_msg_id", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Local next msg id", "local_next_msg_id", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Remote next msg id", "remote_next_msg_id", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Local req mess id", "local_req_msg_id", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Remote req mess id", "remote_req_msg_id", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Local next mess id", "local_next_msg_id", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Remote next mess id", "remote_next_msg_id", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Local req queued", "local_req_queued", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Remote req queued", "remote_req_queued", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Local window", "local_window", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Remote window", "remote_window", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Local", "local", FIELD_ENDPOINT, LEVEL_SA, MARK_LOCAL },
    { "Remote", "remote", FIELD_ENDPOINT, LEVEL_SA, 0 },
    { "DPD configured for", "dpd_interval", FIELD_NUMBER, LEVEL_SA, 0 },
    { "retry", "dpd_retry", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Fragmentation", "fragmentation", FIELD_OWN, LEVEL_SA, 0 },
    { "IETF Std Fragmentation", "fragmentation", FIELD_OWN, LEVEL_SA, 0 },
    { "Cisco Fragmentation", "fragmentation", FIELD_OWN, LEVEL_SA, 0 },
    { "IETF Std Fragmentation MTU in use", "fragmentation_mtu", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Fragmentation MTU in use", "fragmentation_mtu", FIELD_NUMBER, LEVEL_SA, 0 },
    { "IKEv2 Fragmentation Configured MTU", "fragmentation_mtu", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Overhead", "fragmentation_overhead", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Effective MTU", "fragmentation_effective_mtu", FIELD_NUMBER, LEVEL_SA, 0 },
    { "Dynamic Route Update", "dynamic_route_update", FIELD_TEXT, LEVEL_SA, 0 },
    { "Extended Authentication", "extended_authentication", FIELD_OWN, LEVEL_SA, 0 },
    { "NAT-T is", "nat", FIELD_OWN, LEVEL_SA, 0 },
    { "Cisco Trust Security SGT is", "cts_sgt", FIELD_TEXT, LEVEL_SA, 0 },
    { "Initiator of SA", "initiator", FIELD_YES, LEVEL_SA, 0 },
    { "Pushed IP address", "pushed_address", FIELD_ADDRESS, LEVEL_SA, 0 },
    { "Assigned host addr", "assigned_address", FIELD_ADDRESS, LEVEL_SA, 0 },
    { "PEER TYPE", "peer_type", FIELD_TEXT, LEVEL_SA, 0 },
    { "Parent SA Extended Status", "", FIELD_HEADING, LEVEL_SA, 0 },
    { "Delete in progress", "delete_in_progress", FIELD_YES, LEVEL_SA, 0 },
    { "Marked for delete", "marked_for_delete", FIELD_YES, LEVEL_SA, 0 },
    { "Remote subnets", "remote_subnets", FIELD_HEADING, LEVEL_SA, MARK_SUBNETS },
    { "Child sa", "", FIELD_HEADING, LEVEL_CHILD, MARK_CHILD },
    { "local selector", "local_selectors", FIELD_OWN, LEVEL_CHILD, 0 },
    { "remote selector", "remote_selectors", FIELD_OWN, LEVEL_CHILD, 0 },
    { "ESP spi in/out", "esp_spi", FIELD_OWN, LEVEL_CHILD, 0 },
    { "ESP SPI in/out", "esp_spi", FIELD_OWN, LEVEL_CHILD, 0 },
    { "AH spi in/out", "ah_spi", FIELD_OWN, LEVEL_CHILD, 0 },
    { "CPI in/out", "cpi", FIELD_OWN, LEVEL_CHILD, 0 },
    { "esp_hmac", "integrity", FIELD_INTEGRITY, LEVEL_CHILD, 0 },
    { "ah_hmac", "ah_integrity", FIELD_INTEGRITY, LEVEL_CHILD, 0 },
    { "comp", "ipcomp", FIELD_TEXT, LEVEL_CHILD, 0 },
    { "mode", "mode", FIELD_TEXT, LEVEL_CHILD, 0 },
};

struct ike_own {
    const char *family;
    bool row_open; /* the row of the SA in work has no status yet */
    bool local;    /* it has its own end's address */
    bool subnets;  /* lines of "Remote subnets" may follow */
    bool has_session;
    uint64_t session, ike_count, child_count;
    struct text session_status;
};

/* A selector's "A/P - B/P". */
static bool put_range(struct show *w, const char *list, struct text range)
{
    size_t dash = text_find(range, TEXT(" - "));
    if (dash == TEXT_NOWHERE)
        return false;
    struct endpoint ends[2];
    struct text halves[2] = { text_trim(text_upto(range, dash)), text_trim(text_from(range, dash + 3)) };
    for (unsigned i = 0; i < 2; i++)
        if (!endpoint_word(halves[i], &ends[i]))
            return false;
    struct facts into = show_list(w, LEVEL_CHILD, list);
    struct fact *group = fact_group(&into, NULL);
    group->line = w->line;
    struct facts f = facts_into(w->section->model->read, &group->as.child);
    fact_address(&f, "start", ends[0].address);
    fact_address(&f, "end", ends[1].address);
    fact_number(&f, "start_port", ends[0].port);
    fact_number(&f, "end_port", ends[1].port);
    return true;
}

/* "0x232CB82D/0x30767B6E"; an SPI of 0 is none. */
static bool put_spis(struct show *w, const char *stem, struct text value)
{
    static const char *const names[3][2] = { { "esp_spi_in", "esp_spi_out" },
                                             { "ah_spi_in", "ah_spi_out" },
                                             { "cpi_in", "cpi_out" } };
    unsigned row = stem[0] == 'e' ? 0 : stem[0] == 'a' ? 1 : 2;
    for (unsigned i = 0; i < 2; i++) {
        struct text part, hex;
        uint64_t number;
        if (!text_cut(&value, '/', &part))
            return i != 0;
        part = text_trim(part);
        if (!spi_text(part, row == 2 ? 4 : 8, w->section->scratch, &hex) || !text_number(hex, 16, &number))
            return false;
        if (number)
            show_text(w, LEVEL_CHILD, names[row][i], hex);
    }
    return true;
}

static bool put_life(struct show *w, struct text value)
{
    uint64_t life, active;
    size_t n = text_digits(value, 10, &life);
    if (n == 0 || n >= value.len || value.at[n] != '/' || text_digits(text_from(value, n + 1), 10, &active) == 0)
        return false;
    show_number(w, LEVEL_SA, "lifetime", life);
    show_number(w, LEVEL_SA, "active_time", active);
    return true;
}

/* "Session-id:3, Status:UP-ACTIVE, IKE count:1, CHILD count:1" heads a session; "CE id: 1008, Session-id: 3" is the SA's. */
static bool put_session(struct show *w, const struct field *field, struct text value)
{
    struct ike_own *own = w->own;
    uint64_t number = 0;
    bool numeric = text_digits(value, 10, &number) != 0;
    switch (field->label[0]) {
    case 'S':
        if (field->label[1] == 't') {
            own->session_status = arena_text(w->section->scratch, value);
            return true;
        }
        if (!numeric)
            return false;
        if (text_has(w->text, TEXT("CE id")) || (w->group[LEVEL_SA] && text_find_byte(w->text, ',') == TEXT_NOWHERE)) {
            show_number(w, LEVEL_SA, "session_id", number);
            return true;
        }
        show_close(w, LEVEL_SA);
        *own = (struct ike_own){ .family = own->family, .has_session = true, .session = number };
        return true;
    case 'I':
        own->ike_count = number;
        return true;
    default:
        own->child_count = number;
        return true;
    }
}

/* Sentences end with a full stop, and some have two blanks inside. */
static struct text sentence(struct text value)
{
    return text_strip(value, ".");
}

static bool own_field(struct show *w, const struct field *field, struct text value)
{
    if (strncmp(field->name, "session", 7) == 0 || strcmp(field->name, "ike_count") == 0 ||
        strcmp(field->name, "child_count") == 0)
        return put_session(w, field, value);
    if (strcmp(field->name, "lifetime") == 0)
        return put_life(w, value);
    if (field->level == LEVEL_CHILD && text_ends(text_of(field->name), TEXT("selectors")))
        return put_range(w, field->name, value);
    if (field->level == LEVEL_CHILD)
        return put_spis(w, field->name, value);
    unsigned level = w->group[LEVEL_CHILD] ? LEVEL_CHILD : LEVEL_SA;
    if (field->label[0] == 'E' && field->label[1] == 'n')
        show_put(w, level, field->name, FIELD_ENCRYPTION, value);
    else if (field->label[0] == 'k')
        show_put(w, level, field->name, FIELD_NUMBER, value);
    else
        show_text(w, LEVEL_SA, field->name, sentence(value));
    return true;
}

static void begin_field(struct show *w, const struct field *field)
{
    struct ike_own *own = w->own;
    own->subnets = field->mark == MARK_SUBNETS;
    own->local |= field->mark == MARK_LOCAL;
    if (field->mark == MARK_CHILD)
        show_open(w, LEVEL_CHILD);
    else if (field->mark == MARK_QR)
        fact_bool(show_at(w, LEVEL_SA), field->name, true)->line = w->line;
}

/* ---- rows ---- */

static bool vrf_word(struct text word)
{
    size_t slash = text_find_byte(word, '/');
    return slash != TEXT_NOWHERE && slash > 0 && slash + 1 < word.len;
}

static bool status_word(struct text word)
{
    if (word.len < 4)
        return false;
    for (size_t i = 0; i < word.len; i++)
        if (!((word.at[i] >= 'A' && word.at[i] <= 'Z') || word.at[i] == '-' || word.at[i] == '_'))
            return false;
    return true;
}

static void open_row(struct show *w, uint64_t tunnel)
{
    struct ike_own *own = w->own;
    show_open(w, LEVEL_SA);
    if (own->family)
        show_text(w, LEVEL_SA, "family", text_of(own->family));
    show_number(w, LEVEL_SA, "tunnel_id", tunnel);
    if (own->has_session) {
        show_number(w, LEVEL_SA, "session", own->session);
        show_text(w, LEVEL_SA, "session_status", own->session_status);
        show_number(w, LEVEL_SA, "ike_count", own->ike_count);
        show_number(w, LEVEL_SA, "child_count", own->child_count);
    }
    own->row_open = true;
    own->local = false;
}

/* What a page's author made bold: "**READY**". A masked address has its stars inside. */
static struct text without_emphasis(struct text word)
{
    while (word.len > 2 && word.at[0] == '*' && word.at[word.len - 1] == '*')
        word = text_over(word.at + 1, word.len - 2);
    return word;
}

static void row_word(struct show *w, struct text word)
{
    word = without_emphasis(word);
    struct ike_own *own = w->own;
    struct endpoint e;
    if (endpoint_word(word, &e)) {
        show_put(w, LEVEL_SA, own->local ? "remote" : "local", FIELD_ENDPOINT, word);
        own->local = true;
    } else if (vrf_word(word)) {
        size_t slash = text_find_byte(word, '/');
        show_text(w, LEVEL_SA, "fvrf", text_upto(word, slash));
        show_text(w, LEVEL_SA, "ivrf", text_from(word, slash + 1));
    } else if (text_equal(word, TEXT("INITIATOR")) || text_equal(word, TEXT("RESPONDER"))) {
        show_text(w, LEVEL_SA, "role", word);
        fact_bool(show_at(w, LEVEL_SA), "initiator", word.at[0] == 'I')->line = w->line;
    } else if (status_word(word)) {
        show_text(w, LEVEL_SA, "status", word);
        own->row_open = false;
    } else {
        show_text(w, LEVEL_SA, "more", word);
    }
}

static bool is_row(struct text line, uint64_t *tunnel)
{
    struct text word, next;
    struct endpoint e;
    return text_word(&line, &word) && text_number(word, 10, tunnel) && text_word(&line, &next) &&
           (endpoint_word(next, &e) || vrf_word(next));
}

bool show_ike_is_row(struct text line)
{
    struct text word, rest = line;
    struct endpoint local, remote;
    uint64_t tunnel;
    if (!text_word(&rest, &word) || !text_number(word, 10, &tunnel) || !text_word(&rest, &word) || !endpoint_word(word, &local) ||
        (local.port != PORT_IKE && local.port != PORT_NATT) || !text_word(&rest, &word) || !endpoint_word(word, &remote) ||
        !remote.port)
        return false;
    return text_word(&rest, &word) && (vrf_word(word) || status_word(word));
}

static bool read_row(struct show *w, struct text line)
{
    struct ike_own *own = w->own;
    struct text word, rest = line, first;
    struct endpoint e;
    uint64_t tunnel;
    if (is_row(line, &tunnel)) {
        open_row(w, tunnel);
        (void)text_word(&rest, &word);
    } else {
        struct text look = line;
        if (!own->row_open || !w->group[LEVEL_SA] || !text_word(&look, &first) ||
            !(endpoint_word(first, &e) || vrf_word(first) || status_word(first)))
            return false;
        if (status_word(first) && text_word(&look, &word) && !status_word(word))
            return false;
    }
    while (text_word(&rest, &word))
        row_word(w, word);
    return true;
}

/* ---- lines without a label ---- */

static bool read_subnet(struct show *w, struct text line)
{
    struct ike_own *own = w->own;
    struct text address_word, mask_word, rest = line;
    struct address address, mask;
    if (!own->subnets || !text_word(&rest, &address_word) || !address_read(address_word, &address) ||
        address.family == ADDRESS_MASKED)
        return false;
    struct facts into = show_list(w, LEVEL_SA, "remote_subnets");
    struct fact *group = fact_group(&into, NULL);
    group->line = w->line;
    struct facts f = facts_into(w->section->model->read, &group->as.child);
    fact_address(&f, "address", address);
    if (text_word(&rest, &mask_word) && address_read(mask_word, &mask))
        fact_address(&f, "mask", mask);
    return true;
}

static bool read_selector_pair(struct show *w, struct text line)
{
    size_t arrow = text_find(line, TEXT("->"));
    if (arrow == TEXT_NOWHERE)
        return false;
    struct text left = text_trim(text_upto(line, arrow)), right = text_trim(text_from(line, arrow + 2));
    if (text_equal(left, TEXT("local selector")))
        return true;
    return put_range(w, "local_selectors", left) && put_range(w, "remote_selectors", right);
}

static bool other_line(struct show *w, struct text line)
{
    struct ike_own *own = w->own;
    struct text plain = text_trim(line);
    if (read_row(w, line) || read_subnet(w, line) || read_selector_pair(w, line))
        return true;
    if (text_starts(plain, TEXT("Tunnel-id"))) {
        own->row_open = false;
        show_close(w, LEVEL_SA);
        return true;
    }
    bool v4 = text_starts(plain, TEXT("IPv4 Crypto IKEv2"));
    if (v4 || text_starts(plain, TEXT("IPv6 Crypto IKEv2"))) {
        *own = (struct ike_own){ .family = v4 ? "ipv4" : "ipv6" };
        show_close(w, LEVEL_SA);
        return true;
    }
    return text_starts(plain, TEXT("IKEv2 SAs:")) || text_starts(plain, TEXT("There are no IKEv2")) ||
           text_starts(plain, TEXT("Crypto IKEv2 S"));
}

void show_ike_read(struct section *s, const char *name)
{
    struct show_form form = {
        .name = name,
        .fields = fields,
        .count = COUNT_OF(fields),
        .lists = { NULL, "sas", "children", NULL },
        .begin = begin_field,
        .own = own_field,
        .line = other_line,
        .eager = true,
        .own_size = sizeof(struct ike_own),
    };
    show_read(s, &form);
}
