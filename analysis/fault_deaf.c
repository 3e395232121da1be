/* What keeps a router from hearing who calls it: a crypto map on no interface, IKEv2 that is not enabled there, an interface that is
 * shut down. Told as faults of a configuration, and where nobody answered, as the cause of that. */
#include "analysis/evidence_words.h"
#include "analysis/faults.h"
#include "analysis/sas_at.h"

enum { QUOTES = 4 };

struct deaf {
    const char *check; /* as fault_begin() has it */
    struct text about;
    const char *title, *cause, *advice;
    struct text map, interface, place; /* words of them */
    const struct record *carrier;      /* it is so for all that this interface carries */
    bool tunnel;                       /* a tunnel interface that is shut down */
    struct {
        const struct record *record;
        uint32_t line;
    } quotes[QUOTES];
    size_t quote_count;
};

static void quote(struct deaf *f, const struct record *r, uint32_t line)
{
    if (r && f->quote_count < QUOTES) {
        f->quotes[f->quote_count].record = r;
        f->quotes[f->quote_count++].line = line;
    }
}

/* ---- what it is ---- */

static bool map_is_bound(const struct faults *x, struct text name)
{
    for (const struct worded *w = words_first(x->m, x->device, WORD_BOUND, name); w; w = w->next)
        if (fact_get_text(w->record->facts, "interface").len)
            return true;
    return words_first(x->m, x->device, WORD_CARRIED, name) != NULL;
}

const struct record *fault_called(const struct faults *x, uint32_t *line)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    size_t count = ways_routers(x->m, devices);
    const struct record *found = NULL;
    struct config_way *ways = memory_take(WAYS * sizeof *ways);
    for (size_t i = 0; i < count && !found; i++) {
        size_t n = device_same(x->m, devices[i], x->device) ? 0 : ways_of(x->m, devices[i], ways);
        for (size_t k = 0; k < n && !found; k++) {
            const struct owner *o = config_owner(x->m, x->device, ways[k].peer, NULL);
            found = o ? o->interface : NULL;
            *line = o ? o->line : 0;
        }
    }
    memory_free(ways);
    return found;
}

static bool find_unapplied(const struct faults *x, struct deaf *f)
{
    struct text name = fact_get_text(x->way->entry->facts, "name");
    uint32_t line = 0;
    if (way_is_tunnel(x->way) || strcmp(x->way->entry->name, "crypto-map") != 0 || !x->whole || map_is_bound(x, name))
        return false;
    const struct record *called = fault_called(x, &line);
    struct text nameif = called ? fact_get_text(called->facts, "nameif") : (struct text){ NULL, 0 };
    *f = (struct deaf){
        .check = "map",
        .about = name,
        .title = "The crypto map is on no interface",
        .cause =
            "{router} has the crypto map {map}, and none of its interfaces carries it: it protects nothing and answers nobody.",
        .advice = x->asa ? "`crypto map {map} interface {interface}`" : "`interface {interface}` / `crypto map {map}`",
        .map = name,
        .interface = x->asa   ? nameif.len ? nameif : TEXT("NAMEIF")
                       : called ? called->title
                              : TEXT("INTERFACE"),
    };
    quote(f, x->way->entry, 0);
    quote(f, x->way->peer_at, x->way->peer_line);
    quote(f, called, 0);
    if (line)
        quote(f, called, line);
    return true;
}

static bool ikev2_enabled(const struct faults *x, struct text nameif)
{
    for (const struct record *r = record_next(x->m, x->device, "ikev2-global", NULL); r;
         r = record_next(x->m, x->device, "ikev2-global", r))
        for (const struct fact *f = fact_members(r->facts, "enabled_interfaces"); f; f = f->next) {
            struct text word = { NULL, 0 }, rest = f->kind == FACT_TEXT ? f->as.text : word;
            if (text_word(&rest, &word) && text_equal(word, nameif))
                return true;
        }
    return false;
}

static bool find_disabled(const struct faults *x, struct deaf *f)
{
    const struct record *carrier = x->way->carrier;
    struct text nameif = carrier ? fact_get_text(carrier->facts, "nameif") : (struct text){ NULL, 0 };
    if (!x->asa || !x->whole || !nameif.len || !fault_wants_ikev2(x) || ikev2_enabled(x, nameif))
        return false;
    *f = (struct deaf){
        .check = "enable",
        .about = nameif,
        .title = "IKEv2 is not enabled on the interface",
        .cause = "{router} is to speak IKEv2 on its interface {interface}, and IKEv2 is not enabled there.",
        .advice = "`crypto ikev2 enable {interface}`",
        .interface = nameif,
        .carrier = carrier,
    };
    quote(f, x->way->entry, 0);
    quote(f, carrier, 0);
    return true;
}

