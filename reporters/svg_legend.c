#include "reporters/svg_legend.h"

#include "reporters/clean.h"
#include "reporters/svg_chips.h"
#include "reporters/svg_ladder.h"
#include "reporters/svg_lane.h"

enum { HIGH = 26, SIGN = 22, GAP = 18, CHAR_PX = 68 /* tenths of a pixel a column of small text */ };

/* What stands for what. class of a lane, NULL for the signs of a message; what it means */
static const struct {
    const char *lane, *means;
} rows[] = {
    { "s-work", "at work" },       { "s-wait", "waits for the other end" }, { "s-ready", "ready" },
    { "s-gone", "idle, or over" }, { NULL, "encrypted on the wire" },       { NULL, "answer" },
};
enum { LOCKED = 4, ANSWER = 5, ROWS = COUNT_OF(rows) };

static void use_lane(bool used[ROWS], const char *class)
{
    for (size_t i = 0; i < LOCKED; i++)
        used[i] |= strcmp(class, rows[i].lane) == 0;
}

static void find_used(const struct steps *steps, bool used[ROWS])
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct step *s = &steps->at[i];
        for (unsigned side = 0; side < 2; side++) {
            const struct step_states *t = &s->states[side];
            const size_t shown = t->count < STEP_STATE_COUNT ? t->count : STEP_STATE_COUNT;
            for (size_t n = 0; n < shown; n++)
                use_lane(used, lane_class_at(t->names[n], n + 1 == shown ? t->last : NULL));
        }
        used[LOCKED] |= s->message && s->message->protection;
        used[ANSWER] |= s->kind == STEP_MESSAGE && s->response;
    }
}

static void sign_draw(struct drawing *d, size_t row, int x, int y)
{
    char class[32];
    if (row == LOCKED) {
        lock_draw(d, x + 4, y - 12);
    } else if (row == ANSWER) {
        draw_line(d, "response", x - 6, y - 4, x + 18, y - 4);
    } else {
        snprintf(class, sizeof class, "lane node %s", rows[row].lane);
        draw_box(d, class, x, y - 10, 16, 12, 0);
    }
}

int legend_draw(struct drawing *d, const struct steps *steps, int y)
{
    bool used[ROWS] = { false };
    int x = 98;
    find_used(steps, used);
    if (!used[LOCKED] && !used[ANSWER] && !used[0])
        return y;
    buffer_format(d->out, "<g class=\"row legend\" transform=\"translate(0,%d)\" data-h=\"%d\">\n", y, HIGH);
    for (size_t i = 0; i < ROWS; i++)
        if (used[i]) {
            sign_draw(d, i, x, 18);
            draw_string(d, x + SIGN, 18, "small dim", "start", rows[i].means);
            x += SIGN + (int)strlen(rows[i].means) * CHAR_PX / 10 + GAP;
        }
    buffer_string(d->out, "</g>\n");
    return y + HIGH;
}
