#include "analysis/wan_list.h"

#include "analysis/acl_edit.h"

/* {IP protocol, port at both ends, how it is called} */
static const struct {
    uint8_t protocol;
    uint16_t port;
    const char *name;
} packets[WAN_PACKETS] = {
    [WAN_IKE] = { IPPROTO_NO_UDP, PORT_IKE, "UDP 500" },
    [WAN_NATT] = { IPPROTO_NO_UDP, PORT_NATT, "UDP 4500" },
    [WAN_ESP] = { IPPROTO_NO_ESP, 0, "ESP" },
};

enum fit { FITS_NOT, FITS_PERHAPS, FITS };

static enum fit address_fits(const struct fact *entry, const char *first, const char *last, struct address a)
{
    struct address start, end;
    if (!fact_get_address(entry, first, &start) || !fact_get_address(entry, last, &end))
        return text_equal(TEXT("destination_start"), text_of(first)) ? FITS
                                                                     : FITS_PERHAPS; /* a standard list has no destination */
    if (a.family == ADDRESS_NONE)
        return range_prefix(start, end) == 0 ? FITS : FITS_PERHAPS;
    return range_has(start, end, a) ? FITS : FITS_NOT;
}

static bool port_fits(const struct fact *entry, const char *first, const char *last, uint16_t port)
{
    uint64_t low = 0, high = UINT16_MAX;
    if (fact_get_number(entry, first, &low))
        (void)fact_get_number(entry, last, &high);
    return low <= port && port <= high;
}

static enum fit entry_fits(const struct fact *entry, enum wan_packet what, struct address peer, struct address own)
{
    uint64_t protocol = 0;
    (void)fact_get_number(entry, "protocol", &protocol);
    if (fact_find(entry, "unresolved"))
        return FITS_PERHAPS;
    if (protocol && protocol != packets[what].protocol)
        return FITS_NOT;
    if (packets[what].port && (!port_fits(entry, "source_port", "source_port_end", packets[what].port) ||
                               !port_fits(entry, "destination_port", "destination_port_end", packets[what].port)))
        return FITS_NOT;
    enum fit from = address_fits(entry, "source_start", "source_end", peer),
             to = address_fits(entry, "destination_start", "destination_end", own);
    enum fit both = from < to ? from : to;
    return both == FITS && acl_entry_depends(entry) ? FITS_PERHAPS : both;
}

/* The first entry that fits decides; one that may fit and permits is given the benefit of the doubt. */
bool wan_list_refuses(const struct record *list, enum wan_packet what, struct address peer, struct address own, uint32_t *line)
{
    for (const struct fact *e = fact_members(list->facts, "entries"); e; e = e->next) {
        const struct fact *entry = fact_children(e);
        enum fit fit = entry_fits(entry, what, peer, own);
        bool permit = text_equal(fact_get_text(entry, "action"), TEXT("permit"));
        if (fit == FITS_NOT || (fit == FITS_PERHAPS && !permit))
            continue;
        *line = e->line;
        return !permit;
    }
    *line = 0;
    return true;
}

bool wan_refuses(const struct model *m, uint32_t device, const struct record *interface, struct address peer, struct address own,
                 struct wan_refusal *refusal)
{
    const struct fact *applied = interface ? fact_find(interface->facts, "access_group_in") : NULL;
    const struct record *list = applied ? config_find(m, device, "access-list", applied->as.text) : NULL;
    *refusal = (struct wan_refusal){ .interface = interface, .list = list, .applied_line = applied ? applied->line : 0 };
    if (!list || !fact_members(list->facts, "entries"))
        return false; /* a list that is empty or is not there lets everything in */
    for (unsigned what = 0; what < WAN_PACKETS; what++)
        refusal->refused[what] = wan_list_refuses(list, (enum wan_packet)what, peer, own, &refusal->lines[what]);
    return refusal->refused[WAN_IKE] || (refusal->refused[WAN_ESP] && refusal->refused[WAN_NATT]);
}

static void name_refused(struct diagnosis *d, const struct wan_refusal *refusal)
{
    struct buffer b;
    buffer_init(&b, 128);
    for (unsigned what = 0; what < WAN_PACKETS; what++)
        if (refusal->refused[what])
            buffer_format(&b, "%s%s", b.len ? ", " : "", packets[what].name);
    diagnosis_word(d, "refused", arena_text(d->m->run, buffer_view(&b)));
    buffer_clear(&b);
}

