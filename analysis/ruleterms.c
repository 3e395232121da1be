#include "analysis/ruleterms.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/nearest.h"

/* { subject, path, help }. Fields that the report does not print as they are carry a help text. */
const struct field_row field_rows[] = {
    { SUBJECT_IKE_SAS, "id", NULL },
    { SUBJECT_IKE_SAS, "spi_i", NULL },
    { SUBJECT_IKE_SAS, "spi_r", NULL },
    { SUBJECT_IKE_SAS, "outcome", "established, failed, incomplete, rekeyed or deleted" },
    { SUBJECT_IKE_SAS, "start_seen", NULL },
    { SUBJECT_IKE_SAS, "keys", NULL },
    { SUBJECT_IKE_SAS, "initiator.address", NULL },
    { SUBJECT_IKE_SAS, "initiator.port", NULL },
    { SUBJECT_IKE_SAS, "initiator.device", NULL },
    { SUBJECT_IKE_SAS, "responder.address", NULL },
    { SUBJECT_IKE_SAS, "responder.port", NULL },
    { SUBJECT_IKE_SAS, "responder.device", NULL },
    { SUBJECT_IKE_SAS, "proposal.encryption", NULL },
    { SUBJECT_IKE_SAS, "proposal.key_length", NULL },
    { SUBJECT_IKE_SAS, "proposal.integrity", NULL },
    { SUBJECT_IKE_SAS, "proposal.prf", NULL },
    { SUBJECT_IKE_SAS, "proposal.dh.id", NULL },
    { SUBJECT_IKE_SAS, "proposal.dh.name", NULL },
    { SUBJECT_IKE_SAS, "proposal.additional_ke", NULL },
    { SUBJECT_IKE_SAS, "views.device", NULL },
    { SUBJECT_IKE_SAS, "views.input", NULL },
    { SUBJECT_IKE_SAS, "views.role", NULL },
    { SUBJECT_IKE_SAS, "views.final_state", NULL },
    { SUBJECT_IKE_SAS, "views.states.state", NULL },
    { SUBJECT_IKE_SAS, "views.states.visits", "how often it was entered" },
    { SUBJECT_IKE_SAS, "views.states.seconds", "spent in it, all visits together" },
    { SUBJECT_IKE_SAS, "views.states.never_left", "true in the state where it waits or failed and that nothing ended" },
    { SUBJECT_IKE_SAS, "views.transitions.state", NULL },
    { SUBJECT_IKE_SAS, "views.transitions.event", NULL },
    { SUBJECT_IKE_SAS, "exchanges.type", NULL },
    { SUBJECT_IKE_SAS, "exchanges.outcome", NULL },
    { SUBJECT_IKE_SAS, "children", NULL },
    { SUBJECT_IKE_SAS, "rekeys", NULL },
    { SUBJECT_IKE_SAS, "rekeyed_by", NULL },
    { SUBJECT_IKE_SAS, "auth.initiator.method", NULL },
    { SUBJECT_IKE_SAS, "auth.initiator.id", NULL },
    { SUBJECT_IKE_SAS, "auth.initiator.id_type", NULL },
    { SUBJECT_IKE_SAS, "auth.initiator.verified", NULL },
    { SUBJECT_IKE_SAS, "auth.responder.method", NULL },
    { SUBJECT_IKE_SAS, "auth.responder.id", NULL },
    { SUBJECT_IKE_SAS, "auth.responder.id_type", NULL },
    { SUBJECT_IKE_SAS, "auth.responder.verified", NULL },
    { SUBJECT_IKE_SAS, "nat.initiator_behind_nat", NULL },
    { SUBJECT_IKE_SAS, "nat.responder_behind_nat", NULL },
    { SUBJECT_IKE_SAS, "peer", "both addresses of the SA" },
    { SUBJECT_IKE_SAS, "setup_time", "seconds from the first IKE_SA_INIT request to the answer of IKE_AUTH, or to READY" },
    { SUBJECT_IKE_SAS, "retransmissions", "copies sent again, of all its messages" },
    { SUBJECT_IKE_SAS, "child_count", "how many Child SAs it had" },
    { SUBJECT_IKE_SAS, "findings", "ids of the findings about it" },
    { SUBJECT_CHILD_SAS, "id", NULL },
    { SUBJECT_CHILD_SAS, "ike_sa", NULL },
    { SUBJECT_CHILD_SAS, "protocol", NULL },
    { SUBJECT_CHILD_SAS, "mode", NULL },
    { SUBJECT_CHILD_SAS, "encap", NULL },
    { SUBJECT_CHILD_SAS, "spi_i", NULL },
    { SUBJECT_CHILD_SAS, "spi_r", NULL },
    { SUBJECT_CHILD_SAS, "exchange_from", NULL },
    { SUBJECT_CHILD_SAS, "proposal.encryption", NULL },
    { SUBJECT_CHILD_SAS, "proposal.key_length", NULL },
    { SUBJECT_CHILD_SAS, "proposal.integrity", NULL },
    { SUBJECT_CHILD_SAS, "proposal.dh.id", NULL },
    { SUBJECT_CHILD_SAS, "proposal.esn", NULL },
    { SUBJECT_CHILD_SAS, "tsi", NULL },
    { SUBJECT_CHILD_SAS, "tsr", NULL },
    { SUBJECT_CHILD_SAS, "pfs_dh", NULL },
    { SUBJECT_CHILD_SAS, "rekeys", NULL },
    { SUBJECT_CHILD_SAS, "rekeyed_by", NULL },
    { SUBJECT_CHILD_SAS, "outcome", NULL },
    { SUBJECT_CHILD_SAS, "keys", NULL },
    { SUBJECT_CHILD_SAS, "traffic.initiator_to_responder.*", NULL },
    { SUBJECT_CHILD_SAS, "traffic.responder_to_initiator.*", NULL },
    { SUBJECT_CHILD_SAS, "peer", "both addresses of its IKE SA" },
    { SUBJECT_CHILD_SAS, "both_ways", "true when packets of both directions were decrypted" },
    { SUBJECT_CHILD_SAS, "is_rekey", "true when it replaced another Child SA" },
    { SUBJECT_CHILD_SAS, "selectors", "tsi and tsr as 'a-b == c-d', one an entry" },
    { SUBJECT_EXCHANGES, "type", NULL },
    { SUBJECT_EXCHANGES, "msgid", NULL },
    { SUBJECT_EXCHANGES, "from", NULL },
    { SUBJECT_EXCHANGES, "outcome", NULL },
    { SUBJECT_EXCHANGES, "ike_sa", "id of its IKE SA" },
    { SUBJECT_EXCHANGES, "peer", "both addresses" },
    { SUBJECT_EXCHANGES, "duration", "seconds from request to response" },
    { SUBJECT_EXCHANGES, "retransmissions", "copies sent again, both directions" },
    { SUBJECT_EXCHANGES, "request.length", NULL },
    { SUBJECT_EXCHANGES, "request.payloads.*", NULL },
    { SUBJECT_EXCHANGES, "response.length", NULL },
    { SUBJECT_EXCHANGES, "response.payloads.*", NULL },
    { SUBJECT_MESSAGES, "exchange", "type of its exchange" },
    { SUBJECT_MESSAGES, "msgid", "message id" },
    { SUBJECT_MESSAGES, "leg", "request or response" },
    { SUBJECT_MESSAGES, "outcome", "of its exchange: ok, error or no-response" },
    { SUBJECT_MESSAGES, "from", "the sender: initiator or responder" },
    { SUBJECT_MESSAGES, "ike_sa", "id of its IKE SA" },
    { SUBJECT_MESSAGES, "peer", "both addresses" },
    { SUBJECT_MESSAGES, "state", "of a transition instead of a message: the state (within, sequence)" },
    { SUBJECT_MESSAGES, "event", "of a transition instead of a message: the event (within, sequence)" },
    { SUBJECT_MESSAGES, "notify", "names of the notifies it carries" },
    { SUBJECT_MESSAGES, "payload", "types of its payloads" },
    { SUBJECT_MESSAGES, "length", NULL },
    { SUBJECT_MESSAGES, "t", NULL },
    { SUBJECT_MESSAGES, "flags", NULL },
    { SUBJECT_MESSAGES, "fragments", NULL },
    { SUBJECT_MESSAGES, "decryption", NULL },
    { SUBJECT_MESSAGES, "protection", NULL },
    { SUBJECT_MESSAGES, "retransmissions", NULL },
    { SUBJECT_MESSAGES, "payloads.*", NULL },
    { SUBJECT_FINDINGS, "id", NULL },
    { SUBJECT_FINDINGS, "rule", NULL },
    { SUBJECT_FINDINGS, "severity", NULL },
    { SUBJECT_FINDINGS, "confidence", NULL },
    { SUBJECT_FINDINGS, "title", NULL },
    { SUBJECT_FINDINGS, "cause", NULL },
    { SUBJECT_FINDINGS, "ike_sa", NULL },
    { SUBJECT_FINDINGS, "child_sa", NULL },
    { SUBJECT_FINDINGS, "count", NULL },
    { SUBJECT_FINDINGS, "peer", "both addresses of its IKE SA" },
    { SUBJECT_PEERS, "peer", "both addresses" },
    { SUBJECT_PEERS, "initiator", "address of who asked" },
    { SUBJECT_PEERS, "responder", "address of who was asked" },
    { SUBJECT_PEERS, "attempts", "IKE SAs and attempts between them, rekeys left out" },
    { SUBJECT_PEERS, "established", "how many were up at some time" },
    { SUBJECT_PEERS, "failed", "how many failed" },
    { SUBJECT_PEERS, "outcome", "of the last one" },
    { SUBJECT_DEVICES, "name", "the router's name" },
    { SUBJECT_DEVICES, "inputs", "names of its inputs" },
    { SUBJECT_DEVICES, "complete", "false when one of its inputs is cut or damaged" },
    { SUBJECT_DEVICES, "unparsed", "lines that were not understood" },
    { SUBJECT_CAPTURES, "name", NULL },
    { SUBJECT_CAPTURES, "complete", NULL },
    { SUBJECT_CAPTURES, "packets.*", NULL },
    { SUBJECT_SHOW, "kind", "show or config" },
    { SUBJECT_SHOW, "object", "show crypto ipsec sa, ikev2-proposal, ..." },
    { SUBJECT_SHOW, "title", "the object's own name, or the command" },
    { SUBJECT_SHOW, "device", "the router" },
    { SUBJECT_SHOW, "facts.*", "its fields, as `-f json` of a show file names them" },
};
const size_t field_count = COUNT_OF(field_rows);

