#include "reporters/svg_lives.h"

#include <stdlib.h>

#include "reporters/svg_ladder.h"
#include "reporters/words.h"

enum { NAMES = 176, END = LADDER_WIDTH - 20, BAR = 16, STEP = 22, CUT = 44, CUTS = 8, LABEL = 80 };

struct bar {
    const struct ike_sa *sa;
    const struct child_sa *child; /* NULL: the IKE SA itself */
    int64_t from, to;             /* aligned; TIME_UNKNOWN */
    int y;
};

struct lives {
    struct drawing *d;
    const struct model *m;
    struct bar *at;
    size_t count, room, left_out;
    int64_t first, last;
    struct cut { /* a long time in which nothing happens, drawn short */
        int64_t from, to;
    } cuts[CUTS];
    size_t cut_count;
};

/* An SA that a rekey made lives from that exchange on, though its own first message may come much later. */
static int64_t made_by_rekey(const struct model *m, const struct ike_sa *sa)
{
    const struct exchange *made = NULL;
    for (const struct exchange *x = sa->rekeys ? sa->rekeys->exchanges : NULL; x; x = x->next)
        if (x->type == EXCHANGE_CREATE_CHILD_SA && x->outcome == EXCHANGE_OK && x->response.seen)
            made = x;
    const struct sighting *timed = made ? leg_timed(&made->response) : NULL;
    return timed && timed->ns != TIME_UNKNOWN ? model_time_of(m, timed) : TIME_UNKNOWN;
}

static int64_t first_seen(const struct model *m, const struct ike_sa *sa)
{
    int64_t least = made_by_rekey(m, sa);
    for (const struct view *v = sa->views; v; v = v->next) {
        int64_t t = v->first.kind ? model_time_at(m, v->input, v->first_line, v->first_ns) : TIME_UNKNOWN;
        if (t != TIME_UNKNOWN && (least == TIME_UNKNOWN || t < least))
            least = t;
    }
    return least;
}

static int64_t last_seen(const struct model *m, const struct ike_sa *sa)
{
    int64_t most = TIME_UNKNOWN;
    for (const struct view *v = sa->views; v; v = v->next) {
        int64_t t = v->last.kind ? model_time_at(m, v->input, v->last_line, v->last_ns) : TIME_UNKNOWN;
        if (t != TIME_UNKNOWN && t > most)
            most = t;
    }
    return most;
}

static void add(struct lives *l, size_t most, struct bar b)
{
    if (b.from == TIME_UNKNOWN)
        return;
    if (b.to == TIME_UNKNOWN || b.to < b.from)
        b.to = b.from;
    if (l->count == most) {
        l->left_out++;
        return;
    }
    if (l->count == l->room) {
        l->room = l->room ? 2 * l->room : 16;
        l->at = memory_grow(l->at, l->room * sizeof *l->at);
    }
    l->first = l->count == 0 || b.from < l->first ? b.from : l->first;
    l->last = l->count == 0 || b.to > l->last ? b.to : l->last;
    l->at[l->count++] = b;
}

static int64_t child_time(const struct model *m, const struct child_sa *c)
{
    return c->ns == TIME_UNKNOWN ? TIME_UNKNOWN : model_time(m, c->input, c->ns);
}

/* A Child SA whose making no line tells of came with the IKE_AUTH answer, or was there when the log began. */
static int64_t child_from(const struct model *m, const struct child_sa *c)
{
    int64_t t = child_time(m, c);
    for (const struct exchange *x = c->ike_sa->exchanges; x && t == TIME_UNKNOWN; x = x->next)
        if (x->type == EXCHANGE_IKE_AUTH && x->response.seen && leg_timed(&x->response)->ns != TIME_UNKNOWN)
            t = model_time_of(m, leg_timed(&x->response));
    return t == TIME_UNKNOWN ? first_seen(m, c->ike_sa) : t;
}

/* A Child SA outlives the rekey of its IKE SA: the new one takes it over. */
static int64_t child_to(const struct model *m, const struct child_sa *c, int64_t end)
{
    if (c->rekeyed_by)
        return child_time(m, c->rekeyed_by);
    for (const struct ike_sa *heir = c->ike_sa->rekeyed_by; heir && c->outcome == SA_ESTABLISHED; heir = heir->rekeyed_by) {
        int64_t t = last_seen(m, heir);
        end = t == TIME_UNKNOWN || t < end ? end : t;
    }
    return end;
}

