#include "analysis/early.h"

enum { EARLY_SECONDS = 60 };

struct alone { /* one router's lines in one input */
    struct ike_sa *sa;
    const struct view *view;
    bool several;
};

static struct alone alone_in(const struct model *m, const struct event *e)
{
    struct alone found = { .sa = NULL };
    for (struct ike_sa *sa = m->ike_sas; sa && !found.several; sa = sa->next)
        for (const struct view *v = sa->views; v; v = v->next) {
            if (v->input != e->input || v->device != e->device)
                continue;
            found.several = found.sa != NULL;
            found.sa = sa;
            found.view = v;
        }
    return found;
}

/* Another protocol's line, a command typed, or one that names another peer is none of it. */
static bool may_be_its(const struct ike_sa *sa, const struct view *v, const struct event *e)
{
    bool timed = e->time.kind && v->first.kind == e->time.kind;
    if (e->line >= v->first_line || (timed && v->first.ns - e->time.ns > EARLY_SECONDS * INT64_C(1000000000)))
        return false;
    if (e->kind == EVENT_PACKET_SEEN || e->kind == EVENT_COMMAND || e->code == CODE_IKEV1 || e->code == CODE_IKEV1_CHOSEN)
        return false;
    if ((e->has & HAS_SPI_I) && spi_known(e->spi_i))
        return false;
    return !(e->has & HAS_REMOTE) || address_equal(e->remote.address, sa->initiator.endpoint.address) ||
           address_equal(e->remote.address, sa->responder.endpoint.address);
}

void early_bind(struct model *m)
{
    struct alone now = { .sa = NULL };
    const struct event *of = NULL; /* whose router's .now is */
    for (struct kept_event *k = m->events; k; k = k->next) {
        const struct event *e = &k->event;
        if (k->ike_sa)
            continue;
        if (!of || of->input != e->input || of->device != e->device)
            now = alone_in(m, e);
        of = e;
        if (!now.sa || now.several || !may_be_its(now.sa, now.view, e))
            continue;
        k->ike_sa = now.sa;
        k->bound_by = BOUND_ADJACENCY;
    }
}
