#include "decoder/stretch.h"

#include "base/arena.h"
#include "decoder/blocks_parts.h"

enum { FRAMES_FIRST = 256, FRAMES_MOST = 4096 /* of one stretch: what is kept of each is more than a short one is long */ };

struct cutter {
    struct blocks *blocks;
    struct stretch *stretch;  /* being cut; NULL while the file's header is read */
    struct stretch beginning; /* what happened there */
    struct captured next;     /* it was read already, and stands behind the stretch before */
    bool has_next;
};

/* ---- Mishaps ---- */

static struct mishap *place_for(struct stretch *s)
{
    if (s->mishap_count == STRETCH_MISHAPS)
        return NULL;
    struct mishap *m = &s->mishaps[s->mishap_count++];
    *m = (struct mishap){ .before = s->count };
    return m;
}

static void on_limit(void *context, enum limit row)
{
    struct stretch *s = ((struct cutter *)context)->stretch;
    for (size_t i = 0; i < s->mishap_count; i++)
        if (s->mishaps[i].limited && s->mishaps[i].row == row) {
            s->mishaps[i].times++;
            return;
        }
    struct mishap *m = place_for(s);
    if (m) {
        m->limited = true;
        m->row = row;
        m->times = 1;
    }
}

static size_t named(const struct stretch *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->mishap_count; i++)
        n += !s->mishaps[i].limited;
    return n;
}

static void on_damage(void *context, enum damage_kind kind, uint32_t frame, const char *text)
{
    struct stretch *s = ((struct cutter *)context)->stretch;
    const bool room = kind == DAMAGE_CUT || named(s) < LIMIT_DAMAGE;
    struct mishap *m = room ? place_for(s) : NULL;
    if (!m) {
        on_limit(context, OVER_DAMAGE);
        return;
    }
    m->kind = kind;
    m->frame = frame;
    snprintf(m->text, sizeof m->text, "%s", text);
}

/* ---- Cutting ---- */

struct cutter *cutter_create(struct source *from, struct error *err)
{
    struct cutter *c = memory_take(sizeof *c);
    c->stretch = &c->beginning;
    c->blocks = blocks_create(from, (struct damage_taker){ on_damage, on_limit, c }, err);
    if (c->blocks)
        return c;
    memory_free(c);
    return NULL;
}

static void add(struct stretch *s, const struct captured *r)
{
    if (s->count == s->room) {
        s->room = s->room ? s->room * 2 : FRAMES_FIRST;
        s->frames = memory_grow(s->frames, s->room * sizeof *s->frames);
    }
    s->frames[s->count++] = *r;
}

bool cutter_cut(struct cutter *c, struct stretch *s)
{
    struct window *w = &c->blocks->window;
    if (s->octets.at)
        window_lend(w, s->octets);
    s->octets = (struct window_buffer){ 0 };
    s->count = 0;
    s->mishap_count = c->beginning.mishap_count;
    memcpy(s->mishaps, c->beginning.mishaps, s->mishap_count * sizeof s->mishaps[0]);
    c->beginning.mishap_count = 0;
    c->stretch = s;
    if (c->has_next) {
        add(s, &c->next);
        window_last(w);
    }
    do {
        if (s->count == FRAMES_MOST)
            window_turn(w);
        c->has_next = blocks_next(c->blocks, &c->next);
        if (c->has_next && !w->left.at) {
            add(s, &c->next);
            window_last(w);
        }
    } while (c->has_next && !w->left.at);
    if (!w->left.at)
        window_turn(w);
    s->octets = window_left(w);
    return c->has_next;
}

void cutter_destroy(struct cutter *c)
{
    if (!c)
        return;
    blocks_destroy(c->blocks);
    memory_free(c);
}

void stretch_clear(struct stretch *s)
{
    memory_free(s->frames);
    memory_free(s->octets.at);
    *s = (struct stretch){ 0 };
}