static bool find_shut(const struct faults *x, struct deaf *f)
{
    const struct record *places[] = { way_is_tunnel(x->way) ? x->way->entry : NULL, x->way->carrier, x->path.profile };
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        if (!places[i] || !record_is_shut(places[i]))
            continue;
        const bool profile = places[i] == x->path.profile;
        *f = (struct deaf){
            .check = "shutdown",
            .about = places[i]->title,
            .title = profile ? "The IKEv2 profile is shut down" : "The interface of the tunnel is shut down",
            .cause = profile ? "The IKEv2 profile {place} of {router} is shut down." : "{place} of {router} is shut down.",
            .advice = profile ? "[[{meant} ]]`crypto ikev2 profile {place}` / `no shutdown`"
                              : "[[{meant} ]]`interface {place}` / `no shutdown`",
            .place = places[i]->title,
            .carrier = i == 1 ? places[i] : NULL,
            .tunnel = i == 0,
        };
        quote(f, places[i], 0);
        quote(f, places[i], fact_find(places[i]->facts, "shutdown")->line);
        return true;
    }
    return false;
}

/* ---- how it is told ---- */

static void words(struct diagnosis *d, const struct deaf *f)
{
    diagnosis_word(d, "map", f->map);
    diagnosis_word(d, "interface", f->interface);
    diagnosis_word(d, "place", f->place);
}

static void quote_all_of(struct diagnosis *d, const struct deaf *f)
{
    for (size_t i = 0; i < f->quote_count; i++)
        finding_quote(d->m, d->f, f->quotes[i].record, f->quotes[i].line);
}

/* Would what is sent from the caller to that address be heard by this way? */
static bool concerns(const struct faults *x, const struct config_way *w, struct address caller, struct address called)
{
    if (!w->peer.family)
        return way_sends(w, called);
    return address_equal(w->peer, caller) &&
           (!w->own_count || way_sends(w, called) || !config_owner(x->m, x->device, called, NULL)); /* called through a NAT */
}

/* Would that way be told the same? What is about an interface or a map is so for all that go by it. */
static bool shares(const struct faults *x, const struct deaf *f, const struct config_way *w)
{
    if (f->carrier)
        return w->carrier == f->carrier;
    if (f->map.len)
        return strcmp(w->entry->name, "crypto-map") == 0 && text_equal(fact_get_text(w->entry->facts, "name"), f->map);
    return w == x->way;
}

/* Nobody answered an SA that called here, and that finding has it as its cause. */
static bool told_as_silence(struct faults *x, const struct deaf *f)
{
    const bool shared = f->carrier || f->map.len;
    if (shared && x->silence.check == f->check && text_equal(x->silence.about, f->about))
        return x->silence.told; /* ways of one map stand together */
    bool told = false;
    for (size_t i = 0; i < x->count && !told; i++)
        if (x->ways[i].peer.family && shares(x, f, &x->ways[i]))
            for (const struct placed_sa *p = sas_at(x->m, x->ways[i].peer); p && !told; p = p->next)
                told = diagnosed(p->sa, "no-response") && device_same(x->m, router_of(x->m, p->sa, SIDE_RESPONDER), x->device) &&
                       concerns(x, &x->ways[i], address_on(p->sa, SIDE_INITIATOR), address_on(p->sa, SIDE_RESPONDER));
    x->silence.check = f->check;
    x->silence.about = f->about;
    x->silence.told = told;
    return told;
}

/* ---- wanted or left over ---- */

enum { CALLS_ASKED = 64 }; /* of those that lead to one address */

/* Another way leads back to that router, or answers anybody; one that is shut down itself only counts where this one does not lead
 * there for sure. */
static bool served_by_another(const struct faults *x, uint32_t caller)
{
    const bool leads_there = config_owner(x->m, caller, x->way->peer, NULL);
    for (size_t i = 0; i < x->count; i++) {
        const struct config_way *w = &x->ways[i];
        const bool back = config_owner(x->m, caller, w->peer, NULL), shut = record_is_shut(w->entry);
        if (w != x->way && ((back && !(leads_there && shut)) || (!w->peer.family && !shut)))
            return true;
    }
    return false;
}

