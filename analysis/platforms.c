#include "analysis/platforms.h"

#include "analysis/evidence.h"
#include "analysis/symptoms.h"
#include "base/map.h"

static enum platform platform_of_kind(enum input_kind kind)
{
    switch (kind) {
    case INPUT_ASA_DEBUG:
        return PLATFORM_ASA;
    case INPUT_IOS_DEBUG:
    case INPUT_IOSXE_DEBUG:
    case INPUT_EVENT_TRACE:
        return PLATFORM_IOS;
    default:
        return PLATFORM_UNKNOWN;
    }
}

/* {what a record is called, words that its text has (NULL: the name is enough), which family prints that} */
static const struct {
    const char *name, *words;
    enum platform platform;
} prints[] = {
    { "show vpn-sessiondb", NULL, PLATFORM_ASA },
    { "show crypto session", NULL, PLATFORM_IOS },
    { "show crypto ikev2 diagnose error", NULL, PLATFORM_IOS },
    { "show crypto ikev2 sa", "IKEv2 SAs", PLATFORM_ASA }, /* "There are no IKEv2 SAs", and its heading of those it has */
    { "show crypto ikev2 sa", "IPv4 Crypto IKEv2", PLATFORM_IOS },
    { "show crypto ikev2 session", "IPv4 Crypto IKEv2", PLATFORM_IOS },
    { "show crypto ipsec sa", "There are no ipsec sas", PLATFORM_ASA },
    { "show crypto ipsec sa", ", seq num: ", PLATFORM_ASA },
    { "show crypto ipsec sa", "protected vrf:", PLATFORM_IOS },
    { "ikev2-profile", NULL, PLATFORM_IOS },
    { "ikev2-keyring", NULL, PLATFORM_IOS },
    { "ikev2-proposal", NULL, PLATFORM_IOS },
    { "ikev2-policy", NULL, PLATFORM_IOS },
    { "transform-set", "ikev1 transform-set", PLATFORM_ASA },
    { "transform-set", NULL, PLATFORM_IOS },
    { "tunnel-group", NULL, PLATFORM_ASA },
    { "ipsec-proposal", NULL, PLATFORM_ASA },
    { "asa-ikev2-policy", NULL, PLATFORM_ASA },
};

static enum platform platform_of_record(const struct record *r)
{
    if (record_lists_sas(r) && text_equal(r->text, r->title)) /* an ASA would have said that there are none */
        return PLATFORM_IOS;
    for (size_t i = 0; i < COUNT_OF(prints); i++)
        if (strcmp(r->name, prints[i].name) == 0 && (!prints[i].words || text_has(r->text, text_of(prints[i].words))))
            return prints[i].platform;
    return PLATFORM_UNKNOWN;
}

enum platform platform_of_router(const struct model *m, uint32_t device)
{
    struct record_list *all = device ? records_of(m, device) : NULL;
    for (const struct record *r = !all          ? NULL
                                  : all->judged ? all->judged->beside
                                                : all->first;
         r && !all->platform; r = r->beside) {
        all->judged = r;
        all->platform = (uint8_t)platform_of_record(r);
    }
    return all ? (enum platform)all->platform : PLATFORM_UNKNOWN;
}

/* Syslog names its message's facility, and 75xxxx messages begin with both ends. */
static enum platform platform_of_note(const struct note *n)
{
    if (text_has(n->text, TEXT("%ASA-")) || text_has(n->text, TEXT("%FTD-")) || text_starts(n->text, TEXT("Local:")))
        return PLATFORM_ASA;
    if (text_starts(n->text, TEXT("%CRYPTO-")) || text_starts(n->text, TEXT("%IKEV2-")))
        return PLATFORM_IOS;
    return PLATFORM_UNKNOWN;
}

/* Adds what one more witness tells; false: they contradict each other. */
static bool agrees(enum platform *all, enum platform one)
{
    const bool same = !one || !*all || one == *all;
    *all = one ? one : *all;
    return same;
}

static enum platform what_all_tell(const struct model *m)
{
    enum platform all = PLATFORM_UNKNOWN;
    bool agree = true;
    for (size_t i = 0; i < m->input_count && agree; i++)
        agree = agrees(&all, platform_of_kind(m->inputs[i].kind)) && (!m->inputs[i].asa_messages || agrees(&all, PLATFORM_ASA)) &&
                (!m->inputs[i].ios_messages || agrees(&all, PLATFORM_IOS));
    for (const struct record *r = m->records; r && agree; r = r->next)
        agree = agrees(&all, platform_of_record(r));
    for (const struct note *n = m->loose; n && agree; n = n->next)
        agree = agrees(&all, platform_of_note(n));
    return agree ? all : PLATFORM_UNKNOWN;
}