bool word_in(struct text word, const char *const *words)
{
    for (; *words; words++)
        if (text_equal(word, text_of(*words)))
            return true;
    return false;
}

bool field_known(enum subject subject, struct text path, const char **near)
{
    const char *names[COUNT_OF(field_rows) + 1];
    size_t n = 0;
    for (size_t i = 0; i < field_count; i++) {
        if (field_rows[i].subject != subject)
            continue;
        struct text row = text_of(field_rows[i].path);
        if (text_equal(row, path))
            return true;
        if (text_ends(row, TEXT(".*")) && path.len > row.len - 1 && text_starts(path, text_upto(row, row.len - 1)))
            return true;
        names[n++] = field_rows[i].path;
    }
    names[n] = NULL;
    char word[64];
    snprintf(word, sizeof word, "%.*s", TEXT_ARGS(text_upto(path, 60)));
    *near = nearest(word, names);
    return false;
}

bool rule_seconds(struct text t, double *seconds)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {
        { "", 1 }, { "ms", 1e-3 }, { "us", 1e-6 }, { "s", 1 }, { "m", 60 }, { "min", 60 }, { "h", 3600 }, { "d", 86400 },
    };
    char copy[40];
    char *end;
    if (t.len == 0 || t.len >= sizeof copy || t.at[0] < '0' || t.at[0] > '9')
        return false;
    snprintf(copy, sizeof copy, "%.*s", TEXT_ARGS(t));
    double value = strtod(copy, &end);
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (strcmp(end, units[i].unit) == 0) {
            *seconds = value * units[i].seconds;
            return true;
        }
    return false;
}

