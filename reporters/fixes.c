#include "reporters/fixes.h"

static bool among(const struct finding_line *l, struct text t)
{
    while (l && !text_equal(l->text, t))
        l = l->next;
    return l != NULL;
}

/* Those lines of one end that the other end has, too; or those that it has not. */
static void gather(struct fixes *to, const struct finding_line *l, const struct finding_line *other, bool shared)
{
    for (; l && to->count < FIX_LINES; l = l->next)
        if (among(other, l->text) == shared)
            to->lines[to->count++] = l->text;
}

/* Only this end's log (or show output) is there: who reads it can do something here at once, and must ask for the rest. */
static bool witnessed_alone(const struct ike_sa *sa, enum side side)
{
    bool here = false, there = false;
    for (const struct view *v = sa ? sa->views : NULL; v; v = v->next) {
        here |= !v->wire && v->role == side;
        there |= !v->wire && v->role && v->role != side;
    }
    return here && !there;
}

bool fix_is_second(struct text line)
{
    return text_starts(line, TEXT("second best")) || text_find(line, TEXT(": second best")) == sizeof "IOS" - 1;
}

static bool second_best(const struct fixes *at)
{
    return at->count && fix_is_second(at->lines[0]);
}

/* Nothing but where to look next: what is to be done comes before. */
static bool only_looks(const struct fixes *at)
{
    for (size_t i = 0; i < at->count; i++)
        if (text_find(at->lines[i], TEXT("next, to see more: ")) == TEXT_NOWHERE)
            return false;
    return true;
}

size_t fixes_of(const struct finding *f, struct fixes places[FIX_PLACES])
{
    const struct ike_sa *sa = f->ike_sa;
    struct fixes all[FIX_PLACES] = { { .where = "on the initiator", .party = sa ? &sa->initiator : NULL },
                                     { .where = "on the responder", .party = sa ? &sa->responder : NULL },
                                     { .where = "here", .party = &f->here },
                                     { .where = "on the peer", .party = &f->peer },
                                     { .where = "at both ends" } };
    struct fixes *both = &all[FIX_PLACES - 1];
    gather(&all[0], f->fix_initiator, f->fix_responder, false);
    gather(&all[1], f->fix_responder, f->fix_initiator, false);
    gather(&all[2], f->fix_here, f->fix_peer, false);
    gather(&all[3], f->fix_peer, f->fix_here, false);
    gather(both, f->fix_initiator, f->fix_responder, true);
    gather(both, f->fix_here, f->fix_peer, true);
    if (!sa && both->count && !all[0].count && !all[1].count && !all[2].count && !all[3].count)
        both->where = ""; /* of no SA, there is no initiator: the lines say themselves for whom they are */
    if (witnessed_alone(sa, SIDE_RESPONDER)) {
        struct fixes first = all[1];
        all[1] = all[0];
        all[0] = first;
    }
    if (second_best(&all[0]) && all[1].count && !second_best(&all[1])) {
        struct fixes first = all[1];
        all[1] = all[0];
        all[0] = first;
    }
    size_t n = 0;
    bool looks = true;
    for (size_t i = 0; i < FIX_PLACES - 1; i++)
        looks &= only_looks(&all[i]);
    if (looks && both->count)
        places[n++] = *both;
    for (size_t i = 0; i < (size_t)FIX_PLACES - looks; i++)
        if (all[i].count)
            places[n++] = all[i];
    return n;
}
