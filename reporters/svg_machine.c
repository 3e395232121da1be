#include "reporters/svg_machine.h"

#include "reporters/clean.h"
#include "reporters/glossary.h"
#include "reporters/stays.h"
#include "reporters/svg_lane.h"
#include "reporters/words.h"

enum { EDGES = 80, BOX = 168, BOX_HIGH = 26, STEP = 66, BOX_X = 84 };

struct edge {
    size_t from, to;
    const char *event; /* on which the state was left */
    uint32_t times;
};

struct machine {
    struct stays stays;
    struct edge edges[EDGES];
    size_t edge_count;
    bool cut;
};

static void edge_of(struct machine *k, size_t from, size_t to, const char *event)
{
    for (size_t i = 0; i < k->edge_count; i++)
        if (k->edges[i].from == from && k->edges[i].to == to) {
            k->edges[i].times++;
            return;
        }
    if (k->edge_count == EDGES) {
        k->cut = true;
        return;
    }
    k->edges[k->edge_count++] = (struct edge){ from, to, event, 1 };
}

static void collect(struct machine *k, const struct model *m, const struct ike_sa *sa, const struct view *v)
{
    const char *state = NULL, *event = NULL;
    size_t from = STAYS;
    stays_of(m, sa, v, &k->stays);
    k->cut = k->stays.cut;
    for (const struct transition *t = v->transitions; t; t = t->next) {
        if (!t->state)
            continue;
        if (!state || strcmp(state, t->state) != 0) {
            size_t to = stays_find(&k->stays, t->state);
            if (from < STAYS && to < STAYS)
                edge_of(k, from, to, event);
            from = to;
            state = t->state;
        }
        event = t->event;
    }
}

static void edge_draw(struct drawing *d, const struct edge *e, int x, int y, int *lane)
{
    int from = y + (int)e->from * STEP, to = y + (int)e->to * STEP, middle = x + BOX_X + BOX / 2;
    buffer_reset(&d->line);
    buffer_string(&d->line, e->event ? e->event : "");
    if (e->times > 1)
        buffer_format(&d->line, " \xc3\x97%u", e->times);
    if (e->to == e->from + 1) {
        draw_line(d, "request", middle, from + BOX_HIGH, middle, to - 8);
        buffer_format(d->out, "<path class=\"request head\" d=\"M%d %d l-4 -9 h8 z\"/>\n", middle, to);
        draw_text(d, middle + 8, from + BOX_HIGH + 22, "code dim", "start", buffer_view(&d->line), 30);
        return;
    }
    bool back = e->to < e->from;
    int side = back ? x + BOX_X : x + BOX_X + BOX, out = back ? side - 12 - *lane * 9 : side + 12 + *lane * 9;
    *lane = (*lane + 1) % 5;
    buffer_format(d->out, "<path class=\"%s\" d=\"M%d %d H%d V%d H%d\"/>\n", back ? "again" : "request", side,
                  from + BOX_HIGH - 6, out, to + 8, back ? side - 8 : side + 8);
    draw_head(d, "request", side, to + 8, back);
    draw_text(d, back ? out + 2 : out + 4, (from + to) / 2 + BOX_HIGH, "code dim", "start", buffer_view(&d->line), 24);
}

static void node_draw(struct drawing *d, const struct machine *k, size_t i, int x, int y)
{
    const struct stay *n = &k->stays.at[i];
    char class[40];
    snprintf(class, sizeof class, "lane node %s%s", lane_class(n->state), i == k->stays.last ? " final" : "");
    draw_box(d, class, x + BOX_X, y, BOX, BOX_HIGH, 5);
    buffer_reset(&d->line);
    buffer_string(&d->line, n->state);
    if (n->times > 1)
        buffer_format(&d->line, " \xc3\x97%u", n->times);
    draw_text(d, x + BOX_X + BOX / 2, y + 17, "code strong", "middle", buffer_view(&d->line), 24);
    const char *means = glossary_state(n->state);
    if (means)
        draw_lines(d, x + BOX_X + BOX + 66, y + 6, "small dim", text_of(means), 34, 4);
    if (n->ns) {
        buffer_reset(&d->line);
        duration_print(n->ns, &d->line);
        draw_text(d, x + BOX_X - 8, y + (i == k->stays.last ? 24 : 17), "small dim", "end", buffer_view(&d->line), 0);
    }
    if (i == k->stays.last)
        draw_string(d, x + BOX_X - 8, y + (n->ns ? 10 : 17), "small strong", "end", n->never_left ? "never left" : "last");
}

int machine_draw(struct drawing *d, const struct model *m, const struct ike_sa *sa, const struct view *v, int x, int y)
{
    struct machine k = { .edge_count = 0 };
    int lane = 0;
    collect(&k, m, sa, v);
    if (!k.stays.count)
        return y;
    buffer_reset(&d->line);
    view_name_print(m, v, &d->line);
    buffer_string(&d->line, v->role == SIDE_INITIATOR ? ", initiator" : v->role == SIDE_RESPONDER ? ", responder" : "");
    draw_text(d, x + BOX_X, y + 14, "h2", "start", buffer_view(&d->line), 48);
    y += 28;
    for (size_t i = 0; i < k.edge_count; i++)
        edge_draw(d, &k.edges[i], x, y, &lane);
    for (size_t i = 0; i < k.stays.count; i++)
        node_draw(d, &k, i, x, y + (int)i * STEP);
    y += (int)(k.stays.count - 1) * STEP + BOX_HIGH + 10;
    if (k.cut) {
        draw_string(d, x + BOX_X, y + 10, "small dim", "start", "the path goes on; more than fits here");
        y += 20;
    }
    return y;
}