static enum platform platform_of_inputs(const struct model *m)
{
    struct record_index *index = m->record_index;
    if (!index->platform_known)
        index->platform = (uint8_t)what_all_tell(m);
    index->platform_known = true;
    return (enum platform)index->platform;
}

/* The vendor ids that this end sent: FlexVPN and dynamic routes are of IOS alone; what an ASA sends, IOS never sends together. */
static enum platform platform_of_vendors(unsigned vendors)
{
    const unsigned ios = VENDOR_FLEXVPN | VENDOR_DYNAMIC_ROUTE,
                   asa = VENDOR_DELETE_REASON | VENDOR_COPYRIGHT | VENDOR_FRAGMENTATION;
    return vendors & ios ? PLATFORM_IOS : (vendors & asa) == asa ? PLATFORM_ASA : PLATFORM_UNKNOWN;
}

void platforms_settle(struct model *m, struct input *in)
{
    struct map speakers = { 0 }; /* by router: the last part that told */
    size_t n = 0;
    for (const struct part *p = in->parts; p; p = p->next)
        n++;
    in->part_at = arena_array(m->run, const struct part *, n + 1);
    for (struct part *p = in->parts; p; p = p->next) {
        const struct bytes router = bytes_over(&p->device, sizeof p->device);
        if (platform_of_kind(p->kind))
            map_put(&speakers, router, p);
        p->speaks = map_find(&speakers, router);
        in->part_at[in->part_count++] = p;
    }
    map_clear(&speakers);
    for (n = in->part_count; n > 0; n--) { /* those before the first that tells */
        const struct bytes router = bytes_over(&in->part_at[n - 1]->device, sizeof in->part_at[n - 1]->device);
        struct part *p = (struct part *)(uintptr_t)in->part_at[n - 1];
        if (p->speaks)
            map_put(&speakers, router, (void *)(uintptr_t)p->speaks);
        else
            p->speaks = map_find(&speakers, router);
    }
    map_clear(&speakers);
}

/* Of the part of its router that its own lines stand in, of several of one name; they are in the order of their lines. */
static enum platform platform_of_part(const struct input *in, const struct view *v)
{
    size_t low = 0, high = in->part_count; /* the last that does not begin behind its first line */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (in->part_at[middle]->first_line <= v->first_line)
            low = middle + 1;
        else
            high = middle;
    }
    if (low && in->part_at[low - 1]->device == v->device)
        return in->part_at[low - 1]->speaks ? platform_of_kind(in->part_at[low - 1]->speaks->kind) : PLATFORM_UNKNOWN;
    enum platform found = PLATFORM_UNKNOWN;
    const struct part *p = in->parts;
    while (p && p->device != v->device)
        p = p->next;
    for (; p && (!found || p->first_line <= v->first_line); p = part_again(p))
        if (platform_of_kind(p->kind))
            found = platform_of_kind(p->kind);
    return found;
}

bool identity_of_client(const struct identity *id)
{
    return text_equal(id->value, TEXT("*$AnyConnectClient$*"));
}

/* An ASA's word of an address that it gave to a session of remote access. */
static bool served_as_client(const struct ike_sa *sa, const struct party *p)
{
    const struct heard given = heard_on(sa, SIDE_RESPONDER, CODE_ADDRESS_ASSIGNED);
    const bool initiator = p == &sa->initiator;
    return identity_of_client(&p->id) || (initiator && given.note && text_has(given.note->text, TEXT("assigned to session")));
}

enum platform platform_of(const struct model *m, const struct ike_sa *sa, enum side side)
{
    if (!sa)
        return platform_of_inputs(m);
    const struct view *v = view_on(sa, side);
    if (!v && sa->views && !sa->views->next && !sa->views->wire && sa->views->role == SIDE_UNKNOWN)
        v = sa->views; /* one log that does not tell its role */
    if (v && v->input < m->input_count) {
        const struct input *in = model_input(m, v->input);
        const enum platform of_part = platform_of_part(in, v);
        if (of_part)
            return of_part;
        if (platform_of_kind(in->kind))
            return platform_of_kind(in->kind);
        for (const struct note *n = v->notes; n; n = n->next)
            if (platform_of_note(n))
                return platform_of_note(n);
    }
    const enum platform router = platform_of_router(m, router_of(m, sa, side));
    if (router || side == SIDE_UNKNOWN)
        return router;
    const struct party *p = side == SIDE_INITIATOR ? &sa->initiator : &sa->responder;
    return served_as_client(sa, p) ? PLATFORM_CLIENT : platform_of_vendors(p->vendors);
}
