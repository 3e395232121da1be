/* Show output beside its SA. A count of one direction means little alone, so the line says what the two together mean. */
#include "reporters/shown.h"

#include "reporters/clean.h"
#include "reporters/words.h"

enum { COUNT_TO_JUDGE = 4 }; /* fewer packets than these without an answer are no sign of anything */

static void before(struct buffer *out, size_t *parts)
{
    if ((*parts)++)
        buffer_string(out, "; ");
}

static void life_print(uint64_t seconds, struct buffer *out)
{
    if (seconds < 60)
        buffer_format(out, "%u s", (unsigned)seconds); /* routers count whole ones */
    else
        duration_print((int64_t)(seconds < UINT32_MAX ? seconds : UINT32_MAX) * NS_PER_S, out);
}

/* ---- an IPsec flow ---- */

static const char *meaning(uint64_t encaps, uint64_t decaps)
{
    return encaps == 0 && decaps == 0                ? "no traffic yet"
           : encaps >= COUNT_TO_JUDGE && decaps == 0 ? "it sends, and nothing comes back"
           : decaps >= COUNT_TO_JUDGE && encaps == 0 ? "it receives, and sends nothing"
                                                     : NULL;
}

static void counters_print(const struct fact *facts, struct buffer *out, size_t *parts)
{
    uint64_t encaps, decaps, errors;
    if (fact_get_number(facts, "pkts_encaps", &encaps) && fact_get_number(facts, "pkts_decaps", &decaps)) {
        const char *means = meaning(encaps, decaps);
        before(out, parts);
        buffer_format(out, "%llu encaps, %llu decaps%s%s%s", (unsigned long long)encaps, (unsigned long long)decaps,
                      means ? " (" : "", means ? means : "", means ? ")" : "");
    }
    static const char *const names[][3] = { { "send_errors", "send error", "send errors" },
                                            { "recv_errors", "receive error", "receive errors" } };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (fact_get_number(facts, names[i][0], &errors) && errors) {
            before(out, parts);
            count_print(errors, names[i][1], names[i][2], out);
        }
}

static bool is_of(const struct fact *sa, const struct child_sa *child)
{
    uint64_t spi;
    struct text word = fact_get_text(fact_children(sa), "spi");
    return !child || !word.len || !text_number(word, 16, &spi) || spi == child->spi_i.value || spi == child->spi_r.value;
}

/* The lower of both directions: it is the one that ends the pair. */
static bool least(const struct fact *sas, const struct child_sa *child, const char *name, uint64_t *value)
{
    bool any = false;
    uint64_t number;
    for (const struct fact *sa = sas; sa; sa = sa->next)
        if (is_of(sa, child) && fact_get_number(fact_children(sa), name, &number) && (!any || number < *value)) {
            *value = number;
            any = true;
        }
    return any;
}

static void lifetime_print(const struct fact *sas, const struct child_sa *child, struct buffer *out, size_t *parts)
{
    uint64_t seconds, kilobytes;
    bool timed = least(sas, child, "lifetime_seconds", &seconds), sized = least(sas, child, "lifetime_kilobytes", &kilobytes);
    if (!timed && !sized)
        return;
    before(out, parts);
    if (timed)
        life_print(seconds, out);
    if (sized)
        buffer_format(out, "%s%llu kB", timed ? " and " : "", (unsigned long long)kilobytes);
    buffer_string(out, " left");
}

static void pfs_print(const struct fact *facts, struct buffer *out, size_t *parts)
{
    uint64_t pfs, group;
    if (!fact_get_number(facts, "pfs", &pfs))
        return;
    before(out, parts);
    if (!pfs)
        buffer_string(out, "no PFS (none is shown before the first rekey)");
    else if (fact_get_number(facts, "dh", &group) && group)
        buffer_format(out, "PFS group %llu", (unsigned long long)group);
    else
        buffer_string(out, "PFS");
}

static void state_print(const struct fact *sas, const struct child_sa *child, struct buffer *out, size_t *parts)
{
    for (const struct fact *sa = sas; sa; sa = sa->next) {
        struct text state = fact_get_text(fact_children(sa), "status");
        if (!state.len)
            state = fact_get_text(fact_children(sa), "sa_state");
        if (!state.len || !is_of(sa, child))
            continue;
        before(out, parts);
        /* "ACTIVE(ACTIVE)": the same twice, of this router and of its standby */
        clean_put(out, text_upto(state, text_find_byte(state, '(')));
        return;
    }
}

static void flow_print(const struct fact *facts, const struct child_sa *child, struct buffer *out, size_t *parts)
{
    const struct fact *list = fact_find(facts, "sas"), *sas = fact_children(list);
    counters_print(facts, out, parts);
    lifetime_print(sas, child, out, parts);
    pfs_print(facts, out, parts);
    state_print(sas, child, out, parts);
    if (list && !sas && !child) {
        before(out, parts);
        buffer_string(out, "no IPsec SA");
    }
}

/* ---- an IKE SA, a session ---- */

