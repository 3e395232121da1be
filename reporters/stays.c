#include "reporters/stays.h"

#include "reporters/words.h"

/* States in which an SA rests or is gone: nobody waits for them to end. */
static bool is_rest(const char *state)
{
    static const char *const rests[] = { "READY", "EXIT", "DELETE", "IDLE" };
    for (size_t i = 0; i < COUNT_OF(rests); i++)
        if (strcmp(state, rests[i]) == 0)
            return true;
    return false;
}

bool view_never_left(const struct ike_sa *sa, const struct view *v)
{
    if (!v->final_state || is_rest(v->final_state) || sa->shown_only) /* show output is one moment of it */
        return false;
    return sa->outcome == SA_FAILED || sa->outcome == SA_INCOMPLETE || strstr(v->final_state, "WAIT");
}

size_t stays_find(const struct stays *stays, const char *state)
{
    size_t i = 0;
    while (i < stays->count && strcmp(stays->at[i].state, state) != 0)
        i++;
    return i < stays->count ? i : STAYS;
}

static size_t enter(struct stays *s, const char *state)
{
    size_t i = stays_find(s, state);
    if (i == STAYS && s->count == STAYS) {
        s->cut = true;
        return STAYS;
    }
    if (i == STAYS)
        s->at[i = s->count++] = (struct stay){ .state = state };
    s->at[i].times++;
    return i;
}

static void leave(struct stays *s, size_t i, int64_t since, int64_t until)
{
    if (i < STAYS && since != TIME_UNKNOWN && until != TIME_UNKNOWN && until > since)
        s->at[i].ns += until - since;
}

int64_t view_until(const struct model *m, const struct ike_sa *sa, const struct view *v)
{
    if (!v->last.kind)
        return TIME_UNKNOWN;
    const struct input *in = v->input < m->input_count ? &m->inputs[v->input] : NULL;
    /* in a file of several routers the last line may be by another's clock */
    bool same_clock = in && in->last_stamp.kind == v->last.kind && (!in->parts || !in->parts->next);
    return same_clock && view_never_left(sa, v) && in->last_stamp.ns > v->last_ns ? in->last_stamp.ns : v->last_ns;
}

void stays_of(const struct model *m, const struct ike_sa *sa, const struct view *v, struct stays *stays)
{
    const char *state = NULL;
    int64_t since = TIME_UNKNOWN;
    stays->count = 0;
    stays->last = STAYS;
    stays->cut = false;
    for (const struct transition *t = v->transitions; t; t = t->next) {
        if (!t->state || (state && strcmp(state, t->state) == 0))
            continue;
        leave(stays, stays->last, since, t->ns);
        stays->last = enter(stays, state = t->state);
        since = t->ns;
    }
    leave(stays, stays->last, since, view_until(m, sa, v));
    if (stays->last < STAYS)
        stays->at[stays->last].never_left = view_never_left(sa, v);
}

void stays_print(const struct stays *stays, struct buffer *out)
{
    size_t begin = out->len;
    for (size_t i = 0; i < stays->count; i++) {
        const struct stay *s = &stays->at[i];
        if (!s->ns && !s->never_left)
            continue;
        buffer_format(out, "%s%s", out->len > begin ? ", " : "", s->state);
        if (s->ns) {
            buffer_byte(out, ' ');
            duration_print(s->ns, out);
        }
        if (s->never_left)
            buffer_string(out, " (never left)");
    }
}

void stays_write(const struct model *m, const struct ike_sa *sa, const struct view *v, struct json_writer *w)
{
    struct stays stays;
    stays_of(m, sa, v, &stays);
    if (!stays.count)
        return;
    bool indented = w->indented;
    write_array(w, "states");
    for (size_t i = 0; i < stays.count; i++) {
        const struct stay *s = &stays.at[i];
        write_object(w, NULL);
        w->indented = false; /* a line each */
        write_string(w, "state", s->state);
        write_number(w, "visits", s->times);
        if (s->ns)
            write_decimal(w, "seconds", s->ns, 9);
        if (s->never_left)
            write_bool(w, "never_left", true);
        write_end_object(w);
        w->indented = indented;
    }
    write_end_array(w);
}
