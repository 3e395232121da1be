/* What answers anybody: a template that a profile has to clone, a dynamic map that a crypto map has to name. And whom an ASA takes its
 * caller for. What is missing is only said of configurations that are whole. */
#include "analysis/evidence_words.h"
#include "analysis/faults.h"

/* "7 mode auto" */
static bool is_number(struct text words, struct text number)
{
    struct text word = { NULL, 0 };
    return text_word(&words, &word) && text_equal(word, number);
}

/* Does a profile, a tunnel-group, or a tunnel for its shortcuts clone it? IKEv1's profiles are not read so far as to tell. */
static bool is_cloned(const struct faults *x, struct text number)
{
    static const struct {
        const char *kind, *fact;
    } cloning[] = {
        { "ikev2-profile", "virtual_template" },
        { "tunnel-group", "virtual_template" },
        { "interface", "nhrp_template" },
    };
    if (record_next(x->m, x->device, "isakmp-profile", NULL))
        return true;
    for (size_t i = 0; i < COUNT_OF(cloning); i++)
        for (const struct record *r = record_next(x->m, x->device, cloning[i].kind, NULL); r;
             r = record_next(x->m, x->device, cloning[i].kind, r))
            if (is_number(fact_get_text(r->facts, cloning[i].fact), number))
                return true;
    return false;
}

static struct text template_number(const struct config_way *w)
{
    static const struct text kind = { "Virtual-Template", sizeof "Virtual-Template" - 1 };
    return text_starts(w->entry->title, kind) ? text_from(w->entry->title, kind.len) : (struct text){ NULL, 0 };
}

/* A template that no profile clones, a dynamic map that no crypto map names. */
static bool is_idle(const struct faults *x, const struct config_way *w)
{
    struct text number = template_number(w);
    if (strcmp(w->entry->name, "crypto-dynamic-map") == 0)
        return !words_first(x->m, x->device, WORD_DYNAMIC, fact_get_text(w->entry->facts, "name"));
    return number.len && !is_cloned(x, number);
}

/* Does it call this router, which has no way for it? elsewhere: there is one to an address that nobody here has, and a NAT may. */
static bool calls_in_vain(const struct faults *x, uint32_t other, bool elsewhere)
{
    bool vain = false;
    for (size_t i = 0; i < x->count; i++)
        if (x->ways[i].peer.family && config_owner(x->m, other, x->ways[i].peer, NULL))
            return false;
    struct config_way *calls = memory_take(WAYS * sizeof *calls);
    size_t count = ways_of(x->m, other, calls);
    for (size_t i = 0; i < count && !vain; i++)
        vain = config_owner(x->m, x->device, calls[i].peer, NULL) &&
               !(elsewhere && calls[i].own_count && way_may_be_translated(&calls[i]));
    memory_free(calls);
    return vain;
}

/* Is what answers nobody needed: there is no other way, or somebody calls whom no other way is for? Else it may be left over. */
static bool weigh(const struct faults *x)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    bool others = false, elsewhere = false;
    for (size_t i = 0; i < x->count; i++) {
        const struct config_way *w = &x->ways[i];
        if (!w->peer.family && is_idle(x, w))
            continue;
        if (!w->peer.family)
            return false; /* it answers anybody */
        others = true;
        elsewhere |= !config_owner(x->m, 0, w->peer, NULL);
    }
    size_t count = others ? ways_routers(x->m, devices) : 0;
    for (size_t i = 0; i < count; i++)
        if (!device_same(x->m, devices[i], x->device) && calls_in_vain(x, devices[i], elsewhere))
            return true;
    return !others;
}

static void temper(struct faults *x, struct diagnosis *d)
{
    if (!x->weighed)
        x->only_idle = weigh(x);
    x->weighed = true;
    if (x->only_idle)
        return;
    diagnosis_severity(d, SEVERITY_WARNING);
    diagnosis_word(d, "meant", TEXT("if anybody is to be answered by it:"));
}

/* Does a way to a peer of its own go by that profile? It would no more with a template in it. */
static bool goes_by(const struct faults *x, const struct record *profile)
{
    for (size_t i = 0; profile && i < x->count; i++)
        if (x->ways[i].peer.family && config_path_to(x->m, x->device, x->ways[i].peer, x->ways[i].entry).profile == profile)
            return true;
    return false;
}

/* A tunnel-group of an ASA is a peer's, mostly, and who has a tunnel of its own needs none of the template's. */
static bool has_peers(const struct faults *x)
{
    for (size_t i = 0; i < x->count; i++)
        if (x->ways[i].peer.family)
            return true;
    return false;
}

