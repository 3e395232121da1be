#include "parser/policies.h"

#include "base/limits.h"
#include "parser/names.h"
#include "parser/packet_items.h"
#include "parser/scan.h"

static struct facts begin_proposal(struct facts *list, uint64_t number, bool has_number, unsigned protocol)
{
    struct fact *group = fact_group(list, NULL);
    struct facts f = facts_into(list->arena, &group->as.child);
    if (has_number)
        fact_number(&f, "number", number);
    fact_code(&f, "protocol", REGISTRY_PROTOCOL, protocol);
    struct fact *transforms = fact_list(&f, "transforms");
    return facts_into(list->arena, &transforms->as.child);
}

/* The next name of a list: names are parted by blanks, but two of them have blanks inside. */
static struct text next_name(struct text *s)
{
    static const char *const spaced[] = { "Don't use ESN", "Do not use ESN", "Use ESN", "No ESN" };
    *s = scan_skip(*s);
    for (size_t i = 0; i < COUNT_OF(spaced); i++)
        if (text_starts(*s, text_of(spaced[i]))) {
            struct text name = text_upto(*s, strlen(spaced[i]));
            *s = text_from(*s, name.len);
            return name;
        }
    size_t n = 0;
    while (n < s->len && !scan_blank(s->at[n]) && s->at[n] != '\n')
        n++;
    struct text rest = text_from(*s, n);
    uint64_t number;
    if (text_ends(text_upto(*s, n), TEXT("/Group")) && scan_number(&rest, &number))
        n = s->len - rest.len;
    struct text name = text_upto(*s, n);
    *s = text_from(*s, n);
    return name;
}

/* "AES-CBC-128 SHA1 SHA256 DH_GROUP_2048_MODP/Group 14", or with labels: "ENCRYPTION: AES-CBC-128 PRF: SHA512 INTEGRITY: SHA512
 * DH GROUP: DH_GROUP_384_ECP/Group 20". */
static uint64_t read_names(struct text s, bool esp, struct facts *transforms)
{
    unsigned seen = 0, label = 0, count = 0;
    while ((s = text_trim(s)).len && count++ < LIMIT_TRANSFORMS) {
        if (scan_eat(&s, "ENCRYPTION:"))
            label = TRANSFORM_ENCR;
        else if (scan_eat(&s, "PRF:"))
            label = TRANSFORM_PRF;
        else if (scan_eat(&s, "INTEGRITY:"))
            label = TRANSFORM_INTEG;
        else if (scan_eat(&s, "DH GROUP:") || scan_eat(&s, "DH_GRP:") || scan_eat(&s, "PQC KEY EXCHANGE:"))
            label = TRANSFORM_DH;
        else if (scan_eat(&s, "ESN:"))
            label = TRANSFORM_ESN;
        struct text name = next_name(&s);
        while (name.len && (name.at[name.len - 1] == ',' || name.at[name.len - 1] == ';'))
            name.len--;
        struct transform t;
        if (name.len == 0)
            continue;
        if ((label && name_transform(label, name, &t)) || name_transform_of(name, seen, esp, &t)) {
            packet_transform_facts(transforms->arena, transforms, t);
            seen |= 1u << (t.type & 31);
        }
    }
    return s.len ? limit_bit(OVER_TRANSFORMS) : 0;
}

uint64_t policies_offered(struct text t, struct facts *facts)
{
    unsigned protocol = text_starts(t, TEXT("ESP")) ? PROTOCOL_ESP : text_starts(t, TEXT("AH")) ? PROTOCOL_AH : PROTOCOL_IKE;
    struct text s = t;
    uint64_t number = 0, count;
    size_t at = text_find(s, TEXT("Proposal:"));
    if (at == TEXT_NOWHERE)
        return 0;
    s = text_from(s, at + 9);
    scan_number(&s, &number);
    at = text_find(s, TEXT("Num. transforms:"));
    if (at == TEXT_NOWHERE)
        return 0;
    s = text_from(s, at + 16);
    scan_number(&s, &count);
    if (scan_skip(s).len == 0)
        return 0;
    struct fact *list = fact_list(facts, "proposals");
    struct facts proposals = facts_into(facts->arena, &list->as.child);
    struct facts transforms = begin_proposal(&proposals, number, true, protocol);
    return read_names(s, protocol != PROTOCOL_IKE, &transforms);
}

/* The lists between two headings: "Proposal 1: …", "ESP: Proposal 1: …". */
static uint64_t read_list(struct text t, const char *name, struct facts *facts, unsigned *protocol)
{
    struct fact *list = fact_list(facts, name);
    struct facts proposals = facts_into(facts->arena, &list->as.child);
    uint64_t over = 0;
    for (unsigned count = 0;; count++) {
        size_t at = text_find(t, TEXT("Proposal "));
        if (at == TEXT_NOWHERE || count == LIMIT_PROPOSALS)
            return over | (at != TEXT_NOWHERE ? limit_bit(OVER_PROPOSALS) : 0);
        struct text before = text_trim(text_upto(t, at));
        if (text_ends(before, TEXT("ESP:")))
            *protocol = PROTOCOL_ESP;
        else if (text_ends(before, TEXT("AH:")))
            *protocol = PROTOCOL_AH;
        t = text_from(t, at + 9);
        uint64_t number = 0;
        bool has_number = scan_number(&t, &number);
        scan_eat(&t, ":");
        size_t end = text_find(t, TEXT("Proposal "));
        struct text names = text_upto(t, end == TEXT_NOWHERE ? t.len : end);
        static const char *const stops[] = { "Failed to ", "ESP:", "AH:" };
        for (size_t i = 0; i < COUNT_OF(stops); i++) {
            size_t stop = text_find(names, text_of(stops[i]));
            if (stop != TEXT_NOWHERE)
                names.len = stop;
        }
        struct facts transforms = begin_proposal(&proposals, number, has_number, *protocol);
        over |= read_names(names, *protocol != PROTOCOL_IKE, &transforms);
    }
}

uint64_t policies_compared(struct text t, struct facts *facts)
{
    size_t received = text_find(t, TEXT("Received Policies:")), expected = text_find(t, TEXT("Expected Policies:"));
    unsigned protocol = PROTOCOL_IKE;
    uint64_t over = 0;
    if (received != TEXT_NOWHERE) {
        size_t end = expected != TEXT_NOWHERE && expected > received ? expected : t.len;
        over |= read_list(text_from(text_upto(t, end), received + 18), "received", facts, &protocol);
    }
    if (expected != TEXT_NOWHERE) {
        size_t end = received != TEXT_NOWHERE && received > expected ? received : t.len;
        over |= read_list(text_from(text_upto(t, end), expected + 18), "expected", facts, &protocol);
    }
    fact_code(facts, "protocol", REGISTRY_PROTOCOL, protocol);
    return over;
}
