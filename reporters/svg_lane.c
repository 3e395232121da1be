#include "reporters/svg_lane.h"

/* What a state's name says of it, in whatever version it is printed. part of the name, class; the first that fits */
static const struct {
    const char *part, *class;
} kinds[] = {
    { "READY", "s-ready" }, { "WAIT", "s-wait" }, { "IDLE", "s-gone" }, { "EXIT", "s-gone" }, { "DEL", "s-gone" },
};

const char *lane_class(const char *state)
{
    for (size_t i = 0; state && i < COUNT_OF(kinds); i++)
        if (strstr(state, kinds[i].part))
            return kinds[i].class;
    return "s-work";
}

const char *lane_class_at(const char *state, const struct transition *t)
{
    const bool over = t && t->event && t->state && strcmp(t->event, "EV_FAIL") == 0 &&
                      text_ends(text_of(t->state), TEXT("_DONE"));
    return over ? "s-gone" : lane_class(state);
}

void lane_mark(struct lane *l, const char *state, const char *class, int y)
{
    if (l->count < STEP_STATE_COUNT) {
        l->marks[l->count].state = state;
        l->marks[l->count].class = class;
        l->marks[l->count++].y = y;
    }
}

static void piece(struct drawing *d, const char *state, const char *class, int x, int width, int from, int to)
{
    if (to <= from)
        return;
    if (!state) {
        draw_line(d, "life", x, from, x, to);
        return;
    }
    int left = x - width / 2, high = to - from;
    buffer_format(d->out, "<rect class=\"lane %s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"><title>", class, left, from,
                  width, high);
    draw_put(d, text_of(state));
    buffer_format(d->out, "</title></rect><path class=\"edge %s\" d=\"M%d %d v%d m%d 0 v%d\"/>\n", class, left, from, high, width,
                  -high);
}

void lane_draw(struct drawing *d, struct lane *l, int x, int width, int height)
{
    int from = 0;
    for (size_t i = 0; i < l->count; i++) {
        piece(d, l->state, l->class, x, width, from, l->marks[i].y);
        from = l->marks[i].y;
        l->state = l->marks[i].state;
        l->class = l->marks[i].class;
    }
    piece(d, l->state, l->class, x, width, from, height);
    for (size_t i = 0; i < l->count; i++)
        draw_line(d, "tick", x - width / 2, l->marks[i].y, x + width / 2, l->marks[i].y);
    l->count = 0;
}