bool rule_octets(struct text t, double *octets)
{
    static const struct {
        const char *unit;
        double octets;
    } units[] = {
        { "", 1 },     { "B", 1 },      { "k", 1e3 },       { "kB", 1e3 },         { "MB", 1e6 },
        { "GB", 1e9 }, { "KiB", 1024 }, { "MiB", 1048576 }, { "GiB", 1073741824 },
    };
    char copy[40];
    char *end;
    if (t.len == 0 || t.len >= sizeof copy)
        return false;
    snprintf(copy, sizeof copy, "%.*s", TEXT_ARGS(t));
    double value = strtod(copy, &end);
    for (size_t i = 0; i < COUNT_OF(units) && end != copy; i++)
        if (strcmp(end, units[i].unit) == 0) {
            *octets = value * units[i].octets;
            return true;
        }
    return false;
}

static bool network_of(struct text t, struct address *a, unsigned *bits)
{
    struct text rest = t, base;
    uint64_t n = 0;
    if (!text_cut(&rest, '/', &base) || !address_read(base, a) || !address_length(*a))
        return false;
    *bits = (unsigned)address_length(*a) * 8;
    if (rest.len && (!text_number(rest, 10, &n) || n > *bits))
        return false;
    if (rest.len)
        *bits = (unsigned)n;
    return true;
}

bool cidr_known(struct text t)
{
    struct address a;
    unsigned bits;
    return network_of(t, &a, &bits);
}

bool cidr_contains(struct text network, struct text address)
{
    struct address net, a;
    unsigned bits;
    size_t dash = text_find_byte(address, '-');
    if (dash != TEXT_NOWHERE)
        return cidr_contains(network, text_upto(address, dash)) && cidr_contains(network, text_from(address, dash + 1));
    if (!network_of(network, &net, &bits) || !address_read(address, &a) || a.family != net.family)
        return false;
    for (unsigned i = 0; i < bits; i += 8) {
        unsigned mask = bits - i >= 8 ? 0xffu : 0xffu << (8 - (bits - i)) & 0xffu;
        if ((net.octets[i / 8] ^ a.octets[i / 8]) & mask)
            return false;
    }
    return true;
}