void fault_template(struct faults *x)
{
    const struct record *e = x->way->entry, *profile = x->path.profile;
    struct text number = template_number(x->way);
    struct diagnosis d;
    if (!number.len || !x->whole || is_cloned(x, number) || !fault_begin(x, &d, "template", e->title, true))
        return;
    temper(x, &d);
    const bool own = goes_by(x, profile) ||
                     (profile && fact_find(profile->facts, "virtual_template")); /* which it has but one of */
    if (own) {
        profile = NULL;
        diagnosis_word(&d, "rest", TEXT("with whom it is to match, and how these authenticate"));
    }
    diagnosis_word(&d, "template", e->title);
    diagnosis_word(&d, "number", number);
    diagnosis_word(&d, "profile", profile ? profile->title : own ? TEXT("NEW") : TEXT("NAME"));
    diagnosis_say(&d, "No profile clones the virtual template",
                  x->asa ? "{template} of {router} is named by no tunnel-group: nobody who calls gets a tunnel by it."
                         : "{template} of {router} is named by no IKEv2 profile: nobody who calls gets a tunnel by it.");
    fault_advise(x, &d,
                 x->asa && has_peers(x) ? "[[{meant} ]]`tunnel-group NEW type ipsec-l2l` / `tunnel-group NEW ipsec-attributes` / "
                                          "`virtual-template {number}`, and how these authenticate"
                 : x->asa               ? "[[{meant} ]]`tunnel-group NAME ipsec-attributes` / `virtual-template {number}`"
                          : "[[{meant} ]]`crypto ikev2 profile {profile}` / `virtual-template {number}`[[, {rest}]]");
    finding_quote(x->m, d.f, e, 0);
    if (profile)
        finding_quote(x->m, d.f, profile, 0);
}

/* Dynamic entries belong behind all others. */
static uint32_t last_free(const struct faults *x, struct text map)
{
    uint32_t n = 65535;
    while (n > 1 && config_find(x->m, x->device, "crypto-map", arena_format(x->m->run, "%.*s %u", TEXT_ARGS(map), (unsigned)n)))
        n--;
    return n;
}

void fault_dynamic_map(struct faults *x)
{
    const struct record *e = x->way->entry;
    struct text name = fact_get_text(e->facts, "name");
    struct diagnosis d;
    if (strcmp(e->name, "crypto-dynamic-map") != 0 || !x->whole || !is_idle(x, x->way) ||
        !fault_begin(x, &d, "dynamic map", name, true))
        return;
    const struct record *map = record_next(x->m, x->device, "crypto-map", NULL),
                        *bound = map ? NULL : record_next(x->m, x->device, "crypto-map-binding", NULL);
    struct text into = map ? fact_get_text(map->facts, "name") : bound ? bound->title : TEXT("MAP");
    temper(x, &d);
    diagnosis_word(&d, "dynamic", name);
    diagnosis_word(&d, "map", into);
    diagnosis_wordf(&d, "number", "%u", (unsigned)last_free(x, into));
    diagnosis_say(&d, "The dynamic map is in no crypto map",
                  "{router} has the dynamic map {dynamic}, and none of its crypto maps names it: it answers nobody.");
    fault_advise(x, &d, "[[{meant} ]]`crypto map {map} {number} ipsec-isakmp dynamic {dynamic}`");
    finding_quote(x->m, d.f, e, 0);
}

void fault_group_type(struct faults *x)
{
    const struct record *group = x->asa ? x->path.tunnel_group : NULL;
    const struct fact *type = group ? fact_find(group->facts, "type") : NULL;
    struct diagnosis d;
    if (!type || text_equal(type->as.text, TEXT("ipsec-l2l")) ||
        !text_equal(group->title, address_text(x->way->peer, x->m->run)) || !fault_begin(x, &d, "group type", group->title, true))
        return;
    diagnosis_word(&d, "group", group->title);
    diagnosis_word(&d, "type", type->as.text);
    diagnosis_say(
        &d, "The tunnel-group is of another type",
        "The tunnel-group {group} of {router} is for the other end of a tunnel between two sites, and of the type {type}: "
        "the ASA takes no such group for it.");
    fault_advise(x, &d,
                 "a type cannot be changed: `more system:running-config | begin tunnel-group {group}`, then `clear configure "
                 "tunnel-group {group}`, "
                 "`tunnel-group {group} type ipsec-l2l` and what stood in it");
    finding_quote(x->m, d.f, group, type->line);
    finding_quote(x->m, d.f, x->way->peer_at, x->way->peer_line);
}
