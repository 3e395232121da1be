#include "analysis/restarts.h"

void restarts_note(struct observer *o, const struct event *e)
{
    if (e->code != CODE_ROUTER_RESTARTED)
        return;
    o->restart_line = e->line;
    o->restarts++;
    o->last = o->slot_sa = NULL;
}

void restarts_mark(const struct associations *a, struct ike_sa *sa)
{
    for (struct view *v = sa->views; v; v = v->next) {
        const uint64_t key = (uint64_t)v->input << 32 | v->device;
        const struct observer *o = v->wire ? NULL : map_find(&a->observers, bytes_over(&key, sizeof key));
        v->restarted |= o && o->restart_line > v->last_line;
    }
}

void restarts_settle(const struct associations *a)
{
    bool any = false;
    for (size_t i = 0; i < a->observers.count && !any; i++) {
        const struct observer *o = a->observers.entries[i].value;
        any = o && o->restart_line;
    }
    for (struct ike_sa *sa = any ? a->model->ike_sas : NULL; sa; sa = sa->next)
        restarts_mark(a, sa);
}