static void collect(struct lives *l, const struct ike_sa *const *sas, size_t count, size_t most)
{
    for (size_t i = 0; i < count; i++) {
        int64_t end = last_seen(l->m, sas[i]);
        add(l, most, (struct bar){ .sa = sas[i], .from = first_seen(l->m, sas[i]), .to = end });
        for (const struct child_sa *c = sas[i]->children; c; c = c->sibling)
            add(l, most, (struct bar){ .sa = sas[i], .child = c, .from = child_from(l->m, c), .to = child_to(l->m, c, end) });
    }
}

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* A quarter of all the time between two things that happen is cut out, if there is more than that to show. */
static void find_cuts(struct lives *l)
{
    size_t n = 0;
    int64_t *at = memory_grow(NULL, 2 * l->count * sizeof *at);
    for (size_t i = 0; i < l->count; i++) {
        at[n++] = l->at[i].from;
        at[n++] = l->at[i].to;
    }
    qsort(at, n, sizeof *at, by_time);
    int64_t left = l->last - l->first; /* something must be left to show */
    for (size_t i = 1; i < n && l->cut_count < CUTS; i++)
        if (at[i] - at[i - 1] > (l->last - l->first) / 4 && at[i] - at[i - 1] < left) {
            l->cuts[l->cut_count++] = (struct cut){ at[i - 1], at[i] };
            left -= at[i] - at[i - 1];
        }
    memory_free(at);
}

static int place(const struct lives *l, int64_t t)
{
    int64_t span = l->last - l->first, before = t - l->first;
    int cuts = 0;
    for (size_t i = 0; i < l->cut_count; i++) {
        const struct cut *c = &l->cuts[i];
        span -= c->to - c->from;
        if (t >= c->to) {
            before -= c->to - c->from;
            cuts += CUT;
        } else if (t > c->from) {
            before -= t - c->from;
            cuts += (int)((double)(t - c->from) / (double)(c->to - c->from) * CUT);
        }
    }
    if (span <= 0)
        return NAMES;
    return NAMES + cuts + (int)((double)before / (double)span * (END - NAMES - (int)l->cut_count * CUT));
}

static const char *bar_class(const struct bar *b)
{
    unsigned outcome = b->child ? b->child->outcome : b->sa->outcome;
    if (outcome == SA_FAILED)
        return "down";
    if (outcome == SA_DELETED || outcome == SA_INCOMPLETE)
        return "gone";
    return b->child ? "child" : "up";
}

static void bar_draw(struct lives *l, const struct bar *b)
{
    struct drawing *d = l->d;
    int from = place(l, b->from), to = place(l, b->to);
    if (to - from < 6) {
        to = from + 6;
        if (to > END) {
            to = END;
            from = END - 6;
        }
    }
    const char *outcome = sa_outcome_name((enum sa_outcome)(b->child ? b->child->outcome : b->sa->outcome));
    buffer_format(d->out, "<g class=\"bar\" data-sa=\"%u\"><title>", b->sa->number);
    buffer_reset(&d->line);
    buffer_format(&d->line, b->child ? "child%u" : "ike%u", b->child ? b->child->number : b->sa->number);
    size_t name = d->line.len;
    buffer_format(&d->line, " %s, from ", outcome);
    elapsed_print(b->from, l->last, &d->line);
    buffer_string(&d->line, *elapsed_unit(l->last) == 's' ? " s, seen for " : ", seen for ");
    duration_print(b->to - b->from, &d->line);
    draw_put(d, buffer_view(&d->line));
    buffer_string(d->out, "</title>\n");
    draw_text(d, b->child ? 26 : 8, b->y + 12, b->child ? "small" : "small strong", "start",
              text_upto(buffer_view(&d->line), name), 0);
    draw_string(d, NAMES - 10, b->y + 12, "small dim", "end", outcome);
    draw_box(d, bar_class(b), from, b->y + (b->child ? 3 : 0), to - from, b->child ? BAR - 6 : BAR, 3);
    buffer_string(d->out, "</g>\n");
}

static const struct bar *bar_of(const struct lives *l, const struct ike_sa *sa, const struct child_sa *child)
{
    for (size_t i = 0; i < l->count; i++)
        if (child ? l->at[i].child == child : !l->at[i].child && l->at[i].sa == sa)
            return &l->at[i];
    return NULL;
}

/* From the end of the old bar to the beginning of the new one. */
static void link_draw(struct lives *l, const struct bar *old, const struct bar *now)
{
    if (!old || !now)
        return;
    int x = place(l, old->to), to = place(l, now->from), y = old->y + BAR / 2, below = now->y + (now->y > old->y ? 0 : BAR);
    if (to > END - 4)
        to = END - 4;
    buffer_format(l->d->out, "<path class=\"link\" d=\"M%d %d V%d H%d\"/>\n", x > END - 2 ? END - 2 : x, y, (y + below) / 2 + 4,
                  to + 3);
    buffer_format(l->d->out, "<path class=\"link\" d=\"M%d %d V%d\"/>\n", to + 3, (y + below) / 2 + 4, below - 6);
    buffer_format(l->d->out, "<path class=\"link head\" d=\"M%d %d l-4 -8 h8 z\"/>\n", to + 3, below);
}