/* What to type in the list's mode: an entry for each of them that it refuses. */
static struct text permits_text(struct arena *arena, const struct wan_refusal *refusal, struct text from, struct text to,
                                bool six, struct acl_place *place)
{
    uint32_t first = 0;
    unsigned count = 0;
    struct buffer b;
    for (unsigned what = 0; what < WAN_PACKETS; what++) {
        count += refusal->refused[what];
        if (refusal->refused[what] && refusal->lines[what] && (!first || refusal->lines[what] < first))
            first = refusal->lines[what];
    }
    if (acl_is_standard(refusal->list))
        count = 1;
    *place = acl_place_before(refusal->list, first, count);
    buffer_init(&b, 2048);
    for (unsigned what = 0, n = 0; what < WAN_PACKETS && n < count; what++) {
        if (!refusal->refused[what])
            continue;
        buffer_string(&b, n ? " / `" : "`");
        if (place->number[n])
            buffer_format(&b, "%s%llu ", six ? "sequence " : "", (unsigned long long)place->number[n]);
        n++;
        if (acl_is_standard(refusal->list))
            buffer_format(&b, "permit %.*s`", TEXT_ARGS(from));
        else if (what == WAN_ESP)
            buffer_format(&b, "permit esp %.*s %.*s`", TEXT_ARGS(from), TEXT_ARGS(to));
        else
            buffer_format(&b, "permit udp %.*s %.*s eq %s`", TEXT_ARGS(from), TEXT_ARGS(to),
                          six               ? (what == WAN_IKE ? "500" : "4500")
                          : what == WAN_IKE ? "isakmp"
                                            : "non500-isakmp");
    }
    struct text t = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

bool wan_words(struct diagnosis *d, uint32_t device, struct address own, struct address peer, const struct wan_refusal *refusal)
{
    struct arena *run = d->m->run;
    struct text from = peer.family ? arena_format(run, "host %.*s", TEXT_ARGS(address_text(peer, run))) : TEXT("any"),
                to = own.family ? arena_format(run, "host %.*s", TEXT_ARGS(address_text(own, run))) : TEXT("any");
    name_refused(d, refusal);
    diagnosis_word(d, "router", device_name_or(d->m, device, TEXT("the router")));
    diagnosis_word(d, "interface", refusal->interface->title);
    diagnosis_word(d, "caller", peer.family ? address_text(peer, run) : TEXT("an address that nobody knows"));
    diagnosis_word(d, "own", to);
    if (!refusal->list)
        return false;
    diagnosis_word(d, "list", refusal->list->title);
    const bool six = (peer.family ? peer : own).family == ADDRESS_IPV6;
    struct acl_place place;
    diagnosis_word(d, "permits", permits_text(run, refusal, from, to, six, &place));
    diagnosis_word(d, "renumber", acl_renumber_text(run, refusal->list, &place));
    diagnosis_word(d, "edit",
                   six                              ? TEXT("ipv6 access-list")
                   : acl_is_standard(refusal->list) ? TEXT("ip access-list standard")
                                                    : TEXT("ip access-list extended"));
    diagnosis_word(d, "show", six ? TEXT("show ipv6 access-list") : TEXT("show access-lists"));
    return place.number[0] != 0;
}

void wan_tell(struct diagnosis *d, uint32_t device, struct address own, struct address peer, const struct wan_refusal *refusal)
{
    const bool placed = wan_words(d, device, own, peer, refusal);
    diagnosis_more(d, "The access list {list}, which {router} has on {interface} for what comes in, does not let {refused} from "
                      "{caller} pass: the tunnel's own packets go through it like all others.");
    diagnosis_advise_router(d, device, own, peer,
                            placed ? "before the first entry that refuses them: [[{renumber}]]`{edit} {list}` / {permits}; "
                                     "`{show} {list}` counts what each entry met"
                                   : "let them in: `{edit} {list}` / {permits}; `{show} {list}` counts what each entry "
                                     "met");
    finding_quote(d->m, d->f, refusal->interface, refusal->applied_line);
    bool quoted = false;
    for (unsigned what = 0; what < WAN_PACKETS; what++)
        if (refusal->refused[what] && refusal->lines[what]) {
            finding_quote(d->m, d->f, refusal->list, refusal->lines[what]);
            quoted = true;
        }
    if (!quoted)
        finding_quote(d->m, d->f, refusal->list, 0);
}
