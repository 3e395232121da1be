#include "parser/whole.h"

#include "base/map.h"
#include "parser/emit.h"
#include "parser/records_parts.h"
#include "parser/state.h"

/* Is there nothing about this input, or open in it, that has a say in what a line is? */
static bool is_clear(const struct records *r)
{
    const struct parser *p = r->parser;
    return r->current && !r->run_lines && !r->wrap && !p->page && !p->forced && !p->sections.reader && !p->sections.foreign;
}

/* Does a dump go on behind it? Then it goes out with what it stands behind. */
static bool is_between(const struct stream *s, const struct face *f)
{
    const struct tag tag = tag_from_debug(&f->tag);
    return dump_waits(s, &tag);
}

/* Does the line behind it come from the same device? Then it has nothing more to say. */
static bool has_same_host(const struct glance *g)
{
    const struct relayed *a = g->relayed, *b = g[1].relayed;
    return g->parcel == g[1].parcel && (a && b ? text_equal(a->host, b->host) : a == b);
}

/* What an export calls its device. */
static struct text host_of(const struct glance *g)
{
    return g->parcel ? g->parcel->host : TEXT("");
}

/* Is it of the device that spoke last? */
static bool stays(const struct records *r, const struct glance *lines, size_t n)
{
    const bool asked = n && !lines[n - 1].relayed && lines[n - 1].parcel == lines[n].parcel;
    return asked || records_stay_with(r, host_of(&lines[n]));
}

/* A host that is new, or one too many, is noted once, with its line. */
static bool is_known(const struct records *r, const struct stream *s, struct text host)
{
    return text_equal(host, s->host) || map_find(&r->hosts, bytes_of_text(host));
}

static bool is_whole(const struct stream *s, const struct glance *g, bool last)
{
    const struct face *f = &g->face;
    if (f->kind == FACE_TRANSITION)
        return true;
    return f->kind == FACE_ENTRY && !last && has_same_host(g) && g[1].face.kind != FACE_UNREAD && !f->contents &&
           emit_settles(f) && !(s->packet.open && (f->of_dump || is_between(s, f)));
}

/* The stream's entry as it would stand there, had it waited. */
static void leave_behind(struct entry *e, const struct face *f)
{
    e->owned = e->after_blank = e->policies = e->listing = e->indented = false;
    e->origin.time = f->time;
}

size_t records_take_whole(struct records *r, const struct glance *lines, size_t count)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    const struct face *said = NULL;
    enum input_kind spoken = INPUT_KIND_COUNT; /* the kind of the line before */
    size_t n = 0;
    if (!is_clear(r))
        return 0;
    for (; n < count; n++) {
        const struct face *f = &lines[n].face;
        const struct relayed *relayed = lines[n].relayed;
        if ((f->kind != FACE_TRANSITION && f->kind != FACE_ENTRY) ||
            (relayed && !(is_known(r, s, relayed->host) && records_knows_relayed(r, relayed, host_of(&lines[n])))))
            break;
        if (relayed) {
            struct line line = { .text = lines[n].text, .number = p->lines.number + 1 };
            stream_relayed(r, relayed, &line);
            if (r->current != s) {
                if (said)
                    leave_behind(&s->entry, said);
                said = NULL;
                spoken = INPUT_KIND_COUNT;
                s = r->current;
            }
        } else if (!stays(r, lines, n)) {
            break;
        }
        if (!is_whole(s, &lines[n], n + 1 == count))
            break;
        s->noise = false;
        const uint8_t kind = tag_from_debug(&f->tag).kind;
        const uint32_t number = ++p->lines.number;
        if (s->entry.open || s->packet.open) {
            const struct tag tag = tag_from_debug(&f->tag);
            dump_give_way(r, s, &tag);
        }
        if (kind == spoken) { /* it speaks for what the line before spoke for */
            p->kinds[spoken]++;
            p->part_last = number;
        } else {
            spoken = (enum input_kind)kind;
            parser_kind(p, spoken, s->device, number);
        }
        p->counts[LINE_EVENT]++;
        if (f->kind == FACE_TRANSITION) {
            emit_face(r, s, f, number, 1);
        } else {
            r->asa |= tag_from_debug(&f->tag).family == FAMILY_ASA;
            emit_message(r, s, f, number);
            said = f;
        }
    }
    if (said)
        leave_behind(&s->entry, said);
    return n;
}
