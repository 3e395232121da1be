#include "reporters/fixes.h"

#include "reporters/words.h"

enum { ENDS = 4 };

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
    static const char *const words[] = { "second best", "where the other end must stay as it is" };
    if (text_starts(line, TEXT("IOS: ")) || text_starts(line, TEXT("ASA: ")))
        line = text_from(line, sizeof "IOS: " - 1);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_starts(line, text_of(words[i])))
            return true;
    return false;
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

void fix_where_print(const struct model *m, const struct fixes *at, struct buffer *out)
{
    buffer_text(out, at->where);
    if (at->party && (at->party->device || at->party->endpoint.address.family)) {
        buffer_string(out, ", ");
        party_print(m, at->party, out);
    }
}

/* "on R1: ...", of no SA or of another router than its ends: each router is a place. What is said of none stays. */
static size_t by_router(struct fixes *both, struct fixes *routers, size_t room)
{
    size_t count = 0, left = 0;
    for (size_t i = 0; i < both->count; i++) {
        struct text line = both->lines[i];
        size_t end = text_starts(line, TEXT("on ")) ? text_find(line, TEXT(": ")) : TEXT_NOWHERE, n = 0;
        while (end != TEXT_NOWHERE && n < count && !text_equal(routers[n].where, text_upto(line, end)))
            n++;
        if (end == TEXT_NOWHERE || n == room) {
            both->lines[left++] = line;
            continue;
        }
        if (n == count)
            routers[count++] = (struct fixes){ .where = text_upto(line, end), .named = true };
        routers[n].lines[routers[n].count++] = text_from(line, end + 2);
    }
    both->count = left;
    return count;
}

/* The end that is told first stands first. */
static void order_ends(struct fixes *first, struct fixes *second, const struct ike_sa *sa)
{
    bool swap = witnessed_alone(sa, SIDE_RESPONDER);
    const struct fixes *leads = swap ? second : first, *follows = swap ? first : second;
    swap ^= second_best(leads) && follows->count && !second_best(follows);
    if (swap) {
        struct fixes other = *second;
        *second = *first;
        *first = other;
    }
}

size_t fixes_of(const struct finding *f, struct fixes places[FIX_PLACES])
{
    const struct ike_sa *sa = f->ike_sa;
    struct fixes ends[ENDS] = { { .where = TEXT("on the initiator"), .party = sa ? &sa->initiator : NULL },
                                { .where = TEXT("on the responder"), .party = sa ? &sa->responder : NULL },
                                { .where = TEXT("here"), .party = &f->here },
                                { .where = TEXT("on the peer"), .party = &f->peer } },
                 both = { .where = TEXT("at both ends") };
    gather(&ends[0], f->fix_initiator, f->fix_responder, false);
    gather(&ends[1], f->fix_responder, f->fix_initiator, false);
    gather(&ends[2], f->fix_here, f->fix_peer, false);
    gather(&ends[3], f->fix_peer, f->fix_here, false);
    gather(&both, f->fix_initiator, f->fix_responder, true);
    gather(&both, f->fix_here, f->fix_peer, true);
    order_ends(&ends[0], &ends[1], sa);
    size_t n = 0, told = 0;
    bool looks = true;
    for (size_t i = 0; i < ENDS; i++) {
        looks &= only_looks(&ends[i]);
        told += ends[i].count;
    }
    if (!sa && !told)
        both.where = TEXT(""); /* of no SA, there is no initiator */
    n = by_router(&both, places, FIX_PLACES - ENDS - 1);
    if (looks && both.count)
        places[n++] = both;
    for (size_t i = 0; i < ENDS; i++)
        if (ends[i].count)
            places[n++] = ends[i];
    if (!looks && both.count)
        places[n++] = both;
    return n;
}
