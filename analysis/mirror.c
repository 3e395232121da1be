#include "analysis/mirror.h"

/* What two pairs that are mirror images have in common: {local, remote} of the one as {remote, local} of the other. */
struct image {
    struct address start[2], end[2];
    uint16_t ports[4];
    uint8_t protocols[2];
};

static void put_end(struct image *i, unsigned at, const struct selector *s)
{
    i->start[at] = s->start;
    i->end[at] = s->end;
    i->ports[2 * at] = s->start_port;
    i->ports[2 * at + 1] = s->end_port;
    i->protocols[at] = s->protocol;
}

/* Zeroed first, so that octets between members are alike. */
static struct bytes image_into(struct image *i, const struct selector *first, const struct selector *second)
{
    memset(i, 0, sizeof *i);
    put_end(i, 0, first);
    put_end(i, 1, second);
    return bytes_over((const uint8_t *)i, sizeof *i);
}

void mirror_add(struct map *images, struct arena *arena, struct selector_pair *pairs)
{
    for (struct selector_pair *p = pairs; p; p = p->next)
        map_put(images, image_into(arena_new(arena, struct image), &p->remote, &p->local), p);
}

bool mirror_has(const struct map *images, const struct selector_pair *pair)
{
    struct image i;
    return map_find(images, image_into(&i, &pair->local, &pair->remote)) != NULL;
}