/* Does this entry of another router lead here, not shut down itself, and mean this way? */
static bool is_called_by(const struct faults *x, const struct record *call)
{
    const struct address peer = x->way->peer;
    return !device_same(x->m, call->device, x->device) && !record_is_shut(call) &&
           (!peer.family || config_owner(x->m, call->device, peer, NULL) || !config_owner(x->m, 0, peer, NULL)) &&
           (ways_belong(x->m, x->way->entry, call) || !served_by_another(x, call->device));
}

static bool is_called(const struct faults *x)
{
    static const enum word_place places[] = { WORD_MAP_PEER, WORD_TUNNEL_PEER };
    unsigned asked = 0;
    for (size_t i = 0; i < x->way->own_count; i++)
        for (size_t k = 0; k < COUNT_OF(places); k++)
            for (const struct worded *w = words_to(x->m, 0, places[k], x->way->own[i]); w && asked < CALLS_ASKED; w = w->next)
                if (asked++, is_called_by(x, w->record))
                    return true;
    return false;
}

bool fault_left_over(const struct faults *x)
{
    return !x->failed && (way_is_shut(x->way) || record_is_shut(x->path.profile)) && !is_called(x);
}

/* Where nothing else is left of the router's ways, somebody may wait for this one. */
static void temper(const struct faults *x, struct diagnosis *d)
{
    bool others = false;
    for (size_t i = 0; i < x->count && !others; i++)
        others = !way_is_shut(&x->ways[i]);
    diagnosis_severity(d, others ? SEVERITY_NOTE : SEVERITY_WARNING);
    diagnosis_word(d, "meant", TEXT("if it is to run:"));
}

static void tell(struct faults *x, const struct deaf *f)
{
    struct diagnosis d;
    if (told_as_silence(x, f) || !fault_begin(x, &d, f->check, f->about, true))
        return;
    words(&d, f);
    if (strcmp(f->check, "shutdown") == 0 && fault_left_over(x))
        temper(x, &d);
    diagnosis_say(&d, f->title, f->cause);
    fault_advise(x, &d, f->advice);
    quote_all_of(&d, f);
}

void fault_map_is_applied(struct faults *x)
{
    struct deaf f;
    if (find_unapplied(x, &f))
        tell(x, &f);
}

void fault_ikev2_is_enabled(struct faults *x)
{
    struct deaf f;
    if (find_disabled(x, &f))
        tell(x, &f);
}

void fault_shutdown(struct faults *x)
{
    struct deaf f;
    if (find_shut(x, &f))
        tell(x, &f);
}

/* Of the ways that concern a call each has to be deaf; the first that leads back is the one to tell of. */
static bool find_deaf(struct faults *x, struct address caller, struct address called, struct deaf *f)
{
    bool found = false;
    for (size_t i = 0; i < x->count; i++) {
        struct deaf here;
        if (!concerns(x, &x->ways[i], caller, called))
            continue;
        x->way = &x->ways[i];
        x->path = config_path_to(x->m, x->device, caller, x->way->entry);
        x->path.profile = NULL; /* IKE_SA_INIT is answered without one */
        if (!find_unapplied(x, &here) && !find_disabled(x, &here) && !find_shut(x, &here))
            return false;
        if (!found && x->way->peer.family) {
            *f = here;
            found = true;
        }
    }
    return found;
}

bool fault_tell_deaf(struct diagnosis *d, const struct ike_sa *sa)
{
    const uint32_t device = router_of(d->m, sa, SIDE_RESPONDER);
    const struct address caller = address_on(sa, SIDE_INITIATOR);
    struct faults x = { .m = d->m, .device = device, .asa = device && config_of_asa(d->m, device) };
    struct config_way *ways = memory_take(WAYS * sizeof *ways);
    struct deaf f;
    x.ways = ways;
    x.count = device && caller.family ? ways_of(d->m, device, ways) : 0;
    x.whole = x.count && config_whole(d->m, device);
    const bool found = find_deaf(&x, caller, address_on(sa, SIDE_RESPONDER), &f);
    if (found) {
        const struct advice row = { TO_RESPONDER, PLATFORM_UNKNOWN, f.advice };
        diagnosis_word(d, "router", device_name_or(d->m, device, TEXT("the router")));
        words(d, &f);
        diagnosis_more(d, f.cause);
        if (f.tunnel) { /* IKE itself may still listen at its source */
            diagnosis_more(d, "That may be why.");
            d->f->confidence = CONFIDENCE_LIKELY;
        }
        diagnosis_advise(d, &row, 1);
        quote_all_of(d, &f);
    }
    memory_free(ways);
    return found;
}
