#include "reporters/svg_chips.h"

#include "reporters/clean.h"
#include "reporters/words.h"

enum { CHIPS = 96, CHAR_PX = 65 /* tenths of a pixel */, PAD = 6, HIGH = 16, SPACE = 5, PITCH = 20, LOCK = 14 };

struct chip {
    struct text text;
    int width;
};

/* Takes one payload out of "SA V x3 N(COOKIE) SK (sealed)": a number of times and brackets belong to the word before. */
static struct text next_chip(struct text *rest)
{
    size_t i = 0, depth = 0;
    for (; i < rest->len; i++) {
        char c = rest->at[i], after = i + 1 < rest->len ? rest->at[i + 1] : 0;
        bool times = after == 'x' && i + 2 < rest->len && rest->at[i + 2] >= '0' && rest->at[i + 2] <= '9';
        depth += c == '(';
        depth -= c == ')' && depth;
        if (c == ' ' && !depth && after != '(' && !times)
            break;
    }
    struct text chip = text_upto(*rest, i);
    *rest = text_trim(text_from(*rest, i));
    return chip;
}

static bool is_error(const struct message *m, struct text chip)
{
    const struct notice *n = m ? message_error(m) : NULL;
    const char *name = n ? registry_name(REGISTRY_NOTIFY, n->type) : NULL;
    return name && text_starts(chip, TEXT("N(")) && text_equal(text_upto(text_from(chip, 2), chip.len - 3), text_of(name));
}

void lock_draw(struct drawing *d, int x, int y)
{
    buffer_format(
        d->out,
        "<g class=\"lock\"><title>encrypted on the wire</title><rect x=\"%d\" y=\"%d\" width=\"9\" height=\"7\" rx=\"1\"/>"
        "<path d=\"M%d %d v-2 a2.5 2.5 0 0 1 5 0 v2\"/></g>\n",
        x, y + 7, x + 2, y + 7);
}

static void chip_draw(struct drawing *d, const struct chip *c, bool bad, int x, int y)
{
    draw_box(d, bad ? "chip bad" : "chip", x, y, c->width, HIGH, 3);
    draw_text(d, x + c->width / 2, y + 12, bad ? "tiny bad" : "tiny", "middle", c->text, 0);
}

/* How many chips from `from` on fit beside each other; their width with the spaces between. */
static size_t fit(const struct chip *chips, size_t from, size_t count, int width, int *used)
{
    size_t n = 0;
    *used = 0;
    for (; from + n < count; n++) {
        int more = chips[from + n].width + (n ? SPACE : 0);
        if (n && *used + more > width)
            break;
        *used += more;
    }
    return n;
}

static void rest_draw(struct drawing *d, const struct chip *chips, size_t from, size_t count, int x, int y)
{
    buffer_format(d->out, "<g><title>");
    for (size_t i = from; i < count; i++) {
        draw_put(d, chips[i].text);
        buffer_byte(d->out, ' ');
    }
    buffer_string(d->out, "</title>\n");
    buffer_reset(&d->line);
    buffer_format(&d->line, "and %zu more", count - from);
    draw_text(d, x, y + 12, "tiny dim", "middle", buffer_view(&d->line), 0);
    buffer_string(d->out, "</g>\n");
}

int chips_draw(struct drawing *d, const struct message *m, int x, int y, int width, int rows)
{
    struct buffer b;
    struct chip chips[CHIPS];
    size_t count = 0;
    buffer_init(&b, DRAWING_LIMIT);
    payloads_print(m, &b);
    for (struct text rest = buffer_view(&b); rest.len && count < CHIPS; count++) {
        struct text t = next_chip(&rest);
        chips[count] = (struct chip){ t, (int)clean_columns(t) * CHAR_PX / 10 + 2 * PAD };
    }
    int top = y, used;
    bool locked = m && m->protection;
    for (size_t i = 0, row = 0; i < count; row++, y += PITCH) {
        if ((int)row == rows) {
            rest_draw(d, chips, i, count, x, y);
            y += PITCH;
            break;
        }
        int lock = locked && row == 0 ? LOCK : 0;
        size_t n = fit(chips, i, count, width - lock, &used);
        int at = x - (used - lock) / 2;
        if (lock)
            lock_draw(d, at - LOCK, y);
        for (size_t k = i; k < i + n; at += chips[k].width + SPACE, k++)
            chip_draw(d, &chips[k], is_error(m, chips[k].text), at, y);
        i += n;
    }
    buffer_clear(&b);
    return y - top;
}