static void ike_print(const struct fact *facts, struct buffer *out, size_t *parts)
{
    struct text status = fact_get_text(facts, "status"), description = fact_get_text(facts, "status_description");
    uint64_t life, active;
    if (status.len) {
        before(out, parts);
        clean_put(out, status);
        if (description.len && !text_equal(description, TEXT("Negotiation done"))) {
            buffer_string(out, " (");
            clean_put(out, description);
            buffer_byte(out, ')');
        }
    }
    if (fact_get_number(facts, "active_time", &active) && fact_get_number(facts, "lifetime", &life)) {
        if ((*parts)++)
            buffer_byte(out, ' ');
        buffer_string(out, "for ");
        life_print(active, out);
        buffer_string(out, "; ");
        life_print(life > active ? life - active : 0, out);
        buffer_string(out, " left");
    }
}

static bool way_counts(const struct fact *flow, const char *way, const char *name, uint64_t *sum)
{
    uint64_t n;
    if (!fact_get_number(fact_members(fact_children(flow), way), name, &n))
        return false;
    *sum += n;
    return true;
}

/* What was sent and received, and what was not: packets that are dropped are traffic, too. */
static void session_counts(const struct fact *flows, struct buffer *out, size_t *parts)
{
    uint64_t encaps = 0, decaps = 0, lost_out = 0, lost_in = 0;
    bool any = false;
    for (const struct fact *f = fact_children(flows); f; f = f->next) {
        any |= way_counts(f, "inbound", "packets", &decaps) && way_counts(f, "outbound", "packets", &encaps);
        (void)way_counts(f, "inbound", "dropped", &lost_in);
        (void)way_counts(f, "outbound", "dropped", &lost_out);
    }
    if (!any)
        return;
    bool dropped = (encaps == 0 && lost_out) || (decaps == 0 && lost_in);
    const char *means = dropped ? NULL : meaning(encaps, decaps);
    before(out, parts);
    buffer_format(out, "%llu packet%s out, %llu in%s%s%s", (unsigned long long)encaps, plural_s(encaps),
                  (unsigned long long)decaps, means ? " (" : "", means ? means : "", means ? ")" : "");
    if (lost_out || lost_in) {
        before(out, parts);
        buffer_format(out, "%llu dropped out, %llu in", (unsigned long long)lost_out, (unsigned long long)lost_in);
    }
}

static void session_print(const struct fact *facts, struct buffer *out, size_t *parts)
{
    struct text status = fact_get_text(facts, "status"), profile = fact_get_text(facts, "profile");
    const struct fact *flows = fact_find(facts, "flows");
    if (status.len) {
        before(out, parts);
        buffer_string(out, "session ");
        clean_put(out, status);
    }
    if (profile.len) {
        before(out, parts);
        buffer_string(out, "profile ");
        clean_put(out, profile);
    }
    session_counts(flows, out, parts);
}

/* An ASA's session: up, as long as it is listed. */
static void vpn_session_print(const struct fact *facts, struct buffer *out, size_t *parts)
{
    uint64_t seconds, sent, received;
    before(out, parts);
    buffer_string(out, "a session");
    if (fact_get_number(facts, "duration_seconds", &seconds)) {
        buffer_string(out, " for ");
        life_print(seconds, out);
    }
    if (fact_get_number(facts, "bytes_tx", &sent) && fact_get_number(facts, "bytes_rx", &received)) {
        const char *means = meaning(sent, received);
        before(out, parts);
        buffer_format(out, "%llu bytes out, %llu in%s%s%s", (unsigned long long)sent, (unsigned long long)received,
                      means ? " (" : "", means ? means : "", means ? ")" : "");
    }
}

/* ---- any of them ---- */

bool shown_print(const struct model *m, const struct shown *s, const struct child_sa *child, struct buffer *out)
{
    const struct fact *facts = fact_children(s->entry);
    size_t start = out->len, parts = 0;
    struct text name = device_name(m, s->record->device);
    if (name.len)
        clean_put(out, name);
    else
        buffer_string(out, s->initiator_side ? "the initiator" : "the responder");
    buffer_string(out, " shows ");
    if (fact_find(facts, "pkts_encaps") || fact_find(facts, "sas"))
        flow_print(facts, child, out, &parts);
    else if (fact_find(facts, "ike_sas"))
        session_print(facts, out, &parts);
    else if (fact_find(facts, "session_type") || fact_find(facts, "login_time"))
        vpn_session_print(facts, out, &parts);
    else
        ike_print(facts, out, &parts);
    if (parts == 0) {
        out->len = start;
        return false;
    }
    buffer_string(out, " [");
    place_print(m, s->record->input, s->entry->line ? s->entry->line : s->record->first_line, false, out);
    buffer_byte(out, ']');
    return true;
}

bool shown_ends_print(const struct fact *entry, struct buffer *out)
{
    static const char *const names[][2] = { { "local", "remote" },
                                            { "local_endpoint", "remote_endpoint" },
                                            { "local_address", "peer" },
                                            { "local_address", "remote_address" } };
    const struct fact *facts = fact_children(entry), *within = fact_members(facts, "ike_sas");
    const struct fact *places[2] = { facts, fact_children(within) };
    struct address local, remote;
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; i < COUNT_OF(names); i++)
            if (fact_get_address(places[p], names[i][0], &local) && fact_get_address(places[p], names[i][1], &remote)) {
                address_print(local, out);
                buffer_string(out, " - ");
                address_print(remote, out);
                buffer_string(out, ": ");
                return true;
            }
    if (!fact_get_address(facts, "address", &remote)) /* an ASA's session */
        return false;
    buffer_string(out, "peer ");
    address_print(remote, out);
    buffer_string(out, ": ");
    return true;
}
