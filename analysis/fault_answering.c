/* What answers anybody: a template that a profile has to clone, a dynamic map that a crypto map has to name. And whom an ASA takes its
 * caller for. What is missing is only said of configurations that are whole. */
#include "analysis/evidence_words.h"
#include "analysis/faults.h"

/* Does a profile or tunnel-group clone it? IKEv1's profiles are not read so far as to tell. */
static bool is_cloned(const struct faults *x, struct text number)
{
    static const char *const kinds[] = { "ikev2-profile", "tunnel-group" };
    if (record_next(x->m, x->device, "isakmp-profile", NULL))
        return true;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        for (const struct record *r = record_next(x->m, x->device, kinds[i], NULL); r;
             r = record_next(x->m, x->device, kinds[i], r)) {
            struct text word = { NULL, 0 }, rest = fact_get_text(r->facts, "virtual_template"); /* "7 mode auto" */
            if (text_word(&rest, &word) && text_equal(word, number))
                return true;
        }
    return false;
}

void fault_template(struct faults *x)
{
    static const struct text kind = { "Virtual-Template", sizeof "Virtual-Template" - 1 };
    const struct record *e = x->way->entry;
    struct text number = text_starts(e->title, kind) ? text_from(e->title, kind.len) : (struct text){ NULL, 0 };
    struct diagnosis d;
    if (!number.len || !x->whole || is_cloned(x, number) || !fault_begin(x, &d, "template", e->title, true))
        return;
    diagnosis_word(&d, "template", e->title);
    diagnosis_word(&d, "number", number);
    diagnosis_word(&d, "profile", x->path.profile ? x->path.profile->title : TEXT("NAME"));
    diagnosis_say(&d, "No profile clones the virtual template",
                  x->asa ? "{template} of {router} is named by no tunnel-group: nobody who calls gets a tunnel by it."
                         : "{template} of {router} is named by no IKEv2 profile: nobody who calls gets a tunnel by it.");
    fault_advise(x, &d,
                 x->asa ? "`tunnel-group NAME ipsec-attributes` / `virtual-template {number}`"
                        : "`crypto ikev2 profile {profile}` / `virtual-template {number}`");
    finding_quote(x->m, d.f, e, 0);
    if (x->path.profile)
        finding_quote(x->m, d.f, x->path.profile, 0);
}

void fault_dynamic_map(struct faults *x)
{
    const struct record *e = x->way->entry;
    struct text name = fact_get_text(e->facts, "name");
    struct diagnosis d;
    if (strcmp(e->name, "crypto-dynamic-map") != 0 || !x->whole || words_first(x->m, x->device, WORD_DYNAMIC, name) ||
        !fault_begin(x, &d, "dynamic map", name, true))
        return;
    const struct record *map = record_next(x->m, x->device, "crypto-map", NULL),
                        *bound = map ? NULL : record_next(x->m, x->device, "crypto-map-binding", NULL);
    diagnosis_word(&d, "dynamic", name);
    diagnosis_word(&d, "map", map ? fact_get_text(map->facts, "name") : bound ? bound->title : TEXT("MAP"));
    diagnosis_say(&d, "The dynamic map is in no crypto map",
                  "{router} has the dynamic map {dynamic}, and none of its crypto maps names it: it answers nobody.");
    fault_advise(x, &d, "`crypto map {map} 65535 ipsec-isakmp dynamic {dynamic}`");
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
                 "a type cannot be changed: `show run tunnel-group {group}`, then `clear configure tunnel-group {group}`, "
                 "`tunnel-group {group} type ipsec-l2l` and what stood in it");
    finding_quote(x->m, d.f, group, type->line);
    finding_quote(x->m, d.f, x->way->peer_at, x->way->peer_line);
}