/* Where the words of a mark lie: at the edges they stay inside. */
static const char *label_place(int x, int *left)
{
    const bool first = x<NAMES + LABEL / 2, last = x> END - LABEL / 2;
    *left = first ? x : last ? x - LABEL : x - LABEL / 2;
    return first ? "start" : last ? "end" : "middle";
}

/* Its words only where they have room right of *free and left of `until`. */
static void tick(struct lives *l, int64_t t, int *free, int until, int top, int bottom)
{
    int left, x = place(l, t);
    const char *anchor = label_place(x, &left);
    draw_line(l->d, "axis", x, top, x, bottom);
    if (left < *free || left + LABEL > until)
        return;
    buffer_reset(&l->d->line);
    elapsed_print(t, l->last, &l->d->line);
    draw_text(l->d, x, bottom + 13, "code dim", anchor, buffer_view(&l->d->line), 0);
    *free = left + LABEL;
}

/* Marks at quarters where time runs evenly, else at both ends of every piece; how long it all took is always said. */
static void axis(struct lives *l, int top, int bottom)
{
    int64_t at[2 * CUTS + 3];
    size_t n = 0;
    int free = 0, until, none = 0;
    if (l->cut_count) {
        draw_string(l->d, 8, bottom + 13, "small dim", "start", elapsed_unit(l->last));
        for (size_t i = 0; i < l->cut_count; i++) {
            at[n++] = l->cuts[i].from;
            at[n++] = l->cuts[i].to;
        }
    } else {
        for (int i = 1; i < 4 && l->last != l->first; i++)
            at[n++] = l->first + (l->last - l->first) / 4 * i;
    }
    label_place(place(l, l->last), &until);
    tick(l, l->first, &free, END + LABEL, top, bottom);
    for (size_t i = 0; i < n; i++)
        tick(l, at[i], &free, until, top, bottom);
    if (l->last != l->first)
        tick(l, l->last, &none, END + LABEL, top, bottom);
}

static void cuts_draw(struct lives *l, int top, int bottom)
{
    for (size_t i = 0, free = 0; i < l->cut_count; i++) {
        int x = (place(l, l->cuts[i].from) + place(l, l->cuts[i].to)) / 2;
        draw_box(l->d, "paper", x - 4, top, 8, bottom - top, 0);
        draw_line(l->d, "gap", x - 4, top, x - 4, bottom);
        draw_line(l->d, "gap", x + 4, top, x + 4, bottom);
        buffer_reset(&l->d->line);
        duration_print(l->cuts[i].to - l->cuts[i].from, &l->d->line);
        if ((size_t)x < free) /* the marks of the axis tell it, too */
            continue;
        draw_text(l->d, x, top - 4, "tiny dim", "middle", buffer_view(&l->d->line), 0);
        free = (size_t)x + LABEL;
    }
}

int lives_draw(struct drawing *d, const struct model *m, const struct ike_sa *const *sas, size_t count, size_t most, int y)
{
    struct lives l = { .d = d, .m = m };
    collect(&l, sas, count, most);
    if (l.count > 1) { /* one bar would say nothing */
        find_cuts(&l);
        y += l.cut_count ? 14 : 0;
        int top = y;
        for (size_t i = 0; i < l.count; i++, y += STEP)
            l.at[i].y = y;
        axis(&l, top - 2, y);
        for (size_t i = 0; i < l.count; i++)
            bar_draw(&l, &l.at[i]);
        cuts_draw(&l, top - 2, y);
        for (size_t i = 0; i < l.count; i++)
            if (l.at[i].child ? l.at[i].child->rekeys != NULL : l.at[i].sa->rekeys != NULL)
                link_draw(&l, bar_of(&l, l.at[i].sa->rekeys, l.at[i].child ? l.at[i].child->rekeys : NULL), &l.at[i]);
        y += 22;
    }
    if (l.left_out) {
        buffer_reset(&d->line);
        buffer_format(&d->line, "%zu more SA%s not drawn", l.left_out, l.left_out == 1 ? " is" : "s are");
        draw_text(d, 8, y + 10, "small dim", "start", buffer_view(&d->line), 0);
        y += 22;
    }
    memory_free(l.at);
    return y;
}
