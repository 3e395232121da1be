#include "analysis/takeover.h"

#include "analysis/symptoms.h"

static bool of_entry(const struct note *n, enum event_code code, const char *protocol, const struct note *like)
{
    if (n->code != code || !text_equal(fact_get_text(n->facts, "protocol"), text_of(protocol)))
        return false;
    uint64_t one = 0, other = 0;
    (void)fact_get_number(n->facts, "seq", &one);
    if (!like)
        return true;
    (void)fact_get_number(like->facts, "seq", &other);
    return n->input == like->input && n->line > like->line && one == other &&
           text_equal(fact_get_text(n->facts, "crypto_map"), fact_get_text(like->facts, "crypto_map"));
}

static const struct note *find(const struct note *n, enum event_code code, const char *protocol, const struct note *like)
{
    while (n && !of_entry(n, code, protocol, like))
        n = n->next;
    return n;
}

/* "IKEv2 was unsuccessful … Map Tag = M", and behind it "IKEv1 was successful" of the same entry, which may stand far from the
 * SA. */
static const struct note *taken_over(const struct model *m, const struct ike_sa *sa)
{
    const struct note *success = NULL;
    for (const struct view *v = sa->views; v && !success; v = v->next) {
        const struct note *failure = find(v->notes, CODE_TUNNEL_NOT_SET_UP, "IKEv2", NULL);
        success = failure ? find(failure->next, CODE_TUNNEL_SET_UP, "IKEv1", failure) : NULL;
        if (failure && !success)
            success = find(m->loose, CODE_TUNNEL_SET_UP, "IKEv1", failure);
    }
    return success;
}

void takeover_tell(struct model *m)
{
    for (struct finding *f = m->findings; f; f = f->next) {
        const struct note *n = f->ike_sa && f->severity == SEVERITY_ERROR ? taken_over(m, f->ike_sa) : NULL;
        uint64_t seq;
        if (n && fact_get_number(n->facts, "seq", &seq))
            f->cause = arena_format(
                m->run,
                "%.*s For the crypto map entry %.*s %llu the ASA then set the tunnel up with IKEv1, so its traffic "
                "flows all the same.",
                TEXT_ARGS(f->cause), TEXT_ARGS(fact_get_text(n->facts, "crypto_map")), (unsigned long long)seq);
    }
}
