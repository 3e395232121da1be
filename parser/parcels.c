#include "parser/parcels.h"

#include "parser/scan.h"

enum line_taken { UNPACKED, AS_IT_IS, GOES_ON /* with the next line: neither that nor what follows is taken apart */ };

void parcels_know(struct parcels *p, const struct exported *form)
{
    p->form = *form;
    p->form.heads = p->form.inside = false;
    if (form->form == EXPORTED_XML)
        p->form.form = EXPORTED_NOT;
}

bool parcels_fit(const struct parcels *p, const struct exported *form)
{
    const struct exported *own = &p->form;
    return own->form == form->form && own->separator == form->separator && own->message == form->message &&
           own->host == form->host && own->rest == form->rest && !form->heads && !form->inside;
}

/* What a line holds, where that is one line of plain text. */
static enum line_taken take(struct parcels *p, struct text line, struct unpacked *u, struct text *held)
{
    struct exported *form = &p->form;
    arena_reset(p->line);
    if (!text_is_plain(line))
        return form->form == EXPORTED_CSV ? GOES_ON : AS_IT_IS;
    const bool taken = exported_take(form, scan_trim_end(line), p->line, u) && u->message.at;
    if (form->inside) {
        form->inside = false; /* each block is read from its own beginning */
        return GOES_ON;
    }
    if (!taken)
        return AS_IT_IS;
    if (!text_cut(&u->message, '\n', held))
        *held = TEXT("");
    *held = exported_stamped(*held, u->time, p->line);
    return !u->message.len && text_is_plain(*held) ? UNPACKED : AS_IT_IS;
}

static void keep(struct parcels *p, struct text held)
{
    memcpy(p->own + p->own_len, held.at, held.len);
    p->own_len += held.len;
    p->own[p->own_len++] = '\n';
}

/* The parcel that a line belongs to: the last one, or a new one behind it. */
static struct parcel *parcel_for(struct parcels *p, struct parcel *last, bool unpacked, struct text host, const char *at)
{
    if (last && last->unpacked == unpacked && (!unpacked || text_equal(last->host, host)))
        return last;
    struct parcel *parcel = arena_new(p->arena, struct parcel);
    parcel->unpacked = unpacked;
    parcel->host = unpacked && host.len ? arena_text(p->arena, host) : TEXT("");
    parcel->lines = text_over(at, 0);
    if (last)
        last->next = parcel;
    return parcel;
}

static void prepare(struct parcels *p, size_t room)
{
    if (!p->arena) {
        p->arena = arena_create();
        p->line = arena_create();
    }
    arena_reset(p->arena);
    p->own_len = 0;
    if (p->own_room < room) {
        p->own = memory_grow(p->own, room);
        p->own_room = room;
    }
}

const struct parcel *parcels_unpack(struct parcels *p, struct text block, size_t most, size_t *upto)
{
    const struct parcel *first = NULL;
    struct parcel *parcel = NULL;
    struct text line, held;
    struct unpacked u;
    const char *lf;
    prepare(p, block.len);
    for (*upto = 0; most-- && (lf = memchr(block.at + *upto, '\n', block.len - *upto)) != NULL;) {
        const struct text whole = text_upto(text_from(block, *upto), (size_t)(lf - block.at) + 1 - *upto);
        line = text_upto(whole, whole.len - 1);
        while (line.len && line.at[line.len - 1] == '\r')
            line.len--;
        const enum line_taken taken = take(p, line, &u, &held);
        if (taken == GOES_ON)
            break;
        const bool unpacked = taken == UNPACKED && p->own_len + held.len < p->own_room;
        parcel = parcel_for(p, parcel, unpacked, u.host, unpacked ? p->own + p->own_len : whole.at);
        first = first ? first : parcel;
        if (unpacked)
            keep(p, held);
        parcel->lines.len += unpacked ? held.len + 1 : whole.len;
        *upto += whole.len;
    }
    return first;
}

void parcels_clear(struct parcels *p)
{
    arena_destroy(p->arena);
    arena_destroy(p->line);
    memory_free(p->own);
    *p = (struct parcels){ .own = NULL };
}
