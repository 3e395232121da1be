#include "analysis/mended.h"

#include "base/map.h"

struct ends {
    struct address initiator, responder;
    uint64_t caller; /* a number of his name, where others have his address */
};

static struct bytes key_of(const struct ike_sa *sa, struct ends *room)
{
    memset(room, 0, sizeof *room);
    room->initiator = sa->initiator.endpoint.address;
    room->responder = sa->responder.endpoint.address;
    const struct text caller = ike_sa_caller(sa);
    room->caller = caller.len ? hash_bytes(bytes_of_text(caller)) : 0;
    return bytes_over(room, sizeof *room);
}

void mended_tell(struct model *m)
{
    struct map last = { 0 }; /* by its ends: the last attempt */
    struct ends ends;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        const struct bytes key = key_of(sa, &ends);
        map_put(&last, arena_bytes(m->run, key), (void *)(uintptr_t)sa);
    }
    for (struct finding *f = m->findings; f; f = f->next) {
        const struct ike_sa *sa = f->ike_sa && f->severity == SEVERITY_ERROR ? f->ike_sa : NULL;
        const struct ike_sa *later = sa ? map_find(&last, key_of(sa, &ends)) : NULL;
        if (later && ike_sa_mends(later, sa))
            f->cause = arena_format(
                m->run, "%.*s A later attempt, ike%u, came up: this was mended meanwhile, or it does not happen each time.",
                TEXT_ARGS(f->cause), (unsigned)later->number);
    }
    map_clear(&last);
}
